/*
 * test_recon_dns - questions that map a network by its name service, and those of ordinary hosts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "tests/unit/alerting/world.h"

enum {
    TYPE_A = 1, /* RFC 1035 3.2.2 */
    TYPE_PTR = 12,
    TYPE_AXFR = 252,
    TYPE_ANY = 255,
    NXDOMAIN = 3,
    REFUSED = 5,
};

struct question {
    int number; /* stands in the name */
    uint16_t type;
    uint16_t rcode;
    uint32_t records;
    uint8_t role;
    uint8_t protocol; /* 0: dns */
};

static void ask(struct world *w, const struct question *q)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    struct dns *d = arena_zeroed(&w->in.arena, sizeof(*d));
    char text[64];
    int size = snprintf(text, sizeof(text), "host%d.corp.example", q->number);
    d->name = arena_copy(&w->in.arena, (struct str){.at = text, .size = (uint32_t)size});
    d->protocol = q->protocol ? q->protocol : (uint8_t)protocol_dns;
    d->operation = dns_operation_query;
    d->qtype = q->type;
    d->rcode = q->rcode;
    d->reply_frame = 2;
    d->transfer_records = q->records;
    a->kind = activity_kind_name_query;
    a->protocol = d->protocol;
    a->outcome = q->rcode ? outcome_failure : outcome_success;
    a->source_ip = world_address("10.0.0.66");
    a->target_ip = world_address("10.0.0.10");
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->source_role = q->role;
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    a->dns.at = d;
    a->dns.count = 1;
    struct record record = {.type = RECORD_activity,
                            .role = entity_role_source_device,
                            .time = w->now,
                            .key = a->source,
                            .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, record.role);
    batch_append(&w->in, &record);
}

static void a_zone_given_to_no_name_server_is_told(void **state)
{
    struct world *w = *state;
    ask(w, &(struct question){.type = TYPE_AXFR, .records = 120});
    world_end(w);
    const struct alert *alert = world_alert(w, "dns-reconnaissance");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(str_equal(alert->target.accounts.at[0], STR("host0.corp.example")));
}

static void a_zone_refused_is_told_quietly(void **state)
{
    struct world *w = *state;
    ask(w, &(struct question){.type = TYPE_AXFR, .rcode = REFUSED});
    world_end(w);
    assert_int_equal(world_alert(w, "dns-reconnaissance")->severity, severity_low);
    assert_int_equal(world_alert(w, "dns-reconnaissance")->outcome, outcome_failure);
}

static void a_domain_controller_may_copy_a_zone(void **state)
{
    struct world *w = *state;
    ask(w, &(struct question){.type = TYPE_AXFR, .records = 120, .role = device_role_domain_controller});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void many_names_that_do_not_exist_are_told_once(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 60; i++)
        ask(w, &(struct question){.number = i, .type = TYPE_A, .rcode = NXDOMAIN});
    world_end(w);
    assert_int_equal(world_alert(w, "dns-reconnaissance")->severity, severity_low);
    assert_int_equal(world_alert(w, "dns-reconnaissance")->count, 21);
}

static void a_sweep_of_addresses_and_questions_for_all_records_are_told(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++)
        ask(w, &(struct question){.number = i, .type = TYPE_ANY});
    for (int i = 0; i < 45; i++)
        ask(w, &(struct question){.number = i, .type = TYPE_PTR});
    world_end(w);
    assert_int_equal(world_alert(w, "dns-reconnaissance")->count, 1 + 6);
}

static void questions_of_an_ordinary_host_are_quiet(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 2000; i++) {
        ask(w, &(struct question){.number = i, .type = TYPE_A});
        ask(w, &(struct question){.number = i % 3, .type = TYPE_A, .rcode = NXDOMAIN});
        ask(w, &(struct question){.number = i % 5, .type = TYPE_PTR});
        ask(w,
            &(struct question){.number = i, .type = TYPE_A, .rcode = NXDOMAIN, .protocol = protocol_llmnr});
    }
    for (int i = 0; i < 200; i++) {
        ask(w, &(struct question){.number = i, .type = TYPE_A, .rcode = NXDOMAIN});
        world_wait(w, 3 * TIME_NS_S);
    }
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_zone_given_to_no_name_server_is_told),
        TEST(a_zone_refused_is_told_quietly),
        TEST(a_domain_controller_may_copy_a_zone),
        TEST(many_names_that_do_not_exist_are_told_once),
        TEST(a_sweep_of_addresses_and_questions_for_all_records_are_told),
        TEST(questions_of_an_ordinary_host_are_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
