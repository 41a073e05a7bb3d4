/*
 * lsa-sid-enumeration - identifiers counted up and resolved to names, one after the other.
 *
 * Sees: LsarLookupSids, LsarLookupSids2 and LsarLookupSids3 (MS-LSAT 3.1.4.9 to 11) over consecutive relative
 * identifiers of one domain, in one call or in many. Windows resolves the identifiers that it meets, in
 * access lists and tokens, and those do not follow each other for long. Misses: sealed arguments, counting in
 * another order, encrypted SMB. Decided by: the source device.
 */
#include "proto/entity.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"

enum {
    CONFIDENCE_LEAST = 80,
    CONFIDENCE_MOST = 97,
    RUN_CERTAIN = 100,
    STATUS_SOME_NOT_MAPPED = 0x107, /* MS-ERREF 2.3.1 */
};

/* One run of consecutive identifiers. */
struct lsa_state {
    struct id domain; /* hash of the SID before its last part, and of the server */
    time_ns last;
    uint64_t rid; /* the last one of the run */
    uint64_t run; /* how many there were */
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->rpc.count > 0 && a->rpc.at->arguments.count > 0 &&
           (argument_is_call(a, "lsarpc", "LsarLookupSids") ||
            argument_is_call(a, "lsarpc", "LsarLookupSids2") ||
            argument_is_call(a, "lsarpc", "LsarLookupSids3"));
}

/* "S-1-5-21-1-2-3-1104": its last part, and what stands before it. */
static bool split_sid(struct str sid, struct str *domain, uint64_t *rid)
{
    uint32_t dash = sid.size;
    while (dash > 0 && sid.at[dash - 1] != '-')
        dash--;
    *rid = 0;
    if (dash < 2 || dash == sid.size || sid.size - dash > 10)
        return false;
    for (uint32_t i = dash; i < sid.size; i++) {
        if (sid.at[i] < '0' || sid.at[i] > '9')
            return false;
        *rid = *rid * 10 + (uint64_t)(sid.at[i] - '0');
    }
    *domain = (struct str){.at = sid.at, .size = dash - 1};
    return true;
}

static void count_on(struct lsa_state *s, struct id domain, uint64_t rid)
{
    bool same = id_equal(s->domain, domain);
    if (same && rid == s->rid)
        return; /* asked again */
    s->run = same && rid == s->rid + 1 ? s->run + 1 : 1;
    s->rid = rid;
    s->domain = domain;
}

/* The longest run that this call makes or goes on with. */
static uint64_t count_call(struct lsa_state *s, const struct activity *a)
{
    uint64_t longest = 0;
    for (uint32_t i = 0; i < a->rpc.at->arguments.count; i++) {
        const struct rpc_argument *argument = &a->rpc.at->arguments.at[i];
        struct str domain;
        uint64_t rid;
        if (argument->kind != rpc_value_sid || !split_sid(argument->text, &domain, &rid))
            continue;
        struct hash_parts parts = {0};
        hash_part(&parts, domain.at, domain.size);
        hash_part(&parts, &a->target, sizeof(a->target));
        count_on(s, hash_parts_id(HASH_KEY_NAMES, &parts), rid);
        longest = s->run > longest ? s->run : longest;
    }
    return longest;
}

static void add_names(struct finding *f, const struct activity *a)
{
    for (uint32_t i = 0; i < a->rpc.at->results.count; i++) {
        const struct rpc_argument *r = &a->rpc.at->results.at[i];
        bool translated = r->name.size > 10 && memcmp(r->name.at, "Translated", 10) == 0;
        if (translated && argument_ends(r->name, ".Name") && r->text.size > 0)
            finding_add_target(f, r->text);
    }
}

static void explain(struct judge *judge, struct finding *f, uint64_t run)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    finding_title(f, "Accounts of %s enumerated by counting identifiers by %s", target, source);
    finding_text(
        f,
        "%s, working as %s, asked %s for the names behind at least %llu consecutive identifiers. "
        "Accounts are numbered as they are made, so counting finds them all, also where lists of users "
        "are refused. Windows asks for the identifiers that it meets, never for a row of them. %s",
        source, judge_account(judge, &f->source), target, (unsigned long long)run,
        f->target_count > 0 ? judge_print(judge, "It learnt of %s.", judge_targets(judge, f))
                            : "No name was seen in the answers.");
}

static enum outcome outcome_of(const struct finding *f, const struct activity *a)
{
    return f->target_count > 0 || a->code == STATUS_SOME_NOT_MAPPED ? outcome_success
                                                                    : (enum outcome)a->outcome;
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct lsa_state *s = state;
    (void)role;
    time_ns now = judge_now(judge);
    if (now - s->last > judge_setting(judge, "minutes") * TIME_NS_MIN)
        s->run = 0;
    s->last = now;
    uint64_t run = count_call(s, a);
    if (run < (uint64_t)judge_setting(judge, "identifiers"))
        return;
    uint64_t sure = CONFIDENCE_LEAST + (run < RUN_CERTAIN ? run : RUN_CERTAIN) / 5;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_medium,
                      .confidence = (uint8_t)(sure > CONFIDENCE_MOST ? CONFIDENCE_MOST : sure),
                      .evidence = {.field = "consecutive identifiers",
                                   .value = judge_print(judge, "%llu", (unsigned long long)run),
                                   .threshold = judge_print(judge, "%lld",
                                                            (long long)judge_setting(judge, "identifiers"))}},
        "%.*s over %.*s", (int)a->operation.size, a->operation.at, (int)a->carrier.size, a->carrier.at);
    add_names(f, a);
    if (f->outcome != outcome_success)
        f->outcome = (uint8_t)outcome_of(f, a);
    explain(judge, f, run);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"identifiers", 16, 4, 1000, "identifiers",
     "So many that follow each other without a gap are told: the groups of a fresh domain, which may stand "
     "in "
     "one token, make rows of a few (512 to 520 with gaps)."},
    {"minutes", 10, 1, 1440, "minutes", "A row ends when nothing was asked for so long."},
    {0},
};

const struct detection detection_lsa_sid_enumeration = {
    .name = "lsa-sid-enumeration",
    .external_id = "",
    .title = "Accounts enumerated by counting identifiers",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1087.002"},
    .entity = "the device that asks",
    .sees =
        "LsarLookupSids, LsarLookupSids2 and LsarLookupSids3 over consecutive relative identifiers of one "
        "domain, in one call or over many; names the accounts that the answers gave.",
    .misses = "Sealed arguments; identifiers asked in another order or with gaps; encrypted SMB sessions; "
              "beyond the first 64 identifiers of a call nothing is read.",
    .wrong_when = "A migration or backup product resolves all identifiers of a domain in order.",
    .checks =
        {
            "Was the session anonymous? Then the server gives names to everybody: close that "
            "(RestrictAnonymous).",
            "Were passwords tried for these accounts afterwards?",
        },
    .tuning = "Exclude migration servers by device, or raise identifiers.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct lsa_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
