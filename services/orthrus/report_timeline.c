/*
 * report_timeline - alerts on one axis of event time: a row each, drawn in SVG that grows with the page.
 *
 * Places are percentages, so that text and marks keep their size on a phone and on paper.
 */
#include "services/orthrus/report_page.h"

enum {
    TICKS_MAX = 5,
    TICKS_LONG_MAX =
        3, /* with labels that hold a date or a fraction: they stand beside each other on a phone */
    EVIDENCE_TICKS_MAX = 32,
    ZOOM_SHARE = 20, /* alerts within less than this part of the capture are drawn on an axis of their own */
    PAD_SHARE = 25,  /* of the span, left free on both sides */
    TICK_BYTES = 32,
};

#define LEAST_WIDTH       0.3 /* percent: what is drawn of a moment */
#define LEAST_WIDTH_TICKS 4.0

/* Times that a damaged capture may claim stay where they can be subtracted from each other. */
#define TIME_LEAST (-(time_ns)4 * 1000000000 * TIME_NS_S)
#define TIME_MOST  ((time_ns)4 * 1000000000 * TIME_NS_S)

struct axis {
    time_ns start;
    time_ns span; /* not zero */
    time_ns step;
    bool with_date; /* the days differ */
};

/* Steps that people count in. */
static const time_ns steps[] = {
    TIME_NS_MS,         2 * TIME_NS_MS,   5 * TIME_NS_MS,    10 * TIME_NS_MS,   20 * TIME_NS_MS,
    50 * TIME_NS_MS,    100 * TIME_NS_MS, 200 * TIME_NS_MS,  500 * TIME_NS_MS,  TIME_NS_S,
    2 * TIME_NS_S,      5 * TIME_NS_S,    10 * TIME_NS_S,    15 * TIME_NS_S,    30 * TIME_NS_S,
    TIME_NS_MIN,        2 * TIME_NS_MIN,  5 * TIME_NS_MIN,   10 * TIME_NS_MIN,  15 * TIME_NS_MIN,
    30 * TIME_NS_MIN,   TIME_NS_HOUR,     2 * TIME_NS_HOUR,  3 * TIME_NS_HOUR,  6 * TIME_NS_HOUR,
    12 * TIME_NS_HOUR,  TIME_NS_DAY,      2 * TIME_NS_DAY,   7 * TIME_NS_DAY,   14 * TIME_NS_DAY,
    30 * TIME_NS_DAY,   90 * TIME_NS_DAY, 365 * TIME_NS_DAY, 730 * TIME_NS_DAY, 1825 * TIME_NS_DAY,
    3650 * TIME_NS_DAY,
};

static time_ns clamp(time_ns time)
{
    return time < TIME_LEAST ? TIME_LEAST : time > TIME_MOST ? TIME_MOST : time;
}

static double percent(const struct axis *axis, time_ns time)
{
    double place = 100.0 * (double)(clamp(time) - axis->start) / (double)axis->span;
    return place < 0 ? 0 : place > 100 ? 100 : place;
}

static time_ns floor_to(time_ns time, time_ns step)
{
    time_ns rest = time % step;
    return time - (rest < 0 ? rest + step : rest);
}

static time_ns ticks_most(const struct axis *axis, time_ns step)
{
    bool is_long = step < TIME_NS_S || axis->with_date;
    return is_long ? TICKS_LONG_MAX : TICKS_MAX;
}

static struct axis axis_of(time_ns first, time_ns last)
{
    first = clamp(first);
    last = clamp(last);
    time_ns span = last - first;
    /* A single moment gets a second around it. */
    time_ns pad = span / PAD_SHARE > 0 ? span / PAD_SHARE : span > 0 ? 1 : TIME_NS_S / 2;
    struct axis axis = {.start = first - pad, .span = span + 2 * pad};
    axis.with_date = floor_to(first, TIME_NS_DAY) != floor_to(last, TIME_NS_DAY);
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(steps) && axis.span / steps[i] > ticks_most(&axis, steps[i]))
        i++;
    axis.step = steps[i];
    return axis;
}

/* The first and last moment of the alerts that are drawn. */
static void find_span(const struct report *r, uint32_t rows, time_ns *first, time_ns *last)
{
    for (uint32_t i = 0; i < rows; i++) {
        const struct alert *alert = report_alert(r, i);
        if (i == 0 || alert->first_seen < *first)
            *first = alert->first_seen;
        if (i == 0 || alert->last_seen > *last)
            *last = alert->last_seen;
    }
}

/* "2026-11-21", "11-21 20:15", "20:15", "20:15:30" or "20:15:30.500": as much as tells ticks apart. */
static const char *tick_label(const struct axis *axis, time_ns time, char label[TICK_BYTES])
{
    char text[TEXT_TIME_BYTES];
    word_time(time, axis->step < TIME_NS_S ? 3 : 0, text);
    size_t date = sizeof("2026-11-21") - 1, year = sizeof("2026-") - 1;
    size_t from = axis->step >= TIME_NS_DAY ? 0 : axis->with_date ? year : date + 1;
    size_t size = strlen(text) - from;
    if (axis->step >= TIME_NS_DAY)
        size = date;
    else if (axis->step >= TIME_NS_MIN)
        size -= sizeof(":00") - 1;
    (void)snprintf(label, TICK_BYTES, "%.*s", (int)(size < TICK_BYTES ? size : TICK_BYTES - 1), text + from);
    return label;
}

static void write_grid(struct report *r, const struct axis *axis)
{
    for (time_ns t = floor_to(axis->start, axis->step) + axis->step; t < axis->start + axis->span;
         t += axis->step)
        html_print(r, "<line class=\"grid\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"0\" y2=\"100%%\"/>",
                   percent(axis, t), percent(axis, t));
}

static void write_axis(struct report *r, const struct axis *axis)
{
    char label[TICK_BYTES];
    html(r, "<div class=\"row axis\" aria-hidden=\"true\"><span class=\"label\">UTC</span>"
            "<svg class=\"track\" width=\"100%\" height=\"20\">");
    for (time_ns t = floor_to(axis->start, axis->step) + axis->step; t < axis->start + axis->span;
         t += axis->step) {
        double at = percent(axis, t);
        html_print(r, "<text x=\"%.2f%%\" y=\"14\" text-anchor=\"%s\">%s</text>", at,
                   at < 8    ? "start"
                   : at > 92 ? "end"
                             : "middle",
                   tick_label(axis, t, label));
    }
    html(r, "</svg></div>\n");
}

/* Everything is drawn around the middle of the row, however many lines its label takes. */
static void write_track(struct report *r, const struct axis *axis, const struct alert *alert)
{
    unsigned severity = alert->severity < REPORT_SEVERITIES ? alert->severity : severity_unknown;
    double from = percent(axis, alert->first_seen), to = percent(axis, alert->last_seen);
    char first[TEXT_TIME_BYTES], last[TEXT_TIME_BYTES];
    html_print(
        r,
        "<svg class=\"track\" width=\"100%%\" height=\"28\" role=\"img\" aria-label=\"from %s to %s UTC\">",
        word_time(alert->first_seen, 3, first), word_time(alert->last_seen, 3, last));
    write_grid(r, axis);
    html_print(r, "<svg class=\"s%u\" y=\"50%%\" height=\"28\" overflow=\"visible\">", severity);
    html_print(r, "<rect class=\"bar\" x=\"%.2f%%\" y=\"-2\" width=\"%.2f%%\" height=\"4\" rx=\"2\"/>", from,
               to - from > LEAST_WIDTH ? to - from : LEAST_WIDTH);
    /* On a bar shorter than its mark they would only be specks beside it. */
    uint32_t ticks = to - from < LEAST_WIDTH_TICKS ? 0 : alert->evidence.count;
    for (uint32_t i = 0; i < ticks && i < EVIDENCE_TICKS_MAX; i++) {
        double at = percent(axis, alert->evidence.at[i].time);
        html_print(r, "<line class=\"tick\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"-6\" y2=\"6\"/>", at, at);
    }
    html_print(r,
               "<svg x=\"%.2f%%\" overflow=\"visible\">"
               "<use class=\"halo\" href=\"#m%u\" x=\"-8\" y=\"-8\" width=\"16\" height=\"16\"/></svg>"
               "</svg></svg>",
               from, severity);
}

static void write_row(struct report *r, const struct axis *axis, uint32_t rank)
{
    const struct alert *alert = report_alert(r, rank);
    html(r, "<li><a class=\"row\" href=\"#");
    html_anchor(r, rank);
    html(r, "\"><span class=\"label\">");
    html_mark(r, alert->severity);
    html_print(r, "<span><span class=\"tag\">%s</span> <span class=\"what\">",
               choice_name(&severity_choices, alert->severity));
    html_str(r, alert->title);
    html(r, "</span></span></span>");
    write_track(r, axis, alert);
    html(r, "</a></li>\n");
}

/* The whole capture as a strip, with the part that the axis shows. */
static void write_strip(struct report *r, const struct axis *axis)
{
    time_ns start = clamp(r->results->first), end = clamp(r->results->last);
    struct axis all = {.start = start, .span = end > start ? end - start : 1};
    char first[TEXT_TIME_BYTES], last[TEXT_TIME_BYTES];
    double from = percent(&all, axis->start), to = percent(&all, axis->start + axis->span);
    html_print(
        r,
        "<div class=\"row strip\"><span class=\"label\">Where that lies in the capture, <span>%s</span>"
        " to <span>%s</span></span>",
        word_time(start, 0, first), word_time(end, 0, last));
    html_print(r,
               "<svg class=\"track\" width=\"100%%\" height=\"20\" role=\"img\" aria-label=\"The alerts "
               "lie %.0f%% to %.0f%% into the capture\">",
               from, to);
    html_print(r,
               "<rect class=\"whole\" y=\"8\" width=\"100%%\" height=\"4\" rx=\"2\"/>"
               "<rect class=\"window\" x=\"%.2f%%\" y=\"4\" width=\"%.2f%%\" height=\"12\" rx=\"2\"/>"
               "</svg></div>\n",
               from, to - from > LEAST_WIDTH ? to - from : LEAST_WIDTH);
}

static int compare_by_time(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;
    return one < two ? -1 : one > two;
}

/* The rows in order of time. Alerts stand in that order in the results, so their places there sort them. */
static void write_rows(struct report *r, const struct axis *axis, uint32_t rows)
{
    uint64_t places[REPORT_TIMELINE_ROWS_MAX];
    for (uint32_t i = 0; i < rows; i++)
        places[i] = (uint64_t)(r->ranked[i] - r->results->alerts) << 32 | i;
    qsort(places, rows, sizeof(*places), compare_by_time);
    html(r, "<ol class=\"rows\">\n");
    for (uint32_t i = 0; i < rows; i++)
        write_row(r, axis, (uint32_t)places[i]);
    html(r, "</ol>\n");
}

void report_write_timeline(struct report *r)
{
    uint32_t count = r->results->alert_count;
    uint32_t rows = count < REPORT_TIMELINE_ROWS_MAX ? count : REPORT_TIMELINE_ROWS_MAX;
    time_ns first = 0, last = 0;
    char day[TEXT_TIME_BYTES];
    if (count == 0)
        return;
    find_span(r, rows, &first, &last);
    first = clamp(first);
    last = clamp(last);
    bool known = r->results->first != TIME_NS_NONE && r->results->first <= first && r->results->last >= last;
    time_ns capture = known ? clamp(r->results->last) - clamp(r->results->first) : 0;
    bool zoomed = known && (last - first) < capture / ZOOM_SHARE;
    struct axis axis = known && !zoomed ? axis_of(r->results->first, r->results->last) : axis_of(first, last);
    html(r, "<section id=\"timeline\" aria-labelledby=\"timeline-heading\">\n"
            "<h2 id=\"timeline-heading\">Timeline</h2>\n"
            "<p class=\"note\">");
    if (count > rows) {
        html_print(r, "The %u gravest of ", rows);
        html_count(r, count, "alert", "alerts");
        html(r, ", in order of time. ");
    }
    if (!axis.with_date)
        html_print(r, "%.10s, ", word_time(first, 0, day));
    html(r, "UTC. A mark is where an alert begins, its bar how long it went on, each stroke an item of "
            "evidence.</p>\n"
            "<div class=\"timeline\">\n");
    write_axis(r, &axis);
    write_rows(r, &axis, rows);
    if (zoomed)
        write_strip(r, &axis);
    html(r, "</div>\n</section>\n");
}
