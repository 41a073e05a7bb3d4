/*
 * test_tls - framing over records, hellos, JA4, certificates, and when a handshake is told.
 *
 * The hellos of TLS 1.3 are those of RFC 8448 3. JA4 of the published example is that of FoxIO's description
 * of a browser; others were computed with Python's hashlib by the same description. The certificate is
 * openssl's, and what it holds is as python3-cryptography reads it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/protocol-decode/tls.h"
#include "services/protocol-decode/tls_hello.h"
#include "services/protocol-decode/tls_record.h"
#include "tests/unit/protocol-decode/tls_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

#define BYTES(array) ((struct str){.at = (const char *)(array), .size = sizeof(array)})

static const struct tls_options options = {
    .connections = 4, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct tls_module *module;
    struct writer w;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    world.w = (struct writer){0};
    *state = &world;
    return tls_create(&world.module, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    tls_free(w->module);
    writer_close(&w->w);
    token_world_close(&w->t);
    return 0;
}

/* A message of flow number flow; false when the module wants no more of it. */
static bool send(struct world *w, struct str message, uint64_t flow, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(flow, to_server, at_ms);
    w->t.out.enough = false;
    tls_message(w->module, &w->t.out, &place, protocol_tls, message);
    return !w->t.out.enough;
}

static bool send_hex(struct world *w, const char *hex, bool to_server, uint64_t at_ms)
{
    return send(w, token_hex(&w->t, hex), 1, to_server, at_ms);
}

static const struct tls *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_tls);
}

/* A handshake message around bytes, cut into records of at most size bytes. */
static struct str records_of(struct world *w, uint8_t type, struct str body, uint32_t size)
{
    struct writer message = {0};
    writer_u8(&message, type);
    writer_u8(&message, (uint8_t)(body.size >> 16));
    writer_u16be(&message, (uint16_t)body.size);
    writer_str_bytes(&message, body);
    struct reader r = reader_of_str(writer_str(&message));
    writer_reset(&w->w);
    while (reader_left(&r) > 0) {
        struct str part = reader_bytes(&r, reader_left(&r) < size ? reader_left(&r) : size);
        writer_u8(&w->w, TLS_HANDSHAKE);
        writer_u16be(&w->w, 0x0303);
        writer_u16be(&w->w, (uint16_t)part.size);
        writer_str_bytes(&w->w, part);
    }
    writer_close(&message);
    return arena_copy(&w->t.batch.arena, writer_str(&w->w));
}

static struct str certificate_message(struct world *w, uint32_t record_bytes)
{
    struct writer body = {0};
    uint32_t size = sizeof(openssl_certificate);
    writer_u8(&body, 0);
    writer_u16be(&body, (uint16_t)(size + 3));
    writer_u8(&body, 0);
    writer_u16be(&body, (uint16_t)size);
    writer_bytes(&body, openssl_certificate, size);
    struct str message = records_of(w, TLS_CERTIFICATE, writer_str(&body), record_bytes);
    writer_close(&body);
    return message;
}

/* A ServerHello of TLS 1.2 without extensions: cipher suite c02f, and a session id of one byte. */
static const char server_hello_1_2[] = "1603030032"
                                       "0200002e0303"
                                       "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
                                       "01aa"
                                       "c02f00"
                                       "0005ff01000100";
static const char client_hello_1_0[] = "1603010030"
                                       "0100002c0301"
                                       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                                       "01aa"
                                       "0004c02f0a0a"
                                       "0100";
static const char change_cipher_spec[] = "140303000101";

static void the_hellos_of_rfc_8448_are_told(void **state)
{
    struct world *w = *state;
    assert_true(send(w, BYTES(rfc8448_client_hello), 1, true, 10));
    assert_false(send(w, BYTES(rfc8448_server_hello), 1, false, 20));
    assert_int_equal(w->t.batch.count, 1);
    const struct tls *t = told(w, 0);
    assert_int_equal(t->request_frame, 11);
    assert_int_equal(t->reply_frame, 21);
    assert_int_equal(t->client_version, 0x304);
    assert_text(t->server_name, "server");
    assert_text(t->ja4, "t13d030900_55b375c5d22e_59cd3dafc54d");
    assert_int_equal(t->ciphers.count, 3);
    assert_int_equal(t->ciphers.at[1], 0x1303);
    assert_int_equal(t->extensions.count, 9);
    assert_int_equal(t->groups.count, 9);
    assert_int_equal(t->groups.at[0], 29);
    assert_int_equal(t->signature_algorithms.count, 15);
    assert_int_equal(t->version, 0x304);
    assert_int_equal(t->cipher, 0x1301);
    assert_int_equal(t->group, 29);
    assert_int_equal(t->unread, unread_encrypted);
    assert_int_equal(t->outcome, outcome_unknown);
    assert_false(t->resumed);
    assert_int_equal(t->began_as, protocol_tls);
}

static void put_codes(struct writer *w, const uint16_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        writer_u16be(w, codes[i]);
}

static void put_extension(struct writer *w, uint16_t type, struct str body)
{
    writer_u16be(w, type);
    writer_u16be(w, (uint16_t)body.size);
    writer_str_bytes(w, body);
}

/* The hello of a browser as FoxIO publishes its parts: 15 ciphers, 16 extensions, h2 first, and GREASE. */
static void ja4_is_that_of_the_published_example(void **state)
{
    struct world *w = *state;
    static const uint16_t ciphers[] = {0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
                                       0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
    static const uint16_t plain[] = {0x001b, 0x0023, 0x0033, 0x000a, 0x000b, 0x0005, 0x0012,
                                     0x0017, 0x002d, 0x4469, 0x0015, 0xff01, 0x1a1a};
    struct writer extensions = {0}, body = {0};
    put_extension(&extensions, TLS_SERVER_NAME,
                  STR("\x00\x06\x00\x00\x03"
                      "a.b"));
    put_extension(&extensions, TLS_ALPN, STR("\x00\x0c\x02h2\x08http/1.1"));
    put_extension(&extensions, TLS_SUPPORTED_VERSIONS, STR("\x06\x2a\x2a\x03\x04\x03\x03"));
    put_extension(&extensions, TLS_SIGNATURE_ALGORITHMS,
                  STR("\x00\x10\x04\x03\x08\x04\x04\x01\x05\x03\x08\x05\x05\x01\x08\x06\x06\x01"));
    for (size_t i = 0; i < ARRAY_COUNT(plain); i++)
        put_extension(&extensions, plain[i], STR(""));
    writer_u16be(&body, 0x0303);
    for (int i = 0; i < TLS_RANDOM_BYTES; i++)
        writer_u8(&body, 7);
    writer_u8(&body, 0);
    writer_u16be(&body, sizeof(ciphers));
    put_codes(&body, ciphers, ARRAY_COUNT(ciphers));
    writer_u16be(&body, 0x0100);
    writer_u16be(&body, (uint16_t)extensions.size);
    writer_str_bytes(&body, writer_str(&extensions));
    struct tls_hello hello;
    size_t offset;
    char ja4[TLS_JA4_BYTES];
    assert_true(tls_client_hello(writer_str(&body), &hello, &offset));
    tls_ja4(&w->t.batch.arena, &hello, ja4);
    assert_string_equal(ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
    writer_close(&extensions);
    writer_close(&body);
}

static void ja4_without_extensions_has_zeros(void **state)
{
    struct world *w = *state;
    struct str bytes = token_hex(&w->t, client_hello_1_0 + 18);
    struct tls_hello hello;
    size_t offset;
    char ja4[TLS_JA4_BYTES];
    assert_true(tls_client_hello(bytes, &hello, &offset));
    tls_ja4(&w->t.batch.arena, &hello, ja4);
    /* SHA-256 of "c02f" by hashlib. */
    assert_string_equal(ja4, "t10i010000_f06271c2b022_000000000000");
}

static void ja4_gives_hexadecimal_ends_of_unusual_protocols(void **state)
{
    struct world *w = *state;
    static const struct {
        struct str alpn;
        const char *ends;
    } cases[] = {{STR("\x01h"), "hh"},
                 {STR("\x02\xab\xcd"), "ad"},
                 {STR("\x02h\xcd"), "6d"},
                 {STR("\x04 h2 "), "20"},
                 {STR(""), "00"},
                 {STR("\x00"), "00"},
                 {STR("\x08http/1.1"), "h1"}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct tls_hello hello = {.version = 0x303, .alpn = cases[i].alpn};
        char ja4[TLS_JA4_BYTES];
        tls_ja4(&w->t.batch.arena, &hello, ja4);
        assert_memory_equal(ja4 + 8, cases[i].ends, 2);
    }
}

static void the_certificate_is_told_when_both_sides_went_over(void **state)
{
    struct world *w = *state;
    assert_true(send_hex(w, client_hello_1_0, true, 0));
    assert_true(send_hex(w, server_hello_1_2, false, 1));
    assert_true(send(w, certificate_message(w, 16384), 1, false, 2));
    assert_true(send_hex(w, "16030300040e000000", false, 3));
    assert_true(send_hex(w, change_cipher_spec, true, 4));
    assert_int_equal(w->t.batch.count, 0);
    assert_false(send_hex(w, change_cipher_spec, false, 5));
    const struct tls *t = told(w, 0);
    assert_int_equal(t->version, 0x303);
    assert_int_equal(t->client_version, 0x301);
    assert_int_equal(t->outcome, outcome_success);
    assert_int_equal(t->certificates, 1);
    assert_text(t->subject, "serialNumber=7,CN=dc1,O=M\xc3\xbcller\\, S\xc3\xb6hne,DC=orthrus,DC=example");
    assert_true(str_equal(t->issuer, t->subject));
    assert_true(t->self_signed);
    assert_text(t->serial, "f1e2d3c4b5");
    assert_true(t->not_before == 1795724158 * TIME_NS_S);
    assert_true(t->not_after == 1827260158 * TIME_NS_S);
    assert_text(t->sha256, "5261f93ac17fb2b06d22f1dc25c1602b066559f5cafbba526d6b168c38d358f6");
    assert_int_equal(t->names.count, 6);
    assert_text(t->names.at[0], "upn:alice@orthrus.example");
    assert_text(t->names.at[1], "dns:dc1.orthrus.example");
    assert_text(t->names.at[2], "email:a@orthrus.example");
    assert_text(t->names.at[3], "ip:10.77.0.10");
    assert_text(t->names.at[4], "ip:fd00::10");
    assert_text(t->names.at[5], "uri:ldap://dc1/");
    assert_false(t->resumed); /* the session id came back, but with a certificate */
    assert_false(id_is_none(t->key));
}

static void a_session_taken_up_again_shows_no_certificate(void **state)
{
    struct world *w = *state;
    (void)send_hex(w, client_hello_1_0, true, 0);
    (void)send_hex(w, server_hello_1_2, false, 1);
    assert_true(send_hex(w, change_cipher_spec, false, 2));
    assert_false(send_hex(w, change_cipher_spec, true, 3));
    assert_true(told(w, 0)->resumed);
    assert_true(told(w, 0)->offers_resumption);
}

static void a_certificate_of_the_client_is_its_own(void **state)
{
    struct world *w = *state;
    (void)send_hex(w, client_hello_1_0, true, 0);
    (void)send_hex(w, server_hello_1_2, false, 1);
    (void)send_hex(w, "160303000b0d000007010100020401ff", false, 2);
    (void)send(w, certificate_message(w, 16384), 1, true, 3);
    (void)send_hex(w, change_cipher_spec, true, 4);
    (void)send_hex(w, change_cipher_spec, false, 5);
    const struct tls *t = told(w, 0);
    assert_true(t->client_certificate_asked);
    assert_int_equal(t->client_certificates, 1);
    assert_int_equal(t->certificates, 0);
    assert_text(t->client_names.at[0], "upn:alice@orthrus.example");
}

static void a_fatal_alert_ends_it(void **state)
{
    struct world *w = *state;
    (void)send_hex(w, client_hello_1_0, true, 0);
    assert_true(send_hex(w, "15030300020170", false, 1)); /* warning: unrecognized_name */
    assert_false(send_hex(w, "15030300020246", false, 2));
    assert_int_equal(told(w, 0)->outcome, outcome_failure);
    assert_int_equal(told(w, 0)->alert, 70);
    assert_true(told(w, 0)->alert_of_server);
}

static void a_retry_waits_for_the_second_hello(void **state)
{
    struct world *w = *state;
    (void)send(w, BYTES(rfc8448_client_hello), 1, true, 0);
    assert_true(send_hex(w,
                         "1603030030"
                         "0200002c0303"
                         "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
                         "00130100"
                         "0004ff010000",
                         false, 1));
    assert_true(send_hex(w, change_cipher_spec, false, 1));
    assert_true(send_hex(w, change_cipher_spec, true, 2));
    assert_true(send(w, BYTES(rfc8448_client_hello), 1, true, 2));
    assert_false(send(w, BYTES(rfc8448_server_hello), 1, false, 3));
    assert_int_equal(w->t.batch.count, 1);
    assert_true(told(w, 0)->retried);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 4);
}

static void sealed_data_of_an_unseen_handshake_tells_nothing(void **state)
{
    struct world *w = *state;
    assert_false(send_hex(w, "1703030004deadbeef", true, 0));
    assert_int_equal(w->t.batch.count, 0);
    assert_int_equal(w->t.out.sealed_messages[protocol_tls], 1);
}

static void early_data_does_not_end_it(void **state)
{
    struct world *w = *state;
    (void)send(w, BYTES(rfc8448_client_hello), 1, true, 0);
    assert_true(send_hex(w, "1703030004deadbeef", true, 1));
    assert_false(send(w, BYTES(rfc8448_server_hello), 1, false, 2));
    assert_int_equal(told(w, 0)->version, 0x304);
}

static void a_handshake_without_end_is_told_at_its_deadline(void **state)
{
    struct world *w = *state;
    (void)send(w, BYTES(rfc8448_client_hello), 1, true, 0);
    tls_expire(w->module, &w->t.out, TOKEN_WORLD_START + 10 * TIME_NS_S);
    assert_int_equal(w->t.batch.count, 0);
    tls_expire(w->module, &w->t.out, TOKEN_WORLD_START + 60 * TIME_NS_S);
    assert_int_equal(w->t.batch.count, 1);
    assert_true(w->t.batch.records[0].time == TOKEN_WORLD_START + 10 * TIME_NS_S);
    assert_int_equal(told(w, 0)->reply_frame, 0);
}

static void too_many_handshakes_tell_the_oldest(void **state)
{
    struct world *w = *state;
    for (uint64_t flow = 1; flow <= 5; flow++)
        (void)send(w, BYTES(rfc8448_client_hello), flow, true, flow);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 2);
}

static void state_moves_between_all_messages(void **state)
{
    struct world *w = *state;
    const char *messages[] = {client_hello_1_0, server_hello_1_2, change_cipher_spec, change_cipher_spec};
    static const bool to_server[] = {true, false, false, true};
    for (size_t i = 0; i < ARRAY_COUNT(messages); i++) {
        struct tls_module *moved;
        struct table *from[1], *to[1];
        assert_int_equal(tls_create(&moved, &options), ERR_OK);
        assert_int_equal(tls_tables(moved, to), tls_tables(w->module, from));
        token_move_tables(from, to, 1);
        tls_free(w->module);
        w->module = moved;
        (void)send_hex(w, messages[i], to_server[i], i);
    }
    assert_true(told(w, 0)->resumed);
    assert_int_equal(told(w, 0)->outcome, outcome_success);
}

/* Offsets of what is wrong count from the body's start. */
static void every_prefix_of_a_hello_is_refused(void **state)
{
    (void)state;
    struct tls_hello hello;
    size_t offset;
    for (uint32_t size = 0; size < sizeof(rfc8448_client_hello) - 9; size++) {
        /* The bytes alone in memory of their own, so that a read past them is seen. */
        uint8_t *body = malloc(size + 1);
        memcpy(body, rfc8448_client_hello + 9, size);
        bool is_hello = tls_client_hello((struct str){(const char *)body, size}, &hello, &offset);
        /* Until the extensions a hello may end (RFC 5246 7.4.1.2). */
        assert_true(is_hello == (size == 2 + 32 + 1 + 2 + 6 + 2));
        assert_true(offset <= size);
        free(body);
    }
    for (uint32_t size = 0; size < sizeof(rfc8448_server_hello) - 9; size++)
        assert_true(tls_server_hello((struct str){(const char *)rfc8448_server_hello + 9, size}, &hello,
                                     &offset) == (size == 2 + 32 + 1 + 2 + 1));
}

static void every_prefix_of_records_wants_more(void **state)
{
    struct world *w = *state;
    struct str whole = certificate_message(w, 100);
    for (uint32_t size = 0; size < whole.size; size++) {
        struct framing f = tls_frame((struct str){whole.at, size});
        assert_int_equal(f.state, FRAMING_MORE);
        assert_true(f.want > size && f.want <= whole.size);
    }
    struct framing f = tls_frame(whole);
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, whole.size);
    assert_int_equal(f.want, whole.size);
}

static void a_message_over_many_records_is_joined(void **state)
{
    struct world *w = *state;
    (void)send_hex(w, client_hello_1_0, true, 0);
    (void)send_hex(w, server_hello_1_2, false, 1);
    (void)send(w, certificate_message(w, 17), 1, false, 2);
    (void)send_hex(w, change_cipher_spec, true, 4);
    (void)send_hex(w, change_cipher_spec, false, 5);
    assert_text(told(w, 0)->sha256, "5261f93ac17fb2b06d22f1dc25c1602b066559f5cafbba526d6b168c38d358f6");
}

static void what_is_encrypted_is_framed_record_by_record(void **state)
{
    struct world *w = *state;
    struct framing f = tls_frame(token_hex(&w->t, "1603030008f00102030405060717030300"));
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, 13);
    /* A handshake message that another content interrupts. */
    f = tls_frame(token_hex(&w->t, "16030300050b0001000017030300020000"));
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, 10);
}

static void what_is_no_record_is_refused(void **state)
{
    struct world *w = *state;
    assert_int_equal(tls_frame(STR("GET / HTTP/1.1\r\n")).state, FRAMING_BAD);
    assert_int_equal(tls_frame(token_hex(&w->t, "1604030001")).state, FRAMING_BAD);
    assert_int_equal(tls_frame(token_hex(&w->t, "160303ffff")).state, FRAMING_BAD);
    assert_int_equal(tls_frame(token_hex(&w->t, "1603030000")).state, FRAMING_BAD);
    assert_false(tls_probe(token_hex(&w->t, "1703030004deadbeef00000000")));
    assert_true(tls_probe(BYTES(rfc8448_client_hello)));
    assert_true(tls_probe(BYTES(rfc8448_server_hello)));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(the_hellos_of_rfc_8448_are_told),
        WITH_WORLD(ja4_is_that_of_the_published_example),
        WITH_WORLD(ja4_without_extensions_has_zeros),
        WITH_WORLD(ja4_gives_hexadecimal_ends_of_unusual_protocols),
        WITH_WORLD(the_certificate_is_told_when_both_sides_went_over),
        WITH_WORLD(a_session_taken_up_again_shows_no_certificate),
        WITH_WORLD(a_certificate_of_the_client_is_its_own),
        WITH_WORLD(a_fatal_alert_ends_it),
        WITH_WORLD(a_retry_waits_for_the_second_hello),
        WITH_WORLD(sealed_data_of_an_unseen_handshake_tells_nothing),
        WITH_WORLD(early_data_does_not_end_it),
        WITH_WORLD(a_handshake_without_end_is_told_at_its_deadline),
        WITH_WORLD(too_many_handshakes_tell_the_oldest),
        WITH_WORLD(state_moves_between_all_messages),
        WITH_WORLD(every_prefix_of_a_hello_is_refused),
        WITH_WORLD(every_prefix_of_records_wants_more),
        WITH_WORLD(a_message_over_many_records_is_joined),
        WITH_WORLD(what_is_encrypted_is_framed_record_by_record),
        WITH_WORLD(what_is_no_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
