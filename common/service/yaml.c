/*
 * yaml - libyaml's documents behind a smaller interface.
 */
#include "common/service/yaml.h"

#include <errno.h>
#include <yaml.h>

struct yaml {
    yaml_document_t document;
};

/* The whole file, so that pipes are bounded as well and it can be gone through twice. */
static enum err read_file(FILE *file, unsigned char **bytes, size_t *size, const char **reason)
{
    *bytes = malloc(YAML_FILE_BYTES_MAX + 1);
    if (!*bytes)
        return ERR_MEMORY;
    *size = fread(*bytes, 1, YAML_FILE_BYTES_MAX + 1, file);
    if (ferror(file))
        return ERR_IO;
    if (*size <= YAML_FILE_BYTES_MAX)
        return ERR_OK;
    *reason = "is too large for settings";
    return ERR_FORMAT;
}

static enum err tell_problem(const yaml_parser_t *parser, unsigned *line, const char **reason)
{
    *line = (unsigned)parser->problem_mark.line + 1;
    *reason = parser->problem ? parser->problem : "is not YAML";
    return ERR_FORMAT;
}

/* Goes through the events only: libyaml takes a time that is quadratic in the depth, so that depth is refused
 * before any tree is built of it. */
static enum err check_shape(yaml_parser_t *parser, unsigned *line, const char **reason)
{
    bool ended = false;
    for (int depth = 0, documents = 0; !ended;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return tell_problem(parser, line, reason);
        depth += event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT;
        depth -= event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
        documents += event.type == YAML_DOCUMENT_START_EVENT;
        ended = event.type == YAML_STREAM_END_EVENT;
        *line = (unsigned)event.start_mark.line + 1;
        yaml_event_delete(&event);
        if (depth > YAML_DEPTH_MAX || documents > 1) {
            *reason = documents > 1 ? "a second document begins here" : "is nested too deep for settings";
            return ERR_FORMAT;
        }
    }
    return ERR_OK;
}

static bool has_key_before(yaml_document_t *document, const yaml_node_t *map, const yaml_node_pair_t *pair)
{
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    for (const yaml_node_pair_t *p = map->data.mapping.pairs.start; p < pair; p++) {
        const yaml_node_t *other = yaml_document_get_node(document, p->key);
        if (key->type == YAML_SCALAR_NODE && other->type == YAML_SCALAR_NODE &&
            key->data.scalar.length == other->data.scalar.length &&
            memcmp(key->data.scalar.value, other->data.scalar.value, key->data.scalar.length) == 0)
            return true;
    }
    return false;
}

/* YAML 1.2.2 3.2.1.1 wants keys to be unique, which libyaml leaves to its caller. */
static enum err check_keys(yaml_document_t *document, unsigned *line, const char **reason)
{
    for (const yaml_node_t *n = document->nodes.start; n < document->nodes.top; n++) {
        if (n->type != YAML_MAPPING_NODE)
            continue;
        *line = (unsigned)n->start_mark.line + 1;
        *reason = "has too many keys for settings";
        if (n->data.mapping.pairs.top - n->data.mapping.pairs.start > YAML_KEYS_MAX)
            return ERR_FORMAT;
        for (const yaml_node_pair_t *pair = n->data.mapping.pairs.start; pair < n->data.mapping.pairs.top;
             pair++) {
            if (!has_key_before(document, n, pair))
                continue;
            *line = (unsigned)yaml_document_get_node(document, pair->key)->start_mark.line + 1;
            *reason = "the same key stands here a second time";
            return ERR_FORMAT;
        }
    }
    return ERR_OK;
}

static enum err parse(struct yaml *yaml, struct str text, unsigned *line, const char **reason)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return ERR_MEMORY;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.size);
    enum err err = check_shape(&parser, line, reason);
    yaml_parser_delete(&parser);
    if (err != ERR_OK)
        return err;
    if (!yaml_parser_initialize(&parser))
        return ERR_MEMORY;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.size);
    if (!yaml_parser_load(&parser, &yaml->document))
        err = tell_problem(&parser, line, reason);
    yaml_parser_delete(&parser);
    if (err == ERR_OK && (err = check_keys(&yaml->document, line, reason)) != ERR_OK)
        yaml_document_delete(&yaml->document);
    return err;
}

enum err yaml_load(struct yaml **out, const char *path, unsigned *line, const char **reason)
{
    *line = 1;
    *reason = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return ERR_IO;
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct yaml *yaml = calloc(1, sizeof(*yaml));
    enum err err = yaml ? read_file(file, &bytes, &size, reason) : ERR_MEMORY;
    int problem = errno;
    (void)fclose(file);
    if (err == ERR_OK)
        err = parse(yaml, (struct str){.at = (const char *)bytes, .size = (uint32_t)size}, line, reason);
    free(bytes);
    errno = problem;
    if (err != ERR_OK) {
        free(yaml);
        return err;
    }
    *out = yaml;
    return ERR_OK;
}

void yaml_close(struct yaml *yaml)
{
    if (!yaml)
        return;
    yaml_document_delete(&yaml->document);
    free(yaml);
}

static yaml_node_t *get(struct yaml_node node)
{
    return node.number == 0
               ? NULL
               : yaml_document_get_node((yaml_document_t *)(uintptr_t)&node.yaml->document, node.number);
}

struct yaml_node yaml_root(const struct yaml *yaml)
{
    bool has_root = yaml_document_get_root_node((yaml_document_t *)(uintptr_t)&yaml->document) != NULL;
    return (struct yaml_node){.yaml = yaml, .number = has_root ? 1 : 0};
}

static bool is_null(const yaml_node_t *n)
{
    struct str s = {(const char *)n->data.scalar.value, (uint32_t)n->data.scalar.length};
    bool plain = n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return plain && (s.size == 0 || str_equal(s, STR("null")) || str_equal(s, STR("~")));
}

enum yaml_kind yaml_kind(struct yaml_node node)
{
    const yaml_node_t *n = get(node);
    if (!n || n->type == YAML_NO_NODE)
        return YAML_NOTHING;
    if (n->type == YAML_MAPPING_NODE)
        return YAML_MAP;
    if (n->type == YAML_SEQUENCE_NODE)
        return YAML_LIST;
    return is_null(n) ? YAML_NOTHING : YAML_TEXT;
}

unsigned yaml_line(struct yaml_node node)
{
    const yaml_node_t *n = get(node);
    return n ? (unsigned)n->start_mark.line + 1 : 1;
}

struct str yaml_text(struct yaml_node node)
{
    const yaml_node_t *n = get(node);
    if (!n || n->type != YAML_SCALAR_NODE)
        return (struct str){0};
    return (struct str){(const char *)n->data.scalar.value, (uint32_t)n->data.scalar.length};
}

uint32_t yaml_count(struct yaml_node node)
{
    const yaml_node_t *n = get(node);
    if (n && n->type == YAML_SEQUENCE_NODE)
        return (uint32_t)(n->data.sequence.items.top - n->data.sequence.items.start);
    if (n && n->type == YAML_MAPPING_NODE)
        return (uint32_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start);
    return 0;
}

struct yaml_node yaml_item(struct yaml_node list, uint32_t index)
{
    const yaml_node_t *n = get(list);
    REQUIRE(n && n->type == YAML_SEQUENCE_NODE && index < yaml_count(list));
    return (struct yaml_node){.yaml = list.yaml, .number = n->data.sequence.items.start[index]};
}

struct yaml_node yaml_key(struct yaml_node map, uint32_t index)
{
    const yaml_node_t *n = get(map);
    REQUIRE(n && n->type == YAML_MAPPING_NODE && index < yaml_count(map));
    return (struct yaml_node){.yaml = map.yaml, .number = n->data.mapping.pairs.start[index].key};
}

struct yaml_node yaml_value(struct yaml_node map, uint32_t index)
{
    const yaml_node_t *n = get(map);
    REQUIRE(n && n->type == YAML_MAPPING_NODE && index < yaml_count(map));
    return (struct yaml_node){.yaml = map.yaml, .number = n->data.mapping.pairs.start[index].value};
}
