/*
 * reader - the one cursor through which bytes from outside are read.
 *
 * A read past the end fails the reader: it becomes empty and every later read gives zero, so that a layout
 * is read straight down and checked once with reader_ok(), and loops over it end by themselves. Nothing is
 * copied: what reader_bytes() gives borrows from the input. No other code does pointer arithmetic on input.
 */
#ifndef ORTHRUS_BASE_READER_H
#define ORTHRUS_BASE_READER_H

#include "common/base/base.h"

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    const uint8_t *start; /* of the whole input, also in a part of it: anomalies name offsets from here */
    size_t failed_at;     /* offset of the read that did not fit; meaningful when failed */
    bool failed;
};

static inline struct reader reader_of(const void *bytes, size_t size)
{
    /* A null pointer is moved to an address so that no arithmetic is done on null. */
    const uint8_t *at = bytes ? (const uint8_t *)bytes : (const uint8_t *)"";
    return (struct reader){.at = at, .end = at + (bytes ? size : 0), .start = at};
}

static inline struct reader reader_of_str(struct str s)
{
    return reader_of(s.at, s.size);
}

static inline bool reader_ok(const struct reader *r)
{
    return !r->failed;
}

static inline size_t reader_left(const struct reader *r)
{
    return (size_t)(r->end - r->at);
}

static inline size_t reader_offset(const struct reader *r)
{
    return r->failed ? r->failed_at : (size_t)(r->at - r->start);
}

static inline void reader_fail(struct reader *r)
{
    if (r->failed)
        return;
    r->failed_at = (size_t)(r->at - r->start);
    r->failed = true;
    r->at = r->end;
}

/* True when size bytes are there; fails the reader when not. */
static inline bool reader_need(struct reader *r, size_t size)
{
    if (__builtin_expect(size <= reader_left(r), 1))
        return true;
    reader_fail(r);
    return false;
}

/* size bytes, borrowed; an empty run when they are not there. */
static inline struct str reader_bytes(struct reader *r, size_t size)
{
    if (!reader_need(r, size > UINT32_MAX ? SIZE_MAX : size))
        return (struct str){.at = "", .size = 0};
    struct str s = {.at = (const char *)r->at, .size = (uint32_t)size};
    r->at += size;
    return s;
}

/* Everything that is left. */
static inline struct str reader_rest(struct reader *r)
{
    size_t left = reader_left(r);
    return reader_bytes(r, left > UINT32_MAX ? UINT32_MAX : left);
}

static inline void reader_skip(struct reader *r, size_t size)
{
    if (reader_need(r, size))
        r->at += size;
}

/* A part of size bytes as a reader of its own; offsets still count from the whole input. The outer one moves
 * on. */
static inline struct reader reader_sub(struct reader *r, size_t size)
{
    struct reader part = *r;
    if (!reader_need(r, size)) {
        reader_fail(&part);
        return part;
    }
    part.end = part.at + size;
    r->at += size;
    return part;
}

/* The input from offset (counted from its start) as a reader; failed when it lies outside. */
static inline struct reader reader_at(const struct reader *r, size_t offset)
{
    struct reader part = *r;
    part.failed = false;
    part.at = part.start;
    if (offset > (size_t)(part.end - part.start)) {
        reader_fail(&part);
        return part;
    }
    part.at += offset;
    return part;
}

static inline uint8_t reader_u8(struct reader *r)
{
    if (!reader_need(r, 1))
        return 0;
    return *r->at++;
}

/* The next byte without taking it; 0 when there is none (which fails nothing). */
static inline uint8_t reader_peek_u8(const struct reader *r)
{
    return r->at < r->end ? *r->at : 0;
}

#define READER_NUMBER(name, type, swap)                                                                      \
    static inline type reader_##name(struct reader *r)                                                       \
    {                                                                                                        \
        type v;                                                                                              \
        if (!reader_need(r, sizeof(v)))                                                                      \
            return 0;                                                                                        \
        memcpy(&v, r->at, sizeof(v));                                                                        \
        r->at += sizeof(v);                                                                                  \
        return swap(v);                                                                                      \
    }

#define READER_AS_IS(v) (v)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
READER_NUMBER(u16le, uint16_t, READER_AS_IS)
READER_NUMBER(u32le, uint32_t, READER_AS_IS)
READER_NUMBER(u64le, uint64_t, READER_AS_IS)
READER_NUMBER(u16be, uint16_t, __builtin_bswap16)
READER_NUMBER(u32be, uint32_t, __builtin_bswap32)
READER_NUMBER(u64be, uint64_t, __builtin_bswap64)
#else
READER_NUMBER(u16le, uint16_t, __builtin_bswap16)
READER_NUMBER(u32le, uint32_t, __builtin_bswap32)
READER_NUMBER(u64le, uint64_t, __builtin_bswap64)
READER_NUMBER(u16be, uint16_t, READER_AS_IS)
READER_NUMBER(u32be, uint32_t, READER_AS_IS)
READER_NUMBER(u64be, uint64_t, READER_AS_IS)
#endif
#undef READER_NUMBER

#endif
