/*
 * kerberos - Kerberos 5 to a KDC over UDP and TCP (RFC 4120, 6113, 6806, 4556, 3244; MS-KILE, MS-SFU).
 *
 * Messages are read as DER with limits on depth and count; requests and replies of one flow are paired by
 * order and nonce, and each pair is emitted as one `kerberos` observation when the reply comes, or at its
 * deadline.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_H
#define ORTHRUS_DECODE_KERBEROS_H

#include "services/protocol-decode/place.h"

struct kerberos_module;

struct kerberos_options {
    uint32_t pending; /* how many requests may wait for a reply */
    time_ns timeout;  /* a request without a reply is told after this */
    struct hash_key seed;
};

enum err kerberos_create(struct kerberos_module **module, const struct kerberos_options *options) MUST_CHECK;
void kerberos_free(struct kerberos_module *module);
size_t kerberos_tables(struct kerberos_module *module, struct table **tables);

/* Over TCP each message has a length of 4 bytes before it (RFC 4120 7.2.2), which is part of the message
 * here. */
struct framing kerberos_frame(struct str bytes);
/* Could a message of this direction begin here? For the middle of a stream, and for ports that are not 88. */
bool kerberos_probe(struct str bytes);
/* A whole message, without the length of TCP. */
void kerberos_message(struct kerberos_module *module, struct decode_out *out, const struct place *place,
                      struct str message);
/* The conversation is over: emits what still waits in it, at time place->time. */
void kerberos_end(struct kerberos_module *module, struct decode_out *out, const struct place *place);
/* Emits what is due before now, each with its own time. */
void kerberos_expire(struct kerberos_module *module, struct decode_out *out, time_ns now);

/* An AP-REQ as it stands in SPNEGO or a GSS-API token: fills the ap fields of the body (ticket, ticket_sname,
 * ticket_realm, ticket_etype, ticket_kvno, ticket_bytes, authenticator_etype, ap_options, message). Strings
 * borrow from message or live in the arena. False, with the offset, when it is not one. */
bool kerberos_parse_ap_req(struct decode_out *out, struct str message, struct kerberos *body, size_t *offset);

#endif
