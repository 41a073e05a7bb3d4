/*
 * test_tcp_holes - what a stream does when bytes are missing, come twice, or come where none can be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/protocol-decode/tcp_world.h"

static struct tcp_options options_with(enum overlap_policy overlap, uint32_t pages, uint32_t pages_of_flow)
{
    struct tcp_options options = tcp_world_options();
    options.overlap = overlap;
    options.pages = pages;
    options.pages_of_flow = pages_of_flow;
    return options;
}

static uint32_t pages_held(struct tcp_world *w)
{
    struct table *tables[8];
    (void)tcp_tables(w->tcp, tables);
    return table_count(tables[1]);
}

static void a_hole_is_given_up_when_its_time_is_over(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.times = true;
    tcp_world_handshake(&w, 100, 500);
    w.time += 100 * TIME_NS_MS;
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    w.time += 2 * TIME_NS_S;
    tcp_expire(w.tcp, &w.arena, w.time);
    assert_string_equal(tcp_world_log(&w), "");
    tcp_expire(w.tcp, &w.arena, w.time + 1);
    assert_string_equal(tcp_world_log(&w), ">lost 5 @2100\n>b @2100\n");
    assert_int_equal(pages_held(&w), 0);
    tcp_world_close(&w);
}

static void a_hole_is_given_up_at_its_own_time_whoever_notices(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.times = true;
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    w.time += 30 * TIME_NS_S;
    w.client_port++;
    tcp_world_to_server(&w, 1, MESSAGE(&w, "another flow"));
    assert_string_equal(tcp_world_log(&w), ">lost 5 @2000\n>b @2000\n>another flow @30000\n");
    w.client_port--;
    /* What fills it after its time is late. */
    tcp_world_to_server(&w, 101, MESSAGE(&w, "a"));
    assert_string_equal(tcp_world_log(&w), "");
    /* The timer was the flow's last touch. */
    w.time += TIME_NS_HOUR;
    tcp_expire(w.tcp, &w.arena, w.time);
    assert_string_equal(tcp_world_log(&w), "end idle 90000\nend idle 90000\n");
    tcp_world_close(&w);
}

static void a_hole_filled_at_the_very_end_of_its_time_is_no_loss(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    w.time += 2 * TIME_NS_S;
    tcp_world_to_server(&w, 101, MESSAGE(&w, "a"));
    assert_string_equal(tcp_world_log(&w), ">a\n>b\n");
    tcp_world_close(&w);
}

static void an_acknowledged_hole_is_given_up_after_eight_segments(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    uint32_t sequence = 106;
    for (char c = 'b'; c <= 'j'; c++, sequence += 5) {
        assert_string_equal(tcp_world_log(&w), "");
        tcp_world_to_server(&w, sequence, tcp_world_message(&w, 'M', (struct str){&c, 1}));
        tcp_world_server_acks(&w, 501, sequence + 5);
    }
    assert_string_equal(tcp_world_log(&w), ">lost 5\n>b\n>c\n>d\n>e\n>f\n>g\n>h\n>i\n>j\n");
    tcp_world_close(&w);
}

static void an_acknowledged_hole_is_given_up_when_nothing_is_under_way_any_more(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    w.time += 200 * TIME_NS_MS;
    tcp_world_server_acks(&w, 501, 111);
    assert_string_equal(tcp_world_log(&w), "");
    w.time += 1;
    tcp_world_server_acks(&w, 501, 111);
    assert_string_equal(tcp_world_log(&w), ">lost 5\n>b\n");
    tcp_world_close(&w);
}

static void an_answer_comes_after_what_it_answers_though_a_hole_is_before_that(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    tcp_world_server_acks(&w, 501, 111);
    assert_string_equal(tcp_world_log(&w), "");
    struct tcp_sent answer = {
        .to_client = true, .flags = ACK, .sequence = 501, .ack = 111, .bytes = MESSAGE(&w, "r")};
    tcp_world_send(&w, &answer);
    assert_string_equal(tcp_world_log(&w), ">lost 5\n>b\n<r\n");
    tcp_world_close(&w);
}

static void a_hole_that_the_receiver_has_too_waits_for_its_retransmission(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    for (uint32_t i = 0; i < 20; i++) {
        tcp_world_to_server(&w, 106 + i * 5, MESSAGE(&w, "b"));
        tcp_world_server_acks(&w, 501, 101);
    }
    w.time += TIME_NS_S;
    assert_string_equal(tcp_world_log(&w), "");
    tcp_world_to_server(&w, 101, MESSAGE(&w, "a"));
    assert_int_equal(w.messages, 21);
    assert_int_equal(tcp_counts(w.tcp).lost_bytes, 0);
    tcp_world_close(&w);
}

static void a_flow_that_ends_gives_its_holes_up(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    tcp_world_to_server(&w, 121, MESSAGE(&w, "e"));
    tcp_world_server_acks(&w, 501, 140);
    tcp_world_send(&w, &(struct tcp_sent){.flags = RST, .sequence = 126});
    assert_string_equal(tcp_world_log(&w), ">lost 5\n>b\n>lost 10\n>e\n>lost 14\nend closed 0\n");
    assert_int_equal(tcp_counts(w.tcp).lost_bytes, 29);
    tcp_world_close(&w);
}

static void messages_are_found_again_at_the_start_of_a_segment(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 110, STR("in the middle of a message"));
    tcp_world_to_server(&w, 136, STR("and its end; M\0\0\1x is not at a start"));
    tcp_world_to_server(&w, 172,
                        STR("M\0\0\1a"
                            "M\0\0\1b"));
    tcp_world_to_server(&w, 182, STR("M\0\0\1c"));
    w.time += TIME_NS_MIN;
    tcp_world_to_server(&w, 187, STR("M\0\0\1d"));
    assert_string_equal(tcp_world_log(&w), ">lost 9\n>a\n>b\n>c\n>d\n");
    tcp_world_close(&w);
}

static void a_hole_inside_of_a_message_costs_that_message_alone(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    /* The next message begins in the middle of a segment, and is found by the size of the one before. */
    tcp_world_to_server(&w, 101,
                        STR("M\0\0\x14"
                            "01234"));
    tcp_world_to_server(&w, 115,
                        STR("0123456789"
                            "M\0\0\1b"));
    w.time += TIME_NS_MIN - 1;
    tcp_expire(w.tcp, &w.arena, w.time);
    assert_string_equal(tcp_world_log(&w), ">lost 5\n>b\n");
    tcp_world_close(&w);
}

static void what_is_no_message_is_counted_once_and_passed_over(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101,
                        STR("M\0\0\1a"
                            "nonsense"));
    tcp_world_to_server(&w, 114, STR("more"));
    tcp_world_to_server(&w, 118, STR("M\0\0\1b"));
    assert_string_equal(tcp_world_log(&w), ">a\n>b\n");
    struct table *tables[8];
    (void)tcp_tables(w.tcp, tables);
    const struct tcp_flow *flow = table_oldest(tables[0]);
    assert_int_equal(flow->malformed_messages, 1);
    tcp_world_close(&w);
}

static void a_direction_holds_no_more_than_its_window(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_FIRST, 100, 2);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    uint32_t sequence = 106;
    for (int i = 0; i < 5000; i++, sequence += 5) {
        tcp_world_to_server(&w, sequence, MESSAGE(&w, "b"));
        assert_true(pages_held(&w) <= 3);
    }
    assert_int_equal(w.messages, 5000);
    assert_int_equal(tcp_counts(w.tcp).lost_bytes, 5);
    tcp_world_close(&w);
}

static void a_message_too_long_to_be_held_is_lost_and_the_next_is_read(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_FIRST, 100, 2);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    static char body[5000];
    struct str large = tcp_world_message(&w, 'M', (struct str){.at = body, .size = sizeof(body)});
    tcp_world_to_server(&w, 101, str_part(large, 0, 2000));
    tcp_world_to_server(&w, 2101, str_part(large, 2000, 5004));
    tcp_world_to_server(&w, 5105, MESSAGE(&w, "b"));
    assert_string_equal(tcp_world_log(&w), ">lost 5004\n>b\n");
    tcp_world_close(&w);
}

static void a_stream_of_holes_of_one_byte_is_survived(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_FIRST, 8, 4);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    for (uint32_t i = 0; i < 100000; i++) {
        tcp_world_to_server(&w, 102 + 2 * i, STR("M"));
        if (i % 1000 == 0) {
            arena_reset(&w.arena);
            writer_reset(&w.log);
        }
    }
    tcp_world_end(&w);
    assert_int_equal(w.messages, 0);
    assert_int_equal(tcp_counts(w.tcp).lost_bytes, 100000);
    assert_int_equal(pages_held(&w), 0);
    tcp_world_close(&w);
}

static void evicted_pages_are_lost_bytes(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_FIRST, 2, 64);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    static char body[9000];
    for (int i = 0; i < 2; i++, w.client_port++) {
        tcp_world_handshake(&w, 100, 500);
        struct str large = tcp_world_message(&w, 'M', (struct str){.at = body, .size = sizeof(body)});
        for (uint32_t at = 0; at < large.size; at += 1000)
            tcp_world_to_server(&w, 101 + at,
                                str_part(large, at, at + 1000 < large.size ? at + 1000 : large.size));
        tcp_world_to_server(&w, 101 + large.size, MESSAGE(&w, "next"));
    }
    assert_true(tcp_counts(w.tcp).pages_evicted > 0);
    assert_true(tcp_counts(w.tcp).lost_bytes > 0);
    assert_int_equal(w.messages, 2);
    tcp_world_end(&w);
    assert_int_equal(pages_held(&w), 0);
    tcp_world_close(&w);
}

static void nothing_is_held_when_all_but_evicted_bytes_are_read(void **state)
{
    (void)state;
    struct tcp_world w;
    struct tcp_options options = options_with(OVERLAP_FIRST, 1, 4);
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    struct str a = MESSAGE(&w, "aaaaaaaaaa");
    tcp_world_to_server(&w, 101, str_part(a, 0, 5));
    tcp_world_to_server(&w, 113, MESSAGE(&w, "z"));
    w.client_port++;
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101, str_part(a, 0, 5));
    w.client_port--;
    assert_int_equal(pages_held(&w), 1);
    tcp_world_to_server(&w, 101, a);
    assert_string_equal(tcp_world_log(&w), ">aaaaaaaaaa\n");
    assert_int_equal(pages_held(&w), 0);
    tcp_world_to_server(&w, 115, MESSAGE(&w, "b"));
    assert_string_equal(tcp_world_log(&w), ">b\n");
    tcp_world_close(&w);
}

static void evicted_bytes_behind_a_hole_are_lost_too(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_FIRST, 1, 64);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    w.client_port++;
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 106, MESSAGE(&w, "c"));
    w.client_port--;
    tcp_world_to_server(&w, 101, MESSAGE(&w, "a"));
    tcp_world_to_server(&w, 111, MESSAGE(&w, "d"));
    w.time += 3 * TIME_NS_S;
    tcp_expire(w.tcp, &w.arena, w.time);
    assert_string_equal(tcp_world_log(&w), ">a\n>lost 10\n>lost 5\n>d\n");
    tcp_world_close(&w);
}

static void overlap(enum overlap_policy policy, const char *heard)
{
    struct tcp_options options = options_with(policy, 100, 64);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 105, STR("good"));
    tcp_world_to_server(&w, 103, STR("\0\7evil"));
    tcp_world_to_server(&w, 109, STR("day"));
    tcp_world_to_server(&w, 101, STR("M\0\0"));
    assert_string_equal(tcp_world_log(&w), heard);
    assert_int_equal(tcp_counts(w.tcp).overlap_conflicts, 1);
    /* What was taken cannot be compared any more. */
    tcp_world_to_server(&w, 105, STR("evil"));
    assert_int_equal(tcp_counts(w.tcp).overlap_conflicts, 1);
    assert_int_equal(tcp_counts(w.tcp).retransmitted, 4 + 1 + 4);
    tcp_world_close(&w);
}

static void the_first_bytes_stay_where_segments_overlap(void **state)
{
    (void)state;
    overlap(OVERLAP_FIRST, ">goodday\n");
}

static void or_the_last_bytes_do(void **state)
{
    (void)state;
    overlap(OVERLAP_LAST, ">evilday\n");
}

static void a_replaced_header_is_read_again(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_LAST, 100, 64);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101, STR("M\0\0\x09good"));
    tcp_world_to_server(&w, 103, STR("\0\4"));
    assert_string_equal(tcp_world_log(&w), ">good\n");
    tcp_world_close(&w);
}

static void what_the_snap_length_took_is_lost_at_once(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_send(&w, &(struct tcp_sent){.sequence = 101,
                                          .bytes = STR("M\0\0\x14"
                                                       "0123"),
                                          .cut_bytes = 10});
    assert_string_equal(tcp_world_log(&w), ">lost 10\n");
    tcp_world_to_server(&w, 119, STR("456789M\0\0\1b"));
    assert_string_equal(tcp_world_log(&w), ">b\n");
    /* Of a message that is skipped, nothing is lost. */
    tcp_world_send(&w, &(struct tcp_sent){.sequence = 130,
                                          .bytes = STR("S\0\0\x14"
                                                       "01"),
                                          .cut_bytes = 18});
    tcp_world_to_server(&w, 154, STR("M\0\0\1c"));
    assert_string_equal(tcp_world_log(&w), ">01 of 20\n>c\n");
    /* Cut within a header: the boundary is gone until the next segment. */
    tcp_world_send(&w, &(struct tcp_sent){.sequence = 159, .bytes = STR("M\0"), .cut_bytes = 8});
    tcp_world_to_server(&w, 169, STR("M\0\0\1d"));
    assert_string_equal(tcp_world_log(&w), ">lost 8\n>d\n");
    tcp_world_close(&w);
}

static void noise_far_away_is_not_followed(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 500000000, STR("M\0\0\4evil"));
    tcp_world_to_server(&w, 3000000000, STR("M\0\0\4evil"));
    tcp_world_to_server(&w, 700000000, STR("M\0\0\4evil"));
    tcp_world_to_server(&w, 101, MESSAGE(&w, "a"));
    w.time += TIME_NS_MIN;
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    assert_string_equal(tcp_world_log(&w), ">a\n>b\n");
    tcp_world_close(&w);
}

static void three_segments_far_away_are_where_the_stream_is(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_to_server(&w, 101, MESSAGE(&w, "a"));
    for (uint32_t i = 0; i < 5; i++)
        tcp_world_to_server(&w, 4000106 + i * 5, MESSAGE(&w, "b"));
    assert_string_equal(tcp_world_log(&w), ">a\n>lost 4000010\n>b\n>b\n>b\n");
    /* Backwards it is another stream, of which nothing is lost. */
    for (uint32_t i = 0; i < 5; i++)
        tcp_world_to_server(&w, 3000000000u + i * 5, MESSAGE(&w, "c"));
    assert_string_equal(tcp_world_log(&w), ">c\n>c\n>c\n");
    tcp_world_close(&w);
}

static void acknowledged_segments_far_away_are_followed_at_once(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    tcp_world_server_acks(&w, 501, 4000005);
    tcp_world_to_server(&w, 4000000, MESSAGE(&w, "b"));
    assert_string_equal(tcp_world_log(&w), ">lost 3999899\n>b\n");
    tcp_world_close(&w);
}

static void segments_of_64_kib_are_read_as_they_are(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    tcp_world_handshake(&w, 100, 500);
    struct writer bytes = {0};
    for (int i = 0; i < 20000; i++)
        writer_str_bytes(&bytes, STR("M\0\0\1a"));
    struct str all = writer_str(&bytes);
    /* In order, then early, then what was missing. */
    tcp_world_to_server(&w, 101, str_part(all, 0, 60001));
    assert_int_equal(w.messages, 12000);
    tcp_world_to_server(&w, 101 + 70000, str_part(all, 70000, 100000));
    assert_int_equal(w.messages, 12000);
    tcp_world_to_server(&w, 101 + 60001, str_part(all, 60001, 70000));
    assert_int_equal(w.messages, 20000);
    assert_int_equal(tcp_counts(w.tcp).lost_bytes, 0);
    writer_close(&bytes);
    tcp_world_close(&w);
}

static void a_late_segment_larger_than_the_window_fills_its_hole(void **state)
{
    (void)state;
    struct tcp_options options = options_with(OVERLAP_FIRST, 100, 2);
    struct tcp_world w;
    tcp_world_open_with(&w, &options);
    tcp_world_handshake(&w, 100, 500);
    struct writer bytes = {0};
    for (int i = 0; i < 2000; i++)
        writer_str_bytes(&bytes, STR("M\0\0\1a"));
    struct str all = writer_str(&bytes);
    tcp_world_to_server(&w, 101 + 1000, str_part(all, 1000, 1500));
    tcp_world_to_server(&w, 101, all);
    assert_int_equal(w.messages, 2000);
    assert_int_equal(tcp_counts(w.tcp).lost_bytes, 0);
    writer_close(&bytes);
    tcp_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_given_up_when_its_time_is_over),
        cmocka_unit_test(a_hole_is_given_up_at_its_own_time_whoever_notices),
        cmocka_unit_test(a_hole_filled_at_the_very_end_of_its_time_is_no_loss),
        cmocka_unit_test(an_acknowledged_hole_is_given_up_after_eight_segments),
        cmocka_unit_test(an_acknowledged_hole_is_given_up_when_nothing_is_under_way_any_more),
        cmocka_unit_test(an_answer_comes_after_what_it_answers_though_a_hole_is_before_that),
        cmocka_unit_test(a_hole_that_the_receiver_has_too_waits_for_its_retransmission),
        cmocka_unit_test(a_flow_that_ends_gives_its_holes_up),
        cmocka_unit_test(messages_are_found_again_at_the_start_of_a_segment),
        cmocka_unit_test(a_hole_inside_of_a_message_costs_that_message_alone),
        cmocka_unit_test(what_is_no_message_is_counted_once_and_passed_over),
        cmocka_unit_test(a_direction_holds_no_more_than_its_window),
        cmocka_unit_test(a_message_too_long_to_be_held_is_lost_and_the_next_is_read),
        cmocka_unit_test(a_stream_of_holes_of_one_byte_is_survived),
        cmocka_unit_test(evicted_pages_are_lost_bytes),
        cmocka_unit_test(nothing_is_held_when_all_but_evicted_bytes_are_read),
        cmocka_unit_test(evicted_bytes_behind_a_hole_are_lost_too),
        cmocka_unit_test(the_first_bytes_stay_where_segments_overlap),
        cmocka_unit_test(or_the_last_bytes_do),
        cmocka_unit_test(a_replaced_header_is_read_again),
        cmocka_unit_test(what_the_snap_length_took_is_lost_at_once),
        cmocka_unit_test(noise_far_away_is_not_followed),
        cmocka_unit_test(three_segments_far_away_are_where_the_stream_is),
        cmocka_unit_test(acknowledged_segments_far_away_are_followed_at_once),
        cmocka_unit_test(segments_of_64_kib_are_read_as_they_are),
        cmocka_unit_test(a_late_segment_larger_than_the_window_fills_its_hole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
