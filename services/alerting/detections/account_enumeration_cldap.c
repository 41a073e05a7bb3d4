/*
 * account-enumeration-cldap - domain controllers pinged for many account names to learn which exist.
 *
 * Sees: LDAP pings over UDP that name a user (MS-ADTS 6.3.3.2), for many different names from one device: the
 * answer says without any logon whether there is such an account (LOGON_SAM_USER_UNKNOWN_EX,
 * MS-ADTS 6.3.1.3). Misses: names asked slowly or from many devices; the same ping by a mail slot of NetBIOS.
 * Decided by: the source device.
 */
#include "proto/entity.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/ldap_query.h"
#include "services/alerting/detections/seen.h"

#include "common/base/text.h"

enum {
    CONFIDENCE_LEAST = 75,
    CONFIDENCE_MOST = 97,
    LOGON_SAM_USER_UNKNOWN = 21,
    LOGON_SAM_USER_UNKNOWN_EX = 25,
    NAME_ASKED = 1,
    NAME_UNKNOWN = 2,
};

struct ping_state {
    struct seen names;
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->ldap.count > 0 && a->ldap.at->transport == transport_udp &&
           a->ldap.at->operation == ldap_operation_search && a->source_role != device_role_domain_controller;
}

/* Whom the ping asks for: the filter's User. */
static struct str user_of(const struct ldap *l)
{
    struct ldap_walk walk = ldap_walk_of(l->filter);
    for (struct ldap_assertion a; ldap_walk_next(&walk, &a);)
        if (text_equal_nocase(a.attribute, STR("User")))
            return a.value;
    return l->netlogon_user;
}

static void explain(struct judge *judge, struct finding *f, uint32_t unknown)
{
    const char *source = judge_device(judge, &f->source);
    uint32_t exist = finding_marked(f), sure = CONFIDENCE_LEAST + unknown;
    f->confidence = (uint8_t)(sure > CONFIDENCE_MOST ? CONFIDENCE_MOST : sure);
    f->outcome = exist > 0 ? outcome_success : outcome_failure;
    finding_title(f, "Account names enumerated by LDAP pings of %s: %u asked for", source, f->target_count);
    finding_text(
        f,
        "%s pinged the domain controller %s in the name of %u different accounts, among them %s. A ping "
        "needs no logon, leaves no event, and its answer says whether there is such an account: %s. "
        "Clients ping for their own machine and the person in front of it; many names are how a list of "
        "valid accounts is made before passwords are tried.",
        source, judge_device(judge, &f->target), f->target_count, judge_targets(judge, f),
        exist > 0 ? judge_print(judge, "%u exist, as %s", exist, judge_marked_targets(judge, f))
                  : "none does");
}

static bool is_enumeration(struct judge *judge, const struct ping_state *s, uint32_t unknown)
{
    return unknown >= (uint64_t)judge_setting(judge, "unknown-names") ||
           s->names.count >= (uint64_t)judge_setting(judge, "names");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct ping_state *s = state;
    (void)role;
    const struct ldap *l = a->ldap.at;
    struct str user = user_of(l);
    if (user.size == 0)
        return;
    time_ns now = judge_now(judge);
    seen_forget(&s->names, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    if (s->names.count == 0)
        judge_drop(judge);
    bool answered = l->netlogon_opcode != 0;
    bool unknown =
        l->netlogon_opcode == LOGON_SAM_USER_UNKNOWN || l->netlogon_opcode == LOGON_SAM_USER_UNKNOWN_EX;
    const struct seen_item *item =
        seen_note(&s->names, entity_account(user), now, unknown ? NAME_ASKED | NAME_UNKNOWN : NAME_ASKED);
    if (item->count > 1)
        return; /* asked again, as of another controller */
    uint32_t unknowns = seen_count(&s->names, TIME_NS_NONE, NAME_UNKNOWN, 0);
    bool enough = is_enumeration(judge, s, unknowns);
    const struct finding *before = judge_existing(judge);
    bool told = before && before->opened;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_medium,
                      .target = user,
                      .evidence = {.field = "names",
                                   .value = judge_print(judge, "%u, of which %u unknown",
                                                        (uint32_t)s->names.count, unknowns),
                                   .threshold = judge_print(judge, "%lld, or %lld unknown",
                                                            (long long)judge_setting(judge, "names"),
                                                            (long long)judge_setting(judge, "unknown-names")),
                                   .decisive = enough && !told}},
        "ping for %.*s: %s", (int)user.size, user.at,
        unknown    ? "no such account"
        : answered ? "the account exists"
                   : "not answered");
    if (answered && !unknown)
        finding_mark_target(f, user);
    if (!enough && !f->opened)
        return;
    explain(judge, f, unknowns);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"unknown-names", 5, 2, 60, "accounts",
     "So many names that do not exist, within the minutes, are told: a client has one that was deleted or "
     "mistyped."},
    {"names", 12, 3, 60, "accounts",
     "So many different names are told also when all exist: a terminal server's people log on over hours."},
    {"minutes", 10, 1, 1440, "minutes", "The window for both."},
    {0},
};

const struct detection detection_account_enumeration_cldap = {
    .name = "account-enumeration-cldap",
    .external_id = "2437",
    .title = "Account names enumerated by LDAP pings",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1087.002"},
    .entity = "the device that asks",
    .sees =
        "Connectionless LDAP pings of domain controllers that name a user, for many different names within "
        "minutes; the answers say which of them exist, without a logon or an event.",
    .misses = "Names asked slowly or from many devices; pings by NetBIOS mail slots.",
    .wrong_when = "A terminal server or a gateway pings for many people at the start of work.",
    .checks =
        {
            "Is the device a terminal server or a gateway with many people behind it?",
            "Did logons that failed, or requests for tickets, follow for these names?",
        },
    .tuning = "Exclude gateways and terminal servers by device, or raise names.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_directory_search,
    .wants = wants,
    .state_bytes = sizeof(struct ping_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
