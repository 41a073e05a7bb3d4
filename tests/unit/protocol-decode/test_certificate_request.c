/*
 * test_certificate_request - requests made by OpenSSL, wrapped as CMS by it and as CMC by hand, and one with
 * the attributes that Windows adds (tests/fuzz/corpus/certificate_request).
 */
#include "services/protocol-decode/certificate_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum {
    BYTES_MAX = 4096,
};

static struct batch batch;
static struct decode_out out;
static char bytes[BYTES_MAX];

static struct str load(const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/certificate_request/%s", ORTHRUS_SOURCE, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    return (struct str){bytes, (uint32_t)size};
}

static int open_batch(void **state)
{
    (void)state;
    batch_init(&batch);
    out = (struct decode_out){.batch = &batch};
    return 0;
}

static int close_batch(void **state)
{
    (void)state;
    batch_close(&batch);
    return 0;
}

static void assert_text(struct str actual, const char *expected)
{
    if (!str_equal(actual, str_of(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", (int)actual.size, actual.at, expected);
}

static void a_request_says_for_whom_it_asks_however_it_is_wrapped(void **state)
{
    (void)state;
    static const char *const names[] = {"pkcs10", "cms", "cmc"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct certificate_request request;
        assert_true(certificate_request_read(&out, load(names[i]), &request));
        assert_text(request.wanted.subject, "CN=alice");
        assert_text(request.wanted.upn, "administrator@lab.example");
        assert_text(request.wanted.template_name, "User");
        assert_int_equal(request.wanted.dns_names.count, 1);
        assert_text(request.wanted.dns_names.at[0], "dc1.lab.example");
        assert_int_equal(request.wanted.key_bits, 256);
    }
}

static void what_windows_adds_names_machine_user_process_and_template(void **state)
{
    (void)state;
    struct certificate_request request;
    assert_true(certificate_request_read(&out, load("certreq"), &request));
    assert_text(request.wanted.subject, "CN=bob");
    assert_text(request.machine, "ws1.lab.example");
    assert_text(request.user, "LAB\\alice");
    assert_text(request.process, "certreq.exe");
    assert_int_equal(request.attributes.count, 1);
    assert_text(request.attributes.at[0], "CertificateTemplate:User");
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"pkcs10", "cms", "cmc", "certreq"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        uint32_t whole = load(names[i]).size;
        for (uint32_t size = 0; size < whole; size++) {
            struct certificate_request request;
            void *exact = malloc(size + 1);
            memcpy(exact, bytes, size);
            assert_false(certificate_request_read(&out, (struct str){exact, size}, &request));
            free(exact);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_batch, close_batch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_says_for_whom_it_asks_however_it_is_wrapped),
        TEST(what_windows_adds_names_machine_user_process_and_template),
        TEST(every_prefix_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
