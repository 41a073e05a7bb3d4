/*
 * smb_frame - where a message begins and ends, and how much of it is worth keeping.
 */
#include "services/protocol-decode/smb.h"
#include "services/protocol-decode/smb1_wire.h"

enum {
    SESSION_REQUEST_BYTES_MIN = 2,
    SESSION_REQUEST_BYTES_MAX = 512, /* two names of at most 255 bytes */
    MAGIC_END = 8,                   /* session header and magic */
    /* A message up to this is always wanted whole. */
    SMALL_BYTES = 8 * 1024,
    /* Of a larger one, so much tells what it is, and is all that is wanted of a read or write: it ends behind
     * the fixed part of every body and the first bytes of its data. */
    PEEK_BYTES = 256,
    /* In the body of a READ response and of a WRITE request. */
    READ_DATA_OFFSET_AT = 2,
    WRITE_DATA_OFFSET_AT = 2,
    /* The same of SMB 1, from the header on: MS-CIFS 2.2.4.42.2 and 2.2.4.43.1. */
    SMB1_READ_ANDX = 0x2e,
    SMB1_WRITE_ANDX = 0x2f,
    SMB1_COMMAND_AT = 4,
    SMB1_FLAGS_AT = 9,
    SMB1_READ_DATA_OFFSET_AT = 33 + 12,
    SMB1_WRITE_DATA_OFFSET_AT = 33 + 22,
};

static struct framing whole(uint32_t size, uint32_t want)
{
    uint32_t most = size < STREAM_MESSAGE_BYTES_MAX ? size : STREAM_MESSAGE_BYTES_MAX;
    return (struct framing){.state = FRAMING_WHOLE, .size = size, .want = want < most ? want : most};
}

static struct framing more(uint32_t want)
{
    return (struct framing){.state = FRAMING_MORE, .want = want};
}

static struct framing bad(void)
{
    return (struct framing){.state = FRAMING_BAD};
}

/* Does a DCE/RPC PDU of version 5 begin at offset from the header (C706 12.6.3.1)? */
static bool begins_like_rpc(struct str bytes, uint32_t offset)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_SESSION_BYTES + offset);
    uint8_t major = reader_u8(&r);
    uint8_t minor = reader_u8(&r);
    return reader_ok(&r) && major == 5 && minor <= 1;
}

/*
 * How much is wanted of a large SMB 2 message. The content of files tells nothing of identity, and would push
 * out of memory what does. There is no state here that knows which file is a pipe, so a read or write keeps
 * its data only when that begins like a PDU: a pipe carries one PDU a message, and one that is carried in
 * pieces comes in pieces smaller than SMALL_BYTES. An operation compounded behind a large one would be lost
 * with it, so those are kept as well.
 */
static uint32_t wanted_of_large(struct str bytes, uint32_t size)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_SESSION_BYTES + 12);
    uint16_t command = reader_u16le(&r);
    reader_skip(&r, 2);
    uint32_t flags = reader_u32le(&r);
    uint32_t next = reader_u32le(&r);
    struct reader body = reader_of_str(bytes);
    reader_skip(&body, SMB_SESSION_BYTES + SMB_HEADER_BYTES);
    bool response = flags & SMB_FLAG_RESPONSE;
    uint32_t data = 0;
    if (response && command + 1 == smb_command_read) {
        reader_skip(&body, READ_DATA_OFFSET_AT);
        data = reader_u8(&body);
    } else if (!response && command + 1 == smb_command_write) {
        reader_skip(&body, WRITE_DATA_OFFSET_AT);
        data = reader_u16le(&body);
    } else {
        return size;
    }
    return next != 0 || begins_like_rpc(bytes, data) ? size : PEEK_BYTES;
}

/* The same of SMB 1, where no command is chained behind the data of another one. */
static uint32_t wanted_of_large_smb1(struct str bytes, uint32_t size)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_SESSION_BYTES);
    struct reader flags = r, data = r;
    reader_skip(&r, SMB1_COMMAND_AT);
    uint8_t command = reader_u8(&r);
    reader_skip(&flags, SMB1_FLAGS_AT);
    bool response = reader_u8(&flags) & SMB1_FLAG_REPLY;
    if (response && command == SMB1_READ_ANDX)
        reader_skip(&data, SMB1_READ_DATA_OFFSET_AT);
    else if (!response && command == SMB1_WRITE_ANDX)
        reader_skip(&data, SMB1_WRITE_DATA_OFFSET_AT);
    else
        return size;
    return begins_like_rpc(bytes, reader_u16le(&data)) ? size : PEEK_BYTES;
}

static struct framing frame_message(struct str bytes, uint32_t length)
{
    uint32_t size = SMB_SESSION_BYTES + length;
    if (length == 0)
        return whole(size, size);
    if (length < 4)
        return bad();
    if (bytes.size < MAGIC_END)
        return more(MAGIC_END);
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_SESSION_BYTES);
    uint32_t magic = reader_u32be(&r);
    bool known = magic == SMB_MAGIC_2 || magic == SMB_MAGIC_1 || magic == SMB_MAGIC_TRANSFORM ||
                 magic == SMB_MAGIC_COMPRESSION;
    if (!known)
        return bad();
    if (magic == SMB_MAGIC_TRANSFORM)
        return whole(size, SMB_SESSION_BYTES + SMB_TRANSFORM_BYTES);
    if (size <= SMALL_BYTES || magic == SMB_MAGIC_COMPRESSION)
        return whole(size, size);
    if (bytes.size < PEEK_BYTES)
        return more(PEEK_BYTES);
    return whole(size,
                 magic == SMB_MAGIC_2 ? wanted_of_large(bytes, size) : wanted_of_large_smb1(bytes, size));
}

/* The other packets of RFC 1002 4.3. */
static struct framing frame_other(uint8_t type, uint32_t length)
{
    bool fits = false;
    if (type == SMB_SESSION_REQUEST)
        fits = length >= SESSION_REQUEST_BYTES_MIN && length <= SESSION_REQUEST_BYTES_MAX;
    else if (type == SMB_SESSION_POSITIVE || type == SMB_SESSION_KEEPALIVE)
        fits = length == 0;
    else if (type == SMB_SESSION_NEGATIVE)
        fits = length == 1;
    else if (type == SMB_SESSION_RETARGET)
        fits = length == 6;
    return fits ? whole(SMB_SESSION_BYTES + length, SMB_SESSION_BYTES + length) : bad();
}

struct framing smb_frame(struct str bytes)
{
    if (bytes.size < SMB_SESSION_BYTES)
        return more(SMB_SESSION_BYTES);
    struct reader r = reader_of_str(bytes);
    uint32_t word = reader_u32be(&r);
    uint8_t type = (uint8_t)(word >> 24);
    uint32_t length = word & 0xffffff;
    return type == SMB_SESSION_MESSAGE ? frame_message(bytes, length) : frame_other(type, length);
}

bool smb_probe(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint32_t word = reader_u32be(&r);
    if (reader_ok(&r) && word >> 24 == SMB_SESSION_REQUEST)
        return frame_other(SMB_SESSION_REQUEST, word & 0xffffff).state == FRAMING_WHOLE;
    return bytes.size >= MAGIC_END && word >> 24 == SMB_SESSION_MESSAGE && (word & 0xffffff) >= 4 &&
           frame_message(bytes, word & 0xffffff).state != FRAMING_BAD;
}
