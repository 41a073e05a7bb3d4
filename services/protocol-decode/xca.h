/*
 * xca - opens what is compressed by the algorithms of MS-XCA, and by LZ4's block format.
 *
 * Internal to protocol-decode. Without state. The output is bounded by the room it is given: what would not
 * fit is not written. What is written before a fault stays, and counts.
 */
#ifndef ORTHRUS_DECODE_XCA_H
#define ORTHRUS_DECODE_XCA_H

#include "common/base/reader.h"

struct xca_output {
    uint8_t *bytes;
    uint32_t room;
    uint32_t size; /* written */
};

/* False: the input does not follow its specification. Input that ends early, and output that is full, are no
 * faults. */
typedef bool xca_open_fn(struct str input, struct xca_output *output);
xca_open_fn xca_open_lznt1;        /* MS-XCA 2.5 */
xca_open_fn xca_open_lz77;         /* MS-XCA 2.4 */
xca_open_fn xca_open_lz77_huffman; /* MS-XCA 2.2 */
xca_open_fn xca_open_lz4;

#endif
