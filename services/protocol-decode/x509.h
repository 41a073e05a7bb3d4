/*
 * x509 - what an X.509 certificate (RFC 5280) says of its owner.
 *
 * Internal to protocol-decode; keeps nothing. Nothing is verified: a certificate is what its sender showed.
 * Texts live in the batch's arena or borrow from the certificate.
 */
#ifndef ORTHRUS_DECODE_X509_H
#define ORTHRUS_DECODE_X509_H

#include "services/protocol-decode/der.h"
#include "services/protocol-decode/place.h"

enum {
    X509_NAME_BYTES_MAX = 512, /* a longer distinguished name is cut */
    X509_ATTRIBUTES_MAX = 32,  /* of one name */
    X509_EXTENSIONS_MAX = 64,
    X509_NAMES_MAX = 8, /* alternative names of one kind that are told */
    X509_PURPOSES_MAX = 16,
};

/* Reads a whole certificate, which begins at d; d moves behind it. What could be read stands even when
 * d->fault says what could not; an extension that is damaged is left out and harms nothing else. */
void x509_read(struct decode_out *out, struct der *d, struct certificate *certificate);

/* Is it the certificate of that issuer (Name, as it stands in DER) with that serial number? */
bool x509_is(struct str certificate, struct str issuer, struct str serial);

/* SubjectPublicKeyInfo (RFC 5280 4.1): its algorithm as an object identifier, and the size of the key, 0 when
 * it is of a kind that is not known. */
void x509_read_key(struct decode_out *out, struct der *d, struct str *algorithm, uint32_t *bits);

#endif
