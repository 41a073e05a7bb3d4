/*
 * smb_exchange - the steps of reading SMB: requests, responses, what is told of them, and what auth and rpc
 * get.
 *
 * Internal to smb.
 */
#ifndef ORTHRUS_DECODE_SMB_EXCHANGE_H
#define ORTHRUS_DECODE_SMB_EXCHANGE_H

#include "services/protocol-decode/smb1_wire.h"
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
    const struct smb_notes *asked;     /* null: those of the request, as they are kept */
    const struct smb_notes *answered;  /* of the response; null: nothing is noted */
    const struct who *who;             /* null: that of the session */
    uint32_t status;
    uint32_t bytes;
    bool has_response;
};
void smb_tell(struct smb_context *c, const struct smb_told *told);
/* Could it be told, whatever else is known of it? What is read only to be told need not be read else. */
bool smb_may_tell(const struct smb_context *c, uint8_t command, bool response, uint32_t status);
/* A file that was read or written goes without a close. */
void smb_tell_file(struct smb_context *c, const struct smb_key *key, const struct smb_file *file);
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

/* smb_exchange.c: data of a file that was read, or written and answered. head is how it begins, as far as it
 * is held. */
void smb_count_read(struct smb_context *c, const struct smb_told *told, struct str head);
void smb_count_written(struct smb_context *c, const struct smb_told *told);

/* smb_compressed.c: the message inside of a compressed one, in the batch's arena. */
enum smb_opening {
    SMB_OPENING_GOOD,
    SMB_OPENING_SHORT,      /* its header is */
    SMB_OPENING_IMPOSSIBLE, /* no message has the size or offset that its header says */
    SMB_OPENING_BAD,        /* what is compressed does not follow its specification, or is not known */
};
enum smb_opening smb_open_compressed(struct smb_context *c, struct str message, uint32_t size,
                                     struct smb_compression_header *header, struct str *plain);
/* Nothing for no header. */
void smb_note_compression(const struct smb_compression_header *header, struct smb_notes *notes);
/* One that could not be opened. */
void smb_tell_compressed(struct smb_context *c, const struct smb_compression_header *header, uint8_t unread);
/* smb_tell.c: a message of SMB 2 of which nothing is known but what is noted. */
void smb_tell_unread(struct smb_context *c, const struct smb_notes *notes, uint64_t unique);

/* smb_service.c: a packet that is no message of SMB. */
void smb_take_service(struct smb_context *c, struct str message);

/* smb_sealed.c: the message inside of an encrypted one (MS-SMB2 2.2.41), which begins with its transform
 * header. It begins with a header of its own; empty when it cannot be opened. */
struct str smb_open_sealed(struct smb_context *c, struct str sealed);

/* Makes room for a request, of which others may have to be told. */
void smb_make_room(struct smb_context *c, uint64_t message_id);
enum smb_pipe smb_pipe_of_share(struct str share, uint8_t type);

/* smb1.c: a whole message of SMB 1. */
void smb1_take_message(struct smb_context *c, struct str message, bool cut);
/* A server that agreed to SMB 2 in answer to a NEGOTIATE of SMB 1 (MS-SMB2 3.3.5.3.1). False: none waits. */
bool smb1_answer_with_smb2(struct smb_context *c, const struct smb_part *part,
                           const struct smb_answered *answered);
/* Is a session id one that we made for a connection of SMB 1? */
bool smb1_is_session(uint64_t session_id);

/* smb1_session.c: authentication. */
struct smb1_setup {
    const struct smb1_header *header;
    struct str token; /* with extended security */
    struct str lm;    /* OEMPassword, or the one password there is */
    struct str nt;    /* UnicodePassword */
    struct smb_notes *notes;
};
void smb1_ask_setup(struct smb_context *c, const struct smb1_setup *setup);
void smb1_answer_setup(struct smb_context *c, const struct smb_told *told, const struct smb1_setup *setup);

#endif
