/*
 * dpapi-backup-key-request - the domain's key to everybody's stored secrets is asked for.
 *
 * Sees: LsarOpenSecret, LsarQuerySecret and LsarRetrievePrivateData (MS-LSAD 3.1.4.6) of G$BCKUPKEY_*, under
 * which a domain controller keeps the private keys of MS-BKRP 3.1.1: who has them opens the DPAPI secrets of
 * every user of the domain, for ever, because the key never changes. Sealed reads of secrets are told at low
 * severity. The BackupKey protocol itself gives nobody that key; clients use it when a password was changed,
 * so that its first use by a device is told at low severity and no more. Misses: what runs on the controller
 * itself; replication of the secret object (dcsync). Decided by: the device that asks.
 */
#include "common/base/text.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"

enum {
    CONFIDENCE_NAMED = 97,
    CONFIDENCE_SEALED = 30,
    CONFIDENCE_PROTOCOL = 15,
    LSAR_OPEN_SECRET = 28,
    LSAR_QUERY_SECRET = 30,
    LSAR_RETRIEVE_PRIVATE_DATA = 43,
};

/* Plain bytes. */
struct backup_state {
    struct id server; /* where the secret was opened last */
    time_ns opened;
    time_ns asked; /* by the BackupKey protocol, first */
};

#define QUERY_WITHIN (5 * TIME_NS_MIN)

static bool is_backup_key(struct str name)
{
    struct str prefix = STR("G$BCKUPKEY_");
    return name.size >= prefix.size &&
           text_equal_nocase((struct str){.at = name.at, .size = prefix.size}, prefix);
}

static struct str secret_of(const struct activity *a)
{
    return argument_text(a, a->opnum == LSAR_OPEN_SECRET ? "SecretName" : "KeyName");
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (str_equal(a->interface_name, STR("BackupKey")))
        return true;
    if (!str_equal(a->interface_name, STR("lsarpc")))
        return false;
    return a->opnum == LSAR_QUERY_SECRET || (a->opnum == LSAR_RETRIEVE_PRIVATE_DATA && a->sealed) ||
           ((a->opnum == LSAR_OPEN_SECRET || a->opnum == LSAR_RETRIEVE_PRIVATE_DATA) &&
            is_backup_key(secret_of(a)));
}

static void explain(struct judge *judge, struct finding *f)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool named = f->severity == severity_high, sealed = f->confidence == CONFIDENCE_SEALED;
    finding_title(f,
                  named    ? "DPAPI backup key of the domain asked for by %s on %s"
                  : sealed ? "Secret read by %s on %s, its name sealed"
                           : "BackupKey protocol used by %s on %s for the first time",
                  source, target);
    finding_text(
        f, "%s, working as %s, asked %s %s. %s", source, judge_account(judge, &f->source), target,
        named    ? "for the secret that holds the DPAPI backup key of the domain"
        : sealed ? "for the value of an LSA secret whose name could not be read"
                 : "to wrap or unwrap a master key with the backup key of the domain (BackuprKey)",
        named ? "With it the stored passwords, certificates and browser secrets of every user of the domain "
                "can be "
                "opened, for ever: the key is made once and never changed. No client and no controller asks "
                "for "
                "it over the network."
        : sealed
            ? "The DPAPI backup key of the domain is read so; so are few other things."
            : "Clients do so when a password was changed elsewhere, and a thief does so with the master key "
              "of a user whose account he has.");
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act)
{
    struct finding *f = judge_act(judge, a, act, "%.*s.%.*s", (int)a->interface_name.size,
                                  a->interface_name.at, (int)a->operation.size, a->operation.at);
    explain(judge, f);
    judge_open(judge, f, a);
}

static void note_protocol(struct judge *judge, struct backup_state *s, const struct activity *a)
{
    if (s->asked != 0)
        return;
    s->asked = judge_now(judge);
    struct str action = argument_text(a, "pguidActionAgent.name");
    /* The public key is for everybody. */
    if (str_equal(action, STR("BACKUPKEY_RETRIEVE_BACKUP_KEY_GUID")))
        return;
    tell(judge, a,
         &(struct act){.severity = severity_low,
                       .confidence = CONFIDENCE_PROTOCOL,
                       .outcome = a->outcome,
                       .evidence = {.field = "action",
                                    .value = action.size > 0
                                                 ? judge_print(judge, "%.*s", (int)action.size, action.at)
                                                 : "sealed",
                                    .threshold = "the first time by this device"}});
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct backup_state *s = state;
    (void)role;
    time_ns now = judge_now(judge);
    if (str_equal(a->interface_name, STR("BackupKey"))) {
        note_protocol(judge, s, a);
        return;
    }
    struct str name = secret_of(a);
    bool after = a->opnum == LSAR_QUERY_SECRET && s->opened != 0 && id_equal(s->server, a->target) &&
                 now - s->opened <= QUERY_WITHIN;
    if (is_backup_key(name) && a->opnum == LSAR_OPEN_SECRET) {
        s->server = a->target;
        s->opened = now;
    }
    if (!is_backup_key(name) && !after && !a->sealed)
        return; /* another secret */
    bool known = is_backup_key(name) || after;
    /* A handle is no key yet: opening it succeeded only in part. */
    bool opened_only = a->opnum == LSAR_OPEN_SECRET && a->outcome == outcome_success;
    tell(judge, a,
         &(struct act){.severity = known ? severity_high : severity_low,
                       .confidence = known ? CONFIDENCE_NAMED : CONFIDENCE_SEALED,
                       .outcome = opened_only ? (uint8_t)outcome_unknown : a->outcome,
                       .target = name,
                       .evidence = {.field = "secret",
                                    .value = after   ? "the one opened before"
                                             : known ? judge_print(judge, "%.*s", (int)name.size, name.at)
                                                     : "sealed",
                                    .threshold = "G$BCKUPKEY_*",
                                    .decisive = known}});
}

static const struct detection_setting settings[] = {{0}};

const struct detection detection_dpapi_backup_key_request = {
    .name = "dpapi-backup-key-request",
    .external_id = "2020",
    .title = "DPAPI backup key requested",
    .severity = severity_high,
    .tactics = {"TA0006"},
    .techniques = {"T1555", "T1003.004"},
    .entity = "the device that asks",
    .sees = "LSARPC calls that open, query or retrieve a secret G$BCKUPKEY_*: high. Sealed reads of secrets, "
            "and the first use "
            "of the BackupKey protocol by a device: low.",
    .misses = "Reads inside an encrypted SMB session, and what runs on the controller itself.",
    .wrong_when = "At high severity: hardly ever. The BackupKey protocol is ordinary when a user's password "
                  "was set anew or a "
                  "profile moved.",
    .checks =
        {
            "Who used the account on the source then, and does it hold domain administration?",
            "Event 4662 on the controller names the read of the secret object.",
            "When it succeeded: the key cannot be changed. Secrets protected by DPAPI must be taken as "
            "known, and be "
            "renewed.",
        },
    .tuning = "Exclude devices that restore profiles, for the low findings of the BackupKey protocol.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call,
    .wants = wants,
    .state_bytes = sizeof(struct backup_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
