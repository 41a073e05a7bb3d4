/*
 * smb_notes - facts of a request or a response on their way into its observation, as plain bytes.
 *
 * Internal to smb. A request's facts wait in a table until its response comes, and there are too many kinds
 * of them for a struct that has room for all. So each is noted under the field of the observation that it
 * goes to, and they are filled in by that field's descriptor. What has no room any more is left out.
 */
#ifndef ORTHRUS_DECODE_SMB_NOTES_H
#define ORTHRUS_DECODE_SMB_NOTES_H

#include "common/base/arena.h"
#include "proto/record.h"

/* The fields of the observation in the order of their declaration. */
enum smb_field {
#define RECORD(name, number, doc)
#define FIELD(number, kind, name, ocsf, sigma, doc)           SMB_FIELD_##name,
#define CHOICE_FIELD(number, choices, name, ocsf, sigma, doc) SMB_FIELD_##name,
#define END_RECORD(name)
#include "proto/records/where.def"

#include "proto/records/smb.def"
#undef RECORD
#undef FIELD
#undef CHOICE_FIELD
#undef END_RECORD
#undef WHERE
#undef WHO
#undef UNREAD
    SMB_FIELDS,
};

enum {
    SMB_NOTES_BYTES = 1020,
    SMB_NOTE_TEXT_BYTES = 510, /* of each text; cut at a whole character */
};

struct smb_notes {
    uint32_t size;
    uint8_t bytes[SMB_NOTES_BYTES];
};

/* All of these do nothing for no notes, and for a value that is zero or empty: that is an absent field. */
void smb_note(struct smb_notes *notes, enum smb_field field, uint64_t value);
/* UTF-8. */
void smb_note_text(struct smb_notes *notes, enum smb_field field, struct str text);
/* One of a list of texts. */
void smb_note_item(struct smb_notes *notes, enum smb_field field, struct str text);
/* A list of numbers of 16 bits, little-endian as on the wire. */
void smb_note_numbers(struct smb_notes *notes, enum smb_field field, struct str numbers);
void smb_note_uuid(struct smb_notes *notes, enum smb_field field, struct str uuid);
void smb_note_id(struct smb_notes *notes, enum smb_field field, struct id id);

/* The text noted under a field; empty when there is none. Borrowed from the notes. */
struct str smb_noted_text(const struct smb_notes *notes, enum smb_field field);
/* One of a list, by its place; empty when there is none. */
struct str smb_noted_item(const struct smb_notes *notes, enum smb_field field, uint32_t index);
struct id smb_noted_id(const struct smb_notes *notes, enum smb_field field);
/* The last number noted under a field, 0 when there is none. */
uint64_t smb_noted(const struct smb_notes *notes, enum smb_field field);
/* Fills them in. Later ones replace earlier ones, but those of a list. */
void smb_notes_fill(const struct smb_notes *notes, struct smb *smb, struct arena *arena);

#endif
