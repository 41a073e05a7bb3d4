/*
 * oid - writes object identifiers as numbers with dots.
 */
#include "services/protocol-decode/oid.h"
#include "common/base/reader.h"

enum {
    ARC_MORE = 0x80, /* another byte of this number follows */
    ARC_BITS = 7,
    ARC_BYTES_MAX = 5, /* of 32 bits; larger numbers are no object identifier that anyone uses */
    FIRST_ARC_MAX = 2,
    SECOND_ARCS = 40, /* X.690 8.19.4: the first two numbers are one */
};

static bool read_arc(struct reader *r, uint64_t *arc)
{
    *arc = 0;
    for (int i = 0; i < ARC_BYTES_MAX; i++) {
        uint8_t byte = reader_u8(r);
        *arc = *arc << ARC_BITS | (byte & (ARC_MORE - 1));
        if (!(byte & ARC_MORE))
            return reader_ok(r);
    }
    return false;
}

struct str oid_text(struct arena *arena, struct str oid)
{
    char text[OID_TEXT_BYTES + 2 * 24];
    size_t used = 0;
    struct reader r = reader_of_str(oid);
    uint64_t arc;
    while (reader_left(&r) > 0 && used < OID_TEXT_BYTES) {
        if (!read_arc(&r, &arc))
            return (struct str){0};
        if (used == 0) {
            uint64_t first = arc / SECOND_ARCS < FIRST_ARC_MAX ? arc / SECOND_ARCS : FIRST_ARC_MAX;
            used += (size_t)snprintf(text, sizeof(text), "%u", (unsigned)first);
            arc -= first * SECOND_ARCS;
        }
        used += (size_t)snprintf(text + used, sizeof(text) - used, ".%llu", (unsigned long long)arc);
    }
    return arena_copy(arena, (struct str){.at = text, .size = (uint32_t)used});
}
