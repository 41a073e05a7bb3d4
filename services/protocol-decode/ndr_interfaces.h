/*
 * ndr_interfaces - the tables of arguments, one file per family of interfaces, and shorthands to write them.
 *
 * Internal to ndr_*.c.
 */
#ifndef ORTHRUS_DECODE_NDR_INTERFACES_H
#define ORTHRUS_DECODE_NDR_INTERFACES_H

#include <stdlib.h>

#include "services/protocol-decode/ndr.h"
#include "services/protocol-decode/rpc_interfaces.h" /* RPC_UUID */

/* Tables leave out what is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* A new family is declared here and listed in ndr_interfaces.c. */
extern const struct ndr_interfaces ndr_certificate;
extern const struct ndr_interfaces ndr_dcom;
extern const struct ndr_interfaces ndr_drsuapi;
extern const struct ndr_interfaces ndr_epm;
extern const struct ndr_interfaces ndr_event;
extern const struct ndr_interfaces ndr_files;
extern const struct ndr_interfaces ndr_lsa;
extern const struct ndr_interfaces ndr_netlogon;
extern const struct ndr_interfaces ndr_print;
extern const struct ndr_interfaces ndr_registry;
extern const struct ndr_interfaces ndr_samr;
extern const struct ndr_interfaces ndr_server;
extern const struct ndr_interfaces ndr_svcctl;
extern const struct ndr_interfaces ndr_task;
extern const struct ndr_interfaces ndr_wmi;

#define NDR_OPERATIONS(list) .operations = (list), .count = ARRAY_COUNT(list)
#define NDR_INTERFACES(list)                                                                                 \
    {                                                                                                        \
        .at = (list), .count = ARRAY_COUNT(list)                                                             \
    }

/* The interface at index, null past the last: for tests that look at all tables. */
const struct ndr_interface *ndr_interface_at(size_t index);

#endif
