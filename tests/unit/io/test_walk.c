/*
 * test_walk - folders, links and what is seen twice.
 */
#include "tests/unit/io/cm.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io/walk.h"
#include "tests/unit/io/made.h"

struct result {
    struct writer found; /* names, one a line; "!" before those that were named by the user */
    struct writer told;
};

static const char *name_of(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "-";
}

static void on_found(void *owner, const char *path, bool listed)
{
    struct result *result = owner;
    writer_print(&result->found, "%s%s\n", listed ? "" : "!", name_of(path));
}

static void on_tell(void *owner, bool failed, const char *path, const char *text)
{
    struct result *result = owner;
    writer_print(&result->told, "%s%s %s\n", failed ? "!" : "", name_of(path), text);
}

static struct result walk_all(const char *const *arguments, size_t count, uint32_t files_max)
{
    struct result result = {0};
    struct arena arena;
    struct walk *walk = NULL;
    arena_init(&arena, 0);
    struct walk_out out = {.owner = &result, .found = on_found, .tell = on_tell};
    assert_int_equal(walk_create(&walk, &arena, files_max, &out), ERR_OK);
    for (size_t i = 0; i < count; i++)
        walk_argument(walk, arguments[i]);
    walk_free(walk);
    arena_close(&arena);
    writer_u8(&result.found, 0);
    writer_u8(&result.told, 0);
    return result;
}

static void check(struct result *result, const char *found, const char *told)
{
    assert_string_equal((const char *)result->found.bytes, found);
    assert_string_equal((const char *)result->told.bytes, told);
    writer_close(&result->found);
    writer_close(&result->told);
}

static void test_folders_are_walked_in_sorted_order(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    assert_int_equal(mkdir(made_path(&folder, "b"), 0700), 0);
    (void)made_file(&folder, "c", STR(""));
    (void)made_file(&folder, "a", STR(""));
    (void)made_file(&folder, "b/2", STR(""));
    (void)made_file(&folder, "b/1", STR(""));
    (void)made_file(&folder, ".hidden", STR(""));
    struct result result = walk_all((const char *[]){folder.path, "-"}, 2, 100);
    check(&result, ".hidden\na\n1\n2\nc\n!-\n", "");
    made_folder_remove(&folder);
}

static void test_loops_and_files_given_twice_are_told_once(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    assert_int_equal(mkdir(made_path(&folder, "in"), 0700), 0);
    assert_int_equal(symlink("..", made_path(&folder, "in/up")), 0);
    assert_int_equal(symlink(".", made_path(&folder, "in/self")), 0);
    assert_int_equal(symlink("..", made_path(&folder, "in/up2")), 0);
    const char *file = made_file(&folder, "x", STR(""));
    assert_int_equal(symlink("../x", made_path(&folder, "in/link")), 0);
    assert_int_equal(link(file, made_path(&folder, "y")), 0);
    struct result result = walk_all((const char *[]){folder.path, file, "-", "-"}, 4, 100);
    check(&result, "link\n!-\n",
          "self is a folder that was read already; not followed again\n"
          "up is a folder that was read already; not followed again\n"
          "x is a file that was given already; read once\n"
          "- is given twice; read once\n");
    made_folder_remove(&folder);
}

static void test_what_is_missing_or_no_file_is_told(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    assert_int_equal(mkfifo(made_path(&folder, "pipe"), 0600), 0);
    assert_int_equal(symlink("nowhere", made_path(&folder, "dangling")), 0);
    assert_int_equal(symlink("round", made_path(&folder, "round")), 0);
    struct result result = walk_all((const char *[]){folder.path, made_path(&folder, "gone"), ""}, 3, 100);
    check(&result, "",
          "!dangling cannot be opened: No such file or directory\n"
          "pipe is neither a file nor a folder; skipped\n"
          "!round cannot be opened: Too many levels of symbolic links\n"
          "!gone cannot be opened: No such file or directory\n"
          "! cannot be opened: No such file or directory\n");
    made_folder_remove(&folder);
}

static void test_depth_and_number_have_limits(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    char path[2048];
    size_t used = (size_t)snprintf(path, sizeof(path), "%s", folder.path);
    for (int i = 0; i < WALK_DEPTH_MAX + 3; i++) {
        used += (size_t)snprintf(&path[used], sizeof(path) - used, "/d");
        assert_int_equal(mkdir(path, 0700), 0);
    }
    struct result result = walk_all((const char *[]){folder.path}, 1, 100);
    check(&result, "", "!d lies too deep in folders; not read\n");
    for (int i = 0; i < 5; i++)
        (void)made_file(&folder, (const char *[]){"a", "b", "c", "d1", "e"}[i], STR(""));
    result = walk_all((const char *[]){folder.path}, 1, 3);
    check(&result, "a\nb\n", "!c is one file more than the limit; the rest is not read\n");
    made_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folders_are_walked_in_sorted_order),
        cmocka_unit_test(test_loops_and_files_given_twice_are_told_once),
        cmocka_unit_test(test_what_is_missing_or_no_file_is_told),
        cmocka_unit_test(test_depth_and_number_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
