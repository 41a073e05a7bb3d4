/*
 * rpc_interfaces_performance - performance logs and alerts.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-PLA */
static const char *const idata_collector_set_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_DataCollectors",
    [8] = "get_Duration",
    [9] = "put_Duration",
    [10] = "get_Description",
    [11] = "put_Description",
    [12] = "get_DescriptionUnresolved",
    [13] = "get_DisplayName",
    [14] = "put_DisplayName",
    [15] = "get_DisplayNameUnresolved",
    [16] = "get_Keywords",
    [17] = "put_Keywords",
    [18] = "get_LatestOutputLocation",
    [19] = "put_LatestOutputLocation",
    [20] = "get_Name",
    [21] = "get_OutputLocation",
    [22] = "get_RootPath",
    [23] = "put_RootPath",
    [24] = "get_Segment",
    [25] = "put_Segment",
    [26] = "get_SegmentMaxDuration",
    [27] = "put_SegmentMaxDuration",
    [28] = "get_SegmentMaxSize",
    [29] = "put_SegmentMaxSize",
    [30] = "get_SerialNumber",
    [31] = "put_SerialNumber",
    [32] = "get_Server",
    [33] = "get_Status",
    [34] = "get_Subdirectory",
    [35] = "put_Subdirectory",
    [36] = "get_SubdirectoryFormat",
    [37] = "put_SubdirectoryFormat",
    [38] = "get_SubdirectoryFormatPattern",
    [39] = "put_SubdirectoryFormatPattern",
    [40] = "get_Task",
    [41] = "put_Task",
    [42] = "get_TaskRunAsSelf",
    [43] = "put_TaskRunAsSelf",
    [44] = "get_TaskArguments",
    [45] = "put_TaskArguments",
    [46] = "get_TaskUserTextArguments",
    [47] = "put_TaskUserTextArguments",
    [48] = "get_Schedules",
    [49] = "get_SchedulesEnabled",
    [50] = "put_SchedulesEnabled",
    [51] = "get_UserAccount",
    [52] = "get_Xml",
    [53] = "get_Security",
    [54] = "put_Security",
    [55] = "get_StopOnCompletion",
    [56] = "put_StopOnCompletion",
    [57] = "get_DataManager",
    [58] = "SetCredentials",
    [59] = "Query",
    [60] = "Commit",
    [61] = "Delete",
    [62] = "Start",
    [63] = "Stop",
    [64] = "SetXml",
    [65] = "SetValue",
    [66] = "GetValue",
};

/* MS-PLA */
static const char *const idata_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Enabled",
    [8] = "put_Enabled",
    [9] = "get_CheckBeforeRunning",
    [10] = "put_CheckBeforeRunning",
    [11] = "get_MinFreeDisk",
    [12] = "put_MinFreeDisk",
    [13] = "get_MaxSize",
    [14] = "put_MaxSize",
    [15] = "get_MaxFolderCount",
    [16] = "put_MaxFolderCount",
    [17] = "get_ResourcePolicy",
    [18] = "put_ResourcePolicy",
    [19] = "get_FolderActions",
    [20] = "get_ReportSchema",
    [21] = "put_ReportSchema",
    [22] = "get_ReportFileName",
    [23] = "put_ReportFileName",
    [24] = "get_RuleTargetFileName",
    [25] = "put_RuleTargetFileName",
    [26] = "get_EventsFileName",
    [27] = "put_EventsFileName",
    [28] = "get_Rules",
    [29] = "put_Rules",
    [30] = "Run",
    [31] = "Extract",
};

/* MS-PLA */
static const char *const ifolder_action_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Age",        [8] = "put_Age",
    [9] = "get_Size",        [10] = "put_Size",      [11] = "get_Actions",
    [12] = "put_Actions",    [13] = "get_SendCabTo", [14] = "put_SendCabTo",
};

/* MS-PLA */
static const char *const ifolder_action_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Count", [8] = "get_Item",  [9] = "get__NewEnum",        [10] = "Add",
    [11] = "Remove",         [12] = "Clear",    [13] = "AddRange", [14] = "CreateFolderAction",
};

/* MS-PLA */
#define IDATA_COLLECTOR_OPERATIONS                                                                           \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_DataCollectorSet", [9] = "get_DataCollectorType", [10] = "get_FileName",                  \
        [11] = "put_FileName", [12] = "get_FileNameFormat", [13] = "put_FileNameFormat",                     \
        [14] = "get_FileNameFormatPattern", [15] = "put_FileNameFormatPattern",                              \
        [16] = "get_LatestOutputLocation", [17] = "put_LatestOutputLocation", [18] = "get_LogAppend",        \
        [19] = "put_LogAppend", [20] = "get_LogCircular", [21] = "put_LogCircular",                          \
        [22] = "get_LogOverwrite", [23] = "put_LogOverwrite", [24] = "get_Name", [25] = "put_Name",          \
        [26] = "get_OutputLocation", [27] = "get_Index", [29] = "get_Xml", [30] = "SetXml"
static const char *const idata_collector_operations[] = {IDATA_COLLECTOR_OPERATIONS};

/* MS-PLA */
static const char *const iperformance_counter_data_collector_operations[] = {
    IDATA_COLLECTOR_OPERATIONS,       [32] = "get_DataSourceName",      [33] = "put_DataSourceName",
    [34] = "get_PerformanceCounters", [35] = "put_PerformanceCounters", [36] = "get_LogFileFormat",
    [37] = "put_LogFileFormat",       [38] = "get_SampleInterval",      [39] = "put_SampleInterval",
    [40] = "get_SegmentMaxRecords",   [41] = "put_SegmentMaxRecords",
};

/* MS-PLA */
static const char *const itrace_data_collector_operations[] = {
    IDATA_COLLECTOR_OPERATIONS,
    [32] = "get_BufferSize",
    [33] = "put_BufferSize",
    [34] = "get_BuffersLost",
    [36] = "get_BuffersWritten",
    [38] = "get_ClockType",
    [39] = "put_ClockType",
    [40] = "get_EventsLost",
    [42] = "get_ExtendedModes",
    [43] = "put_ExtendedModes",
    [44] = "get_FlushTimer",
    [45] = "put_FlushTimer",
    [46] = "get_FreeBuffers",
    [48] = "get_Guid",
    [49] = "put_Guid",
    [50] = "get_IsKernelTrace",
    [51] = "get_MaximumBuffers",
    [52] = "put_MaximumBuffers",
    [53] = "get_MinimumBuffers",
    [54] = "put_MinimumBuffers",
    [55] = "get_NumberOfBuffers",
    [56] = "put_NumberOfBuffers",
    [57] = "get_PreallocateFile",
    [58] = "put_PreallocateFile",
    [59] = "get_ProcessMode",
    [60] = "put_ProcessMode",
    [61] = "get_RealTimeBuffersLost",
    [63] = "get_SessionId",
    [65] = "get_SessionName",
    [66] = "put_SessionName",
    [67] = "get_SessionThreadId",
    [69] = "get_StreamMode",
    [70] = "put_StreamMode",
    [71] = "get_TraceDataProviders",
};

/* MS-PLA */
static const char *const iconfiguration_data_collector_operations[] = {
    IDATA_COLLECTOR_OPERATIONS,
    [32] = "get_FileMaxCount",
    [33] = "put_FileMaxCount",
    [34] = "get_FileMaxRecursiveDepth",
    [35] = "put_FileMaxRecursiveDepth",
    [36] = "get_FileMaxTotalSize",
    [37] = "put_FileMaxTotalSize",
    [38] = "get_Files",
    [39] = "put_Files",
    [40] = "get_ManagementQueries",
    [41] = "put_ManagementQueries",
    [42] = "get_QueryNetworkAdapters",
    [43] = "put_QueryNetworkAdapters",
    [44] = "get_RegistryKeys",
    [45] = "put_RegistryKeys",
    [46] = "get_RegistryMaxRecursiveDepth",
    [47] = "put_RegistryMaxRecursiveDepth",
    [48] = "get_SystemStateFile",
    [49] = "put_SystemStateFile",
};

/* MS-PLA */
static const char *const ialert_data_collector_operations[] = {
    IDATA_COLLECTOR_OPERATIONS,
    [32] = "get_AlertThresholds",
    [33] = "put_AlertThresholds",
    [34] = "get_EventLog",
    [35] = "put_EventLog",
    [36] = "get_SampleInterval",
    [37] = "put_SampleInterval",
    [38] = "get_Task",
    [39] = "put_Task",
    [40] = "get_TaskRunAsSelf",
    [41] = "put_TaskRunAsSelf",
    [42] = "get_TaskArguments",
    [43] = "put_TaskArguments",
    [44] = "get_TaskUserTextArguments",
    [45] = "put_TaskUserTextArguments",
    [46] = "get_TriggerDataCollectorSet",
    [47] = "put_TriggerDataCollectorSet",
};

/* MS-PLA */
static const char *const iapi_tracing_data_collector_operations[] = {
    IDATA_COLLECTOR_OPERATIONS,
    [32] = "get_LogApiNamesOnly",
    [33] = "put_LogApiNamesOnly",
    [34] = "get_LogApisRecursively",
    [35] = "put_LogApisRecursively",
    [36] = "get_ExePath",
    [37] = "put_ExePath",
    [38] = "get_LogFilePath",
    [39] = "put_LogFilePath",
    [40] = "get_IncludeModules",
    [41] = "put_IncludeModules",
    [42] = "get_IncludeApis",
    [43] = "put_IncludeApis",
    [44] = "get_ExcludeApis",
    [45] = "put_ExcludeApis",
};

/* MS-PLA */
static const char *const idata_collector_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Count",
    [8] = "get_Item",
    [9] = "get__NewEnum",
    [10] = "Add",
    [11] = "Remove",
    [12] = "Clear",
    [13] = "AddRange",
    [14] = "CreateDataCollectorFromXml",
    [15] = "CreateDataCollector",
};

/* MS-PLA */
static const char *const idata_collector_set_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Count", [8] = "get_Item",
    [9] = "get__NewEnum",    [10] = "Add",      [11] = "Remove",
    [12] = "Clear",          [13] = "AddRange", [14] = "GetDataCollectorSets",
};

/* MS-PLA */
static const char *const itrace_data_provider_operations[] = {
    RPC_DISPATCH_OPERATIONS,    [7] = "get_DisplayName",
    [8] = "put_DisplayName",    [9] = "get_Guid",
    [10] = "put_Guid",          [11] = "get_Level",
    [12] = "get_KeywordsAny",   [13] = "get_KeywordsAll",
    [14] = "get_Properties",    [15] = "get_FilterEnabled",
    [16] = "put_FilterEnabled", [17] = "get_FilterType",
    [18] = "put_FilterType",    [19] = "get_FilterData",
    [20] = "put_FilterData",    [21] = "Query",
    [22] = "Resolve",           [23] = "SetSecurity",
    [24] = "GetSecurity",       [25] = "GetRegisteredProcesses",
};

/* MS-PLA */
static const char *const itrace_data_provider_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Count",
    [8] = "get_Item",
    [9] = "get__NewEnum",
    [10] = "Add",
    [11] = "Remove",
    [12] = "Clear",
    [13] = "AddRange",
    [14] = "CreateTraceDataProvider",
    [15] = "GetTraceDataProviders",
    [16] = "GetTraceDataProvidersByProcess",
};

/* MS-PLA */
static const char *const ischedule_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_StartDate", [8] = "put_StartDate",
    [9] = "get_EndDate",     [10] = "put_EndDate",  [11] = "get_StartTime",
    [12] = "put_StartTime",  [13] = "get_Days",     [14] = "put_Days",
};

/* MS-PLA */
static const char *const ischedule_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Count", [8] = "get_Item",  [9] = "get__NewEnum",    [10] = "Add",
    [11] = "Remove",         [12] = "Clear",    [13] = "AddRange", [14] = "CreateSchedule",
};

/* MS-PLA */
static const char *const ivalue_map_item_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Description",   [8] = "put_Description",   [9] = "get_Enabled",
    [10] = "put_Enabled",    [11] = "get_Key",          [12] = "put_Key",          [13] = "get_Value",
    [14] = "put_Value",      [15] = "get_ValueMapType", [16] = "put_ValueMapType",
};

/* MS-PLA */
static const char *const ivalue_map_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Count",
    [8] = "get_Item",
    [9] = "get__NewEnum",
    [10] = "get_Description",
    [11] = "put_Description",
    [12] = "get_Value",
    [13] = "put_Value",
    [14] = "get_ValueMapType",
    [15] = "put_ValueMapType",
    [16] = "Add",
    [17] = "Remove",
    [18] = "Clear",
    [19] = "AddRange",
    [20] = "CreateValueMapItem",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(03837520, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IDataCollectorSet",
     RPC_OPERATIONS(idata_collector_set_operations)},
    {.uuid = RPC_UUID(03837541, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IDataManager",
     RPC_OPERATIONS(idata_manager_operations)},
    {.uuid = RPC_UUID(03837543, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IFolderAction",
     RPC_OPERATIONS(ifolder_action_operations)},
    {.uuid = RPC_UUID(03837544, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IFolderActionCollection",
     RPC_OPERATIONS(ifolder_action_collection_operations)},
    {.uuid = RPC_UUID(038374ff, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IDataCollector",
     RPC_OPERATIONS(idata_collector_operations)},
    {.uuid = RPC_UUID(03837506, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IPerformanceCounterDataCollector",
     RPC_OPERATIONS(iperformance_counter_data_collector_operations)},
    {.uuid = RPC_UUID(0383750b, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "ITraceDataCollector",
     RPC_OPERATIONS(itrace_data_collector_operations)},
    {.uuid = RPC_UUID(03837514, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IConfigurationDataCollector",
     RPC_OPERATIONS(iconfiguration_data_collector_operations)},
    {.uuid = RPC_UUID(03837516, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IAlertDataCollector",
     RPC_OPERATIONS(ialert_data_collector_operations)},
    {.uuid = RPC_UUID(0383751a, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IApiTracingDataCollector",
     RPC_OPERATIONS(iapi_tracing_data_collector_operations)},
    {.uuid = RPC_UUID(03837502, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IDataCollectorCollection",
     RPC_OPERATIONS(idata_collector_collection_operations)},
    {.uuid = RPC_UUID(03837524, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IDataCollectorSetCollection",
     RPC_OPERATIONS(idata_collector_set_collection_operations)},
    {.uuid = RPC_UUID(03837512, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "ITraceDataProvider",
     RPC_OPERATIONS(itrace_data_provider_operations)},
    {.uuid = RPC_UUID(03837510, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "ITraceDataProviderCollection",
     RPC_OPERATIONS(itrace_data_provider_collection_operations)},
    {.uuid = RPC_UUID(0383753a, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "ISchedule",
     RPC_OPERATIONS(ischedule_operations)},
    {.uuid = RPC_UUID(0383753d, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IScheduleCollection",
     RPC_OPERATIONS(ischedule_collection_operations)},
    {.uuid = RPC_UUID(03837533, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IValueMapItem",
     RPC_OPERATIONS(ivalue_map_item_operations)},
    {.uuid = RPC_UUID(03837534, 098b, 11d8, 9414, 505054503030),
     .major = 0,
     .name = "IValueMap",
     RPC_OPERATIONS(ivalue_map_operations)},
};

const struct rpc_interfaces rpc_interfaces_performance = {interfaces, ARRAY_COUNT(interfaces)};
