/*
 * test_ldap_bind - who a connection belongs to, and messages behind its security layer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/protocol-decode/ldap_world.h"
#include "tests/unit/protocol-decode/token_vectors.h"

static struct str search(struct ldap_world *w, uint32_t id)
{
    return ldap_search(w, id, ber_text(w, 0x87, "a"));
}

static void a_simple_bind_tells_the_name_and_no_password(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_bind_simple(w, 1, "CORP\\alice", "Secret1"), true, 0);
    ldap_send(w, ldap_bind_reply(w, 1, 0, NOTHING), false, 1);
    ldap_send(w, search(w, 2), true, 2);
    ldap_send(w, ldap_result(w, 2, 0x65, 0, ""), false, 3);
    const struct ldap *bind = ldap_told(w, 0), *l = ldap_told(w, 1);
    assert_int_equal(bind->operation, ldap_operation_bind);
    assert_int_equal(bind->version, 3);
    assert_int_equal(bind->bind_method, ldap_bind_method_simple);
    assert_text(bind->bind_name, "CORP\\alice");
    assert_text(bind->user, "alice");
    assert_text(bind->domain, "CORP");
    assert_true(bind->clear_text);
    assert_true(id_equal(bind->password, decode_secret(&w->t.out, STR("Secret1"))));
    assert_text(l->user, "alice");
    assert_int_equal(l->security, security_simple);
}

static void a_refused_bind_says_why(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_bind_simple(w, 1, "alice@corp.example", "x"), true, 0);
    ldap_send(w,
              ldap_result(
                  w, 1, 0x61, 49,
                  "80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 52e, v4563"),
              false, 1);
    ldap_send(w, search(w, 2), true, 2);
    ldap_send(w, ldap_result(w, 2, 0x65, 1, ""), false, 3);
    const struct ldap *bind = ldap_told(w, 0);
    assert_text(bind->user, "alice");
    assert_text(bind->domain, "corp.example");
    assert_int_equal(bind->outcome, outcome_failure);
    assert_text(bind->result, "invalidCredentials");
    assert_int_equal(bind->error_code, 0x80090308);
    assert_int_equal(bind->error_data, 0x52e);
    assert_int_equal(ldap_told(w, 1)->user.size, 0);
}

static void binds_without_a_password_are_told_apart(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_bind_simple(w, 1, "", ""), true, 0);
    ldap_send(w, ldap_bind_reply(w, 1, 0, NOTHING), false, 1);
    ldap_send(w, ldap_bind_simple(w, 2, "CN=alice", ""), true, 2);
    ldap_send(w, ldap_bind_reply(w, 2, 53, NOTHING), false, 3);
    assert_int_equal(ldap_told(w, 0)->bind_method, ldap_bind_method_anonymous);
    assert_int_equal(ldap_told(w, 0)->security, security_none);
    assert_int_equal(ldap_told(w, 1)->bind_method, ldap_bind_method_unauthenticated);
    assert_false(ldap_told(w, 1)->clear_text);
    assert_true(id_is_none(ldap_told(w, 1)->password));
}

static void sasl_plain_gives_its_name(void **state)
{
    struct ldap_world *w = *state;
    struct str credentials = {.at = "\0alice\0pw", .size = 9};
    ldap_send(w, ldap_bind_sasl(w, 1, "PLAIN", credentials), true, 0);
    ldap_send(w, ldap_bind_reply(w, 1, 0, NOTHING), false, 1);
    const struct ldap *bind = ldap_told(w, 0);
    assert_text(bind->mechanism, "PLAIN");
    assert_text(bind->user, "alice");
    assert_true(bind->clear_text);
    assert_true(id_equal(bind->password, decode_secret(&w->t.out, STR("pw"))));
}

static void ntlm_inside_binds_is_one_authentication(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_bind_sasl(w, 1, "GSS-SPNEGO", BYTES(SPNEGO_NEGOTIATE_HEX)), true, 0);
    ldap_send(w, ldap_bind_reply(w, 1, 14, BYTES(SPNEGO_CHALLENGE_HEX)), false, 1);
    ldap_send(w, ldap_bind_sasl(w, 2, "GSS-SPNEGO", BYTES(SPNEGO_AUTHENTICATE_HEX)), true, 2);
    ldap_send(w, ldap_result(w, 2, 0x61, 49, "80090308: LdapErr: DSID-0C090446, comment: x, data 775, v4563"),
              false, 3);
    assert_int_equal(w->t.batch.count, 3);
    assert_text(ldap_told(w, 0)->result, "saslBindInProgress");
    assert_int_equal(ldap_told(w, 0)->outcome, outcome_unknown);
    const struct ntlm *n = token_record(&w->t, 1, RECORD_ntlm);
    assert_int_equal(n->carrier, transport_ldap);
    assert_int_equal(n->outcome, outcome_failure);
    assert_int_equal(n->status, 0xc0000234);
    assert_int_equal(n->negotiate_frame, 1);
    assert_int_equal(n->challenge_frame, 2);
    assert_int_equal(n->request_frame, 3);
    assert_int_equal(ldap_told(w, 2)->security, security_ntlm);
    assert_true(str_equal(ldap_told(w, 2)->user, n->user));
}

static void sicily_is_ntlm_too(void **state)
{
    struct ldap_world *w = *state;
    struct str negotiate = BER(0x60, INTEGER(3), OCTETS("NTLM"), BER(0x8a, BYTES(NTLM_NEGOTIATE_HEX)));
    struct str response = BER(0x60, INTEGER(3), OCTETS(""), BER(0x8b, BYTES(NTLM_AUTHENTICATE_V2_HEX)));
    ldap_send(w, LDAP_MESSAGE(1, negotiate), true, 0);
    ldap_send(w, LDAP_MESSAGE(1, BER(0x61, ENUMERATED(0), BER(0x04, BYTES(NTLM_CHALLENGE_HEX)), OCTETS(""))),
              false, 1);
    ldap_send(w, LDAP_MESSAGE(2, response), true, 2);
    ldap_send(w, ldap_bind_reply(w, 2, 0, NOTHING), false, 3);
    assert_int_equal(ldap_told(w, 0)->bind_method, ldap_bind_method_sicily_negotiate);
    assert_int_equal(ldap_told(w, 0)->outcome, outcome_unknown);
    const struct ntlm *n = token_record(&w->t, 1, RECORD_ntlm);
    assert_int_equal(n->outcome, outcome_success);
    assert_int_equal(n->challenge_frame, 2);
    assert_int_equal(ldap_told(w, 2)->bind_method, ldap_bind_method_sicily_response);
    assert_int_equal(ldap_told(w, 2)->outcome, outcome_success);
}

static void what_is_only_signed_is_read_as_its_session(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_bind_sasl(w, 1, "GSS-SPNEGO", BYTES(SPNEGO_AP_REQ_HEX)), true, 0);
    ldap_send(w, ldap_bind_reply(w, 1, 0, BYTES(SPNEGO_AP_REP_HEX)), false, 1);
    const struct kerberos *ap = token_record(&w->t, 0, RECORD_kerberos);
    assert_int_equal(ap->transport, transport_ldap);
    ldap_send(w, ldap_wrapped(w, false, false, search(w, 2)), true, 2);
    ldap_send(w,
              ldap_wrapped(w, true, false,
                           ldap_joined(w, ldap_entry(w, 2, "CN=x"), ldap_result(w, 2, 0x65, 0, ""))),
              false, 3);
    const struct ldap *l = ldap_told(w, 2);
    assert_int_equal(l->protection, ldap_protection_signed);
    assert_int_equal(l->entries, 1);
    assert_int_equal(l->security, security_kerberos);
    assert_true(id_equal(l->ticket, ap->ticket));
}

static void what_is_sealed_is_said_once(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_wrapped(w, false, true, BYTES("00112233445566778899")), true, 0);
    ldap_send(w, ldap_wrapped(w, true, true, BYTES("00112233445566778899")), false, 1);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(w->t.out.sealed_messages[protocol_ldap], 2);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->unread, unread_encrypted);
    assert_int_equal(l->protection, ldap_protection_sealed);
    assert_int_equal(l->request_frame, 1);
    assert_int_equal(l->operation, ldap_operation_unknown);
}

/* Split at each byte: both tokens are signed, and their message is one. */
static void a_message_may_span_tokens(void **state)
{
    struct ldap_world *w = *state;
    struct str whole = ldap_joined(w, BYTES("30050201094200"), search(w, 2));
    for (uint32_t cut = 1; cut < whole.size; cut++) {
        struct str first = {.at = whole.at, .size = cut};
        struct str second = {.at = whole.at + cut, .size = whole.size - cut};
        struct place place = token_place(1, true, 2 * cut);
        struct str one = ldap_wrapped(w, false, false, first), two = ldap_wrapped(w, false, false, second);
        ldap_message(w->module, &w->t.out, &place, one, one.size);
        ldap_message(w->module, &w->t.out, &place, two, two.size);
        ldap_send(w, ldap_result(w, 2, 0x65, 0, ""), false, 2 * cut + 1);
        assert_int_equal(w->t.batch.count, 2 * cut);
        assert_int_equal(ldap_told(w, 2 * cut - 2)->operation, ldap_operation_unbind);
        assert_text(ldap_told(w, 2 * cut - 1)->filter, "(a=*)");
        assert_int_equal(ldap_told(w, 2 * cut - 1)->protection, ldap_protection_signed);
    }
    assert_int_equal(w->t.out.malformed, 0);
}

/* More than a stream keeps of a message: the token's head goes alone, its messages follow as they stand. */
static void a_token_too_large_to_hold_is_read_message_by_message(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, search(w, 2), true, 0);
    struct str entry = ldap_entry(w, 2, "CN=Somebody,OU=Somewhere,DC=a"), all = NOTHING;
    for (int i = 0; i < 12; i++)
        all = ldap_joined(w, i == 0 ? entry : all, i == 0 ? NOTHING : all); /* twice as many each time */
    all = ldap_joined(w, all, ldap_result(w, 2, 0x65, 0, ""));
    assert_true(all.size > STREAM_MESSAGE_BYTES_MAX);
    ldap_send(w, ldap_wrapped(w, true, false, all), false, 1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->entries, 2048);
    assert_text(l->result, "success");
    /* What follows the token is in clear again. */
    ldap_send(w, ldap_result(w, 3, 0x65, 0, ""), false, 2);
    assert_int_equal(ldap_told(w, 1)->protection, ldap_protection_none);
}

static void bytes_lost_within_a_message_lose_no_more(void **state)
{
    struct ldap_world *w = *state;
    struct str whole = search(w, 2);
    struct str first = {.at = whole.at, .size = 20};
    ldap_send(w, ldap_wrapped(w, false, false, first), true, 0);
    struct place place = token_place(1, true, 1);
    ldap_lost(w->module, &w->t.out, &place);
    ldap_send(w, ldap_wrapped(w, false, false, BYTES("30050201094200")), true, 2);
    assert_int_equal(ldap_told(w, 0)->operation, ldap_operation_unbind);
    assert_int_equal(w->t.out.malformed, 0);
}

static void tls_is_said_once_too(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, LDAP_MESSAGE(1, BER(0x77, ber_text(w, 0x80, "1.3.6.1.4.1.1466.20037"))), true, 0);
    ldap_send(w, ldap_result(w, 1, 0x78, 0, ""), false, 1);
    assert_text(ldap_told(w, 0)->extended_name, "startTLS");
    struct place place = token_place(1, true, 2);
    struct str hello = BYTES("160301000401000000");
    assert_true(ldap_is_tls(hello));
    ldap_message(w->module, &w->t.out, &place, hello, hello.size);
    ldap_message(w->module, &w->t.out, &place, hello, hello.size);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(ldap_told(w, 1)->protection, ldap_protection_tls);
    assert_int_equal(ldap_told(w, 1)->unread, unread_encrypted);
}

static void only_a_message_is_taken_for_one(void **state)
{
    struct ldap_world *w = *state;
    struct str message = search(w, 2);
    struct place place = token_place(1, true, 0);
    assert_true(ldap_probe(message));
    assert_int_equal(ldap_sender(message), 1);
    assert_int_equal(ldap_sender(ldap_result(w, 1, 0x65, 0, "")), -1);
    assert_int_equal(ldap_sender(ldap_wrapped(w, true, true, message)), -1);
    assert_int_equal(ldap_sender(ldap_wrapped(w, false, true, message)), 1);
    for (uint32_t size = 1; size < message.size; size++) {
        struct str prefix = {.at = message.at, .size = size};
        struct framing framing = ldap_frame(w->module, &place, prefix);
        assert_true(framing.state != FRAMING_BAD);
        assert_true(framing.want > size);
    }
    static const char *const others[] = {
        "302602010004067075626c6963a01902040000000102010002010030", /* SNMP: no operation of LDAP */
        "474554202f20485454502f312e310d0a0d0a0d0a0d0a0d0a",
        "3080020101630000000000000000000000000000000000000000",
        "0000001000000000000000000000000000000000000000000000000000000000",
        "30840fffffff02010163840ffffff400000000000000000000",
    };
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        assert_false(ldap_probe(BYTES(others[i])));
        assert_int_equal(ldap_frame(w->module, &place, BYTES(others[i])).state, FRAMING_BAD);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ldap_world_open, ldap_world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_simple_bind_tells_the_name_and_no_password),
        TEST(a_refused_bind_says_why),
        TEST(binds_without_a_password_are_told_apart),
        TEST(sasl_plain_gives_its_name),
        TEST(ntlm_inside_binds_is_one_authentication),
        TEST(sicily_is_ntlm_too),
        TEST(what_is_only_signed_is_read_as_its_session),
        TEST(what_is_sealed_is_said_once),
        TEST(a_message_may_span_tokens),
        TEST(a_token_too_large_to_hold_is_read_message_by_message),
        TEST(bytes_lost_within_a_message_lose_no_more),
        TEST(tls_is_said_once_too),
        TEST(only_a_message_is_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
