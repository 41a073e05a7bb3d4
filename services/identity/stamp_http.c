/*
 * stamp_http - requests of the web.
 */
#include "services/identity/stamp_state.h"

enum {
    STATUS_OK_LEAST = 200, /* RFC 9110 15.3 */
    STATUS_OK_MOST = 299,
    STATUS_UNAUTHORIZED = 401,
};

/* 401 asks for credentials: what comes after it tells how that ended. */
static enum outcome outcome_of(const struct http *h)
{
    if (h->status == 0 || h->status == STATUS_UNAUTHORIZED)
        return outcome_unknown;
    return h->status >= STATUS_OK_LEAST && h->status <= STATUS_OK_MOST ? outcome_success : outcome_failure;
}

void stamp_http(const struct stamping *s)
{
    const struct http *h = s->record->body;
    struct activity *a = activity_begin(s, activity_kind_web_request, protocol_http);
    a->operation = h->method;
    a->outcome = (uint8_t)outcome_of(h);
    a->code = h->status;
    activity_set_session(s, a, h->user, h->domain, h->ticket);
    a->http.at = h;
    a->http.count = 1;
    activity_publish(s, a);
}
