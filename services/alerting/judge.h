/*
 * judge - what a detection works with: its settings, and the findings it builds.
 *
 * A finding gathers evidence from the first suspicious act on, and becomes an alert when the detection opens it. One that
 * is never opened is forgotten. Internal to alerting.
 */
#ifndef ORTHRUS_ALERTING_JUDGE_H
#define ORTHRUS_ALERTING_JUDGE_H

#include "services/alerting/alerting.h"

enum {
    FINDING_NAME_BYTES = 96,
    FINDING_TITLE_BYTES = 200,
    FINDING_TEXT_BYTES = 1200,
    FINDING_TARGETS_MAX = 64,
    FINDING_EVIDENCE_MAX = 32,
    FINDING_EVIDENCE_PLAIN_MAX = 24, /* the rest is for what decides */
    EVIDENCE_TEXT_BYTES = 200,
    EVIDENCE_FILE_BYTES = 200,
};

/* One end of a finding, as it was known when it was last seen. Plain bytes. */
struct finding_end {
    struct addr ip;
    char host[FINDING_NAME_BYTES];
    char account[FINDING_NAME_BYTES];
    char domain[FINDING_NAME_BYTES];
    uint8_t host_by;
    uint8_t host_certainty;
    uint8_t account_by;
    uint8_t account_certainty;
};

/* A finding: plain bytes, kept in a table under (detection, entity). */
struct finding {
    struct id id;      /* of the alert: set by the first record that proved it */
    struct id entity;
    struct id name;    /* under which its evidence is kept */
    time_ns first_seen;
    time_ns last_seen;
    uint32_t count;    /* acts */
    uint32_t revision; /* how often it was told */
    uint32_t evidence_count;
    uint32_t evidence_left_out;
    uint32_t target_count;
    uint32_t told_count; /* count, severity and outcome as they were told last */
    uint8_t told_severity;
    uint8_t told_outcome;
    uint8_t detection; /* index in the catalogue */
    bool opened;
    bool changed;      /* since it was told */
    uint8_t severity;
    uint8_t confidence; /* percent */
    uint8_t outcome;
    struct finding_end source;
    struct finding_end target;
    char targets[FINDING_TARGETS_MAX][FINDING_NAME_BYTES]; /* accounts or services, the first ones */
    bool target_marked[FINDING_TARGETS_MAX];               /* the detection says what that means */
    char title[FINDING_TITLE_BYTES];
    char text[FINDING_TEXT_BYTES];
};

int64_t judge_setting(const struct judge *judge, const char *name);
time_ns judge_now(const struct judge *judge);

/* The finding of this detection and entity; made when there is none, or when the last one went quiet. */
struct finding *judge_finding(struct judge *judge, const struct activity *activity);
/* Null when there is none. */
struct finding *judge_existing(struct judge *judge);
/* Forgets a finding that was not opened, with its evidence. */
void judge_drop(struct judge *judge);

/* Sets both ends from the activity: source device and account, target device. */
void finding_set_ends(struct finding *finding, const struct activity *activity);
/* Only the account of the source, or of the target. */
void finding_set_account(struct finding_end *end, const struct activity *activity);
/* Adds an attacked account or service, once; counts those beyond what is kept. True when it is new among those kept. */
bool finding_add_target(struct finding *finding, struct str name);

/* Marks one of those that are kept; how many are marked. */
uint32_t finding_mark_target(struct finding *finding, struct str name);

/* One item of evidence for the activity. field, value and threshold may be empty. decisive items are kept even when many were. */
struct evidence_text {
    const char *field;
    const char *value;
    const char *threshold;
    bool decisive;
};
void judge_evidence(struct judge *judge, struct finding *finding, const struct activity *activity,
                    const struct evidence_text *text, const char *what, ...) PRINTF(5, 6);

/* Makes it an alert, or says it again with what changed. */
void judge_open(struct judge *judge, struct finding *finding, const struct activity *proof);
void finding_title(struct finding *finding, const char *format, ...) PRINTF(2, 3);
void finding_text(struct finding *finding, const char *format, ...) PRINTF(2, 3);

/* "alice", "the unknown account", "WS2 (10.0.0.5)": borrowed from the batch. */
const char *judge_account(struct judge *judge, const struct finding_end *end);
const char *judge_device(struct judge *judge, const struct finding_end *end);
/* Text from the batch by format. */
const char *judge_print(struct judge *judge, const char *format, ...) PRINTF(2, 3);
/* The names of the targets, "a, b, c and 17 more". */
const char *judge_targets(struct judge *judge, const struct finding *finding);
/* The same of those that are marked; empty when none is. */
const char *judge_marked_targets(struct judge *judge, const struct finding *finding);

#endif
