/*
 * rpc_interfaces_terminal - terminal servers and their gateway.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-TSTS */
static const char *const sess_env_public_rpc_operations[] = {
    [0] = "RpcShadow2",
};

/* MS-TSTS */
static const char *const tsvip_public_operations[] = {
    [0] = "RpcGetSessionIP",
};

/* MS-TSTS */
static const char *const ica_api_operations[] = {
    [0] = "RpcWinStationOpenServer",
    [1] = "RpcWinStationCloseServer",
    [2] = "RpcIcaServerPing",
    [3] = "RpcWinStationEnumerate",
    [4] = "RpcWinStationRename",
    [5] = "RpcWinStationQueryInformation",
    [6] = "RpcWinStationSetInformation",
    [7] = "RpcWinStationSendMessage",
    [8] = "RpcLogonIdFromWinStationName",
    [9] = "RpcWinStationNameFromLogonId",
    [10] = "RpcWinStationConnect",
    [13] = "RpcWinStationDisconnect",
    [14] = "RpcWinStationReset",
    [15] = "RpcWinStationShutdownSystem",
    [16] = "RpcWinStationWaitSystemEvent",
    [17] = "RpcWinStationShadow",
    [29] = "RpcWinStationBreakPoint",
    [30] = "RpcWinStationReadRegistry",
    [34] = "OldRpcWinStationEnumerateProcesses",
    [36] = "RpcWinStationEnumerateProcesses",
    [37] = "RpcWinStationTerminateProcess",
    [43] = "RpcWinStationGetAllProcesses",
    [44] = "RpcWinStationGetProcessSid",
    [45] = "RpcWinStationGetTermSrvCountersValue",
    [46] = "RpcWinStationReInitializeSecurity",
    [53] = "RpcWinStationGetLanAdapterName",
    [58] = "RpcWinStationUpdateSettings",
    [59] = "RpcWinStationShadowStop",
    [60] = "RpcWinStationCloseServerEx",
    [61] = "RpcWinStationIsHelpAssistantSession",
    [62] = "RpcWinStationGetMachinePolicy",
    [65] = "RpcWinStationCheckLoopBack",
    [66] = "RpcConnectCallback",
    [70] = "RpcWinStationGetAllProcesses_NT6",
    [75] = "RpcWinStationOpenSessionDirectory",
};

/* MS-TSTS */
static const char *const rcm_public_operations[] = {
    [0] = "RpcGetClientData",
    [1] = "RpcGetConfigData",
    [2] = "RpcGetProtocolStatus",
    [3] = "RpcGetLastInputTime",
    [4] = "RpcGetRemoteAddress",
    [8] = "RpcGetAllListeners",
    [9] = "RpcGetSessionProtocolLastInputTime",
    [10] = "RpcGetUserCertificates",
    [11] = "RpcQuerySessionData",
};

/* MS-TSTS */
static const char *const rcm_listener_operations[] = {
    [0] = "RpcOpenListener",  [1] = "RpcCloseListener", [2] = "RpcStopListener",
    [3] = "RpcStartListener", [4] = "RpcIsListening",
};

/* MS-TSTS */
static const char *const term_srv_session_operations[] = {
    [0] = "RpcOpenSession",
    [1] = "RpcCloseSession",
    [2] = "RpcConnect",
    [3] = "RpcDisconnect",
    [4] = "RpcLogoff",
    [5] = "RpcGetUserName",
    [6] = "RpcGetTerminalName",
    [7] = "RpcGetState",
    [8] = "RpcIsSessionDesktopLocked",
    [9] = "RpcShowMessageBox",
    [10] = "RpcGetTimes",
    [11] = "RpcGetSessionCounters",
    [12] = "RpcGetSessionInformation",
    [15] = "RpcGetLoggedOnCount",
    [16] = "RpcGetSessionType",
    [17] = "RpcGetSessionInformationEx",
    [21] = "RpcGetActivityId",
};

/* MS-TSTS */
static const char *const term_srv_notification_operations[] = {
    [0] = "RpcWaitForSessionState",
    [1] = "RpcRegisterAsyncNotification",
    [2] = "RpcWaitAsyncNotification",
    [3] = "RpcUnRegisterAsyncNotification",
};

/* MS-TSTS */
static const char *const term_srv_enumeration_operations[] = {
    [0] = "RpcOpenEnum",
    [1] = "RpcCloseEnum",
    [2] = "RpcFilterByState",
    [3] = "RpcFilterByCallersName",
    [4] = "RpcEnumAddFilter",
    [5] = "RpcGetEnumResult",
    [6] = "RpcFilterBySessionType",
    [8] = "RpcGetSessionIds",
    [9] = "RpcGetEnumResultEx",
    [10] = "RpcGetAllSessions",
    [11] = "RpcGetAllSessionsEx",
};

/* MS-TSGU */
static const char *const ts_proxy_rpc_interface_operations[] = {
    [1] = "TsProxyCreateTunnel",     [2] = "TsProxyAuthorizeTunnel", [3] = "TsProxyMakeTunnelCall",
    [4] = "TsProxyCreateChannel",    [6] = "TsProxyCloseChannel",    [7] = "TsProxyCloseTunnel",
    [8] = "TsProxySetupReceivePipe", [9] = "TsProxySendToServer",
};

/* MS-TSRAP */
static const char *const imanage_telnet_sessions_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "GetTelnetSessions",
    [8] = "TerminateSession",
    [9] = "SendMsgToASession",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(1257b580, ce2f, 4109, 82d6, a9459d0bf6bc),
     .major = 1,
     .name = "SessEnvPublicRpc",
     RPC_OPERATIONS(sess_env_public_rpc_operations)},
    {.uuid = RPC_UUID(53b46b02, c73b, 4a3e, 8dee, b16b80672fc0),
     .major = 1,
     .name = "TSVIPPublic",
     RPC_OPERATIONS(tsvip_public_operations)},
    {.uuid = RPC_UUID(5ca4a760, ebb1, 11cf, 8611, 00a0245420ed),
     .major = 1,
     .name = "IcaApi",
     RPC_OPERATIONS(ica_api_operations)},
    {.uuid = RPC_UUID(bde95fdf, eee0, 45de, 9e12, e5a61cd0d4fe),
     .major = 1,
     .name = "RCMPublic",
     RPC_OPERATIONS(rcm_public_operations)},
    {.uuid = RPC_UUID(497d95a6, 2d27, 4bf5, 9bbd, a6046957133c),
     .major = 1,
     .name = "RCMListener",
     RPC_OPERATIONS(rcm_listener_operations)},
    {.uuid = RPC_UUID(484809d6, 4239, 471b, b5bc, 61df8c23ac48),
     .major = 1,
     .name = "TermSrvSession",
     RPC_OPERATIONS(term_srv_session_operations)},
    {.uuid = RPC_UUID(11899a43, 2b68, 4a76, 92e3, a3d6ad8c26ce),
     .major = 1,
     .name = "TermSrvNotification",
     RPC_OPERATIONS(term_srv_notification_operations)},
    {.uuid = RPC_UUID(88143fd0, c28d, 4b2b, 8fef, 8d882f6a9390),
     .major = 1,
     .name = "TermSrvEnumeration",
     RPC_OPERATIONS(term_srv_enumeration_operations)},
    {.uuid = RPC_UUID(44e265dd, 7daf, 42cd, 8560, 3cdb6e7a2729),
     .major = 1,
     .name = "TsProxyRpcInterface",
     RPC_OPERATIONS(ts_proxy_rpc_interface_operations)},
    {.uuid = RPC_UUID(034634fd, ba3f, 11d1, 856a, 00a0c944138c),
     .major = 0,
     .name = "IManageTelnetSessions",
     RPC_OPERATIONS(imanage_telnet_sessions_operations)},
};

const struct rpc_interfaces rpc_interfaces_terminal = {interfaces, ARRAY_COUNT(interfaces)};
