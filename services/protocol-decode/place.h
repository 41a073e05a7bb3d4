/*
 * place - where a message stands, what its parsers write to, and who stands behind a session.
 *
 * Internal to protocol-decode. Every protocol module here has the same shape: it owns bounded tables (its
 * state between messages), is given whole messages with their place, and emits observations. It keeps no
 * pointer over a call. One owner, no threads.
 */
#ifndef ORTHRUS_DECODE_PLACE_H
#define ORTHRUS_DECODE_PLACE_H

#include "common/base/hash.h"
#include "common/base/table.h"
#include "common/stream/batch.h"
#include "proto/record.h"

/* Plain bytes: may stand in a table's value as it is. */
struct place {
    struct id flow; /* names the conversation: addresses, ports, protocol, time of its first packet */
    struct addr client;
    struct addr server;
    uint16_t client_port;
    uint16_t server_port;
    uint8_t transport; /* enum transport: udp or tcp below, smb for what came through a named pipe */
    bool to_server;    /* direction of this message */
    uint64_t file;     /* names the capture in the decoder's table of files */
    uint64_t frame;    /* number of the frame that completed the message */
    time_ns time;      /* of that frame */
};

/* A copy for a table: field by field, as what lies between them must be zero there. */
void place_keep(struct place *to, const struct place *from);

/* What a session's own authentication said of who opened it. Plain bytes. Texts are UTF-8, cut at whole
 * characters, and end in NUL. */
enum {
    WHO_NAME_BYTES = 96,
};

struct who {
    char user[WHO_NAME_BYTES];
    char domain[WHO_NAME_BYTES];
    struct id ticket;
    uint8_t security; /* enum security */
};

enum {
    DECODE_FILE_BYTES = 512,
    DECODE_PROTOCOLS_MAX = 32,
};

struct keyring;

/* Where modules write to. */
struct decode_out {
    struct batch *batch;
    struct table *files;                     /* uint64_t -> char[DECODE_FILE_BYTES] */
    struct hash_key fingerprint_key;         /* for what cannot be guessed */
    struct hash_key secret_key;              /* for what can be */
    struct keyring *keyring;                 /* null when no keys were given */
    uint64_t malformed;                      /* counted here for the summary; each is also a record */
    bool enough;                             /* set by a module: it wants to see no more of this flow */
    uint64_t messages[DECODE_PROTOCOLS_MAX]; /* by enum protocol */
    uint64_t sealed_messages[DECODE_PROTOCOLS_MAX];
};

/*
 * A new observation: its place filled in (flow, addresses, ports, file), everything else zero. unique tells
 * it from others of its type at the same time in the same flow, and must come from the message itself (a
 * nonce, a message id, a call id), so that the record's id does not depend on how the input was cut. The
 * caller sets request_frame, reply_frame, request_time and reply_time. time is the event time of the
 * observation: that of the frame that completed it (place->time), or its deadline when it timed out.
 */
void *decode_emit(struct decode_out *out, enum record_type type, const struct place *place, time_ns time,
                  uint64_t unique);
/* Counts and tells that a message does not follow its specification. reason is a literal. */
void decode_malformed(struct decode_out *out, const struct place *place, const char *parser,
                      const char *reason, size_t offset);
/* The fingerprint of a ticket, a challenge or a response, which cannot be guessed; none for no bytes. */
struct id decode_fingerprint(const struct decode_out *out, struct str bytes);
/* That of a password or what else can be guessed, under a key that is not public; none for no bytes. */
struct id decode_secret(const struct decode_out *out, struct str bytes);

/* Copies text into a fixed field, cut at a whole UTF-8 character, the rest zeroed. */
void who_set(char field[WHO_NAME_BYTES], struct str text);
static inline struct str who_text(const char field[WHO_NAME_BYTES])
{
    return (struct str){.at = field, .size = (uint32_t)strnlen(field, WHO_NAME_BYTES)};
}

/* What a stream parser says of the bytes at the start of what has come. */
enum framing_state {
    FRAMING_MORE,  /* cannot tell yet: at least .want bytes are needed */
    FRAMING_WHOLE, /* a message of .size bytes begins here; its first .want bytes are all that is read of it
                    */
    FRAMING_BAD,   /* no message begins here: skip to the next place where one may */
};

struct framing {
    enum framing_state state;
    uint32_t size;
    uint32_t want; /* at most STREAM_MESSAGE_BYTES_MAX */
};

enum {
    STREAM_MESSAGE_BYTES_MAX = 128 * 1024,
};

/* Why a conversation is over. */
enum ending {
    ENDING_CLOSED,  /* FIN both ways, or RST */
    ENDING_IDLE,    /* nothing for the idle time */
    ENDING_EVICTED, /* a bound was reached */
    ENDING_INPUT,   /* the input ended */
};

#endif
