/*
 * remote-execution - code run on another device by its management interfaces.
 *
 * Sees: services created, changed and started by SVCCTL (MS-SCMR), jobs of ATSVC and tasks of
 * ITaskSchedulerService (MS-TSCH), methods of WMI that run programs (MS-WMI), DCOM objects that do (MS-DCOM,
 * MS-OAUT), commands and PowerShell by WinRM (MS-WSMV, MS-PSRP); method, command and success, on sealed calls
 * the method alone. Misses: calls inside encrypted SMB sessions; DCOM whose activation was not captured;
 * WinRM inside TLS. Decided by: the source device.
 */
#include "common/base/text.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/execution.h"

enum {
    PLACES = 8,
    CONFIDENCE_CLEAR = 90,
    CONFIDENCE_SEALED = 70,
    CONFIDENCE_METHOD_UNKNOWN = 55, /* WMI, sealed: a method, but not which */
    CONFIDENCE_EXISTING = 30,
    CONFIDENCE_LIST = 15,
    DEED_BIT_PROPER =
        1u << DEED_CREATE | 1u << DEED_CHANGE | 1u << DEED_START | 1u << DEED_ACTIVATE | 1u << DEED_RUN,
};

/* Where this device made something that can be started. Plain bytes. */
struct place {
    struct id target;
    time_ns prepared;
    uint32_t methods; /* bits 1 << enum execution_method */
    uint32_t zero;
};

struct remote_execution_state {
    struct place places[PLACES];
    uint32_t methods; /* of the finding at hand, as its deeds, name and command */
    uint32_t deeds;
    uint32_t sealed;
    uint32_t refused;
    char name[FINDING_NAME_BYTES];
    char command[EVIDENCE_TEXT_BYTES];
};

/* The place of a target; the one prepared longest ago makes room. */
static struct place *place_of(struct remote_execution_state *s, struct id target)
{
    struct place *oldest = &s->places[0];
    for (int i = 0; i < PLACES; i++) {
        if (id_equal(s->places[i].target, target))
            return &s->places[i];
        if (s->places[i].prepared < oldest->prepared)
            oldest = &s->places[i];
    }
    *oldest = (struct place){.target = target};
    return oldest;
}

static bool is_prepared(struct judge *judge, struct remote_execution_state *s, const struct activity *a,
                        uint8_t method)
{
    const struct place *place = place_of(s, a->target);
    return place->prepared != 0 && (place->methods & 1u << method) &&
           judge_now(judge) - place->prepared <= judge_setting(judge, "start-within") * TIME_NS_S;
}

/* How much one deed weighs, before what its target is. */
static uint8_t severity_of(const struct execution *e, bool prepared)
{
    if (e->outcome == outcome_failure || e->deed == DEED_LIST || e->deed == DEED_MANAGE)
        return severity_low;
    if (e->deed == DEED_START)
        return prepared ? severity_medium : severity_low;
    if (e->deed == DEED_CHANGE && !e->clear)
        return severity_low; /* what was changed is not known; a start after it raises it */
    return severity_medium;
}

static uint8_t confidence_of(const struct execution *e, bool prepared)
{
    if (e->deed == DEED_LIST)
        return CONFIDENCE_LIST;
    if (e->deed == DEED_MANAGE || (e->deed == DEED_START && !prepared))
        return CONFIDENCE_EXISTING;
    if (e->method == METHOD_WMI && !e->clear)
        return CONFIDENCE_METHOD_UNKNOWN;
    return e->clear ? CONFIDENCE_CLEAR : CONFIDENCE_SEALED;
}

static const char *deed_name(uint8_t deed)
{
    static const char *const names[] = {
        [DEED_NONE] = "",
        [DEED_LIST] = "services listed",
        [DEED_CREATE] = "made",
        [DEED_CHANGE] = "changed to run something else",
        [DEED_START] = "started",
        [DEED_ACTIVATE] = "an object that can run commands made",
        [DEED_RUN] = "run",
        [DEED_REMOVE] = "removed",
        [DEED_MANAGE] = "something done",
    };
    return names[deed];
}

static const char *methods_text(struct judge *judge, uint32_t methods)
{
    const char *text = "";
    for (uint8_t i = 0; i < METHODS; i++)
        if (methods & 1u << i)
            text = judge_print(judge, "%s%s%s", text, text[0] ? " and " : "", execution_method_name(i));
    return text;
}

static void give_title(struct judge *judge, struct finding *f, const struct remote_execution_state *s)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    if (!(s->deeds & DEED_BIT_PROPER))
        finding_title(
            f, s->deeds & 1u << DEED_MANAGE ? "%s managed from afar by %s" : "Services of %s listed by %s",
            target, source);
    else if (f->outcome == outcome_failure)
        finding_title(f, "Remote execution on %s tried by %s and refused", target, source);
    else if (s->deeds == 1u << DEED_START)
        finding_title(f, "A service or task of %s started by %s", target, source);
    else
        finding_title(f,
                      s->deeds & (1u << DEED_RUN | 1u << DEED_START)
                          ? "Code run on %s by %s through %s"
                          : "Code made ready to run on %s by %s through %s",
                      target, source, methods_text(judge, s->methods));
}

static void explain(struct judge *judge, struct finding *f, const struct remote_execution_state *s)
{
    give_title(judge, f, s);
    const char *outcome = f->outcome == outcome_success   ? "It succeeded"
                          : f->outcome == outcome_failure ? "It was refused or failed"
                                                          : "Whether it succeeded was not seen";
    finding_text(
        f,
        "%s, working as %s, used %s on %s. %s%s%s%s%s%s. %sAdministrators and management software do the "
        "same; "
        "attackers do it to move on from one device to the next.",
        judge_device(judge, &f->source), judge_account(judge, &f->source), methods_text(judge, s->methods),
        judge_device(judge, &f->target), s->name[0] ? "Name: " : "", s->name, s->name[0] ? ". " : "",
        s->command[0] ? judge_print(judge, "Command: %s. ", s->command) : "",
        s->sealed ? "Arguments were sealed, so that not all of what was run is known. " : "", outcome,
        !(s->deeds & DEED_BIT_PROPER) ? "This alone need not run anything; it may come before. " : "");
}

static void remember(struct judge *judge, struct remote_execution_state *s, const struct activity *a,
                     const struct execution *e)
{
    s->methods |= 1u << e->method;
    s->deeds |= 1u << e->deed;
    s->sealed |= !e->clear;
    if (e->name.size > 0)
        text_keep(s->name, sizeof(s->name), e->name);
    if (e->command[0] != '\0')
        text_keep(s->command, sizeof(s->command), str_of(e->command));
    if (e->outcome == outcome_failure || e->deed == DEED_START || e->deed == DEED_LIST ||
        e->deed == DEED_MANAGE)
        return;
    struct place *place = place_of(s, a->target);
    place->prepared = judge_now(judge);
    place->methods |= 1u << e->method;
}

static bool is_controller(const struct activity *a)
{
    return a->target_role == device_role_domain_controller ||
           a->target_role == device_role_domain_controller_candidate;
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    struct remote_execution_state *s = state;
    struct execution e = execution_read(judge, a);
    if (e.deed == DEED_NONE || e.deed == DEED_REMOVE)
        return;
    if ((e.deed == DEED_LIST || e.deed == DEED_MANAGE) && !judge_setting(judge, "tell-listing"))
        return;
    if (!judge_existing(judge)) { /* a new run: what the last one was does not stand in its words */
        struct place places[PLACES];
        memcpy(places, s->places, sizeof(places));
        *s = (struct remote_execution_state){0};
        memcpy(s->places, places, sizeof(places));
    }
    bool prepared = e.deed == DEED_START && is_prepared(judge, s, a, e.method);
    remember(judge, s, a, &e);
    uint8_t severity = severity_of(&e, prepared);
    if (severity == severity_medium && is_controller(a))
        severity = severity_high;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){
            .severity = severity,
            .confidence = confidence_of(&e, prepared),
            .outcome = e.deed == DEED_LIST || e.deed == DEED_MANAGE ? (uint8_t)outcome_unknown : e.outcome,
            .target = e.name,
            .evidence = {.field = e.command[0] ? "command" : "operation",
                         .value = e.command[0]
                                      ? e.command
                                      : judge_print(judge, "%.*s", (int)a->operation.size, a->operation.at),
                         .decisive = e.deed != DEED_LIST}},
        "%.*s: %s by %s%s", (int)a->operation.size, a->operation.at, deed_name(e.deed),
        execution_method_name(e.method), e.clear ? "" : ", arguments sealed");
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return execution_concerns(a) && !addr_equal(&a->source_ip, &a->target_ip);
}

static const struct detection_setting settings[] = {
    {"start-within", 3600, 1, 604800, "seconds",
     "A start counts as the end of what was made or changed on the same device so long before. An hour, as "
     "tools start at once and people within their session; a start of what existed before is told low."},
    {"tell-listing", 1, 0, 1, "yes or no",
     "Tells, at low severity, when services of another device are listed, or when it is managed by WinRM and "
     "what "
     "is done is encrypted. To be switched off where an inventory or a console does that."},
    {0},
};

const struct detection detection_remote_execution = {
    .name = "remote-execution",
    .external_id = "2019",
    .title = "Code run on another device",
    .severity = severity_medium,
    .tactics = {"TA0008", "TA0002"},
    .techniques = {"T1569.002", "T1053.005", "T1053.002", "T1047", "T1021.003", "T1021.006"},
    .entity = "the device that acts",
    .sees =
        "Calls to another device that run programs there: RCreateService, RChangeServiceConfig with a new "
        "path and RStartService (MS-SCMR), NetrJobAdd, SchRpcRegisterTask and SchRpcRun (MS-TSCH), "
        "ExecMethod of "
        "WMI classes that run or install (Win32_Process.Create and the like), activation of DCOM classes "
        "that "
        "run commands, IDispatch.Invoke that is given a program, commands and PowerShell by WinRM (other "
        "encrypted WinRM: low). Command and result where the arguments "
        "are in clear or were opened; sealed calls by their operation, with less confidence.",
    .misses =
        "Calls inside encrypted SMB sessions; DCOM objects whose bind was not captured, as only then is "
        "the interface known; sealed IDispatch calls on classes that are not in the table; WMI providers "
        "that run "
        "programs by other classes; WinRM inside TLS.",
    .wrong_when = "Administrators, software distribution, monitoring and backup work this way.",
    .checks =
        {
            "Is the source a server of management software, or the device of an administrator at work?",
            "Events 7045 and 4697 (services), 4698 and 106 (tasks), 4688 (processes) on the target at that "
            "time.",
            "What else did the account do, and from where does it usually work?",
            "Is the command or the file that was run known?",
        },
    .tuning = "Exclude the servers of management software by device. A domain controller as target weighs "
              "more: name controllers in the configuration.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call | 1u << activity_kind_web_request,
    .wants = wants,
    .state_bytes = sizeof(struct remote_execution_state),
    .states = 32768,
    .state_layout = 1,
    .observe = observe,
};
