/*
 * oid - object identifiers (X.690 8.19) as text.
 */
#ifndef ORTHRUS_DECODE_OID_H
#define ORTHRUS_DECODE_OID_H

#include "common/base/arena.h"
#include "common/base/base.h"

enum {
    OID_TEXT_BYTES = 128, /* longer ones are cut */
};

/* The content of an OBJECT IDENTIFIER as numbers with dots between them. Empty when it is none. */
struct str oid_text(struct arena *arena, struct str oid);

#endif
