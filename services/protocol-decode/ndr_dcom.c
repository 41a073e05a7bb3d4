/*
 * ndr_dcom - arguments of distributed objects (MS-DCOM) and of automation (MS-OAUT): which class is made,
 * which interfaces are asked for, which members are called with what.
 */
#include "common/base/text.h"
#include "services/protocol-decode/ndr_objref.h"
#include "services/protocol-decode/ndr_shorthand.h"

enum {
    BINDINGS_MAX = 16, /* of one DUALSTRINGARRAY */
    TOWER_TCP = 7,
};

/* ORPC_EXTENT and its array, ORPCTHIS and ORPCTHAT (MS-DCOM 2.2.13). */
static const struct ndr_type extent =
    NDR_STRUCT_OF({NULL, &ndr_guid}, NDR_SKIP_U32, {NULL, &ndr_byte, 0, NDR_CONFORMANT});
static const struct ndr_type extents =
    NDR_STRUCT_OF(NDR_SKIP_U32, NDR_SKIP_U32, {NULL, &extent, NDR_PTR | NDR_ITEM_PTR, NDR_CONFORMANT});
const struct ndr_type ndr_orpc_this = NDR_STRUCT_OF({NULL, &ndr_u16}, {NULL, &ndr_u16}, NDR_SKIP_U32,
                                                    NDR_SKIP_U32, {NULL, &ndr_guid}, SKIP_PTR(extents));
const struct ndr_type ndr_orpc_that = NDR_STRUCT_OF(NDR_SKIP_U32, SKIP_PTR(extents));

/* MInterfacePointer (2.2.14), of no interest. */
static const struct ndr_type interface_pointer =
    NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &ndr_byte, 0, NDR_CONFORMANT});

static void tell_activation(struct ndr *n, struct str bytes)
{
    struct objref_activation activation;
    if (!objref_activation(bytes, &activation))
        return;
    ndr_tell_uuid(n, "classId", activation.class_id);
    const char *name = objref_class_name(activation.class_id);
    if (name)
        ndr_tell_text(n, "class", str_of(name));
    for (uint32_t i = 0; i < activation.count; i++)
        ndr_tell_uuid(n, "IID", activation.iids[i]);
}
static const struct ndr_type activation_bytes = {.kind = NDR_BYTE, .inside = tell_activation};
static const struct ndr_type activation =
    NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &activation_bytes, NDR_VALUE, NDR_CONFORMANT});

static void tell_class(struct ndr *n, struct str bytes)
{
    if (bytes.size != 16)
        return;
    const char *name = objref_class_name((const uint8_t *)bytes.at);
    ndr_tell_uuid(n, NULL, (const uint8_t *)bytes.at);
    if (name)
        ndr_tell_text(n, "class", str_of(name));
}
static const struct ndr_type class_bytes = {.kind = NDR_BYTE, .inside = tell_class};

/* The string bindings of a DUALSTRINGARRAY (2.2.19): a tower identifier and a network address each. */
static void tell_bindings(struct ndr *n, struct str units)
{
    struct reader r = reader_of_str(units);
    for (int i = 0; i < BINDINGS_MAX && reader_left(&r) > 0; i++) {
        uint16_t tower = reader_u16le(&r);
        struct str rest = reader_rest(&r);
        struct str address = text_from_utf16le(ndr_arena(n), rest, false);
        if (tower == 0 || address.size == 0)
            return;
        if (tower == TOWER_TCP)
            ndr_tell_text(n, NULL, address);
        r = reader_of_str(rest);
        while (reader_left(&r) > 0 && reader_u16le(&r) != 0) {
        }
    }
}
static const struct ndr_type binding_units = {.kind = NDR_WCHAR, .inside = tell_bindings};
static const struct ndr_type bindings =
    NDR_STRUCT_OF({NULL, &ndr_u16}, {NULL, &ndr_u16}, {NULL, &binding_units, NDR_VALUE, NDR_CONFORMANT});

#define OXID                                                                                                 \
    {                                                                                                        \
        "pOxid", &ndr_u64, NDR_SHOW                                                                          \
    }
#define BINDINGS NDR_SHOWN_PTR("ppdsaOxidBindings", bindings)

/* 3.1.2.5.1 */
static const struct ndr_operation exporter_operations[] = {
    {0, 0, NDR(OXID, NDR_REST), NDR(BINDINGS, GUID("pipidRemUnknown"), NUMBER("pAuthnHint"))},
    {4, 0, NDR(OXID, NDR_REST), NDR(BINDINGS, GUID("pipidRemUnknown"), NUMBER("pAuthnHint"), NDR_REST)},
    {5, 0, NDR_NO_PARAMETERS, NDR({NULL, &ndr_u16}, {NULL, &ndr_u16}, BINDINGS, NDR_SKIP_U32)},
};

/* 3.1.2.5.2.3.1 */
static const struct ndr_operation activation_operations[] = {
    {0, 0,
     NDR(NDR_ORPC_THIS, {"Clsid", &class_bytes, NDR_SHOW, NDR_FIXED, 16}, TEXT_PTR("pwszObjectName"),
         SKIP_PTR(interface_pointer), NUMBER("ClientImpLevel"), NUMBER("Mode"), NDR_SKIP_U32,
         {"pIIDs", &ndr_guid, NDR_PTR | NDR_SHOW, NDR_CONFORMANT}, NDR_REST)},
};

/* 3.1.2.5.2.3.2, 3.1.2.5.2.3.3 */
static const struct ndr_operation activator_operations[] = {
    {3, 0, NDR(NDR_ORPC_THIS, NDR_SHOWN_PTR("pActProperties", activation))},
    {4, 0, NDR(NDR_ORPC_THIS, SKIP_PTR(interface_pointer), NDR_SHOWN_PTR("pActProperties", activation))},
};

/* 3.1.1.5.6 */
static const struct ndr_operation unknown_operations[] = {
    {3, 0,
     NDR(NDR_ORPC_THIS, GUID("ripid"), NDR_SKIP_U32, {NULL, &ndr_u16},
         {"iids", &ndr_guid, NDR_SHOW, NDR_CONFORMANT})},
    {6, 0,
     NDR(NDR_ORPC_THIS, GUID("ripid"), {NULL, &ndr_u16}, {"iids", &ndr_guid, NDR_SHOW, NDR_CONFORMANT})},
};

/* FLAGGED_WORD_BLOB, which a BSTR is on the wire (MS-OAUT 2.2.23). */
const struct ndr_type ndr_bstr =
    NDR_STRUCT_OF(NDR_SKIP_U32, NDR_SKIP_U32, {NULL, &ndr_wchar, NDR_VALUE, NDR_CONFORMANT});

/* _wireVARIANT (2.2.29.1): the kinds of values that scripts pass. */
static const struct ndr_type variant_value = NDR_UNION_OF(
    ndr_u32, NDR_EMPTY_CASE(0), NDR_EMPTY_CASE(1), NDR_CASE(2, NULL, ndr_u16, NDR_VALUE),
    NDR_CASE(3, NULL, ndr_u32, NDR_VALUE), NDR_CASE(5, NULL, ndr_u64, 0),
    NDR_CASE(8, NULL, ndr_bstr, NDR_PTR | NDR_VALUE), NDR_CASE(9, NULL, interface_pointer, NDR_PTR),
    NDR_CASE(10, NULL, ndr_u32, 0), NDR_CASE(11, NULL, ndr_u16, NDR_VALUE),
    NDR_CASE(13, NULL, interface_pointer, NDR_PTR), NDR_CASE(17, NULL, ndr_u8, NDR_VALUE),
    NDR_CASE(18, NULL, ndr_u16, NDR_VALUE), NDR_CASE(19, NULL, ndr_u32, NDR_VALUE),
    NDR_CASE(22, NULL, ndr_u32, NDR_VALUE), NDR_CASE(23, NULL, ndr_u32, NDR_VALUE), NDR_DEFAULT_UNKNOWN);
static const struct ndr_type variant =
    NDR_STRUCT_OF(NDR_SKIP_U32, NDR_SKIP_U32, {NULL, &ndr_u16}, {NULL, &ndr_u16}, {NULL, &ndr_u16},
                  {NULL, &ndr_u16}, {NULL, &variant_value, NDR_VALUE});
static const struct ndr_type parameters =
    NDR_STRUCT_OF({"rgvarg", &variant, NDR_PTR | NDR_ITEM_PTR | NDR_SHOW, NDR_CONFORMANT},
                  {"rgdispidNamedArgs", &ndr_u32, NDR_PTR, NDR_CONFORMANT}, NDR_SKIP_U32, NDR_SKIP_U32);

/* MS-OAUT 3.1.4 */
static const struct ndr_operation dispatch_operations[] = {
    {5, 0,
     NDR(NDR_ORPC_THIS, {NULL, &ndr_guid}, {"rgszNames", &ndr_wide, NDR_ITEM_PTR | NDR_SHOW, NDR_CONFORMANT},
         NDR_REST),
     NDR(NDR_ORPC_THAT, {"rgDispId", &ndr_u32, NDR_SHOW, NDR_CONFORMANT})},
    {6, 0,
     NDR(NDR_ORPC_THIS, NUMBER("dispIdMember"), {NULL, &ndr_guid}, NDR_SKIP_U32, NUMBER("dwFlags"),
         {"pDispParams", &parameters}, NDR_REST)},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(99fcfec4, 5260, 101b, bbcb, 00aa0021347a), NDR_OPERATIONS(exporter_operations)},
    {.uuid = RPC_UUID(4d9f4ab8, 7d1c, 11cf, 861e, 0020af6e7c57), NDR_OPERATIONS(activation_operations)},
    {.uuid = RPC_UUID(000001a0, 0000, 0000, c000, 000000000046), NDR_OPERATIONS(activator_operations)},
    {.uuid = RPC_UUID(00000131, 0000, 0000, c000, 000000000046), NDR_OPERATIONS(unknown_operations)},
    {.uuid = RPC_UUID(00000143, 0000, 0000, c000, 000000000046), NDR_OPERATIONS(unknown_operations)},
    {.uuid = RPC_UUID(00020400, 0000, 0000, c000, 000000000046), NDR_OPERATIONS(dispatch_operations)},
};

const struct ndr_interfaces ndr_dcom = NDR_INTERFACES(interfaces);
