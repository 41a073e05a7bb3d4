/*
 * capture_pcapng - the pcapng format (draft-ietf-opsawg-pcapng): several sections, each in its own byte
 * order, several interfaces with their own resolution of time. Pure.
 *
 * Enhanced, simple and obsolete packet blocks are frames. Section headers and interface descriptions are
 * read; all other blocks (names, statistics, secrets, journals, custom ones) are skipped without being held
 * in memory.
 */
#ifndef ORTHRUS_IO_CAPTURE_PCAPNG_H
#define ORTHRUS_IO_CAPTURE_PCAPNG_H

#include "common/io/capture_item.h"

enum {
    PCAPNG_BLOCK_BYTES_MAX = 64 * 1024 * 1024, /* a longer block is damage */
    PCAPNG_OPTIONS_BYTES_MAX = 1024 * 1024,    /* beside the frame, in a block that is read whole */
    PCAPNG_OPTIONS_MAX = 4096,                 /* looked at, of one interface */
    PCAPNG_INTERFACES_MAX = 65536,             /* of one section */
};

struct pcapng_interface {
    int64_t offset_s; /* if_tsoffset */
    uint32_t snap_length;
    uint16_t linktype;
    uint8_t resolution; /* if_tsresol, as it stands */
};

/* Zeroed memory is a ready parser. */
struct pcapng {
    struct pcapng_interface *interfaces; /* owned; grows by blocks that are really there */
    uint32_t count;
    uint32_t capacity;
    bool in_section;
    bool big_endian;
};

void pcapng_close(struct pcapng *pcapng);
/* The next block. */
enum capture_step pcapng_next(struct pcapng *pcapng, struct reader *r, struct capture_item *item);
/* A time stamp of an interface as time; what cannot be expressed becomes the nearest that can. */
time_ns pcapng_time(const struct pcapng_interface *interface, uint64_t stamp);

#endif
