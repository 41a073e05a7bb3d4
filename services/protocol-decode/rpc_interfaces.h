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

extern const struct rpc_interfaces rpc_interfaces_account, rpc_interfaces_directory, rpc_interfaces_domain,
    rpc_interfaces_certificate, rpc_interfaces_host, rpc_interfaces_share, rpc_interfaces_print,
    rpc_interfaces_dcom, rpc_interfaces_automation, rpc_interfaces_components, rpc_interfaces_terminal,
    rpc_interfaces_network, rpc_interfaces_dhcp, rpc_interfaces_firewall, rpc_interfaces_queue,
    rpc_interfaces_mail, rpc_interfaces_fax, rpc_interfaces_cluster, rpc_interfaces_disk,
    rpc_interfaces_volume, rpc_interfaces_storage, rpc_interfaces_quota, rpc_interfaces_classification,
    rpc_interfaces_web, rpc_interfaces_update, rpc_interfaces_performance, rpc_interfaces_resource;

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
/* What every interface derived from IDispatch begins with (MS-OAUT 3.1.4). */
#define RPC_DISPATCH_OPERATIONS                                                                              \
    [3] = "GetTypeInfoCount", [4] = "GetTypeInfo", [5] = "GetIDsOfNames", [6] = "Invoke"
#define RPC_OPERATIONS(list) .operations = (list), .operation_count = ARRAY_COUNT(list)

#endif
