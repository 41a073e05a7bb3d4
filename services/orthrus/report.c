/*
 * report - the page as a whole: head, verdict, contents, and its parts in order.
 */
#include "services/orthrus/report.h"

#include "proto/product.h"
#include "services/orthrus/report_page.h"

enum {
    PRIME_SHARE = 4, /* who is the source of at least this part of the alerts is named at the top */
};

static int compare_rank(const void *a, const void *b)
{
    const struct record *one = *(const struct record *const *)a, *two = *(const struct record *const *)b;
    const struct alert *first = one->body, *second = two->body;
    if (first->severity != second->severity)
        return first->severity > second->severity ? -1 : 1;
    if (first->first_seen != second->first_seen)
        return first->first_seen < second->first_seen ? -1 : 1;
    return id_compare(one->id, two->id);
}

static int compare_parts(const void *a, const void *b)
{
    const struct report_part *one = a, *two = b;
    return memcmp(&one->address, &two->address, sizeof(one->address));
}

static void note_part(struct report *r, const struct addr *address, bool source)
{
    if (address->family != 0)
        r->parts[r->part_count++] =
            (struct report_part){.address = *address, .as_source = source, .as_target = !source};
}

/* One entry for each address, with how often it stands on either end. */
static void merge_parts(struct report *r)
{
    uint32_t used = 0;
    qsort(r->parts, r->part_count, sizeof(*r->parts), compare_parts);
    for (uint32_t i = 0; i < r->part_count; i++) {
        if (used > 0 && addr_equal(&r->parts[used - 1].address, &r->parts[i].address)) {
            r->parts[used - 1].as_source += r->parts[i].as_source;
            r->parts[used - 1].as_target += r->parts[i].as_target;
        } else {
            r->parts[used++] = r->parts[i];
        }
    }
    r->part_count = used;
}

static struct report prepare(struct results *results, struct writer *w)
{
    struct report r = {.results = results, .w = w};
    uint32_t count = results->alert_count;
    r.ranked = arena_zeroed(&results->arena, ((size_t)count + 1) * sizeof(const struct record *));
    r.parts = arena_zeroed(&results->arena, (2 * (size_t)count + 1) * sizeof(*r.parts));
    for (uint32_t i = 0; i < count; i++) {
        const struct alert *alert = results->alerts[i].body;
        r.ranked[i] = &results->alerts[i];
        r.severities[alert->severity < REPORT_SEVERITIES ? alert->severity : severity_unknown]++;
        r.succeeded += alert->outcome == outcome_success;
        note_part(&r, &alert->source.ip, true);
        note_part(&r, &alert->target.ip, false);
    }
    qsort(r.ranked, count, sizeof(const struct record *), compare_rank);
    merge_parts(&r);
    return r;
}

/* The shapes of severities: octagon, triangle, diamond, disc, ring, square. They differ without colour. */
static void write_marks(struct report *r)
{
    html(r, "<svg width=\"0\" height=\"0\" class=\"marks\" aria-hidden=\"true\">"
            "<symbol id=\"m5\" viewBox=\"0 0 16 16\"><path d=\"M5 1h6l4 4v6l-4 4H5l-4-4V5z\"/>"
            "<path class=\"cut\" d=\"M7.1 3.6h1.8v5.6H7.1zM7.1 10.6h1.8v1.8H7.1z\"/></symbol>"
            "<symbol id=\"m4\" viewBox=\"0 0 16 16\"><path d=\"M8 1.5 15.5 14.5H.5z\"/></symbol>"
            "<symbol id=\"m3\" viewBox=\"0 0 16 16\"><path d=\"M8 1 15 8 8 15 1 8z\"/></symbol>"
            "<symbol id=\"m2\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"5.5\"/></symbol>"
            "<symbol id=\"m1\" viewBox=\"0 0 16 16\"><circle class=\"ring\" cx=\"8\" cy=\"8\" r=\"4.7\"/>"
            "</symbol><symbol id=\"m0\" viewBox=\"0 0 16 16\"><path d=\"M3.5 3.5h9v9h-9z\"/></symbol>"
            "</svg>\n");
}

static const char *gravest(const struct report *r)
{
    return r->results->alert_count ? choice_name(&severity_choices, report_alert(r, 0)->severity) : "none";
}

static void write_head(struct report *r)
{
    uint32_t count = r->results->alert_count;
    html(r, "<!DOCTYPE html>\n"
            "<html lang=\"en\">\n"
            "<head>\n"
            "<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n"
            "<meta name=\"robots\" content=\"noindex\">\n");
    html_print(r,
               "<meta name=\"generator\" content=\"" PRODUCT_NAME " %s\">\n<title>" PRODUCT_NAME " report: ",
               product_version());
    if (count == 0)
        html(r, "no alerts");
    else
        html_print(r, "%u alert%s, the gravest %s", count, count == 1 ? "" : "s", gravest(r));
    html(r, "</title>\n");
    report_write_style(r);
    html(r, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the findings</a>\n");
    write_marks(r);
}

static void write_chips(struct report *r)
{
    html(r, "<ul class=\"chips\" aria-label=\"Alerts by severity\">");
    for (int s = severity_critical; s >= severity_unknown; s--) {
        if (s == severity_unknown && r->severities[s] == 0)
            continue;
        html_print(r, "<li class=\"chip%s\">", r->severities[s] ? "" : " none");
        html_mark(r, (uint8_t)s);
        html(r, "<b>");
        html_number(r, r->severities[s]);
        html_print(r, "</b> %s</li>", choice_name(&severity_choices, (uint8_t)s));
    }
    html(r, "</ul>\n");
}

/* The device that most alerts point at, when it stands out. */
static void write_prime_source(struct report *r)
{
    const struct report_part *prime = NULL;
    for (uint32_t i = 0; i < r->part_count; i++)
        if (!prime || r->parts[i].as_source > prime->as_source)
            prime = &r->parts[i];
    if (!prime || prime->as_source < 2 || prime->as_source < r->results->alert_count / PRIME_SHARE)
        return;
    html(r, " <strong><bdi>");
    html_str(r, results_device(r->results, &prime->address));
    html(r, "</bdi></strong> is the source of ");
    if (prime->as_source == r->results->alert_count) {
        html_print(r, "%s of them.", prime->as_source == 2 ? "both" : "all");
    } else {
        html_number(r, prime->as_source);
        html(r, " of them.");
    }
}

static void write_story(struct report *r)
{
    uint32_t count = r->results->alert_count;
    const struct alert *first = r->results->alerts[0].body, *last = first;
    for (uint32_t i = 1; i < count; i++) {
        const struct alert *alert = r->results->alerts[i].body;
        if (alert->last_seen > last->last_seen)
            last = alert;
    }
    html(r, "<p class=\"lede\">");
    if (count > 1) {
        html(r, "This is the gravest of ");
        html_count(r, count, "alert", "alerts");
        html(r, ". They lie between ");
        html_time(r, first->first_seen, 0);
        html(r, " and ");
        html_time(r, last->last_seen, 0);
        html(r, " UTC;");
        if (r->succeeded == 0) {
            html(r, " none was seen to succeed.");
        } else if (r->succeeded == count) {
            html(r, " all were seen to succeed.");
        } else {
            html(r, " ");
            html_count(r, r->succeeded, "was", "were");
            html(r, " seen to succeed.");
        }
        write_prime_source(r);
    } else {
        html_print(r, "This is the only alert: %u%% certain, %s, first seen ", first->confidence,
                   word_outcome(first->outcome));
        html_time(r, first->first_seen, 0);
        html(r, " UTC.");
    }
    html(r, "</p>\n");
}

static void write_nothing_found(struct report *r)
{
    uint64_t messages = 0;
    for (uint32_t i = 0; i < r->results->coverage_count; i++)
        if (r->results->coverage[i].protocol != protocol_unknown)
            messages += r->results->coverage[i].messages;
    html(r, "<h1>No alerts</h1>\n<p class=\"lede\">");
    if (messages == 0) {
        html(r, "There was nothing to judge: the input holds no Kerberos, NTLM, SMB or DCE/RPC that "
                "could be read.");
    } else {
        html(r, "None of ");
        html_count(r, messages, "message", "messages");
        html(r, " that could be read matched what the detections look for. That is no proof that nothing "
                "happened: <a href=\"#unseen\">what this run could not see</a> says where it is blind.");
    }
    html(r, "</p>\n");
}

static void write_run_facts(struct report *r)
{
    const struct results *results = r->results;
    char text[WORDS_SPAN_BYTES];
    html(r, "<dl class=\"facts\">\n");
    if (results->first != TIME_NS_NONE) {
        html(r, "<div><dt>Captured</dt><dd>");
        html_time(r, results->first, 0);
        html(r, " to ");
        html_time(r, results->last, 0);
        html_print(r, " UTC <span class=\"soft\">(%s)</span></dd></div>\n",
                   word_span(word_span_between(results->first, results->last), text));
    }
    html(r, "<div><dt>Read</dt><dd>");
    html_count(r, results->input_count, "file", "files");
    html(r, ", ");
    html_count(r, results->frames, "frame", "frames");
    html_print(r, " <span class=\"soft\">(%s)</span>", word_bytes(results->frame_bytes, text));
    html(r, "</dd></div>\n");
    if (results->input_count == 1) {
        html(r, "<div><dt>File</dt><dd class=\"file\"><bdi>");
        html_str(r, results_file(r->results, results->inputs[0].path));
        html(r, "</bdi></dd></div>\n");
    }
    html(r, "</dl>\n");
}

static void write_header(struct report *r)
{
    html(r, "<header class=\"top\">\n<p class=\"brand\">" PRODUCT_NAME
            " <span>identity threat report</span></p>\n");
    if (r->results->alert_count == 0) {
        write_nothing_found(r);
    } else {
        const struct alert *alert = report_alert(r, 0);
        html(r, "<h1><a href=\"#");
        html_anchor(r, 0);
        html(r, "\">");
        html_str(r, alert->title);
        html(r, "</a></h1>\n");
        write_story(r);
    }
    write_chips(r);
    write_run_facts(r);
    html(r, "</header>\n");
}

static void write_link(struct report *r, const char *part, const char *title, uint32_t count)
{
    html_print(r, "<li><a href=\"#%s\">%s", part, title);
    if (count > 0) {
        html(r, " <span>");
        html_number(r, count);
        html(r, "</span>");
    }
    html(r, "</a></li>\n");
}

static void write_contents(struct report *r)
{
    const struct results *results = r->results;
    html(r, "<nav class=\"contents\" aria-label=\"Contents\"><ul>\n");
    if (results->alert_count > 0) {
        write_link(r, "timeline", "Timeline", 0);
        write_link(r, "alerts", "Alerts", results->alert_count);
    }
    write_link(r, "entities", "Devices", results->entity_count);
    write_link(r, "coverage", "What was read", 0);
    write_link(r, "unseen", "What was not seen", 0);
    write_link(r, "inputs", "Inputs", results->input_count);
    if (results->stage_count > 0)
        write_link(r, "counters", "Counters", 0);
    html(r, "</ul></nav>\n");
}

static void write_index_row(struct report *r, uint32_t rank)
{
    const struct alert *alert = report_alert(r, rank);
    bool whole = rank < REPORT_ALERTS_WHOLE_MAX;
    html_print(r, "<tr><td class=\"n\">%u</td><td class=\"severity\">", rank + 1);
    html_mark(r, alert->severity);
    html_print(r, "%s</td><td>", choice_name(&severity_choices, alert->severity));
    if (whole) {
        html(r, "<a href=\"#");
        html_anchor(r, rank);
        html(r, "\">");
    }
    html_str(r, alert->title);
    html_print(r, "%s</td><td class=\"time\">", whole ? "</a>" : "");
    html_time(r, alert->first_seen, 0);
    html_print(r, "</td><td>%s</td></tr>\n", word_outcome(alert->outcome));
}

/* With many alerts the timeline does not hold them all: then they are listed before they are told. */
static void write_index(struct report *r)
{
    uint32_t count = r->results->alert_count;
    uint32_t listed = count < REPORT_ALERTS_LISTED_MAX ? count : REPORT_ALERTS_LISTED_MAX;
    if (count <= REPORT_TIMELINE_ROWS_MAX)
        return;
    html(r, "<div class=\"scroll tall\" role=\"region\" aria-label=\"List of alerts\" tabindex=\"0\">"
            "<table class=\"index\">\n"
            "<thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Severity</th>"
            "<th scope=\"col\">Alert</th><th scope=\"col\">First seen (UTC)</th>"
            "<th scope=\"col\">Outcome</th></tr></thead>\n"
            "<tbody>\n");
    for (uint32_t i = 0; i < listed; i++)
        write_index_row(r, i);
    html(r, "</tbody></table></div>\n");
    if (count > REPORT_ALERTS_WHOLE_MAX)
        html_print(r,
                   "<p class=\"note\">The %d gravest alerts are told in full below%s; <code>"
                   "--format jsonl</code> gives all of them.</p>\n",
                   REPORT_ALERTS_WHOLE_MAX, count > listed ? ", and not all are listed" : "");
}

static void write_alerts(struct report *r)
{
    uint32_t count = r->results->alert_count;
    if (count == 0)
        return;
    html(r, "<section id=\"alerts\" aria-labelledby=\"alerts-heading\">\n"
            "<h2 id=\"alerts-heading\">Alerts</h2>\n");
    html(r, count > 1 ? "<p class=\"note\">The gravest first, then in order of time. All times are UTC.</p>\n"
                      : "<p class=\"note\">All times are UTC.</p>\n");
    write_index(r);
    for (uint32_t i = 0; i < count && i < REPORT_ALERTS_WHOLE_MAX; i++)
        report_write_alert(r, i);
    html(r, "</section>\n");
}

void report_write(struct results *results, struct writer *w)
{
    struct report r = prepare(results, w);
    write_head(&r);
    write_header(&r);
    write_contents(&r);
    html(&r, "<main id=\"main\">\n");
    report_write_timeline(&r);
    write_alerts(&r);
    report_write_entities(&r);
    report_write_coverage(&r);
    report_write_unseen(&r);
    report_write_inputs(&r);
    report_write_counters(&r);
    html_print(&r,
               "</main>\n<footer class=\"bottom\"><p>Written by " PRODUCT_NAME
               " %s. The same input gives the same page.</p></footer>\n"
               "</body>\n"
               "</html>\n",
               product_version());
    writer_close(&r.scratch);
}
