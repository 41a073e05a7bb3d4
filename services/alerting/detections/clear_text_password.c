/*
 * clear-text-password - a password crosses the network so that everybody on the way can read it.
 *
 * Sees: LDAP simple binds and SASL PLAIN outside TLS and outside a sealed session (RFC 4513 6.3.1), and Basic
 * of HTTP (RFC 7617 4). One that succeeded gave away a password that is right: medium. One that was refused:
 * low, it is often a right password for another place, or mistyped. Says how many different passwords were
 * shown, by their fingerprints. Misses: protocols whose passwords are not read (FTP, POP, IMAP, telnet).
 * Decided by: the device that sends them.
 */
#include "proto/entity.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE = 99,
    STATUS_UNAUTHORIZED = 401,       /* RFC 9110 15.5.2 */
    STATUS_PROXY_UNAUTHORIZED = 407, /* RFC 9110 15.5.8 */
};

struct shown {
    struct str account;
    struct id password;
    uint8_t outcome;
};

struct clear_state {
    struct seen passwords; /* by account and fingerprint */
};

/* Requests that can be read are outside TLS. */
static bool is_basic(const struct activity *a)
{
    return a->http.count > 0 && a->http.at->scheme == http_scheme_basic &&
           !id_is_none(a->http.at->credential);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return (a->ldap.count > 0 && a->ldap.at->clear_text) || is_basic(a);
}

/* One password as one account. */
static struct shown shown_by(const struct activity *a)
{
    bool basic = is_basic(a);
    bool refused = basic && (a->code == STATUS_UNAUTHORIZED || a->code == STATUS_PROXY_UNAUTHORIZED);
    struct shown shown = {
        .account = basic ? entity_account_name(a->http.at->credential_user) : a->account_name,
        .password = basic ? a->http.at->credential : a->proof,
        .outcome = refused ? (uint8_t)outcome_failure : a->outcome,
    };
    struct id account = entity_account(shown.account);
    shown.password.high ^= account.high;
    shown.password.low ^= account.low;
    return shown;
}

static void explain(struct judge *judge, struct finding *f, const struct clear_state *s)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    const char *accounts = judge_targets(judge, f);
    uint32_t passwords = (uint32_t)s->passwords.count;
    finding_title(f, "Password of %s sent in clear text from %s to %s", accounts, source, target);
    finding_text(
        f,
        "%s showed passwords to %s without TLS, %u time%s, as %s: %s%u different password%s can be read by "
        "whoever sees the connection. %s",
        source, target, f->count, f->count == 1 ? "" : "s", accounts,
        passwords == SEEN_MAX ? "at least " : "", passwords, passwords == 1 ? "" : "s",
        f->outcome == outcome_success
            ? "The server accepted it, so it is right, and should be changed once the client uses TLS."
        : f->outcome == outcome_failure ? "The server refused it; it may be right elsewhere, or nearly right."
                                        : "The answer was not seen.");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct clear_state *s = state;
    (void)role;
    struct shown shown = shown_by(a);
    (void)seen_note(&s->passwords, shown.password, judge_now(judge), 0);
    bool right = shown.outcome == outcome_success;
    struct finding *f = judge_act(judge, a,
                                  &(struct act){.severity = right ? severity_medium : severity_low,
                                                .confidence = CONFIDENCE,
                                                .outcome = shown.outcome,
                                                .target = shown.account,
                                                .evidence = {.field = "protection",
                                                             .value = "none",
                                                             .threshold = "TLS, or a sealed session",
                                                             .decisive = right}},
                                  "%.*s as %.*s", (int)a->operation.size, a->operation.at,
                                  (int)shown.account.size, shown.account.at);
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
    .sees = "An LDAP simple bind, SASL PLAIN, or Basic of HTTP, whose password crossed the network without "
            "TLS and without "
            "sealing: medium "
            "when the server accepted it, low when it did not.",
    .misses = "Other protocols that send passwords in clear text: FTP, POP, IMAP and telnet.",
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
    .kinds = 1u << activity_kind_authentication | 1u << activity_kind_web_request,
    .wants = wants,
    .state_bytes = sizeof(struct clear_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
