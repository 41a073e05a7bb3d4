/*
 * test_ndr - layouts of NDR and NDR64 in both byte orders, made by hand, and what bounds a walk.
 */
#include "tests/unit/protocol-decode/ndr_world.h"

#include "services/protocol-decode/ndr_interfaces.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct ndr_world world;

static int open_world(void **state)
{
    (void)state;
    ndr_world_open(&world);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    ndr_world_close(&world);
    return 0;
}

static void assert_text(struct str actual, const char *expected)
{
    if (!str_equal(actual, str_of(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", (int)actual.size, actual.at, expected);
}

/* The four ways in which a stub may be written. */
static void begin(unsigned way)
{
    writer_reset(&world.w);
    world.ndr64 = (way & 1) != 0;
    world.big_endian = (way & 2) != 0;
}

static void read_by(const struct ndr_field *fields)
{
    ndr_world_read_by(&world, fields, (uint32_t)world.w.size);
}

static void a_number_is_aligned_to_its_size(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_u8(&world, 1);
        ndr_put_u16(&world, 0x203);
        ndr_put_u8(&world, 4);
        ndr_put_u32(&world, 0x5060708);
        ndr_put_u64(&world, 0x1122334455667788);
        ndr_put_long(&world, 9);
        world.ndr64 ? ndr_put_u32(&world, 10) : ndr_put_u16(&world, 10);
        read_by(NDR({"a", &ndr_u8, NDR_SHOW}, {"b", &ndr_u16, NDR_SHOW}, {"c", &ndr_u8, NDR_SHOW},
                    {"d", &ndr_u32, NDR_SHOW}, {"e", &ndr_u64, NDR_SHOW}, {"f", &ndr_long, NDR_SHOW},
                    {"g", &ndr_enum, NDR_SHOW}));
        assert_true(world.read.whole);
        assert_int_equal(world.read.count, 7);
        assert_int_equal(world.read.offset, world.w.size);
        assert_int_equal(ndr_world_number(&world, "b"), 0x203);
        assert_int_equal(ndr_world_number(&world, "d"), 0x5060708);
        assert_true(ndr_world_number(&world, "e") == 0x1122334455667788);
        assert_int_equal(ndr_world_number(&world, "f"), 9);
        assert_int_equal(ndr_world_number(&world, "g"), 10);
    }
}

/* struct { [string] A *; ULONG b; [string] C *; }: C706 14.3.12.3. */
static const struct ndr_type two_names = NDR_STRUCT_OF(
    {"a", &ndr_wide, NDR_PTR | NDR_SHOW}, {"b", &ndr_u32, NDR_SHOW}, {"c", &ndr_wide, NDR_PTR | NDR_SHOW});

static void what_embedded_pointers_point_to_comes_behind_the_structure(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_long(&world, 0x20000);
        ndr_put_u32(&world, 7);
        ndr_put_long(&world, 0x20004);
        ndr_put_wide(&world, "first");
        ndr_put_wide(&world, "second");
        ndr_put_u32(&world, 8);
        read_by(NDR({"s", &two_names}, {"after", &ndr_u32, NDR_SHOW}));
        assert_true(world.read.whole);
        assert_text(ndr_world_text(&world, "s.a"), "first");
        assert_text(ndr_world_text(&world, "s.c"), "second");
        assert_int_equal(ndr_world_number(&world, "s.b"), 7);
        assert_int_equal(ndr_world_number(&world, "after"), 8);
    }
}

static void a_null_pointer_points_to_nothing(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_long(&world, 0);
        ndr_put_u32(&world, 7);
        ndr_put_long(&world, 0);
        ndr_put_long(&world, 0);
        ndr_put_u32(&world, 8);
        read_by(NDR({"s", &two_names}, {"p", &two_names, NDR_PTR}, {"after", &ndr_u32, NDR_SHOW}));
        assert_true(world.read.whole);
        assert_null(ndr_world_find(&world, "s.a"));
        assert_int_equal(ndr_world_number(&world, "after"), 8);
    }
}

/* An array of structures: all of them first, then what each points to, in order. */
static void an_array_defers_what_its_elements_point_to(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_long(&world, 0x20000);
        ndr_put_long(&world, 2);
        for (uint32_t i = 0; i < 2; i++) {
            ndr_put_align(&world, world.ndr64 ? 8 : 4);
            ndr_put_long(&world, 0x20004 + 8 * i);
            ndr_put_u32(&world, i);
            ndr_put_long(&world, i == 0 ? 0 : 0x30000);
        }
        ndr_put_wide(&world, "one");
        ndr_put_wide(&world, "two");
        ndr_put_wide(&world, "three");
        read_by(NDR({"list", &two_names, NDR_PTR, NDR_CONFORMANT}));
        assert_true(world.read.whole);
        assert_text(ndr_world_text(&world, "list[0].a"), "one");
        assert_text(ndr_world_text(&world, "list[1].a"), "two");
        assert_text(ndr_world_text(&world, "list[1].c"), "three");
        assert_null(ndr_world_find(&world, "list[0].c"));
    }
}

static void a_string_array_is_an_array_of_pointers(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_long(&world, 3);
        ndr_put_long(&world, 1);
        ndr_put_long(&world, 0);
        ndr_put_long(&world, 2);
        ndr_put_wide(&world, "cmd");
        ndr_put_wide(&world, "/c");
        read_by(NDR({"argv", &ndr_wide, NDR_ITEM_PTR | NDR_SHOW, NDR_CONFORMANT}));
        assert_true(world.read.whole);
        assert_int_equal(world.read.count, 2);
        assert_text(ndr_world_text(&world, "argv[0]"), "cmd");
        assert_text(ndr_world_text(&world, "argv[2]"), "/c");
    }
}

/* The maximum count of the array that ends a structure stands before it (C706 14.3.7.1). */
static const struct ndr_type conformant =
    NDR_STRUCT_OF({"n", &ndr_u16, NDR_SHOW}, {"list", &ndr_u32, NDR_SHOW, NDR_CONFORMANT});
static const struct ndr_type around = NDR_STRUCT_OF({"h", &ndr_u8, NDR_SHOW}, {NULL, &conformant});

static void the_count_of_an_embedded_array_comes_first(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_long(&world, 2);
        ndr_put_u8(&world, 5);
        ndr_put_align(&world, 4);
        ndr_put_u16(&world, 6);
        ndr_put_u32(&world, 11);
        ndr_put_u32(&world, 12);
        read_by(NDR({"s", &around}));
        assert_true(world.read.whole);
        assert_int_equal(ndr_world_number(&world, "s.h"), 5);
        assert_int_equal(ndr_world_number(&world, "s.n"), 6);
        assert_int_equal(ndr_world_number(&world, "s.list[1]"), 12);
    }
}

static const struct ndr_type wide_arm = NDR_STRUCT_OF({"x", &ndr_u64, NDR_SHOW});
static const struct ndr_type choice =
    NDR_UNION_OF(ndr_u16, NDR_CASE(1, "One", ndr_u32, NDR_SHOW), NDR_CASE(2, "Two", wide_arm, 0),
                 NDR_CASE(3, "Three", ndr_wide, NDR_PTR | NDR_SHOW), NDR_EMPTY_CASE(4));

/* The tag and the arm are aligned each for itself in NDR; in NDR64 both to the widest arm (MS-RPCE
 * 2.2.5.3.4.4). */
static void a_union_is_the_arm_of_its_tag(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        size_t widest = world.ndr64 ? 8 : 1;
        ndr_put_u32(&world, 0);
        ndr_put_align(&world, widest);
        ndr_put_u16(&world, 1);
        ndr_put_align(&world, widest);
        ndr_put_u32(&world, 99);
        ndr_put_align(&world, widest);
        ndr_put_u16(&world, 2);
        ndr_put_u64(&world, 77);
        ndr_put_u16(&world, 3);
        ndr_put_align(&world, widest);
        ndr_put_long(&world, 0x20000);
        ndr_put_wide(&world, "arm");
        ndr_put_align(&world, widest);
        ndr_put_u16(&world, 4);
        ndr_put_align(&world, widest);
        read_by(NDR({NULL, &ndr_u32}, {"a", &choice}, {"b", &choice}, {"c", &choice}, {"d", &choice}));
        assert_true(world.read.whole);
        assert_int_equal(ndr_world_number(&world, "a.One"), 99);
        assert_int_equal(ndr_world_number(&world, "b.Two.x"), 77);
        assert_text(ndr_world_text(&world, "c.Three"), "arm");
    }
    begin(0);
    ndr_put_u16(&world, 5);
    read_by(NDR({"a", &choice}));
    assert_string_equal(world.read.reason, "no arm of the union has this tag");
}

static void a_counted_string_is_the_value_of_its_structure(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_align(&world, world.ndr64 ? 8 : 4);
        ndr_put_u16(&world, 6);
        ndr_put_u16(&world, 8);
        ndr_put_long(&world, 0x20000);
        ndr_put_long(&world, 4);
        ndr_put_long(&world, 0);
        ndr_put_long(&world, 3);
        for (const char *c = "bob"; *c; c++)
            ndr_put_u16(&world, (uint8_t)*c);
        read_by(NDR({"Name", &ndr_unicode_string, NDR_SHOW}));
        assert_true(world.read.whole);
        assert_int_equal(world.read.count, 1);
        assert_text(ndr_world_text(&world, "Name"), "bob");
        read_by(NDR({"Name", &ndr_unicode_string}));
        assert_int_equal(world.read.count, 0);
        read_by(NDR({"Name", &ndr_unicode_string, NDR_SECRET}));
        const struct rpc_argument *secret = ndr_world_find(&world, "Name");
        assert_non_null(secret);
        assert_int_equal(secret->kind, rpc_value_fingerprint);
        assert_int_equal(secret->text.size, 0);
        assert_false(id_is_none(secret->fingerprint));
    }
}

static void a_sid_reads_as_text(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        ndr_put_long(&world, 2);
        static const uint8_t head[] = {1, 2, 0, 0, 0, 0, 0, 5};
        writer_bytes(&world.w, head, sizeof(head));
        ndr_put_u32(&world, 32);
        ndr_put_u32(&world, 544);
        read_by(NDR({"Sid", &ndr_sid, NDR_SHOW}));
        assert_true(world.read.whole);
        assert_text(ndr_world_text(&world, "Sid"), "S-1-5-32-544");
        world.w.bytes[world.ndr64 ? 9 : 5] = 3;
        read_by(NDR({"Sid", &ndr_sid, NDR_SHOW}));
        assert_false(world.read.whole);
        assert_int_equal(world.read.count, 0);
    }
}

static void zeros_are_told_from_other_secrets(void **state)
{
    (void)state;
    begin(0);
    for (int i = 0; i < 8; i++)
        ndr_put_u8(&world, 0);
    for (int i = 0; i < 8; i++)
        ndr_put_u8(&world, (uint8_t)i);
    read_by(NDR({"a", &ndr_byte, NDR_SECRET, NDR_FIXED, 8}, {"b", &ndr_byte, NDR_SECRET, NDR_FIXED, 8}));
    assert_int_equal(ndr_world_find(&world, "a")->kind, rpc_value_zeros);
    assert_true(id_is_none(ndr_world_find(&world, "a")->fingerprint));
    assert_int_equal(ndr_world_find(&world, "b")->kind, rpc_value_fingerprint);
    assert_int_equal(ndr_world_find(&world, "b")->number, 8);
}

static void a_time_reads_as_a_date(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin(way);
        /* 1 January 1970 is 116444736000000000 (MS-DTYP 2.3.3). */
        uint64_t epoch = 116444736000000000u;
        ndr_put_u32(&world, (uint32_t)epoch);
        ndr_put_u32(&world, (uint32_t)(epoch >> 32));
        ndr_put_u64(&world, UINT64_MAX >> 1);
        read_by(NDR({"a", &ndr_time, NDR_SHOW}, {"never", &ndr_time64, NDR_SHOW}));
        assert_text(ndr_world_text(&world, "a"), "1970-01-01T00:00:00.000000Z");
        assert_text(ndr_world_text(&world, "never"), "");
    }
}

static void a_pipe_is_stepped_over(void **state)
{
    (void)state;
    begin(0);
    ndr_put_u32(&world, 3);
    writer_bytes(&world.w, "abc", 3);
    ndr_put_u32(&world, 1);
    writer_bytes(&world.w, "d", 1);
    ndr_put_u32(&world, 0);
    ndr_put_u32(&world, 42);
    read_by(NDR({NULL, &ndr_pipe}, {"after", &ndr_u32, NDR_SHOW}));
    assert_int_equal(ndr_world_number(&world, "after"), 42);
}

/* Structures that hold themselves, as long lists do. */
static const struct ndr_type chain;
static const struct ndr_type chain = NDR_STRUCT_OF({"Next", &chain, NDR_PTR}, {"x", &ndr_u32, NDR_SHOW});

static void a_long_chain_of_pointers_ends_at_a_bound(void **state)
{
    (void)state;
    begin(0);
    for (uint32_t i = 0; i < 2000; i++) {
        ndr_put_u32(&world, 0x20000 + 4 * i);
        ndr_put_u32(&world, i);
    }
    read_by(NDR({"list", &chain}));
    assert_false(world.read.whole);
    assert_true(world.read.limited);
    assert_string_equal(world.read.reason, "nested too deep");
    assert_in_range(world.read.count, 1, NDR_DEPTH_MAX);
}

static void more_pointers_than_a_walk_remembers_are_a_bound(void **state)
{
    (void)state;
    begin(0);
    ndr_put_u32(&world, NDR_DEFERRED_MAX + 1);
    for (uint32_t i = 0; i <= NDR_DEFERRED_MAX; i++)
        ndr_put_u32(&world, 0x20000);
    read_by(NDR({"argv", &ndr_wide, NDR_ITEM_PTR | NDR_SHOW, NDR_CONFORMANT}));
    assert_true(world.read.limited);
    assert_int_equal(world.read.count, 0);
}

static void more_values_than_are_told_are_noted(void **state)
{
    (void)state;
    begin(0);
    ndr_put_u32(&world, NDR_ARGUMENTS_MAX + 1);
    for (uint32_t i = 0; i <= NDR_ARGUMENTS_MAX; i++)
        ndr_put_u32(&world, i);
    read_by(NDR({"list", &ndr_u32, NDR_SHOW, NDR_CONFORMANT}));
    assert_true(world.read.whole);
    assert_true(world.read.more);
    assert_int_equal(world.read.count, NDR_ARGUMENTS_MAX);
}

static void counts_that_lie_are_refused(void **state)
{
    (void)state;
    static const uint32_t lies[] = {0x7fffffff, 0xffffffff, 0x40000000, 5};
    for (size_t i = 0; i < ARRAY_COUNT(lies); i++) {
        begin(0);
        ndr_put_u32(&world, lies[i]);
        ndr_put_u32(&world, 1);
        read_by(NDR({"list", &ndr_u32, NDR_SHOW, NDR_CONFORMANT}));
        assert_non_null(world.read.reason);
        read_by(NDR({"list", &two_names, 0, NDR_CONFORMANT}));
        assert_non_null(world.read.reason);
        begin(0);
        ndr_put_u32(&world, 4);
        ndr_put_u32(&world, lies[i]);
        ndr_put_u32(&world, 4);
        writer_bytes(&world.w, "abcdefgh", 8);
        read_by(NDR({"s", &ndr_wide, NDR_SHOW}));
        assert_non_null(world.read.reason);
        assert_int_equal(world.read.count, 0);
    }
}

/* DRSUAPI as two independent encoders, Samba and impacket, write it; all ask for the same. */
static void all_versions_and_both_encodings_ask_for_the_same_object(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t version;
    } vectors[] = {{"impacket_v4", 4}, {"impacket_v5", 5},     {"impacket_v7", 7},    {"impacket_v8", 8},
                   {"samba_v8", 8},    {"impacket_v10", 10},   {"samba_v5_ndr64", 5}, {"samba_v8_ndr64", 8},
                   {"samba_v8_be", 8}, {"samba_v10_ndr64", 10}};
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
        char path[64], name[64];
        (void)snprintf(path, sizeof(path), "drsuapi_%s", vectors[i].name);
        ndr_world_load(&world, path);
        ndr_world_read(&world);
        assert_true(world.read.whole);
        assert_int_equal(ndr_world_number(&world, "dwInVersion"), vectors[i].version);
        assert_text(world.read.object, "DC=corp,DC=example");
        assert_int_equal(world.read.extended_op, 6);
        (void)snprintf(name, sizeof(name), "pmsgIn.V%u.ulFlags", vectors[i].version);
        assert_int_equal(ndr_world_number(&world, name), 0x70);
        (void)snprintf(name, sizeof(name), "pmsgIn.V%u.cMaxObjects", vectors[i].version);
        assert_int_equal(ndr_world_number(&world, name), 133);
        (void)snprintf(name, sizeof(name), "pmsgIn.V%u.uuidDsaObjDest", vectors[i].version);
        assert_text(ndr_world_text(&world, name), "11223344-5566-7788-99aa-bbccddeeff00");
    }
}

/* What clients that are no domain controller send (MS-DRSR 4.1.3). */
static void the_client_of_a_bind_is_read(void **state)
{
    (void)state;
    static const char *const names[] = {"drsuapi_samba_bind", "drsuapi_samba_bind_ndr64"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        ndr_world_load(&world, names[i]);
        ndr_world_read(&world);
        assert_text(ndr_world_text(&world, "puuidClientDsa"), "e24d201a-4fd6-11d1-a3da-0000f875ae0d");
    }
}

/* What was not kept of a long stub costs what is behind it, never more. */
static void every_prefix_of_a_request_is_refused_cleanly(void **state)
{
    (void)state;
    ndr_world_load(&world, "drsuapi_samba_v8");
    uint32_t count = 0;
    for (uint32_t size = 0; size < world.w.size; size++) {
        ndr_world_read_prefix(&world, size);
        assert_false(world.read.whole);
        assert_string_equal(world.read.reason, "arguments end early");
        assert_true(world.read.count >= count);
        assert_true(world.read.offset <= size);
        count = world.read.count;
    }
    assert_in_range(count, 8, NDR_ARGUMENTS_MAX);
}

/* Stubs that Samba's encoder made, one or more of each family (tests/fuzz/corpus/ndr). */
static int is_stub(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void no_prefix_of_any_stub_is_read_beyond_its_end(void **state)
{
    (void)state;
    struct dirent **names = NULL;
    int count = scandir(ORTHRUS_SOURCE "/tests/fuzz/corpus/ndr", &names, is_stub, alphasort);
    assert_in_range(count, 60, 1000);
    for (int i = 0; i < count; i++) {
        ndr_world_load(&world, names[i]->d_name);
        bool described = world.response ? world.operation->out != NULL : world.operation->in != NULL;
        for (uint32_t size = 0; described && size < world.w.size; size++) {
            ndr_world_read_prefix(&world, size);
            assert_true(world.read.offset <= size);
            assert_true(world.read.count <= NDR_ARGUMENTS_MAX);
            assert_true(world.read.whole || world.read.reason || world.read.offset > 0 || size == 0);
        }
        if (described)
            ndr_world_read(&world);
        assert_true(!described || !world.read.limited);
        free(names[i]);
    }
    free(names);
}

/* The table of each operation is found, and stands in the order that the search asks for. */
static void tables_rise_by_opnum(void **state)
{
    (void)state;
    size_t operations = 0;
    for (size_t i = 0; ndr_interface_at(i); i++) {
        const struct ndr_interface *interface = ndr_interface_at(i);
        for (size_t o = 0; o < interface->count; o++) {
            assert_true(o == 0 || interface->operations[o].opnum > interface->operations[o - 1].opnum);
            assert_ptr_equal(ndr_operation_find(interface->uuid, interface->operations[o].opnum),
                             &interface->operations[o]);
            operations++;
        }
    }
    assert_in_range(operations, 250, 10000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_number_is_aligned_to_its_size),
        TEST(what_embedded_pointers_point_to_comes_behind_the_structure),
        TEST(a_null_pointer_points_to_nothing),
        TEST(an_array_defers_what_its_elements_point_to),
        TEST(a_string_array_is_an_array_of_pointers),
        TEST(the_count_of_an_embedded_array_comes_first),
        TEST(a_union_is_the_arm_of_its_tag),
        TEST(a_counted_string_is_the_value_of_its_structure),
        TEST(a_sid_reads_as_text),
        TEST(zeros_are_told_from_other_secrets),
        TEST(a_time_reads_as_a_date),
        TEST(a_pipe_is_stepped_over),
        TEST(a_long_chain_of_pointers_ends_at_a_bound),
        TEST(more_pointers_than_a_walk_remembers_are_a_bound),
        TEST(more_values_than_are_told_are_noted),
        TEST(counts_that_lie_are_refused),
        TEST(all_versions_and_both_encodings_ask_for_the_same_object),
        TEST(the_client_of_a_bind_is_read),
        TEST(every_prefix_of_a_request_is_refused_cleanly),
        TEST(no_prefix_of_any_stub_is_read_beyond_its_end),
        TEST(tables_rise_by_opnum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
