/*
 * table - a bounded keyed table that forgets the longest unseen.
 *
 * Keys and values are plain bytes of a fixed size without pointers or padding that is not zeroed, so that an
 * entry can be committed, moved and restored after any record. A new key in a full table evicts the entry
 * that was touched longest ago, and counts it. The order of touches is part of the state: as records come in
 * event time, the oldest entry is the one that expires first, and no other timer is needed.
 *
 * Values given out stay where they are until their entry is removed or evicted: hold none over table_put().
 * One owner, no threads. Memory is taken at table_init() and touched only as it fills.
 */
#ifndef ORTHRUS_BASE_TABLE_H
#define ORTHRUS_BASE_TABLE_H

#include "common/base/base.h"
#include "common/base/hash.h"
#include "common/base/reader.h"
#include "common/base/writer.h"

struct table_options {
    const char *name;     /* borrowed for the life of the table; names it in saved state */
    uint32_t key_size;    /* bytes, 1 to TABLE_KEY_BYTES_MAX */
    uint32_t value_size;  /* bytes */
    uint32_t capacity;    /* entries, 1 to TABLE_ENTRIES_MAX */
    uint32_t layout;      /* raised when the value's meaning changes; other layouts are not loaded */
    struct hash_key seed; /* of the process: attackers choose keys */
};

enum {
    TABLE_KEY_BYTES_MAX = 64,
    TABLE_ENTRIES_MAX = 1 << 26,
};

struct table;

/* Called with an entry that is about to be evicted; it must not change the table. */
typedef void table_evict_fn(void *owner, const void *key, void *value);

enum err table_create(struct table **table, const struct table_options *options) MUST_CHECK;
void table_free(struct table *table);
void table_on_evict(struct table *table, table_evict_fn *evict, void *owner);

const char *table_name(const struct table *table);
uint32_t table_count(const struct table *table);
uint32_t table_capacity(const struct table *table);
uint64_t table_evicted(const struct table *table); /* since it was made; not part of the state */

/* The value of key, now the latest touched; null when there is none. */
void *table_find(struct table *table, const void *key);
/* The same without a touch; the value must not be changed. */
const void *table_peek(const struct table *table, const void *key);
/* The value of key, made (zeroed) when there was none; never null. */
void *table_put(struct table *table, const void *key, bool *created);
void table_remove(struct table *table, const void *key);
/* Forgets everything. */
void table_clear(struct table *table);

/* The entry touched longest ago, null when empty; and the one touched next after value. */
void *table_oldest(const struct table *table);
void *table_newer(const struct table *table, const void *value);
const void *table_key(const struct table *table, const void *value);

/*
 * State. table_save() writes everything; table_save_changes() what was touched or removed since
 * table_saved() was last called, or since a load; everything, when that was never, or when more was removed
 * than the table holds. Both write the same form, which table_load() applies: a full save to an empty table,
 * then any number of changes. A change is a touch: what is written to a value reached by table_oldest() or
 * table_newer() counts only with a table_find() beside it. False: the bytes are of another table or layout,
 * or damaged; the table is then empty.
 */
void table_save(const struct table *table, struct writer *w);
void table_save_changes(const struct table *table, struct writer *w);
void table_saved(struct table *table);
bool table_load(struct table *table, struct reader *r);

#endif
