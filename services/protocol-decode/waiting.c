/*
 * waiting - keeps requests, finds them again, tells them.
 */
#include "services/protocol-decode/waiting.h"

#include "services/protocol-decode/keep_body.h"

enum {
    WAITING_LAYOUT = 1,
};

struct waiting {
    struct table *requests; /* waiting_key -> waiting_request */
    struct waiting_options options;
};

/* The members of every observation that a request sets, in the order of the declaration. */
struct told {
    struct id flow;
    struct addr client;
    uint16_t client_port;
    struct addr server;
    uint16_t server_port;
    struct str file;
    uint64_t request_frame;
    uint64_t reply_frame;
    time_ns request_time;
    time_ns reply_time;
};

_Static_assert(offsetof(struct told, reply_time) == offsetof(struct dhcp, reply_time),
               "observations begin alike");
_Static_assert(offsetof(struct told, file) == offsetof(struct radius, file), "observations begin alike");

enum err waiting_create(struct waiting **out, const struct waiting_options *options)
{
    struct waiting *w = calloc(1, sizeof(*w));
    if (!w)
        return ERR_MEMORY;
    w->options = *options;
    enum err err = table_create(&w->requests, &(struct table_options){
                                                  .name = options->name,
                                                  .key_size = sizeof(struct waiting_key),
                                                  .value_size = sizeof(struct waiting_request),
                                                  .capacity = options->requests,
                                                  .layout = WAITING_LAYOUT,
                                                  .seed = options->seed,
                                              });
    if (err != ERR_OK) {
        waiting_free(w);
        return err;
    }
    *out = w;
    return ERR_OK;
}

void waiting_free(struct waiting *w)
{
    if (!w)
        return;
    table_free(w->requests);
    free(w);
}

size_t waiting_tables(struct waiting *w, struct table **tables)
{
    tables[0] = w->requests;
    return 1;
}

static struct told *tell(struct waiting *w, struct decode_out *out, const struct waiting_request *r,
                         const struct place *place, time_ns time)
{
    /* Several servers may answer one request. */
    uint64_t server = hash_u64(HASH_KEY_NAMES, &place->server, sizeof(place->server));
    struct told *told = decode_emit(out, w->options.type, &r->place, time, r->unique ^ server);
    kept_body(record_info((uint16_t)w->options.type), r->body, sizeof(r->body), &out->batch->arena, told);
    told->request_frame = r->place.frame;
    told->request_time = r->place.time;
    w->options.set(told, r);
    return told;
}

static void forget(struct waiting *w, const struct waiting_request *r)
{
    struct waiting_key key;
    memcpy(&key, table_key(w->requests, r), sizeof(key));
    table_remove(w->requests, &key);
}

static void tell_overdue(struct waiting *w, struct decode_out *out, const struct waiting_request *r,
                         time_ns now)
{
    if (!r->answered)
        (void)tell(w, out, r, &r->place, r->deadline < now ? r->deadline : now);
    forget(w, r);
}

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

void waiting_ask(struct waiting *w, struct decode_out *out, const struct waiting_key *key,
                 const struct waiting_request *request, const void *body)
{
    time_ns now = request->place.time;
    const struct waiting_request *old = table_peek(w->requests, key);
    if (old && !old->answered && old->fingerprint == request->fingerprint) {
        struct waiting_request *again = table_find(w->requests, key);
        again->asked++;
        again->deadline = now + w->options.timeout;
        return;
    }
    if (old)
        tell_overdue(w, out, old, now);
    else if (table_count(w->requests) == table_capacity(w->requests))
        tell_overdue(w, out, table_oldest(w->requests), now);
    struct waiting_request *r = table_put(w->requests, key, NULL);
    keep_place(&r->place, &request->place);
    r->deadline = now + w->options.timeout;
    r->fingerprint = request->fingerprint;
    r->unique = request->unique;
    r->asked = 1;
    (void)keep_body(record_info((uint16_t)w->options.type), body, r->body, sizeof(r->body));
}

void *waiting_answer(struct waiting *w, struct decode_out *out, const struct waiting_key *key,
                     const struct place *place, bool again)
{
    if (!table_peek(w->requests, key))
        return NULL;
    struct waiting_request *r = table_find(w->requests, key);
    struct told *told = tell(w, out, r, place, place->time);
    told->reply_frame = place->frame;
    told->reply_time = place->time;
    if (again) {
        /* What was asked of everybody has for server who answers. */
        told->server = place->server;
        r->answered = true;
        r->deadline = place->time + w->options.timeout;
    } else {
        forget(w, r);
    }
    return told;
}

void waiting_expire(struct waiting *w, struct decode_out *out, time_ns now)
{
    for (const struct waiting_request *r = table_oldest(w->requests); r && r->deadline < now;
         r = table_oldest(w->requests))
        tell_overdue(w, out, r, now);
}
