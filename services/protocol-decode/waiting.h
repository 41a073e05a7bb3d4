/*
 * waiting - requests over UDP that wait for their answers, each kept as the body of its observation.
 *
 * Internal to protocol-decode. What DHCP and RADIUS share: a bounded table, in which the oldest touched is
 * the first due; a request that comes again counts; one that must go is told before.
 */
#ifndef ORTHRUS_DECODE_WAITING_H
#define ORTHRUS_DECODE_WAITING_H

#include "services/protocol-decode/place.h"

enum {
    WAITING_BODY_BYTES = 1536,
};

/* Which request an answer is for, as the protocol tells it. */
struct waiting_key {
    struct id scope;
    uint64_t number;
};

struct waiting_request {
    struct place place; /* client is who asked */
    time_ns deadline;
    uint64_t fingerprint; /* of what makes it the same request when it comes again */
    uint64_t unique;      /* for decode_emit() */
    uint32_t asked;
    bool answered;
    uint8_t body[WAITING_BODY_BYTES];
};

struct waiting;

struct waiting_options {
    const char *name;      /* of its table */
    enum record_type type; /* of the observations */
    uint32_t requests;
    time_ns timeout;
    struct hash_key seed;
    /* Writes the members that every observation of the type has, in its own places. */
    void (*set)(void *body, const struct waiting_request *request);
};

enum err waiting_create(struct waiting **waiting, const struct waiting_options *options) MUST_CHECK;
void waiting_free(struct waiting *waiting);
size_t waiting_tables(struct waiting *waiting, struct table **tables);

/* A request; body is its observation's, place its own. */
void waiting_ask(struct waiting *waiting, struct decode_out *out, const struct waiting_key *key,
                 const struct waiting_request *request, const void *body);
/* A new observation that holds the request, told at place->time with the frames of both; null when none
 * waits. again: others may answer it too. */
void *waiting_answer(struct waiting *waiting, struct decode_out *out, const struct waiting_key *key,
                     const struct place *place, bool again);
/* Emits what is due before now, each with its own time. */
void waiting_expire(struct waiting *waiting, struct decode_out *out, time_ns now);

#endif
