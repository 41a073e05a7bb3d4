/*
 * test_x509 - certificates as the Python package cryptography wrote them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/protocol-decode/oid.h"
#include "services/protocol-decode/x509.h"
#include "tests/unit/protocol-decode/pkinit_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

static struct certificate read(struct token_world *world, struct str bytes, struct der_fault *fault)
{
    struct certificate certificate;
    memset(&certificate, 0, sizeof(certificate));
    *fault = (struct der_fault){0};
    struct der d = der_of(bytes, fault);
    x509_read(&world->out, &d, &certificate);
    return certificate;
}

static void a_certificate_tells_whom_it_speaks_for(void **state)
{
    (void)state;
    struct token_world world;
    struct der_fault fault;
    token_world_open(&world);
    struct certificate c = read(&world, token_hex(&world, CERTIFICATE_HEX), &fault);
    assert_false(fault.failed);
    /* RFC 4514 2.4: a comma anywhere and a number sign in front are escaped, one within is not. */
    assert_text(c.subject, "emailAddress=c@corp.example,CN=Carol #1,OU=Sales\\, East,DC=example");
    assert_text(c.issuer, "CN=Corp CA,DC=corp,DC=example");
    assert_text(c.serial, "8123456789");
    assert_int_equal(c.not_before, 1767323045 * TIME_NS_S);
    assert_int_equal(c.not_after, 1798859045 * TIME_NS_S);
    assert_text(c.upn, "carol@corp.example");
    assert_int_equal(c.dns_names.count, 1);
    assert_text(c.dns_names.at[0], "ws01.corp.example");
    assert_text(c.emails.at[0], "carol@corp.example");
    assert_text(c.uris.at[0], "tag:microsoft.com,2022-09-14:sid:S-1-5-21-9-9-9-500");
    /* The extension is the issuer's word and goes before the URI, which who asks may choose. */
    assert_text(c.sid, "S-1-5-21-1-2-3-1104");
    assert_text(c.template_name, "User");
    assert_text(c.template_oid, "1.3.6.1.4.1.311.21.8.1.2.3");
    assert_int_equal(c.purposes.count, 2);
    assert_text(c.purposes.at[0], "1.3.6.1.5.5.7.3.2");
    assert_text(c.purposes.at[1], "1.3.6.1.4.1.311.20.2.2");
    assert_text(c.key_algorithm, "1.2.840.10045.2.1");
    assert_int_equal(c.key_bits, 256);
    assert_text(c.signature_algorithm, "1.2.840.10045.4.3.2");
    assert_false(c.self_issued || c.ca);
    assert_true(id_equal(c.fingerprint, decode_fingerprint(&world.out, token_hex(&world, CERTIFICATE_HEX))));
    token_world_close(&world);
}

static void an_issuer_speaks_for_itself_and_times_may_be_of_either_form(void **state)
{
    (void)state;
    struct token_world world;
    struct der_fault fault;
    token_world_open(&world);
    struct certificate c = read(&world, token_hex(&world, CA_CERTIFICATE_HEX), &fault);
    assert_false(fault.failed);
    assert_true(c.self_issued && c.ca);
    assert_text(c.serial, "01");
    assert_int_equal(c.not_before, 946684799 * TIME_NS_S); /* UTCTime 991231235959Z */
    assert_int_equal(c.not_after, 2840140800 * TIME_NS_S); /* GeneralizedTime 20600101000000Z */
    token_world_close(&world);
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    struct token_world world;
    struct der_fault fault;
    token_world_open(&world);
    struct str whole = token_hex(&world, CERTIFICATE_HEX);
    for (uint32_t size = 0; size < whole.size; size++) {
        struct str prefix = arena_copy(&world.batch.arena, (struct str){whole.at, size});
        (void)read(&world, prefix, &fault);
        assert_true(fault.failed);
    }
    token_world_close(&world);
}

static void object_identifiers_are_numbers_with_dots(void **state)
{
    (void)state;
    struct token_world world;
    token_world_open(&world);
    struct arena *arena = &world.batch.arena;
    assert_text(oid_text(arena, STR("\x2a\x86\x48\x86\xf7\x0d")), "1.2.840.113549");
    assert_text(oid_text(arena, STR("\x88\x37\x03")), "2.999.3"); /* X.690 8.19.5 */
    assert_text(oid_text(arena, STR("\x00")), "0.0");
    /* A number that does not end, and one that no one can mean. */
    assert_int_equal(oid_text(arena, STR("\x2a\x86")).size, 0);
    assert_int_equal(oid_text(arena, STR("\x2a\x86\x86\x86\x86\x86\x86\x06")).size, 0);
    token_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_tells_whom_it_speaks_for),
        cmocka_unit_test(an_issuer_speaks_for_itself_and_times_may_be_of_either_form),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(object_identifiers_are_numbers_with_dots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
