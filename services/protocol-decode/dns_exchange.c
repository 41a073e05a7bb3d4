/*
 * dns_exchange - keeps questions, finds them again by their answers, and tells both.
 */
#include "services/protocol-decode/dns_exchange.h"

enum {
    ASKERS_MAX = 4, /* who may ask a group for one name at once, in mDNS */
    TKEY_GSS = 3,   /* RFC 3645 */
};

/* Multicast, limited broadcast, or what NetBIOS marks as broadcast (RFC 1002 4.2.1.1). */
static bool is_group(const struct dns_exchange *x)
{
    const struct addr *to = &x->place.server;
    if (to->family == 6)
        return to->byte[0] == 0xff;
    if (x->protocol == protocol_netbios && x->message->flags & DNS_FLAG_BROADCAST)
        return true;
    return to->family == 4 && to->byte[0] >= 224 && (to->byte[0] < 240 || to->byte[0] == 255);
}

static struct dns_pending_key key_in_flow(const struct dns_exchange *x)
{
    return (struct dns_pending_key){.scope = x->place.flow, .number = x->message->id};
}

static struct dns_pending_key key_of_asker(const struct dns_exchange *x)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &x->place.client, sizeof(x->place.client));
    hash_part_u64(&parts, (uint64_t)x->protocol << 16 | x->place.client_port);
    return (struct dns_pending_key){.scope = hash_parts_id(HASH_KEY_NAMES, &parts), .number = x->message->id};
}

static struct dns_pending_key key_of_question(struct id name, uint16_t type, uint64_t asker)
{
    struct id scope = {.high = name.high ^ type, .low = name.low};
    return (struct dns_pending_key){.scope = scope, .number = asker};
}

static uint64_t unique_of(const struct dns_pending *p)
{
    uint64_t name = hash_u64(HASH_KEY_NAMES, p->name.wire, p->name.size);
    return name ^ ((uint64_t)p->id << 48 | (uint64_t)p->type << 32);
}

/* A capture, or an answer that says so itself, may be cut; anything else that ends too early is malformed. */
static bool is_cut(const struct dns_exchange *x)
{
    return x->cut || x->message->flags & DNS_FLAG_TRUNCATED;
}

static void set_unread(const struct dns_exchange *x, uint8_t *unread, uint32_t *at)
{
    if (!x->message->fault)
        return;
    *unread = is_cut(x) ? unread_truncated : unread_malformed;
    *at = (uint32_t)x->message->fault_at;
}

static void read_records(struct dns_exchange *x, const struct dns_want *want)
{
    const struct dns_message *m = x->message;
    dns_message_records(&x->out->batch->arena, x->protocol, want, x->message, &x->records);
    if (m->fault && !is_cut(x))
        decode_malformed(x->out, &x->place, "dns", m->fault, m->fault_at);
}

static void set_who(struct dns_module *m, struct arena *arena, struct id conversation, struct dns *body)
{
    struct who who;
    if (!auth_who(m->auth, conversation, &who))
        return;
    body->user = arena_copy(arena, who_text(who.user));
    body->domain = arena_copy(arena, who_text(who.domain));
    body->ticket = who.ticket;
    body->security = who.security;
}

static void set_transfer(struct dns *body, const struct dns_transfer *t)
{
    body->transfer_messages = t->messages;
    body->transfer_records = t->records;
    body->transfer_bytes = t->bytes;
    body->transfer_complete = t->complete;
    body->incremental = t->incremental;
    if (t->records > 0)
        body->serial = t->serial;
}

/* A new observation that holds the request. */
static struct dns *tell_request(struct dns_module *m, struct decode_out *out, const struct dns_pending *p,
                                const struct place *place, time_ns time)
{
    struct arena *arena = &out->batch->arena;
    struct dns *body = decode_emit(out, RECORD_dns, place, time, unique_of(p));
    dns_pending_get(p, arena, body);
    const struct dns_extra *extra = p->has_extra ? table_peek(m->extra, table_key(m->pending, p)) : NULL;
    if (extra) {
        dns_extra_get(extra, arena, body);
        if (!id_is_none(extra->conversation))
            set_who(m, arena, extra->conversation, body);
    }
    return body;
}

static void forget(struct dns_module *m, const struct dns_pending *p)
{
    struct dns_pending_key key;
    memcpy(&key, table_key(m->pending, p), sizeof(key));
    if (p->has_extra)
        table_remove(m->extra, &key);
    table_remove(m->pending, &key);
}

void dns_tell_overdue(struct dns_module *m, struct decode_out *out, const struct dns_pending *p, time_ns now)
{
    if (p->answered_frame == 0) {
        time_ns time = p->deadline < now ? p->deadline : now;
        struct dns *body = tell_request(m, out, p, &p->place, time);
        set_transfer(body, &p->transfer);
    }
    forget(m, p);
}

static void make_room(struct dns_exchange *x, const struct dns_pending_key *key)
{
    struct dns_module *m = x->module;
    const struct dns_pending *old = table_peek(m->pending, key);
    if (old)
        dns_tell_overdue(m, x->out, old, x->place.time);
    else if (table_count(m->pending) == table_capacity(m->pending))
        dns_tell_overdue(m, x->out, table_oldest(m->pending), x->place.time);
}

static bool is_same_question(const struct dns_pending *p, const struct dns_message *m)
{
    return p->type == m->type && dns_opcode(p->flags) == dns_opcode(m->flags) &&
           dns_name_equal(&p->name, &m->name);
}

/* In mDNS the same name may be asked by several hosts at once, and its answer goes to all of them. */
static struct dns_pending_key key_of_mdns_request(struct dns_exchange *x)
{
    const struct table *pending = x->module->pending;
    struct id name = dns_name_id(&x->message->name);
    struct dns_pending_key free_key = key_of_question(name, x->message->type, 0);
    for (uint64_t asker = ASKERS_MAX; asker-- > 0;) {
        struct dns_pending_key key = key_of_question(name, x->message->type, asker);
        const struct dns_pending *p = table_peek(pending, &key);
        if (p && addr_equal(&p->place.client, &x->place.client))
            return key;
        if (!p)
            free_key = key;
    }
    return free_key;
}

static struct dns_pending_key key_of_request(struct dns_exchange *x)
{
    if (!is_group(x))
        return key_in_flow(x);
    if (x->protocol == protocol_mdns && x->place.client_port == DNS_PORT_MDNS)
        return key_of_mdns_request(x);
    return key_of_asker(x);
}

/* Names the security context that a TKEY begins and a TSIG uses (RFC 3645 3.1). */
static struct id conversation_of(const struct dns_exchange *x)
{
    struct hash_parts parts = {0};
    struct id key = dns_name_id(&x->message->key);
    hash_part(&parts, &x->place.client, sizeof(x->place.client));
    hash_part(&parts, &x->place.server, sizeof(x->place.server));
    hash_part(&parts, &key, sizeof(key));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static void hand_over_token(struct dns_exchange *x)
{
    const struct dns_message *m = x->message;
    if (m->has_tkey && m->key_mode == TKEY_GSS && m->token.size > 0)
        auth_token(x->module->auth, x->out, &x->place, conversation_of(x), transport_dns, m->token);
}

/* RFC 3645 4.1.3: the answer that completes a context is the first that is signed under it. */
static void hand_over_result(struct dns_exchange *x)
{
    const struct dns_message *m = x->message;
    if (!m->has_tkey || m->key_mode != TKEY_GSS)
        return;
    bool failed = m->rcode != 0 || m->key_error != 0;
    if (failed || m->is_signed)
        auth_result(x->module->auth, x->out, &x->place, conversation_of(x),
                    failed ? outcome_failure : outcome_success, m->key_error ? m->key_error : m->rcode, true);
}

static void put_request(struct dns_exchange *x, const struct dns_pending_key *key)
{
    struct dns_module *m = x->module;
    make_room(x, key);
    struct dns_pending *p = table_put(m->pending, key, NULL);
    dns_pending_set(p, &x->place, x->protocol, x->message);
    p->deadline = x->place.time + m->timeout;
    p->asked = 1;
    p->multicast = is_group(x);
    set_unread(x, &p->unread, &p->unread_at);
    if (!dns_has_extra(x->message))
        return;
    struct dns_extra *extra = table_put(m->extra, key, NULL);
    memset(extra, 0, sizeof(*extra));
    dns_extra_set(extra, &x->out->batch->arena, x->message);
    if (x->message->key.size > 0)
        extra->conversation = conversation_of(x);
    p->has_extra = true;
}

void dns_take_request(struct dns_exchange *x)
{
    struct dns_module *m = x->module;
    struct dns_want want = {.texts =
                                dns_operation_of(x->protocol, x->message->flags) == dns_operation_update};
    read_records(x, &want);
    struct dns_pending_key key = key_of_request(x);
    const struct dns_pending *waiting = table_peek(m->pending, &key);
    if (waiting && waiting->answered_frame == 0 && is_same_question(waiting, x->message)) {
        struct dns_pending *p = table_find(m->pending, &key);
        p->asked++;
        p->deadline = x->place.time + m->timeout;
        return;
    }
    put_request(x, &key);
    hand_over_token(x);
}

static void set_answer(struct dns_exchange *x, struct dns *body)
{
    set_unread(x, &body->unread, &body->unread_at);
    body->reply_frame = x->place.frame;
    body->reply_time = x->place.time;
    dns_set_reply(body, &x->out->batch->arena, x->protocol, x->message);
}

/* An answer to what was not seen, or what nobody asked. */
static void tell_alone(struct dns_exchange *x)
{
    const struct dns_message *m = x->message;
    struct arena *arena = &x->out->batch->arena;
    uint64_t unique = hash_u64(HASH_KEY_NAMES, m->name.wire, m->name.size) ^ (uint64_t)m->id << 48;
    struct dns *body = decode_emit(x->out, RECORD_dns, &x->place, x->place.time, unique);
    dns_set_subject(body, arena, x->protocol, &m->name, m->type);
    body->transport = x->place.transport;
    body->operation = (uint8_t)dns_operation_of(x->protocol, m->flags);
    body->transaction_id = m->id;
    body->qclass = m->class;
    body->multicast = is_group(x) || (x->protocol == protocol_mdns && x->place.client.byte[0] >= 224);
    body->recursion_desired = m->flags & DNS_FLAG_RECURSION_DESIRED;
    set_answer(x, body);
}

/* Others may answer too, and after a wait (RFC 1002 4.2.16) the same one will. */
static bool may_be_answered_again(const struct dns_exchange *x, const struct dns_pending *p)
{
    return p->multicast || dns_operation_of(x->protocol, x->message->flags) == dns_operation_wait;
}

static void tell_answered(struct dns_exchange *x, const struct dns_pending_key *key)
{
    struct dns_module *m = x->module;
    struct dns_pending *p = table_find(m->pending, key);
    p->deadline = x->place.time + m->timeout;
    bool wait = dns_operation_of(x->protocol, x->message->flags) == dns_operation_wait;
    struct place place = p->place;
    if (p->multicast) {
        place.server = x->place.server;
        place.server_port = x->place.server_port;
    }
    struct dns *body = tell_request(m, x->out, p, &place, x->place.time);
    set_answer(x, body);
    set_transfer(body, &p->transfer);
    if (wait)
        body->operation = dns_operation_wait;
    if (may_be_answered_again(x, p))
        p->answered_frame = wait ? 0 : x->place.frame;
    else
        forget(m, p);
}

/* The question that an answer is for; false when none waits. An answer may leave the question out, and
 * NetBIOS does. */
static bool find_request(struct dns_exchange *x, struct dns_pending_key *key)
{
    const struct table *pending = x->module->pending;
    *key = key_in_flow(x);
    const struct dns_pending *p = table_peek(pending, key);
    if (!p && x->protocol != protocol_dns) {
        *key = key_of_asker(x);
        p = table_peek(pending, key);
    }
    return p && (x->message->name.size == 0 || dns_name_equal(&p->name, &x->message->name));
}

static bool is_transfer(const struct dns_exchange *x, const struct dns_pending *p)
{
    return x->protocol == protocol_dns && (p->type == DNS_AXFR || p->type == DNS_IXFR) &&
           dns_operation_of(x->protocol, p->flags) == dns_operation_query;
}

/* The message that ends it is told, with what all of them held. */
static void take_transfer(struct dns_exchange *x, const struct dns_pending_key *key)
{
    struct dns_module *m = x->module;
    struct dns_pending *p = table_find(m->pending, key);
    p->deadline = x->place.time + m->timeout;
    struct dns_transfer *t = &p->transfer;
    t->messages++;
    t->bytes += x->message->bytes;
    struct dns_want want = {.transfer = t};
    read_records(x, &want);
    /* RFC 1995 2, 4: over UDP there is one message; alone, the SOA says that nothing is new. */
    bool single = x->place.transport == transport_udp || (p->type == DNS_IXFR && t->records == 1);
    t->complete |= single && t->records == 1;
    if (t->complete || single || x->message->rcode != 0 || x->message->fault)
        tell_answered(x, key);
}

/* All who asked for what an mDNS response holds (RFC 6762 6: it holds no question). */
static bool tell_mdns_askers(struct dns_exchange *x)
{
    bool found = false;
    for (uint32_t i = 0; i < 2 * x->message->match_count; i++) {
        const struct dns_match *match = &x->message->matches[i / 2];
        for (uint64_t asker = 0; asker < ASKERS_MAX; asker++) {
            struct dns_pending_key key = key_of_question(match->name, i % 2 ? DNS_ANY : match->type, asker);
            const struct dns_pending *p = table_peek(x->module->pending, &key);
            /* Several records of a response may answer one question. */
            if (p && p->answered_frame != x->place.frame)
                tell_answered(x, &key);
            found |= p != NULL;
        }
    }
    return found;
}

void dns_take_reply(struct dns_exchange *x)
{
    struct dns_pending_key key;
    struct dns_want want = {.texts = true, .matches = x->protocol == protocol_mdns};
    const struct dns_pending *p = NULL;
    if (x->protocol == protocol_dns && find_request(x, &key))
        p = table_peek(x->module->pending, &key);
    if (p && is_transfer(x, p)) {
        take_transfer(x, &key);
        return;
    }
    read_records(x, &want);
    hand_over_token(x);
    hand_over_result(x);
    /* What it is about may have stood in its first record only. */
    if (find_request(x, &key))
        tell_answered(x, &key);
    else if (x->protocol != protocol_mdns || !tell_mdns_askers(x))
        tell_alone(x);
}
