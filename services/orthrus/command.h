/*
 * command - the commands of `orthrus`, and what they share.
 */
#ifndef ORTHRUS_COMMAND_H
#define ORTHRUS_COMMAND_H

#include "common/base/base.h"
#include "common/io/sources.h"
#include "common/service/progress.h"
#include "services/orthrus/settings.h"
#include "services/orthrus/text_output.h"

/* Exit codes: a contract. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FOUND = 1, /* an alert at or above --fail-on */
    EXIT_USAGE = 2,
    EXIT_UNREADABLE = 3, /* an input could not be read (the others were), or an output not written */
};

struct command {
    const char *name;
    const char *does;
    int (*run)(int argc, char **argv);
    const char *help;
};

/* Null-terminated. */
const struct command *command_list(void);
/* Prints a usage error in one line with a way out. Returns EXIT_USAGE. */
int command_usage(const char *command, const char *format, ...) PRINTF(2, 3);
/* Prints the help of a command to standard output. Returns an exit code. */
int command_help(const char *command);

/* An option of a command: "--name VALUE", "--name=VALUE" or "--name". */
struct option_spec {
    const char *name; /* without dashes */
    bool has_value;
};

struct option_reader {
    const char *command;
    const struct option_spec *specs; /* ends with a null name */
    int argc;
    char **argv;
    int next;
    bool ended;        /* "--" was read */
    int spec;          /* of the option read last: index; -1 for an argument that is none */
    const char *value; /* of the option, or the argument itself */
};

/* False at the end, or after a usage error, which is then printed and sets *failed. */
bool command_next(struct option_reader *reader, bool *failed);

/* Inputs: opened, problems told on standard error as they come. */
struct command_input {
    struct sources *sources;
    struct progress progress;
    uint32_t problems_told;
    bool quiet;
};

bool command_open(struct command_input *input, char **arguments, int count, bool quiet) MUST_CHECK;
bool command_read(struct command_input *input, struct batch *batch);
void command_close(struct command_input *input);
/* EXIT_UNREADABLE when something could not be read at all. */
int command_exit_code(const struct command_input *input);

/* Random bytes for the seed of tables. */
struct hash_key command_seed(void);
/* How standard output shows text. */
struct text_style command_terminal_style(void);
/* Writes what w holds to a stream and empties it. False: it could not be written. */
bool command_write(FILE *stream, struct writer *w);
/* Ends standard output; good: everything before was written. False: something was not, which is told on
 * standard error, but for a reader who has seen enough. */
bool command_end_output(bool good);
/* Writes what w holds as all of standard output and closes w. Returns an exit code. */
int command_print(struct writer *w);

int command_analyze(int argc, char **argv);
int command_coverage(int argc, char **argv);
int command_decode(int argc, char **argv);
int command_detections(int argc, char **argv);
int command_settings(int argc, char **argv);
int command_version(int argc, char **argv);

#endif
