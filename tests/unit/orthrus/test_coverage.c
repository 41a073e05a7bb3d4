/*
 * test_coverage - what is said of what could not be seen, from flows and observations made by hand.
 */
#include "services/orthrus/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/text.h"

struct world {
    struct results results;
    struct batch batch;
    struct writer w;
};

static int open_world(void **state)
{
    static struct world world;
    world = (struct world){0};
    *state = &world;
    batch_init(&world.batch);
    return results_open(&world.results, (struct hash_key){1, 2}) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    writer_close(&w->w);
    batch_close(&w->batch);
    results_close(&w->results);
    return 0;
}

static struct addr v4(uint8_t last)
{
    return (struct addr){.family = 4, .byte = {10, 0, 0, last}};
}

static struct flow *add_flow(struct world *w, uint16_t port, uint8_t protocol, uint32_t messages)
{
    struct flow *flow = batch_add(&w->batch, RECORD_flow, 1000, (struct id){.low = w->batch.count + 1});
    flow->server = v4(9);
    flow->server_port = port;
    flow->protocol = protocol;
    flow->messages = messages;
    return flow;
}

static void add_call(struct world *w, uint16_t port, uint8_t unread)
{
    struct rpc *rpc = batch_add(&w->batch, RECORD_rpc, 1000, (struct id){.low = w->batch.count + 1});
    rpc->server = v4(9);
    rpc->server_port = port;
    rpc->unread = unread;
}

static void finish(struct world *w)
{
    results_feed(&w->results, &w->batch);
    results_finish(&w->results);
}

static const char *text_of(struct world *w)
{
    struct text_style style = {.columns = 120};
    coverage_write_text(&w->results, &style, &w->w);
    writer_u8(&w->w, 0);
    return (const char *)w->w.bytes;
}

#define assert_says(text, part)  assert_non_null(strstr((text), (part)))
#define assert_never(text, part) assert_null(strstr((text), (part)))

static void calls_inside_another_protocol_have_a_row_without_flows(void **state)
{
    struct world *w = *state;
    add_flow(w, 445, protocol_smb, 10);
    add_call(w, 445, unread_nothing);
    add_call(w, 445, unread_encrypted);
    add_call(w, 445, unread_bind_missing);
    finish(w);
    assert_int_equal(w->results.coverage_count, 2);
    const struct results_coverage *rpc = &w->results.coverage[1];
    assert_int_equal(rpc->protocol, protocol_rpc);
    assert_int_equal(rpc->flows, 0);
    assert_int_equal(rpc->exchanges, 3);
    struct coverage_share share = coverage_share(rpc);
    assert_int_equal(share.amount, 3);
    assert_int_equal(share.whole, 1);
    assert_int_equal(share.sealed, 1);
}

static void a_flow_counts_its_messages(void **state)
{
    struct world *w = *state;
    struct flow *flow = add_flow(w, 445, protocol_smb, 10);
    flow->sealed_messages = 4;
    flow->malformed_messages = 1;
    finish(w);
    struct coverage_share share = coverage_share(&w->results.coverage[0]);
    assert_int_equal(share.amount, 10);
    assert_int_equal(share.whole, 5);
    assert_int_equal(share.sealed, 4);
    assert_int_equal(coverage_percent(share.whole, share.amount), 50);
}

static void each_gap_speaks_only_when_it_is_there(void **state)
{
    struct world *w = *state;
    add_flow(w, 88, protocol_kerberos, 2)->one_sided = true;
    add_flow(w, 445, protocol_smb, 2)->midstream = true;
    add_flow(w, 636, protocol_tls, 2);
    add_call(w, 135, unread_encrypted);
    finish(w);
    const char *text = text_of(w);
    assert_says(text, "- No LDAP.");
    assert_says(text, "- No DNS.");
    assert_says(text, "- LDAP inside TLS (1 conversation).");
    assert_says(text, "- Sealed RPC (1 message).");
    assert_says(text, "- One direction only (1 conversation).");
    assert_says(text, "- Missing beginnings (1 conversation).");
    assert_never(text, "No Kerberos");
    assert_never(text, "No SMB");
    assert_never(text, "Encrypted SMB");
    assert_never(text, "Gaps");
    assert_never(text, "WinRM");
}

static void traffic_that_is_not_read_is_a_number_and_no_gap(void **state)
{
    struct world *w = *state;
    add_flow(w, 9999, protocol_unknown, 0)->lost_bytes = 5;
    finish(w);
    const char *text = text_of(w);
    assert_says(text, "1 more conversations are of no protocol that is read.");
    assert_never(text, "Gaps");
}

static void a_name_cannot_speak_to_the_terminal(void **state)
{
    struct world *w = *state;
    struct binding *b = batch_add(&w->batch, RECORD_binding, 1000, (struct id){.low = 1});
    b->kind = binding_kind_address_name;
    b->address = v4(9);
    b->name = STR("\x1b[31mDC");
    b->certainty = 90;
    add_flow(w, 88, protocol_kerberos, 2);
    finish(w);
    assert_never(text_of(w), "\x1b");
}

static void every_gap_has_its_texts(void **state)
{
    (void)state;
    for (size_t i = 0; coverage_gap_at(i); i++) {
        const struct coverage_gap *gap = coverage_gap_at(i);
        assert_true(strlen(gap->title) > 0 && strlen(gap->hides) > 0 && strlen(gap->change) > 0);
        assert_true(gap->absent || strlen(gap->unit) > 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(calls_inside_another_protocol_have_a_row_without_flows),
        TEST(a_flow_counts_its_messages),
        TEST(each_gap_speaks_only_when_it_is_there),
        TEST(traffic_that_is_not_read_is_a_number_and_no_gap),
        TEST(a_name_cannot_speak_to_the_terminal),
        cmocka_unit_test(every_gap_has_its_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
