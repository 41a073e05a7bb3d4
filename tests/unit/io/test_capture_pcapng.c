/*
 * test_capture_pcapng - the pcapng format, over blocks made by its specification.
 */
#include "tests/unit/io/cm.h"

#include "common/io/capture_pcapng.h"
#include "tests/unit/io/made.h"

enum {
    BLOCK_PACKET_OBSOLETE = 2,
    BLOCK_SIMPLE = 3,
};

/* Everything up to the first frame, or to what is not right. */
static enum capture_step next_frame(struct pcapng *pcapng, struct reader *r, struct capture_item *item)
{
    for (;;) {
        *item = (struct capture_item){0};
        enum capture_step step = pcapng_next(pcapng, r, item);
        if (step != CAPTURE_SKIPPED)
            return step;
        if (item->skip > reader_left(r))
            return CAPTURE_MORE;
        reader_skip(r, item->skip);
    }
}

static void test_both_byte_orders_are_read_also_in_one_file(void **state)
{
    (void)state;
    struct writer w = {0};
    for (int i = 0; i < 4; i++) {
        bool big = i % 2 == 1;
        made_section(&w, big);
        made_interface(&w, big, (uint16_t)(100 + i), -1, 0);
        made_packet(&w, big, 0, 1700000000123456u + (unsigned)i, STR("hello"));
    }
    struct pcapng pcapng = {0};
    struct capture_item item;
    struct reader r = reader_of(w.bytes, w.size);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(next_frame(&pcapng, &r, &item), CAPTURE_FRAME);
        assert_int_equal(item.linktype, 100 + i);
        assert_int_equal(item.time, (1700000000123456 + i) * 1000);
        assert_int_equal(item.original_bytes, 9);
        assert_true(str_equal(item.bytes, STR("hello")));
    }
    assert_int_equal(next_frame(&pcapng, &r, &item), CAPTURE_MORE);
    assert_int_equal(reader_left(&r), 0);
    pcapng_close(&pcapng);
    writer_close(&w);
}

static void test_each_interface_has_its_own_resolution_and_offset(void **state)
{
    (void)state;
    static const struct {
        int resolution;
        int64_t offset;
        uint64_t stamp;
        time_ns time;
    } cases[] = {
        {-1, 0, 1700000000000001, 1700000000000001000},
        {9, 0, 1700000000123456789, 1700000000123456789},
        {3, 0, 1700000000123, 1700000000123000000},
        {0, 0, 1700000000, 1700000000000000000},
        {0, -3600, 1700000000, 1699996400000000000},
        {12, 1700000000, 123456789012, 1700000000123456789},
        {0x80 | 20, 1700000000, 3 << 19, 1700000001500000000},
        {0x80 | 1, 0, 3, 1500000000},
    };
    struct writer w = {0};
    made_section(&w, true);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        made_interface(&w, true, 1, cases[i].resolution, cases[i].offset);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        made_packet(&w, true, (uint32_t)i, cases[i].stamp, STR("x"));
    struct pcapng pcapng = {0};
    struct capture_item item;
    struct reader r = reader_of(w.bytes, w.size);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(next_frame(&pcapng, &r, &item), CAPTURE_FRAME);
        assert_int_equal(item.time, cases[i].time);
    }
    pcapng_close(&pcapng);
    writer_close(&w);
}

static void test_times_that_cannot_be_expressed_become_the_nearest(void **state)
{
    (void)state;
    struct pcapng_interface in = {.resolution = 0};
    assert_int_equal(pcapng_time(&in, UINT64_MAX), TIME_NS_END - 1);
    in.offset_s = INT64_MIN;
    assert_int_equal(pcapng_time(&in, 0), TIME_NS_NONE + 1);
    in = (struct pcapng_interface){.resolution = 127};
    assert_int_equal(pcapng_time(&in, UINT64_MAX), 0);
    in.resolution = 0xff;
    assert_int_equal(pcapng_time(&in, UINT64_MAX), 0);
    in.resolution = 19 + 9;
    assert_int_equal(pcapng_time(&in, UINT64_MAX), 1);
}

static void test_simple_and_obsolete_packets_are_frames(void **state)
{
    (void)state;
    struct writer w = {0}, body = {0};
    made_section(&w, false);
    made_interface(&w, false, 1, -1, 0);
    made_interface(&w, false, 113, 9, 0);
    made_u16(&body, false, 1); /* interface, drops, time, lengths */
    made_u16(&body, false, 0);
    made_u32(&body, false, 0);
    made_u32(&body, false, 77);
    made_u32(&body, false, 3);
    made_u32(&body, false, 8);
    writer_text(&body, "abc");
    made_block(&w, false, BLOCK_PACKET_OBSOLETE, writer_str(&body));
    writer_reset(&body);
    made_u32(&body, false, 5);
    writer_text(&body, "fives");
    made_block(&w, false, BLOCK_SIMPLE, writer_str(&body));
    struct pcapng pcapng = {0};
    struct capture_item item;
    struct reader r = reader_of(w.bytes, w.size);
    assert_int_equal(next_frame(&pcapng, &r, &item), CAPTURE_FRAME);
    assert_int_equal(item.linktype, 113);
    assert_int_equal(item.time, 77);
    assert_int_equal(item.original_bytes, 8);
    assert_true(str_equal(item.bytes, STR("abc")));
    assert_int_equal(next_frame(&pcapng, &r, &item), CAPTURE_FRAME);
    assert_true(item.untimed);
    assert_int_equal(item.linktype, 1);
    assert_true(str_equal(item.bytes, STR("fives")));
    pcapng_close(&pcapng);
    writer_close(&w);
    writer_close(&body);
}

static void test_other_blocks_are_skipped_without_being_there_whole(void **state)
{
    (void)state;
    static const uint32_t types[] = {4, 5, 9, 0x0a, 0xbad, 0x40000bad, 0x80000001, 0};
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        struct writer w = {0};
        made_section(&w, false);
        size_t head = w.size;
        made_block(&w, false, types[i], STR("whatever it may be"));
        struct pcapng pcapng = {0};
        struct capture_item item = {0};
        struct reader r = reader_of(w.bytes, head + 8);
        assert_int_equal(pcapng_next(&pcapng, &r, &item), CAPTURE_SKIPPED);
        reader_skip(&r, item.skip);
        assert_int_equal(pcapng_next(&pcapng, &r, &item), CAPTURE_SKIPPED);
        assert_int_equal(reader_left(&r), 0);
        assert_int_equal(item.skip, 24);
        pcapng_close(&pcapng);
        writer_close(&w);
    }
}

static void test_every_prefix_gives_only_whole_frames(void **state)
{
    (void)state;
    struct writer w = {0};
    made_section(&w, true);
    made_interface(&w, true, 1, 9, 5);
    made_packet(&w, true, 0, 1, STR("first"));
    size_t first = w.size;
    made_block(&w, true, 5, STR("statistics"));
    made_packet(&w, true, 0, 2, STR("second"));
    for (size_t size = 0; size <= w.size; size++) {
        uint8_t *exact = malloc(size ? size : 1);
        memcpy(exact, w.bytes, size);
        struct pcapng pcapng = {0};
        struct capture_item item;
        struct reader r = reader_of(exact, size);
        int frames = 0;
        enum capture_step step;
        while ((step = next_frame(&pcapng, &r, &item)) == CAPTURE_FRAME)
            frames++;
        assert_int_equal(step, CAPTURE_MORE);
        assert_int_equal(frames, (size >= first) + (size == w.size));
        pcapng_close(&pcapng);
        free(exact);
    }
    writer_close(&w);
}

/* The step that a file ends with when the four bytes at `at` from the end are replaced. */
static enum capture_step spoil(size_t from_end, uint32_t value)
{
    struct writer w = {0};
    made_section(&w, false);
    made_interface(&w, false, 1, -1, 0);
    made_packet(&w, false, 0, 1, STR("12345678"));
    struct writer spoilt = {0};
    writer_u32le(&spoilt, value);
    memcpy(&w.bytes[w.size - from_end], spoilt.bytes, 4);
    struct pcapng pcapng = {0};
    struct capture_item item;
    struct reader r = reader_of(w.bytes, w.size);
    enum capture_step step = next_frame(&pcapng, &r, &item);
    if (step == CAPTURE_BAD)
        assert_non_null(item.reason);
    pcapng_close(&pcapng);
    writer_close(&spoilt);
    writer_close(&w);
    return step;
}

static void test_lengths_and_interfaces_that_cannot_be_are_damage(void **state)
{
    (void)state;
    /* The packet block takes the last 40 bytes: type, length, interface, time, lengths, data, length. */
    assert_int_equal(spoil(4, 40), CAPTURE_FRAME);
    assert_int_equal(spoil(4, 41), CAPTURE_BAD);
    assert_int_equal(spoil(36, 0), CAPTURE_BAD);
    assert_int_equal(spoil(36, 31), CAPTURE_BAD);
    assert_int_equal(spoil(36, UINT32_MAX), CAPTURE_BAD);
    assert_int_equal(spoil(36, PCAPNG_BLOCK_BYTES_MAX), CAPTURE_BAD);
    assert_int_equal(spoil(36, 1000), CAPTURE_MORE);
    assert_int_equal(spoil(32, 1), CAPTURE_BAD);
    assert_int_equal(spoil(32, UINT32_MAX), CAPTURE_BAD);
    assert_int_equal(spoil(20, 9), CAPTURE_BAD);
    assert_int_equal(spoil(20, UINT32_MAX), CAPTURE_BAD);
    assert_int_equal(spoil(20, 7), CAPTURE_FRAME);
}

static void test_a_file_must_begin_with_a_section_of_a_known_kind(void **state)
{
    (void)state;
    struct writer w = {0};
    struct pcapng pcapng = {0};
    struct capture_item item;
    made_packet(&w, false, 0, 1, STR("x"));
    struct reader r = reader_of(w.bytes, w.size);
    assert_int_equal(pcapng_next(&pcapng, &r, &item), CAPTURE_BAD);
    writer_reset(&w);
    made_section(&w, false);
    w.bytes[12] = 2; /* version 2 */
    r = reader_of(w.bytes, w.size);
    assert_int_equal(pcapng_next(&pcapng, &r, &item), CAPTURE_BAD);
    w.bytes[8] ^= 1; /* byte order */
    assert_int_equal(pcapng_next(&pcapng, &r, &item), CAPTURE_BAD);
    writer_close(&w);
}

static void test_options_that_run_out_leave_the_defaults(void **state)
{
    (void)state;
    struct writer w = {0}, body = {0};
    made_section(&w, false);
    made_u16(&body, false, 1);
    made_u16(&body, false, 0);
    made_u32(&body, false, 0);
    made_u16(&body, false, 9);
    made_u16(&body, false, 60000);
    made_block(&w, false, 1, writer_str(&body));
    made_packet(&w, false, 0, 5, STR("x"));
    struct pcapng pcapng = {0};
    struct capture_item item;
    struct reader r = reader_of(w.bytes, w.size);
    assert_int_equal(next_frame(&pcapng, &r, &item), CAPTURE_FRAME);
    assert_int_equal(item.time, 5000);
    pcapng_close(&pcapng);
    writer_close(&body);
    writer_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_byte_orders_are_read_also_in_one_file),
        cmocka_unit_test(test_each_interface_has_its_own_resolution_and_offset),
        cmocka_unit_test(test_times_that_cannot_be_expressed_become_the_nearest),
        cmocka_unit_test(test_simple_and_obsolete_packets_are_frames),
        cmocka_unit_test(test_other_blocks_are_skipped_without_being_there_whole),
        cmocka_unit_test(test_every_prefix_gives_only_whole_frames),
        cmocka_unit_test(test_lengths_and_interfaces_that_cannot_be_are_damage),
        cmocka_unit_test(test_a_file_must_begin_with_a_section_of_a_known_kind),
        cmocka_unit_test(test_options_that_run_out_leave_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
