/*
 * password-in-policy-file - files of group policy preferences that may hold passwords are read.
 *
 * Sees: reads and opens over SMB of Groups.xml, Services.xml, ScheduledTasks.xml, DataSources.xml,
 * Printers.xml and Drives.xml under a Preferences folder of a policy (MS-GPPREF 2.2.1): a cpassword in them
 * is encrypted with a key that is published (MS-GPPREF 2.2.1.1.4), so that every account of the domain can
 * read it. Clients read the files of the policies that apply to them, mostly with their machine account: one
 * policy's files say nothing. Told is who opens those of several policies at once. Misses: one file read by
 * hand; encrypted sessions. Decided by: the device that reads.
 */
#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_USER = 75,
    CONFIDENCE_MACHINE = 35,
    GUID_BYTES = 38, /* with its braces */
};

struct policy_state {
    struct seen policies; /* by the folder that holds the policy */
};

static bool ends_with(struct str text, struct str end)
{
    return text.size >= end.size &&
           text_equal_nocase((struct str){.at = text.at + (text.size - end.size), .size = end.size}, end);
}

static bool is_preference_file(struct str path)
{
    static const struct str names[] = {
        STR("\\Groups\\Groups.xml"),           STR("\\Services\\Services.xml"),
        STR("\\DataSources\\DataSources.xml"), STR("\\ScheduledTasks\\ScheduledTasks.xml"),
        STR("\\Printers\\Printers.xml"),       STR("\\Drives\\Drives.xml")};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (ends_with(path, names[i]))
            return true;
    return false;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->smb.count == 0)
        return false;
    uint8_t command = a->smb.at->command;
    return (command == smb_command_create || command == smb_command_read) &&
           is_preference_file(a->smb.at->file_name);
}

/* "Policies\{31B2F340-016D-11D2-945F-00C04FB984F9}\Machine\..." up to the closing brace; empty when there is
 * none. */
static struct str policy_of(struct str path)
{
    for (uint32_t i = 0; i + GUID_BYTES <= path.size; i++)
        if (path.at[i] == '{' && path.at[i + GUID_BYTES - 1] == '}')
            return (struct str){.at = path.at + i, .size = GUID_BYTES};
    return (struct str){0};
}

static void explain(struct judge *judge, struct finding *f, const struct policy_state *s)
{
    const char *source = judge_device(judge, &f->source);
    finding_title(f, "Password files of %u group policies read by %s", (uint32_t)s->policies.count, source);
    finding_text(
        f,
        "%s, working as %s, opened preference files of %u group policies on %s, among them %s. Passwords "
        "that "
        "were set by such files stand in them, encrypted with a key that is public. A client reads the files "
        "of the policies that apply to it; who goes through all of them looks for passwords.",
        source, judge_account(judge, &f->source), (uint32_t)s->policies.count,
        judge_device(judge, &f->target), judge_targets(judge, f));
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct policy_state *s = state;
    (void)role;
    struct str path = a->smb.at->file_name, policy = policy_of(path);
    time_ns now = judge_now(judge);
    seen_forget(&s->policies, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    if (s->policies.count == 0)
        judge_drop(judge);
    if (policy.size == 0)
        return;
    (void)seen_note(&s->policies, entity_account(policy), now, 0);
    bool machine = a->account_name.size > 0 && a->account_name.at[a->account_name.size - 1] == '$';
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = machine ? severity_low : severity_medium,
                      .confidence = machine ? CONFIDENCE_MACHINE : CONFIDENCE_USER,
                      .outcome = a->outcome,
                      .target = finding_tail(path, FINDING_NAME_BYTES),
                      .evidence = {.field = "policies",
                                   .value = judge_print(judge, "%u", (uint32_t)s->policies.count),
                                   .threshold = judge_print(judge, "%lld in %lld min",
                                                            (long long)judge_setting(judge, "policies"),
                                                            (long long)judge_setting(judge, "minutes"))}},
        "%.*s of %.*s", (int)a->operation.size, a->operation.at, (int)path.size, path.at);
    if (!f->opened && s->policies.count < (uint64_t)judge_setting(judge, "policies"))
        return;
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"policies", 4, 2, SEEN_MAX, "policies",
     "So many policies whose preference files are opened within minutes are told. Few domains apply more "
     "with "
     "preferences to one computer."},
    {"minutes", 10, 1, 1440, "minutes", "The window: a search goes through the share at once."},
    {0},
};

const struct detection detection_password_in_policy_file = {
    .name = "password-in-policy-file",
    .external_id = "",
    .title = "Passwords looked for in group policy files",
    .severity = severity_medium,
    .tactics = {"TA0006"},
    .techniques = {"T1552.006"},
    .entity = "the device that reads",
    .sees = "Preference files of many group policies (Groups.xml, Services.xml, ScheduledTasks.xml, "
            "DataSources.xml, "
            "Printers.xml, Drives.xml) opened or read over SMB by one device within minutes.",
    .misses = "A single file read by hand, and what goes through an encrypted session. Whether a password "
              "stands in the file "
              "is not looked at.",
    .wrong_when = "A computer to which many policies with preferences apply, or a tool that backs up or "
                  "compares policies.",
    .checks =
        {
            "Which of the files hold cpassword? Remove them, and change those passwords.",
            "Is the source a device of those who manage group policies?",
            "Were accounts named in the files used from the source afterwards?",
        },
    .tuning = "Raise policies where many apply to one computer; exclude management stations.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_file_access,
    .wants = wants,
    .state_bytes = sizeof(struct policy_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
