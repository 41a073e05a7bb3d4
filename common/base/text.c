/*
 * text - conversions and escapes.
 */
#include "common/base/text.h"

enum {
    REPLACEMENT = 0xfffd,
};

/* An empty text may have a null pointer, which nothing may be added to. */
static const uint8_t *first_byte(struct str s)
{
    return (const uint8_t *)(s.at ? s.at : "");
}

static void append(char *buffer, size_t size, size_t *used, const char *text)
{
    for (; *text != '\0' && *used + 1 < size; text++)
        buffer[(*used)++] = *text;
    buffer[*used] = '\0';
}

/* The longest run of two or more zero groups, which RFC 5952 4.2 shortens; length 0 when there is none. */
static int longest_zero_run(const uint16_t group[8], int *length)
{
    int best = -1, best_length = 1;
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && group[i + n] == 0)
            n++;
        if (n > best_length) {
            best = i;
            best_length = n;
        }
        i += n;
    }
    *length = best < 0 ? 0 : best_length;
    return best;
}

static void print_ipv6(const struct addr *addr, char buffer[TEXT_ADDR_BYTES])
{
    uint16_t group[8];
    for (int i = 0; i < 8; i++)
        group[i] = (uint16_t)(addr->byte[2 * i] << 8 | addr->byte[2 * i + 1]);
    int run_length;
    int run = longest_zero_run(group, &run_length);
    size_t used = 0;
    char part[8];
    buffer[0] = '\0';
    for (int i = 0; i < 8;) {
        if (i == run) {
            append(buffer, TEXT_ADDR_BYTES, &used, "::");
            i += run_length;
            continue;
        }
        (void)snprintf(part, sizeof(part), "%x", group[i]);
        append(buffer, TEXT_ADDR_BYTES, &used, part);
        i++;
        if (i < 8 && i != run)
            append(buffer, TEXT_ADDR_BYTES, &used, ":");
    }
}

const char *text_addr(const struct addr *addr, char buffer[TEXT_ADDR_BYTES])
{
    buffer[0] = '\0';
    if (addr->family == 4)
        (void)snprintf(buffer, TEXT_ADDR_BYTES, "%u.%u.%u.%u", addr->byte[0], addr->byte[1], addr->byte[2],
                       addr->byte[3]);
    else if (addr->family == 6)
        print_ipv6(addr, buffer);
    return buffer;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool parse_ipv4(struct str s, uint8_t out[4])
{
    int part = 0, digits = 0;
    unsigned value = 0;
    for (uint32_t i = 0; i <= s.size; i++) {
        if (i < s.size && s.at[i] >= '0' && s.at[i] <= '9') {
            /* A leading zero is refused: some read such a part as octal. */
            if (digits > 0 && value == 0)
                return false;
            value = value * 10 + (unsigned)(s.at[i] - '0');
            if (++digits > 3 || value > 255)
                return false;
            continue;
        }
        if (digits == 0 || part > 3 || (i < s.size && s.at[i] != '.'))
            return false;
        out[part++] = (uint8_t)value;
        digits = 0;
        value = 0;
    }
    return part == 4;
}

static bool parse_ipv6(struct str s, uint8_t out[16])
{
    uint8_t head[16] = {0};
    int used = 0, gap = -1;
    uint32_t i = 0;
    if (s.size >= 2 && s.at[0] == ':' && s.at[1] == ':') {
        gap = 0;
        i = 2;
    }
    while (i < s.size) {
        uint32_t start = i;
        unsigned value = 0;
        while (i < s.size && hex_digit(s.at[i]) >= 0 && i - start < 5)
            value = value << 4 | (unsigned)hex_digit(s.at[i++]);
        if (i < s.size && s.at[i] == '.') {
            if (used > 12 || !parse_ipv4((struct str){s.at + start, s.size - start}, head + used))
                return false;
            used += 4;
            break;
        }
        if (i == start || i - start > 4 || used > 14)
            return false;
        head[used++] = (uint8_t)(value >> 8);
        head[used++] = (uint8_t)value;
        if (i == s.size)
            break;
        if (s.at[i++] != ':' || i == s.size)
            return false;
        if (s.at[i] == ':') {
            if (gap >= 0)
                return false;
            gap = used;
            i++;
        }
    }
    if (gap < 0 ? used != 16 : used > 14)
        return false;
    int before = gap < 0 ? used : gap;
    memset(out, 0, 16);
    memcpy(out, head, (size_t)before);
    memcpy(out + 16 - (used - before), head + before, (size_t)(used - before));
    return true;
}

bool text_parse_addr(struct str text, struct addr *addr)
{
    *addr = (struct addr){0};
    if (parse_ipv4(text, addr->byte)) {
        addr->family = 4;
        return true;
    }
    *addr = (struct addr){0};
    if (parse_ipv6(text, addr->byte)) {
        addr->family = 6;
        return true;
    }
    return false;
}

/* Days since 1970-01-01 to a date of the proleptic Gregorian calendar, in eras of 400 years that begin in
 * March. */
static void date_of_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned day_of_era = (unsigned)(days - era * 146097);
    unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = (int64_t)year_of_era + era * 400 + (*month <= 2);
}

const char *text_time(time_ns time, char buffer[TEXT_TIME_BYTES])
{
    int64_t seconds = time / TIME_NS_S;
    int64_t rest = time % TIME_NS_S;
    if (rest < 0) {
        rest += TIME_NS_S;
        seconds--;
    }
    int64_t days = seconds / 86400;
    int64_t of_day = seconds % 86400;
    if (of_day < 0) {
        of_day += 86400;
        days--;
    }
    int64_t year;
    unsigned month, day;
    date_of_days(days, &year, &month, &day);
    bool nano = rest % 1000 != 0;
    (void)snprintf(buffer, TEXT_TIME_BYTES, "%04d-%02u-%02uT%02d:%02d:%02d.%0*lldZ", (int)year, month, day,
                   (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60), nano ? 9 : 6,
                   (long long)(nano ? rest : rest / 1000));
    return buffer;
}

const char *text_uuid(const uint8_t u[16], char buffer[TEXT_UUID_BYTES])
{
    (void)snprintf(buffer, TEXT_UUID_BYTES,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[3], u[2], u[1],
                   u[0], u[5], u[4], u[7], u[6], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
    return buffer;
}

static size_t put_utf8(uint8_t *at, uint32_t c)
{
    if (c < 0x80) {
        at[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        at[0] = (uint8_t)(0xc0 | c >> 6);
        at[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        at[0] = (uint8_t)(0xe0 | c >> 12);
        at[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        at[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    at[0] = (uint8_t)(0xf0 | c >> 18);
    at[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    at[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    at[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

static uint32_t utf16_at(struct str s, uint32_t unit)
{
    return (uint32_t)(uint8_t)s.at[2 * unit] | (uint32_t)(uint8_t)s.at[2 * unit + 1] << 8;
}

struct str text_from_utf16le(struct arena *arena, struct str utf16, bool keep_nul)
{
    uint32_t units = utf16.size / 2;
    if (units == 0)
        return (struct str){0};
    uint8_t *out = arena_take(arena, (size_t)units * 3);
    uint32_t used = 0;
    for (uint32_t i = 0; i < units; i++) {
        uint32_t c = utf16_at(utf16, i);
        if (c == 0 && !keep_nul)
            break;
        if (c >= 0xd800 && c < 0xdc00 && i + 1 < units && (utf16_at(utf16, i + 1) & 0xfc00) == 0xdc00)
            c = 0x10000 + ((c & 0x3ff) << 10) + (utf16_at(utf16, ++i) & 0x3ff);
        else if (c >= 0xd800 && c < 0xe000)
            c = REPLACEMENT;
        used += (uint32_t)put_utf8(out + used, c);
    }
    return (struct str){.at = (const char *)out, .size = used};
}

/* How many bytes follow the first, and the least code point that may be written so; -1 for no first byte. */
static int utf8_follow(uint8_t first, uint32_t *code, uint32_t *least)
{
    if ((first & 0xe0) == 0xc0) {
        *code = first & 0x1f;
        *least = 0x80;
        return 1;
    }
    if ((first & 0xf0) == 0xe0) {
        *code = first & 0x0f;
        *least = 0x800;
        return 2;
    }
    if ((first & 0xf8) == 0xf0) {
        *code = first & 0x07;
        *least = 0x10000;
        return 3;
    }
    return -1;
}

uint32_t text_next_utf8(const uint8_t **at, const uint8_t *end)
{
    uint8_t first = *(*at)++;
    if (first < 0x80)
        return first;
    uint32_t code, least;
    int follow = utf8_follow(first, &code, &least);
    const uint8_t *p = *at;
    for (int i = 0; i < follow; i++, p++) {
        if (p >= end || (*p & 0xc0) != 0x80)
            return REPLACEMENT;
        code = code << 6 | (*p & 0x3f);
    }
    if (follow < 0 || code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return REPLACEMENT;
    *at = p;
    return code;
}

static bool is_valid_utf8(struct str s)
{
    const uint8_t *at = first_byte(s), *end = at + s.size;
    while (at < end) {
        const uint8_t *before = at;
        uint32_t c = *at < 0x80 ? *at++ : text_next_utf8(&at, end);
        /* A real U+FFFD takes three bytes, a replaced byte one. */
        if (c == REPLACEMENT && at - before != 3)
            return false;
    }
    return true;
}

struct str text_to_utf8(struct arena *arena, struct str s)
{
    if (s.size == 0 || is_valid_utf8(s))
        return s;
    uint8_t *out = arena_take(arena, (size_t)s.size * 3);
    uint32_t used = 0;
    const uint8_t *at = first_byte(s), *end = at + s.size;
    while (at < end)
        used += (uint32_t)put_utf8(out + used, text_next_utf8(&at, end));
    return (struct str){.at = (const char *)out, .size = used};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

struct str text_lower(struct arena *arena, struct str s)
{
    uint32_t i = 0;
    while (i < s.size && lower(s.at[i]) == s.at[i])
        i++;
    if (i == s.size)
        return s;
    char *out = arena_take(arena, s.size);
    for (i = 0; i < s.size; i++)
        out[i] = lower(s.at[i]);
    return (struct str){.at = out, .size = s.size};
}

bool text_equal_nocase(struct str a, struct str b)
{
    if (a.size != b.size)
        return false;
    for (uint32_t i = 0; i < a.size; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

void text_keep(char *field, size_t size, struct str text)
{
    size_t used = text.size < size - 1 ? text.size : size - 1;
    while (used > 0 && used < text.size && ((uint8_t)text.at[used] & 0xc0) == 0x80)
        used--;
    memset(field, 0, size);
    if (used > 0)
        memcpy(field, text.at, used);
}

struct str text_kept(const char *field, size_t size)
{
    return (struct str){.at = field, .size = (uint32_t)strnlen(field, size)};
}

void text_write_utf8(struct writer *w, uint32_t code)
{
    uint8_t bytes[4];
    writer_bytes(w, bytes, put_utf8(bytes, code));
}

void text_write_json(struct writer *w, struct str s)
{
    const uint8_t *at = first_byte(s), *end = at + s.size;
    while (at < end) {
        const uint8_t *plain = at;
        while (at < end && *at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\')
            at++;
        writer_bytes(w, plain, (size_t)(at - plain));
        if (at == end)
            break;
        uint32_t c = text_next_utf8(&at, end);
        if (c == '"' || c == '\\')
            writer_print(w, "\\%c", (char)c);
        else if (c == '\n')
            writer_text(w, "\\n");
        else if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029)
            writer_print(w, "\\u%04x", c);
        else
            text_write_utf8(w, c);
    }
}

void text_write_html(struct writer *w, struct str s)
{
    const uint8_t *at = first_byte(s), *end = at + s.size;
    while (at < end) {
        uint32_t c = text_next_utf8(&at, end);
        if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' || c == '`')
            writer_print(w, "&#%u;", c);
        else if ((c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0))
            text_write_utf8(w, REPLACEMENT);
        else
            text_write_utf8(w, c);
    }
}

/* Characters that change how the text around them is shown: controls, bidirectional marks, invisible ones. */
static bool hides_text(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xad ||
           (c >= 0xe0000 && c <= 0xe0fff);
}

void text_write_terminal(struct writer *w, struct str s)
{
    const uint8_t *at = first_byte(s), *end = at + s.size;
    while (at < end) {
        uint32_t c = text_next_utf8(&at, end);
        if (!hides_text(c))
            text_write_utf8(w, c);
        else if (c < 0x100)
            writer_print(w, "\\x%02x", c);
        else
            writer_print(w, "\\u%04x", c);
    }
}

void text_write_hex(struct writer *w, struct str s)
{
    static const char digit[] = "0123456789abcdef";
    for (uint32_t i = 0; i < s.size; i++) {
        writer_u8(w, (uint8_t)digit[(uint8_t)s.at[i] >> 4]);
        writer_u8(w, (uint8_t)digit[(uint8_t)s.at[i] & 15]);
    }
}
