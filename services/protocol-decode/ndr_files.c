/*
 * ndr_files - arguments of encrypted files, distributed file systems and shadow copies of shares: every
 * operation that makes a server open a path which its caller names.
 */
#include "services/protocol-decode/ndr_shorthand.h"

/* EFS_RPC_BLOB (MS-EFSR 2.2.1). */
static const struct ndr_type efs_blob =
    NDR_STRUCT_OF(NDR_SKIP_U32, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});

/* MS-EFSR 3.1.4.2 */
static const struct ndr_operation efsr_operations[] = {
    {0, 0, NDR(TEXT("FileName"), NUMBER("Flags")), NDR(NDR_SKIP_HANDLE)},
    {4, 0, NDR(TEXT("FileName")), NDR_NO_PARAMETERS},
    {5, 0, NDR(TEXT("FileName"), NUMBER("OpenFlag")), NDR_NO_PARAMETERS},
    {6, 0, NDR(TEXT("FileName"))},
    {7, 0, NDR(TEXT("FileName"))},
    {8, 0, NDR(TEXT("FileName"), NDR_REST), NDR_NO_PARAMETERS},
    {9, 0, NDR(TEXT("FileName"), NDR_REST), NDR_NO_PARAMETERS},
    {12, 0, NDR(TEXT("FileName"), NUMBER("InfoClass"))},
    {13, 0,
     NDR(TEXT("SrcFileName"), TEXT("DestFileName"), NUMBER("dwCreationDisposition"), NUMBER("dwAttributes"),
         SKIP_PTR(efs_blob), NUMBER("bInheritHandle")),
     NDR_NO_PARAMETERS},
    {15, 0, NDR(NUMBER("dwFlags"), SKIP_PTR(efs_blob), TEXT("FileName"), NDR_REST), NDR_NO_PARAMETERS},
    {16, 0, NDR(NUMBER("dwFileKeyInfoFlags"), SKIP_PTR(efs_blob), TEXT("FileName"), NUMBER("InfoClass"))},
    {18, 0, NDR(TEXT("FileName"))},
    {19, 0, NDR(TEXT("FileName"), NDR_REST), NDR_NO_PARAMETERS},
    {21, 0, NDR(TEXT("FileName"), TEXT_PTR("ProtectorDescriptor"), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {22, 0, NDR(TEXT("FileName"))},
};

/* MS-DFSNM 3.1.4 */
static const struct ndr_operation dfsnm_operations[] = {
    {0, NDR_RETURNS_STATUS, NDR_NO_PARAMETERS, NDR_NO_PARAMETERS},
    {1, 0,
     NDR(TEXT("DfsEntryPath"), TEXT("ServerName"), TEXT_PTR("ShareName"), TEXT_PTR("Comment"),
         NUMBER("Flags")),
     NDR_NO_PARAMETERS},
    {2, 0, NDR(TEXT("DfsEntryPath"), TEXT_PTR("ServerName"), TEXT_PTR("ShareName")), NDR_NO_PARAMETERS},
    {3, 0,
     NDR(TEXT("DfsEntryPath"), TEXT_PTR("ServerName"), TEXT_PTR("ShareName"), NUMBER("Level"), NDR_REST),
     NDR_NO_PARAMETERS},
    {4, 0, NDR(TEXT("DfsEntryPath"), TEXT_PTR("ServerName"), TEXT_PTR("ShareName"), NUMBER("Level"))},
    {5, 0, NDR(NUMBER("Level"), NUMBER("PrefMaxLen"), NDR_REST)},
    {6, 0, NDR(TEXT("DfsEntryPath"), TEXT("NewDfsEntryPath"), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {10, 0,
     NDR(TEXT("ServerName"), TEXT("DcName"), TEXT("RootShare"), TEXT("FtDfsName"), TEXT("Comment"),
         TEXT("ConfigDN"), SMALL("NewFtDfs"), NUMBER("ApiFlags"), NDR_REST)},
    {11, 0,
     NDR(TEXT("ServerName"), TEXT("DcName"), TEXT("RootShare"), TEXT("FtDfsName"), NUMBER("ApiFlags"),
         NDR_REST)},
    {12, 0, NDR(TEXT("ServerName"), TEXT("RootShare"), TEXT("Comment"), NUMBER("ApiFlags")),
     NDR_NO_PARAMETERS},
    {13, 0, NDR(TEXT("ServerName"), TEXT("RootShare"), NUMBER("ApiFlags")), NDR_NO_PARAMETERS},
    {14, 0, NDR(TEXT("ServerName"), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {15, 0, NDR(TEXT("ServerName"), TEXT("RootShare"), TEXT("Comment"), TEXT("Share")), NDR_NO_PARAMETERS},
    {16, 0, NDR(TEXT("ServerName"), NDR_REST)},
    {17, 0, NDR(TEXT("ServerName"), TEXT("DcName"), NUMBER("Timeout"), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {18, 0, NDR(TEXT("DcName"), TEXT("wszFtDfsName")), NDR_NO_PARAMETERS},
    {19, 0,
     NDR(TEXT("DfsEntryPath"), TEXT("DcName"), TEXT("ServerName"), TEXT_PTR("ShareName"), TEXT_PTR("Comment"),
         NUMBER("Flags"), NDR_REST)},
    {20, 0,
     NDR(TEXT("DfsEntryPath"), TEXT("DcName"), TEXT_PTR("ServerName"), TEXT_PTR("ShareName"), NDR_REST)},
    {21, 0, NDR(TEXT("DfsEntryPath"), NUMBER("Level"), NUMBER("PrefMaxLen"), NDR_REST)},
    {22, 0,
     NDR(TEXT("DfsEntryPath"), TEXT("DcName"), TEXT_PTR("ServerName"), TEXT_PTR("ShareName"), NUMBER("Level"),
         NDR_REST)},
    {23, 0,
     NDR(TEXT_PTR("pDfsPath"), TEXT_PTR("pTargetPath"), NUMBER("MajorVersion"), TEXT_PTR("pComment"),
         SMALL("NewNamespace"), NUMBER("Flags")),
     NDR_NO_PARAMETERS},
    {24, 0, NDR(TEXT_PTR("pDfsPath"), TEXT_PTR("pTargetPath"), NUMBER("Flags")), NDR_NO_PARAMETERS},
    {25, 0, NDR({"Origin", &ndr_enum, NDR_SHOW}, TEXT_PTR("pName"))},
};

/* MS-FSRVP 3.1.4 */
static const struct ndr_operation fsrvp_operations[] = {
    {0, 0, NDR_NO_PARAMETERS, NDR(NUMBER("MinVersion"), NUMBER("MaxVersion"))},
    {1, 0, NDR(NUMBER("Context")), NDR_NO_PARAMETERS},
    {2, 0, NDR(GUID("ClientShadowCopySetId")), NDR(GUID("pShadowCopySetId"))},
    {3, 0, NDR(GUID("ClientShadowCopyId"), GUID("ShadowCopySetId"), TEXT("ShareName")),
     NDR(GUID("pShadowCopyId"))},
    {4, 0, NDR(GUID("ShadowCopySetId"), NUMBER("TimeOutInMilliseconds")), NDR_NO_PARAMETERS},
    {5, 0, NDR(GUID("ShadowCopySetId"), NUMBER("TimeOutInMilliseconds")), NDR_NO_PARAMETERS},
    {6, 0, NDR(GUID("ShadowCopySetId")), NDR_NO_PARAMETERS},
    {7, 0, NDR(GUID("ShadowCopySetId")), NDR_NO_PARAMETERS},
    {8, 0, NDR(TEXT("ShareName")), NDR(NUMBER("SupportedByThisProvider"), TEXT_PTR("OwnerMachineName"))},
    {9, 0, NDR(TEXT("ShareName")), NDR(NUMBER("ShadowCopyPresent"), NUMBER("ShadowCopyCompatibility"))},
    {10, 0, NDR(GUID("ShadowCopyId"), GUID("ShadowCopySetId"), TEXT("ShareName"), NUMBER("Level"))},
    {11, 0, NDR(GUID("ShadowCopySetId"), GUID("ShadowCopyId"), TEXT("ShareName")), NDR_NO_PARAMETERS},
    {12, 0, NDR(GUID("ShadowCopySetId"), NUMBER("TimeOutInMilliseconds")), NDR_NO_PARAMETERS},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(c681d488, d850, 11d0, 8c52, 00c04fd90f7e), NDR_OPERATIONS(efsr_operations)},
    {.uuid = RPC_UUID(df1941c5, fe89, 4e79, bf10, 463657acf44d), NDR_OPERATIONS(efsr_operations)},
    {.uuid = RPC_UUID(4fc742e0, 4a10, 11cf, 8273, 00aa004ae673), NDR_OPERATIONS(dfsnm_operations)},
    {.uuid = RPC_UUID(a8e0653c, 2744, 4389, a61d, 7373df8b2292), NDR_OPERATIONS(fsrvp_operations)},
};

const struct ndr_interfaces ndr_files = NDR_INTERFACES(interfaces);
