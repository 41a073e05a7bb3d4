/*
 * ldap_request - what is asked of a directory (RFC 4511 4.2 to 4.12).
 */
#include "common/base/text.h"
#include "services/protocol-decode/ldap_names.h"
#include "services/protocol-decode/ldap_state.h"
#include "services/protocol-decode/ldap_text.h"

enum {
    CONTROLS_MAX = 64,
    ATTRIBUTES_MAX = 4096,
    CHANGES_MAX = 4096,
    VALUES_MAX = 65536,
    VALUE_BYTES_MAX = 512, /* a longer one is not told: it is no name */
};

static const struct str oid_paged_results = {"1.2.840.113556.1.4.319", 22};
static const struct str oid_sd_flags = {"1.2.840.113556.1.4.801", 22};
static const struct str oid_who_am_i = {"1.3.6.1.4.1.4203.1.11.3", 23};
static const struct str oid_password_modify = {"1.3.6.1.4.1.4203.1.11.1", 23};

static uint8_t choice_of(struct der *d, uint32_t last)
{
    int64_t value = der_enumerated(d);
    if (value < 0 || value > last) {
        der_fail(d, "value of no known meaning");
        return 0;
    }
    return (uint8_t)(value + 1);
}

/* As Filter stands within other elements, it is read on its own: the attributes behind it are read whatever
 * is wrong with it. */
static void read_filter(struct ldap_step *s, struct der *content)
{
    struct der_fault fault = {0};
    size_t before = reader_offset(&content->bytes);
    struct der filter = der_of(der_element(content), &fault);
    if (!der_ok(content))
        return;
    struct ldap_text text = ldap_text_open(&s->out->batch->arena, LDAP_FILTER_BYTES_MAX);
    ldap_text_filter(&text, &filter);
    ldap_note(&s->exchange->notes, LDAP_NOTE_FILTER, ldap_text_str(&text));
    s->exchange->notes.cut |= text.cut;
    if (!fault.failed)
        return;
    s->exchange->unread = unread_malformed;
    s->exchange->unread_at = (uint32_t)(before + fault.offset);
    ldap_refuse(s, fault.reason, before + fault.offset);
}

/* RFC 4511 4.5.1. */
static void read_search(struct ldap_step *s, struct der *content)
{
    struct ldap_exchange *x = s->exchange;
    ldap_note(&x->notes, LDAP_NOTE_OBJECT, der_bytes(content, DER_OCTET_STRING));
    x->scope = choice_of(content, ldap_scope_subordinate_subtree - 1);
    x->deref_aliases = choice_of(content, ldap_deref_always - 1);
    x->size_limit = der_u32(content);
    x->time_limit = der_u32(content);
    x->types_only = der_boolean(content);
    read_filter(s, content);
    struct der attributes = der_open(content, DER_SEQUENCE);
    for (int i = 0; i < ATTRIBUTES_MAX && der_more(&attributes); i++)
        ldap_note(&x->notes, LDAP_NOTE_ATTRIBUTE, der_bytes(&attributes, DER_OCTET_STRING));
}

/* What a value looks like to a person; empty when it is not to be told. */
static struct str value_text(struct arena *arena, enum ldap_syntax syntax, struct str value)
{
    switch (syntax) {
    case LDAP_TEXT:
        return value.size <= VALUE_BYTES_MAX && ldap_is_text(value) ? value : (struct str){0};
    case LDAP_SID:
        return ldap_text_sid(arena, value);
    case LDAP_GUID:
        return ldap_text_guid(arena, value);
    case LDAP_SECRET:
    case LDAP_BINARY:
        break;
    }
    return (struct str){0};
}

/* type and vals of a PartialAttribute (RFC 4511 4.1.7). */
static void read_change(struct ldap_step *s, struct der *attribute, uint8_t kind)
{
    struct ldap_notes *notes = &s->exchange->notes;
    struct str description = der_bytes(attribute, DER_OCTET_STRING);
    struct der values = der_open(attribute, DER_SET);
    enum ldap_syntax syntax = ldap_syntax_of(description);
    struct ldap_change_head head = {.kind = kind, .secret = syntax == LDAP_SECRET};
    struct der counted = values;
    while (head.value_count < VALUES_MAX && der_more(&counted)) {
        (void)der_bytes(&counted, DER_OCTET_STRING);
        head.value_count++;
    }
    s->exchange->change_count++;
    if (!der_ok(attribute) ||
        !ldap_note_fits(notes, LDAP_NOTE_CHANGE, (uint32_t)sizeof(head) + description.size))
        return;
    ldap_note_change(notes, &head, description);
    for (uint32_t i = 0; i < head.value_count; i++) {
        struct str text = value_text(&s->out->batch->arena, syntax, der_bytes(&values, DER_OCTET_STRING));
        if (text.size == 0 || !ldap_note_fits(notes, LDAP_NOTE_VALUE, text.size))
            break;
        ldap_note(notes, LDAP_NOTE_VALUE, text);
    }
}

/* RFC 4511 4.6. */
static void read_modify(struct ldap_step *s, struct der *content)
{
    ldap_note(&s->exchange->notes, LDAP_NOTE_OBJECT, der_bytes(content, DER_OCTET_STRING));
    struct der changes = der_open(content, DER_SEQUENCE);
    for (int i = 0; i < CHANGES_MAX && der_more(&changes); i++) {
        struct der change = der_open(&changes, DER_SEQUENCE);
        uint8_t kind = choice_of(&change, ldap_change_kind_increment - 1);
        struct der attribute = der_open(&change, DER_SEQUENCE);
        read_change(s, &attribute, kind);
    }
}

/* RFC 4511 4.7. */
static void read_add(struct ldap_step *s, struct der *content)
{
    ldap_note(&s->exchange->notes, LDAP_NOTE_OBJECT, der_bytes(content, DER_OCTET_STRING));
    struct der attributes = der_open(content, DER_SEQUENCE);
    for (int i = 0; i < CHANGES_MAX && der_more(&attributes); i++) {
        struct der attribute = der_open(&attributes, DER_SEQUENCE);
        read_change(s, &attribute, ldap_change_kind_add);
    }
}

/* RFC 4511 4.9. */
static void read_modify_dn(struct ldap_step *s, struct der *content)
{
    struct ldap_notes *notes = &s->exchange->notes;
    ldap_note(notes, LDAP_NOTE_OBJECT, der_bytes(content, DER_OCTET_STRING));
    ldap_note(notes, LDAP_NOTE_NEW_RDN, der_bytes(content, DER_OCTET_STRING));
    s->exchange->delete_old_rdn = der_boolean(content);
    if (der_peek(content) == LDAP_PRIMITIVE(0))
        ldap_note(notes, LDAP_NOTE_NEW_SUPERIOR, der_bytes(content, LDAP_PRIMITIVE(0)));
}

/* RFC 4511 4.10. */
static void read_compare(struct ldap_step *s, struct der *content)
{
    struct ldap_notes *notes = &s->exchange->notes;
    ldap_note(notes, LDAP_NOTE_OBJECT, der_bytes(content, DER_OCTET_STRING));
    struct der assertion = der_open(content, DER_SEQUENCE);
    struct str attribute = der_bytes(&assertion, DER_OCTET_STRING);
    struct str value = der_bytes(&assertion, DER_OCTET_STRING);
    if (!der_ok(content))
        return;
    struct ldap_text text = ldap_text_open(&s->out->batch->arena, LDAP_FILTER_BYTES_MAX);
    ldap_text_assertion(&text, attribute, "=", value);
    ldap_note(notes, LDAP_NOTE_FILTER, ldap_text_str(&text));
    notes->cut |= text.cut;
}

/* RFC 3062 2.1: userIdentity [0], oldPasswd [1], newPasswd [2]. */
static void read_password_modify(struct ldap_step *s, struct str value)
{
    struct der_fault fault = {0};
    struct der d = der_of(value, &fault);
    struct der request = der_open(&d, DER_SEQUENCE);
    while (der_more(&request)) {
        uint8_t tag;
        struct der field = der_any(&request, &tag);
        if (tag == LDAP_PRIMITIVE(0))
            ldap_note(&s->exchange->notes, LDAP_NOTE_IDENTITY, reader_rest(&field.bytes));
        else
            s->exchange->clear_text = s->protection < ldap_protection_sealed;
    }
    if (fault.failed)
        ldap_refuse(s, fault.reason, fault.offset);
}

/* RFC 4511 4.12: requestName [0], requestValue [1]. */
static void read_extended(struct ldap_step *s, struct der *content)
{
    struct str oid = der_bytes(content, LDAP_PRIMITIVE(0));
    ldap_note(&s->exchange->notes, LDAP_NOTE_EXTENDED_OID, oid);
    s->exchange->who_am_i = str_equal(oid, oid_who_am_i);
    if (der_peek(content) != LDAP_PRIMITIVE(1))
        return;
    struct str value = der_bytes(content, LDAP_PRIMITIVE(1));
    if (der_ok(content) && str_equal(oid, oid_password_modify))
        read_password_modify(s, value);
}

/* RFC 4511 4.11: a message id, as the content of the operation itself. */
static void read_abandon(struct ldap_step *s, struct der *content)
{
    size_t size = reader_left(&content->bytes);
    if (size == 0 || size > sizeof(uint32_t))
        der_fail(content, "message id of no or too many bytes");
    while (reader_left(&content->bytes) > 0)
        s->exchange->abandoned_id = s->exchange->abandoned_id << 8 | reader_u8(&content->bytes);
}

void ldap_read_request(struct ldap_step *s, uint8_t op, struct der *content)
{
    switch (op) {
    case LDAP_BIND_REQUEST:
        ldap_read_bind(s, content);
        break;
    case LDAP_SEARCH_REQUEST:
        read_search(s, content);
        break;
    case LDAP_MODIFY_REQUEST:
        read_modify(s, content);
        break;
    case LDAP_ADD_REQUEST:
        read_add(s, content);
        break;
    case LDAP_DELETE_REQUEST:
        ldap_note(&s->exchange->notes, LDAP_NOTE_OBJECT, reader_rest(&content->bytes));
        break;
    case LDAP_MODIFY_DN_REQUEST:
        read_modify_dn(s, content);
        break;
    case LDAP_COMPARE_REQUEST:
        read_compare(s, content);
        break;
    case LDAP_EXTENDED_REQUEST:
        read_extended(s, content);
        break;
    case LDAP_ABANDON_REQUEST:
        read_abandon(s, content);
        break;
    default: /* an unbind holds nothing */
        break;
    }
}

/* What a control says, where it is one of these. */
static void read_control_value(struct ldap_step *s, struct str oid, struct str value)
{
    struct der_fault fault = {0};
    struct der d = der_of(value, &fault);
    struct der content = der_open(&d, DER_SEQUENCE);
    if (str_equal(oid, oid_paged_results)) {
        s->exchange->page_size = der_u32(&content);
        s->exchange->page_continued = der_bytes(&content, DER_OCTET_STRING).size > 0;
    } else {
        s->exchange->sd_flags = der_u32(&content);
    }
    if (fault.failed)
        ldap_refuse(s, fault.reason, fault.offset);
}

/* RFC 4511 4.1.11: controlType, criticality, controlValue. */
void ldap_read_controls(struct ldap_step *s, struct der *d, bool reply)
{
    if (der_peek(d) != DER_CONTEXT(0))
        return;
    struct der controls = der_open(d, DER_CONTEXT(0));
    for (int i = 0; i < CONTROLS_MAX && der_more(&controls); i++) {
        struct der control = der_open(&controls, DER_SEQUENCE);
        struct str oid = der_bytes(&control, DER_OCTET_STRING);
        enum ldap_note kind = reply ? LDAP_NOTE_REPLY_CONTROL : LDAP_NOTE_CONTROL;
        if (!reply || ldap_note_fits(&s->exchange->notes, kind, oid.size))
            ldap_note(&s->exchange->notes, kind, oid);
        if (der_peek(&control) == DER_BOOLEAN)
            (void)der_boolean(&control);
        if (der_peek(&control) != DER_OCTET_STRING || reply)
            continue;
        struct str value = der_bytes(&control, DER_OCTET_STRING);
        if (str_equal(oid, oid_paged_results) || str_equal(oid, oid_sd_flags))
            read_control_value(s, oid, value);
    }
}
