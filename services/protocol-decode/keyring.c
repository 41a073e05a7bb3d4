/*
 * keyring - tables of keys, and the content of tickets between their messages.
 */
#include "services/protocol-decode/keyring.h"
#include "proto/msgpack.h"

enum {
    LAYOUT = 1,
};

static enum err create_table(struct table **table, const struct keyring_options *options, const char *name,
                             uint32_t value_size, uint32_t capacity)
{
    return table_create(table, &(struct table_options){.name = name,
                                                       .key_size = sizeof(struct id),
                                                       .value_size = value_size,
                                                       .capacity = capacity,
                                                       .layout = LAYOUT,
                                                       .seed = options->seed});
}

enum err keyring_create(struct keyring **out, const struct keyring_options *options)
{
    struct keyring *k = calloc(1, sizeof(*k));
    if (!k)
        return ERR_MEMORY;
    k->opener = options->opener;
    uint32_t tickets = options->flows < KEYRING_TICKETS_MAX ? options->flows : KEYRING_TICKETS_MAX;
    enum err err =
        create_table(&k->tickets, options, "keyring-tickets", sizeof(struct keyring_ticket), tickets);
    if (err == ERR_OK)
        err = create_table(&k->flows, options, "keyring-flows", sizeof(struct keyring_flow), options->flows);
    if (err == ERR_OK)
        err = create_table(&k->conversations, options, "keyring-conversations",
                           sizeof(struct keyring_conversation), options->conversations);
    if (err == ERR_OK)
        err =
            create_table(&k->smb, options, "keyring-smb", sizeof(struct keyring_smb), options->conversations);
    if (err != ERR_OK) {
        keyring_free(k);
        return err;
    }
    *out = k;
    return ERR_OK;
}

void keyring_free(struct keyring *k)
{
    if (!k)
        return;
    table_free(k->tickets);
    table_free(k->flows);
    table_free(k->conversations);
    table_free(k->smb);
    free(k);
}

size_t keyring_tables(struct keyring *k, struct table **tables)
{
    if (!k)
        return 0;
    tables[0] = k->tickets;
    tables[1] = k->flows;
    tables[2] = k->conversations;
    tables[3] = k->smb;
    return 4;
}

bool keyring_decrypt(const struct keyring *k, struct arena *arena, const struct opener_key *key,
                     int32_t usage, struct str sealed, struct str *plain)
{
    const struct opener *o = k->opener;
    uint32_t header, trailer;
    if (!o->sizes(o->crypto, key->etype, &header, &trailer) || sealed.size < header ||
        sealed.size - header < trailer)
        return false;
    uint32_t size = sealed.size - header - trailer;
    uint8_t *copy = arena_take(arena, sealed.size + 1);
    /* An empty text may have a null pointer, which memcpy() may not be given. */
    if (sealed.size > 0)
        memcpy(copy, sealed.at, sealed.size);
    struct opener_part parts[] = {
        {.kind = OPENER_HEADER, .size = header, .at = copy},
        {.kind = OPENER_DATA, .size = size, .at = copy + header},
        {.kind = OPENER_TRAILER, .size = trailer, .at = copy + header + size},
    };
    *plain = (struct str){.at = (const char *)copy + header, .size = size};
    return o->decrypt(o->crypto, key, usage, parts, ARRAY_COUNT(parts));
}

void keyring_get_part(struct decode_out *out, struct id id, struct ticket_part *part)
{
    if (!out->keyring || id_is_none(id))
        return;
    const struct keyring_ticket *ticket = table_peek(out->keyring->tickets, &id);
    if (!ticket)
        return;
    /* Texts borrow from what is decoded, and the table may forget the ticket before the batch is read. */
    struct arena *arena = &out->batch->arena;
    struct str encoded = arena_copy(arena, (struct str){(const char *)ticket->part, ticket->used});
    struct reader r = reader_of_str(encoded);
    struct record record;
    const char *reason;
    if (encoded.size > 0 && record_decode(&r, arena, &record, &reason) && record.type == RECORD_ticket_part)
        *part = *(const struct ticket_part *)record.body;
    part->opening = (uint8_t)ticket->opening;
}

/* False: it takes more than the room for it. */
static bool encode(struct keyring_ticket *ticket, const struct ticket_part *part)
{
    struct writer w = {0};
    struct record record = {.type = RECORD_ticket_part, .body = part};
    record_encode(&record, &w);
    struct str bytes = writer_str(&w);
    bool fits = writer_ok(&w) && bytes.size <= KEYRING_PART_BYTES;
    if (fits) {
        memset(ticket->part, 0, sizeof(ticket->part));
        memcpy(ticket->part, bytes.at, bytes.size);
        ticket->used = bytes.size;
    }
    writer_close(&w);
    return fits;
}

void keyring_put_part(struct keyring *k, struct id id, const struct ticket_part *part,
                      const struct opener_key *session)
{
    struct keyring_ticket *ticket = table_put(k->tickets, &id, NULL);
    ticket->opening = part->opening;
    ticket->session = *session;
    if (encode(ticket, part))
        return;
    /* Only lists can be that long; who it is matters more than of what. */
    struct ticket_part shorter = *part;
    shorter.group_rids = (struct i32s){0};
    shorter.extra_sids = (struct strs){0};
    shorter.resource_sids = (struct strs){0};
    shorter.delegation_path = (struct strs){0};
    if (!encode(ticket, &shorter))
        ticket->used = 0;
}
