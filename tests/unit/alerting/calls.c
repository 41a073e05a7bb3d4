/*
 * calls - each is an activity as identity makes it of a call that was answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "tests/unit/alerting/calls.h"

static void publish(struct world *w, const struct call *c, bool bind, struct id interface)
{
    struct activity *a = arena_zeroed(&w->in.arena, sizeof(*a));
    struct rpc *r = arena_zeroed(&w->in.arena, sizeof(*r));
    struct rpc_argument *arguments = arena_zeroed(&w->in.arena, 2 * sizeof(*arguments));
    arguments[0] = c->argument;
    arguments[1] = c->result;
    r->flow = (struct id){1, 1};
    r->arguments.at = &arguments[0];
    r->arguments.count = c->argument.name.size > 0;
    r->results.at = &arguments[1];
    r->results.count = c->result.name.size > 0;
    a->kind = bind ? activity_kind_rpc_bind : activity_kind_rpc_call;
    a->protocol = protocol_rpc;
    a->source_ip = world_address(c->client);
    a->target_ip = world_address(c->server);
    a->source = entity_address(&a->source_ip);
    a->target = entity_address(&a->target_ip);
    a->target_role = c->server_role;
    a->interface_name = str_of(c->interface);
    a->operation = str_of(c->operation);
    a->carrier = STR("tcp");
    a->sealed = c->sealed;
    a->code = c->code;
    a->outcome = c->sealed ? outcome_unknown : c->code ? outcome_failure : outcome_success;
    a->response_bytes = 400;
    a->observation = (struct id){.high = 7, .low = ++w->ordinal};
    memcpy(&a->interface, &interface, sizeof(a->interface));
    a->rpc.at = r;
    a->rpc.count = 1;
    struct record record = {.type = RECORD_activity,
                            .role = entity_role_source_device,
                            .time = w->now,
                            .key = a->source,
                            .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, record.role);
    batch_append(&w->in, &record);
}

void world_call(struct world *w, const struct call *c)
{
    publish(w, c, false, (struct id){0});
}

void world_bind(struct world *w, const struct call *c, struct id interface)
{
    publish(w, c, true, interface);
}

const char *world_host(struct world *w, int number)
{
    char text[32];
    int size = snprintf(text, sizeof(text), "10.0.1.%d", number);
    char *kept = arena_take(&w->in.arena, (size_t)size + 1);
    memcpy(kept, text, (size_t)size + 1);
    return kept;
}
