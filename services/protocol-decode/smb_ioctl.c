/*
 * smb_ioctl - control codes and what is asked with them (MS-SMB2 2.2.31, 2.2.32).
 */
#include "services/protocol-decode/smb_body.h"
#include "services/protocol-decode/smb_names.h"

/* MS-FSCC 2.3, MS-SMB2 2.2.31. */
#define DFS_GET_REFERRALS       0x00060194u
#define DFS_GET_REFERRALS_EX    0x000601b0u
#define PIPE_WAIT               0x00110018u
#define VALIDATE_NEGOTIATE_INFO 0x00140204u
#define SRV_COPYCHUNK           0x001440f2u
#define SRV_COPYCHUNK_WRITE     0x001480f2u

/* REQ_GET_DFS_REFERRAL, MS-DFSC 2.2.2. */
static void note_referral(struct smb_asked *asked, struct reader *r)
{
    reader_skip(r, 2);
    struct str path = reader_rest(r);
    /* UTF-16LE that ends in NUL. */
    if (path.size >= 2)
        path.size -= 2;
    smb_note_utf16(asked->notes, asked->arena, SMB_FIELD_target, path);
}

/* REQ_GET_DFS_REFERRAL_EX, MS-DFSC 2.2.3. */
static void note_referral_ex(struct smb_asked *asked, struct reader *r)
{
    reader_skip(r, 2 + 2 + 4);
    uint16_t length = reader_u16le(r);
    smb_note_utf16(asked->notes, asked->arena, SMB_FIELD_target, reader_bytes(r, length));
}

/* FSCTL_PIPE_WAIT, MS-FSCC 2.3.49. */
static void note_pipe_wait(struct smb_asked *asked, struct reader *r)
{
    reader_skip(r, 8);
    uint32_t length = reader_u32le(r);
    reader_skip(r, 2);
    smb_note_utf16(asked->notes, asked->arena, SMB_FIELD_target, reader_bytes(r, length));
}

/* VALIDATE_NEGOTIATE_INFO, 2.2.31.4: what the client says it offered. */
static void note_validation(struct smb_asked *asked, struct reader *r)
{
    smb_note(asked->notes, SMB_FIELD_client_capabilities, reader_u32le(r));
    smb_note_uuid(asked->notes, SMB_FIELD_client_guid, reader_bytes(r, sizeof(struct uuid)));
    smb_note(asked->notes, SMB_FIELD_client_security_mode, reader_u16le(r));
    uint16_t count = reader_u16le(r);
    smb_note_numbers(asked->notes, SMB_FIELD_dialects_offered, reader_bytes(r, count * sizeof(uint16_t)));
}

static void note_input(struct smb_asked *asked)
{
    struct reader r = reader_of_str(asked->data);
    switch (asked->control) {
    case DFS_GET_REFERRALS:
        note_referral(asked, &r);
        break;
    case DFS_GET_REFERRALS_EX:
        note_referral_ex(asked, &r);
        break;
    case PIPE_WAIT:
        note_pipe_wait(asked, &r);
        break;
    case VALIDATE_NEGOTIATE_INFO:
        note_validation(asked, &r);
        break;
    case SRV_COPYCHUNK:
    case SRV_COPYCHUNK_WRITE:
        /* SRV_COPYCHUNK_COPY, 2.2.31.1, behind the resume key. */
        reader_skip(&r, 24);
        smb_note(asked->notes, SMB_FIELD_entries, reader_u32le(&r));
        break;
    default:
        break;
    }
    if (!reader_ok(&r))
        smb_note(asked->notes, SMB_FIELD_unread, unread_malformed);
}

/* 2.2.31 */
void smb_ask_ioctl(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    reader_skip(body, 2);
    asked->control = reader_u32le(body);
    reader_skip(body, 16);
    uint32_t offset = reader_u32le(body);
    uint32_t length = reader_u32le(body);
    asked->data = smb_take(part, body, offset, length);
    smb_note(asked->notes, SMB_FIELD_control, asked->control);
    if (!asked->notes)
        return;
    smb_note_name(asked->notes, SMB_FIELD_operation, smb_control_name(asked->control));
    if (asked->data.size > 0)
        note_input(asked);
}

/* VALIDATE_NEGOTIATE_INFO response, 2.2.32.6. */
static void note_validated(struct smb_answered *answered)
{
    struct reader r = reader_of_str(answered->data);
    smb_note(answered->notes, SMB_FIELD_capabilities, reader_u32le(&r));
    smb_note_uuid(answered->notes, SMB_FIELD_server_guid, reader_bytes(&r, sizeof(struct uuid)));
    smb_note(answered->notes, SMB_FIELD_security_mode, reader_u16le(&r));
}

/* 2.2.32 */
void smb_answer_ioctl(const struct smb_part *part, struct reader *body, struct smb_answered *answered)
{
    reader_skip(body, 2);
    answered->control = reader_u32le(body);
    smb_read_file_id(body, answered->file);
    answered->has_file = reader_ok(body);
    reader_skip(body, 8);
    uint32_t offset = reader_u32le(body);
    uint32_t length = reader_u32le(body);
    answered->data = smb_take(part, body, offset, length);
    if (answered->control == VALIDATE_NEGOTIATE_INFO && answered->data.size > 0)
        note_validated(answered);
}
