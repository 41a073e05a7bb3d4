/*
 * base64 - bytes written as text (RFC 4648 4).
 */
#ifndef ORTHRUS_DECODE_BASE64_H
#define ORTHRUS_DECODE_BASE64_H

#include "common/base/arena.h"

/* The bytes, in the arena, up to the first character that is none of the alphabet (as padding is). */
struct str base64_decode(struct arena *arena, struct str text);

#endif
