/*
 * bind - the facts that one observation holds.
 */
#include "services/identity/identity.h"

#include "proto/entity.h"

/* How much each source of a name is worth, in percent, and why. */
enum certainty {
    CERTAINTY_WORKSTATION = 50,     /* the client names itself, and tools write what they like */
    CERTAINTY_HOST_ADDRESS = 70,    /* the client names itself, in a field few tools fill */
    CERTAINTY_SERVICE_NAME = 80,    /* a server took a ticket made for this name */
    CERTAINTY_TARGET_INFO = 85,     /* the server names itself, and the client's proof covers it */
    CERTAINTY_ACCOUNT = 90,         /* proved with the account's key */
    CERTAINTY_MACHINE_ACCOUNT = 95, /* proved with the machine account's key */
};

struct fact {
    enum binding_kind kind;
    const struct addr *address;
    struct str name;
    struct str domain;
    enum resolved_by by;
    enum certainty certainty;
    enum device_role role;
};

/* Adds a binding; the source observation gives it its time, its place in a capture, and its name. */
static void add_fact(struct batch *out, const struct record *from, const struct fact *fact, uint64_t ordinal)
{
    if (fact->name.size == 0 && fact->role == device_role_none)
        return;
    struct binding *b = batch_add(out, RECORD_binding, from->time,
                                  record_name(RECORD_binding, from->time, from->id, ordinal));
    b->kind = (uint8_t)fact->kind;
    b->address = *fact->address;
    b->name = fact->name;
    b->domain = fact->domain;
    b->by = (uint8_t)fact->by;
    b->certainty = (uint8_t)fact->certainty;
    b->role = (uint8_t)fact->role;
}

static bool is_machine(struct str account)
{
    return account.size > 1 && account.at[account.size - 1] == '$';
}

/* An account proved its key from an address: it works there, and a machine account names the machine. */
static void bind_account(struct batch *out, const struct record *from, const struct fact *proved)
{
    struct str name = entity_account_name(proved->name);
    if (identity_is_hidden(name))
        return;
    if (!is_machine(name)) {
        add_fact(out, from, proved, 1);
        return;
    }
    struct fact machine = *proved;
    machine.kind = binding_kind_address_name;
    machine.name = (struct str){.at = name.at, .size = name.size - 1};
    machine.by = resolved_by_kerberos_machine_account;
    machine.certainty = CERTAINTY_MACHINE_ACCOUNT;
    add_fact(out, from, &machine, 1);
}

/* A GUID where a host would be: the replication service's names hold the controller's object instead
 * (MS-DRSR 2.2.3.2). */
static bool is_guid(struct str s)
{
    return s.size == 36 && s.at[8] == '-' && s.at[13] == '-' && s.at[18] == '-' && s.at[23] == '-';
}

/* The host of "cifs/dc01.corp.example"; empty when the name has no host. */
static struct str host_of_service(struct str sname)
{
    uint32_t start = 0, end = sname.size;
    for (uint32_t i = 0; i < sname.size && start == 0; i++)
        if (sname.at[i] == '/')
            start = i + 1;
    /* An empty text may have a null pointer, which nothing may be added to. */
    if (start == 0)
        return (struct str){0};
    for (uint32_t i = start; i < sname.size; i++)
        if (sname.at[i] == '/' || sname.at[i] == ':' || sname.at[i] == '@') {
            end = i;
            break;
        }
    struct str host = {.at = sname.at + start, .size = end - start};
    return is_guid(host) ? (struct str){0} : host;
}

static void bind_kerberos(struct batch *out, const struct record *from)
{
    const struct kerberos *k = from->body;
    if (k->message == kerberos_message_as && k->reply == kerberos_reply_reply) {
        /* The reply alone proves nothing to an eavesdropper when no pre-authentication was asked, but what it
         * gives is of use only to who has the key. */
        bind_account(out, from,
                     &(struct fact){.kind = binding_kind_address_account,
                                    .address = &k->client,
                                    .name = k->cname,
                                    .domain = k->crealm,
                                    .by = resolved_by_kerberos_request,
                                    .certainty = CERTAINTY_ACCOUNT});
    }
    if (k->host_names.count > 0)
        add_fact(out, from,
                 &(struct fact){.kind = binding_kind_address_name,
                                .address = &k->client,
                                .name = k->host_names.at[0],
                                .by = resolved_by_kerberos_host_address,
                                .certainty = CERTAINTY_HOST_ADDRESS},
                 2);
    if (k->message == kerberos_message_ap && k->reply == kerberos_reply_reply)
        add_fact(out, from,
                 &(struct fact){.kind = binding_kind_address_name,
                                .address = &k->server,
                                .name = host_of_service(k->ticket_sname),
                                .by = resolved_by_kerberos_service_name,
                                .certainty = CERTAINTY_SERVICE_NAME},
                 3);
    if ((k->message == kerberos_message_as || k->message == kerberos_message_tgs) &&
        k->reply == kerberos_reply_reply)
        add_fact(out, from,
                 &(struct fact){.kind = binding_kind_address_role,
                                .address = &k->server,
                                .by = resolved_by_kerberos_request,
                                .role = device_role_domain_controller_candidate},
                 4);
}

static void bind_ntlm(struct batch *out, const struct record *from)
{
    const struct ntlm *n = from->body;
    struct str server = n->server_dns_name.size ? n->server_dns_name : n->server_name;
    add_fact(out, from,
             &(struct fact){.kind = binding_kind_address_name,
                            .address = &n->server,
                            .name = server,
                            .domain = n->server_dns_domain,
                            .by = resolved_by_ntlm_target_info,
                            .certainty = CERTAINTY_TARGET_INFO},
             1);
    add_fact(out, from,
             &(struct fact){.kind = binding_kind_address_name,
                            .address = &n->client,
                            .name = n->workstation,
                            .by = resolved_by_ntlm_workstation,
                            .certainty = CERTAINTY_WORKSTATION},
             2);
    if (n->outcome == outcome_success && n->response != ntlm_response_anonymous && !is_machine(n->user))
        add_fact(out, from,
                 &(struct fact){.kind = binding_kind_address_account,
                                .address = &n->client,
                                .name = n->user,
                                .domain = n->domain,
                                .by = resolved_by_ntlm_authenticate,
                                .certainty = CERTAINTY_ACCOUNT},
                 3);
}

static void bind_step(void *self, const struct batch *in, struct batch *out)
{
    (void)self;
    for (uint32_t i = 0; i < in->count; i++) {
        const struct record *record = &in->records[i];
        if (record->type == RECORD_kerberos)
            bind_kerberos(out, record);
        else if (record->type == RECORD_ntlm)
            bind_ntlm(out, record);
        /* Malformed messages are for the summary. */
        if (record->type != RECORD_malformed)
            batch_append(out, record);
    }
}

static void bind_close(void *self)
{
    (void)self;
}

enum err identity_bind_create(struct stage *stage)
{
    static const struct stage_type type = {.name = "identity-bind", .step = bind_step, .close = bind_close};
    *stage = (struct stage){.type = &type, .self = NULL};
    return ERR_OK;
}
