/*
 * ndr_print - arguments of print servers (MS-RPRN, MS-PAR): what is opened, which drivers are installed from
 * where, and to whom changes are to be told.
 */
#include "common/base/text.h"
#include "services/protocol-decode/ndr_shorthand.h"

/* Runs of strings that end in an empty one: all in one value, a line each. */
static void tell_lines(struct ndr *n, struct str utf16)
{
    struct str lines = text_from_utf16le(ndr_arena(n), utf16, true);
    char *at = arena_take(ndr_arena(n), lines.size + 1);
    uint32_t used = 0;
    for (uint32_t i = 0; i < lines.size; i++)
        at[used++] = lines.at[i] == 0 ? '\n' : lines.at[i];
    while (used > 0 && at[used - 1] == '\n')
        used--;
    if (used > 0)
        ndr_tell_text(n, NULL, (struct str){at, used});
}
static const struct ndr_type lines = {.kind = NDR_WCHAR, .inside = tell_lines};

#define LINES(name)                                                                                          \
    NDR_SKIP_U32,                                                                                            \
    {                                                                                                        \
        (name), &lines, NDR_PTR | NDR_SHOW, NDR_CONFORMANT                                                   \
    }

/* DEVMODE_CONTAINER (MS-RPRN 2.2.1.2.1). */
static const struct ndr_type devmode =
    NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});

/* SPLCLIENT_CONTAINER (2.2.1.2.14): who the client says it is. */
static const struct ndr_type client_1 =
    NDR_STRUCT_OF(NDR_SKIP_U32, TEXT_PTR("pMachineName"), TEXT_PTR("pUserName"), NUMBER("dwBuildNum"),
                  NDR_SKIP_U32, NDR_SKIP_U32, {NULL, &ndr_u16});
static const struct ndr_type client_2 = NDR_STRUCT_OF({NULL, &ndr_long});
static const struct ndr_type client_3 =
    NDR_STRUCT_OF(NDR_SKIP_U32, NDR_SKIP_U32, NDR_SKIP_U32, TEXT_PTR("pMachineName"), TEXT_PTR("pUserName"),
                  NUMBER("dwBuildNum"), NDR_SKIP_U32, NDR_SKIP_U32, {NULL, &ndr_u16}, {NULL, &ndr_u64});
static const struct ndr_type client_info =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, NULL, client_1, NDR_PTR), NDR_CASE(2, NULL, client_2, NDR_PTR),
                 NDR_CASE(3, NULL, client_3, NDR_PTR), NDR_DEFAULT_UNKNOWN);
static const struct ndr_type client = NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &client_info});

/* DRIVER_CONTAINER (2.2.1.2.3) and the versions of DRIVER_INFO (2.2.1.5, 2.2.1.3.1). */
#define DRIVER_FILES                                                                                         \
    NUMBER("cVersion"), TEXT_PTR("pName"), TEXT_PTR("pEnvironment"), TEXT_PTR("pDriverPath"),                \
        TEXT_PTR("pDataFile"), TEXT_PTR("pConfigFile")
#define DRIVER_MORE                                                                                          \
    TEXT_PTR("pHelpFile"), TEXT_PTR("pMonitorName"), TEXT_PTR("pDefaultDataType"), LINES("pDependentFiles")
#define DRIVER_ORIGIN                                                                                        \
    {NULL, &ndr_time}, {NULL, &ndr_u64}, TEXT_PTR("pMfgName"), TEXT_PTR("pOEMUrl"), TEXT_PTR("pHardwareID"), \
        TEXT_PTR("pProvider")
static const struct ndr_type driver_1 = NDR_STRUCT_OF(TEXT_PTR("pName"));
static const struct ndr_type driver_2 = NDR_STRUCT_OF(DRIVER_FILES);
static const struct ndr_type driver_3 = NDR_STRUCT_OF(DRIVER_FILES, DRIVER_MORE);
static const struct ndr_type driver_4 = NDR_STRUCT_OF(DRIVER_FILES, DRIVER_MORE, LINES("pszzPreviousNames"));
static const struct ndr_type driver_6 =
    NDR_STRUCT_OF(DRIVER_FILES, DRIVER_MORE, LINES("pszzPreviousNames"), DRIVER_ORIGIN);
static const struct ndr_type driver_8 = NDR_STRUCT_OF(
    DRIVER_FILES, DRIVER_MORE, LINES("pszzPreviousNames"), DRIVER_ORIGIN, TEXT_PTR("pPrintProcessor"),
    TEXT_PTR("pVendorSetup"), LINES("pszzColorProfiles"), TEXT_PTR("pInfPath"),
    NUMBER("dwPrinterDriverAttributes"), LINES("pszzCoreDependencies"), {NULL, &ndr_time}, {NULL, &ndr_u64});
static const struct ndr_type driver_info = NDR_UNION_OF(
    ndr_u32, NDR_CASE(1, NULL, driver_1, NDR_PTR), NDR_CASE(2, NULL, driver_2, NDR_PTR),
    NDR_CASE(3, NULL, driver_3, NDR_PTR), NDR_CASE(4, NULL, driver_4, NDR_PTR),
    NDR_CASE(6, NULL, driver_6, NDR_PTR), NDR_CASE(8, NULL, driver_8, NDR_PTR), NDR_DEFAULT_UNKNOWN);
static const struct ndr_type driver = NDR_STRUCT_OF(NUMBER("Level"), {NULL, &driver_info});

#define OPEN_PRINTER                                                                                         \
    TEXT_PTR("pPrinterName"), TEXT_PTR("pDatatype"), {NULL, &devmode}, NUMBER("AccessRequired")
#define FIND_FIRST                                                                                           \
    NDR_SKIP_HANDLE, NUMBER("fdwFlags"), NUMBER("fdwOptions"), TEXT_PTR("pszLocalMachine"),                  \
        NUMBER("dwPrinterLocal")

/* MS-RPRN 3.1.4 */
static const struct ndr_operation rprn_operations[] = {
    {0, 0, NDR(NUMBER("Flags"), TEXT_PTR("Name"), NUMBER("Level"), NDR_REST)},
    {1, 0, NDR(OPEN_PRINTER), NDR(NDR_SKIP_HANDLE)},
    {5, 0, NDR(TEXT_PTR("pName"), NDR_REST)},
    {9, 0, NDR(TEXT_PTR("pName"), {"pDriverContainer", &driver}), NDR_NO_PARAMETERS},
    {10, 0, NDR(TEXT_PTR("pName"), TEXT_PTR("pEnvironment"), NUMBER("Level"), NDR_REST)},
    {12, 0, NDR(TEXT_PTR("pName"), TEXT_PTR("pEnvironment"), NUMBER("Level"), NDR_REST)},
    {13, 0, NDR(TEXT_PTR("pName"), TEXT("pEnvironment"), TEXT("pDriverName")), NDR_NO_PARAMETERS},
    {14, 0, NDR(TEXT_PTR("pName"), TEXT("pEnvironment"), TEXT("pPathName"), TEXT("pPrintProcessorName")),
     NDR_NO_PARAMETERS},
    {62, 0, NDR(FIND_FIRST, NDR_REST)},
    {65, 0, NDR(FIND_FIRST, NDR_REST), NDR_NO_PARAMETERS},
    {69, 0, NDR(OPEN_PRINTER, {"pClientInfo", &client}), NDR(NDR_SKIP_HANDLE)},
    {70, 0, NDR(TEXT_PTR("pName"), NDR_REST)},
    {84, 0,
     NDR(TEXT_PTR("pName"), TEXT("pEnvironment"), TEXT("pDriverName"), NUMBER("dwDeleteFlag"),
         NUMBER("dwVersionNum")),
     NDR_NO_PARAMETERS},
    {88, 0, NDR(NDR_SKIP_HANDLE, TEXT("pszDataName"), NDR_REST)},
    {89, 0, NDR(TEXT_PTR("pName"), {"pDriverContainer", &driver}, NUMBER("dwFileCopyFlags")),
     NDR_NO_PARAMETERS},
};

/* MS-PAR 3.1.4 */
static const struct ndr_operation par_operations[] = {
    {0, 0, NDR(OPEN_PRINTER, {"pClientInfo", &client}), NDR(NDR_SKIP_HANDLE)},
    {1, 0, NDR(TEXT_PTR("pName"), NDR_REST)},
    {33, 0, NDR(NDR_SKIP_HANDLE, TEXT("pszDataName"), NDR_REST)},
    {38, 0, NDR(NUMBER("Flags"), TEXT_PTR("Name"), NUMBER("Level"), NDR_REST)},
    {39, 0, NDR(TEXT_PTR("pName"), {"pDriverContainer", &driver}, NUMBER("dwFileCopyFlags")),
     NDR_NO_PARAMETERS},
    {40, 0, NDR(TEXT_PTR("pName"), TEXT_PTR("pEnvironment"), NUMBER("Level"), NDR_REST)},
    {41, 0, NDR(TEXT_PTR("pName"), TEXT_PTR("pEnvironment"), NUMBER("Level"), NDR_REST)},
    {42, 0, NDR(TEXT_PTR("pName"), TEXT("pEnvironment"), TEXT("pDriverName")), NDR_NO_PARAMETERS},
    {43, 0,
     NDR(TEXT_PTR("pName"), TEXT("pEnvironment"), TEXT("pDriverName"), NUMBER("dwDeleteFlag"),
         NUMBER("dwVersionNum")),
     NDR_NO_PARAMETERS},
    {44, 0, NDR(TEXT_PTR("pName"), TEXT("pEnvironment"), TEXT("pPathName"), TEXT("pPrintProcessorName")),
     NDR_NO_PARAMETERS},
    {62, 0,
     NDR(TEXT_PTR("pszServer"), TEXT_PTR("pszInfPath"), TEXT("pszDriverName"), TEXT("pszEnvironment"),
         NUMBER("dwFlags")),
     NDR_NO_PARAMETERS},
    {63, 0,
     NDR(TEXT_PTR("pszServer"), TEXT("pszInfPath"), TEXT("pszEnvironment"), NUMBER("dwFlags"), NDR_REST)},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(12345678, 1234, abcd, ef00, 0123456789ab), NDR_OPERATIONS(rprn_operations)},
    {.uuid = RPC_UUID(76f03f96, cdfd, 44fc, a22c, 64950a001209), NDR_OPERATIONS(par_operations)},
};

const struct ndr_interfaces ndr_print = NDR_INTERFACES(interfaces);
