/*
 * dns_message - one message of a name service (RFC 1035 4.1; RFC 2136, 6891, 8945, 2930; RFC 1002 4.2).
 *
 * Internal to protocol-decode. Read in two steps, as what is wanted of the records depends on what they
 * answer: header and questions first, then the three sections of records. Texts lie in the arena.
 */
#ifndef ORTHRUS_DECODE_DNS_MESSAGE_H
#define ORTHRUS_DECODE_DNS_MESSAGE_H

#include "services/protocol-decode/dns_data.h"

enum {
    DNS_HEADER_BYTES = 12,
    DNS_LIST_MAX = 32,   /* texts of one section */
    DNS_OPTIONS_MAX = 8, /* of EDNS */
    DNS_MATCHES_MAX = 8, /* answers by which the question of an mDNS response is sought */
};

enum dns_flag {
    DNS_FLAG_RESPONSE = 0x8000,
    DNS_FLAG_AUTHORITATIVE = 0x0400,
    DNS_FLAG_TRUNCATED = 0x0200,
    DNS_FLAG_RECURSION_DESIRED = 0x0100,
    DNS_FLAG_RECURSION_AVAILABLE = 0x0080,
    DNS_FLAG_BROADCAST = 0x0010, /* RFC 1002 4.2.1.1 */
};

enum dns_section {
    DNS_QUESTION,  /* zone of an update */
    DNS_ANSWER,    /* prerequisites */
    DNS_AUTHORITY, /* updates */
    DNS_ADDITIONAL,
    DNS_SECTIONS,
};

/* A zone transfer as far as it has come. Plain bytes, may stand in a table. */
struct dns_transfer {
    uint64_t bytes;
    uint32_t messages;
    uint32_t records;
    uint32_t serial;      /* of the first SOA: that of the zone as it is */
    uint32_t serial_seen; /* how many SOAs had it */
    bool incremental;     /* its second record was a SOA too (RFC 1995 4) */
    bool complete;
};

struct dns_message {
    uint16_t id;
    uint16_t flags;
    uint16_t rcode; /* with the bits of EDNS */
    uint16_t counts[DNS_SECTIONS];
    uint16_t type; /* of the first question */
    uint16_t class;
    struct dns_name name;
    uint32_t bytes;
    uint32_t section_bytes[DNS_SECTIONS];
    struct strs texts[DNS_SECTIONS]; /* the questions only when there are several */
    struct i32s ttls;                /* of the answers */
    uint16_t largest_type;           /* of the record with most data: what it is, */
    uint32_t largest_bytes;          /* as sent, */
    uint32_t expanded_bytes;         /* and of the largest SIG or RRSIG when its name is not compressed */
    uint32_t serial;                 /* of the first SOA outside the questions */

    bool edns;
    bool dnssec_ok;
    uint16_t edns_payload;
    struct i32s edns_options;

    bool is_signed; /* by a TSIG */
    bool has_tkey;
    uint16_t key_mode;
    uint16_t key_error;
    struct dns_name key;
    struct str key_algorithm;
    struct str token; /* of GSS-API, borrowed from the message */

    struct addr address; /* of the first NB record */
    uint16_t nb_flags;
    struct strs names;
    struct str unit_id;

    uint32_t match_count; /* mDNS */
    struct dns_match {
        struct id name;
        uint16_t type;
    } matches[DNS_MATCHES_MAX];

    const char *fault; /* null, or why reading stopped, */
    size_t fault_at;   /* and where */
};

/* What is wanted of the records. */
struct dns_want {
    bool texts;
    bool matches;
    struct dns_transfer *transfer; /* may be null */
};

/* protocol: dns, llmnr, mdns or netbios. False when there is no message here. */
bool dns_message_open(struct arena *arena, enum protocol protocol, struct str bytes,
                      struct dns_message *message, struct reader *records);
/* fault is set when they could not be read to the end. */
void dns_message_records(struct arena *arena, enum protocol protocol, const struct dns_want *want,
                         struct dns_message *message, struct reader *records);

/* OPCODE as it stands in flags. */
static inline uint8_t dns_opcode(uint16_t flags)
{
    return flags >> 11 & 15;
}

#endif
