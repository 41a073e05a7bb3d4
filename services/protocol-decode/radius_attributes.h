/*
 * radius_attributes - the attributes of a packet (RFC 2865 5), into an observation's body.
 *
 * Internal to protocol-decode.
 */
#ifndef ORTHRUS_DECODE_RADIUS_ATTRIBUTES_H
#define ORTHRUS_DECODE_RADIUS_ATTRIBUTES_H

#include "common/base/reader.h"
#include "services/protocol-decode/place.h"

/* Of an answer, what its request said already stays, but for the address given. Texts lie in the arena. False
 * when the attributes are not whole; r stands where it is not. */
bool radius_attributes(struct decode_out *out, struct reader *r, bool answer, struct radius *body);

#endif
