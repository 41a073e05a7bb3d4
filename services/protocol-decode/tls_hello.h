/*
 * tls_hello - ClientHello and ServerHello (RFC 8446 4.1, RFC 5246 7.4.1), and the JA4 of the former.
 *
 * Internal to tls; keeps nothing. Results borrow from the message; lists of codes are as on the wire, two
 * bytes each, and walked with tls_code_next().
 */
#ifndef ORTHRUS_DECODE_TLS_HELLO_H
#define ORTHRUS_DECODE_TLS_HELLO_H

#include "common/base/arena.h"
#include "common/base/reader.h"

enum {
    TLS_EXTENSIONS_MAX = 128, /* of a hello; later ones are not looked at */
    TLS_RANDOM_BYTES = 32,
    TLS_JA4_BYTES = 37, /* 36 characters and a NUL */
    TLS_VERSION_1_3 = 0x0304,
};

/* IANA, TLS ExtensionType Values. */
enum tls_extension {
    TLS_SERVER_NAME = 0,
    TLS_SUPPORTED_GROUPS = 10,
    TLS_SIGNATURE_ALGORITHMS = 13,
    TLS_ALPN = 16,
    TLS_SESSION_TICKET = 35,
    TLS_PRE_SHARED_KEY = 41,
    TLS_SUPPORTED_VERSIONS = 43,
    TLS_KEY_SHARE = 51,
};

struct tls_hello {
    uint16_t version; /* the highest offered, or the one chosen */
    struct str random;
    struct str session_id;
    struct str ciphers; /* of a client: codes */
    uint16_t cipher;    /* of a server */
    uint16_t extension[TLS_EXTENSIONS_MAX];
    uint32_t extensions;
    struct str server_name;
    struct str alpn; /* a list of texts, each behind its length in one byte */
    struct str groups;
    struct str signature_algorithms;
    uint16_t group;     /* of a server's key share */
    bool ticket;        /* of a client: it shows one */
    bool psk;           /* offered, or chosen */
    bool retry_request; /* a HelloRetryRequest (RFC 8446 4.1.4) */
};

/* body: behind the handshake header. False, with the offset in it, when it is none. */
bool tls_client_hello(struct str body, struct tls_hello *hello, size_t *offset);
bool tls_server_hello(struct str body, struct tls_hello *hello, size_t *offset);

/* Takes the next code off a list; false at its end. */
bool tls_code_next(struct reader *list, uint16_t *code);
/* Takes the next text off an ALPN list; false at its end. */
bool tls_alpn_next(struct reader *list, struct str *name);

/* RFC 8701: values that mean nothing. */
static inline bool tls_is_grease(uint16_t code)
{
    return (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
}

/* The fingerprint of a client's hello over TCP, as FoxIO describes it
 * (github.com/FoxIO-LLC/ja4, technical_details/JA4.md). */
void tls_ja4(struct arena *arena, const struct tls_hello *hello, char ja4[TLS_JA4_BYTES]);

#endif
