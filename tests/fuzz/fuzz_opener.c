/*
 * fuzz_opener - covers services/protocol-decode/kerberos_open*.c, pac*.c, keyring.c, ntlm_keys.c and
 * auth_seal*.c: messages and tokens whose sealed parts are opened by an opener that takes them as plain
 * already.
 */
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/kerberos_open.h"
#include "services/protocol-decode/ntlm_keys.h"
#include "services/protocol-decode/pac.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    STEP_KIND_SHIFT = 6,
    KIND_KERBEROS = 0,
    KIND_TOKEN = 1,
    KIND_WRAP = 2, /* with STEP_END a body beside its token */
    KIND_PAC = 3,
};

static bool find_key(const void *keys, const struct opener_wanted *wanted, uint32_t number,
                     struct opener_key *key)
{
    (void)keys;
    *key = (struct opener_key){.etype = wanted->etype != 0 ? wanted->etype : 18, .size = 16};
    return number == 0;
}

static bool decrypt(const void *crypto, const struct opener_key *key, int32_t usage,
                    const struct opener_part *parts, uint32_t count)
{
    uint8_t sum = 0;
    (void)crypto;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t n = 0; n < parts[i].size; n++)
            sum ^= parts[i].at[n];
    return key->size > 0 && usage > 0 && sum != 0xff;
}

static bool sizes(const void *crypto, int32_t etype, uint32_t *header, uint32_t *trailer)
{
    (void)crypto;
    *header = 0;
    *trailer = 0;
    return etype != 0;
}

static bool verify(const void *crypto, const struct opener_key *key, int32_t usage, int32_t type,
                   struct str data, struct str checksum)
{
    (void)crypto;
    return (key->size + (uint32_t)usage + (uint32_t)type + data.size + checksum.size) % 2 == 0;
}

static void digest(const void *crypto, enum opener_digest kind, struct str key, const struct str *parts,
                   uint32_t count, uint8_t to[OPENER_DIGEST_BYTES])
{
    uint8_t sum = (uint8_t)(kind + key.size);
    (void)crypto;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t n = 0; n < parts[i].size; n++)
            sum = (uint8_t)(sum * 31 + (uint8_t)parts[i].at[n]);
    memset(to, sum & 1, OPENER_DIGEST_BYTES);
}

static bool open_message(const void *crypto, const struct opener_message *m, uint8_t *plain)
{
    (void)crypto;
    memcpy(plain, m->sealed.at, m->sealed.size);
    return true;
}

static const struct opener opener = {.find = find_key,
                                     .decrypt = decrypt,
                                     .sizes = sizes,
                                     .verify = verify,
                                     .digest = digest,
                                     .open = open_message};

/* Told through the record that holds it, so that every byte of it is read. */
static void tell_part(struct decode_out *out, const struct place *place, const struct ticket_part *part)
{
    struct kerberos *body = decode_emit(out, RECORD_kerberos, place, place->time, 1);
    body->ticket_part = *part;
}

static void take_kerberos(struct decode_out *out, const struct place *place, struct id conversation,
                          struct str message)
{
    kerberos_open(out, place, conversation, message);
    const struct keyring_ticket *newest = table_oldest(out->keyring->tickets);
    if (!newest)
        return;
    struct id ticket;
    struct ticket_part part = {0};
    memcpy(&ticket, table_key(out->keyring->tickets, newest), sizeof(ticket));
    keyring_get_part(out, ticket, &part);
    tell_part(out, place, &part);
}

static void take_step(struct auth *auth, struct decode_out *out, uint8_t control, const struct place *place,
                      struct str message)
{
    struct id conversation = {.high = 2, .low = control & STEP_FLOW};
    struct str plain;
    struct pac_fault fault;
    struct ticket_part part = {0};
    switch (control >> STEP_KIND_SHIFT) {
    case KIND_KERBEROS:
        take_kerberos(out, place, conversation, message);
        break;
    case KIND_TOKEN:
        auth_token(auth, out, place, conversation, transport_ldap, message);
        break;
    case KIND_WRAP:
        REQUIRE(auth_unwrap(auth, out, place, conversation, message, &plain) != AUTH_OPENED ||
                plain.size <= message.size);
        break;
    default:
        pac_read(&out->batch->arena, message, &part, &fault);
        pac_check(out->keyring, &out->batch->arena, message, &(struct opener_key){.etype = 18, .size = 32},
                  STR("EX"), &part);
        tell_part(out, place, &part);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct auth *auth = NULL;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .files = steps_files(), .fingerprint_key = {.k0 = 1}};
    struct keyring_options keys = {.opener = &opener, .conversations = 3, .flows = 3};
    enum err err = auth_create(&auth, &(struct auth_options){.conversations = 3, .timeout = 10 * TIME_NS_S});
    REQUIRE(err == ERR_OK && keyring_create(&out.keyring, &keys) == ERR_OK);
    struct reader r = reader_of(bytes, size);
    for (uint64_t i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        uint8_t control = reader_u8(&r);
        struct str message = reader_bytes(&r, reader_u16be(&r));
        struct place place = steps_place(control, i + 1, TIME_NS_DAY + (time_ns)i * TIME_NS_MS);
        take_step(auth, &out, control, &place, message);
        steps_read(&batch);
    }
    auth_expire(auth, &out, TIME_NS_END);
    steps_read(&batch);
    auth_free(auth);
    keyring_free(out.keyring);
    table_free(out.files);
    batch_close(&batch);
    return 0;
}
