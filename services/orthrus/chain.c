/*
 * chain - each stage's output, put in order, is the next one's input.
 */
#include "services/orthrus/chain.h"

enum {
    CHAIN_HELD_MAX = 1 << 20,
};

struct chain_options chain_defaults(void)
{
    return (struct chain_options){
        .decode = decode_defaults(),
        .identity = identity_defaults(),
        .alerting = alerting_defaults(),
    };
}

enum err chain_open(struct chain *chain, const struct chain_options *options)
{
    *chain = (struct chain){0};
    for (int i = 0; i < CHAIN_STAGES; i++) {
        batch_init(&chain->outputs[i]);
        batch_init(&chain->ordered[i]);
        order_init(&chain->orders[i], 1, CHAIN_HELD_MAX);
    }
    enum err err = decode_create(&chain->stages[CHAIN_DECODE], &options->decode);
    if (err == ERR_OK)
        err = identity_bind_create(&chain->stages[CHAIN_BIND]);
    if (err == ERR_OK)
        err = identity_stamp_create(&chain->stages[CHAIN_STAMP], &options->identity);
    if (err == ERR_OK)
        err = alerting_create(&chain->stages[CHAIN_ALERTING], &options->alerting);
    if (err != ERR_OK)
        chain_close(chain);
    return err;
}

void chain_close(struct chain *chain)
{
    for (int i = 0; i < CHAIN_STAGES; i++) {
        stage_close(&chain->stages[i]);
        batch_close(&chain->outputs[i]);
        batch_close(&chain->ordered[i]);
        order_close(&chain->orders[i]);
    }
}

void chain_step(struct chain *chain, const struct batch *in, enum chain_link last)
{
    for (int i = 0; i <= (int)last; i++) {
        batch_reset(&chain->outputs[i]);
        batch_reset(&chain->ordered[i]);
        if (i > 0) {
            order_step(&chain->orders[i], &chain->outputs[i - 1], &chain->ordered[i]);
            in = &chain->ordered[i];
        }
        stage_step(&chain->stages[i], in, &chain->outputs[i]);
    }
}
