/*
 * kerberos_open - from messages to keys, and from keys to what they open.
 */
#include "services/protocol-decode/kerberos_open.h"
#include "services/protocol-decode/kerberos_open_parts.h"

/* Key usages (RFC 4120 7.5.1). */
enum {
    USAGE_TICKET = 2,
    USAGE_AS_REP = 3,
    USAGE_TGS_REQ_AUTHENTICATOR = 7,
    USAGE_TGS_REP_SESSION = 8,
    USAGE_TGS_REP_SUBKEY = 9,
    USAGE_AP_REQ_AUTHENTICATOR = 11,
    USAGE_AP_REP = 12,
};

/* One message while it is opened. */
struct opening_step {
    struct decode_out *out;
    struct keyring *keyring;
    const struct place *place;
    struct id conversation;
};

static struct arena *arena_of(const struct opening_step *s)
{
    return &s->out->batch->arena;
}

static void note(const struct opening_step *s, const char *reason, size_t offset)
{
    decode_malformed(s->out, s->place, "kerberos_open", reason, offset);
}

/* Reads a ticket's plain part, and checks the signatures of its PAC under the key that opened it. */
static bool read_part(const struct opening_step *s, const struct open_ticket *ticket, struct str plain,
                      const struct opener_key *key, struct ticket_part *part, struct opener_key *session)
{
    struct str pac;
    struct der_fault fault = {0};
    struct pac_fault pac_fault = {0};
    if (!kerberos_read_ticket_part(arena_of(s), plain, part, session, &pac, &fault)) {
        note(s, fault.reason, fault.offset);
        return false;
    }
    if (pac.size > 0) {
        pac_read(arena_of(s), pac, part, &pac_fault);
        pac_check(s->keyring, arena_of(s), pac, key, ticket->realm, part);
    }
    if (pac_fault.reason)
        note(s, pac_fault.reason, pac_fault.offset);
    return true;
}

/* Tries the keys of the service named, then every other of the encryption type: a keytab may name the account
 * and not the service. */
static bool try_keys(const struct opening_step *s, const struct open_ticket *ticket, struct str *plain,
                     struct opener_key *key, struct ticket_part *part)
{
    const struct opener *o = s->keyring->opener;
    struct opener_wanted by_name = {.name = ticket->sname,
                                    .realm = ticket->realm,
                                    .etype = ticket->part.etype,
                                    .kvno = ticket->part.kvno};
    struct opener_wanted any = {.etype = ticket->part.etype, .kvno = ticket->part.kvno};
    part->opening = opening_no_key;
    for (uint32_t n = 0; n < KEYRING_TRIES_MAX && o->find(o->keys, &by_name, n, key); n++) {
        part->opening = opening_wrong_key;
        if (keyring_decrypt(s->keyring, arena_of(s), key, USAGE_TICKET, ticket->part.cipher, plain))
            return true;
    }
    for (uint32_t n = 0; n < KEYRING_TRIES_MAX && o->find(o->keys, &any, n, key); n++)
        if (keyring_decrypt(s->keyring, arena_of(s), key, USAGE_TICKET, ticket->part.cipher, plain))
            return true;
    return false;
}

/* Opens a ticket that is not known yet; one that was tried is not tried again. */
static const struct keyring_ticket *open_ticket(const struct opening_step *s,
                                                const struct open_ticket *ticket)
{
    struct id id = decode_fingerprint(s->out, ticket->part.cipher);
    const struct keyring_ticket *known = table_find(s->keyring->tickets, &id);
    if (known || id_is_none(id))
        return known;
    struct ticket_part part = {0};
    struct opener_key key, session = {0};
    struct str plain;
    if (try_keys(s, ticket, &plain, &key, &part))
        part.opening = read_part(s, ticket, plain, &key, &part, &session) ? opening_opened : opening_damaged;
    keyring_put_part(s->keyring, id, &part, &session);
    return table_find(s->keyring->tickets, &id);
}

static bool has_key(const struct opener_key *key)
{
    return key->size > 0;
}

/* The subkey of an authenticator; false when it has none, or stays closed. */
static bool open_authenticator(const struct opening_step *s, const struct opener_key *session, int32_t usage,
                               struct str sealed, struct opener_key *subkey)
{
    struct str plain;
    return has_key(session) && keyring_decrypt(s->keyring, arena_of(s), session, usage, sealed, &plain) &&
           kerberos_read_authenticator(plain, subkey);
}

static struct keyring_conversation *begin_conversation(const struct opening_step *s)
{
    struct keyring_conversation *c = table_put(s->keyring->conversations, &s->conversation, NULL);
    memset(c, 0, sizeof(*c));
    return c;
}

static void open_ap_req(const struct opening_step *s, const struct open_ap *ap)
{
    const struct keyring_ticket *ticket = open_ticket(s, &ap->ticket);
    struct opener_key subkey = {0};
    if (!ticket || id_is_none(s->conversation))
        return;
    struct opener_key session = ticket->session;
    (void)open_authenticator(s, &session, USAGE_AP_REQ_AUTHENTICATOR, ap->authenticator.cipher, &subkey);
    struct keyring_conversation *c = begin_conversation(s);
    c->key[KEYRING_SESSION] = session;
    c->key[KEYRING_INITIATOR] = subkey;
    c->opening = ticket->opening;
}

/* The acceptor's subkey (RFC 4120 5.5.2). */
static void open_ap_rep(const struct opening_step *s, struct str sealed)
{
    struct keyring_conversation *c = table_find(s->keyring->conversations, &s->conversation);
    struct str plain;
    struct opener_key subkey;
    if (c && has_key(&c->key[KEYRING_SESSION]) &&
        keyring_decrypt(s->keyring, arena_of(s), &c->key[KEYRING_SESSION], USAGE_AP_REP, sealed, &plain) &&
        kerberos_read_ap_rep_part(plain, &subkey))
        c->key[KEYRING_ACCEPTOR] = subkey;
}

static void remember_for_reply(const struct opening_step *s, const struct opener_key *key, uint32_t usage)
{
    struct keyring_flow *flow = table_put(s->keyring->flows, &s->place->flow, NULL);
    if (flow->count == KEYRING_FLOW_KEYS_MAX) {
        memmove(flow->key, flow->key + 1, sizeof(flow->key) - sizeof(flow->key[0]));
        memmove(flow->usage, flow->usage + 1, sizeof(flow->usage) - sizeof(flow->usage[0]));
        flow->count--;
    }
    flow->key[flow->count] = *key;
    flow->usage[flow->count++] = usage;
}

static void open_tgs_req(const struct opening_step *s, const struct open_ap *ap)
{
    const struct keyring_ticket *ticket = open_ticket(s, &ap->ticket);
    if (!ticket || !has_key(&ticket->session))
        return;
    struct opener_key session = ticket->session, subkey;
    if (open_authenticator(s, &session, USAGE_TGS_REQ_AUTHENTICATOR, ap->authenticator.cipher, &subkey))
        remember_for_reply(s, &subkey, USAGE_TGS_REP_SUBKEY);
    else
        remember_for_reply(s, &session, USAGE_TGS_REP_SESSION);
}

/* The latest request's key first. */
static bool open_tgs_part(const struct opening_step *s, struct str sealed, struct str *plain)
{
    const struct keyring_flow *flow = table_find(s->keyring->flows, &s->place->flow);
    for (uint32_t i = flow ? flow->count : 0; i > 0; i--)
        if (keyring_decrypt(s->keyring, arena_of(s), &flow->key[i - 1], (int32_t)flow->usage[i - 1], sealed,
                            plain))
            return true;
    return false;
}

static bool open_as_part(const struct opening_step *s, const struct open_reply *reply, struct str *plain)
{
    const struct opener *o = s->keyring->opener;
    struct opener_wanted wanted = {
        .name = reply->cname, .etype = reply->part.etype, .kvno = reply->part.kvno};
    struct opener_key key;
    for (uint32_t n = 0; n < KEYRING_TRIES_MAX && o->find(o->keys, &wanted, n, &key); n++)
        if (keyring_decrypt(s->keyring, arena_of(s), &key, USAGE_AS_REP, reply->part.cipher, plain))
            return true;
    return false;
}

/* The reply's own part repeats the session key and the times of the ticket, for whom the ticket itself stays
 * closed. */
static void open_reply(const struct opening_step *s, const struct open_reply *reply)
{
    const struct keyring_ticket *ticket = open_ticket(s, &reply->ticket);
    struct str plain;
    if (!ticket || ticket->opening == opening_opened || ticket->opening == opening_by_reply)
        return;
    bool opened =
        reply->is_as ? open_as_part(s, reply, &plain) : open_tgs_part(s, reply->part.cipher, &plain);
    struct ticket_part part = {0};
    struct opener_key session;
    struct der_fault fault = {0};
    if (!opened)
        return;
    if (!kerberos_read_reply_part(plain, &part, &session, &fault)) {
        note(s, fault.reason, fault.offset);
        return;
    }
    part.opening = opening_by_reply;
    part.cname = reply->cname;
    part.crealm = reply->crealm;
    keyring_put_part(s->keyring, decode_fingerprint(s->out, reply->ticket.part.cipher), &part, &session);
}

void kerberos_open(struct decode_out *out, const struct place *place, struct id conversation,
                   struct str message)
{
    if (!out->keyring)
        return;
    struct opening_step s = {
        .out = out, .keyring = out->keyring, .place = place, .conversation = conversation};
    struct open_message m;
    if (!kerberos_read_sealed_parts(arena_of(&s), message, &m))
        return;
    switch (m.type) {
    case KERBEROS_AP_REQ:
        open_ap_req(&s, &m.ap);
        break;
    case KERBEROS_TGS_REQ:
        open_tgs_req(&s, &m.ap);
        break;
    case KERBEROS_AP_REP:
        open_ap_rep(&s, m.reply.part.cipher);
        break;
    default:
        open_reply(&s, &m.reply);
        break;
    }
}

void kerberos_open_tell(struct decode_out *out, struct kerberos *body)
{
    keyring_get_part(out, body->ticket, &body->ticket_part);
    keyring_get_part(out, body->tgt, &body->tgt_part);
}

bool kerberos_open_client(struct decode_out *out, struct id ticket, struct str *cname, struct str *crealm)
{
    struct ticket_part part = {0};
    keyring_get_part(out, ticket, &part);
    *cname = part.cname;
    *crealm = part.crealm;
    return part.opening == opening_opened || part.opening == opening_by_reply;
}
