/*
 * file - read and pread, with what must be done around them.
 */
#include "common/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_stopped(const struct file *file)
{
    return file->descriptors->stop && *file->descriptors->stop;
}

static int open_path(struct file *file)
{
    int descriptor;
    do
        descriptor = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (descriptor < 0 && errno == EINTR && !is_stopped(file));
    if (descriptor < 0)
        file->error = errno;
    else
        file->descriptors->open++;
    return descriptor;
}

static void close_descriptor(struct file *file)
{
    if (file->descriptor < 0)
        return;
    if (file->path) {
        (void)close(file->descriptor);
        file->descriptors->open--;
    }
    file->descriptor = -1;
}

enum err file_open(struct file *file, struct descriptors *descriptors, const char *path)
{
    *file = (struct file){.descriptors = descriptors, .path = path, .descriptor = STDIN_FILENO};
    if (path) {
        file->descriptor = open_path(file);
        if (file->descriptor < 0)
            return ERR_IO;
    }
    struct stat about;
    if (fstat(file->descriptor, &about) != 0)
        file->error = errno;
    else if (S_ISDIR(about.st_mode))
        file->error = EISDIR;
    if (file->error) {
        close_descriptor(file);
        return ERR_IO;
    }
    /* Standard input may be a file that was read in part by someone else: it is read on from there. */
    file->regular = path && S_ISREG(about.st_mode);
    file->device = about.st_dev;
    file->inode = about.st_ino;
    file->size = S_ISREG(about.st_mode) && about.st_size > 0 ? (uint64_t)about.st_size : 0;
    if (file->regular)
        (void)posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return ERR_OK;
}

void file_close(struct file *file)
{
    close_descriptor(file);
}

/* Opens the path again; it must still be the same file. */
static bool open_again(struct file *file)
{
    if (file->descriptor >= 0)
        return true;
    if (!file->regular)
        return false;
    file->descriptor = open_path(file);
    if (file->descriptor < 0)
        return false;
    struct stat about;
    if (fstat(file->descriptor, &about) == 0 && about.st_dev == file->device && about.st_ino == file->inode)
        return true;
    file->changed = true;
    close_descriptor(file);
    return false;
}

size_t file_read(struct file *file, void *to, size_t size)
{
    file->stopped |= is_stopped(file);
    if (file->stopped || file->error || file->changed || !open_again(file))
        return 0;
    ssize_t got;
    do
        got = file->regular ? pread(file->descriptor, to, size, (off_t)file->at)
                            : read(file->descriptor, to, size);
    while (got < 0 && errno == EINTR && !is_stopped(file));
    if (got < 0) {
        file->error = errno;
        file->stopped = errno == EINTR;
        return 0;
    }
    file->at += (uint64_t)got;
    if (file->regular && file->descriptors->open > file->descriptors->open_max)
        close_descriptor(file);
    return (size_t)got;
}

void file_seek(struct file *file, uint64_t at)
{
    REQUIRE(file->regular);
    file->at = at;
}

const char *file_failure(const struct file *file)
{
    if (file->stopped)
        return "interrupted";
    if (file->changed)
        return "another file has taken its place";
    return file->error ? strerror(file->error) : NULL;
}
