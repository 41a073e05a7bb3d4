/*
 * rpc_call - requests, responses and faults: fragments summed, requests joined with their answers by call id.
 */
#include "services/protocol-decode/rpc_state.h"

enum {
    /* What says of a fault that the caller's credentials were not accepted (MS-RPCE 3.3.1.5.2.2,
       MS-ERREF 2.2). */
    FAULT_ACCESS_DENIED = 0x00000005,
    FAULT_SECURITY_PACKAGE = 0x00000721,
};

struct rpc *rpc_emit(struct rpc_module *m, struct decode_out *out, const struct rpc_key *key,
                     const struct place *place, time_ns time, uint64_t unique)
{
    struct rpc *body = decode_emit(out, RECORD_rpc, place, time, unique);
    body->call_id = key->number;
    body->carrier = place->transport;
    const struct rpc_connection *connection =
        table_peek(m->connections, &(struct rpc_key){key->connection, 0, 0});
    if (connection && connection->is_pipe)
        body->pipe = arena_copy(
            &out->batch->arena,
            (struct str){connection->pipe, (uint32_t)strnlen(connection->pipe, RPC_PIPE_NAME_BYTES)});
    return body;
}

void rpc_forget_call(struct rpc_module *m, const struct rpc_key *key)
{
    struct rpc_connection *connection = table_find(m->connections, &(struct rpc_key){key->connection, 0, 0});
    if (connection)
        rpc_list_remove(&connection->calls, key->number);
    const struct rpc_call *call = table_peek(m->calls, key);
    if (call)
        rpc_stub_forget(m, key, call);
    table_remove(m->calls, key);
}

static uint64_t unique_of(const struct rpc_key *key, const struct rpc_call *call)
{
    struct {
        struct id connection;
        uint32_t call_id, message, opnum, zero;
    } name = {key->connection, key->number, rpc_message_call, call->opnum, 0};
    return hash_u64(HASH_KEY_NAMES, &name, sizeof(name));
}

/* What the operation returned: the last 4 bytes of a whole response that can be read. The operations of all
 * interfaces we know end in an NTSTATUS, HRESULT, DWORD or status argument. */
static void fill_return_code(const struct rpc_call *call, struct rpc *body)
{
    if (call->reply != rpc_reply_response || call->reply_sealed || call->tail_bytes < 4)
        return;
    struct reader r = reader_of(call->tail, sizeof(call->tail));
    body->return_code = call->big_endian ? reader_u32be(&r) : reader_u32le(&r);
    body->returned = true;
}

void rpc_tell_call(struct rpc_module *m, struct decode_out *out, const struct rpc_key *key,
                   const struct rpc_call *call, time_ns time)
{
    struct rpc *body = rpc_emit(m, out, key, &call->place, time, unique_of(key, call));
    body->message = rpc_message_call;
    body->reply = call->reply;
    if (call->request_seen) {
        body->request_frame = call->place.frame;
        body->request_time = call->place.time;
        body->opnum = call->opnum;
    }
    body->reply_frame = call->reply_frame;
    body->reply_time = call->reply_time;
    body->cancelled = call->cancelled;
    memcpy(body->object.byte, call->object_uuid, sizeof(body->object.byte));
    body->context_id = call->context_id;
    body->auth_type = call->auth_type;
    body->auth_level = call->auth_level;
    body->sealed = call->sealed || call->reply_sealed;
    body->unread = body->sealed ? unread_encrypted : unread_nothing;
    if (body->sealed)
        body->opening = rpc_session_opening(out, &(struct rpc_key){key->connection, call->auth_context, 0});
    else if (call->opened)
        body->opening = opening_opened;
    body->status = call->status;
    body->request_bytes = call->request_bytes;
    body->response_bytes = call->response_bytes;
    struct rpc_key session = rpc_key(key->connection, call->has_session ? call->auth_context : 0,
                                     call->has_session ? RPC_SESSION_RPC : RPC_SESSION_CARRIER);
    rpc_session_who(m, out, &session, call->has_session, body);
    if (body->sealed)
        body->unread = unread_encrypted;
    if (!rpc_context_name(m, key, call->context_id, body)) {
        body->unread = unread_bind_missing;
        return;
    }
    const struct rpc_interface *interface = rpc_interface_find(body->interface.byte, body->interface_major);
    if (!interface)
        return;
    const char *operation = call->request_seen ? rpc_operation_name(interface, call->opnum) : NULL;
    if (operation)
        body->operation = str_of(operation);
    fill_return_code(call, body);
    rpc_stub_tell(m, out, key, call, body);
}

/* The call that is under way under this id; when fresh, one that is still there was never answered. */
static struct rpc_call *put_call(const struct rpc_step *step, const struct rpc_key *key, bool fresh)
{
    struct rpc_module *m = step->module;
    const struct rpc_call *old = fresh ? table_peek(m->calls, key) : NULL;
    if (old) {
        rpc_tell_call(m, step->out, key, old, step->place->time);
        rpc_forget_call(m, key);
    }
    bool created;
    uint32_t dropped;
    struct rpc_call *call = table_put(m->calls, key, &created);
    if (created && rpc_list_add(&step->connection->calls, key->number, &dropped)) {
        struct rpc_key first = rpc_key(step->id, dropped, 0);
        const struct rpc_call *lost = table_peek(m->calls, &first);
        if (lost) {
            rpc_tell_call(m, step->out, &first, lost, step->place->time);
            rpc_stub_forget(m, &first, lost);
        }
        table_remove(m->calls, &first);
    }
    if (created)
        call->place = *step->place;
    call->touched = step->place->time;
    return call;
}

/* pdu becomes one with the plain stub when keys open it. */
static bool is_sealed(const struct rpc_step *step, struct rpc_call *call, const struct rpc_pdu **pdu,
                      struct rpc_pdu *opened)
{
    if (!(*pdu)->has_auth || (*pdu)->auth.level != RPC_LEVEL_PRIVACY)
        return false;
    if (rpc_session_open(step, *pdu, opened)) {
        *pdu = opened;
        call->opened = true;
        return false;
    }
    step->out->sealed_messages[protocol_rpc]++;
    return true;
}

static void take_stub(const struct rpc_step *step, const struct rpc_key *key, struct rpc_call *call,
                      const struct rpc_pdu *pdu)
{
    bool response = pdu->type == RPC_PDU_RESPONSE;
    if (response ? call->reply_sealed : call->sealed)
        return;
    const struct rpc_plain plain = {.bytes = pdu->stub,
                                    .response = response,
                                    .first = (pdu->flags & RPC_FLAG_FIRST) != 0,
                                    .last = (pdu->flags & RPC_FLAG_LAST) != 0,
                                    .big_endian = pdu->big_endian};
    rpc_stub_take(step, key, call, &plain);
}

/* A context whose bind was not seen gets an entry, where its calls are counted. The first one of a connection
 * is held to be what its client had just asked the endpoint mapper for. */
static void note_context(const struct rpc_step *step, uint16_t context_id)
{
    if (table_peek(step->module->contexts, &(struct rpc_key){step->id, context_id, 0}))
        return;
    bool first = !step->connection->bound && step->connection->contexts.count == 0;
    struct rpc_context *context = rpc_context_put(step, context_id);
    const struct rpc_endpoint *endpoint = first ? rpc_endpoint_find(step) : NULL;
    if (!endpoint)
        return;
    memcpy(context->uuid, endpoint->uuid, sizeof(context->uuid));
    context->major = endpoint->major;
    context->minor = endpoint->minor;
    context->state = RPC_CONTEXT_MAPPED;
}

void rpc_take_request(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    note_context(step, pdu->context_id);
    struct rpc_call *call = put_call(step, &key, (pdu->flags & RPC_FLAG_FIRST) != 0);
    call->place = *step->place;
    call->request_seen = true;
    call->request_bytes += pdu->stub.size;
    call->opnum = pdu->opnum;
    call->context_id = pdu->context_id;
    call->object = (pdu->flags & RPC_FLAG_OBJECT) != 0;
    memcpy(call->object_uuid, pdu->object, sizeof(call->object_uuid));
    call->has_session = rpc_session_find(step, pdu, &call->auth_context);
    struct rpc_pdu opened;
    call->sealed |= is_sealed(step, call, &pdu, &opened);
    if (pdu->has_auth) {
        call->auth_type = pdu->auth.type;
        call->auth_level = pdu->auth.level;
    }
    take_stub(step, &key, call, pdu);
    /* Nobody answers a call with "maybe" semantics (C706 12.6.3.1). */
    if ((pdu->flags & RPC_FLAG_MAYBE) && (pdu->flags & RPC_FLAG_LAST)) {
        rpc_tell_call(step->module, step->out, &key, call, step->place->time);
        rpc_forget_call(step->module, &key);
    }
}

static void add_tail(struct rpc_call *call, struct str stub)
{
    struct reader r = reader_of_str(stub);
    if (stub.size > sizeof(call->tail))
        reader_skip(&r, stub.size - sizeof(call->tail));
    while (reader_left(&r) > 0) {
        memmove(call->tail, call->tail + 1, sizeof(call->tail) - 1);
        call->tail[sizeof(call->tail) - 1] = reader_u8(&r);
        if (call->tail_bytes < sizeof(call->tail))
            call->tail_bytes++;
    }
}

static void finish_call(const struct rpc_step *step, const struct rpc_key *key, struct rpc_call *call)
{
    call->reply_frame = step->place->frame;
    call->reply_time = step->place->time;
    const struct rpc_key context_key = {step->id, call->context_id, 0};
    const struct rpc_context *peeked = table_peek(step->module->contexts, &context_key);
    if (peeked && (peeked->state == RPC_CONTEXT_UNKNOWN || peeked->state == RPC_CONTEXT_MAPPED))
        rpc_infer_call(table_find(step->module->contexts, &context_key), call);
    uint32_t status = call->reply == rpc_reply_fault ? call->status : 0;
    bool refused = status == FAULT_ACCESS_DENIED || status == FAULT_SECURITY_PACKAGE;
    bool has_session = call->has_session;
    uint32_t auth_context = call->auth_context;
    rpc_tell_call(step->module, step->out, key, call, step->place->time);
    rpc_forget_call(step->module, key);
    if (has_session)
        rpc_session_verdict(step, auth_context, refused ? outcome_failure : outcome_success,
                            refused ? status : 0);
}

void rpc_take_response(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    bool fault = pdu->type == RPC_PDU_FAULT;
    if (fault && rpc_fault_bind(step, pdu))
        return;
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    note_context(step, pdu->context_id);
    struct rpc_call *call = put_call(step, &key, false);
    if (!call->request_seen) {
        call->context_id = pdu->context_id;
        call->has_session = rpc_session_find(step, pdu, &call->auth_context);
    }
    if (!call->request_seen && pdu->has_auth) {
        call->auth_type = pdu->auth.type;
        call->auth_level = pdu->auth.level;
    }
    call->reply = fault ? rpc_reply_fault : rpc_reply_response;
    call->big_endian = pdu->big_endian;
    struct rpc_pdu opened;
    call->reply_sealed |= is_sealed(step, call, &pdu, &opened);
    if (fault) {
        call->status = pdu->status;
    } else {
        call->response_bytes += pdu->stub.size;
        add_tail(call, pdu->stub);
        take_stub(step, &key, call, pdu);
    }
    if (!fault)
        rpc_endpoint_learn(step, call, pdu);
    if (fault || (pdu->flags & RPC_FLAG_LAST))
        finish_call(step, &key, call);
}

void rpc_take_cancel(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    if (!table_peek(step->module->calls, &key))
        return;
    struct rpc_call *call = table_find(step->module->calls, &key);
    call->touched = step->place->time;
    call->cancelled = true;
}
