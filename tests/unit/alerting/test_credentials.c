/*
 * test_credentials - credentials that are asked for, set, shown or coerced, and what looks alike and is
 * ordinary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/unc.h"
#include "tests/unit/alerting/world.h"

#define CLIENT "10.0.0.66"
#define DC     "10.0.0.10"

static struct activity *begin(struct world *w, uint8_t kind, uint8_t protocol, const char *source,
                              const char *target)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    w->now += TIME_NS_MS;
    a->kind = kind;
    a->protocol = protocol;
    a->source_ip = world_address(source);
    a->target_ip = world_address(target);
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->source_host = w->source_host;
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    return a;
}

static void set_account(struct activity *a, const char *account)
{
    a->account_name = str_of(account);
    a->account = entity_account(a->account_name);
}

/* Waits in the world's input until something ends it. */
static void publish(struct world *w, const struct activity *a, uint8_t role, struct id key)
{
    struct record record = {.type = RECORD_activity, .role = role, .time = w->now, .key = key, .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, record.role);
    batch_append(&w->in, &record);
}

struct call {
    const char *interface;
    const char *operation;
    uint16_t opnum;
    const char *name; /* of its argument; null: none */
    const char *text;
    uint64_t number;
    uint32_t code;
    bool sealed;
    uint8_t target_role;
};

static void call(struct world *w, const struct call *c)
{
    struct activity *a = begin(w, activity_kind_rpc_call, protocol_rpc, CLIENT, DC);
    struct rpc *r = arena_zeroed(&w->in.arena, sizeof(*r));
    struct rpc_argument *argument = arena_zeroed(&w->in.arena, sizeof(*argument));
    if (c->name) {
        *argument = (struct rpc_argument){
            .name = str_of(c->name), .text = str_of(c->text ? c->text : ""), .number = c->number};
        r->arguments.at = argument;
        r->arguments.count = 1;
    }
    r->reply = rpc_reply_response;
    a->interface_name = str_of(c->interface);
    a->operation = str_of(c->operation);
    a->opnum = c->opnum;
    a->sealed = c->sealed;
    a->code = c->code;
    a->outcome = c->sealed ? outcome_unknown : c->code ? outcome_failure : outcome_success;
    a->target_role = c->target_role;
    a->target_host = STR("dc1.corp.example");
    a->rpc.at = r;
    a->rpc.count = 1;
    set_account(a, "mallory");
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_target_device, a->target);
}

static void ntlm_back(struct world *w, const char *to, const char *account)
{
    struct activity *a = begin(w, activity_kind_authentication, protocol_ntlm, DC, to);
    if (account)
        set_account(a, account);
    publish(w, a, entity_role_source_device, a->source);
}

/* authentication-coercion */

static void a_host_is_found_in_every_form_of_a_path(void **state)
{
    (void)state;
    assert_true(str_equal(unc_host(STR("\\\\10.0.0.66\\share\\x")), STR("10.0.0.66")));
    assert_true(str_equal(unc_host(STR("\\??\\UNC\\evil\\a")), STR("evil")));
    assert_true(str_equal(unc_host(STR("\\\\evil@80\\a")), STR("evil")));
    assert_int_equal(unc_host(STR("C:\\Windows")).size, 0);
    assert_int_equal(unc_host(STR("\\\\")).size, 0);
    assert_int_equal(unc_host((struct str){0}).size, 0);
    assert_true(unc_has_share(STR("\\\\srv\\queue")));
    assert_false(unc_has_share(STR("\\\\srv")));
    struct addr ip = world_address(DC);
    assert_int_equal(unc_match(STR("dc1"), &ip, STR("DC1.corp.example")), UNC_SAME);
    assert_int_equal(unc_match(STR("dc2"), &ip, STR("DC1.corp.example")), UNC_OTHER);
    assert_int_equal(unc_match(STR("dc1"), &ip, (struct str){0}), UNC_UNSURE);
    assert_int_equal(unc_match(STR("10.0.0.10"), &ip, (struct str){0}), UNC_SAME);
}

static const struct call encrypt_file = {.interface = "efsrpc",
                                         .operation = "EfsRpcEncryptFileSrv",
                                         .opnum = 4,
                                         .name = "FileName",
                                         .text = "\\\\10.0.0.66\\share\\x",
                                         .code = 5};

static void a_path_of_another_host_is_coercion(void **state)
{
    struct world *w = *state;
    call(w, &encrypt_file);
    call(w, &encrypt_file);
    world_end(w);
    const struct alert *alert = world_alert(w, "authentication-coercion");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_unknown);
    assert_int_equal(alert->count, 2);
    assert_true(str_equal(alert->source.account, STR("mallory")));
}

static void the_server_that_comes_proves_it(void **state)
{
    struct world *w = *state;
    call(w, &encrypt_file);
    ntlm_back(w, CLIENT, "dc1$");
    world_end(w);
    assert_int_equal(world_alert(w, "authentication-coercion")->outcome, outcome_success);
}

static void it_may_come_before_the_answer_of_the_call(void **state)
{
    struct world *w = *state;
    ntlm_back(w, CLIENT, "dc1$");
    call(w, &encrypt_file);
    world_end(w);
    assert_int_equal(world_alert(w, "authentication-coercion")->outcome, outcome_success);
    assert_int_equal(world_alert(w, "authentication-coercion")->count, 1);
}

static void the_servers_own_paths_are_ordinary(void **state)
{
    struct world *w = *state;
    struct call own = encrypt_file;
    own.text = "\\\\dc1\\users\\x";
    call(w, &own);
    own.text = "\\\\10.0.0.10\\users\\x";
    call(w, &own);
    call(w, &(struct call){.interface = "netdfs",
                           .operation = "NetrDfsAddStdRoot",
                           .opnum = 12,
                           .name = "ServerName",
                           .text = "DC1"});
    call(w, &(struct call){.interface = "eventlog",
                           .operation = "ElfrBackupELFW",
                           .opnum = 1,
                           .name = "BackupFileName",
                           .text = "\\??\\C:\\x.evt"});
    ntlm_back(w, CLIENT, "dc1$");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static const struct call notification = {.interface = "winspool",
                                         .operation = "RpcRemoteFindFirstPrinterChangeNotificationEx",
                                         .opnum = 65,
                                         .name = "pszLocalMachine",
                                         .text = "\\\\10.0.0.66"};

static void a_client_that_watches_its_queue_is_ordinary(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "winspool",
                           .operation = "RpcOpenPrinter",
                           .opnum = 1,
                           .name = "pPrinterName",
                           .text = "\\\\dc1\\laser"});
    call(w, &notification);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void a_print_server_opened_whole_and_a_controller_are_not(void **state)
{
    struct world *w = *state;
    struct call on_controller = notification;
    on_controller.target_role = device_role_domain_controller;
    call(w, &(struct call){.interface = "winspool",
                           .operation = "RpcOpenPrinter",
                           .opnum = 1,
                           .name = "pPrinterName",
                           .text = "\\\\dc1"});
    call(w, &notification);
    assert_int_equal(world_count(w, "authentication-coercion", severity_high), 0);
    call(w, &on_controller);
    world_end(w);
    assert_int_equal(world_alert(w, "authentication-coercion")->severity, severity_high);
}

static void a_server_that_comes_to_who_opened_a_sealed_session_is_told_quietly(void **state)
{
    struct world *w = *state;
    struct activity *a = begin(w, activity_kind_smb_message, protocol_smb, CLIENT, DC);
    struct smb *m = arena_zeroed(&w->in.arena, sizeof(*m));
    m->is_sealed = true;
    m->unread = unread_encrypted;
    a->smb.at = m;
    a->smb.count = 1;
    publish(w, a, entity_role_target_device, a->target);
    ntlm_back(w, "10.0.0.67", "dc1$");
    ntlm_back(w, CLIENT, NULL);
    ntlm_back(w, CLIENT, "dc1$");
    world_end(w);
    const struct alert *alert = world_alert(w, "authentication-coercion");
    assert_int_equal(alert->severity, severity_low);
    assert_int_equal(alert->count, 1);
    struct addr client = world_address(CLIENT);
    assert_true(addr_equal(&alert->source.ip, &client));
}

/* dpapi-backup-key-request */

static void the_backup_key_is_told_and_other_secrets_are_not(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "lsarpc",
                           .operation = "LsarOpenSecret",
                           .opnum = 28,
                           .name = "SecretName",
                           .text = "L$other"});
    call(w, &(struct call){.interface = "lsarpc", .operation = "LsarQuerySecret", .opnum = 30});
    assert_int_equal(w->alerts.count, 0);
    call(w, &(struct call){.interface = "lsarpc",
                           .operation = "LsarOpenSecret",
                           .opnum = 28,
                           .name = "SecretName",
                           .text = "G$BCKUPKEY_PREFERRED"});
    call(w, &(struct call){.interface = "lsarpc", .operation = "LsarQuerySecret", .opnum = 30});
    world_end(w);
    const struct alert *alert = world_alert(w, "dpapi-backup-key-request");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->count, 2);
}

static void the_protocol_of_clients_is_told_once_and_quietly(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5; i++) {
        call(w, &(struct call){.interface = "BackupKey", .operation = "BackuprKey", .sealed = true});
        world_wait(w, TIME_NS_DAY);
    }
    world_end(w);
    assert_int_equal(world_alert(w, "dpapi-backup-key-request")->severity, severity_low);
    assert_int_equal(world_alert(w, "dpapi-backup-key-request")->count, 1);
}

static void the_public_key_is_for_everybody(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "BackupKey",
                           .operation = "BackuprKey",
                           .name = "pguidActionAgent.name",
                           .text = "BACKUPKEY_RETRIEVE_BACKUP_KEY_GUID"});
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* remote-password-reset */

static const struct call set_password = {.interface = "samr",
                                         .operation = "SamrSetInformationUser2",
                                         .opnum = 58,
                                         .name = "UserInformationClass",
                                         .number = 26};

static void a_password_set_from_afar_is_told_with_its_name(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "samr",
                           .operation = "SamrLookupNamesInDomain",
                           .opnum = 17,
                           .name = "Names[0]",
                           .text = "bob"});
    call(
        w,
        &(struct call){
            .interface = "samr", .operation = "SamrOpenUser", .opnum = 34, .name = "UserId", .number = 1105});
    call(w, &set_password);
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-password-reset");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_true(str_equal(alert->target.accounts.at[0], STR("bob")));
}

static void the_servers_own_account_weighs_more(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "samr",
                           .operation = "SamrLookupNamesInDomain",
                           .opnum = 17,
                           .name = "Names[0]",
                           .text = "DC1$"});
    call(
        w,
        &(struct call){
            .interface = "samr", .operation = "SamrOpenUser", .opnum = 34, .name = "UserId", .number = 1000});
    call(w, &set_password);
    call(w, &(struct call){.interface = "lsarpc",
                           .operation = "LsarOpenSecret",
                           .opnum = 28,
                           .name = "SecretName",
                           .text = "$MACHINE.ACC"});
    call(w, &(struct call){.interface = "lsarpc", .operation = "LsarSetSecret", .opnum = 29});
    world_end(w);
    assert_int_equal(world_alert(w, "remote-password-reset")->severity, severity_high);
    assert_int_equal(world_alert(w, "remote-password-reset")->count, 2);
}

static void a_join_and_other_information_are_ordinary(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "samr",
                           .operation = "SamrCreateUser2InDomain",
                           .opnum = 50,
                           .name = "Name",
                           .text = "WS9$"});
    call(w, &set_password);
    struct call comment = set_password;
    comment.number = 13; /* UserAdminCommentInformation */
    world_wait(w, TIME_NS_HOUR);
    call(w, &comment);
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void the_help_desk_has_a_habit(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 40; i++) {
        call(w, &set_password);
        world_wait(w, TIME_NS_DAY);
    }
    world_end(w);
    uint32_t told = 0;
    for (uint32_t i = 0; i < w->alerts.count; i++) {
        const struct alert *alert = w->alerts.records[i].body;
        told = alert->last_seen > 1030 * TIME_NS_DAY ? told + 1 : told;
    }
    assert_int_equal(told, 0);
}

static void change(struct world *w, const char *attribute, uint8_t kind, const char *account)
{
    struct activity *a = begin(w, activity_kind_directory_change, protocol_ldap, CLIENT, DC);
    struct ldap *l = arena_zeroed(&w->in.arena, sizeof(*l));
    struct ldap_change *c = arena_zeroed(&w->in.arena, sizeof(*c));
    *c = (struct ldap_change){.kind = kind, .attribute = str_of(attribute), .value_count = 1};
    l->operation = ldap_operation_modify;
    l->changes.at = c;
    l->changes.count = 1;
    a->operation = STR("LDAP modify");
    a->object = STR("CN=ws1,CN=Computers,DC=corp,DC=example");
    a->outcome = outcome_success;
    a->ldap.at = l;
    a->ldap.count = 1;
    set_account(a, account);
    publish(w, a, entity_role_source_device, a->source);
}

static void a_replaced_password_is_a_reset_and_a_change_is_not(void **state)
{
    struct world *w = *state;
    change(w, "unicodePwd", ldap_change_kind_delete, "mallory");
    change(w, "unicodePwd", ldap_change_kind_add, "mallory");
    assert_int_equal(w->alerts.count, 0);
    change(w, "unicodepwd", ldap_change_kind_replace, "mallory");
    world_end(w);
    assert_int_equal(world_alert(w, "remote-password-reset")->count, 1);
}

/* shadow-credentials */

static void a_key_for_another_account_is_told(void **state)
{
    struct world *w = *state;
    change(w, "msDS-KeyCredentialLink", ldap_change_kind_delete, "mallory");
    change(w, "msDS-KeyCredentialLinkage", ldap_change_kind_add, "mallory");
    change(w, "msds-keycredentiallink", ldap_change_kind_replace, "mallory");
    world_end(w);
    const struct alert *alert = world_alert(w, "shadow-credentials");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->count, 1);
}

static void a_computer_registers_its_own_key(void **state)
{
    struct world *w = *state;
    w->source_host = STR("WS1.corp.example");
    change(w, "msDS-KeyCredentialLink", ldap_change_kind_add, "WS1$");
    world_end(w);
    assert_int_equal(world_alert(w, "shadow-credentials")->severity, severity_low);
}

static void a_relay_in_a_computers_name_is_no_computer(void **state)
{
    struct world *w = *state;
    w->source_host = STR("kali");
    change(w, "msDS-KeyCredentialLink", ldap_change_kind_add, "WS1$");
    world_end(w);
    assert_int_equal(world_alert(w, "shadow-credentials")->severity, severity_high);
}

/* as-rep-roasting and skeleton-key */

struct as {
    const char *account;
    const int32_t *etypes; /* end with 0 */
    const int32_t *offered;
    int32_t reply_etype;
    uint32_t code;
    bool preauth;
};

static struct i32s list(const int32_t *at)
{
    struct i32s list = {.at = at};
    while (at && at[list.count] != 0)
        list.count++;
    return list;
}

static void as(struct world *w, const struct as *x)
{
    struct activity *a = begin(w, activity_kind_authentication, protocol_kerberos, CLIENT, DC);
    struct kerberos *k = arena_zeroed(&w->in.arena, sizeof(*k));
    k->reply_etype = x->reply_etype;
    a->operation = STR("AS-REQ");
    a->service = STR("krbtgt/CORP.EXAMPLE");
    a->etypes = list(x->etypes);
    a->offered_etypes = list(x->offered);
    a->code = x->code;
    a->preauth = x->preauth;
    a->outcome = x->code == 0 ? outcome_success : outcome_unknown;
    a->kerberos.at = k;
    a->kerberos.count = 1;
    set_account(a, x->account);
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_account, a->account);
}

static const int32_t rc4[] = {23, 0};
static const int32_t windows[] = {18, 17, 23, 24, -135, 0};

static void tickets_to_crack_are_told_by_their_encryption(void **state)
{
    struct world *w = *state;
    as(w, &(struct as){.account = "alice", .etypes = windows, .reply_etype = 18, .preauth = true});
    assert_int_equal(w->alerts.count, 0);
    as(w, &(struct as){.account = "bob", .etypes = windows, .reply_etype = 18});
    as(w, &(struct as){.account = "bob", .etypes = rc4, .reply_etype = 23});
    as(w, &(struct as){.account = "carol", .etypes = rc4, .reply_etype = 23});
    world_end(w);
    const struct alert *alert = world_alert(w, "as-rep-roasting");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->target.account_count, 2);
    assert_int_equal(alert->count, 3);
}

static void an_exempt_account_with_strong_encryption_is_told_quietly(void **state)
{
    struct world *w = *state;
    as(w, &(struct as){.account = "bob", .etypes = windows, .reply_etype = 18});
    world_end(w);
    assert_int_equal(world_alert(w, "as-rep-roasting")->severity, severity_low);
}

static void service_ticket(struct world *w, const char *service, int32_t etype)
{
    struct activity *a = begin(w, activity_kind_ticket_request, protocol_kerberos, CLIENT, DC);
    a->operation = STR("TGS-REQ");
    a->service = str_of(service);
    a->etypes = list(windows);
    a->ticket_etype = etype;
    a->outcome = outcome_success;
    set_account(a, "bob");
    publish(w, a, entity_role_account, a->account);
}

static void an_account_that_had_better_encryption_is_downgraded(void **state)
{
    struct world *w = *state;
    as(w, &(struct as){.account = "bob", .etypes = windows, .offered = windows, .code = 25});
    as(w, &(struct as){.account = "bob", .etypes = windows, .offered = rc4, .code = 25});
    world_end(w);
    assert_int_equal(world_alert(w, "skeleton-key")->severity, severity_medium);
}

static void no_ticket_with_better_encryption_shows_it_too(void **state)
{
    struct world *w = *state;
    as(w, &(struct as){.account = "bob", .etypes = windows, .offered = rc4, .code = 25});
    service_ticket(w, "cifs/files1", 23);
    world_end(w);
    assert_int_equal(world_count(w, "skeleton-key", severity_medium), 1);
}

static void an_account_without_better_keys_is_ordinary(void **state)
{
    struct world *w = *state;
    as(w, &(struct as){.account = "bob", .etypes = windows, .offered = rc4, .code = 25});
    service_ticket(w, "MSSQLSvc/old", 23);
    service_ticket(w, "cifs/files1", 18);
    service_ticket(w, "cifs/old", 23);
    as(w, &(struct as){.account = "carol", .etypes = rc4, .offered = rc4, .code = 25});
    world_end(w);
    assert_int_equal(world_count(w, "skeleton-key", severity_low), 0);
}

/* clear-text-password */

static void bind(struct world *w, const char *account, uint64_t password, uint32_t code, bool clear_text)
{
    struct activity *a = begin(w, activity_kind_authentication, protocol_ldap, CLIENT, DC);
    struct ldap *l = arena_zeroed(&w->in.arena, sizeof(*l));
    l->operation = ldap_operation_bind;
    l->bind_method = ldap_bind_method_simple;
    l->clear_text = clear_text;
    l->password = (struct id){1, password};
    a->operation = STR("LDAP bind");
    a->proof = l->password;
    a->preauth = true;
    a->code = code;
    a->outcome = code ? outcome_failure : outcome_success;
    a->ldap.at = l;
    a->ldap.count = 1;
    set_account(a, account);
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_account, a->account);
}

static void a_password_in_clear_is_told_by_how_it_ended(void **state)
{
    struct world *w = *state;
    bind(w, "bob", 1, 0, false);
    assert_int_equal(world_count(w, "clear-text-password", severity_low), 0);
    bind(w, "bob", 1, 0x52e, true);
    world_wait(w, TIME_NS_S);
    bind(w, "bob", 2, 0, true);
    world_end(w);
    const struct alert *alert = world_alert(w, "clear-text-password");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->count, 2);
}

static void basic_of_http_is_clear_text_and_digest_is_not(void **state)
{
    struct world *w = *state;
    for (uint8_t scheme = http_scheme_basic; scheme <= http_scheme_digest; scheme++) {
        struct activity *a = begin(w, activity_kind_web_request, protocol_http, CLIENT, DC);
        struct http *h = arena_zeroed(&w->in.arena, sizeof(*h));
        h->scheme = scheme;
        h->credential = (struct id){1, scheme};
        h->credential_user = STR("bob");
        a->operation = STR("GET");
        a->code = 401;
        a->http.at = h;
        a->http.count = 1;
        publish(w, a, entity_role_source_device, a->source);
    }
    world_end(w);
    const struct alert *alert = world_alert(w, "clear-text-password");
    assert_int_equal(alert->severity, severity_low);
    assert_int_equal(alert->outcome, outcome_failure);
    assert_int_equal(alert->count, 1);
    assert_true(str_equal(alert->target.accounts.at[0], STR("bob")));
}

/* ldap-brute-force, and what the others make of binds */

static void different_passwords_are_brute_force(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < 8; i++)
        bind(w, "bob", i + 1, 0x52e, false);
    bind(w, "bob", 99, 0, false);
    world_end(w);
    const struct alert *alert = world_alert(w, "ldap-brute-force");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->count, 9);
    assert_int_equal(world_count(w, "brute-force", severity_unknown), 0);
}

static void the_same_old_password_is_a_service(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < 60; i++) {
        bind(w, "svc", 1 + i % 2, 0x52e, false);
        world_wait(w, TIME_NS_S);
    }
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

static void names_that_binds_give_away_are_enumeration(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"anna", "bert", "carl", "dora", "emil", "fred"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        bind(w, names[i], 1, 0x525, false);
    world_end(w);
    assert_int_equal(world_count(w, "account-enumeration", severity_medium), 1);
}

static void one_password_for_many_accounts_is_a_spray(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"anna", "bert", "carl", "dora", "emil", "fred",
                                        "gina", "hans", "ines", "jens", "kurt", "lena"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        bind(w, names[i], 1, 0x52e, false);
    world_end(w);
    assert_int_equal(world_count(w, "password-spray", severity_medium), 1);
    assert_int_equal(world_count(w, "ldap-brute-force", severity_unknown), 0);
}

/* password-in-policy-file */

static void read_file(struct world *w, const char *path)
{
    struct activity *a = begin(w, activity_kind_file_access, protocol_smb, CLIENT, DC);
    struct smb *m = arena_zeroed(&w->in.arena, sizeof(*m));
    m->command = smb_command_create;
    m->file_name = str_of(path);
    a->operation = STR("create");
    a->outcome = outcome_success;
    a->smb.at = m;
    a->smb.count = 1;
    set_account(a, "bob");
    publish(w, a, entity_role_source_device, a->source);
}

#define POLICY(n, rest)                                                                                      \
    "corp.example\\Policies\\{0000000" n "-016D-11D2-945F-00C04FB984F9}\\Machine\\Preferences\\" rest

static void password_files_of_many_policies_are_told(void **state)
{
    struct world *w = *state;
    read_file(w, POLICY("1", "Groups\\Groups.xml"));
    read_file(w, POLICY("2", "ScheduledTasks\\ScheduledTasks.xml"));
    read_file(w, POLICY("3", "Services\\Services.xml"));
    assert_int_equal(w->alerts.count, 0);
    read_file(w, POLICY("4", "groups\\groups.XML"));
    world_end(w);
    assert_int_equal(world_alert(w, "password-in-policy-file")->severity, severity_medium);
}

static void a_client_applies_its_policies(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 20; i++) {
        read_file(w, POLICY("1", "Groups\\Groups.xml"));
        read_file(w, POLICY("2", "Drives\\Drives.xml"));
        read_file(w, POLICY("3", "Registry\\Registry.xml"));
        read_file(w, POLICY("4", "Registry\\Registry.xml"));
    }
    read_file(w, "backup\\Groups\\Groups.xml");
    world_end(w);
    assert_int_equal(w->alerts.count, 0);
}

/* credential-store-copied */

static void stores_of_credentials_are_told(void **state)
{
    struct world *w = *state;
    read_file(w, "Windows\\System32\\config\\sam.log");
    read_file(w, "Windows\\System32\\config\\systemprofile\\SAM");
    read_file(w, "myntds.dit");
    assert_int_equal(w->alerts.count, 0);
    read_file(w, "@GMT-2026.01.01-10.00.00\\Windows\\NTDS\\NTDS.DIT");
    read_file(w, "System32\\config\\SECURITY"); /* of ADMIN$ */
    world_end(w);
    assert_int_equal(world_alert(w, "credential-store-copied")->severity, severity_high);
    assert_int_equal(world_alert(w, "credential-store-copied")->count, 2);
}

static void saved_hives_are_told_by_their_key(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "winreg",
                           .operation = "BaseRegOpenKey",
                           .opnum = 15,
                           .name = "lpSubKey",
                           .text = "SAM"});
    assert_int_equal(w->alerts.count, 0);
    call(w, &(struct call){.interface = "winreg", .operation = "BaseRegSaveKey", .opnum = 20});
    world_end(w);
    const struct alert *alert = world_alert(w, "credential-store-copied");
    assert_int_equal(alert->severity, severity_high);
    assert_true(str_equal(alert->target.accounts.at[0], STR("SAM")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_host_is_found_in_every_form_of_a_path),
        TEST(a_path_of_another_host_is_coercion),
        TEST(the_server_that_comes_proves_it),
        TEST(it_may_come_before_the_answer_of_the_call),
        TEST(the_servers_own_paths_are_ordinary),
        TEST(a_client_that_watches_its_queue_is_ordinary),
        TEST(a_print_server_opened_whole_and_a_controller_are_not),
        TEST(a_server_that_comes_to_who_opened_a_sealed_session_is_told_quietly),
        TEST(the_backup_key_is_told_and_other_secrets_are_not),
        TEST(the_protocol_of_clients_is_told_once_and_quietly),
        TEST(the_public_key_is_for_everybody),
        TEST(a_password_set_from_afar_is_told_with_its_name),
        TEST(the_servers_own_account_weighs_more),
        TEST(a_join_and_other_information_are_ordinary),
        TEST(the_help_desk_has_a_habit),
        TEST(a_replaced_password_is_a_reset_and_a_change_is_not),
        TEST(a_key_for_another_account_is_told),
        TEST(a_computer_registers_its_own_key),
        TEST(a_relay_in_a_computers_name_is_no_computer),
        TEST(tickets_to_crack_are_told_by_their_encryption),
        TEST(an_exempt_account_with_strong_encryption_is_told_quietly),
        TEST(an_account_that_had_better_encryption_is_downgraded),
        TEST(no_ticket_with_better_encryption_shows_it_too),
        TEST(an_account_without_better_keys_is_ordinary),
        TEST(a_password_in_clear_is_told_by_how_it_ended),
        TEST(basic_of_http_is_clear_text_and_digest_is_not),
        TEST(different_passwords_are_brute_force),
        TEST(the_same_old_password_is_a_service),
        TEST(names_that_binds_give_away_are_enumeration),
        TEST(one_password_for_many_accounts_is_a_spray),
        TEST(password_files_of_many_policies_are_told),
        TEST(a_client_applies_its_policies),
        TEST(stores_of_credentials_are_told),
        TEST(saved_hives_are_told_by_their_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
