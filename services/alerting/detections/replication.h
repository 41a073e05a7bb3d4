/*
 * replication - what dcsync and domain-controller-added both need: is this pull one of a domain controller?
 *
 * A client chooses the form of its calls, so nothing that it says of itself counts. What counts is said by
 * the other side: a controller that sends IDL_DRSReplicaSync to a device invites it to pull (MS-DRSR 4.1.23),
 * because the device stands in its list of partners; and a controller that answers IDL_DRSAddEntry
 * (MS-DRSR 4.1.1) has let the device be promoted by who was allowed to. A device that puts itself on the list
 * before it was ever invited (IDL_DRSUpdateRefs, IDL_DRSReplicaAdd) invites itself, and that counts for
 * nothing.
 */
#ifndef ORTHRUS_ALERTING_REPLICATION_H
#define ORTHRUS_ALERTING_REPLICATION_H

#include "services/alerting/judge.h"

enum {
    DRS_REPLICA_SYNC = 2,
    DRS_GET_NC_CHANGES = 3,
    DRS_UPDATE_REFS = 4,
    DRS_REPLICA_ADD = 5,
    DRS_ADD_ENTRY = 17,
};

/* Plain bytes: begins the state of both detections. */
struct replication {
    time_ns invited;      /* last IDL_DRSReplicaSync to this device, 0 for never */
    struct id invited_by; /* device */
    time_ns promoted;     /* last answered IDL_DRSAddEntry of this device */
    time_ns asked_itself; /* last time this device put itself on a list uninvited */
};

enum replication_verdict {
    REPLICATION_NO_PULL,  /* the activity is no GetNCChanges by this device */
    REPLICATION_VOUCHED,  /* the owner says it is a controller or a sync appliance */
    REPLICATION_INVITED,  /* the controller asked it to pull */
    REPLICATION_PROMOTED, /* it was promoted shortly before */
    REPLICATION_FOREIGN,  /* nothing speaks for it */
};

/* Takes an activity under either role and says what it is. */
enum replication_verdict replication_judge(struct replication *state, const struct activity *activity,
                                           uint8_t role, time_ns now);
/* How the pull ended, also when its arguments were sealed. */
enum outcome replication_outcome(const struct activity *activity);

#endif
