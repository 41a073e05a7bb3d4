/*
 * http_head - a head by itself: start line and fields (RFC 9112 2, 5).
 *
 * Internal to http; keeps nothing. Results borrow from the head.
 */
#ifndef ORTHRUS_DECODE_HTTP_HEAD_H
#define ORTHRUS_DECODE_HTTP_HEAD_H

#include "common/base/reader.h"

enum {
    HTTP_HEAD_BYTES_MAX = 64 * 1024,
    HTTP_FIELDS_MAX = 256,
    HTTP_METHOD_BYTES_MAX = 24,
    HTTP_CHALLENGES_MAX = 8, /* schemes that an answer offers */
};

/* Fields that are looked at. */
enum http_field {
    HTTP_HOST,
    HTTP_USER_AGENT,
    HTTP_CONTENT_TYPE,
    HTTP_CONTENT_LENGTH,
    HTTP_TRANSFER_ENCODING,
    HTTP_AUTHORIZATION,
    HTTP_PROXY_AUTHORIZATION,
    HTTP_SERVER,
    HTTP_LOCATION,
    HTTP_SOAP_ACTION,
    HTTP_FIELDS,
};

struct http_head {
    bool is_answer;
    struct str method;
    struct str target;
    uint16_t status;
    struct str field[HTTP_FIELDS]; /* the first of that name; its white space trimmed */
    struct str
        challenge[HTTP_CHALLENGES_MAX]; /* of WWW-Authenticate and Proxy-Authenticate: one scheme each */
    uint32_t challenges;
    bool of_proxy; /* one of them was Proxy-Authenticate */
    bool chunked;
    bool has_length;
    uint64_t length;
};

/* How many bytes the head at the start of bytes has, its empty line with it; 0 when its end is not there. */
uint32_t http_head_size(struct str bytes);
/* Could a start line begin so? */
bool http_is_start(struct str bytes);
/* False, with the offset and a literal reason, when it is none. */
bool http_head_parse(struct str bytes, struct http_head *head, const char **reason, size_t *offset);

/* The next line, without its end, which is CRLF or LF (RFC 9112 2.2). */
struct str http_line(struct reader *r);
struct str http_trim(struct str text);
/* Is this what text begins with, but for the case of letters? */
bool http_begins(struct str text, struct str with);
/* Does it stand anywhere in text, but for the case of letters? Gives where behind it, else -1. */
int64_t http_find(struct str text, struct str what);
/* Text from an offset on. */
struct str http_from(struct str text, uint32_t at);

#endif
