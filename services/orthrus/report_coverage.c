/*
 * report_coverage - what could be read of each server and protocol, and what that hides from the detections.
 */
#include "services/orthrus/coverage.h"
#include "services/orthrus/report_page.h"

/* What encryption hides depends on the protocol. */
static const char *sealed_means(uint8_t protocol, bool all)
{
    if (protocol == protocol_rpc)
        return all ? "Arguments are sealed and cannot be read; which calls were made still can, so that "
                     "dcsync works."
                   : "Some arguments are sealed; which calls were made can be read throughout, so that "
                     "dcsync works.";
    if (protocol == protocol_smb)
        return all ? "Encrypted SMB: the RPC calls and files inside cannot be seen; logons can."
                   : "Part of it is encrypted SMB: RPC calls and files in that part cannot be seen; "
                     "logons can.";
    return all ? "All of it is encrypted and could not be judged."
               : "Part of it is encrypted and could not be judged.";
}

static const char *midstream_means(uint8_t protocol)
{
    if (protocol == protocol_rpc)
        return "interfaces are inferred there from the order of calls";
    return protocol == protocol_kerberos ? "earlier requests are missing"
                                         : "who logged on there is not known";
}

/* "2 of 9 flows", "All flows". */
static void write_share(struct report *r, uint64_t part, uint64_t all)
{
    if (part >= all) {
        html(r, "All flows");
        return;
    }
    html_number(r, part);
    html(r, " of ");
    html_count(r, all, "flow", "flows");
}

static void write_meaning(struct report *r, const struct results_coverage *c)
{
    bool plain = true;
    if (c->protocol == protocol_unknown) {
        html(r, "Not a protocol that is read: nothing in it was judged.");
        return;
    }
    if (c->messages == 0 && c->malformed_messages == 0) {
        html(r, "No message of it could be read.");
        plain = false;
    }
    if (c->sealed_messages > 0) {
        html_print(r, "%s ", sealed_means(c->protocol, c->sealed_messages >= c->messages));
        plain = false;
    }
    if (c->midstream_flows > 0) {
        write_share(r, c->midstream_flows, c->flows);
        html_print(r, " began before the capture: %s. ", midstream_means(c->protocol));
        plain = false;
    }
    if (c->one_sided_flows > 0) {
        write_share(r, c->one_sided_flows, c->flows);
        html(r, " show one direction only: outcomes are not known there. ");
        plain = false;
    }
    if (c->lost_bytes > 0) {
        html(r, "Bytes are missing: messages in the gaps were not judged. ");
        plain = false;
    }
    if (c->malformed_messages > 0) {
        html(r, "Some messages do not follow their specification and were not judged. ");
        plain = false;
    }
    if (plain)
        html(r, "Read whole.");
}

/* A number that is worth a look when it is not zero. */
static void write_cell(struct report *r, uint64_t value)
{
    html(r, value ? "<td class=\"n\">" : "<td class=\"n zero\">");
    html_number(r, value);
    html(r, "</td>");
}

static void write_sealed(struct report *r, const struct results_coverage *c)
{
    html(r, c->sealed_messages ? "<td class=\"n\">" : "<td class=\"n zero\">");
    html_number(r, c->sealed_messages);
    if (c->sealed_messages > 0 && c->messages >= c->sealed_messages)
        html_print(r, " <span class=\"soft\">(%u%%)</span>",
                   (unsigned)((double)c->sealed_messages / (double)c->messages * 100.0));
    html(r, "</td>");
}

static void write_row(struct report *r, const struct results_coverage *c)
{
    html(r, "<tr><th scope=\"row\"><bdi>");
    html_str(r, results_device(r->results, &c->server));
    html_print(r, "</bdi></th><td>%s <span class=\"soft\">%u</span></td>", word_protocol(c->protocol),
               c->port);
    write_cell(r, c->flows);
    write_cell(r, c->messages);
    write_sealed(r, c);
    write_cell(r, c->lost_bytes);
    write_cell(r, c->malformed_messages);
    write_cell(r, c->midstream_flows);
    write_cell(r, c->one_sided_flows);
    html(r, "<td class=\"means\">");
    write_meaning(r, c);
    html(r, "</td></tr>\n");
}

void report_write_coverage(struct report *r)
{
    uint32_t count = r->results->coverage_count;
    uint32_t shown = count < REPORT_COVERAGE_MAX ? count : REPORT_COVERAGE_MAX;
    html(r, "<section id=\"coverage\" aria-labelledby=\"coverage-heading\">\n"
            "<h2 id=\"coverage-heading\">What was read</h2>\n");
    if (count == 0) {
        html(r, "<p>No conversation was found in a protocol that is read.</p>\n</section>\n");
        return;
    }
    html(r, "<p class=\"note\">By server and protocol, with the port. A detection can only speak about "
            "what stands here.</p>\n"
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"coverage-heading\" tabindex=\"0\">"
            "<table class=\"coverage\">\n"
            "<thead><tr><th scope=\"col\">Server</th><th scope=\"col\">Protocol</th>"
            "<th scope=\"col\" class=\"n\">Flows</th><th scope=\"col\" class=\"n\">Messages</th>"
            "<th scope=\"col\" class=\"n\">Sealed</th><th scope=\"col\" class=\"n\">Bytes lost</th>"
            "<th scope=\"col\" class=\"n\">Malformed</th>"
            "<th scope=\"col\" class=\"n\">Began mid-stream</th>"
            "<th scope=\"col\" class=\"n\">One-sided</th><th scope=\"col\">What that means</th></tr>"
            "</thead>\n"
            "<tbody>\n");
    for (uint32_t i = 0; i < shown; i++)
        write_row(r, &r->results->coverage[i]);
    html(r, "</tbody></table></div>\n");
    if (count > shown)
        html_print(r, "<p class=\"note\">%u more servers and protocols are not listed.</p>\n", count - shown);
    html(r, "</section>\n");
}

static void write_gaps(struct report *r, const struct coverage_totals *totals)
{
    for (size_t i = 0; coverage_gap_at(i); i++) {
        const struct coverage_gap *gap = coverage_gap_at(i);
        uint64_t count = gap->count(r->results, totals);
        if (gap->absent ? count > 0 : count == 0)
            continue;
        html_print(r, "<li><b>%s", gap->title);
        if (!gap->absent) {
            html(r, " (");
            html_number(r, count);
            html_print(r, " %s%s)", gap->unit, count == 1 ? "" : "s");
        }
        html_print(r, ":</b> %s <span class=\"soft\">%s</span></li>\n", gap->hides, gap->change);
    }
}

static void write_input_gaps(struct report *r)
{
    uint32_t unreadable = 0, damaged = 0;
    for (uint32_t i = 0; i < r->results->input_count; i++) {
        unreadable += r->results->inputs[i].unreadable;
        damaged += !r->results->inputs[i].unreadable && r->results->inputs[i].problem.size > 0;
    }
    if (unreadable + damaged == 0)
        return;
    html(r, "<li><b>Files:</b> ");
    if (unreadable) {
        html_count(r, unreadable, "file", "files");
        html(r, " could not be read");
    }
    if (unreadable && damaged)
        html(r, ", ");
    if (damaged) {
        html_count(r, damaged, "file", "files");
        html(r, " could be read only in part");
    }
    html(r, "; <a href=\"#inputs\">Inputs</a> says which and why.</li>\n");
}

/* Counters that count a loss, by how their names end or by name. */
static bool counts_a_loss(const char *name)
{
    static const char *const names[] = {"unsupported", "bad_packets", "cut_packets", "fragments_incomplete",
                                        "fragments_overlapping"};
    size_t size = strlen(name), ending = sizeof("_evicted") - 1;
    if (size > ending && strcmp(name + size - ending, "_evicted") == 0)
        return true;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void write_counted_losses(struct report *r)
{
    for (uint32_t s = 0; s < r->results->stage_count && s < RESULTS_STAGES_MAX; s++) {
        const struct results_stage *stage = &r->results->stages[s];
        for (size_t i = 0; i < stage->count && i < RESULTS_COUNTS_MAX; i++) {
            if (stage->counts[i].value == 0 || !counts_a_loss(stage->counts[i].name))
                continue;
            html(r, "<li><b>");
            html_number(r, stage->counts[i].value);
            html(r, "</b> ");
            html_str(r, str_of(stage->counts[i].doc));
            html(r, ".</li>\n");
        }
    }
}

static void write_forgotten(struct report *r, uint64_t count, const char *what)
{
    if (count == 0)
        return;
    html(r, "<li><b>");
    html_number(r, count);
    html_print(r, "</b> %s are missing from this page, because more came than can be held.</li>\n", what);
}

void report_write_unseen(struct report *r)
{
    struct coverage_totals totals = coverage_sum(r->results);
    html(r, "<section id=\"unseen\" aria-labelledby=\"unseen-heading\">\n"
            "<h2 id=\"unseen-heading\">What this run could not see</h2>\n"
            "<ul class=\"unseen\">\n");
    write_gaps(r, &totals);
    write_input_gaps(r);
    write_counted_losses(r);
    write_forgotten(r, r->results->alerts_forgotten, "older alerts");
    write_forgotten(r, r->results->coverage_forgotten, "servers and protocols");
    write_forgotten(r, r->results->entities_forgotten, "devices");
    html(r, "<li><b>Always:</b> what did not pass the point of capture, what happens inside a host, and "
            "protocols other than ");
    for (uint32_t p = protocol_unknown + 1; p < protocol_choices.count; p++)
        html_print(r, "%s%s",
                   p == 1                            ? ""
                   : p + 1 == protocol_choices.count ? " and "
                                                     : ", ",
                   word_protocol((uint8_t)p));
    html(r, ".</li>\n</ul>\n</section>\n");
}
