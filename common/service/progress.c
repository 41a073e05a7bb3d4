/*
 * progress - drawn with a carriage return.
 */
#include "common/service/progress.h"

#include <unistd.h>

enum {
    BAR_CELLS = 30,
};

static double now_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_start(struct progress *p, bool wanted)
{
    *p = (struct progress){.shown = wanted && isatty(STDERR_FILENO), .started = now_seconds()};
    p->last = p->started;
}

double progress_seconds(const struct progress *p)
{
    return now_seconds() - p->started;
}

void progress_draw(struct progress *p, const struct progress_state *state)
{
    double now = now_seconds();
    if (!p->shown || now - p->last < 0.1)
        return;
    p->last = now;
    p->drawn = true;
    double rate = (double)state->items / (now - p->started);
    if (state->total == 0) {
        (void)fprintf(stderr, "\r\033[K%llu %s, %.0f a second", (unsigned long long)state->items, state->unit,
                      rate);
        return;
    }
    double share = state->done >= state->total ? 1.0 : (double)state->done / (double)state->total;
    char bar[BAR_CELLS + 1];
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = (double)i < share * BAR_CELLS ? '#' : '.';
    bar[BAR_CELLS] = '\0';
    (void)fprintf(stderr, "\r\033[K[%s] %3.0f %%  %llu %s, %.0f a second", bar, share * 100,
                  (unsigned long long)state->items, state->unit, rate);
}

void progress_wipe(struct progress *p)
{
    if (p->drawn)
        (void)fputs("\r\033[K", stderr);
    p->drawn = false;
}
