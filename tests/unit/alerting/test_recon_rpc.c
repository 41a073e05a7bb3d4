/*
 * test_recon_rpc - what is asked over RPC to get to know a domain, and what looks alike and is ordinary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/habit.h"
#include "tests/unit/alerting/calls.h"

static void samr(struct world *w, const char *operation, const char *argument, uint64_t number)
{
    world_call(w, &(struct call){.client = CLIENT,
                                 .server = DC,
                                 .interface = "samr",
                                 .operation = operation,
                                 .argument = {.name = str_of(argument), .number = number}});
}

/* samr-enumeration */

static void a_list_of_users_is_told_with_its_names(void **state)
{
    struct world *w = *state;
    world_call(w, &(struct call){.client = CLIENT,
                                 .server = DC,
                                 .interface = "samr",
                                 .operation = "SamrEnumerateUsersInDomain",
                                 .code = 0x105,
                                 .result = {.name = STR("Buffer.Buffer[0].Name"), .text = STR("adams")}});
    samr(w, "SamrEnumerateUsersInDomain", "", 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "samr-enumeration");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->count, 2);
    assert_true(str_equal(alert->target.accounts.at[0], STR("adams")));
}

static void a_sealed_list_of_users_is_told_with_less_confidence(void **state)
{
    struct world *w = *state;
    world_call(w, &(struct call){.client = CLIENT,
                                 .server = DC,
                                 .interface = "samr",
                                 .operation = "SamrEnumerateUsersInDomain",
                                 .sealed = true});
    world_end(w);
    assert_int_equal(world_alert(w, "samr-enumeration")->outcome, outcome_success);
    assert_true(world_alert(w, "samr-enumeration")->confidence < 80);
}

static void members_of_a_group_of_power_are_told_quietly(void **state)
{
    struct world *w = *state;
    samr(w, "SamrOpenGroup", "GroupId", 512);
    samr(w, "SamrGetMembersInGroup", "", 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "samr-enumeration");
    assert_int_equal(alert->severity, severity_low);
    assert_true(str_equal(alert->target.accounts.at[0], STR("Domain Admins")));
}

static void a_user_and_an_ordinary_group_are_ordinary(void **state)
{
    struct world *w = *state;
    samr(w, "SamrOpenUser", "UserId", 1104);
    samr(w, "SamrQueryInformationUser", "UserInformationClass", 21);
    samr(w, "SamrGetGroupsForUser", "", 0);
    samr(w, "SamrOpenGroup", "GroupId", 1201);
    samr(w, "SamrGetMembersInGroup", "", 0);
    samr(w, "SamrLookupNamesInDomain", "Count", 1);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void the_details_of_many_users_are_a_list(void **state)
{
    struct world *w = *state;
    for (uint64_t rid = 1104; rid < 1116; rid++) {
        samr(w, "SamrOpenUser", "UserId", rid);
        samr(w, "SamrQueryInformationUser2", "UserInformationClass", 21);
    }
    world_end(w);
    assert_int_equal(world_alert(w, "samr-enumeration")->severity, severity_medium);
}

static void a_weekly_inventory_is_a_habit_after_a_month(void **state)
{
    struct world *w = *state;
    for (int week = 0; week < 8; week++) {
        samr(w, "SamrEnumerateUsersInDomain", "", 0);
        world_wait(w, 7 * TIME_NS_DAY);
    }
    world_end(w);
    assert_int_equal(world_count(w, "samr-enumeration", severity_medium), 4);
}

static void one_night_makes_no_habit(void **state)
{
    (void)state;
    struct habit h = {0};
    time_ns start = 1000 * TIME_NS_DAY, learn = 28 * TIME_NS_DAY;
    for (int i = 0; i < 500; i++)
        assert_false(habit_note(&h, (struct id){1, 1}, start + i * TIME_NS_S, learn));
    assert_false(habit_note(&h, (struct id){1, 1}, start + 28 * TIME_NS_DAY, learn));
    assert_false(habit_note(&h, (struct id){1, 1}, start + 90 * TIME_NS_DAY, learn));
}

/* session-enumeration */

static void sessions(struct world *w, const char *server, uint8_t role, uint32_t code)
{
    world_call(w, &(struct call){.client = CLIENT,
                                 .server = server,
                                 .interface = "srvsvc",
                                 .operation = "NetrSessionEnum",
                                 .server_role = role,
                                 .code = code,
                                 .result = {.name = STR("InfoStruct.Buffer[0].sesi10_username"),
                                            .text = code ? STR("") : STR("adm-keller")}});
}

static void sessions_of_a_domain_controller_are_told_with_who_is_exposed(void **state)
{
    struct world *w = *state;
    sessions(w, DC, device_role_domain_controller, 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "session-enumeration");
    assert_int_equal(alert->severity, severity_medium);
    assert_true(str_equal(alert->target.accounts.at[0], STR("adm-keller")));
}

static void sessions_of_one_file_server_or_refused_are_told_quietly(void **state)
{
    struct world *w = *state;
    sessions(w, "10.0.0.20", device_role_none, 0);
    world_end(w);
    assert_int_equal(world_alert(w, "session-enumeration")->severity, severity_low);
}

static void refused_sessions_are_told_as_refused(void **state)
{
    struct world *w = *state;
    sessions(w, DC, device_role_domain_controller, 5);
    world_end(w);
    assert_int_equal(world_alert(w, "session-enumeration")->severity, severity_low);
    assert_int_equal(world_alert(w, "session-enumeration")->outcome, outcome_failure);
}

static void sessions_of_several_servers_are_one_alert(void **state)
{
    struct world *w = *state;
    for (int i = 1; i < 6; i++)
        sessions(w, world_host(w, i), device_role_none, 0);
    world_end(w);
    assert_int_equal(world_alert(w, "session-enumeration")->severity, severity_medium);
    assert_int_equal(world_alert(w, "session-enumeration")->count, 5);
}

/* rpc-endpoint-enumeration */

static void a_lookup_of_all_endpoints_is_told_and_a_map_is_not(void **state)
{
    struct world *w = *state;
    world_call(w, &(struct call){
                      .client = "10.0.0.5", .server = DC, .interface = "epmapper", .operation = "ept_map"});
    world_call(w, &(struct call){.client = CLIENT,
                                 .server = DC,
                                 .interface = "epmapper",
                                 .operation = "ept_lookup",
                                 .result = {.name = STR("num_ents"), .number = 346}});
    world_end(w);
    assert_int_equal(world_alert(w, "rpc-endpoint-enumeration")->severity, severity_low);
    assert_int_equal(world_alert(w, "rpc-endpoint-enumeration")->outcome, outcome_success);
}

static void binds(struct world *w, uint64_t count)
{
    for (uint64_t i = 1; i <= count; i++)
        world_bind(w, &(struct call){.client = CLIENT, .server = DC, .interface = "", .operation = ""},
                   (struct id){i, i});
}

static void many_interfaces_bound_in_turn_are_told(void **state)
{
    struct world *w = *state;
    binds(w, 40);
    world_end(w);
    assert_int_equal(world_alert(w, "rpc-endpoint-enumeration")->count, 40 - 24 + 1);
}

static void the_binds_of_a_promotion_are_ordinary(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++)
        binds(w, 12);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* share-enumeration */

static void shares(struct world *w, int host_number)
{
    world_call(w, &(struct call){
                      .client = CLIENT,
                      .server = world_host(w, host_number),
                      .interface = "srvsvc",
                      .operation = "NetrShareEnum",
                      .result = {.name = STR("InfoStruct.Buffer[0].shi1_netname"), .text = STR("files")}});
}

static void shares_of_host_after_host_are_told(void **state)
{
    struct world *w = *state;
    for (int i = 1; i < 10; i++)
        shares(w, i);
    world_end(w);
    assert_int_equal(world_alert(w, "share-enumeration")->severity, severity_low);
    assert_int_equal(world_alert(w, "share-enumeration")->count, 9);
}

static void a_server_opened_in_the_explorer_is_ordinary(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 30; i++) {
        shares(w, i % 3);
        world_wait(w, TIME_NS_MIN);
    }
    for (int i = 0; i < 8; i++) {
        world_wait(w, TIME_NS_HOUR);
        shares(w, 10 + i);
    }
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_of_users_is_told_with_its_names),
        TEST(a_sealed_list_of_users_is_told_with_less_confidence),
        TEST(members_of_a_group_of_power_are_told_quietly),
        TEST(a_user_and_an_ordinary_group_are_ordinary),
        TEST(the_details_of_many_users_are_a_list),
        TEST(a_weekly_inventory_is_a_habit_after_a_month),
        cmocka_unit_test(one_night_makes_no_habit),
        TEST(sessions_of_a_domain_controller_are_told_with_who_is_exposed),
        TEST(sessions_of_one_file_server_or_refused_are_told_quietly),
        TEST(refused_sessions_are_told_as_refused),
        TEST(sessions_of_several_servers_are_one_alert),
        TEST(a_lookup_of_all_endpoints_is_told_and_a_map_is_not),
        TEST(many_interfaces_bound_in_turn_are_told),
        TEST(the_binds_of_a_promotion_are_ordinary),
        TEST(shares_of_host_after_host_are_told),
        TEST(a_server_opened_in_the_explorer_is_ordinary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
