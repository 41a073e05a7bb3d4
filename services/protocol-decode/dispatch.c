/*
 * dispatch - by port where the port is well known, else by what the bytes look like.
 */
#include "services/protocol-decode/dispatch.h"

enum {
    PORT_KERBEROS = 88,
    PORT_EPMAP = 135,
    PORT_NETBIOS_SESSION = 139,
    PORT_SMB = 445,
    PROBE_BYTES = 24,     /* enough for every probe */
    PROBES_MAX = 4,       /* a flow that was not recognised in so many tries is left alone */
    TCP_LENGTH_BYTES = 4, /* before a Kerberos or SMB message */
    RPC_PTYPE_OFFSET = 2,
    SMB_MAGIC_OFFSET = 4,
    SMB2_FLAGS_OFFSET = 4 + 16,
    SMB2_FLAG_RESPONSE = 1,
};

enum direction {
    DIRECTION_UNKNOWN,
    DIRECTION_TO_SERVER,
    DIRECTION_TO_CLIENT,
};

/* Kerberos messages are APPLICATION tags (RFC 4120 5.10): even numbers ask, odd ones answer, 30 is an error.
 */
static enum direction kerberos_direction(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, TCP_LENGTH_BYTES);
    uint8_t tag = reader_u8(&r);
    if (tag == 0x6a || tag == 0x6c || tag == 0x6e)
        return DIRECTION_TO_SERVER;
    if (tag == 0x6b || tag == 0x6d || tag == 0x6f || tag == 0x7e)
        return DIRECTION_TO_CLIENT;
    return DIRECTION_UNKNOWN;
}

static enum direction smb_direction(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_MAGIC_OFFSET);
    if (reader_u32be(&r) != 0xfe534d42)
        return DIRECTION_UNKNOWN;
    r = reader_of_str(bytes);
    reader_skip(&r, SMB2_FLAGS_OFFSET);
    uint32_t flags = reader_u32le(&r);
    if (!reader_ok(&r))
        return DIRECTION_UNKNOWN;
    return flags & SMB2_FLAG_RESPONSE ? DIRECTION_TO_CLIENT : DIRECTION_TO_SERVER;
}

/* C706 12.6.1: request, bind, alter_context, auth3, co_cancel and orphaned go to the server. */
static enum direction rpc_direction(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, RPC_PTYPE_OFFSET);
    uint8_t ptype = reader_u8(&r);
    if (!reader_ok(&r))
        return DIRECTION_UNKNOWN;
    bool to_server = ptype == 0 || ptype == 11 || ptype == 14 || ptype == 16 || ptype == 18 || ptype == 19;
    return to_server ? DIRECTION_TO_SERVER : DIRECTION_TO_CLIENT;
}

struct stream_protocol {
    enum protocol protocol;
    struct framing (*frame)(struct str bytes);
    bool (*probe)(struct str bytes);
    enum direction (*direction)(struct str bytes);
};

static const struct stream_protocol stream_protocols[] = {
    {protocol_smb, smb_frame, smb_probe, smb_direction},
    {protocol_rpc, rpc_frame, rpc_probe, rpc_direction},
    {protocol_kerberos, kerberos_frame, kerberos_probe, kerberos_direction},
};

static const struct stream_protocol *find_protocol(uint8_t protocol)
{
    for (size_t i = 0; i < ARRAY_COUNT(stream_protocols); i++)
        if (stream_protocols[i].protocol == protocol)
            return &stream_protocols[i];
    return NULL;
}

static enum protocol protocol_of_port(uint16_t port)
{
    switch (port) {
    case PORT_KERBEROS:
        return protocol_kerberos;
    case PORT_EPMAP:
        return protocol_rpc;
    case PORT_NETBIOS_SESSION:
    case PORT_SMB:
        return protocol_smb;
    default:
        return protocol_unknown;
    }
}

/* A Kerberos message over TCP is probed behind its length. */
static bool probe_matches(const struct stream_protocol *p, struct str bytes)
{
    if (p->protocol != protocol_kerberos)
        return p->probe(bytes);
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, TCP_LENGTH_BYTES);
    return reader_ok(&r) && kerberos_probe(reader_rest(&r));
}

/* True when the flow's protocol is known now. */
static bool recognise(struct tcp_flow *flow, struct str bytes)
{
    if (flow->protocol != protocol_unknown)
        return true;
    flow->protocol = (uint8_t)protocol_of_port(flow->place.server_port);
    if (flow->protocol == protocol_unknown && flow->midstream)
        flow->protocol = (uint8_t)protocol_of_port(flow->place.client_port);
    for (size_t i = 0; i < ARRAY_COUNT(stream_protocols) && flow->protocol == protocol_unknown; i++)
        if (probe_matches(&stream_protocols[i], bytes))
            flow->protocol = (uint8_t)stream_protocols[i].protocol;
    return flow->protocol != protocol_unknown;
}

static struct framing handle_frame(void *owner, struct tcp_flow *flow, const struct place *place,
                                   struct str bytes)
{
    (void)owner;
    if (!recognise(flow, bytes)) {
        if (bytes.size < PROBE_BYTES && flow->probes < PROBES_MAX) {
            flow->probes++;
            return (struct framing){.state = FRAMING_MORE, .want = PROBE_BYTES};
        }
        if (++flow->probes >= PROBES_MAX)
            flow->given_up = true;
        return (struct framing){.state = FRAMING_BAD};
    }
    const struct stream_protocol *p = find_protocol(flow->protocol);
    struct framing framing = p->frame(bytes);
    if (framing.state == FRAMING_WHOLE && flow->midstream && flow->messages == 0) {
        enum direction direction = p->direction(bytes);
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
    switch (flow->protocol) {
    case protocol_kerberos: {
        struct reader r = reader_of_str(message);
        reader_skip(&r, TCP_LENGTH_BYTES);
        kerberos_message(d->kerberos, &d->out, place, reader_rest(&r));
        break;
    }
    case protocol_smb:
        smb_message(d->smb, &d->out, place, message, size);
        break;
    case protocol_rpc:
        rpc_message(d->rpc, &d->out, place, message);
        break;
    default:
        break;
    }
    flow->malformed_messages += (uint32_t)(d->out.malformed - malformed);
    flow->sealed_messages += (uint32_t)(d->out.sealed_messages[flow->protocol] - sealed);
}

static void handle_lost(void *owner, struct tcp_flow *flow, const struct place *place, uint64_t size)
{
    struct dispatch *d = owner;
    (void)size;
    if (flow->protocol == protocol_smb)
        smb_lost(d->smb, &d->out, place);
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
    body->one_sided = !flow->seen[0] || !flow->seen[1];
}

static void handle_ended(void *owner, struct tcp_flow *flow, const struct place *place, enum ending why)
{
    struct dispatch *d = owner;
    (void)why;
    if (flow->protocol == protocol_unknown)
        return;
    if (flow->protocol == protocol_kerberos)
        kerberos_end(d->kerberos, &d->out, place);
    else if (flow->protocol == protocol_smb)
        smb_end(d->smb, &d->out, place);
    else
        rpc_end(d->rpc, &d->out, place);
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

void dispatch_datagram(struct dispatch *d, const struct place *place, struct str message)
{
    kerberos_message(d->kerberos, &d->out, place, message);
}

void dispatch_expire(struct dispatch *d, time_ns now)
{
    smb_expire(d->smb, &d->out, now);
    rpc_expire(d->rpc, &d->out, now);
    auth_expire(d->auth, &d->out, now);
    kerberos_expire(d->kerberos, &d->out, now);
}

enum err dispatch_create(struct dispatch *d, const struct decode_options *o, struct table *files)
{
    *d = (struct dispatch){.out = {.files = files, .fingerprint_key = o->fingerprint_key}};
    enum err err = auth_create(
        &d->auth,
        &(struct auth_options){.conversations = o->sessions, .timeout = o->request_timeout, .seed = o->seed});
    if (err == ERR_OK)
        err = kerberos_create(&d->kerberos, &(struct kerberos_options){.pending = o->requests,
                                                                       .timeout = o->request_timeout,
                                                                       .seed = o->seed});
    if (err == ERR_OK)
        err = rpc_create(&d->rpc,
                         &(struct rpc_options){.connections = o->sessions,
                                               .calls = o->requests,
                                               .timeout = o->request_timeout,
                                               .seed = o->seed},
                         d->auth);
    if (err == ERR_OK)
        err = smb_create(&d->smb,
                         &(struct smb_options){.sessions = o->sessions,
                                               .trees = o->sessions,
                                               .files = o->sessions,
                                               .requests = o->requests,
                                               .timeout = o->request_timeout,
                                               .all = o->all_smb,
                                               .seed = o->seed},
                         d->auth, d->rpc);
    return err;
}

void dispatch_close(struct dispatch *d)
{
    smb_free(d->smb);
    rpc_free(d->rpc);
    kerberos_free(d->kerberos);
    auth_free(d->auth);
}

size_t dispatch_tables(struct dispatch *d, struct table **tables)
{
    size_t count = auth_tables(d->auth, tables);
    count += kerberos_tables(d->kerberos, tables + count);
    count += rpc_tables(d->rpc, tables + count);
    count += smb_tables(d->smb, tables + count);
    return count;
}
