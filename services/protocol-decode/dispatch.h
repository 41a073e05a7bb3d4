/*
 * dispatch - which protocol a flow carries, and the modules that read it.
 *
 * Internal to protocol-decode. Holds the protocol modules and what they write to, and is the handler of tcp.
 */
#ifndef ORTHRUS_DECODE_DISPATCH_H
#define ORTHRUS_DECODE_DISPATCH_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/decode.h"
#include "services/protocol-decode/kerberos.h"
#include "services/protocol-decode/rpc.h"
#include "services/protocol-decode/smb.h"
#include "services/protocol-decode/tcp.h"

struct dispatch {
    struct decode_out out; /* .batch is set for each step */
    struct auth *auth;
    struct kerberos_module *kerberos;
    struct rpc_module *rpc;
    struct smb_module *smb;
};

enum err dispatch_create(struct dispatch *dispatch, const struct decode_options *options,
                         struct table *files) MUST_CHECK;
void dispatch_close(struct dispatch *dispatch);
size_t dispatch_tables(struct dispatch *dispatch, struct table **tables);
/* dispatch must stay where it is while the handler is in use. */
struct tcp_handler dispatch_handler(struct dispatch *dispatch);
/* A UDP datagram from or to port 88. */
void dispatch_datagram(struct dispatch *dispatch, const struct place *place, struct str message);
void dispatch_expire(struct dispatch *dispatch, time_ns now);

#endif
