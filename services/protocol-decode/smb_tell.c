/*
 * smb_tell - the observations of SMB.
 */
#include "services/protocol-decode/smb_exchange.h"
#include "services/protocol-decode/smb_keys.h"

static struct str keep_text(struct smb_context *c, struct str text)
{
    return text.size > 0 ? arena_copy(&c->out->batch->arena, text) : (struct str){0};
}

/* What tells an operation from others of its connection at the same time. */
static uint64_t ordinal_of(const struct smb_subject *about)
{
    uint64_t ordinal = about->message_id ^ (uint64_t)(about->command ^ about->smb1_command) << 56;
    /* MS-SMB2 2.2.23: what a server sends of its own accord all has this message id. */
    if (about->message_id == UINT64_MAX)
        ordinal ^= about->file[0] ^ about->file[1];
    return ordinal;
}

static struct smb *begin(struct smb_context *c, const struct smb_told *told)
{
    const struct smb_subject *about = &told->about;
    struct smb *smb = decode_emit(c->out, RECORD_smb, c->place, c->place->time, ordinal_of(about));
    bool old = about->version == smb_version_smb1;
    smb->version = about->version;
    smb->command = about->command;
    smb->smb1_command = about->smb1_command;
    if (about->version == smb_version_smb2)
        smb->message_id = about->message_id;
    else if (old)
        smb->message_id = about->message_id & UINT16_MAX; /* where smb1 puts the multiplex id */
    smb->session_id = old ? about->user_id : about->session_id;
    smb->tree_id = about->tree_id;
    smb->file_id = about->has_file ? about->file[1] : 0;
    smb->is_signed = about->is_signed != 0;
    smb->is_compound = about->in_compound != 0;
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

static void tell_session(struct smb_context *c, struct smb *smb, const struct smb_told *told)
{
    const struct smb_session *session =
        smb->session_id != 0 ? smb_find_session(c, smb_session_of(&told->about)) : NULL;
    if (session)
        smb->is_sealed = session->sealed != 0;
    if (smb->is_sealed)
        smb->opening = smb_keys_state(c, smb->session_id);
    if (told->who)
        tell_who(c, smb, told->who);
    else if (session)
        tell_who(c, smb, &session->who);
}

/* Names come from the request where it asks for them, else from what is open. */
static void tell_names(struct smb_context *c, struct smb *smb, const struct smb_told *told)
{
    const struct smb_subject *about = &told->about;
    if (about->command == smb_command_tree_connect)
        return;
    const struct smb_tree *tree = about->tree_id != 0 ? smb_find_tree(c, about) : NULL;
    if (tree)
        smb->share = keep_text(c, smb_name_text(&tree->share));
    const struct smb_file *file = smb_find_file(c, about);
    if (file && about->command != smb_command_create)
        smb->file_name = keep_text(c, smb_name_text(&file->name));
}

static bool has_content(const struct smb_file *file)
{
    return file && file->pipe != SMB_PIPE_YES && (file->bytes_read > 0 || file->bytes_written > 0);
}

static void tell_sums(struct smb *smb, const struct smb_file *file)
{
    smb->bytes_read = file->bytes_read;
    smb->bytes_written = file->bytes_written;
    smb->content = file->content;
}

/* A read or write that tells what a file begins with, and the close of one. */
static void tell_content(struct smb_context *c, struct smb *smb, const struct smb_told *told)
{
    struct smb_file *file = smb_find_file(c, &told->about);
    if (told->about.command == smb_command_close && has_content(file)) {
        tell_sums(smb, file);
        file->told = 1;
    } else if (told->about.command == smb_command_write && told->request) {
        smb->content = told->request->content;
    } else if (told->about.command == smb_command_read && told->request && told->request->offset == 0 &&
               file) {
        smb->content = file->content;
    }
}

bool smb_may_tell(const struct smb_context *c, uint8_t command, bool response, uint32_t status)
{
    if (c->module->options.all || smb_tells_identity(command) || command == smb_command_close)
        return true;
    /* What an error says of a request must be noted when that comes, but for those that are many. */
    if (!response)
        return command != smb_command_read && command != smb_command_write && command != smb_command_flush;
    return status == SMB_STATUS_ACCESS_DENIED;
}

static bool is_wanted(struct smb_context *c, const struct smb_told *told)
{
    return c->module->options.all || smb_tells_identity(told->about.command) ||
           (told->request && told->request->always) ||
           (told->has_response && told->status == SMB_STATUS_ACCESS_DENIED) ||
           (told->about.command == smb_command_close && has_content(smb_find_file(c, &told->about)));
}

static void tell_request(struct smb *smb, const struct smb_request *request)
{
    smb->request_frame = request->place.frame;
    smb->request_time = request->place.time;
    smb->access = request->access;
    smb->flags = request->about.flags;
    smb->credit_charge = request->credit_charge;
    smb->credits_asked = request->credits;
    smb->channel_sequence = request->channel_sequence;
    smb->secondaries = request->secondaries;
    smb->secondary_data = request->secondary_data;
}

void smb_tell(struct smb_context *c, const struct smb_told *told)
{
    if (!is_wanted(c, told))
        return;
    struct smb *smb = begin(c, told);
    const struct smb_notes *asked = told->asked;
    if (told->request) {
        tell_request(smb, told->request);
        if (!asked)
            asked = smb_request_notes(c, told->about.message_id);
    }
    if (told->has_response) {
        smb->reply_frame = c->place->frame;
        smb->reply_time = c->place->time;
        smb->status = told->status;
    }
    smb->bytes = told->bytes;
    tell_session(c, smb, told);
    tell_names(c, smb, told);
    tell_content(c, smb, told);
    smb_notes_fill(asked, smb, &c->out->batch->arena);
    smb_notes_fill(told->answered, smb, &c->out->batch->arena);
}

void smb_tell_unread(struct smb_context *c, const struct smb_notes *notes, uint64_t unique)
{
    struct smb *smb = decode_emit(c->out, RECORD_smb, c->place, c->place->time, unique);
    smb->version = smb_version_smb2;
    smb->dialect = (uint16_t)c->connection->dialect;
    if (c->place->to_server) {
        smb->request_frame = c->place->frame;
        smb->request_time = c->place->time;
    } else {
        smb->reply_frame = c->place->frame;
        smb->reply_time = c->place->time;
    }
    smb_notes_fill(notes, smb, &c->out->batch->arena);
}

void smb_tell_file(struct smb_context *c, const struct smb_key *key, const struct smb_file *file)
{
    if (!has_content(file))
        return;
    struct smb_told told = {
        .about = {.session_id = key->number,
                  .file = {key->part[0], key->part[1]},
                  .command = smb_command_close,
                  .version = smb1_is_session(key->number) ? smb_version_smb1 : smb_version_smb2,
                  .message_id = key->number ^ key->part[0] ^ key->part[1],
                  .has_file = 1}};
    struct smb *smb = begin(c, &told);
    smb->message_id = 0;
    smb->file_name = keep_text(c, smb_name_text(&file->name));
    tell_sums(smb, file);
}

void smb_tell_sealed(struct smb_context *c, uint64_t session_id)
{
    struct smb_session *session = smb_keep_session(c, session_id, NULL);
    session->sealed = 1;
    if (session->sealed_seen)
        return;
    session->sealed_seen = 1;
    struct smb_told told = {.about = {.session_id = session_id, .version = smb_version_smb2}};
    struct smb *smb = decode_emit(c->out, RECORD_smb, c->place, c->place->time, session_id);
    smb->version = smb_version_smb2;
    smb->session_id = session_id;
    smb->dialect = (uint16_t)c->connection->dialect;
    smb->unread = unread_encrypted;
    if (c->place->to_server) {
        smb->request_frame = c->place->frame;
        smb->request_time = c->place->time;
    } else {
        smb->reply_frame = c->place->frame;
        smb->reply_time = c->place->time;
    }
    tell_session(c, smb, &told);
    smb->is_sealed = true; /* also where no session is named */
}
