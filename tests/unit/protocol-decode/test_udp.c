/*
 * test_udp - datagrams summed to conversations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/udp.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct udp_options options = {
    .conversations = 2, .idle_timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};

struct world {
    struct token_world t;
    struct udp *udp;
};

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    *state = &world;
    return udp_create(&world.udp, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    udp_free(w->udp);
    token_world_close(&w->t);
    return 0;
}

/* A datagram of the client whose address ends in that number. */
static void add(struct world *w, uint8_t client, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(client, to_server, at_ms);
    place.client.byte[3] = client;
    place.client_port = (uint16_t)(50000 + at_ms);
    place.transport = transport_udp;
    udp_add(w->udp, &w->t.out, &place, protocol_kerberos,
            &(struct udp_read){.bytes = 100, .messages = 1, .sealed_messages = to_server});
}

static void expire(struct world *w, uint64_t at_ms)
{
    udp_expire(w->udp, &w->t.out, TOKEN_WORLD_START + (time_ns)at_ms * TIME_NS_MS);
}

static const struct flow *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_flow);
}

static void what_two_hosts_send_is_one_conversation_whatever_the_ports(void **state)
{
    struct world *w = *state;
    add(w, 20, true, 0);
    add(w, 20, false, 1);
    add(w, 20, true, 500);
    expire(w, 10500);
    assert_int_equal(w->t.batch.count, 0);
    expire(w, 10501);
    const struct flow *flow = told(w, 0);
    assert_int_equal(w->t.batch.count, 1);
    assert_true(w->t.batch.records[0].time == TOKEN_WORLD_START + 10500 * TIME_NS_MS);
    assert_int_equal(flow->protocol, protocol_kerberos);
    assert_int_equal(flow->packets, 3);
    assert_int_equal(flow->bytes, 300);
    assert_int_equal(flow->messages, 3);
    assert_int_equal(flow->sealed_messages, 2);
    assert_int_equal(flow->client_port, 0);
    assert_int_equal(flow->server_port, 88);
    assert_int_equal(flow->request_frame, 501);
    assert_false(flow->one_sided);
}

static void at_the_end_each_is_told_at_its_last_datagram(void **state)
{
    struct world *w = *state;
    add(w, 20, true, 0);
    add(w, 21, false, 7);
    udp_expire(w->udp, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 2);
    assert_true(w->t.batch.records[1].time == TOKEN_WORLD_START + 7 * TIME_NS_MS);
    assert_true(told(w, 0)->one_sided);
    assert_true(told(w, 1)->one_sided);
    assert_false(id_equal(told(w, 0)->flow, told(w, 1)->flow));
}

static void one_too_many_tells_the_one_silent_longest(void **state)
{
    struct world *w = *state;
    add(w, 20, true, 0);
    add(w, 21, true, 1);
    add(w, 20, true, 2);
    add(w, 22, true, 3);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->client.byte[3], 21);
    assert_true(w->t.batch.records[0].time == TOKEN_WORLD_START + 3 * TIME_NS_MS);
}

static void a_restored_conversation_goes_on(void **state)
{
    struct world *w = *state;
    struct table *from[1], *to[1];
    struct udp *moved;
    add(w, 20, true, 0);
    assert_int_equal(udp_create(&moved, &options), ERR_OK);
    token_move_tables((udp_tables(w->udp, from), from), (udp_tables(moved, to), to), 1);
    udp_free(w->udp);
    w->udp = moved;
    add(w, 20, false, 5);
    udp_expire(w->udp, &w->t.out, TIME_NS_END);
    assert_int_equal(told(w, 0)->packets, 2);
    assert_false(told(w, 0)->one_sided);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_two_hosts_send_is_one_conversation_whatever_the_ports),
        TEST(at_the_end_each_is_told_at_its_last_datagram),
        TEST(one_too_many_tells_the_one_silent_longest),
        TEST(a_restored_conversation_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
