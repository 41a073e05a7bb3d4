/*
 * test_smb_frame - where messages begin and end, how much of them is wanted, and what is refused.
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
    QUERY_INFO = 16,
    LARGE = 60000,
    HEAD_WANTED = 256,
};

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

static struct head plain(uint16_t command, uint32_t flags)
{
    return (struct head){
        .command = command, .flags = flags, .message_id = 6, .session_id = 0x11, .tree_id = 5};
}

static struct framing frame_of(const char *bytes, uint32_t size)
{
    return smb_frame((struct str){bytes, size});
}

static void a_message_is_whole_by_its_24_bits_of_length(void **state)
{
    (void)state;
    struct framing f = frame_of("\x00\x00\x01\x02\xfeSMB", 8);
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, 4 + 0x102);
    assert_int_equal(f.want, f.size);
    f = frame_of("\x00\x01\x00\x00\xfdSMB", 8);
    assert_int_equal(f.size, 4 + 0x10000);
    assert_int_equal(f.want, 4 + 52);
    f = frame_of("\x00\x00\x00\x40\xffSMB", 8);
    assert_int_equal(f.want, 4 + 0x40);
}

static void too_few_bytes_ask_for_more(void **state)
{
    (void)state;
    for (uint32_t size = 0; size < 8; size++) {
        struct framing f = frame_of("\x00\x00\x01\x02\xfeSMB", size);
        assert_int_equal(f.state, FRAMING_MORE);
        assert_true(f.want > size);
    }
}

static void other_packets_of_a_netbios_session_are_skipped(void **state)
{
    struct smb_world *w = *state;
    send_raw(w, true, 0, (struct str){"\x85\x00\x00\x00", 4});
    send_raw(w, false, 0, (struct str){"\x82\x00\x00\x00", 4});
    send_raw(w, false, 0, (struct str){"\x83\x00\x00\x01\x82", 5});
    send_raw(w, true, 0, (struct str){"\x00\x00\x00\x00", 4});
    assert_int_equal(w->batch.count, 0);
    assert_int_equal(w->out.messages[protocol_smb], 0);
    assert_int_equal(frame_of("\x81\x00\x00\x44", 4).size, 4 + 0x44);
}

static void what_is_no_message_is_bad(void **state)
{
    (void)state;
    assert_int_equal(frame_of("GET / HTTP/1.1\r\n", 16).state, FRAMING_BAD);
    assert_int_equal(frame_of("\x00\x00\x01\x02\xfeSMX", 8).state, FRAMING_BAD);
    assert_int_equal(frame_of("\x00\x00\x00\x03\xfeSMB", 8).state, FRAMING_BAD);
    assert_int_equal(frame_of("\x85\x00\x00\x01", 4).state, FRAMING_BAD);
    assert_false(smb_probe((struct str){"GET / HTTP/1.1\r\n", 16}));
    assert_false(smb_probe((struct str){"\x00\x00\x00\x40", 4}));
    assert_true(smb_probe((struct str){"\x00\x00\x00\x40\xfeSMB", 8}));
    assert_true(smb_probe((struct str){"\x81\x00\x00\x44", 4}));
}

static uint32_t wanted(struct smb_world *w)
{
    struct str message = built(w);
    assert_int_equal(smb_frame((struct str){message.at, 100}).state, FRAMING_MORE);
    struct framing f = smb_frame((struct str){message.at, HEAD_WANTED});
    assert_int_equal(f.state, FRAMING_WHOLE);
    assert_int_equal(f.size, message.size);
    uint32_t size = message.size;
    w->message.size = 0;
    return f.want == size ? 0 : f.want;
}

static void of_a_large_read_or_write_only_the_head_is_wanted(void **state)
{
    struct smb_world *w = *state;
    struct head head = plain(WRITE, 0);
    build_head(w, &head);
    build_write(w, 1, NULL, LARGE);
    assert_int_equal(wanted(w), HEAD_WANTED);
    head = plain(READ, HEAD_RESPONSE);
    build_head(w, &head);
    build_read_response(w, NULL, LARGE);
    assert_int_equal(wanted(w), HEAD_WANTED);
}

static void what_may_be_rpc_or_is_compounded_is_wanted_whole(void **state)
{
    struct smb_world *w = *state;
    static char pdu[LARGE] = {5, 0, 0, 3};
    struct head head = plain(WRITE, 0);
    build_head(w, &head);
    build_write(w, 1, pdu, LARGE);
    assert_int_equal(wanted(w), 0);
    head = plain(READ, HEAD_RESPONSE);
    build_head(w, &head);
    build_read_response(w, pdu, LARGE);
    assert_int_equal(wanted(w), 0);
    head = plain(IOCTL, 0);
    build_head(w, &head);
    build_ioctl(w, 0x11c017, 1, NULL, LARGE);
    assert_int_equal(wanted(w), 0);
    head = plain(READ, HEAD_RESPONSE);
    build_head(w, &head);
    build_read_response(w, NULL, LARGE);
    head = plain(CLOSE, HEAD_RESPONSE | HEAD_RELATED);
    build_head(w, &head);
    build_close_response(w);
    assert_int_equal(wanted(w), 0);
}

static void a_large_write_is_told_from_its_head_alone(void **state)
{
    struct smb_world *w = *state;
    struct head head = plain(WRITE, 0);
    build_head(w, &head);
    build_write(w, 1, NULL, LARGE);
    send_built(w, true, 0);
    head = plain(WRITE, HEAD_RESPONSE);
    build_head(w, &head);
    build_write_response(w, LARGE);
    send_built(w, false, 1);
    assert_int_equal(w->out.malformed, 0);
    assert_int_equal(told(w, 0)->bytes, LARGE);
}

static void build_request(struct smb_world *w, uint16_t command)
{
    switch (command) {
    case SESSION_SETUP:
        build_session_setup(w, "token");
        break;
    case TREE_CONNECT:
        build_tree_connect(w, "\\\\a\\b");
        break;
    case CREATE:
        build_create(w, "name", 1);
        break;
    case CLOSE:
        build_close(w, 3);
        break;
    case READ:
        build_read(w, 3, 10);
        break;
    case WRITE:
        build_write(w, 3, "data", 4);
        break;
    case IOCTL:
        build_ioctl(w, 0x11c017, 3, "data", 4);
        break;
    case QUERY_INFO:
        build_query_info(w, 3);
        break;
    default:
        build_four(w);
        break;
    }
}

static void build_response(struct smb_world *w, uint16_t command)
{
    switch (command) {
    case NEGOTIATE:
        build_negotiate_response(w, 0x311, "token");
        break;
    case SESSION_SETUP:
        build_session_setup_response(w, 0, "token");
        break;
    case TREE_CONNECT:
        build_tree_connect_response(w, 1);
        break;
    case CREATE:
        build_create_response(w, 3);
        break;
    case CLOSE:
        build_close_response(w);
        break;
    case READ:
        build_read_response(w, "data", 4);
        break;
    case WRITE:
        build_write_response(w, 4);
        break;
    case IOCTL:
        build_ioctl_response(w, 0x11c017, 3, "data", 4);
        break;
    default:
        build_four(w);
        break;
    }
}

/* Builds one of each kind; false when there are no more. */
static bool build_kind(struct smb_world *w, size_t kind, bool *to_server)
{
    static const uint16_t asked[] = {SESSION_SETUP, LOGOFF, TREE_CONNECT, CREATE,    CLOSE,
                                     READ,          WRITE,  IOCTL,        QUERY_INFO};
    static const uint16_t answered[] = {NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT, CREATE,
                                        CLOSE,     READ,          WRITE,  IOCTL};
    *to_server = kind < ARRAY_COUNT(asked);
    if (kind >= ARRAY_COUNT(asked) + ARRAY_COUNT(answered))
        return false;
    uint16_t command = *to_server ? asked[kind] : answered[kind - ARRAY_COUNT(asked)];
    struct head head = plain(command, *to_server ? 0 : HEAD_RESPONSE);
    build_head(w, &head);
    if (*to_server)
        build_request(w, command);
    else
        build_response(w, command);
    return true;
}

static void each_prefix_of_a_message_is_refused_and_told_as_malformed(void **state)
{
    struct smb_world *w = *state;
    bool to_server;
    for (size_t kind = 0; build_kind(w, kind, &to_server); kind++) {
        struct str whole = built(w);
        for (uint32_t size = 5; size < whole.size; size++) {
            uint64_t malformed = w->out.malformed;
            uint32_t smb = told_count(w);
            struct place place = world_place(w, to_server, 0);
            char *exact = malloc(size);
            assert_non_null(exact);
            memcpy(exact, whole.at, size);
            smb_message(w->smb, &w->out, &place, (struct str){exact, size}, size);
            free(exact);
            assert_int_equal(w->out.malformed, malformed + 1);
            assert_int_equal(told_count(w), smb);
        }
        uint64_t malformed = w->out.malformed;
        send_built(w, to_server, 0);
        assert_int_equal(w->out.malformed, malformed);
        batch_reset(&w->batch);
        w->note_count = 0;
    }
}

static void a_message_in_the_wrong_direction_is_refused(void **state)
{
    struct smb_world *w = *state;
    struct head head = plain(CLOSE, 0);
    build_head(w, &head);
    build_close(w, 3);
    send_built(w, true, 0);
    head = plain(CLOSE, HEAD_RESPONSE);
    build_head(w, &head);
    build_close_response(w);
    send_built(w, true, 1);
    assert_int_equal(told_count(w), 0);
    assert_int_equal(w->out.malformed, 1);
}

static void a_next_command_that_leads_nowhere_is_refused(void **state)
{
    struct smb_world *w = *state;
    static const uint32_t offsets[] = {8, 63, 68, 0x1000, 0xfffffff8};
    for (size_t i = 0; i < ARRAY_COUNT(offsets); i++) {
        struct head head = plain(CLOSE, 0);
        build_head(w, &head);
        build_close(w, 3);
        for (int b = 0; b < 4; b++)
            w->message.bytes[4 + 20 + b] = (uint8_t)(offsets[i] >> 8 * b);
        send_built(w, true, 0);
        assert_int_equal(w->out.malformed, i + 1);
    }
}

static void a_compound_without_end_is_cut_off(void **state)
{
    struct smb_world *w = *state;
    for (int i = 0; i < 1000; i++) {
        struct head head = plain(LOGOFF, 0);
        build_head(w, &head);
        build_four(w);
    }
    send_built(w, true, 0);
    assert_int_equal(w->out.malformed, 1);
    assert_int_equal(w->out.messages[protocol_smb], 128);
}

static void a_compressed_message_that_does_not_open_is_told_and_counted(void **state)
{
    struct smb_world *w = *state;
    send_raw(w, true, 0,
             (struct str){"\x00\x00\x00\x14\xfcSMB\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00zzzz", 24});
    assert_int_equal(told_count(w), 1);
    assert_int_equal(told(w, 0)->unread, unread_compressed);
    assert_int_equal(told(w, 0)->compression, smb_compression_lznt1);
    assert_int_equal(told(w, 0)->original_size, 256);
    assert_int_equal(w->out.messages[protocol_smb], 1);
    send_raw(w, true, 0, (struct str){"\x00\x00\x00\x04\xfcSMB", 8});
    assert_int_equal(w->out.malformed, 1);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_message_is_whole_by_its_24_bits_of_length),
        WITH(too_few_bytes_ask_for_more),
        WITH(other_packets_of_a_netbios_session_are_skipped),
        WITH(what_is_no_message_is_bad),
        WITH(of_a_large_read_or_write_only_the_head_is_wanted),
        WITH(what_may_be_rpc_or_is_compounded_is_wanted_whole),
        WITH(a_large_write_is_told_from_its_head_alone),
        WITH(each_prefix_of_a_message_is_refused_and_told_as_malformed),
        WITH(a_message_in_the_wrong_direction_is_refused),
        WITH(a_next_command_that_leads_nowhere_is_refused),
        WITH(a_compound_without_end_is_cut_off),
        WITH(a_compressed_message_that_does_not_open_is_told_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
