/*
 * pkinit - public keys in place of passwords (RFC 4556, RFC 8636, RFC 8070), and as Windows 2000 wrote it.
 *
 * The request's AuthPack and the reply's KDCDHKeyInfo stand in clear inside of CMS, with the certificates of
 * who signed them. Nothing is verified here.
 */
#include "services/protocol-decode/cms.h"
#include "services/protocol-decode/kerberos_padata.h"
#include "services/protocol-decode/oid.h"
#include "services/protocol-decode/x509.h"

enum {
    KDFS_MAX = 8,
    CERTIFICATES_MAX = 2, /* that are told: the signer's and one more */
};

struct key_kind {
    const char *algorithm;
    enum pkinit_exchange exchange;
};

/* RFC 4556 3.2.1 (dhpublicnumber), RFC 5349 3 (id-ecPublicKey). */
static const struct key_kind key_kinds[] = {
    {"1.2.840.10046.2.1", pkinit_exchange_dh},
    {"1.2.840.10045.2.1", pkinit_exchange_ecdh},
};

static uint8_t exchange_of(struct str algorithm)
{
    for (size_t i = 0; i < ARRAY_COUNT(key_kinds); i++)
        if (str_equal(algorithm, str_of(key_kinds[i].algorithm)))
            return (uint8_t)key_kinds[i].exchange;
    return pkinit_exchange_other;
}

static const struct certificate *read_certificates(struct kerberos_parse *p, const struct cms *cms,
                                                   uint32_t *count)
{
    *count = cms->certificate_count < CERTIFICATES_MAX ? cms->certificate_count : CERTIFICATES_MAX;
    struct certificate *list = arena_zeroed(&p->out->batch->arena, *count * sizeof(*list));
    for (uint32_t i = 0; i < *count; i++) {
        struct der_fault fault = {0};
        struct der d = der_of(cms->certificates[i], &fault);
        x509_read(p->out, &d, &list[i]);
    }
    return list;
}

/* PKAuthenticator (RFC 4556 3.2.1). In the draft that Windows 2000 follows, kdcName and kdcRealm stand
 * before, so that ctime is [3] and nonce [4]: what the fields are shows which one it is. */
static void read_authenticator(struct kerberos_parse *p, struct der *d)
{
    struct kerberos *body = &p->to->body;
    uint32_t microseconds = 0;
    bool draft = false;
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        uint8_t type = der_peek(&field);
        if (tag == DER_CONTEXT(0) && type == DER_SEQUENCE)
            draft = true;
        else if (type == DER_GENERALIZED_TIME)
            body->pkinit_time = der_time(&field);
        else if (type == DER_INTEGER && tag == (draft ? DER_CONTEXT(2) : DER_CONTEXT(0)))
            microseconds = der_u32(&field);
        else if (type == DER_INTEGER && tag == (draft ? DER_CONTEXT(4) : DER_CONTEXT(2)))
            body->pkinit_nonce = der_u32(&field);
        else if (!draft && tag == DER_CONTEXT(3))
            body->pkinit_checksum = decode_fingerprint(p->out, der_bytes(&field, DER_OCTET_STRING));
        else if (!draft && tag == DER_CONTEXT(4)) /* RFC 8070 3 */
            body->freshness = decode_fingerprint(p->out, der_bytes(&field, DER_OCTET_STRING));
    }
    body->pkinit_time = kerberos_add_microseconds(body->pkinit_time, microseconds);
}

/* KDFAlgorithmId (RFC 8636 4). */
static struct str read_kdf(struct kerberos_parse *p, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    return oid_text(&p->out->batch->arena, der_bytes(&field, DER_OID));
}

static struct strs read_kdfs(struct kerberos_parse *p, struct der *d)
{
    struct str *kdfs = arena_take(&p->out->batch->arena, KDFS_MAX * sizeof(*kdfs));
    uint32_t count = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KDFS_MAX)
        kdfs[count++] = read_kdf(p, &list);
    return (struct strs){.at = kdfs, .count = der_ok(&list) ? count : 0};
}

/* AuthPack (RFC 4556 3.2.1). */
static void read_auth_pack(struct kerberos_parse *p, struct str content, struct der_fault *fault)
{
    struct kerberos *body = &p->to->body;
    struct str algorithm;
    struct der d = der_of(content, fault);
    body->pkinit_exchange = pkinit_exchange_rsa;
    struct der sequence = der_open(&d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0)) {
            read_authenticator(p, &field);
        } else if (tag == DER_CONTEXT(1)) {
            x509_read_key(p->out, &field, &algorithm, &body->pkinit_key_bits);
            body->pkinit_exchange = exchange_of(algorithm);
        } else if (tag == DER_CONTEXT(4)) {
            body->pkinit_kdfs = read_kdfs(p, &field);
        }
    }
}

/* The faults of what CMS wraps are told where the value begins: offsets inside count from its own start. */
static void note_wrapped(struct der *value, const struct der_fault *fault)
{
    if (fault->failed)
        der_fail(value, fault->reason);
}

static void take_signed_request(struct kerberos_parse *p, struct der *content)
{
    struct kerberos *body = &p->to->body;
    struct cms cms;
    struct der_fault fault = {0};
    if (!cms_read(content, &cms) || !cms.is_signed)
        return;
    body->pkinit_signature = oid_text(&p->out->batch->arena, cms.signature);
    body->certificates.at = read_certificates(p, &cms, &body->certificates.count);
    if (cms.content.size > 0)
        read_auth_pack(p, cms.content, &fault);
    note_wrapped(content, &fault);
}

/* signedAuthPack [0] IMPLICIT OCTET STRING holds a ContentInfo; [0] is an explicit one in the older draft. */
static struct der open_content(struct der *sequence, uint8_t number)
{
    if (der_peek(sequence) == DER_CONTEXT(number))
        return der_open(sequence, (uint8_t)DER_CONTEXT(number));
    return der_open(sequence, (uint8_t)DER_IMPLICIT(number));
}

void pkinit_read_request(struct kerberos_parse *p, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der content = open_content(&sequence, 0);
    take_signed_request(p, &content);
}

static void take_signed_reply(struct kerberos_parse *p, struct der *content)
{
    struct kerberos *body = &p->to->body;
    struct cms cms;
    if (cms_read(content, &cms) && cms.is_signed)
        body->kdc_certificates.at = read_certificates(p, &cms, &body->kdc_certificates.count);
}

/* DHRepInfo (RFC 4556 3.2.3.1). */
static void read_dh_info(struct kerberos_parse *p, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct der content = open_content(&sequence, 0);
    take_signed_reply(p, &content);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(2))
            p->to->body.reply_kdf = read_kdf(p, &field);
    }
}

/* PA-PK-AS-REP: dhInfo [0] with either kind of Diffie-Hellman, or encKeyPack [1] IMPLICIT OCTET STRING whose
 * certificates are sealed. In the older draft encKeyPack is explicit. */
void pkinit_read_reply(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    uint8_t tag;
    struct der choice = der_any(value, &tag);
    if (tag == DER_CONTEXT(1) || tag == DER_IMPLICIT(1)) {
        body->reply_pkinit = pkinit_exchange_rsa;
    } else if (tag == DER_CONTEXT(0)) {
        body->reply_pkinit = pkinit_exchange_dh;
        read_dh_info(p, &choice);
    }
}
