/*
 * ldap_text - filters and values as text.
 *
 * Text is written into an arena, bounded; what goes over the bound is left out and cut is set.
 */
#ifndef ORTHRUS_DECODE_LDAP_TEXT_H
#define ORTHRUS_DECODE_LDAP_TEXT_H

#include "services/protocol-decode/der.h"
#include "services/protocol-decode/ldap_names.h"

#include "common/base/arena.h"

struct ldap_text {
    char *at;
    uint32_t size;
    uint32_t capacity;
    bool cut;
};

struct ldap_text ldap_text_open(struct arena *arena, uint32_t capacity);
void ldap_text_add(struct ldap_text *text, struct str more);
static inline struct str ldap_text_str(const struct ldap_text *text)
{
    return (struct str){.at = text->at, .size = text->size};
}

/* A value of an assertion with the escapes of RFC 4515 3: what is no UTF-8 too. */
void ldap_text_escape(struct ldap_text *text, struct str value);
/* A Filter (RFC 4511 4.5.1.7), which stands next in d, as RFC 4515 writes it. The values of secret attributes
 * are left out. */
void ldap_text_filter(struct ldap_text *text, struct der *d);
/* (attribute=value) */
void ldap_text_assertion(struct ldap_text *text, struct str attribute, const char *relation,
                         struct str value);
/* A security identifier (MS-DTYP 2.4.2.2) as S-1-..., a GUID as text; empty when it is none. */
struct str ldap_text_sid(struct arena *arena, struct str value);
struct str ldap_text_guid(struct arena *arena, struct str value);
/* Is it UTF-8 without control characters but tab and line ends? */
bool ldap_is_text(struct str value);

#endif
