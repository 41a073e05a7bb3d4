/*
 * main - runs seeds of the simulation over captures and compares alerts.
 *
 * usage: sim [--seeds N] [--first N] CAPTURE...
 * Each seed takes one of the captures, or two of them merged. The first seed that differs is printed with
 * both sets of alerts, and can be run again alone with --first SEED --seeds 1.
 */
#include <errno.h>

#include "tests/sim/sim.h"

static uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text) {
        (void)fprintf(stderr, "sim: \"%s\" is no number\n", text);
        exit(2);
    }
    return value;
}

struct totals {
    uint64_t runs, kills, zombies, conflicts, repeats, alerts;
    uint64_t with_alerts; /* seeds whose input gives alerts at all */
};

static void add(struct totals *t, const struct sim_story *story, bool alerts)
{
    t->runs += story->runs;
    t->kills += story->kills;
    t->zombies += story->zombies;
    t->conflicts += story->conflicts;
    t->repeats += story->repeats;
    t->alerts += story->alerts;
    t->with_alerts += alerts;
}

/* True when the seed's alerts are those of one process. */
static bool one_seed(char **paths, uint32_t count, uint64_t seed, struct totals *totals)
{
    uint64_t mixed = hash_u64(HASH_KEY_NAMES, &seed, sizeof(seed));
    char *chosen[2] = {paths[mixed % count], paths[(mixed >> 20) % count]};
    int files = chosen[0] != chosen[1] && (mixed >> 40) % 3 == 0 ? 2 : 1;
    struct sim_input input = {0};
    if (!sim_read(&input, chosen, files)) {
        (void)fprintf(stderr, "sim: %s cannot be read\n", chosen[0]);
        exit(2);
    }
    struct chain_options *options = malloc(sizeof(*options));
    REQUIRE(options != NULL);
    *options = sim_chain_options();
    struct writer expected = {0}, got = {0};
    struct sim_story story;
    sim_expect(&input, options, &expected);
    bool ended = sim_run(&input, options, seed, &got, &story);
    bool same = ended && str_equal(writer_str(&expected), writer_str(&got));
    add(totals, &story, expected.size > 0);
    if (!same)
        (void)printf("seed %llu differs%s: %s%s%s, slots %u %u %u %u, %llu kills\n-- in one process:\n%.*s-- "
                     "in slots:\n%.*s",
                     (unsigned long long)seed, ended ? "" : " (did not end)", chosen[0],
                     files == 2 ? " and " : "", files == 2 ? chosen[1] : "", story.slots[0], story.slots[1],
                     story.slots[2], story.slots[3], (unsigned long long)story.kills, (int)expected.size,
                     (const char *)expected.bytes, (int)got.size, (const char *)got.bytes);
    writer_close(&expected);
    writer_close(&got);
    sim_input_close(&input);
    free(options);
    return same;
}

int main(int argc, char **argv)
{
    uint64_t seeds = 100, first = 1;
    int next = 1;
    for (; next + 1 < argc && argv[next][0] == '-'; next += 2) {
        if (strcmp(argv[next], "--seeds") == 0)
            seeds = number(argv[next + 1]);
        else if (strcmp(argv[next], "--first") == 0)
            first = number(argv[next + 1]);
        else
            break;
    }
    if (next >= argc) {
        (void)fprintf(stderr, "usage: sim [--seeds N] [--first N] CAPTURE...\n");
        return 2;
    }
    struct totals totals = {0};
    for (uint64_t seed = first; seed < first + seeds; seed++)
        if (!one_seed(argv + next, (uint32_t)(argc - next), seed, &totals))
            return 1;
    (void)printf("%llu seeds: %llu runs of slots, %llu kills, %llu came back from the dead, %llu commits "
                 "refused, %llu frames "
                 "sent twice, %llu alerts told; every set of alerts the same; %llu seeds had alerts\n",
                 (unsigned long long)seeds, (unsigned long long)totals.runs, (unsigned long long)totals.kills,
                 (unsigned long long)totals.zombies, (unsigned long long)totals.conflicts,
                 (unsigned long long)totals.repeats, (unsigned long long)totals.alerts,
                 (unsigned long long)totals.with_alerts);
    /* A simulation in which nothing happened tests nothing. */
    return totals.kills == 0 || totals.with_alerts == 0;
}
