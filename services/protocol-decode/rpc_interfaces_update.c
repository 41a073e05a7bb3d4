/*
 * rpc_interfaces_update - the update agent.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-UAMG */
static const char *const icategory_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Item",
    [8] = "get__NewEnum",
    [9] = "get_Count",
};

/* MS-UAMG */
#define IUPDATE_COLLECTION_OPERATIONS                                                                        \
    RPC_DISPATCH_OPERATIONS, [7] = "get_Item", [8] = "put_Item", [9] = "get__NewEnum", [10] = "get_Count",   \
                             [11] = "get_ReadOnly", [12] = "Add", [13] = "Clear", [15] = "Insert",           \
                             [16] = "RemoveAt"
static const char *const iupdate_collection_operations[] = {IUPDATE_COLLECTION_OPERATIONS};

/* MS-UAMG */
#define IUPDATE_OPERATIONS                                                                                   \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_Title", [8] = "get_AutoSelectOnWebSites", [9] = "get_BundledUpdates",                     \
        [10] = "get_CanRequireSource", [11] = "get_Categories", [12] = "get_Deadline",                       \
        [13] = "get_DeltaCompressedContentAvailable", [14] = "get_DeltaCompressedContentPreferred",          \
        [15] = "get_Description", [16] = "get_EulaAccepted", [17] = "get_EulaText", [18] = "get_HandlerID",  \
        [19] = "get_Identity", [20] = "get_Image", [21] = "get_InstallationBehavior", [22] = "get_IsBeta",   \
        [23] = "get_IsDownloaded", [24] = "get_IsHidden", [26] = "get_IsInstalled",                          \
        [27] = "get_IsMandatory", [28] = "get_IsUninstallable", [29] = "get_Languages",                      \
        [30] = "get_LastDeploymentChangeTime", [31] = "get_MaxDownloadSize", [32] = "get_MinDownloadSize",   \
        [33] = "get_MoreInfoUrls", [34] = "get_MsrcSeverity", [35] = "get_RecommendedCpuSpeed",              \
        [36] = "get_RecommendedHardDiskSpace", [37] = "get_RecommendedMemory", [38] = "get_ReleaseNotes",    \
        [39] = "get_SecurityBulletinIDs", [40] = "get_SupersededUpdateIDs", [41] = "get_SupportUrl",         \
        [42] = "get_Type", [43] = "get_UninstallationNotes", [44] = "get_UninstallationBehavior",            \
        [45] = "get_UninstallationSteps", [46] = "get_KBArticleIDs", [48] = "get_DeploymentAction",          \
        [50] = "get_DownloadPriority", [51] = "get_DownloadContents"
static const char *const iupdate_operations[] = {IUPDATE_OPERATIONS};

/* MS-UAMG */
#define IUPDATE_SERVICE_MANAGER_OPERATIONS                                                                   \
    RPC_DISPATCH_OPERATIONS, [7] = "get_Services", [9] = "RegisterServiceWithAU", [10] = "RemoveService",    \
                             [12] = "AddScanPackageService", [13] = "SetOption"
static const char *const iupdate_service_manager_operations[] = {IUPDATE_SERVICE_MANAGER_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate_service_manager2_operations[] = {
    IUPDATE_SERVICE_MANAGER_OPERATIONS,
    [14] = "get_ClientApplicationID",
    [15] = "put_ClientApplicationID",
    [16] = "QueryServiceRegistration",
    [17] = "AddService2",
};

/* MS-UAMG */
static const char *const istring_collection_operations[] = {
    IUPDATE_COLLECTION_OPERATIONS,
    [14] = "Copy",
};

/* MS-UAMG */
static const char *const iwindows_update_agent_info_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "GetInfo",
};

/* MS-UAMG */
static const char *const iautomatic_updates_results_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_LastSearchSuccessDate",
    [8] = "get_LastInstallationSuccessDate",
};

/* MS-UAMG */
#define IAUTOMATIC_UPDATES_OPERATIONS RPC_DISPATCH_OPERATIONS, [7] = "DetectNow"
static const char *const iautomatic_updates_operations[] = {IAUTOMATIC_UPDATES_OPERATIONS};

/* MS-UAMG */
static const char *const iautomatic_updates2_operations[] = {
    IAUTOMATIC_UPDATES_OPERATIONS,
    [14] = "get_Results",
};

/* MS-UAMG */
static const char *const iupdate_identity_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_RevisionNumber",
    [8] = "get_UpdateID",
};

/* MS-UAMG */
static const char *const iimage_information_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_AltText", [8] = "get_Height", [9] = "get_Source", [10] = "get_Width",
};

/* MS-UAMG */
static const char *const icategory_operations[] = {
    RPC_DISPATCH_OPERATIONS,  [7] = "get_Name",     [8] = "get_CategoryID", [9] = "get_Children",
    [10] = "get_Description", [11] = "get_Image",   [12] = "get_Order",     [13] = "get_Parent",
    [14] = "get_Type",        [15] = "get_Updates",
};

/* MS-UAMG */
static const char *const iinstallation_behavior_operations[] = {
    RPC_DISPATCH_OPERATIONS,    [7] = "get_CanRequestUserInput",          [8] = "get_Impact",
    [9] = "get_RebootBehavior", [10] = "get_RequiresNetworkConnectivity",
};

/* MS-UAMG */
#define IUPDATE_DOWNLOAD_CONTENT_OPERATIONS RPC_DISPATCH_OPERATIONS, [7] = "get_DownloadUrl"
static const char *const iupdate_download_content_operations[] = {IUPDATE_DOWNLOAD_CONTENT_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate_download_content2_operations[] = {
    IUPDATE_DOWNLOAD_CONTENT_OPERATIONS,
    [8] = "get_IsDeltaCompressedContent",
};

/* MS-UAMG */
static const char *const iupdate_download_content_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Item",
    [8] = "get__NewEnum",
    [9] = "get_Count",
};

/* MS-UAMG */
#define IWINDOWS_DRIVER_UPDATE_OPERATIONS                                                                    \
    IUPDATE_OPERATIONS, [52] = "get_DriverClass", [53] = "get_DriverHardwareID",                             \
                        [54] = "get_DriverManufacturer", [55] = "get_DriverModel",                           \
                        [56] = "get_DriverProvider", [57] = "get_DriverVerDate",                             \
                        [58] = "get_DeviceProblemNumber", [59] = "get_DeviceStatus"
static const char *const iwindows_driver_update_operations[] = {IWINDOWS_DRIVER_UPDATE_OPERATIONS};

/* MS-UAMG */
#define IUPDATE2_OPERATIONS                                                                                  \
    IUPDATE_OPERATIONS, [52] = "get_RebootRequired", [53] = "get_IsPresent", [54] = "get_CveIDs"
static const char *const iupdate2_operations[] = {IUPDATE2_OPERATIONS};

/* MS-UAMG */
#define IUPDATE3_OPERATIONS IUPDATE2_OPERATIONS, [56] = "get_BrowseOnly"
static const char *const iupdate3_operations[] = {IUPDATE3_OPERATIONS};

/* MS-UAMG */
#define IUPDATE4_OPERATIONS IUPDATE3_OPERATIONS, [57] = "get_PerUser"
static const char *const iupdate4_operations[] = {IUPDATE4_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate5_operations[] = {
    IUPDATE4_OPERATIONS,
    [58] = "get_AutoSelection",
    [59] = "get_AutoDownload",
};

/* MS-UAMG */
static const char *const iwindows_driver_update_entry_operations[] = {
    RPC_DISPATCH_OPERATIONS,        [7] = "get_DriverClass",          [8] = "get_DriverHardwareID",
    [9] = "get_DriverManufacturer", [10] = "get_DriverModel",         [11] = "get_DriverProvider",
    [12] = "get_DriverVerDate",     [13] = "get_DeviceProblemNumber", [14] = "get_DeviceStatus",
};

/* MS-UAMG */
static const char *const iwindows_driver_update_entry_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Item",
    [8] = "get__NewEnum",
    [9] = "get_Count",
};

/* MS-UAMG */
#define IWINDOWS_DRIVER_UPDATE2_OPERATIONS                                                                   \
    IWINDOWS_DRIVER_UPDATE_OPERATIONS, [60] = "get_RebootRequired", [61] = "get_IsPresent",                  \
                                       [62] = "get_CveIDs"
static const char *const iwindows_driver_update2_operations[] = {IWINDOWS_DRIVER_UPDATE2_OPERATIONS};

/* MS-UAMG */
#define IWINDOWS_DRIVER_UPDATE3_OPERATIONS IWINDOWS_DRIVER_UPDATE2_OPERATIONS, [64] = "get_BrowseOnly"
static const char *const iwindows_driver_update3_operations[] = {IWINDOWS_DRIVER_UPDATE3_OPERATIONS};

/* MS-UAMG */
#define IWINDOWS_DRIVER_UPDATE4_OPERATIONS                                                                   \
    IWINDOWS_DRIVER_UPDATE3_OPERATIONS, [65] = "get_WindowsDriverUpdateEntries", [66] = "get_PerUser"
static const char *const iwindows_driver_update4_operations[] = {IWINDOWS_DRIVER_UPDATE4_OPERATIONS};

/* MS-UAMG */
static const char *const iwindows_driver_update5_operations[] = {
    IWINDOWS_DRIVER_UPDATE4_OPERATIONS,
    [67] = "get_AutoSelection",
    [68] = "get_AutoDownload",
};

/* MS-UAMG */
static const char *const iupdate_exception_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Message",
    [8] = "get_HResult",
    [9] = "get_Context",
};

/* MS-UAMG */
static const char *const iupdate_exception_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Item",
    [8] = "get__NewEnum",
    [9] = "get_Count",
};

/* MS-UAMG */
static const char *const isearch_result_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_ResultCode", [8] = "get_RootCategories",
    [9] = "get_Updates",     [10] = "get_Warnings",
};

/* MS-UAMG */
#define IUPDATE_HISTORY_ENTRY_OPERATIONS                                                                     \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_Operation", [8] = "get_ResultCode", [9] = "get_HResult", [10] = "get_Date",               \
        [11] = "get_UpdateIdentity", [12] = "get_Title", [13] = "get_Description",                           \
        [14] = "get_UnmappedResultCode", [15] = "get_ClientApplicationID", [16] = "get_ServerSelection",     \
        [17] = "get_ServiceID", [18] = "get_UninstallationSteps", [19] = "get_UninstallationNotes",          \
        [20] = "get_SupportUrl"
static const char *const iupdate_history_entry_operations[] = {IUPDATE_HISTORY_ENTRY_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate_history_entry2_operations[] = {
    IUPDATE_HISTORY_ENTRY_OPERATIONS,
    [21] = "get_Categories",
};

/* MS-UAMG */
static const char *const iupdate_history_entry_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Item",
    [8] = "get__NewEnum",
    [9] = "get_Count",
};

/* MS-UAMG */
#define IUPDATE_SEARCHER_OPERATIONS                                                                          \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_CanAutomaticallyUpgradeService", [8] = "put_CanAutomaticallyUpgradeService",              \
        [9] = "get_ClientApplicationID", [10] = "put_ClientApplicationID",                                   \
        [11] = "get_IncludePotentiallySupersededUpdates", [12] = "put_IncludePotentiallySupersededUpdates",  \
        [13] = "get_ServerSelection", [14] = "put_ServerSelection", [17] = "EscapeString",                   \
        [18] = "QueryHistory", [19] = "Search", [20] = "get_Online", [21] = "put_Online",                    \
        [22] = "GetTotalHistoryCount", [23] = "get_ServiceID", [24] = "put_ServiceID"
static const char *const iupdate_searcher_operations[] = {IUPDATE_SEARCHER_OPERATIONS};

/* MS-UAMG */
#define IUPDATE_SEARCHER2_OPERATIONS                                                                         \
    IUPDATE_SEARCHER_OPERATIONS, [25] = "get_IgnoreDownloadPriority", [26] = "put_IgnoreDownloadPriority"
static const char *const iupdate_searcher2_operations[] = {IUPDATE_SEARCHER2_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate_searcher3_operations[] = {
    IUPDATE_SEARCHER2_OPERATIONS,
    [27] = "get_SearchScope",
    [28] = "put_SearchScope",
};

/* MS-UAMG */
#define IUPDATE_SESSION_OPERATIONS                                                                           \
    RPC_DISPATCH_OPERATIONS, [7] = "get_ClientApplicationID", [8] = "put_ClientApplicationID",               \
                             [9] = "get_ReadOnly", [12] = "CreateUpdateSearcher"
static const char *const iupdate_session_operations[] = {IUPDATE_SESSION_OPERATIONS};

/* MS-UAMG */
#define IUPDATE_SESSION2_OPERATIONS                                                                          \
    IUPDATE_SESSION_OPERATIONS, [15] = "get_UserLocale", [16] = "put_UserLocale"
static const char *const iupdate_session2_operations[] = {IUPDATE_SESSION2_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate_session3_operations[] = {
    IUPDATE_SESSION2_OPERATIONS,
    [17] = "CreateUpdateServiceManager",
    [18] = "QueryHistory",
};

/* MS-UAMG */
#define IUPDATE_SERVICE_OPERATIONS                                                                           \
    RPC_DISPATCH_OPERATIONS,                                                                                 \
        [7] = "get_Name", [8] = "get_ContentValidationCert", [9] = "get_ExpirationDate",                     \
        [10] = "get_IsManaged", [11] = "get_IsRegisteredWithAU", [12] = "get_IssueDate",                     \
        [13] = "get_OffersWindowsUpdates", [14] = "get_RedirectUrls", [15] = "get_ServiceID",                \
        [16] = "get_IsScanPackageService", [17] = "get_CanRegisterWithAU", [18] = "get_ServiceUrl",          \
        [19] = "get_SetupPrefix"
static const char *const iupdate_service_operations[] = {IUPDATE_SERVICE_OPERATIONS};

/* MS-UAMG */
static const char *const iupdate_service2_operations[] = {
    IUPDATE_SERVICE_OPERATIONS,
    [20] = "get_IsDefaultAUService",
};

/* MS-UAMG */
static const char *const iupdate_service_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get_Item",
    [8] = "get__NewEnum",
    [9] = "get_Count",
};

/* MS-UAMG */
static const char *const iupdate_service_registration_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "get_RegistrationState",
    [8] = "get_ServiceID",   [9] = "get_IsPendingRegistrationWithAU",
    [10] = "get_Service",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(3a56bfb8, 576c, 43f7, 9335, fe4838fd7e37),
     .major = 0,
     .name = "ICategoryCollection",
     RPC_OPERATIONS(icategory_collection_operations)},
    {.uuid = RPC_UUID(07f7438c, 7709, 4ca5, b518, 91279288134e),
     .major = 0,
     .name = "IUpdateCollection",
     RPC_OPERATIONS(iupdate_collection_operations)},
    {.uuid = RPC_UUID(6a92b07a, d821, 4682, b423, 5c805022cc4d),
     .major = 0,
     .name = "IUpdate",
     RPC_OPERATIONS(iupdate_operations)},
    {.uuid = RPC_UUID(23857e3c, 02ba, 44a3, 9423, b1c900805f37),
     .major = 0,
     .name = "IUpdateServiceManager",
     RPC_OPERATIONS(iupdate_service_manager_operations)},
    {.uuid = RPC_UUID(0bb8531d, 7e8d, 424f, 986c, a0b8f60a3e7b),
     .major = 0,
     .name = "IUpdateServiceManager2",
     RPC_OPERATIONS(iupdate_service_manager2_operations)},
    {.uuid = RPC_UUID(eff90582, 2ddc, 480f, a06d, 60f3fbc362c3),
     .major = 0,
     .name = "IStringCollection",
     RPC_OPERATIONS(istring_collection_operations)},
    {.uuid = RPC_UUID(85713fa1, 7796, 4fa2, be3b, e2d6124dd373),
     .major = 0,
     .name = "IWindowsUpdateAgentInfo",
     RPC_OPERATIONS(iwindows_update_agent_info_operations)},
    {.uuid = RPC_UUID(e7a4d634, 7942, 4dd9, a111, 82228ba33901),
     .major = 0,
     .name = "IAutomaticUpdatesResults",
     RPC_OPERATIONS(iautomatic_updates_results_operations)},
    {.uuid = RPC_UUID(673425bf, c082, 4c7c, bdfd, 569464b8e0ce),
     .major = 0,
     .name = "IAutomaticUpdates",
     RPC_OPERATIONS(iautomatic_updates_operations)},
    {.uuid = RPC_UUID(4a2f5c31, cfd9, 410e, b7fb, 29a653973a0f),
     .major = 0,
     .name = "IAutomaticUpdates2",
     RPC_OPERATIONS(iautomatic_updates2_operations)},
    {.uuid = RPC_UUID(46297823, 9940, 4c09, aed9, cd3ea6d05968),
     .major = 0,
     .name = "IUpdateIdentity",
     RPC_OPERATIONS(iupdate_identity_operations)},
    {.uuid = RPC_UUID(7c907864, 346c, 4aeb, 8f3f, 57da289f969f),
     .major = 0,
     .name = "IImageInformation",
     RPC_OPERATIONS(iimage_information_operations)},
    {.uuid = RPC_UUID(81ddc1b8, 9d35, 47a6, b471, 5b80f519223b),
     .major = 0,
     .name = "ICategory",
     RPC_OPERATIONS(icategory_operations)},
    {.uuid = RPC_UUID(d9a59339, e245, 4dbd, 9686, 4d5763e39624),
     .major = 0,
     .name = "IInstallationBehavior",
     RPC_OPERATIONS(iinstallation_behavior_operations)},
    {.uuid = RPC_UUID(54a2cb2d, 9a0c, 48b6, 8a50, 9abb69ee2d02),
     .major = 0,
     .name = "IUpdateDownloadContent",
     RPC_OPERATIONS(iupdate_download_content_operations)},
    {.uuid = RPC_UUID(c97ad11b, f257, 420b, 9d9f, 377f733f6f68),
     .major = 0,
     .name = "IUpdateDownloadContent2",
     RPC_OPERATIONS(iupdate_download_content2_operations)},
    {.uuid = RPC_UUID(bc5513c8, b3b8, 4bf7, a4d4, 361c0d8c88ba),
     .major = 0,
     .name = "IUpdateDownloadContentCollection",
     RPC_OPERATIONS(iupdate_download_content_collection_operations)},
    {.uuid = RPC_UUID(b383cd1a, 5ce9, 4504, 9f63, 764b1236f191),
     .major = 0,
     .name = "IWindowsDriverUpdate",
     RPC_OPERATIONS(iwindows_driver_update_operations)},
    {.uuid = RPC_UUID(144fe9b0, d23d, 4a8b, 8634, fb4457533b7a),
     .major = 0,
     .name = "IUpdate2",
     RPC_OPERATIONS(iupdate2_operations)},
    {.uuid = RPC_UUID(112eda6b, 95b3, 476f, 9d90, aee82c6b8181),
     .major = 0,
     .name = "IUpdate3",
     RPC_OPERATIONS(iupdate3_operations)},
    {.uuid = RPC_UUID(27e94b0d, 5139, 49a2, 9a61, 93522dc54652),
     .major = 0,
     .name = "IUpdate4",
     RPC_OPERATIONS(iupdate4_operations)},
    {.uuid = RPC_UUID(c1c2f21a, d2f4, 4902, b5c6, 8a081c19a890),
     .major = 0,
     .name = "IUpdate5",
     RPC_OPERATIONS(iupdate5_operations)},
    {.uuid = RPC_UUID(ed8bfe40, a60b, 42ea, 9652, 817dfcfa23ec),
     .major = 0,
     .name = "IWindowsDriverUpdateEntry",
     RPC_OPERATIONS(iwindows_driver_update_entry_operations)},
    {.uuid = RPC_UUID(0d521700, a372, 4bef, 828b, 3d00c10adebd),
     .major = 0,
     .name = "IWindowsDriverUpdateEntryCollection",
     RPC_OPERATIONS(iwindows_driver_update_entry_collection_operations)},
    {.uuid = RPC_UUID(615c4269, 7a48, 43bd, 96b7, bf6ca27d6c3e),
     .major = 0,
     .name = "IWindowsDriverUpdate2",
     RPC_OPERATIONS(iwindows_driver_update2_operations)},
    {.uuid = RPC_UUID(49ebd502, 4a96, 41bd, 9e3e, 4c5057f4250c),
     .major = 0,
     .name = "IWindowsDriverUpdate3",
     RPC_OPERATIONS(iwindows_driver_update3_operations)},
    {.uuid = RPC_UUID(004c6a2b, 0c19, 4c69, 9f5c, a269b2560db9),
     .major = 0,
     .name = "IWindowsDriverUpdate4",
     RPC_OPERATIONS(iwindows_driver_update4_operations)},
    {.uuid = RPC_UUID(70cf5c82, 8642, 42bb, 9dbc, 0cfd263c6c4f),
     .major = 0,
     .name = "IWindowsDriverUpdate5",
     RPC_OPERATIONS(iwindows_driver_update5_operations)},
    {.uuid = RPC_UUID(a376dd5e, 09d4, 427f, af7c, fed5b6e1c1d6),
     .major = 0,
     .name = "IUpdateException",
     RPC_OPERATIONS(iupdate_exception_operations)},
    {.uuid = RPC_UUID(503626a3, 8e14, 4729, 9355, 0fe664bd2321),
     .major = 0,
     .name = "IUpdateExceptionCollection",
     RPC_OPERATIONS(iupdate_exception_collection_operations)},
    {.uuid = RPC_UUID(d40cff62, e08c, 4498, 941a, 01e25f0fd33c),
     .major = 0,
     .name = "ISearchResult",
     RPC_OPERATIONS(isearch_result_operations)},
    {.uuid = RPC_UUID(be56a644, af0e, 4e0e, a311, c1d8e695cbff),
     .major = 0,
     .name = "IUpdateHistoryEntry",
     RPC_OPERATIONS(iupdate_history_entry_operations)},
    {.uuid = RPC_UUID(c2bfb780, 4539, 4132, ab8c, 0a8772013ab6),
     .major = 0,
     .name = "IUpdateHistoryEntry2",
     RPC_OPERATIONS(iupdate_history_entry2_operations)},
    {.uuid = RPC_UUID(a7f04f3c, a290, 435b, aadf, a116c3357a5c),
     .major = 0,
     .name = "IUpdateHistoryEntryCollection",
     RPC_OPERATIONS(iupdate_history_entry_collection_operations)},
    {.uuid = RPC_UUID(8f45abf1, f9ae, 4b95, a933, f0f66e5056ea),
     .major = 0,
     .name = "IUpdateSearcher",
     RPC_OPERATIONS(iupdate_searcher_operations)},
    {.uuid = RPC_UUID(4cbdcb2d, 1589, 4beb, bd1c, 3e582ff0add0),
     .major = 0,
     .name = "IUpdateSearcher2",
     RPC_OPERATIONS(iupdate_searcher2_operations)},
    {.uuid = RPC_UUID(04c6895d, eaf2, 4034, 97f3, 311de9be413a),
     .major = 0,
     .name = "IUpdateSearcher3",
     RPC_OPERATIONS(iupdate_searcher3_operations)},
    {.uuid = RPC_UUID(816858a4, 260d, 4260, 933a, 2585f1abc76b),
     .major = 0,
     .name = "IUpdateSession",
     RPC_OPERATIONS(iupdate_session_operations)},
    {.uuid = RPC_UUID(91caf7b0, eb23, 49ed, 9937, c52d817f46f7),
     .major = 0,
     .name = "IUpdateSession2",
     RPC_OPERATIONS(iupdate_session2_operations)},
    {.uuid = RPC_UUID(918efd1e, b5d8, 4c90, 8540, aeb9bdc56f9d),
     .major = 0,
     .name = "IUpdateSession3",
     RPC_OPERATIONS(iupdate_session3_operations)},
    {.uuid = RPC_UUID(76b3b17e, aed6, 4da5, 85f0, 83587f81abe3),
     .major = 0,
     .name = "IUpdateService",
     RPC_OPERATIONS(iupdate_service_operations)},
    {.uuid = RPC_UUID(1518b460, 6518, 4172, 940f, c75883b24ceb),
     .major = 0,
     .name = "IUpdateService2",
     RPC_OPERATIONS(iupdate_service2_operations)},
    {.uuid = RPC_UUID(9b0353aa, 0e52, 44ff, b8b0, 1f7fa0437f88),
     .major = 0,
     .name = "IUpdateServiceCollection",
     RPC_OPERATIONS(iupdate_service_collection_operations)},
    {.uuid = RPC_UUID(dde02280, 12b3, 4e0b, 937b, 6747f6acb286),
     .major = 0,
     .name = "IUpdateServiceRegistration",
     RPC_OPERATIONS(iupdate_service_registration_operations)},
};

const struct rpc_interfaces rpc_interfaces_update = {interfaces, ARRAY_COUNT(interfaces)};
