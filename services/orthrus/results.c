/*
 * results - alerts by id, coverage by server, entities by address, each in a bounded table until the end.
 */
#include "services/orthrus/results.h"

#include "common/base/text.h"
#include "proto/field.h"

enum {
    SPARE_BYTES_KEPT = 4 << 20,
    GARBAGE_BYTES_FREE = 1 << 20, /* below this a new copy of everything is not worth its work */
    LAYOUT = 1,
};

/* Where an alert stands in the array, and how much its copy takes. Plain bytes. */
struct alert_place {
    uint32_t index;
    uint32_t bytes;
};

struct coverage_key {
    struct addr server;
    uint8_t protocol;
    uint16_t port;
};
_Static_assert(sizeof(struct coverage_key) == sizeof(struct addr) + 3, "a key without padding");

static void forget_alert(void *owner, const void *key, void *value)
{
    struct results *results = owner;
    const struct alert_place *place = value;
    (void)key;
    results->alert_hole = place->index;
    results->alert_bytes -= place->bytes;
}

static enum err create_tables(struct results *results, struct hash_key seed)
{
    struct table_options alerts = {.name = "results.alerts",
                                   .key_size = sizeof(struct id),
                                   .value_size = sizeof(struct alert_place),
                                   .capacity = RESULTS_ALERTS_MAX,
                                   .layout = LAYOUT,
                                   .seed = seed};
    struct table_options coverage = alerts, entities = alerts;
    coverage.name = "results.coverage";
    coverage.key_size = sizeof(struct coverage_key);
    coverage.value_size = sizeof(struct results_coverage);
    coverage.capacity = RESULTS_SERVERS_MAX;
    entities.name = "results.entities";
    entities.key_size = sizeof(struct addr);
    entities.value_size = sizeof(struct results_entity);
    entities.capacity = RESULTS_ENTITIES_MAX;
    enum err err = table_create(&results->alert_table, &alerts);
    if (err == ERR_OK)
        err = table_create(&results->coverage_table, &coverage);
    if (err == ERR_OK)
        err = table_create(&results->entity_table, &entities);
    return err;
}

enum err results_open(struct results *results, struct hash_key seed)
{
    *results = (struct results){.first = TIME_NS_NONE, .last = TIME_NS_NONE};
    arena_init(&results->arena, SPARE_BYTES_KEPT);
    arena_init(&results->spare, SPARE_BYTES_KEPT);
    results->alerts = calloc(RESULTS_ALERTS_MAX, sizeof(*results->alerts));
    enum err err = results->alerts ? create_tables(results, seed) : ERR_MEMORY;
    if (err != ERR_OK)
        results_close(results);
    else
        table_on_evict(results->alert_table, forget_alert, results);
    return err;
}

void results_close(struct results *results)
{
    if (results->alert_table)
        table_free(results->alert_table);
    if (results->coverage_table)
        table_free(results->coverage_table);
    if (results->entity_table)
        table_free(results->entity_table);
    free(results->alerts);
    arena_close(&results->arena);
    arena_close(&results->spare);
    *results = (struct results){0};
}

/* Copies the last revisions into the spare arena and lets go of all others. */
static void drop_garbage(struct results *results)
{
    for (uint32_t i = 0; i < results->alert_count; i++)
        results->alerts[i] = record_copy(&results->spare, &results->alerts[i]);
    struct arena old = results->arena;
    results->arena = results->spare;
    results->spare = old;
    arena_reset(&results->spare);
}

static void feed_alert(struct results *results, const struct record *record)
{
    const struct alert *alert = record->body;
    bool created;
    results->alert_hole = results->alert_count;
    struct alert_place *place = table_put(results->alert_table, &record->id, &created);
    if (created) {
        place->index = results->alert_hole;
        if (place->index == results->alert_count)
            results->alert_count++;
    } else {
        const struct alert *known = results->alerts[place->index].body;
        if (known->revision > alert->revision)
            return;
        results->alert_bytes -= place->bytes;
    }
    size_t before = results->arena.used_bytes;
    results->alerts[place->index] = record_copy(&results->arena, record);
    place->bytes = (uint32_t)(results->arena.used_bytes - before);
    results->alert_bytes += place->bytes;
    if (results->arena.used_bytes > 2 * results->alert_bytes + GARBAGE_BYTES_FREE)
        drop_garbage(results);
}

/* The entity of an address, seen at a time that may be TIME_NS_NONE; null for no address. */
static struct results_entity *see(struct results *results, const struct addr *address, time_ns time)
{
    if (address->family == 0)
        return NULL;
    bool created;
    struct results_entity *entity = table_put(results->entity_table, address, &created);
    if (created) {
        entity->address = *address;
        entity->first_seen = TIME_NS_NONE;
        entity->last_seen = TIME_NS_NONE;
    }
    if (time == TIME_NS_NONE)
        return entity;
    if (entity->first_seen == TIME_NS_NONE || time < entity->first_seen)
        entity->first_seen = time;
    if (time > entity->last_seen)
        entity->last_seen = time;
    return entity;
}

static struct results_coverage *cover(struct results *results, const struct addr *server, uint16_t port,
                                      uint8_t protocol)
{
    struct coverage_key key = {.server = *server, .protocol = protocol, .port = port};
    struct results_coverage *c = table_put(results->coverage_table, &key, NULL);
    c->server = *server;
    c->port = port;
    c->protocol = protocol;
    return c;
}

static uint8_t protocol_named(const char *name)
{
    for (uint32_t i = 0; i < protocol_choices.count; i++)
        if (strcmp(protocol_choices.names[i].name, name) == 0)
            return protocol_choices.names[i].value;
    return protocol_unknown;
}

/* Which fields of an observation say how much of it could be read. */
static struct results_reading learn_reading(uint16_t type)
{
    const struct record_info *info = record_info(type);
    struct results_reading reading = {.looked = true};
    if (!info || !field_named(info, STR("unread")))
        return reading;
    reading.unread = field_named(info, STR("unread"));
    reading.server = field_named(info, STR("server"));
    reading.port = field_named(info, STR("server_port"));
    reading.opened = field_named(info, STR("opened"));
    reading.opening = field_named(info, STR("opening"));
    reading.protocol_field = field_named(info, STR("protocol"));
    reading.protocol = protocol_named(info->name);
    return reading;
}

/* An exchange, if the record is one. */
static void feed_observation(struct results *results, const struct record *record)
{
    if (record->type >= RECORD_TYPE_MAX)
        return;
    struct results_reading *reading = &results->readings[record->type];
    if (!reading->looked)
        *reading = learn_reading(record->type);
    if (!reading->unread)
        return;
    uint8_t protocol = reading->protocol;
    if (reading->protocol_field)
        protocol = (uint8_t)field_unsigned(reading->protocol_field, record->body);
    struct results_coverage *c = cover(results, field_at(reading->server, record->body),
                                       (uint16_t)field_unsigned(reading->port, record->body), protocol);
    c->exchanges++;
    c->opened += (reading->opened && field_unsigned(reading->opened, record->body) != 0) ||
                 (reading->opening && field_unsigned(reading->opening, record->body) == opening_opened);
    uint64_t unread = field_unsigned(reading->unread, record->body);
    if (unread < RESULTS_UNREAD_MAX)
        c->unread[unread]++;
}

static void feed_flow(struct results *results, const struct record *record)
{
    const struct flow *flow = record->body;
    struct results_coverage *c = cover(results, &flow->server, flow->server_port, flow->protocol);
    c->flows++;
    c->packets += flow->packets;
    c->bytes += flow->bytes;
    c->lost_bytes += flow->lost_bytes;
    c->messages += flow->messages;
    c->sealed_messages += flow->sealed_messages;
    c->malformed_messages += flow->malformed_messages;
    c->midstream_flows += flow->midstream;
    c->one_sided_flows += flow->one_sided;
    /* Traffic of no identity protocol names nobody: the other end of every web site would fill the table. */
    if (flow->protocol == protocol_unknown)
        return;
    /* The time of the record is no sighting: a flow that fell silent is told when its silence was long
     * enough. */
    see(results, &flow->client, flow->request_time ? flow->request_time : TIME_NS_NONE);
    see(results, &flow->server, flow->request_time ? flow->request_time : TIME_NS_NONE);
}

/* As much of text as the field holds, cut between characters; the rest of the field is zero. */
static void set_name(char field[RESULTS_NAME_BYTES], struct str text)
{
    size_t size = text.size < RESULTS_NAME_BYTES - 1 ? text.size : RESULTS_NAME_BYTES - 1;
    while (size > 0 && size < text.size && ((uint8_t)text.at[size] & 0xc0) == 0x80)
        size--;
    memset(field, 0, RESULTS_NAME_BYTES);
    if (size > 0)
        memcpy(field, text.at, size);
}

static void feed_binding(struct results *results, const struct record *record)
{
    const struct binding *b = record->body;
    struct results_entity *entity = see(results, &b->address, record->time);
    if (!entity)
        return;
    if (b->kind == binding_kind_address_name && b->name.size > 0 && b->certainty >= entity->host_certainty) {
        set_name(entity->host, b->name);
        entity->host_by = b->by;
        entity->host_certainty = b->certainty;
    } else if (b->kind == binding_kind_address_account && b->name.size > 0) {
        set_name(entity->account, b->name);
        set_name(entity->domain, b->domain);
    } else if (b->kind == binding_kind_address_role && b->role != device_role_none &&
               entity->role != device_role_domain_controller) {
        /* A controller that is vouched for is not made a candidate again by what it serves. */
        entity->role = b->role;
    }
}

void results_feed(struct results *results, const struct batch *batch)
{
    REQUIRE(results->alert_table != NULL);
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct record *record = &batch->records[i];
        if (!record->body)
            continue;
        if (record->type == RECORD_alert)
            feed_alert(results, record);
        else if (record->type == RECORD_flow)
            feed_flow(results, record);
        else if (record->type == RECORD_binding)
            feed_binding(results, record);
        else
            feed_observation(results, record);
    }
}

static int compare_alerts(const void *a, const void *b)
{
    const struct record *one = a, *two = b;
    const struct alert *first = one->body, *second = two->body;
    if (first->first_seen != second->first_seen)
        return first->first_seen < second->first_seen ? -1 : 1;
    return id_compare(one->id, two->id);
}

static int compare_coverage(const void *a, const void *b)
{
    const struct results_coverage *one = a, *two = b;
    int order = memcmp(&one->server, &two->server, sizeof(one->server));
    if (order != 0)
        return order;
    return one->port != two->port ? (int)one->port - (int)two->port : (int)one->protocol - (int)two->protocol;
}

static int compare_entities(const void *a, const void *b)
{
    const struct results_entity *one = a, *two = b;
    return memcmp(&one->address, &two->address, sizeof(one->address));
}

/* The values of a table as an array in the arena. */
static void *gather(struct arena *arena, const struct table *table, size_t size, uint32_t *count)
{
    *count = table_count(table);
    uint8_t *all = arena_zeroed(arena, size * (*count + 1));
    uint32_t i = 0;
    for (const void *value = table_oldest(table); value; value = table_newer(table, value))
        memcpy(all + size * i++, value, size);
    return all;
}

void results_finish(struct results *results)
{
    REQUIRE(results->alert_table != NULL);
    drop_garbage(results);
    results->alerts_forgotten = table_evicted(results->alert_table);
    results->coverage_forgotten = table_evicted(results->coverage_table);
    results->entities_forgotten = table_evicted(results->entity_table);
    results->coverage = gather(&results->arena, results->coverage_table, sizeof(*results->coverage),
                               &results->coverage_count);
    results->entities =
        gather(&results->arena, results->entity_table, sizeof(*results->entities), &results->entity_count);
    qsort(results->alerts, results->alert_count, sizeof(*results->alerts), compare_alerts);
    qsort(results->coverage, results->coverage_count, sizeof(*results->coverage), compare_coverage);
    qsort(results->entities, results->entity_count, sizeof(*results->entities), compare_entities);
    /* The places in it no longer hold; entities are still looked up by address. */
    table_free(results->alert_table);
    table_free(results->coverage_table);
    results->alert_table = NULL;
    results->coverage_table = NULL;
}

const struct results_entity *results_entity_of(const struct results *results, const struct addr *address)
{
    if (address->family == 0 || !results->entity_table)
        return NULL;
    return table_peek(results->entity_table, address);
}

struct str results_device(struct results *results, const struct addr *address)
{
    char text[TEXT_ADDR_BYTES];
    const struct results_entity *entity = results_entity_of(results, address);
    text_addr(address, text);
    if (entity && entity->host[0] != '\0')
        return arena_print(&results->arena, "%.*s (%s)", RESULTS_NAME_BYTES, entity->host, text);
    return arena_copy(&results->arena, str_of(text));
}

/* How many bytes at the front are folders that all inputs share. */
static uint32_t shared_folders(const struct results_input *inputs, uint32_t count)
{
    struct str first = inputs[0].path;
    uint32_t same = first.size;
    for (uint32_t i = 1; i < count; i++) {
        struct str other = inputs[i].path;
        uint32_t most = same < other.size ? same : other.size;
        same = 0;
        while (same < most && first.at[same] == other.at[same])
            same++;
    }
    while (same > 0 && first.at[same - 1] != '/')
        same--;
    return same;
}

struct str results_file(struct results *results, struct str file)
{
    if (results->input_count == 0)
        return file;
    if (results->prefix_inputs != results->inputs || results->prefix_count != results->input_count) {
        results->prefix_size = shared_folders(results->inputs, results->input_count);
        results->prefix_inputs = results->inputs;
        results->prefix_count = results->input_count;
    }
    uint32_t size = results->prefix_size;
    if (size == 0 || file.size <= size || memcmp(file.at, results->inputs[0].path.at, size) != 0)
        return file;
    return (struct str){.at = file.at + size, .size = file.size - size};
}
