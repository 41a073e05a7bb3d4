/*
 * smb_exchange - the steps of reading SMB: requests, responses, what is told of them, and what auth and rpc
 * get.
 *
 * Internal to smb.
 */
#ifndef ORTHRUS_DECODE_SMB_EXCHANGE_H
#define ORTHRUS_DECODE_SMB_EXCHANGE_H

#include "services/protocol-decode/smb_state.h"

/* What the operations of one message hand on to the next one (MS-SMB2 3.3.5.2.7.2). Zeroed before the first.
 */
struct smb_compound {
    struct smb_subject last;
    uint64_t opener; /* message id of its create, when has_opener */
    bool has_opener;
    bool open; /* there was an operation before */
};

/* smb_exchange.c: one operation. */
void smb_take_request(struct smb_context *c, const struct smb_part *part, struct smb_compound *compound);
void smb_take_response(struct smb_context *c, const struct smb_part *part);
/* A request will not be answered any more: told at place->time. It is not removed. */
void smb_give_up(struct smb_context *c, const struct smb_request *request);
void smb_refuse(struct smb_context *c, const struct smb_fault *fault);

/* smb_tell.c: the observations. */
struct smb_told {
    struct smb_subject about;
    const struct smb_request *request; /* null: not seen */
    const struct smb_part *response;   /* null: there is none */
    const struct who *who;             /* null: that of the session */
    uint32_t bytes;
};
void smb_tell(struct smb_context *c, const struct smb_told *told);
/* An encrypted message of a session of which none was seen before. */
void smb_tell_sealed(struct smb_context *c, uint64_t session_id);

/* smb_session.c: authentication. who is what is known of the account at the end of the response. */
void smb_answer_negotiate(struct smb_context *c, uint64_t message_id, struct str token);
void smb_ask_setup(struct smb_context *c, struct smb_request *request, struct str token);
void smb_answer_setup(struct smb_context *c, const struct smb_request *request, const struct smb_part *part,
                      const struct smb_answered *answered, struct who *who);

/* smb_pipe.c: hands data to rpc when it belongs to a pipe. Returns the pipe as rpc knows it, none when it is
 * none. */
struct id smb_pass_to_pipe(struct smb_context *c, const struct smb_request *request, struct str data);
/* The pipe that a create opened; its subject holds the file. */
struct id smb_name_pipe(const struct smb_context *c, const struct smb_subject *create);
enum smb_pipe smb_tree_is_pipe(const struct smb_tree *tree);

/* smb1.c: a whole message of SMB 1. */
void smb1_take_message(struct smb_context *c, struct str message, bool cut);

#endif
