/*
 * rpc_pipe - PDUs out of the pieces in which a named pipe or the body of an HTTP message carries them.
 *
 * A piece mostly holds whole PDUs, which are taken where they lie. Only what is left of one is kept, in pages
 * of a bounded table, until the rest has come; then it is put together in the batch's arena.
 */
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/pages.h"
#include "services/protocol-decode/rpc_state.h"

static struct pages_of pages_of(const struct rpc_step *step, uint32_t part)
{
    return (struct pages_of){.table = step->module->pages, .owner = step->id, .side = part};
}

/* Appends a piece to what is kept; positions count from byte 0 of the PDU. */
static void keep(const struct rpc_step *step, uint32_t part, struct str bytes)
{
    struct rpc_half *half = &step->connection->half[part];
    struct pages_of of = pages_of(step, part);
    (void)pages_store(&of, half->have, bytes, &(struct pages_write){.time = step->place->time});
    half->have += bytes.size;
}

void rpc_pipe_forget(const struct rpc_step *step, uint32_t part)
{
    struct rpc_half *half = &step->connection->half[part];
    struct pages_of of = pages_of(step, part);
    if (half->have > 0)
        pages_drop(&of, 0, half->have);
    half->have = half->want = 0;
}

/* What is kept as one run of bytes; empty when a page of it was evicted. */
static struct str gather(const struct rpc_step *step, uint32_t part)
{
    uint32_t size = step->connection->half[part].have;
    struct pages_of of = pages_of(step, part);
    uint8_t *whole = arena_take(&step->out->batch->arena, size);
    if (!pages_copy(&of, 0, size, whole))
        return (struct str){"", 0};
    return (struct str){(const char *)whole, size};
}

/* No PDU begins here. A pipe that never carried one is not RPC, and nothing is wrong with it. */
static void lose(const struct rpc_step *step, uint32_t part)
{
    struct rpc_half *half = &step->connection->half[part];
    if (half->whole_seen && !half->lost)
        rpc_refuse(step, "no PDU begins where the last one ended", 0);
    half->lost = true;
    rpc_pipe_forget(step, part);
}

static void take_whole(const struct rpc_step *step, uint32_t part, struct str pdu)
{
    step->connection->half[part].whole_seen = true;
    step->connection->half[part].lost = false;
    rpc_take(step, pdu);
}

/* Adds to a PDU that is kept in part. False when the rest of the piece is of no use. */
static bool top_up(const struct rpc_step *step, uint32_t part, struct reader *r)
{
    struct rpc_half *half = &step->connection->half[part];
    uint32_t lack = half->want - half->have;
    keep(step, part, reader_bytes(r, reader_left(r) < lack ? reader_left(r) : lack));
    if (half->have < half->want)
        return true;
    struct str bytes = gather(step, part);
    struct framing framing = {.state = FRAMING_BAD};
    if (bytes.size > 0)
        framing = rpc_frame(bytes);
    if (framing.state == FRAMING_BAD) {
        lose(step, part);
        return false;
    }
    if (framing.size > half->have) {
        half->want = framing.size;
        return true;
    }
    rpc_pipe_forget(step, part);
    take_whole(step, part, bytes);
    return true;
}

/* Takes what begins at a PDU's first byte. False when none begins there. */
static bool take_fresh(const struct rpc_step *step, uint32_t part, struct reader *r)
{
    struct reader rest = *r;
    struct str bytes = reader_rest(&rest);
    struct framing framing = rpc_frame(bytes);
    if (framing.state == FRAMING_BAD) {
        lose(step, part);
        return false;
    }
    if (framing.state == FRAMING_WHOLE && framing.size <= bytes.size) {
        take_whole(step, part, reader_bytes(r, framing.size));
        return true;
    }
    step->connection->half[part].want = framing.want;
    keep(step, part, reader_rest(r));
    return true;
}

static void take_piece(const struct rpc_step *step, struct str bytes)
{
    uint32_t part = step->place->to_server ? 1 : 0;
    struct reader r = reader_of_str(bytes);
    bool usable = true;
    while (usable && reader_left(&r) > 0)
        usable = step->connection->half[part].have > 0 ? top_up(step, part, &r) : take_fresh(step, part, &r);
}

/* A connection is made only for what looks like RPC: most pipes of other kinds never get one. */
static bool begins_rpc(const struct rpc_module *m, struct id pipe, struct str bytes)
{
    struct rpc_key key = rpc_key(pipe, 0, 0);
    struct reader r = reader_of_str(bytes);
    uint8_t version = reader_u8(&r), minor = reader_u8(&r);
    if (table_peek(m->connections, &key))
        return true;
    return bytes.size >= RPC_HEADER_BYTES ? rpc_probe(bytes) : bytes.size > 0 && version == 5 && minor <= 1;
}

void rpc_pipe_bytes(struct rpc_module *m, struct decode_out *out, const struct place *place, struct id pipe,
                    struct str name, const struct who *who, struct str bytes)
{
    if (!begins_rpc(m, pipe, bytes))
        return;
    struct place own = *place;
    own.transport = transport_smb;
    struct rpc_step step = rpc_step_begin(m, out, &own, pipe);
    struct rpc_connection *connection = step.connection;
    if (!connection->is_pipe) {
        connection->is_pipe = true;
        KEEP(connection->pipe, name);
    }
    if (who && !connection->carrier_known)
        rpc_session_carrier(&step, who);
    take_piece(&step, bytes);
    rpc_step_end(&step);
}

void rpc_http_bytes(struct rpc_module *m, struct decode_out *out, const struct place *place,
                    const struct who *who, struct str bytes)
{
    struct place own = *place;
    own.transport = transport_http;
    struct rpc_step step = rpc_step_begin(m, out, &own, place->flow);
    if (!rpc_http_carries(m, place->flow))
        rpc_http_open(&step);
    if (who && !step.connection->carrier_known)
        rpc_session_carrier(&step, who);
    take_piece(&step, bytes);
    rpc_step_end(&step);
}
