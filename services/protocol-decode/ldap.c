/*
 * ldap - connections, and the three forms in which messages come.
 */
#include "services/protocol-decode/ldap.h"

#include "services/protocol-decode/kerberos_pending.h"
#include "services/protocol-decode/ldap_state.h"
#include "services/protocol-decode/pages.h"

enum {
    CONNECTION_LAYOUT = 1,
    EXCHANGE_LAYOUT = 1,
    EXCHANGE_KEY_BYTES = 24,
    DATAGRAM_MESSAGES_MAX = 16,
};

enum err ldap_create(struct ldap_module **out, const struct ldap_options *options, struct auth *auth)
{
    struct ldap_module *m = calloc(1, sizeof(*m));
    if (!m)
        return ERR_MEMORY;
    m->options = *options;
    m->auth = auth;
    enum err err = table_create(&m->connections, &(struct table_options){
                                                     .name = "ldap-connections",
                                                     .key_size = sizeof(struct id),
                                                     .value_size = sizeof(struct ldap_connection),
                                                     .capacity = options->connections,
                                                     .layout = CONNECTION_LAYOUT,
                                                     .seed = options->seed,
                                                 });
    if (err == ERR_OK)
        err = table_create(&m->exchanges, &(struct table_options){
                                              .name = "ldap-exchanges",
                                              .key_size = EXCHANGE_KEY_BYTES,
                                              .value_size = sizeof(struct ldap_exchange),
                                              .capacity = options->requests,
                                              .layout = EXCHANGE_LAYOUT,
                                              .seed = options->seed,
                                          });
    if (err == ERR_OK)
        err = pages_create(&m->pages, "ldap-pages", options->pages, options->seed);
    if (err != ERR_OK) {
        ldap_free(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

void ldap_free(struct ldap_module *m)
{
    if (!m)
        return;
    table_free(m->connections);
    table_free(m->exchanges);
    table_free(m->pages);
    free(m);
}

size_t ldap_tables(struct ldap_module *m, struct table **tables)
{
    tables[0] = m->connections;
    tables[1] = m->exchanges;
    tables[2] = m->pages;
    return 3;
}

/* Tells what is left of a connection; its entry stays. */
static void end_connection(struct ldap_module *m, struct decode_out *out, struct ldap_connection *c,
                           const struct place *now)
{
    ldap_give_up_all(m, out, c, now->time);
    struct place place = c->place;
    place.file = now->file;
    place.frame = now->frame;
    place.time = now->time;
    if (!id_is_none(c->binding))
        auth_result(m->auth, out, &place, c->binding, outcome_unknown, 0, true);
    ldap_layer_lost(m, c, false);
    ldap_layer_lost(m, c, true);
}

static struct ldap_connection *connect(struct ldap_module *m, struct decode_out *out,
                                       const struct place *place)
{
    struct ldap_connection *c = table_find(m->connections, &place->flow);
    if (c)
        return c;
    if (table_count(m->connections) == table_capacity(m->connections)) {
        struct ldap_connection *oldest = table_oldest(m->connections);
        struct id flow = oldest->place.flow;
        end_connection(m, out, oldest, place);
        table_remove(m->connections, &flow);
    }
    c = table_put(m->connections, &place->flow, NULL);
    kerberos_place_set(&c->place, place);
    return c;
}

/* Part of a token of which only the head was taken off is signed as the whole was. */
static void take_clear(struct ldap_step *s, struct str message)
{
    struct ldap_gather *g = &s->connection->gather[s->place->to_server];
    if (g->signed_left > 0)
        s->protection = ldap_protection_signed;
    g->signed_left -= s->size < g->signed_left ? s->size : g->signed_left;
    ldap_take(s, message);
}

void ldap_message(struct ldap_module *m, struct decode_out *out, const struct place *place,
                  struct str message, uint32_t size)
{
    ldap_expire(m, out, place->time);
    struct ldap_step s = {.module = m,
                          .out = out,
                          .place = place,
                          .connection = connect(m, out, place),
                          .size = size,
                          .cut = message.size < size};
    struct reader r = reader_of_str(message);
    uint8_t first = reader_peek_u8(&r);
    if (first == 0) {
        ldap_take_buffer(&s, message);
    } else if (ldap_is_tls(message)) {
        ldap_tell_sealed(&s, ldap_protection_tls);
    } else {
        take_clear(&s, message);
    }
}

void ldap_datagram(struct ldap_module *m, struct decode_out *out, const struct place *place,
                   struct str message, uint32_t size)
{
    ldap_expire(m, out, place->time);
    struct reader r = reader_of_str(message);
    for (int i = 0; i < DATAGRAM_MESSAGES_MAX && reader_left(&r) > 0; i++) {
        struct reader rest = r;
        struct framing framing = ldap_frame_clear(reader_rest(&rest));
        struct ldap_step s = {.module = m, .out = out, .place = place, .size = framing.size};
        if (framing.state != FRAMING_WHOLE) {
            if (message.size == size)
                ldap_refuse(&s, "no LDAPMessage in a datagram", reader_offset(&r));
            return;
        }
        s.cut = framing.size > reader_left(&r);
        if (s.cut && message.size == size) {
            ldap_refuse(&s, "LDAPMessage longer than its datagram", reader_offset(&r));
            return;
        }
        ldap_take(&s, reader_bytes(&r, s.cut ? reader_left(&r) : framing.size));
    }
}

void ldap_lost(struct ldap_module *m, struct decode_out *out, const struct place *place)
{
    (void)out;
    struct ldap_connection *c = table_find(m->connections, &place->flow);
    if (c)
        ldap_layer_lost(m, c, place->to_server);
}

void ldap_end(struct ldap_module *m, struct decode_out *out, const struct place *place)
{
    ldap_expire(m, out, place->time);
    struct ldap_connection *c = table_find(m->connections, &place->flow);
    if (!c)
        return;
    end_connection(m, out, c, place);
    table_remove(m->connections, &place->flow);
}

void ldap_expire(struct ldap_module *m, struct decode_out *out, time_ns now)
{
    for (const struct ldap_exchange *x = table_oldest(m->exchanges); x && x->deadline < now;
         x = table_oldest(m->exchanges))
        ldap_give_up_oldest(m, out, now);
}
