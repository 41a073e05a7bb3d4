/*
 * file - bytes of a file, a pipe or standard input, at most so many descriptors at a time.
 *
 * A regular file keeps its place by itself: when more descriptors are open than allowed, it gives its own
 * back after a read and opens the path again for the next, so that any number of files can be read side by
 * side. One owner, no threads. Interrupted reads go on, unless the stop flag is set.
 */
#ifndef ORTHRUS_IO_FILE_H
#define ORTHRUS_IO_FILE_H

#include <signal.h>
#include <sys/types.h>

#include "common/base/base.h"

/* Shared by all files of a run. */
struct descriptors {
    uint32_t open;
    uint32_t open_max;
    const volatile sig_atomic_t *stop; /* may be null */
};

struct file {
    struct descriptors *descriptors;
    const char *path; /* borrowed; null is standard input */
    int descriptor;   /* -1: not open now */
    int error;        /* errno of what failed; 0 */
    bool regular;     /* has a size, and can be read at any place again */
    bool changed;     /* another file stands at the path now */
    bool stopped;     /* the stop flag was seen */
    dev_t device;
    ino_t inode;
    uint64_t size; /* of a regular file, when it was opened */
    uint64_t at;   /* where the next read begins */
};

/* ERR_OK, or ERR_IO with file->error. path is borrowed for the life of the file; null is standard input. */
enum err file_open(struct file *file, struct descriptors *descriptors, const char *path) MUST_CHECK;
void file_close(struct file *file);
/* Up to size bytes; 0 at the end, or when it failed (file_failure() tells). */
size_t file_read(struct file *file, void *to, size_t size);
/* Only for a regular file. */
void file_seek(struct file *file, uint64_t at);
/* What failed, for a person; null when nothing has. */
const char *file_failure(const struct file *file);

#endif
