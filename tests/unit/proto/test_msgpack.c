/*
 * test_msgpack - records to bytes and back: hand-made bytes after the MessagePack specification, random
 * records, newer and hostile senders. tests/oracle/msgpack.py holds the same code to an independent
 * implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/field.h"
#include "proto/json.h"
#include "proto/msgpack.h"
#include "tests/tools/random_record.h"

enum {
    ROUNDS = 3000,
};

struct fixture {
    struct arena arena;
    struct writer first;
    struct writer second;
    struct writer first_json;
    struct writer second_json;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    arena_init(&fixture.arena, 1 << 20);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_close(&f->arena);
    writer_close(&f->first);
    writer_close(&f->second);
    writer_close(&f->first_json);
    writer_close(&f->second_json);
    return 0;
}

static uint64_t seed_of_run(const char *test)
{
    const char *wanted = getenv("ORTHRUS_SEED");
    uint64_t seed = wanted ? strtoull(wanted, NULL, 0) : 20240917;
    print_message("%s: ORTHRUS_SEED=%llu\n", test, (unsigned long long)seed);
    return seed;
}

static bool decode(struct fixture *f, const void *bytes, size_t size, struct record *record,
                   const char **reason)
{
    /* A copy of exactly that size, so that a read past its end is seen. */
    uint8_t *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    if (size > 0)
        memcpy(exact, bytes, size);
    struct reader r = reader_of(exact, size);
    bool ok = record_decode(&r, &f->arena, record, reason);
    if (ok) {
        assert_null(*reason);
        assert_true(reader_ok(&r));
        assert_int_equal(reader_left(&r), 0);
        *record = record_copy(&f->arena, record);
    } else {
        assert_non_null(*reason);
        assert_false(reader_ok(&r));
    }
    free(exact);
    return ok;
}

#define REFUSES(f, text, ...)                                                                                \
    do {                                                                                                     \
        static const uint8_t bytes[] = {__VA_ARGS__};                                                        \
        struct record refused;                                                                               \
        const char *why;                                                                                     \
        assert_false(decode(f, bytes, sizeof(bytes), &refused, &why));                                       \
        assert_string_equal(why, text);                                                                      \
    } while (0)

static void a_record_is_a_map_of_numbered_fields_in_shortest_forms(void **state)
{
    struct fixture *f = *state;
    static const int32_t etypes[] = {18, -133, 23};
    struct kerberos body = {
        .client = {.family = 4, .byte = {10, 0, 0, 7}},
        .client_port = 49152,
        .message = kerberos_message_as,
        .cname = STR("alice"),
        .etypes = {.at = etypes, .count = 3},
        .armored = true,
    };
    struct record record = {
        .type = RECORD_kerberos, .time = -1, .id = {1, 2}, .role = 1, .slot = 300, .body = &body};
    static const uint8_t expected[] = {
        0x8b,                                                                         /* map of 11 */
        0x01, 0x03,                                                                   /* type */
        0x02, 0xff,                                                                   /* time */
        0x03, 0xc4, 0x10, 0,    0,    0,    0,    0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, /* id */
        0x04, 0x01,                                                                   /* role */
        0x06, 0xcd, 0x01, 0x2c,                                                       /* slot */
        0x11, 0xc4, 0x04, 10,   0,    0,    7,                                        /* client */
        0x12, 0xcd, 0xc0, 0x00,                                                       /* client_port */
        0x21, 0x01,                                                                   /* message */
        0x23, 0xa5, 'a',  'l',  'i',  'c',  'e',                                      /* cname */
        0x2d, 0x93, 0x12, 0xd1, 0xff, 0x7b, 0x17,                                     /* etypes */
        0x44, 0xc3,                                                                   /* armored */
    };
    record_encode(&record, &f->first);
    assert_int_equal(f->first.size, sizeof(expected));
    assert_memory_equal(f->first.bytes, expected, sizeof(expected));
}

static void a_watermark_has_no_body(void **state)
{
    struct fixture *f = *state;
    record_encode(&(struct record){.type = RECORD_watermark, .time = TIME_NS_END}, &f->first);
    static const uint8_t expected[] = {0x82, 0x01, 0x02, 0x02, 0xcf, 0x7f, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    assert_int_equal(f->first.size, sizeof(expected));
    assert_memory_equal(f->first.bytes, expected, sizeof(expected));
    struct record back;
    const char *reason;
    assert_true(decode(f, f->first.bytes, f->first.size, &back, &reason));
    assert_null(back.body);
    assert_true(back.time == TIME_NS_END);
}

static void random_records_of_every_type_come_back_the_same(void **state)
{
    struct fixture *f = *state;
    struct random random = {.state = seed_of_run(__func__)};
    for (int i = 0; i < ROUNDS; i++) {
        const struct record_info *info = record_info_at((uint32_t)i);
        for (uint32_t n = random_below(&random, 64); !info; n = random_below(&random, 64))
            info = record_info_at(n);
        struct record record = random_record(&random, &f->arena, info), back;
        const char *reason;
        writer_reset(&f->first);
        writer_reset(&f->second);
        writer_reset(&f->first_json);
        writer_reset(&f->second_json);
        record_encode(&record, &f->first);
        record_write_json(&record, &f->first_json);
        assert_true(decode(f, f->first.bytes, f->first.size, &back, &reason));
        record_encode(&back, &f->second);
        record_write_json(&back, &f->second_json);
        assert_true(str_equal(writer_str(&f->first), writer_str(&f->second)));
        assert_true(str_equal(writer_str(&f->first_json), writer_str(&f->second_json)));
        arena_reset(&f->arena);
    }
}

static void every_prefix_of_a_record_is_refused(void **state)
{
    struct fixture *f = *state;
    struct random random = {.state = seed_of_run(__func__)};
    for (uint32_t n = 0; record_info_at(n); n++) {
        struct record record = random_record(&random, &f->arena, record_info_at(n)), back;
        writer_reset(&f->first);
        record_encode(&record, &f->first);
        for (size_t size = 0; size < f->first.size && size < 4096; size++) {
            const char *reason = NULL;
            assert_false(decode(f, f->first.bytes, size, &back, &reason));
        }
        arena_reset(&f->arena);
    }
}

static void records_behind_each_other_are_read_one_by_one(void **state)
{
    struct fixture *f = *state;
    for (uint64_t i = 1; i <= 5; i++)
        record_encode(&(struct record){.type = RECORD_watermark, .sequence = i}, &f->first);
    struct reader r = reader_of_str(writer_str(&f->first));
    for (uint64_t i = 1; i <= 5; i++) {
        struct record record;
        const char *reason;
        assert_true(record_decode(&r, &f->arena, &record, &reason));
        assert_int_equal(record.sequence, i);
    }
    assert_int_equal(reader_left(&r), 0);
}

static void fields_of_a_newer_release_are_skipped(void **state)
{
    struct fixture *f = *state;
    /* A binding with unknown fields of every shape around its name; 8 is an envelope number not yet in use.
     */
    static const uint8_t bytes[] = {
        0x8d, 0x01, 0x0a,                                                 /* type */
        0x08, 0xcb, 1,    2,    3,    4,    5,    6,    7,    8,          /* a double */
        0x13, 0xa2, 'd',  'c',                                            /* name */
        0x64, 0xc0,                                                       /* nil */
        0x65, 0xc2,                                                       /* false */
        0x66, 0xd4, 0x05, 0xaa,                                           /* fixext 1 */
        0x67, 0xc7, 0x03, 0x05, 1,    2,    3,                            /* ext 8 */
        0x68, 0x93, 0x91, 0x80, 0x81, 0xa1, 'k',  0x90, 0xca, 0, 0, 0, 0, /* nested */
        0x69, 0xd9, 0x02, 'x',  'y',                                      /* str 8 */
        0x6a, 0xc5, 0x00, 0x01, 0xff,                                     /* bin 16 */
        0x6b, 0xd0, 0x80,                                                 /* int 8 */
        0x6c, 0xde, 0x00, 0x01, 0x01, 0x02,                               /* map 16 */
        0xcd, 0x01, 0x00, 0xdc, 0x00, 0x01, 0xe0,                         /* key 256: array 16 */
    };
    struct record record;
    const char *reason;
    assert_true(decode(f, bytes, sizeof(bytes), &record, &reason));
    const struct binding *binding = record.body;
    assert_int_equal(record.type, RECORD_binding);
    assert_true(str_equal(binding->name, STR("dc")));
    for (size_t size = 0; size < sizeof(bytes); size++)
        assert_false(decode(f, bytes, size, &record, &reason));
}

static void values_of_choices_of_a_newer_release_are_kept(void **state)
{
    struct fixture *f = *state;
    static const uint8_t bytes[] = {0x82, 0x01, 0x0a, 0x10, 0xcc, 0xf0};
    struct record record;
    const char *reason;
    assert_true(decode(f, bytes, sizeof(bytes), &record, &reason));
    assert_int_equal(((const struct binding *)record.body)->kind, 0xf0);
}

static void longer_forms_and_zeros_of_other_writers_are_read(void **state)
{
    struct fixture *f = *state;
    static const uint8_t bytes[] = {
        0xdf, 0,    0,    0, 5, 0xcc, 0x01, 0xcd, 0, 0x0a, /* map 32, key as uint 8, type as uint 16 */
        0x02, 0xd3, 0,    0, 0, 0,    0,    0,    0, 5,    /* time as int 64 */
        0x12, 0xc4, 0x10, 0, 0, 0,    0,    0,    0, 0,
        0,    0,    0,    0, 0, 0,    0,    0,    0, /* an id of zeros: absent */
        0x13, 0xdb, 0,    0, 0, 2,    'd',  'c',     /* name as str 32 */
        0x16, 0x00,                                  /* certainty 0: absent */
    };
    struct record record;
    const char *reason;
    assert_true(decode(f, bytes, sizeof(bytes), &record, &reason));
    assert_int_equal(record.time, 5);
    assert_true(str_equal(((const struct binding *)record.body)->name, STR("dc")));
    record_encode(&record, &f->first);
    assert_int_equal(f->first.size, 1 + 2 + 2 + 4);
}

static void what_is_not_a_record_is_refused_with_a_reason(void **state)
{
    struct fixture *f = *state;
    REFUSES(f, "a record is not a map", 0x90);
    REFUSES(f, "does not begin with its type", 0x80);
    REFUSES(f, "does not begin with its type", 0x81, 0x02, 0x05);
    REFUSES(f, "is of a type that is not known", 0x81, 0x01, 0x00);
    REFUSES(f, "is of a type that is not known", 0x81, 0x01, 0xcc, 0xff);
    REFUSES(f, "a number is too large for its field", 0x81, 0x01, 0xce, 0x00, 0x01, 0x00, 0x00);
    REFUSES(f, "a number is of another kind", 0x82, 0x01, 0x0a, 0xa1, 'x', 0x01);
    REFUSES(f, "keys do not rise", 0x83, 0x01, 0x0a, 0x13, 0xa0, 0x13, 0xa0);
    REFUSES(f, "keys do not rise", 0x83, 0x01, 0x0a, 0x13, 0xa0, 0x02, 0x05);
}

static void a_value_of_the_wrong_kind_is_refused_with_a_reason(void **state)
{
    struct fixture *f = *state;
    REFUSES(f, "a text is of another kind", 0x82, 0x01, 0x0a, 0x13, 0x05);
    REFUSES(f, "a text is of another kind", 0x82, 0x01, 0x0a, 0x13, 0xc4, 0x01, 'x');
    REFUSES(f, "a number is of another kind", 0x82, 0x01, 0x0a, 0x16, 0xff);
    REFUSES(f, "a number is of another kind", 0x82, 0x01, 0x0a, 0x16, 0xc0);
    REFUSES(f, "a number is too large for its field", 0x82, 0x01, 0x0a, 0x16, 0xcd, 0x01, 0x00);
    REFUSES(f, "a number is too large for its field", 0x82, 0x01, 0x03, 0x24, 0xce, 0x80, 0x00, 0x00, 0x00);
    REFUSES(f, "a number is too large for its field", 0x82, 0x01, 0x03, 0x2a, 0xcf, 0x80, 0, 0, 0, 0, 0, 0,
            0);
    REFUSES(f, "an address has neither 4 nor 16 bytes", 0x82, 0x01, 0x0a, 0x11, 0xc4, 0x05, 1, 2, 3, 4, 5);
    REFUSES(f, "bytes are of another kind", 0x82, 0x01, 0x0a, 0x11, 0xa4, 1, 2, 3, 4);
    REFUSES(f, "bytes are not as many as their field has", 0x82, 0x01, 0x0a, 0x12, 0xc4, 0x01, 1);
    REFUSES(f, "bytes are not as many as their field has", 0x82, 0x01, 0x06, 0x24, 0xc4, 0x01, 1);
    REFUSES(f, "a flag is of another kind", 0x82, 0x01, 0x03, 0x44, 0x01);
    REFUSES(f, "a list is of another kind", 0x82, 0x01, 0x03, 0x2d, 0x80);
    REFUSES(f, "a number is of another kind", 0x82, 0x01, 0x03, 0x2d, 0x91, 0xa1, 'x');
    REFUSES(f, "a text is of another kind", 0x82, 0x01, 0x0e, 0x16, 0x91, 0x01);
    REFUSES(f, "a record is not a map", 0x82, 0x01, 0x0e, 0x1a, 0xa0);
    REFUSES(f, "a record is not a map", 0x82, 0x01, 0x0e, 0x1e, 0x91, 0x05);
}

static void counts_that_promise_more_than_there_is_cost_nothing(void **state)
{
    struct fixture *f = *state;
    static const char more[] = "holds more items than bytes are left";
    REFUSES(f, "a record is not a map", 0xdd, 0x10, 0x00, 0x00, 0x00);
    REFUSES(f, more, 0xdf, 0x10, 0x00, 0x00, 0x00);
    REFUSES(f, more, 0x82, 0x01, 0x03, 0x2d, 0xdd, 0x10, 0x00, 0x00, 0x00);
    REFUSES(f, more, 0x82, 0x01, 0x0e, 0x16, 0xdd, 0xff, 0xff, 0xff, 0xff);
    REFUSES(f, more, 0x82, 0x01, 0x0e, 0x1e, 0xdd, 0x10, 0x00, 0x00, 0x00);
    REFUSES(f, more, 0x82, 0x01, 0x0a, 0x64, 0xdd, 0xff, 0xff, 0xff, 0xff);
    REFUSES(f, more, 0x82, 0x01, 0x0a, 0x64, 0xdf, 0xff, 0xff, 0xff, 0xff);
    REFUSES(f, "ends too early", 0x82, 0x01, 0x0a, 0x64, 0xc6, 0xff, 0xff, 0xff, 0xff);
    REFUSES(f, "ends too early", 0x82, 0x01, 0x0a, 0x64, 0xc9, 0xff, 0xff, 0xff, 0xff);
    REFUSES(f, "ends too early", 0x82, 0x01, 0x0a, 0x13, 0xdb, 0xff, 0xff, 0xff, 0xff);
    REFUSES(f, "a value begins with the byte c1", 0x82, 0x01, 0x0a, 0x64, 0xc1);
    assert_true(f->arena.used_bytes < 16 * 1024);
}

static void depth_in_an_unknown_field_is_harmless(void **state)
{
    struct fixture *f = *state;
    enum {
        DEPTH = 1000000,
    };
    uint8_t *bytes = malloc(DEPTH);
    assert_non_null(bytes);
    memset(bytes, 0x91, DEPTH);
    memcpy(bytes, "\x82\x01\x0a\x64", 4);
    struct record record;
    const char *reason;
    assert_false(decode(f, bytes, DEPTH, &record, &reason));
    bytes[DEPTH - 1] = 0xc0;
    assert_true(decode(f, bytes, DEPTH, &record, &reason));
    free(bytes);
}

static void lists_are_held_to_their_limit_on_both_ways(void **state)
{
    struct fixture *f = *state;
    static int32_t etypes[RECORD_ITEMS_MAX + 1];
    struct kerberos body = {.etypes = {.at = etypes, .count = RECORD_ITEMS_MAX}};
    struct record record = {.type = RECORD_kerberos, .body = &body}, back;
    const char *reason;
    record_encode(&record, &f->first);
    assert_true(writer_ok(&f->first));
    assert_true(decode(f, f->first.bytes, f->first.size, &back, &reason));
    body.etypes.count++;
    record_encode(&record, &f->second);
    assert_false(writer_ok(&f->second));
}

static void the_declarations_keep_their_own_rules(void **state)
{
    (void)state;
    for (uint32_t n = 0; record_info_at(n); n++) {
        const struct record_info *info = record_info_at(n);
        assert_ptr_equal(record_info(info->type), info);
        assert_true(info->field_count <= RECORD_FIELDS_MAX);
        uint16_t last = FIELD_NUMBER_MIN - 1;
        for (uint32_t i = 0; i < info->field_count; i++) {
            assert_true(info->fields[i].number > last);
            last = info->fields[i].number;
            assert_null(field_named(record_envelope(), str_of(i ? "" : "none")));
            assert_ptr_equal(field_named(info, str_of(info->fields[i].name)), &info->fields[i]);
        }
    }
    assert_null(record_info(0));
    assert_null(record_info(RECORD_TYPE_MAX));
    assert_null(record_info(UINT16_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_is_a_map_of_numbered_fields_in_shortest_forms, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_watermark_has_no_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_records_of_every_type_come_back_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_prefix_of_a_record_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_behind_each_other_are_read_one_by_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_of_a_newer_release_are_skipped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_of_choices_of_a_newer_release_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(longer_forms_and_zeros_of_other_writers_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_a_record_is_refused_with_a_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_value_of_the_wrong_kind_is_refused_with_a_reason, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(counts_that_promise_more_than_there_is_cost_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(depth_in_an_unknown_field_is_harmless, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_are_held_to_their_limit_on_both_ways, set_up, tear_down),
        cmocka_unit_test(the_declarations_keep_their_own_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
