/*
 * ndr_registry - arguments of the remote registry (MS-RRP): which hives and keys are opened, what is set,
 * saved to files and loaded from them.
 *
 * What is read from the registry is not told: it may be the secret that an attacker is after. What is set is
 * told when it is text or a number, by its fingerprint otherwise, or when its name says that it is a secret
 * (DefaultPassword of Winlogon).
 */
#include "common/base/text.h"
#include "services/protocol-decode/ndr_shorthand.h"

/* REG_SZ, REG_EXPAND_SZ and REG_MULTI_SZ: UTF-16 that ends in NUL, whose other characters print. */
static bool is_text(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint16_t unit = 0;
    if (bytes.size < 4 || bytes.size % 2 != 0)
        return false;
    bool first = true;
    while (reader_left(&r) > 0) {
        unit = reader_u16le(&r);
        if ((unit < ' ' && unit != 0 && unit != '\t') || (first && unit == 0) || unit >= 0xfff0)
            return false;
        first = false;
    }
    return unit == 0;
}

static bool holds_nocase(struct str text, struct str part)
{
    for (uint32_t i = 0; i + part.size <= text.size; i++)
        if (text_equal_nocase((struct str){.at = text.at + i, .size = part.size}, part))
            return true;
    return false;
}

static bool is_secret(struct str name)
{
    static const struct str words[] = {STR("password"), STR("passwd"), STR("pwd"), STR("secret")};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (holds_nocase(name, words[i]))
            return true;
    return false;
}

/* What was set, whose name and type stand before it: 4 bytes are a REG_DWORD. */
static void tell_data(struct ndr *n, struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    if (is_secret(ndr_told_text(n, "lpValueName")) && bytes.size > 0)
        ndr_tell_secret(n, NULL, bytes);
    else if (is_text(bytes))
        ndr_tell_text(n, NULL, text_from_utf16le(ndr_arena(n), bytes, false));
    else if (bytes.size == 4)
        ndr_tell_number(n, NULL, reader_u32le(&r));
    else if (bytes.size > 0)
        ndr_tell_secret(n, NULL, bytes);
}
static const struct ndr_type data = {.kind = NDR_BYTE, .inside = tell_data};

#define OPEN_HIVE NDR(SERVER_W, NUMBER("samDesired")), NDR(NDR_SKIP_HANDLE)

/* RPC_SECURITY_ATTRIBUTES (2.2.7), of no interest. */
static const struct ndr_type descriptor =
    NDR_STRUCT_OF({NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT_VARYING}, NDR_SKIP_U32, NDR_SKIP_U32);
static const struct ndr_type attributes = NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &descriptor}, {NULL, &ndr_u8});

/* 3.1.5 */
static const struct ndr_operation operations[] = {
    {0, 0, OPEN_HIVE},
    {1, 0, OPEN_HIVE},
    {2, 0, OPEN_HIVE},
    {3, 0, OPEN_HIVE},
    {4, 0, OPEN_HIVE},
    {6, 0,
     NDR(NDR_SKIP_HANDLE, STRING("lpSubKey"), STRING("lpClass"), NUMBER("dwOptions"), NUMBER("samDesired"),
         NDR_REST),
     NDR(NDR_SKIP_HANDLE, NDR_SHOWN_PTR("lpdwDisposition", ndr_u32))},
    {7, 0, NDR(NDR_SKIP_HANDLE, STRING("lpSubKey")), NDR_NO_PARAMETERS},
    {8, 0, NDR(NDR_SKIP_HANDLE, STRING("lpValueName")), NDR_NO_PARAMETERS},
    {9, 0, NDR(NDR_SKIP_HANDLE, NUMBER("dwIndex"), NDR_REST), NDR(STRING("lpNameOut"), NDR_REST)},
    {10, 0, NDR(NDR_SKIP_HANDLE, NUMBER("dwIndex"), NDR_REST), NDR(STRING("lpValueNameOut"), NDR_REST)},
    {12, 0, NDR(NDR_SKIP_HANDLE, NUMBER("SecurityInformation"), NDR_REST)},
    {13, 0, NDR(NDR_SKIP_HANDLE, STRING("lpSubKey"), STRING("lpFile")), NDR_NO_PARAMETERS},
    {15, 0, NDR(NDR_SKIP_HANDLE, STRING("lpSubKey"), NUMBER("dwOptions"), NUMBER("samDesired")),
     NDR(NDR_SKIP_HANDLE)},
    {17, 0, NDR(NDR_SKIP_HANDLE, STRING("lpValueName"), NDR_REST),
     NDR(NDR_SHOWN_PTR("lpType", ndr_u32), {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT_VARYING},
         NDR_SHOWN_PTR("lpcbData", ndr_u32), SKIP_PTR(ndr_u32))},
    {18, 0, NDR(NDR_SKIP_HANDLE, STRING("lpSubKey"), STRING("lpNewFile"), STRING("lpOldFile")),
     NDR_NO_PARAMETERS},
    {19, 0, NDR(NDR_SKIP_HANDLE, STRING("lpFile"), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {20, 0, NDR(NDR_SKIP_HANDLE, STRING("lpFile"), NDR_REST), NDR_NO_PARAMETERS},
    {21, 0, NDR(NDR_SKIP_HANDLE, NUMBER("SecurityInformation"), NDR_REST), NDR_NO_PARAMETERS},
    {22, 0,
     NDR(NDR_SKIP_HANDLE, STRING("lpValueName"), NUMBER("dwType"),
         {"lpData", &data, NDR_SHOW, NDR_CONFORMANT}, NUMBER("cbData")),
     NDR_NO_PARAMETERS},
    {23, 0, NDR(NDR_SKIP_HANDLE, STRING("lpSubKey")), NDR_NO_PARAMETERS},
    {26, 0, NDR(NDR_SKIP_HANDLE), NDR(NUMBER("lpdwVersion"))},
    {27, 0, OPEN_HIVE},
    {31, 0, NDR(NDR_SKIP_HANDLE, STRING("lpFile"), SKIP_PTR(attributes), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {32, 0, OPEN_HIVE},
    {33, 0, OPEN_HIVE},
    {35, 0, NDR(NDR_SKIP_HANDLE, STRING("lpSubKey"), NUMBER("AccessMask"), NUMBER("Reserved")),
     NDR_NO_PARAMETERS},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(338cd001, 2244, 31f1, aaaa, 900038001003), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_registry = NDR_INTERFACES(interfaces);
