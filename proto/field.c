/*
 * field - presence and value of a field of any record.
 */
#include "proto/field.h"

const struct record_info *record_envelope(void)
{
    static const struct field_info fields[] = {
        {1, KIND_U16, offsetof(struct record, type), "type", "", "", "which record it is", NULL, NULL},
        {2, KIND_TIME, offsetof(struct record, time), "time", "time", "TimeCreated", "event time", NULL,
         NULL},
        {3, KIND_ID, offsetof(struct record, id), "id", "metadata.uid", "", "names it", NULL, NULL},
        {4, KIND_CHOICE, offsetof(struct record, role), "role", "", "",
         "as which of its entities it is published", &entity_role_choices, NULL},
        {5, KIND_ID, offsetof(struct record, key), "key", "", "", "the entity it is published under", NULL,
         NULL},
        {6, KIND_U32, offsetof(struct record, slot), "slot", "", "", "which slot wrote it", NULL, NULL},
        {7, KIND_U64, offsetof(struct record, sequence), "sequence", "metadata.sequence", "",
         "counts what that slot wrote", NULL, NULL},
    };
    static const struct record_info info = {
        .name = "envelope",
        .doc = "What every record has around its body.",
        .body_bytes = sizeof(struct record),
        .fields = fields,
        .field_count = ARRAY_COUNT(fields),
    };
    return &info;
}

uint64_t field_unsigned(const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    switch (field->kind) {
    case KIND_FLAG:
        return *(const bool *)at;
    case KIND_U8:
    case KIND_CHOICE:
        return *(const uint8_t *)at;
    case KIND_U16:
        return *(const uint16_t *)at;
    case KIND_U32:
        return *(const uint32_t *)at;
    case KIND_U64:
        return *(const uint64_t *)at;
    default:
        return 0;
    }
}

int64_t field_signed(const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    if (field->kind == KIND_I32)
        return *(const int32_t *)at;
    if (field->kind == KIND_TIME)
        return *(const time_ns *)at;
    return 0;
}

static bool has_uuid(const struct uuid *uuid)
{
    static const struct uuid none;
    return memcmp(uuid, &none, sizeof(none)) != 0;
}

/* Recursion ends by itself: a record cannot hold itself by value. */
static bool has_fields(const struct record_info *info, const void *body)
{
    for (uint32_t i = 0; i < info->field_count; i++)
        if (field_present(&info->fields[i], body))
            return true;
    return false;
}

bool field_present(const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    switch (field->kind) {
    case KIND_I32:
    case KIND_TIME:
        return field_signed(field, body) != 0;
    case KIND_STR:
    case KIND_BYTES:
        return ((const struct str *)at)->size > 0;
    case KIND_ADDR: {
        const struct addr *addr = at;
        return addr->family == 4 || addr->family == 6;
    }
    case KIND_ID:
        return !id_is_none(*(const struct id *)at);
    case KIND_UUID:
        return has_uuid(at);
    case KIND_I32S:
    case KIND_STRS:
    case KIND_RECORDS:
        return ((const struct list *)at)->count > 0;
    case KIND_RECORD:
        return has_fields(field->record(), at);
    default:
        return field_unsigned(field, body) != 0;
    }
}

uint32_t field_list_present(const struct record_info *info, const void *body,
                            uint8_t present[RECORD_FIELDS_MAX])
{
    REQUIRE(info->field_count <= RECORD_FIELDS_MAX);
    uint32_t count = 0;
    for (uint32_t i = 0; i < info->field_count; i++)
        if (field_present(&info->fields[i], body))
            present[count++] = (uint8_t)i;
    return count;
}

const struct field_info *field_named(const struct record_info *info, struct str name)
{
    for (uint32_t i = 0; i < info->field_count; i++)
        if (str_equal(str_of(info->fields[i].name), name))
            return &info->fields[i];
    return NULL;
}
