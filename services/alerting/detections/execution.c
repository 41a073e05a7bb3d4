/*
 * execution - operations that run code stand in a table by the names of their specifications; what their
 * arguments add is read where they are in clear.
 */
#include "services/alerting/detections/execution.h"

#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/words.h"

enum {
    ERROR_SERVICE_REQUEST_TIMEOUT = 1053, /* the program ran, but it is no service (MS-ERREF 2.2) */
    COMMAND_BYTES = 180,
};

struct operation {
    const char *interface;
    const char *name;
    uint8_t method;
    uint8_t deed;
};

static const struct operation operations[] = {
    {"svcctl", "RCreateServiceW", METHOD_SERVICE, DEED_CREATE},
    {"svcctl", "RCreateServiceA", METHOD_SERVICE, DEED_CREATE},
    {"svcctl", "RCreateServiceWOW64W", METHOD_SERVICE, DEED_CREATE},
    {"svcctl", "RCreateServiceWOW64A", METHOD_SERVICE, DEED_CREATE},
    {"svcctl", "RCreateWowService", METHOD_SERVICE, DEED_CREATE},
    {"svcctl", "RChangeServiceConfigW", METHOD_SERVICE, DEED_CHANGE},
    {"svcctl", "RChangeServiceConfigA", METHOD_SERVICE, DEED_CHANGE},
    {"svcctl", "RStartServiceW", METHOD_SERVICE, DEED_START},
    {"svcctl", "RStartServiceA", METHOD_SERVICE, DEED_START},
    {"svcctl", "RDeleteService", METHOD_SERVICE, DEED_REMOVE},
    {"svcctl", "REnumServicesStatusW", METHOD_SERVICE, DEED_LIST},
    {"svcctl", "REnumServicesStatusA", METHOD_SERVICE, DEED_LIST},
    {"svcctl", "REnumServicesStatusExW", METHOD_SERVICE, DEED_LIST},
    {"svcctl", "REnumServicesStatusExA", METHOD_SERVICE, DEED_LIST},
    {"atsvc", "NetrJobAdd", METHOD_AT, DEED_CREATE},
    {"ITaskSchedulerService", "SchRpcRegisterTask", METHOD_TASK, DEED_CREATE},
    {"ITaskSchedulerService", "SchRpcRun", METHOD_TASK, DEED_START},
    {"ITaskSchedulerService", "SchRpcDelete", METHOD_TASK, DEED_REMOVE},
    {"IWbemServices", "ExecMethod", METHOD_WMI, DEED_RUN},
    {"IWbemServices", "ExecMethodAsync", METHOD_WMI, DEED_RUN},
    {"IRemoteSCMActivator", "RemoteCreateInstance", METHOD_DCOM, DEED_ACTIVATE},
    {"IRemoteSCMActivator", "RemoteGetClassObject", METHOD_DCOM, DEED_ACTIVATE},
    {"IActivation", "RemoteActivation", METHOD_DCOM, DEED_ACTIVATE},
    {"IDispatch", "Invoke", METHOD_DCOM, DEED_RUN},
};

static const struct operation *find(const struct activity *a)
{
    for (size_t i = 0; i < ARRAY_COUNT(operations); i++)
        if (str_equal(a->operation, str_of(operations[i].name)) &&
            str_equal(a->interface_name, str_of(operations[i].interface)))
            return &operations[i];
    return NULL;
}

bool execution_concerns(const struct activity *a)
{
    if (a->kind == activity_kind_web_request)
        return a->http.count > 0 && a->http.at->service == http_service_winrm;
    return a->kind == activity_kind_rpc_call && find(a);
}

const char *execution_method_name(uint8_t method)
{
    static const char *const names[METHODS] = {"the service manager (SVCCTL)",
                                               "an AT job (ATSVC)",
                                               "the task scheduler (ITaskSchedulerService)",
                                               "WMI (IWbemServices)",
                                               "DCOM",
                                               "WinRM"};
    return names[method];
}

static void read_service(struct judge *judge, const struct activity *a, struct execution *e)
{
    e->name = argument_text(a, "lpServiceName");
    struct str path = argument_text(a, "lpBinaryPathName");
    e->command = judge_print(judge, "%.*s", (int)path.size, path.at);
    /* MS-SCMR 3.1.4.11: no path leaves the one there is: a start type or an account was changed. */
    if (e->deed == DEED_CHANGE && e->clear && path.size == 0)
        e->deed = DEED_NONE;
    if (e->deed == DEED_START && a->code == ERROR_SERVICE_REQUEST_TIMEOUT)
        e->outcome = outcome_success;
}

static void read_task(struct judge *judge, const struct activity *a, struct execution *e)
{
    struct str program = argument_text(a, "xml.Command"), rest = argument_text(a, "xml.Arguments");
    e->name = argument_text(a, "path");
    e->command = judge_print(judge, "%.*s%s%.*s", (int)program.size, program.at, rest.size ? " " : "",
                             (int)rest.size, rest.at);
}

static void read_job(struct judge *judge, const struct activity *a, struct execution *e)
{
    struct str command = argument_text(a, "pAtInfo.Command");
    e->command = judge_print(judge, "%.*s", (int)command.size, command.at);
}

/* The class of an object's path (DSP0004): what stands before its keys, without server and namespace. */
static struct str class_of(struct str path)
{
    uint32_t end = 0;
    while (end < path.size && path.at[end] != '=' && path.at[end] != '"')
        end++;
    for (uint32_t i = 0; i < end; i++)
        if (path.at[i] == ':')
            return class_of((struct str){.at = path.at + i + 1, .size = path.size - i - 1});
    for (uint32_t i = 0; i < end; i++)
        if (path.at[i] == '.')
            end = i;
    return (struct str){.at = path.at, .size = end};
}

static bool is_running_method(struct str class, struct str method)
{
    static const struct {
        const char *class;
        const char *method;
    } running[] = {
        {"Win32_Process", "Create"},         {"Win32_Service", "Create"},
        {"Win32_Service", "Change"},         {"Win32_Service", "StartService"},
        {"Win32_BaseService", "Create"},     {"Win32_SystemDriver", "Create"},
        {"Win32_ScheduledJob", "Create"},    {"Win32_Product", "Install"},
        {"PS_ScheduledTask", "New"},         {"PS_ScheduledTask", "Register"},
        {"PS_ScheduledTask", "StartByPath"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(running); i++)
        if (text_equal_nocase(class, str_of(running[i].class)) && words_begin(method, running[i].method))
            return true;
    return false;
}

/* Of the parameters the values follow the name of their class, in the order of its properties (MS-WMIO); of
 * Win32_Process.Create the first is CommandLine. */
static struct str wmi_command(const struct activity *a)
{
    struct str command = {"", 0};
    const struct rpc *call = a->rpc.count > 0 ? a->rpc.at : NULL;
    for (uint32_t i = 0; call && i + 1 < call->arguments.count; i++) {
        const struct rpc_argument *argument = &call->arguments.at[i];
        if (str_equal(argument->name, STR("pInParams")) && str_equal(argument->text, STR("__PARAMETERS")))
            command = argument[1].text;
    }
    return command;
}

static void read_wmi(struct judge *judge, const struct activity *a, struct execution *e)
{
    if (!e->clear)
        return;
    struct str class = class_of(argument_text(a, "strObjectPath"));
    struct str method = argument_text(a, "strMethodName");
    if (!is_running_method(class, method)) {
        e->deed = DEED_NONE;
        return;
    }
    e->name = str_of(judge_print(judge, "%.*s.%.*s", (int)class.size, class.at, (int)method.size, method.at));
    struct str command = wmi_command(a);
    if (text_equal_nocase(class, STR("Win32_Process")))
        e->command = judge_print(judge, "%.*s", (int)command.size, command.at);
}

/* Classes of which a method or property runs commands. */
static bool is_running_class(struct str class)
{
    static const char *const classes[] = {
        "MMC20.Application",      "ShellWindows",      "ShellBrowserWindow",
        "Excel.Application",      "Word.Application",  "Outlook.Application",
        "PowerPoint.Application", "Visio.Application", "InternetExplorer.Application"};
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++)
        if (str_equal(class, str_of(classes[i])))
            return true;
    return false;
}

/* MS-OAUT 2.2.33: arguments stand in reverse order. A method that is given a program runs it. */
static void read_invoke(struct judge *judge, const struct activity *a, struct execution *e)
{
    const struct rpc *call = a->rpc.count > 0 ? a->rpc.at : NULL;
    const char *text = "";
    bool runs = false;
    for (uint32_t i = call ? call->arguments.count : 0; i > 0; i--) {
        const struct rpc_argument *argument = &call->arguments.at[i - 1];
        if (!words_begin(argument->name, "pDispParams") || argument->text.size == 0)
            continue;
        runs |= words_interpreter(argument->text) || words_have(argument->text, ".exe");
        text = judge_print(judge, "%s%s%.*s", text, text[0] ? " " : "", (int)argument->text.size,
                           argument->text.at);
    }
    e->command = text;
    e->name = STR("IDispatch::Invoke");
    if (!runs)
        e->deed = DEED_NONE;
}

static void read_dcom(struct judge *judge, const struct activity *a, struct execution *e)
{
    if (e->deed == DEED_RUN) {
        read_invoke(judge, a, e);
        return;
    }
    e->name = argument_text(a, "class");
    if (!is_running_class(e->name))
        e->deed = DEED_NONE;
}

/* A command in clear, or a body that is encrypted. PowerShell's own client names its version in the address;
 * other clients manage by the same service, and those of event forwarding only fetch (MS-WSMV). */
static struct execution read_winrm(struct judge *judge, const struct activity *a)
{
    const struct http *h = a->http.at;
    struct execution e = {.method = METHOD_WINRM, .command = "", .outcome = a->outcome, .name = {"", 0}};
    bool encrypted = h->unread == unread_encrypted;
    if (!str_equal(h->method, STR("POST")) || words_have(h->target, "SubscriptionManager"))
        return e;
    if (h->command.size > 0) {
        e.deed = DEED_RUN;
        e.clear = true;
        e.command = judge_print(judge, "%.*s", COMMAND_BYTES,
                                judge_print(judge, "%.*s", (int)h->command.size, h->command.at));
    } else if (h->powershell || (encrypted && words_have(h->target, "PSVersion="))) {
        e.deed = DEED_RUN;
        e.name = STR("PowerShell remoting");
    } else if (encrypted) {
        e.deed = DEED_MANAGE;
    }
    return e;
}

struct execution execution_read(struct judge *judge, const struct activity *a)
{
    static void (*const read[])(struct judge *, const struct activity *, struct execution *) = {
        read_service, read_job, read_task, read_wmi, read_dcom};
    if (a->kind == activity_kind_web_request)
        return read_winrm(judge, a);
    const struct operation *operation = find(a);
    struct execution e = {.command = "", .name = {"", 0}, .outcome = a->outcome, .clear = !a->sealed};
    if (!operation)
        return e;
    e.method = operation->method;
    e.deed = operation->deed;
    read[e.method](judge, a, &e);
    if (e.command[0] != '\0')
        e.command = judge_print(judge, "%.*s", COMMAND_BYTES, e.command);
    return e;
}
