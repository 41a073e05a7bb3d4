/*
 * smb_tell - the observations of SMB.
 */
#include "services/protocol-decode/smb_exchange.h"

static struct str keep_text(struct smb_context *c, struct str text)
{
    return text.size > 0 ? arena_copy(&c->out->batch->arena, text) : (struct str){0};
}

/* What tells an operation from others of its connection at the same time. */
static uint64_t ordinal_of(const struct smb_subject *about)
{
    uint64_t ordinal = about->message_id ^ (uint64_t)about->command << 56;
    /* MS-SMB2 2.2.23: what a server sends of its own accord all has this message id. */
    if (about->message_id == UINT64_MAX)
        ordinal ^= about->file[0] ^ about->file[1];
    return ordinal;
}

static struct smb *begin(struct smb_context *c, const struct smb_subject *about)
{
    struct smb *smb = decode_emit(c->out, RECORD_smb, c->place, c->place->time, ordinal_of(about));
    smb->command = about->command;
    smb->message_id = about->message_id;
    smb->session_id = about->session_id;
    smb->tree_id = about->tree_id;
    smb->is_signed = about->is_signed != 0;
    smb->dialect = (uint16_t)c->connection->dialect;
    return smb;
}

static void tell_who(struct smb_context *c, struct smb *smb, const struct who *who)
{
    smb->user = keep_text(c, who_text(who->user));
    smb->domain = keep_text(c, who_text(who->domain));
    smb->ticket = who->ticket;
    smb->security = who->security;
}

static void tell_session(struct smb_context *c, struct smb *smb, const struct who *who)
{
    const struct smb_session *session = smb->session_id != 0 ? smb_find_session(c, smb->session_id) : NULL;
    if (session)
        smb->is_sealed = session->sealed != 0;
    if (who)
        tell_who(c, smb, who);
    else if (session)
        tell_who(c, smb, &session->who);
}

/* Names come from the request where it asks for them, else from what is open. */
static void tell_names(struct smb_context *c, struct smb *smb, const struct smb_told *told)
{
    const struct smb_subject *about = &told->about;
    struct str asked = told->request ? smb_request_name(c, about->message_id) : (struct str){0};
    if (about->command == smb_command_tree_connect) {
        smb->share = keep_text(c, asked);
        return;
    }
    const struct smb_tree *tree = about->tree_id != 0 ? smb_find_tree(c, about) : NULL;
    if (tree)
        smb->share = keep_text(c, smb_name_text(&tree->share));
    const struct smb_file *file = smb_find_file(c, about);
    if (about->command == smb_command_create)
        smb->file_name = keep_text(c, asked);
    else if (file)
        smb->file_name = keep_text(c, smb_name_text(&file->name));
}

static bool is_wanted(const struct smb_context *c, const struct smb_told *told)
{
    return c->module->options.all || smb_tells_identity(told->about.command) ||
           (told->response && told->response->status == SMB_STATUS_ACCESS_DENIED);
}

void smb_tell(struct smb_context *c, const struct smb_told *told)
{
    if (!is_wanted(c, told))
        return;
    struct smb *smb = begin(c, &told->about);
    if (told->request) {
        smb->request_frame = told->request->place.frame;
        smb->request_time = told->request->place.time;
        smb->access = told->request->access;
    }
    if (told->response) {
        smb->reply_frame = c->place->frame;
        smb->reply_time = c->place->time;
        smb->status = told->response->status;
    }
    smb->bytes = told->bytes;
    tell_session(c, smb, told->who);
    tell_names(c, smb, told);
}

void smb_tell_sealed(struct smb_context *c, uint64_t session_id)
{
    struct smb_session *session = smb_keep_session(c, session_id, NULL);
    session->sealed = 1;
    if (session->sealed_seen)
        return;
    session->sealed_seen = 1;
    struct smb *smb = decode_emit(c->out, RECORD_smb, c->place, c->place->time, session_id);
    smb->session_id = session_id;
    smb->dialect = (uint16_t)c->connection->dialect;
    if (c->place->to_server) {
        smb->request_frame = c->place->frame;
        smb->request_time = c->place->time;
    } else {
        smb->reply_frame = c->place->frame;
        smb->reply_time = c->place->time;
    }
    tell_session(c, smb, NULL);
    smb->is_sealed = true; /* also where no session is named */
}
