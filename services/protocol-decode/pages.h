/*
 * pages - bytes that came early or wait for the rest of their message, kept in pages of fixed size.
 *
 * Positions are 64-bit offsets in the stream of an owner (one direction of a TCP flow, one datagram). A page
 * knows which of its bytes are there and at which of them a segment began, so that overlap is decided byte by
 * byte. The table that holds the pages is bounded: the page touched longest ago goes first, and its bytes are
 * then simply not there. Ranges asked for are bounded by the caller's window, and so are the loops over their
 * pages.
 */
#ifndef ORTHRUS_DECODE_PAGES_H
#define ORTHRUS_DECODE_PAGES_H

#include "common/base/base.h"
#include "common/base/table.h"

enum {
    PAGES_PAGE_BYTES = 2048,
    PAGES_ORIGINS_MAX = 8, /* that a page tells apart; more are taken for the last of them */
};

/* Whose bytes. */
struct pages_of {
    struct table *table; /* from pages_create() */
    struct id owner;
    uint64_t side; /* tells several streams of one owner apart */
};

enum err pages_create(struct table **table, const char *name, uint32_t capacity,
                      struct hash_key seed) MUST_CHECK;

/* The frame that brought bytes: of a file, by its number. */
struct pages_origin {
    uint64_t file;
    uint64_t frame;
};

struct pages_write {
    time_ns time;
    struct pages_origin origin;
    bool replace; /* bytes already there give way to the new ones */
    bool starts;  /* a segment begins with the first byte */
};

struct pages_written {
    uint32_t fresh; /* bytes that were not there before */
    bool conflict;  /* bytes that were there were different */
};

struct pages_written pages_store(const struct pages_of *of, uint64_t at, struct str bytes,
                                 const struct pages_write *how);
/* The first position in from..to whose byte is not there (_run), is there (_next), or begins a segment
 * (_start); `to` when there is none. */
uint64_t pages_run(const struct pages_of *of, uint64_t from, uint64_t to);
uint64_t pages_next(const struct pages_of *of, uint64_t from, uint64_t to);
uint64_t pages_start(const struct pages_of *of, uint64_t from, uint64_t to);
/* When the page that holds this position was begun; TIME_NS_NONE when there is none. */
time_ns pages_since(const struct pages_of *of, uint64_t at);
/* Which frame brought the byte at this position; zero when it is not there. */
struct pages_origin pages_origin_of(const struct pages_of *of, uint64_t at);
/* Copies bytes out; false when one of them is not there. */
bool pages_copy(const struct pages_of *of, uint64_t at, uint32_t size, uint8_t *to);
/* Forgets every page that holds a position of from..to, whole. */
void pages_drop(const struct pages_of *of, uint64_t from, uint64_t to);

#endif
