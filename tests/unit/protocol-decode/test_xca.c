/*
 * test_xca - the examples of MS-XCA 3, and what is cut or makes no sense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/xca.h"

enum {
    ROOM = 4096,
    ABC_BYTES = 300,
    HUFFMAN_TABLE_BYTES = 256,
};

struct opened {
    uint8_t bytes[ROOM];
    uint32_t size;
    bool good;
};

static struct opened open_with(xca_open_fn *open, const void *input, uint32_t size, uint32_t room)
{
    struct opened opened = {0};
    struct xca_output o = {.bytes = opened.bytes, .room = room};
    opened.good = open((struct str){input, size}, &o);
    opened.size = o.size;
    return opened;
}

#define OPEN(open, input, room) open_with(open, input, sizeof(input) - 1, room)

static void assert_opened(const struct opened *opened, const char *text, uint32_t size)
{
    assert_true(opened->good);
    assert_int_equal(opened->size, size);
    assert_memory_equal(opened->bytes, text, size);
}

/* "abc" a hundred times. */
static void assert_abc(const struct opened *opened)
{
    assert_true(opened->good);
    assert_int_equal(opened->size, ABC_BYTES);
    for (uint32_t i = 0; i < ABC_BYTES; i++)
        assert_int_equal(opened->bytes[i], 'a' + i % 3);
}

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz";
static const char plain_alphabet[] = "\x3f\0\0\0abcdefghijklmnopqrstuvwxyz";
static const char plain_abc[] = "\xff\xff\xff\x1f"
                                "abc\x17\0\x0f\xff\x26\x01";

static void the_examples_of_plain_lz77_open(void **state)
{
    (void)state;
    struct opened opened = OPEN(xca_open_lz77, plain_alphabet, 26);
    assert_opened(&opened, alphabet, 26);
    opened = OPEN(xca_open_lz77, plain_abc, ABC_BYTES);
    assert_abc(&opened);
}

/* Two lengths that share a byte: matches of 10 and of 12 bytes, behind "ab". */
static void lengths_of_plain_lz77_share_a_byte(void **state)
{
    (void)state;
    static const char input[] = "\0\0\0\x30"
                                "ab\x0f\0\x20\x0f\0";
    struct opened opened = OPEN(xca_open_lz77, input, 24);
    assert_opened(&opened, "abababababababababababab", 24);
}

static const uint8_t *alphabet_table(void)
{
    static uint8_t input[HUFFMAN_TABLE_BYTES + 20];
    static const char lengths[] = "\x50\x55\x55\x55\x55\x55\x55\x55\x55\x55\x55\x45\x44\x04";
    static const char codes[] = "\xd8\x52\x3e\xd7\x94\x11\x5b\xe9\x19\x5f\xf9\xd6\x7c\xdf\x8d\x04\0\0\0\0";
    memset(input, 0, sizeof(input));
    memcpy(input + 0x30, lengths, sizeof(lengths) - 1);
    input[0x80] = 0x04;
    memcpy(input + HUFFMAN_TABLE_BYTES, codes, sizeof(codes) - 1);
    return input;
}

static const uint8_t *abc_table(void)
{
    static uint8_t input[HUFFMAN_TABLE_BYTES + 7];
    memset(input, 0, sizeof(input));
    memcpy(input + 0x30, "\x30\x23", 2);
    input[0x80] = 0x02;
    input[0x8f] = 0x20;
    memcpy(input + HUFFMAN_TABLE_BYTES, "\xa8\xdc\0\0\xff\x26\x01", 7);
    return input;
}

static void the_examples_of_lz77_with_huffman_codes_open(void **state)
{
    (void)state;
    struct opened opened = open_with(xca_open_lz77_huffman, alphabet_table(), HUFFMAN_TABLE_BYTES + 20, 26);
    assert_opened(&opened, alphabet, 26);
    opened = open_with(xca_open_lz77_huffman, abc_table(), HUFFMAN_TABLE_BYTES + 7, ABC_BYTES);
    assert_abc(&opened);
}

/* Without a size that stops it, the code for the end does. */
static void the_end_of_huffman_codes_is_found_without_a_size(void **state)
{
    (void)state;
    struct opened opened = open_with(xca_open_lz77_huffman, abc_table(), HUFFMAN_TABLE_BYTES + 7, ROOM);
    assert_abc(&opened);
}

static const char lznt1_song[] =
    "\x38\xb0\x88\x46\x23\x20\0\x20\x47\x20\x41\0\x10\xa2\x47\x01\xa0\x45\x20\x44"
    "\0\x08\x45\x01\x50\x79\0\xc0\x45\x20\x05\x24\x13\x88\x05\xb4\x02\x4a\x44\xef"
    "\x03\x58\x02\x8c\x09\x16\x01\x48\x45\0\xbe\0\x9e\0\x04\x01\x18\x90\0";

static void the_example_of_lznt1_opens(void **state)
{
    (void)state;
    static const char song[] =
        "F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E "
        "F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D";
    struct opened opened = OPEN(xca_open_lznt1, lznt1_song, ROOM);
    assert_opened(&opened, song, sizeof(song));
}

static void a_chunk_of_lznt1_that_is_not_compressed_is_copied(void **state)
{
    (void)state;
    static const char input[] = "\x04\x30hello\0";
    struct opened opened = OPEN(xca_open_lznt1, input, ROOM);
    assert_opened(&opened, "hello", 5);
}

static void a_block_of_lz4_opens(void **state)
{
    (void)state;
    static const char input[] = "\x3f"
                                "abc\x03\0\xff\x17";
    struct opened opened = OPEN(xca_open_lz4, input, ABC_BYTES);
    assert_abc(&opened);
}

static void nothing_is_written_past_the_room_that_is_given(void **state)
{
    (void)state;
    for (uint32_t room = 0; room < ABC_BYTES; room++) {
        struct opened opened = OPEN(xca_open_lz77, plain_abc, room);
        assert_int_equal(opened.size, room);
        opened = open_with(xca_open_lz77_huffman, abc_table(), HUFFMAN_TABLE_BYTES + 7, room);
        assert_int_equal(opened.size, room);
        opened = OPEN(xca_open_lznt1, lznt1_song, room);
        assert_true(opened.size <= room);
    }
}

static void a_copy_from_before_the_beginning_is_refused(void **state)
{
    (void)state;
    static const char plain[] = "\0\0\0\x80\x17\0\x0f\xff\x26\x01";
    static const char lznt1[] = "\x02\xb0\x01\x00\x10";
    static const char lz4[] = "\x10"
                              "a\x02\0";
    assert_false(OPEN(xca_open_lz77, plain, ROOM).good);
    assert_false(OPEN(xca_open_lznt1, lznt1, ROOM).good);
    assert_false(OPEN(xca_open_lz4, lz4, ROOM).good);
}

static void code_lengths_that_make_no_tree_are_refused(void **state)
{
    (void)state;
    uint8_t input[HUFFMAN_TABLE_BYTES + 7];
    memcpy(input, abc_table(), sizeof(input));
    input[0x80] = 0x01;
    assert_false(open_with(xca_open_lz77_huffman, input, sizeof(input), ROOM).good);
    input[0x80] = 0;
    assert_false(open_with(xca_open_lz77_huffman, input, sizeof(input), ROOM).good);
}

static void every_prefix_opens_to_a_beginning_or_is_refused(void **state)
{
    (void)state;
    for (uint32_t size = 0; size < sizeof(plain_abc) - 1; size++) {
        struct opened opened = open_with(xca_open_lz77, plain_abc, size, ROOM);
        for (uint32_t i = 0; i < opened.size; i++)
            assert_int_equal(opened.bytes[i], 'a' + i % 3);
    }
    for (uint32_t size = 0; size < HUFFMAN_TABLE_BYTES + 7; size++)
        (void)open_with(xca_open_lz77_huffman, abc_table(), size, ROOM);
    struct opened whole = OPEN(xca_open_lznt1, lznt1_song, ROOM);
    for (uint32_t size = 0; size < sizeof(lznt1_song) - 1; size++) {
        struct opened opened = open_with(xca_open_lznt1, lznt1_song, size, ROOM);
        assert_true(opened.size <= whole.size);
        assert_memory_equal(opened.bytes, whole.bytes, opened.size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_plain_lz77_open),
        cmocka_unit_test(lengths_of_plain_lz77_share_a_byte),
        cmocka_unit_test(the_examples_of_lz77_with_huffman_codes_open),
        cmocka_unit_test(the_end_of_huffman_codes_is_found_without_a_size),
        cmocka_unit_test(the_example_of_lznt1_opens),
        cmocka_unit_test(a_chunk_of_lznt1_that_is_not_compressed_is_copied),
        cmocka_unit_test(a_block_of_lz4_opens),
        cmocka_unit_test(nothing_is_written_past_the_room_that_is_given),
        cmocka_unit_test(a_copy_from_before_the_beginning_is_refused),
        cmocka_unit_test(code_lengths_that_make_no_tree_are_refused),
        cmocka_unit_test(every_prefix_opens_to_a_beginning_or_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
