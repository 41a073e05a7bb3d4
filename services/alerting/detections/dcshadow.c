/*
 * dcshadow - a device that is no domain controller makes itself one for minutes, to push changes of its own
 * into the directory.
 *
 * Sees: IDL_DRSReplicaAdd (MS-DRSR 4.1.19) by what is no controller; then the controller that was asked
 * pulling from that very device, or IDL_DRSReplicaDel soon after; a controller's object that is made
 * (IDL_DRSAddEntry, or LDAP) and removed again within the hour; a replication or catalogue name
 * (MS-DRSR 2.2.3.2) written by LDAP to an object outside the domain controllers' unit. A promotion registers
 * itself as well, but is not removed, and its partner links to it by itself: that is
 * domain-controller-added's. Misses: what runs inside encrypted SMB, and a device configured as a controller.
 * Decided by: the device that is registered.
 */
#include "common/base/text.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/directory_write.h"
#include "services/alerting/detections/replication.h"

enum {
    DRS_REPLICA_DEL = 6,
    DRS_REMOVE_SERVER = 14,
    /* As replication.c: an answer with an object that was added. */
    ADDED_REPLY_BYTES_MIN = 80,
    CONFIDENCE_ADD = 60,
    CONFIDENCE_SHORT = 80,
    CONFIDENCE_NAME = 85,
    CONFIDENCE_PULLED = 97,
};

struct shadow_state {
    time_ns linked;      /* last IDL_DRSReplicaAdd of this device; 0: never */
    struct id linked_at; /* the controller that was asked */
    time_ns registered;  /* an object of a controller was made by this device */
};

static bool is_drsuapi(const struct activity *a)
{
    return a->kind == activity_kind_rpc_call && str_equal(a->interface_name, STR("drsuapi"));
}

static bool is_refused(const struct activity *a)
{
    return a->outcome == outcome_failure;
}

static bool starts_with(struct str text, const char *start)
{
    struct str wanted = str_of(start);
    return text.size >= wanted.size &&
           text_equal_nocase((struct str){.at = text.at, .size = wanted.size}, wanted);
}

/* An object below Servers of a site (MS-ADTS 6.1.1.2.2.1.2.1): the server, or its NTDS settings. */
static bool is_server_object(struct str dn)
{
    return directory_text_holds(dn, ",CN=Servers,") && directory_text_holds(dn, ",CN=Sites,");
}

static bool is_made(const struct activity *a)
{
    const struct ldap *l = directory_operation(a);
    return l && l->operation == ldap_operation_add && !is_refused(a) && is_server_object(a->object);
}

static bool is_removed(const struct activity *a)
{
    const struct ldap *l = directory_operation(a);
    return l && l->operation == ldap_operation_delete && !is_refused(a) && is_server_object(a->object);
}

/* The value that only a controller bears: its replication name, or that of the global catalogue. */
static struct str controller_name(const struct activity *a)
{
    const struct ldap_change *change = directory_written(a, "servicePrincipalName");
    if (!change || directory_text_holds(a->object, "OU=Domain Controllers,"))
        return (struct str){0};
    for (uint32_t i = 0; i < change->values.count; i++)
        if (starts_with(change->values.at[i], "E3514235-4B06-11D1-AB04-00C04FC2DCD2/") ||
            starts_with(change->values.at[i], "GC/"))
            return change->values.at[i];
    return (struct str){0};
}

static bool wants(const struct activity *a, uint8_t role)
{
    if (role == entity_role_target_device)
        return is_drsuapi(a) && a->opnum == DRS_GET_NC_CHANGES &&
               a->target_role != device_role_domain_controller;
    if (a->source_role == device_role_domain_controller)
        return false;
    if (is_drsuapi(a))
        return a->opnum == DRS_REPLICA_ADD || a->opnum == DRS_REPLICA_DEL || a->opnum == DRS_ADD_ENTRY ||
               a->opnum == DRS_REMOVE_SERVER;
    return is_made(a) || is_removed(a) || controller_name(a).size > 0;
}

static void tell(struct judge *judge, const struct activity *a, const struct act *act, const char *how)
{
    struct finding *f = judge_act(judge, a, act, "%s", how);
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool success = f->outcome == outcome_success;
    finding_title(f,
                  f->severity < severity_high ? "%s asked %s to replicate from another device"
                  : success                   ? "%s pushed changes into the directory of %s (DCShadow)"
                            : "%s registered itself as a domain controller at %s (DCShadow)",
                  source, target);
    finding_text(
        f,
        "%s, which is not configured as a domain controller, %s (%s). Who is taken for a controller can "
        "have any change replicated from him, such as group memberships, SID histories and access "
        "lists, without an event on a controller that names the change. %s",
        source, how, target,
        success ? "The controller pulled from it: what it took over stands in its replication "
                  "metadata with the invocation id of that device."
                : "It was not seen that the controller pulled from it.");
    judge_open(judge, f, a);
}

/* The same seen from the device that was pulled from: it is the one that this is about. */
static struct activity turned_round(const struct activity *a)
{
    struct activity turned = *a;
    turned.source = a->target;
    turned.source_ip = a->target_ip;
    turned.source_host = a->target_host;
    turned.source_host_by = a->target_host_by;
    turned.source_host_certainty = a->target_host_certainty;
    turned.source_role = a->target_role;
    turned.target = a->source;
    turned.target_ip = a->source_ip;
    turned.target_host = a->source_host;
    turned.target_host_by = a->source_host_by;
    turned.target_host_certainty = a->source_host_certainty;
    turned.target_role = a->source_role;
    /* The controller's own account, not that of the device. */
    turned.account_name = (struct str){0};
    return turned;
}

static bool is_within(struct judge *judge, time_ns then, const char *setting)
{
    return then != 0 && judge_now(judge) - then <= judge_setting(judge, setting) * TIME_NS_MIN;
}

static void on_pulled(struct judge *judge, const struct shadow_state *s, const struct activity *a)
{
    if (!is_within(judge, s->linked, "link-minutes") || !id_equal(s->linked_at, a->source))
        return;
    struct activity turned = turned_round(a);
    tell(judge, &turned,
         &(struct act){.severity = severity_high,
                       .confidence = CONFIDENCE_PULLED,
                       .outcome = (uint8_t)replication_outcome(a),
                       .evidence = {.field = "pulled from this device",
                                    .value = judge_print(judge, "%u bytes", a->response_bytes),
                                    .threshold = "never from what is no controller",
                                    .decisive = true}},
         "had itself added as a source of replication, and the controller then pulled from it");
}

static void on_link(struct judge *judge, struct shadow_state *s, const struct activity *a)
{
    if (!is_refused(a)) {
        s->linked = judge_now(judge);
        s->linked_at = a->target;
    }
    tell(judge, a,
         &(struct act){.severity = severity_medium,
                       .confidence = CONFIDENCE_ADD,
                       .outcome = is_refused(a) ? outcome_failure : outcome_unknown,
                       .evidence = {.field = "operation", .value = "IDL_DRSReplicaAdd", .decisive = true}},
         "asked a controller to add a source of replication");
}

static void on_short(struct judge *judge, const struct activity *a, const char *how)
{
    tell(judge, a,
         &(struct act){.severity = severity_high,
                       .confidence = CONFIDENCE_SHORT,
                       .outcome = outcome_unknown,
                       .evidence = {.field = "taken back within",
                                    .value = judge_print(judge, "%lld min or sooner",
                                                         (long long)judge_setting(judge, "short-minutes")),
                                    .threshold = "controllers stay for years",
                                    .decisive = true}},
         how);
}

static void on_name(struct judge *judge, const struct activity *a)
{
    struct str name = controller_name(a);
    tell(judge, a,
         &(struct act){.severity = severity_high,
                       .confidence = CONFIDENCE_NAME,
                       .outcome = is_refused(a) ? outcome_failure : outcome_unknown,
                       .target = a->object,
                       .evidence = {.field = "servicePrincipalName",
                                    .value = judge_print(judge, "%.*s", (int)name.size, name.at),
                                    .threshold = "only of domain controllers",
                                    .decisive = true}},
         "wrote a service name that only domain controllers bear to an object that is none");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct shadow_state *s = state;
    bool drs = is_drsuapi(a);
    if (role == entity_role_target_device)
        on_pulled(judge, s, a);
    else if (drs && a->opnum == DRS_REPLICA_ADD)
        on_link(judge, s, a);
    else if (drs && a->opnum == DRS_REPLICA_DEL && is_within(judge, s->linked, "short-minutes"))
        on_short(judge, a, "had a source of replication added and removed again");
    else if ((drs && a->opnum == DRS_ADD_ENTRY && !is_refused(a) &&
              a->response_bytes >= ADDED_REPLY_BYTES_MIN) ||
             is_made(a))
        s->registered = judge_now(judge);
    else if (((drs && a->opnum == DRS_REMOVE_SERVER) || is_removed(a)) &&
             is_within(judge, s->registered, "short-minutes"))
        on_short(judge, a, "had the object of a controller made and removed again");
    else if (!drs && controller_name(a).size > 0)
        on_name(judge, a);
}

static const struct detection_setting settings[] = {
    {"link-minutes", 60, 1, 10080, "minutes",
     "A controller that pulls so long after the device had itself added does so because of it."},
    {"short-minutes", 60, 1, 1440, "minutes",
     "What is registered and removed within so long was not meant to stay."},
    {0},
};

const struct detection detection_dcshadow = {
    .name = "dcshadow",
    .external_id = "2028",
    .title = "Changes pushed by a false domain controller (DCShadow)",
    .severity = severity_high,
    .tactics = {"TA0005"},
    .techniques = {"T1207"},
    .entity = "the device that is registered",
    .sees =
        "IDL_DRSReplicaAdd by a device that is not configured as a controller (medium); with it the "
        "controller pulling from that device, or IDL_DRSReplicaDel soon after (high); the object of a "
        "controller made and removed within the hour; a replication or global catalogue name written by LDAP "
        "to an object outside the domain controllers' unit. The calls need no arguments, so that sealed ones "
        "count.",
    .misses =
        "Calls inside encrypted SMB, names written inside encrypted LDAP, and pushes from a device that is "
        "configured as a controller.",
    .wrong_when =
        "An administrator links controllers by hand from his workstation (repadmin /add: medium), or a "
        "promotion fails and cleans up after itself.",
    .checks =
        {
            "Is the device a domain controller, or was it being promoted? Then name it in the configuration.",
            "Which objects did the controllers take from it: repadmin /showobjmeta for the sensitive ones, "
            "with "
            "an originating invocation id that belongs to no controller.",
            "Events 5137 and 5141 of objects below Servers, and 4742 with a name that begins with GC/.",
            "Who used the device, and does he hold rights over the configuration partition?",
        },
    .tuning = "Name every controller in the configuration under identity.devices.",
    .settings = settings,
    .roles = 1u << entity_role_source_device | 1u << entity_role_target_device,
    .kinds = 1u << activity_kind_rpc_call | 1u << activity_kind_directory_change,
    .wants = wants,
    .state_bytes = sizeof(struct shadow_state),
    .states = 65536,
    .state_layout = 1,
    .observe = observe,
};
