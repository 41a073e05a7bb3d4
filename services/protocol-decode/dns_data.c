/*
 * dns_data - walks layouts.
 */
#include "services/protocol-decode/dns_data.h"

enum {
    HEX_BYTES_MAX = 64,
    LISTED_MAX = 64, /* types, addresses or names in one record */
    IPV4_BYTES = 4,
    IPV6_BYTES = 16,
    STATUS_NAME_BYTES = 18, /* name, suffix and flags (RFC 1002 4.2.18) */
    UNIT_ID_BYTES = 6,
    NB_FLAGS_BYTES = 2,
    NB_FLAG_GROUP = 0x8000,
};

static void quoted(struct dns_line *line, struct str text)
{
    line_char(line, '"');
    line_escaped(line, text, "\"");
    line_char(line, '"');
}

static void strings(struct dns_line *line, struct reader *data)
{
    bool first = true;
    while (reader_ok(data) && reader_left(data) > 0) {
        struct str text = reader_bytes(data, reader_u8(data));
        if (!reader_ok(data))
            return;
        if (!first)
            line_char(line, ' ');
        first = false;
        quoted(line, text);
    }
}

static void addresses(struct dns_line *line, struct reader *data)
{
    for (int i = 0; i < LISTED_MAX && reader_ok(data) && reader_left(data) > 0; i++) {
        if (i > 0)
            line_char(line, ' ');
        line_address(line, reader_bytes(data, IPV4_BYTES));
    }
}

/* Windows of 256 types, each with the bits of those that are there (RFC 4034 4.1.2). */
static void bit_map(struct dns_line *line, struct reader *data)
{
    uint32_t listed = 0;
    while (reader_ok(data) && reader_left(data) > 0) {
        uint16_t window = reader_u8(data);
        struct str bits = reader_bytes(data, reader_u8(data));
        for (uint32_t i = 0; i < bits.size * 8 && listed < LISTED_MAX; i++) {
            if (!((uint8_t)bits.at[i / 8] & 0x80u >> i % 8))
                continue;
            if (listed++ > 0)
                line_char(line, ' ');
            dns_type_line(line, (uint16_t)((uint32_t)window << 8 | i));
        }
    }
}

static void name_part(struct dns_line *line, struct reader *data)
{
    struct dns_name name;
    dns_name_read(data, &name);
    if (reader_ok(data))
        dns_name_line(line, &name);
}

static void part(struct dns_line *line, char letter, struct reader *data)
{
    switch (letter) {
    case 'n':
        name_part(line, data);
        break;
    case '1':
        line_number(line, reader_u8(data));
        break;
    case '2':
        line_number(line, reader_u16be(data));
        break;
    case '4':
        line_number(line, reader_u32be(data));
        break;
    case 't':
        dns_type_line(line, reader_u16be(data));
        break;
    case 'a':
        line_address(line, reader_bytes(data, IPV4_BYTES));
        break;
    case '6':
        line_address(line, reader_bytes(data, IPV6_BYTES));
        break;
    case 'A':
        addresses(line, data);
        break;
    case 's':
        quoted(line, reader_bytes(data, reader_u8(data)));
        break;
    case 'S':
        strings(line, data);
        break;
    case 'r':
        quoted(line, reader_rest(data));
        break;
    case 'm':
        bit_map(line, data);
        break;
    case 'z':
        line_number(line, reader_rest(data).size);
        line_text(line, STR(" bytes"));
        break;
    default:
        line_hex(line, reader_rest(data), HEX_BYTES_MAX);
    }
}

bool dns_data_line(struct dns_line *line, uint16_t type, struct reader data)
{
    const struct dns_type_info *info = dns_type_info(type);
    const char *layout = info ? info->layout : "h";
    for (const char *letter = layout; *letter != 0 && reader_ok(&data); letter++) {
        if (letter != layout)
            line_char(line, ' ');
        part(line, *letter, &data);
    }
    return reader_ok(&data);
}

bool netbios_addresses_line(struct dns_line *line, struct reader data)
{
    for (int i = 0; i < LISTED_MAX && reader_ok(&data) && reader_left(&data) > 0; i++) {
        if (i > 0)
            line_char(line, ' ');
        reader_skip(&data, NB_FLAGS_BYTES);
        line_address(line, reader_bytes(&data, IPV4_BYTES));
    }
    return reader_ok(&data);
}

/* The suffix says what the name is of; a group's name is told by its flag (RFC 1002 4.2.18). */
static void status_name(struct dns_line *line, struct reader *entry)
{
    netbios_name_line(line, reader_bytes(entry, NETBIOS_NAME_BYTES - 1));
    line_char(line, '<');
    line_hex(line, reader_bytes(entry, 1), 1);
    line_char(line, '>');
    if (reader_u16be(entry) & NB_FLAG_GROUP)
        line_text(line, STR(" group"));
}

bool netbios_status(struct arena *arena, struct reader data, struct strs *names, struct str *unit_id)
{
    uint8_t count = reader_u8(&data);
    struct str *at = arena_take(arena, (count + 1u) * sizeof(*at));
    *names = (struct strs){.at = at};
    for (uint8_t i = 0; i < count; i++) {
        struct dns_line line = {.used = 0};
        struct reader entry = reader_sub(&data, STATUS_NAME_BYTES);
        status_name(&line, &entry);
        if (!reader_ok(&entry))
            return false;
        at[names->count++] = line_keep(&line, arena);
    }
    struct dns_line line = {.used = 0};
    struct str unit = reader_bytes(&data, UNIT_ID_BYTES);
    for (uint32_t i = 0; i < unit.size; i++) {
        if (i > 0)
            line_char(&line, ':');
        line_hex(&line, (struct str){.at = unit.at + i, .size = 1}, 1);
    }
    *unit_id = line_keep(&line, arena);
    return reader_ok(&data);
}
