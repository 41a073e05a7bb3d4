/*
 * fuzz_certificate_request - requests for certificates: PKCS #10, CMS and CMC.
 */
#include "services/protocol-decode/certificate_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct batch batch;
    struct certificate_request request;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch};
    (void)certificate_request_read(&out, (struct str){(const char *)bytes, (uint32_t)size}, &request);
    batch_close(&batch);
    return 0;
}
