/*
 * test_recon_ldap - searches that map a directory or look for its weak points, and those of everyday life.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/ldap_query.h"
#include "tests/unit/alerting/world.h"

#define DOMAIN "DC=corp,DC=example"

enum {
    LOGON_SAM_LOGON_RESPONSE_EX = 23, /* MS-ADTS 6.3.1.3 */
    LOGON_SAM_USER_UNKNOWN_EX = 25,
};

struct search {
    const char *base;
    const char *filter;
    const char *attribute;
    uint32_t entries;
    uint8_t scope;
    uint8_t role;
    uint16_t ping; /* opcode of an answer over UDP; 0: a search over TCP */
};

static void search_for(struct world *w, const struct search *search)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    struct ldap *l = arena_zeroed(&w->in.arena, sizeof(*l));
    struct str *attribute = arena_zeroed(&w->in.arena, sizeof(*attribute));
    *attribute = str_of(search->attribute ? search->attribute : "mail");
    l->operation = ldap_operation_search;
    l->transport = search->ping ? transport_udp : transport_tcp;
    l->netlogon_opcode = search->ping;
    l->scope = search->scope ? search->scope : (uint8_t)ldap_scope_whole_subtree;
    l->object = str_of(search->base);
    l->filter = str_of(search->filter);
    l->attributes.at = attribute;
    l->attributes.count = 1;
    l->entries = search->entries;
    a->kind = activity_kind_directory_search;
    a->protocol = protocol_ldap;
    a->outcome = outcome_success;
    a->source_ip = world_address("10.0.0.66");
    a->target_ip = world_address("10.0.0.10");
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->source_role = search->role;
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    a->ldap.at = l;
    a->ldap.count = 1;
    struct record record = {.type = RECORD_activity,
                            .role = entity_role_source_device,
                            .time = w->now,
                            .key = a->source,
                            .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, record.role);
    batch_append(&w->in, &record);
}

static void search(struct world *w, const char *base, const char *filter)
{
    search_for(w, &(struct search){.base = base, .filter = filter, .entries = 200});
}

static void a_whole_directory_read_out_is_told(void **state)
{
    struct world *w = *state;
    search(w, DOMAIN, "(objectclass=*)");
    world_end(w);
    assert_int_equal(world_alert(w, "ldap-reconnaissance")->severity, severity_medium);
}

static void users_computers_and_groups_together_are_a_map(void **state)
{
    struct world *w = *state;
    search(w, DOMAIN, "(sAMAccountType=805306368)");
    assert_int_equal(world_count(w, "ldap-reconnaissance", severity_medium), 0);
    search(w, DOMAIN, "(objectCategory=CN=Computer,CN=Schema,CN=Configuration,DC=corp,DC=example)");
    search(w, DOMAIN, "(&(objectClass=group)(!(groupType=2)))");
    world_end(w);
    const struct alert *alert = world_alert(w, "ldap-reconnaissance");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->count, 3);
}

static void a_list_hidden_behind_a_name_is_a_list(void **state)
{
    struct world *w = *state;
    search(w, "", "(|(objectClass=user)(cn=nobody))");
    world_end(w);
    assert_int_equal(world_alert(w, "ldap-reconnaissance")->severity, severity_low);
}

static void a_group_of_power_is_told_quietly(void **state)
{
    struct world *w = *state;
    search(w, DOMAIN, "(&(objectCategory=group)(|(samAccountName=Domain Admins)))");
    search(w, DOMAIN, "(memberOf=CN=Enterprise Admins,CN=Users,DC=corp,DC=example)");
    world_end(w);
    const struct alert *alert = world_alert(w, "ldap-reconnaissance");
    assert_int_equal(alert->severity, severity_low);
    assert_int_equal(alert->target.account_count, 2);
}

static void searches_of_everyday_life_are_quiet(void **state)
{
    struct world *w = *state;
    search(w, DOMAIN, "(&(objectClass=user)(sAMAccountName=adams))");
    search(w, DOMAIN, "(&(objectCategory=person)(|(cn=joh*)(mail=joh*)))");
    search(w, DOMAIN, "(|(distinguishedName=DC=corp,DC=example))");
    search(w, DOMAIN, "(servicePrincipalName=HTTP/web1)");
    search(w, DOMAIN, "(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2))(mail=a@b))");
    search(w, "OU=People," DOMAIN, "(objectClass=user)");
    search(w, "CN=OID,CN=Public Key Services,CN=Services,CN=Configuration," DOMAIN, "(objectClass=*)");
    search_for(
        w, &(struct search){.base = DOMAIN, .filter = "(objectClass=*)", .scope = ldap_scope_base_object});
    search_for(
        w, &(struct search){.base = DOMAIN, .filter = "(objectClass=*)", .scope = ldap_scope_single_level});
    search_for(
        w, &(struct search){.base = DOMAIN, .filter = "(objectclass=*)", .role = device_role_sync_appliance});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void weak_points_in_a_filter_are_told_once(void **state)
{
    struct world *w = *state;
    search(w, DOMAIN, "(&(samAccountType=805306368)(servicePrincipalName=*))");
    search(w, DOMAIN, "(userAccountControl:1.2.840.113556.1.4.803:=4194304)");
    search(w, DOMAIN, "(&(objectCategory=computer)(userAccountControl:1.2.840.113556.1.4.803:=524288))");
    search(w, DOMAIN, "(adminCount=1)");
    world_end(w);
    const struct alert *alert = world_alert(w, "ldap-attribute-reconnaissance");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->count, 4);
    assert_int_equal(alert->target.account_count, 3);
    assert_int_equal(world_count(w, "ldap-reconnaissance", severity_unknown), 0);
}

static void passwords_asked_of_all_are_told_and_of_one_are_not(void **state)
{
    struct world *w = *state;
    search_for(w, &(struct search){
                      .base = DOMAIN, .filter = "(sAMAccountName=web1$)", .attribute = "ms-Mcs-AdmPwd"});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
    search_for(w, &(struct search){
                      .base = DOMAIN, .filter = "(objectClass=computer)", .attribute = "ms-mcs-admpwd"});
    world_end(w);
    assert_int_equal(world_alert(w, "ldap-attribute-reconnaissance")->severity, severity_medium);
}

static void a_nightly_copy_is_a_habit_after_two_weeks(void **state)
{
    struct world *w = *state;
    for (int night = 0; night < 30; night++) {
        search(w, DOMAIN, "(objectclass=*)");
        world_wait(w, TIME_NS_DAY);
    }
    world_end(w);
    assert_int_equal(world_count(w, "ldap-reconnaissance", severity_medium), 15);
    search(w, DOMAIN, "(&(objectClass=*)(adminCount=1))");
    world_end(w);
    assert_int_equal(world_count(w, "ldap-attribute-reconnaissance", severity_medium), 1);
}

/* account-enumeration-cldap */

static void ping(struct world *w, const char *user, uint16_t opcode)
{
    char text[128];
    int size =
        snprintf(text, sizeof(text), "(&(DnsDomain=corp.example)(Host=WS1)(User=%s)(NtVer=\\16))", user);
    char *filter = arena_take(&w->in.arena, (size_t)size + 1);
    memcpy(filter, text, (size_t)size + 1);
    search_for(
        w, &(struct search){.base = "", .filter = filter, .scope = ldap_scope_base_object, .ping = opcode});
}

static void many_names_pinged_are_told_with_those_that_exist(void **state)
{
    struct world *w = *state;
    static const char *const unknown[] = {"admin", "root", "oracle", "test", "backup", "guest1"};
    ping(w, "adams", LOGON_SAM_LOGON_RESPONSE_EX);
    for (size_t i = 0; i < ARRAY_COUNT(unknown); i++)
        ping(w, unknown[i], LOGON_SAM_USER_UNKNOWN_EX);
    world_end(w);
    const struct alert *alert = world_alert(w, "account-enumeration-cldap");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->target.account_count, 7);
    assert_int_equal(alert->count, 7);
}

static void pings_of_ordinary_clients_are_quiet(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 200; i++) {
        ping(w, "WS1$", LOGON_SAM_LOGON_RESPONSE_EX);
        ping(w, "adams", LOGON_SAM_LOGON_RESPONSE_EX);
        ping(w, "deleted", LOGON_SAM_USER_UNKNOWN_EX);
        search_for(w, &(struct search){.base = "",
                                       .filter = "(&(DnsDomain=corp.example)(Host=WS1))",
                                       .scope = ldap_scope_base_object,
                                       .ping = LOGON_SAM_LOGON_RESPONSE_EX});
        world_wait(w, TIME_NS_S);
    }
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static uint32_t walk(const char *filter)
{
    struct ldap_walk walk = ldap_walk_of(str_of(filter));
    struct ldap_assertion assertion;
    uint32_t count = 0;
    while (ldap_walk_next(&walk, &assertion))
        count++;
    return count;
}

static void filters_that_break_the_form_end_quietly(void **state)
{
    struct world *w = *state;
    char deep[4096];
    memset(deep, 0, sizeof(deep));
    for (int i = 0; i < 2000; i += 2)
        memcpy(deep + i, "(&", 2);
    const char *const broken[] = {"",      "(",   ")",         "()",     "(&",      "(|)",
                                  "(&(",   "(a",  "(=)",       "(a=b",   "((a=b))", "(a:=)",
                                  "(!(!(", "a=b", "(a:dn:=*)", ")))(((", deep};
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        (void)walk(broken[i]);
        search(w, DOMAIN, broken[i]);
    }
    world_end(w);
    assert_int_equal(walk("(&(a=b)(!(c=d))(e:1.2.3:=4))"), 3);
}

static void negation_and_matching_rules_are_read(void **state)
{
    (void)state;
    struct ldap_walk walk = ldap_walk_of(STR("(&(!(a;binary>=b))(e:dn:1.2.3:=4))"));
    struct ldap_assertion assertion;
    assert_true(ldap_walk_next(&walk, &assertion));
    assert_true(assertion.negated && str_equal(assertion.attribute, STR("a")));
    assert_true(ldap_walk_next(&walk, &assertion));
    assert_true(!assertion.negated && str_equal(assertion.rule, STR("1.2.3")));
    assert_true(str_equal(assertion.attribute, STR("e")) && str_equal(assertion.value, STR("4")));
    assert_false(ldap_walk_next(&walk, &assertion));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_directory_read_out_is_told),
        TEST(users_computers_and_groups_together_are_a_map),
        TEST(a_list_hidden_behind_a_name_is_a_list),
        TEST(a_group_of_power_is_told_quietly),
        TEST(searches_of_everyday_life_are_quiet),
        TEST(weak_points_in_a_filter_are_told_once),
        TEST(passwords_asked_of_all_are_told_and_of_one_are_not),
        TEST(a_nightly_copy_is_a_habit_after_two_weeks),
        TEST(many_names_pinged_are_told_with_those_that_exist),
        TEST(pings_of_ordinary_clients_are_quiet),
        TEST(filters_that_break_the_form_end_quietly),
        cmocka_unit_test(negation_and_matching_rules_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
