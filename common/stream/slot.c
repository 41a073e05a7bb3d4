/*
 * slot - read, order, step, send, commit.
 */
#include "common/stream/slot.h"

#include "proto/msgpack.h"

enum {
    SLOT_BOOK_LAYOUT = 1,
    SLOT_NAME_BYTES = 64,
};

/* A record that was read and may be needed again: it waits for order, or stands behind one that does. */
struct reading {
    uint64_t offset;
    uint64_t sequence;
    uint32_t source;
    struct record envelope; /* time, type and id, for the order; its body is not kept */
};

struct slot {
    struct slot_options options;
    struct stage stage;
    struct order order;
    struct batch input;
    struct batch ordered;
    struct batch output;
    struct writer encoded;
    struct writer changes;
    struct writer book;
    char name[SLOT_NAME_BYTES];
    uint64_t commit;   /* number of the last one */
    uint64_t position; /* of the oldest record still needed */
    uint64_t next;     /* offset to read next */
    uint64_t head;     /* offset up to which earlier lives had read when they committed */
    uint64_t sequence; /* of the last record sent */
    struct record
        released; /* envelope of the last one that was given to the stage; type none before the first */
    uint64_t marks_committed[ORDER_SOURCES_MAX]; /* high-water marks of what lies before position */
    uint64_t marks[ORDER_SOURCES_MAX];
    struct reading *readings; /* a ring without its front: those from position on */
    size_t reading_count;
    size_t reading_capacity;
};

uint32_t slot_partition(const struct record *record, uint32_t partitions)
{
    if (record->type == RECORD_watermark || record->type == RECORD_binding || id_is_none(record->key))
        return UINT32_MAX;
    return (uint32_t)(record->key.high % partitions);
}

static void write_envelope(struct writer *w, const struct record *record)
{
    writer_u16le(w, record->type);
    writer_u64le(w, (uint64_t)record->time);
    writer_u64le(w, record->id.high);
    writer_u64le(w, record->id.low);
}

static struct record read_envelope(struct reader *r)
{
    struct record record = {.type = reader_u16le(r)};
    record.time = (time_ns)reader_u64le(r);
    record.id.high = reader_u64le(r);
    record.id.low = reader_u64le(r);
    return record;
}

static void write_book(struct slot *slot)
{
    struct writer *w = &slot->book;
    writer_reset(w);
    writer_u32le(w, SLOT_BOOK_LAYOUT);
    writer_u64le(w, slot->position);
    /* A life that was cut short has not come again to where an earlier one had read. */
    writer_u64le(w, slot->next > slot->head ? slot->next : slot->head);
    writer_u64le(w, slot->sequence);
    write_envelope(w, &slot->released);
    writer_u32le(w, slot->options.sources);
    for (uint32_t i = 0; i < slot->options.sources; i++) {
        writer_u64le(w, slot->marks_committed[i]);
        writer_u64le(w, (uint64_t)slot->order.marks[i]);
    }
    writer_u64le(w, (uint64_t)slot->order.released);
    /* State outside of tables is small and goes whole with each commit. */
    if (slot->stage.type->save)
        slot->stage.type->save(slot->stage.self, w);
}

static bool read_book(struct slot *slot, struct str book)
{
    struct reader r = reader_of_str(book);
    if (reader_u32le(&r) != SLOT_BOOK_LAYOUT)
        return false;
    slot->position = slot->next = reader_u64le(&r);
    slot->head = reader_u64le(&r);
    slot->sequence = reader_u64le(&r);
    slot->released = read_envelope(&r);
    if (reader_u32le(&r) != slot->options.sources)
        return false;
    for (uint32_t i = 0; i < slot->options.sources; i++) {
        slot->marks[i] = slot->marks_committed[i] = reader_u64le(&r);
        slot->order.marks[i] = (time_ns)reader_u64le(&r);
    }
    slot->order.released = (time_ns)reader_u64le(&r);
    if (slot->stage.type->load && !slot->stage.type->load(slot->stage.self, &r))
        return false;
    return reader_ok(&r);
}

static bool load_changes(void *arg, struct str changes)
{
    struct slot *slot = arg;
    struct table *tables[STAGE_TABLES_MAX];
    size_t count = slot->stage.type->tables ? slot->stage.type->tables(slot->stage.self, tables) : 0;
    struct reader r = reader_of_str(changes);
    for (size_t i = 0; i < count; i++)
        if (!table_load(tables[i], &r))
            return false;
    return reader_ok(&r) && reader_left(&r) == 0;
}

enum err slot_open(struct slot **out, const struct slot_options *options, struct stage stage)
{
    struct slot *slot = calloc(1, sizeof(*slot));
    if (!slot)
        return ERR_MEMORY;
    slot->options = *options;
    slot->stage = stage;
    order_init(&slot->order, options->sources, options->held_max);
    batch_init(&slot->input);
    batch_init(&slot->ordered);
    batch_init(&slot->output);
    (void)snprintf(slot->name, sizeof(slot->name), "%s/%u", options->name, options->number);
    struct str book;
    enum err err = options->store.type->load(options->store.self, str_of(slot->name), &slot->commit, &book,
                                             load_changes, slot);
    if (err == ERR_OK && !read_book(slot, book))
        err = ERR_FORMAT;
    if (err != ERR_OK && err != ERR_NOT_FOUND) {
        slot_close(slot);
        return err;
    }
    *out = slot;
    return ERR_OK;
}

void slot_close(struct slot *slot)
{
    if (!slot)
        return;
    stage_close(&slot->stage);
    order_close(&slot->order);
    batch_close(&slot->input);
    batch_close(&slot->ordered);
    batch_close(&slot->output);
    writer_close(&slot->encoded);
    writer_close(&slot->changes);
    writer_close(&slot->book);
    free(slot->readings);
    free(slot);
}

static void note_reading(struct slot *slot, uint64_t offset, const struct record *record)
{
    if (slot->reading_count == slot->reading_capacity) {
        size_t capacity = slot->reading_capacity ? slot->reading_capacity * 2 : 256;
        struct reading *readings = realloc(slot->readings, capacity * sizeof(*readings));
        REQUIRE(readings != NULL);
        slot->readings = readings;
        slot->reading_capacity = capacity;
    }
    struct reading *reading = &slot->readings[slot->reading_count++];
    *reading = (struct reading){.offset = offset, .sequence = record->sequence, .envelope = *record};
    reading->source = record->slot % slot->options.sources;
    reading->envelope.body = NULL;
}

static bool was_released(const struct slot *slot, const struct record *record)
{
    return slot->released.type != RECORD_none && order_compare(record, &slot->released) <= 0;
}

/* One record of the partition: a repeat is dropped, what an earlier life already gave to the stage too. */
static void take_record(struct slot *slot, uint64_t offset, struct record *record)
{
    uint32_t source = record->slot % slot->options.sources;
    if (record->type == RECORD_watermark) {
        batch_append(&slot->input, record);
        return;
    }
    if (record->sequence <= slot->marks[source])
        return;
    slot->marks[source] = record->sequence;
    note_reading(slot, offset, record);
    if (offset < slot->head && was_released(slot, record))
        return;
    batch_append(&slot->input, record);
}

static enum err read_input(struct slot *slot, uint32_t records_max, uint32_t *read)
{
    const struct slot_options *o = &slot->options;
    for (*read = 0; *read < records_max; (*read)++) {
        struct str value;
        enum err err = o->bus.type->read(o->bus.self, o->input, o->number, slot->next, &value);
        if (err == ERR_END)
            return ERR_OK;
        if (err != ERR_OK)
            return err;
        struct reader r = reader_of_str(arena_copy(&slot->input.arena, value));
        struct record record;
        const char *reason;
        if (!record_decode(&r, &slot->input.arena, &record, &reason))
            return ERR_FORMAT;
        take_record(slot, slot->next, &record);
        slot->next++;
    }
    return ERR_OK;
}

/* Gives every record its place in this slot's output. A watermark takes no sequence number: its beat depends
 * on how the input was cut, the records do not. */
static void number_output(struct slot *slot)
{
    for (uint32_t i = 0; i < slot->output.count; i++) {
        struct record *record = &slot->output.records[i];
        if (record->type != RECORD_watermark)
            slot->sequence++;
        record->slot = slot->options.number;
        record->sequence = slot->sequence;
    }
}

static enum err send_record(struct slot *slot, const struct record *record)
{
    const struct slot_options *o = &slot->options;
    uint32_t partitions = o->bus.type->partitions(o->bus.self, o->output);
    uint32_t only = slot_partition(record, partitions);
    writer_reset(&slot->encoded);
    record_encode(record, &slot->encoded);
    if (!writer_ok(&slot->encoded))
        return ERR_LIMIT;
    for (uint32_t p = 0; p < partitions; p++) {
        if (only != UINT32_MAX && p != only)
            continue;
        enum err err = o->bus.type->send(o->bus.self, o->output, p, writer_str(&slot->encoded));
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static enum err send_output(struct slot *slot, enum slot_kill kill)
{
    number_output(slot);
    uint32_t count = slot->output.count;
    if (kill == SLOT_KILL_WHILE_SENDING)
        count /= 2;
    for (uint32_t i = 0; i < count && slot->options.output; i++) {
        enum err err = send_record(slot, &slot->output.records[i]);
        if (err != ERR_OK)
            return err;
    }
    return kill == SLOT_KILL_WHILE_SENDING ? ERR_END : ERR_OK;
}

/* Moves the position over what was given to the stage, from the front. */
static void advance_position(struct slot *slot)
{
    size_t done = 0;
    while (done < slot->reading_count && was_released(slot, &slot->readings[done].envelope)) {
        const struct reading *reading = &slot->readings[done++];
        slot->marks_committed[reading->source] = reading->sequence;
    }
    slot->reading_count -= done;
    if (done > 0)
        memmove(slot->readings, slot->readings + done, slot->reading_count * sizeof(*slot->readings));
    slot->position = slot->reading_count ? slot->readings[0].offset : slot->next;
}

static enum err commit(struct slot *slot)
{
    struct table *tables[STAGE_TABLES_MAX];
    size_t count = slot->stage.type->tables ? slot->stage.type->tables(slot->stage.self, tables) : 0;
    writer_reset(&slot->changes);
    for (size_t i = 0; i < count; i++)
        table_save_changes(tables[i], &slot->changes);
    advance_position(slot);
    write_book(slot);
    const struct store *store = &slot->options.store;
    enum err err = store->type->commit(store->self, str_of(slot->name), slot->commit + 1,
                                       writer_str(&slot->changes), writer_str(&slot->book));
    if (err != ERR_OK)
        return err;
    slot->commit++;
    for (size_t i = 0; i < count; i++)
        table_saved(tables[i]);
    return ERR_OK;
}

static void step_stage(struct slot *slot)
{
    order_step(&slot->order, &slot->input, &slot->ordered);
    for (uint32_t i = slot->ordered.count; i-- > 0;) {
        if (slot->ordered.records[i].type == RECORD_watermark)
            continue;
        slot->released = slot->ordered.records[i];
        slot->released.body = NULL;
        break;
    }
    stage_step(&slot->stage, &slot->ordered, &slot->output);
}

enum err slot_run(struct slot *slot, uint32_t records_max, enum slot_kill kill, uint32_t *read)
{
    batch_reset(&slot->input);
    batch_reset(&slot->ordered);
    batch_reset(&slot->output);
    enum err err = read_input(slot, records_max, read);
    if (err != ERR_OK || kill == SLOT_KILL_AFTER_READ)
        return err != ERR_OK ? err : ERR_END;
    step_stage(slot);
    if (kill == SLOT_KILL_AFTER_STEP)
        return ERR_END;
    err = send_output(slot, kill);
    if (err != ERR_OK || kill == SLOT_KILL_BEFORE_COMMIT)
        return err != ERR_OK ? err : ERR_END;
    err = commit(slot);
    return err != ERR_OK ? err : kill == SLOT_KILL_AFTER_COMMIT ? ERR_END : ERR_OK;
}
