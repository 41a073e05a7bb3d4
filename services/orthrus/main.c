/*
 * main - `orthrus`: all cores in one program, by command.
 */
#include "common/service/suggest.h"
#include "proto/product.h"
#include "services/orthrus/command.h"

static const char analyze_help[] =
    "usage: orthrus analyze [OPTION]... FILE|DIR|-...\n"
    "\n"
    "Reads captures of a domain controller's traffic and tells the attacks in them, with evidence.\n"
    "A FILE is pcap or pcapng, plain or in gzip, zstd or zip; a DIR is walked; - is standard input.\n"
    "Files are merged by time. Alerts go to standard output, progress and a summary to standard error.\n"
    "\n"
    "  --format text|jsonl|ocsf|cef  how alerts are printed (default: text)\n"
    "  --report FILE.html            also writes everything as one HTML page\n"
    "  --config FILE                 settings in YAML (orthrus settings prints all of them)\n"
    "  --entities FILE               devices that you vouch for, as a YAML list\n"
    "  --home-net CIDR,...           judges only what is asked of servers in these networks\n"
    "  --keytab FILE                 keys of services, krbtgt or accounts: opens what is sealed with them;\n"
    "                                may be given again\n"
    "  --fail-on SEVERITY            ends with code 1 when an alert is at or above informational, low,\n"
    "                                medium, high or critical\n"
    "  --check-config                reads the settings, says whether they are right, and ends\n"
    "  --quiet                       neither progress nor summary nor notes\n"
    "  --help                        this text\n"
    "\n"
    "Exit code: 0 done, 1 an alert at or above --fail-on, 2 usage, 3 an input could not be read (the\n"
    "others were) or the output not be written.\n"
    "\n"
    "Example: orthrus analyze --report report.html --fail-on high dc01.pcap.zst\n";

static const char decode_help[] =
    "usage: orthrus decode [OPTION]... FILE|DIR|-...\n"
    "\n"
    "Prints what the decoder saw: one JSON object a line for each exchange of a protocol, each conversation\n"
    "at its end, and each message that does not follow its specification. docs/reference/records.md has "
    "every\n"
    "record and field.\n"
    "\n"
    "  --only TYPE,...      only these records, as kerberos,ldap,flow (default: all but binding and "
    "activity)\n"
    "  --format jsonl|zeek  JSON lines, or the entries of Zeek's logs, each with its log in _path\n"
    "  --output DIR         with --format zeek: one file a log in this folder, tab-separated as Zeek has "
    "them\n"
    "  --config FILE        settings in YAML\n"
    "  --keytab FILE        keys that open what is sealed with them; may be given again\n"
    "  --quiet              neither progress nor notes\n"
    "  --help               this text\n"
    "\n"
    "Example: orthrus decode --only kerberos dc01.pcap | jq -c '[.cname, .sname, .error_code]'\n";

static const char coverage_help[] =
    "usage: orthrus coverage [OPTION]... FILE|DIR|-...\n"
    "\n"
    "Tells how much of the traffic could be read, by server and protocol: what was whole, sealed, opened "
    "with\n"
    "a key, or lost; and for each thing that hides something, what it hides and what to change to see more.\n"
    "\n"
    "  --format text|jsonl  a table and advice, or one JSON object a line (default: text)\n"
    "  --config FILE        settings in YAML\n"
    "  --keytab FILE        keys that open what is sealed with them; may be given again\n"
    "  --quiet              neither progress nor notes\n"
    "  --help               this text\n"
    "\n"
    "Example: orthrus coverage dc01.pcap\n";

static const char detections_help[] =
    "usage: orthrus detections [--explain NAME]\n"
    "\n"
    "Lists the detections; with --explain all that is to know of one: what it sees and\n"
    "misses, its settings with their defaults, what makes it wrong, how to tune it.\n"
    "\n"
    "  --markdown   the pages of all detections, as docs/detections.md holds them\n"
    "\n"
    "Example: orthrus detections --explain dcsync\n";

static const char settings_help[] =
    "usage: orthrus settings\n"
    "\n"
    "Prints every setting with its default and meaning, as a YAML file to begin with.\n"
    "\n"
    "Example: orthrus settings > orthrus.yaml\n";

static const char version_help[] = "usage: orthrus version\n"
                                   "\n"
                                   "Prints the version.\n"
                                   "\n"
                                   "Example: orthrus version\n";

const struct command *command_list(void)
{
    static const struct command commands[] = {
        {"analyze", "tells the attacks in captures", command_analyze, analyze_help},
        {"coverage", "tells what could not be seen, and why", command_coverage, coverage_help},
        {"decode", "prints what the decoder saw, as JSON lines", command_decode, decode_help},
        {"detections", "lists and explains the detections", command_detections, detections_help},
        {"settings", "prints every setting with its default", command_settings, settings_help},
        {"version", "prints the version", command_version, version_help},
        {0},
    };
    return commands;
}

int command_version(int argc, char **argv)
{
    if (argc > 0 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0))
        return command_help("version");
    if (argc > 0)
        return command_usage("version", "takes no arguments");
    (void)printf("orthrus %s\n", product_version());
    return EXIT_DONE;
}

static int print_help(FILE *to)
{
    (void)fputs("usage: orthrus COMMAND [OPTION]... [FILE]...\n\n"
                "Finds attacks on Active Directory in captures of its domain controllers' traffic.\n\n",
                to);
    for (const struct command *c = command_list(); c->name; c++)
        (void)fprintf(to, "  %-12s%s\n", c->name, c->does);
    (void)fputs("\northrus COMMAND --help explains a command.\n\n"
                "Example: orthrus analyze --report report.html dc01.pcap\n",
                to);
    return EXIT_DONE;
}

static const char *nth_command(const void *commands, uint32_t index)
{
    return ((const struct command *)commands)[index].name;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)print_help(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        if (argc > 2 && name[0] == 'h')
            return command_help(argv[2]);
        return print_help(stdout);
    }
    if (strcmp(name, "--version") == 0)
        name = "version";
    uint32_t count = 0;
    for (const struct command *c = command_list(); c->name; c++, count++)
        if (strcmp(c->name, name) == 0)
            return c->run(argc - 2, argv + 2);
    const char *nearest = suggest_nearest(str_of(name), nth_command, command_list(), count);
    return command_usage(NULL, "there is no command \"%s\"%s%s%s", name, nearest ? "; did you mean " : "",
                         nearest ? nearest : "", nearest ? "?" : "");
}
