/*
 * kerberos_parse - Kerberos messages as RFC 4120 5 lays them out, read into the fields of an observation.
 *
 * Internal to protocol-decode; keeps nothing between messages. Strings borrow from the message or live in the
 * batch's arena, as do lists.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_PARSE_H
#define ORTHRUS_DECODE_KERBEROS_PARSE_H

#include "services/protocol-decode/der.h"
#include "services/protocol-decode/place.h"

enum {
    KERBEROS_VERSION = 5,
    KERBEROS_ETYPES_MAX = 32,
    KERBEROS_PADATA_MAX = 32,
    KERBEROS_NAME_PARTS_MAX = 16,
    KERBEROS_HOST_NAMES_MAX = 4,
    KERBEROS_ADDRESSES_MAX = 32,
    KERBEROS_TICKETS_MAX = 16,
};

/* msg-type, which is the APPLICATION tag as well (RFC 4120 7.5.7). */
enum kerberos_type {
    KERBEROS_NONE = 0,
    KERBEROS_TICKET = 1, /* no message: the tag of a ticket */
    KERBEROS_AS_REQ = 10,
    KERBEROS_AS_REP = 11,
    KERBEROS_TGS_REQ = 12,
    KERBEROS_TGS_REP = 13,
    KERBEROS_AP_REQ = 14,
    KERBEROS_AP_REP = 15,
    KERBEROS_TGT_REQ = 16, /* user to user: draft-swift-win2k-krb-user2user */
    KERBEROS_TGT_REP = 17,
    KERBEROS_SAFE = 20,
    KERBEROS_PRIV = 21,
    KERBEROS_CRED = 22,
    KERBEROS_ERROR = 30,
};

struct kerberos_parsed {
    uint8_t type;           /* enum kerberos_type; KERBEROS_NONE when it is no message */
    struct kerberos body;   /* what the message itself holds; its place is not filled in */
    struct str error_data;  /* e-data of a KRB-ERROR as it stands, borrowed */
    struct der_fault fault; /* the message does not follow the specification */
    struct der_fault inner; /* a part of it (pre-authentication data) does not: the rest stands */
};

/* The type that the first byte of a message claims; KERBEROS_NONE when it is none. */
uint8_t kerberos_type_of(uint8_t tag);
static inline bool kerberos_is_request(uint8_t type)
{
    return type == KERBEROS_AS_REQ || type == KERBEROS_TGS_REQ || type == KERBEROS_AP_REQ ||
           type == KERBEROS_TGT_REQ;
}

/* Reads a whole message. False: parsed->fault says why. */
bool kerberos_parse(struct decode_out *out, struct str message, struct kerberos_parsed *parsed);

#endif
