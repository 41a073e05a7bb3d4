/*
 * as-rep-roasting - tickets asked for accounts that need prove nothing, to guess their passwords offline.
 *
 * Sees: AS-REQ without pre-authentication that a domain controller answers with an AS-REP (RFC 4120 5.4.2):
 * its sealed part is encrypted with the account's key and can be tried against passwords at leisure. RC4
 * alone asked for is what makes it cheap, and what no client of this century does by itself: high. RC4 given
 * to a client that takes more: medium, the account has nothing better or the controller is old. AES: low; the
 * account's owner logs on just so. Requests for a service instead of a ticket-granting ticket are
 * kerberoasting's to tell. Misses: requests that were refused (account-enumeration counts them). Decided by:
 * the device that asks.
 */
#include "common/base/text.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/judge.h"

enum {
    ETYPE_RC4 = 23,
    ETYPE_RC4_EXP = 24,
    CONFIDENCE_RC4_ONLY = 92,
    CONFIDENCE_RC4_GIVEN = 60,
    CONFIDENCE_AES = 30,
};

static bool is_weak(int32_t etype)
{
    /* DES and the old RC4 forms have small or negative numbers (RFC 3961 8, MS-KILE 3.1.5.2). */
    return etype == ETYPE_RC4 || etype == ETYPE_RC4_EXP || etype < 16;
}

static bool asks_only_weak(const struct activity *a)
{
    for (uint32_t i = 0; i < a->etypes.count; i++)
        if (!is_weak(a->etypes.at[i]))
            return false;
    return a->etypes.count > 0;
}

static bool begins(struct str text, struct str start)
{
    return text.size >= start.size &&
           text_equal_nocase((struct str){.at = text.at, .size = start.size}, start);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return a->protocol == protocol_kerberos && a->outcome == outcome_success && !a->preauth &&
           str_equal(a->operation, STR("AS-REQ")) && begins(a->service, STR("krbtgt/")) &&
           a->account_name.size > 0;
}

static void explain(struct judge *judge, struct finding *f)
{
    const char *source = judge_device(judge, &f->source), *targets = judge_targets(judge, f);
    bool many = f->target_count > 1;
    finding_title(f,
                  f->severity >= severity_medium ? "Tickets to crack asked without a password for %s from %s"
                                                 : "Tickets given without pre-authentication for %s to %s",
                  targets, source);
    finding_text(
        f,
        "The domain controller %s gave %s %u ticket%s for %s without asking for any proof: %s exempt from "
        "Kerberos pre-authentication. Whoever asks gets a text encrypted with the account's key and can try "
        "passwords on it without being seen. %s",
        judge_device(judge, &f->target), source, f->count, f->count == 1 ? "" : "s", targets,
        many ? "these accounts are" : "this account is",
        f->severity == severity_high
            ? "The client took nothing but RC4, the quickest to try; Windows and Samba ask for AES first."
        : f->severity == severity_medium
            ? "The answer is encrypted with RC4, the quickest to try, although the client takes more."
            : "AES was used, as the owner's own logon does; the exemption itself is the weakness.");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)state;
    (void)role;
    int32_t etype = a->kerberos.count > 0 ? a->kerberos.at->reply_etype : a->ticket_etype;
    bool only_weak = asks_only_weak(a), weak = is_weak(etype);
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = only_weak && weak ? severity_high
                                  : weak            ? severity_medium
                                                    : severity_low,
                      .confidence = only_weak && weak ? CONFIDENCE_RC4_ONLY
                                    : weak            ? CONFIDENCE_RC4_GIVEN
                                                      : CONFIDENCE_AES,
                      .outcome = outcome_success,
                      .target = a->account_name,
                      .evidence = {.field = "encryption type of the reply",
                                   .value = judge_print(judge, "%d, of %u asked for", etype, a->etypes.count),
                                   .threshold = "23 (RC4) or lower",
                                   .decisive = weak}},
        "AS-REP for %.*s without pre-authentication", (int)a->account_name.size, a->account_name.at);
    explain(judge, f);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {{0}};

const struct detection detection_as_rep_roasting = {
    .name = "as-rep-roasting",
    .external_id = "2412",
    .title = "AS-REP roasting",
    .severity = severity_high,
    .tactics = {"TA0006"},
    .techniques = {"T1558.004"},
    .entity = "the device that asks",
    .sees = "A ticket-granting ticket given to a request that proved nothing: high when the client takes "
            "only RC4 or DES and "
            "gets it, medium when it takes more and gets RC4, low with AES.",
    .misses = "Requests that are refused because the account needs pre-authentication: account-enumeration "
              "counts these. An "
              "attacker who asks for AES looks like the account's owner and is told at low severity.",
    .wrong_when =
        "Old appliances and keytab clients log on as an account that is exempt from pre-authentication.",
    .checks =
        {
            "Who is the source, and is it a device of the account's owner?",
            "Must the account be exempt (DONT_REQ_PREAUTH in userAccountControl)? Take the exemption away.",
            "Was the exemption set shortly before (event 4738 or a change over LDAP)?",
            "Set long new passwords for the accounts that were asked for.",
        },
    .tuning = "Exclude appliances that need the exemption, by account.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_authentication,
    .wants = wants,
    .state_bytes = sizeof(uint64_t),
    .states = 1024,
    .state_layout = 1,
    .observe = observe,
};
