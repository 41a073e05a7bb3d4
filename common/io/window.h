/*
 * window - the look-ahead of one capture: frames sorted by time as they come, the earliest taken out first.
 *
 * A ring that is kept sorted by moving a frame back from the end: a capture in order costs nothing, and one
 * in any disorder at most the size of the ring a frame. Time never goes back in what is taken out: a frame
 * that comes too late for its place is given the time of the one before it, and counted.
 */
#ifndef ORTHRUS_IO_WINDOW_H
#define ORTHRUS_IO_WINDOW_H

#include "common/io/capture.h"

struct window {
    struct capture_frame *ring; /* owned */
    uint32_t capacity;          /* a power of two */
    uint32_t first;
    uint32_t count;
    uint32_t frames_max;
    uint64_t bytes;     /* of the frames that wait */
    uint64_t bytes_max; /* beyond, it counts as full */
    time_ns taken;      /* time of the frame taken last; TIME_NS_NONE before */
    uint64_t late;
    time_ns late_max;
};

/* frames_max: 1 to SOURCES_LOOK_AHEAD_FRAMES_MAX. */
enum err window_init(struct window *window, uint32_t frames_max, uint64_t bytes_max) MUST_CHECK;
/* Drops the frames that wait. */
void window_close(struct window *window, struct slabs *slabs);
static inline bool window_is_full(const struct window *window)
{
    return window->count >= window->frames_max || (window->bytes >= window->bytes_max && window->count > 0);
}
/* Takes over the hold on the frame's slab. Must not be full. */
void window_put(struct window *window, const struct capture_frame *frame);
/* The earliest frame; null when none waits. */
static inline const struct capture_frame *window_head(const struct window *window)
{
    return window->count > 0 ? &window->ring[window->first] : NULL;
}
/* Takes the earliest frame away; its slab is still held, now by the caller. */
struct capture_frame window_take(struct window *window);
/* Copies what waits into one slab, when it holds many times the memory that it needs. */
void window_compact(struct window *window, struct capture *capture, struct slabs *slabs);

#endif
