/*
 * clear-text-password - a password crosses the network so that everybody on the way can read it.
 *
 * Sees: LDAP simple binds and SASL PLAIN outside TLS and outside a sealed session (RFC 4513 6.3.1). One that
 * succeeded gave away a password that is right: medium. One that was refused: low, it is often a right
 * password for another place, or mistyped. Says how many different passwords were shown, by their
 * fingerprints. Misses: protocols whose passwords are not read (FTP, POP, IMAP, telnet). Decided by: the
 * device that sends them.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE = 99,
};

struct clear_state {
    struct seen passwords; /* by account and fingerprint */
};

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->ldap.count > 0 && a->ldap.at->clear_text;
}

static void explain(struct judge *judge, struct finding *f, const struct clear_state *s)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    const char *accounts = judge_targets(judge, f);
    uint32_t passwords = (uint32_t)s->passwords.count;
    finding_title(f, "Password of %s sent in clear text from %s to %s", accounts, source, target);
    finding_text(
        f,
        "%s bound to the directory %s by simple bind without TLS, %u time%s, as %s: %s%u different "
        "password%s can "
        "be read by whoever sees the connection. %s",
        source, target, f->count, f->count == 1 ? "" : "s", accounts,
        passwords == SEEN_MAX ? "at least " : "", passwords, passwords == 1 ? "" : "s",
        f->outcome == outcome_success
            ? "The directory accepted it, so it is right, and should be changed once the client uses TLS."
        : f->outcome == outcome_failure
            ? "The directory refused it; it may be right elsewhere, or nearly right."
            : "The answer was not seen.");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct clear_state *s = state;
    (void)role;
    struct id shown = a->proof;
    shown.high ^= a->account.high;
    shown.low ^= a->account.low;
    (void)seen_note(&s->passwords, shown, judge_now(judge), 0);
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = a->outcome == outcome_success ? severity_medium : severity_low,
                                .confidence = CONFIDENCE,
                                .outcome = a->outcome,
                                .target = a->account_name,
                                .evidence = {.field = "protection",
                                             .value = "none",
                                             .threshold = "TLS, or a sealed session",
                                             .decisive = a->outcome == outcome_success}},
                  "%.*s as %.*s: %.*s", (int)a->operation.size, a->operation.at, (int)a->account_name.size,
                  a->account_name.at, (int)a->code_name.size, a->code_name.at);
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {{0}};

const struct detection detection_clear_text_password = {
    .name = "clear-text-password",
    .external_id = "",
    .title = "Password in clear text",
    .severity = severity_medium,
    .tactics = {"TA0006"},
    .techniques = {"T1552"},
    .entity = "the device that sends it",
    .sees = "An LDAP simple bind, or SASL PLAIN, whose password crossed the network without TLS and without "
            "sealing: medium "
            "when the directory accepted it, low when it did not.",
    .misses = "Other protocols that send passwords in clear text: FTP, POP, IMAP, telnet, and Basic of HTTP.",
    .wrong_when = "Never about the password: it was there to be read. The connection may run inside a VPN "
                  "that ends before "
                  "the place of capture.",
    .checks =
        {
            "Which program on the source binds? Set it to LDAPS or StartTLS, or to Kerberos.",
            "Change the password once it does; who listened has it.",
            "Let the directory refuse such binds: LDAP signing required (LDAPServerIntegrity 2).",
        },
    .tuning = "Exclude sources whose way to the directory is protected otherwise.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_authentication,
    .wants = wants,
    .state_bytes = sizeof(struct clear_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
