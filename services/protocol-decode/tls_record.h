/*
 * tls_record - the record layer (RFC 8446 5.1): where a message ends, and the handshake bytes in it.
 *
 * Internal to tls; keeps nothing.
 */
#ifndef ORTHRUS_DECODE_TLS_RECORD_H
#define ORTHRUS_DECODE_TLS_RECORD_H

#include "services/protocol-decode/place.h"

enum {
    TLS_RECORD_HEADER_BYTES = 5,
    TLS_RECORD_BYTES_MAX = 16384 + 2048, /* RFC 5246 6.2.3 */
    TLS_HANDSHAKE_HEADER_BYTES = 4,
    TLS_RECORDS_MAX = 64, /* of one message */
};

enum tls_content {
    TLS_CHANGE_CIPHER_SPEC = 20,
    TLS_ALERT = 21,
    TLS_HANDSHAKE = 22,
    TLS_APPLICATION_DATA = 23,
    TLS_HEARTBEAT = 24,
};

enum tls_handshake {
    TLS_HELLO_REQUEST = 0,
    TLS_CLIENT_HELLO = 1,
    TLS_SERVER_HELLO = 2,
    TLS_NEW_SESSION_TICKET = 4,
    TLS_CERTIFICATE = 11,
    TLS_SERVER_KEY_EXCHANGE = 12,
    TLS_CERTIFICATE_REQUEST = 13,
    TLS_SERVER_HELLO_DONE = 14,
    TLS_CERTIFICATE_VERIFY = 15,
    TLS_CLIENT_KEY_EXCHANGE = 16,
    TLS_CERTIFICATE_STATUS = 22,
};

struct tls_record {
    uint8_t content; /* enum tls_content */
    uint16_t version;
    struct reader body;
};

/* The next record; false, and a failed reader, when none is there whole. */
bool tls_record_next(struct reader *r, struct tls_record *record);
/* The bodies of all records of a message in one run: borrowed when there is one, else in the arena. */
struct str tls_record_join(struct arena *arena, struct str message);

#endif
