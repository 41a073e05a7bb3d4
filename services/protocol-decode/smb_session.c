/*
 * smb_session - session setup (MS-SMB2 3.2.4.2.3, 3.3.5.5): tokens to auth, and who the session belongs to.
 *
 * Several sessions may be set up at once on one connection. The first request of each has no session id, so
 * its conversation with auth is named by its message id; the response brings the session id, under which the
 * conversation is kept for the requests that follow, until the response that ends it.
 */
#include "services/protocol-decode/smb_exchange.h"

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
    if (session_id == 0)
        return conversation;
    struct smb_session *session = smb_keep(c, SMB_SESSIONS, session_id, 0);
    if (id_is_none(session->conversation))
        session->conversation = conversation;
    return session->conversation;
}

void smb_ask_setup(struct smb_context *c, struct smb_request *request, struct str token)
{
    request->conversation = conversation_of(c, request->about.session_id, request->about.message_id);
    if (token.size > 0)
        auth_token(c->module->auth, c->out, c->place, request->conversation, transport_smb, token);
}

/* The last response: the session is open, or it is not. */
static void end_setup(struct smb_context *c, struct id conversation, const struct smb_part *part,
                      uint16_t flags, const struct who *who)
{
    bool success = !smb_status_is_error(part->status);
    auth_result(c->module->auth, c->out, c->place, conversation, success ? outcome_success : outcome_failure,
                part->status, true);
    if (part->session_id == 0)
        return;
    struct smb_session *session =
        success ? smb_keep(c, SMB_SESSIONS, part->session_id, 0) : smb_find_session(c, part->session_id);
    if (!session)
        return;
    session->conversation = (struct id){0};
    if (success) {
        memcpy(&session->who, who, sizeof(*who));
        session->established = 1;
        if (flags & SMB_ENCRYPT_DATA_OF_SESSION)
            session->sealed = 1;
    } else if (!session->established) {
        smb_forget(c, SMB_SESSIONS, part->session_id, 0);
    }
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
    if (part->status != SMB_STATUS_MORE_PROCESSING) {
        end_setup(c, conversation, part, answered->session_flags, who);
    } else if (part->session_id != 0) {
        struct smb_session *session = smb_keep(c, SMB_SESSIONS, part->session_id, 0);
        session->conversation = conversation;
    }
}
