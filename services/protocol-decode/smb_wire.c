/*
 * smb_wire - headers and bodies of SMB 2, one row of a table for each command.
 */
#include "services/protocol-decode/smb_body.h"

enum {
    ERROR_BODY_BYTES = 9, /* StructureSize of MS-SMB2 2.2.2 */
    COMMANDS = smb_command_oplock_break + 1,
};

/* A command: the StructureSize of both its bodies (0: it has several), where a request's file id stands in
 * its body (0: nowhere), and what else is read of them. */
struct command_info {
    uint8_t request_size;
    uint8_t response_size;
    uint8_t file_at;
    bool tells_identity;
    smb_ask_fn *read_asked;
    smb_answer_fn *read_answered;
};

static const struct command_info commands[COMMANDS] = {
    [smb_command_negotiate] = {36, 65, 0, true, smb_ask_negotiate, smb_answer_negotiate_body},
    [smb_command_session_setup] = {25, 9, 0, true, smb_ask_session_setup, smb_answer_session_setup},
    [smb_command_logoff] = {4, 4, 0, true, NULL, NULL},
    [smb_command_tree_connect] = {9, 16, 0, true, smb_ask_tree_connect, smb_answer_tree_connect},
    [smb_command_tree_disconnect] = {4, 4, 0, false, NULL, NULL},
    [smb_command_create] = {57, 89, 0, true, smb_ask_create, smb_answer_create},
    [smb_command_close] = {24, 60, 8, false, NULL, smb_answer_close},
    [smb_command_flush] = {24, 4, 8, false, NULL, NULL},
    [smb_command_read] = {49, 17, 16, false, smb_ask_read, smb_answer_read},
    [smb_command_write] = {49, 17, 16, false, smb_ask_write, smb_answer_write},
    [smb_command_lock] = {48, 4, 8, false, smb_ask_lock, NULL},
    [smb_command_ioctl] = {57, 49, 8, false, smb_ask_ioctl, smb_answer_ioctl},
    [smb_command_cancel] = {4, 0, 0, false, NULL, NULL},
    [smb_command_echo] = {4, 4, 0, false, NULL, NULL},
    [smb_command_query_directory] = {33, 9, 8, false, smb_ask_query_directory, NULL},
    [smb_command_change_notify] = {32, 9, 8, false, smb_ask_change_notify, NULL},
    [smb_command_query_info] = {41, 9, 24, false, smb_ask_query_info, NULL},
    [smb_command_set_info] = {33, 2, 16, false, smb_ask_set_info, NULL},
    [smb_command_oplock_break] = {0, 0, 0, false, NULL, smb_answer_oplock_break},
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
    part->credit_charge = reader_u16le(&r);
    part->status = reader_u32le(&r);
    uint16_t command = reader_u16le(&r);
    part->credits = reader_u16le(&r);
    part->flags = reader_u32le(&r);
    part->next = reader_u32le(&r);
    part->message_id = reader_u64le(&r);
    uint32_t process_id = reader_u32le(&r);
    part->tree_id = reader_u32le(&r);
    part->session_id = reader_u64le(&r);
    reader_skip(&r, 16);
    if (!reader_ok(&r))
        return refuse(fault, "header is short", r.failed_at);
    if (magic != SMB_MAGIC_2 || size != SMB_HEADER_BYTES)
        return refuse(fault, "no header", offset);
    if (part->flags & SMB_FLAG_ASYNC) {
        part->async_id = (uint64_t)part->tree_id << 32 | process_id;
        part->tree_id = 0;
    }
    part->channel_sequence = (uint16_t)part->status;
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
    *asked = (struct smb_asked){.notes = asked->notes, .arena = asked->arena};
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
        smb_read_file_id(&file, asked->file);
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
    *answered = (struct smb_answered){.notes = answered->notes, .arena = answered->arena};
    uint16_t size = reader_u16le(&body);
    if (!reader_ok(&body))
        return refuse(fault, "response body is short", part->offset + body.failed_at);
    bool expected = info->response_size == 0 || size == info->response_size;
    if (!has_body(part) || (!expected && size == ERROR_BODY_BYTES)) {
        if (size == ERROR_BODY_BYTES && part->status != SMB_STATUS_PENDING)
            smb_answer_error(part, &body, answered);
        return true;
    }
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
