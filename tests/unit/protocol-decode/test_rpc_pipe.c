/*
 * test_rpc_pipe - PDUs over named pipes, however the carrier cuts them.
 */
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct rpc_world world;
static const struct id pipe_id = {7, 8};

static int open_world(void **state)
{
    (void)state;
    rpc_world_open(&world);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    rpc_world_close(&world);
    return 0;
}

static void give(bool to_server, const struct who *who, const uint8_t *bytes, size_t size)
{
    world.place.to_server = to_server;
    world.place.time += 1000; /* a thousand pieces within a timeout */
    world.place.frame++;
    rpc_pipe_bytes(world.module, &world.out, &world.place, pipe_id, STR("svcctl"), who,
                   (struct str){(const char *)bytes, (uint32_t)size});
}

/* What a client sends: a bind and a request. */
static void make_client(struct pdu *p)
{
    pdu_begin(p, RPC_PDU_BIND, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(p, 0);
    pdu_u32(p, 0);
    writer_bytes(&p->w, "\1\0\0\0\0\0\1\0", 8);
    pdu_uuid(p, svcctl_uuid);
    pdu_u32(p, 2);
    pdu_uuid(p, ndr_uuid);
    pdu_u32(p, 2);
    pdu_end(p);
}

static void make_request(struct pdu *p, uint32_t stub_bytes)
{
    pdu_begin(p, RPC_PDU_REQUEST, RPC_FLAG_FIRST | RPC_FLAG_LAST, 2);
    pdu_u32(p, stub_bytes);
    pdu_u32(p, 12u << 16);
    for (uint32_t i = 0; i < stub_bytes; i++)
        writer_u8(&p->w, 0x55);
    pdu_end(p);
}

static void make_response(struct pdu *p)
{
    pdu_begin(p, RPC_PDU_RESPONSE, RPC_FLAG_FIRST | RPC_FLAG_LAST, 2);
    pdu_u32(p, 4);
    pdu_u32(p, 0);
    pdu_u32(p, 1056);
    pdu_end(p);
}

static void every_cut_gives_the_same_call(void **state)
{
    (void)state;
    const size_t cuts[] = {1, 2, 7, 15, 16, 17, 100, 2047, 2048, 2049, 5000, 70000};
    struct pdu bind = {0}, request = {0}, response = {0};
    make_client(&bind);
    make_request(&request, 60000);
    make_response(&response);
    writer_bytes(&bind.w, request.w.bytes, request.w.size);
    for (size_t c = 0; c < ARRAY_COUNT(cuts); c++) {
        rpc_world_close(&world);
        rpc_world_open(&world);
        for (size_t at = 0; at < bind.w.size; at += cuts[c])
            give(true, NULL, bind.w.bytes + at, bind.w.size - at < cuts[c] ? bind.w.size - at : cuts[c]);
        for (size_t at = 0; at < response.w.size; at += cuts[c])
            give(false, NULL, response.w.bytes + at,
                 response.w.size - at < cuts[c] ? response.w.size - at : cuts[c]);
        const struct rpc *call = rpc_world_one(&world);
        assert_true(str_equal(call->operation, STR("RCreateServiceW")));
        assert_true(str_equal(call->pipe, STR("svcctl")));
        assert_int_equal(call->carrier, transport_smb);
        assert_int_equal(call->request_bytes, 60000);
        assert_int_equal(call->return_code, 1056);
    }
    pdu_close(&bind);
    pdu_close(&request);
    pdu_close(&response);
}

static void the_owner_of_the_smb_session_stands_behind_the_call(void **state)
{
    (void)state;
    struct who who;
    struct pdu p = {0};
    memset(&who, 0, sizeof(who));
    who_set(who.user, STR("bob"));
    who.security = security_kerberos;
    make_client(&p);
    give(true, &who, p.w.bytes, p.w.size);
    rpc_pipe_end(world.module, &world.out, &world.place, pipe_id);
    assert_true(str_equal(rpc_world_one(&world)->user, STR("bob")));
    assert_int_equal(rpc_world_one(&world)->security, security_kerberos);
    pdu_close(&p);
}

static void a_pipe_that_is_not_rpc_is_left_alone(void **state)
{
    (void)state;
    struct table *tables[16];
    give(true, NULL, (const uint8_t *)"GET / HTTP/1.0\r\n\r\n", 18);
    give(true, NULL, (const uint8_t *)"", 0);
    assert_int_equal(rpc_world_count(&world), 0);
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(table_count(tables[i]), 0);
}

static void what_follows_lost_bytes_is_read_again(void **state)
{
    (void)state;
    struct pdu bind = {0}, request = {0}, response = {0};
    make_client(&bind);
    make_request(&request, 40);
    make_response(&response);
    give(true, NULL, bind.w.bytes, bind.w.size);
    give(true, NULL, request.w.bytes + 20, request.w.size - 20);
    assert_int_equal(world.out.malformed, 1);
    give(true, NULL, request.w.bytes, request.w.size);
    rpc_world_forget(&world);
    give(false, NULL, response.w.bytes, response.w.size);
    assert_int_equal(rpc_world_one(&world)->request_bytes, 40);
    pdu_close(&bind);
    pdu_close(&request);
    pdu_close(&response);
}

static void a_closed_pipe_leaves_nothing_behind(void **state)
{
    (void)state;
    struct table *tables[16];
    struct pdu bind = {0}, request = {0};
    make_client(&bind);
    make_request(&request, 6000);
    give(true, NULL, bind.w.bytes, bind.w.size);
    give(true, NULL, request.w.bytes, 5000);
    rpc_pipe_end(world.module, &world.out, &world.place, pipe_id);
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(table_count(tables[i]), 0);
    pdu_close(&bind);
    pdu_close(&request);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_cut_gives_the_same_call),        TEST(the_owner_of_the_smb_session_stands_behind_the_call),
        TEST(a_pipe_that_is_not_rpc_is_left_alone), TEST(what_follows_lost_bytes_is_read_again),
        TEST(a_closed_pipe_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
