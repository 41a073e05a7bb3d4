/*
 * slot - one stage over one partition: takes a batch, steps, sends, commits state with its position.
 *
 * This is idea 4 of the design. The run of slot_run() is the whole of it: read records behind the position,
 * drop repeats by the high-water mark of each source slot, put them in the order of event time, step the
 * stage, send what it gave with (slot, sequence), then commit in one atomic step the changed state, the
 * oldest offset still needed and the marks. It may be killed between any two of these; a new slot over the
 * same store goes on as if nothing had happened. Pure: the bus and the store are behind interfaces. One
 * owner, no threads.
 */
#ifndef ORTHRUS_STREAM_SLOT_H
#define ORTHRUS_STREAM_SLOT_H

#include "common/stream/bus.h"
#include "common/stream/order.h"
#include "common/stream/stage.h"

/* Where a kill can strike, for tests: nothing after that point happens, and slot_run() answers ERR_END. */
enum slot_kill {
    SLOT_KILL_NEVER,
    SLOT_KILL_AFTER_READ,
    SLOT_KILL_AFTER_STEP,
    SLOT_KILL_WHILE_SENDING,
    SLOT_KILL_BEFORE_COMMIT,
    SLOT_KILL_AFTER_COMMIT,
    SLOT_KILLS,
};

struct slot_options {
    const char *name;   /* of the service; with number names the state in the store */
    uint32_t number;    /* this slot; also the partition it reads */
    uint32_t sources;   /* how many slots write to what it reads */
    const char *input;  /* topic */
    const char *output; /* topic; null when what the stage gives goes nowhere */
    uint32_t held_max;
    struct bus bus;
    struct store store;
};

struct slot;

/* Takes the stage over (closed with the slot) and loads its state from the store. */
enum err slot_open(struct slot **slot, const struct slot_options *options, struct stage stage) MUST_CHECK;
/* Without any commit: what a crash leaves. */
void slot_close(struct slot *slot);
/* One batch of at most records_max records. *read is how many were read. ERR_CONFLICT: another owner wrote;
 * open the slot again. ERR_END: killed as asked. */
enum err slot_run(struct slot *slot, uint32_t records_max, enum slot_kill kill, uint32_t *read) MUST_CHECK;

/* The partition of a record: by its key; UINT32_MAX for what goes to every partition (facts and watermarks).
 */
uint32_t slot_partition(const struct record *record, uint32_t partitions);

#endif
