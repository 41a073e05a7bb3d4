/*
 * report - the results as one self-contained HTML page.
 */
#ifndef ORTHRUS_REPORT_H
#define ORTHRUS_REPORT_H

#include "common/base/writer.h"
#include "services/orthrus/results.h"

/* Writes the whole page. The same results give the same bytes; nothing in it needs a network or runs a script
 * from elsewhere; everything that came from outside is escaped. */
void report_write(struct results *results, struct writer *w);

#endif
