/*
 * smb_requests - the requests that wait for a response, and what is noted of them.
 */
#include "services/protocol-decode/smb_state.h"

static struct smb_key request_key(struct id flow, uint64_t message_id)
{
    return (struct smb_key){.within = flow, .number = message_id};
}

const struct smb_request *smb_find_request(const struct smb_context *c, uint64_t message_id)
{
    struct smb_key key = request_key(c->place->flow, message_id);
    return table_peek(c->module->tables[SMB_REQUESTS], &key);
}

const struct smb_notes *smb_request_notes(const struct smb_context *c, uint64_t message_id)
{
    struct smb_key key = request_key(c->place->flow, message_id);
    return table_peek(c->module->tables[SMB_NOTES], &key);
}

struct str smb_request_name(const struct smb_context *c, uint64_t message_id)
{
    const struct smb_notes *notes = smb_request_notes(c, message_id);
    struct str share = smb_noted_text(notes, SMB_FIELD_share);
    return share.size > 0 ? share : smb_noted_text(notes, SMB_FIELD_file_name);
}

struct smb_request *smb_add_request(struct smb_context *c, uint64_t message_id, const struct smb_notes *notes)
{
    struct smb_key key = request_key(c->place->flow, message_id);
    struct smb_connection *connection = c->connection;
    struct smb_request *request = table_put(c->module->tables[SMB_REQUESTS], &key, NULL);
    request->place = *c->place;
    request->deadline = c->place->time + c->module->options.timeout;
    if (connection->waiting++ == 0)
        connection->message_id_low = connection->message_id_high = message_id;
    else if (message_id < connection->message_id_low)
        connection->message_id_low = message_id;
    else if (message_id > connection->message_id_high)
        connection->message_id_high = message_id;
    if (notes && notes->size > 0) {
        struct smb_notes *kept = table_put(c->module->tables[SMB_NOTES], &key, NULL);
        kept->size = notes->size;
        memcpy(kept->bytes, notes->bytes, notes->size);
    }
    return request;
}

struct smb_request *smb_prolong_request(struct smb_context *c, uint64_t message_id)
{
    struct smb_key key = request_key(c->place->flow, message_id);
    struct smb_request *request = table_find(c->module->tables[SMB_REQUESTS], &key);
    if (request)
        request->deadline = c->place->time + c->module->options.timeout;
    return request;
}

void smb_settle_request(struct smb_module *module, struct smb_connection *connection, uint64_t message_id)
{
    struct smb_key key = request_key(connection->place.flow, message_id);
    REQUIRE(connection->waiting > 0);
    connection->waiting--;
    table_remove(module->tables[SMB_NOTES], &key);
}

void smb_remove_request(struct smb_module *module, struct smb_connection *connection, uint64_t message_id)
{
    struct smb_key key = request_key(connection->place.flow, message_id);
    smb_settle_request(module, connection, message_id);
    table_remove(module->tables[SMB_REQUESTS], &key);
}

void smb_set_name(struct smb_name *name, struct str text)
{
    uint32_t size = text.size < SMB_NAME_BYTES ? text.size : SMB_NAME_BYTES;
    /* Not within a character: continuation bytes go with the one they continue. */
    while (size > 0 && size < text.size && ((uint8_t)text.at[size] & 0xc0) == 0x80)
        size--;
    memset(name, 0, sizeof(*name));
    name->size = (uint16_t)size;
    if (size > 0)
        memcpy(name->text, text.at, size);
}
