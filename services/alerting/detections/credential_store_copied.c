/*
 * credential-store-copied - the files or hives that hold the secrets of a computer or a domain are taken
 * away.
 *
 * Sees: ntds.dit opened or read over SMB, wherever it lies (MS-ADTS 3.1.1.1 says what is in it), the hives
 * SAM and SECURITY under System32\config, also through a snapshot (MS-SMB2 2.2.32.2), and BaseRegSaveKey(Ex)
 * (MS-RRP 3.1.5.20, 3.1.5.27) of these keys, which writes them to a file. The hive SYSTEM alone holds no
 * secret, only the key to the others: low. Misses: copies under another name, encrypted sessions, and what
 * runs on the computer itself. Decided by: the device that reads.
 */
#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"

enum {
    CONFIDENCE_STORE = 93,
    CONFIDENCE_SAVED = 60, /* a key whose name was not seen */
    CONFIDENCE_SYSTEM = 40,
    NAME_BYTES = 96,
    BASE_REG_CREATE_KEY = 6,
    BASE_REG_OPEN_KEY = 15,
    BASE_REG_SAVE_KEY = 20,
    BASE_REG_SAVE_KEY_EX = 31,
};

/* Plain bytes. */
struct store_state {
    struct id server;
    char key[NAME_BYTES]; /* opened last on it */
};

static bool ends_with(struct str text, struct str end)
{
    if (text.size < end.size)
        return false;
    struct str tail = {.at = text.at + (text.size - end.size), .size = end.size};
    return text_equal_nocase(tail, end) &&
           (text.size == end.size || text.at[text.size - end.size - 1] == '\\');
}

/* Unknown: no store of credentials. */
static uint8_t file_severity(struct str path)
{
    if (ends_with(path, STR("ntds.dit")) || ends_with(path, STR("System32\\config\\SAM")) ||
        ends_with(path, STR("System32\\config\\SECURITY")))
        return severity_high;
    return ends_with(path, STR("System32\\config\\SYSTEM")) ? severity_low : severity_unknown;
}

static uint8_t key_severity(struct str key)
{
    if (ends_with(key, STR("SAM")) || ends_with(key, STR("SECURITY")))
        return severity_high;
    return ends_with(key, STR("SYSTEM")) ? severity_low : severity_medium;
}

static bool is_save(const struct activity *a)
{
    return a->opnum == BASE_REG_SAVE_KEY || a->opnum == BASE_REG_SAVE_KEY_EX;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->smb.count > 0)
        return (a->smb.at->command == smb_command_create || a->smb.at->command == smb_command_read) &&
               file_severity(a->smb.at->file_name) != severity_unknown;
    return str_equal(a->interface_name, STR("winreg")) &&
           (is_save(a) || a->opnum == BASE_REG_OPEN_KEY || a->opnum == BASE_REG_CREATE_KEY);
}

static void tell(struct judge *judge, const struct activity *a, struct str name, uint8_t severity)
{
    bool refused = a->outcome == outcome_failure, nameless = name.size == 0;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){
            .severity = refused && severity > severity_low ? (uint8_t)(severity - 1) : severity,
            .confidence = severity == severity_high  ? CONFIDENCE_STORE
                          : severity == severity_low ? CONFIDENCE_SYSTEM
                                                     : CONFIDENCE_SAVED,
            .outcome = a->outcome,
            .target = finding_tail(name, FINDING_NAME_BYTES),
            .evidence = {.field = a->smb.count > 0 ? "file" : "key",
                         .value = nameless ? "not seen" : judge_print(judge, "%.*s", (int)name.size, name.at),
                         .threshold = "a store of credentials",
                         .decisive = severity == severity_high}},
        "%.*s", (int)a->operation.size, a->operation.at);
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    const char *names = f->target_count > 0 ? judge_targets(judge, f) : "a registry key that was not named";
    finding_title(f, f->outcome == outcome_success ? "%s of %s taken by %s" : "%s of %s asked for by %s",
                  names, target, source);
    finding_text(
        f,
        "%s, working as %s, %s %s on %s, %u time%s. These hold the password hashes of the computer's "
        "accounts and "
        "its stored secrets, on a domain controller those of every account of the domain. Backup software "
        "takes them by its own agent, not over a share or the remote registry.",
        source, judge_account(judge, &f->source), a->smb.count > 0 ? "opened" : "saved to a file", names,
        target, f->count, f->count == 1 ? "" : "s");
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct store_state *s = state;
    (void)role;
    if (a->smb.count > 0) {
        struct str path = a->smb.at->file_name;
        tell(judge, a, path, file_severity(path));
        return;
    }
    bool same = id_equal(s->server, a->target);
    if (!is_save(a)) {
        s->server = a->target;
        text_keep(s->key, sizeof(s->key), argument_text(a, "lpSubKey"));
        return;
    }
    struct str key = same ? text_kept(s->key, sizeof(s->key)) : (struct str){0};
    tell(judge, a, key, key_severity(key));
}

static const struct detection_setting settings[] = {{0}};

const struct detection detection_credential_store_copied = {
    .name = "credential-store-copied",
    .external_id = "2030",
    .title = "Store of credentials copied",
    .severity = severity_high,
    .tactics = {"TA0006", "TA0010"},
    .techniques = {"T1003.003", "T1003.002", "T1048"},
    .entity = "the device that reads",
    .sees = "ntds.dit, or the hives SAM and SECURITY under System32\\config, opened or read over SMB, also "
            "through a snapshot; "
            "registry keys saved to a file over the remote registry: high for SAM and SECURITY, medium when "
            "the key's name was "
            "not seen.",
    .misses = "Copies under another name, sessions that are encrypted, and what runs on the computer itself.",
    .wrong_when = "A backup or forensic tool reads the files over an administrative share.",
    .checks =
        {
            "Who used the account, and is it allowed to back up that server?",
            "Was a shadow copy made on the server shortly before (events 8222, 7036 of VSS)?",
            "Which files were read after it, and where did they go?",
            "When it succeeded on a domain controller: all passwords of the domain are known. Reset krbtgt "
            "twice.",
        },
    .tuning = "Exclude backup servers by address.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_file_access | 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct store_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
