/*
 * smb1_setup - how a session of SMB 1 begins: negotiate, session setup, tree connect (MS-CIFS 2.2.4.52 to 55,
 * MS-SMB 2.2.4.5 to 7).
 */
#include "services/protocol-decode/smb1_wire.h"
#include "services/protocol-decode/smb_body.h"

enum {
    DIALECTS_MAX = 32,
    NT_DIALECT_WORDS = 17,
    LANMAN_DIALECT_WORDS = 13,
    NT_SETUP_WORDS = 13,
    EXTENDED_SETUP_WORDS = 12,
    EXTENDED_ANSWER_WORDS = 4,
    GUID_BYTES = 16,
};

/* MS-CIFS 2.2.4.52.1 */
void smb1_ask_negotiate(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->bytes;
    for (int i = 0; i < DIALECTS_MAX && reader_left(r) > 1; i++) {
        reader_skip(r, 1);
        smb_note_item(asked->notes, SMB_FIELD_dialect_names, smb1_next_oem(r, asked->arena));
    }
}

/* What follows the challenge (MS-CIFS 2.2.4.52.2, MS-SMB 2.2.4.5.2). */
static void note_server(struct smb1_block *block, struct smb_answered *answered, bool extended)
{
    if (extended) {
        smb_note_uuid(answered->notes, SMB_FIELD_server_guid, reader_bytes(&block->bytes, GUID_BYTES));
        answered->data = reader_rest(&block->bytes);
        return;
    }
    struct smb1_block plain = *block;
    struct smb1_header header = *block->header;
    plain.header = &header;
    /* Without alignment in either form. */
    struct str domain = {0};
    if (header.flags2 & SMB1_FLAG2_UNICODE) {
        struct reader r = reader_of_str(reader_rest(&block->bytes));
        domain = smb1_next_text(&plain, &r, answered->arena);
    } else {
        domain = smb1_next_oem(&block->bytes, answered->arena);
    }
    smb_note_text(answered->notes, SMB_FIELD_server_domain, domain);
}

static void answer_nt(struct smb1_block *block, struct smb_answered *answered)
{
    struct smb_notes *notes = answered->notes;
    struct reader *r = &block->words;
    smb_note(notes, SMB_FIELD_security_mode, reader_u8(r));
    reader_skip(r, 2 + 2);
    smb_note(notes, SMB_FIELD_max_write, reader_u32le(r));
    smb_note(notes, SMB_FIELD_max_read, reader_u32le(r));
    reader_skip(r, 4);
    uint32_t capabilities = reader_u32le(r);
    smb_note(notes, SMB_FIELD_capabilities, capabilities);
    smb_note(notes, SMB_FIELD_server_time, (uint64_t)smb_time(reader_u64le(r)));
    reader_skip(r, 2);
    answered->head = reader_bytes(&block->bytes, reader_u8(r));
    note_server(block, answered, (capabilities & SMB1_CAP_EXTENDED_SECURITY) != 0);
}

static void answer_lanman(struct smb1_block *block, struct smb_answered *answered)
{
    struct reader *r = &block->words;
    smb_note(answered->notes, SMB_FIELD_security_mode, reader_u16le(r));
    smb_note(answered->notes, SMB_FIELD_max_write, reader_u16le(r));
    reader_skip(r, 2 + 2 + 2 + 4 + 2 + 2 + 2);
    answered->head = reader_bytes(&block->bytes, reader_u16le(r));
    smb_note_text(answered->notes, SMB_FIELD_server_domain, smb1_next_oem(&block->bytes, answered->arena));
}

/* MS-CIFS 2.2.4.52.2, MS-SMB 2.2.4.5.2. The head is the challenge, the data a security token. */
void smb1_answer_negotiate(struct smb1_block *block, struct smb_answered *answered)
{
    answered->control = reader_u16le(&block->words);
    if (block->word_count == NT_DIALECT_WORDS)
        answer_nt(block, answered);
    else if (block->word_count == LANMAN_DIALECT_WORDS)
        answer_lanman(block, answered);
}

static void note_client(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->bytes;
    smb_note_text(asked->notes, SMB_FIELD_native_os, smb1_next_text(block, r, asked->arena));
    smb_note_text(asked->notes, SMB_FIELD_native_lan_manager, smb1_next_text(block, r, asked->arena));
}

static void note_account(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->bytes;
    smb_note_text(asked->notes, SMB_FIELD_user, smb1_next_text(block, r, asked->arena));
    smb_note_text(asked->notes, SMB_FIELD_domain, smb1_next_text(block, r, asked->arena));
    note_client(block, asked);
}

/* MS-CIFS 2.2.4.53.1, MS-SMB 2.2.4.6.1: extended security in 12 words, else with both responses in 13 or
 * with one password in 10. */
void smb1_ask_session_setup(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    struct reader *bytes = &block->bytes;
    reader_skip(r, 4 + 2 + 2 + 2 + 4);
    uint16_t first = reader_u16le(r);
    uint16_t second = block->word_count == NT_SETUP_WORDS ? reader_u16le(r) : 0;
    reader_skip(r, 4);
    if (block->word_count >= EXTENDED_SETUP_WORDS)
        smb_note(asked->notes, SMB_FIELD_client_capabilities, reader_u32le(r));
    if (block->word_count == EXTENDED_SETUP_WORDS) {
        asked->data = reader_bytes(bytes, first);
        note_client(block, asked);
    } else {
        asked->head = reader_bytes(bytes, first);
        asked->text = reader_bytes(bytes, second);
        note_account(block, asked);
    }
    if (!reader_ok(bytes) && !block->cut)
        reader_fail(r);
}

/* MS-CIFS 2.2.4.53.2, MS-SMB 2.2.4.6.2 */
void smb1_answer_session_setup(struct smb1_block *block, struct smb_answered *answered)
{
    struct reader *r = &block->words;
    struct reader *bytes = &block->bytes;
    reader_skip(r, 4);
    smb_note(answered->notes, SMB_FIELD_session_flags, reader_u16le(r));
    if (block->word_count >= EXTENDED_ANSWER_WORDS)
        answered->data = reader_bytes(bytes, reader_u16le(r));
    if (!reader_ok(bytes) && !block->cut)
        reader_fail(r);
    smb_note_text(answered->notes, SMB_FIELD_server_os, smb1_next_text(block, bytes, answered->arena));
    smb_note_text(answered->notes, SMB_FIELD_server_lan_manager,
                  smb1_next_text(block, bytes, answered->arena));
    smb_note_text(answered->notes, SMB_FIELD_server_domain, smb1_next_text(block, bytes, answered->arena));
}

/* MS-CIFS 2.2.4.55.1 */
void smb1_ask_tree_connect_andx(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *r = &block->words;
    struct reader *bytes = &block->bytes;
    reader_skip(r, 4 + 2);
    reader_skip(bytes, reader_u16le(r));
    smb_note_text(asked->notes, SMB_FIELD_share, smb1_next_text(block, bytes, asked->arena));
    smb_note_text(asked->notes, SMB_FIELD_service, smb1_next_oem(bytes, asked->arena));
}

/* MS-CIFS 2.2.4.50.1 */
void smb1_ask_tree_connect(struct smb1_block *block, struct smb_asked *asked)
{
    struct reader *bytes = &block->bytes;
    reader_skip(bytes, 1);
    smb_note_text(asked->notes, SMB_FIELD_share, smb1_next_oem(bytes, asked->arena));
    reader_skip(bytes, 1);
    (void)smb1_next_oem(bytes, asked->arena);
    reader_skip(bytes, 1);
    smb_note_text(asked->notes, SMB_FIELD_service, smb1_next_oem(bytes, asked->arena));
}

/* MS-CIFS 2.2.4.55.2, MS-SMB 2.2.4.7.2 */
void smb1_answer_tree_connect_andx(struct smb1_block *block, struct smb_answered *answered)
{
    struct reader *r = &block->words;
    reader_skip(r, 4);
    if (block->word_count >= 3)
        smb_note(answered->notes, SMB_FIELD_share_flags, reader_u16le(r));
    if (block->word_count >= 7)
        smb_note(answered->notes, SMB_FIELD_maximal_access, reader_u32le(r));
    struct str service = smb1_next_oem(&block->bytes, answered->arena);
    if (str_equal(service, STR("IPC")))
        answered->share_type = smb_share_type_pipe;
    else if (str_equal(service, STR("A:")))
        answered->share_type = smb_share_type_disk;
    else if (str_equal(service, STR("LPT1:")))
        answered->share_type = smb_share_type_print;
    smb_note(answered->notes, SMB_FIELD_share_type, answered->share_type);
    smb_note_text(answered->notes, SMB_FIELD_file_system,
                  smb1_next_text(block, &block->bytes, answered->arena));
}
