/*
 * ndr_epm - arguments of the endpoint mapper (C706 appendix O, MS-RPCE 2.2.1.2): which interface is asked
 * for, and where it is served.
 */
#include "services/protocol-decode/ndr_interfaces.h"
#include "services/protocol-decode/rpc_tower.h"

#define SHOW     NDR_SHOW
#define PTR_SHOW (NDR_PTR | NDR_SHOW)

/* Protocol sequences (C706 appendix I, MS-RPCE 2.1). */
static const char *sequence_name(uint8_t protocol)
{
    switch (protocol) {
    case RPC_TOWER_TCP:
        return "ncacn_ip_tcp";
    case RPC_TOWER_UDP:
        return "ncadg_ip_udp";
    case RPC_TOWER_PIPE:
        return "ncacn_np";
    case RPC_TOWER_LOCAL:
        return "ncalrpc";
    case RPC_TOWER_HTTP:
        return "ncacn_http";
    default:
        return NULL;
    }
}

static void tell_tower(struct ndr *n, struct str bytes)
{
    struct rpc_tower tower;
    if (!rpc_tower_parse(bytes, &tower))
        return;
    ndr_tell_uuid(n, "interface", tower.uuid);
    if (sequence_name(tower.protocol))
        ndr_tell_text(n, "sequence", str_of(sequence_name(tower.protocol)));
    else
        ndr_tell_number(n, "sequence", tower.protocol);
    if (tower.port)
        ndr_tell_number(n, "port", tower.port);
    if (tower.endpoint.size > 0)
        ndr_tell_text(n, "endpoint", tower.endpoint);
    static const uint8_t none[4];
    if (memcmp(tower.host, none, sizeof(none)) != 0)
        ndr_tell_text(n, "host",
                      arena_print(ndr_arena(n), "%u.%u.%u.%u", tower.host[0], tower.host[1], tower.host[2],
                                  tower.host[3]));
}

static const struct ndr_type tower_bytes = {.kind = NDR_BYTE, .inside = tell_tower};
/* twr_t */
static const struct ndr_type tower =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &tower_bytes, SHOW, NDR_CONFORMANT});
/* rpc_if_id_t */
static const struct ndr_type interface_id =
    NDR_STRUCT_OF({"uuid", &ndr_guid, SHOW}, {"vers_major", &ndr_u16, SHOW}, {"vers_minor", &ndr_u16, SHOW});
/* ept_entry_t */
static const struct ndr_type entry =
    NDR_STRUCT_OF({"object", &ndr_guid, SHOW | NDR_NONZERO}, {"tower", &tower, NDR_PTR},
                  {"annotation", &ndr_char, SHOW | NDR_NONZERO, NDR_VARYING, 64});

static const struct ndr_operation operations[] = {
    {0, .in = NDR({"num_ents", &ndr_u32, SHOW}, {"entries", &entry, 0, NDR_CONFORMANT},
                  {"replace", &ndr_u32, SHOW})},
    {1, .in = NDR({"num_ents", &ndr_u32, SHOW}, {"entries", &entry, 0, NDR_CONFORMANT})},
    {2,
     .in = NDR({"inquiry_type", &ndr_u32, SHOW}, {"object", &ndr_guid, PTR_SHOW},
               {"Ifid", &interface_id, NDR_PTR}, {"vers_option", &ndr_u32, SHOW}, NDR_SKIP_HANDLE,
               {"max_ents", &ndr_u32, SHOW}),
     .out =
         NDR(NDR_SKIP_HANDLE, {"num_ents", &ndr_u32, SHOW}, {"entries", &entry, 0, NDR_CONFORMANT_VARYING})},
    {3,
     .in = NDR({"object", &ndr_guid, NDR_PTR | SHOW | NDR_NONZERO}, {"map_tower", &tower, NDR_PTR},
               NDR_SKIP_HANDLE, {"max_towers", &ndr_u32, SHOW}),
     .out = NDR(NDR_SKIP_HANDLE, {"num_towers", &ndr_u32, SHOW},
                {"ITowers", &tower, NDR_ITEM_PTR, NDR_CONFORMANT_VARYING})},
    {4, .in = NDR(NDR_SKIP_HANDLE), .out = NDR(NDR_SKIP_HANDLE)},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(e1af8308, 5d1f, 11c9, 91a4, 08002b14a0fa), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_epm = NDR_INTERFACES(interfaces);
