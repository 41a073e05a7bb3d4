/*
 * smb - whole messages: which of the four forms one has, and the operations in it.
 */
#include "services/protocol-decode/smb_exchange.h"
#include "services/protocol-decode/smb_keys.h"

enum err smb_create(struct smb_module **out, const struct smb_options *options, struct auth *auth,
                    struct rpc_module *rpc)
{
    struct smb_module *module = calloc(1, sizeof(*module));
    if (!module)
        return ERR_MEMORY;
    module->options = *options;
    module->auth = auth;
    module->rpc = rpc;
    enum err err = smb_state_create(module);
    if (err != ERR_OK) {
        smb_free(module);
        return err;
    }
    *out = module;
    return ERR_OK;
}

void smb_free(struct smb_module *module)
{
    if (!module)
        return;
    smb_state_free(module);
    free(module);
}

size_t smb_tables(struct smb_module *module, struct table **tables)
{
    for (int i = 0; i < SMB_TABLES; i++)
        tables[i] = module->tables[i];
    return SMB_TABLES;
}

static void give_up(struct smb_context *c, const struct smb_request *request)
{
    uint64_t message_id = request->about.message_id;
    smb_give_up(c, request);
    smb_remove_request(c->module, c->connection, message_id);
}

/* By message id where they lie close together, else by walking over all that wait. */
static void give_up_all(struct smb_context *c)
{
    struct smb_connection *connection = c->connection;
    struct table *table = c->module->tables[SMB_REQUESTS];
    uint64_t low = connection->message_id_low, high = connection->message_id_high;
    if (connection->waiting > 0 && high - low < table_count(table)) {
        for (uint64_t i = 0; i <= high - low && connection->waiting > 0; i++) {
            const struct smb_request *request = smb_find_request(c, low + i);
            if (request)
                give_up(c, request);
        }
    }
    const struct smb_request *request = table_oldest(table);
    while (request && connection->waiting > 0) {
        const struct smb_request *newer = table_newer(table, request);
        if (id_equal(request->place.flow, c->place->flow))
            give_up(c, request);
        request = newer;
    }
}

/* Tells what is left of a connection, of this flow or of one that is pushed out; its entry stays. */
static void end_connection(struct smb_context *c, struct smb_connection *connection)
{
    struct place place = *c->place;
    if (!id_equal(connection->place.flow, place.flow)) {
        place = connection->place;
        place.file = c->place->file;
        place.frame = c->place->frame;
        place.time = c->place->time;
    }
    struct smb_context ending = {
        .module = c->module, .out = c->out, .place = &place, .connection = connection};
    give_up_all(&ending);
    if (!id_is_none(connection->setup))
        auth_result(c->module->auth, c->out, &place, connection->setup, outcome_unknown, 0, true);
    smb_end_channels(&ending, connection);
}

static void connect(struct smb_context *c)
{
    struct table *table = c->module->tables[SMB_CONNECTIONS];
    c->connection = smb_find_connection(c->module, c->place->flow);
    if (c->connection)
        return;
    if (table_count(table) == table_capacity(table))
        end_connection(c, table_oldest(table));
    c->connection = smb_add_connection(c);
}

/* The operations of one message (MS-SMB2 3.2.4.1.4). */
static void take_operations(struct smb_context *c, struct str message, bool cut)
{
    struct smb_compound compound = {0};
    uint32_t offset = SMB_SESSION_BYTES;
    for (int i = 0; i < SMB_COMPOUND_MAX; i++) {
        struct smb_part part;
        struct smb_fault fault;
        if (!smb_read_part(message, offset, cut, &part, &fault)) {
            smb_refuse(c, &fault);
            return;
        }
        c->out->messages[protocol_smb]++;
        bool response = (part.flags & SMB_FLAG_RESPONSE) != 0;
        if (response == c->place->to_server) {
            smb_refuse(c, &(struct smb_fault){.reason = "direction of a message", .offset = offset + 16});
            return;
        }
        if (response)
            smb_take_response(c, &part);
        else
            smb_take_request(c, &part, &compound);
        /* What lies behind the end of a cut message is not held. */
        if (part.next == 0 || part.cut)
            return;
        offset += part.next;
    }
    smb_refuse(c, &(struct smb_fault){.reason = "too many operations in a message", .offset = offset});
}

/* A message that stood inside of another one, with four bytes before it as any message has. */
static struct str frame_again(struct smb_context *c, struct str plain)
{
    uint8_t *framed = arena_take(&c->out->batch->arena, SMB_SESSION_BYTES + (size_t)plain.size);
    memset(framed, 0, SMB_SESSION_BYTES);
    if (plain.size > 0)
        memcpy(framed + SMB_SESSION_BYTES, plain.at, plain.size);
    return (struct str){(const char *)framed, SMB_SESSION_BYTES + plain.size};
}

/* MS-SMB2 2.2.42. */
static void take_compressed(struct smb_context *c, struct str message, uint32_t size)
{
    struct smb_compression_header header;
    struct str plain;
    switch (smb_open_compressed(c, message, size, &header, &plain)) {
    case SMB_OPENING_GOOD:
        c->compression = &header;
        take_operations(c, frame_again(c, plain), header.cut);
        c->compression = NULL;
        return;
    case SMB_OPENING_SHORT:
        smb_refuse(c,
                   &(struct smb_fault){.reason = "compression header is short", .offset = SMB_SESSION_BYTES});
        break;
    case SMB_OPENING_IMPOSSIBLE:
        smb_tell_compressed(c, &header, unread_malformed);
        break;
    case SMB_OPENING_BAD:
        smb_tell_compressed(c, &header, unread_compressed);
        break;
    }
    c->out->messages[protocol_smb]++;
}

/* What was encrypted may be compressed (3.1.4.4). */
static void take_inside(struct smb_context *c, struct str plain)
{
    struct reader r = reader_of_str(plain);
    struct str framed = frame_again(c, plain);
    if (reader_u32be(&r) == SMB_MAGIC_COMPRESSION)
        take_compressed(c, framed, framed.size);
    else
        take_operations(c, framed, false);
}

/* MS-SMB2 2.2.41. */
static void take_sealed(struct smb_context *c, struct str message)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, SMB_SESSION_BYTES + 44);
    uint64_t session_id = reader_u64le(&r);
    if (!reader_ok(&r)) {
        c->out->messages[protocol_smb]++;
        c->out->sealed_messages[protocol_smb]++;
        smb_refuse(c, &(struct smb_fault){.reason = "transform header is short", .offset = r.failed_at});
        return;
    }
    r = reader_of_str(message);
    reader_skip(&r, SMB_SESSION_BYTES);
    struct str plain = smb_open_sealed(c, reader_rest(&r));
    if (plain.size == 0) {
        c->out->messages[protocol_smb]++;
        c->out->sealed_messages[protocol_smb]++;
        smb_tell_sealed(c, session_id);
        return;
    }
    struct smb_session *session = smb_keep_session(c, session_id, NULL);
    session->sealed = 1;
    take_inside(c, plain);
}

static void see_for_keys(struct smb_context *c, struct str message)
{
    struct reader r = reader_of_str(message);
    reader_skip(&r, SMB_SESSION_BYTES);
    smb_keys_see(c, reader_rest(&r));
}

void smb_message(struct smb_module *module, struct decode_out *out, const struct place *place,
                 struct str message, uint32_t size)
{
    smb_expire(module, out, place->time);
    struct reader r = reader_of_str(message);
    uint8_t type = reader_u8(&r);
    reader_skip(&r, SMB_SESSION_BYTES - 1);
    if (type == SMB_SESSION_KEEPALIVE ||
        (reader_ok(&r) && reader_left(&r) == 0 && type == SMB_SESSION_MESSAGE))
        return;
    uint32_t magic = reader_u32be(&r);
    struct smb_context c = {.module = module, .out = out, .place = place};
    connect(&c);
    if (type != SMB_SESSION_MESSAGE) {
        smb_take_service(&c, message);
        return;
    }
    if (magic == SMB_MAGIC_2) {
        see_for_keys(&c, message);
        take_operations(&c, message, message.size < size);
    } else if (magic == SMB_MAGIC_TRANSFORM) {
        take_sealed(&c, message);
    } else if (magic == SMB_MAGIC_COMPRESSION) {
        take_compressed(&c, message, size);
    } else if (magic == SMB_MAGIC_1) {
        out->messages[protocol_smb]++;
        smb1_take_message(&c, message, message.size < size);
    } else {
        smb_refuse(&c, &(struct smb_fault){.reason = "no message of SMB", .offset = SMB_SESSION_BYTES});
    }
}

void smb_lost(struct smb_module *module, struct decode_out *out, const struct place *place)
{
    /* Nothing is forgotten: a hole does not say which requests or responses fell into it, and every request
     * has a deadline of its own at which it is told. */
    (void)module;
    (void)out;
    (void)place;
}

void smb_end(struct smb_module *module, struct decode_out *out, const struct place *place)
{
    smb_expire(module, out, place->time);
    struct smb_context c = {.module = module, .out = out, .place = place};
    c.connection = smb_find_connection(module, place->flow);
    if (!c.connection)
        return;
    end_connection(&c, c.connection);
    table_remove(module->tables[SMB_CONNECTIONS], &place->flow);
}

void smb_expire(struct smb_module *module, struct decode_out *out, time_ns now)
{
    struct table *table = module->tables[SMB_REQUESTS];
    for (const struct smb_request *oldest = table_oldest(table); oldest && oldest->deadline < now;
         oldest = table_oldest(table)) {
        struct place place = oldest->place;
        place.time = oldest->deadline;
        struct smb_context c = {.module = module, .out = out, .place = &place};
        c.connection = smb_find_connection(module, place.flow);
        REQUIRE(c.connection != NULL);
        give_up(&c, oldest);
    }
}
