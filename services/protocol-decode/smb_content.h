/*
 * smb_content - the kind of a file by its first bytes.
 *
 * Internal to smb.
 */
#ifndef ORTHRUS_DECODE_SMB_CONTENT_H
#define ORTHRUS_DECODE_SMB_CONTENT_H

#include "common/base/base.h"

/* enum smb_content; unknown for what has no known beginning. */
uint8_t smb_content_of(struct str beginning);

#endif
