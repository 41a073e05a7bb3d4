/*
 * smb - SMB 2 and 3 over TCP 445 and 139 (MS-SMB2), and the framing of SMB 1 that leads to it.
 *
 * Keeps sessions, trees, open files and outstanding requests; hands security tokens to auth and the bytes of
 * named pipes to rpc; emits one `smb` observation for each request with its answer.
 */
#ifndef ORTHRUS_DECODE_SMB_H
#define ORTHRUS_DECODE_SMB_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/place.h"
#include "services/protocol-decode/rpc.h"

struct smb_module;

struct smb_options {
    uint32_t sessions;
    uint32_t trees;
    uint32_t files;
    uint32_t requests;
    time_ns timeout; /* a request without a reply is told after this */
    bool all; /* emit every command; else reads, writes and what tells nothing of identity are only counted */
    struct hash_key seed;
};

enum err smb_create(struct smb_module **module, const struct smb_options *options, struct auth *auth,
                    struct rpc_module *rpc) MUST_CHECK;
void smb_free(struct smb_module *module);
size_t smb_tables(struct smb_module *module, struct table **tables);

/* Each message has the 4 bytes of RFC 1002 4.3.1 before it, which are part of the message here. Of a large
 * read or write that is not on a pipe only the headers are wanted. */
struct framing smb_frame(struct str bytes);
bool smb_probe(struct str bytes);
/* A message with its 4 bytes; size is its whole length, message may hold only the wanted first part. */
void smb_message(struct smb_module *module, struct decode_out *out, const struct place *place,
                 struct str message, uint32_t size);
/* Bytes of one direction were lost: what was outstanding there may never be answered. */
void smb_lost(struct smb_module *module, struct decode_out *out, const struct place *place);
void smb_end(struct smb_module *module, struct decode_out *out, const struct place *place);
void smb_expire(struct smb_module *module, struct decode_out *out, time_ns now);

#endif
