/*
 * tls_handshake - what each handshake message in clear adds to what is known.
 */
#include "common/base/sha256.h"
#include "common/base/text.h"
#include "services/protocol-decode/build.h"
#include "services/protocol-decode/keep.h"
#include "services/protocol-decode/tls_record.h"
#include "services/protocol-decode/tls_state.h"
#include "services/protocol-decode/x509.h"

enum {
    MESSAGES_MAX = 64,     /* of one message of the record layer */
    CERTIFICATES_MAX = 32, /* of a chain that are counted */
};

static void refuse(const struct tls_step *step, const char *reason, size_t offset)
{
    step->connection->unread = unread_malformed;
    decode_malformed(step->out, step->place, "tls", reason, offset);
}

static void keep_codes(struct tls_codes *to, struct str list, uint32_t max)
{
    struct reader r = reader_of_str(list);
    uint16_t code;
    to->count = 0;
    while (to->count < max && tls_code_next(&r, &code))
        to->code[to->count++] = code;
}

/* Names from the wire in fixed fields: valid UTF-8, whatever was sent. */
#define KEEP_TEXT(step, field, text) KEEP(field, text_to_utf8(&(step)->out->batch->arena, text))

static void keep_alpn(const struct tls_step *step, struct str alpn)
{
    struct tls_offer *offer = &step->connection->offer;
    struct reader list = reader_of_str(alpn);
    struct str name;
    offer->alpn_count = 0;
    while (offer->alpn_count < TLS_ALPN_MAX && tls_alpn_next(&list, &name))
        KEEP_TEXT(step, offer->alpn[offer->alpn_count++], name);
}

/* The first bytes of the random: they tell handshakes of one flow apart. */
static uint64_t number_of(struct str random)
{
    struct reader r = reader_of_str(random);
    return reader_u64be(&r);
}

static void take_client_hello(const struct tls_step *step, struct str body)
{
    struct tls_connection *c = step->connection;
    struct tls_hello hello;
    size_t offset;
    if (!tls_client_hello(body, &hello, &offset)) {
        refuse(step, "ClientHello cut short", offset);
        return;
    }
    /* After a HelloRetryRequest the client greets again: what it asked first stays the request. */
    if (c->request_frame == 0) {
        c->request_frame = step->place->frame;
        c->request_time = step->place->time;
        c->unique = number_of(hello.random);
    }
    struct tls_offer *offer = &c->offer;
    memset(offer, 0, sizeof(*offer));
    offer->version = hello.version;
    offer->session_id_bytes =
        hello.session_id.size < TLS_RANDOM_BYTES ? hello.session_id.size : TLS_RANDOM_BYTES;
    memcpy(offer->session_id, hello.session_id.at, offer->session_id_bytes);
    /* A client of TLS 1.3 sends a session id that names no session (RFC 8446 D.4). */
    offer->resumption =
        hello.ticket || hello.psk || (hello.session_id.size > 0 && hello.version < TLS_VERSION_1_3);
    keep_codes(&offer->ciphers, hello.ciphers, TLS_CIPHERS_MAX);
    keep_codes(&offer->groups, hello.groups, TLS_GROUPS_MAX);
    keep_codes(&offer->signatures, hello.signature_algorithms, TLS_SIGNATURES_MAX);
    for (uint32_t i = 0; i < hello.extensions && i < TLS_EXTENSIONS_KEPT_MAX; i++)
        offer->extensions.code[offer->extensions.count++] = hello.extension[i];
    keep_alpn(step, hello.alpn);
    KEEP_TEXT(step, offer->server_name, hello.server_name);
    tls_ja4(&step->out->batch->arena, &hello, offer->ja4);
}

static bool is_same_session(const struct tls_offer *offer, const struct tls_hello *hello)
{
    if (hello->version >= TLS_VERSION_1_3)
        return hello->psk;
    return hello->session_id.size > 0 && hello->session_id.size == offer->session_id_bytes &&
           memcmp(hello->session_id.at, offer->session_id, hello->session_id.size) == 0;
}

static void take_server_hello(const struct tls_step *step, struct str body)
{
    struct tls_connection *c = step->connection;
    struct tls_hello hello;
    size_t offset;
    if (!tls_server_hello(body, &hello, &offset)) {
        refuse(step, "ServerHello cut short", offset);
        return;
    }
    if (hello.retry_request) {
        c->answer.retried = true;
        memset(c->changed, 0, sizeof(c->changed));
        return;
    }
    c->reply_frame = step->place->frame;
    c->reply_time = step->place->time;
    if (c->request_frame == 0)
        c->unique = number_of(hello.random);
    c->answer.version = hello.version;
    c->answer.cipher = hello.cipher;
    c->answer.group = hello.group;
    c->answer.same_session = is_same_session(&c->offer, &hello);
    struct reader list = reader_of_str(hello.alpn);
    struct str name;
    if (tls_alpn_next(&list, &name))
        KEEP_TEXT(step, c->answer.alpn, name);
    if (hello.version >= TLS_VERSION_1_3) {
        c->unread = unread_encrypted;
        c->finished = true;
    }
}

static void keep_sha256(struct tls_certificate *kept, struct arena *arena, struct str certificate)
{
    uint8_t digest[SHA256_BYTES];
    struct build b = build_in(arena, 2 * SHA256_BYTES);
    sha256(certificate.at, certificate.size, digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        build_hex(&b, digest[i]);
    KEEP(kept->sha256, built(&b));
}

/* Each name behind its kind. */
static void keep_names(const struct tls_step *step, struct tls_certificate *kept, struct str kind,
                       struct strs names)
{
    for (uint32_t i = 0; i < names.count && kept->name_count < TLS_NAMES_MAX; i++) {
        struct build b = build_in(&step->out->batch->arena, TLS_ALTERNATIVE_BYTES);
        build_str(&b, kind);
        build_str(&b, names.at[i]);
        KEEP(kept->names[kept->name_count++], built(&b));
    }
}

static struct strs one(const struct str *text)
{
    return (struct strs){.at = text, .count = text->size > 0};
}

static void keep_certificate(const struct tls_step *step, struct tls_certificate *kept, struct str bytes)
{
    struct certificate x = {0};
    struct der_fault fault = {0};
    struct der d = der_of(bytes, &fault);
    x509_read(step->out, &d, &x);
    if (fault.failed)
        refuse(step, fault.reason, fault.offset);
    kept->not_before = x.not_before;
    kept->not_after = x.not_after;
    kept->key = x.key;
    kept->self_signed = x.self_issued;
    KEEP(kept->subject, x.subject);
    KEEP(kept->issuer, x.issuer);
    KEEP(kept->serial, x.serial);
    keep_sha256(kept, &step->out->batch->arena, bytes);
    keep_names(step, kept, STR("sid:"), one(&x.sid));
    keep_names(step, kept, STR("upn:"), one(&x.upn));
    keep_names(step, kept, STR("dns:"), x.dns_names);
    keep_names(step, kept, STR("email:"), x.emails);
    keep_names(step, kept, STR("ip:"), x.addresses);
    keep_names(step, kept, STR("uri:"), x.uris);
}

static uint32_t reader_u24(struct reader *r)
{
    uint32_t high = reader_u8(r);
    return high << 16 | reader_u16be(r);
}

/* RFC 5246 7.4.2: the sender's own certificate comes first. */
static void take_certificates(const struct tls_step *step, struct str body)
{
    struct tls_certificate *kept =
        step->place->to_server ? &step->connection->client : &step->connection->server;
    struct reader r = reader_of_str(body);
    struct reader list = reader_sub(&r, reader_u24(&r));
    if (!reader_ok(&r)) {
        refuse(step, "Certificate cut short", reader_offset(&r));
        return;
    }
    memset(kept, 0, sizeof(*kept));
    while (reader_left(&list) > 0 && kept->count < CERTIFICATES_MAX) {
        struct str certificate = reader_bytes(&list, reader_u24(&list));
        if (!reader_ok(&list)) {
            refuse(step, "Certificate cut short", reader_offset(&list));
            return;
        }
        if (kept->count++ == 0)
            keep_certificate(step, kept, certificate);
    }
}

void tls_take_handshake(const struct tls_step *step, struct str body)
{
    struct reader r = reader_of_str(body);
    for (int i = 0; i < MESSAGES_MAX && reader_left(&r) > 0 && !step->connection->finished; i++) {
        uint8_t type = reader_u8(&r);
        struct str message = reader_bytes(&r, reader_u24(&r));
        if (!reader_ok(&r)) {
            if (step->connection->unread == unread_nothing)
                step->connection->unread = unread_truncated;
            return;
        }
        if (type == TLS_CLIENT_HELLO)
            take_client_hello(step, message);
        else if (type == TLS_SERVER_HELLO)
            take_server_hello(step, message);
        else if (type == TLS_CERTIFICATE)
            take_certificates(step, message);
        else if (type == TLS_CERTIFICATE_REQUEST)
            step->connection->certificate_asked = true;
    }
}
