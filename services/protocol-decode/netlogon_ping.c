/*
 * netlogon_ping - reads the three forms of an answer.
 */
#include "services/protocol-decode/netlogon_ping.h"

#include "common/base/reader.h"
#include "common/base/text.h"

enum {
    OPCODE_RESPONSE = 19,
    OPCODE_PAUSE = 20,
    OPCODE_USER_UNKNOWN = 21,
    OPCODE_RESPONSE_EX = 23,
    OPCODE_PAUSE_EX = 24,
    OPCODE_USER_UNKNOWN_EX = 25,
    VERSION_5 = 0x2,
    VERSION_WITH_IP = 0x8,
    VERSION_WITH_CLOSEST_SITE = 0x10,
    TRAILER_BYTES = 8,    /* NtVersion, LmNtToken, Lm20Token */
    NAME_BYTES_MAX = 255, /* RFC 1035 2.3.4 */
    POINTERS_MAX = 16,    /* of one name */
    POINTER = 0xc0,
    GUID_BYTES = 16,
    ADDRESS_FAMILY_IPV4 = 2,
    ADDRESS_BYTES_MIN = 8, /* of a sockaddr_in: family, port, address */
    UTF16_BYTES_MAX = 1024,
};

/* A name compressed by RFC 1035 4.1.4, its labels joined by dots. UTF-8 by MS-ADTS 6.3.7. */
static struct str read_name(struct arena *arena, struct reader *r)
{
    char *name = arena_take(arena, NAME_BYTES_MAX);
    uint32_t size = 0;
    struct reader at = *r;
    bool jumped = false;
    for (int pointers = 0; reader_ok(&at);) {
        uint8_t length = reader_u8(&at);
        if (length >= POINTER) {
            uint32_t target = (uint32_t)(length & 0x3f) << 8 | reader_u8(&at);
            if (!jumped)
                *r = at;
            jumped = true;
            at = reader_at(&at, target);
            if (++pointers > POINTERS_MAX)
                reader_fail(&at);
            continue;
        }
        if (length == 0)
            break;
        struct str label = reader_bytes(&at, length);
        uint32_t needed = label.size + (size > 0);
        if (length > 0x3f || needed > NAME_BYTES_MAX - size)
            reader_fail(&at);
        if (!reader_ok(&at))
            break;
        if (size > 0)
            name[size++] = '.';
        memcpy(name + size, label.at, label.size);
        size += label.size;
    }
    if (!reader_ok(&at))
        reader_fail(r);
    else if (!jumped)
        *r = at;
    return text_to_utf8(arena, (struct str){.at = name, .size = size});
}

/* UTF-16 to its NUL. */
static struct str read_unicode(struct arena *arena, struct reader *r)
{
    struct reader start = *r;
    size_t size = 0;
    while (reader_ok(r) && size < UTF16_BYTES_MAX && reader_u16le(r) != 0)
        size += 2;
    if (size >= UTF16_BYTES_MAX)
        reader_fail(r);
    return text_from_utf16le(arena, reader_bytes(&start, reader_ok(r) ? size : 0), false);
}

static void read_guid(struct reader *r, struct netlogon_ping *ping)
{
    struct str guid = reader_bytes(r, GUID_BYTES);
    if (guid.size == GUID_BYTES)
        memcpy(ping->domain_guid, guid.at, GUID_BYTES);
}

static void set_address(struct netlogon_ping *ping, struct str bytes)
{
    if (bytes.size != 4)
        return;
    ping->address.family = 4;
    memcpy(ping->address.byte, bytes.at, bytes.size);
}

/* DcSockAddr: a sockaddr_in, its address in network order. */
static void read_socket_address(struct reader *r, struct netlogon_ping *ping)
{
    struct reader address = reader_sub(r, reader_u8(r));
    uint16_t family = reader_u16le(&address);
    reader_skip(&address, 2);
    if (reader_ok(&address) && family == ADDRESS_FAMILY_IPV4)
        set_address(ping, reader_bytes(&address, 4));
}

static void read_version(struct reader *r, struct netlogon_ping *ping)
{
    ping->version = reader_u32le(r);
    reader_skip(r, 4);
}

/* The last 8 bytes say which of the optional members are there (MS-ADTS 6.3.1.9). */
static uint32_t version_at_end(const struct reader *r)
{
    struct reader end = *r;
    reader_skip(&end, reader_left(r) < TRAILER_BYTES ? 0 : reader_left(r) - TRAILER_BYTES);
    return reader_u32le(&end);
}

/* MS-ADTS 6.3.1.9. */
static void read_extended(struct arena *arena, struct reader *r, struct netlogon_ping *ping)
{
    uint32_t version = version_at_end(r);
    reader_skip(r, 2);
    ping->flags = reader_u32le(r);
    read_guid(r, ping);
    ping->forest = read_name(arena, r);
    ping->dns_domain = read_name(arena, r);
    ping->dns_host = read_name(arena, r);
    ping->domain = read_name(arena, r);
    ping->host = read_name(arena, r);
    ping->user = read_name(arena, r);
    ping->dc_site = read_name(arena, r);
    ping->client_site = read_name(arena, r);
    if (version & VERSION_WITH_IP)
        read_socket_address(r, ping);
    if (version & VERSION_WITH_CLOSEST_SITE)
        ping->next_site = read_name(arena, r);
    read_version(r, ping);
}

/* \\NAME as NAME. */
static struct str without_slashes(struct str name)
{
    struct reader r = reader_of_str(name);
    if (reader_u8(&r) != '\\' || reader_u8(&r) != '\\')
        return name;
    return reader_rest(&r);
}

/* MS-ADTS 6.3.1.7 and, where more than versions follow, 6.3.1.8. */
static void read_plain(struct arena *arena, struct reader *r, struct netlogon_ping *ping)
{
    ping->host = without_slashes(read_unicode(arena, r));
    ping->user = read_unicode(arena, r);
    ping->domain = read_unicode(arena, r);
    if (reader_left(r) > TRAILER_BYTES) {
        read_guid(r, ping);
        reader_skip(r, GUID_BYTES); /* NullGuid */
        ping->forest = read_name(arena, r);
        ping->dns_domain = read_name(arena, r);
        ping->dns_host = read_name(arena, r);
        struct str address = reader_bytes(r, 4);
        set_address(ping, address);
        ping->flags = reader_u32le(r);
    }
    read_version(r, ping);
}

bool netlogon_ping_parse(struct arena *arena, struct str bytes, struct netlogon_ping *ping, size_t *offset)
{
    *ping = (struct netlogon_ping){0};
    struct reader r = reader_of_str(bytes);
    ping->opcode = reader_u16le(&r);
    switch (ping->opcode) {
    case OPCODE_RESPONSE_EX:
    case OPCODE_PAUSE_EX:
    case OPCODE_USER_UNKNOWN_EX:
        read_extended(arena, &r, ping);
        break;
    case OPCODE_RESPONSE:
    case OPCODE_PAUSE:
    case OPCODE_USER_UNKNOWN:
        read_plain(arena, &r, ping);
        break;
    default:
        reader_fail(&r);
    }
    if (reader_left(&r) > 0)
        reader_fail(&r);
    *offset = reader_offset(&r);
    return reader_ok(&r);
}
