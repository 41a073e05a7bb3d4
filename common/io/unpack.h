/*
 * unpack - gzip (RFC 1952) and zstd (RFC 8878) streams, of any number of members or frames one behind the
 * other.
 */
#ifndef ORTHRUS_IO_UNPACK_H
#define ORTHRUS_IO_UNPACK_H

#include "common/io/content.h"

struct unpack;

enum unpack_state {
    UNPACK_OK,       /* took or made something, or needs more room or input */
    UNPACK_DAMAGED,  /* for .reason; what was made before is good */
    UNPACK_TRAILING, /* what comes behind the last member is something else */
};

struct unpack_io {
    struct str in; /* what is left of it is moved on */
    uint8_t *out;
    size_t out_size;
    size_t made;        /* bytes written to out */
    const char *reason; /* a text that lives as long as the program */
};

/* content: CONTENT_GZIP or CONTENT_ZSTD. */
enum err unpack_create(struct unpack **unpack, enum content content) MUST_CHECK;
void unpack_free(struct unpack *unpack);
enum unpack_state unpack_step(struct unpack *unpack, struct unpack_io *io);
/* A member or frame has begun and not ended: the end of input here is a truncation. */
bool unpack_is_inside(const struct unpack *unpack);

#endif
