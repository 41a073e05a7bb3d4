/*
 * forged-pac - a ticket without a PAC is shown with a PAC that its holder made (MS14-068, CVE-2014-6324).
 *
 * Sees: a ticket-granting ticket that was asked for with include-pac false (MS-KILE 2.2.3) and then shown in
 * a TGS-REQ that brings encrypted authorization data of its own; a TGS-REQ that does both at once, where the
 * first was not captured; and, in tickets that a given key opens, a PAC signed by a checksum without a key.
 * Either alone is ordinary: Unix clients refuse the PAC, Windows brings data with most requests. Misses: a
 * request inside FAST. Decided by: the ticket.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/ticket.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_BOTH = 97,
    CONFIDENCE_ALONE = 75,
    CONFIDENCE_UNKEYED = 99,
    /* Checksum types with a key (MS-PAC 2.8, RFC 8009 for other KDCs). */
    HMAC_MD5 = -138,
    HMAC_SHA1_96_AES128 = 15,
    HMAC_SHA1_96_AES256 = 16,
    HMAC_SHA256_128_AES128 = 19,
    HMAC_SHA384_192_AES256 = 20,
};

struct forged_state {
    time_ns asked_without; /* when this ticket was given without a PAC; 0: was not */
};

static bool is_given_without(const struct activity *a)
{
    const struct kerberos *k = ticket_exchange(a);
    return a->kind == activity_kind_authentication && k && k->pac_request == tristate_no &&
           a->outcome == outcome_success;
}

static bool brings_data(const struct activity *a)
{
    const struct kerberos *k = ticket_exchange(a);
    return a->kind == activity_kind_ticket_request && k && k->authorization_etype != 0;
}

static bool is_unkeyed(int32_t type)
{
    return type != 0 && type != HMAC_MD5 && type != HMAC_SHA1_96_AES128 && type != HMAC_SHA1_96_AES256 &&
           type != HMAC_SHA256_128_AES128 && type != HMAC_SHA384_192_AES256;
}

/* The checksum of a PAC that anybody can make; 0: none. */
static int32_t unkeyed_checksum(const struct ticket_part *part)
{
    return is_unkeyed(part->server_checksum) ? part->server_checksum
           : is_unkeyed(part->kdc_checksum)  ? part->kdc_checksum
                                             : 0;
}

/* Of the ticket under whose role the activity came. */
static const struct ticket_part *part_of(const struct activity *a, uint8_t role)
{
    const struct kerberos *k = ticket_exchange(a);
    return !k ? NULL : role == entity_role_presented_ticket ? &k->tgt_part : &k->ticket_part;
}

static bool wants(const struct activity *a, uint8_t role)
{
    const struct ticket_part *part = part_of(a, role);
    if (role == entity_role_ticket && is_given_without(a))
        return true;
    if (part && unkeyed_checksum(part) != 0)
        return true;
    return role == entity_role_presented_ticket && brings_data(a);
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act, const char *how)
{
    struct finding *f = judge_act(judge, a, act, "%.*s: %s", (int)a->operation.size, a->operation.at, how);
    const char *source = judge_device(judge, &f->source), *account = judge_account(judge, &f->source);
    bool success = f->outcome == outcome_success;
    finding_title(f,
                  success ? "%s used a ticket with a forged PAC as %s (MS14-068)"
                          : "%s tried a ticket with a forged PAC as %s (MS14-068)",
                  source, account);
    finding_text(f,
                 "%s showed a ticket to %s: %s. That is how a person makes himself a domain administrator on "
                 "a controller "
                 "that takes a PAC without the KDC's signature (CVE-2014-6324). %s",
                 source, judge_device(judge, &f->target), how,
                 success                         ? "The controller gave a ticket for it."
                 : f->outcome == outcome_failure ? "The controller refused."
                                                 : "It was not seen how that ended.");
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct forged_state *s = state;
    const struct kerberos *k = ticket_exchange(a);
    const struct ticket_part *part = part_of(a, role);
    struct act act = {.severity = severity_high, .outcome = a->outcome, .target = a->service};
    int32_t unkeyed = part ? unkeyed_checksum(part) : 0;
    if (unkeyed != 0) {
        act.confidence = CONFIDENCE_UNKEYED;
        act.evidence = (struct evidence_text){.field = "PAC checksum type",
                                              .value = judge_print(judge, "%d", unkeyed),
                                              .threshold = "one with a key",
                                              .decisive = true};
        tell(judge, a, &act, "its PAC is signed with a checksum that needs no key");
        return;
    }
    if (role == entity_role_ticket) {
        s->asked_without = judge_now(judge);
        return;
    }
    bool alone = s->asked_without == 0;
    if (alone && k->pac_request != tristate_no)
        return;
    act.severity = alone ? severity_medium : severity_high;
    act.confidence = alone ? CONFIDENCE_ALONE : CONFIDENCE_BOTH;
    act.evidence = (struct evidence_text){.field = "enc-authorization-data",
                                          .value = judge_print(judge, "etype %d", k->authorization_etype),
                                          .threshold = "none beside include-pac false",
                                          .decisive = true};
    tell(judge, a, &act,
         alone ? "the request refuses a PAC and brings authorization data of its own"
               : "it was asked for without a PAC, and now comes with authorization data of its own");
}

static const struct detection_setting settings[] = {
    {0},
};

const struct detection detection_forged_pac = {
    .name = "forged-pac",
    .external_id = "2013",
    .title = "Forged PAC (MS14-068)",
    .severity = severity_high,
    .tactics = {"TA0004"},
    .techniques = {"T1068", "T1558"},
    .entity = "the ticket",
    .sees =
        "A ticket-granting ticket asked for with include-pac false and then shown with encrypted "
        "authorization data; both in one TGS-REQ; in tickets that a given key opens, a PAC whose checksum "
        "needs no key.",
    .misses =
        "Requests inside FAST, and a first request that was not captured unless the second says the same.",
    .wrong_when = "A Unix client that refuses the PAC and brings authorization data of its own for another "
                  "purpose; none is known to.",
    .checks =
        {
            "Do the controllers have MS14-068 (KB3011780)? Systems since Windows Server 2016 are not "
            "affected.",
            "What did the account do after it: event 4769 and logons with rights that its groups do not "
            "give?",
            "When it succeeded: treat the domain as taken over.",
        },
    .tuning = "Exclude a client that is known to ask so.",
    .settings = settings,
    .roles = 1u << entity_role_ticket | 1u << entity_role_presented_ticket,
    .kinds =
        1u << activity_kind_authentication | 1u << activity_kind_ticket_request | 1u << activity_kind_session,
    .wants = wants,
    .state_bytes = sizeof(struct forged_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
