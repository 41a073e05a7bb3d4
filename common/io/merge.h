/*
 * merge - many captures into one stream by time.
 *
 * A capture is opened when the time of its first frame is reached, so that only those are open that overlap.
 * Among the open ones a heap finds the next frame by (time, rank of the capture, number).
 */
#ifndef ORTHRUS_IO_MERGE_H
#define ORTHRUS_IO_MERGE_H

#include "common/io/source.h"
#include "common/stream/batch.h"

struct merge {
    struct source **waiting; /* owned array; by rank; from `next` on not begun yet */
    uint32_t waiting_count;
    uint32_t next;
    struct source **heap; /* owned array; the earliest head first */
    uint32_t heap_count;
    time_ns time;      /* of the frame given last */
    uint64_t sequence; /* of the frame given next */
    /* Called when a source has given its last frame, or cannot be opened again; it is closed then. */
    void (*on_end)(void *owner, struct source *source);
    void *owner;
};

/* sources: count of them that source_open() took, borrowed for the life of the merge; the array is copied. */
enum err merge_init(struct merge *merge, struct source *const *sources, uint32_t count) MUST_CHECK;
void merge_close(struct merge *merge);
/* As sources_next(). */
bool merge_next(struct merge *merge, struct source_shared *shared, struct batch *out, uint32_t frames_max);

#endif
