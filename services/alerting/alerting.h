/*
 * alerting - the alerting core: activities in, explained alerts out.
 *
 * A stage. In: `activity` records in the order of time, each published under one entity. Out: `alert`
 * records: one for each finding, told again with a higher revision as it grows; the last revision is the
 * whole of it.
 */
#ifndef ORTHRUS_ALERTING_ALERTING_H
#define ORTHRUS_ALERTING_ALERTING_H

#include "common/stream/stage.h"

enum {
    DETECTION_SETTINGS_MAX = 16,
    DETECTION_LIST_MAX = 8,
    DETECTIONS_MAX = 96,
};

/* One number that a detection can be tuned by. */
struct detection_setting {
    const char *name;
    int64_t standard; /* the default */
    int64_t least;
    int64_t most;
    const char *unit; /* "accounts", "seconds", ... */
    const char *doc;  /* what it does, and why the default is what it is */
};

struct judge;

/* A detection, whole: one const descriptor in one file. */
struct detection {
    const char *name;        /* never changes once released */
    const char *external_id; /* of the best-known product for the same threat; "" when there is none */
    const char *title;       /* what it is called in the catalogue */
    uint8_t severity;        /* enum severity: of a plain case */
    const char *tactics[DETECTION_LIST_MAX];
    const char *techniques[DETECTION_LIST_MAX];
    const char *entity; /* which entity's history decides it, in words */
    const char *sees;
    const char *misses;
    const char *wrong_when; /* what makes it wrong */
    const char *checks[DETECTION_LIST_MAX];
    const char *tuning;
    const struct detection_setting *settings; /* ends with a null name */
    uint32_t roles;                           /* bits 1 << enum entity_role: under which entities it reads */
    uint32_t kinds; /* bits 1 << enum activity_kind: which kinds of activities it reads */
    /* Quickly: may this activity matter? Null: all of these kinds may. Before any state is looked up. */
    bool (*wants)(const struct activity *activity, uint8_t role);
    uint32_t state_bytes; /* plain bytes kept per entity; zeroed at first */
    uint32_t states;      /* entities at once */
    uint32_t state_layout;
    /* Takes one activity of the entity; says what it finds through the judge. */
    void (*observe)(struct judge *judge, void *state, const struct activity *activity, uint8_t role);
};

/* The catalogue, in order; null-terminated. */
const struct detection *const *detections(void);
const struct detection *detection_find(struct str name);

struct alerting_options {
    uint32_t states;   /* entities that one detection remembers, at most; each may want fewer */
    uint32_t findings; /* being held at once, told or not */
    uint32_t evidence; /* items at once, for all findings */
    time_ns quiet;     /* a finding that saw nothing for so long is closed; the next one is a new alert */
    struct hash_key seed;
    int64_t settings[DETECTIONS_MAX][DETECTION_SETTINGS_MAX];
    bool off[DETECTIONS_MAX];
};

struct alerting_options alerting_defaults(void);
enum err alerting_create(struct stage *stage, const struct alerting_options *options) MUST_CHECK;

#endif
