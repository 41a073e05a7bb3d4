/*
 * rpc_interfaces_host - the interfaces by which a host is run: services, tasks, registry, event logs, the
 * endpoint mapper.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-SCMR 3.1.4 */
static const char *const svcctl_operations[] = {
    [0] = "RCloseServiceHandle",
    [1] = "RControlService",
    [2] = "RDeleteService",
    [3] = "RLockServiceDatabase",
    [4] = "RQueryServiceObjectSecurity",
    [5] = "RSetServiceObjectSecurity",
    [6] = "RQueryServiceStatus",
    [7] = "RSetServiceStatus",
    [8] = "RUnlockServiceDatabase",
    [9] = "RNotifyBootConfigStatus",
    [11] = "RChangeServiceConfigW",
    [12] = "RCreateServiceW",
    [13] = "REnumDependentServicesW",
    [14] = "REnumServicesStatusW",
    [15] = "ROpenSCManagerW",
    [16] = "ROpenServiceW",
    [17] = "RQueryServiceConfigW",
    [18] = "RQueryServiceLockStatusW",
    [19] = "RStartServiceW",
    [20] = "RGetServiceDisplayNameW",
    [21] = "RGetServiceKeyNameW",
    [23] = "RChangeServiceConfigA",
    [24] = "RCreateServiceA",
    [25] = "REnumDependentServicesA",
    [26] = "REnumServicesStatusA",
    [27] = "ROpenSCManagerA",
    [28] = "ROpenServiceA",
    [29] = "RQueryServiceConfigA",
    [30] = "RQueryServiceLockStatusA",
    [31] = "RStartServiceA",
    [32] = "RGetServiceDisplayNameA",
    [33] = "RGetServiceKeyNameA",
    [35] = "REnumServiceGroupW",
    [36] = "RChangeServiceConfig2A",
    [37] = "RChangeServiceConfig2W",
    [38] = "RQueryServiceConfig2A",
    [39] = "RQueryServiceConfig2W",
    [40] = "RQueryServiceStatusEx",
    [41] = "REnumServicesStatusExA",
    [42] = "REnumServicesStatusExW",
    [44] = "RCreateServiceWOW64A",
    [45] = "RCreateServiceWOW64W",
    [47] = "RNotifyServiceStatusChange",
    [48] = "RGetNotifyResults",
    [49] = "RCloseNotifyHandle",
    [50] = "RControlServiceExA",
    [51] = "RControlServiceExW",
    [56] = "RQueryServiceConfigEx",
    [60] = "RCreateWowService",
    [64] = "ROpenSCManager2",
};

/* MS-TSCH 3.2.5.2 */
static const char *const atsvc_operations[] = {
    [0] = "NetrJobAdd",
    [1] = "NetrJobDel",
    [2] = "NetrJobEnum",
    [3] = "NetrJobGetInfo",
};

/* MS-TSCH 3.2.5.3 */
static const char *const sasec_operations[] = {
    [0] = "SASetAccountInformation",
    [1] = "SASetNSAccountInformation",
    [2] = "SAGetNSAccountInformation",
    [3] = "SAGetAccountInformation",
};

/* MS-TSCH 3.2.5.4 */
static const char *const itask_scheduler_service_operations[] = {
    [0] = "SchRpcHighestVersion",
    [1] = "SchRpcRegisterTask",
    [2] = "SchRpcRetrieveTask",
    [3] = "SchRpcCreateFolder",
    [4] = "SchRpcSetSecurity",
    [5] = "SchRpcGetSecurity",
    [6] = "SchRpcEnumFolders",
    [7] = "SchRpcEnumTasks",
    [8] = "SchRpcEnumInstances",
    [9] = "SchRpcGetInstanceInfo",
    [10] = "SchRpcStopInstance",
    [11] = "SchRpcStop",
    [12] = "SchRpcRun",
    [13] = "SchRpcDelete",
    [14] = "SchRpcRename",
    [15] = "SchRpcScheduledRuntimes",
    [16] = "SchRpcGetLastRunInfo",
    [17] = "SchRpcGetTaskInfo",
    [18] = "SchRpcGetNumberOfMissedRuns",
    [19] = "SchRpcEnableTask",
};

/* MS-RRP 3.1.5 */
static const char *const winreg_operations[] = {
    [0] = "OpenClassesRoot",
    [1] = "OpenCurrentUser",
    [2] = "OpenLocalMachine",
    [3] = "OpenPerformanceData",
    [4] = "OpenUsers",
    [5] = "BaseRegCloseKey",
    [6] = "BaseRegCreateKey",
    [7] = "BaseRegDeleteKey",
    [8] = "BaseRegDeleteValue",
    [9] = "BaseRegEnumKey",
    [10] = "BaseRegEnumValue",
    [11] = "BaseRegFlushKey",
    [12] = "BaseRegGetKeySecurity",
    [13] = "BaseRegLoadKey",
    [15] = "BaseRegOpenKey",
    [16] = "BaseRegQueryInfoKey",
    [17] = "BaseRegQueryValue",
    [18] = "BaseRegReplaceKey",
    [19] = "BaseRegRestoreKey",
    [20] = "BaseRegSaveKey",
    [21] = "BaseRegSetKeySecurity",
    [22] = "BaseRegSetValue",
    [23] = "BaseRegUnLoadKey",
    [26] = "BaseRegGetVersion",
    [27] = "OpenCurrentConfig",
    [29] = "BaseRegQueryMultipleValues",
    [31] = "BaseRegSaveKeyEx",
    [32] = "OpenPerformanceText",
    [33] = "OpenPerformanceNlsText",
    [34] = "BaseRegQueryMultipleValues2",
    [35] = "BaseRegDeleteKeyEx",
};

/* MS-EVEN 3.1.4 */
static const char *const eventlog_operations[] = {
    [0] = "ElfrClearELFW",
    [1] = "ElfrBackupELFW",
    [2] = "ElfrCloseEL",
    [3] = "ElfrDeregisterEventSource",
    [4] = "ElfrNumberOfRecords",
    [5] = "ElfrOldestRecord",
    [6] = "ElfrChangeNotify",
    [7] = "ElfrOpenELW",
    [8] = "ElfrRegisterEventSourceW",
    [9] = "ElfrOpenBELW",
    [10] = "ElfrReadELW",
    [11] = "ElfrReportEventW",
    [12] = "ElfrClearELFA",
    [13] = "ElfrBackupELFA",
    [14] = "ElfrOpenELA",
    [15] = "ElfrRegisterEventSourceA",
    [16] = "ElfrOpenBELA",
    [17] = "ElfrReadELA",
    [18] = "ElfrReportEventA",
    [22] = "ElfrGetLogInformation",
    [24] = "ElfrReportEventAndSourceW",
    [25] = "ElfrReportEventExW",
    [26] = "ElfrReportEventExA",
};

/* MS-EVEN6 3.1.4 */
static const char *const ievent_service_operations[] = {
    [0] = "EvtRpcRegisterRemoteSubscription",
    [1] = "EvtRpcRemoteSubscriptionNextAsync",
    [2] = "EvtRpcRemoteSubscriptionNext",
    [3] = "EvtRpcRemoteSubscriptionWaitAsync",
    [4] = "EvtRpcRegisterControllableOperation",
    [5] = "EvtRpcRegisterLogQuery",
    [6] = "EvtRpcClearLog",
    [7] = "EvtRpcExportLog",
    [8] = "EvtRpcLocalizeExportLog",
    [9] = "EvtRpcMessageRender",
    [10] = "EvtRpcMessageRenderDefault",
    [11] = "EvtRpcQueryNext",
    [12] = "EvtRpcQuerySeek",
    [13] = "EvtRpcClose",
    [14] = "EvtRpcCancel",
    [15] = "EvtRpcAssertConfig",
    [16] = "EvtRpcRetractConfig",
    [17] = "EvtRpcOpenLogHandle",
    [18] = "EvtRpcGetLogFileInfo",
    [19] = "EvtRpcGetChannelList",
    [20] = "EvtRpcGetChannelConfig",
    [21] = "EvtRpcPutChannelConfig",
    [22] = "EvtRpcGetPublisherList",
    [23] = "EvtRpcGetPublisherListForChannel",
    [24] = "EvtRpcGetPublisherMetadata",
    [25] = "EvtRpcGetPublisherResourceMetadata",
    [26] = "EvtRpcGetEventMetadataEnum",
    [27] = "EvtRpcGetNextEventMetadata",
    [28] = "EvtRpcGetClassicLogDisplayName",
};

/* MS-RSP 3.1.4 */
static const char *const init_shutdown_operations[] = {
    [0] = "BaseInitiateShutdown",
    [1] = "BaseAbortShutdown",
    [2] = "BaseInitiateShutdownEx",
};

/* MS-RSP 3.2.4 */
static const char *const windows_shutdown_operations[] = {
    [0] = "WsdrInitiateShutdown",
    [1] = "WsdrAbortShutdown",
};

/* C706 appendix O, MS-RPCE 2.2.1.2 */
static const char *const epmapper_operations[] = {
    [0] = "ept_insert",
    [1] = "ept_delete",
    [2] = "ept_lookup",
    [3] = "ept_map",
    [4] = "ept_lookup_handle_free",
    [5] = "ept_inq_object",
    [6] = "ept_mgmt_delete",
};

/* C706 appendix Q */
static const char *const mgmt_operations[] = {
    [0] = "rpc__mgmt_inq_if_ids",          [1] = "rpc__mgmt_inq_stats",
    [2] = "rpc__mgmt_is_server_listening", [3] = "rpc__mgmt_stop_server_listening",
    [4] = "rpc__mgmt_inq_princ_name",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(367abb81, 9844, 35f1, ad32, 98f038001003),
     .major = 2,
     .name = "svcctl",
     RPC_OPERATIONS(svcctl_operations)},
    {.uuid = RPC_UUID(1ff70682, 0a51, 30e8, 076d, 740be8cee98b),
     .major = 1,
     .name = "atsvc",
     RPC_OPERATIONS(atsvc_operations)},
    {.uuid = RPC_UUID(378e52b0, c0a9, 11cf, 822d, 00aa0051e40f),
     .major = 1,
     .name = "sasec",
     RPC_OPERATIONS(sasec_operations)},
    {.uuid = RPC_UUID(86d35949, 83c9, 4044, b424, db363231fd0c),
     .major = 1,
     .name = "ITaskSchedulerService",
     RPC_OPERATIONS(itask_scheduler_service_operations)},
    {.uuid = RPC_UUID(338cd001, 2244, 31f1, aaaa, 900038001003),
     .major = 1,
     .name = "winreg",
     RPC_OPERATIONS(winreg_operations)},
    {.uuid = RPC_UUID(82273fdc, e32a, 18c3, 3f78, 827929dc23ea),
     .major = 0,
     .name = "eventlog",
     RPC_OPERATIONS(eventlog_operations)},
    {.uuid = RPC_UUID(f6beaff7, 1e19, 4fbb, 9f8f, b89e2018337c),
     .major = 1,
     .name = "IEventService",
     RPC_OPERATIONS(ievent_service_operations)},
    {.uuid = RPC_UUID(894de0c0, 0d55, 11d3, a322, 00c04fa321a1),
     .major = 1,
     .name = "InitShutdown",
     RPC_OPERATIONS(init_shutdown_operations)},
    {.uuid = RPC_UUID(d95afe70, a6d5, 4259, 822e, 2c84da1ddb0d),
     .major = 1,
     .name = "WindowsShutdown",
     RPC_OPERATIONS(windows_shutdown_operations)},
    {.uuid = RPC_UUID(e1af8308, 5d1f, 11c9, 91a4, 08002b14a0fa),
     .major = 3,
     .name = "epmapper",
     RPC_OPERATIONS(epmapper_operations)},
    {.uuid = RPC_UUID(afa8bd80, 7d8a, 11c9, bef4, 08002b102989),
     .major = 1,
     .name = "mgmt",
     RPC_OPERATIONS(mgmt_operations)},
};

const struct rpc_interfaces rpc_interfaces_host = {interfaces, ARRAY_COUNT(interfaces)};
