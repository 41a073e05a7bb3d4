/*
 * smb_sealed - what is inside of an encrypted message.
 */
#include "services/protocol-decode/smb_exchange.h"
#include "services/protocol-decode/smb_keys.h"

struct str smb_open_sealed(struct smb_context *c, struct str sealed)
{
    struct str plain;
    return smb_keys_open(c, sealed, &plain) ? plain : (struct str){0};
}
