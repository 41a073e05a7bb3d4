/*
 * arena - chunks in a list, filled from the front.
 */
#include "common/base/arena.h"

#include <stdarg.h>

enum {
    ARENA_CHUNK_BYTES = 64 * 1024,
    ARENA_ALIGN = 16,
    ARENA_PRINT_BYTES_MAX = 64 * 1024,
};

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    size_t used;
    _Alignas(ARENA_ALIGN) uint8_t bytes[];
};

void arena_init(struct arena *arena, size_t keep_bytes)
{
    *arena = (struct arena){.keep_bytes = keep_bytes};
}

static void free_chunks(struct arena_chunk *chunk)
{
    while (chunk) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void arena_close(struct arena *arena)
{
    free_chunks(arena->first);
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    size_t kept = 0;
    struct arena_chunk **link = &arena->first;
    while (*link && kept + (*link)->size <= arena->keep_bytes) {
        (*link)->used = 0;
        kept += (*link)->size;
        link = &(*link)->next;
    }
    free_chunks(*link);
    *link = NULL;
    arena->current = arena->first;
    arena->used_bytes = 0;
}

static struct arena_chunk *add_chunk(struct arena *arena, size_t size)
{
    size_t bytes = size > ARENA_CHUNK_BYTES ? size : ARENA_CHUNK_BYTES;
    struct arena_chunk *chunk = malloc(sizeof(*chunk) + bytes);
    REQUIRE(chunk != NULL);
    chunk->size = bytes;
    chunk->used = 0;
    struct arena_chunk **link = arena->current ? &arena->current->next : &arena->first;
    chunk->next = *link;
    *link = chunk;
    return chunk;
}

void *arena_take(struct arena *arena, size_t size)
{
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    while (arena->current && arena->current->size - arena->current->used < size && arena->current->next &&
           arena->current->next->used == 0)
        arena->current = arena->current->next;
    if (!arena->current || arena->current->size - arena->current->used < size)
        arena->current = add_chunk(arena, size);
    void *at = arena->current->bytes + arena->current->used;
    arena->current->used += size;
    arena->used_bytes += size;
    return at;
}

void *arena_zeroed(struct arena *arena, size_t size)
{
    return memset(arena_take(arena, size), 0, size);
}

struct str arena_copy(struct arena *arena, struct str s)
{
    if (s.size == 0)
        return (struct str){0};
    return (struct str){.at = memcpy(arena_take(arena, s.size), s.at, s.size), .size = s.size};
}

struct str arena_print(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size <= 0)
        return (struct str){0};
    if (size > ARENA_PRINT_BYTES_MAX)
        size = ARENA_PRINT_BYTES_MAX;
    char *at = arena_take(arena, (size_t)size + 1);
    va_start(args, format);
    (void)vsnprintf(at, (size_t)size + 1, format, args);
    va_end(args);
    return (struct str){.at = at, .size = (uint32_t)size};
}
