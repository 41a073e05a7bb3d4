/*
 * stamp - the stage: observations become activities, with what is known of both ends at that time.
 */
#include "services/identity/stamp_state.h"

struct identity_options identity_defaults(void)
{
    return (struct identity_options){.addresses = 65536, .tickets = 131072};
}

static bool in_network(const struct identity_network *network, const struct addr *address)
{
    if (network->address.family != address->family)
        return false;
    uint32_t whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address.byte, address->byte, whole) != 0)
        return false;
    uint8_t mask = (uint8_t)(0xff << (8 - rest));
    return rest == 0 || (network->address.byte[whole] & mask) == (address->byte[whole] & mask);
}

/* The server of an observation; each begins with the same members. */
static bool is_ours(struct stamp *s, const struct record *record)
{
    if (s->options.network_count == 0 || record->type == RECORD_binding || !record->body)
        return true;
    const struct addr *server = &((const struct kerberos *)record->body)->server;
    for (uint32_t i = 0; i < s->options.network_count; i++)
        if (in_network(&s->options.networks[i], server))
            return true;
    s->foreign++;
    return false;
}

static void stamp_one(const struct stamping *s)
{
    switch (s->record->type) {
    case RECORD_binding:
        who_learn(s->stamp, s->record);
        break;
    case RECORD_kerberos:
        stamp_kerberos(s);
        break;
    case RECORD_ntlm:
        stamp_ntlm(s);
        break;
    case RECORD_rpc:
        stamp_rpc(s);
        break;
    case RECORD_smb:
        stamp_smb(s);
        break;
    case RECORD_ldap:
        stamp_ldap(s);
        break;
    case RECORD_dns:
        stamp_dns(s);
        break;
    case RECORD_http:
        stamp_http(s);
        break;
    case RECORD_flow:
        stamp_flow(s);
        break;
    case RECORD_watermark:
        batch_add_watermark(s->out, s->record->time);
        break;
    default:
        break;
    }
}

static void stamp_step(void *self, const struct batch *in, struct batch *out)
{
    struct stamp *s = self;
    for (uint32_t i = 0; i < in->count; i++)
        if (is_ours(s, &in->records[i]))
            stamp_one(&(struct stamping){.stamp = s, .record = &in->records[i], .out = out});
}

static size_t stamp_tables(void *self, struct table *tables[STAGE_TABLES_MAX])
{
    struct stamp *s = self;
    tables[0] = s->addresses;
    tables[1] = s->tickets;
    return 2;
}

static size_t stamp_counts(const void *self, struct stage_count *counts, size_t max)
{
    const struct stamp *s = self;
    const struct stage_count all[] = {
        {"bindings", "facts that tie addresses and names", s->bindings},
        {"activities", "activities published", s->activities},
        {"unknown_sources", "activities whose device has no name", s->unknown_sources},
        {"foreign", "observations of servers outside the home networks", s->foreign},
        {"addresses_evicted", "addresses forgotten because too many were known", table_evicted(s->addresses)},
        {"tickets_evicted", "tickets forgotten because too many were known", table_evicted(s->tickets)},
    };
    size_t count = ARRAY_COUNT(all) < max ? ARRAY_COUNT(all) : max;
    memcpy(counts, all, count * sizeof(*all));
    return count;
}

static void stamp_close(void *self)
{
    struct stamp *s = self;
    table_free(s->addresses);
    table_free(s->tickets);
    free(s);
}

enum err identity_stamp_create(struct stage *stage, const struct identity_options *options)
{
    static const struct stage_type type = {
        .name = "identity",
        .step = stamp_step,
        .tables = stamp_tables,
        .counts = stamp_counts,
        .close = stamp_close,
    };
    struct stamp *s = calloc(1, sizeof(*s));
    if (!s)
        return ERR_MEMORY;
    s->options = *options;
    enum err err = table_create(&s->addresses, &(struct table_options){.name = "identity.addresses",
                                                                       .key_size = sizeof(struct id),
                                                                       .value_size = sizeof(struct address),
                                                                       .capacity = options->addresses,
                                                                       .layout = 2,
                                                                       .seed = options->seed});
    if (err == ERR_OK)
        err = table_create(&s->tickets, &(struct table_options){.name = "identity.tickets",
                                                                .key_size = sizeof(struct ticket_key),
                                                                .value_size = sizeof(struct ticket),
                                                                .capacity = options->tickets,
                                                                .layout = 1,
                                                                .seed = options->seed});
    if (err != ERR_OK) {
        stamp_close(s);
        return err;
    }
    *stage = (struct stage){.type = &type, .self = s};
    return ERR_OK;
}
