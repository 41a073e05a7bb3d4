/*
 * x509_parts - the parts of a certificate that have files of their own.
 *
 * Internal to x509*.c.
 */
#ifndef ORTHRUS_DECODE_X509_PARTS_H
#define ORTHRUS_DECODE_X509_PARTS_H

#include "services/protocol-decode/x509.h"

/* Name (RFC 5280 4.1.2.4) as RFC 4514 writes it, the last part first. */
struct str x509_read_name(struct decode_out *out, struct der *d);
/* A string of any of ASN.1's kinds as UTF-8; empty when the element is none. */
struct str x509_read_string(struct decode_out *out, struct der *d);
/* Extensions (RFC 5280 4.1.2.9). */
void x509_read_extensions(struct decode_out *out, struct der *d, struct certificate *certificate);

#endif
