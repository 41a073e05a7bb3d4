/*
 * rpc_interfaces_share - the interfaces of file and print sharing hosts: server, workstation, DFS, EFS,
 * shadow copies.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-SRVS 3.1.4 */
static const char *const srvsvc_operations[] = {
    [8] = "NetrConnectionEnum",
    [9] = "NetrFileEnum",
    [10] = "NetrFileGetInfo",
    [11] = "NetrFileClose",
    [12] = "NetrSessionEnum",
    [13] = "NetrSessionDel",
    [14] = "NetrShareAdd",
    [15] = "NetrShareEnum",
    [16] = "NetrShareGetInfo",
    [17] = "NetrShareSetInfo",
    [18] = "NetrShareDel",
    [19] = "NetrShareDelSticky",
    [20] = "NetrShareCheck",
    [21] = "NetrServerGetInfo",
    [22] = "NetrServerSetInfo",
    [23] = "NetrServerDiskEnum",
    [24] = "NetrServerStatisticsGet",
    [25] = "NetrServerTransportAdd",
    [26] = "NetrServerTransportEnum",
    [27] = "NetrServerTransportDel",
    [28] = "NetrRemoteTOD",
    [30] = "NetprPathType",
    [31] = "NetprPathCanonicalize",
    [32] = "NetprPathCompare",
    [33] = "NetprNameValidate",
    [34] = "NetprNameCanonicalize",
    [35] = "NetprNameCompare",
    [36] = "NetrShareEnumSticky",
    [37] = "NetrShareDelStart",
    [38] = "NetrShareDelCommit",
    [39] = "NetrpGetFileSecurity",
    [40] = "NetrpSetFileSecurity",
    [41] = "NetrServerTransportAddEx",
    [43] = "NetrDfsGetVersion",
    [44] = "NetrDfsCreateLocalPartition",
    [45] = "NetrDfsDeleteLocalPartition",
    [46] = "NetrDfsSetLocalVolumeState",
    [48] = "NetrDfsCreateExitPoint",
    [49] = "NetrDfsDeleteExitPoint",
    [50] = "NetrDfsModifyPrefix",
    [51] = "NetrDfsFixLocalVolume",
    [52] = "NetrDfsManagerReportSiteInfo",
    [53] = "NetrServerTransportDelEx",
    [54] = "NetrServerAliasAdd",
    [55] = "NetrServerAliasEnum",
    [56] = "NetrServerAliasDel",
    [57] = "NetrShareDelEx",
};

/* MS-WKST 3.2.4 */
static const char *const wkssvc_operations[] = {
    [0] = "NetrWkstaGetInfo",
    [1] = "NetrWkstaSetInfo",
    [2] = "NetrWkstaUserEnum",
    [5] = "NetrWkstaTransportEnum",
    [6] = "NetrWkstaTransportAdd",
    [7] = "NetrWkstaTransportDel",
    [8] = "NetrUseAdd",
    [9] = "NetrUseGetInfo",
    [10] = "NetrUseDel",
    [11] = "NetrUseEnum",
    [13] = "NetrWorkstationStatisticsGet",
    [20] = "NetrGetJoinInformation",
    [22] = "NetrJoinDomain2",
    [23] = "NetrUnjoinDomain2",
    [24] = "NetrRenameMachineInDomain2",
    [25] = "NetrValidateName2",
    [26] = "NetrGetJoinableOUs2",
    [27] = "NetrAddAlternateComputerName",
    [28] = "NetrRemoveAlternateComputerName",
    [29] = "NetrSetPrimaryComputerName",
    [30] = "NetrEnumerateComputerNames",
};

/* MS-DFSNM 3.1.4 */
static const char *const netdfs_operations[] = {
    [0] = "NetrDfsManagerGetVersion",
    [1] = "NetrDfsAdd",
    [2] = "NetrDfsRemove",
    [3] = "NetrDfsSetInfo",
    [4] = "NetrDfsGetInfo",
    [5] = "NetrDfsEnum",
    [6] = "NetrDfsMove",
    [10] = "NetrDfsAddFtRoot",
    [11] = "NetrDfsRemoveFtRoot",
    [12] = "NetrDfsAddStdRoot",
    [13] = "NetrDfsRemoveStdRoot",
    [14] = "NetrDfsManagerInitialize",
    [15] = "NetrDfsAddStdRootForced",
    [16] = "NetrDfsGetDcAddress",
    [17] = "NetrDfsSetDcAddress",
    [18] = "NetrDfsFlushFtTable",
    [19] = "NetrDfsAdd2",
    [20] = "NetrDfsRemove2",
    [21] = "NetrDfsEnumEx",
    [22] = "NetrDfsSetInfo2",
    [23] = "NetrDfsAddRootTarget",
    [24] = "NetrDfsRemoveRootTarget",
    [25] = "NetrDfsGetSupportedNamespaceVersion",
};

/* MS-EFSR 3.1.4.2, over lsarpc */
static const char *const efsrpc_operations[] = {
    [0] = "EfsRpcOpenFileRaw",
    [1] = "EfsRpcReadFileRaw",
    [2] = "EfsRpcWriteFileRaw",
    [3] = "EfsRpcCloseRaw",
    [4] = "EfsRpcEncryptFileSrv",
    [5] = "EfsRpcDecryptFileSrv",
    [6] = "EfsRpcQueryUsersOnFile",
    [7] = "EfsRpcQueryRecoveryAgents",
    [8] = "EfsRpcRemoveUsersFromFile",
    [9] = "EfsRpcAddUsersToFile",
    [11] = "EfsRpcNotSupported",
    [12] = "EfsRpcFileKeyInfo",
    [13] = "EfsRpcDuplicateEncryptionInfoFile",
    [15] = "EfsRpcAddUsersToFileEx",
    [16] = "EfsRpcFileKeyInfoEx",
    [18] = "EfsRpcGetEncryptedFileMetadata",
    [19] = "EfsRpcSetEncryptedFileMetadata",
    [20] = "EfsRpcFlushEfsCache",
    [21] = "EfsRpcEncryptFileExSrv",
    [22] = "EfsRpcQueryProtectors",
};

/* MS-FSRVP 3.1.4 */
static const char *const file_server_vss_agent_operations[] = {
    [0] = "GetSupportedVersion",
    [1] = "SetContext",
    [2] = "StartShadowCopySet",
    [3] = "AddToShadowCopySet",
    [4] = "CommitShadowCopySet",
    [5] = "ExposeShadowCopySet",
    [6] = "RecoveryCompleteShadowCopySet",
    [7] = "AbortShadowCopySet",
    [8] = "IsPathSupported",
    [9] = "IsPathShadowCopied",
    [10] = "GetShareMapping",
    [11] = "DeleteShareMapping",
    [12] = "PrepareShadowCopySet",
};

/* MS-MSRP 3.2.4 */
static const char *const msgsvc_operations[] = {
    [0] = "NetrMessageNameAdd",
    [1] = "NetrMessageNameEnum",
    [2] = "NetrMessageNameGetInfo",
    [3] = "NetrMessageNameDel",
};

/* MS-MSRP 3.1.4 */
static const char *const msgsvcsend_operations[] = {
    [0] = "NetrSendMessage",
};

/* MS-SWN 3.1.4 */
static const char *const witness_operations[] = {
    [0] = "WitnessrGetInterfaceList", [1] = "WitnessrRegister",   [2] = "WitnessrUnRegister",
    [3] = "WitnessrAsyncNotify",      [4] = "WitnessrRegisterEx",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(4b324fc8, 1670, 01d3, 1278, 5a47bf6ee188),
     .major = 3,
     .name = "srvsvc",
     RPC_OPERATIONS(srvsvc_operations)},
    {.uuid = RPC_UUID(6bffd098, a112, 3610, 9833, 46c3f87e345a),
     .major = 1,
     .name = "wkssvc",
     RPC_OPERATIONS(wkssvc_operations)},
    {.uuid = RPC_UUID(4fc742e0, 4a10, 11cf, 8273, 00aa004ae673),
     .major = 3,
     .name = "netdfs",
     RPC_OPERATIONS(netdfs_operations)},
    {.uuid = RPC_UUID(c681d488, d850, 11d0, 8c52, 00c04fd90f7e),
     .major = 1,
     .name = "efsrpc",
     RPC_OPERATIONS(efsrpc_operations)},
    {.uuid = RPC_UUID(df1941c5, fe89, 4e79, bf10, 463657acf44d),
     .major = 1,
     .name = "efsrpc",
     RPC_OPERATIONS(efsrpc_operations)},
    {.uuid = RPC_UUID(a8e0653c, 2744, 4389, a61d, 7373df8b2292),
     .major = 1,
     .name = "FileServerVssAgent",
     RPC_OPERATIONS(file_server_vss_agent_operations)},
    {.uuid = RPC_UUID(17fdd703, 1827, 4e34, 79d4, 24a55c53bb37),
     .major = 1,
     .name = "msgsvc",
     RPC_OPERATIONS(msgsvc_operations)},
    {.uuid = RPC_UUID(5a7b91f8, ff00, 11d0, a9b2, 00c04fb6e6fc),
     .major = 1,
     .name = "msgsvcsend",
     RPC_OPERATIONS(msgsvcsend_operations)},
    {.uuid = RPC_UUID(ccd8c074, d0e5, 4a40, 92b4, d074faa6ba28),
     .major = 1,
     .name = "Witness",
     RPC_OPERATIONS(witness_operations)},
};

const struct rpc_interfaces rpc_interfaces_share = {interfaces, ARRAY_COUNT(interfaces)};
