/*
 * dns_exchange - the pairing of questions with their answers.
 *
 * Internal to protocol-decode: the state of the dns module, and one message on its way through it.
 */
#ifndef ORTHRUS_DECODE_DNS_EXCHANGE_H
#define ORTHRUS_DECODE_DNS_EXCHANGE_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/dns_pending.h"

enum {
    DNS_PORT = 53,
    DNS_PORT_NETBIOS_NAMES = 137,
    DNS_PORT_NETBIOS_DATAGRAMS = 138,
    DNS_PORT_MDNS = 5353,
    DNS_PORT_LLMNR = 5355,
};

/* Whom a question is known by: its flow and id; who asked a group, and the id; or, in mDNS, what was asked,
 * and which of those who asked it. */
struct dns_pending_key {
    struct id scope;
    uint64_t number;
};

struct dns_module {
    struct table *pending; /* dns_pending_key -> dns_pending */
    struct table *extra;   /* dns_pending_key -> dns_extra */
    struct auth *auth;
    time_ns timeout;
};

/* One message on its way through the module. */
struct dns_exchange {
    struct dns_module *module;
    struct decode_out *out;
    struct place place; /* client is who asked */
    enum protocol protocol;
    struct dns_message *message;
    struct reader records;
    bool cut; /* the capture lacks its end */
};

/* A question or another request: it waits, unless it is one that waits already. */
void dns_take_request(struct dns_exchange *x);
/* An answer: told with what it answers, or alone. */
void dns_take_reply(struct dns_exchange *x);
/* At its deadline, or when it has to go before: a question without an answer, or a transfer without an end.
 */
void dns_tell_overdue(struct dns_module *m, struct decode_out *out, const struct dns_pending *p, time_ns now);

#endif
