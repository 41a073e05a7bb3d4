/*
 * rpc_stub - the stubs of calls whose arguments are read: kept in chunks of a bounded table until the call is
 * told.
 */
#include "services/protocol-decode/ndr.h"
#include "services/protocol-decode/rpc_state.h"

enum {
    CHUNKS_MAX = NDR_STUB_BYTES_MAX / RPC_CHUNK_BYTES,
    PART_OF_RESPONSE = CHUNKS_MAX,
};

/* What the functions that tell a call work on. */
struct rpc_telling {
    struct rpc_module *module;
    struct decode_out *out;
    const struct rpc_key *key;
    const struct rpc_call *call;
    struct rpc *body;
    const struct ndr_operation *operation;
};

/* Chunks are numbered through both directions. */
static struct rpc_key chunk_key(const struct rpc_key *call, bool response, uint32_t at)
{
    uint32_t part = at / RPC_CHUNK_BYTES + (response ? PART_OF_RESPONSE : 0);
    return rpc_key(call->connection, call->number, part);
}

static bool is_wanted(const struct rpc_step *step, const struct rpc_call *call)
{
    const struct rpc_context *context =
        table_peek(step->module->contexts, &(struct rpc_key){step->id, call->context_id, 0});
    return call->request_seen && context && context->state != RPC_CONTEXT_UNKNOWN &&
           ndr_operation_find(context->uuid, call->opnum);
}

void rpc_stub_take(const struct rpc_step *step, const struct rpc_key *key, struct rpc_call *call,
                   const struct rpc_plain *plain)
{
    struct rpc_kept *kept = &call->kept[plain->response];
    if (plain->first)
        kept->begun = is_wanted(step, call);
    if (!kept->begun)
        return;
    kept->big_endian = plain->big_endian;
    kept->ended |= plain->last;
    kept->seen += plain->bytes.size;
    struct reader r = reader_of_str(plain->bytes);
    while (reader_left(&r) > 0 && kept->bytes < NDR_STUB_BYTES_MAX) {
        struct rpc_key at = chunk_key(key, plain->response, kept->bytes);
        struct rpc_chunk *chunk = table_put(step->module->stubs, &at, NULL);
        uint32_t from = kept->bytes % RPC_CHUNK_BYTES, room = RPC_CHUNK_BYTES - from;
        struct str some = reader_bytes(&r, reader_left(&r) < room ? reader_left(&r) : room);
        memcpy(chunk->bytes + from, some.at, some.size);
        kept->bytes += some.size;
    }
}

void rpc_stub_forget(struct rpc_module *m, const struct rpc_key *key, const struct rpc_call *call)
{
    for (uint32_t side = 0; side < ARRAY_COUNT(call->kept); side++)
        for (uint32_t at = 0; at < call->kept[side].bytes; at += RPC_CHUNK_BYTES) {
            struct rpc_key chunk = chunk_key(key, side != 0, at);
            table_remove(m->stubs, &chunk);
        }
}

/* What is kept of one direction as one run of bytes, up to the first chunk that had to go. */
static struct str gather(const struct rpc_module *m, struct arena *arena, const struct rpc_key *key,
                         const struct rpc_kept *kept, bool response)
{
    struct rpc_key first = chunk_key(key, response, 0);
    const struct rpc_chunk *chunk = table_peek(m->stubs, &first);
    if (!chunk || kept->bytes == 0)
        return (struct str){"", 0};
    if (kept->bytes <= RPC_CHUNK_BYTES)
        return (struct str){(const char *)chunk->bytes, kept->bytes};
    uint8_t *whole = arena_take(arena, kept->bytes);
    uint32_t used = 0;
    while (used < kept->bytes) {
        struct rpc_key at = chunk_key(key, response, used);
        uint32_t left = kept->bytes - used, size = left < RPC_CHUNK_BYTES ? left : RPC_CHUNK_BYTES;
        chunk = table_peek(m->stubs, &at);
        if (!chunk)
            break;
        memcpy(whole + used, chunk->bytes, size);
        used += size;
    }
    return (struct str){(const char *)whole, used};
}

/* Why reading ended before its end. */
static void tell_unread(struct decode_out *out, const struct rpc_call *call, const struct rpc_kept *kept,
                        const struct ndr_read *read, struct rpc *body)
{
    bool cut = read->limited || kept->seen > kept->bytes;
    body->unread = cut ? unread_too_long : kept->ended ? unread_malformed : unread_truncated;
    body->unread_at = (uint32_t)read->offset;
    if (body->unread == unread_malformed && !body->probable)
        decode_malformed(out, &call->place, "ndr", read->reason, read->offset);
}

/* Reads one direction; false when there is nothing to read. */
static bool read_side(const struct rpc_telling *t, const struct ndr_field *fields, bool response,
                      struct ndr_read *read)
{
    const struct rpc_kept *kept = &t->call->kept[response];
    if (!fields || !kept->begun)
        return false;
    struct ndr_stub stub = {
        .bytes = gather(t->module, &t->out->batch->arena, t->key, kept, response),
        .ndr64 = t->body->ndr64,
        .big_endian = kept->big_endian,
    };
    ndr_read(t->out, &stub, fields, response && t->operation->returns == NDR_RETURNS_STATUS, read);
    if (read->reason)
        tell_unread(t->out, t->call, kept, read, t->body);
    t->body->arguments_cut |= read->more;
    return true;
}

void rpc_stub_tell(struct rpc_module *m, struct decode_out *out, const struct rpc_key *key,
                   const struct rpc_call *call, struct rpc *body)
{
    struct rpc_telling t = {.module = m, .out = out, .key = key, .call = call, .body = body};
    struct ndr_read read;
    t.operation = call->request_seen ? ndr_operation_find(body->interface.byte, call->opnum) : NULL;
    if (!t.operation)
        return;
    if (read_side(&t, t.operation->in, false, &read)) {
        body->arguments.at = read.arguments;
        body->arguments.count = read.count;
        body->naming_context = read.object;
        body->extended_op = read.extended_op;
    }
    if (t.operation->returns == NDR_RETURNS_NOTHING)
        body->returned = false;
    if (!read_side(&t, t.operation->out, true, &read))
        return;
    body->results.at = read.arguments;
    body->results.count = read.count;
    if (read.returned) {
        body->return_code = read.return_code;
        body->returned = true;
    }
}
