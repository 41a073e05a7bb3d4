/*
 * keytab_crypto - the functions of an opener (common/base/opener.h) but for the lookup of keys.
 *
 * Internal to keytab. crypto is a struct keytab_crypto.
 */
#ifndef ORTHRUS_IO_KEYTAB_CRYPTO_H
#define ORTHRUS_IO_KEYTAB_CRYPTO_H

/* Before base.h, which bans a name that stands in it. */
#include <krb5/krb5.h>
#include <openssl/evp.h>

#include "common/base/opener.h"

struct keytab_crypto {
    krb5_context context;
    EVP_MAC *hmac;
    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
};

bool keytab_crypto_open(struct keytab_crypto *crypto) MUST_CHECK;
void keytab_crypto_close(struct keytab_crypto *crypto);

bool keytab_decrypt(const void *crypto, const struct opener_key *key, int32_t usage,
                    const struct opener_part *parts, uint32_t count);
bool keytab_sizes(const void *crypto, int32_t etype, uint32_t *header, uint32_t *trailer);
bool keytab_verify(const void *crypto, const struct opener_key *key, int32_t usage, int32_t type,
                   struct str data, struct str checksum);
void keytab_digest(const void *crypto, enum opener_digest digest, struct str key, const struct str *parts,
                   uint32_t count, uint8_t to[OPENER_DIGEST_BYTES]);
bool keytab_open(const void *crypto, const struct opener_message *message, uint8_t *plain);

#endif
