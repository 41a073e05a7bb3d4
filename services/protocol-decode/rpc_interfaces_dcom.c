/*
 * rpc_interfaces_dcom - DCOM and what hosts are managed by over it: activation, WMI, certificate requests.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-DCOM 3.1.2.5.1 */
static const char *const iobject_exporter_operations[] = {
    [0] = "ResolveOxid", [1] = "SimplePing",   [2] = "ComplexPing",
    [3] = "ServerAlive", [4] = "ResolveOxid2", [5] = "ServerAlive2",
};

/* MS-DCOM 3.1.2.5.2.3.1 */
static const char *const iactivation_operations[] = {
    [0] = "RemoteActivation",
};

/* MS-DCOM 3.1.2.5.2 */
static const char *const iremote_scmactivator_operations[] = {
    [3] = "RemoteGetClassObject",
    [4] = "RemoteCreateInstance",
};

/* MS-DCOM 3.1.1.5.8 */
static const char *const iunknown_operations[] = {
    [0] = "QueryInterface",
    [1] = "AddRef",
    [2] = "Release",
};

/* MS-DCOM 3.1.1.5.6 */
static const char *const irem_unknown_operations[] = {
    [3] = "RemQueryInterface",
    [4] = "RemAddRef",
    [5] = "RemRelease",
};

/* MS-DCOM 3.1.1.5.7 */
static const char *const irem_unknown2_operations[] = {
    [3] = "RemQueryInterface",
    [4] = "RemAddRef",
    [5] = "RemRelease",
    [6] = "RemQueryInterface2",
};

/* MS-OAUT 3.1.4 */
static const char *const idispatch_operations[] = {
    [3] = "GetTypeInfoCount",
    [4] = "GetTypeInfo",
    [5] = "GetIDsOfNames",
    [6] = "Invoke",
};

/* MS-OAUT 3.7.4 */
static const char *const itype_info_operations[] = {
    [3] = "GetTypeAttr",
    [4] = "GetTypeComp",
    [5] = "GetFuncDesc",
    [6] = "GetVarDesc",
    [7] = "GetNames",
    [8] = "GetRefTypeOfImplType",
    [9] = "GetImplTypeFlags",
    [12] = "GetDocumentation",
    [13] = "GetDllEntry",
    [14] = "GetRefTypeInfo",
    [16] = "CreateInstance",
    [17] = "GetMops",
    [18] = "GetContainingTypeLib",
};

/* MS-WMI 3.1.4.2 */
static const char *const iwbem_login_client_id_operations[] = {
    [3] = "SetClientInfo",
};

/* MS-WMI 3.1.4.1 */
static const char *const iwbem_level1login_operations[] = {
    [3] = "EstablishPosition",
    [4] = "RequestChallenge",
    [5] = "WBEMLogin",
    [6] = "NTLMLogin",
};

/* MS-WMI */
static const char *const iwbem_login_helper_operations[] = {
    [3] = "SetEvent",
};

/* MS-WMI 3.1.4.3 */
static const char *const iwbem_services_operations[] = {
    [3] = "OpenNamespace",
    [4] = "CancelAsyncCall",
    [5] = "QueryObjectSink",
    [6] = "GetObject",
    [7] = "GetObjectAsync",
    [8] = "PutClass",
    [9] = "PutClassAsync",
    [10] = "DeleteClass",
    [11] = "DeleteClassAsync",
    [12] = "CreateClassEnum",
    [13] = "CreateClassEnumAsync",
    [14] = "PutInstance",
    [15] = "PutInstanceAsync",
    [16] = "DeleteInstance",
    [17] = "DeleteInstanceAsync",
    [18] = "CreateInstanceEnum",
    [19] = "CreateInstanceEnumAsync",
    [20] = "ExecQuery",
    [21] = "ExecQueryAsync",
    [22] = "ExecNotificationQuery",
    [23] = "ExecNotificationQueryAsync",
    [24] = "ExecMethod",
    [25] = "ExecMethodAsync",
};

/* MS-WMI 3.1.4.4 */
static const char *const ienum_wbem_class_object_operations[] = {
    [3] = "Reset", [4] = "Next", [5] = "NextAsync", [6] = "Clone", [7] = "Skip",
};

/* MS-WMI 3.1.4.5 */
static const char *const iwbem_call_result_operations[] = {
    [3] = "GetResultObject",
    [4] = "GetResultString",
    [5] = "GetResultServices",
    [6] = "GetCallStatus",
};

/* MS-WMI 3.1.4.6 */
static const char *const iwbem_fetch_smart_enum_operations[] = {
    [3] = "GetSmartEnum",
};

/* MS-WMI 3.1.4.7 */
static const char *const iwbem_wcosmart_enum_operations[] = {
    [3] = "Next",
};

/* MS-WMI 3.2.4.1 */
static const char *const iwbem_object_sink_operations[] = {
    [3] = "Indicate",
    [4] = "SetStatus",
};

/* MS-WMI 3.1.4.8 */
static const char *const iwbem_backup_restore_operations[] = {
    [3] = "Backup",
    [4] = "Restore",
};

/* MS-WMI 3.1.4.9 */
static const char *const iwbem_backup_restore_ex_operations[] = {
    [3] = "Backup",
    [4] = "Restore",
    [5] = "Pause",
    [6] = "Resume",
};

/* MS-WMI 3.1.4.13 */
static const char *const iwbem_remote_refresher_operations[] = {
    [3] = "RemoteRefresh",
    [4] = "StopRefreshing",
};

/* MS-WMI 3.1.4.12 */
static const char *const iwbem_refreshing_services_operations[] = {
    [3] = "AddObjectToRefresher", [4] = "AddObjectToRefresherByTemplate",
    [5] = "AddEnumToRefresher",   [6] = "RemoveObjectFromRefresher",
    [7] = "GetRemoteRefresher",   [8] = "ReconnectRemoteRefresher",
};

/* MS-WCCE 3.2.1.4.2 */
static const char *const icert_request_d_operations[] = {
    [3] = "Request",
    [4] = "GetCACert",
    [5] = "Ping",
};

/* MS-WCCE 3.2.1.4.3 */
static const char *const icert_request_d2_operations[] = {
    [3] = "Request",       [4] = "GetCACert",         [5] = "Ping",  [6] = "Request2",
    [7] = "GetCAProperty", [8] = "GetCAPropertyInfo", [9] = "Ping2",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(99fcfec4, 5260, 101b, bbcb, 00aa0021347a),
     .major = 0,
     .name = "IObjectExporter",
     RPC_OPERATIONS(iobject_exporter_operations)},
    {.uuid = RPC_UUID(4d9f4ab8, 7d1c, 11cf, 861e, 0020af6e7c57),
     .major = 0,
     .name = "IActivation",
     RPC_OPERATIONS(iactivation_operations)},
    {.uuid = RPC_UUID(000001a0, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "IRemoteSCMActivator",
     RPC_OPERATIONS(iremote_scmactivator_operations)},
    {.uuid = RPC_UUID(00000000, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "IUnknown",
     RPC_OPERATIONS(iunknown_operations)},
    {.uuid = RPC_UUID(00000131, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "IRemUnknown",
     RPC_OPERATIONS(irem_unknown_operations)},
    {.uuid = RPC_UUID(00000143, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "IRemUnknown2",
     RPC_OPERATIONS(irem_unknown2_operations)},
    {.uuid = RPC_UUID(00020400, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "IDispatch",
     RPC_OPERATIONS(idispatch_operations)},
    {.uuid = RPC_UUID(00020401, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "ITypeInfo",
     RPC_OPERATIONS(itype_info_operations)},
    {.uuid = RPC_UUID(d4781cd6, e5d3, 44df, ad94, 930efe48a887),
     .major = 0,
     .name = "IWbemLoginClientID",
     RPC_OPERATIONS(iwbem_login_client_id_operations)},
    {.uuid = RPC_UUID(f309ad18, d86a, 11d0, a075, 00c04fb68820),
     .major = 0,
     .name = "IWbemLevel1Login",
     RPC_OPERATIONS(iwbem_level1login_operations)},
    {.uuid = RPC_UUID(541679ab, 2e5f, 11d3, b34e, 00104bcc4b4a),
     .major = 0,
     .name = "IWbemLoginHelper",
     RPC_OPERATIONS(iwbem_login_helper_operations)},
    {.uuid = RPC_UUID(9556dc99, 828c, 11cf, a37e, 00aa003240c7),
     .major = 0,
     .name = "IWbemServices",
     RPC_OPERATIONS(iwbem_services_operations)},
    {.uuid = RPC_UUID(027947e1, d731, 11ce, a357, 000000000001),
     .major = 0,
     .name = "IEnumWbemClassObject",
     RPC_OPERATIONS(ienum_wbem_class_object_operations)},
    {.uuid = RPC_UUID(44aca675, e8fc, 11d0, a07c, 00c04fb68820),
     .major = 0,
     .name = "IWbemCallResult",
     RPC_OPERATIONS(iwbem_call_result_operations)},
    {.uuid = RPC_UUID(1c1c45ee, 4395, 11d2, b60b, 00104b703efd),
     .major = 0,
     .name = "IWbemFetchSmartEnum",
     RPC_OPERATIONS(iwbem_fetch_smart_enum_operations)},
    {.uuid = RPC_UUID(423ec01e, 2e35, 11d2, b604, 00104b703efd),
     .major = 0,
     .name = "IWbemWCOSmartEnum",
     RPC_OPERATIONS(iwbem_wcosmart_enum_operations)},
    {.uuid = RPC_UUID(7c857801, 7381, 11cf, 884d, 00aa004b2e24),
     .major = 0,
     .name = "IWbemObjectSink",
     RPC_OPERATIONS(iwbem_object_sink_operations)},
    {.uuid = RPC_UUID(c49e32c7, bc8b, 11d2, 85d4, 00105a1f8304),
     .major = 0,
     .name = "IWbemBackupRestore",
     RPC_OPERATIONS(iwbem_backup_restore_operations)},
    {.uuid = RPC_UUID(a359dec5, e813, 4834, 8a2a, ba7f1d777d76),
     .major = 0,
     .name = "IWbemBackupRestoreEx",
     RPC_OPERATIONS(iwbem_backup_restore_ex_operations)},
    {.uuid = RPC_UUID(f1e9c5b2, f59b, 11d2, b362, 00105a1f8177),
     .major = 0,
     .name = "IWbemRemoteRefresher",
     RPC_OPERATIONS(iwbem_remote_refresher_operations)},
    {.uuid = RPC_UUID(2c9273e0, 1dc3, 11d3, b364, 00105a1f8177),
     .major = 0,
     .name = "IWbemRefreshingServices",
     RPC_OPERATIONS(iwbem_refreshing_services_operations)},
    {.uuid = RPC_UUID(d99e6e70, fc88, 11d0, b498, 00a0c90312f3),
     .major = 0,
     .name = "ICertRequestD",
     RPC_OPERATIONS(icert_request_d_operations)},
    {.uuid = RPC_UUID(5422fd3a, d4b8, 4cef, a12e, e87d4ca22e90),
     .major = 0,
     .name = "ICertRequestD2",
     RPC_OPERATIONS(icert_request_d2_operations)},
};

const struct rpc_interfaces rpc_interfaces_dcom = {interfaces, ARRAY_COUNT(interfaces)};
