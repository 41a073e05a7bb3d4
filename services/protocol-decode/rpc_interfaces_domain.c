/*
 * rpc_interfaces_domain - the smaller services of a domain: replication of files, keys, policies, link
 * tracking, browsing, events.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-FRS1 */
static const char *const frsrpc_operations[] = {
    [0] = "FrsRpcSendCommPkt",
    [1] = "FrsRpcVerifyPromotionParent",
    [2] = "FrsRpcStartPromotionParent",
    [3] = "FrsNOP",
};

/* MS-FRS1 */
static const char *const nt_frs_api_operations[] = {
    [4] = "NtFrsApi_Rpc_Set_DsPollingIntervalW",
    [5] = "NtFrsApi_Rpc_Get_DsPollingIntervalW",
    [7] = "NtFrsApi_Rpc_InfoW",
    [8] = "NtFrsApi_Rpc_IsPathReplicated",
    [9] = "NtFrsApi_Rpc_WriterCommand",
    [10] = "NtFrsApi_Rpc_ForceReplication",
};

/* MS-GKDI */
static const char *const isd_key_operations[] = {
    [0] = "GetKey",
};

/* MS-CAPR */
static const char *const lsacap_operations[] = {
    [0] = "LsarGetAvailableCAPIDs",
};

/* MS-DLTM */
static const char *const trksvr_operations[] = {
    [0] = "LnkSvrMessage",
    [1] = "LnkSvrMessageCallback",
};

/* MS-DLTW */
static const char *const trkwks_operations[] = {
    [12] = "LnkSearchMachine",
};

/* MS-RPCL */
static const char *const loc_to_loc_operations[] = {
    [0] = "I_nsi_lookup_begin",           [1] = "I_nsi_lookup_done",  [2] = "I_nsi_lookup_next",
    [3] = "I_nsi_entry_object_inq_next",  [4] = "I_nsi_ping_locator", [5] = "I_nsi_entry_object_inq_done",
    [6] = "I_nsi_entry_object_inq_begin",
};

/* MS-BRWSA */
static const char *const browser_operations[] = {
    [2] = "I_BrowserrQueryOtherDomains",
};

/* MS-LREC */
static const char *const net_event_forwarder_operations[] = {
    [0] = "RpcNetEventOpenSession",
    [1] = "RpcNetEventReceiveData",
    [2] = "RpcNetEventCloseSession",
};

/* MS-PCQ */
static const char *const perflib_v2_operations[] = {
    [0] = "PerflibV2EnumerateCounterSet",
    [1] = "PerflibV2QueryCounterSetRegistrationInfo",
    [2] = "PerflibV2EnumerateCounterSetInstances",
    [3] = "PerflibV2OpenQueryHandle",
    [4] = "PerflibV2CloseQueryHandle",
    [5] = "PerflibV2QueryCounterInfo",
    [6] = "PerflibV2QueryCounterData",
    [7] = "PerflibV2ValidateCounters",
};

/* MS-BPAU */
static const char *const bits_peer_auth_operations[] = {
    [0] = "ExchangePublicKeys",
};

/* MS-IRP */
static const char *const inetinfo_operations[] = {
    [0] = "R_InetInfoGetVersion",
    [1] = "R_InetInfoGetAdminInformation",
    [2] = "R_InetInfoGetSites",
    [3] = "R_InetInfoSetAdminInformation",
    [4] = "R_InetInfoGetGlobalAdminInformation",
    [5] = "R_InetInfoSetGlobalAdminInformation",
    [6] = "R_InetInfoQueryStatistics",
    [7] = "R_InetInfoClearStatistics",
    [8] = "R_InetInfoFlushMemoryCache",
    [9] = "R_InetInfoGetServerCapabilities",
    [10] = "R_W3QueryStatistics2",
    [11] = "R_W3ClearStatistics2",
    [12] = "R_FtpQueryStatistics2",
    [13] = "R_FtpClearStatistics2",
    [14] = "R_IISEnumerateUsers",
    [15] = "R_IISDisconnectUser",
};

/* MS-WDSC */
static const char *const wds_rpc_interface_operations[] = {
    [0] = "WdsRpcMessage",
};

/* MS-SSP */
static const char *const isingle_signon_remote_master_secret_operations[] = {
    [0] = "RemoteGetMasterSecret",
};

/* MS-PAN */
static const char *const irpc_async_notify_operations[] = {
    [0] = "IRPCAsyncNotify_RegisterClient",  [1] = "IRPCAsyncNotify_UnregisterClient",
    [3] = "IRPCAsyncNotify_GetNewChannel",   [4] = "IRPCAsyncNotify_GetNotificationSendResponse",
    [5] = "IRPCAsyncNotify_GetNotification", [6] = "IRPCAsyncNotify_CloseChannel",
};

/* MS-PAN */
static const char *const irpc_remote_object_operations[] = {
    [0] = "IRPCRemoteObject_Create",
    [1] = "IRPCRemoteObject_Delete",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(f5cc59b4, 4264, 101a, 8c59, 08002b2f8426),
     .major = 1,
     .name = "frsrpc",
     RPC_OPERATIONS(frsrpc_operations)},
    {.uuid = RPC_UUID(d049b186, 814f, 11d1, 9a3c, 00c04fc9b232),
     .major = 1,
     .name = "NtFrsApi",
     RPC_OPERATIONS(nt_frs_api_operations)},
    {.uuid = RPC_UUID(b9785960, 524f, 11df, 8b6d, 83dcded72085),
     .major = 1,
     .name = "ISDKey",
     RPC_OPERATIONS(isd_key_operations)},
    {.uuid = RPC_UUID(afc07e2e, 311c, 4435, 808c, c483ffeec7c9),
     .major = 1,
     .name = "lsacap",
     RPC_OPERATIONS(lsacap_operations)},
    {.uuid = RPC_UUID(4da1c422, 943d, 11d1, acae, 00c04fc2aa3f),
     .major = 1,
     .name = "trksvr",
     RPC_OPERATIONS(trksvr_operations)},
    {.uuid = RPC_UUID(300f3532, 38cc, 11d0, a3f0, 0020af6b0add),
     .major = 1,
     .name = "trkwks",
     RPC_OPERATIONS(trkwks_operations)},
    {.uuid = RPC_UUID(e33c0cc4, 0482, 101a, bc0c, 02608c6ba218),
     .major = 1,
     .name = "LocToLoc",
     RPC_OPERATIONS(loc_to_loc_operations)},
    {.uuid = RPC_UUID(6bffd098, a112, 3610, 9833, 012892020162),
     .major = 0,
     .name = "browser",
     RPC_OPERATIONS(browser_operations)},
    {.uuid = RPC_UUID(22e5386d, 8b12, 4bf0, b0ec, 6a1ea419e366),
     .major = 1,
     .name = "NetEventForwarder",
     RPC_OPERATIONS(net_event_forwarder_operations)},
    {.uuid = RPC_UUID(da5a86c5, 12c2, 4943, ab30, 7f74a813d853),
     .major = 1,
     .name = "PerflibV2",
     RPC_OPERATIONS(perflib_v2_operations)},
    {.uuid = RPC_UUID(e3d0d746, d2af, 40fd, 8a7a, 0d7078bb7092),
     .major = 1,
     .name = "BitsPeerAuth",
     RPC_OPERATIONS(bits_peer_auth_operations)},
    {.uuid = RPC_UUID(82ad4280, 036b, 11cf, 972c, 00aa006887b0),
     .major = 2,
     .name = "inetinfo",
     RPC_OPERATIONS(inetinfo_operations)},
    {.uuid = RPC_UUID(1a927394, 352e, 4553, ae3f, 7cf4aafca620),
     .major = 1,
     .name = "WdsRpcInterface",
     RPC_OPERATIONS(wds_rpc_interface_operations)},
    {.uuid = RPC_UUID(9d07ca0d, 8f02, 4ed5, b727, acf37fea5bbc),
     .major = 1,
     .name = "ISingleSignonRemoteMasterSecret",
     RPC_OPERATIONS(isingle_signon_remote_master_secret_operations)},
    {.uuid = RPC_UUID(0b6edbfa, 4a24, 4fc6, 8a23, 942b1eca65d1),
     .major = 1,
     .name = "IRPCAsyncNotify",
     RPC_OPERATIONS(irpc_async_notify_operations)},
    {.uuid = RPC_UUID(ae33069b, a2a8, 46ee, a235, ddfd339be281),
     .major = 1,
     .name = "IRPCRemoteObject",
     RPC_OPERATIONS(irpc_remote_object_operations)},
};

const struct rpc_interfaces rpc_interfaces_domain = {interfaces, ARRAY_COUNT(interfaces)};
