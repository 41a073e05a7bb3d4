/*
 * smb1 - what is read of SMB 1 (MS-SMB): how its sessions are authenticated, where that is by extended
 * security.
 *
 * A NEGOTIATE is passed over: it may lead to SMB 2. One session is set up at a time on a connection here.
 */
#include "services/protocol-decode/smb_exchange.h"

enum {
    /* MS-CIFS 2.2.3.1 and MS-SMB 2.2.3.1. */
    COMMAND_SESSION_SETUP_ANDX = 0x73,
    FLAG_REPLY = 0x80,
    FLAG2_EXTENDED_SECURITY = 0x0800,
    /* MS-SMB 2.2.4.6. */
    REQUEST_WORDS = 12,
    RESPONSE_WORDS = 4,
};

struct header {
    uint8_t command;
    uint32_t status;
    uint8_t flags;
    uint16_t flags2;
    uint16_t user_id;
    uint16_t multiplex_id;
};

static struct header read_header(struct reader *r)
{
    struct header h = {0};
    reader_skip(r, SMB_SESSION_BYTES + 4);
    h.command = reader_u8(r);
    h.status = reader_u32le(r);
    h.flags = reader_u8(r);
    h.flags2 = reader_u16le(r);
    reader_skip(r, 16); /* process id high, signature, reserved, tree and process id */
    h.user_id = reader_u16le(r);
    h.multiplex_id = reader_u16le(r);
    return h;
}

/* The security blob of either message: its length stands in the words, it begins the bytes. */
static struct str read_token(struct reader *r, bool response)
{
    uint8_t words = reader_u8(r);
    if (words != (response ? RESPONSE_WORDS : REQUEST_WORDS))
        return (struct str){0};
    reader_skip(r, response ? 6 : 14);
    uint16_t length = reader_u16le(r);
    if (!response)
        reader_skip(r, 8);
    uint16_t bytes = reader_u16le(r);
    if (length > bytes)
        reader_fail(r);
    return reader_bytes(r, length);
}

static struct id name_conversation(struct id flow, const struct header *h)
{
    static const char purpose[] = "smb1-session-setup";
    struct hash_parts parts = {0};
    hash_part(&parts, purpose, sizeof(purpose) - 1);
    hash_part(&parts, &flow, sizeof(flow));
    hash_part_u64(&parts, (uint64_t)h->user_id << 16 | h->multiplex_id);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static void take_setup(struct smb_context *c, const struct header *h, struct str token)
{
    struct id *setup = &c->connection->setup;
    if (id_is_none(*setup))
        *setup = name_conversation(c->place->flow, h);
    if (token.size > 0)
        auth_token(c->module->auth, c->out, c->place, *setup, transport_smb, token);
    if (c->place->to_server || h->status == SMB_STATUS_MORE_PROCESSING)
        return;
    auth_result(c->module->auth, c->out, c->place, *setup, h->status == 0 ? outcome_success : outcome_failure,
                h->status, true);
    *setup = (struct id){0};
}

void smb1_take_message(struct smb_context *c, struct str message, bool cut)
{
    struct reader r = reader_of_str(message);
    struct header h = read_header(&r);
    bool response = (h.flags & FLAG_REPLY) != 0;
    struct smb_fault fault = {.reason = "header is short"};
    if (reader_ok(&r)) {
        if (h.command != COMMAND_SESSION_SETUP_ANDX || !(h.flags2 & FLAG2_EXTENDED_SECURITY) || cut)
            return;
        if (response == c->place->to_server)
            return;
        struct str token = read_token(&r, response);
        if (reader_ok(&r)) {
            take_setup(c, &h, token);
            return;
        }
        fault.reason = "session setup is short";
    }
    fault.offset = r.failed_at;
    smb_refuse(c, &fault);
}
