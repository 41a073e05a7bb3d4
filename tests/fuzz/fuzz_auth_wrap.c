/*
 * fuzz_auth_wrap - covers services/protocol-decode/auth_wrap.c: tokens that open four conversations, and the
 * per-message tokens of these.
 */
#include "services/protocol-decode/auth_wrap.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static uint8_t read_all(struct str plain)
{
    struct reader r = reader_of_str(plain);
    uint8_t sum = 0;
    while (reader_left(&r) > 0)
        sum ^= reader_u8(&r);
    return sum;
}

static void take_step(struct auth *auth, struct decode_out *out, uint8_t control, const struct place *place,
                      struct str token)
{
    struct id conversation = {.high = 2, .low = control & STEP_FLOW};
    if (!(control & STEP_UDP)) {
        auth_token(auth, out, place, conversation, transport_ldap, token);
        return;
    }
    struct str plain;
    enum auth_opened opened = auth_unwrap(auth, out, place, conversation, token, &plain);
    REQUIRE(opened != AUTH_SEALED || plain.size == 0);
    REQUIRE(plain.size <= token.size);
    (void)read_all(plain);
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
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str token = reader_bytes(&r, reader_u16be(&r));
        struct place place = steps_place(control, i + 1, TIME_NS_DAY + (time_ns)i * TIME_NS_MS);
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
