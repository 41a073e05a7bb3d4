/*
 * test_rpc_http - channels of RPC over HTTP, laid out by MS-RPCH 2.2.3 and 2.2.4.
 */
#include "services/protocol-decode/rpc_state.h"
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum {
    IN_FLOW = 11,
    OUT_FLOW = 12,
};

static struct rpc_world world;

static int open_world(void **state)
{
    (void)state;
    rpc_world_open(&world);
    world.place.client = (struct addr){.family = 4, .byte = {192, 0, 2, 1}};
    world.place.server = (struct addr){.family = 4, .byte = {192, 0, 2, 7}};
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    rpc_world_close(&world);
    return 0;
}

static void on_flow(uint64_t flow)
{
    world.place.flow = (struct id){7, flow};
}

static void cookie(struct pdu *p, uint8_t fill)
{
    pdu_u32(p, 3);
    for (size_t i = 0; i < 16; i++)
        writer_u8(&p->w, fill);
}

static void number(struct pdu *p, uint32_t command, uint32_t value)
{
    pdu_u32(p, command);
    pdu_u32(p, value);
}

/* CONN/A1 (2.2.4.2): opens an OUT channel. */
static void make_a1(struct pdu *p, uint8_t connection)
{
    pdu_begin(p, RPC_PDU_RTS, RPC_FLAG_FIRST | RPC_FLAG_LAST, 0);
    pdu_u16(p, 0);
    pdu_u16(p, 4);
    number(p, 6, 1);
    cookie(p, connection);
    cookie(p, 0x0a);
    number(p, 0, 65536);
    pdu_end(p);
}

/* CONN/B2 (2.2.4.6): opens an IN channel, with all kinds of commands that others have behind it. */
static void make_b2(struct pdu *p, uint8_t connection)
{
    static const uint8_t zero[28];
    pdu_begin(p, RPC_PDU_RTS, RPC_FLAG_FIRST | RPC_FLAG_LAST, 0);
    pdu_u16(p, 4);
    pdu_u16(p, 13);
    number(p, 6, 1);
    cookie(p, connection);
    cookie(p, 0x0b);
    number(p, 0, 65536);
    number(p, 2, 120000);
    pdu_u32(p, 12);
    writer_bytes(&p->w, zero, 16);
    number(p, 11, 0);
    writer_bytes(&p->w, zero, 4 + 12);
    number(p, 11, 1);
    writer_bytes(&p->w, zero, 16 + 12);
    pdu_u32(p, 1);
    writer_bytes(&p->w, zero, 24);
    number(p, 8, 3);
    writer_bytes(&p->w, zero, 3);
    pdu_u32(p, 7);
    number(p, 13, 0);
    number(p, 14, 9);
    pdu_end(p);
}

static void send_made(void (*make)(struct pdu *, uint8_t), uint8_t connection)
{
    struct pdu p = {0};
    make(&p, connection);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
}

static void send_banner(void)
{
    rpc_message(world.module, &world.out, &world.place, str_of("ncacn_http/1.0"));
}

static void the_text_of_the_server_opens_a_channel(void **state)
{
    (void)state;
    struct str text = str_of("ncacn_http/1.0");
    assert_true(rpc_probe(text));
    struct framing whole = rpc_frame(text);
    assert_int_equal(whole.state, FRAMING_WHOLE);
    assert_int_equal(whole.size, 14);
    for (uint32_t size = 1; size < text.size; size++)
        assert_int_equal(rpc_frame((struct str){text.at, size}).state, FRAMING_MORE);
    assert_int_equal(rpc_frame(str_of("ncacn_http/2.0xx")).state, FRAMING_BAD);
    send_banner();
    send_bind(&world, svcctl_uuid, 2, 0);
    send_bind_ack(&world, 0);
    assert_int_equal(rpc_world_one(&world)->carrier, transport_http);
    assert_int_equal(world.out.malformed, 0);
}

static void a_request_on_one_channel_is_joined_with_its_answer_on_the_other(void **state)
{
    (void)state;
    on_flow(OUT_FLOW);
    send_banner();
    send_made(make_a1, 0x5c);
    on_flow(IN_FLOW);
    send_banner();
    send_made(make_b2, 0x5c);
    send_bind(&world, svcctl_uuid, 2, 0);
    on_flow(OUT_FLOW);
    send_bind_ack(&world, 0);
    const struct rpc *bind = rpc_world_one(&world);
    assert_int_equal(bind->reply, rpc_reply_bind_ack);
    assert_int_equal(bind->carrier, transport_http);
    rpc_world_forget(&world);
    on_flow(IN_FLOW);
    send_request(&world, 7, 15, 40);
    on_flow(OUT_FLOW);
    send_response(&world, 7, 24, 0);
    const struct rpc *call = rpc_world_one(&world);
    assert_true(str_equal(call->operation, str_of("ROpenSCManagerW")));
    assert_int_equal(call->reply, rpc_reply_response);
    assert_int_equal(call->flow.low, IN_FLOW);
    assert_int_equal(world.out.malformed, 0);
}

static void another_cookie_is_another_connection(void **state)
{
    (void)state;
    on_flow(OUT_FLOW);
    send_made(make_a1, 0x5c);
    on_flow(IN_FLOW);
    send_made(make_b2, 0x5d);
    send_bind(&world, svcctl_uuid, 2, 0);
    on_flow(OUT_FLOW);
    send_bind_ack(&world, 0);
    assert_int_equal(rpc_world_one(&world)->interface_name.size, 0);
}

/* What waits is told when the last channel of a connection has ended, not before. */
static void a_connection_ends_with_its_last_channel(void **state)
{
    (void)state;
    on_flow(OUT_FLOW);
    send_made(make_a1, 0x5c);
    on_flow(IN_FLOW);
    send_made(make_b2, 0x5c);
    send_request(&world, 7, 15, 40);
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(rpc_world_count(&world), 0);
    on_flow(OUT_FLOW);
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(rpc_world_one(&world)->opnum, 15);
    assert_int_equal(table_count(world.module->channels), 0);
    assert_int_equal(table_count(world.module->connections), 0);
}

/* The body of an HTTP message comes in any pieces; the owner of its connection stands behind the calls. */
static void the_body_of_a_request_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct pdu p = {0};
    struct who who = {.user = "alice", .security = security_ntlm};
    make_a1(&p, 0x5c);
    pdu_begin(&p, RPC_PDU_REQUEST, RPC_FLAG_FIRST | RPC_FLAG_LAST, 3);
    size_t start = p.w.size - 16;
    pdu_u32(&p, 0);
    pdu_u16(&p, 0);
    pdu_u16(&p, 15);
    p.w.bytes[start + 8] = 24;
    on_flow(IN_FLOW);
    world.place.to_server = true;
    for (size_t i = 0; i < p.w.size; i++)
        rpc_http_bytes(world.module, &world.out, &world.place, &who,
                       (struct str){(const char *)p.w.bytes + i, 1});
    pdu_close(&p);
    rpc_end(world.module, &world.out, &world.place);
    const struct rpc *call = rpc_world_one(&world);
    assert_int_equal(call->opnum, 15);
    assert_int_equal(call->carrier, transport_http);
    assert_true(str_equal(call->user, str_of("alice")));
}

static void a_rts_pdu_that_ends_early_is_refused(void **state)
{
    (void)state;
    struct pdu p = {0};
    make_b2(&p, 0x5c);
    uint16_t whole = (uint16_t)p.w.size;
    uint64_t refused = 0;
    /* The header says less than the commands need: 20 is the last that has a number of commands. */
    for (uint16_t size = 20; size < whole; size++) {
        p.w.bytes[8] = (uint8_t)size;
        p.w.bytes[9] = (uint8_t)(size >> 8);
        void *exact = malloc(size);
        memcpy(exact, p.w.bytes, size);
        rpc_message(world.module, &world.out, &world.place, (struct str){exact, size});
        free(exact);
        assert_int_equal(world.out.malformed, ++refused);
    }
    pdu_close(&p);
    assert_int_equal(table_count(world.module->channels), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_text_of_the_server_opens_a_channel),
        TEST(a_request_on_one_channel_is_joined_with_its_answer_on_the_other),
        TEST(another_cookie_is_another_connection),
        TEST(a_connection_ends_with_its_last_channel),
        TEST(the_body_of_a_request_may_be_cut_anywhere),
        TEST(a_rts_pdu_that_ends_early_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
