/*
 * pages - a table of pages, each with a bitmap of the bytes it has.
 */
#include "services/protocol-decode/pages.h"

#include "common/base/reader.h"

enum {
    WORD_BITS = 64,
    PAGE_WORDS = PAGES_PAGE_BYTES / WORD_BITS,
    PAGES_LAYOUT = 2,
};

struct page_key {
    struct id owner;
    uint64_t side;
    uint64_t number;
};

struct page {
    time_ns since;
    struct pages_origin origins[PAGES_ORIGINS_MAX];
    uint16_t origins_at[PAGES_ORIGINS_MAX]; /* where in the page the bytes of each begin */
    uint64_t origin_count;
    uint64_t present[PAGE_WORDS];
    uint64_t starts[PAGE_WORDS];
    uint8_t bytes[PAGES_PAGE_BYTES];
};

/* The part of a range that lies in one page. */
struct part {
    uint64_t number;
    uint32_t from;
    uint32_t to;
};

enum err pages_create(struct table **table, const char *name, uint32_t capacity, struct hash_key seed)
{
    return table_create(table, &(struct table_options){.name = name,
                                                       .key_size = sizeof(struct page_key),
                                                       .value_size = sizeof(struct page),
                                                       .capacity = capacity,
                                                       .layout = PAGES_LAYOUT,
                                                       .seed = seed});
}

static struct page_key key_of(const struct pages_of *of, uint64_t number)
{
    return (struct page_key){.owner = of->owner, .side = of->side, .number = number};
}

static const struct page *peek(const struct pages_of *of, uint64_t number)
{
    struct page_key key = key_of(of, number);
    return table_peek(of->table, &key);
}

static struct part first_part(uint64_t from, uint64_t to)
{
    uint64_t number = from / PAGES_PAGE_BYTES;
    uint64_t page_end = (number + 1) * PAGES_PAGE_BYTES;
    uint64_t end = to < page_end ? to : page_end;
    return (struct part){.number = number,
                         .from = (uint32_t)(from % PAGES_PAGE_BYTES),
                         .to = (uint32_t)(end - number * PAGES_PAGE_BYTES)};
}

/* Bits from..to of a word, to at most WORD_BITS. */
static uint64_t mask_of(uint32_t from, uint32_t to)
{
    uint64_t below = to == WORD_BITS ? UINT64_MAX : ((uint64_t)1 << to) - 1;
    return below & (UINT64_MAX << from);
}

/* The first bit in from..to that is set, or is not; `to` when there is none. */
static uint32_t find_bit(const uint64_t *bits, uint32_t from, uint32_t to, bool set)
{
    while (from < to) {
        uint32_t word = from / WORD_BITS, base = word * WORD_BITS;
        uint32_t end = to - base < WORD_BITS ? to - base : WORD_BITS;
        uint64_t found = (set ? bits[word] : ~bits[word]) & mask_of(from - base, end);
        if (found)
            return base + (uint32_t)__builtin_ctzll(found);
        from = base + end;
    }
    return to;
}

static void set_bits(uint64_t *bits, uint32_t from, uint32_t to)
{
    while (from < to) {
        uint32_t word = from / WORD_BITS, base = word * WORD_BITS;
        uint32_t end = to - base < WORD_BITS ? to - base : WORD_BITS;
        bits[word] |= mask_of(from - base, end);
        from = base + end;
    }
}

static bool bit_is_set(const uint64_t *bits, uint32_t bit)
{
    return bits[bit / WORD_BITS] >> (bit % WORD_BITS) & 1;
}

/* Some of these bytes are there already: each is decided for itself. */
static void store_over(struct page *page, uint32_t from, struct str bytes, bool replace,
                       struct pages_written *written)
{
    struct reader r = reader_of_str(bytes);
    for (uint32_t i = from; reader_left(&r) > 0; i++) {
        uint8_t byte = reader_u8(&r);
        bool present = bit_is_set(page->present, i);
        written->fresh += !present;
        written->conflict |= present && page->bytes[i] != byte;
        if (!present || replace)
            page->bytes[i] = byte;
    }
}

static void note_origin(struct page *page, uint32_t from, const struct pages_origin *origin)
{
    if (page->origin_count == PAGES_ORIGINS_MAX) {
        page->origins[PAGES_ORIGINS_MAX - 1] = *origin;
        return;
    }
    page->origins_at[page->origin_count] = (uint16_t)from;
    page->origins[page->origin_count++] = *origin;
}

struct pages_written pages_store(const struct pages_of *of, uint64_t at, struct str bytes,
                                 const struct pages_write *how)
{
    struct pages_written written = {0};
    uint64_t to = at + bytes.size;
    struct reader r = reader_of_str(bytes);
    for (bool starts = how->starts; at < to; starts = false) {
        struct part part = first_part(at, to);
        struct page_key key = key_of(of, part.number);
        bool created;
        struct page *page = table_put(of->table, &key, &created);
        if (created)
            page->since = how->time;
        if (starts && !bit_is_set(page->present, part.from))
            set_bits(page->starts, part.from, part.from + 1);
        uint32_t fresh = find_bit(page->present, part.from, part.to, false);
        if (fresh < part.to || how->replace)
            note_origin(page, how->replace ? part.from : fresh, &how->origin);
        struct str some = reader_bytes(&r, part.to - part.from);
        if (find_bit(page->present, part.from, part.to, true) < part.to) {
            store_over(page, part.from, some, how->replace, &written);
        } else {
            memcpy(page->bytes + part.from, some.at, some.size);
            written.fresh += some.size;
        }
        set_bits(page->present, part.from, part.to);
        at += some.size;
    }
    return written;
}

uint64_t pages_run(const struct pages_of *of, uint64_t from, uint64_t to)
{
    while (from < to) {
        struct part part = first_part(from, to);
        const struct page *page = peek(of, part.number);
        uint32_t end = page ? find_bit(page->present, part.from, part.to, false) : part.from;
        from += end - part.from;
        if (end < part.to)
            return from;
    }
    return to;
}

static uint64_t find_set(const struct pages_of *of, uint64_t from, uint64_t to, bool starts)
{
    while (from < to) {
        struct part part = first_part(from, to);
        const struct page *page = peek(of, part.number);
        uint32_t found = part.to;
        if (page)
            found = find_bit(starts ? page->starts : page->present, part.from, part.to, true);
        from += found - part.from;
        if (found < part.to)
            return from;
    }
    return to;
}

uint64_t pages_next(const struct pages_of *of, uint64_t from, uint64_t to)
{
    return find_set(of, from, to, false);
}

uint64_t pages_start(const struct pages_of *of, uint64_t from, uint64_t to)
{
    return find_set(of, from, to, true);
}

time_ns pages_since(const struct pages_of *of, uint64_t at)
{
    const struct page *page = peek(of, at / PAGES_PAGE_BYTES);
    return page ? page->since : TIME_NS_NONE;
}

struct pages_origin pages_origin_of(const struct pages_of *of, uint64_t at)
{
    const struct page *page = peek(of, at / PAGES_PAGE_BYTES);
    uint32_t offset = (uint32_t)(at % PAGES_PAGE_BYTES);
    struct pages_origin nearest = {0};
    uint32_t nearest_at = 0;
    if (!page || !bit_is_set(page->present, offset))
        return nearest;
    for (uint64_t i = 0; i < page->origin_count; i++)
        if (page->origins_at[i] <= offset && page->origins_at[i] >= nearest_at) {
            nearest_at = page->origins_at[i];
            nearest = page->origins[i];
        }
    return nearest;
}

bool pages_copy(const struct pages_of *of, uint64_t at, uint32_t size, uint8_t *out)
{
    for (uint64_t to = at + size; at < to;) {
        struct part part = first_part(at, to);
        const struct page *page = peek(of, part.number);
        if (!page || find_bit(page->present, part.from, part.to, false) < part.to)
            return false;
        memcpy(out, page->bytes + part.from, part.to - part.from);
        out += part.to - part.from;
        at += part.to - part.from;
    }
    return true;
}

void pages_drop(const struct pages_of *of, uint64_t from, uint64_t to)
{
    while (from < to) {
        struct part part = first_part(from, to);
        struct page_key key = key_of(of, part.number);
        table_remove(of->table, &key);
        from += part.to - part.from;
    }
}
