/*
 * ldap_world - builds messages, and sends them.
 */
#include "tests/unit/protocol-decode/ldap_world.h"

#include <stdarg.h>

static const struct hash_key seed = {.k0 = 5, .k1 = 6};

int ldap_world_open(void **state)
{
    static struct ldap_world world;
    token_world_open(&world.t);
    *state = &world;
    enum err err = auth_create(
        &world.auth, &(struct auth_options){.conversations = 4, .timeout = 10 * TIME_NS_S, .seed = seed});
    if (err == ERR_OK)
        err = ldap_create(
            &world.module,
            &(struct ldap_options){
                .connections = 2, .requests = 8, .pages = 128, .timeout = 10 * TIME_NS_S, .seed = seed},
            world.auth);
    return err == ERR_OK ? 0 : -1;
}

int ldap_world_close(void **state)
{
    struct ldap_world *w = *state;
    ldap_free(w->module);
    auth_free(w->auth);
    token_world_close(&w->t);
    return 0;
}

static struct str take(struct ldap_world *w, const void *bytes, size_t size)
{
    char *at = arena_take(&w->t.batch.arena, size + 1);
    if (size > 0)
        memcpy(at, bytes, size);
    return (struct str){.at = at, .size = (uint32_t)size};
}

static struct str element(struct ldap_world *w, int tag, struct str content)
{
    uint8_t head[6] = {(uint8_t)tag, (uint8_t)content.size};
    size_t size = 2;
    if (content.size >= 0x80) {
        head[1] = 0x84;
        for (size_t i = 0; i < 4; i++)
            head[2 + i] = (uint8_t)(content.size >> (24 - 8 * i));
        size = 6;
    }
    return ldap_joined(w, take(w, head, size), content);
}

struct str ldap_joined(struct ldap_world *w, struct str first, struct str second)
{
    char *at = arena_take(&w->t.batch.arena, (size_t)first.size + second.size + 1);
    if (first.size > 0)
        memcpy(at, first.at, first.size);
    if (second.size > 0)
        memcpy(at + first.size, second.at, second.size);
    return (struct str){.at = at, .size = first.size + second.size};
}

struct str ber(struct ldap_world *w, int tag, ...)
{
    struct str content = take(w, "", 0);
    va_list parts;
    va_start(parts, tag);
    for (struct str part = va_arg(parts, struct str); part.at; part = va_arg(parts, struct str))
        content = ldap_joined(w, content, part);
    va_end(parts);
    return element(w, tag, content);
}

struct str ber_number(struct ldap_world *w, int tag, uint32_t value)
{
    uint8_t bytes[5] = {0, (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                        (uint8_t)value};
    size_t skip = 0;
    while (skip < 4 && bytes[skip] == 0 && bytes[skip + 1] < 0x80)
        skip++;
    return element(w, tag, take(w, bytes + skip, sizeof(bytes) - skip));
}

struct str ber_text(struct ldap_world *w, int tag, const char *text)
{
    return element(w, tag, take(w, text, strlen(text)));
}

struct str ldap_search(struct ldap_world *w, uint32_t id, struct str filter)
{
    return LDAP_MESSAGE(id, BER(0x63, OCTETS("DC=a"), ENUMERATED(2), ENUMERATED(0), INTEGER(1000),
                                INTEGER(60), BOOLEAN(0), filter, BER(0x30, OCTETS("cn"))));
}

struct str ldap_entry(struct ldap_world *w, uint32_t id, const char *name)
{
    return LDAP_MESSAGE(
        id, BER(0x64, OCTETS(name),
                BER(0x30, BER(0x30, OCTETS("sAMAccountName"), BER(0x31, OCTETS("alice"))),
                    BER(0x30, OCTETS("objectSid"),
                        BER(0x31,
                            BER(0x04, BYTES("010500000000000515000000010000000200000003000000f4010000")))))));
}

struct str ldap_result(struct ldap_world *w, uint32_t id, int op, uint32_t code, const char *diagnostic)
{
    return LDAP_MESSAGE(id, BER(op, ENUMERATED(code), OCTETS(""), OCTETS(diagnostic)));
}

struct str ldap_bind_simple(struct ldap_world *w, uint32_t id, const char *name, const char *password)
{
    return LDAP_MESSAGE(id, BER(0x60, INTEGER(3), OCTETS(name), ber_text(w, 0x80, password)));
}

struct str ldap_bind_sasl(struct ldap_world *w, uint32_t id, const char *mechanism, struct str credentials)
{
    struct str sasl = credentials.size > 0 ? BER(0xa3, OCTETS(mechanism), BER(0x04, credentials))
                                           : BER(0xa3, OCTETS(mechanism));
    return LDAP_MESSAGE(id, BER(0x60, INTEGER(3), OCTETS(""), sasl));
}

struct str ldap_bind_reply(struct ldap_world *w, uint32_t id, uint32_t code, struct str credentials)
{
    if (credentials.size == 0)
        return ldap_result(w, id, 0x61, code, "");
    return LDAP_MESSAGE(id, BER(0x61, ENUMERATED(code), OCTETS(""), OCTETS(""), BER(0x87, credentials)));
}

/* RFC 4121 4.2.6.2: EC and RRC of 12, so that the message stands behind its checksum. */
struct str ldap_wrapped(struct ldap_world *w, bool by_server, bool sealed, struct str plain)
{
    uint8_t head[4 + 16 + 12] = {[4] = 0x05, 0x04, 0x04, 0xff, 0x00, 0x0c, 0x00, 0x0c};
    head[6] = (uint8_t)(0x04 | (by_server ? 1 : 0) | (sealed ? 2 : 0));
    uint32_t size = 16 + 12 + plain.size;
    for (size_t i = 0; i < 4; i++)
        head[i] = (uint8_t)(size >> (24 - 8 * i));
    return ldap_joined(w, take(w, head, sizeof(head)), plain);
}

void ldap_send(struct ldap_world *w, struct str message, bool to_server, uint64_t at_ms)
{
    struct place place = token_place(1, to_server, at_ms);
    place.server_port = 389;
    /* As the stream would: framed, and only so much as is wanted. */
    while (message.size > 0) {
        struct framing framing = ldap_frame(w->module, &place, message);
        REQUIRE(framing.state == FRAMING_WHOLE && framing.want <= message.size);
        struct str wanted = {.at = message.at, .size = framing.want};
        ldap_message(w->module, &w->t.out, &place, wanted, framing.size);
        uint32_t taken = framing.size < message.size ? framing.size : message.size;
        message.at += taken;
        message.size -= taken;
    }
}

const struct ldap *ldap_told(struct ldap_world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_ldap);
}
