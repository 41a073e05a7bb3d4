/*
 * decode_command - observations as JSON lines.
 */
#include "services/orthrus/command.h"

#include "common/service/suggest.h"
#include "proto/json.h"

enum decode_option {
    OPTION_ONLY,
    OPTION_CONFIG,
    OPTION_KEYTAB,
    OPTION_QUIET,
    OPTION_HELP,
};

static const struct option_spec option_specs[] = {
    [OPTION_ONLY] = {"only", true},    [OPTION_CONFIG] = {"config", true}, [OPTION_KEYTAB] = {"keytab", true},
    [OPTION_QUIET] = {"quiet", false}, [OPTION_HELP] = {"help", false},    {0},
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
    bool quiet;
    int file_count;
};

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
        if (bit == 0) {
            (void)command_usage("decode", "--only: there is no record \"%.*s\" to print", (int)name.size,
                                name.at);
            return false;
        }
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

static bool run(struct decode_run *d)
{
    struct batch frames;
    struct writer w = {0};
    batch_init(&frames);
    bool more, good;
    do {
        more = command_read(&d->input, &frames);
        chain_step(&d->chain, &frames, CHAIN_STAMP);
        good = print_batch(d, &d->chain.outputs[CHAIN_DECODE], types_standard(), &w) &&
               print_batch(d, &d->chain.outputs[CHAIN_BIND], TYPE_BIT(binding), &w) &&
               print_batch(d, &d->chain.outputs[CHAIN_STAMP], TYPE_BIT(activity), &w);
    } while (more && good);
    writer_close(&w);
    batch_close(&frames);
    return command_end_output(good);
}

int command_decode(int argc, char **argv)
{
    struct decode_run *d = calloc(1, sizeof(*d));
    REQUIRE(d != NULL);
    d->types = types_standard();
    settings_open(&d->settings);
    bool go = false;
    int code = read_arguments(d, argc, argv, &go);
    if (go) {
        settings_seed(&d->settings, command_seed());
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
