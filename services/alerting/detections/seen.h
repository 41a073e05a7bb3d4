/*
 * seen - a short list of names with when they were seen and what of them, for windows over distinct names.
 *
 * Plain bytes, bounded: the name unseen for the longest goes when it is full, so that counts are of the
 * last 64.
 */
#ifndef ORTHRUS_ALERTING_SEEN_H
#define ORTHRUS_ALERTING_SEEN_H

#include "common/base/base.h"

enum {
    SEEN_MAX = 64,
};

struct seen_item {
    struct id id;
    time_ns first;
    time_ns last;
    uint32_t count;
    uint32_t flags; /* the detection's */
};

struct seen {
    uint64_t count;
    struct seen_item items[SEEN_MAX];
};

/* The item of id, made when there is none; its last time and count move on, flags are added. */
struct seen_item *seen_note(struct seen *seen, struct id id, time_ns now, uint32_t flags);
/* Forgets what was last seen before then. */
void seen_forget(struct seen *seen, time_ns then);
/* How many were last seen at or after since, with one of any and none of none among their flags. */
uint32_t seen_count(const struct seen *seen, time_ns since, uint32_t any, uint32_t none);

#endif
