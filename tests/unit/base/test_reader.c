/*
 * test_reader - the cursor gives what is there, and nothing after it has failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/reader.h"

static const uint8_t input[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09};

static void numbers_are_read_in_both_orders(void **state)
{
    (void)state;
    struct reader r = reader_of(input, sizeof(input));
    assert_int_equal(reader_u8(&r), 0x01);
    assert_int_equal(reader_u16le(&r), 0x0302);
    assert_int_equal(reader_u16be(&r), 0x0405);
    assert_int_equal(reader_u32le(&r), 0x09080706);
    r = reader_of(input, sizeof(input));
    assert_int_equal(reader_u32be(&r), 0x01020304);
    r = reader_of(input, sizeof(input));
    assert_true(reader_u64le(&r) == 0x0807060504030201u);
    r = reader_of(input, sizeof(input));
    assert_true(reader_u64be(&r) == 0x0102030405060708u);
    assert_true(reader_ok(&r));
    assert_int_equal(reader_left(&r), 1);
}

static void a_read_past_the_end_fails_and_takes_nothing(void **state)
{
    (void)state;
    struct reader r = reader_of(input, 3);
    assert_int_equal(reader_u16be(&r), 0x0102);
    assert_int_equal(reader_u16be(&r), 0);
    assert_false(reader_ok(&r));
    assert_int_equal(reader_offset(&r), 2);
    assert_int_equal(reader_left(&r), 0);
    assert_int_equal(reader_u8(&r), 0);
    assert_int_equal(reader_bytes(&r, 1).size, 0);
    assert_int_equal(reader_rest(&r).size, 0);
    assert_int_equal(reader_peek_u8(&r), 0);
    assert_int_equal(reader_offset(&r), 2);
}

static void no_size_is_too_large_to_be_refused(void **state)
{
    (void)state;
    static const size_t sizes[] = {4, UINT32_MAX, (size_t)UINT32_MAX + 1, SIZE_MAX - 1, SIZE_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct reader r = reader_of(input, 3);
        assert_int_equal(reader_bytes(&r, sizes[i]).size, 0);
        assert_false(reader_ok(&r));
        r = reader_of(input, 3);
        reader_skip(&r, sizes[i]);
        assert_false(reader_ok(&r));
        r = reader_of(input, 3);
        struct reader part = reader_sub(&r, sizes[i]);
        assert_false(reader_ok(&part));
        assert_false(reader_ok(&r));
        r = reader_of(input, 3);
        part = reader_at(&r, sizes[i]);
        assert_false(reader_ok(&part));
        assert_true(reader_ok(&r));
    }
}

static void every_number_refuses_every_short_input(void **state)
{
    (void)state;
    for (size_t size = 0; size < 8; size++) {
        struct reader r = reader_of(input, size);
        (void)reader_u64be(&r);
        assert_false(reader_ok(&r));
        r = reader_of(input, size);
        (void)reader_u32le(&r);
        assert_int_equal(reader_ok(&r), size >= 4);
        r = reader_of(input, size);
        (void)reader_u16be(&r);
        assert_int_equal(reader_ok(&r), size >= 2);
        r = reader_of(input, size);
        (void)reader_u8(&r);
        assert_int_equal(reader_ok(&r), size >= 1);
    }
}

static void a_part_is_bounded_and_the_outer_reader_moves_over_it(void **state)
{
    (void)state;
    struct reader r = reader_of(input, sizeof(input));
    reader_skip(&r, 2);
    struct reader part = reader_sub(&r, 3);
    assert_int_equal(reader_left(&part), 3);
    assert_int_equal(reader_offset(&part), 2);
    assert_int_equal(reader_offset(&r), 5);
    assert_true(str_equal(reader_rest(&part), (struct str){.at = "\x03\x04\x05", .size = 3}));
    (void)reader_u8(&part);
    assert_false(reader_ok(&part));
    assert_int_equal(reader_offset(&part), 5);
    assert_true(reader_ok(&r));
}

static void an_offset_counts_from_the_start_of_the_whole_input(void **state)
{
    (void)state;
    struct reader r = reader_of(input, sizeof(input));
    reader_skip(&r, 4);
    struct reader at = reader_at(&r, 1);
    assert_int_equal(reader_u8(&at), 0x02);
    at = reader_at(&r, sizeof(input));
    assert_true(reader_ok(&at));
    assert_int_equal(reader_left(&at), 0);
    at = reader_at(&r, sizeof(input) + 1);
    assert_false(reader_ok(&at));
}

static void a_part_of_a_failed_reader_has_failed(void **state)
{
    (void)state;
    struct reader r = reader_of(input, 1);
    reader_fail(&r);
    struct reader part = reader_sub(&r, 1);
    assert_false(reader_ok(&part));
    part = reader_sub(&r, 0);
    assert_false(reader_ok(&part));
}

static void nothing_is_an_input_like_any_other(void **state)
{
    (void)state;
    struct reader r = reader_of(NULL, 5);
    assert_int_equal(reader_left(&r), 0);
    assert_int_equal(reader_rest(&r).size, 0);
    assert_true(reader_ok(&r));
    assert_int_equal(reader_u8(&r), 0);
    assert_false(reader_ok(&r));
    r = reader_of_str((struct str){0});
    assert_int_equal(reader_bytes(&r, 0).size, 0);
    assert_true(reader_ok(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_in_both_orders),
        cmocka_unit_test(a_read_past_the_end_fails_and_takes_nothing),
        cmocka_unit_test(no_size_is_too_large_to_be_refused),
        cmocka_unit_test(every_number_refuses_every_short_input),
        cmocka_unit_test(a_part_is_bounded_and_the_outer_reader_moves_over_it),
        cmocka_unit_test(an_offset_counts_from_the_start_of_the_whole_input),
        cmocka_unit_test(a_part_of_a_failed_reader_has_failed),
        cmocka_unit_test(nothing_is_an_input_like_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
