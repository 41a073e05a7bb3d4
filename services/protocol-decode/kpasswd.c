/*
 * kpasswd - reads messages of the password protocol and pairs requests with their replies.
 */
#include "services/protocol-decode/kpasswd.h"
#include "services/protocol-decode/keep_body.h"
#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/kerberos_pending.h"
#include "common/base/text.h"

enum {
    LENGTH_BYTES = 4, /* over TCP */
    HEADER_BYTES = 6, /* RFC 3244 2: message length, version, length of AP-REQ or AP-REP */
    VERSION_CHANGE = 0x0001,
    VERSION_SET = 0xff80,
    MESSAGE_BYTES_MAX = 0xffff,
    BODY_BYTES = 1024,
    PENDING_LAYOUT = 1,
};

/* One request per flow. It stays after it was told, so that a datagram that comes again is known. */
struct pending {
    struct place place; /* of the request */
    time_ns deadline;
    uint64_t fingerprint; /* of the request */
    uint64_t answer;      /* of what answered it; 0 while nothing did */
    bool told;
    uint8_t body[BODY_BYTES]; /* keep_body.h */
};

struct kpasswd_module {
    struct table *pending; /* id of the flow -> pending, touched in the order of deadlines */
    time_ns timeout;
};

/* One message as it was read. */
struct message {
    struct kpasswd body;
    bool request;
    const char *reason; /* of what is wrong; null: nothing */
    size_t offset;
};

enum err kpasswd_create(struct kpasswd_module **out, const struct kpasswd_options *options)
{
    struct kpasswd_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->timeout = options->timeout;
    enum err err = table_create(&m->pending, &(struct table_options){
                                                 .name = "kpasswd-pending",
                                                 .key_size = sizeof(struct id),
                                                 .value_size = sizeof(struct pending),
                                                 .capacity = options->pending,
                                                 .layout = PENDING_LAYOUT,
                                                 .seed = options->seed,
                                             });
    if (err != ERR_OK) {
        kpasswd_free(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

void kpasswd_free(struct kpasswd_module *m)
{
    if (!m)
        return;
    table_free(m->pending);
    free(m);
}

size_t kpasswd_tables(struct kpasswd_module *m, struct table **tables)
{
    tables[0] = m->pending;
    return 1;
}

struct framing kpasswd_frame(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (bytes.size < LENGTH_BYTES + HEADER_BYTES)
        return (struct framing){.state = FRAMING_MORE, .want = LENGTH_BYTES + HEADER_BYTES};
    uint32_t length = reader_u32be(&r);
    if (length < HEADER_BYTES || length > MESSAGE_BYTES_MAX || length != reader_u16be(&r))
        return (struct framing){.state = FRAMING_BAD};
    uint32_t size = length + LENGTH_BYTES;
    return (struct framing){.state = FRAMING_WHOLE, .size = size, .want = size};
}

bool kpasswd_probe(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (kpasswd_frame(bytes).state != FRAMING_WHOLE)
        return false;
    reader_skip(&r, LENGTH_BYTES + 2);
    uint16_t version = reader_u16be(&r);
    uint16_t ap_bytes = reader_u16be(&r);
    uint8_t tag = reader_u8(&r);
    return (version == VERSION_CHANGE || version == VERSION_SET) &&
           (ap_bytes == 0
                ? kerberos_type_of(tag) == KERBEROS_ERROR
                : kerberos_type_of(tag) == KERBEROS_AP_REQ || kerberos_type_of(tag) == KERBEROS_AP_REP);
}

bool kpasswd_is_request(struct str message, bool *known)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, HEADER_BYTES);
    uint8_t type = kerberos_type_of(reader_u8(&r));
    *known = type == KERBEROS_AP_REQ || type == KERBEROS_AP_REP || type == KERBEROS_ERROR;
    return type == KERBEROS_AP_REQ;
}

static void refuse(struct message *m, const char *reason, size_t offset)
{
    if (m->reason)
        return;
    m->reason = reason;
    m->offset = offset;
}

/* A part of the message that must be one of two Kerberos messages. at: its offset. */
static bool read_part(struct decode_out *out, struct message *m, struct str part, size_t at,
                      struct kerberos_parsed *parsed)
{
    if (kerberos_parse(out, part, parsed))
        return true;
    refuse(m, parsed->fault.reason, at + parsed->fault.offset);
    return false;
}

static void take_request(struct message *m, const struct kerberos *ap)
{
    m->request = true;
    m->body.ticket = ap->ticket;
    m->body.ticket_sname = ap->ticket_sname;
    m->body.ticket_realm = ap->ticket_realm;
    m->body.ticket_etype = ap->ticket_etype;
    m->body.ticket_kvno = ap->ticket_kvno;
    m->body.ticket_bytes = ap->ticket_bytes;
    m->body.ap_options = ap->ap_options;
    m->body.authenticator_etype = ap->authenticator_etype;
}

/* The e-data of an error is a result code and a string for a person (RFC 3244 2). */
static void take_error(struct decode_out *out, struct message *m, const struct kerberos_parsed *error)
{
    struct reader r = reader_of_str(error->error_data);
    m->body.reply = kerberos_reply_error;
    m->body.error_code = error->body.error_code;
    m->body.error_text = error->body.error_text;
    m->body.server_time = error->body.server_time;
    m->body.result_code = reader_u16be(&r);
    m->body.result = reader_ok(&r);
    m->body.result_text = text_to_utf8(&out->batch->arena, reader_rest(&r));
}

/* Behind the AP-REQ or AP-REP: KRB-PRIV; alone: KRB-ERROR. */
static void read_rest(struct decode_out *out, struct message *m, struct str rest, size_t at, bool alone)
{
    struct kerberos_parsed parsed;
    if (!read_part(out, m, rest, at, &parsed))
        return;
    if (parsed.type == KERBEROS_ERROR) {
        take_error(out, m, &parsed);
    } else if (parsed.type != KERBEROS_PRIV || alone) {
        refuse(m, "neither KRB-PRIV nor KRB-ERROR", at);
    } else if (m->request) {
        m->body.sealed_etype = parsed.body.reply_etype;
        m->body.sealed_bytes = rest.size;
    } else {
        m->body.reply_sealed_etype = parsed.body.reply_etype;
        m->body.reply_sealed_bytes = rest.size;
    }
    m->body.unread = parsed.type == KERBEROS_PRIV ? unread_encrypted : unread_nothing;
}

static void read_message(struct decode_out *out, struct str bytes, struct message *m)
{
    struct kerberos_parsed ap;
    memset(m, 0, sizeof(*m));
    /* Some servers answer with a KRB-ERROR and nothing around it. */
    if (kerberos_probe(bytes)) {
        read_rest(out, m, bytes, 0, true);
        return;
    }
    struct reader r = reader_of_str(bytes);
    uint16_t length = reader_u16be(&r), version = reader_u16be(&r), ap_bytes = reader_u16be(&r);
    struct str part = reader_bytes(&r, ap_bytes);
    if (!reader_ok(&r) || length != bytes.size) {
        refuse(m, "length of another message", 0);
        return;
    }
    if (part.size > 0 && !read_part(out, m, part, HEADER_BYTES, &ap))
        return;
    if (part.size > 0 && ap.type == KERBEROS_AP_REQ) {
        take_request(m, &ap.body);
    } else if (part.size > 0 && ap.type == KERBEROS_AP_REP) {
        m->body.reply = kerberos_reply_reply;
        m->body.reply_etype = ap.body.reply_etype;
    } else if (part.size > 0) {
        refuse(m, "neither AP-REQ nor AP-REP", HEADER_BYTES);
    }
    *(m->request ? &m->body.version : &m->body.reply_version) = version;
    size_t at = reader_offset(&r);
    read_rest(out, m, reader_rest(&r), at, part.size == 0);
}

static void set_request(struct decode_out *out, const struct pending *p, struct kpasswd *body)
{
    kept_body(record_info(RECORD_kpasswd), p->body, sizeof(p->body), &out->batch->arena, body);
    body->transport = p->place.transport;
    body->request_frame = p->place.frame;
    body->request_time = p->place.time;
}

static void set_reply(const struct message *m, const struct place *place, struct kpasswd *body)
{
    body->reply_frame = place->frame;
    body->reply_time = place->time;
    body->reply = m->body.reply;
    body->reply_version = m->body.reply_version;
    body->reply_etype = m->body.reply_etype;
    body->reply_sealed_etype = m->body.reply_sealed_etype;
    body->reply_sealed_bytes = m->body.reply_sealed_bytes;
    body->error_code = m->body.error_code;
    body->error_text = m->body.error_text;
    body->result = m->body.result;
    body->result_code = m->body.result_code;
    body->result_text = m->body.result_text;
    body->server_time = m->body.server_time;
    if (body->unread == unread_nothing)
        body->unread = m->body.unread;
}

/* Tells a request that got no answer, unless it was told already. */
static void tell_unanswered(struct decode_out *out, struct pending *p, time_ns now)
{
    if (p->told)
        return;
    time_ns time = p->deadline < now ? p->deadline : now;
    set_request(out, p, decode_emit(out, RECORD_kpasswd, &p->place, time, p->fingerprint));
    p->told = true;
}

static void tell_oldest(struct kpasswd_module *m, struct decode_out *out, time_ns now)
{
    struct pending *p = table_oldest(m->pending);
    struct id flow = *(const struct id *)table_key(m->pending, p);
    tell_unanswered(out, p, now);
    table_remove(m->pending, &flow);
}

static void accept_request(struct kpasswd_module *m, struct decode_out *out, const struct place *place,
                           const struct message *message, uint64_t fingerprint)
{
    const struct pending *known = table_peek(m->pending, &place->flow);
    if (known && known->fingerprint == fingerprint && place->transport == transport_udp)
        return;
    if (!known && table_count(m->pending) == table_capacity(m->pending))
        tell_oldest(m, out, place->time);
    struct pending *p = table_put(m->pending, &place->flow, NULL);
    if (known)
        tell_unanswered(out, p, place->time);
    memset(p, 0, sizeof(*p));
    kerberos_place_set(&p->place, place);
    p->deadline = place->time + m->timeout;
    p->fingerprint = fingerprint;
    (void)keep_body(record_info(RECORD_kpasswd), &message->body, p->body, sizeof(p->body));
}

static void accept_reply(struct kpasswd_module *m, struct decode_out *out, const struct place *place,
                         const struct message *message, uint64_t fingerprint)
{
    const struct pending *known = table_peek(m->pending, &place->flow);
    if (known && known->answer == fingerprint)
        return;
    if (!known || known->told) {
        struct kpasswd *body = decode_emit(out, RECORD_kpasswd, place, place->time, fingerprint);
        body->transport = place->transport;
        set_reply(message, place, body);
        return;
    }
    struct pending *p = table_find(m->pending, &place->flow);
    struct kpasswd *body = decode_emit(out, RECORD_kpasswd, &p->place, place->time, p->fingerprint);
    set_request(out, p, body);
    set_reply(message, place, body);
    p->told = true;
    p->answer = fingerprint;
    p->deadline = place->time + m->timeout;
}

void kpasswd_message(struct kpasswd_module *m, struct decode_out *out, const struct place *place,
                     struct str bytes)
{
    struct message message;
    kpasswd_expire(m, out, place->time);
    read_message(out, bytes, &message);
    if (message.reason) {
        decode_malformed(out, place, "kpasswd", message.reason, message.offset);
        return;
    }
    out->messages[protocol_kpasswd]++;
    if (message.body.unread == unread_encrypted)
        out->sealed_messages[protocol_kpasswd]++;
    uint64_t fingerprint = decode_fingerprint(out, bytes).low;
    if (message.request)
        accept_request(m, out, place, &message, fingerprint);
    else
        accept_reply(m, out, place, &message, fingerprint);
}

void kpasswd_end(struct kpasswd_module *m, struct decode_out *out, const struct place *place)
{
    kpasswd_expire(m, out, place->time);
    struct pending *p = table_find(m->pending, &place->flow);
    if (!p)
        return;
    tell_unanswered(out, p, place->time);
    table_remove(m->pending, &place->flow);
}

void kpasswd_expire(struct kpasswd_module *m, struct decode_out *out, time_ns now)
{
    for (const struct pending *p = table_oldest(m->pending); p && p->deadline < now;
         p = table_oldest(m->pending))
        tell_oldest(m, out, now);
}
