/*
 * dhcp6_options - messages of DHCPv6 (RFC 8415), also inside those of relays.
 */
#include "services/protocol-decode/dhcp_options.h"

#include "services/protocol-decode/dns_name.h"

enum {
    RELAY_FORWARD = 12,
    RELAY_REPLY = 13,
    RELAYS_MAX = 8, /* RFC 8415 7.6: HOP_COUNT_LIMIT */
    LISTED_MAX = 48,
    MESSAGE_BASE = 20, /* of enum dhcp_message */
    ADVERTISE = 2,
    REPLY = 7,
    RECONFIGURE = 10,
    INFORMATION_REQUEST = 11,
    OPTION_CLIENT_ID = 1,
    OPTION_SERVER_ID = 2,
    OPTION_IA_NA = 3,
    OPTION_IA_TA = 4,
    OPTION_IA_ADDRESS = 5,
    OPTION_ORO = 6,
    OPTION_RELAY_MESSAGE = 9,
    OPTION_STATUS = 13,
    OPTION_USER_CLASS = 15,
    OPTION_VENDOR_CLASS = 16,
    OPTION_INTERFACE_ID = 18,
    OPTION_NAME_SERVERS = 23,
    OPTION_DOMAINS = 24,
    OPTION_REMOTE_ID = 37,
    OPTION_FQDN = 39,
    OPTION_BOOT_URL = 59,
    DUID_LLT = 1, /* RFC 8415 11.2: hardware type, time, address */
    DUID_LL = 3,  /* 11.4: hardware type, address */
};

struct walk {
    struct arena *arena;
    struct dhcp *body;
    struct dhcp_parsed *parsed;
    int32_t *listed;
    uint32_t count;
};

static bool next_option(struct reader *r, uint16_t *code, struct reader *value)
{
    if (!reader_ok(r) || reader_left(r) == 0)
        return false;
    *code = reader_u16be(r);
    *value = reader_sub(r, reader_u16be(r));
    return reader_ok(r);
}

/* The value of the first option of that code; empty when there is none. */
static struct reader find_option(struct reader r, uint16_t wanted)
{
    uint16_t code;
    struct reader value;
    while (next_option(&r, &code, &value))
        if (code == wanted)
            return value;
    return reader_of(NULL, 0);
}

/* The message that relays carry (RFC 8415 9): r is moved into it. */
static void unwrap(struct reader *r, struct walk *w)
{
    for (int i = 0; i < RELAYS_MAX; i++) {
        uint8_t type = reader_peek_u8(r);
        if (type != RELAY_FORWARD && type != RELAY_REPLY)
            return;
        reader_skip(r, 1);
        uint8_t hops = reader_u8(r);
        struct str link = reader_bytes(r, 16);
        reader_skip(r, 16); /* peer */
        if (w && reader_ok(r)) {
            struct addr address = dhcp_address(link);
            w->body->relay_address = address.family != 0 ? address : w->body->relay_address;
            w->body->hops = hops > w->body->hops ? hops : w->body->hops;
            struct reader id = find_option(*r, OPTION_INTERFACE_ID),
                          remote = find_option(*r, OPTION_REMOTE_ID);
            reader_skip(&remote, 4); /* enterprise number */
            w->body->circuit_id = dhcp_text_or_hex(w->arena, reader_rest(&id));
            w->body->remote_id = dhcp_text_or_hex(w->arena, reader_rest(&remote));
        }
        *r = find_option(*r, OPTION_RELAY_MESSAGE);
    }
}

bool dhcp6_open(struct str bytes, struct dhcp_parsed *parsed)
{
    *parsed = (struct dhcp_parsed){0};
    struct reader r = reader_of_str(bytes);
    unwrap(&r, NULL);
    uint32_t head = reader_u32be(&r);
    uint8_t type = (uint8_t)(head >> 24);
    if (!reader_ok(&r) || type == 0 || type > INFORMATION_REQUEST)
        return false;
    parsed->message = (uint8_t)(MESSAGE_BASE + type);
    parsed->answer = type == ADVERTISE || type == REPLY || type == RECONFIGURE;
    parsed->xid = head & 0xffffff;
    struct reader client = find_option(r, OPTION_CLIENT_ID);
    parsed->client = reader_rest(&client);
    return true;
}

static void read_client(struct walk *w, struct reader duid)
{
    struct reader all = duid;
    w->body->client_id = dhcp_hex(w->arena, reader_rest(&all));
    uint16_t type = reader_u16be(&duid);
    reader_skip(&duid, type == DUID_LLT ? 2 + 4 : 2);
    if ((type == DUID_LLT || type == DUID_LL) && reader_ok(&duid))
        w->body->client_mac = dhcp_mac(w->arena, reader_rest(&duid));
}

static void read_status(struct walk *w, struct reader value)
{
    uint16_t status = reader_u16be(&value);
    if (status == 0)
        return;
    w->body->status = status;
    w->body->text = dhcp_text(w->arena, reader_rest(&value));
}

/* The first address of an IA (RFC 8415 21.4, 21.6). */
static void read_ia(struct walk *w, struct reader value, bool temporary)
{
    uint32_t iaid = reader_u32be(&value);
    reader_skip(&value, temporary ? 0 : 4 + 4);
    w->body->iaid = iaid;
    struct reader address = find_option(value, OPTION_IA_ADDRESS), status = find_option(value, OPTION_STATUS);
    read_status(w, status);
    struct addr given = dhcp_address(reader_bytes(&address, 16));
    reader_skip(&address, 4); /* preferred lifetime */
    uint32_t seconds = reader_u32be(&address);
    if (!reader_ok(&address))
        return;
    *(w->parsed->answer ? &w->body->given_address : &w->body->requested_address) = given;
    if (w->parsed->answer)
        w->body->lease_seconds = seconds;
}

static void read_wanted(struct walk *w, struct reader value)
{
    int32_t *codes = arena_take(w->arena, LISTED_MAX * sizeof(*codes));
    struct i32s list = {.at = codes};
    while (list.count < LISTED_MAX && reader_left(&value) >= 2)
        codes[list.count++] = reader_u16be(&value);
    w->body->parameters = list;
}

static void read_fqdn(struct walk *w, struct reader value)
{
    w->body->fqdn_flags = reader_u8(&value);
    w->body->fqdn = dhcp_name(w->arena, reader_rest(&value));
}

/* Texts behind lengths of 2 bytes, after an enterprise number in a vendor class (RFC 8415 21.15, 21.16). */
static struct str read_class(struct walk *w, struct reader value, bool vendor)
{
    reader_skip(&value, vendor ? 4 : 0);
    return dhcp_text_or_hex(w->arena, reader_bytes(&value, reader_u16be(&value)));
}

static void take_option(struct walk *w, uint16_t code, struct reader value)
{
    struct dhcp *body = w->body;
    if (w->count < LISTED_MAX)
        w->listed[w->count++] = code;
    if (code == OPTION_CLIENT_ID)
        read_client(w, value);
    else if (code == OPTION_SERVER_ID)
        body->server_duid = dhcp_hex(w->arena, reader_rest(&value));
    else if (code == OPTION_IA_NA || code == OPTION_IA_TA)
        read_ia(w, value, code == OPTION_IA_TA);
    else if (code == OPTION_ORO)
        read_wanted(w, value);
    else if (code == OPTION_STATUS)
        read_status(w, value);
    else if (code == OPTION_USER_CLASS)
        body->user_class = read_class(w, value, false);
    else if (code == OPTION_VENDOR_CLASS)
        body->vendor_class = read_class(w, value, true);
    else if (code == OPTION_NAME_SERVERS)
        body->name_servers = dhcp_addresses(w->arena, reader_rest(&value), 16);
    else if (code == OPTION_DOMAINS)
        body->domain = dhcp_name(w->arena, reader_rest(&value));
    else if (code == OPTION_FQDN)
        read_fqdn(w, value);
    else if (code == OPTION_BOOT_URL)
        body->boot_file = dhcp_text(w->arena, reader_rest(&value));
}

void dhcp6_read(struct arena *arena, struct str bytes, struct dhcp_parsed *parsed, struct dhcp *body)
{
    struct walk w = {.arena = arena, .body = body, .parsed = parsed};
    w.listed = arena_take(arena, LISTED_MAX * sizeof(*w.listed));
    struct reader r = reader_of_str(bytes), value;
    uint16_t code;
    unwrap(&r, &w);
    reader_skip(&r, 4);
    while (next_option(&r, &code, &value))
        take_option(&w, code, value);
    *(parsed->answer ? &body->reply_options : &body->options) =
        (struct i32s){.at = w.listed, .count = w.count};
    if (reader_ok(&r))
        return;
    parsed->fault = "option does not fit";
    parsed->fault_at = reader_offset(&r);
}
