/*
 * tls_hello - the two hellos, read straight down.
 */
#include "services/protocol-decode/tls_hello.h"

/* RFC 8446 4.1.3: the random of a HelloRetryRequest, SHA-256 of its name. */
static const uint8_t retry_random[TLS_RANDOM_BYTES] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

enum {
    SERVER_NAME_HOST = 0, /* RFC 6066 3 */
};

bool tls_code_next(struct reader *list, uint16_t *code)
{
    *code = reader_u16be(list);
    return reader_ok(list);
}

bool tls_alpn_next(struct reader *list, struct str *name)
{
    *name = reader_bytes(list, reader_u8(list));
    return reader_ok(list);
}

/* A list behind its length in two bytes. */
static struct str list16(struct reader r)
{
    return reader_bytes(&r, reader_u16be(&r));
}

static struct str read_server_name(struct reader r)
{
    struct reader list = reader_sub(&r, reader_u16be(&r));
    uint8_t type = reader_u8(&list);
    struct str name = reader_bytes(&list, reader_u16be(&list));
    return type == SERVER_NAME_HOST ? name : (struct str){.at = "", .size = 0};
}

/* RFC 8446 4.2.1: of a client the highest that means something. */
static uint16_t highest_version(struct reader r)
{
    struct reader list = reader_sub(&r, reader_u8(&r));
    uint16_t highest = 0, version;
    while (tls_code_next(&list, &version))
        if (!tls_is_grease(version) && version > highest)
            highest = version;
    return highest;
}

static void read_of_client(struct tls_hello *h, uint16_t type, struct reader body)
{
    uint16_t version;
    switch (type) {
    case TLS_SERVER_NAME:
        h->server_name = read_server_name(body);
        break;
    case TLS_SUPPORTED_GROUPS:
        h->groups = list16(body);
        break;
    case TLS_SIGNATURE_ALGORITHMS:
        h->signature_algorithms = list16(body);
        break;
    case TLS_ALPN:
        h->alpn = list16(body);
        break;
    case TLS_SESSION_TICKET:
        h->ticket = reader_left(&body) > 0;
        break;
    case TLS_PRE_SHARED_KEY:
        h->psk = true;
        break;
    case TLS_SUPPORTED_VERSIONS:
        version = highest_version(body);
        h->version = version > 0 ? version : h->version;
        break;
    default:
        break;
    }
}

static void read_of_server(struct tls_hello *h, uint16_t type, struct reader body)
{
    if (type == TLS_ALPN)
        h->alpn = list16(body);
    else if (type == TLS_PRE_SHARED_KEY)
        h->psk = true;
    else if (type == TLS_SUPPORTED_VERSIONS && reader_left(&body) == 2)
        h->version = reader_u16be(&body);
    else if (type == TLS_KEY_SHARE)
        h->group = reader_u16be(&body);
}

/* RFC 8446 4.2. Before TLS 1.2 there may be none at all. */
static void read_extensions(struct tls_hello *h, struct reader *r, bool client)
{
    if (!reader_ok(r) || reader_left(r) == 0)
        return;
    struct reader list = reader_sub(r, reader_u16be(r));
    while (reader_ok(&list) && reader_left(&list) > 0) {
        uint16_t type = reader_u16be(&list);
        struct reader body = reader_sub(&list, reader_u16be(&list));
        if (!reader_ok(&list) || h->extensions == TLS_EXTENSIONS_MAX)
            break;
        h->extension[h->extensions++] = type;
        if (client)
            read_of_client(h, type, body);
        else
            read_of_server(h, type, body);
    }
    if (!reader_ok(&list))
        reader_fail(r);
}

bool tls_client_hello(struct str body, struct tls_hello *h, size_t *offset)
{
    struct reader r = reader_of_str(body);
    memset(h, 0, sizeof(*h));
    h->version = reader_u16be(&r);
    h->random = reader_bytes(&r, TLS_RANDOM_BYTES);
    h->session_id = reader_bytes(&r, reader_u8(&r));
    h->ciphers = reader_bytes(&r, reader_u16be(&r));
    reader_skip(&r, reader_u8(&r)); /* compression methods */
    read_extensions(h, &r, true);
    *offset = reader_offset(&r);
    return reader_ok(&r) && h->ciphers.size % 2 == 0;
}

bool tls_server_hello(struct str body, struct tls_hello *h, size_t *offset)
{
    struct reader r = reader_of_str(body);
    memset(h, 0, sizeof(*h));
    h->version = reader_u16be(&r);
    h->random = reader_bytes(&r, TLS_RANDOM_BYTES);
    h->session_id = reader_bytes(&r, reader_u8(&r));
    h->cipher = reader_u16be(&r);
    reader_skip(&r, 1); /* compression method */
    read_extensions(h, &r, false);
    *offset = reader_offset(&r);
    h->retry_request =
        h->random.size == TLS_RANDOM_BYTES && memcmp(h->random.at, retry_random, TLS_RANDOM_BYTES) == 0;
    return reader_ok(&r);
}
