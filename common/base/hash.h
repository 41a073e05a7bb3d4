/*
 * hash - keyed hashing: SipHash (Aumasson and Bernstein, 2012), with 64 and 128 bits of result.
 *
 * Tables use SipHash-1-3 with a seed of the process, because attackers choose what lands in them. Names of
 * records and entities use SipHash-2-4-128 under a fixed public key, because they must be the same
 * everywhere. Fingerprints of secrets use SipHash-2-4-128 under a key of the deployment.
 */
#ifndef ORTHRUS_BASE_HASH_H
#define ORTHRUS_BASE_HASH_H

#include "common/base/base.h"

struct hash_key {
    uint64_t k0;
    uint64_t k1;
};

/* The public key of record and entity names. Never changes: names outlive releases. */
#define HASH_KEY_NAMES ((struct hash_key){.k0 = 0x7375726874726f00u, .k1 = 0x73656d616e2d3176u})

/* SipHash-1-3 over size bytes. */
uint64_t hash_seeded(struct hash_key key, const void *bytes, size_t size);
/* SipHash-2-4 over size bytes: 64 bits. */
uint64_t hash_u64(struct hash_key key, const void *bytes, size_t size);
/* SipHash-2-4 over size bytes: 128 bits, in the order of the reference implementation (low half first). */
struct id hash_id(struct hash_key key, const void *bytes, size_t size);

/* A name made of parts: each part is hashed with its length, so that ("ab","c") and ("a","bc") differ. */
struct hash_parts {
    uint8_t bytes[256];
    size_t used;
};

void hash_part(struct hash_parts *parts, const void *bytes, size_t size);
void hash_part_u64(struct hash_parts *parts, uint64_t value);
struct id hash_parts_id(struct hash_key key, const struct hash_parts *parts);

#endif
