/*
 * cms - what a CMS SignedData (RFC 5652 5) wraps, who signed it and how.
 *
 * Internal to protocol-decode; keeps nothing. Results borrow from the input. Nothing is verified.
 */
#ifndef ORTHRUS_DECODE_CMS_H
#define ORTHRUS_DECODE_CMS_H

#include "services/protocol-decode/der.h"

enum {
    CMS_CERTIFICATES_MAX = 8,
};

struct cms {
    bool is_signed;          /* SignedData; else another kind of content, of which nothing is read */
    struct str content_type; /* of what it wraps, an object identifier as DER content */
    struct str content;      /* what it wraps; may be empty */
    struct str signature;    /* algorithm of the first signer's signature, likewise */
    struct str
        certificates[CMS_CERTIFICATES_MAX]; /* as DER; that of the first signer comes first, if it is there */
    uint32_t certificate_count;
};

/* A ContentInfo (RFC 5652 3). False: d->fault says what is wrong. */
bool cms_read(struct der *d, struct cms *cms);

#endif
