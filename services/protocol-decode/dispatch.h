/*
 * dispatch - which protocol a flow or a datagram carries, and that its module reads it.
 *
 * Internal to protocol-decode. Holds the protocol modules and what they write to, and is the handler of tcp.
 */
#ifndef ORTHRUS_DECODE_DISPATCH_H
#define ORTHRUS_DECODE_DISPATCH_H

#include "services/protocol-decode/protocol.h"
#include "services/protocol-decode/tcp.h"
#include "services/protocol-decode/udp.h"

struct dispatch {
    struct decode_out out; /* .batch is set for each step */
    struct protocols protocols;
    struct udp *udp;
    uint8_t udp_ports[65536]; /* index of the port's protocol and one; 0: none. Asked for every datagram */
};

enum err dispatch_create(struct dispatch *dispatch, const struct decode_options *options,
                         struct table *files) MUST_CHECK;
void dispatch_close(struct dispatch *dispatch);
size_t dispatch_tables(struct dispatch *dispatch, struct table **tables);
/* dispatch must stay where it is while the handler is in use. */
struct tcp_handler dispatch_handler(struct dispatch *dispatch);

/* A UDP datagram: where it came from and went to, and what it held. */
struct datagram {
    struct addr source;
    struct addr target;
    uint16_t source_port;
    uint16_t target_port;
    struct str payload; /* as captured */
    uint32_t size;      /* of the payload on the wire */
};

/* place holds file, frame and time; the rest of it is set here. */
void dispatch_datagram(struct dispatch *dispatch, const struct datagram *datagram, struct place *place);
void dispatch_expire(struct dispatch *dispatch, time_ns now);

#endif
