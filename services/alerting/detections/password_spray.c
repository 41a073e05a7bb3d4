/*
 * password-spray - a few passwords tried against many accounts from one device.
 *
 * Sees: failed Kerberos pre-authentications and NTLM logons of many distinct accounts from one source, quickly or over an
 * hour; names that do not exist count once real passwords were tried too. Tells which account was guessed.
 * Misses: sprays slower than the long window, or from many sources (each is judged alone), or inside encrypted SMB.
 * Decided by: the source device.
 */
#include "services/alerting/detections/attempt.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

struct spray_state {
    struct seen accounts; /* flags: enum attempt */
    time_ns last_failure;
};

enum {
    CONFIDENCE_LEAST = 70,
    CONFIDENCE_MOST = 98,
    CONFIDENCE_PER_ACCOUNT = 2,
    GUESS_AFTER_S = 60, /* a success so shortly after a failure of another account belongs to the run */
};

struct spray_counts {
    uint32_t fast;      /* accounts failing within the short window */
    uint32_t slow;      /* within the long one */
    uint32_t passwords; /* accounts of which a real password was tried, and was wrong */
    uint32_t all;       /* accounts seen in the long window, failing or not */
    uint32_t guessed;
};

static struct spray_counts count(struct judge *judge, const struct spray_state *s)
{
    time_ns now = judge_now(judge);
    time_ns fast = now - judge_setting(judge, "fast-seconds") * TIME_NS_S;
    const struct seen *seen = &s->accounts;
    return (struct spray_counts){
        .fast = seen_count(seen, fast, ATTEMPT_FAILED, ATTEMPT_SUCCESS),
        .slow = seen_count(seen, TIME_NS_NONE, ATTEMPT_FAILED, ATTEMPT_SUCCESS),
        .passwords = seen_count(seen, TIME_NS_NONE, ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED, ATTEMPT_SUCCESS),
        .all = (uint32_t)seen->count,
        .guessed = seen_count(seen, TIME_NS_NONE, ATTEMPT_SUCCESS, 0),
    };
}

/* A server where many people log on sees as many wrong passwords, but mostly right ones. */
static bool is_spray(struct judge *judge, const struct spray_counts *c)
{
    bool many = c->fast >= judge_setting(judge, "fast-accounts") || c->slow >= judge_setting(judge, "slow-accounts");
    return many && c->passwords >= judge_setting(judge, "wrong-passwords") && 2 * c->slow >= c->all;
}

static void explain(struct judge *judge, struct finding *f, const struct spray_counts *c)
{
    const char *source = judge_device(judge, &f->source);
    bool guessed = f->outcome == outcome_success;
    f->severity = guessed ? severity_high : severity_medium;
    uint32_t confidence = CONFIDENCE_LEAST + CONFIDENCE_PER_ACCOUNT * c->slow;
    f->confidence = (uint8_t)(confidence > CONFIDENCE_MOST ? CONFIDENCE_MOST : confidence);
    finding_title(f, guessed ? "Password spray from %s against %u accounts, %s guessed"
                             : "Password spray from %s against %u accounts%s",
                  source, f->target_count, guessed ? f->source.account : "");
    finding_text(f,
                 "%s tried to log on as %u different accounts, with %u failures, between the first and the last of them a few "
                 "tries each: %s. For %u of these accounts a real password was tried and was wrong. People mistype "
                 "their own password; one device that fails as so many accounts is trying passwords. %s%s%s",
                 source, f->target_count, f->count, judge_targets(judge, f), c->passwords,
                 guessed ? "It then logged on as " : "No account was seen to be guessed.",
                 guessed ? f->source.account : "", guessed ? ": that password is known to it now." : "");
}

static void note_failure(struct judge *judge, struct spray_state *s, const struct activity *a)
{
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    f->count++;
    (void)finding_add_target(f, a->account_name);
    struct spray_counts c = count(judge, s);
    if (f->outcome == outcome_unknown)
        f->outcome = outcome_failure;
    judge_evidence(judge, f, a,
                   &(struct evidence_text){.field = "accounts failing",
                                           .value = judge_print(judge, "%u, %u of them in the short window", c.slow, c.fast),
                                           .threshold = judge_print(judge, "%lld in %lld s, or %lld in %lld min",
                                                                    (long long)judge_setting(judge, "fast-accounts"),
                                                                    (long long)judge_setting(judge, "fast-seconds"),
                                                                    (long long)judge_setting(judge, "slow-accounts"),
                                                                    (long long)judge_setting(judge, "slow-minutes"))},
                   "%.*s as %.*s: %.*s", (int)a->operation.size, a->operation.at, (int)a->account_name.size,
                   a->account_name.at, (int)a->code_name.size, a->code_name.at);
    if (!f->opened && !is_spray(judge, &c))
        return;
    explain(judge, f, &c);
    judge_open(judge, f, a);
}

/* In a run, a success is a guess: of an account that had not worked from here before, right among failures. */
static void note_success(struct judge *judge, struct spray_state *s, const struct activity *a, bool worked_before)
{
    struct finding *f = judge_existing(judge);
    if (!f || worked_before || s->last_failure == 0 || judge_now(judge) - s->last_failure > GUESS_AFTER_S * TIME_NS_S)
        return;
    struct spray_counts c = count(judge, s);
    /* Who mistyped once and then logs on has guessed nothing. */
    if (!f->opened && !is_spray(judge, &c))
        return;
    finding_set_account(&f->source, a);
    (void)finding_add_target(f, a->account_name);
    f->outcome = outcome_success;
    judge_evidence(judge, f, a, &(struct evidence_text){.field = "outcome", .value = "success", .decisive = true},
                   "%.*s as %.*s succeeded", (int)a->operation.size, a->operation.at, (int)a->account_name.size,
                   a->account_name.at);
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
        note_success(judge, s, a, worked_before);
        return;
    }
    note_failure(judge, s, a);
    s->last_failure = now;
}

static const struct detection_setting settings[] = {
    {"fast-accounts", 5, 2, 64, "accounts",
     "So many accounts failing within fast-seconds are told. People at one machine fail as one or two accounts."},
    {"fast-seconds", 60, 1, 3600, "seconds", "The short window: tools try several accounts a second."},
    {"slow-accounts", 10, 2, 64, "accounts", "So many accounts failing within slow-minutes are told."},
    {"slow-minutes", 60, 1, 1440, "minutes", "The long window, for sprays that wait between tries."},
    {"wrong-passwords", 2, 1, 64, "accounts",
     "Of at least so many accounts a real password must have been tried; names that do not exist alone are account "
     "enumeration."},
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
    .sees = "Failed logons (Kerberos KDC_ERR_PREAUTH_FAILED, KDC_ERR_CLIENT_REVOKED, KDC_ERR_C_PRINCIPAL_UNKNOWN; NTLM "
            "STATUS_LOGON_FAILURE and its kin) of many distinct accounts from one device, when at least half of the accounts "
            "it used in the window fail.",
    .misses = "Sprays slower than the long window or spread over many sources, and logons inside encrypted SMB or LDAPS.",
    .wrong_when = "Many people share one address (terminal server, VPN, NAT, web mail) and a service in front of them keeps "
                  "stale passwords of many accounts.",
    .checks =
        {
            "What is the source: a workstation, a server where many people log on, an address of a VPN pool?",
            "Do the accounts belong together (one list, one alphabetical run)? Tools walk through lists.",
            "Was one of the accounts used from this source afterwards? Then reset its password.",
        },
    .tuning = "Raise slow-accounts for addresses that many people share, or exclude these addresses.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .state_bytes = sizeof(struct spray_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
