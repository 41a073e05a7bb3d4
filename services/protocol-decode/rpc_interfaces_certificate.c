/*
 * rpc_interfaces_certificate - certificate authorities and OCSP responders, their administration.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-CSRA */
#define ICERT_ADMIN_D_OPERATIONS                                                                             \
    [3] = "SetExtension", [4] = "SetAttributes", [5] = "ResubmitRequest", [6] = "DenyRequest",               \
    [7] = "IsValidCertificate", [8] = "PublishCRL", [9] = "GetCRL", [10] = "RevokeCertificate",              \
    [11] = "EnumViewColumn", [12] = "GetViewDefaultColumnSet", [13] = "EnumAttributesOrExtensions",          \
    [14] = "OpenView", [15] = "EnumView", [16] = "CloseView", [17] = "ServerControl", [18] = "Ping",         \
    [19] = "GetServerState", [20] = "BackupPrepare", [21] = "BackupEnd",                                     \
    [22] = "BackupGetAttachmentInformation", [23] = "BackupGetBackupLogs", [24] = "BackupOpenFile",          \
    [25] = "BackupReadFile", [26] = "BackupCloseFile", [27] = "BackupTruncateLogs",                          \
    [28] = "ImportCertificate", [29] = "BackupGetDynamicFiles", [30] = "RestoreGetDatabaseLocations"
static const char *const icert_admin_d_operations[] = {ICERT_ADMIN_D_OPERATIONS};

/* MS-CSRA */
static const char *const icert_admin_d2_operations[] = {
    ICERT_ADMIN_D_OPERATIONS,  [31] = "PublishCRLs",       [32] = "GetCAProperty",
    [33] = "SetCAProperty",    [34] = "GetCAPropertyInfo", [35] = "EnumViewColumnTable",
    [36] = "GetCASecurity",    [37] = "SetCASecurity",     [38] = "Ping2",
    [39] = "GetArchivedKey",   [40] = "GetAuditFilter",    [41] = "SetAuditFilter",
    [42] = "GetOfficerRights", [43] = "SetOfficerRights",  [44] = "GetConfigEntry",
    [45] = "SetConfigEntry",   [46] = "ImportKey",         [47] = "GetMyRoles",
    [48] = "DeleteRow",
};

/* MS-OCSPA */
static const char *const iocsp_admin_d_operations[] = {
    [3] = "GetOCSPProperty",
    [4] = "SetOCSPProperty",
    [5] = "GetCAConfigInformation",
    [6] = "SetCAConfigInformation",
    [7] = "GetSecurity",
    [8] = "SetSecurity",
    [9] = "GetSigningCertificates",
    [10] = "GetHashAlgorithms",
    [11] = "GetMyRoles",
    [12] = "Ping",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(d99e6e71, fc88, 11d0, b498, 00a0c90312f3),
     .major = 0,
     .name = "ICertAdminD",
     RPC_OPERATIONS(icert_admin_d_operations)},
    {.uuid = RPC_UUID(7fe0d935, dda6, 443f, 85d0, 1cfb58fe41dd),
     .major = 0,
     .name = "ICertAdminD2",
     RPC_OPERATIONS(icert_admin_d2_operations)},
    {.uuid = RPC_UUID(784b693d, 95f3, 420b, 8126, 365c098659f2),
     .major = 0,
     .name = "IOCSPAdminD",
     RPC_OPERATIONS(iocsp_admin_d_operations)},
};

const struct rpc_interfaces rpc_interfaces_certificate = {interfaces, ARRAY_COUNT(interfaces)};
