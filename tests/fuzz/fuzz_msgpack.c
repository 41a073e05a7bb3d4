/*
 * fuzz_msgpack - any bytes as a record. Covers record_decode() with all its refusals, record_copy(), and that
 * what it takes is stable: once encoded, a record decodes to the same bytes and the same JSON for ever.
 */
#include "proto/alert_json.h"
#include "proto/cef.h"
#include "proto/json.h"
#include "proto/msgpack.h"
#include "proto/ocsf.h"

enum {
    ARENA_BYTES_MAX = 1 << 20, /* of memory that an input may cost, for inputs as small as here */
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void write_forms(const struct record *record, struct writer *w)
{
    (void)record_write_ocsf(record, w);
    if (record->type == RECORD_alert) {
        alert_write_json(record, w);
        writer_reset(w);
        alert_write_cef(record, w);
        /* One line, whatever its texts hold. */
        REQUIRE(memchr(w->bytes, '\n', w->size) == NULL && memchr(w->bytes, '\r', w->size) == NULL);
    }
    writer_reset(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena = {.keep_bytes = 1 << 20};
    static struct writer first, second, first_json, second_json;
    arena_reset(&arena);
    writer_reset(&first);
    writer_reset(&second);
    writer_reset(&first_json);
    writer_reset(&second_json);

    struct reader r = reader_of(bytes, size);
    struct record record, again;
    const char *reason;
    if (!record_decode(&r, &arena, &record, &reason)) {
        REQUIRE(reason != NULL && !reader_ok(&r) && reader_offset(&r) <= size);
        return 0;
    }
    REQUIRE(size > 4096 || arena.used_bytes <= ARENA_BYTES_MAX);
    record = record_copy(&arena, &record);
    write_forms(&record, &first);
    record_encode(&record, &first);
    record_write_json(&record, &first_json);
    r = reader_of_str(writer_str(&first));
    REQUIRE(record_decode(&r, &arena, &again, &reason) && reader_left(&r) == 0);
    record_encode(&again, &second);
    record_write_json(&again, &second_json);
    REQUIRE(str_equal(writer_str(&first), writer_str(&second)));
    REQUIRE(str_equal(writer_str(&first_json), writer_str(&second_json)));
    return 0;
}
