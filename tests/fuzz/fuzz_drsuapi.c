/*
 * fuzz_drsuapi - the stubs of IDL_DRSGetNCChanges and IDL_DRSBind: byte 0 says how they are written (bit 0
 * NDR64, bit 1 big-endian), the rest is the stub.
 */
#include "common/base/arena.h"
#include "common/base/reader.h"
#include "services/protocol-decode/drsuapi.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader r = reader_of(bytes, size);
    uint8_t how = reader_u8(&r);
    struct drsuapi_stub stub = {
        .bytes = reader_rest(&r), .ndr64 = (how & 1) != 0, .big_endian = (how & 2) != 0};
    struct drsuapi_changes changes;
    uint8_t client[16];
    struct arena arena;
    arena_init(&arena, 0);
    if (drsuapi_parse_changes(&arena, &stub, &changes))
        (void)drsuapi_object_text(&arena, &changes.naming_context);
    (void)drsuapi_parse_bind(&stub, client);
    arena_close(&arena);
    return 0;
}
