/*
 * test_smb_session - what auth and rpc are given: tokens and verdicts of session setups, bytes of pipes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/protocol-decode/smb_world.h"

enum {
    NEGOTIATE = 0,
    SESSION_SETUP = 1,
    LOGOFF = 2,
    TREE_CONNECT = 3,
    CREATE = 5,
    CLOSE = 6,
    READ = 8,
    WRITE = 9,
    IOCTL = 11,
    TREE = 5,
    FILE_ID = 0x77,
    PIPE_TRANSCEIVE = 0x11c017,
};
#define STATUS_MORE_PROCESSING 0xc0000016u
#define STATUS_LOGON_FAILURE   0xc000006du
#define STATUS_BUFFER_OVERFLOW 0x80000005u
#define PDU                                                                                                  \
    "\x05\x00\x00\x03\x10\x00\x00\x00\x18\x00\x00\x00\x01\x00\x00\x00"                                       \
    "12345678"
#define PDU_BYTES 24

static int open_world(void **state)
{
    *state = smb_world_open(true);
    return 0;
}

static int close_world(void **state)
{
    smb_world_close(*state);
    return 0;
}

static void begin(struct smb_world *w, uint16_t command, uint32_t flags, uint64_t message_id,
                  uint64_t session_id)
{
    struct head head = {.command = command,
                        .flags = flags,
                        .message_id = message_id,
                        .session_id = session_id,
                        .tree_id = TREE};
    build_head(w, &head);
}

static void begin_error(struct smb_world *w, uint16_t command, uint32_t status, uint64_t message_id,
                        uint64_t session_id)
{
    struct head head = {.command = command,
                        .flags = HEAD_RESPONSE,
                        .status = status,
                        .message_id = message_id,
                        .session_id = session_id,
                        .tree_id = TREE};
    build_head(w, &head);
}

static void ask_setup(struct smb_world *w, uint64_t message_id, uint64_t session_id, const char *token)
{
    begin(w, SESSION_SETUP, 0, message_id, session_id);
    build_session_setup(w, token);
    send_built(w, true, message_id * 10);
}

static void answer_setup(struct smb_world *w, uint32_t status, uint64_t message_id, uint64_t session_id,
                         const char *token)
{
    begin_error(w, SESSION_SETUP, status, message_id, session_id);
    build_session_setup_response(w, 0, token);
    send_built(w, false, message_id * 10 + 1);
}

static void log_on(struct smb_world *w, uint64_t message_id, uint64_t session_id, const char *user)
{
    ask_setup(w, message_id, 0, "negotiate");
    answer_setup(w, STATUS_MORE_PROCESSING, message_id, session_id, "challenge");
    ask_setup(w, message_id + 1, session_id, user);
    answer_setup(w, 0, message_id + 1, session_id, "");
}

static void connect_tree(struct smb_world *w, const char *share, uint8_t type, uint64_t message_id)
{
    begin(w, TREE_CONNECT, 0, message_id, 1);
    build_tree_connect(w, share);
    send_built(w, true, message_id * 10);
    begin(w, TREE_CONNECT, HEAD_RESPONSE, message_id, 1);
    build_tree_connect_response(w, type);
    send_built(w, false, message_id * 10 + 1);
}

static void open_file(struct smb_world *w, const char *name, uint64_t message_id)
{
    begin(w, CREATE, 0, message_id, 1);
    build_create(w, name, 3);
    send_built(w, true, message_id * 10);
    begin(w, CREATE, HEAD_RESPONSE, message_id, 1);
    build_create_response(w, FILE_ID);
    send_built(w, false, message_id * 10 + 1);
}

static void write_data(struct smb_world *w, uint64_t message_id, const char *data, uint32_t size)
{
    begin(w, WRITE, 0, message_id, 1);
    build_write(w, FILE_ID, data, size);
    send_built(w, true, message_id * 10);
    begin(w, WRITE, HEAD_RESPONSE, message_id, 1);
    build_write_response(w, size);
    send_built(w, false, message_id * 10 + 1);
}

static void read_data(struct smb_world *w, uint64_t message_id, uint32_t status, const char *data,
                      uint32_t size)
{
    begin(w, READ, 0, message_id, 1);
    build_read(w, FILE_ID, size);
    send_built(w, true, message_id * 10);
    begin_error(w, READ, status, message_id, 1);
    build_read_response(w, data, size);
    send_built(w, false, message_id * 10 + 1);
}

static void assert_user(const struct smb *smb, const char *user)
{
    assert_int_equal(smb->user.size, strlen(user));
    assert_memory_equal(smb->user.at, user, smb->user.size);
}

static void sessions_that_are_set_up_at_once_keep_conversations_of_their_own(void **state)
{
    struct smb_world *w = *state;
    ask_setup(w, 1, 0, "negotiate a");
    ask_setup(w, 2, 0, "negotiate b");
    answer_setup(w, STATUS_MORE_PROCESSING, 2, 0xb, "challenge b");
    answer_setup(w, STATUS_MORE_PROCESSING, 1, 0xa, "challenge a");
    ask_setup(w, 3, 0xa, "user alice");
    ask_setup(w, 4, 0xb, "user bob");
    answer_setup(w, 0, 4, 0xb, "");
    answer_setup(w, STATUS_LOGON_FAILURE, 3, 0xa, "");
    struct id a = noted(w, NOTE_TOKEN, 0)->id, b = noted(w, NOTE_TOKEN, 1)->id;
    assert_false(id_equal(a, b));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 2)->id, b));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 3)->id, a));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 4)->id, a));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 5)->id, b));
    assert_true(id_equal(noted(w, NOTE_RESULT, 0)->id, b));
    assert_int_equal(noted(w, NOTE_RESULT, 0)->outcome, outcome_success);
    assert_true(id_equal(noted(w, NOTE_RESULT, 1)->id, a));
    assert_int_equal(noted(w, NOTE_RESULT, 1)->outcome, outcome_failure);
    assert_int_equal(noted(w, NOTE_RESULT, 1)->status, STATUS_LOGON_FAILURE);
    assert_null(noted(w, NOTE_RESULT, 2));
    assert_user(told(w, 2), "bob");
    assert_user(told(w, 3), "alice");
}

static void what_a_session_does_is_told_with_its_user_until_it_logs_off(void **state)
{
    struct smb_world *w = *state;
    log_on(w, 1, 1, "user carol");
    connect_tree(w, "\\\\s\\share", 1, 3);
    begin(w, LOGOFF, 0, 4, 1);
    build_four(w);
    send_built(w, true, 40);
    begin(w, LOGOFF, HEAD_RESPONSE, 4, 1);
    build_four(w);
    send_built(w, false, 41);
    connect_tree(w, "\\\\s\\share", 1, 5);
    assert_user(told(w, 2), "carol");
    assert_int_equal(told(w, 2)->security, security_ntlm);
    assert_user(told(w, 3), "carol");
    assert_user(told(w, 4), "");
}

static void a_session_can_be_authenticated_again(void **state)
{
    struct smb_world *w = *state;
    log_on(w, 1, 1, "user carol");
    ask_setup(w, 5, 1, "negotiate");
    answer_setup(w, STATUS_MORE_PROCESSING, 5, 1, "challenge");
    ask_setup(w, 6, 1, "user dave");
    answer_setup(w, STATUS_LOGON_FAILURE, 6, 1, "");
    connect_tree(w, "\\\\s\\share", 1, 7);
    struct id first = noted(w, NOTE_TOKEN, 0)->id, second = noted(w, NOTE_TOKEN, 3)->id;
    assert_false(id_equal(first, second));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 4)->id, second));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 5)->id, second));
    assert_true(id_equal(noted(w, NOTE_RESULT, 1)->id, second));
    assert_user(told(w, 4), "carol");
}

static void a_challenge_whose_request_was_not_captured_joins_what_follows(void **state)
{
    struct smb_world *w = *state;
    answer_setup(w, STATUS_MORE_PROCESSING, 1, 9, "challenge");
    ask_setup(w, 2, 9, "user eve");
    answer_setup(w, 0, 2, 9, "");
    assert_true(id_equal(noted(w, NOTE_TOKEN, 0)->id, noted(w, NOTE_TOKEN, 1)->id));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 0)->id, noted(w, NOTE_RESULT, 0)->id));
}

static void a_server_that_gives_no_id_in_its_challenge_is_followed(void **state)
{
    struct smb_world *w = *state;
    ask_setup(w, 1, 0, "negotiate");
    answer_setup(w, STATUS_MORE_PROCESSING, 1, 0, "challenge");
    ask_setup(w, 2, 0, "user eve");
    answer_setup(w, STATUS_LOGON_FAILURE, 2, 0, "");
    ask_setup(w, 3, 0, "negotiate again");
    struct id first = noted(w, NOTE_TOKEN, 0)->id;
    assert_true(id_equal(noted(w, NOTE_TOKEN, 2)->id, first));
    assert_true(id_equal(noted(w, NOTE_RESULT, 0)->id, first));
    assert_false(id_equal(noted(w, NOTE_TOKEN, 3)->id, first));
}

static void an_authentication_that_the_end_cuts_short_has_no_outcome(void **state)
{
    struct smb_world *w = *state;
    ask_setup(w, 1, 0, "negotiate");
    answer_setup(w, STATUS_MORE_PROCESSING, 1, 9, "challenge");
    struct place place = world_place(w, true, 50);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(noted(w, NOTE_RESULT, 0)->outcome, outcome_unknown);
    assert_true(id_equal(noted(w, NOTE_RESULT, 0)->id, noted(w, NOTE_TOKEN, 0)->id));
}

static void the_dialect_agreed_is_told_from_then_on(void **state)
{
    struct smb_world *w = *state;
    begin(w, NEGOTIATE, HEAD_RESPONSE, 0, 0);
    build_negotiate_response(w, 0x2ff, "");
    send_built(w, false, 0);
    begin(w, NEGOTIATE, HEAD_RESPONSE, 1, 0);
    build_negotiate_response(w, 0x311, "mechanisms");
    send_built(w, false, 1);
    connect_tree(w, "\\\\s\\share", 1, 3);
    assert_int_equal(told(w, 0)->dialect, 0x2ff);
    assert_int_equal(told(w, 1)->dialect, 0x311);
    assert_int_equal(told(w, 2)->dialect, 0x311);
    assert_string_equal(noted(w, NOTE_TOKEN, 0)->data, "mechanisms");
}

static void bytes_of_a_pipe_go_to_rpc_in_their_direction(void **state)
{
    struct smb_world *w = *state;
    log_on(w, 1, 1, "user carol");
    connect_tree(w, "\\\\s\\ipc$", 1, 3);
    open_file(w, "samr", 4);
    write_data(w, 5, "to server", 9);
    read_data(w, 6, STATUS_BUFFER_OVERFLOW, "to ", 3);
    read_data(w, 7, 0, "client", 6);
    begin(w, CLOSE, 0, 8, 1);
    build_close(w, FILE_ID);
    send_built(w, true, 80);
    begin(w, CLOSE, HEAD_RESPONSE, 8, 1);
    build_close_response(w);
    send_built(w, false, 81);
    static const struct {
        const char *data;
        bool to_server;
    } expected[] = {{"to server", true}, {"to ", false}, {"client", false}};
    for (uint32_t i = 0; i < ARRAY_COUNT(expected); i++) {
        const struct note *note = noted(w, NOTE_PIPE, i);
        assert_non_null(note);
        assert_string_equal(note->data, expected[i].data);
        assert_string_equal(note->name, "samr");
        assert_string_equal(note->user, "carol");
        assert_int_equal(note->to_server, expected[i].to_server);
        assert_true(id_equal(note->id, noted(w, NOTE_PIPE_END, 0)->id));
    }
    assert_null(noted(w, NOTE_PIPE, 3));
    assert_null(noted(w, NOTE_PIPE_END, 1));
}

static void a_transceive_carries_bytes_both_ways(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\s\\IPC$", 2, 3);
    open_file(w, "srvsvc", 4);
    begin(w, IOCTL, 0, 5, 1);
    build_ioctl(w, PIPE_TRANSCEIVE, FILE_ID, "in", 2);
    send_built(w, true, 50);
    begin_error(w, IOCTL, STATUS_BUFFER_OVERFLOW, 5, 1);
    build_ioctl_response(w, PIPE_TRANSCEIVE, FILE_ID, "out", 3);
    send_built(w, false, 51);
    begin(w, IOCTL, 0, 6, 1);
    build_ioctl(w, 0x140204, FILE_ID, "other control", 13);
    send_built(w, true, 60);
    assert_string_equal(noted(w, NOTE_PIPE, 0)->data, "in");
    assert_true(noted(w, NOTE_PIPE, 0)->to_server);
    assert_string_equal(noted(w, NOTE_PIPE, 1)->data, "out");
    assert_false(noted(w, NOTE_PIPE, 1)->to_server);
    assert_null(noted(w, NOTE_PIPE, 2));
}

static void a_file_on_a_disk_is_no_pipe_whatever_it_holds(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\s\\C$", 1, 3);
    open_file(w, "capture.bin", 4);
    write_data(w, 5, PDU, PDU_BYTES);
    assert_null(noted(w, NOTE_PIPE, 0));
}

static void a_file_whose_create_was_not_captured_is_a_pipe_once_it_looks_like_rpc(void **state)
{
    struct smb_world *w = *state;
    write_data(w, 5, "no pdu", 6);
    assert_null(noted(w, NOTE_PIPE, 0));
    write_data(w, 6, PDU, PDU_BYTES);
    read_data(w, 7, 0, "rest of a pdu", 13);
    assert_int_equal(noted(w, NOTE_PIPE, 0)->size, PDU_BYTES);
    assert_string_equal(noted(w, NOTE_PIPE, 0)->name, "");
    assert_string_equal(noted(w, NOTE_PIPE, 1)->data, "rest of a pdu");
    assert_true(id_equal(noted(w, NOTE_PIPE, 0)->id, noted(w, NOTE_PIPE, 1)->id));
}

static void a_pipe_may_be_opened_and_used_in_one_compound(void **state)
{
    struct smb_world *w = *state;
    connect_tree(w, "\\\\s\\IPC$", 2, 3);
    begin(w, CREATE, 0, 4, 1);
    build_create(w, "drsuapi", 3);
    begin(w, WRITE, HEAD_RELATED, 5, UINT64_MAX);
    build_write(w, UINT64_MAX, "bind", 4);
    send_built(w, true, 40);
    begin(w, CREATE, HEAD_RESPONSE, 4, 1);
    build_create_response(w, FILE_ID);
    begin(w, WRITE, HEAD_RESPONSE, 5, 1);
    build_write_response(w, 4);
    send_built(w, false, 41);
    read_data(w, 6, 0, "bind_ack", 8);
    assert_string_equal(noted(w, NOTE_PIPE, 0)->data, "bind");
    assert_string_equal(noted(w, NOTE_PIPE, 0)->name, "drsuapi");
    assert_string_equal(noted(w, NOTE_PIPE, 1)->data, "bind_ack");
    assert_true(id_equal(noted(w, NOTE_PIPE, 0)->id, noted(w, NOTE_PIPE, 1)->id));
}

static void what_is_written_over_one_connection_may_be_read_over_another(void **state)
{
    struct smb_world *w = *state;
    log_on(w, 1, 1, "user carol");
    connect_tree(w, "\\\\s\\IPC$", 2, 3);
    open_file(w, "NETLOGON", 4);
    write_data(w, 5, "question", 8);
    w->flow = 2;
    ask_setup(w, 1, 1, "user carol");
    answer_setup(w, 0, 1, 1, "");
    read_data(w, 2, 0, "answer", 6);
    w->flow = 1;
    struct place place = world_place(w, true, 100);
    smb_end(w->smb, &w->out, &place);
    w->flow = 2;
    read_data(w, 13, 0, "more", 4);
    for (uint32_t i = 1; i < 3; i++) {
        assert_true(id_equal(noted(w, NOTE_PIPE, 0)->id, noted(w, NOTE_PIPE, i)->id));
        assert_string_equal(noted(w, NOTE_PIPE, i)->name, "NETLOGON");
        assert_string_equal(noted(w, NOTE_PIPE, i)->user, "carol");
    }
    assert_null(noted(w, NOTE_PIPE_END, 0));
    place = world_place(w, true, 200);
    smb_end(w->smb, &w->out, &place);
    assert_non_null(noted(w, NOTE_PIPE_END, 0));
}

static void full_tables_forget_the_oldest_and_go_on(void **state)
{
    struct smb_world *w = *state;
    for (uint64_t i = 1; i < 40; i++) {
        w->flow = i;
        begin(w, TREE_CONNECT, HEAD_RESPONSE, 1, i % 5);
        build_tree_connect_response(w, 2);
        send_built(w, false, i);
        begin(w, CREATE, HEAD_RESPONSE, 2, i % 5);
        build_create_response(w, i);
        send_built(w, false, i);
        ask_setup(w, 100 + i, i, "negotiate");
        w->batch.count = 0;
        w->note_count = 0;
        smb_world_move(w);
    }
    for (uint64_t i = 1; i < 40; i++) {
        w->flow = i;
        struct place place = world_place(w, true, 5000);
        smb_end(w->smb, &w->out, &place);
        w->note_count = 0;
    }
    struct table *tables[16];
    size_t count = smb_tables(w->smb, tables);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(table_count(tables[i]), 0);
}

static void send_sealed(struct smb_world *w, uint8_t session, uint64_t at_ms)
{
    char message[4 + 52 + 16] = {0, 0, 0, 52 + 16, '\xfd', 'S', 'M', 'B'};
    message[4 + 44] = (char)session;
    send_raw(w, true, at_ms, (struct str){message, sizeof(message)});
}

static void an_encrypted_session_is_told_once_and_its_messages_counted(void **state)
{
    struct smb_world *w = *state;
    log_on(w, 1, 1, "user carol");
    send_sealed(w, 1, 50);
    send_sealed(w, 1, 51);
    send_sealed(w, 2, 52);
    assert_int_equal(w->out.sealed_messages[protocol_smb], 3);
    assert_int_equal(told_count(w), 4);
    assert_int_equal(told(w, 2)->command, smb_command_unknown);
    assert_true(told(w, 2)->is_sealed);
    assert_int_equal(told(w, 2)->session_id, 1);
    assert_user(told(w, 2), "carol");
    assert_int_equal(told(w, 3)->session_id, 2);
    connect_tree(w, "\\\\s\\share", 1, 6);
    assert_true(told(w, 4)->is_sealed);
}

static void an_encrypted_message_that_names_no_session_is_sealed_too(void **state)
{
    struct smb_world *w = *state;
    send_sealed(w, 0, 50);
    send_sealed(w, 0, 51);
    assert_int_equal(told_count(w), 1);
    assert_true(told(w, 0)->is_sealed);
    assert_int_equal(told(w, 0)->session_id, 0);
}

/* MS-SMB 2.2.4.6: SESSION_SETUP_ANDX with extended security. */
static void send_smb1_setup(struct smb_world *w, bool response, uint32_t status, const char *token)
{
    struct writer *m = &w->message;
    m->size = 0;
    writer_u32be(m, 0);
    writer_bytes(m, "\xffSMB\x73", 5);
    writer_u32le(m, status);
    writer_u8(m, response ? 0x88 : 0x08);
    writer_u16le(m, 0xc801);
    memset(writer_room(m, 20), 0, 20);
    size_t length = strlen(token);
    if (response) {
        writer_u8(m, 4);
        memset(writer_room(m, 6), 0, 6);
        writer_u16le(m, (uint16_t)length);
    } else {
        writer_u8(m, 12);
        memset(writer_room(m, 14), 0, 14);
        writer_u16le(m, (uint16_t)length);
        memset(writer_room(m, 8), 0, 8);
    }
    writer_u16le(m, (uint16_t)length);
    writer_text(m, token);
    send_built(w, !response, 5);
}

static void smb_1_hands_over_its_tokens_and_how_it_ended(void **state)
{
    struct smb_world *w = *state;
    send_smb1_setup(w, false, 0, "negotiate");
    send_smb1_setup(w, true, STATUS_MORE_PROCESSING, "challenge");
    send_smb1_setup(w, false, 0, "user frank");
    send_smb1_setup(w, true, STATUS_LOGON_FAILURE, "");
    send_smb1_setup(w, false, 0, "negotiate");
    struct id first = noted(w, NOTE_TOKEN, 0)->id;
    assert_true(id_equal(noted(w, NOTE_TOKEN, 1)->id, first));
    assert_true(id_equal(noted(w, NOTE_TOKEN, 2)->id, first));
    assert_string_equal(noted(w, NOTE_TOKEN, 2)->data, "user frank");
    assert_true(id_equal(noted(w, NOTE_RESULT, 0)->id, first));
    assert_int_equal(noted(w, NOTE_RESULT, 0)->outcome, outcome_failure);
    assert_int_equal(noted(w, NOTE_RESULT, 0)->status, STATUS_LOGON_FAILURE);
    assert_int_equal(w->out.malformed, 0);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(sessions_that_are_set_up_at_once_keep_conversations_of_their_own),
        WITH(what_a_session_does_is_told_with_its_user_until_it_logs_off),
        WITH(a_session_can_be_authenticated_again),
        WITH(a_challenge_whose_request_was_not_captured_joins_what_follows),
        WITH(a_server_that_gives_no_id_in_its_challenge_is_followed),
        WITH(an_authentication_that_the_end_cuts_short_has_no_outcome),
        WITH(the_dialect_agreed_is_told_from_then_on),
        WITH(bytes_of_a_pipe_go_to_rpc_in_their_direction),
        WITH(a_transceive_carries_bytes_both_ways),
        WITH(a_file_on_a_disk_is_no_pipe_whatever_it_holds),
        WITH(a_file_whose_create_was_not_captured_is_a_pipe_once_it_looks_like_rpc),
        WITH(a_pipe_may_be_opened_and_used_in_one_compound),
        WITH(what_is_written_over_one_connection_may_be_read_over_another),
        WITH(full_tables_forget_the_oldest_and_go_on),
        WITH(an_encrypted_session_is_told_once_and_its_messages_counted),
        WITH(an_encrypted_message_that_names_no_session_is_sealed_too),
        WITH(smb_1_hands_over_its_tokens_and_how_it_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
