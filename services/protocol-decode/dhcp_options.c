/*
 * dhcp_options - messages of DHCP and BOOTP.
 */
#include "services/protocol-decode/dhcp_options.h"

#include "services/protocol-decode/dns_name.h"

enum {
    FIXED_BYTES = 236, /* RFC 2131 2 */
    SNAME_BYTES = 64,
    FILE_BYTES = 128,
    CHADDR_BYTES = 16,
    SNAME_OFFSET = 44,
    FILE_OFFSET = 108,
    BOOTREPLY = 2,
    MAGIC = 0x63825363, /* RFC 2131 3 */
    ADDRESSES_MAX = 8,
    LISTED_MAX = 48,
    HEX_BYTES_MAX = 130, /* RFC 8415 11.1: a DUID has at most 130 */
    OPTION_PAD = 0,
    OPTION_OVERLOAD = 52,
    OPTION_MESSAGE_TYPE = 53,
    OPTION_PARAMETERS = 55,
    OPTION_USER_CLASS = 77,
    OPTION_FQDN = 81,
    OPTION_RELAY_AGENT = 82,
    OPTION_ROUTES = 121,
    OPTION_ROUTES_MICROSOFT = 249,
    OPTION_END = 255,
    OVERLOAD_FILE = 1, /* RFC 2132 9.3 */
    OVERLOAD_SNAME = 2,
    FQDN_ENCODED = 4, /* the E bit of RFC 4702 2.1: in wire form */
};

enum kind {
    TEXT = 1,
    HEX,
    ADDRESS,
    ADDRESSES,
    NUMBER,
};

struct option {
    uint8_t code;
    uint8_t kind;
    uint16_t offset;
};

#define AT(code, kind, member)                                                                               \
    {                                                                                                        \
        (code), (kind), offsetof(struct dhcp, member)                                                        \
    }

/* RFC 2132, by rising code. */
static const struct option options[] = {
    AT(1, ADDRESS, subnet_mask),
    AT(3, ADDRESSES, routers),
    AT(6, ADDRESSES, name_servers),
    AT(12, TEXT, host_name),
    AT(15, TEXT, domain),
    AT(44, ADDRESSES, wins_servers),
    AT(50, ADDRESS, requested_address),
    AT(51, NUMBER, lease_seconds),
    AT(54, ADDRESS, server_id),
    AT(56, TEXT, text),
    AT(60, TEXT, vendor_class),
    AT(61, HEX, client_id),
    AT(66, TEXT, boot_server),
    AT(67, TEXT, boot_file),
    AT(252, TEXT, proxy_url),
};

struct walk {
    struct arena *arena;
    struct dhcp *body;
    struct dhcp_parsed *parsed;
    int32_t *listed;
    uint32_t count;
    uint8_t overload;
};

struct str dhcp_text(struct arena *arena, struct str bytes)
{
    while (bytes.size > 0 && bytes.at[bytes.size - 1] == 0)
        bytes.size--;
    return text_to_utf8(arena, arena_copy(arena, bytes));
}

struct str dhcp_hex(struct arena *arena, struct str bytes)
{
    struct dns_line line;
    line.used = 0;
    line_hex(&line, bytes, HEX_BYTES_MAX);
    return line_keep(&line, arena);
}

struct str dhcp_mac(struct arena *arena, struct str bytes)
{
    struct dns_line line;
    line.used = 0;
    for (uint32_t i = 0; i < bytes.size; i++) {
        if (i > 0)
            line_char(&line, ':');
        line_hex(&line, (struct str){.at = bytes.at + i, .size = 1}, 1);
    }
    return line_keep(&line, arena);
}

struct str dhcp_text_or_hex(struct arena *arena, struct str bytes)
{
    for (uint32_t i = 0; i < bytes.size; i++)
        if (bytes.at[i] < 0x20 || bytes.at[i] > 0x7e)
            return dhcp_hex(arena, bytes);
    return arena_copy(arena, bytes);
}

struct addr dhcp_address(struct str bytes)
{
    struct addr addr = {0};
    static const uint8_t zero[16];
    if ((bytes.size != 4 && bytes.size != 16) || memcmp(bytes.at, zero, bytes.size) == 0)
        return addr;
    addr.family = bytes.size == 4 ? 4 : 6;
    memcpy(addr.byte, bytes.at, bytes.size);
    return addr;
}

struct strs dhcp_addresses(struct arena *arena, struct str bytes, uint32_t size)
{
    struct reader r = reader_of_str(bytes);
    struct str *at = arena_take(arena, ADDRESSES_MAX * sizeof(*at));
    struct strs list = {.at = at};
    while (list.count < ADDRESSES_MAX && reader_left(&r) >= size) {
        struct dns_line line;
        line.used = 0;
        line_address(&line, reader_bytes(&r, size));
        at[list.count++] = line_keep(&line, arena);
    }
    return list;
}

struct str dhcp_name(struct arena *arena, struct str bytes)
{
    struct dns_line line;
    line.used = 0;
    struct reader r = reader_of_str(bytes);
    /* A partial name lacks its root (RFC 4702 2.1, RFC 4704 4.2). */
    bool first = true;
    while (reader_left(&r) > 0) {
        struct str label = reader_bytes(&r, reader_u8(&r));
        if (label.size == 0)
            break;
        if (!first)
            line_char(&line, '.');
        first = false;
        line_escaped(&line, label, ".");
    }
    return line_keep(&line, arena);
}

static void set_option(struct walk *w, const struct option *o, struct str value)
{
    void *field = (uint8_t *)w->body + o->offset;
    struct reader r = reader_of_str(value);
    struct addr addr;
    switch (o->kind) {
    case TEXT:
        *(struct str *)field = dhcp_text(w->arena, value);
        break;
    case HEX:
        *(struct str *)field = dhcp_hex(w->arena, value);
        break;
    case ADDRESS:
        addr = dhcp_address(value);
        if (addr.family != 0)
            *(struct addr *)field = addr;
        break;
    case ADDRESSES:
        *(struct strs *)field = dhcp_addresses(w->arena, value, 4);
        break;
    default:
        *(uint32_t *)field = reader_u32be(&r);
    }
}

/* RFC 3442: width of the network, as many of its bytes as that has, the router. */
static void read_routes(struct walk *w, struct str value)
{
    struct reader r = reader_of_str(value);
    struct str *at = arena_take(w->arena, ADDRESSES_MAX * sizeof(*at));
    struct strs list = {.at = at};
    while (list.count < ADDRESSES_MAX && reader_left(&r) > 0) {
        struct dns_line line;
        line.used = 0;
        uint8_t bits = reader_u8(&r), network[4] = {0};
        if (bits > 32)
            break;
        struct str given = reader_bytes(&r, (bits + 7u) / 8);
        struct str router = reader_bytes(&r, 4);
        if (!reader_ok(&r))
            break;
        memcpy(network, given.at, given.size);
        line_address(&line, (struct str){.at = (const char *)network, .size = 4});
        line_char(&line, '/');
        line_number(&line, bits);
        line_text(&line, STR(" via "));
        line_address(&line, router);
        at[list.count++] = line_keep(&line, w->arena);
    }
    w->body->routes = list;
}

static void read_relay_agent(struct walk *w, struct str value)
{
    struct reader r = reader_of_str(value);
    while (reader_left(&r) > 0) {
        uint8_t code = reader_u8(&r);
        struct str part = reader_bytes(&r, reader_u8(&r));
        if (reader_ok(&r) && (code == 1 || code == 2))
            *(code == 1 ? &w->body->circuit_id : &w->body->remote_id) = dhcp_text_or_hex(w->arena, part);
    }
}

static void read_fqdn(struct walk *w, struct str value)
{
    struct reader r = reader_of_str(value);
    w->body->fqdn_flags = reader_u8(&r);
    reader_skip(&r, 2); /* RCODE1, RCODE2 */
    struct str name = reader_rest(&r);
    w->body->fqdn =
        w->body->fqdn_flags & FQDN_ENCODED ? dhcp_name(w->arena, name) : dhcp_text(w->arena, name);
}

static void read_parameters(struct walk *w, struct str value)
{
    uint32_t count = value.size < LISTED_MAX ? value.size : LISTED_MAX;
    int32_t *codes = arena_take(w->arena, (count + 1) * sizeof(*codes));
    for (uint32_t i = 0; i < count; i++)
        codes[i] = (uint8_t)value.at[i];
    w->body->parameters = (struct i32s){.at = codes, .count = count};
}

static void take_option(struct walk *w, uint8_t code, struct str value)
{
    if (w->count < LISTED_MAX)
        w->listed[w->count++] = code;
    for (size_t i = 0; i < ARRAY_COUNT(options) && options[i].code <= code; i++)
        if (options[i].code == code)
            set_option(w, &options[i], value);
    if (code == OPTION_PARAMETERS)
        read_parameters(w, value);
    else if (code == OPTION_USER_CLASS)
        w->body->user_class = dhcp_text_or_hex(w->arena, value);
    else if (code == OPTION_FQDN)
        read_fqdn(w, value);
    else if (code == OPTION_RELAY_AGENT)
        read_relay_agent(w, value);
    else if (code == OPTION_ROUTES || code == OPTION_ROUTES_MICROSOFT)
        read_routes(w, value);
    else if (code == OPTION_OVERLOAD && value.size > 0)
        w->overload = (uint8_t)value.at[0];
}

/* Options up to their end; false when one does not fit. */
static bool next_option(struct reader *r, uint8_t *code, struct str *value)
{
    do
        *code = reader_left(r) > 0 ? reader_u8(r) : OPTION_END;
    while (*code == OPTION_PAD);
    if (*code == OPTION_END)
        return false;
    *value = reader_bytes(r, reader_u8(r));
    return reader_ok(r);
}

static void read_options(struct walk *w, struct reader r)
{
    uint8_t code;
    struct str value;
    while (next_option(&r, &code, &value))
        take_option(w, code, value);
    if (reader_ok(&r) || w->parsed->fault)
        return;
    w->parsed->fault = "option does not fit";
    w->parsed->fault_at = reader_offset(&r);
}

bool dhcp_open(struct str bytes, struct dhcp_parsed *parsed)
{
    *parsed = (struct dhcp_parsed){.message = dhcp_message_bootp};
    struct reader r = reader_of_str(bytes);
    uint8_t op = reader_u8(&r);
    reader_skip(&r, 1);
    uint8_t size = reader_u8(&r);
    reader_skip(&r, 1);
    parsed->answer = op == BOOTREPLY;
    parsed->xid = reader_u32be(&r);
    reader_skip(&r, 2 + 2 + 4 * 4);
    struct str hardware = reader_bytes(&r, CHADDR_BYTES);
    parsed->client = (struct str){.at = hardware.at, .size = size < hardware.size ? size : hardware.size};
    reader_skip(&r, SNAME_BYTES + FILE_BYTES);
    if (!reader_ok(&r) || op < 1 || op > BOOTREPLY)
        return false;
    uint8_t code;
    struct str value;
    if (reader_u32be(&r) != MAGIC)
        return true;
    while (next_option(&r, &code, &value))
        if (code == OPTION_MESSAGE_TYPE && value.size > 0)
            parsed->message = (uint8_t)value.at[0] < dhcp_message_bootp ? (uint8_t)value.at[0] : 0;
    return true;
}

static void read_fixed(struct walk *w, struct reader *r)
{
    struct dhcp *body = w->body;
    reader_skip(r, 3);
    uint8_t hops = reader_u8(r);
    body->hops = hops > body->hops ? hops : body->hops;
    reader_skip(r, 4 + 2 + 2);
    struct addr client = dhcp_address(reader_bytes(r, 4)), given = dhcp_address(reader_bytes(r, 4));
    struct addr next = dhcp_address(reader_bytes(r, 4)), relay = dhcp_address(reader_bytes(r, 4));
    if (client.family != 0)
        body->client_address = client;
    body->given_address = given;
    body->next_server = next;
    if (relay.family != 0)
        body->relay_address = relay;
}

static struct str until_nul(struct str field)
{
    return (struct str){.at = field.at, .size = (uint32_t)strnlen(field.at, field.size)};
}

/* sname and file, unless they hold options (RFC 2132 9.3). */
static void read_names(struct walk *w, struct reader whole)
{
    struct reader sname = reader_at(&whole, SNAME_OFFSET), file = reader_at(&whole, FILE_OFFSET);
    sname = reader_sub(&sname, SNAME_BYTES);
    file = reader_sub(&file, FILE_BYTES);
    if (w->overload & OVERLOAD_FILE)
        read_options(w, file);
    else if (w->body->boot_file.size == 0)
        w->body->boot_file = dhcp_text(w->arena, until_nul(reader_rest(&file)));
    if (w->overload & OVERLOAD_SNAME)
        read_options(w, sname);
    else if (w->body->boot_server.size == 0)
        w->body->boot_server = dhcp_text(w->arena, until_nul(reader_rest(&sname)));
}

void dhcp_read(struct arena *arena, struct str bytes, struct dhcp_parsed *parsed, struct dhcp *body)
{
    struct walk w = {.arena = arena, .body = body, .parsed = parsed};
    w.listed = arena_take(arena, LISTED_MAX * sizeof(*w.listed));
    struct reader r = reader_of_str(bytes);
    read_fixed(&w, &r);
    body->client_mac = dhcp_mac(arena, parsed->client);
    r = reader_of_str(bytes);
    reader_skip(&r, FIXED_BYTES);
    if (reader_u32be(&r) == MAGIC)
        read_options(&w, r);
    read_names(&w, reader_of_str(bytes));
    *(parsed->answer ? &body->reply_options : &body->options) =
        (struct i32s){.at = w.listed, .count = w.count};
}
