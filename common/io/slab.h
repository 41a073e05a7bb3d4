/*
 * slab - the memory that frames are read into and lent from, so that no frame is copied.
 *
 * A slab is held by the capture that reads into it and by each frame that waits in a look-ahead. When nobody
 * holds it any more it rests until slabs_reclaim(), because frames given out still point into it. One owner,
 * no threads.
 */
#ifndef ORTHRUS_IO_SLAB_H
#define ORTHRUS_IO_SLAB_H

#include "common/base/base.h"

enum {
    SLAB_BYTES = 512 * 1024,
    SLAB_BYTES_MIN = 64 * 1024,
    SLABS_FREE_MAX = 32, /* kept for use again */
};

struct slab {
    struct slab *next;
    uint32_t *held; /* counts the slabs of its capture that are not at rest; null when it has none */
    uint32_t holders;
    size_t capacity;
    uint8_t bytes[];
};

struct slabs {
    struct slab *resting;
    struct slab *free;
    uint32_t free_count;
    size_t bytes; /* of an ordinary slab; may be changed while no slab is in use */
};

void slabs_init(struct slabs *slabs, size_t bytes);
/* Every slab must have been dropped. */
void slabs_close(struct slabs *slabs);
/* Nothing given out before is used any more. */
void slabs_reclaim(struct slabs *slabs);

/* A slab of at least size bytes (0: an ordinary one), held once; counted in *held while it is held. Memory
 * that cannot be had ends the process: sizes are bounded by the limits of the callers. */
struct slab *slab_take(struct slabs *slabs, size_t size, uint32_t *held);
static inline void slab_hold(struct slab *slab)
{
    slab->holders++;
}
void slab_rest(struct slabs *slabs, struct slab *slab);
static inline void slab_drop(struct slabs *slabs, struct slab *slab)
{
    if (--slab->holders == 0)
        slab_rest(slabs, slab);
}

#endif
