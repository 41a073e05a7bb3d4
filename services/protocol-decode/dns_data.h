/*
 * dns_data - the data of a resource record as text, by the layout of its type.
 *
 * Internal to protocol-decode.
 */
#ifndef ORTHRUS_DECODE_DNS_DATA_H
#define ORTHRUS_DECODE_DNS_DATA_H

#include "common/base/reader.h"
#include "proto/record.h"
#include "services/protocol-decode/dns_name.h"
#include "services/protocol-decode/dns_types.h"

/* data is a part of the whole message's reader, as names in it may point before it. Its parts are joined by
 * spaces. False when it is not what its type demands: what could be read stands in the line. */
bool dns_data_line(struct dns_line *line, uint16_t type, struct reader data);
/* The addresses of an NB record (RFC 1002 4.2.2). */
bool netbios_addresses_line(struct dns_line *line, struct reader data);
/* A node status (RFC 1002 4.2.18): its names as NAME<suffix>, with " group" behind those of groups, and the
 * unit's address. False when it is cut short: the names before stand in the list. */
bool netbios_status(struct arena *arena, struct reader data, struct strs *names, struct str *unit_id);

#endif
