/*
 * cms - reads ContentInfo and SignedData.
 */
#include "services/protocol-decode/cms.h"
#include "services/protocol-decode/x509.h"

static const struct str oid_signed_data = {"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9};

/* encapContentInfo (RFC 5652 5.2). */
static void read_content(struct cms *cms, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    cms->content_type = der_bytes(&sequence, DER_OID);
    if (!der_more(&sequence))
        return;
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    cms->content = der_bytes(&field, DER_OCTET_STRING);
}

/* CertificateSet (RFC 5652 10.2.3): of its choices only plain certificates are SEQUENCEs. */
static void read_certificates(struct cms *cms, struct der *set)
{
    while (der_more(set) && cms->certificate_count < CMS_CERTIFICATES_MAX) {
        bool plain = der_peek(set) == DER_SEQUENCE;
        struct str certificate = der_element(set);
        if (plain && der_ok(set))
            cms->certificates[cms->certificate_count++] = certificate;
    }
}

/* IssuerAndSerialNumber names the signer's certificate, which is put first. */
static void put_signer_first(struct cms *cms, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct str issuer = der_element(&sequence);
    struct str serial = der_bytes(&sequence, DER_INTEGER);
    for (uint32_t i = 0; i < cms->certificate_count; i++) {
        struct str found = cms->certificates[i];
        if (!x509_is(found, issuer, serial))
            continue;
        cms->certificates[i] = cms->certificates[0];
        cms->certificates[0] = found;
        return;
    }
}

static struct str read_algorithm(struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    return der_bytes(&sequence, DER_OID);
}

/* SignerInfo (RFC 5652 5.3). */
static void read_signer(struct cms *cms, struct der *set)
{
    struct der signer = der_open(set, DER_SEQUENCE);
    (void)der_integer(&signer);
    if (der_peek(&signer) == DER_SEQUENCE)
        put_signer_first(cms, &signer);
    else
        (void)der_element(&signer); /* subjectKeyIdentifier */
    (void)read_algorithm(&signer);  /* of the digest */
    if (der_peek(&signer) == DER_CONTEXT(0))
        (void)der_element(&signer); /* signedAttrs */
    cms->signature = read_algorithm(&signer);
}

/* SignedData (RFC 5652 5.1). */
static void read_signed_data(struct cms *cms, struct der *d)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    (void)der_integer(&sequence);
    (void)der_open(&sequence, DER_SET); /* digestAlgorithms */
    read_content(cms, &sequence);
    if (der_peek(&sequence) == DER_CONTEXT(0)) {
        struct der set = der_open(&sequence, DER_CONTEXT(0));
        read_certificates(cms, &set);
    }
    if (der_peek(&sequence) == DER_CONTEXT(1))
        (void)der_element(&sequence); /* crls */
    struct der signers = der_open(&sequence, DER_SET);
    if (der_more(&signers))
        read_signer(cms, &signers);
}

bool cms_read(struct der *d, struct cms *cms)
{
    *cms = (struct cms){0};
    struct der sequence = der_open(d, DER_SEQUENCE);
    cms->is_signed = str_equal(der_bytes(&sequence, DER_OID), oid_signed_data);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    if (cms->is_signed)
        read_signed_data(cms, &field);
    return der_ok(d);
}
