/*
 * rpc_world - an RPC module with what it writes to, PDUs made field by field, and an auth that only listens.
 */
#ifndef ORTHRUS_TEST_RPC_WORLD_H
#define ORTHRUS_TEST_RPC_WORLD_H

#include "common/base/writer.h"
#include "services/protocol-decode/rpc.h"
#include "services/protocol-decode/rpc_pdu.h"

enum {
    RPC_WORLD_TOKENS = 16,
};

/* What the module told auth. */
struct rpc_world_auth {
    struct id conversation[RPC_WORLD_TOKENS];
    uint32_t size[RPC_WORLD_TOKENS];
    uint32_t tokens;
    uint32_t results;
    enum outcome outcome;
    uint32_t status;
    struct who who;
    bool known;
};

struct rpc_world {
    struct rpc_module *module;
    struct table *files;
    struct batch batch;
    struct decode_out out;
    struct place place;
};

extern struct rpc_world_auth rpc_world_auth;

void rpc_world_open(struct rpc_world *w);
void rpc_world_close(struct rpc_world *w);
/* One PDU over TCP, one second and one frame after the last. */
void rpc_world_send(struct rpc_world *w, const struct writer *pdu);
/* The only observation since the last look, or one of several; forgets none. */
const struct rpc *rpc_world_one(const struct rpc_world *w);
const struct rpc *rpc_world_at(const struct rpc_world *w, uint32_t index);
uint32_t rpc_world_count(const struct rpc_world *w);
/* Forgets what was observed. */
void rpc_world_forget(struct rpc_world *w);

/* PDUs. The header's lengths are set by pdu_end(). */
struct pdu {
    struct writer w;
    bool big_endian;
};

void pdu_begin(struct pdu *p, uint8_t type, uint8_t flags, uint32_t call_id);
void pdu_u16(struct pdu *p, uint16_t v);
void pdu_u32(struct pdu *p, uint32_t v);
void pdu_uuid(struct pdu *p, const uint8_t uuid[16]);
/* Pads to 4, writes the trailer and the token. */
void pdu_auth(struct pdu *p, uint8_t type, uint8_t level, uint32_t context, uint32_t token_bytes);
void pdu_end(struct pdu *p);
void pdu_close(struct pdu *p);

/* Whole PDUs, sent. token_bytes 0: without a trailer. */
void send_request(struct rpc_world *w, uint32_t call_id, uint16_t opnum, uint32_t stub_bytes);
void send_response(struct rpc_world *w, uint32_t call_id, uint32_t stub_bytes, uint32_t return_code);
void send_fault(struct rpc_world *w, uint32_t call_id, uint32_t status);
void send_sealed_request(struct rpc_world *w, uint32_t call_id, uint16_t opnum, uint32_t stub_bytes);
void send_sealed_response(struct rpc_world *w, uint32_t call_id, uint32_t stub_bytes);
void send_bind(struct rpc_world *w, const uint8_t uuid[16], uint16_t major, uint32_t token_bytes);
void send_bind_ack(struct rpc_world *w, uint32_t token_bytes);
/* One that accepts this transfer syntax. */
void send_bind_ack_of(struct rpc_world *w, const uint8_t syntax[16]);

extern const uint8_t drsuapi_uuid[16];
extern const uint8_t svcctl_uuid[16];
extern const uint8_t ndr_uuid[16];
extern const uint8_t ndr64_uuid[16];
extern const uint8_t features_uuid[16];

#endif
