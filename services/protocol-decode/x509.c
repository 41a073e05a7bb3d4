/*
 * x509 - reads certificates: names, validity, key, and the extensions that say whom they speak for.
 */
#include "services/protocol-decode/x509.h"
#include "services/protocol-decode/oid.h"
#include "services/protocol-decode/x509_parts.h"

/* One certificate while it is read. */
struct x509 {
    struct decode_out *out;
    struct certificate *to;
};

struct curve {
    struct str oid;
    uint32_t bits;
};

/* namedCurve of RFC 5480 2.1.1.1, and curve25519 as a key algorithm of its own (RFC 8410). */
static const struct curve curves[] = {
    {{"\x2a\x86\x48\xce\x3d\x03\x01\x07", 8}, 256},
    {{"\x2b\x81\x04\x00\x22", 5}, 384},
    {{"\x2b\x81\x04\x00\x23", 5}, 521},
};

static const struct str oid_rsa = {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9}; /* RFC 3279 2.3.1 */
static const struct str oid_dh = {"\x2a\x86\x48\xce\x3e\x02\x01", 7};          /* RFC 3279 2.3.3 */
static const struct str oid_ec = {"\x2a\x86\x48\xce\x3d\x02\x01", 7};          /* RFC 5480 2.1.1 */

static bool same(struct str oid, const struct str *known)
{
    return str_equal(oid, *known);
}

/* AlgorithmIdentifier; d moves behind it. */
static struct str read_algorithm(struct der *d, struct der *parameters)
{
    *parameters = der_open(d, DER_SEQUENCE);
    return der_bytes(parameters, DER_OID);
}

static uint32_t curve_bits(struct der *parameters)
{
    struct str oid = der_peek(parameters) == DER_OID ? der_bytes(parameters, DER_OID) : (struct str){0};
    for (size_t i = 0; i < ARRAY_COUNT(curves); i++)
        if (str_equal(oid, curves[i].oid))
            return curves[i].bits;
    return 0;
}

/* RSAPublicKey (RFC 3279 2.3.1) stands in the BIT STRING, DomainParameters (2.3.3) in the algorithm. */
static uint32_t bits_of(struct str oid, struct der *parameters, struct der *key)
{
    struct der *from = same(oid, &oid_dh) ? parameters : key;
    if (same(oid, &oid_ec))
        return curve_bits(parameters);
    if (!same(oid, &oid_rsa) && !same(oid, &oid_dh))
        return 0;
    struct der sequence = der_open(from, DER_SEQUENCE);
    return der_integer_bits(der_bytes(&sequence, DER_INTEGER));
}

void x509_read_key(struct decode_out *out, struct der *d, struct str *algorithm, uint32_t *bits)
{
    struct der parameters;
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct str oid = read_algorithm(&sequence, &parameters);
    struct der key = der_open(&sequence, DER_BIT_STRING);
    reader_skip(&key.bytes, 1); /* unused bits: none in a key */
    *algorithm = oid_text(&out->batch->arena, oid);
    *bits = bits_of(oid, &parameters, &key);
}

static void read_subject_key(struct x509 *x, struct der *d)
{
    struct der ahead = *d;
    x->to->key = decode_fingerprint(x->out, der_element(&ahead));
    x509_read_key(x->out, d, &x->to->key_algorithm, &x->to->key_bits);
}

static void read_validity(struct x509 *x, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    x->to->not_before = der_any_time(&sequence);
    x->to->not_after = der_any_time(&sequence);
}

static struct str hex_of(struct x509 *x, struct str bytes)
{
    enum { SERIAL_BYTES_MAX = 64 }; /* RFC 5280 4.1.2.2 allows 20 */
    static const char digits[] = "0123456789abcdef";
    struct reader r = reader_of_str(bytes);
    /* A zero in front keeps the number positive, and is no part of it. */
    if (reader_left(&r) > 1 && reader_peek_u8(&r) == 0)
        reader_skip(&r, 1);
    uint32_t count =
        (uint32_t)reader_left(&r) < SERIAL_BYTES_MAX ? (uint32_t)reader_left(&r) : SERIAL_BYTES_MAX;
    char *hex = arena_take(&x->out->batch->arena, 2 * count + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t byte = reader_u8(&r);
        hex[2 * i] = digits[byte >> 4];
        hex[2 * i + 1] = digits[byte & 15];
    }
    return (struct str){.at = hex, .size = 2 * count};
}

/* TBSCertificate (RFC 5280 4.1). */
static void read_signed_part(struct x509 *x, struct der *d)
{
    struct arena *arena = &x->out->batch->arena;
    struct der parameters;
    struct der tbs = der_open(d, DER_SEQUENCE);
    if (der_peek(&tbs) == DER_CONTEXT(0))
        (void)der_element(&tbs);
    x->to->serial = hex_of(x, der_bytes(&tbs, DER_INTEGER));
    x->to->signature_algorithm = oid_text(arena, read_algorithm(&tbs, &parameters));
    struct der issuer = tbs;
    struct str issuer_bytes = der_element(&tbs);
    read_validity(x, &tbs);
    struct der subject = tbs;
    struct str subject_bytes = der_element(&tbs);
    x->to->self_issued = der_ok(&tbs) && str_equal(issuer_bytes, subject_bytes);
    x->to->issuer = x509_read_name(x->out, &issuer);
    x->to->subject = x509_read_name(x->out, &subject);
    read_subject_key(x, &tbs);
    while (der_more(&tbs)) {
        uint8_t tag;
        struct der field = der_any(&tbs, &tag);
        if (tag == DER_CONTEXT(3))
            x509_read_extensions(x->out, &field, x->to);
    }
}

void x509_read(struct decode_out *out, struct der *d, struct certificate *certificate)
{
    struct x509 x = {.out = out, .to = certificate};
    struct der ahead = *d;
    struct str whole = der_element(d);
    if (!der_ok(d))
        return;
    certificate->fingerprint = decode_fingerprint(out, whole);
    struct der sequence = der_open(&ahead, DER_SEQUENCE);
    read_signed_part(&x, &sequence);
}

bool x509_is(struct str certificate, struct str issuer, struct str serial)
{
    struct der_fault fault = {0};
    struct der d = der_of(certificate, &fault);
    struct der sequence = der_open(&d, DER_SEQUENCE);
    struct der tbs = der_open(&sequence, DER_SEQUENCE);
    if (der_peek(&tbs) == DER_CONTEXT(0))
        (void)der_element(&tbs);
    bool is = str_equal(der_bytes(&tbs, DER_INTEGER), serial);
    (void)der_element(&tbs);
    is = str_equal(der_element(&tbs), issuer) && is;
    return !fault.failed && is;
}
