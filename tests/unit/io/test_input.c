/*
 * test_input - what captures come packed in: gzip, zstd, zip, and the limits against bombs.
 */
#include "tests/unit/io/cm.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/io/made.h"

enum {
    ZIP_BYTES_MAX = 4 * 1024 * 1024,
};

/* A zip of these files; password null for none. A name that ends in a slash is a folder. */
static void make_zip(struct writer *w, const struct str files[][2], size_t count, const char *password)
{
    struct archive *a = archive_write_new();
    uint8_t *bytes = writer_room(w, ZIP_BYTES_MAX);
    size_t used = 0;
    assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
    if (password) {
        assert_int_equal(archive_write_set_options(a, "zip:encryption=traditional"), ARCHIVE_OK);
        assert_int_equal(archive_write_set_passphrase(a, password), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_memory(a, bytes, ZIP_BYTES_MAX, &used), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        bool folder = files[i][0].at[files[i][0].size - 1] == '/';
        archive_entry_set_pathname(entry, files[i][0].at);
        archive_entry_set_filetype(entry, folder ? AE_IFDIR : AE_IFREG);
        archive_entry_set_perm(entry, 0600);
        archive_entry_set_size(entry, files[i][1].size);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        if (!folder)
            assert_int_equal(archive_write_data(a, files[i][1].at, files[i][1].size), files[i][1].size);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    assert_int_equal(archive_write_free(a), ARCHIVE_OK);
    w->size -= ZIP_BYTES_MAX - used;
}

static struct made_run run_bytes(struct str bytes, struct sources_options options)
{
    struct made_folder folder;
    made_folder(&folder);
    const char *path = made_file(&folder, "f", bytes);
    struct made_run run = {.options = options};
    made_run(&run, &path, 1);
    made_folder_remove(&folder);
    return run;
}

static void check(struct made_run *run, uint64_t frames, const char *problems)
{
    assert_string_equal(made_run_problems(run), problems);
    assert_int_equal(run->frames, frames);
    made_run_close(run);
}

static void test_members_and_frames_one_behind_the_other_are_one_capture(void **state)
{
    (void)state;
    struct writer capture = {0}, packed = {0};
    made_capture(&capture, 1, 1, 100, 1);
    struct str all = writer_str(&capture);
    for (int kind = 0; kind < 2; kind++) {
        writer_reset(&packed);
        if (kind == 1)
            writer_bytes(&packed, "\x50\x2a\x4d\x18\x03\0\0\0abc", 11); /* a frame that is skipped */
        for (uint32_t at = 0; at < all.size; at += 1234) {
            uint32_t size = all.size - at < 1234 ? all.size - at : 1234;
            struct str part = {.at = &all.at[at], .size = size};
            kind == 0 ? made_gzip(&packed, part) : made_zstd(&packed, part);
        }
        struct made_run run = run_bytes(writer_str(&packed), (struct sources_options){0});
        assert_int_equal(run.progress.done, packed.size);
        check(&run, 100, "");
    }
    writer_close(&capture);
    writer_close(&packed);
}

static void test_zeros_behind_gzip_are_padding_and_other_bytes_are_told(void **state)
{
    (void)state;
    struct writer capture = {0}, packed = {0};
    made_capture(&capture, 1, 1, 10, 1);
    made_gzip(&packed, writer_str(&capture));
    size_t size = packed.size;
    writer_bytes(&packed, "\0\0\0\0\0", 5);
    struct made_run run = run_bytes(writer_str(&packed), (struct sources_options){0});
    check(&run, 10, "");
    packed.size = size;
    writer_text(&packed, "trailer");
    run = run_bytes(writer_str(&packed), (struct sources_options){0});
    check(&run, 10,
          "note f: something else follows the gzip data and is not read, at byte 784 of the decompressed "
          "data\n");
    writer_reset(&packed);
    made_zstd(&packed, writer_str(&capture));
    writer_text(&packed, "trailer");
    run = run_bytes(writer_str(&packed), (struct sources_options){0});
    check(&run, 10,
          "note f: something else follows the zstd data and is not read, at byte 784 of the decompressed "
          "data\n");
    writer_close(&capture);
    writer_close(&packed);
}

static void test_a_wrong_checksum_is_told_and_the_frames_are_given(void **state)
{
    (void)state;
    struct writer capture = {0}, packed = {0};
    made_capture(&capture, 1, 1, 10, 1);
    made_gzip(&packed, writer_str(&capture));
    packed.bytes[packed.size - 8] ^= 1;
    struct made_run run = run_bytes(writer_str(&packed), (struct sources_options){0});
    check(
        &run, 10,
        "damaged f: the gzip data is damaged (incorrect data check), at byte 784 of the decompressed data\n");
    writer_close(&capture);
    writer_close(&packed);
}

static void test_damage_inside_compressed_data_says_where_in_what_comes_out(void **state)
{
    (void)state;
    struct writer capture = {0}, packed = {0};
    made_capture(&capture, 1, 1, 10, 1);
    memset(&capture.bytes[24 + 76 + 8], 0xff, 4);
    made_zstd(&packed, writer_str(&capture));
    struct made_run run = run_bytes(writer_str(&packed), (struct sources_options){0});
    check(&run, 1,
          "damaged f: it is damaged at byte 100 of the decompressed data: the length of a frame cannot be\n");
    writer_close(&capture);
    writer_close(&packed);
}

static void test_what_is_compressed_and_no_capture_is_named(void **state)
{
    (void)state;
    struct writer once = {0}, twice = {0};
    made_gzip(&once, STR("just words"));
    struct made_run run = run_bytes(writer_str(&once), (struct sources_options){0});
    check(&run, 0, "unreadable f: is compressed by gzip, and what is inside is a text, not a capture\n");
    made_zstd(&twice, writer_str(&once));
    run = run_bytes(writer_str(&twice), (struct sources_options){0});
    check(&run, 0,
          "unreadable f: is compressed by zstd, and what is inside is compressed by gzip once more, which is "
          "not opened\n");
    writer_close(&once);
    writer_close(&twice);
}

static void test_entries_of_a_zip_are_captures_of_their_own(void **state)
{
    (void)state;
    struct writer a = {0}, b = {0}, packed = {0}, zip = {0};
    made_capture(&a, 1, 2, 2000, 'a');
    made_capture(&b, 2, 2, 2000, 'b');
    made_gzip(&packed, writer_str(&b));
    const struct str files[][2] = {{STR("in/"), STR("")},
                                   {STR("in/a.pcap"), writer_str(&a)},
                                   {STR("b.gz"), writer_str(&packed)},
                                   {STR("readme"), STR("words")}};
    make_zip(&zip, files, ARRAY_COUNT(files), NULL);
    struct made_run run = run_bytes(writer_str(&zip), (struct sources_options){0});
    static const char first[] = "1000 a.pcap/1 1 60 5820\n2000 b.gz/1 1 60 5880\n3000 a.pcap/2";
    assert_memory_equal(made_run_lines(&run), first, sizeof(first) - 1);
    assert_int_equal(run.totals.files, 2);
    assert_int_equal(run.totals.skipped, 1);
    assert_int_equal(run.progress.done, run.progress.total);
    check(&run, 4000, "note readme: is a text, not a capture; skipped\n");
    writer_close(&a);
    writer_close(&b);
    writer_close(&packed);
    writer_close(&zip);
}

static void test_every_truncation_of_a_zip_ends_cleanly(void **state)
{
    (void)state;
    struct writer a = {0}, zip = {0};
    made_capture(&a, 1, 2, 20, 'a');
    const struct str files[][2] = {{STR("a"), writer_str(&a)}, {STR("b"), writer_str(&a)}};
    make_zip(&zip, files, ARRAY_COUNT(files), NULL);
    for (uint32_t size = 0; size < zip.size; size++) {
        struct made_run run =
            run_bytes((struct str){.at = (const char *)zip.bytes, .size = size}, (struct sources_options){0});
        assert_true(run.frames <= 40);
        assert_true(run.totals.unreadable + run.totals.damaged >= 1 || run.frames == 40);
        made_run_close(&run);
    }
    writer_close(&a);
    writer_close(&zip);
}

static void test_a_zip_without_captures_or_with_a_password_is_told(void **state)
{
    (void)state;
    struct writer a = {0}, zip = {0};
    made_capture(&a, 1, 2, 2, 'a');
    const struct str texts[][2] = {{STR("a"), STR("words")}};
    make_zip(&zip, texts, 1, NULL);
    struct made_run run = run_bytes(writer_str(&zip), (struct sources_options){0});
    check(
        &run, 0,
        "unreadable f: is a zip archive that holds no capture\nnote a: is a text, not a capture; skipped\n");
    writer_reset(&zip);
    const struct str inner[][2] = {{STR("inner.zip"), STR("PK\x03\x04 and so on")},
                                   {STR("a"), writer_str(&a)}};
    make_zip(&zip, inner, 2, NULL);
    run = run_bytes(writer_str(&zip), (struct sources_options){0});
    check(&run, 2, "note inner.zip: is a zip archive inside something else, which is not opened; skipped\n");
    writer_reset(&zip);
    make_zip(&zip, &inner[1], 1, "infected");
    run = run_bytes(writer_str(&zip), (struct sources_options){0});
    check(&run, 0, "unreadable f: has 1 entries that need a password; they are not read\n");
    writer_close(&a);
    writer_close(&zip);
}

static void test_a_zip_has_no_more_entries_than_the_limit(void **state)
{
    (void)state;
    struct writer a = {0}, zip = {0};
    made_capture(&a, 1, 2, 2, 'a');
    const struct str files[][2] = {
        {STR("a"), writer_str(&a)}, {STR("b"), writer_str(&a)}, {STR("c"), writer_str(&a)}};
    make_zip(&zip, files, 3, NULL);
    struct made_run run = run_bytes(writer_str(&zip), (struct sources_options){.archive_entries_max = 2});
    check(&run, 4, "damaged f: has more than 2 entries; the rest is not read\n");
    run = run_bytes(writer_str(&zip), (struct sources_options){.archive_entries_max = 3});
    check(&run, 6, "");
    writer_close(&a);
    writer_close(&zip);
}

/* A capture of empty frames: zeros, which compress by more than 1:1000. */
static void make_bomb(struct writer *w, uint32_t bytes)
{
    made_pcap_header(w, false, 0xa1b2c3d4, 262144, 1);
    memset(writer_room(w, bytes), 0, bytes);
}

static void test_a_bomb_ends_with_a_clear_message(void **state)
{
    (void)state;
    struct writer bomb = {0}, packed = {0}, zip = {0};
    make_bomb(&bomb, 4 << 20);
    made_gzip(&packed, writer_str(&bomb));
    struct sources_options options = {.ratio_free_bytes = 1 << 20};
    struct made_run run = run_bytes(writer_str(&packed), options);
    assert_non_null(
        strstr(made_run_problems(&run),
               "damaged f: it is compressed by more than 1:500, as no capture is but a bomb, at byte "));
    assert_in_range(run.frames, (1 << 20) / 16, (3 << 20) / 16);
    made_run_close(&run);
    options = (struct sources_options){.decompressed_bytes_max = 1 << 20};
    run = run_bytes(writer_str(&packed), options);
    assert_non_null(strstr(made_run_problems(&run),
                           "damaged f: more than 1048576 bytes come out of it, which is the limit"));
    assert_true(run.frames <= (2 << 20) / 16);
    made_run_close(&run);
    /* In a zip the limit is that of all entries together. */
    const struct str files[][2] = {{STR("a"), writer_str(&bomb)}, {STR("b"), writer_str(&bomb)}};
    make_zip(&zip, files, 2, NULL);
    run = run_bytes(writer_str(&zip), (struct sources_options){.decompressed_bytes_max = 6 << 20});
    assert_int_equal(run.totals.damaged, 1);
    assert_true(run.frames < (7 << 20) / 16);
    made_run_close(&run);
    run = run_bytes(writer_str(&packed), (struct sources_options){0});
    check(&run, (4 << 20) / 16, "");
    writer_close(&bomb);
    writer_close(&packed);
    writer_close(&zip);
}

static void test_a_zip_through_a_pipe_is_read(void **state)
{
    (void)state;
    struct writer a = {0}, zip = {0};
    struct made_folder folder;
    made_capture(&a, 1, 2, 20, 'a');
    const struct str files[][2] = {{STR("a"), writer_str(&a)}, {STR("b"), writer_str(&a)}};
    make_zip(&zip, files, 2, NULL);
    made_folder(&folder);
    int kept = dup(STDIN_FILENO);
    FILE *file = freopen(made_file(&folder, "zip", writer_str(&zip)), "rb", stdin);
    assert_non_null(file);
    struct made_run run = {0};
    made_run(&run, (const char *[]){"-"}, 1);
    check(&run, 40, "");
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    (void)close(kept);
    made_folder_remove(&folder);
    writer_close(&a);
    writer_close(&zip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_and_frames_one_behind_the_other_are_one_capture),
        cmocka_unit_test(test_zeros_behind_gzip_are_padding_and_other_bytes_are_told),
        cmocka_unit_test(test_a_wrong_checksum_is_told_and_the_frames_are_given),
        cmocka_unit_test(test_damage_inside_compressed_data_says_where_in_what_comes_out),
        cmocka_unit_test(test_what_is_compressed_and_no_capture_is_named),
        cmocka_unit_test(test_entries_of_a_zip_are_captures_of_their_own),
        cmocka_unit_test(test_every_truncation_of_a_zip_ends_cleanly),
        cmocka_unit_test(test_a_zip_without_captures_or_with_a_password_is_told),
        cmocka_unit_test(test_a_zip_has_no_more_entries_than_the_limit),
        cmocka_unit_test(test_a_bomb_ends_with_a_clear_message),
        cmocka_unit_test(test_a_zip_through_a_pipe_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
