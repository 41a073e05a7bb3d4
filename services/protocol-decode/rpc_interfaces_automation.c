/*
 * rpc_interfaces_automation - automation and remoting of objects in general.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-OAUT */
#define ITYPE_LIB_OPERATIONS                                                                                 \
    [3] = "GetTypeInfoCount", [4] = "GetTypeInfo", [5] = "GetTypeInfoType", [6] = "GetTypeInfoOfGuid",       \
    [7] = "GetLibAttr", [8] = "GetTypeComp", [9] = "GetDocumentation", [10] = "IsName", [11] = "FindName"
static const char *const itype_lib_operations[] = {ITYPE_LIB_OPERATIONS};

/* MS-OAUT */
static const char *const ienum_variant_operations[] = {
    [3] = "Next",
    [4] = "Skip",
    [5] = "Reset",
    [6] = "Clone",
};

/* MS-OAUT */
static const char *const itype_comp_operations[] = {
    [3] = "Bind",
    [4] = "BindType",
};

/* MS-OAUT */
static const char *const itype_info2_operations[] = {
    [3] = "GetTypeAttr",
    [4] = "GetTypeComp",
    [5] = "GetFuncDesc",
    [6] = "GetVarDesc",
    [7] = "GetNames",
    [8] = "GetRefTypeOfImplType",
    [9] = "GetImplTypeFlags",
    [12] = "GetDocumentation",
    [13] = "GetDllEntry",
    [14] = "GetRefTypeInfo",
    [16] = "CreateInstance",
    [17] = "GetMops",
    [18] = "GetContainingTypeLib",
    [22] = "GetTypeKind",
    [23] = "GetTypeFlags",
    [24] = "GetFuncIndexOfMemId",
    [25] = "GetVarIndexOfMemId",
    [26] = "GetCustData",
    [27] = "GetFuncCustData",
    [28] = "GetParamCustData",
    [29] = "GetVarCustData",
    [30] = "GetImplTypeCustData",
    [31] = "GetDocumentation2",
    [32] = "GetAllCustData",
    [33] = "GetAllFuncCustData",
    [34] = "GetAllParamCustData",
    [35] = "GetAllVarCustData",
    [36] = "GetAllImplTypeCustData",
};

/* MS-OAUT */
static const char *const itype_lib2_operations[] = {
    ITYPE_LIB_OPERATIONS,       [13] = "GetCustData",    [14] = "GetLibStatistics",
    [15] = "GetDocumentation2", [16] = "GetAllCustData",
};

/* MS-IOI */
static const char *const imanaged_object_operations[] = {
    [3] = "GetSerializedBuffer",
    [4] = "GetObjectIdentity",
};

/* MS-IOI */
static const char *const iremote_dispatch_operations[] = {
    RPC_DISPATCH_OPERATIONS,
    [7] = "RemoteDispatchAutoDone",
    [8] = "RemoteDispatchNotAutoDone",
};

/* MS-IOI */
static const char *const iserviced_component_info_operations[] = {
    [3] = "GetComponentInfo",
};

/* MS-ADTG */
#define IDATA_FACTORY_OPERATIONS                                                                             \
    [3] = "Query", [4] = "SubmitChanges", [5] = "ConvertToString", [6] = "CreateRecordSet"
static const char *const idata_factory_operations[] = {IDATA_FACTORY_OPERATIONS};

/* MS-ADTG */
#define IDATA_FACTORY2_OPERATIONS IDATA_FACTORY_OPERATIONS, [7] = "Execute21", [8] = "Synchronize21"
static const char *const idata_factory2_operations[] = {IDATA_FACTORY2_OPERATIONS};

/* MS-ADTG */
static const char *const idata_factory3_operations[] = {
    IDATA_FACTORY2_OPERATIONS,
    [9] = "Execute",
    [10] = "Synchronize",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(00020402, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "ITypeLib",
     RPC_OPERATIONS(itype_lib_operations)},
    {.uuid = RPC_UUID(00020404, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "IEnumVARIANT",
     RPC_OPERATIONS(ienum_variant_operations)},
    {.uuid = RPC_UUID(00020403, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "ITypeComp",
     RPC_OPERATIONS(itype_comp_operations)},
    {.uuid = RPC_UUID(00020412, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "ITypeInfo2",
     RPC_OPERATIONS(itype_info2_operations)},
    {.uuid = RPC_UUID(00020411, 0000, 0000, c000, 000000000046),
     .major = 0,
     .name = "ITypeLib2",
     RPC_OPERATIONS(itype_lib2_operations)},
    {.uuid = RPC_UUID(c3fcc19e, a970, 11d2, 8b5a, 00a0c9b7c9c4),
     .major = 0,
     .name = "IManagedObject",
     RPC_OPERATIONS(imanaged_object_operations)},
    {.uuid = RPC_UUID(6619a740, 8154, 43be, a186, 0319578e02db),
     .major = 0,
     .name = "IRemoteDispatch",
     RPC_OPERATIONS(iremote_dispatch_operations)},
    {.uuid = RPC_UUID(8165b19e, 8d3a, 4d0b, 80c8, 97de310db583),
     .major = 0,
     .name = "IServicedComponentInfo",
     RPC_OPERATIONS(iserviced_component_info_operations)},
    {.uuid = RPC_UUID(0eac4842, 8763, 11cf, a743, 00aa00a3f00d),
     .major = 0,
     .name = "IDataFactory",
     RPC_OPERATIONS(idata_factory_operations)},
    {.uuid = RPC_UUID(070669eb, b52f, 11d1, 9270, 00c04fbbbfb3),
     .major = 0,
     .name = "IDataFactory2",
     RPC_OPERATIONS(idata_factory2_operations)},
    {.uuid = RPC_UUID(4639db2a, bfc5, 11d2, 9318, 00c04fbbbfb3),
     .major = 0,
     .name = "IDataFactory3",
     RPC_OPERATIONS(idata_factory3_operations)},
};

const struct rpc_interfaces rpc_interfaces_automation = {interfaces, ARRAY_COUNT(interfaces)};
