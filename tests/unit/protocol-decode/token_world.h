/*
 * token_world - what Kerberos and security token modules need around them in a test: a batch, a table of
 * files, places, and bytes from hex.
 */
#ifndef ORTHRUS_TEST_TOKEN_WORLD_H
#define ORTHRUS_TEST_TOKEN_WORLD_H

#include "common/base/writer.h"
#include "services/protocol-decode/place.h"

#define TOKEN_WORLD_START ((time_ns)1800000000 * TIME_NS_S)

struct token_world {
    struct batch batch;
    struct table *files;
    struct decode_out out;
};

void token_world_open(struct token_world *world);
void token_world_close(struct token_world *world);

/* Bytes of hex digits in the batch's arena. */
struct str token_hex(struct token_world *world, const char *hex);
/* A message of the flow numbered flow, so many milliseconds after the start; its frame is that number and
 * one. */
struct place token_place(uint64_t flow, bool to_server, uint64_t at_ms);

/* The record at index, which must be of that type. */
const void *token_record(const struct token_world *world, uint32_t index, enum record_type type);
/* Appends what the batch holds, encoded, and empties it. */
void token_log(struct token_world *world, struct writer *log);
/* All tables saved, and loaded into others. */
void token_move_tables(struct table **from, struct table **to, size_t count);

#define assert_text(text, expected) assert_true(str_equal((text), STR(expected)))

#endif
