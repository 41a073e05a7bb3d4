/*
 * dhcp - DHCP and BOOTP (RFC 951, 2131) and DHCPv6 (RFC 8415), over UDP.
 *
 * A request and its answer are one `dhcp` observation, emitted when the answer comes or at the request's
 * deadline. What is asked of everybody may be answered by several servers: each answer is one. What wants no
 * answer is told at once.
 */
#ifndef ORTHRUS_DECODE_DHCP_H
#define ORTHRUS_DECODE_DHCP_H

#include "services/protocol-decode/place.h"

struct dhcp_module;

struct dhcp_options {
    uint32_t requests; /* how many may wait for an answer */
    time_ns timeout;   /* one without an answer is told after this */
    struct hash_key seed;
};

enum err dhcp_create(struct dhcp_module **module, const struct dhcp_options *options) MUST_CHECK;
void dhcp_free(struct dhcp_module *module);
size_t dhcp_tables(struct dhcp_module *module, struct table **tables);
/* size is its length on the wire, message what was captured of it. */
void dhcp_message(struct dhcp_module *module, struct decode_out *out, const struct place *place,
                  struct str message, uint32_t size);
/* Emits what is due before now, each with its own time. */
void dhcp_expire(struct dhcp_module *module, struct decode_out *out, time_ns now);

#endif
