/*
 * dcsync - credentials asked from a domain controller by replication, by what is no domain controller.
 *
 * Sees: IDL_DRSGetNCChanges (MS-DRSR 4.1.10, opnum 3 of drsuapi) from a device that neither the owner vouches
 * for, nor the controller itself invited, nor was promoted shortly before; also when the arguments are
 * sealed, as they nearly always are, and when the bind was not captured but the order of calls is that of
 * drsuapi. Misses: replication inside an encrypted SMB session or over a path that is not captured; a device
 * whose address was taken over from a real controller; a domain administrator who first promotes his device
 * by IDL_DRSAddEntry (then domain-controller-added speaks). Decided by: the source device.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/replication.h"

struct dcsync_state {
    struct replication replication;
};

enum {
    CONFIDENCE_BOUND = 97,    /* the bind was seen: the operation is certain */
    CONFIDENCE_PROBABLE = 75, /* the interface is inferred from the order of calls */
    CONFIDENCE_PROMOTED = 30,
};

static void explain(struct judge *judge, struct finding *f, const struct activity *a, bool promoted)
{
    bool success = f->outcome == outcome_success;
    const char *account = judge_account(judge, &f->source);
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    finding_title(f,
                  success ? "Credentials replicated away from %s by %s (DCSync)"
                          : "Replication of credentials from %s tried by %s (DCSync)",
                  target, source);
    finding_text(
        f,
        "%s, working as %s, asked the domain controller %s to replicate directory data (IDL_DRSGetNCChanges, "
        "%s) and %s. Only domain controllers and a few known appliances do this; %s. %sWho receives this "
        "reply "
        "holds the password hashes of the accounts in it, with the hash of krbtgt those of the whole domain.",
        source, account, target, f->count == 1 ? "once" : judge_print(judge, "%u times", f->count),
        success                         ? "received objects"
        : f->outcome == outcome_failure ? "was refused or received nothing"
                                        : "it was not seen how that ended",
        promoted
            ? "this device was promoted to a controller shortly before, which its owner should confirm"
            : "this device is not one of those that are configured, and the controller did not invite it",
        a->probable
            ? "The bind was not captured: that the interface is DRSUAPI is inferred from the order of calls. "
            : "");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct dcsync_state *s = state;
    enum replication_verdict verdict = replication_judge(&s->replication, a, role, judge_now(judge));
    if (verdict != REPLICATION_FOREIGN && verdict != REPLICATION_PROMOTED)
        return;
    bool promoted = verdict == REPLICATION_PROMOTED;
    if (promoted && !judge_setting(judge, "tell-promoted"))
        return;
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    finding_set_account(&f->source, a);
    f->count++;
    enum outcome outcome = replication_outcome(a);
    if (f->outcome != outcome_success && outcome != outcome_unknown)
        f->outcome = (uint8_t)outcome;
    uint8_t severity = promoted ? severity_low : severity_high;
    if (f->count == 1 || severity > f->severity)
        f->severity = severity;
    uint8_t confidence = promoted      ? CONFIDENCE_PROMOTED
                         : a->probable ? CONFIDENCE_PROBABLE
                                       : CONFIDENCE_BOUND;
    if (confidence > f->confidence)
        f->confidence = confidence;
    if (a->naming_context.size > 0)
        finding_add_target(f, a->naming_context);
    judge_evidence(judge, f, a,
                   &(struct evidence_text){.field = "reply bytes",
                                           .value = judge_print(judge, "%u", a->response_bytes),
                                           .threshold = "400 when sealed",
                                           .decisive = outcome == outcome_success},
                   "IDL_DRSGetNCChanges over %.*s, %s%s", (int)a->carrier.size, a->carrier.at,
                   a->sealed ? "arguments sealed" : "arguments in clear",
                   a->probable ? ", interface inferred (0 IDL_DRSBind, then 3)" : "");
    explain(judge, f, a, promoted);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"tell-promoted", 0, 0, 1, "yes or no",
     "Also tells, at low severity, when a device that was promoted to a controller in the last 24 hours "
     "replicates. Off, "
     "because domain-controller-added tells of it."},
    {0},
};

const struct detection detection_dcsync = {
    .name = "dcsync",
    .external_id = "2006",
    .title = "Credentials replicated away (DCSync)",
    .severity = severity_high,
    .tactics = {"TA0006"},
    .techniques = {"T1003.006"},
    .entity = "the device that asks",
    .sees =
        "IDL_DRSGetNCChanges (opnum 3 of drsuapi) from a device that is no known domain controller or sync "
        "appliance, was not invited by the controller (IDL_DRSReplicaSync from it in the 24 hours before), "
        "and was not "
        "promoted in the last 24 hours. It needs no arguments, so it works on sealed RPC, and without the "
        "bind when "
        "the order of calls is that of drsuapi.",
    .misses = "Replication inside encrypted SMB or on a path that is not captured; a device that took over "
              "the address of "
              "a real controller; a domain administrator who promotes his device first.",
    .wrong_when =
        "A controller is not in the configuration and pulls without having been invited in the capture "
        "(scheduled replication), or a directory synchronisation product replicates passwords.",
    .checks =
        {
            "Is the source a domain controller or a directory synchronisation server? Then add it to the "
            "configuration.",
            "Who used the account at that time, and does it hold the replication rights "
            "(DS-Replication-Get-Changes-All)?",
            "Which objects were replicated: events 4662 with these rights on the controller.",
            "When it succeeded: reset krbtgt twice and the passwords of privileged accounts.",
        },
    .tuning = "Name controllers and synchronisation servers in the configuration under identity.devices; "
              "that exempts them by "
              "address.",
    .settings = settings,
    .roles = 1u << entity_role_source_device | 1u << entity_role_target_device,
    .kinds = 1u << activity_kind_rpc_call,
    .state_bytes = sizeof(struct dcsync_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
