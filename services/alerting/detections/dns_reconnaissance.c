/*
 * dns-reconnaissance - the hosts of a domain learnt from its name service.
 *
 * Sees: whole zones asked for (AXFR, RFC 5936), and many different names that do not exist, addresses turned
 * into names, or names with all their records (ANY) asked for within a short time. Misses: what is asked
 * slowly; questions inside TLS or HTTPS. Decided by: the source device.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    QTYPE_PTR = 12,
    QTYPE_AXFR = 252,
    QTYPE_ANY = 255,
    RCODE_NXDOMAIN = 3,
    CONFIDENCE_TRANSFER = 90,
    CONFIDENCE_REFUSED = 70,
    CONFIDENCE_BURST = 50,
};

enum dns_act {
    DNS_NOTHING,
    DNS_UNKNOWN = 1,
    DNS_REVERSE = 2,
    DNS_ANY = 4,
    DNS_TRANSFER = 8,
};

struct dns_state {
    struct habit habit; /* by act and server */
    struct seen names;  /* flags: enum dns_act */
};

static bool is_query(const struct dns *d)
{
    return d->protocol == protocol_dns && !d->multicast && d->operation == dns_operation_query;
}

static enum dns_act act_of(const struct dns *d)
{
    if (d->qtype == QTYPE_AXFR)
        return DNS_TRANSFER;
    if (d->qtype == QTYPE_ANY)
        return DNS_ANY;
    if (d->qtype == QTYPE_PTR)
        return DNS_REVERSE;
    return d->rcode == RCODE_NXDOMAIN ? DNS_UNKNOWN : DNS_NOTHING;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->dns.count > 0 && is_query(a->dns.at) && act_of(a->dns.at) != DNS_NOTHING &&
           a->source_role != device_role_domain_controller;
}

static bool is_habit(struct judge *judge, struct dns_state *s, const struct activity *a, enum dns_act act)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &a->target, sizeof(a->target));
    hash_part_u64(&parts, act);
    time_ns learn = judge_setting(judge, "learn-days") * TIME_NS_DAY;
    return habit_note(&s->habit, hash_parts_id(HASH_KEY_NAMES, &parts), judge_now(judge), learn);
}

static void explain(struct judge *judge, struct finding *f, const char *what, const char *short_what)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    finding_title(f, "%s by %s at %s", short_what, source, target);
    finding_text(
        f,
        "%s asked the name service on %s for %s, %s. Clients ask for the hosts that they connect to; "
        "whole zones are for other name servers, and many names at once are how the hosts of a domain "
        "are found. Scanners of your own and name servers that forward questions look alike.",
        source, target, what,
        f->outcome == outcome_success   ? "and was answered"
        : f->outcome == outcome_failure ? "and learnt nothing by it"
                                        : "without an answer that was seen");
}

static void observe_transfer(struct judge *judge, struct dns_state *s, const struct activity *a)
{
    const struct dns *d = a->dns.at;
    if (is_habit(judge, s, a, DNS_TRANSFER))
        return;
    bool given = d->transfer_records > 1; /* one is the zone's own SOA alone */
    enum outcome outcome = given ? outcome_success : d->reply_frame ? outcome_failure : outcome_unknown;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = given ? severity_medium : severity_low,
                      .confidence = given ? CONFIDENCE_TRANSFER : CONFIDENCE_REFUSED,
                      .outcome = (uint8_t)outcome,
                      .target = d->name,
                      .evidence = {.field = "records given",
                                   .value = judge_print(judge, "%u", d->transfer_records),
                                   .threshold = "any AXFR by what is no name server",
                                   .decisive = true}},
        "AXFR of %.*s: %.*s", (int)d->name.size, d->name.at, (int)d->rcode_name.size, d->rcode_name.at);
    explain(judge, f, judge_print(judge, "the whole zone %s", judge_targets(judge, f)), "A zone asked for");
    judge_open(judge, f, a);
}

static const char *setting_of(enum dns_act act)
{
    return act == DNS_UNKNOWN ? "unknown-names" : act == DNS_REVERSE ? "addresses" : "any-names";
}

static const char *words_of(enum dns_act act)
{
    return act == DNS_UNKNOWN   ? "names that do not exist"
           : act == DNS_REVERSE ? "the names of addresses"
                                : "all records of names (ANY)";
}

static void observe_burst(struct judge *judge, struct dns_state *s, const struct activity *a,
                          enum dns_act act)
{
    const struct dns *d = a->dns.at;
    time_ns now = judge_now(judge);
    seen_forget(&s->names, now - judge_setting(judge, "seconds") * TIME_NS_S);
    struct hash_parts parts = {0};
    hash_part(&parts, d->name.at, d->name.size);
    hash_part_u64(&parts, act);
    const struct seen_item *item = seen_note(&s->names, hash_parts_id(HASH_KEY_NAMES, &parts), now, act);
    uint32_t count = seen_count(&s->names, TIME_NS_NONE, act, 0);
    if (item->count > 1 || count < (uint64_t)judge_setting(judge, setting_of(act)) ||
        is_habit(judge, s, a, act))
        return;
    const struct finding *before = judge_existing(judge);
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_low,
                      .confidence = CONFIDENCE_BURST,
                      .outcome = a->outcome,
                      .target = d->name,
                      .evidence = {.field = words_of(act),
                                   .value = judge_print(judge, "%u", count),
                                   .threshold = judge_print(judge, "%lld in %lld s",
                                                            (long long)judge_setting(judge, setting_of(act)),
                                                            (long long)judge_setting(judge, "seconds")),
                                   .decisive = !before}},
        "%.*s of %.*s: %.*s", (int)d->qtype_name.size, d->qtype_name.at, (int)d->name.size, d->name.at,
        (int)d->rcode_name.size, d->rcode_name.at);
    if (f->severity < severity_medium) /* a zone that was given is what matters more */
        explain(judge, f, judge_print(judge, "%s, at least %u within a short time", words_of(act), count),
                "Many names asked for");
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    enum dns_act act = act_of(a->dns.at);
    if (act == DNS_TRANSFER)
        observe_transfer(judge, state, a);
    else
        observe_burst(judge, state, a, act);
}

static const struct detection_setting settings[] = {
    {"unknown-names", 40, 5, 60, "names",
     "So many different names that do not exist, within the seconds, are told: a client with a list of "
     "suffixes "
     "asks for a few of them for each host that it misses."},
    {"addresses", 40, 5, 60, "addresses",
     "So many different addresses turned into names, within the seconds, are told."},
    {"any-names", 8, 2, 60, "names",
     "So many different names asked for with all records, within the seconds, are told: clients no longer "
     "ask "
     "that (RFC 8482)."},
    {"seconds", 60, 1, 3600, "seconds", "The window for all three."},
    {"learn-days", 8, 1, 365, "days",
     "What a device asked of a server in this way for so long, on four days at least, is its habit: "
     "scanners, "
     "and name servers that hold copies of zones."},
    {0},
};

const struct detection detection_dns_reconnaissance = {
    .name = "dns-reconnaissance",
    .external_id = "2007",
    .title = "Hosts of the domain learnt from its name service",
    .severity = severity_medium,
    .tactics = {"TA0007", "TA0043"},
    .techniques = {"T1018", "T1590.002"},
    .entity = "the device that asks",
    .sees =
        "AXFR by what is no domain controller, at medium severity when the zone was given and low when not; "
        "many different names that do not exist, reverse lookups of many addresses, or many ANY questions "
        "within a minute, at low severity.",
    .misses = "What is asked slowly or of a server that is not watched; DNS over TLS or HTTPS; incremental "
              "transfers (IXFR).",
    .wrong_when = "A name server that is no controller holds a copy of the zone; scanners, mail servers and "
                  "collectors of logs turn many addresses into names.",
    .checks =
        {
            "Is the device a name server that is allowed to copy the zone?",
            "Does it connect to the hosts that it learnt of?",
        },
    .tuning = "Allow transfers to named servers only; exclude name servers and scanners by device.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_name_query,
    .wants = wants,
    .state_bytes = sizeof(struct dns_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
