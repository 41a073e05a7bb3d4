/*
 * radius_attributes - a table of attributes, and the few that are more than a value.
 */
#include "services/protocol-decode/radius_attributes.h"

#include "common/base/text.h"

enum {
    HEADER_BYTES = 2, /* type and length */
    LISTED_MAX = 48,
    MESSAGES_MAX = 8,
    EAP_BYTES_MAX = 1024, /* of attributes put together: an identity is at most 253 of them */
    USER_PASSWORD = 2,
    CHAP_PASSWORD = 3,
    REPLY_MESSAGE = 18,
    VENDOR_SPECIFIC = 26,
    PROXY_STATE = 33,
    ACCT_INPUT_OCTETS = 42,
    ACCT_OUTPUT_OCTETS = 43,
    ACCT_INPUT_GIGAWORDS = 52,
    ACCT_OUTPUT_GIGAWORDS = 53,
    EAP_MESSAGE = 79,
    MESSAGE_AUTHENTICATOR = 80,
    VENDOR_MICROSOFT = 311,
    TAG_MAX = 0x1f, /* RFC 2868 3.3: a higher byte is the first of the text */
    EAP_RESPONSE = 2,
    EAP_IDENTITY = 1,
};

enum kind {
    TEXT = 1,
    TAGGED_TEXT,
    NUMBER,
    TAGGED_NUMBER, /* of 3 bytes behind the tag (RFC 2868 3.1) */
    SECONDS,
    IPV4,
    IPV6,
};

struct attribute {
    uint8_t type;
    uint8_t kind;
    uint16_t offset;
};

#define AT(type, kind, member)                                                                               \
    {                                                                                                        \
        (type), (kind), offsetof(struct radius, member)                                                      \
    }

/* RFC 2865 5, 2866 5, 2868 3, 2869 5, 3162 2, 5176 3, 6911 3. By rising type. */
static const struct attribute attributes[] = {
    AT(1, TEXT, user_name),
    AT(4, IPV4, nas_address),
    AT(5, NUMBER, nas_port),
    AT(6, NUMBER, service_type),
    AT(8, IPV4, framed_address),
    AT(11, TEXT, filter_id),
    AT(27, NUMBER, session_timeout),
    AT(30, TEXT, called_station),
    AT(31, TEXT, calling_station),
    AT(32, TEXT, nas_identifier),
    AT(40, NUMBER, acct_status),
    AT(44, TEXT, acct_session),
    AT(46, NUMBER, acct_seconds),
    AT(49, NUMBER, terminate_cause),
    AT(55, SECONDS, event_time),
    AT(61, NUMBER, nas_port_type),
    AT(64, TAGGED_NUMBER, tunnel_type),
    AT(65, TAGGED_NUMBER, tunnel_medium),
    AT(66, TAGGED_TEXT, tunnel_client),
    AT(67, TAGGED_TEXT, tunnel_server),
    AT(81, TAGGED_TEXT, tunnel_group),
    AT(87, TEXT, nas_port_id),
    AT(95, IPV6, nas_address),
    AT(101, NUMBER, error_cause),
    AT(168, IPV6, framed_address6),
};

/* RFC 2548, MS-RNAS 2.2.1. */
static const struct attribute microsoft[] = {
    AT(34, TEXT, ms_ras_client),
};

enum microsoft_type {
    MS_CHAP_RESPONSE = 1,
    MS_CHAP_ERROR = 2,
    MS_CHAP_DOMAIN = 10,
    MS_CHAP_CHALLENGE = 11,
    MS_CHAP2_RESPONSE = 25,
};

struct packet_parse {
    struct decode_out *out;
    struct radius *body;
    bool answer;
    struct strs messages;
    uint32_t eap_size;
    uint8_t eap[EAP_BYTES_MAX];
};

static struct str text_of(struct packet_parse *p, struct str value)
{
    struct arena *arena = &p->out->batch->arena;
    return text_to_utf8(arena, arena_copy(arena, value));
}

static void set_text(struct packet_parse *p, struct str *field, struct str value)
{
    if (field->size == 0)
        *field = text_of(p, value);
}

/* The address that is given counts, not the one that was wished for (RFC 2865 5.8). */
static void set_address(struct packet_parse *p, struct addr *field, struct str value)
{
    bool given = field == &p->body->framed_address;
    if ((value.size != 4 && value.size != 16) || (field->family != 0 && !given))
        return;
    *field = (struct addr){.family = value.size == 4 ? 4 : 6};
    memcpy(field->byte, value.at, value.size);
}

static struct str without_tag(struct str value)
{
    struct reader r = reader_of_str(value);
    if (value.size > 0 && reader_peek_u8(&r) <= TAG_MAX)
        reader_skip(&r, 1);
    return reader_rest(&r);
}

static void set_value(struct packet_parse *p, const struct attribute *a, struct str value)
{
    void *field = (uint8_t *)p->body + a->offset;
    struct reader r = reader_of_str(value);
    uint32_t number = reader_u32be(&r);
    switch (a->kind) {
    case TEXT:
        set_text(p, field, value);
        break;
    case TAGGED_TEXT:
        set_text(p, field, without_tag(value));
        break;
    case NUMBER:
    case TAGGED_NUMBER:
        if (*(uint32_t *)field == 0)
            *(uint32_t *)field = a->kind == TAGGED_NUMBER ? number & 0xffffff : number;
        break;
    case SECONDS:
        if (*(time_ns *)field == 0)
            *(time_ns *)field = number * TIME_NS_S;
        break;
    default:
        if (value.size == (a->kind == IPV4 ? 4 : 16))
            set_address(p, field, value);
    }
}

static const struct attribute *find(const struct attribute *list, size_t count, uint8_t type)
{
    for (size_t i = 0; i < count && list[i].type <= type; i++)
        if (list[i].type == type)
            return &list[i];
    return NULL;
}

static void take_microsoft(struct packet_parse *p, uint8_t type, struct str value)
{
    struct radius *body = p->body;
    const struct attribute *a = find(microsoft, ARRAY_COUNT(microsoft), type);
    struct reader r = reader_of_str(value);
    if (a) {
        set_value(p, a, value);
    } else if (type == MS_CHAP_ERROR || type == MS_CHAP_DOMAIN) {
        reader_skip(&r, 1); /* Ident (RFC 2548 2.1.5, 2.1.7) */
        set_text(p, type == MS_CHAP_ERROR ? &body->ms_chap_error : &body->ms_domain, reader_rest(&r));
    } else if (type == MS_CHAP_CHALLENGE) {
        body->ms_chap_challenge = decode_fingerprint(p->out, value);
    } else if (type == MS_CHAP_RESPONSE || type == MS_CHAP2_RESPONSE) {
        body->method = type == MS_CHAP_RESPONSE ? radius_method_mschap : radius_method_mschap2;
        body->ms_chap_response = decode_fingerprint(p->out, value);
    }
}

/* RFC 2865 5.26: a vendor's attributes have its form too. */
static void take_vendor(struct packet_parse *p, struct str value)
{
    struct reader r = reader_of_str(value);
    if (reader_u32be(&r) != VENDOR_MICROSOFT)
        return;
    while (reader_left(&r) >= HEADER_BYTES) {
        uint8_t type = reader_u8(&r), length = reader_u8(&r);
        if (length < HEADER_BYTES)
            return;
        struct str inner = reader_bytes(&r, length - (uint32_t)HEADER_BYTES);
        if (reader_ok(&r))
            take_microsoft(p, type, inner);
    }
}

static void take_octets(struct packet_parse *p, uint8_t type, struct str value)
{
    struct reader r = reader_of_str(value);
    uint64_t number = reader_u32be(&r);
    bool in = type == ACCT_INPUT_OCTETS || type == ACCT_INPUT_GIGAWORDS;
    bool high = type == ACCT_INPUT_GIGAWORDS || type == ACCT_OUTPUT_GIGAWORDS;
    uint64_t *octets = in ? &p->body->in_octets : &p->body->out_octets;
    *octets |= high ? number << 32 : number;
}

static void take_message(struct packet_parse *p, struct str value)
{
    if (!p->messages.at)
        p->messages.at = arena_take(&p->out->batch->arena, MESSAGES_MAX * sizeof(struct str));
    if (p->messages.count < MESSAGES_MAX)
        ((struct str *)(uintptr_t)p->messages.at)[p->messages.count++] = text_of(p, value);
}

/* One EAP packet may be spread over several attributes (RFC 3579 3.1). */
static void take_eap(struct packet_parse *p, struct str value)
{
    uint32_t room = EAP_BYTES_MAX - p->eap_size;
    uint32_t size = value.size < room ? value.size : room;
    if (size > 0)
        memcpy(p->eap + p->eap_size, value.at, size);
    p->eap_size += size;
    p->body->method = radius_method_eap;
}

static void take(struct packet_parse *p, uint8_t type, struct str value)
{
    struct radius *body = p->body;
    const struct attribute *a = find(attributes, ARRAY_COUNT(attributes), type);
    if (a)
        set_value(p, a, value);
    else if (type == USER_PASSWORD && body->method == radius_method_none)
        body->method = radius_method_pap;
    else if (type == CHAP_PASSWORD)
        body->method = radius_method_chap;
    else if (type == REPLY_MESSAGE)
        take_message(p, value);
    else if (type == VENDOR_SPECIFIC)
        take_vendor(p, value);
    else if (type == PROXY_STATE && !p->answer && body->proxy_states < UINT8_MAX)
        body->proxy_states++;
    else if (type == ACCT_INPUT_OCTETS || type == ACCT_OUTPUT_OCTETS || type == ACCT_INPUT_GIGAWORDS ||
             type == ACCT_OUTPUT_GIGAWORDS)
        take_octets(p, type, value);
    else if (type == EAP_MESSAGE)
        take_eap(p, value);
    else if (type == MESSAGE_AUTHENTICATOR)
        *(p->answer ? &body->reply_message_authenticator : &body->message_authenticator) = true;
}

/* RFC 3748 4: code, identifier, length, and the type of a request or a response. */
static void read_eap(struct packet_parse *p)
{
    struct reader r = reader_of(p->eap, p->eap_size);
    uint8_t code = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t length = reader_u16be(&r);
    uint8_t type = reader_u8(&r);
    if (!reader_ok(&r) || length < p->eap_size)
        return;
    *(p->answer ? &p->body->reply_eap_type : &p->body->eap_type) = type;
    if (code == EAP_RESPONSE && type == EAP_IDENTITY)
        set_text(p, &p->body->eap_identity, reader_rest(&r));
}

bool radius_attributes(struct decode_out *out, struct reader *r, bool answer, struct radius *body)
{
    struct packet_parse p = {.out = out, .body = body, .answer = answer};
    int32_t *types = arena_take(&out->batch->arena, LISTED_MAX * sizeof(*types));
    struct i32s *list = answer ? &body->reply_attributes : &body->attributes;
    *list = (struct i32s){.at = types};
    while (reader_left(r) > 0) {
        uint8_t type = reader_u8(r), length = reader_u8(r);
        if (length < HEADER_BYTES)
            reader_fail(r);
        struct str value = reader_bytes(r, length - (uint32_t)HEADER_BYTES);
        if (!reader_ok(r))
            break;
        if (list->count < LISTED_MAX)
            types[list->count++] = type;
        take(&p, type, value);
    }
    if (p.messages.count > 0)
        body->reply_messages = p.messages;
    read_eap(&p);
    return reader_ok(r);
}
