/*
 * rc4 - the stream cipher of Kerberos' RC4-HMAC and of NTLM, whose state outlives a message.
 *
 * Here and not behind the opener, because NTLM's key stream goes on from message to message: its state is
 * plain bytes in a table.
 */
#ifndef ORTHRUS_DECODE_RC4_H
#define ORTHRUS_DECODE_RC4_H

#include "common/base/base.h"

enum {
    RC4_BOX_BYTES = 256,
};

struct rc4 {
    uint8_t box[RC4_BOX_BYTES];
    uint8_t i;
    uint8_t j;
};

/* key.size is 1 to 256. */
void rc4_begin(struct rc4 *rc4, struct str key);
/* to may be where from is. */
void rc4_apply(struct rc4 *rc4, const void *from, uint8_t *to, uint32_t size);

#endif
