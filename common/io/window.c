/*
 * window - a sorted ring.
 */
#include "common/io/window.h"

enum {
    WINDOW_SLABS_MAX = 16, /* held by one capture before it is compacted */
};

enum err window_init(struct window *w, uint32_t frames_max, uint64_t bytes_max)
{
    *w = (struct window){
        .frames_max = frames_max, .bytes_max = bytes_max, .taken = TIME_NS_NONE, .capacity = 1};
    while (w->capacity < frames_max)
        w->capacity *= 2;
    w->ring = malloc(w->capacity * sizeof(*w->ring));
    return w->ring ? ERR_OK : ERR_MEMORY;
}

static struct capture_frame *slot(const struct window *w, uint32_t index)
{
    return &w->ring[(w->first + index) & (w->capacity - 1)];
}

void window_close(struct window *w, struct slabs *slabs)
{
    for (uint32_t i = 0; i < w->count; i++)
        slab_drop(slabs, slot(w, i)->slab);
    free(w->ring);
    w->ring = NULL;
    w->count = 0;
}

void window_put(struct window *w, const struct capture_frame *frame)
{
    REQUIRE(w->count < w->capacity);
    struct capture_frame put = *frame;
    if (__builtin_expect(put.time < w->taken, 0)) {
        time_ns late;
        if (__builtin_sub_overflow(w->taken, put.time, &late))
            late = INT64_MAX;
        w->late_max = late > w->late_max ? late : w->late_max;
        w->late++;
        put.time = w->taken;
    }
    uint32_t at = w->count++;
    for (; at > 0 && slot(w, at - 1)->time > put.time; at--)
        *slot(w, at) = *slot(w, at - 1);
    *slot(w, at) = put;
    w->bytes += put.bytes.size;
}

struct capture_frame window_take(struct window *w)
{
    REQUIRE(w->count > 0);
    struct capture_frame frame = w->ring[w->first];
    w->first = (w->first + 1) & (w->capacity - 1);
    w->count--;
    w->bytes -= frame.bytes.size;
    w->taken = frame.time;
    return frame;
}

void window_compact(struct window *w, struct capture *capture, struct slabs *slabs)
{
    if (capture_slabs_held(capture) <= WINDOW_SLABS_MAX)
        return;
    struct slab *slab = capture_take_slab(capture, w->bytes);
    size_t filled = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        struct capture_frame *frame = slot(w, i);
        if (frame->bytes.size > 0)
            memcpy(&slab->bytes[filled], frame->bytes.at, frame->bytes.size);
        frame->bytes.at = (const char *)&slab->bytes[filled];
        filled += frame->bytes.size;
        slab_drop(slabs, frame->slab);
        frame->slab = slab;
        slab_hold(slab);
    }
    slab_drop(slabs, slab);
}
