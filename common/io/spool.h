/*
 * spool - a copy of what comes through a pipe, in a temporary file without a name.
 *
 * A zip archive needs it: its directory stands at its end.
 */
#ifndef ORTHRUS_IO_SPOOL_H
#define ORTHRUS_IO_SPOOL_H

#include "common/base/arena.h"
#include "common/io/input.h"

struct spool {
    int descriptor;   /* -1: none */
    const char *path; /* opens the copy as long as the descriptor is open; lives in the arena */
};

/* Reads input to its end. ERR_OK, or the trouble is set; input stays the caller's. */
enum err spool_open(struct spool *spool, struct arena *arena, struct input *input, uint64_t bytes_max,
                    struct trouble *trouble) MUST_CHECK;
void spool_close(struct spool *spool);

#endif
