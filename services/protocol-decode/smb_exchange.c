/*
 * smb_exchange - one operation: a request waits, a response finds it, and what both change is remembered.
 */
#include "services/protocol-decode/smb_exchange.h"

#include "common/base/text.h"
#include "services/protocol-decode/smb_content.h"

void smb_refuse(struct smb_context *c, const struct smb_fault *fault)
{
    decode_malformed(c->out, c->place, "smb", fault->reason, fault->offset);
}

static struct smb_subject subject_of(const struct smb_part *part)
{
    return (struct smb_subject){.message_id = part->message_id,
                                .session_id = part->session_id,
                                .tree_id = part->tree_id,
                                .command = part->command,
                                .version = smb_version_smb2,
                                .flags = part->flags};
}

/* All ones is no file: it stands for the one of the operation before. */
static void set_file(struct smb_subject *about, const uint64_t file[2])
{
    if (file[0] == UINT64_MAX && file[1] == UINT64_MAX)
        return;
    about->file[0] = file[0];
    about->file[1] = file[1];
    about->has_file = 1;
}

void smb_give_up(struct smb_context *c, const struct smb_request *request)
{
    bool wrote = request->about.command == smb_command_write;
    struct smb_told told = {.about = request->about, .request = request, .bytes = wrote ? request->bytes : 0};
    smb_tell(c, &told);
}

/* A table that is full gives up the request that is due first, of whichever connection; a message id that is
 * used again gives up the one before. */
void smb_make_room(struct smb_context *c, uint64_t message_id)
{
    const struct smb_request *same = smb_find_request(c, message_id);
    if (same) {
        smb_give_up(c, same);
        smb_remove_request(c->module, c->connection, message_id);
        return;
    }
    struct table *table = c->module->tables[SMB_REQUESTS];
    if (table_count(table) < table_capacity(table))
        return;
    const struct smb_request *oldest = table_oldest(table);
    struct place place = oldest->place;
    place.time = c->place->time;
    struct smb_context other = {.module = c->module,
                                .out = c->out,
                                .place = &place,
                                .connection = smb_find_connection(c->module, place.flow)};
    REQUIRE(other.connection != NULL);
    smb_give_up(&other, oldest);
    smb_settle_request(c->module, other.connection, oldest->about.message_id);
}

/*
 * MS-SMB2 3.3.5.2.7.2: a related operation takes session and tree of the one before, whatever its own header
 * says, and its file, which may be one that is still to be opened.
 */
static void inherit(struct smb_compound *compound, const struct smb_part *part, struct smb_request *request)
{
    struct smb_subject *about = &request->about;
    if (!(part->flags & SMB_FLAG_RELATED))
        *compound = (struct smb_compound){0};
    if (compound->open) {
        about->session_id = compound->last.session_id;
        about->tree_id = compound->last.tree_id;
    }
    if (smb_has_file(about->command) && compound->has_opener) {
        about->has_file = 0;
        memset(about->file, 0, sizeof(about->file));
        request->opener = compound->opener;
        request->has_opener = 1;
    } else if (smb_has_file(about->command) && compound->last.has_file) {
        set_file(about, compound->last.file);
    }
    if (about->command == smb_command_create) {
        compound->opener = about->message_id;
        compound->has_opener = true;
    }
    struct smb_subject before = compound->last;
    compound->last = *about;
    /* One that acts on no file hands on the one before it. */
    if (!about->has_file && before.has_file)
        set_file(&compound->last, before.file);
    compound->open = true;
}

/* The file of an operation that did not name it, once its create was answered. */
static void find_opened(const struct smb_context *c, const struct smb_request *request,
                        struct smb_subject *about)
{
    if (about->has_file || !request->has_opener)
        return;
    for (int i = 0; i < SMB_OPENED_MAX; i++) {
        const struct smb_opened *opened = &c->connection->opened[i];
        if (opened->used && opened->message_id == request->opener)
            set_file(about, opened->file);
    }
}

static void remember_opened(struct smb_context *c, uint64_t message_id, const uint64_t file[2])
{
    struct smb_opened *opened = &c->connection->opened[c->connection->opened_next++ % SMB_OPENED_MAX];
    *opened = (struct smb_opened){.message_id = message_id, .file = {file[0], file[1]}, .used = 1};
}

static void fill_request(struct smb_request *request, const struct smb_part *part,
                         const struct smb_asked *asked, struct smb_compound *compound)
{
    request->about = subject_of(part);
    request->about.is_signed = (part->flags & SMB_FLAG_SIGNED) != 0;
    request->about.in_compound = part->next != 0 || (part->flags & SMB_FLAG_RELATED) != 0;
    request->access = asked->access;
    request->bytes = asked->bytes;
    request->control = asked->control;
    request->offset = asked->offset;
    request->credit_charge = part->credit_charge;
    request->credits = part->credits;
    request->channel_sequence = part->channel_sequence;
    if (asked->head.size > 0 && asked->offset == 0)
        request->content = smb_content_of(asked->head);
    if (asked->has_file)
        set_file(&request->about, asked->file);
    inherit(compound, part, request);
}

void smb_take_request(struct smb_context *c, const struct smb_part *part, struct smb_compound *compound)
{
    struct smb_notes notes;
    struct smb_asked asked = {.arena = &c->out->batch->arena};
    struct smb_fault fault;
    notes.size = 0;
    if (smb_may_tell(c, part->command, false, 0))
        asked.notes = &notes;
    if (!smb_read_request(part, &asked, &fault)) {
        smb_refuse(c, &fault);
        return;
    }
    if (part->command == smb_command_cancel) {
        /* Has the message id of what it cancels, and no response of its own (3.2.4.24). */
        struct smb_request cancel = {.place = *c->place,
                                     .about = subject_of(part),
                                     .credit_charge = part->credit_charge,
                                     .credits = part->credits,
                                     .channel_sequence = part->channel_sequence};
        cancel.about.is_signed = (part->flags & SMB_FLAG_SIGNED) != 0;
        smb_give_up(c, &cancel);
        return;
    }
    smb_note_compression(c->compression, asked.notes);
    smb_make_room(c, part->message_id);
    struct smb_request *request = smb_add_request(c, part->message_id, asked.notes);
    fill_request(request, part, &asked, compound);
    if (part->command == smb_command_session_setup)
        smb_ask_setup(c, request, asked.data);
    else if (part->command == smb_command_write ||
             (part->command == smb_command_ioctl && asked.control == SMB_PIPE_TRANSCEIVE))
        request->pipe_id = smb_pass_to_pipe(c, request, asked.data);
}

/* MS-SMB2 2.2.10, and the name that every server gives to its pipes (MS-SMB2 3.3.5.7). */
enum smb_pipe smb_pipe_of_share(struct str share, uint8_t type)
{
    const struct str ipc = STR("\\IPC$");
    if (type == SMB_SHARE_TYPE_PIPE)
        return SMB_PIPE_YES;
    struct reader r = reader_of_str(share);
    reader_skip(&r, share.size > ipc.size ? share.size - ipc.size : 0);
    return text_equal_nocase(reader_rest(&r), ipc) ? SMB_PIPE_YES : SMB_PIPE_NO;
}

static void open_tree(struct smb_context *c, const struct smb_told *told, const struct smb_answered *answered)
{
    struct str share = told->request ? smb_request_name(c, told->about.message_id) : (struct str){0};
    struct smb_tree *tree = smb_keep_tree(c, &told->about);
    smb_set_name(&tree->share, share);
    tree->pipe = smb_pipe_of_share(share, answered->share_type);
}

static void open_file(struct smb_context *c, const struct smb_told *told)
{
    if (!told->about.has_file)
        return;
    struct str name = told->request ? smb_request_name(c, told->about.message_id) : (struct str){0};
    struct smb_file *file = smb_keep_file(c, &told->about);
    smb_set_name(&file->name, name);
    file->pipe = smb_tree_is_pipe(smb_find_tree(c, &told->about));
    file->pipe_id = smb_name_pipe(c, &told->about);
    if (told->about.in_compound)
        remember_opened(c, told->about.message_id, told->about.file);
}

void smb_count_read(struct smb_context *c, const struct smb_told *told, struct str head)
{
    struct smb_file *file = smb_find_file(c, &told->about);
    if (!file)
        return;
    file->bytes_read += told->bytes;
    if (told->request && told->request->offset == 0 && head.size > 0 && file->content == smb_content_unknown)
        file->content = smb_content_of(head);
}

void smb_count_written(struct smb_context *c, const struct smb_told *told)
{
    struct smb_file *file = smb_find_file(c, &told->about);
    if (!file)
        return;
    file->bytes_written += told->bytes;
    if (told->request && told->request->content != smb_content_unknown)
        file->content = told->request->content;
}

static void pass_response(struct smb_context *c, const struct smb_told *told, struct str data)
{
    struct smb_request request = {.about = told->about};
    if (told->request) {
        request.opener = told->request->opener;
        request.has_opener = told->request->has_opener;
    }
    (void)smb_pass_to_pipe(c, &request, data);
}

/* What a successful response changes before it is told. */
static void apply(struct smb_context *c, struct smb_told *told, const struct smb_answered *answered)
{
    switch (told->about.command) {
    case smb_command_negotiate:
        c->connection->dialect = answered->dialect;
        smb_answer_negotiate(c, told->about.message_id, answered->data);
        break;
    case smb_command_tree_connect:
        open_tree(c, told, answered);
        break;
    case smb_command_create:
        open_file(c, told);
        break;
    case smb_command_read:
        told->bytes = answered->bytes;
        smb_count_read(c, told, answered->head);
        pass_response(c, told, answered->data);
        break;
    case smb_command_write:
        told->bytes = answered->bytes;
        smb_count_written(c, told);
        break;
    case smb_command_ioctl:
        if (answered->control == SMB_PIPE_TRANSCEIVE)
            pass_response(c, told, answered->data);
        break;
    default:
        break;
    }
}

/* What it changes after it was told. */
static void close_after(struct smb_context *c, const struct smb_subject *about)
{
    if (about->command == smb_command_close && about->has_file)
        smb_forget_file(c, about);
    else if (about->command == smb_command_tree_disconnect)
        smb_forget_tree(c, about);
    else if (about->command == smb_command_logoff)
        smb_forget_session(c, about->session_id);
}

/* The request of a response; null when it was not seen, or is over. */
static const struct smb_request *find_asked(struct smb_context *c, const struct smb_part *part)
{
    const struct smb_request *request = smb_find_request(c, part->message_id);
    if (!request || request->about.command != part->command)
        return NULL;
    if (request->deadline >= c->place->time)
        return request;
    struct place place = request->place;
    place.time = request->deadline;
    struct smb_context then = *c;
    then.place = &place;
    smb_give_up(&then, request);
    smb_remove_request(c->module, c->connection, part->message_id);
    return NULL;
}

static void describe(const struct smb_context *c, struct smb_told *told, const struct smb_part *part,
                     const struct smb_answered *answered)
{
    if (told->request) {
        told->about = told->request->about;
        find_opened(c, told->request, &told->about);
    } else {
        told->about = subject_of(part);
    }
    if (told->about.session_id == 0)
        told->about.session_id = part->session_id;
    if (part->command == smb_command_tree_connect && answered->whole)
        told->about.tree_id = part->tree_id;
    if (answered->has_file && !told->about.has_file)
        set_file(&told->about, answered->file);
    else if (part->message_id == UINT64_MAX)
        memcpy(told->about.file, answered->file, sizeof(answered->file));
}

void smb_take_response(struct smb_context *c, const struct smb_part *part)
{
    struct smb_notes notes;
    struct smb_answered answered = {.arena = &c->out->batch->arena};
    struct smb_fault fault;
    notes.size = 0;
    if (smb_may_tell(c, part->command, true, part->status))
        answered.notes = &notes;
    smb_note(answered.notes, SMB_FIELD_credits_granted, part->credits);
    smb_note(answered.notes, SMB_FIELD_async_id, part->async_id);
    if (!smb_read_response(part, &answered, &fault)) {
        smb_refuse(c, &fault);
        return;
    }
    const struct smb_request *request = find_asked(c, part);
    if (!request && part->command == smb_command_negotiate && smb1_answer_with_smb2(c, part, &answered))
        return;
    if (part->status == SMB_STATUS_PENDING) {
        /* An interim response (3.3.4.2): the final one has the same message id. */
        if (request)
            (void)smb_prolong_request(c, part->message_id);
        return;
    }
    if (!request || smb_noted(smb_request_notes(c, part->message_id), SMB_FIELD_compression) == 0)
        smb_note_compression(c->compression, answered.notes);
    struct smb_told told = {
        .request = request, .answered = answered.notes, .has_response = true, .status = part->status};
    struct who who;
    describe(c, &told, part, &answered);
    if (part->command == smb_command_session_setup) {
        smb_answer_setup(c, request, part, &answered, &who);
        told.who = &who;
    } else if (answered.whole) {
        apply(c, &told, &answered);
    }
    smb_tell(c, &told);
    if (!smb_status_is_error(part->status))
        close_after(c, &told.about);
    if (request)
        smb_remove_request(c->module, c->connection, part->message_id);
}
