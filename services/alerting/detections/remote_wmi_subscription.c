/*
 * remote-wmi-subscription - an event consumer of WMI made on another device: it runs when something happens.
 *
 * Sees: PutInstance (MS-WMI 3.1.4.3.12) of a consumer that runs commands or scripts, or of the binding that
 * gives it events; sealed ones by the namespace that the session was opened for (IWbemLevel1Login.NTLMLogin).
 * Misses: sealed sessions whose login was not captured; consumers made on the device itself. Decided by:
 * the source device.
 */
#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/words.h"

enum {
    CONFIDENCE_CLEAR = 95,
    CONFIDENCE_SEALED = 70,
};

struct wmi_subscription_state {
    struct id target; /* where this device opened root\subscription last */
    time_ns opened;   /* when; 0: never */
};

static bool is_put(const struct activity *a)
{
    return argument_is_call(a, "IWbemServices", "PutInstance") ||
           argument_is_call(a, "IWbemServices", "PutInstanceAsync");
}

/* The class among the strings of the instance (MS-WMIO): a consumer that runs something, or the
 * binding. A filter alone does nothing. Empty when it is another. */
static struct str class_of(const struct activity *a)
{
    static const char *const classes[] = {"CommandLineEventConsumer", "ActiveScriptEventConsumer",
                                          "__FilterToConsumerBinding"};
    const struct rpc *call = a->rpc.count > 0 ? a->rpc.at : NULL;
    for (uint32_t i = 0; call && i < call->arguments.count; i++)
        for (size_t c = 0; c < ARRAY_COUNT(classes); c++)
            if (text_equal_nocase(call->arguments.at[i].text, str_of(classes[c])))
                return call->arguments.at[i].text;
    return (struct str){"", 0};
}

static bool is_sealed_put(struct judge *judge, const struct wmi_subscription_state *s,
                          const struct activity *a)
{
    return a->sealed && s->opened != 0 && id_equal(s->target, a->target) &&
           judge_now(judge) - s->opened <= judge_setting(judge, "session") * TIME_NS_S;
}

static void tell(struct judge *judge, const struct activity *a, struct str class)
{
    const char *name = class.size ? judge_print(judge, "%.*s", (int)class.size, class.at) : "sealed";
    bool refused = a->outcome == outcome_failure;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = refused ? severity_medium : severity_high,
                                .confidence = class.size ? CONFIDENCE_CLEAR : CONFIDENCE_SEALED,
                                .outcome = a->outcome,
                                .target = class,
                                .evidence = {.field = class.size ? "class" : "namespace",
                                             .value = class.size ? name : "root\\subscription",
                                             .decisive = true}},
                  "%.*s of an event consumer or its binding%s", (int)a->operation.size, a->operation.at,
                  class.size ? "" : ", sealed, in a session for root\\subscription");
    finding_title(f, "WMI event consumer %s on %s by %s", refused ? "refused" : "made",
                  judge_device(judge, &f->target), judge_device(judge, &f->source));
    finding_text(
        f,
        "%s, working as %s, wrote an event consumer of WMI or its binding (%s) to %s. From then on the "
        "device "
        "runs a command or script by itself whenever the event comes, with the rights of the system, also "
        "after it was restarted. Few products do this from afar.",
        judge_device(judge, &f->source), judge_account(judge, &f->source), name,
        judge_device(judge, &f->target));
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    struct wmi_subscription_state *s = state;
    if (!is_put(a)) {
        bool here = words_have(argument_text(a, "wszNetworkResource"), "root\\subscription") ||
                    words_have(argument_text(a, "wszNetworkResource"), "root/subscription");
        if (here)
            *s = (struct wmi_subscription_state){.target = a->target, .opened = judge_now(judge)};
        return;
    }
    struct str class = class_of(a);
    if (class.size > 0 || is_sealed_put(judge, s, a))
        tell(judge, a, class);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return (is_put(a) || argument_is_call(a, "IWbemLevel1Login", "NTLMLogin")) &&
           !addr_equal(&a->source_ip, &a->target_ip);
}

static const struct detection_setting settings[] = {
    {"session", 900, 1, 86400, "seconds",
     "A sealed PutInstance belongs to a login for root\\subscription so long before. Sessions of tools last "
     "seconds, those of people minutes."},
    {0},
};

const struct detection detection_remote_wmi_subscription = {
    .name = "remote-wmi-subscription",
    .external_id = "",
    .title = "A WMI event consumer made on another device",
    .severity = severity_high,
    .tactics = {"TA0003", "TA0008"},
    .techniques = {"T1546.003", "T1047"},
    .entity = "the device that writes",
    .sees =
        "IWbemServices.PutInstance and PutInstanceAsync to another device with an instance of "
        "CommandLineEventConsumer, ActiveScriptEventConsumer or __FilterToConsumerBinding (high, medium when "
        "refused); sealed ones after a login for root\\subscription on that device.",
    .misses = "Sealed writes whose login was not captured or was for another namespace; consumers of other "
              "classes; "
              "WMI by WinRM; what is made on the device itself.",
    .wrong_when =
        "Management products install consumers from afar; two sessions of one device to the same target "
        "are not told apart when sealed.",
    .checks =
        {
            "Sysmon events 19 to 21, or event 5861 of WMI-Activity, on the target.",
            "List the instances of __FilterToConsumerBinding in root\\subscription there.",
            "Who used the account at that time?",
        },
    .tuning = "Exclude the servers of management products that make consumers.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct wmi_subscription_state),
    .states = 8192,
    .state_layout = 1,
    .observe = observe,
};
