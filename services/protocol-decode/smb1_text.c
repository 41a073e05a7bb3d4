/*
 * smb1_text - strings of SMB 1, which are UTF-16LE or in the code page of the machine (MS-CIFS 2.2.1.1).
 */
#include "common/base/text.h"
#include "services/protocol-decode/smb1_wire.h"

static bool is_unicode(const struct smb1_block *block)
{
    return (block->header->flags2 & SMB1_FLAG2_UNICODE) != 0;
}

/* Up to its NUL, or to the end where that is missing. */
static struct str until_nul(struct reader *r, size_t unit)
{
    struct reader scan = *r;
    size_t size = 0;
    while (reader_left(&scan) >= unit && (unit == 2 ? reader_u16le(&scan) : reader_u8(&scan)) != 0)
        size += unit;
    struct str text = reader_bytes(r, size);
    reader_skip(r, reader_left(r) < unit ? reader_left(r) : unit);
    return text;
}

struct str smb1_next_oem(struct reader *r, struct arena *arena)
{
    /* Which code page it is does not stand in the message: what is not ASCII is only marked. */
    return text_to_utf8(arena, until_nul(r, 1));
}

static void align(struct reader *r)
{
    if (reader_left(r) > 0 && reader_offset(r) % 2 != 0)
        reader_skip(r, 1);
}

struct str smb1_next_text(const struct smb1_block *block, struct reader *r, struct arena *arena)
{
    if (!is_unicode(block))
        return smb1_next_oem(r, arena);
    align(r);
    return text_from_utf16le(arena, until_nul(r, 2), false);
}

struct str smb1_sized_text(const struct smb1_block *block, struct reader *r, size_t size, struct arena *arena)
{
    if (!is_unicode(block))
        return text_to_utf8(arena, reader_bytes(r, size));
    align(r);
    return text_from_utf16le(arena, reader_bytes(r, size), false);
}

struct str smb1_format_text(const struct smb1_block *block, struct reader *r, struct arena *arena)
{
    reader_skip(r, 1);
    return smb1_next_text(block, r, arena);
}

struct reader smb1_take_reader(const struct smb1_block *block, uint32_t offset, uint32_t size)
{
    struct reader r = block->message;
    if (size == 0 || offset < SMB1_HEADER_BYTES)
        return reader_of(NULL, 0);
    reader_skip(&r, SMB_SESSION_BYTES);
    reader_skip(&r, offset);
    return reader_sub(&r, size < reader_left(&r) ? size : reader_left(&r));
}

struct str smb1_take(const struct smb1_block *block, uint32_t offset, uint32_t size)
{
    struct reader r = smb1_take_reader(block, offset, size);
    return reader_rest(&r);
}
