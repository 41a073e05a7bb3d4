/*
 * test_recon_hosts - what is asked of host after host, and identifiers counted up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "tests/unit/alerting/calls.h"

/* lsa-sid-enumeration */

static void lookup(struct world *w, uint64_t rid, const char *name)
{
    char text[64];
    int size = snprintf(text, sizeof(text), "S-1-5-21-1-2-3-%llu", (unsigned long long)rid);
    char *sid = arena_take(&w->in.arena, (size_t)size + 1);
    memcpy(sid, text, (size_t)size + 1);
    world_call(
        w, &(struct call){.client = CLIENT,
                          .server = DC,
                          .interface = "lsarpc",
                          .operation = "LsarLookupSids",
                          .argument = {.name = STR("SidEnumBuffer.SidInfo[0].Sid"),
                                       .kind = rpc_value_sid,
                                       .text = str_of(sid)},
                          .result = {.name = STR("TranslatedNames.Names[0].Name"), .text = str_of(name)}});
}

static void identifiers_counted_up_are_told_with_the_names_they_gave(void **state)
{
    struct world *w = *state;
    for (uint64_t rid = 1100; rid < 1140; rid++)
        lookup(w, rid, rid == 1120 ? "adams" : "");
    world_end(w);
    const struct alert *alert = world_alert(w, "lsa-sid-enumeration");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(str_equal(alert->target.accounts.at[0], STR("adams")));
}

static void identifiers_of_an_access_list_are_ordinary(void **state)
{
    struct world *w = *state;
    static const uint64_t rids[] = {512, 513, 515, 516, 517, 518, 519, 520, 498, 1104, 1105, 1187, 2204};
    for (int turn = 0; turn < 20; turn++)
        for (size_t i = 0; i < ARRAY_COUNT(rids); i++)
            lookup(w, rids[i], "somebody");
    for (int i = 0; i < 100; i++)
        lookup(w, 1104, "somebody");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void identifiers_that_are_none_are_passed_over(void **state)
{
    struct world *w = *state;
    static const char *const texts[] = {"", "-", "S-1-5-21-x", "S-1-5-21-99999999999999999999", "S-1-5-"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
        world_call(w, &(struct call){
                          .client = CLIENT,
                          .server = DC,
                          .interface = "lsarpc",
                          .operation = "LsarLookupSids2",
                          .argument = {.name = STR("Sid"), .kind = rpc_value_sid, .text = str_of(texts[i])}});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* remote-session-query, local-admin-hunting */

static void ask(struct world *w, int host, const char *interface, const char *operation, uint32_t code)
{
    world_call(w, &(struct call){.client = CLIENT,
                                 .server = world_host(w, host),
                                 .interface = interface,
                                 .operation = operation,
                                 .code = code,
                                 .result = {.name = STR("UserInfo.Buffer[0].wkui1_username"),
                                            .text = code ? STR("") : STR("adm-keller")}});
}

static void logged_on_users_of_several_hosts_are_told(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 5; i++)
        ask(w, i, i % 2 ? "wkssvc" : "winreg", i % 2 ? "NetrWkstaUserEnum" : "OpenUsers", 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-session-query");
    assert_int_equal(alert->severity, severity_low);
    assert_int_equal(alert->count, 5);
    assert_true(str_equal(alert->target.accounts.at[0], STR("adm-keller")));
}

static void a_help_desk_that_asks_one_host_is_ordinary(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 20; i++) {
        ask(w, 1, "wkssvc", "NetrWkstaUserEnum", 0);
        ask(w, 1, "svcctl", "ROpenSCManagerW", 0);
        world_wait(w, TIME_NS_MIN);
    }
    for (int i = 2; i < 10; i++) {
        ask(w, i, "svcctl", "ROpenSCManagerW", 0);
        world_wait(w, TIME_NS_HOUR);
    }
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void service_managers_tried_on_host_after_host_are_told(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 10; i++)
        ask(w, i, "svcctl", "ROpenSCManagerW", i == 7 ? 0 : 5);
    world_end(w);
    const struct alert *alert = world_alert(w, "local-admin-hunting");
    assert_int_equal(alert->severity, severity_low);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->count, 10);
    assert_true(alert->confidence >= 80);
}

static void a_monitor_that_always_does_it_is_a_habit(void **state)
{
    struct world *w = *state;
    for (int day = 0; day < 40; day++) {
        for (int i = 1; i <= 6; i++)
            ask(w, i, "svcctl", "ROpenSCManagerW", 0);
        world_wait(w, TIME_NS_DAY);
    }
    world_end(w);
    assert_int_equal(world_count(w, "local-admin-hunting", severity_low), 28);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(identifiers_counted_up_are_told_with_the_names_they_gave),
        TEST(identifiers_of_an_access_list_are_ordinary),
        TEST(identifiers_that_are_none_are_passed_over),
        TEST(logged_on_users_of_several_hosts_are_told),
        TEST(a_help_desk_that_asks_one_host_is_ordinary),
        TEST(service_managers_tried_on_host_after_host_are_told),
        TEST(a_monitor_that_always_does_it_is_a_habit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
