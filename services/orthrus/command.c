/*
 * command - reading arguments and inputs, the same for every command.
 */
#include "services/orthrus/command.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/random.h>

#include "common/base/text.h"
#include "common/service/suggest.h"

enum {
    BATCH_FRAMES = 1024,
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

int command_usage(const char *command, const char *format, ...)
{
    va_list args;
    (void)fprintf(stderr, "orthrus%s%s: ", command ? " " : "", command ? command : "");
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fprintf(stderr, " (orthrus %s%s--help shows how)\n", command ? command : "", command ? " " : "");
    return EXIT_USAGE;
}

int command_help(const char *name)
{
    struct writer w = {0};
    for (const struct command *c = command_list(); c->name; c++)
        if (strcmp(c->name, name) == 0)
            writer_text(&w, c->help);
    return command_print(&w);
}

static const char *nth_option(const void *specs, uint32_t index)
{
    return ((const struct option_spec *)specs)[index].name;
}

static bool no_such_option(struct option_reader *r, struct str name, bool *failed)
{
    uint32_t count = 0;
    while (r->specs[count].name)
        count++;
    const char *nearest = suggest_nearest(name, nth_option, r->specs, count);
    (void)command_usage(r->command, "there is no option --%.*s%s%s%s", (int)name.size, name.at,
                        nearest ? "; did you mean --" : "", nearest ? nearest : "", nearest ? "?" : "");
    *failed = true;
    return false;
}

bool command_next(struct option_reader *r, bool *failed)
{
    if (r->next >= r->argc || *failed)
        return false;
    char *arg = r->argv[r->next++];
    r->spec = -1;
    r->value = arg;
    if (r->ended || arg[0] != '-' || arg[1] == '\0')
        return true;
    if (strcmp(arg, "--") == 0) {
        r->ended = true;
        return command_next(r, failed);
    }
    struct str name = str_of(arg + (arg[1] == '-' ? 2 : 1));
    char *equals = strchr(arg, '=');
    if (equals)
        name.size = (uint32_t)(equals - name.at);
    if (str_equal(name, STR("h")))
        name = STR("help");
    for (int i = 0; r->specs[i].name; i++) {
        if (!str_equal(name, str_of(r->specs[i].name)))
            continue;
        r->spec = i;
        r->value = equals ? equals + 1 : NULL;
        if (r->specs[i].has_value && !equals)
            r->value = r->next < r->argc ? r->argv[r->next++] : NULL;
        if (r->specs[i].has_value == (r->value != NULL))
            return true;
        (void)command_usage(r->command, r->specs[i].has_value ? "--%s needs a value" : "--%s takes no value",
                            r->specs[i].name);
        *failed = true;
        return false;
    }
    return no_such_option(r, name, failed);
}

static void tell_problem(const struct sources_problem *p, bool quiet)
{
    if (p->kind == PROBLEM_NOTE && quiet)
        return;
    struct writer w = {0};
    writer_text(&w, p->kind == PROBLEM_NOTE      ? "note: "
                    : p->kind == PROBLEM_DAMAGED ? "warning: "
                                                 : "error: ");
    text_write_terminal(&w, str_of(p->file));
    writer_text(&w, ": ");
    text_write_terminal(&w, str_of(p->text));
    writer_text(&w, "\n");
    (void)command_write(stderr, &w);
    writer_close(&w);
}

static void tell_problems(struct command_input *input)
{
    uint32_t count = sources_problem_count(input->sources);
    if (count == input->problems_told)
        return;
    progress_wipe(&input->progress);
    for (; input->problems_told < count; input->problems_told++)
        tell_problem(sources_problem(input->sources, input->problems_told), input->quiet);
}

bool command_open(struct command_input *input, char **arguments, int count, bool quiet)
{
    *input = (struct command_input){.quiet = quiet};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    struct sources_options options = {.stop = &stop};
    enum err err = sources_create(&input->sources, &options);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "error: %s\n", err_text(err));
        return false;
    }
    progress_start(&input->progress, !quiet);
    for (int i = 0; i < count; i++)
        sources_add(input->sources, arguments[i]);
    sources_open(input->sources);
    tell_problems(input);
    return true;
}

bool command_read(struct command_input *input, struct batch *batch)
{
    batch_reset(batch);
    bool more = sources_next(input->sources, batch, BATCH_FRAMES);
    tell_problems(input);
    struct sources_progress p = sources_progress(input->sources);
    struct sources_totals totals = sources_totals(input->sources);
    progress_draw(&input->progress, &(struct progress_state){.done = p.done,
                                                             .total = p.total_known ? p.total : 0,
                                                             .items = totals.frames,
                                                             .unit = "packets"});
    if (!stop)
        return more;
    progress_wipe(&input->progress);
    (void)fputs("warning: stopped by a signal; what was read so far is told\n", stderr);
    /* As if the inputs had ended here. */
    if (more)
        batch_add_watermark(batch, TIME_NS_END);
    return false;
}

void command_close(struct command_input *input)
{
    progress_wipe(&input->progress);
    sources_free(input->sources);
}

int command_exit_code(const struct command_input *input)
{
    return sources_totals(input->sources).unreadable > 0 ? EXIT_UNREADABLE : EXIT_DONE;
}

struct hash_key command_seed(void)
{
    struct hash_key key = {0};
    /* Without randomness tables could be attacked, but they still work; an early boot is no reason to stop.
     */
    if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
        (void)fputs("warning: no randomness for table seeds\n", stderr);
    return key;
}

struct text_style command_terminal_style(void)
{
    struct text_style style = {0};
    struct winsize size;
    bool terminal = isatty(STDOUT_FILENO);
    const char *term = getenv("TERM");
    style.color = terminal && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        style.columns = size.ws_col;
    return style;
}

bool command_write(FILE *stream, struct writer *w)
{
    bool good = fwrite(w->bytes ? (const void *)w->bytes : "", 1, w->size, stream) == w->size;
    writer_reset(w);
    return good;
}

bool command_end_output(bool good)
{
    good = fflush(stdout) == 0 && good;
    if (!good && errno != EPIPE)
        (void)fprintf(stderr, "error: standard output: %s\n", strerror(errno));
    return good;
}

int command_print(struct writer *w)
{
    bool good = command_end_output(command_write(stdout, w));
    writer_close(w);
    return good ? EXIT_DONE : EXIT_UNREADABLE;
}
