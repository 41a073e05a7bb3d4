/*
 * group-policy-tampering - files of group policies written over SMB.
 *
 * Sees: files under SYSVOL\<domain>\Policies\{...} (MS-GPOL) that a device which is no domain
 * controller writes, renames or removes; which setting it is by the file's name. Misses: what is written
 * inside encrypted SMB sessions; what stands in the file. Decided by: the source
 * device.
 */
#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"
#include "services/alerting/detections/words.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_RUNS = 80,
    CONFIDENCE_OTHER = 55,
};

/* What a file of a policy sets, by its name (MS-GPPREF, MS-GPSB, MS-GPREG, MS-GPSCR). */
static const struct {
    const char *name;
    const char *what;
    bool runs; /* it can run code or give rights wherever the policy applies */
} kinds[] = {
    {"ScheduledTasks.xml", "scheduled tasks", true},
    {"Services.xml", "services", true},
    {"\\Scripts\\", "scripts of start and logon", true},
    {"GptTmpl.inf", "rights, groups and audit", true},
    {"Groups.xml", "local groups and users", true},
    {"Registry.pol", "registry values, among them those of defences", true},
    {"Registry.xml", "registry values", true},
    {"Files.xml", "files to copy", true},
    {"audit.csv", "audit", true},
    {".aas", "software to install", true},
};

static const char *what_of(struct str file, bool *runs)
{
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        if (words_have(file, kinds[i].name)) {
            *runs = kinds[i].runs;
            return kinds[i].what;
        }
    *runs = false;
    return "other settings";
}

/* A file of a policy changes by what is written up to its close, by a new name or by its end. */
static bool is_change(const struct smb *m)
{
    return (m->command == smb_command_close && m->bytes_written > 0) ||
           (m->command == smb_command_set_info && (m->target.size > 0 || m->delete_on_close == tristate_yes));
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    const struct smb *m = a->smb.at;
    time_ns learn = judge_setting(judge, "learn") * TIME_NS_DAY;
    if (habit_note(state, id_is_none(a->account) ? entity_address(&a->source_ip) : a->account,
                   judge_now(judge), learn))
        return;
    bool runs;
    const char *what = what_of(m->file_name, &runs);
    struct str tail = finding_tail(m->file_name, FINDING_NAME_BYTES);
    struct finding *f = judge_act(
        judge, a,
        &(struct act){
            .severity = a->outcome == outcome_failure || !runs ? severity_low : severity_medium,
            .confidence = runs ? CONFIDENCE_RUNS : CONFIDENCE_OTHER,
            .outcome = a->outcome,
            .target = tail,
            .evidence = {.field = "file",
                         .value = judge_print(judge, "%.*s", (int)m->file_name.size, m->file_name.at),
                         .decisive = runs}},
        "%.*s of a policy's file: %s", (int)a->operation.size, a->operation.at, what);
    finding_title(f, "Group policy on %s %s by %s", judge_device(judge, &f->target),
                  f->outcome == outcome_failure ? "all but changed" : "changed",
                  judge_device(judge, &f->source));
    finding_text(
        f,
        "%s, working as %s, wrote files of group policies on %s: %s. Policies apply to every device and user "
        "below them: who writes these files runs code and switches off defences there. The last one sets %s. "
        "Administrators edit policies the same way.",
        judge_device(judge, &f->source), judge_account(judge, &f->source), judge_device(judge, &f->target),
        judge_targets(judge, f), what);
    judge_open(judge, f, a);
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->smb.count == 0 || !is_change(a->smb.at) || a->source_role == device_role_domain_controller)
        return false;
    return words_have(a->smb.at->share, "\\SYSVOL") && words_have(a->smb.at->file_name, "Policies\\{");
}

static const struct detection_setting settings[] = {
    {"learn", 28, 0, 365, "days",
     "An account that has written policies from this device on several days over so long is no longer told. "
     "Four "
     "weeks hold the monthly round of changes; 0 learns after a few days."},
    {0},
};

const struct detection detection_group_policy_tampering = {
    .name = "group-policy-tampering",
    .external_id = "2440",
    .title = "Group policy changed over SMB",
    .severity = severity_medium,
    .tactics = {"TA0005", "TA0004"},
    .techniques = {"T1484.001"},
    .entity = "the device that writes",
    .sees = "Files under SYSVOL\\<domain>\\Policies\\{...} written, renamed or removed by a device that is "
            "no configured "
            "domain controller: medium where the file runs code, gives rights or sets the registry "
            "(scheduled tasks, "
            "scripts, GptTmpl.inf, Registry.pol and the like), low otherwise and when refused.",
    .misses = "Writes inside encrypted SMB sessions; what the file says; policies changed on the controller "
              "itself.",
    .wrong_when = "An administrator edits policies, until his account and device are learnt.",
    .checks =
        {
            "Did an administrator change this policy then? Event 5136 names the change of its object.",
            "Compare the policy with its last backup: new tasks, scripts, members of groups, switched off "
            "defences.",
            "Which devices does the policy apply to?",
        },
    .tuning =
        "Exclude the devices from which policies are administered; name controllers in the configuration.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_file_access,
    .wants = wants,
    .state_bytes = sizeof(struct habit),
    .states = 8192,
    .state_layout = 1,
    .observe = observe,
};
