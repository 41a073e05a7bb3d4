/*
 * ldap_frame - where a message begins and ends, and what it looks like.
 */
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/ldap_state.h"

enum {
    MESSAGE_BYTES_MAX = 64 << 20,      /* Active Directory's own bound on requests is 10 MB */
    BUFFER_BYTES_MAX = (16 << 20) - 1, /* RFC 4752 3.1: a buffer's size has 24 bits */
    BUFFER_LENGTH_BYTES = 4,
    TOKEN_LOOK_BYTES = 32, /* of a token: enough to see what it is and what stands behind its head */
    MESSAGE_ID_BYTES_MAX = 4,
    HEADER_LOOK_BYTES = 24, /* length, message id, tag and length of the operation in any form */
    TLS_CHANGE_CIPHER_SPEC = 20,
    TLS_APPLICATION_DATA = 23,
    NTLM_SIGNATURE_BYTES = 16,
    WRAP_HEADER_BYTES = 16, /* RFC 4121 4.2.6.2 */
    WRAP_SEALED = 2,
    WRAP_BY_ACCEPTOR = 1,
};

struct op_way {
    uint8_t op;
    bool to_server;
};

static const struct op_way op_ways[] = {
    {LDAP_BIND_REQUEST, true},      {LDAP_BIND_RESPONSE, false},     {LDAP_UNBIND_REQUEST, true},
    {LDAP_SEARCH_REQUEST, true},    {LDAP_SEARCH_ENTRY, false},      {LDAP_SEARCH_DONE, false},
    {LDAP_SEARCH_REFERENCE, false}, {LDAP_MODIFY_REQUEST, true},     {LDAP_MODIFY_RESPONSE, false},
    {LDAP_ADD_REQUEST, true},       {LDAP_ADD_RESPONSE, false},      {LDAP_DELETE_REQUEST, true},
    {LDAP_DELETE_RESPONSE, false},  {LDAP_MODIFY_DN_REQUEST, true},  {LDAP_MODIFY_DN_RESPONSE, false},
    {LDAP_COMPARE_REQUEST, true},   {LDAP_COMPARE_RESPONSE, false},  {LDAP_ABANDON_REQUEST, true},
    {LDAP_EXTENDED_REQUEST, true},  {LDAP_EXTENDED_RESPONSE, false}, {LDAP_INTERMEDIATE_RESPONSE, false},
};

bool ldap_op_to_server(uint8_t op, bool *known)
{
    *known = false;
    for (size_t i = 0; i < ARRAY_COUNT(op_ways); i++) {
        if (op_ways[i].op == op) {
            *known = true;
            return op_ways[i].to_server;
        }
    }
    return false;
}

/* The head of an LDAPMessage. */
struct head {
    uint32_t size; /* of the whole message */
    uint8_t op;
    bool fits; /* the operation ends where the message does, or leaves room for controls */
};

/* FRAMING_MORE when the bytes end within the head. */
static enum framing_state read_head(struct str bytes, struct head *head)
{
    struct reader r = reader_of_str(bytes);
    uint8_t tag = reader_peek_u8(&r);
    uint32_t content, id, op;
    if (bytes.size > 0 && tag != DER_SEQUENCE)
        return FRAMING_BAD;
    enum framing_state unreadable = bytes.size < HEADER_LOOK_BYTES ? FRAMING_MORE : FRAMING_BAD;
    if (!der_header(&r, &tag, &content))
        return unreadable;
    size_t before = reader_offset(&r);
    if (content > MESSAGE_BYTES_MAX || (reader_left(&r) > 0 && reader_peek_u8(&r) != DER_INTEGER))
        return FRAMING_BAD;
    if (!der_header(&r, &tag, &id))
        return unreadable;
    if (id == 0 || id > MESSAGE_ID_BYTES_MAX)
        return FRAMING_BAD;
    reader_skip(&r, id);
    if (!der_header(&r, &head->op, &op))
        return unreadable;
    bool known;
    (void)ldap_op_to_server(head->op, &known);
    uint64_t used = reader_offset(&r) - before + (uint64_t)op;
    head->fits = used == content || used + 2 <= content;
    head->size = (uint32_t)before + content;
    return known && used <= content ? FRAMING_WHOLE : FRAMING_BAD;
}

struct framing ldap_frame_clear(struct str bytes)
{
    struct head head;
    struct framing framing = {.state = read_head(bytes, &head), .want = HEADER_LOOK_BYTES};
    if (framing.state == FRAMING_MORE && bytes.size > 1) {
        /* A short message may end before so many bytes. */
        struct reader r = reader_of_str(bytes);
        uint8_t tag;
        uint32_t content;
        if (der_header(&r, &tag, &content) && reader_offset(&r) + content < framing.want)
            framing.want = (uint32_t)reader_offset(&r) + content;
        if (framing.want <= bytes.size)
            framing.state = FRAMING_BAD;
    }
    if (framing.state != FRAMING_WHOLE)
        return framing;
    framing.size = head.size;
    framing.want = head.size < STREAM_MESSAGE_BYTES_MAX ? head.size : STREAM_MESSAGE_BYTES_MAX;
    return framing;
}

bool ldap_probe(struct str bytes)
{
    struct head head;
    return read_head(bytes, &head) == FRAMING_WHOLE && head.fits;
}

/* A token of a mechanism that is known: Kerberos or NTLM (MS-NLMP 2.2.2.9), or a message in clear. */
static bool is_token(struct str token)
{
    struct reader r = reader_of_str(token);
    return auth_is_wrap(token) || reader_u32le(&r) == 1 || ldap_probe(token);
}

static struct str behind(struct str bytes, size_t size)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, size);
    return reader_rest(&r);
}

uint32_t ldap_signed_head(struct str token)
{
    struct reader r = reader_of_str(token);
    uint32_t size = NTLM_SIGNATURE_BYTES;
    if (reader_u32le(&r) != 1) {
        r = reader_of_str(token);
        uint16_t id = reader_u16be(&r);
        uint8_t flags = reader_u8(&r);
        reader_skip(&r, 1);
        uint16_t checksum = reader_u16be(&r), rotation = reader_u16be(&r);
        /* Rotated by the length of the checksum, the message stands whole behind it. */
        if (id != 0x0504 || flags & WRAP_SEALED || checksum != rotation || !reader_ok(&r))
            return 0;
        size = WRAP_HEADER_BYTES + checksum;
    }
    return ldap_probe(behind(token, size)) ? size : 0;
}

/* known: a bind that may have agreed on a layer was seen, so that the token may be of any mechanism. */
static struct framing frame_buffer(struct str bytes, bool known)
{
    struct reader r = reader_of_str(bytes);
    uint32_t size = reader_u32be(&r);
    if (!reader_ok(&r))
        return (struct framing){.state = FRAMING_MORE, .want = BUFFER_LENGTH_BYTES + TOKEN_LOOK_BYTES};
    uint32_t look = size < 2 * TOKEN_LOOK_BYTES ? size : 2 * TOKEN_LOOK_BYTES;
    if (size == 0 || size > BUFFER_BYTES_MAX)
        return (struct framing){.state = FRAMING_BAD};
    if (reader_left(&r) < look)
        return (struct framing){.state = FRAMING_MORE, .want = BUFFER_LENGTH_BYTES + look};
    struct str token = reader_rest(&r);
    if (!known && !is_token(token))
        return (struct framing){.state = FRAMING_BAD};
    uint32_t whole = BUFFER_LENGTH_BYTES + size;
    if (whole <= STREAM_MESSAGE_BYTES_MAX)
        return (struct framing){.state = FRAMING_WHOLE, .size = whole, .want = whole};
    /* Larger than can be held: where it is only signed its head is a message of its own, and those in it are
     * framed as they stand. */
    uint32_t head = ldap_signed_head(token);
    if (head > 0)
        return (struct framing){
            .state = FRAMING_WHOLE, .size = BUFFER_LENGTH_BYTES + head, .want = BUFFER_LENGTH_BYTES + head};
    return (struct framing){.state = FRAMING_WHOLE, .size = whole, .want = STREAM_MESSAGE_BYTES_MAX};
}

/* RFC 8446 5.1: type, version 3.x. Neither begins an LDAPMessage or a buffer. */
bool ldap_is_tls(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t type = reader_u8(&r);
    uint8_t major = reader_u8(&r);
    return reader_ok(&r) && type >= TLS_CHANGE_CIPHER_SPEC && type <= TLS_APPLICATION_DATA && major == 3;
}

static bool has_layer(const struct ldap_module *module, const struct place *place)
{
    const struct ldap_connection *connection = table_peek(module->connections, &place->flow);
    return connection && (!id_is_none(connection->conversation) || !id_is_none(connection->binding));
}

struct framing ldap_frame(const struct ldap_module *module, const struct place *place, struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t first = reader_u8(&r);
    if (!reader_ok(&r))
        return (struct framing){.state = FRAMING_MORE, .want = HEADER_LOOK_BYTES};
    if (first == 0)
        return frame_buffer(bytes, has_layer(module, place));
    return ldap_frame_clear(bytes);
}

/* A Wrap token of RFC 4121 says who sends it. */
static int sender_of_token(struct str token)
{
    struct reader r = reader_of_str(token);
    uint16_t id = reader_u16be(&r);
    uint8_t flags = reader_u8(&r);
    if (!reader_ok(&r) || id != 0x0504)
        return 0;
    return flags & WRAP_BY_ACCEPTOR ? -1 : 1;
}

int ldap_sender(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (reader_peek_u8(&r) == 0)
        return sender_of_token(behind(bytes, BUFFER_LENGTH_BYTES));
    struct head head;
    bool known;
    if (read_head(bytes, &head) != FRAMING_WHOLE)
        return 0;
    return ldap_op_to_server(head.op, &known) ? 1 : -1;
}
