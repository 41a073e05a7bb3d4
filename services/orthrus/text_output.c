/*
 * text_output - alerts as blocks of text that fit the terminal.
 */
#include "services/orthrus/text_output.h"

#include "common/base/text.h"
#include "services/orthrus/coverage.h"
#include "services/orthrus/text_page.h"
#include "services/orthrus/words.h"

enum {
    INDENT = PAGE_INDENT,
    INDENT_DEEP = 6,
    FACT_COLUMNS_LEAST = 40, /* a fact with less room beside its place stands below it */
    EVIDENCE_SHOWN = 8,
    TARGETS_SHOWN = 6,
    DATE_BYTES = sizeof("2026-11-21") - 1,
    DATE_COLUMNS_LEAST = 100, /* with fewer, facts need the room more than each time its date */
};

static const char *severity_color(uint8_t severity)
{
    switch (severity) {
    case severity_critical:
        return "\x1b[1;97;41m";
    case severity_high:
        return "\x1b[1;31m";
    case severity_medium:
        return "\x1b[1;33m";
    case severity_low:
        return "\x1b[1;36m";
    default:
        return CODE_BOLD;
    }
}

static void heading(struct page *page, const char *text)
{
    page_spaces(page, INDENT);
    page_color(page, CODE_BOLD);
    writer_text(page->w, text);
    page_color(page, CODE_RESET);
    writer_u8(page->w, '\n');
}

static void write_title(struct page *page, const struct alert *alert)
{
    const char *name = choice_name(&severity_choices, alert->severity);
    uint32_t column = (uint32_t)strlen(name) + 3;
    page_color(page, severity_color(alert->severity));
    writer_u8(page->w, '[');
    for (const char *c = name; *c != '\0'; c++)
        writer_u8(page->w, (uint8_t)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c));
    writer_u8(page->w, ']');
    page_color(page, CODE_RESET);
    writer_u8(page->w, ' ');
    page_color(page, CODE_BOLD);
    page_add_str(page, alert->title);
    page_wrap(page, column, INDENT);
    page_color(page, CODE_RESET);
}

static void add_times(struct page *page, const struct alert *alert)
{
    char first[TEXT_TIME_BYTES], last[TEXT_TIME_BYTES];
    word_time(alert->first_seen, 3, first);
    word_time(alert->last_seen, 3, last);
    if (alert->last_seen <= alert->first_seen)
        page_add(page, "%s UTC", first);
    else if (memcmp(first, last, DATE_BYTES) == 0)
        page_add(page, "%s to %s UTC", first, last + DATE_BYTES + 1);
    else
        page_add(page, "%s to %s UTC", first, last);
}

static void write_facts(struct page *page, const struct alert *alert)
{
    page_color(page, CODE_DIM);
    page_add_str(page, alert->detection);
    page_add(page, ", %u%% certain, %s", alert->confidence, word_outcome(alert->outcome));
    if (alert->count > 1)
        page_add(page, ", %u times", alert->count);
    page_add(page, ", ");
    add_times(page, alert);
    for (uint32_t i = 0; i < alert->techniques.count; i++) {
        page_add(page, ", ");
        page_add_str(page, alert->techniques.at[i]);
    }
    page_paragraph(page, INDENT);
    page_color(page, CODE_RESET);
}

static void add_device(struct page *page, const struct party *party)
{
    char address[TEXT_ADDR_BYTES];
    text_addr(&party->ip, address);
    if (party->host.size == 0 && party->ip.family == 0) {
        page_add(page, "an unknown device");
    } else if (party->host.size == 0) {
        page_add_str(page, results_device(page->results, &party->ip));
    } else {
        page_add_str(page, party->host);
        if (party->ip.family != 0)
            page_add(page, " (%s)", address);
    }
}

static void add_accounts(struct page *page, const struct party *party)
{
    uint32_t shown = party->accounts.count < TARGETS_SHOWN ? party->accounts.count : TARGETS_SHOWN;
    uint32_t all =
        party->account_count > party->accounts.count ? party->account_count : party->accounts.count;
    for (uint32_t i = 0; i < shown; i++) {
        page_add(page, i == 0 ? ": " : ", ");
        page_add_str(page, party->accounts.at[i]);
    }
    if (all > shown)
        page_add(page, shown ? " and %u more" : ": %u accounts", all - shown);
}

/* CORP\alice on WS2 (10.0.0.5) -> DC1 (10.0.0.1): alice, bob and 17 more */
static void write_parties(struct page *page, const struct alert *alert)
{
    struct arena *arena = &page->results->arena;
    const struct party *source = &alert->source, *target = &alert->target;
    if (source->account.size > 0) {
        page_add_str(page, word_account(arena, source->account, source->domain));
        page_add(page, " on ");
    }
    add_device(page, source);
    page_add(page, " -> ");
    if (target->account.size > 0) {
        page_add_str(page, word_account(arena, target->account, target->domain));
        page_add(page, " on ");
    }
    add_device(page, target);
    add_accounts(page, target);
    page_paragraph(page, INDENT);
}

static void add_known(struct page *page, const char *separator, struct str name, unsigned by,
                      unsigned certainty)
{
    const char *words = word_resolved_by((uint8_t)by);
    if (name.size == 0 || words[0] == '\0')
        return;
    page_add(page, "%s", page->line.size == 0 ? "Names: " : separator);
    page_add_str(page, name);
    page_add(page, " is known from %s (%u%%)", words, certainty);
}

static void write_known(struct page *page, const struct alert *alert)
{
    const struct party *s = &alert->source, *t = &alert->target;
    add_known(page, "; ", s->host, s->host_by, s->host_certainty);
    add_known(page, "; ", s->account, s->account_by, s->account_certainty);
    add_known(page, "; ", t->host, t->host_by, t->host_certainty);
    add_known(page, "; ", t->account, t->account_by, t->account_certainty);
    if (page->line.size == 0)
        return;
    page_add(page, ".");
    page_color(page, CODE_DIM);
    page_paragraph(page, INDENT);
    page_color(page, CODE_RESET);
}

/* "dc.pcap#11" into the line, and its width. */
static uint32_t add_place(struct page *page, const struct evidence *e)
{
    size_t before = page->line.size;
    uint64_t frame = e->frame ? e->frame : e->reply_frame;
    page_add_str(page, results_file(page->results, e->file));
    if (frame)
        page_add(page, "#%llu", (unsigned long long)frame);
    struct str all = writer_str(&page->line);
    return page_width((struct str){.at = all.at + before, .size = all.size - (uint32_t)before});
}

/* Where the columns of a list of evidence stand. */
struct evidence_columns {
    uint32_t place;
    bool date; /* days differ, or there is room: a date stands before the time of day */
};

static struct evidence_columns evidence_columns(struct page *page, const struct alert *alert, uint32_t shown)
{
    struct evidence_columns columns = {.date = page->columns >= DATE_COLUMNS_LEAST};
    char first[TEXT_TIME_BYTES], time[TEXT_TIME_BYTES];
    word_time(alert->first_seen, 0, first);
    for (uint32_t i = 0; i < shown; i++) {
        const struct evidence *e = &alert->evidence.at[i];
        uint32_t width = add_place(page, e);
        writer_reset(&page->line);
        /* What is wider than a third of the row stands out, and moves only itself. */
        if (width > columns.place && width <= page->columns / 3)
            columns.place = width;
        if (memcmp(word_time(e->time, 0, time), first, DATE_BYTES) != 0)
            columns.date = true;
    }
    return columns;
}

/* "dc.pcap#11  20:15:00.123" and the column behind it. */
static uint32_t write_when(struct page *page, const struct evidence *e,
                           const struct evidence_columns *columns)
{
    char time[TEXT_TIME_BYTES];
    page_spaces(page, 2 * INDENT);
    uint32_t width = add_place(page, e);
    writer_str_bytes(page->w, writer_str(&page->line));
    writer_reset(&page->line);
    page_spaces(page, (width < columns->place ? columns->place - width : 0) + 2);
    const char *shown = word_time(e->time, 3, time) + (columns->date ? 0 : DATE_BYTES + 1);
    page_color(page, CODE_DIM);
    writer_text(page->w, shown);
    page_color(page, CODE_RESET);
    return 2 * INDENT + (width < columns->place ? columns->place : width) + 2 + (uint32_t)strlen(shown);
}

/* What was observed, in brackets; a threshold that the item before had as well is not said again. */
static void add_observed(struct page *page, const struct evidence *e, struct str threshold)
{
    if (e->field.size + e->value.size + threshold.size == 0)
        return;
    page_add(page, "%s[", e->what.size ? " " : "");
    page_add_str(page, e->field);
    page_add(page, "%s", e->field.size && e->value.size ? ": " : "");
    page_add_str(page, e->value);
    page_add(page, "%s", threshold.size && e->field.size + e->value.size ? "; " : "");
    page_add_str(page, threshold);
    page_add(page, "]");
}

static void write_evidence(struct page *page, const struct alert *alert)
{
    uint32_t count = alert->evidence.count;
    if (count == 0)
        return;
    uint32_t shown = count < EVIDENCE_SHOWN ? count : EVIDENCE_SHOWN;
    struct evidence_columns columns = evidence_columns(page, alert, shown);
    heading(page, "Evidence (UTC)");
    for (uint32_t i = 0; i < shown; i++) {
        const struct evidence *e = &alert->evidence.at[i];
        bool again = i > 0 && str_equal(alert->evidence.at[i - 1].threshold, e->threshold);
        uint32_t column = write_when(page, e, &columns) + 2, indent = column;
        if (column + FACT_COLUMNS_LEAST > page->columns) {
            indent = column = INDENT_DEEP;
            writer_u8(page->w, '\n');
            page_spaces(page, indent);
        } else {
            page_spaces(page, 2);
        }
        page_add_str(page, e->what);
        add_observed(page, e, again ? (struct str){0} : e->threshold);
        page_wrap(page, column, indent);
    }
    if (count > shown) {
        page_add(page, "and %u more (see --report)", count - shown);
        page_paragraph(page, 2 * INDENT);
    }
}

static void write_checks(struct page *page, const struct alert *alert)
{
    if (alert->checks.count == 0)
        return;
    heading(page, "Check");
    for (uint32_t i = 0; i < alert->checks.count; i++) {
        page_spaces(page, 2 * INDENT);
        writer_text(page->w, "- ");
        page_add_str(page, alert->checks.at[i]);
        page_wrap(page, 2 * INDENT + 2, 2 * INDENT + 2);
    }
}

void text_write_alert(struct results *results, const struct record *record, const struct text_style *style,
                      struct writer *w)
{
    const struct alert *alert = record->body;
    struct page page = page_open(results, style, w);
    write_title(&page, alert);
    write_facts(&page, alert);
    write_parties(&page, alert);
    write_known(&page, alert);
    if (alert->description.size > 0) {
        writer_u8(w, '\n');
        page_add_str(&page, alert->description);
        page_paragraph(&page, INDENT);
    }
    if (alert->evidence.count + alert->checks.count > 0)
        writer_u8(w, '\n');
    write_evidence(&page, alert);
    write_checks(&page, alert);
    page_close(&page);
}

/* "2 high, 1 low" into the line. */
static void add_severities(struct page *page)
{
    uint32_t counts[severity_critical + 1] = {0};
    bool first = true;
    for (uint32_t i = 0; i < page->results->alert_count; i++) {
        const struct alert *alert = page->results->alerts[i].body;
        counts[alert->severity <= severity_critical ? alert->severity : severity_unknown]++;
    }
    for (int s = severity_critical; s >= severity_unknown; s--) {
        if (counts[s] == 0)
            continue;
        page_add(page, "%s%u %s", first ? "" : ", ", counts[s], choice_name(&severity_choices, (uint8_t)s));
        first = false;
    }
}

/* What stands behind "nothing was found": what there was to judge, and what of it was sealed. */
static void add_what_was_read(struct page *page)
{
    uint64_t messages = 0, sealed = 0;
    char number[WORDS_NUMBER_BYTES];
    for (uint32_t i = 0; i < page->results->coverage_count; i++) {
        const struct results_coverage *c = &page->results->coverage[i];
        if (c->protocol == protocol_unknown)
            continue;
        messages += c->messages;
        sealed += c->sealed_messages;
    }
    if (messages == 0) {
        page_add(page,
                 " There was nothing to judge either: the input holds no protocol of a domain controller "
                 "that could be read.");
        return;
    }
    page_add(page, " %s messages were judged", word_number(messages, number));
    if (sealed > 0)
        page_add(page, ", %s of them encrypted", word_number(sealed, number));
    page_add(page,
             ". That is what was captured and what the detections know, no proof that nothing happened.");
}

/* How much of each protocol was read: "Kerberos 14 messages; DCE/RPC 18 messages (44% whole, 10 sealed)". */
static void add_coverage(struct page *page)
{
    struct coverage_totals totals = coverage_sum(page->results);
    char number[WORDS_NUMBER_BYTES];
    const char *before = "Read:";
    for (uint8_t p = protocol_unknown + 1; p < COVERAGE_PROTOCOLS_MAX; p++) {
        const struct results_coverage *c = &totals.of[p];
        struct coverage_share share = coverage_share(c);
        if (share.amount == 0)
            continue;
        page_add(page, "%s %s %s", before, word_protocol(p), word_number(share.amount, number));
        before = ";";
        if (share.whole < share.amount)
            page_add(page, " (%u%% whole)", coverage_percent(share.whole, share.amount));
    }
    if (before[0] == ';')
        page_add(page, ". orthrus coverage says by server what could not be seen, and what to change.");
}

void text_write_summary(struct results *results, const struct text_style *style, struct writer *w)
{
    struct page page = page_open(results, style, w);
    char number[WORDS_NUMBER_BYTES];
    if (results->alert_count == 0) {
        page_add(&page, "No alerts.");
        add_what_was_read(&page);
    } else {
        page_add(&page, "%s alert%s: ", word_number(results->alert_count, number),
                 results->alert_count == 1 ? "" : "s");
        add_severities(&page);
        page_add(&page, ".");
    }
    if (results->alerts_forgotten > 0)
        page_add(&page, " %s older alerts were forgotten, because more came than can be held.",
                 word_number(results->alerts_forgotten, number));
    page_paragraph(&page, 0);
    add_coverage(&page);
    if (page.line.size > 0)
        page_paragraph(&page, 0);
    page_close(&page);
}
