/*
 * auth_join - puts the messages of one authentication together.
 */
#include "services/protocol-decode/auth_state.h"
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/keep_body.h"
#include "services/protocol-decode/kerberos_open.h"
#include "services/protocol-decode/kerberos_pending.h"
#include "services/protocol-decode/ntlm_keys.h"

/* What waits in the conversation is over without a verdict, because something new begins in it. */
static void tell_unfinished(const struct auth_step *step)
{
    struct auth_verdict unknown = {.time = step->place->time};
    auth_tell_ntlm(step->out, step->conversation, &unknown);
    auth_tell_ap(step->out, step->conversation, &unknown);
}

static void keep_oid(struct auth_oid *to, struct str oid)
{
    memset(to, 0, sizeof(*to));
    if (oid.size == 0 || oid.size > AUTH_OID_BYTES)
        return;
    to->size = (uint8_t)oid.size;
    memcpy(to->bytes, oid.at, oid.size);
}

void auth_join_spnego(struct auth_conversation *c, const struct spnego *spnego)
{
    struct auth_offer *offer = &c->offer;
    if (!spnego->wrapped)
        return;
    /* The client's list begins a negotiation. */
    if (spnego->initial && spnego->offered_count > 0) {
        memset(offer, 0, sizeof(*offer));
        for (uint32_t i = 0; i < spnego->offered_count && i < AUTH_OIDS_MAX; i++)
            keep_oid(&offer->offered[offer->count++], spnego->offered[i]);
    }
    offer->spnego = true;
    offer->mic |= spnego->mic;
    if (spnego->chosen.size > 0)
        keep_oid(&offer->chosen, spnego->chosen);
}

/* Numbers between dots, as Windows writes its versions. */
static struct str version_of(struct arena *arena, const struct ntlm_message *m)
{
    return arena_print(arena, "%u.%u.%u", m->version_major, m->version_minor, m->version_build);
}

static struct i32s av_ids(struct arena *arena, const struct ntlm_message *m)
{
    if (m->av_count == 0)
        return (struct i32s){0};
    int32_t *ids = arena_take(arena, m->av_count * sizeof(*ids));
    for (uint32_t i = 0; i < m->av_count; i++)
        ids[i] = m->av_ids[i];
    return (struct i32s){.at = ids, .count = m->av_count};
}

/* What the challenge says of the server; an NTLMv2 response repeats it. */
static void take_server(struct ntlm *n, const struct ntlm_message *m)
{
    n->server_name = m->server_name;
    n->server_domain = m->server_domain;
    n->server_dns_name = m->server_dns_name;
    n->server_dns_domain = m->server_dns_domain;
    n->server_dns_tree = m->server_dns_tree;
}

static void take_challenge(const struct auth_step *step, const struct ntlm_message *m, struct ntlm *n)
{
    n->challenge_frame = step->place->frame;
    n->challenge = decode_fingerprint(step->out, m->challenge);
    n->server_flags = m->flags;
    n->target_name = m->target_name;
    n->server_time = m->av_time;
    n->server_pairs = av_ids(&step->out->batch->arena, m);
    if (m->has_version) {
        n->server_version = version_of(&step->out->batch->arena, m);
        n->server_revision = m->version_revision;
    }
    take_server(n, m);
}

static void take_client_version(const struct auth_step *step, const struct ntlm_message *m, struct ntlm *n)
{
    if (!m->has_version)
        return;
    n->client_version = version_of(&step->out->batch->arena, m);
    n->client_revision = m->version_revision;
}

static void take_negotiate(const struct auth_step *step, const struct ntlm_message *m, struct ntlm *n)
{
    n->negotiate_frame = step->place->frame;
    n->client_flags = m->flags;
    n->domain = n->negotiate_domain = m->domain;
    n->workstation = n->negotiate_workstation = m->workstation;
    take_client_version(step, m, n);
}

static void take_authenticate(const struct auth_step *step, const struct ntlm_message *m, struct ntlm *n)
{
    n->response = m->response;
    n->response_bytes = m->response_bytes;
    n->lm_response = m->lm_response;
    n->proof = decode_fingerprint(step->out, m->proof);
    n->client_challenge = decode_fingerprint(step->out, m->client_challenge);
    n->client_time = m->client_time;
    n->mic = m->mic;
    n->mic_bytes = m->mic_bytes;
    n->session_key = m->session_key;
    n->av_flags = m->av_flags;
    n->machine = decode_fingerprint(step->out, m->machine);
    n->channel_bindings = m->channel_bindings;
    n->client_pairs = av_ids(&step->out->batch->arena, m);
    n->user = m->user;
    n->domain = m->domain;
    n->workstation = m->workstation;
    n->target_spn = m->target_spn;
    take_client_version(step, m, n);
    if (n->challenge_frame == 0)
        take_server(n, m);
}

/* Adds the message to what the conversation keeps of the ones before. */
static void take_message(const struct auth_step *step, const struct ntlm_message *m)
{
    struct auth_ntlm *to = &step->conversation->ntlm;
    const struct record_info *info = record_info(RECORD_ntlm);
    struct ntlm n;
    memset(&n, 0, sizeof(n));
    kept_body(info, to->body, sizeof(to->body), &step->out->batch->arena, &n);
    if (m->has_flags)
        n.negotiate_flags = m->flags;
    if (m->type == NTLM_NEGOTIATE)
        take_negotiate(step, m, &n);
    else if (m->type == NTLM_CHALLENGE)
        take_challenge(step, m, &n);
    else
        take_authenticate(step, m, &n);
    memset(to->body, 0, sizeof(to->body));
    to->cut |= !keep_body(info, &n, to->body, sizeof(to->body));
    if (m->type == NTLM_CHALLENGE)
        return;
    to->request_frame = step->place->frame;
    to->request_time = step->place->time;
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
    take_message(step, &m);
    n->opening = (uint8_t)ntlm_keys_take(step->out, step->id, message);
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
    ap->reply_etype = parsed->body.reply_etype;
    ap->reply_kvno = parsed->body.reply_kvno;
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
