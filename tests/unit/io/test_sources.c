/*
 * test_sources - captures from folders, files and standard input as one stream: order, damage, statistics.
 */
#include "tests/unit/io/cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/unit/io/made.h"

static const char *lay_capture(const struct made_folder *folder, const char *name, uint64_t first_us,
                               uint64_t step_us, uint32_t count)
{
    struct writer w = {0};
    made_capture(&w, first_us, step_us, count, (uint8_t)name[0]);
    const char *path = made_file(folder, name, writer_str(&w));
    writer_close(&w);
    return path;
}

static void test_files_are_merged_by_time_whatever_the_order_of_arguments(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *a = lay_capture(&folder, "a", 1000, 10, 3);
    const char *b = lay_capture(&folder, "b", 1005, 10, 3);
    const char *c = lay_capture(&folder, "c", 1000, 10, 2); /* the times of a, so that the ranks decide */
    const char *orders[][3] = {{a, b, c}, {c, b, a}, {b, c, a}};
    struct made_run runs[3] = {0};
    for (int i = 0; i < 3; i++) {
        runs[i].batch = (uint32_t)i * 3 + 1;
        made_run(&runs[i], orders[i], 3);
        assert_string_equal(made_run_lines(&runs[i]), made_run_lines(&runs[0]));
        assert_string_equal(made_run_problems(&runs[i]), "");
        assert_int_equal(runs[i].frames, 8);
        assert_int_equal(runs[i].totals.files, 3);
        assert_int_equal(runs[i].progress.done, runs[i].progress.total);
        assert_true(runs[i].progress.total_known);
    }
    const char *lines = made_run_lines(&runs[0]);
    bool a_first = strncmp(lines, "1000000 a/1", 11) == 0;
    assert_true(a_first || strncmp(lines, "1000000 c/1", 11) == 0);
    assert_non_null(
        strstr(lines, a_first ? "1010000 a/2 1 60 5820\n1010000 c/2 1 60 5940\n1015000 b/2 1 60 5880\n"
                              : "1010000 c/2 1 60 5940\n1010000 a/2 1 60 5820\n1015000 b/2 1 60 5880\n"));
    for (int i = 0; i < 3; i++)
        made_run_close(&runs[i]);
    made_folder_remove(&folder);
}

static void test_no_argument_gives_an_end_and_nothing_else(void **state)
{
    (void)state;
    struct made_run run = {0};
    made_run(&run, NULL, 0);
    assert_int_equal(run.frames, 0);
    assert_string_equal(made_run_problems(&run), "");
    made_run_close(&run);
}

/* Frames at these times, in this order, in one file. */
static const char *lay_times(const struct made_folder *folder, const char *name, const uint32_t *us,
                             size_t count)
{
    struct writer w = {0};
    made_pcap_header(&w, false, 0xa1b2c3d4, 262144, 1);
    for (size_t i = 0; i < count; i++)
        made_pcap_record(&w, false, (uint32_t[4]){0, us[i], 1, 1}, 0, 1);
    const char *path = made_file(folder, name, writer_str(&w));
    writer_close(&w);
    return path;
}

static void test_disorder_within_the_look_ahead_is_put_right(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *path = lay_times(&folder, "mixed", (const uint32_t[]){30, 10, 20, 20, 5, 40}, 6);
    struct made_run run = {0};
    made_run(&run, &path, 1);
    assert_string_equal(made_run_lines(&run),
                        "5000 mixed/5 1 1 1\n10000 mixed/2 1 1 1\n20000 mixed/3 1 1 1\n"
                        "20000 mixed/4 1 1 1\n30000 mixed/1 1 1 1\n40000 mixed/6 1 1 1\n");
    assert_string_equal(made_run_problems(&run), "");
    made_run_close(&run);
    made_folder_remove(&folder);
}

static void
test_disorder_beyond_the_look_ahead_takes_the_time_of_the_frame_before_and_is_told_once(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *path = lay_times(&folder, "late", (const uint32_t[]){30, 31, 32, 10, 33, 11, 34}, 7);
    struct made_run run = {.options = {.look_ahead_frames = 2}};
    made_run(&run, &path, 1);
    assert_string_equal(made_run_lines(&run),
                        "30000 late/1 1 1 1\n31000 late/2 1 1 1\n31000 late/4 1 1 1\n32000 late/3 1 1 1\n"
                        "32000 late/6 1 1 1\n33000 late/5 1 1 1\n34000 late/7 1 1 1\n");
    assert_string_equal(
        made_run_problems(&run),
        "note late: 2 frames are out of order by more than 2 frames (at most 0.000021 s); they were taken "
        "at the time of the frame before\n");
    assert_int_equal(run.totals.late, 2);
    assert_int_equal(run.totals.damaged, 0);
    made_run_close(&run);
    made_folder_remove(&folder);
}

static void test_a_frame_from_the_far_future_waits_for_the_end_and_holds_no_memory(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    struct writer w = {0};
    made_pcap_header(&w, false, 0xa1b2c3d4, 262144, 1);
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t second = i % 3 == 0 ? UINT32_MAX - 200 + i : i; /* 67 of them, each in another slab */
        made_pcap_record(&w, false, (uint32_t[4]){second, 0, 200000, 200000}, 0, (uint8_t)i);
    }
    const char *path = made_file(&folder, "future", writer_str(&w));
    struct made_run run = {0};
    made_run(&run, &path, 1);
    assert_int_equal(run.frames, 200);
    assert_int_equal(run.first, TIME_NS_S);
    assert_int_equal(run.last, (UINT32_MAX - 2) * TIME_NS_S);
    writer_close(&w);
    made_run_close(&run);
    made_folder_remove(&folder);
}

static void test_many_more_files_than_descriptors_are_read_side_by_side(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    /* The first 40 overlap all, the others follow one another. 3,000 frames are more than the first look
     * reads. */
    for (uint32_t i = 0; i < 60; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "f%02u", i);
        (void)lay_capture(&folder, name, i < 40 ? 1000 + i : 100000 * i, 100, i % 10 == 0 ? 3000 : 5);
    }
    struct made_run run = {.options = {.open_max = 4, .look_ahead_frames = 16}, .batch = 100};
    const char *arguments[] = {folder.path};
    made_run(&run, arguments, 1);
    assert_int_equal(run.frames, 6 * 3000 + 54 * 5);
    assert_string_equal(made_run_problems(&run), "");
    assert_int_equal(run.totals.files, 60);
    assert_int_equal(run.progress.done, run.progress.total);
    struct made_run all = {.batch = 7};
    made_run(&all, arguments, 1);
    assert_string_equal(made_run_lines(&all), made_run_lines(&run));
    made_run_close(&all);
    made_run_close(&run);
    made_folder_remove(&folder);
}

static void test_every_truncation_of_a_capture_gives_its_whole_frames_and_one_warning(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    struct writer w = {0};
    made_capture(&w, 1, 1, 3, 1);
    for (uint32_t size = 0; size <= w.size; size++) {
        const char *path = made_file(&folder, "cut", (struct str){(const char *)w.bytes, size});
        struct made_run run = {0};
        made_run(&run, &path, 1);
        const char *problems = made_run_problems(&run);
        assert_int_equal(run.frames, size < 24 ? 0 : (size - 24) / 76);
        if (size < 24) {
            assert_int_equal(run.totals.unreadable, 1);
        } else if ((size - 24) % 76 == 0) {
            assert_string_equal(problems, "");
        } else {
            char expected[256];
            (void)snprintf(expected, sizeof(expected),
                           "damaged cut: it ends at byte %u, within a frame that begins at byte %u\n", size,
                           24 + (size - 24) / 76 * 76);
            assert_string_equal(problems, expected);
            assert_int_equal(run.totals.damaged, 1);
        }
        assert_int_equal(run.progress.done, run.progress.total);
        made_run_close(&run);
    }
    writer_close(&w);
    made_folder_remove(&folder);
}

static void test_every_truncation_of_a_compressed_capture_gives_what_is_left(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    struct writer w = {0}, packed = {0};
    made_capture(&w, 1, 1, 30, 1);
    for (int kind = 0; kind < 2; kind++) {
        writer_reset(&packed);
        kind == 0 ? made_gzip(&packed, writer_str(&w)) : made_zstd(&packed, writer_str(&w));
        for (uint32_t size = 0; size < packed.size; size++) {
            const char *path = made_file(&folder, "cut", (struct str){(const char *)packed.bytes, size});
            struct made_run run = {0};
            made_run(&run, &path, 1);
            assert_true(run.frames <= 30);
            assert_int_equal(run.totals.unreadable + run.totals.damaged, 1);
            if (run.frames > 0)
                assert_non_null(strstr(made_run_problems(&run), "ends too early"));
            made_run_close(&run);
        }
        const char *path = made_file(&folder, "whole", writer_str(&packed));
        struct made_run run = {0};
        made_run(&run, &path, 1);
        assert_int_equal(run.frames, 30);
        assert_string_equal(made_run_problems(&run), "");
        made_run_close(&run);
    }
    writer_close(&packed);
    writer_close(&w);
    made_folder_remove(&folder);
}

static void test_damage_in_the_middle_ends_one_file_and_no_other(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    struct writer w = {0};
    made_capture(&w, 1, 1, 10, 'd');
    memset(&w.bytes[24 + 4 * 76 + 8], 0xff, 4); /* a length of 4 GiB in the fifth frame */
    const char *arguments[] = {made_file(&folder, "damaged", writer_str(&w)),
                               lay_capture(&folder, "sound", 1, 1, 10)};
    struct made_run run = {0};
    made_run(&run, arguments, 2);
    assert_int_equal(run.frames, 14);
    assert_string_equal(made_run_problems(&run),
                        "damaged damaged: it is damaged at byte 328: the length of a frame cannot be\n");
    made_run_close(&run);
    writer_close(&w);
    made_folder_remove(&folder);
}

static void test_random_bytes_after_a_header_end_cleanly(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    for (unsigned seed = 1; seed <= 60; seed++) {
        struct writer w = {0};
        if (seed % 2 == 0)
            made_pcap_header(&w, false, 0xa1b2c3d4, 262144, 1);
        else
            made_section(&w, seed % 4 == 1);
        if (seed % 4 == 1)
            made_interface(&w, true, 1, 6, 0);
        uint64_t random = seed;
        for (int i = 0; i < 500; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            writer_u8(&w, seed % 3 ? (uint8_t)(random >> 56) : (uint8_t)((random >> 56) & 3));
        }
        const char *path = made_file(&folder, "random", writer_str(&w));
        struct made_run run = {0};
        made_run(&run, &path, 1);
        assert_int_equal(run.totals.unreadable, 0);
        made_run_close(&run);
        writer_close(&w);
    }
    made_folder_remove(&folder);
}

static void test_what_is_no_capture_is_an_error_by_name_and_a_count_in_a_folder(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *arguments[] = {
        made_file(&folder, "log1", STR("ElfFile\0rest")), made_file(&folder, "notes", STR("some words")),
        made_file(&folder, "nothing", STR("")), made_file(&folder, "events", STR("{\"a\": 1}")),
        lay_capture(&folder, "good", 1, 1, 2)};
    struct made_run named = {0};
    made_run(&named, arguments, 5);
    assert_string_equal(made_run_problems(&named),
                        "unreadable log1: is an event log (EVTX), which this version does not read yet\n"
                        "unreadable notes: is a text, not a capture\n"
                        "unreadable nothing: is empty\n"
                        "unreadable events: is JSON, which this version does not read yet\n");
    assert_int_equal(named.frames, 2);
    assert_int_equal(named.totals.unreadable, 4);
    (void)made_file(&folder, "log2", STR("ElfFile\0rest"));
    struct made_run listed = {0};
    made_run(&listed, (const char *[]){folder.path}, 1);
    assert_string_equal(made_run_problems(&listed),
                        "note nothing: is empty; skipped\n"
                        "note notes: is a text, not a capture; skipped\n"
                        "note events: is JSON, which this version does not read yet; skipped\n"
                        "note log1: is an event log (EVTX), which this version does not read yet; skipped, "
                        "with 1 others of its kind\n");
    assert_int_equal(listed.frames, 2);
    assert_int_equal(listed.totals.skipped, 5);
    assert_int_equal(listed.totals.unreadable, 0);
    made_run_close(&named);
    made_run_close(&listed);
    made_folder_remove(&folder);
}

static void test_a_file_that_vanishes_or_changes_before_its_time_is_told(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *early = lay_capture(&folder, "early", 1, 1, 5);
    const char *gone = lay_capture(&folder, "gone", 1000, 1, 5);
    const char *vanished = lay_capture(&folder, "vanished", 2000, 1, 5);
    struct sources *sources = NULL;
    assert_int_equal(sources_create(&sources, &(struct sources_options){.open_max = 1, .files_max = 10}),
                     ERR_OK);
    sources_add(sources, early);
    sources_add(sources, gone);
    sources_add(sources, vanished);
    assert_int_equal(unlink(gone), 0); /* between listing and opening */
    sources_open(sources);
    assert_int_equal(unlink(vanished), 0); /* between looking into it and its time */
    struct batch batch;
    batch_init(&batch);
    assert_false(sources_next(sources, &batch, 100));
    assert_int_equal(batch.count, 6);
    batch_close(&batch);
    assert_int_equal(sources_problem_count(sources), 2);
    assert_string_equal(sources_problem(sources, 0)->text, "cannot be opened: No such file or directory");
    assert_string_equal(sources_problem(sources, 1)->text, "cannot be opened: No such file or directory");
    assert_int_equal(sources_problem(sources, 1)->kind, PROBLEM_UNREADABLE);
    assert_null(sources_problem(sources, 2));
    sources_free(sources);
    made_folder_remove(&folder);
}

static void test_a_file_that_is_cut_while_it_is_read_ends_there(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *path = lay_capture(&folder, "cut", 1, 1, 20000);
    struct sources *sources = NULL;
    assert_int_equal(sources_create(&sources, &(struct sources_options){.files_max = 10}), ERR_OK);
    sources_add(sources, path);
    sources_open(sources);
    assert_int_equal(truncate(path, 1000000), 0);
    struct batch batch;
    batch_init(&batch);
    uint64_t frames = 0;
    for (bool more = true; more; frames += batch.count - 1) {
        batch_reset(&batch);
        more = sources_next(sources, &batch, 1000);
    }
    batch_close(&batch);
    assert_int_equal(frames, (1000000 - 24) / 76);
    assert_int_equal(sources_problem(sources, 0)->kind, PROBLEM_DAMAGED);
    assert_int_equal(sources_problem(sources, 0)->offset, 24 + frames * 76);
    const struct sources_file *file = sources_file(sources, 0);
    assert_int_equal(file->frames, frames);
    assert_int_equal(file->bytes, 24 + frames * 76);
    assert_string_equal(file->format, "pcap");
    assert_string_equal(file->packing, "");
    assert_true(file->ended);
    assert_int_equal(file->first, 1000);
    assert_null(sources_file(sources, 1));
    sources_free(sources);
    made_folder_remove(&folder);
}

static void test_permission_is_asked_for_and_said(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* nothing is refused to root */
    struct made_folder folder;
    made_folder(&folder);
    const char *path = lay_capture(&folder, "sealed", 1, 1, 1);
    assert_int_equal(chmod(path, 0), 0);
    struct made_run run = {0};
    made_run(&run, &path, 1);
    assert_string_equal(made_run_problems(&run), "unreadable sealed: cannot be opened: Permission denied\n");
    made_run_close(&run);
    made_folder_remove(&folder);
}

/* Runs sources over "-" with these bytes in a pipe that a child fills slowly enough for short reads. */
static void run_stdin(struct made_run *run, struct str bytes)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        for (uint32_t at = 0; at < bytes.size;) {
            uint32_t part = bytes.size - at < 1000 ? bytes.size - at : 1000;
            ssize_t wrote = write(ends[1], &bytes.at[at], part);
            if (wrote <= 0)
                break;
            at += (uint32_t)wrote;
        }
        _exit(0);
    }
    (void)close(ends[1]);
    int kept = dup(STDIN_FILENO);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    (void)close(ends[0]);
    made_run(run, (const char *[]){"-"}, 1);
    if (kept >= 0) {
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
        (void)close(kept);
    }
}

static void test_standard_input_is_read_by_its_content(void **state)
{
    (void)state;
    struct writer w = {0}, packed = {0};
    made_capture(&w, 1, 1, 2000, 1);
    struct made_run run = {.batch = 10};
    run_stdin(&run, writer_str(&w));
    assert_int_equal(run.frames, 2000);
    assert_false(run.progress.total_known);
    assert_non_null(strstr(made_run_lines(&run), "1000 -/1 1 60 60\n"));
    made_run_close(&run);
    made_gzip(&packed, writer_str(&w));
    run = (struct made_run){0};
    run_stdin(&run, writer_str(&packed));
    assert_int_equal(run.frames, 2000);
    assert_string_equal(made_run_problems(&run), "");
    made_run_close(&run);
    run = (struct made_run){0};
    run_stdin(&run, STR(""));
    assert_string_equal(made_run_problems(&run), "unreadable -: is empty\n");
    made_run_close(&run);
    writer_close(&w);
    writer_close(&packed);
}

static volatile sig_atomic_t stop;

static void on_alarm(int number)
{
    (void)number;
    stop = 1;
}

static void test_a_signal_that_sets_the_stop_flag_ends_a_read_that_waits(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    const char *path = made_path(&folder, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    int held = open(path, O_RDWR | O_CLOEXEC); /* a writer that never writes */
    assert_true(held >= 0);
    stop = 0;
    (void)sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    /* Again and again, since the first may come before the read waits. */
    struct itimerval often = {.it_interval = {.tv_usec = 20000}, .it_value = {.tv_usec = 20000}};
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    struct made_run run = {.options = {.stop = &stop}};
    made_run(&run, &path, 1);
    assert_int_equal(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL), 0);
    assert_string_equal(made_run_problems(&run), "unreadable pipe: cannot be read: interrupted\n");
    made_run_close(&run);
    (void)close(held);
    made_folder_remove(&folder);
}

static void test_frames_without_a_time_take_that_of_the_frame_before(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    struct writer w = {0}, body = {0};
    made_section(&w, false);
    made_interface(&w, false, 1, -1, 0);
    made_packet(&w, false, 0, 7, STR("a"));
    made_u32(&body, false, 2);
    writer_text(&body, "bc");
    made_block(&w, false, 3, writer_str(&body));
    made_packet(&w, false, 0, 9, STR("d"));
    const char *path = made_file(&folder, "simple", writer_str(&w));
    struct made_run run = {0};
    made_run(&run, &path, 1);
    assert_string_equal(made_run_lines(&run),
                        "7000 simple/1 1 5 97\n7000 simple/2 1 2 197\n9000 simple/3 1 5 100\n");
    assert_string_equal(
        made_run_problems(&run),
        "note simple: 1 frames have no time of their own and take that of the frame before\n");
    made_run_close(&run);
    writer_close(&w);
    writer_close(&body);
    made_folder_remove(&folder);
}

static void test_frames_and_blocks_larger_than_a_slab_are_read(void **state)
{
    (void)state;
    struct made_folder folder;
    made_folder(&folder);
    struct writer w = {0};
    made_pcap_header(&w, false, 0xa1b2c3d4, 8 << 20, 1);
    made_pcap_record(&w, false, (uint32_t[4]){1, 0, 3, 3}, 0, 1);
    made_pcap_record(&w, false, (uint32_t[4]){2, 0, 8 << 20, 8 << 20}, 0, 1);
    made_pcap_record(&w, false, (uint32_t[4]){3, 0, 3, 3}, 0, 1);
    const char *pcap = made_file(&folder, "jumbo", writer_str(&w));
    writer_reset(&w);
    made_section(&w, false);
    struct writer body = {0};
    memset(writer_room(&body, 5 << 20), 1, 5 << 20);
    made_block(&w, false, 0x0bad, writer_str(&body));
    made_interface(&w, false, 1, -1, 0);
    made_packet(&w, false, 0, 1500000, STR("x"));
    const char *arguments[] = {pcap, made_file(&folder, "skips", writer_str(&w))};
    struct made_run run = {0};
    made_run(&run, arguments, 2);
    assert_string_equal(made_run_lines(&run),
                        "1000000000 jumbo/1 1 3 3\n1500000000 skips/1 1 5 120\n"
                        "2000000000 jumbo/2 1 8388608 8388608\n3000000000 jumbo/3 1 3 3\n");
    assert_string_equal(made_run_problems(&run), "");
    made_run_close(&run);
    writer_close(&w);
    writer_close(&body);
    made_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_are_merged_by_time_whatever_the_order_of_arguments),
        cmocka_unit_test(test_no_argument_gives_an_end_and_nothing_else),
        cmocka_unit_test(test_disorder_within_the_look_ahead_is_put_right),
        cmocka_unit_test(
            test_disorder_beyond_the_look_ahead_takes_the_time_of_the_frame_before_and_is_told_once),
        cmocka_unit_test(test_a_frame_from_the_far_future_waits_for_the_end_and_holds_no_memory),
        cmocka_unit_test(test_many_more_files_than_descriptors_are_read_side_by_side),
        cmocka_unit_test(test_every_truncation_of_a_capture_gives_its_whole_frames_and_one_warning),
        cmocka_unit_test(test_every_truncation_of_a_compressed_capture_gives_what_is_left),
        cmocka_unit_test(test_damage_in_the_middle_ends_one_file_and_no_other),
        cmocka_unit_test(test_random_bytes_after_a_header_end_cleanly),
        cmocka_unit_test(test_what_is_no_capture_is_an_error_by_name_and_a_count_in_a_folder),
        cmocka_unit_test(test_a_file_that_vanishes_or_changes_before_its_time_is_told),
        cmocka_unit_test(test_a_file_that_is_cut_while_it_is_read_ends_there),
        cmocka_unit_test(test_permission_is_asked_for_and_said),
        cmocka_unit_test(test_standard_input_is_read_by_its_content),
        cmocka_unit_test(test_a_signal_that_sets_the_stop_flag_ends_a_read_that_waits),
        cmocka_unit_test(test_frames_without_a_time_take_that_of_the_frame_before),
        cmocka_unit_test(test_frames_and_blocks_larger_than_a_slab_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
