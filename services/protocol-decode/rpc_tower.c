/*
 * rpc_tower - reads the floors of a tower, whose numbers are little-endian but for ports.
 */
#include "services/protocol-decode/rpc_tower.h"

#include "common/base/reader.h"

enum {
    FLOORS_MIN = 4,
    FLOOR_UUID = 0x0d, /* identifier of a floor that holds an interface or a transfer syntax */
    FLOOR_IP = 0x09,
};

/* One floor: what is named on its left side and the address on its right. */
struct floor {
    uint8_t protocol;
    struct reader left;
    struct reader right;
};

static bool read_floor(struct reader *r, struct floor *floor)
{
    floor->left = reader_sub(r, reader_u16le(r));
    floor->right = reader_sub(r, reader_u16le(r));
    floor->protocol = reader_u8(&floor->left);
    return reader_ok(r) && reader_ok(&floor->left);
}

static bool read_interface(struct floor *floor, struct rpc_tower *tower)
{
    struct str uuid = reader_bytes(&floor->left, sizeof(tower->uuid));
    tower->major = reader_u16le(&floor->left);
    tower->minor = reader_u16le(&floor->right);
    if (floor->protocol != FLOOR_UUID || !reader_ok(&floor->left) || !reader_ok(&floor->right))
        return false;
    memcpy(tower->uuid, uuid.at, sizeof(tower->uuid));
    return true;
}

static void read_address(struct floor *floor, struct rpc_tower *tower)
{
    struct str bytes = reader_rest(&floor->right);
    struct reader r = reader_of_str(bytes);
    switch (floor->protocol) {
    case RPC_TOWER_TCP:
    case RPC_TOWER_UDP:
    case RPC_TOWER_HTTP:
        tower->protocol = floor->protocol;
        tower->port = reader_u16be(&r);
        break;
    case FLOOR_IP:
        if (bytes.size == sizeof(tower->host))
            memcpy(tower->host, bytes.at, sizeof(tower->host));
        break;
    case RPC_TOWER_PIPE:
    case RPC_TOWER_LOCAL:
        tower->protocol = floor->protocol;
        tower->endpoint = (struct str){bytes.at, (uint32_t)strnlen(bytes.at, bytes.size)};
        break;
    default:
        if (tower->protocol == 0)
            tower->protocol = floor->protocol;
        break;
    }
}

bool rpc_tower_parse(struct str bytes, struct rpc_tower *tower)
{
    struct reader r = reader_of_str(bytes);
    struct floor floor;
    *tower = (struct rpc_tower){.endpoint = {"", 0}};
    uint16_t floors = reader_u16le(&r);
    if (floors < FLOORS_MIN || !read_floor(&r, &floor) || !read_interface(&floor, tower))
        return false;
    /* The transfer syntax, and that the protocol is connection-oriented RPC. */
    if (!read_floor(&r, &floor) || !read_floor(&r, &floor))
        return false;
    for (uint16_t i = FLOORS_MIN - 1; i < floors; i++) {
        if (!read_floor(&r, &floor))
            return false;
        read_address(&floor, tower);
    }
    return true;
}
