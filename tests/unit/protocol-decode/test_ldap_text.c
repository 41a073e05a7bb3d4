/*
 * test_ldap_text - filters as RFC 4515 writes them, values as text, and answers to Netlogon pings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/ldap_text.h"
#include "services/protocol-decode/netlogon_ping.h"
#include "tests/unit/protocol-decode/ldap_world.h"

static struct str text_of(struct ldap_world *w, struct str filter, struct der_fault *fault)
{
    struct der d = der_of(filter, fault);
    struct ldap_text text = ldap_text_open(&w->t.batch.arena, 4096);
    ldap_text_filter(&text, &d);
    return ldap_text_str(&text);
}

static void assert_filter(struct ldap_world *w, struct str filter, const char *expected)
{
    struct der_fault fault = {0};
    struct str text = text_of(w, filter, &fault);
    assert_false(fault.failed);
    assert_true(str_equal(text, str_of(expected)));
}

#define EQUAL(attribute, value) BER(0xa3, OCTETS(attribute), OCTETS(value))

/* RFC 4515 4. */
static void the_examples_of_the_specification(void **state)
{
    struct ldap_world *w = *state;
    assert_filter(w, EQUAL("cn", "Babs Jensen"), "(cn=Babs Jensen)");
    assert_filter(w, BER(0xa2, EQUAL("cn", "Tim Howes")), "(!(cn=Tim Howes))");
    struct str babs = BER(0xa4, OCTETS("cn"), BER(0x30, ber_text(w, 0x80, "Babs J")));
    assert_filter(w, BER(0xa0, EQUAL("objectClass", "Person"), BER(0xa1, EQUAL("sn", "Jensen"), babs)),
                  "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))");
    assert_filter(
        w,
        BER(0xa4, OCTETS("o"),
            BER(0x30, ber_text(w, 0x80, "univ"), ber_text(w, 0x81, "of"), ber_text(w, 0x81, "mich"))),
        "(o=univ*of*mich*)");
    assert_filter(w, EQUAL("seeAlso", ""), "(seeAlso=)");
    assert_filter(w,
                  BER(0xa9, ber_text(w, 0x81, "caseExactMatch"), ber_text(w, 0x82, "cn"),
                      ber_text(w, 0x83, "Fred Flintstone")),
                  "(cn:caseExactMatch:=Fred Flintstone)");
    assert_filter(w, BER(0xa9, ber_text(w, 0x82, "cn"), ber_text(w, 0x83, "Betty Rubble")),
                  "(cn:=Betty Rubble)");
    assert_filter(w,
                  BER(0xa9, ber_text(w, 0x81, "2.4.6.8.10"), ber_text(w, 0x82, "sn"),
                      ber_text(w, 0x83, "Barney Rubble"), BYTES("8401ff")),
                  "(sn:dn:2.4.6.8.10:=Barney Rubble)");
    assert_filter(w, BER(0xa9, ber_text(w, 0x81, "1.2.3"), ber_text(w, 0x83, "Wilma Flintstone")),
                  "(:1.2.3:=Wilma Flintstone)");
    assert_filter(w, EQUAL("o", "Parens R Us (for all your parenthetical needs)"),
                  "(o=Parens R Us \\28for all your parenthetical needs\\29)");
    assert_filter(w, BER(0xa4, OCTETS("cn"), BER(0x30, ber_text(w, 0x81, "*"))), "(cn=*\\2a*)");
    assert_filter(w, EQUAL("filename", "C:\\MyFile"), "(filename=C:\\5cMyFile)");
    assert_filter(w, BER(0xa3, OCTETS("bin"), BYTES("040400000004")), "(bin=\\00\\00\\00\\04)");
    assert_filter(w, EQUAL("sn", "Lu\xc4\x8di\xc4\x87"), "(sn=Lu\xc4\x8di\xc4\x87)");
}

static void relations_and_what_is_no_text(void **state)
{
    struct ldap_world *w = *state;
    assert_filter(w, BER(0xa5, OCTETS("a"), OCTETS("1")), "(a>=1)");
    assert_filter(w, BER(0xa6, OCTETS("a"), OCTETS("1")), "(a<=1)");
    assert_filter(w, BER(0xa8, OCTETS("a"), OCTETS("1")), "(a~=1)");
    assert_filter(w, ber_text(w, 0x87, "a"), "(a=*)");
    assert_filter(w, BER(0xa4, OCTETS("a"), BER(0x30, ber_text(w, 0x82, "$"))), "(a=*$)");
    assert_filter(w,
                  BER(0xa9, ber_text(w, 0x81, "1.2.840.113556.1.4.803"),
                      ber_text(w, 0x82, "userAccountControl"), ber_text(w, 0x83, "4194304")),
                  "(userAccountControl:1.2.840.113556.1.4.803:=4194304)");
    assert_filter(w, BER(0xa3, OCTETS("a"), BYTES("0404ff80c241")), "(a=\\ff\\80\\c2A)");
    assert_filter(w, EQUAL("userPassword", "hunter2"), "(userPassword=<secret>)");
    assert_filter(w, BER(0xa4, OCTETS("ms-Mcs-AdmPwd"), BER(0x30, ber_text(w, 0x80, "a"))),
                  "(ms-Mcs-AdmPwd=<secret>*)");
}

static void a_filter_nested_without_end_is_refused(void **state)
{
    struct ldap_world *w = *state;
    struct str filter = ber_text(w, 0x87, "a");
    for (int i = 0; i < 28; i++)
        filter = BER(0xa2, filter);
    struct der_fault fault = {0};
    (void)text_of(w, filter, &fault);
    assert_false(fault.failed);
    for (int i = 0; i < 1000; i++)
        filter = BER(0xa2, filter);
    (void)text_of(w, filter, &fault);
    assert_true(fault.failed);
    assert_string_equal(fault.reason, "nested too deeply");
}

static void a_text_over_its_bound_is_cut(void **state)
{
    struct ldap_world *w = *state;
    struct der_fault fault = {0};
    struct der d = der_of(EQUAL("cn", "0123456789"), &fault);
    struct ldap_text text = ldap_text_open(&w->t.batch.arena, 8);
    ldap_text_filter(&text, &d);
    assert_true(text.cut);
    assert_text(ldap_text_str(&text), "(cn=0123");
}

/* MS-DTYP 2.4.2.1. */
static void identifiers_are_told_as_text(void **state)
{
    struct ldap_world *w = *state;
    struct arena *arena = &w->t.batch.arena;
    assert_text(ldap_text_sid(arena, BYTES("01020000000000052000000020020000")), "S-1-5-32-544");
    assert_int_equal(ldap_text_sid(arena, BYTES("010200000000000520000000200200")).size, 0);
    assert_int_equal(ldap_text_sid(arena, BYTES("02020000000000052000000020020000")).size, 0);
    assert_text(ldap_text_guid(arena, BYTES("b0a6a8e1d8928749aae13fcdeea27ff8")),
                "e1a8a6b0-92d8-4987-aae1-3fcdeea27ff8");
}

/* MS-ADTS 6.3.1.9: offset 24 holds a.example, offset 56 the site's name. */
static const char ping_ex[] = "17000000fd310000000102030405060708090a0b0c0d0e0f"
                              "0161076578616d706c6500c018026463c018" /* a.example, the same, dc.a.example */
                              "0141000244430005616c69636500"         /* A, DC, alice */
                              "047369746500c038"                     /* site, the same */
                              "10020000000a0000010000000000000000"   /* 10.0.0.1 */
                              "c0381d000000ffffffff";

static void a_controller_answers_a_ping(void **state)
{
    struct ldap_world *w = *state;
    struct netlogon_ping ping;
    size_t offset;
    assert_true(netlogon_ping_parse(&w->t.batch.arena, BYTES(ping_ex), &ping, &offset));
    assert_int_equal(ping.opcode, 23);
    assert_int_equal(ping.flags, 0x31fd);
    assert_int_equal(ping.version, 0x1d);
    assert_int_equal(ping.domain_guid[15], 0x0f);
    assert_text(ping.forest, "a.example");
    assert_text(ping.dns_domain, "a.example");
    assert_text(ping.dns_host, "dc.a.example");
    assert_text(ping.domain, "A");
    assert_text(ping.host, "DC");
    assert_text(ping.user, "alice");
    assert_text(ping.dc_site, "site");
    assert_text(ping.client_site, "site");
    assert_text(ping.next_site, "site");
    assert_int_equal(ping.address.family, 4);
    assert_int_equal(ping.address.byte[0], 10);
    assert_int_equal(ping.address.byte[3], 1);
}

/* MS-ADTS 6.3.1.7 and 6.3.1.8: \\\\DC, alice, A. */
#define PING_NAMES                                                                                           \
    "5c005c00440043000000"                                                                                   \
    "61006c0069006300650000004100"                                                                           \
    "0000"

static void older_answers_are_read_too(void **state)
{
    struct ldap_world *w = *state;
    struct netlogon_ping ping;
    size_t offset;
    assert_true(
        netlogon_ping_parse(&w->t.batch.arena, BYTES("1500" PING_NAMES "01000000ffffffff"), &ping, &offset));
    assert_int_equal(ping.opcode, 21);
    assert_text(ping.host, "DC");
    assert_text(ping.user, "alice");
    assert_text(ping.domain, "A");
    assert_int_equal(ping.version, 1);
    assert_true(netlogon_ping_parse(&w->t.batch.arena,
                                    BYTES("1300" PING_NAMES
                                          "000102030405060708090a0b0c0d0e0f00000000000000000000000000000000"
                                          "016100c03c026463c03c0a000001fd31000003000000ffffffff"),
                                    &ping, &offset));
    assert_text(ping.forest, "a");
    assert_text(ping.dns_host, "dc.a");
    assert_int_equal(ping.address.byte[0], 10);
    assert_int_equal(ping.flags, 0x31fd);
    assert_int_equal(ping.version, 3);
}

static void every_prefix_of_an_answer_is_refused(void **state)
{
    struct ldap_world *w = *state;
    struct str whole = BYTES(ping_ex);
    for (uint32_t size = 0; size < whole.size; size++) {
        struct str prefix = {.at = whole.at, .size = size};
        struct netlogon_ping ping;
        size_t offset;
        assert_false(netlogon_ping_parse(&w->t.batch.arena, prefix, &ping, &offset));
    }
    /* A name that points to itself. */
    struct netlogon_ping ping;
    size_t offset;
    assert_false(netlogon_ping_parse(
        &w->t.batch.arena, BYTES("17000000fd310000000102030405060708090a0b0c0d0e0fc018c018c018c018"), &ping,
        &offset));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ldap_world_open, ldap_world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_examples_of_the_specification),
        TEST(relations_and_what_is_no_text),
        TEST(a_filter_nested_without_end_is_refused),
        TEST(a_text_over_its_bound_is_cut),
        TEST(identifiers_are_told_as_text),
        TEST(a_controller_answers_a_ping),
        TEST(older_answers_are_read_too),
        TEST(every_prefix_of_an_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
