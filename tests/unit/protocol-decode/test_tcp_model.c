/*
 * test_tcp_model - random streams in random segments against the messages they were made of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/protocol-decode/tcp_world.h"

enum {
    RUNS = 150,
    SEGMENTS_MAX = 400,
    BODY_BYTES_MAX = 3000,
    STREAM_BYTES = 40000,
};

/* SplitMix64 (Steele, Lea and Flood, 2014). */
struct random {
    uint64_t state;
};

static uint64_t random_next(struct random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint32_t random_below(struct random *r, uint32_t limit)
{
    return (uint32_t)(random_next(r) % limit);
}

/* One direction: its bytes, what the handler should be told, and how the bytes are cut into segments. */
struct stream {
    struct writer bytes;
    struct writer expected;
    bool ends[STREAM_BYTES + BODY_BYTES_MAX + TCP_WORLD_HEADER + 1]; /* a message ends before this byte */
    struct {
        uint32_t from;
        uint32_t to;
    } segments[SEGMENTS_MAX];
    uint32_t count;
};

static void add_message(struct stream *s, struct random *r)
{
    bool skipped = random_below(r, 4) == 0;
    uint32_t size = random_below(r, random_below(r, 3) == 0 ? BODY_BYTES_MAX : 40);
    writer_u8(&s->bytes, skipped ? 'S' : 'M');
    writer_u8(&s->bytes, 0);
    writer_u16be(&s->bytes, (uint16_t)size);
    size_t body = s->bytes.size;
    /* No byte of a body looks like the begin of a message. */
    for (uint32_t i = 0; i < size; i++)
        writer_u8(&s->bytes, (uint8_t)('a' + random_below(r, 26)));
    uint32_t read = skipped && size > TCP_WORLD_SKIP_WANT - TCP_WORLD_HEADER
                        ? TCP_WORLD_SKIP_WANT - TCP_WORLD_HEADER
                        : size;
    writer_print(&s->expected, ">%.*s", (int)read, (const char *)s->bytes.bytes + body);
    if (read != size)
        writer_print(&s->expected, " of %u", size);
    writer_text(&s->expected, "\n");
    s->ends[s->bytes.size] = true;
}

static void make_stream(struct stream *s, struct random *r)
{
    *s = (struct stream){0};
    while (s->bytes.size < STREAM_BYTES)
        add_message(s, r);
    uint32_t largest = 1 + random_below(r, 3000);
    uint32_t at = 0, end = (uint32_t)s->bytes.size;
    while (at < end) {
        uint32_t size = 1 + random_below(r, largest);
        /* The last segments are as large as they must be. */
        uint32_t least = (end - at) / (SEGMENTS_MAX - s->count);
        size = size < least ? least : size;
        size = size < end - at ? size : end - at;
        /* Hosts like to end a segment where a message ends. */
        bool to_end = random_below(r, 4) > 0;
        for (uint32_t i = least + 1; to_end && i < size; i++)
            if (s->ends[at + i])
                size = i;
        s->segments[s->count].from = at;
        s->segments[s->count++].to = at += size;
    }
}

static void close_stream(struct stream *s)
{
    writer_close(&s->bytes);
    writer_close(&s->expected);
}

/* Swaps segments with others that are not far. */
static void shuffle(struct stream *s, struct random *r, uint32_t reach)
{
    for (uint32_t i = 0; i + 1 < s->count; i++) {
        uint32_t other = i + random_below(r, reach + 1);
        if (other >= s->count)
            continue;
        uint32_t from = s->segments[i].from, to = s->segments[i].to;
        s->segments[i] = s->segments[other];
        s->segments[other].from = from;
        s->segments[other].to = to;
    }
}

struct sending {
    uint32_t first; /* sequence number */
    uint32_t lose_one_in;
    bool acks;
    uint64_t lost;
};

static struct str part_of(const struct stream *s, uint32_t from, uint32_t to)
{
    return str_part(writer_str(&s->bytes), from, to);
}

/* A segment again, or any other part of what was sent so far. */
static void send_again(struct tcp_world *w, const struct stream *s, struct random *r, uint32_t first)
{
    uint32_t size = (uint32_t)s->bytes.size;
    uint32_t from = random_below(r, size), to = from + random_below(r, 2000);
    to = to < size ? to : size;
    tcp_world_to_server(w, first + from, part_of(s, from, to));
}

static void send_stream(struct tcp_world *w, const struct stream *s, struct random *r, struct sending *how)
{
    static bool here[STREAM_BYTES + BODY_BYTES_MAX + TCP_WORLD_HEADER + 1];
    memset(here, 0, sizeof(here));
    uint32_t acked = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t from = s->segments[i].from, to = s->segments[i].to;
        w->time += random_below(r, 1000) * 1000;
        if (how->lose_one_in > 0 && random_below(r, how->lose_one_in) == 0) {
            how->lost += to - from;
            continue;
        }
        tcp_world_to_server(w, how->first + from, part_of(s, from, to));
        memset(here + from, true, to - from);
        if (how->lose_one_in == 0 && random_below(r, 20) == 0)
            send_again(w, s, r, how->first);
        if (random_below(r, 10) == 0)
            tcp_world_to_server(w, how->first + from, part_of(s, from, to));
        while (here[acked])
            acked++;
        if (how->acks && random_below(r, 3) == 0)
            tcp_world_server_acks(w, 501, how->first + acked);
    }
}

static uint64_t seed_of_day(void)
{
    const char *given = getenv("ORTHRUS_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 20260101;
    print_message("seed %llu\n", (unsigned long long)seed);
    return seed;
}

static void open_world(struct tcp_world *w, struct random *r, uint32_t first)
{
    struct tcp_options options = tcp_world_options();
    options.pages = 1000;
    options.pages_of_flow = 100;
    options.overlap = random_below(r, 2) ? OVERLAP_FIRST : OVERLAP_LAST;
    tcp_world_open_with(w, &options);
    tcp_world_handshake(w, first - 1, 500);
}

static void whatever_the_order_the_messages_are_those_that_were_sent(void **state)
{
    (void)state;
    struct random r = {seed_of_day()};
    for (int run = 0; run < RUNS; run++) {
        struct stream s;
        make_stream(&s, &r);
        shuffle(&s, &r, random_below(&r, 12));
        struct sending how = {.first = (uint32_t)random_next(&r), .acks = random_below(&r, 2)};
        if (run % 4 == 0)
            how.first = 0u - random_below(&r, STREAM_BYTES);
        struct tcp_world w;
        open_world(&w, &r, how.first);
        w.reload = run % 25 == 0;
        send_stream(&w, &s, &r, &how);
        writer_u8(&s.expected, 0);
        assert_string_equal(tcp_world_log(&w), (const char *)s.expected.bytes);
        assert_int_equal(tcp_counts(w.tcp).lost_bytes, 0);
        assert_int_equal(tcp_counts(w.tcp).overlap_conflicts, 0);
        struct table *tables[8];
        (void)tcp_tables(w.tcp, tables);
        assert_int_equal(table_count(tables[1]), 0);
        assert_int_equal(table_count(tables[2]), 0);
        tcp_world_close(&w);
        close_stream(&s);
    }
}

/* Every line of heard that is a message is one of expected, in its order; returns how many. */
static uint32_t messages_in_order(const char *heard, const char *expected)
{
    uint32_t messages = 0;
    for (const char *line = heard; *line;) {
        size_t size = (size_t)(strchr(line, '\n') - line) + 1;
        bool lost = strncmp(line, ">lost ", 6) == 0 || strncmp(line, "end ", 4) == 0;
        if (!lost) {
            while (strncmp(expected, line, size) != 0) {
                const char *next = strchr(expected, '\n');
                assert_non_null(next);
                expected = next + 1;
            }
            expected += size;
            messages++;
        }
        line += size;
    }
    return messages;
}

static void what_is_heard_of_a_lossy_stream_was_sent(void **state)
{
    (void)state;
    struct random r = {seed_of_day()};
    uint64_t messages = 0, sent = 0;
    for (int run = 0; run < RUNS; run++) {
        struct stream s;
        make_stream(&s, &r);
        shuffle(&s, &r, random_below(&r, 4));
        struct sending how = {.first = (uint32_t)random_next(&r), .lose_one_in = 10 + random_below(&r, 50)};
        struct tcp_world w;
        open_world(&w, &r, how.first);
        send_stream(&w, &s, &r, &how);
        tcp_world_server_acks(&w, 501, how.first + (uint32_t)s.bytes.size);
        tcp_world_end(&w);
        writer_u8(&s.expected, 0);
        messages += messages_in_order(tcp_world_log(&w), (const char *)s.expected.bytes);
        for (size_t i = 0; i < s.expected.size; i++)
            sent += s.expected.bytes[i] == '\n';
        /* Less when what is missing lay in a message that nobody reads. */
        assert_true(tcp_counts(w.tcp).lost_bytes <= how.lost);
        tcp_world_close(&w);
        close_stream(&s);
    }
    print_message("%llu of %llu messages were heard\n", (unsigned long long)messages,
                  (unsigned long long)sent);
    assert_true(messages > sent / 4);
}

/* The same stream, cut by reloads and by timers looked at at other times. */
static void nothing_depends_on_restarts_nor_on_how_often_timers_are_looked_at(void **state)
{
    (void)state;
    uint64_t seed = seed_of_day();
    for (uint64_t run = 0; run < 10; run++) {
        const char *logs[3];
        struct tcp_world worlds[3];
        for (uint32_t variant = 0; variant < 3; variant++) {
            struct random r = {seed + run};
            struct stream s;
            make_stream(&s, &r);
            shuffle(&s, &r, 3);
            struct sending how = {.first = 1000, .lose_one_in = 20, .acks = run % 2};
            struct tcp_world *w = &worlds[variant];
            open_world(w, &r, how.first);
            w->reload = variant == 1;
            w->times = true;
            for (uint32_t i = 0; i < s.count; i++) {
                w->time += random_below(&r, 200) * TIME_NS_MS;
                if (variant == 2)
                    for (int ms = 200; ms >= 0; ms -= 10)
                        tcp_expire(w->tcp, &w->arena, w->time - ms * TIME_NS_MS);
                if (random_below(&r, 20) == 0)
                    continue;
                w->client_port = (uint16_t)(CLIENT_PORT + i / 100);
                tcp_world_to_server(w, how.first + s.segments[i].from,
                                    part_of(&s, s.segments[i].from, s.segments[i].to));
            }
            tcp_world_end(w);
            logs[variant] = tcp_world_log(w);
            close_stream(&s);
        }
        assert_true(strlen(logs[0]) > 100);
        assert_string_equal(logs[0], logs[1]);
        assert_string_equal(logs[0], logs[2]);
        for (uint32_t variant = 0; variant < 3; variant++)
            tcp_world_close(&worlds[variant]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_order_the_messages_are_those_that_were_sent),
        cmocka_unit_test(what_is_heard_of_a_lossy_stream_was_sent),
        cmocka_unit_test(nothing_depends_on_restarts_nor_on_how_often_timers_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
