/*
 * smb_pipe - which data belongs to a named pipe, and to which.
 *
 * An open file is a pipe when its tree is one. When neither its create nor its tree was captured, what looks
 * like DCE/RPC makes it one.
 */
#include "common/base/text.h"
#include "services/protocol-decode/smb_exchange.h"

struct pipe {
    struct id id;
    struct str name;
};

enum smb_pipe smb_tree_is_pipe(const struct smb_tree *tree)
{
    return tree ? (enum smb_pipe)tree->pipe : SMB_PIPE_UNKNOWN;
}

/* Not by its connection: another one of the same session may carry its answers. */
static struct id name_by_file(struct id hosts, const struct smb_subject *about)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &hosts, sizeof(hosts));
    hash_part_u64(&parts, about->session_id);
    hash_part(&parts, about->file, sizeof(about->file));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

/* Within a compound the file has no id yet when its first data comes: its create names it. */
static struct id name_by_create(struct id flow, uint64_t message_id)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &flow, sizeof(flow));
    hash_part_u64(&parts, message_id);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

struct id smb_name_pipe(const struct smb_context *c, const struct smb_subject *create)
{
    return create->in_compound ? name_by_create(c->place->flow, create->message_id)
                               : name_by_file(c->connection->hosts, create);
}

static bool is_pipe(enum smb_pipe pipe, struct str data)
{
    return pipe == SMB_PIPE_YES || (pipe == SMB_PIPE_UNKNOWN && rpc_probe(data));
}

static bool find_opened_in_compound(struct smb_context *c, const struct smb_request *request, struct str data,
                                    struct pipe *pipe)
{
    const struct smb_request *create = smb_find_request(c, request->opener);
    if (!create || create->about.command != smb_command_create)
        return false;
    if (!is_pipe(smb_tree_is_pipe(smb_find_tree(c, &create->about)), data))
        return false;
    *pipe = (struct pipe){.id = name_by_create(c->place->flow, request->opener),
                          .name = smb_request_name(c, request->opener)};
    return true;
}

static bool find_open_file(struct smb_context *c, const struct smb_subject *about, struct str data,
                           struct pipe *pipe)
{
    struct smb_file *file = smb_find_file(c, about);
    if (!file) {
        if (!is_pipe(smb_tree_is_pipe(smb_find_tree(c, about)), data))
            return false;
        file = smb_keep_file(c, about);
        file->pipe_id = name_by_file(c->connection->hosts, about);
        file->pipe = SMB_PIPE_YES;
    }
    if (!is_pipe((enum smb_pipe)file->pipe, data))
        return false;
    file->pipe = SMB_PIPE_YES;
    *pipe = (struct pipe){.id = file->pipe_id, .name = smb_name_text(&file->name)};
    return true;
}

/* SMB 1 names a pipe from the root of its tree, or from the root of all pipes. */
static struct str name_within(struct str name)
{
    const struct str pipes = STR("\\PIPE\\");
    struct reader r = reader_of_str(name), longer = r;
    if (text_equal_nocase(reader_bytes(&longer, pipes.size), pipes))
        return reader_rest(&longer);
    if (reader_peek_u8(&r) == '\\')
        reader_skip(&r, 1);
    return reader_rest(&r);
}

struct id smb_pass_to_pipe(struct smb_context *c, const struct smb_request *request, struct str data)
{
    const struct smb_subject *about = &request->about;
    struct pipe pipe = {0};
    if (data.size == 0)
        return request->pipe_id;
    bool found = false;
    if (about->has_file)
        found = find_open_file(c, about, data, &pipe);
    else if (request->has_opener)
        found = find_opened_in_compound(c, request, data, &pipe);
    if (!found)
        return (struct id){0};
    struct place place = *c->place;
    place.transport = transport_smb;
    const struct smb_session *session = smb_find_session(c, smb_session_of(about));
    /* A copy of the name: rpc may let its records borrow it, and the file may be forgotten before they are
     * read. */
    rpc_pipe_bytes(c->module->rpc, c->out, &place, pipe.id,
                   arena_copy(&c->out->batch->arena, name_within(pipe.name)), session ? &session->who : NULL,
                   data);
    return pipe.id;
}
