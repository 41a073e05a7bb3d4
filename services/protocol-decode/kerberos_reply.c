/*
 * kerberos_reply - pre-authentication data of replies, and the data of errors.
 */
#include "services/protocol-decode/kerberos_padata.h"
#include "common/base/text.h"

/* padata-type (RFC 4120 7.5.2, RFC 4556 3.1.3, RFC 6113, RFC 8070, MS-KILE 2.2). */
enum {
    PA_PW_SALT = 3,
    PA_ETYPE_INFO = 11,
    PA_PK_AS_REP_WINDOWS_2000 = 15,
    PA_PK_AS_REP = 17,
    PA_ETYPE_INFO2 = 19,
    PA_SVR_REFERRAL_INFO = 20,
    PA_FX_COOKIE = 133,
    PA_FX_FAST = 136,
    PA_AS_FRESHNESS = 150,
    PA_SUPPORTED_ENCTYPES = 165,
    PA_SUPERSEDED_BY_USER = 170,
};

enum {
    ERROR_DATA_EXTENDED = 3, /* KERB_ERR_TYPE_EXTENDED (MS-KILE 2.2.2), the same number as PA-PW-SALT */
    EXTENDED_BYTES = 12,     /* KERB-EXT-ERROR (MS-KILE 2.2.1) */
};

/* Entries of ETYPE-INFO2 while they are read. */
struct etype_info {
    int32_t *etypes;
    struct str *salts;
    struct str *params;
    uint32_t count;
    bool any_salt;
    bool any_params;
};

static struct str hex_of(struct arena *arena, struct str bytes)
{
    enum { PARAMS_BYTES_MAX = 16 }; /* RFC 3962 4 has 4 */
    static const char digits[] = "0123456789abcdef";
    struct reader r = reader_of_str(bytes);
    uint32_t count = bytes.size < PARAMS_BYTES_MAX ? bytes.size : PARAMS_BYTES_MAX;
    char *hex = arena_take(arena, 2 * count + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t byte = reader_u8(&r);
        hex[2 * i] = digits[byte >> 4];
        hex[2 * i + 1] = digits[byte & 15];
    }
    return (struct str){.at = hex, .size = 2 * count};
}

/* ETYPE-INFO-ENTRY has an OCTET STRING for its salt (RFC 4120 5.2.7.4), ETYPE-INFO2-ENTRY a text (5.2.7.5).
 */
static struct str read_salt(struct kerberos_parse *p, struct der *field)
{
    if (der_peek(field) == DER_OCTET_STRING)
        return text_to_utf8(&p->out->batch->arena, der_bytes(field, DER_OCTET_STRING));
    return kerberos_read_text(p, field);
}

static void read_info_entry(struct kerberos_parse *p, struct der *list, struct etype_info *info)
{
    struct str salt = {0}, params = {0};
    int32_t etype = 0;
    uint32_t seen = 0;
    struct der entry = der_open(list, DER_SEQUENCE);
    while (der_more(&entry)) {
        uint8_t tag;
        struct der field = der_any(&entry, &tag);
        seen |= KERBEROS_FIELD(DER_NUMBER(tag));
        if (tag == DER_CONTEXT(0))
            etype = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            salt = read_salt(p, &field);
        else if (tag == DER_CONTEXT(2) && der_peek(&field) == DER_OCTET_STRING)
            params = hex_of(&p->out->batch->arena, der_bytes(&field, DER_OCTET_STRING));
    }
    kerberos_need_fields(&entry, seen, KERBEROS_FIELD(0));
    if (!der_ok(&entry))
        return;
    info->any_salt |= salt.size > 0;
    info->any_params |= params.size > 0;
    info->etypes[info->count] = etype;
    info->salts[info->count] = salt;
    info->params[info->count++] = params;
}

static void read_etype_info(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    struct arena *arena = &p->out->batch->arena;
    int32_t etypes[KERBEROS_ETYPES_MAX];
    struct str salts[KERBEROS_ETYPES_MAX], params[KERBEROS_ETYPES_MAX];
    struct etype_info info = {.etypes = etypes, .salts = salts, .params = params};
    struct der list = der_open(value, DER_SEQUENCE);
    while (der_more(&list) && info.count < KERBEROS_ETYPES_MAX)
        read_info_entry(p, &list, &info);
    size_t bytes = info.count * sizeof(struct str);
    body->offered_etypes = kerberos_keep_numbers(p, etypes, info.count);
    body->salts = body->s2kparams = (struct strs){0};
    if (info.any_salt)
        body->salts =
            (struct strs){.at = memcpy(arena_take(arena, bytes), salts, bytes), .count = info.count};
    if (info.any_params)
        body->s2kparams =
            (struct strs){.at = memcpy(arena_take(arena, bytes), params, bytes), .count = info.count};
}

static bool has_extended_error(struct kerberos_parse *p, struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (p->to->type != KERBEROS_ERROR || bytes.size != EXTENDED_BYTES)
        return false;
    p->to->body.error_status = reader_u32le(&r);
    return true;
}

/* PA-PW-SALT (RFC 4120 5.2.7.3), in whose place an error has KERB-EXT-ERROR. */
static void read_pw_salt(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    struct arena *arena = &p->out->batch->arena;
    struct str bytes = reader_rest(&value->bytes);
    if (has_extended_error(p, bytes) || body->salts.count > 0)
        return;
    struct str *salt = arena_take(arena, sizeof(*salt));
    *salt = text_to_utf8(arena, bytes);
    body->salts = (struct strs){.at = salt, .count = 1};
}

/* PA-SVR-REFERRAL-DATA (draft-ietf-krb-wg-kerberos-referrals 8). */
static void read_referral(struct kerberos_parse *p, struct der *value)
{
    int32_t type;
    struct der sequence = der_open(value, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            p->to->body.referred_realm = kerberos_read_text(p, &field);
        else if (tag == DER_CONTEXT(1))
            p->to->body.referred_name = kerberos_read_name(p, &field, &type);
    }
}

/* KrbFastArmoredRep (RFC 6113 5.4.3). */
static void read_fast(struct kerberos_parse *p, struct der *value)
{
    struct der choice = der_open(value, DER_CONTEXT(0));
    struct der sequence = der_open(&choice, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    p->to->body.reply_fast_etype = kerberos_read_sealed(&field).etype;
}

static void read_supported(struct kerberos_parse *p, struct der *value)
{
    p->to->body.supported_etypes = reader_u32le(&value->bytes);
}

/* SUPERSEDED-BY-USER: name [0], realm [1]. */
static void read_superseded(struct kerberos_parse *p, struct der *value)
{
    int32_t type;
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    p->to->body.superseded_by = kerberos_read_name(p, &field, &type);
}

/* from_info2: ETYPE-INFO2 supersedes ETYPE-INFO where both are sent (RFC 4120 5.2.7.5). */
static void read_value(struct kerberos_parse *p, int32_t type, struct der *value, bool *from_info2)
{
    switch (type) {
    case PA_ETYPE_INFO2:
        read_etype_info(p, value);
        *from_info2 = true;
        break;
    case PA_ETYPE_INFO:
        if (!*from_info2)
            read_etype_info(p, value);
        break;
    case PA_PW_SALT:
        read_pw_salt(p, value);
        break;
    case PA_PK_AS_REP:
    case PA_PK_AS_REP_WINDOWS_2000:
        pkinit_read_reply(p, value);
        break;
    case PA_SVR_REFERRAL_INFO:
        read_referral(p, value);
        break;
    case PA_FX_COOKIE:
        p->to->body.reply_cookie = decode_fingerprint(p->out, reader_rest(&value->bytes));
        break;
    case PA_AS_FRESHNESS:
        p->to->body.reply_freshness = decode_fingerprint(p->out, reader_rest(&value->bytes));
        break;
    case PA_FX_FAST:
        read_fast(p, value);
        break;
    case PA_SUPPORTED_ENCTYPES:
        read_supported(p, value);
        break;
    case PA_SUPERSEDED_BY_USER:
        read_superseded(p, value);
        break;
    default:
        break;
    }
}

void kerberos_read_reply_padata(struct kerberos_parse *p, struct der *d)
{
    int32_t types[KERBEROS_PADATA_MAX];
    uint32_t count = 0;
    bool from_info2 = false;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_PADATA_MAX) {
        struct der value;
        struct der_fault fault = {0};
        int32_t type = kerberos_read_padata(&list, &value);
        if (!der_ok(&list))
            return;
        types[count++] = type;
        value.fault = &fault;
        if (der_more(&value))
            read_value(p, type, &value, &from_info2);
        kerberos_note_inner(p, &fault);
    }
    p->to->body.reply_padata = kerberos_keep_numbers(p, types, count);
}

/* TYPED-DATA (RFC 4120 5.9.1). */
static void read_typed_data(struct kerberos_parse *p, struct der *d)
{
    int32_t types[KERBEROS_PADATA_MAX];
    uint32_t count = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_PADATA_MAX) {
        struct der entry = der_open(&list, DER_SEQUENCE);
        struct der field = der_open(&entry, DER_CONTEXT(0));
        types[count++] = der_i32(&field);
    }
    p->to->body.typed_data = kerberos_keep_numbers(p, types, der_ok(&list) ? count : 0);
}

/* KERB-ERROR-DATA (MS-KILE 2.2.2). */
static void read_one_error(struct kerberos_parse *p, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct der type = der_open(&sequence, DER_CONTEXT(1));
    p->to->body.error_data_type = der_i32(&type);
    if (der_peek(&sequence) != DER_CONTEXT(2))
        return;
    struct der field = der_open(&sequence, DER_CONTEXT(2));
    struct str bytes = der_bytes(&field, DER_OCTET_STRING);
    if (der_ok(&field) && p->to->body.error_data_type == ERROR_DATA_EXTENDED)
        (void)has_extended_error(p, bytes);
}

/* What the first element inside shows: a list of SEQUENCEs, each beginning with [1] or [0], or [1] itself. */
static void read_by_form(struct kerberos_parse *p, struct der *data)
{
    struct der ahead = *data;
    struct der outer = der_open(&ahead, DER_SEQUENCE);
    if (der_peek(&outer) == DER_CONTEXT(1)) {
        read_one_error(p, data);
        return;
    }
    struct der inner = der_open(&outer, DER_SEQUENCE);
    if (der_peek(&inner) == DER_CONTEXT(0))
        read_typed_data(p, data);
    else if (der_ok(&inner))
        kerberos_read_reply_padata(p, data);
}

void kerberos_read_error_data(struct kerberos_parse *p, struct der *field)
{
    struct der_fault fault = {0}, inner = p->to->inner;
    struct der data = der_open(field, DER_OCTET_STRING);
    struct reader bytes = data.bytes;
    p->to->error_data = reader_rest(&bytes);
    data.fault = &fault;
    if (der_peek(&data) != DER_SEQUENCE)
        return;
    read_by_form(p, &data);
    /* Data of none of these forms is no fault of the message. */
    if (fault.failed)
        p->to->inner = inner;
}
