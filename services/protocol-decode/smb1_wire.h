/*
 * smb1_wire - SMB 1 as bytes: header, the blocks of a chain, and their bodies (MS-CIFS 2.2, MS-SMB 2.2).
 *
 * Internal to smb. Without state: what is read borrows from the message. Offsets of MS-CIFS count from the
 * first byte of the header; readers here count from the four bytes before it, which changes no alignment.
 */
#ifndef ORTHRUS_DECODE_SMB1_WIRE_H
#define ORTHRUS_DECODE_SMB1_WIRE_H

#include "services/protocol-decode/smb_wire.h"

enum {
    SMB1_HEADER_BYTES = 32, /* MS-CIFS 2.2.3.1 */
    SMB1_CHAIN_MAX = 8,     /* blocks of one message */
    /* Flags, MS-CIFS 2.2.3.1. */
    SMB1_FLAG_REPLY = 0x80,
    /* Flags2, the same and MS-SMB 2.2.3.1. */
    SMB1_FLAG2_SIGNED = 0x0004,
    SMB1_FLAG2_EXTENDED_SECURITY = 0x0800,
    SMB1_FLAG2_NT_STATUS = 0x4000,
    SMB1_FLAG2_UNICODE = 0x8000,
    /* Commands whose blocks are alike, MS-CIFS 2.2.2.1. */
    SMB1_CLOSE = 0x04,
    SMB1_LOCKING_ANDX = 0x24,
    SMB1_TRANSACTION = 0x25,
    SMB1_TRANSACTION_SECONDARY = 0x26,
    SMB1_TRANSACTION2 = 0x32,
    SMB1_TRANSACTION2_SECONDARY = 0x33,
    SMB1_TREE_CONNECT = 0x70,
    SMB1_NEGOTIATE = 0x72,
    SMB1_SESSION_SETUP_ANDX = 0x73,
    SMB1_NT_TRANSACT = 0xa0,
    SMB1_NT_TRANSACT_SECONDARY = 0xa1,
    SMB1_NT_CANCEL = 0xa4,
    SMB1_NO_COMMAND = 0xff,
    /* Functions of a transaction, MS-CIFS 2.2.2.2. */
    SMB1_TRANS_RAW_WRITE_NMPIPE = 0x31,
    SMB1_TRANS_TRANSACT_NMPIPE = 0x26,
    SMB1_TRANS_READ_NMPIPE = 0x36,
    SMB1_TRANS_WRITE_NMPIPE = 0x37,
    SMB1_TRANS_WAIT_NMPIPE = 0x53,
    SMB1_TRANS_CALL_NMPIPE = 0x54,
    SMB1_TRANS2_SESSION_SETUP = 0x0e,
};

#define SMB1_CAP_EXTENDED_SECURITY 0x80000000u /* MS-SMB 2.2.4.5.2.1 */

struct smb1_header {
    uint8_t command; /* of the first block */
    uint8_t flags;
    uint16_t flags2;
    uint32_t status;
    uint32_t process_id;
    uint16_t tree_id;
    uint16_t user_id;
    uint16_t multiplex_id;
};

/* One command of a message. */
struct smb1_block {
    const struct smb1_header *header;
    struct reader message; /* from the four bytes before the header to the end of what is held */
    struct reader words;
    struct reader bytes;
    uint32_t offset; /* of its word count in the message */
    uint32_t next;   /* of that of the next block; 0: there is none */
    uint8_t word_count;
    uint8_t command;
    uint8_t next_command;
    uint8_t index;    /* in its chain */
    bool bytes_short; /* its bytes go on behind the end of the message */
    bool cut;         /* the message goes on behind what is held of it */
};

/* What the words of a transaction say, of a request, a secondary request or a response. */
struct smb1_transaction {
    uint32_t total_parameters;
    uint32_t total_data;
    uint32_t parameter_count;
    uint32_t data_count;
    uint32_t parameters_at;
    uint32_t data_at;
    uint32_t max_parameters;
    uint32_t max_data;
    uint16_t function;
    struct reader setup;
    struct reader parameters; /* as much of them as is held, in their message */
    struct str data;          /* as much of it as is held */
};

typedef void smb1_ask_fn(struct smb1_block *block, struct smb_asked *asked);
typedef void smb1_answer_fn(struct smb1_block *block, struct smb_answered *answered);

/* What is known of a command. */
struct smb1_command_info {
    smb1_ask_fn *ask;
    smb1_answer_fn *answer;
    uint8_t request_words; /* at least */
    uint8_t answer_words;  /* at least, of an answer that is no error */
    uint8_t command;       /* enum smb_command that it amounts to */
    bool has_next;         /* its words begin with where the next block is */
    bool always;           /* told even when not everything is asked for */
};

/* Never null. */
const struct smb1_command_info *smb1_find_command(uint8_t command);

/* False, with the fault: there is none. */
bool smb1_read_header(struct str message, struct smb1_header *header, struct smb_fault *fault);
/* The first block, or the one behind `before`. */
bool smb1_read_block(struct str message, const struct smb1_header *header, const struct smb1_block *before,
                     struct smb1_block *block, struct smb_fault *fault);
/* False, with the fault: its words are too few. */
bool smb1_read_request(struct smb1_block *block, struct smb_asked *asked, struct smb_fault *fault);
bool smb1_read_answer(struct smb1_block *block, struct smb_answered *answered, struct smb_fault *fault);

/* smb1_text.c */
/* The next string of bytes, aligned and ended as its form wants, as UTF-8. */
struct str smb1_next_text(const struct smb1_block *block, struct reader *r, struct arena *arena);
/* The same that is OEM whatever the header says. */
struct str smb1_next_oem(struct reader *r, struct arena *arena);
/* A string of that many bytes. */
struct str smb1_sized_text(const struct smb1_block *block, struct reader *r, size_t size,
                           struct arena *arena);
/* One that a byte of format stands before (MS-CIFS 2.2.1.1). */
struct str smb1_format_text(const struct smb1_block *block, struct reader *r, struct arena *arena);
/* Bytes that words point to, as much of them as is held; as a reader of the message, or as they are. */
struct reader smb1_take_reader(const struct smb1_block *block, uint32_t offset, uint32_t size);
struct str smb1_take(const struct smb1_block *block, uint32_t offset, uint32_t size);

/* smb1_transact.c. False: this is none, or its words are too few. */
bool smb1_read_transaction(struct smb1_block *block, struct smb1_transaction *transaction);
bool smb1_read_secondary(struct smb1_block *block, struct smb1_transaction *transaction);
bool smb1_read_transaction_answer(struct smb1_block *block, struct smb1_transaction *transaction);
smb1_ask_fn smb1_ask_transaction;
smb1_ask_fn smb1_ask_secondary;
smb1_answer_fn smb1_answer_transaction;

/* smb1_setup.c */
smb1_ask_fn smb1_ask_negotiate;
smb1_answer_fn smb1_answer_negotiate;
smb1_ask_fn smb1_ask_session_setup;
smb1_answer_fn smb1_answer_session_setup;
smb1_ask_fn smb1_ask_tree_connect_andx;
smb1_ask_fn smb1_ask_tree_connect;
smb1_answer_fn smb1_answer_tree_connect_andx;

/* smb1_files.c */
smb1_ask_fn smb1_ask_nt_create_andx;
smb1_ask_fn smb1_ask_open_andx;
smb1_ask_fn smb1_ask_open;
smb1_ask_fn smb1_ask_name;
smb1_ask_fn smb1_ask_two_names;
smb1_ask_fn smb1_ask_file;
smb1_ask_fn smb1_ask_read;
smb1_ask_fn smb1_ask_read_andx;
smb1_ask_fn smb1_ask_read_raw;
smb1_ask_fn smb1_ask_write;
smb1_ask_fn smb1_ask_write_and_close;
smb1_ask_fn smb1_ask_write_andx;
smb1_ask_fn smb1_ask_write_raw;
smb1_ask_fn smb1_ask_locking_andx;
smb1_ask_fn smb1_ask_lock;
smb1_answer_fn smb1_answer_nt_create_andx;
smb1_answer_fn smb1_answer_open_andx;
smb1_answer_fn smb1_answer_open;
smb1_answer_fn smb1_answer_read;
smb1_answer_fn smb1_answer_read_andx;
smb1_answer_fn smb1_answer_write;
smb1_answer_fn smb1_answer_write_andx;

#endif
