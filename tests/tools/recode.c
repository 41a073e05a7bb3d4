/*
 * recode - reads encoded records on stdin, or makes random ones, and writes each again in every form, for the
 * oracles.
 *
 *   recode                 records from standard input, one behind the other
 *   recode SEED COUNT      random records
 *
 * For each: the length (4 bytes, big-endian) and the bytes of its msgpack form, then the same of its JSON.
 * What is refused gives an empty first part, its reason as the second, and ends the run.
 */
#include <stdio.h>

#include "proto/alert_json.h"
#include "proto/cef.h"
#include "proto/json.h"
#include "proto/msgpack.h"
#include "proto/ocsf.h"
#include "tests/tools/random_record.h"

enum {
    INPUT_BYTES_MAX = 64 * 1024 * 1024,
};

static void write_part(struct str part)
{
    uint8_t size[4] = {(uint8_t)(part.size >> 24), (uint8_t)(part.size >> 16), (uint8_t)(part.size >> 8),
                       (uint8_t)part.size};
    (void)fwrite(size, 1, sizeof(size), stdout);
    if (part.size > 0)
        (void)fwrite(part.at, 1, part.size, stdout);
}

/* A form as a part, and room for the next one. */
static void flush_part(struct writer *w)
{
    write_part(writer_str(w));
    writer_reset(w);
}

static void write_record(const struct record *record, struct writer *w)
{
    writer_reset(w);
    record_encode(record, w);
    flush_part(w);
    record_write_json(record, w);
    flush_part(w);
    (void)record_write_ocsf(record, w);
    flush_part(w);
    if (record->type == RECORD_alert)
        alert_write_json(record, w);
    flush_part(w);
    if (record->type == RECORD_alert)
        alert_write_cef(record, w);
    flush_part(w);
}

static void make_records(uint64_t seed, uint64_t count, struct arena *arena, struct writer *w)
{
    struct random random = {.state = seed};
    uint32_t types = 0;
    while (record_info_at(types))
        types++;
    for (uint64_t i = 0; i < count; i++) {
        struct record record = random_record(&random, arena, record_info_at((uint32_t)(i % types)));
        write_record(&record, w);
        arena_reset(arena);
    }
}

static void read_records(struct arena *arena, struct writer *w)
{
    uint8_t *bytes = malloc(INPUT_BYTES_MAX);
    REQUIRE(bytes != NULL);
    struct reader r = reader_of(bytes, fread(bytes, 1, INPUT_BYTES_MAX, stdin));
    while (reader_ok(&r) && reader_left(&r) > 0) {
        struct record record;
        const char *reason;
        if (record_decode(&r, arena, &record, &reason)) {
            write_record(&record, w);
        } else {
            write_part((struct str){0});
            write_part(str_of(reason));
            for (int i = 0; i < 3; i++)
                write_part((struct str){0});
        }
        arena_reset(arena);
    }
    free(bytes);
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct writer w = {0};
    arena_init(&arena, 1 << 20);
    if (argc == 3)
        make_records(strtoull(argv[1], NULL, 0), strtoull(argv[2], NULL, 0), &arena, &w);
    else
        read_records(&arena, &w);
    writer_close(&w);
    arena_close(&arena);
    return fflush(stdout) != 0;
}
