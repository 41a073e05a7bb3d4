/*
 * udp - conversations over UDP: what of them could be read, told when they fall silent.
 *
 * UDP has no connections: all datagrams between two hosts in one protocol are one conversation. It is told as
 * a `flow` without a client's port, as a TCP flow is, so that coverage knows both.
 */
#ifndef ORTHRUS_DECODE_UDP_H
#define ORTHRUS_DECODE_UDP_H

#include "services/protocol-decode/place.h"

struct udp;

struct udp_options {
    uint32_t conversations;
    time_ns idle_timeout; /* one without datagrams is over after this */
    struct hash_key seed;
};

/* What reading one datagram brought. */
struct udp_read {
    uint32_t bytes; /* on the wire */
    uint32_t messages;
    uint32_t sealed_messages;
    uint32_t malformed_messages;
};

enum err udp_create(struct udp **udp, const struct udp_options *options) MUST_CHECK;
void udp_free(struct udp *udp);
size_t udp_tables(struct udp *udp, struct table **tables);
/* A datagram of that protocol was read at place. */
void udp_add(struct udp *udp, struct decode_out *out, const struct place *place, enum protocol protocol,
             const struct udp_read *read);
/* Tells what fell silent before now, each at its own time; now TIME_NS_END tells all, at their last
 * datagram's time. */
void udp_expire(struct udp *udp, struct decode_out *out, time_ns now);

#endif
