/*
 * tls - the handshake of TLS (RFC 8446, RFC 5246) and SSL 3.0, as far as it is in clear.
 *
 * Tells one observation a handshake and then wants no more of the flow, as everything after it is encrypted.
 * A protocol that turns to TLS within its connection (LDAP's StartTLS, RDP, HTTP's CONNECT) frames what
 * follows with tls_frame() and hands it to tls_message(). A module has one owner and keeps no pointer over a
 * call.
 */
#ifndef ORTHRUS_DECODE_TLS_H
#define ORTHRUS_DECODE_TLS_H

#include "services/protocol-decode/place.h"

struct tls_module;

struct tls_options {
    uint32_t connections; /* handshakes under way at once */
    time_ns timeout;      /* a handshake that does not go on is told after this */
    struct hash_key seed;
};

enum err tls_create(struct tls_module **module, const struct tls_options *options) MUST_CHECK;
void tls_free(struct tls_module *module);
size_t tls_tables(struct tls_module *module, struct table **tables);

/* A message is a record, or as many as the handshake messages that begin in it need. */
struct framing tls_frame(struct str bytes);
/* Could a handshake begin with these bytes? True only for a hello. */
bool tls_probe(struct str bytes);
/* Do these bytes come from the client? Only a hello tells: known is false for all else. */
bool tls_is_of_client(struct str bytes, bool *known);

/* A message as framed. began_as: the protocol of the connection (enum protocol). */
void tls_message(struct tls_module *module, struct decode_out *out, const struct place *place,
                 enum protocol began_as, struct str message);
/* Bytes of one direction will never come. */
void tls_lost(struct tls_module *module, struct decode_out *out, const struct place *place);
/* The flow is over, or turned to something else. */
void tls_end(struct tls_module *module, struct decode_out *out, const struct place *place);
/* Emits what is due before now, each with its own time. */
void tls_expire(struct tls_module *module, struct decode_out *out, time_ns now);

#endif
