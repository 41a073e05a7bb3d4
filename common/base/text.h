/*
 * text - how values become text, safely.
 *
 * Everything that came from outside goes through one of the escapes here before it reaches a person or a
 * program: a host name can hold quotes, HTML, CEF separators or terminal codes.
 */
#ifndef ORTHRUS_BASE_TEXT_H
#define ORTHRUS_BASE_TEXT_H

#include "common/base/arena.h"
#include "common/base/base.h"
#include "common/base/writer.h"

enum {
    TEXT_ADDR_BYTES = 46, /* the longest IPv6 text and a NUL */
    TEXT_TIME_BYTES = 64, /* 2026-11-21T20:15:00.123456789Z and a NUL, with room for any year */
    TEXT_UUID_BYTES = 37, /* 36 characters and a NUL */
};

/* RFC 5952 for IPv6, dotted for IPv4, empty for none. Returns buffer. */
const char *text_addr(const struct addr *addr, char buffer[TEXT_ADDR_BYTES]);
/* Reads what text_addr writes. False when it is none. */
bool text_parse_addr(struct str text, struct addr *addr);
/* RFC 3339 in UTC with as many fraction digits (0, 3, 6, 9) as are needed and at least 6. Returns buffer. */
const char *text_time(time_ns time, char buffer[TEXT_TIME_BYTES]);
/* A DCE UUID as it stands on the wire in little-endian form (C706 appendix A), as lower-case text. */
const char *text_uuid(const uint8_t uuid[16], char buffer[TEXT_UUID_BYTES]);

/* UTF-16LE to UTF-8 in the arena; lone surrogates become U+FFFD; stops at a NUL unless keep_nul. */
struct str text_from_utf16le(struct arena *arena, struct str utf16, bool keep_nul);
/* Any bytes to valid UTF-8: what is not becomes U+FFFD. Borrows s when it is valid already. */
struct str text_to_utf8(struct arena *arena, struct str s);
/* ASCII letters in lower case (copied only when there is something to change). */
struct str text_lower(struct arena *arena, struct str s);
/* Equal but for the case of ASCII letters. */
bool text_equal_nocase(struct str a, struct str b);

/* Text in a field of plain bytes, for what is kept in tables: cut at a whole UTF-8 character, the rest of the
 * field zeroed. */
void text_keep(char *field, size_t size, struct str text);
/* What text_keep() put there, borrowed from the field. */
struct str text_kept(const char *field, size_t size);

/* The inside of a JSON string (RFC 8259), without its quotes. Invalid UTF-8 becomes U+FFFD. */
void text_write_json(struct writer *w, struct str s);
/* Text for HTML content and quoted attributes. */
void text_write_html(struct writer *w, struct str s);
/* Text for a terminal: controls, and characters that reorder or hide text, as \x.. or \u.... */
void text_write_terminal(struct writer *w, struct str s);
/* Bytes as lower-case hex. */
void text_write_hex(struct writer *w, struct str s);

/* A code point as UTF-8. */
void text_write_utf8(struct writer *w, uint32_t code);
/* The next code point of valid or invalid UTF-8, U+FFFD for what is not valid; *at moves on. */
uint32_t text_next_utf8(const uint8_t **at, const uint8_t *end);

#endif
