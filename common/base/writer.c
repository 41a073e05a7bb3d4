/*
 * writer - doubles until it reaches its limit.
 */
#include "common/base/writer.h"

#include <stdarg.h>

enum {
    WRITER_FIRST_BYTES = 256,
};

void writer_close(struct writer *w)
{
    free(w->bytes);
    *w = (struct writer){.limit_bytes = w->limit_bytes};
}

uint8_t *writer_grow(struct writer *w, size_t size)
{
    size_t limit = w->limit_bytes ? w->limit_bytes : WRITER_LIMIT_BYTES;
    if (w->failed)
        return NULL;
    if (size > limit || w->size > limit - size) {
        w->failed = true;
        return NULL;
    }
    if (w->size + size > w->capacity) {
        size_t capacity = w->capacity ? w->capacity : WRITER_FIRST_BYTES;
        while (capacity < w->size + size)
            capacity *= 2;
        uint8_t *bytes = realloc(w->bytes, capacity);
        REQUIRE(bytes != NULL);
        w->bytes = bytes;
        w->capacity = capacity;
    }
    uint8_t *at = w->bytes + w->size;
    w->size += size;
    return at;
}

void writer_str_bytes(struct writer *w, struct str s)
{
    writer_bytes(w, s.at, s.size);
}

void writer_text(struct writer *w, const char *text)
{
    writer_bytes(w, text, strlen(text));
}

void writer_print(struct writer *w, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (size <= 0)
        return;
    if ((size_t)size < sizeof(small)) {
        writer_bytes(w, small, (size_t)size);
        return;
    }
    uint8_t *at = writer_room(w, (size_t)size + 1);
    if (!at)
        return;
    va_start(args, format);
    (void)vsnprintf((char *)at, (size_t)size + 1, format, args);
    va_end(args);
    w->size--;
}

void writer_u8(struct writer *w, uint8_t v)
{
    writer_bytes(w, &v, 1);
}

static void write_number(struct writer *w, uint64_t v, size_t size, bool big_endian)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(v >> (8 * (big_endian ? size - 1 - i : i)));
    writer_bytes(w, bytes, size);
}

void writer_u16be(struct writer *w, uint16_t v)
{
    write_number(w, v, sizeof(v), true);
}

void writer_u32be(struct writer *w, uint32_t v)
{
    write_number(w, v, sizeof(v), true);
}

void writer_u64be(struct writer *w, uint64_t v)
{
    write_number(w, v, sizeof(v), true);
}

void writer_u16le(struct writer *w, uint16_t v)
{
    write_number(w, v, sizeof(v), false);
}

void writer_u32le(struct writer *w, uint32_t v)
{
    write_number(w, v, sizeof(v), false);
}

void writer_u64le(struct writer *w, uint64_t v)
{
    write_number(w, v, sizeof(v), false);
}
