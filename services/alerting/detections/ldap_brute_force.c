/*
 * ldap-brute-force - many different passwords tried for one account by LDAP simple binds.
 *
 * Sees: simple binds and SASL PLAIN that a directory refuses (invalidCredentials, in Active Directory with
 * the error 52e), and by the fingerprints of what was sent how many different passwords there were: a service
 * with an old password sends the same one for ever and is not told. A bind that succeeds afterwards, from a
 * device that tried, is told as guessed. Misses: LDAPS without its keys; tries slower than the window.
 * Decided by: the account.
 */
#include "services/alerting/detections/attempt.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_TRIED = 93,
    CONFIDENCE_GUESSED = 97,
};

struct ldap_brute_state {
    struct seen passwords; /* by fingerprint: refused ones within the window */
    struct seen sources;
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->protocol == protocol_ldap && !id_is_none(a->proof);
}

static void explain(struct judge *judge, struct finding *f, const struct ldap_brute_state *s)
{
    const char *account = judge_account(judge, &f->target), *source = judge_device(judge, &f->source);
    bool guessed = f->outcome == outcome_success;
    uint32_t passwords = (uint32_t)s->passwords.count;
    uint32_t others = s->sources.count > 1 ? (uint32_t)s->sources.count - 1 : 0;
    f->severity = guessed ? severity_high : severity_medium;
    f->confidence = guessed ? CONFIDENCE_GUESSED : CONFIDENCE_TRIED;
    finding_title(f,
                  guessed ? "Password of %s guessed by LDAP from %s after %u failures"
                          : "Passwords of %s tried by LDAP from %s, %u failures",
                  account, source, guessed ? f->count - 1 : f->count);
    finding_text(
        f,
        "%s%s bound to the directory %s as %s with %s%u different passwords that were refused. A service "
        "with "
        "an old password sends the same one again and again; so many different ones are tried from a list. "
        "%s",
        source,
        others > 0 ? judge_print(judge, " and %u other device%s", others, others == 1 ? "" : "s") : "",
        judge_device(judge, &f->target), account, passwords == SEEN_MAX ? "at least " : "", passwords,
        guessed ? "A bind from a device that had tried then succeeded: the password is known to who tried."
                : "None was seen to succeed.");
}

static struct finding *add_try(struct judge *judge, const struct ldap_brute_state *s,
                               const struct activity *a, bool decisive)
{
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.outcome = a->outcome,
                      .target = a->account_name,
                      .evidence = {.field = "different passwords",
                                   .value = judge_print(judge, "%u in %lld min", (uint32_t)s->passwords.count,
                                                        (long long)judge_setting(judge, "minutes")),
                                   .threshold = judge_print(judge, "%lld in %lld min",
                                                            (long long)judge_setting(judge, "passwords"),
                                                            (long long)judge_setting(judge, "minutes")),
                                   .decisive = decisive}},
        "%s", attempt_text(judge, a));
    finding_set_account(&f->target, a);
    return f;
}

static bool has_tried(const struct ldap_brute_state *s, struct id source)
{
    for (uint32_t i = 0; i < s->sources.count; i++)
        if (id_equal(s->sources.items[i].id, source))
            return true;
    return false;
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct ldap_brute_state *s = state;
    (void)role;
    enum attempt attempt = attempt_of(a);
    time_ns now = judge_now(judge), then = now - judge_setting(judge, "minutes") * TIME_NS_MIN;
    seen_forget(&s->passwords, then);
    seen_forget(&s->sources, then);
    if (s->passwords.count == 0)
        judge_drop(judge);
    struct finding *f = judge_existing(judge);
    if (attempt == ATTEMPT_SUCCESS) {
        if (!f || !f->opened || f->outcome == outcome_success || !has_tried(s, a->source))
            return;
        f = add_try(judge, s, a, true);
        f->outcome = outcome_success; /* also when the password is right and has expired */
    } else if (attempt == ATTEMPT_WRONG_PASSWORD || (attempt == ATTEMPT_REFUSED && s->passwords.count > 0)) {
        (void)seen_note(&s->passwords, a->proof, now, 0);
        (void)seen_note(&s->sources, a->source, now, 0);
        bool opens = (!f || !f->opened) && s->passwords.count >= (uint64_t)judge_setting(judge, "passwords");
        f = add_try(judge, s, a, opens);
        if (!f->opened && !opens)
            return;
    } else {
        return;
    }
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"passwords", 6, 3, SEEN_MAX, "passwords",
     "So many different passwords that are refused within minutes are told. People try two or three of "
     "theirs."},
    {"minutes", 10, 1, 1440, "minutes", "The window."},
    {0},
};

const struct detection detection_ldap_brute_force = {
    .name = "ldap-brute-force",
    .external_id = "2004",
    .title = "Brute force of a password over LDAP",
    .severity = severity_medium,
    .tactics = {"TA0006"},
    .techniques = {"T1110.001"},
    .entity = "the account",
    .sees = "Simple binds of one account with many different passwords that the directory refuses, from any "
            "number of "
            "devices, told apart by their fingerprints. A success from one of them raises it to high.",
    .misses = "LDAPS and StartTLS without the keys; tries slower than the window. SASL with Kerberos or NTLM "
              "is for "
              "brute-force.",
    .wrong_when = "A web page passes on what many people type as one shared account.",
    .checks =
        {
            "Is the source a server that binds with what people type (mail, VPN, wiki)? Then look at its log "
            "for the "
            "client.",
            "Did a bind succeed, and what was searched after it?",
            "Is the account locked now, and whose is it?",
        },
    .tuning = "Raise passwords for servers that pass on what people type, or exclude them.",
    .settings = settings,
    .roles = 1u << entity_role_account,
    .kinds = 1u << activity_kind_authentication,
    .wants = wants,
    .state_bytes = sizeof(struct ldap_brute_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
