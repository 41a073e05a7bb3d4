/*
 * test_drsuapi - arguments of directory replication as two independent encoders, Samba and impacket, write
 * them.
 *
 * The vectors are the fuzz target's corpus. All ask for the same: DC=corp,DC=example with its GUID,
 * EXOP_REPL_OBJ.
 */
#include "services/protocol-decode/drsuapi.h"
#include "common/base/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum {
    VECTOR_BYTES_MAX = 1024,
};

struct vector {
    uint8_t bytes[VECTOR_BYTES_MAX];
    struct drsuapi_stub stub;
};

static const uint8_t destination[16] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                        0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00};

static void load(const char *name, struct vector *v)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/drsuapi/%s", ORTHRUS_SOURCE, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(v->bytes, 1, sizeof(v->bytes), file);
    (void)fclose(file);
    assert_in_range(size, 2, sizeof(v->bytes) - 1);
    v->stub = (struct drsuapi_stub){.bytes = {(const char *)v->bytes + 1, (uint32_t)size - 1},
                                    .ndr64 = (v->bytes[0] & 1) != 0,
                                    .big_endian = (v->bytes[0] & 2) != 0};
}

static void assert_text(struct str actual, const char *expected)
{
    assert_int_equal(actual.size, strlen(expected));
    assert_memory_equal(actual.at, expected, actual.size);
}

static void all_versions_and_both_encodings_say_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t version;
    } vectors[] = {{"impacket_v4", 4},    {"impacket_v5", 5},    {"impacket_v7", 7},
                   {"impacket_v8", 8},    {"impacket_v10", 10},  {"samba_v8", 8},
                   {"samba_v5_ndr64", 5}, {"samba_v8_ndr64", 8}, {"samba_v10_ndr64", 10}};
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
        struct vector v;
        struct drsuapi_changes changes;
        load(vectors[i].name, &v);
        assert_true(drsuapi_parse_changes(&arena, &v.stub, &changes));
        assert_int_equal(changes.version, vectors[i].version);
        assert_memory_equal(changes.destination, destination, 16);
        assert_int_equal(changes.flags, 0x70);
        assert_int_equal(changes.objects_max, 133);
        assert_int_equal(changes.extended_op, 6);
        assert_text(drsuapi_object_text(&arena, &changes.naming_context), "DC=corp,DC=example");
    }
    arena_close(&arena);
}

static void a_big_endian_sender_is_named_by_guid(void **state)
{
    (void)state;
    struct vector v;
    struct drsuapi_changes changes;
    struct arena arena;
    arena_init(&arena, 0);
    load("samba_v8_be", &v);
    assert_true(drsuapi_parse_changes(&arena, &v.stub, &changes));
    assert_memory_equal(changes.destination, destination, 16);
    assert_int_equal(changes.extended_op, 6);
    assert_text(drsuapi_object_text(&arena, &changes.naming_context), "3be9a4d0-a1b2-4c3d-8e5f-60718293a4b5");
    arena_close(&arena);
}

static void an_object_named_by_sid_alone_is_told_by_sid(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    static const char sid[] = "\1\5\0\0\0\0\0\5\x15\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\xf6\1\0";
    const struct drsuapi_object object = {.sid = {sid, 28}};
    assert_text(drsuapi_object_text(&arena, &object), "S-1-5-21-1-2-3-502");
    const struct drsuapi_object none = {.sid = {"", 0}};
    assert_text(drsuapi_object_text(&arena, &none), "");
    arena_close(&arena);
}

static void the_client_of_a_bind_is_read(void **state)
{
    (void)state;
    /* e24d201a-4fd6-11d1-a3da-0000f875ae0d: what clients that are no domain controller send (MS-DRSR 4.1.3).
     */
    static const uint8_t client[16] = {0x1a, 0x20, 0x4d, 0xe2, 0xd6, 0x4f, 0xd1, 0x11,
                                       0xa3, 0xda, 0x00, 0x00, 0xf8, 0x75, 0xae, 0x0d};
    static const char *const names[] = {"samba_bind", "samba_bind_ndr64"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct vector v;
        uint8_t found[16];
        load(names[i], &v);
        assert_true(drsuapi_parse_bind(&v.stub, found));
        assert_memory_equal(found, client, 16);
    }
}

/* What was not kept of a long stub costs the name, never more. */
static void every_prefix_is_refused_or_gives_less(void **state)
{
    (void)state;
    struct vector v;
    struct drsuapi_changes changes;
    struct arena arena;
    arena_init(&arena, 0);
    load("samba_v8", &v);
    bool parsed = false;
    for (uint32_t size = 0; size < v.stub.bytes.size; size++) {
        struct drsuapi_stub part = v.stub;
        part.bytes.size = size;
        bool ok = drsuapi_parse_changes(&arena, &part, &changes);
        assert_true(ok || !parsed);
        parsed = ok;
        if (ok)
            assert_int_equal(changes.extended_op, 6);
    }
    assert_true(parsed);
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_versions_and_both_encodings_say_the_same),
        cmocka_unit_test(a_big_endian_sender_is_named_by_guid),
        cmocka_unit_test(an_object_named_by_sid_alone_is_told_by_sid),
        cmocka_unit_test(the_client_of_a_bind_is_read),
        cmocka_unit_test(every_prefix_is_refused_or_gives_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
