/*
 * fuzz_xca - covers the decompressors of MS-XCA and LZ4, into rooms of several sizes.
 *
 * The input is a byte that says which and how much room, and what is compressed.
 */
#include <stddef.h>
#include <stdint.h>

#include "services/protocol-decode/xca.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    WHICH = 3,
    ROOM_UNIT = 1024,
    ROOM_MAX = 64 * ROOM_UNIT,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static xca_open_fn *const all[] = {xca_open_lznt1, xca_open_lz77, xca_open_lz77_huffman, xca_open_lz4};
    static uint8_t room[ROOM_MAX];
    struct reader r = reader_of(bytes, size);
    uint8_t control = reader_u8(&r);
    struct xca_output o = {.bytes = room, .room = (uint32_t)(control >> 2) * ROOM_UNIT};
    (void)all[control & WHICH](reader_rest(&r), &o);
    REQUIRE(o.size <= o.room);
    return 0;
}
