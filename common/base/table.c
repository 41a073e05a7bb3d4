/*
 * table - open addressing with linear probing over an array of entries linked by their last touch.
 *
 * Buckets hold the number of an entry plus one, and its hash, so that only a likely match is looked at. A
 * removal shifts the run behind it back, so there are no tombstones and a table that lives for months stays
 * as fast as on its first day. The links stand in an array of their own: a touch changes those of four
 * entries, whose other bytes are then left where they are. A key stands beside its entry's head, in the same
 * cache line.
 */
#include "common/base/table.h"

enum {
    NONE = UINT32_MAX,
    TABLE_LINE_CHANGED = 1,
    TABLE_LINE_REMOVED = 2,
    TABLE_LINE_CLEARED = 3,
    TABLE_LINE_END = 0,
};

struct entry {
    uint64_t touched; /* the count of touches of the table when this was last touched */
    uint32_t hash;
    bool used;
    bool changed;
    _Alignas(8) uint8_t bytes[]; /* the key, then the value */
};

struct link {
    uint32_t older;
    uint32_t newer; /* of a free entry: the next free one */
};

struct bucket {
    uint32_t number; /* of the entry, plus one; 0: empty */
    uint32_t hash;
};

struct table {
    struct table_options options;
    uint8_t *entries;
    struct link *links; /* by number of entry */
    struct bucket *buckets;
    uint8_t *removed; /* keys removed since the last save, unless whole */
    uint32_t removed_count;
    uint32_t removed_capacity;
    size_t entry_size;
    size_t value_offset; /* in bytes[] */
    uint32_t bucket_mask;
    uint32_t count;
    uint32_t fresh; /* entries from here on were never used */
    uint32_t free_first;
    uint32_t oldest;
    uint32_t newest;
    uint64_t touches;
    uint64_t evicted;
    bool whole; /* the next save of changes writes everything */
    table_evict_fn *evict;
    void *evict_owner;
};

static struct entry *entry_at(const struct table *t, uint32_t number)
{
    return (struct entry *)(void *)(t->entries + (size_t)number * t->entry_size);
}

static struct entry *entry_of(const struct table *t, const void *value)
{
    return (struct entry *)(void *)((uint8_t *)(uintptr_t)value - t->value_offset -
                                    offsetof(struct entry, bytes));
}

static uint32_t number_of(const struct table *t, const struct entry *e)
{
    return (uint32_t)((size_t)((const uint8_t *)e - t->entries) / t->entry_size);
}

static const uint8_t *key_of(const struct table *t, const struct entry *e)
{
    (void)t;
    return e->bytes;
}

static uint8_t *value_of(const struct table *t, const struct entry *e)
{
    return (uint8_t *)(uintptr_t)e->bytes + t->value_offset;
}

static uint8_t *value_at(const struct table *t, uint32_t number)
{
    return value_of(t, entry_at(t, number));
}

enum err table_create(struct table **out, const struct table_options *options)
{
    REQUIRE(options->key_size >= 1 && options->key_size <= TABLE_KEY_BYTES_MAX);
    REQUIRE(options->capacity >= 1 && options->capacity <= TABLE_ENTRIES_MAX);
    struct table *t = calloc(1, sizeof(*t));
    if (!t)
        return ERR_MEMORY;
    t->options = *options;
    t->value_offset = (options->key_size + 7u) & ~7u;
    t->entry_size = (sizeof(struct entry) + t->value_offset + options->value_size + 7u) & ~(size_t)7u;
    uint32_t buckets = 4;
    while (buckets < options->capacity + options->capacity / 2)
        buckets *= 2;
    t->bucket_mask = buckets - 1;
    /* calloc of this size is mapped, not written: pages are touched as the table fills. */
    t->entries = calloc(options->capacity, t->entry_size);
    t->links = calloc(options->capacity, sizeof(*t->links));
    t->buckets = calloc(buckets, sizeof(*t->buckets));
    if (!t->entries || !t->links || !t->buckets) {
        table_free(t);
        return ERR_MEMORY;
    }
    t->free_first = t->oldest = t->newest = NONE;
    t->whole = true;
    *out = t;
    return ERR_OK;
}

void table_free(struct table *t)
{
    if (!t)
        return;
    free(t->entries);
    free(t->links);
    free(t->buckets);
    free(t->removed);
    free(t);
}

void table_on_evict(struct table *t, table_evict_fn *evict, void *owner)
{
    t->evict = evict;
    t->evict_owner = owner;
}

const char *table_name(const struct table *t)
{
    return t->options.name;
}

uint32_t table_count(const struct table *t)
{
    return t->count;
}

uint32_t table_capacity(const struct table *t)
{
    return t->options.capacity;
}

uint64_t table_evicted(const struct table *t)
{
    return t->evicted;
}

static uint32_t hash_of(const struct table *t, const void *key)
{
    return (uint32_t)hash_seeded(t->options.seed, key, t->options.key_size);
}

/* The bucket that holds key, or the empty one where it would go. */
static uint32_t bucket_of(const struct table *t, const void *key, uint32_t hash)
{
    uint32_t b = hash & t->bucket_mask;
    for (; t->buckets[b].number != 0; b = (b + 1) & t->bucket_mask)
        if (t->buckets[b].hash == hash &&
            memcmp(key_of(t, entry_at(t, t->buckets[b].number - 1)), key, t->options.key_size) == 0)
            break;
    return b;
}

static void unlink_entry(struct table *t, uint32_t number)
{
    struct link link = t->links[number];
    if (link.older != NONE)
        t->links[link.older].newer = link.newer;
    else
        t->oldest = link.newer;
    if (link.newer != NONE)
        t->links[link.newer].older = link.older;
    else
        t->newest = link.older;
}

static void link_newest(struct table *t, uint32_t number)
{
    t->links[number] = (struct link){.older = t->newest, .newer = NONE};
    if (t->newest != NONE)
        t->links[t->newest].newer = number;
    else
        t->oldest = number;
    t->newest = number;
}

static void touch(struct table *t, struct entry *e, uint32_t number)
{
    e->touched = ++t->touches;
    e->changed = true;
    if (t->newest == number)
        return;
    unlink_entry(t, number);
    link_newest(t, number);
}

void *table_find(struct table *t, const void *key)
{
    uint32_t found = t->buckets[bucket_of(t, key, hash_of(t, key))].number;
    if (found == 0)
        return NULL;
    struct entry *e = entry_at(t, found - 1);
    touch(t, e, found - 1);
    return value_of(t, e);
}

const void *table_peek(const struct table *t, const void *key)
{
    uint32_t found = t->buckets[bucket_of(t, key, hash_of(t, key))].number;
    return found ? value_at(t, found - 1) : NULL;
}

/* Empties a bucket and moves back those that had been pushed past it. */
static void empty_bucket(struct table *t, uint32_t hole)
{
    for (uint32_t b = (hole + 1) & t->bucket_mask; t->buckets[b].number != 0; b = (b + 1) & t->bucket_mask) {
        uint32_t home = t->buckets[b].hash & t->bucket_mask;
        /* It may fill the hole unless its home lies between the hole and where it stands. */
        if (((b - home) & t->bucket_mask) < ((b - hole) & t->bucket_mask))
            continue;
        t->buckets[hole] = t->buckets[b];
        hole = b;
    }
    t->buckets[hole] = (struct bucket){0};
}

/* From here on changes are told by everything that is left: what was removed need not be kept. */
static void save_whole(struct table *t)
{
    free(t->removed);
    t->removed = NULL;
    t->removed_count = t->removed_capacity = 0;
    t->whole = true;
}

static void note_removed(struct table *t, const void *key)
{
    /* A table that nobody saves must not remember for ever what it forgot. */
    if (!t->whole && t->removed_count == t->options.capacity)
        save_whole(t);
    if (t->whole)
        return;
    if (t->removed_count == t->removed_capacity) {
        uint32_t capacity = t->removed_capacity ? t->removed_capacity * 2 : 64;
        uint8_t *removed = realloc(t->removed, (size_t)capacity * t->options.key_size);
        REQUIRE(removed != NULL);
        t->removed = removed;
        t->removed_capacity = capacity;
    }
    memcpy(t->removed + (size_t)t->removed_count * t->options.key_size, key, t->options.key_size);
    t->removed_count++;
}

static void remove_entry(struct table *t, struct entry *e, uint32_t number)
{
    empty_bucket(t, bucket_of(t, key_of(t, e), e->hash));
    unlink_entry(t, number);
    e->used = false;
    e->changed = false;
    t->links[number].newer = t->free_first;
    t->free_first = number;
    t->count--;
}

static uint32_t take_entry(struct table *t)
{
    if (t->count == t->options.capacity) {
        struct entry *e = entry_at(t, t->oldest);
        if (t->evict)
            t->evict(t->evict_owner, key_of(t, e), value_of(t, e));
        note_removed(t, key_of(t, e));
        remove_entry(t, e, t->oldest);
        t->evicted++;
    }
    if (t->free_first == NONE)
        return t->fresh++;
    uint32_t number = t->free_first;
    t->free_first = t->links[number].newer;
    return number;
}

void *table_put(struct table *t, const void *key, bool *created)
{
    uint32_t hash = hash_of(t, key);
    uint32_t found = t->buckets[bucket_of(t, key, hash)].number;
    if (created)
        *created = found == 0;
    if (found != 0) {
        struct entry *e = entry_at(t, found - 1);
        touch(t, e, found - 1);
        return value_of(t, e);
    }
    uint32_t number = take_entry(t);
    struct entry *e = entry_at(t, number);
    memset(e->bytes, 0, t->entry_size - sizeof(*e));
    memcpy(e->bytes, key, t->options.key_size);
    e->hash = hash;
    e->used = true;
    e->changed = true;
    e->touched = ++t->touches;
    link_newest(t, number);
    /* Only now: the eviction may have moved buckets. */
    t->buckets[bucket_of(t, key, hash)] = (struct bucket){.number = number + 1, .hash = hash};
    t->count++;
    return value_of(t, e);
}

void table_remove(struct table *t, const void *key)
{
    uint32_t found = t->buckets[bucket_of(t, key, hash_of(t, key))].number;
    if (found == 0)
        return;
    note_removed(t, key);
    remove_entry(t, entry_at(t, found - 1), found - 1);
}

void table_clear(struct table *t)
{
    save_whole(t);
    while (t->oldest != NONE)
        remove_entry(t, entry_at(t, t->oldest), t->oldest);
}

void *table_oldest(const struct table *t)
{
    return t->oldest == NONE ? NULL : value_at(t, t->oldest);
}

void *table_newer(const struct table *t, const void *value)
{
    uint32_t newer = t->links[number_of(t, entry_of(t, value))].newer;
    return newer == NONE ? NULL : value_at(t, newer);
}

const void *table_key(const struct table *t, const void *value)
{
    return key_of(t, entry_of(t, value));
}

static void save_head(const struct table *t, struct writer *w)
{
    struct str name = str_of(t->options.name);
    writer_u64le(w, hash_u64(HASH_KEY_NAMES, name.at, name.size));
    writer_u32le(w, t->options.layout);
    writer_u32le(w, t->options.key_size);
    writer_u32le(w, t->options.value_size);
    writer_u64le(w, t->touches);
}

static void save_entry(const struct table *t, const struct entry *e, struct writer *w)
{
    writer_u8(w, TABLE_LINE_CHANGED);
    writer_u64le(w, e->touched);
    writer_bytes(w, key_of(t, e), t->options.key_size);
    writer_bytes(w, value_of(t, e), t->options.value_size);
}

static void save_entries(const struct table *t, struct writer *w)
{
    for (uint32_t n = t->oldest; n != NONE; n = t->links[n].newer)
        save_entry(t, entry_at(t, n), w);
    writer_u8(w, TABLE_LINE_END);
}

void table_save(const struct table *t, struct writer *w)
{
    save_head(t, w);
    save_entries(t, w);
}

void table_save_changes(const struct table *t, struct writer *w)
{
    save_head(t, w);
    if (t->whole) {
        writer_u8(w, TABLE_LINE_CLEARED);
        save_entries(t, w);
        return;
    }
    for (uint32_t i = 0; i < t->removed_count; i++) {
        writer_u8(w, TABLE_LINE_REMOVED);
        writer_bytes(w, t->removed + (size_t)i * t->options.key_size, t->options.key_size);
    }
    /* A change is a touch: those touched since the last save stand at the newest end. */
    uint32_t first = t->newest;
    while (first != NONE && entry_at(t, first)->changed && t->links[first].older != NONE &&
           entry_at(t, t->links[first].older)->changed)
        first = t->links[first].older;
    for (uint32_t n = first; n != NONE; n = t->links[n].newer)
        if (entry_at(t, n)->changed)
            save_entry(t, entry_at(t, n), w);
    writer_u8(w, TABLE_LINE_END);
}

void table_saved(struct table *t)
{
    t->removed_count = 0;
    t->whole = false;
    for (uint32_t n = t->newest; n != NONE && entry_at(t, n)->changed; n = t->links[n].older)
        entry_at(t, n)->changed = false;
}

/* Puts one loaded entry where its touch says; changes come in that order, so this is the newest end or near
 * it. */
static bool load_entry(struct table *t, struct reader *r)
{
    uint64_t touched = reader_u64le(r);
    struct str key = reader_bytes(r, t->options.key_size);
    struct str value = reader_bytes(r, t->options.value_size);
    if (!reader_ok(r))
        return false;
    void *at = table_put(t, key.at, NULL);
    struct entry *e = entry_of(t, at);
    if (value.size > 0)
        memcpy(at, value.at, value.size);
    e->touched = touched;
    uint32_t number = number_of(t, e);
    struct link *link = &t->links[number];
    while (link->older != NONE && entry_at(t, link->older)->touched > touched) {
        uint32_t before = link->older;
        unlink_entry(t, number);
        *link = (struct link){.older = t->links[before].older, .newer = before};
        if (link->older != NONE)
            t->links[link->older].newer = number;
        else
            t->oldest = number;
        t->links[before].older = number;
    }
    return true;
}

static bool load_lines(struct table *t, struct reader *r)
{
    while (reader_ok(r)) {
        uint8_t line = reader_u8(r);
        if (line == TABLE_LINE_END)
            return reader_ok(r);
        if (line == TABLE_LINE_CHANGED) {
            if (!load_entry(t, r))
                return false;
            continue;
        }
        if (line == TABLE_LINE_CLEARED) {
            table_clear(t);
            continue;
        }
        if (line != TABLE_LINE_REMOVED)
            return false;
        struct str key = reader_bytes(r, t->options.key_size);
        if (reader_ok(r))
            table_remove(t, key.at);
    }
    return false;
}

bool table_load(struct table *t, struct reader *r)
{
    struct str name = str_of(t->options.name);
    bool same = reader_u64le(r) == hash_u64(HASH_KEY_NAMES, name.at, name.size);
    same = (reader_u32le(r) == t->options.layout) && same;
    same = (reader_u32le(r) == t->options.key_size) && same;
    same = (reader_u32le(r) == t->options.value_size) && same;
    uint64_t touches = reader_u64le(r);
    bool loaded = same && reader_ok(r) && load_lines(t, r);
    if (!loaded) {
        table_clear(t);
        return false;
    }
    t->touches = touches;
    table_saved(t);
    return true;
}
