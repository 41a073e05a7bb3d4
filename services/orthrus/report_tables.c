/*
 * report_tables - who was seen, which files were read, and what the stages counted.
 */
#include "services/orthrus/report_page.h"

static void write_name(struct report *r, const char *name)
{
    html(r, "<bdi>");
    html_str(r, str_of(name));
    html(r, "</bdi>");
}

static void write_involved(struct report *r, const struct report_part *part)
{
    if (!part) {
        html(r, "<span class=\"soft\">&#8211;</span>");
        return;
    }
    if (part->as_source)
        html_print(r, "source of %u", part->as_source);
    if (part->as_source && part->as_target)
        html(r, ", ");
    if (part->as_target)
        html_print(r, "target of %u", part->as_target);
}

static void write_entity(struct report *r, const struct results_entity *e)
{
    char address[TEXT_ADDR_BYTES];
    const struct report_part *part = report_part_of(r, &e->address);
    html_print(r, "<tr%s><th scope=\"row\">", part ? " class=\"involved\"" : "");
    html_print(r, "%s</th><td>", text_addr(&e->address, address));
    if (e->host[0]) {
        write_name(r, e->host);
        if (word_resolved_by(e->host_by)[0])
            html_print(r, "<span class=\"known\">from %s, %u%% certain</span>", word_resolved_by(e->host_by),
                       e->host_certainty);
    } else {
        html(r, "<span class=\"soft\">no name seen</span>");
    }
    html_print(r, "</td><td>%s</td><td>", word_role(e->role));
    if (e->account[0]) {
        html(r, "<bdi>");
        html_str(r, word_account(&r->results->arena, str_of(e->account), str_of(e->domain)));
        html(r, "</bdi>");
    }
    html(r, "</td><td class=\"time\">");
    html_time(r, e->first_seen, 0);
    html(r, "</td><td class=\"time\">");
    html_time(r, e->last_seen, 0);
    html(r, "</td><td>");
    write_involved(r, part);
    html(r, "</td></tr>\n");
}

/* Those that stand in alerts come first: with many devices the others may not all be shown. */
static void write_entity_rows(struct report *r)
{
    uint32_t shown = 0;
    for (int involved = 1; involved >= 0; involved--)
        for (uint32_t i = 0; i < r->results->entity_count && shown < REPORT_ENTITIES_MAX; i++) {
            const struct results_entity *e = &r->results->entities[i];
            if ((report_part_of(r, &e->address) != NULL) != involved)
                continue;
            write_entity(r, e);
            shown++;
        }
}

void report_write_entities(struct report *r)
{
    uint32_t count = r->results->entity_count;
    html(r, "<section id=\"entities\" aria-labelledby=\"entities-heading\">\n"
            "<h2 id=\"entities-heading\">Devices that were seen</h2>\n");
    if (count == 0) {
        html(r, "<p>No device spoke a protocol that names it.</p>\n</section>\n");
        return;
    }
    html(r, "<p class=\"note\">Names as the traffic gave them, each with where it comes from: some of "
            "these a client chooses itself. Devices that stand in alerts come first.</p>\n"
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"entities-heading\" tabindex=\"0\">"
            "<table class=\"entities\">\n"
            "<thead><tr><th scope=\"col\">Address</th><th scope=\"col\">Name</th>"
            "<th scope=\"col\">Role</th><th scope=\"col\">Last account</th>"
            "<th scope=\"col\">First named (UTC)</th><th scope=\"col\">Last named (UTC)</th>"
            "<th scope=\"col\">Alerts</th></tr></thead>\n"
            "<tbody>\n");
    write_entity_rows(r);
    html(r, "</tbody></table></div>\n");
    if (count > REPORT_ENTITIES_MAX)
        html_print(r, "<p class=\"note\">%u more devices are not listed.</p>\n", count - REPORT_ENTITIES_MAX);
    html(r, "</section>\n");
}

static void write_input(struct report *r, const struct results_input *input)
{
    char bytes[WORDS_NUMBER_BYTES];
    html(r, "<tr><th scope=\"row\" class=\"file\"><bdi>");
    html_str(r, results_file(r->results, input->path));
    html_print(r, "</bdi></th><td class=\"n\">%s</td><td class=\"n\">", word_bytes(input->bytes, bytes));
    html_number(r, input->frames);
    html(r, "</td><td>");
    if (input->unreadable)
        html(r, "<b>not read</b>");
    else
        html(r, input->problem.size ? "<b>read in part</b>" : "read whole");
    if (input->problem.size > 0) {
        html(r, ": ");
        html_str(r, input->problem);
    }
    html(r, "</td></tr>\n");
}

void report_write_inputs(struct report *r)
{
    uint32_t count = r->results->input_count, shown = 0;
    html(r, "<section id=\"inputs\" aria-labelledby=\"inputs-heading\">\n"
            "<h2 id=\"inputs-heading\">Inputs</h2>\n"
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"inputs-heading\" tabindex=\"0\">"
            "<table>\n"
            "<thead><tr><th scope=\"col\">File</th><th scope=\"col\" class=\"n\">Size</th>"
            "<th scope=\"col\" class=\"n\">Frames</th><th scope=\"col\">How it went</th></tr></thead>\n"
            "<tbody>\n");
    for (int problem = 1; problem >= 0; problem--)
        for (uint32_t i = 0; i < count && shown < REPORT_INPUTS_MAX; i++) {
            const struct results_input *input = &r->results->inputs[i];
            if ((input->unreadable || input->problem.size > 0) != problem)
                continue;
            write_input(r, input);
            shown++;
        }
    html(r, "</tbody></table></div>\n");
    if (count > shown)
        html_print(r, "<p class=\"note\">%u more files, read whole, are not listed.</p>\n", count - shown);
    html(r, "</section>\n");
}

static void write_stage(struct report *r, const struct results_stage *stage)
{
    html(r, "<tbody><tr><th scope=\"rowgroup\" colspan=\"3\">");
    html_str(r, str_of(stage->name));
    html(r, "</th></tr>\n");
    for (size_t i = 0; i < stage->count && i < RESULTS_COUNTS_MAX; i++) {
        const struct stage_count *count = &stage->counts[i];
        if (count->value == 0)
            continue;
        html(r, "<tr><td><code>");
        html_str(r, str_of(count->name));
        html(r, "</code></td><td class=\"n\">");
        html_number(r, count->value);
        html(r, "</td><td>");
        html_str(r, str_of(count->doc));
        html(r, "</td></tr>\n");
    }
    html(r, "</tbody>\n");
}

void report_write_counters(struct report *r)
{
    if (r->results->stage_count == 0)
        return;
    html(r, "<section id=\"counters\" aria-labelledby=\"counters-heading\">\n"
            "<h2 id=\"counters-heading\">Counters</h2>\n"
            "<details class=\"box\"><summary>What each stage counted <span class=\"soft\">"
            "zeros left out</span></summary>\n"
            "<table class=\"counters\">\n"
            "<thead><tr><th scope=\"col\">Counter</th><th scope=\"col\" class=\"n\">Value</th>"
            "<th scope=\"col\">What it counts</th></tr></thead>\n");
    for (uint32_t i = 0; i < r->results->stage_count && i < RESULTS_STAGES_MAX; i++)
        write_stage(r, &r->results->stages[i]);
    html(r, "</table></details>\n</section>\n");
}
