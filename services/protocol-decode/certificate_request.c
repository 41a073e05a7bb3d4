/*
 * certificate_request - finds the PKCS #10 request and reads its subject, key and attributes.
 */
#include "services/protocol-decode/certificate_request.h"

#include "services/protocol-decode/x509_parts.h"

/* One request while it is read. */
struct reading {
    struct decode_out *out;
    struct certificate_request *to;
    struct str attributes[CERTIFICATE_REQUEST_ATTRIBUTES_MAX];
    uint32_t count;
};

static const struct str oid_extension_request = {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e",
                                                 9}; /* RFC 2985 5.4.2 */
static const struct str oid_cert_extensions = {"\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x0e", 10};
static const struct str oid_client_info = {"\x2b\x06\x01\x04\x01\x82\x37\x15\x14", 9};
static const struct str oid_name_value = {"\x2b\x06\x01\x04\x01\x82\x37\x0d\x02\x01", 10};

static void read_client_info(struct reading *r, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    (void)der_integer(&sequence);
    r->to->machine = x509_read_string(r->out, &sequence);
    r->to->user = x509_read_string(r->out, &sequence);
    r->to->process = x509_read_string(r->out, &sequence);
}

static void read_name_value(struct reading *r, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct str name = x509_read_string(r->out, &sequence), text = x509_read_string(r->out, &sequence);
    if (der_ok(&sequence) && r->count < CERTIFICATE_REQUEST_ATTRIBUTES_MAX)
        r->attributes[r->count++] =
            arena_print(&r->out->batch->arena, "%.*s:%.*s", (int)name.size, name.at, (int)text.size, text.at);
}

static void read_attribute(struct reading *r, struct der *list)
{
    struct der attribute = der_open(list, DER_SEQUENCE);
    struct str oid = der_bytes(&attribute, DER_OID);
    struct der values = der_open(&attribute, DER_SET);
    if (!der_more(&values))
        return;
    if (str_equal(oid, oid_extension_request) || str_equal(oid, oid_cert_extensions))
        x509_read_extensions(r->out, &values, &r->to->wanted);
    else if (str_equal(oid, oid_client_info))
        read_client_info(r, &values);
    else if (str_equal(oid, oid_name_value))
        read_name_value(r, &values);
}

/* CertificationRequestInfo (RFC 2986 4.1). */
static void read_info(struct reading *r, struct der *info)
{
    struct certificate *wanted = &r->to->wanted;
    (void)der_integer(info);
    wanted->subject = x509_read_name(r->out, info);
    x509_read_key(r->out, info, &wanted->key_algorithm, &wanted->key_bits);
    struct der list = der_open(info, DER_CONTEXT(0));
    for (int i = 0; i < CERTIFICATE_REQUEST_ATTRIBUTES_MAX && der_more(&list); i++)
        read_attribute(r, &list);
}

/* The first request of a PKIData (RFC 5272 3.2.1): behind the controls a list of TaggedRequest. */
static struct der request_of_data(struct der *data)
{
    (void)der_element(data);
    struct der requests = der_open(data, DER_SEQUENCE);
    struct der tagged = der_open(&requests, DER_CONTEXT(0));
    (void)der_integer(&tagged);
    return der_open(&tagged, DER_SEQUENCE);
}

/* What a SignedData signs (RFC 5652 5.1). */
static struct str signed_content(struct der *message)
{
    (void)der_bytes(message, DER_OID);
    struct der content = der_open(message, DER_CONTEXT(0));
    struct der data = der_open(&content, DER_SEQUENCE);
    (void)der_integer(&data);
    (void)der_element(&data);
    struct der encapsulated = der_open(&data, DER_SEQUENCE);
    (void)der_bytes(&encapsulated, DER_OID);
    struct der octets = der_open(&encapsulated, DER_CONTEXT(0));
    return der_bytes(&octets, DER_OCTET_STRING);
}

/* A request begins with the number of its version, a PKIData with a list of controls. */
static struct der find_request(struct str bytes, struct der_fault *fault)
{
    struct der d = der_of(bytes, fault);
    struct der outer = der_open(&d, DER_SEQUENCE);
    if (der_peek(&outer) == DER_OID) {
        d = der_of(signed_content(&outer), fault);
        outer = der_open(&d, DER_SEQUENCE);
    }
    struct der ahead = outer;
    struct der first = der_open(&ahead, DER_SEQUENCE);
    return der_peek(&first) == DER_INTEGER ? outer : request_of_data(&outer);
}

bool certificate_request_read(struct decode_out *out, struct str bytes, struct certificate_request *request)
{
    struct reading r = {.out = out, .to = request};
    struct der_fault fault = {0};
    memset(request, 0, sizeof(*request));
    struct der found = find_request(bytes, &fault);
    struct der info = der_open(&found, DER_SEQUENCE);
    read_info(&r, &info);
    if (r.count > 0) {
        struct str *kept = arena_take(&out->batch->arena, r.count * sizeof(*kept));
        memcpy(kept, r.attributes, r.count * sizeof(*kept));
        request->attributes = (struct strs){.at = kept, .count = r.count};
    }
    return !fault.failed;
}
