/*
 * rdp - the beginning of remote desktop connections (MS-RDPBCGR 1.3.1.1): negotiation, and the settings that
 * a client of standard security sends in clear.
 *
 * With TLS or CredSSP chosen, the hello that follows goes on to tls, and all behind it is encrypted: the NTLM
 * or Kerberos of CredSSP too. With standard security, the connection is given up once both sides' settings
 * were seen. A module has one owner and keeps no pointer over a call.
 */
#ifndef ORTHRUS_DECODE_RDP_H
#define ORTHRUS_DECODE_RDP_H

#include "services/protocol-decode/place.h"
#include "services/protocol-decode/tls.h"

struct rdp_module;

struct rdp_options {
    uint32_t connections; /* beginnings under way at once */
    time_ns timeout;      /* one that does not go on is told after this */
    struct hash_key seed;
};

enum err rdp_create(struct rdp_module **module, const struct rdp_options *options,
                    struct tls_module *tls) MUST_CHECK;
void rdp_free(struct rdp_module *module);
size_t rdp_tables(struct rdp_module *module, struct table **tables);

/* A TPKT packet (RFC 1006 6), or what TLS has. */
struct framing rdp_frame(struct str bytes);
/* Could a connection begin with these bytes? Stricter than TPKT, which others use too. */
bool rdp_probe(struct str bytes);
/* Does the client send what begins so? known is false for what both send. */
bool rdp_is_of_client(struct str bytes, bool *known);

void rdp_message(struct rdp_module *module, struct decode_out *out, const struct place *place,
                 struct str message);
void rdp_end(struct rdp_module *module, struct decode_out *out, const struct place *place);
void rdp_expire(struct rdp_module *module, struct decode_out *out, time_ns now);

#endif
