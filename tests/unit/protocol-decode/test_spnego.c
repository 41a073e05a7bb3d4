/*
 * test_spnego - what tokens hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/spnego.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

/* The token must be read, and what it holds must equal the other message. */
static struct spnego unwrap(const char *hex, const char *inner)
{
    struct token_world world;
    struct spnego spnego;
    struct der_fault fault;
    token_world_open(&world);
    assert_true(spnego_parse(token_hex(&world, hex), &spnego, &fault));
    assert_false(fault.failed);
    assert_true(str_equal(spnego.token, token_hex(&world, inner)));
    token_world_close(&world);
    return spnego;
}

static void an_initial_token_offers_mechanisms_and_holds_the_first_ones_message(void **state)
{
    (void)state;
    struct spnego s = unwrap(SPNEGO_NEGOTIATE_HEX, NTLM_NEGOTIATE_HEX);
    assert_true(s.wrapped && s.initial && s.ntlm && !s.kerberos);
    assert_int_equal(s.mechanisms, SPNEGO_MECHANISM_NTLM);
    s = unwrap(SPNEGO_AP_REQ_HEX, AP_REQ_HEX);
    assert_true(s.wrapped && s.initial && s.kerberos && !s.ntlm);
    assert_int_equal(s.mechanisms, SPNEGO_MECHANISM_NTLM | SPNEGO_MECHANISM_KERBEROS);
    assert_int_equal(s.preferred, SPNEGO_MECHANISM_KERBEROS);
}

static void a_response_tells_its_state_and_mechanism(void **state)
{
    (void)state;
    struct spnego s = unwrap(SPNEGO_CHALLENGE_HEX, NTLM_CHALLENGE_HEX);
    assert_true(s.wrapped && !s.initial && s.ntlm);
    assert_int_equal(s.state, SPNEGO_ACCEPT_INCOMPLETE);
    assert_int_equal(s.mechanisms, SPNEGO_MECHANISM_NTLM);
    s = unwrap(SPNEGO_AP_REP_HEX, AP_REP_HEX);
    assert_int_equal(s.state, SPNEGO_ACCEPT_COMPLETED);
    assert_true(s.kerberos);
    s = unwrap(SPNEGO_AUTHENTICATE_HEX, NTLM_AUTHENTICATE_MIC_HEX);
    assert_int_equal(s.state, SPNEGO_STATE_ABSENT);
    assert_int_equal(s.mechanisms, SPNEGO_MECHANISM_NONE);
}

static void a_servers_first_token_has_hints_and_no_message(void **state)
{
    (void)state;
    struct spnego s = unwrap(SPNEGO_INIT2_HEX, "");
    assert_true(s.initial && !s.ntlm && !s.kerberos);
    assert_int_equal(s.mechanisms,
                     SPNEGO_MECHANISM_NEGOEX | SPNEGO_MECHANISM_KERBEROS | SPNEGO_MECHANISM_NTLM);
    assert_int_equal(s.preferred, SPNEGO_MECHANISM_NEGOEX);
    assert_int_equal(s.offered_count, 3);
    assert_true(s.hint.size == 36 && !s.mic);
}

static void mechanisms_may_come_without_negotiation(void **state)
{
    (void)state;
    struct spnego s = unwrap(NTLM_CHALLENGE_HEX, NTLM_CHALLENGE_HEX);
    assert_true(s.ntlm && !s.wrapped);
    s = unwrap(GSS_AP_REQ_HEX, AP_REQ_HEX);
    assert_true(s.kerberos && !s.wrapped);
    assert_int_equal(s.mechanisms, SPNEGO_MECHANISM_KERBEROS);
    s = unwrap(GSS_ERROR_HEX, AP_ERROR_HEX);
    assert_true(s.kerberos);
    s = unwrap(AP_REQ_HEX, AP_REQ_HEX);
    assert_true(s.kerberos);
}

static void every_prefix_of_a_wrapped_token_is_refused(void **state)
{
    (void)state;
    static const char *const whole[] = {SPNEGO_NEGOTIATE_HEX, SPNEGO_AP_REQ_HEX,       SPNEGO_CHALLENGE_HEX,
                                        SPNEGO_INIT2_HEX,     SPNEGO_AUTHENTICATE_HEX, GSS_AP_REQ_HEX};
    struct token_world world;
    token_world_open(&world);
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        struct str token = token_hex(&world, whole[i]);
        for (uint32_t size = 0; size < token.size; size++) {
            struct spnego spnego;
            struct der_fault fault;
            struct str prefix = arena_copy(&world.batch.arena, (struct str){token.at, size});
            assert_false(spnego_parse(prefix, &spnego, &fault));
            assert_true(fault.failed && fault.offset <= size);
        }
    }
    token_world_close(&world);
}

static void other_bytes_are_no_token(void **state)
{
    (void)state;
    static const char *const others[] = {"",   "00",         "01020304",      "3003020105",
                                         "a0", "60033001ff", "a1053003a00100"};
    struct token_world world;
    token_world_open(&world);
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        struct spnego spnego;
        struct der_fault fault;
        assert_false(spnego_parse(token_hex(&world, others[i]), &spnego, &fault));
        assert_non_null(fault.reason);
    }
    token_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_initial_token_offers_mechanisms_and_holds_the_first_ones_message),
        cmocka_unit_test(a_response_tells_its_state_and_mechanism),
        cmocka_unit_test(a_servers_first_token_has_hints_and_no_message),
        cmocka_unit_test(mechanisms_may_come_without_negotiation),
        cmocka_unit_test(every_prefix_of_a_wrapped_token_is_refused),
        cmocka_unit_test(other_bytes_are_no_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
