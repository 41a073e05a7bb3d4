/*
 * fuzz_pcap - covers capture_pcap: its header and records, in all variants.
 *
 * What must hold: a step that gives something moves on, one that does not stays, lent bytes lie within the
 * input, and a step that asks for more asks for more than is there.
 */
#include "common/io/capture_pcap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader r = reader_of(bytes, size);
    struct pcap pcap;
    struct capture_item item = {0};
    enum capture_step step = pcap_header(&pcap, &r, &item);
    uint64_t sum = 0;
    while (step == CAPTURE_SKIPPED || step == CAPTURE_FRAME) {
        size_t left = reader_left(&r);
        step = pcap_next(&pcap, &r, &item);
        if (step == CAPTURE_FRAME) {
            REQUIRE(reader_left(&r) + item.bytes.size < left && item.bytes.size <= pcap.frame_bytes_max);
            for (uint32_t i = 0; i < item.bytes.size; i++)
                sum += (uint8_t)item.bytes.at[i];
        } else {
            REQUIRE(step == CAPTURE_MORE || step == CAPTURE_BAD);
            REQUIRE(reader_left(&r) == left &&
                    (step == CAPTURE_BAD ? item.reason != NULL : item.want > left));
        }
    }
    return sum == UINT64_MAX;
}
