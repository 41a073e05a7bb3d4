/*
 * test_der - elements as X.690 encodes them, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/der.h"

#define BYTES(literal) ((struct str){.at = "" literal, .size = sizeof(literal) - 1})

static int64_t integer_of(struct str bytes, struct der_fault *fault)
{
    *fault = (struct der_fault){0};
    struct der d = der_of(bytes, fault);
    return der_integer(&d);
}

static void integers_of_any_length_keep_their_sign(void **state)
{
    (void)state;
    struct der_fault fault;
    assert_int_equal(integer_of(BYTES("\x02\x01\x00"), &fault), 0);
    assert_int_equal(integer_of(BYTES("\x02\x01\x7f"), &fault), 127);
    assert_int_equal(integer_of(BYTES("\x02\x02\x00\x80"), &fault), 128);
    assert_int_equal(integer_of(BYTES("\x02\x01\x80"), &fault), -128);
    assert_int_equal(integer_of(BYTES("\x02\x02\xff\x7f"), &fault), -129);
    assert_int_equal(integer_of(BYTES("\x02\x08\x80\x00\x00\x00\x00\x00\x00\x00"), &fault), INT64_MIN);
    assert_false(fault.failed);
}

static void an_integer_without_bytes_or_with_nine_is_refused(void **state)
{
    (void)state;
    struct der_fault fault;
    integer_of(BYTES("\x02\x00"), &fault);
    assert_true(fault.failed);
    integer_of(BYTES("\x02\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09"), &fault);
    assert_true(fault.failed);
    integer_of(BYTES("\x04\x01\x05"), &fault);
    assert_true(fault.failed);
    assert_string_equal(fault.reason, "element of another type");
}

static uint32_t u32_of(struct str bytes, bool *failed)
{
    struct der_fault fault = {0};
    struct der d = der_of(bytes, &fault);
    uint32_t value = der_u32(&d);
    *failed = fault.failed;
    return value;
}

static void a_nonce_in_five_bytes_and_one_written_as_negative_are_the_same(void **state)
{
    (void)state;
    bool failed;
    assert_int_equal(u32_of(BYTES("\x02\x05\x00\xfe\xdc\xba\x98"), &failed), 0xfedcba98);
    assert_false(failed);
    assert_int_equal(u32_of(BYTES("\x02\x04\xfe\xdc\xba\x98"), &failed), 0xfedcba98);
    assert_false(failed);
    u32_of(BYTES("\x02\x05\x01\x00\x00\x00\x00"), &failed);
    assert_true(failed);
}

static void encryption_types_are_signed_and_of_32_bits(void **state)
{
    (void)state;
    struct der_fault fault = {0};
    struct der d = der_of(BYTES("\x02\x02\xff\x79\x02\x01\x12\x02\x05\x00\x80\x00\x00\x00"), &fault);
    assert_int_equal(der_i32(&d), -135);
    assert_int_equal(der_i32(&d), 18);
    assert_false(fault.failed);
    der_i32(&d);
    assert_true(fault.failed);
    assert_string_equal(fault.reason, "integer out of range");
}

static void lengths_may_be_longer_than_they_need_be(void **state)
{
    (void)state;
    struct der_fault fault;
    assert_int_equal(integer_of(BYTES("\x02\x81\x01\x05"), &fault), 5);
    assert_int_equal(integer_of(BYTES("\x02\x84\x00\x00\x00\x01\x05"), &fault), 5);
    assert_false(fault.failed);
}

static void hostile_lengths_and_tags_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        const char *reason;
    } cases[] = {
        {{"\x30\x80\x00\x00", 4}, "indefinite length"},
        {{"\x30\x85\x00\x00\x00\x00\x00", 7}, "length of more than 4 bytes"},
        {{"\x30\x84\xff\xff\xff\xff", 6}, "element cut short"},
        {{"\x30\x7f\x00", 3}, "element cut short"},
        {{"\x30", 1}, "element cut short"},
        {{"\x30\x82\x01", 3}, "element cut short"},
        {{"\xbf\x20\x00", 3}, "tag number over 30"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct der_fault fault = {0};
        struct der d = der_of(cases[i].bytes, &fault);
        uint8_t tag;
        struct der content = der_any(&d, &tag);
        assert_true(fault.failed);
        assert_string_equal(fault.reason, cases[i].reason);
        assert_int_equal(fault.offset, 0);
        assert_false(der_more(&d));
        assert_false(der_more(&content));
    }
}

static void the_first_bits_of_a_bit_string_are_the_highest(void **state)
{
    (void)state;
    struct der_fault fault = {0};
    struct der d = der_of(BYTES("\x03\x05\x00\x40\x81\x00\x10\x03\x02\x07\x80\x03\x01\x00"), &fault);
    assert_int_equal(der_bits(&d), 0x40810010);
    assert_int_equal(der_bits(&d), 0x80000000);
    assert_int_equal(der_bits(&d), 0);
    assert_false(fault.failed);
    d = der_of(BYTES("\x03\x02\x08\x80"), &fault);
    der_bits(&d);
    assert_true(fault.failed);
}

static time_ns time_of(const char *text, bool *failed)
{
    char bytes[32] = "\x18\x0f";
    memcpy(bytes + 2, text, strlen(text));
    bytes[1] = (char)strlen(text);
    struct der_fault fault = {0};
    struct der d = der_of((struct str){bytes, (uint32_t)strlen(text) + 2}, &fault);
    time_ns time = der_time(&d);
    *failed = fault.failed;
    return time;
}

/* The seconds are those of date(1). */
static void times_are_read_to_the_second(void **state)
{
    (void)state;
    bool failed;
    assert_int_equal(time_of("19700101000000Z", &failed), 0);
    assert_int_equal(time_of("20370913024805Z", &failed), 2136422885 * TIME_NS_S);
    assert_int_equal(time_of("20000229235959Z", &failed), 951868799 * TIME_NS_S);
    assert_int_equal(time_of("20240301000000Z", &failed), 1709251200 * TIME_NS_S);
    assert_int_equal(time_of("99991231235959Z", &failed), TIME_NS_END);
    assert_int_equal(time_of("16010101000000Z", &failed), 0);
    assert_false(failed);
}

static void times_of_another_form_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "20371313024805Z", "20370932024805Z", "20370913244805Z", "20370913026005Z", "20370913024861Z",
        "20370913024805",  "203709130248Z",   "20370913024805+", "2037091302480xZ", "20370013024805Z",
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        bool failed;
        time_of(wrong[i], &failed);
        assert_true(failed);
    }
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    uint8_t bytes[2 * (DER_DEPTH_MAX + 1)];
    for (size_t i = 0; i < DER_DEPTH_MAX + 1; i++) {
        bytes[2 * i] = DER_SEQUENCE;
        bytes[2 * i + 1] = (uint8_t)(sizeof(bytes) - 2 * i - 2);
    }
    struct der_fault fault = {0};
    struct der d = der_of((struct str){(const char *)bytes, sizeof(bytes)}, &fault);
    for (int i = 0; i < DER_DEPTH_MAX; i++)
        d = der_open(&d, DER_SEQUENCE);
    assert_false(fault.failed);
    der_open(&d, DER_SEQUENCE);
    assert_true(fault.failed);
    assert_string_equal(fault.reason, "nested too deeply");
    assert_int_equal(fault.offset, 2 * DER_DEPTH_MAX);
}

static void the_first_fault_stops_every_cursor_and_is_the_one_that_is_kept(void **state)
{
    (void)state;
    struct der_fault fault = {0};
    struct der d = der_of(BYTES("\x30\x06\x02\x01\x05\x02\x09\x00\x04\x01x"), &fault);
    struct der sequence = der_open(&d, DER_SEQUENCE);
    assert_int_equal(der_integer(&sequence), 5);
    der_integer(&sequence);
    assert_true(fault.failed);
    assert_int_equal(fault.offset, 5);
    assert_false(der_more(&d));
    assert_int_equal(der_bytes(&d, DER_OCTET_STRING).size, 0);
    assert_int_equal(fault.offset, 5);
}

static void an_element_as_it_stands_has_its_tag_and_length(void **state)
{
    (void)state;
    struct der_fault fault = {0};
    struct str bytes = BYTES("\x04\x81\x02hi\x01\x01\xff");
    struct der d = der_of(bytes, &fault);
    struct str element = der_element(&d);
    assert_int_equal(element.size, 5);
    assert_ptr_equal(element.at, bytes.at);
    assert_true(der_boolean(&d));
    assert_int_equal(der_peek(&d), DER_NONE);
    assert_true(der_ok(&d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_of_any_length_keep_their_sign),
        cmocka_unit_test(an_integer_without_bytes_or_with_nine_is_refused),
        cmocka_unit_test(a_nonce_in_five_bytes_and_one_written_as_negative_are_the_same),
        cmocka_unit_test(encryption_types_are_signed_and_of_32_bits),
        cmocka_unit_test(lengths_may_be_longer_than_they_need_be),
        cmocka_unit_test(hostile_lengths_and_tags_are_refused),
        cmocka_unit_test(the_first_bits_of_a_bit_string_are_the_highest),
        cmocka_unit_test(times_are_read_to_the_second),
        cmocka_unit_test(times_of_another_form_are_refused),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(the_first_fault_stops_every_cursor_and_is_the_one_that_is_kept),
        cmocka_unit_test(an_element_as_it_stands_has_its_tag_and_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
