/*
 * test_dns_name - names with and without compression, and the hostile ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/dns_name.h"
#include "tests/unit/protocol-decode/dns_build.h"

static struct str line_of(const struct dns_line *line)
{
    return (struct str){.at = line->text, .size = line->used};
}

/* The name at offset of bytes; *behind is where the reader stands afterwards, 0 when it has failed. */
static struct dns_name name_at(const void *bytes, size_t size, size_t offset, size_t *behind)
{
    struct reader r = reader_of(bytes, size);
    struct dns_name name;
    reader_skip(&r, offset);
    dns_name_read(&r, &name);
    *behind = reader_ok(&r) ? reader_offset(&r) : 0;
    return name;
}

static void assert_name(const struct dns_name *name, const char *expected)
{
    static struct dns_line line;
    line.used = 0;
    dns_name_line(&line, name);
    assert_true(str_equal(line_of(&line), str_of(expected)));
}

/* The message of RFC 1035 4.1.4, from octet 20 on: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root. */
static const uint8_t rfc_1035[] = {
    [20] = 1, 'F',      3,   'I', 'S', 'I',  4,  'A',         'R', 'P',      'A',
    0,        [40] = 3, 'F', 'O', 'O', 0xc0, 20, [64] = 0xc0, 26,  [92] = 0,
};

static void names_of_the_rfc_are_read_with_their_pointers(void **state)
{
    (void)state;
    size_t behind;
    struct dns_name name = name_at(rfc_1035, sizeof(rfc_1035), 20, &behind);
    assert_name(&name, "F.ISI.ARPA");
    assert_int_equal(behind, 32);
    name = name_at(rfc_1035, sizeof(rfc_1035), 40, &behind);
    assert_name(&name, "FOO.F.ISI.ARPA");
    assert_int_equal(behind, 46);
    assert_int_equal(name.size, 16);
    assert_int_equal(name.longest_label, 4);
    name = name_at(rfc_1035, sizeof(rfc_1035), 64, &behind);
    assert_name(&name, "ARPA");
    assert_int_equal(behind, 66);
    name = name_at(rfc_1035, sizeof(rfc_1035), 92, &behind);
    assert_name(&name, ".");
    assert_int_equal(name.size, 1);
}

static void assert_refused(const char *bytes, size_t size, size_t offset)
{
    size_t behind;
    struct dns_name name = name_at(bytes, size, offset, &behind);
    assert_int_equal(behind, 0);
    assert_int_equal(name.size, 0);
}

static void pointers_that_lead_nowhere_before_are_refused(void **state)
{
    (void)state;
    assert_refused("\xc0\x00", 2, 0);                 /* to itself */
    assert_refused("\xc0\x02\x01\x61\x00", 5, 0);     /* forward */
    assert_refused("\x01\x61\xc0\x00", 4, 0);         /* to the labels it ends */
    assert_refused("\x01\x61\xc0\x04\xc0\x00", 6, 4); /* there and back */
    assert_refused("\xc0", 1, 0);                     /* half of one */
    assert_refused("\x40\x61\x00", 3, 0);             /* RFC 2673's labels, and those never defined */
    assert_refused("\x80\x61\x00", 3, 0);
}

static void a_chain_of_pointers_has_an_end(void **state)
{
    (void)state;
    struct writer w = {0};
    size_t behind;
    writer_u8(&w, 0);
    writer_u8(&w, 0);
    for (uint16_t i = 0; i < 200; i++)
        build_pointer(&w, (uint16_t)(2 * i));
    struct dns_name name = name_at(w.bytes, w.size, 2 * 127, &behind);
    assert_name(&name, ".");
    name = name_at(w.bytes, w.size, 2 * 128, &behind);
    assert_int_equal(behind, 0);
    writer_close(&w);
}

static void a_name_of_255_bytes_is_read_and_one_of_256_is_not(void **state)
{
    (void)state;
    struct writer w = {0};
    size_t behind;
    for (int i = 0; i < 3; i++) {
        writer_u8(&w, 63);
        for (int j = 0; j < 63; j++)
            writer_u8(&w, 'a');
    }
    size_t last = w.size;
    writer_u8(&w, 61);
    for (int j = 0; j < 61; j++)
        writer_u8(&w, 'b');
    writer_u8(&w, 0);
    struct dns_name name = name_at(w.bytes, w.size, 0, &behind);
    assert_int_equal(name.size, 255);
    assert_int_equal(name.longest_label, 63);
    assert_int_equal(behind, 255);
    w.bytes[last] = 62;
    w.bytes[w.size - 1] = 'b';
    writer_u8(&w, 0);
    (void)name_at(w.bytes, w.size, 0, &behind);
    assert_int_equal(behind, 0);
    writer_close(&w);
}

static void every_prefix_of_a_name_is_refused(void **state)
{
    (void)state;
    for (size_t size = 40; size < 46; size++)
        assert_refused((const char *)rfc_1035, size, 40);
}

static void skipping_a_name_ends_where_reading_it_does(void **state)
{
    (void)state;
    static const size_t starts[] = {20, 40, 64, 92}, ends[] = {32, 46, 66, 93};
    for (size_t i = 0; i < ARRAY_COUNT(starts); i++) {
        struct reader r = reader_of(rfc_1035, sizeof(rfc_1035));
        reader_skip(&r, starts[i]);
        dns_name_skip(&r);
        assert_true(reader_ok(&r));
        assert_int_equal(reader_offset(&r), ends[i]);
    }
    struct reader r = reader_of("\x40", 1);
    dns_name_skip(&r);
    assert_false(reader_ok(&r));
}

static void bytes_that_would_mislead_are_escaped(void **state)
{
    (void)state;
    size_t behind;
    struct dns_name name = name_at("\x05"
                                   "a.b\\\x07"
                                   "\x03"
                                   "x y"
                                   "\x02\xc3\xa4",
                                   13, 0, &behind);
    assert_int_equal(behind, 0); /* it lacks its end */
    name = name_at("\x05"
                   "a.b\\\x07"
                   "\x03"
                   "x y"
                   "\x02\xc3\xa4\x00",
                   14, 0, &behind);
    assert_name(&name, "a\\.b\\\\\\007.x y.\xc3\xa4");
}

static void letters_are_equal_in_both_cases_and_nothing_else_is(void **state)
{
    (void)state;
    size_t behind;
    struct dns_name a = name_at("\x03"
                                "wWw\x01[\x00",
                                7, 0, &behind);
    struct dns_name b = name_at("\x03"
                                "WwW\x01[\x00",
                                7, 0, &behind);
    struct dns_name c = name_at("\x03"
                                "www\x01{\x00",
                                7, 0, &behind);
    assert_true(dns_name_equal(&a, &b));
    assert_true(id_equal(dns_name_id(&a), dns_name_id(&b)));
    assert_false(dns_name_equal(&a, &c));
    assert_false(id_equal(dns_name_id(&a), dns_name_id(&c)));
}

static void the_netbios_name_of_the_rfc_is_decoded(void **state)
{
    (void)state;
    static struct dns_line line;
    size_t behind;
    uint8_t bytes[NETBIOS_NAME_BYTES];
    /* RFC 1001 14.1: FRED in the scope NETBIOS.COM. */
    static const char wire[] = "\x20"
                               "EGFCEFEECACACACACACACACACACACACA"
                               "\x07NETBIOS\x03"
                               "COM";
    struct dns_name name = name_at(wire, sizeof(wire), 0, &behind);
    assert_true(netbios_name_decode(&name, bytes));
    assert_memory_equal(bytes, "FRED            ", NETBIOS_NAME_BYTES);
    line.used = 0;
    netbios_scope_line(&line, &name);
    assert_true(str_equal(line_of(&line), STR("NETBIOS.COM")));
    name = name_at("\x20"
                   "EGFCEFEECACACACACACACACACACACACQ",
                   34, 0, &behind);
    assert_false(netbios_name_decode(&name, bytes));
    name = name_at("\x02"
                   "AB",
                   4, 0, &behind);
    assert_false(netbios_name_decode(&name, bytes));
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(names_of_the_rfc_are_read_with_their_pointers),
        TEST(pointers_that_lead_nowhere_before_are_refused),
        TEST(a_chain_of_pointers_has_an_end),
        TEST(a_name_of_255_bytes_is_read_and_one_of_256_is_not),
        TEST(every_prefix_of_a_name_is_refused),
        TEST(skipping_a_name_ends_where_reading_it_does),
        TEST(bytes_that_would_mislead_are_escaped),
        TEST(letters_are_equal_in_both_cases_and_nothing_else_is),
        TEST(the_netbios_name_of_the_rfc_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
