/*
 * http - requests wait for their answers, in order (RFC 9112 9.3).
 */
#include "services/protocol-decode/http.h"

#include "common/base/text.h"
#include "services/protocol-decode/http_service.h"
#include "services/protocol-decode/http_state.h"
#include "services/protocol-decode/keep.h"

enum {
    CONNECTION_LAYOUT = 1,
    REQUEST_LAYOUT = 1,
    STATUS_SWITCHING = 101,
    WAITING_MAX = 64, /* requests on one connection that are told when it ends */
};

static enum err make_table(struct table **table, const char *name, uint32_t key, uint32_t value,
                           struct table_options options)
{
    options.name = name;
    options.key_size = key;
    options.value_size = value;
    return table_create(table, &options);
}

enum err http_create(struct http_module **module, const struct http_options *options,
                     const struct http_peers *peers)
{
    struct http_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->options = *options;
    m->peers = *peers;
    struct table_options o = {
        .capacity = options->connections, .layout = CONNECTION_LAYOUT, .seed = options->seed};
    enum err err =
        make_table(&m->connections, "http-connections", sizeof(struct id), sizeof(struct http_connection), o);
    o.capacity = options->requests;
    o.layout = REQUEST_LAYOUT;
    if (err == ERR_OK)
        err = make_table(&m->requests, "http-requests", sizeof(struct http_key), sizeof(struct http_request),
                         o);
    if (err != ERR_OK) {
        http_free(m);
        return err;
    }
    *module = m;
    return ERR_OK;
}

void http_free(struct http_module *m)
{
    if (!m)
        return;
    table_free(m->connections);
    table_free(m->requests);
    free(m);
}

size_t http_tables(struct http_module *m, struct table **tables)
{
    tables[0] = m->connections;
    tables[1] = m->requests;
    return 2;
}

/* A request told without an answer, and forgotten. */
static void tell_unanswered(struct http_module *m, struct decode_out *out, struct http_request *r,
                            time_ns time)
{
    struct http_key key;
    memcpy(&key, table_key(m->requests, r), sizeof(key));
    struct http_step step = {.module = m, .out = out, .place = &r->place};
    http_tell(&step, r, key.number, NULL, time);
    table_remove(m->requests, &key);
}

void http_expire(struct http_module *m, struct decode_out *out, time_ns now)
{
    struct http_request *r = table_oldest(m->requests);
    while (r && r->deadline < now) {
        tell_unanswered(m, out, r, r->deadline);
        r = table_oldest(m->requests);
    }
}

static time_ns deadline_of(const struct http_module *m, time_ns now)
{
    return now > TIME_NS_END - m->options.timeout ? TIME_NS_END : now + m->options.timeout;
}

/* Made room for first, so that none is evicted untold. */
static struct http_request *put_request(const struct http_step *step, uint64_t number)
{
    struct http_module *m = step->module;
    struct http_key key = {.flow = step->place->flow, .number = number};
    struct http_request *oldest = table_oldest(m->requests);
    if (oldest && table_count(m->requests) == table_capacity(m->requests))
        tell_unanswered(m, step->out, oldest, step->place->time);
    struct http_request *r = table_put(m->requests, &key, NULL);
    place_keep(&r->place, step->place);
    r->deadline = deadline_of(m, step->place->time);
    return r;
}

static struct http_request *find_request(const struct http_step *step, uint64_t number)
{
    struct http_key key = {.flow = step->place->flow, .number = number};
    if (!table_peek(step->module->requests, &key))
        return NULL;
    struct http_request *r = table_find(step->module->requests, &key);
    r->deadline = deadline_of(step->module, step->place->time);
    return r;
}

static void take_request(const struct http_step *step, const struct http_head *head)
{
    struct http_connection *c = step->connection;
    struct http_request *r = put_request(step, c->asked++);
    HTTP_KEEP(step, r->method, head->method);
    HTTP_KEEP(step, r->target, head->target);
    HTTP_KEEP(step, r->host, head->field[HTTP_HOST]);
    HTTP_KEEP(step, r->user_agent, head->field[HTTP_USER_AGENT]);
    HTTP_KEEP(step, r->content_type, head->field[HTTP_CONTENT_TYPE]);
    HTTP_KEEP(step, r->action, head->field[HTTP_SOAP_ACTION]);
    r->request_bytes = head->length;
    r->is_head = str_equal(head->method, STR("HEAD"));
    r->is_connect = str_equal(head->method, STR("CONNECT"));
    r->service = (uint8_t)http_service_of(head);
    http_take_query(step, r, head->target);
    http_take_credentials(step, head, r);
    c->special |= r->service != http_service_none || r->scheme != http_scheme_none;
    if (http_is_sealed(head->field[HTTP_CONTENT_TYPE])) {
        r->unread = unread_encrypted;
        step->out->sealed_messages[protocol_http]++;
    }
    http_next_of_request(&c->side[1], head, r);
    /* HTTP/2 (RFC 9113 3.4): what follows is not text. */
    if (str_equal(head->method, STR("PRI"))) {
        r->unread = unread_compressed;
        step->out->enough = true;
    }
}

static void take_answer(const struct http_step *step, const struct http_head *head)
{
    struct http_connection *c = step->connection;
    struct http_request *r = c->answered < c->asked ? find_request(step, c->answered) : NULL;
    http_next_of_answer(&c->side[0], head, r);
    /* RFC 9110 15.2: another answer follows. */
    if (head->status / 100 == 1 && head->status != STATUS_SWITCHING)
        return;
    http_take_verdict(step, head, r);
    c->special |= head->challenges > 0;
    if (http_is_sealed(head->field[HTTP_CONTENT_TYPE]))
        step->out->sealed_messages[protocol_http]++;
    if (c->side[0].next == HTTP_NEXT_TUNNEL)
        c->side[1] = c->side[0];
    uint64_t number = c->answered < c->asked ? c->answered++ : UINT64_MAX;
    http_tell(step, r, number == UINT64_MAX ? 1ull << 63 : number, head, step->place->time);
    if (r)
        table_remove(step->module->requests, &(struct http_key){.flow = step->place->flow, .number = number});
    c->plain = c->special ? 0 : c->plain + 1;
    uint32_t limit = step->module->options.plain_exchanges;
    step->out->enough |= limit > 0 && c->plain >= limit;
}

static void take_head(const struct http_step *step, struct str message)
{
    struct http_head head;
    const char *reason;
    size_t offset;
    if (message.size <= 2)
        return; /* an empty line before a start line */
    step->out->messages[protocol_http]++;
    if (!http_head_parse(message, &head, &reason, &offset)) {
        decode_malformed(step->out, step->place, "http", reason, offset);
        return;
    }
    if (head.is_answer == step->place->to_server) {
        decode_malformed(step->out, step->place, "http", "from the wrong end", 0);
        return;
    }
    if (head.is_answer)
        take_answer(step, &head);
    else
        take_request(step, &head);
}

static void take_rpc(const struct http_step *step, struct str bytes)
{
    struct who who;
    bool known = auth_who(step->module->peers.auth, http_conversation(step->place->flow, false), &who);
    rpc_http_bytes(step->module->peers.rpc, step->out, step->place, known ? &who : NULL, bytes);
}

/* Of the client's bodies: an answer's says nothing that is read. */
static void take_body(const struct http_step *step, struct http_side *side, struct str body)
{
    struct http_request *r =
        side->wanted && step->connection->asked > 0 ? find_request(step, step->connection->asked - 1) : NULL;
    side->wanted = false;
    if (r)
        http_take_body(step, r, body);
}

static void take_chunk(const struct http_step *step, struct http_side *side, struct str message,
                       uint32_t size)
{
    struct reader r = reader_of_str(message);
    struct str line = http_line(&r);
    /* A chunk of no bytes is its line alone. */
    if (size <= line.size + 2) {
        *side = (struct http_side){.next = HTTP_NEXT_TRAILER};
        return;
    }
    if (side->wanted)
        take_body(step, side, reader_rest(&r));
}

static void take_tunnel(const struct http_step *step, struct str message)
{
    struct reader r = reader_of_str(message);
    if (tls_frame(message).state == FRAMING_WHOLE && reader_left(&r) > 0)
        tls_message(step->module->peers.tls, step->out, step->place, protocol_http, message);
    else
        step->out->enough = true;
}

static void take(const struct http_step *step, struct str message, uint32_t size)
{
    struct http_side *side = &step->connection->side[step->place->to_server];
    uint64_t taken = size < side->left ? size : side->left;
    switch ((enum http_next)side->next) {
    case HTTP_NEXT_START:
        take_head(step, message);
        break;
    case HTTP_NEXT_BODY:
    case HTTP_NEXT_RPC:
        side->left -= taken;
        if (side->next == HTTP_NEXT_RPC)
            take_rpc(step, message);
        else if (side->wanted)
            take_body(step, side, message);
        if (side->left == 0)
            *side = (struct http_side){.next = HTTP_NEXT_START};
        break;
    case HTTP_NEXT_CHUNK:
        take_chunk(step, side, message, size);
        break;
    case HTTP_NEXT_TRAILER:
        if (message.size <= 2)
            *side = (struct http_side){.next = HTTP_NEXT_START};
        break;
    case HTTP_NEXT_CLOSE:
        break;
    case HTTP_NEXT_TUNNEL:
        take_tunnel(step, message);
        break;
    }
}

void http_message(struct http_module *m, struct decode_out *out, const struct place *place,
                  struct str message, uint32_t size)
{
    http_expire(m, out, place->time);
    struct http_connection *c = table_put(m->connections, &place->flow, NULL);
    struct http_step step = {.module = m, .out = out, .place = place, .connection = c};
    take(&step, message, size);
    if (out->enough)
        http_end(m, out, place);
}

static void tell_waiting(const struct http_step *step, enum unread why)
{
    struct http_connection *c = step->connection;
    for (int i = 0; i < WAITING_MAX && c->answered < c->asked; i++) {
        struct http_request *r = find_request(step, c->answered++);
        if (!r)
            continue;
        if (r->unread == unread_nothing)
            r->unread = (uint8_t)why;
        tell_unanswered(step->module, step->out, r, step->place->time);
    }
    c->answered = c->asked;
}

void http_lost(struct http_module *m, struct decode_out *out, const struct place *place)
{
    if (!table_peek(m->connections, &place->flow))
        return;
    struct http_connection *c = table_find(m->connections, &place->flow);
    struct http_step step = {.module = m, .out = out, .place = place, .connection = c};
    c->side[place->to_server] = (struct http_side){.next = HTTP_NEXT_START};
    /* Which answers were lost is not known: later ones would be taken for theirs. */
    if (!place->to_server)
        tell_waiting(&step, unread_lost);
}

void http_end(struct http_module *m, struct decode_out *out, const struct place *place)
{
    if (!table_peek(m->connections, &place->flow))
        return;
    struct http_connection *c = table_find(m->connections, &place->flow);
    struct http_step step = {.module = m, .out = out, .place = place, .connection = c};
    tell_waiting(&step, unread_nothing);
    http_end_authentication(&step);
    tls_end(m->peers.tls, out, place);
    rpc_end(m->peers.rpc, out, place);
    table_remove(m->connections, &place->flow);
}
