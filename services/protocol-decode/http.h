/*
 * http - HTTP/1.1 (RFC 9110, RFC 9112): each request with its answer, who sent it, and what it is for.
 *
 * Tells what identity needs: authentication of every scheme, certificate enrolment (MS-WSTEP, MS-XCEP, the
 * pages of certsrv, SCEP), WinRM (MS-WSMV), WebDAV, Exchange's push subscriptions, proxy configuration,
 * federation. Of bodies only the beginning is wanted, and only where it can say something. Of a body in
 * chunks, the first chunk counts as its beginning. RPC over HTTP (MS-RPCH) goes on to rpc, TLS behind CONNECT
 * to tls. A flow on which nothing but plain exchanges were seen is given up after options.plain_exchanges of
 * them.
 *
 * The frame of an exchange's answer is the one in which its head ended. HTTP/2 and what follows an Upgrade
 * are not read. A module has one owner and keeps no pointer over a call.
 */
#ifndef ORTHRUS_DECODE_HTTP_H
#define ORTHRUS_DECODE_HTTP_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/place.h"
#include "services/protocol-decode/rpc.h"
#include "services/protocol-decode/tls.h"

struct http_module;

struct http_options {
    uint32_t connections;
    uint32_t requests;        /* that wait for their answers */
    uint32_t plain_exchanges; /* after which a flow without anything else is given up; 0: never */
    time_ns timeout;          /* a request without an answer is told after this */
    struct hash_key seed;
};

/* What it hands things on to. */
struct http_peers {
    struct auth *auth;
    struct rpc_module *rpc;
    struct tls_module *tls;
};

enum err http_create(struct http_module **module, const struct http_options *options,
                     const struct http_peers *peers) MUST_CHECK;
void http_free(struct http_module *module);
size_t http_tables(struct http_module *module, struct table **tables);

/* Heads, bodies, chunks and trailers are each a message. What a body is depends on what came before. */
struct framing http_frame(struct http_module *module, const struct place *place, struct str bytes);
/* Could a request or an answer begin with these bytes? */
bool http_probe(struct str bytes);
/* Does an answer begin with these bytes? */
bool http_is_answer(struct str bytes);

void http_message(struct http_module *module, struct decode_out *out, const struct place *place,
                  struct str message, uint32_t size);
void http_lost(struct http_module *module, struct decode_out *out, const struct place *place);
void http_end(struct http_module *module, struct decode_out *out, const struct place *place);
void http_expire(struct http_module *module, struct decode_out *out, time_ns now);

#endif
