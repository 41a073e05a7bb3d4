/*
 * test_ntlm - the messages of MS-NLMP 4.2 and of Windows, read one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/record.h"
#include "services/protocol-decode/ntlm.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

static bool read(struct token_world *world, const char *hex, struct ntlm_message *m)
{
    size_t offset;
    token_world_open(world);
    return ntlm_parse(&world->batch.arena, token_hex(world, hex), 0, m, &offset);
}

static void a_negotiate_message_tells_its_flags(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_NEGOTIATE_HEX, &m));
    assert_int_equal(m.type, NTLM_NEGOTIATE);
    assert_int_equal(m.flags, 0xe0888235);
    assert_null(m.inner_reason);
    token_world_close(&world);
}

static void a_negotiate_message_may_end_behind_its_flags(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, "4e544c4d535350000100000007820000", &m));
    assert_int_equal(m.flags, 0x8207);
    token_world_close(&world);
}

static void names_in_a_negotiate_message_are_of_the_oem_set_even_when_unicode_is_asked(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world,
                     "4e544c4d5353500001000000"
                     "07b20000"
                     "0400040024000000"
                     "0400040020000000"
                     "57533031"
                     "434f5250",
                     &m));
    assert_text(m.domain, "CORP");
    assert_text(m.workstation, "WS01");
    token_world_close(&world);
}

static void the_challenge_of_the_specification_is_read(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_CHALLENGE_HEX, &m));
    assert_int_equal(m.flags, 0xe28a8233);
    assert_text(m.target_name, "Server");
    assert_text(m.server_name, "Server");
    assert_text(m.server_domain, "Domain");
    assert_true(str_equal(m.challenge, token_hex(&world, "0123456789abcdef")));
    assert_int_equal(m.version_major, 6);
    assert_int_equal(m.version_build, 0x1770);
    token_world_close(&world);
}

static void the_ntlmv2_response_of_the_specification_is_read(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_AUTHENTICATE_V2_HEX, &m));
    assert_int_equal(m.response, ntlm_response_ntlmv2);
    assert_text(m.user, "User");
    assert_text(m.domain, "Domain");
    assert_text(m.workstation, "COMPUTER");
    assert_text(m.server_name, "Server");
    assert_true(str_equal(m.proof, token_hex(&world, "68cd0ab851e51c96aabc927bebef6a1c")));
    assert_false(m.mic);
    assert_null(m.inner_reason);
    token_world_close(&world);
}

static void the_ntlmv1_response_of_the_specification_is_read(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_AUTHENTICATE_V1_HEX, &m));
    assert_int_equal(m.response, ntlm_response_ntlmv1);
    assert_text(m.user, "User");
    assert_true(str_equal(m.proof, token_hex(&world, "67c43011f30298a2ad35ece64f16331c44bdbed927841f94")));
    assert_false(m.mic);
    token_world_close(&world);
}

static void a_mic_before_the_payload_is_seen_and_the_target_name_read(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_AUTHENTICATE_MIC_HEX, &m));
    assert_true(m.mic);
    assert_int_equal(m.av_flags, 2);
    assert_text(m.user, "alice");
    assert_text(m.domain, "CORP");
    assert_text(m.workstation, "WS01");
    assert_text(m.target_spn, "cifs/srv.corp.example");
    assert_text(m.server_dns_name, "srv.corp.example");
    assert_text(m.server_dns_domain, "corp.example");
    token_world_close(&world);
}

static void every_av_pair_of_a_response_is_read(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_AUTHENTICATE_FULL_HEX, &m));
    assert_null(m.inner_reason);
    static const uint16_t ids[] = {2, 1, 5, 7, 6, 8, 10};
    assert_int_equal(m.av_count, ARRAY_COUNT(ids));
    assert_memory_equal(m.av_ids, ids, sizeof(ids));
    assert_text(m.server_dns_tree, "corp.example");
    assert_int_equal(m.av_time, 1705526400 * TIME_NS_S);
    assert_int_equal(m.client_time, 1705526400 * TIME_NS_S + TIME_NS_US);
    assert_int_equal(m.machine.size, 32);
    assert_int_equal((uint8_t)m.machine.at[31], 31);
    assert_int_equal(m.channel_bindings, tristate_yes);
    assert_int_equal(m.av_flags, 2);
    assert_true(str_equal(m.client_challenge, STR("CCCCCCCC")));
    assert_int_equal(m.lm_response, ntlm_lm_zero);
    assert_true(m.session_key);
    /* The flag promises a MIC, and its field is zero. */
    assert_true(m.mic);
    assert_int_equal(m.mic_bytes, tristate_no);
    assert_true(m.has_version);
    assert_int_equal(m.version_build, 19041);
    assert_int_equal(m.version_revision, 15);
    token_world_close(&world);
}

static void the_lm_response_tells_which_of_its_kinds_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        uint8_t kind;
    } kinds[] = {
        {NTLM_AUTHENTICATE_V1_HEX, ntlm_lm_lm},          {NTLM_AUTHENTICATE_SESSION_HEX, ntlm_lm_session},
        {NTLM_AUTHENTICATE_V2_HEX, ntlm_lm_lmv2},        {NTLM_AUTHENTICATE_FULL_HEX, ntlm_lm_zero},
        {NTLM_AUTHENTICATE_ANONYMOUS_HEX, ntlm_lm_none},
    };
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        struct token_world world;
        struct ntlm_message m;
        assert_true(read(&world, kinds[i].hex, &m));
        assert_int_equal(m.lm_response, kinds[i].kind);
        token_world_close(&world);
    }
}

static void an_empty_user_without_response_is_anonymous(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_AUTHENTICATE_ANONYMOUS_HEX, &m));
    assert_int_equal(m.response, ntlm_response_anonymous);
    assert_int_equal(m.user.size, 0);
    assert_int_equal(m.proof.size, 0);
    token_world_close(&world);
}

static void the_oldest_form_has_no_flags_and_takes_those_of_the_challenge(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_true(read(&world, NTLM_AUTHENTICATE_OLD_HEX, &m));
    assert_false(m.has_flags);
    assert_text(m.user, "carol");
    assert_text(m.domain, "CORP");
    assert_text(m.workstation, "WS02");
    assert_int_equal(m.response, ntlm_response_ntlmv1);
    token_world_close(&world);
}

/* Each prefix lacks a part of the payload, or of the fixed fields before it. */
static void every_prefix_is_refused(void **state)
{
    (void)state;
    static const char *const whole[] = {NTLM_CHALLENGE_HEX,        NTLM_AUTHENTICATE_V1_HEX,
                                        NTLM_AUTHENTICATE_V2_HEX,  NTLM_AUTHENTICATE_MIC_HEX,
                                        NTLM_AUTHENTICATE_OLD_HEX, NTLM_AUTHENTICATE_FULL_HEX};
    struct token_world world;
    token_world_open(&world);
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str message = token_hex(&world, whole[i]);
        for (uint32_t size = 0; size < message.size; size++) {
            struct ntlm_message m;
            size_t offset;
            struct str prefix = arena_copy(&world.batch.arena, (struct str){message.at, size});
            assert_false(ntlm_parse(&world.batch.arena, prefix, 0, &m, &offset));
            assert_true(offset <= size);
        }
    }
    token_world_close(&world);
}

static void target_information_without_an_end_is_told_and_the_rest_stands(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    size_t offset;
    token_world_open(&world);
    struct str challenge = token_hex(&world, NTLM_CHALLENGE_HEX);
    char *bytes = (char *)(uintptr_t)challenge.at;
    bytes[100] = 9; /* MsvAvEOL becomes a name longer than what is left */
    bytes[102] = 9;
    assert_true(ntlm_parse(&world.batch.arena, challenge, 0, &m, &offset));
    assert_string_equal(m.inner_reason, "AV pairs cut short");
    assert_int_equal(m.inner_offset, 104);
    assert_text(m.server_name, "Server");
    token_world_close(&world);
}

static void other_signatures_and_types_are_refused(void **state)
{
    (void)state;
    struct token_world world;
    struct ntlm_message m;
    assert_false(read(&world, "4e544c4d535350010100000007820000", &m));
    token_world_close(&world);
    assert_false(read(&world, "4e544c4d535350000400000007820000", &m));
    token_world_close(&world);
    assert_false(read(&world, "4e544c4d535350000000000007820000", &m));
    token_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_negotiate_message_tells_its_flags),
        cmocka_unit_test(a_negotiate_message_may_end_behind_its_flags),
        cmocka_unit_test(names_in_a_negotiate_message_are_of_the_oem_set_even_when_unicode_is_asked),
        cmocka_unit_test(the_challenge_of_the_specification_is_read),
        cmocka_unit_test(the_ntlmv2_response_of_the_specification_is_read),
        cmocka_unit_test(the_ntlmv1_response_of_the_specification_is_read),
        cmocka_unit_test(a_mic_before_the_payload_is_seen_and_the_target_name_read),
        cmocka_unit_test(every_av_pair_of_a_response_is_read),
        cmocka_unit_test(the_lm_response_tells_which_of_its_kinds_it_is),
        cmocka_unit_test(an_empty_user_without_response_is_anonymous),
        cmocka_unit_test(the_oldest_form_has_no_flags_and_takes_those_of_the_challenge),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(target_information_without_an_end_is_told_and_the_rest_stands),
        cmocka_unit_test(other_signatures_and_types_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
