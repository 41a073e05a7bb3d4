/*
 * batch - records on their way from one stage to the next, with the memory they borrow from.
 *
 * One owner, no threads. What a batch holds is valid until batch_reset() or batch_close(). The records of an
 * output batch may borrow from the input batch as well: whoever keeps records longer copies them
 * (record_copy()).
 */
#ifndef ORTHRUS_STREAM_BATCH_H
#define ORTHRUS_STREAM_BATCH_H

#include "common/base/arena.h"
#include "proto/record.h"

struct batch {
    struct record *records;
    uint32_t count;
    uint32_t capacity;
    struct arena arena;
};

void batch_init(struct batch *batch);
void batch_close(struct batch *batch);
void batch_reset(struct batch *batch);

/* A new record at the end, its envelope given and its body (of body_bytes, in the arena) zeroed. Returns the
 * body, which the caller fills before the next record is added; null for a record without a body. */
void *batch_add(struct batch *batch, enum record_type type, time_ns time, struct id id);
/* The envelope of the record added last. */
struct record *batch_last(struct batch *batch);
/* Adds a record as it is; it must live as long as the batch. */
void batch_append(struct batch *batch, const struct record *record);
void batch_add_watermark(struct batch *batch, time_ns time);

#endif
