/*
 * dns_name - reads, compares and writes names.
 */
#include "services/protocol-decode/dns_name.h"

#include "common/base/hash.h"

enum {
    JUMPS_MAX = 127, /* one before each label that a name can have */
    LABEL_KIND = 0xc0,
    LABEL_POINTER = 0xc0,
    NETBIOS_LABEL_BYTES = 2 * NETBIOS_NAME_BYTES,
};

/* Offset that a pointer leads to; its first byte has been read. */
static size_t pointer_target(struct reader *r, uint8_t first)
{
    return (size_t)(first & ~LABEL_KIND) << 8 | reader_u8(r);
}

static bool add_label(struct dns_name *name, struct str label)
{
    if (name->size + 1u + label.size >= DNS_NAME_BYTES_MAX)
        return false;
    name->wire[name->size] = (uint8_t)label.size;
    memcpy(name->wire + name->size + 1, label.at, label.size);
    name->size = (uint8_t)(name->size + 1 + label.size);
    if (label.size > name->longest_label)
        name->longest_label = (uint8_t)label.size;
    return true;
}

/* The labels of a name from r on, which follows its pointers; *behind is where the name ends in the message.
 */
static bool read_labels(struct reader *r, struct dns_name *name, struct reader *behind)
{
    size_t run = reader_offset(r);
    for (int jumps = 0; reader_ok(r);) {
        uint8_t size = reader_u8(r);
        if ((size & LABEL_KIND) == LABEL_POINTER) {
            size_t target = pointer_target(r, size);
            if (jumps == 0)
                *behind = *r;
            if (!reader_ok(r) || target >= run || ++jumps > JUMPS_MAX)
                return false;
            run = target;
            *r = reader_at(r, target);
        } else if (size & LABEL_KIND) {
            return false;
        } else if (size == 0 && reader_ok(r)) {
            name->wire[name->size++] = 0;
            if (jumps == 0)
                *behind = *r;
            return true;
        } else if (!add_label(name, reader_bytes(r, size))) {
            return false;
        }
    }
    return false;
}

void dns_name_read(struct reader *r, struct dns_name *name)
{
    name->size = 0;
    name->longest_label = 0;
    struct reader labels = *r;
    if (read_labels(&labels, name, r))
        return;
    reader_fail(r);
    name->size = 0;
    name->longest_label = 0;
}

void dns_name_skip(struct reader *r)
{
    while (reader_ok(r)) {
        uint8_t size = reader_u8(r);
        if (size == 0)
            return;
        if ((size & LABEL_KIND) == LABEL_POINTER) {
            reader_skip(r, 1);
            return;
        }
        if (size & LABEL_KIND)
            reader_fail(r);
        reader_skip(r, size);
    }
}

/* The labels of a name one after the other; an empty one is its end. */
static struct reader labels_of(const struct dns_name *name)
{
    return reader_of(name->wire, name->size);
}

static struct str next_label(struct reader *r)
{
    return reader_bytes(r, reader_u8(r));
}

static void write_labels(struct dns_line *line, struct reader r)
{
    struct str label = next_label(&r);
    while (label.size > 0) {
        line_escaped(line, label, ".");
        label = next_label(&r);
        if (label.size > 0)
            line_char(line, '.');
    }
}

void dns_name_line(struct dns_line *line, const struct dns_name *name)
{
    if (name->size == 1)
        line_char(line, '.');
    write_labels(line, labels_of(name));
}

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

/* Lengths of labels are below 64 and so no letters: the whole wire form may be compared. */
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
    if (a->size != b->size)
        return false;
    if (memcmp(a->wire, b->wire, a->size) == 0)
        return true;
    for (uint32_t i = 0; i < a->size; i++)
        if (lower(a->wire[i]) != lower(b->wire[i]))
            return false;
    return true;
}

struct id dns_name_id(const struct dns_name *name)
{
    uint8_t bytes[DNS_NAME_BYTES_MAX];
    for (uint32_t i = 0; i < name->size; i++)
        bytes[i] = lower(name->wire[i]);
    return hash_id(HASH_KEY_NAMES, bytes, name->size);
}

bool netbios_name_decode(const struct dns_name *name, uint8_t bytes[NETBIOS_NAME_BYTES])
{
    struct reader r = labels_of(name);
    struct str label = next_label(&r);
    if (label.size != NETBIOS_LABEL_BYTES)
        return false;
    for (uint32_t i = 0; i < NETBIOS_NAME_BYTES; i++) {
        uint8_t high = (uint8_t)(label.at[2 * i] - 'A'), low = (uint8_t)(label.at[2 * i + 1] - 'A');
        if (high > 15 || low > 15)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void netbios_name_line(struct dns_line *line, struct str bytes)
{
    uint32_t size = bytes.size < NETBIOS_NAME_BYTES - 1 ? bytes.size : NETBIOS_NAME_BYTES - 1;
    while (size > 0 && (bytes.at[size - 1] == ' ' || bytes.at[size - 1] == 0))
        size--;
    line_escaped(line, (struct str){.at = bytes.at, .size = size}, "");
}

void netbios_scope_line(struct dns_line *line, const struct dns_name *name)
{
    struct reader r = labels_of(name);
    (void)next_label(&r);
    write_labels(line, r);
}
