/*
 * rpc-endpoint-enumeration - what a server offers over RPC, read as a list or tried in turn.
 *
 * Sees: ept_lookup (C706 appendix O), which reads the endpoint mapper's database, where clients that want one
 * interface use ept_map; and binds to many different interfaces of one server within a short time. Misses:
 * lookups on other services' management interfaces (mgmt), and what is tried slowly. Decided by: the source
 * device.
 */
#include "proto/entity.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"

enum {
    CONFIDENCE_LOOKUP = 80,
    CONFIDENCE_BINDS = 70,
};

struct endpoint_state {
    struct seen interfaces; /* by server and interface */
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->kind == activity_kind_rpc_bind || argument_is_call(a, "epmapper", "ept_lookup");
}

static void explain(struct judge *judge, struct finding *f, bool lookup)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    finding_title(f, "RPC services of %s enumerated by %s", target, source);
    finding_text(f,
                 "%s %s %s. A client that wants a service asks for that one (ept_map); reading the list, or "
                 "trying interface after interface, shows what a server offers and where it may be attacked. "
                 "Network scanners and a few troubleshooting tools of administrators do this.",
                 source,
                 lookup ? "read through the endpoint mapper, the list of all RPC services, of"
                        : "bound to one RPC interface after the other of",
                 target);
}

static void observe_lookup(struct judge *judge, const struct activity *a)
{
    const struct rpc_argument *entries = argument_find_result(a, "num_ents");
    uint64_t given = entries ? entries->number : 0;
    enum outcome outcome = given > 0 ? outcome_success : (enum outcome)a->outcome;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = severity_low,
                                .confidence = CONFIDENCE_LOOKUP,
                                .outcome = (uint8_t)outcome,
                                .evidence = {.field = "entries given",
                                             .value = judge_print(judge, "%llu", (unsigned long long)given),
                                             .threshold = "any ept_lookup",
                                             .decisive = true}},
                  "ept_lookup over %.*s", (int)a->carrier.size, a->carrier.at);
    explain(judge, f, true);
    judge_open(judge, f, a);
}

static void observe_bind(struct judge *judge, struct endpoint_state *s, const struct activity *a)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &a->target, sizeof(a->target));
    hash_part(&parts, &a->interface, sizeof(a->interface));
    time_ns now = judge_now(judge), since = now - judge_setting(judge, "seconds") * TIME_NS_S;
    seen_forget(&s->interfaces, since);
    uint32_t server = (uint32_t)a->target.low | 1u; /* among the flags: only those of this server count */
    const struct seen_item *item =
        seen_note(&s->interfaces, hash_parts_id(HASH_KEY_NAMES, &parts), now, server);
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->interfaces.count; i++)
        count += s->interfaces.items[i].flags == server;
    if (item->count > 1 || count < (uint64_t)judge_setting(judge, "interfaces"))
        return;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_low,
                      .confidence = CONFIDENCE_BINDS,
                      .outcome = a->outcome,
                      .evidence = {.field = "interfaces",
                                   .value = judge_print(judge, "%u", count),
                                   .threshold = judge_print(judge, "%lld in %lld s",
                                                            (long long)judge_setting(judge, "interfaces"),
                                                            (long long)judge_setting(judge, "seconds"))}},
        "bind to %.*s%s", (int)a->interface_name.size, a->interface_name.at,
        a->interface_name.size ? "" : "an interface without a known name");
    explain(judge, f, false);
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->kind == activity_kind_rpc_bind)
        observe_bind(judge, state, a);
    else
        observe_lookup(judge, a);
}

static const struct detection_setting settings[] = {
    {"interfaces", 24, 8, 60, "interfaces",
     "So many different interfaces of one server bound within the seconds are told: a promotion to domain "
     "controller, the busiest client there is, binds to fewer than ten."},
    {"seconds", 120, 1, 3600, "seconds", "The window for it."},
    {0},
};

const struct detection detection_rpc_endpoint_enumeration = {
    .name = "rpc-endpoint-enumeration",
    .external_id = "",
    .title = "RPC services of a server enumerated",
    .severity = severity_low,
    .tactics = {"TA0007"},
    .techniques = {"T1046"},
    .entity = "the device that asks",
    .sees =
        "ept_lookup at the endpoint mapper, which reads its whole list or a part of it, and binds to many "
        "different interfaces of one server within a short time.",
    .misses = "Interfaces tried slowly; the management interface's inq_if_ids; servers whose traffic is not "
              "captured.",
    .wrong_when = "Vulnerability scanners, port query tools and some monitoring products read the list.",
    .checks =
        {
            "Is the device a scanner of your own?",
            "What did it do next on the server: calls that coerce, print or create services?",
        },
    .tuning = "Exclude your scanners by device.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call | 1u << activity_kind_rpc_bind,
    .wants = wants,
    .state_bytes = sizeof(struct endpoint_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
