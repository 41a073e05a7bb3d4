/*
 * rpc_interfaces_web - web servers: metabase, configuration, control.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MC-IISA */
static const char *const iapp_host_method_operations[] = {
    [3] = "get_Name",
    [4] = "get_Schema",
    [5] = "CreateInstance",
};

/* MC-IISA */
static const char *const iapp_host_method_instance_operations[] = {
    [3] = "get_Input", [4] = "get_Output", [5] = "Execute", [6] = "GetMetadata", [7] = "SetMetadata",
};

/* MC-IISA */
static const char *const iapp_host_element_operations[] = {
    [3] = "get_Name",           [4] = "get_Collection", [5] = "get_Properties", [6] = "get_ChildElements",
    [7] = "GetMetadata",        [8] = "SetMetadata",    [9] = "get_Schema",     [10] = "GetElementByName",
    [11] = "GetPropertyByName", [12] = "Clear",         [13] = "get_Methods",
};

/* MC-IISA */
static const char *const iapp_host_property_operations[] = {
    [3] = "get_Name",    [4] = "get_Value",       [5] = "put_Value",
    [6] = "Clear",       [7] = "get_StringValue", [8] = "get_Exception",
    [9] = "GetMetadata", [10] = "SetMetadata",    [11] = "get_Schema",
};

/* MC-IISA */
static const char *const iapp_host_config_location_operations[] = {
    [3] = "get_Path",         [4] = "get_Count",           [5] = "get_Item",
    [6] = "AddConfigSection", [7] = "DeleteConfigSection",
};

/* MC-IISA */
static const char *const iapp_host_element_schema_operations[] = {
    [3] = "get_Name",
    [4] = "get_DoesAllowUnschematizedProperties",
    [5] = "GetMetadata",
    [6] = "get_CollectionSchema",
    [7] = "get_ChildElementSchemas",
    [8] = "get_PropertySchemas",
    [9] = "get_IsCollectionDefault",
};

/* MC-IISA */
static const char *const iapp_host_property_schema_operations[] = {
    [3] = "get_Name",
    [4] = "get_Type",
    [5] = "get_DefaultValue",
    [6] = "get_IsRequired",
    [7] = "get_IsUniqueKey",
    [8] = "get_IsCombinedKey",
    [9] = "get_IsExpanded",
    [10] = "get_ValidationType",
    [11] = "get_ValidationParameter",
    [12] = "GetMetadata",
    [13] = "get_IsCaseSensitive",
    [14] = "get_PossibleValues",
    [15] = "get_DoesAllowInfinite",
    [16] = "get_IsEncrypted",
    [17] = "get_TimeSpanFormat",
};

/* MC-IISA */
static const char *const iapp_host_constant_value_operations[] = {
    [3] = "get_Name",
    [4] = "get_Value",
};

/* MC-IISA */
static const char *const iapp_host_config_manager_operations[] = {
    [3] = "GetConfigFile",
    [4] = "GetUniqueConfigPath",
};

/* MC-IISA */
static const char *const iapp_host_mapping_extension_operations[] = {
    [3] = "GetSiteNameFromSiteId",
    [4] = "GetSiteIdFromSiteName",
    [5] = "GetSiteElementFromSiteId",
    [6] = "MapPath",
};

/* MC-IISA */
static const char *const iapp_host_child_element_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
};

/* MC-IISA */
static const char *const iapp_host_property_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
};

/* MC-IISA */
static const char *const iapp_host_config_location_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
    [5] = "AddLocation",
    [6] = "DeleteLocation",
};

/* MC-IISA */
static const char *const iapp_host_method_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
};

/* MC-IISA */
static const char *const iapp_host_element_schema_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
};

/* MC-IISA */
static const char *const iapp_host_property_schema_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
};

/* MC-IISA */
static const char *const iapp_host_constant_value_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
};

/* MC-IISA */
static const char *const iapp_host_collection_schema_operations[] = {
    [3] = "get_AddElementNames",     [4] = "GetAddElementSchema", [5] = "get_RemoveElementSchema",
    [6] = "get_ClearElementSchema",  [7] = "get_IsMergeAppend",   [8] = "GetMetadata",
    [9] = "get_DoesAllowDuplicates",
};

/* MC-IISA */
static const char *const iapp_host_method_schema_operations[] = {
    [3] = "get_Name",
    [4] = "get_InputSchema",
    [5] = "get_OutputSchema",
    [6] = "GetMetadata",
};

/* MC-IISA */
#define IAPP_HOST_CONFIG_EXCEPTION_OPERATIONS                                                                \
    [3] = "get_LineNumber", [4] = "get_FileName", [5] = "get_ConfigPath", [6] = "get_ErrorLine",             \
    [7] = "get_PreErrorLine", [8] = "get_PostErrorLine", [9] = "get_ErrorString"
static const char *const iapp_host_config_exception_operations[] = {IAPP_HOST_CONFIG_EXCEPTION_OPERATIONS};

/* MC-IISA */
static const char *const iapp_host_property_exception_operations[] = {
    IAPP_HOST_CONFIG_EXCEPTION_OPERATIONS,
    [10] = "get_InvalidValue",
    [11] = "get_ValidationFailureReason",
    [12] = "get_ValidationFailureParameters",
};

/* MC-IISA */
static const char *const iapp_host_element_collection_operations[] = {
    [3] = "get_Count", [4] = "get_Item",         [5] = "AddElement", [6] = "DeleteElement",
    [7] = "Clear",     [8] = "CreateNewElement", [9] = "get_Schema",
};

/* MC-IISA */
static const char *const iapp_host_section_definition_operations[] = {
    [3] = "get_Name",
    [4] = "get_Type",
    [5] = "put_Type",
    [6] = "get_OverrideModeDefault",
    [7] = "put_OverrideModeDefault",
    [8] = "get_AllowDefinition",
    [9] = "put_AllowDefinition",
    [10] = "get_AllowLocation",
    [11] = "put_AllowLocation",
};

/* MC-IISA */
static const char *const iapp_host_section_definition_collection_operations[] = {
    [3] = "get_Count",
    [4] = "get_Item",
    [5] = "AddSection",
    [6] = "DeleteSection",
};

/* MC-IISA */
static const char *const iapp_host_section_group_operations[] = {
    [3] = "get_Count",          [4] = "get_Item", [5] = "get_Sections", [6] = "AddSectionGroup",
    [7] = "DeleteSectionGroup", [8] = "get_Name", [9] = "get_Type",     [10] = "put_Type",
};

/* MC-IISA */
static const char *const iapp_host_config_file_operations[] = {
    [3] = "get_ConfigPath", [4] = "get_FilePath", [5] = "get_Locations",        [6] = "GetAdminSection",
    [7] = "GetMetadata",    [8] = "SetMetadata",  [9] = "ClearInvalidSections", [10] = "get_RootSectionGroup",
};

/* MC-IISA */
static const char *const iapp_host_path_mapper_operations[] = {
    [3] = "MapPath",
};

/* MC-IISA */
static const char *const iapp_host_change_handler_operations[] = {
    [3] = "OnSectionChanges",
};

/* MC-IISA */
#define IAPP_HOST_ADMIN_MANAGER_OPERATIONS                                                                   \
    [3] = "GetAdminSection", [4] = "GetMetadata", [5] = "SetMetadata", [6] = "get_ConfigManager"
static const char *const iapp_host_admin_manager_operations[] = {IAPP_HOST_ADMIN_MANAGER_OPERATIONS};

/* MC-IISA */
static const char *const iapp_host_writable_admin_manager_operations[] = {
    IAPP_HOST_ADMIN_MANAGER_OPERATIONS,
    [7] = "CommitChanges",
    [8] = "get_CommitPath",
    [9] = "put_CommitPath",
};

/* MS-IISS */
static const char *const iiis_service_control_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "Stop", [8] = "Start", [9] = "Reboot", [10] = "Status", [11] = "Kill",
};

/* MS-IMSA */
#define IMS_ADMIN_BASE_W_OPERATIONS                                                                          \
    [3] = "AddKey", [4] = "DeleteKey", [5] = "DeleteChildKeys", [6] = "EnumKeys", [7] = "CopyKey",           \
    [8] = "RenameKey", [9] = "R_SetData", [10] = "R_GetData", [11] = "DeleteData", [12] = "R_EnumData",      \
    [13] = "R_GetAllData", [14] = "DeleteAllData", [15] = "CopyData", [16] = "GetDataPaths",                 \
    [17] = "OpenKey", [18] = "CloseKey", [19] = "ChangePermissions", [20] = "SaveData",                      \
    [21] = "GetHandleInfo", [22] = "GetSystemChangeNumber", [23] = "GetDataSetNumber",                       \
    [24] = "SetLastChangeTime", [25] = "GetLastChangeTime", [26] = "R_KeyExchangePhase1",                    \
    [27] = "R_KeyExchangePhase2", [28] = "Backup", [29] = "Restore", [30] = "EnumBackups",                   \
    [31] = "DeleteBackup", [32] = "UnmarshalInterface", [33] = "R_GetServerGuid"
static const char *const ims_admin_base_w_operations[] = {IMS_ADMIN_BASE_W_OPERATIONS};

/* MS-IMSA */
#define IMS_ADMIN_BASE2_W_OPERATIONS                                                                         \
    IMS_ADMIN_BASE_W_OPERATIONS, [34] = "BackupWithPasswd", [35] = "RestoreWithPasswd", [36] = "Export",     \
                                 [37] = "Import", [38] = "RestoreHistory", [39] = "EnumHistory"
static const char *const ims_admin_base2_w_operations[] = {IMS_ADMIN_BASE2_W_OPERATIONS};

/* MS-IMSA */
static const char *const ims_admin_base3_w_operations[] = {
    IMS_ADMIN_BASE2_W_OPERATIONS,
    [40] = "GetChildPaths",
};

/* MS-IMSA */
#define IWAM_ADMIN_OPERATIONS                                                                                \
    [3] = "AppCreate", [4] = "AppDelete", [5] = "AppUnLoad", [6] = "AppGetStatus",                           \
    [7] = "AppDeleteRecoverable", [8] = "AppRecover"
static const char *const iwam_admin_operations[] = {IWAM_ADMIN_OPERATIONS};

/* MS-IMSA */
static const char *const iwam_admin2_operations[] = {
    IWAM_ADMIN_OPERATIONS,
    [9] = "AppCreate2",
};

/* MS-IMSA */
static const char *const iiis_application_admin_operations[] = {
    [3] = "CreateApplication",     [4] = "DeleteApplication",           [5] = "CreateApplicationPool",
    [6] = "DeleteApplicationPool", [7] = "EnumerateApplicationsInPool", [8] = "RecycleApplicationPool",
    [9] = "GetProcessMode",
};

/* MS-IMSA */
static const char *const iiis_cert_obj_operations[] = {
    RPC_DISPATCH_OPERATIONS,        [10] = "put_InstanceName",  [12] = "IsInstalledRemote",
    [14] = "IsExportableRemote",    [16] = "GetCertInfoRemote", [22] = "ImportFromBlob",
    [23] = "ImportFromBlobGetHash", [25] = "ExportToBlob",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(7883ca1c, 1112, 4447, 84c3, 52fbeb38069d),
     .major = 0,
     .name = "IAppHostMethod",
     RPC_OPERATIONS(iapp_host_method_operations)},
    {.uuid = RPC_UUID(b80f3c42, 60e0, 4ae0, 9007, f52852d3dbed),
     .major = 0,
     .name = "IAppHostMethodInstance",
     RPC_OPERATIONS(iapp_host_method_instance_operations)},
    {.uuid = RPC_UUID(64ff8ccc, b287, 4dae, b08a, a72cbf45f453),
     .major = 0,
     .name = "IAppHostElement",
     RPC_OPERATIONS(iapp_host_element_operations)},
    {.uuid = RPC_UUID(ed35f7a1, 5024, 4e7b, a44d, 07ddaf4b524d),
     .major = 0,
     .name = "IAppHostProperty",
     RPC_OPERATIONS(iapp_host_property_operations)},
    {.uuid = RPC_UUID(370af178, 7758, 4dad, 8146, 7391f6e18585),
     .major = 0,
     .name = "IAppHostConfigLocation",
     RPC_OPERATIONS(iapp_host_config_location_operations)},
    {.uuid = RPC_UUID(ef13d885, 642c, 4709, 99ec, b89561c6bc69),
     .major = 0,
     .name = "IAppHostElementSchema",
     RPC_OPERATIONS(iapp_host_element_schema_operations)},
    {.uuid = RPC_UUID(450386db, 7409, 4667, 935e, 384dbbee2a9e),
     .major = 0,
     .name = "IAppHostPropertySchema",
     RPC_OPERATIONS(iapp_host_property_schema_operations)},
    {.uuid = RPC_UUID(0716caf8, 7d05, 4a46, 8099, 77594be91394),
     .major = 0,
     .name = "IAppHostConstantValue",
     RPC_OPERATIONS(iapp_host_constant_value_operations)},
    {.uuid = RPC_UUID(8f6d760f, f0cb, 4d69, b5f6, 848b33e9bdc6),
     .major = 0,
     .name = "IAppHostConfigManager",
     RPC_OPERATIONS(iapp_host_config_manager_operations)},
    {.uuid = RPC_UUID(31a83ea0, c0e4, 4a2c, 8a01, 353cc2a4c60a),
     .major = 0,
     .name = "IAppHostMappingExtension",
     RPC_OPERATIONS(iapp_host_mapping_extension_operations)},
    {.uuid = RPC_UUID(08a90f5f, 0702, 48d6, b45f, 02a9885a9768),
     .major = 0,
     .name = "IAppHostChildElementCollection",
     RPC_OPERATIONS(iapp_host_child_element_collection_operations)},
    {.uuid = RPC_UUID(0191775e, bcff, 445a, b4f4, 3bdda54e2816),
     .major = 0,
     .name = "IAppHostPropertyCollection",
     RPC_OPERATIONS(iapp_host_property_collection_operations)},
    {.uuid = RPC_UUID(832a32f7, b3ea, 4b8c, b260, 9a2923001184),
     .major = 0,
     .name = "IAppHostConfigLocationCollection",
     RPC_OPERATIONS(iapp_host_config_location_collection_operations)},
    {.uuid = RPC_UUID(d6c7cd8f, bb8d, 4f96, b591, d3a5f1320269),
     .major = 0,
     .name = "IAppHostMethodCollection",
     RPC_OPERATIONS(iapp_host_method_collection_operations)},
    {.uuid = RPC_UUID(0344cdda, 151e, 4cbf, 82da, 66ae61e97754),
     .major = 0,
     .name = "IAppHostElementSchemaCollection",
     RPC_OPERATIONS(iapp_host_element_schema_collection_operations)},
    {.uuid = RPC_UUID(8bed2c68, a5fb, 4b28, 8581, a0dc5267419f),
     .major = 0,
     .name = "IAppHostPropertySchemaCollection",
     RPC_OPERATIONS(iapp_host_property_schema_collection_operations)},
    {.uuid = RPC_UUID(5b5a68e6, 8b9f, 45e1, 8199, a95ffccdffff),
     .major = 0,
     .name = "IAppHostConstantValueCollection",
     RPC_OPERATIONS(iapp_host_constant_value_collection_operations)},
    {.uuid = RPC_UUID(de095db1, 5368, 4d11, 81f6, efef619b7bcf),
     .major = 0,
     .name = "IAppHostCollectionSchema",
     RPC_OPERATIONS(iapp_host_collection_schema_operations)},
    {.uuid = RPC_UUID(2d9915fb, 9d42, 4328, b782, 1b46819fab9e),
     .major = 0,
     .name = "IAppHostMethodSchema",
     RPC_OPERATIONS(iapp_host_method_schema_operations)},
    {.uuid = RPC_UUID(4dfa1df3, 8900, 4bc7, bbb5, d1a458c52410),
     .major = 0,
     .name = "IAppHostConfigException",
     RPC_OPERATIONS(iapp_host_config_exception_operations)},
    {.uuid = RPC_UUID(eafe4895, a929, 41ea, b14d, 613e23f62b71),
     .major = 0,
     .name = "IAppHostPropertyException",
     RPC_OPERATIONS(iapp_host_property_exception_operations)},
    {.uuid = RPC_UUID(c8550bff, 5281, 4b1e, ac34, 99b6fa38464d),
     .major = 0,
     .name = "IAppHostElementCollection",
     RPC_OPERATIONS(iapp_host_element_collection_operations)},
    {.uuid = RPC_UUID(c5c04795, 321c, 4014, 8fd6, d44658799393),
     .major = 0,
     .name = "IAppHostSectionDefinition",
     RPC_OPERATIONS(iapp_host_section_definition_operations)},
    {.uuid = RPC_UUID(b7d381ee, 8860, 47a1, 8af4, 1f33b2b1f325),
     .major = 0,
     .name = "IAppHostSectionDefinitionCollection",
     RPC_OPERATIONS(iapp_host_section_definition_collection_operations)},
    {.uuid = RPC_UUID(0dd8a158, ebe6, 4008, a1d9, b7ecc8f1104b),
     .major = 0,
     .name = "IAppHostSectionGroup",
     RPC_OPERATIONS(iapp_host_section_group_operations)},
    {.uuid = RPC_UUID(ada4e6fb, e025, 401e, a5d0, c3134a281f07),
     .major = 0,
     .name = "IAppHostConfigFile",
     RPC_OPERATIONS(iapp_host_config_file_operations)},
    {.uuid = RPC_UUID(e7927575, 5cc3, 403b, 822e, 328a6b904bee),
     .major = 0,
     .name = "IAppHostPathMapper",
     RPC_OPERATIONS(iapp_host_path_mapper_operations)},
    {.uuid = RPC_UUID(09829352, 87c2, 418d, 8d79, 4133969a489d),
     .major = 0,
     .name = "IAppHostChangeHandler",
     RPC_OPERATIONS(iapp_host_change_handler_operations)},
    {.uuid = RPC_UUID(9be77978, 73ed, 4a9a, 87fd, 13f09fec1b13),
     .major = 0,
     .name = "IAppHostAdminManager",
     RPC_OPERATIONS(iapp_host_admin_manager_operations)},
    {.uuid = RPC_UUID(fa7660f6, 7b3f, 4237, a8bf, ed0ad0dcbbd9),
     .major = 0,
     .name = "IAppHostWritableAdminManager",
     RPC_OPERATIONS(iapp_host_writable_admin_manager_operations)},
    {.uuid = RPC_UUID(e8fb8620, 588f, 11d2, 9d61, 00c04f79c5fe),
     .major = 0,
     .name = "IIisServiceControl",
     RPC_OPERATIONS(iiis_service_control_operations)},
    {.uuid = RPC_UUID(70b51430, b6ca, 11d0, b9b9, 00a0c922e750),
     .major = 0,
     .name = "IMSAdminBaseW",
     RPC_OPERATIONS(ims_admin_base_w_operations)},
    {.uuid = RPC_UUID(8298d101, f992, 43b7, 8eca, 5052d885b995),
     .major = 0,
     .name = "IMSAdminBase2W",
     RPC_OPERATIONS(ims_admin_base2_w_operations)},
    {.uuid = RPC_UUID(f612954d, 3b0b, 4c56, 9563, 227b7be624b4),
     .major = 0,
     .name = "IMSAdminBase3W",
     RPC_OPERATIONS(ims_admin_base3_w_operations)},
    {.uuid = RPC_UUID(29822ab7, f302, 11d0, 9953, 00c04fd919c1),
     .major = 0,
     .name = "IWamAdmin",
     RPC_OPERATIONS(iwam_admin_operations)},
    {.uuid = RPC_UUID(29822ab8, f302, 11d0, 9953, 00c04fd919c1),
     .major = 0,
     .name = "IWamAdmin2",
     RPC_OPERATIONS(iwam_admin2_operations)},
    {.uuid = RPC_UUID(7c4e1804, e342, 483d, a43e, a850cfcc8d18),
     .major = 0,
     .name = "IIISApplicationAdmin",
     RPC_OPERATIONS(iiis_application_admin_operations)},
    {.uuid = RPC_UUID(bd0c73bc, 805b, 4043, 9c30, 9a28d64dd7d2),
     .major = 0,
     .name = "IIISCertObj",
     RPC_OPERATIONS(iiis_cert_obj_operations)},
};

const struct rpc_interfaces rpc_interfaces_web = {interfaces, ARRAY_COUNT(interfaces)};
