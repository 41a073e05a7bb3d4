/*
 * dns - frames messages, and hands each with its place to its exchange.
 */
#include "services/protocol-decode/dns.h"

#include "services/protocol-decode/dns_exchange.h"
#include "services/protocol-decode/netbios_datagram.h"

enum {
    LENGTH_BYTES = 2,    /* RFC 1035 4.2.2 */
    QUESTION_BYTES = 5,  /* the shortest */
    RECORD_BYTES = 11,   /* the shortest */
    OPCODE_STATEFUL = 6, /* the highest one of DNS */
    EXTRA_SHARE = 16,    /* of so many questions one may have more than a name and a type */
    EXTRA_MIN = 16,
    PENDING_LAYOUT = 1,
    EXTRA_LAYOUT = 1,
};

enum err dns_create(struct dns_module **out, const struct dns_options *options, struct auth *auth)
{
    struct dns_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->timeout = options->timeout;
    m->auth = auth;
    uint32_t extra = options->pending / EXTRA_SHARE;
    enum err err = table_create(&m->pending, &(struct table_options){
                                                 .name = "dns-pending",
                                                 .key_size = sizeof(struct dns_pending_key),
                                                 .value_size = sizeof(struct dns_pending),
                                                 .capacity = options->pending,
                                                 .layout = PENDING_LAYOUT,
                                                 .seed = options->seed,
                                             });
    if (err == ERR_OK)
        err = table_create(&m->extra, &(struct table_options){
                                          .name = "dns-extra",
                                          .key_size = sizeof(struct dns_pending_key),
                                          .value_size = sizeof(struct dns_extra),
                                          .capacity = extra > EXTRA_MIN ? extra : EXTRA_MIN,
                                          .layout = EXTRA_LAYOUT,
                                          .seed = options->seed,
                                      });
    if (err != ERR_OK) {
        dns_free(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

void dns_free(struct dns_module *m)
{
    if (!m)
        return;
    table_free(m->pending);
    table_free(m->extra);
    free(m);
}

size_t dns_tables(struct dns_module *m, struct table **tables)
{
    tables[0] = m->pending;
    tables[1] = m->extra;
    return 2;
}

struct framing dns_frame(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (bytes.size < LENGTH_BYTES + DNS_HEADER_BYTES)
        return (struct framing){.state = FRAMING_MORE, .want = LENGTH_BYTES + DNS_HEADER_BYTES};
    uint32_t length = reader_u16be(&r);
    reader_skip(&r, 2);
    uint16_t flags = reader_u16be(&r);
    uint32_t questions = reader_u16be(&r), records = reader_u16be(&r);
    records += reader_u16be(&r);
    records += reader_u16be(&r);
    if (dns_opcode(flags) > OPCODE_STATEFUL ||
        length < DNS_HEADER_BYTES + questions * QUESTION_BYTES + records * RECORD_BYTES)
        return (struct framing){.state = FRAMING_BAD};
    uint32_t size = LENGTH_BYTES + length;
    return (struct framing){.state = FRAMING_WHOLE, .size = size, .want = size};
}

bool dns_is_answer(struct str message)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, 2);
    return reader_u16be(&r) & DNS_FLAG_RESPONSE;
}

static enum protocol service_of(const struct place *place)
{
    static const struct {
        uint16_t port;
        uint8_t protocol;
    } services[] = {
        {DNS_PORT, protocol_dns},
        {DNS_PORT_NETBIOS_NAMES, protocol_netbios},
        {DNS_PORT_NETBIOS_DATAGRAMS, protocol_netbios},
        {DNS_PORT_LLMNR, protocol_llmnr},
        {DNS_PORT_MDNS, protocol_mdns},
    };
    for (size_t i = 0; i < ARRAY_COUNT(services); i++)
        if (services[i].port == place->server_port)
            return services[i].protocol;
    return protocol_dns;
}

/* Who asked is the client, whatever the ports or the start of the capture suggested. */
static void set_place(struct dns_exchange *x, const struct place *place)
{
    bool request = !(x->message->flags & DNS_FLAG_RESPONSE);
    x->place = *place;
    if (request == place->to_server)
        return;
    x->place.to_server = request;
    x->place.client = place->server;
    x->place.client_port = place->server_port;
    x->place.server = place->client;
    x->place.server_port = place->client_port;
}

void dns_message(struct dns_module *m, struct decode_out *out, const struct place *place, struct str message,
                 uint32_t size)
{
    dns_expire(m, out, place->time);
    if (place->server_port == DNS_PORT_NETBIOS_DATAGRAMS) {
        netbios_datagram(out, place, message, size);
        return;
    }
    struct dns_message parsed;
    struct dns_exchange x = {.module = m,
                             .out = out,
                             .protocol = service_of(place),
                             .message = &parsed,
                             .cut = message.size < size};
    bool opened = dns_message_open(&out->batch->arena, x.protocol, message, &parsed, &x.records);
    if (!opened) {
        if (!x.cut)
            decode_malformed(out, place, "dns", parsed.fault, parsed.fault_at);
        return;
    }
    parsed.bytes = size;
    out->messages[x.protocol]++;
    set_place(&x, place);
    if (parsed.flags & DNS_FLAG_RESPONSE)
        dns_take_reply(&x);
    else
        dns_take_request(&x);
}

void dns_expire(struct dns_module *m, struct decode_out *out, time_ns now)
{
    for (const struct dns_pending *p = table_oldest(m->pending); p && p->deadline < now;
         p = table_oldest(m->pending))
        dns_tell_overdue(m, out, p, now);
}
