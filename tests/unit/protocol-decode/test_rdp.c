/*
 * test_rdp - negotiation, settings in clear, and what is said of what is sealed.
 *
 * The requests are laid out by MS-RDPBCGR 2.2.1.1 and 2.2.1.2; the packets of standard security are laid out
 * by 2.2.1.3 and 2.2.1.4, their T.124 headers as in the examples of 4.1.3 and 4.1.4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/protocol-decode/rdp.h"
#include "tests/unit/protocol-decode/tls_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct rdp_options options = {
    .connections = 2, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};
static const struct tls_options tls_options = {
    .connections = 2, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct tls_module *tls;
    struct rdp_module *module;
    struct writer w;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    world.w = (struct writer){0};
    *state = &world;
    REQUIRE(tls_create(&world.tls, &tls_options) == ERR_OK);
    return rdp_create(&world.module, &options, world.tls) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    rdp_free(w->module);
    tls_free(w->tls);
    writer_close(&w->w);
    token_world_close(&w->t);
    return 0;
}

static bool send(struct world *w, struct str message, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(1, to_server, at_ms);
    w->t.out.enough = false;
    rdp_message(w->module, &w->t.out, &place, message);
    return !w->t.out.enough;
}

static const struct rdp *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_rdp);
}

/* A TPKT packet around a connection request or confirm (X.224 13.3). */
static struct str connect_packet(struct world *w, uint8_t kind, struct str rest)
{
    writer_reset(&w->w);
    writer_u16be(&w->w, 0x0300);
    writer_u16be(&w->w, (uint16_t)(11 + rest.size));
    writer_u8(&w->w, (uint8_t)(6 + rest.size));
    writer_u8(&w->w, kind);
    writer_bytes(&w->w, "\0\0\0\0", 5);
    writer_str_bytes(&w->w, rest);
    return arena_copy(&w->t.batch.arena, writer_str(&w->w));
}

static struct str request(struct world *w)
{
    return connect_packet(w, 0xe0,
                          STR("Cookie: mstshash=eltons\r\n"
                              "\x01\x01\x08\x00\x0b\x00\x00\x00"));
}

/* A TPKT packet around MCS user data, in the conference create PDU of who speaks. */
static struct str settings_packet(struct world *w, bool of_client, struct str blocks)
{
    struct writer data = {0};
    writer_bytes(&data, "\x00\x05\x00\x14\x7c\x00\x01", 7);
    if (of_client) {
        writer_u16be(&data, (uint16_t)(0x8000 | (blocks.size + 14)));
        writer_bytes(&data,
                     "\x00\x08\x00\x10\x00\x01\xc0\x00"
                     "Duca",
                     12);
    } else {
        writer_bytes(&data,
                     "\x2a\x14\x76\x0a\x01\x01\x00\x01\xc0\x00"
                     "McDn",
                     14);
    }
    writer_u16be(&data, (uint16_t)(0x8000 | blocks.size));
    writer_str_bytes(&data, blocks);
    struct writer mcs = {0};
    if (of_client)
        writer_bytes(&mcs, "\x04\x01\x01\x04\x01\x01\x01\x01\xff\x30\x00\x30\x00\x30\x00", 15);
    else
        writer_bytes(&mcs, "\x0a\x01\x00\x02\x01\x00\x30\x00", 8);
    writer_bytes(&mcs, "\x04\x82", 2);
    writer_u16be(&mcs, (uint16_t)data.size);
    writer_str_bytes(&mcs, writer_str(&data));
    writer_reset(&w->w);
    writer_u16be(&w->w, 0x0300);
    writer_u16be(&w->w, (uint16_t)(12 + mcs.size));
    writer_bytes(&w->w, "\x02\xf0\x80\x7f", 4);
    writer_u8(&w->w, of_client ? 0x65 : 0x66);
    writer_u8(&w->w, 0x82);
    writer_u16be(&w->w, (uint16_t)mcs.size);
    writer_str_bytes(&w->w, writer_str(&mcs));
    writer_close(&data);
    writer_close(&mcs);
    return arena_copy(&w->t.batch.arena, writer_str(&w->w));
}

static void put_utf16(struct writer *w, const char *text, size_t units)
{
    for (size_t i = 0; i < units; i++)
        writer_u16le(w, i < strlen(text) ? (uint16_t)text[i] : 0);
}

static struct str client_settings(struct world *w)
{
    struct writer b = {0};
    writer_u16le(&b, 0xc001);
    writer_u16le(&b, 218);
    writer_u32le(&b, 0x00080004);
    writer_u16le(&b, 1280);
    writer_u16le(&b, 1024);
    writer_u32le(&b, 0xaa03ca01);
    writer_u32le(&b, 0x00000409);
    writer_u32le(&b, 3790);
    put_utf16(&b, "ELTONS-DEV2", 16);
    for (int i = 0; i < 12 + 64 + 8; i++)
        writer_u8(&b, 0);
    writer_u16le(&b, 24);
    writer_u32le(&b, 0x00010007);
    put_utf16(&b, "69712-783", 32);
    writer_u64le(&b, 0);
    writer_u16le(&b, 0xc002);
    writer_u16le(&b, 12);
    writer_u32le(&b, 0x1b);
    writer_u32le(&b, 0);
    writer_u16le(&b, 0xc003);
    writer_u16le(&b, 8 + 2 * 12);
    writer_u32le(&b, 2);
    writer_bytes(&b, "rdpdr\0\0\0\0\0\x80\x80", 12);
    writer_bytes(&b, "cliprdr\0\0\0\xa0\xc0", 12);
    struct str packet = settings_packet(w, true, writer_str(&b));
    writer_close(&b);
    return packet;
}

static void a_client_of_tls_is_told_at_the_answer(void **state)
{
    struct world *w = *state;
    assert_true(send(w, request(w), true, 0));
    assert_true(send(w, connect_packet(w, 0xd0, STR("\x02\x1f\x08\x00\x02\x00\x00\x00")), false, 1));
    const struct rdp *r = told(w, 0);
    assert_text(r->cookie, "eltons");
    assert_true(r->negotiates);
    assert_int_equal(r->request_flags, 1);
    assert_int_equal(r->requested_protocols, 0x0b);
    assert_int_equal(r->response_flags, 0x1f);
    assert_int_equal(r->security, rdp_security_credssp);
    assert_int_equal(r->unread, unread_encrypted);
    assert_true(r->sealed);
    assert_int_equal(r->request_frame, 1);
    assert_int_equal(r->reply_frame, 2);
    assert_true(
        send(w, (struct str){(const char *)rfc8448_client_hello, sizeof(rfc8448_client_hello)}, true, 2));
    assert_false(
        send(w, (struct str){(const char *)rfc8448_server_hello, sizeof(rfc8448_server_hello)}, false, 3));
    const struct tls *t = token_record(&w->t, 1, RECORD_tls);
    assert_int_equal(t->began_as, protocol_rdp);
}

static void a_refusal_gives_its_code(void **state)
{
    struct world *w = *state;
    (void)send(w, request(w), true, 0);
    (void)send(w, connect_packet(w, 0xd0, STR("\x03\x00\x08\x00\x05\x00\x00\x00")), false, 1);
    assert_int_equal(told(w, 0)->security, rdp_security_refused);
    assert_int_equal(told(w, 0)->failure_code, 5);
    assert_false(told(w, 0)->sealed);
}

static void settings_of_standard_security_are_read(void **state)
{
    struct world *w = *state;
    (void)send(w, connect_packet(w, 0xe0, STR("Cookie: msts=3640205228.15629.0000\r\n")), true, 0);
    assert_true(send(w, connect_packet(w, 0xd0, STR("")), false, 1));
    assert_true(send(w, client_settings(w), true, 2));
    assert_int_equal(w->t.batch.count, 0);
    assert_false(send(w,
                      settings_packet(w, false,
                                      STR("\x01\x0c\x0c\x00\x04\x00\x08\x00\x00\x00\x00\x00"
                                          "\x02\x0c\x0c\x00\x02\x00\x00\x00\x02\x00\x00\x00")),
                      false, 3));
    const struct rdp *r = told(w, 0);
    assert_text(r->routing_token, "3640205228.15629.0000");
    assert_int_equal(r->security, rdp_security_rdp);
    assert_text(r->client_name, "ELTONS-DEV2");
    assert_int_equal(r->client_build, 3790);
    assert_int_equal(r->client_version, 0x00080004);
    assert_int_equal(r->keyboard_layout, 0x409);
    assert_int_equal(r->desktop_width, 1280);
    assert_int_equal(r->desktop_height, 1024);
    assert_int_equal(r->color_depth, 24);
    assert_text(r->product_id, "69712-783");
    assert_int_equal(r->client_encryption_methods, 0x1b);
    assert_int_equal(r->channels.count, 2);
    assert_text(r->channels.at[1], "cliprdr");
    assert_int_equal(r->server_version, 0x00080004);
    assert_int_equal(r->encryption_method, 2);
    assert_int_equal(r->encryption_level, 2);
    assert_true(r->sealed);
    assert_int_equal(r->unread, unread_encrypted);
}

static void security_of_level_none_is_not_sealed(void **state)
{
    struct world *w = *state;
    (void)send(w, connect_packet(w, 0xe0, STR("")), true, 0);
    (void)send(w, connect_packet(w, 0xd0, STR("")), false, 1);
    (void)send(w, settings_packet(w, false, STR("\x02\x0c\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00")), false,
               2);
    assert_false(told(w, 0)->sealed);
    assert_int_equal(told(w, 0)->unread, unread_nothing);
}

static void a_beginning_without_answer_is_told_at_its_deadline(void **state)
{
    struct world *w = *state;
    (void)send(w, request(w), true, 0);
    rdp_expire(w->module, &w->t.out, TOKEN_WORLD_START + 60 * TIME_NS_S);
    assert_text(told(w, 0)->cookie, "eltons");
    assert_int_equal(told(w, 0)->reply_frame, 0);
    assert_true(w->t.batch.records[0].time == TOKEN_WORLD_START + 10 * TIME_NS_S);
}

static void every_prefix_of_a_packet_is_refused(void **state)
{
    struct world *w = *state;
    struct str whole = client_settings(w);
    for (uint32_t size = 0; size < whole.size; size++) {
        char *bytes = malloc(size + 1);
        memcpy(bytes, whole.at, size);
        uint64_t before = w->t.out.malformed;
        (void)send(w, (struct str){bytes, size}, true, 0);
        assert_int_equal(w->t.out.malformed, before + 1);
        struct framing f = rdp_frame((struct str){bytes, size});
        assert_true(f.state == FRAMING_MORE || (f.state == FRAMING_WHOLE && f.want == whole.size));
        free(bytes);
    }
}

static void only_what_names_itself_is_recognised(void **state)
{
    struct world *w = *state;
    assert_true(rdp_probe(request(w)));
    assert_true(rdp_probe(connect_packet(w, 0xd0, STR("\x02\x1f\x08\x00\x02\x00\x00\x00"))));
    /* ISO transport of another application: parameters C0, C1, C2 (X.224 13.3.4). */
    assert_false(rdp_probe(connect_packet(w, 0xe0, STR("\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02"))));
    assert_int_equal(rdp_frame(STR("\x02\x00\x00\x08")).state, FRAMING_BAD);
    bool known;
    assert_true(rdp_is_of_client(request(w), &known) && known);
}

static void state_moves_between_all_messages(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 2; i++) {
        struct rdp_module *moved;
        struct table *from[1], *to[1];
        (void)send(w, i == 0 ? request(w) : client_settings(w), true, (uint64_t)i);
        assert_int_equal(rdp_create(&moved, &options, w->tls), ERR_OK);
        assert_int_equal(rdp_tables(w->module, from), rdp_tables(moved, to));
        token_move_tables(from, to, 1);
        rdp_free(w->module);
        w->module = moved;
    }
    struct place place = token_place(1, true, 5);
    rdp_end(w->module, &w->t.out, &place);
    assert_text(told(w, 0)->cookie, "eltons");
    assert_text(told(w, 0)->client_name, "ELTONS-DEV2");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_client_of_tls_is_told_at_the_answer),
        WITH_WORLD(a_refusal_gives_its_code),
        WITH_WORLD(settings_of_standard_security_are_read),
        WITH_WORLD(security_of_level_none_is_not_sealed),
        WITH_WORLD(a_beginning_without_answer_is_told_at_its_deadline),
        WITH_WORLD(every_prefix_of_a_packet_is_refused),
        WITH_WORLD(only_what_names_itself_is_recognised),
        WITH_WORLD(state_moves_between_all_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
