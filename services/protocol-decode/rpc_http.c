/*
 * rpc_http - RPC over HTTP, versions 1 and 2 (MS-RPCH), where it is in clear.
 *
 * Between a proxy and a server each channel is a TCP connection, mostly to port 593, that the server opens
 * with the text "ncacn_http/1.0" (MS-RPCH 2.1.1.1.1, 3.2.4.2); between a client and a proxy it is the body of
 * an RPC_IN_DATA or RPC_OUT_DATA request. Version 2 has one channel for requests and one for answers, and
 * opens each with a RTS PDU that names their virtual connection by a cookie (2.2.4). Binds and calls belong
 * to the virtual connection, so that a request on one channel is joined with its answer on the other.
 */
#include "services/protocol-decode/rpc_state.h"

enum {
    RTS_HEADER_BYTES = 4, /* flags and number of commands, behind the common header */
    RTS_COMMANDS_MAX = 32,
    COOKIE_BYTES = 16,
    CHANNEL_CAPACITY_MIN = 16,
    CLIENT_ADDRESS_V6 = 1,
};

/* MS-RPCH 2.2.3.5 */
enum rts_command {
    RTS_FLOW_CONTROL_ACK = 1,
    RTS_COOKIE = 3,
    RTS_VERSION = 6,
    RTS_EMPTY = 7,
    RTS_PADDING = 8,
    RTS_NEGATIVE_ANCE = 9,
    RTS_ANCE = 10,
    RTS_CLIENT_ADDRESS = 11,
    RTS_ASSOCIATION_GROUP = 12,
    RTS_LAST = 14,
};

const char rpc_http_banner[] = "ncacn_http/1.0";

enum err rpc_channels_create(struct rpc_module *m, uint32_t capacity, struct hash_key seed)
{
    return table_create(&m->channels, &(struct table_options){.name = "rpc-channels",
                                                              .key_size = sizeof(struct rpc_key),
                                                              .value_size = sizeof(struct rpc_channel),
                                                              .capacity = capacity,
                                                              .layout = 1,
                                                              .seed = seed});
}

bool rpc_http_is_banner(struct str bytes)
{
    return bytes.size >= RPC_HTTP_BANNER_BYTES &&
           memcmp(bytes.at, rpc_http_banner, RPC_HTTP_BANNER_BYTES) == 0;
}

bool rpc_http_may_be_banner(struct str bytes)
{
    return bytes.size < RPC_HTTP_BANNER_BYTES && memcmp(bytes.at, rpc_http_banner, bytes.size) == 0;
}

/* Passes over what a command holds; false for one that is not known. */
static bool skip_command(struct reader *r, uint32_t command)
{
    switch (command) {
    case RTS_FLOW_CONTROL_ACK:
        reader_skip(r, 8 + COOKIE_BYTES);
        break;
    case RTS_COOKIE:
    case RTS_ASSOCIATION_GROUP:
        reader_skip(r, COOKIE_BYTES);
        break;
    case RTS_EMPTY:
    case RTS_NEGATIVE_ANCE:
    case RTS_ANCE:
        break;
    case RTS_PADDING:
        reader_skip(r, reader_u32le(r));
        break;
    case RTS_CLIENT_ADDRESS:
        reader_skip(r, (reader_u32le(r) == CLIENT_ADDRESS_V6 ? 16 : 4) + 12);
        break;
    default:
        reader_skip(r, 4);
        break;
    }
    return command <= RTS_LAST && reader_ok(r);
}

/* A PDU that opens a channel begins with the version and the cookie of the virtual connection: CONN/A1, A2,
 * B1, B2 and those by which a channel takes another's place (MS-RPCH 2.2.4). False when the PDU does not
 * follow its layout; cookie stays empty when it opens none. */
static bool read_rts(const struct rpc_pdu *pdu, struct str *cookie, size_t *offset)
{
    struct reader r = pdu->body;
    reader_skip(&r, 2);
    uint16_t commands = reader_u16le(&r);
    bool version = false, sound = reader_ok(&r) && commands <= RTS_COMMANDS_MAX;
    for (uint16_t i = 0; i < commands && sound; i++) {
        uint32_t command = reader_u32le(&r);
        struct reader cookie_at = r;
        sound = skip_command(&r, command);
        version |= i == 0 && command == RTS_VERSION;
        if (sound && i == 1 && version && command == RTS_COOKIE)
            *cookie = reader_bytes(&cookie_at, COOKIE_BYTES);
    }
    *offset = reader_offset(&r);
    return sound;
}

static struct rpc_channel *put_channel(const struct rpc_step *step)
{
    struct rpc_key key = rpc_key(step->id, 0, 0);
    return table_put(step->module->channels, &key, NULL);
}

void rpc_http_open(const struct rpc_step *step)
{
    struct rpc_channel *channel = put_channel(step);
    channel->connection = step->id;
}

/* One channel less; true when it was the last of its virtual connection. */
static bool leave(struct rpc_module *m, struct id connection)
{
    struct rpc_key key = rpc_key(connection, 0, 0);
    struct rpc_connection *found = table_find(m->connections, &key);
    if (found && found->channels > 0)
        found->channels--;
    return found && found->channels == 0;
}

void rpc_http_take_rts(const struct rpc_step *step, const struct rpc_pdu *pdu)
{
    struct str cookie = {"", 0};
    size_t offset;
    if (!read_rts(pdu, &cookie, &offset)) {
        rpc_refuse(step, "RTS command that cannot be", offset);
        return;
    }
    if (cookie.size == 0)
        return;
    struct rpc_channel *channel = put_channel(step);
    struct id virtual = hash_id(HASH_KEY_NAMES, cookie.at, cookie.size);
    if (id_equal(channel->connection, virtual))
        return;
    if (!id_is_none(channel->connection))
        (void)leave(step->module, channel->connection);
    channel->connection = virtual;
    struct rpc_key key = rpc_key(virtual, 0, 0);
    struct rpc_connection *connection = table_put(step->module->connections, &key, NULL);
    connection->channels++;
    rpc_session_inherit(step, virtual);
}

struct rpc_step rpc_http_step(const struct rpc_step *step)
{
    struct rpc_step inner = *step;
    struct rpc_key key = rpc_key(step->id, 0, 0);
    const struct rpc_channel *channel =
        table_count(step->module->channels) > 0 ? table_peek(step->module->channels, &key) : NULL;
    if (!channel || id_equal(channel->connection, step->id))
        return inner;
    inner.id = channel->connection;
    struct rpc_key of = rpc_key(inner.id, 0, 0);
    inner.connection = table_put(step->module->connections, &of, NULL);
    return inner;
}

bool rpc_http_carries(const struct rpc_module *m, struct id flow)
{
    struct rpc_key key = rpc_key(flow, 0, 0);
    return table_count(m->channels) > 0 && table_peek(m->channels, &key) != NULL;
}

struct id rpc_http_close(struct rpc_module *m, struct id flow)
{
    struct rpc_key key = rpc_key(flow, 0, 0);
    const struct rpc_channel *channel = table_peek(m->channels, &key);
    if (!channel)
        return (struct id){0};
    struct id connection = channel->connection;
    table_remove(m->channels, &key);
    return !id_equal(connection, flow) && leave(m, connection) ? connection : (struct id){0};
}
