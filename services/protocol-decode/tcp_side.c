/*
 * tcp_side - what has come is offered as far as it goes; the rest is kept.
 */
#include "services/protocol-decode/tcp_side.h"

#include "services/protocol-decode/pages.h"

_Static_assert((int)TCP_PAGE_BYTES == (int)PAGES_PAGE_BYTES, "the pages of a flow are these pages");

enum {
    HOLE_SEGMENTS = 8,    /* so many segments after it, an acknowledged hole is not filled any more */
    LOOK_BYTES_MIN = 512, /* shown at once of what is held, so that headers are not gathered byte by byte */
};

/* Longer than packets overtake each other. */
#define REORDER_TIME   (200 * TIME_NS_MS)
#define SEQUENCE_REACH ((uint64_t)1 << 31)

/* A side at work, and the bytes of the segment that follow what it holds. */
struct work {
    struct tcp *tcp;
    struct conversation *c;
    struct side *side;
    uint8_t s;
    struct pages_of pages;
    uint64_t at; /* of bytes */
    struct str bytes;
    uint64_t segment_at; /* where the segment began */
    uint64_t taken_from; /* the bytes of the segment as it came; none when there is no segment of this side */
    uint64_t taken_to;
};

static struct work work_on(struct tcp *tcp, struct conversation *c, uint8_t s)
{
    return (struct work){.tcp = tcp,
                         .c = c,
                         .side = &c->side[s],
                         .s = s,
                         .pages = {.table = tcp->pages, .owner = c->flow.place.flow, .side = s}};
}

static struct pages_origin origin_of(const struct work *w)
{
    return (struct pages_origin){.file = w->c->flow.place.file, .frame = w->c->flow.place.frame};
}

static uint64_t ready_end(const struct side *side)
{
    return side->next + side->ready;
}

/* Bytes are held behind a hole. */
static bool has_islands(const struct side *side)
{
    return side->held_end > ready_end(side);
}

static bool is_older(time_ns since, time_ns now, time_ns span)
{
    return now > TIME_NS_NONE + span && since < now - span;
}

static uint64_t window_bytes(const struct tcp *tcp)
{
    return (uint64_t)tcp->options.pages_of_flow * TCP_PAGE_BYTES;
}

void side_turn(struct conversation *c, uint8_t s, time_ns time)
{
    c->flow.place.to_server = s == c->client;
    c->flow.place.time = time;
}

void side_anchor(struct side *side, uint32_t sequence)
{
    /* One round up, so that what lies before the first byte has a position too. */
    side->next = side->edge = ((uint64_t)1 << 32) + sequence;
    side->first = sequence;
    side->known = true;
}

static struct gap_key gap_key_of(const struct work *w)
{
    struct gap_key key;
    memcpy(key.flow, table_key(w->tcp->flows, w->c), sizeof(key.flow));
    key.side = w->s;
    return key;
}

static void close_hole(const struct work *w)
{
    if (!w->side->open)
        return;
    struct gap_key key = gap_key_of(w);
    table_remove(w->tcp->gaps, &key);
    w->side->open = false;
}

static void hold_nothing(const struct work *w)
{
    struct side *side = w->side;
    if (side->held_end > side->next)
        pages_drop(&w->pages, side->next, side->held_end);
    side->held_end = 0;
    side->ready = side->need = side->size = 0;
}

/* The flow is wanted no more: it costs neither pages nor looks. */
static void abandon(const struct work *w)
{
    hold_nothing(w);
    close_hole(w);
    if (w->side->next < w->side->edge)
        w->side->next = w->side->edge;
}

/* Everything before `to` is done with. */
static void move_on(struct work *w, uint64_t to)
{
    struct side *side = w->side;
    uint64_t from = side->next, run_end = ready_end(side);
    side->next = to;
    side->need = side->size = 0;
    if (to > w->at) {
        uint64_t skip = to - w->at;
        struct reader r = reader_of_str(w->bytes);
        reader_skip(&r, skip < w->bytes.size ? skip : w->bytes.size);
        w->bytes = reader_rest(&r);
        w->at = to;
    }
    if (side->held_end == 0)
        return;
    if (to >= side->held_end) {
        pages_drop(&w->pages, from, side->held_end);
        side->held_end = 0;
        side->ready = 0;
        return;
    }
    pages_drop(&w->pages, from, to - to % PAGES_PAGE_BYTES);
    side->ready = (uint32_t)((to <= run_end ? run_end : pages_run(&w->pages, to, side->held_end)) - to);
}

/* The bytes between what is ready and `to` will never come. A message that is known to reach so far is given
 * up whole, and the next one begins where it ends; else the boundary is lost. */
static void lose_until(struct work *w, uint64_t to)
{
    struct side *side = w->side;
    uint64_t lost = to - ready_end(side);
    w->c->flow.lost_bytes += lost;
    w->tcp->counts.lost_bytes += lost;
    uint64_t message_end = side->next + side->size;
    bool within = side->size > 0 && message_end >= to;
    w->tcp->handler.lost(w->tcp->handler.owner, &w->c->flow, &w->c->flow.place, lost);
    side->resync |= !within;
    move_on(w, within ? message_end : to);
}

/* The pages of what was ready are no longer all there. */
static void lose_evicted(struct work *w)
{
    struct side *side = w->side;
    uint64_t end = side->held_end;
    side->ready = (uint32_t)(pages_run(&w->pages, side->next, ready_end(side)) - side->next);
    lose_until(w, pages_next(&w->pages, ready_end(side), end));
}

/* The first size bytes that wait, in one run; false when some of them are gone. */
static bool gather(const struct work *w, uint32_t size, uint8_t *to)
{
    uint32_t held = size < w->side->ready ? size : w->side->ready;
    if (!pages_copy(&w->pages, w->side->next, held, to))
        return false;
    if (size > held)
        memcpy(to + held, w->bytes.at, size - held);
    return true;
}

/* No message begins here. The next place where one may is the start of a segment. */
static void refuse(struct work *w)
{
    struct side *side = w->side;
    if (!side->resync)
        w->c->flow.malformed_messages++;
    side->resync = true;
    if (side->ready > 0)
        move_on(w, pages_start(&w->pages, side->next + 1, ready_end(side)));
    else
        move_on(w, w->at + w->bytes.size);
}

/* What the handler said of the bytes at next, of which it was shown `shown`. */
static void note_framing(struct work *w, struct framing framing, uint32_t shown)
{
    struct side *side = w->side;
    uint32_t want = framing.want < STREAM_MESSAGE_BYTES_MAX ? framing.want : STREAM_MESSAGE_BYTES_MAX;
    if (framing.state == FRAMING_WHOLE && framing.size > 0) {
        side->size = framing.size;
        side->need = want < framing.size ? want : framing.size;
        return;
    }
    /* It must ask for more than it has, or this would never end. */
    if (framing.state == FRAMING_MORE && shown < STREAM_MESSAGE_BYTES_MAX && shown < window_bytes(w->tcp)) {
        side->need = want > shown ? want : shown + 1;
        return;
    }
    refuse(w);
}

/* Shows the handler what begins at next. */
static void look(struct work *w)
{
    struct side *side = w->side;
    struct str shown = w->bytes;
    if (side->ready > 0) {
        uint64_t available = (uint64_t)side->ready + w->bytes.size;
        /* Twice what is needed: a handler that asks for byte after byte is not shown all of them each time.
         */
        uint64_t size = side->need * 2ull > LOOK_BYTES_MIN ? side->need * 2ull : LOOK_BYTES_MIN;
        size = size < available ? size : available;
        size = size < STREAM_MESSAGE_BYTES_MAX ? size : STREAM_MESSAGE_BYTES_MAX;
        if (!gather(w, (uint32_t)size, w->tcp->scratch)) {
            lose_evicted(w);
            return;
        }
        shown = (struct str){.at = (const char *)w->tcp->scratch, .size = (uint32_t)size};
    }
    struct tcp_handler *h = &w->tcp->handler;
    struct framing framing = h->frame(h->owner, &w->c->flow, &w->c->flow.place, shown);
    if (!w->c->flow.given_up)
        note_framing(w, framing, shown.size);
}

/* What the side's segment under way has a part in is of its frame. Other messages were behind a hole: each is
 * of the frame that brought its last byte, not of the one that closed the hole or gave it up. */
static struct place place_of(const struct work *w)
{
    struct place place = w->c->flow.place;
    uint64_t from = w->side->next, to = from + w->side->need;
    if (w->side->ready < w->side->need || (from < w->taken_to && w->taken_from < to))
        return place;
    struct pages_origin origin = pages_origin_of(&w->pages, to - 1);
    if (origin.frame != 0) {
        place.file = origin.file;
        place.frame = origin.frame;
    }
    return place;
}

/* Hands out the message at next, whose wanted bytes are all there. */
static void deliver(struct work *w)
{
    struct side *side = w->side;
    struct str message = {.at = w->bytes.at, .size = side->need};
    if (side->ready > 0) {
        uint8_t *gathered = arena_take(w->tcp->arena, side->need);
        if (!gather(w, side->need, gathered)) {
            lose_evicted(w);
            return;
        }
        message.at = (const char *)gathered;
    }
    side->resync = false;
    w->c->flow.messages++;
    struct tcp_handler *h = &w->tcp->handler;
    struct place place = place_of(w);
    h->message(h->owner, &w->c->flow, &place, message, side->size);
    move_on(w, side->next + side->size);
}

/* Keeps what follows the bytes that are ready. */
static void keep(struct work *w)
{
    if (w->bytes.size == 0)
        return;
    struct side *side = w->side;
    struct pages_write how = {
        .time = w->c->flow.place.time, .origin = origin_of(w), .starts = w->at == w->segment_at};
    (void)pages_store(&w->pages, w->at, w->bytes, &how);
    side->ready += w->bytes.size;
    side->held_end = ready_end(side);
}

/* Offers what is ready and the bytes behind it, message after message, and keeps what remains. */
static void drain(struct work *w)
{
    struct side *side = w->side;
    while (!w->c->flow.given_up) {
        uint64_t available = (uint64_t)side->ready + w->bytes.size;
        if (available < side->need || (available == 0 && side->size == 0))
            break;
        if (side->size == 0)
            look(w);
        else
            deliver(w);
        /* What cannot be held cannot be put together. */
        if (side->need > window_bytes(w->tcp) && side->need > (uint64_t)side->ready + w->bytes.size)
            lose_until(w, side->size > 0 ? side->next + side->size : w->at + w->bytes.size);
    }
    if (w->c->flow.given_up) {
        if (w->bytes.size > 0 && side->next < w->at + w->bytes.size)
            move_on(w, w->at + w->bytes.size);
        abandon(w);
        return;
    }
    keep(w);
}

/* Gives up the first hole. */
static void give_up(struct work *w)
{
    struct side *side = w->side;
    w->bytes = (struct str){.at = "", .size = 0};
    w->at = side->held_end;
    lose_until(w, pages_next(&w->pages, ready_end(side), side->held_end));
    drain(w);
}

/* After the bytes, the first hole: closed, still the same, or another one. */
static void settle(const struct work *w)
{
    struct side *side = w->side;
    if (has_islands(side) && side->open && ready_end(side) < side->hole_end)
        return;
    uint64_t end = has_islands(side) ? pages_next(&w->pages, ready_end(side), side->held_end) : 0;
    if (!has_islands(side) || end == side->held_end) {
        /* Evicted islands are a hole without an end, as if they had not come. */
        if (has_islands(side) && side->ready == 0) {
            pages_drop(&w->pages, side->next, side->held_end); /* what stood before them in their page */
            side->held_end = 0;
        } else if (has_islands(side)) {
            side->held_end = ready_end(side);
        }
        close_hole(w);
        return;
    }
    time_ns now = w->c->flow.place.time, since = now;
    if (side->open) {
        since = pages_since(&w->pages, end);
        since = since > side->hole_since ? since : side->hole_since;
    }
    side->hole_end = end;
    side->hole_since = since;
    side->hole_segments = 0;
    side->open = true;
    struct gap_key key = gap_key_of(w);
    time_ns *due = table_put(w->tcp->gaps, &key, NULL);
    *due = now > TIME_NS_END - w->tcp->options.gap_timeout ? TIME_NS_END : now + w->tcp->options.gap_timeout;
}

/* Puts bytes into pages that do not simply follow what is ready. They fit the window. */
static void hold(struct work *w)
{
    struct side *side = w->side;
    struct pages_write how = {.time = w->c->flow.place.time,
                              .origin = origin_of(w),
                              .replace = w->tcp->options.overlap == OVERLAP_LAST,
                              .starts = w->at == w->segment_at};
    struct pages_written written = pages_store(&w->pages, w->at, w->bytes, &how);
    w->tcp->counts.retransmitted += w->bytes.size - written.fresh;
    if (written.conflict) {
        w->tcp->counts.overlap_conflicts++;
        w->c->flow.overlap_conflicts++;
        /* What the handler said of the message may no longer hold. */
        if (how.replace && w->at < ready_end(side))
            side->need = side->size = 0;
    }
    uint64_t end = w->at + w->bytes.size;
    if (end > side->held_end)
        side->held_end = end;
    if (w->at <= ready_end(side))
        side->ready = (uint32_t)(pages_run(&w->pages, ready_end(side), side->held_end) - side->next);
    else if (side->open && w->at < side->hole_end)
        side->hole_end = w->at;
    w->bytes = (struct str){.at = "", .size = 0};
    w->at = side->held_end;
}

/* Drops what was already taken. */
static void trim(struct work *w)
{
    uint64_t end = w->at + w->bytes.size, next = w->side->next;
    if (w->at >= next)
        return;
    uint64_t old = next < w->side->edge ? next : w->side->edge;
    old = old < end ? old : end;
    if (old > w->at)
        w->tcp->counts.retransmitted += old - w->at;
    struct reader r = reader_of_str(w->bytes);
    reader_skip(&r, next < end ? next - w->at : w->bytes.size);
    w->bytes = reader_rest(&r);
    w->at = w->segment_at = next;
}

/* More bytes than the window has room for. What belongs to the first hole is taken as far as there is room;
 * where there is none, holes are given up. */
static void make_room(struct work *w)
{
    struct side *side = w->side;
    struct work first = *w;
    first.bytes = (struct str){.at = "", .size = 0};
    uint64_t run_end = ready_end(side);
    if (w->at <= run_end) {
        struct reader r = reader_of_str(w->bytes);
        first.bytes = reader_bytes(&r, side->next + window_bytes(w->tcp) - w->at);
        w->bytes = reader_rest(&r);
        w->at += first.bytes.size;
        hold(&first);
        drain(&first);
    } else if (has_islands(side) && pages_next(&w->pages, run_end, side->held_end) < w->at) {
        give_up(&first);
    } else {
        lose_until(&first, w->at);
    }
}

/* The bytes go where they belong. Each round of the loop takes them or moves next. */
static void place_bytes(struct work *w)
{
    struct side *side = w->side;
    for (;;) {
        if (w->c->flow.given_up) {
            abandon(w);
            return;
        }
        trim(w);
        if (w->bytes.size == 0)
            return;
        if (w->at == ready_end(side) && !has_islands(side)) {
            drain(w);
            return;
        }
        if (w->at + w->bytes.size <= side->next + window_bytes(w->tcp)) {
            hold(w);
            drain(w);
            return;
        }
        make_room(w);
    }
}

/* The snap length took the end of a segment: nobody will bring it. */
static void lose_cut(struct work *w, uint64_t from, uint64_t to)
{
    struct side *side = w->side;
    if (w->c->flow.given_up || ready_end(side) < from || ready_end(side) >= to)
        return;
    w->bytes = (struct str){.at = "", .size = 0};
    w->at = to;
    lose_until(w, pages_next(&w->pages, ready_end(side), to));
    drain(w);
}

void side_take(struct tcp *tcp, struct conversation *c, uint8_t s, const struct side_bytes *taken)
{
    struct work w = work_on(tcp, c, s);
    struct side *side = w.side;
    uint64_t bytes_end = taken->at + taken->bytes.size, end = bytes_end + taken->cut_bytes;
    w.at = w.segment_at = w.taken_from = taken->at;
    w.taken_to = bytes_end;
    w.bytes = taken->bytes;
    if (side->open && side->hole_segments < HOLE_SEGMENTS)
        side->hole_segments++;
    place_bytes(&w);
    if (end > side->edge)
        side->edge = end;
    if (taken->cut_bytes > 0)
        lose_cut(&w, bytes_end, end);
    if (c->flow.given_up)
        abandon(&w);
    else if (side->open || has_islands(side))
        settle(&w);
}

void side_jump(struct tcp *tcp, struct conversation *c, uint8_t s, uint64_t to)
{
    struct work w = work_on(tcp, c, s);
    while (has_islands(w.side))
        give_up(&w);
    /* What is farther than sequence numbers reach is not lost: it is another stream. */
    if (ready_end(w.side) < to && to - ready_end(w.side) < SEQUENCE_REACH)
        lose_until(&w, to);
    close_hole(&w);
    hold_nothing(&w);
    w.side->next = w.side->edge = to;
    w.side->acked = w.side->answered = w.side->fin = 0;
    w.side->resync = true;
}

void side_check(struct tcp *tcp, struct conversation *c, uint8_t s)
{
    struct side *side = &c->side[s];
    time_ns now = c->flow.place.time;
    while (side->open && !c->flow.given_up && side->acked >= side->hole_end &&
           (side->hole_segments >= HOLE_SEGMENTS || is_older(side->hole_since, now, REORDER_TIME) ||
            side->answered >= side->hole_end)) {
        struct work w = work_on(tcp, c, s);
        give_up(&w);
        settle(&w);
    }
}

void side_gap_due(struct tcp *tcp, struct conversation *c, uint8_t s)
{
    struct side *side = &c->side[s];
    time_ns now = c->flow.place.time;
    struct work w = work_on(tcp, c, s);
    if (c->flow.given_up) {
        abandon(&w);
        return;
    }
    /* Holes opened after this one are as hopeless, unless they are very young. */
    do {
        give_up(&w);
        settle(&w);
    } while (side->open && is_older(side->hole_since, now, REORDER_TIME));
}

void side_finish(struct tcp *tcp, struct conversation *c, uint8_t s)
{
    struct work w = work_on(tcp, c, s);
    struct side *side = w.side;
    while (has_islands(side) && !c->flow.given_up)
        give_up(&w);
    /* An acknowledgement of one byte more may be of a FIN that was not seen. */
    uint64_t sent = side->fin > 0 && side->fin < side->acked ? side->fin : side->acked;
    if (!c->flow.given_up && sent > ready_end(side) + (side->fin == 0)) {
        w.at = sent;
        lose_until(&w, sent);
    }
    close_hole(&w);
    hold_nothing(&w);
}
