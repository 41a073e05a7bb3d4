/*
 * share-enumeration - the shares of host after host listed by one device.
 *
 * Sees: NetrShareEnum and NetrShareEnumSticky (MS-SRVS 3.1.4.8) on several hosts within an hour. Misses: one
 * host, which is what the Explorer asks when a person opens a server; lists inside encrypted SMB sessions;
 * shares found by trying their names. Decided by: the source device.
 */
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/seen.h"

enum {
    CONFIDENCE = 65,
};

struct share_state {
    struct habit habit; /* by host */
    struct seen hosts;
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return argument_is_call(a, "srvsvc", "NetrShareEnum") ||
           argument_is_call(a, "srvsvc", "NetrShareEnumSticky");
}

static void explain(struct judge *judge, struct finding *f, const struct share_state *s)
{
    const char *source = judge_device(judge, &f->source);
    finding_title(f, "Shares of %u hosts listed by %s", (uint32_t)s->hosts.count, source);
    finding_text(
        f,
        "%s, working as %s, asked %u hosts which shares they have (NetrShareEnum), last %s. Who opens a "
        "server in the Explorer asks it the same; one host after the other is asked in search of "
        "files that are open to all. %s",
        source, judge_account(judge, &f->source), (uint32_t)s->hosts.count, judge_device(judge, &f->target),
        f->target_count > 0 ? judge_print(judge, "Among the shares: %s.", judge_targets(judge, f)) : "");
}

static void add_shares(struct finding *f, const struct activity *a)
{
    uint32_t count = a->rpc.count ? a->rpc.at->results.count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct rpc_argument *r = &a->rpc.at->results.at[i];
        if (argument_ends(r->name, "_netname") && r->text.size > 0)
            finding_add_target(f, r->text);
    }
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct share_state *s = state;
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
    add_shares(f, a);
    if (!enough)
        return;
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"hosts", 4, 2, 60, "hosts",
     "The shares of so many hosts listed within the minutes are told: people open one or two servers in an "
     "hour, and Windows reads the shares of those only."},
    {"minutes", 60, 1, 1440, "minutes", "The window for it."},
    {"learn-days", 28, 1, 365, "days",
     "A host that a device asked for so long, on four days at least, is its habit and not counted."},
    {0},
};

const struct detection detection_share_enumeration = {
    .name = "share-enumeration",
    .external_id = "",
    .title = "Shares of many hosts listed",
    .severity = severity_low,
    .tactics = {"TA0007"},
    .techniques = {"T1135"},
    .entity = "the device that asks",
    .sees =
        "NetrShareEnum or NetrShareEnumSticky (opnums 15 and 36 of srvsvc) on several hosts within an hour.",
    .misses =
        "The shares of one host, which the Explorer lists as well; calls inside encrypted SMB sessions; "
        "hosts whose traffic is not captured; shares tried by name.",
    .wrong_when = "Backup, inventory and search products list the shares of all servers.",
    .checks =
        {
            "Is the device an inventory, backup or search server?",
            "Which files did it open on the shares afterwards?",
        },
    .tuning = "Exclude such servers by device, or raise hosts.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct share_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
