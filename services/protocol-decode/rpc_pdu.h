/*
 * rpc_pdu - the layouts of connection-oriented DCE/RPC PDUs (C706 12.6, MS-RPCE 2.2.2).
 *
 * Pure reading: a PDU of bytes becomes a struct that borrows from them. What a PDU means to its connection is
 * decided in rpc.c and its neighbours. Both integer representations are read; UUIDs are given in
 * little-endian form.
 */
#ifndef ORTHRUS_DECODE_RPC_PDU_H
#define ORTHRUS_DECODE_RPC_PDU_H

#include "common/base/base.h"
#include "common/base/reader.h"

enum {
    RPC_HEADER_BYTES = 16,
    RPC_OFFERS_MAX = 64,   /* presentation contexts of one bind that are looked at; the wire allows 255 */
    RPC_SYNTAXES_MAX = 16, /* transfer syntaxes of one of them */
};

/* C706 12.6.4 and 12.6.3.1; those left out are of the connectionless protocol. */
enum rpc_pdu_type {
    RPC_PDU_REQUEST = 0,
    RPC_PDU_RESPONSE = 2,
    RPC_PDU_FAULT = 3,
    RPC_PDU_BIND = 11,
    RPC_PDU_BIND_ACK = 12,
    RPC_PDU_BIND_NAK = 13,
    RPC_PDU_ALTER_CONTEXT = 14,
    RPC_PDU_ALTER_CONTEXT_RESP = 15,
    RPC_PDU_AUTH3 = 16, /* MS-RPCE 2.2.2.5 */
    RPC_PDU_SHUTDOWN = 17,
    RPC_PDU_CO_CANCEL = 18,
    RPC_PDU_ORPHANED = 19,
    RPC_PDU_RTS = 20, /* MS-RPCH 2.2.3.6 */
};

/* pfc_flags (C706 12.6.3.1). */
enum {
    RPC_FLAG_FIRST = 0x01,
    RPC_FLAG_LAST = 0x02,
    RPC_FLAG_HEADER_SIGN = 0x04, /* of bind, alter_context and their answers (MS-RPCE 2.2.2.3) */
    RPC_FLAG_MAYBE = 0x40,
    RPC_FLAG_OBJECT = 0x80,
};

/* auth_type and auth_level of the security trailer (MS-RPCE 2.2.1.1.7, 2.2.1.1.8). */
enum {
    RPC_AUTH_SPNEGO = 9,
    RPC_AUTH_NTLM = 10,
    RPC_AUTH_KERBEROS = 16,
    RPC_AUTH_NETLOGON = 68,
    RPC_LEVEL_PRIVACY = 6,
};

/* Transfer syntaxes, as bits. */
enum {
    RPC_SYNTAX_NDR = 1,
    RPC_SYNTAX_NDR64 = 2,
    RPC_SYNTAX_FEATURES = 4, /* bind time feature negotiation (MS-RPCE 3.3.1.5.3): no context at all */
    RPC_SYNTAX_OTHER = 8,
};

struct rpc_auth {
    uint8_t type;
    uint8_t level;
    uint32_t context_id;
    struct str token;
};

struct rpc_pdu {
    uint8_t type; /* enum rpc_pdu_type */
    uint8_t flags;
    bool big_endian;
    uint32_t call_id;
    bool has_auth;
    struct rpc_auth auth;
    uint8_t object[16];  /* request with RPC_FLAG_OBJECT: what it is made of */
    uint16_t context_id; /* request, response, fault */
    uint16_t opnum;      /* request */
    uint32_t status;     /* fault; reason of a bind_nak */
    struct str whole;    /* as it came */
    uint32_t head_bytes; /* request, response, fault: what stands before the stub */
    uint8_t pad_bytes;   /* padding between stub and trailer */
    struct str stub;     /* request, response, fault: without padding and trailer */
    struct reader body;  /* bind, alter_context and their answers: what follows the common header */
};

struct rpc_offer {
    uint8_t uuid[16]; /* abstract syntax, little-endian form */
    uint16_t major;
    uint16_t minor;
    uint16_t context_id;
    uint8_t syntaxes; /* RPC_SYNTAX_ bits */
    uint8_t features; /* of RPC_SYNTAX_FEATURES: what is offered (MS-RPCE 2.2.2.14) */
};

struct rpc_offers {
    struct rpc_offer at[RPC_OFFERS_MAX];
    uint32_t count;
    uint32_t all;         /* how many the bind says it has */
    uint32_t association; /* assoc_group_id: 0 asks for a new one */
};

struct rpc_result {
    uint16_t result; /* 0 acceptance, 1 user rejection, 2 provider rejection, 3 negotiate_ack */
    uint16_t reason;
    uint8_t syntax; /* one RPC_SYNTAX_ bit */
};

struct rpc_results {
    struct rpc_result at[RPC_OFFERS_MAX];
    uint32_t count;
    uint32_t association;
};

/* The length of the PDU whose common header these bytes begin with; 0 when they begin with none. bytes has at
 * least RPC_HEADER_BYTES. */
uint32_t rpc_pdu_length(struct str bytes);
/* Reads a whole PDU. False, with a literal reason and an offset, when it does not follow its specification.
 */
bool rpc_pdu_parse(struct str bytes, struct rpc_pdu *pdu, const char **reason, size_t *offset);
/* The presentation contexts that a bind or alter_context offers; the first RPC_OFFERS_MAX of them. */
bool rpc_pdu_offers(const struct rpc_pdu *pdu, struct rpc_offers *offers, size_t *offset);
/* What a bind_ack or alter_context_resp says of each, in the order of the offers. */
bool rpc_pdu_results(const struct rpc_pdu *pdu, struct rpc_results *results, size_t *offset);
/* Does the client send PDUs of this type? */
bool rpc_pdu_to_server(uint8_t type);

#endif
