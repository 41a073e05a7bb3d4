/*
 * test_packet - link layers, tags and tunnels, down to the innermost IP packet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/protocol-decode/packet.h"
#include "tests/unit/protocol-decode/packet_vectors.h"

enum {
    FRAME_BYTES_MAX = 512,
    ETHERNET = 1,
    RAW = 101,
    ETHERNET_BYTES = 14,
};

/* A frame of exactly its size, so that a read past the end is seen by ASan. */
static uint8_t *frame_of(const char *hex, uint32_t *size)
{
    *size = (uint32_t)strlen(hex) / 2;
    uint8_t *frame = malloc(*size);
    assert_non_null(frame);
    for (uint32_t i = 0; i < *size; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        frame[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return frame;
}

static enum packet_verdict parse(uint16_t linktype, const uint8_t *frame, uint32_t size,
                                 struct packet *packet)
{
    const char *reason = NULL;
    uint8_t *exact = malloc(size + 1u);
    assert_non_null(exact);
    /* Its end is the end of the memory. */
    memcpy(exact + 1, frame, size);
    enum packet_verdict verdict =
        packet_parse(linktype, (struct str){.at = (const char *)exact + 1, .size = size}, packet, &reason);
    if (verdict == PACKET_MALFORMED || verdict == PACKET_UNSUPPORTED)
        assert_non_null(reason);
    free(exact);
    return verdict;
}

static void assert_inner(const struct packet *packet, uint8_t family)
{
    static const struct addr addrs[2][2] = {
        {{4, {192, 168, 7, 1}}, {4, {192, 168, 7, 2}}},
        {{6, {0x20, 1, 0xd, 0xb8, [15] = 1}}, {6, {0x20, 1, 0xd, 0xb8, [15] = 2}}},
    };
    assert_memory_equal(&packet->source, &addrs[family == 6][0], sizeof(struct addr));
    assert_memory_equal(&packet->target, &addrs[family == 6][1], sizeof(struct addr));
}

static void every_encapsulation_is_opened(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(packet_vectors); i++) {
        const struct packet_vector *v = &packet_vectors[i];
        print_message("%s\n", v->name);
        uint32_t size;
        uint8_t *frame = frame_of(v->hex, &size);
        struct packet packet;
        assert_int_equal(parse(v->linktype, frame, size, &packet), PACKET_OK);
        assert_inner(&packet, v->family);
        assert_int_equal(packet.tunnels, v->tunnels);
        assert_int_equal(packet.protocol, 6);
        assert_int_equal(packet.payload.size, v->segment);
        assert_false(packet.fragment || packet.cut);
        free(frame);
    }
}

static void a_frame_that_ends_early_is_refused_or_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(packet_vectors); i++) {
        const struct packet_vector *v = &packet_vectors[i];
        uint32_t whole;
        uint8_t *frame = frame_of(v->hex, &whole);
        for (uint32_t size = 0; size < whole; size++) {
            struct packet packet;
            enum packet_verdict verdict = parse(v->linktype, frame, size, &packet);
            if (verdict != PACKET_OK)
                continue;
            /* The tunnel was not reached, the payload is short, or it was padding that is missing. */
            uint32_t there = packet.payload.size + packet.cut_bytes;
            assert_true(packet.tunnels < v->tunnels || there == v->segment);
            assert_true(packet.cut == (packet.cut_bytes > 0));
        }
        free(frame);
    }
}

static void a_large_segment_that_the_card_will_cut_has_no_length_yet(void **state)
{
    (void)state;
    uint32_t size;
    uint8_t *frame = frame_of(packet_vectors[0].hex, &size);
    frame[ETHERNET_BYTES + 2] = frame[ETHERNET_BYTES + 3] = 0;
    struct packet packet;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_OK);
    assert_int_equal(packet.payload.size, packet_vectors[0].segment);
    assert_false(packet.cut);
    free(frame);
    frame = frame_of(packet_vectors[1].hex, &size);
    frame[ETHERNET_BYTES + 4] = frame[ETHERNET_BYTES + 5] = 0;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_OK);
    assert_int_equal(packet.payload.size, packet_vectors[1].segment);
    free(frame);
}

static void fragments_are_told_apart(void **state)
{
    (void)state;
    /* IPv4, id 9, offset 48, the last; then more to come at 0. */
    uint8_t frame[] = {0x45, 0, 0,   28,  0, 9, 0, 6, 64, 17, 0, 0, 192, 168,
                       7,    1, 192, 168, 7, 2, 1, 2, 3,  4,  5, 6, 7,   8};
    struct packet packet;
    assert_int_equal(parse(RAW, frame, sizeof(frame), &packet), PACKET_OK);
    assert_inner(&packet, 4);
    assert_true(packet.fragment && !packet.more_fragments);
    assert_int_equal(packet.fragment_id, 9);
    assert_int_equal(packet.fragment_offset, 48);
    assert_int_equal(packet.payload.size, 8);
    frame[6] = 0x20;
    frame[7] = 0;
    assert_int_equal(parse(RAW, frame, sizeof(frame), &packet), PACKET_OK);
    assert_true(packet.fragment && packet.more_fragments);
    /* "Do not fragment" is no fragment. */
    frame[6] = 0x40;
    assert_int_equal(parse(RAW, frame, sizeof(frame), &packet), PACKET_OK);
    assert_false(packet.fragment);
}

static void a_tunnel_in_a_fragment_is_opened_when_it_is_whole(void **state)
{
    (void)state;
    uint32_t size;
    uint8_t *frame = frame_of(packet_vectors[23].hex, &size);
    assert_string_equal(packet_vectors[23].name, "IPv4 in IPv4");
    frame[ETHERNET_BYTES + 6] = 0x20;
    struct packet packet;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_OK);
    assert_true(packet.fragment);
    assert_int_equal(packet.tunnels, 0);
    packet.fragment = false;
    const char *reason;
    packet.payload = (struct str){(const char *)frame + ETHERNET_BYTES + 20, size - ETHERNET_BYTES - 20};
    assert_int_equal(packet_parse_payload(&packet, &reason), PACKET_OK);
    assert_inner(&packet, 4);
    assert_int_equal(packet.tunnels, 1);
    free(frame);
}

static void what_is_not_ip_is_nothing_wrong(void **state)
{
    (void)state;
    struct packet packet;
    uint8_t arp[42] = {[12] = 8, [13] = 6};
    assert_int_equal(parse(ETHERNET, arp, sizeof(arp), &packet), PACKET_NOT_IP);
    uint8_t llc[20] = {[13] = 6, [14] = 0x42, [15] = 0x42};
    assert_int_equal(parse(ETHERNET, llc, sizeof(llc), &packet), PACKET_NOT_IP);
    assert_int_equal(parse(105, arp, sizeof(arp), &packet), PACKET_UNSUPPORTED);
}

/* A frame of so many headers of IPv4 in each other. */
static uint32_t nest(uint8_t frame[FRAME_BYTES_MAX], uint8_t headers)
{
    static const uint8_t header[] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    for (uint8_t i = 0; i < headers; i++) {
        memcpy(frame + i * sizeof(header), header, sizeof(header));
        frame[i * sizeof(header) + 3] = (uint8_t)((headers - i) * sizeof(header));
    }
    frame[(headers - 1u) * sizeof(header) + 9] = 1;
    return headers * (uint32_t)sizeof(header);
}

static void tunnels_end_somewhere(void **state)
{
    (void)state;
    uint8_t frame[FRAME_BYTES_MAX];
    struct packet packet;
    uint32_t size = nest(frame, PACKET_TUNNELS_MAX + 1);
    assert_int_equal(parse(RAW, frame, size, &packet), PACKET_OK);
    assert_int_equal(packet.tunnels, PACKET_TUNNELS_MAX);
    size = nest(frame, PACKET_TUNNELS_MAX + 2);
    assert_int_equal(parse(RAW, frame, size, &packet), PACKET_UNSUPPORTED);
}

static void tags_and_extension_headers_end_somewhere(void **state)
{
    (void)state;
    uint8_t frame[FRAME_BYTES_MAX] = {0};
    for (size_t i = 12; i + 4 <= sizeof(frame); i += 4)
        frame[i] = 0x81;
    struct packet packet;
    assert_int_equal(parse(ETHERNET, frame, sizeof(frame), &packet), PACKET_MALFORMED);
    memset(frame, 0, sizeof(frame));
    frame[0] = 0x60;
    frame[4] = (sizeof(frame) - 40) >> 8;
    frame[5] = (sizeof(frame) - 40) & 0xff;
    assert_int_equal(parse(RAW, frame, sizeof(frame), &packet), PACKET_MALFORMED);
}

static void a_port_alone_makes_no_tunnel(void **state)
{
    (void)state;
    /* UDP to 4789, too short for VXLAN, then without its flag. */
    uint8_t frame[] = {0x45, 0, 0,    36,   0,  0,    0, 0,  64, 17, 0, 0, 192, 168, 7, 1, 192, 168,
                       7,    2, 0x30, 0x39, 18, 0xb5, 0, 16, 0,  0,  0, 0, 0,   0,   0, 0, 0,   0};
    struct packet packet;
    assert_int_equal(parse(RAW, frame, sizeof(frame), &packet), PACKET_OK);
    assert_int_equal(packet.tunnels, 0);
    assert_int_equal(packet.protocol, 17);
    frame[28] = 8;
    assert_int_equal(parse(RAW, frame, sizeof(frame), &packet), PACKET_OK);
    assert_int_equal(packet.tunnels, 0);
    assert_inner(&packet, 4);
}

static void headers_that_cannot_be_are_malformed(void **state)
{
    (void)state;
    uint32_t size;
    uint8_t *frame = frame_of(packet_vectors[0].hex, &size);
    uint8_t *ip = frame + ETHERNET_BYTES;
    struct packet packet;
    ip[0] = 0x44;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_MALFORMED);
    ip[0] = 0x55;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_MALFORMED);
    ip[0] = 0x4f;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_MALFORMED);
    ip[0] = 0x45;
    ip[2] = 0;
    ip[3] = 19;
    assert_int_equal(parse(ETHERNET, frame, size, &packet), PACKET_MALFORMED);
    free(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encapsulation_is_opened),
        cmocka_unit_test(a_frame_that_ends_early_is_refused_or_cut),
        cmocka_unit_test(a_large_segment_that_the_card_will_cut_has_no_length_yet),
        cmocka_unit_test(fragments_are_told_apart),
        cmocka_unit_test(a_tunnel_in_a_fragment_is_opened_when_it_is_whole),
        cmocka_unit_test(what_is_not_ip_is_nothing_wrong),
        cmocka_unit_test(tunnels_end_somewhere),
        cmocka_unit_test(tags_and_extension_headers_end_somewhere),
        cmocka_unit_test(a_port_alone_makes_no_tunnel),
        cmocka_unit_test(headers_that_cannot_be_are_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
