/*
 * text_output - alerts for a person at a terminal.
 */
#ifndef ORTHRUS_TEXT_OUTPUT_H
#define ORTHRUS_TEXT_OUTPUT_H

#include "common/base/writer.h"
#include "services/orthrus/results.h"

struct text_style {
    bool color;       /* the output is a terminal that shows colours, and NO_COLOR is not set */
    uint32_t columns; /* of the terminal; 0: 80 */
};

/* One alert as a block of text, its last line ended; an empty line between blocks is the caller's: title, who
 * did what to whom, when, the paragraph, evidence, what to check. */
void text_write_alert(struct results *results, const struct record *alert, const struct text_style *style,
                      struct writer *w);
/* The line that closes the list: how many of which severity, or that nothing was found and what that means.
 */
void text_write_summary(struct results *results, const struct text_style *style, struct writer *w);

#endif
