/*
 * session-enumeration - the sessions of a server asked for, which tell who works from where.
 *
 * Sees: NetrSessionEnum (MS-SRVS 3.1.4.5), sealed or not; on a domain controller at once, since everybody's
 * sessions for policies and scripts end there, on other servers as low until several were asked. Misses:
 * calls inside encrypted SMB sessions, and what is read from the registry (remote-session-query). Decided by:
 * the source device.
 */
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/seen.h"

enum {
    CONFIDENCE_CONTROLLER = 85,
    CONFIDENCE_SEVERAL = 80,
    CONFIDENCE_ONE = 40,
    CONFIDENCE_LESS = 20,
    /* A reply without a session: level, container and two numbers with the return value (MS-SRVS 3.1.4.5). */
    EMPTY_REPLY_BYTES = 64,
    ERROR_MORE_DATA = 234, /* MS-ERREF 2.2: as many as fitted */
};

struct session_state {
    struct habit habit; /* by server */
    struct seen hosts;
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return argument_is_call(a, "srvsvc", "NetrSessionEnum") &&
           a->source_role != device_role_domain_controller;
}

static enum outcome outcome_of(const struct activity *a)
{
    if (a->code == ERROR_MORE_DATA)
        return outcome_success;
    if (a->outcome == outcome_unknown && a->response_bytes > EMPTY_REPLY_BYTES)
        return outcome_success;
    return (enum outcome)a->outcome;
}

/* Who was given away: sesi10_username, sesi502_username. */
static void add_users(struct finding *f, const struct activity *a)
{
    uint32_t count = a->rpc.count ? a->rpc.at->results.count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct rpc_argument *r = &a->rpc.at->results.at[i];
        if (argument_ends(r->name, "_username") && r->text.size > 0)
            finding_add_target(f, r->text);
    }
}

static void explain(struct judge *judge, struct finding *f, bool controller, uint32_t hosts)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool refused = f->outcome == outcome_failure;
    finding_title(f, "Sessions of %s %s by %s", hosts > 1 ? judge_print(judge, "%u servers", hosts) : target,
                  refused ? "asked for, and refused," : "listed", source);
    finding_text(
        f,
        "%s, working as %s, asked %s%s which sessions are open there (NetrSessionEnum)%s. %sThe answer "
        "names accounts and the addresses they work from: with it an attacker finds the device on "
        "which an administrator is logged on. Users' programs do not ask this; consoles for the "
        "management of file servers do.",
        source, judge_account(judge, &f->source), controller ? "the domain controller " : "", target,
        hosts > 1 ? judge_print(judge, ", as it did on %u servers in all", hosts) : "",
        refused               ? "It was refused. "
        : f->target_count > 0 ? judge_print(judge, "It learnt of %s. ", judge_targets(judge, f))
                              : "");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct session_state *s = state;
    (void)role;
    time_ns now = judge_now(judge);
    if (habit_note(&s->habit, a->target, now, judge_setting(judge, "learn-days") * TIME_NS_DAY))
        return;
    seen_forget(&s->hosts, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    (void)seen_note(&s->hosts, a->target, now, 1);
    bool controller = a->target_role == device_role_domain_controller ||
                      a->target_role == device_role_domain_controller_candidate;
    bool several = s->hosts.count >= (uint64_t)judge_setting(judge, "hosts");
    enum outcome outcome = outcome_of(a);
    bool grave = several || (controller && outcome != outcome_failure);
    uint32_t confidence = controller ? CONFIDENCE_CONTROLLER : several ? CONFIDENCE_SEVERAL : CONFIDENCE_ONE;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = grave ? severity_medium : severity_low,
                      .confidence = (uint8_t)(a->probable ? confidence - CONFIDENCE_LESS : confidence),
                      .outcome = (uint8_t)outcome,
                      .evidence = {.field = "servers",
                                   .value = judge_print(judge, "%u", (uint32_t)s->hosts.count),
                                   .threshold = controller
                                                    ? "one domain controller"
                                                    : judge_print(judge, "%lld in %lld min",
                                                                  (long long)judge_setting(judge, "hosts"),
                                                                  (long long)judge_setting(judge, "minutes")),
                                   .decisive = grave}},
        "NetrSessionEnum over %.*s%s", (int)a->carrier.size, a->carrier.at,
        a->sealed ? ", arguments sealed" : "");
    add_users(f, a);
    explain(judge, f, controller, (uint32_t)s->hosts.count);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"hosts", 3, 2, 60, "servers",
     "So many servers asked within the minutes are told at medium severity: an administrator looks at the "
     "one "
     "that people complain of."},
    {"minutes", 60, 1, 1440, "minutes", "The window for it."},
    {"learn-days", 28, 1, 365, "days",
     "A server that a device asked for so long, on four days at least, is its habit and no longer told."},
    {0},
};

const struct detection detection_session_enumeration = {
    .name = "session-enumeration",
    .external_id = "2012",
    .title = "Sessions of a server listed",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1049", "T1087.002"},
    .entity = "the device that asks",
    .sees = "NetrSessionEnum (opnum 12 of srvsvc): on a domain controller, or on several servers, at medium "
            "severity; on one other server, or refused, at low. It needs no arguments.",
    .misses = "Calls inside encrypted SMB sessions; sessions read from the registry or the workstation "
              "service, which remote-session-query tells.",
    .wrong_when = "An administrator opens the shared folders console of a server, or a monitoring product "
                  "counts sessions.",
    .checks =
        {
            "Does the account belong to an administrator of that server?",
            "Did the device ask SAMR or LDAP for groups of administrators as well? Together these map the "
            "way "
            "to them.",
            "Are the accounts in the answer in danger: was one of them used elsewhere afterwards?",
        },
    .tuning = "Exclude monitoring servers by device; Windows can restrict who may ask (NetCease, "
              "SrvsvcSessionInfo).",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct session_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
