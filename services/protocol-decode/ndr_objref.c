/*
 * ndr_objref - reads OBJREF_CUSTOM, the activation properties blob, and names of classes.
 */
#include "services/protocol-decode/ndr_objref.h"

#include "common/base/reader.h"
#include "services/protocol-decode/rpc_interfaces.h"

enum {
    SIGNATURE = 0x574f454d, /* MEOW */
    FLAG_CUSTOM = 4,
    SERIAL_HEADERS_BYTES = 16, /* common and private header of a serialised type (MS-RPCE 2.2.6) */
    PROPERTIES_MAX = 16,
};

struct class_name {
    uint8_t id[16];
    const char *name;
};

static const struct class_name classes[] = {
    {RPC_UUID(49b2791a, b1ae, 4c90, 9b8e, e860ba07f889), "MMC20.Application"},
    {RPC_UUID(9ba05972, f6a8, 11cf, a442, 00a0c90a8f39), "ShellWindows"},
    {RPC_UUID(c08afd90, f2a1, 11d1, 8455, 00a0c91f3880), "ShellBrowserWindow"},
    {RPC_UUID(00024500, 0000, 0000, c000, 000000000046), "Excel.Application"},
    {RPC_UUID(000209ff, 0000, 0000, c000, 000000000046), "Word.Application"},
    {RPC_UUID(0006f03a, 0000, 0000, c000, 000000000046), "Outlook.Application"},
    {RPC_UUID(91493441, 5a91, 11cf, 8700, 00aa0060263b), "PowerPoint.Application"},
    {RPC_UUID(00021a20, 0000, 0000, c000, 000000000046), "Visio.Application"},
    {RPC_UUID(0002df01, 0000, 0000, c000, 000000000046), "InternetExplorer.Application"},
    {RPC_UUID(8bc3f05e, d86b, 11d0, a075, 00c04fb68820), "WbemLevel1Login"},
    {RPC_UUID(674b6698, ee92, 11d0, ad71, 00c04fd8fdff), "WbemContext"},
    {RPC_UUID(d99e6e73, fc88, 11d0, b498, 00a0c90312f3), "CertAdminD"},
    {RPC_UUID(d99e6e74, fc88, 11d0, b498, 00a0c90312f3), "CertRequestD"},
    {RPC_UUID(9c38ed61, d565, 4728, aeee, c80952f0ecde), "VdsServiceLoader"},
    {RPC_UUID(4e14fba2, 2e22, 11d1, 9964, 00c04fbbb345), "EventSystem"},
};

const char *objref_class_name(const uint8_t class_id[16])
{
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++)
        if (memcmp(classes[i].id, class_id, 16) == 0)
            return classes[i].name;
    return NULL;
}

struct str objref_custom(struct str bytes, const uint8_t class_id[16])
{
    struct reader r = reader_of_str(bytes);
    uint32_t signature = reader_u32le(&r), flags = reader_u32le(&r);
    reader_skip(&r, 16);
    struct str unmarshaler = reader_bytes(&r, 16);
    reader_skip(&r, 8); /* cbExtension, reserved */
    if (!reader_ok(&r) || signature != SIGNATURE || flags != FLAG_CUSTOM ||
        memcmp(unmarshaler.at, class_id, 16) != 0)
        return (struct str){"", 0};
    return reader_rest(&r);
}

/* InstantiationInfoData (MS-DCOM 2.2.22.2.1). */
static bool read_instantiation(struct reader *r, struct objref_activation *activation)
{
    reader_skip(r, SERIAL_HEADERS_BYTES);
    struct str class_id = reader_bytes(r, 16);
    reader_skip(r, 3 * 4); /* classCtx, actvflags, fIsSurrogate */
    uint32_t count = reader_u32le(r);
    reader_skip(r, 4 * 4 + 4); /* instFlag, pIID, thisSize, clientCOMVersion; the array's size */
    if (!reader_ok(r))
        return false;
    memcpy(activation->class_id, class_id.at, 16);
    for (uint32_t i = 0; i < count && i < OBJREF_IIDS_MAX; i++) {
        struct str iid = reader_bytes(r, 16);
        if (iid.size == 0)
            break;
        memcpy(activation->iids[activation->count++], iid.at, 16);
    }
    return true;
}

/* CustomHeader (2.2.22.1): which properties follow, and how long each is. */
struct properties {
    struct str classes;
    struct reader sizes;
    struct reader at;
    uint32_t count;
};

static bool read_header(struct reader *r, struct properties *p)
{
    size_t start = reader_offset(r);
    reader_skip(r, SERIAL_HEADERS_BYTES + 4);
    uint32_t header_bytes = reader_u32le(r);
    reader_skip(r, 2 * 4);
    p->count = reader_u32le(r);
    reader_skip(r, 16 + 3 * 4 + 4); /* classInfoClsid, three pointers, the size of the first array */
    if (p->count > PROPERTIES_MAX)
        return false;
    p->classes = reader_bytes(r, 16 * (size_t)p->count);
    reader_skip(r, 4);
    p->sizes = reader_sub(r, 4 * (size_t)p->count);
    p->at = reader_at(r, start + header_bytes);
    return reader_ok(r) && reader_ok(&p->at);
}

bool objref_activation(struct str bytes, struct objref_activation *activation)
{
    static const uint8_t properties_in[16] = RPC_UUID(00000338, 0000, 0000, c000, 000000000046);
    static const uint8_t instantiation[16] = RPC_UUID(000001ab, 0000, 0000, c000, 000000000046);
    struct reader r = reader_of_str(objref_custom(bytes, properties_in));
    struct properties p;
    memset(activation, 0, sizeof(*activation));
    reader_skip(&r, 8); /* dwSize, dwReserved */
    if (!reader_ok(&r) || !read_header(&r, &p))
        return false;
    struct reader ids = reader_of_str(p.classes);
    for (uint32_t i = 0; i < p.count; i++) {
        struct str id = reader_bytes(&ids, 16);
        struct reader property = reader_sub(&p.at, reader_u32le(&p.sizes));
        if (memcmp(id.at, instantiation, 16) == 0)
            return read_instantiation(&property, activation);
    }
    return false;
}
