/*
 * test_dns_group - what is asked of everybody: LLMNR, mDNS, NetBIOS names; and NetBIOS datagrams.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/dns.h"
#include "tests/unit/protocol-decode/dns_build.h"
#include "tests/unit/protocol-decode/token_world.h"

enum {
    LLMNR = 5355,
    MDNS = 5353,
    NAMES = 137,
    DATAGRAMS = 138,
    TYPE_A = 1,
    TYPE_ANY = 255,
    NB = 32,
    NBSTAT = 33,
    IN = 1,
    FLUSH = 0x8000, /* and QU */
    RESPONSE = 0x8000,
    BROADCAST = 0x0010,
    REGISTRATION = 5 << 11,
    WAIT = 7 << 11,
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

static struct addr address(uint8_t last)
{
    return (struct addr){.family = 4, .byte = {10, 0, 0, last}};
}

static const struct addr group = {.family = 4, .byte = {224, 0, 0, 252}};

/* Sends what was built between two hosts; client is whose port is not the service's, or who asks. */
static void send(struct world *w, uint16_t port, struct addr client, struct addr server, bool to_server,
                 uint64_t at_ms)
{
    struct place place =
        token_place(server.byte[0] == 224 ? client.byte[3] : 100u + server.byte[3], to_server, at_ms);
    place.client = client;
    place.server = server;
    place.server_port = port;
    place.client_port = port == LLMNR ? 50000 : port;
    place.transport = transport_udp;
    struct str message = arena_copy(&w->t.batch.arena, writer_str(&w->w));
    dns_message(w->module, &w->t.out, &place, message, message.size);
    writer_reset(&w->w);
}

static const struct dns *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_dns);
}

static void each_host_that_answers_a_group_is_told(void **state)
{
    struct world *w = *state;
    build_question(&w->w, 3, 0, "wpad", TYPE_A);
    send(w, LLMNR, address(1), group, true, 0);
    build_question(&w->w, 3, 0, "wpad", TYPE_A);
    send(w, LLMNR, address(1), group, true, 100);
    build_address_answer(&w->w, 3, "wpad", 0x0a000042);
    send(w, LLMNR, address(1), address(0x42), false, 200);
    build_address_answer(&w->w, 3, "wpad", 0x0a000043);
    send(w, LLMNR, address(1), address(0x43), false, 300);
    assert_int_equal(w->t.batch.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct dns *d = told(w, i);
        assert_int_equal(d->protocol, protocol_llmnr);
        assert_true(d->multicast);
        assert_int_equal(d->asked, 2);
        assert_int_equal(d->request_frame, 1);
        assert_int_equal(d->client.byte[3], 1);
        assert_int_equal(d->server.byte[3], 0x42 + i);
        assert_int_equal(d->server_port, LLMNR);
    }
    assert_false(id_equal(w->t.batch.records[0].id, w->t.batch.records[1].id));
    dns_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2); /* what was answered is not told as unanswered */
}

static void an_answer_for_one_asker_is_not_one_for_another(void **state)
{
    struct world *w = *state;
    build_question(&w->w, 3, 0, "wpad", TYPE_A);
    send(w, LLMNR, address(1), group, true, 0);
    build_address_answer(&w->w, 3, "wpad", 0x0a000042);
    send(w, LLMNR, address(2), address(0x42), false, 200);
    assert_int_equal(told(w, 0)->request_frame, 0);
    build_address_answer(&w->w, 3, "wpad2", 0x0a000042);
    send(w, LLMNR, address(1), address(0x42), false, 300);
    assert_int_equal(told(w, 1)->request_frame, 0);
    dns_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(told(w, 2)->request_frame, 1);
    assert_int_equal(told(w, 2)->server.byte[0], 224);
}

/* RFC 6762 6: responses go to the group and hold no question. */
static void build_mdns_response(struct writer *w, const char *name)
{
    build_header(w, 0, 0x8400, COUNTS(0, 1, 0, 0));
    build_name(w, name);
    build_record(w, TYPE_A, FLUSH | IN, 120, 4);
    writer_u32be(w, 0x0a000009);
}

static void an_mdns_response_answers_all_who_asked_for_its_name(void **state)
{
    struct world *w = *state;
    struct addr all = {.family = 4, .byte = {224, 0, 0, 251}};
    build_question(&w->w, 0, 0, "host.local", TYPE_A);
    send(w, MDNS, address(1), all, true, 0);
    build_question(&w->w, 0, 0, "HOST.local", TYPE_ANY);
    send(w, MDNS, address(2), all, true, 1);
    build_question(&w->w, 0, 0, "host.local", TYPE_A);
    send(w, MDNS, address(3), all, true, 2);
    build_question(&w->w, 0, 0, "other.local", TYPE_A);
    send(w, MDNS, address(4), all, true, 3);
    build_mdns_response(&w->w, "Host.local");
    send(w, MDNS, all, address(9), false, 4);
    assert_int_equal(w->t.batch.count, 3);
    uint32_t clients = 0;
    for (uint32_t i = 0; i < 3; i++) {
        const struct dns *d = told(w, i);
        clients |= 1u << d->client.byte[3];
        assert_int_equal(d->protocol, protocol_mdns);
        assert_int_equal(d->server.byte[3], 9);
        assert_int_equal(d->qclass, IN);
        assert_int_equal(d->reply_frame, 5);
        assert_text(d->answers.at[0], "Host.local A 10.0.0.9");
    }
    assert_int_equal(clients, 1u << 1 | 1u << 2 | 1u << 3);
}

static void an_announcement_in_mdns_is_told_without_a_question(void **state)
{
    struct world *w = *state;
    build_mdns_response(&w->w, "host.local");
    send(w, MDNS, (struct addr){.family = 4, .byte = {224, 0, 0, 251}}, address(9), false, 0);
    assert_int_equal(told(w, 0)->request_frame, 0);
    assert_true(told(w, 0)->multicast);
    assert_text(told(w, 0)->name, "host.local");
}

/* RFC 1002 4.2.2: a registration; flags 0x60 would be an H node's. */
static void build_registration(struct writer *w, uint16_t id, uint16_t flags)
{
    build_header(w, id, (uint16_t)(REGISTRATION | 0x0100 | flags), COUNTS(1, 0, 0, 1));
    build_netbios_name(w, "PC1", 0x20);
    build_type(w, NB, IN);
    build_pointer(w, 12);
    build_record(w, NB, IN, 300, 6);
    writer_u16be(w, 0x6000);
    writer_u32be(w, 0x0a000001);
}

static void build_names_answer(struct writer *w, uint16_t id, uint16_t flags, uint16_t type, uint16_t bytes)
{
    build_header(w, id, (uint16_t)(RESPONSE | flags), COUNTS(0, 1, 0, 0));
    build_netbios_name(w, type == NBSTAT ? "*" : "PC1", type == NBSTAT ? 0 : 0x20);
    build_record(w, type, IN, 300, bytes);
}

static void a_registration_waits_and_is_refused(void **state)
{
    struct world *w = *state;
    build_registration(&w->w, 4, 0);
    send(w, NAMES, address(1), address(2), true, 0);
    build_names_answer(&w->w, 4, WAIT | 0x0400, NB, 2); /* RFC 1002 4.2.16 */
    writer_u16be(&w->w, 0x2900);
    send(w, NAMES, address(1), address(2), false, 1);
    build_names_answer(&w->w, 4, REGISTRATION | 0x0480 | 6, NB, 6);
    writer_u16be(&w->w, 0);
    writer_u32be(&w->w, 0x0a000007);
    send(w, NAMES, address(1), address(2), false, 2);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(told(w, 0)->operation, dns_operation_wait);
    const struct dns *d = told(w, 1);
    assert_int_equal(d->operation, dns_operation_registration);
    assert_int_equal(d->protocol, protocol_netbios);
    assert_text(d->name, "PC1");
    assert_int_equal(d->suffix, 0x20);
    assert_text(d->qtype_name, "NB");
    assert_text(d->rcode_name, "ACT_ERR");
    assert_int_equal(d->address.byte[3], 7);
    dns_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2);
}

static void a_broadcast_registration_has_its_address(void **state)
{
    struct world *w = *state;
    build_registration(&w->w, 4, BROADCAST);
    send(w, NAMES, address(1), address(255), true, 0);
    dns_expire(w->module, &w->t.out, TIME_NS_END);
    const struct dns *d = told(w, 0);
    assert_true(d->multicast);
    assert_int_equal(d->address.byte[3], 1);
    assert_int_equal(d->nb_flags, 0x6000);
    assert_int_equal(d->reply_frame, 0);
}

static void who_answers_a_broadcast_question_is_its_server(void **state)
{
    struct world *w = *state;
    build_header(&w->w, 6, 0x0100 | BROADCAST, COUNTS(1, 0, 0, 0));
    build_netbios_name(&w->w, "PC1", 0x20);
    build_type(&w->w, NB, IN);
    send(w, NAMES, address(1), address(255), true, 0);
    build_names_answer(&w->w, 6, 0x0500, NB, 6);
    writer_u16be(&w->w, 0);
    writer_u32be(&w->w, 0x0a000042);
    send(w, NAMES, address(1), address(0x42), false, 1);
    const struct dns *d = told(w, 0);
    assert_int_equal(d->request_frame, 1);
    assert_int_equal(d->server.byte[3], 0x42);
    assert_text(d->answers.at[0], "PC1<20> NB 10.0.0.66");
    assert_int_equal(d->address.byte[3], 0x42);
}

static void a_node_status_lists_names_and_the_unit(void **state)
{
    struct world *w = *state;
    static const char names[] = "\x02"
                                "PC1            \x20\x04\x00"
                                "CORP           \x1c\x84\x00"
                                "\x02\x00\x00\x00\x00\x01";
    build_names_answer(&w->w, 6, 0x0400, NBSTAT, sizeof(names) - 1);
    writer_bytes(&w->w, names, sizeof(names) - 1);
    send(w, NAMES, address(1), address(2), false, 0);
    const struct dns *d = told(w, 0);
    assert_text(d->name, "*");
    assert_text(d->qtype_name, "NBSTAT");
    assert_int_equal(d->names.count, 2);
    assert_text(d->names.at[0], "PC1<20>");
    assert_text(d->names.at[1], "CORP<1c> group");
    assert_text(d->unit_id, "02:00:00:00:00:01");
}

/* A mailslot write (MS-MAIL 2.2.1) of a browser frame; its data stands behind the name of the mailslot. */
static void build_datagram(struct writer *w, const void *frame, uint16_t bytes)
{
    static const char mailslot[] = "\\MAILSLOT\\BROWSE";
    writer_bytes(w, "\x11\x02\x00\x07\x0a\x00\x00\x01\x00\x8a\x00\x00\x00\x00", 14);
    build_netbios_name(w, "PC1", 0);
    build_netbios_name(w, "CORP", 0x1d);
    writer_bytes(w,
                 "\xff"
                 "SMB\x25",
                 5);
    for (int i = 5; i < 32; i++)
        writer_u8(w, 0);
    writer_u8(w, 17); /* words */
    writer_u16le(w, 0);
    writer_u16le(w, bytes);
    for (int i = 4; i < 22; i++)
        writer_u8(w, 0);
    writer_u16le(w, bytes); /* DataCount, DataOffset */
    writer_u16le(w, 32 + 1 + 34 + 2 + sizeof(mailslot));
    writer_bytes(w, "\x03\x00\x01\x00\x01\x00\x02\x00", 8);
    writer_u16le(w, (uint16_t)(sizeof(mailslot) + bytes));
    writer_bytes(w, mailslot, sizeof(mailslot));
    writer_bytes(w, frame, bytes);
}

/* MS-BRWS 2.2.1 HostAnnouncement. */
static const char announcement[] = "\x01\x00\x80\xfc\x0a\x00"
                                   "PC1\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                   "\x0a\x00\x03\x10\x01\x00\x0f\x01\x55\xaa"
                                   "printers";

static void a_host_announces_itself(void **state)
{
    struct world *w = *state;
    build_datagram(&w->w, announcement, sizeof(announcement));
    send(w, DATAGRAMS, address(1), address(255), true, 0);
    const struct dns *d = told(w, 0);
    assert_int_equal(d->operation, dns_operation_host_announcement);
    assert_int_equal(d->protocol, protocol_netbios);
    assert_text(d->source_name, "PC1<00>");
    assert_text(d->name, "CORP");
    assert_int_equal(d->suffix, 0x1d);
    assert_int_equal(d->address.byte[3], 1);
    assert_text(d->mailslot, "\\MAILSLOT\\BROWSE");
    assert_text(d->server_name, "PC1");
    assert_int_equal(d->server_type, 0x00011003);
    assert_text(d->comment, "printers");
    assert_int_equal(d->os_major, 10);
    assert_int_equal(d->unread, unread_nothing);
    assert_int_equal(w->t.out.messages[protocol_netbios], 1);
}

static void every_prefix_of_a_datagram_is_told_as_malformed(void **state)
{
    struct world *w = *state;
    struct writer whole = {0};
    build_datagram(&whole, announcement, sizeof(announcement));
    for (size_t size = 1; size < whole.size; size++) {
        w->t.out.malformed = 0;
        writer_bytes(&w->w, whole.bytes, size);
        send(w, DATAGRAMS, address(1), address(255), true, 0);
        bool smb = size >= 14 + 2 * 34 + 5; /* before, nothing says that a mailslot write follows */
        bool names = size >= 14 + 2 * 34;
        assert_int_equal(w->t.out.malformed, smb || !names);
        batch_reset(&w->t.batch);
    }
    writer_close(&whole);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(each_host_that_answers_a_group_is_told),
        TEST(an_answer_for_one_asker_is_not_one_for_another),
        TEST(an_mdns_response_answers_all_who_asked_for_its_name),
        TEST(an_announcement_in_mdns_is_told_without_a_question),
        TEST(a_registration_waits_and_is_refused),
        TEST(a_broadcast_registration_has_its_address),
        TEST(who_answers_a_broadcast_question_is_its_server),
        TEST(a_node_status_lists_names_and_the_unit),
        TEST(a_host_announces_itself),
        TEST(every_prefix_of_a_datagram_is_told_as_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
