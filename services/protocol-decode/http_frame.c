/*
 * http_frame - where each part of the two streams ends (RFC 9112 6).
 */
#include "services/protocol-decode/http_state.h"

enum {
    STATUS_SWITCHING = 101,
    STATUS_NO_CONTENT = 204,
    STATUS_NOT_MODIFIED = 304,
    CHUNK_DIGITS_MAX = 15,
    TLS_CONTENT_MIN = 20, /* RFC 8446 5.1 */
    TLS_CONTENT_MAX = 24,
};

static struct framing whole(uint64_t size, uint64_t want)
{
    size = size < UINT32_MAX ? size : UINT32_MAX;
    want = want < size ? want : size;
    return (struct framing){
        .state = FRAMING_WHOLE, .size = (uint32_t)size, .want = (uint32_t)(want > 0 ? want : 1)};
}

/* One more byte: whatever comes is looked at. */
static struct framing more(struct str bytes)
{
    return (struct framing){.state = FRAMING_MORE, .want = bytes.size + 1};
}

static const struct framing bad = {.state = FRAMING_BAD};

static struct framing frame_start(struct str bytes)
{
    /* RFC 9112 2.2: empty lines before a start line are ignored. */
    if (bytes.size >= 2 && bytes.at[0] == '\r' && bytes.at[1] == '\n')
        return whole(2, 2);
    if (bytes.size == 1 && bytes.at[0] == '\r')
        return more(bytes);
    if (!http_is_start(bytes))
        return bad;
    uint32_t size = http_head_size(bytes);
    if (size > 0)
        return whole(size, size);
    return bytes.size < HTTP_HEAD_BYTES_MAX ? more(bytes) : bad;
}

/* The size of a line with its end; 0 when that is not there. */
static uint32_t line_size(struct str bytes)
{
    const char *end = bytes.size > 0 ? memchr(bytes.at, '\n', bytes.size) : NULL;
    return end ? (uint32_t)(end - bytes.at) + 1 : 0;
}

/* RFC 9112 7.1: the size in hexadecimal, and extensions. False when there is none. */
static bool chunk_size(struct str line, uint64_t *size)
{
    uint32_t i = 0;
    *size = 0;
    for (; i < line.size && i < CHUNK_DIGITS_MAX; i++) {
        char c = line.at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            break;
        *size = *size << 4 | (uint64_t)digit;
    }
    return i > 0;
}

static struct framing frame_chunk(const struct http_side *side, struct str bytes)
{
    uint32_t line = line_size(bytes);
    uint64_t size;
    if (line == 0)
        return bytes.size < HTTP_LINE_BYTES_MAX ? more(bytes) : bad;
    if (!chunk_size(bytes, &size))
        return bad;
    uint64_t wanted = !side->wanted ? 0 : size < HTTP_BODY_BYTES_MAX ? size : HTTP_BODY_BYTES_MAX;
    return size == 0 ? whole(line, line) : whole(line + size + 2, line + wanted);
}

static struct framing frame_trailer(struct str bytes)
{
    uint32_t line = line_size(bytes);
    if (line > 0)
        return whole(line, line);
    return bytes.size < HTTP_LINE_BYTES_MAX ? more(bytes) : bad;
}

static struct framing frame_tunnel(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t content = reader_peek_u8(&r);
    struct framing framing = bad;
    if (content >= TLS_CONTENT_MIN && content <= TLS_CONTENT_MAX)
        framing = tls_frame(bytes);
    return framing.state == FRAMING_BAD ? whole(bytes.size, bytes.size) : framing;
}

struct framing http_frame(struct http_module *m, const struct place *place, struct str bytes)
{
    const struct http_connection *c = table_peek(m->connections, &place->flow);
    if (!c)
        return frame_start(bytes);
    const struct http_side *side = &c->side[place->to_server];
    uint64_t some = bytes.size < side->left ? bytes.size : side->left;
    switch ((enum http_next)side->next) {
    case HTTP_NEXT_START:
        return frame_start(bytes);
    case HTTP_NEXT_BODY:
        return whole(side->left, side->wanted ? HTTP_BODY_BYTES_MAX : 1);
    case HTTP_NEXT_CHUNK:
        return frame_chunk(side, bytes);
    case HTTP_NEXT_TRAILER:
        return frame_trailer(bytes);
    case HTTP_NEXT_CLOSE:
        return whole(UINT32_MAX, 1);
    case HTTP_NEXT_RPC:
        some = some < HTTP_BODY_BYTES_MAX ? some : HTTP_BODY_BYTES_MAX;
        return whole(some, some);
    case HTTP_NEXT_TUNNEL:
        return frame_tunnel(bytes);
    }
    return bad;
}

bool http_is_answer(struct str bytes)
{
    return http_begins(bytes, STR("HTTP/"));
}

/* A whole start of a head, with a space where one must stand: other protocols of text fail here. */
bool http_probe(struct str bytes)
{
    static const struct str methods[] = {
        STR("GET "),          STR("POST "),         STR("HEAD "),        STR("PUT "),
        STR("DELETE "),       STR("OPTIONS "),      STR("CONNECT "),     STR("PATCH "),
        STR("TRACE "),        STR("PROPFIND "),     STR("PROPPATCH "),   STR("MKCOL "),
        STR("COPY "),         STR("MOVE "),         STR("LOCK "),        STR("UNLOCK "),
        STR("SEARCH "),       STR("REPORT "),       STR("NOTIFY "),      STR("SUBSCRIBE "),
        STR("UNSUBSCRIBE "),  STR("M-SEARCH "),     STR("BITS_POST "),   STR("CCM_POST "),
        STR("RPC_IN_DATA "),  STR("RPC_OUT_DATA "), STR("RPC_CONNECT "), STR("RDG_IN_DATA "),
        STR("RDG_OUT_DATA "),
    };
    if (http_begins(bytes, STR("HTTP/1.")))
        return true;
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++)
        if (bytes.size > methods[i].size && memcmp(bytes.at, methods[i].at, methods[i].size) == 0)
            return true;
    return false;
}

static void set(struct http_side *side, enum http_next next, uint64_t left, bool wanted)
{
    *side = (struct http_side){.left = left, .next = (uint8_t)next, .wanted = wanted};
}

void http_next_of_request(struct http_side *side, const struct http_head *head, const struct http_request *r)
{
    bool says = r->service != http_service_none && !http_is_sealed(head->field[HTTP_CONTENT_TYPE]);
    bool rpc = r->service == http_service_rpc && http_begins(head->method, STR("RPC_"));
    if (head->chunked)
        set(side, HTTP_NEXT_CHUNK, 0, says);
    else if (head->length == 0)
        set(side, HTTP_NEXT_START, 0, false);
    else
        set(side, rpc ? HTTP_NEXT_RPC : HTTP_NEXT_BODY, head->length, says);
}

/* RFC 9112 6.3. */
void http_next_of_answer(struct http_side *side, const struct http_head *head, const struct http_request *r)
{
    bool success = head->status / 100 == 2;
    bool rpc = r && success && r->service == http_service_rpc;
    if (head->status == STATUS_SWITCHING || (r && r->is_connect && success))
        set(side, HTTP_NEXT_TUNNEL, 0, false);
    else if ((r && r->is_head) || head->status / 100 == 1 || head->status == STATUS_NO_CONTENT ||
             head->status == STATUS_NOT_MODIFIED)
        set(side, HTTP_NEXT_START, 0, false);
    else if (head->chunked)
        set(side, HTTP_NEXT_CHUNK, 0, false);
    else if (!head->has_length)
        set(side, HTTP_NEXT_CLOSE, 0, false);
    else if (head->length == 0)
        set(side, HTTP_NEXT_START, 0, false);
    else
        set(side, rpc ? HTTP_NEXT_RPC : HTTP_NEXT_BODY, head->length, false);
}
