/*
 * auth_seal_rc4 - messages sealed by RC4: Kerberos' (RFC 4757 7.3) and NTLM's (MS-NLMP 3.4.4.2).
 */
#include "services/protocol-decode/auth_seal.h"
#include "services/protocol-decode/rc4.h"

enum {
    DIGEST_BYTES = 16,
    CHECKSUM_BYTES = 8,
    SEQUENCE_BYTES = 8,
    CONFOUNDER_BYTES = 8,
    HEADER_BYTES = 8,    /* TOK_ID to filler */
    ALGORITHM_BYTES = 4, /* of sign and seal, behind TOK_ID */
    SALT_WRAP = 13,
    NTLM_VERSION = 1,
    NTLM_KEY_EXCHANGE = 0x40000000,
};

static struct str bytes_of(const uint8_t *bytes, uint32_t size)
{
    return (struct str){.at = (const char *)bytes, .size = size};
}

static void hmac(const struct opener *o, struct str key, struct str data, uint8_t to[OPENER_DIGEST_BYTES])
{
    o->digest(o->crypto, OPENER_HMAC_MD5, key, &data, 1, to);
}

static bool is_same(const uint8_t *a, const char *b, uint32_t size)
{
    uint8_t differs = 0;
    for (uint32_t i = 0; i < size; i++)
        differs |= a[i] ^ (uint8_t)b[i];
    return differs == 0;
}

/* The parts of a Wrap token of RFC 4757. */
struct token {
    struct str header; /* TOK_ID, algorithms, filler */
    struct str sequence;
    struct str checksum;
    struct str confounder;
    struct str rest;
};

static bool read_token(struct reader r, struct token *t)
{
    /* The header begins with the TOK_ID before the reader. */
    size_t at = (size_t)(r.at - r.start);
    struct reader head = reader_at(&r, at >= 2 ? at - 2 : SIZE_MAX);
    t->header = reader_bytes(&head, HEADER_BYTES);
    reader_skip(&r, ALGORITHM_BYTES + 2);
    t->sequence = reader_bytes(&r, SEQUENCE_BYTES);
    t->checksum = reader_bytes(&r, CHECKSUM_BYTES);
    t->confounder = reader_bytes(&r, CONFOUNDER_BYTES);
    t->rest = reader_rest(&r);
    return reader_ok(&r) && reader_ok(&head);
}

/* The key of the message's stream: from the session key and the sequence number, itself sealed. */
static void key_of_message(const struct opener *o, const struct opener_key *key, const struct token *t,
                           uint8_t to[OPENER_DIGEST_BYTES])
{
    static const uint8_t zeros[4];
    uint8_t derived[OPENER_DIGEST_BYTES], local[OPENER_KEY_BYTES], sequence[SEQUENCE_BYTES];
    struct rc4 rc4;
    hmac(o, bytes_of(key->byte, key->size), bytes_of(zeros, 4), derived);
    hmac(o, bytes_of(derived, DIGEST_BYTES), t->checksum, derived);
    rc4_begin(&rc4, bytes_of(derived, DIGEST_BYTES));
    rc4_apply(&rc4, t->sequence.at, sequence, SEQUENCE_BYTES);
    for (uint32_t i = 0; i < key->size; i++)
        local[i] = key->byte[i] ^ 0xf0;
    hmac(o, bytes_of(local, key->size), bytes_of(zeros, 4), derived);
    hmac(o, bytes_of(derived, DIGEST_BYTES), bytes_of(sequence, 4), to);
}

/* The checksum over the plain message, with or without the headers around it. */
static bool fits(const struct opener *o, const struct opener_key *key, const struct token *t,
                 struct str confounder, const struct str body[3], bool headers)
{
    static const uint8_t salt[4] = {SALT_WRAP};
    static const char signature_key[] = "signaturekey";
    uint8_t digest[OPENER_DIGEST_BYTES], sign_key[OPENER_DIGEST_BYTES], sum[OPENER_DIGEST_BYTES];
    struct str none = {.at = "", .size = 0};
    const struct str parts[] = {bytes_of(salt, 4),        t->header, confounder,
                                headers ? body[0] : none, body[1],   headers ? body[2] : none};
    o->digest(o->crypto, OPENER_MD5, none, parts, ARRAY_COUNT(parts), digest);
    hmac(o, bytes_of(key->byte, key->size), (struct str){signature_key, sizeof(signature_key)}, sign_key);
    hmac(o, bytes_of(sign_key, DIGEST_BYTES), bytes_of(digest, DIGEST_BYTES), sum);
    return is_same(sum, t->checksum.at, CHECKSUM_BYTES);
}

/* The last byte says how many bytes of padding there are (RFC 1964 1.2.2.3); RC4 has one. */
static void cut_padding(struct str *plain)
{
    if (plain->size == 0)
        return;
    struct reader r = reader_of_str(*plain);
    reader_skip(&r, plain->size - 1);
    uint8_t padding = reader_u8(&r);
    if (padding > 0 && padding <= 8 && padding <= plain->size)
        plain->size -= padding;
}

bool auth_seal_open_4757(const struct keyring *k, struct arena *arena, const struct opener_key *key,
                         struct reader token, const struct auth_sealed *s, struct str *plain)
{
    const struct opener *o = k->opener;
    uint8_t message_key[OPENER_DIGEST_BYTES], confounder[CONFOUNDER_BYTES];
    struct token t;
    struct rc4 rc4;
    if (!read_token(token, &t))
        return false;
    struct str sealed = s ? s->body : t.rest;
    uint8_t *bytes = arena_take(arena, sealed.size + 1);
    key_of_message(o, key, &t, message_key);
    rc4_begin(&rc4, bytes_of(message_key, DIGEST_BYTES));
    rc4_apply(&rc4, t.confounder.at, confounder, CONFOUNDER_BYTES);
    rc4_apply(&rc4, sealed.at, bytes, sealed.size);
    *plain = bytes_of(bytes, sealed.size);
    struct str none = {.at = "", .size = 0};
    const struct str body[3] = {s ? s->head : none, *plain, s ? s->tail : none};
    struct str first = bytes_of(confounder, CONFOUNDER_BYTES);
    if (!fits(o, key, &t, first, body, true) && !(s && fits(o, key, &t, first, body, false)))
        return false;
    if (!s)
        cut_padding(plain);
    return true;
}

static struct rc4 stream_of(const struct keyring_stream *stream)
{
    struct rc4 rc4 = {.i = (uint8_t)stream->i, .j = (uint8_t)stream->j};
    memcpy(rc4.box, stream->box, sizeof(rc4.box));
    return rc4;
}

/* One try from a state of the stream: it is left behind the message when the checksum fits. */
static bool try_ntlm(const struct opener *o, const struct keyring_conversation *c,
                     const struct keyring_stream *stream, struct rc4 *rc4, const struct auth_sealed *s,
                     uint8_t *plain)
{
    uint8_t sum[OPENER_DIGEST_BYTES];
    struct reader r = reader_of_str(s->token);
    reader_skip(&r, 4);
    struct str checksum = reader_bytes(&r, CHECKSUM_BYTES), sequence = reader_bytes(&r, 4);
    rc4_apply(rc4, s->body.at, plain, s->body.size);
    struct rc4 behind = *rc4;
    const struct str parts[] = {sequence, s->head, bytes_of(plain, s->body.size), s->tail};
    const struct str alone[] = {sequence, bytes_of(plain, s->body.size)};
    struct str key = bytes_of(stream->sign_key, KEYRING_SIGN_KEY_BYTES);
    for (int headers = 1; headers >= 0; headers--) {
        *rc4 = behind;
        if (headers)
            o->digest(o->crypto, OPENER_HMAC_MD5, key, parts, ARRAY_COUNT(parts), sum);
        else
            o->digest(o->crypto, OPENER_HMAC_MD5, key, alone, ARRAY_COUNT(alone), sum);
        if (c->ntlm_flags & NTLM_KEY_EXCHANGE)
            rc4_apply(rc4, sum, sum, CHECKSUM_BYTES);
        if (is_same(sum, checksum.at, CHECKSUM_BYTES))
            return true;
    }
    return false;
}

/* Where the stream may stand before the first message: at its start, or behind the checksum of a mechListMIC
 * for each number that was used up (RFC 4178 5). */
static void skip_checksums(struct rc4 *rc4, uint32_t count)
{
    uint8_t bytes[CHECKSUM_BYTES] = {0};
    for (uint32_t i = 0; i < count; i++)
        rc4_apply(rc4, bytes, bytes, CHECKSUM_BYTES);
}

bool auth_seal_open_ntlm(const struct keyring *k, struct arena *arena, struct keyring_conversation *c,
                         bool to_server, const struct auth_sealed *s, struct str *plain)
{
    enum { BEFORE_FIRST_MAX = 2 };
    struct keyring_stream *stream = &c->stream[to_server ? 1 : 0];
    struct reader r = reader_of_str(s->token);
    uint32_t version = reader_u32le(&r);
    reader_skip(&r, CHECKSUM_BYTES);
    uint32_t sequence = reader_u32le(&r);
    bool first = stream->sequence == 0;
    if (!stream->ready || stream->lost || !reader_ok(&r) || version != NTLM_VERSION)
        return false;
    if (first ? sequence > BEFORE_FIRST_MAX : sequence != stream->sequence) {
        stream->lost = 1;
        return false;
    }
    uint8_t *bytes = arena_take(arena, s->body.size + 1);
    struct rc4 rc4 = stream_of(stream);
    bool good = try_ntlm(k->opener, c, stream, &rc4, s, bytes);
    if (!good && first && sequence > 0) {
        rc4 = stream_of(stream);
        skip_checksums(&rc4, sequence);
        good = try_ntlm(k->opener, c, stream, &rc4, s, bytes);
    }
    stream->lost = !good;
    stream->sequence = sequence + 1;
    stream->i = rc4.i;
    stream->j = rc4.j;
    memcpy(stream->box, rc4.box, sizeof(stream->box));
    *plain = good ? bytes_of(bytes, s->body.size) : (struct str){.at = "", .size = 0};
    return good;
}
