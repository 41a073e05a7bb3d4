/*
 * tls_state - what is known of a handshake until it is told.
 *
 * Internal to tls*.c. Plain bytes that stand in a table as they are; texts are UTF-8, cut at whole
 * characters, and end in NUL.
 */
#ifndef ORTHRUS_DECODE_TLS_STATE_H
#define ORTHRUS_DECODE_TLS_STATE_H

#include "services/protocol-decode/tls.h"
#include "services/protocol-decode/tls_hello.h"

enum {
    TLS_NAME_BYTES = 256,
    TLS_CIPHERS_MAX = 128,
    TLS_GROUPS_MAX = 32,
    TLS_SIGNATURES_MAX = 48,
    TLS_EXTENSIONS_KEPT_MAX = 48,
    TLS_ALPN_MAX = 8,
    TLS_ALPN_BYTES = 32,
    TLS_NAMES_MAX = 8, /* alternative names kept of a certificate */
    TLS_ALTERNATIVE_BYTES = 128,
    TLS_SERIAL_BYTES = 42,
    TLS_SHA256_BYTES = 66,
};

struct tls_codes {
    uint32_t count;
    uint16_t code[TLS_CIPHERS_MAX];
};

struct tls_offer {
    uint16_t version;
    uint8_t alpn_count;
    bool resumption;
    uint32_t session_id_bytes;
    char session_id[TLS_RANDOM_BYTES];
    struct tls_codes ciphers;
    struct tls_codes extensions;
    struct tls_codes groups;
    struct tls_codes signatures;
    char alpn[TLS_ALPN_MAX][TLS_ALPN_BYTES];
    char server_name[TLS_NAME_BYTES];
    char ja4[TLS_JA4_BYTES];
};

struct tls_answer {
    uint16_t version;
    uint16_t cipher;
    uint16_t group;
    bool same_session; /* the client's session id, or its key, was taken */
    bool retried;
    char alpn[TLS_ALPN_BYTES];
};

struct tls_certificate {
    time_ns not_before;
    time_ns not_after;
    struct id key;
    uint32_t name_count;
    uint8_t count; /* of the chain */
    bool self_signed;
    char subject[TLS_NAME_BYTES];
    char issuer[TLS_NAME_BYTES];
    char serial[TLS_SERIAL_BYTES];
    char sha256[TLS_SHA256_BYTES];
    char names[TLS_NAMES_MAX][TLS_ALTERNATIVE_BYTES];
};

/* A handshake under way. */
struct tls_connection {
    struct place place; /* of the hello that was seen first */
    time_ns deadline;
    time_ns request_time;
    time_ns reply_time;
    uint64_t request_frame; /* 0: no ClientHello was seen */
    uint64_t reply_frame;   /* 0: no ServerHello was seen */
    uint64_t unique;        /* of the randoms */
    uint8_t began_as;       /* enum protocol */
    uint8_t unread;         /* enum unread */
    uint8_t alert_level;
    uint8_t alert;
    uint8_t early_records; /* sealed ones of the client, before the server's */
    bool alert_of_server;
    bool certificate_asked;
    bool changed[2]; /* went over to encryption: [0] the server, [1] the client */
    bool finished;   /* nothing more of it is in clear */
    struct tls_offer offer;
    struct tls_answer answer;
    struct tls_certificate server;
    struct tls_certificate client;
};

struct tls_module {
    struct table *connections; /* flow -> tls_connection; touched in the order of deadlines */
    time_ns timeout;
};

/* One message, and whose it is. */
struct tls_step {
    struct tls_module *module;
    struct decode_out *out;
    const struct place *place;
    struct tls_connection *connection;
};

/* tls_handshake.c: the handshake messages of one message of the record layer. */
void tls_take_handshake(const struct tls_step *step, struct str body);

/* tls_tell.c: emits the observation. Without a hello, a certificate or an alert there is none. */
void tls_tell(struct decode_out *out, const struct tls_connection *c, time_ns time);

#endif
