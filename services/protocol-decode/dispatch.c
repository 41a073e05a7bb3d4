/*
 * dispatch - by port where the port is well known, else by what the bytes look like.
 */
#include "services/protocol-decode/dispatch.h"

enum {
    PROBE_BYTES = 24, /* enough for every probe */
    PROBES_MAX = 4,   /* a flow that was not recognised in so many tries is left alone */
    PROTOCOL_UDP = 17,
};

static uint8_t protocol_of_ports(const struct tcp_flow *flow)
{
    const struct protocol_type *type = protocol_of_tcp_port(flow->place.server_port);
    if (!type && flow->midstream)
        type = protocol_of_tcp_port(flow->place.client_port);
    return (uint8_t)(type ? type->protocol : protocol_unknown);
}

/* At a port that an endpoint mapper gave, a flow that began before the capture is RPC, although its first
 * bytes may lie in the middle of a PDU. */
static bool is_mapped(const struct dispatch *d, struct tcp_flow *flow)
{
    const struct place *place = &flow->place;
    if (!flow->midstream)
        return false;
    if (rpc_is_endpoint(d->protocols.rpc, &place->server, place->server_port))
        return true;
    if (!rpc_is_endpoint(d->protocols.rpc, &place->client, place->client_port))
        return false;
    tcp_swap(flow);
    return true;
}

/* True when the flow's protocol is known now. */
static bool recognise(const struct dispatch *d, struct tcp_flow *flow, struct str bytes)
{
    if (flow->protocol != protocol_unknown)
        return true;
    flow->protocol = protocol_of_ports(flow);
    const struct protocol_type *type = protocol_at(0);
    for (size_t i = 0; flow->protocol == protocol_unknown && type; type = protocol_at(++i))
        if (type->probe && type->probe(bytes))
            flow->protocol = (uint8_t)type->protocol;
    if (flow->protocol == protocol_unknown && is_mapped(d, flow))
        flow->protocol = protocol_rpc;
    return flow->protocol != protocol_unknown;
}

static struct framing handle_frame(void *owner, struct tcp_flow *flow, const struct place *place,
                                   struct str bytes)
{
    struct dispatch *d = owner;
    if (!recognise(d, flow, bytes)) {
        if (bytes.size < PROBE_BYTES && flow->probes < PROBES_MAX) {
            flow->probes++;
            return (struct framing){.state = FRAMING_MORE, .want = PROBE_BYTES};
        }
        if (++flow->probes >= PROBES_MAX)
            flow->given_up = true;
        return (struct framing){.state = FRAMING_BAD};
    }
    const struct protocol_type *type = protocol_find(flow->protocol);
    struct framing framing =
        type->frame_within ? type->frame_within(&d->protocols, place, bytes) : type->frame(bytes);
    if (framing.state == FRAMING_WHOLE && flow->midstream && flow->messages == 0 && type->direction) {
        enum direction direction = type->direction(bytes);
        if (direction != DIRECTION_UNKNOWN && (direction == DIRECTION_TO_SERVER) != place->to_server)
            tcp_swap(flow);
    }
    return framing;
}

static void handle_message(void *owner, struct tcp_flow *flow, const struct place *place, struct str message,
                           uint32_t size)
{
    struct dispatch *d = owner;
    uint64_t malformed = d->out.malformed;
    uint64_t sealed = d->out.sealed_messages[flow->protocol];
    d->out.enough = false;
    protocol_find(flow->protocol)->message(&d->protocols, &d->out, place, message, size);
    flow->given_up |= d->out.enough;
    flow->malformed_messages += (uint32_t)(d->out.malformed - malformed);
    flow->sealed_messages += (uint32_t)(d->out.sealed_messages[flow->protocol] - sealed);
}

static void handle_lost(void *owner, struct tcp_flow *flow, const struct place *place, uint64_t size)
{
    struct dispatch *d = owner;
    (void)size;
    const struct protocol_type *type = protocol_find(flow->protocol);
    if (type && type->lost)
        type->lost(&d->protocols, &d->out, place);
}

static void tell_flow(struct dispatch *d, const struct tcp_flow *flow, const struct place *place)
{
    struct flow *body = decode_emit(&d->out, RECORD_flow, place, place->time, flow->packets);
    body->request_frame = place->frame;
    body->protocol = flow->protocol;
    body->packets = flow->packets;
    body->bytes = flow->bytes;
    body->lost_bytes = flow->lost_bytes;
    body->messages = flow->messages;
    body->sealed_messages = flow->sealed_messages;
    body->malformed_messages = flow->malformed_messages;
    body->overlap_conflicts = flow->overlap_conflicts;
    body->midstream = flow->midstream;
    body->transport = transport_tcp;
    body->one_sided = !flow->seen[0] || !flow->seen[1];
}

static void handle_ended(void *owner, struct tcp_flow *flow, const struct place *place, enum ending why)
{
    struct dispatch *d = owner;
    (void)why;
    const struct protocol_type *type = protocol_find(flow->protocol);
    if (!type)
        return;
    type->end(&d->protocols, &d->out, place);
    tell_flow(d, flow, place);
}

struct tcp_handler dispatch_handler(struct dispatch *dispatch)
{
    return (struct tcp_handler){
        .owner = dispatch,
        .frame = handle_frame,
        .message = handle_message,
        .lost = handle_lost,
        .ended = handle_ended,
    };
}

static struct id name_conversation(const struct place *place)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &place->client, sizeof(place->client));
    hash_part(&parts, &place->server, sizeof(place->server));
    hash_part_u64(&parts, (uint64_t)place->client_port << 32 | PROTOCOL_UDP << 16 | place->server_port);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static const struct protocol_type *type_of_port(const struct dispatch *d, uint16_t port)
{
    uint8_t index = d->udp_ports[port];
    return index ? protocol_at(index - 1u) : NULL;
}

/* Of two ports that are known, the lower one is the server's: clients are given high ones, which may be
 * another protocol's. */
static const struct protocol_type *type_of_datagram(const struct dispatch *d, const struct datagram *datagram)
{
    const struct protocol_type *target = type_of_port(d, datagram->target_port);
    const struct protocol_type *source = type_of_port(d, datagram->source_port);
    if (!target || !source)
        return target ? target : source;
    return datagram->target_port <= datagram->source_port ? target : source;
}

/* To the port of the protocol; when both ports are, what the datagram says of itself decides. */
static bool goes_to_server(const struct dispatch *d, const struct protocol_type *type,
                           const struct datagram *datagram)
{
    if (type_of_port(d, datagram->target_port) != type)
        return false;
    if (type_of_port(d, datagram->source_port) != type || !type->datagram_direction)
        return true;
    return type->datagram_direction(datagram->payload) != DIRECTION_TO_CLIENT;
}

void dispatch_datagram(struct dispatch *d, const struct datagram *datagram, struct place *place)
{
    const struct protocol_type *type = type_of_datagram(d, datagram);
    if (!type || datagram->payload.size == 0)
        return;
    bool to_server = goes_to_server(d, type, datagram);
    place->to_server = to_server;
    place->client = to_server ? datagram->source : datagram->target;
    place->server = to_server ? datagram->target : datagram->source;
    place->client_port = to_server ? datagram->source_port : datagram->target_port;
    place->server_port = to_server ? datagram->target_port : datagram->source_port;
    place->transport = transport_udp;
    place->flow = name_conversation(place);
    struct decode_out *out = &d->out;
    uint64_t messages = out->messages[type->protocol], sealed = out->sealed_messages[type->protocol],
             malformed = out->malformed;
    type->datagram(&d->protocols, out, place, datagram->payload, datagram->size);
    udp_add(d->udp, out, place, type->protocol,
            &(struct udp_read){
                .bytes = datagram->size,
                .messages = (uint32_t)(out->messages[type->protocol] - messages),
                .sealed_messages = (uint32_t)(out->sealed_messages[type->protocol] - sealed),
                .malformed_messages = (uint32_t)(out->malformed - malformed),
            });
}

void dispatch_expire(struct dispatch *d, time_ns now)
{
    protocols_expire(&d->protocols, &d->out, now);
    udp_expire(d->udp, &d->out, now);
}

static void list_udp_ports(struct dispatch *d)
{
    for (size_t i = 0; protocol_at(i); i++)
        for (const uint16_t *port = protocol_at(i)->udp_ports; port && *port != 0; port++)
            if (d->udp_ports[*port] == 0)
                d->udp_ports[*port] = (uint8_t)(i + 1);
}

enum err dispatch_create(struct dispatch *d, const struct decode_options *o, struct table *files)
{
    d->out = (struct decode_out){
        .files = files, .fingerprint_key = o->fingerprint_key, .secret_key = o->secret_key};
    list_udp_ports(d);
    enum err err = protocols_create(&d->protocols, o);
    d->out.keyring = d->protocols.keyring;
    if (err == ERR_OK)
        err = udp_create(&d->udp, &(struct udp_options){.conversations = o->flows,
                                                        .idle_timeout = o->idle_timeout,
                                                        .seed = o->seed});
    return err;
}

void dispatch_close(struct dispatch *d)
{
    udp_free(d->udp);
    protocols_close(&d->protocols);
}

size_t dispatch_tables(struct dispatch *d, struct table **tables)
{
    size_t count = protocols_tables(&d->protocols, tables);
    return count + udp_tables(d->udp, tables + count);
}
