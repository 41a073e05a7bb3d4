/*
 * order - a sorted batch, and the rest kept for later.
 */
#include "common/stream/order.h"

void order_init(struct order *order, uint32_t sources, uint32_t held_max)
{
    REQUIRE(sources >= 1 && sources <= ORDER_SOURCES_MAX);
    *order = (struct order){.sources = sources, .held_max = held_max, .released = TIME_NS_NONE};
    for (uint32_t i = 0; i < sources; i++)
        order->marks[i] = TIME_NS_NONE;
    batch_init(&order->held[0]);
    batch_init(&order->held[1]);
}

void order_close(struct order *order)
{
    batch_close(&order->held[0]);
    batch_close(&order->held[1]);
    free(order->scratch);
}

uint32_t order_held(const struct order *order)
{
    return order->held[order->current].count;
}

int order_compare(const struct record *a, const struct record *b)
{
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    bool a_fact = a->type == RECORD_binding, b_fact = b->type == RECORD_binding;
    if (a_fact != b_fact)
        return a_fact ? -1 : 1;
    return id_compare(a->id, b->id);
}

/* A stable merge sort from the bottom up; what is sorted already costs one pass. */
static void sort_records(struct order *order, struct record *records, uint32_t count)
{
    uint32_t sorted = 1;
    while (sorted < count && order_compare(&records[sorted - 1], &records[sorted]) <= 0)
        sorted++;
    if (sorted >= count)
        return;
    if (order->scratch_capacity < count) {
        free(order->scratch);
        order->scratch = malloc((size_t)count * sizeof(*records));
        REQUIRE(order->scratch != NULL);
        order->scratch_capacity = count;
    }
    struct record *from = records, *to = order->scratch;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t start = 0; start < count; start += 2 * width) {
            uint32_t middle = count - start < width ? count : start + width;
            uint32_t end = count - start < 2 * width ? count : start + 2 * width;
            uint32_t left = start, right = middle;
            for (uint32_t i = start; i < end; i++) {
                bool take_left =
                    left < middle && (right >= end || order_compare(&from[left], &from[right]) <= 0);
                to[i] = take_left ? from[left++] : from[right++];
            }
        }
        struct record *swap = from;
        from = to;
        to = swap;
    }
    if (from != records)
        memcpy(records, from, (size_t)count * sizeof(*records));
}

static time_ns lowest_mark(const struct order *order)
{
    time_ns lowest = order->marks[0];
    for (uint32_t i = 1; i < order->sources; i++)
        if (order->marks[i] < lowest)
            lowest = order->marks[i];
    return lowest;
}

void order_step(struct order *order, const struct batch *in, struct batch *out)
{
    struct batch *held = &order->held[order->current];
    struct batch *next = &order->held[1 - order->current];
    for (uint32_t i = 0; i < in->count; i++) {
        const struct record *record = &in->records[i];
        if (record->type != RECORD_watermark) {
            order->late += record->time < order->released;
            batch_append(held, record);
            continue;
        }
        time_ns *mark = &order->marks[record->slot % order->sources];
        if (record->time > *mark)
            *mark = record->time;
    }
    sort_records(order, held->records, held->count);
    time_ns lowest = lowest_mark(order);
    uint32_t go = 0;
    while (go < held->count && held->records[go].time < lowest)
        go++;
    if (held->count - go > order->held_max) {
        order->forced += held->count - go - order->held_max;
        go = held->count - order->held_max;
    }
    batch_reset(next);
    for (uint32_t i = 0; i < go; i++)
        batch_append(out, &held->records[i]);
    for (uint32_t i = go; i < held->count; i++) {
        struct record copy = record_copy(&next->arena, &held->records[i]);
        batch_append(next, &copy);
    }
    held->count = 0; /* its arena stays: what was released borrows from it */
    order->current = 1 - order->current;
    if (lowest > order->released) {
        order->released = lowest;
        batch_add_watermark(out, lowest);
    }
}
