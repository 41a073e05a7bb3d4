/*
 * merge - a binary heap of open captures, fed from the list of those whose time has not come.
 */
#include "common/io/merge.h"

enum {
    MERGE_BODIES = 256, /* of frames, taken from the arena at a time */
};

static int compare_rank(const void *a, const void *b)
{
    return source_compare_rank(*(struct source *const *)a, *(struct source *const *)b);
}

enum err merge_init(struct merge *merge, struct source *const *sources, uint32_t count)
{
    *merge = (struct merge){.time = TIME_NS_NONE, .waiting_count = count};
    size_t slots = count ? count : 1;
    merge->waiting = malloc(slots * sizeof(struct source *));
    merge->heap = malloc(slots * sizeof(struct source *));
    if (!merge->waiting || !merge->heap) {
        merge_close(merge);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++)
        merge->waiting[i] = sources[i];
    qsort(merge->waiting, count, sizeof(struct source *), compare_rank);
    return ERR_OK;
}

void merge_close(struct merge *merge)
{
    free(merge->waiting);
    free(merge->heap);
    *merge = (struct merge){0};
}

static bool is_before(const struct source *a, const struct source *b)
{
    time_ns time_a = source_head(a)->time, time_b = source_head(b)->time;
    return time_a != time_b ? time_a < time_b : source_compare_rank(a, b) < 0;
}

static void sift_down(struct merge *m)
{
    struct source *moved = m->heap[0];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= m->heap_count)
            break;
        if (child + 1 < m->heap_count && is_before(m->heap[child + 1], m->heap[child]))
            child++;
        if (!is_before(m->heap[child], moved))
            break;
        m->heap[at] = m->heap[child];
        at = child;
    }
    m->heap[at] = moved;
}

static void push(struct merge *m, struct source *source)
{
    uint32_t at = m->heap_count++;
    while (at > 0 && is_before(source, m->heap[(at - 1) / 2])) {
        m->heap[at] = m->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    m->heap[at] = source;
}

static void finish(struct merge *m, struct source_shared *shared, struct source *source)
{
    source_close(source, shared);
    m->on_end(m->owner, source);
}

/* Begins all captures whose first frame is not later than what would come next. */
static void begin_due(struct merge *m, struct source_shared *shared)
{
    while (m->next < m->waiting_count) {
        struct source *source = m->waiting[m->next];
        if (m->heap_count > 0 && source->first_time > source_head(m->heap[0])->time)
            return;
        m->next++;
        /* The rank it was sorted by stays, whatever the file has become since. */
        time_ns first_time = source->first_time;
        uint64_t first_hash = source->first_hash;
        bool open = source->capture || source_open(source, shared);
        source->first_time = first_time;
        source->first_hash = first_hash;
        if (open && source_head(source))
            push(m, source);
        else
            finish(m, shared, source);
    }
}

/* A batch that is being filled: the bodies are taken many at a time. */
struct filling {
    struct batch *out;
    struct frame *bodies;
    uint32_t used;
};

static void give(struct merge *m, struct filling *filling, const struct source *source)
{
    const struct capture_frame *frame = source_head(source);
    if (filling->used % MERGE_BODIES == 0)
        filling->bodies = arena_take(&filling->out->arena, MERGE_BODIES * sizeof(*filling->bodies));
    struct frame *body = &filling->bodies[filling->used++ % MERGE_BODIES];
    *body = (struct frame){.file = source->label,
                           .number = frame->number,
                           .linktype = frame->linktype,
                           .original_bytes = frame->original_bytes,
                           .bytes = frame->bytes};
    /* A file that changed between two looks could go back in time; the stream does not. */
    m->time = frame->time > m->time ? frame->time : m->time;
    batch_append(
        filling->out,
        &(struct record){.type = RECORD_frame, .time = m->time, .sequence = m->sequence++, .body = body});
}

bool merge_next(struct merge *m, struct source_shared *shared, struct batch *out, uint32_t frames_max)
{
    slabs_reclaim(&shared->slabs);
    struct filling filling = {.out = out};
    while (filling.used < frames_max) {
        begin_due(m, shared);
        if (m->heap_count == 0)
            break;
        struct source *source = m->heap[0];
        give(m, &filling, source);
        source_pop(source, shared);
        if (!source_head(source)) {
            m->heap[0] = m->heap[--m->heap_count];
            finish(m, shared, source);
        }
        if (m->heap_count > 1)
            sift_down(m);
    }
    bool more = m->heap_count > 0 || m->next < m->waiting_count;
    batch_add_watermark(out, more ? m->time : TIME_NS_END);
    return more;
}
