/*
 * smb_world - a module of SMB between doubles of auth and rpc that note what they are given, and messages for
 * it built from the layouts of MS-SMB2 2.2.
 */
#ifndef ORTHRUS_TEST_SMB_WORLD_H
#define ORTHRUS_TEST_SMB_WORLD_H

#include "services/protocol-decode/smb.h"

enum {
    WORLD_NOTES_MAX = 64,
    WORLD_TEXT_BYTES = 64,
    WORLD_TIMEOUT_MS = 10000,
};

#define WORLD_START (1000 * TIME_NS_S)

enum note_kind {
    NOTE_TOKEN = 1,
    NOTE_RESULT,
    NOTE_PIPE,
    NOTE_PIPE_END,
};

struct note {
    enum note_kind kind;
    struct id id; /* conversation or pipe */
    bool to_server;
    uint64_t frame;
    uint8_t outcome;
    uint32_t status;
    char name[WORLD_TEXT_BYTES]; /* of the pipe */
    char user[WORLD_TEXT_BYTES]; /* of the session */
    char data[WORLD_TEXT_BYTES]; /* its first bytes, as text */
    uint32_t size;
};

struct smb_world {
    struct batch batch;
    struct decode_out out;
    struct smb_options options;
    struct smb_module *smb;
    struct writer message; /* being built */
    size_t part_at;        /* where its last header begins */
    struct note notes[WORLD_NOTES_MAX];
    uint32_t note_count;
    uint64_t frame;
    uint64_t flow; /* which connection sends */
};

struct smb_world *smb_world_open(bool all);
void smb_world_close(struct smb_world *w);
/* A module of the same options with the same state. */
void smb_world_move(struct smb_world *w);

/* A header; ids that matter are given, flags 0 is a plain request. A second one makes a compound. */
struct head {
    uint16_t command; /* of the wire */
    uint32_t flags;
    uint32_t status;
    uint64_t message_id;
    uint64_t session_id;
    uint32_t tree_id;
};
enum {
    HEAD_RESPONSE = 1,
    HEAD_ASYNC = 2,
    HEAD_RELATED = 4,
    HEAD_SIGNED = 8,
};
void build_head(struct smb_world *w, const struct head *head);
void build_negotiate_response(struct smb_world *w, uint16_t dialect, const char *token);
void build_session_setup(struct smb_world *w, const char *token);
void build_session_setup_response(struct smb_world *w, uint16_t flags, const char *token);
void build_tree_connect(struct smb_world *w, const char *share);
void build_tree_connect_response(struct smb_world *w, uint8_t type);
void build_create(struct smb_world *w, const char *name, uint32_t access);
void build_create_response(struct smb_world *w, uint64_t file);
void build_close(struct smb_world *w, uint64_t file);
void build_close_response(struct smb_world *w);
void build_read(struct smb_world *w, uint64_t file, uint32_t size);
void build_read_response(struct smb_world *w, const char *data, uint32_t size);
void build_write(struct smb_world *w, uint64_t file, const char *data, uint32_t size);
void build_write_response(struct smb_world *w, uint32_t size);
void build_ioctl(struct smb_world *w, uint32_t control, uint64_t file, const char *data, uint32_t size);
void build_ioctl_response(struct smb_world *w, uint32_t control, uint64_t file, const char *data,
                          uint32_t size);
void build_query_info(struct smb_world *w, uint64_t file);
void build_query_response(struct smb_world *w);
/* A body of 4 bytes: logoff, tree disconnect, echo, cancel, both ways. */
void build_four(struct smb_world *w);
void build_error(struct smb_world *w);

/* What was built, with its session header; it is gone when the next one is begun. */
struct str built(struct smb_world *w);
struct place world_place(const struct smb_world *w, bool to_server, uint64_t at_ms);
/* Gives what was built to the module, as the next frame. */
void send_built(struct smb_world *w, bool to_server, uint64_t at_ms);
void send_raw(struct smb_world *w, bool to_server, uint64_t at_ms, struct str message);

/* The smb observation at index of those emitted. */
const struct smb *told(struct smb_world *w, uint32_t index);
uint32_t told_count(const struct smb_world *w);
time_ns told_time(const struct smb_world *w, uint32_t index);
/* The note of its kind at index; null when there is none. */
const struct note *noted(const struct smb_world *w, enum note_kind kind, uint32_t index);

#endif
