/*
 * fuzz_decode - the whole decoder stage: frames of any link type through packets, fragments, TCP and every
 * protocol.
 *
 * The input is a run of frames: one byte for the link type and time step, two for the size, the bytes.
 * Halfway through, the state is saved and loaded into a new stage, which must take it; what both halves emit
 * must be encodable and stay in order.
 */
#include "common/base/reader.h"
#include "proto/msgpack.h"
#include "services/protocol-decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    FRAMES_MAX = 256,
};

static struct decode_options small_options(void)
{
    struct decode_options o = decode_defaults();
    o.flows = 64;
    o.pages = 64;
    o.fragments = 4;
    o.requests = 32;
    o.sessions = 16;
    return o;
}

static struct stage restart(struct stage old, const struct decode_options *options)
{
    struct writer saved = {0};
    struct stage fresh;
    stage_save(&old, &saved);
    REQUIRE(decode_create(&fresh, options) == ERR_OK);
    struct reader r = reader_of(saved.bytes, saved.size);
    REQUIRE(stage_load(&fresh, &r));
    writer_close(&saved);
    stage_close(&old);
    return fresh;
}

static void check_output(const struct batch *out, struct writer *w)
{
    for (uint32_t i = 0; i < out->count; i++) {
        writer_reset(w);
        record_encode(&out->records[i], w);
        REQUIRE(writer_ok(w));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const uint16_t linktypes[] = {1, 101, 113, 276, 0, 108, 228, 229};
    struct decode_options options = small_options();
    struct stage stage;
    struct batch in, out;
    struct writer w = {0};
    REQUIRE(decode_create(&stage, &options) == ERR_OK);
    batch_init(&in);
    batch_init(&out);
    struct reader r = reader_of(bytes, size);
    time_ns time = 1000 * TIME_NS_DAY;
    for (uint32_t i = 0; i < FRAMES_MAX && reader_left(&r) > 3; i++) {
        uint8_t head = reader_u8(&r);
        uint16_t length = reader_u16be(&r);
        time += (head >> 3) * 50 * TIME_NS_MS;
        batch_reset(&in);
        batch_reset(&out);
        struct frame *frame = batch_add(&in, RECORD_frame, time, (struct id){0});
        frame->file = STR("fuzz");
        frame->number = i + 1;
        frame->linktype = linktypes[head & 7];
        frame->bytes = reader_bytes(&r, length < reader_left(&r) ? length : reader_left(&r));
        frame->original_bytes = frame->bytes.size;
        stage_step(&stage, &in, &out);
        check_output(&out, &w);
        if (i % 16 == 7)
            stage = restart(stage, &options);
    }
    batch_reset(&in);
    batch_reset(&out);
    batch_add_watermark(&in, TIME_NS_END);
    stage_step(&stage, &in, &out);
    check_output(&out, &w);
    stage_close(&stage);
    writer_close(&w);
    batch_close(&in);
    batch_close(&out);
    return 0;
}
