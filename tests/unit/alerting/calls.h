/*
 * calls - calls of RPC operations by hand.
 */
#ifndef ORTHRUS_TEST_ALERTING_CALLS_H
#define ORTHRUS_TEST_ALERTING_CALLS_H

#include "tests/unit/alerting/world.h"

#define CLIENT "10.0.0.66"
#define DC     "10.0.0.10"

struct call {
    const char *client;
    const char *server;
    const char *interface;
    const char *operation;
    struct rpc_argument argument; /* at most one; without a name none */
    struct rpc_argument result;
    uint8_t server_role;
    bool sealed;
    uint32_t code; /* returned; 0: success */
};

/* Published under its source; waits in the world's input until something ends it. */
void world_call(struct world *w, const struct call *call);
void world_bind(struct world *w, const struct call *call, struct id interface);
/* "10.0.1.NUMBER" */
const char *world_host(struct world *w, int number);

#endif
