/*
 * stamp_ldap - searches and changes of a directory, and logons to it by a password.
 */
#include "services/identity/stamp_state.h"

enum {
    CERTAINTY_BIND_NAME = 90,
    CERTAINTY_FIRST_RDN = 60, /* a name in the tree need not be the account's */
    LDAP_INVALID_CREDENTIALS = 49,
};

/* "alice" of "CN=alice,OU=Staff,DC=corp,DC=example" (RFC 4514). What is escaped belongs to the value, and the
 * backslash does not: it would be taken for the end of a domain. */
static struct str first_rdn(struct arena *arena, struct str dn)
{
    char *value = arena_zeroed(arena, dn.size + 1);
    uint32_t at = 0, size = 0;
    while (at < dn.size && dn.at[at] != '=')
        at++;
    for (at++; at < dn.size && dn.at[at] != ',' && dn.at[at] != '+'; at++) {
        if (dn.at[at] == '\\' && at + 1 < dn.size)
            at++;
        value[size++] = dn.at[at];
    }
    return (struct str){.at = value, .size = size};
}

/* A simple bind names its account as DOMAIN\user, as user@domain, by its distinguished name or by another of
 * its names (MS-ADTS 5.1.1.1.1); the other ways name it as their own exchange does. */
static void set_account(const struct stamping *s, struct activity *a, const struct ldap *l)
{
    struct str rdn = l->domain.size == 0 ? first_rdn(&s->out->arena, l->user) : (struct str){0};
    if (l->security != security_simple)
        activity_set_session(s, a, l->user, l->domain, l->ticket);
    else if (rdn.size > 0)
        activity_set_account(a, rdn, l->domain, resolved_by_ldap_bind, CERTAINTY_FIRST_RDN);
    else if (l->user.size > 0)
        activity_set_account(a, l->user, l->domain, resolved_by_ldap_bind, CERTAINTY_BIND_NAME);
}

static enum activity_kind kind_of(const struct ldap *l)
{
    switch (l->operation) {
    case ldap_operation_bind:
        /* SASL tokens are Kerberos' and NTLM's to tell; without a password nobody authenticates. */
        return id_is_none(l->password) ? activity_kind_unknown : activity_kind_authentication;
    case ldap_operation_search:
    case ldap_operation_compare:
        return activity_kind_directory_search;
    case ldap_operation_modify:
    case ldap_operation_add:
    case ldap_operation_delete:
    case ldap_operation_modify_dn:
        return activity_kind_directory_change;
    default:
        return activity_kind_unknown;
    }
}

static struct str operation_of(const struct ldap *l)
{
    static const struct str operations[] = {
        [ldap_operation_bind] = STR("LDAP bind"),       [ldap_operation_search] = STR("LDAP search"),
        [ldap_operation_modify] = STR("LDAP modify"),   [ldap_operation_add] = STR("LDAP add"),
        [ldap_operation_delete] = STR("LDAP delete"),   [ldap_operation_modify_dn] = STR("LDAP modifyDN"),
        [ldap_operation_compare] = STR("LDAP compare"),
    };
    return operations[l->operation];
}

void stamp_ldap(const struct stamping *s)
{
    const struct ldap *l = s->record->body;
    enum activity_kind kind = kind_of(l);
    if (kind == activity_kind_unknown)
        return;
    struct activity *a = activity_begin(s, kind, protocol_ldap);
    bool refused = l->operation == ldap_operation_bind && l->result_code == LDAP_INVALID_CREDENTIALS;
    a->operation = operation_of(l);
    a->outcome = l->outcome;
    a->code = refused && l->error_data != 0 ? l->error_data : l->result_code;
    a->code_name = a->code == l->result_code ? l->result : logon_error_name(a->code);
    a->sealed = l->protection >= ldap_protection_sealed;
    a->request_bytes = l->request_bytes;
    a->response_bytes = l->reply_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)l->reply_bytes;
    if (kind == activity_kind_directory_change)
        a->object = l->object;
    if (kind == activity_kind_authentication) {
        a->proof = l->password;
        a->preauth = true;
    }
    set_account(s, a, l);
    a->ldap.at = l;
    a->ldap.count = 1;
    activity_publish(s, a);
}
