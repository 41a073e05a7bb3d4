/*
 * drsuapi - arguments of directory replication calls that travel in clear (MS-DRSR 4.1).
 *
 * Reads the beginning of a request's stub in NDR (C706 chapter 14) or NDR64 (MS-RPCE 2.2.5), as far as it was
 * kept.
 */
#ifndef ORTHRUS_DECODE_DRSUAPI_H
#define ORTHRUS_DECODE_DRSUAPI_H

#include "common/base/arena.h"
#include "common/base/base.h"

enum {
    DRSUAPI_BIND = 0,        /* IDL_DRSBind */
    DRSUAPI_GET_CHANGES = 3, /* IDL_DRSGetNCChanges */
    DRSUAPI_SID_BYTES = 28,  /* NT4SID (MS-DRSR 5.137) */
    DRSUAPI_NAME_MAX = 4096, /* characters of a distinguished name that are read */
};

/* The stub of a request, or its beginning. */
struct drsuapi_stub {
    struct str bytes;
    bool ndr64;
    bool big_endian;
};

/* DSNAME (MS-DRSR 5.50): an object by any of three names. */
struct drsuapi_object {
    uint8_t guid[16]; /* zero: not given */
    struct str sid;   /* borrowed from the stub; empty: not given */
    struct str name;  /* UTF-8; empty: not given */
};

/* What DRS_MSG_GETCHGREQ_V4, V5, V7, V8, V10 and V11 (MS-DRSR 4.1.10.2) ask for. */
struct drsuapi_changes {
    uint32_t version;
    uint8_t destination[16]; /* uuidDsaObjDest: the DSA that is said to replicate */
    uint32_t flags;          /* DRS_OPTIONS */
    uint32_t objects_max;    /* cMaxObjects */
    uint32_t extended_op;    /* ulExtendedOp, EXOP_ values */
    struct drsuapi_object naming_context;
};

/* Are the arguments of this operation read? uuid is that of the interface. */
bool drsuapi_wants(const uint8_t uuid[16], uint16_t opnum);
/* False when the stub is none, or ends before the fixed part does; a naming context that lies past its end is
 * left empty. */
bool drsuapi_parse_changes(struct arena *arena, const struct drsuapi_stub *stub,
                           struct drsuapi_changes *changes);
/* puuidClientDsa of IDL_DRSBind (MS-DRSR 4.1.3). False when there is none. */
bool drsuapi_parse_bind(const struct drsuapi_stub *stub, uint8_t client_dsa[16]);
/* The object's distinguished name, else its GUID, else its SID, as text. */
struct str drsuapi_object_text(struct arena *arena, const struct drsuapi_object *object);

#endif
