/*
 * packet - from a captured frame to the innermost IP packet, through link layers, tags and tunnels.
 */
#ifndef ORTHRUS_DECODE_PACKET_H
#define ORTHRUS_DECODE_PACKET_H

#include "common/base/base.h"

enum {
    PACKET_TUNNELS_MAX = 4,            /* tunnels inside tunnels */
    PACKET_EXTENSION_HEADERS_MAX = 16, /* IPv6 */
};

/* Results borrow from the frame. */
struct packet {
    struct addr source;
    struct addr target;
    uint8_t protocol; /* of the payload: 6 TCP, 17 UDP, ... */
    bool fragment;    /* payload is a part of a datagram */
    bool more_fragments;
    uint32_t fragment_id;
    uint32_t fragment_offset; /* bytes */
    uint32_t tunnels;         /* how many were passed */
    bool cut;                 /* the snap length took a part of the payload */
    uint32_t cut_bytes;       /* how many bytes it took */
    struct str payload;       /* without link padding */
};

enum packet_verdict {
    PACKET_OK,
    PACKET_NOT_IP, /* ARP, LLDP, ...: nothing for us, and nothing wrong */
    PACKET_MALFORMED,
    PACKET_UNSUPPORTED, /* a link type or tunnel that is not read */
};

/* LINKTYPE_ values: Ethernet 1 (VLAN 802.1Q, QinQ 802.1ad), raw IP 101/12/14, 228, 229, BSD loopback 0 and
 * 108, Linux cooked v1 113 and v2 276. Tunnels: GRE (RFC 2784, 2890) with Ethernet or IP inside, ERSPAN II
 * and III, VXLAN (RFC 7348, UDP 4789), Geneve (RFC 8926, UDP 6081), IP in IP. reason is set for the last two
 * verdicts. */
enum packet_verdict packet_parse(uint16_t linktype, struct str frame, struct packet *packet,
                                 const char **reason);
/* The same from an IP header on; for datagrams put together from fragments pass their payload and protocol
 * through packet_parse_payload(), which looks for tunnels again. */
enum packet_verdict packet_parse_ip(struct str bytes, struct packet *packet, const char **reason);
enum packet_verdict packet_parse_payload(struct packet *packet, const char **reason);

#endif
