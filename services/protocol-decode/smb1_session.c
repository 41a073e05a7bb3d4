/*
 * smb1_session - who opens a session of SMB 1: by security tokens (MS-SMB 3.2.4.2.4), or by responses to the
 * challenge of the negotiation (MS-CIFS 3.2.4.2.4).
 *
 * One session is set up at a time on a connection here.
 */
#include "services/protocol-decode/smb_exchange.h"

enum {
    /* MS-NLMP 2.2.2.6, 2.2.2.8: the proof begins an NTLMv2 response, which is longer than an NTLMv1 one. */
    NTLMV1_RESPONSE_BYTES = 24,
    NT_PROOF_BYTES = 16,
};

static struct id name_conversation(struct id flow, const struct smb1_header *h)
{
    static const char purpose[] = "smb1-session-setup";
    struct hash_parts parts = {0};
    hash_part(&parts, purpose, sizeof(purpose) - 1);
    hash_part(&parts, &flow, sizeof(flow));
    hash_part_u64(&parts, (uint64_t)h->user_id << 16 | h->multiplex_id);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static void take_token(struct smb_context *c, const struct smb1_header *h, struct str token)
{
    struct id *conversation = &c->connection->setup;
    if (id_is_none(*conversation))
        *conversation = name_conversation(c->place->flow, h);
    if (token.size > 0)
        auth_token(c->module->auth, c->out, c->place, *conversation, transport_smb, token);
}

static struct str proof_of(struct str response)
{
    struct reader r = reader_of_str(response);
    return response.size > NTLMV1_RESPONSE_BYTES ? reader_bytes(&r, NT_PROOF_BYTES) : response;
}

static uint8_t kind_of(const struct smb1_setup *setup)
{
    struct str response = setup->nt.size > 0 ? setup->nt : setup->lm;
    /* A client without a name sends an empty response, or one byte of zero. */
    if (response.size <= 1)
        return ntlm_response_anonymous;
    if (response.size > NTLMV1_RESPONSE_BYTES)
        return ntlm_response_ntlmv2;
    return response.size == NTLMV1_RESPONSE_BYTES ? ntlm_response_ntlmv1 : ntlm_response_none;
}

void smb1_ask_setup(struct smb_context *c, const struct smb1_setup *setup)
{
    if (setup->header->flags2 & SMB1_FLAG2_EXTENDED_SECURITY && setup->lm.size == 0 && setup->nt.size == 0) {
        take_token(c, setup->header, setup->token);
        return;
    }
    smb_note_id(setup->notes, SMB_FIELD_lm_response, decode_fingerprint(c->out, setup->lm));
    smb_note_id(setup->notes, SMB_FIELD_nt_response, decode_fingerprint(c->out, proof_of(setup->nt)));
    smb_note(setup->notes, SMB_FIELD_response, kind_of(setup));
}

static uint64_t session_of(const struct smb_told *told, const struct smb1_header *h)
{
    return told->about.session_id | h->user_id;
}

/* The observation that an authentication by tokens gives too. */
static void tell_ntlm(struct smb_context *c, const struct smb_told *told, const struct who *who)
{
    const struct smb_notes *notes = smb_request_notes(c, told->about.message_id);
    struct ntlm *ntlm = decode_emit(c->out, RECORD_ntlm, c->place, c->place->time, told->about.message_id);
    ntlm->request_frame = told->request->place.frame;
    ntlm->request_time = told->request->place.time;
    ntlm->reply_frame = c->place->frame;
    ntlm->reply_time = c->place->time;
    ntlm->carrier = transport_smb;
    ntlm->challenge = c->connection->challenge;
    ntlm->user = arena_copy(&c->out->batch->arena, who_text(who->user));
    ntlm->domain = arena_copy(&c->out->batch->arena, who_text(who->domain));
    ntlm->response = (uint8_t)smb_noted(notes, SMB_FIELD_response);
    ntlm->proof = smb_noted_id(notes, SMB_FIELD_nt_response);
    if (id_is_none(ntlm->proof))
        ntlm->proof = smb_noted_id(notes, SMB_FIELD_lm_response);
    ntlm->outcome = told->status == 0 ? outcome_success : outcome_failure;
    ntlm->status = told->status;
}

static void end_setup(struct smb_context *c, const struct smb_told *told, const struct smb1_header *h,
                      const struct who *who)
{
    if (told->status != 0 || h->user_id == 0)
        return;
    struct smb_session *session = smb_keep_session(c, session_of(told, h), NULL);
    memcpy(&session->who, who, sizeof(*who));
    session->established = 1;
}

static void answer_token(struct smb_context *c, const struct smb_told *told, const struct smb1_setup *setup)
{
    struct id *conversation = &c->connection->setup;
    struct who who;
    take_token(c, setup->header, setup->token);
    if (told->status == SMB_STATUS_MORE_PROCESSING)
        return;
    memset(&who, 0, sizeof(who));
    if (!auth_who(c->module->auth, *conversation, &who))
        memset(&who, 0, sizeof(who));
    auth_result(c->module->auth, c->out, c->place, *conversation,
                told->status == 0 ? outcome_success : outcome_failure, told->status, true);
    *conversation = (struct id){0};
    end_setup(c, told, setup->header, &who);
}

void smb1_answer_setup(struct smb_context *c, const struct smb_told *told, const struct smb1_setup *setup)
{
    const struct smb_notes *notes = told->request ? smb_request_notes(c, told->about.message_id) : NULL;
    uint8_t response = (uint8_t)smb_noted(notes, SMB_FIELD_response);
    struct who who;
    if (response == ntlm_response_none) {
        if (setup->header->flags2 & SMB1_FLAG2_EXTENDED_SECURITY)
            answer_token(c, told, setup);
        return;
    }
    memset(&who, 0, sizeof(who));
    who_set(who.user, smb_noted_text(notes, SMB_FIELD_user));
    who_set(who.domain, smb_noted_text(notes, SMB_FIELD_domain));
    who.security = response == ntlm_response_anonymous ? security_none : security_ntlm;
    if (response != ntlm_response_anonymous)
        tell_ntlm(c, told, &who);
    end_setup(c, told, setup->header, &who);
}
