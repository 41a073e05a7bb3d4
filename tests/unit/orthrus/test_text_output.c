/*
 * test_text_output - what a terminal gets: all that is told, within its columns, and nothing that moves its
 * cursor.
 */
#include "services/orthrus/text_output.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/tools/sample_results.h"

/* All alerts of a sample and the summary, with a NUL behind them. */
static const char *write_all(struct writer *w, enum sample sample, const struct text_style *style)
{
    struct results results;
    sample_results(&results, sample);
    writer_reset(w);
    for (uint32_t i = 0; i < results.alert_count; i++)
        text_write_alert(&results, &results.alerts[i], style, w);
    text_write_summary(&results, style, w);
    writer_u8(w, 0);
    assert_true(writer_ok(w));
    results_close(&results);
    return (const char *)w->bytes;
}

#define assert_has(text, what)   assert_non_null(strstr(text, what))
#define assert_lacks(text, what) assert_null(strstr(text, what))

/* The length of the longest row that holds a space behind its indent: a single word may be longer than any
 * terminal. */
static size_t widest_row(const char *text)
{
    size_t widest = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, "\n"), indent = strspn(text, " -");
        if (indent < size && memchr(text + indent, ' ', size - indent) && size > widest)
            widest = size;
        text += size + (text[size] == '\n');
    }
    return widest;
}

static void a_block_names_the_finding_the_parties_and_the_evidence(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *text = write_all(&w, SAMPLE_ONE, &(struct text_style){.columns = 160});
    assert_has(
        text,
        "[CRITICAL] Credentials replicated away from DC1 (192.168.5.30) by WS2 (192.168.5.60) (DCSync)\n");
    assert_has(
        text,
        "dcsync, 97% certain, succeeded, 3 times, 2020-03-16 19:44:50.123 to 19:44:50.743 UTC, T1003.006\n");
    assert_has(
        text,
        "  CORP\\Administrator on WS2.corp.example (192.168.5.60) -> DC1.corp.example (192.168.5.30)\n");
    assert_has(text, "WS2.corp.example is known from the logon of its machine account (95%)");
    assert_has(
        text,
        "    dc.pcap#135  2020-03-16 19:44:50.123  IDL_DRSGetNCChanges was answered with objects [reply "
        "bytes: 18,432; answers to no domain controller: 0]\n");
    assert_has(text, "    - Is WS2 a domain controller");
    assert_has(text, "\n1 alert: 1 critical.\n");
    writer_close(&w);
}

static void a_threshold_is_said_once_for_items_in_a_row(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *text = write_all(&w, SAMPLE_ONE, &(struct text_style){.columns = 160});
    const char *first = strstr(text, "answers to no domain controller: 0");
    assert_non_null(first);
    assert_lacks(first + 1, "answers to no domain controller: 0");
    writer_close(&w);
}

static void rows_fit_the_columns(void **state)
{
    (void)state;
    struct writer w = {0};
    static const uint32_t columns[] = {40, 60, 80, 100, 132};
    for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
        size_t widest = widest_row(write_all(&w, SAMPLE_ATTACK, &(struct text_style){.columns = columns[i]}));
        assert_in_range(widest, columns[i] - 12, columns[i]);
    }
    assert_in_range(widest_row(write_all(&w, SAMPLE_ATTACK, &(struct text_style){0})), 70, 80);
    writer_close(&w);
}

static void long_evidence_is_cut_short_and_says_so(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *text = write_all(&w, SAMPLE_ATTACK, &(struct text_style){.columns = 120});
    assert_has(text, "    and 16 more (see --report)\n");
    assert_has(text, "and 55 more\n");
    assert_has(text, "6 alerts: 1 critical, 2 high, 1 medium, 1 low, 1 informational.\n");
    writer_close(&w);
}

static void colours_are_written_only_when_asked_for(void **state)
{
    (void)state;
    struct writer w = {0};
    assert_lacks(write_all(&w, SAMPLE_ATTACK, &(struct text_style){0}), "\x1b");
    const char *text = write_all(&w, SAMPLE_ATTACK, &(struct text_style){.color = true});
    assert_has(text, "\x1b[1;31m[HIGH]\x1b[0m ");
    writer_close(&w);
}

static void hostile_text_moves_no_cursor(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *text = write_all(&w, SAMPLE_HOSTILE, &(struct text_style){.columns = 80});
    for (const char *c = text; *c != '\0'; c++)
        assert_true(((uint8_t)*c >= 0x20 && *c != 0x7f) || *c == '\n');
    assert_lacks(text, "\xe2\x80\xae");
    assert_has(text, "\\x1b[31mred");
    assert_has(text, "\\u202egpj.exe");
    /* A line end in a name does not begin a row of ours. */
    assert_has(text, "\\x0d\\x0a");
    writer_close(&w);
}

static void nothing_found_is_explained(void **state)
{
    (void)state;
    struct writer w = {0};
    const char *text = write_all(&w, SAMPLE_QUIET, &(struct text_style){.columns = 160});
    assert_has(text, "No alerts. 685 messages were judged, 88 of them encrypted.");
    assert_has(text, "no proof that nothing happened.\n");
    text = write_all(&w, SAMPLE_EMPTY, &(struct text_style){.columns = 160});
    assert_has(text, "No alerts. There was nothing to judge either:");
    writer_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_names_the_finding_the_parties_and_the_evidence),
        cmocka_unit_test(a_threshold_is_said_once_for_items_in_a_row),
        cmocka_unit_test(rows_fit_the_columns),
        cmocka_unit_test(long_evidence_is_cut_short_and_says_so),
        cmocka_unit_test(colours_are_written_only_when_asked_for),
        cmocka_unit_test(hostile_text_moves_no_cursor),
        cmocka_unit_test(nothing_found_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
