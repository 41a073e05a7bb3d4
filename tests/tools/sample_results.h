/*
 * sample_results - made-up results of a run, for tests of what is written of results and for looking at it.
 */
#ifndef ORTHRUS_TESTS_SAMPLE_RESULTS_H
#define ORTHRUS_TESTS_SAMPLE_RESULTS_H

#include "services/orthrus/results.h"

enum sample {
    SAMPLE_EMPTY,   /* nothing was read */
    SAMPLE_QUIET,   /* traffic, and no alert */
    SAMPLE_ONE,     /* one alert */
    SAMPLE_ATTACK,  /* an intrusion in six alerts over an hour of a working day */
    SAMPLE_HOSTILE, /* texts that try to break out of whatever they are written into */
    SAMPLE_MANY,    /* some thousands of alerts */
    SAMPLE_COUNT,
};

/* The name a sample goes by; null past the last. */
const char *sample_name(enum sample sample);
/* Opens and finishes results; close them with results_close(). */
void sample_results(struct results *results, enum sample sample);

#endif
