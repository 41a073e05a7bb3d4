/*
 * progress - a line on standard error that shows how far a run is.
 *
 * Shown on a terminal only, at most ten times a second, and wiped when it ends or before other text is
 * written. It reads the wall clock; nothing it shows is part of any result.
 */
#ifndef ORTHRUS_SERVICE_PROGRESS_H
#define ORTHRUS_SERVICE_PROGRESS_H

#include "common/base/base.h"

struct progress {
    bool shown; /* on a terminal */
    bool drawn;
    double started; /* seconds, monotonic */
    double last;
};

struct progress_state {
    uint64_t done;
    uint64_t total; /* 0: not known */
    uint64_t items;
    const char *unit; /* of items, as in "packets" */
};

/* wanted: false when the user asked for quiet. */
void progress_start(struct progress *progress, bool wanted);
void progress_draw(struct progress *progress, const struct progress_state *state);
void progress_wipe(struct progress *progress);
/* Seconds since it was started. */
double progress_seconds(const struct progress *progress);

#endif
