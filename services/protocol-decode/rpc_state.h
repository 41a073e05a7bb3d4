/*
 * rpc_state - what the RPC module remembers between PDUs, and the functions by which its files work together.
 *
 * Internal to rpc*.c. All values are plain bytes that stand in tables as they are; padding is zero, because
 * an entry is zeroed when made and its fields are set one by one.
 */
#ifndef ORTHRUS_DECODE_RPC_STATE_H
#define ORTHRUS_DECODE_RPC_STATE_H

#include "common/base/text.h"
#include "services/protocol-decode/rpc.h"
#include "services/protocol-decode/rpc_pdu.h"

enum {
    RPC_LIST_MAX = 64, /* calls, binds, contexts and sessions that one connection may have at once */
    RPC_PIPE_NAME_BYTES = 64,
    RPC_CHUNK_BYTES = 512, /* of a stub whose arguments are read */
    RPC_RULES_MAX = 8,     /* rules of rpc_infer.c */
};

/* Keys: what belongs to a connection, by number. */
struct rpc_key {
    struct id connection;
    uint32_t number; /* context id, call id, or auth context id */
    uint32_t part;   /* sessions: enum rpc_session_of; else 0 */
};

/* Numbers in the order in which they came. */
struct rpc_list {
    uint32_t count;
    uint32_t number[RPC_LIST_MAX];
};

/* One direction of a pipe: how much of the PDU under way is kept in pages. */
struct rpc_half {
    uint32_t have;
    uint32_t want;   /* its length, or that of the common header while the length is not known */
    bool whole_seen; /* a PDU was read in this direction */
    bool lost;       /* bytes were skipped because no PDU begins with them */
};

/* A TCP flow or an open pipe. Key: its id. */
struct rpc_connection {
    char pipe[RPC_PIPE_NAME_BYTES]; /* UTF-8, ends in NUL */
    struct rpc_list calls;
    struct rpc_list binds;
    struct rpc_list contexts;
    struct rpc_list sessions;
    struct rpc_half half[2]; /* by direction: [0] to the client, [1] to the server */
    uint32_t session_latest; /* auth context id of the last security context that was opened */
    uint32_t channels;       /* of RPC over HTTP that are open */
    bool is_pipe;
    bool bound;         /* its bind was seen */
    bool carrier_known; /* the carrier's owner is in the sessions */
};

/* Which security context a session entry describes. */
enum rpc_session_of {
    RPC_SESSION_RPC,     /* one of the connection's own, by auth context id */
    RPC_SESSION_CARRIER, /* the SMB session under the pipe, or what opened the HTTP connection */
};

/* Who stands behind a security context. Key: connection, auth context id, enum rpc_session_of. */
struct rpc_session {
    struct who who;
    bool known;    /* who is filled in */
    bool open;     /* a token was seen, no verdict yet */
    bool accepted; /* the server has answered the bind */
    uint8_t type;  /* auth_type */
};

enum rpc_context_state {
    RPC_CONTEXT_UNKNOWN, /* its bind was not seen */
    RPC_CONTEXT_OFFERED,
    RPC_CONTEXT_ACCEPTED,
    RPC_CONTEXT_PROBABLE, /* recognised by its calls */
    RPC_CONTEXT_MAPPED,   /* what the client had asked the endpoint mapper for; its calls may refute it */
};

/* A presentation context. Key: connection, context id. */
struct rpc_context {
    uint8_t uuid[16];
    uint16_t major;
    uint16_t minor;
    uint8_t state; /* enum rpc_context_state */
    bool ndr64;
    uint8_t refuted;                 /* rules that cannot be, as bits */
    bool begun;                      /* a call was seen */
    uint8_t progress[RPC_RULES_MAX]; /* how far each rule has come */
};

/* A bind or alter_context that waits for its answer. Key: connection, call id. */
struct rpc_bind {
    struct place place;
    struct rpc_offers offers;
    uint32_t auth_context;
    uint8_t auth_type;
    uint8_t auth_level;
    uint8_t message; /* enum rpc_message */
    bool has_session;
    bool header_signing; /* the client asks for it */
};

/* How much of a direction's stub is kept. */
struct rpc_kept {
    uint32_t bytes; /* in chunks */
    uint32_t seen;  /* that have come, in clear */
    bool begun;     /* its first fragment was seen, and its arguments are read */
    bool ended;     /* so was its last */
    bool big_endian;
    uint8_t zero;
};

/* A call under way. Key: connection, call id. */
struct rpc_call {
    struct place place; /* of the request's last PDU, or of the reply's first when no request was seen */
    uint64_t reply_frame;
    time_ns reply_time;
    time_ns touched; /* the last PDU of this call */
    uint32_t request_bytes;
    uint32_t response_bytes;
    uint32_t status;
    uint32_t auth_context;
    uint8_t object_uuid[16];
    uint16_t opnum;
    uint16_t context_id;
    uint8_t auth_type;
    uint8_t auth_level;
    uint8_t reply;   /* enum rpc_reply */
    uint8_t tail[4]; /* the last bytes of the response's stub */
    uint8_t tail_bytes;
    bool big_endian; /* of the response */
    bool request_seen;
    bool has_session; /* auth_context names its security context */
    bool sealed;
    bool reply_sealed;
    bool opened;             /* what was sealed was opened */
    bool object;             /* the request names an object: DCOM, and a few managers */
    bool cancelled;          /* the client no longer waits for its answer */
    struct rpc_kept kept[2]; /* of the request, of the response */
};

/* A part of a stub. Key: as its call, numbered through both directions. */
struct rpc_chunk {
    uint8_t bytes[RPC_CHUNK_BYTES];
};

/* A channel of RPC over HTTP. Key: its flow. */
struct rpc_channel {
    struct id connection; /* the virtual connection; the flow itself in version 1, and until it is known */
};

/* Key: who asked, of which server, at which port; who is none for what anybody may know of that port. */
struct rpc_endpoint_key {
    struct addr client;
    struct addr server;
    uint16_t port;
};

/* Where an interface is served, as an endpoint mapper said. */
struct rpc_endpoint {
    time_ns time;
    uint8_t uuid[16];
    uint16_t major;
    uint16_t minor;
    uint32_t used; /* the client has bound to it since */
};

struct rpc_module {
    struct table *endpoints;
    struct table *channels;
    struct table *connections;
    struct table *contexts;
    struct table *sessions;
    struct table *binds;
    struct table *calls;
    struct table *stubs;
    struct table *pages;
    struct auth *auth;
    time_ns timeout;
    /* Of the function that is being called: what is evicted meanwhile is told there. Null in between. */
    struct decode_out *out;
    time_ns now;
};

/* What the functions below work on: one PDU of one connection. */
struct rpc_step {
    struct rpc_module *module;
    struct decode_out *out;
    const struct place *place;
    struct id id; /* of the connection */
    struct rpc_connection *connection;
};

static inline struct rpc_key rpc_key(struct id connection, uint32_t number, uint32_t part)
{
    return (struct rpc_key){.connection = connection, .number = number, .part = part};
}

/* Appends number; true when the list was full and its first one, given in dropped, had to go. */
bool rpc_list_add(struct rpc_list *list, uint32_t number, uint32_t *dropped);
void rpc_list_remove(struct rpc_list *list, uint32_t number);
bool rpc_list_has(const struct rpc_list *list, uint32_t number);

/* rpc.c: opens and closes a step; tells a malformed PDU; takes one PDU of a connection. */
struct rpc_step rpc_step_begin(struct rpc_module *module, struct decode_out *out, const struct place *place,
                               struct id id);
void rpc_step_end(const struct rpc_step *step);
void rpc_refuse(const struct rpc_step *step, const char *reason, size_t offset);
void rpc_take(const struct rpc_step *step, struct str pdu);

/* rpc_bind.c */
void rpc_take_bind(const struct rpc_step *step, const struct rpc_pdu *pdu);
void rpc_take_bind_answer(const struct rpc_step *step, const struct rpc_pdu *pdu);
/* A fault that answers an alter_context; false when none waits under its call id. */
bool rpc_fault_bind(const struct rpc_step *step, const struct rpc_pdu *pdu);
/* Emits a bind that got no answer. */
void rpc_tell_bind(struct rpc_module *module, struct decode_out *out, const struct rpc_key *key,
                   const struct rpc_bind *bind, time_ns time);
void rpc_forget_bind(struct rpc_module *module, const struct rpc_key *key);
/* The context of that id, made when there is none. */
struct rpc_context *rpc_context_put(const struct rpc_step *step, uint16_t context_id);
/* Names the interface of a context in an observation; null when it is not known. */
const struct rpc_context *rpc_context_name(const struct rpc_module *module, const struct rpc_key *call,
                                           uint16_t context_id, struct rpc *body);

/* rpc_session.c: security contexts. The one that a PDU belongs to: that of its trailer, else the connection's
 * latest; false when it has none. */
bool rpc_session_find(const struct rpc_step *step, const struct rpc_pdu *pdu, uint32_t *auth_context);
void rpc_session_token(const struct rpc_step *step, const struct rpc_pdu *pdu);
/* The server's verdict about a security context that is still open. */
void rpc_session_verdict(const struct rpc_step *step, uint32_t auth_context, enum outcome outcome,
                         uint32_t status);
/* Opens the stub of a sealed PDU with the keys of its security context; opened is a copy of pdu with the
 * plain stub. */
bool rpc_session_open(const struct rpc_step *step, const struct rpc_pdu *pdu, struct rpc_pdu *opened);
/* Why the PDUs of a security context stay closed; absent without keys. */
uint8_t rpc_session_opening(struct decode_out *out, const struct rpc_key *key);
void rpc_session_accepted(const struct rpc_step *step, uint32_t auth_context);
void rpc_session_carrier(const struct rpc_step *step, const struct who *who);
/* Another connection has the carrier's owner of this one. */
void rpc_session_inherit(const struct rpc_step *step, struct id connection);
/* The connection is over: verdicts for what is still open. */
void rpc_session_end(const struct rpc_step *step);
/* Fills in who stands behind a call or bind; has_session: auth_context names its security context. */
void rpc_session_who(const struct rpc_module *module, struct decode_out *out, const struct rpc_key *key,
                     bool has_session, struct rpc *body);

/* rpc_call.c */
void rpc_take_request(const struct rpc_step *step, const struct rpc_pdu *pdu);
void rpc_take_response(const struct rpc_step *step, const struct rpc_pdu *pdu);
/* co_cancel or orphaned: what was called is still told with its answer, or at its deadline. */
void rpc_take_cancel(const struct rpc_step *step, const struct rpc_pdu *pdu);
void rpc_tell_call(struct rpc_module *module, struct decode_out *out, const struct rpc_key *key,
                   const struct rpc_call *call, time_ns time);
void rpc_forget_call(struct rpc_module *module, const struct rpc_key *key);

/* rpc_stub.c: the plain stub bytes of one fragment of a call, in the order of fragments. */
struct rpc_plain {
    struct str bytes;
    bool response;
    bool first; /* RPC_FLAG_FIRST */
    bool last;
    bool big_endian;
};
void rpc_stub_take(const struct rpc_step *step, const struct rpc_key *key, struct rpc_call *call,
                   const struct rpc_plain *plain);
/* Fills in the arguments of a call, what it returned, and why a part of it was not read. */
void rpc_stub_tell(struct rpc_module *module, struct decode_out *out, const struct rpc_key *key,
                   const struct rpc_call *call, struct rpc *body);
void rpc_stub_forget(struct rpc_module *module, const struct rpc_key *key, const struct rpc_call *call);

/* The start of every observation: carrier, pipe, call id. */
struct rpc *rpc_emit(struct rpc_module *module, struct decode_out *out, const struct rpc_key *key,
                     const struct place *place, time_ns time, uint64_t unique);

/* rpc_pipe.c: what is kept of a PDU under way goes. */
void rpc_pipe_forget(const struct rpc_step *step, uint32_t part);

/* rpc_endpoint.c: its table; a response of an endpoint mapper; the client of this step binds to an interface;
 * what a client without a bind asked for, null when it did not. */
enum err rpc_endpoints_create(struct rpc_module *module, uint32_t capacity, struct hash_key seed) MUST_CHECK;
void rpc_endpoint_learn(const struct rpc_step *step, const struct rpc_call *call, const struct rpc_pdu *pdu);
void rpc_endpoint_bound(const struct rpc_step *step, const uint8_t uuid[16]);
const struct rpc_endpoint *rpc_endpoint_find(const struct rpc_step *step);

/* rpc_http.c: its table; the text that opens a channel, and the beginning of it. */
enum {
    RPC_HTTP_BANNER_BYTES = 14,
};
enum err rpc_channels_create(struct rpc_module *module, uint32_t capacity, struct hash_key seed) MUST_CHECK;
bool rpc_http_is_banner(struct str bytes);
bool rpc_http_may_be_banner(struct str bytes);
/* The flow of this step is a channel. */
void rpc_http_open(const struct rpc_step *step);
void rpc_http_take_rts(const struct rpc_step *step, const struct rpc_pdu *pdu);
bool rpc_http_carries(const struct rpc_module *module, struct id flow);
/* The step for the virtual connection of a channel; the same where it is none. */
struct rpc_step rpc_http_step(const struct rpc_step *step);
/* A flow has ended: gives the virtual connection whose last channel it was, none otherwise. */
struct id rpc_http_close(struct rpc_module *module, struct id flow);

/* rpc_infer.c: what a finished call says about a context whose bind was not seen. */
void rpc_infer_call(struct rpc_context *context, const struct rpc_call *call);

#endif
