/*
 * record - descriptors made from the declarations, and what walks them for any record.
 */
#include "proto/record.h"

#include "common/base/hash.h"
#include "proto/field.h"

#define CHOICES(name, doc)           static const struct choice_name name##_names[] = {
#define CHOICE(name, number, choice) {number, #choice},
#define END_CHOICES(name)                                                                                    \
    }                                                                                                        \
    ;
#include "proto/records/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

#define CHOICES(name, doc)                                                                                   \
    const struct choices_type name##_choices = {#name, doc, name##_names, ARRAY_COUNT(name##_names)};
#define CHOICE(name, number, choice)
#define END_CHOICES(name)
#include "proto/records/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

static const struct choices_type *const all_choices[] = {
#define CHOICES(name, doc) &name##_choices,
#define CHOICE(name, number, choice)
#define END_CHOICES(name)
#include "proto/records/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES
    NULL,
};

/* A descriptor stands inside a function of its own: there `body` can name its struct for offsetof, and a
 * record inside another is referred to by its function. */
#define RECORD(name, number, doc) static const struct record_info *name##_info(void);
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

#define RECORD(record, type, doc)                                                                            \
    static const struct record_info *record##_info(void)                                                     \
    {                                                                                                        \
        enum { number_of_type = type };                                                                      \
        static const char doc_of_type[] = doc;                                                               \
        typedef struct record body;                                                                          \
        static const struct field_info fields[] = {
#define FIELD(number, kind, name, ocsf, sigma, doc)                                                          \
    {number, KIND_##kind, offsetof(body, name), #name, ocsf, sigma, doc, NULL, NULL},
#define CHOICE_FIELD(number, choices, name, ocsf, sigma, doc)                                                \
    {number, KIND_CHOICE, offsetof(body, name), #name, ocsf, sigma, doc, &choices##_choices, NULL},
#define SUB_FIELD(number, record, name, ocsf, sigma, doc)                                                    \
    {number, KIND_RECORD, offsetof(body, name), #name, ocsf, sigma, doc, NULL, record##_info},
#define RECORDS_FIELD(number, record, name, ocsf, sigma, doc)                                                \
    {number, KIND_RECORDS, offsetof(body, name), #name, ocsf, sigma, doc, NULL, record##_info},
#define END_RECORD(record)                                                                                   \
    {                                                                                                        \
        0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL                                                          \
    }                                                                                                        \
    }                                                                                                        \
    ;                                                                                                        \
    static const struct record_info info = {number_of_type, #record, doc_of_type,                            \
                                            sizeof(body),   fields,  ARRAY_COUNT(fields) - 1};               \
    return &info;                                                                                            \
    }
#include "proto/records/all.def"
#undef RECORD
#undef FIELD
#undef CHOICE_FIELD
#undef SUB_FIELD
#undef RECORDS_FIELD
#undef END_RECORD

static const struct record_info *(*const by_type[RECORD_TYPE_MAX])(void) = {
#define RECORD(name, number, doc) [number] = name##_info,
#define FIELD(number, kind, name, ocsf, sigma, doc)
#define CHOICE_FIELD(number, choices, name, ocsf, sigma, doc)
#define SUB_FIELD(number, record, name, ocsf, sigma, doc)
#define RECORDS_FIELD(number, record, name, ocsf, sigma, doc)
#define END_RECORD(name)
#include "proto/records/all.def"
#undef RECORD
};

static const struct record_info *(*const all_records[])(void) = {
#define RECORD(name, number, doc) name##_info,
#include "proto/records/all.def"
};

const struct record_info *record_info_at(uint32_t index)
{
    return index < ARRAY_COUNT(all_records) ? all_records[index]() : NULL;
}

const struct record_info *record_info(uint16_t type)
{
    return type < RECORD_TYPE_MAX && by_type[type] ? by_type[type]() : NULL;
}

const struct choices_type *const *record_choices(void)
{
    return all_choices;
}

const char *choice_name(const struct choices_type *choices, uint8_t value)
{
    for (uint32_t i = 0; i < choices->count; i++)
        if (choices->names[i].value == value)
            return choices->names[i].name;
    return "unknown";
}

static void copy_body(struct arena *arena, const struct record_info *info, uint8_t *body);

static void copy_list(struct arena *arena, struct list *list, size_t item_bytes)
{
    if (list->count == 0)
        return;
    void *at = arena_take(arena, item_bytes * list->count);
    memcpy(at, list->at, item_bytes * list->count);
    list->at = at;
}

static void copy_records(struct arena *arena, const struct record_info *info, struct list *list)
{
    copy_list(arena, list, info->body_bytes);
    for (uint32_t i = 0; i < list->count; i++)
        copy_body(arena, info, (uint8_t *)(uintptr_t)list->at + (size_t)i * info->body_bytes);
}

static void copy_strs(struct arena *arena, struct list *list)
{
    copy_list(arena, list, sizeof(struct str));
    struct str *items = (struct str *)(uintptr_t)list->at;
    for (uint32_t i = 0; i < list->count; i++)
        items[i] = arena_copy(arena, items[i]);
}

static void copy_body(struct arena *arena, const struct record_info *info, uint8_t *body)
{
    for (uint32_t i = 0; i < info->field_count; i++) {
        const struct field_info *field = &info->fields[i];
        void *at = body + field->offset;
        switch (field->kind) {
        case KIND_STR:
        case KIND_BYTES: {
            struct str *s = at;
            *s = arena_copy(arena, *s);
            break;
        }
        case KIND_I32S:
            copy_list(arena, at, sizeof(int32_t));
            break;
        case KIND_STRS:
            copy_strs(arena, at);
            break;
        case KIND_RECORD:
            copy_body(arena, field->record(), at);
            break;
        case KIND_RECORDS:
            copy_records(arena, field->record(), at);
            break;
        default:
            break;
        }
    }
}

struct record record_copy(struct arena *arena, const struct record *record)
{
    struct record copy = *record;
    const struct record_info *info = record_info(record->type);
    if (!record->body || !info || info->body_bytes == 0)
        return copy;
    uint8_t *body = arena_take(arena, info->body_bytes);
    memcpy(body, record->body, info->body_bytes);
    copy_body(arena, info, body);
    copy.body = body;
    return copy;
}

struct id record_name(uint16_t type, time_ns time, struct id parent, uint64_t ordinal)
{
    struct hash_parts parts = {0};
    hash_part_u64(&parts, type);
    hash_part_u64(&parts, (uint64_t)time);
    hash_part(&parts, &parent, sizeof(parent));
    hash_part_u64(&parts, ordinal);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}
