/*
 * base64 - four characters become three bytes.
 */
#include "services/protocol-decode/base64.h"

#include "common/base/reader.h"

static int value_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

struct str base64_decode(struct arena *arena, struct str text)
{
    uint8_t *bytes = arena_take(arena, (size_t)text.size / 4 * 3 + 3);
    struct reader r = reader_of_str(text);
    uint32_t bits = 0, count = 0, size = 0;
    while (reader_left(&r) > 0) {
        int value = value_of(reader_u8(&r));
        if (value < 0)
            break;
        bits = bits << 6 | (uint32_t)value;
        if (++count % 4 != 1)
            bytes[size++] = (uint8_t)(bits >> (6 - 2 * ((count - 1) % 4)));
    }
    return (struct str){.at = (const char *)bytes, .size = size};
}
