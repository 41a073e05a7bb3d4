/*
 * report_alert - one alert as a section: who did what to whom, how that is known, and what to check.
 */
#include "proto/attack.h"
#include "services/orthrus/report_page.h"

enum {
    FILTER_FRAMES_MAX = 2 * REPORT_EVIDENCE_MAX,
};

/* "known from the logon of its machine account, 95% certain" */
static void write_known(struct report *r, uint8_t by, uint8_t certainty)
{
    const char *words = word_resolved_by(by);
    if (words[0] == '\0')
        return;
    html_print(r, "<dd class=\"known\">known from %s, <b>%u%%</b> certain</dd>", words, certainty);
}

static void write_account(struct report *r, const struct party *party, const char *term)
{
    if (party->account.size == 0)
        return;
    html_print(r, "<dt>%s</dt><dd class=\"name\"><bdi>", term);
    html_str(r, word_account(&r->results->arena, party->account, party->domain));
    html(r, "</bdi></dd>");
    write_known(r, party->account_by, party->account_certainty);
}

static void write_attacked(struct report *r, const struct party *party)
{
    uint32_t listed = party->accounts.count;
    uint32_t all = party->account_count > listed ? party->account_count : listed;
    if (all == 0)
        return;
    html_print(r, "<dt class=\"shown\">%u account%s or service%s</dt><dd class=\"names\"><ul>", all,
               all == 1 ? "" : "s", all == 1 ? "" : "s");
    for (uint32_t i = 0; i < listed; i++) {
        html(r, "<li><bdi>");
        html_str(r, party->accounts.at[i]);
        html(r, "</bdi></li>");
    }
    if (all > listed)
        html_print(r, "<li class=\"soft\">and %u more</li>", all - listed);
    html(r, "</ul></dd>");
}

static void write_host(struct report *r, const struct party *party)
{
    char address[TEXT_ADDR_BYTES];
    const struct results_entity *entity = results_entity_of(r->results, &party->ip);
    struct str host = party->host;
    uint8_t by = party->host_by, certainty = party->host_certainty;
    if (host.size == 0 && entity) {
        host = str_of(entity->host);
        by = entity->host_by;
        certainty = entity->host_certainty;
    }
    text_addr(&party->ip, address);
    html(r, "<dt>Device</dt>");
    if (host.size > 0) {
        html(r, "<dd class=\"name\"><bdi>");
        html_str(r, host);
        html_print(r, "</bdi>%s<span class=\"address\">%s</span></dd>", address[0] ? " " : "", address);
        write_known(r, by, certainty);
    } else {
        html_print(r, "<dd class=\"name\">%s</dd>", address[0] ? address : "unknown");
        if (address[0])
            html(r, "<dd class=\"known\">no name was seen for this address</dd>");
    }
    if (entity && entity->role != device_role_none)
        html_print(r, "<dd class=\"known\">%s</dd>", word_role(entity->role));
}

static void write_parties(struct report *r, const struct alert *alert)
{
    html(r, "<div class=\"parties\">\n<div class=\"party\"><h4>Who</h4><dl>");
    write_account(r, &alert->source, "Account");
    write_host(r, &alert->source);
    html(r, "</dl></div>\n"
            "<div class=\"arrow\" aria-hidden=\"true\"></div>\n"
            "<div class=\"party\"><h4>To whom</h4><dl>");
    write_account(r, &alert->target, "Account");
    write_host(r, &alert->target);
    write_attacked(r, &alert->target);
    html(r, "</dl></div>\n</div>\n");
}

/* One id of ATT&CK with its name; a link when it has the form of one. */
static void write_attack_id(struct report *r, struct str id)
{
    bool tactic = attack_is_tactic(id), technique = attack_is_technique(id);
    const char *name = attack_name(id);
    html(r, "<li>");
    if (tactic || technique) {
        html_print(r, "<a rel=\"noreferrer noopener\" href=\"https://attack.mitre.org/%s/%.*s",
                   tactic ? "tactics" : "techniques", tactic ? 6 : 5, id.at);
        if (id.size > 6)
            html_print(r, "/%.3s", id.at + 6);
        html(r, "/\">");
    }
    html_str(r, id);
    html_print(r, "%s%s%s</li>", tactic || technique ? "</a>" : "", name[0] ? " " : "", name);
}

static void write_attack(struct report *r, const struct alert *alert)
{
    if (alert->tactics.count + alert->techniques.count == 0)
        return;
    html(r, "<div class=\"wide\"><dt>ATT&amp;CK</dt><dd><ul class=\"inline\">");
    for (uint32_t i = 0; i < alert->tactics.count; i++)
        write_attack_id(r, alert->tactics.at[i]);
    for (uint32_t i = 0; i < alert->techniques.count; i++)
        write_attack_id(r, alert->techniques.at[i]);
    html(r, "</ul></dd></div>\n");
}

static void write_facts(struct report *r, const struct alert *alert)
{
    char text[WORDS_SPAN_BYTES];
    html(r, "<dl class=\"facts\">\n<div><dt>First seen</dt><dd>");
    html_time(r, alert->first_seen, 3);
    html(r, "</dd></div>\n<div><dt>Last seen</dt><dd>");
    html_time(r, alert->last_seen, 3);
    html(r, "</dd></div>\n<div><dt>Counted</dt><dd>");
    html_count(r, alert->count, "act", "acts");
    if (alert->last_seen > alert->first_seen)
        html_print(r, " <span class=\"soft\">in %s</span>",
                   word_span(word_span_between(alert->first_seen, alert->last_seen), text));
    html(r, "</dd></div>\n<div><dt>Detection</dt><dd><code>");
    html_str(r, alert->detection);
    html(r, "</code>");
    if (alert->external_id.size > 0) {
        html(r, " <span class=\"soft\">(external id ");
        html_str(r, alert->external_id);
        html(r, ")</span>");
    }
    html(r, "</dd></div>\n");
    if (alert->incident.size > 0) {
        html(r, "<div><dt>Incident</dt><dd>");
        html_str(r, alert->incident);
        html(r, "</dd></div>\n");
    }
    write_attack(r, alert);
    html(r, "</dl>\n");
}

/* A display filter that finds the frames of one item. */
static void write_item_filter(struct report *r, const struct evidence *e)
{
    html(r, "<code class=\"filter\">frame.number ");
    if (e->frame && e->reply_frame && e->frame != e->reply_frame)
        html_print(r, "in {%llu, %llu}", (unsigned long long)e->frame, (unsigned long long)e->reply_frame);
    else
        html_print(r, "== %llu", (unsigned long long)(e->frame ? e->frame : e->reply_frame));
    html(r, "</code>");
}

static void write_place(struct report *r, const struct evidence *e)
{
    uint64_t frame = e->frame ? e->frame : e->reply_frame;
    if (frame) {
        html_print(r, "frame %llu", (unsigned long long)frame);
        if (e->frame && e->reply_frame && e->frame != e->reply_frame)
            html_print(r, ", answer %llu", (unsigned long long)e->reply_frame);
    }
    if (e->file.size > 0) {
        html(r, frame ? " of <bdi class=\"file\">" : "<bdi class=\"file\">");
        html_str(r, results_file(r->results, e->file));
        html(r, "</bdi>");
    }
    if (frame)
        write_item_filter(r, e);
}

static void write_item(struct report *r, const struct evidence *e)
{
    html(r, "<tr><td class=\"time\" data-label=\"When\">");
    html_time(r, e->time, 6);
    html(r, "</td><td class=\"place\" data-label=\"Where\">");
    write_place(r, e);
    html(r, "</td><td data-label=\"Fact\">");
    html_str(r, e->what);
    html(r, "</td><td data-label=\"Observed\">");
    if (e->field.size > 0) {
        html(r, "<span class=\"field\">");
        html_str(r, e->field);
        html(r, "</span> ");
    }
    if (e->value.size > 0) {
        html(r, "<b class=\"value\">");
        html_str(r, e->value);
        html(r, "</b>");
    }
    html(r, "</td><td data-label=\"Held against\">");
    html_str(r, e->threshold);
    html(r, "</td></tr>\n");
}

static int compare_frames(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;
    return one < two ? -1 : one > two;
}

/* The filter for all evidence in the file of item first. */
static void write_file_filter(struct report *r, const struct evidence *items, uint32_t count, uint32_t first)
{
    uint64_t frames[FILTER_FRAMES_MAX];
    uint32_t used = 0;
    for (uint32_t i = first; i < count; i++) {
        if (!str_equal(items[i].file, items[first].file))
            continue;
        if (items[i].frame)
            frames[used++] = items[i].frame;
        if (items[i].reply_frame)
            frames[used++] = items[i].reply_frame;
    }
    if (used == 0)
        return;
    qsort(frames, used, sizeof(*frames), compare_frames);
    html(r, "<p class=\"filters\">All of it in <bdi class=\"file\">");
    html_str(r, results_file(r->results, items[first].file));
    html(r, "</bdi>: <code class=\"filter\">frame.number in {");
    for (uint32_t i = 0; i < used; i++)
        if (i == 0 || frames[i] != frames[i - 1])
            html_print(r, "%s%llu", i == 0 ? "" : ", ", (unsigned long long)frames[i]);
    html(r, "}</code></p>\n");
}

static void write_filters(struct report *r, const struct evidence *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool told = false;
        for (uint32_t before = 0; before < i && !told; before++)
            told = str_equal(items[before].file, items[i].file);
        if (!told)
            write_file_filter(r, items, count, i);
    }
}

static void write_evidence(struct report *r, const struct alert *alert, bool open)
{
    uint32_t count =
        alert->evidence.count < REPORT_EVIDENCE_MAX ? alert->evidence.count : REPORT_EVIDENCE_MAX;
    if (count == 0)
        return;
    html_print(r,
               "<details class=\"evidence\"%s>\n"
               "<summary>Evidence <span class=\"soft\">%u %s</span></summary>\n"
               "<table class=\"stack\">\n"
               "<thead><tr><th scope=\"col\">When (UTC)</th>"
               "<th scope=\"col\">Where, with a Wireshark filter</th><th scope=\"col\">Fact</th>"
               "<th scope=\"col\">Observed</th><th scope=\"col\">Held against</th></tr></thead>\n"
               "<tbody>\n",
               open ? " open" : "", count, count == 1 ? "item" : "items");
    for (uint32_t i = 0; i < count; i++)
        write_item(r, &alert->evidence.at[i]);
    html(r, "</tbody></table>\n");
    if (alert->evidence.count > count)
        html_print(r, "<p class=\"note\">%u more items are left out here.</p>\n",
                   alert->evidence.count - count);
    if (count > 1)
        write_filters(r, alert->evidence.at, count);
    html(r, "</details>\n");
}

static void write_checks(struct report *r, const struct alert *alert)
{
    if (alert->checks.count == 0)
        return;
    html(r, "<div class=\"checks\"><h4>What to check</h4>\n<ul>");
    for (uint32_t i = 0; i < alert->checks.count; i++) {
        html(r, "<li>");
        html_str(r, alert->checks.at[i]);
        html(r, "</li>\n");
    }
    html(r, "</ul></div>\n");
}

static void write_tuning(struct report *r, const struct alert *alert)
{
    if (alert->tuning.size == 0)
        return;
    html(r, "<p class=\"tuning\"><b>To tune it:</b> ");
    html_str(r, alert->tuning);
    html(r, "</p>\n");
}

void report_write_alert(struct report *r, uint32_t rank)
{
    const struct alert *alert = report_alert(r, rank);
    unsigned severity = alert->severity < REPORT_SEVERITIES ? alert->severity : severity_unknown;
    html(r, "<article class=\"alert\" id=\"");
    html_anchor(r, rank);
    html(r, "\" aria-labelledby=\"t-");
    html_anchor(r, rank);
    html(r, "\">\n<p class=\"kicker\">");
    html_mark(r, alert->severity);
    html_print(r,
               "<span class=\"tag s%u\">%s</span> <span>%u%% certain</span> <span>%s</span></p>\n<h3 id=\"t-",
               severity, choice_name(&severity_choices, alert->severity), alert->confidence,
               word_outcome(alert->outcome));
    html_anchor(r, rank);
    html(r, "\">");
    html_str(r, alert->title);
    html(r, "</h3>\n");
    if (alert->description.size > 0) {
        html(r, "<p class=\"description\">");
        html_str(r, alert->description);
        html(r, "</p>\n");
    }
    write_parties(r, alert);
    write_facts(r, alert);
    write_checks(r, alert);
    write_evidence(r, alert, rank < REPORT_ALERTS_OPEN_MAX);
    write_tuning(r, alert);
    html(r, "</article>\n");
}
