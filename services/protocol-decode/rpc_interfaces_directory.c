/*
 * rpc_interfaces_directory - the interfaces of a directory service: replication, names, time, certificates.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-DRSR 4.1 */
static const char *const drsuapi_operations[] = {
    [0] = "IDL_DRSBind",
    [1] = "IDL_DRSUnbind",
    [2] = "IDL_DRSReplicaSync",
    [3] = "IDL_DRSGetNCChanges",
    [4] = "IDL_DRSUpdateRefs",
    [5] = "IDL_DRSReplicaAdd",
    [6] = "IDL_DRSReplicaDel",
    [7] = "IDL_DRSReplicaModify",
    [8] = "IDL_DRSVerifyNames",
    [9] = "IDL_DRSGetMemberships",
    [10] = "IDL_DRSInterDomainMove",
    [11] = "IDL_DRSGetNT4ChangeLog",
    [12] = "IDL_DRSCrackNames",
    [13] = "IDL_DRSWriteSPN",
    [14] = "IDL_DRSRemoveDsServer",
    [15] = "IDL_DRSRemoveDsDomain",
    [16] = "IDL_DRSDomainControllerInfo",
    [17] = "IDL_DRSAddEntry",
    [18] = "IDL_DRSExecuteKCC",
    [19] = "IDL_DRSGetReplInfo",
    [20] = "IDL_DRSAddSidHistory",
    [21] = "IDL_DRSGetMemberships2",
    [22] = "IDL_DRSReplicaVerifyObjects",
    [23] = "IDL_DRSGetObjectExistence",
    [24] = "IDL_DRSQuerySitesByCost",
    [25] = "IDL_DRSInitDemotion",
    [26] = "IDL_DRSReplicaDemotion",
    [27] = "IDL_DRSFinishDemotion",
    [28] = "IDL_DRSAddCloneDC",
    [29] = "IDL_DRSWriteNgcKey",
    [30] = "IDL_DRSReadNgcKey",
};

/* MS-DRSR 4.2 */
static const char *const dsaop_operations[] = {
    [0] = "IDL_DSAPrepareScript",
    [1] = "IDL_DSAExecuteScript",
};

/* MS-DSSP 3.2.5 */
static const char *const dssetup_operations[] = {
    [0] = "DsRolerGetPrimaryDomainInformation",
};

/* MS-DNSP 3.1.4 */
static const char *const dns_server_operations[] = {
    [0] = "R_DnssrvOperation",
    [1] = "R_DnssrvQuery",
    [2] = "R_DnssrvComplexOperation",
    [3] = "R_DnssrvEnumRecords",
    [4] = "R_DnssrvUpdateRecord",
    [5] = "R_DnssrvOperation2",
    [6] = "R_DnssrvQuery2",
    [7] = "R_DnssrvComplexOperation2",
    [8] = "R_DnssrvEnumRecords2",
    [9] = "R_DnssrvUpdateRecord2",
    [10] = "R_DnssrvUpdateRecord3",
    [11] = "R_DnssrvEnumRecords3",
    [12] = "R_DnssrvOperation3",
    [13] = "R_DnssrvQuery3",
    [14] = "R_DnssrvComplexOperation3",
    [15] = "R_DnssrvOperation4",
    [16] = "R_DnssrvQuery4",
    [17] = "R_DnssrvUpdateRecord4",
    [18] = "R_DnssrvEnumRecords4",
};

/* MS-W32T 3.2.4 */
static const char *const w32time_operations[] = {
    [0] = "W32TimeSync",
    [1] = "W32TimeGetNetlogonServiceBits",
    [2] = "W32TimeQueryProviderStatus",
    [3] = "W32TimeQuerySource",
    [4] = "W32TimeQueryProviderConfiguration",
    [5] = "W32TimeQueryConfiguration",
    [6] = "W32TimeQueryStatus",
    [7] = "W32TimeLog",
};

/* MS-BKRP 3.1.4.1 */
static const char *const backup_key_operations[] = {
    [0] = "BackuprKey",
};

/* MS-ICPR 3.2.4.1 */
static const char *const icert_passage_operations[] = {
    [0] = "CertServerRequest",
};

/* MS-RAA 3.1.4 */
static const char *const authzr_operations[] = {
    [0] = "AuthzrFreeContext",
    [1] = "AuthzrInitializeContextFromSid",
    [2] = "AuthzrInitializeCompoundContext",
    [3] = "AuthzrAccessCheck",
    [4] = "AuthzGetInformationFromContext",
    [5] = "AuthzrModifyClaims",
    [6] = "AuthzrModifySids",
};

/* MS-NSPI 3.1.4.1 */
static const char *const nspi_operations[] = {
    [0] = "NspiBind",
    [1] = "NspiUnbind",
    [2] = "NspiUpdateStat",
    [3] = "NspiQueryRows",
    [4] = "NspiSeekEntries",
    [5] = "NspiGetMatches",
    [6] = "NspiResortRestriction",
    [7] = "NspiDNToMId",
    [8] = "NspiGetPropList",
    [9] = "NspiGetProps",
    [10] = "NspiCompareMIds",
    [11] = "NspiModProps",
    [12] = "NspiGetSpecialTable",
    [13] = "NspiGetTemplateInfo",
    [14] = "NspiModLinkAtt",
    [16] = "NspiQueryColumns",
    [17] = "NspiGetNamesFromIDs",
    [18] = "NspiGetIDsFromNames",
    [19] = "NspiResolveNames",
    [20] = "NspiResolveNamesW",
};

/* MS-FRS2 3.2.4 */
static const char *const frs_transport_operations[] = {
    [0] = "CheckConnectivity",
    [1] = "EstablishConnection",
    [2] = "EstablishSession",
    [3] = "RequestUpdates",
    [4] = "RequestVersionVector",
    [5] = "AsyncPoll",
    [6] = "RequestRecords",
    [7] = "UpdateCancel",
    [8] = "RawGetFileData",
    [9] = "RdcGetSignatures",
    [10] = "RdcPushSourceNeeds",
    [11] = "RdcGetFileData",
    [12] = "RdcClose",
    [13] = "InitializeFileTransferAsync",
    [15] = "RawGetFileDataAsync",
    [16] = "RdcGetFileDataAsync",
    [17] = "RdcFileDataTransferKeepAlive",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(e3514235, 4b06, 11d1, ab04, 00c04fc2dcd2),
     .major = 4,
     .name = "drsuapi",
     RPC_OPERATIONS(drsuapi_operations)},
    {.uuid = RPC_UUID(7c44d7d4, 31d5, 424c, bd5e, 2b3e1f323d22),
     .major = 1,
     .name = "dsaop",
     RPC_OPERATIONS(dsaop_operations)},
    {.uuid = RPC_UUID(3919286a, b10c, 11d0, 9ba8, 00c04fd92ef5),
     .major = 0,
     .name = "dssetup",
     RPC_OPERATIONS(dssetup_operations)},
    {.uuid = RPC_UUID(50abc2a4, 574d, 40b3, 9d66, ee4fd5fba076),
     .major = 5,
     .name = "DnsServer",
     RPC_OPERATIONS(dns_server_operations)},
    {.uuid = RPC_UUID(8fb6d884, 2388, 11d0, 8c35, 00c04fda2795),
     .major = 4,
     .name = "W32Time",
     RPC_OPERATIONS(w32time_operations)},
    {.uuid = RPC_UUID(3dde7c30, 165d, 11d1, ab8f, 00805f14db40),
     .major = 1,
     .name = "BackupKey",
     RPC_OPERATIONS(backup_key_operations)},
    {.uuid = RPC_UUID(91ae6020, 9e3c, 11cf, 8d7c, 00aa00c091be),
     .major = 0,
     .name = "ICertPassage",
     RPC_OPERATIONS(icert_passage_operations)},
    {.uuid = RPC_UUID(0b1c2170, 5732, 4e0e, 8cd3, d9b16f3b84d7),
     .major = 0,
     .name = "authzr",
     RPC_OPERATIONS(authzr_operations)},
    {.uuid = RPC_UUID(f5cc5a18, 4264, 101a, 8c59, 08002b2f8426),
     .major = 56,
     .name = "nspi",
     RPC_OPERATIONS(nspi_operations)},
    {.uuid = RPC_UUID(897e2e5f, 93f3, 4376, 9c9c, fd2277495c27),
     .major = 1,
     .name = "FrsTransport",
     RPC_OPERATIONS(frs_transport_operations)},
};

const struct rpc_interfaces rpc_interfaces_directory = {interfaces, ARRAY_COUNT(interfaces)};
