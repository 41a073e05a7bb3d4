/*
 * kerberos_padata - pre-authentication data of requests, replies and errors.
 */
#include "services/protocol-decode/kerberos_padata.h"

/* padata-type (RFC 4120 7.5.2, RFC 6113, MS-KILE 2.2.8, MS-SFU 2.2). */
enum {
    PA_TGS_REQ = 1,
    PA_ENC_TIMESTAMP = 2,
    PA_ETYPE_INFO = 11,
    PA_ETYPE_INFO2 = 19,
    PA_PAC_REQUEST = 128,
    PA_FOR_USER = 129,
    PA_S4U_X509_USER = 130,
    PA_FX_FAST = 136,
};

/* PA-TGS-REQ is an AP-REQ (RFC 4120 5.2.7.1); its ticket is the one that is presented. */
static void read_tgs_req(struct kerberos_parse *p, struct der *value)
{
    struct kerberos *body = &p->to->body;
    struct kerberos_ap_req ap = kerberos_read_ap_req(p, value);
    body->tgt = decode_fingerprint(p->out, ap.ticket.part.cipher);
    body->tgt_etype = ap.ticket.part.etype;
    body->tgt_kvno = ap.ticket.part.kvno;
    body->tgt_sname = ap.ticket.sname;
    body->authenticator_etype = ap.authenticator.etype;
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

/* PA-FOR-USER (MS-SFU 2.2.1): userName first, of the rest nothing is needed. */
static void read_for_user(struct kerberos_parse *p, struct der *value)
{
    int32_t type;
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    struct str name = kerberos_read_name(p, &field, &type);
    if (name.size > 0)
        p->to->body.for_user = name;
}

/* PA-S4U-X509-USER (MS-SFU 2.2.2); cname is absent when only a certificate names the user. */
static void read_s4u_user(struct kerberos_parse *p, struct der *value)
{
    struct der sequence = der_open(value, DER_SEQUENCE);
    struct der field = der_open(&sequence, DER_CONTEXT(0));
    struct der user = der_open(&field, DER_SEQUENCE);
    while (der_more(&user)) {
        uint8_t tag;
        int32_t type;
        struct der part = der_any(&user, &tag);
        if (tag != DER_CONTEXT(1))
            continue;
        struct str name = kerberos_read_name(p, &part, &type);
        if (p->to->body.for_user.size == 0)
            p->to->body.for_user = name;
    }
}

static void read_request_value(struct kerberos_parse *p, int32_t type, struct der *value)
{
    switch (type) {
    case PA_TGS_REQ:
        read_tgs_req(p, value);
        break;
    case PA_ENC_TIMESTAMP:
        p->to->body.preauth_etype = kerberos_read_sealed(value).etype;
        break;
    case PA_PAC_REQUEST:
        read_pac_request(p, value);
        break;
    case PA_FOR_USER:
        read_for_user(p, value);
        break;
    case PA_S4U_X509_USER:
        read_s4u_user(p, value);
        break;
    default:
        break;
    }
}

/* ETYPE-INFO and ETYPE-INFO2 (RFC 4120 5.2.7.4, 5.2.7.5) begin alike: SEQUENCE OF SEQUENCE { etype [0] ... }.
 */
static struct i32s read_etype_info(struct kerberos_parse *p, struct der *value)
{
    int32_t *etypes = arena_take(&p->out->batch->arena, KERBEROS_ETYPES_MAX * sizeof(*etypes));
    uint32_t count = 0;
    struct der list = der_open(value, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_ETYPES_MAX) {
        struct der entry = der_open(&list, DER_SEQUENCE);
        struct der field = der_open(&entry, DER_CONTEXT(0));
        int32_t etype = der_i32(&field);
        if (der_ok(&list))
            etypes[count++] = etype;
    }
    return (struct i32s){.at = etypes, .count = count};
}

/* One PA-DATA. Its value is read under a fault of its own, which is told with the message but does not spoil
 * it. */
static int32_t read_padata(struct der *list, struct der *value)
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

static struct i32s keep_types(struct kerberos_parse *p, const int32_t *types, uint32_t count)
{
    if (count == 0)
        return (struct i32s){0};
    int32_t *kept = arena_take(&p->out->batch->arena, count * sizeof(*kept));
    memcpy(kept, types, count * sizeof(*kept));
    return (struct i32s){.at = kept, .count = count};
}

/* What is wrong in one value stops only that value; the first such fault of a message is kept. */
static void note_inner(struct kerberos_parse *p, const struct der_fault *fault)
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
        int32_t type = read_padata(&list, &value);
        if (!der_ok(&list))
            return;
        types[count++] = type;
        if (type == PA_FX_FAST)
            p->to->body.armored = true;
        value.fault = &fault;
        /* An empty value is a hint that this kind is known, as in REQ-ENC-PA-REP. */
        if (der_more(&value))
            read_request_value(p, type, &value);
        note_inner(p, &fault);
    }
    p->to->body.padata = keep_types(p, types, count);
}

void kerberos_read_reply_padata(struct kerberos_parse *p, struct der *d)
{
    int32_t types[KERBEROS_PADATA_MAX];
    uint32_t count = 0;
    bool from_info2 = false;
    struct der list = der_open(d, DER_SEQUENCE);
    while (der_more(&list) && count < KERBEROS_PADATA_MAX) {
        struct der value;
        struct der_fault fault = {0};
        int32_t type = read_padata(&list, &value);
        if (!der_ok(&list))
            return;
        types[count++] = type;
        value.fault = &fault;
        /* ETYPE-INFO2 supersedes ETYPE-INFO where both are sent (RFC 4120 5.2.7.5). */
        if ((type == PA_ETYPE_INFO2 || (type == PA_ETYPE_INFO && !from_info2)) && der_more(&value)) {
            p->to->body.offered_etypes = read_etype_info(p, &value);
            from_info2 = type == PA_ETYPE_INFO2;
        }
        note_inner(p, &fault);
    }
    p->to->body.reply_padata = keep_types(p, types, count);
}
