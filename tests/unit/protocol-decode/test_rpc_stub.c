/*
 * test_rpc_stub - what is kept of the stubs of a call until its arguments are told.
 */
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct rpc_world world;

static int open_world(void **state)
{
    (void)state;
    rpc_world_open(&world);
    send_bind(&world, svcctl_uuid, 2, 0);
    send_bind_ack(&world, 0);
    rpc_world_forget(&world);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    rpc_world_close(&world);
    return 0;
}

static void put_align(struct writer *w)
{
    while (w->size % 4)
        writer_u8(w, 0);
}

static void put_name(struct writer *w, const char *name, uint32_t repeat)
{
    uint32_t count = (uint32_t)strlen(name) * repeat + 1;
    put_align(w);
    writer_u32le(w, count);
    writer_u32le(w, 0);
    writer_u32le(w, count);
    for (uint32_t i = 0; i + 1 < count; i++)
        writer_u16le(w, (uint8_t)name[i % strlen(name)]);
    writer_u16le(w, 0);
    put_align(w);
}

/* ROpenServiceW (MS-SCMR 3.1.4.16): a name, as often as asked, and an access mask. */
static void put_open_service(struct writer *w, uint32_t repeat)
{
    for (int i = 0; i < 20; i++)
        writer_u8(w, 7);
    put_name(w, "PSEXESVC", repeat);
    writer_u32le(w, 0xf01ff);
}

/* Sends bytes of a stub in fragments of so many bytes. */
static void send_stub(uint8_t type, struct str stub, uint32_t piece, bool end)
{
    for (uint32_t at = 0; at < stub.size; at += piece) {
        uint32_t size = stub.size - at < piece ? stub.size - at : piece;
        bool last = at + size == stub.size;
        struct pdu p = {0};
        uint8_t flags = (uint8_t)((at == 0 ? RPC_FLAG_FIRST : 0) | (last && end ? RPC_FLAG_LAST : 0));
        pdu_begin(&p, type, flags, 9);
        pdu_u32(&p, stub.size);
        pdu_u16(&p, 0);
        pdu_u16(&p, 16);
        writer_bytes(&p.w, stub.at + at, size);
        pdu_end(&p);
        rpc_world_send(&world, &p.w);
        pdu_close(&p);
    }
}

static void send_open_service(uint32_t repeat, uint32_t piece, bool end)
{
    struct writer w = {0};
    put_open_service(&w, repeat);
    send_stub(RPC_PDU_REQUEST, writer_str(&w), piece, end);
    writer_close(&w);
}

static void send_answer(uint32_t status)
{
    struct writer w = {0};
    for (int i = 0; i < 20; i++)
        writer_u8(&w, 8);
    writer_u32le(&w, status);
    send_stub(RPC_PDU_RESPONSE, writer_str(&w), 1000, true);
    writer_close(&w);
}

static void assert_name(const struct rpc *body, uint32_t repeat)
{
    assert_int_equal(body->arguments.count, 2);
    assert_true(str_equal(body->arguments.at[0].name, str_of("lpServiceName")));
    assert_int_equal(body->arguments.at[0].kind, rpc_value_text);
    assert_int_equal(body->arguments.at[0].text.size, 8 * repeat);
    assert_memory_equal(body->arguments.at[0].text.at, "PSEXESVC", 8);
    assert_int_equal(body->arguments.at[1].number, 0xf01ff);
}

static void the_arguments_of_a_call_are_told_with_its_answer(void **state)
{
    (void)state;
    send_open_service(1, 1000, true);
    send_answer(0x424);
    const struct rpc *body = rpc_world_one(&world);
    assert_name(body, 1);
    assert_int_equal(body->unread, unread_nothing);
    assert_true(body->returned);
    assert_int_equal(body->return_code, 0x424);
}

static void fragments_of_any_size_make_the_same_stub(void **state)
{
    (void)state;
    static const uint32_t pieces[] = {1, 3, 20, 511, 512, 513, 4000};
    for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
        send_open_service(300, pieces[i], true);
        send_answer(0);
        assert_name(rpc_world_one(&world), 300);
        rpc_world_forget(&world);
    }
}

static void more_than_is_kept_is_too_long(void **state)
{
    (void)state;
    send_open_service(2000, 4000, true);
    send_answer(0);
    const struct rpc *body = rpc_world_one(&world);
    assert_int_equal(body->unread, unread_too_long);
    assert_int_equal(body->arguments.count, 0);
    assert_int_equal(body->return_code, 0);
    assert_true(body->returned);
}

static void a_call_whose_last_fragment_never_came_is_truncated(void **state)
{
    (void)state;
    struct writer w = {0};
    put_open_service(&w, 1);
    struct str stub = writer_str(&w);
    stub.size -= 8;
    send_stub(RPC_PDU_REQUEST, stub, 1000, false);
    rpc_end(world.module, &world.out, &world.place);
    const struct rpc *body = rpc_world_one(&world);
    assert_int_equal(body->unread, unread_truncated);
    assert_int_equal(world.out.malformed, 0);
    writer_close(&w);
}

static void arguments_that_do_not_follow_the_table_are_malformed(void **state)
{
    (void)state;
    send_stub(RPC_PDU_REQUEST, (struct str){"12345678901234567890\1\0\0\0\0\0\0\0\377\377\0\0", 32}, 1000,
              true);
    send_answer(87);
    const struct rpc *body = rpc_world_one(&world);
    assert_int_equal(body->unread, unread_malformed);
    assert_int_equal(body->unread_at, 32);
    assert_int_equal(world.out.malformed, 1);
    assert_int_equal(body->return_code, 87);
}

static void what_is_sealed_is_not_kept(void **state)
{
    (void)state;
    send_sealed_request(&world, 9, 16, 60);
    send_sealed_response(&world, 9, 24);
    const struct rpc *body = rpc_world_one(&world);
    assert_int_equal(body->unread, unread_encrypted);
    assert_int_equal(body->arguments.count, 0);
    assert_int_equal(body->results.count, 0);
}

static uint32_t chunks(void)
{
    struct table *tables[16];
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++)
        if (strcmp(table_name(tables[i]), "rpc-stubs") == 0)
            return table_count(tables[i]);
    fail_msg("no table of stubs");
    return 0;
}

static void nothing_is_left_of_calls_that_were_told(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        send_open_service(300, 700, true);
        assert_in_range(chunks(), 1, 64);
        if (i % 2)
            send_answer(0);
    }
    rpc_end(world.module, &world.out, &world.place);
    assert_int_equal(chunks(), 0);
}

static void stubs_survive_a_save_between_fragments(void **state)
{
    (void)state;
    send_open_service(300, 5000, true);
    struct table *tables[16];
    size_t count = rpc_tables(world.module, tables);
    for (size_t i = 0; i < count; i++) {
        struct writer w = {0};
        table_save(tables[i], &w);
        table_clear(tables[i]);
        struct reader r = reader_of_str(writer_str(&w));
        assert_true(table_load(tables[i], &r));
        writer_close(&w);
    }
    send_answer(0);
    assert_name(rpc_world_one(&world), 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_arguments_of_a_call_are_told_with_its_answer),
        TEST(fragments_of_any_size_make_the_same_stub),
        TEST(more_than_is_kept_is_too_long),
        TEST(a_call_whose_last_fragment_never_came_is_truncated),
        TEST(arguments_that_do_not_follow_the_table_are_malformed),
        TEST(what_is_sealed_is_not_kept),
        TEST(nothing_is_left_of_calls_that_were_told),
        TEST(stubs_survive_a_save_between_fragments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
