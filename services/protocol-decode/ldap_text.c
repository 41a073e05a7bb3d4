/*
 * ldap_text - writes filters and values.
 */
#include "services/protocol-decode/ldap_text.h"

#include "common/base/reader.h"
#include "common/base/text.h"

enum {
    FILTER_AND = 0xa0,
    FILTER_OR = 0xa1,
    FILTER_NOT = 0xa2,
    FILTER_EQUALITY = 0xa3,
    FILTER_SUBSTRINGS = 0xa4,
    FILTER_GREATER = 0xa5,
    FILTER_LESS = 0xa6,
    FILTER_PRESENT = 0x87,
    FILTER_APPROXIMATE = 0xa8,
    FILTER_EXTENSIBLE = 0xa9,
    PARTS_MAX = 1024, /* of an and, an or, a substring filter */
    SID_SUB_AUTHORITIES_MAX = 15,
    GUID_BYTES = 16,
};

/* Stands for a value that is not told; no attribute of passwords is searched for such. */
static const struct str secret = {"<secret>", 8};

struct ldap_text ldap_text_open(struct arena *arena, uint32_t capacity)
{
    return (struct ldap_text){.at = arena_take(arena, capacity), .capacity = capacity};
}

void ldap_text_add(struct ldap_text *text, struct str more)
{
    uint32_t room = text->capacity - text->size;
    if (text->cut || more.size > room) {
        text->cut = true;
        return;
    }
    if (more.size > 0)
        memcpy(text->at + text->size, more.at, more.size);
    text->size += more.size;
}

static void add(struct ldap_text *text, const char *more)
{
    ldap_text_add(text, str_of(more));
}

static void add_escaped(struct ldap_text *text, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    char escape[3] = {'\\', digits[byte >> 4], digits[byte & 15]};
    ldap_text_add(text, (struct str){.at = escape, .size = sizeof(escape)});
}

static bool is_plain(uint32_t code)
{
    return code >= 0x20 && code != 0x7f && code != '*' && code != '(' && code != ')' && code != '\\';
}

/* The bytes of the character that begins here, 1 where none does. */
static uint32_t character_bytes(const struct reader *r, bool *valid)
{
    uint8_t first = reader_peek_u8(r);
    uint32_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    *valid = first < 0x80;
    if (first < 0x80 || size == 0 || first > 0xf4 || reader_left(r) < size)
        return 1;
    const uint8_t *at = r->at;
    *valid = text_next_utf8(&at, r->end) != 0xfffd && at == r->at + size;
    return *valid ? size : 1;
}

void ldap_text_escape(struct ldap_text *text, struct str value)
{
    struct reader r = reader_of_str(value);
    while (reader_left(&r) > 0 && !text->cut) {
        bool valid;
        uint32_t size = character_bytes(&r, &valid);
        struct str character = reader_bytes(&r, size);
        uint8_t first = (uint8_t)character.at[0];
        if (valid && (size > 1 || is_plain(first)))
            ldap_text_add(text, character);
        else
            add_escaped(text, first);
    }
}

void ldap_text_assertion(struct ldap_text *text, struct str attribute, const char *relation, struct str value)
{
    add(text, "(");
    ldap_text_escape(text, attribute);
    add(text, relation);
    if (ldap_syntax_of(attribute) == LDAP_SECRET)
        ldap_text_add(text, secret);
    else
        ldap_text_escape(text, value);
    add(text, ")");
}

static void write_assertion(struct ldap_text *text, struct der *content, const char *relation)
{
    struct str attribute = der_bytes(content, DER_OCTET_STRING);
    ldap_text_assertion(text, attribute, relation, der_bytes(content, DER_OCTET_STRING));
}

/* RFC 4511 4.5.1.7.2: initial [0], any [1], final [2]. */
static void write_substrings(struct ldap_text *text, struct der *content)
{
    struct str attribute = der_bytes(content, DER_OCTET_STRING);
    bool is_secret = ldap_syntax_of(attribute) == LDAP_SECRET;
    add(text, "(");
    ldap_text_escape(text, attribute);
    add(text, "=");
    struct der parts = der_open(content, DER_SEQUENCE);
    uint8_t tag = 0x80;
    for (int i = 0; i < PARTS_MAX && der_more(&parts); i++) {
        struct der part = der_any(&parts, &tag);
        if (tag < 0x80 || tag > 0x82)
            der_fail(&part, "substring of no known kind");
        if (tag != 0x80)
            add(text, "*");
        struct str value = reader_rest(&part.bytes);
        if (is_secret)
            ldap_text_add(text, secret);
        else
            ldap_text_escape(text, value);
    }
    add(text, tag == 0x82 ? ")" : "*)");
}

/* RFC 4511 4.5.1.7.7: matchingRule [1], type [2], matchValue [3], dnAttributes [4]. */
static void write_extensible(struct ldap_text *text, struct der *content)
{
    struct str rule = {0}, type = {0}, value = {0};
    bool dn = false;
    while (der_more(content)) {
        uint8_t tag;
        struct der part = der_any(content, &tag);
        struct str bytes = reader_rest(&part.bytes);
        if (tag == 0x81)
            rule = bytes;
        else if (tag == 0x82)
            type = bytes;
        else if (tag == 0x83)
            value = bytes;
        else if (tag == 0x84)
            dn = bytes.size > 0 && bytes.at[0] != 0;
    }
    add(text, "(");
    ldap_text_escape(text, type);
    if (dn)
        add(text, ":dn");
    if (rule.size > 0) {
        add(text, ":");
        ldap_text_escape(text, rule);
    }
    add(text, ":=");
    if (ldap_syntax_of(type) == LDAP_SECRET)
        ldap_text_add(text, secret);
    else
        ldap_text_escape(text, value);
    add(text, ")");
}

/* One filter that holds no others. */
static void write_simple(struct ldap_text *text, uint8_t tag, struct der *content)
{
    switch (tag) {
    case FILTER_EQUALITY:
        write_assertion(text, content, "=");
        break;
    case FILTER_GREATER:
        write_assertion(text, content, ">=");
        break;
    case FILTER_LESS:
        write_assertion(text, content, "<=");
        break;
    case FILTER_APPROXIMATE:
        write_assertion(text, content, "~=");
        break;
    case FILTER_SUBSTRINGS:
        write_substrings(text, content);
        break;
    case FILTER_EXTENSIBLE:
        write_extensible(text, content);
        break;
    case FILTER_PRESENT:
        add(text, "(");
        ldap_text_escape(text, reader_rest(&content->bytes));
        add(text, "=*)");
        break;
    default:
        der_fail(content, "filter of no known kind");
    }
}

/* Filters that hold others are kept on a stack until they are through. */
void ldap_text_filter(struct ldap_text *text, struct der *d)
{
    struct der open[DER_DEPTH_MAX];
    int depth = 0;
    struct der outer = *d;
    do {
        uint8_t tag;
        struct der *level = depth > 0 ? &open[depth - 1] : &outer;
        if (depth > 0 && !der_more(level)) {
            add(text, ")");
            depth--;
            continue;
        }
        struct der content = der_any(level, &tag);
        if (tag != FILTER_AND && tag != FILTER_OR && tag != FILTER_NOT) {
            write_simple(text, tag, &content);
            continue;
        }
        if (depth == DER_DEPTH_MAX) {
            der_fail(&content, "nested too deeply");
            break;
        }
        add(text, tag == FILTER_AND ? "(&" : tag == FILTER_OR ? "(|" : "(!");
        open[depth++] = content;
    } while (depth > 0 && der_ok(d));
}

struct str ldap_text_sid(struct arena *arena, struct str value)
{
    struct reader r = reader_of_str(value);
    uint8_t revision = reader_u8(&r), count = reader_u8(&r);
    uint64_t authority = (uint64_t)reader_u16be(&r) << 32;
    authority |= reader_u32be(&r);
    if (!reader_ok(&r) || revision != 1 || count > SID_SUB_AUTHORITIES_MAX ||
        reader_left(&r) != (size_t)count * 4)
        return (struct str){0};
    struct ldap_text text = ldap_text_open(arena, 32 + SID_SUB_AUTHORITIES_MAX * 11);
    ldap_text_add(&text, arena_print(arena, "S-1-%llu", (unsigned long long)authority));
    for (uint8_t i = 0; i < count; i++)
        ldap_text_add(&text, arena_print(arena, "-%u", reader_u32le(&r)));
    return ldap_text_str(&text);
}

struct str ldap_text_guid(struct arena *arena, struct str value)
{
    if (value.size != GUID_BYTES)
        return (struct str){0};
    uint8_t bytes[GUID_BYTES];
    char text[TEXT_UUID_BYTES];
    memcpy(bytes, value.at, sizeof(bytes));
    return arena_copy(arena, str_of(text_uuid(bytes, text)));
}

bool ldap_is_text(struct str value)
{
    struct reader r = reader_of_str(value);
    while (reader_left(&r) > 0) {
        bool valid;
        uint32_t size = character_bytes(&r, &valid);
        uint8_t first = reader_peek_u8(&r);
        reader_skip(&r, size);
        if (!valid || first == 0x7f || (first < 0x20 && first != '\t' && first != '\n' && first != '\r'))
            return false;
    }
    return true;
}
