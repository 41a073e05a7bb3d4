/*
 * stamp_kerberos - logons, ticket requests and sessions by Kerberos.
 */
#include "proto/entity.h"
#include "services/identity/stamp_state.h"

enum {
    KERBEROS_PREAUTH_REQUIRED = 25,
    KERBEROS_RESPONSE_TOO_BIG = 52,
    KERBEROS_MORE_PREAUTH_REQUIRED = 91,       /* RFC 8062 6.2.1 */
    KDC_OPTION_CNAME_IN_ADDL_TKT = 0x00020000, /* MS-SFU 2.2.3 */
    PA_ENC_TIMESTAMP = 2,
    PA_PK_AS_REQ = 16,
    PA_ENCRYPTED_CHALLENGE = 138, /* RFC 6113 5.4.6 */
};

static bool holds(struct i32s list, int32_t value)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.at[i] == value)
            return true;
    return false;
}

static enum outcome kerberos_outcome(const struct kerberos *k)
{
    if (k->reply == kerberos_reply_reply)
        return outcome_success;
    if (k->reply != kerberos_reply_error)
        return outcome_unknown;
    /* These ask the client to go on, they refuse nothing. */
    bool go_on = k->error_code == KERBEROS_PREAUTH_REQUIRED || k->error_code == KERBEROS_RESPONSE_TOO_BIG ||
                 k->error_code == KERBEROS_MORE_PREAUTH_REQUIRED;
    return go_on ? outcome_unknown : outcome_failure;
}

static bool is_ticket_service(struct str sname)
{
    struct str class = STR("krbtgt/");
    return sname.size > class.size &&
           text_equal_nocase((struct str){.at = sname.at, .size = class.size}, class);
}

static void set_kerberos(struct activity *a, const struct kerberos *k)
{
    a->outcome = (uint8_t)kerberos_outcome(k);
    a->code = k->error_code;
    a->code_name = k->reply == kerberos_reply_error ? kerberos_error_name(k->error_code) : (struct str){0};
    a->service = k->message == kerberos_message_ap || k->sname.size == 0 ? k->ticket_sname : k->sname;
    a->service_account = entity_service(a->service);
    a->referral = k->message == kerberos_message_tgs && is_ticket_service(k->ticket_sname) &&
                  !is_ticket_service(a->service);
    a->for_user = entity_account_name(k->for_user);
    a->etypes = k->etypes;
    a->ticket_etype = k->ticket_etype;
    a->preauth_etype = k->preauth_etype;
    a->offered_etypes = k->offered_etypes;
    a->ticket = k->ticket;
    a->kdc_options = k->kdc_options;
    a->preauth = k->armored || holds(k->padata, PA_ENC_TIMESTAMP) || holds(k->padata, PA_PK_AS_REQ) ||
                 holds(k->padata, PA_ENCRYPTED_CHALLENGE);
}

static enum activity_kind kind_of(const struct kerberos *k)
{
    return k->message == kerberos_message_ap    ? activity_kind_session
           : k->message == kerberos_message_tgs ? activity_kind_ticket_request
                                                : activity_kind_authentication;
}

static struct str operation_of(const struct kerberos *k)
{
    if (k->message == kerberos_message_ap)
        return STR("AP-REQ");
    if (k->message == kerberos_message_tgs)
        return k->for_user.size > 0 ? STR("TGS-REQ S4U2Self") : STR("TGS-REQ");
    return STR("AS-REQ");
}

void stamp_kerberos(const struct stamping *s)
{
    const struct kerberos *k = s->record->body;
    struct activity *a = activity_begin(s, kind_of(k), protocol_kerberos);
    set_kerberos(a, k);
    a->operation = operation_of(k);
    /* The reply to a request in somebody's name bears his name (MS-SFU 3.2.5.1.2, 3.2.5.2.2): who acted is
     * who holds the ticket that was presented. */
    bool for_other = k->message == kerberos_message_tgs &&
                     (k->for_user.size > 0 || (k->kdc_options & KDC_OPTION_CNAME_IN_ADDL_TKT));
    if (k->cname.size > 0 && k->message != kerberos_message_ap && !for_other && !identity_is_hidden(k->cname))
        activity_set_account(a, k->cname, k->crealm.size ? k->crealm : k->realm, resolved_by_kerberos_request,
                             90);
    else if (k->message != kerberos_message_as)
        activity_set_session(s, a, (struct str){0}, (struct str){0},
                             k->message == kerberos_message_ap ? k->ticket : k->tgt);
    a->ticket = k->ticket;
    a->presented = k->tgt;
    a->kerberos.at = k;
    a->kerberos.count = 1;
    who_keep_ticket(s, k);
    activity_publish(s, a);
}
