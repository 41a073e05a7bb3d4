/*
 * smb_notes - each note is the number of its field, two bytes of length, and its bytes.
 */
#include "services/protocol-decode/smb_notes.h"

#include "common/base/hash.h"
#include "common/base/reader.h"

enum {
    NOTE_HEAD_BYTES = 3,
    ITEMS_MAX = 64, /* of one list */
};

_Static_assert(SMB_FIELDS <= UINT8_MAX, "a field's number fits a byte");

static void add(struct smb_notes *notes, enum smb_field field, const void *bytes, uint32_t size)
{
    if (!notes || size == 0 || size > SMB_NOTES_BYTES ||
        notes->size + NOTE_HEAD_BYTES + size > SMB_NOTES_BYTES)
        return;
    uint8_t *at = notes->bytes + notes->size;
    at[0] = (uint8_t)field;
    at[1] = (uint8_t)size;
    at[2] = (uint8_t)(size >> 8);
    memcpy(at + NOTE_HEAD_BYTES, bytes, size);
    notes->size += NOTE_HEAD_BYTES + size;
}

void smb_note(struct smb_notes *notes, enum smb_field field, uint64_t value)
{
    uint8_t bytes[sizeof(value)];
    uint32_t size = 0;
    for (; value != 0; value >>= 8)
        bytes[size++] = (uint8_t)value;
    add(notes, field, bytes, size);
}

void smb_note_text(struct smb_notes *notes, enum smb_field field, struct str text)
{
    uint32_t size = text.size < SMB_NOTE_TEXT_BYTES ? text.size : SMB_NOTE_TEXT_BYTES;
    /* Not within a character: continuation bytes go with the one they continue. */
    while (size > 0 && size < text.size && ((uint8_t)text.at[size] & 0xc0) == 0x80)
        size--;
    add(notes, field, text.at, size);
}

void smb_note_item(struct smb_notes *notes, enum smb_field field, struct str text)
{
    smb_note_text(notes, field, text);
}

void smb_note_numbers(struct smb_notes *notes, enum smb_field field, struct str numbers)
{
    uint32_t most = ITEMS_MAX * sizeof(uint16_t);
    add(notes, field, numbers.at, numbers.size < most ? numbers.size : most);
}

void smb_note_uuid(struct smb_notes *notes, enum smb_field field, struct str uuid)
{
    if (uuid.size == sizeof(struct uuid))
        add(notes, field, uuid.at, uuid.size);
}

void smb_note_id(struct smb_notes *notes, enum smb_field field, struct id id)
{
    add(notes, field, &id, id_is_none(id) ? 0 : sizeof(id));
}

struct note {
    uint8_t field;
    struct str bytes;
};

static bool next(struct reader *r, struct note *note)
{
    if (reader_left(r) == 0)
        return false;
    note->field = reader_u8(r);
    note->bytes = reader_bytes(r, reader_u16le(r));
    return reader_ok(r) && note->field < SMB_FIELDS;
}

static struct reader reader_of_notes(const struct smb_notes *notes)
{
    uint32_t size = notes && notes->size <= SMB_NOTES_BYTES ? notes->size : 0;
    return reader_of(notes ? notes->bytes : NULL, size);
}

static uint64_t number_of(struct str bytes)
{
    uint64_t value = 0;
    struct reader r = reader_of_str(bytes);
    for (unsigned shift = 0; reader_left(&r) > 0 && shift < 64; shift += 8)
        value |= (uint64_t)reader_u8(&r) << shift;
    return value;
}

static struct str last_of(const struct smb_notes *notes, enum smb_field field)
{
    struct reader r = reader_of_notes(notes);
    struct note note;
    struct str last = {0};
    while (next(&r, &note))
        if (note.field == field)
            last = note.bytes;
    return last;
}

struct str smb_noted_text(const struct smb_notes *notes, enum smb_field field)
{
    return last_of(notes, field);
}

struct str smb_noted_item(const struct smb_notes *notes, enum smb_field field, uint32_t index)
{
    struct reader r = reader_of_notes(notes);
    struct note note;
    while (next(&r, &note))
        if (note.field == field && index-- == 0)
            return note.bytes;
    return (struct str){0};
}

struct id smb_noted_id(const struct smb_notes *notes, enum smb_field field)
{
    struct id id = {0};
    struct str bytes = last_of(notes, field);
    if (bytes.size == sizeof(id))
        memcpy(&id, bytes.at, sizeof(id));
    return id;
}

uint64_t smb_noted(const struct smb_notes *notes, enum smb_field field)
{
    return number_of(last_of(notes, field));
}

static void fill_numbers(struct i32s *list, struct str bytes, struct arena *arena)
{
    struct reader r = reader_of_str(bytes);
    uint32_t count = bytes.size / sizeof(uint16_t);
    int32_t *numbers = arena_take(arena, (count + 1) * sizeof(*numbers));
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = reader_u16le(&r);
    *list = (struct i32s){.at = numbers, .count = count};
}

static void fill_item(struct strs *list, struct str bytes, struct arena *arena)
{
    /* The list was begun here, with room for as many as there may be. */
    struct str *items =
        list->count > 0 ? (struct str *)(uintptr_t)list->at : arena_take(arena, ITEMS_MAX * sizeof(*items));
    if (list->count == ITEMS_MAX)
        return;
    items[list->count] = arena_copy(arena, bytes);
    *list = (struct strs){.at = items, .count = list->count + 1};
}

static void fill_number(void *at, uint8_t kind, uint64_t value)
{
    switch (kind) {
    case KIND_FLAG:
        memcpy(at, &(bool){value != 0}, sizeof(bool));
        break;
    case KIND_U8:
    case KIND_CHOICE:
        memcpy(at, &(uint8_t){(uint8_t)value}, sizeof(uint8_t));
        break;
    case KIND_U16:
        memcpy(at, &(uint16_t){(uint16_t)value}, sizeof(uint16_t));
        break;
    case KIND_U32:
        memcpy(at, &(uint32_t){(uint32_t)value}, sizeof(uint32_t));
        break;
    case KIND_U64:
    case KIND_TIME:
        memcpy(at, &value, sizeof(value));
        break;
    default:
        break;
    }
}

void smb_notes_fill(const struct smb_notes *notes, struct smb *smb, struct arena *arena)
{
    const struct record_info *info = record_info(RECORD_smb);
    struct reader r = reader_of_notes(notes);
    struct note note;
    while (next(&r, &note)) {
        const struct field_info *field = &info->fields[note.field];
        void *at = (uint8_t *)smb + field->offset;
        struct str text;
        if (field->kind == KIND_STR) {
            text = arena_copy(arena, note.bytes);
            memcpy(at, &text, sizeof(text));
        } else if (field->kind == KIND_STRS) {
            fill_item(at, note.bytes, arena);
        } else if (field->kind == KIND_I32S) {
            fill_numbers(at, note.bytes, arena);
        } else if (field->kind == KIND_UUID || field->kind == KIND_ID) {
            if (note.bytes.size == sizeof(struct id))
                memcpy(at, note.bytes.at, note.bytes.size);
        } else {
            fill_number(at, field->kind, number_of(note.bytes));
        }
    }
}
