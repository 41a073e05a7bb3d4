/*
 * suggest - what the user may have meant.
 */
#ifndef ORTHRUS_SERVICE_SUGGEST_H
#define ORTHRUS_SERVICE_SUGGEST_H

#include "common/base/base.h"

enum {
    SUGGEST_BYTES_MAX = 64,
};

/* How many letters must be put in, taken out, changed or swapped with their neighbour to make b of a; a large
 * number when either is longer than SUGGEST_BYTES_MAX. */
unsigned suggest_distance(struct str a, struct str b);
/* The nearest of count words, null when none is near. next gives the word at an index. */
const char *suggest_nearest(struct str word, const char *(*next)(const void *arg, uint32_t index),
                            const void *arg, uint32_t count);

#endif
