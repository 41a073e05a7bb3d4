/*
 * ldap_exchange - which answer belongs to which request, and when an operation is told.
 */
#include "services/protocol-decode/kerberos_pending.h"
#include "services/protocol-decode/ldap_names.h"
#include "services/protocol-decode/ldap_state.h"

#include "common/base/text.h"

/* Plain bytes: the key of an operation that waits. */
struct exchange_key {
    struct id flow;
    uint64_t message_id;
};

struct op_operation {
    uint8_t op;
    uint8_t operation;
};

static const struct op_operation operations[] = {
    {LDAP_BIND_REQUEST, ldap_operation_bind},
    {LDAP_BIND_RESPONSE, ldap_operation_bind},
    {LDAP_UNBIND_REQUEST, ldap_operation_unbind},
    {LDAP_SEARCH_REQUEST, ldap_operation_search},
    {LDAP_SEARCH_ENTRY, ldap_operation_search},
    {LDAP_SEARCH_DONE, ldap_operation_search},
    {LDAP_SEARCH_REFERENCE, ldap_operation_search},
    {LDAP_MODIFY_REQUEST, ldap_operation_modify},
    {LDAP_MODIFY_RESPONSE, ldap_operation_modify},
    {LDAP_ADD_REQUEST, ldap_operation_add},
    {LDAP_ADD_RESPONSE, ldap_operation_add},
    {LDAP_DELETE_REQUEST, ldap_operation_delete},
    {LDAP_DELETE_RESPONSE, ldap_operation_delete},
    {LDAP_MODIFY_DN_REQUEST, ldap_operation_modify_dn},
    {LDAP_MODIFY_DN_RESPONSE, ldap_operation_modify_dn},
    {LDAP_COMPARE_REQUEST, ldap_operation_compare},
    {LDAP_COMPARE_RESPONSE, ldap_operation_compare},
    {LDAP_ABANDON_REQUEST, ldap_operation_abandon},
    {LDAP_EXTENDED_REQUEST, ldap_operation_extended},
    {LDAP_EXTENDED_RESPONSE, ldap_operation_extended},
};

/* An intermediate response may be of any operation: unknown. */
static uint8_t operation_of(uint8_t op)
{
    for (size_t i = 0; i < ARRAY_COUNT(operations); i++)
        if (operations[i].op == op)
            return operations[i].operation;
    return ldap_operation_unknown;
}

void ldap_refuse(const struct ldap_step *s, const char *reason, size_t offset)
{
    decode_malformed(s->out, s->place, "ldap", reason, offset);
}

static struct exchange_key key_of(struct id flow, uint32_t message_id)
{
    return (struct exchange_key){.flow = flow, .message_id = message_id};
}

static void tell_who(const struct who *who, struct arena *arena, struct ldap *body)
{
    body->user = arena_copy(arena, who_text(who->user));
    body->domain = arena_copy(arena, who_text(who->domain));
    body->ticket = who->ticket;
    body->security = who->security;
}

static void tell_numbers(const struct ldap_exchange *x, struct ldap *body)
{
    body->message_id = x->message_id;
    body->version = x->version;
    body->password = x->password;
    body->clear_text = x->clear_text;
    body->bind_method = x->bind_method;
    body->scope = x->scope;
    body->deref_aliases = x->deref_aliases;
    body->size_limit = x->size_limit;
    body->time_limit = x->time_limit;
    body->types_only = x->types_only;
    body->page_size = x->page_size;
    body->page_continued = x->page_continued;
    body->sd_flags = x->sd_flags;
    body->entries = x->entries;
    body->references = x->references;
    body->intermediates = x->intermediates;
    body->request_bytes = x->request_bytes;
    body->reply_bytes = x->reply_bytes;
    body->change_count = x->change_count;
    body->delete_old_rdn = x->delete_old_rdn;
    body->abandoned_id = x->abandoned_id;
    body->opened = x->opened;
    body->netlogon_opcode = x->netlogon_opcode;
    body->netlogon_flags = x->netlogon_flags;
    body->netlogon_version = x->netlogon_version;
    body->netlogon_address = x->netlogon_address;
    memcpy(body->netlogon_domain_guid.byte, x->netlogon_domain_guid, sizeof(x->netlogon_domain_guid));
}

void ldap_tell(struct decode_out *out, const struct ldap_exchange *x, time_ns time)
{
    uint64_t unique = (uint64_t)x->operation << 40 | (uint64_t)x->protection << 32 | x->message_id;
    struct ldap *body = decode_emit(out, RECORD_ldap, &x->place, time, unique);
    body->request_frame = x->request_frame;
    body->request_time = x->request_time;
    body->reply_frame = x->reply_frame;
    body->reply_time = x->reply_time;
    body->transport = x->place.transport;
    body->operation = x->operation;
    body->protection = x->protection;
    body->outcome = x->outcome;
    body->result_code = x->result_code;
    body->error_code = x->error_code;
    body->error_data = x->error_data;
    body->unread = x->unread;
    body->unread_at = x->unread_at;
    if (x->notes.cut && x->unread == unread_nothing)
        body->unread = unread_too_long;
    if (x->answered)
        body->result = ldap_result_name(x->result_code);
    tell_numbers(x, body);
    tell_who(&x->who, &out->batch->arena, body);
    ldap_notes_tell(&x->notes, &out->batch->arena, body);
}

static void stop_waiting(struct ldap_connection *c, uint32_t message_id)
{
    for (uint32_t i = 0; c && i < c->waiting_count; i++) {
        if (c->waiting[i] != message_id)
            continue;
        for (uint32_t k = i + 1; k < c->waiting_count; k++)
            c->waiting[k - 1] = c->waiting[k];
        c->waiting[--c->waiting_count] = 0;
        return;
    }
}

static void forget(struct ldap_module *m, struct ldap_exchange *x)
{
    struct exchange_key key = key_of(x->place.flow, x->message_id);
    if (x->place.transport != transport_udp)
        stop_waiting(table_find(m->connections, &key.flow), x->message_id);
    table_remove(m->exchanges, &key);
}

/* Without an answer, or without all of it: at its deadline or when it has to go before. */
static void give_up(struct ldap_module *m, struct decode_out *out, struct ldap_exchange *x, time_ns now)
{
    if (!x->told)
        ldap_tell(out, x, x->deadline < now ? x->deadline : now);
    forget(m, x);
}

void ldap_give_up_oldest(struct ldap_module *m, struct decode_out *out, time_ns now)
{
    give_up(m, out, table_oldest(m->exchanges), now);
}

void ldap_give_up_all(struct ldap_module *m, struct decode_out *out, struct ldap_connection *c, time_ns now)
{
    while (c->waiting_count > 0) {
        struct exchange_key key = key_of(c->place.flow, c->waiting[0]);
        struct ldap_exchange *x = table_find(m->exchanges, &key);
        REQUIRE(x != NULL);
        give_up(m, out, x, now);
    }
}

/* Without a touch: only what gets a new deadline may move in the order of touches. */
static const struct ldap_exchange *peek(const struct ldap_step *s)
{
    struct exchange_key key = key_of(s->place->flow, s->message_id);
    return table_peek(s->module->exchanges, &key);
}

static struct ldap_exchange *find(const struct ldap_step *s)
{
    struct exchange_key key = key_of(s->place->flow, s->message_id);
    return table_find(s->module->exchanges, &key);
}

/* An entry of its own; what stands in the way is told first. */
static struct ldap_exchange *add(struct ldap_step *s, uint8_t op)
{
    struct ldap_module *m = s->module;
    struct ldap_connection *c = s->connection;
    if (table_count(m->exchanges) == table_capacity(m->exchanges))
        ldap_give_up_oldest(m, s->out, s->place->time);
    if (c && c->waiting_count == LDAP_CONNECTION_REQUESTS_MAX) {
        struct exchange_key first = key_of(s->place->flow, c->waiting[0]);
        give_up(m, s->out, table_find(m->exchanges, &first), s->place->time);
    }
    struct exchange_key key = key_of(s->place->flow, s->message_id);
    struct ldap_exchange *x = table_put(m->exchanges, &key, NULL);
    if (c)
        c->waiting[c->waiting_count++] = s->message_id;
    kerberos_place_set(&x->place, s->place);
    x->message_id = s->message_id;
    x->operation = operation_of(op);
    x->deadline = s->place->time + m->options.timeout;
    return x;
}

/* What is told at once lies in no table. */
static struct ldap_exchange *scratch(struct ldap_step *s, uint8_t op)
{
    struct ldap_exchange *x = &s->module->scratch;
    memset(x, 0, sizeof(*x));
    kerberos_place_set(&x->place, s->place);
    x->message_id = s->message_id;
    x->operation = operation_of(op);
    return x;
}

static void begin(struct ldap_step *s, struct ldap_exchange *x)
{
    x->protection = s->protection;
    x->opened = s->opened;
    if (s->connection)
        memcpy(&x->who, &s->connection->who, sizeof(x->who));
    s->exchange = x;
}

/* What could not be read of a message. */
static void note_fault(struct ldap_step *s, const struct der_fault *fault)
{
    struct ldap_exchange *x = s->exchange;
    if (!fault->failed || x->unread != unread_nothing)
        return;
    x->unread_at = (uint32_t)fault->offset;
    if (s->cut) {
        x->unread = s->connection ? unread_too_long : unread_truncated;
        return;
    }
    x->unread = unread_malformed;
    ldap_refuse(s, fault->reason, fault->offset);
}

/* The operation, and behind it the controls. */
struct body {
    struct der message;
    struct der content;
    uint8_t op;
};

static void take_request(struct ldap_step *s, struct body *b, struct str message)
{
    bool at_once = b->op == LDAP_UNBIND_REQUEST || b->op == LDAP_ABANDON_REQUEST;
    uint64_t fingerprint = s->connection ? 0 : decode_fingerprint(s->out, message).low;
    const struct ldap_exchange *earlier = at_once ? NULL : peek(s);
    /* The same datagram again. */
    if (earlier && !s->connection && earlier->fingerprint == fingerprint)
        return;
    if (earlier)
        give_up(s->module, s->out, find(s), s->place->time);
    begin(s, at_once ? scratch(s, b->op) : add(s, b->op));
    struct ldap_exchange *x = s->exchange;
    x->fingerprint = fingerprint;
    x->request_frame = s->place->frame;
    x->request_time = s->place->time;
    x->request_bytes = s->size;
    x->notes.limit = LDAP_REQUEST_NOTES_BYTES;
    ldap_read_request(s, b->op, &b->content);
    ldap_read_controls(s, &b->message, false);
    note_fault(s, b->message.fault);
    if (at_once)
        ldap_tell(s->out, x, s->place->time);
}

/* The request it answers, or an exchange of its own: when nothing waits, or something else does. */
static struct ldap_exchange *answered(struct ldap_step *s, const struct body *b)
{
    const struct ldap_exchange *waiting = peek(s);
    uint8_t operation = operation_of(b->op);
    /* An answer of what was told already, come again as a datagram. */
    if (waiting && waiting->told)
        return NULL;
    if (waiting && (operation == ldap_operation_unknown || waiting->operation == ldap_operation_unknown ||
                    operation == waiting->operation))
        return find(s);
    /* RFC 4511 4.4: unsolicited. */
    struct ldap_exchange *x = waiting || s->message_id == 0 ? scratch(s, b->op) : add(s, b->op);
    begin(s, x);
    if (s->message_id == 0)
        x->operation = ldap_operation_notice;
    return x;
}

static void take_reply(struct ldap_step *s, struct body *b)
{
    struct ldap_exchange *x = answered(s, b);
    if (!x)
        return;
    s->exchange = x;
    x->notes.limit = LDAP_NOTES_BYTES;
    if (x->operation == ldap_operation_unknown)
        x->operation = operation_of(b->op);
    x->reply_frame = s->place->frame;
    x->reply_time = s->place->time;
    x->reply_bytes += s->size;
    x->deadline = s->place->time + s->module->options.timeout;
    bool is_last = ldap_read_reply(s, b->op, &b->content);
    x->answered = is_last;
    if (is_last)
        ldap_read_controls(s, &b->message, true);
    note_fault(s, b->message.fault);
    if (x == &s->module->scratch) {
        ldap_tell(s->out, x, s->place->time);
    } else if (is_last) {
        ldap_tell(s->out, x, s->place->time);
        x->told = true;
        if (s->connection)
            forget(s->module, x);
    }
}

/* An element of which only the beginning may be there. */
static struct der open_element(const struct ldap_step *s, struct der *d, uint8_t *tag)
{
    struct reader r = d->bytes;
    uint32_t size;
    if (s->cut && der_ok(d) && der_header(&r, tag, &size) && size > reader_left(&r)) {
        struct der rest = {.bytes = r, .fault = d->fault, .depth = (uint8_t)(d->depth + 1)};
        reader_skip(&d->bytes, reader_left(&d->bytes));
        return rest;
    }
    return der_any(d, tag);
}

void ldap_take(struct ldap_step *s, struct str message)
{
    struct der_fault fault = {0};
    struct der d = der_of(message, &fault);
    uint8_t tag;
    struct body b = {.message = open_element(s, &d, &tag)};
    int64_t id = der_integer(&b.message);
    b.content = open_element(s, &b.message, &b.op);
    bool known, to_server = ldap_op_to_server(b.op, &known);
    if (id < 0 || id > INT32_MAX)
        der_fail(&b.message, "message id out of range");
    if (der_ok(&d) && !known)
        der_fail(&b.content, "operation of no known kind");
    if (der_ok(&d) && to_server != s->place->to_server)
        der_fail(&b.content, "direction of a message");
    if (!der_ok(&d)) {
        ldap_refuse(s, fault.reason, fault.offset);
        return;
    }
    s->message_id = (uint32_t)id;
    s->out->messages[protocol_ldap]++;
    if (to_server)
        take_request(s, &b, message);
    else
        take_reply(s, &b);
}
