/*
 * netbios_datagram - the NetBIOS datagram service (RFC 1002 4.4) and what Windows says in it: announcements
 * and elections of browsers (MS-BRWS 2.2), and searches for a domain controller (MS-ADTS 6.3.1).
 *
 * Internal to protocol-decode. Each datagram is one `dns` observation without an answer.
 */
#ifndef ORTHRUS_DECODE_NETBIOS_DATAGRAM_H
#define ORTHRUS_DECODE_NETBIOS_DATAGRAM_H

#include "services/protocol-decode/place.h"

/* size is its length on the wire, message what was captured of it. */
void netbios_datagram(struct decode_out *out, const struct place *place, struct str message, uint32_t size);

#endif
