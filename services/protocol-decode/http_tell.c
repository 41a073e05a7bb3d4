/*
 * http_tell - the observation of an exchange.
 */
#include "common/base/text.h"
#include "services/protocol-decode/http_state.h"
#include "services/protocol-decode/keep.h"

static void tell_request(struct arena *arena, const struct http_request *r, struct http *body)
{
    body->unread = r->unread;
    body->method = arena_copy(arena, KEPT(r->method));
    body->target = arena_copy(arena, KEPT(r->target));
    body->host = arena_copy(arena, KEPT(r->host));
    body->user_agent = arena_copy(arena, KEPT(r->user_agent));
    body->content_type = arena_copy(arena, KEPT(r->content_type));
    body->request_bytes = r->request_bytes;
    body->scheme = r->scheme;
    body->to_proxy = r->to_proxy;
    body->credential_user = arena_copy(arena, KEPT(r->credential_user));
    body->credential_realm = arena_copy(arena, KEPT(r->credential_realm));
    body->credential = r->credential;
    body->service = r->service;
    body->action = arena_copy(arena, KEPT(r->action));
    body->resource = arena_copy(arena, KEPT(r->resource));
    body->shell = arena_copy(arena, KEPT(r->shell));
    body->command = arena_copy(arena, KEPT(r->command));
    body->powershell = r->powershell;
    body->enrollment_mode = arena_copy(arena, KEPT(r->enrollment_mode));
    body->template_name = arena_copy(arena, KEPT(r->template_name));
    body->attributes = arena_copy(arena, KEPT(r->attributes));
    body->subject_alternative = arena_copy(arena, KEPT(r->subject_alternative));
    body->certificate_request_bytes = r->certificate_request_bytes;
    body->certificate_request_id = r->certificate_request_id;
    body->callback = arena_copy(arena, KEPT(r->callback));
}

static struct strs schemes_of(struct arena *arena, const struct http_head *head)
{
    if (head->challenges == 0)
        return (struct strs){0};
    struct str *names = arena_take(arena, head->challenges * sizeof(*names));
    for (uint32_t i = 0; i < head->challenges; i++) {
        names[i] = head->challenge[i];
        const char *space = memchr(names[i].at, ' ', names[i].size);
        names[i].size = space ? (uint32_t)(space - names[i].at) : names[i].size;
        names[i] = text_to_utf8(arena, names[i]);
    }
    return (struct strs){.at = names, .count = head->challenges};
}

static void tell_answer(struct arena *arena, const struct http_head *head, struct http *body)
{
    body->status = head->status;
    body->server_agent = text_to_utf8(arena, head->field[HTTP_SERVER]);
    body->reply_content_type = text_to_utf8(arena, head->field[HTTP_CONTENT_TYPE]);
    body->response_bytes = head->length;
    body->location = text_to_utf8(arena, head->field[HTTP_LOCATION]);
    body->offered = schemes_of(arena, head);
    if (http_is_sealed(head->field[HTTP_CONTENT_TYPE]))
        body->unread = unread_encrypted;
}

static void tell_who(const struct http_step *step, const struct place *place, bool to_proxy,
                     struct http *body)
{
    struct arena *arena = &step->out->batch->arena;
    struct who who;
    if (!auth_who(step->module->peers.auth, http_conversation(place->flow, to_proxy), &who))
        return;
    body->user = arena_copy(arena, who_text(who.user));
    body->domain = arena_copy(arena, who_text(who.domain));
    body->ticket = who.ticket;
    body->security = who.security;
}

void http_tell(const struct http_step *step, const struct http_request *r, uint64_t number,
               const struct http_head *head, time_ns time)
{
    const struct place *place = r ? &r->place : step->place;
    struct http *body = decode_emit(step->out, RECORD_http, place, time, number);
    if (r) {
        body->request_frame = r->place.frame;
        body->request_time = r->place.time;
        tell_request(&step->out->batch->arena, r, body);
    }
    if (head) {
        body->reply_frame = step->place->frame;
        body->reply_time = step->place->time;
        tell_answer(&step->out->batch->arena, head, body);
        body->tunnel = step->connection && step->connection->side[0].next == HTTP_NEXT_TUNNEL;
    }
    if (!step->connection || step->connection->special)
        tell_who(step, place, r && r->to_proxy, body);
}
