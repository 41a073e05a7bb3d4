/*
 * ldap_world - a directory's connection in a test: messages built element by element, the module, and auth.
 */
#ifndef ORTHRUS_TEST_LDAP_WORLD_H
#define ORTHRUS_TEST_LDAP_WORLD_H

#include "services/protocol-decode/ldap.h"
#include "tests/unit/protocol-decode/token_world.h"

struct ldap_world {
    struct token_world t;
    struct auth *auth;
    struct ldap_module *module;
};

int ldap_world_open(void **state);
int ldap_world_close(void **state);

/* An element of these parts, with a length of the shortest form. The parts end with NOTHING. */
#define NOTHING ((struct str){.at = NULL, .size = 0})
struct str ber(struct ldap_world *w, int tag, ...);
#define BER(tag, ...) ber(w, (tag), __VA_ARGS__, NOTHING)
struct str ber_number(struct ldap_world *w, int tag, uint32_t value);
#define INTEGER(value)    ber_number(w, 0x02, (value))
#define ENUMERATED(value) ber_number(w, 0x0a, (value))
#define BOOLEAN(value)    ber_number(w, 0x01, (value))
/* An element of text; its bytes must not be none. */
struct str ber_text(struct ldap_world *w, int tag, const char *text);
#define OCTETS(text) ber_text(w, 0x04, (text))
#define BYTES(hex)   token_hex(&w->t, (hex))
/* An LDAPMessage of that id. */
#define LDAP_MESSAGE(id, ...) BER(0x30, INTEGER(id), __VA_ARGS__)

/* What most tests need: a search of "DC=a" with one attribute; an entry; results. */
struct str ldap_search(struct ldap_world *w, uint32_t id, struct str filter);
struct str ldap_entry(struct ldap_world *w, uint32_t id, const char *name);
struct str ldap_result(struct ldap_world *w, uint32_t id, int op, uint32_t code, const char *diagnostic);
struct str ldap_bind_simple(struct ldap_world *w, uint32_t id, const char *name, const char *password);
/* SASL; no credentials where they are empty. */
struct str ldap_bind_sasl(struct ldap_world *w, uint32_t id, const char *mechanism, struct str credentials);
struct str ldap_bind_reply(struct ldap_world *w, uint32_t id, uint32_t code, struct str credentials);
/* A SASL buffer with a Wrap token of RFC 4121, sealed or only signed. */
struct str ldap_wrapped(struct ldap_world *w, bool by_server, bool sealed, struct str plain);
struct str ldap_joined(struct ldap_world *w, struct str first, struct str second);

/* A message of flow 1, as framed, at so many milliseconds. */
void ldap_send(struct ldap_world *w, struct str message, bool to_server, uint64_t at_ms);
const struct ldap *ldap_told(struct ldap_world *w, uint32_t index);

#endif
