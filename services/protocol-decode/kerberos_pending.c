/*
 * kerberos_pending - between an observation's body and plain bytes.
 */
#include "services/protocol-decode/kerberos_pending.h"
#include "services/protocol-decode/keep.h"

void kerberos_place_set(struct place *to, const struct place *from)
{
    to->flow = from->flow;
    to->client = from->client;
    to->server = from->server;
    to->client_port = from->client_port;
    to->server_port = from->server_port;
    to->transport = from->transport;
    to->to_server = from->to_server;
    to->file = from->file;
    to->frame = from->frame;
    to->time = from->time;
}

static uint32_t keep_list(int32_t *field, struct i32s list)
{
    uint32_t count = list.count < PENDING_LIST_MAX ? list.count : PENDING_LIST_MAX;
    if (count > 0)
        memcpy(field, list.at, count * sizeof(*field));
    return count;
}

static struct i32s kept_list(const int32_t *field, uint32_t count, struct arena *arena)
{
    if (count == 0)
        return (struct i32s){0};
    int32_t *at = arena_take(arena, count * sizeof(*at));
    memcpy(at, field, count * sizeof(*at));
    return (struct i32s){.at = at, .count = count};
}

void kerberos_pending_set(struct kerberos_pending *p, const struct kerberos *body)
{
    p->till = body->till;
    p->rtime = body->rtime;
    p->tgt = body->tgt;
    p->ticket = body->ticket;
    p->cname_type = body->cname_type;
    p->sname_type = body->sname_type;
    p->preauth_etype = body->preauth_etype;
    p->tgt_etype = body->tgt_etype;
    p->authenticator_etype = body->authenticator_etype;
    p->ticket_etype = body->ticket_etype;
    p->kdc_options = body->kdc_options;
    p->nonce = body->nonce;
    p->tgt_kvno = body->tgt_kvno;
    p->ticket_kvno = body->ticket_kvno;
    p->ticket_bytes = body->ticket_bytes;
    p->ap_options = body->ap_options;
    p->message = body->message;
    p->pac_request = body->pac_request;
    p->armored = body->armored;
    p->etype_count = keep_list(p->etypes, body->etypes);
    p->padata_count = keep_list(p->padata, body->padata);
    KEEP(p->cname, body->cname);
    KEEP(p->realm, body->realm);
    KEEP(p->sname, body->sname);
    KEEP(p->for_user, body->for_user);
    KEEP(p->tgt_sname, body->tgt_sname);
    KEEP(p->ticket_sname, body->ticket_sname);
    KEEP(p->ticket_realm, body->ticket_realm);
    for (uint32_t i = 0; i < body->host_names.count && i < KERBEROS_HOST_NAMES_MAX; i++)
        KEEP(p->host_names[p->host_name_count++], body->host_names.at[i]);
}

static struct strs kept_host_names(const struct kerberos_pending *p, struct arena *arena)
{
    if (p->host_name_count == 0)
        return (struct strs){0};
    struct str *names = arena_take(arena, p->host_name_count * sizeof(*names));
    for (uint32_t i = 0; i < p->host_name_count; i++)
        names[i] = arena_copy(arena, KEPT(p->host_names[i]));
    return (struct strs){.at = names, .count = p->host_name_count};
}

void kerberos_pending_get(const struct kerberos_pending *p, struct arena *arena, struct kerberos *body)
{
    body->till = p->till;
    body->rtime = p->rtime;
    body->tgt = p->tgt;
    body->ticket = p->ticket;
    body->cname_type = p->cname_type;
    body->sname_type = p->sname_type;
    body->preauth_etype = p->preauth_etype;
    body->tgt_etype = p->tgt_etype;
    body->authenticator_etype = p->authenticator_etype;
    body->ticket_etype = p->ticket_etype;
    body->kdc_options = p->kdc_options;
    body->nonce = p->nonce;
    body->tgt_kvno = p->tgt_kvno;
    body->ticket_kvno = p->ticket_kvno;
    body->ticket_bytes = p->ticket_bytes;
    body->ap_options = p->ap_options;
    body->message = p->message;
    body->pac_request = p->pac_request;
    body->armored = p->armored;
    body->etypes = kept_list(p->etypes, p->etype_count, arena);
    body->padata = kept_list(p->padata, p->padata_count, arena);
    body->cname = arena_copy(arena, KEPT(p->cname));
    body->realm = arena_copy(arena, KEPT(p->realm));
    body->sname = arena_copy(arena, KEPT(p->sname));
    body->for_user = arena_copy(arena, KEPT(p->for_user));
    body->tgt_sname = arena_copy(arena, KEPT(p->tgt_sname));
    body->ticket_sname = arena_copy(arena, KEPT(p->ticket_sname));
    body->ticket_realm = arena_copy(arena, KEPT(p->ticket_realm));
    body->host_names = kept_host_names(p, arena);
}
