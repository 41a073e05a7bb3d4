/*
 * test_auth_wrap - messages in per-message tokens, laid out by hand as RFC 4121 4.2.6.2, RFC 1964 1.2.2 with
 * RFC 4757 7.3, and MS-NLMP 2.2.2.9 say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/auth_wrap.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

/* "bind and search" in tokens that are only signed; the checksums are not looked at. */
#define PLAIN_HEX "62696e6420616e6420736561726368"
#define CHECKSUM  "a0a1a2a3a4a5a6a7a8a9aaab"
/* The same run rotated to the right by 4 and by 20 of its 27 bytes. */
#define ROTATED_4_HEX  "a8a9aaab" PLAIN_HEX "a0a1a2a3a4a5a6a7"
#define ROTATED_20_HEX "6420736561726368a0a1a2a3a4a5a6a7a8a9aaab62696e6420616e"

#define RC4_HEAD                                                                                             \
    "06092a864886f712010202"                                                                                 \
    "0201"                                                                                                   \
    "1100"
#define RC4_CLEAR                                                                                            \
    RC4_HEAD "ffff"                                                                                          \
             "ffff"                                                                                          \
             "0102030405060708"                                                                              \
             "b0b1b2b3b4b5b6b7"                                                                              \
             "c0c1c2c3c4c5c6c7" PLAIN_HEX "01"

static const struct id conversation = {.high = 9, .low = 9};

struct world {
    struct token_world t;
    struct auth *auth;
};

static int open_world(void **state)
{
    static struct world world;
    static const struct auth_options options = {
        .conversations = 4, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 5, .k1 = 6}};
    token_world_open(&world.t);
    *state = &world;
    return auth_create(&world.auth, &options) == ERR_OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    auth_free(w->auth);
    token_world_close(&w->t);
    return 0;
}

static enum auth_opened unwrap(struct world *w, struct str token, struct str *plain)
{
    struct place place = token_place(1, true, 5);
    return auth_unwrap(w->auth, &w->t.out, &place, conversation, token, plain);
}

static void expect_clear(struct world *w, const char *hex)
{
    struct str plain;
    assert_int_equal(unwrap(w, token_hex(&w->t, hex), &plain), AUTH_CLEAR);
    assert_text(plain, "bind and search");
    assert_int_equal(w->t.out.malformed, 0);
}

static void expect_sealed(struct world *w, const char *hex, uint64_t malformed)
{
    struct str plain;
    assert_int_equal(unwrap(w, token_hex(&w->t, hex), &plain), AUTH_SEALED);
    assert_int_equal(plain.size, 0);
    assert_int_equal(w->t.out.malformed, malformed);
}

static void a_signed_token_of_rfc_4121_gives_its_message(void **state)
{
    expect_clear(*state, "050400ff000c00000000000000000007" PLAIN_HEX CHECKSUM);
}

static void its_flags_of_sender_and_subkey_change_nothing(void **state)
{
    expect_clear(*state, "050405ff000c00000000000000000007" PLAIN_HEX CHECKSUM);
}

static void a_rotated_token_is_put_in_order(void **state)
{
    expect_clear(*state, "050401ff000c00040000000000000007" ROTATED_4_HEX);
    expect_clear(*state, "050401ff000c00140000000000000007" ROTATED_20_HEX);
}

static void a_rotation_may_exceed_the_token(void **state)
{
    /* 27 + 4, and 27 * 2. */
    expect_clear(*state, "050401ff000c001f0000000000000007" ROTATED_4_HEX);
    expect_clear(*state, "050401ff000c00360000000000000007" PLAIN_HEX CHECKSUM);
}

static void a_sealed_token_of_rfc_4121_stays_closed(void **state)
{
    expect_sealed(*state, "050406ff0000001c0000000000000007" ROTATED_4_HEX, 0);
}

static void a_checksum_longer_than_the_token_is_malformed(void **state)
{
    expect_sealed(*state, "050400ff001c00000000000000000007" PLAIN_HEX CHECKSUM, 1);
}

static void another_filler_is_malformed(void **state)
{
    expect_sealed(*state, "05040000000c00000000000000000007" PLAIN_HEX CHECKSUM, 1);
}

static void an_empty_message_is_clear(void **state)
{
    struct world *w = *state;
    struct str plain;
    struct str token = token_hex(&w->t, "050400ff000c00030000000000000007" CHECKSUM);
    assert_int_equal(unwrap(w, token, &plain), AUTH_CLEAR);
    assert_int_equal(plain.size, 0);
}

static void a_signed_token_of_rfc_1964_gives_its_message_without_padding(void **state)
{
    expect_clear(*state, "603c" RC4_CLEAR);
}

static void its_length_may_leave_out_the_message(void **state)
{
    expect_clear(*state, "602d" RC4_CLEAR);
}

static void a_token_sealed_by_rc4_stays_closed(void **state)
{
    expect_sealed(
        *state, "603c" RC4_HEAD "1000ffff0102030405060708b0b1b2b3b4b5b6b7c0c1c2c3c4c5c6c7" PLAIN_HEX "01", 0);
}

static void a_token_of_another_mechanism_is_malformed(void **state)
{
    expect_sealed(*state, "600e060a2b06010401823702020a0201", 1);
}

static void every_shorter_token_is_refused_or_gives_less(void **state)
{
    static const char *const tokens[] = {
        "050401ff000c00040000000000000007" ROTATED_4_HEX,
        "603c" RC4_CLEAR,
        "0100000001020304050607080000000062",
    };
    struct world *w = *state;
    for (size_t i = 0; i < ARRAY_COUNT(tokens); i++) {
        struct str whole = token_hex(&w->t, tokens[i]);
        for (uint32_t size = 0; size < whole.size; size++) {
            /* In memory of its own, so that a read past its end is seen. */
            char *copy = malloc(size + 1);
            struct str plain;
            memcpy(copy, whole.at, size);
            enum auth_opened opened = unwrap(w, (struct str){.at = copy, .size = size}, &plain);
            assert_true(opened == AUTH_CLEAR ? plain.size < size : plain.size == 0);
            free(copy);
        }
    }
}

/* The conversation of MS-NLMP's messages, with other negotiated flags. */
static void authenticate(struct world *w, uint32_t flags)
{
    struct place place = token_place(1, true, 1);
    struct str message = token_hex(&w->t, NTLM_AUTHENTICATE_V2_HEX);
    char *bytes = arena_take(&w->t.batch.arena, message.size);
    memcpy(bytes, message.at, message.size);
    for (uint32_t i = 0; i < 4; i++)
        bytes[60 + i] = (char)(flags >> (8 * i)); /* MS-NLMP 2.2.1.3: NegotiateFlags */
    auth_token(w->auth, &w->t.out, &place, conversation, transport_ldap,
               (struct str){.at = bytes, .size = message.size});
    place.to_server = false;
    auth_result(w->auth, &w->t.out, &place, conversation, outcome_success, 0, true);
}

#define NTLM_TOKEN                                                                                           \
    "01000000"                                                                                               \
    "b0b1b2b3b4b5b6b7"                                                                                       \
    "00000000" PLAIN_HEX

static void a_message_signed_by_ntlm_is_clear(void **state)
{
    authenticate(*state, 0xe2888215); /* sign, not seal */
    expect_clear(*state, NTLM_TOKEN);
}

static void a_message_sealed_by_ntlm_stays_closed(void **state)
{
    authenticate(*state, 0xe2888235);
    expect_sealed(*state, NTLM_TOKEN, 0);
}

static void a_message_of_an_unseen_ntlm_conversation_stays_closed(void **state)
{
    expect_sealed(*state, NTLM_TOKEN, 0);
}

static void a_refused_authentication_protects_nothing(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, false, 2);
    authenticate(w, 0xe2888215);
    auth_result(w->auth, &w->t.out, &place, conversation, outcome_failure, 1, true);
    expect_sealed(w, NTLM_TOKEN, 0);
}

static void a_signature_cut_short_is_malformed(void **state)
{
    expect_sealed(*state, "01000000b0b1b2b3b4b5b6b7000000", 1);
}

static void the_layer_of_a_conversation_survives_a_move(void **state)
{
    struct world *w = *state;
    struct table *from[8], *to[8];
    struct auth *other = NULL;
    static const struct auth_options options = {.conversations = 4, .timeout = 10 * TIME_NS_S};
    authenticate(w, 0xe2888215);
    assert_int_equal(auth_create(&other, &options), ERR_OK);
    size_t count = auth_tables(w->auth, from);
    assert_int_equal(auth_tables(other, to), count);
    token_move_tables(from, to, count);
    auth_free(w->auth);
    w->auth = other;
    expect_clear(w, NTLM_TOKEN);
}

static void per_message_tokens_are_told_from_those_that_open(void **state)
{
    struct world *w = *state;
    assert_true(auth_is_wrap(token_hex(&w->t, "050400ff000c0000")));
    assert_true(auth_is_wrap(token_hex(&w->t, "040400ffffffffff")));
    assert_true(auth_is_wrap(token_hex(&w->t, "603c" RC4_CLEAR)));
    assert_false(auth_is_wrap(token_hex(&w->t, GSS_AP_REQ_HEX)));
    assert_false(auth_is_wrap(token_hex(&w->t, SPNEGO_AP_REQ_HEX)));
    assert_false(auth_is_wrap(token_hex(&w->t, "")));
}

static void a_layer_agreed_inside_sasl_opens_no_conversation(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, true, 1);
    auth_token(w->auth, &w->t.out, &place, conversation, transport_ldap,
               token_hex(&w->t, "050404ff000c000000000000000000070600ffff" CHECKSUM));
    assert_int_equal(w->t.out.malformed, 0);
    auth_result(w->auth, &w->t.out, &place, conversation, outcome_success, 0, true);
    assert_int_equal(w->t.batch.count, 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_WORLD(a_signed_token_of_rfc_4121_gives_its_message),
        WITH_WORLD(its_flags_of_sender_and_subkey_change_nothing),
        WITH_WORLD(a_rotated_token_is_put_in_order),
        WITH_WORLD(a_rotation_may_exceed_the_token),
        WITH_WORLD(a_sealed_token_of_rfc_4121_stays_closed),
        WITH_WORLD(a_checksum_longer_than_the_token_is_malformed),
        WITH_WORLD(another_filler_is_malformed),
        WITH_WORLD(an_empty_message_is_clear),
        WITH_WORLD(a_signed_token_of_rfc_1964_gives_its_message_without_padding),
        WITH_WORLD(its_length_may_leave_out_the_message),
        WITH_WORLD(a_token_sealed_by_rc4_stays_closed),
        WITH_WORLD(a_token_of_another_mechanism_is_malformed),
        WITH_WORLD(every_shorter_token_is_refused_or_gives_less),
        WITH_WORLD(a_message_signed_by_ntlm_is_clear),
        WITH_WORLD(a_message_sealed_by_ntlm_stays_closed),
        WITH_WORLD(a_message_of_an_unseen_ntlm_conversation_stays_closed),
        WITH_WORLD(a_refused_authentication_protects_nothing),
        WITH_WORLD(a_signature_cut_short_is_malformed),
        WITH_WORLD(the_layer_of_a_conversation_survives_a_move),
        WITH_WORLD(per_message_tokens_are_told_from_those_that_open),
        WITH_WORLD(a_layer_agreed_inside_sasl_opens_no_conversation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
