/*
 * ocsf_tree - values at attribute paths ("metadata.product.name"), written as one nested JSON object.
 *
 * The first value put at a path stays, so that what is certain is put before what is general. Names and
 * values are borrowed until the tree is written. Pure; one owner.
 */
#ifndef ORTHRUS_PROTO_OCSF_TREE_H
#define ORTHRUS_PROTO_OCSF_TREE_H

#include "proto/json.h"

enum {
    OCSF_LEAVES_MAX = 192,
    OCSF_PATH_BYTES_MAX = 96,
    OCSF_DEPTH_MAX = 8,
};

typedef void ocsf_write_fn(struct json *json, const void *context);

struct ocsf_leaf {
    char path[OCSF_PATH_BYTES_MAX];
    enum ocsf_kind {
        OCSF_TEXT,
        OCSF_NUMBER,
        OCSF_TRUE,
        OCSF_ID,
        OCSF_ADDR,
        OCSF_FIELD,  /* as json_field() writes it */
        OCSF_CALLED, /* by a function */
    } kind;
    struct str text;
    int64_t number;
    struct id id;
    const struct field_info *field;
    const void *context;
    ocsf_write_fn *write;
};

struct ocsf_tree {
    struct ocsf_leaf leaves[OCSF_LEAVES_MAX];
    uint32_t count;
};

void ocsf_put_text(struct ocsf_tree *tree, const char *path, struct str text);
void ocsf_put_number(struct ocsf_tree *tree, const char *path, int64_t number);
void ocsf_put_true(struct ocsf_tree *tree, const char *path);
void ocsf_put_id(struct ocsf_tree *tree, const char *path, struct id id);
void ocsf_put_addr(struct ocsf_tree *tree, const char *path, const struct addr *addr);
void ocsf_put_field(struct ocsf_tree *tree, const char *path, const struct field_info *field,
                    const void *body);
void ocsf_put_call(struct ocsf_tree *tree, const char *path, ocsf_write_fn *write, const void *context);

/* True when something stands at the path or below it. */
bool ocsf_has(const struct ocsf_tree *tree, const char *path);

/* Orders the tree by path, then writes it. */
void ocsf_write_tree(struct ocsf_tree *tree, struct writer *w);

#endif
