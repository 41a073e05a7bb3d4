/*
 * test_smb - requests and their responses, compounds, deadlines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/protocol-decode/smb_world.h"

/* Commands of MS-SMB2 2.2.1.2 and statuses of MS-ERREF 2.3.1. */
enum {
    TREE_CONNECT = 3,
    CREATE = 5,
    CLOSE = 6,
    READ = 8,
    WRITE = 9,
    CANCEL = 12,
    ECHO = 13,
    QUERY_INFO = 16,
    STATUS_PENDING = 0x103,
};
#define STATUS_ACCESS_DENIED 0xc0000022u
#define EVERYTHING           UINT64_MAX /* "the one of the operation before" */

enum {
    SESSION = 0x11,
    TREE = 5,
    FILE_ID = 0x77,
};

static int open_all(void **state)
{
    *state = smb_world_open(true);
    return 0;
}

static int open_few(void **state)
{
    *state = smb_world_open(false);
    return 0;
}

static int close_world(void **state)
{
    smb_world_close(*state);
    return 0;
}

static struct head ask(uint16_t command, uint64_t message_id)
{
    return (struct head){
        .command = command, .message_id = message_id, .session_id = SESSION, .tree_id = TREE};
}

static struct head answer(uint16_t command, uint64_t message_id, uint32_t status)
{
    struct head head = ask(command, message_id);
    head.flags = HEAD_RESPONSE;
    head.status = status;
    return head;
}

static void connect_tree(struct smb_world *w, const char *share, uint8_t type, uint64_t message_id)
{
    struct head head = ask(TREE_CONNECT, message_id);
    head.tree_id = 0;
    build_head(w, &head);
    build_tree_connect(w, share);
    send_built(w, true, message_id * 10);
    head = answer(TREE_CONNECT, message_id, 0);
    build_head(w, &head);
    build_tree_connect_response(w, type);
    send_built(w, false, message_id * 10 + 1);
}

static void open_file(struct smb_world *w, const char *name, uint64_t message_id)
{
    struct head head = ask(CREATE, message_id);
    build_head(w, &head);
    build_create(w, name, 0x12019f);
    send_built(w, true, message_id * 10);
    head = answer(CREATE, message_id, 0);
    build_head(w, &head);
    build_create_response(w, FILE_ID);
    send_built(w, false, message_id * 10 + 1);
}

static void ask_close(struct smb_world *w, uint64_t message_id, uint64_t at_ms)
{
    struct head head = ask(CLOSE, message_id);
    build_head(w, &head);
    build_close(w, FILE_ID);
    send_built(w, true, at_ms);
}

static void answer_close(struct smb_world *w, uint64_t message_id, uint64_t at_ms)
{
    struct head head = answer(CLOSE, message_id, 0);
    build_head(w, &head);
    build_close_response(w);
    send_built(w, false, at_ms);
}

static void assert_str(struct str s, const char *text)
{
    assert_int_equal(s.size, strlen(text));
    assert_memory_equal(s.at, text, s.size);
}

static void a_request_and_its_response_are_one_observation(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\DC01\\SYSVOL", 1, 4);
    assert_int_equal(told_count(w), 1);
    const struct smb *smb = told(w, 0);
    assert_int_equal(smb->command, smb_command_tree_connect);
    assert_int_equal(smb->request_frame, 1);
    assert_int_equal(smb->reply_frame, 2);
    assert_int_equal(smb->request_time, WORLD_START + 40 * TIME_NS_MS);
    assert_int_equal(smb->reply_time, WORLD_START + 41 * TIME_NS_MS);
    assert_int_equal(told_time(w, 0), smb->reply_time);
    assert_int_equal(smb->message_id, 4);
    assert_int_equal(smb->session_id, SESSION);
    assert_int_equal(smb->tree_id, TREE);
    assert_str(smb->share, "\\\\DC01\\SYSVOL");
    assert_int_equal(smb->client_port, 50001);
}

static void an_open_file_is_named_in_what_is_done_with_it_until_it_is_closed(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\DC01\\C$", 1, 1);
    open_file(w, "Windows\\a.exe", 2);
    struct head head = ask(WRITE, 3);
    head.flags = HEAD_SIGNED;
    build_head(w, &head);
    build_write(w, FILE_ID, "MZ", 2);
    send_built(w, true, 30);
    head = answer(WRITE, 3, 0);
    build_head(w, &head);
    build_write_response(w, 2);
    send_built(w, false, 31);
    ask_close(w, 4, 40);
    answer_close(w, 4, 41);
    ask_close(w, 5, 50);
    answer_close(w, 5, 51);
    assert_int_equal(told_count(w), 5);
    assert_str(told(w, 1)->file_name, "Windows\\a.exe");
    assert_int_equal(told(w, 1)->access, 0x12019f);
    assert_str(told(w, 2)->file_name, "Windows\\a.exe");
    assert_str(told(w, 2)->share, "\\\\DC01\\C$");
    assert_int_equal(told(w, 2)->bytes, 2);
    assert_true(told(w, 2)->is_signed);
    assert_false(told(w, 1)->is_signed);
    assert_str(told(w, 3)->file_name, "Windows\\a.exe");
    assert_str(told(w, 4)->file_name, "");
    assert_null(noted(w, NOTE_PIPE, 0));
}

static void build_related(struct smb_world *w, uint16_t command, uint64_t message_id)
{
    struct head head = {.command = command,
                        .message_id = message_id,
                        .flags = HEAD_RELATED,
                        .session_id = EVERYTHING,
                        .tree_id = UINT32_MAX};
    build_head(w, &head);
}

static void related_operations_take_session_tree_and_file_of_the_one_before(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\DC01\\C$", 1, 1);
    struct head head = ask(CREATE, 2);
    build_head(w, &head);
    build_create(w, "b.txt", 1);
    build_related(w, QUERY_INFO, 3);
    build_query_info(w, EVERYTHING);
    build_related(w, CLOSE, 4);
    build_close(w, EVERYTHING);
    send_built(w, true, 20);
    head = answer(CREATE, 2, 0);
    build_head(w, &head);
    build_create_response(w, FILE_ID);
    head = answer(QUERY_INFO, 3, 0);
    build_head(w, &head);
    build_query_response(w);
    head = answer(CLOSE, 4, 0);
    build_head(w, &head);
    build_close_response(w);
    send_built(w, false, 21);
    assert_int_equal(told_count(w), 4);
    for (uint32_t i = 1; i < 4; i++) {
        assert_int_equal(told(w, i)->session_id, SESSION);
        assert_int_equal(told(w, i)->tree_id, TREE);
        assert_str(told(w, i)->file_name, "b.txt");
        assert_str(told(w, i)->share, "\\\\DC01\\C$");
    }
    assert_int_equal(w->out.messages[protocol_smb], 8);
}

static void an_interim_response_keeps_its_request_open(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 9, 0);
    struct head head = answer(CLOSE, 9, STATUS_PENDING);
    head.flags |= HEAD_ASYNC;
    head.tree_id = 1; /* upper half of the async id here */
    build_head(w, &head);
    build_error(w);
    send_built(w, false, WORLD_TIMEOUT_MS - 1);
    assert_int_equal(told_count(w), 0);
    head.status = 0;
    build_head(w, &head);
    build_close_response(w);
    send_built(w, false, WORLD_TIMEOUT_MS + 5);
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 3);
    assert_int_equal(told(w, 0)->tree_id, TREE);
    assert_int_equal(told(w, 0)->status, 0);
}

static void a_request_without_response_is_told_at_its_deadline(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 1, 0);
    smb_expire(w->smb, &w->out, WORLD_START + WORLD_TIMEOUT_MS * TIME_NS_MS);
    assert_int_equal(told_count(w), 0);
    smb_expire(w->smb, &w->out, TIME_NS_END);
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told_time(w, 0), WORLD_START + WORLD_TIMEOUT_MS * TIME_NS_MS);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 0);
}

static void a_response_behind_the_deadline_finds_no_request_whether_or_not_it_was_noticed(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 1, 0);
    answer_close(w, 1, WORLD_TIMEOUT_MS + 1);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told_time(w, 0), WORLD_START + WORLD_TIMEOUT_MS * TIME_NS_MS);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 0);
    assert_int_equal(told(w, 1)->request_frame, 0);
    assert_int_equal(told(w, 1)->reply_frame, 2);
    assert_int_equal(told_time(w, 1), WORLD_START + (WORLD_TIMEOUT_MS + 1) * TIME_NS_MS);
}

static void a_response_on_the_deadline_still_finds_its_request(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 1, 0);
    answer_close(w, 1, WORLD_TIMEOUT_MS);
    assert_int_equal(told_count(w), 1);
}

static void a_response_alone_is_told_with_what_it_holds(void **state)
{
    struct smb_world *w = *state;
    struct head head = answer(CREATE, 3, 0);
    build_head(w, &head);
    build_create_response(w, FILE_ID);
    send_built(w, false, 0);
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->command, smb_command_create);
    assert_int_equal(told(w, 0)->session_id, SESSION);
    assert_int_equal(told(w, 0)->tree_id, TREE);
    assert_int_equal(told(w, 0)->request_frame, 0);
    assert_int_equal(told(w, 0)->reply_frame, 1);
}

static void a_response_of_another_command_is_not_that_of_the_request(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 1, 0);
    struct head head = answer(ECHO, 1, 0);
    build_head(w, &head);
    build_four(w);
    send_built(w, false, 1);
    answer_close(w, 1, 2);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 0)->command, smb_command_echo);
    assert_int_equal(told(w, 0)->request_frame, 0);
    assert_int_equal(told(w, 1)->request_frame, 1);
    assert_int_equal(told(w, 1)->reply_frame, 3);
}

static void a_cancel_does_not_take_the_place_of_what_it_cancels(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 1, 0);
    struct head head = ask(CANCEL, 1);
    build_head(w, &head);
    build_four(w);
    send_built(w, true, 1);
    answer_close(w, 1, 2);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 0)->command, smb_command_cancel);
    assert_int_equal(told(w, 1)->request_frame, 1);
    assert_int_equal(told(w, 1)->reply_frame, 3);
}

static void only_what_tells_of_identity_or_was_denied_is_told_unless_all_is_asked_for(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\DC01\\C$", 1, 1);
    open_file(w, "a", 2);
    for (uint64_t id = 3; id < 5; id++) {
        struct head head = ask(READ, id);
        build_head(w, &head);
        build_read(w, FILE_ID, 3);
        send_built(w, true, id * 10);
        head = answer(READ, id, id == 3 ? 0 : STATUS_ACCESS_DENIED);
        build_head(w, &head);
        if (id == 3)
            build_read_response(w, "abc", 3);
        else
            build_error(w);
        send_built(w, false, id * 10 + 1);
    }
    ask_close(w, 6, 60);
    answer_close(w, 6, 61);
    assert_int_equal(told_count(w), 4);
    assert_int_equal(told(w, 0)->command, smb_command_tree_connect);
    assert_int_equal(told(w, 1)->command, smb_command_create);
    assert_int_equal(told(w, 2)->command, smb_command_read);
    assert_int_equal(told(w, 2)->status, STATUS_ACCESS_DENIED);
    assert_str(told(w, 2)->file_name, "a");
    /* The close of a file that was read or written sums that up. */
    assert_int_equal(told(w, 3)->command, smb_command_close);
    assert_int_equal(told(w, 3)->bytes_read, 3);
    assert_int_equal(told(w, 3)->bytes_written, 0);
}

static void a_full_table_gives_up_the_request_that_is_due_first(void **state)
{
    struct smb_world *w = *state;
    for (uint64_t id = 0; id < w->options.requests; id++)
        ask_close(w, id, id);
    w->flow = 2;
    ask_close(w, 0, 50);
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->message_id, 0);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->flow.low, 1);
    assert_int_equal(told_time(w, 0), WORLD_START + 50 * TIME_NS_MS);
    w->flow = 1;
    answer_close(w, 1, 60);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 1)->request_frame, 2);
}

static void the_end_of_a_connection_tells_its_requests_and_no_others(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 3, 0);
    ask_close(w, 1000000, 1);
    w->flow = 2;
    ask_close(w, 4, 2);
    w->flow = 1;
    struct place place = world_place(w, true, 100);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told_time(w, 0), WORLD_START + 100 * TIME_NS_MS);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(told_count(w), 2);
    w->flow = 2;
    answer_close(w, 4, 101);
    assert_int_equal(told(w, 2)->request_frame, 3);
}

static void a_message_id_that_is_used_again_gives_up_the_request_before(void **state)
{
    struct smb_world *w = *state;
    ask_close(w, 3, 0);
    ask_close(w, 3, 1);
    answer_close(w, 3, 2);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 0);
    assert_int_equal(told(w, 1)->request_frame, 2);
}

static void notifications_of_the_server_are_each_told(void **state)
{
    struct smb_world *w = *state;
    for (uint64_t file = 1; file < 3; file++) {
        struct head head = {.command = 18, .flags = HEAD_RESPONSE, .message_id = EVERYTHING};
        build_head(w, &head);
        writer_u16le(&w->message, 24);
        writer_u16le(&w->message, 1);
        writer_u32le(&w->message, 0);
        writer_u64le(&w->message, file);
        writer_u64le(&w->message, 0);
        send_built(w, false, 5);
    }
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 0)->command, smb_command_oplock_break);
    assert_false(id_equal(w->batch.records[0].id, w->batch.records[1].id));
}

static void talk(struct smb_world *w, bool move)
{
    connect_tree(w, "\\\\DC01\\IPC$", 2, 1);
    if (move)
        smb_world_move(w);
    open_file(w, "lsarpc", 2);
    if (move)
        smb_world_move(w);
    ask_close(w, 3, 30);
    if (move)
        smb_world_move(w);
    answer_close(w, 3, 31);
}

static void state_that_is_saved_and_loaded_goes_on_as_if_nothing_had_happened(void **state)
{
    struct smb_world *w = *state;
    talk(w, true);
    assert_int_equal(told_count(w), 3);
    assert_str(told(w, 2)->file_name, "lsarpc");
    assert_str(told(w, 2)->share, "\\\\DC01\\IPC$");
    assert_int_equal(told(w, 2)->request_frame, 5);
    assert_non_null(noted(w, NOTE_PIPE_END, 0));
}

static void a_long_name_is_cut_at_a_whole_character(void **state)
{
    struct smb_world *w = *state;
    char name[1024];
    memset(name, '\xe9', sizeof(name) - 1); /* two bytes in UTF-8 */
    name[sizeof(name) - 1] = '\0';
    open_file(w, name, 1);
    const struct smb *smb = told(w, 0);
    assert_int_equal(smb->file_name.size, 510);
    assert_int_equal((uint8_t)smb->file_name.at[508], 0xc3);
    assert_int_equal((uint8_t)smb->file_name.at[509], 0xa9);
}

#define ALL(test) cmocka_unit_test_setup_teardown(test, open_all, close_world)
#define FEW(test) cmocka_unit_test_setup_teardown(test, open_few, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALL(a_request_and_its_response_are_one_observation),
        ALL(an_open_file_is_named_in_what_is_done_with_it_until_it_is_closed),
        ALL(related_operations_take_session_tree_and_file_of_the_one_before),
        ALL(an_interim_response_keeps_its_request_open),
        ALL(a_request_without_response_is_told_at_its_deadline),
        ALL(a_response_behind_the_deadline_finds_no_request_whether_or_not_it_was_noticed),
        ALL(a_response_on_the_deadline_still_finds_its_request),
        ALL(a_response_alone_is_told_with_what_it_holds),
        ALL(a_response_of_another_command_is_not_that_of_the_request),
        ALL(a_cancel_does_not_take_the_place_of_what_it_cancels),
        FEW(only_what_tells_of_identity_or_was_denied_is_told_unless_all_is_asked_for),
        ALL(a_full_table_gives_up_the_request_that_is_due_first),
        ALL(the_end_of_a_connection_tells_its_requests_and_no_others),
        ALL(a_message_id_that_is_used_again_gives_up_the_request_before),
        ALL(notifications_of_the_server_are_each_told),
        ALL(state_that_is_saved_and_loaded_goes_on_as_if_nothing_had_happened),
        ALL(a_long_name_is_cut_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
