/*
 * keep_body - an observation's body as plain bytes, for what waits in a table until its exchange is over.
 *
 * Internal to protocol-decode. Walks the record's own declaration, so that a field that is added is kept as
 * well. Only fields that are present take room; what every observation begins with (its place) is not kept,
 * nor are records by value. Texts, lists and inner records are bounded: what is longer is cut, and told by
 * the answer.
 */
#ifndef ORTHRUS_DECODE_KEEP_BODY_H
#define ORTHRUS_DECODE_KEEP_BODY_H

#include "proto/record.h"

enum {
    KEEP_TEXT_BYTES_MAX = 512, /* cut at a whole UTF-8 character */
    KEEP_LIST_MAX = 64,
    KEEP_RECORDS_MAX = 4,
};

/* bytes must be zero. False when something had to be cut or left out. */
bool keep_body(const struct record_info *info, const void *body, uint8_t *bytes, uint32_t size);
/* Back into a zeroed body; texts and lists are copied to the arena. */
void kept_body(const struct record_info *info, const uint8_t *bytes, uint32_t size, struct arena *arena,
               void *body);

#endif
