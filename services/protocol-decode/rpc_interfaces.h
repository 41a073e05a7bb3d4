/*
 * rpc_interfaces - the tables behind rpc_interface_find(): interfaces by group, operations by opnum.
 *
 * Names as their specifications spell them. Null stands for an opnum that the specification reserves for
 * local use or does not describe.
 */
#ifndef ORTHRUS_DECODE_RPC_INTERFACES_H
#define ORTHRUS_DECODE_RPC_INTERFACES_H

#include "services/protocol-decode/rpc.h"

struct rpc_interfaces {
    const struct rpc_interface *at;
    size_t count;
};

extern const struct rpc_interfaces rpc_interfaces_directory;
extern const struct rpc_interfaces rpc_interfaces_account;
extern const struct rpc_interfaces rpc_interfaces_host;
extern const struct rpc_interfaces rpc_interfaces_share;
extern const struct rpc_interfaces rpc_interfaces_print;
extern const struct rpc_interfaces rpc_interfaces_dcom;

/* A UUID as its text reads, into the little-endian form of the wire: UUID(12345778, 1234, abcd, ef, 00, ...)
 * in hexadecimal digits. */
#define RPC_BYTE(number, shift) ((uint8_t)(((number) >> (shift)) & 0xff))
#define RPC_UUID(a, b, c, d, e)                                                                              \
    {                                                                                                        \
        RPC_BYTE(0x##a##u, 0), RPC_BYTE(0x##a##u, 8), RPC_BYTE(0x##a##u, 16), RPC_BYTE(0x##a##u, 24),        \
            RPC_BYTE(0x##b##u, 0), RPC_BYTE(0x##b##u, 8), RPC_BYTE(0x##c##u, 0), RPC_BYTE(0x##c##u, 8),      \
            RPC_BYTE(0x##d##u, 8), RPC_BYTE(0x##d##u, 0), RPC_BYTE(0x##e##ull, 40),                          \
            RPC_BYTE(0x##e##ull, 32), RPC_BYTE(0x##e##ull, 24), RPC_BYTE(0x##e##ull, 16),                    \
            RPC_BYTE(0x##e##ull, 8), RPC_BYTE(0x##e##ull, 0),                                                \
    }
#define RPC_OPERATIONS(list) .operations = (list), .operation_count = ARRAY_COUNT(list)

#endif
