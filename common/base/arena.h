/*
 * arena - memory that lives as long as a batch.
 *
 * Taken in chunks, given back all at once by arena_reset(), which keeps the chunks for the next batch (up to
 * what arena_init() was told to keep). Not for threads: one owner.
 */
#ifndef ORTHRUS_BASE_ARENA_H
#define ORTHRUS_BASE_ARENA_H

#include "common/base/base.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *first;
    struct arena_chunk *current;
    size_t keep_bytes; /* what a reset may leave allocated */
    size_t used_bytes; /* since the last reset */
};

void arena_init(struct arena *arena, size_t keep_bytes);
void arena_close(struct arena *arena);
void arena_reset(struct arena *arena);

/* size bytes, zeroed, aligned to 16; never null: memory that cannot be had ends the process (REQUIRE),
 * because every size asked for here is bounded by a named limit of the caller. */
void *arena_zeroed(struct arena *arena, size_t size);
/* The same, not zeroed. */
void *arena_take(struct arena *arena, size_t size);
/* A copy of s that lives in the arena. */
struct str arena_copy(struct arena *arena, struct str s);
/* Text by format, as printf. Cut at 64 KiB. */
struct str arena_print(struct arena *arena, const char *format, ...) PRINTF(2, 3);

#endif
