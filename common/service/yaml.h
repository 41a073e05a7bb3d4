/*
 * yaml - a YAML file as a tree with line numbers (libyaml).
 *
 * For settings, which their owner writes: bounded in size and depth all the same, and no key may stand twice.
 * Nodes are valid until yaml_close().
 */
#ifndef ORTHRUS_SERVICE_YAML_H
#define ORTHRUS_SERVICE_YAML_H

#include "common/base/base.h"

enum {
    YAML_FILE_BYTES_MAX = 4 * 1024 * 1024,
    YAML_DEPTH_MAX = 16,
    YAML_KEYS_MAX = 256, /* of one map */
};

struct yaml;

struct yaml_node {
    const struct yaml *yaml;
    int number;
};

enum yaml_kind {
    YAML_NOTHING, /* an empty document, or a null value */
    YAML_TEXT,
    YAML_LIST,
    YAML_MAP,
};

/* ERR_IO: cannot be read (errno). ERR_FORMAT: *line and *reason say where and why; reason is a literal. */
enum err yaml_load(struct yaml **yaml, const char *path, unsigned *line, const char **reason) MUST_CHECK;
void yaml_close(struct yaml *yaml);
struct yaml_node yaml_root(const struct yaml *yaml);
enum yaml_kind yaml_kind(struct yaml_node node);
unsigned yaml_line(struct yaml_node node); /* from 1 */
struct str yaml_text(struct yaml_node node);
uint32_t yaml_count(struct yaml_node node); /* items of a list, pairs of a map */
struct yaml_node yaml_item(struct yaml_node list, uint32_t index);
struct yaml_node yaml_key(struct yaml_node map, uint32_t index);
struct yaml_node yaml_value(struct yaml_node map, uint32_t index);

#endif
