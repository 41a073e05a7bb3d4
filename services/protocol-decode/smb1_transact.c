/*
 * smb1_transact - transactions of SMB 1: three commands of one shape, with functions of their own (MS-CIFS
 * 2.2.4.33 to 36, 46, 47, 62, 63; 2.2.5 to 2.2.7).
 */
#include "common/base/text.h"
#include "services/protocol-decode/smb1_wire.h"
#include "services/protocol-decode/smb_body.h"
#include "services/protocol-decode/smb_names.h"

enum {
    /* MS-CIFS 2.2.2.2 */
    TRANS_PEEK_NMPIPE = 0x23,
    TRANS2_OPEN2 = 0x00,
    TRANS2_FIND_FIRST2 = 0x01,
    TRANS2_FIND_NEXT2 = 0x02,
    TRANS2_QUERY_FS_INFORMATION = 0x03,
    TRANS2_QUERY_PATH_INFORMATION = 0x05,
    TRANS2_SET_PATH_INFORMATION = 0x06,
    TRANS2_QUERY_FILE_INFORMATION = 0x07,
    TRANS2_SET_FILE_INFORMATION = 0x08,
    TRANS2_CREATE_DIRECTORY = 0x0d,
    TRANS2_GET_DFS_REFERRAL = 0x10,
    NT_TRANSACT_CREATE = 1,
    NT_TRANSACT_IOCTL = 2,
    NT_TRANSACT_SET_SECURITY_DESC = 3,
    NT_TRANSACT_NOTIFY_CHANGE = 4,
    NT_TRANSACT_QUERY_SECURITY_DESC = 6,
    /* MS-CIFS 2.2.2.3.4, MS-SMB 2.2.2.3.5 and MS-FSCC 2.4 */
    LEVEL_SET_DISPOSITION = 0x0102,
    LEVEL_DISPOSITION = SMB1_LEVEL_PASSTHROUGH + 13,
    LEVEL_RENAME = SMB1_LEVEL_PASSTHROUGH + 10,
    LEVEL_LINK = SMB1_LEVEL_PASSTHROUGH + 11,
};

static void take_parts(struct smb1_block *block, struct smb1_transaction *t, uint32_t parameters_offset,
                       uint32_t data_offset)
{
    t->parameters = smb1_take_reader(block, parameters_offset, t->parameter_count);
    t->data = smb1_take(block, data_offset, t->data_count);
}

/* 2.2.4.62.1 */
static void read_nt(struct smb1_block *block, struct smb1_transaction *t)
{
    struct reader *r = &block->words;
    reader_skip(r, 1 + 2);
    t->total_parameters = reader_u32le(r);
    t->total_data = reader_u32le(r);
    t->max_parameters = reader_u32le(r);
    t->max_data = reader_u32le(r);
    t->parameter_count = reader_u32le(r);
    uint32_t parameters = reader_u32le(r);
    t->data_count = reader_u32le(r);
    uint32_t data = reader_u32le(r);
    reader_skip(r, 1);
    t->function = reader_u16le(r);
    t->setup = *r;
    take_parts(block, t, parameters, data);
}

bool smb1_read_transaction(struct smb1_block *block, struct smb1_transaction *t)
{
    struct reader *r = &block->words;
    *t = (struct smb1_transaction){0};
    if (block->command == SMB1_NT_TRANSACT) {
        read_nt(block, t);
        return reader_ok(r);
    }
    if (block->command != SMB1_TRANSACTION && block->command != SMB1_TRANSACTION2)
        return false;
    t->total_parameters = reader_u16le(r);
    t->total_data = reader_u16le(r);
    t->max_parameters = reader_u16le(r);
    t->max_data = reader_u16le(r);
    reader_skip(r, 1 + 1 + 2 + 4 + 2);
    t->parameter_count = reader_u16le(r);
    uint32_t parameters = reader_u16le(r);
    t->data_count = reader_u16le(r);
    uint32_t data = reader_u16le(r);
    uint8_t setup = reader_u8(r);
    reader_skip(r, 1);
    /* A mailslot has no function but to be written to; others without setup have none at all. */
    t->function = setup > 0 ? reader_u16le(r) : UINT16_MAX;
    t->setup = *r;
    take_parts(block, t, parameters, data);
    return reader_ok(r);
}

static void read_wide(struct smb1_block *block, struct smb1_transaction *t)
{
    struct reader *r = &block->words;
    reader_skip(r, 3);
    t->total_parameters = reader_u32le(r);
    t->total_data = reader_u32le(r);
    t->parameter_count = reader_u32le(r);
    uint32_t parameters = reader_u32le(r);
    t->parameters_at = reader_u32le(r);
    t->data_count = reader_u32le(r);
    uint32_t data = reader_u32le(r);
    t->data_at = reader_u32le(r);
    take_parts(block, t, parameters, data);
}

static void read_narrow(struct smb1_block *block, struct smb1_transaction *t, bool answer)
{
    struct reader *r = &block->words;
    t->total_parameters = reader_u16le(r);
    t->total_data = reader_u16le(r);
    if (answer)
        reader_skip(r, 2);
    t->parameter_count = reader_u16le(r);
    uint32_t parameters = reader_u16le(r);
    t->parameters_at = reader_u16le(r);
    t->data_count = reader_u16le(r);
    uint32_t data = reader_u16le(r);
    t->data_at = reader_u16le(r);
    take_parts(block, t, parameters, data);
}

/* 2.2.4.34.1, 2.2.4.47.1, 2.2.4.63.1 */
bool smb1_read_secondary(struct smb1_block *block, struct smb1_transaction *t)
{
    *t = (struct smb1_transaction){0};
    if (block->command == SMB1_NT_TRANSACT_SECONDARY)
        read_wide(block, t);
    else
        read_narrow(block, t, false);
    return reader_ok(&block->words);
}

/* 2.2.4.33.2, 2.2.4.46.2, 2.2.4.62.2 */
bool smb1_read_transaction_answer(struct smb1_block *block, struct smb1_transaction *t)
{
    *t = (struct smb1_transaction){0};
    if (block->command == SMB1_NT_TRANSACT)
        read_wide(block, t);
    else
        read_narrow(block, t, true);
    return reader_ok(&block->words);
}

static void note_counts(struct smb_notes *notes, const struct smb1_transaction *t)
{
    smb_note(notes, SMB_FIELD_total_parameters, t->total_parameters);
    smb_note(notes, SMB_FIELD_total_data, t->total_data);
    smb_note(notes, SMB_FIELD_parameters, t->parameter_count);
    smb_note(notes, SMB_FIELD_data, t->data_count);
    smb_note(notes, SMB_FIELD_parameters_at, t->parameters_at);
    smb_note(notes, SMB_FIELD_data_at, t->data_at);
    smb_note(notes, SMB_FIELD_max_parameters, t->max_parameters);
    smb_note(notes, SMB_FIELD_max_data, t->max_data);
}

static void set_file(struct smb_asked *asked, uint16_t fid)
{
    asked->file[0] = 0;
    asked->file[1] = fid;
    asked->has_file = fid != UINT16_MAX;
}

static void note_level(struct smb_notes *notes, enum smb1_levels levels, uint16_t level)
{
    smb_note(notes, SMB_FIELD_info_class, level);
    if (notes)
        smb_note_name(notes, SMB_FIELD_info_name, smb1_level_name(levels, level));
}

/* The data of a level that is set: what a file is renamed to, or whether it goes. */
static void note_set(struct smb1_block *block, struct smb_asked *asked, struct str data, uint16_t level)
{
    struct reader r = reader_of_str(data);
    if (level == LEVEL_SET_DISPOSITION || level == LEVEL_DISPOSITION) {
        smb_note(asked->notes, SMB_FIELD_delete_on_close, reader_u8(&r) ? tristate_yes : tristate_no);
    } else if (level == LEVEL_RENAME || level == LEVEL_LINK) {
        reader_skip(&r, 8);
        uint32_t size = reader_u32le(&r);
        smb_note_text(asked->notes, SMB_FIELD_target, smb1_sized_text(block, &r, size, asked->arena));
    }
}

static void ask_file_information(struct smb1_block *block, struct smb_asked *asked,
                                 const struct smb1_transaction *t, struct reader *r)
{
    bool set = t->function == TRANS2_SET_FILE_INFORMATION;
    set_file(asked, reader_u16le(r));
    uint16_t level = reader_u16le(r);
    note_level(asked->notes, set ? SMB1_LEVELS_SET : SMB1_LEVELS_QUERY, level);
    if (set)
        note_set(block, asked, t->data, level);
}

static void ask_path_information(struct smb1_block *block, struct smb_asked *asked,
                                 const struct smb1_transaction *t, struct reader *r)
{
    bool set = t->function == TRANS2_SET_PATH_INFORMATION;
    uint16_t level = reader_u16le(r);
    reader_skip(r, 4);
    note_level(asked->notes, set ? SMB1_LEVELS_SET : SMB1_LEVELS_QUERY, level);
    smb_note_text(asked->notes, SMB_FIELD_file_name, smb1_next_text(block, r, asked->arena));
    if (set)
        note_set(block, asked, t->data, level);
}

/* 2.2.6.2, 2.2.6.3 */
static void ask_find(struct smb1_block *block, struct smb_asked *asked, const struct smb1_transaction *t,
                     struct reader *r)
{
    bool first = t->function == TRANS2_FIND_FIRST2;
    reader_skip(r, first ? 6 : 4);
    note_level(asked->notes, SMB1_LEVELS_FIND, reader_u16le(r));
    reader_skip(r, first ? 4 : 6);
    smb_note_text(asked->notes, SMB_FIELD_pattern, smb1_next_text(block, r, asked->arena));
}

/* 2.2.6.1 */
static void ask_open2(struct smb1_block *block, struct smb_asked *asked, struct reader *r)
{
    reader_skip(r, 2);
    asked->access = reader_u16le(r);
    reader_skip(r, 2);
    smb_note(asked->notes, SMB_FIELD_attributes, reader_u16le(r));
    reader_skip(r, 4 + 2 + 4 + 10);
    smb_note_text(asked->notes, SMB_FIELD_file_name, smb1_next_text(block, r, asked->arena));
}

static void ask_transaction2(struct smb1_block *block, struct smb_asked *asked,
                             const struct smb1_transaction *t)
{
    struct reader r = t->parameters;
    smb_note_name(asked->notes, SMB_FIELD_operation, smb1_transaction2_name(t->function));
    switch (t->function) {
    case TRANS2_OPEN2:
        ask_open2(block, asked, &r);
        break;
    case TRANS2_FIND_FIRST2:
    case TRANS2_FIND_NEXT2:
        ask_find(block, asked, t, &r);
        break;
    case TRANS2_QUERY_FS_INFORMATION:
        note_level(asked->notes, SMB1_LEVELS_QUERY_FS, reader_u16le(&r));
        break;
    case TRANS2_QUERY_PATH_INFORMATION:
    case TRANS2_SET_PATH_INFORMATION:
        ask_path_information(block, asked, t, &r);
        break;
    case TRANS2_QUERY_FILE_INFORMATION:
    case TRANS2_SET_FILE_INFORMATION:
        ask_file_information(block, asked, t, &r);
        break;
    case TRANS2_CREATE_DIRECTORY:
        reader_skip(&r, 4);
        smb_note_text(asked->notes, SMB_FIELD_file_name, smb1_next_text(block, &r, asked->arena));
        break;
    case TRANS2_GET_DFS_REFERRAL:
        reader_skip(&r, 2);
        smb_note_text(asked->notes, SMB_FIELD_target, smb1_next_text(block, &r, asked->arena));
        break;
    default:
        break;
    }
}

/* 2.2.7.1.1 */
static void ask_nt_create(struct smb1_block *block, struct smb_asked *asked, struct reader *r)
{
    struct smb_notes *notes = asked->notes;
    reader_skip(r, 4 + 4);
    asked->access = reader_u32le(r);
    reader_skip(r, 8);
    smb_note(notes, SMB_FIELD_attributes, reader_u32le(r));
    smb_note(notes, SMB_FIELD_share_access, reader_u32le(r));
    uint32_t disposition = reader_u32le(r);
    if (disposition < smb_disposition_overwrite_if)
        smb_note(notes, SMB_FIELD_disposition, disposition + 1);
    smb_note(notes, SMB_FIELD_create_options, reader_u32le(r));
    reader_skip(r, 4 + 4);
    uint32_t length = reader_u32le(r);
    smb_note(notes, SMB_FIELD_impersonation, reader_u32le(r));
    reader_skip(r, 1);
    smb_note_text(notes, SMB_FIELD_file_name, smb1_sized_text(block, r, length, asked->arena));
}

static void ask_nt_transact(struct smb1_block *block, struct smb_asked *asked, struct smb1_transaction *t)
{
    struct reader r = t->parameters;
    smb_note_name(asked->notes, SMB_FIELD_operation, smb1_nt_transact_name(t->function));
    switch (t->function) {
    case NT_TRANSACT_CREATE:
        ask_nt_create(block, asked, &r);
        break;
    case NT_TRANSACT_IOCTL:
        /* 2.2.7.2.1: the code itself says more than that it is one. */
        asked->control = reader_u32le(&t->setup);
        set_file(asked, reader_u16le(&t->setup));
        smb_note(asked->notes, SMB_FIELD_control, asked->control);
        smb_note_name(asked->notes, SMB_FIELD_operation, smb_control_name(asked->control));
        break;
    case NT_TRANSACT_NOTIFY_CHANGE:
        smb_note(asked->notes, SMB_FIELD_completion_filter, reader_u32le(&t->setup));
        set_file(asked, reader_u16le(&t->setup));
        break;
    case NT_TRANSACT_SET_SECURITY_DESC:
    case NT_TRANSACT_QUERY_SECURITY_DESC:
        set_file(asked, reader_u16le(&r));
        reader_skip(&r, 2);
        smb_note(asked->notes, SMB_FIELD_security_information, reader_u32le(&r));
        break;
    default:
        break;
    }
}

/* 2.2.4.33.1: its name says whether it is for a pipe or a mailslot. */
static void ask_pipe(struct smb1_block *block, struct smb_asked *asked, struct smb1_transaction *t)
{
    const struct str mailslot = STR("\\MAILSLOT\\");
    struct str name = smb1_next_text(block, &block->bytes, asked->arena);
    struct reader begin = reader_of_str(name);
    bool is_mailslot = text_equal_nocase(reader_bytes(&begin, mailslot.size), mailslot);
    if (is_mailslot)
        smb_note_name(asked->notes, SMB_FIELD_operation, "TRANS_MAILSLOT_WRITE");
    else if (t->function != UINT16_MAX)
        smb_note_name(asked->notes, SMB_FIELD_operation, smb1_transaction_name(t->function));
    asked->text = name;
    asked->data = t->data;
    if (!is_mailslot && t->function < SMB1_TRANS_WAIT_NMPIPE)
        set_file(asked, reader_u16le(&t->setup));
    if (!asked->has_file)
        smb_note_text(asked->notes, SMB_FIELD_file_name, name);
}

/* What programs send that look for the holes of MS17-010 or use them: a look into a pipe that was never
 * opened, and an NT transaction of more data than those of other kinds can count. */
static bool is_unusual(const struct smb1_block *block, const struct smb_asked *asked,
                       const struct smb1_transaction *t)
{
    if (block->command == SMB1_TRANSACTION)
        return t->function == TRANS_PEEK_NMPIPE && asked->file[1] == 0;
    return block->command == SMB1_NT_TRANSACT && t->total_data > UINT16_MAX;
}

void smb1_ask_transaction(struct smb1_block *block, struct smb_asked *asked)
{
    struct smb1_transaction t;
    if (!smb1_read_transaction(block, &t))
        return;
    note_counts(asked->notes, &t);
    asked->control = t.function;
    if (t.function != UINT16_MAX)
        smb_note(asked->notes, SMB_FIELD_control, t.function);
    if (block->command == SMB1_TRANSACTION)
        ask_pipe(block, asked, &t);
    else if (block->command == SMB1_TRANSACTION2)
        ask_transaction2(block, asked, &t);
    else
        ask_nt_transact(block, asked, &t);
    asked->unusual = is_unusual(block, asked, &t);
}

void smb1_ask_secondary(struct smb1_block *block, struct smb_asked *asked)
{
    struct smb1_transaction t;
    if (!smb1_read_secondary(block, &t))
        return;
    note_counts(asked->notes, &t);
    asked->bytes = t.data_count;
    asked->data = t.data;
}

void smb1_answer_transaction(struct smb1_block *block, struct smb_answered *answered)
{
    struct smb1_transaction t;
    if (block->word_count == 0 || !smb1_read_transaction_answer(block, &t))
        return;
    smb_note(answered->notes, SMB_FIELD_answered_parameters, t.total_parameters);
    smb_note(answered->notes, SMB_FIELD_answered_data, t.total_data);
    answered->data = t.data;
    answered->head = reader_rest(&t.parameters);
    /* Whether more of it follows. */
    answered->more = t.data_at + (uint64_t)t.data_count < t.total_data ||
                     t.parameters_at + (uint64_t)t.parameter_count < t.total_parameters;
}
