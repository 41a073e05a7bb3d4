/*
 * test_arena - memory of a batch: aligned, apart from each other, and given back all at once. Also the
 * writer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/writer.h"

static void what_is_taken_is_aligned_and_nobody_elses(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    enum {
        PIECES = 500,
    };
    static uint8_t *piece[PIECES];
    static size_t size[PIECES];
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < PIECES; i++) {
            size[i] = (i * 7919) % (i % 50 == 0 ? 200000 : 700);
            piece[i] = arena_zeroed(&arena, size[i]);
            assert_non_null(piece[i]);
            assert_int_equal((uintptr_t)piece[i] % 16, 0);
            for (size_t n = 0; n < size[i]; n++)
                assert_int_equal(piece[i][n], 0);
            memset(piece[i], (int)(i & 0xff), size[i]);
        }
        for (size_t i = 0; i < PIECES; i++)
            for (size_t n = 0; n < size[i]; n++)
                assert_int_equal(piece[i][n], i & 0xff);
        arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
    }
    arena_close(&arena);
}

static void a_reset_gives_the_same_memory_again(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    void *first = arena_take(&arena, 100);
    arena_reset(&arena);
    assert_ptr_equal(arena_take(&arena, 100), first);
    arena_close(&arena);
}

static void a_copy_lives_on_when_its_source_does_not(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    char source[] = "alice";
    struct str copy = arena_copy(&arena, str_of(source));
    memset(source, 'x', sizeof(source));
    assert_true(str_equal(copy, STR("alice")));
    assert_int_equal(arena_copy(&arena, (struct str){0}).size, 0);
    arena_close(&arena);
}

static void printed_text_is_whole_up_to_its_limit(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(str_equal(arena_print(&arena, "%s-%d", "a", 7), STR("a-7")));
    assert_int_equal(arena_print(&arena, "%s", "").size, 0);
    assert_int_equal(arena_print(&arena, "%070000d", 1).size, 64 * 1024);
    arena_close(&arena);
}

static void a_writer_holds_what_was_written_in_order(void **state)
{
    (void)state;
    struct writer w = {0};
    writer_u8(&w, 0x01);
    writer_u16be(&w, 0x0203);
    writer_u32be(&w, 0x04050607);
    writer_u64be(&w, 0x08090a0b0c0d0e0fu);
    writer_u16le(&w, 0x0203);
    writer_u32le(&w, 0x04050607);
    writer_u64le(&w, 0x08090a0b0c0d0e0fu);
    writer_text(&w, "abc");
    writer_print(&w, "%c", 'd');
    static const uint8_t expected[] = {1, 2, 3, 4, 5,  6,  7,  8,  9,  10, 11, 12, 13,  14,  15,  3,  2,
                                       7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9,  8,  'a', 'b', 'c', 'd'};
    assert_int_equal(w.size, sizeof(expected));
    assert_memory_equal(w.bytes, expected, sizeof(expected));
    writer_close(&w);
}

static void long_printed_text_is_written_whole(void **state)
{
    (void)state;
    for (int size = 500; size < 530; size++) {
        struct writer w = {0};
        writer_print(&w, "%0*d", size, 7);
        assert_int_equal(w.size, size);
        assert_int_equal(w.bytes[size - 1], '7');
        assert_int_equal(w.bytes[size - 2], '0');
        writer_close(&w);
    }
}

static void a_writer_past_its_limit_stays_failed_until_reset(void **state)
{
    (void)state;
    struct writer w = {.limit_bytes = 4};
    writer_text(&w, "abc");
    assert_true(writer_ok(&w));
    writer_text(&w, "de");
    assert_false(writer_ok(&w));
    writer_text(&w, "f");
    assert_int_equal(w.size, 3);
    assert_null(writer_room(&w, SIZE_MAX));
    writer_reset(&w);
    assert_true(writer_ok(&w));
    writer_text(&w, "abcd");
    assert_true(str_equal(writer_str(&w), STR("abcd")));
    writer_close(&w);
    assert_int_equal(w.limit_bytes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_aligned_and_nobody_elses),
        cmocka_unit_test(a_reset_gives_the_same_memory_again),
        cmocka_unit_test(a_copy_lives_on_when_its_source_does_not),
        cmocka_unit_test(printed_text_is_whole_up_to_its_limit),
        cmocka_unit_test(a_writer_holds_what_was_written_in_order),
        cmocka_unit_test(long_printed_text_is_written_whole),
        cmocka_unit_test(a_writer_past_its_limit_stays_failed_until_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
