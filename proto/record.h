/*
 * record - the records that services meet in, each declared once under proto/records.
 *
 * A record in memory is an envelope (struct record) and a body (struct kerberos, struct activity, ...) whose
 * strings and lists are borrowed from the arena of its batch. Everything generic (coding, copying, reference
 * pages) walks the descriptors that the same declarations give. A field that is zero or empty is absent: it
 * is not written, and reads back as zero.
 */
#ifndef ORTHRUS_PROTO_RECORD_H
#define ORTHRUS_PROTO_RECORD_H

#include "common/base/arena.h"
#include "common/base/base.h"

/* The C type of each kind of field. */
typedef bool record_FLAG;
typedef uint8_t record_U8;
typedef uint16_t record_U16;
typedef uint32_t record_U32;
typedef uint64_t record_U64;
typedef int32_t record_I32;
typedef time_ns record_TIME;
typedef struct str record_STR;
typedef struct str record_BYTES;
typedef struct addr record_ADDR;
typedef struct id record_ID;
typedef struct uuid {
    uint8_t byte[16]; /* as on the wire, little-endian form */
} record_UUID;
typedef struct i32s {
    const int32_t *at;
    uint32_t count;
} record_I32S;
typedef struct strs {
    const struct str *at;
    uint32_t count;
} record_STRS;

enum field_kind {
    KIND_FLAG,
    KIND_U8,
    KIND_U16,
    KIND_U32,
    KIND_U64,
    KIND_I32,
    KIND_TIME,
    KIND_STR,
    KIND_BYTES,
    KIND_ADDR,
    KIND_ID,
    KIND_UUID,
    KIND_I32S,
    KIND_STRS,
    KIND_CHOICE,  /* uint8_t, with names */
    KIND_RECORD,  /* a record inside this one, by value */
    KIND_RECORDS, /* struct { const T *at; uint32_t count; } */
};

/* Choices: enum kerberos_message { kerberos_message_as = 1, ... }. */
#define CHOICES(name, doc)           enum name {
#define CHOICE(name, number, choice) name##_##choice = number,
#define END_CHOICES(name)                                                                                    \
    }                                                                                                        \
    ;
#include "proto/records/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

/* Bodies: struct kerberos { struct addr client; ... }. */
#define RECORD(name, number, doc)                             struct name {
#define FIELD(number, kind, name, ocsf, sigma, doc)           record_##kind name;
#define CHOICE_FIELD(number, choices, name, ocsf, sigma, doc) uint8_t name; /* enum choices */
#define SUB_FIELD(number, record, name, ocsf, sigma, doc)     struct record name;
#define RECORDS_FIELD(number, record, name, ocsf, sigma, doc)                                                \
    struct {                                                                                                 \
        const struct record *at;                                                                             \
        uint32_t count;                                                                                      \
    } name;
#define END_RECORD(name)                                                                                     \
    }                                                                                                        \
    ;
#include "proto/records/all.def"
#undef RECORD
#undef FIELD
#undef CHOICE_FIELD
#undef SUB_FIELD
#undef RECORDS_FIELD
#undef END_RECORD

/* Types: RECORD_kerberos = 3, ... */
enum record_type {
    RECORD_none = 0,
#define RECORD(name, number, doc) RECORD_##name = number,
#define FIELD(number, kind, name, ocsf, sigma, doc)
#define CHOICE_FIELD(number, choices, name, ocsf, sigma, doc)
#define SUB_FIELD(number, record, name, ocsf, sigma, doc)
#define RECORDS_FIELD(number, record, name, ocsf, sigma, doc)
#define END_RECORD(name)
#include "proto/records/all.def"
#undef RECORD
#undef FIELD
#undef CHOICE_FIELD
#undef SUB_FIELD
#undef RECORDS_FIELD
#undef END_RECORD
    RECORD_TYPE_MAX = 64,
};

/* The envelope. Its fields have the numbers 1 to 8 in every coding. */
struct record {
    uint16_t type;     /* enum record_type; 1 */
    uint8_t role;      /* enum entity_role: as which of its entities it is published; 4 */
    time_ns time;      /* event time; 2 */
    struct id id;      /* names it: the same input gives the same id; 3 */
    struct id key;     /* the entity it is published under; none: broadcast, or not routed; 5 */
    uint32_t slot;     /* which slot wrote it; 6 */
    uint64_t sequence; /* counts what that slot wrote; 7 */
    const void *body;  /* struct of its type; null for a watermark */
};

struct choice_name {
    uint8_t value;
    const char *name;
};

struct choices_type {
    const char *name;
    const char *doc;
    const struct choice_name *names;
    uint32_t count;
};

struct record_info;

struct field_info {
    uint16_t number; /* stable, from 16 */
    uint8_t kind;    /* enum field_kind */
    uint16_t offset; /* in the body */
    const char *name;
    const char *ocsf;  /* attribute path, empty when there is none */
    const char *sigma; /* Windows/Sigma field name, empty when there is none */
    const char *doc;
    const struct choices_type *choices;        /* KIND_CHOICE */
    const struct record_info *(*record)(void); /* KIND_RECORD, KIND_RECORDS */
};

struct record_info {
    uint16_t type;
    const char *name;
    const char *doc;
    uint32_t body_bytes;
    const struct field_info *fields; /* by rising number */
    uint32_t field_count;
};

/* The descriptor of a type; null for a type that is not known. */
const struct record_info *record_info(uint16_t type);
/* The descriptor at index in order of declaration, null past the last; and all lists of choices,
 * null-terminated. */
const struct record_info *record_info_at(uint32_t index);
const struct choices_type *const *record_choices(void);

/* The name of a value, "unknown" when it has none. */
const char *choice_name(const struct choices_type *choices, uint8_t value);
#define CHOICES(name, doc) extern const struct choices_type name##_choices;
#define CHOICE(name, number, choice)
#define END_CHOICES(name)
#include "proto/records/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

/* A deep copy of the record whose body, strings and lists live in the arena. */
struct record record_copy(struct arena *arena, const struct record *record);

/* A name for a record: hash of its type, its time and what makes it unique (a flow, an ordinal). */
struct id record_name(uint16_t type, time_ns time, struct id parent, uint64_t ordinal);

#endif
