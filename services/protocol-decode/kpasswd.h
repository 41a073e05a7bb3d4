/*
 * kpasswd - the Kerberos password protocol over UDP and TCP (RFC 3244).
 *
 * A request is an AP-REQ with a KRB-PRIV, a reply an AP-REP with a KRB-PRIV, or a KRB-ERROR. A flow has one
 * request under way; it is told with its reply, or at its deadline.
 */
#ifndef ORTHRUS_DECODE_KPASSWD_H
#define ORTHRUS_DECODE_KPASSWD_H

#include "services/protocol-decode/place.h"

struct kpasswd_module;

struct kpasswd_options {
    uint32_t pending; /* how many requests may wait for a reply */
    time_ns timeout;  /* a request without a reply is told after this */
    struct hash_key seed;
};

enum err kpasswd_create(struct kpasswd_module **module, const struct kpasswd_options *options) MUST_CHECK;
void kpasswd_free(struct kpasswd_module *module);
size_t kpasswd_tables(struct kpasswd_module *module, struct table **tables);

/* Over TCP each message has a length of 4 bytes before it, which is part of the message here. */
struct framing kpasswd_frame(struct str bytes);
/* Does such a message begin here? */
bool kpasswd_probe(struct str bytes);
/* Is it one of the client's? False for anything that is not one of the server's either: *known says. */
bool kpasswd_is_request(struct str message, bool *known);
/* A whole message, without the length of TCP. */
void kpasswd_message(struct kpasswd_module *module, struct decode_out *out, const struct place *place,
                     struct str message);
/* The conversation is over: emits what still waits in it, at time place->time. */
void kpasswd_end(struct kpasswd_module *module, struct decode_out *out, const struct place *place);
/* Emits what is due before now, each with its own time. */
void kpasswd_expire(struct kpasswd_module *module, struct decode_out *out, time_ns now);

#endif
