/*
 * local-admin-hunting - on which hosts an account is administrator, tried on host after host.
 *
 * Sees: the service control manager opened (MS-SCMR 3.1.4.15), which only administrators may with rights to
 * change, and the members of a host's own groups read (MS-SAMR 3.1.5.8.2), on several hosts within an hour;
 * refusals weigh as much as successes. Misses: one host; hosts tried by their admin shares; encrypted SMB.
 * Decided by: the source device.
 */
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/seen.h"

enum {
    CONFIDENCE = 60,
    CONFIDENCE_REFUSED = 80, /* an administrator knows where he is one */
    REFUSED_MIN = 2,
    HOST_ASKED = 1,
    HOST_REFUSED = 2,
};

struct hunting_state {
    struct habit habit; /* by host */
    struct seen hosts;
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return argument_is_call(a, "svcctl", "ROpenSCManagerW") ||
           argument_is_call(a, "svcctl", "ROpenSCManagerA") ||
           argument_is_call(a, "svcctl", "ROpenSCManager2") ||
           argument_is_call(a, "samr", "SamrGetMembersInAlias");
}

static void explain(struct judge *judge, struct finding *f, uint32_t hosts, uint32_t refused)
{
    const char *source = judge_device(judge, &f->source);
    finding_title(f, "Administrator's rights tried on %u hosts by %s", hosts, source);
    finding_text(
        f,
        "%s, working as %s, opened the service manager or read the local groups of %u hosts within a "
        "short time, last %s; %u of them refused. So an attacker finds out where the account that he "
        "took is administrator. Software distribution and monitoring do this as well, from their own "
        "servers and without refusals.",
        source, judge_account(judge, &f->source), hosts, judge_device(judge, &f->target), refused);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct hunting_state *s = state;
    (void)role;
    time_ns now = judge_now(judge);
    if (habit_note(&s->habit, a->target, now, judge_setting(judge, "learn-days") * TIME_NS_DAY))
        return;
    seen_forget(&s->hosts, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    if (s->hosts.count == 0)
        judge_drop(judge);
    bool refusal = a->outcome == outcome_failure;
    const struct seen_item *item =
        seen_note(&s->hosts, a->target, now, refusal ? HOST_ASKED | HOST_REFUSED : HOST_ASKED);
    const struct finding *before = judge_existing(judge);
    int64_t hosts = judge_setting(judge, "hosts");
    bool told = before && before->opened, enough = s->hosts.count >= (uint64_t)hosts;
    if (item->count > 1 || (told && !enough))
        return;
    uint32_t refused = seen_count(&s->hosts, TIME_NS_NONE, HOST_REFUSED, 0);
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_low,
                      .confidence = refused >= REFUSED_MIN ? CONFIDENCE_REFUSED : CONFIDENCE,
                      .outcome = a->outcome,
                      .evidence = {.field = "hosts",
                                   .value = judge_print(judge, "%u, of which %u refused",
                                                        (uint32_t)s->hosts.count, refused),
                                   .threshold = judge_print(judge, "%lld in %lld min", (long long)hosts,
                                                            (long long)judge_setting(judge, "minutes")),
                                   .decisive = enough && !told}},
        "%.*s over %.*s%s", (int)a->operation.size, a->operation.at, (int)a->carrier.size, a->carrier.at,
        refusal ? ", refused" : "");
    if (!enough)
        return;
    explain(judge, f, (uint32_t)s->hosts.count, refused);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"hosts", 4, 2, 60, "hosts",
     "So many hosts tried within the minutes are told: an administrator works on one host at a time."},
    {"minutes", 60, 1, 1440, "minutes", "The window for it."},
    {"learn-days", 28, 1, 365, "days",
     "A host that a device asked for so long, on four days at least, is its habit and not counted."},
    {0},
};

const struct detection detection_local_admin_hunting = {
    .name = "local-admin-hunting",
    .external_id = "",
    .title = "Administrator's rights tried on many hosts",
    .severity = severity_low,
    .tactics = {"TA0007"},
    .techniques = {"T1069.001"},
    .entity = "the device that asks",
    .sees = "ROpenSCManager (opnums 15, 27 and 64 of svcctl) and SamrGetMembersInAlias (opnum 33 of samr) on "
            "several hosts within an hour, refused or not.",
    .misses =
        "One host; admin shares tried over SMB; calls inside encrypted SMB sessions; hosts whose traffic "
        "is not captured.",
    .wrong_when = "Software distribution, monitoring and audits open the service manager of all hosts.",
    .checks =
        {
            "Is the device a management server, and did the hosts refuse it?",
            "Was the account used in a way new to it, or were its credentials taken before?",
        },
    .tuning = "Exclude management servers by device, or raise hosts.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct hunting_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
