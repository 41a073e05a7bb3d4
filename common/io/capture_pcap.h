/*
 * capture_pcap - the pcap format (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and
 * Kuznetzov's variant with its longer record header. Pure.
 *
 * The snap length of the header is not believed: frames longer than it are read, up to the limits of
 * capture_item.h.
 */
#ifndef ORTHRUS_IO_CAPTURE_PCAP_H
#define ORTHRUS_IO_CAPTURE_PCAP_H

#include "common/io/capture_item.h"

enum {
    PCAP_HEADER_BYTES = 24,
};

/* Plain bytes. */
struct pcap {
    bool big_endian;
    uint8_t record_header_bytes;
    uint16_t linktype;
    uint32_t fraction_ns; /* what one unit of a record's fraction is worth */
    uint32_t frame_bytes_max;
};

/* The file's header. CAPTURE_SKIPPED when it was taken, CAPTURE_MORE, or CAPTURE_BAD. */
enum capture_step pcap_header(struct pcap *pcap, struct reader *r, struct capture_item *item);
/* The next record. */
enum capture_step pcap_next(const struct pcap *pcap, struct reader *r, struct capture_item *item);

#endif
