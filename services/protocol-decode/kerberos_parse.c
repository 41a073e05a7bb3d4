/*
 * kerberos_parse - the messages of RFC 4120 5.4 to 5.9.
 */
#include "services/protocol-decode/kerberos_parse.h"
#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/kerberos_padata.h"

/* The ticket that a reply gives or an AP-REQ uses. */
static void set_ticket(struct kerberos_parse *p, struct kerberos_ticket ticket)
{
    struct kerberos *body = &p->to->body;
    body->ticket = decode_fingerprint(p->out, ticket.part.cipher);
    body->ticket_sname = ticket.sname;
    body->ticket_realm = ticket.realm;
    body->ticket_etype = ticket.part.etype;
    body->ticket_kvno = ticket.part.kvno;
    body->ticket_bytes = ticket.part.cipher.size;
}

static void set_reply_part(struct kerberos_parse *p, struct kerberos_sealed part)
{
    p->to->body.reply_etype = part.etype;
    p->to->body.reply_kvno = part.kvno;
}

static void read_ap(struct kerberos_parse *p, struct der *d)
{
    struct kerberos_ap_req ap = kerberos_read_ap_req(p, d);
    struct kerberos *body = &p->to->body;
    body->message = kerberos_message_ap;
    body->ap_options = ap.options;
    body->authenticator_etype = ap.authenticator.etype;
    set_ticket(p, ap.ticket);
}

/* Of additional-tickets one is used, by user to user and by S4U2Proxy; how many come is told. */
static void read_additional(struct kerberos_parse *p, struct der *d)
{
    struct kerberos *body = &p->to->body;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && body->additional_tickets < KERBEROS_TICKETS_MAX) {
        struct kerberos_ticket ticket = kerberos_read_ticket(p, &list);
        if (body->additional_tickets++ > 0)
            continue;
        body->additional_ticket = decode_fingerprint(p->out, ticket.part.cipher);
        body->additional_sname = ticket.sname;
        body->additional_realm = ticket.realm;
        body->additional_etype = ticket.part.etype;
        body->additional_kvno = ticket.part.kvno;
    }
}

/* KDC-REQ-BODY (RFC 4120 5.4.1). */
static void read_request_field(struct kerberos_parse *p, uint8_t tag, struct der *field)
{
    struct kerberos *body = &p->to->body;
    switch (tag) {
    case DER_CONTEXT(0):
        body->kdc_options = der_bits(field);
        break;
    case DER_CONTEXT(1):
        body->cname = kerberos_read_name(p, field, &body->cname_type);
        break;
    case DER_CONTEXT(2):
        body->realm = kerberos_read_text(p, field);
        break;
    case DER_CONTEXT(3):
        body->sname = kerberos_read_name(p, field, &body->sname_type);
        break;
    case DER_CONTEXT(4):
        body->from = der_time(field);
        break;
    case DER_CONTEXT(5):
        body->till = der_time(field);
        break;
    case DER_CONTEXT(6):
        body->rtime = der_time(field);
        break;
    case DER_CONTEXT(7):
        body->nonce = der_u32(field);
        break;
    case DER_CONTEXT(8):
        body->etypes = kerberos_read_numbers(p, field);
        break;
    case DER_CONTEXT(9):
        kerberos_read_addresses(p, field);
        break;
    case DER_CONTEXT(10):
        body->authorization_etype = kerberos_read_sealed(field).etype;
        break;
    case DER_CONTEXT(11):
        read_additional(p, field);
        break;
    default:
        break;
    }
}

static void read_request_body(struct kerberos_parse *p, struct der *d)
{
    uint32_t seen = 0;
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        read_request_field(p, tag, &field);
    }
    kerberos_need_fields(&sequence, seen,
                         KERBEROS_FIELD(0) | KERBEROS_FIELD(2) | KERBEROS_FIELD(7) | KERBEROS_FIELD(8));
}

/* KDC-REQ (RFC 4120 5.4.1). */
static void read_request(struct kerberos_parse *p, struct der *d)
{
    uint8_t type = p->to->type;
    uint32_t seen = 0;
    struct der outer = der_open(d, (uint8_t)DER_APPLICATION(type));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    p->to->body.message = type == KERBEROS_AS_REQ ? kerberos_message_as : kerberos_message_tgs;
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (kerberos_read_version(&field, DER_NUMBER(tag), 1, type))
            continue;
        if (tag == DER_CONTEXT(3))
            kerberos_read_request_padata(p, &field);
        else if (tag == DER_CONTEXT(4))
            read_request_body(p, &field);
    }
    kerberos_need_fields(&sequence, seen, KERBEROS_FIELD(1) | KERBEROS_FIELD(2) | KERBEROS_FIELD(4));
}

/* KDC-REP (RFC 4120 5.4.2). */
static void read_reply(struct kerberos_parse *p, struct der *d)
{
    struct kerberos *body = &p->to->body;
    uint8_t type = p->to->type;
    uint32_t seen = 0;
    struct der outer = der_open(d, (uint8_t)DER_APPLICATION(type));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    body->message = type == KERBEROS_AS_REP ? kerberos_message_as : kerberos_message_tgs;
    body->reply = kerberos_reply_reply;
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (kerberos_read_version(&field, DER_NUMBER(tag), 0, type))
            continue;
        if (tag == DER_CONTEXT(2))
            kerberos_read_reply_padata(p, &field);
        else if (tag == DER_CONTEXT(3))
            body->crealm = kerberos_read_text(p, &field);
        else if (tag == DER_CONTEXT(4))
            body->cname = kerberos_read_name(p, &field, &body->cname_type);
        else if (tag == DER_CONTEXT(5))
            set_ticket(p, kerberos_read_ticket(p, &field));
        else if (tag == DER_CONTEXT(6))
            set_reply_part(p, kerberos_read_sealed(&field));
    }
    kerberos_need_fields(&sequence, seen,
                         KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(3) | KERBEROS_FIELD(4) |
                             KERBEROS_FIELD(5) | KERBEROS_FIELD(6));
}

/* KRB-ERROR (RFC 4120 5.9.1). */
static void read_error_field(struct kerberos_parse *p, uint8_t tag, struct der *field)
{
    struct kerberos *body = &p->to->body;
    switch (tag) {
    case DER_CONTEXT(2):
        body->client_time = der_time(field);
        break;
    case DER_CONTEXT(3):
        body->client_time = kerberos_add_microseconds(body->client_time, der_u32(field));
        break;
    case DER_CONTEXT(4):
        body->server_time = der_time(field);
        break;
    case DER_CONTEXT(5):
        body->server_time = kerberos_add_microseconds(body->server_time, der_u32(field));
        break;
    case DER_CONTEXT(6):
        body->error_code = der_u32(field);
        break;
    case DER_CONTEXT(7):
        body->crealm = kerberos_read_text(p, field);
        break;
    case DER_CONTEXT(8):
        body->cname = kerberos_read_name(p, field, &body->cname_type);
        break;
    case DER_CONTEXT(9):
        body->realm = kerberos_read_text(p, field);
        break;
    case DER_CONTEXT(10):
        body->sname = kerberos_read_name(p, field, &body->sname_type);
        break;
    case DER_CONTEXT(11):
        body->error_text = kerberos_read_text(p, field);
        break;
    case DER_CONTEXT(12):
        kerberos_read_error_data(p, field);
        break;
    default:
        break;
    }
}

static void read_error(struct kerberos_parse *p, struct der *d)
{
    uint32_t seen = 0;
    struct der outer = der_open(d, DER_APPLICATION(KERBEROS_ERROR));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    p->to->body.reply = kerberos_reply_error;
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (!kerberos_read_version(&field, DER_NUMBER(tag), 0, KERBEROS_ERROR))
            read_error_field(p, tag, &field);
    }
    kerberos_need_fields(&sequence, seen, KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(6));
}

/* KRB-CRED (RFC 4120 5.8.1) hands tickets on; their keys are in its sealed part. */
static void read_forwarded(struct kerberos_parse *p, struct der *d)
{
    struct der list = der_open(d, DER_SEQUENCE);
    for (int i = 0; i < KERBEROS_TICKETS_MAX && der_more(&list); i++) {
        struct kerberos_ticket ticket = kerberos_read_ticket(p, &list);
        if (i == 0)
            set_ticket(p, ticket);
    }
}

/* What stands in clear of AP-REP (RFC 4120 5.5.2), KRB-SAFE, KRB-PRIV, KRB-CRED (5.6 to 5.8), TGT-REQ and
 * TGT-REP (draft-swift-win2k-krb-user2user 2). */
static void read_other_field(struct kerberos_parse *p, uint8_t number, struct der *field)
{
    struct kerberos *body = &p->to->body;
    uint8_t type = p->to->type;
    if (type == KERBEROS_AP_REP && number == 2)
        set_reply_part(p, kerberos_read_sealed(field));
    else if (type == KERBEROS_SAFE && number == 3)
        body->checksum_type = kerberos_read_checksum(field);
    else if ((type == KERBEROS_PRIV || type == KERBEROS_CRED) && number == 3)
        set_reply_part(p, kerberos_read_sealed(field));
    else if (type == KERBEROS_CRED && number == 2)
        read_forwarded(p, field);
    else if (type == KERBEROS_TGT_REQ && number == 2)
        body->sname = kerberos_read_name(p, field, &body->sname_type);
    else if (type == KERBEROS_TGT_REQ && number == 3)
        body->realm = kerberos_read_text(p, field);
    else if (type == KERBEROS_TGT_REP && number == 2)
        set_ticket(p, kerberos_read_ticket(p, field));
}

struct other_type {
    uint8_t type;
    uint8_t message; /* enum kerberos_message */
    uint32_t needed; /* fields */
};

static const struct other_type other_types[] = {
    {KERBEROS_AP_REP, kerberos_message_ap, KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(2)},
    {KERBEROS_TGT_REQ, kerberos_message_tgt, KERBEROS_FIELD(0) | KERBEROS_FIELD(1)},
    {KERBEROS_TGT_REP, kerberos_message_tgt, KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(2)},
    {KERBEROS_SAFE, kerberos_message_safe,
     KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(2) | KERBEROS_FIELD(3)},
    {KERBEROS_PRIV, kerberos_message_priv, KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(3)},
    {KERBEROS_CRED, kerberos_message_cred,
     KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(2) | KERBEROS_FIELD(3)},
};

static void read_other(struct kerberos_parse *p, struct der *d)
{
    uint8_t type = p->to->type;
    uint32_t seen = 0, needed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(other_types); i++)
        if (other_types[i].type == type) {
            p->to->body.message = other_types[i].message;
            needed = other_types[i].needed;
        }
    if (type == KERBEROS_AP_REP || type == KERBEROS_TGT_REP)
        p->to->body.reply = kerberos_reply_reply;
    struct der outer = der_open(d, (uint8_t)DER_APPLICATION(type));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (!kerberos_read_version(&field, DER_NUMBER(tag), 0, type))
            read_other_field(p, DER_NUMBER(tag), &field);
    }
    kerberos_need_fields(&sequence, seen, needed);
}

uint8_t kerberos_type_of(uint8_t tag)
{
    uint8_t number = (uint8_t)DER_NUMBER(tag);
    if (tag != DER_APPLICATION(number))
        return KERBEROS_NONE;
    bool known = (number >= KERBEROS_AS_REQ && number <= KERBEROS_TGT_REP) ||
                 (number >= KERBEROS_SAFE && number <= KERBEROS_CRED) || number == KERBEROS_ERROR;
    return known ? number : KERBEROS_NONE;
}

bool kerberos_parse(struct decode_out *out, struct str message, struct kerberos_parsed *parsed)
{
    memset(parsed, 0, sizeof(*parsed));
    struct kerberos_parse p = {.out = out, .to = parsed};
    struct der d = der_of(message, &parsed->fault);
    parsed->type = kerberos_type_of(der_peek(&d));
    switch (parsed->type) {
    case KERBEROS_NONE:
        der_fail(&d, "not a Kerberos message");
        break;
    case KERBEROS_AS_REQ:
    case KERBEROS_TGS_REQ:
        read_request(&p, &d);
        break;
    case KERBEROS_AS_REP:
    case KERBEROS_TGS_REP:
        read_reply(&p, &d);
        break;
    case KERBEROS_AP_REQ:
        read_ap(&p, &d);
        break;
    case KERBEROS_ERROR:
        read_error(&p, &d);
        break;
    default:
        read_other(&p, &d);
        break;
    }
    if (der_more(&d) && !parsed->inner.failed)
        parsed->inner = (struct der_fault){
            .failed = true, .offset = reader_offset(&d.bytes), .reason = "bytes behind the message"};
    return !parsed->fault.failed;
}

bool kerberos_parse_ap_req(struct decode_out *out, struct str message, struct kerberos *body, size_t *offset)
{
    struct kerberos_parsed parsed;
    bool read = kerberos_parse(out, message, &parsed) && parsed.type == KERBEROS_AP_REQ;
    *offset = parsed.fault.offset;
    if (!read)
        return false;
    body->message = parsed.body.message;
    body->ap_options = parsed.body.ap_options;
    body->authenticator_etype = parsed.body.authenticator_etype;
    body->ticket = parsed.body.ticket;
    body->ticket_sname = parsed.body.ticket_sname;
    body->ticket_realm = parsed.body.ticket_realm;
    body->ticket_etype = parsed.body.ticket_etype;
    body->ticket_kvno = parsed.body.ticket_kvno;
    body->ticket_bytes = parsed.body.ticket_bytes;
    return true;
}
