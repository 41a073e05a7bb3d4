/*
 * zeek - observations as lines of the logs that Zeek writes, so that what reads those can read these.
 *
 * Which log an observation stands in, and what its columns hold, stands in one table. Both of Zeek's forms
 * are written: tab-separated values with a header, one file a log, and JSON lines that name their log in
 * `_path`. Columns that we cannot know are unset. Pure; one owner, no threads.
 */
#ifndef ORTHRUS_ZEEK_H
#define ORTHRUS_ZEEK_H

#include "common/base/writer.h"
#include "proto/record.h"

enum {
    ZEEK_LOGS_MAX = 16,
};

/* The log at index by its path ("kerberos", "dce_rpc", ...); null past the last. */
const char *zeek_log_path(uint32_t index);
/* The logs that a record stands in, as bits by index: an LDAP search stands in two, most records in one or
 * none. */
uint32_t zeek_logs_of(const struct record *record);

/* The lines before the first entry; opened: event time of that entry. */
void zeek_write_header(uint32_t log, time_ns opened, struct writer *w);
void zeek_write_line(uint32_t log, const struct record *record, struct writer *w);
/* The line behind the last entry; closed: event time of that entry. */
void zeek_write_footer(time_ns closed, struct writer *w);
/* One JSON object and a line end. */
void zeek_write_json(uint32_t log, const struct record *record, struct writer *w);

/* Names a field of ours that a column draws on and that no record has, for a test; null when there is none.
 */
const char *zeek_unknown_field(void);

#endif
