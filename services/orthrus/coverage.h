/*
 * coverage - what of the traffic could be read, what that hides, and what to change to see more.
 *
 * Pure; one owner, no threads.
 */
#ifndef ORTHRUS_COVERAGE_H
#define ORTHRUS_COVERAGE_H

#include "common/base/writer.h"
#include "services/orthrus/results.h"
#include "services/orthrus/text_output.h"

enum {
    COVERAGE_PROTOCOLS_MAX = 32,
};

/* Sums over all servers. */
struct coverage_totals {
    struct results_coverage of[COVERAGE_PROTOCOLS_MAX]; /* by protocol */
    struct results_coverage all;
};

struct coverage_totals coverage_sum(const struct results *results);

/* A way in which traffic stays unseen. Texts are whole sentences. */
struct coverage_gap {
    const char *title;
    const char *hides;  /* what cannot be known because of it */
    const char *change; /* what its owner can do */
    const char *unit;   /* of what is counted, in the singular; "s" makes it plural */
    uint64_t (*count)(const struct results *results, const struct coverage_totals *totals);
    bool absent; /* speaks when the count is zero: nothing of a protocol was captured */
};

/* The gap at index; null past the last. */
const struct coverage_gap *coverage_gap_at(size_t index);

/* How much of it there was, and how much of that was whole or sealed: in messages, or in exchanges for what
 * is only carried inside another protocol. */
struct coverage_share {
    uint64_t amount;
    uint64_t whole;
    uint64_t sealed;
};
struct coverage_share coverage_share(const struct results_coverage *c);

/* How much of an amount of messages or exchanges could be read, in percent; 100 of nothing. */
unsigned coverage_percent(uint64_t part, uint64_t all);

/* For a person: by server and protocol, then each gap there is with what hides and what to change. */
void coverage_write_text(struct results *results, const struct text_style *style, struct writer *w);
/* One JSON object a line: each server and protocol ("type": "coverage"), then each gap ("type": "gap"). */
void coverage_write_json(struct results *results, struct writer *w);

#endif
