/*
 * listing - what lies in a zip archive: one pass over it, with a look at the first bytes of each entry.
 */
#ifndef ORTHRUS_IO_LISTING_H
#define ORTHRUS_IO_LISTING_H

#include "common/io/input.h"
#include "common/io/zip.h"

struct listing {
    void *owner;
    void (*found)(void *owner, const struct zip_entry *entry,
                  enum content content); /* each file that can be read */
    uint32_t entries_max;
    struct trouble trouble; /* what was wrong with the archive; what was found is good */
};

void listing_read(struct listing *listing, struct descriptors *descriptors, const char *path);

#endif
