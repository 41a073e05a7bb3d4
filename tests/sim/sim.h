/*
 * sim - the whole chain as separate slots over the in-memory bus, driven by a seed.
 *
 * The seed decides how many slots each stage has (1, 2 or 4), in which order they run, how many records they
 * take at a time, how the source cuts, delays and repeats what it sends, between which two steps a slot is
 * killed and restored, and when a slot that was thought dead comes back beside its successor. The set of
 * alerts must be the one that the chain gives in one process.
 */
#ifndef ORTHRUS_SIM_H
#define ORTHRUS_SIM_H

#include "common/stream/memory_bus.h"
#include "common/stream/slot.h"
#include "services/orthrus/chain.h"

enum {
    SIM_SLOTS_MAX = 4,
    SIM_STAGES = 4,
};

/* The input of a run: frames in the order of time, and what they borrow from. */
struct sim_input {
    struct batch frames;
};

/* What happened, for the test's own report: a run that killed nothing proves nothing. */
struct sim_story {
    uint32_t slots[SIM_STAGES];
    uint64_t runs;
    uint64_t kills;
    uint64_t zombies;
    uint64_t conflicts;
    uint64_t repeats;
    uint64_t alerts;
};

/* Small limits, so that thousands of runs are quick. */
struct chain_options sim_chain_options(void);
/* Reads captures. False when one cannot be read. */
bool sim_read(struct sim_input *input, char *const *paths, int count);
void sim_input_close(struct sim_input *input);
/* Alerts in one process: sorted lines of JSON. */
void sim_expect(const struct sim_input *input, const struct chain_options *options, struct writer *lines);
/* Alerts of the seed's run in the same form. False when it did not come to an end. */
bool sim_run(const struct sim_input *input, const struct chain_options *options, uint64_t seed,
             struct writer *lines, struct sim_story *story);
/* The last revision of each alert in batches of alerts, as sorted lines of JSON. */
void sim_lines(const struct batch *alerts, struct writer *lines);

#endif
