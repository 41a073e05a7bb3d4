/*
 * kerberos_padata - what the parsers of Kerberos messages share, and pre-authentication data (RFC
 * 4120 5.2.7).
 *
 * Internal to protocol-decode: included by kerberos_parse.c and kerberos_padata.c alone.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_PADATA_H
#define ORTHRUS_DECODE_KERBEROS_PADATA_H

#include "services/protocol-decode/kerberos_parse.h"

struct kerberos_parse {
    struct decode_out *out;
    struct kerberos_parsed *to;
};

/* EncryptedData (RFC 4120 5.2.9). */
struct kerberos_sealed {
    int32_t etype;
    uint32_t kvno;
    struct str cipher;
};

/* Ticket (RFC 4120 5.3). */
struct kerberos_ticket {
    struct str realm;
    struct str sname;
    struct kerberos_sealed part;
};

/* AP-REQ (RFC 4120 5.5.1). */
struct kerberos_ap_req {
    uint32_t options;
    struct kerberos_ticket ticket;
    struct kerberos_sealed authenticator;
};

struct kerberos_sealed kerberos_read_sealed(struct der *d);
struct kerberos_ticket kerberos_read_ticket(struct kerberos_parse *p, struct der *d);
struct kerberos_ap_req kerberos_read_ap_req(struct kerberos_parse *p, struct der *d);
/* PrincipalName (RFC 4120 5.2.2), its components joined by '/'. */
struct str kerberos_read_name(struct kerberos_parse *p, struct der *d, int32_t *type);
struct str kerberos_read_text(struct kerberos_parse *p, struct der *d);

/* SEQUENCE OF PA-DATA of a request, and of a reply or METHOD-DATA: fills the fields that come from it. What
 * is wrong inside of one PA-DATA's value is noted in p->to->inner and harms nothing else. */
void kerberos_read_request_padata(struct kerberos_parse *p, struct der *d);
void kerberos_read_reply_padata(struct kerberos_parse *p, struct der *d);

#endif
