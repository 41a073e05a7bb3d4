/*
 * tls_record - how far the handshake messages that begin in a record go over those behind it.
 */
#include "services/protocol-decode/tls_record.h"

#include "services/protocol-decode/tls.h"

enum {
    VERSION_MAJOR = 3,
    VERSION_MINOR_MAX = 4,
    HANDSHAKE_BYTES_MAX = 1 << 16, /* longer ones are none: what is encrypted looks like anything */
};

/* What is known of the handshake message that is being walked. */
struct walk {
    uint8_t head[TLS_HANDSHAKE_HEADER_BYTES];
    uint32_t head_bytes;
    uint32_t left; /* of its body */
};

static bool is_record_head(uint8_t content, uint16_t version, uint16_t length)
{
    return content >= TLS_CHANGE_CIPHER_SPEC && content <= TLS_HEARTBEAT && version >> 8 == VERSION_MAJOR &&
           (version & 0xff) <= VERSION_MINOR_MAX && length > 0 && length <= TLS_RECORD_BYTES_MAX;
}

bool tls_record_next(struct reader *r, struct tls_record *record)
{
    record->content = reader_u8(r);
    record->version = reader_u16be(r);
    uint16_t length = reader_u16be(r);
    if (!reader_ok(r) || !is_record_head(record->content, record->version, length)) {
        reader_fail(r);
        return false;
    }
    record->body = reader_sub(r, length);
    return reader_ok(r);
}

static bool is_handshake(const uint8_t head[TLS_HANDSHAKE_HEADER_BYTES])
{
    static const uint32_t known = 1u << TLS_HELLO_REQUEST | 1u << TLS_CLIENT_HELLO | 1u << TLS_SERVER_HELLO |
                                  1u << TLS_NEW_SESSION_TICKET | 1u << TLS_CERTIFICATE |
                                  1u << TLS_SERVER_KEY_EXCHANGE | 1u << TLS_CERTIFICATE_REQUEST |
                                  1u << TLS_SERVER_HELLO_DONE | 1u << TLS_CERTIFICATE_VERIFY |
                                  1u << TLS_CLIENT_KEY_EXCHANGE | 1u << TLS_CERTIFICATE_STATUS;
    uint32_t size = (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
    return head[0] < 32 && (known >> head[0] & 1) && size < HANDSHAKE_BYTES_MAX;
}

/* False when this is no handshake in clear. */
static bool walk_body(struct walk *w, struct reader body)
{
    while (reader_left(&body) > 0) {
        if (w->left > 0) {
            size_t there = reader_left(&body) < w->left ? reader_left(&body) : w->left;
            reader_skip(&body, there);
            w->left -= (uint32_t)there;
            continue;
        }
        w->head[w->head_bytes++] = reader_u8(&body);
        if (w->head_bytes < TLS_HANDSHAKE_HEADER_BYTES)
            continue;
        if (!is_handshake(w->head))
            return false;
        w->left = (uint32_t)w->head[1] << 16 | (uint32_t)w->head[2] << 8 | w->head[3];
        w->head_bytes = 0;
    }
    return true;
}

static struct framing whole(size_t size)
{
    return (struct framing){.state = FRAMING_WHOLE, .size = (uint32_t)size, .want = (uint32_t)size};
}

static struct framing more(size_t want)
{
    return (struct framing){.state = FRAMING_MORE, .want = (uint32_t)want};
}

struct framing tls_frame(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    struct walk w = {0};
    size_t first = 0;
    for (int records = 0; records < TLS_RECORDS_MAX; records++) {
        size_t at = reader_offset(&r);
        struct reader head = r;
        uint8_t content = reader_u8(&head);
        uint16_t version = reader_u16be(&head), length = reader_u16be(&head);
        if (!reader_ok(&head))
            return more(at + TLS_RECORD_HEADER_BYTES);
        bool fits = is_record_head(content, version, length);
        if (first == 0 && !fits)
            return (struct framing){.state = FRAMING_BAD};
        /* The rest of the message is missing: what there is of it is read as it stands. */
        if (first > 0 && (!fits || content != TLS_HANDSHAKE))
            return whole(first);
        size_t end = at + TLS_RECORD_HEADER_BYTES + length;
        if (end > STREAM_MESSAGE_BYTES_MAX)
            return whole(first);
        if (end > bytes.size)
            return more(end);
        first = first == 0 ? end : first;
        struct tls_record record;
        if (content != TLS_HANDSHAKE || !tls_record_next(&r, &record) || !walk_body(&w, record.body))
            return whole(first);
        if (w.left == 0 && w.head_bytes == 0)
            return whole(end);
    }
    return whole(first);
}

struct str tls_record_join(struct arena *arena, struct str message)
{
    struct reader r = reader_of_str(message);
    struct tls_record record;
    if (!tls_record_next(&r, &record))
        return (struct str){.at = "", .size = 0};
    struct str body = reader_rest(&record.body);
    if (reader_left(&r) == 0)
        return body;
    uint8_t *joined = arena_take(arena, message.size);
    uint32_t size = 0;
    do {
        memcpy(joined + size, body.at, body.size);
        size += body.size;
        body = tls_record_next(&r, &record) ? reader_rest(&record.body) : (struct str){.at = "", .size = 0};
    } while (body.size > 0);
    return (struct str){.at = (const char *)joined, .size = size};
}

/* A record of the handshake whose first message is a hello of this kind (RFC 8446 4, RFC 5246 7.4.1). */
static bool begins_hello(struct str bytes, uint8_t kind)
{
    struct reader r = reader_of_str(bytes);
    uint8_t content = reader_u8(&r);
    uint16_t version = reader_u16be(&r), length = reader_u16be(&r);
    uint8_t type = reader_u8(&r);
    uint32_t size = (uint32_t)reader_u8(&r) << 16;
    size |= reader_u16be(&r);
    uint16_t hello_version = reader_u16be(&r);
    return reader_ok(&r) && content == TLS_HANDSHAKE && is_record_head(content, version, length) &&
           type == kind && size < HANDSHAKE_BYTES_MAX && hello_version >> 8 == VERSION_MAJOR;
}

bool tls_probe(struct str bytes)
{
    return begins_hello(bytes, TLS_CLIENT_HELLO) || begins_hello(bytes, TLS_SERVER_HELLO);
}

bool tls_is_of_client(struct str bytes, bool *known)
{
    bool client = begins_hello(bytes, TLS_CLIENT_HELLO);
    *known = client || begins_hello(bytes, TLS_SERVER_HELLO);
    return client;
}
