/*
 * packet - layer after layer in one loop; each layer says which one is next and where it begins.
 */
#include "services/protocol-decode/packet.h"

#include "common/base/reader.h"

enum {
    LINKTYPE_NULL = 0,
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_RAW_OPENBSD = 12,
    LINKTYPE_RAW_BSDOS = 14,
    LINKTYPE_RAW = 101,
    LINKTYPE_LOOP = 108,
    LINKTYPE_LINUX_SLL = 113,
    LINKTYPE_IPV4 = 228,
    LINKTYPE_IPV6 = 229,
    LINKTYPE_LINUX_SLL2 = 276,
};

enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_ETHERNET = 0x6558, /* Transparent Ethernet Bridging, RFC 1701 */
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_UPSTREAM = 0x8848,
    ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_OLD = 0x9100,
    ETHERTYPE_ERSPAN_II = 0x88be,
    ETHERTYPE_ERSPAN_III = 0x22eb,
    /* Smaller values are the length of an IEEE 802.3 frame. */
    ETHERTYPE_MIN = 0x0600,
};

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_MOBILITY = 135,
    PROTOCOL_HIP = 139,
    PROTOCOL_SHIM6 = 140,
};

enum {
    TAGS_MAX = 8,    /* VLAN tags around each other */
    LABELS_MAX = 16, /* of an MPLS stack */
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    IPV4_HEADER_BYTES = 20,
    IPV6_HEADER_BYTES = 40,
    UDP_HEADER_BYTES = 8,
    MAC_BYTES = 6,
};

/* What is still to be read, and how to read it: an ethertype. */
struct layer {
    struct reader r;
    uint16_t ethertype;
};

static enum packet_verdict malformed(const char **reason, const char *text)
{
    *reason = text;
    return PACKET_MALFORMED;
}

static enum packet_verdict unsupported(const char **reason, const char *text)
{
    *reason = text;
    return PACKET_UNSUPPORTED;
}

static struct addr addr_of(struct reader *r, uint8_t family)
{
    struct addr addr = {.family = family};
    struct str bytes = reader_bytes(r, family == 4 ? 4 : 16);
    memcpy(addr.byte, bytes.at, bytes.size);
    return addr;
}

/* The payload is what of `size` bytes was captured. */
static void set_payload(struct packet *packet, struct reader *r, size_t size)
{
    size_t left = reader_left(r);
    packet->cut = size > left;
    packet->cut_bytes = packet->cut ? (uint32_t)(size - left) : 0;
    packet->payload = reader_bytes(r, size < left ? size : left);
}

/* RFC 791 3.1. A total length of zero is what is seen before the network card cuts a large segment. */
static enum packet_verdict read_ipv4(struct reader r, struct packet *packet, const char **reason)
{
    size_t whole = reader_left(&r);
    uint8_t first = reader_u8(&r);
    size_t header = (size_t)(first & 0x0f) * 4;
    reader_skip(&r, 1);
    size_t total = reader_u16be(&r);
    packet->fragment_id = reader_u16be(&r);
    uint16_t fragment = reader_u16be(&r);
    reader_skip(&r, 1);
    packet->protocol = reader_u8(&r);
    reader_skip(&r, 2);
    packet->source = addr_of(&r, 4);
    packet->target = addr_of(&r, 4);
    if (!reader_ok(&r))
        return malformed(reason, "IPv4 header ends early");
    if (first >> 4 != 4)
        return malformed(reason, "IPv4 version is not 4");
    if (total == 0)
        total = whole;
    if (header < IPV4_HEADER_BYTES || header > total)
        return malformed(reason, "IPv4 header length cannot be");
    reader_skip(&r, header - IPV4_HEADER_BYTES);
    if (!reader_ok(&r))
        return malformed(reason, "IPv4 options end early");
    packet->more_fragments = fragment & 0x2000;
    packet->fragment_offset = (uint32_t)(fragment & 0x1fff) * 8;
    packet->fragment = packet->more_fragments || packet->fragment_offset > 0;
    set_payload(packet, &r, total - header);
    return PACKET_OK;
}

/* RFC 8200 4.5. The whole datagram in one fragment is none (RFC 6946). */
static void read_fragment_header(struct reader *r, struct packet *packet)
{
    reader_skip(r, 1);
    uint16_t fragment = reader_u16be(r);
    packet->fragment_id = reader_u32be(r);
    packet->more_fragments = fragment & 1;
    packet->fragment_offset = fragment & 0xfff8u;
    packet->fragment = packet->more_fragments || packet->fragment_offset > 0;
}

static bool is_extension(uint8_t protocol)
{
    switch (protocol) {
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_FRAGMENT:
    case PROTOCOL_AUTHENTICATION:
    case PROTOCOL_DESTINATION:
    case PROTOCOL_MOBILITY:
    case PROTOCOL_HIP:
    case PROTOCOL_SHIM6:
        return true;
    default:
        return false;
    }
}

/* RFC 8200 4. What follows the header of a later fragment is no header. */
static enum packet_verdict read_extensions(struct reader *r, struct packet *packet, const char **reason)
{
    int headers = 0;
    while (is_extension(packet->protocol) && packet->fragment_offset == 0) {
        if (headers++ == PACKET_EXTENSION_HEADERS_MAX)
            return malformed(reason, "IPv6 has too many extension headers");
        uint8_t kind = packet->protocol;
        packet->protocol = reader_u8(r);
        if (kind == PROTOCOL_FRAGMENT) {
            read_fragment_header(r, packet);
        } else {
            size_t length = reader_u8(r);
            /* RFC 4302 2.2 counts words of four bytes, less two; the others count eight bytes, less one. */
            reader_skip(r, kind == PROTOCOL_AUTHENTICATION ? length * 4 + 6 : length * 8 + 6);
        }
        if (!reader_ok(r))
            return malformed(reason, "IPv6 extension headers end early");
    }
    return PACKET_OK;
}

static enum packet_verdict read_ipv6(struct reader r, struct packet *packet, const char **reason)
{
    uint32_t first = reader_u32be(&r);
    size_t size = reader_u16be(&r);
    packet->protocol = reader_u8(&r);
    reader_skip(&r, 1);
    packet->source = addr_of(&r, 6);
    packet->target = addr_of(&r, 6);
    if (!reader_ok(&r))
        return malformed(reason, "IPv6 header ends early");
    if (first >> 28 != 6)
        return malformed(reason, "IPv6 version is not 6");
    /* Zero: a jumbogram (RFC 2675), or not yet cut by the network card. */
    size_t left = reader_left(&r);
    size = size == 0 ? left : size;
    struct reader inner = r;
    if (size < left)
        inner = reader_sub(&r, size);
    enum packet_verdict verdict = read_extensions(&inner, packet, reason);
    if (verdict != PACKET_OK)
        return verdict;
    size_t headers = (size < left ? size : left) - reader_left(&inner);
    set_payload(packet, &inner, size - headers);
    return PACKET_OK;
}

/* RFC 3032: labels to the bottom of the stack; what is inside is told by its first four bits. */
static bool read_mpls(struct layer *layer)
{
    for (int labels = 0; labels < LABELS_MAX; labels++) {
        uint32_t label = reader_u32be(&layer->r);
        if (!reader_ok(&layer->r))
            return false;
        if (!(label & 0x100))
            continue;
        uint8_t nibble = reader_peek_u8(&layer->r) >> 4;
        layer->ethertype = nibble == 4 ? ETHERTYPE_IPV4 : nibble == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_ETHERNET;
        if (nibble == 0)
            reader_skip(&layer->r, 4); /* the control word of an Ethernet pseudowire, RFC 4448 4.6 */
        return reader_ok(&layer->r);
    }
    return false;
}

/* RFC 2516 4, and the protocol field of RFC 1661 2, which may be compressed to its odd byte (6.5). */
static bool read_pppoe(struct layer *layer)
{
    reader_skip(&layer->r, 6);
    uint16_t protocol = reader_u8(&layer->r);
    if (!(protocol & 1))
        protocol = (uint16_t)(protocol << 8 | reader_u8(&layer->r));
    layer->ethertype = protocol == 0x0021 ? ETHERTYPE_IPV4 : protocol == 0x0057 ? ETHERTYPE_IPV6 : 0;
    return reader_ok(&layer->r);
}

static enum packet_verdict read_ip(const struct layer *layer, struct packet *packet, const char **reason)
{
    return layer->ethertype == ETHERTYPE_IPV4 ? read_ipv4(layer->r, packet, reason)
                                              : read_ipv6(layer->r, packet, reason);
}

/* Goes through everything between a link layer and IP. */
static enum packet_verdict read_link(struct layer *layer, struct packet *packet, const char **reason)
{
    for (int tags = 0; tags < TAGS_MAX; tags++) {
        switch (layer->ethertype) {
        case ETHERTYPE_IPV4:
        case ETHERTYPE_IPV6:
            return read_ip(layer, packet, reason);
        case ETHERTYPE_ETHERNET:
            reader_skip(&layer->r, 2 * MAC_BYTES);
            layer->ethertype = reader_u16be(&layer->r);
            break;
        case ETHERTYPE_VLAN:
        case ETHERTYPE_QINQ:
        case ETHERTYPE_QINQ_OLD:
            reader_skip(&layer->r, 2);
            layer->ethertype = reader_u16be(&layer->r);
            break;
        case ETHERTYPE_MPLS:
        case ETHERTYPE_MPLS_UPSTREAM:
            if (!read_mpls(layer))
                return malformed(reason, "MPLS label stack has no end");
            break;
        case ETHERTYPE_PPPOE_SESSION:
            if (!read_pppoe(layer))
                return malformed(reason, "PPPoE header ends early");
            break;
        default:
            return PACKET_NOT_IP;
        }
        if (!reader_ok(&layer->r))
            return malformed(reason, "link header ends early");
    }
    return malformed(reason, "too many tags around each other");
}

/* RFC 2784, RFC 2890; version 1 (PPTP, RFC 2637) carries PPP. */
static bool read_gre(struct layer *layer)
{
    struct reader *r = &layer->r;
    uint16_t flags = reader_u16be(r);
    layer->ethertype = reader_u16be(r);
    if (flags & 0x8000)
        reader_skip(r, 4); /* checksum */
    if (flags & 0x2000)
        reader_skip(r, 4); /* key */
    if (flags & 0x1000)
        reader_skip(r, 4); /* sequence number */
    if (layer->ethertype == ETHERTYPE_ERSPAN_II) {
        /* Type I has no sequence number and no header of its own. */
        if (flags & 0x1000)
            reader_skip(r, 8);
        layer->ethertype = ETHERTYPE_ETHERNET;
    } else if (layer->ethertype == ETHERTYPE_ERSPAN_III) {
        struct reader head = reader_sub(r, 12);
        reader_skip(&head, 10);
        /* draft-foschiano-erspan 4.3: FT says what is mirrored, O whether 8 more bytes follow. */
        uint16_t last = reader_u16be(&head);
        if (last & 1)
            reader_skip(r, 8);
        layer->ethertype = (last >> 10 & 0x1f) == 2 ? ETHERTYPE_IPV4 : ETHERTYPE_ETHERNET;
    }
    return reader_ok(r) && (flags & 7) == 0;
}

/* RFC 7348 5: the I flag must be set. */
static bool read_vxlan(struct layer *layer)
{
    uint8_t flags = reader_u8(&layer->r);
    reader_skip(&layer->r, 7);
    layer->ethertype = ETHERTYPE_ETHERNET;
    return reader_ok(&layer->r) && flags & 0x08;
}

/* RFC 8926 3.4. */
static bool read_geneve(struct layer *layer)
{
    uint8_t first = reader_u8(&layer->r);
    reader_skip(&layer->r, 1);
    layer->ethertype = reader_u16be(&layer->r);
    reader_skip(&layer->r, 4 + (size_t)(first & 0x3f) * 4);
    return reader_ok(&layer->r) && first >> 6 == 0;
}

enum tunnel {
    TUNNEL_NONE,
    TUNNEL_CERTAIN, /* the protocol number says so */
    TUNNEL_LIKELY,  /* a port says so, which may be anybody's */
    TUNNEL_UNREAD,
};

/* Is the payload a tunnel? Then layer is what is inside. */
static enum tunnel enter_tunnel(const struct packet *packet, struct layer *layer)
{
    layer->r = reader_of_str(packet->payload);
    switch (packet->protocol) {
    case PROTOCOL_IPV4:
        layer->ethertype = ETHERTYPE_IPV4;
        return TUNNEL_CERTAIN;
    case PROTOCOL_IPV6:
        layer->ethertype = ETHERTYPE_IPV6;
        return TUNNEL_CERTAIN;
    case PROTOCOL_GRE:
        return read_gre(layer) ? TUNNEL_CERTAIN : TUNNEL_UNREAD;
    case PROTOCOL_UDP: {
        struct reader udp = reader_sub(&layer->r, UDP_HEADER_BYTES);
        reader_skip(&udp, 2);
        uint16_t port = reader_u16be(&udp);
        bool entered =
            (port == PORT_VXLAN && read_vxlan(layer)) || (port == PORT_GENEVE && read_geneve(layer));
        return entered ? TUNNEL_LIKELY : TUNNEL_NONE;
    }
    default:
        return TUNNEL_NONE;
    }
}

enum packet_verdict packet_parse_payload(struct packet *packet, const char **reason)
{
    struct layer layer;
    while (!packet->fragment) {
        enum tunnel tunnel = enter_tunnel(packet, &layer);
        if (tunnel == TUNNEL_NONE)
            break;
        if (tunnel == TUNNEL_UNREAD)
            return unsupported(reason, "GRE of a version that is not read, or cut");
        if (packet->tunnels == PACKET_TUNNELS_MAX)
            return unsupported(reason, "too many tunnels inside each other");
        struct packet inner = {.tunnels = packet->tunnels + 1};
        enum packet_verdict verdict = read_link(&layer, &inner, reason);
        /* Behind a port there may be anything: then it is a datagram like others. */
        if (tunnel == TUNNEL_LIKELY && verdict == PACKET_MALFORMED)
            break;
        if (verdict != PACKET_OK)
            return verdict;
        *packet = inner;
    }
    return PACKET_OK;
}

/* BSD: an address family in the order of the host that captured (0), or of the network (108). */
static uint16_t ethertype_of_family(uint32_t family)
{
    /* The value is small: in the other order its low half is empty. */
    if ((family & 0xffff) == 0)
        family = __builtin_bswap32(family);
    switch (family) {
    case 2:
        return ETHERTYPE_IPV4;
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return ETHERTYPE_IPV6;
    default:
        return 0;
    }
}

static uint16_t ethertype_of_version(const struct reader *r)
{
    return reader_peek_u8(r) >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
}

/* False: a link type that is not read. */
static bool enter_link(uint16_t linktype, struct layer *layer)
{
    struct reader *r = &layer->r;
    switch (linktype) {
    case LINKTYPE_ETHERNET:
        layer->ethertype = ETHERTYPE_ETHERNET;
        return true;
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_OPENBSD:
    case LINKTYPE_RAW_BSDOS:
        layer->ethertype = ethertype_of_version(r);
        return true;
    case LINKTYPE_IPV4:
        layer->ethertype = ETHERTYPE_IPV4;
        return true;
    case LINKTYPE_IPV6:
        layer->ethertype = ETHERTYPE_IPV6;
        return true;
    case LINKTYPE_NULL:
    case LINKTYPE_LOOP:
        layer->ethertype = ethertype_of_family(reader_u32be(r));
        return true;
    case LINKTYPE_LINUX_SLL:
        reader_skip(r, 14);
        layer->ethertype = reader_u16be(r);
        return true;
    case LINKTYPE_LINUX_SLL2:
        layer->ethertype = reader_u16be(r);
        reader_skip(r, 18);
        return true;
    default:
        return false;
    }
}

enum packet_verdict packet_parse(uint16_t linktype, struct str frame, struct packet *packet,
                                 const char **reason)
{
    memset(packet, 0, sizeof(*packet));
    struct layer layer = {.r = reader_of_str(frame)};
    if (!enter_link(linktype, &layer))
        return unsupported(reason, "link type is not read");
    if (!reader_ok(&layer.r))
        return malformed(reason, "link header ends early");
    enum packet_verdict verdict = read_link(&layer, packet, reason);
    return verdict == PACKET_OK ? packet_parse_payload(packet, reason) : verdict;
}

enum packet_verdict packet_parse_ip(struct str bytes, struct packet *packet, const char **reason)
{
    return packet_parse(LINKTYPE_RAW, bytes, packet, reason);
}
