/*
 * fuzz_dns - covers services/protocol-decode/dns*.c and netbios_datagram.c: framing, names and their
 * pointers, every layout of data, and the pairing of up to 64 messages of four flows of every name service,
 * with time passing in between.
 */
#include "services/protocol-decode/dns.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The upper bits, of which one also chooses the flow. */
static uint16_t port_of(uint8_t control)
{
    static const uint16_t ports[] = {53, 137, 5353, 5355, 53, 138, 53, 137};
    return ports[control >> 5];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct auth *auth = NULL;
    struct dns_module *module = NULL;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .files = steps_files(), .fingerprint_key = {.k0 = 1}};
    REQUIRE(auth_create(&auth, &(struct auth_options){.conversations = 4, .timeout = 10 * TIME_NS_S}) ==
            ERR_OK);
    REQUIRE(dns_create(&module, &(struct dns_options){.pending = 12, .timeout = 10 * TIME_NS_S}, auth) ==
            ERR_OK);
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str message = reader_bytes(&r, reader_u16be(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, i + 1, time);
        place.server_port = port_of(control);
        place.client_port = place.server_port == 5353 ? 5353 : 50000;
        place.server = (struct addr){.family = 4, .byte = {224}};
        (void)dns_frame(message);
        dns_message(module, &out, &place, message, message.size + (control & STEP_END));
        steps_read(&batch);
    }
    dns_expire(module, &out, TIME_NS_END);
    auth_expire(auth, &out, TIME_NS_END);
    steps_read(&batch);
    dns_free(module);
    auth_free(auth);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
