/*
 * ldap_bind - who a connection belongs to, from its binds (RFC 4511 4.2, RFC 4513 5, MS-ADTS 5.1.1.1).
 */
#include "common/base/text.h"
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/ldap_names.h"
#include "services/protocol-decode/ldap_state.h"

enum {
    RESULT_SUCCESS = 0,
    RESULT_SASL_IN_PROGRESS = 14,
    ERROR_TEXT_DIGITS_MAX = 8,
};

static const struct str ntlmssp = {"NTLMSSP", 8}; /* with its NUL */

static struct id name_conversation(const struct ldap_step *s)
{
    static const char purpose[] = "ldap-bind";
    struct hash_parts parts = {0};
    hash_part(&parts, purpose, sizeof(purpose) - 1);
    hash_part(&parts, &s->place->flow, sizeof(s->place->flow));
    hash_part_u64(&parts, s->message_id);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

/* The one under way when the client goes on with it, else a new one. */
static void begin(struct ldap_step *s, enum ldap_mechanism mechanism)
{
    struct ldap_connection *c = s->connection;
    if (!c)
        return;
    if (id_is_none(c->binding) || c->mechanism != mechanism)
        c->binding = name_conversation(s);
    c->mechanism = (uint8_t)mechanism;
    s->exchange->conversation = c->binding;
}

/* Tokens of a bind that negotiate its security layer (RFC 4752 3.1) authenticate nobody. */
static void hand_over(const struct ldap_step *s, struct str token)
{
    if (token.size > 0 && !auth_is_wrap(token) && !id_is_none(s->exchange->conversation))
        auth_token(s->module->auth, s->out, s->place, s->exchange->conversation, transport_ldap, token);
}

/* DOMAIN\user, user@domain, or any other name (MS-ADTS 5.1.1.1.1) as it is. */
static void set_who(struct who *who, struct str name)
{
    struct reader r = reader_of_str(name);
    size_t at = 0, separator = 0;
    char kind = 0;
    while (reader_left(&r) > 0 && kind != '\\' && kind != '=') {
        char c = (char)reader_u8(&r);
        if (c == '\\' || c == '@' || c == '=') {
            kind = c;
            separator = at;
        }
        at++;
    }
    r = reader_of_str(name);
    struct str first = reader_bytes(&r, kind == '\\' || kind == '@' ? separator : name.size);
    reader_skip(&r, kind == '\\' || kind == '@' ? 1 : 0);
    struct str second = reader_rest(&r);
    who_set(who->user, kind == '\\' ? second : first);
    who_set(who->domain, kind == '\\' ? first : second);
    who->security = security_simple;
}

static struct str utf8(const struct ldap_step *s, struct str text)
{
    return text_to_utf8(&s->out->batch->arena, text);
}

static void read_simple(struct ldap_step *s, struct str name, struct str password)
{
    struct ldap_exchange *x = s->exchange;
    x->bind_method = password.size > 0 ? ldap_bind_method_simple
                     : name.size > 0   ? ldap_bind_method_unauthenticated
                                       : ldap_bind_method_anonymous;
    x->who.security = security_none;
    if (password.size == 0)
        return;
    x->password = decode_secret(s->out, password);
    x->clear_text = s->protection < ldap_protection_sealed;
    set_who(&x->who, utf8(s, name));
}

/* RFC 4616: authorization identity, NUL, authentication identity, NUL, password. */
static void read_plain(struct ldap_step *s, struct str credentials)
{
    struct str part[3] = {{0}};
    struct reader r = reader_of_str(credentials);
    for (size_t i = 0; i < ARRAY_COUNT(part); i++) {
        struct reader start = r;
        size_t size = 0;
        while (reader_left(&r) > 0 && reader_u8(&r) != 0)
            size++;
        part[i] = reader_bytes(&start, size);
    }
    s->exchange->password = decode_secret(s->out, part[2]);
    s->exchange->clear_text = part[2].size > 0 && s->protection < ldap_protection_sealed;
    set_who(&s->exchange->who, utf8(s, part[1]));
}

static enum ldap_mechanism mechanism_of(struct str name)
{
    if (text_equal_nocase(name, STR("GSSAPI")))
        return LDAP_MECHANISM_GSSAPI;
    if (text_equal_nocase(name, STR("GSS-SPNEGO")))
        return LDAP_MECHANISM_SPNEGO;
    return text_equal_nocase(name, STR("PLAIN")) ? LDAP_MECHANISM_PLAIN : LDAP_MECHANISM_OTHER;
}

/* RFC 4511 4.2: mechanism, credentials. */
static void read_sasl(struct ldap_step *s, struct der *content)
{
    struct str name = der_bytes(content, DER_OCTET_STRING);
    struct str credentials = {0};
    if (der_more(content))
        credentials = der_bytes(content, DER_OCTET_STRING);
    s->exchange->bind_method = ldap_bind_method_sasl;
    ldap_note(&s->exchange->notes, LDAP_NOTE_MECHANISM, name);
    if (!der_ok(content))
        return;
    enum ldap_mechanism mechanism = mechanism_of(name);
    begin(s, mechanism);
    if (mechanism == LDAP_MECHANISM_PLAIN)
        read_plain(s, credentials);
    else if (mechanism != LDAP_MECHANISM_OTHER)
        hand_over(s, credentials);
}

void ldap_read_bind(struct ldap_step *s, struct der *content)
{
    struct ldap_exchange *x = s->exchange;
    x->version = der_u32(content);
    struct str name = der_bytes(content, DER_OCTET_STRING);
    ldap_note(&x->notes, LDAP_NOTE_BIND_NAME, name);
    uint8_t tag;
    struct der authentication = der_any(content, &tag);
    memset(&x->who, 0, sizeof(x->who));
    if (!der_ok(content))
        return;
    if (tag == LDAP_PRIMITIVE(0)) {
        read_simple(s, name, reader_rest(&authentication.bytes));
    } else if (tag == DER_CONTEXT(3)) {
        read_sasl(s, &authentication);
    } else if (tag >= LDAP_PRIMITIVE(9) && tag <= LDAP_PRIMITIVE(11)) {
        /* MS-ADTS 5.1.1.1.3: sicilyPackageDiscovery, sicilyNegotiate, sicilyResponse. */
        x->bind_method = (uint8_t)(ldap_bind_method_sicily_discovery + (tag - LDAP_PRIMITIVE(9)));
        begin(s, LDAP_MECHANISM_SICILY);
        if (tag != LDAP_PRIMITIVE(9))
            hand_over(s, reader_rest(&authentication.bytes));
    } else {
        der_fail(content, "authentication of no known kind");
    }
}

static uint8_t hex_digit(uint8_t c, bool *is_digit)
{
    uint8_t lower = c | 0x20;
    *is_digit = (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
    return (uint8_t)(c <= '9' ? c - '0' : lower - 'a' + 10);
}

static uint32_t read_hex(struct reader *r, uint32_t *digits)
{
    uint32_t value = 0;
    bool is_digit = true;
    *digits = 0;
    while (*digits < ERROR_TEXT_DIGITS_MAX && reader_left(r) > 0) {
        uint8_t digit = hex_digit(reader_peek_u8(r), &is_digit);
        if (!is_digit)
            break;
        value = value << 4 | digit;
        reader_skip(r, 1);
        (*digits)++;
    }
    return value;
}

/* MS-ADTS 3.1.1.3.1.9: "%08X: ...", and in it ", data %x,". */
void ldap_read_diagnostic(struct str text, uint32_t *error, uint32_t *data)
{
    static const char word[] = ", data ";
    struct reader r = reader_of_str(text);
    uint32_t digits;
    *error = read_hex(&r, &digits);
    *data = 0;
    if (digits != ERROR_TEXT_DIGITS_MAX || reader_u8(&r) != ':') {
        *error = 0;
        return;
    }
    for (size_t matched = 0; reader_left(&r) > 0;) {
        uint8_t c = reader_u8(&r);
        matched = c == (uint8_t)word[matched] ? matched + 1 : c == ',';
        if (matched == sizeof(word) - 1) {
            *data = read_hex(&r, &digits);
            return;
        }
    }
}

static bool is_ntlm(struct str token)
{
    struct reader r = reader_of_str(token);
    return str_equal(reader_bytes(&r, ntlmssp.size), ntlmssp);
}

/* Does auth read the tokens of this mechanism? Where the request was not seen its token tells: SPNEGO and
 * GSS-API begin with a tag, NTLM with its name. */
static bool is_read(uint8_t mechanism, struct str token)
{
    struct reader r = reader_of_str(token);
    uint8_t tag = reader_peek_u8(&r);
    if (mechanism == LDAP_MECHANISM_NONE)
        return is_ntlm(token) || tag == DER_APPLICATION(0) || tag == DER_CONTEXT(1);
    return mechanism < LDAP_MECHANISM_PLAIN;
}

/* A verdict on the conversation, and what the connection is from here on. */
static void settle(struct ldap_step *s, bool success)
{
    struct ldap_exchange *x = s->exchange;
    struct ldap_connection *c = s->connection;
    if (!id_is_none(x->conversation)) {
        struct who who;
        memset(&who, 0, sizeof(who));
        if (auth_who(s->module->auth, x->conversation, &who))
            memcpy(&x->who, &who, sizeof(who));
        uint32_t status = success ? 0 : ldap_bind_status(x->error_data);
        auth_result(s->module->auth, s->out, s->place, x->conversation,
                    success ? outcome_success : outcome_failure,
                    success || status != 0 ? status : x->result_code, true);
    }
    if (!c)
        return;
    /* RFC 4511 4.2.1: after a bind that failed the connection is anonymous. */
    c->binding = (struct id){0};
    c->conversation = success ? x->conversation : (struct id){0};
    memset(&c->who, 0, sizeof(c->who));
    if (success)
        memcpy(&c->who, &x->who, sizeof(c->who));
}

/* Sicily answers success at each step: only that to the response ends it. */
static bool goes_on(const struct ldap_exchange *x, bool challenge)
{
    return x->result_code == RESULT_SASL_IN_PROGRESS ||
           (x->result_code == RESULT_SUCCESS &&
            (challenge || x->bind_method == ldap_bind_method_sicily_discovery ||
             x->bind_method == ldap_bind_method_sicily_negotiate));
}

void ldap_read_bind_reply(struct ldap_step *s, struct der *content)
{
    struct ldap_exchange *x = s->exchange;
    /* The request was not seen: as if it had been the one that this answers. */
    if (id_is_none(x->conversation) && x->request_frame == 0 && s->connection) {
        if (id_is_none(s->connection->binding))
            s->connection->binding = name_conversation(s);
        x->conversation = s->connection->binding;
    }
    struct str matched = ldap_read_result(s, content);
    struct str token = is_ntlm(matched) ? matched : (struct str){0};
    if (der_peek(content) == LDAP_PRIMITIVE(7))
        token = der_bytes(content, LDAP_PRIMITIVE(7)); /* serverSaslCreds */
    if (!der_ok(content))
        return;
    if (s->connection && is_read(s->connection->mechanism, token))
        hand_over(s, token);
    if (goes_on(x, is_ntlm(token))) {
        x->outcome = outcome_unknown;
        return;
    }
    settle(s, x->result_code == RESULT_SUCCESS);
}
