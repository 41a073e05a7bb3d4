/*
 * capture_item - what a capture parser finds where its reader stands: a frame, something else, or nothing
 * whole yet.
 */
#ifndef ORTHRUS_IO_CAPTURE_ITEM_H
#define ORTHRUS_IO_CAPTURE_ITEM_H

#include "common/base/reader.h"

enum {
    /* A frame may be as long as the largest snap length that tools write by themselves, or as long as the
     * file's own header announces, up to the second limit (super-frames of offloading cards). More is damage,
     * since a length that is wrong would otherwise swallow the file. */
    CAPTURE_FRAME_BYTES_MAX = 256 * 1024,
    CAPTURE_FRAME_BYTES_JUMBO_MAX = 16 * 1024 * 1024,
};

enum capture_step {
    CAPTURE_MORE,    /* at least .want bytes are needed here; the reader has not moved */
    CAPTURE_FRAME,   /* the reader has moved past a frame, which borrows from its input */
    CAPTURE_SKIPPED, /* the reader has moved past something that is no frame; .skip more bytes belong to it */
    CAPTURE_BAD,     /* damage, for .reason; the reader has not moved */
};

struct capture_item {
    time_ns time;
    struct str bytes;
    uint32_t original_bytes;
    uint16_t linktype;
    bool untimed; /* the format gives this frame no time */
    size_t want;
    uint64_t skip;
    const char *reason; /* a literal */
};

#endif
