/*
 * kerberos_padata - pre-authentication data of requests.
 */
#include "services/protocol-decode/kerberos_padata.h"

/* padata-type (RFC 4120 7.5.2, RFC 4556 3.1.3, RFC 6113, MS-KILE 2.2, MS-SFU 2.2). */
enum {
    PA_TGS_REQ = 1,
    PA_ENC_TIMESTAMP = 2,
    PA_PK_AS_REQ_OLD = 14,
    PA_PK_AS_REQ_WINDOWS_2000 = 15,
    PA_PK_AS_REQ = 16,
    PA_PAC_REQUEST = 128,
    PA_FOR_USER = 129,
    PA_S4U_X509_USER = 130,
    PA_FX_COOKIE = 133,
    PA_FX_FAST = 136,
    PA_ENCRYPTED_CHALLENGE = 138,
    PA_KEY_LIST_REQ = 161,
    PA_PAC_OPTIONS = 167,
};

struct padata_reader {
    int32_t type;
    void (*read)(struct kerberos_parse *p, struct der *value);
};

/* PA-TGS-REQ is an AP-REQ (RFC 4120 5.2.7.1); its ticket is the one that is presented. */
static void read_tgs_req(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    struct kerberos_ap_req ap = kerberos_read_ap_req(p, value);
    body->tgt = decode_fingerprint(p->out, ap.ticket.part.cipher);
    body->tgt_etype = ap.ticket.part.etype;
    body->tgt_kvno = ap.ticket.part.kvno;
    body->tgt_bytes = ap.ticket.part.cipher.size;
    body->tgt_sname = ap.ticket.sname;
    body->tgt_realm = ap.ticket.realm;
    body->tgt_options = ap.options;
    body->authenticator_etype = ap.authenticator.etype;
}

/* PA-ENC-TIMESTAMP (RFC 4120 5.2.7.2) and the encrypted challenge of FAST (RFC 6113 5.4.6). */
static void read_preauth(struct kerberos_parse *p, struct der *value)
{
    struct kerberos_sealed sealed = kerberos_read_sealed(value);
    p->to->body.preauth_etype = sealed.etype;
    p->to->body.preauth_kvno = sealed.kvno;
    p->to->body.preauth = decode_fingerprint(p->out, sealed.cipher);
}

/* KERB-PA-PAC-REQUEST (MS-KILE 2.2.3). */
static void read_pac_request(struct kerberos_parse *p, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    bool include = der_boolean(&field);
    if (der_ok(value))
        p->to->body.pac_request = include ? tristate_yes : tristate_no;
}

/* PA-FOR-USER (MS-SFU 2.2.1). */
static void read_for_user(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    int32_t type;
    struct der sequence = der_open(value, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            body->for_user = kerberos_read_name(p, &field, &type);
        else if (tag == DER_CONTEXT(1))
            body->for_user_realm = kerberos_read_text(p, &field);
        else if (tag == DER_CONTEXT(2))
            body->for_user_checksum = kerberos_read_checksum(&field);
    }
}

/* S4UUserID (MS-SFU 2.2.2); cname is absent when only a certificate names the user. PA-FOR-USER says the same
 * where both are sent. */
static void read_user_id(struct kerberos_parse *p, struct der *d)
{
    struct kerberos *body = &p->to->body;
    int32_t type;
    struct der user = der_open(d, DER_SEQUENCE);
    while (der_more(&user)) {
        uint8_t tag;
        struct der field = der_any(&user, &tag);
        if (tag == DER_CONTEXT(1) && body->for_user.size == 0)
            body->for_user = kerberos_read_name(p, &field, &type);
        else if (tag == DER_CONTEXT(2) && body->for_user_realm.size == 0)
            body->for_user_realm = kerberos_read_text(p, &field);
        else if (tag == DER_CONTEXT(3))
            body->for_user_certificate = decode_fingerprint(p->out, der_bytes(&field, DER_OCTET_STRING));
        else if (tag == DER_CONTEXT(4))
            body->s4u_options = der_bits(&field);
    }
}

/* PA-S4U-X509-USER (MS-SFU 2.2.2). */
static void read_s4u_user(struct kerberos_parse *p, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    read_user_id(p, &field);
    struct der checksum = der_open(&sequence, DER_CONTEXT(1));
    p->to->body.for_user_checksum = kerberos_read_checksum(&checksum);
}

static void read_cookie(struct kerberos_parse *p, struct der *value)
{
    p->to->body.cookie = decode_fingerprint(p->out, reader_rest(&value->bytes));
}

static void read_key_list(struct kerberos_parse *p, struct der *value)
{
    p->to->body.key_list = kerberos_read_numbers(p, value);
}

static void read_pac_options(struct kerberos_parse *p, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    p->to->body.pac_options = der_bits(&field);
}

/* KrbFastArmor (RFC 6113 5.4.1.1): of the types that are defined, FX_FAST_ARMOR_AP_REQUEST alone. */
static void read_armor(struct kerberos_parse *p, struct der *d)
{
    enum { ARMOR_AP_REQUEST = 1 };
    struct kerberos *body = &p->to->body;
    struct der sequence = der_open(d, DER_SEQUENCE);
    struct der type = der_open(&sequence, DER_CONTEXT(0));
    body->armor_type = der_i32(&type);
    struct der field = der_open(&sequence, DER_CONTEXT(1));
    struct der value = der_open(&field, DER_OCTET_STRING);
    if (!der_ok(&value) || body->armor_type != ARMOR_AP_REQUEST)
        return;
    struct kerberos_ap_req ap = kerberos_read_ap_req(p, &value);
    body->armor_ticket = decode_fingerprint(p->out, ap.ticket.part.cipher);
    body->armor_sname = ap.ticket.sname;
    body->armor_realm = ap.ticket.realm;
    body->armor_etype = ap.ticket.part.etype;
    body->armor_kvno = ap.ticket.part.kvno;
}

/* KrbFastArmoredReq (RFC 6113 5.4.2). */
static void read_fast(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    struct der choice = der_open(value, DER_CONTEXT(0));
    struct der sequence = der_open(&choice, DER_SEQUENCE);
    while (der_more(&sequence)) {
        uint8_t tag;
        struct der field = der_any(&sequence, &tag);
        if (tag == DER_CONTEXT(0))
            read_armor(p, &field);
        else if (tag == DER_CONTEXT(1))
            body->fast_checksum = kerberos_read_checksum(&field);
        else if (tag == DER_CONTEXT(2))
            body->fast_etype = kerberos_read_sealed(&field).etype;
    }
}

static const struct padata_reader readers[] = {
    {PA_TGS_REQ, read_tgs_req},
    {PA_ENC_TIMESTAMP, read_preauth},
    {PA_PAC_REQUEST, read_pac_request},
    {PA_PAC_OPTIONS, read_pac_options},
    {PA_FX_FAST, read_fast},
    {PA_FX_COOKIE, read_cookie},
    {PA_ENCRYPTED_CHALLENGE, read_preauth},
    {PA_FOR_USER, read_for_user},
    {PA_S4U_X509_USER, read_s4u_user},
    {PA_PK_AS_REQ, pkinit_read_request},
    {PA_PK_AS_REQ_OLD, pkinit_read_request},
    {PA_PK_AS_REQ_WINDOWS_2000, pkinit_read_request},
    {PA_KEY_LIST_REQ, read_key_list},
};

static void read_value(struct kerberos_parse *p, int32_t type, struct der *value)
{
    for (size_t i = 0; i < ARRAY_COUNT(readers); i++)
        if (readers[i].type == type) {
            readers[i].read(p, value);
            return;
        }
}

int32_t kerberos_read_padata(struct der *list, struct der *value)
{
    int32_t type = 0;
    struct der entry = der_open(list, DER_SEQUENCE);
    *value = (struct der){.bytes = reader_of(NULL, 0), .fault = list->fault};
    while (der_more(&entry)) {
        uint8_t tag;
        struct der field = der_any(&entry, &tag);
        if (tag == DER_CONTEXT(1))
            type = der_i32(&field);
        else if (tag == DER_CONTEXT(2))
            *value = der_open(&field, DER_OCTET_STRING);
    }
    return type;
}

void kerberos_note_inner(struct kerberos_parse *p, const struct der_fault *fault)
{
    if (fault->failed && !p->to->inner.failed)
        p->to->inner = *fault;
}

void kerberos_read_request_padata(struct kerberos_parse *p, struct der *d)
{
    int32_t types[KERBEROS_PADATA_MAX];
    uint32_t count = 0;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_PADATA_MAX) {
        struct der value;
        struct der_fault fault = {0};
        int32_t type = kerberos_read_padata(&list, &value);
        if (!der_ok(&list))
            return;
        types[count++] = type;
        if (type == PA_FX_FAST)
            p->to->body.armored = true;
        value.fault = &fault;
        /* An empty value is a hint that this kind is known, as in REQ-ENC-PA-REP. */
        if (der_more(&value))
            read_value(p, type, &value);
        kerberos_note_inner(p, &fault);
    }
    p->to->body.padata = kerberos_keep_numbers(p, types, count);
}
