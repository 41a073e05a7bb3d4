/*
 * test_ndr_host - arguments of the interfaces by which hosts are managed, in stubs that impacket and Samba
 * made (tests/fuzz/corpus/ndr), and in some made here where neither knows the operation.
 */
#include "services/protocol-decode/ndr_interfaces.h"
#include "tests/unit/protocol-decode/ndr_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct ndr_world world;

static int open_world(void **state)
{
    (void)state;
    ndr_world_open(&world);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    ndr_world_close(&world);
    return 0;
}

static void assert_text(const char *name, const char *expected)
{
    struct str actual = ndr_world_text(&world, name);
    if (!str_equal(actual, str_of(expected)))
        fail_msg("%s is \"%.*s\", not \"%s\"", name, (int)actual.size, actual.at, expected);
}

/* What was put into each stub, by its file without the way it is written in. */
struct expected {
    const char *file;
    const char *name;
    const char *text; /* null: a number */
    uint64_t number;
};

static const struct expected known[] = {
    {"rprn_impacket_open_ex", "pPrinterName", "\\\\dc1", 0},
    {"rprn_impacket_open_ex", "AccessRequired", NULL, 2},
    {"rprn_impacket_open_ex", "pClientInfo.pMachineName", "ws1", 0},
    {"rprn_impacket_open_ex", "pClientInfo.pUserName", "alice", 0},
    {"rprn_impacket_open_ex", "pClientInfo.dwBuildNum", NULL, 19041},
    {"rprn_impacket_find_first_ex", "fdwFlags", NULL, 0x100},
    {"rprn_impacket_find_first_ex", "pszLocalMachine", "\\\\attacker", 0},
    {"rprn_impacket_find_first_ex", "dwPrinterLocal", NULL, 7},
    {"rprn_impacket_add_driver_ex", "pName", "\\\\dc1", 0},
    {"rprn_impacket_add_driver_ex", "pDriverContainer.cVersion", NULL, 3},
    {"rprn_impacket_add_driver_ex", "pDriverContainer.pName", "evil", 0},
    {"rprn_impacket_add_driver_ex", "pDriverContainer.pEnvironment", "Windows x64", 0},
    {"rprn_impacket_add_driver_ex", "pDriverContainer.pDriverPath", "C:\\a\\unidrv.dll", 0},
    {"rprn_impacket_add_driver_ex", "pDriverContainer.pDataFile", "\\\\attacker\\s\\x.dll", 0},
    {"rprn_impacket_add_driver_ex", "pDriverContainer.pConfigFile", "C:\\a\\winhttp.dll", 0},
    {"rprn_impacket_add_driver_ex", "dwFileCopyFlags", NULL, 0x8014},
    {"par_impacket_add_driver", "pDriverContainer.pDataFile", "\\\\attacker\\s\\x.dll", 0},
    {"par_impacket_add_driver", "dwFileCopyFlags", NULL, 0x8014},
    {"tsch_impacket_register", "path", "\\update", 0},
    {"tsch_impacket_register", "xml.Author", "LAB\\alice", 0},
    {"tsch_impacket_register", "xml.Command", "cmd.exe", 0},
    {"tsch_impacket_register", "xml.Arguments", "/c whoami > C:\\o.txt & dir", 0},
    {"tsch_impacket_register", "flags", NULL, 6},
    {"tsch_impacket_register", "logonType", NULL, 3},
    {"tsch_impacket_register", "pCreds[0].userId", "LAB\\bob", 0},
    {"tsch_impacket_run", "path", "\\update", 0},
    {"tsch_impacket_run", "sessionId", NULL, 2},
    {"tsch_impacket_run", "user", "alice", 0},
    {"rrp_impacket_open_users", "samDesired", NULL, 0x2000000},
    {"rrp_impacket_open_key", "lpSubKey", "S-1-5-21-1-2-3-500\\Software", 0},
    {"rrp_impacket_open_key", "samDesired", NULL, 0x20019},
    {"rrp_impacket_save_key", "lpFile", "..\\Temp\\a.tmp", 0},
    {"rrp_impacket_set_value", "lpValueName", "ImagePath", 0},
    {"rrp_impacket_set_value", "dwType", NULL, 1},
    {"rrp_impacket_set_value", "lpData", "cmd /c x", 0},
    {"rrp_samba_set_value", "lpValueName", "ImagePath", 0},
    {"rrp_samba_set_value", "lpData", "cmd /c x", 0},
    {"even_impacket_open", "ModuleName", "Security", 0},
    {"even6_impacket_query", "path", "Security", 0},
    {"even6_impacket_query", "query", "*", 0},
    {"even6_impacket_query", "flags", NULL, 0x201},
    {"atsvc_impacket_add", "ServerName", "\\\\dc1", 0},
    {"atsvc_impacket_add", "pAtInfo.JobTime", NULL, 36000000},
    {"atsvc_impacket_add", "pAtInfo.Command", "c:\\x.exe", 0},
    {"atsvc_samba_add", "ServerName", "\\\\dc1", 0},
    {"atsvc_samba_add", "pAtInfo.JobTime", NULL, 36000000},
    {"atsvc_samba_add", "pAtInfo.Command", "c:\\x.exe", 0},
    {"dcom_impacket_create_mmc20", "pActProperties.classId", "49b2791a-b1ae-4c90-9b8e-e860ba07f889", 0},
    {"dcom_impacket_create_mmc20", "pActProperties.class", "MMC20.Application", 0},
    {"dcom_impacket_create_mmc20", "pActProperties.IID", "00020400-0000-0000-c000-000000000046", 0},
    {"dcom_impacket_activate_shell_windows", "Clsid", "9ba05972-f6a8-11cf-a442-00a0c90a8f39", 0},
    {"dcom_impacket_activate_shell_windows", "Clsid.class", "ShellWindows", 0},
    {"dcom_impacket_activate_shell_windows", "pIIDs[0]", "00020400-0000-0000-c000-000000000046", 0},
    {"dcom_impacket_names", "rgszNames[0]", "Document", 0},
    {"dcom_impacket_invoke", "dispIdMember", NULL, 54},
    {"dcom_impacket_invoke", "pDispParams.rgvarg[0]", "/c whoami", 0},
    {"dcom_impacket_invoke", "pDispParams.rgvarg[1]", "cmd.exe", 0},
    {"wmi_impacket_login", "wszNetworkResource", "//./root/cimv2", 0},
    {"wmi_impacket_query", "strQueryLanguage", "WQL", 0},
    {"wmi_impacket_query", "strQuery", "SELECT * FROM Win32_Process", 0},
    {"wmi_impacket_query", "lFlags", NULL, 0x30},
    {"wmi_impacket_get_object", "strObjectPath", "Win32_Process", 0},
    {"bkrp_impacket_retrieve", "pguidActionAgent", "018ff48a-eaba-40c6-8f6d-72370240e967", 0},
    {"bkrp_impacket_retrieve", "pguidActionAgent.name", "BACKUPKEY_RETRIEVE_BACKUP_KEY_GUID", 0},
    {"icpr_impacket_request", "pwszAuthority", "LAB-CA", 0},
    {"icpr_impacket_request", "pctbAttribs", "CertificateTemplate:User\nSAN:upn=administrator@lab.example",
     0},
    {"icpr_impacket_request", "pctbRequest.subject", "CN=alice", 0},
    {"icpr_impacket_request", "pctbRequest.upn", "administrator@lab.example", 0},
    {"icpr_impacket_request", "pctbRequest.dns_name", "dc1.lab.example", 0},
    {"icpr_impacket_request", "pctbRequest.template_name", "User", 0},
};

/* Loads a file in one of the ways in which it was made. False when it was not. */
static bool load(const char *file, const char *way)
{
    char name[96], path[512];
    snprintf(name, sizeof(name), "%s%s", file, way);
    snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/ndr/%s", ORTHRUS_SOURCE, name);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return false;
    fclose(stream);
    ndr_world_load(&world, name);
    return true;
}

static void arguments_are_those_that_others_wrote(void **state)
{
    (void)state;
    static const char *const ways[] = {"", "_ndr64", "_be"};
    uint32_t compared = 0;
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        for (size_t way = 0; way < ARRAY_COUNT(ways); way++) {
            const struct expected *e = &known[i];
            if (!load(e->file, ways[way]))
                continue;
            ndr_world_read(&world);
            assert_null(world.read.reason);
            if (e->text)
                assert_text(e->name, e->text);
            else
                assert_int_equal(ndr_world_number(&world, e->name), e->number);
            compared++;
        }
    assert_true(compared > ARRAY_COUNT(known) + 40);
}

static void the_password_of_a_task_is_not_told(void **state)
{
    (void)state;
    ndr_world_load(&world, "tsch_impacket_register");
    ndr_world_read(&world);
    const struct rpc_argument *password = ndr_world_find(&world, "pCreds[0].password");
    assert_non_null(password);
    assert_int_equal(password->kind, rpc_value_fingerprint);
    assert_int_equal(password->text.size, 0);
}

/* A prefix is read as far as it goes, and says so unless all that is described of it was there. */
static void every_prefix_is_read_without_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        assert_true(load(known[i].file, ""));
        ndr_world_read(&world);
        uint32_t whole = (uint32_t)world.read.offset;
        for (uint32_t size = 0; size < whole && (i == 0 || strcmp(known[i].file, known[i - 1].file));
             size++) {
            ndr_world_read_prefix(&world, size);
            assert_true(world.read.offset <= size);
            assert_true(!world.read.whole || world.read.offset < whole);
        }
    }
}

static void use(const char *uuid_hex, uint16_t opnum)
{
    uint8_t uuid[16];
    for (size_t i = 0; i < 16; i++) {
        const char pair[3] = {uuid_hex[2 * i], uuid_hex[2 * i + 1], 0};
        uuid[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    world.operation = ndr_operation_find(uuid, opnum);
    assert_non_null(world.operation);
    writer_reset(&world.w);
}

#define EFSR  "88d481c650d8d0118c5200c04fd90f7e"
#define DFSNM "e042c74f104acf11827300aa004ae673"

static void paths_that_a_server_is_made_to_open_are_told(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) {
        world.ndr64 = way == 1;
        use(EFSR, 0);
        ndr_put_wide(&world, "\\\\attacker\\share\\x");
        ndr_put_u32(&world, 1);
        ndr_world_read(&world);
        assert_text("FileName", "\\\\attacker\\share\\x");
        assert_int_equal(ndr_world_number(&world, "Flags"), 1);

        use(EFSR, 15); /* EfsRpcAddUsersToFileEx: flags and a null blob come first */
        ndr_put_u32(&world, 2);
        ndr_put_long(&world, 0);
        ndr_put_wide(&world, "\\\\attacker\\y");
        ndr_world_read(&world);
        assert_text("FileName", "\\\\attacker\\y");

        use(DFSNM, 13); /* NetrDfsRemoveStdRoot */
        ndr_put_wide(&world, "attacker");
        ndr_put_wide(&world, "root");
        ndr_put_u32(&world, 0);
        ndr_world_read(&world);
        assert_text("ServerName", "attacker");
        assert_text("RootShare", "root");
        assert_true(world.read.whole);
    }
}

/* An object as MS-WMIO encodes it, marshalled by the class of WMI objects: of its texts those of its class
 * and of its values, compressed and not, are told. */
static void the_command_line_in_an_object_is_told(void **state)
{
    (void)state;
    static const uint8_t class_object[16] = RPC_UUID(4590f812, 1d3a, 11d0, 891f, 00aa004b2e24);
    static const char class_part[] =
        "\x05\0\0\0\0CommandLine\0\x08\0\0string\0\0Win32API|Process|lpCommandLine";
    static const char value[] = "\x01p\0o\0w\0e\0r\0s\0h\0e\0l\0l\0 \0-\0c\0\0\0\0C:\\Temp";
    uint32_t size = 48 + sizeof(class_part) + sizeof(value);
    world.ndr64 = false;
    use("99dc56958c82cf11a37e00aa003240c7", 14);
    for (size_t i = 0; i < 8; i++)
        ndr_put_u32(&world, 0); /* ORPCTHIS */
    ndr_put_long(&world, 0x20000);
    ndr_put_long(&world, size);
    ndr_put_u32(&world, size);
    ndr_put_u32(&world, 0x574f454d);
    ndr_put_u32(&world, 4);
    for (size_t i = 0; i < 4; i++)
        ndr_put_u32(&world, 0);
    writer_bytes(&world.w, class_object, 16);
    ndr_put_u32(&world, 0);
    ndr_put_u32(&world, 0);
    writer_bytes(&world.w, class_part, sizeof(class_part));
    writer_bytes(&world.w, value, sizeof(value));
    ndr_put_u32(&world, 7);
    ndr_world_read(&world);
    assert_null(world.read.reason);
    assert_int_equal(world.read.count, 4);
    assert_true(str_equal(world.read.arguments[0].text, str_of("CommandLine")));
    assert_true(str_equal(world.read.arguments[1].text, str_of("powershell -c")));
    assert_true(str_equal(world.read.arguments[2].text, str_of("C:\\Temp")));
    assert_int_equal(ndr_world_number(&world, "lFlags"), 7);
}

static void the_addresses_of_an_object_exporter_are_told(void **state)
{
    (void)state;
    static const char units[] = "\x07\0001\0.\0002\0[\0009\0]\0\0\0\x1f\0x\0\0\0\0\0\x0a\0\xff\xff\0\0\0";
    world.ndr64 = false;
    use("c4fefc9960521b10bbcb00aa0021347a", 4);
    world.response = true;
    ndr_put_long(&world, 0x20000);
    ndr_put_long(&world, sizeof(units) / 2);
    ndr_put_u16(&world, sizeof(units) / 2);
    ndr_put_u16(&world, 11);
    writer_bytes(&world.w, units, sizeof(units) & ~(size_t)1);
    ndr_put_align(&world, 4);
    for (size_t i = 0; i < 5; i++)
        ndr_put_u32(&world, 5);
    ndr_world_read(&world);
    assert_text("ppdsaOxidBindings", "1.2[9]");
    assert_int_equal(ndr_world_number(&world, "pAuthnHint"), 5);
}

static void a_registry_value_that_is_no_text_is_told_by_its_fingerprint(void **state)
{
    (void)state;
    use("01d08c334422f131aaaa900038001003", 22);
    world.ndr64 = false;
    for (size_t i = 0; i < 5; i++)
        ndr_put_u32(&world, 0);
    ndr_put_u16(&world, 2);
    ndr_put_u16(&world, 2);
    ndr_put_long(&world, 0x20000);
    ndr_put_wide(&world, "");
    ndr_put_u32(&world, 3);
    ndr_put_long(&world, 8);
    for (uint8_t i = 0; i < 8; i++)
        ndr_put_u8(&world, (uint8_t)(i + 1));
    ndr_put_u32(&world, 8);
    ndr_world_read(&world);
    const struct rpc_argument *value = ndr_world_find(&world, "lpData");
    assert_non_null(value);
    assert_int_equal(value->kind, rpc_value_fingerprint);
    assert_int_equal(value->number, 8);
    assert_int_equal(value->text.size, 0);
}

/* BaseRegSetValue of a value of that name to the text "Ab1". */
static const struct rpc_argument *set_text_value(const char *name)
{
    use("01d08c334422f131aaaa900038001003", 22);
    world.ndr64 = false;
    for (size_t i = 0; i < 5; i++)
        ndr_put_u32(&world, 0);
    ndr_put_u16(&world, (uint16_t)(2 * strlen(name) + 2));
    ndr_put_u16(&world, (uint16_t)(2 * strlen(name) + 2));
    ndr_put_long(&world, 0x20000);
    ndr_put_wide(&world, name);
    ndr_put_align(&world, 4);
    ndr_put_u32(&world, 1);
    ndr_put_long(&world, 8);
    writer_bytes(&world.w, "A\0b\0001\0\0\0", 8);
    ndr_put_u32(&world, 8);
    ndr_world_read(&world);
    return ndr_world_find(&world, "lpData");
}

static void a_registry_value_whose_name_says_that_it_is_secret_is_not_told(void **state)
{
    (void)state;
    const struct rpc_argument *value = set_text_value("DefaultPassword");
    assert_non_null(value);
    assert_int_equal(value->kind, rpc_value_fingerprint);
    assert_int_equal(value->text.size, 0);
}

static void a_registry_value_of_another_name_is(void **state)
{
    (void)state;
    (void)set_text_value("DefaultUserName");
    assert_text("lpData", "Ab1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arguments_are_those_that_others_wrote),
        TEST(the_password_of_a_task_is_not_told),
        TEST(every_prefix_is_read_without_harm),
        TEST(paths_that_a_server_is_made_to_open_are_told),
        TEST(the_command_line_in_an_object_is_told),
        TEST(the_addresses_of_an_object_exporter_are_told),
        TEST(a_registry_value_that_is_no_text_is_told_by_its_fingerprint),
        TEST(a_registry_value_whose_name_says_that_it_is_secret_is_not_told),
        TEST(a_registry_value_of_another_name_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
