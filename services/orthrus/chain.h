/*
 * chain - the cores of all services in one process: frames in at one end, alerts out at the other.
 *
 * Between two stages stands an order (common/stream/order.h), as the bus has one, so that this gives what the
 * separate services give. One owner, no threads.
 */
#ifndef ORTHRUS_CHAIN_H
#define ORTHRUS_CHAIN_H

#include "common/stream/order.h"
#include "common/stream/stage.h"
#include "services/alerting/alerting.h"
#include "services/identity/identity.h"
#include "services/protocol-decode/decode.h"

enum chain_link {
    CHAIN_DECODE,
    CHAIN_BIND,
    CHAIN_STAMP,
    CHAIN_ALERTING,
    CHAIN_STAGES,
};

struct chain_options {
    struct decode_options decode;
    struct identity_options identity;
    struct alerting_options alerting;
};

struct chain {
    struct stage stages[CHAIN_STAGES];
    struct batch outputs[CHAIN_STAGES]; /* of each stage, for the last step */
    struct order
        orders[CHAIN_STAGES]; /* before each stage; the first one is not used: frames come in order */
    struct batch ordered[CHAIN_STAGES];
};

struct chain_options chain_defaults(void);
/* options (and what they borrow) must outlive the chain. */
enum err chain_open(struct chain *chain, const struct chain_options *options) MUST_CHECK;
void chain_close(struct chain *chain);
/* Steps every stage up to and with `last`. in and chain->outputs are valid until the next step. */
void chain_step(struct chain *chain, const struct batch *in, enum chain_link last);

#endif
