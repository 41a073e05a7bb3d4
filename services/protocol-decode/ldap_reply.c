/*
 * ldap_reply - what a directory answers (RFC 4511 4.2.2 to 4.13).
 */
#include "services/protocol-decode/ldap_names.h"
#include "services/protocol-decode/ldap_state.h"
#include "services/protocol-decode/ldap_text.h"
#include "services/protocol-decode/netlogon_ping.h"

#include "common/base/text.h"

enum {
    RESULT_SUCCESS = 0,
    RESULT_COMPARE_FALSE = 5,
    RESULT_COMPARE_TRUE = 6,
    RESULT_REFERRAL = 10,
    RESULT_SASL_IN_PROGRESS = 14,
    RESULT_CODE_MAX = 1 << 20,
    REFERRALS_MAX = 256,
    ATTRIBUTES_MAX = 65536,
    VALUES_MAX = 4096,
};

static struct str without_nul(struct str text)
{
    while (text.size > 0 && text.at[text.size - 1] == 0)
        text.size--;
    return text;
}

/* Lists of what answers hold keep the first ones that fit; that there are more is no fault. */
static void note_first(struct ldap_step *s, enum ldap_note kind, struct str text)
{
    if (text.size > 0 && ldap_note_fits(&s->exchange->notes, kind, text.size))
        ldap_note(&s->exchange->notes, kind, text);
}

static void read_uris(struct ldap_step *s, struct der *list)
{
    for (int i = 0; i < REFERRALS_MAX && der_more(list); i++)
        note_first(s, LDAP_NOTE_REFERRAL, der_bytes(list, DER_OCTET_STRING));
}

static uint8_t outcome_of(uint32_t code)
{
    switch (code) {
    case RESULT_SUCCESS:
    case RESULT_COMPARE_FALSE:
    case RESULT_COMPARE_TRUE:
        return outcome_success;
    case RESULT_REFERRAL:
    case RESULT_SASL_IN_PROGRESS:
        return outcome_unknown;
    default:
        return outcome_failure;
    }
}

struct str ldap_read_result(struct ldap_step *s, struct der *content)
{
    struct ldap_exchange *x = s->exchange;
    int64_t code = der_enumerated(content);
    struct str matched = der_bytes(content, DER_OCTET_STRING);
    struct str diagnostic = without_nul(der_bytes(content, DER_OCTET_STRING));
    if (code < 0 || code > RESULT_CODE_MAX)
        der_fail(content, "resultCode out of range");
    if (!der_ok(content))
        return (struct str){0};
    x->result_code = (uint32_t)code;
    x->outcome = outcome_of(x->result_code);
    if (ldap_is_text(matched))
        note_first(s, LDAP_NOTE_MATCHED_DN, matched);
    note_first(s, LDAP_NOTE_DIAGNOSTIC, diagnostic);
    ldap_read_diagnostic(diagnostic, &x->error_code, &x->error_data);
    if (der_peek(content) == DER_CONTEXT(3)) {
        struct der referral = der_open(content, DER_CONTEXT(3));
        read_uris(s, &referral);
    }
    return matched;
}

/* The Netlogon attribute of the rootDSE is the answer to a ping (MS-ADTS 6.3.3.2). */
static void read_ping(struct ldap_step *s, struct str value)
{
    struct ldap_exchange *x = s->exchange;
    struct netlogon_ping ping;
    size_t offset;
    if (!netlogon_ping_parse(&s->out->batch->arena, value, &ping, &offset)) {
        decode_malformed(s->out, s->place, "netlogon_ping", "no answer to a ping, or cut short", offset);
        return;
    }
    x->netlogon_opcode = ping.opcode;
    x->netlogon_flags = ping.flags;
    x->netlogon_version = ping.version;
    x->netlogon_address = ping.address;
    memcpy(x->netlogon_domain_guid, ping.domain_guid, sizeof(ping.domain_guid));
    note_first(s, LDAP_NOTE_FOREST, ping.forest);
    note_first(s, LDAP_NOTE_DNS_DOMAIN, ping.dns_domain);
    note_first(s, LDAP_NOTE_DNS_HOST, ping.dns_host);
    note_first(s, LDAP_NOTE_NETBIOS_DOMAIN, ping.domain);
    note_first(s, LDAP_NOTE_NETBIOS_HOST, ping.host);
    note_first(s, LDAP_NOTE_NETLOGON_USER, ping.user);
    note_first(s, LDAP_NOTE_DC_SITE, ping.dc_site);
    note_first(s, LDAP_NOTE_CLIENT_SITE, ping.client_site);
    note_first(s, LDAP_NOTE_NEXT_SITE, ping.next_site);
}

static void read_value(struct ldap_step *s, enum ldap_note kind, struct str value)
{
    if (kind == LDAP_NOTE_SID)
        note_first(s, kind, ldap_text_sid(&s->out->batch->arena, value));
    else if (kind == LDAP_NOTE_ACCOUNT)
        note_first(s, kind, value);
    else
        read_ping(s, value);
}

struct wanted {
    struct str name;
    enum ldap_note kind;
};

/* What of an entry says whom it is about. */
static const struct wanted wanted[] = {
    {{"objectSid", 9}, LDAP_NOTE_SID},
    {{"sAMAccountName", 14}, LDAP_NOTE_ACCOUNT},
    {{"Netlogon", 8}, LDAP_NOTE_FOREST},
};

static void read_attribute(struct ldap_step *s, struct der *attribute)
{
    struct str name = der_bytes(attribute, DER_OCTET_STRING);
    for (size_t i = 0; i < ARRAY_COUNT(wanted); i++) {
        if (!text_equal_nocase(name, wanted[i].name))
            continue;
        struct der values = der_open(attribute, DER_SET);
        for (int v = 0; v < VALUES_MAX && der_more(&values); v++)
            read_value(s, wanted[i].kind, der_bytes(&values, DER_OCTET_STRING));
    }
}

/* RFC 4511 4.5.2. When nothing more would be kept, an entry is only counted. */
static void read_entry(struct ldap_step *s, struct der *content)
{
    struct ldap_notes *notes = &s->exchange->notes;
    s->exchange->entries++;
    struct str name = der_bytes(content, DER_OCTET_STRING);
    note_first(s, LDAP_NOTE_ENTRY, name);
    if (name.size > 0 && !ldap_note_fits(notes, LDAP_NOTE_SID, 1) &&
        !ldap_note_fits(notes, LDAP_NOTE_ACCOUNT, 1))
        return;
    struct der attributes = der_open(content, DER_SEQUENCE);
    for (int i = 0; i < ATTRIBUTES_MAX && der_more(&attributes); i++) {
        struct der attribute = der_open(&attributes, DER_SEQUENCE);
        read_attribute(s, &attribute);
    }
}

/* RFC 4511 4.12: responseName [10], responseValue [11]. */
static void read_extended(struct ldap_step *s, struct der *content)
{
    struct ldap_exchange *x = s->exchange;
    (void)ldap_read_result(s, content);
    if (der_peek(content) == LDAP_PRIMITIVE(10))
        note_first(s, LDAP_NOTE_EXTENDED_OID, der_bytes(content, LDAP_PRIMITIVE(10)));
    if (der_peek(content) != LDAP_PRIMITIVE(11))
        return;
    struct str value = der_bytes(content, LDAP_PRIMITIVE(11));
    if (x->who_am_i)
        note_first(s, LDAP_NOTE_IDENTITY, value);
}

bool ldap_read_reply(struct ldap_step *s, uint8_t op, struct der *content)
{
    struct ldap_exchange *x = s->exchange;
    switch (op) {
    case LDAP_SEARCH_ENTRY:
        read_entry(s, content);
        return false;
    case LDAP_SEARCH_REFERENCE:
        x->references++;
        read_uris(s, content);
        return false;
    case LDAP_INTERMEDIATE_RESPONSE:
        x->intermediates++;
        return false;
    case LDAP_BIND_RESPONSE:
        ldap_read_bind_reply(s, content);
        return true;
    case LDAP_EXTENDED_RESPONSE:
        read_extended(s, content);
        return true;
    default:
        (void)ldap_read_result(s, content);
        return true;
    }
}
