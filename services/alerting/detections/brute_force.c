/*
 * brute-force - many passwords tried for one account.
 *
 * Sees: failed Kerberos pre-authentications and NTLM logons of one account, from any source; a success from a
 * source that failed before is told as a guessed password. Misses: tries slower than the window; tries inside
 * encrypted SMB or LDAPS. Simple binds of LDAP only go on with what has begun: ldap-brute-force tells them.
 * It cannot tell whether the passwords differed: both protocols hide them behind a challenge or a time. A
 * stale password that a service repeats at a steady beat is told at low severity, as what it most likely is.
 * Decided by: the account.
 */
#include "services/alerting/detections/attempt.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    FAILURES_MAX = 64,
    BEAT_FAILURES = 6, /* fewer do not make a beat */
    BEAT_LEAST_S = 5,  /* a tool that is told to wait waits less than a service that retries */
    BEAT_SPREAD = 4,   /* the longest wait is at most so many tenths longer than the shortest */
    GUESS_AFTER_MIN = 60,
    CONFIDENCE = 85,
    CONFIDENCE_BEAT = 40,
    CONFIDENCE_GUESSED = 95,
};

struct brute_state {
    time_ns failures[FAILURES_MAX]; /* a ring */
    uint64_t failure_count;         /* since it was made */
    struct seen sources;            /* devices that failed within the hour */
};

static time_ns failure_at(const struct brute_state *s, uint64_t back)
{
    return s->failures[(s->failure_count - 1 - back) % FAILURES_MAX];
}

static uint32_t failures_within(const struct brute_state *s, time_ns since)
{
    uint64_t kept = s->failure_count < FAILURES_MAX ? s->failure_count : FAILURES_MAX;
    uint32_t count = 0;
    while (count < kept && failure_at(s, count) >= since)
        count++;
    return count;
}

/* The same wait between all of the last failures, and not a short one: a service with a stale password. */
static bool is_beat(const struct brute_state *s, uint32_t failures)
{
    if (failures < BEAT_FAILURES)
        return false;
    time_ns least = INT64_MAX, most = 0;
    for (uint32_t i = 0; i + 1 < failures; i++) {
        time_ns wait = failure_at(s, i) - failure_at(s, i + 1);
        least = wait < least ? wait : least;
        most = wait > most ? wait : most;
    }
    return least >= BEAT_LEAST_S * TIME_NS_S && most <= least + least * BEAT_SPREAD / 10;
}

/* The sources beside the one that is named. */
static const char *others(struct judge *judge, const struct brute_state *s)
{
    uint32_t count = s->sources.count > 1 ? (uint32_t)s->sources.count - 1 : 0;
    return count > 0 ? judge_print(judge, " and %u other device%s", count, count == 1 ? "" : "s") : "";
}

static void explain(struct judge *judge, struct finding *f, const struct brute_state *s, bool beat)
{
    bool guessed = f->outcome == outcome_success;
    const char *account = judge_account(judge, &f->target);
    const char *source = judge_device(judge, &f->source);
    f->severity = guessed ? severity_high : beat ? severity_low : severity_medium;
    f->confidence = guessed ? CONFIDENCE_GUESSED : beat ? CONFIDENCE_BEAT : CONFIDENCE;
    finding_title(f,
                  guessed ? "Password of %s guessed from %s after %u failures"
                  : beat  ? "Stale password of %s retried from %s, %u failures"
                          : "Passwords of %s tried from %s, %u failures",
                  f->target.account, source, f->count);
    finding_text(
        f, "%u logons of %s failed, from %s%s. %s", f->count, account, source, others(judge, s),
        guessed ? "A logon from a device that had failed then showed the right password: it is known to who "
                  "tried, "
                  "unless the person remembered it at last."
        : beat
            ? "They come at a steady beat, as a service or a task does that was left with an old password; "
              "whoever tries different passwords is faster or less regular."
            : "People give up or are helped after a few; so many within minutes are tried by a tool. None "
              "was seen to succeed.");
}

static void note_failure(struct judge *judge, struct brute_state *s, const struct activity *a)
{
    time_ns now = judge_now(judge);
    time_ns window = judge_setting(judge, "minutes") * TIME_NS_MIN;
    if (failures_within(s, now - window) == 0)
        judge_drop(judge);
    s->failures[s->failure_count % FAILURES_MAX] = now;
    s->failure_count++;
    (void)seen_note(&s->sources, a->source, now, 0);
    struct finding *f = judge_finding(judge, a);
    uint32_t failures = failures_within(s, now - window);
    bool opens = !f->opened && failures >= judge_setting(judge, "failures");
    /* Who guessed it stays named. */
    if (f->outcome != outcome_success)
        finding_set_ends(f, a);
    finding_set_account(&f->target, a);
    f->count++;
    finding_add_target(f, a->account_name);
    if (f->outcome == outcome_unknown)
        f->outcome = outcome_failure;
    judge_evidence(
        judge, f, a,
        &(struct evidence_text){
            .field = "failures",
            .value =
                judge_print(judge, "%u in %lld min", failures, (long long)judge_setting(judge, "minutes")),
            .threshold = judge_print(judge, "%lld in %lld min", (long long)judge_setting(judge, "failures"),
                                     (long long)judge_setting(judge, "minutes")),
            .decisive = opens},
        "%s", attempt_text(judge, a));
    if (!f->opened && !opens)
        return;
    explain(judge, f, s, is_beat(s, failures));
    judge_open(judge, f, a);
}

static bool failed_before(const struct brute_state *s, struct id source)
{
    for (uint32_t i = 0; i < s->sources.count; i++)
        if (id_equal(s->sources.items[i].id, source))
            return true;
    return false;
}

static void note_success(struct judge *judge, struct brute_state *s, const struct activity *a)
{
    struct finding *f = judge_existing(judge);
    if (!f || !f->opened || !failed_before(s, a->source) || f->outcome == outcome_success)
        return;
    finding_set_ends(f, a);
    finding_set_account(&f->source, a);
    f->outcome = outcome_success;
    judge_evidence(judge, f, a,
                   &(struct evidence_text){.field = "outcome", .value = "success", .decisive = true}, "%s",
                   attempt_text(judge, a));
    explain(judge, f, s, false);
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct brute_state *s = state;
    (void)role;
    enum attempt attempt = attempt_of(a);
    /* Simple binds show whether the passwords differ: ldap-brute-force begins with them, this only goes on.
     */
    const struct finding *open = judge_existing(judge);
    if (a->protocol == protocol_ldap && attempt != ATTEMPT_SUCCESS && (!open || !open->opened))
        return;
    seen_forget(&s->sources, judge_now(judge) - GUESS_AFTER_MIN * TIME_NS_MIN);
    /* An account that was locked by wrong passwords refuses every one: tries go on counting. */
    time_ns window = judge_setting(judge, "minutes") * TIME_NS_MIN;
    bool goes_on = attempt == ATTEMPT_REFUSED && failures_within(s, judge_now(judge) - window) > 0;
    if (attempt == ATTEMPT_WRONG_PASSWORD || goes_on)
        note_failure(judge, s, a);
    else if (attempt == ATTEMPT_SUCCESS)
        note_success(judge, s, a);
}

static const struct detection_setting settings[] = {
    {"failures", 10, 3, FAILURES_MAX, "failures",
     "So many failures of one account within minutes are told. People are locked out or helped before."},
    {"minutes", 10, 1, 1440, "minutes", "The window."},
    {0},
};

const struct detection detection_brute_force = {
    .name = "brute-force",
    .external_id = "2023",
    .title = "Brute force of a password",
    .severity = severity_medium,
    .tactics = {"TA0006"},
    .techniques = {"T1110.001"},
    .entity = "the account",
    .sees =
        "Many failed logons of one account (Kerberos KDC_ERR_PREAUTH_FAILED; NTLM STATUS_WRONG_PASSWORD or "
        "STATUS_LOGON_FAILURE; refusals once it is locked), from any number of sources. A success from one "
        "of these sources "
        "within an hour raises it to high.",
    .misses = "Tries slower than the window; logons inside encrypted SMB or LDAPS. Whether the passwords "
              "differed cannot be "
              "told from Kerberos or NTLM.",
    .wrong_when =
        "A service, a task or a phone retries an old password. At a steady beat it is told at low severity.",
    .checks =
        {
            "Was the password changed shortly before? Then look for the service, task or phone that still "
            "has the old one.",
            "Is the source a device of the account's owner?",
            "Did the account do anything after the success that it does not usually do?",
        },
    .tuning = "Raise failures, or exclude the accounts of services while their password is being changed.",
    .settings = settings,
    .roles = 1u << entity_role_account,
    .kinds = 1u << activity_kind_authentication,
    .state_bytes = sizeof(struct brute_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
