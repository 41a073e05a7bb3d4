/*
 * window - the look-ahead of one capture: frames sorted by time as they come, the earliest leaves first.
 *
 * A ring that is kept sorted by moving a frame back from the end: a capture in order costs nothing, and one
 * in any disorder at most the size of the ring a frame. Time never goes back in what leaves: a frame
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
    time_ns taken;      /* time of the frame popped last; TIME_NS_NONE before */
    time_ns latest;     /* of the frames put so far */
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
/* Where the next frame is written to, with its slab held; window_settle() then puts it in its place. Must not
 * be full. */
static inline struct capture_frame *window_room(const struct window *window)
{
    return &window->ring[(window->first + window->count) & (window->capacity - 1)];
}
/* Puts the frame that was written last in its place among those that wait. */
void window_sort(struct window *window);
static inline void window_settle(struct window *window)
{
    const struct capture_frame *put = window_room(window);
    window->count++;
    window->bytes += put->bytes.size;
    if (put->time < window->latest || put->time < window->taken)
        window_sort(window);
    else
        window->latest = put->time;
}
/* The earliest frame; null when none waits. */
static inline struct capture_frame *window_head(const struct window *window)
{
    return window->count > 0 ? &window->ring[window->first] : NULL;
}
/* Forgets the earliest frame, of which there must be one; its slab must have been dropped. */
static inline void window_pop(struct window *window)
{
    const struct capture_frame *head = &window->ring[window->first];
    window->taken = head->time;
    window->bytes -= head->bytes.size;
    window->first = (window->first + 1) & (window->capacity - 1);
    window->count--;
}
/* Copies what waits into one slab, when it holds many times the memory that it needs. */
void window_compact(struct window *window, struct capture *capture, struct slabs *slabs);

#endif
