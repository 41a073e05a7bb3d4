/*
 * http_auth - who a request says it is from, and whether the answer takes it (RFC 9110 11).
 */
#include "common/base/text.h"
#include "services/protocol-decode/base64.h"
#include "services/protocol-decode/http_state.h"
#include "services/protocol-decode/keep.h"

enum {
    STATUS_UNAUTHORIZED = 401,
    STATUS_PROXY_UNAUTHORIZED = 407,
    PARAMETERS_MAX = 32,
};

static const struct {
    struct str name;
    uint8_t scheme; /* enum http_scheme */
    bool has_tokens;
} schemes[] = {
    {STR("Basic"), http_scheme_basic, false},        {STR("Digest"), http_scheme_digest, false},
    {STR("Bearer"), http_scheme_bearer, false},      {STR("NTLM"), http_scheme_ntlm, true},
    {STR("Negotiate"), http_scheme_negotiate, true}, {STR("Kerberos"), http_scheme_kerberos, true},
    {STR("CredSSP"), http_scheme_credssp, false},
};

struct id http_conversation(struct id flow, bool to_proxy)
{
    struct hash_parts parts = {0};
    hash_part(&parts, &flow, sizeof(flow));
    hash_part_u64(&parts, to_proxy ? STATUS_PROXY_UNAUTHORIZED : STATUS_UNAUTHORIZED);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

/* The scheme in front; rest is what follows it. */
static struct str scheme_of(struct str value, struct str *rest)
{
    uint32_t end = 0;
    while (end < value.size && value.at[end] != ' ')
        end++;
    *rest = http_trim(http_from(value, end));
    return (struct str){.at = value.at, .size = end};
}

/* A parameter of Digest credentials, without its quotes (RFC 7616 3.4). */
static struct str parameter(struct str list, struct str name)
{
    struct reader r = reader_of_str(list);
    for (int i = 0; i < PARAMETERS_MAX && reader_left(&r) > 0; i++) {
        struct reader start = r;
        uint32_t size = 0;
        for (bool quoted = false; reader_left(&r) > 0; size++) {
            uint8_t c = reader_u8(&r);
            quoted ^= c == '"';
            if (c == ',' && !quoted)
                break;
        }
        struct str part = http_trim(reader_bytes(&start, size));
        if (!http_begins(part, name) || part.size <= name.size || part.at[name.size] != '=')
            continue;
        struct str value = http_trim(http_from(part, name.size + 1));
        if (value.size >= 2 && value.at[0] == '"') {
            value = http_from(value, 1);
            value.size--;
        }
        return value;
    }
    return (struct str){.at = "", .size = 0};
}

/* RFC 7617 2: a name, a colon, a password. */
static void take_basic(const struct http_step *step, struct str text, struct http_request *r)
{
    struct str pair = base64_decode(&step->out->batch->arena, text);
    uint32_t colon = 0;
    while (colon < pair.size && pair.at[colon] != ':')
        colon++;
    HTTP_KEEP(step, r->credential_user, ((struct str){.at = pair.at, .size = colon}));
    r->credential = decode_secret(step->out, http_from(pair, colon + 1));
}

static void take_digest(const struct http_step *step, struct str list, struct http_request *r)
{
    HTTP_KEEP(step, r->credential_user, parameter(list, STR("username")));
    HTTP_KEEP(step, r->credential_realm, parameter(list, STR("realm")));
    r->credential = decode_secret(step->out, parameter(list, STR("response")));
}

static void take_token(const struct http_step *step, struct str text, bool to_proxy)
{
    struct str token = base64_decode(&step->out->batch->arena, text);
    if (token.size == 0)
        return;
    struct id conversation = http_conversation(step->place->flow, to_proxy);
    auth_token(step->module->peers.auth, step->out, step->place, conversation, transport_http, token);
    step->connection->token[to_proxy] = true;
}

static int scheme_index(struct str name)
{
    for (int i = 0; i < (int)ARRAY_COUNT(schemes); i++)
        if (text_equal_nocase(name, schemes[i].name))
            return i;
    return -1;
}

void http_take_credentials(const struct http_step *step, const struct http_head *head, struct http_request *r)
{
    r->to_proxy = head->field[HTTP_AUTHORIZATION].size == 0 && head->field[HTTP_PROXY_AUTHORIZATION].size > 0;
    struct str value = head->field[r->to_proxy ? HTTP_PROXY_AUTHORIZATION : HTTP_AUTHORIZATION];
    struct str rest;
    struct str name = scheme_of(value, &rest);
    if (name.size == 0)
        return;
    int index = scheme_index(name);
    r->scheme = index < 0 ? http_scheme_other : schemes[index].scheme;
    if (r->scheme == http_scheme_basic)
        take_basic(step, rest, r);
    else if (r->scheme == http_scheme_digest)
        take_digest(step, rest, r);
    else if (r->scheme == http_scheme_bearer)
        r->credential = decode_secret(step->out, rest);
    r->has_token = index >= 0 && schemes[index].has_tokens && rest.size > 0;
    if (r->has_token)
        take_token(step, rest, r->to_proxy);
}

/* A challenge that carries a token goes on with the authentication. */
static bool take_challenge_token(const struct http_step *step, const struct http_head *head)
{
    for (uint32_t i = 0; i < head->challenges; i++) {
        struct str rest;
        int index = scheme_index(scheme_of(head->challenge[i], &rest));
        if (index < 0 || !schemes[index].has_tokens || rest.size == 0)
            continue;
        take_token(step, rest, head->of_proxy);
        return true;
    }
    return false;
}

void http_take_verdict(const struct http_step *step, const struct http_head *head,
                       const struct http_request *r)
{
    bool goes_on = take_challenge_token(step, head);
    bool refused = head->status == STATUS_UNAUTHORIZED || head->status == STATUS_PROXY_UNAUTHORIZED;
    bool to_proxy = r ? r->to_proxy : head->of_proxy;
    if (!step->connection->token[to_proxy] || (r && !r->has_token) || (refused && goes_on))
        return;
    auth_result(step->module->peers.auth, step->out, step->place,
                http_conversation(step->place->flow, to_proxy), refused ? outcome_failure : outcome_success,
                refused ? head->status : 0, refused);
    step->connection->token[to_proxy] = false;
}

void http_end_authentication(const struct http_step *step)
{
    for (int to_proxy = 0; to_proxy < 2; to_proxy++)
        if (step->connection->token[to_proxy])
            auth_result(step->module->peers.auth, step->out, step->place,
                        http_conversation(step->place->flow, to_proxy), outcome_unknown, 0, true);
}
