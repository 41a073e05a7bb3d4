/*
 * smb_body - what is read of the bodies of SMB 2, one function for each (MS-SMB2 2.2).
 *
 * Internal to smb_wire. All go on behind StructureSize.
 */
#ifndef ORTHRUS_DECODE_SMB_BODY_H
#define ORTHRUS_DECODE_SMB_BODY_H

#include "services/protocol-decode/smb_wire.h"

typedef void smb_ask_fn(const struct smb_part *part, struct reader *body, struct smb_asked *asked);
typedef void smb_answer_fn(const struct smb_part *part, struct reader *body, struct smb_answered *answered);

/* smb_asks.c */
smb_ask_fn smb_ask_session_setup;
smb_ask_fn smb_ask_tree_connect;
smb_ask_fn smb_ask_create;
smb_ask_fn smb_ask_read;
smb_ask_fn smb_ask_write;
smb_ask_fn smb_ask_lock;
smb_ask_fn smb_ask_query_directory;
smb_ask_fn smb_ask_change_notify;
smb_ask_fn smb_ask_query_info;
smb_ask_fn smb_ask_set_info;

/* smb_answers.c */
smb_answer_fn smb_answer_session_setup;
smb_answer_fn smb_answer_tree_connect;
smb_answer_fn smb_answer_create;
smb_answer_fn smb_answer_close;
smb_answer_fn smb_answer_read;
smb_answer_fn smb_answer_write;
smb_answer_fn smb_answer_oplock_break;
/* Instead of any other one: 2.2.2. */
smb_answer_fn smb_answer_error;

/* smb_negotiate.c, smb_ioctl.c */
smb_ask_fn smb_ask_negotiate;
smb_answer_fn smb_answer_negotiate_body;
smb_ask_fn smb_ask_ioctl;
smb_answer_fn smb_answer_ioctl;

/* The bytes that a body points to. A run that lies behind what is held of a cut message is no fault, and
 * empty. */
struct str smb_take(const struct smb_part *part, struct reader *body, uint32_t offset, uint32_t length);
/* The same, but of a run that is cut what is held of it. */
struct str smb_take_head(const struct smb_part *part, uint32_t offset, uint32_t length);
void smb_read_file_id(struct reader *body, uint64_t file[2]);
/* Create contexts, of either side: 2.2.13.2. Notes their names under field. */
void smb_note_contexts(const struct smb_part *part, struct str contexts, struct smb_notes *notes,
                       enum smb_field field);
/* A part that can be passed over does not follow its specification. */
void smb_note_malformed(struct smb_notes *notes, size_t offset);
/* UTF-16LE of the wire. */
void smb_note_utf16(struct smb_notes *notes, struct arena *arena, enum smb_field field, struct str utf16);
static inline void smb_note_name(struct smb_notes *notes, enum smb_field field, const char *name)
{
    smb_note_text(notes, field, str_of(name));
}
/* FILETIME (MS-DTYP 2.3.3) as our time; 0 for what is out of range. */
time_ns smb_time(uint64_t filetime);

#endif
