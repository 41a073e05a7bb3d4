/*
 * test_execution - code run on other devices and servers attacked by their protocols, and what looks alike
 * and is ordinary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "tests/unit/alerting/world.h"

#define CLIENT "10.0.0.66"
#define SERVER "10.0.0.20"

enum {
    ARGUMENTS_MAX = 4,
    STATUS_INSUFF_SERVER_RESOURCES_LOW = 0x205,
    ACCESS_DENIED = 5,
    SERVICE_REQUEST_TIMEOUT = 1053,
};

struct call {
    const char *interface;
    const char *operation;
    struct rpc_argument arguments[ARGUMENTS_MAX];
    uint32_t code; /* returned; 0: success */
    uint8_t server_role;
    bool sealed;
    bool unanswered;
    const char *server; /* null: SERVER */
};

static struct activity *begin(struct world *w, const char *server)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    a->source_ip = world_address(CLIENT);
    a->target_ip = world_address(server ? server : SERVER);
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->account_name = STR("admin");
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    return a;
}

/* Waits in the world's input until something ends it. */
static void publish(struct world *w, const struct activity *a)
{
    struct record record = {.type = RECORD_activity,
                            .role = entity_role_source_device,
                            .time = w->now,
                            .key = a->source,
                            .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, record.role);
    batch_append(&w->in, &record);
    w->now += TIME_NS_MS;
}

static void call(struct world *w, const struct call *c)
{
    struct activity *a = begin(w, c->server);
    struct rpc *r = arena_zeroed(&w->in.arena, sizeof(*r));
    struct rpc_argument *arguments = arena_zeroed(&w->in.arena, sizeof(c->arguments));
    memcpy(arguments, c->arguments, sizeof(c->arguments));
    r->arguments.at = arguments;
    while (r->arguments.count < ARGUMENTS_MAX && c->arguments[r->arguments.count].name.size > 0)
        r->arguments.count++;
    r->reply = c->unanswered ? rpc_reply_none : rpc_reply_response;
    a->kind = activity_kind_rpc_call;
    a->protocol = protocol_rpc;
    a->target_role = c->server_role;
    a->interface_name = str_of(c->interface);
    a->operation = str_of(c->operation);
    a->carrier = STR("tcp");
    a->sealed = c->sealed;
    a->code = c->code;
    a->outcome = c->sealed || c->unanswered ? outcome_unknown : c->code ? outcome_failure : outcome_success;
    a->rpc.at = r;
    a->rpc.count = 1;
    publish(w, a);
}

static void create_service(struct world *w, const char *name, const char *path, uint32_t code)
{
    call(w, &(struct call){.interface = "svcctl",
                           .operation = "RCreateServiceW",
                           .arguments = {{.name = STR("lpServiceName"), .text = str_of(name)},
                                         {.name = STR("lpBinaryPathName"), .text = str_of(path)}},
                           .code = code});
}

static void sealed(struct world *w, const char *interface, const char *operation)
{
    call(w, &(struct call){.interface = interface, .operation = operation, .sealed = true});
}

static void smb(struct world *w, const struct smb *m)
{
    struct activity *a = begin(w, NULL);
    struct smb *copy = arena_zeroed(&w->in.arena, sizeof(*copy));
    *copy = *m;
    a->kind = m->file_name.size > 0 ? activity_kind_file_access : activity_kind_smb_message;
    a->protocol = protocol_smb;
    a->smb.at = copy;
    a->smb.count = 1;
    publish(w, a);
}

/* remote-execution */

static void a_service_made_and_started_is_execution(void **state)
{
    struct world *w = *state;
    create_service(w, "Updater", "C:\\Windows\\updater.exe", 0);
    call(w, &(struct call){
                .interface = "svcctl", .operation = "RStartServiceW", .code = SERVICE_REQUEST_TIMEOUT});
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-execution");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->outcome, outcome_success);
    assert_int_equal(alert->count, 2);
    assert_true(str_equal(alert->target.accounts.at[0], STR("Updater")));
    assert_true(str_equal(alert->source.account, STR("admin")));
}

static void a_refused_service_is_told_low(void **state)
{
    struct world *w = *state;
    create_service(w, "Updater", "C:\\Windows\\updater.exe", ACCESS_DENIED);
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-execution");
    assert_int_equal(alert->severity, severity_low);
    assert_int_equal(alert->outcome, outcome_failure);
}

static void a_start_of_what_exists_and_a_listing_are_low(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "svcctl", .operation = "REnumServicesStatusW"});
    call(w, &(struct call){.interface = "svcctl", .operation = "RStartServiceW"});
    world_end(w);
    assert_int_equal(world_alert(w, "remote-execution")->severity, severity_low);
}

static void a_sealed_change_is_medium_only_when_started(void **state)
{
    struct world *w = *state;
    sealed(w, "svcctl", "RChangeServiceConfigW");
    world_end(w);
    assert_int_equal(world_alert(w, "remote-execution")->severity, severity_low);
    sealed(w, "svcctl", "RStartServiceA");
    world_end(w);
    assert_int_equal(world_count(w, "remote-execution", severity_medium), 1);
}

static void a_start_on_another_device_is_not_of_what_was_made_here(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "svcctl", .operation = "RChangeServiceConfigW", .sealed = true});
    call(w, &(struct call){.interface = "svcctl", .operation = "RStartServiceW", .server = "10.0.0.21"});
    world_end(w);
    assert_int_equal(world_alert(w, "remote-execution")->severity, severity_low);
}

static void another_start_type_is_no_execution(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "svcctl",
                           .operation = "RChangeServiceConfigW",
                           .arguments = {{.name = STR("dwStartType"), .number = 3}}});
    world_end(w);
    assert_int_equal(world_count(w, "remote-execution", severity_unknown), 0);
}

static void a_task_on_a_domain_controller_is_high(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "ITaskSchedulerService",
                           .operation = "SchRpcRegisterTask",
                           .arguments = {{.name = STR("path"), .text = STR("\\t")},
                                         {.name = STR("xml.Command"), .text = STR("cmd.exe")},
                                         {.name = STR("xml.Arguments"), .text = STR("/C whoami")}},
                           .server_role = device_role_domain_controller});
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-execution");
    assert_int_equal(alert->severity, severity_high);
    assert_true(str_equal(alert->evidence.at[0].value, STR("cmd.exe /C whoami")));
}

static void wmi(struct world *w, const char *path, const char *method)
{
    call(w, &(struct call){.interface = "IWbemServices",
                           .operation = "ExecMethod",
                           .arguments = {{.name = STR("strObjectPath"), .text = str_of(path)},
                                         {.name = STR("strMethodName"), .text = str_of(method)},
                                         {.name = STR("pInParams"), .text = STR("__PARAMETERS")},
                                         {.name = STR("pInParams"), .text = STR("calc.exe")}}});
}

static void a_process_made_by_wmi_is_execution(void **state)
{
    struct world *w = *state;
    wmi(w, "\\\\srv\\root\\cimv2:Win32_Process", "Create");
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-execution");
    assert_int_equal(alert->severity, severity_medium);
    assert_true(str_equal(alert->evidence.at[0].value, STR("calc.exe")));
}

static void a_registry_value_read_by_wmi_is_no_execution(void **state)
{
    struct world *w = *state;
    wmi(w, "StdRegProv", "GetStringValue");
    wmi(w, "Win32_Process.Handle=\"4\"", "GetOwner");
    world_end(w);
    assert_int_equal(world_count(w, "remote-execution", severity_unknown), 0);
}

static void a_program_given_to_a_dcom_object_is_execution(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "IDispatch",
                           .operation = "Invoke",
                           .arguments = {{.name = STR("pDispParams.rgvarg[0]"), .text = STR("7")},
                                         {.name = STR("pDispParams.rgvarg[1]"), .text = STR("/c hostname")},
                                         {.name = STR("pDispParams.rgvarg[3]"), .text = STR("cmd")}}});
    world_end(w);
    assert_true(
        str_equal(world_alert(w, "remote-execution")->evidence.at[0].value, STR("cmd /c hostname 7")));
}

static void a_property_read_of_a_dcom_object_is_no_execution(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "IDispatch",
                           .operation = "Invoke",
                           .arguments = {{.name = STR("dispIdMember"), .number = 4}}});
    call(w, &(struct call){
                .interface = "IRemoteSCMActivator",
                .operation = "RemoteCreateInstance",
                .arguments = {{.name = STR("pActProperties.class"), .text = STR("WbemLevel1Login")}}});
    world_end(w);
    assert_int_equal(world_count(w, "remote-execution", severity_unknown), 0);
}

/* suspicious-service */

static void a_service_that_runs_a_shell_is_suspicious(void **state)
{
    struct world *w = *state;
    create_service(w, "Updater", "%COMSPEC% /Q /c echo cd", 0);
    world_end(w);
    assert_int_equal(world_alert(w, "suspicious-service")->severity, severity_medium);
}

static void a_shell_that_is_gone_at_once_is_high(void **state)
{
    struct world *w = *state;
    create_service(w, "KPZbFwrLmh", "cmd.exe /c whoami", 0);
    call(w, &(struct call){.interface = "svcctl", .operation = "RDeleteService"});
    world_end(w);
    assert_int_equal(world_alert(w, "suspicious-service")->severity, severity_high);
}

static void a_sealed_service_gone_within_a_minute_is_suspicious(void **state)
{
    struct world *w = *state;
    sealed(w, "svcctl", "RCreateServiceA");
    sealed(w, "svcctl", "RDeleteService");
    world_end(w);
    assert_int_equal(world_alert(w, "suspicious-service")->severity, severity_medium);
}

static void a_sealed_service_removed_later_is_not(void **state)
{
    struct world *w = *state;
    sealed(w, "svcctl", "RCreateServiceA");
    world_wait(w, 2 * TIME_NS_MIN);
    sealed(w, "svcctl", "RDeleteService");
    world_end(w);
    assert_int_equal(world_count(w, "suspicious-service", severity_unknown), 0);
}

static void copy_program(struct world *w, const char *share)
{
    smb(w, &(struct smb){.command = smb_command_close,
                         .version = smb_version_smb2,
                         .share = str_of(share),
                         .file_name = STR("tool.exe"),
                         .content = smb_content_pe,
                         .bytes_written = 4096});
}

static void a_program_copied_to_an_admin_share_first_is_suspicious(void **state)
{
    struct world *w = *state;
    copy_program(w, "\\\\srv\\ADMIN$");
    sealed(w, "svcctl", "RCreateServiceW");
    world_end(w);
    assert_int_equal(world_alert(w, "suspicious-service")->severity, severity_medium);
}

static void a_program_copied_to_another_share_is_not(void **state)
{
    struct world *w = *state;
    copy_program(w, "\\\\srv\\software");
    sealed(w, "svcctl", "RCreateServiceW");
    world_end(w);
    assert_int_equal(world_count(w, "suspicious-service", severity_unknown), 0);
}

static void software_as_it_is_installed_is_not_suspicious(void **state)
{
    struct world *w = *state;
    create_service(w, "WdNisSvc", "\"C:\\Program Files\\Windows Defender\\NisSrv.exe\"", 0);
    create_service(w, "MSSQLSERVER", "C:\\Program Files\\Microsoft SQL Server\\sqlservr.exe -sMSSQLSERVER",
                   0);
    create_service(w, "BITS", "%SystemRoot%\\System32\\svchost.exe -k netsvcs -p", 0);
    world_end(w);
    assert_int_equal(world_count(w, "suspicious-service", severity_unknown), 0);
}

/* smb-v1-exploit */

static void probe(struct world *w, uint32_t status, uint64_t file)
{
    smb(w, &(struct smb){.version = smb_version_smb1,
                         .command = smb_command_ioctl,
                         .smb1_command = smb1_command_transaction,
                         .control = 0x23,
                         .reply_frame = 2,
                         .file_id = file,
                         .status = status});
}

static void a_probe_tells_whether_the_server_is_vulnerable(void **state)
{
    struct world *w = *state;
    probe(w, 0xc0000022, 0);
    world_end(w);
    assert_int_equal(world_alert(w, "smb-v1-exploit")->outcome, outcome_failure);
    probe(w, 0xc0000000 | STATUS_INSUFF_SERVER_RESOURCES_LOW, 0);
    world_end(w);
    assert_int_equal(world_count(w, "smb-v1-exploit", severity_high), 1);
}

static void a_look_into_an_open_pipe_is_no_probe(void **state)
{
    struct world *w = *state;
    probe(w, 0, 0x4001);
    probe(w, 0xc0000022, 0x4001);
    world_end(w);
    assert_int_equal(world_count(w, "smb-v1-exploit", severity_unknown), 0);
}

static void a_transaction_continued_as_another_kind_is_the_exploit(void **state)
{
    struct world *w = *state;
    smb(w, &(struct smb){
               .version = smb_version_smb1, .smb1_command = smb1_command_nt_transact, .total_data = 0x103d0});
    world_end(w);
    assert_int_equal(world_count(w, "smb-v1-exploit", severity_unknown), 0);
    smb(w, &(struct smb){.version = smb_version_smb1, .smb1_command = smb1_command_transaction2_secondary});
    world_end(w);
    assert_int_equal(world_alert(w, "smb-v1-exploit")->severity, severity_high);
}

/* smb-compression-exploit */

static void sizes_that_overflow_are_an_attack(void **state)
{
    struct world *w = *state;
    smb(w, &(struct smb){.version = smb_version_smb2, .original_size = 0xffffffff, .compression_offset = 16});
    world_end(w);
    assert_int_equal(world_alert(w, "smb-compression-exploit")->severity, severity_high);
}

static void an_ordinary_compressed_message_is_none(void **state)
{
    struct world *w = *state;
    smb(w, &(struct smb){.version = smb_version_smb2, .original_size = 8 << 20, .compression_offset = 112});
    smb(w, &(struct smb){.version = smb_version_smb2,
                         .original_size = 8 << 20,
                         .compression_offset = UINT32_MAX,
                         .compression_chained = true});
    world_end(w);
    assert_int_equal(world_count(w, "smb-compression-exploit", severity_unknown), 0);
}

/* print-spooler-exploit */

static void add_driver(struct world *w, const char *file, uint32_t code)
{
    call(w, &(struct call){.interface = "winspool",
                           .operation = "RpcAddPrinterDriverEx",
                           .arguments = {{.name = STR("pDriverContainer.pName"), .text = STR("1234")},
                                         {.name = STR("pDriverContainer.pDataFile"), .text = str_of(file)}},
                           .code = code});
}

static void a_driver_from_a_third_host_is_an_attack(void **state)
{
    struct world *w = *state;
    add_driver(w, "\\\\10.0.0.99\\share\\evil.dll", 0);
    world_end(w);
    const struct alert *alert = world_alert(w, "print-spooler-exploit");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_success);
}

static void a_refused_driver_and_a_sealed_one_are_medium(void **state)
{
    struct world *w = *state;
    add_driver(w, "\\??\\UNC\\10.0.0.99\\share\\evil.dll", ACCESS_DENIED);
    sealed(w, "IRemoteWinspool", "RpcAsyncAddPrinterDriver");
    world_end(w);
    assert_int_equal(world_alert(w, "print-spooler-exploit")->severity, severity_medium);
}

static void a_driver_of_the_server_itself_is_ordinary(void **state)
{
    struct world *w = *state;
    add_driver(w, "C:\\Windows\\System32\\spool\\drivers\\x64\\3\\unidrv.dll", 0);
    add_driver(w, "\\\\" SERVER "\\print$\\x64\\unidrv.dll", 0);
    world_end(w);
    assert_int_equal(world_count(w, "print-spooler-exploit", severity_unknown), 0);
}

/* remote-log-tampering */

static void a_cleared_log_is_told_with_its_name(void **state)
{
    struct world *w = *state;
    call(w, &(struct call){.interface = "eventlog",
                           .operation = "ElfrOpenELW",
                           .arguments = {{.name = STR("ModuleName"), .text = STR("Security")}}});
    call(w, &(struct call){.interface = "eventlog", .operation = "ElfrClearELFW", .unanswered = true});
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-log-tampering");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->outcome, outcome_unknown);
    assert_true(str_equal(alert->target.accounts.at[0], STR("Security")));
}

static void control_service(struct world *w, const char *service, uint64_t control)
{
    call(w, &(struct call){.interface = "svcctl",
                           .operation = "ROpenServiceW",
                           .arguments = {{.name = STR("lpServiceName"), .text = str_of(service)}}});
    call(w, &(struct call){.interface = "svcctl",
                           .operation = "RControlService",
                           .arguments = {{.name = STR("dwControl"), .number = control}}});
}

static void the_stopped_service_of_logs_is_told(void **state)
{
    struct world *w = *state;
    control_service(w, "eventlog", 1);
    world_end(w);
    assert_int_equal(world_alert(w, "remote-log-tampering")->severity, severity_high);
}

static void other_services_and_logs_that_are_read_are_not(void **state)
{
    struct world *w = *state;
    control_service(w, "eventlog", 4); /* interrogate */
    control_service(w, "Spooler", 1);
    call(w, &(struct call){.interface = "eventlog",
                           .operation = "ElfrOpenELW",
                           .arguments = {{.name = STR("ModuleName"), .text = STR("System")}}});
    call(w, &(struct call){.interface = "eventlog", .operation = "ElfrReadELW"});
    wmi(w, "Win32_NTEventlogFile", "BackupEventlog");
    world_end(w);
    assert_int_equal(world_count(w, "remote-log-tampering", severity_unknown), 0);
}

/* WinRM */

static void winrm(struct world *w, const struct http *h)
{
    struct activity *a = begin(w, NULL);
    struct http *copy = arena_zeroed(&w->in.arena, sizeof(*copy));
    *copy = *h;
    copy->method = STR("POST");
    copy->service = http_service_winrm;
    a->kind = activity_kind_web_request;
    a->protocol = protocol_http;
    a->outcome = outcome_success;
    a->http.at = copy;
    a->http.count = 1;
    publish(w, a);
}

static void powershell_and_commands_by_winrm_are_execution(void **state)
{
    struct world *w = *state;
    winrm(w, &(struct http){.target = STR("/wsman?PSVersion=5.1.18362.752"), .unread = unread_encrypted});
    winrm(w, &(struct http){.target = STR("/wsman"), .command = STR("whoami /all")});
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-execution");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->count, 2);
    assert_true(str_equal(alert->evidence.at[1].value, STR("whoami /all")));
}

static void encrypted_management_by_winrm_is_low(void **state)
{
    struct world *w = *state;
    winrm(w, &(struct http){.target = STR("/wsman"), .unread = unread_encrypted});
    world_end(w);
    assert_int_equal(world_alert(w, "remote-execution")->severity, severity_low);
}

static void forwarded_events_and_greetings_are_no_execution(void **state)
{
    struct world *w = *state;
    winrm(w, &(struct http){.target = STR("/wsman/SubscriptionManager/WEC"), .unread = unread_encrypted});
    winrm(w, &(struct http){.target = STR("/wsman?PSVersion=5.1.18362.752")});
    world_end(w);
    assert_int_equal(world_count(w, "remote-execution", severity_unknown), 0);
}

/* remote-wmi-subscription */

static void put_instance(struct world *w, const char *class)
{
    call(w, &(struct call){.interface = "IWbemServices",
                           .operation = "PutInstance",
                           .arguments = {{.name = STR("pInst"), .text = str_of(class)}}});
}

static void a_consumer_that_runs_commands_is_told(void **state)
{
    struct world *w = *state;
    put_instance(w, "CommandLineEventConsumer");
    put_instance(w, "__FilterToConsumerBinding");
    world_end(w);
    const struct alert *alert = world_alert(w, "remote-wmi-subscription");
    assert_int_equal(alert->severity, severity_high);
    assert_int_equal(alert->count, 2);
}

static void login(struct world *w, const char *resource)
{
    call(w, &(struct call){.interface = "IWbemLevel1Login",
                           .operation = "NTLMLogin",
                           .arguments = {{.name = STR("wszNetworkResource"), .text = str_of(resource)}}});
}

static void a_sealed_write_to_the_namespace_of_subscriptions_is_told(void **state)
{
    struct world *w = *state;
    login(w, "//./ROOT/subscription");
    sealed(w, "IWbemServices", "PutInstance");
    world_end(w);
    assert_int_equal(world_alert(w, "remote-wmi-subscription")->severity, severity_high);
}

static void other_instances_are_not(void **state)
{
    struct world *w = *state;
    put_instance(w, "Win32_Environment");
    put_instance(w, "__EventFilter");
    login(w, "//./root/cimv2");
    sealed(w, "IWbemServices", "PutInstance");
    world_end(w);
    assert_int_equal(world_count(w, "remote-wmi-subscription", severity_unknown), 0);
}

/* dns-server-exploit */

static void answer(struct world *w, uint16_t type, uint32_t expanded)
{
    struct activity *a = begin(w, "10.0.0.53");
    struct dns *d = arena_zeroed(&w->in.arena, sizeof(*d));
    d->largest_type = type;
    d->expanded_bytes = expanded;
    d->name = STR("9.example.com");
    a->kind = activity_kind_name_query;
    a->protocol = protocol_dns;
    a->source_role = device_role_domain_controller;
    a->dns.at = d;
    a->dns.count = 1;
    struct record record = {.type = RECORD_activity,
                            .role = entity_role_target_device,
                            .time = w->now,
                            .key = a->target,
                            .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, record.role);
    batch_append(&w->in, &record);
}

static void an_answer_that_overflows_is_an_attack_by_who_answers(void **state)
{
    struct world *w = *state;
    answer(w, 24, 65607);
    world_end(w);
    const struct alert *alert = world_alert(w, "dns-server-exploit");
    struct addr attacker = world_address("10.0.0.53");
    assert_int_equal(alert->severity, severity_high);
    assert_true(addr_equal(&alert->source.ip, &attacker));
}

static void signatures_that_fit_are_none(void **state)
{
    struct world *w = *state;
    answer(w, 24, 65535);
    answer(w, 46, 65607);
    world_end(w);
    assert_int_equal(world_count(w, "dns-server-exploit", severity_unknown), 0);
}

/* group-policy-tampering */

static void write_file(struct world *w, const char *share, const char *file)
{
    smb(w, &(struct smb){.command = smb_command_close,
                         .version = smb_version_smb2,
                         .share = str_of(share),
                         .file_name = str_of(file),
                         .bytes_written = 100});
}

static void a_task_written_into_a_policy_is_told(void **state)
{
    struct world *w = *state;
    write_file(w, "\\\\dc\\SysVol",
               "corp.example\\Policies\\{31B2F340-016D-11D2-945F-00C04FB984F9}\\GPT.INI");
    write_file(w, "\\\\dc\\SysVol",
               "corp.example\\Policies\\{31B2F340-016D-11D2-945F-00C04FB984F9}\\Machine\\Preferences\\"
               "ScheduledTasks\\ScheduledTasks.xml");
    world_end(w);
    const struct alert *alert = world_alert(w, "group-policy-tampering");
    assert_int_equal(alert->severity, severity_medium);
    assert_int_equal(alert->count, 2);
}

static void policies_that_are_read_and_other_files_are_not(void **state)
{
    struct world *w = *state;
    smb(w, &(struct smb){.command = smb_command_close,
                         .version = smb_version_smb2,
                         .share = STR("\\\\dc\\SysVol"),
                         .file_name = STR("corp.example\\Policies\\{31B2F340}\\Machine\\Registry.pol"),
                         .bytes_read = 100});
    write_file(w, "\\\\dc\\data", "corp.example\\Policies\\{31B2F340}\\Machine\\Registry.pol");
    write_file(w, "\\\\dc\\SysVol", "corp.example\\scripts\\logo.bmp");
    world_end(w);
    assert_int_equal(world_count(w, "group-policy-tampering", severity_unknown), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_service_made_and_started_is_execution),
        TEST(a_refused_service_is_told_low),
        TEST(a_start_of_what_exists_and_a_listing_are_low),
        TEST(a_sealed_change_is_medium_only_when_started),
        TEST(a_start_on_another_device_is_not_of_what_was_made_here),
        TEST(another_start_type_is_no_execution),
        TEST(a_task_on_a_domain_controller_is_high),
        TEST(a_process_made_by_wmi_is_execution),
        TEST(a_registry_value_read_by_wmi_is_no_execution),
        TEST(a_program_given_to_a_dcom_object_is_execution),
        TEST(a_property_read_of_a_dcom_object_is_no_execution),
        TEST(a_service_that_runs_a_shell_is_suspicious),
        TEST(a_shell_that_is_gone_at_once_is_high),
        TEST(a_sealed_service_gone_within_a_minute_is_suspicious),
        TEST(a_sealed_service_removed_later_is_not),
        TEST(a_program_copied_to_an_admin_share_first_is_suspicious),
        TEST(a_program_copied_to_another_share_is_not),
        TEST(software_as_it_is_installed_is_not_suspicious),
        TEST(a_probe_tells_whether_the_server_is_vulnerable),
        TEST(a_look_into_an_open_pipe_is_no_probe),
        TEST(a_transaction_continued_as_another_kind_is_the_exploit),
        TEST(sizes_that_overflow_are_an_attack),
        TEST(an_ordinary_compressed_message_is_none),
        TEST(a_driver_from_a_third_host_is_an_attack),
        TEST(a_refused_driver_and_a_sealed_one_are_medium),
        TEST(a_driver_of_the_server_itself_is_ordinary),
        TEST(a_cleared_log_is_told_with_its_name),
        TEST(the_stopped_service_of_logs_is_told),
        TEST(other_services_and_logs_that_are_read_are_not),
        TEST(powershell_and_commands_by_winrm_are_execution),
        TEST(encrypted_management_by_winrm_is_low),
        TEST(forwarded_events_and_greetings_are_no_execution),
        TEST(a_consumer_that_runs_commands_is_told),
        TEST(a_sealed_write_to_the_namespace_of_subscriptions_is_told),
        TEST(other_instances_are_not),
        TEST(an_answer_that_overflows_is_an_attack_by_who_answers),
        TEST(signatures_that_fit_are_none),
        TEST(a_task_written_into_a_policy_is_told),
        TEST(policies_that_are_read_and_other_files_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
