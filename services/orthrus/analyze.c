/*
 * analyze - captures in, explained alerts out.
 */
#include "services/orthrus/command.h"

#include <errno.h>

#include "common/base/text.h"
#include "proto/alert_json.h"
#include "proto/cef.h"
#include "proto/ocsf.h"
#include "services/orthrus/report.h"
#include "services/orthrus/results.h"
#include "services/orthrus/text_output.h"

enum output_format {
    FORMAT_TEXT,
    FORMAT_JSONL,
    FORMAT_OCSF,
    FORMAT_CEF,
};

struct analyze {
    struct settings settings;
    struct results results;
    struct chain chain;
    struct command_input input;
    enum output_format format;
    const char *report;
    uint8_t fail_on; /* enum severity; unknown: never */
    bool quiet;
    bool check_config;
    char **files;
    int file_count;
};

enum analyze_option {
    OPTION_FORMAT,
    OPTION_REPORT,
    OPTION_CONFIG,
    OPTION_ENTITIES,
    OPTION_HOME_NET,
    OPTION_KEYTAB,
    OPTION_FAIL_ON,
    OPTION_CHECK_CONFIG,
    OPTION_QUIET,
    OPTION_HELP,
};

static const struct option_spec option_specs[] = {
    [OPTION_FORMAT] = {"format", true},
    [OPTION_REPORT] = {"report", true},
    [OPTION_CONFIG] = {"config", true},
    [OPTION_ENTITIES] = {"entities", true},
    [OPTION_HOME_NET] = {"home-net", true},
    [OPTION_KEYTAB] = {"keytab", true},
    [OPTION_FAIL_ON] = {"fail-on", true},
    [OPTION_CHECK_CONFIG] = {"check-config", false},
    [OPTION_QUIET] = {"quiet", false},
    [OPTION_HELP] = {"help", false},
    {0},
};

static bool set_format(struct analyze *a, const char *value)
{
    static const char *const names[] = {"text", "jsonl", "ocsf", "cef"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (strcmp(names[i], value) == 0) {
            a->format = (enum output_format)i;
            return true;
        }
    (void)command_usage("analyze", "--format is text, jsonl, ocsf or cef, not \"%s\"", value);
    return false;
}

static bool set_fail_on(struct analyze *a, const char *value)
{
    for (uint32_t i = 0; i < severity_choices.count; i++)
        if (strcmp(severity_choices.names[i].name, value) == 0)
            a->fail_on = severity_choices.names[i].value;
    if (a->fail_on != severity_unknown)
        return true;
    (void)command_usage("analyze", "--fail-on is informational, low, medium, high or critical, not \"%s\"",
                        value);
    return false;
}

static bool set_option(struct analyze *a, int option, const char *value)
{
    bool good = true;
    switch (option) {
    case OPTION_FORMAT:
        return set_format(a, value);
    case OPTION_FAIL_ON:
        return set_fail_on(a, value);
    case OPTION_REPORT:
        a->report = value;
        return true;
    case OPTION_QUIET:
        a->quiet = true;
        return true;
    case OPTION_CHECK_CONFIG:
        a->check_config = true;
        return true;
    case OPTION_CONFIG:
        good = settings_load_file(&a->settings, value);
        break;
    case OPTION_ENTITIES:
        good = settings_load_devices(&a->settings, value);
        break;
    case OPTION_HOME_NET:
        good = settings_add_networks(&a->settings, value);
        break;
    case OPTION_KEYTAB:
        good = settings_add_keytab(&a->settings, value);
        break;
    default:
        break;
    }
    if (!good)
        (void)command_usage("analyze", "%s", a->settings.problem);
    return good;
}

/* EXIT_DONE and *go true when there is something to do; else the exit code. */
static int read_arguments(struct analyze *a, int argc, char **argv, bool *go)
{
    struct option_reader r = {.command = "analyze", .specs = option_specs, .argc = argc, .argv = argv};
    bool failed = false;
    a->files = argv; /* files are moved to the front as they are found */
    while (command_next(&r, &failed)) {
        if (r.spec == OPTION_HELP)
            return command_help("analyze");
        if (r.spec < 0)
            a->files[a->file_count++] = (char *)(uintptr_t)r.value;
        else if (!set_option(a, r.spec, r.value))
            return EXIT_USAGE;
    }
    if (failed)
        return EXIT_USAGE;
    if (!settings_load_environment(&a->settings))
        return command_usage("analyze", "%s", a->settings.problem);
    if (a->check_config) {
        struct writer w = {0};
        writer_text(&w, "the settings are right\n");
        return command_print(&w);
    }
    if (a->file_count == 0)
        return command_usage("analyze", "no file was given");
    *go = true;
    return EXIT_DONE;
}

static void run(struct analyze *a)
{
    struct batch frames;
    batch_init(&frames);
    bool more;
    do {
        more = command_read(&a->input, &frames);
        chain_step(&a->chain, &frames, CHAIN_ALERTING);
        results_feed(&a->results, &frames);
        results_feed(&a->results, &a->chain.outputs[CHAIN_DECODE]);
        results_feed(&a->results, &a->chain.outputs[CHAIN_BIND]);
        results_feed(&a->results, &a->chain.outputs[CHAIN_ALERTING]);
    } while (more);
    batch_close(&frames);
}

static bool write_alerts(struct analyze *a)
{
    struct writer w = {0};
    struct text_style style = command_terminal_style();
    bool good = true;
    for (uint32_t i = 0; i < a->results.alert_count && good; i++) {
        const struct record *alert = &a->results.alerts[i];
        if (a->format == FORMAT_TEXT)
            text_write_alert(&a->results, alert, &style, &w);
        else if (a->format == FORMAT_JSONL)
            alert_write_json(alert, &w);
        else if (a->format == FORMAT_CEF)
            alert_write_cef(alert, &w);
        else
            (void)record_write_ocsf(alert, &w);
        writer_text(&w, "\n");
        good = command_write(stdout, &w);
    }
    if (a->format == FORMAT_TEXT && good) {
        text_write_summary(&a->results, &style, &w);
        good = command_write(stdout, &w);
    }
    writer_close(&w);
    return command_end_output(good);
}

static bool write_report(struct analyze *a)
{
    struct writer w = {0};
    report_write(&a->results, &w);
    FILE *file = fopen(a->report, "wb");
    bool good = file && writer_ok(&w) && command_write(file, &w);
    if (file && fclose(file) != 0)
        good = false;
    writer_close(&w);
    if (!good)
        (void)fprintf(stderr, "error: %s: %s\n", a->report, strerror(errno));
    else if (!a->quiet)
        (void)fprintf(stderr, "report: %s\n", a->report);
    return good;
}

/* What was read of each input, for the report. */
static void gather_inputs(struct analyze *a)
{
    struct results *r = &a->results;
    uint32_t files = 0, problems = sources_problem_count(a->input.sources);
    while (sources_file(a->input.sources, files))
        files++;
    struct results_input *inputs = arena_zeroed(&r->arena, ((size_t)files + problems + 1) * sizeof(*inputs));
    for (uint32_t i = 0; i < files; i++) {
        const struct sources_file *file = sources_file(a->input.sources, i);
        inputs[i].path = str_of(file->name);
        inputs[i].bytes = file->bytes;
        inputs[i].frames = file->frames;
        if (file->first != TIME_NS_NONE && (r->first == TIME_NS_NONE || file->first < r->first))
            r->first = file->first;
        if (file->last > r->last)
            r->last = file->last;
    }
    uint32_t count = files;
    for (uint32_t p = 0; p < problems; p++) {
        const struct sources_problem *problem = sources_problem(a->input.sources, p);
        if (problem->kind == PROBLEM_NOTE)
            continue;
        uint32_t i = 0;
        while (i < files && !str_equal(inputs[i].path, str_of(problem->file)))
            i++;
        if (i == files)
            inputs[i = count++].path = str_of(problem->file);
        inputs[i].problem = str_of(problem->text);
        inputs[i].unreadable = problem->kind == PROBLEM_UNREADABLE;
    }
    r->inputs = inputs;
    r->input_count = count;
    struct sources_totals totals = sources_totals(a->input.sources);
    r->frames = totals.frames;
    r->frame_bytes = totals.bytes;
    r->seconds = progress_seconds(&a->input.progress);
    for (int i = 0; i < CHAIN_STAGES; i++) {
        const struct stage *stage = &a->chain.stages[i];
        struct results_stage *to = &r->stages[r->stage_count++];
        to->name = stage->type->name;
        to->count =
            stage->type->counts ? stage->type->counts(stage->self, to->counts, RESULTS_COUNTS_MAX) : 0;
    }
}

static void tell_summary(const struct analyze *a)
{
    const struct results *r = &a->results;
    struct sources_totals totals = sources_totals(a->input.sources);
    double seconds = r->seconds > 0 ? r->seconds : 1e-9;
    (void)fprintf(stderr, "%u file%s, %llu packets, %llu bytes, %u error%s, %.2f s, %.0f packets/s\n",
                  totals.files, totals.files == 1 ? "" : "s", (unsigned long long)totals.frames,
                  (unsigned long long)totals.bytes, totals.unreadable + totals.damaged,
                  totals.unreadable + totals.damaged == 1 ? "" : "s", r->seconds,
                  (double)totals.frames / seconds);
}

static int finish(struct analyze *a)
{
    results_finish(&a->results);
    gather_inputs(a);
    progress_wipe(&a->input.progress);
    int code = command_exit_code(&a->input);
    bool written = write_alerts(a);
    if (a->report && !write_report(a))
        written = false;
    if (!a->quiet)
        tell_summary(a);
    if (!written)
        return EXIT_UNREADABLE;
    for (uint32_t i = 0; i < a->results.alert_count && a->fail_on != severity_unknown; i++) {
        const struct alert *alert = a->results.alerts[i].body;
        if (alert->severity >= a->fail_on)
            return EXIT_FOUND;
    }
    return code;
}

int command_analyze(int argc, char **argv)
{
    struct analyze *a = calloc(1, sizeof(*a));
    REQUIRE(a != NULL);
    settings_open(&a->settings);
    bool go = false;
    int code = read_arguments(a, argc, argv, &go);
    if (go) {
        settings_seed(&a->settings, command_seed(), command_seed());
        enum err err = results_open(&a->results, a->settings.chain.decode.seed);
        if (err == ERR_OK)
            err = chain_open(&a->chain, &a->settings.chain);
        if (err != ERR_OK || !command_open(&a->input, a->files, a->file_count, a->quiet)) {
            (void)fprintf(stderr, "error: %s\n", err_text(err == ERR_OK ? ERR_MEMORY : err));
            code = EXIT_UNREADABLE;
        } else {
            run(a);
            code = finish(a);
            command_close(&a->input);
        }
        chain_close(&a->chain);
        results_close(&a->results);
    }
    settings_close(&a->settings);
    free(a);
    return code;
}
