/*
 * tcp - finds the flow of each segment, begins and ends flows, and fires their timers in the order of time.
 */
#include "services/protocol-decode/tcp.h"

#include "services/protocol-decode/pages.h"
#include "services/protocol-decode/tcp_side.h"

enum {
    TCP_LAYOUT = 1,
    TCP_PROTOCOL = 6,
    TCP_HEADER_WORDS_MIN = 5,
    FLAG_FIN = 0x01,
    FLAG_SYN = 0x02,
    FLAG_RST = 0x04,
    FLAG_ACK = 0x10,
    /* What lies farther ahead than this, not acknowledged by the receiver, is first taken for noise, as is
     * what lies farther behind than any window: a receiver would drop it, and to follow it would lose the
     * flow. */
    FAR_AHEAD_BYTES = 1 << 20,
    FAR_BEHIND_BYTES = 1 << 27,
    FAR_SEGMENTS = 3, /* so many in a row, and we are the ones who are wrong */
    ACK_AHEAD_BYTES = 1 << 26,
    CLOSED_SHARE = 4, /* a closed flow is remembered for each so many open ones */
    CLOSED_MIN = 16,
};

/* How long what comes after the end of a flow is known for its echo: retransmissions after both FINs, and
 * what was under way when it was reset. */
#define LINGER_CLOSED (60 * TIME_NS_S)
#define LINGER_RESET  TIME_NS_S

struct closed {
    time_ns time;
    uint32_t edge[2];
    uint8_t known[2];
    uint8_t reset;
    uint8_t zero[5];
};

struct segment {
    uint8_t key[TCP_KEY_BYTES];
    uint8_t s; /* which end of the key sent it */
    uint16_t source_port;
    uint16_t target_port;
    uint32_t sequence;
    uint32_t ack;
    uint8_t flags;
    uint32_t cut_bytes;
    struct str payload;
};

static time_ns after(time_ns time, time_ns span)
{
    return time > TIME_NS_END - span ? TIME_NS_END : time + span;
}

static bool parse(const struct tcp_input *input, struct segment *segment)
{
    struct reader r = reader_of_str(input->segment);
    segment->source_port = reader_u16be(&r);
    segment->target_port = reader_u16be(&r);
    segment->sequence = reader_u32be(&r);
    segment->ack = reader_u32be(&r);
    uint8_t words = reader_u8(&r) >> 4;
    segment->flags = reader_u8(&r);
    reader_skip(&r, 6); /* window, checksum (often left to the network card), urgent pointer */
    if (words < TCP_HEADER_WORDS_MIN)
        return false;
    reader_skip(&r, ((size_t)words - TCP_HEADER_WORDS_MIN) * 4);
    if (!reader_ok(&r))
        return false;
    segment->payload = reader_rest(&r);
    segment->cut_bytes = input->cut ? input->cut_bytes : 0;
    return true;
}

static void write_end(uint8_t *end, const struct addr *addr, uint16_t port)
{
    memcpy(end, addr, sizeof(*addr));
    end[sizeof(*addr)] = (uint8_t)(port >> 8);
    end[sizeof(*addr) + 1] = (uint8_t)port;
}

/* Both directions have the same key: the lesser end comes first. */
static void write_key(const struct tcp_input *input, struct segment *segment)
{
    uint8_t source[TCP_KEY_END_BYTES], target[TCP_KEY_END_BYTES];
    write_end(source, input->source, segment->source_port);
    write_end(target, input->target, segment->target_port);
    segment->s = memcmp(source, target, sizeof(source)) > 0;
    memcpy(segment->key + (segment->s ? sizeof(source) : 0), source, sizeof(source));
    memcpy(segment->key + (segment->s ? 0 : sizeof(source)), target, sizeof(target));
}

static void remember_closed(struct tcp *tcp, const struct conversation *c, bool reset)
{
    struct closed *closed = table_put(tcp->closed, table_key(tcp->flows, c), NULL);
    closed->time = c->flow.place.time;
    closed->reset = reset;
    for (int s = 0; s < 2; s++) {
        const struct side *side = &c->side[s];
        closed->known[s] = side->known;
        closed->edge[s] = (uint32_t)side->edge;
    }
}

/* Everything about the end but the entry itself. */
static void finish(struct tcp *tcp, struct conversation *c, time_ns time, enum ending why)
{
    for (uint8_t s = 0; s < 2; s++) {
        side_turn(c, s, time);
        side_finish(tcp, c, s);
    }
    tcp->handler.ended(tcp->handler.owner, &c->flow, &c->flow.place, why);
}

static void end_flow(struct tcp *tcp, struct conversation *c, time_ns time, enum ending why)
{
    uint8_t key[TCP_KEY_BYTES];
    memcpy(key, table_key(tcp->flows, c), sizeof(key));
    finish(tcp, c, time, why);
    table_remove(tcp->flows, key);
}

static void flow_evicted(void *owner, const void *key, void *value)
{
    struct tcp *tcp = owner;
    (void)key;
    tcp->counts.flows_evicted++;
    finish(tcp, value, tcp->now, ENDING_EVICTED);
}

static void page_evicted(void *owner, const void *key, void *value)
{
    struct tcp *tcp = owner;
    (void)key;
    (void)value;
    /* Its flow finds it gone when it looks for the bytes. */
    tcp->counts.pages_evicted++;
}

/* An echo of a flow that is over begins no new one. */
static bool is_echo(struct tcp *tcp, const struct segment *segment, time_ns time)
{
    const struct closed *closed = table_peek(tcp->closed, segment->key);
    if (!closed || time > after(closed->time, closed->reset ? LINGER_RESET : LINGER_CLOSED))
        return false;
    if (closed->reset)
        return true;
    uint32_t end = segment->sequence + segment->payload.size;
    return closed->known[segment->s] && (int32_t)(end - closed->edge[segment->s]) <= 0;
}

static bool begins_flow(struct tcp *tcp, const struct segment *segment, time_ns time)
{
    if (segment->flags & FLAG_RST)
        return false;
    if ((segment->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN)
        return true;
    if (segment->payload.size == 0 && !(segment->flags & FLAG_SYN))
        return false;
    if (!is_echo(tcp, segment, time))
        return true;
    tcp->counts.retransmitted += segment->payload.size;
    return false;
}

static struct id name_of(const struct segment *segment, time_ns time)
{
    struct hash_parts parts = {0};
    hash_part(&parts, segment->key, TCP_KEY_END_BYTES);
    hash_part(&parts, segment->key + TCP_KEY_END_BYTES, TCP_KEY_END_BYTES);
    hash_part_u64(&parts, TCP_PROTOCOL);
    hash_part_u64(&parts, (uint64_t)time);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static struct conversation *begin_flow(struct tcp *tcp, const struct segment *segment,
                                       const struct tcp_input *input)
{
    struct conversation *c = table_put(tcp->flows, segment->key, NULL);
    struct place *place = &c->flow.place;
    tcp->counts.flows++;
    bool syn = segment->flags & FLAG_SYN, ack = segment->flags & FLAG_ACK;
    /* Without a SYN, the lower port is taken for the service. */
    bool from_client = syn ? !ack : segment->source_port >= segment->target_port;
    c->client = from_client ? segment->s : !segment->s;
    c->last = input->time;
    c->flow.midstream = !syn;
    place->flow = name_of(segment, input->time);
    place->client = from_client ? *input->source : *input->target;
    place->server = from_client ? *input->target : *input->source;
    place->client_port = from_client ? segment->source_port : segment->target_port;
    place->server_port = from_client ? segment->target_port : segment->source_port;
    place->transport = transport_tcp;
    return c;
}

/* A SYN that is not that of this connection: both ends have long forgotten the old one. */
static bool is_other_connection(const struct conversation *c, const struct segment *segment)
{
    if (!(segment->flags & FLAG_SYN))
        return false;
    const struct side *side = &c->side[segment->s], *other = &c->side[!segment->s];
    if (side->known)
        return side->first != segment->sequence + 1;
    return !(segment->flags & FLAG_ACK) && other->known && c->flow.midstream;
}

static struct conversation *find_flow(struct tcp *tcp, const struct segment *segment,
                                      const struct tcp_input *input)
{
    struct conversation *c = table_find(tcp->flows, segment->key);
    if (c && after(c->last, tcp->options.idle_timeout) < input->time) {
        end_flow(tcp, c, after(c->last, tcp->options.idle_timeout), ENDING_IDLE);
        c = NULL;
    }
    if (c && is_other_connection(c, segment)) {
        end_flow(tcp, c, input->time, ENDING_CLOSED);
        c = NULL;
    }
    if (!c && begins_flow(tcp, segment, input->time))
        c = begin_flow(tcp, segment, input);
    return c;
}

/* The first segment of a side gives it its position; a SYN with ACK gives the other one its own too. */
static void anchor(struct conversation *c, const struct segment *segment)
{
    struct side *side = &c->side[segment->s], *other = &c->side[!segment->s];
    bool syn = segment->flags & FLAG_SYN;
    if (!side->known) {
        side_anchor(side, segment->sequence + syn);
        side->resync = !syn;
    }
    if (syn && (segment->flags & FLAG_ACK) && !other->known)
        side_anchor(other, segment->ack);
}

static void note_ack(struct conversation *c, const struct segment *segment)
{
    struct side *other = &c->side[!segment->s];
    if (!(segment->flags & FLAG_ACK) || !other->known)
        return;
    uint64_t position = side_position(other, segment->ack);
    if (position > other->edge + ACK_AHEAD_BYTES)
        return;
    if (position > other->acked)
        other->acked = position;
    /* Who answers has read what it acknowledges: what lies before will not come any more. */
    if (segment->payload.size > 0 && position > other->answered)
        other->answered = position;
}

/* False: the segment lies where no segment of this flow can be. */
static bool accept_position(struct tcp *tcp, struct conversation *c, const struct segment *segment,
                            uint64_t *position)
{
    struct side *side = &c->side[segment->s];
    bool behind = *position + FAR_BEHIND_BYTES < side->edge;
    bool ahead = *position > side->edge + FAR_AHEAD_BYTES && *position > side->acked;
    if (!behind && !ahead) {
        side->far_count = 0;
        return true;
    }
    uint32_t step = segment->sequence - side->far_next;
    side->far_count = side->far_count > 0 && step < FAR_AHEAD_BYTES ? side->far_count + 1 : 1;
    side->far_next = segment->sequence;
    if (side->far_count < FAR_SEGMENTS)
        return false;
    side->far_count = 0;
    if (behind)
        *position += (uint64_t)1 << 32;
    side_jump(tcp, c, segment->s, *position);
    return true;
}

static void take_bytes(struct tcp *tcp, struct conversation *c, const struct segment *segment)
{
    struct side *side = &c->side[segment->s];
    uint32_t syn = segment->flags & FLAG_SYN ? 1 : 0;
    uint64_t position = side_position(side, segment->sequence + syn);
    uint64_t end = position + segment->payload.size + segment->cut_bytes;
    bool fin = segment->flags & FLAG_FIN;
    if (end == position && !fin)
        return;
    /* A keep-alive: one byte of anything where the last one was (RFC 9293 3.8.4). */
    if (segment->payload.size == 1 && position + 1 == side->edge && !fin) {
        tcp->counts.retransmitted++;
        return;
    }
    uint64_t size = end - position;
    if (!accept_position(tcp, c, segment, &position))
        return;
    end = position + size;
    if (size > 0)
        side_take(
            tcp, c, segment->s,
            &(struct side_bytes){.at = position, .bytes = segment->payload, .cut_bytes = segment->cut_bytes});
    if (fin && end >= side->edge && (side->fin == 0 || end < side->fin))
        side->fin = end;
}

static bool is_done(const struct conversation *c, uint8_t s)
{
    const struct side *side = &c->side[s];
    return side->fin > 0 && (c->flow.given_up || side->next + side->ready >= side->fin);
}

/* Of a flow of which only one direction is seen, the other direction's FIN never comes. */
static bool is_closed(const struct conversation *c)
{
    return (is_done(c, 0) && (is_done(c, 1) || !c->side[1].known)) || (is_done(c, 1) && !c->side[0].known);
}

static void close_if_done(struct tcp *tcp, struct conversation *c)
{
    if (!is_closed(c))
        return;
    remember_closed(tcp, c, false);
    end_flow(tcp, c, c->flow.place.time, ENDING_CLOSED);
}

/* A reset counts only where its receiver may heed it (RFC 9293 3.5.3). */
static bool is_reset(const struct conversation *c, const struct segment *segment)
{
    if (!(segment->flags & FLAG_RST))
        return false;
    const struct side *side = &c->side[segment->s];
    if (!side->known)
        return true;
    int32_t distance = (int32_t)(segment->sequence - (uint32_t)side->edge);
    /* One that answers a SYN has the sequence number zero. */
    return (distance >= -FAR_AHEAD_BYTES && distance <= FAR_AHEAD_BYTES) ||
           (segment->sequence == 0 && (segment->flags & FLAG_ACK));
}

static void check_hole(struct tcp *tcp, struct conversation *c, uint8_t s, time_ns now)
{
    if (!c->side[s].open)
        return;
    side_turn(c, s, now);
    side_check(tcp, c, s);
}

static void take_segment(struct tcp *tcp, const struct segment *segment, const struct tcp_input *input)
{
    struct conversation *c = find_flow(tcp, segment, input);
    if (!c)
        return;
    c->last = input->time > c->last ? input->time : c->last;
    c->flow.place.file = input->file;
    c->flow.place.frame = input->frame;
    side_turn(c, segment->s, input->time);
    c->flow.packets++;
    c->flow.bytes += segment->payload.size;
    c->flow.seen[c->flow.place.to_server] = true;
    if (is_reset(c, segment)) {
        remember_closed(tcp, c, true);
        end_flow(tcp, c, input->time, ENDING_CLOSED);
        return;
    }
    if (segment->flags & FLAG_RST)
        return;
    anchor(c, segment);
    note_ack(c, segment);
    /* What this answers is given before the answer. */
    check_hole(tcp, c, !segment->s, input->time);
    side_turn(c, segment->s, input->time);
    take_bytes(tcp, c, segment);
    check_hole(tcp, c, segment->s, input->time);
    check_hole(tcp, c, !segment->s, input->time);
    close_if_done(tcp, c);
}

static void gap_due(struct tcp *tcp, time_ns due)
{
    struct gap_key key;
    memcpy(&key, table_key(tcp->gaps, table_oldest(tcp->gaps)), sizeof(key));
    struct conversation *c = table_find(tcp->flows, key.flow);
    REQUIRE(c != NULL && c->side[key.side].open);
    /* A late segment may have left a time behind that of others. */
    c->last = due > c->last ? due : c->last;
    side_turn(c, key.side, due);
    side_gap_due(tcp, c, key.side);
    close_if_done(tcp, c);
}

/* Fires what is due before now in the order of its time. */
static void fire_until(struct tcp *tcp, time_ns now, bool gaps_only)
{
    for (;;) {
        const time_ns *gap = table_oldest(tcp->gaps);
        struct conversation *idle = gaps_only ? NULL : table_oldest(tcp->flows);
        time_ns gap_time = gap ? *gap : TIME_NS_END;
        time_ns idle_time = idle ? after(idle->last, tcp->options.idle_timeout) : TIME_NS_END;
        time_ns due = gap_time <= idle_time ? gap_time : idle_time;
        if (due >= now)
            return;
        tcp->now = due;
        if (gap_time <= idle_time)
            gap_due(tcp, due);
        else
            end_flow(tcp, idle, due, ENDING_IDLE);
    }
}

static void forget_closed(struct tcp *tcp, time_ns now)
{
    for (struct closed *closed;
         (closed = table_oldest(tcp->closed)) && after(closed->time, LINGER_CLOSED) < now;)
        table_remove(tcp->closed, table_key(tcp->closed, closed));
}

void tcp_segment(struct tcp *tcp, struct arena *arena, const struct tcp_input *input)
{
    tcp->arena = arena;
    fire_until(tcp, input->time, false);
    forget_closed(tcp, input->time);
    tcp->now = input->time;
    tcp->counts.segments++;
    struct segment segment;
    if (parse(input, &segment)) {
        write_key(input, &segment);
        take_segment(tcp, &segment, input);
    } else {
        tcp->counts.bad_segments++;
    }
    tcp->arena = NULL;
}

void tcp_swap(struct tcp_flow *flow)
{
    struct conversation *c = (struct conversation *)(void *)flow;
    struct place *place = &flow->place;
    struct addr client = place->client;
    uint16_t client_port = place->client_port;
    place->client = place->server;
    place->client_port = place->server_port;
    place->server = client;
    place->server_port = client_port;
    place->to_server = !place->to_server;
    bool seen = flow->seen[0];
    flow->seen[0] = flow->seen[1];
    flow->seen[1] = seen;
    c->client = !c->client;
}

void tcp_expire(struct tcp *tcp, struct arena *arena, time_ns now)
{
    tcp->arena = arena;
    fire_until(tcp, now, now == TIME_NS_END);
    forget_closed(tcp, now);
    if (now == TIME_NS_END) {
        for (struct conversation *c; (c = table_oldest(tcp->flows));)
            end_flow(tcp, c, c->last, ENDING_INPUT);
        table_clear(tcp->closed);
    }
    tcp->arena = NULL;
}

struct tcp_counts tcp_counts(const struct tcp *tcp)
{
    return tcp->counts;
}

static enum err create_tables(struct tcp *tcp)
{
    const struct tcp_options *o = &tcp->options;
    uint32_t closed = o->flows / CLOSED_SHARE;
    struct table_options flows = {.name = "tcp.flows",
                                  .key_size = TCP_KEY_BYTES,
                                  .value_size = sizeof(struct conversation),
                                  .capacity = o->flows,
                                  .layout = TCP_LAYOUT,
                                  .seed = o->seed};
    struct table_options gaps = flows, ended = flows;
    gaps.name = "tcp.gaps";
    gaps.key_size = sizeof(struct gap_key);
    gaps.value_size = sizeof(time_ns);
    ended.name = "tcp.closed";
    ended.value_size = sizeof(struct closed);
    ended.capacity = closed > CLOSED_MIN ? closed : CLOSED_MIN;
    enum err err = table_create(&tcp->flows, &flows);
    if (err == ERR_OK)
        err = table_create(&tcp->gaps, &gaps);
    if (err == ERR_OK)
        err = table_create(&tcp->closed, &ended);
    if (err == ERR_OK)
        err = pages_create(&tcp->pages, "tcp.pages", o->pages, o->seed);
    return err;
}

enum err tcp_create(struct tcp **out, const struct tcp_options *options, const struct tcp_handler *handler)
{
    REQUIRE(options->pages_of_flow > 0 && options->idle_timeout >= 0 && options->gap_timeout >= 0);
    struct tcp *tcp = calloc(1, sizeof(*tcp));
    if (!tcp)
        return ERR_MEMORY;
    tcp->options = *options;
    tcp->handler = *handler;
    tcp->scratch = malloc(STREAM_MESSAGE_BYTES_MAX);
    if (!tcp->scratch || create_tables(tcp) != ERR_OK) {
        tcp_free(tcp);
        return ERR_MEMORY;
    }
    table_on_evict(tcp->flows, flow_evicted, tcp);
    table_on_evict(tcp->pages, page_evicted, tcp);
    *out = tcp;
    return ERR_OK;
}

void tcp_free(struct tcp *tcp)
{
    if (!tcp)
        return;
    table_free(tcp->flows);
    table_free(tcp->pages);
    table_free(tcp->gaps);
    table_free(tcp->closed);
    free(tcp->scratch);
    free(tcp);
}

size_t tcp_tables(struct tcp *tcp, struct table **tables)
{
    tables[0] = tcp->flows;
    tables[1] = tcp->pages;
    tables[2] = tcp->gaps;
    tables[3] = tcp->closed;
    return 4;
}
