/*
 * activity - the envelope of an observation becomes that of an activity, with both ends resolved.
 */
#include "proto/entity.h"
#include "services/identity/stamp_state.h"

enum {
    ROLES_OF_ACTIVITY_MAX = 4,
};

/* The members that every observation begins with, in the order of the declaration (proto/records/where.def).
 */
struct where {
    struct id flow;
    struct addr client;
    uint16_t client_port;
    struct addr server;
    uint16_t server_port;
    struct str file;
    uint64_t request_frame;
    uint64_t reply_frame;
};

#define SAME_PLACE(type, member)                                                                             \
    _Static_assert(offsetof(struct type, member) == offsetof(struct where, member),                          \
                   "observations begin alike")
SAME_PLACE(kerberos, server_port);
SAME_PLACE(kerberos, reply_frame);
SAME_PLACE(smb, reply_frame);
SAME_PLACE(rpc, reply_frame);
SAME_PLACE(ldap, reply_frame);
SAME_PLACE(dns, reply_frame);
SAME_PLACE(http, reply_frame);
SAME_PLACE(flow, reply_frame);

struct activity *activity_begin(const struct stamping *s, enum activity_kind kind, enum protocol protocol)
{
    const struct where *where = s->record->body;
    struct activity *a = arena_zeroed(&s->out->arena, sizeof(*a));
    struct who_end source = who_resolve(s->stamp, s->out, &where->client, s->record->time);
    struct who_end target = who_resolve(s->stamp, s->out, &where->server, s->record->time);
    a->kind = (uint8_t)kind;
    a->protocol = (uint8_t)protocol;
    a->source = source.device;
    a->source_ip = where->client;
    a->source_port = where->client_port;
    a->source_host = source.host;
    a->source_host_by = source.by;
    a->source_host_certainty = source.certainty;
    a->source_host_since = source.since;
    a->source_role = source.role;
    a->target = target.device;
    a->target_ip = where->server;
    a->target_port = where->server_port;
    a->target_host = target.host;
    a->target_host_by = target.by;
    a->target_host_certainty = target.certainty;
    a->target_role = target.role;
    a->file = where->file;
    a->frame = where->request_frame ? where->request_frame : where->reply_frame;
    a->reply_frame = where->reply_frame;
    a->observation = s->record->id;
    s->stamp->unknown_sources += source.certainty == 0;
    return a;
}

void activity_set_account(struct activity *a, struct str name, struct str domain, enum resolved_by by,
                          uint8_t certainty)
{
    a->account_name = entity_account_name(name);
    a->account_domain = domain;
    a->account = entity_account(name);
    a->account_by = (uint8_t)by;
    a->account_certainty = certainty;
}

void activity_set_session(const struct stamping *s, struct activity *a, struct str user, struct str domain,
                          struct id ticket)
{
    const struct ticket *held = who_holds_ticket(s->stamp, &a->source_ip, ticket);
    a->ticket = ticket;
    if (user.size > 0)
        activity_set_account(a, user, domain, resolved_by_ntlm_authenticate, 90);
    else if (held)
        activity_set_account(a, arena_copy(&s->out->arena, text_kept(held->account, sizeof(held->account))),
                             arena_copy(&s->out->arena, text_kept(held->domain, sizeof(held->domain))),
                             resolved_by_kerberos_ticket, 95);
}

static struct id key_of(const struct activity *a, uint8_t role)
{
    switch (role) {
    case entity_role_source_device:
        return a->source;
    case entity_role_target_device:
        return a->target;
    case entity_role_account:
        return a->account;
    case entity_role_ticket:
        return a->ticket;
    case entity_role_presented_ticket:
        return a->presented;
    case entity_role_object:
        return entity_account(a->object);
    default:
        return (struct id){0};
    }
}

void activity_publish(const struct stamping *s, const struct activity *a)
{
    /* Which entities' history an activity belongs to: see docs/architecture.md. */
    static const uint8_t roles_of_kind[][ROLES_OF_ACTIVITY_MAX] = {
        [activity_kind_authentication] = {entity_role_source_device, entity_role_account, entity_role_ticket},
        [activity_kind_ticket_request] = {entity_role_source_device, entity_role_account, entity_role_ticket,
                                          entity_role_presented_ticket},
        [activity_kind_rpc_call] = {entity_role_source_device, entity_role_target_device},
        [activity_kind_session] = {entity_role_source_device, entity_role_account, entity_role_ticket},
        [activity_kind_rpc_bind] = {entity_role_source_device},
        [activity_kind_directory_search] = {entity_role_source_device},
        [activity_kind_directory_change] = {entity_role_source_device, entity_role_object},
        [activity_kind_name_query] = {entity_role_source_device, entity_role_target_device},
        [activity_kind_file_access] = {entity_role_source_device},
        [activity_kind_smb_message] = {entity_role_source_device, entity_role_target_device},
        [activity_kind_web_request] = {entity_role_source_device},
        [activity_kind_remote_access] = {entity_role_account},
        [activity_kind_conversation] = {entity_role_source_device},
        [activity_kind_password_change] = {entity_role_source_device, entity_role_account},
        [activity_kind_handshake] = {entity_role_source_device},
    };
    if (a->kind >= ARRAY_COUNT(roles_of_kind))
        return;
    for (uint32_t i = 0; i < ROLES_OF_ACTIVITY_MAX; i++) {
        uint8_t role = roles_of_kind[a->kind][i];
        struct id key = key_of(a, role);
        if (id_is_none(key))
            continue;
        struct record record = {
            .type = RECORD_activity, .role = role, .time = s->record->time, .key = key, .body = a};
        record.id = record_name(RECORD_activity, s->record->time, s->record->id, role);
        batch_append(s->out, &record);
        s->stamp->activities++;
    }
}
