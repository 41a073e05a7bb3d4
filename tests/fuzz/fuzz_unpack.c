/*
 * fuzz_unpack - covers unpack: gzip and zstd streams, what stands between and behind their members, in inputs
 * and outputs of any size (the first byte says how they are cut).
 *
 * What must hold: each step takes or makes something or the loop ends, and never more than it was given.
 */
#include "common/io/unpack.h"

#include "common/base/reader.h"

enum {
    OUT_BYTES_MAX = 4096,
    STEPS_MAX = 10000, /* a small input can become very much */
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void unpack_all(struct unpack *unpack, struct reader r, uint8_t cut)
{
    uint8_t out[OUT_BYTES_MAX];
    size_t in_size = cut & 0x0f ? cut & 0x0f : SIZE_MAX;
    size_t out_size = cut >> 4 ? cut >> 4 : sizeof(out);
    struct unpack_io io = {.out = out, .out_size = out_size};
    for (int i = 0; i < STEPS_MAX; i++) {
        if (io.in.size == 0) {
            size_t left = reader_left(&r);
            io.in = reader_bytes(&r, left < in_size ? left : in_size);
        }
        uint32_t had = io.in.size;
        enum unpack_state state = unpack_step(unpack, &io);
        REQUIRE(io.in.size <= had && io.made <= out_size);
        if (state != UNPACK_OK) {
            REQUIRE(state == UNPACK_TRAILING || io.reason != NULL);
            break;
        }
        if (io.made == 0 && io.in.size == had)
            break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader r = reader_of(bytes, size);
    uint8_t cut = reader_u8(&r);
    struct reader head = r;
    size_t left = reader_left(&head);
    enum content content =
        content_of(reader_bytes(&head, left < CONTENT_PEEK_BYTES ? left : CONTENT_PEEK_BYTES));
    struct unpack *unpack = NULL;
    if (!content_is_packed(content) || unpack_create(&unpack, content) != ERR_OK)
        return 0;
    unpack_all(unpack, r, cut);
    unpack_free(unpack);
    return 0;
}
