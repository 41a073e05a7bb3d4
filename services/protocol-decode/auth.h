/*
 * auth - security tokens inside other protocols: SPNEGO (RFC 4178), NTLM (MS-NLMP), Kerberos AP-REQ (RFC
 * 4121).
 *
 * A carrier (SMB session setup, RPC bind) hands over each token with the conversation it belongs to; the
 * module joins negotiate, challenge and authenticate, and emits one `ntlm` observation, or one `kerberos`
 * observation of message `ap`, when the carrier tells how it ended, or at its deadline when it never does.
 */
#ifndef ORTHRUS_DECODE_AUTH_H
#define ORTHRUS_DECODE_AUTH_H

#include "services/protocol-decode/place.h"

struct auth;

struct auth_options {
    uint32_t conversations; /* how many may be open at once */
    time_ns timeout;        /* a conversation without an end is told after this */
    struct hash_key seed;
};

enum err auth_create(struct auth **auth, const struct auth_options *options) MUST_CHECK;
void auth_free(struct auth *auth);
size_t auth_tables(struct auth *auth, struct table **tables);

/*
 * A token (SPNEGO NegTokenInit/NegTokenResp, raw NTLMSSP, or raw Kerberos GSS-API) of the conversation named
 * `conversation` (unique over all flows). carrier: what carries it. Tokens it cannot read are counted.
 */
void auth_token(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                enum transport carrier, struct str token);
/* Who authenticated so far in this conversation; false when nothing is known. */
bool auth_who(struct auth *auth, struct id conversation, struct who *who);
/* The carrier's verdict: emits the observation. final: nothing more will come in this conversation. */
void auth_result(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                 enum outcome outcome, uint32_t status, bool final);
/* Emits what is due before now, each with its own time. */
void auth_expire(struct auth *auth, struct decode_out *out, time_ns now);

#endif
