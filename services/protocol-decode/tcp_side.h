/*
 * tcp_side - one direction of a TCP flow: its bytes in order, its holes, and its messages.
 *
 * Internal to tcp. A position is a 64-bit offset whose low half is the sequence number. In-order bytes go
 * from the frame to the handler; what a message still lacks and what came early is in pages. The window is
 * what a direction may hold: from the next byte wanted, options.pages_of_flow pages; what lies beyond makes
 * it give up its oldest hole. All functions may call the handler, with flow.place as it was set by the
 * caller.
 */
#ifndef ORTHRUS_DECODE_TCP_SIDE_H
#define ORTHRUS_DECODE_TCP_SIDE_H

#include "common/base/arena.h"
#include "services/protocol-decode/tcp.h"

/* Plain bytes. */
struct side {
    uint64_t
        next; /* the first byte that no message has taken yet; ahead of edge while a message is skipped */
    uint64_t edge;          /* the highest position seen, plus one */
    uint64_t acked;         /* by the other side */
    uint64_t answered;      /* the same, by a segment with bytes of its own */
    uint64_t fin;           /* position of the FIN; 0 when there was none */
    uint64_t held_end;      /* behind the last byte in pages; 0 when none is held */
    uint64_t hole_end;      /* of the first hole, while it is open */
    time_ns hole_since;     /* when the first hole was opened */
    uint32_t ready;         /* bytes in pages from next on without a hole */
    uint32_t need;          /* bytes from next on that are needed before anything can be done */
    uint32_t size;          /* of the message at next; 0 when that is not known yet */
    uint32_t first;         /* sequence number of the first byte */
    uint32_t far_next;      /* where the run of segments outside of the window goes on */
    uint16_t hole_segments; /* that came since the hole was opened */
    uint8_t far_count;
    bool known;  /* a segment gave it its position */
    bool resync; /* no message boundary is known: only starts of segments are tried */
    bool open;   /* has a hole with bytes behind it */
};

struct conversation {
    struct tcp_flow flow; /* first: the handler's pointer is the same as ours */
    time_ns last;         /* of its last packet, or of the timer that fired after it */
    uint8_t client;       /* which side is the client's */
    struct side side[2];  /* [0] sent by the lesser endpoint of the key */
};

enum {
    TCP_KEY_END_BYTES = sizeof(struct addr) + 2,
    TCP_KEY_BYTES = 2 * TCP_KEY_END_BYTES,
};

struct gap_key {
    uint8_t flow[TCP_KEY_BYTES];
    uint8_t side;
};

struct tcp {
    struct tcp_options options;
    struct tcp_handler handler;
    struct table *flows;  /* key -> struct conversation */
    struct table *pages;  /* bytes that wait */
    struct table *gaps;   /* struct gap_key -> time_ns when the hole is given up; in the order of that time */
    struct table *closed; /* key -> struct closed, for what comes after the end */
    struct tcp_counts counts;
    struct arena *arena; /* of the call under way */
    time_ns now;         /* of the call under way */
    uint8_t *scratch;    /* STREAM_MESSAGE_BYTES_MAX, to show held bytes in one run */
};

struct side_bytes {
    uint64_t at;
    struct str bytes;
    uint32_t cut_bytes; /* behind bytes, taken by the snap length */
};

/* The position of a sequence number: the one nearest to the last seen. */
static inline uint64_t side_position(const struct side *side, uint32_t sequence)
{
    return side->edge + (uint64_t)(int64_t)(int32_t)(sequence - (uint32_t)side->edge);
}

/* Sets flow.place to a side and a time. */
void side_turn(struct conversation *c, uint8_t s, time_ns time);
/* Its first byte has this sequence number. */
void side_anchor(struct side *side, uint32_t sequence);
/* Bytes of a segment. */
void side_take(struct tcp *tcp, struct conversation *c, uint8_t s, const struct side_bytes *taken);
/* Goes on at another position: everything before it that has not come is lost. */
void side_jump(struct tcp *tcp, struct conversation *c, uint8_t s, uint64_t to);
/* Gives holes up that the acknowledgements show to be of the capture only. */
void side_check(struct tcp *tcp, struct conversation *c, uint8_t s);
/* The time of its first hole is over. */
void side_gap_due(struct tcp *tcp, struct conversation *c, uint8_t s);
/* The flow is over: what is held is offered, what is missing is lost, and nothing is held any more. */
void side_finish(struct tcp *tcp, struct conversation *c, uint8_t s);

#endif
