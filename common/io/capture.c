/*
 * capture - fills slabs from an input and walks a parser over them.
 */
#include "common/io/capture.h"

#include <stdio.h>

#include "common/io/capture_pcap.h"
#include "common/io/capture_pcapng.h"

enum {
    CAPTURE_READ_BYTES = 256 * 1024, /* asked of the input at a time: what stays in a processor's cache */
};

struct capture {
    struct input *input;
    struct slabs *slabs;
    struct slab *slab;    /* what is read into */
    size_t filled;        /* bytes of it */
    uint64_t slab_offset; /* where in the capture its first byte stands */
    struct reader reader; /* over what is filled, from what is not parsed yet */
    enum content format;
    struct pcap pcap;
    struct pcapng pcapng;
    time_ns time; /* of the frame before */
    uint32_t slabs_held;
    bool ended;
    struct capture_counts counts;
    struct trouble trouble;
};

/* The reader over the slab as it is filled now, from `from`. */
static void read_from(struct capture *c, size_t from)
{
    c->reader = reader_of(c->slab->bytes, c->filled);
    reader_skip(&c->reader, from);
}

/* A slab with more room: what is not parsed yet moves to its beginning. */
static void change_slab(struct capture *c, size_t want)
{
    struct str left = reader_rest(&c->reader);
    /* Twice of what is really there, and not what a length announces. */
    size_t size = want <= c->slabs->bytes ? 0 : (size_t)left.size * 2;
    struct slab *slab = slab_take(c->slabs, size, &c->slabs_held);
    if (left.size > 0)
        memcpy(slab->bytes, left.at, left.size);
    c->slab_offset += c->filled - left.size;
    slab_drop(c->slabs, c->slab);
    c->slab = slab;
    c->filled = left.size;
}

/* True when another slab is better: what is wanted would fit a slab but not this one, or reads would become
 * small. What fits no slab is read on until the slab is full, so that each byte of it is moved twice at most.
 */
static bool is_cramped(const struct capture *c, size_t want)
{
    size_t left = reader_left(&c->reader);
    size_t capacity = c->slab->capacity;
    size_t room = capacity - c->filled;
    if (room == 0 || (want <= capacity && room < want - left))
        return true;
    return room < capacity / 8 && left < capacity / 2;
}

/* Makes want bytes stand at the reader. False when the input ends before. */
static bool fill(struct capture *c, size_t want)
{
    while (reader_left(&c->reader) < want) {
        size_t left = reader_left(&c->reader);
        if (is_cramped(c, want)) {
            change_slab(c, want);
            read_from(c, 0);
        }
        size_t room = c->slab->capacity - c->filled;
        size_t size = room < CAPTURE_READ_BYTES ? room : CAPTURE_READ_BYTES;
        size_t got = input_read(c->input, &c->slab->bytes[c->filled], size, &c->trouble);
        if (got == 0)
            return false;
        c->filled += got;
        read_from(c, c->filled - got - left);
    }
    return true;
}

static uint64_t offset(const struct capture *c)
{
    return c->slab_offset + c->filled - reader_left(&c->reader);
}

/* False when the input ends within it. */
static bool skip(struct capture *c, uint64_t size)
{
    while (size > 0) {
        if (reader_left(&c->reader) == 0 && !fill(c, 1))
            return false;
        size_t left = reader_left(&c->reader);
        size_t part = size < left ? (size_t)size : left;
        reader_skip(&c->reader, part);
        size -= part;
    }
    return true;
}

static enum capture_step parse(struct capture *c, struct capture_item *item)
{
    return c->format == CONTENT_PCAP ? pcap_next(&c->pcap, &c->reader, item)
                                     : pcapng_next(&c->pcapng, &c->reader, item);
}

static const char *unit(const struct capture *c)
{
    return input_is_unpacked(c->input) ? " of the decompressed data" : "";
}

/* The input is over: well between two items, and in the middle of one it is cut. */
static void end(struct capture *c, uint64_t begin)
{
    c->ended = true;
    c->counts.bytes = begin;
    unsigned long long all = c->slab_offset + c->filled;
    char *text = c->trouble.text;
    size_t used = strnlen(text, sizeof(c->trouble.text) - 1);
    if (c->trouble.kind != TROUBLE_NONE)
        (void)snprintf(&text[used], sizeof(c->trouble.text) - used, ", at byte %llu%s", all, unit(c));
    else if (all > begin)
        trouble_set(&c->trouble, TROUBLE_TRUNCATED,
                    "it ends at byte %llu%s, within a %s that begins at byte %llu", all, unit(c),
                    c->format == CONTENT_PCAP ? "frame" : "block", (unsigned long long)begin);
}

static void end_damaged(struct capture *c, uint64_t begin, const char *reason)
{
    c->ended = true;
    c->counts.bytes = begin;
    trouble_set(&c->trouble, TROUBLE_DAMAGED, "it is damaged at byte %llu%s: %s", (unsigned long long)begin,
                unit(c), reason);
}

static void give(struct capture *c, const struct capture_item *item, struct capture_frame *frame)
{
    c->counts.frames++;
    c->counts.untimed += item->untimed;
    if (!item->untimed)
        c->time = item->time;
    slab_hold(c->slab);
    *frame = (struct capture_frame){.time = c->time,
                                    .number = c->counts.frames,
                                    .bytes = item->bytes,
                                    .original_bytes = item->original_bytes,
                                    .linktype = item->linktype,
                                    .slab = c->slab};
}

bool capture_read(struct capture *c, struct capture_frame *frame)
{
    struct capture_item item;
    while (!c->ended) {
        uint64_t begin = offset(c);
        switch (parse(c, &item)) {
        case CAPTURE_FRAME:
            give(c, &item, frame);
            return true;
        case CAPTURE_MORE:
            if (!fill(c, item.want))
                end(c, begin);
            break;
        case CAPTURE_SKIPPED:
            if (!skip(c, item.skip))
                end(c, begin);
            break;
        case CAPTURE_BAD:
            end_damaged(c, begin, item.reason);
            break;
        }
    }
    return false;
}

/* What is inside is no capture: says what it is, and what it is wrapped in. */
static enum err tell_content(struct capture *c, enum content content, struct trouble *trouble)
{
    if (c->trouble.kind != TROUBLE_NONE) {
        *trouble = c->trouble;
        return ERR_FORMAT;
    }
    enum content packing = input_packing(c->input);
    if (packing == content)
        trouble_set(trouble, TROUBLE_CONTENT, "%s", content_text(content));
    else
        trouble_set(trouble, TROUBLE_CONTENT, "is compressed by %s, and what is inside %s",
                    content_name(packing), content_text(content));
    return ERR_UNSUPPORTED;
}

static enum err begin_format(struct capture *c, struct trouble *trouble)
{
    if (c->format == CONTENT_PCAPNG)
        return ERR_OK;
    struct capture_item item = {0};
    enum capture_step step = CAPTURE_MORE;
    if (fill(c, PCAP_HEADER_BYTES))
        step = pcap_header(&c->pcap, &c->reader, &item);
    if (step == CAPTURE_SKIPPED)
        return ERR_OK;
    if (c->trouble.kind != TROUBLE_NONE)
        *trouble = c->trouble;
    else if (step == CAPTURE_MORE)
        trouble_set(trouble, TROUBLE_TRUNCATED, "it ends at byte %llu, within the header of a capture",
                    (unsigned long long)c->filled);
    else
        trouble_set(trouble, TROUBLE_DAMAGED, "it is damaged at byte 0: %s", item.reason);
    return ERR_FORMAT;
}

enum err capture_open(struct capture **out, struct slabs *slabs, struct input *input, enum content *content,
                      struct trouble *trouble)
{
    struct capture *c = calloc(1, sizeof(*c));
    if (!c) {
        input_close(input);
        trouble_set(trouble, TROUBLE_OPEN, "%s", err_text(ERR_MEMORY));
        return ERR_MEMORY;
    }
    c->input = input;
    c->slabs = slabs;
    c->slab = slab_take(slabs, 0, &c->slabs_held);
    read_from(c, 0);
    (void)fill(c, CONTENT_PEEK_BYTES);
    struct reader head = c->reader;
    size_t size = reader_left(&head) < CONTENT_PEEK_BYTES ? reader_left(&head) : CONTENT_PEEK_BYTES;
    *content = c->format = content_of(reader_bytes(&head, size));
    enum err err =
        content_is_capture(c->format) ? begin_format(c, trouble) : tell_content(c, c->format, trouble);
    if (err != ERR_OK) {
        capture_close(c);
        return err;
    }
    *out = c;
    return ERR_OK;
}

void capture_close(struct capture *c)
{
    if (!c)
        return;
    slab_drop(c->slabs, c->slab);
    pcapng_close(&c->pcapng);
    input_close(c->input);
    free(c);
}

const struct trouble *capture_trouble(const struct capture *c)
{
    return &c->trouble;
}

struct capture_counts capture_counts(const struct capture *c)
{
    struct capture_counts counts = c->counts;
    if (!c->ended)
        counts.bytes = offset(c);
    return counts;
}

enum content capture_format(const struct capture *c)
{
    return c->format;
}

enum content capture_packing(const struct capture *c)
{
    return input_packing(c->input);
}

const struct input *capture_input(const struct capture *c)
{
    return c->input;
}

uint32_t capture_slabs_held(const struct capture *c)
{
    return c->slabs_held;
}

struct slab *capture_take_slab(struct capture *c, size_t size)
{
    return slab_take(c->slabs, size, &c->slabs_held);
}
