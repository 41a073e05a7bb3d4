/*
 * smb1_files - what is done with files in SMB 1 (MS-CIFS 2.2.4).
 */
#include "services/protocol-decode/smb1_wire.h"

enum {
    LARGE_FILES_WORDS_READ = 12,
    LARGE_FILES_WORDS_READ_RAW = 10,
    LARGE_FILES_WORDS_WRITE = 14,
    CREATE_WORDS = 34,
    EXTENDED_CREATE_WORDS = 42, /* as Windows counts them, MS-SMB 2.2.4.9.2 */
    LOCK_LARGE_FILES = 0x10,
    PIPE_START = 0x000c, /* raw mode, start of a message: its length stands before it */
};

/* A file id is told by its number; the other half keeps it apart from ids of SMB 2. */
static void set_file(uint64_t file[2], bool *has_file, uint16_t fid)
{
    file[0] = 0;
    file[1] = fid;
    *has_file = fid != UINT16_MAX;
}

static void ask_file(struct smb1_block *block, struct smb_asked *asked)
{
    set_file(asked->file, &asked->has_file, reader_u16le(&block->words));
}

void smb1_ask_file(struct smb1_block *block, struct smb_asked *asked)
{
    ask_file(block, asked);
}

/* 2.2.4.64.1 */
void smb1_ask_nt_create_andx(struct smb1_block *block, struct smb_asked *asked)
{
    struct smb_notes *notes = asked->notes;
    struct reader *r = &block->words;
    reader_skip(r, 4 + 1);
    uint16_t length = reader_u16le(r);
    smb_note(notes, SMB_FIELD_oplock_asked, reader_u32le(r) & 6);
    reader_skip(r, 4);
    asked->access = reader_u32le(r);
    reader_skip(r, 8);
    smb_note(notes, SMB_FIELD_attributes, reader_u32le(r));
    smb_note(notes, SMB_FIELD_share_access, reader_u32le(r));
    uint32_t disposition = reader_u32le(r);
    if (disposition < smb_disposition_overwrite_if)
        smb_note(notes, SMB_FIELD_disposition, disposition + 1);
    smb_note(notes, SMB_FIELD_create_options, reader_u32le(r));
    smb_note(notes, SMB_FIELD_impersonation, reader_u32le(r));
    /* Windows leaves its NUL out of the length or counts it, and lengths may be wrong: the bytes end it. */
    struct str name = smb1_next_text(block, &block->bytes, asked->arena);
    if (length > 0)
        smb_note_text(notes, SMB_FIELD_file_name, name);
}

/* 2.2.4.64.2, MS-SMB 2.2.4.9.2 */
void smb1_answer_nt_create_andx(struct smb1_block *block, struct smb_answered *answered)
{
    struct smb_notes *notes = answered->notes;
    struct reader *r = &block->words;
    reader_skip(r, 4);
    smb_note(notes, SMB_FIELD_oplock, reader_u8(r));
    set_file(answered->file, &answered->has_file, reader_u16le(r));
    uint32_t action = reader_u32le(r);
    if (action < smb_create_action_overwritten)
        smb_note(notes, SMB_FIELD_create_action, action + 1);
    reader_skip(r, 4 * 8);
    smb_note(notes, SMB_FIELD_file_attributes, reader_u32le(r));
    reader_skip(r, 8);
    smb_note(notes, SMB_FIELD_file_size, reader_u64le(r));
    reader_skip(r, 2 + 2 + 1);
    if (block->word_count < EXTENDED_CREATE_WORDS)
        return;
    /* The count leaves out the last of its words. */
    struct reader extended = block->message;
    reader_skip(&extended, block->offset + 1 + CREATE_WORDS * 2 + 16 + 8);
    smb_note(notes, SMB_FIELD_maximal_access, reader_u32le(&extended));
}

/* 2.2.4.41.1 */
void smb1_ask_open_andx(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    reader_skip(r, 4 + 2);
    asked->access = reader_u16le(r);
    reader_skip(r, 2);
    smb_note(asked->notes, SMB_FIELD_attributes, reader_u16le(r));
    reader_skip(r, 4);
    smb_note(asked->notes, SMB_FIELD_create_options, reader_u16le(r));
    smb_note_text(asked->notes, SMB_FIELD_file_name, smb1_next_text(block, &block->bytes, asked->arena));
}

/* 2.2.4.41.2 */
void smb1_answer_open_andx(struct smb1_block *block, struct smb_answered *answered)
{
    struct reader *r = &block->words;
    reader_skip(r, 4);
    set_file(answered->file, &answered->has_file, reader_u16le(r));
    smb_note(answered->notes, SMB_FIELD_file_attributes, reader_u16le(r));
    reader_skip(r, 4);
    smb_note(answered->notes, SMB_FIELD_file_size, reader_u32le(r));
}

/* 2.2.4.3.1 */
void smb1_ask_open(struct smb1_block *block, struct smb_asked *asked)
{
    asked->access = reader_u16le(&block->words);
    smb1_ask_name(block, asked);
}

/* 2.2.4.3.2, and the others that answer with a file id */
void smb1_answer_open(struct smb1_block *block, struct smb_answered *answered)
{
    set_file(answered->file, &answered->has_file, reader_u16le(&block->words));
}

/* 2.2.4.7.1 and the others that name one file */
void smb1_ask_name(struct smb1_block *block, struct smb_asked *asked)
{
    smb_note_text(asked->notes, SMB_FIELD_file_name, smb1_format_text(block, &block->bytes, asked->arena));
}

/* 2.2.4.8.1, 2.2.4.66.1 */
void smb1_ask_two_names(struct smb1_block *block, struct smb_asked *asked)
{
    smb1_ask_name(block, asked);
    smb_note_text(asked->notes, SMB_FIELD_target, smb1_format_text(block, &block->bytes, asked->arena));
}

static void ask_range(struct smb1_block *block, struct smb_asked *asked)
{
    ask_file(block, asked);
    uint16_t length = reader_u16le(&block->words);
    smb_note(asked->notes, SMB_FIELD_length, length);
    asked->bytes = length;
    asked->offset = reader_u32le(&block->words);
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* 2.2.4.11.1 */
void smb1_ask_read(struct smb1_block *block, struct smb_asked *asked)
{
    ask_range(block, asked);
    asked->bytes = 0;
}

/* 2.2.4.11.2 */
void smb1_answer_read(struct smb1_block *block, struct smb_answered *answered)
{
    answered->bytes = reader_u16le(&block->words);
    reader_skip(&block->bytes, 3);
    answered->data = answered->head =
        reader_bytes(&block->bytes, reader_left(&block->bytes) < answered->bytes ? reader_left(&block->bytes)
                                                                                 : answered->bytes);
}

/* 2.2.4.12.1 */
void smb1_ask_write(struct smb1_block *block, struct smb_asked *asked)
{
    ask_range(block, asked);
    reader_skip(&block->bytes, 3);
    asked->data = asked->head = reader_rest(&block->bytes);
}

/* 2.2.4.40.1 */
void smb1_ask_write_and_close(struct smb1_block *block, struct smb_asked *asked)
{
    ask_range(block, asked);
    reader_skip(&block->bytes, 1);
    asked->data = asked->head = reader_rest(&block->bytes);
}

/* 2.2.4.12.2 */
void smb1_answer_write(struct smb1_block *block, struct smb_answered *answered)
{
    answered->bytes = reader_u16le(&block->words);
}

/* 2.2.4.42.1, MS-SMB 2.2.4.2.1 */
void smb1_ask_read_andx(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    reader_skip(r, 4);
    ask_file(block, asked);
    asked->offset = reader_u32le(r);
    uint32_t length = reader_u16le(r);
    reader_skip(r, 2);
    /* Where it is all ones it is a time-out. */
    uint32_t high = reader_u32le(r);
    if (high != UINT32_MAX)
        length |= (high & UINT16_MAX) << 16;
    reader_skip(r, 2);
    if (block->word_count >= LARGE_FILES_WORDS_READ)
        asked->offset |= (uint64_t)reader_u32le(r) << 32;
    smb_note(asked->notes, SMB_FIELD_length, length);
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* 2.2.4.42.2, MS-SMB 2.2.4.2.2 */
void smb1_answer_read_andx(struct smb1_block *block, struct smb_answered *answered)
{
    struct reader *r = &block->words;
    reader_skip(r, 4 + 2 + 2 + 2);
    answered->bytes = reader_u16le(r);
    uint16_t offset = reader_u16le(r);
    answered->bytes |= (uint32_t)reader_u16le(r) << 16;
    answered->data = answered->head = smb1_take(block, offset, answered->bytes);
}

/* 2.2.4.43.1, MS-SMB 2.2.4.3.1 */
void smb1_ask_write_andx(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    reader_skip(r, 4);
    ask_file(block, asked);
    asked->offset = reader_u32le(r);
    reader_skip(r, 4);
    uint16_t mode = reader_u16le(r);
    reader_skip(r, 2);
    asked->bytes = (uint32_t)reader_u16le(r) << 16;
    asked->bytes |= reader_u16le(r);
    uint16_t offset = reader_u16le(r);
    if (block->word_count >= LARGE_FILES_WORDS_WRITE)
        asked->offset |= (uint64_t)reader_u32le(r) << 32;
    asked->head = asked->data = smb1_take(block, offset, asked->bytes);
    struct reader data = reader_of_str(asked->data);
    if ((mode & PIPE_START) == PIPE_START) {
        reader_skip(&data, 2);
        asked->data = reader_rest(&data);
    }
    smb_note(asked->notes, SMB_FIELD_length, asked->bytes);
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* 2.2.4.43.2, MS-SMB 2.2.4.3.2 */
void smb1_answer_write_andx(struct smb1_block *block, struct smb_answered *answered)
{
    struct reader *r = &block->words;
    reader_skip(r, 4);
    answered->bytes = reader_u16le(r);
    reader_skip(r, 2);
    answered->bytes |= (uint32_t)reader_u16le(r) << 16;
}

/* 2.2.4.22.1: what is read follows without a header of its own. */
void smb1_ask_read_raw(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    ask_file(block, asked);
    asked->offset = reader_u32le(r);
    smb_note(asked->notes, SMB_FIELD_length, reader_u16le(r));
    reader_skip(r, 2 + 4 + 2);
    if (block->word_count >= LARGE_FILES_WORDS_READ_RAW)
        asked->offset |= (uint64_t)reader_u32le(r) << 32;
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* 2.2.4.25.1: the first bytes are here, others follow without a header of their own. */
void smb1_ask_write_raw(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    ask_file(block, asked);
    asked->bytes = reader_u16le(r);
    reader_skip(r, 2);
    asked->offset = reader_u32le(r);
    reader_skip(r, 4 + 2 + 4);
    uint16_t length = reader_u16le(r);
    uint16_t offset = reader_u16le(r);
    if (block->word_count >= LARGE_FILES_WORDS_WRITE)
        asked->offset |= (uint64_t)reader_u32le(r) << 32;
    asked->head = asked->data = smb1_take(block, offset, length);
    smb_note(asked->notes, SMB_FIELD_length, asked->bytes);
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* LOCKING_ANDX_RANGE32 and 64, 2.2.4.32.1. */
static void note_range(struct smb_asked *asked, struct reader *bytes, bool large)
{
    reader_skip(bytes, large ? 4 : 2);
    uint64_t high = large ? reader_u32le(bytes) : 0;
    smb_note(asked->notes, SMB_FIELD_offset, high << 32 | reader_u32le(bytes));
    high = large ? reader_u32le(bytes) : 0;
    smb_note(asked->notes, SMB_FIELD_length, high << 32 | reader_u32le(bytes));
}

/* 2.2.4.32.1 */
void smb1_ask_locking_andx(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    reader_skip(r, 4);
    ask_file(block, asked);
    uint8_t type = reader_u8(r);
    smb_note(asked->notes, SMB_FIELD_lock_flags, type);
    smb_note(asked->notes, SMB_FIELD_oplock, reader_u8(r));
    reader_skip(r, 4);
    uint32_t count = reader_u16le(r);
    count += reader_u16le(r);
    smb_note(asked->notes, SMB_FIELD_entries, count);
    if (count > 0)
        note_range(asked, &block->bytes, (type & LOCK_LARGE_FILES) != 0);
}

/* 2.2.4.13.1 */
void smb1_ask_lock(struct smb1_block *block, struct smb_asked *asked)
{
    ask_file(block, asked);
    smb_note(asked->notes, SMB_FIELD_length, reader_u32le(&block->words));
    smb_note(asked->notes, SMB_FIELD_offset, reader_u32le(&block->words));
    smb_note(asked->notes, SMB_FIELD_entries, 1);
}
