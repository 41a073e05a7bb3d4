/*
 * rdp - which connections are beginning, and when each is told.
 */
#include "services/protocol-decode/rdp.h"

#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/rdp_state.h"

enum {
    CONNECTION_LAYOUT = 1,
    TPKT_VERSION = 3, /* RFC 1006 6 */
    TPKT_BYTES = 4,
    TPKT_LENGTH_MIN = 7,
    CONNECT_HEADER_REST = 5, /* X.224 13.3: DST-REF, SRC-REF, class */
    NEGOTIATION_BYTES = 8,
    TLS_CONTENT_MIN = 20,
    TLS_CONTENT_MAX = 24,
};

enum err rdp_create(struct rdp_module **module, const struct rdp_options *options, struct tls_module *tls)
{
    struct rdp_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->tls = tls;
    m->timeout = options->timeout;
    enum err err = table_create(&m->connections, &(struct table_options){
                                                     .name = "rdp-connections",
                                                     .key_size = sizeof(struct id),
                                                     .value_size = sizeof(struct rdp_connection),
                                                     .capacity = options->connections,
                                                     .layout = CONNECTION_LAYOUT,
                                                     .seed = options->seed,
                                                 });
    if (err != ERR_OK) {
        rdp_free(m);
        return err;
    }
    *module = m;
    return ERR_OK;
}

void rdp_free(struct rdp_module *m)
{
    if (!m)
        return;
    table_free(m->connections);
    free(m);
}

size_t rdp_tables(struct rdp_module *m, struct table **tables)
{
    tables[0] = m->connections;
    return 1;
}

static bool is_tls(uint8_t content)
{
    return content >= TLS_CONTENT_MIN && content <= TLS_CONTENT_MAX;
}

struct framing rdp_frame(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t version = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t length = reader_u16be(&r);
    if (!reader_ok(&r))
        return (struct framing){.state = FRAMING_MORE, .want = TPKT_BYTES};
    if (is_tls(version))
        return tls_frame(bytes);
    if (version != TPKT_VERSION || length < TPKT_LENGTH_MIN)
        return (struct framing){.state = FRAMING_BAD};
    return (struct framing){.state = FRAMING_WHOLE, .size = length, .want = length};
}

/* The TPDU of a packet: its length indicator and its kind. The reader stands behind them. */
static bool open_packet(struct reader *r, uint8_t *indicator, uint8_t *kind)
{
    reader_skip(r, TPKT_BYTES);
    *indicator = reader_u8(r);
    *kind = reader_u8(r) & 0xf0;
    return reader_ok(r);
}

bool rdp_is_of_client(struct str bytes, bool *known)
{
    struct reader r = reader_of_str(bytes);
    uint8_t indicator, kind;
    if (is_tls(reader_peek_u8(&r)))
        return tls_is_of_client(bytes, known);
    *known = open_packet(&r, &indicator, &kind) && kind != RDP_DATA;
    return kind == RDP_CONNECTION_REQUEST;
}

/* A negotiation structure of this type: its length is always 8 (MS-RDPBCGR 2.2.1.1.1). */
static bool negotiates(struct reader *r, uint8_t type_min, uint8_t type_max)
{
    uint8_t type = reader_u8(r);
    reader_skip(r, 1);
    return type >= type_min && type <= type_max && reader_u16le(r) == NEGOTIATION_BYTES;
}

bool rdp_probe(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    struct framing framing = rdp_frame(bytes);
    uint8_t indicator, kind;
    if (framing.state != FRAMING_WHOLE || reader_peek_u8(&r) != TPKT_VERSION)
        return false;
    if (!open_packet(&r, &indicator, &kind) || indicator + TPKT_BYTES + 1u != framing.size)
        return false;
    reader_skip(&r, CONNECT_HEADER_REST);
    struct reader ahead = r;
    if (kind == RDP_CONNECTION_REQUEST)
        return str_equal(reader_bytes(&ahead, 8), STR("Cookie: ")) || negotiates(&r, 1, 1);
    return kind == RDP_CONNECTION_CONFIRM && negotiates(&r, 2, 3);
}

static struct strs channels_of(struct arena *arena, const struct rdp_connection *c)
{
    if (c->channel_count == 0)
        return (struct strs){0};
    struct str *at = arena_take(arena, c->channel_count * sizeof(*at));
    for (uint32_t i = 0; i < c->channel_count; i++)
        at[i] = arena_copy(arena, KEPT(c->channels[i]));
    return (struct strs){.at = at, .count = c->channel_count};
}

static void tell_settings(struct arena *arena, const struct rdp_connection *c, struct rdp *body)
{
    body->client_name = arena_copy(arena, KEPT(c->client_name));
    body->client_build = c->client_build;
    body->client_version = c->client_version;
    body->keyboard_layout = c->keyboard_layout;
    body->desktop_width = c->desktop_width;
    body->desktop_height = c->desktop_height;
    body->color_depth = c->color_depth;
    body->channels = channels_of(arena, c);
    body->product_id = arena_copy(arena, KEPT(c->product_id));
    body->client_encryption_methods = c->client_encryption_methods;
    body->server_version = c->server_version;
    body->encryption_method = c->encryption_method;
    body->encryption_level = c->encryption_level;
}

static bool is_sealed(const struct rdp_connection *c)
{
    bool standard = c->security == rdp_security_rdp || c->security == rdp_security_unknown;
    return standard ? c->encryption_level != 0 : c->security != rdp_security_refused;
}

static void tell(struct decode_out *out, const struct rdp_connection *c, time_ns time)
{
    struct arena *arena = &out->batch->arena;
    if (c->told)
        return;
    /* One a flow. */
    struct rdp *body = decode_emit(out, RECORD_rdp, &c->place, time, RECORD_rdp);
    body->request_frame = c->request_frame;
    body->request_time = c->request_time;
    body->reply_frame = c->reply_frame;
    body->reply_time = c->reply_time;
    body->unread = c->unread != unread_nothing ? c->unread : is_sealed(c) ? unread_encrypted : unread_nothing;
    body->cookie = arena_copy(arena, KEPT(c->cookie));
    body->routing_token = arena_copy(arena, KEPT(c->routing_token));
    body->negotiates = c->negotiates;
    body->request_flags = c->request_flags;
    body->requested_protocols = c->requested_protocols;
    body->response_flags = c->response_flags;
    body->security = c->security;
    body->failure_code = c->failure_code;
    body->sealed = is_sealed(c);
    tell_settings(arena, c, body);
}

static void forget(struct rdp_module *m, struct id flow)
{
    table_remove(m->connections, &flow);
}

static void tell_oldest(struct rdp_module *m, struct decode_out *out, time_ns now)
{
    const struct rdp_connection *c = table_oldest(m->connections);
    tell(out, c, c->deadline < now ? c->deadline : now);
    forget(m, c->place.flow);
}

void rdp_expire(struct rdp_module *m, struct decode_out *out, time_ns now)
{
    const struct rdp_connection *c = table_oldest(m->connections);
    while (c && c->deadline < now) {
        tell_oldest(m, out, now);
        c = table_oldest(m->connections);
    }
}

/* Made room for first, so that none is evicted untold. */
static struct rdp_connection *put_connection(struct rdp_module *m, struct decode_out *out,
                                             const struct place *place)
{
    bool is_new = !table_peek(m->connections, &place->flow);
    if (is_new && table_count(m->connections) == table_capacity(m->connections))
        tell_oldest(m, out, place->time);
    struct rdp_connection *c = table_put(m->connections, &place->flow, NULL);
    if (is_new)
        place_keep(&c->place, place);
    c->deadline = place->time > TIME_NS_END - m->timeout ? TIME_NS_END : place->time + m->timeout;
    return c;
}

static bool read_packet(struct arena *arena, struct reader *r, struct rdp_connection *c,
                        const struct place *place, const char **reason)
{
    uint8_t indicator, kind;
    *reason = "packet cut short";
    if (!open_packet(r, &indicator, &kind))
        return false;
    if (kind == RDP_DATA) {
        reader_skip(r, 1); /* EOT */
        return rdp_read_settings(arena, r, c, reason);
    }
    reader_skip(r, CONNECT_HEADER_REST);
    if (kind == RDP_CONNECTION_REQUEST && place->to_server) {
        c->request_frame = place->frame;
        c->request_time = place->time;
        return reader_ok(r) && rdp_read_request(arena, r, c, reason);
    }
    if (kind == RDP_CONNECTION_CONFIRM && !place->to_server) {
        c->reply_frame = place->frame;
        c->reply_time = place->time;
        return reader_ok(r) && rdp_read_confirm(r, c, reason);
    }
    *reason = "TPDU that is not expected here";
    return false;
}

/* TLS was chosen, or nothing; or standard security, whose settings were all seen. */
static bool is_complete(const struct rdp_connection *c)
{
    bool standard = c->security == rdp_security_rdp || c->security == rdp_security_unknown;
    return standard ? c->has_server_settings : c->reply_frame != 0;
}

static void take_packet(struct rdp_module *m, struct decode_out *out, const struct place *place,
                        struct str message)
{
    struct reader r = reader_of_str(message);
    const char *reason;
    struct rdp_connection *c = put_connection(m, out, place);
    out->messages[protocol_rdp]++;
    if (!read_packet(&out->batch->arena, &r, c, place, &reason)) {
        c->unread = unread_malformed;
        decode_malformed(out, place, "rdp", reason, reader_offset(&r));
    }
    if (!is_complete(c) || c->told)
        return;
    tell(out, c, place->time);
    c->told = true;
    out->enough = c->security == rdp_security_rdp || c->security == rdp_security_unknown;
    if (out->enough)
        forget(m, place->flow);
}

void rdp_message(struct rdp_module *m, struct decode_out *out, const struct place *place, struct str message)
{
    struct reader r = reader_of_str(message);
    rdp_expire(m, out, place->time);
    if (is_tls(reader_peek_u8(&r)))
        tls_message(m->tls, out, place, protocol_rdp, message);
    else
        take_packet(m, out, place, message);
}

void rdp_end(struct rdp_module *m, struct decode_out *out, const struct place *place)
{
    const struct rdp_connection *c = table_peek(m->connections, &place->flow);
    tls_end(m->tls, out, place);
    if (!c)
        return;
    tell(out, c, place->time);
    forget(m, place->flow);
}
