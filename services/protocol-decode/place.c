/*
 * place - what the protocol modules share: emitting observations, fingerprints, names of fixed size.
 */
#include "services/protocol-decode/place.h"

#include "proto/entity.h"

/* The members that every observation begins with, in the order of the declaration. */
struct where {
    struct id flow;
    struct addr client;
    uint16_t client_port;
    struct addr server;
    uint16_t server_port;
    struct str file;
    uint64_t request_frame;
    uint64_t reply_frame;
    time_ns request_time;
    time_ns reply_time;
};

#define SAME_PLACE(type, member)                                                                             \
    _Static_assert(offsetof(struct type, member) == offsetof(struct where, member),                          \
                   "observations begin alike")
#define BEGINS_LIKE_WHERE(type)                                                                              \
    SAME_PLACE(type, server_port);                                                                           \
    SAME_PLACE(type, file);                                                                                  \
    SAME_PLACE(type, reply_time)
BEGINS_LIKE_WHERE(kerberos);
BEGINS_LIKE_WHERE(kpasswd);
BEGINS_LIKE_WHERE(ldap);
BEGINS_LIKE_WHERE(ntlm);
BEGINS_LIKE_WHERE(smb);
BEGINS_LIKE_WHERE(rpc);
BEGINS_LIKE_WHERE(flow);
BEGINS_LIKE_WHERE(tls);
BEGINS_LIKE_WHERE(http);
BEGINS_LIKE_WHERE(rdp);
BEGINS_LIKE_WHERE(malformed);
BEGINS_LIKE_WHERE(dns);
BEGINS_LIKE_WHERE(dhcp);
BEGINS_LIKE_WHERE(radius);

void *decode_emit(struct decode_out *out, enum record_type type, const struct place *place, time_ns time,
                  uint64_t unique)
{
    struct where *where =
        batch_add(out->batch, type, time, record_name((uint16_t)type, time, place->flow, unique));
    struct record *record = batch_last(out->batch);
    record->key = entity_address(&place->client);
    record->role = entity_role_address;
    where->flow = place->flow;
    where->client = place->client;
    where->client_port = place->client_port;
    where->server = place->server;
    where->server_port = place->server_port;
    const char *file = table_peek(out->files, &place->file);
    if (file)
        where->file =
            arena_copy(&out->batch->arena, (struct str){file, (uint32_t)strnlen(file, DECODE_FILE_BYTES)});
    return where;
}

void decode_malformed(struct decode_out *out, const struct place *place, const char *parser,
                      const char *reason, size_t offset)
{
    out->malformed++;
    /* Not by its frame's number, which depends on how the capture was cut. */
    uint64_t unique = hash_u64(HASH_KEY_NAMES, parser, strlen(parser)) ^ offset << 1 ^ place->to_server;
    struct malformed *body = decode_emit(out, RECORD_malformed, place, place->time, unique);
    body->request_frame = place->frame;
    body->request_time = place->time;
    body->parser = str_of(parser);
    body->reason = str_of(reason);
    body->offset = (uint32_t)offset;
}

struct id decode_secret(const struct decode_out *out, struct str bytes)
{
    return bytes.size == 0 ? (struct id){0} : hash_id(out->secret_key, bytes.at, bytes.size);
}

struct id decode_fingerprint(const struct decode_out *out, struct str bytes)
{
    return bytes.size == 0 ? (struct id){0} : hash_id(out->fingerprint_key, bytes.at, bytes.size);
}

void who_set(char field[WHO_NAME_BYTES], struct str text)
{
    uint32_t size = text.size < WHO_NAME_BYTES - 1 ? text.size : WHO_NAME_BYTES - 1;
    /* Not within a character: continuation bytes go with the one they continue. */
    while (size > 0 && size < text.size && ((uint8_t)text.at[size] & 0xc0) == 0x80)
        size--;
    memset(field, 0, WHO_NAME_BYTES);
    if (size > 0)
        memcpy(field, text.at, size);
}

void place_keep(struct place *to, const struct place *from)
{
    to->flow = from->flow;
    to->client = from->client;
    to->server = from->server;
    to->client_port = from->client_port;
    to->server_port = from->server_port;
    to->transport = from->transport;
    to->to_server = from->to_server;
    to->file = from->file;
    to->frame = from->frame;
    to->time = from->time;
}
