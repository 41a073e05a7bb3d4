/*
 * kerberos_pending - between an observation's body and plain bytes.
 */
#include "services/protocol-decode/kerberos_pending.h"
#include "services/protocol-decode/keep_body.h"

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

void kerberos_pending_set(struct kerberos_pending *p, const struct kerberos *body)
{
    bool has_nonce = body->message == kerberos_message_as || body->message == kerberos_message_tgs;
    p->message = body->message;
    p->unique = has_nonce ? body->nonce : p->fingerprint;
    p->cut = !keep_body(record_info(RECORD_kerberos), body, p->body, sizeof(p->body));
}

void kerberos_pending_get(const struct kerberos_pending *p, struct arena *arena, struct kerberos *body)
{
    kept_body(record_info(RECORD_kerberos), p->body, sizeof(p->body), arena, body);
    if (p->cut)
        body->unread = unread_too_long;
}
