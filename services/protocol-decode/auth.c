/*
 * auth - conversations: which messages belong together, and when they are told.
 */
#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/auth_state.h"
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/spnego.h"

enum {
    CONVERSATION_LAYOUT = 2,
    WHO_LAYOUT = 1,
    LAYER_LAYOUT = 1,
};

static enum err create_table(struct table **table, const struct auth_options *options, const char *name,
                             uint32_t value_size, uint32_t layout)
{
    return table_create(table, &(struct table_options){.name = name,
                                                       .key_size = sizeof(struct id),
                                                       .value_size = value_size,
                                                       .capacity = options->conversations,
                                                       .layout = layout,
                                                       .seed = options->seed});
}

enum err auth_create(struct auth **out, const struct auth_options *options)
{
    struct auth *auth = calloc(1, sizeof(*auth));
    if (!auth)
        return ERR_MEMORY;
    auth->timeout = options->timeout;
    enum err err = create_table(&auth->conversations, options, "auth-conversations",
                                sizeof(struct auth_conversation), CONVERSATION_LAYOUT);
    if (err == ERR_OK)
        err = create_table(&auth->whos, options, "auth-whos", sizeof(struct who), WHO_LAYOUT);
    if (err == ERR_OK)
        err = create_table(&auth->layers, options, "auth-layers", sizeof(struct auth_layer), LAYER_LAYOUT);
    if (err != ERR_OK) {
        auth_free(auth);
        return err;
    }
    *out = auth;
    return ERR_OK;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    table_free(auth->conversations);
    table_free(auth->whos);
    table_free(auth->layers);
    free(auth);
}

size_t auth_tables(struct auth *auth, struct table **tables)
{
    tables[0] = auth->conversations;
    tables[1] = auth->whos;
    tables[2] = auth->layers;
    return 3;
}

static bool has_ended(const struct auth_conversation *c)
{
    return c->ntlm.type == 0 && !c->ap.waiting && c->offer.count == 0;
}

/* The conversation that waits longest, told without a verdict: at its deadline, or now when it has to go
 * before. */
static void tell_oldest(struct auth *auth, struct decode_out *out, time_ns now)
{
    struct auth_conversation *c = table_oldest(auth->conversations);
    struct auth_verdict unknown = {.time = c->deadline < now ? c->deadline : now};
    auth_tell_ntlm(out, c, &unknown);
    auth_tell_ap(out, c, &unknown);
    struct id conversation;
    memcpy(&conversation, table_key(auth->conversations, c), sizeof(conversation));
    table_remove(auth->conversations, &conversation);
}

void auth_expire(struct auth *auth, struct decode_out *out, time_ns now)
{
    const struct auth_conversation *c = table_oldest(auth->conversations);
    while (c && c->deadline < now) {
        tell_oldest(auth, out, now);
        c = table_oldest(auth->conversations);
    }
}

/* Made room for first, so that none is evicted untold. */
static struct auth_conversation *put_conversation(struct auth *auth, struct decode_out *out,
                                                  struct id conversation, time_ns now)
{
    bool is_new = !table_peek(auth->conversations, &conversation);
    if (is_new && table_count(auth->conversations) == table_capacity(auth->conversations))
        tell_oldest(auth, out, now);
    struct auth_conversation *c = table_put(auth->conversations, &conversation, NULL);
    c->deadline = now + auth->timeout;
    return c;
}

static void put_who(struct auth *auth, struct id conversation, const struct who *from)
{
    struct who *who = table_put(auth->whos, &conversation, NULL);
    memcpy(who->user, from->user, sizeof(who->user));
    memcpy(who->domain, from->domain, sizeof(who->domain));
    who->ticket = from->ticket;
    who->security = from->security;
}

static void put_layer(struct auth *auth, struct id conversation, uint32_t ntlm_flags)
{
    struct auth_layer *layer = table_put(auth->layers, &conversation, NULL);
    layer->ntlm_flags = ntlm_flags;
}

/* A token without a message of a mechanism adds to what is known, and begins nothing. */
static void note_negotiation(struct auth *auth, struct id conversation, time_ns now,
                             const struct spnego *spnego)
{
    struct auth_conversation *c = table_find(auth->conversations, &conversation);
    if (!c)
        return;
    c->deadline = now + auth->timeout;
    auth_join_spnego(c, spnego);
}

void auth_token(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                enum transport carrier, struct str token)
{
    struct spnego spnego;
    struct der_fault fault;
    auth_expire(auth, out, place->time);
    if (auth_is_wrap(token))
        return; /* RFC 4752 3.1: SASL agrees on its layer in messages of the conversation */
    if (!spnego_parse(token, &spnego, &fault)) {
        decode_malformed(out, place, "spnego", fault.reason, fault.offset);
        return;
    }
    bool negotiates = place->to_server && spnego.initial;
    if (!spnego.ntlm && !spnego.kerberos && !negotiates) {
        note_negotiation(auth, conversation, place->time, &spnego);
        return;
    }
    struct auth_conversation *c = put_conversation(auth, out, conversation, place->time);
    c->carrier = (uint8_t)carrier;
    auth_join_spnego(c, &spnego);
    if (!spnego.ntlm && !spnego.kerberos)
        return;
    struct auth_step step = {.out = out, .place = place, .conversation = c, .id = conversation};
    struct who who = {.security = security_unknown};
    bool known = spnego.ntlm ? auth_join_ntlm(&step, spnego.token, &who)
                             : auth_join_kerberos(&step, spnego.token, &who);
    if (known && spnego.ntlm)
        put_layer(auth, conversation, c->ntlm.flags);
    if (has_ended(c))
        table_remove(auth->conversations, &conversation);
    if (known)
        put_who(auth, conversation, &who);
}

bool auth_who(struct auth *auth, struct id conversation, struct who *who)
{
    const struct who *known = table_find(auth->whos, &conversation);
    if (!known)
        return false;
    *who = *known;
    return true;
}

/* Does this verdict end what waits? A server that asks for more has not decided yet. */
static bool is_decided(const struct auth_conversation *c, enum outcome outcome, bool final)
{
    if (final || outcome == outcome_failure)
        return true;
    return outcome == outcome_success && (c->ap.waiting || c->ntlm.type == NTLM_AUTHENTICATE);
}

void auth_result(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                 enum outcome outcome, uint32_t status, bool final)
{
    auth_expire(auth, out, place->time);
    struct auth_conversation *c = table_find(auth->conversations, &conversation);
    if (c) {
        c->deadline = place->time + auth->timeout;
        struct auth_verdict verdict = {
            .place = place, .outcome = outcome, .status = status, .time = place->time};
        if (is_decided(c, outcome, final)) {
            auth_tell_ntlm(out, c, &verdict);
            auth_tell_ap(out, c, &verdict);
            table_remove(auth->conversations, &conversation);
        }
    }
    /* Who failed to authenticate stands behind nothing. */
    if (outcome == outcome_failure) {
        table_remove(auth->whos, &conversation);
        table_remove(auth->layers, &conversation);
    }
}
