/*
 * sources - capture files, folders and standard input as one stream of frames in the order of time.
 *
 *     sources_create(&sources, NULL);
 *     sources_add(sources, "captures/");            any number of them, "-" is standard input
 *     sources_open(sources);                        looks into each; problems can be told now
 *     do {
 *         batch_reset(&batch);
 *         more = sources_next(sources, &batch, 4096);
 *         ... step, tell problems that are new ...
 *     } while (more);
 *     sources_free(sources);
 *
 * Frames come by (time, rank of the file, number in the file). The rank is decided by what a file holds (time
 * and hash of its first frame), so the order of the arguments changes nothing. Frames of one file may be out
 * of order by up to look_ahead_frames; one that comes later than that is given at the time of the frame
 * before it, counted, and told once per file. The stream's time never goes back.
 *
 * What goes wrong in a file is a problem in a list and harms no other file; there is no enum err for it. One
 * owner, no threads. Reads block; nothing else here does.
 */
#ifndef ORTHRUS_IO_SOURCES_H
#define ORTHRUS_IO_SOURCES_H

#include <signal.h>

#include "common/stream/batch.h"

enum {
    SOURCES_LOOK_AHEAD_FRAMES = 512,
    SOURCES_LOOK_AHEAD_FRAMES_MAX = 1 << 16,
    SOURCES_OPEN_MAX = 128,
    SOURCES_FILES_MAX = 100000,
    SOURCES_ARCHIVE_ENTRIES_MAX = 10000,
    SOURCES_PROBLEMS_MAX = 10000, /* told; further ones are only counted */
    /* Deflate itself cannot do more than 1:1032, and only for a run of one byte; real captures stay below
       1:50. */
    SOURCES_RATIO_MAX = 500,
};

#define SOURCES_RATIO_FREE_BYTES       ((uint64_t)64 << 20)
#define SOURCES_DECOMPRESSED_BYTES_MAX ((uint64_t)64 << 30)

/* A field that is zero takes its default from above. */
struct sources_options {
    uint64_t decompressed_bytes_max; /* of one compressed file, or of all entries of one zip together */
    uint64_t ratio_free_bytes;       /* decompressed, before the ratio counts */
    uint32_t ratio_max;              /* decompressed : compressed */
    uint32_t archive_entries_max;    /* of one zip; the rest is told and left */
    uint32_t files_max;              /* of all arguments together */
    uint32_t open_max; /* file descriptors at a time; files beyond are opened when their time comes */
    uint32_t look_ahead_frames;        /* per file */
    const volatile sig_atomic_t *stop; /* null, or set by a signal: then reads fail as interrupted */
};

enum problem_kind {
    PROBLEM_NOTE,       /* worth a line: given twice, skipped in a folder, out of order */
    PROBLEM_DAMAGED,    /* truncated or damaged: what came before was given */
    PROBLEM_UNREADABLE, /* nothing could be read: no such file, no permission, not a capture (exit code 3) */
};

struct sources_problem {
    uint8_t kind; /* enum problem_kind */
    bool has_offset;
    bool unpacked;    /* the offset counts decompressed bytes */
    uint64_t offset;  /* byte at which it broke */
    const char *file; /* as the user named it, or as its folder or archive lists it; never null */
    const char *text; /* for a person, without the name; says the offset as well */
};

struct sources_file {
    const char *name;
    const char *format;  /* "pcap", "pcapng", ...; empty when it could not be read */
    const char *packing; /* "gzip", "zstd", "zip", or empty */
    uint64_t frames;     /* given so far */
    uint64_t bytes;      /* of the capture, decompressed, read so far */
    uint64_t late;       /* frames that came later than the look-ahead could put right */
    time_ns late_max;    /* by how much at most */
    time_ns first;       /* time of the first frame given; TIME_NS_NONE before */
    time_ns last;
    bool ended;
};

struct sources_totals {
    uint32_t files;      /* captures */
    uint32_t unreadable; /* files told as PROBLEM_UNREADABLE */
    uint32_t damaged;    /* files told as PROBLEM_DAMAGED */
    uint32_t skipped;    /* files in folders and archives that are no captures */
    uint64_t frames;
    uint64_t bytes; /* of captures, decompressed */
    uint64_t late;
};

/* Bytes as they lie on disk (of a zip's entries: decompressed). Meaningful as a share only: files that are
 * looked into twice count once. */
struct sources_progress {
    uint64_t done;
    uint64_t total;
    bool total_known; /* false with standard input or a pipe among them */
};

struct sources;

/* options may be null. The stop flag is borrowed for the life of the sources. */
enum err sources_create(struct sources **sources, const struct sources_options *options) MUST_CHECK;
/* Ends what sources_next() lent out. */
void sources_free(struct sources *sources);

/* A file, a folder (walked in sorted order), or "-". The text is copied. Only before sources_open(). */
void sources_add(struct sources *sources, const char *argument);
/* Opens each file, tells its kind by its content and reads up to its first frames. Once. */
void sources_open(struct sources *sources);
/*
 * Appends up to frames_max (at least 1) `frame` records and then one watermark to out, which the caller has
 * reset. True: more may come, and the watermark is the time of the last frame. False: all inputs have ended,
 * and the watermark is TIME_NS_END. The frames' bytes are lent until the next call; the file names until
 * sources_free(). A frame's id is none, its slot 0, its sequence counts from 0 over all files.
 */
bool sources_next(struct sources *sources, struct batch *out, uint32_t frames_max);

/* Problems only grow: a caller tells those from the index it stopped at. What is returned lives until the
 * next problem is added (its texts until sources_free()). */
uint32_t sources_problem_count(const struct sources *sources);
const struct sources_problem *sources_problem(const struct sources *sources, uint32_t index);

/* The captures, in the order they were found. Null past the last; lives until the next call of this function.
 */
const struct sources_file *sources_file(struct sources *sources, uint32_t index);
struct sources_totals sources_totals(const struct sources *sources);
struct sources_progress sources_progress(const struct sources *sources);

#endif
