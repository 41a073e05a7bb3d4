/*
 * frames - prints each frame that sources give: file, number, time, link type, lengths; problems to standard
 * error.
 *
 *     frames [--quiet] [--batch N] [--look-ahead N] [--open-max N] [--bytes-max N] FILE|DIR|-...
 *
 * A line of standard output: number, time in ns, LINKTYPE_, captured bytes, original bytes, hash of the
 * bytes, file, separated by tabs. With --quiet they are only counted. Exit code 3 when an input could not be
 * read.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/io/sources.h"

enum {
    FRAMES_BATCH = 1024,
    EXIT_USAGE = 2,
    EXIT_UNREADABLE = 3,
};

struct driver {
    bool quiet;
    uint32_t batch;
    uint64_t frames;
    time_ns time; /* of the frame before: the stream's time never goes back */
};

static void print_frame(struct driver *driver, const struct record *record)
{
    const struct frame *frame = record->body;
    REQUIRE(record->time >= driver->time && record->sequence == driver->frames);
    driver->time = record->time;
    driver->frames++;
    if (driver->quiet)
        return;
    printf("%" PRIu64 "\t%" PRId64 "\t%u\t%u\t%u\t%016" PRIx64 "\t%.*s\n", frame->number, record->time,
           frame->linktype, frame->bytes.size, frame->original_bytes,
           hash_u64(HASH_KEY_NAMES, frame->bytes.at, frame->bytes.size), (int)frame->file.size,
           frame->file.at);
}

static void print_all(struct driver *driver, struct sources *sources)
{
    struct batch batch;
    batch_init(&batch);
    for (bool more = true; more;) {
        batch_reset(&batch);
        more = sources_next(sources, &batch, driver->batch);
        for (uint32_t i = 0; i + 1 < batch.count; i++)
            print_frame(driver, &batch.records[i]);
        const struct record *last = batch_last(&batch);
        REQUIRE(last->type == RECORD_watermark && last->time == (more ? driver->time : TIME_NS_END));
    }
    batch_close(&batch);
}

static void print_problems(const struct sources *sources)
{
    static const char *const kinds[] = {"note", "damaged", "unreadable"};
    for (uint32_t i = 0; i < sources_problem_count(sources); i++) {
        const struct sources_problem *problem = sources_problem(sources, i);
        struct writer line = {0};
        text_write_terminal(&line, str_of(problem->file));
        writer_text(&line, ": ");
        text_write_terminal(&line, str_of(problem->text));
        (void)fprintf(stderr, "%s\t%.*s\n", kinds[problem->kind], (int)line.size, (const char *)line.bytes);
        writer_close(&line);
    }
}

static bool take_option(int argc, char **argv, int *i, struct driver *driver, struct sources_options *options)
{
    const char *name = argv[*i];
    if (strcmp(name, "--quiet") == 0) {
        driver->quiet = true;
        return true;
    }
    if (strncmp(name, "--", 2) != 0 || *i + 1 >= argc)
        return false;
    uint64_t value = strtoull(argv[++*i], NULL, 10);
    if (strcmp(name, "--batch") == 0)
        driver->batch = value > 0 ? (uint32_t)value : 1;
    else if (strcmp(name, "--look-ahead") == 0)
        options->look_ahead_frames = (uint32_t)value;
    else if (strcmp(name, "--open-max") == 0)
        options->open_max = (uint32_t)value;
    else if (strcmp(name, "--bytes-max") == 0)
        options->decompressed_bytes_max = value;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    struct driver driver = {.batch = FRAMES_BATCH, .time = TIME_NS_NONE};
    struct sources_options options = {0};
    int i = 1;
    while (i < argc && take_option(argc, argv, &i, &driver, &options))
        i++;
    struct sources *sources = NULL;
    if (i >= argc || sources_create(&sources, &options) != ERR_OK)
        return EXIT_USAGE;
    for (; i < argc; i++)
        sources_add(sources, argv[i]);
    sources_open(sources);
    print_all(&driver, sources);
    print_problems(sources);
    struct sources_totals totals = sources_totals(sources);
    struct sources_progress progress = sources_progress(sources);
    (void)fprintf(stderr,
                  "%u files, %" PRIu64 " frames, %" PRIu64 " bytes, %" PRIu64 " of %" PRIu64 " done\n",
                  totals.files, totals.frames, totals.bytes, progress.done, progress.total);
    sources_free(sources);
    return totals.unreadable > 0 ? EXIT_UNREADABLE : 0;
}
