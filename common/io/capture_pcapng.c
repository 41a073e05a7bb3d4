/*
 * capture_pcapng - blocks: type, length, body, length again.
 *
 * Section numbers in comments are those of draft-ietf-opsawg-pcapng.
 */
#include "common/io/capture_pcapng.h"

enum {
    BLOCK_INTERFACE = 1,        /* 4.2 */
    BLOCK_PACKET_OBSOLETE = 2,  /* appendix A */
    BLOCK_PACKET_SIMPLE = 3,    /* 4.4 */
    BLOCK_PACKET = 6,           /* 4.3 */
    BLOCK_SECTION = 0x0a0d0d0a, /* 4.1; the same in both byte orders */
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    BYTE_ORDER_MAGIC_SWAPPED = 0x4d3c2b1a,

    BLOCK_HEADER_BYTES = 8,
    BLOCK_TRAILER_BYTES = 4,
    SECTION_BYTES_MIN = 28,
    SECTION_HEAD_BYTES = 16, /* up to and with the version */
    INTERFACE_BYTES_MIN = 20,
    PACKET_BYTES_MIN = 32, /* the same for enhanced and obsolete ones */
    SIMPLE_BYTES_MIN = 16,
    VERSION_MAJOR = 1,

    OPTION_END = 0,
    OPTION_RESOLUTION = 9,
    OPTION_OFFSET = 14,

    RESOLUTION_DEFAULT = 6, /* microseconds */
    RESOLUTION_BINARY = 0x80,
    RESOLUTION_NS = 9,
    TEN_EXPONENT_MAX = 19, /* of what fits 64 bits */
    INTERFACES_FIRST = 4,
};

static const uint64_t ten_to_the[TEN_EXPONENT_MAX + 1] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

void pcapng_close(struct pcapng *pcapng)
{
    free(pcapng->interfaces);
    *pcapng = (struct pcapng){0};
}

static enum capture_step tell_bad(struct capture_item *item, const char *reason)
{
    item->reason = reason;
    return CAPTURE_BAD;
}

static enum capture_step ask_for(struct capture_item *item, size_t want)
{
    item->want = want;
    return CAPTURE_MORE;
}

static uint16_t read_u16(const struct pcapng *p, struct reader *r)
{
    return p->big_endian ? reader_u16be(r) : reader_u16le(r);
}

static inline uint32_t read_u32(const struct pcapng *p, struct reader *r)
{
    uint32_t value = reader_u32le(r);
    return p->big_endian ? __builtin_bswap32(value) : value;
}

static time_ns clamp_time(__int128 time)
{
    if (time >= TIME_NS_END)
        return TIME_NS_END - 1;
    return time <= TIME_NS_NONE ? TIME_NS_NONE + 1 : (time_ns)time;
}

time_ns pcapng_time(const struct pcapng_interface *interface, uint64_t stamp)
{
    __int128 time;
    unsigned exponent = interface->resolution & ~(unsigned)RESOLUTION_BINARY;
    if (interface->resolution & RESOLUTION_BINARY)
        /* Below 2^94 before the shift, which is by at most 127. */
        time = ((__int128)stamp * TIME_NS_S) >> exponent;
    else if (exponent <= RESOLUTION_NS)
        time = (__int128)stamp * (int64_t)ten_to_the[RESOLUTION_NS - exponent];
    else if (exponent - RESOLUTION_NS <= TEN_EXPONENT_MAX)
        time = stamp / ten_to_the[exponent - RESOLUTION_NS];
    else
        time = 0;
    return clamp_time(time + (__int128)interface->offset_s * TIME_NS_S);
}

/* A section begins: its byte order holds for all blocks up to the next. */
static enum capture_step take_section(struct pcapng *p, struct reader *r, struct capture_item *item)
{
    struct reader at = *r;
    if (reader_left(&at) < SECTION_HEAD_BYTES)
        return ask_for(item, SECTION_HEAD_BYTES);
    reader_skip(&at, BLOCK_HEADER_BYTES);
    uint32_t magic = reader_u32be(&at);
    if (magic != BYTE_ORDER_MAGIC && magic != BYTE_ORDER_MAGIC_SWAPPED)
        return tell_bad(item, "the byte order of a section is not known");
    p->big_endian = magic == BYTE_ORDER_MAGIC;
    uint16_t major = read_u16(p, &at);
    at = *r;
    reader_skip(&at, 4);
    uint32_t size = read_u32(p, &at);
    if (size < SECTION_BYTES_MIN || size > PCAPNG_BLOCK_BYTES_MAX)
        return tell_bad(item, "the length of a section header cannot be");
    if (major != VERSION_MAJOR)
        return tell_bad(item, "a section is of a version of pcapng that is not known");
    p->in_section = true;
    p->count = 0;
    at = *r;
    reader_skip(&at, SECTION_HEAD_BYTES);
    *r = at;
    item->skip = size - SECTION_HEAD_BYTES;
    return CAPTURE_SKIPPED;
}

/* The options of an interface that change what times mean. Options that end early leave the defaults. */
static void read_options(const struct pcapng *p, struct reader *body, struct pcapng_interface *interface)
{
    for (int i = 0; i < PCAPNG_OPTIONS_MAX && reader_left(body) > 0; i++) {
        uint16_t code = read_u16(p, body);
        uint16_t size = read_u16(p, body);
        struct reader value = reader_sub(body, size);
        if (code == OPTION_END || !reader_ok(&value))
            return;
        size_t padding = (4u - size % 4u) % 4u;
        reader_skip(body, padding < reader_left(body) ? padding : reader_left(body));
        if (code == OPTION_RESOLUTION && size >= 1)
            interface->resolution = reader_u8(&value);
        else if (code == OPTION_OFFSET && size >= 8)
            interface->offset_s = (int64_t)(p->big_endian ? reader_u64be(&value) : reader_u64le(&value));
    }
}

static enum capture_step take_interface(struct pcapng *p, struct reader *body, struct capture_item *item)
{
    if (p->count == PCAPNG_INTERFACES_MAX)
        return tell_bad(item, "a section has too many interfaces");
    if (p->count == p->capacity) {
        uint32_t capacity = p->capacity ? p->capacity * 2 : INTERFACES_FIRST;
        struct pcapng_interface *grown = realloc(p->interfaces, capacity * sizeof(*grown));
        REQUIRE(grown != NULL);
        p->interfaces = grown;
        p->capacity = capacity;
    }
    struct pcapng_interface *interface = &p->interfaces[p->count++];
    *interface = (struct pcapng_interface){.resolution = RESOLUTION_DEFAULT};
    interface->linktype = read_u16(p, body);
    reader_skip(body, 2);
    interface->snap_length = read_u32(p, body);
    read_options(p, body, interface);
    item->skip = 0;
    return CAPTURE_SKIPPED;
}

static uint32_t frame_bytes_max(const struct pcapng_interface *interface)
{
    if (interface->snap_length <= CAPTURE_FRAME_BYTES_MAX)
        return CAPTURE_FRAME_BYTES_MAX;
    return interface->snap_length < CAPTURE_FRAME_BYTES_JUMBO_MAX ? interface->snap_length
                                                                  : CAPTURE_FRAME_BYTES_JUMBO_MAX;
}

static enum capture_step take_packet(const struct pcapng *p, uint32_t type, struct reader *body,
                                     struct capture_item *item)
{
    uint32_t number;
    if (type == BLOCK_PACKET) {
        number = read_u32(p, body);
    } else {
        number = read_u16(p, body);
        reader_skip(body, 2); /* how many were dropped */
    }
    uint64_t stamp = (uint64_t)read_u32(p, body) << 32;
    stamp |= read_u32(p, body);
    uint32_t captured = read_u32(p, body);
    item->original_bytes = read_u32(p, body);
    if (number >= p->count)
        return tell_bad(item, "a frame is of an interface that was not described");
    const struct pcapng_interface *interface = &p->interfaces[number];
    if (captured > frame_bytes_max(interface))
        return tell_bad(item, "the length of a frame cannot be");
    item->bytes = reader_bytes(body, captured);
    if (!reader_ok(body))
        return tell_bad(item, "a frame is longer than its block");
    item->linktype = interface->linktype;
    /* Multiplying is what nearly all files need, and stays below 2^63 until the year 2262. */
    bool plain = interface->resolution == RESOLUTION_DEFAULT && interface->offset_s == 0 &&
                 stamp < (uint64_t)INT64_MAX / 1000;
    item->time = plain ? (time_ns)(stamp * 1000) : pcapng_time(interface, stamp);
    item->untimed = false;
    return CAPTURE_FRAME;
}

static enum capture_step take_simple(const struct pcapng *p, struct reader *body, struct capture_item *item)
{
    uint32_t original = read_u32(p, body);
    if (p->count == 0)
        return tell_bad(item, "a frame is of an interface that was not described");
    /* The captured length is not written: it is the original one, cut to the snap length of the first
     * interface. */
    const struct pcapng_interface *interface = &p->interfaces[0];
    uint32_t captured = original;
    if (interface->snap_length > 0 && interface->snap_length < captured)
        captured = interface->snap_length;
    if (captured > frame_bytes_max(interface))
        return tell_bad(item, "the length of a frame cannot be");
    item->bytes = reader_bytes(body, captured);
    if (!reader_ok(body))
        return tell_bad(item, "a frame is longer than its block");
    item->original_bytes = original;
    item->linktype = interface->linktype;
    item->time = 0;
    item->untimed = true;
    return CAPTURE_FRAME;
}

static uint32_t size_min(uint32_t type)
{
    switch (type) {
    case BLOCK_INTERFACE:
        return INTERFACE_BYTES_MIN;
    case BLOCK_PACKET:
    case BLOCK_PACKET_OBSOLETE:
        return PACKET_BYTES_MIN;
    case BLOCK_PACKET_SIMPLE:
        return SIMPLE_BYTES_MIN;
    default:
        return BLOCK_HEADER_BYTES + BLOCK_TRAILER_BYTES;
    }
}

static bool is_read(uint32_t type)
{
    return type == BLOCK_INTERFACE || type == BLOCK_PACKET || type == BLOCK_PACKET_OBSOLETE ||
           type == BLOCK_PACKET_SIMPLE;
}

/* A block that is read whole: it must be there whole, and end as it began. */
static enum capture_step take_block(struct pcapng *p, uint32_t type, struct reader *r,
                                    struct capture_item *item)
{
    struct reader block = *r;
    reader_skip(&block, 4);
    uint32_t size = read_u32(p, &block);
    if (size > CAPTURE_FRAME_BYTES_JUMBO_MAX + PCAPNG_OPTIONS_BYTES_MAX)
        return tell_bad(item, "the length of a block cannot be");
    if (size > reader_left(r))
        return ask_for(item, size);
    struct reader body = reader_sub(&block, size - BLOCK_HEADER_BYTES - BLOCK_TRAILER_BYTES);
    if (read_u32(p, &block) != size)
        return tell_bad(item, "the two lengths of a block differ");
    enum capture_step step;
    if (type == BLOCK_INTERFACE)
        step = take_interface(p, &body, item);
    else if (type == BLOCK_PACKET_SIMPLE)
        step = take_simple(p, &body, item);
    else
        step = take_packet(p, type, &body, item);
    if (step != CAPTURE_BAD)
        *r = block;
    return step;
}

enum capture_step pcapng_next(struct pcapng *p, struct reader *r, struct capture_item *item)
{
    struct reader at = *r;
    if (reader_left(&at) < BLOCK_HEADER_BYTES)
        return ask_for(item, BLOCK_HEADER_BYTES);
    uint32_t type = read_u32(p, &at);
    if (type == BLOCK_SECTION)
        return take_section(p, r, item);
    if (!p->in_section)
        return tell_bad(item, "it does not begin with a section header");
    uint32_t size = read_u32(p, &at);
    if (size < size_min(type) || size > PCAPNG_BLOCK_BYTES_MAX)
        return tell_bad(item, "the length of a block cannot be");
    if (is_read(type))
        return take_block(p, type, r, item);
    item->skip = size - BLOCK_HEADER_BYTES;
    *r = at;
    return CAPTURE_SKIPPED;
}
