/*
 * spnego - what a security token holds: SPNEGO (RFC 4178, MS-SPNG), NTLMSSP, or Kerberos by GSS-API (RFC
 * 4121).
 *
 * Internal to protocol-decode; keeps nothing. Results borrow from the token.
 */
#ifndef ORTHRUS_DECODE_SPNEGO_H
#define ORTHRUS_DECODE_SPNEGO_H

#include "services/protocol-decode/der.h"

enum {
    SPNEGO_MECHANISMS_MAX = 16,
};

/* negState (RFC 4178 4.2.2). */
enum spnego_state {
    SPNEGO_STATE_ABSENT,
    SPNEGO_ACCEPT_COMPLETED,
    SPNEGO_ACCEPT_INCOMPLETE,
    SPNEGO_REJECT,
    SPNEGO_REQUEST_MIC,
};

enum spnego_mechanism {
    SPNEGO_MECHANISM_NONE = 0,
    SPNEGO_MECHANISM_KERBEROS = 1 << 0, /* 1.2.840.113554.1.2.2, and Microsoft's 1.2.840.48018.1.2.2 */
    SPNEGO_MECHANISM_NTLM = 1 << 1,     /* 1.3.6.1.4.1.311.2.2.10 */
    SPNEGO_MECHANISM_NEGOEX = 1 << 2,   /* 1.3.6.1.4.1.311.2.2.30 */
    SPNEGO_MECHANISM_OTHER = 1 << 3,
};

struct spnego {
    bool wrapped;       /* in SPNEGO; else the token of a mechanism by itself */
    bool initial;       /* NegTokenInit or NegTokenInit2 */
    uint8_t state;      /* enum spnego_state */
    uint8_t mechanisms; /* offered, or the one chosen: enum spnego_mechanism */
    uint8_t preferred;  /* the first of those offered */
    bool mic;           /* mechListMIC is there */
    struct str hint;    /* hintName of negHints (MS-SPNG 2.2.1), as a server sends it */
    struct str offered[SPNEGO_MECHANISMS_MAX]; /* object identifiers of mechTypes, as DER content */
    uint32_t offered_count;
    struct str chosen; /* supportedMech, likewise */
    bool kerberos;     /* token is a Kerberos message, from its APPLICATION tag on */
    bool ntlm;         /* token is an NTLMSSP message */
    struct str token;  /* of the mechanism; empty when there is none */
};

/* False: it is none of these, or damaged; fault says where. A token of another mechanism is no fault. */
bool spnego_parse(struct str token, struct spnego *spnego, struct der_fault *fault);

#endif
