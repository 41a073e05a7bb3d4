/*
 * test_rpc_tower - towers floor by floor, as C706 appendix L lays them out.
 */
#include "services/protocol-decode/rpc_interfaces.h"
#include "services/protocol-decode/rpc_tower.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* drsuapi 4.0 in NDR 2.0 over ncacn_ip_tcp at 49666 of 192.0.2.7. */
static const uint8_t tcp_tower[] = {
    0x05, 0x00,                                           /* floors */
    0x13, 0x00, 0x0d, 0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, /* interface */
    0xd1, 0x11, 0xab, 0x04, 0x00, 0xc0, 0x4f, 0xc2, 0xdc, /* */
    0xd2, 0x04, 0x00, 0x02, 0x00, 0x00, 0x00,             /* */
    0x13, 0x00, 0x0d, 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, /* transfer syntax */
    0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, /* */
    0x60, 0x02, 0x00, 0x02, 0x00, 0x00, 0x00,             /* */
    0x01, 0x00, 0x0b, 0x02, 0x00, 0x00, 0x00,             /* connection-oriented RPC */
    0x01, 0x00, 0x07, 0x02, 0x00, 0xc2, 0x02,             /* TCP */
    0x01, 0x00, 0x09, 0x04, 0x00, 0xc0, 0x00, 0x02, 0x07, /* IP */
};

static struct str bytes_of(const void *at, size_t size)
{
    return (struct str){at, (uint32_t)size};
}

static void a_tower_over_tcp_names_interface_port_and_host(void **state)
{
    (void)state;
    static const uint8_t drsuapi[16] = RPC_UUID(e3514235, 4b06, 11d1, ab04, 00c04fc2dcd2);
    static const uint8_t host[4] = {192, 0, 2, 7};
    struct rpc_tower tower;
    assert_true(rpc_tower_parse(bytes_of(tcp_tower, sizeof(tcp_tower)), &tower));
    assert_memory_equal(tower.uuid, drsuapi, 16);
    assert_int_equal(tower.major, 4);
    assert_int_equal(tower.minor, 0);
    assert_int_equal(tower.protocol, RPC_TOWER_TCP);
    assert_int_equal(tower.port, 49666);
    assert_memory_equal(tower.host, host, 4);
}

static void a_tower_over_a_pipe_names_it(void **state)
{
    (void)state;
    uint8_t bytes[128];
    static const uint8_t pipe[] = {0x01, 0x00, 0x0f, 0x0c, 0x00, '\\', 'p', 'i',  'p',  'e',  '\\', 'l',
                                   's',  'a',  's',  's',  0,    0x01, 0,   0x11, 0x02, 0x00, 'A',  0};
    size_t head = sizeof(tcp_tower) - 16;
    memcpy(bytes, tcp_tower, head);
    memcpy(bytes + head, pipe, sizeof(pipe));
    struct rpc_tower tower;
    assert_true(rpc_tower_parse(bytes_of(bytes, head + sizeof(pipe)), &tower));
    assert_int_equal(tower.protocol, RPC_TOWER_PIPE);
    assert_int_equal(tower.port, 0);
    assert_true(str_equal(tower.endpoint, str_of("\\pipe\\lsass")));
}

static void every_prefix_of_a_tower_is_refused(void **state)
{
    (void)state;
    struct rpc_tower tower;
    for (size_t size = 0; size < sizeof(tcp_tower); size++) {
        void *exact = malloc(size + 1);
        memcpy(exact, tcp_tower, size);
        assert_false(rpc_tower_parse(bytes_of(exact, size), &tower));
        free(exact);
    }
}

static void what_begins_with_no_interface_is_no_tower(void **state)
{
    (void)state;
    uint8_t bytes[sizeof(tcp_tower)];
    struct rpc_tower tower;
    memcpy(bytes, tcp_tower, sizeof(bytes));
    bytes[4] = 0x0b;
    assert_false(rpc_tower_parse(bytes_of(bytes, sizeof(bytes)), &tower));
    memcpy(bytes, tcp_tower, sizeof(bytes));
    bytes[0] = 3;
    assert_false(rpc_tower_parse(bytes_of(bytes, sizeof(bytes)), &tower));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tower_over_tcp_names_interface_port_and_host),
        cmocka_unit_test(a_tower_over_a_pipe_names_it),
        cmocka_unit_test(every_prefix_of_a_tower_is_refused),
        cmocka_unit_test(what_begins_with_no_interface_is_no_tower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
