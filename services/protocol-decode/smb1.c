/*
 * smb1 - whole messages of SMB 1 (MS-CIFS, MS-SMB): the commands of a chain, requests and their responses.
 *
 * What waits lies in the tables of SMB 2. There a request of SMB 1 is named by its process, multiplex id and
 * place in its chain; trees and files, whose ids are those of a connection, belong to a session that stands
 * for the connection, and who authenticated to sessions beside it, by user id.
 */
#include "services/protocol-decode/smb1_wire.h"
#include "services/protocol-decode/smb_content.h"
#include "services/protocol-decode/smb_exchange.h"

enum {
    USER_ID_BITS = 16,
};

#define OF_SMB1         (1ull << 63) /* in the names of requests and sessions */
#define SESSION_OF(low) ((((low) << USER_ID_BITS) | OF_SMB1) & ~(uint64_t)UINT16_MAX)
#define CALLED_PIPE     (UINT64_MAX - 1) /* first half of the id of a pipe that a call opened */

struct step {
    struct smb_context *c;
    struct smb1_header header;
};

bool smb1_is_session(uint64_t session_id)
{
    return (session_id & OF_SMB1) != 0;
}

static uint64_t request_of(const struct smb1_header *h, uint8_t index)
{
    return OF_SMB1 | (uint64_t)(index & 0xf) << 48 | (uint64_t)(uint16_t)h->process_id << 16 |
           h->multiplex_id;
}

static struct smb_subject subject_of(const struct step *s, const struct smb1_block *block)
{
    const struct smb1_header *h = &s->header;
    return (struct smb_subject){.message_id = request_of(h, block->index),
                                .session_id = SESSION_OF(s->c->place->flow.low),
                                .tree_id = h->tree_id == UINT16_MAX ? 0 : h->tree_id,
                                .command = smb1_find_command(block->command)->command,
                                .in_compound = block->index > 0 || block->next != 0,
                                .is_signed = (h->flags2 & SMB1_FLAG2_SIGNED) != 0,
                                .version = smb_version_smb1,
                                .smb1_command = (uint8_t)(block->command + 1),
                                .user_id = h->user_id,
                                .flags = h->flags | (uint32_t)h->flags2 << 8};
}

static void set_file(struct smb_subject *about, const uint64_t file[2])
{
    about->file[0] = file[0];
    about->file[1] = file[1];
    about->has_file = 1;
}

/* What a transaction amounts to, which its function says (MS-CIFS 2.2.2.2). */
static uint8_t command_of_transaction(uint8_t command, uint32_t function)
{
    static const uint8_t of_transaction2[] = {
        smb_command_create,     smb_command_query_directory, smb_command_query_directory,
        smb_command_query_info, smb_command_set_info,        smb_command_query_info,
        smb_command_set_info,   smb_command_query_info,      smb_command_set_info,
        smb_command_ioctl,      smb_command_ioctl,
    };
    static const uint8_t of_nt_transact[] = {
        smb_command_unknown,    smb_command_create,        smb_command_ioctl,
        smb_command_set_info,   smb_command_change_notify, smb_command_set_info,
        smb_command_query_info, smb_command_query_info,    smb_command_set_info,
    };
    if (command == SMB1_TRANSACTION2)
        return function < ARRAY_COUNT(of_transaction2) ? of_transaction2[function] : smb_command_unknown;
    if (command == SMB1_NT_TRANSACT)
        return function < ARRAY_COUNT(of_nt_transact) ? of_nt_transact[function] : smb_command_ioctl;
    return smb_command_ioctl;
}

static bool is_transaction(uint8_t command)
{
    return command == SMB1_TRANSACTION || command == SMB1_TRANSACTION2 || command == SMB1_NT_TRANSACT;
}

static bool is_secondary(uint8_t command)
{
    return command == SMB1_TRANSACTION_SECONDARY || command == SMB1_TRANSACTION2_SECONDARY ||
           command == SMB1_NT_TRANSACT_SECONDARY;
}

static bool carries_pipe(const struct smb_request *request, uint8_t command)
{
    if (command != SMB1_TRANSACTION)
        return request->about.command == smb_command_write;
    return request->control == SMB1_TRANS_TRANSACT_NMPIPE || request->control == SMB1_TRANS_WRITE_NMPIPE ||
           request->control == SMB1_TRANS_RAW_WRITE_NMPIPE || request->control == SMB1_TRANS_CALL_NMPIPE;
}

static void note_header(struct smb_notes *notes, const struct smb1_header *h)
{
    smb_note(notes, SMB_FIELD_process_id, h->process_id);
}

/* One whose response never comes, or that is one no response is due to. */
static void tell_alone(const struct step *s, const struct smb1_block *block, const struct smb_asked *asked)
{
    struct smb_request request = {.place = *s->c->place, .about = subject_of(s, block), .always = 1};
    if (asked->has_file)
        set_file(&request.about, asked->file);
    struct smb_told told = {.about = request.about, .request = &request, .asked = asked->notes};
    smb_tell(s->c, &told);
}

/* A call opens a pipe of its own, writes, reads and closes it (MS-CIFS 2.2.5.11). */
static void open_called_pipe(struct smb_context *c, struct smb_request *request, struct str name)
{
    set_file(&request->about, (const uint64_t[2]){CALLED_PIPE, request->about.message_id});
    struct smb_file *file = smb_keep_file(c, &request->about);
    smb_set_name(&file->name, name);
    file->pipe = SMB_PIPE_YES;
    file->pipe_id = smb_name_pipe(c, &request->about);
}

static void fill_request(const struct step *s, const struct smb1_block *block, struct smb_request *request,
                         const struct smb_asked *asked)
{
    request->about = subject_of(s, block);
    request->access = asked->access;
    request->bytes = asked->bytes;
    request->control = asked->control;
    request->offset = asked->offset;
    request->always = smb1_find_command(block->command)->always || asked->unusual;
    if (is_transaction(block->command)) {
        request->about.command = command_of_transaction(block->command, asked->control);
        request->sent_data = asked->data.size;
        request->always |= block->command == SMB1_TRANSACTION2 && asked->control == SMB1_TRANS2_SESSION_SETUP;
    }
    if (asked->head.size > 0 && asked->offset == 0 && request->about.command == smb_command_write)
        request->content = smb_content_of(asked->head);
    if (asked->has_file)
        set_file(&request->about, asked->file);
}

static void ask(const struct step *s, const struct smb1_block *block, const struct smb_asked *asked)
{
    struct smb_context *c = s->c;
    uint64_t message_id = request_of(&s->header, block->index);
    if (block->command == SMB1_SESSION_SETUP_ANDX) {
        struct smb1_setup setup = {.header = &s->header,
                                   .token = asked->data,
                                   .lm = asked->head,
                                   .nt = asked->text,
                                   .notes = asked->notes};
        smb1_ask_setup(c, &setup);
    }
    smb_make_room(c, message_id);
    struct smb_request *request = smb_add_request(c, message_id, asked->notes);
    fill_request(s, block, request, asked);
    if (block->command == SMB1_NEGOTIATE)
        c->connection->negotiate = message_id;
    if (block->command == SMB1_TRANSACTION && asked->control == SMB1_TRANS_CALL_NMPIPE)
        open_called_pipe(c, request, asked->text);
    if (carries_pipe(request, block->command))
        request->pipe_id = smb_pass_to_pipe(c, request, asked->data);
}

/* A part of a transaction that goes on; of the wrong kind it is told, as no client sends such. */
static void ask_more(const struct step *s, const struct smb1_block *block, const struct smb_asked *asked)
{
    struct smb_context *c = s->c;
    struct smb_request *request = smb_prolong_request(c, request_of(&s->header, 0));
    uint8_t primary = request ? (uint8_t)(request->about.smb1_command - 1) : SMB1_NO_COMMAND;
    if (!request || !is_transaction(primary) || block->command != primary + 1) {
        if (!request || request->secondaries == 0 || c->module->options.all)
            tell_alone(s, block, asked);
    } else if (c->module->options.all) {
        tell_alone(s, block, asked);
    }
    if (!request)
        return;
    request->secondaries++;
    request->secondary_data += asked->bytes;
    request->sent_data += asked->data.size;
    if (block->command == SMB1_TRANSACTION_SECONDARY && carries_pipe(request, SMB1_TRANSACTION))
        (void)smb_pass_to_pipe(c, request, asked->data);
}

static bool take_request(const struct step *s, struct smb1_block *block, struct smb_fault *fault)
{
    struct smb_notes notes;
    struct smb_asked asked = {.arena = &s->c->out->batch->arena, .notes = &notes};
    notes.size = 0;
    note_header(&notes, &s->header);
    if (!smb1_read_request(block, &asked, fault))
        return false;
    if (block->bytes_short && !block->cut)
        smb_note(&notes, SMB_FIELD_unread, unread_malformed);
    if (block->command == SMB1_NT_CANCEL)
        tell_alone(s, block, &asked);
    else if (is_secondary(block->command))
        ask_more(s, block, &asked);
    else
        ask(s, block, &asked);
    return true;
}

static void open_tree(const struct step *s, struct smb_told *told, const struct smb_answered *answered)
{
    struct str share = told->request ? smb_request_name(s->c, told->about.message_id) : (struct str){0};
    struct smb_tree *tree = smb_keep_tree(s->c, &told->about);
    smb_set_name(&tree->share, share);
    tree->pipe = smb_pipe_of_share(share, answered->share_type);
}

static void open_file(const struct step *s, struct smb_told *told)
{
    if (!told->about.has_file)
        return;
    struct str name = told->request ? smb_request_name(s->c, told->about.message_id) : (struct str){0};
    struct smb_subject about = told->about;
    about.in_compound = 0;
    smb_forget_file(s->c, &about);
    struct smb_file *file = smb_keep_file(s->c, &about);
    smb_set_name(&file->name, name);
    file->pipe = smb_tree_is_pipe(smb_find_tree(s->c, &about));
    file->pipe_id = smb_name_pipe(s->c, &about);
}

static void pass_answer(const struct step *s, const struct smb_told *told, struct str data)
{
    struct smb_request request = {.about = told->about};
    (void)smb_pass_to_pipe(s->c, &request, data);
}

/* What a response that is no error changes before it is told. */
static void apply(const struct step *s, struct smb_told *told, const struct smb_answered *answered)
{
    switch (told->about.command) {
    case smb_command_tree_connect:
        open_tree(s, told, answered);
        break;
    case smb_command_create:
        open_file(s, told);
        break;
    case smb_command_read:
        told->bytes = answered->bytes;
        smb_count_read(s->c, told, answered->head);
        pass_answer(s, told, answered->data);
        break;
    case smb_command_write:
        told->bytes = answered->bytes;
        smb_count_written(s->c, told);
        break;
    case smb_command_ioctl:
        if (told->about.smb1_command == SMB1_TRANSACTION + 1)
            pass_answer(s, told, answered->data);
        break;
    default:
        break;
    }
}

static void close_after(const struct step *s, const struct smb_told *told)
{
    const struct smb_subject *about = &told->about;
    bool called = about->has_file && about->file[0] == CALLED_PIPE;
    if (called || (about->command == smb_command_close && about->has_file))
        smb_forget_file(s->c, about);
    else if (about->command == smb_command_tree_disconnect)
        smb_forget_tree(s->c, about);
    else if (about->command == smb_command_logoff)
        smb_forget_session(s->c, smb_session_of(about));
}

static const struct smb_request *find_asked(const struct step *s, const struct smb1_block *block)
{
    const struct smb_request *request = smb_find_request(s->c, request_of(&s->header, block->index));
    bool same = request && request->about.smb1_command == block->command + 1;
    return same && request->deadline >= s->c->place->time ? request : NULL;
}

/* The server's choice, by name. */
static void note_dialect(const struct step *s, const struct smb_told *told,
                         const struct smb_answered *answered)
{
    if (told->request)
        smb_note_text(answered->notes, SMB_FIELD_dialect_name,
                      smb_noted_item(smb_request_notes(s->c, told->about.message_id), SMB_FIELD_dialect_names,
                                     answered->control));
    s->c->connection->challenge = decode_fingerprint(s->c->out, answered->head);
    smb_note_id(answered->notes, SMB_FIELD_challenge, s->c->connection->challenge);
    s->c->connection->negotiate = 0;
}

static void describe(const struct step *s, const struct smb1_block *block, struct smb_told *told,
                     const struct smb_answered *answered)
{
    struct smb_subject here = subject_of(s, block);
    told->about = told->request ? told->request->about : here;
    /* What was not known before is what the response brings. */
    if (told->about.user_id == 0 || told->about.command == smb_command_session_setup)
        told->about.user_id = here.user_id;
    if (told->about.tree_id == 0 || told->about.command == smb_command_tree_connect)
        told->about.tree_id = here.tree_id;
    if (answered->has_file)
        set_file(&told->about, answered->file);
}

static void note_status(struct smb_notes *notes, const struct smb1_header *h)
{
    if (h->status != 0 && !(h->flags2 & SMB1_FLAG2_NT_STATUS))
        smb_note(notes, SMB_FIELD_is_dos_status, true);
}

static void finish(const struct step *s, struct smb_told *told)
{
    smb_tell(s->c, told);
    if (s->header.status == 0 || !smb_status_is_error(s->header.status))
        close_after(s, told);
    if (told->request)
        smb_remove_request(s->c->module, s->c->connection, told->request->about.message_id);
}

/* An answer of which more comes, or the leave to send the rest of a request (MS-CIFS 3.2.5.1.4). */
static bool is_interim(const struct smb1_block *block, const struct smb_request *request,
                       const struct smb_answered *answered)
{
    if (!is_transaction(block->command) || block->header->status != 0)
        return false;
    return answered->more || (block->word_count == 0 && request);
}

static bool take_answer(struct step *s, struct smb1_block *block, struct smb_fault *fault)
{
    struct smb_notes notes;
    struct smb_answered answered = {.arena = &s->c->out->batch->arena, .notes = &notes};
    notes.size = 0;
    if (!smb1_read_answer(block, &answered, fault))
        return false;
    struct smb_told told = {.request = find_asked(s, block),
                            .answered = &notes,
                            .status = s->header.status,
                            .has_response = true};
    note_status(&notes, &s->header);
    if (!told.request)
        note_header(&notes, &s->header);
    describe(s, block, &told, &answered);
    if (is_interim(block, told.request, &answered)) {
        if (told.request)
            (void)smb_prolong_request(s->c, told.request->about.message_id);
        if (block->command == SMB1_TRANSACTION)
            pass_answer(s, &told, answered.data);
        return true;
    }
    if (block->command == SMB1_NEGOTIATE && answered.whole)
        note_dialect(s, &told, &answered);
    if (block->command == SMB1_SESSION_SETUP_ANDX) {
        struct smb1_setup setup = {.header = &s->header, .token = answered.data, .notes = &notes};
        smb1_answer_setup(s->c, &told, &setup);
    } else if (answered.whole && !smb_status_is_error(s->header.status)) {
        apply(s, &told, &answered);
    }
    finish(s, &told);
    return true;
}

/* What was chained behind the command that failed is not answered any more. */
static void give_up_rest(const struct step *s, uint8_t index)
{
    for (uint8_t i = index; i < SMB1_CHAIN_MAX; i++) {
        const struct smb_request *request = smb_find_request(s->c, request_of(&s->header, i));
        if (!request)
            return;
        uint64_t message_id = request->about.message_id;
        smb_give_up(s->c, request);
        smb_remove_request(s->c->module, s->c->connection, message_id);
    }
}

/* A server breaks an oplock with a request of its own, which is not answered. */
static void take_notice(const struct step *s, struct smb1_block *block)
{
    struct smb_notes notes;
    struct smb_asked asked = {.arena = &s->c->out->batch->arena, .notes = &notes};
    struct smb_fault fault;
    notes.size = 0;
    if (!smb1_read_request(block, &asked, &fault)) {
        smb_refuse(s->c, &fault);
        return;
    }
    struct smb_told told = {.about = subject_of(s, block), .answered = &notes, .has_response = true};
    told.about.command = smb_command_oplock_break;
    if (asked.has_file)
        set_file(&told.about, asked.file);
    smb_tell(s->c, &told);
}

static bool take_blocks(struct step *s, struct str message, bool cut, struct smb_fault *fault)
{
    struct smb1_block block, before;
    bool response = (s->header.flags & SMB1_FLAG_REPLY) != 0;
    for (int i = 0; i < SMB1_CHAIN_MAX; i++) {
        if (!smb1_read_block(message, &s->header, i > 0 ? &before : NULL, &block, fault))
            return cut && i > 0;
        block.cut = cut;
        if (response ? !take_answer(s, &block, fault) : !take_request(s, &block, fault))
            return false;
        if (block.next == 0) {
            if (response)
                give_up_rest(s, (uint8_t)(block.index + 1));
            return true;
        }
        before = block;
    }
    *fault = (struct smb_fault){.reason = "too many commands in a chain", .offset = block.offset};
    return false;
}

void smb1_take_message(struct smb_context *c, struct str message, bool cut)
{
    struct step s = {.c = c};
    struct smb_fault fault;
    struct smb1_block block;
    if (!smb1_read_header(message, &s.header, &fault)) {
        smb_refuse(c, &fault);
        return;
    }
    bool response = (s.header.flags & SMB1_FLAG_REPLY) != 0;
    if (!response && !c->place->to_server && s.header.command == SMB1_LOCKING_ANDX &&
        smb1_read_block(message, &s.header, NULL, &block, &fault)) {
        take_notice(&s, &block);
        return;
    }
    if (response == c->place->to_server) {
        smb_refuse(c,
                   &(struct smb_fault){.reason = "direction of a message", .offset = SMB_SESSION_BYTES + 9});
        return;
    }
    if (!take_blocks(&s, message, cut, &fault))
        smb_refuse(c, &fault);
}

bool smb1_answer_with_smb2(struct smb_context *c, const struct smb_part *part,
                           const struct smb_answered *answered)
{
    uint64_t message_id = c->connection->negotiate;
    const struct smb_request *request = message_id != 0 ? smb_find_request(c, message_id) : NULL;
    if (!request || request->deadline < c->place->time)
        return false;
    struct smb_told told = {.about = request->about,
                            .request = request,
                            .asked = smb_request_notes(c, message_id),
                            .answered = answered->notes,
                            .status = part->status,
                            .has_response = true};
    told.about.version = smb_version_smb2;
    told.about.session_id = part->session_id;
    told.about.message_id = part->message_id;
    if (answered->whole) {
        c->connection->dialect = answered->dialect;
        smb_answer_negotiate(c, part->message_id, answered->data);
    }
    smb_tell(c, &told);
    c->connection->negotiate = 0;
    smb_remove_request(c->module, c->connection, message_id);
    return true;
}
