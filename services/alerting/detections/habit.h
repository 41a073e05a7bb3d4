/*
 * habit - what an entity has done on many days for long: so that it is no longer worth telling.
 *
 * Unlike a history it forgives nothing that is merely repeated: a thing becomes a habit when it was first
 * seen the learning time ago and on HABIT_DAYS different days since, so that neither one long night nor one
 * act a month ago makes one. Plain bytes, bounded: of too many things the one unseen longest is forgotten.
 */
#ifndef ORTHRUS_ALERTING_HABIT_H
#define ORTHRUS_ALERTING_HABIT_H

#include "common/base/base.h"

enum {
    HABIT_MAX = 24,
    HABIT_DAYS = 4, /* a weekly task has run so often in the four weeks that most detections learn */
};

struct habit_item {
    struct id id;
    time_ns first;
    time_ns last;
    uint64_t days;
};

struct habit {
    uint64_t count;
    struct habit_item items[HABIT_MAX];
};

/* Notes a thing; true when it was a habit before now. One left off for the learning time is learnt anew. */
bool habit_note(struct habit *habit, struct id id, time_ns now, time_ns learn);

#endif
