/*
 * protocol - the shape that every protocol has for the decoder, and the modules that read them.
 *
 * Internal to protocol-decode. A protocol has one const descriptor here, in the order in which unknown
 * streams are probed; its module owns bounded tables (its state between messages), is given whole messages
 * with their place, and emits observations. A module hands what it carries to another one through this
 * struct.
 */
#ifndef ORTHRUS_DECODE_PROTOCOL_H
#define ORTHRUS_DECODE_PROTOCOL_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/decode.h"
#include "services/protocol-decode/dhcp.h"
#include "services/protocol-decode/dns.h"
#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/ldap.h"
#include "services/protocol-decode/radius.h"
#include "services/protocol-decode/keyring.h"
#include "services/protocol-decode/kpasswd.h"
#include "services/protocol-decode/rpc.h"
#include "services/protocol-decode/smb.h"
#include "services/protocol-decode/http.h"
#include "services/protocol-decode/rdp.h"
#include "services/protocol-decode/tls.h"

/* One of each; all of them are there while the decoder is. */
struct protocols {
    struct keyring *keyring; /* null when no keys were given */
    struct auth *auth;
    struct dhcp_module *dhcp;
    struct dns_module *dns;
    struct radius_module *radius;
    struct kerberos_module *kerberos;
    struct ldap_module *ldap;
    struct kpasswd_module *kpasswd;
    struct rpc_module *rpc;
    struct smb_module *smb;
    struct tls_module *tls;
    struct http_module *http;
    struct rdp_module *rdp;
};

enum direction {
    DIRECTION_UNKNOWN,
    DIRECTION_TO_SERVER,
    DIRECTION_TO_CLIENT,
};

struct protocol_type {
    enum protocol protocol;
    const uint16_t *tcp_ports; /* well-known ones, ending in 0; may be null */
    const uint16_t *udp_ports;

    /* Over TCP; null when it is not carried there. How the bytes at the start of what has come are framed. */
    struct framing (*frame)(struct str bytes);
    /* The same where it takes what came before; used instead of frame when not null. Asked again as more
     * comes, it changes nothing. place->to_server is a guess while a flow's beginning was not seen. */
    struct framing (*frame_within)(struct protocols *all, const struct place *place, struct str bytes);
    /* Could a message begin with these bytes, whatever the port? */
    bool (*probe)(struct str bytes);
    /* Who sends what begins so. Null: cannot be told. */
    enum direction (*direction)(struct str bytes);
    /* A message as framed: its first `want` bytes of size. out->enough is set to see no more of the flow. */
    void (*message)(struct protocols *all, struct decode_out *out, const struct place *place,
                    struct str message, uint32_t size);
    /* Bytes of one direction will never come. May be null. */
    void (*lost)(struct protocols *all, struct decode_out *out, const struct place *place);
    /* The flow is over. */
    void (*end)(struct protocols *all, struct decode_out *out, const struct place *place);

    /* Over UDP; null when it is not carried there. size is its whole length, message what was captured of it.
     */
    void (*datagram)(struct protocols *all, struct decode_out *out, const struct place *place,
                     struct str message, uint32_t size);
    /* Who sends a datagram, when both its ports are of this protocol. Null: cannot be told. */
    enum direction (*datagram_direction)(struct str message);
};

/* The descriptor at index; null past the last. */
const struct protocol_type *protocol_at(size_t index);
/* Null for unknown, and for what is only carried inside another (NTLM). */
const struct protocol_type *protocol_find(uint8_t protocol);
/* By a well-known port of TCP; null when it is none. */
const struct protocol_type *protocol_of_tcp_port(uint16_t port);

enum err protocols_create(struct protocols *all, const struct decode_options *options) MUST_CHECK;
void protocols_close(struct protocols *all);
size_t protocols_tables(struct protocols *all, struct table **tables);
/* Emits what is due before now, each with its own time. */
void protocols_expire(struct protocols *all, struct decode_out *out, time_ns now);

#endif
