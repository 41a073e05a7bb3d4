/*
 * test_rpc_bounds - clients that never end what they begin: what is kept of them stays within its bounds, and
 * nothing of it is dropped silently.
 */
#include "services/protocol-decode/rpc_state.h"
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum {
    TABLES_MAX = 16,
    MANY = 5000,
};

static struct rpc_world world;

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

static uint32_t entries(const char *name)
{
    struct table *tables[TABLES_MAX];
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++)
        if (strcmp(table_name(tables[i]), name) == 0)
            return table_count(tables[i]);
    fail_msg("no table %s", name);
    return 0;
}

/* A bind with so many contexts, the interface that is called in the last one of them. */
static void send_wide_bind(uint32_t call_id, uint8_t contexts, uint16_t first_id)
{
    struct pdu p = {0};
    static const uint8_t zero[4];
    pdu_begin(&p, RPC_PDU_BIND, RPC_FLAG_FIRST | RPC_FLAG_LAST | RPC_FLAG_HEADER_SIGN, call_id);
    pdu_u32(&p, 0x10001000);
    pdu_u32(&p, 77);
    writer_u8(&p.w, contexts);
    writer_bytes(&p.w, zero, 3);
    for (uint8_t i = 0; i < contexts; i++) {
        pdu_u16(&p, (uint16_t)(first_id + i));
        pdu_u16(&p, 1);
        pdu_uuid(&p, i + 1 < contexts ? svcctl_uuid : drsuapi_uuid);
        pdu_u32(&p, i + 1 < contexts ? 2 : 4);
        pdu_uuid(&p, ndr_uuid);
        pdu_u32(&p, 2);
    }
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
}

static void send_call_in(uint16_t context_id, uint16_t opnum, uint8_t flags, uint32_t call_id)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_REQUEST, flags, call_id);
    pdu_u32(&p, 4);
    pdu_u16(&p, context_id);
    pdu_u16(&p, opnum);
    pdu_u32(&p, 0);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
}

static void the_last_of_many_contexts_of_a_bind_is_known(void **state)
{
    (void)state;
    send_wide_bind(1, RPC_OFFERS_MAX, 0);
    send_call_in(RPC_OFFERS_MAX - 1, 3, RPC_FLAG_FIRST | RPC_FLAG_LAST, 2);
    rpc_expire(world.module, &world.out, TIME_NS_END);
    assert_int_equal(rpc_world_count(&world), 2);
    const struct rpc *bind = rpc_world_at(&world, 0), *call = rpc_world_at(&world, 1);
    assert_int_equal(bind->contexts, RPC_OFFERS_MAX);
    assert_int_equal(bind->unread, unread_nothing);
    assert_int_equal(bind->association_group, 77);
    assert_true(bind->header_signing);
    assert_true(str_equal(call->interface_name, str_of("drsuapi")));
}

static void a_bind_with_more_contexts_than_are_looked_at_says_so(void **state)
{
    (void)state;
    send_wide_bind(1, 255, 0);
    rpc_expire(world.module, &world.out, TIME_NS_END);
    const struct rpc *bind = rpc_world_one(&world);
    assert_int_equal(bind->contexts, 255);
    assert_int_equal(bind->unread, unread_too_long);
}

static void contexts_without_number_do_not_grow(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < MANY / 50; i++)
        send_wide_bind(i, 50, (uint16_t)(i * 50));
    assert_true(entries("rpc-contexts") <= RPC_LIST_MAX);
    assert_true(entries("rpc-binds") <= RPC_LIST_MAX);
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(entries("rpc-contexts"), 0);
    assert_int_equal(entries("rpc-binds"), 0);
    assert_int_equal(rpc_world_count(&world), MANY / 50);
}

static void calls_that_are_never_answered_are_all_told(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        world.place.time -= TIME_NS_S; /* all within the timeout */
        send_call_in((uint16_t)i, 3, RPC_FLAG_FIRST | RPC_FLAG_LAST, i);
    }
    assert_true(entries("rpc-calls") <= RPC_LIST_MAX);
    assert_true(entries("rpc-contexts") <= RPC_LIST_MAX);
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(entries("rpc-calls"), 0);
    assert_int_equal(rpc_world_count(&world), MANY);
    assert_int_equal(rpc_world_at(&world, MANY - 1)->unread, unread_bind_missing);
}

static void fragments_without_end_are_one_call(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < MANY; i++)
        send_call_in(0, 3, i == 0 ? RPC_FLAG_FIRST : 0, 1);
    assert_int_equal(entries("rpc-calls"), 1);
    assert_int_equal(rpc_world_count(&world), 0);
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(rpc_world_one(&world)->request_bytes, 4 * MANY);
}

static void pipes_that_are_never_closed_make_room_for_others(void **state)
{
    (void)state;
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_REQUEST, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&p, 4);
    pdu_u32(&p, 0);
    pdu_u32(&p, 0);
    pdu_end(&p);
    world.place.to_server = true;
    for (uint64_t i = 0; i < MANY; i++) {
        /* All but the last byte, which never comes. */
        struct str part = {(const char *)p.w.bytes, (uint32_t)p.w.size - 1};
        rpc_pipe_bytes(world.module, &world.out, &world.place, (struct id){5, i}, str_of("svcctl"), NULL,
                       part);
    }
    pdu_close(&p);
    struct table *tables[TABLES_MAX];
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++)
        assert_true(table_count(tables[i]) <= table_capacity(tables[i]));
    assert_int_equal(entries("rpc-connections"), 64);
    assert_int_equal(rpc_world_count(&world), 0);
}

static void a_cancelled_call_says_so_and_is_told_with_its_answer(void **state)
{
    (void)state;
    static const uint8_t types[] = {RPC_PDU_CO_CANCEL, RPC_PDU_ORPHANED};
    for (size_t i = 0; i < 2; i++) {
        rpc_world_forget(&world);
        send_request(&world, 4, 3, 8);
        struct pdu p = {0};
        pdu_begin(&p, types[i], RPC_FLAG_FIRST | RPC_FLAG_LAST, 4);
        pdu_end(&p);
        rpc_world_send(&world, &p.w);
        pdu_close(&p);
        assert_int_equal(rpc_world_count(&world), 0);
        send_response(&world, 4, 8, 0);
        assert_true(rpc_world_one(&world)->cancelled);
    }
}

static void a_server_that_shuts_down_is_told(void **state)
{
    (void)state;
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_SHUTDOWN, RPC_FLAG_FIRST | RPC_FLAG_LAST, 0);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
    assert_int_equal(rpc_world_one(&world)->message, rpc_message_shutdown);
    assert_int_equal(rpc_world_one(&world)->reply_frame, 1);
}

#define BOUNDED(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(the_last_of_many_contexts_of_a_bind_is_known),
        BOUNDED(a_bind_with_more_contexts_than_are_looked_at_says_so),
        BOUNDED(contexts_without_number_do_not_grow),
        BOUNDED(calls_that_are_never_answered_are_all_told),
        BOUNDED(fragments_without_end_are_one_call),
        BOUNDED(pipes_that_are_never_closed_make_room_for_others),
        BOUNDED(a_cancelled_call_says_so_and_is_told_with_its_answer),
        BOUNDED(a_server_that_shuts_down_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
