/*
 * input - one run of bytes to read: a file, standard input or an entry of a zip, decompressed when it is
 * compressed.
 *
 * The kind is told by the content. Only one layer of compression is taken off (in a zip: one more than the
 * zip's own): what is inside that again is told by its kind and not opened. One owner, no threads.
 */
#ifndef ORTHRUS_IO_INPUT_H
#define ORTHRUS_IO_INPUT_H

#include "common/io/content.h"
#include "common/io/file.h"

enum {
    TROUBLE_TEXT_BYTES = 256,
};

enum trouble_kind {
    TROUBLE_NONE,
    TROUBLE_OPEN,      /* the system refused to open or read it */
    TROUBLE_CONTENT,   /* it is nothing that is read here */
    TROUBLE_TRUNCATED, /* it ends too early */
    TROUBLE_DAMAGED,   /* it does not follow its format */
    TROUBLE_LIMIT,     /* a limit of decompression was reached */
    TROUBLE_TRAILING,  /* sound, and something else behind it */
};

/* What went wrong with one input: the first thing that did. */
struct trouble {
    uint8_t kind; /* enum trouble_kind */
    char text[TROUBLE_TEXT_BYTES];
};

void trouble_set(struct trouble *trouble, enum trouble_kind kind, const char *format, ...) PRINTF(3, 4);

/* Shared by all inputs of a run. */
struct input_shared {
    struct descriptors descriptors;
    uint64_t decompressed_bytes_max;
    uint64_t ratio_free_bytes;
    uint32_t ratio_max;
};

/* Where an input lies. Borrowed for the life of the input. */
struct input_place {
    const char *path;   /* null: standard input */
    bool is_entry;      /* of the zip at path */
    uint32_t entry;     /* its number in the zip */
    uint64_t *unpacked; /* counts what was decompressed of all entries of the zip; null when no entry */
};

struct input;

/* Opens it and looks at its first bytes. ERR_OK, or the trouble is set (ERR_IO, ERR_UNSUPPORTED, ERR_MEMORY).
 */
enum err input_open(struct input **input, struct input_shared *shared, const struct input_place *place,
                    struct trouble *trouble) MUST_CHECK;
void input_close(struct input *input);

/* What lies there, before decompression: CONTENT_GZIP, CONTENT_ZSTD, CONTENT_ZIP, a capture, ... */
enum content input_packing(const struct input *input);
/* The next bytes, at most size; 0 at the end, with the trouble set when that is not a good end. */
size_t input_read(struct input *input, uint8_t *to, size_t size, struct trouble *trouble);

/* Bytes taken of what lies there (of a zip's entry: decompressed), and how many there are; 0 when that is not
 * known. */
uint64_t input_done(const struct input *input);
uint64_t input_total(const struct input *input);
/* What is read was compressed: its offsets are those of the decompressed bytes. */
bool input_is_unpacked(const struct input *input);
/* It can be opened again and gives the same: no pipe. */
bool input_is_repeatable(const struct input *input);

#endif
