/*
 * catalogue_command - the detections and the settings, from their own declarations.
 */
#include "common/base/text.h"
#include "common/service/suggest.h"
#include "services/orthrus/command.h"

static void write_list(struct writer *w, const char *head, const char *const *items, const char *bullet)
{
    writer_print(w, "%s", head);
    for (uint32_t i = 0; i < DETECTION_LIST_MAX && items[i]; i++)
        writer_print(w, "%s%s\n", bullet, items[i]);
}

static void write_ids(struct writer *w, const char *const *ids)
{
    for (uint32_t i = 0; i < DETECTION_LIST_MAX && ids[i]; i++)
        writer_print(w, "%s%s", i ? ", " : "", ids[i]);
}

/* One detection as a page in Markdown, which also reads well at a terminal. */
static void write_page(struct writer *w, const struct detection *d)
{
    writer_print(w, "## %s\n\n%s. Severity: %s. ATT&CK: ", d->name, d->title,
                 choice_name(&severity_choices, d->severity));
    write_ids(w, d->techniques);
    if (!d->techniques[0])
        writer_text(w, "none");
    if (d->external_id[0])
        writer_print(w, ". External id: %s", d->external_id);
    writer_print(w, ". Decided by: %s.\n\n", d->entity);
    writer_print(w, "**What it sees.** %s\n\n**What it misses.** %s\n\n**What makes it wrong.** %s\n\n",
                 d->sees, d->misses, d->wrong_when);
    write_list(w, "**What to check.**\n\n", d->checks, "- ");
    writer_print(w, "\n**How to tune it.** %s\n\n", d->tuning);
    if (!d->settings[0].name)
        return;
    writer_text(w, "| setting | default | range | unit | meaning |\n|---|---|---|---|---|\n");
    for (const struct detection_setting *s = d->settings; s->name; s++)
        writer_print(w, "| `%s` | %lld | %lld to %lld | %s | %s |\n", s->name, (long long)s->standard,
                     (long long)s->least, (long long)s->most, s->unit, s->doc);
    writer_text(w, "\n");
}

static const char *nth_detection(const void *none, uint32_t index)
{
    (void)none;
    return detections()[index]->name;
}

static int explain(struct writer *w, const char *name)
{
    const struct detection *d = detection_find(str_of(name));
    uint32_t count = 0;
    while (detections()[count])
        count++;
    if (!d) {
        const char *nearest = suggest_nearest(str_of(name), nth_detection, NULL, count);
        return command_usage("detections", "there is no detection \"%s\"%s%s%s", name,
                             nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    }
    write_page(w, d);
    return EXIT_DONE;
}

static void write_markdown(struct writer *w)
{
    writer_text(w, "# Detections\n\nMade by `scripts/generate-reference` from the declarations in "
                   "services/alerting/detections; "
                   "`orthrus detections --explain NAME` prints a page of it.\n\n");
    for (uint32_t i = 0; detections()[i]; i++)
        write_page(w, detections()[i]);
    /* One line end at the end of the file, as everywhere. */
    if (w->size > 0)
        w->size--;
}

static void write_catalogue(struct writer *w)
{
    for (uint32_t i = 0; detections()[i]; i++) {
        const struct detection *d = detections()[i];
        writer_print(w, "%-32s%-8s%-12s", d->name, choice_name(&severity_choices, d->severity),
                     d->techniques[0] ? d->techniques[0] : "-");
        writer_print(w, "%s\n", d->title);
    }
}

int command_detections(int argc, char **argv)
{
    static const struct option_spec specs[] = {{"explain", true}, {"markdown", false}, {"help", false}, {0}};
    struct option_reader r = {.command = "detections", .specs = specs, .argc = argc, .argv = argv};
    struct writer w = {0};
    bool failed = false, written = false, help = false;
    int code = EXIT_DONE;
    while (code == EXIT_DONE && !help && command_next(&r, &failed)) {
        if (r.spec < 0)
            code = command_usage("detections", "\"%s\" is no option; --explain %s explains that detection",
                                 r.value, r.value);
        else if (r.spec == 0)
            code = explain(&w, r.value);
        else if (r.spec == 1)
            write_markdown(&w);
        help = r.spec == 2;
        written = true;
    }
    if (failed)
        code = EXIT_USAGE;
    if (!written)
        write_catalogue(&w);
    if (code == EXIT_DONE && !help)
        return command_print(&w);
    writer_close(&w);
    return help ? command_help("detections") : code;
}

int command_settings(int argc, char **argv)
{
    static const struct option_spec specs[] = {{"help", false}, {0}};
    struct option_reader r = {.command = "settings", .specs = specs, .argc = argc, .argv = argv};
    bool failed = false;
    while (command_next(&r, &failed))
        return r.spec == 0 ? command_help("settings") : command_usage("settings", "takes no arguments");
    if (failed)
        return EXIT_USAGE;
    struct writer w = {0};
    settings_write_reference(&w);
    return command_print(&w);
}
