/*
 * coverage_output - coverage for a person and for a program.
 */
#include "proto/json.h"
#include "services/orthrus/coverage.h"
#include "services/orthrus/text_page.h"
#include "services/orthrus/words.h"

enum {
    PROTOCOL_COLUMNS = 25,
};

static void write_padded(struct page *page, struct str text, uint32_t columns)
{
    page_add_str(page, text);
    uint32_t width = page_width(writer_str(&page->line));
    writer_str_bytes(page->w, writer_str(&page->line));
    writer_reset(&page->line);
    page_spaces(page, width < columns ? columns - width : 1);
}

static void write_row(struct page *page, const struct results_coverage *c)
{
    struct coverage_share share = coverage_share(c);
    page_spaces(page, PAGE_INDENT);
    write_padded(page, str_of(word_protocol(c->protocol)), PROTOCOL_COLUMNS);
    writer_print(page->w, "%5u %6llu %9llu %5u%% %7llu %7llu %8llu\n", c->port, (unsigned long long)c->flows,
                 (unsigned long long)share.amount, coverage_percent(share.whole, share.amount),
                 (unsigned long long)share.sealed, (unsigned long long)c->opened,
                 (unsigned long long)c->lost_bytes);
}

static void write_server(struct page *page, const struct addr *server)
{
    page_color(page, CODE_BOLD);
    page_add_str(page, results_device(page->results, server));
    page_wrap(page, 0, PAGE_INDENT);
    page_color(page, CODE_RESET);
}

static void write_table(struct page *page)
{
    page_spaces(page, PAGE_INDENT);
    write_padded(page, STR("Protocol"), PROTOCOL_COLUMNS);
    writer_print(page->w, "%5s %6s %9s %6s %7s %7s %8s\n", "Port", "Flows", "Messages", "Whole", "Sealed",
                 "Opened", "Lost B");
    uint64_t other = 0;
    const struct addr *server = NULL;
    for (uint32_t i = 0; i < page->results->coverage_count; i++) {
        const struct results_coverage *c = &page->results->coverage[i];
        if (c->protocol == protocol_unknown) {
            other += c->flows;
            continue;
        }
        if (!server || !addr_equal(server, &c->server))
            write_server(page, &c->server);
        server = &c->server;
        write_row(page, c);
    }
    if (other > 0)
        writer_print(page->w, "%llu more conversations are of no protocol that is read.\n",
                     (unsigned long long)other);
}

/* The gap's count; *there says whether it is one. */
static uint64_t count_gap(const struct results *results, const struct coverage_totals *totals,
                          const struct coverage_gap *gap, bool *there)
{
    uint64_t count = gap->count(results, totals);
    *there = gap->absent ? count == 0 : count > 0;
    return count;
}

static void write_gaps(struct page *page, const struct coverage_totals *totals)
{
    char number[WORDS_NUMBER_BYTES];
    bool any = false;
    for (size_t i = 0; coverage_gap_at(i); i++) {
        const struct coverage_gap *gap = coverage_gap_at(i);
        bool there;
        uint64_t count = count_gap(page->results, totals, gap, &there);
        if (!there)
            continue;
        if (!any) {
            page_color(page, CODE_BOLD);
            writer_text(page->w, "\nTo see more");
            page_color(page, CODE_RESET);
            writer_text(page->w, "\n");
        }
        any = true;
        page_add(page, "%s", gap->title);
        if (!gap->absent)
            page_add(page, " (%s %s%s)", word_number(count, number), gap->unit, count == 1 ? "" : "s");
        page_add(page, ". %s", gap->hides);
        writer_text(page->w, "- ");
        page_wrap(page, 2, 2);
        page_add(page, "%s", gap->change);
        page_paragraph(page, 4);
    }
    if (!any)
        writer_text(page->w, "\nNothing of it stayed unseen.\n");
}

void coverage_write_text(struct results *results, const struct text_style *style, struct writer *w)
{
    struct page page = page_open(results, style, w);
    struct coverage_totals totals = coverage_sum(results);
    write_table(&page);
    write_gaps(&page, &totals);
    page_close(&page);
}

static void write_json_row(struct results *results, const struct results_coverage *c, struct json *json)
{
    const struct results_entity *entity = results_entity_of(results, &c->server);
    json_begin(json, '{');
    json_key_str(json, "type", STR("coverage"));
    json_key_addr(json, "server", &c->server);
    if (entity)
        json_key_str(json, "host",
                     (struct str){entity->host, (uint32_t)strnlen(entity->host, sizeof(entity->host))});
    json_key_str(json, "protocol", str_of(choice_name(&protocol_choices, c->protocol)));
    json_key_unsigned(json, "port", c->port);
    json_key_unsigned(json, "flows", c->flows);
    json_key_unsigned(json, "packets", c->packets);
    json_key_unsigned(json, "bytes", c->bytes);
    json_key_unsigned(json, "messages", c->messages);
    json_key_unsigned(json, "exchanges", c->exchanges);
    json_key_unsigned(json, "whole", coverage_share(c).whole);
    json_key_unsigned(json, "opened", c->opened);
    json_key_unsigned(json, "sealed_messages", c->sealed_messages);
    json_key_unsigned(json, "malformed_messages", c->malformed_messages);
    json_key_unsigned(json, "midstream_flows", c->midstream_flows);
    json_key_unsigned(json, "one_sided_flows", c->one_sided_flows);
    json_key_unsigned(json, "lost_bytes", c->lost_bytes);
    json_key(json, "unread");
    json_begin(json, '{');
    for (uint8_t i = unread_nothing + 1; i < RESULTS_UNREAD_MAX; i++)
        json_key_unsigned(json, choice_name(&unread_choices, i), c->unread[i]);
    json_end(json, '}');
    json_end(json, '}');
    writer_text(json->w, "\n");
    json->comma = false;
}

void coverage_write_json(struct results *results, struct writer *w)
{
    struct json json = {.w = w};
    struct coverage_totals totals = coverage_sum(results);
    for (uint32_t i = 0; i < results->coverage_count; i++)
        write_json_row(results, &results->coverage[i], &json);
    for (size_t i = 0; coverage_gap_at(i); i++) {
        const struct coverage_gap *gap = coverage_gap_at(i);
        bool there;
        uint64_t count = count_gap(results, &totals, gap, &there);
        if (!there)
            continue;
        json_begin(&json, '{');
        json_key_str(&json, "type", STR("gap"));
        json_key_str(&json, "title", str_of(gap->title));
        json_key_unsigned(&json, "count", count);
        json_key_str(&json, "unit", str_of(gap->unit));
        json_key_str(&json, "hides", str_of(gap->hides));
        json_key_str(&json, "change", str_of(gap->change));
        json_end(&json, '}');
        writer_text(w, "\n");
        json.comma = false;
    }
}
