/*
 * smb_state - what is remembered of SMB between messages: connections, sessions, trees, open files, requests.
 *
 * Internal to smb. All of it is plain bytes in bounded tables.
 *
 * A session may run over several connections between the same two hosts (multichannel, MS-SMB2 3.2.4.20.3):
 * what is written over one is read over another. So a session is named by its hosts and its id, and its trees
 * and files are chained to it; the connections that it runs over are its channels, chained to their
 * connection, and the last one to end ends it. The chains are there so that an end finds what it ends without
 * a walk over the tables.
 */
#ifndef ORTHRUS_DECODE_SMB_STATE_H
#define ORTHRUS_DECODE_SMB_STATE_H

#include "services/protocol-decode/smb.h"
#include "services/protocol-decode/smb_wire.h"

enum {
    SMB_NAME_BYTES = 510,
    SMB_OPENED_MAX = 8,
};

/* Text of the wire as UTF-8, cut at a whole character. */
struct smb_name {
    uint16_t size;
    char text[SMB_NAME_BYTES];
};

/*
 * The key of every table but that of connections, which is a flow.
 *
 *   session   hosts  session id
 *   tree      hosts  session id  tree id
 *   file      hosts  session id  file id
 *   channel   flow   0           session id
 *   request   flow   message id
 */
struct smb_key {
    struct id within;
    uint64_t number;
    uint64_t part[2];
};

/* What the value of a chained table begins with: the parts of its neighbours' keys, all ones at an end. */
struct smb_link {
    uint64_t older[2];
    uint64_t newer[2];
};

enum smb_kind {
    SMB_TREES,
    SMB_FILES,
    SMB_OF_SESSION, /* how many kinds are chained to a session */
    SMB_CHANNELS = SMB_OF_SESSION,
    SMB_SESSIONS,
    SMB_CONNECTIONS,
    SMB_REQUESTS,
    SMB_NOTES, /* of requests: what is told of them when they are answered */
    SMB_TABLES,
};

/* A file that was opened within a compound, whose later operations do not name it (MS-SMB2 3.3.5.2.7.2). */
struct smb_opened {
    uint64_t message_id; /* of the create */
    uint64_t file[2];
    uint64_t used; /* 0 or 1 */
};

struct smb_connection {
    struct place place;  /* of its first message */
    struct id hosts;     /* names its two ends, without their ports */
    uint64_t newest[2];  /* head of the chain of its channels */
    struct id setup;     /* SMB 1: the authentication under way */
    struct id challenge; /* SMB 1: fingerprint of the server's, without extended security */
    uint64_t negotiate;  /* SMB 1: our name of the request that SMB 2 may answer; 0: there is none */
    struct smb_opened opened[SMB_OPENED_MAX];
    uint64_t message_id_low; /* all its waiting requests lie between these */
    uint64_t message_id_high;
    uint32_t waiting; /* how many there are */
    uint32_t opened_next;
    uint64_t dialect; /* agreed; 0: not seen */
};

struct smb_session {
    uint64_t newest[SMB_OF_SESSION][2]; /* heads of its chains */
    struct who who;
    uint32_t channels;
    uint8_t established; /* 0 or 1 */
    uint8_t sealed;      /* 0 or 1: its traffic is encrypted */
    uint8_t sealed_seen; /* 0 or 1: it was told that an encrypted message was seen */
    uint8_t unused;
};

struct smb_channel {
    struct smb_link link;
    struct id conversation; /* of the authentication under way, for auth; none when there is none */
};

enum smb_pipe {
    SMB_PIPE_UNKNOWN,
    SMB_PIPE_YES,
    SMB_PIPE_NO,
};

struct smb_tree {
    struct smb_link link;
    struct smb_name share;
    uint64_t pipe; /* enum smb_pipe */
};

struct smb_file {
    struct smb_link link;
    struct id pipe_id; /* as rpc knows it */
    struct smb_name name;
    uint64_t bytes_read;
    uint64_t bytes_written;
    uint32_t pipe;   /* enum smb_pipe */
    uint8_t content; /* enum smb_content */
    uint8_t told;    /* 0 or 1: its bytes were, at its close */
    uint16_t unused;
};

/* What an operation is about. */
struct smb_subject {
    uint64_t message_id;
    uint64_t session_id;
    uint64_t file[2]; /* when has_file */
    uint32_t tree_id;
    uint8_t command; /* enum smb_command */
    uint8_t has_file;
    uint8_t in_compound;
    uint8_t is_signed;
    uint8_t version;      /* enum smb_version */
    uint8_t smb1_command; /* enum smb1_command */
    uint16_t user_id;     /* SMB 1: whose session it is; trees and files are of the connection's */
    uint32_t flags;       /* of the header */
};

/* Who authenticated an SMB 1 session is kept by user id, while trees and files are of the connection. */
static inline uint64_t smb_session_of(const struct smb_subject *about)
{
    return about->version == smb_version_smb1 ? about->session_id | about->user_id : about->session_id;
}

/* A request that waits for its response. Of these the oldest in the table is always the first one due. */
struct smb_request {
    struct place place;
    struct smb_subject about;
    time_ns deadline;
    struct id conversation; /* session setup: for auth */
    struct id pipe_id;      /* of the pipe that its data went to */
    uint64_t opener;        /* message id of the create whose file it uses, when has_opener */
    uint32_t has_opener;
    uint64_t offset;
    uint32_t access;
    uint32_t bytes;
    uint32_t control;
    uint16_t credit_charge;
    uint16_t credits;
    uint16_t channel_sequence;
    uint8_t content; /* enum smb_content, of what is written to the file's beginning */
    uint8_t always;  /* 0 or 1: it is told whatever is asked for */
    /* SMB 1 transactions. */
    uint32_t secondaries;
    uint32_t secondary_data;
    uint32_t sent_data; /* how much of the data has come */
};

struct smb_module {
    struct smb_options options;
    struct auth *auth;
    struct rpc_module *rpc;
    struct table *tables[SMB_TABLES];
};

/* The header of a compressed message (MS-SMB2 2.2.42), as sent; of the first payload where there are several.
 */
struct smb_compression_header {
    uint32_t original_size;
    uint32_t offset;
    uint16_t algorithm;
    bool chained;
    bool cut; /* only the beginning of it was opened */
};

/* What every step of one call works with. */
struct smb_context {
    struct smb_module *module;
    struct decode_out *out;
    const struct place *place;
    struct smb_connection *connection;                /* of place->flow */
    const struct smb_compression_header *compression; /* the message was compressed; null: it was not */
};

enum err smb_state_create(struct smb_module *module) MUST_CHECK;
void smb_state_free(struct smb_module *module);

/* The connection of a flow; null when it is not known. */
struct smb_connection *smb_find_connection(struct smb_module *module, struct id flow);
/* A new one. The caller has made room. */
struct smb_connection *smb_add_connection(struct smb_context *c);

/* Ends the channels of a connection, and the sessions that ran over it alone. Touches no connection. auth
 * hears of authentications under way that they have no end, rpc that pipes are closed; so they do wherever
 * these go. */
void smb_end_channels(struct smb_context *c, struct smb_connection *connection);

/* Null when it is not known. */
struct smb_session *smb_find_session(struct smb_context *c, uint64_t session_id);
struct smb_channel *smb_find_channel(struct smb_context *c, uint64_t session_id);
/* A session and its channel over this connection, made when there were none. */
struct smb_session *smb_keep_session(struct smb_context *c, uint64_t session_id,
                                     struct smb_channel **channel);
/* Forgets it with its trees and files. */
void smb_forget_session(struct smb_context *c, uint64_t session_id);

/* Trees and files. One that is made may push out the one unseen longest, of whichever session. */
struct smb_tree *smb_find_tree(struct smb_context *c, const struct smb_subject *about);
struct smb_tree *smb_keep_tree(struct smb_context *c, const struct smb_subject *about);
void smb_forget_tree(struct smb_context *c, const struct smb_subject *about);
struct smb_file *smb_find_file(struct smb_context *c, const struct smb_subject *about);
struct smb_file *smb_keep_file(struct smb_context *c, const struct smb_subject *about);
void smb_forget_file(struct smb_context *c, const struct smb_subject *about);

/* Requests. Finding one does not touch it: its age is its deadline. */
const struct smb_request *smb_find_request(const struct smb_context *c, uint64_t message_id);
/* What is noted of it; null when nothing is. */
const struct smb_notes *smb_request_notes(const struct smb_context *c, uint64_t message_id);
/* The name it asked for, a share or a file; empty when it has none. */
struct str smb_request_name(const struct smb_context *c, uint64_t message_id);
/* A new one, zeroed. The caller has made room, and there is none of that message id. */
struct smb_request *smb_add_request(struct smb_context *c, uint64_t message_id,
                                    const struct smb_notes *notes);
/* Its time begins again at place->time; null when there is none. */
struct smb_request *smb_prolong_request(struct smb_context *c, uint64_t message_id);
void smb_remove_request(struct smb_module *module, struct smb_connection *connection, uint64_t message_id);
/* The same, but that its entry stays in the table, for the next one to push out and count it. */
void smb_settle_request(struct smb_module *module, struct smb_connection *connection, uint64_t message_id);

void smb_set_name(struct smb_name *name, struct str text);
static inline struct str smb_name_text(const struct smb_name *name)
{
    return (struct str){.at = name->text, .size = name->size};
}

#endif
