/*
 * rpc_interfaces_storage - removable storage, shadow copies, clustered storage, health of replicated files.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-RSMP */
#define INTMS_LIBRARY_CONTROL1_OPERATIONS                                                                    \
    [0] = "QueryInterface", [1] = "AddRef", [2] = "Release", [3] = "EjectNtmsMedia",                         \
    [4] = "InjectNtmsMedia", [5] = "AccessNtmsLibraryDoor", [6] = "CleanNtmsDrive",                          \
    [7] = "DismountNtmsDrive", [8] = "InventoryNtmsLibrary", [10] = "CancelNtmsLibraryRequest",              \
    [11] = "ReserveNtmsCleanerSlot", [12] = "ReleaseNtmsCleanerSlot", [13] = "InjectNtmsCleaner",            \
    [14] = "EjectNtmsCleaner", [15] = "DeleteNtmsLibrary", [16] = "DeleteNtmsDrive",                         \
    [17] = "GetNtmsRequestOrder", [18] = "SetNtmsRequestOrder", [19] = "DeleteNtmsRequests",                 \
    [20] = "BeginNtmsDeviceChangeDetection", [21] = "SetNtmsDeviceChangeDetection",                          \
    [22] = "EndNtmsDeviceChangeDetection"
static const char *const intms_library_control1_operations[] = {INTMS_LIBRARY_CONTROL1_OPERATIONS};

/* MS-RSMP */
#define INTMS_MEDIA_SERVICES1_OPERATIONS                                                                     \
    [0] = "QueryInterface", [1] = "AddRef", [2] = "Release", [3] = "MountNtmsMedia",                         \
    [4] = "DismountNtmsMedia", [6] = "AllocateNtmsMedia", [7] = "DeallocateNtmsMedia",                       \
    [8] = "SwapNtmsMedia", [9] = "DecommissionNtmsMedia", [10] = "SetNtmsMediaComplete",                     \
    [11] = "DeleteNtmsMedia", [12] = "CreateNtmsMediaPoolA", [13] = "CreateNtmsMediaPoolW",                  \
    [14] = "GetNtmsMediaPoolNameA", [15] = "GetNtmsMediaPoolNameW", [16] = "MoveToNtmsMediaPool",            \
    [17] = "DeleteNtmsMediaPool", [18] = "AddNtmsMediaType", [19] = "DeleteNtmsMediaType",                   \
    [20] = "ChangeNtmsMediaType"
static const char *const intms_media_services1_operations[] = {INTMS_MEDIA_SERVICES1_OPERATIONS};

/* MS-RSMP */
static const char *const intms_object_info1_operations[] = {
    [0] = "QueryInterface",
    [1] = "AddRef",
    [2] = "Release",
    [3] = "GetNtmsServerObjectInformationA",
    [4] = "GetNtmsServerObjectInformationW",
    [5] = "SetNtmsObjectInformationA",
    [6] = "SetNtmsObjectInformationW",
    [7] = "CreateNtmsMediaA",
    [8] = "CreateNtmsMediaW",
};

/* MS-RSMP */
#define INTMS_OBJECT_MANAGEMENT1_OPERATIONS                                                                  \
    [0] = "QueryInterface", [1] = "AddRef", [2] = "Release", [3] = "GetNtmsObjectSecurity",                  \
    [4] = "SetNtmsObjectSecurity", [5] = "GetNtmsObjectAttributeA", [6] = "GetNtmsObjectAttributeW",         \
    [7] = "SetNtmsObjectAttributeA", [8] = "SetNtmsObjectAttributeW", [9] = "EnumerateNtmsObject",           \
    [10] = "DisableNtmsObject", [11] = "EnableNtmsObject"
static const char *const intms_object_management1_operations[] = {INTMS_OBJECT_MANAGEMENT1_OPERATIONS};

/* MS-RSMP */
static const char *const iclient_sink_operations[] = {
    [0] = "QueryInterface",
    [1] = "AddRef",
    [2] = "Release",
    [3] = "OnNotify",
};

/* MS-RSMP */
static const char *const intms_library_control2_operations[] = {
    INTMS_LIBRARY_CONTROL1_OPERATIONS,
    [23] = "IdentifyNtmsSlot",
};

/* MS-RSMP */
#define INTMS_OBJECT_MANAGEMENT2_OPERATIONS                                                                  \
    INTMS_OBJECT_MANAGEMENT1_OPERATIONS, [12] = "EnumerateNtmsObjectR", [13] = "GetNtmsUIOptionsA",          \
                                         [14] = "GetNtmsUIOptionsW", [15] = "SetNtmsUIOptionsA",             \
                                         [16] = "SetNtmsUIOptionsW"
static const char *const intms_object_management2_operations[] = {INTMS_OBJECT_MANAGEMENT2_OPERATIONS};

/* MS-RSMP */
static const char *const intms_object_management3_operations[] = {
    INTMS_OBJECT_MANAGEMENT2_OPERATIONS,
    [17] = "GetNtmsObjectAttributeAR",
    [18] = "GetNtmsObjectAttributeWR",
};

/* MS-RSMP */
static const char *const irobust_ntms_media_services1_operations[] = {
    INTMS_MEDIA_SERVICES1_OPERATIONS,
    [21] = "GetNtmsMediaPoolNameAR",
    [22] = "GetNtmsMediaPoolNameWR",
};

/* MS-RSMP */
static const char *const imessenger_operations[] = {
    [0] = "QueryInterface", [1] = "AddRef", [2] = "Release", [3] = "SendMessage", [4] = "RecallMessage",
};

/* MS-RSMP */
static const char *const intms_notify_sink_operations[] = {
    [0] = "QueryInterface",  [1] = "AddRef",   [2] = "Release",
    [3] = "ConnectCallback", [4] = "OnNotify", [5] = "ReleaseCallback",
};

/* MS-SCMP */
static const char *const ivss_snapshot_mgmt_operations[] = {
    [3] = "GetProviderMgmtInterface",
    [4] = "QueryVolumesSupportedForSnapshots",
    [5] = "QuerySnapshotsByVolume",
};

/* MS-SCMP */
static const char *const ivss_differential_software_snapshot_mgmt_operations[] = {
    [3] = "AddDiffArea",
    [4] = "ChangeDiffAreaMaximumSize",
    [5] = "QueryVolumesSupportedForDiffAreas",
    [6] = "QueryDiffAreasForVolume",
    [7] = "QueryDiffAreasOnVolume",
};

/* MS-SCMP */
static const char *const ivss_enum_object_operations[] = {
    [3] = "Next",
    [4] = "Skip",
    [5] = "Reset",
    [6] = "Clone",
};

/* MS-SCMP */
static const char *const ivss_enum_mgmt_object_operations[] = {
    [3] = "Next",
    [4] = "Skip",
    [5] = "Reset",
    [6] = "Clone",
};

/* MS-CSVP */
static const char *const icluster_storage3_operations[] = {
    [3] = "CprepDiskGetUniqueIds3", [4] = "CprepCheckNetFtBindings3", [5] = "CprepCsvTestSetup3",
    [6] = "CprepIsNodeClustered3",  [7] = "CprepCreateNewSmbShares3", [8] = "CprepConnectToNewSmbShares3",
    [9] = "CprepDiskGetProps3",     [10] = "CprepDiskIsReadOnly3",    [11] = "CprepDiskPRRegister3",
    [12] = "CprepDiskFindKey3",     [13] = "CprepDiskPRPreempt3",     [14] = "CprepDiskPRReserve3",
    [15] = "CprepDiskIsPRPresent3", [16] = "CprepDiskPRRelease3",     [17] = "CprepDiskPRClear3",
};

/* MS-CSVP */
#define ICLUSTER_LOG_EX_OPERATIONS                                                                           \
    [3] = "GenerateClusterLog", [4] = "GenerateClusterHealthLog", [5] = "GenerateClusterSetLog",             \
    [6] = "GenerateClusterNetworkhLog", [7] = "ExportClusterPerformanceHistory", [8] = "GenerateNetftLog"
static const char *const icluster_log_ex_operations[] = {ICLUSTER_LOG_EX_OPERATIONS};

/* MS-CSVP */
#define ICLUSTER_LOG_EX2_OPERATIONS                                                                          \
    ICLUSTER_LOG_EX_OPERATIONS, [9] = "GenerateLogEx", [10] = "GetCountLogs", [11] = "GetLogFilePath"
static const char *const icluster_log_ex2_operations[] = {ICLUSTER_LOG_EX2_OPERATIONS};

/* MS-CSVP */
static const char *const icluster_log_ex3_operations[] = {
    ICLUSTER_LOG_EX2_OPERATIONS,
    [12] = "GenerateLogEx2",
};

/* MC-CCFG */
static const char *const iclus_cfg_async_evict_cleanup_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "CleanupNode",
};

/* MS-DFSRH */
#define IAD_PROXY_OPERATIONS [3] = "CreateObject", [4] = "DeleteObject", [5] = "ModifyObject"
static const char *const iad_proxy_operations[] = {IAD_PROXY_OPERATIONS};

/* MS-DFSRH */
static const char *const iad_proxy2_operations[] = {
    IAD_PROXY_OPERATIONS,
    [6] = "CreateObject",
    [7] = "DeleteObject",
    [8] = "ModifyObject",
};

/* MS-DFSRH */
#define ISERVER_HEALTH_REPORT_OPERATIONS                                                                     \
    [3] = "GetReport", [4] = "GetCompressedReport", [5] = "GetRawReportEx",                                  \
    [6] = "GetReferenceVersionVectors", [8] = "GetReferenceBacklogCounts"
static const char *const iserver_health_report_operations[] = {ISERVER_HEALTH_REPORT_OPERATIONS};

/* MS-DFSRH */
static const char *const iserver_health_report2_operations[] = {
    ISERVER_HEALTH_REPORT_OPERATIONS,
    [9] = "GetReport",
    [10] = "GetCompressedReport",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(4e934f30, 341a, 11d1, 8fb1, 00a024cb6019),
     .major = 0,
     .name = "INtmsLibraryControl1",
     RPC_OPERATIONS(intms_library_control1_operations)},
    {.uuid = RPC_UUID(d02e4be0, 3419, 11d1, 8fb1, 00a024cb6019),
     .major = 0,
     .name = "INtmsMediaServices1",
     RPC_OPERATIONS(intms_media_services1_operations)},
    {.uuid = RPC_UUID(69ab7050, 3059, 11d1, 8faf, 00a024cb6019),
     .major = 0,
     .name = "INtmsObjectInfo1",
     RPC_OPERATIONS(intms_object_info1_operations)},
    {.uuid = RPC_UUID(b057dc50, 3059, 11d1, 8faf, 00a024cb6019),
     .major = 0,
     .name = "INtmsObjectManagement1",
     RPC_OPERATIONS(intms_object_management1_operations)},
    {.uuid = RPC_UUID(879c8bbe, 41b0, 11d1, be11, 00c04fb6bf70),
     .major = 0,
     .name = "IClientSink",
     RPC_OPERATIONS(iclient_sink_operations)},
    {.uuid = RPC_UUID(db90832f, 6910, 4d46, 9f5e, 9fd6bfa73903),
     .major = 0,
     .name = "INtmsLibraryControl2",
     RPC_OPERATIONS(intms_library_control2_operations)},
    {.uuid = RPC_UUID(895a2c86, 270d, 489d, a6c0, dc2a9b35280e),
     .major = 0,
     .name = "INtmsObjectManagement2",
     RPC_OPERATIONS(intms_object_management2_operations)},
    {.uuid = RPC_UUID(3bbed8d9, 2c9a, 4b21, 8936, acb2f995be6c),
     .major = 0,
     .name = "INtmsObjectManagement3",
     RPC_OPERATIONS(intms_object_management3_operations)},
    {.uuid = RPC_UUID(7d07f313, a53f, 459a, bb12, 012c15b1846e),
     .major = 0,
     .name = "IRobustNtmsMediaServices1",
     RPC_OPERATIONS(irobust_ntms_media_services1_operations)},
    {.uuid = RPC_UUID(081e7188, c080, 4ff3, 9238, 29f66d6cabfd),
     .major = 0,
     .name = "IMessenger",
     RPC_OPERATIONS(imessenger_operations)},
    {.uuid = RPC_UUID(bb39332c, bfee, 4380, ad8a, badc8aff5bb6),
     .major = 0,
     .name = "INtmsNotifySink",
     RPC_OPERATIONS(intms_notify_sink_operations)},
    {.uuid = RPC_UUID(fa7df749, 66e7, 4986, a27f, e2f04ae53772),
     .major = 0,
     .name = "IVssSnapshotMgmt",
     RPC_OPERATIONS(ivss_snapshot_mgmt_operations)},
    {.uuid = RPC_UUID(214a0f28, b737, 4026, b847, 4f9e37d79529),
     .major = 0,
     .name = "IVssDifferentialSoftwareSnapshotMgmt",
     RPC_OPERATIONS(ivss_differential_software_snapshot_mgmt_operations)},
    {.uuid = RPC_UUID(ae1c7110, 2f60, 11d3, 8a39, 00c04f72d8e3),
     .major = 0,
     .name = "IVssEnumObject",
     RPC_OPERATIONS(ivss_enum_object_operations)},
    {.uuid = RPC_UUID(01954e6b, 9254, 4e6e, 808c, c9e05d007696),
     .major = 0,
     .name = "IVssEnumMgmtObject",
     RPC_OPERATIONS(ivss_enum_mgmt_object_operations)},
    {.uuid = RPC_UUID(11942d87, a1de, 4e7f, 83fb, a840d9c5928d),
     .major = 0,
     .name = "IClusterStorage3",
     RPC_OPERATIONS(icluster_storage3_operations)},
    {.uuid = RPC_UUID(bd7c23c2, c805, 457c, 8f86, d17fe6b9d19f),
     .major = 0,
     .name = "IClusterLogEx",
     RPC_OPERATIONS(icluster_log_ex_operations)},
    {.uuid = RPC_UUID(2510ea7d, c355, 40c9, 852c, e3b1b1338d67),
     .major = 0,
     .name = "IClusterLogEx2",
     RPC_OPERATIONS(icluster_log_ex2_operations)},
    {.uuid = RPC_UUID(e6d3c166, 560f, 4b58, b31a, fdea05fb606f),
     .major = 0,
     .name = "IClusterLogEx3",
     RPC_OPERATIONS(icluster_log_ex3_operations)},
    {.uuid = RPC_UUID(52c80b95, c1ad, 4240, 8d89, 72e9fa84025e),
     .major = 0,
     .name = "IClusCfgAsyncEvictCleanup",
     RPC_OPERATIONS(iclus_cfg_async_evict_cleanup_operations)},
    {.uuid = RPC_UUID(4bb8ab1d, 9ef9, 4100, 8eb6, dd4b4e418b72),
     .major = 0,
     .name = "IADProxy",
     RPC_OPERATIONS(iad_proxy_operations)},
    {.uuid = RPC_UUID(c4b0c7d9, abe0, 4733, a1e1, 9fdedf260c7a),
     .major = 0,
     .name = "IADProxy2",
     RPC_OPERATIONS(iad_proxy2_operations)},
    {.uuid = RPC_UUID(e65e8028, 83e8, 491b, 9af7, aaf6bd51a0ce),
     .major = 0,
     .name = "IServerHealthReport",
     RPC_OPERATIONS(iserver_health_report_operations)},
    {.uuid = RPC_UUID(20d15747, 6c48, 4254, a358, 65039fd8c63c),
     .major = 0,
     .name = "IServerHealthReport2",
     RPC_OPERATIONS(iserver_health_report2_operations)},
};

const struct rpc_interfaces rpc_interfaces_storage = {interfaces, ARRAY_COUNT(interfaces)};
