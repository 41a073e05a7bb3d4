/*
 * test_kerberos - messages read, exchanges paired, and what becomes of those that lack an end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/kerberos_parse.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct kerberos_options options = {
    .pending = 16, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct kerberos_module *module;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    *state = &world;
    return kerberos_create(&world.module, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    kerberos_free(w->module);
    token_world_close(&w->t);
    return 0;
}

/* A message of flow 1 over TCP. */
static void send(struct world *w, const char *hex, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(1, to_server, at_ms);
    kerberos_message(w->module, &w->t.out, &place, token_hex(&w->t, hex));
}

static void send_datagram(struct world *w, const char *hex, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(1, to_server, at_ms);
    place.transport = transport_udp;
    kerberos_message(w->module, &w->t.out, &place, token_hex(&w->t, hex));
}

static const struct kerberos *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_kerberos);
}

static void assert_list(struct i32s list, const int32_t *expected, uint32_t count)
{
    assert_int_equal(list.count, count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(list.at[i], expected[i]);
}

#define ASSERT_LIST(list, ...)                                                                               \
    assert_list((list), (const int32_t[]){__VA_ARGS__}, ARRAY_COUNT(((const int32_t[]){__VA_ARGS__})))

static void an_as_exchange_is_one_observation_with_both_ends(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    assert_int_equal(w->t.batch.count, 0);
    send(w, AS_REP_HEX, false, 5);
    assert_int_equal(w->t.batch.count, 1);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 5 * TIME_NS_MS);
    assert_int_equal(k->request_frame, 1);
    assert_int_equal(k->reply_frame, 6);
    assert_int_equal(k->request_time, TOKEN_WORLD_START);
    assert_int_equal(k->message, kerberos_message_as);
    assert_int_equal(k->reply, kerberos_reply_reply);
    assert_int_equal(k->transport, transport_tcp);
    assert_text(k->file, "a.pcap");
    assert_text(k->cname, "alice");
    assert_text(k->crealm, "CORP.EXAMPLE");
    assert_text(k->realm, "CORP.EXAMPLE");
    assert_text(k->sname, "krbtgt/CORP.EXAMPLE");
    assert_int_equal(k->cname_type, 1);
    assert_int_equal(k->sname_type, 2);
    assert_int_equal(k->kdc_options, 0x40810010);
    assert_int_equal(k->till, 2136422885 * TIME_NS_S);
    assert_int_equal(k->rtime, 2136422886 * TIME_NS_S);
    assert_int_equal(k->nonce, 1234567890);
    ASSERT_LIST(k->etypes, 18, 17, 23, 24, -135);
    ASSERT_LIST(k->padata, 2, 128, 149);
    assert_int_equal(k->preauth_etype, 18);
    assert_int_equal(k->pac_request, tristate_yes);
    assert_int_equal(k->host_names.count, 1);
    assert_text(k->host_names.at[0], "WS01");
    ASSERT_LIST(k->reply_padata, 19);
    ASSERT_LIST(k->offered_etypes, 18);
    assert_text(k->ticket_sname, "krbtgt/CORP.EXAMPLE");
    assert_text(k->ticket_realm, "CORP.EXAMPLE");
    assert_int_equal(k->ticket_etype, 18);
    assert_int_equal(k->ticket_kvno, 2);
    assert_int_equal(k->ticket_bytes, 64);
    assert_int_equal(k->reply_etype, 18);
    assert_false(k->armored);
}

static void an_error_offers_encryption_types_in_its_order(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    send(w, ERROR_HEX, false, 5);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(k->message, kerberos_message_as);
    assert_int_equal(k->reply, kerberos_reply_error);
    assert_int_equal(k->error_code, 25);
    assert_text(k->error_text, "need more");
    ASSERT_LIST(k->offered_etypes, 18, 23);
    ASSERT_LIST(k->reply_padata, 11, 19, 2, 16);
    assert_text(k->cname, "alice");
}

static void a_ticket_has_one_fingerprint_where_it_is_given_and_where_it_is_presented(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    send(w, AS_REP_HEX, false, 1);
    send(w, TGS_REQ_HEX, true, 2);
    send(w, TGS_REP_HEX, false, 3);
    assert_int_equal(w->t.batch.count, 2);
    const struct kerberos *as = told(w, 0), *tgs = told(w, 1);
    assert_false(id_is_none(as->ticket));
    assert_true(id_equal(as->ticket, tgs->tgt));
    assert_false(id_equal(tgs->ticket, tgs->tgt));
    assert_int_equal(tgs->message, kerberos_message_tgs);
    assert_int_equal(tgs->tgt_etype, 18);
    assert_int_equal(tgs->tgt_kvno, 2);
    assert_text(tgs->tgt_sname, "krbtgt/CORP.EXAMPLE");
    assert_int_equal(tgs->authenticator_etype, 17);
    assert_text(tgs->for_user, "bob");
    assert_text(tgs->cname, "bob");
    assert_text(tgs->sname, "cifs/srv.corp.example");
    assert_int_equal(tgs->ticket_etype, 23);
    assert_int_equal(tgs->reply_etype, 17);
    ASSERT_LIST(tgs->padata, 1, 129);
}

static void an_ap_exchange_is_told_with_its_ticket(void **state)
{
    struct world *w = *state;
    send(w, AP_REQ_HEX, true, 0);
    send(w, AP_REP_HEX, false, 1);
    send(w, AP_REQ_HEX, true, 2);
    send(w, AP_ERROR_HEX, false, 3);
    const struct kerberos *accepted = told(w, 0), *refused = told(w, 1);
    assert_int_equal(accepted->message, kerberos_message_ap);
    assert_int_equal(accepted->reply, kerberos_reply_reply);
    assert_int_equal(accepted->ap_options, 0x20000000);
    assert_int_equal(accepted->ticket_bytes, 80);
    assert_text(accepted->ticket_sname, "cifs/srv.corp.example");
    assert_int_equal(refused->reply, kerberos_reply_error);
    assert_int_equal(refused->error_code, 41);
    assert_int_equal(refused->ticket_kvno, 5);
}

static void answers_go_to_the_requests_of_their_kind_that_waited_longest(void **state)
{
    struct world *w = *state;
    send(w, TGS_REQ_HEX, true, 0);
    send(w, AS_REQ_HEX, true, 1);
    send(w, AS_REP_HEX, false, 2);
    send(w, ERROR_HEX, false, 3);
    assert_int_equal(told(w, 0)->request_frame, 2);
    assert_int_equal(told(w, 1)->request_frame, 1);
    assert_int_equal(told(w, 1)->message, kerberos_message_tgs);
}

static void an_answer_without_its_request_is_told_alone(void **state)
{
    struct world *w = *state;
    send(w, AS_REP_HEX, false, 0);
    send(w, ERROR_HEX, false, 1);
    const struct kerberos *reply = told(w, 0), *error = told(w, 1);
    assert_int_equal(reply->request_frame, 0);
    assert_int_equal(reply->reply_frame, 1);
    assert_int_equal(reply->message, kerberos_message_as);
    assert_text(reply->cname, "alice");
    assert_int_equal(reply->cname_type, 1);
    assert_int_equal(error->message, kerberos_message_unknown);
    assert_int_equal(error->error_code, 25);
    assert_text(error->sname, "krbtgt/CORP.EXAMPLE");
    assert_text(error->realm, "CORP.EXAMPLE");
}

static void who_asked_is_the_client_whatever_the_flow_said(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, false, 0);
    send(w, AS_REP_HEX, true, 1);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->client.byte[3], 2);
    assert_int_equal(told(w, 0)->server_port, 50000);
}

static void a_request_without_an_answer_is_told_at_its_deadline(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    kerberos_expire(w->module, &w->t.out, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(w->t.batch.count, 0);
    kerberos_expire(w->module, &w->t.out, TOKEN_WORLD_START + 500 * TIME_NS_S);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(told(w, 0)->reply, kerberos_reply_none);
    assert_int_equal(told(w, 0)->reply_time, 0);
}

static void an_answer_at_the_deadline_is_in_time_and_one_after_it_is_not(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    send(w, AS_REP_HEX, false, 10000);
    assert_int_equal(w->t.batch.count, 1);
    send(w, AS_REQ_HEX, true, 20000);
    send(w, AS_REP_HEX, false, 30001);
    assert_int_equal(w->t.batch.count, 3);
    assert_int_equal(told(w, 1)->reply, kerberos_reply_none);
    assert_int_equal(w->t.batch.records[1].time, TOKEN_WORLD_START + 30000 * TIME_NS_MS);
    assert_int_equal(told(w, 2)->request_frame, 0);
}

static void the_end_of_the_flow_tells_what_still_waits_in_it(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    send(w, TGS_REQ_HEX, true, 1);
    struct place other = token_place(2, true, 3), end = token_place(1, true, 4);
    kerberos_message(w->module, &w->t.out, &other, token_hex(&w->t, AS_REQ_HEX));
    kerberos_end(w->module, &w->t.out, &end);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(told(w, 0)->message, kerberos_message_as);
    assert_int_equal(told(w, 1)->message, kerberos_message_tgs);
    assert_int_equal(w->t.batch.records[0].time, end.time);
}

static void a_datagram_that_comes_again_is_the_same_exchange(void **state)
{
    struct world *w = *state;
    send_datagram(w, AS_REQ_HEX, true, 0);
    send_datagram(w, AS_REQ_HEX, true, 1000);
    send_datagram(w, AS_REP_HEX, false, 1001);
    send_datagram(w, AS_REP_HEX, false, 1002);
    send_datagram(w, AS_REQ_HEX, true, 1003);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 1002);
    kerberos_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 1);
}

static void the_same_request_again_over_tcp_is_another_one(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    send(w, AS_REQ_HEX, true, 1);
    kerberos_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2);
}

static void what_a_bound_pushes_out_is_told(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < 9; i++)
        send(w, AS_REQ_HEX, true, i);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 8 * TIME_NS_MS);
    for (uint64_t flow = 2; flow < 2 + options.pending; flow++) {
        struct place place = token_place(flow, true, 100);
        kerberos_message(w->module, &w->t.out, &place, token_hex(&w->t, AS_REQ_HEX));
    }
    assert_int_equal(w->t.batch.count, 9);
    kerberos_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 9 + options.pending);
}

static void every_prefix_is_refused_and_counted(void **state)
{
    struct world *w = *state;
    static const char *const whole[] = {AS_REQ_HEX,  AS_REP_HEX, ERROR_HEX,  TGS_REQ_HEX,
                                        TGS_REP_HEX, AP_REQ_HEX, AP_REP_HEX, AP_ERROR_HEX};
    struct place place = token_place(1, true, 0);
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str message = token_hex(&w->t, whole[i]);
        for (uint32_t size = 0; size < message.size; size++) {
            uint64_t before = w->t.out.malformed;
            struct str prefix = arena_copy(&w->t.batch.arena, (struct str){message.at, size});
            kerberos_message(w->module, &w->t.out, &place, prefix);
            assert_int_equal(w->t.out.malformed, before + 1);
            const struct malformed *m = token_record(&w->t, w->t.batch.count - 1, RECORD_malformed);
            assert_text(m->parser, "kerberos");
            assert_true(m->offset <= size);
        }
    }
    kerberos_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, w->t.out.malformed);
}

/* The message with one byte changed must be refused for that reason. */
static void refuse(struct world *w, const char *hex, uint32_t at, uint8_t byte, const char *reason)
{
    struct str message = token_hex(&w->t, hex);
    ((uint8_t *)(uintptr_t)message.at)[at] = byte;
    struct kerberos_parsed parsed;
    assert_false(kerberos_parse(&w->t.out, message, &parsed));
    assert_string_equal(parsed.fault.reason, reason);
}

static void versions_and_types_must_be_what_the_tag_says(void **state)
{
    struct world *w = *state;
    refuse(w, AS_REQ_HEX, 12, 4, "protocol version other than 5");
    refuse(w, AS_REQ_HEX, 17, 12, "msg-type differs from the tag");
    refuse(w, AP_ERROR_HEX, 13, 11, "msg-type differs from the tag");
    refuse(w, AP_ERROR_HEX, 0, 0x72, "not a Kerberos message");
    refuse(w, AS_REQ_HEX, 131, 0xa9, "a field that must be there is missing");
}

static void a_part_that_is_damaged_is_told_and_the_rest_stands(void **state)
{
    struct world *w = *state;
    struct str message = token_hex(&w->t, AS_REQ_HEX);
    ((uint8_t *)(uintptr_t)message.at)[33] = 0x31; /* the SEQUENCE of PA-ENC-TIMESTAMP */
    struct place place = token_place(1, true, 0);
    kerberos_message(w->module, &w->t.out, &place, message);
    send(w, AS_REP_HEX, false, 1);
    const struct malformed *m = token_record(&w->t, 0, RECORD_malformed);
    assert_int_equal(m->offset, 33);
    assert_int_equal(told(w, 1)->preauth_etype, 0);
    assert_int_equal(told(w, 1)->pac_request, tristate_yes);
    assert_text(told(w, 1)->cname, "alice");
}

static void bytes_behind_a_message_are_told(void **state)
{
    struct world *w = *state;
    send(w, AP_ERROR_HEX "00", false, 0);
    const struct malformed *m = token_record(&w->t, 0, RECORD_malformed);
    assert_text(m->reason, "bytes behind the message");
    assert_int_equal(m->offset, 96);
    assert_int_equal(told(w, 1)->error_code, 41);
}

static void error_data_of_another_form_is_no_fault(void **state)
{
    struct world *w = *state;
    send(w, ERROR_STATUS_HEX, false, 0);
    assert_int_equal(w->t.out.malformed, 0);
    assert_int_equal(told(w, 0)->error_code, 18);
    assert_int_equal(told(w, 0)->reply_padata.count, 0);
}

static void names_that_are_not_utf8_become_so(void **state)
{
    struct world *w = *state;
    struct str message = token_hex(&w->t, AP_ERROR_HEX);
    ((uint8_t *)(uintptr_t)message.at)[message.size - 1] = 0xe9;
    struct place place = token_place(1, false, 0);
    kerberos_message(w->module, &w->t.out, &place, message);
    assert_text(told(w, 0)->sname, "cifs/srv.corp.exampl\xef\xbf\xbd");
}

static void the_probe_knows_messages_and_no_others(void **state)
{
    struct world *w = *state;
    static const char *const messages[] = {AS_REQ_HEX,  AS_REP_HEX, ERROR_HEX,  TGS_REQ_HEX,
                                           TGS_REP_HEX, AP_REQ_HEX, AP_REP_HEX, AP_ERROR_HEX};
    for (size_t i = 0; i < ARRAY_COUNT(messages); i++) {
        struct str message = token_hex(&w->t, messages[i]);
        assert_true(kerberos_probe(message));
        assert_true(kerberos_probe((struct str){message.at, 20}));
        for (uint32_t at = 0; at < 8; at++) {
            uint8_t *byte = (uint8_t *)(uintptr_t)message.at + at;
            *byte ^= 0x40;
            assert_false(kerberos_probe(message));
            *byte ^= 0x40;
        }
        assert_false(kerberos_probe((struct str){message.at, 12}));
    }
    assert_false(kerberos_probe(token_hex(&w->t, SPNEGO_AP_REQ_HEX)));
    assert_false(kerberos_probe(token_hex(&w->t, "")));
}

static void a_message_over_tcp_is_framed_by_its_length(void **state)
{
    struct world *w = *state;
    struct framing f = kerberos_frame(token_hex(&w->t, "0000013a"));
    assert_int_equal(f.state, FRAMING_MORE);
    assert_int_equal(f.want, 5);
    f = kerberos_frame(token_hex(&w->t, "0000013a6a"));
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, 4 + 314);
    assert_int_equal(f.want, 4 + 314);
    assert_int_equal(kerberos_frame(token_hex(&w->t, "8000013a6a")).state, FRAMING_BAD);
    assert_int_equal(kerberos_frame(token_hex(&w->t, "0002013a6a")).state, FRAMING_BAD);
    assert_int_equal(kerberos_frame(token_hex(&w->t, "000000056a")).state, FRAMING_BAD);
    assert_int_equal(kerberos_frame(token_hex(&w->t, "0000013a30")).state, FRAMING_BAD);
}

static void an_ap_req_can_be_read_by_itself(void **state)
{
    struct world *w = *state;
    struct kerberos body = {0};
    size_t offset;
    assert_true(kerberos_parse_ap_req(&w->t.out, token_hex(&w->t, AP_REQ_HEX), &body, &offset));
    assert_int_equal(body.message, kerberos_message_ap);
    assert_int_equal(body.ap_options, 0x20000000);
    assert_text(body.ticket_realm, "CORP.EXAMPLE");
    assert_false(kerberos_parse_ap_req(&w->t.out, token_hex(&w->t, AS_REQ_HEX), &body, &offset));
}

/* Everything that the module remembers, in one run. */
static void run_scenario(struct token_world *t, struct kerberos_module **m, bool move, struct writer *log)
{
    static const struct {
        const char *hex;
        uint64_t flow;
        bool to_server;
        bool udp;
        uint64_t at_ms;
    } steps[] = {
        {AS_REQ_HEX, 1, true, true, 0},       {AS_REQ_HEX, 1, true, true, 900},
        {ERROR_HEX, 1, false, true, 905},     {ERROR_HEX, 1, false, true, 906},
        {AS_REQ_HEX, 1, true, true, 910},     {TGS_REQ_HEX, 2, true, false, 1000},
        {AP_REQ_HEX, 2, true, false, 1001},   {TGS_REP_HEX, 2, false, false, 1100},
        {AS_REQ_HEX, 3, true, false, 1200},   {AP_ERROR_HEX, 2, false, false, 1300},
        {AS_REP_HEX, 3, false, false, 11201}, {AS_REQ_HEX, 1, true, true, 12000},
    };
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        struct place place = token_place(steps[i].flow, steps[i].to_server, steps[i].at_ms);
        place.transport = steps[i].udp ? transport_udp : transport_tcp;
        kerberos_message(*m, &t->out, &place, token_hex(t, steps[i].hex));
        token_log(t, log);
        if (!move)
            continue;
        struct kerberos_module *next;
        struct table *from[2], *to[2];
        assert_int_equal(kerberos_create(&next, &options), ERR_OK);
        size_t count = kerberos_tables(*m, from);
        assert_int_equal(kerberos_tables(next, to), count);
        token_move_tables(from, to, count);
        kerberos_free(*m);
        *m = next;
    }
    kerberos_expire(*m, &t->out, TIME_NS_END);
    token_log(t, log);
}

static void state_can_be_saved_and_restored_after_any_message(void **state)
{
    struct world *w = *state;
    struct writer straight = {0}, moved = {0};
    run_scenario(&w->t, &w->module, false, &straight);
    kerberos_free(w->module);
    assert_int_equal(kerberos_create(&w->module, &options), ERR_OK);
    run_scenario(&w->t, &w->module, true, &moved);
    assert_true(straight.size > 0);
    assert_true(str_equal(writer_str(&straight), writer_str(&moved)));
    writer_close(&straight);
    writer_close(&moved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_as_exchange_is_one_observation_with_both_ends),
        TEST(an_error_offers_encryption_types_in_its_order),
        TEST(a_ticket_has_one_fingerprint_where_it_is_given_and_where_it_is_presented),
        TEST(an_ap_exchange_is_told_with_its_ticket),
        TEST(answers_go_to_the_requests_of_their_kind_that_waited_longest),
        TEST(an_answer_without_its_request_is_told_alone),
        TEST(who_asked_is_the_client_whatever_the_flow_said),
        TEST(a_request_without_an_answer_is_told_at_its_deadline),
        TEST(an_answer_at_the_deadline_is_in_time_and_one_after_it_is_not),
        TEST(the_end_of_the_flow_tells_what_still_waits_in_it),
        TEST(a_datagram_that_comes_again_is_the_same_exchange),
        TEST(the_same_request_again_over_tcp_is_another_one),
        TEST(what_a_bound_pushes_out_is_told),
        TEST(every_prefix_is_refused_and_counted),
        TEST(versions_and_types_must_be_what_the_tag_says),
        TEST(a_part_that_is_damaged_is_told_and_the_rest_stands),
        TEST(bytes_behind_a_message_are_told),
        TEST(error_data_of_another_form_is_no_fault),
        TEST(names_that_are_not_utf8_become_so),
        TEST(the_probe_knows_messages_and_no_others),
        TEST(a_message_over_tcp_is_framed_by_its_length),
        TEST(an_ap_req_can_be_read_by_itself),
        TEST(state_can_be_saved_and_restored_after_any_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
