/*
 * auth_seal - tokens of Kerberos under each key of their conversation.
 */
#include "services/protocol-decode/auth_seal.h"
#include "services/protocol-decode/der.h"

enum {
    TOKEN_WRAP_4121 = 0x0504,
    TOKEN_WRAP_1964 = 0x0201,
    HEADER_BYTES = 16,
    WRAP_BY_ACCEPTOR = 0x01,
    WRAP_SEALED = 0x02,
    USAGE_ACCEPTOR_SEAL = 22, /* RFC 4121 2 */
    USAGE_INITIATOR_SEAL = 24,
    PARTS_MAX = 6,
};

/* The order in which they are likely: RFC 4121 2 has the acceptor's subkey where there is one. */
static const enum keyring_key key_order[] = {KEYRING_ACCEPTOR, KEYRING_INITIATOR, KEYRING_SESSION};

/* A Wrap token of RFC 4121: its header read, and all behind it. */
struct wrap {
    int32_t usage;
    uint16_t extra;
    uint16_t rotation;
    struct str run;
};

static bool read_wrap(struct str token, struct wrap *wrap)
{
    struct reader r = reader_of_str(token);
    uint16_t id = reader_u16be(&r);
    uint8_t flags = reader_u8(&r);
    reader_skip(&r, 1);
    wrap->usage = flags & WRAP_BY_ACCEPTOR ? USAGE_ACCEPTOR_SEAL : USAGE_INITIATOR_SEAL;
    wrap->extra = reader_u16be(&r);
    wrap->rotation = reader_u16be(&r);
    reader_skip(&r, 8);
    wrap->run = reader_rest(&r);
    return reader_ok(&r) && id == TOKEN_WRAP_4121 && (flags & WRAP_SEALED);
}

/* Rotated back to the left (RFC 4121 4.2.5). */
static struct str unrotated(struct arena *arena, const struct wrap *wrap)
{
    uint32_t by = wrap->run.size > 0 ? wrap->rotation % wrap->run.size : 0;
    if (by == 0)
        return wrap->run;
    char *turned = arena_take(arena, wrap->run.size);
    memcpy(turned, wrap->run.at + by, wrap->run.size - by);
    memcpy(turned + (wrap->run.size - by), wrap->run.at, by);
    return (struct str){.at = turned, .size = wrap->run.size};
}

/* The message, filler of EC bytes, and a copy of the header become plain together (RFC 4121 4.2.4). */
static bool open_whole(const struct keyring *k, struct arena *arena, const struct opener_key *key,
                       const struct wrap *wrap, struct str *plain)
{
    if (!keyring_decrypt(k, arena, key, wrap->usage, unrotated(arena, wrap), plain) ||
        plain->size < (uint32_t)HEADER_BYTES + wrap->extra)
        return false;
    plain->size -= (uint32_t)HEADER_BYTES + wrap->extra;
    return true;
}

static uint8_t *copy_of(struct arena *arena, struct str s)
{
    uint8_t *copy = arena_take(arena, s.size + 1);
    if (s.size > 0)
        memcpy(copy, s.at, s.size);
    return copy;
}

/* The bodies and tokens that are decrypted in place are copies: a key that does not fit spoils them. */
static bool try_beside(const struct keyring *k, struct arena *arena, const struct opener_key *key,
                       const struct wrap *wrap, const struct auth_sealed *s, bool signs_headers,
                       struct str *plain)
{
    const struct opener *o = k->opener;
    uint32_t header, trailer, filler = (uint32_t)HEADER_BYTES + wrap->extra;
    if (!o->sizes(o->crypto, key->etype, &header, &trailer) || wrap->run.size != filler + trailer + header)
        return false;
    uint8_t *body = copy_of(arena, s->body), *run = copy_of(arena, wrap->run);
    struct opener_part parts[PARTS_MAX];
    uint32_t count = 0;
    /* Rotated by RRC and EC together (MS-KILE 3.4.5.4.1), the confounder stands last. */
    parts[count++] = (struct opener_part){OPENER_HEADER, header, run + filler + trailer};
    if (signs_headers)
        parts[count++] = (struct opener_part){OPENER_SIGN_ONLY, s->head.size, copy_of(arena, s->head)};
    parts[count++] = (struct opener_part){OPENER_DATA, s->body.size, body};
    if (signs_headers)
        parts[count++] = (struct opener_part){OPENER_SIGN_ONLY, s->tail.size, copy_of(arena, s->tail)};
    parts[count++] = (struct opener_part){OPENER_DATA, filler, run};
    parts[count++] = (struct opener_part){OPENER_TRAILER, trailer, run + filler};
    *plain = (struct str){.at = (const char *)body, .size = s->body.size};
    return o->decrypt(o->crypto, key, wrap->usage, parts, count);
}

/* Whether headers are signed is agreed in the bind (MS-RPCE 2.2.2.3); the checksum tells as well. */
static bool open_beside(const struct keyring *k, struct arena *arena, const struct opener_key *key,
                        const struct wrap *wrap, const struct auth_sealed *s, struct str *plain)
{
    return try_beside(k, arena, key, wrap, s, true, plain) ||
           try_beside(k, arena, key, wrap, s, false, plain);
}

/* Behind the OID and TOK_ID of a Wrap token of RFC 1964; failed when it is none. */
static struct reader behind_token_id(struct str token)
{
    struct reader r = reader_of_str(token);
    uint8_t tag;
    uint32_t size;
    bool framed = der_header(&r, &tag, &size) && tag == DER_APPLICATION(0) && der_header(&r, &tag, &size) &&
                  tag == DER_OID;
    reader_skip(&r, framed ? size : 0);
    if (reader_u16be(&r) != TOKEN_WRAP_1964 || !framed)
        reader_fail(&r);
    return r;
}

static bool open_with(const struct keyring *k, struct arena *arena, const struct opener_key *key,
                      const struct auth_sealed *s, bool whole, struct str *plain)
{
    struct wrap wrap;
    if (key->size == 0)
        return false;
    if (read_wrap(s->token, &wrap))
        return whole ? open_whole(k, arena, key, &wrap, plain) : open_beside(k, arena, key, &wrap, s, plain);
    struct reader r = behind_token_id(s->token);
    return reader_ok(&r) && auth_seal_open_4757(k, arena, key, r, whole ? NULL : s, plain);
}

static bool open_kerberos(struct decode_out *out, const struct keyring_conversation *c,
                          const struct auth_sealed *s, bool whole, struct str *plain)
{
    for (size_t i = 0; i < ARRAY_COUNT(key_order); i++)
        if (open_with(out->keyring, &out->batch->arena, &c->key[key_order[i]], s, whole, plain))
            return true;
    *plain = (struct str){.at = "", .size = 0};
    return false;
}

bool auth_seal_open_token(struct decode_out *out, struct id conversation, struct str token, struct str *plain)
{
    if (!out->keyring)
        return false;
    const struct keyring_conversation *c = table_find(out->keyring->conversations, &conversation);
    return c && open_kerberos(out, c, &(struct auth_sealed){.token = token}, true, plain);
}

bool auth_seal_open_beside(struct decode_out *out, struct id conversation, bool to_server,
                           const struct auth_sealed *sealed, struct str *plain)
{
    if (!out->keyring)
        return false;
    struct keyring_conversation *c = table_find(out->keyring->conversations, &conversation);
    if (!c)
        return false;
    if (c->ntlm_flags != 0)
        return auth_seal_open_ntlm(out->keyring, &out->batch->arena, c, to_server, sealed, plain);
    return open_kerberos(out, c, sealed, false, plain);
}

enum opening auth_seal_state(struct decode_out *out, struct id conversation)
{
    if (!out->keyring)
        return opening_absent;
    const struct keyring_conversation *c = table_peek(out->keyring->conversations, &conversation);
    if (!c)
        return opening_session_unseen;
    if (c->stream[0].lost || c->stream[1].lost)
        return opening_out_of_step;
    return (enum opening)c->opening;
}
