/*
 * spnego - unwraps security tokens.
 */
#include "services/protocol-decode/spnego.h"
#include "services/protocol-decode/kerberos_parse.h"

/* Object identifiers, as their DER content. */
static const struct str oid_spnego = {"\x2b\x06\x01\x05\x05\x02", 6};

struct mechanism_oid {
    struct str oid;
    enum spnego_mechanism mechanism;
};

static const struct mechanism_oid mechanism_oids[] = {
    {{"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9}, SPNEGO_MECHANISM_KERBEROS},
    {{"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02", 9}, SPNEGO_MECHANISM_KERBEROS},      /* MS-SPNG 3.1.5.2 */
    {{"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x03", 10}, SPNEGO_MECHANISM_KERBEROS}, /* user to user */
    {{"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a", 10}, SPNEGO_MECHANISM_NTLM},
    {{"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e", 10}, SPNEGO_MECHANISM_NEGOEX},
};

static const struct str ntlmssp = {"NTLMSSP", 8}; /* with its NUL */

enum {
    TOKEN_ID_BYTES = 2, /* RFC 4121 4.1: AP-REQ 01 00, AP-REP 02 00, KRB-ERROR 03 00 */
};

static enum spnego_mechanism mechanism_of(struct str oid)
{
    for (size_t i = 0; i < ARRAY_COUNT(mechanism_oids); i++)
        if (str_equal(oid, mechanism_oids[i].oid))
            return mechanism_oids[i].mechanism;
    return SPNEGO_MECHANISM_OTHER;
}

static bool is_ntlm(struct str token)
{
    struct reader r = reader_of_str(token);
    return str_equal(reader_bytes(&r, ntlmssp.size), ntlmssp);
}

static bool is_kerberos(struct str token)
{
    struct reader r = reader_of_str(token);
    return kerberos_type_of(reader_peek_u8(&r)) != KERBEROS_NONE;
}

/* The token of a mechanism: NTLMSSP, a bare Kerberos message (as in GSS_C_DCE_STYLE), or one of GSS-API's
 * form, 60 .. OID, then what the mechanism defines (RFC 2743 3.1). Others are left as they are. */
static void set_token(struct spnego *s, struct str token, struct der_fault *fault)
{
    s->token = token;
    s->ntlm = is_ntlm(token);
    s->kerberos = is_kerberos(token);
    struct der d = der_of(token, fault);
    if (s->ntlm || s->kerberos || der_peek(&d) != DER_APPLICATION(0))
        return;
    struct der content = der_open(&d, DER_APPLICATION(0));
    enum spnego_mechanism mechanism = mechanism_of(der_bytes(&content, DER_OID));
    if (mechanism == SPNEGO_MECHANISM_KERBEROS) {
        reader_skip(&content.bytes, TOKEN_ID_BYTES);
        s->token = reader_rest(&content.bytes);
        s->kerberos = is_kerberos(s->token);
    }
    if (!s->wrapped)
        s->mechanisms = s->preferred = (uint8_t)mechanism;
}

static void read_mechanisms(struct spnego *s, struct der *field)
{
    struct der list = der_open(field, DER_SEQUENCE);
    for (int i = 0; i < SPNEGO_MECHANISMS_MAX && der_more(&list); i++) {
        struct str oid = der_bytes(&list, DER_OID);
        enum spnego_mechanism mechanism = mechanism_of(oid);
        s->offered[s->offered_count++] = oid;
        s->mechanisms |= (uint8_t)mechanism;
        if (i == 0)
            s->preferred = (uint8_t)mechanism;
    }
}

/* NegHints (MS-SPNG 2.2.1). */
static struct str read_hint(struct der *field)
{
    struct der sequence = der_open(field, DER_SEQUENCE);
    if (der_peek(&sequence) != DER_CONTEXT(0))
        return (struct str){0};
    struct der name = der_open(&sequence, DER_CONTEXT(0));
    return der_text(&name);
}

/* NegTokenInit (RFC 4178 4.2.1) and NegTokenInit2 (MS-SPNG 2.2.1), which puts negHints before mechListMIC. */
static struct str read_initial(struct spnego *s, struct der *d)
{
    struct str token = {0};
    s->initial = true;
    struct der outer = der_open(d, DER_CONTEXT(0));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            read_mechanisms(s, &field);
        else if (tag == DER_CONTEXT(2))
            token = der_bytes(&field, DER_OCTET_STRING);
        else if (tag == DER_CONTEXT(3) && der_peek(&field) == DER_SEQUENCE)
            s->hint = read_hint(&field);
        else if (tag == DER_CONTEXT(3) || tag == DER_CONTEXT(4))
            s->mic = true;
    }
    return token;
}

static uint8_t read_state(struct der *field)
{
    struct der value = der_open(field, DER_ENUMERATED);
    uint8_t state = reader_u8(&value.bytes);
    if (der_ok(field) && state > SPNEGO_REQUEST_MIC - 1)
        der_fail(&value, "negState of no known value");
    return (uint8_t)(state + 1);
}

static void take_chosen(struct spnego *s, struct str oid)
{
    s->chosen = oid;
    s->mechanisms = s->preferred = (uint8_t)mechanism_of(oid);
}

/* NegTokenResp (RFC 4178 4.2.2). */
static struct str read_response(struct spnego *s, struct der *d)
{
    struct str token = {0};
    struct der outer = der_open(d, DER_CONTEXT(1));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            s->state = read_state(&field);
        else if (tag == DER_CONTEXT(1))
            take_chosen(s, der_bytes(&field, DER_OID));
        else if (tag == DER_CONTEXT(2))
            token = der_bytes(&field, DER_OCTET_STRING);
        else if (tag == DER_CONTEXT(3))
            s->mic = true;
    }
    return token;
}

/* 60 .. OID of SPNEGO: what begins a negotiation (RFC 4178 4.2). d moves to the NegTokenInit. */
static bool open_spnego(struct der *d)
{
    struct der_fault fault = {0};
    struct der ahead = {.bytes = d->bytes, .fault = &fault};
    if (der_peek(&ahead) != DER_APPLICATION(0))
        return false;
    struct der content = der_open(&ahead, DER_APPLICATION(0));
    if (!str_equal(der_bytes(&content, DER_OID), oid_spnego))
        return false;
    *d = (struct der){.bytes = content.bytes, .fault = d->fault, .depth = content.depth};
    return true;
}

bool spnego_parse(struct str token, struct spnego *s, struct der_fault *fault)
{
    *s = (struct spnego){0};
    *fault = (struct der_fault){0};
    struct der d = der_of(token, fault);
    bool opened = open_spnego(&d);
    uint8_t tag = der_peek(&d);
    if (opened || tag == DER_CONTEXT(0) || tag == DER_CONTEXT(1)) {
        s->wrapped = true;
        struct str inner = tag == DER_CONTEXT(1) ? read_response(s, &d) : read_initial(s, &d);
        if (!fault->failed && inner.size > 0)
            set_token(s, inner, fault);
        return !fault->failed;
    }
    set_token(s, token, fault);
    if (!fault->failed && !s->ntlm && !s->kerberos && s->mechanisms == SPNEGO_MECHANISM_NONE)
        der_fail(&d, "neither SPNEGO, NTLM nor Kerberos");
    return !fault->failed;
}
