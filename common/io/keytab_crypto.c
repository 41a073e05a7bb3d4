/*
 * keytab_crypto - Kerberos' cryptography by MIT krb5, and SMB's, NTLM's and Netlogon's by OpenSSL.
 */
#include "common/io/keytab_crypto.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <profile.h>

enum {
    PARTS_MAX = 8,
    TAG_BYTES = 16,
    KEY_128_BYTES = 16,
};

/* A context that knows no configuration: what opens does not depend on the host it opens on. */
static bool open_context(krb5_context *context)
{
    profile_t profile = NULL;
    if (profile_init(NULL, &profile) != 0)
        return false;
    krb5_error_code code = krb5_init_context_profile(profile, 0, context);
    profile_release(profile);
    return code == 0;
}

bool keytab_crypto_open(struct keytab_crypto *crypto)
{
    *crypto = (struct keytab_crypto){0};
    if (!open_context(&crypto->context))
        return false;
    crypto->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    crypto->digest = EVP_MD_CTX_new();
    crypto->cipher = EVP_CIPHER_CTX_new();
    return crypto->hmac && crypto->digest && crypto->cipher;
}

void keytab_crypto_close(struct keytab_crypto *crypto)
{
    EVP_MAC_free(crypto->hmac);
    EVP_MD_CTX_free(crypto->digest);
    EVP_CIPHER_CTX_free(crypto->cipher);
    if (crypto->context)
        krb5_free_context(crypto->context);
}

static krb5_keyblock block_of(const struct opener_key *key)
{
    return (krb5_keyblock){
        .enctype = key->etype, .length = key->size, .contents = (krb5_octet *)(uintptr_t)key->byte};
}

static krb5_data data_of(struct str s)
{
    return (krb5_data){.length = s.size, .data = (char *)(uintptr_t)s.at};
}

bool keytab_decrypt(const void *self, const struct opener_key *key, int32_t usage,
                    const struct opener_part *parts, uint32_t count)
{
    static const krb5_cryptotype flags[] = {
        [OPENER_HEADER] = KRB5_CRYPTO_TYPE_HEADER,
        [OPENER_DATA] = KRB5_CRYPTO_TYPE_DATA,
        [OPENER_SIGN_ONLY] = KRB5_CRYPTO_TYPE_SIGN_ONLY,
        [OPENER_TRAILER] = KRB5_CRYPTO_TYPE_TRAILER,
    };
    const struct keytab_crypto *crypto = self;
    krb5_crypto_iov iov[PARTS_MAX];
    krb5_keyblock block = block_of(key);
    REQUIRE(count <= PARTS_MAX);
    for (uint32_t i = 0; i < count; i++)
        iov[i] = (krb5_crypto_iov){.flags = flags[parts[i].kind],
                                   .data = {.length = parts[i].size, .data = (char *)parts[i].at}};
    return krb5_c_decrypt_iov(crypto->context, &block, usage, NULL, iov, count) == 0;
}

bool keytab_sizes(const void *self, int32_t etype, uint32_t *header, uint32_t *trailer)
{
    const struct keytab_crypto *crypto = self;
    unsigned int before, behind;
    if (krb5_c_crypto_length(crypto->context, etype, KRB5_CRYPTO_TYPE_HEADER, &before) != 0 ||
        krb5_c_crypto_length(crypto->context, etype, KRB5_CRYPTO_TYPE_TRAILER, &behind) != 0)
        return false;
    *header = before;
    *trailer = behind;
    return true;
}

bool keytab_verify(const void *self, const struct opener_key *key, int32_t usage, int32_t type,
                   struct str data, struct str checksum)
{
    const struct keytab_crypto *crypto = self;
    krb5_keyblock block = block_of(key);
    krb5_data covered = data_of(data);
    krb5_checksum sum = {
        .checksum_type = type, .length = checksum.size, .contents = (krb5_octet *)(uintptr_t)checksum.at};
    krb5_boolean valid = 0;
    return krb5_c_verify_checksum(crypto->context, &block, usage, &covered, &sum, &valid) == 0 && valid;
}

static void digest_plainly(const struct keytab_crypto *crypto, const EVP_MD *type, const struct str *parts,
                           uint32_t count, uint8_t *to)
{
    unsigned int size = 0;
    bool good = EVP_DigestInit_ex(crypto->digest, type, NULL) == 1;
    for (uint32_t i = 0; good && i < count; i++)
        good = EVP_DigestUpdate(crypto->digest, parts[i].at, parts[i].size) == 1;
    REQUIRE(good && EVP_DigestFinal_ex(crypto->digest, to, &size) == 1);
}

static void digest_keyed(const struct keytab_crypto *crypto, char *name, struct str key,
                         const struct str *parts, uint32_t count, uint8_t *to)
{
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    EVP_MAC_CTX *mac = EVP_MAC_CTX_new(crypto->hmac);
    size_t size = 0;
    bool good = mac && EVP_MAC_init(mac, (const unsigned char *)key.at, key.size, params) == 1;
    for (uint32_t i = 0; good && i < count; i++)
        good = EVP_MAC_update(mac, (const unsigned char *)parts[i].at, parts[i].size) == 1;
    REQUIRE(good && EVP_MAC_final(mac, to, &size, OPENER_DIGEST_BYTES) == 1);
    EVP_MAC_CTX_free(mac);
}

void keytab_digest(const void *self, enum opener_digest digest, struct str key, const struct str *parts,
                   uint32_t count, uint8_t to[OPENER_DIGEST_BYTES])
{
    char md5[] = "MD5", sha256[] = "SHA256";
    switch (digest) {
    case OPENER_MD5:
        digest_plainly(self, EVP_md5(), parts, count, to);
        break;
    case OPENER_SHA512:
        digest_plainly(self, EVP_sha512(), parts, count, to);
        break;
    case OPENER_HMAC_MD5:
        digest_keyed(self, md5, key, parts, count, to);
        break;
    case OPENER_HMAC_SHA256:
        digest_keyed(self, sha256, key, parts, count, to);
        break;
    }
}

static const EVP_CIPHER *cipher_of(const struct opener_message *m)
{
    bool small = m->key.size == KEY_128_BYTES;
    switch (m->cipher) {
    case OPENER_AES_CCM:
        return small ? EVP_aes_128_ccm() : EVP_aes_256_ccm();
    case OPENER_AES_GCM:
        return small ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    default:
        return EVP_aes_128_cfb8();
    }
}

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.at;
}

static bool open_plainly(EVP_CIPHER_CTX *c, const struct opener_message *m, uint8_t *plain)
{
    int size = 0;
    return EVP_DecryptInit_ex(c, cipher_of(m), NULL, bytes_of(m->key), bytes_of(m->nonce)) == 1 &&
           EVP_DecryptUpdate(c, plain, &size, bytes_of(m->sealed), (int)m->sealed.size) == 1;
}

/* In CCM the tag and all lengths come first, and the one update tells; in GCM the end tells. */
static bool open_authenticated(EVP_CIPHER_CTX *c, const struct opener_message *m, uint8_t *plain)
{
    bool ccm = m->cipher == OPENER_AES_CCM;
    uint8_t end[TAG_BYTES];
    int size = 0;
    if (m->tag.size != TAG_BYTES || EVP_DecryptInit_ex(c, cipher_of(m), NULL, NULL, NULL) != 1 ||
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, (int)m->nonce.size, NULL) != 1 ||
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, (void *)(uintptr_t)m->tag.at) != 1 ||
        EVP_DecryptInit_ex(c, NULL, NULL, bytes_of(m->key), bytes_of(m->nonce)) != 1)
        return false;
    if (ccm && EVP_DecryptUpdate(c, NULL, &size, NULL, (int)m->sealed.size) != 1)
        return false;
    if (EVP_DecryptUpdate(c, NULL, &size, bytes_of(m->associated), (int)m->associated.size) != 1 ||
        EVP_DecryptUpdate(c, plain, &size, bytes_of(m->sealed), (int)m->sealed.size) != 1)
        return false;
    return ccm || EVP_DecryptFinal_ex(c, end, &size) == 1;
}

bool keytab_open(const void *self, const struct opener_message *m, uint8_t *plain)
{
    const struct keytab_crypto *crypto = self;
    bool small = m->key.size == KEY_128_BYTES, big = m->key.size == OPENER_KEY_BYTES;
    if ((!small && !big) || m->sealed.size > INT32_MAX || m->nonce.size > OPENER_NONCE_BYTES_MAX)
        return false;
    if (m->cipher == OPENER_AES_CFB8)
        return m->nonce.size == OPENER_NONCE_BYTES_MAX && open_plainly(crypto->cipher, m, plain);
    return open_authenticated(crypto->cipher, m, plain);
}
