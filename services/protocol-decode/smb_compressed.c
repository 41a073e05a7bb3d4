/*
 * smb_compressed - the message inside of a compressed one (MS-SMB2 2.2.42, 3.1.5.3).
 *
 * What is opened is bounded by what is held of any message. The header is told as it was sent, so that one
 * that no client sends stands out: an offset or a size that leads past every message is CVE-2020-0796.
 */
#include "services/protocol-decode/smb_exchange.h"
#include "services/protocol-decode/xca.h"

enum {
    /* 2.2.3.1.3 */
    ALGORITHM_NONE = 0,
    ALGORITHM_PATTERN_V1 = 4,
    ALGORITHMS = 6,
    FLAG_CHAINED = 1,
    PAYLOADS_MAX = 64,
    PATTERN_BYTES = 8,
    ORIGINAL_SIZE_BYTES = 4,
};

static xca_open_fn *const algorithms[ALGORITHMS] = {
    NULL, xca_open_lznt1, xca_open_lz77, xca_open_lz77_huffman, NULL, xca_open_lz4};

static void put(struct xca_output *o, struct str bytes)
{
    uint32_t size = bytes.size < o->room - o->size ? bytes.size : o->room - o->size;
    if (size > 0)
        memcpy(o->bytes + o->size, bytes.at, size);
    o->size += size;
}

/* 2.2.42.2.2 */
static bool put_pattern(struct reader *r, struct xca_output *o)
{
    uint8_t pattern = reader_u8(r);
    reader_skip(r, 3);
    uint32_t count = reader_u32le(r);
    if (!reader_ok(r))
        return false;
    if (count > o->room - o->size)
        count = o->room - o->size;
    memset(o->bytes + o->size, pattern, count);
    o->size += count;
    return true;
}

/* 2.2.42.2.1: one payload, whose length counts the size before its data. */
static bool open_payload(struct reader *r, struct xca_output *o)
{
    uint16_t algorithm = reader_u16le(r);
    reader_skip(r, 2);
    uint32_t length = reader_u32le(r);
    struct reader payload = reader_sub(r, length);
    if (!reader_ok(r) || algorithm >= ALGORITHMS)
        return false;
    if (algorithm == ALGORITHM_NONE) {
        put(o, reader_rest(&payload));
        return true;
    }
    if (algorithm == ALGORITHM_PATTERN_V1)
        return put_pattern(&payload, o);
    uint32_t original = reader_u32le(&payload);
    struct xca_output part = *o;
    if (original < o->room - o->size)
        part.room = o->size + original;
    /* Matches reach back into no other payload. */
    part.bytes += o->size;
    part.room -= o->size;
    part.size = 0;
    bool good = reader_ok(&payload) && algorithms[algorithm](reader_rest(&payload), &part);
    o->size += part.size;
    return good && (part.size == original || part.size == part.room);
}

static bool open_chained(struct reader *r, struct xca_output *o)
{
    for (int i = 0; i < PAYLOADS_MAX && reader_left(r) > 0 && o->size < o->room; i++)
        if (!open_payload(r, o))
            return false;
    return o->size == o->room;
}

/* 2.2.42.1: offset bytes as they are, and the rest compressed. */
static bool open_whole(struct reader *r, const struct smb_compression_header *header, struct xca_output *o)
{
    struct str plain = reader_bytes(r, header->offset);
    if (!reader_ok(r) || header->algorithm >= ALGORITHMS || !algorithms[header->algorithm])
        return false;
    put(o, plain);
    struct xca_output part = {.bytes = o->bytes + o->size, .room = o->room - o->size};
    bool good = algorithms[header->algorithm](reader_rest(r), &part);
    o->size += part.size;
    return good && part.size == part.room;
}

static bool read_header(struct reader *r, struct smb_compression_header *header)
{
    reader_skip(r, SMB_SESSION_BYTES + 4);
    header->original_size = reader_u32le(r);
    struct reader payloads = *r;
    header->algorithm = reader_u16le(r);
    header->chained = (reader_u16le(r) & FLAG_CHAINED) != 0;
    header->offset = reader_u32le(r);
    if (header->chained)
        *r = payloads;
    return reader_ok(r) && !payloads.failed;
}

enum smb_opening smb_open_compressed(struct smb_context *c, struct str message, uint32_t size,
                                     struct smb_compression_header *header, struct str *plain)
{
    struct reader r = reader_of_str(message);
    *header = (struct smb_compression_header){0};
    *plain = (struct str){0};
    if (!read_header(&r, header))
        return SMB_OPENING_SHORT;
    uint64_t whole = header->original_size + (uint64_t)(header->chained ? 0 : header->offset);
    /* The length of a message has 24 bits (2.1), whether or not it was compressed. */
    if (whole > SMB_MESSAGE_BYTES_MAX || (!header->chained && header->offset > size))
        return SMB_OPENING_IMPOSSIBLE;
    header->cut = whole > STREAM_MESSAGE_BYTES_MAX - SMB_SESSION_BYTES || message.size < size;
    uint32_t room = whole < STREAM_MESSAGE_BYTES_MAX - SMB_SESSION_BYTES
                        ? (uint32_t)whole
                        : STREAM_MESSAGE_BYTES_MAX - SMB_SESSION_BYTES;
    struct xca_output o = {.bytes = arena_take(&c->out->batch->arena, (size_t)room + 1), .room = room};
    bool good = header->chained ? open_chained(&r, &o) : open_whole(&r, header, &o);
    if (!good && !header->cut)
        return SMB_OPENING_BAD;
    *plain = (struct str){(const char *)o.bytes, o.size};
    return SMB_OPENING_GOOD;
}

void smb_note_compression(const struct smb_compression_header *header, struct smb_notes *notes)
{
    if (!header)
        return;
    smb_note(notes, SMB_FIELD_compression,
             header->algorithm < ALGORITHMS ? header->algorithm + 1u : smb_compression_unknown);
    smb_note(notes, SMB_FIELD_original_size, header->original_size);
    smb_note(notes, SMB_FIELD_compression_offset, header->offset);
    smb_note(notes, SMB_FIELD_compression_chained, header->chained);
}

void smb_tell_compressed(struct smb_context *c, const struct smb_compression_header *header, uint8_t unread)
{
    struct smb_notes notes;
    notes.size = 0;
    smb_note_compression(header, &notes);
    smb_note(&notes, SMB_FIELD_unread, unread);
    smb_tell_unread(c, &notes, header->original_size ^ (uint64_t)header->offset << 32);
}
