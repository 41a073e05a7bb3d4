/*
 * msgpack_decode - reads a record's map straight into its struct, without a tree of objects in between.
 *
 * Nothing is allocated by a count alone: each item takes at least a byte of the input, so a count that is
 * higher than what is left is refused before memory is asked for (house rule; the general parser of
 * msgpack-c 4.0 asks for 8 GB on the bytes dd 10 00 00 00).
 */
#include "proto/msgpack.h"

#include "proto/field.h"

enum shape {
    SHAPE_NIL,
    SHAPE_FLAG,
    SHAPE_UNSIGNED,
    SHAPE_NEGATIVE,
    SHAPE_FLOAT,
    SHAPE_STR,
    SHAPE_BIN,
    SHAPE_ARRAY,
    SHAPE_MAP,
    SHAPE_EXT,
    SHAPE_NEVER, /* 0xc1 */
};

/* The head of a value. number is the value itself (a negative one in two's complement), or how many bytes or
 * items follow. */
struct value {
    enum shape shape;
    uint64_t number;
};

struct decoder {
    struct reader *r;
    struct arena *arena;
    const char *reason;
};

/* The heads 0xc0 to 0xdf: their shape, how many bytes of number follow, and the number where none do. */
static const struct head {
    uint8_t shape;
    uint8_t bytes;
    uint8_t number;
} heads[32] = {
    {SHAPE_NIL, 0, 0},      {SHAPE_NEVER, 0, 0},    {SHAPE_FLAG, 0, 0},     {SHAPE_FLAG, 0, 1},
    {SHAPE_BIN, 1, 0},      {SHAPE_BIN, 2, 0},      {SHAPE_BIN, 4, 0},      {SHAPE_EXT, 1, 0},
    {SHAPE_EXT, 2, 0},      {SHAPE_EXT, 4, 0},      {SHAPE_FLOAT, 4, 0},    {SHAPE_FLOAT, 8, 0},
    {SHAPE_UNSIGNED, 1, 0}, {SHAPE_UNSIGNED, 2, 0}, {SHAPE_UNSIGNED, 4, 0}, {SHAPE_UNSIGNED, 8, 0},
    {SHAPE_NEGATIVE, 1, 0}, {SHAPE_NEGATIVE, 2, 0}, {SHAPE_NEGATIVE, 4, 0}, {SHAPE_NEGATIVE, 8, 0},
    {SHAPE_EXT, 0, 1},      {SHAPE_EXT, 0, 2},      {SHAPE_EXT, 0, 4},      {SHAPE_EXT, 0, 8},
    {SHAPE_EXT, 0, 16},     {SHAPE_STR, 1, 0},      {SHAPE_STR, 2, 0},      {SHAPE_STR, 4, 0},
    {SHAPE_ARRAY, 2, 0},    {SHAPE_ARRAY, 4, 0},    {SHAPE_MAP, 2, 0},      {SHAPE_MAP, 4, 0},
};

static uint64_t read_number(struct reader *r, unsigned size)
{
    switch (size) {
    case 1:
        return reader_u8(r);
    case 2:
        return reader_u16be(r);
    case 4:
        return reader_u32be(r);
    default:
        return reader_u64be(r);
    }
}

/* A number of the signed forms, which also hold what is not negative. */
static struct value signed_value(uint64_t number, unsigned size)
{
    unsigned shift = 64 - 8 * size;
    int64_t v = (int64_t)(number << shift) >> shift;
    return (struct value){.shape = v < 0 ? SHAPE_NEGATIVE : SHAPE_UNSIGNED, .number = (uint64_t)v};
}

static struct value read_value(struct reader *r)
{
    uint8_t code = reader_u8(r);
    if (code < 0x80)
        return (struct value){SHAPE_UNSIGNED, code};
    if (code < 0x90)
        return (struct value){SHAPE_MAP, code & 15};
    if (code < 0xa0)
        return (struct value){SHAPE_ARRAY, code & 15};
    if (code < 0xc0)
        return (struct value){SHAPE_STR, code & 31};
    if (code >= 0xe0)
        return signed_value(code, 1);
    const struct head *head = &heads[code - 0xc0];
    uint64_t number = head->bytes ? read_number(r, head->bytes) : head->number;
    if (head->shape == SHAPE_NEGATIVE)
        return signed_value(number, head->bytes);
    return (struct value){(enum shape)head->shape, number};
}

static bool refuse(struct decoder *d, const char *reason)
{
    if (!d->reason)
        d->reason = reader_ok(d->r) ? reason : "ends too early";
    reader_fail(d->r);
    return false;
}

/* Passes over one value with all that is inside it. Counts what is still to come instead of going down into
 * it, so that no depth can hurt. */
static bool skip_value(struct decoder *d)
{
    for (uint64_t pending = 1; pending > 0 && reader_ok(d->r); pending--) {
        struct value v = read_value(d->r);
        if (v.shape == SHAPE_STR || v.shape == SHAPE_BIN)
            reader_skip(d->r, v.number);
        else if (v.shape == SHAPE_EXT)
            reader_skip(d->r, v.number + 1); /* its type is a byte of its own */
        else if (v.shape == SHAPE_ARRAY)
            pending += v.number;
        else if (v.shape == SHAPE_MAP)
            pending += 2 * v.number;
        else if (v.shape == SHAPE_NEVER)
            return refuse(d, "a value begins with the byte c1");
        if (pending - 1 > reader_left(d->r))
            return refuse(d, "holds more items than bytes are left");
    }
    return reader_ok(d->r) || refuse(d, NULL);
}

static bool take_unsigned(struct decoder *d, uint64_t max, uint64_t *number)
{
    struct value v = read_value(d->r);
    if (v.shape != SHAPE_UNSIGNED || !reader_ok(d->r))
        return refuse(d, "a number is of another kind");
    if (v.number > max)
        return refuse(d, "a number is too large for its field");
    *number = v.number;
    return true;
}

static bool take_signed(struct decoder *d, int64_t min, int64_t max, int64_t *number)
{
    struct value v = read_value(d->r);
    if ((v.shape != SHAPE_UNSIGNED && v.shape != SHAPE_NEGATIVE) || !reader_ok(d->r))
        return refuse(d, "a number is of another kind");
    if (v.shape == SHAPE_UNSIGNED && v.number > INT64_MAX)
        return refuse(d, "a number is too large for its field");
    if ((int64_t)v.number < min || (int64_t)v.number > max)
        return refuse(d, "a number is too large for its field");
    *number = (int64_t)v.number;
    return true;
}

static bool take_bytes(struct decoder *d, enum shape shape, struct str *bytes)
{
    struct value v = read_value(d->r);
    if (v.shape != shape || !reader_ok(d->r))
        return refuse(d, shape == SHAPE_STR ? "a text is of another kind" : "bytes are of another kind");
    *bytes = reader_bytes(d->r, v.number);
    if (bytes->size == 0)
        *bytes = (struct str){0};
    return reader_ok(d->r) || refuse(d, NULL);
}

/* Bytes of a fixed size, to a place that is zeroed. */
static bool take_fixed(struct decoder *d, void *to, uint32_t size)
{
    struct str bytes;
    if (!take_bytes(d, SHAPE_BIN, &bytes))
        return false;
    if (bytes.size != size)
        return refuse(d, "bytes are not as many as their field has");
    memcpy(to, bytes.at, size);
    return true;
}

static bool take_addr(struct decoder *d, struct addr *addr)
{
    struct str bytes;
    if (!take_bytes(d, SHAPE_BIN, &bytes))
        return false;
    if (bytes.size != 4 && bytes.size != 16)
        return refuse(d, "an address has neither 4 nor 16 bytes");
    addr->family = bytes.size == 4 ? 4 : 6;
    memcpy(addr->byte, bytes.at, bytes.size);
    return true;
}

static bool take_id(struct decoder *d, struct id *id)
{
    struct str bytes;
    if (!take_bytes(d, SHAPE_BIN, &bytes))
        return false;
    if (bytes.size != sizeof(*id))
        return refuse(d, "bytes are not as many as their field has");
    struct reader r = reader_of_str(bytes);
    id->high = reader_u64be(&r);
    id->low = reader_u64be(&r);
    return true;
}

/* The head of an array, and memory for its items. */
static bool take_list(struct decoder *d, size_t item_bytes, void **items, uint32_t *count)
{
    struct value v = read_value(d->r);
    if (v.shape != SHAPE_ARRAY || !reader_ok(d->r))
        return refuse(d, "a list is of another kind");
    if (v.number > reader_left(d->r))
        return refuse(d, "holds more items than bytes are left");
    if (v.number > RECORD_ITEMS_MAX)
        return refuse(d, "a list has too many items");
    *items = v.number ? arena_zeroed(d->arena, v.number * item_bytes) : NULL;
    *count = (uint32_t)v.number;
    return true;
}

static bool take_i32s(struct decoder *d, struct i32s *list)
{
    void *items;
    if (!take_list(d, sizeof(int32_t), &items, &list->count))
        return false;
    int32_t *numbers = items;
    list->at = numbers;
    for (uint32_t i = 0; i < list->count; i++) {
        int64_t number;
        if (!take_signed(d, INT32_MIN, INT32_MAX, &number))
            return false;
        numbers[i] = (int32_t)number;
    }
    return true;
}

static bool take_strs(struct decoder *d, struct strs *list)
{
    void *items;
    if (!take_list(d, sizeof(struct str), &items, &list->count))
        return false;
    struct str *texts = items;
    list->at = texts;
    for (uint32_t i = 0; i < list->count; i++)
        if (!take_bytes(d, SHAPE_STR, &texts[i]))
            return false;
    return true;
}

static bool take_body(struct decoder *d, const struct record_info *info, void *body, int depth);

static bool take_records(struct decoder *d, const struct record_info *info, struct list *list, int depth)
{
    void *items;
    if (!take_list(d, info->body_bytes, &items, &list->count))
        return false;
    list->at = items;
    for (uint32_t i = 0; i < list->count; i++)
        if (!take_body(d, info, (void *)(uintptr_t)field_item(list, info, i), depth))
            return false;
    return true;
}

static bool take_small(struct decoder *d, const struct field_info *field, void *at)
{
    uint64_t number = 0;
    switch (field->kind) {
    case KIND_U16:
        if (!take_unsigned(d, UINT16_MAX, &number))
            return false;
        *(uint16_t *)at = (uint16_t)number;
        return true;
    case KIND_U32:
        if (!take_unsigned(d, UINT32_MAX, &number))
            return false;
        *(uint32_t *)at = (uint32_t)number;
        return true;
    case KIND_U64:
        return take_unsigned(d, UINT64_MAX, at);
    default: /* U8, CHOICE: also one that a newer release added */
        if (!take_unsigned(d, UINT8_MAX, &number))
            return false;
        *(uint8_t *)at = (uint8_t)number;
        return true;
    }
}

static bool take_flag(struct decoder *d, bool *flag)
{
    struct value v = read_value(d->r);
    if (v.shape != SHAPE_FLAG)
        return refuse(d, "a flag is of another kind");
    *flag = v.number != 0;
    return true;
}

static bool take_field(struct decoder *d, const struct field_info *field, void *body, int depth)
{
    void *at = (uint8_t *)body + field->offset;
    int64_t number;
    switch (field->kind) {
    case KIND_FLAG:
        return take_flag(d, at);
    case KIND_I32:
        if (!take_signed(d, INT32_MIN, INT32_MAX, &number))
            return false;
        *(int32_t *)at = (int32_t)number;
        return true;
    case KIND_TIME:
        return take_signed(d, INT64_MIN, INT64_MAX, at);
    case KIND_STR:
        return take_bytes(d, SHAPE_STR, at);
    case KIND_BYTES:
        return take_bytes(d, SHAPE_BIN, at);
    case KIND_ADDR:
        return take_addr(d, at);
    case KIND_ID:
        return take_id(d, at);
    case KIND_UUID:
        return take_fixed(d, at, sizeof(struct uuid));
    case KIND_I32S:
        return take_i32s(d, at);
    case KIND_STRS:
        return take_strs(d, at);
    case KIND_RECORD:
        return take_body(d, field->record(), at, depth + 1);
    case KIND_RECORDS:
        return take_records(d, field->record(), at, depth + 1);
    default:
        return take_small(d, field, at);
    }
}

/* How many pairs follow. */
static bool take_map(struct decoder *d, uint64_t *pairs)
{
    struct value v = read_value(d->r);
    if (v.shape != SHAPE_MAP || !reader_ok(d->r))
        return refuse(d, "a record is not a map");
    if (v.number > reader_left(d->r) / 2)
        return refuse(d, "holds more items than bytes are left");
    *pairs = v.number;
    return true;
}

/* Where a map stands in the fields of its record. As keys rise, each search goes on where the last one ended.
 */
struct place {
    const struct record_info *info;
    uint32_t next;
};

static const struct field_info *find_field(struct place *place, uint64_t key)
{
    const struct record_info *info = place->info;
    while (place->next < info->field_count && info->fields[place->next].number < key)
        place->next++;
    if (place->next == info->field_count || info->fields[place->next].number != key)
        return NULL;
    return &info->fields[place->next];
}

/* The next key, which must be higher than the last. */
static bool take_key(struct decoder *d, uint64_t *key)
{
    uint64_t last = *key;
    if (!take_unsigned(d, UINT64_MAX, key))
        return false;
    return *key > last || refuse(d, "keys do not rise");
}

static bool take_body(struct decoder *d, const struct record_info *info, void *body, int depth)
{
    if (depth >= RECORD_DEPTH_MAX)
        return refuse(d, "records stand too deep inside each other");
    struct place place = {.info = info};
    uint64_t pairs, key = 0;
    if (!take_map(d, &pairs))
        return false;
    for (; pairs > 0; pairs--) {
        if (!take_key(d, &key))
            return false;
        const struct field_info *field = find_field(&place, key);
        if (field ? !take_field(d, field, body, depth) : !skip_value(d))
            return false;
    }
    return true;
}

/* The first pair of every record: its type, by which the rest is read. */
static bool take_type(struct decoder *d, struct record *record, const struct record_info **info, void **body)
{
    uint64_t key, type;
    if (!take_unsigned(d, UINT64_MAX, &key))
        return false;
    if (key != 1)
        return refuse(d, "does not begin with its type");
    if (!take_unsigned(d, UINT16_MAX, &type))
        return false;
    *info = record_info((uint16_t)type);
    if (!*info)
        return refuse(d, "is of a type that is not known");
    *body = (*info)->body_bytes ? arena_zeroed(d->arena, (*info)->body_bytes) : NULL;
    record->type = (uint16_t)type;
    record->body = *body;
    return true;
}

static bool take_record(struct decoder *d, struct record *record)
{
    struct place envelope = {.info = record_envelope()}, inside = {0};
    uint64_t pairs, key = 1;
    void *body;
    if (!take_map(d, &pairs))
        return false;
    if (pairs == 0)
        return refuse(d, "does not begin with its type");
    if (!take_type(d, record, &inside.info, &body))
        return false;
    while (--pairs > 0) {
        if (!take_key(d, &key))
            return false;
        bool outside = key < FIELD_NUMBER_MIN;
        const struct field_info *field = find_field(outside ? &envelope : &inside, key);
        if (field ? !take_field(d, field, outside ? (void *)record : body, 0) : !skip_value(d))
            return false;
    }
    return true;
}

bool record_decode(struct reader *r, struct arena *arena, struct record *record, const char **reason)
{
    struct decoder d = {.r = r, .arena = arena};
    *record = (struct record){0};
    bool taken = take_record(&d, record);
    *reason = d.reason;
    return taken;
}
