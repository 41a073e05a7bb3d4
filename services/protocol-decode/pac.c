/*
 * pac - the buffers of a PAC, and its signatures.
 */
#include "services/protocol-decode/pac.h"

#include <stdio.h>

#include "common/base/text.h"

/* ulType (MS-PAC 2.4). */
enum pac_type {
    PAC_LOGON_INFO = 1,
    PAC_CREDENTIALS = 2,
    PAC_SERVER_CHECKSUM = 6,
    PAC_KDC_CHECKSUM = 7,
    PAC_CLIENT_INFO = 10,
    PAC_DELEGATION = 11,
    PAC_UPN_DNS_INFO = 12,
    PAC_CLIENT_CLAIMS = 13,
    PAC_DEVICE_INFO = 14,
    PAC_DEVICE_CLAIMS = 15,
    PAC_TICKET_CHECKSUM = 16,
    PAC_ATTRIBUTES = 17,
    PAC_REQUESTOR = 18,
    PAC_FULL_CHECKSUM = 19,
};

enum {
    PAC_USAGE = 17, /* KERB_NON_KERB_CKSUM_SALT (MS-PAC 2.8) */
    PAC_KEYS_TRIED_MAX = 16,
    UPN_FLAG_EXTENDED = 2, /* MS-PAC 2.10: SAM name and SID follow */
    SID_REVISION = 1,
    SID_TEXT_BYTES = 192, /* 6 of "S-1-..", 15 of authority, 15 sub-authorities of 11 */
};

/* FILETIME of 1970-01-01, and the last one that time_ns can hold, in 100 ns. */
#define FILETIME_EPOCH 116444736000000000u
#define FILETIME_MOST  (FILETIME_EPOCH + (uint64_t)INT64_MAX / 100)

time_ns pac_time(struct reader *r)
{
    uint64_t filetime = reader_u64le(r);
    if (filetime <= FILETIME_EPOCH || filetime > FILETIME_MOST)
        return 0;
    return (time_ns)((filetime - FILETIME_EPOCH) * 100);
}

struct str pac_sid(struct arena *arena, struct reader *r)
{
    uint8_t revision = reader_u8(r), count = reader_u8(r);
    uint64_t authority = (uint64_t)reader_u16be(r) << 32;
    authority |= reader_u32be(r);
    if (revision != SID_REVISION || count > PAC_SUB_AUTHORITIES_MAX)
        reader_fail(r);
    char text[SID_TEXT_BYTES];
    int used = snprintf(text, sizeof(text), "S-1-%llu", (unsigned long long)authority);
    for (uint8_t i = 0; i < count && reader_ok(r); i++)
        used += snprintf(text + used, sizeof(text) - (size_t)used, "-%u", (unsigned)reader_u32le(r));
    return reader_ok(r) ? arena_copy(arena, (struct str){text, (uint32_t)used}) : (struct str){0};
}

static struct str text_in(struct arena *arena, struct reader r, size_t offset, size_t size)
{
    struct reader at = reader_at(&r, offset);
    return text_from_utf16le(arena, reader_bytes(&at, size), false);
}

/* MS-PAC 2.7. */
static bool read_client(struct arena *arena, struct reader r, struct ticket_part *part)
{
    part->client_time = pac_time(&r);
    uint16_t size = reader_u16le(&r);
    part->client_name = text_from_utf16le(arena, reader_bytes(&r, size), false);
    return reader_ok(&r);
}

/* MS-PAC 2.10; offsets count from the start of the buffer. */
static bool read_upn(struct arena *arena, struct reader r, struct ticket_part *part)
{
    struct reader whole = reader_of(r.at, reader_left(&r));
    uint16_t upn_size = reader_u16le(&r), upn_at = reader_u16le(&r);
    uint16_t dns_size = reader_u16le(&r), dns_at = reader_u16le(&r);
    part->upn_flags = reader_u32le(&r);
    part->upn = text_in(arena, whole, upn_at, upn_size);
    part->dns_domain = text_in(arena, whole, dns_at, dns_size);
    if (!(part->upn_flags & UPN_FLAG_EXTENDED))
        return reader_ok(&r);
    uint16_t sam_size = reader_u16le(&r), sam_at = reader_u16le(&r);
    uint16_t sid_size = reader_u16le(&r), sid_at = reader_u16le(&r);
    struct reader at = reader_at(&whole, sid_at);
    struct reader sid = reader_sub(&at, sid_size);
    part->upn_sam_name = text_in(arena, whole, sam_at, sam_size);
    part->upn_sid = pac_sid(arena, &sid);
    return reader_ok(&r) && reader_ok(&sid);
}

/* MS-PAC 2.14: the flags stand behind their length in bits. */
static bool read_attributes(struct reader r, struct ticket_part *part)
{
    reader_skip(&r, 4);
    part->attributes = reader_u32le(&r);
    return reader_ok(&r);
}

static int32_t checksum_type(struct reader r)
{
    return (int32_t)reader_u32le(&r);
}

static bool read_buffer(struct arena *arena, uint32_t type, struct reader r, struct ticket_part *part)
{
    switch (type) {
    case PAC_LOGON_INFO:
        return pac_read_logon(arena, r, part);
    case PAC_DELEGATION:
        return pac_read_delegation(arena, r, part);
    case PAC_CLIENT_INFO:
        return read_client(arena, r, part);
    case PAC_UPN_DNS_INFO:
        return read_upn(arena, r, part);
    case PAC_ATTRIBUTES:
        return read_attributes(r, part);
    case PAC_REQUESTOR:
        part->requestor_sid = pac_sid(arena, &r);
        return part->requestor_sid.size > 0;
    case PAC_SERVER_CHECKSUM:
        part->server_checksum = checksum_type(r);
        break;
    case PAC_KDC_CHECKSUM:
        part->kdc_checksum = checksum_type(r);
        break;
    case PAC_TICKET_CHECKSUM:
        part->ticket_checksum = checksum_type(r);
        break;
    case PAC_FULL_CHECKSUM:
        part->full_checksum = checksum_type(r);
        break;
    case PAC_CREDENTIALS:
        part->credentials = true;
        break;
    case PAC_CLIENT_CLAIMS:
        part->client_claims = reader_left(&r) > 0;
        break;
    case PAC_DEVICE_INFO:
        part->device_info = true;
        break;
    case PAC_DEVICE_CLAIMS:
        part->device_claims = reader_left(&r) > 0;
        break;
    default:
        break;
    }
    return true;
}

/* A PAC_INFO_BUFFER (MS-PAC 2.4) and what it points to. */
struct buffer {
    uint32_t type;
    size_t offset;
    struct reader content;
};

static uint32_t read_count(struct reader *r)
{
    uint32_t count = reader_u32le(r), version = reader_u32le(r);
    if (version != 0 || count > PAC_BUFFERS_MAX)
        reader_fail(r);
    return reader_ok(r) ? count : 0;
}

static struct buffer next_buffer(struct reader *r)
{
    struct buffer b = {.type = reader_u32le(r)};
    uint32_t size = reader_u32le(r);
    uint64_t offset = reader_u64le(r);
    struct reader at = reader_at(r, offset > UINT32_MAX ? SIZE_MAX : (size_t)offset);
    b.offset = (size_t)offset;
    b.content = reader_sub(&at, size);
    if (!reader_ok(&b.content))
        reader_fail(r);
    return b;
}

void pac_read(struct arena *arena, struct str pac, struct ticket_part *part, struct pac_fault *fault)
{
    int32_t types[PAC_BUFFERS_MAX];
    struct reader r = reader_of_str(pac);
    uint32_t count = read_count(&r), read = 0;
    *fault = (struct pac_fault){0};
    for (uint32_t i = 0; i < count && reader_ok(&r); i++) {
        struct buffer b = next_buffer(&r);
        if (!reader_ok(&r))
            break;
        types[read++] = (int32_t)b.type;
        if (!read_buffer(arena, b.type, b.content, part) && !fault->reason)
            *fault = (struct pac_fault){.reason = "a buffer of the PAC cannot be read", .offset = b.offset};
    }
    if (!reader_ok(&r))
        *fault = (struct pac_fault){.reason = "PAC cut short", .offset = r.failed_at};
    int32_t *kept = arena_take(arena, (read + 1) * sizeof(*kept));
    memcpy(kept, types, read * sizeof(*kept));
    part->pac_buffers = (struct i32s){.at = kept, .count = read};
}

/* The encryption type whose keys make a checksum type, and how long its checksums are (MS-PAC 2.8). */
struct signature_type {
    int32_t checksum;
    int32_t etype;
    uint32_t size;
};

static const struct signature_type signature_types[] = {
    {-138, 23, 16}, /* KERB_CHECKSUM_HMAC_MD5 */
    {15, 17, 12},   /* HMAC_SHA1_96_AES128 */
    {16, 18, 12},   /* HMAC_SHA1_96_AES256 */
    {19, 19, 16},   /* RFC 8009 */
    {20, 20, 24},
};

static const struct signature_type *signature_type_of(int32_t checksum)
{
    for (size_t i = 0; i < ARRAY_COUNT(signature_types); i++)
        if (signature_types[i].checksum == checksum)
            return &signature_types[i];
    return NULL;
}

/* One signature: its type and its bytes in the PAC. */
struct signature {
    const struct signature_type *type;
    struct str bytes;
    size_t offset; /* of bytes in the PAC */
};

static struct signature find_signature(struct str pac, enum pac_type wanted)
{
    struct reader r = reader_of_str(pac);
    uint32_t count = read_count(&r);
    for (uint32_t i = 0; i < count && reader_ok(&r); i++) {
        struct buffer b = next_buffer(&r);
        if (!reader_ok(&r) || b.type != wanted)
            continue;
        const struct signature_type *type = signature_type_of((int32_t)reader_u32le(&b.content));
        struct str bytes = reader_bytes(&b.content, type ? type->size : 0);
        if (type && reader_ok(&b.content))
            return (struct signature){.type = type, .bytes = bytes, .offset = b.offset + 4};
    }
    return (struct signature){0};
}

static void blank(uint8_t *copy, const struct signature *s)
{
    if (s->type)
        memset(copy + s->offset, 0, s->type->size);
}

static uint8_t verdict(bool fits)
{
    return fits ? tristate_yes : tristate_no;
}

/* Under the keys of one name; absent when there is none. */
static uint8_t check_by_name(const struct keyring *k, const struct signature *s, struct str data,
                             const struct opener_wanted *wanted)
{
    const struct opener *o = k->opener;
    struct opener_key key;
    uint8_t answer = tristate_absent;
    for (uint32_t n = 0; n < PAC_KEYS_TRIED_MAX && o->find(o->keys, wanted, n, &key); n++) {
        answer = verdict(o->verify(o->crypto, &key, PAC_USAGE, s->type->checksum, data, s->bytes));
        if (answer == tristate_yes)
            break;
    }
    return answer;
}

/* Under any key of krbtgt that could have made it. Keytabs name it as the principal or as the account. */
static uint8_t check_by_kdc(const struct keyring *k, const struct signature *s, struct str data,
                            struct str realm)
{
    if (!s->type)
        return tristate_absent;
    char name[WHO_NAME_BYTES + 8];
    (void)snprintf(name, sizeof(name), "krbtgt/%.*s", (int)(realm.size < WHO_NAME_BYTES ? realm.size : 0),
                   realm.at);
    struct opener_wanted wanted = {.name = str_of(name), .realm = realm, .etype = s->type->etype};
    uint8_t answer = check_by_name(k, s, data, &wanted);
    wanted.name = STR("krbtgt");
    return answer == tristate_absent ? check_by_name(k, s, data, &wanted) : answer;
}

void pac_check(const struct keyring *k, struct arena *arena, struct str pac, const struct opener_key *service,
               struct str realm, struct ticket_part *part)
{
    const struct opener *o = k->opener;
    struct signature server = find_signature(pac, PAC_SERVER_CHECKSUM);
    struct signature kdc = find_signature(pac, PAC_KDC_CHECKSUM);
    struct signature full = find_signature(pac, PAC_FULL_CHECKSUM);
    uint8_t *copy = arena_take(arena, pac.size + 1);
    if (pac.size > 0)
        memcpy(copy, pac.at, pac.size);
    struct str blanked = {.at = (const char *)copy, .size = pac.size};
    blank(copy, &server);
    blank(copy, &kdc);
    if (server.type && server.type->etype == service->etype)
        part->server_valid =
            verdict(o->verify(o->crypto, service, PAC_USAGE, server.type->checksum, blanked, server.bytes));
    /* The KDC signs the server's signature (MS-PAC 2.8.2). */
    if (server.type)
        part->kdc_valid = check_by_kdc(k, &kdc, server.bytes, realm);
    blank(copy, &full);
    part->full_valid = check_by_kdc(k, &full, blanked, realm);
}
