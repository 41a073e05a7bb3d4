/*
 * dhcp_options - messages of DHCP and DHCPv6 into an observation's body.
 *
 * Internal to protocol-decode.
 */
#ifndef ORTHRUS_DECODE_DHCP_OPTIONS_H
#define ORTHRUS_DECODE_DHCP_OPTIONS_H

#include "common/base/reader.h"
#include "services/protocol-decode/place.h"

/* What a message says beside its body. */
struct dhcp_parsed {
    uint8_t message; /* enum dhcp_message */
    bool answer;
    uint32_t xid;
    struct str client; /* what tells clients apart: chaddr, or the DUID; borrowed */
    const char *fault; /* null, or why reading stopped, */
    size_t fault_at;   /* and where */
};

/* The first part: which message it is. False: none. */
bool dhcp_open(struct str bytes, struct dhcp_parsed *parsed);
bool dhcp6_open(struct str bytes, struct dhcp_parsed *parsed);
/* Everything else. Of an answer, what its request said stays unless the answer says it too. Texts lie in the
 * arena. */
void dhcp_read(struct arena *arena, struct str bytes, struct dhcp_parsed *parsed, struct dhcp *body);
void dhcp6_read(struct arena *arena, struct str bytes, struct dhcp_parsed *parsed, struct dhcp *body);

/* Helpers of both. */
struct str dhcp_text(struct arena *arena, struct str bytes); /* without NULs at its end */
struct str dhcp_hex(struct arena *arena, struct str bytes);
struct str dhcp_mac(struct arena *arena, struct str bytes);
struct str dhcp_text_or_hex(struct arena *arena, struct str bytes);
struct strs dhcp_addresses(struct arena *arena, struct str bytes, uint32_t size);
struct addr dhcp_address(struct str bytes);
/* Names in wire form (RFC 1035 3.1); the first one. */
struct str dhcp_name(struct arena *arena, struct str bytes);

#endif
