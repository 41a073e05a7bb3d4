/*
 * smb_session - session setup (MS-SMB2 3.2.4.2.3, 3.3.5.5): tokens to auth, and who the session belongs to.
 *
 * Several sessions may be set up at once on one connection. The first request of each has no session id, so
 * its conversation with auth is named by its message id; the response brings the session id, under which the
 * conversation is kept for the requests that follow, until the response that ends it. A session that is bound
 * to a further connection has its id from the first request on, and a conversation of that connection's own.
 */
#include "services/protocol-decode/smb_exchange.h"
#include "services/protocol-decode/smb_keys.h"

static struct id name_conversation(struct id flow, uint64_t message_id)
{
    static const char purpose[] = "smb2-session-setup";
    struct hash_parts parts = {0};
    hash_part(&parts, purpose, sizeof(purpose) - 1);
    hash_part(&parts, &flow, sizeof(flow));
    hash_part_u64(&parts, message_id);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

/* The one under way in a session, else a new one: a session may also be authenticated again. */
static struct id conversation_of(struct smb_context *c, uint64_t session_id, uint64_t message_id)
{
    struct id conversation = name_conversation(c->place->flow, message_id);
    struct smb_channel *channel = smb_find_channel(c, session_id);
    /* Without an id only a server that gave none in its challenge has one under way. */
    if (session_id == 0)
        return channel && !id_is_none(channel->conversation) ? channel->conversation : conversation;
    (void)smb_keep_session(c, session_id, &channel);
    if (id_is_none(channel->conversation))
        channel->conversation = conversation;
    return channel->conversation;
}

/* Only the mechanisms that the server takes (NegTokenInit2, MS-SPNG 2.2.1): a conversation of its own. */
void smb_answer_negotiate(struct smb_context *c, uint64_t message_id, struct str token)
{
    struct id conversation = name_conversation(c->place->flow, message_id);
    if (token.size > 0)
        auth_token(c->module->auth, c->out, c->place, conversation, transport_smb, token);
}

void smb_ask_setup(struct smb_context *c, struct smb_request *request, struct str token)
{
    request->conversation = conversation_of(c, request->about.session_id, request->about.message_id);
    if (token.size > 0)
        auth_token(c->module->auth, c->out, c->place, request->conversation, transport_smb, token);
}

/* A session id that comes as the answer to none is of a new session: a server that started again counts from
 * the beginning. */
static void begin_session(struct smb_context *c, const struct smb_request *request,
                          const struct smb_part *part)
{
    if (request && request->about.session_id == 0)
        smb_forget_session(c, part->session_id);
}

/* The last response: the session is open, or it is not. */
static void end_setup(struct smb_context *c, const struct smb_request *request, const struct smb_part *part,
                      uint16_t flags, const struct who *who)
{
    struct smb_channel *channel = smb_find_channel(c, part->session_id);
    struct smb_session *session = smb_find_session(c, part->session_id);
    if (smb_status_is_error(part->status)) {
        if (channel)
            channel->conversation = (struct id){0};
        if (session && !session->established)
            smb_forget_session(c, part->session_id);
        return;
    }
    begin_session(c, request, part);
    session = smb_keep_session(c, part->session_id, &channel);
    channel->conversation = (struct id){0};
    memcpy(&session->who, who, sizeof(*who));
    session->established = 1;
    if (flags & SMB_ENCRYPT_DATA_OF_SESSION)
        session->sealed = 1;
}

void smb_answer_setup(struct smb_context *c, const struct smb_request *request, const struct smb_part *part,
                      const struct smb_answered *answered, struct who *who)
{
    struct id conversation = request ? request->conversation : (struct id){0};
    if (id_is_none(conversation))
        conversation = conversation_of(c, part->session_id, part->message_id);
    if (answered->data.size > 0)
        auth_token(c->module->auth, c->out, c->place, conversation, transport_smb, answered->data);
    memset(who, 0, sizeof(*who));
    if (!auth_who(c->module->auth, conversation, who))
        memset(who, 0, sizeof(*who));
    if (part->status == SMB_STATUS_MORE_PROCESSING) {
        struct smb_channel *channel;
        begin_session(c, request, part);
        (void)smb_keep_session(c, part->session_id, &channel);
        channel->conversation = conversation;
        return;
    }
    bool failed = smb_status_is_error(part->status);
    auth_result(c->module->auth, c->out, c->place, conversation, failed ? outcome_failure : outcome_success,
                part->status, true);
    if (!failed)
        smb_keys_agree(c, part->session_id, conversation);
    end_setup(c, request, part, answered->session_flags, who);
}
