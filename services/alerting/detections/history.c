/*
 * history - a short list, the one unseen longest makes room.
 */
#include "services/alerting/detections/history.h"

bool history_note(struct history *h, struct id id, time_ns now)
{
    if (h->since == 0)
        h->since = now;
    uint64_t oldest = 0;
    for (uint64_t i = 0; i < h->count; i++) {
        if (id_equal(h->items[i].id, id)) {
            h->items[i].last = now;
            return true;
        }
        if (h->items[i].last < h->items[oldest].last)
            oldest = i;
    }
    uint64_t place = h->count < HISTORY_MAX ? h->count++ : oldest;
    h->items[place] = (struct history_item){.id = id, .last = now};
    return false;
}

time_ns history_learnt(const struct history *h, time_ns now)
{
    return h->since == 0 || now < h->since ? 0 : now - h->since;
}
