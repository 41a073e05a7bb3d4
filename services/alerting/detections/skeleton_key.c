/*
 * skeleton-key - a domain controller offers weaker encryption than the account has.
 *
 * Sees: KDC_ERR_PREAUTH_REQUIRED whose ETYPE-INFO2 (RFC 4120 5.2.7.5) holds no AES although the client takes
 * it. A key that is planted in the controller's memory works with RC4 alone and hides the AES keys of every
 * account. Told when this account was offered or used AES before, when it is a computer's, which has AES
 * keys, or when the ticket it then gets for a computer's service is not AES either. An account whose password
 * is older than the domain's AES keys looks the same by itself; the ticket for a computer then shows that AES
 * is there. Misses: a client that takes no AES; an account of which nothing else is seen. Decided by: the
 * account.
 */
#include "common/base/text.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/judge.h"

enum {
    ETYPE_AES128 = 17,
    ETYPE_AES256 = 18,
    ETYPE_AES128_SHA256 = 19, /* RFC 8009 */
    ETYPE_AES256_SHA384 = 20,
    KDC_ERR_PREAUTH_REQUIRED = 25,
    CONFIDENCE_HAD_AES = 85,
    CONFIDENCE_MACHINE = 60,
    CONFIDENCE_SERVICE = 55,
};

#define LOGON_LASTS (10 * TIME_NS_MIN)

struct skeleton_state {
    time_ns had_aes;    /* when it was last offered or used for the account */
    time_ns weak_since; /* since when it was not */
    time_ns weak_last;
};

static bool is_aes(int32_t etype)
{
    return etype >= ETYPE_AES128 && etype <= ETYPE_AES256_SHA384;
}

static bool holds_aes(struct i32s etypes)
{
    for (uint32_t i = 0; i < etypes.count; i++)
        if (is_aes(etypes.at[i]))
            return true;
    return false;
}

/* Services of computers, whose accounts renew their passwords and so their AES keys by themselves. */
static bool is_computer_service(struct str service)
{
    static const struct str classes[] = {STR("cifs/"), STR("host/"), STR("ldap/")};
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++)
        if (service.size > classes[i].size &&
            text_equal_nocase((struct str){.at = service.at, .size = classes[i].size}, classes[i]))
            return true;
    return false;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->kind == activity_kind_ticket_request)
        return a->outcome == outcome_success && !a->referral && a->ticket_etype != 0 &&
               holds_aes(a->etypes) && is_computer_service(a->service);
    return a->protocol == protocol_kerberos &&
           ((a->code == KDC_ERR_PREAUTH_REQUIRED && a->offered_etypes.count > 0) ||
            (a->outcome == outcome_success && is_aes(a->preauth_etype)));
}

static bool is_machine(const struct activity *a)
{
    return a->account_name.size > 0 && a->account_name.at[a->account_name.size - 1] == '$';
}

static const char *etypes_text(struct judge *judge, struct i32s etypes)
{
    const char *text = "";
    for (uint32_t i = 0; i < etypes.count && i < 8; i++)
        text = judge_print(judge, "%s%s%d", text, i > 0 ? ", " : "", etypes.at[i]);
    return text;
}

static void explain(struct judge *judge, struct finding *f, const struct skeleton_state *s)
{
    const char *target = judge_device(judge, &f->target), *account = judge_account(judge, &f->source);
    finding_title(f,
                  s->had_aes ? "Encryption of %s downgraded by the domain controller %s"
                             : "No AES for %s by the domain controller %s",
                  account, target);
    finding_text(
        f,
        "The domain controller %s asked %s, logging on from %s, for proof with encryption weaker than AES, "
        "although the client takes AES. %s A skeleton key in the memory of a domain controller, with which "
        "one "
        "password opens every account, has this effect on all accounts of that controller.",
        target, account, judge_device(judge, &f->source),
        s->had_aes ? "AES was offered or used for this account before."
        : f->confidence == CONFIDENCE_MACHINE
            ? "Computers have AES keys unless they are older than Windows Vista."
            : "The ticket for a computer's service is not AES either, and computers have AES keys unless "
              "they are "
              "older than Windows Vista.");
}

static void note_weak_offer(struct judge *judge, struct skeleton_state *s, const struct activity *a)
{
    bool had = s->had_aes != 0, machine = is_machine(a);
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_medium,
                      .confidence = had       ? CONFIDENCE_HAD_AES
                                    : machine ? CONFIDENCE_MACHINE
                                              : CONFIDENCE_SERVICE,
                      .target = a->account_name,
                      .evidence = {.field = "encryption types offered",
                                   .value = etypes_text(judge, a->offered_etypes),
                                   .threshold = judge_print(judge, "17 or 18, of %s asked for",
                                                            etypes_text(judge, a->etypes)),
                                   .decisive = true}},
        "pre-authentication asked of %.*s without AES", (int)a->account_name.size, a->account_name.at);
    if (!had && !machine && !f->opened)
        return;
    explain(judge, f, s);
    judge_open(judge, f, a);
}

/* What the controller does for a computer's account tells whether only this account has no AES keys. */
static void note_service_ticket(struct judge *judge, const struct skeleton_state *s, const struct activity *a)
{
    struct finding *f = judge_existing(judge);
    if (!f || f->opened || judge_now(judge) - s->weak_last > LOGON_LASTS)
        return;
    if (is_aes(a->ticket_etype)) {
        judge_drop(judge);
        return;
    }
    judge_evidence(judge, f, a,
                   &(struct evidence_text){.field = "encryption type of the ticket",
                                           .value = judge_print(judge, "%d", a->ticket_etype),
                                           .threshold = "17 or 18",
                                           .decisive = true},
                   "ticket for %.*s without AES", (int)a->service.size, a->service.at);
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct skeleton_state *s = state;
    (void)role;
    time_ns now = judge_now(judge), learn = judge_setting(judge, "learn-days") * TIME_NS_DAY;
    if (a->kind == activity_kind_ticket_request) {
        note_service_ticket(judge, s, a);
        return;
    }
    if (a->code != KDC_ERR_PREAUTH_REQUIRED || holds_aes(a->offered_etypes)) {
        s->had_aes = now;
        s->weak_since = 0;
        return;
    }
    if (!holds_aes(a->etypes))
        return;
    if (s->weak_since == 0)
        s->weak_since = now;
    s->weak_last = now;
    if (now - s->weak_since < learn)
        note_weak_offer(judge, s, a);
}

static const struct detection_setting settings[] = {
    {"learn-days", 7, 1, 90, "days",
     "An account that was offered no AES for so long is taken to have no AES keys; it is not told any more."},
    {0},
};

const struct detection detection_skeleton_key = {
    .name = "skeleton-key",
    .external_id = "2010",
    .title = "Encryption downgraded by a domain controller (skeleton key)",
    .severity = severity_medium,
    .tactics = {"TA0003", "TA0006"},
    .techniques = {"T1556.001"},
    .entity = "the account",
    .sees = "A domain controller that asks a client which takes AES for proof with RC4 or DES: when AES was "
            "seen for the account "
            "before, when it is a computer's, or when the ticket for a computer's service is not AES either.",
    .misses = "Clients that take no AES themselves, and accounts of which nothing but this was seen.",
    .wrong_when = "The account's password is older than the domain's AES keys (functional level 2008) and it "
                  "uses an old "
                  "file server that takes RC4 alone.",
    .checks =
        {
            "Does the same controller offer AES to other accounts? A skeleton key takes it from all.",
            "Do the other controllers offer AES for this account?",
            "When was its password set, and what does msDS-SupportedEncryptionTypes hold?",
            "Restart the controller: a key in memory does not survive. Then look for who planted it.",
        },
    .tuning = "Set new passwords for accounts without AES keys; it ends the alerts and the weakness.",
    .settings = settings,
    .roles = 1u << entity_role_account,
    .kinds = 1u << activity_kind_authentication | 1u << activity_kind_ticket_request,
    .wants = wants,
    .state_bytes = sizeof(struct skeleton_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
