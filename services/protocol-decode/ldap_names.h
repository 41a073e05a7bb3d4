/*
 * ldap_names - what numbers and object identifiers of LDAP are called, and which attributes are secret.
 */
#ifndef ORTHRUS_DECODE_LDAP_NAMES_H
#define ORTHRUS_DECODE_LDAP_NAMES_H

#include "common/base/base.h"

/* A control or extended operation by its object identifier; empty when it is not known. */
struct str ldap_oid_name(struct str oid);
/* resultCode (RFC 4511 4.1.9); empty when it is not known. */
struct str ldap_result_name(uint32_t code);
/* The NTSTATUS of a Win32 error that Active Directory gives for a refused bind; 0 for another one. */
uint32_t ldap_bind_status(uint32_t error);

/* How the values of an attribute are told. */
enum ldap_syntax {
    LDAP_TEXT,   /* as they are, where they are text */
    LDAP_SECRET, /* not at all: passwords and keys */
    LDAP_SID,
    LDAP_GUID,
    LDAP_BINARY, /* only how many there are */
};

/* By the description of an attribute: its options do not count, nor does case. */
enum ldap_syntax ldap_syntax_of(struct str description);

#endif
