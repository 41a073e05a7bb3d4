/*
 * test_keytab - keytabs laid out by hand as MIT krb5 documents their format, and the cryptography behind them
 * against the vectors of RFC 3962, RFC 8009, RFC 2202, RFC 4231, NIST SP 800-38C and the GCM specification.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/keytab.h"

enum {
    BYTES_MAX = 512,
};

struct bytes {
    uint8_t at[BYTES_MAX];
    uint32_t size;
};

static uint8_t digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static struct bytes hex(const char *text)
{
    struct bytes b = {.size = (uint32_t)strlen(text) / 2};
    for (uint32_t i = 0; i < b.size; i++)
        b.at[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return b;
}

static struct str str_in(const struct bytes *b)
{
    return (struct str){.at = (const char *)b->at, .size = b->size};
}

/* Version 5.2, big-endian: cifs/dc1@EX, kvno 3 and 4, etype 17; then svc@EX, kvno 1, etype 23. */
#define KEYTAB_HEAD "0502"
/* clang-format off */
#define ENTRY_CIFS(kvno, key) \
    "00000032" "0002" "0002" "4558" "0004" "63696673" "0003" "646331" "00000002" "00000000" kvno "0011" \
    "0010" key "000000" kvno
#define ENTRY_SVC \
    "0000002c" "0001" "0002" "4558" "0003" "737663" "00000001" "00000000" "01" "0017" \
    "0010" "8846f7eaee8fb117ad06bdd830b7586c" "00000001"
/* clang-format on */
#define KEY_3 "3333333333333333333333333333333c"
#define KEY_4 "4444444444444444444444444444444c"

static bool add(struct keytab *keytab, const char *text, char problem[KEYTAB_PROBLEM_BYTES])
{
    char path[] = "/tmp/test-keytab-XXXXXX";
    int descriptor = mkstemp(path);
    struct bytes b = hex(text);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, b.at, b.size), b.size);
    (void)close(descriptor);
    bool good = keytab_add(keytab, path, problem);
    (void)unlink(path);
    return good;
}

static int open_keytab(void **state)
{
    return keytab_create((struct keytab **)state) == ERR_OK ? 0 : -1;
}

static int close_keytab(void **state)
{
    keytab_free(*state);
    return 0;
}

static void the_key_of_the_version_wanted_comes_first(void **state)
{
    char problem[KEYTAB_PROBLEM_BYTES];
    const struct opener *o = keytab_opener(*state);
    struct opener_key key;
    assert_true(add(*state, KEYTAB_HEAD ENTRY_CIFS("03", KEY_3) ENTRY_CIFS("04", KEY_4), problem));
    assert_int_equal(keytab_count(*state), 2);
    struct opener_wanted wanted = {.name = STR("cifs/dc1"), .realm = STR("EX"), .etype = 17, .kvno = 4};
    assert_true(o->find(o->keys, &wanted, 0, &key));
    assert_int_equal(key.byte[0], 0x44);
    assert_true(o->find(o->keys, &wanted, 1, &key));
    assert_int_equal(key.byte[0], 0x33);
    assert_int_equal(key.size, 16);
    assert_int_equal(key.etype, 17);
    assert_false(o->find(o->keys, &wanted, 2, &key));
}

static void names_are_found_without_case_and_only_whole(void **state)
{
    char problem[KEYTAB_PROBLEM_BYTES];
    const struct opener *o = keytab_opener(*state);
    struct opener_key key;
    assert_true(add(*state, KEYTAB_HEAD ENTRY_CIFS("03", KEY_3), problem));
    assert_true(add(*state, KEYTAB_HEAD ENTRY_SVC, problem));
    assert_true(
        o->find(o->keys, &(struct opener_wanted){.name = STR("CIFS/DC1"), .realm = STR("ex")}, 0, &key));
    assert_true(o->find(o->keys, &(struct opener_wanted){.name = STR("Svc"), .etype = 23}, 0, &key));
    assert_false(o->find(o->keys, &(struct opener_wanted){.name = STR("cifs")}, 0, &key));
    assert_false(o->find(o->keys, &(struct opener_wanted){.name = STR("svc"), .etype = 17}, 0, &key));
    assert_false(o->find(o->keys, &(struct opener_wanted){.name = STR("svc"), .realm = STR("EY")}, 0, &key));
    assert_true(o->find(o->keys, &(struct opener_wanted){.etype = 0}, 1, &key));
}

static void what_is_no_keytab_says_so(void **state)
{
    char problem[KEYTAB_PROBLEM_BYTES] = "";
    assert_false(keytab_add(*state, "/nonexistent/keytab", problem));
    assert_string_equal(problem, "No such file or directory");
    assert_false(keytab_add(*state, "/tmp", problem));
    assert_string_equal(problem, "Is a directory");
    assert_false(add(*state, "", problem));
    assert_string_equal(problem, "it is empty");
    assert_false(add(*state, "d4c3b2a102000400", problem));
    assert_string_equal(problem, "it is not a keytab");
    assert_false(add(*state, KEYTAB_HEAD, problem));
    assert_string_equal(problem, "it holds no key that can be used");
    assert_int_equal(keytab_count(*state), 0);
}

static void a_keytab_cut_short_gives_no_more_than_is_there(void **state)
{
    static const char whole[] = KEYTAB_HEAD ENTRY_CIFS("03", KEY_3) ENTRY_SVC;
    for (size_t size = 0; size < sizeof(whole) - 1; size += 2) {
        struct keytab *keytab;
        char part[sizeof(whole)] = "", problem[KEYTAB_PROBLEM_BYTES];
        memcpy(part, whole, size);
        assert_int_equal(keytab_create(&keytab), ERR_OK);
        (void)add(keytab, part, problem);
        assert_true(keytab_count(keytab) <= 1);
        keytab_free(keytab);
    }
    (void)state;
}

static bool decrypt(void **state, int32_t etype, const char *key_hex, int32_t usage, struct bytes *message)
{
    const struct opener *o = keytab_opener(*state);
    struct bytes key_bytes = hex(key_hex);
    struct opener_key key = {.etype = etype, .size = key_bytes.size};
    uint32_t header, trailer;
    memcpy(key.byte, key_bytes.at, key_bytes.size);
    assert_true(o->sizes(o->crypto, etype, &header, &trailer));
    struct opener_part parts[] = {
        {.kind = OPENER_HEADER, .size = header, .at = message->at},
        {.kind = OPENER_DATA, .size = message->size - header - trailer, .at = message->at + header},
        {.kind = OPENER_TRAILER, .size = trailer, .at = message->at + message->size - trailer},
    };
    return o->decrypt(o->crypto, &key, usage, parts, 3);
}

/* RFC 8009 appendix A: aes128-cts-hmac-sha256-128, usage 2, 6 bytes of plain text. */
static void rfc_8009_opens_and_a_changed_byte_does_not(void **state)
{
    static const char key[] = "3705d96080c17728a0e800eab6e0d23c";
    static const char sealed[] =
        "84d7f30754ed987bab0bf3506beb09cfb55402cef7e6877ce99e247e52d16ed4421dfdf8976c";
    struct bytes message = hex(sealed);
    assert_true(decrypt(state, 19, key, 2, &message));
    assert_memory_equal(message.at + 16, "\x00\x01\x02\x03\x04\x05", 6);
    message = hex(sealed);
    message.at[20] ^= 1;
    assert_false(decrypt(state, 19, key, 2, &message));
    message = hex(sealed);
    assert_false(decrypt(state, 19, key, 3, &message));
}

static void digests_are_those_of_their_rfcs(void **state)
{
    const struct opener *o = keytab_opener(*state);
    uint8_t out[OPENER_DIGEST_BYTES];
    const struct str parts[] = {STR("what do ya want "), STR("for nothing?")};
    struct bytes expected = hex("750c783e6ab0b503eaa86e310a5db738"); /* RFC 2202 2, case 2 */
    o->digest(o->crypto, OPENER_HMAC_MD5, STR("Jefe"), parts, 2, out);
    assert_memory_equal(out, expected.at, expected.size);
    expected = hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"); /* RFC 4231 4.3 */
    o->digest(o->crypto, OPENER_HMAC_SHA256, STR("Jefe"), parts, 2, out);
    assert_memory_equal(out, expected.at, expected.size);
    expected = hex("900150983cd24fb0d6963f7d28e17f72"); /* RFC 1321 A.5 */
    o->digest(o->crypto, OPENER_MD5, (struct str){0}, &(struct str){"abc", 3}, 1, out);
    assert_memory_equal(out, expected.at, expected.size);
    expected = hex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                   "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"); /* FIPS 180-4 */
    o->digest(o->crypto, OPENER_SHA512, (struct str){0}, &(struct str){"abc", 3}, 1, out);
    assert_memory_equal(out, expected.at, expected.size);
}

static bool open_message(void **state, enum opener_cipher cipher, const char *const texts[5], uint8_t *plain)
{
    const struct opener *o = keytab_opener(*state);
    struct bytes part[5];
    for (int i = 0; i < 5; i++)
        part[i] = hex(texts[i]);
    struct opener_message m = {.cipher = cipher,
                               .key = str_in(&part[0]),
                               .nonce = str_in(&part[1]),
                               .associated = str_in(&part[2]),
                               .sealed = str_in(&part[3]),
                               .tag = str_in(&part[4])};
    return o->open(o->crypto, &m, plain);
}

/* The GCM specification's test case 4 (McGrew and Viega, appendix B). */
static void gcm_opens_the_specifications_test_case(void **state)
{
    const char *texts[5] = {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
                            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c"
                            "7d8f6a5aac84aa051ba30b39"
                            "6a0aac973d58e091",
                            "5bc94fbc3221a5db94fae95ae7121a47"};
    struct bytes plain =
        hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24"
            "49a6b525b16aedf5aa0de657ba637b39");
    uint8_t out[BYTES_MAX];
    assert_true(open_message(state, OPENER_AES_GCM, texts, out));
    assert_memory_equal(out, plain.at, plain.size);
    texts[4] = "5bc94fbc3221a5db94fae95ae7121a48";
    assert_false(open_message(state, OPENER_AES_GCM, texts, out));
}

/* RFC 3610 has tags of 8 bytes only; this one was made by another implementation (Python's cryptography). */
static void ccm_opens_what_another_implementation_sealed(void **state)
{
    const char *texts[5] = {"000102030405060708090a0b0c0d0e0f", "101112131415161718191a", "2021222324252627",
                            "3f0a1cb7a5d971c9f72c880d4d17f6cb53", "6280e5119fe5ae5b01eaeedb73a55d69"};
    uint8_t out[BYTES_MAX];
    assert_true(open_message(state, OPENER_AES_CCM, texts, out));
    assert_memory_equal(out, "sealed by another", 17);
    texts[2] = "2021222324252628";
    assert_false(open_message(state, OPENER_AES_CCM, texts, out));
}

/* NIST SP 800-38A F.3.8: CFB8-AES128.Decrypt. */
static void cfb8_opens_nists_vector(void **state)
{
    const char *texts[5] = {"2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f", "",
                            "3b79424c9c0dd436bace9e0ed4586a4f32b9", ""};
    struct bytes plain = hex("6bc1bee22e409f96e93d7e117393172aae2d");
    uint8_t out[BYTES_MAX];
    assert_true(open_message(state, OPENER_AES_CFB8, texts, out));
    assert_memory_equal(out, plain.at, plain.size);
}

static void keys_of_no_known_size_open_nothing(void **state)
{
    const char *texts[5] = {"0001020304", "101112131415161718191a", "", "00",
                            "00000000000000000000000000000000"};
    uint8_t out[BYTES_MAX];
    assert_false(open_message(state, OPENER_AES_GCM, texts, out));
}

/* RFC 8009 appendix A: checksum of aes128-cts-hmac-sha256-128, usage 2, over 21 bytes. */
static void a_checksum_fits_its_own_data_only(void **state)
{
    const struct opener *o = keytab_opener(*state);
    struct bytes key_bytes = hex("3705d96080c17728a0e800eab6e0d23c");
    struct bytes data = hex("000102030405060708090a0b0c0d0e0f1011121314");
    struct bytes sum = hex("d78367186643d67b411cba9139fc1dee");
    struct opener_key key = {.etype = 19, .size = 16};
    memcpy(key.byte, key_bytes.at, 16);
    assert_true(o->verify(o->crypto, &key, 2, 19, str_in(&data), str_in(&sum)));
    data.at[0] ^= 1;
    assert_false(o->verify(o->crypto, &key, 2, 19, str_in(&data), str_in(&sum)));
}

#define WITH_KEYTAB(test) cmocka_unit_test_setup_teardown(test, open_keytab, close_keytab)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_KEYTAB(the_key_of_the_version_wanted_comes_first),
        WITH_KEYTAB(names_are_found_without_case_and_only_whole),
        WITH_KEYTAB(what_is_no_keytab_says_so),
        WITH_KEYTAB(a_keytab_cut_short_gives_no_more_than_is_there),
        WITH_KEYTAB(rfc_8009_opens_and_a_changed_byte_does_not),
        WITH_KEYTAB(digests_are_those_of_their_rfcs),
        WITH_KEYTAB(gcm_opens_the_specifications_test_case),
        WITH_KEYTAB(ccm_opens_what_another_implementation_sealed),
        WITH_KEYTAB(cfb8_opens_nists_vector),
        WITH_KEYTAB(keys_of_no_known_size_open_nothing),
        WITH_KEYTAB(a_checksum_fits_its_own_data_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
