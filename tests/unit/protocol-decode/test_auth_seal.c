/*
 * test_auth_seal - sealed messages opened with keys: the examples of MS-NLMP 4.2.4, and Kerberos tokens made
 * by an encoder that is not ours (impacket's). RC4 against RFC 6229.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/keytab.h"
#include "services/protocol-decode/auth_seal.h"
#include "services/protocol-decode/auth_wrap.h"
#include "services/protocol-decode/rc4.h"
#include "tests/unit/protocol-decode/token_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

/* clang-format off */

/* User@Domain, kvno 1, etype 23: the NT hash of "Password" (MS-NLMP 4.2.2.1.2). */
#define KEYTAB_USER_HEX \
    "0502" "00000031" "0001" "0006" "446f6d61696e" "0004" "55736572" "00000001" "00000000" "01" "0017" \
    "0010" "a4f49c406510bdcab6824ee7c30fd852" "00000001"

/* 32 bytes, "sixteen bytes ok and some more..", in DCE style: key 00..1f, 00..0f and 10..1f. */
#define BODY_256_HEX  "7a94a852a41b047a38e56fcbcf17e3e4303211cd10d2fdfa81158c716ed7825f"
#define TOKEN_256_HEX \
    "050406ff0000001c000000000000000770979047bd74c9f6d28842d2aad2c9676867624b3ef9942ceaa327e2ccff175c8abcfb65" \
    "26f39a3dc295cc42"
#define BODY_128_HEX  "5bff4c295539477128bb6d75a86e8945b6853ad8c9c3a7836fd5bad245ffc2c9"
#define TOKEN_128_HEX \
    "050406ff0000001c0000000000000007c7dc69c3876462170d676e5979a41a52a2602d6c3daaf2580cf249d3afcdca1d5e7e4835" \
    "147c03058c41d372"
#define BODY_RC4_HEX  "08f394641cf59e6996e7c4efb4fa7047af8e9bdeb75bbad17bba1707d32a7011"
#define TOKEN_RC4_HEX \
    "602b06092a864886f712010202020111001000ffffbe8495569227623a3c267dfbcafdda7edae964a3f5c3aa3c"

/* "bind and search" as one token of RFC 4121, not rotated and rotated by 28. */
#define WHOLE_HEX \
    "050402ff000000000000000000000009af197c359e7bd9e3417ef1105b571a7d1d8174b8bbaa3274cf44661517bdfa1235e7e675" \
    "336d8f7bc7f25ee14d6d56acbf37a453fc549d39d5d8c5"
#define WHOLE_ROTATED_HEX \
    "050402ff0000001c00000000000000091235e7e675336d8f7bc7f25ee14d6d56acbf37a453fc549d39d5d8c5af197c359e7bd9e3" \
    "417ef1105b571a7d1d8174b8bbaa3274cf44661517bdfa"

/* A search as MIT krb5 and OpenLDAP sealed it with RC4 (tests/lab/captures/sealed_ldap, frame 239), and the
 * acceptor's subkey as tshark gives it. */
#define SEARCH_KEY_HEX "6353d692655c9c143248a10081bb089c"
#define SEARCH_RC4_HEX \
    "60819806092a864886f712010202020111001000ffffca8cb38396b823ea6cf4711bcd15f65fde053d01e1f38b091a8ef69193ca" \
    "07810dcb4ff64662986f6e70f3bad41231ad636e2a9c2d677753e7a47e0c4e192ed3661c0161103e6fb1ba5c6126605431bcb839" \
    "77aed8d3980ae5ae03e8e462e33f95aa6699541f4aa945697ed0032894e0db89556e7290c6d087a6686d1c51bc13d2341a82e5"

/* MS-NLMP 4.2.4.4: signature and sealed data of "Plaintext" in UTF-16. */
#define NTLM_SIGNATURE_HEX "010000007fb38ec5c55d497600000000"
#define NTLM_SEALED_HEX    "54e50165bf1936dc996020c1811b0f06fb5f"
#define NTLM_PLAIN_HEX     "50006c00610069006e007400650078007400"

/* clang-format on */

static const struct id conversation = {.high = 9, .low = 9};

struct world {
    struct token_world t;
    struct keytab *keytab;
    struct auth *auth;
};

static void add_keytab(struct world *w)
{
    char path[] = "/tmp/test-auth-seal-XXXXXX", problem[KEYTAB_PROBLEM_BYTES];
    int descriptor = mkstemp(path);
    struct str bytes = token_hex(&w->t, KEYTAB_USER_HEX);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes.at, bytes.size), bytes.size);
    (void)close(descriptor);
    assert_true(keytab_add(w->keytab, path, problem));
    (void)unlink(path);
}

static int open_world(void **state)
{
    static struct world world;
    token_world_open(&world.t);
    *state = &world;
    if (keytab_create(&world.keytab) != ERR_OK)
        return -1;
    add_keytab(&world);
    struct keyring_options keys = {
        .opener = keytab_opener(world.keytab), .conversations = 4, .flows = 4, .seed = {.k0 = 1}};
    struct auth_options auth = {.conversations = 4, .timeout = TIME_NS_S, .seed = {.k0 = 5}};
    return keyring_create(&world.t.out.keyring, &keys) == ERR_OK && auth_create(&world.auth, &auth) == ERR_OK
               ? 0
               : -1;
}

static int close_world(void **state)
{
    struct world *w = *state;
    auth_free(w->auth);
    keyring_free(w->t.out.keyring);
    keytab_free(w->keytab);
    token_world_close(&w->t);
    return 0;
}

/* A conversation whose keys are the session key of that etype, counting up from first, in that place. */
static void hold_key(struct world *w, enum keyring_key place, int32_t etype, uint32_t size, uint8_t first)
{
    struct keyring_conversation *c = table_put(w->t.out.keyring->conversations, &conversation, NULL);
    c->opening = opening_opened;
    c->key[place].etype = etype;
    c->key[place].size = size;
    for (uint32_t i = 0; i < size; i++)
        c->key[place].byte[i] = (uint8_t)(first + i);
}

static bool open_beside(struct world *w, const char *body, const char *token, struct str *plain)
{
    struct auth_sealed sealed = {.head = {.at = "", .size = 0},
                                 .body = token_hex(&w->t, body),
                                 .tail = {.at = "", .size = 0},
                                 .token = token_hex(&w->t, token)};
    return auth_seal_open_beside(&w->t.out, conversation, false, &sealed, plain);
}

static void bodies_beside_aes_tokens_open(void **state)
{
    struct world *w = *state;
    struct str plain;
    hold_key(w, KEYRING_ACCEPTOR, 18, 32, 0);
    assert_false(open_beside(w, BODY_128_HEX, TOKEN_128_HEX, &plain));
    /* Made as by an initiator that also says it has the acceptor's subkey. */
    assert_true(open_beside(w, BODY_256_HEX, TOKEN_256_HEX, &plain));
    assert_text(plain, "sixteen bytes ok and some more..");
    hold_key(w, KEYRING_SESSION, 17, 16, 0);
    assert_true(open_beside(w, BODY_128_HEX, TOKEN_128_HEX, &plain));
    assert_text(plain, "sixteen bytes ok and some more..");
}

static void a_body_beside_an_rc4_token_opens(void **state)
{
    struct world *w = *state;
    struct str plain;
    hold_key(w, KEYRING_INITIATOR, 23, 16, 16);
    assert_true(open_beside(w, BODY_RC4_HEX, TOKEN_RC4_HEX, &plain));
    assert_text(plain, "sixteen bytes ok and some more..");
}

static void a_whole_token_opens_rotated_or_not(void **state)
{
    struct world *w = *state;
    struct str plain;
    hold_key(w, KEYRING_INITIATOR, 18, 32, 0);
    assert_true(auth_seal_open_token(&w->t.out, conversation, token_hex(&w->t, WHOLE_HEX), &plain));
    assert_text(plain, "bind and search");
    assert_true(auth_seal_open_token(&w->t.out, conversation, token_hex(&w->t, WHOLE_ROTATED_HEX), &plain));
    assert_text(plain, "bind and search");
    assert_int_equal(auth_seal_state(&w->t.out, conversation), opening_opened);
}

static void a_search_sealed_by_rc4_opens(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, true, 2);
    struct str plain, key = token_hex(&w->t, SEARCH_KEY_HEX);
    hold_key(w, KEYRING_ACCEPTOR, 23, 16, 0);
    struct keyring_conversation *c = table_find(w->t.out.keyring->conversations, &conversation);
    memcpy(c->key[KEYRING_ACCEPTOR].byte, key.at, key.size);
    struct str token = token_hex(&w->t, SEARCH_RC4_HEX);
    assert_int_equal(auth_unwrap(w->auth, &w->t.out, &place, conversation, token, &plain), AUTH_OPENED);
    /* SEQUENCE, messageID 4, searchRequest: as tshark reads it with the same key. */
    assert_int_equal(plain.at[0], 0x30);
    assert_int_equal(plain.size, plain.at[1] + 2);
    assert_memory_equal(plain.at + 2, "\x02\x01\x04\x63", 4);
    assert_memory_equal(plain.at + 9, "OU=People,DC=lab,DC=orthrus,DC=example", 38);
}

static void a_changed_byte_or_another_key_opens_nothing(void **state)
{
    struct world *w = *state;
    struct str plain, token = token_hex(&w->t, WHOLE_HEX);
    hold_key(w, KEYRING_INITIATOR, 18, 32, 0);
    for (uint32_t i = 16; i < token.size; i++) {
        ((char *)(uintptr_t)token.at)[i] ^= 4;
        assert_false(auth_seal_open_token(&w->t.out, conversation, token, &plain));
        assert_int_equal(plain.size, 0);
        ((char *)(uintptr_t)token.at)[i] ^= 4;
    }
    hold_key(w, KEYRING_INITIATOR, 18, 32, 1);
    assert_false(auth_seal_open_token(&w->t.out, conversation, token, &plain));
}

static void headers_that_are_not_those_signed_open_nothing(void **state)
{
    struct world *w = *state;
    struct str plain;
    hold_key(w, KEYRING_INITIATOR, 23, 16, 16);
    struct auth_sealed sealed = {.head = STR("head"),
                                 .body = token_hex(&w->t, BODY_RC4_HEX),
                                 .tail = STR("tail"),
                                 .token = token_hex(&w->t, TOKEN_RC4_HEX)};
    /* Without header signing the headers are not covered. */
    assert_true(auth_seal_open_beside(&w->t.out, conversation, false, &sealed, &plain));
    sealed.body = token_hex(&w->t, BODY_128_HEX);
    assert_false(auth_seal_open_beside(&w->t.out, conversation, false, &sealed, &plain));
}

static void every_shorter_token_opens_nothing(void **state)
{
    static const char *const tokens[] = {WHOLE_HEX, TOKEN_256_HEX, TOKEN_RC4_HEX, NTLM_SIGNATURE_HEX};
    struct world *w = *state;
    struct str plain;
    hold_key(w, KEYRING_INITIATOR, 18, 32, 0);
    hold_key(w, KEYRING_SESSION, 23, 16, 16);
    for (size_t i = 0; i < ARRAY_COUNT(tokens); i++) {
        struct str whole = token_hex(&w->t, tokens[i]);
        for (uint32_t size = 0; size < whole.size; size++) {
            char *copy = malloc(size + 1);
            memcpy(copy, whole.at, size);
            struct auth_sealed sealed = {.body = STR("body"), .token = {.at = copy, .size = size}};
            assert_false(auth_seal_open_token(&w->t.out, conversation, sealed.token, &plain));
            assert_false(auth_seal_open_beside(&w->t.out, conversation, true, &sealed, &plain));
            free(copy);
        }
    }
}

static void authenticate(struct world *w)
{
    struct place place = token_place(1, false, 1);
    auth_token(w->auth, &w->t.out, &place, conversation, transport_ldap,
               token_hex(&w->t, NTLM_CHALLENGE_HEX));
    place.to_server = true;
    auth_token(w->auth, &w->t.out, &place, conversation, transport_ldap,
               token_hex(&w->t, NTLM_AUTHENTICATE_V2_HEX));
}

static void the_keys_of_ntlm_are_those_of_its_specification(void **state)
{
    struct world *w = *state;
    authenticate(w);
    const struct keyring_conversation *c = table_find(w->t.out.keyring->conversations, &conversation);
    assert_int_equal(c->opening, opening_opened);
    /* MS-NLMP 4.2.1: RandomSessionKey. */
    for (int i = 0; i < 16; i++)
        assert_int_equal(c->key[KEYRING_SESSION].byte[i], 0x55);
    /* MS-NLMP 4.2.4.4: SIGNKEY of the client. */
    struct str sign = token_hex(&w->t, "4788dc861b4782f35d43fd98fe1a2d39");
    assert_memory_equal(c->stream[1].sign_key, sign.at, sign.size);
}

static void the_sealed_example_of_ntlm_opens(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, true, 2);
    struct str plain, expected = token_hex(&w->t, NTLM_PLAIN_HEX);
    authenticate(w);
    struct str token = token_hex(&w->t, NTLM_SIGNATURE_HEX NTLM_SEALED_HEX);
    assert_int_equal(auth_unwrap(w->auth, &w->t.out, &place, conversation, token, &plain), AUTH_OPENED);
    assert_true(str_equal(plain, expected));
    /* The same again is out of step, and so is all after it. */
    assert_int_equal(auth_unwrap(w->auth, &w->t.out, &place, conversation, token, &plain), AUTH_SEALED);
    assert_int_equal(auth_seal_state(&w->t.out, conversation), opening_out_of_step);
}

static void keys_survive_a_move(void **state)
{
    struct world *w = *state;
    struct keyring *other = NULL;
    struct table *from[8], *to[8];
    struct place place = token_place(1, true, 2);
    struct str plain;
    authenticate(w);
    struct keyring_options options = {.opener = keytab_opener(w->keytab), .conversations = 4, .flows = 4};
    assert_int_equal(keyring_create(&other, &options), ERR_OK);
    size_t count = keyring_tables(w->t.out.keyring, from);
    assert_int_equal(keyring_tables(other, to), count);
    token_move_tables(from, to, count);
    keyring_free(w->t.out.keyring);
    w->t.out.keyring = other;
    struct str token = token_hex(&w->t, NTLM_SIGNATURE_HEX NTLM_SEALED_HEX);
    assert_int_equal(auth_unwrap(w->auth, &w->t.out, &place, conversation, token, &plain), AUTH_OPENED);
}

static void without_the_challenge_or_the_account_nothing_opens(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, true, 1);
    auth_token(w->auth, &w->t.out, &place, conversation, transport_ldap,
               token_hex(&w->t, NTLM_AUTHENTICATE_V2_HEX));
    assert_int_equal(auth_seal_state(&w->t.out, conversation), opening_session_unseen);
    struct id other = {.high = 1, .low = 1};
    assert_int_equal(auth_seal_state(&w->t.out, other), opening_session_unseen);
    auth_token(w->auth, &w->t.out, &place, other, transport_ldap, token_hex(&w->t, NTLM_CHALLENGE_HEX));
    auth_token(w->auth, &w->t.out, &place, other, transport_ldap,
               token_hex(&w->t, NTLM_AUTHENTICATE_MIC_HEX));
    assert_int_equal(auth_seal_state(&w->t.out, other), opening_no_key);
}

/* RFC 6229 2: the key of 40 bits, the key stream at 0. */
static void rc4_gives_the_stream_of_rfc_6229(void **state)
{
    struct world *w = *state;
    struct str expected = token_hex(&w->t, "b2396305f03dc027ccc3524a0a1118a8");
    static const uint8_t key[] = {1, 2, 3, 4, 5};
    uint8_t stream[16] = {0};
    struct rc4 rc4;
    rc4_begin(&rc4, (struct str){(const char *)key, sizeof(key)});
    rc4_apply(&rc4, stream, stream, 7);
    rc4_apply(&rc4, stream + 7, stream + 7, 9);
    assert_memory_equal(stream, expected.at, sizeof(stream));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_WORLD(bodies_beside_aes_tokens_open),
        WITH_WORLD(a_body_beside_an_rc4_token_opens),
        WITH_WORLD(a_whole_token_opens_rotated_or_not),
        WITH_WORLD(a_search_sealed_by_rc4_opens),
        WITH_WORLD(a_changed_byte_or_another_key_opens_nothing),
        WITH_WORLD(headers_that_are_not_those_signed_open_nothing),
        WITH_WORLD(every_shorter_token_opens_nothing),
        WITH_WORLD(the_keys_of_ntlm_are_those_of_its_specification),
        WITH_WORLD(the_sealed_example_of_ntlm_opens),
        WITH_WORLD(keys_survive_a_move),
        WITH_WORLD(without_the_challenge_or_the_account_nothing_opens),
        WITH_WORLD(rc4_gives_the_stream_of_rfc_6229),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
