/*
 * kerberos_open - opens what Kerberos messages seal, with the keys of the keyring.
 *
 * Internal to protocol-decode. Without a keyring nothing happens here. Tickets open with the service's or
 * krbtgt's long-term key; authenticators and AP-REPs with the session keys in them; a KDC's own sealed part
 * with the client's long-term key, the session key or the subkey of the request (RFC 4120 7.5.1). What was
 * found is kept by the fingerprint of its ticket, and told with whatever exchange shows that ticket.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_OPEN_H
#define ORTHRUS_DECODE_KERBEROS_OPEN_H

#include "services/protocol-decode/keyring.h"

/* A whole message that kerberos_parse() has read. conversation: whose keys an AP exchange makes; none when
 * there is no such thing. */
void kerberos_open(struct decode_out *out, const struct place *place, struct id conversation,
                   struct str message);
/* Fills in what is known of the tickets that an observation names. */
void kerberos_open_tell(struct decode_out *out, struct kerberos *body);
/* The client of a ticket that was opened; false when it was not. Texts live in the arena. */
bool kerberos_open_client(struct decode_out *out, struct id ticket, struct str *cname, struct str *crealm);

#endif
