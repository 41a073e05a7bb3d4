/*
 * remote-session-query - who is logged on asked of host after host.
 *
 * Sees: NetrWkstaUserEnum (MS-WKST 3.2.4.3), and the user hives of the remote registry listed (MS-RRP 3.1.5.3
 * OpenUsers, then BaseRegEnumKey), on several hosts within an hour. Misses: one host, as help desks ask;
 * encrypted SMB; sessions of shares, which session-enumeration tells. Decided by: the source device.
 */
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/seen.h"

enum {
    CONFIDENCE = 75,
};

struct query_state {
    struct habit habit; /* by host */
    struct seen hosts;
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return argument_is_call(a, "wkssvc", "NetrWkstaUserEnum") || argument_is_call(a, "winreg", "OpenUsers");
}

static void add_users(struct finding *f, const struct activity *a)
{
    uint32_t count = a->rpc.count ? a->rpc.at->results.count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct rpc_argument *r = &a->rpc.at->results.at[i];
        if (argument_ends(r->name, "_username") && r->text.size > 0)
            finding_add_target(f, r->text);
    }
}

static void explain(struct judge *judge, struct finding *f, uint32_t hosts)
{
    const char *source = judge_device(judge, &f->source);
    finding_title(f, "Logged-on users of %u hosts asked for by %s", hosts, source);
    finding_text(
        f,
        "%s, working as %s, asked %u hosts who is logged on there, last %s. %sSo an attacker finds "
        "the device on which an administrator's credentials can be taken. Inventory products do this "
        "as well, always from the same server.",
        source, judge_account(judge, &f->source), hosts, judge_device(judge, &f->target),
        f->target_count > 0 ? judge_print(judge, "It learnt of %s. ", judge_targets(judge, f)) : "");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct query_state *s = state;
    (void)role;
    time_ns now = judge_now(judge);
    if (habit_note(&s->habit, a->target, now, judge_setting(judge, "learn-days") * TIME_NS_DAY))
        return;
    seen_forget(&s->hosts, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    if (s->hosts.count == 0)
        judge_drop(judge);
    const struct seen_item *item = seen_note(&s->hosts, a->target, now, 1);
    const struct finding *before = judge_existing(judge);
    int64_t hosts = judge_setting(judge, "hosts");
    bool told = before && before->opened, enough = s->hosts.count >= (uint64_t)hosts;
    if (told ? !enough : item->count > 1)
        return;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_low,
                      .confidence = CONFIDENCE,
                      .outcome = a->outcome,
                      .evidence = {.field = "hosts",
                                   .value = judge_print(judge, "%u", (uint32_t)s->hosts.count),
                                   .threshold = judge_print(judge, "%lld in %lld min", (long long)hosts,
                                                            (long long)judge_setting(judge, "minutes")),
                                   .decisive = enough && !told}},
        "%.*s over %.*s", (int)a->operation.size, a->operation.at, (int)a->carrier.size, a->carrier.at);
    add_users(f, a);
    if (!enough)
        return;
    explain(judge, f, (uint32_t)s->hosts.count);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"hosts", 3, 2, 60, "hosts",
     "So many hosts asked within the minutes are told: a help desk asks the one that it is called about."},
    {"minutes", 60, 1, 1440, "minutes", "The window for it."},
    {"learn-days", 28, 1, 365, "days",
     "A host that a device asked for so long, on four days at least, is its habit and not counted."},
    {0},
};

const struct detection detection_remote_session_query = {
    .name = "remote-session-query",
    .external_id = "",
    .title = "Logged-on users asked of many hosts",
    .severity = severity_low,
    .tactics = {"TA0007"},
    .techniques = {"T1033", "T1049"},
    .entity = "the device that asks",
    .sees =
        "NetrWkstaUserEnum (opnum 2 of wkssvc) and OpenUsers of the remote registry (opnum 4 of winreg, the "
        "user hives) on several hosts within an hour.",
    .misses = "One host; calls inside encrypted SMB sessions; hosts whose traffic is not captured.",
    .wrong_when = "Inventory and software distribution ask who uses which device.",
    .checks =
        {
            "Is the device an inventory or help desk server?",
            "Did the same device read groups of administrators (samr-enumeration, ldap-reconnaissance)?",
        },
    .tuning = "Exclude inventory servers by device, or raise hosts.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct query_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
