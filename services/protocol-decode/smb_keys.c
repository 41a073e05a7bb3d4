/*
 * smb_keys - follows session setups, derives keys, opens messages.
 */
#include "services/protocol-decode/smb_keys.h"
#include "services/protocol-decode/keyring.h"

enum {
    HEADER_BYTES = 64,
    COMMAND_NEGOTIATE = 0,
    COMMAND_SESSION_SETUP = 1,
    FLAG_RESPONSE = 1,
    DIALECT_300 = 0x0300,
    DIALECT_311 = 0x0311,
    CONTEXT_ENCRYPTION = 2, /* MS-SMB2 2.2.3.1 */
    CONTEXTS_MAX = 16,
    CIPHER_128_CCM = 1,
    CIPHER_128_GCM = 2,
    CIPHER_256_CCM = 3,
    CIPHER_256_GCM = 4,
    SESSION_KEY_BYTES = 16,
    HASH_BYTES = KEYRING_SMB_HASH_BYTES,
    CCM_NONCE_BYTES = 11,
    GCM_NONCE_BYTES = 12,
    NONCE_BYTES = 16,
    TAG_BYTES = 16,
};

/* What the keyring keeps under which name. */
enum purpose {
    OF_CONNECTION, /* of a flow */
    OF_REQUEST,    /* a setup that has no session yet, by its message id */
    OF_SETUP,      /* a session's setup under way over this flow */
    OF_SESSION,    /* between two hosts */
};

static struct id name_of(struct id within, enum purpose purpose, uint64_t number)
{
    struct hash_parts parts = {.used = 0};
    hash_part(&parts, &within, sizeof(within));
    hash_part_u64(&parts, (uint64_t)purpose);
    hash_part_u64(&parts, number);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static struct keyring_smb *put(struct smb_context *c, struct id id)
{
    return table_put(c->out->keyring->smb, &id, NULL);
}

static struct keyring_smb *find(struct smb_context *c, struct id id)
{
    return table_find(c->out->keyring->smb, &id);
}

/* H(i) = SHA-512(H(i-1) | message). */
static void hash_on(struct smb_context *c, uint8_t hash[HASH_BYTES], struct str message)
{
    const struct opener *o = c->out->keyring->opener;
    uint8_t digest[OPENER_DIGEST_BYTES];
    const struct str parts[] = {{(const char *)hash, HASH_BYTES}, message};
    o->digest(o->crypto, OPENER_SHA512, (struct str){.at = ""}, parts, 2, digest);
    memcpy(hash, digest, HASH_BYTES);
}

/* The fields of a header that matter here. */
struct head {
    uint16_t command;
    uint32_t status;
    uint64_t message_id;
    uint64_t session_id;
    bool response;
};

static bool read_head(struct str message, struct head *h)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, 8);
    h->status = reader_u32le(&r);
    h->command = reader_u16le(&r);
    reader_skip(&r, 2);
    h->response = (reader_u32le(&r) & FLAG_RESPONSE) != 0;
    reader_skip(&r, 4);
    h->message_id = reader_u64le(&r);
    reader_skip(&r, 8);
    h->session_id = reader_u64le(&r);
    reader_skip(&r, HEADER_BYTES - 48);
    return reader_ok(&r);
}

/* The cipher of the encryption capabilities (MS-SMB2 2.2.4.1.2); 0 when none was agreed. */
static uint16_t read_cipher(struct str message, uint32_t offset, uint16_t count)
{
    struct reader whole = reader_of_str(message);
    struct reader r = reader_at(&whole, offset);
    for (uint16_t i = 0; i < count && i < CONTEXTS_MAX && reader_ok(&r); i++) {
        uint16_t type = reader_u16le(&r), size = reader_u16le(&r);
        reader_skip(&r, 4);
        struct reader data = reader_sub(&r, size);
        reader_skip(&data, 2);
        if (type == CONTEXT_ENCRYPTION)
            return reader_u16le(&data);
        /* Each begins at a multiple of 8. */
        size_t over = reader_offset(&r) % 8;
        if (over > 0 && reader_left(&r) > 0)
            reader_skip(&r, 8 - over);
    }
    return 0;
}

/* MS-SMB2 2.2.4. */
static void take_negotiated(struct keyring_smb *connection, struct str message)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, HEADER_BYTES + 4);
    connection->dialect = reader_u16le(&r);
    uint16_t contexts = reader_u16le(&r);
    reader_skip(&r, 52);
    uint32_t offset = reader_u32le(&r);
    connection->cipher = CIPHER_128_CCM;
    if (connection->dialect == DIALECT_311)
        connection->cipher = reader_ok(&r) ? read_cipher(message, offset, contexts) : 0;
}

static void see_negotiate(struct smb_context *c, const struct head *h, struct str message)
{
    struct keyring_smb *connection = put(c, name_of(c->place->flow, OF_CONNECTION, 0));
    if (!h->response)
        memset(connection, 0, sizeof(*connection));
    hash_on(c, connection->hash, message);
    if (h->response)
        take_negotiated(connection, message);
}

/* A setup begins with what its connection has agreed on. */
static void begin(struct smb_context *c, struct keyring_smb *setup)
{
    const struct keyring_smb *connection = find(c, name_of(c->place->flow, OF_CONNECTION, 0));
    memset(setup, 0, sizeof(*setup));
    if (!connection)
        return;
    setup->dialect = connection->dialect;
    setup->cipher = connection->cipher;
    memcpy(setup->hash, connection->hash, sizeof(setup->hash));
}

static void see_setup_request(struct smb_context *c, const struct head *h, struct str message)
{
    struct id id = h->session_id == 0 ? name_of(c->place->flow, OF_REQUEST, h->message_id)
                                      : name_of(c->place->flow, OF_SETUP, h->session_id);
    struct keyring_smb *setup = put(c, id);
    /* One that has been ended before, or not begun: a session that is authenticated again, or bound. */
    if (h->session_id == 0 || setup->dialect == 0) {
        struct keyring_smb fresh;
        begin(c, &fresh);
        setup = put(c, id);
        memcpy(setup, &fresh, sizeof(*setup));
    }
    hash_on(c, setup->hash, message);
}

/* The first answer gives the session its id; a session of that id that was there before is over. */
static void see_setup_response(struct smb_context *c, const struct head *h, struct str message)
{
    struct id request = name_of(c->place->flow, OF_REQUEST, h->message_id);
    struct id setup_id = name_of(c->place->flow, OF_SETUP, h->session_id);
    const struct keyring_smb *first = find(c, request);
    if (first) {
        struct keyring_smb moved = *first;
        struct id session = name_of(c->connection->hosts, OF_SESSION, h->session_id);
        table_remove(c->out->keyring->smb, &request);
        table_remove(c->out->keyring->smb, &session);
        *put(c, setup_id) = moved;
    }
    if (h->status == SMB_STATUS_MORE_PROCESSING)
        hash_on(c, put(c, setup_id)->hash, message);
}

void smb_keys_see(struct smb_context *c, struct str message)
{
    struct head h;
    if (!c->out->keyring || !read_head(message, &h))
        return;
    if (h.command == COMMAND_NEGOTIATE)
        see_negotiate(c, &h, message);
    else if (h.command == COMMAND_SESSION_SETUP && h.response)
        see_setup_response(c, &h, message);
    else if (h.command == COMMAND_SESSION_SETUP)
        see_setup_request(c, &h, message);
}

/* SP800-108 in counter mode with HMAC-SHA256; one block is as long as any key. Label ends in NUL. */
static void derive(const struct opener *o, struct str key, const char *label, struct str context,
                   uint32_t bytes, uint8_t to[OPENER_KEY_BYTES])
{
    static const uint8_t counter[4] = {0, 0, 0, 1}, separator[1] = {0};
    const uint8_t bits[4] = {0, 0, (uint8_t)(bytes * 8 >> 8), (uint8_t)(bytes * 8)};
    const struct str parts[] = {{(const char *)counter, 4},
                                {label, (uint32_t)strlen(label) + 1},
                                {(const char *)separator, 1},
                                context,
                                {(const char *)bits, 4}};
    uint8_t digest[OPENER_DIGEST_BYTES];
    o->digest(o->crypto, OPENER_HMAC_SHA256, key, parts, ARRAY_COUNT(parts), digest);
    memset(to, 0, OPENER_KEY_BYTES);
    memcpy(to, digest, bytes);
}

static void derive_both(const struct opener *o, struct keyring_smb *s, const struct opener_key *key)
{
    bool big = s->cipher == CIPHER_256_CCM || s->cipher == CIPHER_256_GCM;
    struct opener_key padded = *key;
    /* Session.SessionKey is of 16 bytes; ciphers of 256 bits use all there is. */
    if (!big || padded.size < SESSION_KEY_BYTES)
        padded.size = SESSION_KEY_BYTES;
    struct str secret = {(const char *)padded.byte, padded.size};
    s->key_bytes = big ? OPENER_KEY_BYTES : SESSION_KEY_BYTES;
    if (s->dialect == DIALECT_311) {
        struct str hash = {(const char *)s->hash, HASH_BYTES};
        derive(o, secret, "SMBC2SCipherKey", hash, s->key_bytes, s->key[1]);
        derive(o, secret, "SMBS2CCipherKey", hash, s->key_bytes, s->key[0]);
    } else {
        derive(o, secret, "SMB2AESCCM", (struct str){"ServerIn ", 10}, s->key_bytes, s->key[1]);
        derive(o, secret, "SMB2AESCCM", (struct str){"ServerOut", 10}, s->key_bytes, s->key[0]);
    }
}

static const struct opener_key *session_key(const struct keyring_conversation *c)
{
    static const enum keyring_key order[] = {KEYRING_ACCEPTOR, KEYRING_INITIATOR, KEYRING_SESSION};
    for (size_t i = 0; i < ARRAY_COUNT(order); i++)
        if (c->key[order[i]].size > 0)
            return &c->key[order[i]];
    return NULL;
}

void smb_keys_agree(struct smb_context *c, uint64_t session_id, struct id conversation)
{
    if (!c->out->keyring)
        return;
    struct id setup_id = name_of(c->place->flow, OF_SETUP, session_id);
    struct id session_name = name_of(c->connection->hosts, OF_SESSION, session_id);
    const struct keyring_smb *setup = find(c, setup_id);
    const struct keyring_conversation *keys = table_find(c->out->keyring->conversations, &conversation);
    /* What is authenticated again keeps its keys (MS-SMB2 3.3.5.5.2), and so does what is bound. */
    if (setup && !find(c, session_name)) {
        struct keyring_smb session = *setup;
        const struct opener_key *key = keys ? session_key(keys) : NULL;
        session.opening = keys ? keys->opening : (uint32_t)opening_session_unseen;
        if (key && session.dialect >= DIALECT_300)
            derive_both(c->out->keyring->opener, &session, key);
        *put(c, session_name) = session;
    }
    table_remove(c->out->keyring->smb, &setup_id);
}

static bool is_ccm(uint16_t cipher)
{
    return cipher == CIPHER_128_CCM || cipher == CIPHER_256_CCM;
}

/* SMB2 TRANSFORM_HEADER (MS-SMB2 2.2.41): what follows the signature is covered by it. */
bool smb_keys_open(struct smb_context *c, struct str sealed, struct str *plain)
{
    if (!c->out->keyring)
        return false;
    const struct opener *o = c->out->keyring->opener;
    struct reader r = reader_of_str(sealed);
    reader_skip(&r, 4);
    struct opener_message m = {.tag = reader_bytes(&r, TAG_BYTES)};
    struct reader covered = r;
    m.associated = reader_bytes(&covered, 32);
    struct str nonce = reader_bytes(&r, NONCE_BYTES);
    uint32_t size = reader_u32le(&r);
    reader_skip(&r, 4);
    uint64_t session_id = reader_u64le(&r);
    m.sealed = reader_bytes(&r, size);
    if (!reader_ok(&r))
        return false;
    const struct keyring_smb *s = find(c, name_of(c->connection->hosts, OF_SESSION, session_id));
    if (!s || s->key_bytes == 0 || s->cipher < CIPHER_128_CCM || s->cipher > CIPHER_256_GCM)
        return false;
    m.cipher = is_ccm((uint16_t)s->cipher) ? OPENER_AES_CCM : OPENER_AES_GCM;
    m.key = (struct str){(const char *)s->key[c->place->to_server ? 1 : 0], s->key_bytes};
    m.nonce = (struct str){nonce.at, is_ccm((uint16_t)s->cipher) ? CCM_NONCE_BYTES : GCM_NONCE_BYTES};
    uint8_t *bytes = arena_take(&c->out->batch->arena, (size_t)size + 1);
    *plain = (struct str){(const char *)bytes, size};
    return o->open(o->crypto, &m, bytes);
}

uint8_t smb_keys_state(struct smb_context *c, uint64_t session_id)
{
    if (!c->out->keyring)
        return opening_absent;
    const struct keyring_smb *s = find(c, name_of(c->connection->hosts, OF_SESSION, session_id));
    return s ? (uint8_t)s->opening : opening_session_unseen;
}
