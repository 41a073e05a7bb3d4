/*
 * udp - one bounded table; its oldest entry is the one silent longest.
 */
#include "services/protocol-decode/udp.h"

enum {
    CONVERSATION_LAYOUT = 1,
    PROTOCOL_UDP = 17,
};

struct conversation_key {
    struct addr client;
    struct addr server;
    uint8_t protocol; /* enum protocol */
    uint8_t port[2];  /* of the server */
};

_Static_assert(sizeof(struct conversation_key) == 2 * sizeof(struct addr) + 3, "a key without padding");

struct conversation {
    struct place place; /* of its last datagram */
    uint64_t packets;
    uint64_t bytes;
    uint32_t messages;
    uint32_t sealed_messages;
    uint32_t malformed_messages;
    uint8_t protocol;
    uint8_t seen[2]; /* by direction */
    uint8_t unused;
};

struct udp {
    struct table *conversations;
    time_ns idle_timeout;
};

static struct id name_conversation(const struct conversation_key *key)
{
    struct hash_parts parts = {0};
    hash_part(&parts, key, sizeof(*key));
    hash_part_u64(&parts, PROTOCOL_UDP);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static void tell_oldest(struct udp *udp, struct decode_out *out, time_ns time)
{
    const struct conversation *c = table_oldest(udp->conversations);
    struct conversation_key key;
    memcpy(&key, table_key(udp->conversations, c), sizeof(key));
    struct place place = c->place;
    place.flow = name_conversation(&key);
    place.client_port = 0;
    struct flow *body = decode_emit(out, RECORD_flow, &place, time, c->packets);
    body->request_frame = place.frame;
    body->protocol = c->protocol;
    body->packets = c->packets;
    body->bytes = c->bytes;
    body->messages = c->messages;
    body->sealed_messages = c->sealed_messages;
    body->malformed_messages = c->malformed_messages;
    body->transport = transport_udp;
    body->one_sided = !c->seen[0] || !c->seen[1];
    table_remove(udp->conversations, &key);
}

static time_ns deadline_of(const struct udp *udp, const struct conversation *c)
{
    return c->place.time + udp->idle_timeout;
}

void udp_expire(struct udp *udp, struct decode_out *out, time_ns now)
{
    for (const struct conversation *c; (c = table_oldest(udp->conversations)) && deadline_of(udp, c) < now;)
        tell_oldest(udp, out, now == TIME_NS_END ? c->place.time : deadline_of(udp, c));
}

void udp_add(struct udp *udp, struct decode_out *out, const struct place *place, enum protocol protocol,
             const struct udp_read *read)
{
    struct conversation_key key = {.client = place->client,
                                   .server = place->server,
                                   .protocol = (uint8_t)protocol,
                                   .port = {(uint8_t)(place->server_port >> 8), (uint8_t)place->server_port}};
    struct conversation *c = table_find(udp->conversations, &key);
    if (!c) {
        if (table_count(udp->conversations) == table_capacity(udp->conversations))
            tell_oldest(udp, out, place->time);
        c = table_put(udp->conversations, &key, NULL);
    }
    c->place = *place;
    c->protocol = (uint8_t)protocol;
    c->packets++;
    c->bytes += read->bytes;
    c->messages += read->messages;
    c->sealed_messages += read->sealed_messages;
    c->malformed_messages += read->malformed_messages;
    c->seen[place->to_server] = 1;
}

enum err udp_create(struct udp **out, const struct udp_options *options)
{
    struct udp *udp = calloc(1, sizeof(*udp));
    if (!udp)
        return ERR_MEMORY;
    udp->idle_timeout = options->idle_timeout;
    enum err err = table_create(&udp->conversations, &(struct table_options){
                                                         .name = "udp.conversations",
                                                         .key_size = sizeof(struct conversation_key),
                                                         .value_size = sizeof(struct conversation),
                                                         .capacity = options->conversations,
                                                         .layout = CONVERSATION_LAYOUT,
                                                         .seed = options->seed,
                                                     });
    if (err != ERR_OK) {
        udp_free(udp);
        return err;
    }
    *out = udp;
    return ERR_OK;
}

void udp_free(struct udp *udp)
{
    if (!udp)
        return;
    table_free(udp->conversations);
    free(udp);
}

size_t udp_tables(struct udp *udp, struct table **tables)
{
    tables[0] = udp->conversations;
    return 1;
}
