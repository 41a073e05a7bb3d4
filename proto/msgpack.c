/*
 * msgpack - walks the descriptors to write a record as a map of numbered fields.
 *
 * The forms are those of the MessagePack specification (github.com/msgpack/msgpack, spec.md). The way back is
 * in msgpack_decode.c.
 */
#include "proto/msgpack.h"

#include "proto/field.h"

/* The first bytes of the kinds that state a length: one that holds a length up to fix_max itself, then those
 * followed by 8, 16 and 32 bits of length; 0 where there is none. */
struct length_form {
    uint8_t fix;
    uint8_t fix_max;
    uint8_t code_u8;
    uint8_t code_u16;
    uint8_t code_u32;
    bool has_fix;
};

static const struct length_form form_str = {0xa0, 31, 0xd9, 0xda, 0xdb, true};
static const struct length_form form_bin = {0, 0, 0xc4, 0xc5, 0xc6, false};
static const struct length_form form_array = {0x90, 15, 0, 0xdc, 0xdd, true};
static const struct length_form form_map = {0x80, 15, 0, 0xde, 0xdf, true};

/* A first byte and a number of 0, 1, 2, 4 or 8 bytes behind it, big-endian. */
static inline void put_head(struct writer *w, unsigned code, uint64_t value, size_t size)
{
    uint8_t *at = writer_room(w, 1 + size);
    if (!at)
        return;
    at[0] = (uint8_t)code;
    for (size_t i = 0; i < size; i++)
        at[1 + i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

static void put_unsigned(struct writer *w, uint64_t v)
{
    if (v < 0x80)
        put_head(w, (unsigned)v, 0, 0);
    else if (v <= UINT8_MAX)
        put_head(w, 0xcc, v, 1);
    else if (v <= UINT16_MAX)
        put_head(w, 0xcd, v, 2);
    else if (v <= UINT32_MAX)
        put_head(w, 0xce, v, 4);
    else
        put_head(w, 0xcf, v, 8);
}

static void put_signed(struct writer *w, int64_t v)
{
    if (v >= 0)
        put_unsigned(w, (uint64_t)v);
    else if (v >= -32)
        put_head(w, (unsigned)(uint8_t)v, 0, 0);
    else if (v >= INT8_MIN)
        put_head(w, 0xd0, (uint64_t)v, 1);
    else if (v >= INT16_MIN)
        put_head(w, 0xd1, (uint64_t)v, 2);
    else if (v >= INT32_MIN)
        put_head(w, 0xd2, (uint64_t)v, 4);
    else
        put_head(w, 0xd3, (uint64_t)v, 8);
}

static void put_length(struct writer *w, const struct length_form *form, uint32_t length)
{
    if (form->has_fix && length <= form->fix_max)
        put_head(w, form->fix | length, 0, 0);
    else if (form->code_u8 && length <= UINT8_MAX)
        put_head(w, form->code_u8, length, 1);
    else if (length <= UINT16_MAX)
        put_head(w, form->code_u16, length, 2);
    else
        put_head(w, form->code_u32, length, 4);
}

static void put_bytes(struct writer *w, const struct length_form *form, const void *bytes, uint32_t size)
{
    put_length(w, form, size);
    writer_bytes(w, bytes, size);
}

static void put_id(struct writer *w, struct id id)
{
    put_length(w, &form_bin, sizeof(id));
    writer_u64be(w, id.high);
    writer_u64be(w, id.low);
}

static void put_i32s(struct writer *w, const struct i32s *list)
{
    put_length(w, &form_array, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        put_signed(w, list->at[i]);
}

static void put_strs(struct writer *w, const struct strs *list)
{
    put_length(w, &form_array, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        put_bytes(w, &form_str, list->at[i].at, list->at[i].size);
}

static void put_body(struct writer *w, const struct record_info *info, const void *body, int depth);

static void put_records(struct writer *w, const struct record_info *info, const struct list *list, int depth)
{
    put_length(w, &form_array, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        put_body(w, info, field_item(list, info, i), depth);
}

static bool is_too_long(const struct field_info *field, const void *at)
{
    return (field->kind == KIND_I32S || field->kind == KIND_STRS || field->kind == KIND_RECORDS) &&
           ((const struct list *)at)->count > RECORD_ITEMS_MAX;
}

static void put_field(struct writer *w, const struct field_info *field, const void *body, int depth)
{
    const void *at = field_at(field, body);
    const struct str *text = at;
    if (is_too_long(field, at)) {
        w->failed = true;
        return;
    }
    put_unsigned(w, field->number);
    switch (field->kind) {
    case KIND_FLAG:
        put_head(w, 0xc3, 0, 0);
        break;
    case KIND_I32:
    case KIND_TIME:
        put_signed(w, field_signed(field, body));
        break;
    case KIND_STR:
        put_bytes(w, &form_str, text->at, text->size);
        break;
    case KIND_BYTES:
        put_bytes(w, &form_bin, text->at, text->size);
        break;
    case KIND_ADDR: {
        const struct addr *addr = at;
        put_bytes(w, &form_bin, addr->byte, addr->family == 4 ? 4 : 16);
        break;
    }
    case KIND_ID:
        put_id(w, *(const struct id *)at);
        break;
    case KIND_UUID:
        put_bytes(w, &form_bin, at, sizeof(struct uuid));
        break;
    case KIND_I32S:
        put_i32s(w, at);
        break;
    case KIND_STRS:
        put_strs(w, at);
        break;
    case KIND_RECORD:
        put_body(w, field->record(), at, depth + 1);
        break;
    case KIND_RECORDS:
        put_records(w, field->record(), at, depth + 1);
        break;
    default:
        put_unsigned(w, field_unsigned(field, body));
        break;
    }
}

/* The fields of a body that are written, found once for their count and again for their values. */
struct present {
    const struct record_info *info;
    const void *body;
    uint32_t count;
    uint8_t index[RECORD_FIELDS_MAX];
};

static void find_present(struct present *present, const struct record_info *info, const void *body)
{
    present->info = info;
    present->body = body;
    present->count = info && body ? field_list_present(info, body, present->index) : 0;
}

static void put_present(struct writer *w, const struct present *present, int depth)
{
    for (uint32_t i = 0; i < present->count; i++)
        put_field(w, &present->info->fields[present->index[i]], present->body, depth);
}

static void put_body(struct writer *w, const struct record_info *info, const void *body, int depth)
{
    REQUIRE(depth < RECORD_DEPTH_MAX);
    struct present present;
    find_present(&present, info, body);
    put_length(w, &form_map, present.count);
    put_present(w, &present, depth);
}

void record_encode(const struct record *record, struct writer *w)
{
    struct present envelope, body;
    find_present(&envelope, record_envelope(), record);
    find_present(&body, record_info(record->type), record->body);
    put_length(w, &form_map, envelope.count + body.count);
    put_present(w, &envelope, 0);
    put_present(w, &body, 0);
}
