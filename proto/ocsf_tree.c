/*
 * ocsf_tree - paths in order stand so that each object is opened once; a leaf opens and closes what it needs.
 */
#include "proto/ocsf_tree.h"

/* A new leaf, or null when one stands there already. */
static struct ocsf_leaf *add_leaf(struct ocsf_tree *tree, const char *path, enum ocsf_kind kind)
{
    for (uint32_t i = 0; i < tree->count; i++)
        if (strcmp(tree->leaves[i].path, path) == 0)
            return NULL;
    REQUIRE(tree->count < OCSF_LEAVES_MAX && strlen(path) < OCSF_PATH_BYTES_MAX);
    struct ocsf_leaf *leaf = &tree->leaves[tree->count++];
    *leaf = (struct ocsf_leaf){.kind = kind};
    memcpy(leaf->path, path, strlen(path) + 1);
    return leaf;
}

void ocsf_put_text(struct ocsf_tree *tree, const char *path, struct str text)
{
    struct ocsf_leaf *leaf = text.size > 0 ? add_leaf(tree, path, OCSF_TEXT) : NULL;
    if (leaf)
        leaf->text = text;
}

void ocsf_put_number(struct ocsf_tree *tree, const char *path, int64_t number)
{
    struct ocsf_leaf *leaf = add_leaf(tree, path, OCSF_NUMBER);
    if (leaf)
        leaf->number = number;
}

void ocsf_put_true(struct ocsf_tree *tree, const char *path)
{
    (void)add_leaf(tree, path, OCSF_TRUE);
}

void ocsf_put_id(struct ocsf_tree *tree, const char *path, struct id id)
{
    struct ocsf_leaf *leaf = id_is_none(id) ? NULL : add_leaf(tree, path, OCSF_ID);
    if (leaf)
        leaf->id = id;
}

void ocsf_put_addr(struct ocsf_tree *tree, const char *path, const struct addr *addr)
{
    struct ocsf_leaf *leaf = addr->family == 0 ? NULL : add_leaf(tree, path, OCSF_ADDR);
    if (leaf)
        leaf->context = addr;
}

void ocsf_put_field(struct ocsf_tree *tree, const char *path, const struct field_info *field,
                    const void *body)
{
    struct ocsf_leaf *leaf = add_leaf(tree, path, OCSF_FIELD);
    if (leaf) {
        leaf->field = field;
        leaf->context = body;
    }
}

void ocsf_put_call(struct ocsf_tree *tree, const char *path, ocsf_write_fn *write, const void *context)
{
    struct ocsf_leaf *leaf = add_leaf(tree, path, OCSF_CALLED);
    if (leaf) {
        leaf->write = write;
        leaf->context = context;
    }
}

bool ocsf_has(const struct ocsf_tree *tree, const char *path)
{
    size_t size = strlen(path);
    for (uint32_t i = 0; i < tree->count; i++)
        if (strncmp(tree->leaves[i].path, path, size) == 0 &&
            (tree->leaves[i].path[size] == '\0' || tree->leaves[i].path[size] == '.'))
            return true;
    return false;
}

/* Order of paths: the dot comes before every other character, so that what shares an object stands together.
 */
static int compare_leaves(const struct ocsf_leaf *a, const struct ocsf_leaf *b)
{
    const char *x = a->path, *y = b->path;
    while (*x != '\0' && *x == *y) {
        x++;
        y++;
    }
    int left = *x == '.' ? 1 : (unsigned char)*x, right = *y == '.' ? 1 : (unsigned char)*y;
    return left - right;
}

static void sort_leaves(struct ocsf_tree *tree, const struct ocsf_leaf *order[OCSF_LEAVES_MAX])
{
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t at = i;
        for (; at > 0 && compare_leaves(&tree->leaves[i], order[at - 1]) < 0; at--)
            order[at] = order[at - 1];
        order[at] = &tree->leaves[i];
    }
}

static void write_leaf(struct json *json, const struct ocsf_leaf *leaf)
{
    switch (leaf->kind) {
    case OCSF_TEXT:
        json_str(json, leaf->text);
        break;
    case OCSF_NUMBER:
        json_signed(json, leaf->number);
        break;
    case OCSF_TRUE:
        json_bool(json, true);
        break;
    case OCSF_ID:
        json_id(json, leaf->id);
        break;
    case OCSF_ADDR:
        json_addr(json, leaf->context);
        break;
    case OCSF_FIELD:
        json_field(json, leaf->field, leaf->context);
        break;
    case OCSF_CALLED:
        leaf->write(json, leaf->context);
        break;
    }
}

/* A path as its objects and its last name. */
struct steps {
    struct str step[OCSF_DEPTH_MAX];
    uint32_t count;
};

static void split_path(struct steps *steps, const char *path)
{
    steps->count = 0;
    for (const char *from = path; from;) {
        const char *dot = strchr(from, '.');
        REQUIRE(steps->count < OCSF_DEPTH_MAX);
        steps->step[steps->count++] =
            (struct str){.at = from, .size = dot ? (uint32_t)(dot - from) : (uint32_t)strlen(from)};
        from = dot ? dot + 1 : NULL;
    }
}

static void write_key(struct json *json, struct str name)
{
    char key[OCSF_PATH_BYTES_MAX];
    memcpy(key, name.at, name.size);
    key[name.size] = '\0';
    json_key(json, key);
}

void ocsf_write_tree(struct ocsf_tree *tree, struct writer *w)
{
    const struct ocsf_leaf *order[OCSF_LEAVES_MAX];
    struct json json = {.w = w};
    struct steps open = {.count = 1}, steps; /* open: the objects that stand open, and the last name */
    sort_leaves(tree, order);
    json_begin(&json, '{');
    for (uint32_t i = 0; i < tree->count; i++) {
        split_path(&steps, order[i]->path);
        uint32_t same = 0;
        while (same + 1 < open.count && same + 1 < steps.count &&
               str_equal(open.step[same], steps.step[same]))
            same++;
        for (; open.count > same + 1; open.count--)
            json_end(&json, '}');
        for (; same + 1 < steps.count; same++) {
            write_key(&json, steps.step[same]);
            json_begin(&json, '{');
        }
        write_key(&json, steps.step[steps.count - 1]);
        write_leaf(&json, order[i]);
        open = steps;
    }
    for (; open.count > 1; open.count--)
        json_end(&json, '}');
    json_end(&json, '}');
}
