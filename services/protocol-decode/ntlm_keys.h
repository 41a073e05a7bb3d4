/*
 * ntlm_keys - the keys of an NTLM conversation from the account's NT hash (MS-NLMP 3.3.2, 3.4.5).
 *
 * Internal to protocol-decode. The NT hash is the account's RC4-HMAC key (RFC 4757 2), so a keytab holds it
 * as such. Nothing happens without a keyring.
 */
#ifndef ORTHRUS_DECODE_NTLM_KEYS_H
#define ORTHRUS_DECODE_NTLM_KEYS_H

#include "services/protocol-decode/keyring.h"

/* Each message as it comes; the AUTHENTICATE_MESSAGE makes the keys. What came of it. */
enum opening ntlm_keys_take(struct decode_out *out, struct id conversation, struct str message);

#endif
