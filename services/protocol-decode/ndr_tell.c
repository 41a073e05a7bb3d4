/*
 * ndr_tell - what a walk found, as named values.
 */
#include <stdio.h>

#include "common/base/text.h"
#include "services/protocol-decode/ndr_walk.h"

enum {
    NAME_PARTS_MAX = NDR_DEPTH_MAX * 2,
    NAME_BYTES = 256,
    BYTES_SHOWN_MAX = 64,
    SID_TEXT_BYTES = 256, /* 15 subauthorities of 11 characters, and the head */
};

struct arena *ndr_arena(const struct ndr *n)
{
    return &n->out->batch->arena;
}

struct str ndr_told_text(const struct ndr *n, const char *name)
{
    for (uint32_t i = 0; i < n->read->count; i++)
        if (str_equal(n->arguments[i].name, str_of(name)))
            return n->arguments[i].text;
    return (struct str){0};
}

/* UserInformation.All.UserName, Names[2]; cut at NAME_BYTES. */
static struct str path_of(struct ndr *n, uint16_t node, const char *last)
{
    const struct ndr_node *parts[NAME_PARTS_MAX];
    char path[NAME_BYTES];
    size_t used = 0;
    uint32_t count = 0;
    const struct ndr_node own = {.name = last};
    if (last)
        parts[count++] = &own;
    for (; node && count < NAME_PARTS_MAX; node = n->nodes[node].up)
        parts[count++] = &n->nodes[node];
    while (count > 0 && used < sizeof(path)) {
        const struct ndr_node *part = parts[--count];
        int wrote = part->name
                        ? snprintf(path + used, sizeof(path) - used, "%s%s", used ? "." : "", part->name)
                        : snprintf(path + used, sizeof(path) - used, "[%u]", part->element);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    uint32_t size = (uint32_t)(used < sizeof(path) ? used : sizeof(path) - 1);
    return arena_copy(ndr_arena(n), (struct str){path, size});
}

/* Room for one more value; null when it is not to be shown, or there is none. */
static struct rpc_argument *add(struct ndr *n, const struct ndr_item *item, const char *last)
{
    if (!(item->show & (NDR_SHOW | NDR_SECRET)) || !reader_ok(&n->r))
        return NULL;
    if (n->read->count == NDR_ARGUMENTS_MAX) {
        n->read->more = true;
        return NULL;
    }
    struct rpc_argument *argument = &n->arguments[n->read->count++];
    *argument = (struct rpc_argument){.name = path_of(n, item->node, last)};
    return argument;
}

static bool are_zeros(struct str bytes)
{
    uint8_t any = 0;
    for (uint32_t i = 0; i < bytes.size; i++)
        any |= (uint8_t)bytes.at[i];
    return any == 0;
}

static void set_secret(struct ndr *n, struct rpc_argument *argument, struct str bytes)
{
    argument->number = bytes.size;
    argument->kind = are_zeros(bytes) ? rpc_value_zeros : rpc_value_fingerprint;
    if (argument->kind == rpc_value_fingerprint)
        argument->fingerprint = decode_secret(n->out, bytes);
}

static void show_secret(struct ndr *n, const struct ndr_item *item, struct str bytes)
{
    struct rpc_argument *argument = add(n, item, NULL);
    if (argument)
        set_secret(n, argument, bytes);
}

/* A name goes before a GUID, a GUID before a SID. */
static void keep_object(struct ndr *n, const struct ndr_item *item, enum rpc_value kind, struct str text)
{
    uint8_t rank = kind == rpc_value_text ? 3 : kind == rpc_value_uuid ? 2 : 1;
    if (item->mark != NDR_MARK_OBJECT || text.size == 0 || rank <= n->object_rank)
        return;
    n->read->object = text;
    n->object_rank = rank;
}

static void set_text(struct ndr *n, const struct ndr_item *item, enum rpc_value kind, struct str text)
{
    keep_object(n, item, kind, text);
    struct rpc_argument *argument = add(n, item, NULL);
    if (!argument)
        return;
    argument->kind = (uint8_t)kind;
    argument->text = text;
}

void ndr_show_number(struct ndr *n, const struct ndr_item *item, uint64_t number)
{
    if (item->mark == NDR_MARK_EXTENDED_OP)
        n->read->extended_op = (uint32_t)number;
    if (item->show & NDR_NONZERO && number == 0)
        return;
    if (item->show & NDR_SECRET) {
        show_secret(n, item, (struct str){(const char *)&number, sizeof(number)});
        return;
    }
    struct rpc_argument *argument = add(n, item, NULL);
    if (!argument)
        return;
    argument->kind = rpc_value_number;
    argument->number = number;
}

/* 100 ns since 1601 (MS-DTYP 2.3.3). 0 and the largest number mean never, negative ones a span of time. */
void ndr_show_time(struct ndr *n, const struct ndr_item *item, uint64_t filetime)
{
    const uint64_t epoch = 116444736000000000u, last = epoch + (uint64_t)INT64_MAX / 100;
    char buffer[TEXT_TIME_BYTES];
    if (item->show & NDR_NONZERO && filetime == 0)
        return;
    struct rpc_argument *argument = add(n, item, NULL);
    if (!argument)
        return;
    argument->number = filetime;
    argument->kind = rpc_value_time;
    if (filetime >= epoch && filetime <= last)
        argument->text =
            arena_copy(ndr_arena(n), str_of(text_time((time_ns)(filetime - epoch) * 100, buffer)));
}

void ndr_show_uuid(struct ndr *n, const struct ndr_item *item, struct str bytes)
{
    static const uint8_t swapped[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    char buffer[TEXT_UUID_BYTES];
    uint8_t uuid[16];
    if (!item->show || bytes.size != sizeof(uuid) || (item->show & NDR_NONZERO && are_zeros(bytes)))
        return;
    for (size_t i = 0; i < sizeof(uuid); i++)
        uuid[i] = (uint8_t)bytes.at[n->big_endian ? swapped[i] : i];
    set_text(n, item, rpc_value_uuid, arena_copy(ndr_arena(n), str_of(text_uuid(uuid, buffer))));
}

/* MS-DTYP 2.4.2.1: S-1-authority-subauthorities; empty when it ends early. */
static struct str sid_text(struct ndr *n, struct str bytes, bool big_endian)
{
    char text[SID_TEXT_BYTES];
    struct reader r = reader_of_str(bytes);
    uint8_t revision = reader_u8(&r), count = reader_u8(&r);
    uint64_t authority = (uint64_t)reader_u16be(&r) << 32;
    authority |= reader_u32be(&r);
    int used = snprintf(text, sizeof(text), "S-%u-%llu", revision, (unsigned long long)authority);
    for (uint8_t i = 0; i < count && i < SID_SUBAUTHORITIES_MAX && reader_ok(&r); i++)
        used += snprintf(text + used, sizeof(text) - (size_t)used, "-%u",
                         big_endian ? reader_u32be(&r) : reader_u32le(&r));
    return reader_ok(&r) ? arena_copy(ndr_arena(n), str_of(text)) : (struct str){"", 0};
}

void ndr_show_sid(struct ndr *n, const struct ndr_item *item, struct str bytes)
{
    if (item->show & NDR_SHOW)
        set_text(n, item, rpc_value_sid, sid_text(n, bytes, n->big_endian));
}

/* UTF-16 of the sender's byte order as UTF-16LE. */
static struct str in_little_endian(struct ndr *n, struct str bytes)
{
    if (!n->big_endian)
        return bytes;
    char *swapped = arena_take(ndr_arena(n), bytes.size + 1);
    for (uint32_t i = 0; i + 1 < bytes.size; i += 2) {
        swapped[i] = bytes.at[i + 1];
        swapped[i + 1] = bytes.at[i];
    }
    return (struct str){swapped, bytes.size & ~1u};
}

static struct str up_to_nul(struct str bytes)
{
    return (struct str){bytes.at, (uint32_t)strnlen(bytes.at, bytes.size)};
}

void ndr_show_text(struct ndr *n, const struct ndr_item *item, struct str bytes, uint8_t unit)
{
    struct arena *arena = ndr_arena(n);
    if (!reader_ok(&n->r) || !item->show)
        return;
    if (item->field->type->inside) {
        n->telling = item;
        item->field->type->inside(n, bytes);
    } else if (item->show & NDR_SECRET) {
        show_secret(n, item, bytes);
    } else if (item->show & NDR_SHOW) {
        struct str text = unit == 2 ? text_from_utf16le(arena, in_little_endian(n, bytes), false)
                                    : arena_copy(arena, text_to_utf8(arena, up_to_nul(bytes)));
        if (text.size > 0 || !(item->show & NDR_NONZERO))
            set_text(n, item, rpc_value_text, text);
    }
}

static struct str hex_text(struct ndr *n, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t size = bytes.size < BYTES_SHOWN_MAX ? bytes.size : BYTES_SHOWN_MAX;
    char *text = arena_take(ndr_arena(n), 2 * (size_t)size + 1);
    for (uint32_t i = 0; i < size; i++) {
        text[2 * i] = digits[(uint8_t)bytes.at[i] >> 4];
        text[2 * i + 1] = digits[(uint8_t)bytes.at[i] & 15];
    }
    return (struct str){text, 2 * size};
}

void ndr_show_bytes(struct ndr *n, const struct ndr_item *item, struct str bytes)
{
    if (!reader_ok(&n->r) || !item->show)
        return;
    if (item->field->type->inside) {
        n->telling = item;
        item->field->type->inside(n, bytes);
        return;
    }
    if (item->show & NDR_SECRET) {
        show_secret(n, item, bytes);
        return;
    }
    struct rpc_argument *argument = add(n, item, NULL);
    if (!argument)
        return;
    argument->kind = rpc_value_bytes;
    argument->number = bytes.size;
    argument->text = hex_text(n, bytes);
}

static struct rpc_argument *tell(struct ndr *n, const char *name, enum rpc_value kind, struct str text)
{
    keep_object(n, n->telling, kind, text);
    struct rpc_argument *argument = add(n, n->telling, name);
    if (!argument)
        return NULL;
    argument->kind = (uint8_t)kind;
    argument->text = text;
    return argument;
}

void ndr_tell_number(struct ndr *n, const char *name, uint64_t number)
{
    struct rpc_argument *argument = tell(n, name, rpc_value_number, (struct str){"", 0});
    if (argument)
        argument->number = number;
}

void ndr_tell_text(struct ndr *n, const char *name, struct str text)
{
    (void)tell(n, name, rpc_value_text, arena_copy(ndr_arena(n), text_to_utf8(ndr_arena(n), text)));
}

void ndr_tell_uuid(struct ndr *n, const char *name, const uint8_t uuid[16])
{
    char buffer[TEXT_UUID_BYTES];
    (void)tell(n, name, rpc_value_uuid, arena_copy(ndr_arena(n), str_of(text_uuid(uuid, buffer))));
}

void ndr_tell_sid(struct ndr *n, const char *name, struct str sid)
{
    struct str text = sid_text(n, sid, false);
    if (text.size > 0)
        (void)tell(n, name, rpc_value_sid, text);
}

void ndr_tell_secret(struct ndr *n, const char *name, struct str bytes)
{
    struct rpc_argument *argument = tell(n, name, rpc_value_zeros, (struct str){"", 0});
    if (argument)
        set_secret(n, argument, bytes);
}
