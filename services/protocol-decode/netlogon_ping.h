/*
 * netlogon_ping - what a domain controller answers to a ping (MS-ADTS 6.3.1), over LDAP or a mailslot.
 */
#ifndef ORTHRUS_DECODE_NETLOGON_PING_H
#define ORTHRUS_DECODE_NETLOGON_PING_H

#include "common/base/arena.h"
#include "common/base/base.h"

struct netlogon_ping {
    uint16_t opcode; /* MS-ADTS 6.3.1.3 */
    uint32_t flags;  /* MS-ADTS 6.3.1.2 */
    uint32_t version;
    uint8_t domain_guid[16];
    struct addr address;
    struct str forest;
    struct str dns_domain;
    struct str dns_host;
    struct str domain; /* NetBIOS names */
    struct str host;
    struct str user;
    struct str dc_site;
    struct str client_site;
    struct str next_site;
};

/* NETLOGON_SAM_LOGON_RESPONSE_EX, NETLOGON_SAM_LOGON_RESPONSE or NETLOGON_SAM_LOGON_RESPONSE_NT40. Texts live
 * in the arena. False when it is none of them, with the offset. */
bool netlogon_ping_parse(struct arena *arena, struct str bytes, struct netlogon_ping *ping, size_t *offset);

#endif
