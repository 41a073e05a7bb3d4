/*
 * judge - what a detection works with: its settings, and the findings it builds.
 *
 * A finding gathers evidence from the first suspicious act on, and becomes an alert when the detection opens
 * it. One that is never opened is forgotten. Internal to alerting.
 */
#ifndef ORTHRUS_ALERTING_JUDGE_H
#define ORTHRUS_ALERTING_JUDGE_H

#include <stdarg.h>

#include "services/alerting/alerting.h"

enum {
    FINDING_NAME_BYTES = 96,
    FINDING_TITLE_BYTES = 200,
    FINDING_TEXT_BYTES = 1200,
    FINDING_TARGETS_MAX = 64,
    FINDING_NAMES_BYTES =
        4096, /* two bits for each name: of 1,000 names about one has those of others and is not counted */
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
    struct id id; /* of the alert: set by the first record that proved it */
    struct id entity;
    struct id name; /* under which its evidence is kept */
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
    bool changed; /* since it was told */
    bool urgent;  /* what changed is worth telling at once; the detection says so */
    uint8_t severity;
    uint8_t confidence; /* percent */
    uint8_t outcome;
    struct finding_end source;
    struct finding_end target;
    char targets[FINDING_TARGETS_MAX][FINDING_NAME_BYTES]; /* accounts or services, the first ones */
    bool target_marked[FINDING_TARGETS_MAX];               /* the detection says what that means */
    uint8_t names[FINDING_NAMES_BYTES];                    /* which names were targets, also those not kept */
    char title[FINDING_TITLE_BYTES];
    char text[FINDING_TEXT_BYTES];
};

/* An activity that may become evidence later: plain bytes, for the state of a detection. */
struct kept {
    time_ns time;
    uint64_t frame;
    uint64_t reply_frame;
    struct id observation;
    struct id account;
    char account_name[FINDING_NAME_BYTES];
    char account_domain[FINDING_NAME_BYTES];
    char operation[24];
    char code_name[48];
    char file[EVIDENCE_FILE_BYTES];
    uint32_t code;
    uint8_t kind;
    uint8_t protocol;
    uint8_t outcome;
    uint8_t account_by;
    uint8_t account_certainty;
    bool preauth;
    uint8_t zero[6];
};

void kept_set(struct kept *kept, const struct activity *activity, time_ns time);
/* What was kept of it; borrows from kept. */
struct activity kept_activity(const struct kept *kept);

int64_t judge_setting(const struct judge *judge, const char *name);
time_ns judge_now(const struct judge *judge);
/* Has everything been watched for so long, with nothing of this detection's state forgotten? Then what is not
 * known did not happen in that time. After a restart it begins anew, so that in doubt it says no. */
bool judge_has_watched(const struct judge *judge, time_ns duration);

/* The finding of this detection and entity; made when there is none, or when the last one went quiet. */
struct finding *judge_finding(struct judge *judge, const struct activity *activity);
/* Null when there is none. Changes to it count with the evidence that is added for them. */
struct finding *judge_existing(struct judge *judge);
/* Forgets a finding that was not opened, with its evidence. */
void judge_drop(struct judge *judge);

/* Sets both ends from the activity: source device and account, target device. */
void finding_set_ends(struct finding *finding, const struct activity *activity);
/* Only the account of the source, or of the target. */
void finding_set_account(struct finding_end *end, const struct activity *activity);
/* Adds an attacked account or service, once; counts those beyond what is kept. */
void finding_add_target(struct finding *finding, struct str name);
uint32_t finding_targets_kept(const struct finding *finding);
/* Marks one that was added; it takes the place of an unmarked one when it was not kept. */
void finding_mark_target(struct finding *finding, struct str name);
/* How many of those kept are marked. */
uint32_t finding_marked(const struct finding *finding);
/* The end of a long path says more than its beginning: what of it fits a field of size bytes. */
struct str finding_tail(struct str path, uint32_t size);

/* One item of evidence for the activity. field, value and threshold may be empty. decisive items are kept
 * even when many were. */
struct evidence_text {
    const char *field;
    const char *value;
    const char *threshold;
    bool decisive;
    time_ns time; /* of a kept activity; 0: now */
};
void judge_evidence(struct judge *judge, struct finding *finding, const struct activity *activity,
                    const struct evidence_text *text, const char *what, ...) PRINTF(5, 6);

/* What one act adds to a finding. */
struct act {
    uint8_t severity;   /* of this act: the finding's is that of its worst; unknown: the detection's own */
    uint8_t confidence; /* percent; the finding's is the highest */
    uint8_t outcome;    /* enum outcome: a success outweighs a failure, which outweighs what was not seen */
    struct str target;  /* account, service, file, object: added to the finding's targets; empty: none */
    struct evidence_text evidence;
};
/* The finding of this entity with the act added: ends and account set, counted, with its evidence (`what` in
 * words). The caller then gives title and text, and opens it. */
struct finding *judge_act(struct judge *judge, const struct activity *activity, const struct act *act,
                          const char *what, ...) PRINTF(4, 5);

/* Makes it an alert, or says it again with what changed. */
void judge_open(struct judge *judge, struct finding *finding, const struct activity *proof);
void finding_print(char *field, size_t size, const char *format, va_list args) PRINTF(3, 0);
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
