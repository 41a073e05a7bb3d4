/*
 * source - a capture, its look-ahead, and what is remembered of both.
 */
#include "common/io/source.h"

#include "common/base/hash.h"

enum {
    SOURCE_LOOK_AHEAD_SLABS = 8, /* how much may wait, in slabs */
};

static void fill(struct source *s, struct source_shared *shared)
{
    while (!s->ended && !window_is_full(&s->window)) {
        struct capture_frame *frame = window_room(&s->window);
        if (!capture_read(s->capture, frame)) {
            s->ended = true;
            break;
        }
        bool other_slab = frame->slab != s->slab;
        s->slab = frame->slab;
        window_settle(&s->window);
        if (other_slab)
            window_compact(&s->window, s->capture, &shared->slabs);
    }
}

/* What is kept of the capture when it is closed. */
static void note(struct source *s)
{
    s->counts = capture_counts(s->capture);
    s->late = s->window.late;
    s->late_max = s->window.late_max;
    s->bytes_done = input_done(capture_input(s->capture));
    if (capture_trouble(s->capture)->kind != TROUBLE_NONE && s->trouble.kind == TROUBLE_NONE)
        s->trouble = *capture_trouble(s->capture);
}

bool source_open(struct source *s, struct source_shared *shared)
{
    struct input *input = NULL;
    if (input_open(&input, &shared->input, &s->place, &s->trouble) != ERR_OK)
        return false;
    return source_open_input(s, shared, input);
}

bool source_open_input(struct source *s, struct source_shared *shared, struct input *input)
{
    s->packing = input_packing(input);
    s->repeatable = input_is_repeatable(input);
    s->bytes_total = input_total(input);
    if (capture_open(&s->capture, &shared->slabs, input, &s->content, &s->trouble) != ERR_OK)
        return false;
    if (window_init(&s->window, shared->look_ahead_frames, SOURCE_LOOK_AHEAD_SLABS * shared->slabs.bytes) !=
        ERR_OK) {
        capture_close(s->capture);
        s->capture = NULL;
        trouble_set(&s->trouble, TROUBLE_OPEN, "%s", err_text(ERR_MEMORY));
        return false;
    }
    s->ended = false;
    s->opened = true;
    fill(s, shared);
    note(s);
    const struct capture_frame *head = source_head(s);
    s->first_time = head ? head->time : TIME_NS_END;
    s->first_hash = head ? hash_u64(HASH_KEY_NAMES, head->bytes.at, head->bytes.size) : 0;
    return true;
}

void source_close(struct source *s, struct source_shared *shared)
{
    if (!s->capture)
        return;
    note(s);
    window_close(&s->window, &shared->slabs);
    capture_close(s->capture);
    s->capture = NULL;
    if (!s->started && !s->ended)
        s->bytes_done = 0;
}

void source_pop(struct source *s, struct source_shared *shared)
{
    const struct capture_frame *frame = source_head(s);
    if (!s->started)
        s->given_first = frame->time;
    s->started = true;
    s->given_last = frame->time;
    s->frames++;
    slab_drop(&shared->slabs, frame->slab);
    window_pop(&s->window);
    fill(s, shared);
}

int source_compare_rank(const struct source *a, const struct source *b)
{
    if (a->first_time != b->first_time)
        return a->first_time < b->first_time ? -1 : 1;
    if (a->first_hash != b->first_hash)
        return a->first_hash < b->first_hash ? -1 : 1;
    return strcmp(a->name, b->name);
}
