/*
 * test_tcp_frames - which frame a message is said to have ended in, also where holes delay it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/protocol-decode/tcp_world.h"

static void a_message_behind_a_hole_is_of_the_frame_that_brought_its_end(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.frames = true;
    tcp_world_handshake(&w, 100, 500);
    struct str c = MESSAGE(&w, "c");
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    tcp_world_to_server(&w, 111, str_part(c, 0, 2));
    tcp_world_to_server(&w, 113, str_part(c, 2, 5));
    tcp_world_to_server(&w, 106, MESSAGE(&w, "b"));
    struct tcp_sent answer = {
        .to_client = true, .flags = ACK, .sequence = 501, .ack = 116, .bytes = MESSAGE(&w, "r")};
    tcp_world_send(&w, &answer);
    assert_string_equal(tcp_world_log(&w), ">lost 5\n>b #4\n>c #6\n<r #8\n");
    tcp_world_close(&w);
}

static void a_message_is_of_the_frame_that_filled_its_hole_and_the_next_ones_of_their_own(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.frames = true;
    tcp_world_handshake(&w, 100, 500);
    struct str a = MESSAGE(&w, "aaaa");
    tcp_world_to_server(&w, 101, str_part(a, 0, 3));
    tcp_world_to_server(&w, 105, str_part(a, 4, 8));
    tcp_world_to_server(&w, 109, MESSAGE(&w, "b"));
    tcp_world_to_server(&w, 104, str_part(a, 3, 4));
    tcp_world_to_server(&w, 114, MESSAGE(&w, "c"));
    assert_string_equal(tcp_world_log(&w), ">aaaa #7\n>b #6\n>c #8\n");
    tcp_world_close(&w);
}

static void more_segments_in_a_page_than_it_tells_apart_are_of_the_last(void **state)
{
    (void)state;
    struct tcp_world w;
    tcp_world_open(&w);
    w.frames = true;
    tcp_world_handshake(&w, 100, 500);
    for (char c = 'b'; c <= 'k'; c++)
        tcp_world_to_server(&w, 106 + (uint32_t)(c - 'b') * 5,
                            tcp_world_message(&w, 'M', (struct str){&c, 1}));
    tcp_world_end(&w);
    assert_string_equal(tcp_world_log(&w),
                        ">lost 5\n>b #4\n>c #5\n>d #6\n>e #7\n>f #8\n>g #9\n>h #10\n>i #13\n>j #13\n>k #13\n"
                        "end input 2000\n");
    tcp_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_behind_a_hole_is_of_the_frame_that_brought_its_end),
        cmocka_unit_test(a_message_is_of_the_frame_that_filled_its_hole_and_the_next_ones_of_their_own),
        cmocka_unit_test(more_segments_in_a_page_than_it_tells_apart_are_of_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
