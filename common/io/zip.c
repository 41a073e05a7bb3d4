/*
 * zip - libarchive's callbacks over a struct file.
 */
#include "common/io/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

enum {
    ZIP_READ_BYTES = 64 * 1024,
};

struct zip {
    struct archive *archive;
    struct file *file;
    uint32_t entries;
    bool failed;
    uint8_t bytes[ZIP_READ_BYTES];
};

static la_ssize_t on_read(struct archive *archive, void *self, const void **bytes)
{
    struct zip *zip = self;
    *bytes = zip->bytes;
    size_t got = file_read(zip->file, zip->bytes, sizeof(zip->bytes));
    const char *failure = got == 0 ? file_failure(zip->file) : NULL;
    if (!failure)
        return (la_ssize_t)got;
    archive_set_error(archive, EIO, "%s", failure);
    return ARCHIVE_FATAL;
}

static la_int64_t on_seek(struct archive *archive, void *self, la_int64_t offset, int whence)
{
    (void)archive;
    struct zip *zip = self;
    int64_t from = 0;
    if (whence == SEEK_CUR)
        from = (int64_t)zip->file->at;
    else if (whence == SEEK_END)
        from = (int64_t)zip->file->size;
    int64_t to;
    if (__builtin_add_overflow(from, offset, &to) || to < 0)
        return ARCHIVE_FATAL;
    file_seek(zip->file, (uint64_t)to);
    return to;
}

static la_int64_t on_skip(struct archive *archive, void *self, la_int64_t request)
{
    uint64_t before = ((struct zip *)self)->file->at;
    return on_seek(archive, self, request, SEEK_CUR) < 0
               ? 0
               : (la_int64_t)(((struct zip *)self)->file->at - before);
}

enum err zip_open(struct zip **out, struct file *file)
{
    REQUIRE(file->regular);
    struct zip *zip = malloc(sizeof(*zip));
    if (!zip)
        return ERR_MEMORY;
    *zip = (struct zip){.file = file, .archive = archive_read_new()};
    if (!zip->archive) {
        free(zip);
        return ERR_MEMORY;
    }
    *out = zip;
    file_seek(file, 0);
    struct archive *a = zip->archive;
    if (archive_read_support_format_zip(a) == ARCHIVE_OK &&
        archive_read_set_read_callback(a, on_read) == ARCHIVE_OK &&
        archive_read_set_seek_callback(a, on_seek) == ARCHIVE_OK &&
        archive_read_set_skip_callback(a, on_skip) == ARCHIVE_OK &&
        archive_read_set_callback_data(a, zip) == ARCHIVE_OK && archive_read_open1(a) == ARCHIVE_OK)
        return ERR_OK;
    zip->failed = true;
    return ERR_FORMAT;
}

void zip_close(struct zip *zip)
{
    if (!zip)
        return;
    (void)archive_read_free(zip->archive);
    free(zip);
}

enum err zip_next(struct zip *zip, struct zip_entry *entry)
{
    if (zip->failed)
        return ERR_FORMAT;
    struct archive_entry *found;
    int answer = archive_read_next_header(zip->archive, &found);
    if (answer == ARCHIVE_EOF)
        return ERR_END;
    if (answer != ARCHIVE_OK && answer != ARCHIVE_WARN) {
        zip->failed = true;
        return ERR_FORMAT;
    }
    /* The first is null when the name does not fit the locale. */
    const char *name = archive_entry_pathname(found);
    if (!name)
        name = archive_entry_pathname_utf8(found);
    int64_t size = archive_entry_size_is_set(found) ? archive_entry_size(found) : 0;
    *entry = (struct zip_entry){.number = zip->entries++,
                                .is_file = archive_entry_filetype(found) == AE_IFREG,
                                .is_sealed = archive_entry_is_encrypted(found) != 0,
                                .size = size > 0 ? (uint64_t)size : 0,
                                .name = name ? name : "an entry without a name"};
    return ERR_OK;
}

size_t zip_read(struct zip *zip, void *to, size_t size)
{
    if (zip->failed)
        return 0;
    la_ssize_t got = archive_read_data(zip->archive, to, size);
    if (got >= 0)
        return (size_t)got;
    zip->failed = true;
    return 0;
}

const char *zip_failure(const struct zip *zip)
{
    if (!zip->failed)
        return NULL;
    const char *text = archive_error_string(zip->archive);
    return text ? text : "it cannot be read as a zip archive";
}
