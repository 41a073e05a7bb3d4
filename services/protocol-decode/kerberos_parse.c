/*
 * kerberos_parse - the messages of RFC 4120 5.4, 5.5 and 5.9.
 */
#include "services/protocol-decode/kerberos_parse.h"
#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/kerberos_padata.h"
#include "common/base/text.h"

enum {
    ADDRESS_NETBIOS = 20, /* RFC 4120 7.5.3 */
    TICKET_VERSION = 5,
};

#define FIELD_BIT(number) (1u << (number))

/* The fields of a SEQUENCE that must be there; one that is missing is a fault of the message. */
static void need_fields(struct der *sequence, uint32_t seen, uint32_t needed)
{
    if (der_ok(sequence) && (seen & needed) != needed)
        der_fail(sequence, "a field that must be there is missing");
}

struct str kerberos_read_text(struct kerberos_parse *p, struct der *d)
{
    return text_to_utf8(&p->out->batch->arena, der_text(d));
}

static struct str join(struct kerberos_parse *p, const struct str *parts, uint32_t count)
{
    struct arena *arena = &p->out->batch->arena;
    if (count == 1)
        return text_to_utf8(arena, parts[0]);
    size_t size = 0, used = 0;
    for (uint32_t i = 0; i < count; i++)
        size += parts[i].size + 1;
    char *joined = arena_take(arena, size + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            joined[used++] = '/';
        memcpy(joined + used, parts[i].at, parts[i].size);
        used += parts[i].size;
    }
    return text_to_utf8(arena, (struct str){.at = joined, .size = (uint32_t)used});
}

static struct str read_name_parts(struct kerberos_parse *p, struct der *d)
{
    struct str parts[KERBEROS_NAME_PARTS_MAX];
    uint32_t count = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list)) {
        struct str part = der_text(&list);
        if (count == KERBEROS_NAME_PARTS_MAX) {
            der_fail(&list, "name of too many components");
            break;
        }
        parts[count++] = part;
    }
    return der_ok(&list) ? join(p, parts, count) : (struct str){0};
}

struct str kerberos_read_name(struct kerberos_parse *p, struct der *d, int32_t *type)
{
    struct str name = {0};
    uint32_t seen = 0;
    *type = 0;
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            *type = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            name = read_name_parts(p, &field);
    }
    need_fields(&sequence, seen, FIELD_BIT(0) | FIELD_BIT(1));
    return name;
}

struct kerberos_sealed kerberos_read_sealed(struct der *d)
{
    struct kerberos_sealed sealed = {0};
    uint32_t seen = 0;
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            sealed.etype = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            sealed.kvno = der_u32(&field);
        else if (tag == DER_CONTEXT(2))
            sealed.cipher = der_bytes(&field, DER_OCTET_STRING);
    }
    need_fields(&sequence, seen, FIELD_BIT(0) | FIELD_BIT(2));
    return der_ok(&sequence) ? sealed : (struct kerberos_sealed){0};
}

struct kerberos_ticket kerberos_read_ticket(struct kerberos_parse *p, struct der *d)
{
    struct kerberos_ticket ticket = {0};
    int32_t version = 0, name_type;
    struct der outer = der_open(d, DER_APPLICATION(KERBEROS_TICKET));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    uint32_t seen = 0;
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            version = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            ticket.realm = kerberos_read_text(p, &field);
        else if (tag == DER_CONTEXT(2))
            ticket.sname = kerberos_read_name(p, &field, &name_type);
        else if (tag == DER_CONTEXT(3))
            ticket.part = kerberos_read_sealed(&field);
    }
    need_fields(&sequence, seen, FIELD_BIT(0) | FIELD_BIT(1) | FIELD_BIT(2) | FIELD_BIT(3));
    if (der_ok(&sequence) && version != TICKET_VERSION)
        der_fail(&sequence, "ticket of another version than 5");
    return ticket;
}

/* pvno and msg-type stand first in every message, numbered from `first`. */
static bool read_version(struct der *field, uint8_t number, uint8_t first, uint8_t type)
{
    if (number != first && number != first + 1)
        return false;
    int32_t value = der_i32(field);
    if (der_ok(field) && value != (number == first ? KERBEROS_VERSION : type))
        der_fail(field, number == first ? "protocol version other than 5" : "msg-type differs from the tag");
    return true;
}

struct kerberos_ap_req kerberos_read_ap_req(struct kerberos_parse *p, struct der *d)
{
    struct kerberos_ap_req ap = {0};
    struct der outer = der_open(d, DER_APPLICATION(KERBEROS_AP_REQ));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    uint32_t seen = 0;
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (read_version(&field, DER_NUMBER(tag), 0, KERBEROS_AP_REQ))
            continue;
        if (tag == DER_CONTEXT(2))
            ap.options = der_bits(&field);
        else if (tag == DER_CONTEXT(3))
            ap.ticket = kerberos_read_ticket(p, &field);
        else if (tag == DER_CONTEXT(4))
            ap.authenticator = kerberos_read_sealed(&field);
    }
    need_fields(&sequence, seen, FIELD_BIT(0) | FIELD_BIT(1) | FIELD_BIT(2) | FIELD_BIT(3) | FIELD_BIT(4));
    return der_ok(&sequence) ? ap : (struct kerberos_ap_req){0};
}

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

static void read_ap(struct kerberos_parse *p, struct der *d)
{
    struct kerberos_ap_req ap = kerberos_read_ap_req(p, d);
    struct kerberos *body = &p->to->body;
    body->message = kerberos_message_ap;
    body->ap_options = ap.options;
    body->authenticator_etype = ap.authenticator.etype;
    set_ticket(p, ap.ticket);
}

static struct i32s read_etypes(struct kerberos_parse *p, struct der *d)
{
    int32_t etypes[KERBEROS_ETYPES_MAX];
    uint32_t count = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_ETYPES_MAX)
        etypes[count++] = der_i32(&list);
    if (!der_ok(&list) || count == 0)
        return (struct i32s){0};
    int32_t *kept = arena_take(&p->out->batch->arena, count * sizeof(*kept));
    memcpy(kept, etypes, count * sizeof(*kept));
    return (struct i32s){.at = kept, .count = count};
}

/* A NetBIOS name is padded with spaces to 15 characters and a suffix byte (RFC 1002 4.1). */
static struct str trim(struct str name)
{
    while (name.size > 0 && (name.at[name.size - 1] == ' ' || name.at[name.size - 1] == '\0'))
        name.size--;
    return name;
}

/* HostAddresses (RFC 4120 5.2.5): of these only NetBIOS names tell something that the packet does not. */
static struct strs read_host_names(struct kerberos_parse *p, struct der *d)
{
    struct arena *arena = &p->out->batch->arena;
    struct str *names = arena_take(arena, KERBEROS_HOST_NAMES_MAX * sizeof(*names));
    uint32_t count = 0, addresses = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && addresses++ < KERBEROS_ADDRESSES_MAX) {
        int32_t type = 0;
        struct str address = {0};
        struct der entry = der_open(&list, DER_SEQUENCE);
        while (der_more(&entry)) {
            uint8_t tag;
            struct der field = der_any(&entry, &tag);
            if (tag == DER_CONTEXT(0))
                type = der_i32(&field);
            else if (tag == DER_CONTEXT(1))
                address = der_bytes(&field, DER_OCTET_STRING);
        }
        struct str name = trim(address);
        if (type == ADDRESS_NETBIOS && name.size > 0 && count < KERBEROS_HOST_NAMES_MAX)
            names[count++] = text_to_utf8(arena, name);
    }
    return (struct strs){.at = names, .count = count};
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
        body->etypes = read_etypes(p, field);
        break;
    case DER_CONTEXT(9):
        body->host_names = read_host_names(p, field);
        break;
    default: /* from, enc-authorization-data, additional-tickets */
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
        seen |= FIELD_BIT(DER_NUMBER(tag));
        read_request_field(p, tag, &field);
    }
    need_fields(&sequence, seen, FIELD_BIT(0) | FIELD_BIT(2) | FIELD_BIT(7) | FIELD_BIT(8));
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
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (read_version(&field, DER_NUMBER(tag), 1, type))
            continue;
        if (tag == DER_CONTEXT(3))
            kerberos_read_request_padata(p, &field);
        else if (tag == DER_CONTEXT(4))
            read_request_body(p, &field);
    }
    need_fields(&sequence, seen, FIELD_BIT(1) | FIELD_BIT(2) | FIELD_BIT(4));
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
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (read_version(&field, DER_NUMBER(tag), 0, type))
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
            body->reply_etype = kerberos_read_sealed(&field).etype;
    }
    need_fields(&sequence, seen,
                FIELD_BIT(0) | FIELD_BIT(1) | FIELD_BIT(3) | FIELD_BIT(4) | FIELD_BIT(5) | FIELD_BIT(6));
}

/* e-data is METHOD-DATA for some errors, KERB-ERROR-DATA (MS-KILE 2.2.2) or TYPED-DATA for others, and its
 * form tells which: what does not read as METHOD-DATA is not an error of the message. */
static void read_error_data(struct kerberos_parse *p, struct der *field)
{
    struct der_fault fault = {0}, inner = p->to->inner;
    struct der data = der_open(field, DER_OCTET_STRING);
    data.fault = &fault;
    if (der_peek(&data) != DER_SEQUENCE)
        return;
    kerberos_read_reply_padata(p, &data);
    if (fault.failed)
        p->to->inner = inner;
}

/* KRB-ERROR (RFC 4120 5.9.1). */
static void read_error_field(struct kerberos_parse *p, uint8_t tag, struct der *field)
{
    struct kerberos *body = &p->to->body;
    switch (tag) {
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
        read_error_data(p, field);
        break;
    default: /* times */
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
        seen |= FIELD_BIT(DER_NUMBER(tag));
        if (!read_version(&field, DER_NUMBER(tag), 0, KERBEROS_ERROR))
            read_error_field(p, tag, &field);
    }
    need_fields(&sequence, seen, FIELD_BIT(0) | FIELD_BIT(1) | FIELD_BIT(6));
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
        (void)der_element(&d);
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
