/*
 * test_tickets - Kerberos tickets and secure channels that are abused, and what looks alike and is ordinary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "tests/unit/alerting/world.h"

#define CLIENT "10.0.0.66"
#define OTHER  "10.0.0.67"
#define DC     "10.0.0.10"
#define WEB    "10.0.0.20"

enum {
    OPTION_FORWARDED = 0x20000000,
    OPTION_CNAME_IN_ADDL_TKT = 0x00020000,
    DRS_GET_NC_CHANGES = 3,
    DRS_REPLICA_ADD = 5,
    DRS_REPLICA_DEL = 6,
    DRS_REMOVE_SERVER = 14,
    DRS_ADD_ENTRY = 17,
};

static const struct id tgt = {.high = 3, .low = 1};

/* An activity in the world's input; its own observation is made by the caller. */
static struct activity *begin(struct world *w, const char *client, const char *server)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    a->source_ip = world_address(client);
    a->target_ip = world_address(server);
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->source_host = w->source_host;
    a->source_host_certainty = w->source_host.size > 0 ? 95 : 0;
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    return a;
}

static void publish(struct world *w, struct activity *a, uint8_t role, struct id key)
{
    if (id_is_none(key))
        return;
    struct record record = {.type = RECORD_activity, .role = role, .time = w->now, .key = key, .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, role);
    batch_append(&w->in, &record);
}

static void set_account(struct activity *a, const char *account)
{
    a->account_name = str_of(account);
    a->account = entity_account(a->account_name);
}

struct exchange {
    const char *client;
    const char *server;
    enum kerberos_message message;
    const char *account;
    const char *service;
    const char *server_host;
    const char *for_user;
    const char *salt;
    struct id ticket;
    struct id presented;
    enum outcome outcome;
    enum tristate pac_request;
    int32_t authorization_etype;
    uint32_t options;
    uint32_t additional_tickets;
    struct ticket_part part;
    struct ticket_part presented_part;
};

static struct kerberos *make_kerberos(struct world *w, const struct exchange *e)
{
    struct kerberos *k = arena_zeroed(&w->in.arena, sizeof(*k));
    struct str *salt = arena_zeroed(&w->in.arena, sizeof(*salt));
    *salt = str_of(e->salt ? e->salt : "");
    k->message = (uint8_t)e->message;
    k->cname = str_of(e->account ? e->account : "");
    k->realm = STR("CORP"); /* as a client may ask, by the short name */
    k->pac_request = (uint8_t)e->pac_request;
    k->authorization_etype = e->authorization_etype;
    k->additional_tickets = e->additional_tickets;
    k->salts.at = salt;
    k->salts.count = e->salt != NULL;
    k->ticket_part = e->part;
    k->tgt_part = e->presented_part;
    return k;
}

static void exchange(struct world *w, const struct exchange *e)
{
    struct activity *a = begin(w, e->client, e->server ? e->server : DC);
    a->kind = e->message == kerberos_message_as    ? activity_kind_authentication
              : e->message == kerberos_message_tgs ? activity_kind_ticket_request
                                                   : activity_kind_session;
    a->protocol = protocol_kerberos;
    a->operation = STR("exchange");
    a->outcome = (uint8_t)e->outcome;
    a->service = str_of(e->service ? e->service : "");
    a->for_user = str_of(e->for_user ? e->for_user : "");
    a->ticket = e->ticket;
    a->presented = e->presented;
    a->kdc_options = e->options;
    a->target_host = str_of(e->server_host ? e->server_host : "");
    a->target_host_certainty = e->server_host ? 85 : 0;
    if (e->account)
        set_account(a, e->account);
    a->kerberos.at = make_kerberos(w, e);
    a->kerberos.count = 1;
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_ticket, a->ticket);
    publish(w, a, entity_role_presented_ticket, a->presented);
}

struct call {
    const char *interface;
    const char *operation;
    uint16_t opnum;
    struct rpc_argument arguments[3];
    uint8_t source_role;
    const char *server_host;
    bool sealed;
    enum outcome outcome;
};

static void call(struct world *w, const struct call *c)
{
    struct activity *a = begin(w, CLIENT, DC);
    struct rpc *r = arena_zeroed(&w->in.arena, sizeof(*r));
    struct rpc_argument *arguments = arena_zeroed(&w->in.arena, sizeof(c->arguments));
    memcpy(arguments, c->arguments, sizeof(c->arguments));
    r->arguments.at = arguments;
    while (r->arguments.count < ARRAY_COUNT(c->arguments) && arguments[r->arguments.count].name.size > 0)
        r->arguments.count++;
    a->kind = activity_kind_rpc_call;
    a->protocol = protocol_rpc;
    a->interface_name = str_of(c->interface);
    a->operation = str_of(c->operation);
    a->opnum = c->opnum;
    a->sealed = c->sealed;
    a->outcome = (uint8_t)c->outcome;
    a->response_bytes = 16;
    a->target_host = str_of(c->server_host ? c->server_host : "");
    a->target_host_certainty = c->server_host ? 85 : 0;
    a->rpc.at = r;
    a->rpc.count = 1;
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_target_device, a->target);
}

/* An LDAP operation that gives an attribute a value. */
static void change(struct world *w, enum ldap_operation operation, const char *object, const char *attribute,
                   const char *value)
{
    struct activity *a = begin(w, CLIENT, DC);
    struct ldap *l = arena_zeroed(&w->in.arena, sizeof(*l));
    struct ldap_change *made = arena_zeroed(&w->in.arena, sizeof(*made));
    struct str *values = arena_zeroed(&w->in.arena, sizeof(*values));
    *values = str_of(value);
    made->kind = ldap_change_kind_replace;
    made->attribute = str_of(attribute);
    made->value_count = 1;
    made->values.at = values;
    made->values.count = value[0] != '\0';
    l->operation = (uint8_t)operation;
    l->changes.at = made;
    l->changes.count = attribute[0] != '\0';
    a->kind = activity_kind_directory_change;
    a->protocol = protocol_ldap;
    a->outcome = outcome_success;
    a->object = str_of(object);
    a->target_host = STR("dc1.corp.example");
    a->target_host_certainty = 85;
    a->ldap.at = l;
    a->ldap.count = 1;
    publish(w, a, entity_role_source_device, a->source);
}

/* zerologon */

static void authenticate(struct world *w, bool zeros, bool sealed, enum outcome outcome)
{
    struct call c = {.interface = "netlogon",
                     .operation = "NetrServerAuthenticate3",
                     .opnum = 26,
                     .sealed = sealed,
                     .outcome = outcome};
    if (!sealed) {
        c.arguments[0] =
            (struct rpc_argument){.name = STR("AccountName"), .kind = rpc_value_text, .text = STR("DC1$")};
        c.arguments[1] = (struct rpc_argument){.name = STR("ClientCredential"),
                                               .kind = zeros ? rpc_value_zeros : rpc_value_fingerprint,
                                               .number = 8};
    }
    call(w, &c);
}

static void set_password(struct world *w, bool sealed)
{
    call(w, &(struct call){.interface = "netlogon",
                           .operation = "NetrServerPasswordSet2",
                           .opnum = 30,
                           .sealed = sealed,
                           .outcome = sealed ? outcome_unknown : outcome_success});
}

static void a_credential_of_zeros_is_told_once_for_all_tries(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 40; i++)
        authenticate(w, true, false, outcome_failure);
    world_end(w);
    const struct alert *alert = world_alert(w, "zerologon");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_failure);
    assert_int_equal(alert->count, 40);
    assert_true(str_equal(alert->target.accounts.at[0], STR("DC1$")));
}

static void a_password_set_after_zeros_is_a_takeover(void **state)
{
    struct world *w = *state;
    authenticate(w, true, false, outcome_failure);
    authenticate(w, true, false, outcome_success);
    set_password(w, false);
    world_end(w);
    const struct alert *alert = world_alert(w, "zerologon");
    assert_int_equal(alert->severity, severity_critical);
    assert_int_equal(alert->outcome, outcome_success);
}

static void a_few_sealed_authentications_are_ordinary(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 15; i++)
        authenticate(w, false, true, outcome_unknown);
    world_wait(w, TIME_NS_HOUR);
    set_password(w, true);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void sealed_tries_with_a_password_set_are_a_takeover(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 40; i++)
        authenticate(w, false, true, outcome_unknown);
    set_password(w, true);
    world_end(w);
    const struct alert *alert = world_alert(w, "zerologon");
    assert_int_equal(alert->severity, severity_critical);
    assert_true(alert->confidence < 90);
}

static void secure_channels_and_password_changes_of_machines_are_ordinary(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 40; i++)
        authenticate(w, false, false, i % 2 ? outcome_failure : outcome_success);
    set_password(w, true);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* forged-pac */

static void a_ticket_without_a_pac_shown_with_data_is_forged(void **state)
{
    struct world *w = *state;
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_as,
                                   .account = "adams",
                                   .ticket = tgt,
                                   .outcome = outcome_success,
                                   .pac_request = tristate_no});
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "adams",
                                   .service = "krbtgt/CORP.EXAMPLE",
                                   .presented = tgt,
                                   .outcome = outcome_success,
                                   .authorization_etype = 23});
    world_end(w);
    const struct alert *alert = world_alert(w, "forged-pac");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
}

static void either_alone_is_no_forged_pac(void **state)
{
    struct world *w = *state;
    /* A Unix client without a PAC, and a Windows client with data. */
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_as,
                                   .account = "adams",
                                   .ticket = tgt,
                                   .outcome = outcome_success,
                                   .pac_request = tristate_no});
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "adams",
                                   .service = "nfs/files",
                                   .presented = tgt,
                                   .outcome = outcome_success});
    struct id other = {.high = 3, .low = 2};
    exchange(w, &(struct exchange){.client = OTHER,
                                   .message = kerberos_message_as,
                                   .account = "baker",
                                   .ticket = other,
                                   .outcome = outcome_success,
                                   .pac_request = tristate_yes});
    exchange(w, &(struct exchange){.client = OTHER,
                                   .message = kerberos_message_tgs,
                                   .account = "baker",
                                   .service = "cifs/files",
                                   .presented = other,
                                   .outcome = outcome_success,
                                   .authorization_etype = 18});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_pac_signed_without_a_key_is_forged(void **state)
{
    struct world *w = *state;
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_ap,
                                   .account = "adams",
                                   .service = "cifs/files",
                                   .ticket = tgt,
                                   .outcome = outcome_success,
                                   .part = {.server_checksum = 16, .kdc_checksum = 7}});
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "adams",
                                   .presented = {5, 5},
                                   .outcome = outcome_success,
                                   .presented_part = {.server_checksum = 16, .kdc_checksum = -138}});
    world_end(w);
    assert_int_equal(world_alert(w, "forged-pac")->confidence, 99);
}

/* pass-the-ticket */

static void use(struct world *w, const char *client, const char *host)
{
    w->source_host = str_of(host);
    exchange(w, &(struct exchange){.client = client,
                                   .message = kerberos_message_tgs,
                                   .account = "adams",
                                   .service = "cifs/files",
                                   .presented = tgt,
                                   .outcome = outcome_success});
}

static void a_ticket_on_two_named_devices_was_passed(void **state)
{
    struct world *w = *state;
    use(w, CLIENT, "ws1.corp.example");
    world_wait(w, TIME_NS_HOUR);
    use(w, OTHER, "WS2");
    use(w, CLIENT, "ws1.corp.example");
    use(w, OTHER, "WS2");
    world_end(w);
    const struct alert *alert = world_alert(w, "pass-the-ticket");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->count, 2);
    assert_true(str_equal(alert->source.host, STR("WS2")));
}

static void a_stolen_service_ticket_names_whose_it_is(void **state)
{
    struct world *w = *state;
    w->source_host = STR("ws1");
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "adams",
                                   .service = "cifs/files",
                                   .presented = {9, 9},
                                   .ticket = tgt,
                                   .outcome = outcome_success});
    w->source_host = STR("ws2");
    exchange(w, &(struct exchange){.client = OTHER,
                                   .server = WEB,
                                   .message = kerberos_message_ap,
                                   .service = "cifs/files",
                                   .ticket = tgt,
                                   .outcome = outcome_success});
    world_end(w);
    const struct alert *alert = world_alert(w, "pass-the-ticket");
    assert_int_equal(alert->severity, severity_high);
    assert_true(str_equal(alert->source.account, STR("adams")));
}

static void a_device_with_two_addresses_is_one(void **state)
{
    struct world *w = *state;
    use(w, CLIENT, "ws1.corp.example");
    use(w, OTHER, "WS1");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_ticket_at_a_new_address_without_a_name_is_told_quietly(void **state)
{
    struct world *w = *state;
    use(w, CLIENT, "");
    world_wait(w, TIME_NS_HOUR);
    use(w, OTHER, "");
    world_end(w);
    assert_int_equal(world_alert(w, "pass-the-ticket")->severity, severity_low);
}

static void addresses_that_use_a_ticket_in_turn_are_two_devices(void **state)
{
    struct world *w = *state;
    use(w, CLIENT, "");
    world_wait(w, TIME_NS_HOUR);
    use(w, OTHER, "");
    use(w, CLIENT, "");
    use(w, OTHER, "");
    world_end(w);
    assert_int_equal(world_alert(w, "pass-the-ticket")->severity, severity_medium);
}

static void a_forwarded_ticket_is_meant_for_another_device(void **state)
{
    struct world *w = *state;
    w->source_host = STR("ws1");
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "adams",
                                   .service = "krbtgt/CORP.EXAMPLE",
                                   .presented = {9, 9},
                                   .ticket = tgt,
                                   .outcome = outcome_success,
                                   .options = OPTION_FORWARDED});
    use(w, WEB, "web1");
    use(w, OTHER, "web2");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void who_was_shown_a_ticket_may_pass_it_on(void **state)
{
    struct world *w = *state;
    w->source_host = STR("ws1");
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .server = WEB,
                                   .message = kerberos_message_ap,
                                   .service = "HTTP/web1",
                                   .ticket = tgt,
                                   .outcome = outcome_success});
    w->source_host = STR("web1");
    exchange(w, &(struct exchange){.client = WEB,
                                   .server = OTHER,
                                   .message = kerberos_message_ap,
                                   .service = "HTTP/web1",
                                   .ticket = tgt,
                                   .outcome = outcome_success});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_read_only_controller_fetches_and_forwards(void **state)
{
    struct world *w = *state;
    struct exchange fetched = {.client = WEB,
                               .server = DC,
                               .message = kerberos_message_as,
                               .account = "adams",
                               .ticket = tgt,
                               .outcome = outcome_success};
    w->source_host = STR("rodc1");
    exchange(w, &fetched);
    w->source_host = STR("ws1");
    fetched.client = CLIENT;
    fetched.server = WEB;
    exchange(w, &fetched);
    struct exchange shown = {.client = CLIENT,
                             .server = WEB,
                             .message = kerberos_message_tgs,
                             .account = "adams",
                             .service = "cifs/files",
                             .presented = tgt,
                             .outcome = outcome_unknown};
    exchange(w, &shown);
    w->source_host = STR("rodc1");
    shown.client = WEB;
    shown.server = DC;
    shown.outcome = outcome_success;
    exchange(w, &shown);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* sam-name-spoofing */

static void a_name_with_the_salt_of_another_computer_is_spoofed(void **state)
{
    struct world *w = *state;
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_as,
                                   .account = "dc1",
                                   .server_host = "DC1.corp.example",
                                   .outcome = outcome_success,
                                   .ticket = tgt,
                                   .salt = "CORP.EXAMPLEhostevil.corp.example"});
    world_end(w);
    assert_int_equal(world_alert(w, "sam-name-spoofing")->severity, severity_high);
}

static void a_ticket_to_itself_by_a_spoofed_name_is_a_takeover(void **state)
{
    struct world *w = *state;
    change(w, ldap_operation_modify, "CN=evil,CN=Computers,DC=corp,DC=example", "sAMAccountName", "dc1");
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_as,
                                   .account = "dc1",
                                   .outcome = outcome_success,
                                   .ticket = tgt});
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "dc1",
                                   .service = "dc1",
                                   .for_user = "administrator",
                                   .presented = tgt,
                                   .outcome = outcome_success});
    world_end(w);
    const struct alert *alert = world_alert(w, "sam-name-spoofing");
    assert_int_equal(alert->severity, severity_critical);
    assert_int_equal(alert->outcome, outcome_success);
}

static void a_rename_over_samr_to_the_controllers_name_is_told(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "samr",
                           .operation = "SamrSetInformationUser2",
                           .arguments = {{.name = STR("Buffer.All.UserName"), .text = STR("DC1")}},
                           .server_host = "dc1.corp.example",
                           .outcome = outcome_success});
    world_end(w);
    assert_int_equal(world_alert(w, "sam-name-spoofing")->severity, severity_high);
}

static void ordinary_names_salts_and_tickets_to_self_are_no_spoofing(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *account;
        const char *salt;
    } ordinary[] = {{"adams", "CORP.EXAMPLEadams"},
                    {"hosting.svc", "CORP.EXAMPLEhosting.svc"},
                    {"ws1$", "CORP.EXAMPLEhostold-name.corp.example"},
                    {"ws1", "CORP.EXAMPLEhostws1.corp.example"},
                    {"host/ws1.corp.example", "CORP.EXAMPLEhostws1.corp.example"},
                    {"dc1$", "CORP.EXAMPLEhostdc1.corp.example"}};
    for (size_t i = 0; i < ARRAY_COUNT(ordinary); i++)
        exchange(w, &(struct exchange){.client = CLIENT,
                                       .message = kerberos_message_as,
                                       .account = ordinary[i].account,
                                       .server_host = "dc1.corp.example",
                                       .outcome = outcome_success,
                                       .salt = ordinary[i].salt});
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = "svc_web",
                                   .service = "svc_web",
                                   .for_user = "adams",
                                   .server_host = "dc1.corp.example",
                                   .outcome = outcome_success});
    change(w, ldap_operation_modify, "CN=Ann,CN=Users,DC=corp,DC=example", "sAMAccountName", "ann.baker");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* dcshadow */

static void a_device_that_is_pulled_from_after_it_linked_itself_is_a_false_controller(void **state)
{
    struct world *w = *state;
    world_drs(w, CLIENT, DC, DRS_REPLICA_ADD, 12);
    world_drs(w, DC, CLIENT, DRS_GET_NC_CHANGES, 2400);
    world_end(w);
    const struct alert *alert = world_alert(w, "dcshadow");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
    struct addr source = world_address(CLIENT);
    assert_true(addr_equal(&alert->source.ip, &source));
}

static void a_link_by_hand_is_told_at_medium(void **state)
{
    struct world *w = *state;
    world_drs(w, CLIENT, DC, DRS_REPLICA_ADD, 12);
    world_drs(w, DC, OTHER, DRS_GET_NC_CHANGES, 2400);
    world_end(w);
    assert_int_equal(world_alert(w, "dcshadow")->severity, severity_medium);
}

static void a_registration_that_is_taken_back_is_a_false_controller(void **state)
{
    struct world *w = *state;
    world_drs(w, CLIENT, DC, DRS_ADD_ENTRY, 252);
    world_wait(w, TIME_NS_MIN);
    world_drs(w, CLIENT, DC, DRS_REMOVE_SERVER, 16);
    world_end(w);
    assert_int_equal(world_alert(w, "dcshadow")->severity, severity_high);
}

static void a_controllers_name_on_a_workstation_is_told(void **state)
{
    struct world *w = *state;
    change(w, ldap_operation_modify, "CN=WS1,CN=Computers,DC=corp,DC=example", "servicePrincipalName",
           "GC/ws1.corp.example/corp.example");
    world_end(w);
    assert_int_equal(world_alert(w, "dcshadow")->severity, severity_high);
}

static void promotions_and_controllers_are_no_false_controllers(void **state)
{
    struct world *w = *state;
    change(w, ldap_operation_add, "CN=DC2,CN=Servers,CN=Site,CN=Sites,CN=Configuration,DC=corp,DC=example",
           "objectClass", "server");
    world_drs(w, CLIENT, DC, DRS_ADD_ENTRY, 252);
    world_drs(w, CLIENT, DC, DRS_GET_NC_CHANGES, 90000);
    change(w, ldap_operation_modify, "CN=DC2,OU=Domain Controllers,DC=corp,DC=example",
           "servicePrincipalName", "GC/dc2.corp.example/corp.example");
    change(w, ldap_operation_modify, "CN=WS1,CN=Computers,DC=corp,DC=example", "servicePrincipalName",
           "HOST/ws1.corp.example");
    world_drs(w, DC, CLIENT, DRS_GET_NC_CHANGES, 2400);
    world_drs_role(w, "10.0.0.11", device_role_domain_controller, DRS_REPLICA_ADD, 12);
    world_drs_role(w, "10.0.0.11", device_role_domain_controller, DRS_REPLICA_DEL, 12);
    world_wait(w, 3 * TIME_NS_HOUR);
    world_drs(w, CLIENT, DC, DRS_REMOVE_SERVER, 16);
    world_end(w);
    assert_int_equal(world_count(w, "dcshadow", severity_unknown), 0);
}

/* delegation-abuse */

static void proxy(struct world *w, const char *account)
{
    exchange(w, &(struct exchange){.client = CLIENT,
                                   .message = kerberos_message_tgs,
                                   .account = account,
                                   .service = "cifs/files",
                                   .presented = tgt,
                                   .outcome = outcome_success,
                                   .options = OPTION_CNAME_IN_ADDL_TKT,
                                   .additional_tickets = 1});
}

static void make_computer(struct world *w)
{
    call(w, &(struct call){.interface = "samr",
                           .operation = "SamrCreateUser2InDomain",
                           .arguments = {{.name = STR("Name"), .text = STR("EVIL$")}},
                           .outcome = outcome_success});
}

static void a_write_of_who_may_act_is_told_and_its_use_is_worse(void **state)
{
    struct world *w = *state;
    make_computer(w);
    assert_int_equal(w->alerts.count, 0);
    change(w, ldap_operation_modify, "CN=FILES,CN=Computers,DC=corp,DC=example",
           "msDS-AllowedToActOnBehalfOfOtherIdentity", "");
    proxy(w, "evil$");
    world_end(w);
    const struct alert *alert = world_alert(w, "delegation-abuse");
    assert_int_equal(alert->severity, severity_critical);
    assert_int_equal(alert->outcome, outcome_success);
}

static void a_new_computer_that_acts_for_others_is_told(void **state)
{
    struct world *w = *state;
    make_computer(w);
    proxy(w, "evil$");
    world_end(w);
    assert_int_equal(world_alert(w, "delegation-abuse")->severity, severity_high);
}

static void trust_for_delegation_is_told_at_medium(void **state)
{
    struct world *w = *state;
    change(w, ldap_operation_modify, "CN=WEB1,CN=Computers,DC=corp,DC=example", "userAccountControl",
           "528384");
    world_end(w);
    assert_int_equal(world_alert(w, "delegation-abuse")->severity, severity_medium);
}

static void web_servers_promotions_and_joins_are_no_delegation_abuse(void **state)
{
    struct world *w = *state;
    proxy(w, "web1$");
    make_computer(w);
    /* SERVER_TRUST_ACCOUNT with TRUSTED_FOR_DELEGATION: a promotion; WORKSTATION_TRUST_ACCOUNT: a join. */
    change(w, ldap_operation_modify, "CN=DC2,CN=Computers,DC=corp,DC=example", "userAccountControl",
           "532480");
    change(w, ldap_operation_modify, "CN=WS1,CN=Computers,DC=corp,DC=example", "userAccountControl", "4096");
    change(w, ldap_operation_modify, "CN=RODC1,CN=Computers,DC=corp,DC=example", "userAccountControl",
           "83890176");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_credential_of_zeros_is_told_once_for_all_tries),
        TEST(a_password_set_after_zeros_is_a_takeover),
        TEST(a_few_sealed_authentications_are_ordinary),
        TEST(sealed_tries_with_a_password_set_are_a_takeover),
        TEST(secure_channels_and_password_changes_of_machines_are_ordinary),
        TEST(a_ticket_without_a_pac_shown_with_data_is_forged),
        TEST(either_alone_is_no_forged_pac),
        TEST(a_pac_signed_without_a_key_is_forged),
        TEST(a_ticket_on_two_named_devices_was_passed),
        TEST(a_stolen_service_ticket_names_whose_it_is),
        TEST(a_device_with_two_addresses_is_one),
        TEST(a_ticket_at_a_new_address_without_a_name_is_told_quietly),
        TEST(addresses_that_use_a_ticket_in_turn_are_two_devices),
        TEST(a_forwarded_ticket_is_meant_for_another_device),
        TEST(who_was_shown_a_ticket_may_pass_it_on),
        TEST(a_read_only_controller_fetches_and_forwards),
        TEST(a_name_with_the_salt_of_another_computer_is_spoofed),
        TEST(a_ticket_to_itself_by_a_spoofed_name_is_a_takeover),
        TEST(a_rename_over_samr_to_the_controllers_name_is_told),
        TEST(ordinary_names_salts_and_tickets_to_self_are_no_spoofing),
        TEST(a_device_that_is_pulled_from_after_it_linked_itself_is_a_false_controller),
        TEST(a_link_by_hand_is_told_at_medium),
        TEST(a_registration_that_is_taken_back_is_a_false_controller),
        TEST(a_controllers_name_on_a_workstation_is_told),
        TEST(promotions_and_controllers_are_no_false_controllers),
        TEST(a_write_of_who_may_act_is_told_and_its_use_is_worse),
        TEST(a_new_computer_that_acts_for_others_is_told),
        TEST(trust_for_delegation_is_told_at_medium),
        TEST(web_servers_promotions_and_joins_are_no_delegation_abuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
