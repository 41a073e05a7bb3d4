/*
 * memory_bus - arrays that grow.
 */
#include "common/stream/memory_bus.h"

enum {
    MEMORY_TOPICS_MAX = 32,
    MEMORY_PARTITIONS_MAX = 64,
    MEMORY_NAMES_MAX = 1024,
};

struct values {
    struct str *at; /* each owned */
    size_t count;
    size_t capacity;
};

static void add_value(struct values *values, struct str value)
{
    if (values->count == values->capacity) {
        size_t capacity = values->capacity ? values->capacity * 2 : 64;
        struct str *at = realloc(values->at, capacity * sizeof(*at));
        REQUIRE(at != NULL);
        values->at = at;
        values->capacity = capacity;
    }
    char *copy = malloc(value.size ? value.size : 1);
    REQUIRE(copy != NULL);
    if (value.size)
        memcpy(copy, value.at, value.size);
    values->at[values->count++] = (struct str){.at = copy, .size = value.size};
}

static void free_values(struct values *values)
{
    for (size_t i = 0; i < values->count; i++)
        free((void *)(uintptr_t)values->at[i].at);
    free(values->at);
    *values = (struct values){0};
}

struct topic {
    const char *name;
    uint32_t partitions;
    struct values logs[MEMORY_PARTITIONS_MAX];
};

struct memory_bus {
    struct topic topics[MEMORY_TOPICS_MAX];
    uint32_t topic_count;
};

enum err memory_bus_create(struct memory_bus **bus)
{
    *bus = calloc(1, sizeof(**bus));
    return *bus ? ERR_OK : ERR_MEMORY;
}

void memory_bus_free(struct memory_bus *bus)
{
    if (!bus)
        return;
    for (uint32_t i = 0; i < bus->topic_count; i++)
        for (uint32_t p = 0; p < bus->topics[i].partitions; p++)
            free_values(&bus->topics[i].logs[p]);
    free(bus);
}

enum err memory_bus_topic(struct memory_bus *bus, const char *name, uint32_t partitions)
{
    if (bus->topic_count == MEMORY_TOPICS_MAX || partitions == 0 || partitions > MEMORY_PARTITIONS_MAX)
        return ERR_LIMIT;
    struct topic *topic = &bus->topics[bus->topic_count++];
    topic->name = name;
    topic->partitions = partitions;
    return ERR_OK;
}

static struct topic *find_topic(const struct memory_bus *bus, const char *name)
{
    for (uint32_t i = 0; i < bus->topic_count; i++)
        if (strcmp(bus->topics[i].name, name) == 0)
            return (struct topic *)(uintptr_t)&bus->topics[i];
    return NULL;
}

static uint32_t bus_partitions(void *self, const char *name)
{
    const struct topic *topic = find_topic(self, name);
    return topic ? topic->partitions : 0;
}

static enum err bus_send(void *self, const char *name, uint32_t partition, struct str value)
{
    struct topic *topic = find_topic(self, name);
    if (!topic || partition >= topic->partitions)
        return ERR_NOT_FOUND;
    add_value(&topic->logs[partition], value);
    return ERR_OK;
}

static enum err bus_read(void *self, const char *name, uint32_t partition, uint64_t offset, struct str *value)
{
    const struct topic *topic = find_topic(self, name);
    if (!topic || partition >= topic->partitions)
        return ERR_NOT_FOUND;
    if (offset >= topic->logs[partition].count)
        return ERR_END;
    *value = topic->logs[partition].at[offset];
    return ERR_OK;
}

uint64_t memory_bus_end(const struct memory_bus *bus, const char *name, uint32_t partition)
{
    const struct topic *topic = find_topic(bus, name);
    return topic && partition < topic->partitions ? topic->logs[partition].count : 0;
}

struct bus memory_bus_interface(struct memory_bus *bus)
{
    static const struct bus_type type = {.partitions = bus_partitions, .send = bus_send, .read = bus_read};
    return (struct bus){.type = &type, .self = bus};
}

struct kept {
    struct values name; /* one value */
    uint64_t number;
    struct values changes;
    struct values book; /* one value */
};

struct memory_store {
    struct kept kept[MEMORY_NAMES_MAX];
    uint32_t count;
};

enum err memory_store_create(struct memory_store **store)
{
    *store = calloc(1, sizeof(**store));
    return *store ? ERR_OK : ERR_MEMORY;
}

void memory_store_free(struct memory_store *store)
{
    if (!store)
        return;
    for (uint32_t i = 0; i < store->count; i++) {
        free_values(&store->kept[i].name);
        free_values(&store->kept[i].changes);
        free_values(&store->kept[i].book);
    }
    free(store);
}

static struct kept *find_kept(struct memory_store *store, struct str name)
{
    for (uint32_t i = 0; i < store->count; i++)
        if (str_equal(store->kept[i].name.at[0], name))
            return &store->kept[i];
    return NULL;
}

static enum err store_commit(void *self, struct str name, uint64_t number, struct str changes,
                             struct str book)
{
    struct memory_store *store = self;
    struct kept *kept = find_kept(store, name);
    if ((kept ? kept->number : 0) + 1 != number)
        return ERR_CONFLICT;
    if (!kept) {
        if (store->count == MEMORY_NAMES_MAX)
            return ERR_LIMIT;
        kept = &store->kept[store->count++];
        add_value(&kept->name, name);
    }
    kept->number = number;
    add_value(&kept->changes, changes);
    free_values(&kept->book);
    add_value(&kept->book, book);
    return ERR_OK;
}

static enum err store_load(void *self, struct str name, uint64_t *number, struct str *book,
                           bool (*visit)(void *arg, struct str changes), void *arg)
{
    const struct kept *kept = find_kept(self, name);
    if (!kept)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < kept->changes.count; i++)
        if (!visit(arg, kept->changes.at[i]))
            return ERR_FORMAT;
    *number = kept->number;
    *book = kept->book.at[0];
    return ERR_OK;
}

struct store memory_store_interface(struct memory_store *store)
{
    static const struct store_type type = {.commit = store_commit, .load = store_load};
    return (struct store){.type = &type, .self = store};
}
