/*
 * test_rpc_pdu - layouts by their specification, and every way to cut them short.
 */
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A bind of two contexts and its answer, by C706 12.6.4.3 and 12.6.4.4 with the features of
 * MS-RPCE 3.3.1.5.3. */
static const uint8_t bind_bytes[] = {
    0x05, 0x00, 0x0b, 0x03, 0x10, 0x00, 0x00, 0x00, 0x74, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0xd0,
    0x16, 0xd0, 0x16, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x81, 0xbb,
    0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03, 0x02, 0x00, 0x00,
    0x00, 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60,
    0x02, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad,
    0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03, 0x02, 0x00, 0x00, 0x00, 0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98,
    0x40, 0x45, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00};
static const uint8_t ack_bytes[] = {
    0x05, 0x00, 0x0c, 0x03, 0x10, 0x00, 0x00, 0x00, 0x54, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0xd0,
    0x16, 0xd0, 0x16, 0x21, 0x43, 0x00, 0x00, 0x06, 0x00, 0x34, 0x39, 0x31, 0x35, 0x35, 0x00, 0x02, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08,
    0x00, 0x2b, 0x10, 0x48, 0x60, 0x02, 0x00, 0x00, 0x00, 0x03, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

static bool parse(const uint8_t *bytes, size_t size, struct rpc_pdu *pdu)
{
    const char *reason;
    size_t offset;
    return rpc_pdu_parse((struct str){(const char *)bytes, (uint32_t)size}, pdu, &reason, &offset);
}

static void a_bind_lists_its_contexts(void **state)
{
    (void)state;
    struct rpc_pdu pdu;
    struct rpc_offers offers;
    size_t offset;
    assert_true(parse(bind_bytes, sizeof(bind_bytes), &pdu));
    assert_int_equal(pdu.type, RPC_PDU_BIND);
    assert_int_equal(pdu.call_id, 2);
    assert_true(rpc_pdu_offers(&pdu, &offers, &offset));
    assert_int_equal(offers.count, 2);
    assert_memory_equal(offers.at[0].uuid, svcctl_uuid, 16);
    assert_int_equal(offers.at[0].major, 2);
    assert_int_equal(offers.at[0].syntaxes, RPC_SYNTAX_NDR);
    assert_int_equal(offers.at[1].context_id, 1);
    assert_int_equal(offers.at[1].syntaxes, RPC_SYNTAX_FEATURES);
}

static void a_bind_ack_answers_each(void **state)
{
    (void)state;
    struct rpc_pdu pdu;
    struct rpc_results results;
    size_t offset;
    assert_true(parse(ack_bytes, sizeof(ack_bytes), &pdu));
    assert_true(rpc_pdu_results(&pdu, &results, &offset));
    assert_int_equal(results.count, 2);
    assert_int_equal(results.at[0].result, 0);
    assert_int_equal(results.at[0].syntax, RPC_SYNTAX_NDR);
    assert_int_equal(results.at[1].result, 3);
}

static void every_prefix_of_a_pdu_is_refused(void **state)
{
    (void)state;
    struct rpc_pdu pdu;
    for (size_t size = 0; size < sizeof(bind_bytes); size++) {
        const struct str bytes = {(const char *)bind_bytes, (uint32_t)size};
        assert_false(parse(bind_bytes, size, &pdu));
        struct framing framing = rpc_frame(bytes);
        assert_int_equal(framing.state, size < RPC_HEADER_BYTES ? FRAMING_MORE : FRAMING_WHOLE);
        assert_int_equal(framing.want, size < RPC_HEADER_BYTES ? RPC_HEADER_BYTES : sizeof(bind_bytes));
    }
}

/* The same with a frag_length that fits the bytes: the lists end early. */
static void a_list_that_ends_early_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[sizeof(bind_bytes)];
    struct rpc_pdu pdu;
    struct rpc_offers offers;
    struct rpc_results results;
    size_t offset;
    for (size_t size = RPC_HEADER_BYTES; size < sizeof(bind_bytes); size++) {
        memcpy(bytes, bind_bytes, size);
        bytes[8] = (uint8_t)size;
        if (parse(bytes, size, &pdu))
            assert_false(rpc_pdu_offers(&pdu, &offers, &offset));
    }
    for (size_t size = RPC_HEADER_BYTES; size < sizeof(ack_bytes); size++) {
        memcpy(bytes, ack_bytes, size);
        bytes[8] = (uint8_t)size;
        if (parse(bytes, size, &pdu))
            assert_false(rpc_pdu_results(&pdu, &results, &offset));
    }
}

static void a_trailer_is_taken_off_with_its_padding(void **state)
{
    (void)state;
    struct pdu p = {0};
    struct rpc_pdu pdu;
    pdu_begin(&p, RPC_PDU_REQUEST, RPC_FLAG_FIRST | RPC_FLAG_LAST | RPC_FLAG_OBJECT, 9);
    pdu_u32(&p, 5);
    pdu_u32(&p, 3u << 16 | 1);
    writer_bytes(&p.w, svcctl_uuid, 16);
    writer_bytes(&p.w, "abcde", 5);
    pdu_auth(&p, RPC_AUTH_KERBEROS, 5, 77, 28);
    pdu_end(&p);
    assert_true(parse(p.w.bytes, p.w.size, &pdu));
    assert_int_equal(pdu.context_id, 1);
    assert_int_equal(pdu.opnum, 3);
    assert_int_equal(pdu.stub.size, 5);
    assert_memory_equal(pdu.stub.at, "abcde", 5);
    assert_true(pdu.has_auth);
    assert_int_equal(pdu.auth.type, RPC_AUTH_KERBEROS);
    assert_int_equal(pdu.auth.level, 5);
    assert_int_equal(pdu.auth.context_id, 77);
    assert_int_equal(pdu.auth.token.size, 28);
    pdu_close(&p);
}

static void a_header_that_cannot_be_is_no_frame(void **state)
{
    (void)state;
    /* Which byte, and what no PDU has there: version, minor, type, drep, reserved, lengths. */
    static const uint8_t wrong[][2] = {{0, 4}, {1, 2}, {2, 1},  {2, 10}, {2, 21},   {4, 0x20},
                                       {5, 4}, {6, 1}, {8, 10}, {8, 15}, {10, 0x70}};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        uint8_t bytes[sizeof(bind_bytes)];
        memcpy(bytes, bind_bytes, sizeof(bytes));
        bytes[wrong[i][0]] = wrong[i][1];
        const struct str s = {(const char *)bytes, sizeof(bytes)};
        assert_int_equal(rpc_frame(s).state, FRAMING_BAD);
        assert_false(rpc_probe(s));
    }
    assert_true(rpc_probe((struct str){(const char *)bind_bytes, sizeof(bind_bytes)}));
}

static void other_protocols_are_not_taken_for_rpc(void **state)
{
    (void)state;
    static const char *const others[] = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\0\0\0\x85\xfeSMB\x40\0\1\0\0\0\0\0\0\0",
        "\x16\3\1\2\0\1\0\1\xfc\3\3abcdefgh", "\x30\x84\0\0\0\x10\2\1\1\x60\x84\0\0\0\7\2"};
    for (size_t i = 0; i < ARRAY_COUNT(others); i++)
        assert_false(rpc_probe((struct str){others[i], 16}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bind_lists_its_contexts),
        cmocka_unit_test(a_bind_ack_answers_each),
        cmocka_unit_test(every_prefix_of_a_pdu_is_refused),
        cmocka_unit_test(a_list_that_ends_early_is_refused),
        cmocka_unit_test(a_trailer_is_taken_off_with_its_padding),
        cmocka_unit_test(a_header_that_cannot_be_is_no_frame),
        cmocka_unit_test(other_protocols_are_not_taken_for_rpc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
