/*
 * account-enumeration - a device asks for many account names to learn which of them exist.
 *
 * Sees: Kerberos AS-REQ answered KDC_ERR_C_PRINCIPAL_UNKNOWN for many distinct names, and names that exist but are only
 * asked for and never logged on as; NTLM answers that say there is no such user. Tells which names exist.
 * Misses: enumeration slower than the long window or from many sources; SMB, which answers unknown names and wrong
 * passwords alike.
 * Decided by: the source device.
 */
#include "services/alerting/detections/attempt.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

struct enumeration_state {
    struct seen names; /* flags: enum attempt */
};

enum {
    CONFIDENCE_LEAST = 75,
    CONFIDENCE_MOST = 98,
    CONFIDENCE_PER_NAME = 2,
    PROBED_WORTH_KEEPING = 5, /* names asked for and not used; below this they are ordinary logons under way */
};

/* What shows that the name exists. */
#define NAME_EXISTS (ATTEMPT_ASKED | ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED | ATTEMPT_SUCCESS)
#define NAME_USED   (ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED | ATTEMPT_SUCCESS)

struct enumeration_counts {
    uint32_t fast;   /* unknown names within the short window */
    uint32_t slow;   /* within the long one */
    uint32_t probed; /* names that exist, asked for within the short window and not used */
    uint32_t exist;
};

static struct enumeration_counts count(struct judge *judge, const struct enumeration_state *s)
{
    time_ns fast = judge_now(judge) - judge_setting(judge, "fast-seconds") * TIME_NS_S;
    const struct seen *names = &s->names;
    return (struct enumeration_counts){
        .fast = seen_count(names, fast, ATTEMPT_UNKNOWN_NAME, NAME_EXISTS),
        .slow = seen_count(names, TIME_NS_NONE, ATTEMPT_UNKNOWN_NAME, NAME_EXISTS),
        .probed = seen_count(names, fast, ATTEMPT_ASKED, NAME_USED | ATTEMPT_UNKNOWN_NAME),
        .exist = seen_count(names, TIME_NS_NONE, NAME_EXISTS, 0),
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
    f->confidence = (uint8_t)(confidence > CONFIDENCE_MOST ? CONFIDENCE_MOST : confidence);
    f->outcome = c->exist > 0 ? outcome_success : outcome_failure;
    finding_title(f, "Account names enumerated by %s: %u asked for", source, f->target_count);
    finding_text(f,
                 "%s asked the domain controller %s for %u different account names, among them %s. At least %u do not exist, "
                 "and the answers gave away that %u do%s%s. Clients ask for the accounts of the people who use them; "
                 "asking for many names that do not exist, or for many accounts without ever logging on, is how a list of "
                 "valid accounts is made before passwords are tried.",
                 source, judge_device(judge, &f->target), f->target_count, judge_targets(judge, f), c->slow, c->exist,
                 c->exist > 0 ? ": " : "", judge_marked_targets(judge, f));
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct enumeration_state *s = state;
    (void)role;
    enum attempt attempt = attempt_of(a);
    if (attempt == ATTEMPT_NOTHING)
        return;
    time_ns now = judge_now(judge);
    seen_forget(&s->names, now - judge_setting(judge, "slow-minutes") * TIME_NS_MIN);
    if (s->names.count == 0)
        judge_drop(judge);
    (void)seen_note(&s->names, a->account, now, (uint32_t)attempt);
    struct enumeration_counts c = count(judge, s);
    /* Ordinary logons start nothing: a name that does not exist does, or many that are only asked for. */
    if (attempt != ATTEMPT_UNKNOWN_NAME && c.probed < PROBED_WORTH_KEEPING && !judge_existing(judge))
        return;
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    f->count++;
    (void)finding_add_target(f, a->account_name);
    bool exists = (attempt & NAME_EXISTS) != 0;
    if (exists)
        (void)finding_mark_target(f, a->account_name);
    judge_evidence(judge, f, a,
                   &(struct evidence_text){.field = "unknown names",
                                           .value = judge_print(judge, "%u, and %u only asked for", c.slow, c.probed),
                                           .threshold = judge_print(judge, "%lld in %lld s, %lld in %lld min, %lld asked",
                                                                    (long long)judge_setting(judge, "fast-names"),
                                                                    (long long)judge_setting(judge, "fast-seconds"),
                                                                    (long long)judge_setting(judge, "slow-names"),
                                                                    (long long)judge_setting(judge, "slow-minutes"),
                                                                    (long long)judge_setting(judge, "probed-names")),
                                           .decisive = exists},
                   "%.*s for %.*s: %s", (int)a->operation.size, a->operation.at, (int)a->account_name.size,
                   a->account_name.at,
                   exists ? "the account exists" : "no such account");
    if (!f->opened && !is_enumeration(judge, &c))
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
     "So many names that exist, asked for within fast-seconds and never logged on as, are told: a good list has few names "
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
    .sees = "Kerberos AS-REQ for many distinct names that do not exist (KDC_ERR_C_PRINCIPAL_UNKNOWN), or for many that exist "
            "without a logon after it (KDC_ERR_PREAUTH_REQUIRED and no more); NTLM answers STATUS_NO_SUCH_USER.",
    .misses = "Enumeration slower than the long window or from many sources. SMB answers unknown names and wrong passwords "
              "alike, so that nothing can be told there.",
    .wrong_when = "A service passes on names that people type at a web page, or keeps accounts of people who have left.",
    .checks =
        {
            "What is the source, and does it hold a service that asks for names on behalf of others (mail, web, HR)?",
            "Do the names look like a list (alphabetical, common first names, service names)?",
            "Did a password spray follow from the same source?",
        },
    .tuning = "Raise slow-names for servers that pass names on, or exclude them.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .state_bytes = sizeof(struct enumeration_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
