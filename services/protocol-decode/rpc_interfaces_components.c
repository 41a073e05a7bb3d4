/*
 * rpc_interfaces_components - COM+: catalog, events, tracking.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-COMA */
static const char *const icatalog_session_operations[] = {
    [7] = "InitializeSession",
    [8] = "GetServerInformation",
};

/* MS-COMA */
static const char *const icatalog64_bit_support_operations[] = {
    [3] = "SupportsMultipleBitness",
    [4] = "Initialize64BitQueryCellSupport",
};

/* MS-COMA */
static const char *const icatalog_table_info_operations[] = {
    [3] = "GetClientTableInfo",
};

/* MS-COMA */
static const char *const icatalog_table_read_operations[] = {
    [3] = "ReadTable",
};

/* MS-COMA */
static const char *const icatalog_table_write_operations[] = {
    [3] = "WriteTable",
};

/* MS-COMA */
static const char *const iregister_operations[] = {
    [3] = "RegisterModule",
};

/* MS-COMA */
static const char *const iregister2_operations[] = {
    [3] = "CreateFullConfiguration",
    [4] = "CreateLegacyConfiguration",
    [5] = "PromoteLegacyConfiguration",
    [8] = "RegisterModule2",
};

/* MS-COMA */
static const char *const iimport_operations[] = {
    [3] = "ImportFromFile",
    [4] = "QueryFile",
};

/* MS-COMA */
static const char *const iimport2_operations[] = {
    [3] = "SetPartition",
};

/* MS-COMA */
static const char *const iexport_operations[] = {
    [3] = "ExportConglomeration",
};

/* MS-COMA */
static const char *const iexport2_operations[] = {
    [3] = "ExportPartition",
};

/* MS-COMA */
static const char *const ialternate_launch_operations[] = {
    [3] = "CreateConfiguration",
    [4] = "DeleteConfiguration",
};

/* MS-COMA */
static const char *const icatalog_utils_operations[] = {
    [3] = "ValidateUser",
    [4] = "WaitForEndWrites",
    [5] = "GetEventClassesForIID",
};

/* MS-COMA */
static const char *const icatalog_utils2_operations[] = {
    [3] = "CopyConglomerations",        [4] = "CopyComponentConfiguration", [5] = "AliasComponent",
    [6] = "MoveComponentConfiguration", [7] = "GetEventClassesForIID2",     [8] = "IsSafeToDelete",
    [9] = "FlushPartitionCache",        [10] = "EnumerateSRPLevels",        [11] = "GetComponentVersions",
};

/* MS-COMA */
static const char *const icapability_support_operations[] = {
    [3] = "Start",
    [4] = "Stop",
    [7] = "IsInstalled",
    [8] = "IsRunning",
};

/* MS-COMA */
static const char *const icontainer_control_operations[] = {
    [3] = "CreateContainer",
    [4] = "ShutdownContainers",
    [5] = "RefreshComponents",
};

/* MS-COMA */
static const char *const icontainer_control2_operations[] = {
    [3] = "ShutdownContainer",    [4] = "PauseContainer",
    [5] = "ResumeContainer",      [6] = "IsContainerPaused",
    [7] = "GetRunningContainers", [8] = "GetContainerIDFromProcessID",
    [9] = "RecycleContainer",     [10] = "GetContainerIDFromConglomerationID",
};

/* MS-COMA */
static const char *const ireplication_util_operations[] = {
    [3] = "CreateShare",
    [4] = "CreateEmptyDir",
    [5] = "RemoveShare",
    [6] = "BeginReplicationAsTarget",
    [7] = "QueryConglomerationPassword",
    [8] = "CreateReplicationDir",
};

/* MS-COMEV */
static const char *const ievent_object_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get__NewEnum", [8] = "get_Item", [9] = "get_NewEnum",
    [10] = "get_Count",      [11] = "Add",         [12] = "Remove",
};

/* MS-COMEV */
#define IEVENT_SYSTEM_OPERATIONS                                                                             \
    RPC_DISPATCH_OPERATIONS, [7] = "Query", [8] = "Store", [9] = "Remove",                                   \
                             [10] = "get_EventObjectChangeEventClassID", [11] = "QueryS", [12] = "RemoveS"
static const char *const ievent_system_operations[] = {IEVENT_SYSTEM_OPERATIONS};

/* MS-COMEV */
#define IEVENT_CLASS_OPERATIONS                                                                              \
    RPC_DISPATCH_OPERATIONS, [7] = "get_EventClassID", [8] = "put_EventClassID", [9] = "get_EventClassName", \
                             [10] = "put_EventClassName", [11] = "get_OwnerSID", [12] = "put_OwnerSID",      \
                             [13] = "get_FiringInterfaceID", [14] = "put_FiringInterfaceID",                 \
                             [15] = "get_Description", [16] = "put_Description", [19] = "get_TypeLib",       \
                             [20] = "put_TypeLib"
static const char *const ievent_class_operations[] = {IEVENT_CLASS_OPERATIONS};

/* MS-COMEV */
#define IEVENT_CLASS2_OPERATIONS                                                                             \
    IEVENT_CLASS_OPERATIONS,                                                                                 \
        [21] = "get_PublisherID", [22] = "put_PublisherID", [23] = "get_MultiInterfacePublisherFilterCLSID", \
        [24] = "put_MultiInterfacePublisherFilterCLSID", [25] = "get_AllowInprocActivation",                 \
        [26] = "put_AllowInprocActivation", [27] = "get_FireInParallel", [28] = "put_FireInParallel"
static const char *const ievent_class2_operations[] = {IEVENT_CLASS2_OPERATIONS};

/* MS-COMEV */
static const char *const ienum_event_object_operations[] = {
    [3] = "Clone",
    [4] = "Next",
    [5] = "Reset",
    [6] = "Skip",
};

/* MS-COMEV */
#define IEVENT_SUBSCRIPTION_OPERATIONS                                                                       \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_SubscriptionID", [8] = "put_SubscriptionID", [9] = "get_SubscriptionName",                \
        [10] = "put_SubscriptionName", [11] = "get_PublisherID", [12] = "put_PublisherID",                   \
        [13] = "get_EventClassID", [14] = "put_EventClassID", [15] = "get_MethodName",                       \
        [16] = "put_MethodName", [17] = "get_SubscriberCLSID", [18] = "put_SubscriberCLSID",                 \
        [19] = "get_SubscriberInterface", [20] = "put_SubscriberInterface", [21] = "get_PerUser",            \
        [22] = "put_PerUser", [23] = "get_OwnerSID", [24] = "put_OwnerSID", [25] = "get_Enabled",            \
        [26] = "put_Enabled", [27] = "get_Description", [28] = "put_Description", [29] = "get_MachineName",  \
        [30] = "put_MachineName", [31] = "GetPublisherProperty", [32] = "PutPublisherProperty",              \
        [33] = "RemovePublisherProperty", [34] = "GetPublisherPropertyCollection",                           \
        [35] = "GetSubscriberProperty", [36] = "PutSubscriberProperty", [37] = "RemoveSubscriberProperty",   \
        [38] = "GetSubscriberPropertyCollection", [39] = "get_InterfaceID", [40] = "put_InterfaceID"
static const char *const ievent_subscription_operations[] = {IEVENT_SUBSCRIPTION_OPERATIONS};

/* MS-COMEV */
#define IEVENT_SUBSCRIPTION2_OPERATIONS                                                                      \
    IEVENT_SUBSCRIPTION_OPERATIONS, [41] = "get_FilterCriteria", [42] = "put_FilterCriteria",                \
                                    [43] = "get_SubscriberMoniker", [44] = "put_SubscriberMoniker"
static const char *const ievent_subscription2_operations[] = {IEVENT_SUBSCRIPTION2_OPERATIONS};

/* MS-COMEV */
static const char *const ievent_class3_operations[] = {
    IEVENT_CLASS2_OPERATIONS,
    [29] = "get_EventClassPartitionID",
    [30] = "put_EventClassPartitionID",
    [31] = "get_EventClassApplicationID",
    [32] = "put_EventClassApplicationID",
};

/* MS-COMEV */
static const char *const ievent_subscription3_operations[] = {
    IEVENT_SUBSCRIPTION2_OPERATIONS,      [45] = "get_EventClassPartitionID",
    [46] = "put_EventClassPartitionID",   [47] = "get_EventClassApplicationID",
    [48] = "put_EventClassApplicationID", [49] = "get_SubscriberPartitionID",
    [50] = "put_SubscriberPartitionID",   [51] = "get_SubscriberApplicationID",
    [52] = "put_SubscriberApplicationID",
};

/* MS-COMEV */
static const char *const ievent_system2_operations[] = {
    IEVENT_SYSTEM_OPERATIONS,
    [13] = "GetVersion",
    [14] = "VerifyTransientSubscribers",
};

/* MS-COMEV */
static const char *const ievent_system_initialize_operations[] = {
    [3] = "SetCOMCatalogBehaviour",
};

/* MS-COMT */
static const char *const iget_tracking_data_operations[] = {
    [4] = "GetContainerData",
    [5] = "GetComponentDataByContainer",
    [6] = "GetComponentDataByContainerAndCLSID",
};

/* MS-COMT */
static const char *const icom_tracking_info_events_operations[] = {
    [3] = "OnNewTrackingInfo",
};

/* MS-COMT */
static const char *const iprocess_dump_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "IsSupported",
    [8] = "DumpProcess",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(182c40fa, 32e4, 11d0, 818b, 00a0c9231c29),
     .major = 0,
     .name = "ICatalogSession",
     RPC_OPERATIONS(icatalog_session_operations)},
    {.uuid = RPC_UUID(1d118904, 94b3, 4a64, 9fa6, ed432666a7b9),
     .major = 0,
     .name = "ICatalog64BitSupport",
     RPC_OPERATIONS(icatalog64_bit_support_operations)},
    {.uuid = RPC_UUID(a8927a41, d3ce, 11d1, 8472, 006008b0e5ca),
     .major = 0,
     .name = "ICatalogTableInfo",
     RPC_OPERATIONS(icatalog_table_info_operations)},
    {.uuid = RPC_UUID(0e3d6630, b46b, 11d1, 9d2d, 006008b0e5ca),
     .major = 0,
     .name = "ICatalogTableRead",
     RPC_OPERATIONS(icatalog_table_read_operations)},
    {.uuid = RPC_UUID(0e3d6631, b46b, 11d1, 9d2d, 006008b0e5ca),
     .major = 0,
     .name = "ICatalogTableWrite",
     RPC_OPERATIONS(icatalog_table_write_operations)},
    {.uuid = RPC_UUID(8db2180e, bd29, 11d1, 8b7e, 00c04fd7a924),
     .major = 0,
     .name = "IRegister",
     RPC_OPERATIONS(iregister_operations)},
    {.uuid = RPC_UUID(971668dc, c3fe, 4ea1, 9643, 0c7230f494a1),
     .major = 0,
     .name = "IRegister2",
     RPC_OPERATIONS(iregister2_operations)},
    {.uuid = RPC_UUID(c2be6970, df9e, 11d1, 8b87, 00c04fd7a924),
     .major = 0,
     .name = "IImport",
     RPC_OPERATIONS(iimport_operations)},
    {.uuid = RPC_UUID(1f7b1697, ecb2, 4cbb, 8a0e, 75c427f4a6f0),
     .major = 0,
     .name = "IImport2",
     RPC_OPERATIONS(iimport2_operations)},
    {.uuid = RPC_UUID(cfadac84, e12c, 11d1, b34c, 00c04f990d54),
     .major = 0,
     .name = "IExport",
     RPC_OPERATIONS(iexport_operations)},
    {.uuid = RPC_UUID(f131ea3e, b7be, 480e, a60d, 51cb2785779e),
     .major = 0,
     .name = "IExport2",
     RPC_OPERATIONS(iexport2_operations)},
    {.uuid = RPC_UUID(7f43b400, 1a0e, 4d57, bbc9, 6b0c65f7a889),
     .major = 0,
     .name = "IAlternateLaunch",
     RPC_OPERATIONS(ialternate_launch_operations)},
    {.uuid = RPC_UUID(456129e2, 1078, 11d2, b0f9, 00805fc73204),
     .major = 0,
     .name = "ICatalogUtils",
     RPC_OPERATIONS(icatalog_utils_operations)},
    {.uuid = RPC_UUID(c726744e, 5735, 4f08, 8286, c510ee638fb6),
     .major = 0,
     .name = "ICatalogUtils2",
     RPC_OPERATIONS(icatalog_utils2_operations)},
    {.uuid = RPC_UUID(47cde9a1, 0bf6, 11d2, 8016, 00c04fb9988e),
     .major = 0,
     .name = "ICapabilitySupport",
     RPC_OPERATIONS(icapability_support_operations)},
    {.uuid = RPC_UUID(3f3b1b86, dbbe, 11d1, 9da6, 00805f85cfe3),
     .major = 0,
     .name = "IContainerControl",
     RPC_OPERATIONS(icontainer_control_operations)},
    {.uuid = RPC_UUID(6c935649, 30a6, 4211, 8687, c4c83e5fe1c7),
     .major = 0,
     .name = "IContainerControl2",
     RPC_OPERATIONS(icontainer_control2_operations)},
    {.uuid = RPC_UUID(98315903, 7be5, 11d2, adc1, 00a02463d6e7),
     .major = 0,
     .name = "IReplicationUtil",
     RPC_OPERATIONS(ireplication_util_operations)},
    {.uuid = RPC_UUID(f89ac270, d4eb, 11d1, b682, 00805fc79216),
     .major = 0,
     .name = "IEventObjectCollection",
     RPC_OPERATIONS(ievent_object_collection_operations)},
    {.uuid = RPC_UUID(4e14fb9f, 2e22, 11d1, 9964, 00c04fbbb345),
     .major = 0,
     .name = "IEventSystem",
     RPC_OPERATIONS(ievent_system_operations)},
    {.uuid = RPC_UUID(fb2b72a0, 7a68, 11d1, 88f9, 0080c7d771bf),
     .major = 0,
     .name = "IEventClass",
     RPC_OPERATIONS(ievent_class_operations)},
    {.uuid = RPC_UUID(fb2b72a1, 7a68, 11d1, 88f9, 0080c7d771bf),
     .major = 0,
     .name = "IEventClass2",
     RPC_OPERATIONS(ievent_class2_operations)},
    {.uuid = RPC_UUID(f4a07d63, 2e25, 11d1, 9964, 00c04fbbb345),
     .major = 0,
     .name = "IEnumEventObject",
     RPC_OPERATIONS(ienum_event_object_operations)},
    {.uuid = RPC_UUID(4a6b0e15, 2e38, 11d1, 9965, 00c04fbbb345),
     .major = 0,
     .name = "IEventSubscription",
     RPC_OPERATIONS(ievent_subscription_operations)},
    {.uuid = RPC_UUID(4a6b0e16, 2e38, 11d1, 9965, 00c04fbbb345),
     .major = 0,
     .name = "IEventSubscription2",
     RPC_OPERATIONS(ievent_subscription2_operations)},
    {.uuid = RPC_UUID(7fb7ea43, 2d76, 4ea8, 8cd9, 3decc270295e),
     .major = 0,
     .name = "IEventClass3",
     RPC_OPERATIONS(ievent_class3_operations)},
    {.uuid = RPC_UUID(fbc1d17d, c498, 43a0, 81af, 423ddd530af6),
     .major = 0,
     .name = "IEventSubscription3",
     RPC_OPERATIONS(ievent_subscription3_operations)},
    {.uuid = RPC_UUID(99cc098f, a48a, 4e9c, 8e58, 965c0afc19d5),
     .major = 0,
     .name = "IEventSystem2",
     RPC_OPERATIONS(ievent_system2_operations)},
    {.uuid = RPC_UUID(a0e8f27a, 888c, 11d1, b763, 00c04fb926af),
     .major = 0,
     .name = "IEventSystemInitialize",
     RPC_OPERATIONS(ievent_system_initialize_operations)},
    {.uuid = RPC_UUID(b60040e0, bcf3, 11d1, 861d, 0080c729264d),
     .major = 0,
     .name = "IGetTrackingData",
     RPC_OPERATIONS(iget_tracking_data_operations)},
    {.uuid = RPC_UUID(4e6cdcc9, fb25, 4fd5, 9cc5, c9f4b6559cec),
     .major = 0,
     .name = "IComTrackingInfoEvents",
     RPC_OPERATIONS(icom_tracking_info_events_operations)},
    {.uuid = RPC_UUID(23c9dd26, 2355, 4fe2, 84de, f779a238adbd),
     .major = 0,
     .name = "IProcessDump",
     RPC_OPERATIONS(iprocess_dump_operations)},
};

const struct rpc_interfaces rpc_interfaces_components = {interfaces, ARRAY_COUNT(interfaces)};
