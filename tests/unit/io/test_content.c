/*
 * test_content - kinds by first bytes.
 */
#include "tests/unit/io/cm.h"

#include "common/io/content.h"

static void test_each_kind_is_told_by_its_first_bytes(void **state)
{
    (void)state;
    static const struct {
        struct str head;
        enum content content;
    } cases[] = {
        {{"", 0}, CONTENT_EMPTY},
        {STR("\xd4\xc3\xb2\xa1\x02\0\x04\0"), CONTENT_PCAP},
        {STR("\xa1\xb2\x3c\x4d"), CONTENT_PCAP},
        {STR("\x0a\x0d\x0d\x0a\x1c\0\0\0"), CONTENT_PCAPNG},
        {STR("\x1f\x8b\x08"), CONTENT_GZIP},
        {STR("\x28\xb5\x2f\xfd"), CONTENT_ZSTD},
        {STR("\x5f\x2a\x4d\x18\0\0\0\0"), CONTENT_ZSTD},
        {STR("PK\x03\x04zip"), CONTENT_ZIP},
        {STR("ElfFile\0\0\0"), CONTENT_EVTX},
        {STR("ElfFil"), CONTENT_TEXT},
        {STR("\xef\xbb\xbf  {\"EventID\": 4624}"), CONTENT_JSON},
        {STR("\n\t[1]"), CONTENT_JSON},
        {STR("<Events>"), CONTENT_XML},
        {STR("plain \xc3\xa4 text\n"), CONTENT_TEXT},
        {STR("\xff\xfe<\0"), CONTENT_TEXT},
        {STR("binary\0\x01"), CONTENT_UNKNOWN},
        {STR("snoop\0\0\0\0\0\0\x02"), CONTENT_SNOOP},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        assert_int_equal(content_of(cases[i].head), cases[i].content);
    char tar[CONTENT_PEEK_BYTES] = "name";
    memcpy(&tar[257], "ustar", 5);
    assert_int_equal(content_of((struct str){tar, sizeof(tar)}), CONTENT_TAR);
}

static void test_every_kind_has_its_words(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CONTENT_COUNT; i++) {
        assert_non_null(content_name((enum content)i));
        assert_non_null(content_text((enum content)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_is_told_by_its_first_bytes),
        cmocka_unit_test(test_every_kind_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
