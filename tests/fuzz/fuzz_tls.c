/*
 * fuzz_tls - handshakes of four flows in both directions: framing over records, hellos, certificates, alerts,
 * with time passing, losses and ends in between, and the state saved and loaded.
 *
 * The input is a run of steps (fuzz_steps.h). Bit 6 of the control byte: bytes were lost before. Bit 7: the
 * state moves to another module before.
 */
#include "services/protocol-decode/tls.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    STEP_LOST = 64,
    STEP_MOVE = 128,
    TABLES = 1,
};

static const struct tls_options options = {.connections = 2, .timeout = 10 * TIME_NS_S, .seed = {1, 2}};

static struct tls_module *move(struct tls_module *old)
{
    struct tls_module *fresh = NULL;
    struct table *from[TABLES], *to[TABLES];
    struct writer saved = {0}, again = {0};
    REQUIRE(tls_create(&fresh, &options) == ERR_OK);
    REQUIRE(tls_tables(old, from) == TABLES && tls_tables(fresh, to) == TABLES);
    table_save(from[0], &saved);
    struct reader r = reader_of_str(writer_str(&saved));
    REQUIRE(table_load(to[0], &r));
    table_save(to[0], &again);
    REQUIRE(str_equal(writer_str(&saved), writer_str(&again)));
    writer_close(&saved);
    writer_close(&again);
    tls_free(old);
    return fresh;
}

static void take(struct tls_module *module, struct decode_out *out, const struct place *place,
                 struct str bytes)
{
    bool known;
    (void)tls_probe(bytes);
    (void)tls_is_of_client(bytes, &known);
    struct framing framing = tls_frame(bytes);
    if (framing.state == FRAMING_MORE)
        REQUIRE(framing.want > bytes.size);
    if (framing.state != FRAMING_WHOLE)
        return;
    REQUIRE(framing.want == framing.size && framing.size > 0 && framing.size <= bytes.size);
    tls_message(module, out, place, protocol_tls, (struct str){bytes.at, framing.size});
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct decode_out out = {.batch = &batch, .files = steps_files()};
    struct tls_module *module = NULL;
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    batch_init(&batch);
    REQUIRE(tls_create(&module, &options) == ERR_OK);
    for (uint64_t frame = 1; frame <= STEPS_MAX && reader_left(&r) > 0; frame++) {
        uint8_t control = reader_u8(&r);
        uint16_t length = reader_u16be(&r);
        struct str message = reader_bytes(&r, length < reader_left(&r) ? length : reader_left(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, frame, time);
        if (control & STEP_MOVE)
            module = move(module);
        if (control & STEP_LOST)
            tls_lost(module, &out, &place);
        if (control & STEP_END)
            tls_end(module, &out, &place);
        else
            take(module, &out, &place, message);
        steps_read(&batch);
    }
    tls_expire(module, &out, TIME_NS_END);
    steps_read(&batch);
    tls_free(module);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
