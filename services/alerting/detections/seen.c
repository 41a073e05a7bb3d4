/*
 * seen - linear search over at most 64 items.
 */
#include "services/alerting/detections/seen.h"

static struct seen_item *oldest(struct seen *seen)
{
    struct seen_item *oldest = &seen->items[0];
    for (uint32_t i = 1; i < seen->count; i++)
        if (seen->items[i].last < oldest->last)
            oldest = &seen->items[i];
    return oldest;
}

struct seen_item *seen_note(struct seen *seen, struct id id, time_ns now, uint32_t flags)
{
    struct seen_item *item = NULL;
    for (uint32_t i = 0; i < seen->count && !item; i++)
        if (id_equal(seen->items[i].id, id))
            item = &seen->items[i];
    if (!item && seen->count < SEEN_MAX) {
        item = &seen->items[seen->count++];
        *item = (struct seen_item){.id = id, .first = now};
    } else if (!item) {
        item = oldest(seen);
        *item = (struct seen_item){.id = id, .first = now};
    }
    item->last = now;
    item->count++;
    item->flags |= flags;
    return item;
}

void seen_forget(struct seen *seen, time_ns then)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < seen->count; i++)
        if (seen->items[i].last >= then)
            seen->items[kept++] = seen->items[i];
    memset(seen->items + kept, 0, (seen->count - kept) * sizeof(seen->items[0]));
    seen->count = kept;
}

uint32_t seen_count(const struct seen *seen, time_ns since, uint32_t any, uint32_t none)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < seen->count; i++)
        count +=
            seen->items[i].last >= since && (seen->items[i].flags & any) && !(seen->items[i].flags & none);
    return count;
}
