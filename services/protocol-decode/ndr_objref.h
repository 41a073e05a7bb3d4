/*
 * ndr_objref - object references and what is marshalled in them (MS-DCOM 2.2.18, 2.2.22; MS-WMIO).
 *
 * Pure reading.
 */
#ifndef ORTHRUS_DECODE_NDR_OBJREF_H
#define ORTHRUS_DECODE_NDR_OBJREF_H

#include "common/base/base.h"

enum {
    OBJREF_IIDS_MAX = 16,
};

/* What an activation asks for (MS-DCOM 2.2.22.2.1). */
struct objref_activation {
    uint8_t class_id[16]; /* little-endian form, as the others */
    uint8_t iids[OBJREF_IIDS_MAX][16];
    uint32_t count;
};

/* False when the bytes hold no activation properties that name a class. */
bool objref_activation(struct str bytes, struct objref_activation *activation);
/* The marshalled object of an OBJREF_CUSTOM whose unmarshaler is that class; empty when it is none. */
struct str objref_custom(struct str bytes, const uint8_t class_id[16]);
/* How a class is called, for those that attackers and administrators use remotely; null for others. */
const char *objref_class_name(const uint8_t class_id[16]);

#endif
