/*
 * fuzz_rdp - beginnings of four connections in both directions, TLS behind them, with time passing and ends
 * in between, and the state saved and loaded.
 *
 * The input is a run of steps (fuzz_steps.h). Bit 7 of the control byte: the state moves to another module
 * before.
 */
#include "services/protocol-decode/rdp.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    STEP_MOVE = 128,
    TABLES = 1,
};

static const struct rdp_options options = {.connections = 2, .timeout = 10 * TIME_NS_S, .seed = {1, 2}};
static const struct tls_options tls_options = {.connections = 2, .timeout = 10 * TIME_NS_S, .seed = {1, 2}};

static struct rdp_module *move(struct rdp_module *old, struct tls_module *tls)
{
    struct rdp_module *fresh = NULL;
    struct table *from[TABLES], *to[TABLES];
    struct writer saved = {0}, again = {0};
    REQUIRE(rdp_create(&fresh, &options, tls) == ERR_OK);
    REQUIRE(rdp_tables(old, from) == TABLES && rdp_tables(fresh, to) == TABLES);
    table_save(from[0], &saved);
    struct reader r = reader_of_str(writer_str(&saved));
    REQUIRE(table_load(to[0], &r));
    table_save(to[0], &again);
    REQUIRE(str_equal(writer_str(&saved), writer_str(&again)));
    writer_close(&saved);
    writer_close(&again);
    rdp_free(old);
    return fresh;
}

static void take(struct rdp_module *module, struct decode_out *out, const struct place *place,
                 struct str bytes)
{
    bool known;
    (void)rdp_probe(bytes);
    (void)rdp_is_of_client(bytes, &known);
    struct framing framing = rdp_frame(bytes);
    if (framing.state == FRAMING_WHOLE && framing.size <= bytes.size)
        rdp_message(module, out, place, (struct str){bytes.at, framing.want});
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct decode_out out = {.batch = &batch, .files = steps_files()};
    struct tls_module *tls = NULL;
    struct rdp_module *module = NULL;
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    batch_init(&batch);
    REQUIRE(tls_create(&tls, &tls_options) == ERR_OK);
    REQUIRE(rdp_create(&module, &options, tls) == ERR_OK);
    for (uint64_t frame = 1; frame <= STEPS_MAX && reader_left(&r) > 0; frame++) {
        uint8_t control = reader_u8(&r);
        uint16_t length = reader_u16be(&r);
        struct str message = reader_bytes(&r, length < reader_left(&r) ? length : reader_left(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, frame, time);
        if (control & STEP_MOVE)
            module = move(module, tls);
        if (control & STEP_END)
            rdp_end(module, &out, &place);
        else
            take(module, &out, &place, message);
        steps_read(&batch);
    }
    rdp_expire(module, &out, TIME_NS_END);
    tls_expire(tls, &out, TIME_NS_END);
    steps_read(&batch);
    rdp_free(module);
    tls_free(tls);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
