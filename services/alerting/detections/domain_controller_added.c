/*
 * domain-controller-added - a device replicates as a domain controller should, and nobody has confirmed it as
 * one.
 *
 * Sees: IDL_DRSGetNCChanges by a device that the controller itself invited to pull (IDL_DRSReplicaSync), or
 * that was promoted shortly before (IDL_DRSAddEntry answered). Misses: a controller whose invitation or
 * promotion was not captured; that is a dcsync until it is configured. Decided by: the device.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/replication.h"

struct added_state {
    struct replication replication;
};

enum {
    CONFIDENCE = 80,
};

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct added_state *s = state;
    enum replication_verdict verdict = replication_judge(&s->replication, a, role, judge_now(judge));
    if (verdict != REPLICATION_INVITED && verdict != REPLICATION_PROMOTED)
        return;
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    finding_set_account(&f->source, a);
    f->count++;
    f->confidence = CONFIDENCE;
    if (f->outcome != outcome_success)
        f->outcome = (uint8_t)replication_outcome(a);
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool promoted = verdict == REPLICATION_PROMOTED;
    /* The machine account, where the device has proved its key: that is who is to be confirmed. */
    if (a->source_host_by == resolved_by_kerberos_machine_account)
        finding_add_target(f,
                           str_of(judge_print(judge, "%.*s$", (int)a->source_host.size, a->source_host.at)));
    finding_title(f, "%s replicates with %s as a domain controller: to be confirmed", source, target);
    finding_text(f,
                 "%s pulled directory changes from %s as a domain controller does: %s. That is how a "
                 "controller should "
                 "behave, and it earns no exemption by itself. Confirm the device by naming it in the "
                 "configuration; if it is "
                 "not yours, treat this as DCSync.",
                 source, target,
                 promoted ? "it was promoted shortly before (IDL_DRSAddEntry was answered)"
                          : "the controller invited it to (IDL_DRSReplicaSync in the 24 hours before)");
    judge_evidence(
        judge, f, a,
        &(struct evidence_text){.field = "reply bytes", .value = judge_print(judge, "%u", a->response_bytes)},
        "IDL_DRSGetNCChanges %s", promoted ? "after promotion" : "on invitation");
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {0},
};

const struct detection detection_domain_controller_added = {
    .name = "domain-controller-added",
    .external_id = "",
    .title = "A domain controller to be confirmed",
    .severity = severity_low,
    .tactics = {NULL},
    .techniques = {NULL},
    .entity = "the device that replicates",
    .sees = "IDL_DRSGetNCChanges by a device that is not configured as a controller, but that the other "
            "controller invited to "
            "pull or that was promoted in the last 24 hours.",
    .misses = "Controllers whose invitation or promotion was not captured.",
    .wrong_when = "An attacker with the rights of a domain administrator promotes his own device.",
    .checks =
        {
            "Was a domain controller added by your administrators at that time?",
            "Does the device stand in the Domain Controllers unit of the directory?",
        },
    .tuning = "Name the device in the configuration under identity.devices with the role domain_controller.",
    .settings = settings,
    .roles = 1u << entity_role_source_device | 1u << entity_role_target_device,
    .kinds = 1u << activity_kind_rpc_call,
    .state_bytes = sizeof(struct added_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
