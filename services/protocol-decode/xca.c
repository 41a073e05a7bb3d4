/*
 * xca - four decompressors, which all copy from what they have written.
 */
#include "services/protocol-decode/xca.h"

enum {
    MATCH_BYTES_MIN = 3,
    /* 2.5 */
    LZNT1_CHUNK_BYTES = 4096,
    LZNT1_COMPRESSED = 0x8000,
    LZNT1_SIZE = 0x0fff,
    /* 2.2 */
    HUFFMAN_SYMBOLS = 512,
    HUFFMAN_TABLE_BYTES = 256,
    HUFFMAN_CODE_BITS_MAX = 15,
    HUFFMAN_BLOCK_BYTES = 65536,
    HUFFMAN_END = 256, /* the first match, at the end of the input */
    LZ4_MATCH_BYTES_MIN = 4,
};

static bool is_full(const struct xca_output *o)
{
    return o->size >= o->room;
}

static void put(struct xca_output *o, uint8_t byte)
{
    if (!is_full(o))
        o->bytes[o->size++] = byte;
}

static void put_bytes(struct xca_output *o, struct str bytes)
{
    uint32_t size = bytes.size < o->room - o->size ? bytes.size : o->room - o->size;
    if (size > 0)
        memcpy(o->bytes + o->size, bytes.at, size);
    o->size += size;
}

/* What was written distance ago, which may be less than length: then it repeats. */
static bool repeat(struct xca_output *o, uint32_t distance, uint32_t length)
{
    if (distance == 0 || distance > o->size)
        return false;
    for (; length > 0 && !is_full(o); length--) {
        o->bytes[o->size] = o->bytes[o->size - distance];
        o->size++;
    }
    return true;
}

/* 2.5.1.4: the further into its chunk, the more bits of a pair are the distance. */
static bool open_lznt1_pair(struct xca_output *o, uint32_t begin, uint16_t pair)
{
    uint32_t written = o->size - begin;
    if (written == 0)
        return false;
    unsigned length_bits = 12;
    for (uint32_t i = written - 1; i >= 16; i >>= 1)
        length_bits--;
    return repeat(o, (uint32_t)(pair >> length_bits) + 1,
                  (uint32_t)(pair & ((1u << length_bits) - 1)) + MATCH_BYTES_MIN);
}

static bool open_lznt1_chunk(struct reader *r, struct xca_output *o)
{
    struct xca_output chunk = *o;
    uint32_t begin = o->size;
    if (chunk.room - begin > LZNT1_CHUNK_BYTES)
        chunk.room = begin + LZNT1_CHUNK_BYTES;
    bool good = true;
    while (good && reader_left(r) > 0) {
        uint8_t flags = reader_u8(r);
        for (int i = 0; i < 8 && good && reader_left(r) > 0; i++) {
            if (!(flags & 1u << i))
                put(&chunk, reader_u8(r));
            else if (reader_left(r) < 2)
                reader_skip(r, 1);
            else
                good = open_lznt1_pair(&chunk, begin, reader_u16le(r));
        }
    }
    o->size = chunk.size;
    return good;
}

bool xca_open_lznt1(struct str input, struct xca_output *o)
{
    struct reader r = reader_of_str(input);
    while (reader_left(&r) >= 2 && !is_full(o)) {
        uint16_t header = reader_u16le(&r);
        if (header == 0)
            return true;
        size_t size = (size_t)(header & LZNT1_SIZE) + 1;
        struct reader chunk = reader_sub(&r, size < reader_left(&r) ? size : reader_left(&r));
        if (!(header & LZNT1_COMPRESSED))
            put_bytes(o, reader_rest(&chunk));
        else if (!open_lznt1_chunk(&chunk, o))
            return false;
    }
    return true;
}

/* The rest of a length that did not fit its first bits (2.2.4, 2.4.4); false when it is none. */
static bool read_long_length(struct reader *r, uint32_t least, uint32_t *length)
{
    uint32_t more = reader_u8(r);
    if (more < UINT8_MAX) {
        *length = more + least;
        return true;
    }
    *length = reader_u16le(r);
    if (*length == 0)
        *length = reader_u32le(r);
    return *length >= least;
}

/* Two lengths share a byte, a half each (2.4.4). */
struct half {
    bool waits;
    uint8_t byte;
};

static bool read_lz77_length(struct reader *r, struct half *half, uint16_t pair, uint32_t *length)
{
    *length = pair & 7;
    if (*length == 7) {
        if (half->waits) {
            *length = half->byte >> 4;
        } else {
            half->byte = reader_u8(r);
            *length = half->byte & 0x0f;
        }
        half->waits = !half->waits;
        if (*length == 15) {
            if (!read_long_length(r, 15 + 7, length))
                return false;
            *length -= 7;
        }
        *length += 7;
    }
    if (*length > UINT32_MAX - MATCH_BYTES_MIN)
        return false;
    *length += MATCH_BYTES_MIN;
    return true;
}

bool xca_open_lz77(struct str input, struct xca_output *o)
{
    struct reader r = reader_of_str(input);
    struct half half = {0};
    uint32_t flags = 0;
    for (unsigned left = 0; !is_full(o) && reader_left(&r) > 0; left--) {
        if (left == 0) {
            flags = reader_u32le(&r);
            left = 32;
        }
        if (!(flags & 1u << (left - 1))) {
            if (reader_left(&r) > 0)
                put(o, reader_u8(&r));
            continue;
        }
        if (reader_left(&r) < 2)
            return true;
        uint16_t pair = reader_u16le(&r);
        uint32_t length;
        if (!read_lz77_length(&r, &half, pair, &length))
            return false;
        if (!reader_ok(&r))
            return true;
        if (!repeat(o, (uint32_t)(pair >> 3) + 1, length))
            return false;
    }
    return true;
}

/* Canonical codes: of each length the symbols in rising order. */
struct huffman {
    uint16_t symbols[HUFFMAN_SYMBOLS];
    uint16_t counts[HUFFMAN_CODE_BITS_MAX + 1];
};

/* Bits come in words of 16, the highest first; a word is taken when fewer than 16 bits are left. */
struct bits {
    uint32_t next;
    int extra;
};

/* 2.2.4: two lengths a byte, the lower half first. False: no tree has these. */
static bool read_codes(struct reader *r, struct huffman *h)
{
    uint8_t lengths[HUFFMAN_SYMBOLS];
    uint16_t begin[HUFFMAN_CODE_BITS_MAX + 2] = {0};
    uint32_t space = 0;
    memset(h, 0, sizeof(*h));
    for (int i = 0; i < HUFFMAN_SYMBOLS; i += 2) {
        uint8_t both = reader_u8(r);
        lengths[i] = both & 0x0f;
        lengths[i + 1] = both >> 4;
        h->counts[lengths[i]]++;
        h->counts[lengths[i + 1]]++;
    }
    h->counts[0] = 0;
    for (int bits = 1; bits <= HUFFMAN_CODE_BITS_MAX; bits++) {
        space += (uint32_t)h->counts[bits] << (HUFFMAN_CODE_BITS_MAX - bits);
        begin[bits + 1] = (uint16_t)(begin[bits] + h->counts[bits]);
    }
    for (uint16_t i = 0; i < HUFFMAN_SYMBOLS; i++)
        if (lengths[i] != 0)
            h->symbols[begin[lengths[i]]++] = i;
    return reader_ok(r) && space == 1u << HUFFMAN_CODE_BITS_MAX;
}

static uint16_t next_word(struct reader *r)
{
    return reader_left(r) >= 2 ? reader_u16le(r) : 0;
}

static void begin_bits(struct reader *r, struct bits *b)
{
    b->next = (uint32_t)next_word(r) << 16;
    b->next |= next_word(r);
    b->extra = 16;
}

static void take_bits(struct reader *r, struct bits *b, unsigned count)
{
    b->next <<= count;
    b->extra -= (int)count;
    if (b->extra < 0) {
        b->next |= (uint32_t)next_word(r) << -b->extra;
        b->extra += 16;
    }
}

static uint16_t next_symbol(struct reader *r, struct bits *b, const struct huffman *h)
{
    uint32_t first = 0, index = 0;
    for (unsigned length = 1; length <= HUFFMAN_CODE_BITS_MAX; length++) {
        uint32_t code = b->next >> (32 - length);
        uint32_t count = h->counts[length];
        if (code - first < count) {
            take_bits(r, b, length);
            return h->symbols[index + code - first];
        }
        index += count;
        first = (first + count) << 1;
    }
    return 0; /* not with codes that fill their space */
}

/* Up to 64 KiB of output share a table. Ends by itself where the input ends. */
static bool open_huffman_block(struct reader *r, const struct huffman *h, struct xca_output *o)
{
    struct bits b;
    uint32_t begin = o->size;
    begin_bits(r, &b);
    while (!is_full(o) && o->size - begin < HUFFMAN_BLOCK_BYTES) {
        uint16_t symbol = next_symbol(r, &b, h);
        if (symbol < HUFFMAN_END) {
            put(o, (uint8_t)symbol);
            continue;
        }
        if (symbol == HUFFMAN_END && reader_left(r) == 0)
            return true;
        uint32_t length = symbol & 0x0f;
        unsigned bits = (unsigned)(symbol - HUFFMAN_END) >> 4;
        if (length == 15 && !read_long_length(r, 15, &length))
            return false;
        if (!reader_ok(r) || length > UINT32_MAX - MATCH_BYTES_MIN)
            return false;
        uint32_t distance = (1u << bits) + (bits > 0 ? b.next >> (32 - bits) : 0);
        take_bits(r, &b, bits);
        if (!repeat(o, distance, length + MATCH_BYTES_MIN))
            return false;
    }
    return true;
}

bool xca_open_lz77_huffman(struct str input, struct xca_output *o)
{
    struct reader r = reader_of_str(input);
    struct huffman codes;
    while (!is_full(o) && reader_left(&r) > HUFFMAN_TABLE_BYTES) {
        uint32_t before = o->size;
        if (!read_codes(&r, &codes) || !open_huffman_block(&r, &codes, o))
            return false;
        if (o->size - before < HUFFMAN_BLOCK_BYTES)
            return true;
    }
    return true;
}

/* Bytes of 255 go on. */
static uint32_t read_lz4_length(struct reader *r, uint32_t length)
{
    uint8_t more = length == 15 ? UINT8_MAX : 0;
    while (more == UINT8_MAX && reader_left(r) > 0) {
        more = reader_u8(r);
        length += more;
    }
    return length;
}

bool xca_open_lz4(struct str input, struct xca_output *o)
{
    struct reader r = reader_of_str(input);
    while (!is_full(o) && reader_left(&r) > 0) {
        uint8_t token = reader_u8(&r);
        uint32_t literals = read_lz4_length(&r, token >> 4);
        put_bytes(o, reader_bytes(&r, literals < reader_left(&r) ? literals : reader_left(&r)));
        /* The last sequence has no match. */
        if (reader_left(&r) < 2)
            return true;
        uint16_t distance = reader_u16le(&r);
        uint32_t length = read_lz4_length(&r, token & 0x0f) + LZ4_MATCH_BYTES_MIN;
        if (!repeat(o, distance, length))
            return false;
    }
    return true;
}
