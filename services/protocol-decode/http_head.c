/*
 * http_head - reads a head line by line.
 */
#include "services/protocol-decode/http_head.h"

#include "common/base/text.h"

enum {
    LENGTH_DIGITS_MAX = 18,
    STATUS_DIGITS = 3,
};

static const struct str field_names[HTTP_FIELDS] = {
    [HTTP_HOST] = STR("host"),
    [HTTP_USER_AGENT] = STR("user-agent"),
    [HTTP_CONTENT_TYPE] = STR("content-type"),
    [HTTP_CONTENT_LENGTH] = STR("content-length"),
    [HTTP_TRANSFER_ENCODING] = STR("transfer-encoding"),
    [HTTP_AUTHORIZATION] = STR("authorization"),
    [HTTP_PROXY_AUTHORIZATION] = STR("proxy-authorization"),
    [HTTP_SERVER] = STR("server"),
    [HTTP_LOCATION] = STR("location"),
    [HTTP_SOAP_ACTION] = STR("soapaction"),
};

struct str http_from(struct str text, uint32_t at)
{
    struct reader r = reader_of_str(text);
    reader_skip(&r, at < text.size ? at : text.size);
    return reader_rest(&r);
}

static struct str first(struct str text, uint32_t size)
{
    return (struct str){.at = text.at, .size = size < text.size ? size : text.size};
}

bool http_begins(struct str text, struct str with)
{
    return text.size >= with.size && text_equal_nocase(first(text, with.size), with);
}

int64_t http_find(struct str text, struct str what)
{
    for (uint32_t i = 0; what.size > 0 && i + what.size <= text.size; i++) {
        const char *at = text.at + i;
        if ((*at | 0x20) == (what.at[0] | 0x20) &&
            text_equal_nocase((struct str){.at = at, .size = what.size}, what))
            return i + what.size;
    }
    return -1;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str http_trim(struct str text)
{
    uint32_t from = 0, to = text.size;
    while (from < to && is_space(text.at[from]))
        from++;
    while (to > from && is_space(text.at[to - 1]))
        to--;
    return first(http_from(text, from), to - from);
}

struct str http_line(struct reader *r)
{
    struct reader all = *r;
    struct str rest = reader_rest(&all);
    const char *end = rest.size > 0 ? memchr(rest.at, '\n', rest.size) : NULL;
    uint32_t size = end ? (uint32_t)(end - rest.at) : rest.size;
    struct str line = reader_bytes(r, size);
    if (end)
        reader_skip(r, 1);
    if (line.size > 0 && line.at[line.size - 1] == '\r')
        line.size--;
    return line;
}

uint32_t http_head_size(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    while (reader_left(&r) > 0) {
        struct reader before = r;
        struct str line = http_line(&r);
        struct str rest = reader_rest(&before);
        bool ended = reader_left(&r) > 0 || (rest.size > 0 && rest.at[rest.size - 1] == '\n');
        if (line.size == 0 && ended)
            return (uint32_t)reader_offset(&r);
    }
    return 0;
}

/* RFC 9110 5.6.2. */
static bool is_token(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* A method in capitals, as all are that are registered, and the space behind it; as far as it is there. */
static bool is_request_start(struct str bytes)
{
    for (uint32_t i = 0; i < bytes.size && i <= HTTP_METHOD_BYTES_MAX; i++) {
        char c = bytes.at[i];
        if (c == ' ')
            return i > 1;
        if (!(c >= 'A' && c <= 'Z') && c != '_' && c != '-')
            return false;
    }
    return bytes.size <= HTTP_METHOD_BYTES_MAX;
}

bool http_is_start(struct str bytes)
{
    static const struct str version = STR("HTTP/1.");
    struct str known = first(version, bytes.size);
    return str_equal(first(bytes, known.size), known) || is_request_start(bytes);
}

static bool is_version(struct str text)
{
    return http_begins(text, STR("HTTP/")) && text.size == 8;
}

static bool parse_answer_line(struct str line, struct http_head *head)
{
    struct reader r = reader_of_str(line);
    head->is_answer = true;
    bool ok = is_version(reader_bytes(&r, 8)) && reader_u8(&r) == ' ';
    for (int i = 0; i < STATUS_DIGITS; i++) {
        uint8_t c = reader_u8(&r);
        ok &= c >= '0' && c <= '9';
        head->status = (uint16_t)(head->status * 10 + (c - '0'));
    }
    return ok && reader_ok(&r);
}

static bool parse_request_line(struct str line, struct http_head *head)
{
    uint32_t at = 0;
    while (at < line.size && is_token((uint8_t)line.at[at]))
        at++;
    head->method = first(line, at);
    struct str rest = http_from(line, at);
    if (at == 0 || at > HTTP_METHOD_BYTES_MAX || rest.size < 2 || rest.at[0] != ' ')
        return false;
    rest = http_from(rest, 1);
    uint32_t end = rest.size;
    while (end > 0 && rest.at[end - 1] != ' ')
        end--;
    if (end < 2 || !is_version(http_from(rest, end)))
        return false;
    head->target = first(rest, end - 1);
    return true;
}

static void take_length(struct http_head *head, struct str value)
{
    uint64_t length = 0;
    bool ok = value.size > 0 && value.size <= LENGTH_DIGITS_MAX;
    for (uint32_t i = 0; ok && i < value.size; i++) {
        ok = value.at[i] >= '0' && value.at[i] <= '9';
        length = length * 10 + (uint64_t)(value.at[i] - '0');
    }
    head->has_length = ok;
    head->length = ok ? length : 0;
}

/* RFC 9110 11.6.1: challenges in a list; a new one begins where a scheme without "=" follows a comma. */
static void take_challenges(struct http_head *head, struct str value)
{
    bool quoted = false;
    uint32_t from = 0;
    for (uint32_t i = 0; i <= value.size && head->challenges < HTTP_CHALLENGES_MAX; i++) {
        if (i < value.size && value.at[i] == '"')
            quoted = !quoted;
        if (i < value.size && (quoted || value.at[i] != ','))
            continue;
        struct str part = http_trim(first(http_from(value, from), i - from));
        uint32_t token = 0;
        while (token < part.size && is_token((uint8_t)part.at[token]))
            token++;
        bool parameter = token < part.size && part.at[token] == '=';
        if (token > 0 && !parameter)
            head->challenge[head->challenges++] = part;
        from = i + 1;
    }
}

static void take_field(struct http_head *head, struct str line)
{
    uint32_t colon = 0;
    while (colon < line.size && line.at[colon] != ':')
        colon++;
    struct str name = first(line, colon), value = http_trim(http_from(line, colon + 1));
    bool proxy = text_equal_nocase(name, STR("proxy-authenticate"));
    if (proxy || text_equal_nocase(name, STR("www-authenticate"))) {
        head->of_proxy |= proxy;
        take_challenges(head, value);
        return;
    }
    for (int i = 0; i < HTTP_FIELDS; i++)
        if (head->field[i].size == 0 && text_equal_nocase(name, field_names[i]))
            head->field[i] = value;
}

bool http_head_parse(struct str bytes, struct http_head *head, const char **reason, size_t *offset)
{
    struct reader r = reader_of_str(bytes);
    memset(head, 0, sizeof(*head));
    struct str line = http_line(&r);
    bool answer = http_begins(line, STR("HTTP/"));
    *offset = 0;
    *reason = answer ? "status line of another form" : "request line of another form";
    if (!(answer ? parse_answer_line(line, head) : parse_request_line(line, head)))
        return false;
    for (int i = 0; i < HTTP_FIELDS_MAX; i++) {
        *offset = reader_offset(&r);
        line = http_line(&r);
        if (line.size == 0)
            break;
        take_field(head, line);
    }
    head->chunked = http_find(head->field[HTTP_TRANSFER_ENCODING], STR("chunked")) >= 0;
    *reason = "Content-Length is no number";
    if (head->field[HTTP_CONTENT_LENGTH].size > 0)
        take_length(head, head->field[HTTP_CONTENT_LENGTH]);
    return head->field[HTTP_CONTENT_LENGTH].size == 0 || head->has_length;
}
