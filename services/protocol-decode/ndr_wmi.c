/*
 * ndr_wmi - arguments of WMI (MS-WMI): the namespace, queries, objects and methods, and the texts inside the
 * objects that are passed (MS-WMIO), among them the command line of a new process.
 */
#include "common/base/text.h"
#include "services/protocol-decode/ndr_objref.h"
#include "services/protocol-decode/ndr_shorthand.h"

enum {
    TEXTS_MAX = 24,     /* of one object: the last ones, as its values stand behind its class */
    TEXT_UNITS_MIN = 2, /* shorter ones are no names nor values */
};

#define BSTR(name) NDR_SHOWN_PTR(name, ndr_bstr)

/* What stands in every class and says nothing of an object. */
static bool is_word_of_classes(struct str text)
{
    static const char *const words[] = {
        "abstract", "key",      "string",         "in",        "In",       "out",     "Out",
        "ID",       "CIMTYPE",  "MappingStrings", "read",      "write",    "Write",   "dynamic",
        "uint8",    "uint16",   "uint32",         "uint64",    "sint32",   "boolean", "datetime",
        "object",   "provider", "not_null",       "singleton", "override",
    };
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_equal(text, str_of(words[i])))
            return true;
    return false;
}

/* Where a qualifier says what a property or method stands for in another interface. */
static bool is_mapping(struct str text)
{
    struct reader r = reader_of_str(text);
    uint32_t size = 0;
    while (reader_left(&r) > 0 && reader_peek_u8(&r) != '|' && reader_u8(&r) != ' ')
        size++;
    return size > 0 && reader_peek_u8(&r) == '|';
}

/* Paths, commands and names begin with ASCII; a wrong start in the middle of other things hardly does. */
static bool prints(uint16_t unit, uint32_t at)
{
    return unit >= ' ' && unit != 0x7f && unit < 0xd800 && (unit < 0x7f || at >= TEXT_UNITS_MIN);
}

/* The characters of an Encoded-String (MS-WMIO 2.2.78) behind its flag: of 1 byte each, or of 2, up to a
 * zero. Empty when they do not print. */
static struct str read_text(struct reader r, size_t unit)
{
    struct reader start = r;
    uint32_t size = 0;
    while (reader_left(&r) >= unit) {
        uint16_t character = unit == 2 ? reader_u16le(&r) : reader_u8(&r);
        if (character == 0 && size >= TEXT_UNITS_MIN * unit)
            return reader_bytes(&start, size);
        if (!prints(character, size / (uint32_t)unit) || (unit == 1 && character > 0x7e))
            break;
        size += (uint32_t)unit;
    }
    return (struct str){"", 0};
}

/* The next text; flags of 0 and 1 also stand elsewhere, but hardly before what prints and ends in zero. */
static struct str next_text(struct ndr *n, struct reader *r)
{
    while (reader_left(r) > 0) {
        uint8_t flag = reader_u8(r);
        struct str found = flag <= 1 ? read_text(*r, flag + 1u) : (struct str){"", 0};
        if (found.size == 0)
            continue;
        reader_skip(r, found.size);
        return flag == 1 ? text_from_utf16le(ndr_arena(n), found, false) : found;
    }
    return (struct str){"", 0};
}

static void tell_object(struct ndr *n, struct str bytes)
{
    static const uint8_t class_object[16] = RPC_UUID(4590f812, 1d3a, 11d0, 891f, 00aa004b2e24);
    struct str texts[TEXTS_MAX];
    uint32_t count = 0;
    struct reader r = reader_of_str(objref_custom(bytes, class_object));
    for (struct str text = next_text(n, &r); text.size > 0; text = next_text(n, &r))
        if (!is_word_of_classes(text) && !is_mapping(text))
            texts[count++ % TEXTS_MAX] = text;
    uint32_t first = count > TEXTS_MAX ? count - TEXTS_MAX : 0;
    for (uint32_t i = first; i < count; i++)
        ndr_tell_text(n, NULL, texts[i % TEXTS_MAX]);
}
static const struct ndr_type object_bytes = {.kind = NDR_BYTE, .inside = tell_object};
static const struct ndr_type object =
    NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &object_bytes, NDR_VALUE, NDR_CONFORMANT});
static const struct ndr_type context = NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &ndr_byte, 0, NDR_CONFORMANT});

#define OBJECT(name) NDR_SHOWN_PTR(name, object)
#define FLAGS        NUMBER("lFlags")

/* MS-WMI 3.1.4.1, 3.1.4.2 */
static const struct ndr_operation login_operations[] = {
    {6, 0,
     NDR(NDR_ORPC_THIS, TEXT_PTR("wszNetworkResource"), TEXT_PTR("wszPreferredLocale"), FLAGS, NDR_REST)},
};

static const struct ndr_operation client_operations[] = {
    {3, 0, NDR(NDR_ORPC_THIS, TEXT_PTR("wszClientMachine"), NUMBER("lClientProcId"), NDR_SKIP_U32)},
};

/* 3.1.4.3 */
static const struct ndr_operation services_operations[] = {
    {3, 0, NDR(NDR_ORPC_THIS, BSTR("strNamespace"), FLAGS, NDR_REST)},
    {6, 0, NDR(NDR_ORPC_THIS, BSTR("strObjectPath"), FLAGS, NDR_REST)},
    {7, 0, NDR(NDR_ORPC_THIS, BSTR("strObjectPath"), FLAGS, NDR_REST)},
    {8, 0, NDR(NDR_ORPC_THIS, OBJECT("pObject"), FLAGS, NDR_REST)},
    {9, 0, NDR(NDR_ORPC_THIS, OBJECT("pObject"), FLAGS, NDR_REST)},
    {10, 0, NDR(NDR_ORPC_THIS, BSTR("strClass"), FLAGS, NDR_REST)},
    {11, 0, NDR(NDR_ORPC_THIS, BSTR("strClass"), FLAGS, NDR_REST)},
    {12, 0, NDR(NDR_ORPC_THIS, BSTR("strSuperClass"), FLAGS, NDR_REST)},
    {13, 0, NDR(NDR_ORPC_THIS, BSTR("strSuperClass"), FLAGS, NDR_REST)},
    {14, 0, NDR(NDR_ORPC_THIS, OBJECT("pInst"), FLAGS, NDR_REST)},
    {15, 0, NDR(NDR_ORPC_THIS, OBJECT("pInst"), FLAGS, NDR_REST)},
    {16, 0, NDR(NDR_ORPC_THIS, BSTR("strObjectPath"), FLAGS, NDR_REST)},
    {17, 0, NDR(NDR_ORPC_THIS, BSTR("strObjectPath"), FLAGS, NDR_REST)},
    {18, 0, NDR(NDR_ORPC_THIS, BSTR("strSuperClass"), FLAGS, NDR_REST)},
    {19, 0, NDR(NDR_ORPC_THIS, BSTR("strSuperClass"), FLAGS, NDR_REST)},
    {20, 0, NDR(NDR_ORPC_THIS, BSTR("strQueryLanguage"), BSTR("strQuery"), FLAGS, NDR_REST)},
    {21, 0, NDR(NDR_ORPC_THIS, BSTR("strQueryLanguage"), BSTR("strQuery"), FLAGS, NDR_REST)},
    {22, 0, NDR(NDR_ORPC_THIS, BSTR("strQueryLanguage"), BSTR("strQuery"), FLAGS, NDR_REST)},
    {23, 0, NDR(NDR_ORPC_THIS, BSTR("strQueryLanguage"), BSTR("strQuery"), FLAGS, NDR_REST)},
    {24, 0,
     NDR(NDR_ORPC_THIS, BSTR("strObjectPath"), BSTR("strMethodName"), FLAGS, SKIP_PTR(context),
         OBJECT("pInParams"), NDR_REST)},
    {25, 0,
     NDR(NDR_ORPC_THIS, BSTR("strObjectPath"), BSTR("strMethodName"), FLAGS, SKIP_PTR(context),
         OBJECT("pInParams"), NDR_REST)},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(f309ad18, d86a, 11d0, a075, 00c04fb68820), NDR_OPERATIONS(login_operations)},
    {.uuid = RPC_UUID(d4781cd6, e5d3, 44df, ad94, 930efe48a887), NDR_OPERATIONS(client_operations)},
    {.uuid = RPC_UUID(9556dc99, 828c, 11cf, a37e, 00aa003240c7), NDR_OPERATIONS(services_operations)},
};

const struct ndr_interfaces ndr_wmi = NDR_INTERFACES(interfaces);
