/*
 * rc4 - as RFC 6229 tests it.
 */
#include "services/protocol-decode/rc4.h"

static void swap(uint8_t *a, uint8_t *b)
{
    uint8_t was = *a;
    *a = *b;
    *b = was;
}

void rc4_begin(struct rc4 *rc4, struct str key)
{
    REQUIRE(key.size > 0 && key.size <= RC4_BOX_BYTES);
    *rc4 = (struct rc4){.i = 0};
    for (unsigned n = 0; n < RC4_BOX_BYTES; n++)
        rc4->box[n] = (uint8_t)n;
    uint8_t j = 0;
    for (unsigned n = 0; n < RC4_BOX_BYTES; n++) {
        j = (uint8_t)(j + rc4->box[n] + (uint8_t)key.at[n % key.size]);
        swap(&rc4->box[n], &rc4->box[j]);
    }
}

void rc4_apply(struct rc4 *rc4, const void *from, uint8_t *to, uint32_t size)
{
    const uint8_t *in = from;
    for (uint32_t n = 0; n < size; n++) {
        rc4->i = (uint8_t)(rc4->i + 1);
        rc4->j = (uint8_t)(rc4->j + rc4->box[rc4->i]);
        swap(&rc4->box[rc4->i], &rc4->box[rc4->j]);
        to[n] = in[n] ^ rc4->box[(uint8_t)(rc4->box[rc4->i] + rc4->box[rc4->j])];
    }
}
