/*
 * test_alerting - findings from their first act to their last word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/alerting/world.h"

enum {
    WRONG_PASSWORD = 24,
    DRS_GET_NC_CHANGES = 3,
};

static const char *const people[] = {"adams", "baker", "clark", "davis", "evans", "frank", "ghosh", "hills",
                                     "irwin", "jones", "klein", "lopez", "mason", "nolan", "owens", "perez",
                                     "quinn", "reyes", "scott", "trent", "usher", "vance", "wells", "young"};

static void a_finding_that_went_quiet_is_closed_and_the_next_is_another_alert(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_wait(w, 13 * TIME_NS_HOUR);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_high), 2);
}

static void what_is_no_act_does_not_keep_a_finding_open(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 11; i++)
        world_ntlm(w, "10.0.0.66", "adams", 0xC000006A);
    time_ns last = w->now;
    world_wait(w, 5 * TIME_NS_HOUR);
    for (int i = 0; i < 11; i++)
        world_ntlm(w, "10.0.0.67", "baker", 0xC000006A);
    world_wait(w, 6 * TIME_NS_HOUR);
    world_ntlm(w, "10.0.0.5", "adams", 0);
    uint32_t told = w->alerts.count;
    world_wait(w, 2 * TIME_NS_HOUR);
    world_ntlm(w, "10.0.0.7", "clark", 0);
    assert_int_equal(w->alerts.count, told + 1);
    assert_int_equal(w->alerts.records[told].time, last + 12 * TIME_NS_HOUR);
}

static void a_finding_that_makes_room_is_told_as_it_stands(void **state)
{
    struct world *w = *state;
    stage_close(&w->stage);
    w->options.findings = 8;
    assert_int_equal(alerting_create(&w->stage, &w->options), ERR_OK);
    for (int i = 0; i < 15; i++)
        world_ntlm(w, "10.0.0.66", "adams", 0xC000006A);
    for (int i = 1; i < 20; i++)
        world_as(w, "10.0.0.5", people[i], WRONG_PASSWORD, true);
    const struct alert *alert = world_alert(w, "brute-force");
    assert_int_equal(alert->count, 15);
    assert_int_equal(alert->revision, 2);
}

static void state_survives_a_restore_after_every_activity(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++) {
        world_as(w, "10.0.0.66", people[i], WRONG_PASSWORD, true);
        struct writer saved = {0};
        stage_save(&w->stage, &saved);
        stage_close(&w->stage);
        assert_int_equal(alerting_create(&w->stage, &w->options), ERR_OK);
        struct reader r = reader_of(saved.bytes, saved.size);
        assert_true(stage_load(&w->stage, &r));
        writer_close(&saved);
    }
    world_end(w);
    assert_int_equal(world_alert(w, "password-spray")->target.account_count, 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_finding_that_went_quiet_is_closed_and_the_next_is_another_alert),
        TEST(what_is_no_act_does_not_keep_a_finding_open),
        TEST(a_finding_that_makes_room_is_told_as_it_stands),
        TEST(state_survives_a_restore_after_every_activity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
