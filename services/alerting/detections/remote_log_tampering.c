/*
 * remote-log-tampering - an event log cleared, switched off or ended from another device.
 *
 * Sees: ElfrClearELF (MS-EVEN), EvtRpcClearLog and EvtRpcPutChannelConfig (MS-EVEN6), the service EventLog
 * stopped or reconfigured by SVCCTL, Win32_NTEventlogFile.ClearEventlog by WMI; a call that is not answered
 * may have ended the service. Misses: calls inside encrypted SMB sessions, WMI and SVCCTL when sealed,
 * PowerShell remoting. Decided by: the source device.
 */
#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/words.h"

enum {
    SERVICE_CONTROL_STOP = 1, /* MS-SCMR 3.1.4.2 */
    SERVICE_CONTROL_PAUSE = 2,
    CONFIDENCE_CLEARED = 92,
    CONFIDENCE_OTHER = 75,
};

enum deed {
    TAMPER_NONE,
    TAMPER_OPEN_LOG,     /* no tampering: which log is spoken of */
    TAMPER_OPEN_SERVICE, /* the same of the service */
    TAMPER_CLEAR,
    TAMPER_CONFIGURE,
    TAMPER_STOP,
    TAMPER_DISABLE,
};

struct log_tampering_state {
    struct id service_target; /* where the service EventLog was opened last */
    struct id log_target;     /* where a log was opened last, and which */
    char log[FINDING_NAME_BYTES];
};

struct log_operation {
    const char *interface;
    const char *operation;
    uint8_t deed;
};

static const struct log_operation operations[] = {
    {"eventlog", "ElfrOpenELW", TAMPER_OPEN_LOG},
    {"eventlog", "ElfrOpenELA", TAMPER_OPEN_LOG},
    {"eventlog", "ElfrClearELFW", TAMPER_CLEAR},
    {"eventlog", "ElfrClearELFA", TAMPER_CLEAR},
    {"IEventService", "EvtRpcClearLog", TAMPER_CLEAR},
    {"IEventService", "EvtRpcPutChannelConfig", TAMPER_CONFIGURE},
    {"svcctl", "ROpenServiceW", TAMPER_OPEN_SERVICE},
    {"svcctl", "ROpenServiceA", TAMPER_OPEN_SERVICE},
    {"svcctl", "RControlService", TAMPER_STOP},
    {"svcctl", "RChangeServiceConfigW", TAMPER_DISABLE},
    {"svcctl", "RChangeServiceConfigA", TAMPER_DISABLE},
    {"svcctl", "RDeleteService", TAMPER_DISABLE},
    {"IWbemServices", "ExecMethod", TAMPER_CLEAR},
    {"IWbemServices", "ExecMethodAsync", TAMPER_CLEAR},
};

static enum deed deed_of(const struct activity *a)
{
    for (size_t i = 0; i < ARRAY_COUNT(operations); i++)
        if (argument_is_call(a, operations[i].interface, operations[i].operation))
            return (enum deed)operations[i].deed;
    return TAMPER_NONE;
}

static bool is_wmi_clear(const struct activity *a)
{
    return words_begin(argument_text(a, "strObjectPath"), "Win32_NTEventlogFile") &&
           text_equal_nocase(argument_text(a, "strMethodName"), STR("ClearEventlog"));
}

static uint64_t number(const struct activity *a, const char *name)
{
    const struct rpc_argument *argument = argument_find(a, name);
    return argument ? argument->number : 0;
}

/* Of a call on a service: only what was opened as EventLog on that target concerns us. */
static bool is_of_service(const struct log_tampering_state *s, const struct activity *a, enum deed deed)
{
    if (!id_equal(s->service_target, a->target) || a->sealed)
        return false;
    uint64_t control = number(a, "dwControl");
    return deed != TAMPER_STOP || control == SERVICE_CONTROL_STOP || control == SERVICE_CONTROL_PAUSE;
}

static void note_open(struct log_tampering_state *s, const struct activity *a, enum deed deed)
{
    if (deed == TAMPER_OPEN_LOG) {
        s->log_target = a->target;
        text_keep(s->log, sizeof(s->log), argument_text(a, "ModuleName"));
        return;
    }
    bool ours = text_equal_nocase(argument_text(a, "lpServiceName"), STR("EventLog"));
    if (ours)
        s->service_target = a->target;
    else if (id_equal(s->service_target, a->target))
        s->service_target = (struct id){0};
}

static void tell(struct judge *judge, const struct log_tampering_state *s, const struct activity *a,
                 enum deed deed)
{
    static const char *const names[] = {[TAMPER_CLEAR] = "cleared",
                                        [TAMPER_CONFIGURE] = "reconfigured",
                                        [TAMPER_STOP] = "stopped",
                                        [TAMPER_DISABLE] = "disabled"};
    struct str channel = argument_text(a, "channelPath");
    const char *log = channel.size > 0 ? judge_print(judge, "%.*s", (int)channel.size, channel.at)
                      : id_equal(s->log_target, a->target) ? s->log
                                                           : "";
    bool unanswered = a->rpc.count > 0 && a->rpc.at->reply == rpc_reply_none;
    bool milder = a->outcome == outcome_failure || deed == TAMPER_CONFIGURE;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = milder ? severity_medium : severity_high,
                                .confidence = deed == TAMPER_CLEAR ? CONFIDENCE_CLEARED : CONFIDENCE_OTHER,
                                .outcome = a->outcome,
                                .target = str_of(log),
                                .evidence = {.field = "operation",
                                             .value = judge_print(judge, "%.*s", (int)a->operation.size,
                                                                  a->operation.at),
                                             .decisive = true}},
                  "%.*s%s", (int)a->operation.size, a->operation.at, unanswered ? ", not answered" : "");
    bool failed = a->outcome == outcome_failure;
    finding_title(
        f, failed ? "Event log %s%sof %s all but %s by %s: refused" : "Event log %s%sof %s %s by %s", log,
        log[0] ? " " : "", judge_device(judge, &f->target), names[deed], judge_device(judge, &f->source));
    finding_text(f,
                 "%s, working as %s, had the event log %s%sof %s %s (%.*s)%s. Who clears or stops logs from "
                 "afar wants "
                 "to leave no trace; what the log held before is lost on that device.%s",
                 judge_device(judge, &f->source), judge_account(judge, &f->source), log, log[0] ? " " : "",
                 judge_device(judge, &f->target), names[deed], (int)a->operation.size, a->operation.at,
                 failed ? ", and was refused" : "",
                 unanswered
                     ? " The call was not answered: the service may have ended over it, which some calls "
                       "with an invalid handle are known to bring about."
                     : "");
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    struct log_tampering_state *s = state;
    enum deed deed = deed_of(a);
    if (deed == TAMPER_OPEN_LOG || deed == TAMPER_OPEN_SERVICE)
        note_open(s, a, deed);
    else if ((deed == TAMPER_STOP || deed == TAMPER_DISABLE) && !is_of_service(s, a, deed))
        return;
    else
        tell(judge, s, a, deed);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    enum deed deed = deed_of(a);
    if (deed == TAMPER_NONE || addr_equal(&a->source_ip, &a->target_ip))
        return false;
    return !str_equal(a->interface_name, STR("IWbemServices")) || is_wmi_clear(a);
}

static const struct detection_setting settings[] = {
    {0},
};

const struct detection detection_remote_log_tampering = {
    .name = "remote-log-tampering",
    .external_id = "",
    .title = "An event log tampered with from afar",
    .severity = severity_high,
    .tactics = {"TA0005"},
    .techniques = {"T1070.001", "T1562.002"},
    .entity = "the device that acts",
    .sees = "ElfrClearELF and EvtRpcClearLog to another device, also when sealed; EvtRpcPutChannelConfig "
            "(medium); "
            "the service EventLog stopped, disabled or removed by SVCCTL and "
            "Win32_NTEventlogFile.ClearEventlog by "
            "WMI where the arguments are in clear. Refused ones are medium. A call without an answer is told "
            "as one "
            "that may have ended the service.",
    .misses =
        "Calls inside encrypted SMB sessions; SVCCTL and WMI when sealed; PowerShell remoting; programs that "
        "run on the target.",
    .wrong_when =
        "An administrator clears a log from his own device, or a product configures channels from afar.",
    .checks =
        {
            "Event 1102 (security log) or 104 (others) on the target names who cleared it.",
            "What happened on the target before? Use the copies that your log collection holds.",
            "Is the service EventLog still running there?",
        },
    .tuning = "Exclude the devices from which logs are administered.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct log_tampering_state),
    .states = 8192,
    .state_layout = 1,
    .observe = observe,
};
