/*
 * yaml - libyaml's documents behind a smaller interface.
 */
#include "common/service/yaml.h"

#include <errno.h>
#include <yaml.h>

struct yaml {
    yaml_document_t document;
};

static enum err parse(struct yaml *yaml, FILE *file, unsigned *line, const char **reason)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return ERR_MEMORY;
    yaml_parser_set_input_file(&parser, file);
    enum err err = ERR_OK;
    if (!yaml_parser_load(&parser, &yaml->document)) {
        *line = (unsigned)parser.problem_mark.line + 1;
        *reason = parser.problem ? parser.problem : "is not YAML";
        err = ERR_FORMAT;
    }
    yaml_parser_delete(&parser);
    return err;
}

enum err yaml_load(struct yaml **out, const char *path, unsigned *line, const char **reason)
{
    *line = 0;
    *reason = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return ERR_IO;
    struct yaml *yaml = calloc(1, sizeof(*yaml));
    enum err err = yaml ? ERR_OK : ERR_MEMORY;
    if (err == ERR_OK && fseek(file, 0, SEEK_END) == 0 && ftell(file) > YAML_FILE_BYTES_MAX) {
        *reason = "is too large for settings";
        err = ERR_FORMAT;
    }
    rewind(file);
    if (err == ERR_OK)
        err = parse(yaml, file, line, reason);
    (void)fclose(file);
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
