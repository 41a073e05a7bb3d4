/*
 * test_text - examples of the specifications, and text that is empty, cut or hostile. tests/oracle/texts.py
 * holds the same functions to Python's for many values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"

static void assert_addr(const char *text, const char *expected)
{
    struct addr addr;
    char buffer[TEXT_ADDR_BYTES];
    assert_true(text_parse_addr(str_of(text), &addr));
    assert_string_equal(text_addr(&addr, buffer), expected);
}

static void ipv6_is_written_as_rfc_5952_recommends(void **state)
{
    (void)state;
    assert_addr("2001:0db8::0001", "2001:db8::1");               /* 4.1 */
    assert_addr("2001:db8:0:0:0:0:2:1", "2001:db8::2:1");        /* 4.2.1 */
    assert_addr("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"); /* 4.2.2 */
    assert_addr("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");          /* 4.2.3 */
    assert_addr("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");    /* 4.2.3 */
    assert_addr("2001:DB8::ABCD", "2001:db8::abcd");             /* 4.3 */
    assert_addr("0:0:0:0:0:0:0:0", "::");
    assert_addr("1:0:0:0:0:0:0:0", "1::");
    assert_addr("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

static void no_address_has_no_text(void **state)
{
    (void)state;
    struct addr addr = {0};
    char buffer[TEXT_ADDR_BYTES];
    assert_string_equal(text_addr(&addr, buffer), "");
    assert_false(text_parse_addr(STR(""), &addr));
    assert_false(text_parse_addr(STR("010.0.0.1"), &addr));
    assert_int_equal(addr.family, 0);
}

static void times_are_rfc_3339_with_the_digits_they_need(void **state)
{
    (void)state;
    char buffer[TEXT_TIME_BYTES];
    assert_string_equal(text_time(0, buffer), "1970-01-01T00:00:00.000000Z");
    assert_string_equal(text_time(1795291200 * TIME_NS_S + 123456000, buffer), "2026-11-21T20:00:00.123456Z");
    assert_string_equal(text_time(1795291200 * TIME_NS_S + 1, buffer), "2026-11-21T20:00:00.000000001Z");
    assert_string_equal(text_time(-1, buffer), "1969-12-31T23:59:59.999999999Z");
    assert_string_equal(text_time(TIME_NS_END, buffer), "2262-04-11T23:47:16.854775807Z");
    assert_string_equal(text_time(TIME_NS_NONE, buffer), "1677-09-21T00:12:43.145224192Z");
}

static void a_uuid_is_written_as_its_specification_shows_it(void **state)
{
    (void)state;
    /* The DRSUAPI interface, MS-DRSR 2.1: e3514235-4b06-11d1-ab04-00c04fc2dcd2. */
    static const uint8_t drsuapi[16] = {0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, 0xd1, 0x11,
                                        0xab, 0x04, 0x00, 0xc0, 0x4f, 0xc2, 0xdc, 0xd2};
    char buffer[TEXT_UUID_BYTES];
    assert_string_equal(text_uuid(drsuapi, buffer), "e3514235-4b06-11d1-ab04-00c04fc2dcd2");
}

static void utf16_gives_utf8_and_ends_at_nul(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(str_equal(text_from_utf16le(&arena, STR("a\0\xe9\0\0\0b\0"), false), STR("a\xc3\xa9")));
    assert_true(str_equal(text_from_utf16le(&arena, STR("a\0\0\0b\0"), true), STR("a\0b")));
    assert_true(
        str_equal(text_from_utf16le(&arena, STR("\x3d\xd8\x3a\xdc"), false), STR("\xf0\x9f\x90\xba")));
    assert_true(str_equal(text_from_utf16le(&arena, STR("\x3d\xd8"), false), STR("\xef\xbf\xbd")));
    assert_true(str_equal(text_from_utf16le(&arena, STR("a\0b"), false), STR("a")));
    assert_int_equal(text_from_utf16le(&arena, STR("a"), false).size, 0);
    arena_close(&arena);
}

static void text_that_is_right_already_is_borrowed(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct str valid = STR("h\xc3\xa9"), lower = STR("dc1$");
    assert_ptr_equal(text_to_utf8(&arena, valid).at, valid.at);
    assert_ptr_equal(text_lower(&arena, lower).at, lower.at);
    assert_int_equal(arena.used_bytes, 0);
    assert_true(str_equal(text_to_utf8(&arena, STR("a\xff")), STR("a\xef\xbf\xbd")));
    assert_true(str_equal(text_lower(&arena, STR("DC1$")), STR("dc1$")));
    assert_true(text_equal_nocase(STR("DC1.Corp"), STR("dc1.cORP")));
    assert_false(text_equal_nocase(STR("a"), STR("ab")));
    arena_close(&arena);
}

typedef void write_fn(struct writer *w, struct str s);

static void assert_written(write_fn *write, struct str s, struct str expected)
{
    struct writer w = {0};
    write(&w, s);
    assert_true(str_equal(writer_str(&w), expected));
    writer_close(&w);
}

static void what_could_do_harm_is_escaped(void **state)
{
    (void)state;
    assert_written(text_write_json, STR("a\"\\\n\x01\xe2\x80\xa8"), STR("a\\\"\\\\\\n\\u0001\\u2028"));
    assert_written(text_write_html, STR("<a href='x'>&"), STR("&#60;a href=&#39;x&#39;&#62;&#38;"));
    assert_written(text_write_terminal, STR("\x1b[31m\xe2\x80\xae"), STR("\\x1b[31m\\u202e"));
    assert_written(text_write_hex, STR("\x00\x9f\xff"), STR("009fff"));
}

static void empty_text_is_written_as_nothing(void **state)
{
    (void)state;
    write_fn *const all[] = {text_write_json, text_write_html, text_write_terminal, text_write_hex};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        assert_written(all[i], (struct str){0}, STR(""));
        assert_written(all[i], STR(""), STR(""));
    }
    struct arena arena;
    arena_init(&arena, 0);
    assert_int_equal(text_to_utf8(&arena, (struct str){0}).size, 0);
    assert_int_equal(text_lower(&arena, (struct str){0}).size, 0);
    assert_int_equal(text_from_utf16le(&arena, (struct str){0}, true).size, 0);
    assert_true(text_equal_nocase((struct str){0}, STR("")));
    arena_close(&arena);
}

static void kept_text_is_cut_at_a_whole_character_and_the_rest_is_zero(void **state)
{
    (void)state;
    char field[8];
    static const char cut[8] = "abcd\xc3\xa9";
    memset(field, 'x', sizeof(field));
    text_keep(field, sizeof(field), STR("abcd\xc3\xa9\xc3\xa9"));
    assert_memory_equal(field, cut, sizeof(field));
    assert_int_equal(text_kept(field, sizeof(field)).size, 6);
    text_keep(field, sizeof(field), (struct str){0});
    assert_int_equal(text_kept(field, sizeof(field)).size, 0);
    assert_int_equal(field[7], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_text_is_cut_at_a_whole_character_and_the_rest_is_zero),
        cmocka_unit_test(ipv6_is_written_as_rfc_5952_recommends),
        cmocka_unit_test(no_address_has_no_text),
        cmocka_unit_test(times_are_rfc_3339_with_the_digits_they_need),
        cmocka_unit_test(a_uuid_is_written_as_its_specification_shows_it),
        cmocka_unit_test(utf16_gives_utf8_and_ends_at_nul),
        cmocka_unit_test(text_that_is_right_already_is_borrowed),
        cmocka_unit_test(what_could_do_harm_is_escaped),
        cmocka_unit_test(empty_text_is_written_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
