/*
 * test_smb_bodies - what the bodies of SMB 2 say, and messages that are compressed, in messages built from
 * the layouts of MS-SMB2 2.2.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/protocol-decode/smb_world.h"

/* Commands of MS-SMB2 2.2.1.2 and controls of MS-SMB2 2.2.31. */
enum {
    NEGOTIATE = 0,
    TREE_CONNECT = 3,
    CREATE = 5,
    CLOSE = 6,
    READ = 8,
    WRITE = 9,
    LOCK = 10,
    IOCTL = 11,
    QUERY_DIRECTORY = 14,
    SET_INFO = 17,
    SESSION = 0x11,
    TREE = 5,
    FILE_ID = 0x77,
    HEADER_BYTES = 64,
    BYTES_BEFORE = 4,
    DFS_GET_REFERRALS = 0x60194,
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

static void utf16(struct smb_world *w, const char *text)
{
    for (; *text; text++)
        u16(w, (uint8_t)*text);
}

static void begin(struct smb_world *w, uint16_t command, uint64_t message_id, bool response)
{
    struct head head = {.command = command,
                        .message_id = message_id,
                        .session_id = SESSION,
                        .tree_id = TREE,
                        .flags = response ? HEAD_RESPONSE : 0};
    w->message.size = 0;
    build_head(w, &head);
}

static void context(struct smb_world *w, uint16_t type, const char *data, uint16_t size)
{
    while ((w->message.size - BYTES_BEFORE) % 8 != 0)
        writer_u8(&w->message, 0);
    u16(w, type);
    u16(w, size);
    u32(w, 0);
    writer_bytes(&w->message, data, size);
}

/* MS-SMB2 2.2.3, with every kind of context. */
static void build_negotiate(struct smb_world *w)
{
    u16(w, 36);
    u16(w, 2);
    u16(w, 1);
    u16(w, 0);
    u32(w, 0x7f);
    for (int i = 0; i < 16; i++)
        writer_u8(&w->message, (uint8_t)(i + 1));
    u32(w, HEADER_BYTES + 40);
    u16(w, 6);
    u16(w, 0);
    u16(w, 0x0302);
    u16(w, 0x0311);
    context(w, 1, "\x01\0\x04\0\x01\0salt", 10);
    context(w, 2, "\x02\0\x02\0\x01\0", 6);
    context(w, 3, "\x02\0\0\0\x01\0\0\0\x03\0\x04\0", 12);
    context(w, 5, "D\0C\0", 4);
    context(w, 6, "\x01\0\0\0", 4);
    context(w, 8, "\x02\0\x01\0\0\0", 6);
}

static void a_negotiation_tells_all_that_was_offered(void **state)
{
    struct smb_world *w = *state;
    begin(w, NEGOTIATE, 0, false);
    build_negotiate(w);
    send_built(w, true, 0);
    begin(w, NEGOTIATE, 0, true);
    build_negotiate_response(w, 0x0302, "");
    send_built(w, false, 1);
    const struct smb *smb = told(w, 0);
    assert_int_equal(w->out.malformed, 0);
    assert_int_equal(smb->unread, unread_nothing);
    assert_int_equal(smb->dialects_offered.count, 2);
    assert_int_equal(smb->dialects_offered.at[1], 0x0311);
    assert_int_equal(smb->client_capabilities, 0x7f);
    assert_int_equal(smb->client_security_mode, 1);
    assert_int_equal(smb->client_guid.byte[15], 16);
    assert_int_equal(smb->hashes_offered.at[0], 1);
    assert_int_equal(smb->ciphers_offered.count, 2);
    assert_int_equal(smb->ciphers_offered.at[0], 2);
    assert_int_equal(smb->compressions_offered.at[1], 4);
    assert_int_equal(smb->compression_flags_offered, 1);
    assert_true(str_equal(smb->netname, STR("DC")));
    assert_int_equal(smb->transports_offered, 1);
    assert_int_equal(smb->signings_offered.at[0], 1);
}

/* Whatever is cut off it, the message is refused, or told with what could not be read. */
static void every_prefix_of_a_negotiation_is_refused_or_marked(void **state)
{
    struct smb_world *w = *state;
    char whole[512];
    begin(w, NEGOTIATE, 0, false);
    build_negotiate(w);
    struct str message = built(w);
    uint32_t size = message.size;
    assert_true(size <= sizeof(whole));
    memcpy(whole, message.at, size);
    for (uint32_t i = BYTES_BEFORE + 4; i < size; i++) {
        uint64_t malformed = w->out.malformed;
        batch_reset(&w->batch);
        w->flow = 100 + i;
        whole[2] = (char)(uint8_t)((i - BYTES_BEFORE) >> 8);
        whole[3] = (char)(uint8_t)(i - BYTES_BEFORE);
        send_raw(w, true, 0, (struct str){whole, i});
        struct place place = world_place(w, true, 0);
        smb_end(w->smb, &w->out, &place);
        bool marked = told_count(w) == 1 && told(w, 0)->unread == unread_malformed;
        assert_true(w->out.malformed == malformed + 1 || marked);
    }
}

/* MS-SMB2 2.2.13 with two contexts, one of them named by a UUID. */
static void a_create_tells_how_it_opens_and_with_which_contexts(void **state)
{
    struct smb_world *w = *state;
    begin(w, CREATE, 1, false);
    u16(w, 57);
    writer_u8(&w->message, 0);
    writer_u8(&w->message, 0xff);
    u32(w, 2);
    zeros(w, 16);
    u32(w, 0x120089);
    u32(w, 0x80);
    u32(w, 7);
    u32(w, 3);
    u32(w, 0x1000);
    u16(w, HEADER_BYTES + 56);
    u16(w, 8);
    u32(w, HEADER_BYTES + 64);
    u32(w, 24 + 32);
    utf16(w, "a.db");
    u32(w, 24);
    u16(w, 16);
    u16(w, 4);
    zeros(w, 8);
    writer_text(&w->message, "MxAc");
    zeros(w, 4);
    u32(w, 0);
    u16(w, 16);
    u16(w, 16);
    zeros(w, 8);
    for (int i = 0; i < 16; i++)
        writer_u8(&w->message, (uint8_t)(0xf0 + i));
    send_built(w, true, 0);
    begin(w, CREATE, 1, true);
    build_create_response(w, FILE_ID);
    send_built(w, false, 1);
    const struct smb *smb = told(w, 0);
    assert_int_equal(smb->unread, unread_nothing);
    assert_int_equal(smb->oplock_asked, 0xff);
    assert_int_equal(smb->attributes, 0x80);
    assert_int_equal(smb->share_access, 7);
    assert_int_equal(smb->disposition, smb_disposition_open_if);
    assert_int_equal(smb->create_options, 0x1000);
    assert_int_equal(smb->create_action, smb_create_action_superseded);
    assert_int_equal(smb->create_contexts.count, 2);
    assert_true(str_equal(smb->create_contexts.at[0], STR("MxAc")));
    assert_true(str_equal(smb->create_contexts.at[1], STR("f3f2f1f0-f5f4-f7f6-f8f9-fafbfcfdfeff")));
    assert_int_equal(smb->file_id, FILE_ID);
}

static void a_rename_tells_the_new_name_and_a_disposition_that_the_file_goes(void **state)
{
    struct smb_world *w = *state;
    static const uint8_t classes[] = {10, 13};
    for (uint64_t id = 0; id < 2; id++) {
        begin(w, SET_INFO, id, false);
        u16(w, 33);
        writer_u8(&w->message, 1);
        writer_u8(&w->message, classes[id]);
        u32(w, id == 0 ? 20 + 10 : 1);
        u16(w, HEADER_BYTES + 32);
        zeros(w, 2 + 4 + 16);
        if (id == 0) {
            zeros(w, 16);
            u32(w, 10);
            utf16(w, "b.exe");
        } else {
            writer_u8(&w->message, 1);
        }
        send_built(w, true, id);
        begin(w, SET_INFO, id, true);
        u16(w, 2);
        send_built(w, false, id);
    }
    assert_int_equal(w->out.malformed, 0);
    assert_true(str_equal(told(w, 0)->info_name, STR("FileRenameInformation")));
    assert_true(str_equal(told(w, 0)->target, STR("b.exe")));
    assert_int_equal(told(w, 1)->info_class, 13);
    assert_int_equal(told(w, 1)->delete_on_close, tristate_yes);
}

static void a_referral_tells_its_path_and_a_control_its_name(void **state)
{
    struct smb_world *w = *state;
    begin(w, IOCTL, 1, false);
    build_ioctl(w, DFS_GET_REFERRALS, UINT64_MAX, "\x04\0\\\0d\0\0\0", 8);
    send_built(w, true, 0);
    begin(w, IOCTL, 1, true);
    build_ioctl_response(w, DFS_GET_REFERRALS, UINT64_MAX, "", 0);
    send_built(w, false, 1);
    assert_int_equal(told(w, 0)->control, DFS_GET_REFERRALS);
    assert_true(str_equal(told(w, 0)->operation, STR("FSCTL_DFS_GET_REFERRALS")));
    assert_true(str_equal(told(w, 0)->target, STR("\\d")));
}

static void a_search_tells_its_pattern_and_a_lock_its_range(void **state)
{
    struct smb_world *w = *state;
    begin(w, QUERY_DIRECTORY, 1, false);
    u16(w, 33);
    writer_u8(&w->message, 37);
    zeros(w, 1 + 4 + 16);
    u16(w, HEADER_BYTES + 32);
    u16(w, 8);
    u32(w, 1024);
    utf16(w, "*.py");
    send_built(w, true, 0);
    begin(w, LOCK, 2, false);
    u16(w, 48);
    u16(w, 1);
    zeros(w, 4 + 16);
    writer_u64le(&w->message, 5000);
    writer_u64le(&w->message, 10);
    u32(w, 2);
    u32(w, 0);
    send_built(w, true, 1);
    struct place place = world_place(w, true, 2);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(w->out.malformed, 0);
    assert_true(str_equal(told(w, 0)->pattern, STR("*.py")));
    assert_true(str_equal(told(w, 0)->info_name, STR("FileIdBothDirectoryInformation")));
    assert_int_equal(told(w, 1)->entries, 1);
    assert_int_equal(told(w, 1)->offset, 5000);
    assert_int_equal(told(w, 1)->length, 10);
    assert_int_equal(told(w, 1)->lock_flags, 2);
}

static void open_on_disk(struct smb_world *w)
{
    begin(w, TREE_CONNECT, 1, false);
    build_tree_connect(w, "\\\\DC01\\ADMIN$");
    send_built(w, true, 0);
    begin(w, TREE_CONNECT, 1, true);
    build_tree_connect_response(w, 1);
    send_built(w, false, 1);
    begin(w, CREATE, 2, false);
    build_create(w, "a.exe", 2);
    send_built(w, true, 2);
    begin(w, CREATE, 2, true);
    build_create_response(w, FILE_ID);
    send_built(w, false, 3);
}

static void write_to_it(struct smb_world *w, uint64_t message_id, uint64_t offset, const char *data,
                        uint32_t size)
{
    begin(w, WRITE, message_id, false);
    build_write(w, FILE_ID, data, size);
    w->message.bytes[BYTES_BEFORE + HEADER_BYTES + 8] = (uint8_t)offset;
    send_built(w, true, message_id);
    begin(w, WRITE, message_id, true);
    build_write_response(w, size);
    send_built(w, false, message_id);
}

/* Not everything is asked for: the writes are summed up. */
static void the_close_of_a_file_tells_how_much_of_which_kind_was_written(void **state)
{
    struct smb_world *w = *state;
    open_on_disk(w);
    write_to_it(w, 3, 0, "MZ\x90\0", 4);
    write_to_it(w, 4, 4, "regf", 4);
    begin(w, CLOSE, 5, false);
    build_close(w, FILE_ID);
    send_built(w, true, 6);
    begin(w, CLOSE, 5, true);
    build_close_response(w);
    send_built(w, false, 7);
    struct place place = world_place(w, true, 8);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(told_count(w), 3);
    assert_int_equal(told(w, 2)->command, smb_command_close);
    assert_int_equal(told(w, 2)->content, smb_content_pe);
    assert_int_equal(told(w, 2)->bytes_written, 8);
    assert_true(str_equal(told(w, 2)->file_name, STR("a.exe")));
    assert_int_equal(told(w, 2)->request_frame, 9);
}

static void a_file_that_is_never_closed_is_summed_up_at_the_end(void **state)
{
    struct smb_world *w = *state;
    open_on_disk(w);
    write_to_it(w, 3, 0, "regf", 4);
    smb_world_move(w);
    struct place place = world_place(w, true, 8);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(told_count(w), 3);
    assert_int_equal(told(w, 2)->content, smb_content_registry_hive);
    assert_int_equal(told(w, 2)->bytes_written, 4);
    assert_int_equal(told(w, 2)->request_frame, 0);
}

/* An echo of 68 bytes: its header as it is, and its body as a pattern or by plain LZ77. */
static struct str build_echo(struct smb_world *w)
{
    begin(w, 13, 9, false);
    build_four(w);
    return built(w);
}

static void a_compressed_message_is_opened_and_its_header_told(void **state)
{
    struct smb_world *w = *state;
    char sent[128];
    struct str echo = build_echo(w);
    /* Before: 0xfc SMB, the size of the rest, plain LZ77, no flags, the header kept as it is. */
    memcpy(sent, "\0\0\0\x58\xfcSMB\x04\0\0\0\x02\0\0\0\x40\0\0\0", 20);
    memcpy(sent + 20, echo.at + BYTES_BEFORE, HEADER_BYTES);
    memcpy(sent + 84, "\0\0\0\0\x04\0\0\0", 8);
    send_raw(w, true, 0, (struct str){sent, 92});
    struct place place = world_place(w, true, 1);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(w->out.malformed, 0);
    assert_int_equal(w->out.messages[protocol_smb], 1);
    assert_int_equal(told(w, 0)->command, smb_command_echo);
    assert_int_equal(told(w, 0)->message_id, 9);
    assert_int_equal(told(w, 0)->compression, smb_compression_lz77);
    assert_int_equal(told(w, 0)->original_size, 4);
    assert_int_equal(told(w, 0)->compression_offset, HEADER_BYTES);
}

/* 2.2.42.2: the first 66 bytes as they are, and a pattern of two zeros. */
static void chained_payloads_are_put_together(void **state)
{
    struct smb_world *w = *state;
    char sent[128];
    struct str echo = build_echo(w);
    memcpy(sent, "\0\0\0\x5a\xfcSMB\x44\0\0\0\0\0\x01\0\x42\0\0\0", 20);
    memcpy(sent + 20, echo.at + BYTES_BEFORE, 66);
    memcpy(sent + 86, "\x04\0\0\0\x08\0\0\0\0\0\0\0\x02\0\0\0", 16);
    sent[3] = 98;
    send_raw(w, true, 0, (struct str){sent, 102});
    struct place place = world_place(w, true, 1);
    smb_end(w->smb, &w->out, &place);
    assert_int_equal(w->out.malformed, 0);
    assert_int_equal(told(w, 0)->command, smb_command_echo);
    assert_true(told(w, 0)->compression_chained);
    assert_int_equal(told(w, 0)->original_size, 68);
}

/* CVE-2020-0796: the sum of size and offset leads past every message. */
static void an_impossible_compression_header_is_told_as_sent(void **state)
{
    struct smb_world *w = *state;
    static const char sent[] = "\0\0\0\x14\xfcSMB\xff\xff\xff\xff\x02\0\0\0\x10\0\0\0zzzz";
    send_raw(w, true, 0, (struct str){sent, sizeof(sent) - 1});
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->command, smb_command_unknown);
    assert_int_equal(told(w, 0)->unread, unread_malformed);
    assert_int_equal(told(w, 0)->original_size, 0xffffffff);
    assert_int_equal(told(w, 0)->compression_offset, 0x10);
    assert_int_equal(told(w, 0)->request_frame, 1);
}

#define ALL(test) cmocka_unit_test_setup_teardown(test, open_all, close_world)
#define FEW(test) cmocka_unit_test_setup_teardown(test, open_few, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALL(a_negotiation_tells_all_that_was_offered),
        ALL(every_prefix_of_a_negotiation_is_refused_or_marked),
        ALL(a_create_tells_how_it_opens_and_with_which_contexts),
        ALL(a_rename_tells_the_new_name_and_a_disposition_that_the_file_goes),
        ALL(a_referral_tells_its_path_and_a_control_its_name),
        ALL(a_search_tells_its_pattern_and_a_lock_its_range),
        FEW(the_close_of_a_file_tells_how_much_of_which_kind_was_written),
        FEW(a_file_that_is_never_closed_is_summed_up_at_the_end),
        ALL(a_compressed_message_is_opened_and_its_header_told),
        ALL(chained_payloads_are_put_together),
        ALL(an_impossible_compression_header_is_told_as_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
