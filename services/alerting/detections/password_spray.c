/*
 * password-spray - a few passwords tried against many accounts from one device.
 *
 * Sees: failed Kerberos pre-authentications and NTLM logons of many distinct accounts from one source,
 * quickly or over an hour; names that do not exist count once real passwords were tried too. Tells which
 * accounts were guessed, also those tried before it was known to be a spray, and those whose right password
 * was refused for another reason (expired). Misses: sprays slower than the long window, or from many sources
 * (each is judged alone), or inside encrypted SMB. Decided by: the source device.
 */
#include "common/base/text.h"
#include "services/alerting/detections/attempt.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    RIGHT_MAX = 4, /* right passwords kept from before it is known to be a spray */
    CONFIDENCE_LEAST = 70,
    CONFIDENCE_MOST = 98,
    CONFIDENCE_PER_ACCOUNT = 2,
    GUESS_AFTER_S = 60, /* a success so near to a failure of another account belongs to the run */
};

struct spray_state {
    struct seen accounts; /* flags: enum attempt */
    time_ns last_failure;
    time_ns last_wait; /* between the last two failures */
    time_ns run_began; /* since then failures followed each other closely */
    uint64_t right_count;
    struct kept
        right[RIGHT_MAX]; /* a ring: accounts that logged on here for the first time in the long window */
};

struct spray_counts {
    uint32_t fast;      /* accounts failing within the short window */
    uint32_t slow;      /* within the long one */
    uint32_t passwords; /* accounts of which a password was tried, and was not taken */
    uint32_t all;       /* accounts seen in the long window, failing or not */
};

static struct spray_counts count(struct judge *judge, const struct spray_state *s)
{
    time_ns now = judge_now(judge);
    time_ns fast = now - judge_setting(judge, "fast-seconds") * TIME_NS_S;
    const struct seen *seen = &s->accounts;
    return (struct spray_counts){
        .fast = seen_count(seen, fast, ATTEMPT_FAILED, ATTEMPT_SUCCESS),
        .slow = seen_count(seen, TIME_NS_NONE, ATTEMPT_FAILED, ATTEMPT_SUCCESS),
        .passwords =
            seen_count(seen, TIME_NS_NONE, ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED, ATTEMPT_SUCCESS),
        .all = (uint32_t)seen->count,
    };
}

/* A server where many people log on sees as many wrong passwords, but mostly right ones. */
static bool is_spray(struct judge *judge, const struct spray_counts *c)
{
    bool many =
        c->fast >= judge_setting(judge, "fast-accounts") || c->slow >= judge_setting(judge, "slow-accounts");
    return many && c->passwords >= judge_setting(judge, "wrong-passwords") && 2 * c->slow >= c->all;
}

/* How far from a failure a success still belongs to the run: a tool that waits between tries waits before a
 * right one too, but not longer than the slowest spray that is told. */
static time_ns reach(struct judge *judge, const struct spray_state *s)
{
    time_ns least = GUESS_AFTER_S * TIME_NS_S;
    time_ns most = judge_setting(judge, "slow-minutes") * TIME_NS_MIN / judge_setting(judge, "slow-accounts");
    time_ns wait = s->last_wait < most ? s->last_wait : most;
    return 2 * wait > least ? 2 * wait : least;
}

static void explain(struct judge *judge, struct finding *f, const struct spray_counts *c)
{
    const char *source = judge_device(judge, &f->source);
    bool guessed = f->outcome == outcome_success;
    const char *names = guessed ? judge_marked_targets(judge, f) : "";
    f->severity = guessed ? severity_high : severity_medium;
    uint32_t confidence = CONFIDENCE_LEAST + CONFIDENCE_PER_ACCOUNT * c->slow;
    f->confidence = (uint8_t)(confidence > CONFIDENCE_MOST ? CONFIDENCE_MOST : confidence);
    finding_title(f, "Password spray from %s against %u accounts%s%s%s", source, f->target_count,
                  guessed ? ", " : "", names, guessed ? " guessed" : "");
    finding_text(
        f,
        "%s tried to log on as %u different accounts, a few tries each, and failed %u times: %s. For at "
        "least %u of "
        "these accounts a password was tried and not taken. People mistype their own password; one device "
        "that fails "
        "as so many accounts is trying passwords. %s%s%s",
        source, f->target_count, f->count, judge_targets(judge, f), c->passwords,
        guessed ? "Among them the password was right for " : "No account was seen to be guessed.", names,
        guessed
            ? ", which had not logged on from there shortly before: whoever tried knows that password now."
            : "");
}

/* An account whose password turned out right in the run. */
static void add_guess(struct judge *judge, struct finding *f, const struct activity *a, time_ns time)
{
    finding_set_account(&f->source, a);
    finding_add_target(f, a->account_name);
    finding_mark_target(f, a->account_name);
    f->outcome = outcome_success;
    f->urgent = true;
    f->first_seen = time < f->first_seen ? time : f->first_seen;
    judge_evidence(
        judge, f, a,
        &(struct evidence_text){.field = "outcome", .value = "success", .decisive = true, .time = time}, "%s",
        attempt_text(judge, a));
}

/* The first accounts of the list may be guessed before enough others have failed. */
static void add_early_guesses(struct judge *judge, struct finding *f, const struct spray_state *s)
{
    uint64_t kept = s->right_count < RIGHT_MAX ? s->right_count : RIGHT_MAX;
    for (uint64_t i = s->right_count - kept; i < s->right_count; i++) {
        const struct kept *right = &s->right[i % RIGHT_MAX];
        if (right->time < s->run_began - reach(judge, s))
            continue;
        struct activity a = kept_activity(right);
        add_guess(judge, f, &a, right->time);
    }
}

/* What began long ago and came to nothing is not part of what happens now. */
static void drop_stale(struct judge *judge, const struct spray_counts *c)
{
    const struct finding *f = judge_existing(judge);
    time_ns window = judge_setting(judge, "slow-minutes") * TIME_NS_MIN;
    if (f && judge_now(judge) - f->first_seen > window && 2 * c->slow < judge_setting(judge, "slow-accounts"))
        judge_drop(judge);
}

static void note_failure(struct judge *judge, const struct spray_state *s, const struct activity *a)
{
    struct spray_counts c = count(judge, s);
    drop_stale(judge, &c);
    struct finding *f = judge_finding(judge, a);
    bool opens = !f->opened && is_spray(judge, &c);
    finding_set_ends(f, a);
    f->count++;
    finding_add_target(f, a->account_name);
    if (f->outcome == outcome_unknown)
        f->outcome = outcome_failure;
    judge_evidence(judge, f, a,
                   &(struct evidence_text){
                       .field = "accounts failing",
                       .value = judge_print(judge, "%u, %u of them in the short window", c.slow, c.fast),
                       .threshold = judge_print(judge, "%lld in %lld s, or %lld in %lld min",
                                                (long long)judge_setting(judge, "fast-accounts"),
                                                (long long)judge_setting(judge, "fast-seconds"),
                                                (long long)judge_setting(judge, "slow-accounts"),
                                                (long long)judge_setting(judge, "slow-minutes")),
                       .decisive = opens},
                   "%s", attempt_text(judge, a));
    if (!f->opened && !opens)
        return;
    if (opens)
        add_early_guesses(judge, f, s);
    explain(judge, f, &c);
    judge_open(judge, f, a);
}

/* A device logs on as itself all the time; nobody guesses that password. */
static bool is_its_own(const struct activity *a)
{
    struct str name = a->account_name, host = a->source_host;
    if (name.size < 2 || name.at[name.size - 1] != '$')
        return false;
    name.size--;
    for (uint32_t i = 0; i < host.size; i++)
        if (host.at[i] == '.')
            host.size = i;
    return text_equal_nocase(name, host);
}

/* In a run, a success is a guess: of an account that had not worked from here before, right among failures.
 */
static void note_success(struct judge *judge, struct spray_state *s, const struct activity *a)
{
    time_ns now = judge_now(judge);
    struct finding *f = judge_existing(judge);
    if (!f || !f->opened) {
        kept_set(&s->right[s->right_count++ % RIGHT_MAX], a, now);
        return;
    }
    if (now - s->last_failure > reach(judge, s))
        return;
    struct spray_counts c = count(judge, s);
    add_guess(judge, f, a, now);
    explain(judge, f, &c);
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct spray_state *s = state;
    (void)role;
    enum attempt attempt = attempt_of(a);
    if (attempt == ATTEMPT_NOTHING || attempt == ATTEMPT_ASKED)
        return;
    time_ns now = judge_now(judge);
    seen_forget(&s->accounts, now - judge_setting(judge, "slow-minutes") * TIME_NS_MIN);
    if (s->accounts.count == 0)
        judge_drop(judge);
    /* A success alone starts nothing; it is kept, because it tells a server of many people from a spray. */
    struct seen_item *item = seen_note(&s->accounts, a->account, now, 0);
    bool worked_before = (item->flags & ATTEMPT_SUCCESS) != 0;
    item->flags |= (uint32_t)attempt;
    if (attempt == ATTEMPT_SUCCESS) {
        if (!worked_before && !is_its_own(a))
            note_success(judge, s, a);
        return;
    }
    bool follows = s->last_failure != 0 && now - s->last_failure <= reach(judge, s);
    s->last_wait = s->last_failure != 0 ? now - s->last_failure : 0;
    s->run_began = follows ? s->run_began : now;
    note_failure(judge, s, a);
    s->last_failure = now;
}

static const struct detection_setting settings[] = {
    {"fast-accounts", 5, 2, 64, "accounts",
     "So many accounts failing within fast-seconds are told. People at one machine fail as one or two "
     "accounts."},
    {"fast-seconds", 60, 1, 3600, "seconds", "The short window: tools try several accounts a second."},
    {"slow-accounts", 10, 2, 64, "accounts", "So many accounts failing within slow-minutes are told."},
    {"slow-minutes", 60, 1, 1440, "minutes", "The long window, for sprays that wait between tries."},
    {"wrong-passwords", 2, 1, 64, "accounts",
     "Of at least so many accounts a password must have been tried; names that do not exist, or accounts "
     "that are barred, "
     "are account enumeration when they are only asked for."},
    {0},
};

const struct detection detection_password_spray = {
    .name = "password-spray",
    .external_id = "2023",
    .title = "Password spray",
    .severity = severity_medium,
    .tactics = {"TA0006"},
    .techniques = {"T1110.003"},
    .entity = "the device that tries",
    .sees = "Failed logons (Kerberos KDC_ERR_PREAUTH_FAILED, KDC_ERR_CLIENT_REVOKED, "
            "KDC_ERR_C_PRINCIPAL_UNKNOWN; NTLM "
            "STATUS_LOGON_FAILURE and its kin) of many distinct accounts from one device, when at least half "
            "of the accounts "
            "it used in the window fail.",
    .misses = "Sprays slower than the long window or spread over many sources, and logons inside encrypted "
              "SMB or LDAPS.",
    .wrong_when = "Many people share one address (terminal server, VPN, NAT, web mail) and a service in "
                  "front of them keeps "
                  "stale passwords of many accounts; a vulnerability scanner tries its list of default "
                  "accounts. Who logs on "
                  "at a shared server for the first time while it sprays is told as guessed.",
    .checks =
        {
            "What is the source: a workstation, a server where many people log on, an address of a VPN pool?",
            "Do the accounts belong together (one list, one alphabetical run)? Tools walk through lists.",
            "Was one of the accounts used from this source afterwards? Then reset its password.",
        },
    .tuning = "Raise slow-accounts for addresses that many people share, or exclude these addresses.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_authentication,
    .state_bytes = sizeof(struct spray_state),
    .states = 65536,
    .state_layout = 2,
    .observe = observe,
};
