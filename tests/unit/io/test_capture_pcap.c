/*
 * test_capture_pcap - the pcap format, over bytes made by its specification.
 */
#include "tests/unit/io/cm.h"

#include "common/io/capture_pcap.h"
#include "tests/unit/io/made.h"

static const struct variant {
    uint32_t magic;
    bool big;
    uint32_t extra; /* bytes that a record's header has behind the usual ones */
    time_ns unit;
} variants[] = {
    {0xa1b2c3d4, false, 0, 1000}, {0xa1b2c3d4, true, 0, 1000},  {0xa1b23c4d, false, 0, 1},
    {0xa1b23c4d, true, 0, 1},     {0xa1b2cd34, false, 8, 1000}, {0xa1b2cd34, true, 8, 1000},
};

static void test_each_variant_gives_time_lengths_and_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(variants); i++) {
        const struct variant *v = &variants[i];
        struct writer w = {0};
        made_pcap_header(&w, v->big, v->magic, 65535, 0x04000071); /* frame check sequences announced above */
        made_pcap_record(&w, v->big, (uint32_t[4]){1700000000, 123456, 5, 900}, v->extra, 0xab);
        struct reader r = reader_of(w.bytes, w.size);
        struct pcap pcap;
        struct capture_item item = {0};
        assert_int_equal(pcap_header(&pcap, &r, &item), CAPTURE_SKIPPED);
        assert_int_equal(pcap_next(&pcap, &r, &item), CAPTURE_FRAME);
        assert_int_equal(item.time, 1700000000 * TIME_NS_S + 123456 * v->unit);
        assert_int_equal(item.linktype, 113);
        assert_int_equal(item.original_bytes, 900);
        assert_true(str_equal(item.bytes, STR("\xab\xab\xab\xab\xab")));
        assert_int_equal(reader_left(&r), 0);
        writer_close(&w);
    }
}

static void test_every_prefix_asks_for_more_and_takes_nothing(void **state)
{
    (void)state;
    struct writer w = {0};
    made_pcap_header(&w, false, 0xa1b2c3d4, 65535, 1);
    made_pcap_record(&w, false, (uint32_t[4]){1, 2, 40, 40}, 0, 1);
    for (size_t size = 0; size < w.size; size++) {
        struct reader r = reader_of(w.bytes, size);
        struct pcap pcap;
        struct capture_item item = {0};
        enum capture_step step = pcap_header(&pcap, &r, &item);
        if (step == CAPTURE_SKIPPED)
            step = pcap_next(&pcap, &r, &item);
        assert_int_equal(step, CAPTURE_MORE);
        assert_int_equal(reader_left(&r), size < PCAP_HEADER_BYTES ? size : size - PCAP_HEADER_BYTES);
        assert_true(item.want > reader_left(&r));
    }
    writer_close(&w);
}

static enum capture_step read_record(uint32_t snap_length, uint32_t captured, struct capture_item *item)
{
    struct writer w = {0};
    made_pcap_header(&w, false, 0xa1b2c3d4, snap_length, 1);
    for (int i = 0; i < 4; i++)
        writer_u32le(&w, captured);
    struct reader r = reader_of(w.bytes, w.size);
    struct pcap pcap;
    assert_int_equal(pcap_header(&pcap, &r, item), CAPTURE_SKIPPED);
    enum capture_step step = pcap_next(&pcap, &r, item);
    writer_close(&w);
    return step;
}

static void test_a_frame_may_be_longer_than_the_snap_length_but_not_than_the_limits(void **state)
{
    (void)state;
    struct capture_item item = {0};
    assert_int_equal(read_record(96, 1514, &item), CAPTURE_MORE);
    assert_int_equal(read_record(96, CAPTURE_FRAME_BYTES_MAX, &item), CAPTURE_MORE);
    assert_int_equal(item.want, 16 + CAPTURE_FRAME_BYTES_MAX);
    assert_int_equal(read_record(96, CAPTURE_FRAME_BYTES_MAX + 1, &item), CAPTURE_BAD);
    assert_int_equal(read_record(1 << 20, 1 << 20, &item), CAPTURE_MORE);
    assert_int_equal(read_record(1 << 20, (1 << 20) + 1, &item), CAPTURE_BAD);
    assert_int_equal(read_record(UINT32_MAX, CAPTURE_FRAME_BYTES_JUMBO_MAX, &item), CAPTURE_MORE);
    assert_int_equal(read_record(UINT32_MAX, CAPTURE_FRAME_BYTES_JUMBO_MAX + 1, &item), CAPTURE_BAD);
    assert_int_equal(read_record(UINT32_MAX, UINT32_MAX, &item), CAPTURE_BAD);
    assert_int_equal(read_record(0, 0, &item), CAPTURE_FRAME);
}

static void test_another_version_is_refused(void **state)
{
    (void)state;
    struct writer w = {0};
    made_pcap_header(&w, false, 0xa1b2c3d4, 65535, 1);
    w.bytes[4] = 3;
    struct reader r = reader_of(w.bytes, w.size);
    struct pcap pcap;
    struct capture_item item = {0};
    assert_int_equal(pcap_header(&pcap, &r, &item), CAPTURE_BAD);
    w.bytes[0] = 0;
    assert_int_equal(pcap_header(&pcap, &r, &item), CAPTURE_BAD);
    writer_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_variant_gives_time_lengths_and_bytes),
        cmocka_unit_test(test_every_prefix_asks_for_more_and_takes_nothing),
        cmocka_unit_test(test_a_frame_may_be_longer_than_the_snap_length_but_not_than_the_limits),
        cmocka_unit_test(test_another_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
