/*
 * content - what a file is, told by its first bytes and never by its name. Pure.
 */
#ifndef ORTHRUS_IO_CONTENT_H
#define ORTHRUS_IO_CONTENT_H

#include "common/base/base.h"

enum {
    CONTENT_PEEK_BYTES = 512, /* what is looked at; a shorter file is looked at whole */
};

enum content {
    CONTENT_UNKNOWN,
    CONTENT_EMPTY,
    CONTENT_TEXT,
    CONTENT_JSON,
    CONTENT_XML,
    CONTENT_PCAP,
    CONTENT_PCAPNG,
    CONTENT_GZIP,
    CONTENT_ZSTD,
    CONTENT_ZIP,
    CONTENT_EVTX,
    CONTENT_EVT,
    CONTENT_SNOOP,
    CONTENT_NETMON,
    CONTENT_BZIP2,
    CONTENT_XZ,
    CONTENT_LZ4,
    CONTENT_7Z,
    CONTENT_RAR,
    CONTENT_TAR,
    CONTENT_COUNT,
};

enum content content_of(struct str head);
/* "is an event log (EVTX), which this version does not read yet": why it gives no frames, for a person. */
const char *content_text(enum content content);
/* "gzip": its short name. */
const char *content_name(enum content content);

static inline bool content_is_capture(enum content content)
{
    return content == CONTENT_PCAP || content == CONTENT_PCAPNG;
}

/* One stream of bytes, compressed. */
static inline bool content_is_packed(enum content content)
{
    return content == CONTENT_GZIP || content == CONTENT_ZSTD;
}

#endif
