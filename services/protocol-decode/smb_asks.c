/*
 * smb_asks - the bodies of requests (MS-SMB2 2.2).
 */
#include "services/protocol-decode/smb_body.h"
#include "services/protocol-decode/smb_names.h"

#include "common/base/text.h"

enum {
    CONTEXTS_MAX = 32, /* create contexts of one create */
    CONTEXT_NAME_BYTES_MAX = 16,
    /* MS-FSCC 2.4. */
    CLASS_RENAME = 10,
    CLASS_LINK = 11,
    CLASS_DISPOSITION = 13,
    CLASS_DISPOSITION_EX = 64,
    CLASS_RENAME_EX = 65,
    DISPOSITION_DELETE = 1,
};

struct str smb_take(const struct smb_part *part, struct reader *body, uint32_t offset, uint32_t length)
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

struct str smb_take_head(const struct smb_part *part, uint32_t offset, uint32_t length)
{
    struct reader r = reader_of_str(part->bytes);
    reader_skip(&r, offset);
    if (offset < SMB_HEADER_BYTES || !reader_ok(&r))
        return (struct str){0};
    return reader_bytes(&r, length < reader_left(&r) ? length : reader_left(&r));
}

void smb_read_file_id(struct reader *body, uint64_t file[2])
{
    file[0] = reader_u64le(body);
    file[1] = reader_u64le(body);
}

void smb_note_malformed(struct smb_notes *notes, size_t offset)
{
    smb_note(notes, SMB_FIELD_unread, unread_malformed);
    smb_note(notes, SMB_FIELD_unread_at, offset);
}

void smb_note_utf16(struct smb_notes *notes, struct arena *arena, enum smb_field field, struct str utf16)
{
    if (notes && utf16.size > 0)
        smb_note_text(notes, field, text_from_utf16le(arena, utf16, true));
}

/* Four letters, or the 16 bytes of a UUID (MS-SMB2 2.2.13.2). */
static void note_context_name(struct smb_notes *notes, enum smb_field field, struct str name)
{
    char uuid[TEXT_UUID_BYTES];
    struct reader r = reader_of_str(name);
    uint8_t bytes[CONTEXT_NAME_BYTES_MAX];
    bool printable = name.size > 0 && name.size <= CONTEXT_NAME_BYTES_MAX;
    for (uint32_t i = 0; i < name.size && i < CONTEXT_NAME_BYTES_MAX; i++) {
        bytes[i] = reader_u8(&r);
        printable &= bytes[i] >= 0x20 && bytes[i] < 0x7f;
    }
    if (printable)
        smb_note_item(notes, field, name);
    else if (name.size == CONTEXT_NAME_BYTES_MAX)
        smb_note_item(notes, field, str_of(text_uuid(bytes, uuid)));
}

void smb_note_contexts(const struct smb_part *part, struct str contexts, struct smb_notes *notes,
                       enum smb_field field)
{
    struct reader all = reader_of_str(contexts);
    size_t begin = part->bytes.size - contexts.size;
    for (int i = 0; notes && i < CONTEXTS_MAX && reader_left(&all) > 0; i++) {
        struct reader one = all;
        uint32_t next = reader_u32le(&one);
        uint16_t name_offset = reader_u16le(&one);
        uint16_t name_length = reader_u16le(&one);
        struct reader name = all;
        reader_skip(&name, name_offset);
        struct str text = reader_bytes(&name, name_length);
        if (!reader_ok(&one) || !reader_ok(&name)) {
            smb_note_malformed(notes, begin + reader_offset(&all));
            return;
        }
        note_context_name(notes, field, text);
        if (next == 0)
            return;
        reader_skip(&all, next);
    }
}

/* 2.2.5 */
void smb_ask_session_setup(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    smb_note(asked->notes, SMB_FIELD_setup_flags, reader_u8(body));
    smb_note(asked->notes, SMB_FIELD_client_security_mode, reader_u8(body));
    smb_note(asked->notes, SMB_FIELD_client_capabilities, reader_u32le(body));
    reader_skip(body, 4);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    smb_note(asked->notes, SMB_FIELD_previous_session, reader_u64le(body));
    asked->data = smb_take(part, body, offset, length);
}

/* 2.2.9 */
void smb_ask_tree_connect(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    reader_skip(body, 2);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    asked->text = smb_take(part, body, offset, length);
    smb_note_utf16(asked->notes, asked->arena, SMB_FIELD_share, asked->text);
}

/* 2.2.13 */
void smb_ask_create(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    struct smb_notes *notes = asked->notes;
    reader_skip(body, 1);
    smb_note(notes, SMB_FIELD_oplock_asked, reader_u8(body));
    smb_note(notes, SMB_FIELD_impersonation, reader_u32le(body));
    reader_skip(body, 16);
    asked->access = reader_u32le(body);
    smb_note(notes, SMB_FIELD_attributes, reader_u32le(body));
    smb_note(notes, SMB_FIELD_share_access, reader_u32le(body));
    uint32_t disposition = reader_u32le(body);
    if (disposition < smb_disposition_overwrite_if)
        smb_note(notes, SMB_FIELD_disposition, disposition + 1);
    smb_note(notes, SMB_FIELD_create_options, reader_u32le(body));
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    uint32_t contexts_offset = reader_u32le(body);
    uint32_t contexts_length = reader_u32le(body);
    asked->text = smb_take(part, body, offset, length);
    smb_note_utf16(notes, asked->arena, SMB_FIELD_file_name, asked->text);
    smb_note_contexts(part, smb_take(part, body, contexts_offset, contexts_length), notes,
                      SMB_FIELD_create_contexts);
}

/* 2.2.19 */
void smb_ask_read(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    (void)part;
    reader_skip(body, 2);
    smb_note(asked->notes, SMB_FIELD_length, reader_u32le(body));
    asked->offset = reader_u64le(body);
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* 2.2.21 */
void smb_ask_write(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    uint16_t offset = reader_u16le(body);
    asked->bytes = reader_u32le(body);
    asked->offset = reader_u64le(body);
    asked->data = smb_take(part, body, offset, asked->bytes);
    asked->head = smb_take_head(part, offset, asked->bytes);
    smb_note(asked->notes, SMB_FIELD_length, asked->bytes);
    smb_note(asked->notes, SMB_FIELD_offset, asked->offset);
}

/* 2.2.26 */
void smb_ask_lock(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    (void)part;
    smb_note(asked->notes, SMB_FIELD_entries, reader_u16le(body));
    reader_skip(body, 20);
    smb_note(asked->notes, SMB_FIELD_offset, reader_u64le(body));
    smb_note(asked->notes, SMB_FIELD_length, reader_u64le(body));
    smb_note(asked->notes, SMB_FIELD_lock_flags, reader_u32le(body));
}

static void note_class(struct smb_notes *notes, uint8_t type, uint8_t class)
{
    smb_note(notes, SMB_FIELD_info_type, type);
    smb_note(notes, SMB_FIELD_info_class, class);
    if (notes)
        smb_note_name(notes, SMB_FIELD_info_name, smb_info_name(type, class));
}

/* 2.2.33 */
void smb_ask_query_directory(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    note_class(asked->notes, SMB_INFO_FILE, reader_u8(body));
    reader_skip(body, 21);
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    smb_note_utf16(asked->notes, asked->arena, SMB_FIELD_pattern, smb_take(part, body, offset, length));
}

/* 2.2.35 */
void smb_ask_change_notify(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    (void)part;
    reader_skip(body, 22);
    smb_note(asked->notes, SMB_FIELD_completion_filter, reader_u32le(body));
}

/* 2.2.37 */
void smb_ask_query_info(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    (void)part;
    uint8_t type = reader_u8(body);
    note_class(asked->notes, type, reader_u8(body));
    reader_skip(body, 12);
    smb_note(asked->notes, SMB_FIELD_security_information, reader_u32le(body));
}

/* FileRenameInformation and FileLinkInformation, MS-FSCC 2.4.43 and 2.4.28 in their 64-bit form. */
static void note_target(struct smb_asked *asked, struct str buffer)
{
    struct reader r = reader_of_str(buffer);
    reader_skip(&r, 16);
    uint32_t length = reader_u32le(&r);
    struct str name = reader_bytes(&r, length);
    if (reader_ok(&r))
        smb_note_utf16(asked->notes, asked->arena, SMB_FIELD_target, name);
}

/* 2.2.39 */
void smb_ask_set_info(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    uint8_t type = reader_u8(body);
    uint8_t class = reader_u8(body);
    uint32_t length = reader_u32le(body);
    uint16_t offset = reader_u16le(body);
    reader_skip(body, 2);
    smb_note(asked->notes, SMB_FIELD_security_information, reader_u32le(body));
    note_class(asked->notes, type, class);
    struct str buffer = smb_take(part, body, offset, length);
    struct reader r = reader_of_str(buffer);
    if (type != SMB_INFO_FILE || buffer.size == 0)
        return;
    if (class == CLASS_RENAME || class == CLASS_LINK || class == CLASS_RENAME_EX)
        note_target(asked, buffer);
    else if (class == CLASS_DISPOSITION || class == CLASS_DISPOSITION_EX)
        smb_note(asked->notes, SMB_FIELD_delete_on_close,
                 reader_u8(&r) & DISPOSITION_DELETE ? tristate_yes : tristate_no);
}
