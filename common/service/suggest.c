/*
 * suggest - the optimal string alignment distance.
 */
#include "common/service/suggest.h"

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned suggest_distance(struct str a, struct str b)
{
    unsigned row[3][SUGGEST_BYTES_MAX + 1];
    if (a.size > SUGGEST_BYTES_MAX || b.size > SUGGEST_BYTES_MAX)
        return SUGGEST_BYTES_MAX;
    for (uint32_t j = 0; j <= b.size; j++)
        row[0][j] = j;
    for (uint32_t i = 1; i <= a.size; i++) {
        unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = i;
        for (uint32_t j = 1; j <= b.size; j++) {
            bool same = a.at[i - 1] == b.at[j - 1];
            now[j] = least(least(before[j] + 1, now[j - 1] + 1), before[j - 1] + !same);
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
                now[j] = least(now[j], two_before[j - 2] + 1);
        }
    }
    return row[a.size % 3][b.size];
}

const char *suggest_nearest(struct str word, const char *(*next)(const void *arg, uint32_t index),
                            const void *arg, uint32_t count)
{
    const char *nearest = NULL;
    /* A third of the letters may be wrong: further off, a suggestion is a guess. */
    unsigned best = word.size / 3 + 2;
    for (uint32_t i = 0; i < count; i++) {
        const char *candidate = next(arg, i);
        unsigned distance = suggest_distance(word, str_of(candidate));
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}
