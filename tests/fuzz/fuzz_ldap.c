/*
 * fuzz_ldap - covers services/protocol-decode/ldap*.c and netlogon_ping.c: framing, probe, every operation in
 * clear and in buffers of a security layer, datagrams, and the pairing of up to 64 messages of four flows,
 * with time passing, bytes lost and flows ending in between.
 */
#include "services/protocol-decode/ldap.h"
#include "services/protocol-decode/netlogon_ping.h"
#include "tests/fuzz/fuzz_steps.h"

enum {
    STEP_LOST = 64, /* bytes of this direction are missing before */
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* As a stream gives them: framed one after the other. */
static void take_stream(struct ldap_module *module, struct decode_out *out, const struct place *place,
                        struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    while (reader_left(&r) > 0) {
        struct reader rest = r;
        struct framing framing = ldap_frame(module, place, reader_rest(&rest));
        size_t left = reader_left(&r);
        if (framing.state != FRAMING_WHOLE || framing.want > left) {
            REQUIRE(framing.state == FRAMING_BAD || framing.want > left);
            return;
        }
        REQUIRE(framing.size > 0 && framing.want <= framing.size);
        rest = r;
        ldap_message(module, out, place, reader_bytes(&rest, framing.want), framing.size);
        reader_skip(&r, framing.size < left ? framing.size : left);
    }
}

static void take_step(struct ldap_module *module, struct decode_out *out, const struct place *place,
                      uint8_t control, struct str message)
{
    if (control & STEP_LOST)
        ldap_lost(module, out, place);
    if (control & STEP_END)
        ldap_end(module, out, place);
    else if (control & STEP_UDP)
        ldap_datagram(module, out, place, message, message.size);
    else
        take_stream(module, out, place, message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct auth *auth = NULL;
    struct ldap_module *module = NULL;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .files = steps_files(), .fingerprint_key = {.k0 = 1}};
    enum err err = auth_create(&auth, &(struct auth_options){.conversations = 3, .timeout = 10 * TIME_NS_S});
    REQUIRE(err == ERR_OK);
    /* Fewer than four flows can have, so that the tables' own bounds are met as well. */
    err = ldap_create(
        &module,
        &(struct ldap_options){.connections = 3, .requests = 12, .pages = 8, .timeout = 10 * TIME_NS_S},
        auth);
    REQUIRE(err == ERR_OK);
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str message = reader_bytes(&r, reader_u16be(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, i + 1, time);
        /* A datagram's flow is no connection's. */
        place.flow.high += (control & STEP_UDP) != 0;
        auth_expire(auth, &out, time);
        ldap_expire(module, &out, time);
        (void)ldap_probe(message);
        (void)ldap_sender(message);
        take_step(module, &out, &place, control, message);
        struct netlogon_ping ping;
        size_t offset;
        (void)netlogon_ping_parse(&batch.arena, message, &ping, &offset);
        steps_read(&batch);
    }
    ldap_expire(module, &out, TIME_NS_END);
    auth_expire(auth, &out, TIME_NS_END);
    steps_read(&batch);
    ldap_free(module);
    auth_free(auth);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
