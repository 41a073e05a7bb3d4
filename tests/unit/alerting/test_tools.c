/*
 * test_tools - what detections share: histories, arguments of calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/history.h"

static void a_thing_is_new_once(void **state)
{
    (void)state;
    struct history h = {0};
    assert_false(history_note(&h, (struct id){1, 1}, 100));
    assert_true(history_note(&h, (struct id){1, 1}, 200));
    assert_false(history_note(&h, (struct id){1, 2}, 300));
    assert_int_equal(history_learnt(&h, 400), 300);
}

static void of_too_many_the_one_unseen_longest_is_forgotten(void **state)
{
    (void)state;
    struct history h = {0};
    for (uint64_t i = 0; i < HISTORY_MAX; i++)
        (void)history_note(&h, (struct id){1, i}, (time_ns)i + 1);
    assert_true(history_note(&h, (struct id){1, 0}, 1000));
    assert_false(history_note(&h, (struct id){2, 0}, 1001));
    assert_true(history_note(&h, (struct id){1, 0}, 1002));
    assert_true(history_note(&h, (struct id){1, 2}, 1003));
    assert_false(history_note(&h, (struct id){1, 1}, 1004));
}

static void an_argument_is_found_by_the_end_of_its_path(void **state)
{
    (void)state;
    struct rpc_argument arguments[] = {{.name = STR("Buffer.All.UserName"), .text = STR("alice")},
                                       {.name = STR("OtherUserName"), .text = STR("bob")}};
    struct rpc rpc = {.arguments = {.at = arguments, .count = 2}};
    struct activity a = {.kind = activity_kind_rpc_call,
                         .interface_name = STR("samr"),
                         .operation = STR("SamrSetInformationUser2"),
                         .rpc = {.at = &rpc, .count = 1}};
    assert_true(str_equal(argument_text(&a, "UserName"), STR("alice")));
    assert_true(str_equal(argument_text(&a, "All.UserName"), STR("alice")));
    assert_true(str_equal(argument_text(&a, "OtherUserName"), STR("bob")));
    assert_null(argument_find(&a, "Name"));
    assert_null(argument_find_result(&a, "UserName"));
    assert_true(argument_is_call(&a, "samr", "SamrSetInformationUser2"));
    assert_false(argument_is_call(&a, "samr", "SamrSetInformationUser"));
    struct activity none = {.kind = activity_kind_session};
    assert_null(argument_find(&none, "UserName"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thing_is_new_once),
        cmocka_unit_test(of_too_many_the_one_unseen_longest_is_forgotten),
        cmocka_unit_test(an_argument_is_found_by_the_end_of_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
