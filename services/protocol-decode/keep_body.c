/*
 * keep_body - packs the fields of a body that are present, and unpacks them.
 *
 * A field is its number, then its value; a body ends with number 0, which is also what unused bytes are.
 */
#include "services/protocol-decode/keep_body.h"
#include "common/base/reader.h"
#include "proto/field.h"

enum {
    FIRST_OWN_FIELD = 26, /* lower ones are of WHERE */
    NUMBER_BYTES = 2,
};

struct pack {
    uint8_t *at;
    uint32_t left; /* without the number 0 that ends each body */
    bool whole;
};

static uint32_t size_of(uint8_t kind)
{
    switch (kind) {
    case KIND_FLAG:
    case KIND_U8:
    case KIND_CHOICE:
        return 1;
    case KIND_U16:
        return 2;
    case KIND_U32:
    case KIND_I32:
        return 4;
    case KIND_U64:
    case KIND_TIME:
        return 8;
    case KIND_ADDR:
        return sizeof(struct addr);
    case KIND_ID:
        return sizeof(struct id);
    case KIND_UUID:
        return sizeof(struct uuid);
    default:
        return 0;
    }
}

static void put(struct pack *p, const void *bytes, uint32_t size)
{
    if (size > 0)
        memcpy(p->at, bytes, size);
    p->at += size;
    p->left -= size;
}

static void put_u16(struct pack *p, uint32_t value)
{
    uint16_t number = (uint16_t)value;
    put(p, &number, sizeof(number));
}

/* Room for a field of so many bytes, whose number is then written. */
static bool begin(struct pack *p, const struct field_info *field, uint32_t size)
{
    if (size + NUMBER_BYTES > p->left) {
        p->whole = false;
        return false;
    }
    put_u16(p, field->number);
    return true;
}

static uint32_t cut_text(struct pack *p, struct str text)
{
    if (text.size <= KEEP_TEXT_BYTES_MAX)
        return text.size;
    uint32_t size = KEEP_TEXT_BYTES_MAX;
    p->whole = false;
    while (size > 0 && ((uint8_t)text.at[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static void put_text(struct pack *p, struct str text, uint32_t size)
{
    put_u16(p, size);
    put(p, text.at, size);
}

static uint32_t cut_list(struct pack *p, uint32_t count, uint32_t max)
{
    if (count <= max)
        return count;
    p->whole = false;
    return max;
}

static void pack_texts(struct pack *p, const struct field_info *field, const struct strs *list)
{
    uint32_t count = cut_list(p, list->count, KEEP_LIST_MAX), size = NUMBER_BYTES;
    for (uint32_t i = 0; i < count; i++)
        size += NUMBER_BYTES + cut_text(p, list->at[i]);
    if (!begin(p, field, size))
        return;
    put_u16(p, count);
    for (uint32_t i = 0; i < count; i++)
        put_text(p, list->at[i], cut_text(p, list->at[i]));
}

static void pack_numbers(struct pack *p, const struct field_info *field, const struct i32s *list)
{
    uint32_t count = cut_list(p, list->count, KEEP_LIST_MAX);
    if (!begin(p, field, NUMBER_BYTES + count * (uint32_t)sizeof(int32_t)))
        return;
    put_u16(p, count);
    put(p, list->at, count * (uint32_t)sizeof(int32_t));
}

static void pack_body(struct pack *p, const struct record_info *info, const void *body, uint16_t first);

/* Each inner body ends with a number 0, for which room is kept. */
static void pack_records(struct pack *p, const struct field_info *field, const void *body)
{
    const struct list *list = field_at(field, body);
    uint32_t count = cut_list(p, list->count, KEEP_RECORDS_MAX);
    if (!begin(p, field, NUMBER_BYTES + count * NUMBER_BYTES))
        return;
    put_u16(p, count);
    p->left -= count * NUMBER_BYTES;
    for (uint32_t i = 0; i < count; i++) {
        pack_body(p, field->record(), field_item(list, field->record(), i), FIELD_NUMBER_MIN);
        p->left += NUMBER_BYTES;
        put_u16(p, 0);
    }
}

static void pack_field(struct pack *p, const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    switch (field->kind) {
    case KIND_STR:
    case KIND_BYTES: {
        uint32_t size = cut_text(p, *(const struct str *)at);
        if (begin(p, field, NUMBER_BYTES + size))
            put_text(p, *(const struct str *)at, size);
        break;
    }
    case KIND_I32S:
        pack_numbers(p, field, at);
        break;
    case KIND_STRS:
        pack_texts(p, field, at);
        break;
    case KIND_RECORDS:
        pack_records(p, field, body);
        break;
    default:
        if (begin(p, field, size_of(field->kind)))
            put(p, at, size_of(field->kind));
        break;
    }
}

/* field_present(), inline: most fields of most bodies are absent, and each is asked. A record by value is
 * never kept: what waits holds none. */
static inline bool has_value(const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    switch (field->kind) {
    case KIND_FLAG:
    case KIND_U8:
    case KIND_CHOICE:
        return *(const uint8_t *)at != 0;
    case KIND_U32:
    case KIND_I32:
        return *(const uint32_t *)at != 0;
    case KIND_U64:
    case KIND_TIME:
        return *(const uint64_t *)at != 0;
    case KIND_STR:
    case KIND_BYTES:
        return ((const struct str *)at)->size > 0;
    case KIND_ID:
        return !id_is_none(*(const struct id *)at);
    case KIND_I32S:
    case KIND_STRS:
    case KIND_RECORDS:
        return ((const struct list *)at)->count > 0;
    case KIND_RECORD:
        return false;
    default:
        return field_present(field, body);
    }
}

static void pack_body(struct pack *p, const struct record_info *info, const void *body, uint16_t first)
{
    for (uint32_t i = 0; i < info->field_count; i++) {
        const struct field_info *field = &info->fields[i];
        if (field->number >= first && has_value(field, body))
            pack_field(p, field, body);
    }
}

bool keep_body(const struct record_info *info, const void *body, uint8_t *bytes, uint32_t size)
{
    struct pack p = {.at = bytes, .left = size - NUMBER_BYTES, .whole = true};
    pack_body(&p, info, body, FIRST_OWN_FIELD);
    return p.whole;
}

static uint16_t take_u16(struct reader *r)
{
    uint16_t number = 0;
    struct str bytes = reader_bytes(r, sizeof(number));
    if (bytes.size == sizeof(number))
        memcpy(&number, bytes.at, sizeof(number));
    return number;
}

static struct str take_text(struct reader *r, struct arena *arena)
{
    return arena_copy(arena, reader_bytes(r, take_u16(r)));
}

static void unpack_body(struct reader *r, const struct record_info *info, struct arena *arena, void *body);

static void unpack_list(struct reader *r, const struct field_info *field, struct arena *arena, void *at)
{
    uint32_t count = take_u16(r);
    struct list *list = at;
    if (count > KEEP_LIST_MAX)
        return;
    list->count = count;
    if (field->kind == KIND_I32S) {
        int32_t *numbers = arena_take(arena, count * sizeof(*numbers));
        struct str bytes = reader_bytes(r, count * sizeof(*numbers));
        memcpy(numbers, bytes.at, bytes.size);
        list->at = numbers;
    } else if (field->kind == KIND_STRS) {
        struct str *texts = arena_take(arena, count * sizeof(*texts));
        for (uint32_t i = 0; i < count; i++)
            texts[i] = take_text(r, arena);
        list->at = texts;
    } else {
        const struct record_info *info = field->record();
        uint8_t *bodies = arena_zeroed(arena, (size_t)count * info->body_bytes);
        for (uint32_t i = 0; i < count; i++)
            unpack_body(r, info, arena, bodies + (size_t)i * info->body_bytes);
        list->at = bodies;
    }
}

static void unpack_field(struct reader *r, const struct field_info *field, struct arena *arena, void *body)
{
    void *at = (uint8_t *)body + field->offset;
    if (field->kind == KIND_STR || field->kind == KIND_BYTES) {
        *(struct str *)at = take_text(r, arena);
    } else if (field->kind == KIND_I32S || field->kind == KIND_STRS || field->kind == KIND_RECORDS) {
        unpack_list(r, field, arena, at);
    } else {
        struct str bytes = reader_bytes(r, size_of(field->kind));
        memcpy(at, bytes.at, bytes.size);
    }
}

/* Fields stand in the order of their numbers, here and in the declaration. */
static void unpack_body(struct reader *r, const struct record_info *info, struct arena *arena, void *body)
{
    uint32_t i = 0;
    for (uint16_t number = take_u16(r); number != 0; number = take_u16(r)) {
        while (i < info->field_count && info->fields[i].number != number)
            i++;
        if (i == info->field_count)
            return;
        unpack_field(r, &info->fields[i], arena, body);
    }
}

void kept_body(const struct record_info *info, const uint8_t *bytes, uint32_t size, struct arena *arena,
               void *body)
{
    struct reader r = reader_of(bytes, size);
    unpack_body(&r, info, arena, body);
}
