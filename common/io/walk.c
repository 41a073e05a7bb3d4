/*
 * walk - stat, scandir and a table of what was seen.
 */
#include "common/io/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/base/table.h"

enum {
    WALK_TEXT_BYTES = 256,
};

struct seen_key {
    uint64_t device;
    uint64_t inode;
};

struct seen {
    uint8_t again; /* was found a second time, and that was told */
};

struct walk {
    struct arena *arena;
    struct walk_out out;
    struct table *seen;
    uint32_t files_max;
    uint32_t files;
    bool full;
    bool saw_stdin;
};

enum err walk_create(struct walk **out, struct arena *arena, uint32_t files_max, const struct walk_out *to)
{
    struct walk *walk = calloc(1, sizeof(*walk));
    if (!walk)
        return ERR_MEMORY;
    *walk = (struct walk){.arena = arena, .out = *to, .files_max = files_max};
    enum err err = table_create(&walk->seen, &(struct table_options){.name = "walk",
                                                                     .key_size = sizeof(struct seen_key),
                                                                     .value_size = sizeof(struct seen),
                                                                     .capacity = files_max,
                                                                     .layout = 1});
    if (err != ERR_OK) {
        free(walk);
        return err;
    }
    *out = walk;
    return ERR_OK;
}

void walk_free(struct walk *walk)
{
    if (!walk)
        return;
    table_free(walk->seen);
    free(walk);
}

static void tell_errno(struct walk *walk, const char *path, const char *what)
{
    char text[WALK_TEXT_BYTES];
    (void)snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
    walk->out.tell(walk->out.owner, true, path, text);
}

/* True when it was not seen before. */
static bool is_new(struct walk *walk, const char *path, const struct stat *about)
{
    struct seen_key key = {.device = (uint64_t)about->st_dev, .inode = (uint64_t)about->st_ino};
    struct seen *seen = table_find(walk->seen, &key);
    if (!seen && walk->files == walk->files_max) {
        if (!walk->full)
            walk->out.tell(walk->out.owner, true, path,
                           "is one file more than the limit; the rest is not read");
        walk->full = true;
        return false;
    }
    bool created = false;
    if (!seen)
        seen = table_put(walk->seen, &key, &created);
    if (created) {
        walk->files++;
        return true;
    }
    if (!seen->again)
        walk->out.tell(walk->out.owner, false, path,
                       S_ISDIR(about->st_mode) ? "is a folder that was read already; not followed again"
                                               : "is a file that was given already; read once");
    seen->again = true;
    return false;
}

static void walk_path(struct walk *walk, const char *path, uint32_t depth);

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int keep_name(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void walk_folder(struct walk *walk, const char *path, uint32_t depth)
{
    if (depth == WALK_DEPTH_MAX) {
        walk->out.tell(walk->out.owner, true, path, "lies too deep in folders; not read");
        return;
    }
    struct dirent **names = NULL;
    int count = scandir(path, &names, keep_name, compare_names);
    if (count < 0) {
        tell_errno(walk, path, "cannot be listed");
        return;
    }
    size_t size = strlen(path);
    const char *slash = size > 0 && path[size - 1] == '/' ? "" : "/";
    for (int i = 0; i < count; i++) {
        if (!walk->full) {
            /* A NUL is printed with it, and not counted in its size. */
            struct str full = arena_print(walk->arena, "%s%s%s", path, slash, names[i]->d_name);
            walk_path(walk, full.at, depth + 1);
        }
        free(names[i]);
    }
    free(names);
}

/* Ends after WALK_DEPTH_MAX folders. */
static void walk_path(struct walk *walk, const char *path, uint32_t depth)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        tell_errno(walk, path, "cannot be opened");
        return;
    }
    bool listed = depth > 0;
    if (S_ISDIR(about.st_mode)) {
        if (is_new(walk, path, &about))
            walk_folder(walk, path, depth);
    } else if (listed && !S_ISREG(about.st_mode)) {
        walk->out.tell(walk->out.owner, false, path, "is neither a file nor a folder; skipped");
    } else if (is_new(walk, path, &about)) {
        walk->out.found(walk->out.owner, path, listed);
    }
}

void walk_argument(struct walk *walk, const char *argument)
{
    if (strcmp(argument, "-") == 0) {
        if (walk->saw_stdin)
            walk->out.tell(walk->out.owner, false, "-", "is given twice; read once");
        else
            walk->out.found(walk->out.owner, NULL, false);
        walk->saw_stdin = true;
        return;
    }
    char *path = arena_take(walk->arena, strlen(argument) + 1);
    memcpy(path, argument, strlen(argument) + 1);
    walk_path(walk, path, 0);
}
