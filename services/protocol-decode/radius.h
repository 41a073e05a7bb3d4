/*
 * radius - RADIUS: access (RFC 2865), accounting (RFC 2866) and dynamic authorization (RFC 5176) over UDP.
 *
 * A request and its answer are one `radius` observation, emitted when the answer comes or at the request's
 * deadline. Neither passwords nor what hides them leave; what proves one leaves as a fingerprint.
 */
#ifndef ORTHRUS_DECODE_RADIUS_H
#define ORTHRUS_DECODE_RADIUS_H

#include "services/protocol-decode/place.h"

struct radius_module;

struct radius_options {
    uint32_t requests; /* how many may wait for an answer */
    time_ns timeout;   /* one without an answer is told after this */
    struct hash_key seed;
};

enum err radius_create(struct radius_module **module, const struct radius_options *options) MUST_CHECK;
void radius_free(struct radius_module *module);
size_t radius_tables(struct radius_module *module, struct table **tables);
/* Does this packet answer? */
bool radius_is_answer(struct str message);
/* size is its length on the wire, message what was captured of it. */
void radius_message(struct radius_module *module, struct decode_out *out, const struct place *place,
                    struct str message, uint32_t size);
/* Emits what is due before now, each with its own time. */
void radius_expire(struct radius_module *module, struct decode_out *out, time_ns now);

#endif
