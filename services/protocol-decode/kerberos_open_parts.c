/*
 * kerberos_open_parts - reads sealed parts where they stand, and plain ones once they are opened.
 */
#include "services/protocol-decode/kerberos_open_parts.h"
#include "common/base/text.h"

enum {
    TAG_AUTHENTICATOR = 2, /* RFC 4120 5.10 */
    TAG_TICKET_PART = 3,
    TAG_AS_REP_PART = 25,
    TAG_TGS_REP_PART = 26,
    TAG_AP_REP_PART = 27,
    PADATA_TGS_REQ = 1, /* RFC 4120 7.5.2 */
    AD_IF_RELEVANT = 1, /* RFC 4120 7.5.4 */
    AD_WIN2K_PAC = 128,
    AD_DEPTH_MAX = 3,
};

static struct str read_name(struct arena *arena, struct der *d, int32_t *type)
{
    struct str name = {0};
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            *type = der_i32(&field);
        if (tag != DER_CONTEXT(1))
            continue;
        struct der parts = der_open(&field, DER_SEQUENCE);
        for (int i = 0; i < KERBEROS_NAME_PARTS_MAX && der_more(&parts); i++) {
            struct str part = text_to_utf8(arena, der_text(&parts));
            name = i == 0 ? part
                          : arena_print(arena, "%.*s/%.*s", (int)name.size, name.at, (int)part.size, part.at);
        }
    }
    return name;
}

static struct open_sealed read_sealed(struct der *d)
{
    struct open_sealed sealed = {0};
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            sealed.etype = der_i32(&field);
        else if (tag == DER_CONTEXT(1))
            sealed.kvno = der_u32(&field);
        else if (tag == DER_CONTEXT(2))
            sealed.cipher = der_bytes(&field, DER_OCTET_STRING);
    }
    return sealed;
}

static struct open_ticket read_ticket(struct arena *arena, struct der *d)
{
    struct open_ticket ticket = {0};
    int32_t type;
    struct der outer = der_open(d, DER_APPLICATION(KERBEROS_TICKET));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(1))
            ticket.realm = text_to_utf8(arena, der_text(&field));
        else if (tag == DER_CONTEXT(2))
            ticket.sname = read_name(arena, &field, &type);
        else if (tag == DER_CONTEXT(3))
            ticket.part = read_sealed(&field);
    }
    return ticket;
}

static struct open_ap read_ap(struct arena *arena, struct der *d)
{
    struct open_ap ap = {0};
    struct der outer = der_open(d, DER_APPLICATION(KERBEROS_AP_REQ));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(3))
            ap.ticket = read_ticket(arena, &field);
        else if (tag == DER_CONTEXT(4))
            ap.authenticator = read_sealed(&field);
    }
    return ap;
}

/* The AP-REQ of PA-TGS-REQ; an empty one when there is none. */
static struct open_ap read_padata(struct arena *arena, struct der *field)
{
    struct open_ap ap = {0};
    struct der list = der_open(field, DER_SEQUENCE);
    for (int i = 0; i < KERBEROS_PADATA_MAX && der_more(&list); i++) {
        int32_t type = 0;
        struct der entry = der_open(&list, DER_SEQUENCE);
        while (der_more(&entry)) {
            uint8_t tag;
            struct der part = der_any(&entry, &tag);
            if (tag == DER_CONTEXT(1))
                type = der_i32(&part);
            if (tag != DER_CONTEXT(2) || type != PADATA_TGS_REQ)
                continue;
            struct der value = der_open(&part, DER_OCTET_STRING);
            ap = read_ap(arena, &value);
        }
    }
    return ap;
}

static struct open_ap read_tgs_req(struct arena *arena, struct der *d)
{
    struct open_ap ap = {0};
    struct der outer = der_open(d, DER_APPLICATION(KERBEROS_TGS_REQ));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(3))
            ap = read_padata(arena, &field);
    }
    return ap;
}

/* KDC-REP (RFC 4120 5.4.2) and AP-REP (5.5.2), whose sealed part has the number 2. */
static struct open_reply read_reply(struct arena *arena, struct der *d, uint8_t type)
{
    struct open_reply reply = {.is_as = type == KERBEROS_AS_REP};
    uint8_t part = type == KERBEROS_AP_REP ? DER_CONTEXT(2) : DER_CONTEXT(6);
    int32_t name_type;
    struct der outer = der_open(d, (uint8_t)DER_APPLICATION(type));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == part)
            reply.part = read_sealed(&field);
        else if (tag == DER_CONTEXT(3))
            reply.crealm = text_to_utf8(arena, der_text(&field));
        else if (tag == DER_CONTEXT(4))
            reply.cname = read_name(arena, &field, &name_type);
        else if (tag == DER_CONTEXT(5))
            reply.ticket = read_ticket(arena, &field);
    }
    return reply;
}

bool kerberos_read_sealed_parts(struct arena *arena, struct str message, struct open_message *to)
{
    struct der_fault fault = {0};
    struct der d = der_of(message, &fault);
    *to = (struct open_message){.type = kerberos_type_of(der_peek(&d))};
    switch (to->type) {
    case KERBEROS_AP_REQ:
        to->ap = read_ap(arena, &d);
        break;
    case KERBEROS_TGS_REQ:
        to->ap = read_tgs_req(arena, &d);
        break;
    case KERBEROS_AS_REP:
    case KERBEROS_TGS_REP:
    case KERBEROS_AP_REP:
        to->reply = read_reply(arena, &d, to->type);
        break;
    default:
        return false;
    }
    return der_ok(&d);
}

/* EncryptionKey (RFC 4120 5.2.9). One that is longer than any known is a fault. */
static void read_key(struct der *d, struct opener_key *key)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    memset(key, 0, sizeof(*key));
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            key->etype = der_i32(&field);
        if (tag != DER_CONTEXT(1))
            continue;
        struct str value = der_bytes(&field, DER_OCTET_STRING);
        if (value.size > OPENER_KEY_BYTES) {
            der_fail(&field, "key longer than any");
            return;
        }
        key->size = value.size;
        memcpy(key->byte, value.at, value.size);
    }
}

/* Authorization data under way (RFC 4120 5.2.6). */
struct authorization {
    struct str pac;
    uint32_t count;
    int32_t types[OPEN_AUTHORIZATION_MAX];
};

static int32_t add_type(struct authorization *to, int32_t type)
{
    if (to->count < OPEN_AUTHORIZATION_MAX)
        to->types[to->count++] = type;
    return type;
}

static void read_authorization(struct der *d, struct authorization *to, int depth)
{
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && to->count < OPEN_AUTHORIZATION_MAX) {
        int32_t type = 0;
        struct der entry = der_open(&list, DER_SEQUENCE);
        while (der_more(&entry)) {
            uint8_t tag;
            struct der field = der_any(&entry, &tag);
            if (tag == DER_CONTEXT(0))
                type = add_type(to, der_i32(&field));
            if (tag != DER_CONTEXT(1))
                continue;
            struct der value = der_open(&field, DER_OCTET_STRING);
            if (type == AD_IF_RELEVANT && depth < AD_DEPTH_MAX)
                read_authorization(&value, to, depth + 1);
            else if (type == AD_WIN2K_PAC && to->pac.size == 0)
                to->pac = reader_rest(&value.bytes);
        }
    }
}

static void read_transited(struct arena *arena, struct der *d, struct ticket_part *part)
{
    struct der sequence = der_open(d, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(1))
            part->transited = text_to_utf8(arena, der_bytes(&field, DER_OCTET_STRING));
    }
}

/* What a ticket and a reply's part have under different numbers: flags, and four times that follow. */
static void read_times(struct der *field, uint8_t number, uint8_t flags, struct ticket_part *part)
{
    if (number == flags)
        part->flags = der_bits(field);
    else if (number == flags + 1)
        part->authtime = der_time(field);
    else if (number == flags + 2)
        part->starttime = der_time(field);
    else if (number == flags + 3)
        part->endtime = der_time(field);
    else if (number == flags + 4)
        part->renew_till = der_time(field);
}

/* EncTicketPart (RFC 4120 5.3). */
static void read_ticket_field(struct arena *arena, uint8_t tag, struct der *field, struct ticket_part *part,
                              struct opener_key *session, struct authorization *authorization)
{
    switch (tag) {
    case DER_CONTEXT(0):
        part->flags = der_bits(field);
        break;
    case DER_CONTEXT(1):
        read_key(field, session);
        part->key_etype = session->etype;
        break;
    case DER_CONTEXT(2):
        part->crealm = text_to_utf8(arena, der_text(field));
        break;
    case DER_CONTEXT(3):
        part->cname = read_name(arena, field, &part->cname_type);
        break;
    case DER_CONTEXT(4):
        read_transited(arena, field, part);
        break;
    case DER_CONTEXT(10):
        read_authorization(field, authorization, 0);
        break;
    default:
        read_times(field, DER_NUMBER(tag), 4, part);
        break;
    }
}

bool kerberos_read_ticket_part(struct arena *arena, struct str plain, struct ticket_part *part,
                               struct opener_key *session, struct str *pac, struct der_fault *fault)
{
    struct der d = der_of(plain, fault);
    struct authorization authorization = {.count = 0};
    struct der outer = der_open(&d, DER_APPLICATION(TAG_TICKET_PART));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        read_ticket_field(arena, tag, &field, part, session, &authorization);
    }
    int32_t *types = arena_take(arena, sizeof(authorization.types));
    memcpy(types, authorization.types, sizeof(authorization.types));
    part->authorization_data = (struct i32s){.at = types, .count = authorization.count};
    *pac = authorization.pac;
    return der_ok(&d) && session->size > 0;
}

/* EncKDCRepPart (RFC 4120 5.4.2). Some KDCs give the tag of a TGS-REP's to both. */
bool kerberos_read_reply_part(struct str plain, struct ticket_part *part, struct opener_key *session,
                              struct der_fault *fault)
{
    struct der d = der_of(plain, fault);
    uint8_t first = der_peek(&d);
    memset(session, 0, sizeof(*session));
    if (first != DER_APPLICATION(TAG_AS_REP_PART) && first != DER_APPLICATION(TAG_TGS_REP_PART))
        der_fail(&d, "not the sealed part of a reply");
    struct der outer = der_any(&d, &first);
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0)) {
            read_key(&field, session);
            part->key_etype = session->etype;
        } else {
            read_times(&field, DER_NUMBER(tag), 4, part);
        }
    }
    return der_ok(&d) && session->size > 0;
}

/* The [number] EncryptionKey in a SEQUENCE under an APPLICATION tag. */
static bool read_subkey(struct str plain, uint8_t application, uint8_t number, struct opener_key *subkey)
{
    struct der_fault fault = {0};
    struct der d = der_of(plain, &fault);
    memset(subkey, 0, sizeof(*subkey));
    struct der outer = der_open(&d, (uint8_t)DER_APPLICATION(application));
    struct der sequence = der_open(&outer, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(number))
            read_key(&field, subkey);
    }
    return der_ok(&d) && subkey->size > 0;
}

bool kerberos_read_authenticator(struct str plain, struct opener_key *subkey)
{
    return read_subkey(plain, TAG_AUTHENTICATOR, 6, subkey);
}

bool kerberos_read_ap_rep_part(struct str plain, struct opener_key *subkey)
{
    return read_subkey(plain, TAG_AP_REP_PART, 2, subkey);
}
