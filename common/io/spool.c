/*
 * spool - tmpfile's descriptor, written until the input ends.
 */
#include "common/io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
    SPOOL_READ_BYTES = 64 * 1024,
};

static bool write_all(int descriptor, const uint8_t *bytes, size_t size)
{
    size_t written = 0;
    while (written < size) {
        ssize_t part = write(descriptor, &bytes[written], size - written);
        if (part < 0 && errno != EINTR)
            return false;
        written += part > 0 ? (size_t)part : 0;
    }
    return true;
}

static enum err copy(int descriptor, struct input *input, uint64_t bytes_max, struct trouble *trouble)
{
    uint8_t bytes[SPOOL_READ_BYTES];
    uint64_t all = 0;
    for (size_t size; (size = input_read(input, bytes, sizeof(bytes), trouble)) > 0;) {
        all += size;
        if (all > bytes_max) {
            trouble_set(trouble, TROUBLE_LIMIT,
                        "more than %llu bytes come through the pipe, which is the limit",
                        (unsigned long long)bytes_max);
            return ERR_LIMIT;
        }
        if (!write_all(descriptor, bytes, size)) {
            trouble_set(trouble, TROUBLE_OPEN, "cannot be kept in a temporary file: %s", strerror(errno));
            return ERR_IO;
        }
    }
    return trouble->kind == TROUBLE_NONE ? ERR_OK : ERR_IO;
}

/* In TMPDIR where that is set, without a name from the start. */
static int open_temporary(void)
{
    const char *folder = getenv("TMPDIR");
    int descriptor = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return descriptor;
    FILE *file = tmpfile();
    if (!file)
        return -1;
    descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    (void)fclose(file);
    return descriptor;
}

enum err spool_open(struct spool *spool, struct arena *arena, struct input *input, uint64_t bytes_max,
                    struct trouble *trouble)
{
    *spool = (struct spool){.descriptor = open_temporary()};
    if (spool->descriptor < 0) {
        trouble_set(trouble, TROUBLE_OPEN, "cannot be kept in a temporary file: %s", strerror(errno));
        return ERR_IO;
    }
    enum err err = copy(spool->descriptor, input, bytes_max, trouble);
    if (err != ERR_OK) {
        spool_close(spool);
        return err;
    }
    spool->path = arena_print(arena, "/proc/self/fd/%d", spool->descriptor).at;
    return ERR_OK;
}

void spool_close(struct spool *spool)
{
    if (spool->descriptor >= 0)
        (void)close(spool->descriptor);
    *spool = (struct spool){.descriptor = -1};
}
