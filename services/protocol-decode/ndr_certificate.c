/*
 * ndr_certificate - arguments of enrolment (MS-ICPR, MS-WCCE) and of the backup of keys (MS-BKRP): who asks a
 * certificate authority for what, and which secret of the domain is asked for.
 */
#include "common/base/text.h"
#include "services/protocol-decode/certificate_request.h"
#include "services/protocol-decode/ndr_shorthand.h"
#include "services/protocol-decode/ndr_walk.h"

/* CERTTRANSBLOB (MS-WCCE 2.2.2.2), with what its bytes are. */
#define BLOB_OF(inside_type)                                                                                 \
    NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &(inside_type), NDR_PTR | NDR_VALUE, NDR_CONFORMANT})

/* Lines of name and value (MS-WCCE 2.2.2.7). */
static void tell_attributes(struct ndr *n, struct str utf16)
{
    struct str text = text_from_utf16le(ndr_arena(n), utf16, false);
    if (text.size > 0)
        ndr_tell_text(n, NULL, text);
}

static void tell_if(struct ndr *n, const char *name, struct str text)
{
    if (text.size > 0)
        ndr_tell_text(n, name, text);
}

static void tell_list(struct ndr *n, const char *name, struct strs list)
{
    for (uint32_t i = 0; i < list.count; i++)
        ndr_tell_text(n, name, list.at[i]);
}

static void tell_owner(struct ndr *n, const struct certificate *c)
{
    tell_if(n, "subject", c->subject);
    tell_if(n, "upn", c->upn);
    tell_if(n, "sid", c->sid);
    tell_list(n, "dns_name", c->dns_names);
    tell_list(n, "email", c->emails);
    tell_list(n, "uri", c->uris);
    tell_if(n, "template_name", c->template_name);
    tell_if(n, "template_oid", c->template_oid);
    tell_list(n, "purpose", c->purposes);
}

static void tell_request(struct ndr *n, struct str bytes)
{
    struct certificate_request request;
    certificate_request_read(n->out, bytes, &request);
    tell_owner(n, &request.wanted);
    tell_if(n, "machine", request.machine);
    tell_if(n, "user", request.user);
    tell_if(n, "process", request.process);
    tell_list(n, "attribute", request.attributes);
}

static void tell_certificate(struct ndr *n, struct str bytes)
{
    struct der_fault fault = {0};
    struct der d = der_of(bytes, &fault);
    struct certificate certificate = {0};
    if (bytes.size == 0)
        return;
    x509_read(n->out, &d, &certificate);
    tell_if(n, "serial", certificate.serial);
    tell_owner(n, &certificate);
}

static const struct ndr_type attribute_bytes = {.kind = NDR_BYTE, .inside = tell_attributes};
static const struct ndr_type request_bytes = {.kind = NDR_BYTE, .inside = tell_request};
static const struct ndr_type certificate_bytes = {.kind = NDR_BYTE, .inside = tell_certificate};
static const struct ndr_type blob = BLOB_OF(ndr_byte);
static const struct ndr_type attributes = BLOB_OF(attribute_bytes);
static const struct ndr_type request = BLOB_OF(request_bytes);
static const struct ndr_type certificate = BLOB_OF(certificate_bytes);

#define ISSUED                                                                                               \
    NUMBER("pdwRequestId"), NUMBER("pdwDisposition"), {NULL, &blob},                                         \
        NDR_SHOWN("pctbEncodedCert", certificate), NDR_SHOWN("pctbDispositionMessage", attributes)

/* MS-ICPR 3.2.4.1 */
static const struct ndr_operation icpr_operations[] = {
    {0, 0,
     NDR(NUMBER("dwFlags"), TEXT_PTR("pwszAuthority"), NUMBER("pdwRequestId"),
         NDR_SHOWN("pctbAttribs", attributes), NDR_SHOWN("pctbRequest", request)),
     NDR(ISSUED)},
};

/* MS-WCCE 3.2.1.4.2, 3.2.1.4.3 */
static const struct ndr_operation wcce_operations[] = {
    {3, 0,
     NDR(NDR_ORPC_THIS, NUMBER("dwFlags"), TEXT_PTR("pwszAuthority"), NUMBER("pdwRequestId"),
         TEXT_PTR("pwszAttributes"), NDR_SHOWN("pctbRequest", request)),
     NDR(NDR_ORPC_THAT, ISSUED)},
    {4, 0, NDR(NDR_ORPC_THIS, NUMBER("fchain"), TEXT_PTR("pwszAuthority"))},
    {5, 0, NDR(NDR_ORPC_THIS, TEXT_PTR("pwszAuthority"))},
    {6, 0,
     NDR(NDR_ORPC_THIS, TEXT_PTR("pwszAuthority"), NUMBER("dwFlags"), TEXT_PTR("pwszSerialNumber"),
         NUMBER("pdwRequestId"), TEXT_PTR("pwszAttributes"), NDR_SHOWN("pctbRequest", request)),
     NDR(NDR_ORPC_THAT, NUMBER("pdwRequestId"), NUMBER("pdwDisposition"), {NULL, &blob},
         NDR_SHOWN("pctbEncodedCert", certificate), NDR_SHOWN("pctbDispositionMessage", attributes))},
    {7, 0, NDR(NDR_ORPC_THIS, TEXT_PTR("pwszAuthority"), NUMBER("PropID"), NDR_REST)},
};

/* What BackuprKey is asked for, by pguidActionAgent (MS-BKRP 3.1.4.1). */
static void tell_action(struct ndr *n, struct str bytes)
{
    static const struct {
        uint8_t guid[16];
        const char *name;
    } actions[] = {
        {RPC_UUID(7f752b10, 178e, 11d1, ab8f, 00805f14db40), "BACKUPKEY_BACKUP_GUID"},
        {RPC_UUID(7fe94d50, 178e, 11d1, ab8f, 00805f14db40), "BACKUPKEY_RESTORE_GUID_WIN2K"},
        {RPC_UUID(018ff48a, eaba, 40c6, 8f6d, 72370240e967), "BACKUPKEY_RETRIEVE_BACKUP_KEY_GUID"},
        {RPC_UUID(47270c64, 2fc7, 499b, ac5b, 0e37cdce899a), "BACKUPKEY_RESTORE_GUID"},
    };
    if (bytes.size != 16)
        return;
    ndr_tell_uuid(n, NULL, (const uint8_t *)bytes.at);
    for (size_t i = 0; i < ARRAY_COUNT(actions); i++)
        if (memcmp(actions[i].guid, bytes.at, 16) == 0)
            ndr_tell_text(n, "name", str_of(actions[i].name));
}
static const struct ndr_type action = {.kind = NDR_BYTE, .inside = tell_action};

static const struct ndr_operation bkrp_operations[] = {
    {0, 0,
     NDR({"pguidActionAgent", &action, NDR_SHOW, NDR_FIXED, 16},
         {"pDataIn", &ndr_byte, NDR_SECRET, NDR_CONFORMANT}, NDR_SKIP_U32, NUMBER("dwParam")),
     NDR({"ppDataOut", &ndr_byte, NDR_PTR | NDR_SECRET, NDR_CONFORMANT}, NUMBER("pcbDataOut"))},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(91ae6020, 9e3c, 11cf, 8d7c, 00aa00c091be), NDR_OPERATIONS(icpr_operations)},
    {.uuid = RPC_UUID(d99e6e70, fc88, 11d0, b498, 00a0c90312f3), NDR_OPERATIONS(wcce_operations)},
    {.uuid = RPC_UUID(5422fd3a, d4b8, 4cef, a12e, e87d4ca22e90), NDR_OPERATIONS(wcce_operations)},
    {.uuid = RPC_UUID(3dde7c30, 165d, 11d1, ab8f, 00805f14db40), NDR_OPERATIONS(bkrp_operations)},
};

const struct ndr_interfaces ndr_certificate = NDR_INTERFACES(interfaces);
