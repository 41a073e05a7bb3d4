/*
 * ntlm - reads NEGOTIATE_MESSAGE, CHALLENGE_MESSAGE and AUTHENTICATE_MESSAGE.
 */
#include "services/protocol-decode/ntlm.h"
#include "common/base/text.h"
#include "proto/record.h"

enum {
    CHALLENGE_BYTES = 8,
    PROOF_BYTES = 16,
    RESPONSE_V1_BYTES = 24,   /* MS-NLMP 2.2.2.6 */
    RESPONSE_V2_VERSION = 1,  /* RespType and HiRespType, MS-NLMP 2.2.2.7 */
    RESPONSE_V2_RESERVED = 6, /* behind them, then time and client challenge, */
    RESPONSE_V2_UNUSED = 4,   /* and this before the AV pairs */
    MACHINE_BYTES = 32,
    BINDINGS_BYTES = 16,
    FLAGS_END = 64,   /* AUTHENTICATE_MESSAGE: the flags end here, */
    VERSION_END = 72, /* the version here, */
    MIC_END = 88,     /* and the MIC here, where they are before the payload */
    MIC_BYTES = 16,
    VERSION_BYTES = 8,
};

#define FILETIME_1970 116444736000000000u /* MS-DTYP 2.3.3 */

/* AvId (MS-NLMP 2.2.2.1). */
enum {
    AV_EOL = 0,
    AV_NB_COMPUTER_NAME = 1,
    AV_NB_DOMAIN_NAME = 2,
    AV_DNS_COMPUTER_NAME = 3,
    AV_DNS_DOMAIN_NAME = 4,
    AV_DNS_TREE_NAME = 5,
    AV_FLAGS = 6,
    AV_TIMESTAMP = 7,
    AV_SINGLE_HOST = 8,
    AV_TARGET_NAME = 9,
    AV_CHANNEL_BINDINGS = 10,
    AV_FLAG_MIC = 2,
};

/* Length, allocated length and offset of a part of the payload. */
struct field {
    uint32_t size;
    uint32_t offset;
};

/* One message while it is read. */
struct parse {
    struct reader bytes; /* the fixed part */
    struct arena *arena;
    struct ntlm_message *to;
    size_t payload_at; /* the lowest offset of a part that is not empty */
};

static struct field read_field(struct parse *p)
{
    struct field field = {.size = reader_u16le(&p->bytes)};
    reader_skip(&p->bytes, 2);
    field.offset = reader_u32le(&p->bytes);
    if (field.size > 0 && field.offset < p->payload_at)
        p->payload_at = field.offset;
    return field;
}

/* The bytes of a part; the message fails when they lie outside of it. */
static struct reader payload_of(struct parse *p, struct field field)
{
    struct reader part = reader_of(NULL, 0);
    if (field.size == 0 || !reader_ok(&p->bytes))
        return part;
    struct reader at = reader_at(&p->bytes, field.offset);
    part = reader_sub(&at, field.size);
    if (!reader_ok(&part))
        reader_fail(&p->bytes);
    return part;
}

static struct str text_of(struct parse *p, struct field field, bool unicode)
{
    struct reader part = payload_of(p, field);
    struct str bytes = reader_rest(&part);
    return unicode ? text_from_utf16le(p->arena, bytes, false) : text_to_utf8(p->arena, bytes);
}

static void note_inner(struct parse *p, const struct reader *r, const char *reason)
{
    if (p->to->inner_reason)
        return;
    p->to->inner_reason = reason;
    p->to->inner_offset = reader_offset(r);
}

/* FILETIME: 100 ns since 1601. What time_ns cannot hold is the nearest that it can. */
static time_ns read_time(struct reader *r)
{
    uint64_t time = reader_u64le(r);
    if (time < FILETIME_1970)
        return 0;
    time -= FILETIME_1970;
    return time < (uint64_t)TIME_NS_END / 100 ? (time_ns)time * 100 : TIME_NS_END;
}

/* Are all of these bytes zero? */
static bool is_zero(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t any = 0;
    while (reader_left(&r) > 0)
        any |= reader_u8(&r);
    return any == 0;
}

/* Single_Host_Data (MS-NLMP 2.2.2.2). */
static void take_single_host(struct parse *p, struct reader r)
{
    reader_skip(&r, 4 + 4 + 8); /* Size, Z4, CustomData */
    struct str machine = reader_bytes(&r, MACHINE_BYTES);
    if (reader_ok(&r))
        p->to->machine = machine;
}

static void take_av_pair(struct parse *p, uint16_t id, struct str value)
{
    struct ntlm_message *to = p->to;
    struct reader r = reader_of_str(value);
    switch (id) {
    case AV_NB_COMPUTER_NAME:
        to->server_name = text_from_utf16le(p->arena, value, false);
        break;
    case AV_NB_DOMAIN_NAME:
        to->server_domain = text_from_utf16le(p->arena, value, false);
        break;
    case AV_DNS_COMPUTER_NAME:
        to->server_dns_name = text_from_utf16le(p->arena, value, false);
        break;
    case AV_DNS_DOMAIN_NAME:
        to->server_dns_domain = text_from_utf16le(p->arena, value, false);
        break;
    case AV_DNS_TREE_NAME:
        to->server_dns_tree = text_from_utf16le(p->arena, value, false);
        break;
    case AV_TARGET_NAME:
        to->target_spn = text_from_utf16le(p->arena, value, false);
        break;
    case AV_FLAGS:
        to->av_flags = reader_u32le(&r);
        break;
    case AV_TIMESTAMP:
        to->av_time = read_time(&r);
        break;
    case AV_SINGLE_HOST:
        take_single_host(p, r);
        break;
    case AV_CHANNEL_BINDINGS:
        if (value.size == BINDINGS_BYTES)
            to->channel_bindings = is_zero(value) ? tristate_no : tristate_yes;
        break;
    default: /* of a later version */
        break;
    }
}

/* AV pairs up to MsvAvEOL (MS-NLMP 2.2.2.1). */
static void read_av_pairs(struct parse *p, struct reader r)
{
    for (int i = 0; i < NTLM_AV_PAIRS_MAX; i++) {
        uint16_t id = reader_u16le(&r);
        struct str value = reader_bytes(&r, reader_u16le(&r));
        if (!reader_ok(&r)) {
            note_inner(p, &r, "AV pairs cut short");
            return;
        }
        if (id == AV_EOL)
            return;
        p->to->av_ids[p->to->av_count++] = id;
        take_av_pair(p, id, value);
    }
    note_inner(p, &r, "too many AV pairs");
}

static void read_version(struct parse *p)
{
    p->to->version_major = reader_u8(&p->bytes);
    p->to->version_minor = reader_u8(&p->bytes);
    p->to->version_build = reader_u16le(&p->bytes);
    reader_skip(&p->bytes, 3);
    p->to->version_revision = reader_u8(&p->bytes);
    p->to->has_version = reader_ok(&p->bytes) && (p->to->flags & NTLM_FLAG_VERSION);
}

static void read_flags(struct parse *p)
{
    p->to->flags = reader_u32le(&p->bytes);
    p->to->has_flags = true;
}

/* VERSION stands before the payload, or is not there. */
static bool has_version(const struct parse *p)
{
    return (p->to->flags & NTLM_FLAG_VERSION) && p->payload_at >= reader_offset(&p->bytes) + VERSION_BYTES;
}

/* MS-NLMP 2.2.1.1. Its names are of the OEM character set always; the oldest clients end after the flags. */
static void read_negotiate(struct parse *p)
{
    read_flags(p);
    if (!reader_ok(&p->bytes) || reader_left(&p->bytes) == 0)
        return;
    struct field domain = read_field(p), workstation = read_field(p);
    if (p->to->flags & NTLM_FLAG_OEM_DOMAIN_SUPPLIED)
        p->to->domain = text_of(p, domain, false);
    if (p->to->flags & NTLM_FLAG_OEM_WORKSTATION_SUPPLIED)
        p->to->workstation = text_of(p, workstation, false);
    if (has_version(p))
        read_version(p);
}

/* MS-NLMP 2.2.1.2. */
static void read_challenge(struct parse *p)
{
    struct field target = read_field(p);
    read_flags(p);
    p->to->challenge = reader_bytes(&p->bytes, CHALLENGE_BYTES);
    p->to->target_name = text_of(p, target, p->to->flags & NTLM_FLAG_UNICODE);
    /* Reserved bytes and target information came with NT 4.0 SP4. */
    if (!(p->to->flags & NTLM_FLAG_TARGET_INFO))
        return;
    reader_skip(&p->bytes, 8);
    struct reader info = payload_of(p, read_field(p));
    if (reader_left(&info) > 0)
        read_av_pairs(p, info);
    if (has_version(p))
        read_version(p);
}

/* NTLMv2_RESPONSE (MS-NLMP 2.2.2.8): NTProofStr, then NTLMv2_CLIENT_CHALLENGE. */
static void read_response_v2(struct parse *p, struct reader r)
{
    p->to->response = ntlm_response_ntlmv2;
    p->to->proof = reader_bytes(&r, PROOF_BYTES);
    if (reader_u8(&r) != RESPONSE_V2_VERSION || reader_u8(&r) != RESPONSE_V2_VERSION) {
        note_inner(p, &r, "NTLMv2 response of another version than 1");
        return;
    }
    reader_skip(&r, RESPONSE_V2_RESERVED);
    p->to->client_time = read_time(&r);
    p->to->client_challenge = reader_bytes(&r, CHALLENGE_BYTES);
    reader_skip(&r, RESPONSE_V2_UNUSED);
    read_av_pairs(p, r);
}

/* Which response it is shows in its length (MS-NLMP 2.2.1.3); anonymous as in MS-NLMP 3.2.5.1.2. */
static void read_response(struct parse *p, struct reader nt, struct reader lm, bool has_user)
{
    size_t nt_size = reader_left(&nt), lm_size = reader_left(&lm);
    if (nt_size > RESPONSE_V1_BYTES) {
        read_response_v2(p, nt);
    } else if (nt_size == RESPONSE_V1_BYTES || lm_size == RESPONSE_V1_BYTES) {
        p->to->response = ntlm_response_ntlmv1;
        p->to->proof = nt_size == RESPONSE_V1_BYTES ? reader_rest(&nt) : reader_rest(&lm);
    } else if (nt_size > 0) {
        note_inner(p, &nt, "response shorter than an NTLMv1 response");
    } else if (!has_user && (lm_size == 0 || (lm_size == 1 && reader_peek_u8(&lm) == 0))) {
        p->to->response = ntlm_response_anonymous;
    }
}

/* What stands in LmChallengeResponse (MS-NLMP 3.3.1, 3.3.2): of NTLMv1 the response, or that of NT again, or,
 * with extended session security, the client challenge and zeros; of NTLMv2 LMv2 or zeros. */
static void read_lm_response(struct parse *p, struct str lm, struct str nt)
{
    struct ntlm_message *to = p->to;
    struct reader r = reader_of_str(lm);
    struct str first = reader_bytes(&r, CHALLENGE_BYTES), rest = reader_rest(&r);
    if (lm.size != RESPONSE_V1_BYTES) {
        to->lm_response = lm.size <= 1 && is_zero(lm) ? ntlm_lm_none : ntlm_lm_other;
    } else if (is_zero(lm)) {
        to->lm_response = ntlm_lm_zero;
    } else if (to->response == ntlm_response_ntlmv2) {
        to->lm_response = ntlm_lm_lmv2;
    } else if (is_zero(rest)) {
        to->lm_response = ntlm_lm_session;
        to->client_challenge = first;
    } else {
        to->lm_response = str_equal(lm, nt) ? ntlm_lm_as_nt : ntlm_lm_lm;
    }
}

/* What stands between the fixed fields and the payload differs by age: nothing, the session key and flags,
 * the version, the MIC. The first byte of the payload tells. */
static void read_authenticate_tail(struct parse *p, uint32_t flags)
{
    p->to->flags = flags;
    if (p->payload_at < FLAGS_END)
        return;
    struct reader session_key = payload_of(p, read_field(p));
    p->to->session_key = reader_left(&session_key) > 0;
    read_flags(p);
    if (p->payload_at < VERSION_END)
        return;
    read_version(p);
    if (p->payload_at >= MIC_END)
        p->to->mic_bytes = is_zero(reader_bytes(&p->bytes, MIC_BYTES)) ? tristate_no : tristate_yes;
}

/* MS-NLMP 2.2.1.3. */
static void read_authenticate(struct parse *p, uint32_t flags)
{
    struct field lm = read_field(p), nt = read_field(p);
    struct field domain = read_field(p), user = read_field(p), workstation = read_field(p);
    read_authenticate_tail(p, flags);
    bool unicode = p->to->flags & NTLM_FLAG_UNICODE;
    p->to->domain = text_of(p, domain, unicode);
    p->to->user = text_of(p, user, unicode);
    p->to->workstation = text_of(p, workstation, unicode);
    struct reader nt_bytes = payload_of(p, nt), lm_bytes = payload_of(p, lm);
    if (!reader_ok(&p->bytes))
        return;
    p->to->response_bytes = nt.size;
    read_response(p, nt_bytes, lm_bytes, user.size > 0);
    read_lm_response(p, reader_rest(&lm_bytes), reader_rest(&nt_bytes));
    p->to->mic = p->to->mic_bytes == tristate_yes || (p->to->av_flags & AV_FLAG_MIC);
}

bool ntlm_parse(struct arena *arena, struct str message, uint32_t flags, struct ntlm_message *to,
                size_t *offset)
{
    *to = (struct ntlm_message){0};
    struct parse p = {.bytes = reader_of_str(message), .arena = arena, .to = to, .payload_at = message.size};
    bool signed_ntlm = str_equal(reader_bytes(&p.bytes, 8), (struct str){"NTLMSSP", 8});
    uint32_t type = reader_u32le(&p.bytes);
    if (!signed_ntlm || type < NTLM_NEGOTIATE || type > NTLM_AUTHENTICATE)
        reader_fail(&p.bytes);
    to->type = (uint8_t)type;
    if (reader_ok(&p.bytes)) {
        if (type == NTLM_NEGOTIATE)
            read_negotiate(&p);
        else if (type == NTLM_CHALLENGE)
            read_challenge(&p);
        else
            read_authenticate(&p, flags);
    }
    *offset = reader_offset(&p.bytes);
    return reader_ok(&p.bytes);
}
