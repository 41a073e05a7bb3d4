/*
 * writer - a growing run of bytes that output is written to.
 *
 * Sticky like the reader: what would go over limit_bytes fails the writer, later writes do nothing, and
 * writer_ok() is asked once. Zeroed memory with limit_bytes set is a ready writer. One owner, no threads.
 */
#ifndef ORTHRUS_BASE_WRITER_H
#define ORTHRUS_BASE_WRITER_H

#include "common/base/base.h"

struct writer {
    uint8_t *bytes; /* owned */
    size_t size;
    size_t capacity;
    size_t limit_bytes; /* 0: WRITER_LIMIT_BYTES */
    bool failed;
};

enum {
    WRITER_LIMIT_BYTES = 1 << 30,
};

void writer_close(struct writer *w);
static inline void writer_reset(struct writer *w)
{
    w->size = 0;
    w->failed = false;
}

static inline bool writer_ok(const struct writer *w)
{
    return !w->failed;
}

static inline struct str writer_str(const struct writer *w)
{
    return (struct str){.at = (const char *)w->bytes, .size = (uint32_t)w->size};
}

/* writer_room() where the room must first be made, or refused. */
uint8_t *writer_grow(struct writer *w, size_t size);

/* Room for size bytes at the end, which then count as written; null when the writer has failed. */
static inline uint8_t *writer_room(struct writer *w, size_t size)
{
    if (__builtin_expect(w->failed || w->limit_bytes != 0 || size > w->capacity - w->size, 0))
        return writer_grow(w, size);
    uint8_t *at = w->bytes + w->size;
    w->size += size;
    return at;
}

static inline void writer_bytes(struct writer *w, const void *bytes, size_t size)
{
    uint8_t *at = size > 0 ? writer_room(w, size) : NULL;
    if (at)
        memcpy(at, bytes, size);
}

void writer_str_bytes(struct writer *w, struct str s);
void writer_text(struct writer *w, const char *text);
void writer_print(struct writer *w, const char *format, ...) PRINTF(2, 3);
void writer_u8(struct writer *w, uint8_t v);
void writer_u16be(struct writer *w, uint16_t v);
void writer_u32be(struct writer *w, uint32_t v);
void writer_u64be(struct writer *w, uint64_t v);
void writer_u16le(struct writer *w, uint16_t v);
void writer_u32le(struct writer *w, uint32_t v);
void writer_u64le(struct writer *w, uint64_t v);

#endif
