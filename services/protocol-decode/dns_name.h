/*
 * dns_name - domain names as they stand in a message (RFC 1035 4.1.4), and NetBIOS names in them (RFC
 * 1002 4.1).
 *
 * Internal to protocol-decode. A name is kept in its wire form without compression: plain bytes, at most 255.
 */
#ifndef ORTHRUS_DECODE_DNS_NAME_H
#define ORTHRUS_DECODE_DNS_NAME_H

#include "common/base/reader.h"
#include "services/protocol-decode/dns_text.h"

enum {
    DNS_NAME_BYTES_MAX = 255, /* RFC 1035 2.3.4, with the root's label */
    NETBIOS_NAME_BYTES = 16,
};

struct dns_name {
    uint8_t size; /* of wire, with the root's zero; 0: no name */
    uint8_t longest_label;
    uint8_t wire[DNS_NAME_BYTES_MAX];
};

/* r reads a whole message, or a part of one. Behind the name afterwards; failed, and the name empty, when it
 * is none: a pointer must lead to before the labels that it ends, as names that were read before stand there.
 */
void dns_name_read(struct reader *r, struct dns_name *name);
/* Behind the name without following its pointer. */
void dns_name_skip(struct reader *r);
/* In the form of RFC 1035 5.1, without the last dot; "." for the root. */
void dns_name_line(struct dns_line *line, const struct dns_name *name);
/* Equal but for the case of ASCII letters (RFC 4343). */
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);
/* The same for names that are equal. */
struct id dns_name_id(const struct dns_name *name);

/* The first label as the 16 bytes of a NetBIOS name (RFC 1001 14.1). False when it is none. */
bool netbios_name_decode(const struct dns_name *name, uint8_t bytes[NETBIOS_NAME_BYTES]);
/* The first 15 bytes without what pads them. */
void netbios_name_line(struct dns_line *line, struct str bytes);
/* The labels behind the first one: the scope. */
void netbios_scope_line(struct dns_line *line, const struct dns_name *name);

#endif
