/*
 * report_page - what the parts of the report share: the page being written, and how values stand in it.
 *
 * Internal to the report. Text of ours is written as it is; whatever came from outside goes through
 * html_str(), which makes characters that hide or reorder text visible and escapes the rest.
 */
#ifndef ORTHRUS_REPORT_PAGE_H
#define ORTHRUS_REPORT_PAGE_H

#include "services/orthrus/results.h"
#include "services/orthrus/words.h"

enum {
    REPORT_TIMELINE_ROWS_MAX = 40,
    REPORT_ALERTS_OPEN_MAX = 50,    /* whose evidence is shown without a click */
    REPORT_ALERTS_WHOLE_MAX = 1000, /* that get a section of their own */
    REPORT_ALERTS_LISTED_MAX = 5000,
    REPORT_EVIDENCE_MAX = 200,
    REPORT_ENTITIES_MAX = 500,
    REPORT_COVERAGE_MAX = 300,
    REPORT_INPUTS_MAX = 500,
    REPORT_SEVERITIES = severity_critical + 1,
};

/* How often an address stands in alerts. */
struct report_part {
    struct addr address;
    uint32_t as_source;
    uint32_t as_target;
};

struct report {
    struct results *results;
    struct writer *w;
    struct writer scratch;
    const struct record **ranked; /* alerts, the gravest first, then in order of time */
    uint32_t severities[REPORT_SEVERITIES];
    uint32_t succeeded;
    struct report_part *parts; /* by address */
    uint32_t part_count;
};

static inline const struct alert *report_alert(const struct report *r, uint32_t rank)
{
    return r->ranked[rank]->body;
}

/* Text of ours. */
static inline void html(struct report *r, const char *text)
{
    writer_text(r->w, text);
}
/* The same by format, for numbers and constant words. */
#define html_print(r, ...) writer_print((r)->w, __VA_ARGS__)

void html_str(struct report *r, struct str s);
/* "12,345". */
void html_number(struct report *r, uint64_t number);
/* "1 flow", "12,345 flows": singular and plural without the number. */
void html_count(struct report *r, uint64_t number, const char *one, const char *many);
/* A time element in UTC, without the letters UTC; a dash for TIME_NS_NONE. */
void html_time(struct report *r, time_ns time, unsigned digits);
/* The mark of a severity: a shape that tells it without its colour. */
void html_mark(struct report *r, uint8_t severity);
/* The device of one end: its host name, else what is known of its address, else the address. */
void html_device(struct report *r, const struct party *party);
/* The name that the section of an alert is linked by. */
void html_anchor(struct report *r, uint32_t rank);
/* How often an address stands in alerts; null when it does not. */
const struct report_part *report_part_of(const struct report *r, const struct addr *address);

/* The parts of the page. */
void report_write_style(struct report *r);
void report_write_timeline(struct report *r);
void report_write_alert(struct report *r, uint32_t rank);
void report_write_entities(struct report *r);
void report_write_coverage(struct report *r);
void report_write_unseen(struct report *r);
void report_write_inputs(struct report *r);
void report_write_counters(struct report *r);

#endif
