/*
 * who - who stands behind an address: names, the machine that holds it, the tickets it was given.
 *
 * An address is one device until it changes hands: when it is leased to other hardware, or when another
 * machine's account proves its key there and the one before has been silent. Two machines that prove
 * themselves at one address within a short time share it (NAT, a gateway): then no name is certain there.
 */
#include "proto/entity.h"
#include "services/identity/stamp_state.h"

enum {
    SHARED_CERTAINTY_MOST = 40, /* of a name at an address that several machines stand behind */
};

#define SHARED_WITHIN (15 * TIME_NS_MIN)
#define SHARED_FOR    (24 * TIME_NS_HOUR)

static struct str fixed(const char field[IDENTITY_NAME_BYTES])
{
    return text_kept(field, IDENTITY_NAME_BYTES);
}

static void set_fixed(char field[IDENTITY_NAME_BYTES], struct str text)
{
    text_keep(field, IDENTITY_NAME_BYTES, text);
}

static struct str keep(struct batch *out, struct str s)
{
    return arena_copy(&out->arena, s);
}

/* Another device holds the address from now on: what was known was of the one before. */
static void change_hands(struct address *known, struct id tenant)
{
    uint8_t role = known->role;
    struct id lease = known->lease;
    memset(known, 0, sizeof(*known));
    known->role = role == device_role_domain_controller_candidate ? (uint8_t)device_role_none : role;
    known->lease = lease;
    known->tenant = tenant;
}

static void learn_machine(struct address *known, struct str name, time_ns now)
{
    bool other = known->machine[0] != '\0' && !text_equal_nocase(fixed(known->machine), name);
    if (other && now - known->machine_seen <= SHARED_WITHIN)
        known->shared_seen = now;
    else if (other && (known->shared_seen == 0 || now - known->shared_seen > SHARED_FOR))
        change_hands(known, entity_account(name));
    set_fixed(known->machine, name);
    known->machine_seen = now;
}

static void learn_lease(struct address *known, struct str hardware)
{
    struct id lease = entity_account(hardware);
    bool other = !id_is_none(known->lease) && !id_equal(known->lease, lease);
    known->lease = lease;
    if (other)
        change_hands(known, lease);
}

static void learn_name(struct address *known, const struct binding *b, time_ns now)
{
    if (b->by == resolved_by_kerberos_machine_account)
        learn_machine(known, b->name, now);
    if (b->certainty < known->host_certainty)
        return;
    /* The same name again leaves since as it was: it has been true all along. */
    if (!text_equal_nocase(fixed(known->host), b->name))
        known->host_since = now;
    set_fixed(known->host, b->name);
    known->host_by = b->by;
    known->host_certainty = b->certainty;
}

static void learn_account(struct address *known, const struct binding *b, time_ns now)
{
    if (!text_equal_nocase(fixed(known->account), b->name))
        known->account_since = now;
    set_fixed(known->account, b->name);
    set_fixed(known->domain, b->domain);
    known->account_by = b->by;
    known->account_certainty = b->certainty;
}

void who_learn(struct stamp *s, const struct record *record)
{
    const struct binding *b = record->body;
    struct id key = entity_address(&b->address);
    struct address *known = table_put(s->addresses, &key, NULL);
    s->bindings++;
    if (b->kind == binding_kind_address_name)
        learn_name(known, b, record->time);
    else if (b->kind == binding_kind_address_account)
        learn_account(known, b, record->time);
    else if (b->kind == binding_kind_address_lease)
        learn_lease(known, b->name);
    else if (b->kind == binding_kind_address_role && known->role == device_role_none)
        known->role = b->role;
}

static const struct identity_known *find_known(const struct stamp *s, const struct addr *address)
{
    for (uint32_t i = 0; i < s->options.known_count; i++)
        if (addr_equal(&s->options.known[i].address, address))
            return &s->options.known[i];
    return NULL;
}

struct who_end who_resolve(struct stamp *s, struct batch *out, const struct addr *address, time_ns now)
{
    struct id key = entity_address(address);
    struct who_end end = {.device = key, .by = resolved_by_address_only};
    const struct address *known = table_peek(s->addresses, &key);
    if (known) {
        end.role = known->role;
        end.device = entity_tenant(key, known->tenant);
        if (known->host[0] != '\0') {
            end.host = keep(out, fixed(known->host));
            end.by = known->host_by;
            end.certainty = known->host_certainty;
            end.since = known->host_since;
        }
        bool shared = known->shared_seen != 0 && now - known->shared_seen <= SHARED_FOR;
        if (shared && end.certainty > SHARED_CERTAINTY_MOST)
            end.certainty = SHARED_CERTAINTY_MOST;
    }
    const struct identity_known *vouched = find_known(s, address);
    if (vouched) {
        end.role = vouched->role;
        if (vouched->name.size > 0) {
            end.host = vouched->name;
            end.by = resolved_by_configuration;
            end.certainty = 100;
        }
    }
    return end;
}

const struct ticket *who_holds_ticket(struct stamp *s, const struct addr *device, struct id ticket)
{
    struct ticket_key key = {.device = entity_address(device), .ticket = ticket};
    return id_is_none(ticket) ? NULL : table_find(s->tickets, &key);
}

void who_keep_ticket(const struct stamping *s, const struct kerberos *k)
{
    if (k->reply != kerberos_reply_reply || id_is_none(k->ticket) || k->cname.size == 0 ||
        identity_is_hidden(k->cname))
        return;
    struct ticket_key key = {.device = entity_address(&k->client), .ticket = k->ticket};
    struct ticket *ticket = table_put(s->stamp->tickets, &key, NULL);
    set_fixed(ticket->account, k->cname);
    set_fixed(ticket->domain, k->crealm);
    ticket->since = s->record->time;
}
