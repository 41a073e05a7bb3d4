/*
 * dns_types - the numbers of name services and what they are called.
 *
 * Internal to protocol-decode. IANA's "Domain Name System Parameters"; RFC 1002 4.2 for NetBIOS names;
 * MS-DNSP 2.2.2.1.1 for what only Windows has.
 */
#ifndef ORTHRUS_DECODE_DNS_TYPES_H
#define ORTHRUS_DECODE_DNS_TYPES_H

#include "common/base/base.h"
#include "services/protocol-decode/dns_text.h"

enum dns_type {
    DNS_A = 1,
    DNS_SOA = 6,
    DNS_SIG = 24,
    DNS_NB = 32, /* RFC 1002: another number than NIMLOC means in DNS */
    DNS_NBSTAT = 33,
    DNS_OPT = 41,
    DNS_TKEY = 249,
    DNS_TSIG = 250,
    DNS_IXFR = 251,
    DNS_AXFR = 252,
    DNS_ANY = 255,
};

enum dns_class {
    DNS_CLASS_IN = 1,
    DNS_CLASS_NONE = 254,
    DNS_CLASS_ANY = 255,
};

/* How the data of a type is laid out: one letter for each part.
 *
 *     n name   1 2 4 number of so many bytes   t type of records   a IPv4   6 IPv6   A IPv4 up to the end
 *     s character-string   S character-strings up to the end   r text up to the end   h bytes up to the end
 *     m types as a bit map (RFC 4034 4.1.2)   z a length: of bytes that say nothing to a reader, up to the
 * end
 */
struct dns_type_info {
    uint16_t type;
    const char *name;
    const char *layout;
};

/* Null for a type that has no name. */
const struct dns_type_info *dns_type_info(uint16_t type);
/* Its name; TYPE and its number when it has none (RFC 3597 5). */
void dns_type_line(struct dns_line *line, uint16_t type);
void netbios_type_line(struct dns_line *line, uint16_t type);
/* The name of a type, or RCODE and its number: a literal, or in the arena when it has none of its own. */
struct str dns_type_text(struct arena *arena, bool netbios, uint16_t type);
struct str dns_rcode_text(struct arena *arena, bool netbios, uint16_t rcode);

#endif
