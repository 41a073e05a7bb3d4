/*
 * tls - which handshakes are under way, and when each is told.
 */
#include "services/protocol-decode/tls.h"

#include "services/protocol-decode/tls_record.h"
#include "services/protocol-decode/tls_state.h"

enum {
    CONNECTION_LAYOUT = 1,
    ALERT_BYTES = 2,
    ALERT_WARNING = 1,
    ALERT_FATAL = 2,
    EARLY_RECORDS_MAX = 32,
};

enum err tls_create(struct tls_module **module, const struct tls_options *options)
{
    struct tls_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->timeout = options->timeout;
    enum err err = table_create(&m->connections, &(struct table_options){
                                                     .name = "tls-connections",
                                                     .key_size = sizeof(struct id),
                                                     .value_size = sizeof(struct tls_connection),
                                                     .capacity = options->connections,
                                                     .layout = CONNECTION_LAYOUT,
                                                     .seed = options->seed,
                                                 });
    if (err != ERR_OK) {
        tls_free(m);
        return err;
    }
    *module = m;
    return ERR_OK;
}

void tls_free(struct tls_module *m)
{
    if (!m)
        return;
    table_free(m->connections);
    free(m);
}

size_t tls_tables(struct tls_module *m, struct table **tables)
{
    tables[0] = m->connections;
    return 1;
}

static void forget(struct tls_module *m, struct id flow)
{
    table_remove(m->connections, &flow);
}

static void tell_oldest(struct tls_module *m, struct decode_out *out, time_ns now)
{
    const struct tls_connection *c = table_oldest(m->connections);
    tls_tell(out, c, c->deadline < now ? c->deadline : now);
    forget(m, c->place.flow);
}

void tls_expire(struct tls_module *m, struct decode_out *out, time_ns now)
{
    const struct tls_connection *c = table_oldest(m->connections);
    while (c && c->deadline < now) {
        tell_oldest(m, out, now);
        c = table_oldest(m->connections);
    }
}

/* Made room for first, so that none is evicted untold. */
static struct tls_connection *put_connection(struct tls_module *m, struct decode_out *out,
                                             const struct place *place, enum protocol began_as)
{
    bool is_new = !table_peek(m->connections, &place->flow);
    if (is_new && table_count(m->connections) == table_capacity(m->connections))
        tell_oldest(m, out, place->time);
    struct tls_connection *c = table_put(m->connections, &place->flow, NULL);
    if (is_new) {
        place_keep(&c->place, place);
        c->began_as = (uint8_t)began_as;
    }
    c->deadline = place->time > TIME_NS_END - m->timeout ? TIME_NS_END : place->time + m->timeout;
    return c;
}

/* RFC 8446 6: two bytes; more of them are encrypted. */
static void take_alert(const struct tls_step *step, struct reader body)
{
    struct tls_connection *c = step->connection;
    bool in_clear = reader_left(&body) == ALERT_BYTES && !c->changed[step->place->to_server];
    uint8_t level = reader_u8(&body), description = reader_u8(&body);
    if (!in_clear || (level != ALERT_WARNING && level != ALERT_FATAL)) {
        step->out->sealed_messages[protocol_tls]++;
        c->finished = true;
        return;
    }
    c->alert_level = level;
    c->alert = description;
    c->alert_of_server = !step->place->to_server;
    c->finished = level == ALERT_FATAL;
    /* It is the answer where there is no other. */
    if (c->finished && c->reply_frame == 0 && c->alert_of_server) {
        c->reply_frame = step->place->frame;
        c->reply_time = step->place->time;
    }
}

/* Sealed data ends what can be read, but a client may send it early: before the server's hello (RFC 8446 2.3)
 * or before the server goes over to encryption (RFC 7918). Of a capture of one side only, the wait is
 * bounded. */
static bool is_over(struct tls_connection *c, bool to_server)
{
    bool is_midstream = c->request_frame == 0 && c->reply_frame == 0;
    return !to_server || c->changed[0] || is_midstream || ++c->early_records == EARLY_RECORDS_MAX;
}

static void take(const struct tls_step *step, struct str message)
{
    struct tls_connection *c = step->connection;
    struct reader r = reader_of_str(message);
    struct tls_record record;
    if (!tls_record_next(&r, &record)) {
        decode_malformed(step->out, step->place, "tls", "record cut short", reader_offset(&r));
        return;
    }
    switch ((enum tls_content)record.content) {
    case TLS_HANDSHAKE:
        if (c->changed[step->place->to_server])
            step->out->sealed_messages[protocol_tls]++;
        else
            tls_take_handshake(step, tls_record_join(&step->out->batch->arena, message));
        break;
    case TLS_CHANGE_CIPHER_SPEC:
        /* Between a HelloRetryRequest and its answer it means nothing (RFC 8446 D.4). */
        if (c->answer.retried && c->reply_frame == 0)
            break;
        c->changed[step->place->to_server] = true;
        c->finished = c->changed[0] && c->changed[1];
        break;
    case TLS_ALERT:
        take_alert(step, record.body);
        break;
    case TLS_APPLICATION_DATA:
    case TLS_HEARTBEAT:
        step->out->sealed_messages[protocol_tls]++;
        c->finished = is_over(c, step->place->to_server);
        break;
    }
}

void tls_message(struct tls_module *m, struct decode_out *out, const struct place *place,
                 enum protocol began_as, struct str message)
{
    tls_expire(m, out, place->time);
    out->messages[protocol_tls]++;
    struct tls_connection *c = put_connection(m, out, place, began_as);
    take(&(struct tls_step){.module = m, .out = out, .place = place, .connection = c}, message);
    if (!c->finished)
        return;
    tls_tell(out, c, place->time);
    forget(m, place->flow);
    out->enough = true;
}

void tls_lost(struct tls_module *m, struct decode_out *out, const struct place *place)
{
    (void)out;
    /* A touch without a new deadline would break the order of deadlines, and a change without one is not
     * saved. */
    if (!table_peek(m->connections, &place->flow))
        return;
    struct tls_connection *c = table_find(m->connections, &place->flow);
    c->deadline = place->time > TIME_NS_END - m->timeout ? TIME_NS_END : place->time + m->timeout;
    if (c->unread == unread_nothing)
        c->unread = unread_lost;
}

void tls_end(struct tls_module *m, struct decode_out *out, const struct place *place)
{
    const struct tls_connection *c = table_peek(m->connections, &place->flow);
    if (!c)
        return;
    tls_tell(out, c, place->time);
    forget(m, place->flow);
}
