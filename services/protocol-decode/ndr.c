/*
 * ndr - walks a stub by the tables of its operation.
 *
 * NDR aligns each number to its size, counted from the start of the stub. What embedded pointers point to
 * stands behind the outermost construct that holds them, in order, and each of them is such a construct
 * itself (C706 14.3.12.3): a construct is walked, then what it deferred.
 */
#include "services/protocol-decode/ndr.h"

#include "services/protocol-decode/ndr_walk.h"

enum {
    HANDLE_BYTES = 20,
    SID_HEAD_BYTES = 8,
};

static void walk_whole(struct ndr *n, const struct ndr_item *item);
static void walk_single(struct ndr *n, const struct ndr_item *item);

static bool going(const struct ndr *n)
{
    return reader_ok(&n->r) && !n->stopped;
}

static void fail(struct ndr *n, const char *reason)
{
    if (reader_ok(&n->r))
        n->reason = reason;
    reader_fail(&n->r);
}

static void fail_limit(struct ndr *n, const char *reason)
{
    n->read->limited = n->read->limited || reader_ok(&n->r);
    fail(n, reason);
}

static void align(struct ndr *n, size_t to)
{
    size_t over = reader_offset(&n->r) & (to - 1);
    if (over)
        reader_skip(&n->r, to - over);
}

/* Padding at the end of a structure in NDR64; at the end of a stub some leave it out. */
static void align_end(struct ndr *n, size_t to)
{
    size_t over = reader_offset(&n->r) & (to - 1);
    if (over && to - over <= reader_left(&n->r))
        reader_skip(&n->r, to - over);
}

uint16_t ndr_u16_of(struct ndr *n)
{
    align(n, 2);
    return n->big_endian ? reader_u16be(&n->r) : reader_u16le(&n->r);
}

uint32_t ndr_u32_of(struct ndr *n)
{
    align(n, 4);
    return n->big_endian ? reader_u32be(&n->r) : reader_u32le(&n->r);
}

uint64_t ndr_u64_of(struct ndr *n)
{
    align(n, 8);
    return n->big_endian ? reader_u64be(&n->r) : reader_u64le(&n->r);
}

/* A pointer's referent, a count of an array, an __int3264. */
static uint64_t take_long(struct ndr *n)
{
    return n->wide ? ndr_u64_of(n) : ndr_u32_of(n);
}

static uint64_t take_number(struct ndr *n, uint8_t size)
{
    switch (size) {
    case 1:
        return reader_u8(&n->r);
    case 2:
        return ndr_u16_of(n);
    case 4:
        return ndr_u32_of(n);
    default:
        return ndr_u64_of(n);
    }
}

/* The bytes that a number or character has on the wire; 0 for what is no such thing. */
static size_t base_size(const struct ndr *n, const struct ndr_type *type)
{
    switch ((enum ndr_kind)type->kind) {
    case NDR_NUMBER:
        return type->size;
    case NDR_ENUM:
        return n->wide ? 4 : 2;
    case NDR_LONG:
        return n->wide ? 8 : 4;
    case NDR_TIME64:
        return 8;
    case NDR_CHAR:
    case NDR_BYTE:
        return 1;
    case NDR_WCHAR:
        return 2;
    default:
        return 0;
    }
}

static size_t align_of(const struct ndr *n, const struct ndr_type *type);

static size_t align_of_field(const struct ndr *n, const struct ndr_field *field)
{
    size_t pointer = n->wide ? 8 : 4;
    if (field->flags & (NDR_PTR | NDR_ITEM_PTR))
        return pointer;
    size_t of = align_of(n, field->type);
    bool varying = field->array == NDR_VARYING || field->array == NDR_CONFORMANT_VARYING;
    return varying && pointer > of ? pointer : of;
}

/* C706 14.2.2, 14.3.8; MS-RPCE 2.2.5.3.4. Structures hold themselves only through pointers: this ends. */
static size_t align_of(const struct ndr *n, const struct ndr_type *type)
{
    size_t to = base_size(n, type);
    if (to)
        return to;
    switch ((enum ndr_kind)type->kind) {
    case NDR_STRUCT:
    case NDR_UNION:
        to = type->tag ? align_of(n, type->tag) : 1;
        for (const struct ndr_field *f = type->fields; f->type; f++) {
            size_t of = align_of_field(n, f);
            to = of > to ? of : to;
        }
        return to;
    case NDR_STRING:
        return n->wide ? 8 : 4;
    case NDR_TIME:
    case NDR_UUID:
    case NDR_SID:
    case NDR_HANDLE:
    case NDR_PIPE:
        return 4;
    default:
        return 1;
    }
}

/* Does a value of this type end in a conformant array, so that its maximum count comes first (C706 14.3.7.1)?
 */
static bool ends_conformant(const struct ndr_type *type)
{
    const struct ndr_field *last = NULL;
    for (; type->kind == NDR_STRUCT; type = last->type) {
        last = type->fields;
        while (last[1].type)
            last++;
        if (last->flags & NDR_PTR)
            return false;
        if (last->array != NDR_SINGLE)
            return last->array == NDR_CONFORMANT || last->array == NDR_CONFORMANT_VARYING;
    }
    return type->kind == NDR_SID;
}

static uint64_t take_max(struct ndr *n)
{
    if (!n->has_max)
        return take_long(n);
    n->has_max = false;
    return n->max;
}

static uint16_t push_node(struct ndr *n, uint16_t up, const char *name, uint32_t element)
{
    if (n->node_count == NDR_NODES_MAX) {
        fail_limit(n, "too many names");
        return 0;
    }
    n->nodes[n->node_count] = (struct ndr_node){.name = name, .element = element, .up = up};
    return (uint16_t)n->node_count++;
}

static void defer(struct ndr *n, const struct ndr_item *item)
{
    if (n->deferred_count == NDR_DEFERRED_MAX)
        fail_limit(n, "too many pointers");
    else
        n->deferred[n->deferred_count++] = *item;
}

static void walk_pointer(struct ndr *n, const struct ndr_item *item)
{
    if (take_long(n) != 0)
        defer(n, item);
}

/* What a field of the structure `in` is as an item; its name is pushed. */
static struct ndr_item item_of(struct ndr *n, const struct ndr_field *field, const struct ndr_item *in)
{
    uint8_t own = field->flags & (NDR_SHOW | NDR_SECRET | NDR_NONZERO);
    struct ndr_item item = {.field = field, .node = in->node, .show = own, .mark = field->mark};
    if (field->flags & NDR_VALUE) {
        item.show = own | in->show;
        item.mark = in->mark;
    }
    if (field->name)
        item.node = push_node(n, in->node, field->name, 0);
    return item;
}

static void walk_field(struct ndr *n, const struct ndr_field *field, const struct ndr_item *in)
{
    uint32_t nodes = n->node_count, deferred = n->deferred_count;
    struct ndr_item item = item_of(n, field, in);
    if (field->flags & NDR_PTR)
        walk_pointer(n, &item);
    else
        walk_single(n, &item);
    if (n->deferred_count == deferred)
        n->node_count = nodes;
}

static void walk_struct(struct ndr *n, const struct ndr_item *item)
{
    const struct ndr_type *type = item->field->type;
    size_t to = align_of(n, type);
    align(n, to);
    for (const struct ndr_field *f = type->fields; f->type && going(n); f++)
        walk_field(n, f, item);
    if (n->wide)
        align_end(n, to);
}

static uint64_t take_tag(struct ndr *n, const struct ndr_type *tag)
{
    if (tag->kind == NDR_ENUM)
        return n->wide ? ndr_u32_of(n) : ndr_u16_of(n);
    return take_number(n, tag->kind == NDR_LONG ? (n->wide ? 8 : 4) : tag->size);
}

static void walk_union(struct ndr *n, const struct ndr_item *item)
{
    const struct ndr_type *type = item->field->type;
    size_t to = n->wide ? align_of(n, type) : 1;
    align(n, to);
    uint64_t tag = take_tag(n, type->tag);
    align(n, to);
    const struct ndr_field *arm = type->fields;
    while (arm->type && !(arm->flags & NDR_OTHERWISE) && arm->number != tag)
        arm++;
    if (arm->type)
        walk_field(n, arm, item);
    else
        fail(n, "no arm of the union has this tag");
}

static void walk_string(struct ndr *n, const struct ndr_item *item)
{
    uint8_t unit = item->field->type->size;
    uint64_t max = take_max(n), offset = take_long(n), count = take_long(n);
    if (offset > max || count > max - offset) {
        fail(n, "string is longer than its maximum");
        return;
    }
    if (count > reader_left(&n->r))
        reader_fail(&n->r);
    else
        ndr_show_text(n, item, reader_bytes(&n->r, count * unit), unit);
}

static void walk_sid(struct ndr *n, const struct ndr_item *item)
{
    uint64_t count = take_max(n);
    if (count > SID_SUBAUTHORITIES_MAX) {
        fail(n, "SID of too many subauthorities");
        return;
    }
    align(n, 4);
    struct str bytes = reader_bytes(&n->r, SID_HEAD_BYTES + 4 * count);
    if (reader_ok(&n->r) && (uint8_t)bytes.at[1] != count)
        fail(n, "SID does not have as many subauthorities as it says");
    if (reader_ok(&n->r))
        ndr_show_sid(n, item, bytes);
}

static void walk_pipe(struct ndr *n, const struct ndr_item *item)
{
    uint8_t size = item->field->type->size;
    /* NDR64 counts its chunks twice: not described here. */
    n->stopped |= n->wide;
    for (uint32_t count = 1; count != 0 && going(n);) {
        count = ndr_u32_of(n);
        align(n, size);
        reader_skip(&n->r, (size_t)count * size);
    }
}

/* One value of the item's type. */
static void walk_value(struct ndr *n, const struct ndr_item *item)
{
    const struct ndr_type *type = item->field->type;
    switch ((enum ndr_kind)type->kind) {
    case NDR_NONE:
        break;
    case NDR_CHAR:
    case NDR_BYTE:
    case NDR_WCHAR:
    case NDR_NUMBER:
    case NDR_ENUM:
    case NDR_LONG:
        ndr_show_number(n, item, take_number(n, (uint8_t)base_size(n, type)));
        break;
    case NDR_TIME: {
        uint64_t low = ndr_u32_of(n);
        ndr_show_time(n, item, (uint64_t)ndr_u32_of(n) << 32 | low);
        break;
    }
    case NDR_TIME64:
        ndr_show_time(n, item, ndr_u64_of(n));
        break;
    case NDR_UUID:
        align(n, 4);
        ndr_show_uuid(n, item, reader_bytes(&n->r, 16));
        break;
    case NDR_SID:
        walk_sid(n, item);
        break;
    case NDR_HANDLE:
        align(n, 4);
        reader_skip(&n->r, HANDLE_BYTES);
        break;
    case NDR_STRING:
        walk_string(n, item);
        break;
    case NDR_STRUCT:
        walk_struct(n, item);
        break;
    case NDR_UNION:
        walk_union(n, item);
        break;
    case NDR_PIPE:
        walk_pipe(n, item);
        break;
    case NDR_UNKNOWN:
        n->stopped = true;
        break;
    }
}

/* How many elements follow; all counts of the array are taken. */
static uint64_t take_counts(struct ndr *n, const struct ndr_field *field)
{
    bool conformant = field->array == NDR_CONFORMANT || field->array == NDR_CONFORMANT_VARYING;
    uint64_t max = conformant ? take_max(n) : field->number;
    if (field->array == NDR_FIXED || field->array == NDR_CONFORMANT)
        return max;
    uint64_t offset = take_long(n), count = take_long(n);
    if (conformant && (offset > max || count > max - offset))
        fail(n, "array is longer than its maximum");
    return reader_ok(&n->r) ? count : 0;
}

/* Elements that are numbers or characters: text and bytes are one value, and what is not shown is stepped
 * over. */
static void walk_base_array(struct ndr *n, const struct ndr_item *item, uint64_t count, size_t size)
{
    uint8_t kind = item->field->type->kind;
    align(n, size);
    if (count > reader_left(&n->r) / size) {
        reader_fail(&n->r);
        return;
    }
    if (kind == NDR_CHAR || kind == NDR_WCHAR) {
        ndr_show_text(n, item, reader_bytes(&n->r, count * size), (uint8_t)size);
    } else if (kind == NDR_BYTE || (item->show & NDR_SECRET)) {
        ndr_show_bytes(n, item, reader_bytes(&n->r, count * size));
    } else if (!item->show) {
        reader_skip(&n->r, count * size);
    } else {
        for (uint32_t i = 0; i < count && going(n); i++) {
            uint32_t nodes = n->node_count;
            struct ndr_item number = *item;
            number.node = push_node(n, item->node, NULL, i);
            ndr_show_number(n, &number, take_number(n, (uint8_t)size));
            n->node_count = nodes;
        }
    }
}

static void walk_array(struct ndr *n, const struct ndr_item *item)
{
    const struct ndr_field *field = item->field;
    uint64_t count = take_counts(n, field);
    size_t size = field->flags & NDR_ITEM_PTR ? 0 : base_size(n, field->type);
    if (size) {
        walk_base_array(n, item, count, size);
        return;
    }
    /* Every element has a byte at least, so that the stub bounds their number. */
    if (count > reader_left(&n->r))
        reader_fail(&n->r);
    for (uint32_t i = 0; i < count && going(n); i++) {
        uint32_t nodes = n->node_count, deferred = n->deferred_count;
        struct ndr_item element = *item;
        element.node = push_node(n, item->node, NULL, i);
        element.element = true;
        if (field->flags & NDR_ITEM_PTR)
            walk_pointer(n, &element);
        else
            walk_single(n, &element);
        if (n->deferred_count == deferred)
            n->node_count = nodes;
    }
}

/* An item without what its pointers point to. */
static void walk_single(struct ndr *n, const struct ndr_item *item)
{
    if (++n->depth > NDR_DEPTH_MAX)
        fail_limit(n, "nested too deep");
    else if (item->field->array != NDR_SINGLE && !item->element)
        walk_array(n, item);
    else
        walk_value(n, item);
    n->depth--;
}

/* A parameter, or what a pointer points to, with all that hangs from it. */
static void walk_whole(struct ndr *n, const struct ndr_item *item)
{
    uint32_t first = n->deferred_count;
    bool single = item->field->array == NDR_SINGLE || item->element;
    if (++n->depth > NDR_DEPTH_MAX)
        fail_limit(n, "nested too deep");
    n->has_max = false;
    if (single && ends_conformant(item->field->type)) {
        n->max = take_long(n);
        n->has_max = true;
    }
    if (going(n))
        walk_single(n, item);
    uint32_t end = n->deferred_count;
    for (uint32_t i = first; i < end && going(n); i++) {
        uint32_t nodes = n->node_count;
        struct ndr_item target = n->deferred[i];
        walk_whole(n, &target);
        n->node_count = nodes;
    }
    n->deferred_count = first;
    n->depth--;
}

/* The pointer of a top-level parameter is followed at once by what it points to (C706 14.3.12.2). */
static void walk_parameter(struct ndr *n, const struct ndr_field *field)
{
    static const struct ndr_item none = {.node = 0};
    struct ndr_item item = item_of(n, field, &none);
    if (!(field->flags & NDR_PTR) || take_long(n) != 0)
        walk_whole(n, &item);
    n->node_count = 1;
}

void ndr_read(struct decode_out *out, const struct ndr_stub *stub, const struct ndr_field *fields,
              bool returns, struct ndr_read *read)
{
    struct ndr n;
    /* The lists are long, and written before they are read. */
    memset(&n, 0, offsetof(struct ndr, nodes));
    memset(read, 0, sizeof(*read));
    n.r = reader_of_str(stub->bytes);
    n.wide = stub->ndr64;
    n.big_endian = stub->big_endian;
    n.out = out;
    n.read = read;
    n.node_count = 1; /* node 0 is none */
    for (const struct ndr_field *f = fields; f->type && going(&n); f++)
        walk_parameter(&n, f);
    read->whole = going(&n);
    if (read->whole && returns) {
        read->return_code = ndr_u32_of(&n);
        read->returned = reader_ok(&n.r);
    }
    read->offset = reader_offset(&n.r);
    if (!reader_ok(&n.r))
        read->reason = n.reason ? n.reason : "arguments end early";
    if (read->count == 0)
        return;
    size_t size = read->count * sizeof(n.arguments[0]);
    struct rpc_argument *arguments = arena_take(&out->batch->arena, size);
    memcpy(arguments, n.arguments, size);
    read->arguments = arguments;
}
