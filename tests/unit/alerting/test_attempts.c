/*
 * test_attempts - sprays, brute force and enumerations that must be told, and logons that look alike and must
 * not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/alerting/world.h"

enum {
    UNKNOWN_NAME = 6,
    REVOKED = 18,
    WRONG_PASSWORD = 24,
    ASKED_FOR_KEY = 25,
    SKEW = 37,
};

static const char *const people[] = {"adams", "baker", "clark", "davis", "evans", "frank", "ghosh", "hills",
                                     "irwin", "jones", "klein", "lopez", "mason", "nolan", "owens", "perez",
                                     "quinn", "reyes", "scott", "trent", "usher", "vance", "wells", "young"};

static bool holds(struct str text, const char *part)
{
    return memmem(text.at, text.size, part, strlen(part)) != NULL;
}

/* password-spray */

static void one_password_for_many_accounts_is_a_spray(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++) {
        world_as(w, "10.0.0.66", people[i], WRONG_PASSWORD, true);
        world_wait(w, TIME_NS_S / 2);
    }
    world_end(w);
    const struct alert *alert = world_alert(w, "password-spray");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_failure);
    assert_int_equal(alert->target.account_count, 8);
    assert_int_equal(alert->evidence.count, 8);
}

static void a_success_within_a_spray_is_a_guess(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++)
        world_ntlm(w, "10.0.0.66", people[i], 0xC000006D);
    world_ntlm(w, "10.0.0.66", people[9], 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "password-spray");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(str_equal(alert->source.account, str_of(people[9])));
}

static void a_slow_spray_is_found_in_the_long_window(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 12; i++) {
        world_as(w, "10.0.0.66", people[i], WRONG_PASSWORD, true);
        world_wait(w, 4 * TIME_NS_MIN);
    }
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_medium), 1);
}

static void wrong_passwords_hours_apart_are_no_spray(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++) {
        world_as(w, "10.0.0.66", people[i], WRONG_PASSWORD, true);
        world_wait(w, 20 * TIME_NS_MIN);
    }
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_unknown), 0);
}

static void a_server_where_many_people_log_on_and_some_mistype_is_no_spray(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++) {
        if (i % 4 == 0) {
            world_as(w, "10.0.0.20", people[i], WRONG_PASSWORD, true);
            world_wait(w, 8 * TIME_NS_S);
        }
        world_as(w, "10.0.0.20", people[i], 0, true);
        world_wait(w, 8 * TIME_NS_S);
    }
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_unknown), 0);
    assert_int_equal(world_count(w, "account-enumeration", severity_unknown), 0);
}

static void many_failures_of_one_account_are_no_spray(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 30; i++)
        world_as(w, "10.0.0.66", "adams", WRONG_PASSWORD, true);
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_unknown), 0);
}

static void the_first_account_of_a_spray_may_be_the_guessed_one(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++)
        world_ntlm(w, "10.0.0.66", people[i], i == 0 || i == 2 ? 0 : 0xC000006D);
    world_end(w);
    const struct alert *alert = world_alert(w, "password-spray");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(holds(alert->title, "adams and clark guessed"));
    assert_int_equal(alert->target.account_count, 8);
    assert_int_equal(alert->first_seen, w->now);
    assert_int_equal(alert->evidence.count, 8);
}

static void a_right_password_that_must_be_changed_is_a_guess(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++)
        world_ntlm(w, "10.0.0.66", people[i], 0xC000006D);
    world_ntlm(w, "10.0.0.66", people[9], 0xC0000224);
    world_as(w, "10.0.0.66", people[10], SKEW, true);
    world_end(w);
    const struct alert *alert = world_alert(w, "password-spray");
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(holds(alert->title, "jones and klein guessed"));
    assert_true(holds(alert->evidence.at[8].what, "so the password was right"));
}

static void who_worked_there_before_and_the_device_itself_guess_nothing(void **state)
{
    struct world *w = *state;
    w->source_host = STR("ws9.corp.example");
    world_as(w, "10.0.0.66", people[20], 0, true);
    world_wait(w, 20 * TIME_NS_MIN);
    world_as(w, "10.0.0.66", "WS9$", 0, true);
    for (int i = 0; i < 8; i++)
        world_as(w, "10.0.0.66", people[i], WRONG_PASSWORD, true);
    world_as(w, "10.0.0.66", people[20], 0, true);
    world_as(w, "10.0.0.66", "WS9$", 0, true);
    world_end(w);
    assert_int_equal(world_alert(w, "password-spray")->outcome, outcome_failure);
}

static void a_success_half_a_minute_after_a_quick_run_is_a_guess_and_much_later_is_none(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++)
        world_ntlm(w, "10.0.0.66", people[i], 0xC000006D);
    world_wait(w, 10 * TIME_NS_MIN);
    world_ntlm(w, "10.0.0.66", people[10], 0);
    world_end(w);
    assert_int_equal(world_alert(w, "password-spray")->outcome, outcome_failure);
    for (int i = 0; i < 8; i++)
        world_ntlm(w, "10.0.0.67", people[i], 0xC000006D);
    world_wait(w, 30 * TIME_NS_S);
    world_ntlm(w, "10.0.0.67", people[9], 0);
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_high), 1);
}

static void a_patient_spray_guesses_patiently(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 12; i++) {
        world_as(w, "10.0.0.66", people[i], i == 4 || i == 11 ? 0 : WRONG_PASSWORD, true);
        world_wait(w, 4 * TIME_NS_MIN);
    }
    world_end(w);
    assert_true(holds(world_alert(w, "password-spray")->title, "evans and lopez guessed"));
}

static void a_list_with_barred_accounts_that_are_only_asked_for_is_no_spray(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 12; i++)
        world_as(w, "10.0.0.66", people[i], i % 4 == 0 ? REVOKED : UNKNOWN_NAME, false);
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_unknown), 0);
    assert_int_equal(world_alert(w, "account-enumeration")->outcome, outcome_success);
    assert_true(
        holds(world_alert(w, "account-enumeration")->description, "that 3 do: adams, evans and irwin"));
}

static void what_proved_it_is_evidence_although_the_morning_was_long(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 60; i++) {
        world_as(w, "10.0.0.20", people[i % 3], WRONG_PASSWORD, true);
        world_wait(w, TIME_NS_MIN);
    }
    for (int i = 0; i < 8; i++)
        world_as(w, "10.0.0.20", people[10 + i], WRONG_PASSWORD, true);
    world_end(w);
    const struct alert *alert = world_alert(w, "password-spray");
    assert_true(holds(alert->evidence.at[alert->evidence.count - 1].what, "nolan"));
}

/* brute-force */

static void many_passwords_for_one_account_are_brute_force(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 15; i++) {
        world_as(w, "10.0.0.66", "adams", WRONG_PASSWORD, true);
        world_wait(w, TIME_NS_S);
    }
    world_end(w);
    const struct alert *alert = world_alert(w, "brute-force");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_failure);
    assert_int_equal(alert->count, 15);
    assert_true(str_equal(alert->target.account, STR("adams")));
}

static void a_success_from_where_it_failed_is_a_guess(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 15; i++)
        world_ntlm(w, "10.0.0.66", "adams", 0xC000006A);
    world_ntlm(w, "10.0.0.66", "adams", 0);
    world_end(w);
    assert_int_equal(world_alert(w, "brute-force")->severity, severity_high);
    assert_int_equal(world_alert(w, "brute-force")->outcome, outcome_success);
}

static void the_owner_who_logs_on_elsewhere_guesses_nothing(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 15; i++)
        world_ntlm(w, "10.0.0.66", "adams", 0xC000006A);
    world_ntlm(w, "10.0.0.5", "adams", 0);
    world_end(w);
    assert_int_equal(world_alert(w, "brute-force")->outcome, outcome_failure);
}

static void a_person_who_mistypes_a_few_times_is_no_brute_force(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 6; i++) {
        world_as(w, "10.0.0.5", "adams", WRONG_PASSWORD, true);
        world_wait(w, 10 * TIME_NS_S);
    }
    world_as(w, "10.0.0.5", "adams", 0, true);
    world_end(w);
    assert_int_equal(world_count(w, "brute-force", severity_unknown), 0);
}

static void a_stale_password_at_a_steady_beat_is_told_quietly(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 20; i++) {
        world_as(w, "10.0.0.30", "svc-backup", WRONG_PASSWORD, true);
        world_wait(w, 30 * TIME_NS_S);
    }
    world_end(w);
    assert_int_equal(world_alert(w, "brute-force")->severity, severity_low);
}

static void who_guessed_it_stays_named_when_others_go_on_failing(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 15; i++)
        world_ntlm(w, "10.0.0.66", "adams", 0xC000006A);
    world_ntlm(w, "10.0.0.66", "adams", 0);
    for (int i = 0; i < 20; i++)
        world_ntlm(w, "10.0.0.5", "adams", 0xC000006A);
    world_end(w);
    assert_true(holds(world_alert(w, "brute-force")->title, "guessed from 10.0.0.66"));
    assert_true(holds(world_alert(w, "brute-force")->description, "from 10.0.0.66 and 1 other device."));
}

static void another_address_does_not_inherit_a_host_name(void **state)
{
    struct world *w = *state;
    w->source_host = STR("ws5.corp.example");
    for (int i = 0; i < 12; i++)
        world_ntlm(w, "10.0.0.5", "adams", 0xC000006A);
    w->source_host = (struct str){0};
    world_ntlm(w, "10.0.0.66", "adams", 0xC000006A);
    world_end(w);
    const struct alert *alert = world_alert(w, "brute-force");
    assert_int_equal(alert->source.host.size, 0);
    assert_int_equal(alert->source.host_by, resolved_by_address_only);
    assert_true(addr_equal(&alert->source.ip, &(struct addr){.family = 4, .byte = {10, 0, 0, 66}}));
}

static void a_disabled_account_that_is_retried_is_no_brute_force(void **state)
{
    struct world *w = *state;
    world_as(w, "10.0.0.5", "adams", WRONG_PASSWORD, true);
    world_wait(w, 2 * TIME_NS_HOUR);
    for (int i = 0; i < 30; i++)
        world_as(w, "10.0.0.5", "adams", REVOKED, true);
    world_end(w);
    assert_int_equal(world_count(w, "brute-force", severity_unknown), 0);
}

/* account-enumeration */

static void many_names_that_do_not_exist_are_enumeration(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++)
        world_as(w, "10.0.0.66", people[i], i == 3 ? ASKED_FOR_KEY : UNKNOWN_NAME, false);
    world_end(w);
    const struct alert *alert = world_alert(w, "account-enumeration");
    assert_int_equal(alert->outcome, outcome_success); /* one was given away */
    assert_int_equal(alert->target.account_count, 10);
}

static void a_good_list_of_names_is_enumeration_too(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++)
        world_as(w, "10.0.0.66", people[i], ASKED_FOR_KEY, false);
    world_end(w);
    assert_int_equal(world_count(w, "account-enumeration", severity_medium), 1);
}

static void a_server_that_logs_people_on_is_no_enumeration(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++) {
        world_as(w, "10.0.0.20", people[i], ASKED_FOR_KEY, false);
        world_as(w, "10.0.0.20", people[i], 0, true);
    }
    world_end(w);
    assert_int_equal(world_count(w, "account-enumeration", severity_unknown), 0);
}

static void one_mistyped_name_asked_for_again_and_again_is_no_enumeration(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 40; i++)
        world_as(w, "10.0.0.5", i % 2 ? "adasm" : "adms", UNKNOWN_NAME, false);
    world_end(w);
    assert_int_equal(world_count(w, "account-enumeration", severity_unknown), 0);
}

static void names_that_exist_are_told_wherever_they_stand_in_a_long_list(void **state)
{
    struct world *w = *state;
    static char names[150][16];
    for (int again = 0; again < 2; again++)
        for (int i = 0; i < 150; i++) {
            (void)snprintf(names[i], sizeof(names[i]), "n%03d", i);
            world_as(w, "10.0.0.66", names[i], i == 0 || i == 120 ? ASKED_FOR_KEY : UNKNOWN_NAME, false);
        }
    world_end(w);
    const struct alert *alert = world_alert(w, "account-enumeration");
    assert_true(holds(alert->description, "that 2 do: n000 and n120"));
    assert_int_equal(alert->target.account_count, 150);
}

static void a_long_name_asked_for_again_is_one_name(void **state)
{
    struct world *w = *state;
    static char names[10][300];
    for (int i = 0; i < 50; i++) {
        memset(names[i % 10], 'a' + i % 10, sizeof(names[0]) - 1);
        world_as(w, "10.0.0.66", names[i % 10], UNKNOWN_NAME, false);
    }
    world_end(w);
    assert_int_equal(world_alert(w, "account-enumeration")->target.account_count, 10);
}

static void a_server_that_acts_in_peoples_names_is_no_enumeration(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++) {
        world_as(w, "10.0.0.20", people[i], ASKED_FOR_KEY, false);
        world_s4u(w, "10.0.0.20", people[i]);
    }
    world_end(w);
    assert_int_equal(world_count(w, "account-enumeration", severity_unknown), 0);
}

static void logons_beside_an_enumeration_are_no_part_of_it(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++)
        world_as(w, "10.0.0.66", people[i], UNKNOWN_NAME, false);
    for (int i = 10; i < 20; i++)
        world_as(w, "10.0.0.66", people[i], 0, true);
    world_end(w);
    assert_int_equal(world_alert(w, "account-enumeration")->count, 10);
    assert_int_equal(world_alert(w, "account-enumeration")->outcome, outcome_failure);
    assert_true(holds(world_alert(w, "account-enumeration")->description, "gave away none that does"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_password_for_many_accounts_is_a_spray),
        TEST(a_success_within_a_spray_is_a_guess),
        TEST(a_slow_spray_is_found_in_the_long_window),
        TEST(wrong_passwords_hours_apart_are_no_spray),
        TEST(a_server_where_many_people_log_on_and_some_mistype_is_no_spray),
        TEST(many_failures_of_one_account_are_no_spray),
        TEST(the_first_account_of_a_spray_may_be_the_guessed_one),
        TEST(a_right_password_that_must_be_changed_is_a_guess),
        TEST(who_worked_there_before_and_the_device_itself_guess_nothing),
        TEST(a_patient_spray_guesses_patiently),
        TEST(a_success_half_a_minute_after_a_quick_run_is_a_guess_and_much_later_is_none),
        TEST(a_list_with_barred_accounts_that_are_only_asked_for_is_no_spray),
        TEST(what_proved_it_is_evidence_although_the_morning_was_long),
        TEST(many_passwords_for_one_account_are_brute_force),
        TEST(a_success_from_where_it_failed_is_a_guess),
        TEST(the_owner_who_logs_on_elsewhere_guesses_nothing),
        TEST(a_person_who_mistypes_a_few_times_is_no_brute_force),
        TEST(a_stale_password_at_a_steady_beat_is_told_quietly),
        TEST(who_guessed_it_stays_named_when_others_go_on_failing),
        TEST(another_address_does_not_inherit_a_host_name),
        TEST(a_disabled_account_that_is_retried_is_no_brute_force),
        TEST(many_names_that_do_not_exist_are_enumeration),
        TEST(a_good_list_of_names_is_enumeration_too),
        TEST(a_server_that_logs_people_on_is_no_enumeration),
        TEST(one_mistyped_name_asked_for_again_and_again_is_no_enumeration),
        TEST(names_that_exist_are_told_wherever_they_stand_in_a_long_list),
        TEST(a_long_name_asked_for_again_is_one_name),
        TEST(a_server_that_acts_in_peoples_names_is_no_enumeration),
        TEST(logons_beside_an_enumeration_are_no_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
