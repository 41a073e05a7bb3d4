/*
 * test_smb1 - SMB 1: sessions in their three forms, chains, pipes over transactions, and what probes and
 * exploits send, in messages built from the layouts of MS-CIFS 2.2.4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/protocol-decode/smb_world.h"

/* Commands of MS-CIFS 2.2.2.1. */
enum {
    WRITE_ANDX = 0x2f,
    READ_ANDX = 0x2e,
    TRANSACTION = 0x25,
    TRANSACTION_SECONDARY = 0x26,
    TRANSACTION2 = 0x32,
    TRANSACTION2_SECONDARY = 0x33,
    NEGOTIATE = 0x72,
    SESSION_SETUP_ANDX = 0x73,
    TREE_CONNECT_ANDX = 0x75,
    NT_TRANSACT = 0xa0,
    NT_CREATE_ANDX = 0xa2,
    NONE = 0xff,
    REPLY = 0x80,
    OEM = 0x4001,     /* Flags2: NT status */
    UNICODE = 0xc001, /* and Unicode */
    USER = 0x800,
    TREE = 0x801,
    FID = 0x4000,
    BYTES_BEFORE = 4,
};

static int open_all(void **state)
{
    *state = smb_world_open(true);
    return 0;
}

static int close_world(void **state)
{
    smb_world_close(*state);
    return 0;
}

static void zeros(struct smb_world *w, size_t count)
{
    memset(writer_room(&w->message, count), 0, count);
}

static void u16(struct smb_world *w, uint32_t v)
{
    writer_u16le(&w->message, (uint16_t)v);
}

static void u32(struct smb_world *w, uint32_t v)
{
    writer_u32le(&w->message, v);
}

static void head1(struct smb_world *w, uint8_t command, uint16_t multiplex_id, uint8_t flags, uint32_t status)
{
    w->message.size = 0;
    zeros(w, BYTES_BEFORE);
    writer_bytes(&w->message, "\xffSMB", 4);
    writer_u8(&w->message, command);
    u32(w, status);
    writer_u8(&w->message, flags);
    u16(w, OEM);
    zeros(w, 12);
    u16(w, command == NEGOTIATE || command == SESSION_SETUP_ANDX ? 0 : TREE);
    u16(w, 0xfeff);
    u16(w, command == NEGOTIATE || (command == SESSION_SETUP_ANDX && !(flags & REPLY)) ? 0 : USER);
    u16(w, multiplex_id);
}

static void and_x(struct smb_world *w, uint8_t words, uint8_t next, uint16_t offset)
{
    writer_u8(&w->message, words);
    writer_u8(&w->message, next);
    writer_u8(&w->message, 0);
    u16(w, offset);
}

static void text(struct smb_world *w, const char *s)
{
    writer_bytes(&w->message, s, strlen(s) + 1);
}

static void send_negotiate(struct smb_world *w, uint64_t at)
{
    head1(w, NEGOTIATE, 1, 0, 0);
    writer_u8(&w->message, 0);
    u16(w, 22);
    text(w, "\x02LM1.2X002");
    text(w, "\x02NT LM 0.12");
    send_built(w, true, at);
}

static void answer_negotiate(struct smb_world *w, uint64_t at)
{
    head1(w, NEGOTIATE, 1, REPLY, 0);
    writer_u8(&w->message, 17);
    u16(w, 1);
    writer_u8(&w->message, 3);
    zeros(w, 4);
    u32(w, 16644);
    u32(w, 65536);
    u32(w, 0);
    u32(w, 0xf3fd);
    zeros(w, 8 + 2);
    writer_u8(&w->message, 8);
    u16(w, 8 + 6);
    writer_bytes(&w->message, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
    text(w, "DOMAI");
    send_built(w, false, at);
}

/* 13 words: both responses, and a connection to a tree chained behind. */
static void send_setup_and_connect(struct smb_world *w, uint64_t at)
{
    head1(w, SESSION_SETUP_ANDX, 2, 0, 0);
    and_x(w, 13, TREE_CONNECT_ANDX, 0);
    size_t offset_at = w->message.size - 2;
    zeros(w, 2 + 2 + 2 + 4);
    u16(w, 24);
    u16(w, 24);
    zeros(w, 4);
    u32(w, 0xd4);
    u16(w, 48 + 6 + 5 + 5 + 6);
    for (int i = 0; i < 48; i++)
        writer_u8(&w->message, (uint8_t)(i + 1));
    text(w, "frank");
    text(w, "CORP");
    text(w, "Unix");
    text(w, "Samba");
    w->message.bytes[offset_at] = (uint8_t)(w->message.size - BYTES_BEFORE);
    and_x(w, 4, NONE, 0);
    u16(w, 0);
    u16(w, 1);
    u16(w, 1 + 12 + 6);
    writer_u8(&w->message, 0);
    text(w, "\\\\DC01\\IPC$");
    text(w, "?????");
    send_built(w, true, at);
}

static void answer_setup_and_connect(struct smb_world *w, uint64_t at)
{
    head1(w, SESSION_SETUP_ANDX, 2, REPLY, 0);
    w->message.bytes[BYTES_BEFORE + 24] = TREE & 0xff;
    w->message.bytes[BYTES_BEFORE + 25] = TREE >> 8;
    and_x(w, 3, TREE_CONNECT_ANDX, 0);
    size_t offset_at = w->message.size - 2;
    u16(w, 1);
    u16(w, 8 + 4 + 5);
    text(w, "Windows");
    text(w, "LAN");
    text(w, "CORP");
    w->message.bytes[offset_at] = (uint8_t)(w->message.size - BYTES_BEFORE);
    and_x(w, 3, NONE, 0);
    u16(w, 1);
    u16(w, 4 + 1);
    text(w, "IPC");
    text(w, "");
    send_built(w, false, at);
}

static void send_create(struct smb_world *w, const char *name, uint64_t at)
{
    head1(w, NT_CREATE_ANDX, 3, 0, 0);
    and_x(w, 24, NONE, 0);
    writer_u8(&w->message, 0);
    u16(w, (uint32_t)strlen(name));
    zeros(w, 8);
    u32(w, 3);
    zeros(w, 8 + 4);
    u32(w, 7);
    u32(w, 1);
    u32(w, 0x40);
    u32(w, 2);
    writer_u8(&w->message, 0);
    u16(w, (uint32_t)strlen(name) + 1);
    text(w, name);
    send_built(w, true, at);
    head1(w, NT_CREATE_ANDX, 3, REPLY, 0);
    and_x(w, 34, NONE, 0);
    writer_u8(&w->message, 0);
    u16(w, FID);
    u32(w, 1);
    zeros(w, 32 + 4 + 8 + 8 + 5);
    u16(w, 0);
    send_built(w, false, at + 1);
}

static void open_pipe(struct smb_world *w)
{
    send_negotiate(w, 0);
    answer_negotiate(w, 1);
    send_setup_and_connect(w, 2);
    answer_setup_and_connect(w, 3);
    send_create(w, "\\samr", 4);
}

static void a_session_without_extended_security_is_told_with_who_opened_it(void **state)
{
    struct smb_world *w = *state;
    send_negotiate(w, 0);
    answer_negotiate(w, 1);
    send_setup_and_connect(w, 2);
    answer_setup_and_connect(w, 3);
    assert_int_equal(w->out.malformed, 0);
    assert_int_equal(told_count(w), 3);
    const struct smb *smb = told(w, 0);
    assert_int_equal(smb->version, smb_version_smb1);
    assert_int_equal(smb->smb1_command, smb1_command_negotiate);
    assert_int_equal(smb->dialect_names.count, 2);
    assert_true(str_equal(smb->dialect_name, STR("NT LM 0.12")));
    assert_true(str_equal(smb->server_domain, STR("DOMAI")));
    assert_false(id_is_none(smb->challenge));
    smb = told(w, 1);
    assert_int_equal(smb->command, smb_command_session_setup);
    assert_int_equal(smb->session_id, USER);
    assert_true(str_equal(smb->user, STR("frank")));
    assert_true(str_equal(smb->domain, STR("CORP")));
    assert_true(str_equal(smb->native_lan_manager, STR("Samba")));
    assert_true(str_equal(smb->server_os, STR("Windows")));
    assert_int_equal(smb->response, ntlm_response_ntlmv1);
    assert_int_equal(smb->session_flags, 1);
    assert_false(id_is_none(smb->nt_response));
    assert_false(id_equal(smb->nt_response, smb->lm_response));
}

static void an_authentication_by_responses_is_an_ntlm_observation_too(void **state)
{
    struct smb_world *w = *state;
    send_negotiate(w, 0);
    answer_negotiate(w, 1);
    send_setup_and_connect(w, 2);
    answer_setup_and_connect(w, 3);
    const struct ntlm *ntlm = NULL;
    for (uint32_t i = 0; i < w->batch.count; i++)
        if (w->batch.records[i].type == RECORD_ntlm)
            ntlm = w->batch.records[i].body;
    assert_non_null(ntlm);
    assert_true(str_equal(ntlm->user, STR("frank")));
    assert_int_equal(ntlm->outcome, outcome_success);
    assert_true(id_equal(ntlm->challenge, told(w, 0)->challenge));
    assert_true(id_equal(ntlm->proof, told(w, 1)->nt_response));
}

static void each_command_of_a_chain_is_told_and_what_follows_knows_the_session(void **state)
{
    struct smb_world *w = *state;
    open_pipe(w);
    assert_int_equal(w->out.malformed, 0);
    assert_int_equal(told_count(w), 4);
    const struct smb *smb = told(w, 2);
    assert_int_equal(smb->command, smb_command_tree_connect);
    assert_true(smb->is_compound);
    assert_true(str_equal(smb->share, STR("\\\\DC01\\IPC$")));
    assert_int_equal(smb->share_type, smb_share_type_pipe);
    assert_int_equal(smb->tree_id, TREE);
    assert_true(str_equal(smb->user, STR("frank")));
    smb = told(w, 3);
    assert_int_equal(smb->command, smb_command_create);
    assert_true(str_equal(smb->file_name, STR("\\samr")));
    assert_true(str_equal(smb->share, STR("\\\\DC01\\IPC$")));
    assert_int_equal(smb->file_id, FID);
    assert_int_equal(smb->access, 3);
    assert_int_equal(smb->disposition, smb_disposition_open);
    assert_true(str_equal(smb->user, STR("frank")));
}

/* 14 words and its setup; data of a transaction that is as long as said, or not. */
static void send_transaction(struct smb_world *w, uint8_t command, uint16_t total, const char *data)
{
    head1(w, command, 5, 0, 0);
    writer_u8(&w->message, 16);
    u16(w, 0);
    u16(w, total);
    u16(w, 0);
    u16(w, 1024);
    zeros(w, 1 + 1 + 2 + 4 + 2);
    u16(w, 0);
    u16(w, 0);
    u16(w, (uint32_t)strlen(data));
    u16(w, 32 + 1 + 32 + 2 + 7);
    writer_u8(&w->message, 2);
    writer_u8(&w->message, 0);
    u16(w, 0x26);
    u16(w, FID);
    u16(w, 7 + (uint32_t)strlen(data));
    text(w, "\\PIPE\\");
    writer_text(&w->message, data);
    send_built(w, true, 10);
}

static void send_secondary(struct smb_world *w, uint8_t command, uint16_t total, uint16_t at,
                           const char *data)
{
    bool two = command == TRANSACTION2_SECONDARY;
    head1(w, command, 5, 0, 0);
    writer_u8(&w->message, two ? 9 : 8);
    u16(w, 0);
    u16(w, total);
    zeros(w, 2 + 2 + 2);
    u16(w, (uint32_t)strlen(data));
    u16(w, 32 + 1 + (two ? 18 : 16) + 2);
    u16(w, at);
    if (two)
        u16(w, 0);
    u16(w, (uint32_t)strlen(data));
    writer_text(&w->message, data);
    send_built(w, true, 12);
}

static void answer_transaction(struct smb_world *w, uint16_t total, uint16_t at, const char *data)
{
    head1(w, TRANSACTION, 5, REPLY, 0);
    writer_u8(&w->message, 10);
    u16(w, 0);
    u16(w, total);
    zeros(w, 2 + 2 + 2 + 2);
    u16(w, (uint32_t)strlen(data));
    u16(w, 32 + 1 + 20 + 2);
    u16(w, at);
    zeros(w, 2);
    u16(w, (uint32_t)strlen(data));
    writer_text(&w->message, data);
    send_built(w, false, 20);
}

static void a_pipe_gets_the_bytes_of_every_part_of_a_transaction_in_order(void **state)
{
    struct smb_world *w = *state;
    open_pipe(w);
    send_transaction(w, TRANSACTION, 10, "first");
    send_secondary(w, TRANSACTION_SECONDARY, 10, 5, "other");
    answer_transaction(w, 9, 0, "said");
    assert_int_equal(told_count(w), 5); /* the secondary request */
    answer_transaction(w, 9, 4, "more!");
    assert_string_equal(noted(w, NOTE_PIPE, 0)->data, "first");
    assert_string_equal(noted(w, NOTE_PIPE, 1)->data, "other");
    assert_string_equal(noted(w, NOTE_PIPE, 2)->data, "said");
    assert_string_equal(noted(w, NOTE_PIPE, 3)->data, "more!");
    assert_string_equal(noted(w, NOTE_PIPE, 0)->name, "samr");
    assert_string_equal(noted(w, NOTE_PIPE, 0)->user, "frank");
    assert_true(id_equal(noted(w, NOTE_PIPE, 3)->id, noted(w, NOTE_PIPE, 0)->id));
    const struct smb *smb = told(w, 5);
    assert_int_equal(smb->command, smb_command_ioctl);
    assert_true(str_equal(smb->operation, STR("TRANS_TRANSACT_NMPIPE")));
    assert_int_equal(smb->total_data, 10);
    assert_int_equal(smb->data, 5);
    assert_int_equal(smb->secondaries, 1);
    assert_int_equal(smb->secondary_data, 5);
    assert_int_equal(smb->answered_data, 9);
    assert_int_equal(w->out.malformed, 0);
}

/* What a probe for MS17-010 asks, and an implant answers with its multiplex id raised. */
static void a_session_setup_by_transaction_is_told_whatever_is_asked_for(void **state)
{
    struct smb_world *w = *state;
    head1(w, TRANSACTION2, 65, 0, 0);
    writer_u8(&w->message, 15);
    u16(w, 12);
    u16(w, 0);
    u16(w, 1);
    zeros(w, 2 + 1 + 1 + 2 + 4 + 2);
    u16(w, 12);
    u16(w, 66);
    zeros(w, 2 + 2);
    writer_u8(&w->message, 1);
    writer_u8(&w->message, 0);
    u16(w, 0x0e);
    u16(w, 13);
    zeros(w, 13);
    send_built(w, true, 0);
    head1(w, TRANSACTION2, 81, REPLY, 0xc0000002);
    writer_u8(&w->message, 0);
    u16(w, 0);
    send_built(w, false, 1);
    smb_expire(w->smb, &w->out, WORLD_START + 60 * TIME_NS_S);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 0)->message_id, 81);
    assert_int_equal(told(w, 0)->status, 0xc0000002);
    assert_int_equal(told(w, 1)->message_id, 65);
    assert_true(str_equal(told(w, 1)->operation, STR("TRANS2_SESSION_SETUP")));
    assert_int_equal(told(w, 1)->total_parameters, 12);
}

/* NT_TRANSACT that goes on as TRANSACTION2_SECONDARY, with more data than any file list has. */
static void a_transaction_that_goes_on_as_another_kind_stands_out(void **state)
{
    struct smb_world *w = *state;
    head1(w, NT_TRANSACT, 5, 0, 0);
    writer_u8(&w->message, 19);
    zeros(w, 3);
    u32(w, 30);
    u32(w, 66512);
    u32(w, 30);
    u32(w, 0);
    u32(w, 0);
    u32(w, 0);
    u32(w, 4);
    u32(w, 32 + 1 + 38 + 2);
    writer_u8(&w->message, 0);
    u16(w, 0);
    u16(w, 4);
    writer_text(&w->message, "grow");
    send_built(w, true, 0);
    send_secondary(w, TRANSACTION2_SECONDARY, 4096, 53200, "data");
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->smb1_command, smb1_command_transaction2_secondary);
    assert_int_equal(told(w, 0)->data_at, 53200);
    smb_expire(w->smb, &w->out, WORLD_START + 60 * TIME_NS_S);
    assert_int_equal(told_count(w), 2);
    assert_int_equal(told(w, 1)->smb1_command, smb1_command_nt_transact);
    assert_int_equal(told(w, 1)->total_data, 66512);
    assert_int_equal(told(w, 1)->secondaries, 1);
    assert_int_equal(told(w, 1)->secondary_data, 4);
}

static void smb_2_may_answer_a_negotiation(void **state)
{
    struct smb_world *w = *state;
    send_negotiate(w, 0);
    struct head head = {.flags = HEAD_RESPONSE};
    w->message.size = 0;
    build_head(w, &head);
    build_negotiate_response(w, 0x0210, "token");
    send_built(w, false, 1);
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->version, smb_version_smb2);
    assert_int_equal(told(w, 0)->smb1_command, smb1_command_negotiate);
    assert_int_equal(told(w, 0)->dialect, 0x0210);
    assert_int_equal(told(w, 0)->dialect_names.count, 2);
    assert_int_equal(told(w, 0)->request_frame, 1);
    assert_int_equal(told(w, 0)->reply_frame, 2);
}

static void an_error_of_dos_is_marked(void **state)
{
    struct smb_world *w = *state;
    head1(w, TREE_CONNECT_ANDX, 3, REPLY, 0x00050002);
    w->message.bytes[BYTES_BEFORE + 11] = 0;
    writer_u8(&w->message, 0);
    u16(w, 0);
    send_built(w, false, 0);
    assert_true(told(w, 0)->is_dos_status);
    assert_int_equal(told(w, 0)->status, 0x00050002);
}

static void a_chain_that_leads_back_is_refused(void **state)
{
    struct smb_world *w = *state;
    head1(w, TREE_CONNECT_ANDX, 3, 0, 0);
    and_x(w, 4, TREE_CONNECT_ANDX, 32);
    zeros(w, 4);
    u16(w, 0);
    send_built(w, true, 0);
    assert_int_equal(w->out.malformed, 1);
}

/* Each prefix of a message with two commands: no more than what it holds is told, and nothing goes wrong. */
static void every_prefix_is_refused_or_told_as_what_it_holds(void **state)
{
    struct smb_world *w = *state;
    char whole[256];
    send_setup_and_connect(w, 0);
    uint32_t size = (uint32_t)w->message.size;
    assert_true(size <= sizeof(whole));
    memcpy(whole, w->message.bytes, size);
    for (uint32_t i = BYTES_BEFORE + 4; i < size; i++) {
        uint64_t malformed = w->out.malformed;
        batch_reset(&w->batch);
        w->flow = 100 + i;
        whole[3] = (char)(uint8_t)(i - BYTES_BEFORE);
        send_raw(w, true, 0, (struct str){whole, i});
        if (i < BYTES_BEFORE + 32 + 1 + 26 + 2)
            assert_int_equal(w->out.malformed, malformed + 1);
    }
}

/* RFC 1001 14.1: FILESRV with the suffix of servers. */
static void a_session_request_tells_both_names_and_what_came_of_it(void **state)
{
    struct smb_world *w = *state;
    static const char request[] = "\x81\0\0\x44"
                                  "\x20"
                                  "EGEJEMEFFDFCFGCACACACACACACACACA\0"
                                  "\x20"
                                  "FHELDACBCACACACACACACACACACACAAA\0";
    send_raw(w, true, 0, (struct str){request, sizeof(request) - 1});
    send_raw(w, false, 1, (struct str){"\x83\0\0\x01\x82", 5});
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->version, smb_version_session_service);
    assert_true(str_equal(told(w, 0)->called_name, STR("FILESRV<20>")));
    assert_true(str_equal(told(w, 0)->calling_name, STR("WK0!<00>")));
    assert_int_equal(told(w, 0)->session_error, 0x82);
    assert_int_equal(told(w, 0)->message_id, 0);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_all, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_session_without_extended_security_is_told_with_who_opened_it),
        WITH(an_authentication_by_responses_is_an_ntlm_observation_too),
        WITH(each_command_of_a_chain_is_told_and_what_follows_knows_the_session),
        WITH(a_pipe_gets_the_bytes_of_every_part_of_a_transaction_in_order),
        WITH(a_session_setup_by_transaction_is_told_whatever_is_asked_for),
        WITH(a_transaction_that_goes_on_as_another_kind_stands_out),
        WITH(smb_2_may_answer_a_negotiation),
        WITH(an_error_of_dos_is_marked),
        WITH(a_chain_that_leads_back_is_refused),
        WITH(every_prefix_is_refused_or_told_as_what_it_holds),
        WITH(a_session_request_tells_both_names_and_what_came_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
