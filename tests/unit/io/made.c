/*
 * made - writers of captures for tests.
 */
#include "tests/unit/io/made.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum {
    MADE_FRAME_BYTES = 60,
    MADE_PATHS = 8,
    MADE_FTW_DESCRIPTORS = 16,
    MADE_BATCH = 7, /* odd on purpose: batches end anywhere */
};

void made_u16(struct writer *w, bool big, uint16_t v)
{
    big ? writer_u16be(w, v) : writer_u16le(w, v);
}

void made_u32(struct writer *w, bool big, uint32_t v)
{
    big ? writer_u32be(w, v) : writer_u32le(w, v);
}

void made_u64(struct writer *w, bool big, uint64_t v)
{
    big ? writer_u64be(w, v) : writer_u64le(w, v);
}

void made_pcap_header(struct writer *w, bool big, uint32_t magic, uint32_t snap_length, uint32_t linktype)
{
    made_u32(w, big, magic);
    made_u16(w, big, 2);
    made_u16(w, big, 4);
    made_u32(w, big, 0);
    made_u32(w, big, 0);
    made_u32(w, big, snap_length);
    made_u32(w, big, linktype);
}

static void fill_bytes(struct writer *w, uint32_t size, uint8_t fill)
{
    uint8_t *room = size > 0 ? writer_room(w, size) : NULL;
    if (room)
        memset(room, fill, size);
}

void made_pcap_record(struct writer *w, bool big, const uint32_t head[4], uint32_t extra, uint8_t fill)
{
    for (int i = 0; i < 4; i++)
        made_u32(w, big, head[i]);
    fill_bytes(w, extra, 0);
    fill_bytes(w, head[2], fill);
}

void made_block(struct writer *w, bool big, uint32_t type, struct str body)
{
    uint32_t padding = (4 - body.size % 4) % 4;
    made_u32(w, big, type);
    made_u32(w, big, 12 + body.size + padding);
    writer_str_bytes(w, body);
    fill_bytes(w, padding, 0);
    made_u32(w, big, 12 + body.size + padding);
}

void made_section(struct writer *w, bool big)
{
    struct writer body = {0};
    made_u32(&body, big, 0x1a2b3c4d);
    made_u16(&body, big, 1);
    made_u16(&body, big, 0);
    made_u64(&body, big, UINT64_MAX);
    made_block(w, big, 0x0a0d0d0a, writer_str(&body));
    writer_close(&body);
}

void made_interface(struct writer *w, bool big, uint16_t linktype, int resolution, int64_t offset)
{
    struct writer body = {0};
    made_u16(&body, big, linktype);
    made_u16(&body, big, 0);
    made_u32(&body, big, 262144);
    made_u16(&body, big, 2); /* if_name, which is not read */
    made_u16(&body, big, 3);
    writer_bytes(&body, "eth\0", 4);
    if (resolution >= 0) {
        made_u16(&body, big, 9);
        made_u16(&body, big, 1);
        writer_bytes(&body, &(uint8_t){(uint8_t)resolution}, 1);
        writer_bytes(&body, "\0\0\0", 3);
    }
    if (offset != 0) {
        made_u16(&body, big, 14);
        made_u16(&body, big, 8);
        made_u64(&body, big, (uint64_t)offset);
    }
    made_u32(&body, big, 0);
    made_block(w, big, 1, writer_str(&body));
    writer_close(&body);
}

void made_packet(struct writer *w, bool big, uint32_t interface, uint64_t stamp, struct str bytes)
{
    struct writer body = {0};
    made_u32(&body, big, interface);
    made_u32(&body, big, (uint32_t)(stamp >> 32));
    made_u32(&body, big, (uint32_t)stamp);
    made_u32(&body, big, bytes.size);
    made_u32(&body, big, bytes.size + 4);
    writer_str_bytes(&body, bytes);
    made_block(w, big, 6, writer_str(&body));
    writer_close(&body);
}

void made_capture(struct writer *w, uint64_t first_us, uint64_t step_us, uint32_t count, uint8_t fill)
{
    made_pcap_header(w, false, 0xa1b2c3d4, 262144, 1);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t us = first_us + i * step_us;
        uint32_t head[4] = {(uint32_t)(us / 1000000), (uint32_t)(us % 1000000), MADE_FRAME_BYTES,
                            MADE_FRAME_BYTES};
        made_pcap_record(w, false, head, 0, fill);
    }
}

void made_gzip(struct writer *w, struct str bytes)
{
    z_stream z = {0};
    REQUIRE(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    uLong bound = deflateBound(&z, bytes.size);
    z.next_in = (z_const Bytef *)(uintptr_t)bytes.at;
    z.avail_in = bytes.size;
    z.next_out = writer_room(w, bound);
    z.avail_out = (uInt)bound;
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    w->size -= z.avail_out;
    (void)deflateEnd(&z);
}

void made_zstd(struct writer *w, struct str bytes)
{
    size_t bound = ZSTD_compressBound(bytes.size);
    size_t size = ZSTD_compress(writer_room(w, bound), bound, bytes.at, bytes.size, 3);
    REQUIRE(!ZSTD_isError(size));
    w->size -= bound - size;
}

void made_folder(struct made_folder *folder)
{
    const char *under = getenv("TMPDIR");
    (void)snprintf(folder->path, sizeof(folder->path), "%s/orthrus-io-XXXXXX", under ? under : "/tmp");
    REQUIRE(mkdtemp(folder->path) != NULL);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

void made_folder_remove(struct made_folder *folder)
{
    REQUIRE(nftw(folder->path, remove_one, MADE_FTW_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0);
}

const char *made_path(const struct made_folder *folder, const char *name)
{
    static char paths[MADE_PATHS][512];
    static unsigned next;
    char *path = paths[next++ % MADE_PATHS];
    (void)snprintf(path, sizeof(paths[0]), "%s/%s", folder->path, name);
    return path;
}

const char *made_file(const struct made_folder *folder, const char *name, struct str bytes)
{
    const char *path = made_path(folder, name);
    FILE *file = fopen(path, "wb");
    REQUIRE(file != NULL);
    REQUIRE(bytes.size == 0 || fwrite(bytes.at, 1, bytes.size, file) == bytes.size);
    REQUIRE(fclose(file) == 0);
    return path;
}

static const char *behind_slash(struct str path)
{
    const char *found = path.at;
    for (uint32_t i = 0; i < path.size; i++)
        if (path.at[i] == '/')
            found = &path.at[i + 1];
    return found;
}

static void write_frame(struct made_run *run, const struct record *record)
{
    const struct frame *frame = record->body;
    REQUIRE(record->type == RECORD_frame && record->sequence == run->frames && record->slot == 0);
    REQUIRE(record->time >= run->last && frame->number > 0);
    const char *name = behind_slash(frame->file);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < frame->bytes.size; i++)
        sum += (uint8_t)frame->bytes.at[i];
    writer_print(&run->lines, "%" PRId64 " %.*s/%" PRIu64 " %u %u %u\n", record->time,
                 (int)(frame->file.at + frame->file.size - name), name, frame->number, frame->linktype,
                 frame->original_bytes, sum);
    run->first = run->frames == 0 ? record->time : run->first;
    run->last = record->time;
    run->frames++;
}

static void write_problems(struct made_run *run, const struct sources *sources)
{
    static const char *const kinds[] = {"note", "damaged", "unreadable"};
    for (uint32_t i = 0; i < sources_problem_count(sources); i++) {
        const struct sources_problem *problem = sources_problem(sources, i);
        writer_print(&run->problems, "%s %s: %s\n", kinds[problem->kind], behind_slash(str_of(problem->file)),
                     problem->text);
    }
}

void made_run(struct made_run *run, const char *const *arguments, uint32_t count)
{
    struct sources *sources = NULL;
    run->last = TIME_NS_NONE;
    if (run->options.files_max == 0)
        run->options.files_max = 4096; /* the table of the default would be mapped anew for each test */
    REQUIRE(sources_create(&sources, &run->options) == ERR_OK);
    for (uint32_t i = 0; i < count; i++)
        sources_add(sources, arguments[i]);
    sources_open(sources);
    struct batch batch;
    batch_init(&batch);
    uint32_t frames_max = run->batch ? run->batch : MADE_BATCH;
    for (bool more = true; more;) {
        batch_reset(&batch);
        more = sources_next(sources, &batch, frames_max);
        REQUIRE(batch.count >= 1 && batch.count <= frames_max + 1);
        for (uint32_t i = 0; i + 1 < batch.count; i++)
            write_frame(run, &batch.records[i]);
        REQUIRE(batch_last(&batch)->type == RECORD_watermark);
        REQUIRE(batch_last(&batch)->time == (more ? run->last : TIME_NS_END));
    }
    batch_close(&batch);
    write_problems(run, sources);
    run->totals = sources_totals(sources);
    run->progress = sources_progress(sources);
    REQUIRE(run->totals.frames == run->frames);
    sources_free(sources);
}

void made_run_close(struct made_run *run)
{
    writer_close(&run->lines);
    writer_close(&run->problems);
}

static const char *end_text(struct writer *w)
{
    writer_bytes(w, "", 1);
    w->size--;
    return (const char *)w->bytes;
}

const char *made_run_lines(struct made_run *run)
{
    return end_text(&run->lines);
}

const char *made_run_problems(struct made_run *run)
{
    return end_text(&run->problems);
}
