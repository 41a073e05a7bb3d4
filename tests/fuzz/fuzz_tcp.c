/*
 * fuzz_tcp - covers tcp, tcp_side and pages: any segments in any order, with a length-prefixed protocol on
 * top.
 *
 * The first byte is settings (bit 0 the last bytes win, 1 few pages, 2 a small window, 3 few flows). Then
 * steps: a byte of control (bits 0 to the client, 1 and 2 which flow, 3 cut, 4 later by 100 ms, 5 later by 3
 * s, 6 late), flags, the sequence number and the acknowledgement in two bytes each (the second half of 32
 * bits, so that they meet), a size of one byte and the bytes. Each input runs twice: the second time
 * everything is saved and loaded after each segment, and timers are looked at in between. What must hold:
 * both tell the same, and in the end nothing is held.
 */
#include "services/protocol-decode/tcp.h"

enum {
    STEPS_MAX = 120,
    TABLES_MAX = 4,
    HEADER_BYTES = 4,
    RESTART_EVERY = 16,
};

struct world {
    struct tcp_options options;
    struct tcp *tcp;
    struct arena arena;
    struct id told; /* a chain of hashes over everything the handler was told */
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void tell(struct world *world, char what, const struct place *place, struct str bytes, uint64_t number)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &world->told, sizeof(world->told));
    hash_part(&parts, &what, 1);
    hash_part(&parts, bytes.at, bytes.size);
    hash_part_u64(&parts, number);
    hash_part_u64(&parts, (uint64_t)place->time);
    hash_part_u64(&parts, place->frame << 1 | place->to_server);
    hash_part(&parts, &place->flow, sizeof(place->flow));
    world->told = hash_parts_id(HASH_KEY_NAMES, &parts);
}

/* 'M' a message, 'S' one of which only the begin is read, 'B' one that asks for byte after byte, 'X' none
 * wanted. */
static struct framing frame(void *owner, struct tcp_flow *flow, const struct place *place, struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    (void)owner;
    uint8_t kind = reader_u8(&r);
    if (kind == 'X')
        flow->given_up = true;
    if (kind == 'W' && flow->messages == 0) {
        bool to_server = place->to_server;
        tcp_swap(flow);
        REQUIRE(place->to_server != to_server);
    }
    if (kind != 'M' && kind != 'S' && kind != 'B' && kind != 'W')
        return (struct framing){.state = FRAMING_BAD};
    uint32_t high = reader_u8(&r), size = reader_u16be(&r) + high * 4096u;
    if (!reader_ok(&r))
        return (struct framing){.state = FRAMING_MORE, .want = HEADER_BYTES};
    if (kind == 'B' && bytes.size < size)
        return (struct framing){.state = FRAMING_MORE, .want = bytes.size + 1};
    return (struct framing){.state = FRAMING_WHOLE, .size = size, .want = kind == 'S' ? HEADER_BYTES : size};
}

static void message(void *owner, struct tcp_flow *flow, const struct place *place, struct str bytes,
                    uint32_t size)
{
    REQUIRE(bytes.size <= size && !flow->given_up);
    tell(owner, 'm', place, bytes, size);
}

static void lost(void *owner, struct tcp_flow *flow, const struct place *place, uint64_t size)
{
    REQUIRE(size > 0 && size < (uint64_t)1 << 33 && !flow->given_up);
    tell(owner, 'l', place, (struct str){0}, size);
}

static void ended(void *owner, struct tcp_flow *flow, const struct place *place, enum ending why)
{
    tell(owner, 'e', place, (struct str){0}, (uint64_t)why + (flow->lost_bytes << 2));
}

static struct tcp *create(struct world *world)
{
    struct tcp *tcp = NULL;
    struct tcp_handler handler = {
        .owner = world, .frame = frame, .message = message, .lost = lost, .ended = ended};
    enum err err = tcp_create(&tcp, &world->options, &handler);
    REQUIRE(err == ERR_OK);
    return tcp;
}

static void reload(struct world *world)
{
    struct tcp *tcp = create(world);
    struct table *from[TABLES_MAX], *to[TABLES_MAX];
    size_t count = tcp_tables(world->tcp, from);
    (void)tcp_tables(tcp, to);
    struct writer w = {0};
    for (size_t i = 0; i < count; i++) {
        writer_reset(&w);
        table_save(from[i], &w);
        struct reader r = reader_of_str(writer_str(&w));
        bool loaded = table_load(to[i], &r);
        REQUIRE(loaded);
    }
    writer_close(&w);
    tcp_free(world->tcp);
    world->tcp = tcp;
}

/* One segment; returns its time. */
static time_ns step(struct world *world, struct reader *r, uint64_t number, time_ns time)
{
    uint8_t control = reader_u8(r), flags = reader_u8(r);
    uint32_t sequence = 0xffff8000u + reader_u16be(r), ack = 0xffff8000u + reader_u16be(r);
    size_t size = reader_u8(r);
    struct str payload = reader_bytes(r, size < reader_left(r) ? size : reader_left(r));
    struct writer w = {0};
    writer_u16be(&w, control & 1 ? 445 : 1000 + (control >> 1 & 3));
    writer_u16be(&w, control & 1 ? 1000 + (control >> 1 & 3) : 445);
    writer_u32be(&w, flags & 0x80 ? sequence * 65537u : sequence);
    writer_u32be(&w, flags & 0x40 ? ack * 65537u : ack);
    writer_u8(&w, 5 << 4);
    writer_u8(&w, flags);
    writer_u32be(&w, 0);
    writer_u16be(&w, 0);
    writer_str_bytes(&w, payload);
    struct addr client = {.family = 4, .byte = {1}}, server = {.family = 4, .byte = {2}};
    time += control & 16 ? 100 * TIME_NS_MS : 0;
    time += control & 32 ? 3 * TIME_NS_S : 0;
    struct tcp_input input = {.source = control & 1 ? &server : &client,
                              .target = control & 1 ? &client : &server,
                              .segment = arena_copy(&world->arena, writer_str(&w)),
                              .cut = control & 8,
                              .cut_bytes = control & 8 ? 50 : 0,
                              .frame = number,
                              .time = control & 64 ? time - TIME_NS_S : time};
    writer_close(&w);
    tcp_segment(world->tcp, &world->arena, &input);
    return time;
}

static struct id run(const uint8_t *bytes, size_t size, bool restarts)
{
    struct reader r = reader_of(bytes, size);
    uint8_t settings = reader_u8(&r);
    struct world world = {.options = {.flows = settings & 8 ? 2 : 8,
                                      .pages = settings & 2 ? 3 : 32,
                                      .pages_of_flow = settings & 4 ? 1 : 20,
                                      .idle_timeout = 20 * TIME_NS_S,
                                      .gap_timeout = 2 * TIME_NS_S,
                                      .overlap = settings & 1 ? OVERLAP_LAST : OVERLAP_FIRST}};
    arena_init(&world.arena, 0);
    world.tcp = create(&world);
    time_ns time = TIME_NS_DAY;
    for (uint64_t number = 0; number < STEPS_MAX && reader_left(&r) > 0; number++) {
        time = step(&world, &r, number, time);
        if (!restarts)
            continue;
        if (number % RESTART_EVERY == 0)
            reload(&world);
        /* No later segment is older than this. */
        tcp_expire(world.tcp, &world.arena, time - TIME_NS_S);
    }
    tcp_expire(world.tcp, &world.arena, TIME_NS_END);
    struct table *tables[TABLES_MAX];
    for (size_t i = tcp_tables(world.tcp, tables); i-- > 0;)
        REQUIRE(table_count(tables[i]) == 0);
    tcp_free(world.tcp);
    arena_close(&world.arena);
    return world.told;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct id once = run(bytes, size, false), again = run(bytes, size, true);
    REQUIRE(id_equal(once, again));
    return 0;
}
