/*
 * test_identity - who is who, from observations made by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/stream/order.h"
#include "proto/entity.h"
#include "services/identity/identity.h"

struct world {
    struct stage bind;
    struct stage stamp;
    struct batch in;
    struct batch bound;
    struct batch ordered;
    struct batch out;
    struct order order;
    time_ns now;
};

static struct addr address(const char *text)
{
    struct addr a;
    assert_true(text_parse_addr(str_of(text), &a));
    return a;
}

static struct world *open_with(const struct identity_options *options)
{
    struct world *w = calloc(1, sizeof(*w));
    assert_int_equal(identity_bind_create(&w->bind), ERR_OK);
    assert_int_equal(identity_stamp_create(&w->stamp, options), ERR_OK);
    batch_init(&w->in);
    batch_init(&w->bound);
    batch_init(&w->ordered);
    batch_init(&w->out);
    order_init(&w->order, 1, 1000);
    w->now = 1000 * TIME_NS_DAY;
    return w;
}

static struct identity_options small(void)
{
    struct identity_options options = identity_defaults();
    options.addresses = 64;
    options.tickets = 64;
    return options;
}

static void close_world(struct world *w)
{
    stage_close(&w->stamp);
    batch_close(&w->in);
    batch_close(&w->bound);
    batch_close(&w->ordered);
    batch_close(&w->out);
    order_close(&w->order);
    free(w);
}

/* Steps what was added to in; the activity under role of what came out last. */
static const struct activity *step(struct world *w, uint8_t role)
{
    batch_add_watermark(&w->in, ++w->now);
    batch_reset(&w->bound);
    batch_reset(&w->ordered);
    batch_reset(&w->out);
    stage_step(&w->bind, &w->in, &w->bound);
    order_step(&w->order, &w->bound, &w->ordered);
    stage_step(&w->stamp, &w->ordered, &w->out);
    const struct activity *found = NULL;
    for (uint32_t i = 0; i < w->out.count; i++)
        if (w->out.records[i].type == RECORD_activity && w->out.records[i].role == role)
            found = w->out.records[i].body;
    batch_reset(&w->in);
    return found;
}

static struct kerberos *add_kerberos(struct world *w, uint8_t message, uint8_t reply)
{
    w->now += TIME_NS_S;
    struct kerberos *k = batch_add(&w->in, RECORD_kerberos, w->now, (struct id){.low = (uint64_t)w->now});
    k->client = address("10.0.0.5");
    k->server = address("10.0.0.10");
    k->message = message;
    k->reply = reply;
    return k;
}

static struct ntlm *add_ntlm(struct world *w, const char *user, uint8_t outcome)
{
    w->now += TIME_NS_S;
    struct ntlm *n = batch_add(&w->in, RECORD_ntlm, w->now, (struct id){.low = (uint64_t)w->now});
    n->client = address("10.0.0.5");
    n->server = address("10.0.0.10");
    n->user = str_of(user);
    n->domain = STR("CORP");
    n->response = ntlm_response_ntlmv2;
    n->outcome = outcome;
    return n;
}

static void assert_text(struct str s, const char *text)
{
    assert_int_equal(s.size, strlen(text));
    assert_memory_equal(s.at, text, s.size);
}

static void a_logon_tells_who_works_where(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_as, kerberos_reply_reply);
    k->cname = STR("alice");
    k->crealm = STR("CORP.EXAMPLE");
    static const struct str names[] = {{"WS1", 3}};
    k->host_names = (struct strs){.at = names, .count = 1};
    const struct activity *a = step(w, entity_role_account);
    assert_non_null(a);
    assert_text(a->account_name, "alice");
    assert_true(id_equal(a->account, entity_account(STR("CORP\\Alice"))));
    assert_text(a->source_host, "WS1"); /* its own facts hold for the observation itself */
    assert_int_equal(a->source_host_by, resolved_by_kerberos_host_address);
    assert_int_equal(a->outcome, outcome_success);
    close_world(w);
}

static void a_machine_account_names_the_machine_better_than_it_names_itself(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct ntlm *n = add_ntlm(w, "bob", outcome_success);
    n->workstation = STR("LIAR");
    assert_text(step(w, entity_role_source_device)->source_host, "LIAR");
    struct kerberos *k = add_kerberos(w, kerberos_message_as, kerberos_reply_reply);
    k->cname = STR("WS1$");
    assert_text(step(w, entity_role_source_device)->source_host, "WS1");
    n = add_ntlm(w, "bob", outcome_success);
    n->workstation = STR("LIAR");
    const struct activity *a = step(w, entity_role_source_device);
    assert_text(a->source_host, "WS1");
    assert_int_equal(a->source_host_certainty, 95);
    close_world(w);
}

static void a_refused_machine_account_names_nothing(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_as, kerberos_reply_error);
    k->cname = STR("DC01$");
    k->error_code = 24;
    assert_int_equal(step(w, entity_role_source_device)->source_host.size, 0);
    close_world(w);
}

static void a_sealed_call_is_by_who_its_ticket_was_given_to(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct id ticket = {.high = 1, .low = 2};
    struct kerberos *k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("alice");
    k->crealm = STR("CORP.EXAMPLE");
    k->sname = STR("ldap/dc01.corp.example");
    k->ticket = ticket;
    (void)step(w, entity_role_account);
    w->now += TIME_NS_S;
    struct rpc *r = batch_add(&w->in, RECORD_rpc, w->now, (struct id){.low = 9});
    r->client = address("10.0.0.5");
    r->server = address("10.0.0.10");
    r->message = rpc_message_call;
    r->reply = rpc_reply_response;
    r->interface_name = STR("drsuapi");
    r->opnum = 3;
    r->sealed = true;
    r->ticket = ticket;
    const struct activity *a = step(w, entity_role_source_device);
    assert_text(a->account_name, "alice");
    assert_int_equal(a->account_by, resolved_by_kerberos_ticket);
    assert_int_equal(a->outcome, outcome_unknown); /* sealed: nobody can tell from here */
    close_world(w);
}

static void a_hidden_name_is_nobodys(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("WELLKNOWN/ANONYMOUS");
    const struct activity *a = step(w, entity_role_source_device);
    assert_int_equal(a->account_name.size, 0);
    assert_true(id_is_none(a->account));
    close_world(w);
}

static void an_accepted_service_ticket_names_the_server_but_a_guid_does_not(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_ap, kerberos_reply_reply);
    k->ticket_sname =
        STR("E3514235-4B06-11D1-AB04-00C04FC2DCD2/966b4307-423a-4910-981e-34a849a055a7/corp.example");
    (void)step(w, entity_role_account);
    struct ntlm *n = add_ntlm(w, "bob", outcome_failure);
    n->status = 0xC000006D;
    const struct activity *a = step(w, entity_role_source_device);
    assert_int_equal(a->target_host.size, 0);
    assert_text(a->code_name, "STATUS_LOGON_FAILURE");
    k = add_kerberos(w, kerberos_message_ap, kerberos_reply_reply);
    k->ticket_sname = STR("cifs/dc01.corp.example:445");
    (void)step(w, entity_role_account);
    (void)add_ntlm(w, "bob", outcome_failure);
    assert_text(step(w, entity_role_source_device)->target_host, "dc01.corp.example");
    close_world(w);
}

static void only_the_owner_makes_a_controller(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_as, kerberos_reply_reply);
    k->cname = STR("alice");
    const struct activity *a = step(w, entity_role_source_device);
    assert_int_equal(a->target_role, device_role_domain_controller_candidate);
    close_world(w);
    struct identity_known known = {
        .address = address("10.0.0.10"), .role = device_role_domain_controller, .name = STR("DC01")};
    options.known = &known;
    options.known_count = 1;
    w = open_with(&options);
    k = add_kerberos(w, kerberos_message_as, kerberos_reply_reply);
    k->cname = STR("alice");
    a = step(w, entity_role_source_device);
    assert_int_equal(a->target_role, device_role_domain_controller);
    assert_text(a->target_host, "DC01");
    assert_int_equal(a->target_host_by, resolved_by_configuration);
    close_world(w);
}

static void servers_outside_the_home_networks_are_left_out(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct identity_network networks[] = {{.address = address("10.0.0.8"), .bits = 30},
                                          {.address = address("fd00::"), .bits = 8}};
    options.networks = networks;
    options.network_count = 2;
    struct world *w = open_with(&options);
    (void)add_ntlm(w, "bob", outcome_failure);
    assert_non_null(step(w, entity_role_source_device)); /* 10.0.0.10 lies in 10.0.0.8/30 */
    networks[0].bits = 31;
    (void)add_ntlm(w, "bob", outcome_failure);
    assert_null(step(w, entity_role_source_device));
    close_world(w);
}

static void names_of_accounts_are_one_however_they_are_written(void **state)
{
    (void)state;
    struct id id = entity_account(STR("alice"));
    assert_true(id_equal(id, entity_account(STR("CORP\\ALICE"))));
    assert_true(id_equal(id, entity_account(STR("Alice@corp.example"))));
    assert_false(id_equal(id, entity_account(STR("alice$"))));
    assert_true(id_is_none(entity_account(STR(""))));
    assert_true(id_equal(entity_service(STR("HTTP/web@CORP")), entity_service(STR("http/WEB"))));
}

static void a_ticket_that_leads_to_another_realm_is_a_referral(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("alice");
    k->sname = STR("MSSQLSvc/sql1.other.example");
    k->ticket_sname = STR("krbtgt/OTHER.EXAMPLE");
    assert_true(step(w, entity_role_account)->referral);
    k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("alice");
    k->sname = STR("krbtgt/OTHER.EXAMPLE");
    k->ticket_sname = STR("krbtgt/OTHER.EXAMPLE");
    assert_false(step(w, entity_role_account)->referral); /* that is what was asked for */
    k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("alice");
    k->sname = STR("MSSQLSvc/sql1.corp.example");
    k->ticket_sname = STR("MSSQLSvc/sql1.corp.example");
    assert_false(step(w, entity_role_account)->referral);
    close_world(w);
}

static void a_service_that_acts_in_a_name_tells_it(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_as, kerberos_reply_reply);
    k->cname = STR("web1$");
    k->ticket = (struct id){5, 5};
    (void)step(w, entity_role_account);
    /* The reply names who is acted for; the ticket that was presented, who acts. */
    k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("alice");
    k->tgt = (struct id){5, 5};
    k->for_user = STR("alice@corp.example");
    const struct activity *a = step(w, entity_role_account);
    assert_text(a->for_user, "alice");
    assert_text(a->account_name, "web1$");
    close_world(w);
}

static void an_accepted_ticket_without_a_name_names_nothing(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_ap, kerberos_reply_reply);
    k->ticket_sname = (struct str){0};
    (void)step(w, entity_role_account);
    (void)add_ntlm(w, "bob", outcome_failure);
    assert_int_equal(step(w, entity_role_source_device)->target_host.size, 0);
    close_world(w);
}

/* The device of a logon of a machine account from 10.0.0.5. */
static struct id machine_logs_on(struct world *w, const char *machine)
{
    struct kerberos *k = add_kerberos(w, kerberos_message_as, kerberos_reply_reply);
    k->cname = str_of(machine);
    return step(w, entity_role_source_device)->source;
}

static void an_address_that_another_machine_holds_later_is_another_device(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct id first = machine_logs_on(w, "WS1$");
    assert_true(id_equal(machine_logs_on(w, "WS1$"), first));
    w->now += TIME_NS_HOUR;
    struct id second = machine_logs_on(w, "WS2$");
    assert_false(id_equal(first, second));
    struct ntlm *n = add_ntlm(w, "bob", outcome_success);
    n->workstation = STR("WS2");
    const struct activity *a = step(w, entity_role_source_device);
    assert_true(id_equal(a->source, second));
    assert_text(a->source_host, "WS2");
    close_world(w);
}

static void machines_that_share_an_address_make_no_name_certain(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct id first = machine_logs_on(w, "WS1$");
    assert_true(id_equal(machine_logs_on(w, "WS2$"), first));
    assert_true(id_equal(machine_logs_on(w, "WS1$"), first));
    (void)add_ntlm(w, "bob", outcome_success);
    assert_true(step(w, entity_role_source_device)->source_host_certainty <= 40);
    close_world(w);
}

static void an_activity_names_the_observation_it_was_made_from(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct kerberos *k = add_kerberos(w, kerberos_message_tgs, kerberos_reply_reply);
    k->cname = STR("alice");
    k->tgt = (struct id){.high = 3, .low = 3};
    k->ticket = (struct id){.high = 4, .low = 4};
    k->tgt_kvno = 2;
    const struct activity *given = step(w, entity_role_ticket);
    assert_int_equal(given->kerberos.count, 1);
    assert_int_equal(given->kerberos.at->tgt_kvno, 2);
    assert_true(id_equal(given->presented, k->tgt));
    assert_int_equal(given->rpc.count, 0);
    close_world(w);
}

static struct ldap *add_ldap(struct world *w, uint8_t operation)
{
    w->now += TIME_NS_S;
    struct ldap *l = batch_add(&w->in, RECORD_ldap, w->now, (struct id){.low = (uint64_t)w->now});
    l->client = address("10.0.0.5");
    l->server = address("10.0.0.10");
    l->operation = operation;
    return l;
}

static void a_bind_with_a_password_is_a_logon(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct ldap *l = add_ldap(w, ldap_operation_bind);
    l->bind_method = ldap_bind_method_simple;
    l->password = (struct id){.low = 77};
    l->security = security_simple;
    l->user = STR("CN=Doe\\, Alice,OU=Staff,DC=corp,DC=example");
    l->outcome = outcome_failure;
    l->result_code = 49;
    l->result = STR("invalidCredentials");
    l->error_data = 0x52e;
    const struct activity *a = step(w, entity_role_account);
    assert_non_null(a);
    assert_int_equal(a->kind, activity_kind_authentication);
    assert_int_equal(a->protocol, protocol_ldap);
    assert_int_equal(a->outcome, outcome_failure);
    assert_int_equal(a->code, 0x52e);
    assert_text(a->account_name, "Doe, Alice");
    assert_text(a->code_name, "ERROR_LOGON_FAILURE");
    assert_int_equal(a->account_by, resolved_by_ldap_bind);
    assert_int_equal(a->ldap.count, 1);
    assert_int_equal(a->proof.low, 77);

    l = add_ldap(w, ldap_operation_bind);
    l->bind_method = ldap_bind_method_simple;
    l->password = (struct id){.low = 78};
    l->security = security_simple;
    l->user = STR("uid=bob+cn=b,DC=corp");
    a = step(w, entity_role_account);
    assert_text(a->account_name, "bob");
    assert_true(id_equal(a->account, entity_account(STR("CORP\\Bob"))));
    close_world(w);
}

static void a_bind_without_a_password_is_nobodys_logon(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    add_ldap(w, ldap_operation_bind)->bind_method = ldap_bind_method_anonymous;
    add_ldap(w, ldap_operation_bind)->bind_method = ldap_bind_method_sasl;
    add_ldap(w, ldap_operation_unbind);
    assert_null(step(w, entity_role_source_device));
    close_world(w);
}

static void a_directory_is_searched_and_changed_by_who_bound(void **state)
{
    (void)state;
    struct identity_options options = small();
    struct world *w = open_with(&options);
    struct ldap *l = add_ldap(w, ldap_operation_search);
    l->security = security_simple;
    l->user = STR("alice");
    l->domain = STR("CORP");
    l->outcome = outcome_success;
    const struct activity *a = step(w, entity_role_source_device);
    assert_int_equal(a->kind, activity_kind_directory_search);
    assert_text(a->account_name, "alice");
    assert_null(step(w, entity_role_object));

    l = add_ldap(w, ldap_operation_modify);
    l->object = STR("CN=bob,DC=corp,DC=example");
    l->result_code = 50;
    l->outcome = outcome_failure;
    a = step(w, entity_role_object);
    assert_int_equal(a->kind, activity_kind_directory_change);
    assert_text(a->object, "CN=bob,DC=corp,DC=example");
    assert_int_equal(a->code, 50);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_logon_tells_who_works_where),
        cmocka_unit_test(a_machine_account_names_the_machine_better_than_it_names_itself),
        cmocka_unit_test(a_refused_machine_account_names_nothing),
        cmocka_unit_test(a_sealed_call_is_by_who_its_ticket_was_given_to),
        cmocka_unit_test(a_hidden_name_is_nobodys),
        cmocka_unit_test(an_accepted_service_ticket_names_the_server_but_a_guid_does_not),
        cmocka_unit_test(only_the_owner_makes_a_controller),
        cmocka_unit_test(servers_outside_the_home_networks_are_left_out),
        cmocka_unit_test(names_of_accounts_are_one_however_they_are_written),
        cmocka_unit_test(a_ticket_that_leads_to_another_realm_is_a_referral),
        cmocka_unit_test(a_service_that_acts_in_a_name_tells_it),
        cmocka_unit_test(an_accepted_ticket_without_a_name_names_nothing),
        cmocka_unit_test(an_address_that_another_machine_holds_later_is_another_device),
        cmocka_unit_test(machines_that_share_an_address_make_no_name_certain),
        cmocka_unit_test(an_activity_names_the_observation_it_was_made_from),
        cmocka_unit_test(a_bind_with_a_password_is_a_logon),
        cmocka_unit_test(a_bind_without_a_password_is_nobodys_logon),
        cmocka_unit_test(a_directory_is_searched_and_changed_by_who_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
