/*
 * smb_answers - the bodies of responses (MS-SMB2 2.2).
 */
#include "services/protocol-decode/smb_body.h"

enum {
    OPLOCK_BODY_BYTES = 24,
    CONTEXT_RESPONSE_BYTES = 16, /* of SMB2_CREATE_CONTEXT before its name */
    MAXIMAL_ACCESS_BYTES = 8,
    CONTEXTS_MAX = 32,
    FILETIME_UNIX_S = 11644473600, /* from 1601 to 1970 */
    FILETIME_TICKS_S = 10000000,
    FILETIME_TICK_NS = 100,
};

#define FILETIME_UNIX (FILETIME_UNIX_S * (uint64_t)FILETIME_TICKS_S)

time_ns smb_time(uint64_t filetime)
{
    if (filetime < FILETIME_UNIX || filetime > FILETIME_UNIX + (uint64_t)INT64_MAX / FILETIME_TICK_NS)
        return 0;
    return (time_ns)((filetime - FILETIME_UNIX) * FILETIME_TICK_NS);
}

/* 2.2.6 */
void smb_answer_session_setup(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    answered->session_flags = reader_u16le(body);
    smb_note(answered->notes, SMB_FIELD_session_flags, answered->session_flags);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    answered->data = smb_take(part, body, offset, length);
}

/* 2.2.10 */
void smb_answer_tree_connect(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    (void)part;
    answered->share_type = reader_u8(body);
    reader_skip(body, 1);
    if (answered->share_type <= smb_share_type_print)
        smb_note(answered->notes, SMB_FIELD_share_type, answered->share_type);
    smb_note(answered->notes, SMB_FIELD_share_flags, reader_u32le(body));
    smb_note(answered->notes, SMB_FIELD_share_capabilities, reader_u32le(body));
    smb_note(answered->notes, SMB_FIELD_maximal_access, reader_u32le(body));
}

/* SMB2_CREATE_QUERY_MAXIMAL_ACCESS_RESPONSE, 2.2.14.2.5. */
static void note_maximal_access(struct str contexts, struct smb_notes *notes)
{
    struct reader all = reader_of_str(contexts);
    for (int i = 0; notes && i < CONTEXTS_MAX && reader_left(&all) > 0; i++) {
        struct reader one = all, name = all, data = all;
        uint32_t next = reader_u32le(&one);
        uint16_t name_offset = reader_u16le(&one);
        uint16_t name_length = reader_u16le(&one);
        reader_skip(&one, 2);
        uint16_t data_offset = reader_u16le(&one);
        uint32_t data_length = reader_u32le(&one);
        reader_skip(&name, name_offset);
        reader_skip(&data, data_offset);
        bool found = str_equal(reader_bytes(&name, name_length), STR("MxAc"));
        if (found && data_length >= MAXIMAL_ACCESS_BYTES && reader_u32le(&data) == 0)
            smb_note(notes, SMB_FIELD_maximal_access, reader_u32le(&data));
        if (next == 0)
            return;
        reader_skip(&all, next);
    }
}

/* 2.2.14 */
void smb_answer_create(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    struct smb_notes *notes = answered->notes;
    smb_note(notes, SMB_FIELD_oplock, reader_u8(body));
    reader_skip(body, 1);
    uint32_t action = reader_u32le(body);
    if (action < smb_create_action_overwritten)
        smb_note(notes, SMB_FIELD_create_action, action + 1);
    reader_skip(body, 40);
    smb_note(notes, SMB_FIELD_file_size, reader_u64le(body));
    smb_note(notes, SMB_FIELD_file_attributes, reader_u32le(body));
    reader_skip(body, 4);
    smb_read_file_id(body, answered->file);
    answered->has_file = reader_ok(body);
    uint32_t offset = reader_u32le(body);
    uint32_t length = reader_u32le(body);
    struct str contexts = smb_take(part, body, offset, length);
    smb_note_contexts(part, contexts, notes, SMB_FIELD_created_contexts);
    note_maximal_access(contexts, notes);
}

/* 2.2.16: the sizes are there when the request asked for them. */
void smb_answer_close(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    (void)part;
    uint16_t flags = reader_u16le(body);
    reader_skip(body, 4 + 40);
    uint64_t size = reader_u64le(body);
    uint32_t attributes = reader_u32le(body);
    if (!(flags & 1))
        return;
    smb_note(answered->notes, SMB_FIELD_file_size, size);
    smb_note(answered->notes, SMB_FIELD_file_attributes, attributes);
}

/* 2.2.20 */
void smb_answer_read(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    uint8_t offset = reader_u8(body);
    reader_skip(body, 1);
    answered->bytes = reader_u32le(body);
    answered->data = smb_take(part, body, offset, answered->bytes);
    answered->head = smb_take_head(part, offset, answered->bytes);
}

/* 2.2.22 */
void smb_answer_write(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    (void)part;
    reader_skip(body, 2);
    answered->bytes = reader_u32le(body);
}

/* 2.2.23 and 2.2.24: an open file, or in the longer form a lease. */
void smb_answer_oplock_break(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    uint8_t level = reader_u8(body);
    reader_skip(body, 5);
    smb_read_file_id(body, answered->file);
    answered->has_file = part->bytes.size == SMB_HEADER_BYTES + OPLOCK_BODY_BYTES;
    if (answered->has_file)
        smb_note(answered->notes, SMB_FIELD_oplock, level);
}

/* 2.2.2 and 2.2.2.1. */
void smb_answer_error(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    struct reader r = *body;
    uint8_t contexts = reader_u8(&r);
    reader_skip(&r, 1 + 4);
    if (contexts == 0)
        return;
    smb_note(answered->notes, SMB_FIELD_error_contexts, contexts);
    reader_skip(&r, 4);
    smb_note(answered->notes, SMB_FIELD_error_id, reader_u32le(&r));
    if (!reader_ok(&r) && !part->cut)
        smb_note_malformed(answered->notes, part->offset + reader_offset(&r));
}
