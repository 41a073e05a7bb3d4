/*
 * kerberos_part - the pieces that Kerberos messages are made of (RFC 4120 5.2, 5.3).
 */
#include "services/protocol-decode/kerberos_padata.h"
#include "common/base/text.h"

enum {
    TICKET_VERSION = 5,
};

/* addr-type (RFC 4120 7.5.3). */
enum {
    ADDRESS_IPV4 = 2,
    ADDRESS_NETBIOS = 20,
    ADDRESS_IPV6 = 24,
};

/* Lists of a request's addresses while they are read. */
struct addresses {
    int32_t types[KERBEROS_ADDRESSES_MAX];
    struct str *texts;
    struct str *names;
    uint32_t count;
    uint32_t text_count;
    uint32_t name_count;
};

void kerberos_need_fields(struct der *sequence, uint32_t seen, uint32_t needed)
{
    if (der_ok(sequence) && (seen & needed) != needed)
        der_fail(sequence, "a field that must be there is missing");
}

bool kerberos_read_version(struct der *field, uint8_t number, uint8_t first, uint8_t type)
{
    if (number != first && number != first + 1)
        return false;
    int32_t value = der_i32(field);
    if (der_ok(field) && value != (number == first ? KERBEROS_VERSION : type))
        der_fail(field, number == first ? "protocol version other than 5" : "msg-type differs from the tag");
    return true;
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
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            *type = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            name = read_name_parts(p, &field);
    }
    kerberos_need_fields(&sequence, seen, KERBEROS_FIELD(0) | KERBEROS_FIELD(1));
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
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            sealed.etype = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            sealed.kvno = der_u32(&field);
        else if (tag == DER_CONTEXT(2))
            sealed.cipher = der_bytes(&field, DER_OCTET_STRING);
    }
    kerberos_need_fields(&sequence, seen, KERBEROS_FIELD(0) | KERBEROS_FIELD(2));
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
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            version = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            ticket.realm = kerberos_read_text(p, &field);
        else if (tag == DER_CONTEXT(2))
            ticket.sname = kerberos_read_name(p, &field, &name_type);
        else if (tag == DER_CONTEXT(3))
            ticket.part = kerberos_read_sealed(&field);
    }
    kerberos_need_fields(&sequence, seen,
                         KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(2) | KERBEROS_FIELD(3));
    if (der_ok(&sequence) && version != TICKET_VERSION)
        der_fail(&sequence, "ticket of another version than 5");
    return ticket;
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
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (kerberos_read_version(&field, DER_NUMBER(tag), 0, KERBEROS_AP_REQ))
            continue;
        if (tag == DER_CONTEXT(2))
            ap.options = der_bits(&field);
        else if (tag == DER_CONTEXT(3))
            ap.ticket = kerberos_read_ticket(p, &field);
        else if (tag == DER_CONTEXT(4))
            ap.authenticator = kerberos_read_sealed(&field);
    }
    kerberos_need_fields(&sequence, seen,
                         KERBEROS_FIELD(0) | KERBEROS_FIELD(1) | KERBEROS_FIELD(2) | KERBEROS_FIELD(3) |
                             KERBEROS_FIELD(4));
    return der_ok(&sequence) ? ap : (struct kerberos_ap_req){0};
}

time_ns kerberos_add_microseconds(time_ns time, uint32_t microseconds)
{
    enum { SECOND = 1000000 };
    return microseconds < SECOND && time < TIME_NS_END - TIME_NS_S ? time + microseconds * TIME_NS_US : time;
}

int32_t kerberos_read_checksum(struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    return der_i32(&field);
}

struct i32s kerberos_keep_numbers(struct kerberos_parse *p, const int32_t *numbers, uint32_t count)
{
    if (count == 0)
        return (struct i32s){0};
    int32_t *kept = arena_take(&p->out->batch->arena, count * sizeof(*kept));
    memcpy(kept, numbers, count * sizeof(*kept));
    return (struct i32s){.at = kept, .count = count};
}

struct i32s kerberos_read_numbers(struct kerberos_parse *p, struct der *d)
{
    int32_t numbers[KERBEROS_ETYPES_MAX];
    uint32_t count = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_ETYPES_MAX)
        numbers[count++] = der_i32(&list);
    return kerberos_keep_numbers(p, numbers, der_ok(&list) ? count : 0);
}

/* A NetBIOS name is padded with spaces to 15 characters and a suffix byte (RFC 1002 4.1). */
static struct str trim(struct str name)
{
    while (name.size > 0 && (name.at[name.size - 1] == ' ' || name.at[name.size - 1] == '\0'))
        name.size--;
    return name;
}

static void take_ip(struct arena *arena, struct addresses *to, struct str bytes, uint8_t family)
{
    struct addr addr = {.family = family};
    char text[TEXT_ADDR_BYTES];
    if (bytes.size != (family == 4 ? 4 : sizeof(addr.byte)))
        return;
    if (!to->texts)
        to->texts = arena_take(arena, KERBEROS_ADDRESSES_MAX * sizeof(*to->texts));
    memcpy(addr.byte, bytes.at, bytes.size);
    to->texts[to->text_count++] = arena_copy(arena, str_of(text_addr(&addr, text)));
}

static void take_address(struct arena *arena, struct addresses *to, int32_t type, struct str address)
{
    to->types[to->count++] = type;
    if (type == ADDRESS_IPV4 || type == ADDRESS_IPV6)
        take_ip(arena, to, address, type == ADDRESS_IPV4 ? 4 : 6);
    struct str name = type == ADDRESS_NETBIOS ? trim(address) : (struct str){0};
    if (name.size == 0 || to->name_count == KERBEROS_HOST_NAMES_MAX)
        return;
    if (!to->names)
        to->names = arena_take(arena, KERBEROS_HOST_NAMES_MAX * sizeof(*to->names));
    to->names[to->name_count++] = text_to_utf8(arena, name);
}

void kerberos_read_addresses(struct kerberos_parse *p, struct der *d)
{
    struct addresses to = {.count = 0};
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && to.count < KERBEROS_ADDRESSES_MAX) {
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
        take_address(&p->out->batch->arena, &to, type, address);
    }
    struct kerberos *body = &p->to->body;
    body->address_types = kerberos_keep_numbers(p, to.types, to.count);
    body->addresses = (struct strs){.at = to.texts, .count = to.text_count};
    body->host_names = (struct strs){.at = to.names, .count = to.name_count};
}
