/*
 * zeek_files - Zeek's logs as files of a folder, made when their first entry comes.
 */
#ifndef ORTHRUS_ZEEK_FILES_H
#define ORTHRUS_ZEEK_FILES_H

#include <stdio.h>

#include "common/stream/batch.h"
#include "services/orthrus/zeek.h"

struct zeek_files {
    const char *folder; /* borrowed; it is made when it is not there */
    FILE *files[ZEEK_LOGS_MAX];
    time_ns last[ZEEK_LOGS_MAX];
    char problem[512]; /* what could not be written, for a person; empty: nothing */
};

/* False, with a problem, when the folder cannot be made. */
bool zeek_files_open(struct zeek_files *files, const char *folder) MUST_CHECK;
/* Writes what of a batch stands in a log. False, with a problem, when it could not be written. */
bool zeek_files_feed(struct zeek_files *files, const struct batch *batch) MUST_CHECK;
/* Ends every log. False, with a problem, when one could not be written whole. */
bool zeek_files_close(struct zeek_files *files) MUST_CHECK;

#endif
