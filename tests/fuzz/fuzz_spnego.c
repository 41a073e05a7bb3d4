/*
 * fuzz_spnego - covers services/protocol-decode/spnego.c and auth*.c: up to 64 tokens of four conversations
 * with verdicts and time in between, and through them NTLM and AP exchanges.
 */
#include "services/protocol-decode/auth.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void take_step(struct auth *auth, struct decode_out *out, uint8_t control, const struct place *place,
                      struct str token)
{
    struct id conversation = {.high = 2, .low = control & STEP_FLOW};
    struct who who;
    if (control & STEP_END) {
        /* The other bits of the step choose the verdict. */
        enum outcome outcome = control & STEP_UDP ? outcome_failure : outcome_success;
        auth_result(auth, out, place, conversation, outcome, token.size, token.size == 0);
    } else {
        auth_token(auth, out, place, conversation, transport_smb, token);
    }
    if (auth_who(auth, conversation, &who))
        REQUIRE(who_text(who.user).size < WHO_NAME_BYTES && who_text(who.domain).size < WHO_NAME_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct auth *auth = NULL;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .files = steps_files(), .fingerprint_key = {.k0 = 1}};
    enum err err = auth_create(&auth, &(struct auth_options){.conversations = 3, .timeout = 10 * TIME_NS_S});
    REQUIRE(err == ERR_OK);
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str token = reader_bytes(&r, reader_u16be(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, i + 1, time);
        take_step(auth, &out, control, &place, token);
        steps_read(&batch);
    }
    auth_expire(auth, &out, TIME_NS_END);
    steps_read(&batch);
    auth_free(auth);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
