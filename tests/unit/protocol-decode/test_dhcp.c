/*
 * test_dhcp - requests and answers of DHCP and DHCPv6.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/writer.h"
#include "services/protocol-decode/dhcp.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct dhcp_options options = {
    .requests = 4, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct dhcp_module *module;
    struct writer w; /* the message being built */
};

static int open_world(void **state)
{
    static struct world world;
    world = (struct world){0};
    token_world_open(&world.t);
    *state = &world;
    return dhcp_create(&world.module, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    dhcp_free(w->module);
    writer_close(&w->w);
    token_world_close(&w->t);
    return 0;
}

/* RFC 2131 2: what stands before the options, of client 02:00:00:00:00:21. */
static void build(struct world *w, uint8_t op, uint8_t kind, uint32_t xid, uint8_t given)
{
    struct writer *m = &w->w;
    writer_reset(m);
    writer_bytes(m, (uint8_t[]){op, 1, 6, 0}, 4);
    writer_u32be(m, xid);
    writer_u32be(m, 0);
    writer_u32be(m, 0);
    writer_u32be(m, given ? 0x0a000000u + given : 0);
    writer_u32be(m, 0);
    writer_u32be(m, 0);
    writer_bytes(m, (uint8_t[]){2, 0, 0, 0, 0, 0x21}, 6);
    for (int i = 6; i < 16 + 64 + 128; i++)
        writer_u8(m, 0);
    writer_u32be(m, 0x63825363);
    writer_bytes(m, (uint8_t[]){53, 1, kind}, 3);
}

static void add(struct world *w, uint8_t code, const char *value, uint8_t size)
{
    writer_u8(&w->w, code);
    writer_u8(&w->w, size);
    writer_bytes(&w->w, value, size);
}

#define ADD(w, code, text) add((w), (code), (text), sizeof(text) - 1)

static void send(struct world *w, uint16_t client_port, uint16_t server_port, uint8_t from, uint64_t at_ms)
{
    struct place place = token_place(1, true, at_ms);
    place.client = (struct addr){.family = 4, .byte = {10, 0, 0, from}};
    place.server = (struct addr){.family = 4, .byte = {255, 255, 255, 255}};
    place.client_port = client_port;
    place.server_port = server_port;
    place.transport = transport_udp;
    struct str message = arena_copy(&w->t.batch.arena, writer_str(&w->w));
    dhcp_message(w->module, &w->t.out, &place, message, message.size);
}

static const struct dhcp *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_dhcp);
}

static void each_server_that_offers_is_told(void **state)
{
    struct world *w = *state;
    build(w, 1, 1, 7, 0);
    ADD(w, 12, "pc1");
    ADD(w, 55, "\x01\x03\xfc");
    ADD(w, 60, "MSFT 5.0");
    ADD(w, 255, "");
    send(w, 68, 67, 0, 0);
    send(w, 68, 67, 0, 1);
    for (uint8_t server = 10; server < 12; server++) {
        build(w, 2, 2, 7, (uint8_t)(server + 100));
        ADD(w, 3, "\x0a\x00\x00\x01\x0a\x00\x00\x02");
        ADD(w, 15, "corp.example\0");
        ADD(w, 51, "\x00\x00\x0e\x10");
        ADD(w, 121, "\x00\x0a\x00\x00\x09\x0c\xac\x10\x0a\x00\x00\x09");
        ADD(w, 252, "http://wpad/");
        send(w, 67, 68, server, 2);
    }
    assert_int_equal(w->t.batch.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct dhcp *d = told(w, i);
        assert_int_equal(d->version, 4);
        assert_int_equal(d->message, dhcp_message_discover);
        assert_int_equal(d->reply, dhcp_message_offer);
        assert_int_equal(d->asked, 2);
        assert_int_equal(d->xid, 7);
        assert_int_equal(d->server.byte[3], 10 + i);
        assert_int_equal(d->given_address.byte[3], 110 + i);
        assert_text(d->client_mac, "02:00:00:00:00:21");
        assert_text(d->host_name, "pc1");
        assert_text(d->vendor_class, "MSFT 5.0");
        assert_int_equal(d->parameters.count, 3);
        assert_int_equal(d->parameters.at[2], 252);
        assert_int_equal(d->routers.count, 2);
        assert_text(d->routers.at[1], "10.0.0.2");
        assert_text(d->domain, "corp.example");
        assert_int_equal(d->lease_seconds, 3600);
        assert_text(d->routes.at[0], "0.0.0.0/0 via 10.0.0.9");
        assert_text(d->routes.at[1], "172.16.0.0/12 via 10.0.0.9");
        assert_text(d->proxy_url, "http://wpad/");
    }
    dhcp_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2);
}

static void a_nak_answers_a_request_and_not_a_discovery(void **state)
{
    struct world *w = *state;
    build(w, 1, 1, 7, 0);
    send(w, 68, 67, 0, 0);
    build(w, 1, 3, 7, 0);
    ADD(w, 50, "\x0a\x00\x00\x63");
    send(w, 68, 67, 0, 1);
    build(w, 2, 6, 7, 0);
    ADD(w, 54, "\x0a\x00\x00\x0a");
    send(w, 67, 68, 10, 2);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->message, dhcp_message_request);
    assert_int_equal(told(w, 0)->reply, dhcp_message_nak);
    assert_int_equal(told(w, 0)->requested_address.byte[3], 0x63);
    assert_int_equal(told(w, 0)->server_id.byte[3], 10);
    dhcp_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2);
    assert_int_equal(told(w, 1)->message, dhcp_message_discover);
    assert_int_equal(w->t.batch.records[1].time, TOKEN_WORLD_START + options.timeout);
}

static void what_wants_no_answer_is_told_at_once(void **state)
{
    struct world *w = *state;
    build(w, 1, 7, 7, 0);
    send(w, 68, 67, 5, 0);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->message, dhcp_message_release);
    assert_int_equal(told(w, 0)->client.byte[3], 5);
    assert_int_equal(told(w, 0)->request_frame, 1);
}

static void options_may_stand_where_the_names_do(void **state)
{
    struct world *w = *state;
    build(w, 2, 5, 7, 9);
    memcpy(w->w.bytes + 44, "\x0c\x02hi\xff", 5);
    memcpy(w->w.bytes + 108, "\x0f\x01x\xff", 4);
    ADD(w, 52, "\x03"); /* RFC 2132 9.3: both */
    send(w, 67, 68, 10, 0);
    assert_text(told(w, 0)->host_name, "hi");
    assert_text(told(w, 0)->domain, "x");
    assert_int_equal(told(w, 0)->boot_server.size + told(w, 0)->boot_file.size, 0);
}

static void a_fully_qualified_name_is_read_in_both_forms(void **state)
{
    struct world *w = *state;
    build(w, 1, 7, 7, 0);
    ADD(w, 81, "\x01\x00\x00pc1.corp");
    send(w, 68, 67, 5, 0);
    assert_text(told(w, 0)->fqdn, "pc1.corp");
    build(w, 1, 7, 8, 0);
    ADD(w, 81,
        "\x05\x00\x00\x03pc1\x04"
        "corp\x00"); /* RFC 4702 2.1: the E bit */
    ADD(w, 82,
        "\x01\x02"
        "p7\x02\x02\x01\x02");
    send(w, 68, 67, 5, 1);
    assert_text(told(w, 1)->fqdn, "pc1.corp");
    assert_int_equal(told(w, 1)->fqdn_flags, 5);
    assert_text(told(w, 1)->circuit_id, "p7");
    assert_text(told(w, 1)->remote_id, "0102");
}

static void every_prefix_is_refused_or_told_as_malformed(void **state)
{
    struct world *w = *state;
    build(w, 1, 7, 7, 0);
    ADD(w, 12, "pc1");
    uint32_t whole = (uint32_t)w->w.size;
    struct str bytes = arena_copy(&w->t.batch.arena, writer_str(&w->w));
    for (uint32_t size = 0; size < whole; size++) {
        w->t.out.malformed = 0;
        writer_reset(&w->w);
        writer_bytes(&w->w, bytes.at, size);
        send(w, 68, 67, 5, size);
        /* Without options it is BOOTP (RFC 951), which demands none; between two, nothing is missing. */
        bool between = (size >= 236 && size <= 240) || size == 243;
        assert_int_equal(w->t.out.malformed, !between);
    }
}

/* RFC 8415 8: type, transaction id, and a client's DUID of its link-layer address. */
static void build6(struct world *w, uint8_t type, uint32_t xid)
{
    writer_reset(&w->w);
    writer_u32be(&w->w, (uint32_t)type << 24 | xid);
    writer_bytes(&w->w, "\x00\x01\x00\x0a\x00\x03\x00\x01\x02\x00\x00\x00\x00\x21", 14);
}

static void a_relayed_dhcp6_exchange_is_read_through_its_relay(void **state)
{
    struct world *w = *state;
    struct writer inner = {0};
    for (uint8_t type = 3; type <= 7; type += 4) {
        build6(w, type, 0x123456);
        /* IA_NA 0x77 with an address (RFC 8415 21.4, 21.6). */
        writer_bytes(&w->w,
                     "\x00\x03\x00\x28\x00\x00\x00\x77\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x00\x18", 20);
        writer_bytes(&w->w, "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05", 16);
        writer_u32be(&w->w, 1800);
        writer_u32be(&w->w, 3600);
        writer_reset(&inner);
        writer_bytes(&inner, w->w.bytes, w->w.size);
        writer_reset(&w->w);
        writer_u8(&w->w, type == 3 ? 12 : 13);
        writer_u8(&w->w, 1);
        for (int i = 0; i < 32; i++)
            writer_u8(&w->w, (uint8_t)(i + 1));
        writer_u16be(&w->w, 9);
        writer_u16be(&w->w, (uint16_t)inner.size);
        writer_bytes(&w->w, inner.bytes, inner.size);
        send(w, 547, 547, 5, type);
    }
    assert_int_equal(w->t.batch.count, 1);
    const struct dhcp *d = told(w, 0);
    assert_int_equal(d->version, 6);
    assert_int_equal(d->message, dhcp_message_request6);
    assert_int_equal(d->reply, dhcp_message_reply);
    assert_int_equal(d->xid, 0x123456);
    assert_int_equal(d->hops, 1);
    assert_int_equal(d->relay_address.byte[0], 1);
    assert_int_equal(d->iaid, 0x77);
    assert_int_equal(d->requested_address.byte[15], 5);
    assert_int_equal(d->given_address.byte[15], 5);
    assert_int_equal(d->lease_seconds, 3600);
    assert_text(d->client_id, "00030001020000000021");
    assert_text(d->client_mac, "02:00:00:00:00:21");
    writer_close(&inner);
}

static void every_prefix_of_dhcp6_is_refused_or_told_as_malformed(void **state)
{
    struct world *w = *state;
    build6(w, 8, 0x123456);
    uint32_t whole = (uint32_t)w->w.size;
    struct str bytes = arena_copy(&w->t.batch.arena, writer_str(&w->w));
    for (uint32_t size = 0; size < whole; size++) {
        w->t.out.malformed = 0;
        writer_reset(&w->w);
        writer_bytes(&w->w, bytes.at, size);
        send(w, 546, 547, 5, size);
        assert_int_equal(w->t.out.malformed, size != 4); /* with no option at all it is whole */
    }
}

static void state_can_be_saved_and_restored_between_both(void **state)
{
    struct world *w = *state;
    struct table *from, *to;
    struct dhcp_module *next;
    build(w, 1, 1, 7, 0);
    ADD(w, 12, "pc1");
    send(w, 68, 67, 0, 0);
    assert_int_equal(dhcp_create(&next, &options), ERR_OK);
    (void)dhcp_tables(w->module, &from);
    (void)dhcp_tables(next, &to);
    token_move_tables(&from, &to, 1);
    dhcp_free(w->module);
    w->module = next;
    build(w, 2, 2, 7, 9);
    send(w, 67, 68, 10, 1);
    assert_text(told(w, 0)->host_name, "pc1");
    assert_int_equal(told(w, 0)->request_frame, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(each_server_that_offers_is_told),
        TEST(a_nak_answers_a_request_and_not_a_discovery),
        TEST(what_wants_no_answer_is_told_at_once),
        TEST(options_may_stand_where_the_names_do),
        TEST(a_fully_qualified_name_is_read_in_both_forms),
        TEST(every_prefix_is_refused_or_told_as_malformed),
        TEST(a_relayed_dhcp6_exchange_is_read_through_its_relay),
        TEST(every_prefix_of_dhcp6_is_refused_or_told_as_malformed),
        TEST(state_can_be_saved_and_restored_between_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
