/*
 * window - a sorted ring.
 */
#include "common/io/window.h"

enum {
    WINDOW_SLABS_MAX = 16, /* held by one capture before it is compacted */
};

enum err window_init(struct window *w, uint32_t frames_max, uint64_t bytes_max)
{
    *w = (struct window){.frames_max = frames_max,
                         .bytes_max = bytes_max,
                         .taken = TIME_NS_NONE,
                         .latest = TIME_NS_NONE,
                         .capacity = 1};
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

/* A frame too late for its place is given the time of the one that has left. */
static void amend(struct window *w, struct capture_frame *frame)
{
    if (frame->time >= w->taken)
        return;
    time_ns late;
    if (__builtin_sub_overflow(w->taken, frame->time, &late))
        late = INT64_MAX;
    w->late_max = late > w->late_max ? late : w->late_max;
    w->late++;
    frame->time = w->taken;
}

void window_sort(struct window *w)
{
    REQUIRE(w->count > 0 && w->count <= w->capacity);
    uint32_t at = w->count - 1;
    struct capture_frame put = *slot(w, at);
    amend(w, &put);
    for (; at > 0 && slot(w, at - 1)->time > put.time; at--)
        *slot(w, at) = *slot(w, at - 1);
    *slot(w, at) = put;
    w->latest = slot(w, w->count - 1)->time;
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
