/*
 * golden-ticket - a ticket-granting ticket that no domain controller gave, made with the key of krbtgt.
 *
 * Sees, each named in the alert: a ticket that is taken longer after it was first shown than tickets live;
 * one for an account that the KDC does not know, or whose PAC it finds to be another's; in tickets that a
 * given key opens, a life longer than any KDC gives; and, where the owner says that every domain controller
 * is captured, one that none of them gave. By the device: a ticket sealed with weaker encryption or another
 * key version than the KDC seals its own with, and a ticket to krbtgt asked by delegation. Nothing is said of
 * a ticket that a controller was seen to give. Misses: a careful forgery in a capture of part of the
 * controllers. Decided by: the ticket, the last two by the device.
 */
#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/ticket.h"
#include "services/alerting/judge.h"

enum {
    KDC_ERR_C_PRINCIPAL_UNKNOWN = 6,
    KDC_ERR_TGT_REVOKED = 20,
    ETYPE_AES128 = 17,
    ETYPE_AES256 = 18,
    /* A read-only controller's number stands in the upper half (MS-KILE 3.1.5.8). */
    KVNO_CONTROLLER = 0xffff0000,
    CONFIDENCE_NOT_GIVEN = 80,
    CONFIDENCE_AGE = 75,
    CONFIDENCE_UNKNOWN = 60,
    CONFIDENCE_LIFE = 97,
    CONFIDENCE_WEAK = 85,
    CONFIDENCE_VERSION = 60,
    CONFIDENCE_DELEGATED = 95,
};

/* Under a ticket the first two count, under a device the rest. */
struct golden_state {
    time_ns given;   /* by a domain controller; 0: was not seen */
    time_ns shown;   /* first; 0: never */
    struct id realm; /* whose controller gave this device a ticket to krbtgt last */
    int32_t etype;   /* that it was sealed with */
    uint32_t kvno;
};

static bool is_aes(int32_t etype)
{
    return etype == ETYPE_AES128 || etype == ETYPE_AES256;
}

static bool is_given(const struct activity *a)
{
    return a->kind != activity_kind_session && a->outcome == outcome_success;
}

/* The realm's own: a ticket between two realms has the key of their trust. */
static bool is_own(struct str service, struct str realm)
{
    struct str start = STR("krbtgt/");
    if (!ticket_is_for_granting(service) || service.size <= start.size)
        return false;
    struct str name = {.at = service.at + start.size, .size = service.size - start.size};
    return text_equal_nocase(name, realm);
}

static bool wants(const struct activity *a, uint8_t role)
{
    const struct kerberos *k = ticket_exchange(a);
    if (!k)
        return false;
    if (role == entity_role_ticket)
        return is_given(a) && ticket_is_for_granting(k->ticket_sname);
    if (role == entity_role_presented_ticket)
        return a->kind == activity_kind_ticket_request && is_own(k->tgt_sname, k->tgt_realm);
    return a->kind == activity_kind_ticket_request ||
           (a->kind == activity_kind_authentication && is_given(a) &&
            is_own(k->ticket_sname, k->ticket_realm));
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act, const char *how)
{
    struct finding *f = judge_act(judge, a, act, "TGS-REQ: %s", how);
    const char *source = judge_device(judge, &f->source), *account = judge_account(judge, &f->source);
    bool success = f->outcome == outcome_success;
    finding_title(f,
                  success ? "%s used a forged ticket-granting ticket as %s (golden ticket)"
                          : "%s showed a forged ticket-granting ticket as %s (golden ticket)",
                  source, account);
    finding_text(
        f,
        "%s showed the domain controller %s a ticket-granting ticket: %s. Who has the key of krbtgt makes "
        "such tickets in anybody's name, with any groups and for any time. %s",
        source, judge_device(judge, &f->target), how,
        success                         ? "The controller took it and gave tickets for it."
        : f->outcome == outcome_failure ? "The controller refused it."
                                        : "It was not seen how that ended.");
    judge_open(judge, f, a);
}

static struct evidence_text measure(struct judge *judge, const char *field, time_ns value, time_ns threshold)
{
    return (struct evidence_text){
        .field = field,
        .value = judge_print(judge, "%lld hours", (long long)(value / TIME_NS_HOUR)),
        .threshold = judge_print(judge, "%lld hours", (long long)(threshold / TIME_NS_HOUR)),
        .decisive = true};
}

/* A ticket whose issue was not seen. */
static void on_shown(struct judge *judge, struct golden_state *s, const struct activity *a)
{
    const struct kerberos *k = ticket_exchange(a);
    time_ns now = judge_now(judge), longest = judge_setting(judge, "ticket-hours") * TIME_NS_HOUR;
    time_ns life = ticket_lifetime(&k->tgt_part);
    bool taken = a->outcome == outcome_success;
    struct act act = {.severity = severity_high, .outcome = a->outcome, .target = a->service};
    s->shown = s->shown ? s->shown : now;
    if (life > longest) {
        act.confidence = CONFIDENCE_LIFE;
        act.evidence = measure(judge, "life of the ticket", life, longest);
        tell(judge, a, &act, "it lives longer than any that a KDC gives");
    } else if (taken && now - s->shown > longest) {
        act.confidence = CONFIDENCE_AGE;
        act.evidence = measure(judge, "since it was shown first", now - s->shown, longest);
        tell(judge, a, &act, "it was shown before, longer ago than a ticket lives");
    } else if (a->code == KDC_ERR_TGT_REVOKED ||
               (a->code == KDC_ERR_C_PRINCIPAL_UNKNOWN && a->for_user.size == 0)) {
        act.severity = severity_medium;
        act.confidence = CONFIDENCE_UNKNOWN;
        act.evidence = (struct evidence_text){
            .field = "error code", .value = judge_print(judge, "%u", a->code), .decisive = true};
        tell(judge, a, &act,
             a->code == KDC_ERR_TGT_REVOKED
                 ? "the controller finds that what it says of its holder is another's, or no longer true"
                 : "it is of an account that the controller does not know");
    } else if (taken && judge_setting(judge, "all-captured") && (k->tgt_kvno & KVNO_CONTROLLER) == 0 &&
               judge_has_watched(judge, longest)) {
        /* A cloud that gives tickets for the realm is one more read-only controller, never captured. */
        act.confidence = CONFIDENCE_NOT_GIVEN;
        act.evidence = (struct evidence_text){
            .field = "given by a domain controller",
            .value = "not seen",
            .threshold = judge_print(judge, "within %lld hours", (long long)(longest / TIME_NS_HOUR)),
            .decisive = true};
        tell(judge, a, &act, "no domain controller was seen to give it, although all of them are captured");
    }
}

/* Of one controller, or of all that may write: a read-only one has a key of its own. */
static bool is_same_key(uint32_t shown, uint32_t given)
{
    return ((shown ^ given) & KVNO_CONTROLLER) == 0;
}

static bool is_other_version(uint32_t shown, uint32_t given)
{
    /* The key before, or after, is in use for the life of a ticket when krbtgt is reset. */
    uint32_t apart = shown > given ? shown - given : given - shown;
    return given != 0 && is_same_key(shown, given) && apart > 1;
}

static void on_device(struct judge *judge, struct golden_state *s, const struct activity *a)
{
    const struct kerberos *k = ticket_exchange(a);
    struct act act = {.severity = severity_high, .outcome = a->outcome, .target = a->service};
    if (a->kind == activity_kind_authentication) {
        s->realm = entity_service(k->ticket_realm);
        s->etype = k->ticket_etype;
        s->kvno = k->ticket_kvno;
        return;
    }
    if (ticket_is_by_proxy(a) && ticket_is_for_granting(a->service)) {
        act.confidence = CONFIDENCE_DELEGATED;
        act.evidence = (struct evidence_text){
            .field = "service asked by S4U2Proxy", .value = "krbtgt", .threshold = "never", .decisive = true};
        tell(judge, a, &act, "a ticket to krbtgt itself was asked in another's name, by delegation");
        return;
    }
    if (!is_own(k->tgt_sname, k->tgt_realm) || !id_equal(s->realm, entity_service(k->tgt_realm)))
        return;
    bool weak = is_same_key(k->tgt_kvno, s->kvno) && is_aes(s->etype) && !is_aes(k->tgt_etype);
    if (!weak && !is_other_version(k->tgt_kvno, s->kvno))
        return;
    act.severity = weak ? severity_high : severity_medium;
    act.confidence = weak ? CONFIDENCE_WEAK : CONFIDENCE_VERSION;
    act.evidence = (struct evidence_text){
        .field = weak ? "encryption type" : "key version",
        .value = judge_print(judge, "%lld", weak ? (long long)k->tgt_etype : (long long)k->tgt_kvno),
        .threshold =
            judge_print(judge, "%lld of the KDC's own", weak ? (long long)s->etype : (long long)s->kvno),
        .decisive = true};
    tell(judge, a, &act,
         weak ? "it is sealed with weaker encryption than the KDC seals its own tickets with"
              : "it is sealed with another version of the key than the KDC uses");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct golden_state *s = state;
    if (role == entity_role_source_device)
        on_device(judge, s, a);
    else if (role == entity_role_ticket)
        s->given = judge_now(judge);
    else if (s->given == 0)
        on_shown(judge, s, a);
}

static const struct detection_setting settings[] = {
    {"all-captured", 0, 0, 1, "yes or no",
     "Says that the traffic of every domain controller of every realm in use is captured without loss. Only "
     "then does a ticket whose issue was not seen mean anything. Off, because a capture cannot know that."},
    {"ticket-hours", 24, 1, 8760, "hours",
     "The longest that a ticket lives before it is renewed, which makes another ticket. Active Directory "
     "gives "
     "10 hours, MIT's KDC 24. So long must have been watched before a ticket that was not seen to be given "
     "is "
     "told: it may have been given before."},
    {0},
};

const struct detection detection_golden_ticket = {
    .name = "golden-ticket",
    .external_id = "2027",
    .title = "Forged ticket-granting ticket (golden ticket)",
    .severity = severity_high,
    .tactics = {"TA0006", "TA0003"},
    .techniques = {"T1558.001"},
    .entity = "the ticket; the device for encryption, key version and delegation",
    .sees =
        "A ticket-granting ticket that is taken longer after it was first shown than tickets live; one that "
        "the KDC answers with KDC_ERR_C_PRINCIPAL_UNKNOWN or KDC_ERR_TGT_REVOKED (medium); one sealed with "
        "RC4 "
        "or DES on a device that the KDC gives AES tickets, or with another key version (medium); S4U2Proxy "
        "to krbtgt; in tickets that a given key opens, a life longer than ticket-hours; with all-captured, "
        "one that no domain controller gave.",
    .misses = "A forgery with the right encryption, version and life, where not every domain controller is "
              "captured or less than ticket-hours was watched; with all-captured, one that claims to be of a "
              "read-only controller, since a cloud that gives tickets for the realm is one.",
    .wrong_when = "The policy lets tickets live longer than ticket-hours; an account was deleted while its "
                  "ticket was in use; with all-captured, a controller, a KDC proxy or packets are missing.",
    .checks =
        {
            "Is there an event 4768 or a renewal (4770) for this account before it, on any domain "
            "controller?",
            "Does the account exist, and do its groups match the rights it used?",
            "When was krbtgt's password last reset, and who could read it (look for DCSync)?",
            "When forged: reset krbtgt twice, with the life of a ticket between.",
        },
    .tuning = "Set ticket-hours to the policy's maximum. Turn all-captured on only when every controller is.",
    .settings = settings,
    .roles = 1u << entity_role_ticket | 1u << entity_role_presented_ticket | 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_authentication | 1u << activity_kind_ticket_request,
    .wants = wants,
    .state_bytes = sizeof(struct golden_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
