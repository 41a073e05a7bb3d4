/*
 * stamp - observations become activities, with what is known of both ends at that time.
 */
#include "services/identity/identity.h"

#include "common/base/text.h"
#include "proto/entity.h"

enum {
    KERBEROS_PREAUTH_REQUIRED = 25,
    KERBEROS_RESPONSE_TOO_BIG = 52,
    KERBEROS_MORE_PREAUTH_REQUIRED = 91, /* RFC 8062 6.2.1 */
    PA_ENC_TIMESTAMP = 2,
    PA_PK_AS_REQ = 16,
    PA_ENCRYPTED_CHALLENGE = 138, /* RFC 6113 5.4.6 */
    ROLES_OF_ACTIVITY_MAX = 3,
};

/* What is known of an address. Plain bytes. */
struct address {
    char host[IDENTITY_NAME_BYTES];
    char account[IDENTITY_NAME_BYTES];
    char domain[IDENTITY_NAME_BYTES];
    time_ns host_since;
    time_ns account_since;
    uint8_t host_by;
    uint8_t host_certainty;
    uint8_t account_by;
    uint8_t account_certainty;
    uint8_t role;
    uint8_t zero[3];
};

/* A ticket that a device was given. Keyed by device and ticket: only where both meet in one slot can it be
 * joined. */
struct ticket_key {
    struct id device;
    struct id ticket;
};

struct ticket {
    char account[IDENTITY_NAME_BYTES];
    char domain[IDENTITY_NAME_BYTES];
    time_ns since;
};

struct stamp {
    struct identity_options options;
    struct table *addresses;
    struct table *tickets;
    uint64_t bindings;
    uint64_t activities;
    uint64_t unknown_sources;
    uint64_t foreign;
};

struct identity_options identity_defaults(void)
{
    return (struct identity_options){.addresses = 65536, .tickets = 131072};
}

static struct str fixed(const char field[IDENTITY_NAME_BYTES])
{
    return text_kept(field, IDENTITY_NAME_BYTES);
}

static void set_fixed(char field[IDENTITY_NAME_BYTES], struct str text)
{
    text_keep(field, IDENTITY_NAME_BYTES, text);
}

static void learn(struct stamp *s, const struct record *record)
{
    const struct binding *b = record->body;
    struct id key = entity_address(&b->address);
    struct address *known = table_put(s->addresses, &key, NULL);
    s->bindings++;
    if (b->kind == binding_kind_address_name && b->certainty >= known->host_certainty) {
        /* The same name again leaves since as it was: it has been true all along. */
        if (!text_equal_nocase(fixed(known->host), b->name))
            known->host_since = record->time;
        set_fixed(known->host, b->name);
        known->host_by = b->by;
        known->host_certainty = b->certainty;
    } else if (b->kind == binding_kind_address_account) {
        if (!text_equal_nocase(fixed(known->account), b->name))
            known->account_since = record->time;
        set_fixed(known->account, b->name);
        set_fixed(known->domain, b->domain);
        known->account_by = b->by;
        known->account_certainty = b->certainty;
    } else if (b->kind == binding_kind_address_role && known->role == device_role_none) {
        known->role = b->role;
    }
}

static const struct identity_known *find_known(const struct stamp *s, const struct addr *address)
{
    for (uint32_t i = 0; i < s->options.known_count; i++)
        if (addr_equal(&s->options.known[i].address, address))
            return &s->options.known[i];
    return NULL;
}

/* Copies what the activity borrows: the table may move on before the batch is read. */
static struct str keep(struct batch *out, struct str s)
{
    return arena_copy(&out->arena, s);
}

struct end {
    struct str host;
    time_ns since;
    uint8_t by;
    uint8_t certainty;
    uint8_t role;
};

static struct end resolve(struct stamp *s, struct batch *out, const struct addr *address)
{
    struct end end = {.by = resolved_by_address_only};
    struct id key = entity_address(address);
    const struct address *known = table_peek(s->addresses, &key);
    if (known) {
        end.role = known->role;
        if (known->host[0] != '\0') {
            end.host = keep(out, fixed(known->host));
            end.by = known->host_by;
            end.certainty = known->host_certainty;
            end.since = known->host_since;
        }
    }
    const struct identity_known *vouched = find_known(s, address);
    if (vouched) {
        end.role = vouched->role;
        if (vouched->name.size > 0) {
            end.host = vouched->name;
            end.by = resolved_by_configuration;
            end.certainty = 100;
        }
    }
    return end;
}

static struct activity *new_activity(struct stamp *s, struct batch *out, const struct addr *client,
                                     const struct addr *server)
{
    struct activity *a = arena_zeroed(&out->arena, sizeof(*a));
    struct end source = resolve(s, out, client), target = resolve(s, out, server);
    a->source = entity_address(client);
    a->source_ip = *client;
    a->source_host = source.host;
    a->source_host_by = source.by;
    a->source_host_certainty = source.certainty;
    a->source_host_since = source.since;
    a->source_role = source.role;
    a->target = entity_address(server);
    a->target_ip = *server;
    a->target_host = target.host;
    a->target_host_by = target.by;
    a->target_host_certainty = target.certainty;
    a->target_role = target.role;
    s->unknown_sources += source.certainty == 0;
    return a;
}

static void set_account(struct activity *a, struct str name, struct str domain, enum resolved_by by,
                        uint8_t certainty)
{
    a->account_name = entity_account_name(name);
    a->account_domain = domain;
    a->account = entity_account(name);
    a->account_by = (uint8_t)by;
    a->account_certainty = certainty;
}

/* Publishes the activity under each of its entities that its kind declares. */
static void publish(struct stamp *s, struct batch *out, const struct record *from, const struct activity *a)
{
    /* Which entities' history an activity belongs to: see docs/architecture.md. */
    static const uint8_t roles_of_kind[][ROLES_OF_ACTIVITY_MAX] = {
        [activity_kind_authentication] = {entity_role_source_device, entity_role_account},
        [activity_kind_ticket_request] = {entity_role_source_device, entity_role_account},
        [activity_kind_rpc_call] = {entity_role_source_device, entity_role_target_device},
        [activity_kind_session] = {entity_role_account},
    };
    for (uint32_t i = 0; i < ROLES_OF_ACTIVITY_MAX; i++) {
        uint8_t role = roles_of_kind[a->kind][i];
        struct id key = role == entity_role_source_device   ? a->source
                        : role == entity_role_target_device ? a->target
                        : role == entity_role_account       ? a->account
                                                            : (struct id){0};
        if (id_is_none(key))
            continue;
        struct record record = {
            .type = RECORD_activity, .role = role, .time = from->time, .key = key, .body = a};
        record.id = record_name(RECORD_activity, from->time, from->id, role);
        batch_append(out, &record);
        s->activities++;
    }
}

static bool holds(struct i32s list, int32_t value)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.at[i] == value)
            return true;
    return false;
}

static enum outcome kerberos_outcome(const struct kerberos *k)
{
    if (k->reply == kerberos_reply_reply)
        return outcome_success;
    if (k->reply != kerberos_reply_error)
        return outcome_unknown;
    /* These ask the client to go on, they refuse nothing. */
    bool go_on = k->error_code == KERBEROS_PREAUTH_REQUIRED || k->error_code == KERBEROS_RESPONSE_TOO_BIG ||
                 k->error_code == KERBEROS_MORE_PREAUTH_REQUIRED;
    return go_on ? outcome_unknown : outcome_failure;
}

static const struct ticket *find_ticket(struct stamp *s, const struct addr *device, struct id ticket)
{
    struct ticket_key key = {.device = entity_address(device), .ticket = ticket};
    return id_is_none(ticket) ? NULL : table_find(s->tickets, &key);
}

static void remember_ticket(struct stamp *s, const struct record *from, const struct kerberos *k)
{
    if (k->reply != kerberos_reply_reply || id_is_none(k->ticket) || k->cname.size == 0 ||
        identity_is_hidden(k->cname))
        return;
    struct ticket_key key = {.device = entity_address(&k->client), .ticket = k->ticket};
    struct ticket *ticket = table_put(s->tickets, &key, NULL);
    set_fixed(ticket->account, k->cname);
    set_fixed(ticket->domain, k->crealm);
    ticket->since = from->time;
}

static void set_evidence(struct activity *a, const struct record *from, struct str file, uint64_t request,
                         uint64_t reply)
{
    a->file = file;
    a->frame = request ? request : reply;
    a->reply_frame = reply;
    a->observation = from->id;
}

static bool is_ticket_service(struct str sname)
{
    struct str class = STR("krbtgt/");
    return sname.size > class.size &&
           text_equal_nocase((struct str){.at = sname.at, .size = class.size}, class);
}

static void set_kerberos(struct activity *a, const struct kerberos *k)
{
    a->protocol = protocol_kerberos;
    a->source_port = k->client_port;
    a->target_port = k->server_port;
    a->outcome = (uint8_t)kerberos_outcome(k);
    a->code = k->error_code;
    a->code_name = k->reply == kerberos_reply_error ? kerberos_error_name(k->error_code) : (struct str){0};
    a->service = k->message == kerberos_message_ap || k->sname.size == 0 ? k->ticket_sname : k->sname;
    a->service_account = entity_service(a->service);
    a->referral = k->message == kerberos_message_tgs && is_ticket_service(k->ticket_sname) &&
                  !is_ticket_service(a->service);
    a->for_user = entity_account_name(k->for_user);
    a->etypes = k->etypes;
    a->ticket_etype = k->ticket_etype;
    a->preauth_etype = k->preauth_etype;
    a->offered_etypes = k->offered_etypes;
    a->ticket = k->ticket;
    a->kdc_options = k->kdc_options;
    a->preauth = k->armored || holds(k->padata, PA_ENC_TIMESTAMP) || holds(k->padata, PA_PK_AS_REQ) ||
                 holds(k->padata, PA_ENCRYPTED_CHALLENGE);
}

static void stamp_kerberos(struct stamp *s, const struct record *record, struct batch *out)
{
    const struct kerberos *k = record->body;
    struct activity *a = new_activity(s, out, &k->client, &k->server);
    set_kerberos(a, k);
    set_evidence(a, record, k->file, k->request_frame, k->reply_frame);
    bool is_as = k->message == kerberos_message_as;
    if (k->message == kerberos_message_ap) {
        a->kind = activity_kind_session;
        a->operation = STR("AP-REQ");
    } else if (k->message == kerberos_message_tgs) {
        a->kind = activity_kind_ticket_request;
        a->operation = k->for_user.size > 0 ? STR("TGS-REQ S4U2Self") : STR("TGS-REQ");
    } else {
        a->kind = activity_kind_authentication;
        a->operation = STR("AS-REQ");
    }
    const struct ticket *known =
        is_as ? NULL : find_ticket(s, &k->client, k->message == kerberos_message_ap ? k->ticket : k->tgt);
    if (k->cname.size > 0 && k->message != kerberos_message_ap && !identity_is_hidden(k->cname))
        set_account(a, k->cname, k->crealm.size ? k->crealm : k->realm, resolved_by_kerberos_request, 90);
    else if (known)
        set_account(a, keep(out, fixed(known->account)), keep(out, fixed(known->domain)),
                    resolved_by_kerberos_ticket, 95);
    remember_ticket(s, record, k);
    publish(s, out, record, a);
}

static void stamp_ntlm(struct stamp *s, const struct record *record, struct batch *out)
{
    const struct ntlm *n = record->body;
    /* Without AUTHENTICATE_MESSAGE nobody authenticated. */
    if (n->response == ntlm_response_none && n->user.size == 0)
        return;
    struct activity *a = new_activity(s, out, &n->client, &n->server);
    a->kind = activity_kind_authentication;
    a->protocol = protocol_ntlm;
    a->operation = n->carrier == transport_smb ? STR("NTLM over SMB") : STR("NTLM over DCE/RPC");
    a->source_port = n->client_port;
    a->target_port = n->server_port;
    a->outcome = n->outcome;
    a->code = n->status;
    a->code_name = ntstatus_name(n->status);
    a->proof = n->proof;
    a->preauth = true;
    set_evidence(a, record, n->file, n->request_frame, n->reply_frame);
    if (n->response != ntlm_response_anonymous)
        set_account(a, n->user, n->domain, resolved_by_ntlm_authenticate, 90);
    publish(s, out, record, a);
}

static enum outcome rpc_outcome(const struct rpc *r)
{
    if (r->reply == rpc_reply_fault || r->reply == rpc_reply_bind_nak)
        return outcome_failure;
    if (r->reply != rpc_reply_response)
        return outcome_unknown;
    if (!r->returned)
        return outcome_unknown;
    return r->return_code == 0 ? outcome_success : outcome_failure;
}

static void set_rpc(struct activity *a, const struct rpc *r)
{
    a->kind = activity_kind_rpc_call;
    a->protocol = protocol_rpc;
    a->source_port = r->client_port;
    a->target_port = r->server_port;
    a->operation = r->operation;
    a->outcome = (uint8_t)rpc_outcome(r);
    a->code = r->reply == rpc_reply_fault ? r->status : r->return_code;
    a->interface = r->interface;
    a->interface_name = r->interface_name;
    a->opnum = r->opnum;
    a->probable = r->probable;
    a->sealed = r->sealed;
    a->request_bytes = r->request_bytes;
    a->response_bytes = r->response_bytes;
    a->naming_context = r->naming_context;
    a->extended_op = r->extended_op;
    a->carrier = r->pipe.size ? r->pipe : STR("tcp");
    a->ticket = r->ticket;
}

static void stamp_rpc(struct stamp *s, const struct record *record, struct batch *out)
{
    const struct rpc *r = record->body;
    if (r->message != rpc_message_call || r->interface_name.size == 0)
        return;
    struct activity *a = new_activity(s, out, &r->client, &r->server);
    set_rpc(a, r);
    set_evidence(a, record, r->file, r->request_frame, r->reply_frame);
    const struct ticket *ticket = find_ticket(s, &r->client, r->ticket);
    if (r->user.size > 0)
        set_account(a, r->user, r->domain, resolved_by_ntlm_authenticate, 90);
    else if (ticket)
        set_account(a, keep(out, fixed(ticket->account)), keep(out, fixed(ticket->domain)),
                    resolved_by_kerberos_ticket, 95);
    publish(s, out, record, a);
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
    const struct addr *server = record->type == RECORD_kerberos
                                    ? &((const struct kerberos *)record->body)->server
                                : record->type == RECORD_ntlm ? &((const struct ntlm *)record->body)->server
                                : record->type == RECORD_rpc  ? &((const struct rpc *)record->body)->server
                                                              : NULL;
    if (!server || s->options.network_count == 0)
        return true;
    for (uint32_t i = 0; i < s->options.network_count; i++)
        if (in_network(&s->options.networks[i], server))
            return true;
    s->foreign++;
    return false;
}

static void stamp_step(void *self, const struct batch *in, struct batch *out)
{
    struct stamp *s = self;
    for (uint32_t i = 0; i < in->count; i++) {
        const struct record *record = &in->records[i];
        if (!is_ours(s, record))
            continue;
        switch (record->type) {
        case RECORD_binding:
            learn(s, record);
            break;
        case RECORD_kerberos:
            stamp_kerberos(s, record, out);
            break;
        case RECORD_ntlm:
            stamp_ntlm(s, record, out);
            break;
        case RECORD_rpc:
            stamp_rpc(s, record, out);
            break;
        case RECORD_watermark:
            batch_add_watermark(out, record->time);
            break;
        default:
            break;
        }
    }
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
                                                                       .layout = 1,
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
