/*
 * replication - whose word counts.
 */
#include "services/alerting/detections/replication.h"

enum {
    /* A partner stays on the controller's list until it is taken off; the standard schedule invites it every
       few hours. */
    INVITATION_H = 24,
    /* Promotion ends within hours; after a day the device is to be confirmed by its owner. */
    PROMOTION_H = 24,
    /* What a device asked for itself voids invitations for so long. */
    ASKED_ITSELF_D = 30,
    /*
     * A sealed reply shows only its size. DRS_MSG_GETCHGREPLY of any version without an object takes between
     * 140 and about 270 bytes with its return value (MS-DRSR 4.1.10.2.9 to 13: fixed fields, an empty prefix
     * table, the naming context's name); one with a single object of a few attributes takes more than 600.
     */
    EMPTY_REPLY_BYTES_MAX = 400,
    /*
     * DRS_MSG_ADDENTRYREPLY_V2 and V3 (MS-DRSR 4.1.1.1.5, 4.1.1.1.6) without an object take at most 64 bytes
     * with the return value, also in NDR64; each object that was added brings its GUID and SID, 44 bytes and
     * a count.
     */
    ADDED_REPLY_BYTES_MIN = 80,
};

static bool is_drsuapi(const struct activity *a)
{
    return str_equal(a->interface_name, STR("drsuapi"));
}

static bool was_answered(const struct activity *a)
{
    return a->outcome != outcome_failure && a->response_bytes > 0;
}

static void note_as_source(struct replication *s, const struct activity *a, time_ns now)
{
    /* A partner renews its place on the list as it pulls; who was not on it before puts itself there. */
    if (a->opnum == DRS_REPLICA_ADD || (a->opnum == DRS_UPDATE_REFS && s->invited == 0))
        s->asked_itself = now;
    if (a->opnum == DRS_ADD_ENTRY && was_answered(a) && a->response_bytes >= ADDED_REPLY_BYTES_MIN)
        s->promoted = now;
}

enum replication_verdict replication_judge(struct replication *s, const struct activity *a, uint8_t role,
                                           time_ns now)
{
    if (!is_drsuapi(a))
        return REPLICATION_NO_PULL;
    if (role == entity_role_target_device) {
        if (a->opnum == DRS_REPLICA_SYNC && was_answered(a)) {
            s->invited = now;
            s->invited_by = a->source;
        }
        return REPLICATION_NO_PULL;
    }
    note_as_source(s, a, now);
    if (a->opnum != DRS_GET_NC_CHANGES)
        return REPLICATION_NO_PULL;
    if (a->source_role == device_role_domain_controller || a->source_role == device_role_sync_appliance)
        return REPLICATION_VOUCHED;
    bool asked_itself = s->asked_itself != 0 && now - s->asked_itself < ASKED_ITSELF_D * TIME_NS_DAY;
    bool promoted = s->promoted != 0 && now - s->promoted < PROMOTION_H * TIME_NS_HOUR;
    bool invited = s->invited != 0 && now - s->invited < INVITATION_H * TIME_NS_HOUR &&
                   id_equal(s->invited_by, a->target);
    /* A controller under promotion asks to be put on the list as well: that is part of it. */
    if (promoted)
        return REPLICATION_PROMOTED;
    return invited && !asked_itself ? REPLICATION_INVITED : REPLICATION_FOREIGN;
}

enum outcome replication_outcome(const struct activity *a)
{
    if (a->outcome != outcome_unknown)
        return (enum outcome)a->outcome;
    if (a->response_bytes == 0)
        return outcome_unknown;
    return a->response_bytes > EMPTY_REPLY_BYTES_MAX ? outcome_success : outcome_failure;
}
