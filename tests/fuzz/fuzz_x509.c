/*
 * fuzz_x509 - covers services/protocol-decode/x509*.c, cms.c and oid.c: the input as a certificate, and as a
 * CMS message whose certificates are then read.
 */
#include "services/protocol-decode/cms.h"
#include "services/protocol-decode/x509.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_certificate(struct decode_out *out, struct str bytes)
{
    struct der_fault fault = {0};
    struct der d = der_of(bytes, &fault);
    struct certificate certificate;
    memset(&certificate, 0, sizeof(certificate));
    x509_read(out, &d, &certificate);
    struct kerberos *body = batch_add(out->batch, RECORD_kerberos, 1, (struct id){.low = 1});
    body->certificates.at = &certificate;
    body->certificates.count = 1;
    steps_read(out->batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct cms cms;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch, .fingerprint_key = {.k0 = 1}};
    struct str input = {.at = (const char *)bytes, .size = (uint32_t)size};
    struct der_fault fault = {0};
    struct der d = der_of(input, &fault);
    read_certificate(&out, input);
    if (cms_read(&d, &cms))
        for (uint32_t i = 0; i < cms.certificate_count; i++)
            read_certificate(&out, cms.certificates[i]);
    batch_close(&batch);
    return 0;
}
