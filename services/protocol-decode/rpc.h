/*
 * rpc - connection-oriented DCE/RPC (C706 chapter 12, MS-RPCE) over TCP, named pipes and HTTP.
 *
 * Keeps per connection (a TCP flow, or an open pipe) its presentation contexts, its authentication, the
 * fragments of what is under way and the outstanding calls; emits one `rpc` observation per bind and per
 * call. A context whose bind was not captured is recognised by what its client asked the endpoint mapper for,
 * or by its order of calls, and marked probable. Connectionless RPC (C706 chapter 12.5) is not read.
 */
#ifndef ORTHRUS_DECODE_RPC_H
#define ORTHRUS_DECODE_RPC_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/place.h"

struct rpc_module;

struct rpc_options {
    uint32_t connections;
    uint32_t calls;
    time_ns timeout; /* a call without an answer is told after this */
    struct hash_key seed;
};

enum err rpc_create(struct rpc_module **module, const struct rpc_options *options,
                    struct auth *auth) MUST_CHECK;
void rpc_free(struct rpc_module *module);
size_t rpc_tables(struct rpc_module *module, struct table **tables);

/* One PDU by its common header (C706 12.6.3.1). */
struct framing rpc_frame(struct str bytes);
bool rpc_probe(struct str bytes);
/* A whole PDU over TCP, or the text that opens a channel of RPC over HTTP. */
void rpc_message(struct rpc_module *module, struct decode_out *out, const struct place *place,
                 struct str pdu);
/*
 * Bytes of one direction of an open pipe, cut as the carrier cut them: reassembled to PDUs here. pipe names
 * the open file (unique over all flows), name is the pipe's name, who is the SMB session's owner (may be
 * null).
 */
void rpc_pipe_bytes(struct rpc_module *module, struct decode_out *out, const struct place *place,
                    struct id pipe, struct str name, const struct who *who, struct str bytes);
/*
 * Bytes of one direction of an HTTP connection behind the head of a RPC_IN_DATA or RPC_OUT_DATA request or of
 * the answer to one (MS-RPCH 2.1.2.1), without the framing of HTTP, cut as they came. who opened the HTTP
 * connection, may be null. The flow's end is told by rpc_end().
 */
void rpc_http_bytes(struct rpc_module *module, struct decode_out *out, const struct place *place,
                    const struct who *who, struct str bytes);
/* The pipe was closed. */
void rpc_pipe_end(struct rpc_module *module, struct decode_out *out, const struct place *place,
                  struct id pipe);
void rpc_end(struct rpc_module *module, struct decode_out *out, const struct place *place);
void rpc_expire(struct rpc_module *module, struct decode_out *out, time_ns now);

/* Did an endpoint mapper say that RPC is served at this port? */
bool rpc_is_endpoint(const struct rpc_module *module, const struct addr *server, uint16_t port);

/* Interfaces and operations by name, from the specifications. */
struct rpc_interface {
    uint8_t uuid[16]; /* as on the wire, little-endian form */
    uint16_t major;
    const char *name;
    const char *const *operations; /* by opnum; null where the specification reserves it */
    uint16_t operation_count;
};

const struct rpc_interface *rpc_interface_find(const uint8_t uuid[16], uint16_t major);
/* All of them, null past the last: for those who list them. */
const struct rpc_interface *rpc_interface_at(size_t index);
const char *rpc_operation_name(const struct rpc_interface *interface, uint16_t opnum);

#endif
