/*
 * dns_text - one line of text of bounded length, built on the stack and copied to the arena once.
 *
 * Internal to protocol-decode. What does not fit is left out, and nothing is written past the end.
 */
#ifndef ORTHRUS_DECODE_DNS_TEXT_H
#define ORTHRUS_DECODE_DNS_TEXT_H

#include "common/base/text.h"

enum {
    DNS_LINE_BYTES = 2048,
};

struct dns_line {
    uint32_t used;
    char text[DNS_LINE_BYTES];
};

static inline void line_char(struct dns_line *line, char c)
{
    if (line->used < DNS_LINE_BYTES)
        line->text[line->used++] = c;
}

static inline void line_text(struct dns_line *line, struct str text)
{
    uint32_t room = DNS_LINE_BYTES - line->used;
    uint32_t size = text.size < room ? text.size : room;
    if (size > 0)
        memcpy(line->text + line->used, text.at, size);
    line->used += size;
}

void line_number(struct dns_line *line, uint64_t number);
/* At most max bytes as lower-case hex, and "..." when there were more. */
void line_hex(struct dns_line *line, struct str bytes, uint32_t max);
/* 4 or 16 bytes; anything else gives nothing. */
void line_address(struct dns_line *line, struct str bytes);
/* Bytes as they stand, with controls and the characters of stop as RFC 1035 5.1 escapes them. */
void line_escaped(struct dns_line *line, struct str bytes, const char *stop);
/* Valid UTF-8 in the arena. */
struct str line_keep(const struct dns_line *line, struct arena *arena);

#endif
