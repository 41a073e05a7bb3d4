/*
 * test_forms - the forms that people and other programs read, written out by hand: JSON, the contract form of
 * alerts, CEF and OCSF. tests/oracle/msgpack_records.py and exports.py judge the same forms for random
 * records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/alert_json.h"
#include "proto/cef.h"
#include "proto/field.h"
#include "proto/json.h"
#include "proto/ocsf.h"
#include "proto/product.h"

static const struct str tactics[] = {STR("TA0006")};
static const struct str techniques[] = {STR("T1003.006")};
static const struct str accounts[] = {STR("krbtgt")};
static const struct evidence facts[] = {{.what = STR("asked for replication"),
                                         .time = 1795291200 * TIME_NS_S,
                                         .file = STR("a.pcap"),
                                         .frame = 12}};
static const struct alert dcsync = {
    .detection = STR("dcsync"),
    .external_id = STR("2006"),
    .title = STR("a|b"),
    .description = STR("x=y\\z\nend|"),
    .severity = severity_high,
    .confidence = 97,
    .tactics = {.at = tactics, .count = 1},
    .techniques = {.at = techniques, .count = 1},
    .first_seen = 1795291200 * TIME_NS_S,
    .last_seen = 1795291201 * TIME_NS_S,
    .source = {.ip = {.family = 4, .byte = {10, 0, 0, 7}}, .host = STR("PC1"), .account = STR("alice")},
    .target = {.ip =
                   {
                       .family = 6,
                       .byte = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
                   },
               .accounts = {.at = accounts, .count = 1}},
    .count = 3,
    .outcome = outcome_success,
    .evidence = {.at = facts, .count = 1},
    .revision = 2,
};
static const struct record alert_record = {
    .type = RECORD_alert, .time = 1795291202 * TIME_NS_S, .id = {0xa, 0xb}, .body = &dcsync};

static void assert_text(const struct writer *w, const char *expected)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct str text = arena_print(&arena, "%.*s", (int)w->size, (const char *)w->bytes);
    assert_string_equal(text.at, expected);
    arena_close(&arena);
}

static void a_record_is_one_object_with_its_absent_fields_left_out(void **state)
{
    (void)state;
    static const int32_t etypes[] = {18, -133};
    const struct kerberos body = {.client = {.family = 4, .byte = {10, 0, 0, 7}},
                                  .message = kerberos_message_as,
                                  .cname = STR("a\"\n"),
                                  .etypes = {.at = etypes, .count = 2},
                                  .armored = true};
    const struct record record = {.type = RECORD_kerberos,
                                  .time = 1795291200 * TIME_NS_S,
                                  .id = {1, UINT64_MAX},
                                  .role = entity_role_account,
                                  .sequence = UINT64_MAX,
                                  .body = &body};
    struct writer w = {0};
    record_write_json(&record, &w);
    assert_text(&w, "{\"type\":\"kerberos\",\"time\":\"2026-11-21T20:00:00.000000Z\","
                    "\"id\":\"0000000000000001ffffffffffffffff\","
                    "\"routing\":{\"role\":\"account\",\"sequence\":18446744073709551615},"
                    "\"client\":\"10.0.0.7\",\"message\":\"as\",\"cname\":\"a\\\"\\n\",\"etypes\":[18,-133],"
                    "\"armored\":true}");
    writer_close(&w);
}

static void records_without_a_body_or_of_no_known_type_are_written_too(void **state)
{
    (void)state;
    struct writer w = {0};
    record_write_json(&(struct record){.type = RECORD_watermark}, &w);
    assert_text(&w, "{\"type\":\"watermark\",\"time\":\"1970-01-01T00:00:00.000000Z\"}");
    writer_reset(&w);
    record_write_json(&(struct record){.type = 63}, &w);
    assert_text(&w, "{\"type\":\"unknown\",\"time\":\"1970-01-01T00:00:00.000000Z\"}");
    writer_close(&w);
}

static void no_field_takes_a_name_of_the_envelope(void **state)
{
    (void)state;
    static const char *const names[] = {"type", "id", "routing"};
    for (uint32_t n = 0; record_info_at(n); n++)
        for (size_t i = 0; i < ARRAY_COUNT(names); i++)
            assert_null(field_named(record_info_at(n), str_of(names[i])));
    /* evidence and party have no envelope of their own, so that a time of theirs is no other's. */
    for (uint32_t n = 0; record_info_at(n); n++)
        if (record_info_at(n)->type != RECORD_evidence)
            assert_null(field_named(record_info_at(n), STR("time")));
}

static void an_alert_has_its_contract_form(void **state)
{
    (void)state;
    struct writer w = {0};
    alert_write_json(&alert_record, &w);
    assert_text(
        &w, "{\"id\":\"000000000000000a000000000000000b\",\"detection\":\"dcsync\",\"external_id\":\"2006\","
            "\"title\":\"a|b\",\"severity\":\"high\",\"confidence\":0.97,\"tactics\":[\"TA0006\"],"
            "\"techniques\":[\"T1003.006\"],\"first_seen\":\"2026-11-21T20:00:00.000000Z\","
            "\"last_seen\":\"2026-11-21T20:00:01.000000Z\","
            "\"source\":{\"ip\":\"10.0.0.7\",\"host\":\"PC1\",\"account\":\"alice\"},"
            "\"target\":{\"ip\":\"2001:db8::1\",\"host\":null,\"account\":null,\"accounts\":[\"krbtgt\"]},"
            "\"count\":3,\"outcome\":\"success\",\"evidence\":[{\"what\":\"asked for replication\","
            "\"time\":\"2026-11-21T20:00:00.000000Z\",\"file\":\"a.pcap\",\"frame\":12}],\"incident\":null,"
            "\"description\":\"x=y\\\\z\\nend|\",\"checks\":[],\"tuning\":null,\"revision\":2}");
    writer_close(&w);
}

static void confidence_is_a_number_from_0_to_1(void **state)
{
    (void)state;
    static const struct {
        uint8_t percent;
        const char *text;
    } cases[] = {{0, "\"confidence\":0.00,"},
                 {5, "\"confidence\":0.05,"},
                 {99, "\"confidence\":0.99,"},
                 {100, "\"confidence\":1,"},
                 {255, "\"confidence\":1,"}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct alert body = {.confidence = cases[i].percent};
        struct writer w = {0};
        alert_write_json(&(struct record){.type = RECORD_alert, .body = &body}, &w);
        writer_u8(&w, 0);
        assert_non_null(strstr((const char *)w.bytes, cases[i].text));
        writer_close(&w);
    }
}

static void cef_escapes_header_and_extension_each_in_its_way(void **state)
{
    (void)state;
    struct writer w = {0};
    struct arena arena;
    arena_init(&arena, 0);
    alert_write_cef(&alert_record, &w);
    assert_text(
        &w,
        arena_print(&arena,
                    "CEF:0|Orthrus|Orthrus|%s|dcsync|a\\|b|10|"
                    "externalId=000000000000000a000000000000000b cat=dcsync rt=1795291202000 "
                    "start=1795291200000 end=1795291201000 src=10.0.0.7 shost=PC1 suser=alice "
                    "c6a3=2001:db8::1 c6a3Label=Destination IPv6 Address cnt=3 outcome=success "
                    "msg=x\\=y\\\\z\\nend| cs1Label=techniques cs1=T1003.006 cs2Label=tactics cs2=TA0006 "
                    "cs3Label=external id cs3=2006 cs5Label=accounts cs5=krbtgt cs6Label=evidence "
                    "cs6=asked for replication (frame 12) cn1Label=confidence cn1=97 cn2Label=revision cn2=2",
                    product_version())
            .at);
    arena_close(&arena);
    writer_close(&w);
}

static void cef_severity_follows_the_scale_of_ten(void **state)
{
    (void)state;
    static const int expected[] = {0, 1, 3, 5, 10, 10};
    for (uint8_t severity = 0; severity < ARRAY_COUNT(expected); severity++) {
        const struct alert body = {.severity = severity};
        struct writer w = {0};
        char part[32];
        alert_write_cef(&(struct record){.type = RECORD_alert, .body = &body}, &w);
        writer_u8(&w, 0);
        (void)snprintf(part, sizeof(part), "|||%d|externalId=", expected[severity]);
        assert_non_null(strstr((const char *)w.bytes, part));
        writer_close(&w);
    }
}

static bool ocsf_has_text(const struct record *record, const char *text)
{
    struct writer w = {0};
    assert_true(record_write_ocsf(record, &w));
    writer_u8(&w, 0);
    bool has = strstr((const char *)w.bytes, text) != NULL;
    writer_close(&w);
    return has;
}

static void an_alert_told_again_updates_its_finding(void **state)
{
    (void)state;
    assert_true(ocsf_has_text(&alert_record, "\"type_uid\":200402}") ||
                ocsf_has_text(&alert_record, "\"type_uid\":200402,"));
    struct alert first = dcsync;
    first.revision = 1;
    const struct record record = {.type = RECORD_alert, .body = &first};
    assert_true(ocsf_has_text(&record, "\"type_uid\":200401,"));
    assert_true(ocsf_has_text(&record,
                              "\"technique\":{\"uid\":\"T1003\"},\"sub_technique\":{\"uid\":\"T1003.006\"}"));
    assert_true(ocsf_has_text(&record, "\"tactic\":{\"name\":\"Credential Access\",\"uid\":\"TA0006\"}"));
}

static void a_service_ticket_request_is_an_authentication_event(void **state)
{
    (void)state;
    const struct kerberos body = {.message = kerberos_message_tgs,
                                  .sname = STR("cifs/dc1"),
                                  .reply = kerberos_reply_reply,
                                  .error_code = 7};
    const struct record record = {.type = RECORD_kerberos, .body = &body};
    assert_true(ocsf_has_text(&record, "\"class_uid\":3002,"));
    assert_true(ocsf_has_text(&record, "\"activity_id\":4,"));
    assert_true(ocsf_has_text(&record, "\"service\":{\"name\":\"cifs/dc1\"}"));
    assert_true(ocsf_has_text(&record, "\"status_code\":\"7\""));
    assert_true(ocsf_has_text(&record, "\"user\":{\"name\":\"unknown\"}"));
}

static void records_that_are_no_event_have_no_ocsf_form(void **state)
{
    (void)state;
    static const struct binding binding;
    struct writer w = {0};
    assert_false(record_write_ocsf(&(struct record){.type = RECORD_watermark}, &w));
    assert_false(record_write_ocsf(&(struct record){.type = RECORD_binding, .body = &binding}, &w));
    assert_false(record_write_ocsf(&(struct record){.type = RECORD_alert}, &w));
    assert_int_equal(w.size, 0);
    writer_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_one_object_with_its_absent_fields_left_out),
        cmocka_unit_test(records_without_a_body_or_of_no_known_type_are_written_too),
        cmocka_unit_test(no_field_takes_a_name_of_the_envelope),
        cmocka_unit_test(an_alert_has_its_contract_form),
        cmocka_unit_test(confidence_is_a_number_from_0_to_1),
        cmocka_unit_test(cef_escapes_header_and_extension_each_in_its_way),
        cmocka_unit_test(cef_severity_follows_the_scale_of_ten),
        cmocka_unit_test(an_alert_told_again_updates_its_finding),
        cmocka_unit_test(a_service_ticket_request_is_an_authentication_event),
        cmocka_unit_test(records_that_are_no_event_have_no_ocsf_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
