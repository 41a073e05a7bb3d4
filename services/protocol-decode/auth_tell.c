/*
 * auth_tell - the observations of finished authentications.
 */
#include "services/protocol-decode/auth_state.h"
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/keep_body.h"
#include "services/protocol-decode/oid.h"
#include "services/protocol-decode/kerberos_open.h"

/* A carrier's own answer; a conversation that was cut off has none, nor has a message of the client answered
 * itself. */
static bool is_answer(const struct auth_verdict *v)
{
    return v->place && v->outcome != outcome_unknown && !v->place->to_server;
}

static struct str oid_of(struct arena *arena, const struct auth_oid *oid)
{
    return oid_text(arena, (struct str){.at = (const char *)oid->bytes, .size = oid->size});
}

static struct strs mechanisms_of(struct arena *arena, const struct auth_offer *offer)
{
    if (offer->count == 0)
        return (struct strs){0};
    struct str *names = arena_take(arena, offer->count * sizeof(*names));
    for (uint32_t i = 0; i < offer->count; i++)
        names[i] = oid_of(arena, &offer->offered[i]);
    return (struct strs){.at = names, .count = offer->count};
}

void auth_tell_ntlm(struct decode_out *out, struct auth_conversation *c, const struct auth_verdict *v)
{
    const struct auth_ntlm *n = &c->ntlm;
    if (n->type == 0)
        return;
    struct arena *arena = &out->batch->arena;
    struct ntlm *body = decode_emit(out, RECORD_ntlm, &n->place, v->time, n->unique);
    kept_body(record_info(RECORD_ntlm), n->body, sizeof(n->body), arena, body);
    if (n->cut)
        body->unread = unread_too_long;
    body->request_frame = n->request_frame;
    body->request_time = n->request_time;
    if (is_answer(v)) {
        body->reply_frame = v->place->frame;
        body->reply_time = v->place->time;
    }
    body->carrier = c->carrier;
    body->mechanisms = mechanisms_of(arena, &c->offer);
    body->chosen_mechanism = oid_of(arena, &c->offer.chosen);
    body->spnego = c->offer.spnego;
    body->mech_list_mic = c->offer.mic;
    body->opening = n->opening;
    body->outcome = (uint8_t)v->outcome;
    body->status = v->status;
    memset(&c->ntlm, 0, sizeof(c->ntlm));
}

static uint8_t reply_of(const struct auth_ap *ap, enum outcome outcome)
{
    if (outcome == outcome_unknown)
        return ap->reply;
    return outcome == outcome_success ? kerberos_reply_reply : kerberos_reply_error;
}

void auth_tell_ap(struct decode_out *out, struct auth_conversation *c, const struct auth_verdict *v)
{
    const struct auth_ap *ap = &c->ap;
    if (!ap->waiting)
        return;
    struct kerberos *body = decode_emit(out, RECORD_kerberos, &ap->place, v->time, ap->unique);
    body->request_frame = ap->place.frame;
    body->request_time = ap->place.time;
    body->reply_frame = ap->reply_frame;
    body->reply_time = ap->reply_time;
    if (ap->reply_frame == 0 && is_answer(v)) {
        body->reply_frame = v->place->frame;
        body->reply_time = v->place->time;
    }
    body->transport = c->carrier;
    body->message = kerberos_message_ap;
    body->reply = reply_of(ap, v->outcome);
    body->error_code = ap->error_code;
    body->reply_etype = ap->reply_etype;
    body->reply_kvno = ap->reply_kvno;
    body->mechanisms = mechanisms_of(&out->batch->arena, &c->offer);
    body->chosen_mechanism = oid_of(&out->batch->arena, &c->offer.chosen);
    body->spnego = c->offer.spnego;
    body->mech_list_mic = c->offer.mic;
    body->ap_options = ap->options;
    body->authenticator_etype = ap->authenticator_etype;
    body->ticket = ap->ticket;
    body->ticket_etype = ap->ticket_etype;
    body->ticket_kvno = ap->ticket_kvno;
    body->ticket_bytes = ap->ticket_bytes;
    body->ticket_sname = arena_copy(&out->batch->arena, KEPT(ap->sname));
    body->ticket_realm = arena_copy(&out->batch->arena, KEPT(ap->realm));
    kerberos_open_tell(out, body);
    memset(&c->ap, 0, sizeof(c->ap));
}
