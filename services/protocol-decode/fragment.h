/*
 * fragment - IP fragments put together (RFC 791 3.2, RFC 8200 4.5, RFC 5722 for overlaps).
 */
#ifndef ORTHRUS_DECODE_FRAGMENT_H
#define ORTHRUS_DECODE_FRAGMENT_H

#include "common/base/arena.h"
#include "common/base/table.h"
#include "services/protocol-decode/packet.h"

struct fragments;

struct fragments_options {
    uint32_t datagrams; /* being put together at once */
    time_ns timeout;
    struct hash_key seed;
};

struct fragments_counts {
    uint64_t datagrams;  /* completed */
    uint64_t overlaps;   /* dropped for overlapping with different content (RFC 5722) */
    uint64_t incomplete; /* given up: timeout or evicted */
};

enum err fragments_create(struct fragments **fragments, const struct fragments_options *options) MUST_CHECK;
void fragments_free(struct fragments *fragments);
size_t fragments_tables(struct fragments *fragments, struct table **tables);
/* Takes a fragment; true when it completed its datagram: packet is then that datagram, its payload in the
 * arena. */
bool fragments_add(struct fragments *fragments, struct arena *arena, struct packet *packet, time_ns time);
void fragments_expire(struct fragments *fragments, time_ns now);
struct fragments_counts fragments_counts(const struct fragments *fragments);

#endif
