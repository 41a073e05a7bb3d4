/*
 * delegation-abuse - somebody lets an account act in others' names, or uses one that was made for it.
 *
 * Sees: LDAP writes of msDS-AllowedToActOnBehalfOfOtherIdentity, of msDS-AllowedToDelegateTo and of the
 * delegation bits of userAccountControl, the last by SAMR as well; S4U2Proxy (MS-SFU 3.1.5.2.1) by a computer
 * account that the same device made shortly before, or soon after that device wrote who may act. S4U by
 * itself is what web servers do all day. Misses: writes inside encrypted LDAP; an evidence ticket made
 * forwardable by who has the service's key (CVE-2020-17049), whose flags are sealed. Decided by: the device.
 */
#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/directory_write.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/detections/ticket.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_ACT_FOR = 80,
    CONFIDENCE_DELEGATE = 60,
    CONFIDENCE_NEW = 90,
    /* userAccountControl (MS-ADTS 2.2.16). */
    SERVER_TRUST_ACCOUNT = 0x2000,
    PARTIAL_SECRETS_ACCOUNT = 0x4000000,
    TRUSTED_FOR_DELEGATION = 0x80000,
    TRUSTED_TO_AUTH_FOR_DELEGATION = 0x1000000,
    /* The same in SAMR (MS-SAMR 2.2.1.12). */
    SAMR_SERVER_TRUST_ACCOUNT = 0x100,
    SAMR_PARTIAL_SECRETS_ACCOUNT = 0x100000,
    SAMR_TRUSTED_FOR_DELEGATION = 0x2000,
    SAMR_TRUSTED_TO_AUTH_FOR_DELEGATION = 0x40000,
};

struct delegation_state {
    time_ns written;  /* who may act was written from this device; 0: never */
    struct seen made; /* computer accounts that this device made */
};

static bool is_computer_made(const struct activity *a, struct str *name)
{
    *name = (struct str){0};
    if (a->outcome == outcome_failure)
        return false;
    if (argument_is_call(a, "samr", "SamrCreateUser2InDomain"))
        *name = argument_text(a, "Name");
    const struct ldap *l = directory_operation(a);
    if (l && l->operation == ldap_operation_add)
        *name = directory_value(directory_written(a, "sAMAccountName"));
    return name->size > 1 && name->at[name->size - 1] == '$';
}

static uint32_t read_number(struct str text)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size && text.at[i] >= '0' && text.at[i] <= '9' && number <= UINT32_MAX; i++)
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    return (uint32_t)number;
}

static const char *trust_of(uint32_t bits, uint32_t controller, uint32_t any, uint32_t to_auth)
{
    /* A promotion makes an account that of a controller, or of a read-only one, which is trusted so. */
    if (bits & controller)
        return NULL;
    return bits & to_auth ? "trusted to authenticate for delegation"
           : bits & any   ? "trusted for delegation to any service"
                          : NULL;
}

/* What an account control that is written allows; null: no delegation. */
static const char *trust_written(const struct activity *a)
{
    const struct ldap_change *change = directory_written(a, "userAccountControl");
    if (change)
        return trust_of(read_number(directory_value(change)), SERVER_TRUST_ACCOUNT | PARTIAL_SECRETS_ACCOUNT,
                        TRUSTED_FOR_DELEGATION, TRUSTED_TO_AUTH_FOR_DELEGATION);
    if (!argument_is_call(a, "samr", "SamrSetInformationUser2") &&
        !argument_is_call(a, "samr", "SamrSetInformationUser"))
        return NULL;
    const struct rpc_argument *bits = argument_find(a, "UserAccountControl");
    return bits ? trust_of((uint32_t)bits->number, SAMR_SERVER_TRUST_ACCOUNT | SAMR_PARTIAL_SECRETS_ACCOUNT,
                           SAMR_TRUSTED_FOR_DELEGATION, SAMR_TRUSTED_TO_AUTH_FOR_DELEGATION)
                : NULL;
}

static bool wants(const struct activity *a, uint8_t role)
{
    struct str name;
    (void)role;
    if (a->kind == activity_kind_ticket_request)
        return ticket_is_by_proxy(a);
    return is_computer_made(a, &name) || trust_written(a) ||
           directory_written(a, "msDS-AllowedToActOnBehalfOfOtherIdentity") ||
           directory_written(a, "msDS-AllowedToDelegateTo");
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act, const char *how)
{
    struct finding *f = judge_act(judge, a, act, "%s", how);
    const char *source = judge_device(judge, &f->source), *account = judge_account(judge, &f->source);
    bool used = f->severity == severity_critical || a->kind == activity_kind_ticket_request;
    finding_title(f,
                  used ? "%s used delegation that was set up from it, at %s"
                       : "Who may act in others' names was changed by %s at %s",
                  source, judge_device(judge, &f->target));
    finding_text(
        f,
        "%s, working as %s, %s. An account that may delegate gets tickets in the name of anybody, also of "
        "administrators, for the services that it may act at; setting that up on an account of one's own is "
        "a "
        "way to take over a computer. %s",
        source, account, how,
        f->outcome == outcome_success   ? "It succeeded."
        : f->outcome == outcome_failure ? "It was refused."
                                        : "It was not seen how that ended.");
    judge_open(judge, f, a);
}

static void on_write(struct judge *judge, struct delegation_state *s, const struct activity *a)
{
    bool act_for = directory_written(a, "msDS-AllowedToActOnBehalfOfOtherIdentity") != NULL;
    const struct ldap_change *services = directory_written(a, "msDS-AllowedToDelegateTo");
    const char *trust = trust_written(a);
    struct str value = directory_value(services);
    if (a->outcome != outcome_failure)
        s->written = judge_now(judge);
    const char *object =
        a->object.size > 0 ? judge_print(judge, "%.*s", (int)a->object.size, a->object.at) : "an account";
    tell(judge, a,
         &(struct act){.severity = act_for ? severity_high : severity_medium,
                       .confidence = act_for ? CONFIDENCE_ACT_FOR : CONFIDENCE_DELEGATE,
                       .outcome = a->outcome,
                       .target = a->object,
                       .evidence = {.field = act_for    ? "msDS-AllowedToActOnBehalfOfOtherIdentity"
                                             : services ? "msDS-AllowedToDelegateTo"
                                                        : "userAccountControl",
                                    .value = services ? judge_print(judge, "%.*s", (int)value.size, value.at)
                                             : trust  ? trust
                                                      : "written",
                                    .decisive = true}},
         act_for    ? judge_print(judge, "wrote who may act in others' names at %s", object)
         : services ? judge_print(judge, "wrote for which services %s may act in others' names", object)
                    : judge_print(judge, "made %s %s", object, trust ? trust : "trusted"));
}

static void on_proxy(struct judge *judge, const struct delegation_state *s, const struct activity *a)
{
    time_ns now = judge_now(judge);
    time_ns window = judge_setting(judge, "new-days") * TIME_NS_DAY;
    bool is_new = false;
    for (uint32_t i = 0; i < s->made.count; i++)
        is_new = is_new || (!id_is_none(a->account) && id_equal(s->made.items[i].id, a->account));
    bool was_set_up = s->written != 0 && now - s->written <= window;
    if (!is_new && !was_set_up)
        return;
    bool given = a->outcome == outcome_success;
    tell(judge, a,
         &(struct act){.severity = given && is_new && was_set_up ? severity_critical : severity_high,
                       .confidence = CONFIDENCE_NEW,
                       .outcome = a->outcome,
                       .target = a->service,
                       .evidence = {.field = "S4U2Proxy by",
                                    .value = is_new ? "a computer account made from this device"
                                                    : "a device that set up delegation",
                                    .threshold = judge_print(judge, "within %lld days",
                                                             (long long)judge_setting(judge, "new-days")),
                                    .decisive = true}},
         judge_print(judge, "asked for a ticket to %.*s in another's name, %s", (int)a->service.size,
                     a->service.at,
                     is_new ? "as a computer account that was made from here shortly before"
                            : "after it was written from here who may do so"));
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct delegation_state *s = state;
    struct str name;
    (void)role;
    seen_forget(&s->made, judge_now(judge) - judge_setting(judge, "new-days") * TIME_NS_DAY);
    if (is_computer_made(a, &name))
        (void)seen_note(&s->made, entity_account(name), judge_now(judge), 0);
    if (a->kind == activity_kind_ticket_request)
        on_proxy(judge, s, a);
    else if (trust_written(a) || directory_written(a, "msDS-AllowedToActOnBehalfOfOtherIdentity") ||
             directory_written(a, "msDS-AllowedToDelegateTo"))
        on_write(judge, s, a);
}

static const struct detection_setting settings[] = {
    {"new-days", 7, 1, 365, "days",
     "S4U2Proxy so long after the device made the account, or set up delegation, is told. An administrator "
     "who "
     "sets up a service does not act as it from his own device."},
    {0},
};

const struct detection detection_delegation_abuse = {
    .name = "delegation-abuse",
    .external_id = "2423",
    .title = "Delegation set up or used to act in others' names",
    .severity = severity_high,
    .tactics = {"TA0004"},
    .techniques = {"T1134.001", "T1558"},
    .entity = "the device that acts",
    .sees =
        "LDAP writes of msDS-AllowedToActOnBehalfOfOtherIdentity (high), of msDS-AllowedToDelegateTo and of "
        "the delegation bits of userAccountControl, these by SAMR too (medium); S4U2Proxy by a computer "
        "account made from the same device, or from a device that wrote who may act (high).",
    .misses =
        "Writes inside encrypted LDAP or by ADWS; an evidence ticket made forwardable with the service's "
        "key (CVE-2020-17049), whose flags are sealed; accounts made from another device.",
    .wrong_when = "Administrators set up delegation for a service by LDAP without encryption.",
    .checks =
        {
            "Who wrote it, and is it his task? Which accounts stand in the value now?",
            "Was a computer account made shortly before (event 4741), and by whom?",
            "Which tickets were asked in others' names after it: event 4769 with transited services.",
            "Is the account that was acted for protected (Protected Users, sensitive and cannot be "
            "delegated)?",
        },
    .tuning = "Exclude the accounts and devices that set up services.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_ticket_request | 1u << activity_kind_rpc_call |
             1u << activity_kind_directory_change,
    .wants = wants,
    .state_bytes = sizeof(struct delegation_state),
    .states = 8192,
    .state_layout = 1,
    .observe = observe,
};
