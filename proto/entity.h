/*
 * entity - how entities are named: the same address, account or ticket has the same id everywhere.
 *
 * An id is a hash of the entity's kind and its canonical form (lower case for names, which Active Directory
 * compares without case). The domain of an account is not part of its id in this form: the wire names one
 * domain in three ways (CORP, corp.example, CORP.EXAMPLE), and only the directory can tell that they are one;
 * two accounts of the same name in two domains are therefore one entity here, which docs/architecture.md
 * states.
 */
#ifndef ORTHRUS_PROTO_ENTITY_H
#define ORTHRUS_PROTO_ENTITY_H

#include "common/base/base.h"

/* A device, known by its address. */
struct id entity_address(const struct addr *address);
/* The device behind an address since it changed hands to that tenant; address itself for none. */
struct id entity_tenant(struct id address, struct id tenant);
/* An account by its name: "alice", "CORP\alice" and "alice@corp.example" are one. None for an empty name. */
struct id entity_account(struct str name);
/* A service principal name, whole and without case; its realm part (after @) left out. */
struct id entity_service(struct str sname);
/* The account name without what stands around it: borrowed from name. */
struct str entity_account_name(struct str name);

#endif
