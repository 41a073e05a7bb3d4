/*
 * auth_seal - opens sealed messages with the keys that their conversation made.
 *
 * Internal to protocol-decode. Kerberos: RFC 4121 4.2.4 and RFC 4757 7.3, both also in the form that DCE/RPC
 * uses (MS-KILE 3.4.5.4.1: the message stays where it is, and the token holds what goes with it). NTLM:
 * MS-NLMP 3.4.4.2. Without a keyring, or without the conversation's keys, everything stays closed.
 */
#ifndef ORTHRUS_DECODE_AUTH_SEAL_H
#define ORTHRUS_DECODE_AUTH_SEAL_H

#include "services/protocol-decode/keyring.h"

/* A sealed message, and what its signature covers besides (MS-RPCE 3.3.1.5.2.2): both empty in SASL. */
struct auth_sealed {
    struct str head;
    struct str body;
    struct str tail;
    struct str token; /* beside the body, in RPC; of NTLM in SASL its 16 bytes */
};

/* RFC 4121 and RFC 4757, whole tokens as in SASL. token begins with its first byte. */
bool auth_seal_open_token(struct decode_out *out, struct id conversation, struct str token,
                          struct str *plain);
/* A body beside its token: RFC 4121 and 4757 in DCE style, NTLM. to_server: which of NTLM's two directions.
 */
bool auth_seal_open_beside(struct decode_out *out, struct id conversation, bool to_server,
                           const struct auth_sealed *sealed, struct str *plain);
/* Why a conversation's messages stay closed, or that they are opened; absent without keys. */
enum opening auth_seal_state(struct decode_out *out, struct id conversation);

/* auth_seal_rc4.c: the two that use RC4. plain has room for the body. */
bool auth_seal_open_4757(const struct keyring *keyring, struct arena *arena, const struct opener_key *key,
                         struct reader token, const struct auth_sealed *sealed, struct str *plain);
bool auth_seal_open_ntlm(const struct keyring *keyring, struct arena *arena,
                         struct keyring_conversation *conversation, bool to_server,
                         const struct auth_sealed *sealed, struct str *plain);

#endif
