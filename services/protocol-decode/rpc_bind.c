/*
 * rpc_bind - bind and alter_context with their answers: which context id means which interface (C706 12.6.4.3
 * to 4.5).
 *
 * A client offers a context for each transfer syntax it knows, and one that only negotiates features; the
 * server accepts some. One observation is emitted for each accepted context, or one for the first offered
 * when none was.
 */
#include "services/protocol-decode/rpc_state.h"

enum {
    RESULT_ACCEPTANCE = 0,
    RESULT_NEGOTIATE_ACK = 3, /* its reason holds the features that are accepted (MS-RPCE 2.2.2.4) */
    FAULT_ACCESS_DENIED = 0x00000005,
};

struct rpc_context *rpc_context_put(const struct rpc_step *step, uint16_t context_id)
{
    struct rpc_key key = rpc_key(step->id, context_id, 0);
    bool created;
    uint32_t dropped;
    struct rpc_context *context = table_put(step->module->contexts, &key, &created);
    if (created && !rpc_list_has(&step->connection->contexts, context_id) &&
        rpc_list_add(&step->connection->contexts, context_id, &dropped))
        table_remove(step->module->contexts, &(struct rpc_key){step->id, dropped, 0});
    return context;
}

static void forget_context(const struct rpc_step *step, uint16_t context_id)
{
    table_remove(step->module->contexts, &(struct rpc_key){step->id, context_id, 0});
    rpc_list_remove(&step->connection->contexts, context_id);
}

static void set_interface(struct rpc *body, const uint8_t uuid[16], uint16_t major, uint16_t minor)
{
    memcpy(body->interface.byte, uuid, 16);
    body->interface_major = major;
    body->interface_minor = minor;
    const struct rpc_interface *interface = rpc_interface_find(uuid, major);
    if (interface)
        body->interface_name = str_of(interface->name);
}

const struct rpc_context *rpc_context_name(const struct rpc_module *m, const struct rpc_key *call,
                                           uint16_t context_id, struct rpc *body)
{
    const struct rpc_context *context =
        table_peek(m->contexts, &(struct rpc_key){call->connection, context_id, 0});
    if (!context || context->state == RPC_CONTEXT_UNKNOWN)
        return NULL;
    set_interface(body, context->uuid, context->major, context->minor);
    body->probable = context->state == RPC_CONTEXT_PROBABLE || context->state == RPC_CONTEXT_MAPPED;
    body->ndr64 = context->ndr64;
    return context;
}

void rpc_forget_bind(struct rpc_module *m, const struct rpc_key *key)
{
    struct rpc_connection *connection = table_find(m->connections, &(struct rpc_key){key->connection, 0, 0});
    if (connection)
        rpc_list_remove(&connection->binds, key->number);
    table_remove(m->binds, key);
}

/* What a bind asks for beside its contexts. */
static void fill_wishes(const struct rpc_bind *bind, struct rpc *body)
{
    body->contexts = (uint16_t)bind->offers.all;
    body->association_group = bind->offers.association;
    body->header_signing = bind->header_signing;
    if (bind->offers.all > bind->offers.count)
        body->unread = unread_too_long;
    for (uint32_t i = 0; i < bind->offers.count; i++)
        if (bind->offers.at[i].syntaxes == RPC_SYNTAX_FEATURES)
            body->features = bind->offers.at[i].features;
}

/* One observation for one context; offer is null when the bind was not seen. */
static struct rpc *emit_bind(struct rpc_module *m, struct decode_out *out, const struct rpc_key *key,
                             const struct rpc_bind *bind, const struct rpc_offer *offer, time_ns time)
{
    struct {
        struct id connection;
        uint32_t call_id, message, context_id, zero;
    } name = {key->connection, key->number, bind->message, offer ? offer->context_id : 0, 0};
    struct rpc *body =
        rpc_emit(m, out, key, &bind->place, time, hash_u64(HASH_KEY_NAMES, &name, sizeof(name)));
    body->message = bind->message;
    body->auth_type = bind->auth_type;
    body->auth_level = bind->auth_level;
    fill_wishes(bind, body);
    if (offer) {
        body->request_frame = bind->place.frame;
        body->request_time = bind->place.time;
        body->context_id = offer->context_id;
        set_interface(body, offer->uuid, offer->major, offer->minor);
    }
    struct rpc_key session = rpc_key(key->connection, bind->auth_context,
                                     bind->has_session ? RPC_SESSION_RPC : RPC_SESSION_CARRIER);
    rpc_session_who(m, out, &session, bind->has_session, body);
    return body;
}

/* The first offer that is a context. */
static const struct rpc_offer *first_offer(const struct rpc_bind *bind)
{
    for (uint32_t i = 0; i < bind->offers.count; i++)
        if (bind->offers.at[i].syntaxes != RPC_SYNTAX_FEATURES)
            return &bind->offers.at[i];
    return bind->offers.count > 0 ? &bind->offers.at[0] : NULL;
}

void rpc_tell_bind(struct rpc_module *m, struct decode_out *out, const struct rpc_key *key,
                   const struct rpc_bind *bind, time_ns time)
{
    (void)emit_bind(m, out, key, bind, first_offer(bind), time);
}

/* The contexts are usable from here on: a capture of one direction has no answers, and requests must be
 * named. */
static void put_offers(const struct rpc_step *step, const struct rpc_offers *offers)
{
    for (uint32_t i = 0; i < offers->count; i++) {
        const struct rpc_offer *offer = &offers->at[i];
        if (offer->syntaxes == RPC_SYNTAX_FEATURES)
            continue;
        struct rpc_context *context = rpc_context_put(step, offer->context_id);
        memset(context, 0, sizeof(*context));
        memcpy(context->uuid, offer->uuid, 16);
        context->major = offer->major;
        context->minor = offer->minor;
        context->state = RPC_CONTEXT_OFFERED;
        rpc_endpoint_bound(step, offer->uuid);
        context->ndr64 = offer->syntaxes == RPC_SYNTAX_NDR64;
    }
}

/* Makes room for a bind under this call id: one that is still there was never answered. */
static struct rpc_bind *put_bind(const struct rpc_step *step, const struct rpc_key *key)
{
    struct rpc_module *m = step->module;
    uint32_t dropped;
    const struct rpc_bind *old = table_peek(m->binds, key);
    if (old) {
        rpc_tell_bind(m, step->out, key, old, step->place->time);
        rpc_forget_bind(m, key);
    }
    if (rpc_list_add(&step->connection->binds, key->number, &dropped)) {
        struct rpc_key first = rpc_key(step->id, dropped, 0);
        const struct rpc_bind *bind = table_peek(m->binds, &first);
        if (bind)
            rpc_tell_bind(m, step->out, &first, bind, step->place->time);
        table_remove(m->binds, &first);
    }
    return table_put(m->binds, key, NULL);
}

void rpc_take_bind(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct rpc_offers offers;
    size_t offset;
    memset(&offers, 0, sizeof(offers));
    if (!rpc_pdu_offers(pdu, &offers, &offset)) {
        rpc_refuse(step, "presentation context list ends early", offset);
        return;
    }
    rpc_session_token(step, pdu);
    put_offers(step, &offers);
    step->connection->bound = true;
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    struct rpc_bind *bind = put_bind(step, &key);
    memcpy(&bind->offers, &offers, sizeof(offers));
    bind->place = *step->place;
    bind->message = pdu->type == RPC_PDU_BIND ? rpc_message_bind : rpc_message_alter_context;
    bind->has_session = rpc_session_find(step, pdu, &bind->auth_context);
    bind->header_signing = (pdu->flags & RPC_FLAG_HEADER_SIGN) != 0;
    if (pdu->has_auth) {
        bind->auth_type = pdu->auth.type;
        bind->auth_level = pdu->auth.level;
    }
}

/* The server's answer to a bind. */
struct answer {
    const struct rpc_pdu *pdu;
    struct rpc_results results;
    uint8_t reply; /* enum rpc_reply */
};

/* What the server made of the wishes of a bind. */
static void fill_answer(const struct rpc_bind *bind, const struct answer *answer, struct rpc *body)
{
    if (answer->results.association != 0)
        body->association_group = answer->results.association;
    body->header_signing = (answer->pdu->flags & RPC_FLAG_HEADER_SIGN) != 0 &&
                           (bind->header_signing || body->request_frame == 0);
    for (uint32_t i = 0; i < answer->results.count; i++)
        if (answer->results.at[i].result == RESULT_NEGOTIATE_ACK)
            body->features = answer->results.at[i].reason;
}

static struct rpc *emit_answer(const struct rpc_step *step, const struct rpc_key *key,
                               const struct rpc_bind *bind, const struct rpc_offer *offer,
                               const struct answer *answer)
{
    struct rpc *body = emit_bind(step->module, step->out, key, bind, offer, step->place->time);
    body->reply = answer->reply;
    if (answer->reply == rpc_reply_bind_ack)
        fill_answer(bind, answer, body);
    body->reply_frame = step->place->frame;
    body->reply_time = step->place->time;
    return body;
}

/* Sets contexts by the server's answer and tells each that was accepted; returns how many. */
static uint32_t take_results(const struct rpc_step *step, const struct rpc_key *key,
                             const struct rpc_bind *bind, const struct answer *answer)
{
    const struct rpc_results *results = &answer->results;
    uint32_t accepted = 0;
    for (uint32_t i = 0; i < bind->offers.count && i < results->count; i++) {
        const struct rpc_offer *offer = &bind->offers.at[i];
        const struct rpc_result *result = &results->at[i];
        if (offer->syntaxes == RPC_SYNTAX_FEATURES)
            continue;
        if (result->result != RESULT_ACCEPTANCE) {
            forget_context(step, offer->context_id);
            continue;
        }
        struct rpc_context *context = rpc_context_put(step, offer->context_id);
        context->state = RPC_CONTEXT_ACCEPTED;
        context->ndr64 = result->syntax == RPC_SYNTAX_NDR64;
        struct rpc *body = emit_answer(step, key, bind, offer, answer);
        body->ndr64 = context->ndr64;
        accepted++;
    }
    return accepted;
}

/* Tells the answer to a bind: its accepted contexts, or one observation that says it was refused. */
static void tell_answer(const struct rpc_step *step, const struct rpc_key *key, struct answer *answer)
{
    const struct rpc_pdu *pdu = answer->pdu;
    const struct rpc_results *results = &answer->results;
    const struct rpc_bind *found = table_peek(step->module->binds, key);
    struct rpc_bind bind;
    memset(&bind, 0, sizeof(bind));
    if (found) {
        memcpy(&bind, found, sizeof(bind));
    } else {
        bind.place = *step->place;
        bind.message = pdu->type == RPC_PDU_ALTER_CONTEXT_RESP ? rpc_message_alter_context : rpc_message_bind;
        bind.has_session = rpc_session_find(step, pdu, &bind.auth_context);
    }
    answer->reply = pdu->type == RPC_PDU_BIND_NAK ? rpc_reply_bind_nak
                    : pdu->type == RPC_PDU_FAULT  ? rpc_reply_fault
                                                  : rpc_reply_bind_ack;
    if (answer->reply != rpc_reply_bind_ack || take_results(step, key, &bind, answer) == 0) {
        struct rpc *body = emit_answer(step, key, &bind, first_offer(&bind), answer);
        body->status = pdu->status;
        /* Why the first context was refused: the nearest there is to a reason for the whole. */
        if (answer->reply == rpc_reply_bind_ack && results->count > 0)
            body->status = results->at[0].reason;
    }
    rpc_forget_bind(step->module, key);
}

void rpc_take_bind_answer(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct answer answer = {.pdu = pdu};
    size_t offset;
    uint32_t auth_context;
    bool refused = pdu->type == RPC_PDU_BIND_NAK;
    if (!refused && !rpc_pdu_results(pdu, &answer.results, &offset)) {
        rpc_refuse(step, "result list ends early", offset);
        return;
    }
    rpc_session_token(step, pdu);
    bool has_session = rpc_session_find(step, pdu, &auth_context);
    if (has_session && !refused)
        rpc_session_accepted(step, auth_context);
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    tell_answer(step, &key, &answer);
    if (has_session && refused)
        rpc_session_verdict(step, auth_context, outcome_failure, pdu->status);
}

bool rpc_fault_bind(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    const struct rpc_bind *bind = table_peek(step->module->binds, &key);
    if (!bind)
        return false;
    bool has_session = bind->has_session;
    uint32_t auth_context = bind->auth_context;
    struct answer answer = {.pdu = pdu};
    tell_answer(step, &key, &answer);
    if (has_session && pdu->status == FAULT_ACCESS_DENIED)
        rpc_session_verdict(step, auth_context, outcome_failure, pdu->status);
    return true;
}
