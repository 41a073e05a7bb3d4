/*
 * ldap - LDAP over TCP and as datagrams (RFC 4511, MS-ADTS), in clear or behind a SASL security layer.
 *
 * Requests and answers are paired by message id, many at once in one connection, and each pair is emitted as
 * one `ldap` observation when the final answer comes, or at its deadline. Of what cannot be read because it
 * is encrypted, each connection is told once.
 */
#ifndef ORTHRUS_DECODE_LDAP_H
#define ORTHRUS_DECODE_LDAP_H

#include "services/protocol-decode/auth.h"

struct ldap_module;

struct ldap_options {
    uint32_t connections;
    uint32_t requests; /* how many may wait for their answer */
    uint32_t pages;    /* of 2 KiB, for messages that span several tokens of a security layer */
    time_ns
        timeout; /* a request without an answer is told after this, a search counting from its last entry */
    struct hash_key seed;
};

/* auth is borrowed for the life of the module. */
enum err ldap_create(struct ldap_module **module, const struct ldap_options *options,
                     struct auth *auth) MUST_CHECK;
void ldap_free(struct ldap_module *module);
size_t ldap_tables(struct ldap_module *module, struct table **tables);

/* An LDAPMessage, or a buffer of a SASL security layer (RFC 4422 3.7). */
struct framing ldap_frame(const struct ldap_module *module, const struct place *place, struct str bytes);
/* A record of TLS, which is framed as TLS is. */
bool ldap_is_tls(struct str bytes);
/* Does an LDAPMessage begin here? For ports that are not LDAP's. */
bool ldap_probe(struct str bytes);
/* Who sends what begins so: 1 the client, -1 the server, 0 when it cannot be told. */
int ldap_sender(struct str bytes);
/* What was framed: its first bytes of size. Of a record of TLS it is told that the connection is sealed. */
void ldap_message(struct ldap_module *module, struct decode_out *out, const struct place *place,
                  struct str message, uint32_t size);
/* A datagram: one LDAPMessage or several (an entry and the result behind it). */
void ldap_datagram(struct ldap_module *module, struct decode_out *out, const struct place *place,
                   struct str message, uint32_t size);
/* Bytes of this direction will never come. */
void ldap_lost(struct ldap_module *module, struct decode_out *out, const struct place *place);
/* The conversation is over: emits what still waits in it, at time place->time. */
void ldap_end(struct ldap_module *module, struct decode_out *out, const struct place *place);
/* Emits what is due before now, each with its own time. */
void ldap_expire(struct ldap_module *module, struct decode_out *out, time_ns now);

#endif
