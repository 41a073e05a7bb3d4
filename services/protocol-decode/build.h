/*
 * build - text put together in the arena, up to a bound.
 *
 * Internal to protocol-decode. What goes over the bound is left out.
 */
#ifndef ORTHRUS_DECODE_BUILD_H
#define ORTHRUS_DECODE_BUILD_H

#include "common/base/arena.h"

struct build {
    char *at;
    uint32_t size;
    uint32_t capacity;
};

static inline struct build build_in(struct arena *arena, uint32_t capacity)
{
    return (struct build){.at = arena_take(arena, capacity), .capacity = capacity};
}

static inline void build_str(struct build *b, struct str text)
{
    uint32_t room = b->capacity - b->size;
    text.size = text.size < room ? text.size : room;
    if (text.size > 0)
        memcpy(b->at + b->size, text.at, text.size);
    b->size += text.size;
}

static inline void build_char(struct build *b, char c)
{
    build_str(b, (struct str){.at = &c, .size = 1});
}

static inline void build_hex(struct build *b, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    build_char(b, digits[byte >> 4]);
    build_char(b, digits[byte & 15]);
}

static inline void build_u64(struct build *b, uint64_t number)
{
    char digits[20];
    uint32_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    build_str(b, (struct str){.at = digits + at, .size = (uint32_t)sizeof(digits) - at});
}

static inline struct str built(const struct build *b)
{
    return (struct str){.at = b->at, .size = b->size};
}

#endif
