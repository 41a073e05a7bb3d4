/*
 * dns_pending - between messages, plain bytes and an observation's body.
 */
#include "services/protocol-decode/dns_pending.h"

#include "services/protocol-decode/keep.h"

enum {
    OPCODES = 16,
};

static void keep_place(struct place *to, const struct place *from)
{
    to->flow = from->flow;
    to->client = from->client;
    to->server = from->server;
    to->client_port = from->client_port;
    to->server_port = from->server_port;
    to->transport = from->transport;
    to->to_server = from->to_server;
    to->file = from->file;
    to->frame = from->frame;
    to->time = from->time;
}

void dns_pending_set(struct dns_pending *p, const struct place *place, enum protocol protocol,
                     const struct dns_message *request)
{
    keep_place(&p->place, place);
    p->address = request->address;
    p->bytes = request->bytes;
    p->serial_asked = request->serial;
    p->id = request->id;
    p->flags = request->flags;
    p->type = request->type;
    p->class = request->class;
    memcpy(p->counts, request->counts, sizeof(p->counts));
    p->edns_payload = request->edns_payload;
    p->nb_flags = request->nb_flags;
    for (uint32_t i = 0; i < request->edns_options.count; i++)
        p->edns_options[p->edns_option_count++] = (uint16_t)request->edns_options.at[i];
    p->protocol = (uint8_t)protocol;
    p->edns = request->edns;
    p->dnssec_ok = request->dnssec_ok;
    p->is_signed = request->is_signed;
    p->name.size = request->name.size;
    p->name.longest_label = request->name.longest_label;
    memcpy(p->name.wire, request->name.wire, request->name.size);
}

bool dns_has_extra(const struct dns_message *request)
{
    if (request->key.size > 0)
        return true;
    for (int i = 0; i < DNS_ADDITIONAL; i++)
        if (request->texts[i].count > 0)
            return true;
    return false;
}

/* False when there is no room for it. */
static bool keep_list_text(struct dns_extra *e, struct str text)
{
    if (text.size + 2u > sizeof(e->texts) - e->used)
        return false;
    e->texts[e->used] = (uint8_t)(text.size >> 8);
    e->texts[e->used + 1] = (uint8_t)text.size;
    memcpy(e->texts + e->used + 2, text.at, text.size);
    e->used = (uint16_t)(e->used + 2 + text.size);
    return true;
}

void dns_extra_set(struct dns_extra *e, struct arena *arena, const struct dns_message *request)
{
    struct dns_line line;
    line.used = 0;
    if (request->key.size > 0)
        dns_name_line(&line, &request->key);
    KEEP(e->key_name, line_keep(&line, arena));
    KEEP(e->key_algorithm, request->key_algorithm);
    e->key_mode = request->key_mode;
    for (int i = 0; i < DNS_ADDITIONAL; i++) {
        const struct strs *texts = &request->texts[i];
        while (e->counts[i] < texts->count && keep_list_text(e, texts->at[e->counts[i]]))
            e->counts[i]++;
    }
}

static struct strs kept_list(struct reader *r, uint16_t count, struct arena *arena)
{
    if (count == 0)
        return (struct strs){0};
    struct str *at = arena_take(arena, count * sizeof(*at));
    for (uint16_t i = 0; i < count; i++)
        at[i] = arena_copy(arena, reader_bytes(r, reader_u16be(r)));
    return (struct strs){.at = at, .count = count};
}

void dns_extra_get(const struct dns_extra *e, struct arena *arena, struct dns *body)
{
    body->key_name = arena_copy(arena, KEPT(e->key_name));
    body->key_algorithm = arena_copy(arena, KEPT(e->key_algorithm));
    body->key_mode = e->key_mode;
    struct reader r = reader_of(e->texts, e->used);
    body->questions = kept_list(&r, e->counts[DNS_QUESTION], arena);
    body->prerequisites = kept_list(&r, e->counts[DNS_ANSWER], arena);
    body->updates = kept_list(&r, e->counts[DNS_AUTHORITY], arena);
}

enum dns_operation dns_operation_of(enum protocol protocol, uint16_t flags)
{
    static const uint8_t dns[OPCODES] = {
        [0] = dns_operation_query,  [1] = dns_operation_inverse_query, [2] = dns_operation_status,
        [4] = dns_operation_notify, [5] = dns_operation_update,        [6] = dns_operation_stateful,
    };
    /* RFC 1002 4.2.1.1; MS-NBTE 2.2.2 for 15. */
    static const uint8_t netbios[OPCODES] = {
        [0] = dns_operation_query,
        [5] = dns_operation_registration,
        [6] = dns_operation_release,
        [7] = dns_operation_wait,
        [8] = dns_operation_refresh,
        [9] = dns_operation_refresh,
        [15] = dns_operation_multihomed_registration,
    };
    return protocol == protocol_netbios ? netbios[dns_opcode(flags)] : dns[dns_opcode(flags)];
}

static void set_netbios_subject(struct dns *body, struct arena *arena, const struct dns_name *name)
{
    uint8_t bytes[NETBIOS_NAME_BYTES];
    struct dns_line line;
    line.used = 0;
    if (!netbios_name_decode(name, bytes)) {
        dns_name_line(&line, name);
        body->name = line_keep(&line, arena);
        return;
    }
    netbios_name_line(&line, (struct str){.at = (const char *)bytes, .size = sizeof(bytes)});
    body->name = line_keep(&line, arena);
    body->suffix = bytes[NETBIOS_NAME_BYTES - 1];
    line.used = 0;
    netbios_scope_line(&line, name);
    body->scope = line_keep(&line, arena);
}

void dns_set_subject(struct dns *body, struct arena *arena, enum protocol protocol,
                     const struct dns_name *name, uint16_t type)
{
    body->protocol = (uint8_t)protocol;
    body->qtype = type;
    body->name_bytes = name->size;
    body->longest_label = name->longest_label;
    if (type != 0)
        body->qtype_name = dns_type_text(arena, protocol == protocol_netbios, type);
    if (protocol == protocol_netbios) {
        set_netbios_subject(body, arena, name);
    } else if (name->size > 0) {
        struct dns_line line;
        line.used = 0;
        dns_name_line(&line, name);
        body->name = line_keep(&line, arena);
    }
}

static void set_counts(struct dns *body, const uint16_t counts[DNS_SECTIONS])
{
    body->question_count = counts[DNS_QUESTION];
    body->answer_count = counts[DNS_ANSWER];
    body->authority_count = counts[DNS_AUTHORITY];
    body->additional_count = counts[DNS_ADDITIONAL];
}

void dns_pending_get(const struct dns_pending *p, struct arena *arena, struct dns *body)
{
    dns_set_subject(body, arena, p->protocol, &p->name, p->type);
    body->request_frame = p->place.frame;
    body->request_time = p->place.time;
    body->unread = p->unread;
    body->unread_at = p->unread_at;
    body->transport = p->place.transport;
    body->operation = (uint8_t)dns_operation_of(p->protocol, p->flags);
    body->transaction_id = p->id;
    body->multicast = p->multicast;
    body->asked = p->asked;
    body->qclass = p->class;
    body->request_flags = p->flags;
    body->recursion_desired = p->flags & DNS_FLAG_RECURSION_DESIRED;
    set_counts(body, p->counts);
    body->request_bytes = p->bytes;
    body->edns = p->edns;
    body->edns_payload = p->edns_payload;
    body->dnssec_ok = p->dnssec_ok;
    body->is_signed = p->is_signed;
    body->serial_asked = p->serial_asked;
    body->address = p->address;
    body->nb_flags = p->nb_flags;
    if (p->edns_option_count == 0)
        return;
    int32_t *codes = arena_take(arena, p->edns_option_count * sizeof(*codes));
    for (uint8_t i = 0; i < p->edns_option_count; i++)
        codes[i] = p->edns_options[i];
    body->edns_options = (struct i32s){.at = codes, .count = p->edns_option_count};
}

static void set_reply_records(struct dns *body, const struct dns_message *reply)
{
    /* An update's answer repeats what was asked, or nothing (RFC 2136 3.8). */
    bool update = body->operation == dns_operation_update;
    if (!update) {
        body->answers = reply->texts[DNS_ANSWER];
        body->authorities = reply->texts[DNS_AUTHORITY];
        body->ttls = reply->ttls;
    } else if (body->request_frame == 0) {
        body->prerequisites = reply->texts[DNS_ANSWER];
        body->updates = reply->texts[DNS_AUTHORITY];
    }
    body->additionals = reply->texts[DNS_ADDITIONAL];
    body->answer_bytes = reply->section_bytes[DNS_ANSWER];
    body->authority_bytes = reply->section_bytes[DNS_AUTHORITY];
    body->additional_bytes = reply->section_bytes[DNS_ADDITIONAL];
    body->largest_type = reply->largest_type;
    body->largest_bytes = reply->largest_bytes;
    body->expanded_bytes = reply->expanded_bytes;
    body->serial = reply->serial;
    body->names = reply->names;
    body->unit_id = reply->unit_id;
    if (reply->address.family != 0) {
        body->address = reply->address;
        body->nb_flags = reply->nb_flags;
    }
}

void dns_set_reply(struct dns *body, struct arena *arena, enum protocol protocol,
                   const struct dns_message *reply)
{
    body->reply_flags = reply->flags;
    body->reply_bytes = reply->bytes;
    body->rcode = reply->rcode;
    body->rcode_name = dns_rcode_text(arena, protocol == protocol_netbios, reply->rcode);
    body->authoritative = reply->flags & DNS_FLAG_AUTHORITATIVE;
    body->truncated = reply->flags & DNS_FLAG_TRUNCATED;
    body->recursion_available = reply->flags & DNS_FLAG_RECURSION_AVAILABLE;
    body->key_error = reply->key_error;
    set_counts(body, reply->counts);
    set_reply_records(body, reply);
    if (reply->texts[DNS_QUESTION].count > 0)
        body->questions = reply->texts[DNS_QUESTION];
}
