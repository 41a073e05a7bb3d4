/*
 * test_sha256 - against the examples of FIPS 180-4 and, at every length around the block, Python's hashlib.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/sha256.h"

enum {
    LENGTHS = 200,
    MILLION = 1000000,
};

static void assert_digest(struct str bytes, const char *hex)
{
    uint8_t digest[SHA256_BYTES];
    static const char digits[] = "0123456789abcdef";
    char text[2 * SHA256_BYTES + 1] = {0};
    sha256(bytes.at, bytes.size, digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    assert_string_equal(text, hex);
}

static void digests_are_those_of_the_standard(void **state)
{
    (void)state;
    assert_digest(STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest(STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters_are_hashed(void **state)
{
    (void)state;
    static char letters[MILLION];
    memset(letters, 'a', sizeof(letters));
    assert_digest((struct str){letters, MILLION},
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The digests of 00 01 02 .. of each length, hashed together; the expectation is hashlib's. */
static void every_length_is_padded_as_hashlib_does(void **state)
{
    (void)state;
    static uint8_t digests[LENGTHS][SHA256_BYTES];
    uint8_t input[LENGTHS];
    for (size_t i = 0; i < LENGTHS; i++)
        input[i] = (uint8_t)i;
    for (size_t i = 0; i < LENGTHS; i++)
        sha256(input, i, digests[i]);
    assert_digest((struct str){(const char *)digests, sizeof(digests)},
                  "ba7b0fcea7d10c06b855b43d2b4dce1e3e842fff6be0acefb0faf4f2dd05bb47");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_standard),
        cmocka_unit_test(a_million_letters_are_hashed),
        cmocka_unit_test(every_length_is_padded_as_hashlib_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
