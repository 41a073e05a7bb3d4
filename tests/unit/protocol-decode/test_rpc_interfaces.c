/*
 * test_rpc_interfaces - the tables of interfaces and operations, at places that the specifications number.
 */
#include "common/base/text.h"
#include "services/protocol-decode/rpc_interfaces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A UUID's text in the form of the wire: pairs of hexadecimal digits in this order. */
static void read_uuid(const char *text, uint8_t uuid[16])
{
    static const uint8_t at[16] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};
    for (size_t i = 0; i < 16; i++) {
        const char pair[3] = {text[at[i]], text[at[i] + 1], 0};
        uuid[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
}

static const char *operation(const char *uuid_text, uint16_t major, uint16_t opnum)
{
    uint8_t uuid[16];
    read_uuid(uuid_text, uuid);
    const struct rpc_interface *interface = rpc_interface_find(uuid, major);
    assert_non_null(interface);
    char back[TEXT_UUID_BYTES];
    assert_string_equal(text_uuid(interface->uuid, back), uuid_text);
    return rpc_operation_name(interface, opnum);
}

static void operations_stand_where_their_specification_numbers_them(void **state)
{
    (void)state;
    static const struct {
        const char *uuid;
        uint16_t major, opnum;
        const char *name;
    } known[] = {
        {"e3514235-4b06-11d1-ab04-00c04fc2dcd2", 4, 3, "IDL_DRSGetNCChanges"},
        {"e3514235-4b06-11d1-ab04-00c04fc2dcd2", 4, 28, "IDL_DRSAddCloneDC"},
        {"12345778-1234-abcd-ef00-0123456789ac", 1, 64, "SamrConnect5"},
        {"12345778-1234-abcd-ef00-0123456789ac", 1, 77, "SamrAccountIsDelegatedManagedServiceAccount"},
        {"12345778-1234-abcd-ef00-0123456789ab", 0, 76, "LsarLookupSids3"},
        {"12345778-1234-abcd-ef00-0123456789ab", 0, 43, "LsarRetrievePrivateData"},
        {"12345778-1234-abcd-ef00-0123456789ab", 0, 130, "LsarOpenPolicy3"},
        {"12345678-1234-abcd-ef00-01234567cffb", 1, 26, "NetrServerAuthenticate3"},
        {"12345678-1234-abcd-ef00-01234567cffb", 1, 59, "NetrServerAuthenticateKerberos"},
        {"4b324fc8-1670-01d3-1278-5a47bf6ee188", 3, 12, "NetrSessionEnum"},
        {"4b324fc8-1670-01d3-1278-5a47bf6ee188", 3, 57, "NetrShareDelEx"},
        {"6bffd098-a112-3610-9833-46c3f87e345a", 1, 2, "NetrWkstaUserEnum"},
        {"367abb81-9844-35f1-ad32-98f038001003", 2, 64, "ROpenSCManager2"},
        {"86d35949-83c9-4044-b424-db363231fd0c", 1, 19, "SchRpcEnableTask"},
        {"338cd001-2244-31f1-aaaa-900038001003", 1, 31, "BaseRegSaveKeyEx"},
        {"c681d488-d850-11d0-8c52-00c04fd90f7e", 1, 0, "EfsRpcOpenFileRaw"},
        {"df1941c5-fe89-4e79-bf10-463657acf44d", 1, 4, "EfsRpcEncryptFileSrv"},
        {"4fc742e0-4a10-11cf-8273-00aa004ae673", 3, 12, "NetrDfsAddStdRoot"},
        {"12345678-1234-abcd-ef00-0123456789ab", 1, 65, "RpcRemoteFindFirstPrinterChangeNotificationEx"},
        {"12345678-1234-abcd-ef00-0123456789ab", 1, 89, "RpcAddPrinterDriverEx"},
        {"76f03f96-cdfd-44fc-a22c-64950a001209", 1, 39, "RpcAsyncAddPrinterDriver"},
        {"76f03f96-cdfd-44fc-a22c-64950a001209", 1, 74, "RpcAsyncLogJobInfoForBranchOffice"},
        {"a8e0653c-2744-4389-a61d-7373df8b2292", 1, 9, "IsPathShadowCopied"},
        {"82273fdc-e32a-18c3-3f78-827929dc23ea", 0, 9, "ElfrOpenBELW"},
        {"f6beaff7-1e19-4fbb-9f8f-b89e2018337c", 1, 28, "EvtRpcGetClassicLogDisplayName"},
        {"3dde7c30-165d-11d1-ab8f-00805f14db40", 1, 0, "BackuprKey"},
        {"91ae6020-9e3c-11cf-8d7c-00aa00c091be", 0, 0, "CertServerRequest"},
        {"e1af8308-5d1f-11c9-91a4-08002b14a0fa", 3, 3, "ept_map"},
        {"000001a0-0000-0000-c000-000000000046", 0, 4, "RemoteCreateInstance"},
        {"9556dc99-828c-11cf-a37e-00aa003240c7", 0, 24, "ExecMethod"},
        {"12345678-1234-abcd-ef00-0123456789ab", 1, 96, "RpcFlushPrinter"},
        {"ae33069b-a2a8-46ee-a235-ddfd339be281", 1, 0, "IRPCRemoteObject_Create"},
        {"b9785960-524f-11df-8b6d-83dcded72085", 1, 0, "GetKey"},
        {"5b821720-f63b-11d0-aad2-00c04fc324db", 1, 132, "R_DhcpV4GetClientInfoEx"},
        {"b97db8b2-4c63-11cf-bff6-08002be23f2f", 2, 1, "ApiCloseCluster"},
        {"d99e6e71-fc88-11d0-b498-00a0c90312f3", 0, 11, "EnumViewColumn"},
        {"07e5c822-f00c-47a1-8fce-b244da56fd06", 0, 3, "GetProperties"},
        {"50abc2a4-574d-40b3-9d66-ee4fd5fba076", 5, 18, "R_DnssrvEnumRecords4"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        assert_string_equal(operation(known[i].uuid, known[i].major, known[i].opnum), known[i].name);
}

static void reserved_opnums_and_those_past_the_end_have_no_name(void **state)
{
    (void)state;
    assert_null(operation("12345778-1234-abcd-ef00-0123456789ac", 1, 4));
    assert_null(operation("e3514235-4b06-11d1-ab04-00c04fc2dcd2", 4, 31));
    assert_null(operation("e3514235-4b06-11d1-ab04-00c04fc2dcd2", 4, 65535));
}

static void another_version_is_another_interface(void **state)
{
    (void)state;
    uint8_t uuid[16];
    read_uuid("12345778-1234-abcd-ef00-0123456789ac", uuid);
    assert_non_null(rpc_interface_find(uuid, 1));
    assert_null(rpc_interface_find(uuid, 2));
}

static void no_interface_stands_twice(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct rpc_interface *at; (at = rpc_interface_at(count)); count++)
        assert_ptr_equal(rpc_interface_find(at->uuid, at->major), at);
    assert_true(count > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_stand_where_their_specification_numbers_them),
        cmocka_unit_test(reserved_opnums_and_those_past_the_end_have_no_name),
        cmocka_unit_test(another_version_is_another_interface),
        cmocka_unit_test(no_interface_stands_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
