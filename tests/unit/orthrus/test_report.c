/*
 * test_report - the page holds what it must, is the same each time, and lets nothing from outside act.
 * tests/oracle/report.py has an independent parser judge its form.
 */
#include "services/orthrus/report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/tools/sample_results.h"

/* The page of a sample with a NUL behind it, to be searched. */
static const char *write_page(struct writer *w, enum sample sample)
{
    struct results results;
    sample_results(&results, sample);
    writer_reset(w);
    report_write(&results, w);
    writer_u8(w, 0);
    assert_true(writer_ok(w));
    results_close(&results);
    return (const char *)w->bytes;
}

/* By memmem: a checked strstr() measures the rest of a page of megabytes at every call. */
static uint32_t occurrences(const struct writer *w, const char *what)
{
    uint32_t count = 0;
    const uint8_t *at = w->bytes, *end = w->bytes + w->size;
    while ((at = memmem(at, (size_t)(end - at), what, strlen(what))) != NULL) {
        count++;
        at++;
    }
    return count;
}

#define assert_has(page, what)   assert_non_null(strstr(page, what))
#define assert_lacks(page, what) assert_null(strstr(page, what))

static void a_page_tells_of_an_alert_what_a_responder_needs(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *page = write_page(&w, SAMPLE_ONE);
    assert_has(page, "Credentials replicated away from DC1");
    assert_has(page, ">critical<");
    assert_has(page, "97% certain");
    assert_has(page, "succeeded");
    assert_has(page, "CORP\\Administrator");
    assert_has(page, "WS2.corp.example");
    assert_has(page, "known from the logon of its machine account, <b>95%</b> certain");
    assert_has(page, "<time datetime=\"2020-03-16T19:44:50.123456789Z\">2020-03-16 19:44:50.123456</time>");
    assert_has(page, "frame 135, answer 136 of <bdi class=\"file\">dc.pcap</bdi>");
    assert_has(page, "frame.number in {135, 136}");
    assert_has(page, "frame.number in {135, 136, 147, 148, 159, 160}");
    assert_has(page, "answers to no domain controller: 0");
    assert_has(page, "href=\"https://attack.mitre.org/techniques/T1003/006/\"");
    assert_has(page, "reset krbtgt twice");
    assert_has(page, "<b>To tune it:</b>");
    assert_has(page, "(external id 2006)");
    writer_close(&w);
}

static void a_page_tells_what_was_read_and_what_was_not(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *page = write_page(&w, SAMPLE_QUIET);
    assert_has(page, "<h1>No alerts</h1>");
    assert_lacks(page, "id=\"timeline\"");
    assert_has(
        page,
        "Arguments are sealed and cannot be read; which calls were made still can, so that dcsync works.");
    assert_has(page, "<b>read in part</b>: cut off inside the block at byte 9120388");
    assert_has(page, "<b>not read</b>: holds no capture");
    assert_has(page, "1 file could not be read, 1 file could be read only in part");
    assert_has(page, "<b>12</b> packets cut by a snap length");
    assert_lacks(page, "<b>0</b> packets whose headers cannot be");
    page = write_page(&w, SAMPLE_EMPTY);
    assert_has(page, "There was nothing to judge");
    assert_has(page, "<b>No Kerberos:</b> Roasting");
    writer_close(&w);
}

static void the_same_results_give_the_same_bytes(void **state)
{
    (void)state;
    struct writer first = {0}, second = {0};
    for (int s = 0; s < SAMPLE_COUNT; s++) {
        write_page(&first, (enum sample)s);
        write_page(&second, (enum sample)s);
        assert_int_equal(first.size, second.size);
        assert_memory_equal(first.bytes, second.bytes, first.size);
    }
    writer_close(&first);
    writer_close(&second);
}

static void a_page_needs_no_network_and_no_script(void **state)
{
    (void)state;
    struct writer w = {0};
    for (int s = 0; s < SAMPLE_COUNT; s++) {
        const char *page = write_page(&w, (enum sample)s);
        assert_has(
            page,
            "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"");
        assert_lacks(page, "<script");
        assert_lacks(page, "<link");
        assert_lacks(page, "<img");
        assert_lacks(page, "<iframe");
        assert_lacks(page, "<object");
        assert_lacks(page, "url(");
        assert_lacks(page, "@import");
        assert_int_equal(occurrences(&w, "http"), occurrences(&w, "https://attack.mitre.org/") + 1);
    }
    writer_close(&w);
}

static void hostile_text_stays_text(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *page = write_page(&w, SAMPLE_HOSTILE);
    assert_has(page, "&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#96;&#38;amp;");
    assert_lacks(page, "<img");
    assert_lacks(page, "</title></svg>");
    assert_lacks(page, "onload=\xe2");
    /* Not even a character of the kind that reorders what stands around it. */
    assert_lacks(page, "\xe2\x80\xae");
    assert_has(page, "\\u202egpj.exe");
    assert_has(page, "\\x1b[31mred");
    for (const char *c = page; *c != '\0'; c++)
        assert_true((uint8_t)*c >= 0x20 || *c == '\n');
    writer_close(&w);
}

static void thousands_of_alerts_give_a_page_of_bounded_size(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *page = write_page(&w, SAMPLE_MANY);
    assert_int_equal(occurrences(&w, "<article"), 1000);
    assert_int_equal(occurrences(&w, "<details class=\"evidence\" open>"), 50);
    assert_int_equal(occurrences(&w, "<li><a class=\"row\""), 40);
    assert_int_equal(occurrences(&w, "<td class=\"severity\">"), 5000);
    assert_has(page, "The 1000 gravest alerts are told in full below, and not all are listed");
    assert_true(w.size < 16 << 20);
    writer_close(&w);
}

static void times_at_the_ends_of_the_world_do_no_harm(void **state)
{
    (void)state;
    static const time_ns times[] = {INT64_MIN + 1, -1, 0, 1, INT64_MAX};
    struct results results;
    struct writer w = {0};
    struct batch batch;
    for (size_t i = 0; i < ARRAY_COUNT(times) * ARRAY_COUNT(times); i++) {
        batch_init(&batch);
        assert_int_equal(results_open(&results, (struct hash_key){0}), ERR_OK);
        struct alert *alert = batch_add(&batch, RECORD_alert, 0, (struct id){.low = 1});
        struct evidence evidence = {.time = times[i % ARRAY_COUNT(times)]};
        alert->first_seen = times[i % ARRAY_COUNT(times)];
        alert->last_seen = times[i / ARRAY_COUNT(times)];
        alert->severity = 200;
        alert->outcome = 200;
        alert->source.host_by = 200;
        alert->evidence.at = &evidence;
        alert->evidence.count = 1;
        results_feed(&results, &batch);
        results.first = times[i / ARRAY_COUNT(times)];
        results.last = times[i % ARRAY_COUNT(times)];
        results_finish(&results);
        writer_reset(&w);
        report_write(&results, &w);
        assert_true(writer_ok(&w) && w.size < 1 << 20);
        batch_close(&batch);
        results_close(&results);
    }
    writer_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_tells_of_an_alert_what_a_responder_needs),
        cmocka_unit_test(a_page_tells_what_was_read_and_what_was_not),
        cmocka_unit_test(the_same_results_give_the_same_bytes),
        cmocka_unit_test(a_page_needs_no_network_and_no_script),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(thousands_of_alerts_give_a_page_of_bounded_size),
        cmocka_unit_test(times_at_the_ends_of_the_world_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
