/*
 * fuzz_kpasswd - covers services/protocol-decode/kpasswd.c: framing, probe, direction, requests, replies and
 * errors, and the pairing of up to 64 messages of four flows over UDP and TCP, with time passing and flows
 * ending in between.
 */
#include "services/protocol-decode/kpasswd.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct kpasswd_module *module = NULL;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .files = steps_files(), .fingerprint_key = {.k0 = 1}};
    /* Fewer may wait than there are flows, so that the table's own bound is met as well. */
    enum err err =
        kpasswd_create(&module, &(struct kpasswd_options){.pending = 3, .timeout = 10 * TIME_NS_S});
    REQUIRE(err == ERR_OK);
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str message = reader_bytes(&r, reader_u16be(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, i + 1, time);
        (void)kpasswd_frame(message);
        (void)kpasswd_probe(message);
        bool known;
        (void)kpasswd_is_request(message, &known);
        if (control & STEP_END)
            kpasswd_end(module, &out, &place);
        else
            kpasswd_message(module, &out, &place, message);
        steps_read(&batch);
    }
    kpasswd_expire(module, &out, TIME_NS_END);
    steps_read(&batch);
    kpasswd_free(module);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
