/*
 * test_zeek - observations made by hand as lines of Zeek's logs, by the description of its writer.
 */
#include "services/orthrus/zeek.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOON (1800000000 * TIME_NS_S)

static uint32_t log_named(const char *path)
{
    for (uint32_t i = 0; zeek_log_path(i); i++)
        if (strcmp(zeek_log_path(i), path) == 0)
            return i;
    fail_msg("there is no log %s", path);
    return 0;
}

static struct addr v4(uint8_t last)
{
    return (struct addr){.family = 4, .byte = {10, 0, 0, last}};
}

/* The line of a record in a log, without its line end; of the column of that name alone when one is given. */
static void line_of(const char *path, const struct record *record, struct writer *w)
{
    writer_reset(w);
    zeek_write_line(log_named(path), record, w);
    w->bytes[w->size - 1] = '\0';
}

/* The cell of a column, by the header's own list of names. */
static const char *cell(const char *path, const struct record *record, const char *column)
{
    static struct writer header, line;
    writer_reset(&header);
    zeek_write_header(log_named(path), NOON, &header);
    writer_u8(&header, '\0');
    line_of(path, record, &line);
    char *name = strstr((char *)header.bytes, "#fields\t");
    assert_non_null(name);
    name += strlen("#fields\t");
    char *value = (char *)line.bytes;
    for (;;) {
        size_t name_size = strcspn(name, "\t\n"), value_size = strcspn(value, "\t");
        if (name_size == strlen(column) && memcmp(name, column, name_size) == 0) {
            value[value_size] = '\0';
            return value;
        }
        assert_int_equal(name[name_size], '\t');
        name += name_size + 1;
        value += value_size + 1;
    }
}

static struct kerberos tgs(void)
{
    return (struct kerberos){.flow = {1, 2},
                             .client = v4(5),
                             .client_port = 50000,
                             .server = v4(10),
                             .server_port = 88,
                             .request_frame = 3,
                             .reply_frame = 4,
                             .request_time = NOON + 250 * TIME_NS_MS,
                             .reply_time = NOON + 300 * TIME_NS_MS,
                             .message = kerberos_message_tgs,
                             .reply = kerberos_reply_reply,
                             .cname = STR("alice"),
                             .crealm = STR("CORP.EXAMPLE"),
                             .sname = STR("cifs/fs1.corp.example"),
                             .kdc_options = 0x40810000,
                             .ticket_etype = 18};
}

static void a_ticket_request_is_a_line_of_kerberos_log(void **state)
{
    (void)state;
    struct kerberos k = tgs();
    struct record record = {.type = RECORD_kerberos, .time = NOON + TIME_NS_S, .body = &k};
    assert_int_equal(zeek_logs_of(&record), 1u << log_named("kerberos"));
    assert_string_equal(cell("kerberos", &record, "ts"), "1800000000.250000");
    assert_string_equal(cell("kerberos", &record, "id.orig_h"), "10.0.0.5");
    assert_string_equal(cell("kerberos", &record, "id.orig_p"), "50000");
    assert_string_equal(cell("kerberos", &record, "id.resp_p"), "88");
    assert_string_equal(cell("kerberos", &record, "request_type"), "TGS");
    assert_string_equal(cell("kerberos", &record, "client"), "alice/CORP.EXAMPLE");
    assert_string_equal(cell("kerberos", &record, "service"), "cifs/fs1.corp.example");
    assert_string_equal(cell("kerberos", &record, "success"), "T");
    assert_string_equal(cell("kerberos", &record, "error_msg"), "-");
    assert_string_equal(cell("kerberos", &record, "cipher"), "aes256-cts-hmac-sha1-96");
    assert_string_equal(cell("kerberos", &record, "forwardable"), "T");
    assert_string_equal(cell("kerberos", &record, "renewable"), "T");
    assert_int_equal(cell("kerberos", &record, "uid")[0], 'C');
}

static void a_refused_request_names_its_error(void **state)
{
    (void)state;
    struct kerberos k = tgs();
    k.message = kerberos_message_as;
    k.reply = kerberos_reply_error;
    k.error_code = 24;
    struct record record = {.type = RECORD_kerberos, .time = NOON, .body = &k};
    assert_string_equal(cell("kerberos", &record, "request_type"), "AS");
    assert_string_equal(cell("kerberos", &record, "success"), "F");
    assert_string_equal(cell("kerberos", &record, "error_msg"), "KDC_ERR_PREAUTH_FAILED");
}

static void a_ticket_shown_to_a_server_is_in_no_log(void **state)
{
    (void)state;
    struct kerberos k = tgs();
    k.message = kerberos_message_ap;
    struct record record = {.type = RECORD_kerberos, .time = NOON, .body = &k};
    assert_int_equal(zeek_logs_of(&record), 0);
}

static void separators_and_what_looks_unset_are_escaped(void **state)
{
    (void)state;
    struct ntlm n = {.user = STR("a\tb\\c\n"), .domain = STR("-"), .workstation = STR("(empty)")};
    struct record record = {.type = RECORD_ntlm, .time = NOON, .body = &n};
    assert_string_equal(cell("ntlm", &record, "username"), "a\\x09b\\\\c\\x0a");
    assert_string_equal(cell("ntlm", &record, "domainname"), "\\x2d");
    assert_string_equal(cell("ntlm", &record, "hostname"), "\\x28empty)");
    assert_string_equal(cell("ntlm", &record, "success"), "-");
}

static void lists_are_joined_by_commas_and_their_own_are_escaped(void **state)
{
    (void)state;
    static const struct str attributes[] = {STR("cn"), STR("a,b")};
    struct ldap l = {.operation = ldap_operation_search,
                     .filter = STR("(servicePrincipalName=*)"),
                     .object = STR("DC=corp,DC=example"),
                     .scope = ldap_scope_whole_subtree,
                     .entries = 7,
                     .attributes = {.at = attributes, .count = 2}};
    struct record record = {.type = RECORD_ldap, .time = NOON, .body = &l};
    assert_int_equal(zeek_logs_of(&record), 1u << log_named("ldap_search"));
    assert_string_equal(cell("ldap_search", &record, "attributes"), "cn,a\\x2cb");
    assert_string_equal(cell("ldap_search", &record, "base_object"), "DC=corp,DC=example");
    assert_string_equal(cell("ldap_search", &record, "result_count"), "7");
    assert_string_equal(cell("ldap_search", &record, "scope"), "tree");
    assert_string_equal(cell("ldap_search", &record, "filter"), "(servicePrincipalName=*)");
}

static void a_bind_says_how(void **state)
{
    (void)state;
    struct ldap l = {.operation = ldap_operation_bind,
                     .bind_method = ldap_bind_method_sasl,
                     .mechanism = STR("GSS-SPNEGO")};
    struct record record = {.type = RECORD_ldap, .time = NOON, .body = &l};
    assert_string_equal(cell("ldap", &record, "opcode"), "bind SASL");
    assert_string_equal(cell("ldap", &record, "argument"), "GSS-SPNEGO");
    l.bind_method = ldap_bind_method_simple;
    l.mechanism = (struct str){0};
    l.bind_name = STR("CORP\\bob");
    assert_string_equal(cell("ldap", &record, "opcode"), "bind simple");
    assert_string_equal(cell("ldap", &record, "argument"), "REDACTED");
    l.result = STR("invalidCredentials");
    assert_string_equal(cell("ldap", &record, "result"), "invalid credentials");
    assert_string_equal(cell("ldap", &record, "object"), "CORP\\\\bob");
}

static void a_call_names_its_pipe_or_its_port(void **state)
{
    (void)state;
    struct rpc r = {.message = rpc_message_call,
                    .request_frame = 1,
                    .server_port = 49667,
                    .interface_name = STR("drsuapi"),
                    .opnum = 3,
                    .operation = STR("IDL_DRSGetNCChanges"),
                    .request_time = NOON,
                    .reply_time = NOON + 2 * TIME_NS_MS};
    struct record record = {.type = RECORD_rpc, .time = NOON, .body = &r};
    assert_string_equal(cell("dce_rpc", &record, "named_pipe"), "49667");
    assert_string_equal(cell("dce_rpc", &record, "endpoint"), "drsuapi");
    assert_string_equal(cell("dce_rpc", &record, "rtt"), "0.002000");
    r.pipe = STR("\\pipe\\lsass");
    r.operation = (struct str){0};
    assert_string_equal(cell("dce_rpc", &record, "named_pipe"), "\\\\pipe\\\\lsass");
    assert_string_equal(cell("dce_rpc", &record, "operation"), "unknown-3");
}

static void an_answer_has_its_records_and_their_lives(void **state)
{
    (void)state;
    static const struct str answers[] = {STR("dc1.corp.example"), STR("10.0.0.10")};
    static const int32_t ttls[] = {600, 60};
    struct dns d = {.operation = dns_operation_query,
                    .transaction_id = 4660,
                    .reply_frame = 2,
                    .name = STR("corp.example"),
                    .qclass = 1,
                    .qtype = 1,
                    .qtype_name = STR("A"),
                    .rcode_name = STR("NOERROR"),
                    .answers = {.at = answers, .count = 2},
                    .ttls = {.at = ttls, .count = 2}};
    struct record record = {.type = RECORD_dns, .time = NOON, .body = &d};
    assert_string_equal(cell("dns", &record, "answers"), "dc1.corp.example,10.0.0.10");
    assert_string_equal(cell("dns", &record, "TTLs"), "600.000000,60.000000");
    assert_string_equal(cell("dns", &record, "rcode"), "0");
    assert_string_equal(cell("dns", &record, "qclass_name"), "C_INTERNET");
    assert_string_equal(cell("dns", &record, "trans_id"), "4660");
}

static void the_header_names_separators_path_fields_and_types(void **state)
{
    (void)state;
    struct writer w = {0};
    zeek_write_header(log_named("ntlm"), NOON, &w);
    static const char expected[] =
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tntlm\n"
        "#open\t2027-01-15-08-00-00\n"
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tusername\thostname\tdomainname\t"
        "server_nb_computer_name\tserver_dns_computer_name\tserver_tree_name\tsuccess\n"
        "#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tstring\tstring\tstring\tbool"
        "\n";
    assert_int_equal(w.size, sizeof(expected) - 1);
    assert_memory_equal(w.bytes, expected, w.size);
    writer_reset(&w);
    zeek_write_footer(NOON, &w);
    assert_memory_equal(w.bytes, "#close\t2027-01-15-08-00-00\n", w.size);
    writer_close(&w);
}

static void every_column_draws_on_a_field_that_there_is(void **state)
{
    (void)state;
    assert_null(zeek_unknown_field());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_request_is_a_line_of_kerberos_log),
        cmocka_unit_test(a_refused_request_names_its_error),
        cmocka_unit_test(a_ticket_shown_to_a_server_is_in_no_log),
        cmocka_unit_test(separators_and_what_looks_unset_are_escaped),
        cmocka_unit_test(lists_are_joined_by_commas_and_their_own_are_escaped),
        cmocka_unit_test(a_bind_says_how),
        cmocka_unit_test(a_call_names_its_pipe_or_its_port),
        cmocka_unit_test(an_answer_has_its_records_and_their_lives),
        cmocka_unit_test(the_header_names_separators_path_fields_and_types),
        cmocka_unit_test(every_column_draws_on_a_field_that_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
