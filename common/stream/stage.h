/*
 * stage - a batch of records in, a batch of records out: the whole interface of every core.
 *
 * The rules that make a stage replayable, movable and the same in one process or forty:
 * - Its input comes in the order of event time; ties in the order of id. A record behind the last watermark
 * is late: it is processed all the same and counted.
 * - A timer fires by its own time, not by when it is noticed: before a record of time t everything due before
 * t is emitted, with its own time, and a watermark of time t does the same. So the cut of batches and the
 *   beat of watermarks change nothing in what is emitted, nor in its order.
 * - It passes each watermark on, behind what it emitted for it.
 * - What it remembers is in tables (pointer-free, bounded) and in the few plain bytes that save() writes;
 *   load() on a new stage gives the same stage again, after any record.
 * - No I/O, no clock, no thread, no global that changes.
 */
#ifndef ORTHRUS_STREAM_STAGE_H
#define ORTHRUS_STREAM_STAGE_H

#include "common/base/reader.h"
#include "common/base/table.h"
#include "common/base/writer.h"
#include "common/stream/batch.h"

enum {
    STAGE_TABLES_MAX = 96,
};

/* A number that a stage counts, by name: read for the closing summary and for metrics. */
struct stage_count {
    const char *name;
    const char *doc;
    uint64_t value;
};

struct stage_type {
    const char *name;
    /* Takes all of in, appends to out. */
    void (*step)(void *self, const struct batch *in, struct batch *out);
    /* The tables that hold its state; returns how many. May be null. */
    size_t (*tables)(void *self, struct table *tables[STAGE_TABLES_MAX]);
    /* State outside of tables: small and always written whole. May be null. */
    void (*save)(const void *self, struct writer *w);
    bool (*load)(void *self, struct reader *r);
    /* What it counted since it was made; returns how many, at most max. May be null. */
    size_t (*counts)(const void *self, struct stage_count *counts, size_t max);
    void (*close)(void *self);
};

struct stage {
    const struct stage_type *type;
    void *self;
};

static inline void stage_step(const struct stage *stage, const struct batch *in, struct batch *out)
{
    stage->type->step(stage->self, in, out);
}

static inline void stage_close(struct stage *stage)
{
    if (stage->self)
        stage->type->close(stage->self);
    stage->self = NULL;
}

/* The whole state as bytes, and back into a stage newly made with the same settings. False: not its state. */
void stage_save(const struct stage *stage, struct writer *w);
bool stage_load(const struct stage *stage, struct reader *r);

#endif
