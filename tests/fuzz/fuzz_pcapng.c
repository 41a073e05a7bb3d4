/*
 * fuzz_pcapng - covers capture_pcapng: blocks of all kinds, interfaces and their options, times.
 *
 * What must hold: a step that gives something moves on, one that does not stays, lent bytes lie within the
 * input, and a step that asks for more asks for more than is there.
 */
#include "common/io/capture_pcapng.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static uint64_t check_frame(const struct capture_item *item, size_t moved)
{
    REQUIRE(item->bytes.size < moved && item->bytes.size <= CAPTURE_FRAME_BYTES_JUMBO_MAX);
    REQUIRE(item->time > TIME_NS_NONE && item->time < TIME_NS_END);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < item->bytes.size; i++)
        sum += (uint8_t)item->bytes.at[i];
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader r = reader_of(bytes, size);
    struct pcapng pcapng = {0};
    uint64_t sum = 0;
    for (;;) {
        struct capture_item item = {0};
        size_t left = reader_left(&r);
        enum capture_step step = pcapng_next(&pcapng, &r, &item);
        size_t moved = left - reader_left(&r);
        if (step == CAPTURE_MORE || step == CAPTURE_BAD) {
            REQUIRE(moved == 0 && (step == CAPTURE_BAD ? item.reason != NULL : item.want > left));
            break;
        }
        REQUIRE(moved > 0);
        if (step == CAPTURE_FRAME)
            sum += check_frame(&item, moved);
        if (item.skip > reader_left(&r))
            break;
        reader_skip(&r, (size_t)item.skip);
    }
    pcapng_close(&pcapng);
    return sum == UINT64_MAX;
}
