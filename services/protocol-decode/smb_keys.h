/*
 * smb_keys - the keys that encrypt SMB 3 sessions, made from the keys of their authentication
 * (MS-SMB2 3.1.4.2).
 *
 * Internal to smb; nothing happens without a keyring. What a negotiation and a session setup exchange in
 * clear is followed for the dialect, the cipher and the preauthentication integrity hash (3.1.4.4.1).
 */
#ifndef ORTHRUS_DECODE_SMB_KEYS_H
#define ORTHRUS_DECODE_SMB_KEYS_H

#include "services/protocol-decode/smb_state.h"

/* Each message in clear, from its SMB 2 header on, before it is read. */
void smb_keys_see(struct smb_context *c, struct str message);
/* A session whose authentication has succeeded. */
void smb_keys_agree(struct smb_context *c, uint64_t session_id, struct id conversation);
/* The plain message of an encrypted one, which begins with its transform header; false when it stays closed.
 */
bool smb_keys_open(struct smb_context *c, struct str sealed, struct str *plain);
/* Why a session's messages stay closed, or that they are opened: enum opening; absent without keys. */
uint8_t smb_keys_state(struct smb_context *c, uint64_t session_id);

#endif
