/*
 * hash - SipHash by its published definition.
 */
#include "common/base/hash.h"

enum {
    HASH_PART_BYTES_MAX = 64, /* of a part that is kept as it is */
};

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t v, int bits)
{
    return (v << bits) | (v >> (64 - bits));
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word, int rounds)
{
    s->v3 ^= word;
    for (int i = 0; i < rounds; i++)
        sip_round(s);
    s->v0 ^= word;
}

static inline uint64_t load_u64(const uint8_t *at)
{
    uint64_t v;
    memcpy(&v, at, sizeof(v));
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

static inline uint64_t load_u32(const uint8_t *at)
{
    uint32_t v;
    memcpy(&v, at, sizeof(v));
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap32(v);
#endif
    return v;
}

/* The last bytes, fewer than eight, as a little-endian number: two loads that may overlap instead of a loop.
 */
static inline uint64_t load_tail(const uint8_t *at, size_t size)
{
    if (size >= 4)
        return load_u32(at) | load_u32(at + size - 4) << (8 * (size - 4));
    if (size == 0)
        return 0;
    return (uint64_t)at[0] | (uint64_t)at[size / 2] << (8 * (size / 2)) |
           (uint64_t)at[size - 1] << (8 * (size - 1));
}

static inline void sip_input(struct sip *s, struct hash_key key, const void *bytes, size_t size, int rounds)
{
    const uint8_t *at = bytes;
    s->v0 = key.k0 ^ 0x736f6d6570736575u;
    s->v1 ^= key.k1 ^ 0x646f72616e646f6du;
    s->v2 = key.k0 ^ 0x6c7967656e657261u;
    s->v3 = key.k1 ^ 0x7465646279746573u;
    for (size_t left = size; left >= 8; left -= 8, at += 8)
        sip_word(s, load_u64(at), rounds);
    sip_word(s, ((uint64_t)size << 56) | load_tail(at, size & 7), rounds);
}

static inline uint64_t sip_end(struct sip *s, int rounds)
{
    for (int i = 0; i < rounds; i++)
        sip_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t hash_seeded(struct hash_key key, const void *bytes, size_t size)
{
    struct sip s = {0};
    sip_input(&s, key, bytes, size, 1);
    s.v2 ^= 0xff;
    return sip_end(&s, 3);
}

uint64_t hash_u64(struct hash_key key, const void *bytes, size_t size)
{
    struct sip s = {0};
    sip_input(&s, key, bytes, size, 2);
    s.v2 ^= 0xff;
    return sip_end(&s, 4);
}

struct id hash_id(struct hash_key key, const void *bytes, size_t size)
{
    struct sip s = {.v1 = 0xee};
    sip_input(&s, key, bytes, size, 2);
    s.v2 ^= 0xee;
    struct id id = {.low = sip_end(&s, 4)};
    s.v1 ^= 0xdd;
    id.high = sip_end(&s, 4);
    return id;
}

void hash_part(struct hash_parts *parts, const void *bytes, size_t size)
{
    /* A long part is itself hashed first, so that any number of bytes fits; its mark is no length of a short
     * one, so that bytes which happen to be the digest are another part. */
    struct id digest;
    uint8_t mark = (uint8_t)size;
    if (size > HASH_PART_BYTES_MAX) {
        digest = hash_id(HASH_KEY_NAMES, bytes, size);
        bytes = &digest;
        size = sizeof(digest);
        mark = UINT8_MAX;
    }
    REQUIRE(parts->used + size + 1 <= sizeof(parts->bytes));
    parts->bytes[parts->used++] = mark;
    if (size > 0)
        memcpy(parts->bytes + parts->used, bytes, size);
    parts->used += size;
}

void hash_part_u64(struct hash_parts *parts, uint64_t value)
{
    hash_part(parts, &value, sizeof(value));
}

struct id hash_parts_id(struct hash_key key, const struct hash_parts *parts)
{
    return hash_id(key, parts->bytes, parts->used);
}
