/*
 * kerberos_pending - a request that waits for its answer, as plain bytes that may stand in a table.
 *
 * Internal to protocol-decode.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_PENDING_H
#define ORTHRUS_DECODE_KERBEROS_PENDING_H

#include "services/protocol-decode/kerberos_parse.h"

enum {
    PENDING_BODY_BYTES = 2048, /* four times what an ordinary request takes; the rest is for certificates */
};

struct kerberos_pending {
    struct place place; /* of the request, client and server as who asked whom */
    time_ns deadline;
    uint64_t fingerprint;             /* of the whole request: a retransmission has the same */
    uint64_t unique;                  /* tells its observation from others of its time and flow */
    uint8_t message;                  /* enum kerberos_message */
    bool cut;                         /* not all of it found room in body */
    uint8_t body[PENDING_BODY_BYTES]; /* keep_body.h */
};

/* What a request's body holds, into a zeroed value. place, deadline and fingerprint are the caller's, and
 * set before. */
void kerberos_pending_set(struct kerberos_pending *pending, const struct kerberos *body);
/* And back into a body; lists and strings are copied to the arena. */
void kerberos_pending_get(const struct kerberos_pending *pending, struct arena *arena, struct kerberos *body);
/* Copies a place member by member, so that zeroed padding stays zero. */
void kerberos_place_set(struct place *to, const struct place *from);

#endif
