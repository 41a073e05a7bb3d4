/*
 * auth_wrap - messages protected by what a conversation negotiated: per-message tokens of GSS-API and NTLM.
 *
 * Kerberos: Wrap tokens of RFC 4121 4.2.6.2, and those of RFC 1964 1.2.2 as RFC 4757 7 uses them. NTLM: the
 * signature of MS-NLMP 2.2.2.9 with the message behind it, as in SASL.
 */
#ifndef ORTHRUS_DECODE_AUTH_WRAP_H
#define ORTHRUS_DECODE_AUTH_WRAP_H

#include "services/protocol-decode/auth.h"

enum auth_opened {
    AUTH_SEALED, /* it stays closed */
    AUTH_OPENED, /* it was encrypted; plain lies in the batch's arena */
    AUTH_CLEAR,  /* it was only signed; plain borrows from token, or lies in the arena */
};

/*
 * The message in a token of the conversation, which auth_token() saw begin. The caller has taken off what its
 * own protocol puts before a token (the length of SASL, RFC 4422 3.7). A damaged token is told as malformed
 * and stays sealed; so does one of a mechanism that is not read, and an NTLM message whose conversation was
 * not seen, as nothing in it says whether it is encrypted.
 */
enum auth_opened auth_unwrap(struct auth *auth, struct decode_out *out, const struct place *place,
                             struct id conversation, struct str token, struct str *plain);

/* Does this begin as a per-message token of Kerberos (Wrap or MIC), not as one that opens a conversation? */
bool auth_is_wrap(struct str token);

#endif
