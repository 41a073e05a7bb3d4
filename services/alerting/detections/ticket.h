/*
 * ticket - what detections of Kerberos share: options of a request, what a service asks in others' names, and
 * names of hosts.
 */
#ifndef ORTHRUS_ALERTING_TICKET_H
#define ORTHRUS_ALERTING_TICKET_H

#include "services/alerting/judge.h"

/* KDCOptions (RFC 4120 5.4.1, MS-SFU 2.2.3), bit 0 highest. */
enum {
    KDC_OPTION_FORWARDED = 0x20000000,
    KDC_OPTION_PROXY = 0x08000000,
    KDC_OPTION_CNAME_IN_ADDL_TKT = 0x00020000,
    KDC_OPTION_ENC_TKT_IN_SKEY = 0x00000008,
};

/* The exchange that the activity was made of; null when it is none of Kerberos. */
const struct kerberos *ticket_exchange(const struct activity *activity);
/* A service asks for a ticket to itself in somebody's name (MS-SFU 3.1.5.1.1). */
bool ticket_is_to_self(const struct activity *activity);
/* A service asks for a ticket to another service in the name that its evidence ticket bears
 * (MS-SFU 3.1.5.2.1). */
bool ticket_is_by_proxy(const struct activity *activity);
/* "krbtgt" or "krbtgt/REALM". */
bool ticket_is_for_granting(struct str service);

/* From its first authentication to its end, as an opened ticket says; 0: not opened. */
time_ns ticket_lifetime(const struct ticket_part *part);

/* "dc1" of "dc1.corp.example", "DC1$" and "cifs/dc1": borrowed. An address gives what stands before its dot,
 * which is nobody's name. */
struct str ticket_host_label(struct str name);
/* Do both name the same host, and is there a name at all? */
bool ticket_same_host(struct str a, struct str b);

#endif
