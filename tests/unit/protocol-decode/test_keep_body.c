/*
 * test_keep_body - bodies that come back as they were, and bounds that are told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/writer.h"
#include "proto/msgpack.h"
#include "services/protocol-decode/keep_body.h"
#include "tests/unit/protocol-decode/token_world.h"

static const struct str texts[] = {{"one", 3}, {"", 0}, {"three", 5}};
static const int32_t numbers[] = {-1, 0, 0x7fffffff};

static struct kerberos sample(const struct certificate certificates[2])
{
    struct kerberos k;
    memset(&k, 0, sizeof(k));
    k.message = kerberos_message_tgs;
    k.cname = STR("alice");
    k.cname_type = -128;
    k.kdc_options = 0xffffffff;
    k.till = 1;
    k.etypes = (struct i32s){numbers, 3};
    k.salts = (struct strs){texts, 3};
    k.armored = true;
    k.tgt = (struct id){.high = 1, .low = 2};
    k.certificates.at = certificates;
    k.certificates.count = 2;
    k.checksum_type = 7;
    return k;
}

static struct str encoded(struct token_world *world, const struct kerberos *body)
{
    struct record record = {.type = RECORD_kerberos, .body = body};
    struct writer w = {0};
    record_encode(&record, &w);
    struct str copy = arena_copy(&world->batch.arena, writer_str(&w));
    writer_close(&w);
    return copy;
}

static void every_field_comes_back(void **state)
{
    (void)state;
    struct token_world world;
    token_world_open(&world);
    struct certificate certificates[2] = {{.subject = STR("CN=a"), .key_bits = 256, .ca = true},
                                          {.issuer = STR("CN=b"), .dns_names = {texts, 3}}};
    struct kerberos before = sample(certificates), after;
    uint8_t bytes[1024] = {0};
    memset(&after, 0, sizeof(after));
    assert_true(keep_body(record_info(RECORD_kerberos), &before, bytes, sizeof(bytes)));
    kept_body(record_info(RECORD_kerberos), bytes, sizeof(bytes), &world.batch.arena, &after);
    assert_true(str_equal(encoded(&world, &before), encoded(&world, &after)));
    assert_text(after.certificates.at[1].dns_names.at[2], "three");
    token_world_close(&world);
}

/* In less and less room there are fewer and fewer fields, and never a part of one. */
static void what_finds_no_room_is_left_out_and_told(void **state)
{
    (void)state;
    struct token_world world;
    token_world_open(&world);
    struct certificate certificates[2] = {{.subject = STR("CN=a")}, {.issuer = STR("CN=b")}};
    struct kerberos before = sample(certificates);
    bool whole_before = false;
    for (uint32_t size = 2; size < 400; size++) {
        uint8_t *bytes = calloc(1, size);
        struct kerberos after;
        memset(&after, 0, sizeof(after));
        bool whole = keep_body(record_info(RECORD_kerberos), &before, bytes, size);
        kept_body(record_info(RECORD_kerberos), bytes, size, &world.batch.arena, &after);
        assert_true(whole || !whole_before);
        assert_true(after.cname.size == 0 || str_equal(after.cname, STR("alice")));
        assert_true(after.etypes.count == 0 || after.etypes.count == 3);
        assert_int_equal(whole, str_equal(encoded(&world, &before), encoded(&world, &after)));
        whole_before = whole;
        free(bytes);
    }
    assert_true(whole_before);
    token_world_close(&world);
}

static void long_texts_are_cut_at_whole_characters(void **state)
{
    (void)state;
    struct token_world world;
    token_world_open(&world);
    char text[2 * KEEP_TEXT_BYTES_MAX];
    for (size_t i = 0; i < sizeof(text); i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    struct kerberos before, after;
    memset(&before, 0, sizeof(before));
    memset(&after, 0, sizeof(after));
    before.cname = (struct str){text + 1, KEEP_TEXT_BYTES_MAX + 9};
    uint8_t bytes[1024] = {0};
    assert_false(keep_body(record_info(RECORD_kerberos), &before, bytes, sizeof(bytes)));
    kept_body(record_info(RECORD_kerberos), bytes, sizeof(bytes), &world.batch.arena, &after);
    assert_int_equal(after.cname.size, KEEP_TEXT_BYTES_MAX - 1);
    token_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(what_finds_no_room_is_left_out_and_told),
        cmocka_unit_test(long_texts_are_cut_at_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
