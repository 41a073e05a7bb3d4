/*
 * ldap-attribute-reconnaissance - the directory searched by attributes that show where it can be attacked.
 *
 * Sees: filters on service principal names by pattern, adminCount, delegation, missing pre-authentication,
 * key credentials, LAPS and managed passwords, sIDHistory; and searches over a whole domain that ask for the
 * values of the gravest of them. Misses: searches that are sealed or inside TLS, unless they could be opened;
 * all objects read with all attributes, which is ldap-reconnaissance. Decided by: the source device.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/ldap_query.h"

enum {
    CONFIDENCE_WIDE = 85,
    CONFIDENCE_ONE = 45,
};

struct attribute_state {
    struct habit habit; /* by shape of search and server */
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->ldap.count > 0 && a->ldap.at->operation == ldap_operation_search &&
           a->ldap.at->filter.size > 0 && a->ldap.at->transport != transport_udp &&
           a->source_role != device_role_domain_controller && a->source_role != device_role_sync_appliance;
}

static void explain(struct judge *judge, struct finding *f, const struct ldap_query *q)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    finding_title(f, "Directory of %s searched for %s by %s", target, judge_targets(judge, f), source);
    finding_text(
        f,
        "%s, working as %s, searched the directory on %s by attributes that show where a domain can be "
        "attacked: %s. The last one, %.*s, tells of %s. %s Programs of users have no use for these; "
        "tools that look for a way to more rights begin with them, and so do audits.",
        source, judge_account(judge, &f->source), target, judge_targets(judge, f), (int)q->attribute.size,
        q->attribute.at, q->meaning,
        f->outcome == outcome_failure ? "It was refused." : "The search was answered.");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct attribute_state *s = state;
    (void)role;
    struct ldap_query q = ldap_query_of(a);
    if (q.attribute.size == 0)
        return;
    struct hash_parts parts = {0};
    struct id shape = ldap_query_shape(a);
    hash_part(&parts, &a->target, sizeof(a->target));
    hash_part(&parts, &shape, sizeof(shape));
    time_ns learn = judge_setting(judge, "learn-days") * TIME_NS_DAY;
    if (habit_note(&s->habit, hash_parts_id(HASH_KEY_NAMES, &parts), judge_now(judge), learn))
        return;
    const struct ldap *l = a->ldap.at;
    bool wide = q.wide && l->scope != ldap_scope_base_object;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = wide && a->outcome != outcome_failure ? severity_medium : severity_low,
                      .confidence = wide ? CONFIDENCE_WIDE : CONFIDENCE_ONE,
                      .outcome = a->outcome,
                      .target = q.attribute,
                      .evidence = {.field = "filter",
                                   .value = judge_print(judge, "%.*s", (int)l->filter.size, l->filter.at),
                                   .threshold = "new to the device",
                                   .decisive = wide}},
        "search by or for %.*s gave %u entries", (int)q.attribute.size, q.attribute.at, l->entries);
    explain(judge, f, &q);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"learn-days", 15, 1, 365, "days",
     "A search of the same shape that a device has made for so long, on four days at least, is its habit."},
    {0},
};

const struct detection detection_ldap_attribute_reconnaissance = {
    .name = "ldap-attribute-reconnaissance",
    .external_id = "2210",
    .title = "Directory searched for weak points",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1087.002"},
    .entity = "the device that asks",
    .sees =
        "LDAP searches whose filter asks for servicePrincipalName by pattern, adminCount, delegation "
        "(msDS-AllowedToDelegateTo, msDS-AllowedToActOnBehalfOfOtherIdentity, userAccountControl by bits), "
        "missing pre-authentication, msDS-KeyCredentialLink, LAPS and managed passwords or sIDHistory, and "
        "searches over a whole domain that want the values of these. Low when one object is named besides.",
    .misses =
        "Sealed LDAP and LDAPS that could not be opened; searches of Active Directory Web Services; the "
        "whole directory read with all attributes, which ldap-reconnaissance tells.",
    .wrong_when = "Audits of the directory, and products that manage LAPS, delegation or service accounts.",
    .checks =
        {
            "Was an audit under way, and from this device?",
            "Were service tickets asked for, or accounts without pre-authentication, from the device "
            "afterwards?",
            "Who is meant to read the passwords of local administrators (LAPS)?",
        },
    .tuning = "Exclude the devices of audits and of LAPS management.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_directory_search,
    .wants = wants,
    .state_bytes = sizeof(struct attribute_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
