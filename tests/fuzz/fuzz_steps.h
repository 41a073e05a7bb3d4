/*
 * fuzz_steps - what the fuzz targets of stateful protocol modules share: an input is a run of steps, each a
 * byte of control, a length of two bytes and a message.
 */
#ifndef ORTHRUS_FUZZ_STEPS_H
#define ORTHRUS_FUZZ_STEPS_H

#include "common/base/writer.h"
#include "proto/msgpack.h"
#include "services/protocol-decode/place.h"

enum {
    STEP_TO_SERVER = 1,
    STEP_UDP = 2,
    STEP_LATER = 4, /* eleven seconds pass before */
    STEP_END = 8,   /* ends a flow, or gives a verdict, instead of a message */
    STEP_FLOW = 48, /* which of four flows */
    STEPS_MAX = 64,
};

static inline struct table *steps_files(void)
{
    struct table *files = NULL;
    enum err err = table_create(&files, &(struct table_options){.name = "files",
                                                                .key_size = sizeof(uint64_t),
                                                                .value_size = DECODE_FILE_BYTES,
                                                                .capacity = 1});
    REQUIRE(err == ERR_OK);
    return files;
}

static inline struct place steps_place(uint8_t control, uint64_t frame, time_ns time)
{
    return (struct place){.flow = {.high = 1, .low = control & STEP_FLOW},
                          .transport = control & STEP_UDP ? transport_udp : transport_tcp,
                          .to_server = control & STEP_TO_SERVER,
                          .frame = frame,
                          .time = time};
}

/* Everything told is read to its last byte. */
static inline void steps_read(struct batch *batch)
{
    struct writer w = {0};
    for (uint32_t i = 0; i < batch->count; i++)
        record_encode(&batch->records[i], &w);
    REQUIRE(writer_ok(&w));
    writer_close(&w);
    batch_reset(batch);
}

#endif
