/*
 * kerberos_padata - what the parsers of Kerberos messages share, and pre-authentication data (RFC
 * 4120 5.2.7).
 *
 * Internal to protocol-decode: included by the parsers of Kerberos messages and of what carries them alone.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_PADATA_H
#define ORTHRUS_DECODE_KERBEROS_PADATA_H

#include "services/protocol-decode/kerberos_parse.h"

struct kerberos_parse {
    struct decode_out *out;
    struct kerberos_parsed *to;
};

#define KERBEROS_FIELD(number) (1u << (number))

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

/* kerberos_part.c: the pieces that messages are made of. */

/* The fields of a SEQUENCE that must be there; one that is missing is a fault of the message. */
void kerberos_need_fields(struct der *sequence, uint32_t seen, uint32_t needed);
/* pvno and msg-type stand first in every message, numbered from `first`. False: the field is neither. */
bool kerberos_read_version(struct der *field, uint8_t number, uint8_t first, uint8_t type);
struct kerberos_sealed kerberos_read_sealed(struct der *d);
struct kerberos_ticket kerberos_read_ticket(struct kerberos_parse *p, struct der *d);
struct kerberos_ap_req kerberos_read_ap_req(struct kerberos_parse *p, struct der *d);
/* PrincipalName (RFC 4120 5.2.2), its components joined by '/'. */
struct str kerberos_read_name(struct kerberos_parse *p, struct der *d, int32_t *type);
struct str kerberos_read_text(struct kerberos_parse *p, struct der *d);
/* A time with its microseconds (RFC 4120 5.2.4), which are a field of their own. */
time_ns kerberos_add_microseconds(time_ns time, uint32_t microseconds);
/* cksumtype of a Checksum (RFC 4120 5.2.9). */
int32_t kerberos_read_checksum(struct der *d);
/* SEQUENCE OF Int32, its first KERBEROS_ETYPES_MAX. */
struct i32s kerberos_read_numbers(struct kerberos_parse *p, struct der *d);
struct i32s kerberos_keep_numbers(struct kerberos_parse *p, const int32_t *numbers, uint32_t count);
/* HostAddresses (RFC 4120 5.2.5) into address_types, addresses and host_names. */
void kerberos_read_addresses(struct kerberos_parse *p, struct der *d);

/* kerberos_padata.c, kerberos_reply.c: SEQUENCE OF PA-DATA of a request, and of a reply or METHOD-DATA: fill
 * the fields that come from it. What is wrong inside of one PA-DATA's value is noted in p->to->inner and
 * harms nothing else. */
void kerberos_read_request_padata(struct kerberos_parse *p, struct der *d);
void kerberos_read_reply_padata(struct kerberos_parse *p, struct der *d);
/* One PA-DATA: its type, and a cursor over its value. */
int32_t kerberos_read_padata(struct der *list, struct der *value);
/* What is wrong in one value stops only that value; the first such fault of a message is kept. */
void kerberos_note_inner(struct kerberos_parse *p, const struct der_fault *fault);
/* e-data of a KRB-ERROR: METHOD-DATA, TYPED-DATA or KERB-ERROR-DATA, whichever its form shows. */
void kerberos_read_error_data(struct kerberos_parse *p, struct der *field);

/* pkinit.c: PA-PK-AS-REQ and PA-PK-AS-REP (RFC 4556 3.2), and as Windows 2000 wrote them. */
void pkinit_read_request(struct kerberos_parse *p, struct der *value);
void pkinit_read_reply(struct kerberos_parse *p, struct der *value);

#endif
