/*
 * report_page - how values stand in the page.
 */
#include "services/orthrus/report_page.h"

void html_str(struct report *r, struct str s)
{
    writer_reset(&r->scratch);
    text_write_terminal(&r->scratch, s);
    text_write_html(r->w, writer_str(&r->scratch));
}

void html_number(struct report *r, uint64_t number)
{
    char buffer[WORDS_NUMBER_BYTES];
    html(r, word_number(number, buffer));
}

void html_count(struct report *r, uint64_t number, const char *one, const char *many)
{
    html_number(r, number);
    html_print(r, " %s", number == 1 ? one : many);
}

void html_time(struct report *r, time_ns time, unsigned digits)
{
    char exact[TEXT_TIME_BYTES], shown[TEXT_TIME_BYTES];
    if (time == TIME_NS_NONE) {
        html(r, "&#8211;");
        return;
    }
    html_print(r, "<time datetime=\"%s\">%s</time>", text_time(time, exact), word_time(time, digits, shown));
}

void html_mark(struct report *r, uint8_t severity)
{
    unsigned known = severity < REPORT_SEVERITIES ? severity : severity_unknown;
    html_print(
        r, "<svg class=\"mark s%u\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><use href=\"#m%u\"/></svg>",
        known, known);
}

void html_device(struct report *r, const struct party *party)
{
    char address[TEXT_ADDR_BYTES];
    text_addr(&party->ip, address);
    if (party->host.size == 0 && party->ip.family == 0) {
        html(r, "an unknown device");
        return;
    }
    html(r, "<bdi>");
    if (party->host.size == 0) {
        html_str(r, results_device(r->results, &party->ip));
    } else {
        html_str(r, party->host);
        if (party->ip.family != 0)
            html_print(r, " (%s)", address);
    }
    html(r, "</bdi>");
}

void html_anchor(struct report *r, uint32_t rank)
{
    struct id id = r->ranked[rank]->id;
    html_print(r, "a-%016llx%016llx", (unsigned long long)id.high, (unsigned long long)id.low);
}

static int compare_part(const void *key, const void *value)
{
    const struct report_part *part = value;
    return memcmp(key, &part->address, sizeof(part->address));
}

const struct report_part *report_part_of(const struct report *r, const struct addr *address)
{
    if (r->part_count == 0)
        return NULL;
    return bsearch(address, r->parts, r->part_count, sizeof(*r->parts), compare_part);
}
