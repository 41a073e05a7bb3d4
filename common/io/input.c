/*
 * input - a file or an entry below, a decompressor on it when its first bytes ask for one.
 */
#include "common/io/input.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/reader.h"
#include "common/io/unpack.h"
#include "common/io/zip.h"

enum {
    INPUT_RAW_BYTES = 64 * 1024,
};

struct input {
    struct input_shared *shared;
    struct input_place place;
    struct file file;
    struct zip *zip;       /* null: no entry */
    struct unpack *unpack; /* null: the bytes are given as they are */
    enum content packing;
    bool raw_ended;
    bool ended;
    uint64_t entry_bytes;  /* size of the entry, when it is told */
    uint64_t entry_at;     /* where in the archive it begins, or a little behind that */
    uint64_t raw;          /* bytes taken from below */
    uint64_t unpacked;     /* bytes that a decompressor made, the zip's own too */
    struct reader waiting; /* raw bytes that were read and not used */
    uint8_t bytes[INPUT_RAW_BYTES];
};

void trouble_set(struct trouble *trouble, enum trouble_kind kind, const char *format, ...)
{
    if (trouble->kind != TROUBLE_NONE)
        return;
    va_list args;
    va_start(args, format);
    trouble->kind = (uint8_t)kind;
    (void)vsnprintf(trouble->text, sizeof(trouble->text), format, args);
    va_end(args);
}

/* From the file, or from the zip's entry. */
static size_t read_raw(struct input *in, void *to, size_t size, struct trouble *trouble)
{
    if (in->raw_ended)
        return 0;
    size_t got = in->zip ? zip_read(in->zip, to, size) : file_read(&in->file, to, size);
    in->raw += got;
    if (got > 0)
        return got;
    in->raw_ended = true;
    const char *failure = in->zip ? zip_failure(in->zip) : file_failure(&in->file);
    if (failure && in->zip)
        trouble_set(trouble, TROUBLE_DAMAGED, "the zip archive is damaged (%s)", failure);
    else if (failure)
        trouble_set(trouble, TROUBLE_OPEN, "cannot be read: %s", failure);
    if (!in->zip)
        file_close(&in->file);
    return 0;
}

/* Reads until there is enough to tell the kind. */
static enum err look(struct input *in, struct trouble *trouble)
{
    size_t size = 0;
    while (size < CONTENT_PEEK_BYTES) {
        size_t got = read_raw(in, &in->bytes[size], sizeof(in->bytes) - size, trouble);
        if (got == 0)
            break;
        size += got;
    }
    if (size == 0 && trouble->kind != TROUBLE_NONE)
        return ERR_IO;
    in->waiting = reader_of(in->bytes, size);
    struct reader head = in->waiting;
    in->packing = content_of(reader_bytes(&head, size < CONTENT_PEEK_BYTES ? size : CONTENT_PEEK_BYTES));
    return content_is_packed(in->packing) ? unpack_create(&in->unpack, in->packing) : ERR_OK;
}

static enum err find_entry(struct input *in, struct trouble *trouble)
{
    enum err err = zip_open(&in->zip, &in->file);
    struct zip_entry entry = {0};
    for (uint32_t i = 0; err == ERR_OK && i <= in->place.entry; i++)
        err = zip_next(in->zip, &entry);
    if (err == ERR_OK && entry.is_sealed) {
        trouble_set(trouble, TROUBLE_CONTENT, "needs a password");
        return ERR_UNSUPPORTED;
    }
    if (err != ERR_OK) {
        const char *failure = in->zip ? zip_failure(in->zip) : NULL;
        trouble_set(trouble, TROUBLE_OPEN, "the zip archive cannot be read: %s",
                    failure          ? failure
                    : err == ERR_END ? "the entry is gone"
                                     : err_text(err));
        return ERR_IO;
    }
    in->entry_bytes = entry.size;
    in->entry_at = in->file.at;
    return ERR_OK;
}

enum err input_open(struct input **out, struct input_shared *shared, const struct input_place *place,
                    struct trouble *trouble)
{
    struct input *in = calloc(1, sizeof(*in));
    if (!in)
        return ERR_MEMORY;
    in->shared = shared;
    in->place = *place;
    enum err err = file_open(&in->file, &shared->descriptors, place->path);
    if (err != ERR_OK)
        trouble_set(trouble, TROUBLE_OPEN, "cannot be opened: %s", file_failure(&in->file));
    else if (place->is_entry)
        err = find_entry(in, trouble);
    if (err == ERR_OK)
        err = look(in, trouble);
    if (err != ERR_OK) {
        trouble_set(trouble, TROUBLE_OPEN, "%s", err_text(err));
        input_close(in);
        return err;
    }
    *out = in;
    return ERR_OK;
}

void input_close(struct input *in)
{
    if (!in)
        return;
    unpack_free(in->unpack);
    zip_close(in->zip);
    file_close(&in->file);
    free(in);
}

enum content input_packing(const struct input *in)
{
    return in->packing;
}

static size_t take_waiting(struct input *in, uint8_t *to, size_t size)
{
    size_t left = reader_left(&in->waiting);
    struct str bytes = reader_bytes(&in->waiting, size < left ? size : left);
    if (bytes.size > 0)
        memcpy(to, bytes.at, bytes.size);
    return bytes.size;
}

/* A small input that becomes a very large one is a bomb, whatever it holds. */
static bool is_over_limit(struct input *in, size_t made, struct trouble *trouble)
{
    const struct input_shared *limits = in->shared;
    in->unpacked += made;
    uint64_t all = in->unpacked;
    if (in->place.unpacked)
        all = *in->place.unpacked += made;
    uint64_t packed = in->raw;
    if (in->zip)
        packed = (in->file.at > in->entry_at ? in->file.at - in->entry_at : 0) + INPUT_RAW_BYTES;
    if (all > limits->decompressed_bytes_max)
        trouble_set(trouble, TROUBLE_LIMIT, "more than %llu bytes come out of it, which is the limit",
                    (unsigned long long)limits->decompressed_bytes_max);
    else if (in->unpacked > limits->ratio_free_bytes && in->unpacked / limits->ratio_max > packed)
        trouble_set(trouble, TROUBLE_LIMIT, "it is compressed by more than 1:%u, as no capture is but a bomb",
                    limits->ratio_max);
    return trouble->kind == TROUBLE_LIMIT;
}

static void tell_unpack(struct input *in, enum unpack_state state, const char *reason,
                        struct trouble *trouble)
{
    const char *name = content_name(in->packing);
    if (state == UNPACK_TRAILING)
        trouble_set(trouble, TROUBLE_TRAILING, "something else follows the %s data and is not read", name);
    else if (state == UNPACK_DAMAGED)
        trouble_set(trouble, TROUBLE_DAMAGED, "the %s data is damaged (%s)", name, reason);
    else if (unpack_is_inside(in->unpack))
        trouble_set(trouble, TROUBLE_TRUNCATED, "the %s data ends too early", name);
}

static size_t read_unpacked(struct input *in, uint8_t *to, size_t size, struct trouble *trouble)
{
    while (!in->ended) {
        if (reader_left(&in->waiting) == 0)
            in->waiting = reader_of(in->bytes, read_raw(in, in->bytes, sizeof(in->bytes), trouble));
        struct unpack_io io = {.in = reader_rest(&in->waiting), .out = to, .out_size = size};
        uint32_t had = io.in.size;
        enum unpack_state state = unpack_step(in->unpack, &io);
        in->waiting = reader_of_str(io.in);
        bool stuck = io.made == 0 && io.in.size == had && (had > 0 || in->raw_ended);
        if (state != UNPACK_OK || stuck) {
            in->ended = true;
            tell_unpack(in, state, io.reason, trouble);
        }
        if (io.made > 0) {
            in->ended |= is_over_limit(in, io.made, trouble);
            return io.made;
        }
    }
    return 0;
}

size_t input_read(struct input *in, uint8_t *to, size_t size, struct trouble *trouble)
{
    if (in->unpack)
        return read_unpacked(in, to, size, trouble);
    size_t got = take_waiting(in, to, size);
    if (got == 0 && !in->ended)
        got = read_raw(in, to, size, trouble);
    if (in->zip && got > 0)
        in->ended |= is_over_limit(in, got, trouble);
    return got;
}

uint64_t input_done(const struct input *in)
{
    return in->raw;
}

uint64_t input_total(const struct input *in)
{
    return in->zip ? in->entry_bytes : in->file.size;
}

bool input_is_unpacked(const struct input *in)
{
    return in->zip || in->unpack;
}

bool input_is_repeatable(const struct input *in)
{
    return in->file.regular;
}
