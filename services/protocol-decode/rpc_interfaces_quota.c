/*
 * rpc_interfaces_quota - quotas and file screens of file servers, and what is done about them.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-FSRM */
#define IFSRM_OBJECT_OPERATIONS                                                                              \
    RPC_DISPATCH_OPERATIONS, [7] = "get_Id", [8] = "get_Description", [9] = "put_Description",               \
                             [10] = "Delete", [11] = "Commit"
static const char *const ifsrm_object_operations[] = {IFSRM_OBJECT_OPERATIONS};

/* MS-FSRM */
#define IFSRM_COLLECTION_OPERATIONS                                                                          \
    RPC_DISPATCH_OPERATIONS, [7] = "get__NewEnum", [8] = "get_Item", [9] = "get_Count", [10] = "get_State",  \
                             [11] = "Cancel", [12] = "WaitForCompletion", [13] = "GetById"
static const char *const ifsrm_collection_operations[] = {IFSRM_COLLECTION_OPERATIONS};

/* MS-FSRM */
#define IFSRM_MUTABLE_COLLECTION_OPERATIONS                                                                  \
    IFSRM_COLLECTION_OPERATIONS, [14] = "Add", [15] = "Remove", [16] = "RemoveById", [17] = "Clone"
static const char *const ifsrm_mutable_collection_operations[] = {IFSRM_MUTABLE_COLLECTION_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_committable_collection_operations[] = {
    IFSRM_MUTABLE_COLLECTION_OPERATIONS,
    [18] = "Commit",
};

/* MS-FSRM */
#define IFSRM_ACTION_OPERATIONS                                                                              \
    RPC_DISPATCH_OPERATIONS, [7] = "get_Id", [8] = "get_ActionType", [9] = "get_RunLimitInterval",           \
                             [10] = "put_RunLimitInterval", [11] = "Delete"
static const char *const ifsrm_action_operations[] = {IFSRM_ACTION_OPERATIONS};

/* MS-FSRM */
#define IFSRM_ACTION_EMAIL_OPERATIONS                                                                        \
    IFSRM_ACTION_OPERATIONS, [12] = "get_MailFrom", [13] = "put_MailFrom", [14] = "get_MailReplyTo",         \
                             [15] = "put_MailReplyTo", [16] = "get_MailTo", [17] = "put_MailTo",             \
                             [18] = "get_MailCc", [19] = "put_MailCc", [20] = "get_MailBcc",                 \
                             [21] = "put_MailBcc", [22] = "get_MailSubject", [23] = "put_MailSubject",       \
                             [24] = "get_MessageText", [25] = "put_MessageText"
static const char *const ifsrm_action_email_operations[] = {IFSRM_ACTION_EMAIL_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_action_event_log_operations[] = {
    IFSRM_ACTION_OPERATIONS,  [12] = "get_EventType",   [13] = "put_EventType",
    [14] = "get_MessageText", [15] = "put_MessageText",
};

/* MS-FSRM */
static const char *const ifsrm_action_command_operations[] = {
    IFSRM_ACTION_OPERATIONS,     [12] = "get_ExecutablePath",   [13] = "put_ExecutablePath",
    [14] = "get_Arguments",      [15] = "put_Arguments",        [16] = "get_Account",
    [17] = "put_Account",        [18] = "get_WorkingDirectory", [19] = "put_WorkingDirectory",
    [20] = "get_MonitorCommand", [21] = "put_MonitorCommand",   [22] = "get_KillTimeOut",
    [23] = "put_KillTimeOut",    [24] = "get_LogResult",        [25] = "put_LogResult",
};

/* MS-FSRM */
static const char *const ifsrm_setting_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_SmtpServer",
    [8] = "put_SmtpServer",
    [9] = "get_MailFrom",
    [10] = "put_MailFrom",
    [11] = "get_AdminEmail",
    [12] = "put_AdminEmail",
    [13] = "get_DisableCommandLine",
    [14] = "put_DisableCommandLine",
    [15] = "get_EnableScreeningAudit",
    [16] = "put_EnableScreeningAudit",
    [17] = "EmailTest",
    [18] = "SetActionRunLimitInterval",
    [19] = "GetActionRunLimitInterval",
};

/* MS-FSRM */
static const char *const ifsrm_path_mapper_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "GetSharePathsForLocalPath",
};

/* MS-FSRM */
static const char *const ifsrm_action_email2_operations[] = {
    IFSRM_ACTION_EMAIL_OPERATIONS,
    [26] = "get_AttachmentFileListSize",
    [27] = "put_AttachmentFileListSize",
};

/* MS-FSRM */
static const char *const ifsrm_derived_objects_result_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_DerivedObjects",
    [8] = "get_Results",
};

/* MS-FSRM */
#define IFSRM_QUOTA_BASE_OPERATIONS                                                                          \
    IFSRM_OBJECT_OPERATIONS, [12] = "get_QuotaLimit", [13] = "put_QuotaLimit", [14] = "get_QuotaFlags",      \
                             [15] = "put_QuotaFlags", [16] = "get_Thresholds", [17] = "AddThreshold",        \
                             [18] = "DeleteThreshold", [19] = "ModifyThreshold",                             \
                             [20] = "CreateThresholdAction", [21] = "EnumThresholdActions"
static const char *const ifsrm_quota_base_operations[] = {IFSRM_QUOTA_BASE_OPERATIONS};

/* MS-FSRM */
#define IFSRM_QUOTA_OBJECT_OPERATIONS                                                                        \
    IFSRM_QUOTA_BASE_OPERATIONS, [22] = "get_Path", [23] = "get_UserSid", [24] = "get_UserAccount",          \
                                 [25] = "get_SourceTemplateName", [26] = "get_MatchesSourceTemplate",        \
                                 [27] = "ApplyTemplate"
static const char *const ifsrm_quota_object_operations[] = {IFSRM_QUOTA_OBJECT_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_quota_operations[] = {
    IFSRM_QUOTA_OBJECT_OPERATIONS,   [28] = "get_QuotaUsed",  [29] = "get_QuotaPeakUsage",
    [30] = "get_QuotaPeakUsageTime", [31] = "ResetPeakUsage", [32] = "RefreshUsageProperties",
};

/* MS-FSRM */
static const char *const ifsrm_auto_apply_quota_operations[] = {
    IFSRM_QUOTA_OBJECT_OPERATIONS,
    [28] = "get_ExcludeFolders",
    [29] = "put_ExcludeFolders",
    [30] = "CommitAndUpdateDerived",
};

/* MS-FSRM */
#define IFSRM_QUOTA_MANAGER_OPERATIONS                                                                       \
    RPC_DISPATCH_OPERATIONS, [7] = "get_ActionVariables", [8] = "get_ActionVariableDescriptions",            \
                             [9] = "CreateQuota", [10] = "CreateAutoApplyQuota", [11] = "GetQuota",          \
                             [12] = "GetAutoApplyQuota", [13] = "GetRestrictiveQuota", [14] = "EnumQuotas",  \
                             [15] = "EnumAutoApplyQuotas", [16] = "EnumEffectiveQuotas", [17] = "Scan",      \
                             [18] = "CreateQuotaCollection"
static const char *const ifsrm_quota_manager_operations[] = {IFSRM_QUOTA_MANAGER_OPERATIONS};

/* MS-FSRM */
#define IFSRM_QUOTA_TEMPLATE_OPERATIONS                                                                      \
    IFSRM_QUOTA_BASE_OPERATIONS, [22] = "get_Name", [23] = "put_Name", [24] = "CopyTemplate",                \
                                 [25] = "CommitAndUpdateDerived"
static const char *const ifsrm_quota_template_operations[] = {IFSRM_QUOTA_TEMPLATE_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_quota_template_imported_operations[] = {
    IFSRM_QUOTA_TEMPLATE_OPERATIONS,
    [26] = "get_OverwriteOnCommit",
    [27] = "put_OverwriteOnCommit",
};

/* MS-FSRM */
static const char *const ifsrm_quota_template_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "CreateTemplate",   [8] = "GetTemplate",
    [9] = "EnumTemplates",   [10] = "ExportTemplates", [11] = "ImportTemplates",
};

/* MS-FSRM */
static const char *const ifsrm_quota_manager_ex_operations[] = {
    IFSRM_QUOTA_MANAGER_OPERATIONS,
    [19] = "IsAffectedByQuota",
};

/* MS-FSRM */
#define IFSRM_FILE_GROUP_OPERATIONS                                                                          \
    IFSRM_OBJECT_OPERATIONS, [12] = "get_Name", [13] = "put_Name", [14] = "get_Members",                     \
                             [15] = "put_Members", [16] = "get_NonMembers", [17] = "put_NonMembers"
static const char *const ifsrm_file_group_operations[] = {IFSRM_FILE_GROUP_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_file_group_imported_operations[] = {
    IFSRM_FILE_GROUP_OPERATIONS,
    [18] = "get_OverwriteOnCommit",
    [19] = "put_OverwriteOnCommit",
};

/* MS-FSRM */
static const char *const ifsrm_file_group_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "CreateFileGroup",   [8] = "GetFileGroup",
    [9] = "EnumFileGroups",  [10] = "ExportFileGroups", [11] = "ImportFileGroups",
};

/* MS-FSRM */
#define IFSRM_FILE_SCREEN_BASE_OPERATIONS                                                                    \
    IFSRM_OBJECT_OPERATIONS, [12] = "get_BlockedFileGroups", [13] = "put_BlockedFileGroups",                 \
                             [14] = "get_FileScreenFlags", [15] = "put_FileScreenFlags",                     \
                             [16] = "CreateAction", [17] = "EnumActions"
static const char *const ifsrm_file_screen_base_operations[] = {IFSRM_FILE_SCREEN_BASE_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_file_screen_operations[] = {
    IFSRM_FILE_SCREEN_BASE_OPERATIONS,
    [18] = "get_Path",
    [19] = "get_SourceTemplateName",
    [20] = "get_MatchesSourceTemplate",
    [21] = "get_UserSid",
    [22] = "get_UserAccount",
    [23] = "ApplyTemplate",
};

/* MS-FSRM */
static const char *const ifsrm_file_screen_exception_operations[] = {
    IFSRM_OBJECT_OPERATIONS,
    [12] = "get_Path",
    [13] = "get_AllowedFileGroups",
    [14] = "put_AllowedFileGroups",
};

/* MS-FSRM */
static const char *const ifsrm_file_screen_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_ActionVariables",
    [8] = "get_ActionVariableDescriptions",
    [9] = "CreateFileScreen",
    [10] = "GetFileScreen",
    [11] = "EnumFileScreens",
    [12] = "CreateFileScreenException",
    [13] = "GetFileScreenException",
    [14] = "EnumFileScreenExceptions",
    [15] = "CreateFileScreenCollection",
};

/* MS-FSRM */
#define IFSRM_FILE_SCREEN_TEMPLATE_OPERATIONS                                                                \
    IFSRM_FILE_SCREEN_BASE_OPERATIONS, [18] = "get_Name", [19] = "put_Name", [20] = "CopyTemplate",          \
                                       [21] = "CommitAndUpdateDerived"
static const char *const ifsrm_file_screen_template_operations[] = {IFSRM_FILE_SCREEN_TEMPLATE_OPERATIONS};

/* MS-FSRM */
static const char *const ifsrm_file_screen_template_imported_operations[] = {
    IFSRM_FILE_SCREEN_TEMPLATE_OPERATIONS,
    [22] = "get_OverwriteOnCommit",
    [23] = "put_OverwriteOnCommit",
};

/* MS-FSRM */
static const char *const ifsrm_file_screen_template_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "CreateTemplate",   [8] = "GetTemplate",
    [9] = "EnumTemplates",   [10] = "ExportTemplates", [11] = "ImportTemplates",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(22bcef93, 4a3f, 4183, 89f9, 2f8b8a628aee),
     .major = 0,
     .name = "IFsrmObject",
     RPC_OPERATIONS(ifsrm_object_operations)},
    {.uuid = RPC_UUID(f76fbf3b, 8ddd, 4b42, b05a, cb1c3ff1fee8),
     .major = 0,
     .name = "IFsrmCollection",
     RPC_OPERATIONS(ifsrm_collection_operations)},
    {.uuid = RPC_UUID(1bb617b8, 3886, 49dc, af82, a6c90fa35dda),
     .major = 0,
     .name = "IFsrmMutableCollection",
     RPC_OPERATIONS(ifsrm_mutable_collection_operations)},
    {.uuid = RPC_UUID(96deb3b5, 8b91, 4a2a, 9d93, 80a35d8aa847),
     .major = 0,
     .name = "IFsrmCommittableCollection",
     RPC_OPERATIONS(ifsrm_committable_collection_operations)},
    {.uuid = RPC_UUID(6cd6408a, ae60, 463b, 9ef1, e117534d69dc),
     .major = 0,
     .name = "IFsrmAction",
     RPC_OPERATIONS(ifsrm_action_operations)},
    {.uuid = RPC_UUID(d646567d, 26ae, 4caa, 9f84, 4e0aad207fca),
     .major = 0,
     .name = "IFsrmActionEmail",
     RPC_OPERATIONS(ifsrm_action_email_operations)},
    {.uuid = RPC_UUID(4c8f96c3, 5d94, 4f37, a4f4, f56ab463546f),
     .major = 0,
     .name = "IFsrmActionEventLog",
     RPC_OPERATIONS(ifsrm_action_event_log_operations)},
    {.uuid = RPC_UUID(12937789, e247, 4917, 9c20, f3ee9c7ee783),
     .major = 0,
     .name = "IFsrmActionCommand",
     RPC_OPERATIONS(ifsrm_action_command_operations)},
    {.uuid = RPC_UUID(f411d4fd, 14be, 4260, 8c40, 03b7c95e608a),
     .major = 0,
     .name = "IFsrmSetting",
     RPC_OPERATIONS(ifsrm_setting_operations)},
    {.uuid = RPC_UUID(6f4dbfff, 6920, 4821, a6c3, b7e94c1fd60c),
     .major = 0,
     .name = "IFsrmPathMapper",
     RPC_OPERATIONS(ifsrm_path_mapper_operations)},
    {.uuid = RPC_UUID(8276702f, 2532, 4839, 89bf, 4872609a2ea4),
     .major = 0,
     .name = "IFsrmActionEmail2",
     RPC_OPERATIONS(ifsrm_action_email2_operations)},
    {.uuid = RPC_UUID(39322a2d, 38ee, 4d0d, 8095, 421a80849a82),
     .major = 0,
     .name = "IFsrmDerivedObjectsResult",
     RPC_OPERATIONS(ifsrm_derived_objects_result_operations)},
    {.uuid = RPC_UUID(1568a795, 3924, 4118, b74b, 68d8f0fa5daf),
     .major = 0,
     .name = "IFsrmQuotaBase",
     RPC_OPERATIONS(ifsrm_quota_base_operations)},
    {.uuid = RPC_UUID(42dc3511, 61d5, 48ae, b6dc, 59fc00c0a8d6),
     .major = 0,
     .name = "IFsrmQuotaObject",
     RPC_OPERATIONS(ifsrm_quota_object_operations)},
    {.uuid = RPC_UUID(377f739d, 9647, 4b8e, 97d2, 5ffce6d759cd),
     .major = 0,
     .name = "IFsrmQuota",
     RPC_OPERATIONS(ifsrm_quota_operations)},
    {.uuid = RPC_UUID(f82e5729, 6aba, 4740, bfc7, c7f58f75fb7b),
     .major = 0,
     .name = "IFsrmAutoApplyQuota",
     RPC_OPERATIONS(ifsrm_auto_apply_quota_operations)},
    {.uuid = RPC_UUID(8bb68c7d, 19d8, 4ffb, 809e, be4fc1734014),
     .major = 0,
     .name = "IFsrmQuotaManager",
     RPC_OPERATIONS(ifsrm_quota_manager_operations)},
    {.uuid = RPC_UUID(a2efab31, 295e, 46bb, b976, e86d58b52e8b),
     .major = 0,
     .name = "IFsrmQuotaTemplate",
     RPC_OPERATIONS(ifsrm_quota_template_operations)},
    {.uuid = RPC_UUID(9a2bf113, a329, 44cc, 809a, 5c00fce8da40),
     .major = 0,
     .name = "IFsrmQuotaTemplateImported",
     RPC_OPERATIONS(ifsrm_quota_template_imported_operations)},
    {.uuid = RPC_UUID(4173ac41, 172d, 4d52, 963c, fdc7e415f717),
     .major = 0,
     .name = "IFsrmQuotaTemplateManager",
     RPC_OPERATIONS(ifsrm_quota_template_manager_operations)},
    {.uuid = RPC_UUID(4846cb01, d430, 494f, abb4, b1054999fb09),
     .major = 0,
     .name = "IFsrmQuotaManagerEx",
     RPC_OPERATIONS(ifsrm_quota_manager_ex_operations)},
    {.uuid = RPC_UUID(8dd04909, 0e34, 4d55, afaa, 89e1f1a1bbb9),
     .major = 0,
     .name = "IFsrmFileGroup",
     RPC_OPERATIONS(ifsrm_file_group_operations)},
    {.uuid = RPC_UUID(ad55f10b, 5f11, 4be7, 94ef, d9ee2e470ded),
     .major = 0,
     .name = "IFsrmFileGroupImported",
     RPC_OPERATIONS(ifsrm_file_group_imported_operations)},
    {.uuid = RPC_UUID(426677d5, 018c, 485c, 8a51, 20b86d00bdc4),
     .major = 0,
     .name = "IFsrmFileGroupManager",
     RPC_OPERATIONS(ifsrm_file_group_manager_operations)},
    {.uuid = RPC_UUID(f3637e80, 5b22, 4a2b, a637, bbb642b41cfc),
     .major = 0,
     .name = "IFsrmFileScreenBase",
     RPC_OPERATIONS(ifsrm_file_screen_base_operations)},
    {.uuid = RPC_UUID(5f6325d3, ce88, 4733, 84c1, 2d6aefc5ea07),
     .major = 0,
     .name = "IFsrmFileScreen",
     RPC_OPERATIONS(ifsrm_file_screen_operations)},
    {.uuid = RPC_UUID(bee7ce02, df77, 4515, 9389, 78f01c5afc1a),
     .major = 0,
     .name = "IFsrmFileScreenException",
     RPC_OPERATIONS(ifsrm_file_screen_exception_operations)},
    {.uuid = RPC_UUID(ff4fa04e, 5a94, 4bda, a3a0, d5b4d3c52eba),
     .major = 0,
     .name = "IFsrmFileScreenManager",
     RPC_OPERATIONS(ifsrm_file_screen_manager_operations)},
    {.uuid = RPC_UUID(205bebf8, dd93, 452a, 95a6, 32b566b35828),
     .major = 0,
     .name = "IFsrmFileScreenTemplate",
     RPC_OPERATIONS(ifsrm_file_screen_template_operations)},
    {.uuid = RPC_UUID(e1010359, 3e5d, 4ecd, 9fe4, ef48622fdf30),
     .major = 0,
     .name = "IFsrmFileScreenTemplateImported",
     RPC_OPERATIONS(ifsrm_file_screen_template_imported_operations)},
    {.uuid = RPC_UUID(cfe36cba, 1949, 4e74, a14f, f1d580ceaf13),
     .major = 0,
     .name = "IFsrmFileScreenTemplateManager",
     RPC_OPERATIONS(ifsrm_file_screen_template_manager_operations)},
};

const struct rpc_interfaces rpc_interfaces_quota = {interfaces, ARRAY_COUNT(interfaces)};
