/*
 * dns - name services: DNS (RFC 1035, over UDP and TCP), LLMNR (RFC 4795), mDNS (RFC 6762) and NetBIOS names
 * (RFC 1002).
 *
 * A question and its answer are one `dns` observation, emitted when the answer comes or at the question's
 * deadline; an answer that nothing asked for is told alone. What is asked of a group may be answered by
 * several hosts: each answer is an observation, whose client is who asked and whose server is who answered. A
 * zone transfer is one observation. Tokens of TKEY (RFC 3645) are handed to auth.
 */
#ifndef ORTHRUS_DECODE_DNS_H
#define ORTHRUS_DECODE_DNS_H

#include "services/protocol-decode/auth.h"

struct dns_module;

struct dns_options {
    uint32_t pending; /* how many questions may wait for an answer */
    time_ns timeout;  /* a question without an answer is told after this */
    struct hash_key seed;
};

enum err dns_create(struct dns_module **module, const struct dns_options *options,
                    struct auth *auth) MUST_CHECK;
void dns_free(struct dns_module *module);
size_t dns_tables(struct dns_module *module, struct table **tables);

/* Over TCP each message has a length of 2 bytes before it (RFC 1035 4.2.2), which is part of the message
 * here. */
struct framing dns_frame(struct str bytes);
/* Does this message, without the length of TCP, answer? */
bool dns_is_answer(struct str message);
/* A whole message, without the length of TCP; size is its length on the wire, message what was captured of
 * it. Which service it is of is told by the port. */
void dns_message(struct dns_module *module, struct decode_out *out, const struct place *place,
                 struct str message, uint32_t size);
/* Emits what is due before now, each with its own time. */
void dns_expire(struct dns_module *module, struct decode_out *out, time_ns now);

#endif
