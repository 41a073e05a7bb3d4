/*
 * fuzz_radius - covers services/protocol-decode/radius*.c and waiting.c: every option and attribute, and the
 * pairing of up to 64 messages of four flows, with time passing in between.
 */
#include "services/protocol-decode/radius.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct radius_module *module = NULL;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .files = steps_files(), .fingerprint_key = {.k0 = 1}};
    REQUIRE(radius_create(&module, &(struct radius_options){.requests = 4, .timeout = 10 * TIME_NS_S}) ==
            ERR_OK);
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str message = reader_bytes(&r, reader_u16be(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, i + 1, time);
        place.server_port = control & 0x40 ? 547 : 67;
        radius_message(module, &out, &place, message, message.size + (control & STEP_END));
        steps_read(&batch);
    }
    radius_expire(module, &out, TIME_NS_END);
    steps_read(&batch);
    radius_free(module);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
