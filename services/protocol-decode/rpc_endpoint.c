/*
 * rpc_endpoint - where interfaces are served, as endpoint mappers say (C706 appendix O, ept_map).
 *
 * Windows serves most interfaces at ports that it chooses at its start. What ept_map answers is remembered
 * twice: that RPC is served at a port, so that a flow to it is read although it begins in the middle of a
 * PDU; and what this client asked for, so that a connection of it to that port whose bind was lost still has
 * a name. Several interfaces of a process share its port, so the second is held to be true only for a while,
 * for the client that asked, until it has bound to that interface, and as long as its calls can be of it.
 */
#include "services/protocol-decode/rpc_interfaces.h"
#include "services/protocol-decode/rpc_state.h"
#include "services/protocol-decode/rpc_tower.h"

enum {
    OPNUM_EPT_MAP = 3,
    TOWERS_MAX = 32, /* of one answer */
    HANDLE_BYTES = 20,
};

#define ASKED_FOR_NS (60 * TIME_NS_S) /* how long after its question a client is held to use the answer */

static const uint8_t epmapper_uuid[16] = RPC_UUID(e1af8308, 5d1f, 11c9, 91a4, 08002b14a0fa);

enum err rpc_endpoints_create(struct rpc_module *m, uint32_t capacity, struct hash_key seed)
{
    return table_create(&m->endpoints, &(struct table_options){.name = "rpc-endpoints",
                                                               .key_size = sizeof(struct rpc_endpoint_key),
                                                               .value_size = sizeof(struct rpc_endpoint),
                                                               .capacity = capacity,
                                                               .layout = 1,
                                                               .seed = seed});
}

/* client may be null: whoever it is. */
static struct rpc_endpoint_key key_of(const struct addr *client, const struct addr *server, uint16_t port)
{
    struct rpc_endpoint_key key;
    memset(&key, 0, sizeof(key));
    if (client)
        key.client = *client;
    key.server = *server;
    key.port = port;
    return key;
}

static void put_endpoint(const struct rpc_step *step, const struct addr *client,
                         const struct rpc_tower *tower)
{
    struct rpc_endpoint_key key = key_of(client, &step->place->server, tower->port);
    struct rpc_endpoint *endpoint = table_put(step->module->endpoints, &key, NULL);
    memset(endpoint, 0, sizeof(*endpoint));
    endpoint->time = step->place->time;
    memcpy(endpoint->uuid, tower->uuid, sizeof(endpoint->uuid));
    endpoint->major = tower->major;
    endpoint->minor = tower->minor;
}

static uint64_t read_count(struct reader *r, const struct rpc_pdu *pdu, bool ndr64)
{
    size_t align = ndr64 ? 8 : 4;
    reader_skip(r, (align - (reader_offset(r) & (align - 1))) & (align - 1));
    if (ndr64)
        return pdu->big_endian ? reader_u64be(r) : reader_u64le(r);
    return pdu->big_endian ? reader_u32be(r) : reader_u32le(r);
}

/* ept_map's answer: handle, number, a conformant varying array of pointers, and the towers behind it. */
static void read_towers(const struct rpc_step *step, const struct rpc_pdu *pdu, bool ndr64)
{
    struct reader r = reader_of_str(pdu->stub);
    reader_skip(&r, HANDLE_BYTES + 4);
    (void)read_count(&r, pdu, ndr64);
    (void)read_count(&r, pdu, ndr64);
    uint64_t count = read_count(&r, pdu, ndr64);
    if (count > TOWERS_MAX)
        return;
    for (uint64_t i = 0; i < count; i++)
        (void)read_count(&r, pdu, ndr64);
    for (uint64_t i = 0; i < count && reader_ok(&r); i++) {
        struct rpc_tower tower;
        (void)read_count(&r, pdu, ndr64); /* again before the structure, as its array's size */
        uint32_t size = pdu->big_endian ? reader_u32be(&r) : reader_u32le(&r);
        if (!rpc_tower_parse(reader_bytes(&r, size), &tower) ||
            (tower.protocol != RPC_TOWER_TCP && tower.protocol != RPC_TOWER_HTTP) || tower.port == 0)
            continue;
        put_endpoint(step, NULL, &tower);
        put_endpoint(step, &step->place->client, &tower);
    }
}

void rpc_endpoint_learn(const struct rpc_step *step, const struct rpc_call *call, const struct rpc_pdu *pdu)
{
    if (call->opnum != OPNUM_EPT_MAP || !call->request_seen || call->reply_sealed ||
        !(pdu->flags & RPC_FLAG_FIRST))
        return;
    const struct rpc_key key = {step->id, call->context_id, 0};
    const struct rpc_context *context = table_peek(step->module->contexts, &key);
    if (context && context->state != RPC_CONTEXT_UNKNOWN &&
        memcmp(context->uuid, epmapper_uuid, sizeof(epmapper_uuid)) == 0)
        read_towers(step, pdu, context->ndr64);
}

void rpc_endpoint_bound(const struct rpc_step *step, const uint8_t uuid[16])
{
    struct rpc_endpoint_key key =
        key_of(&step->place->client, &step->place->server, step->place->server_port);
    const struct rpc_endpoint *peeked = table_peek(step->module->endpoints, &key);
    if (!peeked || peeked->used || memcmp(peeked->uuid, uuid, sizeof(peeked->uuid)) != 0)
        return;
    struct rpc_endpoint *endpoint = table_find(step->module->endpoints, &key);
    endpoint->used = true;
}

const struct rpc_endpoint *rpc_endpoint_find(const struct rpc_step *step)
{
    struct rpc_endpoint_key key =
        key_of(&step->place->client, &step->place->server, step->place->server_port);
    const struct rpc_endpoint *endpoint = table_peek(step->module->endpoints, &key);
    if (!endpoint || endpoint->used || step->place->time < endpoint->time ||
        step->place->time - endpoint->time > ASKED_FOR_NS)
        return NULL;
    return endpoint;
}

bool rpc_is_endpoint(const struct rpc_module *m, const struct addr *server, uint16_t port)
{
    struct rpc_endpoint_key key = key_of(NULL, server, port);
    return table_peek(m->endpoints, &key) != NULL;
}
