/*
 * test_tcp - flows: how they begin and end, and how in-order bytes become messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/protocol-decode/tcp_world.h"

static void messages_are_cut_out_of_one_segment(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101,
                        STR("M\0\0\3one"
                            "M\0\0\3two"
                            "M\0\0\0"));
    tcp_world_to_client(&w, 501, STR("M\0\0\2ok"));
    assert_string_equal(tcp_world_log(&w), ">one\n>two\n>\n<ok\n");
    tcp_world_end(&w);
    assert_string_equal(tcp_world_log(&w), "end input 0\n");
    tcp_world_close(&w);
}

static void a_message_is_put_together_from_segments_of_one_byte(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    struct str bytes = STR("M\0\0\5hello"
                           "M\0\0\5world");
    for (uint32_t i = 0; i < bytes.size; i++) {
        assert_int_equal(w.messages, i / 9);
        tcp_world_to_server(&w, 101 + i, str_part(bytes, i, i + 1));
    }
    assert_string_equal(tcp_world_log(&w), ">hello\n>world\n");
    tcp_world_close(&w);
}

static void segments_that_come_in_reverse_are_put_in_order(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    struct str bytes = STR("M\0\0\5hello"
                           "M\0\0\5world");
    for (uint32_t i = bytes.size; i-- > 0;)
        tcp_world_to_server(&w, 101 + i, str_part(bytes, i, i + 1));
    assert_string_equal(tcp_world_log(&w), ">hello\n>world\n");
    tcp_world_end(&w);
    assert_string_equal(tcp_world_log(&w), "end input 0\n");
    tcp_world_close(&w);
}

static void sequence_numbers_may_wrap_around(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, UINT32_MAX - 6, UINT32_MAX);
    tcp_world_to_server(&w, UINT32_MAX - 5, STR("M\0\0\5h"));
    tcp_world_to_server(&w, 1, STR("lo"));
    tcp_world_to_server(&w, UINT32_MAX, STR("el"));
    tcp_world_to_client(&w, 0, STR("M\0\0\2ok"));
    assert_string_equal(tcp_world_log(&w), ">hello\n<ok\n");
    tcp_world_close(&w);
}

static void a_flow_ends_with_fins_in_both_directions(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    w.time += 5 * TIME_NS_MS;
    tcp_world_send(&w, &(struct tcp_sent){.flags = FIN | ACK, .sequence = 101, .bytes = STR("M\0\0\3bye")});
    assert_string_equal(tcp_world_log(&w), ">bye\n");
    w.time += 5 * TIME_NS_MS;
    tcp_world_send(&w,
                   &(struct tcp_sent){.to_client = true, .flags = FIN | ACK, .sequence = 501, .ack = 109});
    assert_string_equal(tcp_world_log(&w), "end closed 10\n");
    tcp_world_close(&w);
}

static void what_comes_after_the_end_begins_no_flow(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_send(&w, &(struct tcp_sent){.flags = FIN | ACK, .sequence = 101, .bytes = STR("M\0\0\3bye")});
    tcp_world_send(&w,
                   &(struct tcp_sent){.to_client = true, .flags = FIN | ACK, .sequence = 501, .ack = 109});
    tcp_world_send(&w, &(struct tcp_sent){.flags = FIN | ACK, .sequence = 101, .bytes = STR("M\0\0\3bye")});
    tcp_world_send(&w, &(struct tcp_sent){.flags = ACK, .sequence = 109, .ack = 502});
    tcp_world_end(&w);
    assert_string_equal(tcp_world_log(&w), ">bye\nend closed 0\n");
    assert_int_equal(tcp_counts(w.tcp).flows, 1);
    tcp_world_close(&w);
}

static void a_fin_before_a_hole_waits_for_what_is_missing(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_send(&w,
                   &(struct tcp_sent){.to_client = true, .flags = FIN | ACK, .sequence = 501, .ack = 101});
    tcp_world_send(&w, &(struct tcp_sent){.flags = FIN | ACK, .sequence = 105, .bytes = STR("bye")});
    assert_string_equal(tcp_world_log(&w), "");
    tcp_world_to_server(&w, 101, STR("M\0\0\3"));
    assert_string_equal(tcp_world_log(&w), ">bye\nend closed 0\n");
    tcp_world_close(&w);
}

static void a_reset_ends_the_flow_and_its_data_is_not_read(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_send(&w, &(struct tcp_sent){.flags = RST, .sequence = 101, .bytes = STR("M\0\0\3bye")});
    tcp_world_to_client(&w, 501, STR("M\0\0\4late"));
    tcp_world_end(&w);
    assert_string_equal(tcp_world_log(&w), "end closed 0\n");
    tcp_world_close(&w);
}

static void a_reset_far_outside_of_the_window_is_forged(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_send(&w, &(struct tcp_sent){.flags = RST, .sequence = 900000000});
    tcp_world_to_server(&w, 101, STR("M\0\0\2on"));
    assert_string_equal(tcp_world_log(&w), ">on\n");
    tcp_world_close(&w);
}

static void a_refused_connection_ends(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_send(&w, &(struct tcp_sent){.flags = SYN, .sequence = 100});
    tcp_world_send(&w, &(struct tcp_sent){.to_client = true, .flags = RST | ACK, .sequence = 0, .ack = 101});
    assert_string_equal(tcp_world_log(&w), "end closed 0\n");
    tcp_world_close(&w);
}

static void data_on_the_syn_is_read(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_send(&w, &(struct tcp_sent){.flags = SYN, .sequence = 100, .bytes = STR("M\0\0\4fa")});
    tcp_world_send(&w, &(struct tcp_sent){.to_client = true, .flags = SYN | ACK, .sequence = 1, .ack = 107});
    tcp_world_to_server(&w, 107, STR("st"));
    assert_string_equal(tcp_world_log(&w), ">fast\n");
    tcp_world_close(&w);
}

static void both_ends_may_open_at_once(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_send(&w, &(struct tcp_sent){.flags = SYN, .sequence = 100});
    tcp_world_send(&w, &(struct tcp_sent){.to_client = true, .flags = SYN, .sequence = 500});
    tcp_world_send(&w, &(struct tcp_sent){.flags = SYN | ACK, .sequence = 100, .ack = 501});
    tcp_world_send(&w,
                   &(struct tcp_sent){.to_client = true, .flags = SYN | ACK, .sequence = 500, .ack = 101});
    tcp_world_to_server(&w, 101, STR("M\0\0\1a"));
    tcp_world_to_client(&w, 501, STR("M\0\0\1b"));
    tcp_world_end(&w);
    assert_string_equal(tcp_world_log(&w), ">a\n<b\nend input 0\n");
    assert_int_equal(tcp_counts(w.tcp).flows, 1);
    tcp_world_close(&w);
}

static void a_syn_with_another_number_begins_another_flow(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101, STR("M\0\0\1aM\0"));
    w.time += TIME_NS_MS;
    tcp_world_send(&w, &(struct tcp_sent){.flags = SYN, .sequence = 100});
    assert_string_equal(tcp_world_log(&w), ">a\n");
    tcp_world_handshake(&w, 90000, 500);
    assert_string_equal(tcp_world_log(&w), "end closed 1\n");
    tcp_world_to_server(&w, 90001, STR("M\0\0\1b"));
    assert_string_equal(tcp_world_log(&w), ">b\n");
    assert_int_equal(tcp_counts(w.tcp).flows, 2);
    tcp_world_close(&w);
}

static void an_idle_flow_ends_at_its_own_time(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    w.time += 10 * TIME_NS_MS;
    tcp_world_to_server(&w, 101, STR("M\0\0\1a"));
    w.time += TIME_NS_HOUR;
    w.client_port++;
    tcp_world_to_server(&w, 101, STR("M\0\0\1b"));
    assert_string_equal(tcp_world_log(&w), ">a\nend idle 60010\n>b\n");
    tcp_world_close(&w);
}

static void a_flow_that_speaks_after_its_idle_time_is_another_one(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    w.time += 60 * TIME_NS_S;
    tcp_world_to_server(&w, 101, STR("M\0\0\1a"));
    w.time += 60 * TIME_NS_S + 1;
    tcp_world_to_server(&w, 106, STR("M\0\0\1b"));
    assert_string_equal(tcp_world_log(&w), ">a\nend idle 120000\n>b\n");
    tcp_world_close(&w);
}

static void only_the_rest_of_a_message_that_nobody_reads_is_skipped(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    static char body[30000];
    struct str skipped = tcp_world_message(&w, 'S', (struct str){.at = body, .size = sizeof(body)});
    memcpy(body, "ab", 2);
    skipped = tcp_world_message(&w, 'S', (struct str){.at = body, .size = sizeof(body)});
    /* The first segment, the last with the next message, and then some from the middle: none of it is kept.
     */
    tcp_world_to_server(&w, 101, str_part(skipped, 0, 1000));
    tcp_world_to_server(&w, 101 + 29000, str_part(skipped, 29000, skipped.size));
    tcp_world_to_server(&w, 101 + skipped.size, MESSAGE(&w, "next"));
    tcp_world_to_server(&w, 101 + 1000, str_part(skipped, 1000, 2000));
    assert_string_equal(tcp_world_log(&w), ">ab of 30000\n>next\n");
    struct table *tables[8];
    (void)tcp_tables(w.tcp, tables);
    assert_int_equal(table_count(tables[1]), 0);
    tcp_world_close(&w);
}

static void a_capture_may_begin_in_the_middle(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_to_client(&w, 777, STR("rest of something"));
    tcp_world_to_client(&w, 794, STR("M\0\0\1a"));
    tcp_world_to_server(&w, 101, STR("M\0\0\1b"));
    assert_string_equal(tcp_world_log(&w), "<a\n>b\n");
    tcp_world_close(&w);
}

static void swapped_ends_stay_swapped(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.swap = true;
    tcp_world_to_server(&w, 101, STR("M\0\0\1a"));
    tcp_world_to_client(&w, 777, STR("M\0\0\1b"));
    tcp_world_to_server(&w, 106, STR("M\0\0\1c"));
    assert_string_equal(tcp_world_log(&w), "<a\n>b\n<c\n");
    tcp_world_close(&w);
}

static void a_capture_of_one_direction_is_enough(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_send(&w, &(struct tcp_sent){.flags = SYN, .sequence = 100});
    tcp_world_send(&w, &(struct tcp_sent){.flags = ACK, .sequence = 101, .ack = 3, .bytes = STR("M\0\0\1a")});
    tcp_world_send(&w, &(struct tcp_sent){.flags = ACK | FIN, .sequence = 106, .ack = 9});
    assert_string_equal(tcp_world_log(&w), ">a\nend closed 0\n");
    tcp_world_close(&w);
}

static void a_keep_alive_changes_nothing(void **state)
{
    (void)state;
    struct tcp_options options = tcp_world_options();
    options.overlap = OVERLAP_LAST;
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101, STR("M\0\0\2a"));
    tcp_world_send(&w, &(struct tcp_sent){.flags = ACK, .sequence = 105, .bytes = STR("\0")});
    tcp_world_send(&w, &(struct tcp_sent){.flags = ACK, .sequence = 105});
    tcp_world_to_server(&w, 106, STR("b"));
    assert_string_equal(tcp_world_log(&w), ">ab\n");
    assert_int_equal(tcp_counts(w.tcp).overlap_conflicts, 0);
    tcp_world_close(&w);
}

static void a_flow_that_nobody_wants_keeps_nothing(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.give_up = true;
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 200, STR("early"));
    tcp_world_to_server(&w, 101, STR("M\0\0\1a"));
    tcp_world_to_server(&w, 300, STR("early"));
    struct table *tables[8];
    size_t count = tcp_tables(w.tcp, tables);
    for (size_t i = 1; i < count; i++)
        assert_int_equal(table_count(tables[i]), 0);
    tcp_world_send(&w, &(struct tcp_sent){.flags = FIN, .sequence = 305});
    tcp_world_send(&w, &(struct tcp_sent){.to_client = true, .flags = FIN, .sequence = 501});
    assert_string_equal(tcp_world_log(&w), "end closed 0\n");
    tcp_world_close(&w);
}

static void headers_that_cannot_be_are_counted(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    struct addr a = {.family = 4, .byte = {1}}, b = {.family = 4, .byte = {2}};
    uint8_t header[24] = {0, 1, 0, 2, [12] = 6 << 4, [13] = SYN};
    struct tcp_input input = {.source = &a, .target = &b};
    for (uint32_t size = 0; size < sizeof(header); size++) {
        input.segment = arena_copy(&w.arena, (struct str){.at = (const char *)header, .size = size});
        tcp_segment(w.tcp, &w.arena, &input);
    }
    header[12] = 4 << 4;
    input.segment = (struct str){.at = (const char *)header, .size = sizeof(header)};
    tcp_segment(w.tcp, &w.arena, &input);
    assert_int_equal(tcp_counts(w.tcp).bad_segments, sizeof(header) + 1);
    assert_int_equal(tcp_counts(w.tcp).flows, 0);
    tcp_world_close(&w);
}

static void the_longest_unseen_flow_makes_room(void **state)
{
    (void)state;
    struct tcp_options options = tcp_world_options();
    options.flows = 1000;
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    uint32_t evicted = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        w.client_port = (uint16_t)(i % 60000 + 1000);
        uint32_t sequence = i * 7919;
        if (i % 3 == 0)
            tcp_world_send(&w, &(struct tcp_sent){.flags = SYN, .sequence = sequence - 1});
        tcp_world_to_server(&w, sequence, STR("M\0\0\2a"));
        tcp_world_to_server(&w, sequence + 6, STR("M\0\0\2a"));
        if (i % 64 == 0)
            arena_reset(&w.arena);
        evicted += i >= 1000;
    }
    assert_int_equal(tcp_counts(w.tcp).flows, 100000);
    assert_int_equal(tcp_counts(w.tcp).flows_evicted, evicted);
    struct table *tables[8];
    (void)tcp_tables(w.tcp, tables);
    assert_int_equal(table_count(tables[0]), 1000);
    assert_true(table_count(tables[1]) <= 400);
    tcp_world_end(&w);
    assert_int_equal(table_count(tables[0]), 0);
    assert_int_equal(table_count(tables[1]), 0);
    assert_int_equal(table_count(tables[2]), 0);
    tcp_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_cut_out_of_one_segment),
        cmocka_unit_test(a_message_is_put_together_from_segments_of_one_byte),
        cmocka_unit_test(segments_that_come_in_reverse_are_put_in_order),
        cmocka_unit_test(sequence_numbers_may_wrap_around),
        cmocka_unit_test(a_flow_ends_with_fins_in_both_directions),
        cmocka_unit_test(what_comes_after_the_end_begins_no_flow),
        cmocka_unit_test(a_fin_before_a_hole_waits_for_what_is_missing),
        cmocka_unit_test(a_reset_ends_the_flow_and_its_data_is_not_read),
        cmocka_unit_test(a_reset_far_outside_of_the_window_is_forged),
        cmocka_unit_test(a_refused_connection_ends),
        cmocka_unit_test(data_on_the_syn_is_read),
        cmocka_unit_test(both_ends_may_open_at_once),
        cmocka_unit_test(a_syn_with_another_number_begins_another_flow),
        cmocka_unit_test(an_idle_flow_ends_at_its_own_time),
        cmocka_unit_test(a_flow_that_speaks_after_its_idle_time_is_another_one),
        cmocka_unit_test(only_the_rest_of_a_message_that_nobody_reads_is_skipped),
        cmocka_unit_test(a_capture_may_begin_in_the_middle),
        cmocka_unit_test(swapped_ends_stay_swapped),
        cmocka_unit_test(a_capture_of_one_direction_is_enough),
        cmocka_unit_test(a_keep_alive_changes_nothing),
        cmocka_unit_test(a_flow_that_nobody_wants_keeps_nothing),
        cmocka_unit_test(headers_that_cannot_be_are_counted),
        cmocka_unit_test(the_longest_unseen_flow_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
