/*
 * random_record - walks the descriptors and fills each field, or leaves it out.
 */
#include "tests/tools/random_record.h"

#include "proto/field.h"

uint64_t random_u64(struct random *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t random_below(struct random *random, uint32_t below)
{
    return (uint32_t)(random_u64(random) % below);
}

uint64_t random_number(struct random *random)
{
    uint64_t v = random_u64(random) >> random_below(random, 64);
    /* Often right at the edge of a form: 2^n - 1, 2^n. */
    return random_below(random, 3) ? v : (1ull << random_below(random, 64)) - random_below(random, 2);
}

/* Text whose characters take one to four bytes, with the ones that escapes are for. */
static struct str random_text(struct random *random, struct arena *arena)
{
    static const char *const piece[] = {"a",
                                        "Z",
                                        "7",
                                        "$",
                                        "/",
                                        "\\",
                                        "\"",
                                        "|",
                                        "=",
                                        "\n",
                                        "\r",
                                        "\t",
                                        "\x01",
                                        "\x7f",
                                        "\xc3\xa9",
                                        "\xe2\x82\xac",
                                        "\xf0\x9f\x90\xba",
                                        "\xe2\x80\xa8",
                                        "<&>",
                                        " "};
    static const uint32_t length[] = {1, 5, 31, 32, 255, 256, 300};
    uint32_t wanted = random_below(random, 20) ? random_below(random, 24) : length[random_below(random, 7)];
    if (random_below(random, 2000) == 0)
        wanted = 65536;
    char *at = arena_take(arena, wanted + 4);
    uint32_t used = 0;
    while (used < wanted) {
        const char *p = piece[random_below(random, ARRAY_COUNT(piece))];
        memcpy(at + used, p, strlen(p));
        used += (uint32_t)strlen(p);
    }
    return (struct str){.at = at, .size = used};
}

static struct str random_bytes(struct random *random, struct arena *arena)
{
    uint32_t size = random_below(random, 300);
    char *at = arena_take(arena, size);
    for (uint32_t i = 0; i < size; i++)
        at[i] = (char)random_u64(random);
    return (struct str){.at = at, .size = size};
}

static struct addr random_addr(struct random *random)
{
    struct addr addr = {.family = random_below(random, 2) ? 4 : 6};
    /* Many zero bytes, as in real IPv6. */
    for (int i = 0; i < (addr.family == 4 ? 4 : 16); i++)
        addr.byte[i] = random_below(random, 2) ? 0 : (uint8_t)random_u64(random);
    return addr;
}

static void fill_body(struct random *random, struct arena *arena, const struct record_info *info,
                      uint8_t *body);

static uint32_t random_count(struct random *random)
{
    return random_below(random, 30) ? random_below(random, 4) : random_below(random, 40);
}

static void fill_list(struct random *random, struct arena *arena, const struct field_info *field, void *at)
{
    struct list *list = at;
    list->count = random_count(random);
    if (field->kind == KIND_I32S) {
        int32_t *items = arena_take(arena, list->count * sizeof(*items));
        for (uint32_t i = 0; i < list->count; i++)
            items[i] = (int32_t)(random_below(random, 2) ? random_number(random) : 0 - random_number(random));
        list->at = items;
    } else if (field->kind == KIND_STRS) {
        struct str *items = arena_take(arena, list->count * sizeof(*items));
        for (uint32_t i = 0; i < list->count; i++)
            items[i] = random_text(random, arena);
        list->at = items;
    } else {
        const struct record_info *info = field->record();
        uint8_t *items = arena_zeroed(arena, (size_t)list->count * info->body_bytes);
        list->at = items;
        for (uint32_t i = 0; i < list->count; i++)
            fill_body(random, arena, info, items + (size_t)i * info->body_bytes);
    }
}

static void fill_number(struct random *random, const struct field_info *field, void *at)
{
    uint64_t v = random_number(random);
    int64_t sign = random_below(random, 2) ? 1 : -1;
    switch (field->kind) {
    case KIND_FLAG:
        *(bool *)at = true;
        break;
    case KIND_U8:
        *(uint8_t *)at = (uint8_t)v;
        break;
    case KIND_U16:
        *(uint16_t *)at = (uint16_t)v;
        break;
    case KIND_U32:
        *(uint32_t *)at = (uint32_t)v;
        break;
    case KIND_U64:
        *(uint64_t *)at = v;
        break;
    case KIND_I32:
        *(int32_t *)at = (int32_t)((int64_t)(v & 0x7fffffff) * sign);
        break;
    case KIND_TIME:
        *(time_ns *)at = (int64_t)(v >> 1) * sign;
        break;
    default:
        *(uint8_t *)at = (uint8_t)random_below(random, field->choices->count);
        break;
    }
}

static void fill_field(struct random *random, struct arena *arena, const struct field_info *field, void *at)
{
    switch (field->kind) {
    case KIND_STR:
        *(struct str *)at = random_text(random, arena);
        break;
    case KIND_BYTES:
        *(struct str *)at = random_bytes(random, arena);
        break;
    case KIND_ADDR:
        *(struct addr *)at = random_addr(random);
        break;
    case KIND_ID:
        *(struct id *)at = (struct id){.high = random_number(random), .low = random_number(random)};
        break;
    case KIND_UUID:
        for (size_t i = 0; i < sizeof(struct uuid); i++)
            ((struct uuid *)at)->byte[i] = (uint8_t)random_u64(random);
        break;
    case KIND_RECORD:
        fill_body(random, arena, field->record(), at);
        break;
    case KIND_I32S:
    case KIND_STRS:
    case KIND_RECORDS:
        fill_list(random, arena, field, at);
        break;
    default:
        fill_number(random, field, at);
        break;
    }
}

static void fill_body(struct random *random, struct arena *arena, const struct record_info *info,
                      uint8_t *body)
{
    uint32_t density = random_below(random, 4);
    for (uint32_t i = 0; i < info->field_count; i++)
        if (random_below(random, 4) <= density)
            fill_field(random, arena, &info->fields[i], body + info->fields[i].offset);
}

struct record random_record(struct random *random, struct arena *arena, const struct record_info *info)
{
    struct record record = {.type = info->type, .time = (time_ns)(random_number(random) >> 1)};
    if (random_below(random, 2))
        fill_body(random, arena, record_envelope(), (uint8_t *)&record);
    record.type = info->type;
    record.body = NULL;
    if (info->body_bytes > 0) {
        uint8_t *body = arena_zeroed(arena, info->body_bytes);
        fill_body(random, arena, info, body);
        record.body = body;
    }
    return record;
}
