/*
 * rpc - tables, timers and the way of a PDU to the part that takes it.
 */
#include "services/protocol-decode/rpc.h"

#include "services/protocol-decode/pages.h"
#include "services/protocol-decode/rpc_state.h"

enum {
    CONTEXTS_OF_CONNECTION = 2, /* on average: the capacity of the tables of all connections together */
    CHUNKS_SHARE = 4,           /* so many calls have one chunk of their stubs kept at once, on average */
    PAGES_SHARE = 4,            /* one connection in so many has a piece of a PDU waiting */
    ENDPOINTS_SHARE = 4,        /* endpoints that are known, per connection */
    CHANNELS_SHARE = 4,         /* one flow in so many is a channel of RPC over HTTP */
    SHARE_MIN = 64,
    LAYOUT = 2, /* of all values in rpc_state.h */
};

static uint32_t share(uint32_t count, uint32_t of)
{
    return count / of < SHARE_MIN ? SHARE_MIN : count / of;
}

static enum err make_table(struct table **table, const char *name, uint32_t value_size, uint32_t capacity,
                           const struct rpc_options *options)
{
    return table_create(table, &(struct table_options){.name = name,
                                                       .key_size = sizeof(struct rpc_key),
                                                       .value_size = value_size,
                                                       .capacity = capacity,
                                                       .layout = LAYOUT,
                                                       .seed = options->seed});
}

static enum err make_tables(struct rpc_module *m, const struct rpc_options *o)
{
    uint32_t shared = o->connections * CONTEXTS_OF_CONNECTION;
    enum err err = rpc_endpoints_create(m, share(o->connections, ENDPOINTS_SHARE), o->seed);
    if (!err)
        err = rpc_channels_create(m, share(o->connections, CHANNELS_SHARE), o->seed);
    if (!err)
        err =
            make_table(&m->connections, "rpc-connections", sizeof(struct rpc_connection), o->connections, o);
    if (!err)
        err = make_table(&m->contexts, "rpc-contexts", sizeof(struct rpc_context), shared, o);
    if (!err)
        err = make_table(&m->sessions, "rpc-sessions", sizeof(struct rpc_session), shared, o);
    if (!err)
        err = make_table(&m->binds, "rpc-binds", sizeof(struct rpc_bind), share(o->connections, PAGES_SHARE),
                         o);
    if (!err)
        err = make_table(&m->calls, "rpc-calls", sizeof(struct rpc_call), o->calls, o);
    if (!err)
        err = make_table(&m->stubs, "rpc-stubs", sizeof(struct rpc_chunk), share(o->calls, CHUNKS_SHARE), o);
    if (!err)
        err = pages_create(&m->pages, "rpc-pages", share(o->connections, PAGES_SHARE), o->seed);
    return err;
}

/* A call that must go before its answer came is told as unanswered: nothing is dropped silently. */
static void evict_call(void *owner, const void *key, void *value)
{
    struct rpc_module *m = owner;
    if (m->out)
        rpc_tell_call(m, m->out, key, value, m->now);
    rpc_stub_forget(m, key, value);
}

static void evict_bind(void *owner, const void *key, void *value)
{
    struct rpc_module *m = owner;
    if (m->out)
        rpc_tell_bind(m, m->out, key, value, m->now);
}

enum err rpc_create(struct rpc_module **module, const struct rpc_options *options, struct auth *auth)
{
    struct rpc_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->auth = auth;
    m->timeout = options->timeout;
    enum err err = make_tables(m, options);
    if (err) {
        rpc_free(m);
        return err;
    }
    table_on_evict(m->calls, evict_call, m);
    table_on_evict(m->binds, evict_bind, m);
    *module = m;
    return ERR_OK;
}

void rpc_free(struct rpc_module *m)
{
    if (!m)
        return;
    struct table *tables[9];
    size_t count = rpc_tables(m, tables);
    for (size_t i = 0; i < count; i++)
        table_free(tables[i]);
    free(m);
}

size_t rpc_tables(struct rpc_module *m, struct table **tables)
{
    struct table *const all[] = {m->connections, m->contexts, m->sessions,  m->binds,   m->calls,
                                 m->stubs,       m->pages,    m->endpoints, m->channels};
    memcpy(tables, all, sizeof(all));
    return ARRAY_COUNT(all);
}

bool rpc_list_add(struct rpc_list *list, uint32_t number, uint32_t *dropped)
{
    bool full = list->count == RPC_LIST_MAX;
    if (full) {
        *dropped = list->number[0];
        memmove(list->number, list->number + 1, sizeof(list->number) - sizeof(list->number[0]));
        list->count--;
    }
    list->number[list->count++] = number;
    return full;
}

void rpc_list_remove(struct rpc_list *list, uint32_t number)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->number[i] != number)
            continue;
        memmove(list->number + i, list->number + i + 1, (list->count - i - 1) * sizeof(list->number[0]));
        list->number[--list->count] = 0;
        return;
    }
}

bool rpc_list_has(const struct rpc_list *list, uint32_t number)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->number[i] == number)
            return true;
    return false;
}

struct framing rpc_frame(struct str bytes)
{
    if (rpc_http_is_banner(bytes))
        return (struct framing){
            .state = FRAMING_WHOLE, .size = RPC_HTTP_BANNER_BYTES, .want = RPC_HTTP_BANNER_BYTES};
    if (bytes.size < RPC_HEADER_BYTES && bytes.size > 0 && rpc_http_may_be_banner(bytes))
        return (struct framing){.state = FRAMING_MORE, .want = RPC_HTTP_BANNER_BYTES};
    if (bytes.size < RPC_HEADER_BYTES)
        return (struct framing){.state = FRAMING_MORE, .want = RPC_HEADER_BYTES};
    uint32_t length = rpc_pdu_length(bytes);
    if (length == 0)
        return (struct framing){.state = FRAMING_BAD};
    return (struct framing){.state = FRAMING_WHOLE, .size = length, .want = length};
}

/* Stricter than rpc_frame(): all implementations use IEEE floats and ASCII, and begin a connection or a call
 * with a first fragment, so that 16 bytes of another protocol hardly pass. */
bool rpc_probe(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (rpc_http_is_banner(bytes))
        return true;
    if (bytes.size < RPC_HEADER_BYTES || rpc_pdu_length(bytes) == 0)
        return false;
    reader_skip(&r, 2);
    uint8_t type = reader_u8(&r), flags = reader_u8(&r), integers = reader_u8(&r), floats = reader_u8(&r);
    bool call = type == RPC_PDU_REQUEST || type == RPC_PDU_RESPONSE;
    return (integers & 15) == 0 && floats == 0 && (call || (flags & RPC_FLAG_FIRST));
}

void rpc_refuse(const struct rpc_step *step, const char *reason, size_t offset)
{
    decode_malformed(step->out, step->place, "rpc", reason, offset);
}

/* The server asks the client to close; calls under way are still answered (C706 12.6.4.11). */
static void tell_shutdown(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct rpc_key key = rpc_key(step->id, pdu->call_id, 0);
    struct rpc *body =
        rpc_emit(step->module, step->out, &key, step->place, step->place->time, step->place->frame);
    body->message = rpc_message_shutdown;
    body->reply_frame = step->place->frame;
    body->reply_time = step->place->time;
}

static void take_parsed(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    switch ((enum rpc_pdu_type)pdu->type) {
    case RPC_PDU_REQUEST:
        rpc_take_request(step, pdu);
        break;
    case RPC_PDU_RESPONSE:
    case RPC_PDU_FAULT:
        rpc_take_response(step, pdu);
        break;
    case RPC_PDU_BIND:
    case RPC_PDU_ALTER_CONTEXT:
        rpc_take_bind(step, pdu);
        break;
    case RPC_PDU_BIND_ACK:
    case RPC_PDU_BIND_NAK:
    case RPC_PDU_ALTER_CONTEXT_RESP:
        rpc_take_bind_answer(step, pdu);
        break;
    case RPC_PDU_AUTH3:
        rpc_session_token(step, pdu);
        break;
    case RPC_PDU_CO_CANCEL:
    case RPC_PDU_ORPHANED:
        rpc_take_cancel(step, pdu);
        break;
    case RPC_PDU_SHUTDOWN:
        tell_shutdown(step, pdu);
        break;
    case RPC_PDU_RTS:
        break;
    }
}

void rpc_take(const struct rpc_step *step, struct str bytes)
{
    struct rpc_pdu pdu;
    const char *reason;
    size_t offset;
    step->out->messages[protocol_rpc]++;
    if (!rpc_pdu_parse(bytes, &pdu, &reason, &offset)) {
        rpc_refuse(step, reason, offset);
    } else if (pdu.type == RPC_PDU_RTS) {
        rpc_http_take_rts(step, &pdu);
    } else {
        struct rpc_step inner = rpc_http_step(step);
        take_parsed(&inner, &pdu);
    }
}

/* Times come from captures, which may claim anything. */
static time_ns deadline_of(const struct rpc_module *m, time_ns since)
{
    return since > TIME_NS_END - m->timeout ? TIME_NS_END : since + m->timeout;
}

/* The oldest of a table as a deadline: values in it are touched when their time is set. */
static bool next_call(const struct rpc_module *m, struct rpc_call **call, time_ns *due)
{
    *call = table_oldest(m->calls);
    *due = *call ? deadline_of(m, (*call)->touched) : TIME_NS_END;
    return *call != NULL;
}

static bool next_bind(const struct rpc_module *m, struct rpc_bind **bind, time_ns *due)
{
    *bind = table_oldest(m->binds);
    *due = *bind ? deadline_of(m, (*bind)->place.time) : TIME_NS_END;
    return *bind != NULL;
}

void rpc_expire(struct rpc_module *m, struct decode_out *out, time_ns now)
{
    for (;;) {
        struct rpc_call *call;
        struct rpc_bind *bind;
        time_ns call_due, bind_due;
        bool has_call = next_call(m, &call, &call_due) && call_due < now;
        bool has_bind = next_bind(m, &bind, &bind_due) && bind_due < now;
        if (has_bind && (!has_call || bind_due <= call_due)) {
            struct rpc_key key = *(const struct rpc_key *)table_key(m->binds, bind);
            rpc_tell_bind(m, out, &key, bind, bind_due);
            rpc_forget_bind(m, &key);
        } else if (has_call) {
            struct rpc_key key = *(const struct rpc_key *)table_key(m->calls, call);
            rpc_tell_call(m, out, &key, call, call_due);
            rpc_forget_call(m, &key);
        } else {
            return;
        }
    }
}

struct rpc_step rpc_step_begin(struct rpc_module *m, struct decode_out *out, const struct place *place,
                               struct id id)
{
    /* What is due comes first, so that an answer after the deadline finds no request, however rarely the
     * caller asks for what has expired. */
    rpc_expire(m, out, place->time);
    m->out = out;
    m->now = place->time;
    struct rpc_key key = rpc_key(id, 0, 0);
    return (struct rpc_step){.module = m,
                             .out = out,
                             .place = place,
                             .id = id,
                             .connection = table_put(m->connections, &key, NULL)};
}

void rpc_step_end(const struct rpc_step *step)
{
    step->module->out = NULL;
}

void rpc_message(struct rpc_module *m, struct decode_out *out, const struct place *place, struct str pdu)
{
    struct place own = *place;
    if (rpc_http_carries(m, place->flow))
        own.transport = transport_http;
    struct rpc_step step = rpc_step_begin(m, out, &own, place->flow);
    if (rpc_http_is_banner(pdu))
        rpc_http_open(&step);
    else
        rpc_take(&step, pdu);
    rpc_step_end(&step);
}

static void tell_waiting(const struct rpc_step *step)
{
    struct rpc_module *m = step->module;
    /* Copies: forgetting takes the numbers off the connection's lists. */
    struct rpc_list binds = step->connection->binds, calls = step->connection->calls;
    for (uint32_t i = 0; i < binds.count; i++) {
        struct rpc_key key = rpc_key(step->id, binds.number[i], 0);
        const struct rpc_bind *bind = table_peek(m->binds, &key);
        if (bind)
            rpc_tell_bind(m, step->out, &key, bind, step->place->time);
        rpc_forget_bind(m, &key);
    }
    for (uint32_t i = 0; i < calls.count; i++) {
        struct rpc_key key = rpc_key(step->id, calls.number[i], 0);
        const struct rpc_call *call = table_peek(m->calls, &key);
        if (call)
            rpc_tell_call(m, step->out, &key, call, step->place->time);
        rpc_forget_call(m, &key);
    }
}

static void forget_connection(const struct rpc_step *step)
{
    struct rpc_module *m = step->module;
    struct rpc_connection *c = step->connection;
    for (uint32_t i = 0; i < c->contexts.count; i++)
        table_remove(m->contexts, &(struct rpc_key){step->id, c->contexts.number[i], 0});
    for (uint32_t i = 0; i < c->sessions.count; i++)
        table_remove(m->sessions, &(struct rpc_key){step->id, c->sessions.number[i], RPC_SESSION_RPC});
    table_remove(m->sessions, &(struct rpc_key){step->id, 0, RPC_SESSION_CARRIER});
    rpc_pipe_forget(step, 0);
    rpc_pipe_forget(step, 1);
    table_remove(m->connections, &(struct rpc_key){step->id, 0, 0});
}

static void end_connection(struct rpc_module *m, struct decode_out *out, const struct place *place,
                           struct id id)
{
    struct rpc_key key = rpc_key(id, 0, 0);
    if (!table_peek(m->connections, &key))
        return;
    struct rpc_step step = rpc_step_begin(m, out, place, id);
    tell_waiting(&step);
    rpc_session_end(&step);
    forget_connection(&step);
    rpc_step_end(&step);
}

void rpc_end(struct rpc_module *m, struct decode_out *out, const struct place *place)
{
    struct id virtual = rpc_http_close(m, place->flow);
    end_connection(m, out, place, place->flow);
    if (!id_is_none(virtual))
        end_connection(m, out, place, virtual);
}

void rpc_pipe_end(struct rpc_module *m, struct decode_out *out, const struct place *place, struct id pipe)
{
    end_connection(m, out, place, pipe);
}
