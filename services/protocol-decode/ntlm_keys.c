/*
 * ntlm_keys - NTLMv2 with extended session security; older forms make no keys here.
 */
#include "services/protocol-decode/ntlm_keys.h"
#include "services/protocol-decode/ntlm.h"
#include "services/protocol-decode/rc4.h"
#include "common/base/text.h"

#define FLAG_56 0x80000000u

enum {
    DIGEST_BYTES = 16,
    PROOF_BYTES = 16,
    RESPONSE_V1_BYTES = 24,
    CHALLENGE_AT = 24, /* MS-NLMP 2.2.1.2 */
    FIELDS_AT = 12,    /* MS-NLMP 2.2.1.3 */
    ETYPE_RC4 = 23,
    NAME_BYTES_MAX = 1024,
    KEYS_TRIED_MAX = 16,
    FLAG_KEY_EXCHANGE = 0x40000000, /* MS-NLMP 2.2.2.5 */
    FLAG_128 = 0x20000000,
    KEY_56_BYTES = 7,
    KEY_40_BYTES = 5,
};

/* What an AUTHENTICATE_MESSAGE holds; borrowed. */
struct authenticate {
    struct str response;
    struct str domain;
    struct str user;
    struct str key; /* EncryptedRandomSessionKey */
    uint32_t flags;
};

static struct str field(struct reader *r)
{
    uint16_t size = reader_u16le(r);
    reader_skip(r, 2);
    struct reader at = reader_at(r, reader_u32le(r));
    struct str bytes = reader_bytes(&at, size);
    if (size > 0 && !reader_ok(&at))
        reader_fail(r);
    return bytes;
}

static bool read_authenticate(struct str message, struct authenticate *a)
{
    struct reader whole = reader_of_str(message);
    struct reader r = reader_at(&whole, FIELDS_AT);
    (void)field(&r); /* LmChallengeResponse */
    a->response = field(&r);
    a->domain = field(&r);
    a->user = field(&r);
    (void)field(&r); /* Workstation */
    a->key = field(&r);
    a->flags = reader_u32le(&r);
    return reader_ok(&r);
}

static struct str bytes_of(const uint8_t *bytes, uint32_t size)
{
    return (struct str){.at = (const char *)bytes, .size = size};
}

/* UTF-16 in capitals, as far as ASCII and Latin-1 go. */
static struct str upper(struct str name, uint8_t to[NAME_BYTES_MAX])
{
    struct reader r = reader_of_str(name);
    uint32_t size = name.size < NAME_BYTES_MAX ? name.size & ~1u : NAME_BYTES_MAX;
    for (uint32_t i = 0; i < size; i += 2) {
        uint16_t c = reader_u16le(&r);
        bool small = (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7);
        if (small)
            c = (uint16_t)(c - 0x20);
        to[i] = (uint8_t)c;
        to[i + 1] = (uint8_t)(c >> 8);
    }
    return bytes_of(to, size);
}

/* NTOWFv2, then the proof that this is the hash (MS-NLMP 3.3.2). session: SessionBaseKey. */
static bool proves(const struct opener *o, const struct opener_key *hash, const struct authenticate *a,
                   const uint8_t *challenge, uint8_t session[OPENER_DIGEST_BYTES])
{
    uint8_t name[NAME_BYTES_MAX], key[OPENER_DIGEST_BYTES], proof[OPENER_DIGEST_BYTES];
    const struct str who[] = {upper(a->user, name), a->domain};
    struct reader r = reader_of_str(a->response);
    struct str expected = reader_bytes(&r, PROOF_BYTES);
    const struct str said[] = {bytes_of(challenge, KEYRING_CHALLENGE_BYTES), reader_rest(&r)};
    o->digest(o->crypto, OPENER_HMAC_MD5, bytes_of(hash->byte, hash->size), who, 2, key);
    o->digest(o->crypto, OPENER_HMAC_MD5, bytes_of(key, DIGEST_BYTES), said, 2, proof);
    if (memcmp(proof, expected.at, PROOF_BYTES) != 0)
        return false;
    o->digest(o->crypto, OPENER_HMAC_MD5, bytes_of(key, DIGEST_BYTES), &expected, 1, session);
    return true;
}

/* SIGNKEY and SEALKEY of one direction (MS-NLMP 3.4.5.2, 3.4.5.3). */
static void set_stream(const struct opener *o, const struct opener_key *exported, uint32_t flags,
                       const char *sign, const char *seal, struct keyring_stream *stream)
{
    uint8_t digest[OPENER_DIGEST_BYTES];
    struct rc4 rc4;
    uint32_t size = flags & FLAG_128 ? exported->size : flags & FLAG_56 ? KEY_56_BYTES : KEY_40_BYTES;
    /* The constants end in NUL, which counts. */
    const struct str for_sign[] = {bytes_of(exported->byte, exported->size),
                                   {sign, (uint32_t)strlen(sign) + 1}};
    const struct str for_seal[] = {bytes_of(exported->byte, size), {seal, (uint32_t)strlen(seal) + 1}};
    o->digest(o->crypto, OPENER_MD5, (struct str){.at = ""}, for_sign, 2, digest);
    memcpy(stream->sign_key, digest, KEYRING_SIGN_KEY_BYTES);
    o->digest(o->crypto, OPENER_MD5, (struct str){.at = ""}, for_seal, 2, digest);
    rc4_begin(&rc4, bytes_of(digest, DIGEST_BYTES));
    memcpy(stream->box, rc4.box, sizeof(stream->box));
    stream->ready = 1;
}

static void set_keys(const struct opener *o, struct keyring_conversation *c, const struct authenticate *a,
                     const uint8_t *session)
{
    struct opener_key *exported = &c->key[KEYRING_SESSION];
    struct rc4 rc4;
    exported->size = DIGEST_BYTES;
    memcpy(exported->byte, session, DIGEST_BYTES);
    if ((a->flags & FLAG_KEY_EXCHANGE) && a->key.size == DIGEST_BYTES) {
        rc4_begin(&rc4, bytes_of(session, DIGEST_BYTES));
        rc4_apply(&rc4, a->key.at, exported->byte, DIGEST_BYTES);
    }
    c->ntlm_flags = a->flags;
    set_stream(o, exported, a->flags, "session key to server-to-client signing key magic constant",
               "session key to server-to-client sealing key magic constant", &c->stream[0]);
    set_stream(o, exported, a->flags, "session key to client-to-server signing key magic constant",
               "session key to client-to-server sealing key magic constant", &c->stream[1]);
}

static enum opening make_keys(struct decode_out *out, struct keyring_conversation *c, struct str message)
{
    const struct opener *o = out->keyring->opener;
    struct authenticate a;
    if (!read_authenticate(message, &a))
        return opening_damaged;
    if (!c->challenge_seen)
        return opening_session_unseen;
    if (a.response.size <= RESPONSE_V1_BYTES || !(a.flags & NTLM_FLAG_EXTENDED_SESSION_SECURITY) ||
        !(a.flags & NTLM_FLAG_UNICODE))
        return opening_not_read;
    struct opener_wanted wanted = {.name = text_from_utf16le(&out->batch->arena, a.user, false),
                                   .etype = ETYPE_RC4};
    struct opener_key hash;
    uint8_t session[OPENER_DIGEST_BYTES];
    enum opening opening = opening_no_key;
    if (wanted.name.size == 0)
        return opening; /* anonymous */
    for (uint32_t n = 0; n < KEYS_TRIED_MAX && o->find(o->keys, &wanted, n, &hash); n++) {
        opening = opening_wrong_key;
        if (!proves(o, &hash, &a, c->challenge, session))
            continue;
        set_keys(o, c, &a, session);
        return opening_opened;
    }
    return opening;
}

static void take_challenge(struct keyring_conversation *c, struct str message)
{
    struct reader whole = reader_of_str(message);
    struct reader r = reader_at(&whole, CHALLENGE_AT);
    struct str challenge = reader_bytes(&r, KEYRING_CHALLENGE_BYTES);
    memset(c, 0, sizeof(*c));
    if (!reader_ok(&r))
        return;
    memcpy(c->challenge, challenge.at, KEYRING_CHALLENGE_BYTES);
    c->challenge_seen = 1;
}

enum opening ntlm_keys_take(struct decode_out *out, struct id conversation, struct str message)
{
    if (!out->keyring)
        return opening_absent;
    struct reader r = reader_of_str(message);
    reader_skip(&r, 8);
    uint32_t type = reader_u32le(&r);
    if (type != NTLM_CHALLENGE && type != NTLM_AUTHENTICATE)
        return opening_absent;
    struct keyring_conversation *c = table_put(out->keyring->conversations, &conversation, NULL);
    if (type == NTLM_CHALLENGE) {
        take_challenge(c, message);
        return opening_absent;
    }
    c->opening = (uint32_t)make_keys(out, c, message);
    return (enum opening)c->opening;
}
