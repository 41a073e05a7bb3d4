/*
 * token_world - one conversation's surroundings.
 */
#include "tests/unit/protocol-decode/token_world.h"
#include "proto/msgpack.h"

static const struct hash_key seed = {.k0 = 1, .k1 = 2};

void token_world_open(struct token_world *world)
{
    *world = (struct token_world){0};
    batch_init(&world->batch);
    enum err err = table_create(&world->files, &(struct table_options){.name = "files",
                                                                       .key_size = sizeof(uint64_t),
                                                                       .value_size = DECODE_FILE_BYTES,
                                                                       .capacity = 4,
                                                                       .seed = seed});
    REQUIRE(err == ERR_OK);
    uint64_t file = 7;
    char *name = table_put(world->files, &file, NULL);
    memcpy(name, "a.pcap", 6);
    world->out.batch = &world->batch;
    world->out.files = world->files;
    world->out.fingerprint_key = (struct hash_key){.k0 = 3, .k1 = 4};
    world->out.secret_key = (struct hash_key){.k0 = 5, .k1 = 6};
}

void token_world_close(struct token_world *world)
{
    batch_close(&world->batch);
    table_free(world->files);
}

static uint8_t digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

struct str token_hex(struct token_world *world, const char *hex)
{
    size_t size = strlen(hex) / 2;
    uint8_t *bytes = arena_take(&world->batch.arena, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return (struct str){.at = (const char *)bytes, .size = (uint32_t)size};
}

struct place token_place(uint64_t flow, bool to_server, uint64_t at_ms)
{
    struct place place;
    memset(&place, 0, sizeof(place));
    place.flow = (struct id){.high = flow, .low = 1};
    place.client = (struct addr){.family = 4, .byte = {10, 0, 0, 1}};
    place.server = (struct addr){.family = 4, .byte = {10, 0, 0, 2}};
    place.client_port = 50000;
    place.server_port = 88;
    place.transport = transport_tcp;
    place.to_server = to_server;
    place.file = 7;
    place.frame = at_ms + 1;
    place.time = TOKEN_WORLD_START + (time_ns)at_ms * TIME_NS_MS;
    return place;
}

const void *token_record(const struct token_world *world, uint32_t index, enum record_type type)
{
    REQUIRE(index < world->batch.count);
    REQUIRE(world->batch.records[index].type == type);
    return world->batch.records[index].body;
}

void token_log(struct token_world *world, struct writer *log)
{
    for (uint32_t i = 0; i < world->batch.count; i++)
        record_encode(&world->batch.records[i], log);
    batch_reset(&world->batch);
}

void token_move_tables(struct table **from, struct table **to, size_t count)
{
    struct writer saved = {0};
    for (size_t i = 0; i < count; i++)
        table_save(from[i], &saved);
    struct reader r = reader_of_str(writer_str(&saved));
    for (size_t i = 0; i < count; i++)
        REQUIRE(table_load(to[i], &r));
    writer_close(&saved);
}
