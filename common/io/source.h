/*
 * source - one capture of a merge: opened, looked into, closed and opened again when its time comes.
 *
 * Internal to sources. What goes wrong is kept in its trouble; who owns the source tells it.
 */
#ifndef ORTHRUS_IO_SOURCE_H
#define ORTHRUS_IO_SOURCE_H

#include "common/io/window.h"

struct source_shared {
    struct input_shared input;
    struct slabs slabs;
    uint32_t look_ahead_frames;
};

struct source {
    const char *name; /* borrowed */
    struct str label; /* the name in valid UTF-8; borrowed */
    struct input_place place;
    bool listed; /* found in a folder or archive: what is no capture is no error there */

    struct capture *capture; /* null while it is closed */
    struct window window;
    const struct slab *slab; /* of the frame read last, only to be compared */
    bool opened;             /* it was a capture when it was looked into */
    bool started;            /* frames were given */
    bool ended;
    bool repeatable;              /* it can be closed and opened again */
    enum content content;         /* what is inside, decompressed */
    enum content packing;         /* what lies there */
    struct trouble trouble;       /* the first that happened */
    struct capture_counts counts; /* kept when it closes */

    time_ns first_time; /* of the frame that comes first out of the look-ahead */
    uint64_t first_hash;
    uint64_t frames; /* given */
    time_ns given_first;
    time_ns given_last;
    uint64_t late;
    time_ns late_max;
    uint64_t bytes_done;
    uint64_t bytes_total; /* 0 when it is not known */
};

/* Opens it and fills its look-ahead. False when it is no capture (the trouble is set). */
bool source_open(struct source *source, struct source_shared *shared);
/* The same with its input, which is taken over. */
bool source_open_input(struct source *source, struct source_shared *shared, struct input *input);
/* Closes it so that it can be opened again; or for good, when frames were given. */
void source_close(struct source *source, struct source_shared *shared);
/* The frame that comes next; null when there is none any more. */
static inline const struct capture_frame *source_head(const struct source *source)
{
    return window_head(&source->window);
}
/* Drops the head, which was given, and fills the look-ahead again. Its bytes stay until slabs_reclaim(). */
void source_pop(struct source *source, struct source_shared *shared);
/* The order of the merge among frames of one time: by what the captures hold. */
int source_compare_rank(const struct source *a, const struct source *b);

#endif
