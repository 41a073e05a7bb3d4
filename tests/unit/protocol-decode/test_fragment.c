/*
 * test_fragment - datagrams from their fragments, in whatever order, and those that never become whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/protocol-decode/fragment.h"

enum {
    DATAGRAM_BYTES = 65528,
    PIECE_BYTES = 1480,
};

struct pieces {
    struct fragments *fragments;
    struct arena arena;
    struct packet packet; /* of the last piece */
    time_ns time;
};

static void open_pieces(struct pieces *p, uint32_t datagrams)
{
    *p = (struct pieces){.time = TIME_NS_DAY};
    arena_init(&p->arena, 1 << 20);
    assert_int_equal(fragments_create(&p->fragments, &(struct fragments_options){.datagrams = datagrams,
                                                                                 .timeout = 30 * TIME_NS_S,
                                                                                 .seed = {1, 2}}),
                     ERR_OK);
}

static void close_pieces(struct pieces *p)
{
    fragments_free(p->fragments);
    arena_close(&p->arena);
}

static bool add(struct pieces *p, uint32_t id, uint32_t offset, struct str bytes, bool more)
{
    p->packet = (struct packet){.source = {4, {10, 0, 0, 1}},
                                .target = {4, {10, 0, 0, 2}},
                                .protocol = 17,
                                .fragment = true,
                                .more_fragments = more,
                                .fragment_id = id,
                                .fragment_offset = offset,
                                .payload = bytes};
    return fragments_add(p->fragments, &p->arena, &p->packet, p->time);
}

static void assert_datagram(const struct pieces *p, const char *text)
{
    assert_false(p->packet.fragment || p->packet.more_fragments);
    assert_int_equal(p->packet.fragment_offset, 0);
    assert_int_equal(p->packet.protocol, 17);
    assert_int_equal(p->packet.payload.size, strlen(text));
    assert_memory_equal(p->packet.payload.at, text, strlen(text));
}

static uint32_t tables_hold(struct pieces *p)
{
    struct table *tables[4];
    size_t count = fragments_tables(p->fragments, tables);
    uint32_t held = 0;
    for (size_t i = 0; i < count; i++)
        held += table_count(tables[i]);
    return held;
}

static void pieces_become_whole_in_any_order(void **state)
{
    (void)state;
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const struct str text = STR("first---second--last");
    struct pieces p;
    open_pieces(&p, 10);
    for (int order = 0; order < 6; order++)
        for (int i = 0; i < 3; i++) {
            uint32_t offset = (uint32_t)orders[order][i] * 8;
            struct str piece = {text.at + offset, offset == 16 ? 4 : 8};
            assert_int_equal(add(&p, (uint32_t)order, offset, piece, offset < 16), i == 2);
            if (i == 2)
                assert_datagram(&p, text.at);
        }
    assert_int_equal(fragments_counts(p.fragments).datagrams, 6);
    assert_int_equal(tables_hold(&p), 0);
    close_pieces(&p);
}

static void datagrams_of_different_ids_and_hosts_are_kept_apart(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 10);
    assert_false(add(&p, 1, 0, STR("one-one-"), true));
    assert_false(add(&p, 2, 0, STR("two-two-"), true));
    assert_true(add(&p, 2, 8, STR("2"), false));
    assert_datagram(&p, "two-two-2");
    assert_true(add(&p, 1, 8, STR("1"), false));
    assert_datagram(&p, "one-one-1");
    close_pieces(&p);
}

static void the_largest_datagram_fits_and_nothing_larger(void **state)
{
    (void)state;
    static char bytes[DATAGRAM_BYTES];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 7);
    struct pieces p;
    open_pieces(&p, 1);
    for (uint32_t at = 0; at < DATAGRAM_BYTES; at += PIECE_BYTES) {
        uint32_t size = DATAGRAM_BYTES - at < PIECE_BYTES ? DATAGRAM_BYTES - at : PIECE_BYTES;
        bool last = at + size == DATAGRAM_BYTES;
        assert_int_equal(add(&p, 1, at, (struct str){bytes + at, size}, !last), last);
    }
    assert_int_equal(p.packet.payload.size, DATAGRAM_BYTES);
    assert_memory_equal(p.packet.payload.at, bytes, DATAGRAM_BYTES);
    assert_false(add(&p, 1, 65528, STR("01234567"), false));
    assert_false(add(&p, 1, 65528, STR(""), false));
    assert_int_equal(tables_hold(&p), 0);
    close_pieces(&p);
}

static void a_piece_that_comes_twice_does_no_harm(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 10);
    assert_false(add(&p, 1, 0, STR("one-one-"), true));
    assert_false(add(&p, 1, 0, STR("one-one-"), true));
    assert_true(add(&p, 1, 8, STR("1"), false));
    assert_datagram(&p, "one-one-1");
    close_pieces(&p);
}

static void overlap_with_other_content_ends_the_datagram(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 10);
    assert_false(add(&p, 1, 0, STR("harmless"), true));
    assert_false(add(&p, 1, 0, STR("harmful!"), true));
    /* Whatever else comes of it. */
    assert_false(add(&p, 1, 8, STR("1"), false));
    assert_false(add(&p, 1, 0, STR("harmful!"), true));
    assert_int_equal(fragments_counts(p.fragments).overlaps, 1);
    assert_int_equal(fragments_counts(p.fragments).datagrams, 0);
    /* Until it is forgotten. */
    p.time += TIME_NS_MIN;
    fragments_expire(p.fragments, p.time);
    assert_int_equal(tables_hold(&p), 0);
    assert_int_equal(fragments_counts(p.fragments).incomplete, 0);
    close_pieces(&p);
}

static void a_datagram_has_one_end(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 10);
    assert_false(add(&p, 1, 16, STR("end"), false));
    assert_false(add(&p, 1, 24, STR("behind it"), true));
    assert_false(add(&p, 1, 24, STR("8 behind"), true));
    assert_int_equal(fragments_counts(p.fragments).overlaps, 1);
    assert_false(add(&p, 2, 16, STR("end"), false));
    assert_false(add(&p, 2, 8, STR("another end"), false));
    assert_false(add(&p, 2, 32, STR("end"), false));
    assert_int_equal(fragments_counts(p.fragments).overlaps, 2);
    close_pieces(&p);
}

static void pieces_that_cannot_be_are_dropped(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 10);
    assert_false(add(&p, 1, 0, STR("no multiple of eight"), true));
    assert_false(add(&p, 1, 8, STR(""), false));
    p.packet.cut = true;
    p.packet.payload = STR("cut");
    assert_false(fragments_add(p.fragments, &p.arena, &p.packet, p.time));
    assert_int_equal(tables_hold(&p), 0);
    close_pieces(&p);
}

static void an_incomplete_datagram_is_given_up_by_its_own_time(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 10);
    assert_false(add(&p, 1, 0, STR("one-one-"), true));
    p.time += 30 * TIME_NS_S;
    fragments_expire(p.fragments, p.time);
    assert_int_equal(fragments_counts(p.fragments).incomplete, 0);
    p.time++;
    /* Nobody has called fragments_expire() since. */
    assert_false(add(&p, 1, 8, STR("1"), false));
    assert_int_equal(fragments_counts(p.fragments).incomplete, 1);
    assert_true(add(&p, 1, 0, STR("two-two-"), true));
    assert_datagram(&p, "two-two-1");
    close_pieces(&p);
}

static void the_longest_unseen_datagram_makes_room(void **state)
{
    (void)state;
    struct pieces p;
    open_pieces(&p, 16);
    for (uint32_t id = 0; id < 10000; id++)
        assert_false(add(&p, id, 8 * (id % 1000), STR("12345678"), true));
    assert_int_equal(fragments_counts(p.fragments).incomplete, 10000 - 16);
    assert_true(tables_hold(&p) <= 16 + 64);
    fragments_expire(p.fragments, TIME_NS_END);
    assert_int_equal(tables_hold(&p), 0);
    assert_int_equal(fragments_counts(p.fragments).incomplete, 10000);
    close_pieces(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_whole_in_any_order),
        cmocka_unit_test(datagrams_of_different_ids_and_hosts_are_kept_apart),
        cmocka_unit_test(the_largest_datagram_fits_and_nothing_larger),
        cmocka_unit_test(a_piece_that_comes_twice_does_no_harm),
        cmocka_unit_test(overlap_with_other_content_ends_the_datagram),
        cmocka_unit_test(a_datagram_has_one_end),
        cmocka_unit_test(pieces_that_cannot_be_are_dropped),
        cmocka_unit_test(an_incomplete_datagram_is_given_up_by_its_own_time),
        cmocka_unit_test(the_longest_unseen_datagram_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
