/*
 * kerberos - frames messages, pairs requests with their answers, and tells each exchange once.
 */
#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/kerberos_open.h"
#include "services/protocol-decode/kerberos_pending.h"

enum {
    FLOW_REQUESTS_MAX = 8, /* that may wait in one flow at once */
    LENGTH_BYTES = 4,      /* RFC 4120 7.2.2 */
    TAG_BYTES = 1,
    MESSAGE_BYTES_MIN = 16, /* shorter than any message */
    PENDING_LAYOUT = 2,
    ANSWERED_LAYOUT = 1,
};

/* A request that waits. Oldest touched is oldest: entries are looked at without touching them. */
struct pending_key {
    struct id flow;
    uint64_t slot; /* below FLOW_REQUESTS_MAX */
};

/* A datagram that has been told, as request or as answer, and may come again. */
struct answered_key {
    struct id flow;
    uint64_t fingerprint;
};

struct kerberos_module {
    struct table *pending;
    struct table *answered; /* answered_key -> time_ns until when it is remembered */
    time_ns timeout;
};

/* One message on its way through the module. */
struct exchange {
    struct kerberos_module *module;
    struct decode_out *out;
    struct place place; /* client is who asked */
    struct str message;
    uint64_t fingerprint; /* of message; 0 while nothing asked for it */
    const struct kerberos_parsed *parsed;
};

enum err kerberos_create(struct kerberos_module **out, const struct kerberos_options *options)
{
    struct kerberos_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->timeout = options->timeout;
    enum err err = table_create(&m->pending, &(struct table_options){
                                                 .name = "kerberos-pending",
                                                 .key_size = sizeof(struct pending_key),
                                                 .value_size = sizeof(struct kerberos_pending),
                                                 .capacity = options->pending,
                                                 .layout = PENDING_LAYOUT,
                                                 .seed = options->seed,
                                             });
    if (err == ERR_OK)
        err = table_create(&m->answered, &(struct table_options){
                                             .name = "kerberos-answered",
                                             .key_size = sizeof(struct answered_key),
                                             .value_size = sizeof(time_ns),
                                             .capacity = options->pending,
                                             .layout = ANSWERED_LAYOUT,
                                             .seed = options->seed,
                                         });
    if (err != ERR_OK) {
        kerberos_free(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

void kerberos_free(struct kerberos_module *m)
{
    if (!m)
        return;
    table_free(m->pending);
    table_free(m->answered);
    free(m);
}

size_t kerberos_tables(struct kerberos_module *m, struct table **tables)
{
    tables[0] = m->pending;
    tables[1] = m->answered;
    return 2;
}

struct framing kerberos_frame(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (bytes.size < LENGTH_BYTES + TAG_BYTES)
        return (struct framing){.state = FRAMING_MORE, .want = LENGTH_BYTES + TAG_BYTES};
    uint32_t length = reader_u32be(&r);
    /* The highest bit is reserved (RFC 4120 7.2.2), and no message is as long as the bits below it allow. */
    if (length < MESSAGE_BYTES_MIN || length > STREAM_MESSAGE_BYTES_MAX - LENGTH_BYTES ||
        kerberos_type_of(reader_u8(&r)) == KERBEROS_NONE)
        return (struct framing){.state = FRAMING_BAD};
    uint32_t size = length + LENGTH_BYTES;
    return (struct framing){.state = FRAMING_WHOLE, .size = size, .want = size};
}

/* [number] INTEGER value, as every encoder writes it. */
static bool probe_integer(struct reader *r, uint8_t number, uint8_t value)
{
    bool same = reader_u8(r) == DER_CONTEXT(number);
    same = reader_u8(r) == 3 && same;
    same = reader_u8(r) == DER_INTEGER && same;
    same = reader_u8(r) == 1 && same;
    return reader_u8(r) == value && same && reader_ok(r);
}

bool kerberos_probe(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t tag;
    uint32_t outer, inner;
    if (!der_header(&r, &tag, &outer) || outer > STREAM_MESSAGE_BYTES_MAX)
        return false;
    uint8_t type = kerberos_type_of(tag);
    size_t before = reader_offset(&r);
    if (type == KERBEROS_NONE || !der_header(&r, &tag, &inner) || tag != DER_SEQUENCE)
        return false;
    /* The SEQUENCE fills the message. */
    if (inner != outer - (reader_offset(&r) - before))
        return false;
    uint8_t first = type == KERBEROS_AS_REQ || type == KERBEROS_TGS_REQ ? 1 : 0;
    return probe_integer(&r, first, KERBEROS_VERSION) && probe_integer(&r, (uint8_t)(first + 1), type);
}

static struct pending_key key_of(struct id flow, uint64_t slot)
{
    return (struct pending_key){.flow = flow, .slot = slot};
}

static bool came_before(const struct place *a, const struct place *b)
{
    return a->time != b->time ? a->time < b->time : a->frame < b->frame;
}

static void set_request(struct decode_out *out, const struct kerberos_pending *p, struct kerberos *body)
{
    kerberos_pending_get(p, &out->batch->arena, body);
    body->transport = p->place.transport;
    body->request_frame = p->place.frame;
    body->request_time = p->place.time;
}

/* Tells a request that got no answer, at its deadline or when it had to go before. */
static void tell_unanswered(struct kerberos_module *m, struct decode_out *out,
                            const struct kerberos_pending *p, time_ns now)
{
    time_ns time = p->deadline < now ? p->deadline : now;
    struct kerberos *body = decode_emit(out, RECORD_kerberos, &p->place, time, p->unique);
    set_request(out, p, body);
    kerberos_open_tell(out, body);
    struct pending_key key;
    memcpy(&key, table_key(m->pending, p), sizeof(key));
    table_remove(m->pending, &key);
}

/* The request of this flow that has waited longest; of one kind when kind is not unknown. Those whose
 * deadline has passed count as told already, and are told now. */
static const struct kerberos_pending *find_oldest(struct kerberos_module *m, struct decode_out *out,
                                                  const struct place *place, uint8_t kind)
{
    const struct kerberos_pending *oldest = NULL;
    for (uint64_t slot = 0; slot < FLOW_REQUESTS_MAX; slot++) {
        struct pending_key key = key_of(place->flow, slot);
        const struct kerberos_pending *p = table_peek(m->pending, &key);
        if (p && p->deadline < place->time) {
            tell_unanswered(m, out, p, place->time);
            p = NULL;
        }
        if (p && (kind == kerberos_message_unknown || p->message == kind) &&
            (!oldest || came_before(&p->place, &oldest->place)))
            oldest = p;
    }
    return oldest;
}

/* Only datagrams, and what has no nonce, are known again by it: a stream's messages are not hashed. */
static uint64_t fingerprint_of(struct exchange *x)
{
    if (x->fingerprint == 0)
        x->fingerprint = decode_fingerprint(x->out, x->message).low;
    return x->fingerprint;
}

static bool is_told(struct exchange *x)
{
    struct answered_key key = {.flow = x->place.flow, .fingerprint = fingerprint_of(x)};
    const time_ns *until = table_peek(x->module->answered, &key);
    return until && *until >= x->place.time;
}

/* Only datagrams come twice: TCP has dropped its retransmissions before. */
static void remember_told(struct exchange *x, uint64_t fingerprint)
{
    struct answered_key key = {.flow = x->place.flow, .fingerprint = fingerprint};
    time_ns *until = table_put(x->module->answered, &key, NULL);
    *until = x->place.time + x->module->timeout;
}

/* The same bytes, nonce and all, are the same request. */
static bool is_waiting(struct exchange *x)
{
    for (uint64_t slot = 0; slot < FLOW_REQUESTS_MAX; slot++) {
        struct pending_key key = key_of(x->place.flow, slot);
        const struct kerberos_pending *p = table_peek(x->module->pending, &key);
        if (p && p->deadline >= x->place.time && p->fingerprint == fingerprint_of(x))
            return true;
    }
    return false;
}

/* A free slot of the flow and of the table. What stands in the way is told first: it is not lost. */
static struct pending_key make_room(struct exchange *x)
{
    struct kerberos_module *m = x->module;
    for (uint64_t slot = 0; slot < FLOW_REQUESTS_MAX; slot++) {
        struct pending_key key = key_of(x->place.flow, slot);
        if (table_peek(m->pending, &key))
            continue;
        if (table_count(m->pending) == table_capacity(m->pending))
            tell_unanswered(m, x->out, table_oldest(m->pending), x->place.time);
        return key;
    }
    const struct kerberos_pending *p = find_oldest(m, x->out, &x->place, kerberos_message_unknown);
    REQUIRE(p != NULL);
    struct pending_key key;
    memcpy(&key, table_key(m->pending, p), sizeof(key));
    tell_unanswered(m, x->out, p, x->place.time);
    return key;
}

static void take_request(struct exchange *x)
{
    struct kerberos_module *m = x->module;
    if (x->place.transport == transport_udp && (is_told(x) || is_waiting(x)))
        return;
    struct pending_key key = make_room(x);
    struct kerberos_pending *p = table_put(m->pending, &key, NULL);
    kerberos_place_set(&p->place, &x->place);
    p->deadline = x->place.time + m->timeout;
    uint8_t kind = x->parsed->body.message;
    bool has_nonce = kind == kerberos_message_as || kind == kerberos_message_tgs;
    p->fingerprint = x->place.transport == transport_udp || !has_nonce ? fingerprint_of(x) : 0;
    kerberos_pending_set(p, &x->parsed->body);
}

static void set_reply_ticket(const struct kerberos *reply, struct kerberos *body)
{
    if (id_is_none(reply->ticket))
        return;
    body->ticket = reply->ticket;
    body->ticket_sname = reply->ticket_sname;
    body->ticket_realm = reply->ticket_realm;
    body->ticket_etype = reply->ticket_etype;
    body->ticket_kvno = reply->ticket_kvno;
    body->ticket_bytes = reply->ticket_bytes;
}

/* What comes from the padata of a reply, or from the data of an error. */
static void set_reply_padata(const struct kerberos *reply, struct kerberos *body)
{
    body->reply_padata = reply->reply_padata;
    body->offered_etypes = reply->offered_etypes;
    body->salts = reply->salts;
    body->s2kparams = reply->s2kparams;
    body->reply_cookie = reply->reply_cookie;
    body->reply_freshness = reply->reply_freshness;
    body->reply_fast_etype = reply->reply_fast_etype;
    body->referred_realm = reply->referred_realm;
    body->referred_name = reply->referred_name;
    body->superseded_by = reply->superseded_by;
    body->supported_etypes = reply->supported_etypes;
    body->reply_pkinit = reply->reply_pkinit;
    body->reply_kdf = reply->reply_kdf;
    body->kdc_certificates.at = reply->kdc_certificates.at;
    body->kdc_certificates.count = reply->kdc_certificates.count;
    body->typed_data = reply->typed_data;
    body->error_data_type = reply->error_data_type;
    body->error_status = reply->error_status;
}

static void set_reply(const struct exchange *x, struct kerberos *body)
{
    const struct kerberos *reply = &x->parsed->body;
    body->reply = reply->reply;
    body->reply_frame = x->place.frame;
    body->reply_time = x->place.time;
    body->crealm = reply->crealm;
    body->error_code = reply->error_code;
    body->error_text = reply->error_text;
    body->server_time = reply->server_time;
    body->client_time = reply->client_time;
    body->reply_etype = reply->reply_etype;
    body->reply_kvno = reply->reply_kvno;
    if (body->cname.size == 0) {
        body->cname = reply->cname;
        body->cname_type = reply->cname_type;
    }
    set_reply_padata(reply, body);
    set_reply_ticket(reply, body);
}

static void tell_answered(struct exchange *x, const struct kerberos_pending *p)
{
    struct kerberos_module *m = x->module;
    struct kerberos *body = decode_emit(x->out, RECORD_kerberos, &p->place, x->place.time, p->unique);
    set_request(x->out, p, body);
    set_reply(x, body);
    kerberos_open_tell(x->out, body);
    uint64_t request = p->fingerprint;
    struct pending_key key;
    memcpy(&key, table_key(m->pending, p), sizeof(key));
    table_remove(m->pending, &key);
    if (x->place.transport != transport_udp)
        return;
    remember_told(x, request);
    remember_told(x, fingerprint_of(x));
}

/* An answer whose request was not captured. An error names realm and service that were asked. */
static void tell_alone(struct exchange *x)
{
    const struct kerberos *reply = &x->parsed->body;
    struct kerberos *body = decode_emit(x->out, RECORD_kerberos, &x->place, x->place.time, fingerprint_of(x));
    body->transport = x->place.transport;
    body->message = reply->message;
    set_reply(x, body);
    body->realm = reply->realm;
    body->sname = reply->sname;
    body->sname_type = reply->sname_type;
    kerberos_open_tell(x->out, body);
    if (x->place.transport == transport_udp)
        remember_told(x, fingerprint_of(x));
}

static void take_reply(struct exchange *x)
{
    uint8_t kind = x->parsed->body.message; /* unknown for an error, which may answer anything */
    const struct kerberos_pending *p = find_oldest(x->module, x->out, &x->place, kind);
    /* An AP-REP says nothing but that the AP-REQ was accepted. */
    if (!p && x->parsed->type == KERBEROS_AP_REP)
        return;
    if (p)
        tell_answered(x, p);
    else if (x->place.transport != transport_udp || !is_told(x))
        tell_alone(x);
}

/* KRB-SAFE, KRB-PRIV and KRB-CRED (RFC 4120 5.6 to 5.8) are no answers and get none. */
static void tell_single(struct exchange *x)
{
    struct kerberos *body = decode_emit(x->out, RECORD_kerberos, &x->place, x->place.time, fingerprint_of(x));
    const struct kerberos *read = &x->parsed->body;
    body->transport = x->place.transport;
    body->message = read->message;
    body->request_frame = x->place.frame;
    body->request_time = x->place.time;
    body->reply_etype = read->reply_etype;
    body->reply_kvno = read->reply_kvno;
    body->checksum_type = read->checksum_type;
    body->unread = read->message == kerberos_message_safe ? unread_nothing : unread_encrypted;
    set_reply_ticket(read, body);
}

/* Who asked is the client, whatever the ports or the start of the capture suggested. */
static void set_place(struct exchange *x, const struct place *place)
{
    bool request = kerberos_is_request(x->parsed->type);
    x->place = *place;
    if (request == place->to_server)
        return;
    x->place.to_server = request;
    x->place.client = place->server;
    x->place.client_port = place->server_port;
    x->place.server = place->client;
    x->place.server_port = place->client_port;
}

static bool is_answer(uint8_t type)
{
    return type == KERBEROS_AS_REP || type == KERBEROS_TGS_REP || type == KERBEROS_AP_REP ||
           type == KERBEROS_TGT_REP || type == KERBEROS_ERROR;
}

void kerberos_message(struct kerberos_module *m, struct decode_out *out, const struct place *place,
                      struct str message)
{
    struct kerberos_parsed parsed;
    kerberos_expire(m, out, place->time);
    if (!kerberos_parse(out, message, &parsed)) {
        decode_malformed(out, place, "kerberos", parsed.fault.reason, parsed.fault.offset);
        return;
    }
    out->messages[protocol_kerberos]++;
    if (parsed.inner.failed)
        decode_malformed(out, place, "kerberos", parsed.inner.reason, parsed.inner.offset);
    kerberos_open(out, place, (struct id){0}, message);
    struct exchange x = {.module = m, .out = out, .message = message, .parsed = &parsed};
    if (kerberos_is_request(parsed.type)) {
        set_place(&x, place);
        take_request(&x);
    } else if (is_answer(parsed.type)) {
        set_place(&x, place);
        take_reply(&x);
    } else {
        x.place = *place;
        tell_single(&x);
    }
}

void kerberos_end(struct kerberos_module *m, struct decode_out *out, const struct place *place)
{
    kerberos_expire(m, out, place->time);
    for (int i = 0; i < FLOW_REQUESTS_MAX; i++) {
        const struct kerberos_pending *p = find_oldest(m, out, place, kerberos_message_unknown);
        if (!p)
            return;
        tell_unanswered(m, out, p, place->time);
    }
}

void kerberos_expire(struct kerberos_module *m, struct decode_out *out, time_ns now)
{
    for (struct kerberos_pending *p = table_oldest(m->pending); p && p->deadline < now;
         p = table_oldest(m->pending))
        tell_unanswered(m, out, p, now);
    for (time_ns *until = table_oldest(m->answered); until && *until < now;
         until = table_oldest(m->answered)) {
        struct answered_key key;
        memcpy(&key, table_key(m->answered, until), sizeof(key));
        table_remove(m->answered, &key);
    }
}
