/*
 * dhcp - pairs requests with their answers.
 */
#include "services/protocol-decode/dhcp.h"

#include "services/protocol-decode/dhcp_options.h"
#include "services/protocol-decode/waiting.h"

enum {
    PORT_SERVER = 67,
    PORT_CLIENT6 = 546,
    PORT_SERVER6 = 547,
};

struct dhcp_module {
    struct waiting *waiting;
};

/* A message on its way through the module. */
struct exchange {
    struct dhcp_module *module;
    struct decode_out *out;
    struct place place; /* client is who asked */
    struct str bytes;
    struct dhcp_parsed parsed;
    bool v6;
    bool relayed; /* between a relay and a server: both ports are the server's (RFC 2131 4.1) */
    bool cut;
};

static void set_asked(void *body, const struct waiting_request *request)
{
    struct dhcp *dhcp = body;
    dhcp->asked = request->asked;
}

enum err dhcp_create(struct dhcp_module **out, const struct dhcp_options *options)
{
    struct dhcp_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    enum err err = waiting_create(&m->waiting, &(struct waiting_options){
                                                   .name = "dhcp-requests",
                                                   .type = RECORD_dhcp,
                                                   .requests = options->requests,
                                                   .timeout = options->timeout,
                                                   .seed = options->seed,
                                                   .set = set_asked,
                                               });
    if (err != ERR_OK) {
        dhcp_free(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

void dhcp_free(struct dhcp_module *m)
{
    if (!m)
        return;
    waiting_free(m->waiting);
    free(m);
}

size_t dhcp_tables(struct dhcp_module *m, struct table **tables)
{
    return waiting_tables(m->waiting, tables);
}

/* The request that an answer is for (RFC 2131 3.1; RFC 8415 18.3): what has one answer shares a number. */
static uint64_t stage_of(uint8_t message)
{
    switch (message) {
    case dhcp_message_discover:
    case dhcp_message_offer:
        return 1;
    case dhcp_message_request:
    case dhcp_message_ack:
    case dhcp_message_nak:
        return 2;
    case dhcp_message_inform:
        return 3; /* answered by ACK too */
    case dhcp_message_bootp:
        return 4;
    case dhcp_message_solicit:
    case dhcp_message_advertise:
        return 6;
    default:
        return message < dhcp_message_solicit ? 5 : 7;
    }
}

static struct waiting_key key_of(const struct exchange *x, uint64_t stage)
{
    struct id client = hash_id(HASH_KEY_NAMES, x->parsed.client.at, x->parsed.client.size);
    return (struct waiting_key){.scope = client,
                                .number = (uint64_t)x->parsed.xid << 8 | (uint64_t)x->v6 << 7 |
                                          (uint64_t)x->relayed << 6 | stage};
}

static bool wants_answer(uint8_t message)
{
    return message != dhcp_message_decline && message != dhcp_message_release;
}

static void read_message(struct exchange *x, struct dhcp *body)
{
    struct arena *arena = &x->out->batch->arena;
    if (x->v6)
        dhcp6_read(arena, x->bytes, &x->parsed, body);
    else
        dhcp_read(arena, x->bytes, &x->parsed, body);
    body->version = x->v6 ? 6 : 4;
    body->xid = x->parsed.xid;
    *(x->parsed.answer ? &body->reply : &body->message) = x->parsed.message;
    if (!x->parsed.fault && !x->cut)
        return;
    body->unread = x->cut ? unread_truncated : unread_malformed;
    body->unread_at = x->parsed.fault ? (uint32_t)x->parsed.fault_at : x->bytes.size;
    if (!x->cut)
        decode_malformed(x->out, &x->place, "dhcp", x->parsed.fault, x->parsed.fault_at);
}

static uint64_t unique_of(const struct exchange *x)
{
    uint64_t client = hash_u64(HASH_KEY_NAMES, x->parsed.client.at, x->parsed.client.size);
    return client ^ ((uint64_t)x->parsed.xid << 8 | x->parsed.message);
}

static struct dhcp *tell_alone(struct exchange *x)
{
    struct dhcp *body = decode_emit(x->out, RECORD_dhcp, &x->place, x->place.time, unique_of(x));
    if (x->parsed.answer) {
        body->reply_frame = x->place.frame;
        body->reply_time = x->place.time;
    } else {
        body->request_frame = x->place.frame;
        body->request_time = x->place.time;
        body->asked = 1;
    }
    return body;
}

static void take_request(struct exchange *x)
{
    if (!wants_answer(x->parsed.message)) {
        read_message(x, tell_alone(x));
        return;
    }
    struct dhcp body = {0};
    read_message(x, &body);
    uint64_t unique = unique_of(x);
    struct waiting_request request = {.fingerprint = unique, .unique = unique};
    request.place = x->place;
    struct waiting_key key = key_of(x, stage_of(x->parsed.message));
    waiting_ask(x->module->waiting, x->out, &key, &request, &body);
}

static void take_answer(struct exchange *x)
{
    uint64_t stage = stage_of(x->parsed.message);
    struct waiting_key key = key_of(x, stage);
    struct dhcp *body = waiting_answer(x->module->waiting, x->out, &key, &x->place, true);
    if (!body && x->parsed.message == dhcp_message_ack) {
        key = key_of(x, stage_of(dhcp_message_inform));
        body = waiting_answer(x->module->waiting, x->out, &key, &x->place, true);
    }
    if (!body && x->parsed.message == dhcp_message_reply) {
        key = key_of(x, stage_of(dhcp_message_solicit)); /* Rapid Commit (RFC 8415 18.2.1) */
        body = waiting_answer(x->module->waiting, x->out, &key, &x->place, true);
    }
    read_message(x, body ? body : tell_alone(x));
}

/* Who asks is the client; of what is sent to everybody, the ports say no more than that. */
static void set_place(struct exchange *x, const struct place *place)
{
    x->place = *place;
    if (!x->parsed.answer == place->to_server)
        return;
    x->place.to_server = !x->parsed.answer;
    x->place.client = place->server;
    x->place.client_port = place->server_port;
    x->place.server = place->client;
    x->place.server_port = place->client_port;
}

void dhcp_message(struct dhcp_module *m, struct decode_out *out, const struct place *place,
                  struct str message, uint32_t size)
{
    dhcp_expire(m, out, place->time);
    struct exchange x = {.module = m, .out = out, .bytes = message, .cut = message.size < size};
    x.v6 = place->server_port == PORT_SERVER6 || place->server_port == PORT_CLIENT6;
    x.relayed = place->server_port == place->client_port;
    if (!(x.v6 ? dhcp6_open(message, &x.parsed) : dhcp_open(message, &x.parsed))) {
        if (!x.cut)
            decode_malformed(out, place, "dhcp", "header is none", 0);
        return;
    }
    out->messages[protocol_dhcp]++;
    set_place(&x, place);
    if (x.parsed.answer)
        take_answer(&x);
    else
        take_request(&x);
}

void dhcp_expire(struct dhcp_module *m, struct decode_out *out, time_ns now)
{
    waiting_expire(m->waiting, out, now);
}
