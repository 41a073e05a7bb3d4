/*
 * ndr_event - arguments of event logs (MS-EVEN, MS-EVEN6): which logs are read, cleared and saved to where.
 */
#include "services/protocol-decode/ndr_shorthand.h"

/* MS-EVEN 3.1.4 */
static const struct ndr_operation even_operations[] = {
    {0, 0, NDR(NDR_SKIP_HANDLE, STRING_PTR("BackupFileName")), NDR_NO_PARAMETERS},
    {1, 0, NDR(NDR_SKIP_HANDLE, STRING("BackupFileName")), NDR_NO_PARAMETERS},
    {4, 0, NDR(NDR_SKIP_HANDLE), NDR(NUMBER("NumberOfRecords"))},
    {7, 0, NDR(SERVER_W, STRING("ModuleName"), STRING("RegModuleName"), NDR_SKIP_U32, NDR_SKIP_U32),
     NDR(NDR_SKIP_HANDLE)},
    {8, 0, NDR(SERVER_W, STRING("ModuleName"), STRING("RegModuleName"), NDR_SKIP_U32, NDR_SKIP_U32),
     NDR(NDR_SKIP_HANDLE)},
    {9, 0, NDR(SERVER_W, STRING("BackupFileName"), NDR_SKIP_U32, NDR_SKIP_U32), NDR(NDR_SKIP_HANDLE)},
    {11, 0,
     NDR(NDR_SKIP_HANDLE, NDR_SKIP_U32, SHORT("EventType"), SHORT("EventCategory"), NUMBER("EventID"),
         {NULL, &ndr_u16}, NDR_SKIP_U32, STRING("ComputerName"), NDR_REST)},
    {12, 0, NDR(NDR_SKIP_HANDLE, ANSI_PTR("BackupFileName")), NDR_NO_PARAMETERS},
    {13, 0, NDR(NDR_SKIP_HANDLE, ANSI("BackupFileName")), NDR_NO_PARAMETERS},
    {14, 0, NDR(SERVER_A, ANSI("ModuleName"), ANSI("RegModuleName"), NDR_SKIP_U32, NDR_SKIP_U32),
     NDR(NDR_SKIP_HANDLE)},
    {15, 0, NDR(SERVER_A, ANSI("ModuleName"), ANSI("RegModuleName"), NDR_SKIP_U32, NDR_SKIP_U32),
     NDR(NDR_SKIP_HANDLE)},
    {16, 0, NDR(SERVER_A, ANSI("BackupFileName"), NDR_SKIP_U32, NDR_SKIP_U32), NDR(NDR_SKIP_HANDLE)},
};

/* MS-EVEN6 3.1.4 */
static const struct ndr_operation even6_operations[] = {
    {0, 0, NDR(TEXT_PTR("channelPath"), TEXT("query"), TEXT_PTR("bookmarkXml"), NUMBER("flags"))},
    {5, 0, NDR(TEXT_PTR("path"), TEXT("query"), NUMBER("flags"))},
    {6, 0, NDR(NDR_SKIP_HANDLE, TEXT("channelPath"), TEXT_PTR("backupPath"), NUMBER("flags"))},
    {7, 0, NDR(NDR_SKIP_HANDLE, TEXT_PTR("channelPath"), TEXT("query"), TEXT("backupPath"), NUMBER("flags"))},
    {8, 0, NDR(NDR_SKIP_HANDLE, TEXT("logFilePath"), NUMBER("locale"), NUMBER("flags"))},
    {15, 0, NDR(TEXT("path"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {16, 0, NDR(TEXT("path"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {17, 0, NDR(TEXT("channel"), NUMBER("flags"))},
    {20, 0, NDR(TEXT("channelPath"), NUMBER("flags"))},
    {21, 0, NDR(TEXT("channelPath"), NUMBER("flags"), NDR_REST)},
    {24, 0, NDR(TEXT_PTR("publisherId"), TEXT_PTR("logFilePath"), NUMBER("locale"), NUMBER("flags"))},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(82273fdc, e32a, 18c3, 3f78, 827929dc23ea), NDR_OPERATIONS(even_operations)},
    {.uuid = RPC_UUID(f6beaff7, 1e19, 4fbb, 9f8f, b89e2018337c), NDR_OPERATIONS(even6_operations)},
};

const struct ndr_interfaces ndr_event = NDR_INTERFACES(interfaces);
