/*
 * text_output - alerts as blocks of text that fit the terminal.
 *
 * What is written first goes through text_write_terminal() into a line buffer, then is wrapped: nothing from
 * outside reaches the output by another way.
 */
#include "services/orthrus/text_output.h"

#include "common/base/text.h"
#include "services/orthrus/words.h"

enum {
    COLUMNS_STANDARD = 80,
    COLUMNS_LEAST = 40,
    COLUMNS_MOST = 160, /* longer lines are hard to read however wide the screen is */
    INDENT = 2,
    INDENT_DEEP = 6,
    FACT_COLUMNS_LEAST = 40, /* a fact with less room beside its place stands below it */
    EVIDENCE_SHOWN = 8,
    TARGETS_SHOWN = 6,
    DATE_BYTES = sizeof("2026-11-21") - 1,
    DATE_COLUMNS_LEAST = 100, /* with fewer, facts need the room more than each time its date */
};

#define CODE_RESET "\x1b[0m"
#define CODE_BOLD  "\x1b[1m"
#define CODE_DIM   "\x1b[2m"

/* Text on its way to one output. */
struct page {
    struct results *results;
    const struct text_style *style;
    struct writer *w;
    struct writer line; /* escaped, not yet wrapped */
    uint32_t columns;
};

static struct page open_page(struct results *results, const struct text_style *style, struct writer *w)
{
    uint32_t columns = style->columns ? style->columns : COLUMNS_STANDARD;
    columns = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns > COLUMNS_MOST ? COLUMNS_MOST : columns;
    return (struct page){.results = results, .style = style, .w = w, .columns = columns};
}

static void close_page(struct page *page)
{
    writer_close(&page->line);
}

static void color(struct page *page, const char *code)
{
    if (page->style->color)
        writer_text(page->w, code);
}

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

/* Columns that a character takes: none for what combines, two for East Asian and pictures, as wcwidth has it.
 */
static uint32_t width_of(uint32_t c)
{
    if (c >= 0x300 && c <= 0x36f)
        return 0;
    bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
}

static uint32_t width_of_text(struct str s)
{
    uint32_t width = 0;
    const uint8_t *at = (const uint8_t *)(s.at ? s.at : ""), *end = at + s.size;
    while (at < end)
        width += width_of(text_next_utf8(&at, end));
    return width;
}

static void spaces(struct page *page, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        writer_u8(page->w, ' ');
}

/* Adds to the line: text of ours by format, or text from outside. */
#define add(page, ...) writer_print(&(page)->line, __VA_ARGS__)

static void add_str(struct page *page, struct str s)
{
    text_write_terminal(&page->line, s);
}

/* Writes the line, wrapped between words; the first of its rows begins at column, the others at indent. A
 * word longer than a row stays whole, so that it can be copied. */
static void wrap(struct page *page, uint32_t column, uint32_t indent)
{
    struct str text = writer_str(&page->line);
    bool row_is_empty = true;
    for (uint32_t i = 0; i < text.size;) {
        uint32_t end = i;
        while (end < text.size && text.at[end] != ' ')
            end++;
        struct str word = {.at = text.at + i, .size = end - i};
        uint32_t width = width_of_text(word);
        if (!row_is_empty && column + 1 + width > page->columns) {
            writer_u8(page->w, '\n');
            spaces(page, indent);
            column = indent;
            row_is_empty = true;
        }
        if (!row_is_empty) {
            writer_u8(page->w, ' ');
            column++;
        }
        writer_str_bytes(page->w, word);
        column += width;
        row_is_empty = false;
        i = end + 1;
    }
    writer_u8(page->w, '\n');
    writer_reset(&page->line);
}

static void paragraph(struct page *page, uint32_t indent)
{
    spaces(page, indent);
    wrap(page, indent, indent);
}

static void heading(struct page *page, const char *text)
{
    spaces(page, INDENT);
    color(page, CODE_BOLD);
    writer_text(page->w, text);
    color(page, CODE_RESET);
    writer_u8(page->w, '\n');
}

static void write_title(struct page *page, const struct alert *alert)
{
    const char *name = choice_name(&severity_choices, alert->severity);
    uint32_t column = (uint32_t)strlen(name) + 3;
    color(page, severity_color(alert->severity));
    writer_u8(page->w, '[');
    for (const char *c = name; *c != '\0'; c++)
        writer_u8(page->w, (uint8_t)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c));
    writer_u8(page->w, ']');
    color(page, CODE_RESET);
    writer_u8(page->w, ' ');
    color(page, CODE_BOLD);
    add_str(page, alert->title);
    wrap(page, column, INDENT);
    color(page, CODE_RESET);
}

static void add_times(struct page *page, const struct alert *alert)
{
    char first[TEXT_TIME_BYTES], last[TEXT_TIME_BYTES];
    word_time(alert->first_seen, 3, first);
    word_time(alert->last_seen, 3, last);
    if (alert->last_seen <= alert->first_seen)
        add(page, "%s UTC", first);
    else if (memcmp(first, last, DATE_BYTES) == 0)
        add(page, "%s to %s UTC", first, last + DATE_BYTES + 1);
    else
        add(page, "%s to %s UTC", first, last);
}

static void write_facts(struct page *page, const struct alert *alert)
{
    color(page, CODE_DIM);
    add_str(page, alert->detection);
    add(page, ", %u%% certain, %s", alert->confidence, word_outcome(alert->outcome));
    if (alert->count > 1)
        add(page, ", %u times", alert->count);
    add(page, ", ");
    add_times(page, alert);
    for (uint32_t i = 0; i < alert->techniques.count; i++) {
        add(page, ", ");
        add_str(page, alert->techniques.at[i]);
    }
    paragraph(page, INDENT);
    color(page, CODE_RESET);
}

static void add_device(struct page *page, const struct party *party)
{
    char address[TEXT_ADDR_BYTES];
    text_addr(&party->ip, address);
    if (party->host.size == 0 && party->ip.family == 0) {
        add(page, "an unknown device");
    } else if (party->host.size == 0) {
        add_str(page, results_device(page->results, &party->ip));
    } else {
        add_str(page, party->host);
        if (party->ip.family != 0)
            add(page, " (%s)", address);
    }
}

static void add_accounts(struct page *page, const struct party *party)
{
    uint32_t shown = party->accounts.count < TARGETS_SHOWN ? party->accounts.count : TARGETS_SHOWN;
    uint32_t all =
        party->account_count > party->accounts.count ? party->account_count : party->accounts.count;
    for (uint32_t i = 0; i < shown; i++) {
        add(page, i == 0 ? ": " : ", ");
        add_str(page, party->accounts.at[i]);
    }
    if (all > shown)
        add(page, shown ? " and %u more" : ": %u accounts", all - shown);
}

/* CORP\alice on WS2 (10.0.0.5) -> DC1 (10.0.0.1): alice, bob and 17 more */
static void write_parties(struct page *page, const struct alert *alert)
{
    struct arena *arena = &page->results->arena;
    const struct party *source = &alert->source, *target = &alert->target;
    if (source->account.size > 0) {
        add_str(page, word_account(arena, source->account, source->domain));
        add(page, " on ");
    }
    add_device(page, source);
    add(page, " -> ");
    if (target->account.size > 0) {
        add_str(page, word_account(arena, target->account, target->domain));
        add(page, " on ");
    }
    add_device(page, target);
    add_accounts(page, target);
    paragraph(page, INDENT);
}

static void add_known(struct page *page, const char *separator, struct str name, unsigned by,
                      unsigned certainty)
{
    const char *words = word_resolved_by((uint8_t)by);
    if (name.size == 0 || words[0] == '\0')
        return;
    add(page, "%s", page->line.size == 0 ? "Names: " : separator);
    add_str(page, name);
    add(page, " is known from %s (%u%%)", words, certainty);
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
    add(page, ".");
    color(page, CODE_DIM);
    paragraph(page, INDENT);
    color(page, CODE_RESET);
}

/* "dc.pcap#11" into the line, and its width. */
static uint32_t add_place(struct page *page, const struct evidence *e)
{
    size_t before = page->line.size;
    uint64_t frame = e->frame ? e->frame : e->reply_frame;
    add_str(page, results_file(page->results, e->file));
    if (frame)
        add(page, "#%llu", (unsigned long long)frame);
    struct str all = writer_str(&page->line);
    return width_of_text((struct str){.at = all.at + before, .size = all.size - (uint32_t)before});
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
    spaces(page, 2 * INDENT);
    uint32_t width = add_place(page, e);
    writer_str_bytes(page->w, writer_str(&page->line));
    writer_reset(&page->line);
    spaces(page, (width < columns->place ? columns->place - width : 0) + 2);
    const char *shown = word_time(e->time, 3, time) + (columns->date ? 0 : DATE_BYTES + 1);
    color(page, CODE_DIM);
    writer_text(page->w, shown);
    color(page, CODE_RESET);
    return 2 * INDENT + (width < columns->place ? columns->place : width) + 2 + (uint32_t)strlen(shown);
}

/* What was observed, in brackets; a threshold that the item before had as well is not said again. */
static void add_observed(struct page *page, const struct evidence *e, struct str threshold)
{
    if (e->field.size + e->value.size + threshold.size == 0)
        return;
    add(page, "%s[", e->what.size ? " " : "");
    add_str(page, e->field);
    add(page, "%s", e->field.size && e->value.size ? ": " : "");
    add_str(page, e->value);
    add(page, "%s", threshold.size && e->field.size + e->value.size ? "; " : "");
    add_str(page, threshold);
    add(page, "]");
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
            spaces(page, indent);
        } else {
            spaces(page, 2);
        }
        add_str(page, e->what);
        add_observed(page, e, again ? (struct str){0} : e->threshold);
        wrap(page, column, indent);
    }
    if (count > shown) {
        add(page, "and %u more (see --report)", count - shown);
        paragraph(page, 2 * INDENT);
    }
}

static void write_checks(struct page *page, const struct alert *alert)
{
    if (alert->checks.count == 0)
        return;
    heading(page, "Check");
    for (uint32_t i = 0; i < alert->checks.count; i++) {
        spaces(page, 2 * INDENT);
        writer_text(page->w, "- ");
        add_str(page, alert->checks.at[i]);
        wrap(page, 2 * INDENT + 2, 2 * INDENT + 2);
    }
}

void text_write_alert(struct results *results, const struct record *record, const struct text_style *style,
                      struct writer *w)
{
    const struct alert *alert = record->body;
    struct page page = open_page(results, style, w);
    write_title(&page, alert);
    write_facts(&page, alert);
    write_parties(&page, alert);
    write_known(&page, alert);
    if (alert->description.size > 0) {
        writer_u8(w, '\n');
        add_str(&page, alert->description);
        paragraph(&page, INDENT);
    }
    if (alert->evidence.count + alert->checks.count > 0)
        writer_u8(w, '\n');
    write_evidence(&page, alert);
    write_checks(&page, alert);
    close_page(&page);
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
        add(page, "%s%u %s", first ? "" : ", ", counts[s], choice_name(&severity_choices, (uint8_t)s));
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
        add(page, " There was nothing to judge either: the input holds no Kerberos, NTLM, SMB or DCE/RPC "
                  "that could be read.");
        return;
    }
    add(page, " %s messages were judged", word_number(messages, number));
    if (sealed > 0)
        add(page, ", %s of them encrypted", word_number(sealed, number));
    add(page, ". That is what was captured and what the detections know, no proof that nothing happened.");
}

void text_write_summary(struct results *results, const struct text_style *style, struct writer *w)
{
    struct page page = open_page(results, style, w);
    char number[WORDS_NUMBER_BYTES];
    if (results->alert_count == 0) {
        add(&page, "No alerts.");
        add_what_was_read(&page);
    } else {
        add(&page, "%s alert%s: ", word_number(results->alert_count, number),
            results->alert_count == 1 ? "" : "s");
        add_severities(&page);
        add(&page, ".");
    }
    if (results->alerts_forgotten > 0)
        add(&page, " %s older alerts were forgotten, because more came than can be held.",
            word_number(results->alerts_forgotten, number));
    paragraph(&page, 0);
    close_page(&page);
}
