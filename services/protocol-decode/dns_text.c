/*
 * dns_text - numbers, addresses and labels as text.
 */
#include "services/protocol-decode/dns_text.h"

void line_number(struct dns_line *line, uint64_t number)
{
    char digits[20];
    uint32_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0)
        line_char(line, digits[--count]);
}

void line_hex(struct dns_line *line, struct str bytes, uint32_t max)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t size = bytes.size < max ? bytes.size : max;
    for (uint32_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)bytes.at[i];
        line_char(line, digits[byte >> 4]);
        line_char(line, digits[byte & 15]);
    }
    if (size < bytes.size)
        line_text(line, STR("..."));
}

void line_address(struct dns_line *line, struct str bytes)
{
    if (bytes.size != 4 && bytes.size != 16)
        return;
    struct addr addr = {.family = bytes.size == 4 ? 4 : 6};
    memcpy(addr.byte, bytes.at, bytes.size);
    char text[TEXT_ADDR_BYTES];
    line_text(line, str_of(text_addr(&addr, text)));
}

static bool is_plain(uint8_t byte, const char *stop)
{
    if (byte < 0x20 || byte == 0x7f || byte == '\\')
        return false;
    for (const char *c = stop; *c != 0; c++)
        if ((uint8_t)*c == byte)
            return false;
    return true;
}

void line_escaped(struct dns_line *line, struct str bytes, const char *stop)
{
    for (uint32_t i = 0; i < bytes.size; i++) {
        uint8_t byte = (uint8_t)bytes.at[i];
        if (is_plain(byte, stop)) {
            line_char(line, (char)byte);
        } else if (byte >= 0x20 && byte != 0x7f) {
            line_char(line, '\\');
            line_char(line, (char)byte);
        } else {
            line_char(line, '\\');
            line_char(line, (char)('0' + byte / 100));
            line_char(line, (char)('0' + byte / 10 % 10));
            line_char(line, (char)('0' + byte % 10));
        }
    }
}

struct str line_keep(const struct dns_line *line, struct arena *arena)
{
    struct str text = text_to_utf8(arena, (struct str){.at = line->text, .size = line->used});
    /* Borrowed from the line when it was valid already. */
    return text.at == line->text ? arena_copy(arena, text) : text;
}
