/*
 * rdp_parse - negotiation (MS-RDPBCGR 2.2.1.1, 2.2.1.2) and the settings in the MCS connect PDUs (2.2.1.3,
 * 2.2.1.4).
 */
#include "common/base/text.h"
#include "services/protocol-decode/der.h"
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/rdp_state.h"

enum {
    NEGOTIATION_BYTES = 8,
    NEGOTIATION_REQUEST = 1,
    NEGOTIATION_RESPONSE = 2,
    NEGOTIATION_FAILURE = 3,
    CONNECT_INITIAL = 0x7f65, /* T.125 7: APPLICATION 101 and 102 */
    CONNECT_RESPONSE = 0x7f66,
    CLIENT_CORE = 0xc001, /* 2.2.1.3.1 */
    CLIENT_SECURITY = 0xc002,
    CLIENT_NETWORK = 0xc003,
    SERVER_CORE = 0x0c01, /* 2.2.1.4.1 */
    SERVER_SECURITY = 0x0c02,
    BLOCKS_MAX = 32,
    CLIENT_NAME_WIRE_BYTES = 32,
    PRODUCT_WIRE_BYTES = 64,
    CONFERENCE_BYTES = 7, /* of the key that names T.124 */
};

/* A line that ends in CR LF, without its end; empty, and r as it was, when there is none. */
static struct str take_line(struct reader *r)
{
    struct reader all = *r;
    struct str rest = reader_rest(&all);
    const char *end = rest.size > 0 ? memchr(rest.at, '\r', rest.size) : NULL;
    if (!end)
        return (struct str){.at = "", .size = 0};
    struct str line = reader_bytes(r, (size_t)(end - rest.at));
    reader_skip(r, 2);
    return line;
}

static bool take_prefix(struct str line, struct str prefix, struct str *value)
{
    struct reader r = reader_of_str(line);
    bool is = str_equal(reader_bytes(&r, prefix.size), prefix);
    *value = reader_rest(&r);
    return is;
}

static void read_cookie(struct arena *arena, struct reader *r, struct rdp_connection *c)
{
    struct str value;
    struct str line = take_line(r);
    if (take_prefix(line, STR("Cookie: mstshash="), &value))
        KEEP(c->cookie, text_to_utf8(arena, value));
    else if (take_prefix(line, STR("Cookie: msts="), &value))
        KEEP(c->routing_token, text_to_utf8(arena, value));
    else
        KEEP(c->routing_token, text_to_utf8(arena, line));
}

bool rdp_read_request(struct arena *arena, struct reader *r, struct rdp_connection *c, const char **reason)
{
    *reason = "connection request cut short";
    if (reader_left(r) > 0 && reader_peek_u8(r) != NEGOTIATION_REQUEST)
        read_cookie(arena, r, c);
    if (reader_left(r) < NEGOTIATION_BYTES)
        return reader_ok(r);
    if (reader_u8(r) != NEGOTIATION_REQUEST)
        return reader_ok(r);
    c->negotiates = true;
    c->request_flags = reader_u8(r);
    reader_skip(r, 2);
    c->requested_protocols = reader_u32le(r);
    return reader_ok(r);
}

/* 2.2.1.2.1: one bit for each protocol but standard security, which has none. */
static uint8_t security_of(uint32_t protocol)
{
    switch (protocol) {
    case 0:
        return rdp_security_rdp;
    case 1:
        return rdp_security_tls;
    case 2:
        return rdp_security_credssp;
    case 4:
        return rdp_security_rdstls;
    case 8:
        return rdp_security_credssp_early;
    case 16:
        return rdp_security_rds_aad;
    default:
        return rdp_security_unknown;
    }
}

bool rdp_read_confirm(struct reader *r, struct rdp_connection *c, const char **reason)
{
    *reason = "connection confirm cut short";
    c->security = rdp_security_rdp;
    if (reader_left(r) < NEGOTIATION_BYTES)
        return true; /* a server from before the negotiation */
    uint8_t type = reader_u8(r), flags = reader_u8(r);
    reader_skip(r, 2);
    uint32_t value = reader_u32le(r);
    if (type == NEGOTIATION_RESPONSE) {
        c->response_flags = flags;
        c->security = security_of(value);
    } else if (type == NEGOTIATION_FAILURE) {
        c->failure_code = value;
        c->security = rdp_security_refused;
    }
    return reader_ok(r);
}

static void read_client_core(struct arena *arena, struct reader b, struct rdp_connection *c)
{
    c->client_version = reader_u32le(&b);
    c->desktop_width = reader_u16le(&b);
    c->desktop_height = reader_u16le(&b);
    reader_skip(&b, 4); /* colorDepth and SASSequence */
    c->keyboard_layout = reader_u32le(&b);
    c->client_build = reader_u32le(&b);
    KEEP(c->client_name, text_from_utf16le(arena, reader_bytes(&b, CLIENT_NAME_WIRE_BYTES), false));
    /* The rest came later, and may be missing from any field on: keyboard, IME, postBeta2ColorDepth, product
     * and serial number. */
    reader_skip(&b, 12 + 64 + 2 + 2 + 4);
    c->color_depth = reader_u16le(&b);
    reader_skip(&b, 2 + 2); /* supportedColorDepths and earlyCapabilityFlags */
    KEEP(c->product_id, text_from_utf16le(arena, reader_bytes(&b, PRODUCT_WIRE_BYTES), false));
}

static void read_channels(struct arena *arena, struct reader b, struct rdp_connection *c)
{
    uint32_t count = reader_u32le(&b);
    c->channel_count = 0;
    while (c->channel_count < count && c->channel_count < RDP_CHANNELS_MAX && reader_left(&b) > 0) {
        struct str name = reader_bytes(&b, RDP_CHANNEL_BYTES);
        reader_skip(&b, 4); /* options */
        if (!reader_ok(&b))
            return;
        name.size = (uint32_t)strnlen(name.at, name.size);
        KEEP(c->channels[c->channel_count++], text_to_utf8(arena, name));
    }
}

static void read_block(struct arena *arena, uint16_t type, struct reader b, struct rdp_connection *c)
{
    switch (type) {
    case CLIENT_CORE:
        read_client_core(arena, b, c);
        break;
    case CLIENT_SECURITY:
        c->client_encryption_methods = reader_u32le(&b);
        break;
    case CLIENT_NETWORK:
        read_channels(arena, b, c);
        break;
    case SERVER_CORE:
        c->server_version = reader_u32le(&b);
        break;
    case SERVER_SECURITY:
        c->encryption_method = reader_u32le(&b);
        c->encryption_level = reader_u32le(&b);
        break;
    default:
        break;
    }
}

/* X.691 10.9: a length in one byte, or in two. */
static uint16_t per_length(struct reader *r)
{
    uint8_t first = reader_u8(r);
    return (uint16_t)(first & 0x80 ? (first & 0x7f) << 8 | reader_u8(r) : first);
}

/* T.124 8.7: the conference's create PDU, whose fields before the user data are always these few (2.2.1.3,
 * 2.2.1.4). key: of who speaks. */
static bool open_user_data(struct reader *r, size_t skip, struct str key)
{
    static const struct str t124 = STR("\x00\x05\x00\x14\x7c\x00\x01");
    if (!str_equal(reader_bytes(r, CONFERENCE_BYTES), t124))
        return false;
    (void)per_length(r);
    reader_skip(r, skip);
    if (!str_equal(reader_bytes(r, key.size), key))
        return false;
    (void)per_length(r);
    return reader_ok(r);
}

/* The user data of the MCS PDU (T.125 7): behind selectors and parameters that say nothing. */
static struct str mcs_user_data(struct reader *r, bool initial)
{
    struct der_fault fault = {0};
    uint8_t length = reader_u8(r);
    reader_skip(r, length & 0x80 ? length & 0x7f : 0);
    struct der d = der_of(reader_rest(r), &fault);
    /* Connect-Initial: two selectors, a flag, three sets of parameters. Connect-Response: a result, a number,
     * one set. */
    int before = initial ? 6 : 3;
    for (int i = 0; i < before; i++)
        (void)der_element(&d);
    return der_bytes(&d, DER_OCTET_STRING);
}

bool rdp_read_settings(struct arena *arena, struct reader *r, struct rdp_connection *c, const char **reason)
{
    uint16_t tag = reader_u16be(r);
    bool initial = tag == CONNECT_INITIAL;
    *reason = "MCS connect PDU that cannot be read";
    if (!reader_ok(r))
        return false;
    if (!initial && tag != CONNECT_RESPONSE)
        return true; /* a later PDU */
    struct reader data = reader_of_str(mcs_user_data(r, initial));
    if (!open_user_data(&data, initial ? 8 : 9, initial ? STR("Duca") : STR("McDn")))
        return false;
    for (int i = 0; i < BLOCKS_MAX && reader_left(&data) > 0; i++) {
        uint16_t type = reader_u16le(&data), size = reader_u16le(&data);
        struct reader block = reader_sub(&data, size < 4 ? SIZE_MAX : (size_t)size - 4);
        if (!reader_ok(&data))
            return false;
        read_block(arena, type, block, c);
    }
    c->has_server_settings |= !initial;
    return true;
}
