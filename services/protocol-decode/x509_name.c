/*
 * x509_name - distinguished names as text (RFC 4514).
 */
#include "services/protocol-decode/oid.h"
#include "services/protocol-decode/x509_parts.h"
#include "common/base/text.h"

struct attribute_name {
    struct str oid;
    const char *name;
};

/* RFC 4514 section 3, and others that have a registered name. */
static const struct attribute_name attribute_names[] = {
    {{"\x55\x04\x03", 3}, "CN"},
    {{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10}, "DC"},
    {{"\x55\x04\x0b", 3}, "OU"},
    {{"\x55\x04\x0a", 3}, "O"},
    {{"\x55\x04\x06", 3}, "C"},
    {{"\x55\x04\x07", 3}, "L"},
    {{"\x55\x04\x08", 3}, "ST"},
    {{"\x55\x04\x09", 3}, "STREET"},
    {{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10}, "UID"},
    {{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9}, "emailAddress"},
    {{"\x55\x04\x05", 3}, "serialNumber"},
    {{"\x55\x04\x04", 3}, "sn"},
    {{"\x55\x04\x2a", 3}, "givenName"},
    {{"\x55\x04\x0c", 3}, "title"},
};

struct attribute {
    struct str type;
    struct der value;
    bool first; /* of its RelativeDistinguishedName */
};

/* Text that is cut at its bound. */
struct line {
    char text[X509_NAME_BYTES_MAX];
    uint32_t used;
};

static void add(struct line *line, char c)
{
    if (line->used < sizeof(line->text))
        line->text[line->used++] = c;
}

static void add_text(struct line *line, struct str text)
{
    struct reader r = reader_of_str(text);
    while (reader_left(&r) > 0)
        add(line, (char)reader_u8(&r));
}

/* RFC 4514 2.4: what has a meaning of its own is escaped. */
static void add_escaped(struct line *line, struct str text)
{
    struct reader r = reader_of_str(text);
    for (bool first = true; reader_left(&r) > 0; first = false) {
        uint8_t c = reader_u8(&r);
        bool last = reader_left(&r) == 0;
        if (c == 0) {
            add_text(line, STR("\\00"));
            continue;
        }
        if (strchr("\"+,;<>\\", c) || (first && (c == ' ' || c == '#')) || (last && c == ' '))
            add(line, '\\');
        add(line, (char)c);
    }
}

static void add_hex(struct line *line, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    struct reader r = reader_of_str(bytes);
    add(line, '#');
    while (reader_left(&r) > 0) {
        uint8_t byte = reader_u8(&r);
        add(line, digits[byte >> 4]);
        add(line, digits[byte & 15]);
    }
}

static const char *name_of(struct str type)
{
    for (size_t i = 0; i < ARRAY_COUNT(attribute_names); i++)
        if (str_equal(type, attribute_names[i].oid))
            return attribute_names[i].name;
    return NULL;
}

static void add_attribute(struct decode_out *out, struct line *line, struct attribute *a)
{
    const char *name = name_of(a->type);
    struct der ahead = a->value;
    struct str text = name ? x509_read_string(out, &ahead) : (struct str){0};
    add_text(line, name ? str_of(name) : oid_text(&out->batch->arena, a->type));
    add(line, '=');
    if (name)
        add_escaped(line, text);
    else
        add_hex(line, der_element(&a->value));
}

static uint32_t read_attributes(struct der *d, struct attribute attributes[X509_ATTRIBUTES_MAX])
{
    uint32_t count = 0;
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        struct der set = der_open(&sequence, DER_SET);
        for (bool first = true; der_more(&set); first = false) {
            struct der attribute = der_open(&set, DER_SEQUENCE);
            struct str type = der_bytes(&attribute, DER_OID);
            if (count == X509_ATTRIBUTES_MAX) {
                der_fail(&attribute, "name of too many attributes");
                return 0;
            }
            attributes[count++] = (struct attribute){.type = type, .value = attribute, .first = first};
        }
    }
    return der_ok(&sequence) ? count : 0;
}

struct str x509_read_name(struct decode_out *out, struct der *d)
{
    struct attribute attributes[X509_ATTRIBUTES_MAX];
    struct line line = {.used = 0};
    uint32_t end = read_attributes(d, attributes);
    while (end > 0) {
        uint32_t first = end - 1;
        while (!attributes[first].first)
            first--;
        for (uint32_t i = first; i < end; i++) {
            if (line.used > 0)
                add(&line, i == first ? ',' : '+');
            add_attribute(out, &line, &attributes[i]);
        }
        end = first;
    }
    return text_to_utf8(&out->batch->arena,
                        arena_copy(&out->batch->arena, (struct str){line.text, line.used}));
}

/* BMPString is UTF-16 with the high byte first. */
static struct str read_bmp(struct decode_out *out, struct str bytes)
{
    struct arena *arena = &out->batch->arena;
    struct reader r = reader_of_str(bytes);
    uint32_t size = 0;
    uint8_t *little = arena_take(arena, (size_t)2 * X509_NAME_BYTES_MAX);
    while (reader_left(&r) >= 2 && size < 2 * X509_NAME_BYTES_MAX) {
        uint16_t unit = reader_u16be(&r);
        little[size++] = (uint8_t)unit;
        little[size++] = (uint8_t)(unit >> 8);
    }
    return text_from_utf16le(arena, (struct str){.at = (const char *)little, .size = size}, false);
}

struct str x509_read_string(struct decode_out *out, struct der *d)
{
    uint8_t tag;
    struct der content = der_any(d, &tag);
    struct str bytes = reader_rest(&content.bytes);
    switch (tag) {
    case DER_UTF8_STRING:
    case DER_NUMERIC_STRING:
    case DER_PRINTABLE_STRING:
    case DER_TELETEX_STRING:
    case DER_IA5_STRING:
    case DER_VISIBLE_STRING:
    case DER_GENERAL_STRING:
        return text_to_utf8(&out->batch->arena, bytes);
    case DER_BMP_STRING:
        return read_bmp(out, bytes);
    default:
        return (struct str){0};
    }
}
