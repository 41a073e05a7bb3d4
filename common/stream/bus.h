/*
 * bus - what carries records between stages, and what keeps their state, as two small interfaces.
 *
 * The in-memory twins stand in memory_bus.h; Kafka and Redis take their places at the edge. A topic has
 * partitions, a partition is a log with offsets from 0. Values are encoded records (proto/msgpack.h).
 */
#ifndef ORTHRUS_STREAM_BUS_H
#define ORTHRUS_STREAM_BUS_H

#include "common/base/base.h"
#include "common/base/writer.h"

struct bus_type {
    uint32_t (*partitions)(void *self, const char *topic);
    /* Appends; ERR_OK only when it is kept. */
    enum err (*send)(void *self, const char *topic, uint32_t partition, struct str value);
    /* The value at offset, borrowed until the next call; ERR_END when there is none yet. */
    enum err (*read)(void *self, const char *topic, uint32_t partition, uint64_t offset, struct str *value);
};

struct bus {
    const struct bus_type *type;
    void *self;
};

/* Hot state by slot. A commit is atomic: changes, position and number go together or not at all. */
struct store_type {
    /* Adds changes to what is kept under name and replaces book, when the last commit was number - 1; else
     * ERR_CONFLICT. */
    enum err (*commit)(void *self, struct str name, uint64_t number, struct str changes, struct str book);
    /* Everything kept: calls visit for each run of changes in order. ERR_NOT_FOUND when nothing was ever
     * kept. book is borrowed until the next call. */
    enum err (*load)(void *self, struct str name, uint64_t *number, struct str *book,
                     bool (*visit)(void *arg, struct str changes), void *arg);
};

struct store {
    const struct store_type *type;
    void *self;
};

#endif
