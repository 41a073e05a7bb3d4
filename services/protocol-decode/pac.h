/*
 * pac - the Privilege Attribute Certificate of a ticket (MS-PAC), read into the fields of a ticket_part.
 *
 * Internal to protocol-decode; keeps nothing. Texts and lists live in the arena.
 */
#ifndef ORTHRUS_DECODE_PAC_H
#define ORTHRUS_DECODE_PAC_H

#include "services/protocol-decode/keyring.h"

enum {
    PAC_BUFFERS_MAX = 32,
    PAC_SIDS_MAX = 64,
    PAC_GROUPS_MAX = 512,
    PAC_SERVICES_MAX = 16,
    PAC_SUB_AUTHORITIES_MAX = 15, /* MS-DTYP 2.4.2 */
};

struct pac_fault {
    const char *reason; /* a literal; null: nothing was wrong */
    size_t offset;
};

/* What the PAC says; what is wrong first is noted, and the rest stands. */
void pac_read(struct arena *arena, struct str pac, struct ticket_part *part, struct pac_fault *fault);

/* Which signatures fit: the server's under the key that opened the ticket, the KDC's under those of krbtgt in
 * realm. */
void pac_check(const struct keyring *keyring, struct arena *arena, struct str pac,
               const struct opener_key *service, struct str realm, struct ticket_part *part);

/* pac_logon.c: KERB_VALIDATION_INFO (MS-PAC 2.5) and S4U_DELEGATION_INFO (2.9), which are NDR. */
bool pac_read_logon(struct arena *arena, struct reader r, struct ticket_part *part);
bool pac_read_delegation(struct arena *arena, struct reader r, struct ticket_part *part);

/* SID (MS-DTYP 2.4.2.2) as text, taken from the reader. */
struct str pac_sid(struct arena *arena, struct reader *r);
/* FILETIME; 0 for none, never, and what time_ns cannot hold. */
time_ns pac_time(struct reader *r);

#endif
