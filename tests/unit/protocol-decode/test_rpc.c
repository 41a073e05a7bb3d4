/*
 * test_rpc - binds, calls, fragments, security contexts, timers and saved state of RPC connections.
 */
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

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

static void assert_text(struct str actual, const char *expected)
{
    assert_int_equal(actual.size, strlen(expected));
    assert_memory_equal(actual.at, expected, actual.size);
}

static void bind_svcctl(void)
{
    send_bind(&world, svcctl_uuid, 2, 0);
    send_bind_ack(&world, 0);
    rpc_world_forget(&world);
}

static void a_bind_and_its_ack_are_one_observation(void **state)
{
    (void)state;
    send_bind(&world, svcctl_uuid, 2, 0);
    assert_int_equal(rpc_world_count(&world), 0);
    send_bind_ack(&world, 0);
    const struct rpc *bind = rpc_world_one(&world);
    assert_int_equal(bind->message, rpc_message_bind);
    assert_int_equal(bind->reply, rpc_reply_bind_ack);
    assert_memory_equal(bind->interface.byte, svcctl_uuid, 16);
    assert_text(bind->interface_name, "svcctl");
    assert_int_equal(bind->request_frame, 1);
    assert_int_equal(bind->reply_frame, 2);
    assert_int_equal(bind->security, security_none);
}

static void a_request_and_its_response_are_one_call(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    send_response(&world, 7, 28, 0x431);
    const struct rpc *call = rpc_world_one(&world);
    assert_int_equal(call->message, rpc_message_call);
    assert_int_equal(call->reply, rpc_reply_response);
    assert_text(call->operation, "RCreateServiceW");
    assert_int_equal(call->opnum, 12);
    assert_int_equal(call->call_id, 7);
    assert_int_equal(call->request_bytes, 100);
    assert_int_equal(call->response_bytes, 28);
    assert_true(call->returned);
    assert_int_equal(call->return_code, 0x431);
    assert_false(call->sealed);
    assert_false(call->probable);
    assert_int_equal(call->carrier, transport_tcp);
    assert_int_equal(call->request_time, 1003 * TIME_NS_S);
    assert_int_equal(call->reply_time, 1004 * TIME_NS_S);
}

static void a_sealed_call_has_no_return_code(void **state)
{
    (void)state;
    bind_svcctl();
    send_sealed_request(&world, 7, 12, 101);
    send_sealed_response(&world, 7, 28);
    const struct rpc *call = rpc_world_one(&world);
    assert_true(call->sealed);
    assert_false(call->returned);
    assert_int_equal(call->auth_type, RPC_AUTH_SPNEGO);
    assert_int_equal(call->auth_level, RPC_LEVEL_PRIVACY);
    /* Padding is no part of the stub. */
    assert_int_equal(call->request_bytes, 101);
    assert_int_equal(call->response_bytes, 28);
}

static void a_fault_tells_its_status(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    send_fault(&world, 7, 0x1c010003);
    const struct rpc *call = rpc_world_one(&world);
    assert_int_equal(call->reply, rpc_reply_fault);
    assert_int_equal(call->status, 0x1c010003);
    assert_false(call->returned);
}

static void calls_may_be_answered_out_of_order(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    send_request(&world, 8, 15, 40);
    send_response(&world, 8, 24, 0);
    send_response(&world, 7, 28, 0);
    assert_int_equal(rpc_world_count(&world), 2);
    assert_text(rpc_world_at(&world, 0)->operation, "ROpenSCManagerW");
    assert_text(rpc_world_at(&world, 1)->operation, "RCreateServiceW");
}

/* One fragment of a response: stub is its bytes. */
static void send_fragment(uint8_t flags, const void *stub, uint32_t size, bool big_endian)
{
    struct pdu p = {.big_endian = big_endian};
    pdu_begin(&p, RPC_PDU_RESPONSE, flags, 7);
    pdu_u32(&p, size);
    pdu_u32(&p, 0);
    writer_bytes(&p.w, stub, size);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
}

static void fragments_are_summed_and_their_last_bytes_are_the_return_code(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    send_fragment(RPC_FLAG_FIRST, "\1\2\3\4\5\6\x22", 7, false);
    send_fragment(0, "\x11", 1, false);
    assert_int_equal(rpc_world_count(&world), 0);
    send_fragment(RPC_FLAG_LAST, "\0\x80", 2, false);
    const struct rpc *call = rpc_world_one(&world);
    assert_int_equal(call->response_bytes, 10);
    assert_int_equal(call->return_code, 0x80001122);
    assert_int_equal(call->reply_frame, 6);
}

static void a_big_endian_server_is_read_by_its_own_representation(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    send_fragment(RPC_FLAG_FIRST | RPC_FLAG_LAST, "\0\0\0\5", 4, true);
    assert_int_equal(rpc_world_one(&world)->return_code, 5);
}

static void a_big_endian_bind_names_the_same_interface(void **state)
{
    (void)state;
    struct pdu p = {.big_endian = true};
    pdu_begin(&p, RPC_PDU_BIND, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&p, 0);
    pdu_u32(&p, 0);
    writer_bytes(&p.w, "\1\0\0\0", 4);
    pdu_u16(&p, 3);
    writer_bytes(&p.w, "\1\0", 2);
    pdu_uuid(&p, svcctl_uuid);
    pdu_u32(&p, 2);
    pdu_uuid(&p, ndr_uuid);
    pdu_u32(&p, 2);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
    rpc_end(world.module, &world.out, &world.place);
    const struct rpc *bind = rpc_world_one(&world);
    assert_text(bind->interface_name, "svcctl");
    assert_int_equal(bind->context_id, 3);
    assert_int_equal(bind->reply, rpc_reply_none);
}

/* Windows offers NDR, NDR64 and feature negotiation, and accepts the second. */
static void of_several_contexts_only_the_accepted_is_told(void **state)
{
    (void)state;
    const uint8_t *syntaxes[] = {ndr_uuid, ndr64_uuid, features_uuid};
    const uint16_t results[] = {2, 0, 3};
    struct pdu p = {0}, a = {0};
    pdu_begin(&p, RPC_PDU_BIND, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&p, 0);
    pdu_u32(&p, 0);
    writer_bytes(&p.w, "\3\0\0\0", 4);
    pdu_begin(&a, RPC_PDU_BIND_ACK, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&a, 0);
    pdu_u32(&a, 0);
    pdu_u32(&a, 0); /* no secondary address, and padding */
    writer_bytes(&a.w, "\3\0\0\0", 4);
    for (uint16_t i = 0; i < 3; i++) {
        pdu_u16(&p, i);
        writer_bytes(&p.w, "\1\0", 2);
        pdu_uuid(&p, drsuapi_uuid);
        pdu_u32(&p, 4);
        pdu_uuid(&p, syntaxes[i]);
        pdu_u32(&p, 1);
        pdu_u16(&a, results[i]);
        pdu_u16(&a, results[i]);
        pdu_uuid(&a, syntaxes[i]);
        pdu_u32(&a, 1);
    }
    pdu_end(&p);
    pdu_end(&a);
    rpc_world_send(&world, &p.w);
    rpc_world_send(&world, &a.w);
    pdu_close(&p);
    pdu_close(&a);
    const struct rpc *bind = rpc_world_one(&world);
    assert_int_equal(bind->context_id, 1);
    assert_true(bind->ndr64);
    assert_text(bind->interface_name, "drsuapi");
}

static void a_refused_bind_tells_why(void **state)
{
    (void)state;
    send_bind(&world, svcctl_uuid, 2, 40);
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_BIND_NAK, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u16(&p, 8);
    writer_bytes(&p.w, "\1\5\0", 3);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
    const struct rpc *bind = rpc_world_one(&world);
    assert_int_equal(bind->reply, rpc_reply_bind_nak);
    assert_int_equal(bind->status, 8);
    assert_int_equal(rpc_world_auth.outcome, outcome_failure);
    assert_int_equal(rpc_world_auth.status, 8);
}

static void send_auth3(void)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_AUTH3, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&p, 0);
    pdu_auth(&p, RPC_AUTH_NTLM, RPC_LEVEL_PRIVACY, 0, 300);
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
}

static void ntlm_is_accepted_by_the_first_response_after_auth3(void **state)
{
    (void)state;
    send_bind(&world, svcctl_uuid, 2, 40);
    send_bind_ack(&world, 200);
    who_set(rpc_world_auth.who.user, STR("alice"));
    who_set(rpc_world_auth.who.domain, STR("CORP"));
    rpc_world_auth.who.security = security_ntlm;
    rpc_world_auth.known = true;
    send_auth3();
    assert_int_equal(rpc_world_auth.tokens, 3);
    assert_int_equal(rpc_world_auth.size[2], 300);
    assert_true(id_equal(rpc_world_auth.conversation[0], rpc_world_auth.conversation[2]));
    rpc_world_forget(&world);
    send_request(&world, 2, 15, 40);
    assert_int_equal(rpc_world_auth.results, 0);
    send_response(&world, 2, 24, 0);
    assert_int_equal(rpc_world_auth.results, 1);
    assert_int_equal(rpc_world_auth.outcome, outcome_success);
    assert_text(rpc_world_one(&world)->user, "alice");
    assert_text(rpc_world_one(&world)->domain, "CORP");
    send_request(&world, 3, 15, 40);
    send_fault(&world, 3, 5);
    assert_int_equal(rpc_world_auth.results, 1);
}

static void ntlm_is_refused_by_access_denied_after_auth3(void **state)
{
    (void)state;
    send_bind(&world, svcctl_uuid, 2, 40);
    send_bind_ack(&world, 200);
    send_auth3();
    send_request(&world, 2, 15, 40);
    send_fault(&world, 2, 5);
    assert_int_equal(rpc_world_auth.results, 1);
    assert_int_equal(rpc_world_auth.outcome, outcome_failure);
    assert_int_equal(rpc_world_auth.status, 5);
}

static void a_secure_channel_names_its_machine(void **state)
{
    (void)state;
    struct pdu p = {0};
    /* NL_AUTH_MESSAGE, MS-NRPC 2.2.1.3.1: negotiate, domain and computer in OEM characters. */
    static const char token[] = "\0\0\0\0\3\0\0\0CORP\0WS01";
    pdu_begin(&p, RPC_PDU_BIND, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&p, 0);
    pdu_u32(&p, 0);
    pdu_u32(&p, 0);
    pdu_auth(&p, RPC_AUTH_NETLOGON, RPC_LEVEL_PRIVACY, 0, sizeof(token));
    memcpy(p.w.bytes + p.w.size - sizeof(token), token, sizeof(token));
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
    rpc_end(world.module, &world.out, &world.place);
    assert_text(rpc_world_one(&world)->user, "WS01");
    assert_text(rpc_world_one(&world)->domain, "CORP");
    assert_int_equal(rpc_world_one(&world)->security, security_netlogon);
    assert_int_equal(rpc_world_auth.tokens, 0);
}

static void a_request_without_answer_is_told_at_its_deadline(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    time_ns asked = world.place.time;
    rpc_expire(world.module, &world.out, asked + 30 * TIME_NS_S);
    assert_int_equal(rpc_world_count(&world), 0);
    rpc_expire(world.module, &world.out, asked + 40 * TIME_NS_S);
    assert_int_equal(rpc_world_one(&world)->reply, rpc_reply_none);
    assert_int_equal(world.batch.records[0].time, asked + 30 * TIME_NS_S);
}

static void a_late_response_is_not_joined_however_rarely_timers_are_looked_at(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    time_ns asked = world.place.time;
    world.place.time += 100 * TIME_NS_S;
    send_response(&world, 7, 28, 0);
    assert_int_equal(rpc_world_count(&world), 2);
    assert_int_equal(rpc_world_at(&world, 0)->reply, rpc_reply_none);
    assert_int_equal(world.batch.records[0].time, asked + 30 * TIME_NS_S);
    assert_int_equal(rpc_world_at(&world, 1)->request_frame, 0);
    assert_int_equal(rpc_world_at(&world, 1)->reply, rpc_reply_response);
}

static void a_connection_that_ends_tells_what_still_waits(void **state)
{
    (void)state;
    bind_svcctl();
    send_request(&world, 7, 12, 100);
    send_request(&world, 8, 15, 100);
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(rpc_world_count(&world), 2);
    assert_int_equal(rpc_world_at(&world, 0)->call_id, 7);
    assert_text(rpc_world_at(&world, 1)->operation, "ROpenSCManagerW");
    struct table *tables[16];
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(table_count(tables[i]), 0);
}

static void no_call_is_lost_when_too_many_wait(void **state)
{
    (void)state;
    bind_svcctl();
    for (uint32_t i = 0; i < 40; i++)
        send_request(&world, i, 12, 100);
    /* One a second: the first calls are past their deadline, and the list holds 32. */
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(rpc_world_count(&world), 40);
}

static void a_malformed_pdu_is_told_and_harms_nothing(void **state)
{
    (void)state;
    bind_svcctl();
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_REQUEST, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u32(&p, 0);
    pdu_u32(&p, 0);
    pdu_auth(&p, RPC_AUTH_NTLM, RPC_LEVEL_PRIVACY, 0, 16);
    p.w.bytes[RPC_HEADER_BYTES + 8 + 2] = 9; /* more padding than there is stub */
    pdu_end(&p);
    rpc_world_send(&world, &p.w);
    pdu_close(&p);
    assert_int_equal(world.out.malformed, 1);
    assert_int_equal(world.batch.records[0].type, RECORD_malformed);
}

static void state_saved_and_loaded_after_every_pdu_gives_the_same_answers(void **state)
{
    (void)state;
    for (uint32_t step = 0; step < 5; step++) {
        struct rpc_world next;
        struct table *from[16], *to[16];
        struct writer w = {0};
        rpc_world_open(&next);
        next.place = world.place;
        size_t count = rpc_tables(world.module, from);
        (void)rpc_tables(next.module, to);
        for (size_t i = 0; i < count; i++) {
            writer_reset(&w);
            table_save(from[i], &w);
            struct reader r = reader_of(w.bytes, w.size);
            assert_true(table_load(to[i], &r));
        }
        writer_close(&w);
        rpc_world_close(&world);
        world = next;
        world.out.batch = &world.batch;
        if (step == 0)
            send_bind(&world, svcctl_uuid, 2, 0);
        if (step == 1)
            send_bind_ack(&world, 0);
        if (step == 2)
            send_request(&world, 7, 12, 100);
        if (step == 3)
            send_response(&world, 7, 28, 0);
        if (step == 3)
            assert_text(rpc_world_one(&world)->operation, "RCreateServiceW");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bind_and_its_ack_are_one_observation),
        TEST(a_request_and_its_response_are_one_call),
        TEST(a_sealed_call_has_no_return_code),
        TEST(a_fault_tells_its_status),
        TEST(calls_may_be_answered_out_of_order),
        TEST(fragments_are_summed_and_their_last_bytes_are_the_return_code),
        TEST(a_big_endian_server_is_read_by_its_own_representation),
        TEST(a_big_endian_bind_names_the_same_interface),
        TEST(of_several_contexts_only_the_accepted_is_told),
        TEST(a_refused_bind_tells_why),
        TEST(ntlm_is_accepted_by_the_first_response_after_auth3),
        TEST(ntlm_is_refused_by_access_denied_after_auth3),
        TEST(a_secure_channel_names_its_machine),
        TEST(a_request_without_answer_is_told_at_its_deadline),
        TEST(a_late_response_is_not_joined_however_rarely_timers_are_looked_at),
        TEST(a_connection_that_ends_tells_what_still_waits),
        TEST(no_call_is_lost_when_too_many_wait),
        TEST(a_malformed_pdu_is_told_and_harms_nothing),
        TEST(state_saved_and_loaded_after_every_pdu_gives_the_same_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
