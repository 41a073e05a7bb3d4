/*
 * test_rpc_infer - contexts whose bind was not captured: what is recognised by its order of calls, and what
 * is not.
 */
#include "tests/unit/protocol-decode/rpc_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct rpc_world world;

static int open_world(void **state)
{
    (void)state;
    rpc_world_open(&world);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    rpc_world_close(&world);
    return 0;
}

/* A sealed call; the observation that it gives. */
static const struct rpc *call(uint16_t opnum, uint32_t request_bytes, uint32_t response_bytes)
{
    static uint32_t call_id;
    rpc_world_forget(&world);
    send_sealed_request(&world, ++call_id, opnum, request_bytes);
    send_sealed_response(&world, call_id, response_bytes);
    return rpc_world_one(&world);
}

static bool is_named(const struct rpc *body, const char *interface, const char *operation)
{
    return body->probable && str_equal(body->interface_name, str_of(interface)) &&
           str_equal(body->operation, str_of(operation));
}

static bool is_unnamed(const struct rpc *body)
{
    static const uint8_t none[16];
    return !body->probable && body->interface_name.size == 0 && memcmp(body->interface.byte, none, 16) == 0;
}

/* The stub sizes of a client that looks up the domain controller, then a name, and replicates one object. */
static void replication_is_recognised_by_its_order(void **state)
{
    (void)state;
    assert_true(is_unnamed(call(0, 84, 88)));
    assert_true(is_unnamed(call(16, 80, 1092)));
    assert_true(is_unnamed(call(12, 90, 176)));
    assert_true(is_unnamed(call(0, 84, 88)));
    assert_true(is_named(call(3, 352, 4760), "drsuapi", "IDL_DRSGetNCChanges"));
    assert_true(is_named(call(1, 20, 24), "drsuapi", "IDL_DRSUnbind"));
}

static void a_name_lookup_alone_also_leads_to_replication(void **state)
{
    (void)state;
    (void)call(0, 84, 88);
    (void)call(12, 90, 176);
    assert_true(is_named(call(3, 352, 4760), "drsuapi", "IDL_DRSGetNCChanges"));
}

static void a_bare_opnum_3_is_never_replication(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_true(is_unnamed(call(3, 352, 1 << 15)));
    (void)call(0, 84, 88);
    (void)call(16, 80, 1092);
    assert_true(is_unnamed(call(3, 352, 4760)));
}

static void a_bind_followed_by_opnum_3_alone_is_not_replication(void **state)
{
    (void)state;
    (void)call(0, 84, 88);
    assert_true(is_unnamed(call(3, 352, 4760)));
}

/* svcctl has 0, 3, 12 and 16 too: handles closed, services made and opened, the database locked. */
static void other_interfaces_with_the_same_opnums_are_not_replication(void **state)
{
    (void)state;
    (void)call(0, 20, 24);
    (void)call(16, 48, 24);
    (void)call(12, 300, 28);
    assert_true(is_unnamed(call(3, 20, 24)));
    assert_true(is_unnamed(call(3, 352, 24)));
}

/* IDL_DRSGetNCChanges carries the schema prefix table: it never says less than it was asked. */
static void an_answer_smaller_than_its_question_is_not_replication(void **state)
{
    (void)state;
    (void)call(0, 84, 88);
    (void)call(16, 80, 1092);
    assert_true(is_unnamed(call(3, 5000, 1000)));
    assert_true(is_unnamed(call(3, 352, 4760)));
}

static void an_opnum_past_the_end_refutes_an_interface(void **state)
{
    (void)state;
    (void)call(0, 84, 88);
    (void)call(16, 80, 1092);
    (void)call(31, 20, 24);
    assert_true(is_unnamed(call(3, 352, 4760)));
}

static void sam_services_secure_channel_and_lookups_are_recognised(void **state)
{
    (void)state;
    (void)call(64, 80, 40);
    (void)call(6, 32, 120);
    assert_true(is_named(call(7, 52, 24), "samr", "SamrOpenDomain"));
    world.place.flow.low++;
    (void)call(15, 40, 24);
    (void)call(12, 400, 28);
    assert_true(is_named(call(19, 28, 4), "svcctl", "RStartServiceW"));
    world.place.flow.low++;
    (void)call(4, 60, 12);
    assert_true(is_named(call(26, 120, 20), "netlogon", "NetrServerAuthenticate3"));
    world.place.flow.low++;
    (void)call(44, 60, 24);
    assert_true(is_named(call(57, 100, 200), "lsarpc", "LsarLookupSids2"));
    world.place.flow.low++;
    (void)call(69, 180, 24);
    assert_true(is_named(call(65, 80, 4), "winspool", "RpcRemoteFindFirstPrinterChangeNotificationEx"));
    world.place.flow.low++;
    (void)call(0, 60, 24);
    (void)call(1, 20, 400);
    assert_true(is_named(call(3, 20, 20), "efsrpc", "EfsRpcCloseRaw"));
}

/* What a spooler's client and an EFS client do resembles what others do: closing a handle, opening one. */
static void calls_of_other_sizes_are_not_those_of_spooler_or_efs(void **state)
{
    (void)state;
    (void)call(1, 20, 24); /* SamrCloseHandle */
    assert_true(is_unnamed(call(65, 40, 8)));
    world.place.flow.low++;
    (void)call(1, 60, 24);
    assert_true(is_unnamed(call(65, 40, 40))); /* SamrRidToSid */
    world.place.flow.low++;
    (void)call(0, 60, 24);                   /* RpcOpenSession */
    assert_true(is_unnamed(call(3, 28, 4))); /* RpcDisconnect */
    world.place.flow.low++;
    (void)call(0, 60, 24);
    (void)call(44, 60, 24); /* no opnum of efsrpc */
    assert_true(is_unnamed(call(3, 20, 20)));
}

static void a_bind_that_was_seen_is_never_overruled(void **state)
{
    (void)state;
    send_bind(&world, svcctl_uuid, 2, 0);
    send_bind_ack(&world, 0);
    (void)call(0, 84, 88);
    (void)call(16, 80, 1092);
    const struct rpc *third = call(3, 352, 4760);
    assert_false(third->probable);
    assert_true(str_equal(third->interface_name, STR("svcctl")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(replication_is_recognised_by_its_order),
        TEST(a_name_lookup_alone_also_leads_to_replication),
        TEST(a_bare_opnum_3_is_never_replication),
        TEST(a_bind_followed_by_opnum_3_alone_is_not_replication),
        TEST(other_interfaces_with_the_same_opnums_are_not_replication),
        TEST(an_answer_smaller_than_its_question_is_not_replication),
        TEST(an_opnum_past_the_end_refutes_an_interface),
        TEST(sam_services_secure_channel_and_lookups_are_recognised),
        TEST(calls_of_other_sizes_are_not_those_of_spooler_or_efs),
        TEST(a_bind_that_was_seen_is_never_overruled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
