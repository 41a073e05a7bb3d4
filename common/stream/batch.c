/*
 * batch - an array of envelopes and an arena.
 */
#include "common/stream/batch.h"

enum {
    BATCH_FIRST_RECORDS = 64,
    BATCH_KEEP_BYTES = 4 * 1024 * 1024,
};

void batch_init(struct batch *batch)
{
    *batch = (struct batch){0};
    arena_init(&batch->arena, BATCH_KEEP_BYTES);
}

void batch_close(struct batch *batch)
{
    free(batch->records);
    arena_close(&batch->arena);
    *batch = (struct batch){0};
}

void batch_reset(struct batch *batch)
{
    batch->count = 0;
    arena_reset(&batch->arena);
}

void batch_append(struct batch *batch, const struct record *record)
{
    if (batch->count == batch->capacity) {
        uint32_t capacity = batch->capacity ? batch->capacity * 2 : BATCH_FIRST_RECORDS;
        struct record *records = realloc(batch->records, (size_t)capacity * sizeof(*records));
        REQUIRE(records != NULL);
        batch->records = records;
        batch->capacity = capacity;
    }
    batch->records[batch->count++] = *record;
}

void *batch_add(struct batch *batch, enum record_type type, time_ns time, struct id id)
{
    const struct record_info *info = record_info((uint16_t)type);
    REQUIRE(info != NULL);
    void *body = info->body_bytes ? arena_zeroed(&batch->arena, info->body_bytes) : NULL;
    batch_append(batch, &(struct record){.type = (uint16_t)type, .time = time, .id = id, .body = body});
    return body;
}

struct record *batch_last(struct batch *batch)
{
    REQUIRE(batch->count > 0);
    return &batch->records[batch->count - 1];
}

void batch_add_watermark(struct batch *batch, time_ns time)
{
    batch_append(batch, &(struct record){.type = RECORD_watermark, .time = time});
}
