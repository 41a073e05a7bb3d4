/*
 * test_dns - questions and answers, updates, transfers, and what becomes of those that lack an end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/dns.h"
#include "tests/unit/protocol-decode/dns_build.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

enum {
    PORT_DNS = 53,
    TYPE_A = 1,
    TYPE_SOA = 6,
    TYPE_TXT = 16,
    TYPE_SIG = 24,
    TYPE_OPT = 41,
    TYPE_TKEY = 249,
    TYPE_TSIG = 250,
    TYPE_IXFR = 251,
    TYPE_AXFR = 252,
    TYPE_ANY = 255,
    IN = 1,
    NONE = 254,
    ANY = 255,
    UPDATE = 5 << 11,
    RESPONSE = 0x8000,
};

static const struct dns_options options = {
    .pending = 16, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct auth *auth;
    struct dns_module *module;
    struct writer w; /* the message being built */
};

static int open_world(void **state)
{
    static struct world world;
    world = (struct world){0};
    token_world_open(&world.t);
    *state = &world;
    if (auth_create(&world.auth, &(struct auth_options){.conversations = 4, .timeout = 10 * TIME_NS_S}) !=
        ERR_OK)
        return -1;
    return dns_create(&world.module, &options, world.auth) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    dns_free(w->module);
    auth_free(w->auth);
    writer_close(&w->w);
    token_world_close(&w->t);
    return 0;
}

/* Sends what was built, over UDP or TCP in the flow of that number, and begins the next message. */
static void send(struct world *w, uint64_t flow, enum transport transport, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(flow, to_server, at_ms);
    place.server_port = PORT_DNS;
    place.transport = (uint8_t)transport;
    struct str message = arena_copy(&w->t.batch.arena, writer_str(&w->w));
    dns_message(w->module, &w->t.out, &place, message, message.size);
    writer_reset(&w->w);
}

static void ask(struct world *w, uint16_t id, const char *name, uint16_t type, uint64_t at_ms)
{
    build_question(&w->w, id, BUILD_QUERY, name, type);
    send(w, 1, transport_udp, true, at_ms);
}

static const struct dns *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_dns);
}

static void a_question_and_its_answer_are_one_observation(void **state)
{
    struct world *w = *state;
    ask(w, 7, "www.corp.example", TYPE_A, 0);
    assert_int_equal(w->t.batch.count, 0);
    build_address_answer(&w->w, 7, "www.corp.example", 0x0a000005);
    send(w, 1, transport_udp, false, 3);
    assert_int_equal(w->t.batch.count, 1);
    const struct dns *d = told(w, 0);
    assert_int_equal(d->request_frame, 1);
    assert_int_equal(d->reply_frame, 4);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 3 * TIME_NS_MS);
    assert_int_equal(d->transport, transport_udp);
    assert_int_equal(d->protocol, protocol_dns);
    assert_int_equal(d->operation, dns_operation_query);
    assert_int_equal(d->transaction_id, 7);
    assert_int_equal(d->asked, 1);
    assert_text(d->name, "www.corp.example");
    assert_text(d->qtype_name, "A");
    assert_int_equal(d->qtype, 1);
    assert_int_equal(d->qclass, 1);
    assert_text(d->rcode_name, "NOERROR");
    assert_int_equal(d->answers.count, 1);
    assert_text(d->answers.at[0], "www.corp.example A 10.0.0.5");
    assert_int_equal(d->ttls.at[0], 600);
    assert_true(d->authoritative && d->recursion_desired && d->recursion_available);
    assert_false(d->truncated || d->edns || d->multicast);
    assert_int_equal(d->request_bytes, 12 + 18 + 4);
    assert_int_equal(d->reply_bytes, 12 + 18 + 4 + 16);
    assert_int_equal(d->answer_bytes, 16);
    assert_int_equal(d->name_bytes, 18);
    assert_int_equal(d->longest_label, 7);
    assert_int_equal(d->unread, unread_nothing);
}

static void a_question_asked_again_is_one_and_counts(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < 3; i++)
        ask(w, 7, "www.corp.example", TYPE_A, i * 1000);
    build_address_answer(&w->w, 7, "WWW.corp.EXAMPLE", 0x0a000005); /* RFC 4343: the same name */
    send(w, 1, transport_udp, false, 2500);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->asked, 3);
    assert_int_equal(told(w, 0)->request_frame, 1);
}

static void a_question_without_an_answer_is_told_at_its_deadline(void **state)
{
    struct world *w = *state;
    ask(w, 7, "nobody.corp.example", TYPE_A, 0);
    dns_expire(w->module, &w->t.out, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(w->t.batch.count, 0);
    dns_expire(w->module, &w->t.out, TOKEN_WORLD_START + options.timeout + 1);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(told(w, 0)->reply_frame, 0);
    assert_int_equal(told(w, 0)->rcode_name.size, 0);
    assert_int_equal(told(w, 0)->question_count, 1);
}

static void an_answer_to_another_name_answers_nothing(void **state)
{
    struct world *w = *state;
    ask(w, 7, "www.corp.example", TYPE_A, 0);
    build_address_answer(&w->w, 7, "www.evil.example", 0x0a000005);
    send(w, 1, transport_udp, false, 1);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 0);
    assert_int_equal(told(w, 0)->reply_frame, 2);
    assert_text(told(w, 0)->name, "www.evil.example");
    build_address_answer(&w->w, 7, "www.corp.example", 0x0a000005);
    send(w, 1, transport_udp, false, 2);
    assert_int_equal(told(w, 1)->request_frame, 1);
    build_address_answer(&w->w, 7, "www.corp.example",
                         0x0a000006); /* the second one, asked by nobody any more */
    send(w, 1, transport_udp, false, 3);
    assert_int_equal(told(w, 2)->request_frame, 0);
    assert_text(told(w, 2)->answers.at[0], "www.corp.example A 10.0.0.6");
}

static void an_error_without_its_question_is_paired_by_id(void **state)
{
    struct world *w = *state;
    ask(w, 7, "www.corp.example", TYPE_A, 0);
    build_header(&w->w, 7, RESPONSE | 1, COUNTS(0, 0, 0, 0));
    send(w, 1, transport_udp, false, 1);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->rcode, 1);
    assert_text(told(w, 0)->rcode_name, "FORMERR");
    assert_text(told(w, 0)->name, "www.corp.example");
}

/* OPT (RFC 6891 6.1.2) with an option 10, a cookie (RFC 7873 4), of 8 bytes. */
static void add_opt(struct writer *w, uint16_t payload, uint32_t ttl)
{
    build_name(w, "");
    build_record(w, TYPE_OPT, payload, ttl, 12);
    writer_u16be(w, 10);
    writer_u16be(w, 8);
    writer_u64be(w, 1);
}

static void edns_is_told_and_widens_the_response_code(void **state)
{
    struct world *w = *state;
    build_header(&w->w, 7, BUILD_QUERY, COUNTS(1, 0, 0, 1));
    build_name(&w->w, "a.example");
    build_type(&w->w, TYPE_A, IN);
    add_opt(&w->w, 1232, 0x8000);
    send(w, 1, transport_udp, true, 0);
    build_header(&w->w, 7, RESPONSE, COUNTS(1, 0, 0, 1));
    build_name(&w->w, "a.example");
    build_type(&w->w, TYPE_A, IN);
    add_opt(&w->w, 512, 0x01000000);
    send(w, 1, transport_udp, false, 1);
    const struct dns *d = told(w, 0);
    assert_true(d->edns && d->dnssec_ok);
    assert_int_equal(d->edns_payload, 1232);
    assert_int_equal(d->edns_options.count, 1);
    assert_int_equal(d->edns_options.at[0], 10);
    assert_int_equal(d->rcode, 16);
    assert_text(d->rcode_name, "BADVERS");
    assert_int_equal(d->additional_count, 1);
    assert_int_equal(d->additionals.count, 0);
}

static void a_txt_record_is_its_strings(void **state)
{
    struct world *w = *state;
    build_header(&w->w, 7, BUILD_ANSWER, COUNTS(1, 1, 0, 0));
    build_name(&w->w, "t.example");
    build_type(&w->w, TYPE_TXT, IN);
    build_pointer(&w->w, 12);
    build_record(&w->w, TYPE_TXT, IN, 1, 8);
    writer_bytes(&w->w,
                 "\x03"
                 "a\"b"
                 "\x03"
                 "c d",
                 8);
    send(w, 1, transport_udp, false, 0);
    assert_text(told(w, 0)->answers.at[0], "t.example TXT \"a\\\"b\" \"c d\"");
}

/* CVE-2020-1350: a signer's name that grows when it is written out. */
static void a_signature_is_measured_as_sent_and_as_written_out(void **state)
{
    struct world *w = *state;
    build_header(&w->w, 7, BUILD_ANSWER, COUNTS(1, 1, 0, 0));
    build_name(&w->w, "sig.example");
    build_type(&w->w, TYPE_SIG, IN);
    build_pointer(&w->w, 12);
    build_record(&w->w, TYPE_SIG, IN, 1, 18 + 2 + 100);
    for (int i = 0; i < 18; i++)
        writer_u8(&w->w, 0);
    build_pointer(&w->w, 12);
    for (int i = 0; i < 100; i++)
        writer_u8(&w->w, 1);
    send(w, 1, transport_tcp, false, 0);
    assert_int_equal(told(w, 0)->largest_type, TYPE_SIG);
    assert_int_equal(told(w, 0)->largest_bytes, 120);
    assert_int_equal(told(w, 0)->expanded_bytes, 18 + 13 + 100);
}

/* Zone corp.example; the name of prerequisites and updates is w.corp.example at offset 30. */
static void build_update(struct writer *w, uint16_t id, uint16_t additionals)
{
    build_header(w, id, UPDATE, COUNTS(1, 2, 4, additionals));
    build_name(w, "corp.example");
    build_type(w, TYPE_SOA, IN);
    writer_bytes(w, "\x01w\xc0\x0c", 4);
    build_record(w, TYPE_ANY, NONE, 0, 0);
    build_pointer(w, 30);
    build_record(w, TYPE_A, ANY, 0, 0);
    build_pointer(w, 30);
    build_record(w, TYPE_ANY, ANY, 0, 0);
    build_pointer(w, 30);
    build_record(w, TYPE_A, ANY, 0, 0);
    build_pointer(w, 30);
    build_record(w, TYPE_A, NONE, 0, 4);
    writer_u32be(w, 0x0a000001);
    build_pointer(w, 30);
    build_record(w, TYPE_A, IN, 1200, 4);
    writer_u32be(w, 0x0a000002);
}

static void an_update_says_what_it_demands_and_changes(void **state)
{
    struct world *w = *state;
    build_update(&w->w, 9, 0);
    send(w, 1, transport_udp, true, 0);
    build_header(&w->w, 9, RESPONSE | UPDATE | 5, COUNTS(0, 0, 0, 0));
    send(w, 1, transport_udp, false, 1);
    const struct dns *d = told(w, 0);
    assert_int_equal(d->operation, dns_operation_update);
    assert_text(d->name, "corp.example");
    assert_text(d->rcode_name, "REFUSED");
    assert_int_equal(d->prerequisites.count, 2);
    assert_text(d->prerequisites.at[0], "name not in use w.corp.example ANY");
    assert_text(d->prerequisites.at[1], "exists w.corp.example A");
    assert_int_equal(d->updates.count, 4);
    assert_text(d->updates.at[0], "delete w.corp.example ANY");
    assert_text(d->updates.at[1], "delete w.corp.example A");
    assert_text(d->updates.at[2], "delete w.corp.example A 10.0.0.1");
    assert_text(d->updates.at[3], "add w.corp.example A 10.0.0.2");
    assert_int_equal(d->answers.count + d->authorities.count, 0);
}

/* RFC 8945 4.2, with a MAC of 2 bytes. */
static void add_tsig(struct writer *w, const char *key)
{
    build_name(w, key);
    build_record(w, TYPE_TSIG, ANY, 0, 10 + 16 + 2);
    build_name(w, "gss-tsig");
    for (int i = 0; i < 8; i++)
        writer_u8(w, 0);
    writer_u16be(w, 2);
    writer_u16be(w, 0xabcd);
    writer_u32be(w, 9 << 16); /* original id, error */
    writer_u16be(w, 0);
}

/* RFC 2930 2; mode 3 is GSS-API. */
static void build_tkey(struct world *w, uint16_t flags, struct build_counts counts, struct str token)
{
    build_header(&w->w, 8, flags, counts);
    build_name(&w->w, "k.dc1");
    build_type(&w->w, TYPE_TKEY, ANY);
    build_pointer(&w->w, 12);
    build_record(&w->w, TYPE_TKEY, ANY, 0, (uint16_t)(10 + 8 + 6 + token.size + 2));
    build_name(&w->w, "gss-tsig");
    writer_u64be(&w->w, 0);
    writer_u16be(&w->w, 3);
    writer_u16be(&w->w, 0);
    writer_u16be(&w->w, (uint16_t)token.size);
    writer_str_bytes(&w->w, token);
    writer_u16be(&w->w, 0);
}

static void who_made_a_key_stands_behind_what_it_signs(void **state)
{
    struct world *w = *state;
    build_tkey(w, 0, COUNTS(1, 0, 0, 1), token_hex(&w->t, GSS_AP_REQ_HEX));
    send(w, 1, transport_tcp, true, 0);
    build_tkey(w, RESPONSE, COUNTS(1, 1, 0, 1), (struct str){0});
    add_tsig(&w->w, "k.dc1");
    send(w, 1, transport_tcp, false, 1);
    const struct kerberos *ap = token_record(&w->t, 0, RECORD_kerberos);
    assert_int_equal(ap->message, kerberos_message_ap);
    assert_int_equal(ap->transport, transport_dns);
    assert_int_equal(ap->reply, kerberos_reply_reply);
    const struct dns *d = told(w, 1);
    assert_int_equal(d->key_mode, 3);
    assert_text(d->key_name, "k.dc1");
    assert_text(d->key_algorithm, "gss-tsig");
    build_update(&w->w, 9, 1);
    add_tsig(&w->w, "K.dc1");
    send(w, 2, transport_udp, true, 2);
    build_header(&w->w, 9, RESPONSE | UPDATE, COUNTS(0, 0, 0, 0));
    send(w, 2, transport_udp, false, 3);
    d = told(w, 2);
    assert_true(d->is_signed);
    assert_int_equal(d->security, security_kerberos);
    assert_true(id_equal(d->ticket, ap->ticket));
    build_update(&w->w, 10, 1);
    add_tsig(&w->w, "other");
    send(w, 3, transport_udp, true, 4);
    build_header(&w->w, 10, RESPONSE | UPDATE, COUNTS(0, 0, 0, 0));
    send(w, 3, transport_udp, false, 5);
    assert_int_equal(told(w, 3)->security, security_unknown);
}

static void a_refused_key_is_a_failed_authentication(void **state)
{
    struct world *w = *state;
    build_tkey(w, 0, COUNTS(1, 0, 0, 1), token_hex(&w->t, GSS_AP_REQ_HEX));
    send(w, 1, transport_tcp, true, 0);
    build_tkey(w, RESPONSE | 5, COUNTS(1, 1, 0, 0), (struct str){0});
    send(w, 1, transport_tcp, false, 1);
    const struct kerberos *ap = token_record(&w->t, 0, RECORD_kerberos);
    assert_int_equal(ap->reply, kerberos_reply_error);
    assert_int_equal(told(w, 1)->security, security_unknown);
}

/* A message of a transfer of corp.example: SOAs with these serials, 0 for an A record. */
static void send_transfer(struct world *w, const uint32_t *serials, uint16_t count, uint64_t at_ms)
{
    build_header(&w->w, 5, RESPONSE, COUNTS(1, count, 0, 0));
    build_name(&w->w, "corp.example");
    build_type(&w->w, TYPE_AXFR, IN);
    for (uint16_t i = 0; i < count; i++) {
        if (serials[i] != 0) {
            build_soa(&w->w, serials[i]);
        } else {
            build_pointer(&w->w, 12);
            build_record(&w->w, TYPE_A, IN, 1, 4);
            writer_u32be(&w->w, 0x0a000001);
        }
    }
    send(w, 1, transport_tcp, false, at_ms);
}

#define SERIALS(...)                                                                                         \
    ((const uint32_t[]){__VA_ARGS__}), (uint16_t)ARRAY_COUNT(((const uint32_t[]){__VA_ARGS__}))

static void ask_transfer(struct world *w, uint16_t type, uint32_t serial)
{
    build_header(&w->w, 5, 0, COUNTS(1, 0, serial != 0, 0));
    build_name(&w->w, "corp.example");
    build_type(&w->w, type, IN);
    if (serial != 0)
        build_soa(&w->w, serial);
    send(w, 1, transport_tcp, true, 0);
}

static void a_zone_transfer_of_many_messages_is_one_observation(void **state)
{
    struct world *w = *state;
    ask_transfer(w, TYPE_AXFR, 0);
    send_transfer(w, SERIALS(42, 0, 0), 1);
    send_transfer(w, SERIALS(0, 0), 2);
    assert_int_equal(w->t.batch.count, 0);
    send_transfer(w, SERIALS(0, 42), 3);
    assert_int_equal(w->t.batch.count, 1);
    const struct dns *d = told(w, 0);
    assert_int_equal(d->transfer_messages, 3);
    assert_int_equal(d->transfer_records, 7);
    assert_int_equal(d->transfer_bytes, 3 * (12 + 18) + 2 * 36 + 5 * 16);
    assert_true(d->transfer_complete);
    assert_false(d->incremental);
    assert_int_equal(d->serial, 42);
    assert_int_equal(d->reply_frame, 4);
}

static void an_incremental_transfer_ends_with_the_third_soa_of_its_serial(void **state)
{
    struct world *w = *state;
    ask_transfer(w, TYPE_IXFR, 40);
    send_transfer(w, SERIALS(42, 40, 0, 41, 0, 41, 0, 42, 0), 1);
    assert_int_equal(w->t.batch.count, 0);
    send_transfer(w, SERIALS(42), 2);
    const struct dns *d = told(w, 0);
    assert_true(d->incremental && d->transfer_complete);
    assert_int_equal(d->serial_asked, 40);
    assert_int_equal(d->serial, 42);
    assert_int_equal(d->transfer_records, 10);
}

static void one_soa_says_that_nothing_is_new(void **state)
{
    struct world *w = *state;
    ask_transfer(w, TYPE_IXFR, 42);
    send_transfer(w, SERIALS(42), 1);
    assert_int_equal(w->t.batch.count, 1);
    assert_true(told(w, 0)->transfer_complete);
    assert_int_equal(told(w, 0)->transfer_records, 1);
}

static void a_refused_transfer_is_told_at_once(void **state)
{
    struct world *w = *state;
    ask_transfer(w, TYPE_AXFR, 0);
    build_question(&w->w, 5, RESPONSE | 5, "corp.example", TYPE_AXFR);
    send(w, 1, transport_tcp, false, 1);
    assert_text(told(w, 0)->rcode_name, "REFUSED");
    assert_int_equal(told(w, 0)->transfer_records, 0);
    assert_false(told(w, 0)->transfer_complete);
}

static void a_transfer_that_stops_is_told_with_what_came(void **state)
{
    struct world *w = *state;
    ask_transfer(w, TYPE_AXFR, 0);
    send_transfer(w, SERIALS(42, 0, 0), 1);
    dns_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->transfer_records, 3);
    assert_false(told(w, 0)->transfer_complete);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + TIME_NS_MS + options.timeout);
}

static void every_prefix_of_a_message_is_refused_or_told_as_unread(void **state)
{
    struct world *w = *state;
    struct writer whole = {0};
    build_update(&whole, 9, 1);
    add_tsig(&whole, "k.dc1");
    for (size_t size = 0; size < whole.size; size++) {
        w->t.out.malformed = 0;
        writer_bytes(&w->w, whole.bytes, size);
        send(w, size + 1, transport_udp, true, 0);
        assert_int_equal(w->t.out.malformed, 1);
        batch_reset(&w->t.batch);
        dns_expire(w->module, &w->t.out, TIME_NS_END);
        for (uint32_t i = 0; i < w->t.batch.count; i++)
            assert_int_equal(told(w, i)->unread, unread_malformed);
        /* What stands before the fault is told from the end of the question on. */
        assert_int_equal(w->t.batch.count, size >= 30);
        batch_reset(&w->t.batch);
    }
    w->t.out.malformed = 0;
    writer_bytes(&w->w, whole.bytes, whole.size);
    send(w, 1, transport_udp, true, 0);
    assert_int_equal(w->t.out.malformed, 0);
    writer_close(&whole);
}

static void a_datagram_cut_by_the_capture_is_not_malformed(void **state)
{
    struct world *w = *state;
    build_address_answer(&w->w, 7, "www.corp.example", 0x0a000005);
    struct place place = token_place(1, false, 0);
    place.server_port = PORT_DNS;
    place.transport = transport_udp;
    struct str cut = {.at = (const char *)w->w.bytes, .size = 40};
    dns_message(w->module, &w->t.out, &place, cut, (uint32_t)w->w.size);
    assert_int_equal(w->t.out.malformed, 0);
    assert_int_equal(told(w, 0)->unread, unread_truncated);
    assert_int_equal(told(w, 0)->reply_bytes, w->w.size);
}

static void a_flood_of_names_is_told_and_does_not_grow(void **state)
{
    struct world *w = *state;
    struct table *tables[2];
    assert_int_equal(dns_tables(w->module, tables), 2);
    for (uint16_t id = 0; id < 1000; id++) {
        build_question(&w->w, id, BUILD_QUERY, "x.example", TYPE_A);
        send(w, 1, transport_udp, true, id);
        assert_true(table_count(tables[0]) <= options.pending);
    }
    assert_int_equal(w->t.batch.count, 1000 - options.pending);
    assert_int_equal(table_evicted(tables[0]), 0);
    assert_int_equal(told(w, 0)->transaction_id, 0); /* the oldest first */
}

static void a_length_that_its_counts_do_not_fit_frames_nothing(void **state)
{
    struct world *w = *state;
    writer_u16be(&w->w, 0);
    build_address_answer(&w->w, 7, "www.corp.example", 0x0a000005);
    w->w.bytes[1] = (uint8_t)(w->w.size - 2);
    struct str bytes = writer_str(&w->w);
    struct framing framing = dns_frame(bytes);
    assert_int_equal(framing.state, FRAMING_WHOLE);
    assert_int_equal(framing.size, w->w.size);
    assert_int_equal(dns_frame((struct str){.at = bytes.at, .size = 13}).state, FRAMING_MORE);
    w->w.bytes[1] = 12 + 5 + 11 - 1;
    assert_int_equal(dns_frame(bytes).state, FRAMING_BAD);
    w->w.bytes[1] = (uint8_t)(w->w.size - 2);
    w->w.bytes[4] = 15 << 3; /* no such OPCODE */
    assert_int_equal(dns_frame(bytes).state, FRAMING_BAD);
}

/* The same messages, with all tables saved and loaded before each when moved. */
static void run_scenario(struct world *w, bool moved, struct writer *log)
{
    for (int step = 0; step < 8; step++) {
        if (moved) {
            struct table *from[2], *to[2];
            struct dns_module *next;
            assert_int_equal(dns_create(&next, &options, w->auth), ERR_OK);
            assert_int_equal(dns_tables(w->module, from), dns_tables(next, to));
            token_move_tables(from, to, 2);
            dns_free(w->module);
            w->module = next;
        }
        switch (step) {
        case 0:
            ask(w, 1, "a.example", TYPE_A, 0);
            break;
        case 1:
            build_update(&w->w, 9, 1);
            add_tsig(&w->w, "k.dc1");
            send(w, 1, transport_udp, true, 1);
            break;
        case 2:
            ask_transfer(w, TYPE_AXFR, 0);
            break;
        case 3:
            send_transfer(w, SERIALS(42, 0), 3);
            break;
        case 4:
            build_address_answer(&w->w, 1, "a.example", 1);
            send(w, 1, transport_udp, false, 4);
            break;
        case 5:
            build_header(&w->w, 9, RESPONSE | UPDATE, COUNTS(0, 0, 0, 0));
            send(w, 1, transport_udp, false, 5);
            break;
        case 6:
            send_transfer(w, SERIALS(42), 6);
            break;
        default:
            ask(w, 2, "b.example", TYPE_A, 7);
            dns_expire(w->module, &w->t.out, TIME_NS_END);
        }
        token_log(&w->t, log);
    }
}

static void state_can_be_saved_and_restored_after_any_message(void **state)
{
    struct world *w = *state;
    struct writer straight = {0}, moved = {0};
    run_scenario(w, false, &straight);
    run_scenario(w, true, &moved);
    assert_true(straight.size > 0);
    assert_true(str_equal(writer_str(&straight), writer_str(&moved)));
    writer_close(&straight);
    writer_close(&moved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_question_and_its_answer_are_one_observation),
        TEST(a_question_asked_again_is_one_and_counts),
        TEST(a_question_without_an_answer_is_told_at_its_deadline),
        TEST(an_answer_to_another_name_answers_nothing),
        TEST(an_error_without_its_question_is_paired_by_id),
        TEST(edns_is_told_and_widens_the_response_code),
        TEST(a_txt_record_is_its_strings),
        TEST(a_signature_is_measured_as_sent_and_as_written_out),
        TEST(an_update_says_what_it_demands_and_changes),
        TEST(who_made_a_key_stands_behind_what_it_signs),
        TEST(a_refused_key_is_a_failed_authentication),
        TEST(a_zone_transfer_of_many_messages_is_one_observation),
        TEST(an_incremental_transfer_ends_with_the_third_soa_of_its_serial),
        TEST(one_soa_says_that_nothing_is_new),
        TEST(a_refused_transfer_is_told_at_once),
        TEST(a_transfer_that_stops_is_told_with_what_came),
        TEST(every_prefix_of_a_message_is_refused_or_told_as_unread),
        TEST(a_datagram_cut_by_the_capture_is_not_malformed),
        TEST(a_flood_of_names_is_told_and_does_not_grow),
        TEST(a_length_that_its_counts_do_not_fit_frames_nothing),
        TEST(state_can_be_saved_and_restored_after_any_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
