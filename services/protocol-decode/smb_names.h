/*
 * smb_names - names of what SMB gives as numbers, as the specifications spell them.
 *
 * Internal to smb. All are null for what has no name.
 */
#ifndef ORTHRUS_DECODE_SMB_NAMES_H
#define ORTHRUS_DECODE_SMB_NAMES_H

#include "common/base/base.h"

enum {
    /* MS-SMB2 2.2.37. */
    SMB_INFO_FILE = 1,
    SMB_INFO_FILESYSTEM = 2,
    SMB_INFO_SECURITY = 3,
    SMB_INFO_QUOTA = 4,
    /* Levels from here on are classes of MS-FSCC, moved up: MS-SMB 2.2.2.3.5. */
    SMB1_LEVEL_PASSTHROUGH = 1000,
};

/* MS-FSCC 2.3, MS-SMB2 2.2.31. */
const char *smb_control_name(uint32_t control);
/* MS-FSCC 2.4, 2.5. */
const char *smb_info_name(uint8_t type, uint16_t class);

/* MS-CIFS 2.2.2.2. */
const char *smb1_transaction_name(uint16_t function);
const char *smb1_transaction2_name(uint16_t function);
const char *smb1_nt_transact_name(uint16_t function);

/* Information levels, MS-CIFS 2.2.2.3, of what asks for them. */
enum smb1_levels {
    SMB1_LEVELS_FIND,
    SMB1_LEVELS_QUERY_FS,
    SMB1_LEVELS_QUERY,
    SMB1_LEVELS_SET,
    SMB1_LEVELS,
};
const char *smb1_level_name(enum smb1_levels levels, uint16_t level);

#endif
