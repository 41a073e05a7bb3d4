/*
 * test_forged_tickets - tickets that no domain controller gave, and honest ones that look alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/catalogue.h"
#include "tests/unit/alerting/world.h"

#define CLIENT "10.0.0.66"
#define DC     "10.0.0.10"
#define GRANTS "krbtgt/CORP.EXAMPLE"

enum {
    OPTION_CNAME_IN_ADDL_TKT = 0x00020000,
    ALL_CAPTURED = 0, /* place among the settings of both detections */
};

static const struct id forged = {.high = 3, .low = 1};

/* An exchange as the decoder tells it, with the members that these detections read. */
static struct kerberos *begin(struct world *w, enum kerberos_message message)
{
    struct kerberos *k = arena_zeroed(&w->in.arena, sizeof(*k));
    k->message = (uint8_t)message;
    k->tgt_realm = STR("CORP.EXAMPLE");
    k->tgt_sname = STR(GRANTS);
    k->tgt_etype = 18;
    k->tgt_kvno = 2;
    k->ticket_realm = STR("corp.example");
    k->ticket_sname = message == kerberos_message_as ? STR(GRANTS) : STR("cifs/files");
    k->ticket_etype = 18;
    k->ticket_kvno = 2;
    return k;
}

static void publish(struct world *w, struct activity *a, uint8_t role, struct id key)
{
    if (id_is_none(key))
        return;
    struct record record = {.type = RECORD_activity, .role = role, .time = w->now, .key = key, .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, role);
    batch_append(&w->in, &record);
}

/* code: error of the KDC or the service; 0: it gave or took the ticket. */
static void end(struct world *w, const struct kerberos *k, uint32_t code)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    a->kind = k->message == kerberos_message_as    ? activity_kind_authentication
              : k->message == kerberos_message_tgs ? activity_kind_ticket_request
                                                   : activity_kind_session;
    a->protocol = protocol_kerberos;
    a->source_ip = world_address(CLIENT);
    a->target_ip = world_address(DC);
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->outcome = code == 0 ? outcome_success : outcome_failure;
    a->code = code;
    a->service = k->ticket_sname;
    a->kdc_options = k->kdc_options;
    a->ticket = code == 0 || k->message == kerberos_message_ap ? k->ticket : (struct id){0};
    a->presented = k->tgt;
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    a->kerberos.at = k;
    a->kerberos.count = 1;
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_ticket, a->ticket);
    publish(w, a, entity_role_presented_ticket, a->presented);
}

static void get(struct world *w, struct id ticket)
{
    struct kerberos *k = begin(w, kerberos_message_as);
    k->ticket = ticket;
    end(w, k, 0);
}

static void show(struct world *w, struct id ticket, uint32_t code)
{
    struct kerberos *k = begin(w, kerberos_message_tgs);
    k->tgt = ticket;
    k->ticket = (struct id){.high = 4, .low = w->ordinal + 1};
    end(w, k, code);
}

/* A ticket that is shown to a service, opened, with a life in hours. */
static void take(struct world *w, struct id ticket, int64_t hours, enum tristate signed_by_kdc)
{
    struct kerberos *k = begin(w, kerberos_message_ap);
    k->ticket = ticket;
    k->ticket_part = (struct ticket_part){.opening = opening_opened,
                                          .authtime = w->now,
                                          .starttime = w->now,
                                          .endtime = w->now + hours * TIME_NS_HOUR,
                                          .kdc_valid = (uint8_t)signed_by_kdc};
    end(w, k, 0);
}

/* The owner says that all controllers are captured. */
static void capture_all(struct world *w)
{
    for (uint32_t d = 0; detections()[d]; d++)
        if (detections()[d] == &detection_golden_ticket || detections()[d] == &detection_silver_ticket)
            w->options.settings[d][ALL_CAPTURED] = 1;
    stage_close(&w->stage);
    assert_int_equal(alerting_create(&w->stage, &w->options), ERR_OK);
    get(w, (struct id){8, 8}); /* from here on something is watched */
}

static void a_ticket_nobody_gave_is_golden_where_all_is_captured(void **state)
{
    struct world *w = *state;
    capture_all(w);
    world_wait(w, 25 * TIME_NS_HOUR);
    show(w, forged, 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "golden-ticket");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
}

static void a_ticket_from_before_the_capture_is_not_golden(void **state)
{
    struct world *w = *state;
    capture_all(w);
    world_wait(w, 9 * TIME_NS_HOUR);
    show(w, forged, 0);
    take(w, (struct id){4, 4}, 10, tristate_absent);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void without_the_owners_word_nothing_is_said_of_unseen_issues(void **state)
{
    struct world *w = *state;
    get(w, (struct id){8, 8});
    world_wait(w, 100 * TIME_NS_HOUR);
    show(w, forged, 0);
    take(w, (struct id){4, 4}, 10, tristate_absent);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_ticket_that_was_given_may_be_shown_as_long_as_the_controller_takes_it(void **state)
{
    struct world *w = *state;
    get(w, forged);
    show(w, forged, 0);
    world_wait(w, 40 * TIME_NS_HOUR);
    show(w, forged, 0);
    show(w, forged, 20);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_ticket_older_than_tickets_live_is_golden(void **state)
{
    struct world *w = *state;
    show(w, forged, 0);
    world_wait(w, 30 * TIME_NS_HOUR);
    show(w, forged, 0);
    show(w, forged, 0);
    world_end(w);
    assert_int_equal(world_alert(w, "golden-ticket")->count, 2);
}

static void an_expired_ticket_that_is_refused_is_not_golden(void **state)
{
    struct world *w = *state;
    show(w, forged, 0);
    world_wait(w, 30 * TIME_NS_HOUR);
    show(w, forged, 32);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_ticket_of_nobody_is_told_at_medium(void **state)
{
    struct world *w = *state;
    show(w, forged, 6);
    world_end(w);
    assert_int_equal(world_alert(w, "golden-ticket")->severity, severity_medium);
    assert_int_equal(world_alert(w, "golden-ticket")->outcome, outcome_failure);
}

static void a_weak_ticket_beside_strong_ones_is_golden(void **state)
{
    struct world *w = *state;
    get(w, (struct id){8, 8});
    struct kerberos *k = begin(w, kerberos_message_tgs);
    k->tgt = forged;
    k->tgt_etype = 23;
    end(w, k, 0);
    world_end(w);
    assert_int_equal(world_alert(w, "golden-ticket")->severity, severity_high);
}

static void old_domains_trusts_and_resets_are_not_golden(void **state)
{
    struct world *w = *state;
    struct kerberos *k = begin(w, kerberos_message_as);
    k->ticket = (struct id){8, 8};
    k->ticket_etype = 23;
    end(w, k, 0);
    k = begin(w, kerberos_message_tgs); /* RC4 is what this KDC uses */
    k->tgt = (struct id){8, 8};
    k->tgt_etype = 23;
    end(w, k, 0);
    get(w, (struct id){8, 9});
    k = begin(w, kerberos_message_tgs); /* a trust of old, at the other realm's controller */
    k->tgt = (struct id){8, 10};
    k->tgt_etype = 23;
    k->tgt_sname = STR("krbtgt/OTHER.EXAMPLE");
    end(w, k, 0);
    k = begin(w, kerberos_message_tgs); /* given before a reset of krbtgt */
    k->tgt = (struct id){8, 11};
    k->tgt_kvno = 3;
    end(w, k, 0);
    k = begin(w, kerberos_message_tgs); /* given by a read-only controller */
    k->tgt = (struct id){8, 12};
    k->tgt_kvno = 0x5aa10001;
    end(w, k, 0);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void delegation_to_krbtgt_is_golden(void **state)
{
    struct world *w = *state;
    struct kerberos *k = begin(w, kerberos_message_tgs);
    k->ticket_sname = STR("krbtgt");
    k->kdc_options = OPTION_CNAME_IN_ADDL_TKT;
    k->additional_tickets = 1;
    end(w, k, 0);
    world_end(w);
    assert_int_equal(world_alert(w, "golden-ticket")->severity, severity_high);
}

static void a_pac_that_the_kdc_never_signed_is_silver(void **state)
{
    struct world *w = *state;
    take(w, forged, 10, tristate_no);
    world_end(w);
    const struct alert *alert = world_alert(w, "silver-ticket");
    assert_int_equal(alert->severity, severity_critical);
    assert_int_equal(alert->confidence, 99);
}

static void a_life_of_years_is_silver_and_one_of_a_day_is_not(void **state)
{
    struct world *w = *state;
    take(w, (struct id){4, 4}, 10, tristate_yes);
    take(w, (struct id){4, 5}, 24, tristate_absent);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
    take(w, forged, 87600, tristate_absent);
    world_end(w);
    assert_int_equal(world_count(w, "silver-ticket", severity_high), 1);
}

static void a_service_ticket_nobody_gave_is_silver_where_all_is_captured(void **state)
{
    struct world *w = *state;
    capture_all(w);
    world_wait(w, 25 * TIME_NS_HOUR);
    struct kerberos *k = begin(w, kerberos_message_tgs);
    k->ticket = (struct id){4, 9};
    end(w, k, 0);
    take(w, (struct id){4, 9}, 10, tristate_absent);
    take(w, forged, 10, tristate_absent);
    world_end(w);
    assert_int_equal(world_alert(w, "silver-ticket")->count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ticket_nobody_gave_is_golden_where_all_is_captured),
        TEST(a_ticket_from_before_the_capture_is_not_golden),
        TEST(without_the_owners_word_nothing_is_said_of_unseen_issues),
        TEST(a_ticket_that_was_given_may_be_shown_as_long_as_the_controller_takes_it),
        TEST(a_ticket_older_than_tickets_live_is_golden),
        TEST(an_expired_ticket_that_is_refused_is_not_golden),
        TEST(a_ticket_of_nobody_is_told_at_medium),
        TEST(a_weak_ticket_beside_strong_ones_is_golden),
        TEST(old_domains_trusts_and_resets_are_not_golden),
        TEST(delegation_to_krbtgt_is_golden),
        TEST(a_pac_that_the_kdc_never_signed_is_silver),
        TEST(a_life_of_years_is_silver_and_one_of_a_day_is_not),
        TEST(a_service_ticket_nobody_gave_is_silver_where_all_is_captured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
