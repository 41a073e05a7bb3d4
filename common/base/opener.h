/*
 * opener - what opens sealed parts with keys that the owner gave: lookup and cryptography, as functions.
 *
 * The decoder holds no cryptography and no keys of its own. Whoever configures it with keys hands over one of
 * these (common/io/keytab.h makes it from keytabs); without one everything sealed stays sealed. Each function
 * depends on nothing but its arguments and the keys: no clock, no randomness, so that the same input gives
 * the same output. Encryption types, key usages and checksum types are numbered as in RFC 3961 and its
 * registry.
 */
#ifndef ORTHRUS_BASE_OPENER_H
#define ORTHRUS_BASE_OPENER_H

#include "common/base/base.h"

enum {
    OPENER_KEY_BYTES = 32,
    OPENER_DIGEST_BYTES = 64,
    OPENER_NONCE_BYTES_MAX = 16,
};

/* A secret. Bytes behind size are zero. */
struct opener_key {
    int32_t etype; /* 0: none, or one that is no key of Kerberos */
    uint32_t size;
    uint8_t byte[OPENER_KEY_BYTES];
};

/* The long-term keys looked for; what is empty or 0 is any. Names are compared without case. */
struct opener_wanted {
    struct str name; /* components joined by '/', without the realm */
    struct str realm;
    int32_t etype;
    uint32_t kvno;
};

enum opener_part_kind {
    OPENER_HEADER,    /* confounder */
    OPENER_DATA,      /* becomes plain, where it stands */
    OPENER_SIGN_ONLY, /* is covered by the checksum, and stays */
    OPENER_TRAILER,   /* checksum */
};

struct opener_part {
    enum opener_part_kind kind;
    uint32_t size;
    uint8_t *at;
};

enum opener_digest {
    OPENER_MD5, /* key is not used */
    OPENER_HMAC_MD5,
    OPENER_SHA512, /* key is not used */
    OPENER_HMAC_SHA256,
};

enum opener_cipher {
    OPENER_AES_CCM, /* 128 or 256, by the size of the key; a tag of 16 bytes */
    OPENER_AES_GCM,
    OPENER_AES_CFB8, /* 128; nonce is the 16-byte vector, no tag */
};

struct opener_message {
    enum opener_cipher cipher;
    struct str key;
    struct str nonce;
    struct str associated;
    struct str sealed;
    struct str tag;
};

struct opener {
    const void *keys;   /* first argument of find */
    const void *crypto; /* first argument of the others */
    /* The number-th key that fits, from 0; false past the last. Those whose kvno is the one wanted come first
     * where it is given; others follow. */
    bool (*find)(const void *keys, const struct opener_wanted *wanted, uint32_t number,
                 struct opener_key *key);
    /* Decrypts the parts in place (RFC 3961 5.3); false when the checksum does not fit. */
    bool (*decrypt)(const void *crypto, const struct opener_key *key, int32_t usage,
                    const struct opener_part *parts, uint32_t count);
    /* How many bytes of confounder and of checksum an encryption type has; false when it is not known. */
    bool (*sizes)(const void *crypto, int32_t etype, uint32_t *header, uint32_t *trailer);
    /* Does the checksum fit the data under this key? */
    bool (*verify)(const void *crypto, const struct opener_key *key, int32_t usage, int32_t type,
                   struct str data, struct str checksum);
    /* Of the parts one after the other; writes 16, 32 or 64 bytes. */
    void (*digest)(const void *crypto, enum opener_digest digest, struct str key, const struct str *parts,
                   uint32_t count, uint8_t to[OPENER_DIGEST_BYTES]);
    /* Writes sealed.size bytes to plain; false when the tag does not fit. */
    bool (*open)(const void *crypto, const struct opener_message *message, uint8_t *plain);
};

#endif
