/*
 * zip - the entries of a zip archive, by libarchive, over a struct file.
 *
 * Only its zip reader is switched on. Each entry that is read has a reader of its own, so that entries can be
 * merged side by side. The archive's descriptor is a struct file's: it is given back between reads like any
 * other.
 */
#ifndef ORTHRUS_IO_ZIP_H
#define ORTHRUS_IO_ZIP_H

#include "common/io/file.h"

struct zip;

/* A part of the archive's own listing. */
struct zip_entry {
    uint32_t number;  /* from 0, in the order of the archive */
    bool is_file;     /* neither folder nor link */
    bool is_sealed;   /* needs a password */
    uint64_t size;    /* decompressed, as it is told; 0 when it is not */
    const char *name; /* any bytes; borrowed until the next call */
};

/* file is a regular file, borrowed until zip_close(). */
enum err zip_open(struct zip **zip, struct file *file) MUST_CHECK;
void zip_close(struct zip *zip);
/* ERR_OK, ERR_END behind the last, or ERR_FORMAT with zip_failure(). */
enum err zip_next(struct zip *zip, struct zip_entry *entry);
/* Bytes of the entry found last; 0 at its end or when it failed (zip_failure() then tells). */
size_t zip_read(struct zip *zip, void *to, size_t size);
/* For a person; null when nothing failed. Lives as long as the zip. */
const char *zip_failure(const struct zip *zip);

#endif
