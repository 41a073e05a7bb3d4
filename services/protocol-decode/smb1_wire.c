/*
 * smb1_wire - headers and blocks of SMB 1, one row of a table for each command.
 */
#include "services/protocol-decode/smb1_wire.h"

#define ALWAYS .always = true
/* Its functions, how many words both have at least, and what it amounts to; and one whose words begin with
 * where the next command is. */
#define ROW(asking, answering, asked, answered, amounts_to)                                                  \
    {                                                                                                        \
        .ask = asking, .answer = answering, .request_words = asked, .answer_words = answered,                \
        .command = amounts_to                                                                                \
    }
#define CHAIN(asking, answering, asked, answered, amounts_to)                                                \
    {                                                                                                        \
        .ask = asking, .answer = answering, .request_words = asked, .answer_words = answered,                \
        .command = amounts_to, .has_next = true                                                              \
    }

/* MS-CIFS 2.2.4. Commands that are not here are told by their number alone. */
static const struct smb1_command_info commands[256] = {
    [0x00] = {.ask = smb1_ask_name, ALWAYS},
    [0x01] = {.ask = smb1_ask_name, ALWAYS},
    [0x02] = ROW(smb1_ask_open, smb1_answer_open, 2, 7, smb_command_create),
    [0x03] = ROW(smb1_ask_name, smb1_answer_open, 3, 1, smb_command_create),
    [0x04] = ROW(smb1_ask_file, NULL, 1, 0, smb_command_close),
    [0x05] = ROW(smb1_ask_file, NULL, 1, 0, smb_command_flush),
    [0x06] = {.ask = smb1_ask_name, .request_words = 1, ALWAYS},
    [0x07] = {.ask = smb1_ask_two_names, .request_words = 1, ALWAYS},
    [0x08] = ROW(smb1_ask_name, NULL, 0, 0, smb_command_query_info),
    [0x09] = ROW(smb1_ask_name, NULL, 8, 0, smb_command_set_info),
    [0x0a] = ROW(smb1_ask_read, smb1_answer_read, 5, 5, smb_command_read),
    [0x0b] = ROW(smb1_ask_write, smb1_answer_write, 5, 1, smb_command_write),
    [0x0c] = ROW(smb1_ask_lock, NULL, 5, 0, smb_command_lock),
    [0x0d] = ROW(smb1_ask_lock, NULL, 5, 0, smb_command_lock),
    [0x0e] = ROW(smb1_ask_name, smb1_answer_open, 3, 1, smb_command_create),
    [0x0f] = ROW(smb1_ask_name, smb1_answer_open, 3, 1, smb_command_create),
    [0x10] = ROW(smb1_ask_name, NULL, 0, 0, smb_command_query_info),
    [0x12] = {.ask = smb1_ask_file, .request_words = 4},
    [0x13] = ROW(smb1_ask_read, smb1_answer_read, 5, 5, smb_command_read),
    [0x14] = ROW(smb1_ask_write, smb1_answer_write, 5, 1, smb_command_write),
    [0x1a] = ROW(smb1_ask_read_raw, NULL, 8, 0, smb_command_read),
    [0x1d] = ROW(smb1_ask_write_raw, NULL, 12, 0, smb_command_write),
    [0x22] = ROW(smb1_ask_file, NULL, 7, 0, smb_command_set_info),
    [0x23] = ROW(smb1_ask_file, NULL, 1, 0, smb_command_query_info),
    [0x24] = CHAIN(smb1_ask_locking_andx, NULL, 8, 2, smb_command_lock),
    [0x25] = ROW(smb1_ask_transaction, smb1_answer_transaction, 14, 0, smb_command_ioctl),
    [0x26] = ROW(smb1_ask_secondary, NULL, 8, 0, smb_command_unknown),
    [0x2b] = ROW(NULL, NULL, 1, 0, smb_command_echo),
    [0x2c] = ROW(smb1_ask_write_and_close, smb1_answer_write, 6, 1, smb_command_write),
    [0x2d] = CHAIN(smb1_ask_open_andx, smb1_answer_open_andx, 15, 15, smb_command_create),
    [0x2e] = CHAIN(smb1_ask_read_andx, smb1_answer_read_andx, 10, 12, smb_command_read),
    [0x2f] = CHAIN(smb1_ask_write_andx, smb1_answer_write_andx, 12, 6, smb_command_write),
    [0x31] = ROW(smb1_ask_file, NULL, 1, 0, smb_command_close),
    [0x32] = ROW(smb1_ask_transaction, smb1_answer_transaction, 14, 0, smb_command_unknown),
    [0x33] = ROW(smb1_ask_secondary, NULL, 8, 0, smb_command_unknown),
    [0x70] = ROW(smb1_ask_tree_connect, NULL, 0, 2, smb_command_tree_connect),
    [0x71] = ROW(NULL, NULL, 0, 0, smb_command_tree_disconnect),
    [0x72] = ROW(smb1_ask_negotiate, smb1_answer_negotiate, 0, 1, smb_command_negotiate),
    [0x73] = CHAIN(smb1_ask_session_setup, smb1_answer_session_setup, 10, 3, smb_command_session_setup),
    [0x74] = CHAIN(NULL, NULL, 2, 2, smb_command_logoff),
    [0x75] = CHAIN(smb1_ask_tree_connect_andx, smb1_answer_tree_connect_andx, 4, 2, smb_command_tree_connect),
    [0x80] = ROW(NULL, NULL, 0, 5, smb_command_query_info),
    [0x81] = ROW(smb1_ask_name, NULL, 2, 1, smb_command_query_directory),
    [0x82] = ROW(smb1_ask_name, NULL, 2, 1, smb_command_query_directory),
    [0x83] = ROW(smb1_ask_name, NULL, 2, 1, smb_command_query_directory),
    [0xa0] = ROW(smb1_ask_transaction, smb1_answer_transaction, 19, 0, smb_command_unknown),
    [0xa1] = ROW(smb1_ask_secondary, NULL, 18, 0, smb_command_unknown),
    [0xa2] = CHAIN(smb1_ask_nt_create_andx, smb1_answer_nt_create_andx, 24, 34, smb_command_create),
    [0xa4] = ROW(NULL, NULL, 0, 0, smb_command_cancel),
    [0xa5] = {.ask = smb1_ask_two_names, .request_words = 4, ALWAYS},
};

const struct smb1_command_info *smb1_find_command(uint8_t command)
{
    return &commands[command];
}

static bool refuse(struct smb_fault *fault, const char *reason, size_t offset)
{
    *fault = (struct smb_fault){.reason = reason, .offset = offset};
    return false;
}

/* MS-CIFS 2.2.3.1 */
bool smb1_read_header(struct str message, struct smb1_header *header, struct smb_fault *fault)
{
    struct reader r = reader_of_str(message);
    *header = (struct smb1_header){0};
    reader_skip(&r, SMB_SESSION_BYTES + 4);
    header->command = reader_u8(&r);
    header->status = reader_u32le(&r);
    header->flags = reader_u8(&r);
    header->flags2 = reader_u16le(&r);
    header->process_id = (uint32_t)reader_u16le(&r) << 16;
    reader_skip(&r, 8 + 2);
    header->tree_id = reader_u16le(&r);
    header->process_id |= reader_u16le(&r);
    header->user_id = reader_u16le(&r);
    header->multiplex_id = reader_u16le(&r);
    return reader_ok(&r) || refuse(fault, "header is short", r.failed_at);
}

/* Where the next block is: behind this one, or nowhere (MS-CIFS 2.2.3.4). */
static bool read_next(struct smb1_block *block, struct smb_fault *fault)
{
    struct reader words = block->words;
    if (!commands[block->command].has_next || block->word_count < 2)
        return true;
    uint8_t command = reader_u8(&words);
    reader_skip(&words, 1);
    uint32_t from_header = reader_u16le(&words);
    uint32_t offset = from_header + SMB_SESSION_BYTES;
    if (command == SMB1_NO_COMMAND || from_header == 0)
        return true;
    if (offset <= block->offset)
        return refuse(fault, "next command is not behind this one", block->offset + 1);
    block->next = offset;
    block->next_command = command;
    return true;
}

bool smb1_read_block(struct str message, const struct smb1_header *header, const struct smb1_block *before,
                     struct smb1_block *block, struct smb_fault *fault)
{
    struct reader r = reader_of_str(message);
    *block = (struct smb1_block){.header = header, .message = r, .command = header->command};
    block->offset = SMB_SESSION_BYTES + SMB1_HEADER_BYTES;
    if (before) {
        block->offset = before->next;
        block->command = before->next_command;
        block->index = before->index + 1;
    }
    block->words = block->bytes = r;
    reader_skip(&r, block->offset);
    block->word_count = reader_u8(&r);
    block->words = reader_sub(&r, (size_t)block->word_count * 2);
    uint16_t bytes = reader_u16le(&r);
    if (!reader_ok(&r))
        return refuse(fault, "command is short", r.failed_at);
    block->bytes_short = bytes > reader_left(&r);
    block->bytes = reader_sub(&r, block->bytes_short ? reader_left(&r) : bytes);
    return read_next(block, fault);
}

bool smb1_read_request(struct smb1_block *block, struct smb_asked *asked, struct smb_fault *fault)
{
    const struct smb1_command_info *info = &commands[block->command];
    *asked = (struct smb_asked){.notes = asked->notes, .arena = asked->arena};
    if (block->word_count < info->request_words)
        return refuse(fault, "words of a request", block->offset);
    if (info->ask)
        info->ask(block, asked);
    if (!reader_ok(&block->words))
        return refuse(fault, "words of a request", block->offset);
    return true;
}

bool smb1_read_answer(struct smb1_block *block, struct smb_answered *answered, struct smb_fault *fault)
{
    const struct smb1_command_info *info = &commands[block->command];
    *answered = (struct smb_answered){.notes = answered->notes, .arena = answered->arena};
    /* An error has no words. */
    if (block->word_count == 0 && (block->header->status != 0 || info->answer_words == 0))
        return true;
    if (block->word_count < info->answer_words)
        return refuse(fault, "words of a response", block->offset);
    if (info->answer)
        info->answer(block, answered);
    if (!reader_ok(&block->words))
        return refuse(fault, "words of a response", block->offset);
    answered->whole = true;
    return true;
}
