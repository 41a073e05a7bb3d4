/*
 * field - how one field of a body is reached by its descriptor; what the codings share.
 */
#ifndef ORTHRUS_PROTO_FIELD_H
#define ORTHRUS_PROTO_FIELD_H

#include "proto/record.h"

enum {
    RECORD_FIELDS_MAX = 240,  /* fields of one record type; a test holds the declarations to it */
    RECORD_DEPTH_MAX = 4,     /* records inside records */
    RECORD_ITEMS_MAX = 65536, /* items of one list */
    FIELD_NUMBER_MIN = 16,    /* lower numbers belong to the envelope */
};

/* The layout that struct i32s, struct strs and every list of records share; through it any of them is read.
 */
struct __attribute__((may_alias)) list {
    const void *at;
    uint32_t count;
};

static inline const void *field_at(const struct field_info *field, const void *body)
{
    return (const uint8_t *)body + field->offset;
}

/* Record number index of a KIND_RECORDS field. */
static inline const void *field_item(const struct list *list, const struct record_info *info, uint32_t index)
{
    return (const uint8_t *)list->at + (size_t)index * info->body_bytes;
}

/* The envelope as if it were a body: struct record with its fields 1 to 7. */
const struct record_info *record_envelope(void);

/* False when it is zero or empty. */
bool field_present(const struct field_info *field, const void *body);
/* The indexes of the fields that are present, in order of number; returns how many. */
uint32_t field_list_present(const struct record_info *info, const void *body,
                            uint8_t present[RECORD_FIELDS_MAX]);

/* The value of a FLAG, U8, U16, U32, U64 or CHOICE; 0 for other kinds. */
uint64_t field_unsigned(const struct field_info *field, const void *body);
/* The value of an I32 or TIME; 0 for other kinds. */
int64_t field_signed(const struct field_info *field, const void *body);

/* The field of that name; null when the record has none. */
const struct field_info *field_named(const struct record_info *info, struct str name);

#endif
