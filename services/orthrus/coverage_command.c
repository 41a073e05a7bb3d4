/*
 * coverage_command - `orthrus coverage`: how much of the traffic could be read, and what to change to see
 * more.
 */
#include "services/orthrus/command.h"

#include "services/orthrus/coverage.h"

enum coverage_option {
    OPTION_FORMAT,
    OPTION_CONFIG,
    OPTION_KEYTAB,
    OPTION_QUIET,
    OPTION_HELP,
};

static const struct option_spec option_specs[] = {
    [OPTION_FORMAT] = {"format", true}, [OPTION_CONFIG] = {"config", true},
    [OPTION_KEYTAB] = {"keytab", true}, [OPTION_QUIET] = {"quiet", false},
    [OPTION_HELP] = {"help", false},    {0},
};

struct coverage_run {
    struct settings settings;
    struct results results;
    struct chain chain;
    struct command_input input;
    bool json;
    bool quiet;
    int file_count;
};

static bool set_format(struct coverage_run *c, const char *value)
{
    c->json = strcmp(value, "jsonl") == 0;
    if (c->json || strcmp(value, "text") == 0)
        return true;
    (void)command_usage("coverage", "--format is text or jsonl, not \"%s\"", value);
    return false;
}

static int read_arguments(struct coverage_run *c, int argc, char **argv, bool *go)
{
    struct option_reader r = {.command = "coverage", .specs = option_specs, .argc = argc, .argv = argv};
    bool failed = false;
    while (command_next(&r, &failed)) {
        if (r.spec == OPTION_HELP)
            return command_help("coverage");
        if (r.spec == OPTION_QUIET)
            c->quiet = true;
        else if (r.spec == OPTION_FORMAT && !set_format(c, r.value))
            return EXIT_USAGE;
        else if (r.spec == OPTION_CONFIG && !settings_load_file(&c->settings, r.value))
            return command_usage("coverage", "%s", c->settings.problem);
        else if (r.spec == OPTION_KEYTAB && !settings_add_keytab(&c->settings, r.value))
            return command_usage("coverage", "%s", c->settings.problem);
        else if (r.spec < 0)
            argv[c->file_count++] = (char *)(uintptr_t)r.value;
    }
    if (failed)
        return EXIT_USAGE;
    if (!settings_load_environment(&c->settings))
        return command_usage("coverage", "%s", c->settings.problem);
    if (c->file_count == 0)
        return command_usage("coverage", "no file was given");
    *go = true;
    return EXIT_DONE;
}

static void run(struct coverage_run *c)
{
    struct batch frames;
    batch_init(&frames);
    bool more;
    do {
        more = command_read(&c->input, &frames);
        chain_step(&c->chain, &frames, CHAIN_BIND);
        results_feed(&c->results, &c->chain.outputs[CHAIN_DECODE]);
        results_feed(&c->results, &c->chain.outputs[CHAIN_BIND]);
    } while (more);
    batch_close(&frames);
    results_finish(&c->results);
}

static bool print(struct coverage_run *c)
{
    struct writer w = {0};
    struct text_style style = command_terminal_style();
    if (c->json)
        coverage_write_json(&c->results, &w);
    else
        coverage_write_text(&c->results, &style, &w);
    bool good = command_write(stdout, &w);
    writer_close(&w);
    return command_end_output(good);
}

int command_coverage(int argc, char **argv)
{
    struct coverage_run *c = calloc(1, sizeof(*c));
    REQUIRE(c != NULL);
    settings_open(&c->settings);
    bool go = false;
    int code = read_arguments(c, argc, argv, &go);
    if (go) {
        settings_seed(&c->settings, command_seed(), command_seed());
        c->settings.chain.decode.all_smb = true;
        enum err err = results_open(&c->results, c->settings.chain.decode.seed);
        if (err == ERR_OK)
            err = chain_open(&c->chain, &c->settings.chain);
        if (err != ERR_OK || !command_open(&c->input, argv, c->file_count, c->quiet)) {
            (void)fprintf(stderr, "error: %s\n", err_text(err == ERR_OK ? ERR_MEMORY : err));
            code = EXIT_UNREADABLE;
        } else {
            run(c);
            progress_wipe(&c->input.progress);
            code = print(c) ? command_exit_code(&c->input) : EXIT_UNREADABLE;
            command_close(&c->input);
        }
        chain_close(&c->chain);
        results_close(&c->results);
    }
    settings_close(&c->settings);
    free(c);
    return code;
}
