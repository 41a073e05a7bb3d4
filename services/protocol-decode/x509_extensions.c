/*
 * x509_extensions - the extensions that say whom a certificate speaks for, and what for.
 */
#include "services/protocol-decode/oid.h"
#include "services/protocol-decode/x509_parts.h"
#include "common/base/text.h"

/* One extension while it is read. */
struct extension {
    struct decode_out *out;
    struct certificate *to;
    struct der value;
};

struct extension_type {
    struct str oid;
    void (*read)(struct extension *x);
};

static const struct str oid_upn = {"\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03", 10};
static const struct str oid_object_sid = {"\x2b\x06\x01\x04\x01\x82\x37\x19\x02\x01", 10};
static const struct str sid_uri = {"tag:microsoft.com,2022-09-14:sid:", 33};

static struct str *take_list(struct extension *x)
{
    return arena_take(&x->out->batch->arena, X509_NAMES_MAX * sizeof(struct str));
}

static struct strs add_text(struct extension *x, struct strs names, struct str text)
{
    if (names.count == X509_NAMES_MAX)
        return names;
    struct str *at = names.count == 0 ? take_list(x) : (struct str *)(uintptr_t)names.at;
    at[names.count] = text;
    return (struct strs){.at = at, .count = names.count + 1};
}

static struct strs add_name(struct extension *x, struct strs names, struct der *content)
{
    return add_text(x, names, text_to_utf8(&x->out->batch->arena, reader_rest(&content->bytes)));
}

/* RFC 5280 4.2.1.6: 4 or 16 bytes. Of another length it is none. */
static struct strs add_address(struct extension *x, struct strs names, struct der *content)
{
    struct str bytes = reader_rest(&content->bytes);
    struct addr addr = {.family = bytes.size == 4 ? 4 : 6};
    char text[TEXT_ADDR_BYTES];
    if (bytes.size != 4 && bytes.size != sizeof(addr.byte))
        return names;
    memcpy(addr.byte, bytes.at, bytes.size);
    return add_text(x, names, arena_copy(&x->out->batch->arena, str_of(text_addr(&addr, text))));
}

/* OtherName (RFC 5280 4.2.1.6): the value of one type, empty when it is of another. */
static struct der open_other(struct der *content, const struct str *type)
{
    bool is = str_equal(der_bytes(content, DER_OID), *type);
    struct der value = {.bytes = reader_of(NULL, 0), .fault = content->fault};
    return is ? der_open(content, DER_CONTEXT(0)) : value;
}

/* The form of the name that Microsoft defined for requests that can hold no extension of theirs. */
static void take_uri_sid(struct extension *x)
{
    struct reader r = reader_of_str(x->to->uris.at[x->to->uris.count - 1]);
    if (x->to->sid.size == 0 && str_equal(reader_bytes(&r, sid_uri.size), sid_uri))
        x->to->sid = reader_rest(&r);
}

static void read_alternative_names(struct extension *x)
{
    struct certificate *to = x->to;
    struct der list = der_open(&x->value, DER_SEQUENCE);
    while (der_more(&list)) {
        uint8_t tag;
        struct der content = der_any(&list, &tag);
        if (tag == DER_CONTEXT(0)) {
            struct der value = open_other(&content, &oid_upn);
            if (der_more(&value) && to->upn.size == 0)
                to->upn = x509_read_string(x->out, &value);
        } else if (tag == DER_IMPLICIT(1)) {
            to->emails = add_name(x, to->emails, &content);
        } else if (tag == DER_IMPLICIT(2)) {
            to->dns_names = add_name(x, to->dns_names, &content);
        } else if (tag == DER_IMPLICIT(6)) {
            to->uris = add_name(x, to->uris, &content);
            take_uri_sid(x);
        } else if (tag == DER_IMPLICIT(7)) {
            to->addresses = add_address(x, to->addresses, &content);
        }
    }
}

static void read_security(struct extension *x)
{
    struct der list = der_open(&x->value, DER_SEQUENCE);
    struct der content = der_open(&list, DER_CONTEXT(0));
    struct der value = open_other(&content, &oid_object_sid);
    if (der_more(&value))
        x->to->sid = text_to_utf8(&x->out->batch->arena, der_bytes(&value, DER_OCTET_STRING));
}

static void read_type(struct extension *x)
{
    x->to->template_name = x509_read_string(x->out, &x->value);
}

static void read_template(struct extension *x)
{
    struct der sequence = der_open(&x->value, DER_SEQUENCE);
    x->to->template_oid = oid_text(&x->out->batch->arena, der_bytes(&sequence, DER_OID));
}

static void read_purposes(struct extension *x)
{
    struct arena *arena = &x->out->batch->arena;
    struct str *purposes = arena_take(arena, X509_PURPOSES_MAX * sizeof(*purposes));
    uint32_t count = 0;
    struct der list = der_open(&x->value, DER_SEQUENCE);
    while (der_more(&list) && count < X509_PURPOSES_MAX)
        purposes[count++] = oid_text(arena, der_bytes(&list, DER_OID));
    if (der_ok(&list))
        x->to->purposes = (struct strs){.at = purposes, .count = count};
}

static void read_constraints(struct extension *x)
{
    struct der sequence = der_open(&x->value, DER_SEQUENCE);
    x->to->ca = der_peek(&sequence) == DER_BOOLEAN && der_boolean(&sequence);
}

static const struct extension_type extension_types[] = {
    {{"\x55\x1d\x11", 3}, read_alternative_names},                /* RFC 5280 4.2.1.6 */
    {{"\x55\x1d\x13", 3}, read_constraints},                      /* RFC 5280 4.2.1.9 */
    {{"\x55\x1d\x25", 3}, read_purposes},                         /* RFC 5280 4.2.1.12 */
    {{"\x2b\x06\x01\x04\x01\x82\x37\x19\x02", 9}, read_security}, /* MS-WCCE 2.2.2.7.7.4 */
    {{"\x2b\x06\x01\x04\x01\x82\x37\x14\x02", 9}, read_type},     /* MS-WCCE 2.2.2.7.7.1 */
    {{"\x2b\x06\x01\x04\x01\x82\x37\x15\x07", 9}, read_template}, /* MS-WCCE 2.2.2.7.7.2 */
};

void x509_read_extensions(struct decode_out *out, struct der *d, struct certificate *certificate)
{
    struct der list = der_open(d, DER_SEQUENCE);
    for (int i = 0; i < X509_EXTENSIONS_MAX && der_more(&list); i++) {
        struct der entry = der_open(&list, DER_SEQUENCE);
        struct str oid = der_bytes(&entry, DER_OID);
        if (der_peek(&entry) == DER_BOOLEAN)
            (void)der_boolean(&entry);
        struct der_fault fault = {0};
        struct extension x = {.out = out, .to = certificate, .value = der_open(&entry, DER_OCTET_STRING)};
        if (!der_ok(&list))
            return;
        x.value.fault = &fault;
        for (size_t type = 0; type < ARRAY_COUNT(extension_types); type++)
            if (str_equal(oid, extension_types[type].oid))
                extension_types[type].read(&x);
    }
}
