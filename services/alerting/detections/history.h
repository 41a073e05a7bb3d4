/*
 * history - what an entity did before: for what is only worth telling when it is new.
 *
 * Plain bytes, bounded: of more than HISTORY_MAX things the one unseen longest is forgotten.
 */
#ifndef ORTHRUS_ALERTING_HISTORY_H
#define ORTHRUS_ALERTING_HISTORY_H

#include "common/base/base.h"

enum {
    HISTORY_MAX = 32,
};

struct history_item {
    struct id id;
    time_ns last;
};

struct history {
    time_ns since; /* of the first thing noted; 0: none */
    uint64_t count;
    struct history_item items[HISTORY_MAX];
};

/* Notes a thing; true when it was known before. */
bool history_note(struct history *history, struct id id, time_ns now);
/* How long this entity has been watched. */
time_ns history_learnt(const struct history *history, time_ns now);

#endif
