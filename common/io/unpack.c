/*
 * unpack - zlib and libzstd behind one step function.
 */
#include "common/io/unpack.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "common/base/reader.h"

enum {
    GZIP_ONLY_WINDOW_BITS = 15 + 16, /* zlib: the largest window, a gzip header */
    GZIP_FIRST_BYTE = 0x1f,
};

struct unpack {
    enum content content;
    bool inside;
    bool began; /* one member at least was whole */
    z_stream gzip;
    ZSTD_DStream *zstd;
};

enum err unpack_create(struct unpack **out, enum content content)
{
    REQUIRE(content_is_packed(content));
    struct unpack *u = calloc(1, sizeof(*u));
    if (!u)
        return ERR_MEMORY;
    u->content = content;
    bool made;
    if (content == CONTENT_GZIP)
        made = inflateInit2(&u->gzip, GZIP_ONLY_WINDOW_BITS) == Z_OK;
    else
        made = (u->zstd = ZSTD_createDStream()) != NULL; /* refuses windows over 128 MiB by itself */
    if (!made) {
        free(u);
        return ERR_MEMORY;
    }
    *out = u;
    return ERR_OK;
}

void unpack_free(struct unpack *u)
{
    if (!u)
        return;
    if (u->content == CONTENT_GZIP)
        (void)inflateEnd(&u->gzip);
    (void)ZSTD_freeDStream(u->zstd);
    free(u);
}

bool unpack_is_inside(const struct unpack *u)
{
    return u->inside;
}

static void move_on(struct unpack_io *io, size_t size)
{
    struct reader r = reader_of_str(io->in);
    reader_skip(&r, size);
    io->in = reader_rest(&r);
}

/* Between members: zeros are padding (tapes had it), the first byte of another member goes on. */
static enum unpack_state begin_member(struct unpack *u, struct unpack_io *io)
{
    struct reader r = reader_of_str(io->in);
    while (u->began && reader_left(&r) > 0 && reader_peek_u8(&r) == 0)
        reader_skip(&r, 1);
    bool more = reader_left(&r) > 0;
    bool other = u->began && more && reader_peek_u8(&r) != GZIP_FIRST_BYTE;
    io->in = reader_rest(&r);
    if (other)
        return UNPACK_TRAILING;
    u->inside = more;
    return UNPACK_OK;
}

static enum unpack_state step_gzip(struct unpack *u, struct unpack_io *io)
{
    if (!u->inside) {
        enum unpack_state state = begin_member(u, io);
        if (state != UNPACK_OK || !u->inside)
            return state;
    }
    z_stream *z = &u->gzip;
    z->next_in = (z_const Bytef *)(uintptr_t)io->in.at;
    z->avail_in = io->in.size;
    z->next_out = io->out;
    z->avail_out = (uInt)(io->out_size < UINT32_MAX ? io->out_size : UINT32_MAX);
    uInt room = z->avail_out;
    int answer = inflate(z, Z_NO_FLUSH);
    move_on(io, io->in.size - z->avail_in);
    io->made = room - z->avail_out;
    if (answer == Z_STREAM_END) {
        u->inside = false;
        u->began = true;
        answer = inflateReset(z);
    }
    /* Z_BUF_ERROR only says that there was nothing to do. */
    if (answer == Z_OK || answer == Z_BUF_ERROR)
        return UNPACK_OK;
    io->reason = z->msg ? z->msg : "it cannot be decompressed";
    return UNPACK_DAMAGED;
}

static enum unpack_state step_zstd(struct unpack *u, struct unpack_io *io)
{
    ZSTD_inBuffer in = {.src = io->in.at, .size = io->in.size};
    ZSTD_outBuffer out = {.dst = io->out, .size = io->out_size};
    if (io->in.size == 0 && !u->inside)
        return UNPACK_OK;
    bool between = !u->inside && u->began;
    size_t answer = ZSTD_decompressStream(u->zstd, &out, &in);
    move_on(io, in.pos);
    io->made = out.pos;
    if (!ZSTD_isError(answer)) {
        u->inside = answer != 0;
        u->began |= answer == 0;
        return UNPACK_OK;
    }
    io->reason = ZSTD_getErrorName(answer);
    return between && ZSTD_getErrorCode(answer) == ZSTD_error_prefix_unknown ? UNPACK_TRAILING
                                                                             : UNPACK_DAMAGED;
}

enum unpack_state unpack_step(struct unpack *u, struct unpack_io *io)
{
    io->made = 0;
    io->reason = NULL;
    return u->content == CONTENT_GZIP ? step_gzip(u, io) : step_zstd(u, io);
}
