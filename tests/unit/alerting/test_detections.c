/*
 * test_detections - for each detection a case in which it must speak, and ones that look alike in which it must not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/alerting/detections/catalogue.h"
#include "tests/unit/alerting/world.h"

enum {
    UNKNOWN_NAME = 6,
    WRONG_PASSWORD = 24,
    ASKED_FOR_KEY = 25,
    DRS_BIND = 0,
    DRS_REPLICA_SYNC = 2,
    DRS_GET_NC_CHANGES = 3,
    DRS_UPDATE_REFS = 4,
    DRS_ADD_ENTRY = 17,
};

static const char *const people[] = {"adams", "baker", "clark", "davis", "evans", "frank", "ghosh", "hills",
                                     "irwin", "jones", "klein", "lopez", "mason", "nolan", "owens", "perez",
                                     "quinn", "reyes", "scott", "trent", "usher", "vance", "wells", "young"};

static int open_world(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    world_open(w);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
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

/* kerberoasting */

static const int32_t windows_etypes[] = {18, 17, 23, 24, -135, 0};
static const int32_t rc4_etypes[] = {23, 0};

static void weak_tickets_of_several_services_are_roasting(void **state)
{
    struct world *w = *state;
    static const char *const services[] = {"MSSQLSvc/sql1:1433", "HTTP/web1", "backup/vault", "scan/p1"};
    for (int i = 0; i < 4; i++)
        world_tgs(w, "adams", services[i], 23, windows_etypes);
    world_end(w);
    const struct alert *alert = world_alert(w, "kerberoasting");
    assert_int_equal(alert->severity, severity_high);
    assert_true(str_equal(alert->source.account, STR("adams")));
    assert_int_equal(alert->target.account_count, 4);
}

static void weak_encryption_asked_by_who_has_strong_is_roasting(void **state)
{
    struct world *w = *state;
    world_tgs(w, "adams", "cifs/files1", 18, windows_etypes);
    world_tgs(w, "adams", "MSSQLSvc/sql1:1433", 23, rc4_etypes);
    assert_int_equal(world_count(w, "kerberoasting", severity_medium), 1);
    world_tgs(w, "adams", "HTTP/web1", 23, rc4_etypes);
    world_end(w);
    assert_int_equal(world_alert(w, "kerberoasting")->severity, severity_high);
}

static void a_single_weak_ticket_is_told_quietly(void **state)
{
    struct world *w = *state;
    world_tgs(w, "adams", "HTTP/web1", 23, windows_etypes);
    world_end(w);
    assert_int_equal(world_alert(w, "kerberoasting")->severity, severity_low);
}

static void a_domain_of_old_systems_is_quiet(void **state)
{
    struct world *w = *state;
    static const char *const services[] = {"MSSQLSvc/sql1:1433", "HTTP/web1", "backup/vault", "cifs/files1"};
    for (int i = 0; i < 4; i++)
        world_tgs(w, "adams", services[i], 23, rc4_etypes);
    world_end(w);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
}

static void tickets_for_many_machines_are_no_roasting(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++) {
        char service[64];
        (void)snprintf(service, sizeof(service), "%s/%s.corp.example", i % 2 ? "cifs" : "HOST", people[i]);
        world_tgs(w, "adams", service, 23, windows_etypes);
    }
    world_end(w);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
}

static void a_few_services_with_strong_tickets_are_no_roasting(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5; i++) {
        char service[64];
        (void)snprintf(service, sizeof(service), "HTTP/%s.corp.example", people[i]);
        world_tgs(w, "adams", service, 18, windows_etypes);
        world_wait(w, 5 * TIME_NS_S);
    }
    world_end(w);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
}

/* dcsync and domain-controller-added */

static void replication_by_an_unknown_device_is_dcsync(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_BIND, 60);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    const struct alert *alert = world_alert(w, "dcsync");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(str_equal(alert->source.account, STR("admin")));
    assert_int_equal(world_count(w, "domain-controller-added", severity_unknown), 0);
}

static void a_refused_dcsync_is_told_as_refused(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 160);
    world_end(w);
    assert_int_equal(world_alert(w, "dcsync")->outcome, outcome_failure);
}

static void eight_pulls_are_one_dcsync(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 8; i++)
        world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_alert(w, "dcsync")->count, 8);
}

static void a_device_that_the_owner_vouches_for_may_replicate(void **state)
{
    struct world *w = *state;
    world_drs_role(w, "10.0.0.11", device_role_domain_controller, DRS_GET_NC_CHANGES, 4800);
    world_drs_role(w, "10.0.0.40", device_role_sync_appliance, DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_device_that_only_serves_tickets_is_not_exempt(void **state)
{
    struct world *w = *state;
    world_drs_role(w, "10.0.0.66", device_role_domain_controller_candidate, DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_high), 1);
}

static void replication_on_invitation_is_to_be_confirmed(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.10", "10.0.0.11", DRS_REPLICA_SYNC, 4);
    world_drs(w, "10.0.0.11", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_drs(w, "10.0.0.11", "10.0.0.10", DRS_UPDATE_REFS, 4);
    world_wait(w, TIME_NS_HOUR);
    world_drs(w, "10.0.0.11", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_unknown), 0);
    assert_int_equal(world_alert(w, "domain-controller-added")->severity, severity_low);
}

static void an_invitation_by_another_device_counts_for_nothing(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.67", "10.0.0.66", DRS_REPLICA_SYNC, 4);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_high), 1);
}

static void who_puts_itself_on_the_list_first_is_not_invited(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_UPDATE_REFS, 4);
    world_drs(w, "10.0.0.10", "10.0.0.66", DRS_REPLICA_SYNC, 4);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_high), 1);
}

static void promotion_is_to_be_confirmed_and_a_refused_one_helps_nobody(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.12", "10.0.0.10", DRS_ADD_ENTRY, 200);
    world_drs(w, "10.0.0.12", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_ADD_ENTRY, 0);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "domain-controller-added", severity_low), 1);
    assert_int_equal(world_count(w, "dcsync", severity_high), 1);
}

/* alerting itself */

static void a_finding_that_went_quiet_is_closed_and_the_next_is_another_alert(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_wait(w, 13 * TIME_NS_HOUR);
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_high), 2);
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

static void every_detection_is_complete(void **state)
{
    (void)state;
    for (uint32_t i = 0; detections()[i]; i++) {
        const struct detection *d = detections()[i];
        const char *const texts[] = {d->name, d->title, d->entity, d->sees, d->misses, d->wrong_when, d->tuning};
        for (size_t t = 0; t < ARRAY_COUNT(texts); t++)
            assert_true(texts[t] && texts[t][0] != '\0');
        assert_non_null(d->checks[0]);
        assert_true(i == 0 || strcmp(detections()[i - 1]->name, d->name) < 0);
        for (const struct detection_setting *s = d->settings; s->name; s++)
            assert_true(s->least <= s->standard && s->standard <= s->most && s->doc[0] != '\0');
        assert_ptr_equal(detection_find(str_of(d->name)), d);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_password_for_many_accounts_is_a_spray),
        TEST(a_success_within_a_spray_is_a_guess),
        TEST(a_slow_spray_is_found_in_the_long_window),
        TEST(wrong_passwords_hours_apart_are_no_spray),
        TEST(a_server_where_many_people_log_on_and_some_mistype_is_no_spray),
        TEST(many_failures_of_one_account_are_no_spray),
        TEST(many_passwords_for_one_account_are_brute_force),
        TEST(a_success_from_where_it_failed_is_a_guess),
        TEST(the_owner_who_logs_on_elsewhere_guesses_nothing),
        TEST(a_person_who_mistypes_a_few_times_is_no_brute_force),
        TEST(a_stale_password_at_a_steady_beat_is_told_quietly),
        TEST(many_names_that_do_not_exist_are_enumeration),
        TEST(a_good_list_of_names_is_enumeration_too),
        TEST(a_server_that_logs_people_on_is_no_enumeration),
        TEST(one_mistyped_name_asked_for_again_and_again_is_no_enumeration),
        TEST(weak_tickets_of_several_services_are_roasting),
        TEST(weak_encryption_asked_by_who_has_strong_is_roasting),
        TEST(a_single_weak_ticket_is_told_quietly),
        TEST(a_domain_of_old_systems_is_quiet),
        TEST(tickets_for_many_machines_are_no_roasting),
        TEST(a_few_services_with_strong_tickets_are_no_roasting),
        TEST(replication_by_an_unknown_device_is_dcsync),
        TEST(a_refused_dcsync_is_told_as_refused),
        TEST(eight_pulls_are_one_dcsync),
        TEST(a_device_that_the_owner_vouches_for_may_replicate),
        TEST(a_device_that_only_serves_tickets_is_not_exempt),
        TEST(replication_on_invitation_is_to_be_confirmed),
        TEST(an_invitation_by_another_device_counts_for_nothing),
        TEST(who_puts_itself_on_the_list_first_is_not_invited),
        TEST(promotion_is_to_be_confirmed_and_a_refused_one_helps_nobody),
        TEST(a_finding_that_went_quiet_is_closed_and_the_next_is_another_alert),
        TEST(state_survives_a_restore_after_every_activity),
        cmocka_unit_test(every_detection_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
