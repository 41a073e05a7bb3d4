/*
 * results - what a run found, gathered for output.
 *
 * Fed with every record that the chain gives; at the end holds the last revision of each alert in order of
 * first_seen (ties by id), coverage per server and protocol, and who was seen. Everything lives in its arena.
 * One owner, no threads.
 */
#ifndef ORTHRUS_RESULTS_H
#define ORTHRUS_RESULTS_H

#include "common/base/table.h"
#include "common/stream/batch.h"
#include "common/stream/stage.h"

enum {
    RESULTS_SERVERS_MAX = 65536,
    RESULTS_ENTITIES_MAX = 65536,
    RESULTS_ALERTS_MAX = 65536,
    RESULTS_NAME_BYTES = 96,
    RESULTS_STAGES_MAX = 8,
    RESULTS_COUNTS_MAX = 128,
    RESULTS_UNREAD_MAX = 8,
};

/* What was read of one protocol on one server. What is only carried inside another protocol has no flows of
 * its own. Plain bytes. */
struct results_coverage {
    struct addr server;
    uint16_t port;
    uint8_t protocol; /* enum protocol */
    uint64_t flows;
    uint64_t packets;
    uint64_t bytes;
    uint64_t lost_bytes;
    uint64_t messages;
    uint64_t sealed_messages;
    uint64_t malformed_messages;
    uint64_t midstream_flows;
    uint64_t one_sided_flows;
    uint64_t exchanges;                  /* told by the decoder, also those inside another protocol's flows */
    uint64_t opened;                     /* of these: encrypted, and opened with a key that the owner gave */
    uint64_t unread[RESULTS_UNREAD_MAX]; /* of these: by enum unread, why a part could not be read */
};

/* What is known of an address. Plain bytes. */
struct results_entity {
    struct addr address;
    char host[RESULTS_NAME_BYTES];
    char account[RESULTS_NAME_BYTES]; /* the last one seen to work there */
    char domain[RESULTS_NAME_BYTES];
    uint8_t host_by; /* enum resolved_by */
    uint8_t host_certainty;
    uint8_t role;       /* enum device_role */
    time_ns first_seen; /* named by a message; TIME_NS_NONE when it was only the end of a flow */
    time_ns last_seen;
};

/* One input as it was read. Texts are borrowed for the run. */
struct results_input {
    struct str path;
    uint64_t bytes;
    uint64_t frames;
    struct str problem; /* empty when all of it was read */
    bool unreadable;    /* nothing of it was read */
};

/* How a type of observation tells what of it could be read: looked up once. */
struct results_reading {
    const struct field_info *unread; /* null: it does not */
    const struct field_info *server;
    const struct field_info *port;
    const struct field_info *opened;         /* a flag; may be null */
    const struct field_info *opening;        /* enum opening; may be null */
    const struct field_info *protocol_field; /* null: all of the type are of .protocol */
    uint8_t protocol;
    bool looked;
};

struct results_stage {
    const char *name;
    struct stage_count counts[RESULTS_COUNTS_MAX];
    size_t count;
};

struct results {
    struct arena arena;
    struct record *alerts; /* bodies are struct alert */
    uint32_t alert_count;
    struct results_coverage *coverage; /* by server, port, protocol */
    uint32_t coverage_count;
    struct results_entity *entities; /* by address */
    uint32_t entity_count;
    const struct results_input *inputs;
    uint32_t input_count;
    struct results_stage stages[RESULTS_STAGES_MAX];
    uint32_t stage_count;
    time_ns first; /* event time of the first and last frame; TIME_NS_NONE when there was none */
    time_ns last;
    uint64_t frames;
    uint64_t frame_bytes;
    double seconds; /* that the run took; not part of any output that must be the same twice */
    /* While it is fed. */
    struct results_reading readings[RECORD_TYPE_MAX];
    struct table *alert_table;
    struct table *coverage_table;
    struct table *entity_table;
    struct arena spare;  /* alerts are copied again when they were told often, so that memory stays bounded */
    size_t alert_bytes;  /* of the copies in the arena that are still the last ones */
    uint32_t alert_hole; /* place of an alert that was forgotten for a new one; alert_count: none */
    /* What did not fit, at the end. */
    uint64_t alerts_forgotten;
    uint64_t coverage_forgotten;
    uint64_t entities_forgotten;
    /* Where file names begin to differ, for the inputs it was worked out for. */
    const struct results_input *prefix_inputs;
    uint32_t prefix_count;
    uint32_t prefix_size;
};

enum err results_open(struct results *results, struct hash_key seed) MUST_CHECK;
void results_close(struct results *results);
/* Takes alerts, bindings and observations from a batch; leaves the rest. */
void results_feed(struct results *results, const struct batch *batch);
/* Sorts what was fed: call once, at the end; nothing is fed after it. */
void results_finish(struct results *results);

/* "WS2 (192.168.0.1)", or the address alone when it has no name, or nothing for no address: into the arena,
 * and good until more is fed. */
struct str results_device(struct results *results, const struct addr *address);
/* What is known of an address; null when nothing is. */
const struct results_entity *results_entity_of(const struct results *results, const struct addr *address);
/* A file as it is shown: without the folders that all inputs stand in. Borrows from file. */
struct str results_file(struct results *results, struct str file);

#endif
