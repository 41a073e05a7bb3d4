/*
 * capture_pcap - a header of 24 bytes, then records: time, two lengths, bytes.
 */
#include "common/io/capture_pcap.h"

enum {
    PCAP_VERSION_MAJOR = 2,
    PCAP_RECORD_HEADER_BYTES = 16,
    PCAP_RECORD_HEADER_MODIFIED_BYTES =
        24, /* interface index, protocol, packet type and a byte of padding follow */
    PCAP_NS_PER_US = 1000,
};

/* As a big-endian reader sees them. */
static const struct {
    uint32_t magic;
    bool big_endian;
    uint8_t record_header_bytes;
    uint32_t fraction_ns;
} magics[] = {
    {0xa1b2c3d4u, true, PCAP_RECORD_HEADER_BYTES, PCAP_NS_PER_US},
    {0xd4c3b2a1u, false, PCAP_RECORD_HEADER_BYTES, PCAP_NS_PER_US},
    {0xa1b23c4du, true, PCAP_RECORD_HEADER_BYTES, 1},
    {0x4d3cb2a1u, false, PCAP_RECORD_HEADER_BYTES, 1},
    {0xa1b2cd34u, true, PCAP_RECORD_HEADER_MODIFIED_BYTES, PCAP_NS_PER_US},
    {0x34cdb2a1u, false, PCAP_RECORD_HEADER_MODIFIED_BYTES, PCAP_NS_PER_US},
};

/* One read and a swap that needs no branch: four of these are most of what a frame costs. */
static inline uint32_t read_u32(const struct pcap *pcap, struct reader *r)
{
    uint32_t value = reader_u32le(r);
    return pcap->big_endian ? __builtin_bswap32(value) : value;
}

static enum capture_step tell_bad(struct capture_item *item, const char *reason)
{
    item->reason = reason;
    return CAPTURE_BAD;
}

static bool read_magic(struct pcap *pcap, struct reader *r)
{
    uint32_t magic = reader_u32be(r);
    for (size_t i = 0; i < ARRAY_COUNT(magics); i++) {
        if (magics[i].magic != magic)
            continue;
        *pcap = (struct pcap){.big_endian = magics[i].big_endian,
                              .record_header_bytes = magics[i].record_header_bytes,
                              .fraction_ns = magics[i].fraction_ns};
        return true;
    }
    return false;
}

enum capture_step pcap_header(struct pcap *pcap, struct reader *r, struct capture_item *item)
{
    struct reader at = *r;
    if (reader_left(&at) < PCAP_HEADER_BYTES) {
        item->want = PCAP_HEADER_BYTES;
        return CAPTURE_MORE;
    }
    if (!read_magic(pcap, &at))
        return tell_bad(item, "it does not begin as pcap does");
    uint16_t major = pcap->big_endian ? reader_u16be(&at) : reader_u16le(&at);
    reader_skip(&at, 2 + 4 + 4); /* minor version; time zone and accuracy, which nobody has ever set */
    uint32_t snap_length = read_u32(pcap, &at);
    /* The upper half tells of frame check sequences (4.1 of the draft). */
    pcap->linktype = (uint16_t)(read_u32(pcap, &at) & 0xffff);
    if (major != PCAP_VERSION_MAJOR)
        return tell_bad(item, "it is of a version of pcap that is not known");
    pcap->frame_bytes_max = CAPTURE_FRAME_BYTES_MAX;
    if (snap_length > CAPTURE_FRAME_BYTES_MAX)
        pcap->frame_bytes_max =
            snap_length < CAPTURE_FRAME_BYTES_JUMBO_MAX ? snap_length : CAPTURE_FRAME_BYTES_JUMBO_MAX;
    *r = at;
    return CAPTURE_SKIPPED;
}

enum capture_step pcap_next(const struct pcap *pcap, struct reader *r, struct capture_item *item)
{
    struct reader at = *r;
    if (reader_left(&at) < pcap->record_header_bytes) {
        item->want = pcap->record_header_bytes;
        return CAPTURE_MORE;
    }
    uint32_t seconds = read_u32(pcap, &at);
    uint32_t fraction = read_u32(pcap, &at);
    uint32_t captured = read_u32(pcap, &at);
    uint32_t original = read_u32(pcap, &at);
    reader_skip(&at, (size_t)pcap->record_header_bytes - PCAP_RECORD_HEADER_BYTES);
    if (captured > pcap->frame_bytes_max)
        return tell_bad(item, "the length of a frame cannot be");
    if (captured > reader_left(&at)) {
        item->want = (size_t)pcap->record_header_bytes + captured;
        return CAPTURE_MORE;
    }
    item->time = (time_ns)seconds * TIME_NS_S + (time_ns)fraction * pcap->fraction_ns;
    item->bytes = reader_bytes(&at, captured);
    item->original_bytes = original;
    item->linktype = pcap->linktype;
    item->untimed = false;
    *r = at;
    return CAPTURE_FRAME;
}
