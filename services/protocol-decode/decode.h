/*
 * decode - the protocol-decode core: frames in, observations out.
 *
 * A stage (common/stream/stage.h). In: `frame` and `watermark` records in the order of time. Out: `kerberos`,
 * `ntlm`, `smb`, `rpc`, `ldap`, `tls`, `http`, `rdp`, `flow` and `malformed` records, published under the
 * address of the client.
 */
#ifndef ORTHRUS_DECODE_DECODE_H
#define ORTHRUS_DECODE_DECODE_H

#include "common/base/opener.h"
#include "common/stream/stage.h"
#include "services/protocol-decode/tcp.h"

struct decode_options {
    uint32_t flows;          /* TCP flows at once */
    uint32_t pages;          /* of 2 KiB, for bytes that wait for what is missing before them */
    uint32_t pages_of_flow;  /* at most, per direction */
    uint32_t fragments;      /* datagrams being put together at once */
    uint32_t requests;       /* outstanding requests, per protocol */
    uint32_t sessions;       /* SMB sessions, trees and files, RPC connections: each */
    time_ns idle_timeout;    /* a flow without packets is over after this */
    time_ns gap_timeout;     /* a hole in a stream is given up after this */
    time_ns request_timeout; /* a request without an answer is told after this */
    enum overlap_policy overlap;
    uint32_t http_plain_exchanges; /* on a flow that has nothing else, after which it is given up; 0: never */
    bool all_smb;                  /* tell every SMB request, not only those that tell of identity */
    const struct opener *opener;   /* keys of the owner; borrowed; null: nothing sealed is opened */
    struct hash_key seed;          /* of the process: attackers choose what lands in tables */
    struct hash_key fingerprint_key; /* for what cannot be guessed: tickets, challenges, responses */
    struct hash_key secret_key;      /* of the deployment, or of the run: for what can be, as passwords */
};

/* What suits a capture of one domain controller on a laptop. */
struct decode_options decode_defaults(void);
enum err decode_create(struct stage *stage, const struct decode_options *options) MUST_CHECK;

/* The key by which frames are spread over slots: the unordered pair of the innermost addresses, so that both
 * directions of all flows between two hosts meet. None for what is not IP. */
struct id decode_route(uint16_t linktype, struct str frame);

#endif
