/*
 * smb_build - messages of SMB 2, field by field as MS-SMB2 2.2 lays them out.
 */
#include "tests/unit/protocol-decode/smb_world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    HEADER_BYTES = 64,
    SESSION_HEADER_BYTES = 4,
};

static void zeros(struct smb_world *w, size_t count)
{
    memset(writer_room(&w->message, count), 0, count);
}

static void u16(struct smb_world *w, uint32_t v)
{
    writer_u16le(&w->message, (uint16_t)v);
}

static void u32(struct smb_world *w, uint32_t v)
{
    writer_u32le(&w->message, v);
}

static void put_file(struct smb_world *w, uint64_t file)
{
    writer_u64le(&w->message, file);
    writer_u64le(&w->message, file);
}

static void put_utf16(struct smb_world *w, const char *text)
{
    for (; *text; text++)
        u16(w, (uint8_t)*text);
}

/* Bytes of text, or zeros where there is none. */
static void put_data(struct smb_world *w, const char *data, uint32_t size)
{
    if (data)
        writer_bytes(&w->message, data, size);
    else
        zeros(w, size);
}

static void patch_u32le(struct smb_world *w, size_t at, size_t value)
{
    for (int i = 0; i < 4; i++)
        w->message.bytes[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

void build_head(struct smb_world *w, const struct head *head)
{
    if (w->message.size == 0) {
        zeros(w, SESSION_HEADER_BYTES);
    } else {
        while ((w->message.size - SESSION_HEADER_BYTES) % 8 != 0)
            writer_u8(&w->message, 0);
        patch_u32le(w, w->part_at + 20, w->message.size - w->part_at);
    }
    w->part_at = w->message.size;
    writer_bytes(&w->message, "\xfeSMB", 4);
    u16(w, HEADER_BYTES);
    u16(w, 1);
    u32(w, head->status);
    u16(w, head->command);
    u16(w, 31);
    u32(w, head->flags);
    u32(w, 0);
    writer_u64le(&w->message, head->message_id);
    u32(w, 0xfeff);
    u32(w, head->tree_id);
    writer_u64le(&w->message, head->session_id);
    zeros(w, 16);
}

struct str built(struct smb_world *w)
{
    size_t length = w->message.size - SESSION_HEADER_BYTES;
    w->message.bytes[0] = 0;
    w->message.bytes[1] = (uint8_t)(length >> 16);
    w->message.bytes[2] = (uint8_t)(length >> 8);
    w->message.bytes[3] = (uint8_t)length;
    return writer_str(&w->message);
}

void build_negotiate_response(struct smb_world *w, uint16_t dialect, const char *token)
{
    u16(w, 65);
    u16(w, 1);
    u16(w, dialect);
    u16(w, 0);
    zeros(w, 16 + 4 + 4 + 4 + 4 + 8 + 8);
    u16(w, HEADER_BYTES + 64);
    u16(w, (uint32_t)strlen(token));
    u32(w, 0);
    writer_text(&w->message, token);
}

void build_session_setup(struct smb_world *w, const char *token)
{
    u16(w, 25);
    zeros(w, 1 + 1 + 4 + 4);
    u16(w, HEADER_BYTES + 24);
    u16(w, (uint32_t)strlen(token));
    zeros(w, 8);
    writer_text(&w->message, token);
}

void build_session_setup_response(struct smb_world *w, uint16_t flags, const char *token)
{
    u16(w, 9);
    u16(w, flags);
    u16(w, HEADER_BYTES + 8);
    u16(w, (uint32_t)strlen(token));
    writer_text(&w->message, token);
}

void build_tree_connect(struct smb_world *w, const char *share)
{
    u16(w, 9);
    u16(w, 0);
    u16(w, HEADER_BYTES + 8);
    u16(w, 2 * (uint32_t)strlen(share));
    put_utf16(w, share);
}

void build_tree_connect_response(struct smb_world *w, uint8_t type)
{
    u16(w, 16);
    writer_u8(&w->message, type);
    zeros(w, 1 + 4 + 4);
    u32(w, 0x001f01ff);
}

void build_create(struct smb_world *w, const char *name, uint32_t access)
{
    u16(w, 57);
    zeros(w, 1 + 1 + 4 + 8 + 8);
    u32(w, access);
    zeros(w, 4 + 4 + 4 + 4);
    u16(w, HEADER_BYTES + 56);
    u16(w, 2 * (uint32_t)strlen(name));
    zeros(w, 4 + 4);
    put_utf16(w, name);
}

void build_create_response(struct smb_world *w, uint64_t file)
{
    u16(w, 89);
    zeros(w, 1 + 1 + 4 + 4 * 8 + 8 + 8 + 4 + 4);
    put_file(w, file);
    zeros(w, 4 + 4);
}

void build_close(struct smb_world *w, uint64_t file)
{
    u16(w, 24);
    zeros(w, 2 + 4);
    put_file(w, file);
}

void build_close_response(struct smb_world *w)
{
    u16(w, 60);
    zeros(w, 58);
}

void build_read(struct smb_world *w, uint64_t file, uint32_t size)
{
    u16(w, 49);
    zeros(w, 1 + 1);
    u32(w, size);
    zeros(w, 8);
    put_file(w, file);
    zeros(w, 4 + 4 + 4 + 2 + 2);
}

void build_read_response(struct smb_world *w, const char *data, uint32_t size)
{
    u16(w, 17);
    writer_u8(&w->message, HEADER_BYTES + 16);
    zeros(w, 1);
    u32(w, size);
    zeros(w, 4 + 4);
    put_data(w, data, size);
}

void build_write(struct smb_world *w, uint64_t file, const char *data, uint32_t size)
{
    u16(w, 49);
    u16(w, HEADER_BYTES + 48);
    u32(w, size);
    zeros(w, 8);
    put_file(w, file);
    zeros(w, 4 + 4 + 2 + 2 + 4);
    put_data(w, data, size);
}

void build_write_response(struct smb_world *w, uint32_t size)
{
    u16(w, 17);
    u16(w, 0);
    u32(w, size);
    zeros(w, 4 + 2 + 2);
}

void build_ioctl(struct smb_world *w, uint32_t control, uint64_t file, const char *data, uint32_t size)
{
    u16(w, 57);
    u16(w, 0);
    u32(w, control);
    put_file(w, file);
    u32(w, HEADER_BYTES + 56);
    u32(w, size);
    zeros(w, 4 + 4 + 4);
    u32(w, 1024);
    u32(w, 1);
    u32(w, 0);
    put_data(w, data, size);
}

void build_ioctl_response(struct smb_world *w, uint32_t control, uint64_t file, const char *data,
                          uint32_t size)
{
    u16(w, 49);
    u16(w, 0);
    u32(w, control);
    put_file(w, file);
    u32(w, HEADER_BYTES + 48);
    u32(w, 0);
    u32(w, HEADER_BYTES + 48);
    u32(w, size);
    zeros(w, 4 + 4);
    put_data(w, data, size);
}

void build_query_info(struct smb_world *w, uint64_t file)
{
    u16(w, 41);
    writer_u8(&w->message, 1);
    writer_u8(&w->message, 5);
    u32(w, 24);
    zeros(w, 2 + 2 + 4 + 4 + 4);
    put_file(w, file);
}

void build_query_response(struct smb_world *w)
{
    u16(w, 9);
    u16(w, HEADER_BYTES + 8);
    u32(w, 8);
    zeros(w, 8);
}

void build_four(struct smb_world *w)
{
    u16(w, 4);
    u16(w, 0);
}

void build_error(struct smb_world *w)
{
    u16(w, 9);
    zeros(w, 7);
}
