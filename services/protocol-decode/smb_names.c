/*
 * smb_names - tables of names, each by rising number.
 */
#include "services/protocol-decode/smb_names.h"

struct name {
    uint32_t number;
    const char *name;
};

static const struct name controls[] = {
    {0x00060194, "FSCTL_DFS_GET_REFERRALS"},
    {0x000601b0, "FSCTL_DFS_GET_REFERRALS_EX"},
    {0x0009002c, "FSCTL_IS_PATHNAME_VALID"},
    {0x0009003c, "FSCTL_GET_COMPRESSION"},
    {0x00090060, "FSCTL_FILESYSTEM_GET_STATISTICS"},
    {0x00090064, "FSCTL_GET_NTFS_VOLUME_DATA"},
    {0x00090073, "FSCTL_GET_RETRIEVAL_POINTERS"},
    {0x0009008f, "FSCTL_FIND_FILES_BY_SID"},
    {0x00090098, "FSCTL_SET_OBJECT_ID"},
    {0x0009009c, "FSCTL_GET_OBJECT_ID"},
    {0x000900a0, "FSCTL_DELETE_OBJECT_ID"},
    {0x000900a4, "FSCTL_SET_REPARSE_POINT"},
    {0x000900a8, "FSCTL_GET_REPARSE_POINT"},
    {0x000900ac, "FSCTL_DELETE_REPARSE_POINT"},
    {0x000900bc, "FSCTL_SET_OBJECT_ID_EXTENDED"},
    {0x000900c0, "FSCTL_CREATE_OR_GET_OBJECT_ID"},
    {0x000900c4, "FSCTL_SET_SPARSE"},
    {0x000900d7, "FSCTL_SET_ENCRYPTION"},
    {0x000900eb, "FSCTL_READ_FILE_USN_DATA"},
    {0x000900ef, "FSCTL_WRITE_USN_CLOSE_RECORD"},
    {0x0009013c, "FSCTL_QUERY_ON_DISK_VOLUME_INFO"},
    {0x0009027c, "FSCTL_GET_INTEGRITY_INFORMATION"},
    {0x00090284, "FSCTL_QUERY_FILE_REGIONS"},
    {0x00090300, "FSCTL_QUERY_SHARED_VIRTUAL_DISK_SUPPORT"},
    {0x00090304, "FSCTL_SVHDX_SYNC_TUNNEL_REQUEST"},
    {0x00090364, "FSCTL_SVHDX_ASYNC_TUNNEL_REQUEST"},
    {0x000940b3, "FSCTL_ENUM_USN_DATA"},
    {0x000940b7, "FSCTL_SECURITY_ID_CHECK"},
    {0x000940bb, "FSCTL_READ_USN_JOURNAL"},
    {0x000940cf, "FSCTL_QUERY_ALLOCATED_RANGES"},
    {0x000940e7, "FSCTL_CREATE_USN_JOURNAL"},
    {0x00094264, "FSCTL_OFFLOAD_READ"},
    {0x000980c8, "FSCTL_SET_ZERO_DATA"},
    {0x00098134, "FSCTL_SET_ZERO_ON_DEALLOCATION"},
    {0x00098208, "FSCTL_FILE_LEVEL_TRIM"},
    {0x00098268, "FSCTL_OFFLOAD_WRITE"},
    {0x00098344, "FSCTL_DUPLICATE_EXTENTS_TO_FILE"},
    {0x000983e8, "FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX"},
    {0x0009c040, "FSCTL_SET_COMPRESSION"},
    {0x0009c280, "FSCTL_SET_INTEGRITY_INFORMATION"},
    {0x00110000, "FSCTL_PIPE_ASSIGN_EVENT"},
    {0x00110004, "FSCTL_PIPE_DISCONNECT"},
    {0x00110008, "FSCTL_PIPE_LISTEN"},
    {0x00110010, "FSCTL_PIPE_QUERY_EVENT"},
    {0x00110018, "FSCTL_PIPE_WAIT"},
    {0x0011001c, "FSCTL_PIPE_IMPERSONATE"},
    {0x00110020, "FSCTL_PIPE_SET_CLIENT_PROCESS"},
    {0x00110024, "FSCTL_PIPE_QUERY_CLIENT_PROCESS"},
    {0x0011400c, "FSCTL_PIPE_PEEK"},
    {0x0011c017, "FSCTL_PIPE_TRANSCEIVE"},
    {0x00140078, "FSCTL_SRV_REQUEST_RESUME_KEY"},
    {0x001401d4, "FSCTL_LMR_REQUEST_RESILIENCY"},
    {0x001401fc, "FSCTL_QUERY_NETWORK_INTERFACE_INFO"},
    {0x00140204, "FSCTL_VALIDATE_NEGOTIATE_INFO"},
    {0x00144064, "FSCTL_SRV_ENUMERATE_SNAPSHOTS"},
    {0x001440f2, "FSCTL_SRV_COPYCHUNK"},
    {0x001441bb, "FSCTL_SRV_READ_HASH"},
    {0x001480f2, "FSCTL_SRV_COPYCHUNK_WRITE"},
};

static const struct name file_classes[] = {
    {0x0001, "FileDirectoryInformation"},
    {0x0002, "FileFullDirectoryInformation"},
    {0x0003, "FileBothDirectoryInformation"},
    {0x0004, "FileBasicInformation"},
    {0x0005, "FileStandardInformation"},
    {0x0006, "FileInternalInformation"},
    {0x0007, "FileEaInformation"},
    {0x0008, "FileAccessInformation"},
    {0x0009, "FileNameInformation"},
    {0x000a, "FileRenameInformation"},
    {0x000b, "FileLinkInformation"},
    {0x000c, "FileNamesInformation"},
    {0x000d, "FileDispositionInformation"},
    {0x000e, "FilePositionInformation"},
    {0x000f, "FileFullEaInformation"},
    {0x0010, "FileModeInformation"},
    {0x0011, "FileAlignmentInformation"},
    {0x0012, "FileAllInformation"},
    {0x0013, "FileAllocationInformation"},
    {0x0014, "FileEndOfFileInformation"},
    {0x0015, "FileAlternateNameInformation"},
    {0x0016, "FileStreamInformation"},
    {0x0017, "FilePipeInformation"},
    {0x0018, "FilePipeLocalInformation"},
    {0x0019, "FilePipeRemoteInformation"},
    {0x001a, "FileMailslotQueryInformation"},
    {0x001b, "FileMailslotSetInformation"},
    {0x001c, "FileCompressionInformation"},
    {0x001d, "FileObjectIdInformation"},
    {0x001f, "FileMoveClusterInformation"},
    {0x0020, "FileQuotaInformation"},
    {0x0021, "FileReparsePointInformation"},
    {0x0022, "FileNetworkOpenInformation"},
    {0x0023, "FileAttributeTagInformation"},
    {0x0024, "FileTrackingInformation"},
    {0x0025, "FileIdBothDirectoryInformation"},
    {0x0026, "FileIdFullDirectoryInformation"},
    {0x0027, "FileValidDataLengthInformation"},
    {0x0028, "FileShortNameInformation"},
    {0x002c, "FileSfioReserveInformation"},
    {0x002d, "FileSfioVolumeInformation"},
    {0x002e, "FileHardLinkInformation"},
    {0x0030, "FileNormalizedNameInformation"},
    {0x0032, "FileIdGlobalTxDirectoryInformation"},
    {0x0036, "FileStandardLinkInformation"},
    {0x003b, "FileIdInformation"},
    {0x003c, "FileIdExtdDirectoryInformation"},
    {0x0040, "FileDispositionInformationEx"},
    {0x0041, "FileRenameInformationEx"},
};

static const struct name filesystem_classes[] = {
    {0x0001, "FileFsVolumeInformation"},     {0x0002, "FileFsLabelInformation"},
    {0x0003, "FileFsSizeInformation"},       {0x0004, "FileFsDeviceInformation"},
    {0x0005, "FileFsAttributeInformation"},  {0x0006, "FileFsControlInformation"},
    {0x0007, "FileFsFullSizeInformation"},   {0x0008, "FileFsObjectIdInformation"},
    {0x0009, "FileFsDriverPathInformation"}, {0x000a, "FileFsVolumeFlagsInformation"},
    {0x000b, "FileFsSectorSizeInformation"},
};

static const struct name transactions[] = {
    {0x0001, "TRANS_SET_NMPIPE_STATE"},   {0x0011, "TRANS_RAW_READ_NMPIPE"},
    {0x0021, "TRANS_QUERY_NMPIPE_STATE"}, {0x0022, "TRANS_QUERY_NMPIPE_INFO"},
    {0x0023, "TRANS_PEEK_NMPIPE"},        {0x0026, "TRANS_TRANSACT_NMPIPE"},
    {0x0031, "TRANS_RAW_WRITE_NMPIPE"},   {0x0036, "TRANS_READ_NMPIPE"},
    {0x0037, "TRANS_WRITE_NMPIPE"},       {0x0053, "TRANS_WAIT_NMPIPE"},
    {0x0054, "TRANS_CALL_NMPIPE"},
};

static const struct name transactions2[] = {
    {0x0000, "TRANS2_OPEN2"},
    {0x0001, "TRANS2_FIND_FIRST2"},
    {0x0002, "TRANS2_FIND_NEXT2"},
    {0x0003, "TRANS2_QUERY_FS_INFORMATION"},
    {0x0004, "TRANS2_SET_FS_INFORMATION"},
    {0x0005, "TRANS2_QUERY_PATH_INFORMATION"},
    {0x0006, "TRANS2_SET_PATH_INFORMATION"},
    {0x0007, "TRANS2_QUERY_FILE_INFORMATION"},
    {0x0008, "TRANS2_SET_FILE_INFORMATION"},
    {0x0009, "TRANS2_FSCTL"},
    {0x000a, "TRANS2_IOCTL2"},
    {0x000b, "TRANS2_FIND_NOTIFY_FIRST"},
    {0x000c, "TRANS2_FIND_NOTIFY_NEXT"},
    {0x000d, "TRANS2_CREATE_DIRECTORY"},
    {0x000e, "TRANS2_SESSION_SETUP"},
    {0x0010, "TRANS2_GET_DFS_REFERRAL"},
    {0x0011, "TRANS2_REPORT_DFS_INCONSISTENCY"},
};

static const struct name nt_transacts[] = {
    {0x0001, "NT_TRANSACT_CREATE"},
    {0x0002, "NT_TRANSACT_IOCTL"},
    {0x0003, "NT_TRANSACT_SET_SECURITY_DESC"},
    {0x0004, "NT_TRANSACT_NOTIFY_CHANGE"},
    {0x0005, "NT_TRANSACT_RENAME"},
    {0x0006, "NT_TRANSACT_QUERY_SECURITY_DESC"},
    {0x0007, "NT_TRANSACT_QUERY_QUOTA"},
    {0x0008, "NT_TRANSACT_SET_QUOTA"},
};

static const struct name find_levels[] = {
    {0x0001, "SMB_INFO_STANDARD"},
    {0x0002, "SMB_INFO_QUERY_EA_SIZE"},
    {0x0003, "SMB_INFO_QUERY_EAS_FROM_LIST"},
    {0x0101, "SMB_FIND_FILE_DIRECTORY_INFO"},
    {0x0102, "SMB_FIND_FILE_FULL_DIRECTORY_INFO"},
    {0x0103, "SMB_FIND_FILE_NAMES_INFO"},
    {0x0104, "SMB_FIND_FILE_BOTH_DIRECTORY_INFO"},
    {0x0105, "SMB_FIND_FILE_ID_FULL_DIRECTORY_INFO"},
    {0x0106, "SMB_FIND_FILE_ID_BOTH_DIRECTORY_INFO"},
};

static const struct name query_fs_levels[] = {
    {0x0001, "SMB_INFO_ALLOCATION"},      {0x0002, "SMB_INFO_VOLUME"},
    {0x0102, "SMB_QUERY_FS_VOLUME_INFO"}, {0x0103, "SMB_QUERY_FS_SIZE_INFO"},
    {0x0104, "SMB_QUERY_FS_DEVICE_INFO"}, {0x0105, "SMB_QUERY_FS_ATTRIBUTE_INFO"},
};

static const struct name query_levels[] = {
    {0x0001, "SMB_INFO_STANDARD"},
    {0x0002, "SMB_INFO_QUERY_EA_SIZE"},
    {0x0003, "SMB_INFO_QUERY_EAS_FROM_LIST"},
    {0x0004, "SMB_INFO_QUERY_ALL_EAS"},
    {0x0006, "SMB_INFO_IS_NAME_VALID"},
    {0x0101, "SMB_QUERY_FILE_BASIC_INFO"},
    {0x0102, "SMB_QUERY_FILE_STANDARD_INFO"},
    {0x0103, "SMB_QUERY_FILE_EA_INFO"},
    {0x0104, "SMB_QUERY_FILE_NAME_INFO"},
    {0x0107, "SMB_QUERY_FILE_ALL_INFO"},
    {0x0108, "SMB_QUERY_FILE_ALT_NAME_INFO"},
    {0x0109, "SMB_QUERY_FILE_STREAM_INFO"},
    {0x010b, "SMB_QUERY_FILE_COMPRESSION_INFO"},
};

static const struct name set_levels[] = {
    {0x0001, "SMB_INFO_STANDARD"},
    {0x0002, "SMB_INFO_SET_EAS"},
    {0x0101, "SMB_SET_FILE_BASIC_INFO"},
    {0x0102, "SMB_SET_FILE_DISPOSITION_INFO"},
    {0x0103, "SMB_SET_FILE_ALLOCATION_INFO"},
    {0x0104, "SMB_SET_FILE_END_OF_FILE_INFO"},
};

static const char *find(const struct name *names, size_t count, uint32_t number)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names[middle].number == number)
            return names[middle].name;
        if (names[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *smb_control_name(uint32_t control)
{
    return find(controls, ARRAY_COUNT(controls), control);
}

const char *smb_info_name(uint8_t type, uint16_t class)
{
    switch (type) {
    case SMB_INFO_FILE:
        return find(file_classes, ARRAY_COUNT(file_classes), class);
    case SMB_INFO_FILESYSTEM:
        return find(filesystem_classes, ARRAY_COUNT(filesystem_classes), class);
    case SMB_INFO_SECURITY:
        return "SMB2_0_INFO_SECURITY";
    case SMB_INFO_QUOTA:
        return "SMB2_0_INFO_QUOTA";
    default:
        return NULL;
    }
}

const char *smb1_transaction_name(uint16_t function)
{
    return find(transactions, ARRAY_COUNT(transactions), function);
}

const char *smb1_transaction2_name(uint16_t function)
{
    return find(transactions2, ARRAY_COUNT(transactions2), function);
}

const char *smb1_nt_transact_name(uint16_t function)
{
    return find(nt_transacts, ARRAY_COUNT(nt_transacts), function);
}

const char *smb1_level_name(enum smb1_levels levels, uint16_t level)
{
    static const struct {
        const struct name *names;
        size_t count;
    } lists[SMB1_LEVELS] = {
        [SMB1_LEVELS_FIND] = {find_levels, ARRAY_COUNT(find_levels)},
        [SMB1_LEVELS_QUERY_FS] = {query_fs_levels, ARRAY_COUNT(query_fs_levels)},
        [SMB1_LEVELS_QUERY] = {query_levels, ARRAY_COUNT(query_levels)},
        [SMB1_LEVELS_SET] = {set_levels, ARRAY_COUNT(set_levels)},
    };
    if (level >= SMB1_LEVEL_PASSTHROUGH)
        return smb_info_name(levels == SMB1_LEVELS_QUERY_FS ? SMB_INFO_FILESYSTEM : SMB_INFO_FILE,
                             (uint16_t)(level - SMB1_LEVEL_PASSTHROUGH));
    return levels < SMB1_LEVELS ? find(lists[levels].names, lists[levels].count, level) : NULL;
}
