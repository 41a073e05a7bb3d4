/*
 * sam-name-spoofing - a computer account takes the name of a domain controller without its $ (noPac,
 * CVE-2021-42278 and 42287).
 *
 * Sees: a rename to the name of the very controller that is asked, by LDAP or SAMR; an AS-REQ for a name
 * without $ whose salt (RFC 4120 5.2.7.5) is that of another computer: computers' salts are
 * REALM "host" name "." domain (MS-KILE 3.1.1.2), so that a computer bears that name; a ticket for the name
 * of the controller; and a ticket to itself in another's name that is asked with such a ticket, which the KDC
 * encrypts with the controller's key once the name is gone. Misses: the rename where LDAP or SAMR is
 * encrypted; a controller whose name is not known. Decided by: the device that asks.
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
    CONFIDENCE_RENAME = 95,
    CONFIDENCE_SALT = 85,
    CONFIDENCE_NAME = 60,
    CONFIDENCE_TO_SELF = 97,
    CERTAIN_HOST = 80,
    SALT_BYTES_MAX = 600, /* two names of a domain, of 255 at most (RFC 1035 2.3.4), and of a computer */
    /* What is known of a name, as flags of struct seen. */
    SPOOFED = 1, /* given by a rename, or shown by a salt */
    TICKET = 2,  /* a ticket was given to it */
};

struct spoofing_state {
    struct seen names;
};

static bool is_machine(struct str account)
{
    return account.size > 0 && account.at[account.size - 1] == '$';
}

static bool is_plain(struct str account)
{
    for (uint32_t i = 0; i < account.size; i++)
        if (account.at[i] == '/' || account.at[i] == '@' || account.at[i] == '.')
            return false;
    return account.size > 0 && !is_machine(account);
}

/* Is it the name of the controller that is asked? */
static bool names_target(const struct activity *a, struct str name)
{
    return is_plain(name) && a->target_host_certainty >= CERTAIN_HOST &&
           text_equal_nocase(ticket_host_label(a->target_host), name);
}

/* Is it a salt whose realm takes so many bytes? */
static bool has_realm_of(struct str salt, uint32_t size)
{
    struct str host = STR("host");
    struct str first = {.at = salt.at, .size = size};
    struct str middle = {.at = salt.at + size, .size = host.size};
    struct str last = {.at = salt.at + salt.size - size, .size = size};
    return str_equal(middle, host) && salt.at[salt.size - size - 1] == '.' && text_equal_nocase(first, last);
}

/* "evil" of the salt "CORP.EXAMPLEhostevil.corp.example"; empty for a person's, "CORP.EXAMPLEalice". The
 * realm is read from the salt itself: a client may ask by the domain's short name. */
static struct str computer_of_salt(struct str salt)
{
    enum { HOST_BYTES = 4 };
    for (uint32_t size = 1; salt.size <= SALT_BYTES_MAX && 2 * size + HOST_BYTES + 1 < salt.size; size++)
        if (has_realm_of(salt, size))
            return (struct str){.at = salt.at + size + HOST_BYTES,
                                .size = salt.size - 2 * size - HOST_BYTES - 1};
    return (struct str){0};
}

/* The computer whose salt the KDC tells for a name without $ that is not the computer's own. */
static struct str other_computer(const struct activity *a)
{
    const struct kerberos *k = ticket_exchange(a);
    if (!k || k->message != kerberos_message_as || !is_plain(a->account_name) || !is_plain(k->cname))
        return (struct str){0};
    for (uint32_t i = 0; i < k->salts.count; i++) {
        struct str computer = computer_of_salt(k->salts.at[i]);
        if (computer.size > 0 && !text_equal_nocase(computer, a->account_name))
            return computer;
    }
    return (struct str){0};
}

static struct str new_name(const struct activity *a)
{
    if (a->kind == activity_kind_directory_change)
        return directory_value(directory_written(a, "sAMAccountName"));
    bool renames = argument_is_call(a, "samr", "SamrSetInformationUser2") ||
                   argument_is_call(a, "samr", "SamrSetInformationUser");
    return renames ? argument_text(a, "UserName") : (struct str){0};
}

static bool is_ticket_for_target(const struct activity *a)
{
    return a->kind == activity_kind_authentication && a->protocol == protocol_kerberos &&
           a->outcome == outcome_success && names_target(a, a->account_name);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    switch (a->kind) {
    case activity_kind_authentication:
        return is_ticket_for_target(a) || other_computer(a).size > 0;
    case activity_kind_ticket_request:
        return ticket_is_to_self(a) && is_plain(a->account_name);
    default:
        return names_target(a, new_name(a));
    }
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act, const char *how)
{
    struct finding *f = judge_act(judge, a, act, "%s", how);
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool taken = f->severity == severity_critical;
    finding_title(f,
                  taken ? "%s got a ticket to %s in another's name by a spoofed computer name (noPac)"
                        : "A computer account bears the name of a domain controller: %s at %s (noPac)",
                  source, target);
    finding_text(
        f,
        "%s worked at %s with an account named %s: %s. A computer's name ends with $; one that is named as a "
        "controller without it makes the KDC take it for the controller once the name is gone again "
        "(CVE-2021-42278 and 42287), and a plain user becomes an administrator of the domain. %s",
        source, target, judge_targets(judge, f), how,
        taken                           ? "The last step succeeded: the ticket in another's name was given."
        : f->outcome == outcome_failure ? "The last step that was seen was refused."
                                        : "The last step, a ticket in another's name, was not seen.");
    judge_open(judge, f, a);
}

static void on_rename(struct judge *judge, struct spoofing_state *s, const struct activity *a)
{
    struct str name = new_name(a);
    if (a->outcome != outcome_failure)
        (void)seen_note(&s->names, entity_account(name), judge_now(judge), SPOOFED);
    tell(judge, a,
         &(struct act){.severity = severity_high,
                       .confidence = CONFIDENCE_RENAME,
                       .outcome = a->outcome,
                       .target = name,
                       .evidence = {.field = "new name",
                                    .value = judge_print(judge, "%.*s", (int)name.size, name.at),
                                    .threshold = "the controller's own",
                                    .decisive = true}},
         judge_print(judge, "an account was renamed to %.*s, the name of the controller itself",
                     (int)name.size, name.at));
}

static void on_logon(struct judge *judge, struct spoofing_state *s, const struct activity *a)
{
    struct str computer = other_computer(a), name = a->account_name;
    bool ticket = a->outcome == outcome_success;
    const struct seen_item *item = seen_note(&s->names, a->account, judge_now(judge),
                                             (computer.size > 0 ? SPOOFED : 0u) | (ticket ? TICKET : 0u));
    bool spoofed = (item->flags & SPOOFED) != 0, controllers = names_target(a, name);
    tell(judge, a,
         &(struct act){.severity = spoofed && controllers ? severity_high
                                   : spoofed              ? severity_medium
                                                          : severity_low,
                       .confidence = spoofed ? CONFIDENCE_SALT : CONFIDENCE_NAME,
                       .outcome = a->outcome,
                       .target = name,
                       .evidence = {.field = computer.size > 0 ? "salt" : "client name",
                                    .value = computer.size > 0
                                                 ? judge_print(judge, "of the computer %.*s",
                                                               (int)computer.size, computer.at)
                                                 : judge_print(judge, "%.*s", (int)name.size, name.at),
                                    .threshold = "that of the name asked for",
                                    .decisive = true}},
         computer.size > 0
             ? judge_print(judge, "the KDC's salt for %.*s is that of the computer %.*s", (int)name.size,
                           name.at, (int)computer.size, computer.at)
             : judge_print(judge, "a ticket was given to %.*s, the name of the controller without its $",
                           (int)name.size, name.at));
}

static void on_ticket_to_self(struct judge *judge, struct spoofing_state *s, const struct activity *a)
{
    bool known = false;
    for (uint32_t i = 0; i < s->names.count; i++)
        known = known || id_equal(s->names.items[i].id, a->account);
    if (!known && !names_target(a, a->account_name))
        return;
    bool given = a->outcome == outcome_success;
    tell(
        judge, a,
        &(struct act){.severity = given ? severity_critical : severity_high,
                      .confidence = CONFIDENCE_TO_SELF,
                      .outcome = a->outcome,
                      .target = a->account_name,
                      .evidence = {.field = "S4U2Self in the name of",
                                   .value = judge_print(judge, "%.*s", (int)a->for_user.size, a->for_user.at),
                                   .threshold = "none by a spoofed name",
                                   .decisive = true}},
        judge_print(judge, "with the ticket of %.*s a ticket in the name of %.*s was asked for",
                    (int)a->account_name.size, a->account_name.at, (int)a->for_user.size, a->for_user.at));
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct spoofing_state *s = state;
    (void)role;
    seen_forget(&s->names, judge_now(judge) - judge_setting(judge, "hours") * TIME_NS_HOUR);
    if (a->kind == activity_kind_authentication)
        on_logon(judge, s, a);
    else if (a->kind == activity_kind_ticket_request)
        on_ticket_to_self(judge, s, a);
    else
        on_rename(judge, s, a);
}

static const struct detection_setting settings[] = {
    {"hours", 24, 1, 720, "hours",
     "A ticket to itself in another's name belongs to a spoofed name that was seen so long before: tickets "
     "live "
     "for ten hours, and may be renewed."},
    {0},
};

const struct detection detection_sam_name_spoofing = {
    .name = "sam-name-spoofing",
    .external_id = "2419",
    .title = "A computer named as a domain controller (noPac)",
    .severity = severity_high,
    .tactics = {"TA0004"},
    .techniques = {"T1068"},
    .entity = "the device that asks",
    .sees =
        "An account renamed by LDAP or SAMR to the name of the controller that is asked; an AS-REQ for a "
        "name "
        "without $ whose salt is that of another computer; a ticket for the controller's name without $; a "
        "ticket to itself in another's name asked for with a ticket of such a name.",
    .misses = "The rename where LDAP or SAMR is encrypted; the ticket where neither the salt nor the "
              "controller's name was seen.",
    .wrong_when = "An administrator asks for a ticket as a controller's account by hand and leaves out the $ "
                  "(low), or as a computer that was renamed and kept its salt (medium).",
    .checks =
        {
            "Which account bears the name, or bore it: events 4781 (name changed) and 4741 (computer "
            "created).",
            "Do the controllers have the updates of November 2021 (KB5008380 and KB5008602)?",
            "Who made the computer account, and does a plain user need to (ms-DS-MachineAccountQuota)?",
            "When a ticket in another's name was given: look for DCSync from the same device.",
        },
    .tuning =
        "Name your controllers in the configuration under identity.devices, so that their names are known.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_authentication | 1u << activity_kind_ticket_request |
             1u << activity_kind_rpc_call | 1u << activity_kind_directory_change,
    .wants = wants,
    .state_bytes = sizeof(struct spoofing_state),
    .states = 8192,
    .state_layout = 1,
    .observe = observe,
};
