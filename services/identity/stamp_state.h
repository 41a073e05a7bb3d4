/*
 * stamp_state - what the stamp stage remembers, and the functions by which its files work together.
 *
 * Internal to identity. Values of tables are plain bytes, zeroed when made.
 */
#ifndef ORTHRUS_IDENTITY_STAMP_STATE_H
#define ORTHRUS_IDENTITY_STAMP_STATE_H

#include "common/base/text.h"
#include "services/identity/identity.h"

/* What is known of an address. Plain bytes. */
struct address {
    char host[IDENTITY_NAME_BYTES];
    char account[IDENTITY_NAME_BYTES];
    char domain[IDENTITY_NAME_BYTES];
    char machine[IDENTITY_NAME_BYTES]; /* whose account proved its key there last */
    struct id tenant; /* who holds the address, since it changed hands; none: the first one */
    struct id lease;  /* hardware address that it was leased to; none: not seen */
    time_ns host_since;
    time_ns account_since;
    time_ns machine_seen;
    time_ns shared_seen; /* two machines proved themselves there at the same time: a gateway, or NAT */
    uint8_t host_by;
    uint8_t host_certainty;
    uint8_t account_by;
    uint8_t account_certainty;
    uint8_t role;
    uint8_t zero[3];
};

/* A ticket that a device was given. Keyed by device and ticket: only where both meet in one slot can it be
 * joined. */
struct ticket_key {
    struct id device;
    struct id ticket;
};

struct ticket {
    char account[IDENTITY_NAME_BYTES];
    char domain[IDENTITY_NAME_BYTES];
    time_ns since;
};

struct stamp {
    struct identity_options options;
    struct table *addresses;
    struct table *tickets;
    uint64_t bindings;
    uint64_t activities;
    uint64_t unknown_sources;
    uint64_t foreign;
};

/* What every stamping of one observation works with. */
struct stamping {
    struct stamp *stamp;
    const struct record *record; /* the observation */
    struct batch *out;
};

/* who.c: what is known of addresses. */
void who_learn(struct stamp *stamp, const struct record *binding);
struct who_end {
    struct id device;
    struct str host; /* in the batch's arena */
    time_ns since;
    uint8_t by;
    uint8_t certainty;
    uint8_t role;
};
struct who_end who_resolve(struct stamp *stamp, struct batch *out, const struct addr *address, time_ns now);
/* Whose ticket it is that this device was given; null when that was not seen. */
const struct ticket *who_holds_ticket(struct stamp *stamp, const struct addr *device, struct id ticket);
void who_keep_ticket(const struct stamping *s, const struct kerberos *k);

/* activity.c: activities in the making. What every observation begins with is read from its first members. */
struct activity *activity_begin(const struct stamping *s, enum activity_kind kind, enum protocol protocol);
void activity_set_account(struct activity *activity, struct str name, struct str domain, enum resolved_by by,
                          uint8_t certainty);
/* As the session's own authentication said: by name, or by the ticket it was opened with. */
void activity_set_session(const struct stamping *s, struct activity *activity, struct str user,
                          struct str domain, struct id ticket);
/* Publishes it under each of its entities that its kind declares. */
void activity_publish(const struct stamping *s, const struct activity *activity);

/* stamp_*.c: one observation each. */
void stamp_kerberos(const struct stamping *s);
void stamp_ldap(const struct stamping *s);
void stamp_dns(const struct stamping *s);
void stamp_http(const struct stamping *s);
void stamp_ntlm(const struct stamping *s);
void stamp_rpc(const struct stamping *s);
void stamp_smb(const struct stamping *s);
void stamp_flow(const struct stamping *s);

#endif
