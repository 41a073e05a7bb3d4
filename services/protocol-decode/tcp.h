/*
 * tcp - flows, and their bytes in order (RFC 9293).
 *
 * Survives reordering, retransmission, overlap with different content, one-sided capture, gaps, wrap-around,
 * missing handshakes, segments larger than the wire allows, and snap lengths. In-order bytes are handed to
 * the protocol straight from the frame; only what a message still lacks, or what came early, is kept, in
 * pages of fixed size in a bounded table, so that memory is bounded by construction and state can be saved
 * after any packet.
 */
#ifndef ORTHRUS_DECODE_TCP_H
#define ORTHRUS_DECODE_TCP_H

#include "services/protocol-decode/place.h"

struct tcp;

enum overlap_policy {
    OVERLAP_FIRST, /* bytes that came first stay: what most stacks do with what is already acknowledged */
    OVERLAP_LAST,
};

struct tcp_options {
    uint32_t flows;
    uint32_t pages;         /* of TCP_PAGE_BYTES, for all flows together */
    uint32_t pages_of_flow; /* at most, per direction */
    time_ns idle_timeout;
    time_ns gap_timeout; /* a hole older than this is given up */
    enum overlap_policy overlap;
    struct hash_key seed;
};

enum {
    TCP_PAGE_BYTES = 2048,
};

/* Which protocol a flow carries, kept for it by the handler below. Plain bytes. */
struct tcp_flow {
    struct place place; /* client and server by SYN, else by what the handler's probe said; the first packet's
                           time is part of place.flow */
    uint8_t protocol;   /* enum protocol: the handler's, 0 until it knows */
    uint8_t probes;     /* the handler's: how often it could not tell */
    bool given_up;      /* the handler's: it wants no more of this flow */
    uint64_t packets;
    uint64_t bytes; /* payload, both ways */
    uint64_t lost_bytes;
    uint32_t messages;
    uint32_t sealed_messages;
    uint32_t malformed_messages;
    uint32_t overlap_conflicts;
    bool midstream;
    bool seen[2]; /* a segment of this direction was seen: [0] to the client, [1] to the server */
};

/*
 * What the decoder does with bytes in order. All calls come from within tcp_segment() and tcp_expire(); flow
 * is valid only during the call. place tells direction, frame and time.
 */
struct tcp_handler {
    void *owner;
    /* How the bytes at the current position are framed. Called again with more when it answers FRAMING_MORE.
     * May swap client and server of the flow (tcp_swap()) when the content shows that they were guessed
     * wrongly. */
    struct framing (*frame)(void *owner, struct tcp_flow *flow, const struct place *place, struct str bytes);
    /* A message: its first `want` bytes of `size`. */
    void (*message)(void *owner, struct tcp_flow *flow, const struct place *place, struct str message,
                    uint32_t size);
    /* size bytes of this direction will never come. */
    void (*lost)(void *owner, struct tcp_flow *flow, const struct place *place, uint64_t size);
    /* The flow is over and will be forgotten after this call. place->time is when it ended. */
    void (*ended)(void *owner, struct tcp_flow *flow, const struct place *place, enum ending why);
};

struct tcp_counts {
    uint64_t segments;
    uint64_t bad_segments;  /* headers that cannot be */
    uint64_t retransmitted; /* bytes seen again */
    uint64_t overlap_conflicts;
    uint64_t lost_bytes;
    uint64_t flows;
    uint64_t flows_evicted;
    uint64_t pages_evicted;
};

enum err tcp_create(struct tcp **tcp, const struct tcp_options *options,
                    const struct tcp_handler *handler) MUST_CHECK;
void tcp_free(struct tcp *tcp);
size_t tcp_tables(struct tcp *tcp, struct table **tables);
/* A segment: source and target as in its IP header, payload from the TCP header on. place_file, frame and
 * time are those of its frame. arena holds messages that had to be gathered; it lives as long as the batch.
 */
struct tcp_input {
    const struct addr *source;
    const struct addr *target;
    struct str segment;
    bool cut;           /* the snap length took its end */
    uint32_t cut_bytes; /* how many bytes it took; 0 when that is not known */
    uint64_t file;
    uint64_t frame;
    time_ns time;
};
void tcp_segment(struct tcp *tcp, struct arena *arena, const struct tcp_input *input);
/* The handler found that client and server are the other way round. */
void tcp_swap(struct tcp_flow *flow);
/* Ends flows idle before now, each at its own time; now TIME_NS_END ends all (ENDING_INPUT, at their last
 * packet's time). */
void tcp_expire(struct tcp *tcp, struct arena *arena, time_ns now);
struct tcp_counts tcp_counts(const struct tcp *tcp);

#endif
