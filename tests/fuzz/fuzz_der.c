/*
 * fuzz_der - covers services/protocol-decode/der.c: any tree of elements is walked to the depth limit, and
 * each element is read as every type.
 */
#include "services/protocol-decode/der.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    INPUT_BYTES_MAX = 4096,
};

/* Each reader has a fault of its own, so that one wrong type hides none of the others. */
static void read_as_everything(const struct der *at)
{
    for (int type = 0; type < 8; type++) {
        struct der_fault fault = {0};
        struct der d = *at;
        d.fault = &fault;
        switch (type) {
        case 0:
            (void)der_integer(&d);
            break;
        case 1:
            (void)der_i32(&d);
            break;
        case 2:
            (void)der_u32(&d);
            break;
        case 3:
            (void)der_boolean(&d);
            break;
        case 4:
            (void)der_bits(&d);
            break;
        case 5:
            (void)der_text(&d);
            break;
        case 6:
            (void)der_time(&d);
            break;
        default:
            (void)der_element(&d);
            break;
        }
        REQUIRE(!fault.failed || fault.reason != NULL);
        REQUIRE(!fault.failed || !der_more(&d));
    }
}

static void walk(struct der *d, int depth)
{
    REQUIRE(depth <= DER_DEPTH_MAX);
    while (der_more(d)) {
        uint8_t tag;
        read_as_everything(d);
        size_t before = reader_left(&d->bytes);
        struct der content = der_any(d, &tag);
        REQUIRE(reader_left(&d->bytes) < before);
        if (tag & 0x20)
            walk(&content, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct der_fault fault = {0};
    uint32_t used = (uint32_t)(size < INPUT_BYTES_MAX ? size : INPUT_BYTES_MAX);
    struct der d = der_of((struct str){.at = (const char *)bytes, .size = used}, &fault);
    walk(&d, 0);
    REQUIRE(!fault.failed || fault.offset <= used);
    return 0;
}
