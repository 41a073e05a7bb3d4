/*
 * account-enumeration - a device asks for many account names to learn which of them exist.
 *
 * Sees: Kerberos AS-REQ answered KDC_ERR_C_PRINCIPAL_UNKNOWN for many distinct names, and names that exist
 * but are only asked for and never logged on as; NTLM answers that say there is no such user. Tells which
 * names exist. Misses: enumeration slower than the long window or from many sources; SMB, which answers
 * unknown names and wrong passwords alike. Decided by: the source device.
 */
#include "proto/entity.h"
#include "services/alerting/detections/attempt.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_LEAST = 75,
    CONFIDENCE_MOST = 98,
    CONFIDENCE_PER_NAME = 2,
    PROBED_WORTH_KEEPING =
        5, /* names asked for and not used; below this they are ordinary logons under way */
    ASKED_MAX = PROBED_WORTH_KEEPING - 1,
};

struct enumeration_state {
    struct seen names; /* flags: enum attempt */
    uint64_t asked_count;
    struct kept asked[ASKED_MAX]; /* a ring: names that exist, asked for before there was anything to tell */
};

/* What shows that the name exists. */
#define NAME_ASKED  (ATTEMPT_ASKED | ATTEMPT_BARRED)
#define NAME_USED   (ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED | ATTEMPT_SUCCESS)
#define NAME_EXISTS (NAME_ASKED | NAME_USED)

struct enumeration_counts {
    uint32_t fast;   /* unknown names within the short window */
    uint32_t slow;   /* within the long one */
    uint32_t probed; /* names that exist, asked for within the short window and not used */
};

static time_ns short_window(struct judge *judge)
{
    return judge_now(judge) - judge_setting(judge, "fast-seconds") * TIME_NS_S;
}

static struct enumeration_counts count(struct judge *judge, const struct enumeration_state *s)
{
    time_ns fast = short_window(judge);
    const struct seen *names = &s->names;
    return (struct enumeration_counts){
        .fast = seen_count(names, fast, ATTEMPT_UNKNOWN_NAME, NAME_EXISTS),
        .slow = seen_count(names, TIME_NS_NONE, ATTEMPT_UNKNOWN_NAME, NAME_EXISTS),
        .probed = seen_count(names, fast, NAME_ASKED, NAME_USED | ATTEMPT_UNKNOWN_NAME),
    };
}

static bool is_enumeration(struct judge *judge, const struct enumeration_counts *c)
{
    return c->fast >= judge_setting(judge, "fast-names") || c->slow >= judge_setting(judge, "slow-names") ||
           c->probed >= judge_setting(judge, "probed-names");
}

static void explain(struct judge *judge, struct finding *f, const struct enumeration_counts *c)
{
    const char *source = judge_device(judge, &f->source);
    uint32_t confidence = CONFIDENCE_LEAST + CONFIDENCE_PER_NAME * (c->slow + c->probed / 2);
    uint32_t exist = finding_marked(f);
    f->confidence = (uint8_t)(confidence > CONFIDENCE_MOST ? CONFIDENCE_MOST : confidence);
    f->outcome = exist > 0 ? outcome_success : outcome_failure;
    finding_title(f, "Account names enumerated by %s: %u asked for", source, f->target_count);
    finding_text(f,
                 "%s asked the domain controller %s for %u different account names, among them %s. %s and "
                 "the answers gave "
                 "away %s. Clients ask for the accounts of the people who use them; asking for many names "
                 "that do not exist, "
                 "or for many accounts without ever logging on, is how a list of valid accounts is made "
                 "before passwords are "
                 "tried.",
                 source, judge_device(judge, &f->target), f->target_count, judge_targets(judge, f),
                 c->slow > 0 ? judge_print(judge, "At least %u do not exist,", c->slow) : "None was unknown,",
                 exist > 0
                     ? judge_print(judge, "that %s%u do: %s", exist == FINDING_TARGETS_MAX ? "at least " : "",
                                   exist, judge_marked_targets(judge, f))
                     : "none that does");
}

/* A name that was asked for, then or now. */
struct asked {
    const struct activity *activity;
    time_ns time;
    bool exists;
    bool decisive;
};

static void add_name(struct judge *judge, struct finding *f, const struct enumeration_counts *c,
                     const struct asked *asked)
{
    const struct activity *a = asked->activity;
    f->count++;
    f->first_seen = asked->time < f->first_seen ? asked->time : f->first_seen;
    finding_add_target(f, a->account_name);
    if (asked->exists)
        finding_mark_target(f, a->account_name);
    judge_evidence(judge, f, a,
                   &(struct evidence_text){
                       .field = "unknown names",
                       .value = judge_print(judge, "%u, and %u only asked for", c->slow, c->probed),
                       .threshold = judge_print(judge, "%lld in %lld s, %lld in %lld min, %lld asked",
                                                (long long)judge_setting(judge, "fast-names"),
                                                (long long)judge_setting(judge, "fast-seconds"),
                                                (long long)judge_setting(judge, "slow-names"),
                                                (long long)judge_setting(judge, "slow-minutes"),
                                                (long long)judge_setting(judge, "probed-names")),
                       .decisive = asked->decisive,
                       .time = asked->time},
                   "%.*s for %.*s: %s", (int)a->operation.size, a->operation.at, (int)a->account_name.size,
                   a->account_name.at, asked->exists ? "the account exists" : "no such account");
}

static bool was_only_asked(const struct seen *names, struct id account)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (id_equal(names->items[i].id, account))
            return !(names->items[i].flags & (NAME_USED | ATTEMPT_UNKNOWN_NAME));
    return false;
}

/* A list may begin with names that exist: they are part of what it gave away. */
static void add_early_names(struct judge *judge, struct finding *f, struct enumeration_state *s,
                            const struct enumeration_counts *c)
{
    uint64_t kept = s->asked_count < ASKED_MAX ? s->asked_count : ASKED_MAX;
    for (uint64_t i = s->asked_count - kept; i < s->asked_count; i++) {
        const struct kept *early = &s->asked[i % ASKED_MAX];
        if (early->time < short_window(judge) || !was_only_asked(&s->names, early->account))
            continue;
        struct activity a = kept_activity(early);
        add_name(judge, f, c, &(struct asked){.activity = &a, .time = early->time, .exists = true});
    }
    s->asked_count = 0;
}

/* What began long ago and came to nothing is not part of what happens now. */
static void drop_stale(struct judge *judge, const struct enumeration_counts *c)
{
    const struct finding *f = judge_existing(judge);
    time_ns window = judge_setting(judge, "slow-minutes") * TIME_NS_MIN;
    if (f && judge_now(judge) - f->first_seen > window && 2 * c->slow < judge_setting(judge, "slow-names"))
        judge_drop(judge);
}

/* Who asks for a ticket to itself in somebody's name looks for the realm of that name first (RFC 6806 7). */
static void note_for_user(struct judge *judge, struct enumeration_state *s, const struct activity *a)
{
    if (a->for_user.size > 0 && a->outcome == outcome_success)
        (void)seen_note(&s->names, entity_account(a->for_user), judge_now(judge), ATTEMPT_SUCCESS);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct enumeration_state *s = state;
    (void)role;
    enum attempt attempt = attempt_of(a);
    time_ns now = judge_now(judge);
    if (attempt == ATTEMPT_NOTHING) {
        note_for_user(judge, s, a);
        return;
    }
    seen_forget(&s->names, now - judge_setting(judge, "slow-minutes") * TIME_NS_MIN);
    if (s->names.count == 0)
        judge_drop(judge);
    (void)seen_note(&s->names, a->account, now, (uint32_t)attempt);
    /* Who logs on is known to exist, and by whom. */
    if (attempt == ATTEMPT_SUCCESS)
        return;
    struct enumeration_counts c = count(judge, s);
    drop_stale(judge, &c);
    bool exists = (attempt & NAME_EXISTS) != 0, begins = !judge_existing(judge);
    /* Ordinary logons start nothing: a name that does not exist does, or many that are only asked for. */
    if (begins && exists && c.probed < PROBED_WORTH_KEEPING) {
        if (attempt & NAME_ASKED)
            kept_set(&s->asked[s->asked_count++ % ASKED_MAX], a, now);
        return;
    }
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    if (begins)
        add_early_names(judge, f, s, &c);
    bool opens = !f->opened && is_enumeration(judge, &c);
    add_name(judge, f, &c,
             &(struct asked){
                 .activity = a, .time = now, .exists = exists, .decisive = opens || (exists && f->opened)});
    if (!f->opened && !opens)
        return;
    explain(judge, f, &c);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"fast-names", 5, 2, 64, "names",
     "So many names that do not exist within fast-seconds are told. A person mistypes one or two."},
    {"fast-seconds", 60, 1, 3600, "seconds", "The short window: tools ask for many names a second."},
    {"slow-names", 10, 2, 64, "names", "So many names that do not exist within slow-minutes are told."},
    {"slow-minutes", 60, 1, 1440, "minutes", "The long window."},
    {"probed-names", 20, 2, 64, "names",
     "So many names that exist, asked for within fast-seconds and never logged on as, are told: a good list "
     "has few names "
     "that do not exist. A server that serves many people logs on as them right after asking."},
    {0},
};

const struct detection detection_account_enumeration = {
    .name = "account-enumeration",
    .external_id = "2003",
    .title = "Account enumeration",
    .severity = severity_medium,
    .tactics = {"TA0007"},
    .techniques = {"T1087.002"},
    .entity = "the device that asks",
    .sees =
        "Kerberos AS-REQ for many distinct names that do not exist (KDC_ERR_C_PRINCIPAL_UNKNOWN), or for "
        "many that exist "
        "without a logon after it (KDC_ERR_PREAUTH_REQUIRED and no more); NTLM answers STATUS_NO_SUCH_USER.",
    .misses = "Enumeration slower than the long window or from many sources. SMB answers unknown names and "
              "wrong passwords "
              "alike, so that nothing can be told there.",
    .wrong_when = "A service passes on names that people type at a web page, or keeps accounts of people who "
                  "have left.",
    .checks =
        {
            "What is the source, and does it hold a service that asks for names on behalf of others (mail, "
            "web, HR)?",
            "Do the names look like a list (alphabetical, common first names, service names)?",
            "Did a password spray follow from the same source?",
        },
    .tuning = "Raise slow-names for servers that pass names on, or exclude them.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_authentication | 1u << activity_kind_ticket_request,
    .state_bytes = sizeof(struct enumeration_state),
    .states = 65536,
    .state_layout = 2,
    .observe = observe,
};
