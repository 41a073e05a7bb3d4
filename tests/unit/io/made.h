/*
 * made - captures made byte by byte as their specifications say, packed, and laid in a folder of their own.
 */
#ifndef ORTHRUS_TESTS_MADE_H
#define ORTHRUS_TESTS_MADE_H

#include "common/base/writer.h"
#include "common/io/sources.h"

/* Numbers in either byte order. */
void made_u16(struct writer *w, bool big, uint16_t v);
void made_u32(struct writer *w, bool big, uint32_t v);
void made_u64(struct writer *w, bool big, uint64_t v);

void made_pcap_header(struct writer *w, bool big, uint32_t magic, uint32_t snap_length, uint32_t linktype);
/* extra: bytes of the modified record header. size zero bytes, the first four being the fill. */
void made_pcap_record(struct writer *w, bool big, const uint32_t head[4], uint32_t extra, uint8_t fill);

void made_section(struct writer *w, bool big);
/* resolution -1: no option; offset 0: no option. */
void made_interface(struct writer *w, bool big, uint16_t linktype, int resolution, int64_t offset);
void made_packet(struct writer *w, bool big, uint32_t interface, uint64_t stamp, struct str bytes);
/* Any block around a body. */
void made_block(struct writer *w, bool big, uint32_t type, struct str body);

/* A whole little-endian pcap of Ethernet: count frames of 60 bytes, all of fill, from first_us on, each
 * step_us later. */
void made_capture(struct writer *w, uint64_t first_us, uint64_t step_us, uint32_t count, uint8_t fill);

/* Packed as one member or frame, appended to w. */
void made_gzip(struct writer *w, struct str bytes);
void made_zstd(struct writer *w, struct str bytes);

/* A folder under TMPDIR; made_folder_remove() takes away all in it. */
struct made_folder {
    char path[256];
};

void made_folder(struct made_folder *folder);
void made_folder_remove(struct made_folder *folder);
/* Writes a file; returns its path, which lives until the next but seven calls. */
const char *made_file(const struct made_folder *folder, const char *name, struct str bytes);
const char *made_path(const struct made_folder *folder, const char *name);

/* What sources gave, written down: one line a frame, "time file-number/number size". */
struct made_run {
    struct sources_options options;
    uint32_t batch;
    struct writer lines;
    struct writer problems; /* one line each: kind, name behind the last slash, text */
    struct sources_totals totals;
    struct sources_progress progress;
    uint64_t frames;
    time_ns first;
    time_ns last;
};

/* Reads all of the arguments. Checks what must always hold: time never back, sequence, watermarks, bytes
 * readable. */
void made_run(struct made_run *run, const char *const *arguments, uint32_t count);
void made_run_close(struct made_run *run);
/* NUL-terminated. */
const char *made_run_lines(struct made_run *run);
const char *made_run_problems(struct made_run *run);

#endif
