/*
 * test_detections - roasting and replication that must be told, and what looks alike and must not; the
 * catalogue is whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/alerting/detections/catalogue.h"
#include "tests/unit/alerting/world.h"

enum {
    DRS_BIND = 0,
    DRS_REPLICA_SYNC = 2,
    DRS_GET_NC_CHANGES = 3,
    DRS_UPDATE_REFS = 4,
    DRS_ADD_ENTRY = 17,
};

static const char *const people[] = {"adams", "baker", "clark", "davis", "evans", "frank", "ghosh", "hills",
                                     "irwin", "jones", "klein", "lopez", "mason", "nolan", "owens", "perez",
                                     "quinn", "reyes", "scott", "trent", "usher", "vance", "wells", "young"};

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

static void weak_tickets_over_a_morning_are_told_at_medium(void **state)
{
    struct world *w = *state;
    static const char *const services[] = {"MSSQLSvc/sql1:1433", "HTTP/web1", "backup/vault", "HTTP/web2"};
    for (int i = 0; i < 4; i++) {
        world_tgs(w, "adams", services[i], 23, windows_etypes);
        world_wait(w, 10 * TIME_NS_MIN);
    }
    world_end(w);
    assert_int_equal(world_alert(w, "kerberoasting")->severity, severity_medium);
}

static void a_quiet_title_names_only_what_was_weak(void **state)
{
    struct world *w = *state;
    world_tgs(w, "adams", "HTTP/web1", 18, windows_etypes);
    world_tgs(w, "adams", "MSSQLSvc/sql1:1433", 23, windows_etypes);
    world_end(w);
    assert_true(str_equal(world_alert(w, "kerberoasting")->title,
                          STR("adams got a weakly encrypted ticket for MSSQLSvc/sql1:1433")));
}

static void services_asked_for_without_a_ticket_granting_ticket_are_roasting(void **state)
{
    struct world *w = *state;
    world_as_for(w, "nopreauth", "MSSQLSvc/sql1:1433", 18);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
    world_wait(w, 5 * TIME_NS_MIN);
    world_as_for(w, "nopreauth", "svc-backup", 18);
    world_end(w);
    assert_int_equal(world_alert(w, "kerberoasting")->severity, severity_high);
    assert_int_equal(world_alert(w, "kerberoasting")->target.account_count, 2);
}

static void a_ticket_granting_ticket_and_a_password_change_are_no_roasting(void **state)
{
    struct world *w = *state;
    world_as_for(w, "adams", "krbtgt/CORP.EXAMPLE", 23);
    world_as_for(w, "adams", "kadmin/changepw", 23);
    world_as_for(w, "adams", "krbtgt", 23);
    world_end(w);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
}

static void referrals_of_an_old_trust_are_no_roasting(void **state)
{
    struct world *w = *state;
    static const char *const services[] = {"MSSQLSvc/sql1:1433", "HTTP/web1", "backup/vault", "scan/p1"};
    w->referral = true;
    for (int i = 0; i < 4; i++)
        world_tgs(w, "adams", services[i], 23, windows_etypes);
    world_end(w);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
}

static void remote_management_of_many_machines_is_no_roasting(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 24; i++) {
        char service[64];
        (void)snprintf(service, sizeof(service), "HTTP/%s.corp.example", people[i]);
        world_tgs(w, "adams", service, 18, windows_etypes);
    }
    world_end(w);
    assert_int_equal(world_count(w, "kerberoasting", severity_unknown), 0);
}

static void a_burst_of_strong_tickets_is_told_with_all_of_them(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 40; i++) {
        char service[64];
        (void)snprintf(service, sizeof(service), "app/%s%d", people[i % 24], i);
        world_tgs(w, "adams", service, 18, windows_etypes);
        world_wait(w, i < 32 ? 2 * TIME_NS_MIN : TIME_NS_S);
    }
    world_end(w);
    const struct alert *alert = world_alert(w, "kerberoasting");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->target.account_count, 8);
    assert_int_equal(alert->evidence.count, 8);
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

static void a_refused_promotion_is_no_promotion_although_it_was_answered(void **state)
{
    struct world *w = *state;
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_ADD_ENTRY,
              64); /* sealed: the size of an answer without an object */
    world_drs(w, "10.0.0.66", "10.0.0.10", DRS_GET_NC_CHANGES, 4800);
    world_end(w);
    assert_int_equal(world_count(w, "dcsync", severity_high), 1);
    assert_int_equal(world_count(w, "domain-controller-added", severity_unknown), 0);
}

static void every_detection_is_complete(void **state)
{
    (void)state;
    for (uint32_t i = 0; detections()[i]; i++) {
        const struct detection *d = detections()[i];
        const char *const texts[] = {d->name,   d->title,      d->entity, d->sees,
                                     d->misses, d->wrong_when, d->tuning};
        for (size_t t = 0; t < ARRAY_COUNT(texts); t++)
            assert_true(texts[t] && texts[t][0] != '\0');
        assert_non_null(d->checks[0]);
        assert_true(i == 0 || strcmp(detections()[i - 1]->name, d->name) < 0);
        for (const struct detection_setting *s = d->settings; s->name; s++)
            assert_true(s->least <= s->standard && s->standard <= s->most && s->doc[0] != '\0');
        assert_ptr_equal(detection_find(str_of(d->name)), d);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(weak_tickets_of_several_services_are_roasting),
        TEST(weak_encryption_asked_by_who_has_strong_is_roasting),
        TEST(a_single_weak_ticket_is_told_quietly),
        TEST(a_domain_of_old_systems_is_quiet),
        TEST(tickets_for_many_machines_are_no_roasting),
        TEST(a_few_services_with_strong_tickets_are_no_roasting),
        TEST(weak_tickets_over_a_morning_are_told_at_medium),
        TEST(a_quiet_title_names_only_what_was_weak),
        TEST(services_asked_for_without_a_ticket_granting_ticket_are_roasting),
        TEST(a_ticket_granting_ticket_and_a_password_change_are_no_roasting),
        TEST(referrals_of_an_old_trust_are_no_roasting),
        TEST(remote_management_of_many_machines_is_no_roasting),
        TEST(a_burst_of_strong_tickets_is_told_with_all_of_them),
        TEST(replication_by_an_unknown_device_is_dcsync),
        TEST(a_refused_dcsync_is_told_as_refused),
        TEST(eight_pulls_are_one_dcsync),
        TEST(a_device_that_the_owner_vouches_for_may_replicate),
        TEST(a_device_that_only_serves_tickets_is_not_exempt),
        TEST(replication_on_invitation_is_to_be_confirmed),
        TEST(an_invitation_by_another_device_counts_for_nothing),
        TEST(who_puts_itself_on_the_list_first_is_not_invited),
        TEST(promotion_is_to_be_confirmed_and_a_refused_one_helps_nobody),
        TEST(a_refused_promotion_is_no_promotion_although_it_was_answered),
        cmocka_unit_test(every_detection_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
