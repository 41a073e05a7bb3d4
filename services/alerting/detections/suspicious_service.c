/*
 * suspicious-service - a service made on another device that does not look like software being installed.
 *
 * Sees: RCreateService and RChangeServiceConfig (MS-SCMR 3.1.4.11, 3.1.4.12) whose path runs an interpreter,
 * lies on a share or in a folder for temporary files; a name made by chance; a program written to an
 * administrator's share before; a service that is gone again within a minute. The last two also on sealed
 * calls. Misses: a well-named service with a path that looks ordinary; calls inside encrypted SMB sessions.
 * Decided by: the source device.
 */
#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/execution.h"
#include "services/alerting/detections/words.h"

enum sign {
    SIGN_INTERPRETER,
    SIGN_SHARE,
    SIGN_FOLDER,
    SIGN_NAME,
    SIGN_COPIED,
    SIGN_SHORT_LIVED,
    SIGNS,
};

enum {
    COPIES = 4,
    STRONG = 1u << SIGN_INTERPRETER | 1u << SIGN_SHARE | 1u << SIGN_COPIED | 1u << SIGN_SHORT_LIVED,
    CONFIDENCE_ONE = 70,
    CONFIDENCE_MORE = 90,
    CONFIDENCE_WEAK = 40,
    NAME_LETTERS_LEAST = 8,
};

/* A program written to a target's administrative share. Plain bytes. */
struct copy {
    struct id target;
    time_ns time;
    char file[FINDING_NAME_BYTES];
};

struct suspicious_service_state {
    struct copy copies[COPIES];
    struct id target;    /* where the last service was made */
    time_ns created;     /* when; 0: none */
    uint32_t signs;      /* of it */
    uint32_t told_signs; /* of all in the finding */
    char name[FINDING_NAME_BYTES];
    char path[EVIDENCE_TEXT_BYTES];
};

static const char *const sign_texts[SIGNS] = {
    [SIGN_INTERPRETER] = "its path runs a command interpreter",
    [SIGN_SHARE] = "its program lies on a share",
    [SIGN_FOLDER] = "its program lies in a folder that anybody can write to",
    [SIGN_NAME] = "its name looks made by chance",
    [SIGN_COPIED] = "a program was copied to an administrative share of the device just before",
    [SIGN_SHORT_LIVED] = "it was removed again at once",
};

static bool is_vowel(char letter)
{
    return memchr("aeiouyAEIOUY", letter, 12) != NULL;
}

/* Few vowels and letters of both cases in disorder: what a generator of random letters makes, and what people
 * seldom do, but for their abbreviations of "service". */
static bool looks_random(struct str name)
{
    uint32_t letters = 0, vowels = 0, changes = 0;
    for (uint32_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        if (!upper && !lower)
            return false;
        letters++;
        vowels += is_vowel(c);
        changes += i > 0 && upper != (name.at[i - 1] >= 'A' && name.at[i - 1] <= 'Z');
    }
    return letters >= NAME_LETTERS_LEAST && changes >= 4 && vowels * 4 <= letters && !words_have(name, "svc");
}

static bool is_open_folder(struct str path)
{
    static const char *const folders[] = {"\\temp\\",           "%temp%",     "\\users\\public\\",
                                          "\\perflogs\\",       "%public%",   "\\$recycle.bin\\",
                                          "\\windows\\tasks\\", "\\appdata\\"};
    for (size_t i = 0; i < ARRAY_COUNT(folders); i++)
        if (words_have(path, folders[i]))
            return true;
    return false;
}

static uint32_t signs_of(struct str name, struct str path)
{
    uint32_t signs = 0;
    if (words_interpreter(path))
        signs |= 1u << SIGN_INTERPRETER;
    if (words_begin(path, "\\\\") || words_have(path, "\\ADMIN$\\") || words_have(path, "\\C$\\"))
        signs |= 1u << SIGN_SHARE;
    if (is_open_folder(path))
        signs |= 1u << SIGN_FOLDER;
    if (looks_random(name))
        signs |= 1u << SIGN_NAME;
    return signs;
}

static void note_copy(struct judge *judge, struct suspicious_service_state *s, const struct activity *a)
{
    struct copy *oldest = &s->copies[0];
    for (int i = 1; i < COPIES; i++)
        if (s->copies[i].time < oldest->time)
            oldest = &s->copies[i];
    oldest->target = a->target;
    oldest->time = judge_now(judge);
    text_keep(oldest->file, sizeof(oldest->file), a->smb.at->file_name);
}

static bool was_copied(struct judge *judge, const struct suspicious_service_state *s,
                       const struct activity *a)
{
    time_ns within = judge_setting(judge, "copied-within") * TIME_NS_S;
    for (int i = 0; i < COPIES; i++)
        if (s->copies[i].time != 0 && id_equal(s->copies[i].target, a->target) &&
            judge_now(judge) - s->copies[i].time <= within)
            return true;
    return false;
}

static const char *signs_text(struct judge *judge, uint32_t signs)
{
    const char *text = "";
    for (int i = 0; i < SIGNS; i++)
        if (signs & 1u << i)
            text = judge_print(judge, "%s%s%s", text, text[0] ? "; " : "", sign_texts[i]);
    return text;
}

static uint8_t severity_of(uint32_t signs, uint8_t outcome)
{
    uint32_t strong = signs & STRONG;
    if (strong == 0 || outcome == outcome_failure)
        return severity_low;
    return (strong & (strong - 1)) != 0 && outcome == outcome_success ? severity_high : severity_medium;
}

static void tell(struct judge *judge, struct suspicious_service_state *s, const struct activity *a,
                 uint8_t outcome)
{
    if (!judge_existing(judge))
        s->told_signs = 0;
    s->told_signs |= s->signs;
    uint32_t strong = s->signs & STRONG;
    uint8_t confidence = strong == 0                    ? CONFIDENCE_WEAK
                         : (strong & (strong - 1)) != 0 ? CONFIDENCE_MORE
                                                        : CONFIDENCE_ONE;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = severity_of(s->signs, outcome),
                      .confidence = confidence,
                      .outcome = outcome,
                      .target = text_kept(s->name, sizeof(s->name)),
                      .evidence = {.field = s->path[0] ? "lpBinaryPathName" : "operation",
                                   .value = s->path[0] ? s->path
                                                       : judge_print(judge, "%.*s", (int)a->operation.size,
                                                                     a->operation.at),
                                   .decisive = true}},
        "%.*s: %s", (int)a->operation.size, a->operation.at, signs_text(judge, s->signs));
    finding_title(f, "Suspicious service %s%smade on %s by %s", s->name, s->name[0] ? " " : "",
                  judge_device(judge, &f->target), judge_device(judge, &f->source));
    finding_text(
        f,
        "%s, working as %s, made or changed the service %s on %s: %s.%s%s It runs with the rights of the "
        "system. Tools that run commands from afar work this way; installers seldom do.",
        judge_device(judge, &f->source), judge_account(judge, &f->source),
        s->name[0] ? s->name : "(its name is sealed)", judge_device(judge, &f->target),
        signs_text(judge, s->told_signs), s->path[0] ? " Path: " : "", s->path);
    judge_open(judge, f, a);
}

static void note_service(struct judge *judge, struct suspicious_service_state *s, const struct activity *a,
                         const struct execution *e)
{
    struct str path = argument_text(a, "lpBinaryPathName");
    s->target = a->target;
    s->created = judge_now(judge);
    text_keep(s->name, sizeof(s->name), e->name);
    text_keep(s->path, sizeof(s->path), path);
    s->signs = signs_of(e->name, path);
    if (was_copied(judge, s, a))
        s->signs |= 1u << SIGN_COPIED;
    if (s->signs != 0)
        tell(judge, s, a, e->outcome);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)role;
    struct suspicious_service_state *s = state;
    if (a->kind == activity_kind_file_access) {
        note_copy(judge, s, a);
        return;
    }
    struct execution e = execution_read(judge, a);
    /* A change of a sealed configuration says nothing of its path, and needs no copy. */
    if (e.deed == DEED_CREATE || (e.deed == DEED_CHANGE && e.clear)) {
        note_service(judge, s, a, &e);
    } else if (e.deed == DEED_REMOVE && s->created != 0 && id_equal(s->target, a->target) &&
               judge_now(judge) - s->created <= judge_setting(judge, "short-lived") * TIME_NS_S) {
        s->signs |= 1u << SIGN_SHORT_LIVED;
        tell(judge, s, a, e.outcome);
        s->created = 0;
    }
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->kind == activity_kind_rpc_call)
        return str_equal(a->interface_name, STR("svcctl")) && execution_concerns(a) &&
               !addr_equal(&a->source_ip, &a->target_ip);
    if (a->smb.count == 0)
        return false;
    const struct smb *m = a->smb.at;
    return m->command == smb_command_close && m->bytes_written > 0 && m->content == smb_content_pe &&
           words_admin_share(m->share);
}

static const struct detection_setting settings[] = {
    {"copied-within", 600, 1, 86400, "seconds",
     "A program written to an administrative share so long before belongs to the service. Ten minutes: tools "
     "do both at once, software distribution copies ahead of time."},
    {"short-lived", 60, 1, 3600, "seconds",
     "A service removed within so long was made for one command. Commands of tools end within seconds; an "
     "installer that fails takes longer."},
    {0},
};

const struct detection detection_suspicious_service = {
    .name = "suspicious-service",
    .external_id = "2026",
    .title = "A suspicious service made on another device",
    .severity = severity_medium,
    .tactics = {"TA0003", "TA0008"},
    .techniques = {"T1543.003", "T1569.002"},
    .entity = "the device that makes the service",
    .sees =
        "RCreateService and RChangeServiceConfig to another device where the path runs a command "
        "interpreter, lies on a share or in a folder anybody can write to, the name looks made by chance, a "
        "program was written to an administrative share within ten minutes before, or the service is removed "
        "within a minute. The last two need no arguments and work on sealed calls. Two strong signs and "
        "success "
        "are told high; only a name or a folder low.",
    .misses =
        "A service with an ordinary name and path whose program was brought in another way; changes of "
        "services when sealed; calls inside encrypted SMB sessions; services made on the device itself.",
    .wrong_when = "Deployment tools of administrators copy a program to ADMIN$ and run it as a service.",
    .checks =
        {
            "Events 7045 and 4697 on the target: name, path and account of the service.",
            "Is the program still there, and is it signed by whom you expect?",
            "Did an administrator use a tool of remote execution at that time?",
        },
    .tuning = "Exclude the devices from which administrators deploy software this way.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call | 1u << activity_kind_file_access,
    .wants = wants,
    .state_bytes = sizeof(struct suspicious_service_state),
    .states = 32768,
    .state_layout = 1,
    .observe = observe,
};
