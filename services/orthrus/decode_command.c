/*
 * decode_command - observations as JSON lines.
 */
#include "services/orthrus/command.h"

#include "common/service/suggest.h"
#include "proto/json.h"
#include "services/orthrus/zeek_files.h"

enum decode_option {
    OPTION_FORMAT,
    OPTION_OUTPUT,
    OPTION_ONLY,
    OPTION_CONFIG,
    OPTION_KEYTAB,
    OPTION_QUIET,
    OPTION_HELP,
};

static const struct option_spec option_specs[] = {
    [OPTION_FORMAT] = {"format", true}, [OPTION_OUTPUT] = {"output", true},
    [OPTION_ONLY] = {"only", true},     [OPTION_CONFIG] = {"config", true},
    [OPTION_KEYTAB] = {"keytab", true}, [OPTION_QUIET] = {"quiet", false},
    [OPTION_HELP] = {"help", false},    {0},
};

#define TYPE_BIT(name) ((uint64_t)1 << RECORD_##name)

/* Observations are the records that begin with the conversation they were seen in. */
static bool is_observation(const struct record_info *info)
{
    return info->field_count > 0 && str_equal(str_of(info->fields[0].name), STR("flow"));
}

static uint64_t types_standard(void)
{
    uint64_t types = 0;
    for (uint32_t n = 0; record_info_at(n); n++)
        if (is_observation(record_info_at(n)))
            types |= (uint64_t)1 << record_info_at(n)->type;
    return types;
}

static uint64_t types_possible(void)
{
    return types_standard() | TYPE_BIT(binding) | TYPE_BIT(activity);
}

struct decode_run {
    struct settings settings;
    struct chain chain;
    struct command_input input;
    uint64_t types; /* bits */
    bool zeek;
    const char *output; /* folder of Zeek's logs; null: standard output */
    struct zeek_files files;
    bool quiet;
    int file_count;
};

static bool refuse_type(struct str name)
{
    struct writer known = {0};
    for (uint32_t n = 0; record_info_at(n); n++)
        if ((uint64_t)1 << record_info_at(n)->type & types_possible())
            writer_print(&known, "%s%s", known.size ? ", " : "", record_info_at(n)->name);
    (void)command_usage("decode", "--only: there is no record \"%.*s\" to print; there are %.*s",
                        (int)name.size, name.at, (int)known.size, (const char *)known.bytes);
    writer_close(&known);
    return false;
}

static bool set_format(struct decode_run *d, const char *value)
{
    d->zeek = strcmp(value, "zeek") == 0;
    if (d->zeek || strcmp(value, "jsonl") == 0)
        return true;
    (void)command_usage("decode", "--format is jsonl or zeek, not \"%s\"", value);
    return false;
}

static bool set_types(struct decode_run *d, const char *list)
{
    struct str rest = str_of(list);
    d->types = 0;
    for (uint32_t start = 0, i = 0; i <= rest.size; i++) {
        if (i < rest.size && rest.at[i] != ',')
            continue;
        struct str name = {rest.at + start, i - start};
        uint64_t bit = 0;
        for (uint32_t n = 0; record_info_at(n); n++)
            if (str_equal(str_of(record_info_at(n)->name), name))
                bit = ((uint64_t)1 << record_info_at(n)->type) & types_possible();
        if (bit == 0)
            return refuse_type(name);
        d->types |= bit;
        start = i + 1;
    }
    return true;
}

static int read_arguments(struct decode_run *d, int argc, char **argv, bool *go)
{
    struct option_reader r = {.command = "decode", .specs = option_specs, .argc = argc, .argv = argv};
    bool failed = false;
    while (command_next(&r, &failed)) {
        if (r.spec == OPTION_HELP)
            return command_help("decode");
        if (r.spec == OPTION_QUIET)
            d->quiet = true;
        else if (r.spec == OPTION_OUTPUT)
            d->output = r.value;
        else if (r.spec == OPTION_FORMAT && !set_format(d, r.value))
            return EXIT_USAGE;
        else if (r.spec == OPTION_ONLY && !set_types(d, r.value))
            return EXIT_USAGE;
        else if (r.spec == OPTION_CONFIG && !settings_load_file(&d->settings, r.value))
            return command_usage("decode", "%s", d->settings.problem);
        else if (r.spec == OPTION_KEYTAB && !settings_add_keytab(&d->settings, r.value))
            return command_usage("decode", "%s", d->settings.problem);
        else if (r.spec < 0)
            argv[d->file_count++] = (char *)(uintptr_t)r.value;
    }
    if (failed)
        return EXIT_USAGE;
    if (!settings_load_environment(&d->settings))
        return command_usage("decode", "%s", d->settings.problem);
    if (d->file_count == 0)
        return command_usage("decode", "no file was given");
    if (d->output && !d->zeek)
        return command_usage("decode", "--output is the folder of --format zeek");
    *go = true;
    return EXIT_DONE;
}

static bool print_batch(const struct decode_run *d, const struct batch *batch, uint64_t types,
                        struct writer *w)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct record *record = &batch->records[i];
        /* An activity stands once under each of its entities: one is enough to read. */
        if (!(((uint64_t)1 << record->type) & d->types & types) ||
            (record->type == RECORD_activity && record->role != entity_role_source_device))
            continue;
        record_write_json(record, w);
        writer_text(w, "\n");
    }
    return command_write(stdout, w);
}

/* Zeek's logs draw on observations alone. */
static bool print_zeek(struct decode_run *d, const struct batch *batch, struct writer *w)
{
    if (d->output)
        return zeek_files_feed(&d->files, batch);
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct record *record = &batch->records[i];
        uint32_t logs = (uint64_t)1 << record->type & d->types ? zeek_logs_of(record) : 0;
        for (uint32_t log = 0; logs >> log != 0; log++)
            if (logs >> log & 1)
                zeek_write_json(log, record, w);
    }
    return command_write(stdout, w);
}

static bool print_records(struct decode_run *d, struct writer *w)
{
    if (d->zeek)
        return print_zeek(d, &d->chain.outputs[CHAIN_DECODE], w);
    return print_batch(d, &d->chain.outputs[CHAIN_DECODE], types_standard(), w) &&
           print_batch(d, &d->chain.outputs[CHAIN_BIND], TYPE_BIT(binding), w) &&
           print_batch(d, &d->chain.outputs[CHAIN_STAMP], TYPE_BIT(activity), w);
}

static bool run(struct decode_run *d)
{
    struct batch frames;
    struct writer w = {0};
    batch_init(&frames);
    bool more, good;
    do {
        more = command_read(&d->input, &frames);
        chain_step(&d->chain, &frames, d->zeek ? CHAIN_DECODE : CHAIN_STAMP);
        good = print_records(d, &w);
    } while (more && good);
    writer_close(&w);
    batch_close(&frames);
    if (!d->output)
        return command_end_output(good);
    progress_wipe(&d->input.progress);
    good = zeek_files_close(&d->files) && good;
    if (!good)
        (void)fprintf(stderr, "error: %s\n", d->files.problem);
    return good;
}

int command_decode(int argc, char **argv)
{
    struct decode_run *d = calloc(1, sizeof(*d));
    REQUIRE(d != NULL);
    d->types = types_standard();
    settings_open(&d->settings);
    bool go = false;
    int code = read_arguments(d, argc, argv, &go);
    if (go && d->output && !zeek_files_open(&d->files, d->output)) {
        (void)fprintf(stderr, "error: %s\n", d->files.problem);
        code = EXIT_UNREADABLE;
        go = false;
    }
    if (go) {
        settings_seed(&d->settings, command_seed(), command_seed());
        d->settings.chain.decode.all_smb = true;
        enum err err = chain_open(&d->chain, &d->settings.chain);
        if (err != ERR_OK || !command_open(&d->input, argv, d->file_count, d->quiet)) {
            (void)fprintf(stderr, "error: %s\n", err_text(err == ERR_OK ? ERR_MEMORY : err));
            code = EXIT_UNREADABLE;
        } else {
            code = run(d) ? command_exit_code(&d->input) : EXIT_UNREADABLE;
            command_close(&d->input);
        }
        chain_close(&d->chain);
    }
    settings_close(&d->settings);
    free(d);
    return code;
}
