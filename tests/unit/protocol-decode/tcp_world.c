/*
 * tcp_world - builds segments, and writes down what the handler is told.
 */
#include "tests/unit/protocol-decode/tcp_world.h"

enum {
    TABLES_MAX = 8,
};

struct str str_part(struct str s, uint32_t from, uint32_t to)
{
    REQUIRE(from <= to && to <= s.size);
    return (struct str){.at = s.at + from, .size = to - from};
}

static char arrow(const struct place *place)
{
    return place->to_server ? '>' : '<';
}

static void log_time(struct tcp_world *world, const struct place *place)
{
    if (world->times)
        writer_print(&world->log, " @%lld", (long long)((place->time - TCP_WORLD_START) / TIME_NS_MS));
    writer_text(&world->log, "\n");
}

static struct framing frame(void *owner, struct tcp_flow *flow, const struct place *place, struct str bytes)
{
    struct tcp_world *world = owner;
    struct reader r = reader_of_str(bytes);
    if (world->give_up) {
        flow->given_up = true;
        return (struct framing){.state = FRAMING_BAD};
    }
    uint8_t kind = reader_peek_u8(&r);
    if (kind != 'M' && kind != 'S')
        return (struct framing){.state = FRAMING_BAD};
    reader_skip(&r, 2);
    uint32_t size = reader_u16be(&r) + (uint32_t)TCP_WORLD_HEADER;
    if (!reader_ok(&r))
        return (struct framing){.state = FRAMING_MORE, .want = TCP_WORLD_HEADER};
    if (world->swap && flow->messages == 0) {
        bool to_server = place->to_server;
        tcp_swap(flow);
        REQUIRE(place->to_server == !to_server);
    }
    uint32_t want = kind == 'M' || size < TCP_WORLD_SKIP_WANT ? size : TCP_WORLD_SKIP_WANT;
    return (struct framing){.state = FRAMING_WHOLE, .size = size, .want = want};
}

static void message(void *owner, struct tcp_flow *flow, const struct place *place, struct str bytes,
                    uint32_t size)
{
    struct tcp_world *world = owner;
    (void)flow;
    world->messages++;
    REQUIRE(place->file == 7 && place->frame <= world->frame);
    writer_print(&world->log, "%c", arrow(place));
    struct str body = str_part(bytes, TCP_WORLD_HEADER, bytes.size);
    writer_str_bytes(&world->log, body);
    if (size != bytes.size)
        writer_print(&world->log, " of %u", size - TCP_WORLD_HEADER);
    if (world->frames)
        writer_print(&world->log, " #%llu", (unsigned long long)place->frame);
    log_time(world, place);
}

static void lost(void *owner, struct tcp_flow *flow, const struct place *place, uint64_t size)
{
    struct tcp_world *world = owner;
    (void)flow;
    writer_print(&world->log, "%clost %llu", arrow(place), (unsigned long long)size);
    log_time(world, place);
}

static void ended(void *owner, struct tcp_flow *flow, const struct place *place, enum ending why)
{
    static const char *const names[] = {"closed", "idle", "evicted", "input"};
    struct tcp_world *world = owner;
    REQUIRE(&flow->place == place);
    writer_print(&world->log, "end %s %lld\n", names[why],
                 (long long)((place->time - TCP_WORLD_START) / TIME_NS_MS));
}

static struct tcp_handler handler_of(struct tcp_world *world)
{
    return (struct tcp_handler){
        .owner = world, .frame = frame, .message = message, .lost = lost, .ended = ended};
}

struct tcp_options tcp_world_options(void)
{
    return (struct tcp_options){.flows = 100,
                                .pages = 400,
                                .pages_of_flow = 64,
                                .idle_timeout = 60 * TIME_NS_S,
                                .gap_timeout = 2 * TIME_NS_S,
                                .overlap = OVERLAP_FIRST,
                                .seed = {1, 2}};
}

void tcp_world_open_with(struct tcp_world *world, const struct tcp_options *options)
{
    *world = (struct tcp_world){.options = *options, .time = TCP_WORLD_START, .client_port = CLIENT_PORT};
    arena_init(&world->arena, 1 << 20);
    struct tcp_handler handler = handler_of(world);
    REQUIRE(tcp_create(&world->tcp, options, &handler) == ERR_OK);
}

void tcp_world_open(struct tcp_world *world)
{
    struct tcp_options options = tcp_world_options();
    tcp_world_open_with(world, &options);
}

void tcp_world_close(struct tcp_world *world)
{
    tcp_free(world->tcp);
    arena_close(&world->arena);
    writer_close(&world->log);
}

/* Moves all state into a new tcp, as a restart does. */
static void reload(struct tcp_world *world)
{
    struct tcp *old = world->tcp;
    struct tcp_handler handler = handler_of(world);
    REQUIRE(tcp_create(&world->tcp, &world->options, &handler) == ERR_OK);
    struct table *from[TABLES_MAX], *to[TABLES_MAX];
    size_t count = tcp_tables(old, from);
    REQUIRE(tcp_tables(world->tcp, to) == count);
    for (size_t i = 0; i < count; i++) {
        struct writer w = {0};
        table_save(from[i], &w);
        struct reader r = reader_of(w.bytes, w.size);
        REQUIRE(writer_ok(&w) && table_load(to[i], &r));
        writer_close(&w);
    }
    tcp_free(old);
}

static struct addr address(uint8_t last)
{
    return (struct addr){.family = 4, .byte = {10, 0, 0, last}};
}

void tcp_world_send(struct tcp_world *world, const struct tcp_sent *sent)
{
    struct writer w = {0};
    struct addr client = address(1), server = address(2);
    writer_u16be(&w, sent->to_client ? SERVER_PORT : world->client_port);
    writer_u16be(&w, sent->to_client ? world->client_port : SERVER_PORT);
    writer_u32be(&w, sent->sequence);
    writer_u32be(&w, sent->ack);
    writer_u8(&w, 6 << 4); /* with one word of options */
    writer_u8(&w, sent->flags);
    writer_u32be(&w, 1024u << 16);
    writer_u16be(&w, 0);
    writer_u32be(&w, 0x01010101);
    writer_str_bytes(&w, sent->bytes);
    /* Exactly so many bytes, so that a read past the end is seen by ASan; and kept as a batch keeps its
     * frames. */
    struct str segment = arena_copy(&world->arena, writer_str(&w));
    writer_close(&w);
    world->frame++;
    tcp_segment(world->tcp, &world->arena,
                &(struct tcp_input){.source = sent->to_client ? &server : &client,
                                    .target = sent->to_client ? &client : &server,
                                    .segment = segment,
                                    .cut = sent->cut_bytes > 0,
                                    .cut_bytes = sent->cut_bytes,
                                    .file = 7,
                                    .frame = world->frame,
                                    .time = world->time});
    if (world->reload)
        reload(world);
}

void tcp_world_handshake(struct tcp_world *world, uint32_t client, uint32_t server)
{
    tcp_world_send(world, &(struct tcp_sent){.flags = SYN, .sequence = client});
    tcp_world_send(world, &(struct tcp_sent){
                              .to_client = true, .flags = SYN | ACK, .sequence = server, .ack = client + 1});
    tcp_world_send(world, &(struct tcp_sent){.flags = ACK, .sequence = client + 1, .ack = server + 1});
}

void tcp_world_to_server(struct tcp_world *world, uint32_t sequence, struct str bytes)
{
    tcp_world_send(world, &(struct tcp_sent){.sequence = sequence, .bytes = bytes});
}

void tcp_world_to_client(struct tcp_world *world, uint32_t sequence, struct str bytes)
{
    tcp_world_send(world, &(struct tcp_sent){.to_client = true, .sequence = sequence, .bytes = bytes});
}

void tcp_world_server_acks(struct tcp_world *world, uint32_t sequence, uint32_t ack)
{
    tcp_world_send(world,
                   &(struct tcp_sent){.to_client = true, .flags = ACK, .sequence = sequence, .ack = ack});
}

void tcp_world_end(struct tcp_world *world)
{
    tcp_expire(world->tcp, &world->arena, TIME_NS_END);
}

const char *tcp_world_log(struct tcp_world *world)
{
    writer_u8(&world->log, 0);
    const char *text = arena_copy(&world->arena, writer_str(&world->log)).at;
    writer_reset(&world->log);
    return text;
}

struct str tcp_world_message(struct tcp_world *world, char kind, struct str body)
{
    struct writer w = {0};
    writer_u8(&w, (uint8_t)kind);
    writer_u8(&w, 0);
    writer_u16be(&w, (uint16_t)body.size);
    writer_str_bytes(&w, body);
    struct str copy = arena_copy(&world->arena, writer_str(&w));
    writer_close(&w);
    return copy;
}
