/*
 * stamp_smb - files opened, read, written and removed, and messages of SMB that tell of its use.
 */
#include "services/identity/stamp_state.h"

static bool is_file_access(const struct smb *m)
{
    switch (m->command) {
    case smb_command_create:
    case smb_command_close:
    case smb_command_read:
    case smb_command_write:
    case smb_command_set_info:
    case smb_command_query_directory:
        return m->file_name.size > 0;
    default:
        return false;
    }
}

void stamp_smb(const struct stamping *s)
{
    const struct smb *m = s->record->body;
    enum activity_kind kind = is_file_access(m) ? activity_kind_file_access : activity_kind_smb_message;
    struct activity *a = activity_begin(s, kind, protocol_smb);
    a->operation = str_of(choice_name(&smb_command_choices, m->command));
    a->code = m->status;
    a->code_name = ntstatus_name(m->status);
    a->outcome = m->reply_frame == 0 ? outcome_unknown : m->status == 0 ? outcome_success : outcome_failure;
    activity_set_session(s, a, m->user, m->domain, m->ticket);
    a->smb.at = m;
    a->smb.count = 1;
    activity_publish(s, a);
}

void stamp_flow(const struct stamping *s)
{
    const struct flow *f = s->record->body;
    struct activity *a = activity_begin(s, activity_kind_conversation, (enum protocol)f->protocol);
    a->conversation.at = f;
    a->conversation.count = 1;
    activity_publish(s, a);
}
