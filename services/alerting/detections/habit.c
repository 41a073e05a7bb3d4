/*
 * habit - a short list with the days counted.
 */
#include "services/alerting/detections/habit.h"

static struct habit_item *place_for(struct habit *h, struct id id)
{
    uint64_t oldest = 0;
    for (uint64_t i = 0; i < h->count; i++) {
        if (id_equal(h->items[i].id, id))
            return &h->items[i];
        if (h->items[i].last < h->items[oldest].last)
            oldest = i;
    }
    struct habit_item *item = &h->items[h->count < HABIT_MAX ? h->count++ : oldest];
    *item = (struct habit_item){.id = id};
    return item;
}

bool habit_note(struct habit *h, struct id id, time_ns now, time_ns learn)
{
    struct habit_item *item = place_for(h, id);
    if (item->days == 0 || now - item->last > learn)
        *item = (struct habit_item){.id = id, .first = now, .last = now};
    bool known = now - item->first >= learn && item->days >= HABIT_DAYS;
    if (item->days == 0 || now / TIME_NS_DAY != item->last / TIME_NS_DAY)
        item->days++;
    if (now > item->last)
        item->last = now;
    return known;
}
