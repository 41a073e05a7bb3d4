/*
 * json - walks the descriptors to write a record as an object.
 */
#include "proto/json.h"

#include "common/base/text.h"
#include "proto/field.h"

static void begin_value(struct json *json)
{
    if (json->comma)
        writer_u8(json->w, ',');
    json->comma = true;
}

void json_begin(struct json *json, char bracket)
{
    begin_value(json);
    writer_u8(json->w, (uint8_t)bracket);
    json->comma = false;
}

void json_end(struct json *json, char bracket)
{
    writer_u8(json->w, (uint8_t)bracket);
    json->comma = true;
}

void json_key(struct json *json, const char *key)
{
    begin_value(json);
    writer_u8(json->w, '"');
    writer_text(json->w, key);
    writer_text(json->w, "\":");
    json->comma = false;
}

void json_str(struct json *json, struct str s)
{
    begin_value(json);
    writer_u8(json->w, '"');
    text_write_json(json->w, s);
    writer_u8(json->w, '"');
}

void json_text(struct json *json, const char *text)
{
    json_str(json, str_of(text));
}

void json_unsigned(struct json *json, uint64_t v)
{
    begin_value(json);
    writer_print(json->w, "%llu", (unsigned long long)v);
}

void json_signed(struct json *json, int64_t v)
{
    begin_value(json);
    writer_print(json->w, "%lld", (long long)v);
}

void json_bool(struct json *json, bool v)
{
    begin_value(json);
    writer_text(json->w, v ? "true" : "false");
}

void json_null(struct json *json)
{
    begin_value(json);
    writer_text(json->w, "null");
}

void json_raw(struct json *json, const char *bytes, size_t size)
{
    begin_value(json);
    writer_bytes(json->w, bytes, size);
}

void json_time(struct json *json, time_ns time)
{
    char buffer[TEXT_TIME_BYTES];
    json_text(json, text_time(time, buffer));
}

void json_id(struct json *json, struct id id)
{
    begin_value(json);
    writer_print(json->w, "\"%016llx%016llx\"", (unsigned long long)id.high, (unsigned long long)id.low);
}

void json_addr(struct json *json, const struct addr *addr)
{
    char buffer[TEXT_ADDR_BYTES];
    json_text(json, text_addr(addr, buffer));
}

void json_strs(struct json *json, const struct strs *list)
{
    json_begin(json, '[');
    for (uint32_t i = 0; i < list->count; i++)
        json_str(json, list->at[i]);
    json_end(json, ']');
}

void json_key_str(struct json *json, const char *key, struct str s)
{
    if (s.size == 0)
        return;
    json_key(json, key);
    json_str(json, s);
}

void json_key_unsigned(struct json *json, const char *key, uint64_t v)
{
    if (v == 0)
        return;
    json_key(json, key);
    json_unsigned(json, v);
}

void json_key_time(struct json *json, const char *key, time_ns time)
{
    if (time == 0)
        return;
    json_key(json, key);
    json_time(json, time);
}

void json_key_id(struct json *json, const char *key, struct id id)
{
    if (id_is_none(id))
        return;
    json_key(json, key);
    json_id(json, id);
}

void json_key_addr(struct json *json, const char *key, const struct addr *addr)
{
    if (addr->family != 4 && addr->family != 6)
        return;
    json_key(json, key);
    json_addr(json, addr);
}

void json_key_strs(struct json *json, const char *key, const struct strs *list)
{
    if (list->count == 0)
        return;
    json_key(json, key);
    json_strs(json, list);
}

static void write_hex(struct json *json, struct str bytes)
{
    begin_value(json);
    writer_u8(json->w, '"');
    text_write_hex(json->w, bytes);
    writer_u8(json->w, '"');
}

static void write_i32s(struct json *json, const struct i32s *list)
{
    json_begin(json, '[');
    for (uint32_t i = 0; i < list->count; i++)
        json_signed(json, list->at[i]);
    json_end(json, ']');
}

static void write_fields(struct json *json, const struct record_info *info, const void *body)
{
    for (uint32_t i = 0; i < info->field_count; i++) {
        if (!field_present(&info->fields[i], body))
            continue;
        json_key(json, info->fields[i].name);
        json_field(json, &info->fields[i], body);
    }
}

/* Goes as deep as the declarations do: only memory of ours is walked here, never input. */
void json_object(struct json *json, const struct record_info *info, const void *body)
{
    json_begin(json, '{');
    write_fields(json, info, body);
    json_end(json, '}');
}

static void write_objects(struct json *json, const struct record_info *info, const struct list *list)
{
    json_begin(json, '[');
    for (uint32_t i = 0; i < list->count; i++)
        json_object(json, info, field_item(list, info, i));
    json_end(json, ']');
}

static void write_number(struct json *json, const struct field_info *field, const void *body)
{
    if (field->kind == KIND_I32)
        json_signed(json, field_signed(field, body));
    else
        json_unsigned(json, field_unsigned(field, body));
}

void json_field(struct json *json, const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    char uuid[TEXT_UUID_BYTES];
    switch (field->kind) {
    case KIND_FLAG:
        json_bool(json, field_unsigned(field, body) != 0);
        break;
    case KIND_CHOICE:
        json_text(json, choice_name(field->choices, *(const uint8_t *)at));
        break;
    case KIND_TIME:
        json_time(json, field_signed(field, body));
        break;
    case KIND_STR:
        json_str(json, *(const struct str *)at);
        break;
    case KIND_BYTES:
        write_hex(json, *(const struct str *)at);
        break;
    case KIND_ADDR:
        json_addr(json, at);
        break;
    case KIND_ID:
        json_id(json, *(const struct id *)at);
        break;
    case KIND_UUID:
        json_text(json, text_uuid(at, uuid));
        break;
    case KIND_I32S:
        write_i32s(json, at);
        break;
    case KIND_STRS:
        json_strs(json, at);
        break;
    case KIND_RECORD:
        json_object(json, field->record(), at);
        break;
    case KIND_RECORDS:
        write_objects(json, field->record(), at);
        break;
    default:
        write_number(json, field, body);
        break;
    }
}

static void write_routing(struct json *json, const struct record *record)
{
    if (record->role == 0 && id_is_none(record->key) && record->slot == 0 && record->sequence == 0)
        return;
    json_key(json, "routing");
    json_begin(json, '{');
    if (record->role != 0) {
        json_key(json, "role");
        json_text(json, choice_name(&entity_role_choices, record->role));
    }
    json_key_id(json, "key", record->key);
    json_key_unsigned(json, "slot", record->slot);
    json_key_unsigned(json, "sequence", record->sequence);
    json_end(json, '}');
}

void record_write_json(const struct record *record, struct writer *w)
{
    const struct record_info *info = record_info(record->type);
    struct json json = {.w = w};
    json_begin(&json, '{');
    json_key(&json, "type");
    json_text(&json, info ? info->name : "unknown");
    json_key(&json, "time");
    json_time(&json, record->time);
    json_key_id(&json, "id", record->id);
    write_routing(&json, record);
    if (info && record->body)
        write_fields(&json, info, record->body);
    json_end(&json, '}');
}
