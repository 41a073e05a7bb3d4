/*
 * slab - two lists: those that rest and those that are free.
 */
#include "common/io/slab.h"

void slabs_init(struct slabs *slabs, size_t bytes)
{
    *slabs = (struct slabs){.bytes = bytes ? bytes : SLAB_BYTES};
}

static void free_list(struct slab *slab)
{
    while (slab) {
        struct slab *next = slab->next;
        free(slab);
        slab = next;
    }
}

void slabs_close(struct slabs *slabs)
{
    free_list(slabs->resting);
    free_list(slabs->free);
    *slabs = (struct slabs){0};
}

void slabs_reclaim(struct slabs *slabs)
{
    while (slabs->resting) {
        struct slab *slab = slabs->resting;
        slabs->resting = slab->next;
        if (slab->capacity != slabs->bytes || slabs->free_count >= SLABS_FREE_MAX) {
            free(slab);
            continue;
        }
        slab->next = slabs->free;
        slabs->free = slab;
        slabs->free_count++;
    }
}

struct slab *slab_take(struct slabs *slabs, size_t size, uint32_t *held)
{
    struct slab *slab = slabs->free;
    size_t bytes = size > slabs->bytes ? size : slabs->bytes;
    if (slab && bytes == slab->capacity) {
        slabs->free = slab->next;
        slabs->free_count--;
    } else {
        slab = malloc(sizeof(*slab) + bytes);
        REQUIRE(slab != NULL);
        slab->capacity = bytes;
    }
    slab->next = NULL;
    slab->holders = 1;
    slab->held = held;
    if (held)
        ++*held;
    return slab;
}

void slab_rest(struct slabs *slabs, struct slab *slab)
{
    if (slab->held)
        --*slab->held;
    slab->next = slabs->resting;
    slabs->resting = slab;
}
