/*
 * test_kpasswd - passwords changed and set, as far as it is not sealed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/kpasswd.h"
#include "tests/unit/protocol-decode/kpasswd_vectors.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct kpasswd_options options = {
    .pending = 4, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct kpasswd_module *module;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    *state = &world;
    return kpasswd_create(&world.module, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    kpasswd_free(w->module);
    token_world_close(&w->t);
    return 0;
}

static void send_in(struct world *w, uint64_t flow, const char *hex, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(flow, to_server, at_ms);
    place.transport = transport_udp;
    kpasswd_message(w->module, &w->t.out, &place, token_hex(&w->t, hex));
}

static void send(struct world *w, const char *hex, bool to_server, uint64_t at_ms)
{
    send_in(w, 1, hex, to_server, at_ms);
}

static const struct kpasswd *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_kpasswd);
}

static void a_change_and_its_reply_are_one_observation(void **state)
{
    struct world *w = *state;
    send(w, KPASSWD_CHANGE_HEX, true, 0);
    assert_int_equal(w->t.batch.count, 0);
    send(w, KPASSWD_REPLY_HEX, false, 5);
    assert_int_equal(w->t.batch.count, 1);
    const struct kpasswd *k = told(w, 0);
    assert_int_equal(k->transport, transport_udp);
    assert_int_equal(k->version, 1);
    assert_int_equal(k->reply_version, 1);
    assert_int_equal(k->request_frame, 1);
    assert_int_equal(k->reply_frame, 6);
    assert_int_equal(k->reply, kerberos_reply_reply);
    char cipher[80];
    memset(cipher, 'S', sizeof(cipher));
    assert_true(id_equal(k->ticket, decode_fingerprint(&w->t.out, (struct str){cipher, sizeof(cipher)})));
    assert_text(k->ticket_sname, "cifs/srv.corp.example");
    assert_text(k->ticket_realm, "CORP.EXAMPLE");
    assert_int_equal(k->ticket_etype, 23);
    assert_int_equal(k->ticket_kvno, 5);
    assert_int_equal(k->ticket_bytes, 80);
    assert_int_equal(k->authenticator_etype, 23);
    assert_int_equal(k->sealed_etype, 18);
    assert_int_equal(k->reply_etype, 23);
    assert_int_equal(k->reply_sealed_etype, 18);
    assert_int_equal(k->unread, unread_encrypted);
    assert_int_equal(w->t.out.messages[protocol_kpasswd], 2);
    assert_int_equal(w->t.out.sealed_messages[protocol_kpasswd], 2);
}

static void an_error_tells_its_result_in_clear(void **state)
{
    struct world *w = *state;
    send(w, KPASSWD_SET_HEX, true, 0);
    send(w, KPASSWD_ERROR_HEX, false, 5);
    const struct kpasswd *k = told(w, 0);
    assert_int_equal(k->version, 0xff80);
    assert_int_equal(k->reply, kerberos_reply_error);
    assert_int_equal(k->error_code, 60);
    assert_true(k->result);
    assert_int_equal(k->result_code, 4);
    assert_text(k->result_text, "too short");
    send(w, KPASSWD_BARE_ERROR_HEX, false, 6);
    assert_int_equal(told(w, 1)->result_code, 4);
    assert_int_equal(told(w, 1)->request_frame, 0);
}

static void a_datagram_that_comes_again_is_the_same_exchange(void **state)
{
    struct world *w = *state;
    send(w, KPASSWD_CHANGE_HEX, true, 0);
    send(w, KPASSWD_CHANGE_HEX, true, 1);
    send(w, KPASSWD_REPLY_HEX, false, 2);
    send(w, KPASSWD_REPLY_HEX, false, 3);
    send(w, KPASSWD_CHANGE_HEX, true, 4);
    kpasswd_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 1);
}

static void a_request_without_a_reply_is_told_at_its_deadline_or_the_end_of_its_flow(void **state)
{
    struct world *w = *state;
    send(w, KPASSWD_SET_HEX, true, 0);
    kpasswd_expire(w->module, &w->t.out, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(w->t.batch.count, 0);
    send_in(w, 2, KPASSWD_CHANGE_HEX, true, 20000);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + options.timeout);
    struct place end = token_place(2, true, 20001);
    kpasswd_end(w->module, &w->t.out, &end);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(w->t.batch.records[1].time, end.time);
    kpasswd_end(w->module, &w->t.out, &end);
    assert_int_equal(w->t.batch.count, 2);
}

static void what_a_bound_pushes_out_is_told(void **state)
{
    struct world *w = *state;
    for (uint64_t flow = 1; flow <= options.pending + 1; flow++)
        send_in(w, flow, KPASSWD_SET_HEX, true, flow);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 2);
    /* Another request of a flow takes the place of the one before, which is told. */
    send_in(w, options.pending, KPASSWD_CHANGE_HEX, true, 100);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(told(w, 1)->version, 0xff80);
    kpasswd_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2 + options.pending);
}

static void every_prefix_is_refused(void **state)
{
    struct world *w = *state;
    static const char *const whole[] = {KPASSWD_CHANGE_HEX, KPASSWD_REPLY_HEX, KPASSWD_ERROR_HEX};
    struct place place = token_place(1, true, 0);
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str message = token_hex(&w->t, whole[i]);
        for (uint32_t size = 0; size < message.size; size++) {
            uint64_t before = w->t.out.malformed;
            struct str prefix = arena_copy(&w->t.batch.arena, (struct str){message.at, size});
            kpasswd_message(w->module, &w->t.out, &place, prefix);
            assert_int_equal(w->t.out.malformed, before + 1);
        }
    }
    kpasswd_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, w->t.out.malformed);
}

static void parts_must_be_what_the_protocol_has_in_their_place(void **state)
{
    struct world *w = *state;
    /* An AP-REP before another AP-REP; a KRB-PRIV alone. */
    send(w,
         "0064"
         "0001"
         "002f" AP_REP_HEX AP_REP_HEX,
         false, 0);
    send(w,
         "0014"
         "0001"
         "0000"
         "750c300aa003020105a103020115",
         true, 1);
    assert_int_equal(w->t.out.malformed, 2);
    assert_text(((const struct malformed *)token_record(&w->t, 0, RECORD_malformed))->reason,
                "neither KRB-PRIV nor KRB-ERROR");
}

static void a_message_over_tcp_is_framed_by_both_its_lengths(void **state)
{
    struct world *w = *state;
    struct framing f = kpasswd_frame(token_hex(&w->t, "000000140014000100"));
    assert_int_equal(f.state, FRAMING_MORE);
    f = kpasswd_frame(token_hex(&w->t, "00000014001400010000"));
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, 24);
    assert_int_equal(kpasswd_frame(token_hex(&w->t, "00000014001500010000")).state, FRAMING_BAD);
    assert_int_equal(kpasswd_frame(token_hex(&w->t, "00010014001400010000")).state, FRAMING_BAD);
    assert_true(kpasswd_probe(token_hex(&w->t, "0000002000200001000a6e")));
    assert_true(kpasswd_probe(token_hex(&w->t, "000000200020ff8000007e")));
    assert_false(kpasswd_probe(token_hex(&w->t, "0000002000200002000a6e")));
    assert_false(kpasswd_probe(token_hex(&w->t, "0000002000200001000a6a")));
}

/* Everything that the module remembers, in one run. */
static void run(struct world *w, bool move, struct writer *log)
{
    static const struct {
        const char *hex;
        uint64_t flow;
        bool to_server;
        uint64_t at_ms;
    } steps[] = {
        {KPASSWD_CHANGE_HEX, 1, true, 0},    {KPASSWD_SET_HEX, 2, true, 10},
        {KPASSWD_REPLY_HEX, 1, false, 20},   {KPASSWD_REPLY_HEX, 1, false, 30},
        {KPASSWD_ERROR_HEX, 3, false, 40},   {KPASSWD_CHANGE_HEX, 1, true, 50},
        {KPASSWD_ERROR_HEX, 2, false, 9000}, {KPASSWD_SET_HEX, 1, true, 12000},
    };
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        send_in(w, steps[i].flow, steps[i].hex, steps[i].to_server, steps[i].at_ms);
        token_log(&w->t, log);
        if (!move)
            continue;
        struct kpasswd_module *next;
        struct table *from[1], *to[1];
        assert_int_equal(kpasswd_create(&next, &options), ERR_OK);
        assert_int_equal(kpasswd_tables(w->module, from), kpasswd_tables(next, to));
        token_move_tables(from, to, 1);
        kpasswd_free(w->module);
        w->module = next;
    }
    kpasswd_expire(w->module, &w->t.out, TIME_NS_END);
    token_log(&w->t, log);
}

static void state_can_be_saved_and_restored_after_any_message(void **state)
{
    struct world *w = *state;
    struct writer straight = {0}, moved = {0};
    run(w, false, &straight);
    kpasswd_free(w->module);
    assert_int_equal(kpasswd_create(&w->module, &options), ERR_OK);
    run(w, true, &moved);
    assert_true(straight.size > 0);
    assert_true(str_equal(writer_str(&straight), writer_str(&moved)));
    writer_close(&straight);
    writer_close(&moved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_change_and_its_reply_are_one_observation),
        TEST(an_error_tells_its_result_in_clear),
        TEST(a_datagram_that_comes_again_is_the_same_exchange),
        TEST(a_request_without_a_reply_is_told_at_its_deadline_or_the_end_of_its_flow),
        TEST(what_a_bound_pushes_out_is_told),
        TEST(every_prefix_is_refused),
        TEST(parts_must_be_what_the_protocol_has_in_their_place),
        TEST(a_message_over_tcp_is_framed_by_both_its_lengths),
        TEST(state_can_be_saved_and_restored_after_any_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
