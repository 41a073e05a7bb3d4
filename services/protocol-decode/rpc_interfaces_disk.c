/*
 * rpc_interfaces_disk - virtual disks.
 */
#include "services/protocol-decode/rpc_interfaces.h"

/* MS-VDS */
static const char *const ienum_vds_object_operations[] = {
    [3] = "Next",
    [4] = "Skip",
    [5] = "Reset",
    [6] = "Clone",
};

/* MS-VDS */
static const char *const ivds_advise_sink_operations[] = {
    [3] = "OnNotify",
};

/* MS-VDS */
static const char *const ivds_async_operations[] = {
    [3] = "Cancel",
    [4] = "Wait",
    [5] = "QueryStatus",
};

/* MS-VDS */
static const char *const ivds_service_loader_operations[] = {
    [3] = "LoadService",
};

/* MS-VDS */
static const char *const ivds_service_operations[] = {
    [3] = "IsServiceReady",
    [4] = "WaitForServiceReady",
    [5] = "GetProperties",
    [6] = "QueryProviders",
    [8] = "QueryUnallocatedDisks",
    [9] = "GetObject",
    [10] = "QueryDriveLetters",
    [11] = "QueryFileSystemTypes",
    [12] = "Reenumerate",
    [13] = "Refresh",
    [14] = "CleanupObsoleteMountPoints",
    [15] = "Advise",
    [16] = "Unadvise",
    [17] = "Reboot",
    [18] = "SetFlags",
    [19] = "ClearFlags",
};

/* MS-VDS */
static const char *const ivds_service_initialization_operations[] = {
    [3] = "Initialize",
};

/* MS-VDS */
static const char *const ivds_service_uninstall_disk_operations[] = {
    [3] = "GetDiskIdFromLunInfo",
    [4] = "UninstallDisks",
};

/* MS-VDS */
static const char *const ivds_service_hba_operations[] = {
    [3] = "QueryHbaPorts",
};

/* MS-VDS */
static const char *const ivds_service_iscsi_operations[] = {
    [3] = "GetInitiatorName",
    [4] = "QueryInitiatorAdapters",
    [8] = "SetInitiatorSharedSecret",
};

/* MS-VDS */
static const char *const ivds_service_san_operations[] = {
    [3] = "GetSANPolicy",
    [4] = "SetSANPolicy",
};

/* MS-VDS */
static const char *const ivds_service_sw_operations[] = {
    [3] = "GetDiskObject",
};

/* MS-VDS */
static const char *const ivds_hba_port_operations[] = {
    [3] = "GetProperties",
    [4] = "SetAllPathStatuses",
};

/* MS-VDS */
static const char *const ivds_iscsi_initiator_adapter_operations[] = {
    [3] = "GetProperties",
    [4] = "QueryInitiatorPortals",
};

/* MS-VDS */
static const char *const ivds_iscsi_initiator_portal_operations[] = {
    [3] = "GetProperties",
    [4] = "GetInitiatorAdapter",
};

/* MS-VDS */
static const char *const ivds_provider_operations[] = {
    [3] = "GetProperties",
};

/* MS-VDS */
static const char *const ivds_sw_provider_operations[] = {
    [3] = "QueryPacks",
    [4] = "CreatePack",
};

/* MS-VDS */
static const char *const ivds_hw_provider_operations[] = {
    [3] = "QuerySubSystems",
};

/* MS-VDS */
static const char *const ivds_vd_provider_operations[] = {
    [3] = "QueryVDisks",      [4] = "CreateVDisk",      [5] = "AddVDisk",
    [6] = "GetDiskFromVDisk", [7] = "GetVDiskFromDisk",
};

/* MS-VDS */
static const char *const ivds_sub_system_import_target_operations[] = {
    [3] = "GetImportTarget",
    [4] = "SetImportTarget",
};

/* MS-VDS */
static const char *const ivds_pack_operations[] = {
    [3] = "GetProperties", [4] = "GetProvider",        [5] = "QueryVolumes",
    [6] = "QueryDisks",    [7] = "CreateVolume",       [8] = "AddDisk",
    [9] = "MigrateDisks",  [11] = "RemoveMissingDisk", [12] = "Recover",
};

/* MS-VDS */
static const char *const ivds_pack2_operations[] = {
    [3] = "CreateVolume2",
};

/* MS-VDS */
static const char *const ivds_disk_operations[] = {
    [3] = "GetProperties", [4] = "GetPack",      [5] = "GetIdentificationData",
    [6] = "QueryExtents",  [7] = "ConvertStyle", [8] = "SetFlags",
    [9] = "ClearFlags",
};

/* MS-VDS */
static const char *const ivds_disk2_operations[] = {
    [3] = "SetSANMode",
};

/* MS-VDS */
static const char *const ivds_disk3_operations[] = {
    [3] = "GetProperties2",
    [4] = "QueryFreeExtents",
};

/* MS-VDS */
static const char *const ivds_advanced_disk_operations[] = {
    [3] = "GetPartitionProperties", [4] = "QueryPartitions",
    [5] = "CreatePartition",        [6] = "DeletePartition",
    [7] = "ChangeAttributes",       [8] = "AssignDriveLetter",
    [9] = "DeleteDriveLetter",      [10] = "GetDriveLetter",
    [11] = "FormatPartition",       [12] = "Clean",
};

/* MS-VDS */
static const char *const ivds_advanced_disk2_operations[] = {
    [3] = "ChangePartitionType",
};

/* MS-VDS */
static const char *const ivds_advanced_disk3_operations[] = {
    [3] = "GetProperties",
    [4] = "GetUniqueId",
};

/* MS-VDS */
static const char *const ivds_create_partition_ex_operations[] = {
    [3] = "CreatePartitionEx",
};

/* MS-VDS */
static const char *const ivds_disk_online_operations[] = {
    [3] = "Online",
    [4] = "Offline",
};

/* MS-VDS */
static const char *const ivds_disk_partition_mf_operations[] = {
    [3] = "GetPartitionFileSystemProperties",
    [4] = "GetPartitionFileSystemTypeName",
    [5] = "QueryPartitionFileSystemFormatSupport",
    [6] = "FormatPartitionEx",
};

/* MS-VDS */
static const char *const ivds_disk_partition_mf2_operations[] = {
    [3] = "FormatPartitionEx2",
};

/* MS-VDS */
static const char *const ivds_removable_operations[] = {
    [3] = "QueryMedia",
    [4] = "Eject",
};

/* MS-VDS */
static const char *const ivds_volume_operations[] = {
    [3] = "GetProperties", [4] = "GetPack",   [5] = "QueryPlexes", [6] = "Extend",
    [7] = "Shrink",        [8] = "AddPlex",   [9] = "BreakPlex",   [10] = "RemovePlex",
    [11] = "Delete",       [12] = "SetFlags", [13] = "ClearFlags",
};

/* MS-VDS */
static const char *const ivds_volume2_operations[] = {
    [3] = "GetProperties2",
};

/* MS-VDS */
static const char *const ivds_volume_mf_operations[] = {
    [3] = "GetFileSystemProperties",
    [4] = "Format",
    [5] = "AddAccessPath",
    [6] = "QueryAccessPaths",
    [7] = "QueryReparsePoints",
    [8] = "DeleteAccessPath",
    [9] = "Mount",
    [10] = "Dismount",
    [11] = "SetFileSystemFlags",
    [12] = "ClearFileSystemFlags",
};

/* MS-VDS */
static const char *const ivds_volume_mf2_operations[] = {
    [3] = "GetFileSystemTypeName",
    [4] = "QueryFileSystemFormatSupport",
    [5] = "FormatEx",
};

/* MS-VDS */
static const char *const ivds_volume_mf3_operations[] = {
    [3] = "QueryVolumeGuidPathnames",
    [4] = "FormatEx2",
    [5] = "OfflineVolume",
};

/* MS-VDS */
static const char *const ivds_volume_shrink_operations[] = {
    [3] = "QueryMaxReclaimableBytes",
    [4] = "Shrink",
};

/* MS-VDS */
static const char *const ivds_volume_online_operations[] = {
    [3] = "Online",
};

/* MS-VDS */
static const char *const ivds_volume_plex_operations[] = {
    [3] = "GetProperties",
    [4] = "GetVolume",
    [5] = "QueryExtents",
    [6] = "Repair",
};

/* MS-VDS */
static const char *const ivds_v_disk_operations[] = {
    [3] = "Open",
    [4] = "GetProperties",
    [5] = "GetHostVolume",
    [6] = "GetDeviceName",
};

/* MS-VDS */
static const char *const ivds_open_v_disk_operations[] = {
    [3] = "Attach", [4] = "Detach", [5] = "DetachAndDelete", [6] = "Compact", [7] = "Merge", [8] = "Expand",
};

static const struct rpc_interface interfaces[] = {
    {.uuid = RPC_UUID(118610b7, 8d94, 4030, b5b8, 500889788e4e),
     .major = 0,
     .name = "IEnumVdsObject",
     RPC_OPERATIONS(ienum_vds_object_operations)},
    {.uuid = RPC_UUID(8326cd1d, cf59, 4936, b786, 5efc08798e25),
     .major = 0,
     .name = "IVdsAdviseSink",
     RPC_OPERATIONS(ivds_advise_sink_operations)},
    {.uuid = RPC_UUID(d5d23b6d, 5a55, 4492, 9889, 397a3c2d2dbc),
     .major = 0,
     .name = "IVdsAsync",
     RPC_OPERATIONS(ivds_async_operations)},
    {.uuid = RPC_UUID(e0393303, 90d4, 4a97, ab71, e9b671ee2729),
     .major = 0,
     .name = "IVdsServiceLoader",
     RPC_OPERATIONS(ivds_service_loader_operations)},
    {.uuid = RPC_UUID(0818a8ef, 9ba9, 40d8, a6f9, e22833cc771e),
     .major = 0,
     .name = "IVdsService",
     RPC_OPERATIONS(ivds_service_operations)},
    {.uuid = RPC_UUID(4afc3636, db01, 4052, 80c3, 03bbcb8d3c69),
     .major = 0,
     .name = "IVdsServiceInitialization",
     RPC_OPERATIONS(ivds_service_initialization_operations)},
    {.uuid = RPC_UUID(b6b22da8, f903, 4be7, b492, c09d875ac9da),
     .major = 0,
     .name = "IVdsServiceUninstallDisk",
     RPC_OPERATIONS(ivds_service_uninstall_disk_operations)},
    {.uuid = RPC_UUID(0ac13689, 3134, 47c6, a17c, 4669216801be),
     .major = 0,
     .name = "IVdsServiceHba",
     RPC_OPERATIONS(ivds_service_hba_operations)},
    {.uuid = RPC_UUID(14fbe036, 3ed7, 4e10, 90e9, a5ff991aff01),
     .major = 0,
     .name = "IVdsServiceIscsi",
     RPC_OPERATIONS(ivds_service_iscsi_operations)},
    {.uuid = RPC_UUID(fc5d23e8, a88b, 41a5, 8de0, 2d2f73c5a630),
     .major = 0,
     .name = "IVdsServiceSAN",
     RPC_OPERATIONS(ivds_service_san_operations)},
    {.uuid = RPC_UUID(15fc031c, 0652, 4306, b2c3, f558b8f837e2),
     .major = 0,
     .name = "IVdsServiceSw",
     RPC_OPERATIONS(ivds_service_sw_operations)},
    {.uuid = RPC_UUID(2abd757f, 2851, 4997, 9a13, 47d2a885d6ca),
     .major = 0,
     .name = "IVdsHbaPort",
     RPC_OPERATIONS(ivds_hba_port_operations)},
    {.uuid = RPC_UUID(b07fedd4, 1682, 4440, 9189, a39b55194dc5),
     .major = 0,
     .name = "IVdsIscsiInitiatorAdapter",
     RPC_OPERATIONS(ivds_iscsi_initiator_adapter_operations)},
    {.uuid = RPC_UUID(38a0a9ab, 7cc8, 4693, ac07, 1f28bd03c3da),
     .major = 0,
     .name = "IVdsIscsiInitiatorPortal",
     RPC_OPERATIONS(ivds_iscsi_initiator_portal_operations)},
    {.uuid = RPC_UUID(10c5e575, 7984, 4e81, a56b, 431f5f92ae42),
     .major = 0,
     .name = "IVdsProvider",
     RPC_OPERATIONS(ivds_provider_operations)},
    {.uuid = RPC_UUID(9aa58360, ce33, 4f92, b658, ed24b14425b8),
     .major = 0,
     .name = "IVdsSwProvider",
     RPC_OPERATIONS(ivds_sw_provider_operations)},
    {.uuid = RPC_UUID(d99bdaae, b13a, 4178, 9fdb, e27f16b4603e),
     .major = 0,
     .name = "IVdsHwProvider",
     RPC_OPERATIONS(ivds_hw_provider_operations)},
    {.uuid = RPC_UUID(b481498c, 8354, 45f9, 84a0, 0bdd2832a91f),
     .major = 0,
     .name = "IVdsVdProvider",
     RPC_OPERATIONS(ivds_vd_provider_operations)},
    {.uuid = RPC_UUID(83bfb87f, 43fb, 4903, baa6, 127f01029eec),
     .major = 0,
     .name = "IVdsSubSystemImportTarget",
     RPC_OPERATIONS(ivds_sub_system_import_target_operations)},
    {.uuid = RPC_UUID(3b69d7f5, 9d94, 4648, 91ca, 79939ba263bf),
     .major = 0,
     .name = "IVdsPack",
     RPC_OPERATIONS(ivds_pack_operations)},
    {.uuid = RPC_UUID(13b50bff, 290a, 47dd, 8558, b7c58db1a71a),
     .major = 0,
     .name = "IVdsPack2",
     RPC_OPERATIONS(ivds_pack2_operations)},
    {.uuid = RPC_UUID(07e5c822, f00c, 47a1, 8fce, b244da56fd06),
     .major = 0,
     .name = "IVdsDisk",
     RPC_OPERATIONS(ivds_disk_operations)},
    {.uuid = RPC_UUID(40f73c8b, 687d, 4a13, 8d96, 3d7f2e683936),
     .major = 0,
     .name = "IVdsDisk2",
     RPC_OPERATIONS(ivds_disk2_operations)},
    {.uuid = RPC_UUID(8f4b2f5d, ec15, 4357, 992f, 473ef10975b9),
     .major = 0,
     .name = "IVdsDisk3",
     RPC_OPERATIONS(ivds_disk3_operations)},
    {.uuid = RPC_UUID(6e6f6b40, 977c, 4069, bddd, ac710059f8c0),
     .major = 0,
     .name = "IVdsAdvancedDisk",
     RPC_OPERATIONS(ivds_advanced_disk_operations)},
    {.uuid = RPC_UUID(9723f420, 9355, 42de, ab66, e31bb15beeac),
     .major = 0,
     .name = "IVdsAdvancedDisk2",
     RPC_OPERATIONS(ivds_advanced_disk2_operations)},
    {.uuid = RPC_UUID(3858c0d5, 0f35, 4bf5, 9714, 69874963bc36),
     .major = 0,
     .name = "IVdsAdvancedDisk3",
     RPC_OPERATIONS(ivds_advanced_disk3_operations)},
    {.uuid = RPC_UUID(9882f547, cfc3, 420b, 9750, 00dfbec50662),
     .major = 0,
     .name = "IVdsCreatePartitionEx",
     RPC_OPERATIONS(ivds_create_partition_ex_operations)},
    {.uuid = RPC_UUID(90681b1d, 6a7f, 48e8, 9061, 31b7aa125322),
     .major = 0,
     .name = "IVdsDiskOnline",
     RPC_OPERATIONS(ivds_disk_online_operations)},
    {.uuid = RPC_UUID(538684e0, ba3d, 4bc0, aca9, 164aff85c2a9),
     .major = 0,
     .name = "IVdsDiskPartitionMF",
     RPC_OPERATIONS(ivds_disk_partition_mf_operations)},
    {.uuid = RPC_UUID(9cbe50ca, f2d2, 4bf4, ace1, 96896b729625),
     .major = 0,
     .name = "IVdsDiskPartitionMF2",
     RPC_OPERATIONS(ivds_disk_partition_mf2_operations)},
    {.uuid = RPC_UUID(0316560b, 5db4, 4ed9, bbb5, 213436ddc0d9),
     .major = 0,
     .name = "IVdsRemovable",
     RPC_OPERATIONS(ivds_removable_operations)},
    {.uuid = RPC_UUID(88306bb2, e71f, 478c, 86a2, 79da200a0f11),
     .major = 0,
     .name = "IVdsVolume",
     RPC_OPERATIONS(ivds_volume_operations)},
    {.uuid = RPC_UUID(72ae6713, dcbb, 4a03, b36b, 371f6ac6b53d),
     .major = 0,
     .name = "IVdsVolume2",
     RPC_OPERATIONS(ivds_volume2_operations)},
    {.uuid = RPC_UUID(ee2d5ded, 6236, 4169, 931d, b9778ce03dc6),
     .major = 0,
     .name = "IVdsVolumeMF",
     RPC_OPERATIONS(ivds_volume_mf_operations)},
    {.uuid = RPC_UUID(4dbcee9a, 6343, 4651, b85f, 5e75d74d983c),
     .major = 0,
     .name = "IVdsVolumeMF2",
     RPC_OPERATIONS(ivds_volume_mf2_operations)},
    {.uuid = RPC_UUID(6788faf9, 214e, 4b85, ba59, 266953616e09),
     .major = 0,
     .name = "IVdsVolumeMF3",
     RPC_OPERATIONS(ivds_volume_mf3_operations)},
    {.uuid = RPC_UUID(d68168c9, 82a2, 4f85, b6e9, 74707c49a58f),
     .major = 0,
     .name = "IVdsVolumeShrink",
     RPC_OPERATIONS(ivds_volume_shrink_operations)},
    {.uuid = RPC_UUID(1be2275a, b315, 4f70, 9e44, 879b3a2a53f2),
     .major = 0,
     .name = "IVdsVolumeOnline",
     RPC_OPERATIONS(ivds_volume_online_operations)},
    {.uuid = RPC_UUID(4daa0135, e1d1, 40f1, aaa5, 3cc1e53221c3),
     .major = 0,
     .name = "IVdsVolumePlex",
     RPC_OPERATIONS(ivds_volume_plex_operations)},
    {.uuid = RPC_UUID(1e062b84, e5e6, 4b4b, 8a25, 67b81e8f13e8),
     .major = 0,
     .name = "IVdsVDisk",
     RPC_OPERATIONS(ivds_v_disk_operations)},
    {.uuid = RPC_UUID(75c8f324, f715, 4fe3, a28e, f9011b61a4a1),
     .major = 0,
     .name = "IVdsOpenVDisk",
     RPC_OPERATIONS(ivds_open_v_disk_operations)},
};

const struct rpc_interfaces rpc_interfaces_disk = {interfaces, ARRAY_COUNT(interfaces)};
