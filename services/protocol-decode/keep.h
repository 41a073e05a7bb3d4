/*
 * keep - text in fields of fixed size, for what waits in a table between messages.
 *
 * Internal to protocol-decode. A field ends in NUL and is zeroed behind its text, so that equal states have
 * equal bytes.
 */
#ifndef ORTHRUS_DECODE_KEEP_H
#define ORTHRUS_DECODE_KEEP_H

#include "common/base/base.h"

/* Copies text into a field of bytes, cut at a whole UTF-8 character. */
static inline void keep_text(char *field, uint32_t bytes, struct str text)
{
    uint32_t size = text.size < bytes - 1 ? text.size : bytes - 1;
    /* Not within a character: continuation bytes go with the one they continue. */
    while (size > 0 && size < text.size && ((uint8_t)text.at[size] & 0xc0) == 0x80)
        size--;
    memset(field, 0, bytes);
    if (size > 0)
        memcpy(field, text.at, size);
}

static inline struct str kept_text(const char *field, uint32_t bytes)
{
    return (struct str){.at = field, .size = (uint32_t)strnlen(field, bytes)};
}

#define KEEP(field, text) keep_text((field), sizeof(field), (text))
#define KEPT(field)       kept_text((field), sizeof(field))

#endif
