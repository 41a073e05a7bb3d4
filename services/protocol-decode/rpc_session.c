/*
 * rpc_session - the security contexts of a connection: their tokens, their owners, and how they ended.
 *
 * A connection may hold several, told apart by the auth_context_id of the security trailer
 * (MS-RPCE 2.2.2.11). NTLM ends with an AUTH3 that is never answered (MS-RPCE 3.3.1.5.2.2): whether it was
 * accepted is told by the first response or fault after it, and the same rule serves Kerberos.
 */
#include "services/protocol-decode/auth_seal.h"
#include "services/protocol-decode/rpc_state.h"

enum {
    /* NL_AUTH_MESSAGE (MS-NRPC 2.2.1.3.1): which names follow its 8 bytes, in this order. */
    NETLOGON_OEM_DOMAIN = 1,
    NETLOGON_OEM_COMPUTER = 2,
    TRAILER_BYTES = 8, /* sec_trailer (MS-RPCE 2.2.2.11) */
};

static struct id conversation_of(struct id connection, uint32_t auth_context)
{
    struct hash_parts parts = {.used = 0};
    hash_part(&parts, &connection, sizeof(connection));
    hash_part_u64(&parts, auth_context);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static bool read_by_auth(uint8_t type)
{
    return type == RPC_AUTH_SPNEGO || type == RPC_AUTH_NTLM || type == RPC_AUTH_KERBEROS;
}

static struct rpc_session *put_session(const struct rpc_step *step, uint32_t auth_context)
{
    struct rpc_key key = rpc_key(step->id, auth_context, RPC_SESSION_RPC);
    bool created;
    uint32_t dropped;
    struct rpc_session *session = table_put(step->module->sessions, &key, &created);
    if (created && !rpc_list_has(&step->connection->sessions, auth_context) &&
        rpc_list_add(&step->connection->sessions, auth_context, &dropped))
        table_remove(step->module->sessions, &(struct rpc_key){step->id, dropped, RPC_SESSION_RPC});
    return session;
}

/* One name of a NL_AUTH_MESSAGE in the OEM character set, up to its NUL. */
static void take_netlogon_name(struct reader *r, char field[WHO_NAME_BYTES], struct arena *arena)
{
    struct reader name = *r;
    uint32_t size = 0;
    while (reader_left(&name) > 0 && reader_u8(&name) != 0)
        size++;
    who_set(field, text_to_utf8(arena, reader_bytes(r, size)));
    reader_skip(r, 1);
}

/* The secure channel names its machine in clear; later messages of the type are signatures. */
static void take_netlogon_who(const struct rpc_step *step, struct rpc_session *session, struct str token)
{
    struct reader r = reader_of_str(token);
    uint32_t type = reader_u32le(&r), flags = reader_u32le(&r);
    if (!reader_ok(&r) || type != 0)
        return;
    if (flags & NETLOGON_OEM_DOMAIN)
        take_netlogon_name(&r, session->who.domain, &step->out->batch->arena);
    if (flags & NETLOGON_OEM_COMPUTER)
        take_netlogon_name(&r, session->who.user, &step->out->batch->arena);
    session->who.security = security_netlogon;
    session->known = true;
}

static void set_who(struct rpc_session *session, const struct who *who)
{
    memcpy(session->who.user, who->user, sizeof(who->user));
    memcpy(session->who.domain, who->domain, sizeof(who->domain));
    session->who.ticket = who->ticket;
    session->who.security = who->security;
    session->known = true;
}

void rpc_session_token(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    if (!pdu->has_auth || pdu->auth.token.size == 0)
        return;
    struct rpc_session *session = put_session(step, pdu->auth.context_id);
    step->connection->session_latest = pdu->auth.context_id;
    session->type = pdu->auth.type;
    if (pdu->auth.type == RPC_AUTH_NETLOGON)
        take_netlogon_who(step, session, pdu->auth.token);
    if (!read_by_auth(pdu->auth.type))
        return;
    session->open = true;
    struct id conversation = conversation_of(step->id, pdu->auth.context_id);
    auth_token(step->module->auth, step->out, step->place, conversation, transport_rpc, pdu->auth.token);
    struct who who;
    if (auth_who(step->module->auth, conversation, &who))
        set_who(session, &who);
}

bool rpc_session_find(const struct rpc_step *step, const struct rpc_pdu *pdu, uint32_t *auth_context)
{
    *auth_context = pdu->has_auth ? pdu->auth.context_id : step->connection->session_latest;
    return pdu->has_auth || step->connection->sessions.count > 0;
}

void rpc_session_verdict(const struct rpc_step *step, uint32_t auth_context, enum outcome outcome,
                         uint32_t status)
{
    struct rpc_key key = rpc_key(step->id, auth_context, RPC_SESSION_RPC);
    const struct rpc_session *peeked = table_peek(step->module->sessions, &key);
    if (!peeked || !peeked->open)
        return;
    struct rpc_session *session = table_find(step->module->sessions, &key);
    session->open = false;
    auth_result(step->module->auth, step->out, step->place, conversation_of(step->id, auth_context), outcome,
                status, true);
}

bool rpc_session_open(const struct rpc_step *step, const struct rpc_pdu *pdu, struct rpc_pdu *opened)
{
    if (!step->out->keyring || !pdu->has_auth || pdu->auth.level != RPC_LEVEL_PRIVACY)
        return false;
    struct reader r = reader_of_str(pdu->whole);
    struct auth_sealed sealed = {.head = reader_bytes(&r, pdu->head_bytes), .token = pdu->auth.token};
    sealed.body = reader_bytes(&r, (size_t)pdu->stub.size + pdu->pad_bytes);
    sealed.tail = reader_bytes(&r, TRAILER_BYTES);
    *opened = *pdu;
    if (!auth_seal_open_beside(step->out, conversation_of(step->id, pdu->auth.context_id),
                               step->place->to_server, &sealed, &opened->stub))
        return false;
    opened->stub.size = pdu->stub.size;
    return true;
}

uint8_t rpc_session_opening(struct decode_out *out, const struct rpc_key *key)
{
    return (uint8_t)auth_seal_state(out, conversation_of(key->connection, key->number));
}

void rpc_session_accepted(const struct rpc_step *step, uint32_t auth_context)
{
    struct rpc_key key = rpc_key(step->id, auth_context, RPC_SESSION_RPC);
    struct rpc_session *session = table_find(step->module->sessions, &key);
    if (session)
        session->accepted = true;
}

void rpc_session_carrier(const struct rpc_step *step, const struct who *who)
{
    struct rpc_key key = rpc_key(step->id, 0, RPC_SESSION_CARRIER);
    struct rpc_session *session = table_put(step->module->sessions, &key, NULL);
    set_who(session, who);
    step->connection->carrier_known = true;
}

void rpc_session_inherit(const struct rpc_step *step, struct id connection)
{
    struct rpc_key from = rpc_key(step->id, 0, RPC_SESSION_CARRIER);
    struct rpc_key to = rpc_key(connection, 0, RPC_SESSION_CARRIER);
    const struct rpc_session *session = table_peek(step->module->sessions, &from);
    if (!session)
        return;
    struct who who = session->who;
    set_who(table_put(step->module->sessions, &to, NULL), &who);
}

void rpc_session_end(const struct rpc_step *step)
{
    const struct rpc_list *list = &step->connection->sessions;
    for (uint32_t i = 0; i < list->count; i++) {
        struct rpc_key key = rpc_key(step->id, list->number[i], RPC_SESSION_RPC);
        const struct rpc_session *session = table_peek(step->module->sessions, &key);
        if (!session)
            continue;
        /* A server answers a Kerberos bind only after it has read the ticket; of NTLM it then knows nothing
         * yet. */
        bool proved = session->accepted && session->who.security == security_kerberos;
        rpc_session_verdict(step, list->number[i], proved ? outcome_success : outcome_unknown, 0);
    }
}

static uint8_t security_of_type(uint8_t type)
{
    switch (type) {
    case RPC_AUTH_NTLM:
        return security_ntlm;
    case RPC_AUTH_KERBEROS:
        return security_kerberos;
    case RPC_AUTH_NETLOGON:
        return security_netlogon;
    default:
        return security_unknown;
    }
}

static void fill_who(struct decode_out *out, const struct who *who, struct rpc *body)
{
    body->user = arena_copy(&out->batch->arena, who_text(who->user));
    body->domain = arena_copy(&out->batch->arena, who_text(who->domain));
    body->ticket = who->ticket;
    body->security = who->security;
}

void rpc_session_who(const struct rpc_module *m, struct decode_out *out, const struct rpc_key *key,
                     bool has_session, struct rpc *body)
{
    const struct rpc_session *session = table_peek(m->sessions, key);
    if (session && session->known)
        fill_who(out, &session->who, body);
    if (body->security == security_unknown)
        body->security = security_of_type(body->auth_type);
    const struct rpc_connection *connection =
        table_peek(m->connections, &(struct rpc_key){key->connection, 0, 0});
    bool bare = !has_session && connection && !connection->is_pipe && connection->bound;
    if (body->security == security_unknown && bare)
        body->security = security_none;
}
