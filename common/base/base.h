/*
 * base - the few types and rules that every other file leans on.
 *
 * Errors are of three kinds and never mixed: our own mistake (REQUIRE), the world (enum err, which the
 * caller must look at), and hostile input (a failed reader, an anomaly, a counter; never an enum err).
 * Pure: no I/O, no clock, no thread. Safe to use from any thread; nothing here holds state.
 */
#ifndef ORTHRUS_BASE_BASE_H
#define ORTHRUS_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/banned.h"

#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MUST_CHECK     __attribute__((warn_unused_result))
#define PRINTF(f, a)   __attribute__((format(printf, f, a)))

/* Our own mistake. Stays on in release builds: a wrong state must not go on quietly. */
#define REQUIRE(cond)                                                                                        \
    do {                                                                                                     \
        if (__builtin_expect(!(cond), 0))                                                                    \
            require_failed(#cond, __FILE__, __LINE__);                                                       \
    } while (0)

_Noreturn void require_failed(const char *condition, const char *file, int line);

/* What the world can answer. Text for a person comes from err_text(). */
enum err {
    ERR_OK = 0,
    ERR_MEMORY,      /* no memory at start-up */
    ERR_IO,          /* the system refused a read or a write; errno says more */
    ERR_NOT_FOUND,   /* there is no such thing */
    ERR_FORMAT,      /* what was read is not what it should be */
    ERR_LIMIT,       /* a named limit was reached */
    ERR_CONFLICT,    /* someone else wrote in between; drop the cache and load again */
    ERR_UNSUPPORTED, /* known, and not handled here */
    ERR_END,         /* nothing more will come */
};

const char *err_text(enum err err);

/* A borrowed run of bytes; text is UTF-8 where the field says text. Never ends in NUL by promise. */
struct str {
    const char *at;
    uint32_t size;
};

#define STR(literal) ((struct str){.at = "" literal, .size = sizeof(literal) - 1})

static inline struct str str_of(const char *text)
{
    return (struct str){.at = text, .size = text ? (uint32_t)strlen(text) : 0};
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

/* An IPv4 (family 4) or IPv6 (family 6) address in network order; family 0 is "none". Unused bytes are zero,
 * so that addresses compare with memcmp. */
struct addr {
    uint8_t family;
    uint8_t byte[16];
};

static inline bool addr_equal(const struct addr *a, const struct addr *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* 128 bits that name a record or an entity; all zero is "none". */
struct id {
    uint64_t high;
    uint64_t low;
};

static inline bool id_equal(struct id a, struct id b)
{
    return a.high == b.high && a.low == b.low;
}

static inline bool id_is_none(struct id id)
{
    return id.high == 0 && id.low == 0;
}

static inline int id_compare(struct id a, struct id b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low == b.low ? 0 : a.low < b.low ? -1 : 1;
}

/* Event time: nanoseconds since 1970-01-01 UTC, without leap seconds. */
typedef int64_t time_ns;

#define TIME_NS_US   ((time_ns)1000)
#define TIME_NS_MS   ((time_ns)1000000)
#define TIME_NS_S    ((time_ns)1000000000)
#define TIME_NS_MIN  (60 * TIME_NS_S)
#define TIME_NS_HOUR (60 * TIME_NS_MIN)
#define TIME_NS_DAY  (24 * TIME_NS_HOUR)
#define TIME_NS_END  INT64_MAX /* after everything: the watermark of an input that has ended */
#define TIME_NS_NONE INT64_MIN /* before everything: nothing was seen yet */

#endif
