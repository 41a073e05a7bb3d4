/*
 * order - releases records in the order of event time, up to the lowest watermark of their sources.
 *
 * The order is: time; then facts (bindings) before what is judged by them; then id. What lies at or beyond
 * the lowest watermark is copied and held until it moves. One owner, no threads, bounded.
 */
#ifndef ORTHRUS_STREAM_ORDER_H
#define ORTHRUS_STREAM_ORDER_H

#include "common/stream/batch.h"

enum {
    ORDER_SOURCES_MAX = 64,
};

struct order {
    uint32_t sources;                 /* whose watermarks are waited for; a record's slot is its source */
    uint32_t held_max;                /* more than this are released early, and counted */
    time_ns marks[ORDER_SOURCES_MAX]; /* the last watermark of each */
    time_ns released;                 /* the watermark that was passed on last */
    struct batch held[2];             /* one is read while the other is filled */
    uint32_t current;
    uint64_t late;   /* records behind what was already released */
    uint64_t forced; /* records released early because too many were held */
    struct record *scratch;
    uint32_t scratch_capacity;
};

void order_init(struct order *order, uint32_t sources, uint32_t held_max);
void order_close(struct order *order);
/* Takes all of in; appends to out what may go, then a watermark when the lowest one has moved. What is
 * appended borrows from in and from the order, and is valid until the next call. */
void order_step(struct order *order, const struct batch *in, struct batch *out);
/* Negative, zero or positive as a comes before, with or after b. */
int order_compare(const struct record *a, const struct record *b);
/* The oldest held record; null when nothing is held. */
uint32_t order_held(const struct order *order);

#endif
