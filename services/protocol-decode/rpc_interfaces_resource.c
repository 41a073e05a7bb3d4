/*
 * rpc_interfaces_resource - system resources, virtual smart cards, remote assistance.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-WSRM */
static const char *const iresource_manager_operations[] = {
    RPC_DISPATCH_OPERATIONS,  [7] = "RetrieveEventList", [8] = "GetSystemAffinity",
    [9] = "ImportXMLFiles",   [10] = "ExportXMLFiles",   [11] = "RestoreXMLFiles",
    [12] = "GetDependencies", [13] = "GetServiceList",   [14] = "GetIISAppPoolNames",
    [15] = "GetServerName",   [16] = "GetCurrentMemory",
};

/* MS-WSRM */
static const char *const iwrm_calendar_operations[] = {
    RPC_DISPATCH_OPERATIONS,     [7] = "GetCalendarInfo",    [8] = "CreateCalendar",
    [9] = "ModifyCalendar",      [10] = "DeleteCalendar",    [11] = "RenameCalendar",
    [12] = "ComputeEvents",      [13] = "GetScheduleInfo",   [14] = "CreateSchedule",
    [15] = "ModifySchedule",     [16] = "DeleteSchedule",    [17] = "RenameSchedule",
    [18] = "MoveBeforeCalendar", [19] = "MoveAfterCalendar", [20] = "GetServerTimeZone",
};

/* MS-WSRM */
static const char *const iwrm_policy_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "GetPolicyInfo",
    [8] = "CreatePolicy",
    [9] = "ModifyPolicy",
    [10] = "DeletePolicy",
    [11] = "RenameAllocationPolicy",
    [12] = "MoveBefore",
    [13] = "MoveAfter",
    [14] = "SetCalDefaultPolicyName",
    [15] = "GetCalDefaultPolicyName",
    [16] = "GetProcessList",
    [17] = "GetCurrentPolicy",
    [18] = "SetCurrentPolicy",
    [19] = "GetCurrentStateAndActivePolicyName",
    [20] = "GetConditionalPolicy",
    [21] = "SetConditionalPolicy",
};

/* MS-WSRM */
static const char *const iwrm_resource_group_operations[] = {
    RPC_DISPATCH_OPERATIONS,     [7] = "GetResourceGroupInfo", [8] = "ModifyResourceGroup",
    [9] = "CreateResourceGroup", [10] = "DeleteResourceGroup", [11] = "RenameResourceGroup",
};

/* MS-WSRM */
static const char *const iwrm_accounting_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "CreateAccountingDb",
    [8] = "GetAccountingMetadata",
    [9] = "ExecuteAccountingQuery",
    [10] = "GetRawAccountingData",
    [11] = "GetNextAccountingDataBatch",
    [12] = "DeleteAccountingData",
    [13] = "DefragmentDB",
    [14] = "CancelAccountingQuery",
    [15] = "RegisterAccountingClient",
    [16] = "DumpAccountingData",
    [17] = "GetAccountingClients",
    [18] = "SetAccountingClientStatus",
    [19] = "CheckAccountingConnection",
    [20] = "SetClientPermissions",
};

/* MS-WSRM */
static const char *const iwrm_config_operations[] = {
    RPC_DISPATCH_OPERATIONS,   [7] = "GetConfig",
    [8] = "SetConfig",         [9] = "IsEnabled",
    [10] = "EnableDisable",    [11] = "GetExclusionList",
    [12] = "SetExclusionList", [13] = "WSRMActivate",
    [14] = "IsWSRMActivated",  [15] = "RestoreExclusionList",
};

/* MS-WSRM */
static const char *const iwrm_protocol_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "GetSupportedClient",
};

/* MS-WSRM */
static const char *const iwrm_machine_group_operations[] = {
    RPC_DISPATCH_OPERATIONS,    [7] = "CreateMachineGroup",  [8] = "GetMachineGroupInfo",
    [9] = "ModifyMachineGroup", [10] = "DeleteMachineGroup", [11] = "RenameMachineGroup",
    [12] = "AddMachine",        [13] = "GetMachineInfo",     [14] = "ModifyMachineInfo",
    [15] = "DeleteMachine",
};

/* MS-WSRM */
static const char *const iresource_manager2_operations[] = {
    RPC_DISPATCH_OPERATIONS, [7] = "ExportObjects", [8] = "GetImportConflicts",
    [9] = "ImportXml",       [10] = "ExportXml",
};

/* MS-WSRM */
static const char *const iwrm_remote_session_mgmt_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "GetRemoteUserCategories",
    [8] = "SetRemoteUserCategories",
    [9] = "RefreshRemoteSessionWeights",
};

/* MS-TPMVSC */
static const char *const itpm_virtual_smart_card_manager_status_callback_operations[] = {
    [3] = "ReportProgress",
    [4] = "ReportError",
};

/* MS-TPMVSC */
static const char *const itpm_virtual_smart_card_manager_operations[] = {
    [3] = "CreateVirtualSmartCard",
    [4] = "DestroyVirtualSmartCard",
};

/* MS-TPMVSC */
#define ITPM_VIRTUAL_SMART_CARD_MANAGER2_OPERATIONS                                                          \
    [3] = "CreateVirtualSmartCard", [4] = "DestroyVirtualSmartCard",                                         \
    [5] = "CreateVirtualSmartCardWithPinPolicy"
static const char *const itpm_virtual_smart_card_manager2_operations[] = {
    ITPM_VIRTUAL_SMART_CARD_MANAGER2_OPERATIONS};

/* MS-TPMVSC */
static const char *const itpm_virtual_smart_card_manager3_operations[] = {
    ITPM_VIRTUAL_SMART_CARD_MANAGER2_OPERATIONS,
    [6] = "CreateVirtualSmartCardWithAttestation",
};

/* MS-RAI */
static const char *const ipch_collection_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "get__NewEnum",
    [8] = "get_Item",
    [9] = "get_Count",
};

/* MS-RAI */
static const char *const isaf_session_operations[] = {
    RPC_DISPATCH_OPERATIONS,  [7] = "get_SessionID",     [8] = "put_SessionID",
    [9] = "get_SessionState", [10] = "put_SessionState", [11] = "get_DomainName",
    [12] = "put_DomainName",  [13] = "get_UserName",     [14] = "put_UserName",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(c5cebee2, 9df5, 4cdd, a08c, c2471bc144b4),
     .major = 0,
     .name = "IResourceManager",
     RPC_OPERATIONS(iresource_manager_operations)},
    {.uuid = RPC_UUID(481e06cf, ab04, 4498, 8ffe, 124a0a34296d),
     .major = 0,
     .name = "IWRMCalendar",
     RPC_OPERATIONS(iwrm_calendar_operations)},
    {.uuid = RPC_UUID(59602eb6, 57b0, 4fd8, aa4b, ebf06971fe15),
     .major = 0,
     .name = "IWRMPolicy",
     RPC_OPERATIONS(iwrm_policy_operations)},
    {.uuid = RPC_UUID(bc681469, 9dd9, 4bf4, 9b3d, 709f69efe431),
     .major = 0,
     .name = "IWRMResourceGroup",
     RPC_OPERATIONS(iwrm_resource_group_operations)},
    {.uuid = RPC_UUID(4f7ca01c, a9e5, 45b6, b142, 2332a1339c1d),
     .major = 0,
     .name = "IWRMAccounting",
     RPC_OPERATIONS(iwrm_accounting_operations)},
    {.uuid = RPC_UUID(21546ae8, 4da5, 445e, 987f, 627fea39c5e8),
     .major = 0,
     .name = "IWRMConfig",
     RPC_OPERATIONS(iwrm_config_operations)},
    {.uuid = RPC_UUID(f31931a9, 832d, 481c, 9503, 887a0e6a79f0),
     .major = 0,
     .name = "IWRMProtocol",
     RPC_OPERATIONS(iwrm_protocol_operations)},
    {.uuid = RPC_UUID(943991a5, b3fe, 41fa, 9696, 7f7b656ee34b),
     .major = 0,
     .name = "IWRMMachineGroup",
     RPC_OPERATIONS(iwrm_machine_group_operations)},
    {.uuid = RPC_UUID(2a3eb639, d134, 422d, 90d8, aaa1b5216202),
     .major = 0,
     .name = "IResourceManager2",
     RPC_OPERATIONS(iresource_manager2_operations)},
    {.uuid = RPC_UUID(fc910418, 55ca, 45ef, b264, 83d4ce7d30e0),
     .major = 0,
     .name = "IWRMRemoteSessionMgmt",
     RPC_OPERATIONS(iwrm_remote_session_mgmt_operations)},
    {.uuid = RPC_UUID(1a1bb35f, abb8, 451c, a1ae, 33d98f1bef4a),
     .major = 0,
     .name = "ITpmVirtualSmartCardManagerStatusCallback",
     RPC_OPERATIONS(itpm_virtual_smart_card_manager_status_callback_operations)},
    {.uuid = RPC_UUID(112b1dff, d9dc, 41f7, 869f, d67fee7cb591),
     .major = 0,
     .name = "ITpmVirtualSmartCardManager",
     RPC_OPERATIONS(itpm_virtual_smart_card_manager_operations)},
    {.uuid = RPC_UUID(fdf8a2b9, 02de, 47f4, bc26, aa85ab5e5267),
     .major = 0,
     .name = "ITpmVirtualSmartCardManager2",
     RPC_OPERATIONS(itpm_virtual_smart_card_manager2_operations)},
    {.uuid = RPC_UUID(3c745a97, f375, 4150, be17, 5950f694c699),
     .major = 0,
     .name = "ITpmVirtualSmartCardManager3",
     RPC_OPERATIONS(itpm_virtual_smart_card_manager3_operations)},
    {.uuid = RPC_UUID(833e4100, aff7, 4ac3, aac2, 9f24c1457bce),
     .major = 0,
     .name = "IPCHCollection",
     RPC_OPERATIONS(ipch_collection_operations)},
    {.uuid = RPC_UUID(833e41aa, aff7, 4ac3, aac2, 9f24c1457bce),
     .major = 0,
     .name = "ISAFSession",
     RPC_OPERATIONS(isaf_session_operations)},
};

const struct rpc_interfaces rpc_interfaces_resource = {interfaces, ARRAY_COUNT(interfaces)};
