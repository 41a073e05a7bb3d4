/*
 * tls_tell - the observation of a handshake.
 */
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/tls_state.h"

static struct i32s copy_codes(struct arena *arena, const struct tls_codes *codes)
{
    if (codes->count == 0)
        return (struct i32s){0};
    int32_t *at = arena_take(arena, codes->count * sizeof(*at));
    for (uint32_t i = 0; i < codes->count; i++)
        at[i] = codes->code[i];
    return (struct i32s){.at = at, .count = codes->count};
}

/* count texts of size bytes each, one behind the other. */
static struct strs copy_texts(struct arena *arena, const char *texts, uint32_t count, uint32_t size)
{
    if (count == 0)
        return (struct strs){0};
    struct str *at = arena_take(arena, count * sizeof(*at));
    for (uint32_t i = 0; i < count; i++)
        at[i] = arena_copy(arena, kept_text(texts + (size_t)i * size, size));
    return (struct strs){.at = at, .count = count};
}

static void tell_offer(struct arena *arena, const struct tls_offer *offer, struct tls *body)
{
    body->client_version = offer->version;
    body->server_name = arena_copy(arena, KEPT(offer->server_name));
    body->alpn = copy_texts(arena, offer->alpn[0], offer->alpn_count, TLS_ALPN_BYTES);
    body->ja4 = arena_copy(arena, KEPT(offer->ja4));
    body->ciphers = copy_codes(arena, &offer->ciphers);
    body->extensions = copy_codes(arena, &offer->extensions);
    body->groups = copy_codes(arena, &offer->groups);
    body->signature_algorithms = copy_codes(arena, &offer->signatures);
    body->offers_resumption = offer->resumption;
}

static void tell_server_certificate(struct arena *arena, const struct tls_certificate *kept, struct tls *body)
{
    body->certificates = kept->count;
    body->subject = arena_copy(arena, KEPT(kept->subject));
    body->issuer = arena_copy(arena, KEPT(kept->issuer));
    body->serial = arena_copy(arena, KEPT(kept->serial));
    body->not_before = kept->not_before;
    body->not_after = kept->not_after;
    body->names = copy_texts(arena, kept->names[0], kept->name_count, TLS_ALTERNATIVE_BYTES);
    body->self_signed = kept->self_signed;
    body->sha256 = arena_copy(arena, KEPT(kept->sha256));
    body->key = kept->key;
}

static void tell_client_certificate(struct arena *arena, const struct tls_certificate *kept, struct tls *body)
{
    body->client_certificates = kept->count;
    body->client_subject = arena_copy(arena, KEPT(kept->subject));
    body->client_issuer = arena_copy(arena, KEPT(kept->issuer));
    body->client_serial = arena_copy(arena, KEPT(kept->serial));
    body->client_names = copy_texts(arena, kept->names[0], kept->name_count, TLS_ALTERNATIVE_BYTES);
    body->client_sha256 = arena_copy(arena, KEPT(kept->sha256));
}

enum {
    ALERT_FATAL = 2,
};

static uint8_t outcome_of(const struct tls_connection *c)
{
    if (c->alert_level == ALERT_FATAL)
        return outcome_failure;
    return c->changed[0] && c->changed[1] && c->answer.version < TLS_VERSION_1_3 ? outcome_success
                                                                                 : outcome_unknown;
}

static bool has_content(const struct tls_connection *c)
{
    return c->request_frame != 0 || c->reply_frame != 0 || c->server.count > 0 || c->client.count > 0 ||
           c->alert_level != 0 || c->unread != unread_nothing;
}

void tls_tell(struct decode_out *out, const struct tls_connection *c, time_ns time)
{
    if (!has_content(c))
        return;
    struct arena *arena = &out->batch->arena;
    struct tls *body = decode_emit(out, RECORD_tls, &c->place, time, c->unique);
    body->request_frame = c->request_frame;
    body->request_time = c->request_time;
    body->reply_frame = c->reply_frame;
    body->reply_time = c->reply_time;
    body->unread = c->unread;
    body->began_as = c->began_as;
    tell_offer(arena, &c->offer, body);
    body->version = c->answer.version;
    body->cipher = c->answer.cipher;
    body->group = c->answer.group;
    body->alpn_agreed = arena_copy(arena, KEPT(c->answer.alpn));
    body->resumed = c->answer.same_session && c->server.count == 0;
    body->offers_resumption |= body->resumed;
    body->retried = c->answer.retried;
    body->outcome = outcome_of(c);
    body->alert_level = c->alert_level;
    body->alert = c->alert;
    body->alert_of_server = c->alert_of_server;
    tell_server_certificate(arena, &c->server, body);
    body->client_certificate_asked = c->certificate_asked;
    tell_client_certificate(arena, &c->client, body);
}
