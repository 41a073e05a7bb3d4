/*
 * test_results - what is kept of a stream of records: last revisions, sums, the most certain names, within
 * bounds.
 */
#include "services/orthrus/results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/text.h"

static const struct hash_key seed = {0x5eed, 0xbeef};

static struct addr v4(uint8_t last)
{
    return (struct addr){.family = 4, .byte = {10, 0, 0, last}};
}

static void add_alert(struct batch *batch, uint64_t id, uint32_t revision, time_ns first_seen)
{
    struct alert *alert = batch_add(batch, RECORD_alert, first_seen, (struct id){.high = 1, .low = id});
    alert->revision = revision;
    alert->first_seen = first_seen;
    alert->title =
        arena_print(&batch->arena, "alert %llu as told for the %u. time", (unsigned long long)id, revision);
}

static struct flow *add_flow(struct batch *batch, uint8_t server, uint16_t port, uint8_t protocol)
{
    struct flow *flow = batch_add(batch, RECORD_flow, 1000, (struct id){.low = batch->count + 1});
    flow->client = v4(200);
    flow->server = v4(server);
    flow->server_port = port;
    flow->protocol = protocol;
    flow->messages = 3;
    return flow;
}

static struct binding *add_binding(struct batch *batch, uint8_t address, const char *name, uint8_t certainty)
{
    struct binding *b =
        batch_add(batch, RECORD_binding, 1000 + batch->count, (struct id){.low = batch->count + 1});
    b->kind = binding_kind_address_name;
    b->address = v4(address);
    b->name = str_of(name);
    b->certainty = certainty;
    b->by = resolved_by_ntlm_workstation;
    return b;
}

static void feed(struct results *results, struct batch *batch)
{
    results_feed(results, batch);
    /* What was fed may be gone afterwards. */
    batch_close(batch);
    batch_init(batch);
}

static const struct alert *alert_at(const struct results *results, uint32_t index)
{
    return results->alerts[index].body;
}

static void the_last_revision_of_an_alert_is_kept(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    add_alert(&batch, 7, 1, 50);
    add_alert(&batch, 7, 3, 50);
    feed(&results, &batch);
    add_alert(&batch, 7, 2, 50);
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(results.alert_count, 1);
    assert_int_equal(alert_at(&results, 0)->revision, 3);
    assert_true(str_equal(alert_at(&results, 0)->title, STR("alert 7 as told for the 3. time")));
    batch_close(&batch);
    results_close(&results);
}

static void alerts_stand_in_order_of_time_and_ties_in_order_of_id(void **state)
{
    (void)state;
    static const uint64_t expected[] = {4, 2, 9, 1};
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    add_alert(&batch, 9, 1, 50);
    add_alert(&batch, 1, 1, 60);
    add_alert(&batch, 2, 1, 50);
    add_alert(&batch, 4, 1, -5);
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(results.alert_count, ARRAY_COUNT(expected));
    for (uint32_t i = 0; i < ARRAY_COUNT(expected); i++)
        assert_int_equal(results.alerts[i].id.low, expected[i]);
    batch_close(&batch);
    results_close(&results);
}

static void an_alert_told_a_hundred_thousand_times_takes_little_memory(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    for (uint32_t revision = 1; revision <= 100000; revision++) {
        add_alert(&batch, revision % 3, revision, 50);
        results_feed(&results, &batch);
        batch_reset(&batch);
        assert_true(results.arena.used_bytes < 2 << 20);
    }
    results_finish(&results);
    assert_int_equal(results.alert_count, 3);
    assert_int_equal(alert_at(&results, 0)->revision, 99999);
    assert_true(results.arena.used_bytes < 1 << 20);
    batch_close(&batch);
    results_close(&results);
}

static void more_alerts_than_can_be_held_are_counted(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    for (uint32_t i = 0; i < RESULTS_ALERTS_MAX + 10; i++) {
        add_alert(&batch, i, 1, i);
        if (batch.count == 4096)
            feed(&results, &batch);
    }
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(results.alert_count, RESULTS_ALERTS_MAX);
    assert_int_equal(results.alerts_forgotten, 10);
    assert_int_equal(results.alerts[0].id.low, 10);
    assert_int_equal(results.alerts[RESULTS_ALERTS_MAX - 1].id.low, RESULTS_ALERTS_MAX + 9);
    batch_close(&batch);
    results_close(&results);
}

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

static void random_alerts_end_as_in_a_naive_model(void **state)
{
    (void)state;
    enum { IDS = 500, STEPS = 40000 };
    static uint32_t model[IDS]; /* the highest revision of each */
    uint64_t random = 0x9e3779b97f4a7c15u;
    uint32_t held = 0;
    struct results results;
    struct batch batch;
    printf("seed %llx\n", (unsigned long long)random);
    batch_init(&batch);
    memset(model, 0, sizeof(model));
    assert_int_equal(results_open(&results, seed), ERR_OK);
    for (int i = 0; i < STEPS; i++) {
        uint32_t id = (uint32_t)(next_random(&random) % IDS),
                 revision = 1 + (uint32_t)(next_random(&random) % 900);
        model[id] = revision > model[id] ? revision : model[id];
        add_alert(&batch, id, revision, (time_ns)id * 10);
        if (next_random(&random) % 50 == 0)
            feed(&results, &batch);
    }
    feed(&results, &batch);
    results_finish(&results);
    for (uint32_t id = 0; id < IDS; id++) {
        if (model[id] == 0)
            continue;
        assert_int_equal(results.alerts[held].id.low, id);
        assert_int_equal(alert_at(&results, held)->revision, model[id]);
        held++;
    }
    assert_int_equal(results.alert_count, held);
    batch_close(&batch);
    results_close(&results);
}

static void flows_add_up_by_server_port_and_protocol(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    add_flow(&batch, 9, 445, protocol_smb)->sealed_messages = 2;
    add_flow(&batch, 9, 445, protocol_smb)->midstream = true;
    add_flow(&batch, 9, 445, protocol_rpc);
    add_flow(&batch, 9, 88, protocol_kerberos)->one_sided = true;
    add_flow(&batch, 3, 88, protocol_kerberos)->lost_bytes = 77;
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(results.coverage_count, 4);
    assert_int_equal(results.coverage[0].server.byte[3], 3);
    assert_int_equal(results.coverage[0].lost_bytes, 77);
    assert_int_equal(results.coverage[1].port, 88);
    assert_int_equal(results.coverage[1].one_sided_flows, 1);
    assert_int_equal(results.coverage[2].protocol, protocol_smb);
    assert_int_equal(results.coverage[2].flows, 2);
    assert_int_equal(results.coverage[2].messages, 6);
    assert_int_equal(results.coverage[2].sealed_messages, 2);
    assert_int_equal(results.coverage[2].midstream_flows, 1);
    assert_int_equal(results.coverage[3].protocol, protocol_rpc);
    batch_close(&batch);
    results_close(&results);
}

static void flows_make_devices_known_but_not_those_of_other_protocols(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    add_flow(&batch, 9, 443, protocol_unknown)->client = v4(4);
    add_flow(&batch, 5, 88, protocol_kerberos);
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(results.entity_count, 2);
    assert_int_equal(results.entities[0].address.byte[3], 5);
    assert_int_equal(results.entities[1].address.byte[3], 200);
    assert_true(results.entities[0].first_seen == TIME_NS_NONE);
    batch_close(&batch);
    results_close(&results);
}

static void a_less_certain_name_does_not_replace_a_more_certain_one(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    add_binding(&batch, 5, "ATTACKER", 50);
    add_binding(&batch, 5, "WS2", 95);
    add_binding(&batch, 5, "LIAR", 50);
    feed(&results, &batch);
    struct addr known = v4(5), unknown = v4(6), none = {0};
    results_finish(&results);
    assert_string_equal(results.entities[0].host, "WS2");
    assert_int_equal(results.entities[0].host_certainty, 95);
    assert_int_equal(results.entities[0].first_seen, 1000);
    assert_int_equal(results.entities[0].last_seen, 1002);
    assert_true(str_equal(results_device(&results, &known), STR("WS2 (10.0.0.5)")));
    assert_true(str_equal(results_device(&results, &unknown), STR("10.0.0.6")));
    assert_int_equal(results_device(&results, &none).size, 0);
    batch_close(&batch);
    results_close(&results);
}

static void accounts_and_roles_are_kept_beside_the_name(void **state)
{
    (void)state;
    struct results results;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    struct binding *b = add_binding(&batch, 5, "alice", 90);
    b->kind = binding_kind_address_account;
    b->domain = STR("CORP");
    b = add_binding(&batch, 5, "", 100);
    b->kind = binding_kind_address_role;
    b->role = device_role_domain_controller;
    b = add_binding(&batch, 5, "", 0);
    b->kind = binding_kind_address_role;
    b->role = device_role_domain_controller_candidate;
    b = add_binding(&batch, 5, "", 90);
    b->kind = binding_kind_ticket_account;
    b->address = (struct addr){0};
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(results.entity_count, 1);
    assert_string_equal(results.entities[0].account, "alice");
    assert_string_equal(results.entities[0].domain, "CORP");
    assert_string_equal(results.entities[0].host, "");
    assert_int_equal(results.entities[0].role, device_role_domain_controller);
    batch_close(&batch);
    results_close(&results);
}

static void a_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    char name[RESULTS_NAME_BYTES * 2] = {0};
    struct results results;
    struct batch batch;
    for (size_t i = 0; i + 2 < sizeof(name); i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    batch_init(&batch);
    assert_int_equal(results_open(&results, seed), ERR_OK);
    add_binding(&batch, 5, name, 50);
    feed(&results, &batch);
    results_finish(&results);
    assert_int_equal(strlen(results.entities[0].host), RESULTS_NAME_BYTES - 2);
    batch_close(&batch);
    results_close(&results);
}

static void files_are_shown_without_the_folders_that_all_stand_in(void **state)
{
    (void)state;
    static const struct results_input inputs[] = {{.path = {"/cases/17/dc.pcap", 17}},
                                                  {.path = {"/cases/17/b/dc.pcap", 19}},
                                                  {.path = {"/cases/170", 10}}};
    struct results results;
    assert_int_equal(results_open(&results, seed), ERR_OK);
    assert_true(str_equal(results_file(&results, STR("/x/y.pcap")), STR("/x/y.pcap")));
    results.inputs = inputs;
    results.input_count = 1;
    assert_true(str_equal(results_file(&results, STR("/cases/17/dc.pcap")), STR("dc.pcap")));
    assert_true(str_equal(results_file(&results, STR("-")), STR("-")));
    results.input_count = 2;
    assert_true(str_equal(results_file(&results, STR("/cases/17/b/dc.pcap")), STR("b/dc.pcap")));
    results.input_count = 3;
    assert_true(str_equal(results_file(&results, STR("/cases/17/dc.pcap")), STR("17/dc.pcap")));
    assert_true(str_equal(results_file(&results, STR("/elsewhere")), STR("/elsewhere")));
    results_finish(&results);
    results_close(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_revision_of_an_alert_is_kept),
        cmocka_unit_test(alerts_stand_in_order_of_time_and_ties_in_order_of_id),
        cmocka_unit_test(an_alert_told_a_hundred_thousand_times_takes_little_memory),
        cmocka_unit_test(more_alerts_than_can_be_held_are_counted),
        cmocka_unit_test(random_alerts_end_as_in_a_naive_model),
        cmocka_unit_test(flows_add_up_by_server_port_and_protocol),
        cmocka_unit_test(flows_make_devices_known_but_not_those_of_other_protocols),
        cmocka_unit_test(a_less_certain_name_does_not_replace_a_more_certain_one),
        cmocka_unit_test(accounts_and_roles_are_kept_beside_the_name),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
        cmocka_unit_test(files_are_shown_without_the_folders_that_all_stand_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
