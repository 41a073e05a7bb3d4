/*
 * auth_join - puts the messages of one authentication together.
 */
#include "services/protocol-decode/auth_state.h"
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/kerberos_open.h"
#include "services/protocol-decode/kerberos_pending.h"

/* What waits in the conversation is over without a verdict, because something new begins in it. */
static void tell_unfinished(const struct auth_step *step)
{
    struct auth_verdict unknown = {.time = step->place->time};
    auth_tell_ntlm(step->out, step->conversation, &unknown);
    auth_tell_ap(step->out, step->conversation, &unknown);
}

static void take_challenge(const struct auth_step *step, const struct ntlm_message *m)
{
    struct auth_ntlm *n = &step->conversation->ntlm;
    n->challenge_frame = step->place->frame;
    n->challenge = decode_fingerprint(step->out, m->challenge);
    KEEP(n->server_name, m->server_name);
    KEEP(n->server_domain, m->server_domain);
    KEEP(n->server_dns_name, m->server_dns_name);
    KEEP(n->server_dns_domain, m->server_dns_domain);
}

static void take_negotiate(const struct auth_step *step, const struct ntlm_message *m)
{
    struct auth_ntlm *n = &step->conversation->ntlm;
    n->negotiate_frame = step->place->frame;
    n->request_frame = step->place->frame;
    n->request_time = step->place->time;
    KEEP(n->domain, m->domain);
    KEEP(n->workstation, m->workstation);
}

static void take_authenticate(const struct auth_step *step, const struct ntlm_message *m)
{
    struct auth_ntlm *n = &step->conversation->ntlm;
    n->request_frame = step->place->frame;
    n->request_time = step->place->time;
    n->response = m->response;
    n->proof = decode_fingerprint(step->out, m->proof);
    n->mic = m->mic;
    KEEP(n->user, m->user);
    KEEP(n->domain, m->domain);
    KEEP(n->workstation, m->workstation);
    KEEP(n->target_spn, m->target_spn);
    /* An NTLMv2 response repeats what the challenge said, for when that was not captured. */
    if (n->challenge_frame != 0)
        return;
    KEEP(n->server_name, m->server_name);
    KEEP(n->server_domain, m->server_domain);
    KEEP(n->server_dns_name, m->server_dns_name);
    KEEP(n->server_dns_domain, m->server_dns_domain);
}

bool auth_join_ntlm(const struct auth_step *step, struct str message, struct who *who)
{
    struct auth_ntlm *n = &step->conversation->ntlm;
    struct ntlm_message m;
    size_t offset;
    if (!ntlm_parse(&step->out->batch->arena, message, n->flags, &m, &offset)) {
        decode_malformed(step->out, step->place, "ntlm", "not an NTLM message, or cut short", offset);
        return false;
    }
    step->out->messages[protocol_ntlm]++;
    if (m.inner_reason)
        decode_malformed(step->out, step->place, "ntlm", m.inner_reason, m.inner_offset);
    /* Each message comes after those of a lower type; otherwise another authentication begins. */
    if (m.type <= n->type || step->conversation->ap.waiting)
        tell_unfinished(step);
    kerberos_place_set(&n->place, step->place);
    n->type = m.type;
    n->unique = decode_fingerprint(step->out, message).low;
    if (m.has_flags)
        n->flags = m.flags;
    if (m.type == NTLM_NEGOTIATE)
        take_negotiate(step, &m);
    else if (m.type == NTLM_CHALLENGE)
        take_challenge(step, &m);
    else
        take_authenticate(step, &m);
    who_set(who->user, m.user);
    who_set(who->domain, m.domain);
    who->security = security_ntlm;
    return m.type == NTLM_AUTHENTICATE;
}

static void take_ap_req(const struct auth_step *step, const struct kerberos *body, uint64_t unique)
{
    struct auth_ap *ap = &step->conversation->ap;
    tell_unfinished(step);
    kerberos_place_set(&ap->place, step->place);
    ap->unique = unique;
    ap->waiting = true;
    ap->ticket = body->ticket;
    ap->ticket_etype = body->ticket_etype;
    ap->ticket_kvno = body->ticket_kvno;
    ap->ticket_bytes = body->ticket_bytes;
    ap->authenticator_etype = body->authenticator_etype;
    ap->options = body->ap_options;
    KEEP(ap->sname, body->ticket_sname);
    KEEP(ap->realm, body->ticket_realm);
}

/* AP-REP or KRB-ERROR. With GSS_C_DCE_STYLE the client sends an AP-REP too, which answers nothing. */
static void take_ap_answer(const struct auth_step *step, const struct kerberos_parsed *parsed)
{
    struct auth_ap *ap = &step->conversation->ap;
    if (!ap->waiting || step->place->to_server)
        return;
    ap->reply = parsed->type == KERBEROS_ERROR ? kerberos_reply_error : kerberos_reply_reply;
    ap->error_code = parsed->body.error_code;
    ap->reply_frame = step->place->frame;
    ap->reply_time = step->place->time;
}

bool auth_join_kerberos(const struct auth_step *step, struct str message, struct who *who)
{
    struct kerberos_parsed parsed;
    if (!kerberos_parse(step->out, message, &parsed)) {
        decode_malformed(step->out, step->place, "kerberos", parsed.fault.reason, parsed.fault.offset);
        return false;
    }
    step->out->messages[protocol_kerberos]++;
    kerberos_open(step->out, step->place, step->id, message);
    if (parsed.type == KERBEROS_AP_REP || parsed.type == KERBEROS_ERROR)
        take_ap_answer(step, &parsed);
    if (parsed.type != KERBEROS_AP_REQ)
        return false;
    take_ap_req(step, &parsed.body, decode_fingerprint(step->out, message).low);
    struct str client, realm;
    bool opened = kerberos_open_client(step->out, parsed.body.ticket, &client, &realm);
    if (opened)
        who_set(who->user, client);
    who_set(who->domain, opened ? realm : parsed.body.ticket_realm);
    who->ticket = parsed.body.ticket;
    who->security = security_kerberos;
    return true;
}
