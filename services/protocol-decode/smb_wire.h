/*
 * smb_wire - SMB 2 and 3 as bytes: session framing, headers and bodies (MS-SMB2 2.2).
 *
 * Internal to smb. Without state: what is read borrows from the message. Offsets of MS-SMB2 count from the
 * first byte of the header.
 */
#ifndef ORTHRUS_DECODE_SMB_WIRE_H
#define ORTHRUS_DECODE_SMB_WIRE_H

#include "common/base/reader.h"
#include "services/protocol-decode/smb_notes.h"

enum {
    /* RFC 1002 4.3.1. */
    SMB_SESSION_MESSAGE = 0x00,
    SMB_SESSION_REQUEST = 0x81,
    SMB_SESSION_POSITIVE = 0x82,
    SMB_SESSION_NEGATIVE = 0x83,
    SMB_SESSION_RETARGET = 0x84,
    SMB_SESSION_KEEPALIVE = 0x85,
    SMB_SESSION_BYTES = 4, /* RFC 1002 4.3.1, MS-SMB2 2.1 */
    SMB_HEADER_BYTES = 64, /* MS-SMB2 2.2.1 */
    SMB_TRANSFORM_BYTES = 52,
    SMB_COMPRESSION_BYTES = 16,
    SMB_MESSAGE_BYTES_MAX = 0xffffff, /* RFC 1002 4.3.1, MS-SMB2 2.1 */
    SMB_COMPOUND_MAX = 128,           /* operations in one message; Windows takes far fewer */
};

/* The four bytes that every message begins with, as a big-endian number. */
#define SMB_MAGIC_1           0xff534d42u
#define SMB_MAGIC_2           0xfe534d42u
#define SMB_MAGIC_TRANSFORM   0xfd534d42u /* MS-SMB2 2.2.41 */
#define SMB_MAGIC_COMPRESSION 0xfc534d42u /* MS-SMB2 2.2.42 */

/* Flags of the header, MS-SMB2 2.2.1.2. */
#define SMB_FLAG_RESPONSE 0x00000001u
#define SMB_FLAG_ASYNC    0x00000002u
#define SMB_FLAG_RELATED  0x00000004u
#define SMB_FLAG_SIGNED   0x00000008u

/* MS-ERREF 2.3.1, those that change what is done. */
#define SMB_STATUS_PENDING         0x00000103u
#define SMB_STATUS_BUFFER_OVERFLOW 0x80000005u
#define SMB_STATUS_MORE_PROCESSING 0xc0000016u
#define SMB_STATUS_ACCESS_DENIED   0xc0000022u

#define SMB_PIPE_TRANSCEIVE         0x0011c017u /* FSCTL_PIPE_TRANSCEIVE, MS-FSCC 2.3.50 */
#define SMB_ENCRYPT_DATA_OF_SESSION 0x0004u     /* SMB2_SESSION_FLAG_ENCRYPT_DATA, MS-SMB2 2.2.6 */
#define SMB_SHARE_TYPE_PIPE         2u          /* MS-SMB2 2.2.10 */

/* One operation of a message: a header and what belongs to it. */
struct smb_part {
    struct str bytes; /* from its header to the next one's */
    uint32_t offset;  /* of its header in the message */
    bool cut;         /* the message goes on behind what is held of it */
    uint8_t command;  /* enum smb_command */
    uint32_t status;  /* of a response */
    uint32_t flags;
    uint32_t next; /* bytes to the next header, 0 in the last one */
    uint64_t message_id;
    uint64_t session_id;
    uint64_t async_id; /* when asynchronous */
    uint32_t tree_id;  /* 0 when asynchronous */
    uint16_t credit_charge;
    uint16_t credits;          /* asked for, or granted */
    uint16_t channel_sequence; /* of a request */
};

/* Why a message was refused. */
struct smb_fault {
    const char *reason; /* literal */
    size_t offset;      /* in the message */
};

/* What the body of a request says. Given with where the rest of it is to be noted; notes may be null. */
struct smb_asked {
    struct smb_notes *notes;
    struct arena *arena;
    struct str text;  /* UTF-16LE: the share, or the name to open */
    struct str data;  /* security token, bytes written, or input of a control; empty when cut off */
    struct str head;  /* the first bytes written, as many as are held */
    uint64_t file[2]; /* persistent and volatile half of the file id, when has_file */
    uint64_t offset;  /* of a read or write */
    uint32_t access;
    uint32_t bytes; /* to be written */
    uint32_t control;
    bool has_file;
    bool unusual; /* no file sharing client asks this: it is told even when not everything is asked for */
};

/* What the body of a response says. Given as that of a request is. */
struct smb_answered {
    struct smb_notes *notes;
    struct arena *arena;
    struct str data; /* security token, bytes read, or output of a control; empty when cut off */
    struct str head; /* the first bytes read, as many as are held */
    uint64_t file[2];
    uint32_t bytes; /* read or written */
    uint32_t control;
    uint16_t dialect;
    uint16_t session_flags;
    uint8_t share_type;
    bool has_file;
    bool more;  /* SMB 1: other messages go on with it */
    bool whole; /* there was such a body, not that of an error */
};

/* The operation that begins at offset of a message. False, with the fault, when there is none. */
bool smb_read_part(struct str message, uint32_t offset, bool cut, struct smb_part *part,
                   struct smb_fault *fault);
bool smb_read_request(const struct smb_part *part, struct smb_asked *asked, struct smb_fault *fault);
bool smb_read_response(const struct smb_part *part, struct smb_answered *answered, struct smb_fault *fault);

/* Worth telling even when not everything is asked for. */
bool smb_tells_identity(uint8_t command);
/* Acts on an open file. */
bool smb_has_file(uint8_t command);

static inline bool smb_status_is_error(uint32_t status)
{
    return status >> 30 == 3; /* STATUS_SEVERITY_ERROR, MS-ERREF 2.3 */
}

#endif
