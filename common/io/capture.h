/*
 * capture - one open capture, of whatever format and packing: frames in the order of the file.
 *
 * A frame's bytes lie in a slab that the caller holds from capture_read() until it drops it. One owner, no
 * threads.
 */
#ifndef ORTHRUS_IO_CAPTURE_H
#define ORTHRUS_IO_CAPTURE_H

#include "common/io/input.h"
#include "common/io/slab.h"

struct capture;

struct capture_frame {
    time_ns time;
    uint64_t number; /* in the capture, from 1 */
    struct str bytes;
    uint32_t original_bytes;
    uint16_t linktype;
    struct slab *slab; /* held once for the caller */
};

struct capture_counts {
    uint64_t frames;
    uint64_t untimed; /* frames without a time of their own, given that of the frame before */
    uint64_t bytes;   /* of the capture, decompressed; where it broke, when the trouble is set */
};

/*
 * Takes input over, in any case. ERR_OK when frames can be read (though there may be none). Otherwise the
 * trouble is set, ERR_UNSUPPORTED when it is no capture. *content is what is inside, decompressed, where that
 * is known.
 */
enum err capture_open(struct capture **capture, struct slabs *slabs, struct input *input,
                      enum content *content, struct trouble *trouble) MUST_CHECK;
void capture_close(struct capture *capture);
/* False at the end; capture_trouble() tells whether that was a good one. */
bool capture_read(struct capture *capture, struct capture_frame *frame);

const struct trouble *capture_trouble(const struct capture *capture);
struct capture_counts capture_counts(const struct capture *capture);
enum content capture_format(const struct capture *capture);
/* CONTENT_GZIP or CONTENT_ZSTD, or the format itself. */
enum content capture_packing(const struct capture *capture);
const struct input *capture_input(const struct capture *capture);
/* How many slabs it and the frames that wait hold. */
uint32_t capture_slabs_held(const struct capture *capture);
/* A slab of size bytes at least, held once, that counts as one of this capture: for frames that wait long to
 * be copied to, so that the slabs they came in can be used again. */
struct slab *capture_take_slab(struct capture *capture, size_t size);

#endif
