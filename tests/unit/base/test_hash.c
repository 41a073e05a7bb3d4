/*
 * test_hash - SipHash against the published vectors and against OpenSSL's.
 *
 * Key 00 01 .. 0f, input 00 01 .. of each size. The vectors of SipHash-2-4 are those of the reference
 * implementation (github.com/veorq/SipHash, vectors.h); all of them, also SipHash-1-3, are what OpenSSL 3
 * gives: openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:8 -macopt c-rounds:1
 * -macopt d-rounds:3 -in FILE SIPHASH
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/hash.h"

static const struct vector {
    size_t size;
    uint64_t seeded;
    uint64_t u64;
    struct id id;
} vectors[] = {
    {0, 0xabac0158050fc4dcu, 0x726fdb47dd0e0e31u, {.low = 0xe6a825ba047f81a3u, .high = 0x930255c71472f66du}},
    {1, 0xc9f49bf37d57ca93u, 0x74f839c593dc67fdu, {.low = 0x44af996bd8c187dau, .high = 0x45fc229b11597634u}},
    {2, 0x82cb9b024dc7d44du, 0x0d6c8009d9a94f5au, {.low = 0xc75da4a48d227781u, .high = 0xe4ff0af6de8ba3fcu}},
    {3, 0x8bf80ab8e7ddf7fbu, 0x85676696d7fb7e2du, {.low = 0x4ea967520cb6709cu, .high = 0x51ed8529b0b6335fu}},
    {7, 0xd3927d989bb11140u, 0xab0200f58b01d137u, {.low = 0x53c1dbd8beebf1a1u, .high = 0x3982f01fa64ab8c0u}},
    {8, 0x369095118d299a8eu, 0x93f5f5799a932462u, {.low = 0x61f55862baa9623bu, .high = 0xb49714f364e2830fu}},
    {9, 0x25a48eb36c063de4u, 0x9e0082df0ba9e4b0u, {.low = 0xabbad90a06994426u, .high = 0xed716dbb028b7fc4u}},
    {15, 0xd320d86d2a519956u, 0xa129ca6149be45e5u, {.low = 0x11a8b03399e99354u, .high = 0xd9c3cf970fec087eu}},
    {16, 0xcc4fdd1a7d908b66u, 0x3f2acc7f57c29bdbu, {.low = 0xbb54b067caa4e26eu, .high = 0x77052385bf1533fdu}},
    {63, 0x9d199062b7bbb3a8u, 0x958a324ceb064572u, {.low = 0x4a83502f77d15051u, .high = 0x7cbd3f979a063e50u}},
};

static const struct hash_key key = {.k0 = 0x0706050403020100u, .k1 = 0x0f0e0d0c0b0a0908u};

static void hashes_are_those_of_the_reference(void **state)
{
    (void)state;
    uint8_t input[64];
    for (size_t i = 0; i < sizeof(input); i++)
        input[i] = (uint8_t)i;
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
        const struct vector *v = &vectors[i];
        assert_true(hash_seeded(key, input, v->size) == v->seeded);
        assert_true(hash_u64(key, input, v->size) == v->u64);
        assert_true(id_equal(hash_id(key, input, v->size), v->id));
    }
}

static void hashes_do_not_depend_on_where_the_bytes_stand(void **state)
{
    (void)state;
    uint8_t input[64] = {0};
    for (size_t shift = 0; shift < 16; shift++) {
        for (size_t i = 0; i < 33; i++)
            input[shift + i] = (uint8_t)(i * 37);
        static uint64_t first;
        if (shift == 0)
            first = hash_u64(key, input, 33);
        assert_true(hash_u64(key, input + shift, 33) == first);
    }
}

static struct id name_of(const char *a, const char *b)
{
    struct hash_parts parts = {0};
    hash_part(&parts, a, strlen(a));
    hash_part(&parts, b, strlen(b));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

static void a_name_knows_where_its_parts_end(void **state)
{
    (void)state;
    assert_true(id_equal(name_of("ab", "c"), name_of("ab", "c")));
    assert_false(id_equal(name_of("ab", "c"), name_of("a", "bc")));
    assert_false(id_equal(name_of("", "abc"), name_of("abc", "")));
}

static void a_long_part_counts_to_its_last_byte(void **state)
{
    (void)state;
    static char a[1000], b[1000];
    memset(a, 'x', sizeof(a) - 1);
    memcpy(b, a, sizeof(a));
    assert_true(id_equal(name_of(a, a), name_of(b, b)));
    b[sizeof(b) - 2] = 'y';
    assert_false(id_equal(name_of(a, a), name_of(a, b)));
}

static void a_long_part_is_not_mistaken_for_its_own_digest(void **state)
{
    (void)state;
    static const char text[] =
        "a text of more than sixty-four bytes, which is hashed before it becomes a part of a name";
    struct id digest = hash_id(HASH_KEY_NAMES, text, sizeof(text));
    struct hash_parts a = {0}, b = {0};
    hash_part(&a, text, sizeof(text));
    hash_part(&b, &digest, sizeof(digest));
    assert_false(id_equal(hash_parts_id(HASH_KEY_NAMES, &a), hash_parts_id(HASH_KEY_NAMES, &b)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_reference),
        cmocka_unit_test(hashes_do_not_depend_on_where_the_bytes_stand),
        cmocka_unit_test(a_name_knows_where_its_parts_end),
        cmocka_unit_test(a_long_part_counts_to_its_last_byte),
        cmocka_unit_test(a_long_part_is_not_mistaken_for_its_own_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
