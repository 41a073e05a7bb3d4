/*
 * test_kerberos_fields - what typed pre-authentication data, error data and the rarer messages tell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/kerberos_parse.h"
#include "tests/unit/protocol-decode/kerberos_vectors.h"
#include "tests/unit/protocol-decode/pkinit_vectors.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct kerberos_options options = {
    .pending = 16, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

#define AT_082835 ((time_ns)1795336115 * TIME_NS_S) /* 2026-11-22T08:28:35Z */

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

static void send(struct world *w, const char *hex, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(1, to_server, at_ms);
    kerberos_message(w->module, &w->t.out, &place, token_hex(&w->t, hex));
}

static const struct kerberos *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_kerberos);
}

/* The fingerprint that a run of one character has. */
static void assert_secret(struct world *w, struct id fingerprint, char c, uint32_t count)
{
    char bytes[64];
    memset(bytes, c, count);
    assert_true(id_equal(fingerprint, decode_fingerprint(&w->t.out, (struct str){bytes, count})));
}

static void assert_list(struct i32s list, const int32_t *expected, uint32_t count)
{
    assert_int_equal(list.count, count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(list.at[i], expected[i]);
}

#define ASSERT_LIST(list, ...)                                                                               \
    assert_list((list), (const int32_t[]){__VA_ARGS__}, ARRAY_COUNT(((const int32_t[]){__VA_ARGS__})))

static void a_request_tells_all_its_tickets(void **state)
{
    struct world *w = *state;
    send(w, TGS_REQ_FULL_HEX, true, 0);
    send(w, TGS_REP_FULL_HEX, false, 1);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(w->t.out.malformed, 0);
    assert_secret(w, k->tgt, 'T', 64);
    assert_text(k->tgt_realm, "CORP.EXAMPLE");
    assert_int_equal(k->tgt_bytes, 64);
    assert_int_equal(k->tgt_options, 0x40000000);
    assert_int_equal(k->additional_tickets, 2);
    assert_secret(w, k->additional_ticket, 'E', 56);
    assert_text(k->additional_sname, "http/web");
    assert_text(k->additional_realm, "OTHER.EXAMPLE");
    assert_int_equal(k->additional_etype, 18);
    assert_int_equal(k->additional_kvno, 7);
    assert_int_equal(k->armor_type, 1);
    assert_secret(w, k->armor_ticket, 'F', 48);
    assert_text(k->armor_sname, "krbtgt/FAST.EXAMPLE");
    assert_text(k->armor_realm, "FAST.EXAMPLE");
    assert_int_equal(k->armor_etype, 17);
    assert_int_equal(k->armor_kvno, 3);
    assert_int_equal(k->fast_etype, 18);
    assert_int_equal(k->fast_checksum, 16);
    assert_true(k->armored);
    /* The additional ticket is also the one that the reply gives: one fingerprint. */
    assert_true(id_equal(k->ticket, k->additional_ticket));
}

static void a_request_tells_its_typed_padata_and_its_body(void **state)
{
    struct world *w = *state;
    send(w, TGS_REQ_FULL_HEX, true, 0);
    kerberos_expire(w->module, &w->t.out, TIME_NS_END);
    const struct kerberos *k = told(w, 0);
    ASSERT_LIST(k->padata, 1, 136, 130, 167, 161, 133);
    assert_text(k->for_user, "carol@corp.example");
    assert_text(k->for_user_realm, "CORP.EXAMPLE");
    assert_true(id_equal(k->for_user_certificate, decode_fingerprint(&w->t.out, STR("certificate"))));
    assert_int_equal(k->s4u_options, 0x20000000);
    assert_int_equal(k->for_user_checksum, 7);
    assert_int_equal(k->pac_options, 0x10000000);
    ASSERT_LIST(k->key_list, 23, 18);
    assert_true(id_equal(k->cookie, decode_fingerprint(&w->t.out, STR("cookie"))));
    assert_int_equal(k->from, 1795334400 * TIME_NS_S);
    ASSERT_LIST(k->address_types, 2, 24, 20, 3);
    assert_int_equal(k->addresses.count, 2);
    assert_text(k->addresses.at[0], "10.0.0.9");
    assert_text(k->addresses.at[1], "2001:db8::1");
    assert_int_equal(k->host_names.count, 1);
    assert_text(k->host_names.at[0], "WS01");
    assert_int_equal(k->authorization_etype, 18);
    assert_int_equal(k->nonce, 4000000000);
    assert_int_equal(k->unread, unread_nothing);
}

static void a_reply_tells_salts_referral_and_what_fast_gives(void **state)
{
    struct world *w = *state;
    send(w, TGS_REQ_FULL_HEX, true, 0);
    send(w, TGS_REP_FULL_HEX, false, 1);
    const struct kerberos *k = told(w, 0);
    ASSERT_LIST(k->reply_padata, 19, 20, 136, 133, 150, 165, 170);
    ASSERT_LIST(k->offered_etypes, 18, 23);
    assert_int_equal(k->salts.count, 2);
    assert_text(k->salts.at[0], "CORP.EXAMPLEcarol");
    assert_int_equal(k->salts.at[1].size, 0);
    assert_int_equal(k->s2kparams.count, 2);
    assert_text(k->s2kparams.at[0], "00001000");
    assert_text(k->referred_realm, "OTHER.EXAMPLE");
    assert_text(k->referred_name, "krbtgt/OTHER.EXAMPLE");
    assert_int_equal(k->reply_fast_etype, 18);
    assert_true(id_equal(k->reply_cookie, decode_fingerprint(&w->t.out, STR("biscuit"))));
    assert_true(id_equal(k->reply_freshness, decode_fingerprint(&w->t.out, STR("fresh"))));
    assert_int_equal(k->supported_etypes, 0x1f);
    assert_text(k->superseded_by, "dmsa$");
    assert_int_equal(k->reply_etype, 18);
    assert_int_equal(k->reply_kvno, 9);
}

static void an_error_tells_its_clocks_and_the_status_in_its_method_data(void **state)
{
    struct world *w = *state;
    send(w, ERROR_METHOD_STATUS_HEX, false, 0);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(k->error_status, 0xc0000064);
    assert_int_equal(k->server_time, AT_082835 + 123456 * TIME_NS_US);
    assert_int_equal(k->client_time, AT_082835 - TIME_NS_S + 250000 * TIME_NS_US);
    assert_int_equal(k->salts.count, 0);
    ASSERT_LIST(k->reply_padata, 3, 133);
}

static void an_error_tells_the_status_in_kerb_error_data(void **state)
{
    struct world *w = *state;
    send(w, ERROR_STATUS_HEX, false, 0);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(k->error_data_type, 3);
    assert_int_equal(k->error_status, 0xc0000072);
    assert_int_equal(w->t.out.malformed, 0);
}

static void an_error_tells_the_types_of_typed_data(void **state)
{
    struct world *w = *state;
    send(w, ERROR_TYPED_HEX, false, 0);
    const struct kerberos *k = told(w, 0);
    ASSERT_LIST(k->typed_data, 109, -128);
    assert_int_equal(k->reply_padata.count, 0);
    assert_int_equal(w->t.out.malformed, 0);
}

static void a_salt_that_is_not_utf8_becomes_so(void **state)
{
    struct world *w = *state;
    send(w, ERROR_SALT_HEX, false, 0);
    const struct kerberos *k = told(w, 0);
    ASSERT_LIST(k->offered_etypes, 23);
    assert_text(k->salts.at[0], "latin-\xef\xbf\xbd");
}

static void a_preauthentication_has_a_fingerprint_by_which_a_replay_shows(void **state)
{
    struct world *w = *state;
    send(w, AS_REQ_HEX, true, 0);
    kerberos_expire(w->module, &w->t.out, TIME_NS_END);
    char cipher[56];
    for (int i = 0; i < 56; i++)
        cipher[i] = (char)i;
    assert_true(
        id_equal(told(w, 0)->preauth, decode_fingerprint(&w->t.out, (struct str){cipher, sizeof(cipher)})));
}

static void messages_that_ask_for_no_answer_are_told_alone(void **state)
{
    struct world *w = *state;
    send(w, SAFE_HEX, true, 0);
    send(w, PRIV_HEX, true, 1);
    send(w, CRED_HEX, true, 2);
    const struct kerberos *safe = told(w, 0), *priv = told(w, 1), *cred = told(w, 2);
    assert_int_equal(safe->message, kerberos_message_safe);
    assert_int_equal(safe->checksum_type, 16);
    assert_int_equal(safe->unread, unread_nothing);
    assert_int_equal(priv->message, kerberos_message_priv);
    assert_int_equal(priv->reply_etype, 18);
    assert_int_equal(priv->unread, unread_encrypted);
    assert_int_equal(cred->message, kerberos_message_cred);
    assert_secret(w, cred->ticket, 'T', 64);
    assert_text(cred->ticket_sname, "krbtgt/CORP.EXAMPLE");
    assert_int_equal(cred->reply_etype, 17);
    assert_int_equal(w->t.out.messages[protocol_kerberos], 3);
}

static void a_server_lends_its_ticket_to_a_user(void **state)
{
    struct world *w = *state;
    send(w, TGT_REQ_HEX, true, 0);
    send(w, TGT_REP_HEX, false, 1);
    assert_int_equal(w->t.batch.count, 1);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(k->message, kerberos_message_tgt);
    assert_int_equal(k->reply, kerberos_reply_reply);
    assert_text(k->sname, "cifs/peer");
    assert_text(k->realm, "CORP.EXAMPLE");
    assert_secret(w, k->ticket, 'T', 64);
}

static void an_ap_rep_tells_its_encryption_type(void **state)
{
    struct world *w = *state;
    send(w, AP_REQ_HEX, true, 0);
    send(w, AP_REP_HEX, false, 1);
    assert_int_equal(told(w, 0)->reply_etype, 23);
}

static void a_public_key_logon_tells_whose_certificate_it_shows(void **state)
{
    struct world *w = *state;
    send(w, PKINIT_AS_REQ_HEX, true, 0);
    send(w, PKINIT_AS_REP_HEX, false, 1);
    const struct kerberos *k = told(w, 0);
    assert_int_equal(w->t.out.malformed, 0);
    assert_int_equal(k->pkinit_exchange, pkinit_exchange_ecdh);
    assert_int_equal(k->pkinit_key_bits, 256);
    assert_int_equal(k->pkinit_time, AT_082835 + 123456 * TIME_NS_US);
    assert_int_equal(k->pkinit_nonce, 77);
    assert_secret(w, k->pkinit_checksum, 'h', 20);
    assert_true(id_equal(k->freshness, decode_fingerprint(&w->t.out, STR("fresh"))));
    assert_int_equal(k->pkinit_kdfs.count, 2);
    assert_text(k->pkinit_kdfs.at[0], "1.3.6.1.5.2.3.6.2");
    assert_text(k->pkinit_signature, "1.2.840.10045.4.3.2");
    assert_int_equal(k->certificates.count, 2);
    /* CMS sorts its SET: the signer's is put first all the same. */
    assert_text(k->certificates.at[0].upn, "carol@corp.example");
    assert_text(k->certificates.at[0].sid, "S-1-5-21-1-2-3-1104");
    assert_text(k->certificates.at[1].subject, "CN=Corp CA,DC=corp,DC=example");
    assert_int_equal(k->reply_pkinit, pkinit_exchange_dh);
    assert_text(k->reply_kdf, "1.3.6.1.5.2.3.6.2");
    assert_int_equal(k->kdc_certificates.count, 1);
    assert_text(k->kdc_certificates.at[0].subject, "CN=dc1.corp.example");
    assert_int_equal(k->unread, unread_nothing);
}

static const char *const whole[] = {TGS_REQ_FULL_HEX,  TGS_REP_FULL_HEX, ERROR_METHOD_STATUS_HEX,
                                    ERROR_TYPED_HEX,   SAFE_HEX,         PRIV_HEX,
                                    CRED_HEX,          TGT_REQ_HEX,      TGT_REP_HEX,
                                    PKINIT_AS_REQ_HEX, PKINIT_AS_REP_HEX};

static void every_prefix_is_refused(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str message = token_hex(&w->t, whole[i]);
        for (uint32_t size = 0; size < message.size; size++) {
            struct kerberos_parsed parsed;
            /* Copied, so that a read past its end is one past an allocation. */
            char *prefix = malloc(size + 1);
            memcpy(prefix, message.at, size);
            assert_false(kerberos_parse(&w->t.out, (struct str){prefix, size}, &parsed));
            assert_true(parsed.fault.offset <= size);
            free(prefix);
        }
    }
}

/* Each byte of a message in turn becomes another: nothing may be read where it is not, and what is told can
 * be written. */
static void change_bytes(struct world *w, struct str message, char *copy)
{
    static const uint8_t changes[] = {0x01, 0x20, 0x80, 0xff};
    struct writer log = {0};
    for (uint32_t at = 0; at < message.size; at++)
        for (size_t c = 0; c < ARRAY_COUNT(changes); c++) {
            struct place place = token_place(1, true, 0);
            memcpy(copy, message.at, message.size);
            copy[at] = (char)((uint8_t)copy[at] ^ changes[c]);
            kerberos_message(w->module, &w->t.out, &place, (struct str){copy, message.size});
            kerberos_expire(w->module, &w->t.out, TIME_NS_END);
            assert_true(w->t.batch.count > 0);
            writer_reset(&log);
            token_log(&w->t, &log);
            assert_true(writer_ok(&log));
        }
    writer_close(&log);
}

static void no_changed_byte_leads_astray(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str message = token_hex(&w->t, whole[i]);
        char *kept = malloc(message.size), *copy = malloc(message.size);
        memcpy(kept, message.at, message.size);
        change_bytes(w, (struct str){kept, message.size}, copy);
        free(kept);
        free(copy);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_tells_all_its_tickets),
        TEST(a_request_tells_its_typed_padata_and_its_body),
        TEST(a_reply_tells_salts_referral_and_what_fast_gives),
        TEST(an_error_tells_its_clocks_and_the_status_in_its_method_data),
        TEST(an_error_tells_the_status_in_kerb_error_data),
        TEST(an_error_tells_the_types_of_typed_data),
        TEST(a_salt_that_is_not_utf8_becomes_so),
        TEST(a_preauthentication_has_a_fingerprint_by_which_a_replay_shows),
        TEST(messages_that_ask_for_no_answer_are_told_alone),
        TEST(a_server_lends_its_ticket_to_a_user),
        TEST(an_ap_rep_tells_its_encryption_type),
        TEST(a_public_key_logon_tells_whose_certificate_it_shows),
        TEST(every_prefix_is_refused),
        TEST(no_changed_byte_leads_astray),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
