/*
 * sources - the list of captures behind the merge, and what is told of them.
 */
#include "common/io/sources.h"

#include <stdio.h>
#include <sys/resource.h>

#include "common/base/text.h"
#include "common/io/merge.h"
#include "common/io/listing.h"
#include "common/io/spool.h"
#include "common/io/walk.h"

enum {
    SOURCES_TEXT_BYTES = 512,
    SOURCES_FIRST = 16,
    SOURCES_SLABS_BYTES = 64 * 1024 * 1024, /* shared by the captures that may be open at once */
};

struct sources {
    struct sources_options options;
    struct source_shared shared;
    struct arena texts; /* names, paths, problems: until the end */
    struct walk *walk;
    struct source **all; /* owned, each too */
    uint32_t count;
    uint32_t capacity;
    struct merge merge;
    struct spool spool; /* of the one zip that may come through a pipe */
    struct sources_problem *problems;
    uint32_t problem_count;
    uint32_t problem_capacity;
    struct sources_totals totals;
    const char *skipped_first[CONTENT_COUNT]; /* the first file of each kind that was skipped */
    uint32_t skipped[CONTENT_COUNT];
    struct sources_file file; /* lent by sources_file() */
    bool opened;
};

static void add_problem(struct sources *s, const struct sources_problem *problem, const char *text)
{
    s->totals.unreadable += problem->kind == PROBLEM_UNREADABLE;
    s->totals.damaged += problem->kind == PROBLEM_DAMAGED;
    if (s->problem_count == SOURCES_PROBLEMS_MAX)
        return;
    if (s->problem_count == s->problem_capacity) {
        uint32_t capacity = s->problem_capacity ? s->problem_capacity * 2 : SOURCES_FIRST;
        struct sources_problem *grown = realloc(s->problems, capacity * sizeof(*grown));
        REQUIRE(grown != NULL);
        s->problems = grown;
        s->problem_capacity = capacity;
    }
    struct sources_problem *added = &s->problems[s->problem_count++];
    *added = *problem;
    added->text = arena_print(&s->texts, "%s", text).at;
    added->file = problem->file ? problem->file : "-";
}

static void add_source(struct sources *s, const char *name, const struct input_place *place, bool listed)
{
    if (s->count == s->capacity) {
        uint32_t capacity = s->capacity ? s->capacity * 2 : SOURCES_FIRST;
        struct source **grown = realloc(s->all, capacity * sizeof(struct source *));
        REQUIRE(grown != NULL);
        s->all = grown;
        s->capacity = capacity;
    }
    struct source *source = arena_zeroed(&s->texts, sizeof(*source));
    *source = (struct source){.name = name, .place = *place, .listed = listed};
    source->label = text_to_utf8(&s->texts, str_of(name));
    s->all[s->count++] = source;
}

static void on_found(void *owner, const char *path, bool listed)
{
    add_source(owner, path ? path : "-", &(struct input_place){.path = path}, listed);
}

static void on_tell(void *owner, bool failed, const char *path, const char *text)
{
    uint8_t kind = failed ? PROBLEM_UNREADABLE : PROBLEM_NOTE;
    add_problem(owner, &(struct sources_problem){.kind = kind, .file = path}, text);
}

static void on_end(void *owner, struct source *source);

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value ? value : otherwise;
}

static void set_options(struct sources *s, const struct sources_options *options)
{
    struct sources_options *o = &s->options;
    if (options)
        *o = *options;
    o->ratio_max = or_default(o->ratio_max, SOURCES_RATIO_MAX);
    o->archive_entries_max = or_default(o->archive_entries_max, SOURCES_ARCHIVE_ENTRIES_MAX);
    o->files_max = or_default(o->files_max, SOURCES_FILES_MAX);
    o->open_max = or_default(o->open_max, SOURCES_OPEN_MAX);
    o->look_ahead_frames = or_default(o->look_ahead_frames, SOURCES_LOOK_AHEAD_FRAMES);
    if (o->look_ahead_frames > SOURCES_LOOK_AHEAD_FRAMES_MAX)
        o->look_ahead_frames = SOURCES_LOOK_AHEAD_FRAMES_MAX;
    if (o->decompressed_bytes_max == 0)
        o->decompressed_bytes_max = SOURCES_DECOMPRESSED_BYTES_MAX;
    if (o->ratio_free_bytes == 0)
        o->ratio_free_bytes = SOURCES_RATIO_FREE_BYTES;
    /* Half of what the process may open is for others. */
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 2 < o->open_max)
        o->open_max = limit.rlim_cur > 2 ? (uint32_t)(limit.rlim_cur / 2) : 1;
    s->shared.look_ahead_frames = o->look_ahead_frames;
    s->shared.input = (struct input_shared){.descriptors = {.open_max = o->open_max, .stop = o->stop},
                                            .decompressed_bytes_max = o->decompressed_bytes_max,
                                            .ratio_free_bytes = o->ratio_free_bytes,
                                            .ratio_max = o->ratio_max};
}

enum err sources_create(struct sources **out, const struct sources_options *options)
{
    struct sources *s = calloc(1, sizeof(*s));
    if (!s)
        return ERR_MEMORY;
    set_options(s, options);
    s->spool.descriptor = -1;
    arena_init(&s->texts, 0);
    slabs_init(&s->shared.slabs, 0);
    struct walk_out to = {.owner = s, .found = on_found, .tell = on_tell};
    enum err err = walk_create(&s->walk, &s->texts, s->options.files_max, &to);
    if (err != ERR_OK) {
        sources_free(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

void sources_free(struct sources *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->count; i++)
        source_close(s->all[i], &s->shared);
    merge_close(&s->merge);
    spool_close(&s->spool);
    slabs_close(&s->shared.slabs);
    walk_free(s->walk);
    free(s->all);
    free(s->problems);
    arena_close(&s->texts);
    free(s);
}

void sources_add(struct sources *s, const char *argument)
{
    REQUIRE(!s->opened);
    walk_argument(s->walk, argument);
}

static void skip(struct sources *s, enum content content, const char *name)
{
    if (s->skipped[content]++ == 0)
        s->skipped_first[content] = name;
    s->totals.skipped++;
}

/* What could not be opened as a capture: an error where the user named it, a count where a folder listed it.
 */
static void tell_unreadable(struct sources *s, const struct source *source)
{
    if (source->trouble.kind == TROUBLE_CONTENT && source->listed)
        skip(s, source->content, source->name);
    else
        add_problem(s, &(struct sources_problem){.kind = PROBLEM_UNREADABLE, .file = source->name},
                    source->trouble.text);
}

static void tell_late(struct sources *s, const struct source *source)
{
    char text[SOURCES_TEXT_BYTES];
    (void)snprintf(text, sizeof(text),
                   "%llu frames are out of order by more than %u frames (at most %.6f s); they were taken at "
                   "the time of "
                   "the frame before",
                   (unsigned long long)source->late, s->options.look_ahead_frames,
                   (double)source->late_max / 1e9);
    add_problem(s, &(struct sources_problem){.kind = PROBLEM_NOTE, .file = source->name}, text);
}

static void tell_untimed(struct sources *s, const struct source *source)
{
    char text[SOURCES_TEXT_BYTES];
    (void)snprintf(text, sizeof(text),
                   "%llu frames have no time of their own and take that of the frame before",
                   (unsigned long long)source->counts.untimed);
    add_problem(s, &(struct sources_problem){.kind = PROBLEM_NOTE, .file = source->name}, text);
}

/* The merge is through with a capture: says once what was wrong with it. */
static void on_end(void *owner, struct source *source)
{
    struct sources *s = owner;
    if (source->late > 0)
        tell_late(s, source);
    if (source->counts.untimed > 0)
        tell_untimed(s, source);
    if (source->trouble.kind == TROUBLE_NONE)
        return;
    bool refused = source->trouble.kind == TROUBLE_OPEN && !source->started;
    uint8_t kind = refused || source->counts.bytes == 0 ? PROBLEM_UNREADABLE : PROBLEM_DAMAGED;
    if (source->trouble.kind == TROUBLE_TRAILING)
        kind = PROBLEM_NOTE;
    add_problem(
        s,
        &(struct sources_problem){.kind = kind,
                                  .has_offset = !refused,
                                  .unpacked = source->packing != source->content || source->place.is_entry,
                                  .offset = source->counts.bytes,
                                  .file = source->name},
        source->trouble.text);
}

/* One line for each kind of file that folders and archives held beside captures. */
static void tell_skipped(struct sources *s)
{
    for (uint32_t content = 0; content < CONTENT_COUNT; content++) {
        if (s->skipped[content] == 0)
            continue;
        char text[SOURCES_TEXT_BYTES];
        const char *what = content_text((enum content)content);
        if (s->skipped[content] == 1)
            (void)snprintf(text, sizeof(text), "%s; skipped", what);
        else
            (void)snprintf(text, sizeof(text), "%s; skipped, with %u others of its kind", what,
                           s->skipped[content] - 1);
        add_problem(s, &(struct sources_problem){.kind = PROBLEM_NOTE, .file = s->skipped_first[content]},
                    text);
    }
}

/* An archive while it is listed. */
struct archive {
    struct sources *sources;
    const struct source *source;
    uint64_t *unpacked; /* what comes out of all its entries together */
    uint32_t captures;
};

static void on_entry(void *owner, const struct zip_entry *entry, enum content content)
{
    struct archive *archive = owner;
    struct sources *s = archive->sources;
    const char *name = arena_print(&s->texts, "%s/%s", archive->source->name, entry->name).at;
    if (!content_is_capture(content) && !content_is_packed(content)) {
        skip(s, content, name);
        return;
    }
    archive->captures++;
    add_source(s, name,
               &(struct input_place){.path = archive->source->place.path,
                                     .is_entry = true,
                                     .entry = entry->number,
                                     .unpacked = archive->unpacked},
               true);
}

/* Its entries become sources of their own, behind all that are listed so far. */
static void list_archive(struct sources *s, const struct source *source)
{
    struct archive archive = {
        .sources = s, .source = source, .unpacked = arena_zeroed(&s->texts, sizeof(*archive.unpacked))};
    struct listing listing = {
        .owner = &archive, .found = on_entry, .entries_max = s->options.archive_entries_max};
    listing_read(&listing, &s->shared.input.descriptors, source->place.path);
    bool failed = listing.trouble.kind != TROUBLE_NONE;
    uint8_t kind = archive.captures > 0 ? PROBLEM_DAMAGED : PROBLEM_UNREADABLE;
    if (failed)
        add_problem(s, &(struct sources_problem){.kind = kind, .file = source->name}, listing.trouble.text);
    else if (archive.captures == 0 && source->listed)
        s->totals.skipped++;
    else if (archive.captures == 0)
        add_problem(s, &(struct sources_problem){.kind = kind, .file = source->name},
                    "is a zip archive that holds no capture");
}

/* A zip that came through a pipe is copied to where it can be read at any place. */
static bool spool(struct sources *s, struct source *source, struct input *input)
{
    if (input_is_repeatable(input))
        return true;
    if (s->spool.descriptor >= 0) {
        trouble_set(&source->trouble, TROUBLE_OPEN,
                    "is a second zip archive through a pipe; save it in a file first");
        return false;
    }
    enum err err =
        spool_open(&s->spool, &s->texts, input, s->options.decompressed_bytes_max, &source->trouble);
    source->place.path = s->spool.path;
    return err == ERR_OK;
}

static void look_into(struct sources *s, struct source *source)
{
    struct input *input = NULL;
    enum err err = input_open(&input, &s->shared.input, &source->place, &source->trouble);
    if (err == ERR_OK && input_packing(input) == CONTENT_ZIP && !source->place.is_entry) {
        bool ready = spool(s, source, input);
        input_close(input);
        if (ready)
            list_archive(s, source);
        else
            tell_unreadable(s, source);
        return;
    }
    if (err != ERR_OK || !source_open_input(source, &s->shared, input))
        tell_unreadable(s, source);
}

void sources_open(struct sources *s)
{
    REQUIRE(!s->opened);
    s->opened = true;
    walk_free(s->walk);
    s->walk = NULL;
    size_t slab_bytes = SOURCES_SLABS_BYTES / (s->count ? s->count : 1);
    s->shared.slabs.bytes = slab_bytes > SLAB_BYTES       ? SLAB_BYTES
                            : slab_bytes < SLAB_BYTES_MIN ? SLAB_BYTES_MIN
                                                          : slab_bytes;
    uint32_t kept = 0, captures = 0;
    /* The list grows while it is walked: archives put their entries behind its end. */
    for (uint32_t i = 0; i < s->count; i++) {
        struct source *source = s->all[i];
        look_into(s, source);
        if (source->repeatable && kept >= s->options.open_max)
            source_close(source, &s->shared);
        kept += source->capture != NULL;
        slabs_reclaim(&s->shared.slabs);
    }
    for (uint32_t i = 0; i < s->count; i++)
        if (s->all[i]->opened)
            s->all[captures++] = s->all[i];
    s->count = s->totals.files = captures;
    tell_skipped(s);
    enum err err = merge_init(&s->merge, s->all, s->count);
    REQUIRE(err == ERR_OK);
    s->merge.on_end = on_end;
    s->merge.owner = s;
}

bool sources_next(struct sources *s, struct batch *out, uint32_t frames_max)
{
    REQUIRE(s->opened && frames_max > 0);
    return merge_next(&s->merge, &s->shared, out, frames_max);
}

uint32_t sources_problem_count(const struct sources *s)
{
    return s->problem_count;
}

const struct sources_problem *sources_problem(const struct sources *s, uint32_t index)
{
    return index < s->problem_count ? &s->problems[index] : NULL;
}

/* The counts of a capture: those of now while it is open, those that were kept when it is not. */
static struct capture_counts counts_of(const struct source *source)
{
    return source->capture ? capture_counts(source->capture) : source->counts;
}

const struct sources_file *sources_file(struct sources *s, uint32_t index)
{
    if (index >= s->count)
        return NULL;
    const struct source *source = s->all[index];
    const char *packing = source->place.is_entry ? "zip" : "";
    if (source->packing != source->content)
        packing = content_name(source->packing);
    s->file = (struct sources_file){.name = source->name,
                                    .format = content_name(source->content),
                                    .packing = packing,
                                    .frames = source->frames,
                                    .bytes = source->started || source->ended ? counts_of(source).bytes : 0,
                                    .late = source->capture ? source->window.late : source->late,
                                    .late_max = source->capture ? source->window.late_max : source->late_max,
                                    .first = source->started ? source->given_first : TIME_NS_NONE,
                                    .last = source->started ? source->given_last : TIME_NS_NONE,
                                    .ended = source->ended && !source->capture};
    return &s->file;
}

struct sources_totals sources_totals(const struct sources *s)
{
    struct sources_totals totals = s->totals;
    totals.frames = s->merge.sequence;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct source *source = s->all[i];
        if (source->started || source->ended)
            totals.bytes += counts_of(source).bytes;
        totals.late += source->capture ? source->window.late : source->late;
    }
    return totals;
}

struct sources_progress sources_progress(const struct sources *s)
{
    struct sources_progress progress = {.total_known = true};
    for (uint32_t i = 0; i < s->count; i++) {
        const struct source *source = s->all[i];
        uint64_t total = source->bytes_total;
        uint64_t done = source->capture ? input_done(capture_input(source->capture)) : source->bytes_done;
        /* A file that has ended is done, however much of it could be read. */
        if (source->ended && !source->capture && total > 0)
            done = total;
        progress.total += total;
        progress.done += total > 0 && done > total ? total : done;
        progress.total_known &= total > 0;
    }
    return progress;
}
