/*
 * random_record - records of any type filled at random from a seed, with a liking for the edges of each kind.
 */
#ifndef ORTHRUS_TESTS_RANDOM_RECORD_H
#define ORTHRUS_TESTS_RANDOM_RECORD_H

#include "common/base/arena.h"
#include "proto/record.h"

/* splitmix64: every seed is a good one, and the same everywhere. */
struct random {
    uint64_t state;
};

uint64_t random_u64(struct random *random);
/* 0 to below - 1. */
uint32_t random_below(struct random *random, uint32_t below);
/* A number whose size in bits is as random as its value, so that every shortest form is met. */
uint64_t random_number(struct random *random);

struct record random_record(struct random *random, struct arena *arena, const struct record_info *info);

#endif
