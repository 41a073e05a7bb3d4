/*
 * rpc_interfaces_network - name, routing and telephony servers: WINS, RRAS, TAPI.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-RAIW 3.1.4 */
static const char *const winsif_operations[] = {
    [0] = "R_WinsRecordAction",
    [1] = "R_WinsStatus",
    [2] = "R_WinsTrigger",
    [3] = "R_WinsDoStaticInit",
    [4] = "R_WinsDoScavenging",
    [5] = "R_WinsGetDbRecs",
    [6] = "R_WinsTerm",
    [7] = "R_WinsBackup",
    [8] = "R_WinsDelDbRecs",
    [9] = "R_WinsPullRange",
    [10] = "R_WinsSetPriorityClass",
    [11] = "R_WinsResetCounters",
    [12] = "R_WinsWorkerThdUpd",
    [13] = "R_WinsGetNameAndAdd",
    [14] = "R_WinsGetBrowserNames_Old",
    [15] = "R_WinsDeleteWins",
    [16] = "R_WinsSetFlags",
    [17] = "R_WinsGetBrowserNames",
    [18] = "R_WinsGetDbRecsByName",
    [19] = "R_WinsStatusNew",
    [20] = "R_WinsStatusWHdl",
    [21] = "R_WinsDoScavengingNew",
};

/* MS-RAIW 3.2.4 */
static const char *const winsi2_operations[] = {
    [0] = "R_WinsTombstoneDbRecs",
    [1] = "R_WinsCheckAccess",
};

/* MS-RRASM */
static const char *const dimsvc_operations[] = {
    [0] = "RMprAdminServerGetInfo",
    [1] = "RRasAdminConnectionEnum",
    [2] = "RRasAdminConnectionGetInfo",
    [3] = "RRasAdminConnectionClearStats",
    [4] = "RRasAdminPortEnum",
    [5] = "RRasAdminPortGetInfo",
    [6] = "RRasAdminPortClearStats",
    [7] = "RRasAdminPortReset",
    [8] = "RRasAdminPortDisconnect",
    [9] = "RRouterInterfaceTransportSetGlobalInfo",
    [10] = "RRouterInterfaceTransportGetGlobalInfo",
    [11] = "RRouterInterfaceGetHandle",
    [12] = "RRouterInterfaceCreate",
    [13] = "RRouterInterfaceGetInfo",
    [14] = "RRouterInterfaceSetInfo",
    [15] = "RRouterInterfaceDelete",
    [16] = "RRouterInterfaceTransportRemove",
    [17] = "RRouterInterfaceTransportAdd",
    [18] = "RRouterInterfaceTransportGetInfo",
    [19] = "RRouterInterfaceTransportSetInfo",
    [20] = "RRouterInterfaceEnum",
    [21] = "RRouterInterfaceConnect",
    [22] = "RRouterInterfaceDisconnect",
    [23] = "RRouterInterfaceUpdateRoutes",
    [24] = "RRouterInterfaceQueryUpdateResult",
    [25] = "RRouterInterfaceUpdatePhonebookInfo",
    [26] = "RMIBEntryCreate",
    [27] = "RMIBEntryDelete",
    [28] = "RMIBEntrySet",
    [29] = "RMIBEntryGet",
    [30] = "RMIBEntryGetFirst",
    [31] = "RMIBEntryGetNext",
    [32] = "RMIBGetTrapInfo",
    [33] = "RMIBSetTrapInfo",
    [34] = "RRasAdminConnectionNotification",
    [35] = "RRasAdminSendUserMessage",
    [36] = "RRouterDeviceEnum",
    [37] = "RRouterInterfaceTransportCreate",
    [38] = "RRouterInterfaceDeviceGetInfo",
    [39] = "RRouterInterfaceDeviceSetInfo",
    [40] = "RRouterInterfaceSetCredentialsEx",
    [41] = "RRouterInterfaceGetCredentialsEx",
    [42] = "RRasAdminConnectionRemoveQuarantine",
    [43] = "RMprAdminServerSetInfo",
    [44] = "RMprAdminServerGetInfoEx",
    [45] = "RRasAdminConnectionEnumEx",
    [46] = "RRasAdminConnectionGetInfoEx",
    [47] = "RMprAdminServerSetInfoEx",
    [48] = "RRasAdminUpdateConnection",
    [49] = "RRouterInterfaceSetCredentialsLocal",
    [50] = "RRouterInterfaceGetCredentialsLocal",
    [51] = "RRouterInterfaceGetCustomInfoEx",
    [52] = "RRouterInterfaceSetCustomInfoEx",
};

/* MS-RRASM */
static const char *const rasrpc_operations[] = {
    [5] = "RasRpcDeleteEntry",         [9] = "RasRpcGetUserPreferences",
    [10] = "RasRpcSetUserPreferences", [11] = "RasRpcGetSystemDirectory",
    [12] = "RasRpcSubmitRequest",      [14] = "RasRpcGetInstalledProtocolsEx",
    [15] = "RasRpcGetVersion",
};

/* MS-RRASM */
static const char *const iremote_network_config_operations[] = {
    [3] = "UpgradeRouterConfig",
    [4] = "SetUserConfig",
};

/* MS-RRASM */
static const char *const iremote_router_restart_operations[] = {
    [3] = "RestartRouter",
};

/* MS-RRASM */
static const char *const iremote_set_dns_config_operations[] = {
    [3] = "SetDnsConfig",
};

/* MS-RRASM */
static const char *const iremote_icfics_config_operations[] = {
    [3] = "GetIcfEnabled",
    [4] = "GetIcsEnabled",
};

/* MS-RRASM */
static const char *const iremote_string_id_config_operations[] = {
    [3] = "GetStringFromId",
};

/* MS-RRASM */
static const char *const iremote_ipv6_config_operations[] = {
    [3] = "GetAddressList",
};

/* MS-RRASM */
static const char *const iremote_sstp_cert_check_operations[] = {
    [3] = "CheckIfCertificateAllowedRR",
};

/* MS-TRP */
static const char *const tapsrv_operations[] = {
    [0] = "ClientAttach",
    [1] = "ClientRequest",
    [2] = "ClientDetach",
};

/* MS-TRP */
static const char *const remotesp_operations[] = {
    [0] = "RemoteSPAttach",
    [1] = "RemoteSPEventProc",
    [2] = "RemoteSPDetach",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(45f52c28, 7f9f, 101a, b52b, 08002b2efabe),
     .major = 1,
     .name = "winsif",
     RPC_OPERATIONS(winsif_operations)},
    {.uuid = RPC_UUID(811109bf, a4e1, 11d1, ab54, 00a0c91e9b45),
     .major = 1,
     .name = "winsi2",
     RPC_OPERATIONS(winsi2_operations)},
    {.uuid = RPC_UUID(8f09f000, b7ed, 11ce, bbd2, 00001a181cad),
     .major = 0,
     .name = "dimsvc",
     RPC_OPERATIONS(dimsvc_operations)},
    {.uuid = RPC_UUID(20610036, fa22, 11cf, 9823, 00a0c911e5df),
     .major = 1,
     .name = "rasrpc",
     RPC_OPERATIONS(rasrpc_operations)},
    {.uuid = RPC_UUID(66a2db1b, d706, 11d0, a37b, 00c04fc9da04),
     .major = 0,
     .name = "IRemoteNetworkConfig",
     RPC_OPERATIONS(iremote_network_config_operations)},
    {.uuid = RPC_UUID(66a2db20, d706, 11d0, a37b, 00c04fc9da04),
     .major = 0,
     .name = "IRemoteRouterRestart",
     RPC_OPERATIONS(iremote_router_restart_operations)},
    {.uuid = RPC_UUID(66a2db21, d706, 11d0, a37b, 00c04fc9da04),
     .major = 0,
     .name = "IRemoteSetDnsConfig",
     RPC_OPERATIONS(iremote_set_dns_config_operations)},
    {.uuid = RPC_UUID(66a2db22, d706, 11d0, a37b, 00c04fc9da04),
     .major = 0,
     .name = "IRemoteICFICSConfig",
     RPC_OPERATIONS(iremote_icfics_config_operations)},
    {.uuid = RPC_UUID(67e08fc2, 2984, 4b62, b92e, fc1aae64bbbb),
     .major = 0,
     .name = "IRemoteStringIdConfig",
     RPC_OPERATIONS(iremote_string_id_config_operations)},
    {.uuid = RPC_UUID(6139d8a4, e508, 4ebb, bac7, d7f275145897),
     .major = 0,
     .name = "IRemoteIPV6Config",
     RPC_OPERATIONS(iremote_ipv6_config_operations)},
    {.uuid = RPC_UUID(5ff9bdf6, bd91, 4d8b, a614, d6317acc8dd8),
     .major = 0,
     .name = "IRemoteSstpCertCheck",
     RPC_OPERATIONS(iremote_sstp_cert_check_operations)},
    {.uuid = RPC_UUID(2f5f6520, ca46, 1067, b319, 00dd010662da),
     .major = 1,
     .name = "tapsrv",
     RPC_OPERATIONS(tapsrv_operations)},
    {.uuid = RPC_UUID(2f5f6521, ca47, 1068, b319, 00dd010662db),
     .major = 1,
     .name = "remotesp",
     RPC_OPERATIONS(remotesp_operations)},
};

const struct rpc_interfaces rpc_interfaces_network = {interfaces, ARRAY_COUNT(interfaces)};
