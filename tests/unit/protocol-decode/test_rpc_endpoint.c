/*
 * test_rpc_endpoint - what endpoint mappers answer, and what it says of connections whose bind was lost.
 */
#include "services/protocol-decode/rpc_interfaces.h"
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum {
    PORT = 49666,
};

static const uint8_t epmapper[16] = RPC_UUID(e1af8308, 5d1f, 11c9, 91a4, 08002b14a0fa);
static const struct addr client = {.family = 4, .byte = {192, 0, 2, 1}};
static const struct addr other = {.family = 4, .byte = {192, 0, 2, 2}};
static const struct addr server = {.family = 4, .byte = {192, 0, 2, 7}};

static struct rpc_world world;

static int open_world(void **state)
{
    (void)state;
    rpc_world_open(&world);
    world.place.client = client;
    world.place.server = server;
    world.place.server_port = 135;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    rpc_world_close(&world);
    return 0;
}

static void floor_of(struct pdu *p, uint8_t protocol, const void *right, uint16_t size)
{
    writer_u16le(&p->w, 1);
    writer_u8(&p->w, protocol);
    writer_u16le(&p->w, size);
    writer_bytes(&p->w, right, size);
}

static void syntax_floor(struct pdu *p, const uint8_t uuid[16], uint16_t major)
{
    writer_u16le(&p->w, 19);
    writer_u8(&p->w, 0x0d);
    writer_bytes(&p->w, uuid, 16);
    writer_u16le(&p->w, major);
    writer_u16le(&p->w, 2);
    writer_u16le(&p->w, 0);
}

/* The answer to ept_map: one tower of an interface at PORT. A tower in the middle ends at no multiple of 4.
 */
static void send_map_answer(const uint8_t uuid[16], uint16_t major, bool ndr64)
{
    struct pdu p = {0};
    uint8_t zero[24] = {0};
    void (*count)(struct writer *, uint64_t) = writer_u64le;
    pdu_begin(&p, RPC_PDU_RESPONSE, RPC_FLAG_FIRST | RPC_FLAG_LAST, 2);
    writer_bytes(&p.w, zero, 8);
    writer_bytes(&p.w, zero, 20); /* entry_handle */
    writer_u32le(&p.w, 1);        /* num_towers */
    for (size_t i = 0; i < 4; i++) {
        static const uint32_t array[] = {4, 0, 1, 3}; /* sizes, offset, number, referent */
        ndr64 ? count(&p.w, array[i]) : writer_u32le(&p.w, array[i]);
    }
    ndr64 ? count(&p.w, 75) : writer_u32le(&p.w, 75);
    writer_u32le(&p.w, 75);
    writer_u16le(&p.w, 5);
    syntax_floor(&p, uuid, major);
    syntax_floor(&p, ndr_uuid, 2);
    floor_of(&p, 0x0b, zero, 2);
    floor_of(&p, 0x07, "\xc2\x02", 2);
    floor_of(&p, 0x09, server.byte, 4);
    writer_u8(&p.w, 0);
    writer_u32le(&p.w, 0);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
}

static void ask_for(const uint8_t uuid[16], uint16_t major, bool ndr64)
{
    send_bind(&world, epmapper, 3, 0);
    send_bind_ack_of(&world, ndr64 ? ndr64_uuid : ndr_uuid);
    send_request(&world, 2, 3, 132);
    send_map_answer(uuid, major, ndr64);
    rpc_world_forget(&world);
}

/* Another flow of this client to the port. */
static void go_to_port(uint64_t flow)
{
    world.place.flow = (struct id){9, flow};
    world.place.server_port = PORT;
}

static const struct rpc *call(uint16_t opnum)
{
    rpc_world_forget(&world);
    send_request(&world, 5, opnum, 40);
    send_response(&world, 5, 24, 0);
    return rpc_world_one(&world);
}

static void a_mapped_port_is_known_to_serve_rpc(void **state)
{
    (void)state;
    assert_false(rpc_is_endpoint(world.module, &server, PORT));
    ask_for(svcctl_uuid, 2, false);
    assert_true(rpc_is_endpoint(world.module, &server, PORT));
    assert_false(rpc_is_endpoint(world.module, &client, PORT));
    assert_false(rpc_is_endpoint(world.module, &server, PORT + 1));
}

static void an_answer_in_ndr64_is_read_too(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, true);
    assert_true(rpc_is_endpoint(world.module, &server, PORT));
}

static void a_connection_to_it_without_bind_is_probably_of_that_interface(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, false);
    go_to_port(1);
    const struct rpc *body = call(15);
    assert_true(body->probable);
    assert_true(str_equal(body->interface_name, str_of("svcctl")));
    assert_true(str_equal(body->operation, str_of("ROpenSCManagerW")));
    assert_int_equal(body->unread, unread_nothing);
}

static void a_call_that_the_interface_cannot_have_refutes_it(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, false);
    go_to_port(1);
    assert_int_equal(call(99)->unread, unread_bind_missing);
    const struct rpc *body = call(15);
    assert_false(body->probable);
    assert_int_equal(body->interface_name.size, 0);
}

static void the_question_of_another_client_says_nothing(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, false);
    go_to_port(1);
    world.place.client = other;
    assert_int_equal(call(15)->interface_name.size, 0);
}

static void an_old_question_says_nothing(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, false);
    go_to_port(1);
    world.place.time += 2 * TIME_NS_MIN;
    assert_int_equal(call(15)->interface_name.size, 0);
}

/* lsass serves many interfaces at one port: a connection that was there before is not what was asked for. */
static void a_question_is_answered_once(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, false);
    go_to_port(1);
    send_bind(&world, svcctl_uuid, 2, 0);
    send_bind_ack(&world, 0);
    go_to_port(2);
    assert_int_equal(call(15)->interface_name.size, 0);
}

static void a_bind_that_was_seen_counts_more(void **state)
{
    (void)state;
    ask_for(svcctl_uuid, 2, false);
    go_to_port(1);
    send_bind(&world, drsuapi_uuid, 4, 0);
    send_bind_ack(&world, 0);
    const struct rpc *body = call(3);
    assert_false(body->probable);
    assert_true(str_equal(body->interface_name, str_of("drsuapi")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mapped_port_is_known_to_serve_rpc, open_world, close_world),
        cmocka_unit_test_setup_teardown(an_answer_in_ndr64_is_read_too, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_connection_to_it_without_bind_is_probably_of_that_interface,
                                        open_world, close_world),
        cmocka_unit_test_setup_teardown(a_call_that_the_interface_cannot_have_refutes_it, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(the_question_of_another_client_says_nothing, open_world, close_world),
        cmocka_unit_test_setup_teardown(an_old_question_says_nothing, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_question_is_answered_once, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_bind_that_was_seen_counts_more, open_world, close_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
