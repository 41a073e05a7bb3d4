/*
 * smb_state - the tables, and what is chained to what.
 */
#include "services/protocol-decode/smb_exchange.h"

enum {
    SMB_LAYOUT = 2, /* raised when the meaning of a value changes */
};

/* No tree, file or channel has this name: MS-SMB2 uses it for "the one of the operation before". */
#define NOTHING UINT64_MAX

static bool is_nothing(const uint64_t part[2])
{
    return part[0] == NOTHING && part[1] == NOTHING;
}

static void set_parts(uint64_t to[2], uint64_t first, uint64_t second)
{
    to[0] = first;
    to[1] = second;
}

static void describe_tables(const struct smb_options *o, struct table_options options[SMB_TABLES])
{
    options[SMB_TREES] = (struct table_options){
        .name = "smb-trees", .value_size = sizeof(struct smb_tree), .capacity = o->trees};
    options[SMB_FILES] = (struct table_options){
        .name = "smb-files", .value_size = sizeof(struct smb_file), .capacity = o->files};
    options[SMB_CHANNELS] = (struct table_options){
        .name = "smb-channels", .value_size = sizeof(struct smb_channel), .capacity = o->sessions};
    options[SMB_SESSIONS] = (struct table_options){
        .name = "smb-sessions", .value_size = sizeof(struct smb_session), .capacity = o->sessions};
    options[SMB_CONNECTIONS] = (struct table_options){
        .name = "smb-connections", .value_size = sizeof(struct smb_connection), .capacity = o->sessions};
    options[SMB_REQUESTS] = (struct table_options){
        .name = "smb-requests", .value_size = sizeof(struct smb_request), .capacity = o->requests};
    options[SMB_NOTES] = (struct table_options){
        .name = "smb-notes", .value_size = sizeof(struct smb_notes), .capacity = o->requests};
    for (int i = 0; i < SMB_TABLES; i++) {
        options[i].key_size = i == SMB_CONNECTIONS ? sizeof(struct id) : sizeof(struct smb_key);
        options[i].layout = SMB_LAYOUT;
        options[i].seed = o->seed;
    }
}

enum err smb_state_create(struct smb_module *module)
{
    struct table_options options[SMB_TABLES];
    describe_tables(&module->options, options);
    for (int i = 0; i < SMB_TABLES; i++) {
        enum err err = table_create(&module->tables[i], &options[i]);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

void smb_state_free(struct smb_module *module)
{
    for (int i = 0; i < SMB_TABLES; i++)
        table_free(module->tables[i]);
}

static struct id name_hosts(const struct place *place)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &place->client, sizeof(place->client));
    hash_part(&parts, &place->server, sizeof(place->server));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

struct smb_connection *smb_find_connection(struct smb_module *module, struct id flow)
{
    return table_find(module->tables[SMB_CONNECTIONS], &flow);
}

struct smb_connection *smb_add_connection(struct smb_context *c)
{
    struct smb_connection *connection = table_put(c->module->tables[SMB_CONNECTIONS], &c->place->flow, NULL);
    connection->place = *c->place;
    connection->hosts = name_hosts(c->place);
    set_parts(connection->newest, NOTHING, NOTHING);
    return connection;
}

static struct smb_key session_key(struct id hosts, uint64_t session_id)
{
    return (struct smb_key){.within = hosts, .number = session_id};
}

static struct smb_key channel_key(struct id flow, uint64_t session_id)
{
    return (struct smb_key){.within = flow, .part = {session_id, 0}};
}

static struct smb_key tree_key(const struct smb_context *c, const struct smb_subject *about)
{
    return (struct smb_key){
        .within = c->connection->hosts, .number = about->session_id, .part = {about->tree_id, 0}};
}

static struct smb_key file_key(const struct smb_context *c, const struct smb_subject *about)
{
    return (struct smb_key){.within = c->connection->hosts,
                            .number = about->session_id,
                            .part = {about->file[0], about->file[1]}};
}

/* The head of the chain that an entry is in; null when its owner is gone. */
static uint64_t *find_head(struct smb_module *module, enum smb_kind kind, const struct smb_key *key)
{
    if (kind == SMB_CHANNELS) {
        struct smb_connection *connection = smb_find_connection(module, key->within);
        return connection ? connection->newest : NULL;
    }
    struct smb_key owner = session_key(key->within, key->number);
    struct smb_session *session = table_find(module->tables[SMB_SESSIONS], &owner);
    return session ? session->newest[kind] : NULL;
}

static struct smb_link *find_neighbour(struct smb_module *module, enum smb_kind kind,
                                       const struct smb_key *key, const uint64_t part[2])
{
    struct smb_key other = *key;
    set_parts(other.part, part[0], part[1]);
    return is_nothing(part) ? NULL : table_find(module->tables[kind], &other);
}

/* Takes an entry out of its chain; it stays in its table. */
static void unchain(struct smb_module *module, enum smb_kind kind, const struct smb_key *key,
                    const struct smb_link *link)
{
    struct smb_link *newer = find_neighbour(module, kind, key, link->newer);
    struct smb_link *older = find_neighbour(module, kind, key, link->older);
    uint64_t *head = find_head(module, kind, key);
    if (newer)
        set_parts(newer->older, link->older[0], link->older[1]);
    else if (head)
        set_parts(head, link->older[0], link->older[1]);
    if (older)
        set_parts(older->newer, link->newer[0], link->newer[1]);
}

/* Its bytes are told, unless its close has told them, or it goes because of what other hosts do. */
static void close_file(struct smb_context *c, const struct smb_key *key, const struct smb_file *file)
{
    struct place place = *c->place;
    place.transport = transport_smb;
    if (file->pipe == SMB_PIPE_YES)
        rpc_pipe_end(c->module->rpc, c->out, &place, file->pipe_id);
    else if (!file->told && id_equal(key->within, c->connection->hosts))
        smb_tell_file(c, key, file);
}

/* Forgets the trees and files of a session. Touches no session. */
static void empty_session(struct smb_context *c, const struct smb_key *key, struct smb_session *session)
{
    for (int kind = 0; kind < SMB_OF_SESSION; kind++) {
        uint64_t *head = session->newest[kind];
        while (!is_nothing(head)) {
            struct smb_key member = *key;
            set_parts(member.part, head[0], head[1]);
            const void *value = table_peek(c->module->tables[kind], &member);
            const struct smb_link *link = value;
            REQUIRE(link != NULL);
            if (kind == SMB_FILES)
                close_file(c, &member, value);
            set_parts(head, link->older[0], link->older[1]);
            table_remove(c->module->tables[kind], &member);
        }
    }
}

static void end_channel(struct smb_context *c, struct id hosts, uint64_t session_id,
                        const struct smb_channel *channel)
{
    struct smb_key key = session_key(hosts, session_id);
    struct smb_session *session = table_find(c->module->tables[SMB_SESSIONS], &key);
    if (!id_is_none(channel->conversation))
        auth_result(c->module->auth, c->out, c->place, channel->conversation, outcome_unknown, 0, true);
    if (!session || session->channels == 0 || --session->channels > 0)
        return;
    empty_session(c, &key, session);
    table_remove(c->module->tables[SMB_SESSIONS], &key);
}

void smb_end_channels(struct smb_context *c, struct smb_connection *connection)
{
    struct table *table = c->module->tables[SMB_CHANNELS];
    while (!is_nothing(connection->newest)) {
        uint64_t session_id = connection->newest[0];
        struct smb_key key = channel_key(connection->place.flow, session_id);
        const struct smb_channel *channel = table_peek(table, &key);
        REQUIRE(channel != NULL);
        end_channel(c, connection->hosts, session_id, channel);
        set_parts(connection->newest, channel->link.older[0], channel->link.older[1]);
        table_remove(table, &key);
    }
}

/* Before the oldest entry of a full table is pushed out by a new one: it leaves its chain, and what hangs on
 * it ends. The table then evicts, and counts, it. */
static void release_oldest(struct smb_context *c, enum smb_kind kind)
{
    struct table *table = c->module->tables[kind];
    void *value = table_oldest(table);
    struct smb_key key;
    if (table_count(table) < table_capacity(table))
        return;
    memcpy(&key, table_key(table, value), sizeof(key));
    if (kind == SMB_SESSIONS) {
        empty_session(c, &key, value);
        return;
    }
    if (kind == SMB_FILES)
        close_file(c, &key, value);
    if (kind == SMB_CHANNELS) {
        const struct smb_connection *connection = smb_find_connection(c->module, key.within);
        if (connection)
            end_channel(c, connection->hosts, key.part[0], value);
    }
    unchain(c->module, kind, &key, value);
}

/* A new entry at the head of its chain. */
static void *add_chained(struct smb_context *c, enum smb_kind kind, const struct smb_key *key)
{
    release_oldest(c, kind);
    uint64_t *head = find_head(c->module, kind, key);
    REQUIRE(head != NULL);
    struct smb_link *older = find_neighbour(c->module, kind, key, head);
    struct smb_link *link = table_put(c->module->tables[kind], key, NULL);
    set_parts(link->newer, NOTHING, NOTHING);
    set_parts(link->older, head[0], head[1]);
    set_parts(head, key->part[0], key->part[1]);
    if (older)
        set_parts(older->newer, key->part[0], key->part[1]);
    return link;
}

static void remove_chained(struct smb_context *c, enum smb_kind kind, const struct smb_key *key)
{
    const void *value = table_find(c->module->tables[kind], key);
    if (!value)
        return;
    if (kind == SMB_FILES)
        close_file(c, key, value);
    unchain(c->module, kind, key, value);
    table_remove(c->module->tables[kind], key);
}

struct smb_session *smb_find_session(struct smb_context *c, uint64_t session_id)
{
    struct smb_key key = session_key(c->connection->hosts, session_id);
    return table_find(c->module->tables[SMB_SESSIONS], &key);
}

struct smb_channel *smb_find_channel(struct smb_context *c, uint64_t session_id)
{
    struct smb_key key = channel_key(c->place->flow, session_id);
    return table_find(c->module->tables[SMB_CHANNELS], &key);
}

static struct smb_session *add_session(struct smb_context *c, uint64_t session_id)
{
    struct smb_key key = session_key(c->connection->hosts, session_id);
    release_oldest(c, SMB_SESSIONS);
    struct smb_session *session = table_put(c->module->tables[SMB_SESSIONS], &key, NULL);
    for (int kind = 0; kind < SMB_OF_SESSION; kind++)
        set_parts(session->newest[kind], NOTHING, NOTHING);
    return session;
}

struct smb_session *smb_keep_session(struct smb_context *c, uint64_t session_id, struct smb_channel **out)
{
    /* The channel first: making one may end another, and with it its session. */
    struct smb_channel *channel = smb_find_channel(c, session_id);
    bool is_new = !channel;
    if (is_new) {
        struct smb_key key = channel_key(c->place->flow, session_id);
        channel = add_chained(c, SMB_CHANNELS, &key);
    }
    struct smb_session *session = smb_find_session(c, session_id);
    /* A channel outlives a session that was logged off. */
    is_new |= !session;
    if (!session)
        session = add_session(c, session_id);
    if (is_new)
        session->channels++;
    if (out)
        *out = channel;
    return session;
}

void smb_forget_session(struct smb_context *c, uint64_t session_id)
{
    struct smb_key key = session_key(c->connection->hosts, session_id);
    struct smb_session *session = smb_find_session(c, session_id);
    if (!session)
        return;
    empty_session(c, &key, session);
    table_remove(c->module->tables[SMB_SESSIONS], &key);
}

struct smb_tree *smb_find_tree(struct smb_context *c, const struct smb_subject *about)
{
    struct smb_key key = tree_key(c, about);
    return table_find(c->module->tables[SMB_TREES], &key);
}

struct smb_tree *smb_keep_tree(struct smb_context *c, const struct smb_subject *about)
{
    struct smb_key key = tree_key(c, about);
    struct smb_tree *tree = smb_find_tree(c, about);
    if (tree)
        return tree;
    (void)smb_keep_session(c, about->session_id, NULL);
    return add_chained(c, SMB_TREES, &key);
}

void smb_forget_tree(struct smb_context *c, const struct smb_subject *about)
{
    struct smb_key key = tree_key(c, about);
    remove_chained(c, SMB_TREES, &key);
}

struct smb_file *smb_find_file(struct smb_context *c, const struct smb_subject *about)
{
    struct smb_key key = file_key(c, about);
    return about->has_file ? table_find(c->module->tables[SMB_FILES], &key) : NULL;
}

struct smb_file *smb_keep_file(struct smb_context *c, const struct smb_subject *about)
{
    struct smb_key key = file_key(c, about);
    struct smb_file *file = smb_find_file(c, about);
    REQUIRE(about->has_file && !is_nothing(about->file));
    if (file)
        return file;
    (void)smb_keep_session(c, about->session_id, NULL);
    return add_chained(c, SMB_FILES, &key);
}

void smb_forget_file(struct smb_context *c, const struct smb_subject *about)
{
    struct smb_key key = file_key(c, about);
    remove_chained(c, SMB_FILES, &key);
}
