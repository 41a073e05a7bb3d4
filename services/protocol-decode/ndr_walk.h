/*
 * ndr_walk - the state of one walk over a stub, shared by ndr.c, which walks, and ndr_tell.c, which tells.
 *
 * Internal to ndr*.c. It lives on the stack of ndr_read().
 */
#ifndef ORTHRUS_DECODE_NDR_WALK_H
#define ORTHRUS_DECODE_NDR_WALK_H

#include "common/base/reader.h"
#include "services/protocol-decode/ndr.h"

enum {
    SID_SUBAUTHORITIES_MAX = 15, /* MS-DTYP 2.4.2.2 */
};

/* A name on the path to a value. */
struct ndr_node {
    const char *name; /* null: an element of an array */
    uint32_t element;
    uint16_t up; /* 0: none */
};

/* What is being walked: a field, or one element of its array. */
struct ndr_item {
    const struct ndr_field *field;
    uint16_t node;
    uint8_t show; /* NDR_SHOW, NDR_SECRET, NDR_NONZERO of it and of what it is the value of */
    bool element;
    uint8_t mark;
};

struct ndr {
    struct reader r;
    bool wide; /* NDR64 */
    bool big_endian;
    bool stopped; /* NDR_UNKNOWN was met */
    bool has_max; /* the maximum count of the structure's own array was read before the structure */
    uint64_t max;
    uint32_t depth;
    const char *reason;
    uint8_t object_rank; /* of what names the object so far */
    struct decode_out *out;
    struct ndr_read *read;
    const struct ndr_item *telling; /* of a call of ndr_inside_fn */
    uint32_t node_count;
    uint32_t deferred_count;
    struct ndr_node nodes[NDR_NODES_MAX];
    struct ndr_item deferred[NDR_DEFERRED_MAX];
    struct rpc_argument arguments[NDR_ARGUMENTS_MAX];
};

uint16_t ndr_u16_of(struct ndr *n);
uint32_t ndr_u32_of(struct ndr *n);
uint64_t ndr_u64_of(struct ndr *n);

/* ndr_tell.c: values of items; those that are not to be shown are dropped there. */
void ndr_show_number(struct ndr *n, const struct ndr_item *item, uint64_t number);
void ndr_show_time(struct ndr *n, const struct ndr_item *item, uint64_t filetime);
void ndr_show_uuid(struct ndr *n, const struct ndr_item *item, struct str bytes);
void ndr_show_sid(struct ndr *n, const struct ndr_item *item, struct str bytes);
/* Characters of 1 or 2 bytes, up to a NUL. */
void ndr_show_text(struct ndr *n, const struct ndr_item *item, struct str bytes, uint8_t unit);
void ndr_show_bytes(struct ndr *n, const struct ndr_item *item, struct str bytes);

#endif
