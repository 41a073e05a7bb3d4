/*
 * sha256 - SHA-256 (FIPS 180-4) of bytes that are public: certificates and fingerprints of greetings.
 *
 * Not for secrets, which leave as keyed fingerprints (hash.h): it neither hides its timing nor wipes
 * anything.
 */
#ifndef ORTHRUS_BASE_SHA256_H
#define ORTHRUS_BASE_SHA256_H

#include "common/base/base.h"

enum {
    SHA256_BYTES = 32,
    SHA256_BLOCK_BYTES = 64,
};

void sha256(const void *bytes, size_t size, uint8_t digest[SHA256_BYTES]);

#endif
