/*
 * auth_wrap - takes the message out of a per-message token.
 */
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/auth_seal.h"
#include "services/protocol-decode/auth_state.h"
#include "services/protocol-decode/der.h"

/* TOK_ID, as big-endian numbers. */
enum {
    TOKEN_MIC_1964 = 0x0101,
    TOKEN_WRAP_1964 = 0x0201,
    TOKEN_MIC_4121 = 0x0404,
    TOKEN_WRAP_4121 = 0x0504,
};

/* RFC 4121 4.2.6.2. */
enum {
    WRAP_SEALED = 0x02, /* flag */
    WRAP_FILLER = 0xff,
    WRAP_HEADER_BYTES = 16,
};

/* RFC 1964 1.2.2, RFC 4757 7.3. */
enum {
    SEAL_NONE = 0xffff,
    SIGN_DES3 = 0x0400, /* HMAC SHA1 DES3-KD: a checksum of 20 bytes, all others have 8 */
    CHECKSUM_DES3_BYTES = 20,
    CHECKSUM_BYTES = 8,
    SEQUENCE_BYTES = 8,
    CONFOUNDER_BYTES = 8,
    PADDING_MAX = 8,
};

enum {
    NTLM_SIGNATURE_BYTES = 16, /* MS-NLMP 2.2.2.9 */
    NTLM_SIGNATURE_VERSION = 1,
};

static const struct str oid_kerberos = {"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9};

struct unwrap {
    struct auth *auth;
    struct decode_out *out;
    const struct place *place;
    struct id conversation;
    struct str *plain;
};

static enum auth_opened refuse(const struct unwrap *u, const char *reason, size_t offset)
{
    decode_malformed(u->out, u->place, "auth_wrap", reason, offset);
    return AUTH_SEALED;
}

/* The first size bytes of a run that was rotated to the right: borrowed where they stand together. */
static struct str rotated(struct arena *arena, struct str run, uint32_t by, uint32_t size)
{
    uint32_t start = run.size > 0 ? by % run.size : 0;
    if (size <= run.size - start)
        return (struct str){.at = run.at + start, .size = size};
    char *joined = arena_take(arena, size);
    memcpy(joined, run.at + start, run.size - start);
    memcpy(joined + (run.size - start), run.at, size - (run.size - start));
    return (struct str){.at = joined, .size = size};
}

/* A whole token of Kerberos that is sealed. */
static enum auth_opened open_sealed(const struct unwrap *u, struct str token)
{
    return auth_seal_open_token(u->out, u->conversation, token, u->plain) ? AUTH_OPENED : AUTH_SEALED;
}

/* Wrap token of RFC 4121: without confidentiality the message and its checksum of EC bytes follow the header,
 * rotated (4.2.4, 4.2.5). */
static enum auth_opened open_4121(const struct unwrap *u, struct str token)
{
    struct reader r = reader_of_str(token);
    reader_skip(&r, 2);
    uint8_t flags = reader_u8(&r), filler = reader_u8(&r);
    uint16_t extra = reader_u16be(&r), rotation = reader_u16be(&r);
    reader_skip(&r, SEQUENCE_BYTES);
    if (!reader_ok(&r) || filler != WRAP_FILLER)
        return refuse(u, "no Wrap token of RFC 4121", reader_offset(&r));
    if (flags & WRAP_SEALED)
        return open_sealed(u, token);
    struct str run = reader_rest(&r);
    if (extra > run.size)
        return refuse(u, "checksum longer than the Wrap token", WRAP_HEADER_BYTES);
    *u->plain = rotated(&u->out->batch->arena, run, rotation, run.size - extra);
    return AUTH_CLEAR;
}

/* The last byte says how many bytes of padding there are (RFC 1964 1.2.2.3). */
static struct str without_padding(struct str padded)
{
    struct reader r = reader_of_str(padded);
    if (padded.size == 0)
        return padded;
    reader_skip(&r, padded.size - 1);
    uint8_t padding = reader_u8(&r);
    if (padding > 0 && padding <= PADDING_MAX && padding <= padded.size)
        padded.size -= padding;
    return padded;
}

/* Wrap token of RFC 1964: r stands behind its TOK_ID. */
static enum auth_opened open_1964(const struct unwrap *u, struct str token, struct reader r)
{
    uint16_t sign = reader_u16be(&r), seal = reader_u16be(&r);
    reader_skip(&r, 2 + SEQUENCE_BYTES);
    reader_skip(&r, sign == SIGN_DES3 ? CHECKSUM_DES3_BYTES : CHECKSUM_BYTES);
    if (seal == SEAL_NONE)
        reader_skip(&r, CONFOUNDER_BYTES);
    if (!reader_ok(&r))
        return refuse(u, "Wrap token of RFC 1964 cut short", reader_offset(&r));
    if (seal != SEAL_NONE)
        return open_sealed(u, token);
    *u->plain = without_padding(reader_rest(&r));
    return AUTH_CLEAR;
}

/* The reader behind the OID of a GSS-API token of Kerberos (RFC 2743 3.1); failed when it is none. The length
 * may leave out the message, as in DCE style, and is not used. */
static struct reader behind_oid(struct str token)
{
    struct reader r = reader_of_str(token);
    uint8_t tag;
    uint32_t size;
    if (!der_header(&r, &tag, &size) || tag != DER_APPLICATION(0) || !der_header(&r, &tag, &size) ||
        tag != DER_OID || !str_equal(reader_bytes(&r, size), oid_kerberos))
        reader_fail(&r);
    return r;
}

/* A message behind an NTLM signature is encrypted when sealing was negotiated (MS-NLMP 3.4.6). */
static enum auth_opened open_ntlm(const struct unwrap *u, struct str token)
{
    const struct auth_layer *layer = table_find(u->auth->layers, &u->conversation);
    struct reader r = reader_of_str(token);
    struct auth_sealed sealed = {.token = reader_bytes(&r, NTLM_SIGNATURE_BYTES)};
    sealed.body = reader_rest(&r);
    if (!reader_ok(&r))
        return refuse(u, "NTLM signature cut short", reader_offset(&r));
    if (!layer)
        return AUTH_SEALED;
    if (layer->ntlm_flags & NTLM_FLAG_SEAL)
        return auth_seal_open_beside(u->out, u->conversation, u->place->to_server, &sealed, u->plain)
                   ? AUTH_OPENED
                   : AUTH_SEALED;
    *u->plain = sealed.body;
    return AUTH_CLEAR;
}

enum auth_opened auth_unwrap(struct auth *auth, struct decode_out *out, const struct place *place,
                             struct id conversation, struct str token, struct str *plain)
{
    struct unwrap u = {
        .auth = auth, .out = out, .place = place, .conversation = conversation, .plain = plain};
    *plain = (struct str){.at = "", .size = 0};
    struct reader r = reader_of_str(token);
    if (reader_peek_u8(&r) == DER_APPLICATION(0)) {
        struct reader inner = behind_oid(token);
        if (reader_u16be(&inner) == TOKEN_WRAP_1964)
            return open_1964(&u, token, inner);
        return reader_ok(&inner) ? AUTH_SEALED : refuse(&u, "no token of Kerberos", reader_offset(&inner));
    }
    if (reader_u16be(&r) == TOKEN_WRAP_4121)
        return open_4121(&u, token);
    r = reader_of_str(token);
    if (reader_u32le(&r) == NTLM_SIGNATURE_VERSION)
        return open_ntlm(&u, token);
    return reader_ok(&r) ? AUTH_SEALED : refuse(&u, "token too short", reader_offset(&r));
}

bool auth_is_wrap(struct str token)
{
    struct reader r = reader_of_str(token);
    if (reader_peek_u8(&r) == DER_APPLICATION(0))
        r = behind_oid(token);
    uint16_t id = reader_u16be(&r);
    return id == TOKEN_WRAP_4121 || id == TOKEN_MIC_4121 || id == TOKEN_WRAP_1964 || id == TOKEN_MIC_1964;
}
