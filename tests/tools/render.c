/*
 * render - writes a made-up run as a report or as text, for a person to look at and for
 * tests/oracle/report.py to judge.
 *
 *     render html|text|color SAMPLE [COLUMNS]
 *
 * SAMPLE is empty, quiet, one, attack, hostile or many. Exit code 2 for a wrong use.
 */
#include <stdio.h>

#include "services/orthrus/report.h"
#include "services/orthrus/text_output.h"
#include "tests/tools/sample_results.h"

enum {
    EXIT_USAGE = 2,
};

static enum sample sample_of(const char *name)
{
    for (int s = 0; s < SAMPLE_COUNT; s++)
        if (strcmp(sample_name((enum sample)s), name) == 0)
            return (enum sample)s;
    return SAMPLE_COUNT;
}

static void write_text(struct results *results, const struct text_style *style, struct writer *w)
{
    for (uint32_t i = 0; i < results->alert_count; i++) {
        text_write_alert(results, &results->alerts[i], style, w);
        writer_text(w, "\n");
    }
    text_write_summary(results, style, w);
}

int main(int argc, char **argv)
{
    enum sample sample = argc >= 3 ? sample_of(argv[2]) : SAMPLE_COUNT;
    if (sample == SAMPLE_COUNT) {
        (void)fprintf(stderr, "usage: render html|text|color SAMPLE [COLUMNS]\n");
        return EXIT_USAGE;
    }
    struct results results;
    struct writer w = {0};
    struct text_style style = {.color = strcmp(argv[1], "color") == 0,
                               .columns = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0};
    sample_results(&results, sample);
    if (strcmp(argv[1], "html") == 0)
        report_write(&results, &w);
    else
        write_text(&results, &style, &w);
    REQUIRE(writer_ok(&w));
    (void)fwrite(w.bytes, 1, w.size, stdout);
    writer_close(&w);
    results_close(&results);
    return 0;
}
