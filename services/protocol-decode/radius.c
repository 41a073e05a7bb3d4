/*
 * radius - pairs requests with their answers.
 */
#include "services/protocol-decode/radius.h"

#include "services/protocol-decode/radius_attributes.h"
#include "services/protocol-decode/waiting.h"

enum {
    HEADER_BYTES = 20,
    PACKET_BYTES_MAX = 4096, /* RFC 2865 3 */
    AUTHENTICATOR_BYTES = 16,
};

struct radius_module {
    struct waiting *waiting;
};

/* What a code answers; 0 for a request (RFC 2865 3, 2866 3, 5176 2, 5997 3). */
static uint8_t answered_code(uint8_t code)
{
    switch (code) {
    case radius_code_access_accept:
    case radius_code_access_reject:
    case radius_code_access_challenge:
        return radius_code_access_request;
    case radius_code_accounting_response:
        return radius_code_accounting_request;
    case radius_code_disconnect_ack:
    case radius_code_disconnect_nak:
        return radius_code_disconnect_request;
    case radius_code_coa_ack:
    case radius_code_coa_nak:
        return radius_code_coa_request;
    default:
        return 0;
    }
}

static bool is_known(uint8_t code)
{
    return answered_code(code) != 0 || code == radius_code_access_request ||
           code == radius_code_accounting_request || code == radius_code_status_server ||
           code == radius_code_disconnect_request || code == radius_code_coa_request;
}

bool radius_is_answer(struct str message)
{
    struct reader r = reader_of_str(message);
    return answered_code(reader_u8(&r)) != 0;
}

static void set_asked(void *body, const struct waiting_request *request)
{
    struct radius *radius = body;
    radius->asked = request->asked;
}

enum err radius_create(struct radius_module **out, const struct radius_options *options)
{
    struct radius_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    enum err err = waiting_create(&m->waiting, &(struct waiting_options){
                                                   .name = "radius-requests",
                                                   .type = RECORD_radius,
                                                   .requests = options->requests,
                                                   .timeout = options->timeout,
                                                   .seed = options->seed,
                                                   .set = set_asked,
                                               });
    if (err != ERR_OK) {
        radius_free(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

void radius_free(struct radius_module *m)
{
    if (!m)
        return;
    waiting_free(m->waiting);
    free(m);
}

size_t radius_tables(struct radius_module *m, struct table **tables)
{
    return waiting_tables(m->waiting, tables);
}

/* A packet on its way through the module. */
struct exchange {
    struct radius_module *module;
    struct decode_out *out;
    struct place place; /* client is who asked */
    struct reader attributes;
    uint64_t authenticator; /* fingerprint: the same request has the same (RFC 2865 3) */
    uint8_t code;
    uint8_t identifier;
    bool cut; /* the capture lacks its end */
};

/* What could not be read of a packet, into its observation. */
static void read_attributes(struct exchange *x, bool answer, struct radius *body)
{
    if (radius_attributes(x->out, &x->attributes, answer, body) && !x->cut)
        return;
    body->unread = x->cut ? unread_truncated : unread_malformed;
    body->unread_at = (uint32_t)reader_offset(&x->attributes);
    if (!x->cut)
        decode_malformed(x->out, &x->place, "radius", "attribute does not fit", body->unread_at);
}

static struct waiting_key key_of(const struct exchange *x)
{
    return (struct waiting_key){.scope = x->place.flow, .number = x->identifier};
}

static void take_request(struct exchange *x)
{
    struct radius body = {0};
    body.code = x->code;
    body.identifier = x->identifier;
    read_attributes(x, false, &body);
    struct waiting_request request = {.fingerprint = x->authenticator,
                                      .unique = x->authenticator ^ (uint64_t)x->identifier};
    request.place = x->place;
    struct waiting_key key = key_of(x);
    waiting_ask(x->module->waiting, x->out, &key, &request, &body);
}

static void take_answer(struct exchange *x)
{
    struct waiting_key key = key_of(x);
    struct radius *body = waiting_answer(x->module->waiting, x->out, &key, &x->place, false);
    if (!body) {
        body = decode_emit(x->out, RECORD_radius, &x->place, x->place.time, x->authenticator);
        body->reply_frame = x->place.frame;
        body->reply_time = x->place.time;
        body->identifier = x->identifier;
    }
    body->reply = x->code;
    read_attributes(x, true, body);
}

static void set_place(struct exchange *x, const struct place *place)
{
    bool request = answered_code(x->code) == 0;
    x->place = *place;
    if (request == place->to_server)
        return;
    x->place.to_server = request;
    x->place.client = place->server;
    x->place.client_port = place->server_port;
    x->place.server = place->client;
    x->place.server_port = place->client_port;
}

void radius_message(struct radius_module *m, struct decode_out *out, const struct place *place,
                    struct str message, uint32_t size)
{
    radius_expire(m, out, place->time);
    struct exchange x = {.module = m, .out = out};
    struct reader r = reader_of_str(message);
    x.code = reader_u8(&r);
    x.identifier = reader_u8(&r);
    uint16_t length = reader_u16be(&r);
    struct str authenticator = reader_bytes(&r, AUTHENTICATOR_BYTES);
    bool fits = length >= HEADER_BYTES && length <= size && length <= PACKET_BYTES_MAX;
    if (!reader_ok(&r) || !is_known(x.code) || !fits) {
        if (message.size == size)
            decode_malformed(out, place, "radius", "header is none", 0);
        return;
    }
    /* Octets behind the length are padding (RFC 2865 3). */
    size_t left = reader_left(&r), whole = length - (size_t)HEADER_BYTES;
    x.cut = left < whole;
    x.attributes = reader_sub(&r, whole < left ? whole : left);
    x.authenticator = decode_fingerprint(out, authenticator).low;
    out->messages[protocol_radius]++;
    set_place(&x, place);
    if (x.place.to_server)
        take_request(&x);
    else
        take_answer(&x);
}

void radius_expire(struct radius_module *m, struct decode_out *out, time_ns now)
{
    waiting_expire(m->waiting, out, now);
}
