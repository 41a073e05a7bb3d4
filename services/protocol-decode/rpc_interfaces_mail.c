/*
 * rpc_interfaces_mail - mail stores and their directory.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-OXCRPC */
static const char *const emsmdb_operations[] = {
    [1] = "EcDoDisconnect", [4] = "EcRRegisterPushNotification", [6] = "EcDummyRpc", [10] = "EcDoConnectEx",
    [11] = "EcDoRpcExt2",   [14] = "EcDoAsyncConnectEx",
};

/* MS-OXCRPC */
static const char *const asyncemsmdb_operations[] = {
    [0] = "EcDoAsyncWaitEx",
};

/* MS-OXABREF */
static const char *const rfri_operations[] = {
    [0] = "RfrGetNewDSA",
    [1] = "RfrGetFQDNFromServerDN",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(a4f1db00, ca47, 1067, b31f, 00dd010662da),
     .major = 0,
     .name = "emsmdb",
     RPC_OPERATIONS(emsmdb_operations)},
    {.uuid = RPC_UUID(5261574a, 4572, 206e, b268, 6b199213b4e4),
     .major = 0,
     .name = "asyncemsmdb",
     RPC_OPERATIONS(asyncemsmdb_operations)},
    {.uuid = RPC_UUID(1544f5e0, 613c, 11d1, 93df, 00c04fd7bd09),
     .major = 1,
     .name = "rfri",
     RPC_OPERATIONS(rfri_operations)},
};

const struct rpc_interfaces rpc_interfaces_mail = {interfaces, ARRAY_COUNT(interfaces)};
