/*
 * samr-enumeration - users and groups of a domain read through the account manager's remote protocol.
 *
 * Sees: lists of users and groups (MS-SAMR 3.1.5.2, 3.1.5.3), members read of a group that gives power, the
 * details of a built-in account, and the details of many accounts one after the other. Operations stand in
 * clear also when the arguments are sealed; which group or account it was does not. Misses: calls inside an
 * encrypted SMB session; one account at a time over days; what a device has done for a month already.
 * Decided by: the source device.
 */
#include "proto/entity.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/seen.h"

enum {
    STATUS_MORE_ENTRIES = 0x105, /* MS-ERREF 2.3.1: as many as fitted; more calls follow */
    STATUS_SOME_NOT_MAPPED = 0x107,
    /* A reply without an entry: counts, pointers and the return value (MS-SAMR 3.1.5.2.1); with NDR64 and
       its padding it stays below. */
    EMPTY_REPLY_BYTES = 72,
    DISPLAY_GROUPS = 3, /* MS-SAMR 2.2.8.1: DomainDisplayGroup */
    NAMES_TOLD = 64,
    CONFIDENCE_LIST = 85,
    CONFIDENCE_DETAIL = 60,
    CONFIDENCE_LESS = 20, /* taken off when the arguments are sealed or the interface is inferred */
};

enum samr_act {
    SAMR_NOTHING,
    SAMR_USERS = 1,
    SAMR_GROUPS = 2,
    SAMR_MEMBERS = 4,
    SAMR_BUILTIN_USER = 8,
    SAMR_MANY_USERS = 16,
};

struct samr_state {
    struct habit habit; /* by act and server */
    struct seen users;  /* asked for details, by server and RID */
    struct id flow;     /* of the last object opened */
    uint64_t rid;
    uint64_t acts; /* of the finding that is held: enum samr_act */
    time_ns last;
};

/* Groups and accounts whose members or details show where power lies (MS-DTYP 2.4.2.4). */
static const char *well_known(uint64_t rid)
{
    static const struct {
        uint32_t rid;
        const char *name;
    } names[] = {
        {500, "Administrator"},
        {502, "krbtgt"},
        {512, "Domain Admins"},
        {516, "Domain Controllers"},
        {518, "Schema Admins"},
        {519, "Enterprise Admins"},
        {520, "Group Policy Creator Owners"},
        {526, "Key Admins"},
        {527, "Enterprise Key Admins"},
        {544, "Administrators"},
        {548, "Account Operators"},
        {549, "Server Operators"},
        {550, "Print Operators"},
        {551, "Backup Operators"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (names[i].rid == rid)
            return names[i].name;
    return NULL;
}

static bool is_one_of(struct str operation, const char *const *names)
{
    for (; *names; names++)
        if (str_equal(operation, str_of(*names)))
            return true;
    return false;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return str_equal(a->interface_name, STR("samr")) && a->source_role != device_role_domain_controller;
}

/* Which object later calls of this flow are about: handles are not told, their order is. */
static void note_opened(struct samr_state *s, const struct activity *a)
{
    static const char *const arguments[] = {"UserId", "GroupId", "AliasId"};
    static const char *const opens[] = {"SamrOpenUser", "SamrOpenGroup", "SamrOpenAlias", NULL};
    if (!is_one_of(a->operation, opens) || a->rpc.count == 0)
        return;
    s->flow = a->rpc.at->flow;
    s->rid = 0;
    for (size_t i = 0; i < ARRAY_COUNT(arguments); i++) {
        const struct rpc_argument *rid = argument_find(a, arguments[i]);
        s->rid = rid ? rid->number : s->rid;
    }
}

static uint64_t opened_in(const struct samr_state *s, const struct activity *a)
{
    return a->rpc.count > 0 && id_equal(s->flow, a->rpc.at->flow) ? s->rid : 0;
}

static enum samr_act list_of(const struct activity *a)
{
    static const char *const users[] = {"SamrEnumerateUsersInDomain", NULL};
    static const char *const groups[] = {"SamrEnumerateGroupsInDomain", "SamrEnumerateAliasesInDomain", NULL};
    static const char *const display[] = {"SamrQueryDisplayInformation", "SamrQueryDisplayInformation2",
                                          "SamrQueryDisplayInformation3", NULL};
    if (is_one_of(a->operation, users))
        return SAMR_USERS;
    if (is_one_of(a->operation, groups))
        return SAMR_GROUPS;
    if (!is_one_of(a->operation, display))
        return SAMR_NOTHING;
    const struct rpc_argument *class = argument_find(a, "DisplayInformationClass");
    return class && class->number == DISPLAY_GROUPS ? SAMR_GROUPS : SAMR_USERS;
}

static enum samr_act detail_of(struct judge *judge, struct samr_state *s, const struct activity *a)
{
    static const char *const members[] = {"SamrGetMembersInGroup", "SamrGetMembersInAlias", NULL};
    static const char *const details[] = {"SamrQueryInformationUser", "SamrQueryInformationUser2", NULL};
    uint64_t rid = opened_in(s, a);
    bool controller = a->target_role == device_role_domain_controller ||
                      a->target_role == device_role_domain_controller_candidate;
    if (is_one_of(a->operation, members)) {
        /* Local groups of a member server are what local-admin-hunting counts. */
        bool local = str_equal(a->operation, STR("SamrGetMembersInAlias"));
        return well_known(rid) && (!local || controller) ? SAMR_MEMBERS : SAMR_NOTHING;
    }
    if (!is_one_of(a->operation, details) || rid == 0)
        return SAMR_NOTHING;
    struct hash_parts parts = {0};
    hash_part(&parts, &a->target, sizeof(a->target));
    hash_part_u64(&parts, rid);
    time_ns now = judge_now(judge);
    seen_forget(&s->users, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    (void)seen_note(&s->users, hash_parts_id(HASH_KEY_NAMES, &parts), now, 1);
    if (s->users.count >= (uint64_t)judge_setting(judge, "users"))
        return SAMR_MANY_USERS;
    return well_known(rid) ? SAMR_BUILTIN_USER : SAMR_NOTHING;
}

static enum outcome outcome_of(const struct activity *a)
{
    if (a->code == STATUS_MORE_ENTRIES || a->code == STATUS_SOME_NOT_MAPPED)
        return outcome_success;
    if (a->outcome == outcome_unknown && a->response_bytes > EMPTY_REPLY_BYTES)
        return outcome_success;
    return (enum outcome)a->outcome;
}

/* What was learnt: names in the answer. */
static void add_names(struct finding *f, const struct activity *a, const char *object)
{
    if (object)
        finding_add_target(f, str_of(object));
    uint32_t count = a->rpc.count ? a->rpc.at->results.count : 0;
    for (uint32_t i = 0; i < count && i < NAMES_TOLD; i++) {
        const struct rpc_argument *r = &a->rpc.at->results.at[i];
        bool is_name = argument_ends(r->name, ".Name") || argument_ends(r->name, ".UserName");
        if (is_name && r->text.size > 0)
            finding_add_target(f, r->text);
    }
}

static const char *words_of(uint64_t acts, struct judge *judge)
{
    return judge_print(judge, "%s%s%s%s%s",
                       acts & SAMR_USERS ? "The accounts of the domain were listed. " : "",
                       acts & SAMR_GROUPS ? "Its groups were listed. " : "",
                       acts & SAMR_MEMBERS ? "The members of groups that give power were read. " : "",
                       acts & SAMR_MANY_USERS ? "The details of many accounts were read in turn. " : "",
                       acts & SAMR_BUILTIN_USER ? "The details of a built-in account were read. " : "");
}

static void explain(struct judge *judge, struct finding *f, uint64_t acts, bool sealed)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool lists = (acts & (SAMR_USERS | SAMR_MANY_USERS)) != 0;
    finding_title(f, "%s read over SAMR from %s by %s", lists ? "Accounts" : "Groups and built-in accounts",
                  target, source);
    finding_text(
        f,
        "%s, working as %s, asked the account manager (SAMR) of %s about accounts and groups. %s%s%s"
        "People's own programs look up single names; whoever reads lists, or who belongs to the "
        "groups of administrators, learns whom to attack. Administrators' tools do this as well: "
        "what counts is whether this device and account belong to one.",
        source, judge_account(judge, &f->source), target, words_of(acts, judge),
        f->target_count > 0 ? judge_print(judge, "Among what was told: %s. ", judge_targets(judge, f)) : "",
        sealed ? "The arguments were sealed, so what exactly was asked is not known. " : "");
}

static uint8_t severity_of(uint64_t acts)
{
    return acts & (SAMR_USERS | SAMR_MANY_USERS) ? severity_medium : severity_low;
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct samr_state *s = state;
    (void)role;
    note_opened(s, a);
    enum samr_act act = list_of(a);
    if (act == SAMR_NOTHING)
        act = detail_of(judge, s, a);
    if (act == SAMR_NOTHING)
        return;
    struct hash_parts parts = {0};
    hash_part(&parts, &a->target, sizeof(a->target));
    hash_part_u64(&parts, act);
    time_ns learn = judge_setting(judge, "learn-days") * TIME_NS_DAY;
    if (habit_note(&s->habit, hash_parts_id(HASH_KEY_NAMES, &parts), judge_now(judge), learn))
        return;
    const struct finding *before = judge_existing(judge);
    s->acts = before ? s->acts | (uint64_t)act : (uint64_t)act;
    enum outcome outcome = outcome_of(a);
    bool list = (act & (SAMR_USERS | SAMR_GROUPS | SAMR_MANY_USERS)) != 0;
    uint32_t confidence = list ? CONFIDENCE_LIST : CONFIDENCE_DETAIL;
    const char *object = act & (SAMR_MEMBERS | SAMR_BUILTIN_USER) ? well_known(opened_in(s, a)) : NULL;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){
            .severity = outcome == outcome_failure ? (uint8_t)severity_low : severity_of(s->acts),
            .confidence = (uint8_t)(a->sealed || a->probable ? confidence - CONFIDENCE_LESS : confidence),
            .outcome = (uint8_t)outcome,
            .evidence = {.field = "operation",
                         .value = judge_print(judge, "%.*s", (int)a->operation.size, a->operation.at),
                         .threshold = act == SAMR_MANY_USERS
                                          ? judge_print(judge, "%lld accounts in %lld min",
                                                        (long long)judge_setting(judge, "users"),
                                                        (long long)judge_setting(judge, "minutes"))
                                          : "once, where it is no habit",
                         .decisive = !before}},
        "%.*s%s%s over %.*s%s", (int)a->operation.size, a->operation.at, object ? " of " : "",
        object ? object : "", (int)a->carrier.size, a->carrier.at, a->sealed ? ", arguments sealed" : "");
    add_names(f, a, object);
    explain(judge, f, s->acts, a->sealed);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"users", 8, 2, 60, "accounts",
     "The details of so many accounts within the minutes are a list: a program that shows one person's "
     "account "
     "reads one."},
    {"minutes", 10, 1, 1440, "minutes", "The window for it."},
    {"learn-days", 28, 1, 365, "days",
     "What a device asked of a server for so long, on four days at least, is its habit and no longer told."},
    {0},
};

const struct detection detection_samr_enumeration = {
    .name = "samr-enumeration",
    .external_id = "2021",
    .title = "Accounts and groups listed over SAMR",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1087.002", "T1069.002"},
    .entity = "the device that asks",
    .sees =
        "Lists of users and groups (SamrEnumerateUsersInDomain, SamrEnumerateGroupsInDomain, "
        "SamrEnumerateAliasesInDomain, SamrQueryDisplayInformation), the details of many accounts, at medium "
        "severity when accounts are listed; members of groups that give power and the details of a "
        "built-in account, at low severity. Never done by this device before, or not for long.",
    .misses =
        "Calls inside encrypted SMB sessions; single accounts read over days; which group or account it "
        "was when the arguments are sealed; devices whose habit it is.",
    .wrong_when =
        "Administrators list accounts with net.exe or management consoles; inventory and monitoring "
        "products do it on schedule until it is learnt.",
    .checks =
        {
            "Does the account belong to an administrator, and does he work on this device?",
            "Which program ran on the device at that time (net.exe, net1.exe, a script)?",
            "Did logons to the listed accounts, or many failed ones, follow?",
        },
    .tuning = "Exclude inventory servers by device; Windows can restrict who may ask (RestrictRemoteSAM).",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct samr_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
