/*
 * test_words - values as a person says them.
 */
#include "services/orthrus/words.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "proto/attack.h"

static void numbers_have_separators(void **state)
{
    (void)state;
    char text[WORDS_NUMBER_BYTES];
    assert_string_equal(word_number(0, text), "0");
    assert_string_equal(word_number(999, text), "999");
    assert_string_equal(word_number(1000, text), "1,000");
    assert_string_equal(word_number(12345678, text), "12,345,678");
    assert_string_equal(word_number(UINT64_MAX, text), "18,446,744,073,709,551,615");
}

static void bytes_have_units(void **state)
{
    (void)state;
    char text[WORDS_NUMBER_BYTES];
    assert_string_equal(word_bytes(1, text), "1 byte");
    assert_string_equal(word_bytes(999, text), "999 bytes");
    assert_string_equal(word_bytes(1000, text), "1.0 kB");
    assert_string_equal(word_bytes(999999, text), "999.9 kB");
    assert_string_equal(word_bytes(57000000, text), "57.0 MB");
    assert_string_equal(word_bytes(UINT64_MAX, text), "18.4 EB");
}

static void spans_are_as_long_as_they_need(void **state)
{
    (void)state;
    char text[WORDS_SPAN_BYTES];
    assert_string_equal(word_span(120 * TIME_NS_MS, text), "0.120 s");
    assert_string_equal(word_span(42 * TIME_NS_S, text), "42 s");
    assert_string_equal(word_span(200 * TIME_NS_S, text), "3 min 20 s");
    assert_string_equal(word_span(5 * TIME_NS_HOUR + 2 * TIME_NS_MIN, text), "5 h 2 min");
    assert_string_equal(word_span(76 * TIME_NS_HOUR, text), "3 d 4 h");
    assert_int_equal(word_span_between(5, 3), 0);
    assert_int_equal(word_span_between(3, 5), 2);
    assert_true(word_span_between(INT64_MIN, INT64_MAX) == INT64_MAX);
}

static void times_are_cut_to_the_digits_asked_for(void **state)
{
    (void)state;
    char text[TEXT_TIME_BYTES];
    time_ns time = 1584387890 * TIME_NS_S + 123456789;
    assert_string_equal(word_time(time, 0, text), "2020-03-16 19:44:50");
    assert_string_equal(word_time(time, 3, text), "2020-03-16 19:44:50.123");
    assert_string_equal(word_time(time, 6, text), "2020-03-16 19:44:50.123456");
    assert_string_equal(word_time(0, 6, text), "1970-01-01 00:00:00.000000");
}

static void every_choice_has_words_and_values_beyond_do_no_harm(void **state)
{
    (void)state;
    for (unsigned by = 1; by < resolved_by_choices.count; by++)
        assert_true(word_resolved_by((uint8_t)by)[0] != '\0');
    for (unsigned role = 1; role < device_role_choices.count; role++)
        assert_true(word_role((uint8_t)role)[0] != '\0');
    for (unsigned protocol = 0; protocol < protocol_choices.count; protocol++)
        assert_true(word_protocol((uint8_t)protocol)[0] != '\0');
    assert_string_equal(word_resolved_by(255), "");
    assert_string_equal(word_role(255), "");
    assert_string_equal(word_protocol(255), "unknown");
    assert_string_equal(word_outcome(255), "outcome not seen");
}

static void an_account_stands_with_its_domain(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(str_equal(word_account(&arena, STR("alice"), STR("CORP")), STR("CORP\\alice")));
    assert_true(str_equal(word_account(&arena, STR("alice"), (struct str){0}), STR("alice")));
    assert_int_equal(word_account(&arena, (struct str){0}, STR("CORP")).size, 0);
    arena_close(&arena);
}

static void only_ids_of_the_right_form_are_linked(void **state)
{
    (void)state;
    assert_true(attack_is_technique(STR("T1003")));
    assert_true(attack_is_technique(STR("T1003.006")));
    assert_false(attack_is_technique(STR("T1003.00")));
    assert_false(attack_is_technique(STR("T1003/006")));
    assert_false(attack_is_technique(STR("T1003\"><img")));
    assert_false(attack_is_technique(STR("T100")));
    assert_false(attack_is_technique((struct str){0}));
    assert_true(attack_is_tactic(STR("TA0006")));
    assert_false(attack_is_tactic(STR("TA000x")));
    assert_string_equal(attack_name(STR("T1003.006")), "DCSync");
    assert_string_equal(attack_name(STR("T9999")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_separators),
        cmocka_unit_test(bytes_have_units),
        cmocka_unit_test(spans_are_as_long_as_they_need),
        cmocka_unit_test(times_are_cut_to_the_digits_asked_for),
        cmocka_unit_test(every_choice_has_words_and_values_beyond_do_no_harm),
        cmocka_unit_test(an_account_stands_with_its_domain),
        cmocka_unit_test(only_ids_of_the_right_form_are_linked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
