/*
 * smb_wire - headers and bodies of SMB 2, one row of a table for each command.
 */
#include "services/protocol-decode/smb_wire.h"

enum {
    ERROR_BODY_BYTES = 9, /* StructureSize of MS-SMB2 2.2.2 */
    OPLOCK_BODY_BYTES = 24,
    COMMANDS = smb_command_oplock_break + 1,
};

/* Both go on behind StructureSize. */
typedef void read_asked_fn(const struct smb_part *part, struct reader *body, struct smb_asked *asked);
typedef void read_answered_fn(const struct smb_part *part, struct reader *body,
                              struct smb_answered *answered);

/* A command: the StructureSize of both its bodies (0: it has several), where a request's file id stands in
 * its body (0: nowhere), and what else is read of them. */
struct command_info {
    uint8_t request_size;
    uint8_t response_size;
    uint8_t file_at;
    bool tells_identity;
    read_asked_fn *read_asked;
    read_answered_fn *read_answered;
};

/* The bytes that a body points to. A run that lies behind what is held of a cut message is no fault, and
 * empty. */
static struct str take(const struct smb_part *part, struct reader *body, uint32_t offset, uint32_t length)
{
    struct reader r = reader_of_str(part->bytes);
    if (length == 0)
        return (struct str){0};
    reader_skip(&r, offset);
    struct str bytes = reader_bytes(&r, length);
    if (offset < SMB_HEADER_BYTES || (!reader_ok(&r) && !part->cut))
        reader_fail(body);
    return bytes;
}

static void read_file_id(struct reader *body, uint64_t file[2])
{
    file[0] = reader_u64le(body);
    file[1] = reader_u64le(body);
}

/* 2.2.5 */
static void ask_session_setup(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    reader_skip(body, 10);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    asked->data = take(part, body, offset, length);
}

/* 2.2.9 */
static void ask_tree_connect(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    reader_skip(body, 2);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    asked->text = take(part, body, offset, length);
}

/* 2.2.13 */
static void ask_create(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    reader_skip(body, 22);
    asked->access = reader_u32le(body);
    reader_skip(body, 16);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    asked->text = take(part, body, offset, length);
}

/* 2.2.21 */
static void ask_write(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    uint16_t offset = reader_u16le(body);
    asked->bytes = reader_u32le(body);
    asked->data = take(part, body, offset, asked->bytes);
}

/* 2.2.31 */
static void ask_ioctl(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    reader_skip(body, 2);
    asked->control = reader_u32le(body);
    reader_skip(body, 16);
    uint32_t offset = reader_u32le(body);
    uint32_t length = reader_u32le(body);
    asked->data = take(part, body, offset, length);
}

/* 2.2.4 */
static void answer_negotiate(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    reader_skip(body, 2);
    answered->dialect = reader_u16le(body);
    reader_skip(body, 50);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    answered->data = take(part, body, offset, length);
}

/* 2.2.6 */
static void answer_session_setup(const struct smb_part *part, struct reader *body,
                                 struct smb_answered *answered)
{
    answered->session_flags = reader_u16le(body);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    answered->data = take(part, body, offset, length);
}

/* 2.2.10 */
static void answer_tree_connect(const struct smb_part *part, struct reader *body,
                                struct smb_answered *answered)
{
    (void)part;
    answered->share_type = reader_u8(body);
    reader_skip(body, 13);
}

/* 2.2.14 */
static void answer_create(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    (void)part;
    reader_skip(body, 62);
    read_file_id(body, answered->file);
    answered->has_file = reader_ok(body);
}

/* 2.2.20 */
static void answer_read(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    uint8_t offset = reader_u8(body);
    reader_skip(body, 1);
    answered->bytes = reader_u32le(body);
    answered->data = take(part, body, offset, answered->bytes);
}

/* 2.2.22 */
static void answer_write(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    (void)part;
    reader_skip(body, 2);
    answered->bytes = reader_u32le(body);
}

/* 2.2.32 */
static void answer_ioctl(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    reader_skip(body, 2);
    answered->control = reader_u32le(body);
    read_file_id(body, answered->file);
    answered->has_file = reader_ok(body);
    reader_skip(body, 8);
    uint32_t offset = reader_u32le(body);
    uint32_t length = reader_u32le(body);
    answered->data = take(part, body, offset, length);
}

/* 2.2.23 and 2.2.24: an open file, or in the longer form a lease. */
static void answer_oplock_break(const struct smb_part *part, struct reader *body,
                                struct smb_answered *answered)
{
    reader_skip(body, 6);
    read_file_id(body, answered->file);
    answered->has_file = part->bytes.size == SMB_HEADER_BYTES + OPLOCK_BODY_BYTES;
}

static const struct command_info commands[COMMANDS] = {
    [smb_command_negotiate] = {36, 65, 0, true, NULL, answer_negotiate},
    [smb_command_session_setup] = {25, 9, 0, true, ask_session_setup, answer_session_setup},
    [smb_command_logoff] = {4, 4, 0, true, NULL, NULL},
    [smb_command_tree_connect] = {9, 16, 0, true, ask_tree_connect, answer_tree_connect},
    [smb_command_tree_disconnect] = {4, 4, 0, false, NULL, NULL},
    [smb_command_create] = {57, 89, 0, true, ask_create, answer_create},
    [smb_command_close] = {24, 60, 8, false, NULL, NULL},
    [smb_command_flush] = {24, 4, 8, false, NULL, NULL},
    [smb_command_read] = {49, 17, 16, false, NULL, answer_read},
    [smb_command_write] = {49, 17, 16, false, ask_write, answer_write},
    [smb_command_lock] = {48, 4, 8, false, NULL, NULL},
    [smb_command_ioctl] = {57, 49, 8, false, ask_ioctl, answer_ioctl},
    [smb_command_cancel] = {4, 0, 0, false, NULL, NULL},
    [smb_command_echo] = {4, 4, 0, false, NULL, NULL},
    [smb_command_query_directory] = {33, 9, 8, false, NULL, NULL},
    [smb_command_change_notify] = {32, 9, 8, false, NULL, NULL},
    [smb_command_query_info] = {41, 9, 24, false, NULL, NULL},
    [smb_command_set_info] = {33, 2, 16, false, NULL, NULL},
    [smb_command_oplock_break] = {0, 0, 0, false, NULL, answer_oplock_break},
};

static bool refuse(struct smb_fault *fault, const char *reason, size_t offset)
{
    *fault = (struct smb_fault){.reason = reason, .offset = offset};
    return false;
}

bool smb_tells_identity(uint8_t command)
{
    return command < COMMANDS && commands[command].tells_identity;
}

bool smb_has_file(uint8_t command)
{
    return command < COMMANDS && commands[command].file_at != 0;
}

/* 2.2.1. The next header must be behind this one and on a multiple of 8 (3.2.4.1.4). */
bool smb_read_part(struct str message, uint32_t offset, bool cut, struct smb_part *part,
                   struct smb_fault *fault)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, offset);
    struct reader bytes = r;
    *part = (struct smb_part){.offset = offset};
    uint32_t magic = reader_u32be(&r);
    uint16_t size = reader_u16le(&r);
    reader_skip(&r, 2);
    part->status = reader_u32le(&r);
    uint16_t command = reader_u16le(&r);
    reader_skip(&r, 2);
    part->flags = reader_u32le(&r);
    part->next = reader_u32le(&r);
    part->message_id = reader_u64le(&r);
    reader_skip(&r, 4);
    part->tree_id = reader_u32le(&r);
    part->session_id = reader_u64le(&r);
    reader_skip(&r, 16);
    if (!reader_ok(&r))
        return refuse(fault, "header is short", r.failed_at);
    if (magic != SMB_MAGIC_2 || size != SMB_HEADER_BYTES)
        return refuse(fault, "no header", offset);
    if (part->flags & SMB_FLAG_ASYNC)
        part->tree_id = 0;
    part->command = command + 1 < COMMANDS ? (uint8_t)(command + 1) : smb_command_unknown;
    if (part->next != 0 && (part->next < SMB_HEADER_BYTES || part->next % 8 != 0))
        return refuse(fault, "next command is not behind this one", offset + 20);
    bool here = part->next != 0 && part->next <= reader_left(&bytes);
    if (part->next != 0 && !here && !cut)
        return refuse(fault, "next command is outside of the message", offset + 20);
    part->bytes = here ? reader_bytes(&bytes, part->next) : reader_rest(&bytes);
    part->cut = cut && !here;
    return true;
}

static struct reader body_of(const struct smb_part *part)
{
    struct reader r = reader_of_str(part->bytes);
    reader_skip(&r, SMB_HEADER_BYTES);
    return r;
}

bool smb_read_request(const struct smb_part *part, struct smb_asked *asked, struct smb_fault *fault)
{
    const struct command_info *info = &commands[part->command];
    struct reader body = body_of(part);
    *asked = (struct smb_asked){0};
    struct reader fixed = body;
    /* An odd size counts one byte of what follows the fixed part. */
    reader_skip(&fixed, info->request_size & ~1u);
    uint16_t size = reader_u16le(&body);
    if (!reader_ok(&fixed))
        return refuse(fault, "request body is short", part->offset + fixed.failed_at);
    if (info->request_size != 0 && size != info->request_size)
        return refuse(fault, "size of a request body", part->offset + SMB_HEADER_BYTES);
    if (info->file_at != 0) {
        struct reader file = body_of(part);
        reader_skip(&file, info->file_at);
        read_file_id(&file, asked->file);
        asked->has_file = reader_ok(&file);
        if (file.failed)
            return refuse(fault, "request body is short", part->offset + file.failed_at);
    }
    if (info->read_asked)
        info->read_asked(part, &body, asked);
    if (!reader_ok(&body))
        return refuse(fault, "request body is short", part->offset + body.failed_at);
    return true;
}

/* Errors come with a body of their own, and some warnings with that of the command: 3.3.4.4. */
static bool has_body(const struct smb_part *part)
{
    if (part->status == SMB_STATUS_MORE_PROCESSING)
        return part->command == smb_command_session_setup;
    if (part->status == SMB_STATUS_PENDING)
        return false;
    return part->status >> 30 < 2 || part->status == SMB_STATUS_BUFFER_OVERFLOW;
}

bool smb_read_response(const struct smb_part *part, struct smb_answered *answered, struct smb_fault *fault)
{
    const struct command_info *info = &commands[part->command];
    struct reader body = body_of(part);
    *answered = (struct smb_answered){0};
    uint16_t size = reader_u16le(&body);
    if (!reader_ok(&body))
        return refuse(fault, "response body is short", part->offset + body.failed_at);
    bool expected = info->response_size == 0 || size == info->response_size;
    if (!has_body(part) || (!expected && size == ERROR_BODY_BYTES))
        return true;
    if (!expected)
        return refuse(fault, "size of a response body", part->offset + SMB_HEADER_BYTES);
    struct reader fixed = body_of(part);
    reader_skip(&fixed, info->response_size & ~1u);
    if (!reader_ok(&fixed))
        return refuse(fault, "response body is short", part->offset + fixed.failed_at);
    if (info->read_answered)
        info->read_answered(part, &body, answered);
    if (!reader_ok(&body))
        return refuse(fault, "response body is short", part->offset + body.failed_at);
    answered->whole = true;
    return true;
}
