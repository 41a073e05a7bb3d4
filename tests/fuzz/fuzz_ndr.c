/*
 * fuzz_ndr - stubs of all operations that have a table: byte 0 says how the stub is written (bit 0 NDR64, bit
 * 1 big-endian, bit 2 a response), then the interface's UUID, the opnum, and the stub.
 */
#include "common/base/reader.h"
#include "services/protocol-decode/ndr.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader r = reader_of(bytes, size);
    uint8_t how = reader_u8(&r);
    struct str uuid = reader_bytes(&r, 16);
    uint16_t opnum = reader_u16le(&r);
    if (!reader_ok(&r))
        return 0;
    const struct ndr_operation *operation = ndr_operation_find((const uint8_t *)uuid.at, opnum);
    if (!operation)
        return 0;
    struct batch batch;
    struct ndr_read read;
    struct ndr_stub stub = {.bytes = reader_rest(&r), .ndr64 = (how & 1) != 0, .big_endian = (how & 2) != 0};
    batch_init(&batch);
    struct decode_out out = {.batch = &batch};
    const struct ndr_field *fields = how & 4 ? operation->out : operation->in;
    if (fields)
        ndr_read(&out, &stub, fields, true, &read);
    batch_close(&batch);
    return 0;
}
