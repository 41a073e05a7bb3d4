/*
 * fragment - the pieces of a datagram in pages, until the last one has come.
 */
#include "services/protocol-decode/fragment.h"

#include "services/protocol-decode/pages.h"

enum {
    FRAGMENTS_LAYOUT = 1,
    DATAGRAM_BYTES_MAX = 65535,
    FRAGMENT_UNIT = 8,
    PAGES_OF_DATAGRAM = 4, /* on average: most are of two or three fragments */
    PAGES_MIN = 64,        /* the largest datagram, and another */
};

/* What names a datagram (RFC 791 3.2, RFC 8200 4.5): version 4 has its protocol too, version 6 has zero. */
struct datagram_key {
    struct addr source;
    struct addr target;
    uint8_t protocol;
    uint8_t zero;
    uint32_t id;
};

struct datagram {
    struct id name; /* of its pages */
    time_ns first;  /* when its first piece came */
    uint32_t held;  /* bytes */
    uint32_t total; /* 0 until the last piece has come */
    uint32_t end;   /* behind the last byte held */
    uint32_t tunnels;
    uint8_t protocol; /* of the piece at 0 */
    bool refused;     /* pieces overlapped: what still comes of it is dropped too (RFC 5722 4) */
};

struct fragments {
    struct fragments_options options;
    struct table *datagrams;
    struct table *pages;
    struct fragments_counts counts;
};

static time_ns after(time_ns time, time_ns span)
{
    return time > TIME_NS_END - span ? TIME_NS_END : time + span;
}

static struct pages_of pages_of(const struct fragments *f, const struct datagram *d)
{
    return (struct pages_of){.table = f->pages, .owner = d->name};
}

static void forget_bytes(struct fragments *f, struct datagram *d)
{
    struct pages_of of = pages_of(f, d);
    pages_drop(&of, 0, d->end);
    d->held = d->end = 0;
}

static void datagram_evicted(void *owner, const void *key, void *value)
{
    struct fragments *f = owner;
    struct datagram *d = value;
    (void)key;
    if (!d->refused)
        f->counts.incomplete++;
    forget_bytes(f, d);
}

static void give_up(struct fragments *f, struct datagram *d)
{
    datagram_evicted(f, NULL, d);
    table_remove(f->datagrams, table_key(f->datagrams, d));
}

static struct datagram *find_datagram(struct fragments *f, const struct packet *packet, time_ns time)
{
    struct datagram_key key;
    memset(&key, 0, sizeof(key));
    key.source = packet->source;
    key.target = packet->target;
    key.protocol = packet->source.family == 4 ? packet->protocol : 0;
    key.id = packet->fragment_id;
    struct datagram *d = table_find(f->datagrams, &key);
    if (d && after(d->first, f->options.timeout) < time) {
        give_up(f, d);
        d = NULL;
    }
    if (d)
        return d;
    d = table_put(f->datagrams, &key, NULL);
    d->first = time;
    struct hash_parts parts = {0};
    hash_part(&parts, &key, sizeof(key));
    hash_part_u64(&parts, (uint64_t)time);
    d->name = hash_parts_id(HASH_KEY_NAMES, &parts);
    return d;
}

/* Keeps a piece; false when it cannot be a piece of this datagram. */
static bool keep(struct fragments *f, struct datagram *d, const struct packet *packet, time_ns time)
{
    struct pages_of of = pages_of(f, d);
    struct pages_written written =
        pages_store(&of, packet->fragment_offset, packet->payload, &(struct pages_write){.time = time});
    uint32_t end = packet->fragment_offset + packet->payload.size;
    d->held += written.fresh;
    d->end = end > d->end ? end : d->end;
    if (packet->fragment_offset == 0)
        d->protocol = packet->protocol;
    if (d->tunnels < packet->tunnels)
        d->tunnels = packet->tunnels;
    bool ends_twice = !packet->more_fragments && d->total > 0 && d->total != end;
    if (!packet->more_fragments)
        d->total = end;
    return !written.conflict && !ends_twice && (d->total == 0 || d->end <= d->total);
}

/* Every piece is there: the packet becomes the datagram. */
static bool complete(struct fragments *f, struct arena *arena, struct datagram *d, struct packet *packet)
{
    struct pages_of of = pages_of(f, d);
    uint8_t *bytes = arena_take(arena, d->total);
    bool whole = pages_copy(&of, 0, d->total, bytes);
    if (whole) {
        f->counts.datagrams++;
        packet->payload = (struct str){.at = (const char *)bytes, .size = d->total};
        packet->protocol = d->protocol;
        packet->tunnels = d->tunnels;
        packet->fragment = packet->more_fragments = false;
        packet->fragment_offset = 0;
    } else {
        f->counts.incomplete++; /* a page was evicted */
    }
    forget_bytes(f, d);
    table_remove(f->datagrams, table_key(f->datagrams, d));
    return whole;
}

bool fragments_add(struct fragments *f, struct arena *arena, struct packet *packet, time_ns time)
{
    uint32_t size = packet->payload.size;
    if (packet->cut || size == 0 || packet->fragment_offset + (uint64_t)size > DATAGRAM_BYTES_MAX ||
        (packet->more_fragments && size % FRAGMENT_UNIT != 0))
        return false;
    struct datagram *d = find_datagram(f, packet, time);
    if (d->refused)
        return false;
    if (!keep(f, d, packet, time)) {
        d->refused = true;
        f->counts.overlaps++;
        forget_bytes(f, d);
        return false;
    }
    return d->total > 0 && d->held == d->total && complete(f, arena, d, packet);
}

void fragments_expire(struct fragments *f, time_ns now)
{
    for (struct datagram *d; (d = table_oldest(f->datagrams)) && after(d->first, f->options.timeout) < now;)
        give_up(f, d);
}

struct fragments_counts fragments_counts(const struct fragments *f)
{
    return f->counts;
}

enum err fragments_create(struct fragments **out, const struct fragments_options *options)
{
    REQUIRE(options->timeout >= 0);
    struct fragments *f = calloc(1, sizeof(*f));
    if (!f)
        return ERR_MEMORY;
    f->options = *options;
    struct table_options datagrams = {.name = "fragments.datagrams",
                                      .key_size = sizeof(struct datagram_key),
                                      .value_size = sizeof(struct datagram),
                                      .capacity = options->datagrams,
                                      .layout = FRAGMENTS_LAYOUT,
                                      .seed = options->seed};
    uint32_t pages = options->datagrams > PAGES_MIN / PAGES_OF_DATAGRAM
                         ? options->datagrams * PAGES_OF_DATAGRAM
                         : PAGES_MIN;
    if (table_create(&f->datagrams, &datagrams) != ERR_OK ||
        pages_create(&f->pages, "fragments.pages", pages, options->seed) != ERR_OK) {
        fragments_free(f);
        return ERR_MEMORY;
    }
    table_on_evict(f->datagrams, datagram_evicted, f);
    *out = f;
    return ERR_OK;
}

void fragments_free(struct fragments *f)
{
    if (!f)
        return;
    table_free(f->datagrams);
    table_free(f->pages);
    free(f);
}

size_t fragments_tables(struct fragments *f, struct table **tables)
{
    tables[0] = f->datagrams;
    tables[1] = f->pages;
    return 2;
}
