/*
 * rpc_interfaces_queue - message queuing and distributed transactions.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-MQDS */
static const char *const dscomm_operations[] = {
    [0] = "S_DSCreateObject",
    [1] = "S_DSDeleteObject",
    [2] = "S_DSGetProps",
    [3] = "S_DSSetProps",
    [4] = "S_DSGetObjectSecurity",
    [5] = "S_DSSetObjectSecurity",
    [6] = "S_DSLookupBegin",
    [7] = "S_DSLookupNext",
    [8] = "S_DSLookupEnd",
    [10] = "S_DSDeleteObjectGuid",
    [11] = "S_DSGetPropsGuid",
    [12] = "S_DSSetPropsGuid",
    [13] = "S_DSGetObjectSecurityGuid",
    [14] = "S_DSSetObjectSecurityGuid",
    [19] = "S_DSQMSetMachineProperties",
    [20] = "S_DSCreateServersCache",
    [21] = "S_DSQMSetMachinePropertiesSignProc",
    [22] = "S_DSQMGetObjectSecurity",
    [23] = "S_DSQMGetObjectSecurityChallengeResponceProc",
    [24] = "S_InitSecCtx",
    [25] = "S_DSValidateServer",
    [26] = "S_DSCloseServerHandle",
    [30] = "S_DSGetServerPort",
};

/* MS-MQDS */
static const char *const dscomm2_operations[] = {
    [0] = "S_DSGetComputerSites", [1] = "S_DSGetPropsEx",
    [2] = "S_DSGetPropsGuidEx",   [3] = "S_DSBeginDeleteNotification",
    [4] = "S_DSNotifyDelete",     [5] = "S_DSEndDeleteNotification",
    [6] = "S_DSIsServerGC",       [8] = "S_DSGetGCListInDomain",
};

/* MS-MQMP */
static const char *const qmcomm_operations[] = {
    [1] = "R_QMGetRemoteQueueName",
    [2] = "R_QMOpenRemoteQueue",
    [3] = "R_QMCloseRemoteQueueContext",
    [4] = "R_QMCreateRemoteCursor",
    [6] = "R_QMCreateObjectInternal",
    [7] = "R_QMSetObjectSecurityInternal",
    [8] = "R_QMGetObjectSecurityInternal",
    [9] = "R_QMDeleteObject",
    [10] = "R_QMGetObjectProperties",
    [11] = "R_QMSetObjectProperties",
    [12] = "R_QMObjectPathToObjectFormat",
    [14] = "R_QMGetTmWhereabouts",
    [15] = "R_QMEnlistTransaction",
    [16] = "R_QMEnlistInternalTransaction",
    [17] = "R_QMCommitTransaction",
    [18] = "R_QMAbortTransaction",
    [19] = "rpc_QMOpenQueueInternal",
    [20] = "rpc_ACCloseHandle",
    [22] = "rpc_ACCloseCursor",
    [23] = "rpc_ACSetCursorProperties",
    [26] = "rpc_ACHandleToFormatName",
    [27] = "rpc_ACPurgeQueue",
    [28] = "R_QMQueryQMRegistryInternal",
    [31] = "R_QMGetRTQMServerPort",
};

/* MS-MQMP */
static const char *const qmcomm2_operations[] = {
    [0] = "QMSendMessageInternalEx",
    [1] = "rpc_ACSendMessageEx",
    [2] = "rpc_ACReceiveMessageEx",
    [3] = "rpc_ACCreateCursorEx",
};

/* MS-MQMR */
static const char *const qmmgmt_operations[] = {
    [0] = "R_QMMgmtGetInfo",
    [1] = "R_QMMgmtAction",
};

/* MS-MQQP */
static const char *const qm2qm_operations[] = {
    [0] = "RemoteQMStartReceive",
    [1] = "RemoteQMEndReceive",
    [2] = "RemoteQMOpenQueue",
    [3] = "RemoteQMCloseQueue",
    [4] = "RemoteQMCloseCursor",
    [5] = "RemoteQMCancelReceive",
    [6] = "RemoteQMPurgeQueue",
    [7] = "RemoteQMGetQMQMServerPort",
    [8] = "RemoteQmGetVersion",
    [9] = "RemoteQMStartReceive2",
    [10] = "RemoteQMStartReceiveByLookupId",
};

/* MS-MQRR */
static const char *const remote_read_operations[] = {
    [0] = "R_GetServerPort",
    [2] = "R_OpenQueue",
    [3] = "R_CloseQueue",
    [4] = "R_CreateCursor",
    [5] = "R_CloseCursor",
    [6] = "R_PurgeQueue",
    [7] = "R_StartReceive",
    [8] = "R_CancelReceive",
    [9] = "R_EndReceive",
    [10] = "R_MoveMessage",
    [11] = "R_OpenQueueForMove",
    [12] = "R_QMEnlistRemoteTransaction",
    [13] = "R_StartTransactionalReceive",
    [14] = "R_SetUserAcknowledgementClass",
    [15] = "R_EndTransactionalReceive",
};

/* MC-MQAC */
static const char *const itransaction_operations[] = {
    [3] = "Commit",
    [4] = "Abort",
    [5] = "GetTransactionInfo",
};

/* MC-MQAC */
static const char *const ienum_connections_operations[] = {
    [3] = "Next",
    [4] = "Skip",
    [5] = "Reset",
    [6] = "Clone",
};

/* MC-MQAC */
static const char *const iconnection_point_container_operations[] = {
    [3] = "EnumConnectionPoints",
    [4] = "FindConnectionPoint",
};

/* MC-MQAC */
static const char *const iconnection_point_operations[] = {
    [3] = "GetConnectionInterface", [4] = "GetConnectionPointContainer", [5] = "Advise", [6] = "Unadvise",
    [7] = "EnumConnections",
};

/* MC-MQAC */
static const char *const ienum_connection_points_operations[] = {
    [3] = "Next",
    [4] = "Skip",
    [5] = "Reset",
    [6] = "Clone",
};

/* MS-CMPO */
static const char *const ixn_remote_operations[] = {
    [0] = "Poke",        [1] = "BuildContext",    [2] = "NegotiateResources",
    [3] = "SendReceive", [4] = "TearDownContext", [5] = "BeginTearDown",
    [6] = "PokeW",       [7] = "BuildContextW",
};

/* MS-COM */
static const char *const itransaction_stream_operations[] = {
    [3] = "GetSeqAndTxViaExport",
    [4] = "GetSeqAndTxViaTransmitter",
    [5] = "GetTxViaExport",
    [6] = "GetTxViaTransmitter",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(77df7a80, f298, 11d0, 8358, 00a024c480a8),
     .major = 1,
     .name = "dscomm",
     RPC_OPERATIONS(dscomm_operations)},
    {.uuid = RPC_UUID(708cca10, 9569, 11d1, b2a5, 0060977d8118),
     .major = 1,
     .name = "dscomm2",
     RPC_OPERATIONS(dscomm2_operations)},
    {.uuid = RPC_UUID(fdb3a030, 065f, 11d1, bb9b, 00a024ea5525),
     .major = 1,
     .name = "qmcomm",
     RPC_OPERATIONS(qmcomm_operations)},
    {.uuid = RPC_UUID(76d12b80, 3467, 11d3, 91ff, 0090272f9ea3),
     .major = 1,
     .name = "qmcomm2",
     RPC_OPERATIONS(qmcomm2_operations)},
    {.uuid = RPC_UUID(41208ee0, e970, 11d1, 9b9e, 00e02c064c39),
     .major = 1,
     .name = "qmmgmt",
     RPC_OPERATIONS(qmmgmt_operations)},
    {.uuid = RPC_UUID(1088a980, eae5, 11d0, 8d9b, 00a02453c337),
     .major = 1,
     .name = "qm2qm",
     RPC_OPERATIONS(qm2qm_operations)},
    {.uuid = RPC_UUID(1a9134dd, 7b39, 45ba, ad88, 44d01ca47f28),
     .major = 1,
     .name = "RemoteRead",
     RPC_OPERATIONS(remote_read_operations)},
    {.uuid = RPC_UUID(0fb15084, af41, 11ce, bd2b, 204c4f4f5020),
     .major = 0,
     .name = "ITransaction",
     RPC_OPERATIONS(itransaction_operations)},
    {.uuid = RPC_UUID(b196b287, bab4, 101a, b69c, 00aa00341d07),
     .major = 0,
     .name = "IEnumConnections",
     RPC_OPERATIONS(ienum_connections_operations)},
    {.uuid = RPC_UUID(b196b284, bab4, 101a, b69c, 00aa00341d07),
     .major = 0,
     .name = "IConnectionPointContainer",
     RPC_OPERATIONS(iconnection_point_container_operations)},
    {.uuid = RPC_UUID(b196b286, bab4, 101a, b69c, 00aa00341d07),
     .major = 0,
     .name = "IConnectionPoint",
     RPC_OPERATIONS(iconnection_point_operations)},
    {.uuid = RPC_UUID(b196b285, bab4, 101a, b69c, 00aa00341d07),
     .major = 0,
     .name = "IEnumConnectionPoints",
     RPC_OPERATIONS(ienum_connection_points_operations)},
    {.uuid = RPC_UUID(906b0ce0, c70b, 1067, b317, 00dd010662da),
     .major = 1,
     .name = "IXnRemote",
     RPC_OPERATIONS(ixn_remote_operations)},
    {.uuid = RPC_UUID(97199110, db2e, 11d1, a251, 0000f805ca53),
     .major = 0,
     .name = "ITransactionStream",
     RPC_OPERATIONS(itransaction_stream_operations)},
};

const struct rpc_interfaces rpc_interfaces_queue = {interfaces, ARRAY_COUNT(interfaces)};
