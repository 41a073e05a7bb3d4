/*
 * fuzz_packet - covers packet: every link type, tag, extension header and tunnel.
 *
 * The first byte chooses the link type, the rest is the frame. What must hold: the payload lies within the
 * frame, only so many tunnels are passed, and a refusal has a reason.
 */
#include "services/protocol-decode/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const uint16_t linktypes[] = {1, 0, 12, 14, 101, 108, 113, 228, 229, 276, 105};
    if (size < 1)
        return 0;
    struct str frame = {.at = (const char *)bytes + 1, .size = (uint32_t)size - 1};
    struct packet packet;
    const char *reason = NULL;
    switch (packet_parse(linktypes[bytes[0] % ARRAY_COUNT(linktypes)], frame, &packet, &reason)) {
    case PACKET_OK:
        REQUIRE(packet.payload.size <= frame.size && packet.tunnels <= PACKET_TUNNELS_MAX);
        REQUIRE(packet.payload.size == 0 ||
                (packet.payload.at >= frame.at &&
                 packet.payload.at + packet.payload.size <= frame.at + frame.size));
        REQUIRE(packet.cut == (packet.cut_bytes > 0));
        REQUIRE(packet.fragment == (packet.more_fragments || packet.fragment_offset > 0));
        break;
    case PACKET_NOT_IP:
        break;
    case PACKET_MALFORMED:
    case PACKET_UNSUPPORTED:
        REQUIRE(reason != NULL);
        break;
    }
    return 0;
}
