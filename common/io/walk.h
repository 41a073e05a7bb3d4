/*
 * walk - from arguments to files: folders in sorted order, no file twice, no loop followed.
 *
 * Links to files and folders are followed; what was seen already (by device and inode) is not seen again, and
 * said once. In folders only regular files count: pipes and devices are named by the user or not opened.
 */
#ifndef ORTHRUS_IO_WALK_H
#define ORTHRUS_IO_WALK_H

#include "common/base/arena.h"

enum {
    WALK_DEPTH_MAX = 64, /* folders in folders */
};

/* Where the results go. Paths live in the arena that was given to walk_create(). */
struct walk_out {
    void *owner;
    /* path is null for standard input. listed: found in a folder, not named by the user. */
    void (*found)(void *owner, const char *path, bool listed);
    /* Something that cannot be read (failed), or that is worth a line. */
    void (*tell)(void *owner, bool failed, const char *path, const char *text);
};

struct walk;

enum err walk_create(struct walk **walk, struct arena *arena, uint32_t files_max,
                     const struct walk_out *out) MUST_CHECK;
void walk_free(struct walk *walk);
void walk_argument(struct walk *walk, const char *argument);

#endif
