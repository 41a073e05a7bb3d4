/*
 * test_auth - conversations from their first token to the carrier's verdict.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/auth.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

enum {
    STATUS_LOGON_FAILURE = (int)0xc000006d,
};

static const struct auth_options options = {
    .conversations = 4, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};
static const struct id conversation = {.high = 9, .low = 9};

struct world {
    struct token_world t;
    struct auth *auth;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    *state = &world;
    return auth_create(&world.auth, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    auth_free(w->auth);
    token_world_close(&w->t);
    return 0;
}

static void send(struct world *w, const char *hex, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(1, to_server, at_ms);
    auth_token(w->auth, &w->t.out, &place, conversation, transport_smb, token_hex(&w->t, hex));
}

static void decide(struct world *w, enum outcome outcome, uint32_t status, uint64_t at_ms)
{
    struct place place = token_place(1, false, at_ms);
    auth_result(w->auth, &w->t.out, &place, conversation, outcome, status, true);
}

static const struct ntlm *told_ntlm(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_ntlm);
}

static const struct kerberos *told_kerberos(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_kerberos);
}

static void three_messages_and_a_verdict_are_one_observation(void **state)
{
    struct world *w = *state;
    send(w, SPNEGO_NEGOTIATE_HEX, true, 0);
    send(w, SPNEGO_CHALLENGE_HEX, false, 1);
    send(w, SPNEGO_AUTHENTICATE_HEX, true, 2);
    assert_int_equal(w->t.batch.count, 0);
    decide(w, outcome_success, 0, 3);
    assert_int_equal(w->t.batch.count, 1);
    const struct ntlm *n = told_ntlm(w, 0);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 3 * TIME_NS_MS);
    assert_int_equal(n->carrier, transport_smb);
    assert_int_equal(n->negotiate_frame, 1);
    assert_int_equal(n->challenge_frame, 2);
    assert_int_equal(n->request_frame, 3);
    assert_int_equal(n->reply_frame, 4);
    assert_int_equal(n->request_time, TOKEN_WORLD_START + 2 * TIME_NS_MS);
    assert_int_equal(n->negotiate_flags, 0xe2888215);
    assert_true(id_equal(n->challenge, decode_fingerprint(&w->t.out, token_hex(&w->t, "0123456789abcdef"))));
    assert_text(n->server_name, "Server");
    assert_text(n->server_domain, "Domain");
    assert_int_equal(n->server_dns_name.size, 0);
    assert_text(n->user, "alice");
    assert_text(n->domain, "CORP");
    assert_text(n->workstation, "WS01");
    assert_int_equal(n->response, ntlm_response_ntlmv2);
    assert_true(n->mic);
    assert_text(n->target_spn, "cifs/srv.corp.example");
    assert_int_equal(n->outcome, outcome_success);
    assert_text(n->file, "a.pcap");
}

static void an_authentication_tells_what_all_its_messages_say(void **state)
{
    struct world *w = *state;
    send(w, NTLM_NEGOTIATE_VERSION_HEX, true, 0);
    send(w, NTLM_CHALLENGE_HEX, false, 1);
    send(w, NTLM_AUTHENTICATE_FULL_HEX, true, 2);
    decide(w, outcome_success, 0, 3);
    const struct ntlm *n = told_ntlm(w, 0);
    assert_int_equal(n->client_flags, 0xe2088297);
    assert_int_equal(n->server_flags, 0xe28a8233);
    assert_int_equal(n->negotiate_flags, 0xe2888215);
    assert_text(n->client_version, "10.0.19041");
    assert_int_equal(n->client_revision, 15);
    assert_text(n->server_version, "6.0.6000");
    assert_int_equal(n->server_revision, 15);
    assert_text(n->target_name, "Server");
    assert_text(n->server_name, "Server"); /* of the challenge, not of what the response repeats */
    assert_int_equal(n->server_pairs.count, 2);
    assert_int_equal(n->client_pairs.count, 7);
    assert_int_equal(n->channel_bindings, tristate_yes);
    assert_int_equal(n->lm_response, ntlm_lm_zero);
    assert_int_equal(n->mic_bytes, tristate_no);
    assert_true(n->session_key);
    assert_true(id_equal(n->client_challenge, decode_fingerprint(&w->t.out, STR("CCCCCCCC"))));
    assert_false(id_is_none(n->machine));
    assert_false(n->spnego);
    assert_int_equal(n->mechanisms.count, 0);
    assert_int_equal(n->unread, unread_nothing);
}

static void spnego_tells_what_was_offered_and_what_was_chosen(void **state)
{
    struct world *w = *state;
    send(w, SPNEGO_NEGOTIATE_HEX, true, 0);
    send(w, SPNEGO_CHALLENGE_HEX, false, 1);
    send(w, SPNEGO_AUTHENTICATE_HEX, true, 2);
    decide(w, outcome_success, 0, 3);
    const struct ntlm *n = told_ntlm(w, 0);
    assert_true(n->spnego);
    assert_int_equal(n->mechanisms.count, 1);
    assert_text(n->mechanisms.at[0], "1.3.6.1.4.1.311.2.2.10");
    assert_text(n->chosen_mechanism, "1.3.6.1.4.1.311.2.2.10");
    assert_false(n->mech_list_mic);
    send(w, SPNEGO_AP_REQ_HEX, true, 10);
    send(w, SPNEGO_AP_REP_HEX, false, 11);
    /* A last token without a message, whose mechListMIC is 16 bytes. */
    send(w, "a11b3019a0030a0100a31204104d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d", false, 12);
    decide(w, outcome_success, 0, 13);
    const struct kerberos *k = told_kerberos(w, 1);
    assert_true(k->spnego);
    assert_int_equal(k->mechanisms.count, 2);
    assert_text(k->mechanisms.at[0], "1.2.840.48018.1.2.2");
    assert_text(k->mechanisms.at[1], "1.3.6.1.4.1.311.2.2.10");
    assert_text(k->chosen_mechanism, "1.2.840.48018.1.2.2");
    assert_true(k->mech_list_mic);
    assert_int_equal(k->reply_etype, 23);
}

static void a_negotiation_that_settles_on_another_mechanism_is_not_lost(void **state)
{
    struct world *w = *state;
    /* The offer comes with a token of NEGOEX, which is not read; NTLM follows by itself. */
    send(w,
         "602e06062b0601050502a0243022a01a3018060a2b06010401823702021e060a2b06010401823702020aa20404024e45",
         true, 0);
    assert_int_equal(w->t.batch.count, 0);
    send(w, SPNEGO_CHALLENGE_HEX, false, 1);
    send(w, SPNEGO_AUTHENTICATE_HEX, true, 2);
    decide(w, outcome_success, 0, 3);
    const struct ntlm *n = told_ntlm(w, 0);
    assert_int_equal(n->mechanisms.count, 2);
    assert_text(n->mechanisms.at[0], "1.3.6.1.4.1.311.2.2.30");
    assert_int_equal(w->t.out.malformed, 0);
}

static void the_proof_leaves_as_a_fingerprint(void **state)
{
    struct world *w = *state;
    send(w, NTLM_AUTHENTICATE_V2_HEX, true, 0);
    decide(w, outcome_failure, (uint32_t)STATUS_LOGON_FAILURE, 1);
    const struct ntlm *n = told_ntlm(w, 0);
    struct str proof = token_hex(&w->t, "68cd0ab851e51c96aabc927bebef6a1c");
    assert_true(id_equal(n->proof, decode_fingerprint(&w->t.out, proof)));
    assert_int_equal(n->outcome, outcome_failure);
    assert_int_equal(n->status, (uint32_t)STATUS_LOGON_FAILURE);
    /* Without the challenge, its names are those that the response repeats. */
    assert_text(n->server_name, "Server");
    assert_int_equal(n->challenge_frame, 0);
}

static void a_session_knows_who_opened_it_until_it_failed(void **state)
{
    struct world *w = *state;
    struct who who;
    send(w, SPNEGO_NEGOTIATE_HEX, true, 0);
    assert_false(auth_who(w->auth, conversation, &who));
    send(w, SPNEGO_AUTHENTICATE_HEX, true, 2);
    assert_true(auth_who(w->auth, conversation, &who));
    assert_text(who_text(who.user), "alice");
    assert_text(who_text(who.domain), "CORP");
    assert_int_equal(who.security, security_ntlm);
    decide(w, outcome_success, 0, 3);
    auth_expire(w->auth, &w->t.out, TIME_NS_END);
    assert_true(auth_who(w->auth, conversation, &who));
    send(w, SPNEGO_AUTHENTICATE_HEX, true, 4);
    decide(w, outcome_failure, 1, 5);
    assert_false(auth_who(w->auth, conversation, &who));
}

static void a_ticket_stands_for_a_user_who_is_not_named(void **state)
{
    struct world *w = *state;
    struct who who;
    send(w, SPNEGO_AP_REQ_HEX, true, 0);
    assert_true(auth_who(w->auth, conversation, &who));
    assert_int_equal(who.security, security_kerberos);
    assert_int_equal(who_text(who.user).size, 0);
    assert_text(who_text(who.domain), "CORP.EXAMPLE");
    send(w, SPNEGO_AP_REP_HEX, false, 1);
    decide(w, outcome_success, 0, 2);
    const struct kerberos *k = told_kerberos(w, 0);
    assert_int_equal(k->message, kerberos_message_ap);
    assert_int_equal(k->transport, transport_smb);
    assert_int_equal(k->reply, kerberos_reply_reply);
    assert_int_equal(k->request_frame, 1);
    assert_int_equal(k->reply_frame, 2);
    assert_true(id_equal(k->ticket, who.ticket));
    assert_text(k->ticket_sname, "cifs/srv.corp.example");
    assert_int_equal(k->ticket_etype, 23);
    assert_int_equal(k->authenticator_etype, 23);
    assert_int_equal(k->ticket_bytes, 80);
}

static void an_error_token_gives_its_code(void **state)
{
    struct world *w = *state;
    send(w, GSS_AP_REQ_HEX, true, 0);
    send(w, GSS_ERROR_HEX, false, 1);
    decide(w, outcome_unknown, 0, 2);
    assert_int_equal(told_kerberos(w, 0)->reply, kerberos_reply_error);
    assert_int_equal(told_kerberos(w, 0)->error_code, 41);
}

static void the_clients_own_ap_rep_answers_nothing(void **state)
{
    struct world *w = *state;
    send(w, AP_REQ_HEX, true, 0);
    send(w, AP_REP_HEX, true, 1);
    decide(w, outcome_unknown, 0, 2);
    assert_int_equal(told_kerberos(w, 0)->reply, kerberos_reply_none);
}

static void each_authentication_of_a_conversation_is_told(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < 3; i++) {
        send(w, SPNEGO_NEGOTIATE_HEX, true, 10 * i);
        send(w, SPNEGO_CHALLENGE_HEX, false, 10 * i + 1);
        send(w, SPNEGO_AUTHENTICATE_HEX, true, 10 * i + 2);
        if (i != 1)
            decide(w, outcome_success, 0, 10 * i + 3);
    }
    assert_int_equal(w->t.batch.count, 3);
    assert_int_equal(told_ntlm(w, 0)->outcome, outcome_success);
    assert_int_equal(told_ntlm(w, 1)->outcome, outcome_unknown);
    assert_int_equal(told_ntlm(w, 1)->request_frame, 13);
    assert_int_equal(w->t.batch.records[1].time, TOKEN_WORLD_START + 20 * TIME_NS_MS);
    assert_int_equal(told_ntlm(w, 2)->request_frame, 23);
}

static void kerberos_that_gives_way_to_ntlm_is_told_first(void **state)
{
    struct world *w = *state;
    send(w, SPNEGO_AP_REQ_HEX, true, 0);
    send(w, NTLM_NEGOTIATE_HEX, true, 1);
    send(w, NTLM_CHALLENGE_HEX, false, 2);
    send(w, NTLM_AUTHENTICATE_V2_HEX, true, 3);
    decide(w, outcome_success, 0, 4);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(told_kerberos(w, 0)->reply, kerberos_reply_none);
    assert_text(told_ntlm(w, 1)->user, "User");
}

static void a_server_that_asks_for_more_has_not_decided(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, false, 1);
    send(w, SPNEGO_NEGOTIATE_HEX, true, 0);
    auth_result(w->auth, &w->t.out, &place, conversation, outcome_unknown, 0xc0000016, false);
    send(w, SPNEGO_CHALLENGE_HEX, false, 1);
    send(w, SPNEGO_AUTHENTICATE_HEX, true, 2);
    assert_int_equal(w->t.batch.count, 0);
    decide(w, outcome_success, 0, 3);
    assert_int_equal(told_ntlm(w, 0)->negotiate_frame, 1);
}

static void a_challenge_alone_still_tells_the_servers_names(void **state)
{
    struct world *w = *state;
    send(w, SPNEGO_NEGOTIATE_HEX, true, 0);
    send(w, SPNEGO_CHALLENGE_HEX, false, 1);
    decide(w, outcome_unknown, 0, 2);
    assert_text(told_ntlm(w, 0)->server_name, "Server");
    assert_int_equal(told_ntlm(w, 0)->response, ntlm_response_none);
    assert_int_equal(told_ntlm(w, 0)->request_frame, 1);
    assert_int_equal(told_ntlm(w, 0)->reply_frame, 0);
}

static void without_a_verdict_it_is_told_at_the_deadline_and_a_later_one_changes_nothing(void **state)
{
    struct world *w = *state;
    send(w, NTLM_AUTHENTICATE_V1_HEX, true, 0);
    decide(w, outcome_success, 0, 10001);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(told_ntlm(w, 0)->outcome, outcome_unknown);
    assert_int_equal(told_ntlm(w, 0)->response, ntlm_response_ntlmv1);
    send(w, NTLM_AUTHENTICATE_V1_HEX, true, 20000);
    decide(w, outcome_success, 0, 30000);
    assert_int_equal(told_ntlm(w, 1)->outcome, outcome_success);
}

static void what_a_full_table_pushes_out_is_told(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < options.conversations + 2; i++) {
        struct place place = token_place(i, true, i);
        auth_token(w->auth, &w->t.out, &place, (struct id){.high = i, .low = 1}, transport_rpc,
                   token_hex(&w->t, NTLM_AUTHENTICATE_V2_HEX));
    }
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 4 * TIME_NS_MS);
    auth_expire(w->auth, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, options.conversations + 2);
}

static void every_prefix_of_a_token_is_refused_and_counted(void **state)
{
    struct world *w = *state;
    static const char *const whole[] = {SPNEGO_AP_REQ_HEX, SPNEGO_AUTHENTICATE_HEX, NTLM_AUTHENTICATE_V2_HEX,
                                        AP_REQ_HEX};
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str token = token_hex(&w->t, whole[i]);
        for (uint32_t size = 0; size < token.size; size++) {
            struct place place = token_place(1, true, 0);
            struct str prefix = arena_copy(&w->t.batch.arena, (struct str){token.at, size});
            uint64_t before = w->t.out.malformed;
            auth_token(w->auth, &w->t.out, &place, conversation, transport_smb, prefix);
            assert_int_equal(w->t.out.malformed, before + 1);
        }
    }
    auth_expire(w->auth, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, w->t.out.malformed);
}

static void a_negotiation_alone_opens_nothing(void **state)
{
    struct world *w = *state;
    send(w, SPNEGO_INIT2_HEX, false, 0);
    send(w, "a1073005a0030a0100", false, 1);
    decide(w, outcome_success, 0, 2);
    assert_int_equal(w->t.batch.count, 0);
    assert_int_equal(w->t.out.malformed, 0);
}

static void run_scenario(struct token_world *t, struct auth **auth, bool move, struct writer *log)
{
    static const struct {
        const char *hex; /* null: the carrier's verdict */
        uint64_t conversation;
        bool to_server;
        uint64_t at_ms;
    } steps[] = {
        {SPNEGO_NEGOTIATE_HEX, 1, true, 0},      {SPNEGO_AP_REQ_HEX, 2, true, 1},
        {SPNEGO_CHALLENGE_HEX, 1, false, 2},     {SPNEGO_AP_REP_HEX, 2, false, 3},
        {SPNEGO_AUTHENTICATE_HEX, 1, true, 4},   {NULL, 2, false, 5},
        {NTLM_AUTHENTICATE_OLD_HEX, 3, true, 6}, {NULL, 1, false, 7},
        {NTLM_NEGOTIATE_HEX, 2, true, 10100},    {NULL, 3, false, 10101},
    };
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        struct place place = token_place(1, steps[i].to_server, steps[i].at_ms);
        struct id id = {.high = steps[i].conversation, .low = 1};
        if (steps[i].hex)
            auth_token(*auth, &t->out, &place, id, transport_smb, token_hex(t, steps[i].hex));
        else
            auth_result(*auth, &t->out, &place, id, outcome_success, 0, true);
        token_log(t, log);
        if (!move)
            continue;
        struct auth *next;
        struct table *from[8], *to[8];
        assert_int_equal(auth_create(&next, &options), ERR_OK);
        size_t count = auth_tables(*auth, from);
        assert_int_equal(auth_tables(next, to), count);
        token_move_tables(from, to, count);
        auth_free(*auth);
        *auth = next;
    }
    auth_expire(*auth, &t->out, TIME_NS_END);
    token_log(t, log);
}

static void state_can_be_saved_and_restored_after_any_token(void **state)
{
    struct world *w = *state;
    struct writer straight = {0}, moved = {0};
    run_scenario(&w->t, &w->auth, false, &straight);
    auth_free(w->auth);
    assert_int_equal(auth_create(&w->auth, &options), ERR_OK);
    run_scenario(&w->t, &w->auth, true, &moved);
    assert_true(straight.size > 0);
    assert_true(str_equal(writer_str(&straight), writer_str(&moved)));
    writer_close(&straight);
    writer_close(&moved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_messages_and_a_verdict_are_one_observation),
        TEST(an_authentication_tells_what_all_its_messages_say),
        TEST(spnego_tells_what_was_offered_and_what_was_chosen),
        TEST(a_negotiation_that_settles_on_another_mechanism_is_not_lost),
        TEST(the_proof_leaves_as_a_fingerprint),
        TEST(a_session_knows_who_opened_it_until_it_failed),
        TEST(a_ticket_stands_for_a_user_who_is_not_named),
        TEST(an_error_token_gives_its_code),
        TEST(the_clients_own_ap_rep_answers_nothing),
        TEST(each_authentication_of_a_conversation_is_told),
        TEST(kerberos_that_gives_way_to_ntlm_is_told_first),
        TEST(a_server_that_asks_for_more_has_not_decided),
        TEST(a_challenge_alone_still_tells_the_servers_names),
        TEST(without_a_verdict_it_is_told_at_the_deadline_and_a_later_one_changes_nothing),
        TEST(what_a_full_table_pushes_out_is_told),
        TEST(every_prefix_of_a_token_is_refused_and_counted),
        TEST(a_negotiation_alone_opens_nothing),
        TEST(state_can_be_saved_and_restored_after_any_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
