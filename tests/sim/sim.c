/*
 * sim - a scheduler that is as unkind as its seed.
 */
#include "tests/sim/sim.h"

#include "common/io/sources.h"
#include "proto/alert_json.h"
#include "proto/msgpack.h"

enum {
    STEPS_MAX = 2000000,
    TAKE_MAX = 48, /* records a slot takes at once, at most */
    FEED_MAX = 24, /* frames the source sends at once, at most */
    KILL_ONE_IN = 25,
    ZOMBIE_ONE_IN = 6,  /* of the killed slots, some only seem dead */
    REPEAT_ONE_IN = 12, /* of the source's sends */
    HELD_MAX = 1 << 20,
};

static const char *const topics[SIM_STAGES + 1] = {"frame", "observation", "fact", "activity", "alert"};
static const char *const names[SIM_STAGES] = {"protocol-decode", "bind", "identity", "alerting"};

struct chain_options sim_chain_options(void)
{
    struct chain_options o = chain_defaults();
    o.decode.flows = 1024;
    o.decode.pages = 512;
    o.decode.fragments = 16;
    o.decode.requests = 1024;
    o.decode.sessions = 512;
    o.identity.addresses = 256;
    o.identity.tickets = 1024;
    o.alerting.states = 256;
    o.alerting.findings = 256;
    o.alerting.evidence = 4096;
    return o;
}

bool sim_read(struct sim_input *input, char *const *paths, int count)
{
    struct sources *sources;
    struct batch batch;
    if (sources_create(&sources, NULL) != ERR_OK)
        return false;
    batch_init(&input->frames);
    batch_init(&batch);
    for (int i = 0; i < count; i++)
        sources_add(sources, paths[i]);
    sources_open(sources);
    bool more;
    do {
        batch_reset(&batch);
        more = sources_next(sources, &batch, 1024);
        for (uint32_t i = 0; i < batch.count; i++) {
            if (batch.records[i].type != RECORD_frame)
                continue;
            struct record copy = record_copy(&input->frames.arena, &batch.records[i]);
            batch_append(&input->frames, &copy);
        }
    } while (more);
    bool good = sources_totals(sources).unreadable == 0 && input->frames.count > 0;
    batch_close(&batch);
    sources_free(sources);
    return good;
}

void sim_input_close(struct sim_input *input)
{
    batch_close(&input->frames);
}

static int compare_ids(const void *a, const void *b)
{
    const struct record *left = a, *right = b;
    int order = id_compare(left->id, right->id);
    const struct alert *x = left->body, *y = right->body;
    return order != 0 ? order : x->revision < y->revision ? -1 : x->revision > y->revision;
}

void sim_lines(const struct batch *alerts, struct writer *lines)
{
    struct record *sorted = malloc((alerts->count + 1) * sizeof(*sorted));
    REQUIRE(sorted != NULL);
    uint32_t count = 0;
    for (uint32_t i = 0; i < alerts->count; i++)
        if (alerts->records[i].type == RECORD_alert)
            sorted[count++] = alerts->records[i];
    qsort(sorted, count, sizeof(*sorted), compare_ids);
    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 < count && id_equal(sorted[i].id, sorted[i + 1].id))
            continue;
        alert_write_json(&sorted[i], lines);
        writer_text(lines, "\n");
    }
    free(sorted);
}

void sim_expect(const struct sim_input *input, const struct chain_options *options, struct writer *lines)
{
    struct chain chain;
    struct batch in, alerts;
    REQUIRE(chain_open(&chain, options) == ERR_OK);
    batch_init(&in);
    batch_init(&alerts);
    for (uint32_t i = 0; i <= input->frames.count; i++) {
        batch_reset(&in);
        if (i < input->frames.count)
            batch_append(&in, &input->frames.records[i]);
        batch_add_watermark(&in, i < input->frames.count ? input->frames.records[i].time : TIME_NS_END);
        chain_step(&chain, &in, CHAIN_ALERTING);
        const struct batch *out = &chain.outputs[CHAIN_ALERTING];
        for (uint32_t n = 0; n < out->count; n++) {
            struct record copy = record_copy(&alerts.arena, &out->records[n]);
            batch_append(&alerts, &copy);
        }
    }
    sim_lines(&alerts, lines);
    batch_close(&in);
    batch_close(&alerts);
    chain_close(&chain);
}

struct run {
    const struct sim_input *input;
    const struct chain_options *options;
    struct sim_story *story;
    uint64_t random;
    struct memory_bus *bus;
    struct memory_store *store;
    uint32_t slot_count[SIM_STAGES];
    struct slot *slots[SIM_STAGES][SIM_SLOTS_MAX];
    struct slot *zombies[SIM_STAGES][SIM_SLOTS_MAX];
    uint32_t next_frame;
    uint64_t sequence;
    bool ended;
};

/* SplitMix64, by its published definition. */
static uint64_t next_random(struct run *r)
{
    uint64_t z = (r->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint32_t pick(struct run *r, uint32_t below)
{
    return (uint32_t)(next_random(r) % below);
}

static struct stage make_stage(const struct run *r, uint32_t stage)
{
    struct stage made = {0};
    enum err err = stage == CHAIN_DECODE  ? decode_create(&made, &r->options->decode)
                   : stage == CHAIN_BIND  ? identity_bind_create(&made)
                   : stage == CHAIN_STAMP ? identity_stamp_create(&made, &r->options->identity)
                                          : alerting_create(&made, &r->options->alerting);
    REQUIRE(err == ERR_OK);
    return made;
}

static void open_slot(struct run *r, uint32_t stage, uint32_t number)
{
    struct slot_options options = {
        .name = names[stage],
        .number = number,
        .sources = stage == 0 ? 1 : r->slot_count[stage - 1],
        .input = topics[stage],
        .output = topics[stage + 1],
        .held_max = HELD_MAX,
        .bus = memory_bus_interface(r->bus),
        .store = memory_store_interface(r->store),
    };
    enum err err = slot_open(&r->slots[stage][number], &options, make_stage(r, stage));
    REQUIRE(err == ERR_OK);
}

static void kill_slot(struct run *r, uint32_t stage, uint32_t number, enum slot_kill kill)
{
    r->story->kills++;
    /* One that only seems dead was paused between two batches; within one it would go on where it stood. */
    if (kill == SLOT_KILL_AFTER_COMMIT && !r->zombies[stage][number] && pick(r, ZOMBIE_ONE_IN) < 3) {
        r->zombies[stage][number] = r->slots[stage][number];
        r->story->zombies++;
    } else {
        slot_close(r->slots[stage][number]);
    }
    r->slots[stage][number] = NULL;
    open_slot(r, stage, number);
}

/* How many records were read. */
static uint32_t run_slot(struct run *r, uint32_t stage, uint32_t number, bool kind)
{
    enum slot_kill kill = SLOT_KILL_NEVER;
    if (!kind && pick(r, KILL_ONE_IN) == 0)
        kill = (enum slot_kill)(1 + pick(r, SLOT_KILLS - 1));
    uint32_t read = 0;
    enum err err = slot_run(r->slots[stage][number], 1 + pick(r, TAKE_MAX), kill, &read);
    r->story->runs++;
    if (err == ERR_OK)
        return read;
    /* A zombie may have committed first: whoever is refused loads again, as in real life. */
    REQUIRE(err == ERR_END || err == ERR_CONFLICT);
    r->story->conflicts += err == ERR_CONFLICT;
    if (err == ERR_END) {
        kill_slot(r, stage, number, kill);
    } else {
        slot_close(r->slots[stage][number]);
        open_slot(r, stage, number);
    }
    return read + 1;
}

/* One that was thought dead goes on, until its commit is refused. */
static void run_zombie(struct run *r, uint32_t stage, uint32_t number)
{
    struct slot **zombie = &r->zombies[stage][number];
    uint32_t read;
    if (!*zombie)
        return;
    enum err err = slot_run(*zombie, 1 + pick(r, TAKE_MAX), SLOT_KILL_NEVER, &read);
    REQUIRE(err == ERR_OK || err == ERR_CONFLICT);
    if (err == ERR_OK)
        return;
    r->story->conflicts++;
    slot_close(*zombie);
    *zombie = NULL;
}

static void send_frame(struct run *r, uint32_t index, uint64_t sequence)
{
    struct record record = r->input->frames.records[index];
    const struct frame *frame = record.body;
    record.key = decode_route(frame->linktype, frame->bytes);
    record.sequence = sequence;
    record.slot = 0;
    struct writer w = {0};
    record_encode(&record, &w);
    uint32_t partition = id_is_none(record.key) ? 0 : slot_partition(&record, r->slot_count[0]);
    struct bus bus = memory_bus_interface(r->bus);
    REQUIRE(bus.type->send(bus.self, topics[0], partition, writer_str(&w)) == ERR_OK);
    writer_close(&w);
}

static void send_watermark(struct run *r, time_ns time)
{
    struct record record = {.type = RECORD_watermark, .time = time, .sequence = r->sequence};
    struct writer w = {0};
    record_encode(&record, &w);
    struct bus bus = memory_bus_interface(r->bus);
    for (uint32_t p = 0; p < r->slot_count[0]; p++)
        REQUIRE(bus.type->send(bus.self, topics[0], p, writer_str(&w)) == ERR_OK);
    writer_close(&w);
}

static void feed(struct run *r)
{
    uint32_t count = 1 + pick(r, FEED_MAX), first = r->next_frame;
    uint64_t first_sequence = r->sequence;
    if (r->ended)
        return;
    for (uint32_t i = 0; i < count && r->next_frame < r->input->frames.count; i++)
        send_frame(r, r->next_frame++, ++r->sequence);
    if (r->next_frame > first && pick(r, REPEAT_ONE_IN) == 0) {
        /* The source did not see the acknowledgement, and sends the same again. */
        for (uint32_t i = first; i < r->next_frame; i++)
            send_frame(r, i, first_sequence + 1 + (i - first));
        r->story->repeats += r->next_frame - first;
    }
    if (r->next_frame == r->input->frames.count) {
        send_watermark(r, TIME_NS_END);
        r->ended = true;
    } else if (r->next_frame > 0 && pick(r, 2) == 0) {
        send_watermark(r, r->input->frames.records[r->next_frame - 1].time);
    }
}

static bool is_quiet(struct run *r)
{
    bool quiet = r->ended;
    for (uint32_t stage = 0; stage < SIM_STAGES; stage++)
        for (uint32_t n = 0; n < r->slot_count[stage]; n++)
            quiet = run_slot(r, stage, n, true) == 0 && quiet;
    return quiet;
}

static bool drive(struct run *r)
{
    for (uint32_t step = 0; step < STEPS_MAX; step++) {
        uint32_t choice = pick(r, SIM_STAGES + 2);
        if (choice == SIM_STAGES) {
            feed(r);
        } else if (choice == SIM_STAGES + 1) {
            uint32_t stage = pick(r, SIM_STAGES);
            run_zombie(r, stage, pick(r, r->slot_count[stage]));
        } else {
            (void)run_slot(r, choice, pick(r, r->slot_count[choice]), false);
        }
        /* Some passes without kills at the end, so that the run ends. */
        if (r->ended && step % 64 == 0 && is_quiet(r) && is_quiet(r))
            return true;
    }
    return false;
}

static void read_alerts(struct run *r, struct writer *lines)
{
    struct batch alerts;
    batch_init(&alerts);
    uint64_t marks[SIM_SLOTS_MAX] = {0};
    struct bus bus = memory_bus_interface(r->bus);
    struct str value;
    for (uint64_t offset = 0; bus.type->read(bus.self, topics[SIM_STAGES], 0, offset, &value) == ERR_OK;
         offset++) {
        struct reader reader = reader_of_str(value);
        struct record record;
        const char *reason;
        REQUIRE(record_decode(&reader, &alerts.arena, &record, &reason));
        if (record.type != RECORD_alert || record.sequence <= marks[record.slot])
            continue;
        marks[record.slot] = record.sequence;
        struct record copy = record_copy(&alerts.arena, &record);
        batch_append(&alerts, &copy);
        r->story->alerts++;
    }
    sim_lines(&alerts, lines);
    batch_close(&alerts);
}

bool sim_run(const struct sim_input *input, const struct chain_options *options, uint64_t seed,
             struct writer *lines, struct sim_story *story)
{
    static const uint32_t counts[] = {1, 2, 4};
    *story = (struct sim_story){0};
    struct run r = {.input = input, .options = options, .story = story, .random = seed};
    REQUIRE(memory_bus_create(&r.bus) == ERR_OK && memory_store_create(&r.store) == ERR_OK);
    for (uint32_t stage = 0; stage < SIM_STAGES; stage++)
        story->slots[stage] = r.slot_count[stage] = counts[pick(&r, ARRAY_COUNT(counts))];
    for (uint32_t t = 0; t <= SIM_STAGES; t++)
        REQUIRE(memory_bus_topic(r.bus, topics[t], t < SIM_STAGES ? r.slot_count[t] : 1) == ERR_OK);
    for (uint32_t stage = 0; stage < SIM_STAGES; stage++)
        for (uint32_t n = 0; n < r.slot_count[stage]; n++)
            open_slot(&r, stage, n);
    bool ended = drive(&r);
    read_alerts(&r, lines);
    for (uint32_t stage = 0; stage < SIM_STAGES; stage++)
        for (uint32_t n = 0; n < SIM_SLOTS_MAX; n++) {
            slot_close(r.slots[stage][n]);
            slot_close(r.zombies[stage][n]);
        }
    memory_bus_free(r.bus);
    memory_store_free(r.store);
    return ended;
}
