/*
 * ldap_layer - messages behind a SASL security layer (RFC 4422 3.7): buffers of a length and a token.
 *
 * One token may hold several messages, and one message may span several tokens: what is not whole yet waits
 * in pages.
 */
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/kerberos_pending.h"
#include "services/protocol-decode/ldap_state.h"
#include "services/protocol-decode/pages.h"

enum {
    BUFFER_LENGTH_BYTES = 4,
    DIGEST_MAC_BYTES = 16, /* RFC 2831 2.3: behind the message */
};

static struct str behind(struct str bytes, uint64_t size)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, size < bytes.size ? size : bytes.size);
    return reader_rest(&r);
}

static struct pages_of pages_of(const struct ldap_step *s)
{
    return (struct pages_of){.table = s->module->pages, .owner = s->place->flow, .side = s->place->to_server};
}

static struct ldap_gather *gather_of(const struct ldap_step *s)
{
    return &s->connection->gather[s->place->to_server];
}

static void drop(struct ldap_gather *g, const struct pages_of *pages)
{
    if (g->held > 0)
        pages_drop(pages, g->at, g->at + g->held);
    /* On to a page that holds nothing of this. */
    g->at += g->held + PAGES_PAGE_BYTES - (g->at + g->held) % PAGES_PAGE_BYTES;
    g->held = g->size = g->want = 0;
}

void ldap_layer_lost(struct ldap_module *m, struct ldap_connection *c, bool to_server)
{
    struct ldap_gather *g = &c->gather[to_server];
    struct pages_of pages = {.table = m->pages, .owner = c->place.flow, .side = to_server};
    drop(g, &pages);
    g->skip = g->signed_left = 0;
    g->resync = true;
}

static void take_one(struct ldap_step *s, struct str message, uint32_t size)
{
    struct ldap_step one = *s;
    one.size = size;
    one.cut = message.size < size;
    gather_of(s)->resync = false;
    ldap_take(&one, message);
}

/* What follows cannot be cut into messages. */
static void give_up_token(struct ldap_step *s)
{
    struct ldap_gather *g = gather_of(s);
    if (!g->resync)
        ldap_refuse(s, "no LDAPMessage in a token of the security layer", 0);
    g->resync = true;
}

static void hold(struct ldap_step *s, struct str bytes)
{
    struct ldap_gather *g = gather_of(s);
    struct pages_of pages = pages_of(s);
    struct pages_write how = {.time = s->place->time,
                              .origin = {.file = s->place->file, .frame = s->place->frame}};
    (void)pages_store(&pages, g->at + g->held, bytes, &how);
    g->held += bytes.size;
}

/* What is held is a message: it is taken. */
static void take_held(struct ldap_step *s)
{
    struct ldap_gather *g = gather_of(s);
    struct pages_of pages = pages_of(s);
    uint8_t *gathered = arena_take(&s->out->batch->arena, g->held);
    struct str message = {.at = (const char *)gathered, .size = g->held};
    bool there = pages_copy(&pages, g->at, g->held, gathered);
    if (there && g->size == 0) {
        struct framing framing = ldap_frame_clear(message);
        g->size = framing.state == FRAMING_WHOLE ? framing.size : 0;
        g->want = framing.want;
        if (framing.state == FRAMING_MORE || (framing.state == FRAMING_WHOLE && g->held < g->want))
            return;
    }
    uint32_t size = g->size;
    drop(g, &pages);
    if (!there) {
        g->resync = true;
        g->skip = size > message.size ? size - message.size : 0;
    } else if (size == 0) {
        give_up_token(s);
    } else {
        g->skip = size - message.size;
        take_one(s, message, size);
    }
}

/* The next bytes of a message that began in an earlier token; how many of them were taken. While its size is
 * not known they are taken one by one, as it may end with the next. */
static uint32_t go_on(struct ldap_step *s, struct str plain)
{
    struct ldap_gather *g = gather_of(s);
    uint32_t lacks = g->size > 0 ? g->want - g->held : 1;
    struct reader r = reader_of_str(plain);
    struct str more = reader_bytes(&r, lacks < plain.size ? lacks : plain.size);
    hold(s, more);
    if (g->size == 0 || g->held == g->want)
        take_held(s);
    return more.size;
}

/* A message that begins here; how many bytes of it were taken. */
static uint32_t begin(struct ldap_step *s, struct str plain)
{
    struct ldap_gather *g = gather_of(s);
    struct framing framing = ldap_frame_clear(plain);
    if (framing.state == FRAMING_BAD) {
        give_up_token(s);
        return plain.size;
    }
    if (framing.state == FRAMING_WHOLE && (framing.want <= plain.size || s->cut)) {
        uint32_t there = framing.want < plain.size ? framing.want : plain.size;
        struct reader r = reader_of_str(plain);
        g->skip = framing.size - there;
        take_one(s, reader_bytes(&r, there), framing.size);
        return there;
    }
    g->size = framing.state == FRAMING_WHOLE ? framing.size : 0;
    g->want = framing.want;
    hold(s, plain);
    return plain.size;
}

static void take_plain(struct ldap_step *s, struct str plain)
{
    struct ldap_gather *g = gather_of(s);
    while (plain.size > 0) {
        uint64_t taken = g->skip < plain.size ? g->skip : plain.size;
        if (taken > 0)
            g->skip -= taken;
        else
            taken = g->held > 0 ? go_on(s, plain) : begin(s, plain);
        plain = behind(plain, taken);
    }
    /* The rest of this token was not kept: where its last message ends is not known. */
    if (s->cut)
        ldap_layer_lost(s->module, s->connection, s->place->to_server);
}

void ldap_tell_sealed(struct ldap_step *s, uint8_t protection)
{
    s->out->messages[protocol_ldap]++;
    s->out->sealed_messages[protocol_ldap]++;
    if (s->connection->told_sealed)
        return;
    s->connection->told_sealed = true;
    struct ldap_exchange *x = &s->module->scratch;
    memset(x, 0, sizeof(*x));
    kerberos_place_set(&x->place, s->place);
    memcpy(&x->who, &s->connection->who, sizeof(x->who));
    x->protection = protection;
    x->unread = unread_encrypted;
    if (s->place->to_server) {
        x->request_frame = s->place->frame;
        x->request_time = s->place->time;
        x->request_bytes = s->size;
    } else {
        x->reply_frame = s->place->frame;
        x->reply_time = s->place->time;
        x->reply_bytes = s->size;
    }
    ldap_tell(s->out, x, s->place->time);
}

/* The token of a mechanism of which auth knows nothing may still hold a message in clear: that of NTLM whose
 * negotiation was not seen, and that of DIGEST-MD5. */
static enum auth_opened look_inside(struct str token, struct str *plain)
{
    uint32_t head = ldap_signed_head(token);
    if (head > 0) {
        *plain = behind(token, head);
        return AUTH_CLEAR;
    }
    if (!ldap_probe(token) || token.size < DIGEST_MAC_BYTES)
        return AUTH_SEALED;
    struct reader r = reader_of_str(token);
    *plain = reader_bytes(&r, token.size - DIGEST_MAC_BYTES);
    return AUTH_CLEAR;
}

static struct id conversation_of(const struct ldap_connection *c)
{
    return id_is_none(c->conversation) ? c->binding : c->conversation;
}

void ldap_take_buffer(struct ldap_step *s, struct str message)
{
    struct ldap_connection *c = s->connection;
    struct reader r = reader_of_str(message);
    uint32_t size = reader_u32be(&r);
    struct str token = reader_rest(&r), plain;
    if (size > s->size - BUFFER_LENGTH_BYTES) {
        /* Only its head: see ldap_frame(). */
        gather_of(s)->signed_left = size - token.size;
        return;
    }
    enum auth_opened opened = look_inside(token, &plain);
    if (opened == AUTH_SEALED)
        opened = auth_unwrap(s->module->auth, s->out, s->place, conversation_of(c), token, &plain);
    if (opened == AUTH_SEALED) {
        ldap_tell_sealed(s, ldap_protection_sealed);
        return;
    }
    s->protection = opened == AUTH_CLEAR ? ldap_protection_signed : ldap_protection_sealed;
    s->opened = opened == AUTH_OPENED;
    take_plain(s, plain);
}
