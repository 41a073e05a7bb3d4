/*
 * test_radius - requests and answers of RADIUS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/radius.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct radius_options options = {
    .requests = 4, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

/* RFC 2865 7.1: user nemo logs in by telnet, and is let in. */
#define NEMO_REQUEST                                                                                         \
    "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee"               \
    "0406c0a80110050600000003"
#define NEMO_ACCEPT "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103"
/* RFC 2865 7.2: user flopsy proves himself by CHAP. */
#define FLOPSY_REQUEST                                                                                       \
    "010100472aee86f08d0d55969ca5978e0d3367a20108666c6f7073790313"                                           \
    "16e97555c3161858959551f14e5ff97f8a"                                                                     \
    "0406c0a801100506000000140606000000020706000000"                                                         \
    "01"

struct world {
    struct token_world t;
    struct radius_module *module;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    *state = &world;
    return radius_create(&world.module, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    radius_free(w->module);
    token_world_close(&w->t);
    return 0;
}

static void send(struct world *w, struct str packet, uint64_t flow, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(flow, to_server, at_ms);
    place.server_port = 1812;
    place.transport = transport_udp;
    radius_message(w->module, &w->t.out, &place, packet, packet.size);
}

static const struct radius *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_radius);
}

static void the_login_of_the_rfc_is_one_observation(void **state)
{
    struct world *w = *state;
    send(w, token_hex(&w->t, NEMO_REQUEST), 1, true, 0);
    send(w, token_hex(&w->t, NEMO_REQUEST), 1, true, 1);
    assert_int_equal(w->t.batch.count, 0);
    send(w, token_hex(&w->t, NEMO_ACCEPT), 1, false, 5);
    assert_int_equal(w->t.batch.count, 1);
    const struct radius *r = told(w, 0);
    assert_int_equal(r->code, radius_code_access_request);
    assert_int_equal(r->reply, radius_code_access_accept);
    assert_int_equal(r->asked, 2);
    assert_int_equal(r->request_frame, 1);
    assert_int_equal(r->reply_frame, 6);
    assert_text(r->user_name, "nemo");
    assert_int_equal(r->method, radius_method_pap);
    assert_int_equal(r->nas_address.byte[3], 0x10);
    assert_int_equal(r->nas_port, 3);
    assert_int_equal(r->service_type, 1);
    assert_int_equal(r->attributes.count, 4);
    assert_int_equal(r->reply_attributes.count, 3);
    assert_int_equal(w->t.out.malformed, 0);
}

static void a_request_without_an_answer_is_told_at_its_deadline(void **state)
{
    struct world *w = *state;
    send(w, token_hex(&w->t, NEMO_REQUEST), 1, true, 0);
    radius_expire(w->module, &w->t.out, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(w->t.batch.count, 0);
    radius_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + options.timeout);
    assert_int_equal(told(w, 0)->reply, radius_code_unknown);
}

static void an_answer_to_nothing_is_told_alone(void **state)
{
    struct world *w = *state;
    send(w, token_hex(&w->t, NEMO_REQUEST), 2, true, 0);
    send(w, token_hex(&w->t, NEMO_ACCEPT), 1, false, 5);
    assert_int_equal(told(w, 0)->request_frame, 0);
    assert_int_equal(told(w, 0)->code, radius_code_unknown);
    assert_int_equal(told(w, 0)->reply_frame, 6);
}

static void an_identifier_used_again_is_another_request(void **state)
{
    struct world *w = *state;
    struct str first = token_hex(&w->t, NEMO_REQUEST);
    send(w, first, 1, true, 0);
    struct str second = arena_copy(&w->t.batch.arena, first);
    ((char *)(uintptr_t)second.at)[4] ^= 1; /* another authenticator */
    send(w, second, 1, true, 1);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 0);
    send(w, token_hex(&w->t, NEMO_ACCEPT), 1, false, 2);
    assert_int_equal(told(w, 1)->request_frame, 2);
}

static void every_prefix_is_refused_or_told_as_truncated(void **state)
{
    struct world *w = *state;
    struct str whole = token_hex(&w->t, NEMO_ACCEPT);
    for (uint32_t size = 0; size < whole.size; size++) {
        w->t.out.malformed = 0;
        uint32_t before = w->t.batch.count;
        /* As it stands on the wire: its own length says more than there is. */
        send(w, (struct str){.at = whole.at, .size = size}, size + 2, false, size);
        assert_int_equal(w->t.out.malformed, 1);
        /* As the capture cut it. */
        struct place place = token_place(size + 100, false, size);
        place.transport = transport_udp;
        radius_message(w->module, &w->t.out, &place, (struct str){.at = whole.at, .size = size}, whole.size);
        assert_int_equal(w->t.out.malformed, 1);
        assert_int_equal(w->t.batch.count, before + 1 + (size >= 20));
        if (size >= 20)
            assert_int_equal(told(w, before + 1)->unread, unread_truncated);
    }
}

static void an_attribute_shorter_than_its_own_head_is_malformed(void **state)
{
    struct world *w = *state;
    struct str packet = token_hex(&w->t, NEMO_REQUEST);
    ((char *)(uintptr_t)packet.at)[21] = 1;
    send(w, packet, 1, true, 0);
    assert_int_equal(w->t.out.malformed, 1);
    radius_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(told(w, 1)->unread, unread_malformed);
}

/* Attributes behind a header of that code; the same authenticator in every packet. */
static struct str packet_of(struct world *w, const char *head, const char *attributes)
{
    char hex[1024];
    size_t size = 20 + strlen(attributes) / 2;
    REQUIRE(size < 256 && strlen(attributes) < sizeof(hex) - 80);
    (void)snprintf(hex, sizeof(hex), "%s00%02zx%032d%s", head, size, 0, attributes);
    return token_hex(&w->t, hex);
}

static void octets_have_gigawords_and_tunnels_have_tags(void **state)
{
    struct world *w = *state;
    send(w,
         packet_of(w, "0407",
                   "280600000002"
                   "2a0600000005"
                   "340600000001"
                   "2b0600000007"
                   "31060000000a"
                   "40060100000d"
                   "4105"
                   "013432" /* length 5: text with a tag, of a type that wants a number */
                   "5105013432"
                   "42063a2e2e2e"),
         1, true, 0);
    radius_expire(w->module, &w->t.out, TIME_NS_END);
    const struct radius *r = told(w, 0);
    assert_int_equal(r->acct_status, 2);
    assert_true(r->in_octets == ((uint64_t)1 << 32 | 5));
    assert_true(r->out_octets == 7);
    assert_int_equal(r->terminate_cause, 10);
    assert_int_equal(r->tunnel_type, 13);
    assert_int_equal(r->tunnel_medium, 0);
    assert_text(r->tunnel_group, "42");
    assert_text(r->tunnel_client, ":...");
}

static void an_identity_may_be_spread_over_eap_attributes(void **state)
{
    struct world *w = *state;
    send(w,
         packet_of(w, "0107",
                   "4f0802050008"
                   "0161"
                   "4f046263"),
         1, true, 0);
    radius_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(told(w, 0)->method, radius_method_eap);
    assert_int_equal(told(w, 0)->eap_type, 1);
    assert_text(told(w, 0)->eap_identity, "abc");
}

static void a_microsoft_response_leaves_as_a_fingerprint(void **state)
{
    struct world *w = *state;
    struct str response = token_hex(&w->t, "0100aabbcc");
    send(w,
         packet_of(w, "0107",
                   "1a0d00000137"
                   "19070100aabbcc"),
         1, true, 0);
    send(w,
         packet_of(w, "0307",
                   "1a0e00000137"
                   "020801453d363931"),
         1, false, 1);
    const struct radius *r = told(w, 0);
    assert_int_equal(r->method, radius_method_mschap2);
    assert_true(id_equal(r->ms_chap_response, decode_fingerprint(&w->t.out, response)));
    assert_text(r->ms_chap_error, "E=691");
}

static void the_chap_login_of_the_rfc_names_its_method(void **state)
{
    struct world *w = *state;
    send(w, token_hex(&w->t, FLOPSY_REQUEST), 1, true, 0);
    radius_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.out.malformed, 0);
    assert_int_equal(told(w, 0)->method, radius_method_chap);
    assert_text(told(w, 0)->user_name, "flopsy");
    assert_int_equal(told(w, 0)->nas_port, 20);
}

static void a_flood_does_not_grow_and_is_told(void **state)
{
    struct world *w = *state;
    struct table *table;
    assert_int_equal(radius_tables(w->module, &table), 1);
    for (uint64_t flow = 1; flow <= 100; flow++)
        send(w, token_hex(&w->t, NEMO_REQUEST), flow, true, flow);
    assert_int_equal(table_count(table), options.requests);
    assert_int_equal(w->t.batch.count, 100 - options.requests);
}

static void state_can_be_saved_and_restored_between_both(void **state)
{
    struct world *w = *state;
    struct table *from, *to;
    struct radius_module *next;
    send(w, token_hex(&w->t, NEMO_REQUEST), 1, true, 0);
    assert_int_equal(radius_create(&next, &options), ERR_OK);
    (void)radius_tables(w->module, &from);
    (void)radius_tables(next, &to);
    token_move_tables(&from, &to, 1);
    radius_free(w->module);
    w->module = next;
    send(w, token_hex(&w->t, NEMO_ACCEPT), 1, false, 5);
    assert_text(told(w, 0)->user_name, "nemo");
    assert_int_equal(told(w, 0)->attributes.count, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(the_login_of_the_rfc_is_one_observation),
        TEST(a_request_without_an_answer_is_told_at_its_deadline),
        TEST(an_answer_to_nothing_is_told_alone),
        TEST(an_identifier_used_again_is_another_request),
        TEST(every_prefix_is_refused_or_told_as_truncated),
        TEST(an_attribute_shorter_than_its_own_head_is_malformed),
        TEST(octets_have_gigawords_and_tunnels_have_tags),
        TEST(an_identity_may_be_spread_over_eap_attributes),
        TEST(a_microsoft_response_leaves_as_a_fingerprint),
        TEST(the_chap_login_of_the_rfc_names_its_method),
        TEST(a_flood_does_not_grow_and_is_told),
        TEST(state_can_be_saved_and_restored_between_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
