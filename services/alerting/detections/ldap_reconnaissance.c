/*
 * ldap-reconnaissance - the directory read to learn who and what there is in a domain.
 *
 * Sees: searches from the root of a domain that ask for everything, or for all users, computers, groups or
 * trusts, and searches that name a group or account of power; each shape of search that is new to the device.
 * Misses: searches that are sealed or inside TLS, unless they could be opened; localised names of groups;
 * lists taken page by page of names ("a*", "b*"). Decided by: the source device.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/ldap_query.h"

enum {
    CONFIDENCE_DUMP = 90,
    CONFIDENCE_LIST = 60,
    CONFIDENCE_NAMED = 55,
    NAMED = 32, /* beside enum ldap_query_class */
};

struct reconnaissance_state {
    struct habit habit; /* by shape of search and server */
    uint64_t seen;      /* of the finding that is held: enum ldap_query_class and NAMED */
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->ldap.count == 0 || a->ldap.at->operation != ldap_operation_search ||
        a->source_role == device_role_domain_controller || a->source_role == device_role_sync_appliance)
        return false;
    const struct ldap *l = a->ldap.at;
    return l->scope != ldap_scope_base_object || l->object.size > 0;
}

static const char *words_of(struct judge *judge, uint64_t seen)
{
    return judge_print(
        judge, "%s%s%s%s%s%s", seen & LDAP_QUERY_EVERYTHING ? "everything in the directory, " : "",
        seen & LDAP_QUERY_USERS ? "all users, " : "", seen & LDAP_QUERY_COMPUTERS ? "all computers, " : "",
        seen & LDAP_QUERY_GROUPS ? "all groups, " : "", seen & LDAP_QUERY_TRUSTS ? "all trusts, " : "",
        seen & NAMED ? "groups or accounts of power by name, " : "");
}

static void explain(struct judge *judge, struct finding *f, uint64_t seen)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool only_named = seen == NAMED;
    finding_title(f, "%s by %s",
                  seen & LDAP_QUERY_EVERYTHING ? judge_print(judge, "The directory of %s read out", target)
                  : only_named ? judge_print(judge, "%s looked up on %s", judge_targets(judge, f), target)
                               : judge_print(judge, "Objects of the directory listed on %s", target),
                  source);
    finding_text(
        f,
        "%s, working as %s, searched the directory on %s for %sin %u search%s of this kind%s. "
        "Programs of users look up the one object that they need; who asks for all of a kind, or for "
        "those who hold the domain, draws a map of it. Administrators' tools and products that copy "
        "the directory do this as well, always in the same way: a search is told while it is new to "
        "its device.",
        source, judge_account(judge, &f->source), target, words_of(judge, seen), f->count,
        f->count == 1 ? "" : "es", f->outcome == outcome_failure ? ", which were refused" : "");
}

static bool is_map(uint64_t seen)
{
    return (seen & LDAP_QUERY_USERS) && (seen & LDAP_QUERY_COMPUTERS) && (seen & LDAP_QUERY_GROUPS);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct reconnaissance_state *s = state;
    (void)role;
    struct ldap_query q = ldap_query_of(a);
    uint64_t kinds = (q.wide && q.from_root ? q.classes : 0) | (q.named.size > 0 ? (uint32_t)NAMED : 0u);
    /* Critical attributes are ldap-attribute-reconnaissance's to tell. */
    if (kinds == 0 || q.attribute.size > 0)
        return;
    struct hash_parts parts = {0};
    struct id shape = ldap_query_shape(a);
    hash_part(&parts, &a->target, sizeof(a->target));
    hash_part(&parts, &shape, sizeof(shape));
    time_ns learn = judge_setting(judge, "learn-days") * TIME_NS_DAY;
    if (habit_note(&s->habit, hash_parts_id(HASH_KEY_NAMES, &parts), judge_now(judge), learn))
        return;
    const struct finding *before = judge_existing(judge);
    const struct ldap *l = a->ldap.at;
    s->seen = before ? s->seen | kinds : kinds;
    bool dump = (kinds & LDAP_QUERY_EVERYTHING) && l->entries >= judge_setting(judge, "entries");
    bool grave = dump || (is_map(s->seen) && a->outcome != outcome_failure);
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = grave ? severity_medium : severity_low,
                      .confidence = dump                       ? CONFIDENCE_DUMP
                                    : kinds == (uint64_t)NAMED ? CONFIDENCE_NAMED
                                                               : CONFIDENCE_LIST,
                      .outcome = a->outcome,
                      .target = q.named,
                      .evidence = {.field = "filter",
                                   .value = judge_print(judge, "%.*s", (int)l->filter.size, l->filter.at),
                                   .threshold = kinds & LDAP_QUERY_EVERYTHING
                                                    ? judge_print(judge, "%lld entries",
                                                                  (long long)judge_setting(judge, "entries"))
                                                    : "new to the device",
                                   .decisive = grave || !before}},
        "search from \"%.*s\" gave %u entries", (int)l->object.size, l->object.at, l->entries);
    explain(judge, f, s->seen);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"entries", 50, 1, 1000000, "entries",
     "A search for everything from the root is told at medium severity when it gives so many: fewer are no "
     "map "
     "of a domain."},
    {"learn-days", 15, 1, 365, "days",
     "A search of the same shape that a device has made for so long, on four days at least, is its habit."},
    {0},
};

const struct detection detection_ldap_reconnaissance = {
    .name = "ldap-reconnaissance",
    .external_id = "2038",
    .title = "Directory searched for a map of the domain",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1087.002", "T1069.002"},
    .entity = "the device that asks",
    .sees =
        "LDAP searches over the whole of a domain for everything, or for all users, computers, groups or "
        "trusts, and searches that name a group or account of power, while their shape is new to the device. "
        "Medium when everything was given, or users, computers and groups were all listed; else low.",
    .misses = "Sealed LDAP and LDAPS that could not be opened; groups of power under localised names; lists "
              "taken by ranges of names; searches of Active Directory Web Services.",
    .wrong_when = "Products that copy the directory, and administrators with ldapsearch, PowerShell or "
                  "management consoles.",
    .checks =
        {
            "Which program searched, and is it meant to run on that device?",
            "Does the account need lists of the directory for its work?",
            "Were service tickets, many logons or remote commands seen from the device afterwards?",
        },
    .tuning = "Exclude the servers of products that copy the directory by device.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_directory_search,
    .wants = wants,
    .state_bytes = sizeof(struct reconnaissance_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
