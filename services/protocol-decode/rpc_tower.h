/*
 * rpc_tower - protocol towers: where and by which protocols an interface is served (C706 appendix L, MS-RPCE
 * 2.2.1.2.2).
 *
 * Pure reading; text is borrowed from the bytes.
 */
#ifndef ORTHRUS_DECODE_RPC_TOWER_H
#define ORTHRUS_DECODE_RPC_TOWER_H

#include "common/base/base.h"

/* Protocol identifiers of the fourth floor (C706 appendix I, MS-RPCE 2.2.1.2.2). */
enum {
    RPC_TOWER_TCP = 0x07,
    RPC_TOWER_UDP = 0x08,
    RPC_TOWER_PIPE = 0x0f,
    RPC_TOWER_LOCAL = 0x10,
    RPC_TOWER_HTTP = 0x1f,
};

struct rpc_tower {
    uint8_t uuid[16]; /* of the interface, little-endian form */
    uint16_t major;
    uint16_t minor;
    uint8_t protocol;    /* RPC_TOWER_..., or any other identifier */
    uint16_t port;       /* TCP, UDP, HTTP; 0: none */
    struct str endpoint; /* the name of a pipe or of a local port, without the NUL at its end */
    uint8_t host[4];     /* the IPv4 address; 0.0.0.0: the one that was asked */
};

/* False when the bytes are no tower of an interface. */
bool rpc_tower_parse(struct str bytes, struct rpc_tower *tower);

#endif
