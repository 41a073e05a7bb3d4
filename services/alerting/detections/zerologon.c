/*
 * zerologon - a secure channel asked for with the credential of zeros that CVE-2020-1472 makes valid.
 *
 * Sees: NetrServerAuthenticate, 2 and 3 (MS-NRPC 3.5.4.4) with a ClientCredential of eight zero bytes, and
 * NetrServerPasswordSet2 with an authenticator of zeros or soon after such an authentication. A client
 * computes its credential from a random challenge, so that zeros come by chance once in 2^64; one is proof of
 * a try. Where the arguments are sealed, many authentications of one device within a short time, of which an
 * ordinary client needs one. Misses: an exploit that needs few tries inside sealed RPC, or inside encrypted
 * SMB. Decided by: the source device.
 */
#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/judge.h"

enum {
    NETR_SERVER_AUTHENTICATE = 5,
    NETR_SERVER_PASSWORD_SET = 6,
    NETR_SERVER_AUTHENTICATE_2 = 15,
    NETR_SERVER_AUTHENTICATE_3 = 26,
    NETR_SERVER_PASSWORD_SET_2 = 30,
    CONFIDENCE_ONE = 90,
    CONFIDENCE_SEVERAL = 99,
    CONFIDENCE_SEALED = 85,
};

struct zerologon_state {
    struct id target;
    time_ns authenticated; /* with zeros, and accepted; 0: never */
    time_ns sealed_since;  /* of the first of the sealed authentications that are counted */
    time_ns sealed_last;
    uint32_t sealed_count;
    uint32_t tries; /* with zeros */
    uint32_t refused;
    uint8_t accepted; /* a credential of zeros was */
    uint8_t reset;    /* the password was set */
    uint8_t zero[2];
};

static bool is_authenticate(const struct activity *a)
{
    return a->opnum == NETR_SERVER_AUTHENTICATE || a->opnum == NETR_SERVER_AUTHENTICATE_2 ||
           a->opnum == NETR_SERVER_AUTHENTICATE_3;
}

static bool is_password_set(const struct activity *a)
{
    return a->opnum == NETR_SERVER_PASSWORD_SET || a->opnum == NETR_SERVER_PASSWORD_SET_2;
}

static bool is_zeros(const struct activity *a, const char *argument)
{
    const struct rpc_argument *found = argument_find(a, argument);
    return found && found->kind == rpc_value_zeros;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (!str_equal(a->interface_name, STR("netlogon")))
        return false;
    if (is_password_set(a))
        return true;
    /* A credential that can be read and is no row of zeros is an ordinary client's. */
    return is_authenticate(a) && (a->sealed || is_zeros(a, "ClientCredential"));
}

static void explain(struct judge *judge, struct finding *f, const struct zerologon_state *s, bool sealed)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    const char *ending = s->reset ? "then set the password of the account, which cuts the controller off "
                                    "from its domain and lets anybody be it"
                         : s->accepted
                             ? "was let in: the controller is vulnerable, and only the password was "
                               "not seen to be set"
                         : sealed ? "it cannot be read whether one of them was accepted"
                                  : "was refused each time that was seen";
    finding_title(f,
                  s->reset      ? "%s took over %s by Zerologon (CVE-2020-1472)"
                  : s->accepted ? "%s was let in by %s with a credential of zeros (Zerologon)"
                                : "Zerologon (CVE-2020-1472) tried by %s against %s",
                  source, target);
    if (sealed && f->target_count == 0)
        finding_text(f,
                     "%s asked %s for a secure channel of Netlogon %u times within seconds, with sealed "
                     "arguments; %s. "
                     "A machine sets up one channel and keeps it for days; hundreds in a row are how "
                     "CVE-2020-1472 waits for the session key of which a credential of zeros is right.",
                     source, target, s->sealed_count, ending);
    else
        finding_text(
            f,
            "%s asked %s for a secure channel of Netlogon as %s with a credential of eight zero bytes, %s, "
            "and "
            "%s. An honest client computes the credential from a random challenge and never sends zeros; on "
            "a controller without the update of August 2020 one in 256 tries succeeds without any password.",
            source, target, judge_targets(judge, f),
            s->tries == 1 ? "once" : judge_print(judge, "%u times", s->tries), ending);
}

static void begin_with(struct zerologon_state *s, const struct activity *a)
{
    if (id_equal(s->target, a->target))
        return;
    *s = (struct zerologon_state){.target = a->target};
}

static void on_zeros(struct judge *judge, struct zerologon_state *s, const struct activity *a)
{
    bool accepted = a->outcome == outcome_success;
    if (accepted) {
        s->accepted = true;
        s->authenticated = judge_now(judge);
    }
    s->tries++;
    s->refused += a->outcome == outcome_failure;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = severity_high,
                                .confidence = s->refused + s->accepted > 1 || accepted ? CONFIDENCE_SEVERAL
                                                                                       : CONFIDENCE_ONE,
                                .outcome = a->outcome,
                                .target = argument_text(a, "AccountName"),
                                .evidence = {.field = "ClientCredential",
                                             .value = "8 zero bytes",
                                             .threshold = "once",
                                             .decisive = accepted}},
                  "%.*s %s", (int)a->operation.size, a->operation.at,
                  accepted                        ? "accepted"
                  : a->outcome == outcome_failure ? "refused"
                                                  : "without an answer that could be read");
    explain(judge, f, s, false);
    judge_open(judge, f, a);
}

static void on_sealed(struct judge *judge, struct zerologon_state *s, const struct activity *a)
{
    time_ns now = judge_now(judge);
    if (now - s->sealed_since > judge_setting(judge, "sealed-seconds") * TIME_NS_S) {
        s->sealed_since = now;
        s->sealed_count = 0;
    }
    s->sealed_count++;
    s->sealed_last = now;
    if (s->sealed_count < judge_setting(judge, "sealed-tries"))
        return;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){
            .severity = severity_high,
            .confidence = CONFIDENCE_SEALED,
            .outcome = outcome_unknown,
            .evidence = {.field = "sealed authentications",
                         .value = judge_print(judge, "%u", s->sealed_count),
                         .threshold = judge_print(judge, "%lld in %lld s",
                                                  (long long)judge_setting(judge, "sealed-tries"),
                                                  (long long)judge_setting(judge, "sealed-seconds"))}},
        "%.*s, arguments sealed", (int)a->operation.size, a->operation.at);
    if (f->count < s->sealed_count)
        f->count = s->sealed_count;
    explain(judge, f, s, true);
    judge_open(judge, f, a);
}

/* The call needs a channel (MS-NRPC 3.5.4.4.5): who sends it after the tries has been let in. */
static void on_password_set(struct judge *judge, struct zerologon_state *s, const struct activity *a)
{
    time_ns now = judge_now(judge), soon = judge_setting(judge, "reset-seconds") * TIME_NS_S;
    bool zeros = is_zeros(a, "Authenticator.Credential");
    bool after_zeros = s->authenticated != 0 && now - s->authenticated <= soon;
    bool after_sealed =
        s->sealed_count >= judge_setting(judge, "sealed-tries") && now - s->sealed_last <= soon;
    if (!zeros && !after_zeros && !after_sealed)
        return;
    bool refused = a->outcome == outcome_failure;
    s->reset = s->reset || !refused;
    s->accepted = s->accepted || !refused;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = refused ? severity_high : severity_critical,
                                .confidence = zeros || after_zeros ? CONFIDENCE_SEVERAL : CONFIDENCE_SEALED,
                                .outcome = refused ? outcome_failure : outcome_success,
                                .target = argument_text(a, "AccountName"),
                                .evidence = {.field = zeros ? "Authenticator.Credential" : "after the tries",
                                             .value = zeros ? "8 zero bytes" : "yes",
                                             .decisive = true}},
                  "%.*s %s", (int)a->operation.size, a->operation.at,
                  refused     ? "refused"
                  : a->sealed ? "answered, return code sealed"
                              : "accepted");
    explain(judge, f, s, a->sealed);
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct zerologon_state *s = state;
    (void)role;
    begin_with(s, a);
    if (is_password_set(a))
        on_password_set(judge, s, a);
    else if (is_zeros(a, "ClientCredential"))
        on_zeros(judge, s, a);
    else
        on_sealed(judge, s, a);
}

static const struct detection_setting settings[] = {
    {"sealed-tries", 16, 2, 10000, "authentications",
     "So many with sealed arguments within sealed-seconds are told. A machine sets up one channel; one whose "
     "password is wrong tries a few times. The exploit needs 256 on average, and with 16 tries fails to be "
     "seen "
     "in one run of 16."},
    {"sealed-seconds", 60, 1, 3600, "seconds", "The window: the exploit tries many times a second."},
    {"reset-seconds", 300, 1, 86400, "seconds",
     "A password set so long after an authentication with zeros belongs to it."},
    {0},
};

const struct detection detection_zerologon = {
    .name = "zerologon",
    .external_id = "2411",
    .title = "Zerologon (CVE-2020-1472)",
    .severity = severity_high,
    .tactics = {"TA0004", "TA0008"},
    .techniques = {"T1068", "T1210"},
    .entity = "the device that asks",
    .sees =
        "NetrServerAuthenticate, 2 or 3 of Netlogon with a ClientCredential of zeros, refused or accepted; "
        "NetrServerPasswordSet2 with an authenticator of zeros or after that; with sealed arguments, many "
        "authentications of one device within a minute.",
    .misses =
        "A run with sealed arguments that succeeds within the first tries; Netlogon inside encrypted SMB "
        "or on a path that is not captured.",
    .wrong_when =
        "Never where a credential of zeros was read, but a scanner of your own may have sent it. With "
        "sealed arguments: many machines behind one address (NAT) that set up their channels at once.",
    .checks =
        {
            "Is the source a vulnerability scanner of your own?",
            "Does the controller have the update of August 2020, and does it enforce secure RPC "
            "(events 5827 to 5831)?",
            "When a password was set: event 4742 on the controller's own account; restore its password from "
            "the "
            "registry before anything else, then look for DCSync from the same device.",
        },
    .tuning =
        "Exclude your scanner by its address. Raise sealed-tries for addresses that many machines share.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct zerologon_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
