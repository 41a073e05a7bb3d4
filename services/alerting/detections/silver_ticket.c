/*
 * silver-ticket - a service ticket that no domain controller gave, made with the service's own key.
 *
 * Sees: in tickets that a given key opens, a PAC that the KDC never signed (MS-PAC 2.8.2, needs the key of
 * krbtgt as well) and a life longer than any KDC gives; and, where the owner says that every domain
 * controller is captured, a ticket that a server takes although none of them gave it since longer than
 * tickets live. Misses: everything else: a forged ticket looks like another from outside. Decided by: the
 * ticket.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/ticket.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_UNSIGNED = 99,
    CONFIDENCE_LIFE = 95,
    CONFIDENCE_NOT_GIVEN = 70,
};

struct silver_state {
    time_ns given; /* by a domain controller; 0: was not seen */
};

static bool is_given(const struct activity *a)
{
    return a->kind != activity_kind_session && a->outcome == outcome_success;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return is_given(a) || (a->kind == activity_kind_session && !ticket_is_for_granting(a->service));
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act, const char *how)
{
    struct finding *f = judge_act(judge, a, act, "ticket shown: %s", how);
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    const struct kerberos *k = ticket_exchange(a);
    struct str name = k ? k->ticket_part.cname : (struct str){0};
    bool success = f->outcome == outcome_success;
    finding_title(f,
                  success ? "A forged ticket of %s was taken by %s (silver ticket)"
                          : "A forged ticket was shown by %s to %s (silver ticket)",
                  source, target);
    finding_text(f,
                 "%s showed %s a ticket for %.*s%s: %s. Who has the key of a service makes tickets for it in "
                 "anybody's name and with any groups, and no domain controller learns of it. %s",
                 source, target, (int)a->service.size, a->service.at,
                 name.size > 0 ? judge_print(judge, " in the name of %.*s", (int)name.size, name.at) : "",
                 how,
                 success                         ? "The service took it."
                 : f->outcome == outcome_failure ? "The service refused it."
                                                 : "It was not seen how that ended.");
    judge_open(judge, f, a);
}

static bool is_never_signed(const struct ticket_part *part)
{
    return part->kdc_valid == tristate_no || part->full_valid == tristate_no;
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct silver_state *s = state;
    (void)role;
    if (is_given(a)) {
        s->given = judge_now(judge);
        return;
    }
    const struct kerberos *k = ticket_exchange(a);
    time_ns longest = judge_setting(judge, "ticket-hours") * TIME_NS_HOUR;
    time_ns life = k ? ticket_lifetime(&k->ticket_part) : 0;
    bool taken = a->outcome == outcome_success;
    struct act act = {
        .severity = taken ? severity_critical : severity_high, .outcome = a->outcome, .target = a->service};
    if (k && is_never_signed(&k->ticket_part)) {
        act.confidence = CONFIDENCE_UNSIGNED;
        act.evidence = (struct evidence_text){.field = "KDC signature of the PAC",
                                              .value = "does not fit",
                                              .threshold = "fits",
                                              .decisive = true};
        tell(judge, a, &act, "the PAC in it was never signed by the KDC");
    } else if (life > longest) {
        act.confidence = CONFIDENCE_LIFE;
        act.evidence = (struct evidence_text){
            .field = "life of the ticket",
            .value = judge_print(judge, "%lld hours", (long long)(life / TIME_NS_HOUR)),
            .threshold = judge_print(judge, "%lld hours", (long long)(longest / TIME_NS_HOUR)),
            .decisive = true};
        tell(judge, a, &act, "it lives longer than any that a KDC gives");
    } else if (s->given == 0 && taken && judge_setting(judge, "all-captured") &&
               judge_has_watched(judge, longest)) {
        act.severity = severity_high;
        act.confidence = CONFIDENCE_NOT_GIVEN;
        act.evidence = (struct evidence_text){
            .field = "given by a domain controller",
            .value = "not seen",
            .threshold = judge_print(judge, "within %lld hours", (long long)(longest / TIME_NS_HOUR)),
            .decisive = true};
        tell(judge, a, &act, "no domain controller was seen to give it, although all of them are captured");
    }
}

static const struct detection_setting settings[] = {
    {"all-captured", 0, 0, 1, "yes or no",
     "Says that the traffic of every domain controller of every realm in use is captured without loss. Only "
     "then does a ticket whose issue was not seen mean anything. Off, because a capture cannot know that."},
    {"ticket-hours", 24, 1, 8760, "hours",
     "The longest that a ticket lives. Active Directory gives 10 hours, MIT's KDC 24. So long must have been "
     "watched before a ticket that was not seen to be given is told: it may have been given before."},
    {0},
};

const struct detection detection_silver_ticket = {
    .name = "silver-ticket",
    .external_id = "",
    .title = "Forged service ticket (silver ticket)",
    .severity = severity_high,
    .tactics = {"TA0006"},
    .techniques = {"T1558.002"},
    .entity = "the ticket",
    .sees =
        "In tickets that a given key opens: a PAC that the KDC never signed (with the key of krbtgt), or a "
        "life longer than ticket-hours. With all-captured: a ticket that a server takes and that no domain "
        "controller gave in that time.",
    .misses =
        "Without keys and without all-captured, everything: from outside a forged ticket looks like any "
        "other.",
    .wrong_when =
        "With all-captured: a domain controller, a KDC proxy or a trusted realm is not captured after "
        "all, or packets were lost. With keys: the key of krbtgt that was given is not the one that signed, "
        "after a reset or at a read-only controller.",
    .checks =
        {
            "Is every domain controller captured, and was nothing lost (orthrus coverage)?",
            "Is there an event 4769 for this service and account on any domain controller?",
            "When forged: reset the password of the service's account twice, of a computer by rejoining it.",
        },
    .tuning = "Turn all-captured off when a controller is not captured. Raise ticket-hours to the policy's.",
    .settings = settings,
    .roles = 1u << entity_role_ticket,
    .kinds =
        1u << activity_kind_authentication | 1u << activity_kind_ticket_request | 1u << activity_kind_session,
    .wants = wants,
    .state_bytes = sizeof(struct silver_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
