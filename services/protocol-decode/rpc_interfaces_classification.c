/*
 * rpc_interfaces_classification - classification, reports and management jobs of file servers.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-FSRM */
static const char *const ifsrm_action_report_operations[] = {
    RPC_DISPATCH_OPERATIONS,       [7] = "get_Id",
    [8] = "get_ActionType",        [9] = "get_RunLimitInterval",
    [10] = "put_RunLimitInterval", [11] = "Delete",
    [12] = "get_ReportTypes",      [13] = "put_ReportTypes",
    [14] = "get_MailTo",           [15] = "put_MailTo",
};

/* MS-FSRM */
#define IFSRM_PROPERTY_DEFINITION_OPERATIONS                                                                 \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_Id", [8] = "get_Description", [9] = "put_Description", [10] = "Delete", [11] = "Commit",  \
        [12] = "get_Name", [13] = "put_Name", [14] = "get_Type", [15] = "put_Type",                          \
        [16] = "get_PossibleValues", [17] = "put_PossibleValues", [18] = "get_ValueDescriptions",            \
        [19] = "put_ValueDescriptions", [20] = "get_Parameters", [21] = "put_Parameters"
static const char *const ifsrm_property_definition_operations[] = {IFSRM_PROPERTY_DEFINITION_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_property_definition2_operations[] = {
    IFSRM_PROPERTY_DEFINITION_OPERATIONS,
    [22] = "get_PropertyDefinitionFlags",
    [23] = "get_DisplayName",
    [24] = "put_DisplayName",
    [25] = "get_AppliesTo",
    [26] = "get_ValueDefinitions",
};

/* MS-FSRM */
static const char *const ifsrm_property_definition_value_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Name",      [8] = "get_DisplayName",
    [9] = "get_Description", [10] = "get_UniqueID",
};

/* MS-FSRM */
static const char *const ifsrm_property_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Name",           [8] = "get_Value",
    [9] = "get_Sources",     [10] = "get_PropertyFlags",
};

/* MS-FSRM */
#define IFSRM_RULE_OPERATIONS                                                                                \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_Id", [8] = "get_Description", [9] = "put_Description", [10] = "Delete", [11] = "Commit",  \
        [12] = "get_Name", [13] = "put_Name", [14] = "get_RuleType", [15] = "get_ModuleDefinitionName",      \
        [16] = "put_ModuleDefinitionName", [17] = "get_NamespaceRoots", [18] = "put_NamespaceRoots",         \
        [19] = "get_RuleFlags", [20] = "put_RuleFlags", [21] = "get_Parameters", [22] = "put_Parameters",    \
        [23] = "get_LastModified"
static const char *const ifsrm_rule_operations[] = {IFSRM_RULE_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_classification_rule_operations[] = {
    IFSRM_RULE_OPERATIONS,
    [24] = "get_ExecutionOption",
    [25] = "put_ExecutionOption",
    [26] = "get_PropertyAffected",
    [27] = "put_PropertyAffected",
    [28] = "get_Value",
    [29] = "put_Value",
};

/* MS-FSRM */
#define IFSRM_PIPELINE_MODULE_DEFINITION_OPERATIONS                                                          \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_Id", [8] = "get_Description", [9] = "put_Description", [10] = "Delete", [11] = "Commit",  \
        [12] = "get_ModuleClsid", [13] = "put_ModuleClsid", [14] = "get_Name", [15] = "put_Name",            \
        [16] = "get_Company", [17] = "put_Company", [18] = "get_Version", [19] = "put_Version",              \
        [20] = "get_ModuleType", [21] = "get_Enabled", [22] = "put_Enabled", [23] = "get_NeedsFileContent",  \
        [24] = "put_NeedsFileContent", [25] = "get_Account", [26] = "put_Account",                           \
        [27] = "get_SupportedExtensions", [28] = "put_SupportedExtensions", [29] = "get_Parameters",         \
        [30] = "put_Parameters"
static const char *const ifsrm_pipeline_module_definition_operations[] = {
    IFSRM_PIPELINE_MODULE_DEFINITION_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_classifier_module_definition_operations[] = {
    IFSRM_PIPELINE_MODULE_DEFINITION_OPERATIONS,
    [31] = "get_PropertiesAffected",
    [32] = "put_PropertiesAffected",
    [33] = "get_PropertiesUsed",
    [34] = "put_PropertiesUsed",
    [35] = "get_NeedsExplicitValue",
    [36] = "put_NeedsExplicitValue",
};

/* MS-FSRM */
static const char *const ifsrm_classification_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_ClassificationReportFormats",
    [8] = "put_ClassificationReportFormats",
    [9] = "get_Logging",
    [10] = "put_Logging",
    [11] = "get_ClassificationReportMailTo",
    [12] = "put_ClassificationReportMailTo",
    [13] = "get_ClassificationReportEnabled",
    [14] = "put_ClassificationReportEnabled",
    [15] = "get_ClassificationLastReportPathWithoutExtension",
    [16] = "get_ClassificationLastError",
    [17] = "get_ClassificationRunningStatus",
    [18] = "EnumPropertyDefinitions",
    [19] = "CreatePropertyDefinition",
    [20] = "GetPropertyDefinition",
    [21] = "EnumRules",
    [22] = "CreateRule",
    [23] = "GetRule",
    [24] = "EnumModuleDefinitions",
    [25] = "CreateModuleDefinition",
    [26] = "GetModuleDefinition",
    [27] = "RunClassification",
    [28] = "WaitForClassificationCompletion",
    [29] = "CancelClassification",
    [30] = "EnumFileProperties",
    [31] = "GetFileProperty",
    [32] = "SetFileProperty",
    [33] = "ClearFileProperty",
};

/* MS-FSRM */
static const char *const ifsrm_storage_module_definition_operations[] = {
    IFSRM_PIPELINE_MODULE_DEFINITION_OPERATIONS,
    [31] = "get_Capabilities",
    [32] = "put_Capabilities",
    [33] = "get_StorageType",
    [34] = "put_StorageType",
    [35] = "get_UpdatesFileContent",
    [36] = "put_UpdatesFileContent",
};

/* MS-FSRM */
static const char *const ifsrm_report_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "EnumReportJobs",
    [8] = "CreateReportJob",
    [9] = "GetReportJob",
    [10] = "GetOutputDirectory",
    [11] = "SetOutputDirectory",
    [12] = "IsFilterValidForReportType",
    [13] = "GetDefaultFilter",
    [14] = "SetDefaultFilter",
    [15] = "GetReportSizeLimit",
    [16] = "SetReportSizeLimit",
};

/* MS-FSRM */
static const char *const ifsrm_report_job_operations[] = {
    RPC_DISPATCH_OPERATIONS,     [7] = "get_Id",         [8] = "get_Description",
    [9] = "put_Description",     [10] = "Delete",        [11] = "Commit",
    [12] = "get_Task",           [13] = "put_Task",      [14] = "get_NamespaceRoots",
    [15] = "put_NamespaceRoots", [16] = "get_Formats",   [17] = "put_Formats",
    [18] = "get_MailTo",         [19] = "put_MailTo",    [20] = "get_RunningStatus",
    [21] = "get_LastRun",        [22] = "get_LastError", [23] = "get_LastGeneratedInDirectory",
    [24] = "EnumReports",        [25] = "CreateReport",  [26] = "Run",
    [27] = "WaitForCompletion",  [28] = "Cancel",
};

/* MS-FSRM */
static const char *const ifsrm_report_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Type",
    [8] = "get_Name",
    [9] = "put_Name",
    [10] = "get_Description",
    [11] = "put_Description",
    [12] = "get_LastGeneratedFileNamePrefix",
    [13] = "GetFilter",
    [14] = "SetFilter",
    [15] = "Delete",
};

/* MS-FSRM */
static const char *const ifsrm_file_management_job_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS,        [7] = "get_ActionVariables",      [8] = "get_ActionVariableDescriptions",
    [9] = "EnumFileManagementJobs", [10] = "CreateFileManagementJob", [11] = "GetFileManagementJob",
};

/* MS-FSRM */
static const char *const ifsrm_file_management_job_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Id",
    [8] = "get_Description",
    [9] = "put_Description",
    [10] = "Delete",
    [11] = "Commit",
    [12] = "get_Name",
    [13] = "put_Name",
    [14] = "get_NamespaceRoots",
    [15] = "put_NamespaceRoots",
    [16] = "get_Enabled",
    [17] = "put_Enabled",
    [18] = "get_OperationType",
    [19] = "put_OperationType",
    [20] = "get_ExpirationDirectory",
    [21] = "put_ExpirationDirectory",
    [22] = "get_CustomAction",
    [23] = "get_Notifications",
    [24] = "get_Logging",
    [25] = "put_Logging",
    [26] = "get_ReportEnabled",
    [27] = "put_ReportEnabled",
    [28] = "get_Formats",
    [29] = "put_Formats",
    [30] = "get_MailTo",
    [31] = "put_MailTo",
    [32] = "get_DaysSinceFileCreated",
    [33] = "put_DaysSinceFileCreated",
    [34] = "get_DaysSinceFileLastAccessed",
    [35] = "put_DaysSinceFileLastAccessed",
    [36] = "get_DaysSinceFileLastModified",
    [37] = "put_DaysSinceFileLastModified",
    [38] = "get_PropertyConditions",
    [39] = "get_FromDate",
    [40] = "put_FromDate",
    [41] = "get_Task",
    [42] = "put_Task",
    [43] = "get_Parameters",
    [44] = "put_Parameters",
    [45] = "get_RunningStatus",
    [46] = "get_LastError",
    [47] = "get_LastReportPathWithoutExtension",
    [48] = "get_LastRun",
    [49] = "get_FileNamePattern",
    [50] = "put_FileNamePattern",
    [51] = "Run",
    [52] = "WaitForCompletion",
    [53] = "Cancel",
    [54] = "AddNotification",
    [55] = "DeleteNotification",
    [56] = "ModifyNotification",
    [57] = "CreateNotificationAction",
    [58] = "EnumNotificationActions",
    [59] = "CreatePropertyCondition",
    [60] = "CreateCustomAction",
};

/* MS-FSRM */
static const char *const ifsrm_property_condition_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_Name",   [8] = "put_Name",   [9] = "get_Type",
    [10] = "put_Type",       [11] = "get_Value", [12] = "put_Value", [13] = "Delete",
};

/* MS-FSRM */
static const char *const ifsrm_report_scheduler_operations[] = {
    RPC_DISPATCH_OPERATIONS,    [7] = "VerifyNamespaces",    [8] = "CreateScheduleTask",
    [9] = "ModifyScheduleTask", [10] = "DeleteScheduleTask",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(2dbe63c4, b340, 48a0, a5b0, 158e07fc567e),
     .major = 0,
     .name = "IFsrmActionReport",
     RPC_OPERATIONS(ifsrm_action_report_operations)},
    {.uuid = RPC_UUID(ede0150f, e9a3, 419c, 877c, 01fe5d24c5d3),
     .major = 0,
     .name = "IFsrmPropertyDefinition",
     RPC_OPERATIONS(ifsrm_property_definition_operations)},
    {.uuid = RPC_UUID(47782152, d16c, 4229, b4e1, 0ddfe308b9f6),
     .major = 0,
     .name = "IFsrmPropertyDefinition2",
     RPC_OPERATIONS(ifsrm_property_definition2_operations)},
    {.uuid = RPC_UUID(e946d148, bd67, 4178, 8e22, 1c44925ed710),
     .major = 0,
     .name = "IFsrmPropertyDefinitionValue",
     RPC_OPERATIONS(ifsrm_property_definition_value_operations)},
    {.uuid = RPC_UUID(4a73fee4, 4102, 4fcc, 9ffb, 38614f9ee768),
     .major = 0,
     .name = "IFsrmProperty",
     RPC_OPERATIONS(ifsrm_property_operations)},
    {.uuid = RPC_UUID(cb0df960, 16f5, 4495, 9079, 3f9360d831df),
     .major = 0,
     .name = "IFsrmRule",
     RPC_OPERATIONS(ifsrm_rule_operations)},
    {.uuid = RPC_UUID(afc052c2, 5315, 45ab, 841b, c6db0e120148),
     .major = 0,
     .name = "IFsrmClassificationRule",
     RPC_OPERATIONS(ifsrm_classification_rule_operations)},
    {.uuid = RPC_UUID(515c1277, 2c81, 440e, 8fcf, 367921ed4f59),
     .major = 0,
     .name = "IFsrmPipelineModuleDefinition",
     RPC_OPERATIONS(ifsrm_pipeline_module_definition_operations)},
    {.uuid = RPC_UUID(bb36ea26, 6318, 4b8c, 8592, f72dd602e7a5),
     .major = 0,
     .name = "IFsrmClassifierModuleDefinition",
     RPC_OPERATIONS(ifsrm_classifier_module_definition_operations)},
    {.uuid = RPC_UUID(d2dc89da, ee91, 48a0, 85d8, cc72a56f7d04),
     .major = 0,
     .name = "IFsrmClassificationManager",
     RPC_OPERATIONS(ifsrm_classification_manager_operations)},
    {.uuid = RPC_UUID(15a81350, 497d, 4aba, 80e9, d4dbcc5521fe),
     .major = 0,
     .name = "IFsrmStorageModuleDefinition",
     RPC_OPERATIONS(ifsrm_storage_module_definition_operations)},
    {.uuid = RPC_UUID(27b899fe, 6ffa, 4481, a184, d3daade8a02b),
     .major = 1,
     .name = "IFsrmReportManager",
     RPC_OPERATIONS(ifsrm_report_manager_operations)},
    {.uuid = RPC_UUID(38e87280, 715c, 4c7d, a280, ea1651a19fef),
     .major = 1,
     .name = "IFsrmReportJob",
     RPC_OPERATIONS(ifsrm_report_job_operations)},
    {.uuid = RPC_UUID(d8cc81d9, 46b8, 4fa4, bfa5, 4aa9dec9b638),
     .major = 1,
     .name = "IFsrmReport",
     RPC_OPERATIONS(ifsrm_report_operations)},
    {.uuid = RPC_UUID(ee321ecb, d95e, 48e9, 907c, c7685a013235),
     .major = 1,
     .name = "IFsrmFileManagementJobManager",
     RPC_OPERATIONS(ifsrm_file_management_job_manager_operations)},
    {.uuid = RPC_UUID(0770687e, 9f36, 4d6f, 8778, 599d188461c9),
     .major = 1,
     .name = "IFsrmFileManagementJob",
     RPC_OPERATIONS(ifsrm_file_management_job_operations)},
    {.uuid = RPC_UUID(326af66f, 2ac0, 4f68, bf8c, 4759f054fa29),
     .major = 1,
     .name = "IFsrmPropertyCondition",
     RPC_OPERATIONS(ifsrm_property_condition_operations)},
    {.uuid = RPC_UUID(6879caf9, 6617, 4484, 8719, 71c3d8645f94),
     .major = 1,
     .name = "IFsrmReportScheduler",
     RPC_OPERATIONS(ifsrm_report_scheduler_operations)},
};

const struct rpc_interfaces rpc_interfaces_classification = {interfaces, ARRAY_COUNT(interfaces)};
